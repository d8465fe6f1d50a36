#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the weights of the built-in model: Fellegi-Sunter m and u of every level of every field.

  train_model.py LIBRARY DATA_FOLDER MODEL_IN MODEL_OUT

LIBRARY is a built libkaburi.so; DATA_FOLDER holds the register and the contracts as published and
converted to TSV (see THIRD_PARTY_NOTICES): nta_corporates.tsv.gz, nta_name_changes_near.tsv,
nta_english_names.tsv, edinet_companies.tsv, rs_name_variant_groups.tsv,
rs_vs_nta_official_variant_groups.tsv, rs_recipients_2024/2025.tsv.gz.

Three samples of labelled candidate pairs are made, each by asking an index as a CRM would:

  company  queries are spellings of a corporation (contracts, former registered names), the index holds
           names of the register; a candidate is a match when it bears the corporation's number
  spoken   queries are the kana and the English names of registered corporations, the index holds their
           names and others; for the levels that compare by sound
  deal     queries are contracts entered once more with changes drawn from a seed (typo, tag, company in
           front, tail word, cut, year in another notation, synonym, amount), the index holds the
           contracts; a match is the contract itself or one of the same company and the same words

m is the share of matches at a level, u that of the other candidates, each with a prior of one pair
spread over the levels; identifiers and dates, which these samples lack, keep what MODEL_IN says.
Only the standard library is used. Deterministic.
"""
import collections
import ctypes
import math
import pathlib
import random
import re
import sys
import unicodedata

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "src" / "data"))

from library import Record, Text  # noqa: E402
from tables import rows  # noqa: E402

FIELDS = ("company form branch reading corporate_number domain deal year period phase lot sale site "
          "number amount close_date").split()
ABSENT_AMOUNT = -(1 << 63)
ABSENT_DATE = -(1 << 31)


class Match(ctypes.Structure):
    _fields_ = [("id", ctypes.c_uint64), ("probability", ctypes.c_double),
                ("verdict", ctypes.c_int32), ("decision", ctypes.c_int32),
                ("evidence", ctypes.c_uint64), ("weight", ctypes.c_float * 16),
                ("level", ctypes.c_uint8 * 16)]


class SearchOptions(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_uint32), ("flags", ctypes.c_uint32),
                ("top", ctypes.c_uint32), ("reserved", ctypes.c_uint32),
                ("probability_min", ctypes.c_double)]


class Index:
    """The little of the library that counting needs."""

    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        self.library.kaburi_matches_count.restype = ctypes.c_size_t
        self.library.kaburi_matches_data.restype = ctypes.POINTER(Match)
        self.handle = ctypes.c_void_p()
        self.matches = ctypes.c_void_p()
        self.check(self.library.kaburi_index_create(ctypes.byref(self.handle), None, None))
        self.check(self.library.kaburi_matches_create(ctypes.byref(self.matches), None, None))
        self.options = SearchOptions()
        self.library.kaburi_search_options_init(ctypes.byref(self.options))

    @staticmethod
    def check(status):
        if status != 0:
            raise RuntimeError(f"kaburi status {status}")

    def record(self, number, company, deal="", amount=None):
        record = Record()
        self.library.kaburi_record_init(ctypes.byref(record))
        record.id = number
        record.company = Text.of(company)
        record.deal = Text.of(deal)
        record.amount = ABSENT_AMOUNT if amount is None else amount
        return record

    def add(self, *values):
        self.check(self.library.kaburi_index_add(self.handle, ctypes.byref(self.record(*values)), None))

    def search(self, top, *values):
        self.options.top = top
        self.check(self.library.kaburi_search(self.handle, ctypes.byref(self.record(*values)),
                                              ctypes.byref(self.options), self.matches, None))
        found = self.library.kaburi_matches_data(self.matches)
        return [(found[i].id, tuple(found[i].level))
                for i in range(self.library.kaburi_matches_count(self.matches))]


# ---- the two samples ----

def company_sample(library, folder, rng, queries=6000, register=50000):
    """Yields (is_match, levels, form known) of candidates for spellings of registered corporations."""
    official = {}
    for row in rows(folder + "/nta_corporates.tsv.gz"):
        official.setdefault(row["corporate_number"], row["name"])
    spelt = []
    for name in ("rs_name_variant_groups.tsv", "rs_vs_nta_official_variant_groups.tsv"):
        for row in rows(f"{folder}/{name}"):
            number = row.get("corporate_number") or row.get("id")
            if "different" not in row["class_vs_first"] and number in official:
                spelt.append((number, row["name"]))
    near = [(row["corporate_number"], row["old"]) for row in rows(folder + "/nta_name_changes_near.tsv")
            if row["corporate_number"] in official and row["class"] != "legal_form_only"]
    pairs = spelt + rng.sample(near, min(len(near), queries - len(spelt)))
    wanted = {number for number, _ in pairs}
    numbers = sorted(official)
    kept = sorted(wanted | set(rng.sample(numbers, min(register, len(numbers)))))
    index = Index(library)
    place = {}
    for number in kept:
        place[number] = len(place)
        index.add(place[number], official[number])
    names = [official[number] for number in kept]
    for number, spelling in pairs:
        for found, levels in index.search(10, 0, spelling):
            # Namesakes that a name cannot tell apart are neither.
            if found != place[number] and names[found] == official[number]:
                continue
            yield found == place[number], levels


def spoken_sample(library, folder, rng, queries=3000, register=50000):
    """Yields (is_match, levels) of candidates for kana and English names of registered corporations.
    The kana are of the tenth of the register that the lexicon did not learn from."""
    official, kana = {}, []
    for row in rows(folder + "/nta_corporates.tsv.gz"):
        official.setdefault(row["corporate_number"], row["name"])
        if row["furigana"] and row["corporate_number"].endswith("0"):
            kana.append((row["corporate_number"], row["furigana"]))
    english = {}
    for row in rows(folder + "/edinet_companies.tsv"):
        if row["corporate_number"] in official and row["name_en"]:
            english[row["corporate_number"]] = row["name_en"]
    for row in rows(folder + "/nta_english_names.tsv"):
        if row["corporate_number"] in official:
            english.setdefault(row["corporate_number"], row["name_en"])
    english = sorted(english.items())
    pairs = rng.sample(kana, min(queries, len(kana))) + rng.sample(english, min(queries, len(english)))
    wanted = {number for number, _ in pairs}
    kept = sorted(wanted | set(rng.sample(sorted(official), min(register, len(official)))))
    index = Index(library)
    place = {}
    for number in kept:
        place[number] = len(place)
        index.add(place[number], official[number])
    names = [official[number] for number in kept]
    for number, spelling in pairs:
        for found, levels in index.search(10, 0, spelling):
            yield names[found] == official[number], levels


KATAKANA = [chr(c) for c in range(0x30A2, 0x30F3)]
KANJI = list("業務調査支援委託事業整備運営管理研究開発等作成実施設備更新保守点検")
TAGS = ("【展示会】{}", "【ウェビナー】{}", "[Web]{}", "{}_MQL", "【紹介】{}", "{}(紹介)", "【至急】{}")
TAILS = ("{}の件", "{}案件", "{}について", "{}一式", "{} 新規", "{}等", "{}の実施", "{}業務", "{}プロジェクト")
FRONTS = ("{c}様_{d}", "{c} {d}", "{c}-{d}", "{c}様 {d}", "【{c}】{d}")
SYNONYMS = (("調達", "購入"), ("調査", "リサーチ"), ("更新", "更改"), ("保守", "メンテナンス"),
            ("賃貸借", "リース"), ("システム", "ｼｽﾃﾑ"), ("導入", "構築"), ("サーバー", "サーバ"),
            ("委託", "業務委託"), ("及び", "と"), ("に係る", "の"), ("等", ""))
FORMS = (("株式会社", "(株)"), ("株式会社", "㈱"), ("有限会社", "(有)"), ("一般社団法人", "(一社)"),
         ("国立大学法人", ""), ("株式会社", ""), ("合同会社", "(同)"), ("公益財団法人", "(公財)"))


def mistype(rng, text):
    if len(text) < 4:
        return text
    at = rng.randrange(1, len(text))
    kind = rng.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1:]
    if kind == 1 and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2:]
    letter = rng.choice(KATAKANA if rng.random() < 0.5 else KANJI)
    return text[:at] + letter + text[at + (kind == 2):]


def in_other_notation(rng, text):
    def change(found):
        year = int(found.group(1))
        if year < 2019:
            return found.group(0)
        return rng.choice((f"令和{year - 2018}年度", f"R{year - 2018}年度", f"FY{year % 100}"))
    return re.sub(r"(20\d\d)年度", change, text)


def reenter(rng, company, deal):
    """The same contract as another department would type it: one to three changes."""
    for _ in range(rng.choice((1, 1, 2, 2, 3))):
        kind = rng.randrange(9)
        if kind == 0:
            deal = mistype(rng, deal)
        elif kind == 1:
            deal = rng.choice(TAGS).format(deal)
        elif kind == 2:
            deal = rng.choice(TAILS).format(deal)
        elif kind == 3:
            deal = rng.choice(FRONTS).format(c=company, d=deal)
        elif kind == 4:
            old, new = rng.choice(SYNONYMS)
            deal = deal.replace(old, new)
        elif kind == 5 and len(deal) > 16:
            deal = deal[: int(len(deal) * rng.uniform(0.6, 0.9))]
        elif kind == 6:
            deal = in_other_notation(rng, deal)
        elif kind == 7:
            old, new = rng.choice(FORMS)
            company = company.replace(old, new)
        else:
            company = rng.choice((company + "御中", mistype(rng, company), company + " 東京支店"))
    return company, deal


def estimated(rng, amount):
    """What another department holds the amount to be: none yet, the same, near, or an estimate."""
    kind = rng.random()
    if kind < 0.25:
        return None
    if kind < 0.70:
        return amount
    if kind < 0.85:
        return int(amount * rng.uniform(0.9, 1.1))
    return int(amount * (rng.uniform(0.55, 1.8) if kind < 0.95 else rng.uniform(0.2, 5)))


def plain(text):
    """What two texts must share to be the same contract to the letter."""
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", text)).lower()


def deal_sample(library, folder, rng, queries=6000):
    """Yields (is_match, same_company, is_source, levels) of candidates for contracts entered once more, and
    for contracts that are not in the index."""
    seen = {}
    for year in (2024, 2025):
        for row in rows(f"{folder}/rs_recipients_{year}.tsv.gz"):
            amount = int(row["amount_yen"]) if re.fullmatch(r"-?\d+", row["amount_yen"] or "") else None
            if row["recipient_name"] and row["contract_summary"]:
                seen.setdefault((row["recipient_name"], row["contract_summary"], amount), len(seen))
    contracts = list(seen)
    rng.shuffle(contracts)
    absent, stored = contracts[:queries // 2], contracts[queries // 2:]
    index = Index(library)
    keys = []
    for number, (company, deal, amount) in enumerate(stored):
        index.add(number, company, deal, amount)
        keys.append((plain(company), plain(deal)))
    digits = [re.sub(r"\d+", "#", key[1]) for key in keys]

    def labelled(company, deal, found):
        """True, False or None: not to be told from its text."""
        if keys[found] == (plain(company), plain(deal)):
            return True
        if keys[found][0] != plain(company):
            return False
        if digits[found] == re.sub(r"\d+", "#", plain(deal)):
            return False  # differs by its numbers alone
        a = {keys[found][1][i:i + 2] for i in range(len(keys[found][1]) - 1)}
        b = {plain(deal)[i:i + 2] for i in range(len(plain(deal)) - 1)}
        return None if len(a & b) >= 0.6 * len(a | b) else False

    for place in rng.sample(range(len(stored)), queries):
        company, deal, amount = stored[place]
        other_company, other_deal = reenter(rng, company, deal)
        if amount is not None:
            amount = estimated(rng, amount)
        for found, levels in index.search(10, 0, other_company, other_deal, amount):
            label = labelled(company, deal, found)
            if label is not None:
                yield label, keys[found][0] == plain(company), found == place, levels
    for company, deal, amount in absent:
        for found, levels in index.search(10, 0, company, deal, amount):
            label = labelled(company, deal, found)
            if label is not None:
                yield label, keys[found][0] == plain(company), False, levels


# ---- counting ----

class Counts:
    def __init__(self):
        self.table = {True: collections.Counter(), False: collections.Counter()}
        self.total = {True: 0, False: 0}

    def add(self, is_match, levels, fields):
        self.total[is_match] += 1
        self.add_told(is_match, levels, fields)

    def add_told(self, is_match, levels, fields):
        for field in fields:
            self.table[is_match][field, levels[FIELDS.index(field)]] += 1

    def seen(self, field, level):
        return self.table[True][field, level] + self.table[False][field, level]

    def weights(self, field, count):
        """(m, u) of levels 1..count-1 among the pairs in which the field is there on both sides."""
        result = {}
        told = {k: sum(self.table[k][field, i] for i in range(1, count)) for k in (True, False)}
        for i in range(1, count):
            result[i] = tuple((self.table[k][field, i] + 1 / count) / (told[k] + 1)
                              for k in (True, False))
        return result


# Levels from best to worst, of which a worse one is never worth more: pooled where the counts say so.
FALLING = {"company": (("exact", "same", "near_6", "near_5", "near_4", "near_3", "near_2", "near_1",
                        "different"),
                       ("reading", "may_read"), ("heard_5", "heard_4", "heard_3", "heard_2", "heard_1", "other_script")),
           "deal": (("exact", "same", "typo", "near_6", "near_5", "near_4", "near_3", "near_2", "near_1",
                     "different"),),
           "amount": (("same", "round", "near", "far", "other"),)}

# What two deals of one subject agree in is expected of them: worth a bit at the most, so that a year, a
# lot and a number that agree do not make up for a subject that does not.
TOLD_AGREEMENT = 1.0
# And what one side leaves out is a little doubt, no more: entered anew, a deal's name often comes without
# its year or with one that a template adds, which the changes drawn here do not show.
TOLD_OMISSION = 1.5


def pooled(chain):
    """Adjacent violators pooled: [(m, u)] with m / u not rising."""
    blocks = []
    for m, u in chain:
        blocks.append([m, u, 1])
        while len(blocks) > 1 and blocks[-2][0] * blocks[-1][1] < blocks[-1][0] * blocks[-2][1]:
            m, u, n = blocks.pop()
            blocks[-1] = [blocks[-1][0] + m, blocks[-1][1] + u, blocks[-1][2] + n]
    return [(m / n, u / n) for m, u, n in blocks for _ in range(n)]


COMPANY_FIELDS = ("company", "form", "branch")
SUBJECT_FIELDS = ("deal", "amount")
# What tells deals of one subject apart is counted among those alone: that two quite other deals are of
# other years says nothing of what a year is worth.
TOLD_FIELDS = ("year", "period", "phase", "lot", "sale", "site", "number")
DEAL_FIELDS = SUBJECT_FIELDS + TOLD_FIELDS
# Conflicts are rare among candidates of other deals and all but absent in re-entered ones, and the
# verdict rests on them: their weights are bounded, so that no one number outweighs a whole text.
BOUND = 9.0

# The deal levels same .. near_4: two texts that alike are of one subject.
DEAL_ALIKE = 6

# Namesakes of the register differ by the place of the form, and a list of customers has few of them, typed
# by people who do not know the place.
MOVED_LOSS = 1.0

# A level seen less often keeps the weight that the model given has.
SEEN_MIN = 40

# As do a holding and names with opposed words: a change of name often replaces just such a word, so that the
# sample has far more of them among its matches than a list of customers has. Likewise kanji of the same reading,
# which a change of name keeps and two companies of a list have by chance. And forms of one class, which stand
# among the ten best or not by their own weight: counted anew it swings from round to round, -1 to +0.5.
# Levels of aliases are set by hand: the samples are searched without a table. So are opposed words of deals, and
# a year that one side alone names with the amount beside it: what is entered once more here never drops its year,
# while lists of contracts have last year's beside it, with the price kept.
# So are related companies, what facilities say of a branch and names for nobody in particular: the sample's changes
# of names add and drop the words of rests.tsv, its index has few of the companies so named. And other legal forms
# of one name: 18 of 5,784 contracts of a corporation bear another form than the register (.3 %), while a name of
# eight units has .8 namesakes of another form and 1.1 of the same; the sample has .04 for .16.
KEPT = {("amount", "sibling"), ("company", "alias_abbreviation"), ("company", "alias_former"), ("company", "alias_translation"),
        ("company", "alias_group"), ("company", "parent"), ("company", "opposed_2"), ("company", "opposed_1"), ("company", "homophone"), ("company", "said"),
        ("form", "kin"), ("deal", "opposed"), ("year", "yearly"), ("amount", "yearly"),
        ("close_date", "yearly"), ("company", "related_2"), ("company", "related_1"),
        ("company", "anonymous"), ("branch", "facility"), ("form", "conflict")}

# Levels that only the spoken sample shows.
SPOKEN = {("company", name) for name in ("reading", "may_read", "acronym", "heard_5", "heard_4", "heard_3",
                                         "heard_2", "heard_1", "other_script")}

# A register is full of companies that sound alike and will never meet in one list of customers.
SPOKEN_GAIN = 1.0


def bounded(m, u):
    low, high = 2 ** -BOUND, 2 ** BOUND
    return (m, min(u, 1.0)) if low <= m / u <= high else (u * (low if m < u else high), u)


def spoken_weight(spoken, company, field, level):
    """(m, u) of a level such that with the prior of spelt names the odds are those the spoken sample has."""
    yes, no = (spoken.table[k][field, level] + 0.5 for k in (True, False))
    odds = company.total[True] / company.total[False]
    return bounded(yes / spoken.total[True], no / spoken.total[True] * odds / 2 ** SPOKEN_GAIN)


def level_names(source):
    """{field: [name of level 1, 2 ...]} in the order of the enumerations, from the model given."""
    names = {}
    for line in source:
        words = line.split("#")[0].split()
        if words[:1] == ["weight"]:
            names.setdefault(words[1], []).append(words[2])
    return names


def main(library, folder, model_in, model_out):
    rng = random.Random(20260401)
    company, spoken, deal = Counts(), Counts(), Counts()
    for is_match, levels in company_sample(library, folder, rng):
        company.add(is_match, levels, COMPANY_FIELDS)
    for is_match, levels in spoken_sample(library, folder, rng):
        spoken.add(is_match, levels, ("company",))
    alike = collections.Counter()
    for is_match, same_company, is_source, levels in deal_sample(library, folder, rng):
        if 1 <= levels[FIELDS.index("deal")] <= DEAL_ALIKE:
            alike[same_company] += 1
        if is_match or same_company:
            deal.add(is_match, levels, ("deal",))
            # Another contract of the same words is no less a match, but its amount is not the contract's.
            if is_source or not is_match:
                deal.add_told(is_match, levels, ("amount",))
            if 1 <= levels[FIELDS.index("deal")] <= DEAL_ALIKE:
                deal.add_told(is_match, levels, TOLD_FIELDS)
    with open(model_in, encoding="utf-8") as file:
        source = file.read().splitlines()
    names = level_names(source)
    priors = {"company": (company.total[True], company.total[False]),
              "company_deal": (alike[True], alike[False]),
              "deal": (deal.total[True], deal.total[False])}
    weights = {}
    for line in source:
        words = line.split("#")[0].split()
        if words[:1] != ["weight"]:
            continue
        field, name = words[1:3]
        counts = company if field in COMPANY_FIELDS else deal
        weights[field, name] = float(words[3]), float(words[4])
        level = names[field].index(name) + 1
        if (field, name) in SPOKEN:
            if spoken.seen(field, level) >= SEEN_MIN:
                weights[field, name] = spoken_weight(spoken, company, field, level)
            continue
        if (field in COMPANY_FIELDS + DEAL_FIELDS and counts.seen(field, level) >= SEEN_MIN
                and (field, name) not in KEPT):
            m, u = bounded(*counts.weights(field, len(names[field]) + 1)[level])
            if field in TOLD_FIELDS and name == "same":
                u = max(u, m / 2 ** TOLD_AGREEMENT)
            if (field, name) == ("form", "moved"):
                u = min(u, m * 2 ** MOVED_LOSS)
            if field in TOLD_FIELDS and name == "once":
                m = max(m, u / 2 ** TOLD_OMISSION)
            weights[field, name] = m, u
    for field, chains in FALLING.items():
        for chain in chains:
            for name, pair in zip(chain, pooled([weights[field, name] for name in chain])):
                weights[field, name] = pair
    out = []
    for line in source:
        words = line.split("#")[0].split()
        if words[:1] == ["weight"]:
            m, u = weights[words[1], words[2]]
            line = f"weight {words[1]} {words[2]} {m:.6g} {u:.6g}"
        elif words[:1] == ["prior"]:
            yes, no = priors[words[1]]
            line = f"prior {words[1]} {math.log2(yes / no):.2f}"
        out.append(line)
    with open(model_out, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")
    for name, counts in (("company", company), ("spoken", spoken), ("deal", deal)):
        print(name, "matches", counts.total[True], "others", counts.total[False], file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
