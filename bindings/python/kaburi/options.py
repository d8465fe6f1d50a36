# SPDX-License-Identifier: Apache-2.0
"""How an index files and finds its records."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, fields
from typing import Optional

from ._errors import ArgumentError
from ._library import lib
from ._prototypes import kaburi_index_options

SKETCHES = {"rarity": 0, "minhash": 1}

_FLAGS = {
    "minhash_weighted": 0x01,
    "reading": 0x02,
    "sound": 0x04,
    "term": 0x08,
    "skeleton": 0x10,
    "acronym": 0x20,
}
_NUMBERS = (
    "bands",
    "rows",
    "record_rarest",
    "query_rarest",
    "deletion_max",
    "postings_max",
    "scored_max",
)


@dataclass(frozen=True)
class IndexOptions:
    """Settings of an index; the defaults are the library's, and right unless measured otherwise.

    Ranges are checked when an index is made, by the library. ``reading`` ... ``acronym`` switch
    families of keys that find a company across scripts.
    """

    #: ``"rarity"``: all pairs of the rarest shingles; ``"minhash"``: bands x rows.
    sketch: str = "rarity"
    #: MINHASH: 1..256; bands * rows <= 512.
    bands: Optional[int] = None
    #: MINHASH: 1..8.
    rows: Optional[int] = None
    minhash_weighted: bool = True
    #: RARITY: shingles a record is filed under, 2..8.
    record_rarest: Optional[int] = None
    #: RARITY: shingles a query looks under, 2..16.
    query_rarest: Optional[int] = None
    #: Longest company key that gets one-deletion keys, in UTF-16 units, 0..16; 0 = none.
    deletion_max: Optional[int] = None
    #: Postings read of one key, 16..1048576.
    postings_max: Optional[int] = None
    #: Candidates scored exactly, 16..4096.
    scored_max: Optional[int] = None
    #: Of the hashes, 0..2**64 - 1.
    seed: int = 0
    reading: bool = True
    sound: bool = True
    term: bool = True
    skeleton: bool = True
    acronym: bool = True

    def pack(self) -> kaburi_index_options:
        """As the library's struct. Raises ArgumentError for what the struct cannot hold."""
        options = kaburi_index_options()
        lib.kaburi_index_options_init(ctypes.byref(options))
        if self.sketch not in SKETCHES:
            raise ArgumentError(f"sketch is {self.sketch!r}; allowed are {', '.join(SKETCHES)}")
        options.sketch = SKETCHES[self.sketch]
        options.flags = 0
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in _FLAGS:
                # The first is a flag to have, the others are flags to do without.
                if bool(value) == (field.name == "minhash_weighted"):
                    options.flags |= _FLAGS[field.name]
            elif field.name in _NUMBERS and value is not None:
                if not isinstance(value, int) or not 0 <= value < 2**32:
                    raise ArgumentError(f"{field.name} is {value!r}; it is a number, 0..2**32 - 1")
                setattr(options, field.name, value)
        if not isinstance(self.seed, int) or not 0 <= self.seed < 2**64:
            raise ArgumentError(f"seed is {self.seed!r}; allowed are 0..2**64 - 1")
        options.seed = self.seed
        return options
