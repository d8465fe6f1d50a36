# SPDX-License-Identifier: Apache-2.0
"""Finding and loading the library: what is tried, and what is said when there is none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Dict

import pytest

import kaburi
from kaburi import _library

CC = os.environ.get("KABURI_CC", "cc").split()


def import_with(environment: Dict[str, str], program: str = "import kaburi") -> str:
    """What a new interpreter says on stderr; the variables are added to ours."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr


def other_library(folder: Path, source: str) -> str:
    path = folder / "libother.so"
    (folder / "other.c").write_text(source)
    subprocess.run(
        [*CC, "-shared", "-fPIC", str(folder / "other.c"), "-o", str(path)], check=True
    )
    return str(path)


def test_library_named_by_the_environment_is_taken() -> None:
    assert import_with({}) == ""
    assert kaburi.build_info().startswith('{"version":"' + kaburi.__version__)


def test_named_file_that_is_not_there() -> None:
    said = import_with({"KABURI_LIBRARY": "/nowhere/libkaburi.so"})
    assert "LibraryError" in said
    assert "KABURI_LIBRARY names it" in said
    assert "/nowhere/libkaburi.so: no such file" in said


def test_named_file_that_is_no_library(tmp_path: Path) -> None:
    path = tmp_path / "libkaburi.so"
    path.write_text("no library")
    said = import_with({"KABURI_LIBRARY": str(path)})
    assert f"{path}: " in said
    assert "too short" in said or "invalid ELF header" in said


def test_library_of_another_kind(tmp_path: Path) -> None:
    path = other_library(tmp_path, "int other(void) { return 1; }")
    assert f"{path}: is no kaburi library" in import_with({"KABURI_LIBRARY": path})


def test_library_of_another_version(tmp_path: Path) -> None:
    path = other_library(tmp_path, "unsigned kaburi_version(void) { return 7u << 16 | 3u; }")
    said = import_with({"KABURI_LIBRARY": path})
    assert f"{path}: is version 7.0.3; this package needs 0.1.x" in said


def test_library_without_a_function(tmp_path: Path) -> None:
    path = other_library(tmp_path, "unsigned kaburi_version(void) { return 1u << 8; }")
    said = import_with({"KABURI_LIBRARY": path})
    assert f"{path}: lacks a function: " in said
    assert "kaburi_build_info" in said


def test_every_path_tried_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(_library.ENVIRONMENT)
    monkeypatch.setattr(_library, "_packaged", lambda: ["/nowhere/kaburi/libkaburi.so.0"])
    monkeypatch.setattr(_library, "_system", lambda: iter(["libnowhere.so.0", "libnowhere.so"]))
    with pytest.raises(kaburi.LibraryError) as caught:
        _library.load()
    said = str(caught.value)
    assert isinstance(caught.value, ImportError)
    assert "tried in this order" in said
    assert "/nowhere/kaburi/libkaburi.so.0: no such file" in said
    assert "libnowhere.so.0: " in said and "libnowhere.so: " in said


def test_order_of_the_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(_library.ENVIRONMENT)
    paths = list(_library._candidates())
    package = str(Path(_library.__file__).parent)
    assert paths[0].startswith(package)
    assert paths[-1] in ("libkaburi.so", "libkaburi.so.0") or os.sep not in paths[-1]
    monkeypatch.setenv(_library.ENVIRONMENT, "/named")
    assert list(_library._candidates()) == ["/named"]
