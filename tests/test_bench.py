#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kaburi-bench from outside: formats of input, results, exit codes, and what bad input is told.

Usage: test_bench.py KABURI_BENCH SAMPLE_FOLDER
"""
import gzip
import json
import os
import pty
import subprocess
import sys
import tempfile
import unittest

BENCH, SAMPLE = "", ""
RECORDS = ("id\tcompany\tdeal\tamount\n"
           "r1\t株式会社山田製作所\tERP保守更新 2024年度\t500\n"
           "r2\t山田製作所(株)\tERP保守更新 2023年度\t500\n"
           "r3\t東京青空電機株式会社\t基幹システム刷新\t\n")


class Bench(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.records = self.file("records.tsv", RECORDS)

    def file(self, name, content):
        path = os.path.join(self.folder.name, name)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def run_bench(self, *arguments, **options):
        return subprocess.run([BENCH, *arguments], capture_output=True, timeout=120, check=False, **options)

    def good(self, *arguments):
        result = self.run_bench(*arguments)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        return result.stdout.decode()

    def bad(self, code, words, *arguments):
        result = self.run_bench(*arguments)
        message = result.stderr.decode()
        self.assertEqual(result.returncode, code, message)
        for word in words:
            self.assertIn(word, message)

    def bad_records(self, content, *words):
        path = self.file("bad.tsv", content)
        self.bad(3, ["bad.tsv", *words], "match", "--records", path, "--queries", self.records)

    # ---- results ----

    def test_match_finds_each_record_first(self):
        lines = self.good("match", "--records", self.records, "--queries", self.records).splitlines()
        self.assertEqual(lines[0], "query\trank\tid\tprobability\tverdict\tdecision\tevidence")
        first = {line.split("\t")[0]: line.split("\t") for line in reversed(lines[1:])}
        self.assertEqual({query: row[2] for query, row in first.items()}, {"r1": "r1", "r2": "r2", "r3": "r3"})
        self.assertEqual(first["r1"][4], "duplicate")
        self.assertNotEqual(first["r1"][5], "allow")

    def test_top_bounds_the_matches(self):
        lines = self.good("match", "--records", self.records, "--queries", self.records, "--top", "1").splitlines()
        self.assertEqual(len(lines), 4)

    def test_stats_are_json(self):
        stats = os.path.join(self.folder.name, "stats.json")
        self.good("match", "--records", self.records, "--queries", self.records, "--stats", stats)
        with open(stats, encoding="utf-8") as file:
            told = json.load(file)
        self.assertEqual((told["records"], told["queries"]), (3, 3))
        self.assertGreater(told["bytes_per_record"], 0)

    def test_formats_of_input_give_the_same(self):
        wanted = self.good("match", "--records", self.records, "--queries", self.records)
        quoted = RECORDS.replace("\t", ",").replace("ERP保守更新 2024年度", '"ERP保守更新 2024年度"')
        moved = "\n".join("\t".join([line.split("\t")[i] for i in (3, 2, 0, 1)] + ["x"])
                          for line in RECORDS.splitlines())
        for name, content in (("a.csv", quoted), ("b.tsv", RECORDS.replace("\n", "\r\n")),
                              ("c.tsv", b"\xef\xbb\xbf" + RECORDS.encode()), ("d.tsv.gz", gzip.compress(RECORDS.encode())),
                              ("e.tsv", moved), ("f.tsv", RECORDS + "\n\n")):
            with self.subTest(name):
                path = self.file(name, content)
                self.assertEqual(self.good("match", "--records", path, "--queries", self.records), wanted)
        path = self.file("sjis.tsv", RECORDS.encode("cp932"))
        self.assertEqual(self.good("match", "--records", path, "--queries", path, "--encoding", "cp932"), wanted)

    def test_a_quoted_cell_holds_quotes_commas_and_lines(self):
        path = self.file("q.csv", 'company,deal\n"山田 ""製作所""","a,b\nc"\n')
        self.assertIn("deal.strict\ta,b c", self.good("normalize", "--records", path))

    def test_rows_without_id_are_numbered(self):
        path = self.file("n.tsv", "company\n山田製作所\n青空電機\n")
        self.assertIn("\n2\t1\t2\t", self.good("match", "--records", path, "--queries", path))

    def test_compare_says_what_explain_says(self):
        path = self.file("p.tsv", "id\tcompany_a\tdeal_a\tcompany_b\tdeal_b\n"
                                  "p\t㈱山田製作所\tERP導入\t山田製作所\tERP導入\n")
        row = self.good("compare", "--pairs", path).splitlines()[1].split("\t")
        sides = ["--company", "㈱山田製作所", "--deal", "ERP導入", "--company", "山田製作所", "--deal", "ERP導入"]
        told = json.loads(self.good("explain", *sides, "--json"))
        self.assertEqual((row[0], row[2]), ("p", told["verdict"]))
        self.assertAlmostEqual(float(row[1]), told["probability"], places=5)
        self.assertIn("判定: 重複", self.good("explain", *sides, "--lang", "ja"))
        self.assertIn("verdict: duplicate", self.good("explain", *sides))

    def test_keys_of_two_spellings_meet(self):
        keys = [set(self.good("keys", "--company", name).split()) for name in ("㈱山田製作所", "山田製作所 御中")]
        self.assertTrue(keys[0] & keys[1])
        rows = self.good("keys", "--records", self.records).splitlines()
        self.assertEqual(rows[0], "id\tkey")
        self.assertTrue(any(row.startswith("r3\t") for row in rows))

    def test_quality_counts(self):
        self.file("queries.tsv", "id\tcompany\tdeal\nq1\t(株)山田製作所\tERP保守更新 2024年度\nq2\t無名商会\t清掃\n")
        self.file("truth.tsv", "id\trecords\tclass\tnote\nq1\tr1\tduplicate\tform\nq2\t-\tnew\tnew\n")
        text = self.good("quality", "--set", self.folder.name)
        row = next(line.split() for line in text.splitlines() if line.startswith("duplicate "))
        self.assertEqual(row[2:6], ["1", "1.0000", "1.0000", "1.0000"])
        self.assertIn("precision 1.0000 recall 1.0000 F1 1.0000", text)
        self.assertTrue("rarity" in text and "minhash" in text)

    def test_demo_shows_the_sample(self):
        for language, word in (("en", "the same company name"), ("ja", "会社名が一致")):
            text = self.good("demo", "--lang", language)
            self.assertEqual(sum(text.count(f"\n{i}. ") for i in range(1, 13)), 12)
            self.assertIn(word, text)
            self.assertIn("20000 records indexed", text)
        self.assertTrue(os.path.exists(os.path.join(SAMPLE, "opportunities.tsv.gz")))

    # ---- output ----

    def test_a_result_appears_whole_or_not_at_all(self):
        out = os.path.join(self.folder.name, "out.tsv")
        bad = self.file("bad.tsv", RECORDS + "r4\tx\n")
        self.bad(3, ["bad.tsv:5"], "normalize", "--records", bad, "--out", out)
        self.assertFalse(os.path.exists(out) or os.path.exists(out + ".partial"))
        self.good("normalize", "--records", self.records, "--out", out)
        self.assertFalse(os.path.exists(out + ".partial"))
        self.assertTrue(os.path.exists(out))

    def test_a_full_disk_is_an_error(self):
        self.bad(5, ["/dev/full", "No space"], "normalize", "--records", self.records, "--out", "/dev/full")
        with open("/dev/full", "wb") as full:
            result = subprocess.run([BENCH, "normalize", "--records", self.records], stdout=full,
                                    stderr=subprocess.PIPE, check=False)
        self.assertEqual(result.returncode, 5)

    def test_progress_is_for_terminals(self):
        many = self.file("many.tsv", "company\n" + "".join(f"会社{i}商事\n" for i in range(60000)))
        arguments = [BENCH, "match", "--records", many, "--queries", self.records]
        self.assertEqual(subprocess.run(arguments, capture_output=True, check=True).stderr, b"")
        master, slave = pty.openpty()
        with subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=slave) as process:
            os.close(slave)
            seen = b""
            try:
                while chunk := os.read(master, 4096):
                    seen += chunk
            except OSError:
                pass  # the terminal is gone with the process
            self.assertEqual(process.wait(), 0)
        os.close(master)
        self.assertIn(b"\r", seen)

    # ---- bad input ----

    def test_bad_files_are_told(self):
        self.bad(5, ["none.tsv", "No such file"], "match", "--records", "none.tsv", "--queries", self.records)
        self.bad(5, ["directory"], "match", "--records", self.folder.name, "--queries", self.records)
        self.bad_records("", "empty")
        self.bad_records("id\tcompany\nr\ta\0b\n", ":2:", "NUL")
        self.bad_records("id\tname\nr\tx\n", "no column company or deal")
        self.bad_records("company\tcompany\nr\tx\n", "twice")
        self.bad_records(gzip.compress(RECORDS.encode() * 50)[:-20])
        sjis = self.file("sjis.tsv", b"company\nab\n\x81\n")
        self.bad(3, ["sjis.tsv:3"], "normalize", "--records", sjis, "--encoding", "cp932")
        self.bad(2, ["no encoding"], "normalize", "--records", sjis, "--encoding", "klingon")

    def test_bad_rows_are_told(self):
        head = "id\tcompany\tamount\tclose_date\tstage\tkind\tcorporate_number\n"
        for row, word in (("r\tx\n", "2 cells"), ("r" + "\tx" * 7 + "\n", "8 cells"),
                          ("r\tx\t1x\t\t\t\t\n", "amount"), ("r\tx\t\t2024-02-30\t\t\t\n", "close_date"),
                          ("r\tx\t\t\tmaybe\t\t\n", "stage"), ("r\tx\t\t\t\tdeal\t\n", "kind"),
                          ("r\tx\t\t\t\t\t1234567890123\n", "corporate_number"),
                          ("r\t\u200b\t\t\t\t\t\n", "empty after folding"),
                          ("r\t" + "あ" * 400000 + "\t\t\t\t\t\n", "company"),
                          (b"r\tab\xff\t\t\t\t\t\n", "company")):
            with self.subTest(word):
                self.bad_records(head.encode() + (row if isinstance(row, bytes) else row.encode()), ":2:", word)
        self.bad_records("id\tcompany\nr\tx\nr\ty\n", ":3:", 'id "r" is on line 2')
        self.bad_records('company,deal\n"x,y\n', "never closed")

    def test_bad_rows_can_be_skipped(self):
        path = self.file("some.tsv", RECORDS + "r4\tx\n" + "r5\tx\ty\tz\n")
        result = self.run_bench("match", "--records", path, "--queries", self.records, "--skip-bad-rows")
        self.assertEqual(result.returncode, 0)
        self.assertIn("2 bad rows skipped", result.stderr.decode())

    def test_bad_usage_is_told(self):
        both = ("--records", self.records, "--queries", self.records)
        for words, arguments in ((["--records is missing"], ("match",)), (["--nope"], ("match", "--nope")),
                                 (["needs a value"], ("match", "--records")), (["no verb"], ("mtach",)),
                                 (["--top is 0", "1..1000"], ("match", *both, "--top", "0")),
                                 (["bands is 300", "1..256"], ("match", *both, "--bands", "300")),
                                 (["--sketch is x"], ("match", *both, "--sketch", "x")),
                                 (["--lang is fr"], ("explain", "--company", "a", "--company", "b", "--lang", "fr")),
                                 (["two deals"], ("explain", "--company", "a")),
                                 (["too often"], ("normalize", "--company", "a", "--company", "b"))):
            with self.subTest(arguments):
                self.bad(2, words, *arguments)
        self.bad(2, ["usage"])

    def test_bad_models_are_told(self):
        model = self.file("m.txt", "kaburi-model 1\nweight company nonsense 1 1\n")
        self.bad(3, ["m.txt", "line 2"], "match", "--records", self.records, "--queries", self.records, "--model", model)
        self.bad(5, ["none.txt"], "compare", "--pairs", self.records, "--model", "none.txt")


if __name__ == "__main__":
    BENCH, SAMPLE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1])
