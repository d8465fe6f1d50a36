# SPDX-License-Identifier: Apache-2.0
"""Finds, loads and checks the shared library, once, when the package is imported.

Looks in this order: the file that the environment variable ``KABURI_LIBRARY`` names (and then
nowhere else); the folders a wheel puts it in; the system's loader. A library of another version, or
without one of the functions, is passed over like one that is not there; when none is left, the
error says of every path why.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import sys
import sysconfig
from pathlib import Path
from typing import Iterator, List, Optional

from ._errors import LibraryError
from ._prototypes import VERSION, declare

ENVIRONMENT = "KABURI_LIBRARY"


def _file_names() -> List[str]:
    """Names of the library, the soname first."""
    major = VERSION[0]
    if sys.platform == "darwin":
        return [f"libkaburi.{major}.dylib", "libkaburi.dylib"]
    if sys.platform == "win32":
        return [f"kaburi-{major}.dll", "kaburi.dll"]
    return [f"libkaburi.so.{major}", "libkaburi.so"]


def _packaged() -> List[str]:
    """Where a wheel has it: in the package, or where meson-python puts shared libraries."""
    package = Path(__file__).resolve().parent
    folders = [package]
    for site in (package.parent, Path(sysconfig.get_path("platlib"))):
        folder = site / ".kaburi.mesonpy.libs"
        if folder not in folders:
            folders.append(folder)
    paths: List[str] = []
    for folder in folders:
        found = sorted(
            str(path) for path in folder.glob("*kaburi*") if path.suffix != ".py" and path.is_file()
        )
        # A folder without one is told by the name that was looked for.
        paths += found or [str(folder / _file_names()[0])]
    return paths


def _system() -> Iterator[str]:
    yield from _file_names()
    found = ctypes.util.find_library("kaburi")
    if found is not None and found not in _file_names():
        yield found


def _candidates() -> Iterator[str]:
    named = os.environ.get(ENVIRONMENT)
    if named:
        yield named
        return
    yield from _packaged()
    yield from _system()


def _wrong_version(library: ctypes.CDLL) -> Optional[str]:
    """What is wrong with the library's version, if anything: major and minor must be ours."""
    try:
        function = library.kaburi_version
    except AttributeError:
        return "is no kaburi library"
    function.restype = ctypes.c_uint32
    packed = function()
    version = (packed >> 16, packed >> 8 & 0xFF, packed & 0xFF)
    if version[:2] != VERSION[:2]:
        have, want = ".".join(map(str, version)), ".".join(map(str, VERSION[:2]))
        return f"is version {have}; this package needs {want}.x"
    return None


def load() -> ctypes.CDLL:
    """The library, its functions declared. Raises LibraryError (an ImportError)."""
    tried = []
    for path in _candidates():
        if os.path.isabs(path) and not os.path.exists(path):
            tried.append((path, "no such file"))
            continue
        try:
            library = ctypes.CDLL(path)
        except OSError as error:
            # The loader's messages begin with the path.
            tried.append((path, str(error).replace(f"{path}: ", "", 1)))
            continue
        wrong = _wrong_version(library)
        if wrong is None:
            try:
                declare(library)
            except AttributeError as error:
                wrong = f"lacks a function: {error}"
        if wrong is None:
            return library
        tried.append((path, wrong))
    lines = "".join(f"\n  {path}: {why}" for path, why in tried)
    where = f"{ENVIRONMENT} names it" if os.environ.get(ENVIRONMENT) else "tried in this order"
    raise LibraryError(
        f"no usable shared library of kaburi; {where}:{lines}\n"
        f"Set {ENVIRONMENT} to the path of libkaburi, or install the wheel anew."
    )


lib = load()
"""The library; calls release the GIL."""
