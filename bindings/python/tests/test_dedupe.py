# SPDX-License-Identifier: Apache-2.0
"""Duplicates inside one table: the library's answer as frames, the same as the command line's."""

from __future__ import annotations

import csv
import gzip
import os
import subprocess
from pathlib import Path
from typing import Any, Dict, List

import pandas
import pytest

import kaburi

SAMPLE = Path(os.environ["KABURI_HEADER"]).parents[1] / "bench" / "data" / "opportunities.tsv.gz"
FRAME = pandas.DataFrame(
    {
        "Id": ["A-1", "A-2", "A-3", "A-4", "A-5"],
        "Account": ["株式会社山田製作所", "㈱山田製作所", "三菱重工業", "山田製作所", "三菱重工業㈱"],
        "Name": [
            "ERP保守更新 2024年度",
            "【展示会】ERPの保守更新 FY24",
            "会計システム更改",
            "ERP保守更新 2023年度",
            None,
        ],
    }
)


def test_pairs_and_clusters_of_a_frame() -> None:
    found = kaburi.dedupe(FRAME, id="Id", company="Account", deal="Name")
    assert found.pairs[["row_a", "row_b", "id_a", "id_b"]].values.tolist() == [
        [0, 1, "A-1", "A-2"]
    ]
    assert found.pairs["verdict"][0] == "duplicate" and found.pairs["decision"][0] == "alert"
    assert "year:same" in found.pairs["evidence"][0].split(",")
    assert found.clusters.values.tolist() == [[1, 0, "A-1"], [1, 1, "A-2"]]
    assert list(found.clusters.columns) == ["cluster", "row", "id"]
    assert found.stats.records == 5 and found.stats.pairs == found.stats.duplicates == 1


def test_other_verdicts_and_decisions() -> None:
    found = kaburi.dedupe(FRAME, company="Account", deal="Name", verdicts=["renewal"])
    assert set(found.pairs["verdict"]) == {"duplicate", "renewal"}
    assert "id_a" not in found.pairs.columns and list(found.clusters.columns) == ["cluster", "row"]
    none = kaburi.dedupe(FRAME, company="Account", deal="Name", decision_min="block")
    assert len(none.pairs) == 0 and len(none.clusters) == 0
    for wrong, message in (
        ({"verdicts": ["same"]}, "verdict 'same' is not one of unrelated, homonym"),
        ({"decision_min": "no"}, "decision_min 'no' is not one of allow, alert, block"),
        ({"threads": 0}, "threads is 0; allowed are 1..64"),
        ({"threads": -1}, "threads is -1"),
        ({"cluster_max": 1}, "cluster_max is 1; allowed are 2..65536"),
    ):
        with pytest.raises(kaburi.ArgumentError, match=message):
            kaburi.dedupe(FRAME, company="Account", **wrong)  # type: ignore[arg-type]


def test_what_is_no_frame_gives_columns() -> None:
    rows = [{"id": 5, "company": "山田製作所"}, {"id": 9, "company": "㈱山田製作所"}]
    policy = kaburi.Policy("kaburi-policy 1\nduplicate any any 0.01 never\n")
    found = kaburi.dedupe(rows, policy=policy)
    assert found.pairs["id_a"] == [5] and found.pairs["id_b"] == [9]
    assert found.clusters == {"cluster": [1, 1], "row": [0, 1], "id": [5, 9]}
    assert kaburi.dedupe([]).pairs["row_a"] == []


def test_progress_and_what_it_raises() -> None:
    steps: List[int] = []
    names = [f"第{number}山田製作所" for number in range(3000)]
    kaburi.dedupe({"company": names}, progress=steps.append)
    assert sum(steps) == 3000 and min(steps) > 0

    def stop(rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kaburi.dedupe({"company": names}, progress=stop)


def test_a_bad_row_is_named() -> None:
    with pytest.raises(kaburi.TextError, match="record 1: company: NUL at byte 0"):
        kaburi.dedupe({"company": ["a", "\0"]})
    rows = ({"company": f"第{number}製作所"} for number in range(10000))
    assert kaburi.dedupe(rows).stats.records == 10000


def sample() -> pandas.DataFrame:
    with gzip.open(SAMPLE, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return pandas.DataFrame(rows)


def read(path: Path) -> List[Dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_the_sample_as_the_command_line(tmp_path: Path) -> None:
    pairs_path, clusters_path = tmp_path / "pairs.tsv", tmp_path / "clusters.tsv"
    subprocess.run(
        [
            os.environ["KABURI_BENCH"],
            "dedupe",
            "--records",
            SAMPLE,
            "--out",
            pairs_path,
            "--clusters",
            clusters_path,
        ],
        check=True,
    )
    found = kaburi.dedupe(sample(), threads=2)
    cluster_of = dict(zip(found.clusters["id"], found.clusters["cluster"]))
    ours: List[Any] = []
    for pair in found.pairs.itertuples():
        a, b = cluster_of.get(pair.id_a), cluster_of.get(pair.id_b)
        cluster = str(a) if a is not None and a == b else "-"
        ours.append(
            [cluster, pair.id_a, pair.id_b, pair.probability, pair.verdict, pair.decision]
            + [set(pair.evidence.split(","))]
        )
    theirs: List[Any] = [
        [row["cluster"], row["a"], row["b"], row["probability"], row["verdict"], row["decision"]]
        + [set(row["evidence"].split(","))]
        for row in read(pairs_path)
    ]
    assert len(ours) == len(theirs) > 100
    for our, their in zip(ours, theirs):
        places = len(their[3].partition(".")[2])
        assert [*our[:3], f"{our[3]:.{places}f}", *our[4:]] == their
    clusters = [[int(row["cluster"]), row["id"]] for row in read(clusters_path)]
    assert found.clusters[["cluster", "id"]].values.tolist() == clusters
