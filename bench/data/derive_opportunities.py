#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes opportunities.tsv.gz, the sample, from published government contracts.

  derive_opportunities.py DATA_FOLDER bench/data/opportunities.tsv.gz

DATA_FOLDER holds rs_recipients_2024.tsv.gz and rs_recipients_2025.tsv.gz: 行政事業レビュー, government
standard terms of use; columns ministry, recipient_name, corporate_number, contract_summary, amount_yen.
Kept are corporations that name their legal form and whose number is sound; rows that may name a person
are left out. Companies come in the order of a hash, each with all its contracts, until there are 20,000:
so renewals, lots and contracts entered by two ministries are there as they are in life. Deterministic.
"""
import gzip
import hashlib
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "src" / "data"))

from tables import rows  # noqa: E402

WANTED = 20000
FORM = re.compile(r"(株式|有限|合同|合資|合名)会社|\(株\)|\(有\)|法人|組合|機構")
PERSON = re.compile(r"代表|個人|職員[A-Z]|氏(?!名)|先生|教授|講師|弁護士|税理士|司法書士|医師|博士|さん|殿|様")


def is_sound(number):
    if not re.fullmatch(r"\d{13}", number) or number == "9999999999999":
        return False
    total = sum(int(digit) * (1 + i % 2) for i, digit in enumerate(reversed(number[1:])))
    return int(number[0]) == 9 - total % 9


def main(folder, out):
    contracts = {}
    for year in (2024, 2025):
        for row in rows(f"{folder}/rs_recipients_{year}.tsv.gz"):
            company, deal = row["recipient_name"].strip(), row["contract_summary"].strip()
            if (is_sound(row["corporate_number"]) and FORM.search(company) and 4 <= len(deal) <= 120
                    and not PERSON.search(company + deal) and re.fullmatch(r"\d+", row["amount_yen"] or "")):
                contract = (company, deal, row["amount_yen"], row["ministry"])
                contracts.setdefault(row["corporate_number"], {}).setdefault(contract, None)
    chosen = []
    for number in sorted(contracts, key=lambda n: hashlib.sha256(n.encode()).digest()):
        chosen.extend(contracts[number])
        if len(chosen) >= WANTED:
            break
    with open(out, "wb") as file, gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as packed:
        packed.write("id\tcompany\tdeal\tamount\tdepartment\n".encode())
        for i, contract in enumerate(chosen[:WANTED]):
            packed.write("\t".join((f"C{i + 1:05}",) + contract).encode() + b"\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
