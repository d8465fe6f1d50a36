#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Derives lexicon.tsv: how company names are read, as a unigram lattice.

  derive_lexicon.py LIBRARY NTA_TSV NOUNS_TSV LOANWORDS_TSV UNIHAN_READINGS > src/data/lexicon.tsv
  derive_lexicon.py --check LEXICON LIBRARY NTA_TSV EDINET_TSV

LIBRARY is a built libkaburi.so: every surface is the folded core that the library itself takes from a
name. NTA_TSV is the register of corporate numbers (number, name, furigana ...), NOUNS_TSV and
LOANWORDS_TSV are extracts of UniDic (surface, reading, cost; katakana, origin), UNIHAN_READINGS is
Unihan_Readings.txt.bz2 of Debian's unicode-data, EDINET_TSV the list of filers; .gz is read too.

Corporations whose number ends in HELD_OUT are never learnt from: --check reads them, and the listed
companies of EDINET, with the shipped file and prints the share of names whose reading is that of the
register, folded. Deterministic; two processes; only the standard library.

How it learns. A name and its furigana are aligned along the cheapest path of entries that reads the one
as the other. Costs are counted from the alignments, with what the dictionaries say as a prior. A
name that cannot be aligned proposes the smallest stretch between what can; a name that is read wrongly
proposes the smallest stretch that is wrong, alone and with its neighbours. A proposal that names agree
on becomes an entry. In the end costs are moved towards the right path where the cheapest is a wrong one,
and entries are left out that the others make needless.
"""
import bz2
import collections
import ctypes
import gzip
import hashlib
import math
import multiprocessing
import re
import sys
import time

HELD_OUT = "0"
PROCESSES = 2

# Costs are 64ths of a bit.
BIT = 64
COST_MAX = 4095
KANA_COST = 7 * BIT
# A skipped unit costs more than any row, so that nothing that can be read is skipped.
UNKNOWN_COST = COST_MAX
SURFACE_MAX = 12
ROWS_MAX = 150000


# ---- readings, folded ----

SMALL = dict(zip("ァィゥェォャュョヮヵヶ", "アイウエオヤユヨワカケ"))
PLAIN = str.maketrans({**SMALL, "ヂ": "ジ", "ヅ": "ズ", "ヲ": "オ", "ヰ": "イ", "ヱ": "エ", "ヴ": "ブ", "ッ": "",
                       "ー": "", "ヷ": "バ", "ヸ": "ビ", "ヹ": "ベ", "ヺ": "ボ"})
V_ROW = dict(zip("ァィェォャュョ", "バビベボビビビ"))
ROWS = ("アカガサザタダナハバパマヤラワ", "イキギシジチニヒビピミリ", "ウクグスズツヌフブプムユル",
        "エケゲセゼテデネヘベペメレ", "オコゴソゾトドノホボポモヨロ")
VOWEL = {kana: vowel for row, vowel in zip(ROWS, "aiueo") for kana in row}
# A vowel that only makes the kana before it long.
LONG = {"a": "ア", "i": "イ", "u": "ウ", "e": "エイ", "o": "オウ"}
DROPPED = {kana: LONG[vowel] for kana, vowel in VOWEL.items()}
VOWELS = frozenset("アイウエオ")


def fold_from(kana):
    """The folded reading, and where in `kana` each of its kana stands."""
    out, origin = [], []
    last = ""
    for i, char in enumerate(kana):
        if char == "ヴ" and i + 1 < len(kana) and kana[i + 1] in V_ROW:
            char = V_ROW[kana[i + 1]]
        elif i > 0 and kana[i - 1] == "ヴ" and char in "ァィェォ":
            continue
        else:
            char = char.translate(PLAIN)
        if not char or (char in VOWELS and last and char in DROPPED.get(last, "")):
            continue
        out.append(char)
        origin.append(i)
        last = char
    return "".join(out), origin


def fold(kana):
    return fold_from(kana)[0]


def join(before, reading):
    """Folded readings one after the other, folded."""
    if before:
        dropped = DROPPED.get(before[-1], "")
        while reading and reading[0] in dropped:
            reading = reading[1:]
    return before + reading


def is_kana(char):
    return "ァ" <= char <= "ヺ" or char == "ー"


def is_letter(char):
    return "a" <= char <= "z"


def is_sign(char):
    """What the lattice may skip: no letter, digit or kanji."""
    return not is_kana(char) and not char.isalnum() and char != "々"


# ---- the library ----

class Text(ctypes.Structure):
    _fields_ = [("data", ctypes.c_char_p), ("size", ctypes.c_size_t)]


class Record(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_uint32), ("stage", ctypes.c_int32), ("id", ctypes.c_uint64),
                ("company", Text), ("company_reading", Text), ("corporate_number", Text),
                ("domain", Text), ("deal", Text), ("department", Text), ("owner", Text),
                ("campaigns", Text), ("amount", ctypes.c_int64), ("close_date", ctypes.c_int32),
                ("kind", ctypes.c_int32)]


class Library:
    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        for name in ("kaburi_parts_name", "kaburi_parts_value"):
            getattr(self.library, name).argtypes = [ctypes.c_void_p, ctypes.c_size_t]
            getattr(self.library, name).restype = ctypes.c_char_p
        self.library.kaburi_parts_free.argtypes = [ctypes.c_void_p]
        self.record = Record()
        self.library.kaburi_record_init(ctypes.byref(self.record))

    def parts(self, company):
        """(folded, core) of a company's name; empty when it has none."""
        data = company.encode()
        self.record.company = Text(data, len(data))
        handle = ctypes.c_void_p()
        if self.library.kaburi_normalize(ctypes.byref(handle), ctypes.byref(self.record), None, None):
            return "", ""
        found = {}
        for i in range(3):
            name = self.library.kaburi_parts_name(handle, i)
            if name is not None:
                found[name] = self.library.kaburi_parts_value(handle, i).decode()
        self.library.kaburi_parts_free(handle)
        return found.get(b"company.folded", ""), found.get(b"company.core", "")


