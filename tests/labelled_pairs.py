# SPDX-License-Identifier: Apache-2.0
"""Labelled pairs for the tests of tune, made of the sample of public contracts by a seed."""
import csv
import gzip
import random

HEADER = "company_a deal_a amount_a company_b deal_b amount_b label group".split()


def contracts(sample):
    with gzip.open(sample + "/opportunities.tsv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    by_company = {}
    for row in rows:
        if len(row["deal"]) >= 8:
            by_company.setdefault(row["company"], []).append(row)
    return by_company


def alike(one, two):
    """Whether two texts share so much that nobody knows whether they are one deal."""
    a, b = ({text[i:i + 2] for i in range(len(text) - 1)} for text in (one, two))
    return len(a & b) >= 0.4 * len(a | b)


def entered_anew(rng, company, deal):
    company = rng.choice((company, company.replace("株式会社", "(株)"), company + "様"))
    at = rng.randrange(1, len(deal))
    deal = rng.choice((f"【展示会】{deal}", f"{deal}の件", f"{deal} FY24", deal[: len(deal) * 3 // 4],
                       deal[:at] + deal[at + 1:], deal + "(追加)"))
    return company, deal


def make(sample, count, seed=5):
    """Rows of HEADER: a third duplicates, the others of the same company or of any."""
    rng = random.Random(seed)
    by_company = contracts(sample)
    companies = sorted(by_company)
    several = [name for name in companies if len({row["deal"] for row in by_company[name]}) > 1]
    rows = []
    while len(rows) < count:
        kind = rng.choice(("duplicate", "duplicate", "renewal", "parallel", "parallel", "unrelated"))
        name = rng.choice(several if kind == "parallel" else companies)
        one = rng.choice(by_company[name])
        company, deal, amount = one["company"], one["deal"], one["amount"]
        if kind == "duplicate":
            other, text = entered_anew(rng, company, deal)
            amount = rng.choice((amount, ""))
        elif kind == "renewal":
            if any(letter.isdigit() for letter in deal):
                continue  # may have a year of its own
            other, text, deal = company, deal + " 2023年度", deal + " 2024年度"
        else:
            two = rng.choice(by_company[name if kind == "parallel" else rng.choice(companies)])
            other, text, amount = two["company"], two["deal"], two["amount"]
            if alike(deal, text) or (kind == "unrelated" and other == company):
                continue
        rows.append([company, deal, one["amount"], other, text, amount, kind, name])
    return rows


def written(rows, columns=HEADER):
    places = [HEADER.index(name) for name in columns]
    lines = ["\t".join(columns)] + ["\t".join(row[i] for i in places) for row in rows]
    return "\n".join(lines) + "\n"
