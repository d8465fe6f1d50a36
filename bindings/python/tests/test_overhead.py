# SPDX-License-Identifier: Apache-2.0
"""bench/bindings.py: that it measures both ways on the same rows. No time is expected of either."""

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[3]
BENCH = os.environ.get("KABURI_BENCH", "")


@pytest.mark.skipif(not BENCH, reason="KABURI_BENCH names no bench")
def test_every_way_is_told() -> None:
    sample = str(ROOT / "bench" / "data" / "opportunities.tsv.gz")
    build = str(pathlib.Path(BENCH).parents[1])
    few = ["--rounds", "1", "--records-max", "300", "--queries-max", "500"]
    ran = subprocess.run(
        [sys.executable, str(ROOT / "bench" / "bindings.py"), build, sample, sample, *few],
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    assert lines[0] == "300 records, 500 queries, 1 rounds"
    told = {line[:32].strip(): float(line[32:].split()[0]) for line in lines[1:]}
    assert {"search_many / C", "two threads", "add_many, pandas / C"} < set(told)
    assert all(ratio > 0 for way, ratio in told.items() if way != "one search, above the library")
