# SPDX-License-Identifier: Apache-2.0
"""Turns src/data/explain.tsv into C: kbr_explain_phrases[language][field][level].

Usage: gen_explain.py explain.tsv compare.c kaburi.h out.c

Every level of every field must have its phrase.
"""
import sys

import levels


def main(path, source_path, public_path, out_path):
    fields, known = levels.read(source_path, public_path)
    rows = {}
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.startswith("#") or line.startswith("field\t"):
                continue
            cells = line.rstrip("\n").split("\t")
            if len(cells) != 4 or tuple(cells[:2]) not in known or tuple(cells[:2]) in rows:
                sys.exit(f"{path}:{number}: not field, level, English, Japanese, or there already")
            rows[tuple(cells[:2])] = cells[2:]
    missing = [key for key in known if key[1] != "NULL" and key not in rows]
    if missing:
        sys.exit(f"{path}: no phrase for {missing[0][0]} {missing[0][1]}")
    with open(out_path, "w", encoding="utf-8") as out:
        out.write("/* Made by gen_explain.py from src/data/explain.tsv. */\n#include \"explain.h\"\n\n")
        out.write("const char *const kbr_explain_phrases[2][KABURI_FIELD_COUNT][KBR_LEVELS_MAX] = {\n")
        for language in range(2):
            for (field, level), texts in rows.items():
                out.write(f"    [{language}][{fields[field]}][{known[field, level]}] = "
                          f"{levels.quoted(texts[language])},\n")
        out.write("};\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
