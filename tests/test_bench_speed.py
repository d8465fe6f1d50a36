#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kaburi-bench speed from outside: that every stage and way is measured, and that the figures hang together. No
time is expected of any.

Usage: test_bench_speed.py KABURI_BENCH SAMPLE_FOLDER
"""
import json

import bench_case

NAMES = ("山田", "青空", "鈴木", "東洋", "みどり", "北陸", "三栄", "大和", "Sakura", "Acme")
TRADES = ("製作所", "電機", "商事", "建設", "システム", "物流", "印刷", "Trading", "工業", "サービス")
DEALS = ("保守更新", "サーバ更改", "清掃業務", "機器賃貸借", "研修委託")
QUICK = ("--min-time", "0", "--repetitions", "2")


def records():
    rows = ["id\tcompany\tdeal"]
    for i in range(600):
        rows.append(f"r{i}\t株式会社{NAMES[i % 10]}{NAMES[i // 10 % 10]}{TRADES[i // 60 % 10]}\t"
                    f"{DEALS[i % 5]} {2020 + i % 7}年度")
    return "\n".join(rows) + "\n"


class Speed(bench_case.BenchCase):
    def setUp(self):
        super().setUp()
        self.records = self.file("records.tsv", records())

    def told(self, *options):
        """Median entries by name."""
        text = self.good("speed", "--records", self.records, *QUICK, "--format", "json", *options)
        report = json.loads(text)
        self.assertEqual(report["context"]["executable"], "kaburi-bench")
        self.assertIn("kernel", report["context"]["library"])
        for entry in report["benchmarks"]:
            self.assertEqual((entry["run_type"], entry["time_unit"]), ("aggregate", "ns"))
            self.assertEqual(entry["name"], f'{entry["run_name"]}_{entry["aggregate_name"]}')
        return {entry["run_name"]: entry for entry in report["benchmarks"] if entry["aggregate_name"] == "median"}

    def test_every_stage_and_way_is_measured(self):
        told = self.told("--oracle", "10", "--sizes", "200,600")
        for stage in ("fold/company", "fold/deal", "parse/company", "parse/deal", "read/record", "shingle/company",
                      "sketch/rarity", "sketch/minhash_scalar", "sketch/minhash_best", "keys/record", "keys/query",
                      "table/probe", "votes/query", "compare/prepare", "compare/glance", "compare/customer",
                      "compare/all", "model/judge"):
            self.assertGreater(told[stage]["real_time"], 0, stage)
        for sketch in ("rarity", "minhash"):
            for size in ("200", "600"):
                for way in ("fill", "build", "search_cold", "search", "search_two_threads", "insert", "remove",
                            "search_beside_writer", "merge", "search_merged", "recall"):
                    self.assertGreater(told[f"{sketch}/{size}/{way}"]["real_time"], 0, way)
                search = told[f"{sketch}/{size}/search"]
                self.assertLessEqual(search["p50_us"], search["p95_us"])
                self.assertLessEqual(search["p99_us"], search["p99_9_us"])
                self.assertLessEqual(search["cpu_p50_us"], search["cpu_p99_us"])
                self.assertGreaterEqual(search["candidates"], search["scored"])
                for built in ("fill", "build", "merge"):
                    entry = told[f"{sketch}/{size}/{built}"]
                    parts = sum(entry[name] for name in ("card_bytes", "id_bytes", "key_bytes"))
                    self.assertAlmostEqual(entry["bytes_per_record"] / parts, 1, places=5)
                recall = told[f"{sketch}/{size}/recall"]
                self.assertGreater(recall["recall_of_likely"], 0.9)
                self.assertGreater(recall["first_is_first"], 0.9)
                self.assertLessEqual(recall["recall_at_10"], recall["candidate_recall"] + 1e-9)
        self.assertEqual(told["rarity/600/search_two_threads"]["threads"], 2)
        self.assertGreater(told["rarity/600/search_beside_writer"]["writes_per_second"], 0)

    def test_a_filter_chooses(self):
        self.assertEqual(set(self.told("--filter", "^fold/|judge$")), {"fold/company", "fold/deal", "model/judge"})
        self.assertEqual(set(self.told("--filter", "rarity/600/build")), {"rarity/600/build"})
        self.assertEqual(self.told("--filter", "nothing"), {})

    def test_queries_of_a_file_are_asked(self):
        queries = self.file("queries.tsv", "company\tdeal\n" + "(株)山田鈴木製作所\t保守更新\n" * 7)
        told = self.told("--queries", queries, "--filter", "rarity/600/search$")
        self.assertEqual(told["rarity/600/search"]["iterations"], 7)

    def test_a_table_is_for_people(self):
        text = self.good("speed", "--records", self.records, *QUICK, "--filter", "fold/|build")
        lines = text.splitlines()
        self.assertIn("median ns", lines[0])
        self.assertTrue(any(line.startswith("fold/company ") for line in lines))
        self.assertTrue(any("bytes_per_record=" in line for line in lines))

    def test_bad_usage_is_told(self):
        for words, options in ((["--filter is ["], ("--filter", "[")), (["--format is xml"], ("--format", "xml")),
                               (["--min-time is x"], ("--min-time", "x")), (["--sizes has 0"], ("--sizes", "0")),
                               (["--sizes has 2000", "1..600"], ("--sizes", "2000")),
                               (["--repetitions is 0"], ("--repetitions", "0"))):
            self.bad(2, words, "speed", "--records", self.records, *options)
        bad = self.file("bad.tsv", "company\tdeal\nx\ty\n\t\n")
        self.bad(3, ["bad.tsv:3:", "neither company nor deal"], "speed", "--records", bad)
        self.bad(3, ["no records"], "speed", "--records", self.file("none.tsv", "company\n"))


if __name__ == "__main__":
    bench_case.main()
