#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the default table of aliases.

  derive_aliases.py LIBKABURI SUDACHI DATA OWN OUT

LIBKABURI is a built libkaburi.so, which tells the key of a name. SUDACHI is a table of the companies and
organisations among SudachiDict's synonyms: group, lexeme, form (1 translation, 2 alias, 3 former, 4
misuse), abbreviation (1 in letters, 2 other), variant (1 in letters, 2 other spelling, 3 error), field,
name. DATA is a folder with edinet_companies.tsv, edinet_name_variants.tsv, nta_corporates.tsv.gz and
rs_recipients_2024.tsv.gz, rs_recipients_2025.tsv.gz. OWN holds rows of the project's own.

Left out are
  - names of one character, and abbreviations of two letters, digits or kana: too many firms have them
  - misuses and errors of spelling; names without a company in them
  - names that more than NAMESAKES_MAX registered corporations bear: アシスト tells nobody
  - organisations (組織名) of which no name is a registered corporation's, a filer's or a contractor's:
    教育委員会 is a word
  - pairs that the library's own key makes one, and a name beside the holding or group of that name, which
    are two companies
"""
import collections
import hashlib
import itertools
import os
import re
import sys

from library import Normalizer
from tables import rows

NAMESAKES_MAX = 3
PARENT = re.compile("(ホルデイングス|ホルヂングス|グルプ|hd|holdings?|group)$")
KINDS = ("abbreviation", "former", "translation", "group")


class Keys:
    """The loose key of a company's name; "" for a placeholder or a legal form alone."""

    def __init__(self, path):
        self.normalizer = Normalizer(path)
        self.known = {}

    def of(self, name):
        if name not in self.known:
            self.known[name] = self.parse(name)
        return self.known[name]

    def parse(self, name):
        found = self.normalizer.parts(name)
        if "company.placeholder" in found or "company.form_only" in found:
            return ""
        return found.get("company.key", "")


def clean(name):
    """Escapes of the source undone, no white space but single spaces."""
    return " ".join(re.sub(r"\\u([0-9A-Fa-f]{4})", lambda m: chr(int(m[1], 16)), name).split())


def sudachi(path, known):
    """Yields name, alias, kind, source."""
    groups = collections.defaultdict(list)
    with open(path, encoding="utf-8") as file:
        file.readline()
        for line in file:
            group, lexeme, form, abbreviation, variant, field, name = line.rstrip("\n").split("\t")
            if form != "4" and variant != "3":
                groups[group, lexeme].append((clean(name), form, abbreviation, field))
    for (group, _), names in groups.items():
        if not any("企業名" in field for *_, field in names):
            if not any(known(name) for name, *_ in names):
                continue
        for (a, a_form, a_short, _), (b, b_form, b_short, _) in itertools.combinations(names, 2):
            kind = "abbreviation" if a_short != "0" or b_short != "0" else "translation"
            if (a_form == "3") != (b_form == "3"):
                kind = "former"
            # The alias is the former name, or the shorter of the two.
            turned = a_form == "3" and b_form != "3" if kind == "former" else (
                a_short != "0" and b_short == "0")
            yield (b, a, kind, "Sudachi " + group) if turned else (a, b, kind, "Sudachi " + group)


def edinet(folder):
    """Yields name, alias, kind, source: English names and former names of filers."""
    current = {}
    for row in rows(folder + "/edinet_companies.tsv"):
        ja, en = clean(row["name_ja"]), clean(row["name_en"])
        if row["submitter_type"] != "外国政府等":
            current[row["edinet_code"]] = ja
            if en:
                yield ja, en, "translation", "EDINET " + row["edinet_code"]
    older = collections.defaultdict(list)
    for row in rows(folder + "/edinet_name_variants.tsv"):
        older[row["edinet_code"]].append((row["first_seen"], clean(row["variant"])))
    for code, names in older.items():
        names.sort()
        if code in current:
            for _, name in names:
                yield current[code], name, "former", "EDINET " + code


def own(path):
    for row in rows(path):
        if not row["name"].startswith("#"):
            yield row["name"], row["alias"], row["kind"], row["source"]


def is_poor(key, kind):
    """Whether a key says too little to be anybody's alias."""
    short = len(key) <= 2 and not re.search("[一-鿿]", key)
    return len(key) <= 1 or (short and kind == "abbreviation")


def parent_of(a, b):
    """Whether one key is the other and a holding's or group's word."""
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return longer.startswith(shorter) and PARENT.fullmatch(longer[len(shorter):]) is not None


def namesakes_of(keys, folder):
    """{key: corporations that bear it} of the register and of the filers; and the keys of contractors."""
    bearers = collections.Counter()
    for row in rows(folder + "/nta_corporates.tsv.gz"):
        bearers[keys.parse(row["name"])] += 1
    known = set(bearers)
    for row in rows(folder + "/edinet_companies.tsv"):
        known.add(keys.of(clean(row["name_ja"])))
    for year in (2024, 2025):
        for row in rows(f"{folder}/rs_recipients_{year}.tsv.gz"):
            known.add(keys.of(clean(row["recipient_name"])))
    return bearers, known


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def main(library, sudachi_path, folder, own_path, out_path):
    keys = Keys(library)
    bearers, corporations = namesakes_of(keys, folder)
    corporations.discard("")
    dropped = collections.Counter()
    table = {}
    found = itertools.chain(own(own_path), edinet(folder),
                            sudachi(sudachi_path, lambda name: keys.of(name) in corporations))
    for name, alias, kind, source in found:
        a, b = keys.of(name), keys.of(alias)
        assert kind in KINDS and "\t" not in name + alias, (name, alias, kind)
        trusted = not source.startswith(("Sudachi", "EDINET"))
        if a == b:
            dropped["one key"] += 1
        elif not a or not b:
            dropped["no company"] += 1
        elif parent_of(a, b) and kind != "group":
            dropped["holding or group"] += 1
        elif not trusted and (is_poor(a, kind) or is_poor(b, kind)):
            dropped["too short"] += 1
        elif not trusted and (bearers[a] > NAMESAKES_MAX or bearers[b] > NAMESAKES_MAX):
            dropped["many bear it"] += 1
        elif (a, b) in table or (b, a) in table:
            dropped["there already"] += 1
        else:
            table[a, b] = name, alias, kind, source
    with open(out_path, "w", encoding="utf-8") as out:
        out.write("# Other names of Japanese companies and organisations; made by derive_aliases.py, not to be edited.\n"
                  "# Source: SudachiDict synonyms (Apache-2.0), group; EDINET, processed, code of the filer; else own.\n")
        for path in (sudachi_path, folder + "/edinet_companies.tsv",
                     folder + "/edinet_name_variants.tsv", folder + "/nta_corporates.tsv.gz", own_path):
            out.write(f"# sha256 {digest(path)} {os.path.basename(path)}\n")
        out.write("name\talias\tkind\tsource\n")
        out.writelines("\t".join(row) + "\n" for row in sorted(table.values()))
    print(len(table), "rows;", *(f"{what}: {count};" for what, count in dropped.most_common()),
          file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    main(*sys.argv[1:])
