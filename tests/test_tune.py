#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kaburi-bench tune and dry-run from outside: what they learn of labelled pairs, what the files they
write do to the other verbs, and what bad input is told.

Usage: test_tune.py KABURI_BENCH SAMPLE_FOLDER
"""
import os
import re
import subprocess
import sys
import tempfile
import unittest

import labelled_pairs

BENCH, SAMPLE = "", ""


class Tune(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.rows = labelled_pairs.make(SAMPLE, 400)
        cls.pairs = cls.file("pairs.tsv", labelled_pairs.written(cls.rows))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def file(cls, name, content=None):
        path = os.path.join(cls.folder.name, name)
        if content is not None:
            with open(path, "wb") as file:
                file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def run_bench(self, *arguments):
        return subprocess.run([BENCH, *arguments], capture_output=True, timeout=300, check=False)

    def good(self, *arguments):
        if arguments[0] == "tune" and "--bootstrap" not in arguments:
            arguments += ("--bootstrap", "20")
        result = self.run_bench(*arguments)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        return result.stdout.decode()

    def bad(self, code, words, *arguments):
        result = self.run_bench(*arguments)
        message = result.stderr.decode()
        self.assertEqual(result.returncode, code, message)
        for word in words:
            self.assertIn(word, message)

    def figures(self, text, name):
        """threshold, precision, recall, F1 and calibration error of a line of the summary."""
        line = re.search(rf"^{name} .*$", text, re.M).group(0)[len(name):]
        numbers = re.sub(r"\([^)]*\)", " ", line).split()
        return dict(zip(("from", "precision", "recall", "f1", "error"), map(float, numbers)))

    def read(self, path):
        with open(path, encoding="utf-8") as file:
            return file.read()

    # ---- learning ----

    def test_learns_a_model_that_is_better_and_calibrated(self):
        text = self.good("tune", "--pairs", self.pairs)
        before, after = self.figures(text, "to begin with"), self.figures(text, "tuned")
        self.assertGreater(after["f1"], before["f1"] - 0.005)
        self.assertGreater(after["f1"], 0.9)
        self.assertLess(after["error"], 0.03)

    def test_learns_without_labels_nearly_as_well(self):
        by_labels = self.figures(self.good("tune", "--pairs", self.pairs), "tuned")
        without = self.good("tune", "--pairs", self.pairs, "--unlabelled")
        self.assertIn("learnt without labels", without)
        self.assertGreater(self.figures(without, "tuned")["f1"], by_labels["f1"] - 0.03)
        bare = self.file("bare.tsv", labelled_pairs.written(self.rows, labelled_pairs.HEADER[:6]))
        models = self.file("u1.txt"), self.file("u2.txt")
        self.good("tune", "--pairs", self.pairs, "--unlabelled", "--model", models[0])
        self.good("tune", "--pairs", bare, "--model", models[1])
        self.assertEqual(self.read(models[0]), self.read(models[1]))

    def test_takes_a_label_of_1_or_0(self):
        rows = [[*row[:6], "1" if row[6] == "duplicate" else "0", row[7]] for row in self.rows]
        path = self.file("binary.tsv", labelled_pairs.written(rows))
        self.assertGreater(self.figures(self.good("tune", "--pairs", path), "tuned")["f1"], 0.9)

    def test_gives_the_same_for_the_same_seed(self):
        outs = [self.good("tune", "--pairs", self.pairs, "--seed", seed) for seed in ("3", "3", "4")]
        self.assertEqual(outs[0], outs[1])
        self.assertNotEqual(outs[0], outs[2])

    # ---- what is written ----

    def test_writes_a_model_and_a_policy_that_the_other_verbs_take(self):
        model, policy, sweep = self.file("model.txt"), self.file("policy.txt"), self.file("sweep.tsv")
        self.good("tune", "--pairs", self.pairs, "--model", model, "--policy", policy, "--sweep", sweep,
                  "--cost-miss", "1", "--cost-alarm", "5")
        self.assertRegex(self.read(model), r"\Akaburi-model 2\n(.+\n)*isotonic ")
        threshold = re.search(r"^duplicate any any (\S+) ", self.read(policy), re.M).group(1)
        results = self.good("compare", "--pairs", self.pairs, "--model", model, "--policy", policy).splitlines()
        hits = alarms = 0
        for row, result in zip(self.rows, results[1:]):
            _, probability, verdict, decision, _ = result.split("\t")
            alert = verdict == "duplicate" and float(probability) >= float(threshold)
            self.assertEqual(decision != "allow", alert, result)
            hits += alert and row[6] == "duplicate"
            alarms += alert and row[6] != "duplicate"
        self.assertGreater(hits, 5 * alarms)
        lines = [line.split("\t") for line in self.read(sweep).splitlines()]
        self.assertEqual(len(lines), 102)
        costs = {line[0]: float(line[13]) for line in lines[1:]}
        self.assertEqual(costs[f"{float(threshold):.2f}"], min(costs.values()))

    def test_moves_the_threshold_with_the_prices(self):
        # Labels of people: one in ten is wrong, so that there is something to weigh.
        other = {"duplicate": "different", "different": "duplicate"}
        rows = [[*row[:6], other.get(row[6], row[6]) if i % 10 == 0 else row[6], row[7]]
                for i, row in enumerate(self.rows)]
        pairs = self.file("doubtful.tsv", labelled_pairs.written(rows))
        chosen = []
        for miss, alarm in (("20", "1"), ("1", "1"), ("1", "20")):
            text = self.good("tune", "--pairs", pairs, "--cost-miss", miss, "--cost-alarm", alarm)
            chosen.append(self.figures(text, "tuned, least cost")["from"])
        self.assertEqual(chosen, sorted(chosen))
        self.assertLess(chosen[0], chosen[2])

    def test_starts_from_the_files_given(self):
        start = self.file("start.txt", "kaburi-policy 1\nany any any never never\nduplicate open any 0.9 0.95\n")
        policy = self.file("out.txt")
        self.good("tune", "--pairs", self.pairs, "--from-policy", start, "--policy", policy)
        self.assertRegex(self.read(policy), r"duplicate any any never never\nduplicate open any 0\.\d+ 0\.95\n")
        model = self.file("start_model.txt", "kaburi-model 2\nweight domain same 0.5 0.03125\n")
        out = self.file("out_model.txt")
        self.good("tune", "--pairs", self.pairs, "--from-model", model, "--model", out)
        self.assertIn("weight domain same 0.5 0.03125\n", self.read(out))

    # ---- alerts ----

    def test_counts_alerts_per_hundred_creates(self):
        records = self.file("r.tsv", "id\tcompany\tdeal\tstage\tkind\n" + "".join(
            f"{i}\t株式会社青空{i}製作所\t基幹システム再構築{i}\topen\tlead\n" for i in range(40)))
        queries = self.file("q.tsv", "id\tcompany\tdeal\n" + "".join(
            f"{i}\t株式会社青空{i}製作所\t{'基幹システム再構築' + str(i) if i < 10 else '社員食堂の運営'}\n"
            for i in range(40)))
        both = ("--records", records, "--queries", queries)
        text = self.good("dry-run", *both)
        self.assertIn("creates\t40\nalerted per 100\t25.00\nblocked per 100\t0.00\n", text)
        self.assertIn("duplicate\topen\tlead\t10\t0\n", text)
        strict = self.file("strict.txt", "kaburi-policy 1\nduplicate open any 0.1 0.2\n")
        self.assertIn("alerted per 100\t0.00\nblocked per 100\t25.00\n",
                      self.good("dry-run", *both, "--policy", strict))
        sweep = self.file("alerts.tsv")
        self.good("tune", "--pairs", self.pairs, *both, "--sweep", sweep)
        alerts = [float(line.split("\t")[14]) for line in self.read(sweep).splitlines()[1:]]
        self.assertEqual(alerts, sorted(alerts, reverse=True))
        self.assertEqual(alerts[20], 25)
        self.bad(2, ["belong together"], "tune", "--pairs", self.pairs, "--records", records)

    # ---- what is refused ----

    def test_tells_where_pairs_are_bad(self):
        head = "company_a\tamount_a\tcompany_b\tlabel\n"
        for row, words in (("A\t1\tB\tyes\n", [":2: column 4: label \"yes\"", "duplicate"]),
                           ("A\tx\tB\t1\n", [":2: side a: amount \"x\" is not a whole number"]),
                           ("A\t1\t\t1\n", [":2: side b: "]),
                           ("A\t1\tB\t1\nA\t1\n", [":3: 2 cells; the header has 4"]),
                           (b"A\t1\t\xff\t1\n", [":2: side b: ", "UTF-8"]),
                           ("A\t1\tB\t1\n", ["1 duplicates among 1 labelled pairs"]),
                           ("A\t1\tB\t0\n", ["0 duplicates among 1 labelled pairs"]),
                           ("", ["no pairs"])):
            with self.subTest(row):
                content = head.encode() + (row if isinstance(row, bytes) else row.encode())
                self.bad(3, ["bad.tsv", *words], "tune", "--pairs", self.file("bad.tsv", content))
        self.bad(3, [":1: no column"], "tune", "--pairs", self.file("bad.tsv", "label\n1\n"))
        self.bad(5, ["none.tsv"], "tune", "--pairs", "none.tsv")
        path = self.file("bad.tsv", labelled_pairs.written(self.rows) + "a\tb\n")
        result = self.run_bench("tune", "--pairs", path, "--skip-bad-rows", "--bootstrap", "0")
        self.assertEqual((result.returncode, b"1 bad rows skipped" in result.stderr), (0, True))

    def test_refuses_what_cannot_be(self):
        for words, options in ((["--cost-miss is -1"], ("--cost-miss", "-1")), (["--cost-alarm is x"], ("--cost-alarm", "x")),
                               (["both 0"], ("--cost-miss", "0", "--cost-alarm", "0")),
                               (["--bootstrap"], ("--bootstrap", "100001")), (["--prior"], ("--prior", "0"))):
            with self.subTest(options):
                self.bad(2, words, "tune", "--pairs", self.pairs, *options)
        self.bad(3, ["not a policy file"], "tune", "--pairs", self.pairs, "--from-policy", self.pairs)
        self.bad(5, ["no/such"], "tune", "--pairs", self.pairs, "--bootstrap", "0", "--model", "no/such/folder")

    def test_takes_the_largest_numbers(self):
        row = "A\t9223372036854775806\tA\t{}\n"
        path = self.file("large.tsv", "company_a\tamount_a\tcompany_b\tlabel\n" + row.format(1) * 30 +
                         "A\t-1\t" + "B" * 16000 + "\t0\n")
        self.assertIn("31 pairs", self.good("tune", "--pairs", path))


if __name__ == "__main__":
    BENCH, SAMPLE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1])
