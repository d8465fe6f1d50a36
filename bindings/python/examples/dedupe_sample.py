#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Duplicates in the sample of 20,000 public contracts, cell by cell. Needs pandas.

Run it as a script, or cell by cell (`# %%`) in an editor that knows them.
"""

# %% The sample: company as typed, the contract's text, yen.
from pathlib import Path

import pandas

import kaburi

folder = Path(__file__).resolve().parents[3] / "bench" / "data"
deals = pandas.read_csv(
    folder / "opportunities.tsv.gz", sep="\t", quoting=3, dtype={"id": str, "amount": "Int64"}
)
print(deals[["id", "company", "deal", "amount"]].head())

# %% One call: columns are found by name. `progress` may be `tqdm(total=len(deals)).update`.
found = kaburi.dedupe(deals, threads=2)
print(found.stats)
print(found.pairs.head())

# %% The largest clusters, and what is in one of them.
sizes = found.clusters.groupby("cluster").size().sort_values(ascending=False, kind="stable")
print(sizes.head())
rows = found.clusters.loc[found.clusters["cluster"] == sizes.index[0], "row"]
print(deals.loc[rows, ["id", "company", "deal", "amount"]].head())

# %% Why: the first pair that is not the same in every letter.
for pair in found.pairs.itertuples():
    a, b = deals.loc[pair.row_a], deals.loc[pair.row_b]
    if (a["company"], a["deal"]) != (b["company"], b["deal"]):
        print(kaburi.explain(dict(a.drop("id")), dict(b.drop("id")), "ja"))
        break

# %% What is kept: the first record of each cluster, and all that are in none.
later = found.clusters[found.clusters.duplicated("cluster")]
kept = deals.drop(later["row"])
print(f"{len(deals)} records, {len(kept)} without the duplicates")

# %% Last year's contracts of the same customers are no duplicates; ask for them by verdict.
with_renewals = kaburi.dedupe(deals, threads=2, verdicts=["renewal"])
print(with_renewals.pairs["verdict"].value_counts())
