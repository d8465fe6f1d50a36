# SPDX-License-Identifier: Apache-2.0
"""Tables of others through the Arrow C data interface, without pyarrow and without copying a text.

Takes an object with ``__arrow_c_stream__`` or ``__arrow_c_array__`` (pyarrow, polars, pandas, DuckDB
...), gives its chunks as plain addresses. The memory stays its producer's: an ``Array`` keeps what
owns it alive, and lets go of it, so that it is released, when nothing needs it any more.

The interface: https://arrow.apache.org/docs/format/CDataInterface.html
"""

from __future__ import annotations

import ctypes
import datetime
import weakref
from collections.abc import Iterator
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from decimal import Decimal
from typing import Any, Dict, List, Optional, Tuple

from ._errors import KaburiError


class ArrowSchema(Structure):
    pass


ArrowSchema._fields_ = [
    ("format", c_char_p),
    ("name", c_char_p),
    ("metadata", c_void_p),
    ("flags", c_int64),
    ("n_children", c_int64),
    ("children", POINTER(POINTER(ArrowSchema))),
    ("dictionary", POINTER(ArrowSchema)),
    ("release", CFUNCTYPE(None, POINTER(ArrowSchema))),
    ("private_data", c_void_p),
]


class ArrowArray(Structure):
    pass


ArrowArray._fields_ = [
    ("length", c_int64),
    ("null_count", c_int64),
    ("offset", c_int64),
    ("n_buffers", c_int64),
    ("n_children", c_int64),
    ("buffers", POINTER(c_void_p)),
    ("children", POINTER(POINTER(ArrowArray))),
    ("dictionary", POINTER(ArrowArray)),
    ("release", CFUNCTYPE(None, POINTER(ArrowArray))),
    ("private_data", c_void_p),
]


class ArrowArrayStream(Structure):
    pass


ArrowArrayStream._fields_ = [
    ("get_schema", CFUNCTYPE(c_int, POINTER(ArrowArrayStream), POINTER(ArrowSchema))),
    ("get_next", CFUNCTYPE(c_int, POINTER(ArrowArrayStream), POINTER(ArrowArray))),
    ("get_last_error", CFUNCTYPE(c_char_p, POINTER(ArrowArrayStream))),
    ("release", CFUNCTYPE(None, POINTER(ArrowArrayStream))),
    ("private_data", c_void_p),
]

_capsule_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_capsule_pointer.restype = c_void_p
_capsule_pointer.argtypes = (ctypes.py_object, c_char_p)


def _release(struct: Any) -> None:
    if struct.release:
        struct.release(ctypes.byref(struct))


class _Owned:
    """A struct that we were given to release; done when nothing refers to this any more."""

    def __init__(self, kind: Any) -> None:
        self.struct = kind()
        # At exit the producer may be gone before us.
        weakref.finalize(self, _release, self.struct).atexit = False


#: Fixed-width formats -> ctypes.
_NUMBERS: Dict[str, Any] = {
    "c": ctypes.c_int8,
    "C": ctypes.c_uint8,
    "s": ctypes.c_int16,
    "S": ctypes.c_uint16,
    "i": ctypes.c_int32,
    "I": ctypes.c_uint32,
    "l": ctypes.c_int64,
    "L": ctypes.c_uint64,
    "f": ctypes.c_float,
    "g": ctypes.c_double,
    "tdD": ctypes.c_int32,
    "tdm": ctypes.c_int64,
}
#: Formats of whole numbers.
WHOLE = frozenset("cCsSiIlL")
_TEXTS = frozenset({"u", "U", "vu"})
#: Ticks a day of the units of a timestamp.
_TICKS = {"s": 86400, "m": 86400 * 10**3, "u": 86400 * 10**6, "n": 86400 * 10**9}
_EPOCH = datetime.date(1970, 1, 1)


