# SPDX-License-Identifier: Apache-2.0
"""Puts style and scripts into the report's page and turns it into C: all before its data, and all after.

Usage: embed.py page.html page.css SCRIPT... out.c
"""
import sys


def array(name, text):
    data = text.encode()
    rows = [", ".join(map(str, data[i:i + 24])) for i in range(0, len(data), 24)]
    return (f"const unsigned char {name}[] = {{\n    " + ",\n    ".join(rows) + ",\n    0};\n"
            f"const size_t {name}_size = {len(data)};\n")


def main(page_path, style_path, *rest):
    *script_paths, out_path = rest
    texts = []
    for path in (page_path, style_path, *script_paths):
        with open(path, encoding="utf-8") as file:
            texts.append(file.read())
    page, style, *scripts = texts
    script = "\n".join(scripts)
    if "</" in style or "</script" in script or "<!--" in script:
        sys.exit(f"{page_path}: style or script ends itself")
    page = page.replace("@STYLE@", style.strip()).replace("@SCRIPT@", script.strip())
    head, tail = page.split("@DATA@")
    with open(out_path, "w", encoding="utf-8") as out:
        out.write('/* Made by embed.py from bench/page. */\n#include "report.h"\n\n')
        out.write(array("bench_report_head", head) + array("bench_report_tail", tail))


if __name__ == "__main__":
    main(*sys.argv[1:])
