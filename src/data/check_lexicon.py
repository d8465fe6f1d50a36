#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures lexicon.tsv on names that it was not learnt from.

  check_lexicon.py LEXICON LIBRARY NTA_TSV EDINET_TSV

Reads the names of the register whose corporate number ends in HELD_OUT, and of the listed companies of
EDINET (name_ja, name_kana, listed), without their legal form, and prints by kind of name: how many, the
share whose cheapest reading is the furigana, folded, and the share with it among the three cheapest.
The other arguments are those of derive_lexicon.py.
"""
import sys

from lexicon_names import (HELD_OUT, UNKNOWN_COST, Lexicon, all_parts, core_reading, grouped, in_two, join,
                           lines, open_library, register, rows, steps)


# ---- the figures ----

def load(path):
    lexicon = Lexicon()
    for line in lines(path):
        cells = line.rstrip("\n").split("\t")
        if line.startswith("#") or cells[2] == "cost":
            continue
        entry = lexicon.add(cells[0], cells[1], 1.0)
        entry.cost = int(cells[2])
        entry.count = 1
    lexicon.order()
    return lexicon


def decode_best(lexicon, core, wanted=3, readings=4):
    """The cheapest `wanted` different readings."""
    count = len(core)
    states = [{} for _ in range(count + 1)]
    states[0][""] = 0
    for i in range(count):
        here = sorted(states[i].items(), key=lambda item: (item[1], item[0]))[:wanted]
        single = False
        for size, found in steps(lexicon, core, i):
            single = single or size == 1
            there = states[i + size]
            for entry in found[:readings]:
                for before, cost in here:
                    reading = join(before, entry.reading)
                    total = cost + entry.cost
                    if total < there.get(reading, 1 << 30):
                        there[reading] = total
        if not single:
            for before, cost in here:
                if cost + UNKNOWN_COST < states[i + 1].get(before, 1 << 30):
                    states[i + 1][before] = cost + UNKNOWN_COST
    found = sorted(states[count].items(), key=lambda item: (item[1], item[0]))
    return [reading for reading, _ in found[:wanted]]


def kinds(core):
    yield "all"
    kanji = any("\u3400" <= char <= "\u9fff" or char in "々〆〇" for char in core)
    latin = any("a" <= char <= "z" for char in core)
    if kanji:
        yield "kanji"
    if latin:
        yield "Latin, no kanji" if not kanji else "Latin with kanji"
    if any(char.isdigit() for char in core):
        yield "digits"
    if not kanji and not latin:
        yield "kana and digits alone"


LEXICON = None


def judge(some):
    found = []
    for core, target, _, weight in some:
        best = decode_best(LEXICON, core)
        found.append((core, weight, bool(best) and best[0] == target, target in best))
    return found


def figures(lexicon, names, label, out):
    global LEXICON
    LEXICON = lexicon
    sums = {}
    for found in in_two(judge, names, 10000):
        for core, weight, first, any_of in found:
            for kind in kinds(core):
                cell = sums.setdefault(kind, [0, 0, 0])
                cell[0] += weight
                cell[1] += weight * first
                cell[2] += weight * any_of
    for kind in sorted(sums):
        total, first, any_of = sums[kind]
        out.write(f"{label}\t{kind}\t{total}\t{first / total:.4f}\t{any_of / total:.4f}\n")


def listed(path):
    """(core, furigana) of the listed companies."""
    names = [(row["name_ja"], row["name_kana"]) for row in rows(path)
             if row["listed"] == "上場" and row["name_kana"]]
    for (name, kana), (folded, core) in zip(names, all_parts([name for name, _ in names])):
        yield core, core_reading(kana, folded, core)


def main(arguments):
    if len(arguments) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    path, library, register_path, edinet = arguments
    open_library(library)
    lexicon = load(path)
    print("set\tkind\tnames\tfirst\tamong_3")
    held_out = register(register_path, lambda number: number.endswith(HELD_OUT))
    figures(lexicon, grouped(held_out), "held_out", sys.stdout)
    figures(lexicon, grouped(listed(edinet)), "edinet_listed", sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
