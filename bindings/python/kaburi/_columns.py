# SPDX-License-Identifier: Apache-2.0
"""Columns on their way into the library.

Takes one column of a chunk, whatever holds it (Arrow array, numpy array, pandas Series, list), gives
the addresses that ``kaburi_batch`` wants. Texts in Arrow's layouts stay where they are; others are
encoded once, into one buffer.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Callable, Dict, List, Optional

from . import records
from ._arrow import WHOLE, Array
from ._errors import ArgumentError, KaburiError
from ._prototypes import AMOUNT_ABSENT, DATE_ABSENT, kaburi_column

_NUMBER_CODES = {"amount": "q", "close_date": "i", "stage": "i", "kind": "i"}


class TextColumn:
    """Texts as ``kaburi_column`` has them, and what keeps them alive."""

    __slots__ = ("_column", "_owner", "_step")

    def __init__(self, column: kaburi_column, owner: object) -> None:
        self._column = column
        self._owner = owner
        # Bytes from one row's offset or view to the next one's.
        self._step = 4 if column.offsets32 else 8 if column.offsets64 else 16

    def put(self, out: kaburi_column, start: int) -> None:
        """Fills the struct with the rows from ``start`` on."""
        ctypes.memmove(ctypes.byref(out), ctypes.byref(self._column), ctypes.sizeof(out))
        ahead = start * self._step
        if out.offsets32:
            out.offsets32 += ahead
        elif out.offsets64:
            out.offsets64 += ahead
        elif out.views:
            out.views += ahead
        out.valid_first += start

    def get(self, row: int) -> Optional[str]:
        """Text ``row``, None when it is absent."""
        column = self._column
        bit = column.valid_first + row
        if column.valid and not ctypes.c_uint8.from_address(column.valid + bit // 8).value >> (
            bit % 8
        ) & 1:
            return None
        if column.views:
            address = column.views + 16 * row
            size, _, buffer, begin = (ctypes.c_int32 * 4).from_address(address)
            if size <= 12:
                address += 4
            else:
                base = ctypes.c_void_p.from_address(column.buffers + 8 * buffer).value
                address = (base or 0) + begin
        elif column.offsets32:
            begin, end = (ctypes.c_int32 * 2).from_address(column.offsets32 + 4 * row)
            address, size = (column.data or 0) + begin, end - begin
        elif column.offsets64:
            begin, end = (ctypes.c_int64 * 2).from_address(column.offsets64 + 8 * row)
            address, size = (column.data or 0) + begin, end - begin
        else:
            return None
        return ctypes.string_at(address, size).decode() if size > 0 else None


class NumberColumn:
    """Numbers in memory, of a fixed width, and what keeps them alive."""

    __slots__ = ("_numbers", "_address", "_size", "_owner")

    def __init__(self, numbers: Any, address: int, size: int, owner: object = None) -> None:
        self._numbers = numbers
        self._address = address
        self._size = size
        self._owner = owner

    @classmethod
    def of(cls, numbers: array[int]) -> NumberColumn:
        return cls(numbers, numbers.buffer_info()[0], numbers.itemsize)

    @classmethod
    def of_numpy(cls, numbers: Any) -> NumberColumn:
        """Of a contiguous numpy array."""
        return cls(numbers, numbers.__array_interface__["data"][0], numbers.itemsize)

    @classmethod
    def of_arrow(cls, chunk: Array) -> NumberColumn:
        """Of an Arrow array of numbers that are all there."""
        numbers = chunk.numbers()
        size = ctypes.sizeof(numbers._type_)
        return cls(numbers, ctypes.addressof(numbers), size, chunk)

    def address(self, start: int) -> int:
        return self._address + start * self._size

    def get(self, row: int) -> int:
        return int(self._numbers[row])


# ---- texts ----


def _encoded(values: Sequence[Any], name: str, first_row: int) -> TextColumn:
    """Texts of Python in one buffer."""
    try:
        parts = [value.encode() for value in values]
    except (AttributeError, UnicodeEncodeError):
        parts = [_encode_one(value, name, first_row + row) for row, value in enumerate(values)]
    data = b"".join(parts)
    offsets = array("q", accumulate(map(len, parts), initial=0))
    column = kaburi_column()
    column.data = ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value
    column.offsets64 = offsets.buffer_info()[0]
    return TextColumn(column, (data, offsets))


def _encode_one(value: object, name: str, row: int) -> bytes:
    try:
        text = records.text_of(value, name)
        return b"" if text is None else records.encode(text, name)
    except (KaburiError, TypeError) as error:
        raise in_row(error, row) from None


def in_row(error: Exception, row: int) -> Exception:
    """The error with the row before its message."""
    message = f"record {row}: {error}"
    if isinstance(error, KaburiError):
        return type(error)(message, code=error.code, offset=error.offset)
    return type(error)(message)


def _of_arrow(chunk: Array) -> TextColumn:
    """An Arrow array of texts, where it is."""
    column = kaburi_column()
    buffers = chunk.buffers
    if chunk.format == "vu":
        column.views = (buffers[1] or 0) + 16 * chunk.offset
        column.buffer_count = len(buffers) - 3
        column.buffers = ctypes.cast(chunk.array.buffers, ctypes.c_void_p).value or 0
        column.buffers += 2 * ctypes.sizeof(ctypes.c_void_p)
        column.buffer_sizes = buffers[-1]
    elif chunk.format == "u":
        column.offsets32 = (buffers[1] or 0) + 4 * chunk.offset
        column.data = buffers[2]
    else:
        column.offsets64 = (buffers[1] or 0) + 8 * chunk.offset
        column.data = buffers[2]
    validity = chunk.validity
    if validity is not None:
        column.valid = validity
        column.valid_first = chunk.offset
    return TextColumn(column, chunk)


def text_column(values: Any, name: str, first_row: int) -> TextColumn:
    """A column of texts. Raises TypeError and TextError, the row named."""
    if isinstance(values, Array):
        if values.is_text:
            return _of_arrow(values)
        values = values.values(name)
    return _encoded(as_list(values), name, first_row)


# ---- numbers ----


def as_list(values: Any) -> Sequence[Any]:
    """A sequence of plain values of a numpy array, a Series, or any iterable."""
    if isinstance(values, (list, tuple)):
        return values
    if hasattr(values, "tolist"):
        listed: List[Any] = values.tolist()
        return listed
    return list(values)


def _converted(
    values: Any, name: str, first_row: int, code: str, convert: Callable[[Any], int]
) -> NumberColumn:
    """Numbers value by value."""
    numbers = array(code)
    for row, value in enumerate(values):
        try:
            numbers.append(convert(value))
        except (KaburiError, TypeError) as error:
            raise in_row(error, first_row + row) from None
        except OverflowError:
            wrong = ArgumentError(f"{name} {value!r} is out of range")
            raise in_row(wrong, first_row + row) from None
    return NumberColumn.of(numbers)


def _amount(value: Any) -> int:
    amount = records.amount_of(value)
    return AMOUNT_ABSENT if amount is None else amount


def _date(value: Any) -> int:
    return records.day_of(records.date_of(value))


def _stage(value: Any) -> int:
    word = records.word_of(value, "stage", records.STAGES)
    return records.STAGES[word] if word is not None else 0


def _kind(value: Any) -> int:
    word = records.word_of(value, "kind", records.KINDS)
    return records.KINDS[word] if word is not None else 0


_CONVERT: Dict[str, Callable[[Any], int]] = {
    "amount": _amount,
    "close_date": _date,
    "stage": _stage,
    "kind": _kind,
}


def number_column(values: Any, name: str, first_row: int) -> NumberColumn:
    """A column of amounts, dates or words. Raises TypeError and ArgumentError, the row named."""
    code = _NUMBER_CODES[name]
    fast = _numbers_of_arrow if isinstance(values, Array) else _numbers_of_numpy
    column = fast(values, name, code)
    if column is not None:
        return column
    plain = values.values(name) if isinstance(values, Array) else as_list(values)
    return _converted(plain, name, first_row, code, _CONVERT[name])


def _numbers_of_arrow(chunk: Array, name: str, code: str) -> Optional[NumberColumn]:
    """Whole numbers, or dates, that lie as they should; None for others."""
    if chunk.format != {"amount": "l", "close_date": "tdD"}.get(name) or chunk.dictionary:
        return None
    if chunk.validity is None:
        return NumberColumn.of_arrow(chunk)
    absent = AMOUNT_ABSENT if code == "q" else DATE_ABSENT
    copied = array(code, bytes(chunk.numbers()))
    for row, there in enumerate(chunk.is_there()):
        if not there:
            copied[row] = absent
    return NumberColumn.of(copied)


def _numbers_of_numpy(values: Any, name: str, code: str) -> Optional[NumberColumn]:
    """numpy's numbers and dates at once; None for others, and where one of them is wrong."""
    kind = getattr(getattr(values, "dtype", None), "kind", None)
    if type(values).__module__ != "numpy" or kind is None:
        return None
    import numpy

    if name == "amount" and kind in "iu":
        if kind == "u" and values.size and values.max() > 2**63 - 1:
            return None
        numbers = numpy.ascontiguousarray(values, dtype=numpy.int64)
        if numbers.size and numbers.min() == AMOUNT_ABSENT:
            return None
    elif name == "amount" and kind == "f":
        absent = numpy.isnan(values)
        known = numpy.where(absent, 0, values)
        if not (numpy.all(known == numpy.floor(known)) and numpy.all(numpy.abs(known) < 2**63)):
            return None
        numbers = numpy.where(absent, AMOUNT_ABSENT, known.astype(numpy.int64))
    elif name == "close_date" and kind == "M":
        days = values.astype("datetime64[D]")
        absent = numpy.isnat(days)
        numbers = numpy.where(absent, 0, days.astype(numpy.int64))
        if numbers.size and not (-(2**31) < numbers.min() and numbers.max() < 2**31):
            return None
        numbers = numpy.where(absent, DATE_ABSENT, numbers).astype(numpy.int32)
    else:
        return None
    numbers = numpy.ascontiguousarray(numbers)
    return NumberColumn.of_numpy(numbers)


# ---- ids ----


def id_column(values: Any, first_row: int) -> NumberColumn:
    """A column of ids. Raises TypeError and ArgumentError, the row named."""
    kind = getattr(getattr(values, "dtype", None), "kind", "")
    if type(values).__module__ == "numpy" and kind in "iu" and kind:
        import numpy

        if kind == "u" or not values.size or values.min() >= 0:
            numbers = numpy.ascontiguousarray(values, dtype=numpy.uint64)
            return NumberColumn.of_numpy(numbers)
    if isinstance(values, Array):
        if values.format in WHOLE and values.dictionary is None and values.validity is None:
            if values.format == "L" or (values.format == "l" and min(values.numbers()) >= 0):
                return NumberColumn.of_arrow(values)
        values = values.values("id")
    return _converted(as_list(values), "id", first_row, "Q", records.id_of)


def row_numbers(first: int, count: int) -> NumberColumn:
    """Ids ``first``, ``first + 1`` ..."""
    return NumberColumn.of(array("Q", range(first, first + count)))
