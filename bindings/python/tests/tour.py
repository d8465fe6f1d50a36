#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the Python blocks of a README in order, as one program, and compares what each prints with
the block of plain text that follows it, if there is one; but for decimal fractions, which another
model may change. Blocks that need a module that is not installed, or a name of such a block, are left
out, and told.

Usage: tour.py README.md
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import sys
from pathlib import Path
from typing import Any, Dict, List


def lacks_module(code: str) -> bool:
    names = re.findall(r"^(?:import|from) (\w+)", code, flags=re.M)
    return any(importlib.util.find_spec(name) is None for name in names)


def plain(text: str) -> List[str]:
    return [re.sub(r"\d+\.\d+", "#", line).rstrip() for line in text.splitlines()]


def main(path: str) -> int:
    text = Path(path).read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```)?", text, flags=re.S)
    names: Dict[str, Any] = {"__name__": "tour"}
    unknown: List[str] = []
    ran = left_out = wrong = 0
    for code, expected in blocks:
        if lacks_module(code) or any(re.search(rf"\b{name}\b", code) for name in unknown):
            unknown += re.findall(r"^(\w+) = ", code, flags=re.M)
            left_out += 1
            continue
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(code, path, "exec"), names)
        ran += 1
        if expected and plain(out.getvalue()) != plain(expected):
            wrong += 1
            print(f"this block:\n{code}\nprints:\n{out.getvalue()}\n")
    print(f"{ran} blocks run, {left_out} left out, {wrong} print something else")
    return 1 if wrong or not ran else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
