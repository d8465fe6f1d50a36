#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the words that part one registered company from another of the same beginning or end.

  derive_rests.py DATA_FOLDER build/bench/kaburi-bench > src/data/rests.tsv

DATA_FOLDER holds nta_corporates.tsv.gz and rs_recipients_2024/2025.tsv.gz. Where the loose key of one
corporation is that of another and a rest behind it (X, X販売) or before it (X, 日本X), the rest is counted,
once for each such key. A rest is a word when enough of the keys that end or begin with it have a border
of words there: a space, a middle dot, a change of script. Kanji words are glued to others, so of them less is
asked. Left out is what contracts call one corporation by with it and without it nearly as often (教育委員会), and
offices (本社, 工場) of branch_words.tsv. What abbreviations leave out (工業, 製薬) counts within a name alone: where
aliases.tsv drops a word from its names that end so more than twice as often as a registered name that ends so
has a namesake without it. Deterministic.
"""
import collections
import os
import sys

from parts import parts_of
from tables import lines, rows

# A name that more than so many corporations bear says little of one of them.
OWNERS_MAX = 5
BASE_LEN_MIN = 3
COUNT_MIN = 10
# Of single kanji before a name these: others are more often the beginning of its first word.
ONE_UNIT = "新大中北南東西"
LATIN_LEN_MIN = 3
BORDER_MIN = {"behind": (0.10, 0.04), "before": (0.45, 0.25)}  # of kana and letters, of kanji alone
# Of the keys that have the rest, so many are another corporation's key without it.
SHARE_MIN = 0.03
# Registered pairs for each spelling of one corporation with and without the rest.
SPELT_TIMES = 20
# An abbreviation that leaves a word out, for names whose first units differ: of so many at least, and so many
# times the share of registered pairs.
DROPPED_MIN = 3
DROPPED_TIMES = 2
FIRST_LEN = 2
KEPT_WORDS = 0x028  # of branch_words.tsv: parts of names as well, and none although they end like one
ATTRIBUTE = {"behind": 1, "before": 2, "within": 4}

SMALL = str.maketrans("ァィゥェォッャュョヮヵヶヂヅヲヰヱ工口力二八夕卜", "アイウエオツヤユヨワカケジズオイエエロカニハタト")
SIGNS = set(" ー・-.,&'!/+_:~、。·*()[]「」#?")


def script(unit):
    if "ァ" <= unit <= "ヺ":
        return "kana"
    if "一" <= unit <= "鿿" or unit in "々〆〇":
        return "kanji"
    return "latin" if unit.isascii() and unit.isalpha() else "other"


def borders(core, key):
    """The places of the key where a word of the core begins, as bits; 0 where the two do not meet."""
    spelt, found, before, apart = [], 0, None, True
    for unit in core:
        if unit in SIGNS:
            apart |= unit != "ー"
            continue
        kind = script(unit)
        if apart or kind != before:
            found |= 1 << len(spelt)
        spelt.append(unit.translate(SMALL))
        before, apart = kind, False
    return found if "".join(spelt) == key else 0


def read_register(folder, bench):
    """{key: numbers of the corporations}, {key: borders}."""
    register = [(row["corporate_number"], row["name"]) for row in rows(folder + "/nta_corporates.tsv.gz")]
    owners, found = collections.defaultdict(set), collections.defaultdict(int)
    for at, core, key in parts_of(bench, (name for _, name in register)):
        owners[key].add(register[at][0])
        found[key] |= borders(core, key)
    return owners, found


def splits(key):
    """(place, base, rest) of each way to cut a rest off a key."""
    for i in range(1, len(key)):
        yield "behind", key[:i], key[i:], i
        yield "before", key[i:], key[:i], i


def spelt_counts(folder, bench, owners):
    """How often contracts call a corporation by its registered name and a rest, or without one."""
    spelt = dict.fromkeys((row["corporate_number"], row["recipient_name"]) for year in (2024, 2025)
                          for row in rows(f"{folder}/rs_recipients_{year}.tsv.gz"))
    spelt = list(spelt)
    named = collections.defaultdict(set)
    for key, numbers in owners.items():
        for number in numbers:
            named[number].add(key)
    pairs = set()
    for at, _, key in parts_of(bench, (name for _, name in spelt)):
        for other in named.get(spelt[at][0], ()):
            longer, shorter = (key, other) if len(key) > len(other) else (other, key)
            if len(shorter) >= BASE_LEN_MIN and longer != shorter:
                pairs.add((spelt[at][0], longer, shorter))
    counts = collections.Counter()
    for _, longer, shorter in pairs:
        for place, base, rest, _ in splits(longer):
            counts[place, rest] += base == shorter
    return counts


def office_words(bench):
    """Loose keys of the words for an office, a department or a factory, whatever else they may end."""
    path = os.path.join(os.path.dirname(__file__), "branch_words.tsv")
    words = ["本社", "本店", "工場"]
    for line in lines(path):
        cells = line.split("\t")
        if not line.startswith("#") and cells[2].startswith("0x") and not int(cells[2], 16) & KEPT_WORDS:
            words.append(cells[0])
    return {key for _, _, key in parts_of(bench, words)}


def dropped_words(bench):
    """{word: beginnings of names that an abbreviation leaves it out of}, {word: those of all that end so}."""
    path = os.path.join(os.path.dirname(__file__), "aliases.tsv")
    table = []
    for line in lines(path):
        cells = line.rstrip("\n").split("\t")
        if not line.startswith("#") and cells[2] in ("abbreviation", "translation"):
            table.append(cells[:2])
    names = list(dict.fromkeys(name for pair in table for name in pair))
    keys = {names[at]: key for at, _, key in parts_of(bench, names)}
    short = collections.defaultdict(set)
    for pair in table:
        a, b = (keys.get(name, "") for name in pair)
        short[a].add(b)
        short[b].add(a)
    dropped, ending = collections.defaultdict(set), collections.defaultdict(set)
    for key, others in short.items():
        for i in range(FIRST_LEN, len(key)):
            ending[key[i:]].add(key[:FIRST_LEN])
            if key[:i] in others:
                dropped[key[i:]].add(key[:FIRST_LEN])
    return dropped, ending


def main(folder, bench):
    owners, found = read_register(folder, bench)
    apart, with_rest, bordered = (collections.Counter() for _ in range(3))
    for key, numbers in owners.items():
        for place, base, rest, _ in splits(key) if len(numbers) <= OWNERS_MAX else ():
            other = owners.get(base, ())
            if len(base) >= BASE_LEN_MIN and 0 < len(other) <= OWNERS_MAX and numbers.isdisjoint(other):
                apart[place, rest] += 1
    for word in [word for word, count in apart.items() if count < COUNT_MIN]:
        del apart[word]
    for key in owners:
        for place, base, rest, at in splits(key):
            if (place, rest) in apart and found[key] != 0:
                with_rest[place, rest] += 1
                bordered[place, rest] += found[key] >> at & 1
    spelt = spelt_counts(folder, bench, owners)
    dropped, ending = dropped_words(bench)
    offices = office_words(bench)

    def is_dropped(rest, share):
        few, all_of_them = len(dropped[rest]), len(ending[rest])
        return few >= DROPPED_MIN and few / (all_of_them + 2) >= DROPPED_TIMES * share

    def is_word(place, rest, count):
        kanji = all(script(unit) == "kanji" or unit in "エロカニハタト" for unit in rest) and any(
            script(unit) == "kanji" for unit in rest)
        if len(rest) == 1:
            return place == "before" and rest in ONE_UNIT
        if script(rest[0]) == "latin" and len(rest) < LATIN_LEN_MIN:
            return False
        seen = with_rest[place, rest]
        return (seen > 0 and bordered[place, rest] >= BORDER_MIN[place][kanji] * seen
                and count >= SHARE_MIN * seen and count >= SPELT_TIMES * spelt[place, rest]
                and not any(unit.isdigit() for unit in rest) and rest not in offices)

    words = collections.defaultdict(dict)
    for (place, rest), count in apart.items():
        if is_word(place, rest, count):
            left_out = place == "behind" and is_dropped(rest, count / with_rest[place, rest])
            words[rest]["within" if left_out else place] = count
    with open(os.path.join(os.path.dirname(__file__), "rests.head"), encoding="utf-8") as head:
        sys.stdout.write(head.read())
    for rest, counts in sorted(words.items(), key=lambda item: (-sum(item[1].values()), item[0])):
        attribute = sum(ATTRIBUTE[place] for place in counts)
        told = ", ".join(f"{place} {counts[place]}" for place in ATTRIBUTE if place in counts)
        print(f"{rest}\trest\t{attribute}\t{told}")


if __name__ == "__main__":
    main(*sys.argv[1:])
