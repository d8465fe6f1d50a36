# SPDX-License-Identifier: Apache-2.0
"""Records alone, without an index: two compared, why, what is read in one, its keys."""

from __future__ import annotations

import ctypes
from typing import Any, List, NamedTuple, Optional, Tuple

from ._errors import ArgumentError, BufferTooSmallError
from ._library import lib
from ._loaded import text_of
from ._marshal import RecordBuffer
from ._prototypes import FORMATS, LANGUAGES
from ._prototypes import kaburi_compare_options, kaburi_error, kaburi_match
from .aliases import Aliases
from .matches import Match, match_of
from .model import Model
from .options import IndexOptions
from .policy import Policy
from .records import Record, RecordLike


class Judge(NamedTuple):
    """What judges: None is what is built in, of aliases none."""

    model: Optional[Model] = None
    policy: Optional[Policy] = None
    aliases: Optional[Aliases] = None

    def options(self) -> kaburi_compare_options:
        """As the library's struct, which borrows them."""
        options = kaburi_compare_options()
        lib.kaburi_compare_options_init(ctypes.byref(options))
        self.lend(options)
        return options

    def lend(self, options: Any) -> None:
        """Into a struct with fields of these names, which borrows them."""
        for name, loaded in zip(self._fields, self):
            if loaded is not None:
                setattr(options, name, loaded.handle)

    def explain(self, query: Record, record: Record, language: str, format: str) -> str:
        return _explain(query, record, language, format, self)


class _Pair(NamedTuple):
    """Where a match of a comparison comes from: the two records."""

    a: Record
    b: Record
    judge: Judge

    def query_of(self, place: Any) -> Record:
        return self.a

    def record_of(self, id: int) -> Record:
        return self.b

    def explain(self, query: Record, record: Record, language: str, format: str) -> str:
        return self.judge.explain(query, record, language, format)


def _record(value: RecordLike) -> Record:
    return value if isinstance(value, Record) else Record.of(value)


def _filled(value: RecordLike) -> RecordBuffer:
    buffer = RecordBuffer()
    buffer.fill(_record(value))
    return buffer


def compare(
    a: RecordLike,
    b: RecordLike,
    *,
    model: Optional[Model] = None,
    policy: Optional[Policy] = None,
    aliases: Optional[Aliases] = None,
) -> Match:
    """Judges two records; the match's ``id`` is that of ``b``.

    Args:
        a, b: :class:`Record` or mapping of its fields.
        model, policy: None: those built in. The policy takes ``b`` as the record already there.
        aliases: None: none.

    Raises ValueError and TypeError as :meth:`Record.of`; ArgumentError for a record with neither
    company nor deal; TextError, TooLongError.
    """
    judge = Judge(model, policy, aliases)
    options = judge.options()
    first, second = _record(a), _record(b)
    # In names of their own: a buffer must outlive the call.
    filled_first, filled_second = _filled(first), _filled(second)
    out = kaburi_match()
    error = kaburi_error()
    lib.kaburi_compare(
        filled_first.pointer,
        filled_second.pointer,
        ctypes.byref(options),
        ctypes.byref(out),
        ctypes.byref(error),
    )
    return match_of(memoryview(out).cast("B"), _Pair(first, second, judge))


def _number_of(value: str, name: str, numbers: Any) -> int:
    if value not in numbers:
        raise ArgumentError(f"{name} is {value!r}; allowed are {', '.join(numbers)}")
    return int(numbers[value])


def explain(
    a: RecordLike,
    b: RecordLike,
    language: str = "en",
    *,
    format: str = "text",
    model: Optional[Model] = None,
    policy: Optional[Policy] = None,
    aliases: Optional[Aliases] = None,
) -> str:
    """Why two records are, or are not, the same deal.

    Args:
        language: ``"en"`` or ``"ja"``.
        format: ``"text"``: verdict and probability, then a line a field with its weight in bits;
            ``"json"``: the same for a program.

    Raises as :func:`compare`; ArgumentError for another language or format.
    """
    return _explain(a, b, language, format, Judge(model, policy, aliases))


def _explain(a: RecordLike, b: RecordLike, language: str, format: str, judge: Judge) -> str:
    language_number = _number_of(language, "language", LANGUAGES)
    format_number = _number_of(format, "format", FORMATS)
    options = judge.options()
    first, second = _filled(a), _filled(b)
    return text_of(
        lambda *room: lib.kaburi_explain(
            first.pointer,
            second.pointer,
            ctypes.byref(options),
            language_number,
            format_number,
            *room,
        )
    )


def normalize(record: RecordLike) -> List[Tuple[str, str]]:
    """What kaburi reads in a record, as (name, value) in a fixed order: ``company.core``, ``deal.year``
    ... A name may occur more than once. Raises as :func:`compare`.
    """
    buffer = _filled(record)
    error = kaburi_error()
    parts = ctypes.c_void_p()
    lib.kaburi_normalize(ctypes.byref(parts), buffer.pointer, None, ctypes.byref(error))
    try:
        return [
            (
                lib.kaburi_parts_name(parts, position).decode(),
                lib.kaburi_parts_value(parts, position).decode(),
            )
            for position in range(lib.kaburi_parts_count(parts))
        ]
    finally:
        lib.kaburi_parts_free(parts)


def keys(record: RecordLike, options: Optional[IndexOptions] = None) -> List[int]:
    """The 64-bit keys a record is filed under, rising, for a database to join on.

    Records that share a key are candidates. Same keys on every machine for one version of the
    library and one set of options. Raises as :func:`compare`.
    """
    buffer = _filled(record)
    packed = (options if options is not None else IndexOptions()).pack()
    error = kaburi_error()
    count = ctypes.c_size_t()
    room = 1024
    while True:
        out = (ctypes.c_uint64 * room)()
        try:
            lib.kaburi_keys(
                buffer.pointer,
                ctypes.byref(packed),
                out,
                room,
                ctypes.byref(count),
                ctypes.byref(error),
            )
        except BufferTooSmallError:
            room = count.value
            continue
        return out[: count.value]


__all__ = ["compare", "explain", "keys", "normalize"]
