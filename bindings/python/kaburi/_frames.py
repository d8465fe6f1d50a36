# SPDX-License-Identifier: Apache-2.0
"""Columns as a frame of the library that the data came from."""

from __future__ import annotations

import importlib
import sys
from typing import Any, Dict, List

Columns = Dict[str, List[Any]]


def _import(name: str) -> Any:
    # Through importlib, so that type checking needs none of them.
    return importlib.import_module(name)


def pandas_frame(columns: Columns) -> Any:
    return _import("pandas").DataFrame(columns)


def polars_frame(columns: Columns) -> Any:
    return _import("polars").DataFrame(columns)


def arrow_table(columns: Columns) -> Any:
    return _import("pyarrow").table(columns)


def like(data: Any, columns: Columns) -> Any:
    """The columns as the kind of frame that ``data`` is; as a dict of lists for anything else."""
    for name, make in (
        ("pandas", pandas_frame),
        ("polars", polars_frame),
        ("pyarrow", arrow_table),
    ):
        if name in sys.modules and type(data).__module__.split(".")[0] == name:
            return make(columns)
    return columns
