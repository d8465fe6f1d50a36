# SPDX-License-Identifier: Apache-2.0
"""Turns src/data/rarity.tsv into the static hash table that shingle.c reads.

Usage: gen_rarity.py rarity.tsv rarity_table.h out.c

A row is: hash of the shingle (hexadecimal, as kbr_shingle_hash gives it), names and deals that have it.
The first row that is no comment is the header; `total` gives the number of names and of deals.
"""
import math
import re
import sys


def rarity(total, count):
    """8 * log2(total / count), 1..255; what is never seen counts as seen once."""
    return max(1, min(255, round(8 * math.log2(total / max(count, 1)))))


def main(path, header_path, out_path):
    with open(header_path, encoding="utf-8") as file:
        bits = int(re.search(r"#define KBR_RARITY_BITS (\d+)", file.read()).group(1))
    places = [None] * (1 << bits)
    totals = None
    version = None
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            cells = line.rstrip("\n").split("\t")
            if line.startswith("#") or cells[0] == "hash":
                found = re.match(r"# version (\d+)", line)
                version = int(found.group(1)) if found else version
                continue
            try:
                if len(cells) != 3:
                    raise ValueError("not three columns")
                names, deals = int(cells[1]), int(cells[2])
                if cells[0] == "total":
                    totals = names, deals
                    continue
                value = int(cells[0], 16)
                row = value, rarity(totals[0], names), rarity(totals[1], deals)
            except (TypeError, ValueError) as error:
                sys.exit(f"{path}:{number}: {error}")
            place = value >> (32 - bits)
            while places[place] is not None:
                if places[place][0] == value:
                    sys.exit(f"{path}:{number}: {cells[0]} is there twice")
                place = (place + 1) % len(places)
            places[place] = row
    if totals is None or version is None:
        sys.exit(f"{path}: no total, or no version")
    if sum(place is not None for place in places) > 0.8 * len(places):
        sys.exit(f"{path}: more rows than KBR_RARITY_BITS has room for")
    with open(out_path, "w", encoding="utf-8") as out:
        out.write('/* Made by gen_rarity.py from src/data/rarity.tsv. */\n#include "rarity_table.h"\n\n'
                  '#include "shingle.h"\n\n')
        out.write(f"const uint32_t kbr_rarity_version = {version};\n"
                  f"const uint8_t kbr_rarity_company_unseen = {rarity(totals[0], 1)};\n"
                  f"const uint8_t kbr_rarity_deal_unseen = {rarity(totals[1], 1)};\n"
                  "const kbr_rarity_place kbr_rarity_places[1 << KBR_RARITY_BITS] = {\n")
        out.writelines(f"    [{place}] = {{0x{row[0]:08x}U, {row[1]}, {row[2]}, 0}},\n"
                       for place, row in enumerate(places) if row is not None)
        out.write("};\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
