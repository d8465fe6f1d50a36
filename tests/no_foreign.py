#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the sources do without: paths of one machine; in the library also memory that is not the
allocator's, output, ways to end the process, global state, and whatever depends on locale,
environment or clock.

Usage: no_foreign.py root
"""
import pathlib
import re
import shutil
import subprocess
import sys


def call(*names):
    return r"(?<![\w.>])(?:" + "|".join(names) + r")\s*\("


# What, as a pattern of code without comments and strings, and the files that may.
FORBIDDEN = [
    ("memory that is not the allocator's (base.h)",
     call("malloc", "calloc", "realloc", "free", "strdup", "strndup", "asprintf", "alloca"),
     {"base.c"}),
    ("text written past base and bytes", call("v?sn?printf"), {"base.c", "bytes.c"}),
    ("output", call("v?f?printf", "f?puts", "f?putc", "putchar", "fwrite", "perror") +
     r"|\bstd(?:out|err)\b", set()),
    ("an end of the process", call("abort", "_?exit", "quick_exit", "raise"), set()),
    ("a file", call("fopen", "open", "fread", "mmap", "stat"), {"file.c"}),
    # A search may be given a limit of time.
    ("the clock", call("time", "clock", "clock_gettime"), {"index_search.c"}),
    ("locale, environment or chance",
     call("setlocale", "getenv", "s?rand", "random",
          "isalpha", "isalnum", "isdigit", "isspace", "tolower", "toupper", "strtod", "strtof", "atof",
          "strcasecmp", "strcoll"), set()),
    ("global state: a static variable that is not const",
     r"(?m)^\s*static (?!const\b|inline\b|_Atomic\b)[\w ]+[ *]\**(?!const\b)\w+(?:\[[^\]]*\])*(?: =|;)",
     set()),
]
# In strings: kbr_bytes_fixed writes numbers whose decimal point no locale changes.
LOCALE_POINT = r'kbr_bytes_format\([^;]*"[^"]*%[-+ #0-9.*]*l?[aefgAEFG]'

# Roots of one machine, and folders beside the repository; in two pieces so that they are not here.
FOREIGN = ["/" + "home/", "/" + "root/", "/" + "work/", "/" + "Users/", ".." + "/shared"]


def without_comments(text):
    return re.sub(r'/\*.*?\*/|//[^\n]*|("(?:\\.|[^"\\])*")',
                  lambda m: m.group(1) or "\n" * m.group(0).count("\n"), text, flags=re.S)


def library_faults(path):
    code = without_comments(path.read_text(encoding="utf-8"))
    bare = re.sub(r'"(?:\\.|[^"\\])*"', '""', code)
    for what, pattern, may in FORBIDDEN:
        for found in re.finditer(pattern, bare):
            if path.name not in may:
                yield bare.count("\n", 0, found.start()) + 1, f"{what}: {found.group(0).strip()}"
    for found in re.finditer(LOCALE_POINT, code):
        yield code.count("\n", 0, found.start()) + 1, "a decimal point that a locale changes"


def path_faults(path):
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    for number, line in enumerate(text.split("\n"), 1):
        for root in FOREIGN:
            if re.search(r"(?<![\w.$}/-])" + re.escape(root), line):
                yield number, f"a path of one machine: {root}"


def files_of(root):
    """The files of the repository; of a release, which has none, all there are."""
    paths = []
    if shutil.which("git") is not None:
        listed = subprocess.run(["git", "-C", root, "ls-files", "-z", "-co", "--exclude-standard"],
                                capture_output=True, check=False)
        paths = [root / name for name in listed.stdout.decode().split("\0") if name]
    return sorted(path for path in paths or root.rglob("*") if path.is_file())


def main(root):
    root = pathlib.Path(root)
    library = sorted([*root.glob("src/*.c"), *root.glob("src/*.h"), *root.glob("include/*.h")])
    files = files_of(root)
    wrong = [f"{path}:{line}: {what}" for path in library for line, what in library_faults(path)]
    wrong += [f"{path}:{line}: {what}" for path in files for line, what in path_faults(path)]
    if len(library) < 20 or len(files) < 50:
        wrong.append(f"{root}: only {len(library)} sources of {len(files)} files found")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
