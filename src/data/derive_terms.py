#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proposes rows for terms.tsv and counts what supports the rows it has.

  derive_terms.py propose EDINET NTA TERMS            pairs of words that the table lacks, best first
  derive_terms.py count EDINET NTA TERMS > NEW        the table sorted, with its source column counted anew
  derive_terms.py readings LEXICON TERMS              rows of terms in kana that the table lacks

EDINET is edinet_companies.tsv, NTA is nta_english_names.tsv (columns name or name_ja, name_en, furigana or
name_kana, corporate_number), TERMS is terms.tsv.
propose gives each English word of a name, after those that the name's kana spells, to the Japanese word
that it goes with most (log-likelihood ratio, Dunning 1993), and prints what was given twice or more; what
becomes a row is chosen by hand. count finds surfaces longest first on both sides of a pair of names; a
surface is supported by a pair when another surface of its term stands on the other side, in the other
script. A corporation in both files counts once, as edinet. readings gives the kana of surfaces in kanji
that LEXICON reads so, where the table has them in Latin letters as well: then they are hardly another word;
once more with large kana, as banks write them.
"""
import collections
import math
import re
import sys
import unicodedata

from tables import rows

FORMS = re.compile("株式会社|有限会社|合同会社|合資会社|合名会社|(一般|公益)(社団|財団)法人|医療法人(社団|財団)?|"
                   "学校法人|社会福祉法人|特定非営利活動法人")
LATIN_FORMS = set("co ltd inc corp corporation company limited incorporated kk gk yk llc plc the "
                  "kabushiki kaisha gaisha godo yugen".split())
# Hepburn, long vowels folded away: コウギョウ is kogyo.
ROMAJI = {}
for kana_row, consonant in (("アイウエオ", ""), ("カキクケコ", "k"), ("サシスセソ", "s"), ("タチツテト", "t"),
                            ("ナニヌネノ", "n"), ("ハヒフヘホ", "h"), ("マミムメモ", "m"), ("ラリルレロ", "r"),
                            ("ガギグゲゴ", "g"), ("ザジズゼゾ", "z"), ("ダヂヅデド", "d"), ("バビブベボ", "b"),
                            ("パピプペポ", "p")):
    ROMAJI.update((kana, consonant + vowel) for kana, vowel in zip(kana_row, "aiueo"))
ROMAJI.update({"シ": "shi", "チ": "chi", "ツ": "tsu", "フ": "fu", "ジ": "ji", "ヂ": "ji", "ヅ": "zu", "ヤ": "ya",
               "ユ": "yu", "ヨ": "yo", "ワ": "wa", "ヲ": "o", "ン": "n", "ヴ": "vu"})
SMALL = dict(zip("ャュョァィゥェォ", "auoaiueo"))
JAPANESE = re.compile("[ァ-ヴー]+|[一-鿿々]+")


def fold(text):
    """As far as needed here: NFKC, lower case, hiragana as katakana."""
    text = unicodedata.normalize("NFKC", text).lower()
    return "".join(chr(ord(char) + 0x60) if "ぁ" <= char <= "ゖ" else char for char in text)


def read_pairs(edinet, nta):
    """(source, folded Japanese name, English words, romaji of the kana) of each corporation with both."""
    seen = set()
    for source, path in (("edinet", edinet), ("nta", nta)):
        for row in rows(path):
            number, english = row.get("corporate_number"), row["name_en"]
            if not english or number and number in seen:
                continue
            seen.add(number)
            name = FORMS.sub("", fold(row.get("name_ja") or row["name"]))
            kana = fold(row.get("name_kana") or row.get("furigana") or "")
            yield source, name, english_words(english), romaji(kana)


def english_words(name):
    name = unicodedata.normalize("NFKD", name)
    name = re.sub("(?<=[a-z]{3})(?=[A-Z][a-z]{3})", " ", name)
    name = re.sub(r"['’.](?=\w\b)", "", name.lower())
    return [word for word in re.findall("[a-z0-9]+|&", name) if word not in LATIN_FORMS]


def romaji(kana):
    out = ""
    for char in kana:
        if char in SMALL and out:
            glide = "" if out[-2:] in ("hi", "ji") or char in "ァィゥェォ" else "y"
            out = out[:-1] + glide + SMALL[char]
        else:
            out += ROMAJI.get(char, "")
    return short_vowels(out)


def short_vowels(text):
    """Romaji without what is written in several ways: long vowels, doubled consonants, m for n."""
    text = re.sub("n(?=n)|m(?=[bmp])", "n", text)
    text = re.sub(r"([bdgkpstz])(?=\1)|t(?=ch)", "", text)
    return re.sub("(?<=o)[uoh](?![aeiou])|(?<=o)[uo]|(?<=u)u", "", text)


def read_terms(path):
    """The lines of comment and the rows; {folded surface: term}."""
    comments, terms, surfaces = [], {}, []
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("#"):
                comments.append(line)
            elif not line.startswith("term\t"):
                term, surface, source = line.rstrip("\n").split("\t")
                if terms.setdefault(fold(surface), term) != term:
                    sys.exit(f"{path}: {surface} is a surface of two terms: {terms[fold(surface)]}, {term}")
                surfaces.append((term, surface, source))
    return comments, terms, surfaces


def rows_after_comments(path):
    """The cells of each row behind the header."""
    with open(path, encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
    return lines[1:]


def is_latin(surface):
    return not JAPANESE.search(surface)


def japanese_surfaces(name, terms):
    """Longest first from the left; one kanji only at the end of a name."""
    found, at = [], 0
    while at < len(name):
        for size in range(min(14, len(name) - at), 0, -1):
            surface = name[at:at + size]
            if surface in terms and not is_latin(surface) and (size > 1 or at + size == len(name)):
                found.append(surface)
                at += size
                break
        else:
            at += 1
    return found


def english_surfaces(words, terms):
    found, at = [], 0
    while at < len(words):
        for size in range(min(5, len(words) - at), 0, -1):
            surface = " ".join(words[at:at + size])
            if surface in terms:
                found.append(surface)
                at += size
                break
        else:
            at += 1
    return found


def count(edinet, nta, path):
    comments, terms, surfaces = read_terms(path)
    support = collections.defaultdict(collections.Counter)
    for source, name, words, _ in read_pairs(edinet, nta):
        ours, theirs = japanese_surfaces(name, terms), english_surfaces(words, terms)
        common = {terms[s] for s in ours} & {terms[s] for s in theirs}
        for surface in {s for s in ours + theirs if terms[s] in common}:
            support[surface][source] += 1
    sys.stdout.writelines(comments)
    print("term\tsurface\tsource")
    for term, surface, source in sorted(set(surfaces)):
        counts = support[fold(surface)]
        if source != "reading":
            source = " ".join(sorted(counts)) + f" {sum(counts.values())}" if counts else "own"
        print(term, surface, source, sep="\t")


LARGE = str.maketrans("ァィゥェォッャュョ", "アイウエオツヤユヨ")


def readings(lexicon, path):
    _, terms, surfaces = read_terms(path)
    latin = {(term, short_vowels(surface)) for term, surface, _ in surfaces if is_latin(surface)}
    found = {}
    for row in rows_after_comments(lexicon):
        surface, kana = row[:2]
        if surface in terms and "一" <= surface[0] <= "鿿" and (terms[surface], romaji(kana)) in latin:
            for written in (kana, kana.translate(LARGE)):
                if len(kana) > 2 and written not in terms:
                    found.setdefault(written, set()).add(terms[surface])
    for kana, meant in sorted(found.items()):
        if len(meant) == 1:
            print(*meant, kana, "reading", sep="\t")


def japanese_words(name):
    """Parts of the runs of one script: kanji of 2..6, katakana of 3 and more from either end, last kanji."""
    words = set()
    for run in JAPANESE.findall(name):
        if "ァ" <= run[0] <= "ー":
            words.update(run[:size] for size in range(3, len(run) + 1))
            words.update(run[-size:] for size in range(3, len(run)))
        else:
            words.update(run[i:i + size] for size in range(2, 7) for i in range(len(run) - size + 1))
    if name and "一" <= name[-1] <= "鿿":
        words.add(name[-1])
    return words


def log_likelihood_ratio(both, left, right, total):
    def entropy(*cells):
        whole = sum(cells)
        return sum(cell * math.log(cell / whole) for cell in cells if cell)
    cells = (both, left - both, right - both, total - left - right + both)
    return 2 * (entropy(*cells) - entropy(left, total - left) - entropy(right, total - right))


def propose(edinet, nta, path):
    _, terms, _ = read_terms(path)
    pairs, left, right, both = [], collections.Counter(), collections.Counter(), collections.Counter()
    for _, name, words, sound in read_pairs(edinet, nta):
        phrases = set(words) | {f"{a} {b}" for a, b in zip(words, words[1:])}
        phrases = {p for p in phrases if len(p) > 1 and short_vowels(p.replace(" ", "")) not in sound}
        pairs.append((japanese_words(name), phrases))
        left.update(pairs[-1][0])
        right.update(phrases)
    for ours, phrases in pairs:
        both.update((o, p) for o in ours if left[o] > 1 for p in phrases if right[p] > 1)
    score = {pair: log_likelihood_ratio(n, left[pair[0]], right[pair[1]], len(pairs))
             for pair, n in both.items() if n * len(pairs) > left[pair[0]] * right[pair[1]]}
    given = collections.Counter()
    for ours, phrases in pairs:
        candidates = sorted(((score.get((o, p), 0), len(o), o, p) for o in ours for p in phrases), reverse=True)
        used = set()
        for value, _, o, p in candidates:
            if value > 10.8 and p not in used and not any(o in u or u in o for u in used):  # p < .001
                used.update((o, p))
                given[o, p] += 1
    for (ours, phrase), n in sorted(given.items(), key=lambda item: (-item[1], item[0])):
        known = [surface for surface in terms if terms[surface] == terms.get(phrase)]
        if n > 1 and not any(ours in surface or surface in ours for surface in known):
            print(ours, phrase, n, left[ours], right[phrase], terms.get(ours, "-"), terms.get(phrase, "-"),
                  sep="\t")


if __name__ == "__main__":
    commands = {"propose": (propose, 5), "count": (count, 5), "readings": (readings, 4)}
    command, arguments = commands.get(sys.argv[1] if len(sys.argv) > 1 else "", (None, 0))
    if command is None or len(sys.argv) != arguments:
        sys.exit(__doc__)
    command(*sys.argv[2:])
