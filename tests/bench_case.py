# SPDX-License-Identifier: Apache-2.0
"""What the tests of kaburi-bench share: a folder of their own, runs that must go well, runs that must not."""
import os
import subprocess
import sys
import tempfile
import unittest

BENCH = sys.argv[1] if len(sys.argv) > 1 else ""
SAMPLE = sys.argv[2] if len(sys.argv) > 2 else ""


class BenchCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def file(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return self.path(name)

    def text(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def run_bench(self, *arguments, **options):
        return subprocess.run([BENCH, *arguments], capture_output=True, timeout=240, check=False, **options)

    def good(self, *arguments):
        result = self.run_bench(*arguments)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        return result.stdout.decode()

    def rows(self, *arguments):
        """The rows of a TSV on stdout, each as a dict."""
        return rows_of(self.good(*arguments))

    def bad(self, code, words, *arguments):
        result = self.run_bench(*arguments)
        message = result.stderr.decode()
        self.assertEqual(result.returncode, code, message)
        for word in words:
            self.assertIn(word, message)


def rows_of(text):
    lines = [line.split("\t") for line in text.splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def main():
    """Arguments behind the bench and the sample folder are unittest's."""
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
