#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An include never runs against the flow of data: a file of src/ includes headers of its own stage
and of stages above it only, its own header first, and every file belongs to a stage.

Usage: include_direction.py src
"""
import pathlib
import re
import sys

# In the order of the data flow. What a stage has besides <stage>.c and <stage>.h follows it.
STAGES = {
    "kaburi": [],
    "utf8": [],
    "base": [],
    "file": [],
    "hash": [],
    "edits": [],
    "text": [],
    "bytes": [],
    "lines": [],
    "fold": ["fold_table.h", "fold_loose.c"],
    "words": [],
    "rests": [],
    "forms": [],
    "offices": [],
    "company": ["nobody.c", "nobody.h"],
    "numeral": [],
    "years": [],
    "dates": [],
    "number": [],
    "deal": ["deal_ends.c", "deal_ends.h"],
    "sound": [],
    "romaji": [],
    "lexicon": ["lexicon_table.h"],
    "reading": [],
    "opposed": ["opposed_table.h"],
    "spoken": ["spoken_table.h"],
    "shingle": ["rarity_table.h"],
    "sketch": ["sketch_avx2.c"],
    "record": ["card_check.c"],
    "aliases": [],
    "keys": [],
    "segment": ["segment_build.c"],
    "archive": [],
    "fingerprint": ["fingerprint_table.h"],
    "snapshot": [],
    "epoch": [],
    "table": [],
    "cards": [],
    "votes": [],
    "heard": [],
    "latin": [],
    "compare": ["exchanged.c", "exchanged.h", "compare_company.c", "compare_company.h", "compare_deal.c",
                "compare_deal.h"],
    "policy": [],
    "model": [],
    "holding": [],
    "index": ["index_state.h", "index_bulk.c", "index_reserve.c", "index_search.c", "index_merge.c"],
    "batch": [],
    "twins": [],
    "pairs": [],
    "clusters": [],
    "dedupe": [],
    "explain": [],
    "advice": [],
    "parts": [],
    "api": ["api_files.c", "api_names.c", "api_records.c"],
}
ORDER = list(STAGES)
STAGE_OF = {name: stage for stage, others in STAGES.items()
            for name in [f"{stage}.c", f"{stage}.h", *others]}


def check(path):
    """Yields what is wrong with one file."""
    if path.name not in STAGE_OF:
        yield f"{path}: of no stage; add it to {pathlib.Path(__file__).name}"
        return
    own = STAGE_OF[path.name]
    text = path.read_text(encoding="utf-8")
    included = re.findall(r'^\s*#\s*include\s+"([^"]+)"', text, re.M)
    for name in included:
        if name not in STAGE_OF:
            yield f"{path}: {name} is of no stage"
        elif ORDER.index(STAGE_OF[name]) > ORDER.index(own):
            yield f"{path}: {own} includes {name}, which comes after it"
    headers = {p.name for p in path.parent.glob("*.h")}
    header = f"{path.stem}.h" if f"{path.stem}.h" in headers else f"{own}.h"
    if path.suffix == ".c" and header in headers:
        first = re.search(r'^\s*#\s*include\s+(\S+)', text, re.M)
        if first is None or first.group(1) != f'"{header}"':
            yield f"{path}: its own header is not the first include"


def main(folder):
    files = sorted(p for p in pathlib.Path(folder).iterdir() if p.suffix in (".c", ".h"))
    wrong = [line for path in files for line in check(path)]
    present = {path.name for path in files}
    wrong += [f"{name}: listed in {pathlib.Path(__file__).name}, but not there"
              for others in STAGES.values() for name in others if name not in present]
    if len(files) < len(STAGES):
        wrong.append(f"{folder}: only {len(files)} files")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
