# SPDX-License-Identifier: Apache-2.0
"""The matches of many queries: a sequence, one :class:`Matches` a query, and columns of all."""

from __future__ import annotations

import bisect
import struct
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from typing import Any, Dict, List, NamedTuple, Union, overload

from . import _frames
from ._prototypes import FIELD_COUNT
from .matches import DECISIONS, MATCH_SIZE, VERDICTS, Matches, Origin, evidence_names

_HEAD = struct.Struct(f"=QdiiQ{FIELD_COUNT * 5}x")


class Part(NamedTuple):
    """The matches of some rows that follow each other."""

    #: Structs, one after the other.
    raw: bytes
    #: Matches of each row.
    counts: List[int]
    #: The number of the first row.
    first_row: int
    origin: Origin


class Results(Sequence[Matches]):
    """What was found for many queries. ``results[i]`` are the matches of row i, best first."""

    def __init__(self, parts: List[Part]) -> None:
        self._parts = parts
        self._starts = [part.first_row for part in parts]
        self._ends = [[0, *accumulate(part.counts)] for part in parts]
        self._length = sum(len(part.counts) for part in parts)

    def __len__(self) -> int:
        return self._length

    def _matches(self, row: int) -> Matches:
        number = bisect.bisect_right(self._starts, row) - 1
        part, ends = self._parts[number], self._ends[number]
        at = row - part.first_row
        raw = part.raw[ends[at] * MATCH_SIZE : ends[at + 1] * MATCH_SIZE]
        return Matches(raw, part.origin, row)

    @overload
    def __getitem__(self, at: int) -> Matches: ...

    @overload
    def __getitem__(self, at: slice) -> List[Matches]: ...

    def __getitem__(self, at: Union[int, slice]) -> Union[Matches, List[Matches]]:
        if isinstance(at, slice):
            return [self._matches(row) for row in range(*at.indices(self._length))]
        row = at + self._length if at < 0 else at
        if not 0 <= row < self._length:
            raise IndexError(f"row {at} of {self._length}")
        return self._matches(row)

    def __iter__(self) -> Iterator[Matches]:
        return map(self._matches, range(self._length))

    @property
    def match_count(self) -> int:
        """Matches of all rows together."""
        return sum(ends[-1] for ends in self._ends)

    def columns(self) -> Dict[str, List[Any]]:
        """All matches as columns, a row a match.

        ``query``: the number of the query's row; ``rank``: from 1; ``id``, ``probability``,
        ``verdict``, ``decision``; ``evidence``: names with commas between them.
        """
        queries: List[int] = []
        ranks: List[int] = []
        for part in self._parts:
            for row, count in enumerate(part.counts, part.first_row):
                queries += [row] * count
                ranks += range(1, count + 1)
        heads = list(chain.from_iterable(_HEAD.iter_unpack(part.raw) for part in self._parts))
        ids, probabilities, verdicts, decisions, bits = zip(*heads) if heads else [()] * 5
        names: Dict[int, str] = {bit: ",".join(evidence_names(bit)) for bit in set(bits)}
        verdict_words = [verdict.value for verdict in VERDICTS]
        decision_words = [decision.value for decision in DECISIONS]
        return {
            "query": queries,
            "rank": ranks,
            "id": list(ids),
            "probability": list(probabilities),
            "verdict": [verdict_words[number] for number in verdicts],
            "decision": [decision_words[number] for number in decisions],
            "evidence": [names[bit] for bit in bits],
        }

    def to_pandas(self) -> Any:
        """:meth:`columns` as a pandas frame."""
        return _frames.pandas_frame(self.columns())

    def to_polars(self) -> Any:
        """:meth:`columns` as a polars frame."""
        return _frames.polars_frame(self.columns())

    def to_arrow(self) -> Any:
        """:meth:`columns` as a pyarrow table."""
        return _frames.arrow_table(self.columns())

    def __repr__(self) -> str:
        return f"<kaburi.Results of {len(self)} queries, {self.match_count} matches>"
