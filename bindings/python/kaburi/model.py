# SPDX-License-Identifier: Apache-2.0
"""Models: weights and calibration, from a file or a text."""

from __future__ import annotations

from ._loaded import Loaded, PathLike, built_in_text, written
from .records import encode


class Model(Loaded):
    """Weights and calibration: how likely it is. Immutable; freed when nothing uses it any more."""

    _noun = "model"

    def __init__(self, text: str) -> None:
        """Reads the text of a model file: first line ``kaburi-model 2``; what it does not name is as
        built in.

        Raises FormatError (``offset`` is the line) and VersionError, both ValueErrors.
        """
        self._parse(encode(text, "model"))

    @classmethod
    def load(cls, path: PathLike) -> Model:
        """Reads a model file. Raises FileError (an OSError) and as :class:`Model` does."""
        return cls._load(path)

    @staticmethod
    def default_text() -> str:
        """The built-in model as a model file, to change and give to :class:`Model`."""
        return built_in_text("model")

    def text(self) -> str:
        """The whole model as a file without comments."""
        return written(self._noun, self.handle)

    def __repr__(self) -> str:
        return "<kaburi.Model>"
