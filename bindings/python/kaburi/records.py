# SPDX-License-Identifier: Apache-2.0
"""Records: one opportunity, MQL or lead, and what each of its values may be.

Takes values as Python, pandas or numpy have them, gives the few kinds that the library knows: text,
whole numbers, days since 1970-01-01, and words for stage and kind. What is missing (None, NaN, NaT,
pandas' NA, an empty text) is an absent field, which speaks neither for nor against a duplicate.
"""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Dict, NamedTuple, Optional, Tuple, Union

from ._errors import ArgumentError, TextError
from ._prototypes import AMOUNT_ABSENT, DATE_ABSENT

#: Names of the fields that are text.
TEXT_FIELDS = (
    "company",
    "company_reading",
    "corporate_number",
    "domain",
    "deal",
    "department",
    "owner",
    "campaigns",
)
STAGES: Dict[str, int] = {"unknown": 0, "open": 1, "won": 2, "lost": 3}
KINDS: Dict[str, int] = {"unknown": 0, "opportunity": 1, "mql": 2, "lead": 3}

_EPOCH = datetime.date(1970, 1, 1).toordinal()
_MISSING_TYPES = frozenset({"NAType", "NaTType"})
_AMOUNT = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)", re.ASCII)
_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", re.ASCII)


class Record(NamedTuple):
    """One opportunity, MQL or lead. Only ``company`` or ``deal`` must be there.

    Texts have at most 16,384 bytes of UTF-8. ``id`` is yours, 0..2**64 - 1, and unique in an index.
    """

    company: Optional[str] = None
    deal: Optional[str] = None
    #: The opportunity's id, 0..2**64 - 1; needed to add it to an index.
    id: Optional[int] = None
    #: How the company is read, in kana.
    company_reading: Optional[str] = None
    #: 法人番号: 13 digits, checked.
    corporate_number: Optional[str] = None
    #: Web or mail domain; free-mail domains count as absent.
    domain: Optional[str] = None
    #: In the smallest unit of one currency, -(2**63 - 1) .. 2**63 - 1.
    amount: Optional[int] = None
    close_date: Optional[datetime.date] = None
    #: ``"open"``, ``"won"`` or ``"lost"``.
    stage: Optional[str] = None
    #: ``"opportunity"``, ``"mql"`` or ``"lead"``.
    kind: Optional[str] = None
    #: Who entered it; no evidence yet, as are ``owner`` and ``campaigns``.
    department: Optional[str] = None
    owner: Optional[str] = None
    #: Codes separated by ``,`` or ``;``.
    campaigns: Optional[str] = None

    def __repr__(self) -> str:
        given = ", ".join(
            f"{name}={value!r}"
            for name, value in zip(self._fields, self)
            if value is not None
        )
        return f"Record({given})"

    @classmethod
    def of(cls, value: RecordLike) -> Record:
        """A record from a mapping of field names; other keys are passed over.

        Raises TypeError for anything else, and where a value is of a wrong type; ValueError where
        a value is not allowed.
        """
        if isinstance(value, Record):
            return clean(value)
        if isinstance(value, Mapping):
            given = {name: value[name] for name in cls._fields if name in value}
            return clean(cls(**given))
        raise TypeError(f"a record is a kaburi.Record or a mapping, not {type(value).__name__}")


RecordLike = Union[Record, Mapping[str, Any]]


# ---- single values ----


def is_missing(value: object) -> bool:
    """None, NaN, NaT, pandas' NA."""
    if value is None:
        return True
    if isinstance(value, float):
        return value != value
    return type(value).__name__ in _MISSING_TYPES


def text_of(value: object, name: str) -> Optional[str]:
    """A text, or None for what is missing. A 法人番号 may be a whole number."""
    if isinstance(value, str):
        return value
    if is_missing(value):
        return None
    if name == "corporate_number":
        whole = _whole(value)
        if whole is not None:
            return f"{whole:013d}"
    raise TypeError(f"{name} must be str or None, not {type(value).__name__}: {value!r:.60}")