class Array:
    """One chunk of one column: rows ``offset`` .. ``offset + length - 1`` of its buffers."""

    __slots__ = ("format", "length", "offset", "buffers", "array", "dictionary", "owner")

    def __init__(self, schema: Any, array: Any, owner: object) -> None:
        self.format: str = schema.format.decode()
        self.length: int = array.length
        self.offset: int = array.offset
        self.buffers: List[Optional[int]] = [array.buffers[i] for i in range(array.n_buffers)]
        self.array = array
        self.owner = owner
        self.dictionary: Optional[Array] = None
        if schema.dictionary:
            self.dictionary = Array(schema.dictionary.contents, array.dictionary.contents, owner)

    def slice(self, start: int, length: int) -> Array:
        """A part of it, of the same buffers."""
        part = object.__new__(Array)
        for name in Array.__slots__:
            setattr(part, name, getattr(self, name))
        part.offset = self.offset + start
        part.length = length
        return part

    @property
    def is_text(self) -> bool:
        return self.format in _TEXTS and self.dictionary is None

    @property
    def validity(self) -> Optional[int]:
        """Address of the bits that tell what is there; None: all of it."""
        if self.format == "n" or self.array.null_count == 0 or not self.buffers:
            return None
        return self.buffers[0]

    def is_there(self) -> List[bool]:
        """For each row, whether it is there."""
        address = self.validity
        if self.format == "n":
            return [False] * self.length
        if address is None:
            return [True] * self.length
        size = (self.offset + self.length + 7) // 8
        bits = ctypes.string_at(address, size)
        return [
            bits[bit >> 3] >> (bit & 7) & 1 == 1
            for bit in range(self.offset, self.offset + self.length)
        ]

    def numbers(self) -> Any:
        """The values of a format of fixed width as a ctypes array, of the same memory."""
        kind = _NUMBERS[self.format if self.format in _NUMBERS else "l"]
        address = (self.buffers[1] or 0) + self.offset * ctypes.sizeof(kind)
        return (kind * self.length).from_address(address)

    def values(self, what: str) -> List[Any]:
        """The values as Python has them, None for what is not there. ``what`` names it in errors."""
        if self.length == 0:
            return []
        there = self.is_there()
        if self.dictionary is not None:
            words = self.dictionary.values(what)
            return [words[at] if ok else None for at, ok in zip(self.numbers(), there)]
        if self.format == "n":
            return [None] * self.length
        if self.format in _TEXTS:
            return [self.text(row) if ok else None for row, ok in enumerate(there)]
        if self.format == "tdD":
            return [_day(number) if ok else None for number, ok in zip(self.numbers(), there)]
        if self.format == "tdm":
            return [
                _day(number // _TICKS["m"]) if ok else None
                for number, ok in zip(self.numbers(), there)
            ]
        if self.format.startswith("ts"):
            ticks = _TICKS[self.format[2]]
            return [
                _day(number // ticks) if ok else None for number, ok in zip(self.numbers(), there)
            ]
        if self.format.startswith("d:"):
            return self._decimals(there, what)
        if self.format in _NUMBERS:
            return [number if ok else None for number, ok in zip(self.numbers(), there)]
        raise TypeError(f"{what}: Arrow's format {self.format!r} is none that kaburi reads")

    def _decimals(self, there: List[bool], what: str) -> List[Optional[Decimal]]:
        scale, *width = map(int, self.format[2:].split(",")[1:])
        size = width[0] // 8 if width else 16
        data = ctypes.string_at((self.buffers[1] or 0) + self.offset * size, self.length * size)
        return [
            Decimal(int.from_bytes(data[row * size : (row + 1) * size], "little", signed=True))
            .scaleb(-scale)
            if ok
            else None
            for row, ok in enumerate(there)
        ]

    def text(self, row: int) -> str:
        """Text ``row`` of a column of texts."""
        at = self.offset + row
        if self.format == "vu":
            return self._view_text(at)
        kind = ctypes.c_int32 if self.format == "u" else ctypes.c_int64
        offsets = (kind * 2).from_address((self.buffers[1] or 0) + at * ctypes.sizeof(kind))
        begin, end = offsets
        return ctypes.string_at((self.buffers[2] or 0) + begin, end - begin).decode()

    def _view_text(self, at: int) -> str:
        address = (self.buffers[1] or 0) + 16 * at
        size, _, buffer, begin = (ctypes.c_int32 * 4).from_address(address)
        if size <= 12:
            return ctypes.string_at(address + 4, size).decode()
        return ctypes.string_at((self.buffers[2 + buffer] or 0) + begin, size).decode()


def _day(number: int) -> Optional[datetime.date]:
    try:
        return _EPOCH + datetime.timedelta(days=number)
    except OverflowError:
        return None


# ---- tables ----


def has_arrow(data: object) -> bool:
    """Whether an object speaks the Arrow C data interface."""
    return hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__")


def _stream_error(stream: Any, code: int, what: str) -> KaburiError:
    message = stream.get_last_error(ctypes.byref(stream))
    said = message.decode("utf-8", "replace") if message else f"error {code}"
    return KaburiError(f"{what} of the Arrow stream: {said}")


def _arrays(data: Any) -> Tuple[Any, Iterator[Tuple[Any, object]]]:
    """The schema of the data and its arrays, each with what owns it."""
    if hasattr(data, "__arrow_c_stream__"):
        capsule = data.__arrow_c_stream__()
        address = _capsule_pointer(capsule, b"arrow_array_stream")
        stream = ArrowArrayStream.from_address(address)
        owned = _Owned(ArrowSchema)
        code = stream.get_schema(ctypes.byref(stream), ctypes.byref(owned.struct))
        if code != 0:
            raise _stream_error(stream, code, "the schema")
        return owned.struct, _stream_arrays(stream, (owned, capsule))
    schema_capsule, array_capsule = data.__arrow_c_array__()
    schema = ArrowSchema.from_address(_capsule_pointer(schema_capsule, b"arrow_schema"))
    array = ArrowArray.from_address(_capsule_pointer(array_capsule, b"arrow_array"))
    return schema, iter([(array, (schema_capsule, array_capsule))])


def _stream_arrays(stream: Any, owner: object) -> Iterator[Tuple[Any, object]]:
    while True:
        array = _Owned(ArrowArray)
        code = stream.get_next(ctypes.byref(stream), ctypes.byref(array.struct))
        if code != 0:
            raise _stream_error(stream, code, "the next chunk")
        if not array.struct.release:
            return
        # The schema's formats are needed as long as the array is.
        yield array.struct, (array, owner)


def _chunk(schema: Any, array: Any, owner: object) -> Dict[str, Array]:
    """The columns of one record batch."""
    if array.null_count > 0:
        raise TypeError("a struct array with absent rows is no table")
    columns: Dict[str, Array] = {}
    for number in range(schema.n_children):
        child = schema.children[number].contents
        name = child.name.decode() if child.name else ""
        column = Array(child, array.children[number].contents, owner)
        columns.setdefault(name, column.slice(array.offset, array.length))
    return columns


class Table:
    """A table: its column names, and its chunks, which can be read once."""

    def __init__(self, data: Any) -> None:
        self._schema, self._arrays = _arrays(data)
        self._data = data
        if self._schema.format != b"+s":
            raise TypeError(
                f"{type(data).__name__} is a single Arrow column, not a table: "
                'give a mapping of columns, {"company": column}'
            )
        names = [
            self._schema.children[number].contents.name
            for number in range(self._schema.n_children)
        ]
        self.names: List[str] = [name.decode() if name else "" for name in names]

    def chunks(self) -> Iterator[Tuple[int, Dict[str, Array]]]:
        """For each record batch, its length and its columns."""
        for array, owner in self._arrays:
            if array.length > 0:
                yield array.length, _chunk(self._schema, array, owner)


def column_chunks(data: Any) -> List[Array]:
    """The chunks of a single column, such as a polars Series or a pyarrow ChunkedArray."""
    schema, arrays = _arrays(data)
    return [Array(schema, array, owner) for array, owner in arrays if array.length > 0]
