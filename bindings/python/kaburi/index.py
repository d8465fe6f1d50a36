# SPDX-License-Identifier: Apache-2.0
"""The index: records and the keys they are found by.

Takes records one by one or as a table, gives the records that may be the same deal. Keeps what it
was given (the table's own buffers, not copies), so that a match can say why.
"""

from __future__ import annotations

import ctypes
import os
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Dict, List, NamedTuple, Optional

from ._errors import ArgumentError, ClosedError, KaburiError, NotFoundError
from ._library import lib
from ._loaded import PathLike
from ._marshal import RecordBuffer, Scratch
from ._prototypes import OPEN_HEADER, kaburi_error, kaburi_index_stats, kaburi_open_options
from ._store import Store
from ._tables import Batch, Names, batches
from .aliases import Aliases
from .matches import MATCH_SIZE, Matches, matches_found
from .model import Model
from .options import IndexOptions
from .pairs import Judge
from .policy import Policy
from .records import Record, RecordLike, id_of
from .results import Part, Results

#: Called with how many rows were just done: ``tqdm(...).update`` is one.
Progress = Callable[[int], object]

#: Rows of one call into the library when many are added or searched: some milliseconds to a third
#: of a second, so that progress is told and an interrupt is heard. (A batch of as many rows as the
#: index holds is added in one call, for it goes straight into the compact form.)
_ROWS_AT_ONCE = 4096
#: The same where threads share them: about 20 ms of searches, so that none waits long for the last.
_ROWS_OF_THREAD = 256
#: Matches of one call, 112 bytes each.
_MATCHES_AT_ONCE = 65536


class IndexStats(NamedTuple):
    """Bytes an index holds in the library, by part."""

    records: int
    #: Parsed records.
    record_bytes: int
    #: Ids.
    id_bytes: int
    #: Keys and postings.
    key_bytes: int
    #: Distinct keys.
    keys: int
    postings: int
    #: Records in the compact form, removed ones among them.
    merged_records: int
    #: Of the bytes above, in the compact form.
    merged_bytes: int
    #: The file that these lie in; 0: they are in memory.
    mapped_bytes: int
    #: Merged records that were removed or replaced since.
    removed_records: int
    #: Of the records, those neither confirmed nor cancelled.
    reserved_records: int


class Origin(NamedTuple):
    """What a match needs to say why; outlives the index. Its queries are records."""

    store: Store
    judge: Judge

    def query_of(self, place: Any) -> Record:
        query: Record = place
        return query

    def record_of(self, id: int) -> Record:
        return self.store.get(id)

    def explain(self, query: Record, record: Record, language: str, format: str) -> str:
        return self.judge.explain(query, record, language, format)


class _OfBatch(NamedTuple):
    """The same, of the matches of the rows of a batch."""

    origin: Origin
    batch: Batch

    def query_of(self, place: Any) -> Record:
        return self.batch.record(place - self.batch.first_row)

    def record_of(self, id: int) -> Record:
        return self.origin.record_of(id)

    def explain(self, query: Record, record: Record, language: str, format: str) -> str:
        return self.origin.explain(query, record, language, format)


class _Handle:
    """The library's index and the scratch memory of its searches; freed together, once."""

    def __init__(self) -> None:
        self.index = ctypes.c_void_p()
        self.idle: List[Scratch] = []
        self.made: List[Scratch] = []


def _free(handle: _Handle, *used: object) -> None:
    """``used``: what the library's index borrows, alive until here."""
    lib.kaburi_index_free(handle.index)
    handle.index = ctypes.c_void_p()
    for scratch in handle.made:
        lib.kaburi_matches_free(scratch.matches)
    handle.made = []
    handle.idle = []


class Reservation:
    """A record that was checked and added, and waits for :meth:`confirm` or :meth:`cancel`.

    A context manager: what is left without ``confirm`` is cancelled.

    Attributes:
        id: of the record.
        matches: what was in before, as :meth:`Index.search` gives it.
    """

    def __init__(self, index: Index, id: int, matches: Matches) -> None:
        self._index = index
        self._waits = True
        self.id = id
        self.matches = matches

    def confirm(self) -> None:
        """Keeps the record. Raises NotFoundError (a KeyError) when it is no more reserved."""
        self._index.confirm(self.id)
        self._waits = False

    def cancel(self) -> None:
        """Removes the record. Raises NotFoundError (a KeyError) when it is no more reserved."""
        self._index.cancel(self.id)
        self._waits = False

    def __enter__(self) -> Reservation:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._waits and not self._index.closed:
            try:
                self.cancel()
            except NotFoundError:  # it was added, removed or confirmed by its id
                self._waits = False


