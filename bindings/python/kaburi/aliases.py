# SPDX-License-Identifier: Apache-2.0
"""Tables of other names: 東電 and 東京電力, サイボウズ and Cybozu."""

from __future__ import annotations

import ctypes
from typing import Iterable, Tuple

from ._errors import ArgumentError
from ._library import lib
from ._loaded import Loaded, PathLike
from .records import encode

KINDS = ("abbreviation", "former", "translation", "group")


class Aliases(Loaded):
    """Names of one company that its spelling does not tell. Immutable; ``len`` counts its pairs.

    A hit is evidence (``company:alias``) with a weight of its own, never identity. Freed when
    nothing uses it any more.
    """

    _noun = "aliases"

    def __init__(self, rows: Iterable[Tuple[str, str, str]]) -> None:
        """Makes a table of rows ``(name, alias, kind)``.

        The kinds: ``abbreviation``, ``former``, ``translation`` and ``group`` (related, never the
        same customer). Raises FormatError, TextError, TooLongError, all of them ValueErrors; their
        ``offset`` is the line, the first row being line 2.
        """
        lines = ["name\talias\tkind"]
        for number, row in enumerate(rows):
            if len(row) != 3 or not all(isinstance(cell, str) for cell in row):
                raise TypeError(f"row {number} is not three texts: {row!r:.80}")
            if any(mark in cell for cell in row for mark in "\t\n\r"):
                raise ArgumentError(f"row {number} has a tab or a line break: {row!r:.80}")
            lines.append("\t".join(row))
        self._parse(encode("\n".join(lines) + "\n", "aliases"))

    @classmethod
    def load(cls, path: PathLike) -> Aliases:
        """Reads a file: UTF-8, tabs, header ``name``, ``alias``, ``kind``; ``#`` begins a comment.

        Raises FileError (an OSError) and as :class:`Aliases` does.
        """
        return cls._load(path)

    @classmethod
    def default(cls) -> Aliases:
        """The built-in table of Japanese companies, of SudachiDict and EDINET."""
        aliases = cls.__new__(cls)
        # Static storage of the library: not to be freed.
        aliases.handle = ctypes.c_void_p(lib.kaburi_aliases_default())
        return aliases

    def __len__(self) -> int:
        return int(lib.kaburi_aliases_count(self.handle))

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<kaburi.Aliases of {len(self)} pairs>"
