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

    def test_texts_that_do_not_fit_a_line_are_bad_rows(self):
        good = "".join(f"{i},第{i}山田製作所,基幹刷新{i}\n" for i in range(60))
        for name, row, problem in (("tab.csv", '60,"山田\t製作所",保守', "company: a control character at byte 6"),
                                   ("newline.csv", '60,青空電機,"保守\n更新"', "deal: a control character at byte 6"),
                                   ("long.csv", f"60,{'山' * 400000},保守", "company is 1200000 bytes long"),
                                   ("long_deal.csv", f"60,青空電機,{'保' * 6000}", "deal is 18000 bytes long"),
                                   ("cut.csv", b"60,\xe5\xb1,x", "company: malformed UTF-8 at byte 0")):
            row = row if isinstance(row, bytes) else row.encode()
            records = self.file(name, b"id,company,deal\n" + good.encode() + row + b"\n")
            verbs = (("--grow", "3000", "--out", self.path("grown.tsv")), ("--count", "5", "--set", self.path("set")))
            for verb in verbs:
                run = ("generate", "--records", records, *verb)
                self.bad(3, [name + ":62: " + problem], *run)
                result = self.run_bench(*run, "--skip-bad-rows")
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertIn(b"1 bad row", result.stderr)
            self.assertEqual(len(bench_case.rows_of(self.text("grown.tsv"))), 3000)
            self.assertLessEqual(len(bench_case.rows_of(self.text("set/records.tsv"))), 60)
            os.remove(self.path("grown.tsv"))

    def test_no_file_of_a_set_appears_without_the_others(self):
        os.mkdir(self.path("set"))
        os.symlink("/dev/full", self.path("set/truth.tsv"))
        self.bad(5, ["truth.tsv"], "generate", "--records", SAMPLE, "--count", "5", "--set", self.path("set"))
        self.assertEqual(os.listdir(self.path("set")), ["truth.tsv"])

    def test_bad_usage_is_told(self):
        for options in ((), ("--count", "5"), ("--set", "x"), ("--count", "5", "--set", "x", "--grow", "5"),
                        ("--count", "5", "--set", "x", "--out", "y")):
            self.bad(2, ["either --count and --set, or --grow"], "generate", "--records", SAMPLE, *options)
        self.bad(2, ["--grow is 0"], "generate", "--records", SAMPLE, "--grow", "0")
        self.bad(5, ["no/such"], "generate", "--records", SAMPLE, "--count", "5", "--set", self.path("no/such"))


if __name__ == "__main__":
    bench_case.main()
