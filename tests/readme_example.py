#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""README.md shows tests/example.c, from its first #include on, as its first block of C.

Usage: readme_example.py README.md example.c
"""
import difflib
import re
import sys


def main(readme_path, example_path):
    with open(readme_path, encoding="utf-8") as file:
        block = re.search(r"^```c\n(.*?)^```$", file.read(), re.M | re.S)
    with open(example_path, encoding="utf-8") as file:
        example = file.read()
    if block is None:
        sys.exit(f"{readme_path}: no block of C")
    example = example[example.index("\n#include") + 1 :]
    if example.count("\n") < 20:
        sys.exit(f"{example_path}: no example behind the first #include")
    difference = list(difflib.unified_diff(example.splitlines(), block.group(1).splitlines(),
                                           example_path, readme_path, lineterm=""))
    print("\n".join(difference))
    return 1 if difference else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
