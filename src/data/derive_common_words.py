#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the words that many companies' names have in common.

  derive_common_words.py DATA_FOLDER build/bench/kaburi-bench > src/data/common_words.tsv

DATA_FOLDER holds nta_corporates.tsv.gz, nta_english_names.tsv and edinet_companies.tsv. Every third name of
the register and every English name is put to its loose key; English keys count ten times, as in
derive_rarity.py. A word is a piece of 3 to 14 units of one script that one key in 8,000 has, that is not
mostly a piece of a longer one, and whose shingles, each by itself, would say 4 bits more than the word
does. Deterministic.
"""
import collections
import math
import os
import re
import sys

from parts import parts_of
from tables import rows

ENGLISH_TIMES = 10
ONE_IN = 8192
COUNTED_ONE_IN = 20000  # longer words are looked for among these
MOSTLY = 0.7
SAVED = 4  # bits
RUN = re.compile("[ァ-ヺ]{3,}|[a-z]{4,}|[一-鿿]{3,}")
LEN = {"kana": (3, 11), "latin": (4, 14), "kanji": (3, 7)}


def keys(bench, names):
    """The distinct loose keys of names, in order."""
    return list(dict.fromkeys(key for _, _, key in parts_of(bench, names)))


def is_latin(unit):
    return unit.isascii() and unit.isalnum()


def shingles(key):
    """As src/shingle.c splits a key."""
    out = set()
    for i in range(len(key) + 1):
        a = key[i - 1] if i > 0 else "^"
        b = key[i] if i < len(key) else "$"
        if i < len(key) and (i == 0 or is_latin(a)) and is_latin(b):
            after = key[i + 1] if i + 1 < len(key) else "$"
            out.add(a + b + (after if after == "$" or is_latin(after) else ""))
        elif not (i == len(key) and i > 1 and is_latin(a) and is_latin(key[i - 2])):
            out.add(a + b)
    return out


def within(word):
    size = 3 if is_latin(word[0]) else 2
    return [word[i:i + size] for i in range(len(word) - size + 1)]


def pieces(key):
    out = set()
    for run in RUN.findall(key):
        low, high = LEN["latin" if run[0].isascii() else "kanji" if "一" <= run[0] <= "鿿" else "kana"]
        for i in range(len(run) - low + 1):
            out.update(run[i:j] for j in range(i + low, min(len(run), i + high) + 1))
    return out


def main(folder, bench):
    japanese = [row["name"] for i, row in enumerate(rows(folder + "/nta_corporates.tsv.gz")) if i % 3 == 1]
    english = dict.fromkeys(row["name_en"] for name in ("nta_english_names.tsv", "edinet_companies.tsv")
                            for row in rows(f"{folder}/{name}") if row["name_en"])
    counted, single, total = collections.Counter(), collections.Counter(), 0
    for names, times in ((japanese, 1), (english, ENGLISH_TIMES)):
        for key in keys(bench, names):
            total += times
            for piece in pieces(key):
                counted[piece] += times
            for shingle in shingles(key):
                single[shingle] += times
    longest = collections.Counter()
    for piece, count in counted.items():
        if count * COUNTED_ONE_IN * 2 >= total:
            for part in (piece[1:], piece[:-1]):
                longest[part] = max(longest[part], count)

    def bits(count):
        return math.log2(total / count)

    with open(os.path.join(os.path.dirname(__file__), "common_words.head"), encoding="utf-8") as head:
        sys.stdout.write(head.read())
    for word, count in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
        if count * ONE_IN < total:
            break
        alone = sum(min(255 / 8, bits(single[shingle])) for shingle in within(word))
        if longest[word] < MOSTLY * count and alone - bits(count) >= SAVED:
            print(f"{word}\tword\t{max(8, round(8 * bits(count)))}")


if __name__ == "__main__":
    main(*sys.argv[1:])
