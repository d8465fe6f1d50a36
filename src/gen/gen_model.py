# SPDX-License-Identifier: Apache-2.0
"""Turns src/data/model.txt into C: the text itself, and the weights as kbr_model_builtin.

Usage: gen_model.py model.txt compare.c kaburi.h out.c

A test parses the text with the library and compares the result with the struct made here.
"""
import math
import sys

import levels


def members_of(path, text, fields, known):
    members = []
    lines = text.split("\n")
    if lines[0] != "kaburi-model 1":
        sys.exit(f"{path}:1: not a model of version 1")
    for number, line in enumerate(lines[1:], 2):
        words = line.split("#")[0].split()
        try:
            if not words:
                continue
            if words[0] == "weight":
                _, field, level, m, u = words
                weight = round(math.log2(float(m) / float(u)) * 1000) / 1000
                members.append(f".weight[{fields[field]}][{known[field, level]}] = {weight!r}F")
            elif words[0] == "rarity":
                kind = ("company", "deal").index(words[1])
                knot = sum(member.startswith(f".rarity[{kind}]") for member in members)
                members.append(f".rarity[{kind}][{knot}] = {{{float(words[2])!r}, {float(words[3])!r}}}")
            elif words[0] == "prior":
                members.append(f".{words[1]}_prior = {float(words[2])!r}")
            elif words[0] == "calibration":
                members.append(f".slope = {float(words[1])!r}")
                members.append(f".shift = {float(words[2])!r}")
            elif words[0] in ("alert", "block"):
                members.append(f".{words[0]} = {float(words[1])!r}")
            else:
                raise ValueError(words[0])
        except (KeyError, ValueError) as error:
            sys.exit(f"{path}:{number}: {error}")
    return members


def main(model_path, source_path, public_path, out_path):
    with open(model_path, encoding="utf-8") as file:
        text = file.read()
    members = members_of(model_path, text, *levels.read(source_path, public_path))
    with open(out_path, "w", encoding="utf-8") as out:
        out.write("/* Made by gen_model.py from src/data/model.txt. */\n")
        out.write('#include "model.h"\n\nconst char kbr_model_text[] =\n')
        out.writelines(f"    {levels.quoted(line)[:-1]}\\n\"\n" for line in text.splitlines())
        out.write("    ;\nconst size_t kbr_model_text_size = sizeof kbr_model_text - 1;\n\n")
        out.write("const struct kaburi_model kbr_model_builtin = {\n")
        out.writelines(f"    {member},\n" for member in members)
        out.write("};\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