LIBRARY = None


def read_parts(companies):
    return [LIBRARY.parts(company) for company in companies]


def in_two(function, items, chunk):
    """function over chunks of items, in order, in two processes that see this moment's globals."""
    chunks = [items[i:i + chunk] for i in range(0, len(items), chunk)]
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        yield from pool.imap(function, chunks)


def all_parts(companies):
    return [parts for some in in_two(read_parts, companies, 20000) for parts in some]


# ---- files ----

def lines(path):
    opened = {"gz": gzip.open, "bz2": bz2.open}.get(path.rsplit(".", 1)[-1], open)
    with opened(path, "rt", encoding="utf-8") as file:
        yield from file


def rows(path):
    head = None
    for line in lines(path):
        cells = line.rstrip("\n").split("\t")
        if head is None:
            head = cells
        else:
            yield dict(zip(head, cells))


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


# A form that the parser cuts from the name is cut from its furigana as well.
KANA_FORMS = ("コーポレーション", "コーポレイション", "コーポ", "カンパニー", "リミテッド", "リミティド", "インコーポレイテッド",
              "インコーポレーテッド", "インク", "シーオー", "エルエルシー")
LATIN_FORM = re.compile(r"corporation|company|limited|incorporated|\b(?:corp|co|ltd|inc|llc|k\.?k)\b")
JAPANESE_FORMS = ("カブシキガイシャ", "カブシキカイシャ", "ユウゲンガイシャ", "ゴウドウガイシャ", "ゴウシガイシャ")


def core_reading(furigana, folded, core):
    """The furigana of the core alone."""
    kana = re.sub("[^ァ-ヺー]", "", furigana)
    for form in JAPANESE_FORMS:
        if kana.startswith(form) and len(kana) > len(form):
            kana = kana[len(form):]
        elif kana.endswith(form) and len(kana) > len(form):
            kana = kana[:-len(form)]
    if len(LATIN_FORM.findall(folded)) > len(LATIN_FORM.findall(core)):
        cut = True
        while cut:
            cut = False
            for form in KANA_FORMS:
                if kana.endswith(form) and len(kana) > len(form):
                    kana, cut = kana[:-len(form)], True
    return kana


def register(path, wanted):
    """(core, furigana) of the corporations whose number `wanted` takes."""
    names = [(row["name"], row["furigana"]) for row in rows(path)
             if row["furigana"] and wanted(row["corporate_number"])]
    for (name, furigana), (folded, core) in zip(names, all_parts([name for name, _ in names])):
        kana = core_reading(furigana, folded, core)
        if core and kana:
            yield core, kana


