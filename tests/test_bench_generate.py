#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kaburi-bench generate from outside: sets that hold what their truth says, records that are distinct, and the
same for one seed.

Usage: test_bench_generate.py KABURI_BENCH SAMPLE_FOLDER
"""
import collections
import gzip
import os
import re

import bench_case

SAMPLE = os.path.join(bench_case.SAMPLE, "opportunities.tsv.gz")


def table(text):
    return {row["id"]: row for row in bench_case.rows_of(text)}


def numbers(text):
    return [int(digits) for digits in re.findall(r"\d+", text)]


class Generate(bench_case.BenchCase):
    def generate(self, name, *options, records=SAMPLE, count="2000"):
        self.good("generate", "--records", records, "--count", count, "--set", self.path(name), *options)
        return [self.text(os.path.join(name, file)) for file in ("records.tsv", "queries.tsv", "truth.tsv")]

    def test_a_seed_gives_one_set(self):
        first = self.generate("a", "--seed", "5")
        self.assertEqual(first, self.generate("b", "--seed", "5"))
        self.assertNotEqual(first, self.generate("c", "--seed", "6"))

    def test_the_truth_holds(self):
        records, queries, truth = map(table, self.generate("set"))
        with gzip.open(SAMPLE, "rt", encoding="utf-8") as file:
            source = table(file.read())
        self.assertEqual(queries.keys(), truth.keys())
        self.assertEqual(len(queries), 2000)
        counted = collections.Counter(row["class"] for row in truth.values())
        self.assertEqual(set(counted), {"duplicate", "renewal", "parallel", "group", "new"})
        self.assertGreater(counted["duplicate"], 900)
        left_out = source.keys() - records.keys()
        self.assertEqual(len(left_out), counted["new"])
        self.assertFalse(records.keys() - source.keys())
        for query, told in truth.items():
            entered = queries[query]
            department, *kinds = told["note"].split("|")
            self.assertEqual(entered["department"], department)
            if told["class"] == "new":
                self.assertEqual(told["records"], "-")
                continue
            there = records[told["records"]]
            if told["class"] == "duplicate":
                self.assertEqual((there["company"], there["deal"]),
                                 (source[there["id"]]["company"], source[there["id"]]["deal"]))
                same = [entered[name] for name in ("company", "deal", "amount")] == [
                    there[name] for name in ("company", "deal", "amount")]
                self.assertEqual(same, kinds == ["same"])
            elif told["class"] == "renewal" or kinds[0] == "parallel":
                self.assertNotEqual(numbers(entered["deal"]), numbers(there["deal"]))
            elif kinds[0] == "sister":
                self.assertNotEqual(entered["company"], there["company"])

    def test_each_department_has_habits_of_its_own(self):
        _, queries, truth = map(table, self.generate("set"))
        seen = collections.defaultdict(collections.Counter)
        for told in truth.values():
            department, *kinds = told["note"].split("|")
            seen[department].update(kinds[-1].split("+"))
        with open(os.path.join(bench_case.SAMPLE, "habits.tsv"), encoding="utf-8") as file:
            habits = bench_case.rows_of(file.read())
        for row in habits:
            if row["department"] != "mix" and int(row["percent"]) >= 20 and row["change"] not in ("case", "cut"):
                self.assertGreater(seen[row["department"]][row["change"]], 0, row)
        self.assertTrue(any(query["deal"].startswith("【") for query in queries.values()))
        self.assertEqual(seen["marketing"]["honorific"], 0)
        self.assertTrue(any(re.search("[ｱ-ﾝ]", query["company"]) for query in queries.values()))

    def test_quality_measures_the_set(self):
        self.generate("set", count="1000")
        text = self.good("quality", "--set", self.path("set"))
        found = {line.split()[0]: float(line.split()[3]) for line in text.splitlines()
                 if line.split()[1:2] == ["any"]}
        self.assertGreater(found["duplicate"], 0.9)
        self.assertIn("duplicate alerts: precision", text)

    def test_names_alone_are_entered_again(self):
        names = "".join(f"{i}\t株式会社第{i}山田製作所\tダイ{i}ヤマダセイサクシヨ\n" for i in range(300))
        records = self.file("names.tsv", "id\tcompany\tcompany_reading\n" + names)
        _, queries, truth = map(table, self.generate("set", records=records, count="200"))
        self.assertEqual({row["class"] for row in truth.values()}, {"same", "group", "new"})
        self.assertTrue(any("kana" in row["note"] for row in truth.values()))
        self.assertTrue(any(row["company"].startswith("ダイ") for row in queries.values()))

    def test_grown_records_are_distinct_and_like_the_real_ones(self):
        grow = ("generate", "--records", SAMPLE, "--grow", "30000")
        text = self.good(*grow, "--seed", "3")
        self.assertEqual(text, self.good(*grow, "--seed", "3"))
        self.assertNotEqual(text, self.good(*grow, "--seed", "4"))
        rows = bench_case.rows_of(text)
        self.assertEqual(len({(row["company"], row["deal"]) for row in rows}), 30000)
        self.assertEqual(len({row["id"] for row in rows}), 30000)
        with gzip.open(SAMPLE, "rt", encoding="utf-8") as file:
            real = bench_case.rows_of(file.read())
        for name in ("company", "deal"):
            lengths = [sum(len(row[name]) for row in of) / len(of) for of in (rows, real)]
            self.assertAlmostEqual(lengths[0] / lengths[1], 1, delta=0.05)
        self.good("keys", "--records", self.file("grown.tsv", text))

    def test_too_few_records_are_told(self):
        few = self.file("few.tsv", "company\tdeal\n山田製作所\t保守更新\n青空電機\t基幹刷新\n")
        self.bad(3, ["few.tsv", "of 50 queries"], "generate", "--records", few, "--count", "50", "--set",
                 self.path("set"))
        self.assertEqual(os.listdir(self.path("set")), [])
        self.bad(3, ["few.tsv", "of 5000 distinct"], "generate", "--records", few, "--grow", "5000")

    def test_bad_usage_is_told(self):
        for options in ((), ("--count", "5"), ("--set", "x"), ("--count", "5", "--set", "x", "--grow", "5"),
                        ("--count", "5", "--set", "x", "--out", "y")):
            self.bad(2, ["either --count and --set, or --grow"], "generate", "--records", SAMPLE, *options)
        self.bad(2, ["--grow is 0"], "generate", "--records", SAMPLE, "--grow", "0")
        self.bad(5, ["no/such"], "generate", "--records", SAMPLE, "--count", "5", "--set", self.path("no/such"))


if __name__ == "__main__":
    bench_case.main()
