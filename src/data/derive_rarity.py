#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prepares what count_shingles counts for rarity.tsv.

  derive_rarity.py DATA_FOLDER | build/src/count_shingles | cat src/data/rarity.head - > src/data/rarity.tsv

DATA_FOLDER holds nta_corporates.tsv.gz, nta_english_names.tsv, edinet_companies.tsv,
goc_vendor_names.tsv, rs_recipients_2024.tsv.gz and rs_recipients_2025.tsv.gz. Every distinct name counts
once. Latin names are a hundredth of the register: each English name counts ten times, so that the
shingles of common English words are known to be common.
"""
import sys

from tables import rows

ENGLISH_TIMES = 10


def main(folder):
    japanese, english, deals = {}, {}, {}
    for row in rows(folder + "/nta_corporates.tsv.gz"):
        japanese[row["name"]] = None
        english[row["name_en"]] = None
    for row in rows(folder + "/edinet_companies.tsv"):
        japanese[row["name_ja"]] = None
        english[row["name_en"]] = None
    for row in rows(folder + "/nta_english_names.tsv"):
        english[row["name_en"]] = None
    for row in rows(folder + "/goc_vendor_names.tsv"):
        english[row["company_name"]] = None
    for year in (2024, 2025):
        for row in rows(f"{folder}/rs_recipients_{year}.tsv.gz"):
            japanese[row["recipient_name"]] = None
            deals[row["contract_summary"]] = None
    out = sys.stdout
    out.writelines(f"company\t{name}\n" for name in japanese if name)
    for _ in range(ENGLISH_TIMES):
        out.writelines(f"company\t{name}\n" for name in english if name)
    out.writelines(f"deal\t{deal}\n" for deal in deals if deal)


if __name__ == "__main__":
    main(*sys.argv[1:])
