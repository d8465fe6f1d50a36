#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Derives lexicon.tsv: how company names are read, as a unigram lattice.

  cc -std=c17 -O2 -shared -fPIC -o HELPER src/gen/read_names.c
  derive_lexicon.py LIBRARY HELPER NTA_TSV NOUNS_TSV LOANWORDS_TSV UNIHAN_READINGS > src/data/lexicon.tsv

LIBRARY is a built libkaburi.so: every surface is the folded core that the library itself takes from a
name. HELPER has the inner loops. NTA_TSV is the register of corporate numbers (corporate_number, name,
furigana ...), NOUNS_TSV and LOANWORDS_TSV are extracts of UniDic (surface, reading, cost; katakana,
origin), UNIHAN_READINGS is Unihan_Readings.txt.bz2 of Debian's unicode-data; .gz is read too.

Corporations whose number ends in HELD_OUT are never learnt from; check_lexicon.py reads them.
Deterministic; two processes; only the standard library; about five minutes.

How it learns. A name and its furigana are aligned along the cheapest path of entries that reads the one
as the other. Costs are counted from the alignments, with what the dictionaries say as a prior. A
name that cannot be aligned proposes the smallest stretch between what can; a name that is read wrongly
proposes the smallest stretch that is wrong, alone and with its neighbours. A proposal that names agree
on becomes an entry. In the end costs are moved towards the right path where the cheapest is a wrong one,
and entries are left out that the others make needless, and those that are persons' full names.
"""
import array
import concurrent.futures
import ctypes
import hashlib
import math
import re
import sys
import time
import unicodedata

from lexicon_names import (BIT, COST_MAX, HELD_OUT, KANA_COST, UNKNOWN_COST, V_ROW, VOWEL, Lexicon, all_parts,
                           decode, fold, fold_from, grouped, is_kana, lines, open_library, reading_of,
                           register, rows)

THREADS = 2
ROWS_MAX = 150000


# ---- passes over the names, by gen/read_names.c ----

class Lists(ctypes.Structure):
    """struct lexicon of read_names.c."""
    _fields_ = ([(name, ctypes.c_void_p) for name in
                 ("surface_units", "surface_begin", "entry_begin", "reading_units", "reading_begin")] +
                [("surface_count", ctypes.c_uint32), ("entry_count", ctypes.c_uint32)] +
                [(name, ctypes.c_void_p) for name in ("vowel", "kana", "kana_with_v")] +
                [("kana_cost", ctypes.c_double), ("unknown_cost", ctypes.c_double)])


class Names(ctypes.Structure):
    _fields_ = ([(name, ctypes.c_void_p) for name in
                 ("core_units", "core_begin", "reading_units", "reading_begin", "weight")] +
                [("name_count", ctypes.c_uint32)])


class Stretches(ctypes.Structure):
    _fields_ = [("items", ctypes.c_void_p), ("capacity", ctypes.c_uint32), ("count", ctypes.c_uint32)]


STRETCHES_MAX = 20000000


def units(texts):
    """All texts as UTF-16 in one array, and where each begins."""
    begins, at = array.array("I", [0]), 0
    for text in texts:
        at += len(text)
        begins.append(at)
    return array.array("H", "".join(texts).encode("utf-16-le")), begins


def address(values):
    return values.buffer_info()[0]


def doubles(count):
    return array.array("d", bytes(8 * max(count, 1)))


class Packed:
    """A lexicon as read_names.c takes it, with the entries in its order."""

    def __init__(self, lexicon):
        surfaces = sorted(lexicon.entries)
        self.entries = [entry for surface in surfaces for entry in lexicon.entries[surface]]
        begins = array.array("I", [0])
        for surface in surfaces:
            begins.append(begins[-1] + len(lexicon.entries[surface]))
        kana = [chr(0x30A0 + i) for i in range(96)]
        self.surfaces = surfaces
        self.cost = array.array("d", [float(entry.cost) for entry in self.entries])
        self.kept = [*units(surfaces), begins, *units([entry.reading for entry in self.entries]),
                     array.array("B", ["aiueo".find(VOWEL.get(char, "-")) + 1 for char in kana]),
                     array.array("H", [ord(fold(char)) if is_kana(char) and fold(char) else 0
                                       for char in kana]),
                     array.array("H", [ord(V_ROW[char]) if char in V_ROW else 0 for char in kana])]
        where = [address(values) for values in self.kept]
        self.lists = Lists(*where[:5], len(surfaces), len(self.entries), *where[5:], KANA_COST, UNKNOWN_COST)


class Reader:
    """The names, and passes over them in two threads."""

    def __init__(self, path, names):
        self.library = ctypes.CDLL(path)
        self.names = names  # (core, folded furigana, furigana, weight)
        self.kept = [*units([name[0] for name in names]), *units([name[1] for name in names]),
                     array.array("d", [float(name[3]) for name in names])]
        self.lists = Names(*[address(values) for values in self.kept], len(names))

    def in_threads(self, call):
        """call(first, stride) in every thread; the results in order."""
        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(lambda k: call(k, THREADS), range(THREADS)))

    def run(self, function, *arguments):
        taken = [ctypes.c_void_p(address(one)) if isinstance(one, array.array) else
                 ctypes.byref(one) if isinstance(one, ctypes.Structure) else
                 ctypes.c_double(one) if isinstance(one, float) else ctypes.c_uint32(one)
                 for one in arguments]
        if function(*taken) != 0:
            raise MemoryError

    def proposals(self, buffers):
        """{(surface, reading): {furigana: how many names}} of the stretches."""
        found = {}
        for items, stretches in buffers:
            for at in range(0, 5 * stretches.count, 5):
                number, begin, end, start, stop = items[at:at + 5]
                core, reading, kana, _ = self.names[number]
                _, origin = fold_from(kana)
                spelt = kana[origin[start]:origin[stop] if stop < len(origin) else len(kana)]
                spellings = found.setdefault((core[begin:end], reading[start:stop]), {})
                spellings[spelt] = spellings.get(spelt, 0) + 1
        return found

    @staticmethod
    def buffer():
        items = array.array("i", bytes(20 * (STRETCHES_MAX // THREADS)))
        return items, Stretches(address(items), STRETCHES_MAX // THREADS, 0)

    def learn(self, lexicon):
        """Sets count (in alignments), used (on cheapest paths) and credit (right less wrong) of the
        entries; returns the proposals and the shares of right and aligned names."""
        packed = Packed(lexicon)
        size = len(packed.entries)

        def call(first, stride):
            sums = [doubles(size), doubles(size), doubles(size), doubles(3)]
            items, stretches = self.buffer()
            self.run(self.library.learn, packed.lists, self.lists, packed.cost, first, stride, *sums, stretches)
            return sums, (items, stretches)

        results = self.in_threads(call)
        totals = [sum(sums[3][i] for sums, _ in results) for i in range(3)]
        for place, entry in enumerate(packed.entries):
            entry.count, entry.credit, entry.used = (sum(sums[i][place] for sums, _ in results)
                                                     for i in range(3))
        proposals = self.proposals([buffer for _, buffer in results])
        return proposals, totals[0] / totals[2], totals[1] / totals[2]

    def sharpen(self, lexicon, rate):
        """Moves costs towards right paths; returns the proposals and the share of right names."""
        packed = Packed(lexicon)
        size = len(packed.entries)

        def call(first, stride):
            cost, sums, totals = array.array("d", packed.cost), doubles(size), doubles(3)
            items, stretches = self.buffer()
            self.run(self.library.sharpen, packed.lists, self.lists, cost, first, stride, rate, GAP_MAX, sums,
                     totals, stretches)
            return sums, totals, (items, stretches)

        results = self.in_threads(call)
        for place, entry in enumerate(packed.entries):
            move = sum(sums[place] for sums, _, _ in results) / THREADS
            entry.cost = max(1.0, min(float(COST_MAX), entry.cost + move))
        lexicon.order()
        right = sum(totals[0] for _, totals, _ in results) / sum(totals[2] for _, totals, _ in results)
        return self.proposals([buffer for _, _, buffer in results]), right

    def occurrences(self, lexicon, wanted):
        """Of proposed entries (a lexicon): sets count; {surface: (read otherwise, across a boundary)}."""
        packed, probes = Packed(lexicon), Packed(wanted)

        def call(first, stride):
            sums = [doubles(len(probes.entries)), doubles(len(probes.surfaces)), doubles(len(probes.surfaces))]
            self.run(self.library.count_wanted, probes.lists, probes.cost, packed.lists, self.lists, packed.cost,
                     first, stride, *sums)
            return sums

        results = self.in_threads(call)
        for place, entry in enumerate(probes.entries):
            entry.count = sum(sums[0][place] for sums in results)
        return {surface: tuple(sum(sums[i][place] for sums in results) for i in (1, 2))
                for place, surface in enumerate(probes.surfaces)}


# ---- learning ----

# What the prior expects of all tokens counts this share of what is counted.
PRIOR_SHARE = 0.2
PROPOSED_MIN = 2
# The prior of what no dictionary has, in bits: none.
NO_PRIOR = 30.0
# A name that many corporations bear counts as the root of their number, of so many at most.
WEIGHT_MAX = 16
# By how much a cost is moved for one name, by round. A right path that is dearer than the wrong one by
# more than GAP_MAX is mostly noise of the register, and moves nothing.
RATES = (4.0, 2.0, 1.0)
GAP_MAX = 200.0
# An entry of more names is never taken for harmful.
HARM_COUNT_MAX = 50
# What a name is worth to an entry whose parts read alike: it only keeps others from the stretch.
NEEDLESS = 0.3


def count_costs(lexicon):
    tokens = lexicon.tokens = sum(entry.count for entry in lexicon.all())
    for entry in lexicon.all():
        expected = PRIOR_SHARE * tokens * 2.0 ** -entry.prior
        share = (entry.count + expected) / (tokens * (1 + PRIOR_SHARE))
        entry.cost = max(1.0, min(float(COST_MAX), -BIT * math.log2(share))) if share > 0 else float(COST_MAX)
    lexicon.order()


def accept(lexicon, reader, proposals):
    """Proposals that names agree on become entries; returns how many."""
    wanted = Lexicon()
    for (surface, reading), spellings in sorted(proposals.items()):
        count = sum(spellings.values())
        if count >= PROPOSED_MIN and lexicon.find(surface, reading) is None:
            spelt = min(spellings, key=lambda text: (-spellings[text], len(text), text))
            wanted.add(surface, spelt, NO_PRIOR, reading)
    wanted.order()
    around = reader.occurrences(lexicon, wanted)
    added = 0
    for surface, entries in wanted.entries.items():
        other, _ = around[surface]
        top = max([other] + [entry.count for entry in entries])
        for entry in entries:
            count = max(entry.count, sum(proposals[surface, entry.reading].values()))
            if count < 0.1 * top or (len(surface) == 1 and count < 4):
                continue
            new = lexicon.add(surface, entry.kana, NO_PRIOR, entry.reading)
            if new is not None:
                new.count = count
                new.cost = max(1.0, -BIT * math.log2(count / lexicon.tokens))
                added += 1
    lexicon.order()
    return added


# ---- where it starts from ----

LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", (
    "エー ビー シー ディー イー エフ ジー エイチ アイ ジェー ケー エル エム エヌ オー ピー キュー アール エス ティー ユー ブイ "
    "ダブリュー エックス ワイ ゼット").split()))
LETTERS_TOO = {"h": "エッチ", "j": "ジェイ", "v": "ヴィ", "w": "ダブル", "z": "ズィー"}
DIGITS = {"0": "ゼロ レイ オー", "1": "イチ ワン イッ", "2": "ニ ツー", "3": "サン スリー", "4": "ヨン シ フォー", "5": "ゴ ファイブ",
          "6": "ロク シックス", "7": "ナナ シチ セブン", "8": "ハチ エイト", "9": "キュウ ク ナイン", "10": "ジュウ テン",
          "100": "ヒャク", "1000": "セン", "1st": "ファースト", "2nd": "セカンド", "3rd": "サード"}
SIGNS = {"&": "アンド", "+": "プラス", "@": "アット", "%": "パーセント", "α": "アルファ", "β": "ベータ"}
SOUNDS = {"a": "ア エイ", "b": "ブ", "c": "ク ス", "d": "ド", "e": "エ イ", "f": "フ", "g": "グ", "i": "イ アイ", "j": "ジ",
          "k": "ク", "l": "ル", "m": "ム ン", "n": "ン", "o": "オ ア", "p": "プ", "q": "ク", "r": "ル", "s": "ス ズ",
          "t": "ト", "u": "ウ ア ユ", "v": "ブ", "w": "ウ", "x": "クス", "y": "イ", "z": "ズ", "er": "アー", "ar": "アー",
          "or": "オー アー", "ir": "アー", "ur": "アー", "re": "アー ル", "ee": "イー", "ea": "イー", "oo": "ウー", "ou": "アウ ウー",
          "ow": "オウ アウ", "ai": "エイ アイ", "ay": "エイ", "igh": "アイ", "th": "ス ザ", "ch": "チ", "sh": "シュ",
          "ck": "ク", "ph": "フ", "tion": "ション", "sion": "ジョン ション", "ty": "ティ", "ly": "リー", "ry": "リー",
          "ny": "ニー", "my": "ミー", "dy": "ディー", "by": "ビー", "te": "ト", "le": "ル", "se": "ス ズ", "ne": "ン",
          "me": "ム", "ke": "ク", "ce": "セ ス", "ge": "ジ", "ve": "ブ", "de": "ド", "pe": "プ", "ze": "ズ",
          "be": "ブ", "fe": "フ", "tt": "ト", "ss": "ス", "ll": "ル", "nn": "ン", "pp": "プ", "ff": "フ", "rr": "ル",
          "dd": "ド", "gg": "グ", "ng": "ング", "qu": "ク", "ti": "ティ", "di": "ディ", "tu": "トゥ",
          "ture": "チャ", "ca": "カ", "co": "コ", "cu": "ク", "ci": "シ", "cy": "シー"}
ROMAJI = {"": "アイウエオ", "k": "カキクケコ", "s": "サシスセソ", "t": "タチツテト", "n": "ナニヌネノ", "h": "ハヒフヘホ",
          "m": "マミムメモ", "r": "ラリルレロ", "l": "ラリルレロ", "g": "ガギグゲゴ", "z": "ザジズゼゾ", "d": "ダディドゥデド",
          "b": "バビブベボ", "p": "パピプペポ", "v": "バビブベボ"}
ROMAJI_MORE = ("ya ヤ yu ユ yo ヨ wa ワ wo ヲ n ン shi シ chi チ tsu ツ fu フ ji ジ sha シャ shu シュ sho ショ she シェ cha チャ "
               "chu チュ cho チョ che チェ ja ジャ ju ジュ jo ジョ je ジェ fa ファ fi フィ fe フェ fo フォ wi ウィ we ウェ ye イェ")


def romaji():
    for head, kana in ROMAJI.items():
        if head == "d":
            kana = ("ダ", "ディ", "ドゥ", "デ", "ド")
        for vowel, sound in zip("aiueo", kana):
            yield head + vowel, sound
        if head and head not in "dtsz":
            for vowel, small in zip("auo", "ャュョ"):
                if head not in "vl":
                    yield head + "y" + vowel, kana[1] + small
    cells = ROMAJI_MORE.split()
    yield from zip(cells[::2], cells[1::2])


def unihan(path):
    """Japanese readings of single kanji, as katakana."""
    syllables = {}
    for latin, kana in romaji():
        if "l" not in latin and "v" not in latin:
            syllables.setdefault(latin, kana)
    syllables.update({"di": "ヂ", "du": "ヅ", "si": "シ", "tu": "ツ", "ti": "チ", "zi": "ジ", "hu": "フ", "sya": "シャ",
                      "syu": "シュ", "syo": "ショ", "zya": "ジャ", "zyu": "ジュ", "zyo": "ジョ", "tya": "チャ",
                      "tyu": "チュ", "tyo": "チョ"})
    for line in lines(path):
        cells = line.rstrip("\n").split("\t")
        if len(cells) != 3 or cells[1] not in ("kJapaneseOn", "kJapaneseKun"):
            continue
        for place, latin in enumerate(cells[2].lower().split()):
            kana, i = "", 0
            while i < len(latin):
                for size in (3, 2, 1):
                    if latin[i:i + size] in syllables:
                        kana += syllables[latin[i:i + size]]
                        i += size
                        break
                else:
                    if latin[i:i + 1] == latin[i + 1:i + 2] and latin[i] not in "aiueo":
                        kana += "ッ"
                        i += 1
                    else:
                        break
            else:
                yield chr(int(cells[0][2:], 16)), kana, place + (cells[1] == "kJapaneseKun")


def folded_surfaces(surfaces):
    """A surface as the library folds it; none where the parser takes it for a form."""
    return [folded for folded, _ in all_parts(surfaces)]


def start(nouns, loanwords, unihan_readings):
    lexicon = Lexicon()
    words = []
    for row in rows(nouns):
        # The cost of a word of UniDic is about 700 a nat; 6000 stands for what joins it to its neighbours.
        words.append((row["surface"], row["reading"], (float(row["cost"]) + 6000) / 700 / math.log(2)))
    for row in rows(loanwords):
        if re.fullmatch("[A-Za-z]{2,}", row["origin"]):
            words.append((row["origin"], row["katakana"], 21.0))
    for kanji, kana, place in unihan(unihan_readings):
        words.append((kanji, kana, 20.0 + place))
    for surface, (_, kana, prior) in zip(folded_surfaces([word[0] for word in words]), words):
        lexicon.add(surface, kana, max(prior, 3.0))
    for letter, name in LETTERS.items():
        lexicon.add(letter, name, 9.0)
    for letter, name in LETTERS_TOO.items():
        lexicon.add(letter, name, 13.0)
    for table, prior in ((DIGITS, 11.0), (SIGNS, 10.0), (SOUNDS, 12.0)):
        for surface, names in table.items():
            for place, name in enumerate(names.split()):
                lexicon.add(surface, name, prior + place)
    for surface, kana in romaji():
        lexicon.add(surface, kana, 7.0 + 2 * len(surface))
    for kana in map(chr, range(ord("ァ"), ord("ヴ") + 1)):
        voiced = unicodedata.normalize("NFC", unicodedata.normalize("NFD", kana)[0] + "\u3099")
        lexicon.add(kana + "ヽ", 2 * kana, 20.0)
        if len(voiced) == 1:
            lexicon.add(kana + "ヾ", kana + voiced, 20.0)
    lexicon.order()
    return lexicon


# ---- what ships ----

def without(lexicon, surface):
    """How a surface would read without its entries."""
    best = lexicon.best.pop(surface)
    reading = reading_of(decode(lexicon, surface))
    lexicon.best[surface] = best
    return reading


def prune(lexicon, rows_max):
    """Leaves out what names do not need: readings hardly ever seen, words never seen whose parts read
    alike, and the rarest."""
    for surface in list(lexicon.entries):
        entries = lexicon.entries[surface]
        top = max(entry.count for entry in entries)
        lexicon.entries[surface] = [
            entry for entry in entries
            if entry is entries[0] or (entry.count >= 2 and entry.count >= 0.02 * top)
            or (top < 20 and entry.cost < entries[0].cost + 3 * BIT)]
    lexicon.order()
    # The longest first: what is left out then leaves its parts.
    for surface in sorted(lexicon.entries, key=lambda text: (-len(text), text)):
        if len(surface) > 1 and max(entry.count for entry in lexicon.entries[surface]) < 2:
            if without(lexicon, surface) == lexicon.best[surface].reading:
                del lexicon.entries[surface], lexicon.best[surface]
    lexicon.order()
    count = sum(len(entries) for entries in lexicon.entries.values())
    if count > rows_max:
        needless = {surface for surface in sorted(lexicon.entries) if len(surface) > 1 and
                    without(lexicon, surface) == lexicon.best[surface].reading}
        ranked = sorted((entry for entry in lexicon.all() if len(entry.surface) > 1),
                        key=lambda entry: (entry.count * (NEEDLESS if entry.surface in needless else 1),
                                           -entry.cost, entry.surface, entry.reading))
        useless = {(entry.surface, entry.reading) for entry in ranked[:count - rows_max]}
        lexicon.remove(lambda entry: (entry.surface, entry.reading) in useless)


GIVEN_ENDS = "子男雄夫郎彦也之介"


def persons(lexicon, nouns):
    """Surfaces that are a natural person's full name, or look like one: two names of persons in a row, or
    a name or a place and two or three characters that end as given names do, which no dictionary has as
    a word."""
    names, words, families = set(), set(), set()
    for row in rows(nouns):
        if row["part_of_speech"] in ("名詞-固有名詞-人名", "名詞-固有名詞-地名") and len(row["surface"]) > 1:
            families.add(row["surface"])
        (names if row["part_of_speech"] in ("名詞-固有名詞-人名", "名詞-固有名詞-一般") else words).add(row["surface"])
        if row["part_of_speech"] == "名詞-固有名詞-人名" and len(row["surface"]) < 4:
            words.add(row["surface"])

    def is_person(surface):
        if len(surface) < 3 or surface in words or not re.fullmatch("[一-鿿々ァ-ヶー]+", surface):
            return False
        given_end = surface[-1] in GIVEN_ENDS
        return any(surface[:at] in names and surface[at:] in names or
                   given_end and surface[:at] in families and 2 <= len(surface) - at <= 3
                   for at in range(1, len(surface)))

    return {surface for surface in lexicon.entries if is_person(surface)}


def write(lexicon, out, sources):
    out.write("# version 1\n"
              "# How company names are read: surface (folded), reading, cost in 64ths of a bit; the cheapest\n"
              "# path over these, with no context, reads a name. Made by derive_lexicon.py from:\n"
              "#   国税庁法人番号公表サイト (name and furigana; public data licence 1.0), processed\n"
              "#   UniDic 3.1.1 (nouns and loanwords; BSD, Copyright (c) 2011-2018 The UniDic Consortium)\n"
              "#   Unihan database 15.0 (readings of kanji; Unicode licence)\n"
              f"# Corporations whose number ends in {HELD_OUT} were not learnt from.\n")
    for name, path in sources:
        out.write(f"# sha256 {name} {sha256(path)}\n")
    out.write(f"# A kana unit reads itself; any other that has no row of its own may be skipped.\n"
              f"# kana_cost {KANA_COST}\n# unknown_cost {UNKNOWN_COST}\nsurface\treading\tcost\n")
    found = {}
    for entry in lexicon.all():
        found[f"{entry.surface}\t{entry.kana}"] = entry.cost
    for key in sorted(found, key=lambda text: text.encode()):
        out.write(f"{key}\t{max(1, min(COST_MAX, round(found[key])))}\n")


def train(lexicon, reader, log, rounds=4, sharpenings=4):
    started = time.time()

    def told(label, right, detail):
        log(f"{time.time() - started:4.0f} s  {label}: right {right:.4f} {detail}")

    for turn in range(rounds):
        proposals, right, aligned = reader.learn(lexicon)
        count_costs(lexicon)
        if turn:
            # What harms more names than it helps goes, but a unit's only way to be read.
            lexicon.remove(lambda entry: len(entry.surface) > 1 and entry.credit < 0 and
                           entry.count < HARM_COUNT_MAX and entry is lexicon.best[entry.surface])
        added = accept(lexicon, reader, proposals) if turn < rounds - 1 else 0
        told(f"counting {turn}", right, f"aligned {aligned:.4f}, {added} new of {len(proposals)}")
    for turn in range(sharpenings - 1):
        proposals, right = reader.sharpen(lexicon, RATES[min(turn, len(RATES) - 1)])
        added = accept(lexicon, reader, proposals) if turn < sharpenings - 2 else 0
        told(f"sharpening {turn}", right, f"{added} new of {len(proposals)}")
    _, right, aligned = reader.learn(lexicon)
    told("before pruning", right, f"aligned {aligned:.4f}, {len(lexicon.entries)} surfaces")
    prune(lexicon, ROWS_MAX)
    _, pruned, aligned = reader.learn(lexicon)
    told("after pruning", pruned, f"aligned {aligned:.4f}, {len(lexicon.entries)} surfaces")
    costs = [(entry, entry.cost) for entry in lexicon.all()]
    reader.sharpen(lexicon, RATES[-1])
    _, right, _ = reader.learn(lexicon)
    told("sharpened once more", right, "kept" if right > pruned else "taken back")
    if right <= pruned:
        for entry, cost in costs:
            entry.cost = cost
        lexicon.order()


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def main(arguments):
    def log(text):
        print(text, file=sys.stderr, flush=True)

    if len(arguments) != 6:
        log(__doc__)
        return 2
    library, helper, register_path, nouns, loanwords, unihan_readings = arguments
    open_library(library)
    lexicon = start(nouns, loanwords, unihan_readings)
    names = grouped(register(register_path, lambda number: not number.endswith(HELD_OUT)))
    log(f"{len(names)} names, {len(lexicon.entries)} surfaces")
    train(lexicon, Reader(helper, [name[:3] + (min(name[3], WEIGHT_MAX) ** 0.5,) for name in names]), log)
    named = persons(lexicon, nouns)
    lexicon.remove(lambda entry: entry.surface in named)
    log(f"{len(named)} surfaces left out as persons' names")
    write(lexicon, sys.stdout, (("register", register_path), ("nouns", nouns), ("loanwords", loanwords),
                                ("unihan", unihan_readings)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
