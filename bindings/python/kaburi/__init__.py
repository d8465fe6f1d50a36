# SPDX-License-Identifier: Apache-2.0
"""kaburi (被り): which existing opportunities may be the same deal?

    >>> import kaburi
    >>> index = kaburi.Index()
    >>> index.add(id=1, company="株式会社山田製作所", deal="ERP保守更新 2024年度")
    >>> match = index.search(company="㈱山田製作所", deal="【展示会】ERPの保守更新 FY24")[0]
    >>> match.id, str(match.verdict)
    (1, 'duplicate')

``Index`` finds, ``compare`` judges two records, ``dedupe`` finds the duplicates within one table;
``match.explain("ja")`` says why.
"""

from ._errors import (
    ArgumentError,
    ClosedError,
    DamagedError,
    EndianError,
    FileError,
    FormatError,
    FullError,
    KaburiError,
    LibraryError,
    NotFoundError,
    OutOfMemoryError,
    Status,
    TablesError,
    TextError,
    TooLongError,
    VersionError,
)
from ._library import lib as _lib
from ._prototypes import VERSION as _VERSION
from .aliases import Aliases
from .duplicates import DedupeStats, Duplicates, dedupe
from .index import Index, IndexStats, Reservation
from .matches import FIELDS, Decision, Match, Matches, Verdict
from .merging import merge_advice
from .model import Model
from .options import IndexOptions
from .pairs import compare, explain, keys, normalize
from .policy import Policy
from .records import Record
from .results import Results

__version__ = ".".join(map(str, _VERSION))


def build_info() -> str:
    """What the library was built from, one line of JSON: version, compiler, ICU, kernel."""
    info: bytes = _lib.kaburi_build_info()
    return info.decode()


__all__ = [
    "FIELDS",
    "Aliases",
    "ArgumentError",
    "ClosedError",
    "DamagedError",
    "Decision",
    "DedupeStats",
    "Duplicates",
    "EndianError",
    "FileError",
    "FormatError",
    "FullError",
    "Index",
    "IndexOptions",
    "IndexStats",
    "KaburiError",
    "LibraryError",
    "Match",
    "Matches",
    "Model",
    "NotFoundError",
    "OutOfMemoryError",
    "Policy",
    "Record",
    "Reservation",
    "Results",
    "Status",
    "TablesError",
    "TextError",
    "TooLongError",
    "Verdict",
    "VersionError",
    "build_info",
    "compare",
    "dedupe",
    "explain",
    "keys",
    "merge_advice",
    "normalize",
]
