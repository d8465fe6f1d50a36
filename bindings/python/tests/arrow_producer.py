# SPDX-License-Identifier: Apache-2.0
"""An Arrow table made by hand: the other side of the C data interface, to test every layout without
pyarrow, and that each array is released once and not too early."""

from __future__ import annotations

import ctypes
import struct
from typing import Any, Dict, List, Optional

from kaburi import _arrow

_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype = ctypes.py_object
_new_capsule.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)


def bits(there: List[bool], first: int = 0) -> bytes:
    """A validity bitmap; the bits before ``first`` are 1."""
    number = sum(1 << (first + at) for at, ok in enumerate(there) if ok) | (1 << first) - 1
    return number.to_bytes((first + len(there)) // 8 + 1, "little")


class Column:
    """A column of a format and its buffers; ``skipped`` rows lie before it in them."""

    def __init__(
        self,
        format: str,
        length: int,
        buffers: List[Optional[bytes]],
        *,
        nulls: int = 0,
        skipped: int = 0,
        dictionary: Optional[Column] = None,
    ) -> None:
        self.format = format
        self.length = length
        self.buffers = buffers
        self.nulls = nulls
        self.skipped = skipped
        self.dictionary = dictionary


def texts(values: List[Optional[str]], format: str = "u", skipped: int = 0) -> Column:
    """A column of texts; what is absent has rubbish behind it."""
    there = [value is not None for value in values]
    parts = [b"\xff rubbish" if value is None else value.encode() for value in values]
    parts = [b"\xfe skipped"] * skipped + parts
    valid = bits(there, skipped) if not all(there) else None
    nulls = there.count(False)
    if format == "vu":
        # Two buffers, by turns.
        data = [b"", b""]
        views = b""
        for number, part in enumerate(parts):
            if len(part) <= 12:
                views += struct.pack("<i12s", len(part), part)
            else:
                at = number % 2
                views += struct.pack("<i4sii", len(part), part[:4], at, len(data[at]))
                data[at] += part
        sizes = struct.pack("<qq", *map(len, data))
        buffers: List[Optional[bytes]] = [valid, views, *data, sizes]
        return Column(format, len(values), buffers, nulls=nulls, skipped=skipped)
    ends = [sum(map(len, parts[:count])) for count in range(len(parts) + 1)]
    offsets = struct.pack(f"<{len(ends)}{'i' if format == 'u' else 'q'}", *ends)
    return Column(
        format, len(values), [valid, offsets, b"".join(parts)], nulls=nulls, skipped=skipped
    )


def numbers(format: str, code: str, values: List[Any], skipped: int = 0) -> Column:
    """A column of fixed width; ``code`` is that of ``struct``."""
    there = [value is not None for value in values]
    filled = [77] * skipped + [99 if value is None else value for value in values]
    data = struct.pack(f"<{len(filled)}{code}", *filled)
    valid = bits(there, skipped) if not all(there) else None
    nulls = there.count(False)
    return Column(format, len(values), [valid, data], nulls=nulls, skipped=skipped)


#: A producer lives until the last of its arrays is released; these live for ever.
_producers: List[Table] = []


class Table:
    """Chunks of columns with ``__arrow_c_stream__``. Counts what is released."""

    def __init__(self, *chunks: Dict[str, Column]) -> None:
        self.chunks = list(chunks)
        self.given = 0
        self.released = 0
        self._kept: List[Any] = []
        self._at = 0

    def _schema(self, schema: Any, format: str, name: str, children: Dict[str, Column]) -> None:
        encoded = format.encode(), name.encode()
        schema.format, schema.name = encoded
        self._kept.append(encoded)
        schema.n_children = len(children)
        pointers = (ctypes.POINTER(_arrow.ArrowSchema) * max(len(children), 1))()
        for number, (child_name, column) in enumerate(children.items()):
            child = _arrow.ArrowSchema()
            self._schema(child, column.format, child_name, {})
            if column.dictionary is not None:
                words = _arrow.ArrowSchema()
                self._schema(words, column.dictionary.format, "", {})
                child.dictionary = ctypes.pointer(words)
            pointers[number] = ctypes.pointer(child)
        schema.children = pointers
        self._kept += [pointers]

    def _array(self, array: Any, column: Column) -> None:
        array.length = column.length
        array.null_count = column.nulls
        array.offset = column.skipped
        array.n_buffers = len(column.buffers)
        addresses = (ctypes.c_void_p * max(len(column.buffers), 1))()
        for number, buffer in enumerate(column.buffers):
            if buffer is not None:
                copied = ctypes.create_string_buffer(buffer, max(len(buffer), 1))
                addresses[number] = ctypes.addressof(copied)
                self._kept.append(copied)
        array.buffers = addresses
        self._kept.append(addresses)
        if column.dictionary is not None:
            words = _arrow.ArrowArray()
            self._array(words, column.dictionary)
            array.dictionary = ctypes.pointer(words)

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        stream = _arrow.ArrowArrayStream()
        kinds = dict(_arrow.ArrowArrayStream._fields_)
        array_release = dict(_arrow.ArrowArray._fields_)["release"](self._release)
        schema_release = dict(_arrow.ArrowSchema._fields_)["release"](self._release_schema)

        def get_schema(_: Any, out: Any) -> int:
            self._schema(out.contents, "+s", "", self.chunks[0])
            out.contents.release = schema_release
            return 0

        def get_next(_: Any, out: Any) -> int:
            ctypes.memset(out, 0, ctypes.sizeof(out.contents))
            if self._at == len(self.chunks):
                return 0
            chunk = self.chunks[self._at]
            self._at += 1
            array = out.contents
            array.length = next(iter(chunk.values())).length
            array.n_children = len(chunk)
            pointers = (ctypes.POINTER(_arrow.ArrowArray) * len(chunk))()
            for number, column in enumerate(chunk.values()):
                child = _arrow.ArrowArray()
                self._array(child, column)
                pointers[number] = ctypes.pointer(child)
            array.children = pointers
            array.release = array_release
            self._kept += [pointers]
            self.given += 1
            return 0

        stream.get_schema = kinds["get_schema"](get_schema)
        stream.get_next = kinds["get_next"](get_next)
        self._kept += [stream, array_release, schema_release]
        _producers.append(self)
        return _new_capsule(ctypes.addressof(stream), b"arrow_array_stream", None)

    def _release(self, array: Any) -> None:
        self.released += 1
        array.contents.release = type(array.contents.release)()

    def _release_schema(self, schema: Any) -> None:
        schema.contents.release = type(schema.contents.release)()