def encode(text: str, name: str) -> bytes:
    """UTF-8. Raises TextError for a lone surrogate, which no UTF-8 can say."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        at = error.start
        raise TextError(
            f"{name}: lone surrogate U+{ord(text[at]):04X} at character {at}",
            offset=len(text[:at].encode()),
        ) from None


def _whole(value: Any) -> Optional[int]:
    """A whole number of any type that is one in value; else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (float, Decimal)):
        return int(value) if value == value // 1 else None
    try:
        return operator.index(value)
    except TypeError:
        return None


def amount_of(value: Any, name: str = "amount") -> Optional[int]:
    """A whole number: int, float or Decimal without a fraction, or text such as 1,200,000."""
    if is_missing(value) or (isinstance(value, str) and not value):
        return None
    whole = None
    if isinstance(value, str):
        if _AMOUNT.fullmatch(value):
            whole = int(value.replace(",", ""))
    else:
        try:
            whole = _whole(value)
        except (ArithmeticError, ValueError):
            whole = None
    if whole is None:
        raise ArgumentError(f"{name} {value!r} is not a whole number")
    if not AMOUNT_ABSENT < whole < 2**63:
        raise ArgumentError(f"{name} is {whole}; allowed are -(2**63 - 1) .. 2**63 - 1")
    return whole


def date_of(value: Any, name: str = "close_date") -> Optional[datetime.date]:
    """A date, a datetime's date, or text YYYY-MM-DD or YYYY/M/D."""
    if is_missing(value) or (isinstance(value, str) and not value):
        return None
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, str):
        found = _DATE.fullmatch(value)
        try:
            return datetime.date(*map(int, found.groups())) if found else _no_date(value, name)
        except ValueError:
            return _no_date(value, name)
    if type(value).__name__ == "datetime64":
        item = value.astype("datetime64[D]").item()
        return date_of(item, name)
    raise TypeError(f"{name} must be a date or None, not {type(value).__name__}: {value!r:.60}")


def _no_date(value: str, name: str) -> datetime.date:
    raise ArgumentError(f"{name} {value!r} is not a date YYYY-MM-DD or YYYY/M/D")


def word_of(value: Any, name: str, words: Dict[str, int]) -> Optional[str]:
    """One of some words, in any case."""
    text = text_of(value, name)
    if not text:
        return None
    word = text.lower()
    if word not in words:
        raise ArgumentError(f"{name} {text!r} is not one of {', '.join(words)}")
    return word


def id_of(value: Any) -> int:
    """An id, 0..2**64 - 1. Raises ArgumentError where there is none."""
    if is_missing(value):
        raise ArgumentError("no id; give every record one, or first_id=... to number the rows")
    whole = _whole(value)
    if whole is None:
        raise TypeError(f"id must be a whole number, not {type(value).__name__}: {value!r:.60}")
    if not 0 <= whole < 2**64:
        raise ArgumentError(f"id is {whole}; allowed are 0..{2**64 - 1}")
    return whole


def clean(record: Record) -> Record:
    """The record with every value of the kind the library knows."""
    return Record(
        text_of(record.company, "company"),
        text_of(record.deal, "deal"),
        None if is_missing(record.id) else id_of(record.id),
        text_of(record.company_reading, "company_reading"),
        text_of(record.corporate_number, "corporate_number"),
        text_of(record.domain, "domain"),
        amount_of(record.amount),
        date_of(record.close_date),
        word_of(record.stage, "stage", STAGES),
        word_of(record.kind, "kind", KINDS),
        text_of(record.department, "department"),
        text_of(record.owner, "owner"),
        text_of(record.campaigns, "campaigns"),
    )


def texts_of(record: Record) -> Tuple[Optional[str], ...]:
    """The texts in the order of ``TEXT_FIELDS``, which is that of the struct."""
    return (
        record[0],
        record[3],
        record[4],
        record[5],
        record[1],
        record[10],
        record[11],
        record[12],
    )


# ---- numbers as the library has them ----


def day_of(date: Optional[datetime.date]) -> int:
    """Days since 1970-01-01."""
    return DATE_ABSENT if date is None else date.toordinal() - _EPOCH


def date_of_day(day: int) -> Optional[datetime.date]:
    """The date of a number of days since 1970-01-01; None for one that Python has no date for."""
    try:
        return datetime.date.fromordinal(day + _EPOCH)
    except (ValueError, OverflowError):
        return None
