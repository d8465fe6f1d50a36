# SPDX-License-Identifier: Apache-2.0
"""Turns src/data/policy.txt into C: the text itself, and the thresholds as kbr_policy_builtin.

Usage: gen_policy.py policy.txt out.c

A test parses the text with the library and compares the result with the struct made here.
"""
import itertools
import sys

import levels

VERDICTS = "unrelated homonym group parallel renewal duplicate".split()
STAGES = "unknown open won lost".split()
KINDS = "unknown opportunity mql lead".split()
NEVER = 2.0


def cells_of(path, text):
    """{(verdict, stage, kind): (alert, block)}; of two lines that hold the later one does."""
    cells = {key: (NEVER, NEVER) for key in itertools.product(range(6), range(4), range(4))}
    lines = text.split("\n")
    if lines[0] != "kaburi-policy 1":
        sys.exit(f"{path}:1: not a policy of version 1")
    for number, line in enumerate(lines[1:], 2):
        words = line.split("#")[0].split()
        if not words:
            continue
        try:
            places = [range(len(names)) if word == "any" else [names.index(word)]
                      for word, names in zip(words, (VERDICTS, STAGES, KINDS))]
            alert, block = (NEVER if word == "never" else float(word) for word in words[3:])
        except ValueError as error:
            sys.exit(f"{path}:{number}: {error}")
        cells.update((key, (alert, block)) for key in itertools.product(*places))
    return cells


def main(path, out_path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    cells = cells_of(path, text)
    with open(out_path, "w", encoding="utf-8") as out:
        out.write("/* Made by gen_policy.py from src/data/policy.txt. */\n")
        out.write('#include "policy.h"\n\n')
        levels.write_text(out, "policy", text)
        out.write("const struct kaburi_policy kbr_policy_builtin = {\n")
        out.writelines(f"    .at[{v}][{s}][{k}] = {{{alert!r}, {block!r}}},\n"
                       for (v, s, k), (alert, block) in cells.items())
        out.write("};\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
