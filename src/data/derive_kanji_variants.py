#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Derives kanji_variants.tsv: kanji that are one character in a name, written differently.

  derive_kanji_variants.py > src/data/kanji_variants.tsv

Reads Debian's unicode-data (Unihan_OtherMappings: kJinmeiyoKanji, kJoyoKanji; Unihan_Variants:
kZVariant) and OpenCC's JPVariants (opencc_dict), and the rows kept by hand in this file. A run on
Debian 12 gives the file's bytes; the build does not run this script.
"""
import bz2
import collections
import re
import subprocess
import sys
import tempfile
import unicodedata

UNIHAN = "/usr/share/unicode/Unihan_{}.txt.bz2"
JP_VARIANTS = "/usr/share/opencc/JPVariants.ocd2"

# Names' variants that neither source has. Reason: registered in family and company names, and read and
# replaced as the common form in everyday use (法務省 戸籍統一文字, 異体字).
OWN = {"嶌": "島", "嶋": "島", "桒": "桑", "濵": "浜", "濱": "浜", "淸": "清", "曻": "昇", "柗": "松",
       "梹": "浜", "髙": "高", "﨑": "崎", "德": "徳", "邉": "辺", "邊": "辺", "惠": "恵", "瀨": "瀬",
       "𠮷": "吉", "𣘺": "橋", "𡈽": "土", "廣": "広", "圓": "円", "嵜": "崎", "塚": None, "舘": "館",
       "龍": "竜", "麵": "麺", "栁": "柳", "枩": "松", "冨": "富", "峯": "峰", "曾": "曽", "靑": "青",
       "黑": "黒", "緖": "緒", "渚": "渚", "祐": "祐", "會": "会", "學": "学", "國": "国", "證": "証",
       "齋": "斎", "齊": "斉", "隆": "隆", "鷗": "鴎", "頰": "頬", "躰": "体", "凜": "凛", "堯": "尭"}

# Alike, and often typed for one another, but different characters: never folded.
SIMILAR = [("斎", "斉", "斎藤 and 斉藤 are two names"), ("渡", "度", "渡辺 and 度辺"),
           ("礒", "磯", "both in use as surnames"), ("淵", "渕", "both in use as surnames"),
           ("綜", "総", "綜合 and 総合"), ("障", "償", "保障 and 補償"), ("薬", "楽", "one stroke group"),
           ("機", "気", "電機 and 電気"), ("島", "鳥", "typed for one another"),
           ("阪", "坂", "大阪 and 大坂"), ("製", "制", "製作 and 制作"), ("作", "做", "typed for one another")]


def compatibility(char):
    """CJK compatibility ideographs are decomposed by NFKC already."""
    return unicodedata.normalize("NFKC", char) != char


def unihan(name, key):
    with bz2.open(UNIHAN.format(name), "rt", encoding="utf-8") as file:
        for line in file:
            cells = line.rstrip("\n").split("\t")
            if len(cells) == 3 and cells[1] == key:
                yield chr(int(cells[0][2:], 16)), cells[2]


def referred():
    """Old forms that the name and common-use lists refer to a new form: 2010:U+5F66."""
    for key in ("kJinmeiyoKanji", "kJoyoKanji"):
        for char, value in unihan("OtherMappings", key):
            found = re.search(r"U\+([0-9A-F]{4,5})", value)
            if found:
                yield char, chr(int(found.group(1), 16)), "Unihan " + key


def opencc():
    with tempfile.NamedTemporaryFile(suffix=".txt") as file:
        subprocess.run(["opencc_dict", "-f", "ocd2", "-t", "text", "-i", JP_VARIANTS, "-o", file.name],
                       check=True, stdout=subprocess.DEVNULL)
        for line in open(file.name, encoding="utf-8"):
            cells = line.split()
            if len(cells) >= 2:
                yield cells[0], cells[1], "OpenCC JPVariants"


def joyo():
    return {char for char, value in unihan("OtherMappings", "kJoyoKanji") if not value.startswith("U+")}


def main():
    rows = collections.OrderedDict()
    common = joyo()
    for old, new in OWN.items():
        if new is not None and new != old:
            rows[old] = (new, "own: variant in registered names")
    for source in (referred(), opencc()):
        for old, new, name in source:
            if old == new or compatibility(old) or compatibility(new):
                continue
            if len(old) != 1 or len(new) != 1 or old in rows or ord(new) > 0xFFFF:
                continue
            rows[old] = (new, name)
    # 弁 stands for 辨, 瓣 and 辯 alike: fine for a key. A common-use kanji is never folded away, but
    # where the list itself refers it to another.
    for old in list(rows):
        if old in common and not rows[old][1].startswith(("own", "Unihan")):
            del rows[old]
    for old, (new, source) in list(rows.items()):
        seen = {old}
        while new in rows and new not in seen:
            seen.add(new)
            new = rows[new][0]
        if new in seen:
            del rows[old]
        else:
            rows[old] = (new, source)
    out = sys.stdout
    out.write("# Variants of kanji. same: one character for a name, folded; similar: only alike, evidence, never\n"
              "# folded. Made by derive_kanji_variants.py from the Unihan database 15.0 (Unicode licence),\n"
              "# OpenCC JPVariants (Apache-2.0) and own rows.\n"
              "from\tto\tkind\tsource\n")
    for old in sorted(rows):
        out.write(f"{old}\t{rows[old][0]}\tsame\t{rows[old][1]}\n")
    for a, b, reason in SIMILAR:
        if a not in rows and b not in rows:
            out.write(f"{a}\t{b}\tsimilar\town: {reason}\n")


if __name__ == "__main__":
    main()
