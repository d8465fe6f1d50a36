# SPDX-License-Identifier: Apache-2.0
"""The duplicates inside one table: pairs and clusters.

Takes what ``Index.add_many`` takes, gives two frames of the same kind. The work is the library's, in
one call; ``kaburi-bench dedupe`` makes the same one.
"""

from __future__ import annotations

import ctypes
from array import array
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from . import _frames
from ._errors import ArgumentError
from ._library import lib
from ._prototypes import kaburi_dedupe_options, kaburi_dedupe_stats, kaburi_error
from ._tables import Batch, Names, batches, joined
from .aliases import Aliases
from .index import Progress
from .matches import DECISIONS, VERDICTS, evidence_names
from .model import Model
from .options import IndexOptions
from .pairs import Judge
from .policy import Policy


class DedupeStats(NamedTuple):
    """What a call of :func:`dedupe` did."""

    records: int
    #: Pairs listed, and duplicates among them.
    pairs: int
    duplicates: int
    #: Duplicates whose two records are not in one cluster: each record of a cluster is like each.
    parted_duplicates: int
    #: Clusters of two records or more, and the records in them.
    clusters: int
    clustered_records: int
    #: Records with keys that too many others have, which were read in part, and such keys.
    capped_records: int
    capped_keys: int
    #: Records that may have more partners than ``partners_max``.
    crowded_records: int


class Duplicates(NamedTuple):
    """The answer of :func:`dedupe`: two frames, of the kind of the data.

    ``pairs``: a row a pair, by ``row_a``, then ``row_b``: ``row_a`` < ``row_b``, the rows of the data
    from 0; ``id_a`` and ``id_b`` where the data has a column id; ``probability``; ``verdict``;
    ``decision``; ``evidence``, names with commas between them.

    ``clusters``: a row a record that is in a cluster, by ``cluster``, then ``row``: ``cluster``, from
    1; ``row``; ``id`` where the data has a column id.
    """

    pairs: Any
    clusters: Any
    stats: DedupeStats


def dedupe(
    records: Any,
    *,
    id: Optional[str] = None,
    company: Optional[str] = None,
    deal: Optional[str] = None,
    company_reading: Optional[str] = None,
    corporate_number: Optional[str] = None,
    domain: Optional[str] = None,
    amount: Optional[str] = None,
    close_date: Optional[str] = None,
    stage: Optional[str] = None,
    kind: Optional[str] = None,
    threads: int = 1,
    partners_max: int = 100,
    cluster_max: int = 1000,
    verdicts: Sequence[str] = (),
    decision_min: str = "alert",
    options: Optional[IndexOptions] = None,
    model: Optional[Model] = None,
    policy: Optional[Policy] = None,
    aliases: Optional[Aliases] = None,
    progress: Optional[Progress] = None,
) -> Duplicates:
    """Finds the duplicates inside one table.

    Args:
        records, id ... kind: as in :meth:`Index.add_many`; ids may be of any kind, and may lack.
        threads: that search, 1..64; the answer does not depend on it.
        partners_max: partners listed of one record, 1..1000.
        cluster_max: records in one cluster, 2..65536.
        verdicts: listed besides duplicates: ``["renewal"]``.
        decision_min: of the duplicates listed: ``"allow"``, ``"alert"`` or ``"block"``.
        options, model, policy, aliases: as of an :class:`Index`.
        progress: called with the number of rows just done, from this thread. An exception it raises
            is raised when the work is done.

    Returns :class:`Duplicates`. Raises as :meth:`Index.add_many`; KeyError for a column not there.
    """
    names = Names(
        id,
        company,
        deal,
        company_reading,
        corporate_number,
        domain,
        amount,
        close_date,
        stage,
        kind,
    )
    batch, ids = _read(records, names)
    wanted = kaburi_dedupe_options()
    lib.kaburi_dedupe_options_init(ctypes.byref(wanted))
    index_options = (options if options is not None else IndexOptions()).pack()
    judge = Judge(model, policy, aliases)
    judge.lend(index_options)
    wanted.index = ctypes.pointer(index_options)
    for name, value in (
        ("threads", threads),
        ("partners_max", partners_max),
        ("cluster_max", cluster_max),
    ):
        if not isinstance(value, int) or not 0 <= value < 2**32:
            raise ArgumentError(f"{name} is {value!r}; it is a number, 0..2**32 - 1")
        setattr(wanted, name, value)
    wanted.verdicts = sum(1 << _number(verdict, "verdict", VERDICTS) for verdict in set(verdicts))
    wanted.decision_min = _number(decision_min, "decision_min", DECISIONS)
    raised: List[BaseException] = []
    if progress is not None:
        wanted.progress = _told(wanted, progress, raised)
    found = ctypes.c_void_p()
    rows = batch.struct(0, batch.length)
    error = kaburi_error()
    lib.kaburi_dedupe(
        ctypes.byref(found), ctypes.byref(rows), ctypes.byref(wanted), ctypes.byref(error)
    )
    try:
        if raised:
            raise raised[0]
        return Duplicates(
            _frames.like(records, _pairs(found, ids)),
            _frames.like(records, _clusters(found, ids)),
            _stats(found),
        )
    finally:
        lib.kaburi_duplicates_free(found)


