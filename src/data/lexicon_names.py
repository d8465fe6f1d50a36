# SPDX-License-Identifier: Apache-2.0
"""Names, readings and the lattice, for derive_lexicon.py and check_lexicon.py: folds readings, asks the
library for the core of a name, reads the register, reads a core by the cheapest path of a lexicon. Knows
nothing of how a lexicon is learnt. Only the standard library."""
import collections
import multiprocessing
import random
import re

from library import Normalizer
from tables import lines, rows

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
# Longer names are not learnt from.
LEN_MAX = 100


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


# Skipped, and never part of a surface: as a skip costs more than any row, a row with one would win always.
SKIPPED = re.compile(r"[ ・.\-‐―_,、。()「」『』\[\]/:~]")


def is_surface(surface, reading):
    if not surface or len(surface) > SURFACE_MAX or max(surface) > "\uffff":
        return False
    if all(is_kana(char) for char in surface) and fold(surface) == reading:
        return False
    if surface[0] == "." and reading.startswith("ドト"):
        surface = surface[1:]
    return bool(surface) and SKIPPED.search(surface) is None


# ---- the library ----

normalizer = None


def open_library(path):
    global normalizer
    normalizer = Normalizer(path)


def read_parts(companies):
    """(folded, core) of companies' names; empty where one has none."""
    found = (normalizer.parts(company, 3) for company in companies)
    return [(parts.get("company.folded", ""), parts.get("company.core", "")) for parts in found]


def in_two(function, items, chunk):
    """function over chunks of items, in order, in two processes that see this moment's globals."""
    chunks = [items[i:i + chunk] for i in range(0, len(items), chunk)]
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        yield from pool.imap(function, chunks)


def all_parts(companies):
    return [parts for some in in_two(read_parts, companies, 20000) for parts in some]


# ---- the register ----

# A form that the parser cuts from the name is cut from its furigana as well.
KANA_FORMS = ("コーポレーション", "コーポレイション", "コーポ", "カンパニー", "リミテッド", "リミティド", "インコーポレイテッド",
              "インコーポレーテッド", "インク", "シーオー", "エルエルシー")
LATIN_FORM = re.compile(r"corporation|company|limited|incorporated|\b(?:corp|co|ltd|inc|llc|k\.?k)\b")
JAPANESE_FORMS = [kind + company for kind in ("カブシキ", "ユウゲン", "ゴウドウ", "ゴウシ")
                  for company in ("ガイシャ", "ガイシヤ", "カイシャ", "カイシヤ")]


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


# Estates bear the name of a person.
ESTATE = re.compile("相続財産")


def grouped(pairs):
    """[(core, folded, furigana, count)], each once, in an order of no meaning."""
    counts = collections.Counter((core, kana) for core, kana in pairs
                                 if len(core) <= LEN_MAX and len(kana) <= LEN_MAX and max(core) <= "\uffff")
    names = [(core, fold(kana), kana, counts[core, kana]) for core, kana in sorted(counts)]
    random.Random(1).shuffle(names)
    return names


def register(path, wanted):
    """(core, furigana) of the corporations whose number `wanted` takes."""
    names = [(row["name"], row["furigana"]) for row in rows(path)
             if row["furigana"] and wanted(row["corporate_number"])]
    for (name, furigana), (folded, core) in zip(names, all_parts([name for name, _ in names])):
        kana = core_reading(furigana, folded, core)
        if core and kana and not ESTATE.search(core):
            yield core, kana


# ---- the lexicon ----

class Entry:
    __slots__ = ("surface", "reading", "kana", "prior", "count", "used", "credit", "cost")

    def __init__(self, surface, reading, kana, prior):
        self.surface = surface
        self.reading = reading  # folded
        self.kana = kana        # as shipped
        self.prior = prior      # bits, before any count
        self.count = self.used = self.credit = 0.0
        self.cost = prior * BIT


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
        if not reading or not is_surface(surface, reading):
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
            size = 2 if char == "ヴ" and core[i + 1:i + 2] in V_ROW else 1
            total = base + KANA_COST * size
            if total < cost[i + size]:
                cost[i + size] = total
                back[i + size] = (i, literal(core[i:i + size]))
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
    if char == "ヴ" and i + 1 < count and core[i + 1] in V_ROW:
        yield 2, (literal(core[i:i + 2]),)
    elif is_kana(char):
        yield 1, (literal(char),)
