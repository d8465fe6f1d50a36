# SPDX-License-Identifier: Apache-2.0
"""Any text at all: a result, or an error that says what is wrong; never a crash."""

from __future__ import annotations

from typing import Any

import kaburi
from hypothesis import given, settings
from hypothesis import strategies as st

# Every code point, lone surrogates and NUL too, and what Japanese names are made of.
ANY = st.text(st.characters(), max_size=80)
NAMES = st.text(st.sampled_from("株式会社㈱(有)有限山田製作所ヤマダｶﾌﾞABＣ・ー－~ 　FY24第3期_【】、\0\ud800"), max_size=30)
TEXTS = st.one_of(ANY, NAMES, st.none())

KNOWN = kaburi.Index([{"id": 1, "company": "株式会社山田製作所", "deal": "ERP保守更新 FY24"}])


def is_refused_rightly(error: kaburi.KaburiError, *texts: Any) -> bool:
    given_texts = [text for text in texts if text]
    if isinstance(error, kaburi.TextError):
        return any("\0" in text or any("\ud800" <= c <= "\udfff" for c in text) for text in given_texts)
    said = ("neither company nor deal", "company and deal are empty after folding")
    return isinstance(error, kaburi.ArgumentError) and any(text in str(error) for text in said)


@settings(max_examples=300)
@given(company=TEXTS, deal=TEXTS, reading=TEXTS)
def test_search(company: Any, deal: Any, reading: Any) -> None:
    try:
        found = KNOWN.search(company=company, deal=deal, company_reading=reading)
    except kaburi.KaburiError as error:
        assert is_refused_rightly(error, company, deal, reading)
    else:
        assert all(0 <= match.probability <= 1 for match in found)


@settings(max_examples=200)
@given(a=TEXTS, b=TEXTS, deal=TEXTS)
def test_compare_explain_and_normalize(a: Any, b: Any, deal: Any) -> None:
    first, second = {"company": a, "deal": "ERP"}, {"company": b, "deal": deal}
    try:
        match = kaburi.compare(first, second)
        assert match.explain("ja").startswith("判定") and match.explain("en")
        assert kaburi.normalize(second) and isinstance(kaburi.keys(second), list)
    except kaburi.KaburiError as error:
        assert is_refused_rightly(error, a, b, deal)


@settings(max_examples=200)
@given(names=st.lists(TEXTS, max_size=12))
def test_add_many_and_search_many(names: Any) -> None:
    with kaburi.Index() as index:
        try:
            assert index.add_many({"company": names}, first_id=0) == len(names)
            found = index.search_many({"company": names})
            for matches, name in zip(found, names):
                assert matches == index.search(company=name)
            assert [index[row].company for row in range(len(names))] == names
        except kaburi.KaburiError as error:
            assert is_refused_rightly(error, *names)
            assert len(index) == error.done


@settings(max_examples=100)
@given(rows=st.lists(st.tuples(ANY, ANY, st.sampled_from(kaburi.aliases.KINDS) | ANY), max_size=6))
def test_aliases(rows: Any) -> None:
    try:
        assert len(kaburi.Aliases(rows)) <= len(rows)
    except kaburi.KaburiError as error:
        assert isinstance(error, ValueError)
