# SPDX-License-Identifier: Apache-2.0
"""The records of an index, as they were given: single ones, and rows of batches.

Adding rows only notes them; where each id is, is looked up the first time somebody asks.
"""

from __future__ import annotations

import threading
from typing import Dict, List, Tuple, Union

from ._errors import NotFoundError
from ._tables import Batch
from .records import Record

_Place = Union[Record, Tuple[Batch, int]]


class Store:
    """Id -> record. Safe for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._places: Dict[int, _Place] = {}
        #: Rows noted, not yet in ``_places``: batch, first row, rows.
        self._noted: List[Tuple[Batch, int, int]] = []

    def _settle(self) -> None:
        for batch, start, count in self._noted:
            ids = batch.ids
            for row in range(start, start + count):
                self._places[ids.get(row)] = (batch, row)
        self._noted = []

    def put(self, record: Record) -> None:
        with self._lock:
            self._settle()
            assert record.id is not None
            self._places[int(record.id)] = record

    def put_rows(self, batch: Batch, start: int, count: int) -> None:
        with self._lock:
            self._noted.append((batch, start, count))

    def drop(self, id: int) -> None:
        with self._lock:
            self._settle()
            self._places.pop(id, None)

    def get(self, id: int) -> Record:
        """Raises NotFoundError (a KeyError) when it is not here."""
        with self._lock:
            self._settle()
            place = self._places.get(id)
        if place is None:
            raise NotFoundError(
                f"no record with the id {id} is kept: it was removed, or the index keeps no "
                "records (keep_records=False, or opened from a file); give it, record=..."
            )
        return place if isinstance(place, Record) else place[0].record(place[1])