# ---- the lexicon ----

class Entry:
    __slots__ = ("surface", "reading", "kana", "prior", "count", "cost")

    def __init__(self, surface, reading, kana, prior):
        self.surface = surface
        self.reading = reading  # folded
        self.kana = kana        # as shipped
        self.prior = prior      # bits, before any count
        self.count = 0
        self.cost = int(prior * BIT)


class Lexicon:
    def __init__(self):
        self.entries = {}  # surface -> [Entry]
        self.longest = {}  # first unit -> longest surface
        self.best = {}     # surface -> cheapest Entry
        self.tokens = 1.0  # that counts are a share of

    def find(self, surface, reading):
        for entry in self.entries.get(surface, ()):
            if entry.reading == reading:
                return entry
        return None

    def add(self, surface, kana, prior, reading=None):
        """Adds an entry, or makes one cheaper that is there."""
        reading = fold(kana) if reading is None else reading
        if not reading or not surface or len(surface) > SURFACE_MAX or " " in surface:
            return None
        entry = self.find(surface, reading)
        if entry is None:
            entry = Entry(surface, reading, kana, prior)
            self.entries.setdefault(surface, []).append(entry)
            self.longest[surface[0]] = max(self.longest.get(surface[0], 0), len(surface))
        elif prior < entry.prior:
            entry.prior = prior
            entry.kana = kana
        return entry

    def all(self):
        for entries in self.entries.values():
            yield from entries

    def remove(self, useless):
        """Drops the entries for which useless(entry) holds."""
        for surface in list(self.entries):
            kept = [entry for entry in self.entries[surface] if not useless(entry)]
            if kept:
                self.entries[surface] = kept
            else:
                del self.entries[surface]
        self.order()

    def order(self):
        """The cheapest first; after every change of cost."""
        for surface, entries in self.entries.items():
            entries.sort(key=lambda entry: (entry.cost, entry.reading))
            self.best[surface] = entries[0]
        if len(self.best) > len(self.entries):
            self.best = {surface: entries[0] for surface, entries in self.entries.items()}


LITERAL = {}


def literal(kana):
    """A kana unit (or ヴ with its vowel) as an entry that reads itself."""
    entry = LITERAL.get(kana)
    if entry is None:
        entry = LITERAL[kana] = Entry(kana, fold(kana), kana, 0)
        entry.cost = KANA_COST * len(kana)
    return entry


def decode(lexicon, core):
    """The cheapest path, as entries in order; None for a unit that is skipped."""
    best, longest = lexicon.best, lexicon.longest
    count = len(core)
    cost = [1 << 30] * (count + 1)
    back = [None] * (count + 1)
    cost[0] = 0
    for i in range(count):
        base = cost[i]
        char = core[i]
        single = False
        for size in range(1, min(longest.get(char, 0), count - i) + 1):
            entry = best.get(core[i:i + size])
            if entry is not None:
                single = single or size == 1
                total = base + entry.cost
                if total < cost[i + size]:
                    cost[i + size] = total
                    back[i + size] = (i, entry)
        if is_kana(char):
            size = 2 if char == "ヴ" and core[i + 1:i + 2] in V_ROW and core[i + 1] in V_ROW else 1
            total = base + KANA_COST * size
            if total < cost[i + size]:
                cost[i + size] = total
                back[i + size] = (i, literal(core[i:i + size]))
            if size == 2 and base + UNKNOWN_COST < cost[i + 1]:
                cost[i + 1] = base + UNKNOWN_COST
                back[i + 1] = (i, literal(char))
        elif not single:
            total = base + UNKNOWN_COST
            if total < cost[i + 1]:
                cost[i + 1] = total
                back[i + 1] = (i, None)
    path = []
    i = count
    while i > 0:
        start, entry = back[i]
        path.append((start, i, entry))
        i = start
    path.reverse()
    return path


def reading_of(path):
    reading = ""
    for _, _, entry in path:
        if entry is not None:
            reading = join(reading, entry.reading)
    return reading


