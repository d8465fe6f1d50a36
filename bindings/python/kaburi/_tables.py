# SPDX-License-Identifier: Apache-2.0
"""Whatever holds many records, as batches for the library.

Takes a pandas frame, anything that speaks the Arrow C data interface, a mapping of columns, a numpy
structured array, or an iterable of records; finds the columns by name; gives batches of columns.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from ._arrow import Array, Table, column_chunks, has_arrow
from ._columns import NumberColumn, TextColumn, as_list
from ._columns import id_column, number_column, row_numbers, text_column
from ._errors import ArgumentError, NotFoundError
from ._library import lib
from ._prototypes import AMOUNT_ABSENT, DATE_ABSENT, kaburi_batch
from .records import KINDS, STAGES, Record, date_of_day

TEXTS = ("company", "company_reading", "corporate_number", "domain", "deal")
NUMBERS = {"amount": "amounts", "close_date": "close_dates", "stage": "stages", "kind": "kinds"}
#: Rows of an iterable that are made columns at once.
ROWS_AT_ONCE = 8192

_STAGE_WORDS = {number: word for word, number in STAGES.items() if number}
_KIND_WORDS = {number: word for word, number in KINDS.items() if number}


class Names(NamedTuple):
    """The columns of the fields; None: the field's own name, where there is such a column."""

    id: Optional[str] = None
    company: Optional[str] = None
    deal: Optional[str] = None
    company_reading: Optional[str] = None
    corporate_number: Optional[str] = None
    domain: Optional[str] = None
    amount: Optional[str] = None
    close_date: Optional[str] = None
    stage: Optional[str] = None
    kind: Optional[str] = None

    def found_in(self, available: Optional[List[str]]) -> Dict[str, str]:
        """Field -> column, of those there are. ``available`` None: rows, of which nobody knows."""
        found = {}
        for field, name in zip(self._fields, self):
            if available is None or (name is None and field in available):
                found[field] = name if name is not None else field
            elif name is not None and name not in available:
                raise NotFoundError(f"no column {name!r}; there are {_shown(available)}")
            elif name is not None:
                found[field] = name
        if "company" not in found and "deal" not in found:
            raise ArgumentError(
                "no column company or deal; name them, company=... or deal=...; "
                f"there are {_shown(available or [])}"
            )
        return found


def _shown(names: List[str]) -> str:
    return ", ".join(map(repr, names[:40])) + (" ..." if len(names) > 40 else "") or "none"


#: A chunk: its length, and field -> Array, numpy array, list.
_Chunk = Tuple[int, Dict[str, Any]]


class Batch:
    """Some records as columns."""

    def __init__(self, chunk: _Chunk, first_row: int, first_id: Optional[int]) -> None:
        """Raises TypeError, ArgumentError and TextError, the row named by its number in the data."""
        self.length, columns = chunk
        self.first_row = first_row
        self.texts: Dict[str, TextColumn] = {}
        self.numbers: Dict[str, NumberColumn] = {}
        for field, values in columns.items():
            if field in TEXTS:
                self.texts[field] = text_column(values, field, first_row)
            elif field in NUMBERS:
                self.numbers[field] = number_column(values, field, first_row)
        self._given_ids = columns.get("id")
        if first_id is not None:
            self.ids = row_numbers(first_id + first_row, self.length)
        else:
            self.ids = id_column(columns["id"], first_row)

    def struct(self, start: int, count: int) -> kaburi_batch:
        """Rows ``start`` .. ``start + count - 1``."""
        batch = kaburi_batch()
        lib.kaburi_batch_init(ctypes.byref(batch))
        batch.count = count
        batch.ids = self.ids.address(start)
        for field, texts in self.texts.items():
            texts.put(getattr(batch, field), start)
        for field, numbers in self.numbers.items():
            setattr(batch, NUMBERS[field], numbers.address(start))
        return batch

    def given_ids(self) -> Optional[List[Any]]:
        """The values of the column id, whatever they are; None when there is none."""
        values = self._given_ids
        if values is None:
            return None
        return list(values.values("id") if isinstance(values, Array) else as_list(values))

    def record(self, row: int) -> Record:
        """Row ``row`` as a record."""
        texts = {field: column.get(row) for field, column in self.texts.items()}
        number = {field: column.get(row) for field, column in self.numbers.items()}
        amount = number.get("amount", AMOUNT_ABSENT)
        day = number.get("close_date", DATE_ABSENT)
        return Record(
            id=self.ids.get(row),
            amount=None if amount == AMOUNT_ABSENT else amount,
            close_date=None if day == DATE_ABSENT else date_of_day(day),
            stage=_STAGE_WORDS.get(number.get("stage", 0)),
            kind=_KIND_WORDS.get(number.get("kind", 0)),
            **texts,
        )


