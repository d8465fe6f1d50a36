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

import bench_case
from bench_case import BENCH, SAMPLE

RECORDS = ("id\tcompany\tdeal\tamount\n"
           "r1\t株式会社山田製作所\tERP保守更新 2024年度\t500\n"
           "r2\t山田製作所(株)\tERP保守更新 2023年度\t500\n"
           "r3\t東京青空電機株式会社\t基幹システム刷新\t\n")


class Bench(bench_case.BenchCase):
    def setUp(self):
        super().setUp()
        self.records = self.file("records.tsv", RECORDS)

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

    def test_a_file_against_itself_leaves_out_the_row_itself(self):
        lines = self.good("match", "--records", self.records, "--queries", self.records, "--except-self").splitlines()
        self.assertIn(["r1", "r2"], [[line.split("\t")[i] for i in (0, 2)] for line in lines[1:]])
        self.assertFalse([line for line in lines[1:] if line.split("\t")[0] == line.split("\t")[2]])

    def test_help_is_given_behind_a_verb_too(self):
        self.assertEqual(self.good("match", "--help"), self.good("--help"))

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

    def test_aliases_are_used_where_asked_for(self):
        names = self.file("names.tsv", "id\tcompany\nr1\t中部電力株式会社\nr2\t鈴木工務店\n")
        queries = self.file("queries.tsv", "id\tcompany\nq1\t中電\n")
        own = self.file("aliases.tsv", "name\talias\tkind\n鈴木工務店\t中電\tgroup\n")
        match = ("match", "--records", names, "--queries", queries)
        for table, expected in (((), []), (("--aliases", "default"), ["r1"]), (("--aliases", own), ["r2"])):
            rows = [line.split("\t") for line in self.good(*match, *table).splitlines()[1:]]
            self.assertEqual([row[2] for row in rows if "company:alias" in row[6]], expected)
        sides = ("--company", "中電", "--company", "中部電力")
        self.assertIn("略称", self.good("explain", *sides, "--lang", "ja", "--aliases", "default"))
        self.assertNotIn("略称", self.good("explain", *sides, "--lang", "ja"))
        pairs = self.file("pairs.tsv", "company_a\tcompany_b\n中電\t中部電力\n")
        self.assertIn("company:alias", self.good("compare", "--pairs", pairs, "--aliases", "default"))
        self.assertNotIn("company:alias", self.good("compare", "--pairs", pairs))
        bad = self.file("bad_aliases.tsv", "name\talias\tkind\na\tb\tfriend\n")
        self.bad(3, ["bad_aliases.tsv", "line 2", "friend"], *match, "--aliases", bad)
        self.bad(5, ["none.tsv"], *match, "--aliases", "none.tsv")
        self.bad(2, ["--aliases needs a value"], *match, "--aliases")

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

    def test_quality_reads_a_quoted_truth_for_both_sketches(self):
        self.file("queries.tsv", 'id,company\n"q""1",(株)山田製作所\n')
        self.file("truth.tsv", 'id,records,class,note\n"q""1","r1,r2",same,"a ""kind"""\n')
        text = self.good("quality", "--set", self.folder.name)
        self.assertIn('a "kind"', text)
        self.assertEqual([line.split()[1] for line in text.splitlines() if line.startswith(("rarity", "minhash"))],
                         ["1.0000", "1.0000"])

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
        model = self.file("m.txt", "kaburi-model 2\nweight company nonsense 1 1\n")
        self.bad(3, ["m.txt", "line 2"], "match", "--records", self.records, "--queries", self.records, "--model", model)
        self.bad(5, ["none.txt"], "compare", "--pairs", self.records, "--model", "none.txt")

    def test_a_policy_decides(self):
        pair = ("--company", "㈱山田製作所", "--deal", "ERP導入", "--company", "山田製作所", "--deal", "ERP導入")
        for rule, words in (("never never", "allow"), ("0 never", "alert"), ("0 0", "block")):
            policy = self.file("p.txt", f"kaburi-policy 1\nduplicate any any {rule}\n")
            self.assertIn(f", {words})", self.good("explain", *pair, "--policy", policy))
        policy = self.file("p.txt", "kaburi-policy 1\nduplicate any any 0.5 high\n")
        for verb in (("match", "--records", self.records, "--queries", self.records), ("compare", "--pairs", self.records),
                     ("explain", *pair), ("quality", "--set", "x"), ("demo",)):
            self.bad(3, ["p.txt", "policy line 2, column 23", "high"], *verb, "--policy", policy)
        self.bad(5, ["none.txt"], "compare", "--pairs", self.records, "--policy", "none.txt")

    def test_merge_advises(self):
        pair = ("--company", "㈱山田製作所", "--deal", "ERP導入", "--campaigns", "A,B", "--owner", "一課",
                "--company", "山田製作所", "--deal", "ERP導入", "--campaigns", "B;C", "--kind", "opportunity")
        text = self.good("merge", *pair, "--first-touch-a", "2024-04-10", "--created-b", "2024/5/1")
        for part in ("keep B, for its kind is further on: duplicate", "take over  owner: 一課", "campaigns: B, C, A",
                     "first touch: 2024-04-10 (A)"):
            self.assertIn(part, text)
        advice = json.loads(self.good("merge", *pair, "--json"))
        self.assertEqual((advice["keep"], advice["because"], advice["campaigns"]), ("b", "kind", ["B", "C", "A"]))
        self.bad(2, ["--created-a is 2024", "not a date"], "merge", *pair, "--created-a", "2024")
        self.bad(2, ["two deals"], "merge", "--company", "A")

    # ---- files of records, the rarer ways ----

    def files(self):
        return sorted(os.listdir(self.folder.name))

    def full(self, *arguments):
        with open("/dev/full", "wb") as full:
            return subprocess.run([BENCH, *arguments], stdout=full, stderr=subprocess.PIPE, check=False)

    def ids_and_names(self, content, *options):
        rows = self.good("normalize", "--records", self.file("r.csv", content), *options).splitlines()
        cells = [row.split("\t") for row in rows]
        return [(row[0], row[2]) for row in cells if row[1] == "company.folded"]

    def test_blank_lines_are_passed_over(self):
        for content in ("company\nABC\n\n\r\nDEF\n\n", "company,deal\nABC,\n\nDEF,\n\n"):
            self.assertEqual(self.ids_and_names(content), [("1", "abc"), ("2", "def")])

    def test_the_last_line_needs_no_end(self):
        self.assertEqual(self.ids_and_names("id,company\nk,ABC"), [("k", "abc")])

    def test_quoted_cells_end_with_carriage_returns(self):
        self.assertEqual(self.ids_and_names('id,company\r\nk,"ABC"\r\n'), [("k", "abc")])

    def test_encoding_may_be_named_in_capitals(self):
        self.assertEqual(self.ids_and_names("id,company\nk,ABC\n", "--encoding", "UTF-8"), [("k", "abc")])

    def test_a_header_alone_is_no_error(self):
        head = self.file("head.tsv", "id\tcompany\n")
        stats = os.path.join(self.folder.name, "stats.json")
        text = self.good("match", "--records", head, "--queries", head, "--stats", stats)
        self.assertEqual(text.count("\n"), 1)
        with open(stats, encoding="utf-8") as file:
            told = json.load(file)
        self.assertEqual((told["records"], told["queries"], told["p99_us"]), (0, 0, 0))

    def test_amounts_have_commas_and_dates_slashes(self):
        pairs = self.file("p.csv", "company_a,amount_a,close_date_a,company_b,amount_b,close_date_b\n"
                                   'A,"5,000,000",2024/2/29,A,5000000,2024-02-29\n')
        self.assertIn("amount:same", self.good("compare", "--pairs", pairs))

    def test_the_sample_finds_each_of_its_rows(self):
        with gzip.open(os.path.join(SAMPLE, "opportunities.tsv.gz"), "rb") as sample:
            path = self.file("sample.tsv", b"".join(sample.readlines()[:201]))
        lines = self.good("match", "--records", path, "--queries", path, "--top", "50").splitlines()[1:]
        found = [line.split("\t") for line in lines]
        best = {row[0]: row[3] for row in found if row[1] == "1"}
        own = {row[0]: row[3] for row in found if row[0] == row[2]}
        self.assertEqual(len(own), 200)
        self.assertEqual(own, best)

    def test_the_demo_judges_every_new_deal(self):
        for language in ("ja", "en"):
            parts = self.good("demo", "--lang", language).split("\n\n")[1:13]
            self.assertEqual([part.split(".")[0] for part in parts], [str(i) for i in range(1, 13)])
            for part in parts:
                self.assertRegex(part, r"\n  1 +[\d.]+ %  (duplicate|renewal|parallel|group|homonym) +"
                                       r"(allow|alert|block) |\n  nothing like it is stored: allow")

    # ---- bad input, the rarer ways ----

    def test_malformed_utf8_is_told_with_field_and_byte(self):
        self.bad_records(b"id\tcompany\nA\tok\nB\tab\xe3\x81\n", ":3: company: malformed UTF-8 at byte 2 (of another encoding? --encoding cp932)")
        self.bad_records(b"company\tdeal\nA\t\xc0\xaf\n", ":2: deal: malformed UTF-8 at byte 0")

    def test_a_binary_file_is_told(self):
        self.bad_records(bytes(range(256)) * 4, ":1: not a text file: NUL at byte 0")

    def test_a_byte_order_mark_alone_is_an_empty_file(self):
        self.bad_records(b"\xef\xbb\xbf", "the file is empty")

    def test_damaged_gzip_is_told(self):
        packed = bytearray(gzip.compress(b"company\nABC\n"))
        packed[-8] ^= 1
        self.bad_records(bytes(packed), "bad.tsv: ")

    def test_what_is_not_in_the_encoding_is_told_with_its_byte(self):
        path = self.file("s.tsv", b"company\nA\n\x8a\xff\xff\n")
        self.bad(3, [path + ":3: byte 10 of the file is not cp932"], "normalize", "--records", path,
                 "--encoding", "cp932")

    def test_lines_within_quotes_are_counted(self):
        self.bad_records('id,company\n1,"a\nb\nc"\n2\n', ":5: 1 cells; the header has 2")

    def test_a_text_behind_a_closing_quote_is_told(self):
        self.bad_records('id,company\n1,"A"B\n', ":2: something follows a closing quote")

    def test_a_row_without_names_is_told(self):
        self.bad_records("id\tcompany\tdeal\nA\t\t\n", ":2: record has neither company nor deal")

    def test_amounts_are_not_guessed(self):
        for cell in ("x", "1.5", "1,5", "1,,000", "1,0000", ",100", "5-", "-", "9" * 30, " 5"):
            self.bad_records(f'company,amount\nA,\nB,"{cell}"\n', f':3: amount "{cell}" is not a whole number')

    def test_dates_are_not_guessed(self):
        for cell in ("2023-02-29", "2024-13-01", "24-1-1", "tomorrow", "2024-1-1x", "2024-00-10", "+024-1-1",
                     "2024- 1-1", "0000-01-01"):
            self.bad_records(f"company,close_date\nA,\nB,{cell}\n",
                             f':3: close_date "{cell}" is not a date YYYY-MM-DD')

    def test_ids_that_no_line_can_hold_are_told(self):
        for cell, words in ((b'""', ":2: id is 0 bytes"), (b'"a\tb"', ":2: id: a control character at byte 1"),
                            (b'"a\nb"', ":2: id: a control character at byte 1"),
                            (b"ab\xff", ":2: id: malformed UTF-8 at byte 2")):
            self.bad_records(b"id,company\n" + cell + b",A\n", words)

    def test_messages_cut_no_character(self):
        self.bad_records("company\tamount\nA\t" + "あ" * 50 + "\n", 'amount "' + "あ" * 13 + '"')

    def test_the_bad_side_of_a_pair_is_named(self):
        for row, words in ((b"A\t\xff\t\t", "side b: company: malformed UTF-8 at byte 0"),
                           (b"\xff\tA\t\t", "side a: company: malformed UTF-8 at byte 0"),
                           (b"A\tA\t\tx", 'side b: amount "x" is not'), (b"A\tA\tx\t", 'side a: amount "x" is not'),
                           (b"A\t\t\t", "side b: record has neither company nor deal")):
            pairs = self.file("p.tsv", b"company_a\tcompany_b\tamount_a\tamount_b\n" + row)
            self.bad(3, [pairs + ":2: " + words], "compare", "--pairs", pairs)

    def test_pairs_need_both_sides(self):
        pairs = self.file("p.tsv", "company_a\tdeal_a\nA\tB\n")
        self.bad(3, [pairs + ":1: no column company_a or deal_a, or company_b"], "compare", "--pairs", pairs)

    def test_sets_are_checked(self):
        self.file("queries.tsv", "id\tcompany\nq1\tA\n")
        for truth, words in (("id\trecords\tclass\tnote\nq9\tr1\tduplicate\tx\n", ':2: no query has the id "q9"'),
                             ("id\trecords\tclass\tnote\nq1\tr1\n", ":2: 2 cells; the header has 4"),
                             ("id\trecords\tclass\n", ":1: columns id, records, class and note")):
            path = self.file("truth.tsv", truth)
            self.bad(3, [path + words], "quality", "--set", self.folder.name)
        os.unlink(path)
        self.bad(5, [path, "No such file"], "quality", "--set", self.folder.name)

    # ---- rows passed over ----

    def skipped(self, *arguments):
        """How many rows each file is said to lack, and what is written."""
        result = self.run_bench(*arguments, "--skip-bad-rows")
        self.assertEqual(result.returncode, 0, result.stderr)
        told = [line.split() for line in result.stderr.decode().splitlines()]
        return [(os.path.basename(line[1])[:-1], int(line[2])) for line in told], result.stdout.decode()

    def test_every_kind_of_bad_row_is_counted(self):
        path = self.file("r.csv", b'id,company,amount\nA,AB,\nB,BC\nC,CD,x\nA,again,\n,DE,\nD,\xff,\n'
                                  b'E,"EF"x,\nF,FG,7\n')
        told, text = self.skipped("normalize", "--records", path)
        self.assertEqual(told, [("r.csv", 6)])
        self.assertEqual({line.split("\t")[0] for line in text.splitlines()[1:]}, {"A", "F"})

    def test_of_records_with_one_id_the_first_stays(self):
        path = self.file("r.tsv", "id\tcompany\nA\tABC\nB\tXYZ\nA\tDEF\nC\tGHI\n")
        told, text = self.skipped("match", "--records", path, "--queries", path)
        self.assertEqual(told, [("r.tsv", 1), ("r.tsv", 1)])
        first = [line.split("\t")[::2][:2] for line in text.splitlines()[1:] if line.split("\t")[1] == "1"]
        self.assertEqual(first, [["A", "A"], ["B", "B"], ["C", "C"]])

    def test_skipped_pairs_keep_their_numbers(self):
        path = self.file("p.tsv", b"company_a\tcompany_b\nA\tB\nA\nA\t\xff\nC\tC\n")
        told, text = self.skipped("compare", "--pairs", path)
        self.assertEqual(told, [("p.tsv", 2)])
        self.assertEqual([line.split("\t")[0] for line in text.splitlines()], ["pair", "1", "4"])

    def test_quality_counts_skipped_rows_once(self):
        self.file("records.tsv", RECORDS.encode() + b"z\t\xff\t\t\n")
        self.file("queries.tsv", b"id\tcompany\nq1\tABC\nz\t\xff\ny\n")
        self.file("truth.tsv", "id\trecords\tclass\tnote\nq1\tr1\tduplicate\tx\ny\tr1\tduplicate\tx\n"
                               "z\tr1\tduplicate\tx\nq1\n")
        told, _ = self.skipped("quality", "--set", self.folder.name)
        self.assertEqual(told, [("records.tsv", 1), ("queries.tsv", 2), ("truth.tsv", 2)])

    def test_the_demo_counts_skipped_rows_once(self):
        path = self.file("r.tsv", b"id\tcompany\nA\tABC\nB\t\xff\n")
        told, _ = self.skipped("demo", "--records", path, "--queries", path)
        self.assertEqual(told, [("r.tsv", 1), ("r.tsv", 1)])

    # ---- output, the rarer ways ----

    def test_out_holds_what_stdout_would(self):
        out = os.path.join(self.folder.name, "out.tsv")
        run = ("match", "--records", self.records, "--queries", self.records)
        self.assertEqual(self.good(*run, "--out", out), "")
        with open(out, encoding="utf-8") as file:
            self.assertEqual(file.read(), self.good(*run))
        self.assertEqual(self.files(), ["out.tsv", "records.tsv"])

    def test_a_failed_run_leaves_the_old_output(self):
        kept = self.file("kept", "before")
        self.file("kept.partial", "somebody's")
        bad = self.file("bad.tsv", b"company_a\tcompany_b\nA\tB\nA\t\xff\n")
        before = self.files()
        self.bad(3, [bad + ":3: "], "compare", "--pairs", bad, "--out", kept)
        for name, content in (("kept", "before"), ("kept.partial", "somebody's")):
            with open(os.path.join(self.folder.name, name), encoding="utf-8") as file:
                self.assertEqual(file.read(), content)
        self.assertEqual(self.files(), before)

    def test_every_verb_tells_a_full_disk(self):
        pairs = self.file("p.tsv", "company_a\tcompany_b\nA\tB\n")
        one, both = ("--company", "A"), ("--records", self.records, "--queries", self.records)
        for run in (("match", *both), ("compare", "--pairs", pairs), ("demo", *both), ("keys", *one),
                    ("normalize", *one), ("explain", *one, *one), ("--help",), ("--version",)):
            result = self.full(*run)
            self.assertEqual(result.returncode, 5, run)
            self.assertIn(b"stdout: No space left on device", result.stderr)
        self.bad(5, ["/dev/full: No space"], "match", *both, "--stats", "/dev/full")

    def test_output_in_no_folder_is_told_by_its_name(self):
        self.bad(5, ["none/out: No such file"], "normalize", "--records", self.records, "--out", "none/out")

    # ---- usage, the rarer ways ----

    def test_every_verb_refuses_an_unknown_option(self):
        for verb in ("match", "compare", "dedupe", "explain", "normalize", "keys", "quality", "demo"):
            self.bad(2, ['no option "--tip" here'], verb, "--tip", "3")

    def test_numbers_out_of_range_are_told(self):
        for option, value, words in (("--top", "1001", "--top is 1001; allowed are 1..1000"),
                                     ("--top", "-1", "--top is -1, not a whole number"),
                                     ("--top", "9" * 30, "allowed are 1..1000"),
                                     ("--bands", "0", "bands is 0; allowed are 1..256"),
                                     ("--bands", "x", "--bands is x, not a whole number"),
                                     ("--rows", "2x", "--rows is 2x, not a whole number"),
                                     ("--scored-max", "4294967296", "--scored-max is 4294967296; allowed are")):
            self.bad(2, [words], "match", "--records", self.records, "--queries", self.records, option, value)

    def test_options_out_of_range_are_no_bad_rows(self):
        for verb in ("keys", "normalize"):
            self.bad(2, ["bands is 300; allowed are 1..256"], verb, "--records", self.records, "--bands", "300",
                     "--skip-bad-rows")

    def test_options_are_refused_before_files_are_read(self):
        self.bad(2, ["bands is 300"], "match", "--records", "none", "--queries", "none", "--bands", "300")

    def test_fields_are_checked_as_cells_are(self):
        self.bad(2, ['amount "1,5" is not a whole number'], "keys", "--company", "A", "--amount", "1,5")

    def test_records_or_fields_not_both(self):
        for arguments in ((), ("--records", self.records, "--company", "A")):
            self.bad(2, ["give either --records or --company"], "keys", *arguments)

    def test_help_lists_every_verb(self):
        words = self.good("--help")
        for verb in ("match", "compare", "dedupe", "explain", "normalize", "keys", "generate", "quality", "speed", "demo"):
            self.assertIn(f"\n  {verb} ", words)


if __name__ == "__main__":
    bench_case.main()
