#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kaburi-bench dedupe from outside: pairs, clusters, figures, options and bad input.

Usage: test_bench_dedupe.py KABURI_BENCH SAMPLE_FOLDER
"""
import collections
import gzip
import json
import os

import bench_case

RECORDS = ("id\tcompany\tdeal\n"
           "a\t株式会社山田製作所\tERP保守契約 上期\n"
           "b\t東京青空電機株式会社\t会計システム更改\n"
           "c\t㈱山田製作所\t【展示会】ERPの保守契約\n"
           "d\t東京青空電機\t会計システムのリプレース\n"
           "e\t(株)山田製作所\tERP保守契約 下期\n"
           "f\t三菱重工業\t監視カメラ設置工事\n"
           "g\t東京青空電機\t会計システムのリプレース\n")


class Dedupe(bench_case.BenchCase):
    def setUp(self):
        super().setUp()
        self.records = self.file("records.tsv", RECORDS)

    def pairs(self, *options):
        return self.rows("dedupe", "--records", self.records, *options)

    def clusters(self):
        """id -> the ids it is with."""
        together = collections.defaultdict(set)
        for row in bench_case.rows_of(self.text("clusters.tsv")):
            together[row["cluster"]].add(row["id"])
        for row in bench_case.rows_of(self.text("clusters.tsv")):
            self.assertEqual(int(row["size"]), len(together[row["cluster"]]))
        return {row: ids for ids in together.values() for row in ids}

    def test_pairs_and_clusters(self):
        pairs = self.pairs("--clusters", self.path("clusters.tsv"))
        self.assertEqual(list(pairs[0]), ["cluster", "a", "b", "probability", "verdict", "decision", "evidence"])
        self.assertEqual({(row["a"], row["b"]) for row in pairs},
                         {("a", "c"), ("c", "e"), ("b", "d"), ("b", "g"), ("d", "g")})
        for row in pairs:
            self.assertEqual(row["verdict"], "duplicate")
            self.assertIn(row["decision"], ("alert", "block"))
            self.assertIn("company:", row["evidence"])
        clusters = self.clusters()
        self.assertEqual(clusters["b"], {"b", "d", "g"})
        # c is a duplicate of a and of e, which are a renewal of each other: it goes to one of them.
        self.assertEqual(len(clusters["c"] & {"a", "e"}), 1)
        parted = [row for row in pairs if row["cluster"] == "-"]
        self.assertEqual(len(parted), 1)
        self.assertEqual({parted[0]["a"], parted[0]["b"]} - clusters["c"], {"a", "e"} - clusters["c"])
        self.assertNotIn("f", clusters)

    def test_pairs_say_what_compare_says(self):
        records = {row["id"]: row for row in bench_case.rows_of(RECORDS)}
        pairs = self.pairs()
        lines = ["company_a\tdeal_a\tcompany_b\tdeal_b"]
        for row in pairs:
            a, b = records[row["a"]], records[row["b"]]
            lines.append("\t".join([a["company"], a["deal"], b["company"], b["deal"]]))
        judged = self.rows("compare", "--pairs", self.file("pairs.tsv", "\n".join(lines) + "\n"))
        for row, told in zip(pairs, judged, strict=True):
            for name in ("probability", "verdict", "decision", "evidence"):
                self.assertEqual(row[name], told[name])

    def test_threads_change_nothing(self):
        with gzip.open(os.path.join(bench_case.SAMPLE, "opportunities.tsv.gz"), "rt", encoding="utf-8") as file:
            sample = self.file("sample.tsv", "".join(file.readlines()[:5001]))
        results = set()
        for threads in ("1", "2", "5"):
            run = self.run_bench("dedupe", "--records", sample, "--threads", threads,
                                 "--clusters", self.path("clusters.tsv"), "--stats", self.path("stats.json"))
            self.assertEqual(run.returncode, 0)
            results.add((run.stdout, self.text("clusters.tsv")))
            stats = json.loads(self.text("stats.json"))
            self.assertEqual(stats["threads"], int(threads))
        self.assertEqual(len(results), 1)
        clusters = self.clusters()
        self.assertEqual((stats["records"], stats["clustered_records"]), (5000, len(clusters)))
        self.assertEqual(stats["pairs"], run.stdout.count(b"\n") - 1)
        self.assertGreater(len(clusters), 200)

    def test_decisions_and_verdicts_choose_the_pairs(self):
        alerted = self.pairs()
        blocked = self.pairs("--decision", "block")
        self.assertTrue(all(row["decision"] == "block" for row in blocked))
        self.assertLess(len(blocked), len(alerted))
        with_renewals = self.pairs("--verdict", "renewal")
        more = [row for row in with_renewals if row["verdict"] == "renewal"]
        self.assertEqual([(row["a"], row["b"], row["cluster"]) for row in more], [("a", "e", "-")])
        self.assertEqual([row for row in with_renewals if row not in more], alerted)

    def test_aliases_and_policies_are_used(self):
        names = self.file("names.tsv", "company\n中部電力株式会社\n中電\n")
        rows = self.rows("dedupe", "--records", names, "--aliases", "default", "--decision", "allow",
                         "--verdict", "group,parallel,unrelated")
        self.assertIn("company:alias", rows[0]["evidence"])
        policy = self.file("p.txt", "kaburi-policy 1\nduplicate any any never never\n")
        self.assertEqual(self.pairs("--policy", policy), [])

    def test_limits_are_told(self):
        many = "".join(f"{i}\t株式会社山田製作所\t保守更新 第{i}期\n" for i in range(1, 60))
        records = self.file("many.tsv", "id\tcompany\tdeal\n" + many)
        run = self.run_bench("dedupe", "--records", records, "--postings-max", "16",
                             "--stats", self.path("stats.json"))
        self.assertEqual(run.returncode, 0)
        self.assertIn("read in part (--postings-max)", run.stderr.decode())
        self.assertGreater(json.loads(self.text("stats.json"))["capped_records"], 0)
        equal = self.file("equal.tsv", "company\tdeal\n" + "株式会社山田製作所\t保守更新\n" * 30)
        run = self.run_bench("dedupe", "--records", equal, "--partners-max", "5")
        self.assertIn("30 records have 5 partners or more", run.stderr.decode())
        self.assertEqual(run.stdout.count(b"\n"), 30)

    def test_bad_input_is_told(self):
        bad = self.file("bad.tsv", RECORDS + "h\t\t\n")
        self.bad(3, ["bad.tsv:9:", "neither company nor deal"], "dedupe", "--records", bad)
        run = self.run_bench("dedupe", "--records", bad, "--skip-bad-rows")
        self.assertEqual(run.returncode, 0)
        self.assertIn("1 bad row", run.stderr.decode())
        self.assertEqual(run.stdout.decode(), self.good("dedupe", "--records", self.records))
        for words, options in ((["--threads is 0", "1..64"], ("--threads", "0")),
                               (["--partners-max is 0", "1..1000"], ("--partners-max", "0")),
                               (["--cluster-max is 1", "2..65536"], ("--cluster-max", "1")),
                               (["--decision is maybe", "allow, alert, block"], ("--decision", "maybe")),
                               (["--verdict has friend"], ("--verdict", "renewal,friend"))):
            self.bad(2, words, "dedupe", "--records", self.records, *options)
        self.bad(2, ["--records is missing"], "dedupe")
        self.bad(5, ["No space"], "dedupe", "--records", self.records, "--clusters", "/dev/full")


if __name__ == "__main__":
    bench_case.main()