def joined(parts: List[Batch]) -> Batch:
    """Batches behind each other as one: texts are copied, unless there is but one."""
    if len(parts) == 1:
        return parts[0]
    fields = {field: None for part in parts for field in (*part.texts, *part.numbers)}
    columns: Dict[str, Any] = {field: [] for field in fields}
    for part in parts:
        for row in range(part.length):
            record = part.record(row)
            for field, values in columns.items():
                values.append(getattr(record, field))
    return Batch((sum(part.length for part in parts), columns), 0, 0)


# ---- what holds records ----


def _is_pandas(data: object) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(data, pandas.DataFrame)


def _column(values: Any) -> Any:
    """A column of a mapping or a frame: a list of Arrow arrays, a numpy array or a list."""
    if type(values).__module__.startswith("pandas"):
        dtype = values.dtype
        if getattr(dtype, "storage", None) == "pyarrow" or type(dtype).__name__ == "ArrowDtype":
            array = getattr(values, "array", values)
            return column_chunks(array.__arrow_array__())
        return values.to_numpy()
    if has_arrow(values):
        return column_chunks(values)
    if isinstance(values, (str, bytes)):
        raise TypeError(f"a column is a sequence of values, not one {type(values).__name__}")
    return values if hasattr(values, "__len__") else list(values)


def _length(values: Any) -> int:
    if isinstance(values, list) and values and isinstance(values[0], Array):
        return sum(chunk.length for chunk in values)
    return len(values)


def _is_chunked(values: Any) -> bool:
    return isinstance(values, list) and bool(values) and isinstance(values[0], Array)


def _part(values: Any, start: int, stop: int) -> Any:
    """Rows of a column; of Arrow arrays only rows of one of them are asked for."""
    if not _is_chunked(values):
        return values[start:stop]
    for chunk in values:
        if start < chunk.length:
            return chunk.slice(start, stop - start)
        start -= chunk.length
        stop -= chunk.length
    raise AssertionError("rows beyond the column")


def _aligned(columns: Dict[str, Any]) -> Iterator[_Chunk]:
    """Columns of one length, whose Arrow arrays may end at different rows."""
    lengths = {field: _length(values) for field, values in columns.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{field} has {length}" for field, length in lengths.items())
        raise ArgumentError(f"the columns are not of one length: {told}")
    total = next(iter(lengths.values()))
    ends = {total}
    for values in columns.values():
        if _is_chunked(values):
            end = 0
            for chunk in values:
                end += chunk.length
                ends.add(end)
    start = 0
    for end in sorted(ends):
        if end > start:
            part = {field: _part(values, start, end) for field, values in columns.items()}
            yield end - start, part
        start = end


def _row_chunks(rows: Iterable[Any], found: Dict[str, str]) -> Iterator[_Chunk]:
    """Records and mappings, some at a time."""
    iterator = iter(rows)
    while True:
        part = list(islice(iterator, ROWS_AT_ONCE))
        if not part:
            return
        columns: Dict[str, Any] = {}
        mappings = [_as_mapping(row) for row in part]
        for field, name in found.items():
            values = [row.get(name) for row in mappings]
            if field == "id" or any(value is not None for value in values):
                columns[field] = values
        yield len(part), columns


def _as_mapping(row: Any) -> Mapping[str, Any]:
    if isinstance(row, Record):
        return row._asdict()
    if isinstance(row, Mapping):
        return row
    raise TypeError(f"a row is a kaburi.Record or a mapping, not {type(row).__name__}: {row!r:.60}")


def _chunks(data: Any, names: Names) -> Iterator[_Chunk]:
    if _is_pandas(data):
        found = names.found_in([str(name) for name in data.columns])
        yield from _aligned({field: _column(data[name]) for field, name in found.items()})
    elif has_arrow(data):
        table = Table(data)
        found = names.found_in(table.names)
        for length, columns in table.chunks():
            yield length, {field: columns[name] for field, name in found.items()}
    elif isinstance(data, Mapping):
        found = names.found_in(list(data))
        yield from _aligned({field: _column(data[name]) for field, name in found.items()})
    elif getattr(getattr(data, "dtype", None), "names", None):
        found = names.found_in(list(data.dtype.names))
        yield from _aligned({field: data[name] for field, name in found.items()})
    elif isinstance(data, (str, bytes, Record)) or not isinstance(data, Iterable):
        raise TypeError(
            "records are a frame, an Arrow table, a mapping of columns or an iterable of records, "
            f"not {type(data).__name__}"
        )
    else:
        yield from _row_chunks(data, names.found_in(None))


def batches(data: Any, names: Names, first_id: Optional[int]) -> Iterator[Batch]:
    """The records as batches. ``first_id``: their ids are its followers; None: a column has them.

    Raises NotFoundError (a KeyError) for a column that is not there, TypeError and ValueErrors.
    """
    first_row = 0
    for chunk in _chunks(data, names):
        length, columns = chunk
        if first_id is None and "id" not in columns:
            raise NotFoundError(
                "no column id; name it, id=..., or give first_id=... to number the rows"
            )
        yield Batch(chunk, first_row, first_id)
        first_row += length


__all__ = ["Batch", "Names", "batches"]