def steps(lexicon, core, i):
    """(units, entries) that begin at i."""
    char = core[i]
    count = len(core)
    entries = lexicon.entries
    for size in range(1, min(lexicon.longest.get(char, 0), count - i) + 1):
        found = entries.get(core[i:i + size])
        if found is not None:
            yield size, found
    if is_kana(char):
        yield 1, (literal(char),)
        if char == "ヴ" and i + 1 < count and core[i + 1] in V_ROW:
            yield 2, (literal(core[i:i + 2]),)


def align(lexicon, core, target):
    """The cheapest path that reads core as target (folded): [(begin, end, entry, from, to)]. When there is
    none, (None, the states reached from the left)."""
    count = len(core)
    states = [None] * (count + 1)
    states[0] = {0: (0, None)}
    for i in range(count):
        here = states[i]
        if here is None:
            continue
        if is_sign(core[i]):
            there = states[i + 1]
            if there is None:
                there = states[i + 1] = {}
            for j, state in here.items():
                total = state[0] + UNKNOWN_COST
                if j not in there or total < there[j][0]:
                    there[j] = (total, (i, j, None))
        for size, found in steps(lexicon, core, i):
            there = states[i + size]
            for entry in found:
                reading = entry.reading
                vowel = reading[:1] in VOWELS
                for j, state in here.items():
                    rest = reading
                    if vowel and j > 0:
                        dropped = DROPPED.get(target[j - 1], "")
                        while rest and rest[0] in dropped:
                            rest = rest[1:]
                    if target.startswith(rest, j):
                        to = j + len(rest)
                        total = state[0] + entry.cost
                        if there is None:
                            there = states[i + size] = {}
                        known = there.get(to)
                        if known is None or total < known[0]:
                            there[to] = (total, (i, j, entry))
    end = states[count]
    if end is None or len(target) not in end:
        return None, states
    path = []
    i, j = count, len(target)
    while i > 0:
        before_i, before_j, entry = states[i][j][1]
        path.append((before_i, i, entry, before_j, j))
        i, j = before_i, before_j
    path.reverse()
    return path, None


def residual(lexicon, core, target, states):
    """The smallest stretch (begin, end, from, to) that no path reads, between states reached from the left
    and states from which the end is reached."""
    count, size_all = len(core), len(target)
    after = [None] * (count + 1)
    after[count] = {size_all}
    for i in range(count - 1, -1, -1):
        found_here = set()
        if is_sign(core[i]) and after[i + 1]:
            found_here |= after[i + 1]
        for size, found in steps(lexicon, core, i):
            there = after[i + size]
            if not there:
                continue
            for entry in found:
                reading = entry.reading
                for to in there:
                    begin = to - len(reading)
                    if begin >= 0 and target.startswith(reading, begin):
                        found_here.add(begin)
        after[i] = found_here
    best = None
    for i in range(count):
        if not states[i]:
            continue
        for k in range(i + 1, min(count, i + SURFACE_MAX) + 1):
            if not after[k] or (best is not None and k - i > best[0]):
                continue
            for j in states[i]:
                for m in after[k]:
                    if 1 <= m - j <= 3 * (k - i) + 3:
                        key = (k - i, m - j, i, j)
                        if best is None or key < best:
                            best = key
    if best is None:
        return None
    size, length, i, j = best
    return i, i + size, j, j + length


# ---- learning, one pass over the names ----

LEXICON = None
NAMES = []  # (core, folded furigana, furigana, how many corporations)


def raw_span(kana, origin, begin, end):
    """What of the furigana the folded stretch comes from."""
    return kana[origin[begin]:origin[end] if end < len(origin) else len(kana)]


def wrong_spans(path, truth):
    """Stretches of the alignment `truth`, as (first, last + 1), that `path` reads otherwise: the smallest
    between units where both have a boundary."""
    bounds = {0}
    bounds.update(end for _, end, _ in path)
    at = 0
    first = 0
    for index, (_, end, _, _, _) in enumerate(truth):
        if end not in bounds:
            continue
        mine = theirs = ""
        for k in range(first, index + 1):
            if truth[k][2] is not None:
                mine = join(mine, truth[k][2].reading)
        while at < len(path) and path[at][1] <= end:
            if path[at][2] is not None:
                theirs = join(theirs, path[at][2].reading)
            at += 1
        if mine != theirs:
            yield first, index + 1
        first = index + 1


