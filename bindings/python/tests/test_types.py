# SPDX-License-Identifier: Apache-2.0
"""The package's types, by mypy --strict, where it is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(os.environ["KABURI_HEADER"]).parents[1]


def test_mypy_strict(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), "bindings/python/kaburi"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
