#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prepares what count_sounds counts for sounds.tsv.

  derive_sounds.py DATA_FOLDER | build/src/count_sounds | cat src/data/sounds.head - > src/data/sounds.tsv

DATA_FOLDER holds nta_corporates.tsv.gz, nta_english_names.tsv and edinet_companies.tsv. Every distinct name
counts once, with its kana where the register gives it. English names are a hundredth of the register: each
counts ten times, so that their sounds and terms are known to be common.
"""
import sys

from tables import rows

ENGLISH_TIMES = 10


def main(folder):
    japanese, english = {}, {}
    for row in rows(folder + "/nta_corporates.tsv.gz"):
        japanese[row["name"]] = row["furigana"]
        english[row["name_en"]] = None
    for row in rows(folder + "/edinet_companies.tsv"):
        japanese.setdefault(row["name_ja"], "")
        english[row["name_en"]] = None
    for row in rows(folder + "/nta_english_names.tsv"):
        english[row["name_en"]] = None
    sys.stdout.writelines(f"{name}\t{kana}\n" for name, kana in japanese.items() if name)
    for _ in range(ENGLISH_TIMES):
        sys.stdout.writelines(f"{name}\t\n" for name in english if name)


if __name__ == "__main__":
    main(*sys.argv[1:])