def _number(word: str, name: str, words: Sequence[Any]) -> int:
    values = [each.value for each in words]
    if word not in values:
        raise ArgumentError(f"{name} {word!r} is not one of {', '.join(values)}")
    return values.index(word)


def _read(records: Any, names: Names) -> Tuple[Batch, Optional[List[Any]]]:
    """The data as one batch, and its ids, None where it has none."""
    parts: List[Batch] = []
    ids: List[Any] = []
    for batch in batches(records, names, 0):
        parts.append(batch)
        ids += batch.given_ids() or []
    whole = joined(parts)
    # Rows of an iterable may have an id here and none there; a table has a column or has not.
    return whole, ids if ids and len(ids) == whole.length else None


def _told(options: kaburi_dedupe_options, progress: Progress, raised: List[BaseException]) -> Any:
    """The library's callback, which tells how much is done of all."""
    kind = type(options.progress)
    last = 0

    def tell(context: object, done: int, total: int) -> None:
        nonlocal last
        if done > last and not raised:
            step, last = done - last, done
            try:
                progress(step)
            except BaseException as error:  # an exception cannot pass through C
                raised.append(error)

    return kind(tell)


def _pairs(found: ctypes.c_void_p, ids: Optional[List[Any]]) -> Dict[str, List[Any]]:
    count = ctypes.c_size_t()
    address = lib.kaburi_duplicates_pairs(found, ctypes.byref(count))
    pairs = address[: count.value] if count.value else []
    bits = [pair.evidence for pair in pairs]
    names = {bit: ",".join(evidence_names(bit)) for bit in set(bits)}
    columns: Dict[str, List[Any]] = {
        "row_a": [pair.a for pair in pairs],
        "row_b": [pair.b for pair in pairs],
    }
    if ids is not None:
        columns["id_a"] = [ids[row] for row in columns["row_a"]]
        columns["id_b"] = [ids[row] for row in columns["row_b"]]
    columns["probability"] = [pair.probability for pair in pairs]
    columns["verdict"] = [VERDICTS[pair.verdict].value for pair in pairs]
    columns["decision"] = [DECISIONS[pair.decision].value for pair in pairs]
    columns["evidence"] = [names[bit] for bit in bits]
    return columns


def _clusters(found: ctypes.c_void_p, ids: Optional[List[Any]]) -> Dict[str, List[Any]]:
    count = ctypes.c_size_t()
    address = lib.kaburi_duplicates_clusters(found, ctypes.byref(count))
    numbers = array("I", address[: count.value] if count.value else [])
    members = sorted((number, row) for row, number in enumerate(numbers) if number)
    columns: Dict[str, List[Any]] = {
        "cluster": [number for number, _ in members],
        "row": [row for _, row in members],
    }
    if ids is not None:
        columns["id"] = [ids[row] for row in columns["row"]]
    return columns


def _stats(found: ctypes.c_void_p) -> DedupeStats:
    out = kaburi_dedupe_stats()
    lib.kaburi_duplicates_stats(found, ctypes.byref(out))
    return DedupeStats(*(getattr(out, name) for name in DedupeStats._fields))
