# SPDX-License-Identifier: Apache-2.0
"""Turns src/data/sounds.tsv into the rarities of shingles that spoken.c reads.

Usage: gen_sounds.py sounds.tsv terms.tsv sound.h out.c

A row is: `pair`, two moras' codes with a space between, and the names that have it; or `term`, its name
and the names that have it. `total` gives the number of names. Terms are numbered in the order of terms.tsv,
as gen_lexicon does.
"""
import math
import re
import sys

LINE = 24


def rarity(total, count):
    """8 * log2(total / count), 1..255; what is never seen counts as seen once."""
    return max(1, min(255, round(8 * math.log2(total / max(count, 1)))))


def rows(path):
    with open(path, encoding="utf-8") as file:
        lines = [(number, line.rstrip("\n").split("\t")) for number, line in enumerate(file, 1)
                 if not line.startswith("#")]
    return lines[1:]


def main(path, terms_path, header_path, out_path):
    with open(header_path, encoding="utf-8") as file:
        consonants = int(re.search(r"#define KBR_SOUND_CONSONANTS (\d+)", file.read()).group(1))
    codes = 2 + 5 * consonants
    terms = {}
    for _, cells in rows(terms_path):
        terms.setdefault(cells[0], codes * codes + 1 + len(terms))
    total = None
    counts = [0] * (codes * codes + 1 + len(terms))
    for number, (kind, what, names) in rows(path):
        try:
            if kind == "total":
                total = int(names)
            elif kind == "pair":
                first, second = map(int, what.split(" "))
                if not (0 <= first < codes and 0 <= second < codes):
                    raise ValueError(f"no such mora: {what}")
                counts[first * codes + second] = int(names)
            elif what in terms:
                counts[terms[what]] = int(names)
        except ValueError as error:
            sys.exit(f"{path}:{number}: {error}")
    if total is None:
        sys.exit(f"{path}: no total")
    values = [rarity(total, count) for count in counts]
    with open(out_path, "w", encoding="utf-8") as out:
        out.write('/* Made by gen_sounds.py from src/data/sounds.tsv. */\n#include "spoken_table.h"\n\n'
                  "const uint8_t kbr_spoken_rarities[] = {\n")
        for at in range(0, len(values), LINE):
            out.write("    " + ", ".join(map(str, values[at:at + LINE])) + ",\n")
        out.write("};\n"
                  f"const uint32_t kbr_spoken_rarity_count = {len(values)};\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
