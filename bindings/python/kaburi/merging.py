# SPDX-License-Identifier: Apache-2.0
"""Two records merged: which to keep, and what would be lost. Advice only."""

from __future__ import annotations

import ctypes
import datetime
from typing import Optional, Tuple

from ._library import lib
from ._loaded import text_of
from ._prototypes import FORMATS, LANGUAGES, kaburi_merge_options
from .aliases import Aliases
from .model import Model
from .pairs import Judge, _filled, _number_of
from .policy import Policy
from .records import RecordLike, day_of

Dates = Tuple[Optional[datetime.date], Optional[datetime.date]]


def merge_advice(
    a: RecordLike,
    b: RecordLike,
    language: str = "en",
    *,
    format: str = "text",
    first_touch: Dates = (None, None),
    created: Dates = (None, None),
    model: Optional[Model] = None,
    policy: Optional[Policy] = None,
    aliases: Optional[Aliases] = None,
) -> str:
    """Which of two records to keep if they are merged, what the other has that it lacks, what would
    be lost, the campaigns of both and the earlier first touch.

    Args:
        language, format: as :func:`explain`; ``"json"`` has it for a program.
        first_touch: of a and b, the day of the first contact that marketing counts.
        created: of a and b, the day on which the record was made.

    Raises as :func:`explain`.
    """
    language_number = _number_of(language, "language", LANGUAGES)
    format_number = _number_of(format, "format", FORMATS)
    compare = Judge(model, policy, aliases).options()
    options = kaburi_merge_options()
    lib.kaburi_merge_options_init(ctypes.byref(options))
    options.compare = ctypes.pointer(compare)
    options.first_touch_a, options.first_touch_b = map(day_of, first_touch)
    options.created_a, options.created_b = map(day_of, created)
    first, second = _filled(a), _filled(b)
    return text_of(
        lambda *room: lib.kaburi_merge_advise(
            first.pointer,
            second.pointer,
            ctypes.byref(options),
            language_number,
            format_number,
            *room,
        )
    )