def propose(proposals, core, target, kana, origin, truth, first, last):
    """Counts the stretch truth[first:last] and those with a neighbour on either side."""
    stretches = [(low, high) for low in (first, first - 1) for high in (last, last + 1)]
    if is_letter(core[truth[first][0]]) or is_letter(core[truth[last - 1][0]]):
        low, high = first, last
        while low > 0 and is_letter(core[truth[low][0] - 1]):
            low -= 1
        while high < len(truth) and is_letter(core[truth[high][0]]):
            high += 1
        if (low, high) not in stretches:
            stretches.append((low, high))
    for low, high in stretches:
        if low < 0 or high > len(truth):
            continue
        begin, end = truth[low][0], truth[high - 1][1]
        start, stop = truth[low][3], truth[high - 1][4]
        surface = core[begin:end]
        if end - begin <= SURFACE_MAX and stop > start and " " not in surface:
            key = (surface, target[start:stop])
            proposals.setdefault(key, collections.Counter())[raw_span(kana, origin, start, stop)] += 1


def learn(some):
    """One pass: counts of the entries in the alignments, proposals, and how often an entry is on a right or a
    wrong path."""
    counts, proposals, credit = collections.Counter(), {}, collections.Counter()
    right = total = aligned = 0
    for core, target, kana, weight in some:
        total += 1
        path = decode(LEXICON, core)
        is_right = reading_of(path) == target
        right += is_right
        truth, states = align(LEXICON, core, target)
        if truth is None:
            span = residual(LEXICON, core, target, states)
            if span is not None:
                begin, end, start, stop = span
                if " " not in core[begin:end]:
                    _, origin = fold_from(kana)
                    key = (core[begin:end], target[start:stop])
                    proposals.setdefault(key, collections.Counter())[
                        raw_span(kana, origin, start, stop)] += 1
            continue
        aligned += 1
        for _, _, entry, _, _ in truth:
            if entry is not None and entry.prior:
                counts[entry.surface, entry.reading] += weight
        if is_right:
            for _, _, entry in path:
                if entry is not None and entry.prior:
                    credit[entry.surface, entry.reading] += weight
            continue
        _, origin = fold_from(kana)
        for first, last in wrong_spans(path, truth):
            propose(proposals, core, target, kana, origin, truth, first, last)
            begin, end = truth[first][0], truth[last - 1][1]
            for start, stop, entry in path:
                if start >= begin and stop <= end and entry is not None and entry.prior:
                    credit[entry.surface, entry.reading] -= weight
    return counts, proposals, credit, right, aligned, total


WANTED = {}


def occurrences(some):
    """How often a proposed surface occurs with which reading; with None: across boundaries."""
    tally = {}
    longest = {}
    for surface in WANTED:
        longest[surface[0]] = max(longest.get(surface[0], 0), len(surface))
    for core, target, _, _ in some:
        found = []
        for i, char in enumerate(core):
            for size in range(1, min(longest.get(char, 0), len(core) - i) + 1):
                if core[i:i + size] in WANTED:
                    found.append((i, i + size))
        if not found:
            continue
        truth, _ = align(LEXICON, core, target)
        if truth is None:
            continue
        begins = {begin: start for begin, _, _, start, _ in truth}
        ends = {end: stop for _, end, _, _, stop in truth}
        for begin, end in found:
            reading = None
            if begin in begins and end in ends:
                reading = target[begins[begin]:ends[end]]
            tally.setdefault(core[begin:end], collections.Counter())[reading] += 1
    return tally


def one_pass(log, label):
    started = time.time()
    counts, proposals, credit = collections.Counter(), {}, collections.Counter()
    sums = [0, 0, 0]
    for found in in_two(learn, NAMES, 20000):
        counts.update(found[0])
        for key, kana in found[1].items():
            proposals.setdefault(key, collections.Counter()).update(kana)
        for key, value in found[2].items():
            credit[key] += value
        sums = [a + b for a, b in zip(sums, found[3:])]
    log(f"{label}: right {sums[0] / sums[2]:.4f} aligned {sums[1] / sums[2]:.4f} "
        f"proposals {len(proposals)} {time.time() - started:.0f} s")
    return counts, proposals, credit