class Index:
    """Records and the keys they are found by.

    Any number of threads may search while others add and remove: calls release the GIL, and a
    search sees all that was added before it began. A context manager; closing twice is allowed, and
    so is never closing: memory is freed when nothing refers to the index.

    After a fork, a child has the index as it was and may use it, but for one thing: where another
    thread was searching at the moment of the fork, the child can search but not add or remove.
    """

    def __init__(
        self,
        records: Any = None,
        *,
        options: Optional[IndexOptions] = None,
        model: Optional[Model] = None,
        policy: Optional[Policy] = None,
        aliases: Optional[Aliases] = None,
        keep_records: bool = True,
    ) -> None:
        """An index, empty or of ``records`` as :meth:`add_many` takes them.

        Args:
            options: None: the defaults.
            model, policy: None: those built in.
            aliases: a table of other names; None: none. ``Aliases.default()`` is one.
            keep_records: whether :attr:`Match.record` and :meth:`Match.explain` work without being
                given the record. Keeps references to the buffers of tables, or one encoded copy.

        Raises ArgumentError (a ValueError) for an option out of range, MemoryError.
        """
        packed = (options if options is not None else IndexOptions()).pack()
        judge = Judge(model, policy, aliases)
        judge.lend(packed)
        error = kaburi_error()
        handle = _Handle()
        lib.kaburi_index_create(
            ctypes.byref(handle.index), ctypes.byref(packed), ctypes.byref(error)
        )
        self._own(handle, judge, keep_records)
        if records is not None:
            self.add_many(records)

    def _own(self, handle: _Handle, judge: Judge, keep_records: bool) -> None:
        self._handle = handle
        self._finalizer = weakref.finalize(self, _free, handle, judge)
        # At exit the system takes the memory back, and a daemon thread may still be in a call.
        self._finalizer.atexit = False
        self._open = True
        self._writing = threading.RLock()
        self._written = RecordBuffer()
        self._searched_at_fork = False
        self._keep = keep_records
        self._origin = Origin(Store(), judge)
        _indexes.add(self)

    # ---- files ----

    @classmethod
    def open(
        cls,
        path: PathLike,
        *,
        check: bool = True,
        postings_max: int = 0,
        scored_max: int = 0,
        model: Optional[Model] = None,
        policy: Optional[Policy] = None,
        aliases: Optional[Aliases] = None,
        keep_records: bool = True,
    ) -> Index:
        """Opens a saved index: mapped, so that processes share its memory.

        It can be changed like any other; what is changed stays in memory until it is saved. The
        records in the file are not kept as they were given: to say why, give a match the record.

        Args:
            check: every byte; False: the header alone, for a file known to be as it was written.
            postings_max, scored_max: as in :class:`IndexOptions`; 0: as saved.
            model, policy, aliases: as of an :class:`Index`; they are not in the file.

        Raises FileError (an OSError), FormatError (no snapshot), DamagedError (``offset`` is the
        byte), VersionError, TablesError, EndianError, all ValueErrors.
        """
        options = kaburi_open_options()
        lib.kaburi_open_options_init(ctypes.byref(options))
        options.flags = 0 if check else OPEN_HEADER
        options.postings_max = postings_max
        options.scored_max = scored_max
        judge = Judge(model, policy, aliases)
        judge.lend(options)
        error = kaburi_error()
        handle = _Handle()
        lib.kaburi_index_open(
            ctypes.byref(handle.index),
            os.fsencode(path),
            ctypes.byref(options),
            ctypes.byref(error),
        )
        index = cls.__new__(cls)
        index._own(handle, judge, keep_records)
        return index

    def save(self, path: PathLike) -> None:
        """Saves the index as one file; searches go on meanwhile, writers wait.

        At ``path`` there is the old file or the new one, whole. Model, policy and aliases are not in
        it, nor the records as they were given. Raises FileError (an OSError), MemoryError.
        """
        with self._write():
            error = kaburi_error()
            lib.kaburi_index_save(self._handle.index, os.fsencode(path), ctypes.byref(error))

    def merge(self) -> None:
        """Brings all records into a compact form, of about half the memory; answers are the same.

        Worth it after a bulk load. Searches go on meanwhile, writers wait. Raises MemoryError.
        """
        with self._write():
            error = kaburi_error()
            lib.kaburi_index_merge(self._handle.index, ctypes.byref(error))

    # ---- life ----

    def close(self) -> None:
        """Frees the memory. Searches under way are waited for; later calls raise ClosedError."""
        with self._writing:
            self._open = False
            handle = self._handle
            while len(handle.idle) < len(handle.made) and not self._searched_at_fork:
                time.sleep(0.0005)
            if not self._searched_at_fork:
                self._finalizer()
            # Matches that were found keep their records; the index lets go of them.
            self._origin = Origin(Store(), self._origin.judge)

    @property
    def closed(self) -> bool:
        return not self._open

    def __enter__(self) -> Index:
        self._check_open()
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _check_open(self) -> None:
        if not self._open:
            raise ClosedError("the index is closed")

    @contextmanager
    def _write(self) -> Iterator[None]:
        with self._writing:
            self._check_open()
            if self._searched_at_fork:
                raise KaburiError(
                    "this process was forked while another thread searched the index: "
                    "it can be searched here, not changed"
                )
            yield

    # ---- what is in it ----

    def __len__(self) -> int:
        with self._scratch():
            return int(lib.kaburi_index_count(self._handle.index))

    def __contains__(self, id: object) -> bool:
        if not isinstance(id, int) or not 0 <= id < 2**64:
            return False
        with self._scratch():
            return bool(lib.kaburi_index_contains(self._handle.index, id))

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, id: int) -> Record:
        """The record with this id as it was added. KeyError when it is not in, or was not kept."""
        self._check_open()
        return self._origin.store.get(id)

    def stats(self) -> IndexStats:
        """Bytes it holds in the library, by part."""
        out = kaburi_index_stats()
        with self._scratch():
            lib.kaburi_index_measure(self._handle.index, ctypes.byref(out))
        return IndexStats(*(getattr(out, name) for name in IndexStats._fields))

    def __repr__(self) -> str:
        return f"<kaburi.Index of {len(self)} records>" if self._open else "<kaburi.Index, closed>"

    # ---- add and remove ----

    def add(self, record: Optional[RecordLike] = None, **fields: Any) -> None:
        """Adds a record, or replaces the one with its id.

        Takes a :class:`Record`, a mapping of its fields, or the fields themselves:
        ``index.add(id=7, company="㈱山田製作所", deal="ERP保守更新 FY24")``.

        Raises TypeError for values of a wrong type, ArgumentError, TextError, TooLongError (all
        ValueErrors) for those not allowed, MemoryError, FullError. A record refused changes nothing.
        """
        wanted = _record(record, fields)
        id_of(wanted.id)
        with self._write():
            self._written.fill(wanted)
            error = kaburi_error()
            lib.kaburi_index_add(self._handle.index, self._written.pointer, ctypes.byref(error))
            if self._keep:
                self._origin.store.put(wanted)

    def add_many(
        self,
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
        first_id: Optional[int] = None,
        progress: Optional[Progress] = None,
    ) -> int:
        """Adds many records, in order; one whose id is in already replaces it.

        Args:
            records: a pandas frame; anything with ``__arrow_c_stream__`` or ``__arrow_c_array__``
                (pyarrow, polars, DuckDB): texts are not copied; a mapping of columns (lists, numpy
                arrays, Series); a numpy structured array; an iterable of records or mappings.
            id ... kind: the name of the column, where it is not the field's own.
            first_id: numbers the rows from here on, whatever column id there is.
            progress: called with the number of rows just added, such as ``tqdm(...).update``.

        Returns the number of records added.

        Raises as :meth:`add`, the message with the row's number, ``error.done`` with the number of
        rows that are in: those before it. NotFoundError (a KeyError) for a column not there.
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
        if first_id is not None:
            id_of(first_id)
        self._check_open()
        done = 0
        try:
            for batch in batches(records, names, first_id):
                start = 0
                while start < batch.length:
                    count = self._add_rows(batch, start, done)
                    start += count
                    done += count
                    if progress is not None:
                        progress(count)
        except KaburiError as error:
            error.done = max(error.done, done)
            raise
        return done

    def _add_rows(self, batch: Batch, start: int, done: int) -> int:
        """Adds some rows; returns how many."""
        # As many as the index holds: so many go straight into the compact form.
        count = min(max(_ROWS_AT_ONCE, len(self)), batch.length - start)
        rows = batch.struct(start, count)
        added = ctypes.c_size_t()
        error = kaburi_error()
        with self._write():
            try:
                lib.kaburi_index_add_many(
                    self._handle.index,
                    ctypes.byref(rows),
                    ctypes.byref(added),
                    ctypes.byref(error),
                )
            except KaburiError as refused:
                raise _renumbered(refused, added.value, done) from None
            finally:
                if self._keep and added.value > 0:
                    self._origin.store.put_rows(batch, start, added.value)
        return count

    def remove(self, id: int) -> None:
        """Removes the record with this id. Raises NotFoundError (a KeyError) when there is none."""
        number = id_of(id)
        with self._write():
            error = kaburi_error()
            lib.kaburi_index_remove(self._handle.index, number, ctypes.byref(error))
            self._origin.store.drop(number)

    # ---- check and reserve ----

    def check_and_reserve(
        self,
        record: Optional[RecordLike] = None,
        *,
        top: int = 10,
        probability_min: float = 0.0,
        **fields: Any,
    ) -> Reservation:
        """Searches for a record and adds it in one step, until it is confirmed or cancelled.

        Of two people who enter the same deal at the same moment the second one finds the first:

            with index.check_and_reserve(id=7, company="㈱山田製作所", deal="ERP保守更新") as entered:
                if ask_the_user(entered.matches):
                    entered.confirm()

        What is left without ``confirm`` is cancelled. Until then the record is found by searches,
        but not saved. :meth:`add` with its id replaces and confirms it.

        Raises as :meth:`search` and :meth:`add`; ArgumentError for an id that is in.
        """
        wanted = _record(record, fields)
        number = id_of(wanted.id)
        with self._write(), self._scratch() as scratch:
            scratch.set_options(top, False, probability_min)
            scratch.query.fill(wanted)
            matches = scratch.matches
            lib.kaburi_index_check_and_reserve(
                self._handle.index,
                scratch.query.pointer,
                scratch.options_pointer,
                matches,
                scratch.error_pointer,
            )
            raw = matches_found(matches)
            if self._keep:
                self._origin.store.put(wanted)
        return Reservation(self, number, Matches(raw, self._origin, wanted))

    def confirm(self, id: int) -> None:
        """Makes a reservation a record like any other. NotFoundError (a KeyError): it is none."""
        number = id_of(id)
        with self._write():
            error = kaburi_error()
            lib.kaburi_index_confirm(self._handle.index, number, ctypes.byref(error))

    def cancel(self, id: int) -> None:
        """Removes a reservation. Raises NotFoundError (a KeyError) when it is none."""
        number = id_of(id)
        with self._write():
            error = kaburi_error()
            lib.kaburi_index_cancel(self._handle.index, number, ctypes.byref(error))
            self._origin.store.drop(number)

    # ---- search ----

    @contextmanager
    def _scratch(self) -> Iterator[Scratch]:
        """The memory of one search; while somebody has it the index is not freed."""
        handle = self._handle
        try:
            scratch = handle.idle.pop()
        except IndexError:
            self._check_open()
            scratch = Scratch()
            handle.made.append(scratch)
        try:
            self._check_open()
            yield scratch
        finally:
            handle.idle.append(scratch)

    def search(
        self,
        record: Optional[RecordLike] = None,
        *,
        top: int = 10,
        except_self: bool = False,
        probability_min: float = 0.0,
        **fields: Any,
    ) -> Matches:
        """The records that may be the same deal, best first.

        Takes a :class:`Record`, a mapping of its fields, or the fields themselves:
        ``index.search(company="㈱山田製作所", deal="ERP保守更新")``.

        Args:
            top: matches wanted, 1..1000.
            except_self: leave out the record with the query's own id.
            probability_min: leave out what is below, 0..1.

        Raises TypeError for values of a wrong type, ArgumentError, TextError, TooLongError (all
        ValueErrors) for those not allowed, MemoryError, ClosedError.
        """
        # Written out, not by _scratch() and set_options(): all of it runs with the processor's caches
        # full of the last search.
        query = record if isinstance(record, Record) and not fields else _record(record, fields)
        handle = self._handle
        try:
            scratch = handle.idle.pop()
        except IndexError:
            self._check_open()
            scratch = Scratch()
            handle.made.append(scratch)
        try:
            if not self._open:
                self._check_open()
            scratch.set_options(top, except_self, probability_min)
            scratch.query.fill(query)
            matches = scratch.matches
            lib.kaburi_search(
                handle.index,
                scratch.query.pointer,
                scratch.options_pointer,
                matches,
                scratch.error_pointer,
            )
            raw = matches_found(matches)
        finally:
            handle.idle.append(scratch)
        return Matches(raw, self._origin, query)

    def search_many(
        self,
        records: Any,
        *,
        top: int = 10,
        except_self: bool = False,
        probability_min: float = 0.0,
        threads: int = 1,
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
        progress: Optional[Progress] = None,
    ) -> Results:
        """Searches for many records: what :meth:`search` finds for each.

        Args:
            records, id ... kind: as in :meth:`add_many`. Ids are needed for ``except_self`` alone.
            threads: how many search at once, 1..64.
            progress: called with the number of rows just done, from this thread.

        Returns :class:`Results`: a sequence of :class:`Matches`, one a row, that also gives all
        matches as columns.

        Raises as :meth:`search`, the message with the row's number.
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
        if not isinstance(threads, int) or not 1 <= threads <= 64:
            raise ArgumentError(f"threads is {threads!r}; allowed are 1..64")
        self._check_open()
        first_id = None if except_self else 0
        search = _Search(self, top, except_self, probability_min)
        parts = _in_threads(search, batches(records, names, first_id), threads, progress)
        return Results(parts)


