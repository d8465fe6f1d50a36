#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proposes loanwords for src/data/deal_synonyms.tsv: an English word and what contracts write for it in katakana.

  derive_loanwords.py LOANWORDS DATA_FOLDER src/data/deal_synonyms.tsv

LOANWORDS is UniDic's table of katakana words and the foreign words they come from; DATA_FOLDER holds
rs_recipients_2024.tsv.gz and rs_recipients_2025.tsv.gz. Prints rows for the words of which CONTRACTS_MIN
contracts have the katakana as a run of its own; of several spellings the commonest. Left out are English
words of two letters, those that have two katakana words that are not one spelling (ガラス, グラス: two things) or
share one with another word (フライ: fly, fry), and those that the table has already. Deterministic.
"""
import collections
import gzip
import re
import sys

from tables import rows

CONTRACTS_MIN = 10
SOURCE = "UniDic loanwords"
RUN = re.compile("[ァ-ヺー]+")
LATIN = re.compile("[a-z]{3,}")
LOOSE = str.maketrans("ァィゥェォッャュョヴ", "アイウエオツヤユヨブ", "ー")


def main(loanwords, folder, table):
    with open(table, encoding="utf-8") as file:
        taken = {line.split("\t")[0] for line in file if SOURCE not in line}
    contracts = collections.Counter()
    for year in ("2024", "2025"):
        for row in rows(f"{folder}/rs_recipients_{year}.tsv.gz"):
            for run in set(RUN.findall(row["contract_summary"])):
                contracts[run] += 1
    origins = collections.defaultdict(set)
    with gzip.open(loanwords, "rt", encoding="utf-8") as file:
        next(file)
        for line in file:
            katakana, origin = line.rstrip("\n").split("\t")[:2]
            if LATIN.fullmatch(origin):
                origins[origin].add(katakana)
    sources = collections.Counter(word for words in origins.values() for word in words)
    for origin in sorted(origins):
        seen = sorted((word for word in origins[origin] if contracts[word] >= CONTRACTS_MIN and len(word) > 2),
                      key=lambda word: (-contracts[word], word))
        if not seen or origin in taken or len({word.translate(LOOSE) for word in seen}) > 1:
            continue
        if any(sources[word] > 1 for word in seen):
            continue
        print(f"{origin}\t{seen[0]}\t\t{SOURCE}, {contracts[seen[0]]} contracts")


if __name__ == "__main__":
    main(*sys.argv[1:])