PRIOR_SHARE = 0.2


def count_costs(lexicon, counts):
    """Costs from counts; what the prior expects of all tokens counts PRIOR_SHARE."""
    tokens = lexicon.tokens = sum(counts.values())
    for entry in lexicon.all():
        entry.count = counts[entry.surface, entry.reading]
        expected = PRIOR_SHARE * tokens * 2.0 ** -entry.prior
        share = (entry.count + expected) / (tokens * (1 + PRIOR_SHARE))
        entry.cost = max(1, min(COST_MAX, round(-BIT * math.log2(share)))) if share > 0 else COST_MAX
    lexicon.order()


def accept(lexicon, proposals, log):
    """Proposals that names agree on become entries."""
    global WANTED
    kept = {}
    for (surface, reading), kana in proposals.items():
        count = sum(kana.values())
        if count >= 2 and lexicon.find(surface, reading) is None:
            kept[surface, reading] = kana
    WANTED = dict.fromkeys(surface for surface, _ in kept)
    tally = {}
    for found in in_two(occurrences, NAMES, 20000):
        for surface, counter in found.items():
            tally.setdefault(surface, collections.Counter()).update(counter)
    added = 0
    for (surface, reading), kana in kept.items():
        counter = tally.get(surface, {})
        proposed = sum(kana.values())
        count = max(proposed, counter.get(reading, 0))
        total = sum(n for key, n in counter.items() if key is not None)
        rival = max([n for key, n in counter.items() if key not in (reading, None)], default=0)
        if count < 2 or count < 0.1 * rival or (len(surface) == 1 and count < 4):
            continue
        spelt = min(kana, key=lambda text: (-kana[text], len(text), text))
        entry = lexicon.add(surface, spelt, 30.0, reading)
        if entry is not None:
            entry.count = count
            entry.cost = max(1, round(-BIT * math.log2(count / lexicon.tokens)))
            added += 1
    lexicon.order()
    log(f"accepted {added} of {len(kept)}")


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
          "t": "ト", "u": "ウ ア ユ", "v": "ブ", "w": "ウ", "x": "クス", "y": "イ", "z": "ズ", "er": "ア", "ar": "ア",
          "or": "オ ア", "ir": "ア", "ur": "ア", "re": "ア ル", "ee": "イ", "ea": "イ", "oo": "ウ", "ou": "アウ ウ",
          "ow": "オ アウ", "ai": "エ アイ", "ay": "エイ", "igh": "アイ", "th": "ス ザ", "ch": "チ", "sh": "シュ",
          "ck": "ク", "ph": "フ", "tion": "ション", "sion": "ジョン ション", "ty": "ティ", "ly": "リ", "ry": "リ",
          "ny": "ニ", "my": "ミ", "dy": "ディ", "by": "ビ", "te": "ト", "le": "ル", "se": "ス ズ", "ne": "ン",
          "me": "ム", "ke": "ク", "ce": "ス", "ge": "ジ", "ve": "ブ", "de": "ド", "pe": "プ", "ze": "ズ",
          "be": "ブ", "fe": "フ", "tt": "ト", "ss": "ス", "ll": "ル", "nn": "ン", "pp": "プ", "ff": "フ", "rr": "ル",
          "dd": "ド", "gg": "グ", "ng": "ング", "x": "クス", "qu": "ク", "ti": "ティ", "di": "ディ", "tu": "トゥ",
          "ture": "チャ", "ca": "カ", "co": "コ", "cu": "ク", "ci": "シ", "ce": "セ ス", "cy": "シ"}
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
    lexicon.order()
    return lexicon


# ---- costs moved where the cheapest path is wrong ----

STEP = 12.0