class _Search:
    """The work of one thread of search_many: rows of a batch."""

    def __init__(self, index: Index, top: int, except_self: bool, probability_min: float) -> None:
        self._index = index
        self._options = (top, except_self, probability_min)
        self._room = max(_MATCHES_AT_ONCE, top if isinstance(top, int) else 0)

    def rows(self, batch: Batch, start: int, end: int) -> List[Part]:
        """Rows ``start`` .. ``end - 1`` of the batch."""
        index = self._index
        parts: List[Part] = []
        with index._scratch() as scratch:
            scratch.set_options(*self._options)
            room = min(self._room, max(end - start, 1) * max(scratch.options.top, 1))
            out = ctypes.create_string_buffer(room * MATCH_SIZE)
            rows = batch.struct(0, batch.length)
            searched = ctypes.c_size_t()
            while start < end:
                counts = (ctypes.c_uint32 * (end - start))()
                try:
                    lib.kaburi_search_many(
                        index._handle.index,
                        ctypes.byref(rows),
                        start,
                        end,
                        scratch.options_pointer,
                        scratch.matches,
                        out,
                        room,
                        counts,
                        ctypes.byref(searched),
                        scratch.error_pointer,
                    )
                except KaburiError as refused:
                    row = start + searched.value
                    raise _renumbered(refused, 0, batch.first_row + row) from None
                done = searched.value
                counted = counts[:done]
                raw = ctypes.string_at(out, sum(counted) * MATCH_SIZE)
                origin = _OfBatch(index._origin, batch)
                parts.append(Part(raw, counted, batch.first_row + start, origin))
                start += done
        return parts


