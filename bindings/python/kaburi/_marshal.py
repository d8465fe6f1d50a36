# SPDX-License-Identifier: Apache-2.0
"""One record on its way into the library, and the scratch memory of one search.

Takes a Record, gives a ``kaburi_record`` whose texts lie in a buffer of its own. Both are made once
and filled again for every call: making structs anew would cost more than the search's own call.
"""

from __future__ import annotations

import ctypes
import struct
from typing import Any, Optional

from ._errors import error_of
from ._library import lib
from ._prototypes import AMOUNT_ABSENT, DATE_ABSENT, SEARCH_EXCEPT_SELF
from ._prototypes import kaburi_error, kaburi_record, kaburi_search_options
from .records import KINDS, STAGES, TEXT_FIELDS, Record, clean, day_of, encode, texts_of

# struct_size, stage, id, 8 texts of address and size, amount, close_date, kind.
_pack = struct.Struct("=IiQ16Qqii").pack_into
# The same with company and deal alone.
_pack_names = struct.Struct("=IiQQQ48xQQ48xqii").pack_into
_SIZE = ctypes.sizeof(kaburi_record)
_NOTHING_ELSE = (None,) * 10


class RecordBuffer:
    """A ``kaburi_record`` and its texts, filled again and again. Of one thread at a time."""

    __slots__ = ("area", "pointer", "_record", "_text", "_base", "_room")

    def __init__(self) -> None:
        self.area = bytearray(_SIZE)
        self._record = kaburi_record.from_buffer(self.area)
        self.pointer = ctypes.byref(self._record)
        self._grow(1024)

    def _grow(self, room: int) -> None:
        self._text = bytearray(room)
        self._base = ctypes.addressof(ctypes.c_char.from_buffer(self._text))
        self._room = room

    def fill(self, record: Record) -> None:
        """Raises TypeError and ValueError as :meth:`Record.of`, TextError for a lone surrogate."""
        try:
            self._fill(record)
        except (AttributeError, KeyError, TypeError, ValueError, struct.error):
            # Some value is missing, of another type or wrong: look at each.
            record = clean(record)
            for name, text in zip(TEXT_FIELDS, texts_of(record)):
                if text is not None:
                    encode(text, name)
            self._fill(record)

    def _fill(self, record: Record) -> None:
        if record[3:] == _NOTHING_ELSE:
            self._fill_names(*record[:3])
            return
        company, deal, id, reading, number, domain, amount, date, stage, kind, *rest = record
        parts = []
        sizes = []
        for text in (company, reading, number, domain, deal, *rest):
            if text:
                part = text.encode()
                parts.append(part)
                sizes.append(len(part))
            else:
                sizes.append(0)
        texts = b"".join(parts)
        if len(texts) > self._room:
            self._grow(2 * len(texts))
        self._text[: len(texts)] = texts
        a, b, c, d, e, f, g, h = sizes
        at = self._base
        _pack(
            self.area,
            0,
            _SIZE,
            STAGES[stage] if stage else 0,
            0 if id is None else id,
            at,
            a,
            (at := at + a),
            b,
            (at := at + b),
            c,
            (at := at + c),
            d,
            (at := at + d),
            e,
            (at := at + e),
            f,
            (at := at + f),
            g,
            at + g,
            h,
            AMOUNT_ABSENT if amount is None else amount,
            DATE_ABSENT if date is None else day_of(date),
            KINDS[kind] if kind else 0,
        )


    def _fill_names(self, company: Optional[str], deal: Optional[str], id: Optional[int]) -> None:
        """The common record has a company and a deal, and most queries nothing else."""
        first = company.encode() if company else b""
        second = deal.encode() if deal else b""
        texts = first + second
        if len(texts) > self._room:
            self._grow(2 * len(texts))
        self._text[: len(texts)] = texts
        size = len(first)
        _pack_names(
            self.area,
            0,
            _SIZE,
            0,
            id or 0,
            self._base,
            size,
            self._base + size,
            len(second),
            AMOUNT_ABSENT,
            DATE_ABSENT,
            0,
        )


class Scratch:
    """What one search at a time needs: a query, options, an error and ``kaburi_matches``."""

    __slots__ = ("query", "matches", "error", "error_pointer", "options", "options_pointer", "_set")

    def __init__(self) -> None:
        self.query = RecordBuffer()
        self.error = kaburi_error()
        self.error_pointer = ctypes.byref(self.error)
        self.options = kaburi_search_options()
        self.options_pointer = ctypes.byref(self.options)
        lib.kaburi_search_options_init(self.options_pointer)
        self._set = (self.options.top, False, self.options.probability_min)
        self.matches = ctypes.c_void_p()
        lib.kaburi_matches_create(ctypes.byref(self.matches), None, self.error_pointer)

    def set_options(self, top: int, except_self: bool, probability_min: float) -> None:
        """Raises ArgumentError for a ``top`` that the struct cannot hold; ranges are the library's."""
        wanted = (top, except_self, probability_min)
        if wanted != self._set:
            if not isinstance(top, int) or not 0 <= top < 2**32:
                raise error_of(-1, f"top is {top}; allowed are 1..1000")
            self.options.top = top
            self.options.flags = SEARCH_EXCEPT_SELF if except_self else 0
            self.options.probability_min = probability_min
            self._set = wanted


def free_matches(matches: Any) -> None:
    """Frees the ``kaburi_matches`` of a scratch."""
    lib.kaburi_matches_free(matches)