def sharpen(numbered):
    """One round over part of the names; returns the moves of the costs, averaged over the round."""
    _, some = numbered
    sums, proposals = {}, {}
    total = len(some)

    def move(entry, step, left):
        if entry is None or not entry.prior:
            return
        key = (entry.surface, entry.reading)
        entry.cost = max(1, min(COST_MAX, entry.cost + step))
        sums[key] = sums.get(key, 0.0) + step * left
        entries = LEXICON.entries[entry.surface]
        LEXICON.best[entry.surface] = min(entries, key=lambda one: (one.cost, one.reading))

    right_count = 0
    for index, (core, target, kana, weight) in enumerate(some):
        path = decode(LEXICON, core)
        if reading_of(path) == target:
            right_count += 1
            continue
        truth, _ = align(LEXICON, core, target)
        if truth is None:
            continue
        left = (total - index) / total
        wrong = collections.Counter(entry for _, _, entry in path)
        right = collections.Counter(entry for _, _, entry, _, _ in truth)
        for entry in list(dict.fromkeys([e for _, _, e in path] + [t[2] for t in truth])):
            by = wrong[entry] - right[entry]
            if by:
                move(entry, STEP * by * min(weight, 4) ** 0.5, left)
        _, origin = fold_from(kana)
        for first, last in wrong_spans(path, truth):
            propose(proposals, core, target, kana, origin, truth, first, last)
    return sums, proposals, right_count


def sharpen_round(lexicon, log, label):
    started = time.time()
    halves = [(k, NAMES[k::PROCESSES]) for k in range(PROCESSES)]
    moves, proposals, right = {}, {}, 0
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        for sums, proposed, count in pool.imap(sharpen, halves):
            right += count
            for key, value in sums.items():
                moves[key] = moves.get(key, 0.0) + value * SHARPEN_GAIN
            for key, kana in proposed.items():
                proposals.setdefault(key, collections.Counter()).update(kana)
    for entry in lexicon.all():
        by = moves.get((entry.surface, entry.reading))
        if by is not None:
            entry.cost = max(1, min(COST_MAX, round(entry.cost + by)))
    lexicon.order()
    log(f"{label}: right {right / len(NAMES):.4f} {len(moves)} costs moved {time.time() - started:.0f} s")
    return proposals


SHARPEN_GAIN = 0.75


# ---- what ships ----

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
            entries = lexicon.entries.pop(surface)
            best = lexicon.best.pop(surface)
            if reading_of(decode(lexicon, surface)) != best.reading:
                lexicon.entries[surface] = entries
                lexicon.best[surface] = best
    lexicon.order()
    count = sum(len(entries) for entries in lexicon.entries.values())
    if count > rows_max:
        ranked = sorted((entry for entry in lexicon.all() if len(entry.surface) > 1),
                        key=lambda entry: (entry.count, -entry.cost, entry.surface, entry.reading))
        useless = {(entry.surface, entry.reading) for entry in ranked[:count - rows_max]}
        lexicon.remove(lambda entry: (entry.surface, entry.reading) in useless)


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
    out.write(f"# A kana unit reads itself; a unit that is no kana and begins no row is skipped.\n"
              f"# kana_cost {KANA_COST}\n# unknown_cost {UNKNOWN_COST}\nsurface\treading\tcost\n")
    found = {}
    for entry in lexicon.all():
        found[f"{entry.surface}\t{entry.kana}"] = entry.cost
    for key in sorted(found, key=lambda text: text.encode()):
        out.write(f"{key}\t{int(found[key])}\n")


def grouped(pairs):
    """[(core, folded, furigana, count)], each once, sorted."""
    counts = collections.Counter(pairs)
    return [(core, fold(kana), kana, counts[core, kana]) for core, kana in sorted(counts)]


def train(lexicon, log, rounds=4, sharpenings=4):
    for turn in range(rounds):
        counts, proposals, credit = one_pass(log, f"round {turn}")
        count_costs(lexicon, counts)
        if turn:
            # What harms more names than it helps goes, but a unit's only way to be read.
            lexicon.remove(lambda entry: len(entry.surface) > 1 and
                           credit[entry.surface, entry.reading] < 0 and
                           entry is lexicon.best[entry.surface] and entry.count < 50)
        if turn < rounds - 1:
            accept(lexicon, proposals, log)
    prune(lexicon, 2 * ROWS_MAX)
    for turn in range(sharpenings):
        proposals = sharpen_round(lexicon, log, f"sharpening {turn}")
        if turn < sharpenings - 2:
            accept(lexicon, proposals, log)
        elif turn == sharpenings - 2:
            counts, _, _ = one_pass(log, "before the last")
            for entry in lexicon.all():
                entry.count = counts[entry.surface, entry.reading]
            prune(lexicon, ROWS_MAX)


