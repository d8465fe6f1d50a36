# SPDX-License-Identifier: Apache-2.0
"""What was found: matches of one record, and of many.

Takes the bytes of ``kaburi_match`` structs, gives tuples made when somebody looks at them. A match
knows where it came from, so that it can say why.
"""

from __future__ import annotations

import ctypes
import enum
import struct
from collections.abc import Iterator, Sequence
from typing import Any, Dict, List, NamedTuple, Optional, Protocol, Tuple, Union, overload

from ._errors import ArgumentError
from ._library import lib
from ._prototypes import FIELD_COUNT
from .records import Record

_MATCH = struct.Struct(f"=QdiiQ{FIELD_COUNT}f{FIELD_COUNT}B")
MATCH_SIZE = _MATCH.size


class Verdict(str, enum.Enum):
    """What a record is to the query. A ``str``: ``match.verdict == "duplicate"`` holds."""

    #: Nothing in common that counts.
    UNRELATED = "unrelated"
    #: The same name, but another company.
    HOMONYM = "homonym"
    #: Related names, not the same customer.
    GROUP = "group"
    #: The same customer, another deal.
    PARALLEL = "parallel"
    #: The same customer and deal, another fiscal year or period.
    RENEWAL = "renewal"
    #: The same customer, deal and period.
    DUPLICATE = "duplicate"

    def __str__(self) -> str:
        return self.value


class Decision(str, enum.Enum):
    """What to do: act on this, the probability only ranks."""

    ALLOW = "allow"
    ALERT = "alert"
    BLOCK = "block"

    def __str__(self) -> str:
        return self.value


#: By the library's numbers, which are their order.
VERDICTS = tuple(Verdict)
DECISIONS = tuple(Decision)
#: Names of the fields that evidence is weighed by.
FIELDS: Tuple[str, ...] = tuple(
    lib.kaburi_field_name(number).decode() for number in range(FIELD_COUNT)
)
_EVIDENCE: Tuple[Tuple[int, str], ...] = tuple(
    (1 << bit, name.decode())
    for bit in range(64)
    for name in [lib.kaburi_evidence_name(1 << bit)]
    if name is not None
)


def evidence_names(bits: int) -> Tuple[str, ...]:
    """The names of evidence bits: ``("company:folded", "deal:same")``."""
    return tuple(name for bit, name in _EVIDENCE if bits & bit)


class Origin(Protocol):
    """Where matches come from."""

    def query_of(self, place: Any) -> Record:
        """The record that was searched for, by what the matches were made with."""

    def record_of(self, id: int) -> Record:
        """The record found. KeyError when it was not kept."""

    def explain(self, query: Record, record: Record, language: str, format: str) -> str:
        """Why, by the model and the aliases that found it."""


class _Fields(NamedTuple):
    id: int
    probability: float
    verdict: Verdict
    decision: Decision
    evidence_bits: int
    weight: Tuple[float, ...]
    level: Tuple[int, ...]


class Match(_Fields):
    """One record that may be the same deal. A named tuple; two are equal when their values are.

    Attributes:
        id: of the record found.
        probability: 0..1, that the two are one and the same deal. It ranks.
        verdict: a :class:`Verdict`, which is a ``str``.
        decision: a :class:`Decision`, which is a ``str``: what to act on.
        evidence_bits: ``KABURI_EVIDENCE_*`` of the header; :attr:`evidence` has their names.
        weight: 16 floats, bits for (+) or against (-) a duplicate, in the order of ``FIELDS``;
            :attr:`weights` has them by name.
        level: 16 levels of agreement, as in the model; 0 = absent.
    """

    _origin: Optional[Origin] = None
    _place: Any = None

    @property
    def evidence(self) -> Tuple[str, ...]:
        """What was seen, as names: ``("company:folded", "deal:same")``."""
        return evidence_names(self.evidence_bits)

    @property
    def weights(self) -> Dict[str, float]:
        """Bits for (+) or against (-) a duplicate, of the fields that both or one side has."""
        return {
            name: weight
            for name, weight, level in zip(FIELDS, self.weight, self.level)
            if level != 0
        }

    @property
    def record(self) -> Record:
        """The record found. KeyError when the index keeps no records, or it was removed."""
        return self._from().record_of(self.id)

    @property
    def query(self) -> Record:
        """The record that was searched for."""
        return self._from().query_of(self._place)

    def explain(
        self, language: str = "en", *, format: str = "text", record: Optional[Record] = None
    ) -> str:
        """Why the two are, or are not, the same deal: a line a field with its weight in bits.

        Args:
            language: ``"en"`` or ``"ja"``.
            format: ``"text"`` or ``"json"``.
            record: the record found, for an index that keeps none.

        Raises KeyError when the record is not known any more; ValueError for another language or
        format.
        """
        origin = self._from()
        other = self.record if record is None else record
        return origin.explain(self.query, other, language, format)

    def _from(self) -> Origin:
        if self._origin is None:
            raise ArgumentError("this match was not made by a search or a comparison")
        return self._origin

    def __repr__(self) -> str:
        return (
            f"Match(id={self.id}, probability={self.probability:.4f}, "
            f"verdict={self.verdict.value!r}, decision={self.decision.value!r}, "
            f"evidence={self.evidence!r})"
        )

    def __reduce__(self) -> Any:
        # Where it came from is of this process.
        return (Match, tuple(self))


def _match(values: Tuple[Any, ...], origin: Optional[Origin], place: Any) -> Match:
    made = Match(
        values[0],
        values[1],
        VERDICTS[values[2]],
        DECISIONS[values[3]],
        values[4],
        values[5 : 5 + FIELD_COUNT],
        values[5 + FIELD_COUNT :],
    )
    made._origin = origin
    made._place = place
    return made


def match_of(raw: Any, origin: Optional[Origin], place: Any = None) -> Match:
    """A match from the bytes of one struct."""
    return _match(_MATCH.unpack(raw), origin, place)


def matches_found(matches: Any) -> bytes:
    """The structs that a ``kaburi_matches`` holds."""
    size = lib.kaburi_matches_count(matches) * MATCH_SIZE
    return ctypes.string_at(lib.kaburi_matches_data(matches), size) if size else b""


class Matches(Sequence[Match]):
    """The matches of one query, best first: probability falling, then id rising. A sequence."""

    __slots__ = ("_raw", "_origin", "_place", "_made")

    def __init__(self, raw: bytes, origin: Optional[Origin], place: Any) -> None:
        self._raw = raw
        self._origin = origin
        self._place = place
        self._made: Optional[List[Match]] = None

    def _all(self) -> List[Match]:
        if self._made is None:
            self._made = [
                _match(values, self._origin, self._place) for values in _MATCH.iter_unpack(self._raw)
            ]
        return self._made

    def __len__(self) -> int:
        return len(self._raw) // MATCH_SIZE

    @overload
    def __getitem__(self, at: int) -> Match: ...

    @overload
    def __getitem__(self, at: slice) -> List[Match]: ...

    def __getitem__(self, at: Union[int, slice]) -> Union[Match, List[Match]]:
        return self._all()[at]

    def __iter__(self) -> Iterator[Match]:
        return iter(self._all())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Matches):
            return self._raw == other._raw
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Matches({self._all()!r})"
