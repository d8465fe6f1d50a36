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
    knots = 0
    lines = text.split("\n")
    if lines[0] != "kaburi-model 2":
        sys.exit(f"{path}:1: not a model of version 2")
    for number, line in enumerate(lines[1:], 2):
        words = line.split("#")[0].split()
        try:
            if not words:
                continue
            if words[0] == "weight":
                _, field, level, m, u = words
                weight = round(math.log2(float(m) / float(u)) * 1000) / 1000
                place = f"[{fields[field]}][{known[field, level]}]"
                members.append(f".weight{place} = {weight!r}F")
                members.append(f".share{place} = {{{float(m)!r}, {float(u)!r}}}")
            elif words[0] == "rarity":
                kind = ("company", "deal").index(words[1])
                knot = sum(member.startswith(f".rarity[{kind}]") for member in members)
                members.append(f".rarity[{kind}][{knot}] = {{{float(words[2])!r}, {float(words[3])!r}}}")
            elif words[0] == "prior":
                members.append(f".{words[1]}_prior = {float(words[2])!r}")
            elif words[0] == "calibration":
                members.append(f".slope = {float(words[1])!r}")
                members.append(f".shift = {float(words[2])!r}")
            elif words[0] == "isotonic" and words[1:] == ["none"]:
                pass
            elif words[0] == "isotonic":
                bits, probability = float(words[1]), float(words[2])
                counted = math.log2(probability / (1 - probability))
                members.append(f".knots[{knots}] = {{{bits!r}, {counted!r}, {probability!r}}}")
                knots += 1
            else:
                raise ValueError(words[0])
        except (KeyError, ValueError) as error:
            sys.exit(f"{path}:{number}: {error}")
    return members + [f".knot_count = {knots}"]


def main(model_path, source_path, public_path, out_path):
    with open(model_path, encoding="utf-8") as file:
        text = file.read()
    members = members_of(model_path, text, *levels.read(source_path, public_path))
    with open(out_path, "w", encoding="utf-8") as out:
        out.write("/* Made by gen_model.py from src/data/model.txt. */\n")
        out.write('#include "model.h"\n\n')
        levels.write_text(out, "model", text)
        out.write("const struct kaburi_model kbr_model_builtin = {\n")
        out.writelines(f"    {member},\n" for member in members)
        out.write("};\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
