#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page that kaburi-bench tune writes: whole, with hostile names harmless, without network; its
figures those of the program, by node where it is there; its slider driven in headless Chromium, where
that is there. Exit code 77, which Meson shows as skipped, when neither is there and the rest passed.

Usage: test_report.py KABURI_BENCH SAMPLE_FOLDER FIGURES_JS
"""
import html.parser
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import browser
import labelled_pairs

BENCH, SAMPLE, FIGURES = "", "", ""
NODE = shutil.which("node") or shutil.which("nodejs")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NASTY = "</script><script>window.broken=1</script><img src=x onerror=window.broken=1>\"'&<!--"


class Elements(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.count = {}
        self.ids = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.count[tag] = self.count.get(tag, 0) + 1
        self.ids += [value for name, value in attributes if name == "id"]


def nasty_pairs():
    """Labelled pairs of which two are wrongly labelled and badly named."""
    rows = labelled_pairs.make(SAMPLE, 300)
    for label, deal in (("unrelated", "同じ案件 一式"), ("duplicate", "全く別の仕事")):
        rows.append([f"株式会社青空{NASTY}", "同じ案件 一式", "5", f"株式会社青空{NASTY}", deal + NASTY, "5", label, NASTY])
    return labelled_pairs.written(rows)


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = {name: os.path.join(cls.folder.name, name) for name in ("pairs.tsv", "report.html", "sweep.tsv")}
        with open(cls.path["pairs.tsv"], "w", encoding="utf-8") as file:
            file.write(nasty_pairs())
        cls.tune("--report", cls.path["report.html"], "--sweep", cls.path["sweep.tsv"], "--cost-miss", "3")
        with open(cls.path["report.html"], encoding="utf-8") as file:
            cls.page = file.read()
        cls.data = json.loads(cls.page.split('id="data">')[1].split("</script>")[0])

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def tune(cls, *options):
        subprocess.run([BENCH, "tune", "--pairs", cls.path["pairs.tsv"], "--bootstrap", "50", *options], check=True, timeout=300,
                       stdout=subprocess.DEVNULL)

    # ---- the file ----

    def test_names_do_not_become_markup(self):
        elements = Elements(self.page)
        self.assertEqual(elements.count["script"], 2)
        self.assertNotIn("img", elements.count)
        self.assertEqual(len(elements.ids), len(set(elements.ids)))
        shown = [one for one in self.data["alarms"] + self.data["misses"] if NASTY in one["a"]["company"]]
        self.assertTrue(shown)
        self.assertIn(NASTY, json.dumps(shown[0]["ja"], ensure_ascii=False).replace('\\"', '"'))

    def test_needs_nothing_else(self):
        bare = self.page.replace("http://www.w3.org/2000/svg", "")
        self.assertIsNone(re.search(r"https?://|url\(|@import|\bsrc=|\bfetch\(|innerHTML|document\.write",
                                    bare.split('<script type="application/json"')[0] + bare.split("</script>")[1]))

    def test_every_word_is_there_in_both_languages(self):
        script = self.page.split("</script>")[1]
        for name in re.findall(r'data-text="(\w+)"', self.page):
            self.assertEqual(len(re.findall(rf"\b{name}: \"", script)), 2, name)

    def test_holds_no_figures_where_nothing_is_labelled(self):
        bare, out = os.path.join(self.folder.name, "bare.tsv"), os.path.join(self.folder.name, "bare.html")
        with open(bare, "w", encoding="utf-8") as file:
            file.write(labelled_pairs.written(labelled_pairs.make(SAMPLE, 100), labelled_pairs.HEADER[:6]))
        self.tune("--pairs", bare, "--report", out)
        with open(out, encoding="utf-8") as file:
            data = json.loads(file.read().split('id="data">')[1].split("</script>")[0])
        self.assertEqual((data["steps"], data["alarms"], data["misses"]), ([], [], []))
        self.assertTrue(data["weights"])

    # ---- the page ----

    @unittest.skipUnless(NODE, "no node")
    def test_counts_as_the_program_does(self):
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "test_figures.js")
        result = subprocess.run([NODE, script, FIGURES, self.path["sweep.tsv"], self.path["report.html"], "3", "1",
                                 str(self.data["chosen"])], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual((result.returncode, result.stdout), (0, "ok\n"), result.stderr)

    @unittest.skipUnless(CHROMIUM, "no chromium")
    def test_counts_anew_when_the_slider_is_moved(self):
        page = browser.Browser(CHROMIUM, self.folder.name)
        self.addCleanup(page.close)
        page.open("file://" + self.path["report.html"])
        figure = "Number(document.querySelector('[data-figure={}] dd span').textContent.replaceAll(',', ''))"
        self.assertIsNone(page.ask("window.broken"))

        def shown():
            return [page.ask(figure.format(name)) for name in ("hits", "falseAlarms", "missed", "cost")]

        def expected(step):
            hits, alarms, misses = self.data["steps"][step][:3]
            return [hits, alarms, misses, 3 * misses + alarms]

        self.assertEqual(shown(), expected(self.data["chosen"]))
        page.ask("document.getElementById('threshold').focus()")
        page.press("Home", 36)
        self.assertEqual(page.ask("document.getElementById('threshold').value"), "0")
        self.assertEqual(shown(), expected(0))
        marker = "document.querySelector('#rates .marker').getAttribute('x1')"
        places = [page.ask(marker)]
        page.press("ArrowRight", 39, times=90)
        places.append(page.ask(marker))
        self.assertEqual(page.ask("document.getElementById('threshold-value').textContent"), "0.90")
        self.assertEqual(shown(), expected(90))
        self.assertGreater(float(places[1]), float(places[0]))
        page.ask("document.getElementById('cheapest').click()")
        self.assertEqual(shown(), expected(self.data["chosen"]))
        language = page.ask("document.documentElement.lang")
        title = page.ask("document.querySelector('h1').textContent")
        page.ask("document.getElementById('language').click()")
        self.assertEqual({language, page.ask("document.documentElement.lang")}, {"en", "ja"})
        self.assertNotEqual(page.ask("document.querySelector('h1').textContent"), title)
        self.assertEqual(page.ask("document.querySelectorAll('#alarms details, #misses details').length"),
                         len(self.data["alarms"]) + len(self.data["misses"]))
        self.assertEqual(page.ask("document.querySelectorAll('body img').length"), 0)
        page.picture(os.path.join(self.folder.name, "narrow.png"), 360, 640, dark=True)
        self.assertLessEqual(page.ask("document.documentElement.scrollWidth"), 360)
        self.assertEqual(page.complaints(), [])


if __name__ == "__main__":
    BENCH, SAMPLE, FIGURES = map(os.path.abspath, sys.argv[1:4])
    done = unittest.main(argv=sys.argv[:1], exit=False).result
    sys.exit(1 if not done.wasSuccessful() else 77 if NODE is None and CHROMIUM is None else 0)
