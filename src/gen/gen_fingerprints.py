# SPDX-License-Identifier: Apache-2.0
"""Turns the tables that names are read with into a fingerprint each, and src/data/touchstones.tsv
into the records that fingerprint.c reads as a probe of the rules.

Usage: gen_fingerprints.py touchstones.tsv table.c ... out.c

A table is one of the C files that the other generators make: fold_table.c, words_<list>.c ... All word
lists together make one fingerprint.
"""
import hashlib
import pathlib
import sys

# In the order of enum in fingerprint.h.
TABLES = ["fold", "words", "lexicon", "sounds", "rarity"]
OF_FILE = {"fold_table": "fold", "opposed_table": "words", "lexicon_table": "lexicon", "spoken_table": "sounds",
           "rarity_table": "rarity"}
COLUMNS = ["company", "company_reading", "corporate_number", "domain", "deal", "amount"]


def fingerprints(paths):
    hashes = {table: hashlib.blake2b(digest_size=8) for table in TABLES}
    for path in sorted(map(pathlib.Path, paths), key=lambda path: path.name):
        table = OF_FILE.get(path.stem, "words" if path.stem.startswith("words_") else None)
        if table is None:
            sys.exit(f"{path}: of no table")
        hashes[table].update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return [(table, hashes[table].hexdigest()) for table in TABLES]


def quoted(text):
    """A C string; non-ASCII bytes as octal, which no character behind them can make longer."""
    return '"' + "".join(chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\?' else f"\\{byte:03o}"
                         for byte in text.encode()) + '"'


def touchstones(path):
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
    if rows[0] != COLUMNS:
        sys.exit(f"{path}: the header is not {COLUMNS}")
    for number, row in enumerate(rows[1:], 1):
        if len(row) != len(COLUMNS):
            sys.exit(f"{path}: row {number} has {len(row)} cells")
    return rows[1:]


def main(touchstone_path, *paths):
    *tables, out_path = paths
    with open(out_path, "w", encoding="utf-8") as out:
        out.write('/* Made by gen_fingerprints.py. */\n#include "fingerprint_table.h"\n\n'
                  "const kbr_fingerprint_table kbr_fingerprint_tables[] = {\n")
        for table, value in fingerprints(tables):
            out.write(f'    {{"{table}", 0x{value}U}},\n')
        out.write("};\n\nconst kbr_touchstone kbr_touchstones[] = {\n")
        rows = touchstones(touchstone_path)
        for row in rows:
            out.write("    {" + ", ".join(map(quoted, row[:-1])) + f", {row[-1] or 'INT64_MIN'}}},\n")
        out.write(f"}};\nconst uint32_t kbr_touchstone_count = {len(rows)};\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