# ---- the figures ----

def load(path):
    lexicon = Lexicon()
    for line in lines(path):
        cells = line.rstrip("\n").split("\t")
        if line.startswith("#") or cells[0] == "surface":
            continue
        entry = lexicon.add(cells[0], cells[1], 1.0)
        entry.cost = int(cells[2])
        entry.count = 1
    lexicon.order()
    return lexicon


def decode_best(lexicon, core, wanted=3, readings=4):
    """The cheapest `wanted` different readings."""
    count = len(core)
    states = [{} for _ in range(count + 1)]
    states[0][""] = 0
    for i in range(count):
        here = sorted(states[i].items(), key=lambda item: (item[1], item[0]))[:wanted]
        single = False
        for size, found in steps(lexicon, core, i):
            single = single or size == 1
            there = states[i + size]
            for entry in found[:readings]:
                for before, cost in here:
                    reading = join(before, entry.reading)
                    total = cost + entry.cost
                    if total < there.get(reading, 1 << 30):
                        there[reading] = total
        if not single:
            for before, cost in here:
                if cost + UNKNOWN_COST < states[i + 1].get(before, 1 << 30):
                    states[i + 1][before] = cost + UNKNOWN_COST
    return [reading for reading, _ in sorted(states[count].items(), key=lambda item: (item[1], item[0]))[:wanted]]


def kinds(core):
    yield "all"
    kanji = any("\u3400" <= char <= "\u9fff" or char in "々〆〇" for char in core)
    latin = any("a" <= char <= "z" for char in core)
    if kanji:
        yield "kanji"
    if latin:
        yield "Latin, no kanji" if not kanji else "Latin with kanji"
    if any(char.isdigit() for char in core):
        yield "digits"
    if not kanji and not latin:
        yield "kana and digits alone"


def judge(some):
    found = []
    for core, target, _, weight in some:
        best = decode_best(LEXICON, core)
        found.append((core, weight, bool(best) and best[0] == target, target in best))
    return found


def figures(lexicon, names, label, out):
    global LEXICON
    LEXICON = lexicon
    sums = {}
    for found in in_two(judge, names, 10000):
        for core, weight, first, any_of in found:
            for kind in kinds(core):
                cell = sums.setdefault(kind, [0, 0, 0])
                cell[0] += weight
                cell[1] += weight * first
                cell[2] += weight * any_of
    for kind in sorted(sums):
        total, first, any_of = sums[kind]
        out.write(f"{label}\t{kind}\t{total}\t{first / total:.4f}\t{any_of / total:.4f}\n")


def listed(path):
    """(core, furigana) of the listed companies."""
    names = [(row["name_ja"], row["name_kana"]) for row in rows(path)
             if row["listed"] == "上場" and row["name_kana"]]
    for (name, kana), (folded, core) in zip(names, all_parts([name for name, _ in names])):
        yield core, core_reading(kana, folded, core)


def main(arguments):
    global LIBRARY, LEXICON, NAMES

    def log(text):
        print(text, file=sys.stderr, flush=True)

    if arguments[:1] == ["--check"] and len(arguments) == 5:
        _, lexicon, library, register_path, edinet = arguments
        LIBRARY = Library(library)
        lexicon = load(lexicon)
        print("set\tkind\tnames\tfirst\tamong_3")
        held_out = register(register_path, lambda number: number.endswith(HELD_OUT))
        figures(lexicon, grouped(held_out), "held_out", sys.stdout)
        figures(lexicon, grouped(listed(edinet)), "edinet_listed", sys.stdout)
        return 0
    if len(arguments) != 5:
        print(__doc__, file=sys.stderr)
        return 2
    library, register_path, nouns, loanwords, unihan_readings = arguments
    LIBRARY = Library(library)
    LEXICON = start(nouns, loanwords, unihan_readings)
    NAMES = grouped(register(register_path, lambda number: not number.endswith(HELD_OUT)))
    log(f"{len(NAMES)} names, {len(LEXICON.entries)} surfaces")
    train(LEXICON, log)
    write(LEXICON, sys.stdout, (("register", register_path), ("nouns", nouns), ("loanwords", loanwords),
                                ("unihan", unihan_readings)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
