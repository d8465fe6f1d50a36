#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench/peers/compare.py: that a peer answers the same queries as kaburi, that figures are written for both, and
that one which is not installed is passed over with a word.

Usage: test_bench_peers.py KABURI_BENCH SAMPLE_FOLDER
"""
import importlib.util
import os
import subprocess
import sys

import bench_case

COMPARE = os.path.join(bench_case.SAMPLE, "..", "peers", "compare.py")
NAMES = ("山田", "青空", "鈴木", "東洋", "北陸", "三栄", "大和", "桜井", "松本", "Acme")
TRADES = ("製作所", "電機工業", "商事", "建設", "システムズ", "物流", "印刷", "Trading", "工務店", "サービス")


class Peers(bench_case.BenchCase):
    def setUp(self):
        super().setUp()
        rows = "".join(f"{i}\t株式会社{NAMES[i % 10]}{NAMES[i // 10 % 10]}{TRADES[i // 100]}\n" for i in range(1000))
        self.good("generate", "--records", self.file("names.tsv", "id\tcompany\n" + rows), "--count", "100",
                  "--set", self.path("set"))

    def compare(self, *options):
        return subprocess.run([sys.executable, COMPARE, bench_case.BENCH, self.path("set"), "--queries", "30",
                               "--rounds", "1", *options], capture_output=True, encoding="utf-8", timeout=240,
                              check=False)

    def test_a_peer_and_kaburi_are_told_side_by_side(self):
        run = self.compare("--only", "SQLite")
        self.assertEqual(run.returncode, 0, run.stderr)
        rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in run.stdout.splitlines()
                if line.startswith("| ")]
        self.assertEqual([row[:3] for row in rows[1:]], [["kaburi", "raw", "30"], ["SQLite FTS5 trigram", "NFKC", "30"],
                                                         ["SQLite FTS5 trigram", "key", "30"]])
        for row in rows[1:]:
            recall, p50, p99 = (float(cell) for cell in row[3:6])
            self.assertGreater(recall, 0.5)
            self.assertGreaterEqual(p99, p50)
        self.assertGreater(float(rows[1][3]), 0.9)

    def test_a_peer_that_is_not_there_is_passed_over(self):
        if importlib.util.find_spec("rapidfuzz") is not None:
            self.skipTest("RapidFuzz is installed")
        run = self.compare("--only", "RapidFuzz")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("RapidFuzz ratio (key) is left out", run.stderr)
        self.assertIn("| kaburi | raw |", run.stdout)


if __name__ == "__main__":
    bench_case.main()