def _in_threads(
    search: _Search, found: Iterator[Batch], threads: int, progress: Optional[Progress]
) -> List[Part]:
    """The parts of all batches in order."""

    rows = _ROWS_AT_ONCE if threads == 1 else _ROWS_OF_THREAD

    def pieces() -> Iterator[Any]:
        for batch in found:
            for start in range(0, batch.length, rows):
                yield batch, start, min(start + rows, batch.length)

    def told(piece: Any) -> None:
        if progress is not None:
            progress(piece[2] - piece[1])

    parts: List[Part] = []
    if threads == 1:
        for piece in pieces():
            parts += search.rows(*piece)
            told(piece)
        return parts
    from collections import deque
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(threads) as pool:
        waiting: Any = deque()
        try:
            for piece in pieces():
                waiting.append((piece, pool.submit(search.rows, *piece)))
                if len(waiting) > 2 * threads:
                    piece, future = waiting.popleft()
                    parts += future.result()
                    told(piece)
            while waiting:
                piece, future = waiting.popleft()
                parts += future.result()
                told(piece)
        finally:
            for _, future in waiting:
                future.cancel()
    return parts


def _record(record: Optional[RecordLike], fields: Dict[str, Any]) -> Record:
    """The record of a call's arguments."""
    if record is None:
        return Record(**fields)
    if fields:
        raise TypeError("give a record or its fields, not both")
    if isinstance(record, Record):
        return record
    return Record.of(record)


def _renumbered(error: KaburiError, done: int, before: int) -> KaburiError:
    """The error with the row's number in the whole data."""
    message = error.message
    if message.startswith("record "):
        message = f"record {before + done}: " + message.split(": ", 1)[1]
    made = type(error)(message, code=error.code, offset=error.offset, done=before + done)
    return made


# ---- fork ----

_indexes: weakref.WeakSet[Index] = weakref.WeakSet()
_forking: List[Index] = []


def _before_fork() -> None:
    # No thread is within a change of an index when the process is copied.
    for index in list(_indexes):
        index._writing.acquire()
        _forking.append(index)


def _after_fork() -> None:
    while _forking:
        _forking.pop()._writing.release()


def _after_fork_in_child() -> None:
    for index in _forking:
        handle = index._handle
        # A thread that was searching is not in the child, but its hold on the lock of readers is.
        if len(handle.idle) < len(handle.made):
            index._searched_at_fork = True
    _after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_fork,
        after_in_child=_after_fork_in_child,
    )
