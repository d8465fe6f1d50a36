# SPDX-License-Identifier: Apache-2.0
"""Policies: from which probability on a match is alerted or blocked."""

from __future__ import annotations

import ctypes
from typing import Optional, Tuple

from ._errors import ArgumentError
from ._library import lib
from ._loaded import Loaded, PathLike, built_in_text, written
from ._prototypes import kaburi_error
from .matches import VERDICTS
from .records import KINDS, STAGES, encode


class Policy(Loaded):
    """Thresholds by verdict, stage and kind of the record that is there already. Immutable."""

    _noun = "policy"

    def __init__(self, text: str) -> None:
        """Reads the text of a policy file: first line ``kaburi-policy 1``, then lines of five words,
        verdict, stage, kind, alert, block: ``duplicate any any 0.5 0.98``.

        Raises FormatError (``offset`` is the line) and VersionError, both ValueErrors.
        """
        self._parse(encode(text, "policy"))

    @classmethod
    def load(cls, path: PathLike) -> Policy:
        """Reads a policy file. Raises FileError (an OSError) and as :class:`Policy` does."""
        return cls._load(path)

    @staticmethod
    def default_text() -> str:
        """The built-in policy as a policy file, to change and give to :class:`Policy`."""
        return built_in_text("policy")

    def text(self) -> str:
        """The policy as a file without comments."""
        return written(self._noun, self.handle)

    def thresholds(
        self, verdict: str, stage: str = "unknown", kind: str = "unknown"
    ) -> Tuple[Optional[float], Optional[float]]:
        """The probabilities, 0..1, from which on it alerts and blocks; None: never."""
        words = [word.value for word in VERDICTS]
        if verdict not in words:
            raise ArgumentError(f"verdict {verdict!r} is not one of {', '.join(words)}")
        if stage not in STAGES or kind not in KINDS:
            raise ArgumentError(
                f"stage {stage!r} and kind {kind!r}: stages are {', '.join(STAGES)}; "
                f"kinds are {', '.join(KINDS)}"
            )
        alert, block = ctypes.c_double(), ctypes.c_double()
        error = kaburi_error()
        lib.kaburi_policy_thresholds(
            self.handle,
            words.index(verdict),
            STAGES[stage],
            KINDS[kind],
            ctypes.byref(alert),
            ctypes.byref(block),
            ctypes.byref(error),
        )
        # 2 stands for never.
        low, high = (value.value if value.value <= 1 else None for value in (alert, block))
        return low, high

    def __repr__(self) -> str:
        return "<kaburi.Policy>"
