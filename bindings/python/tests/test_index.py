# SPDX-License-Identifier: Apache-2.0
"""Adding, removing and searching one record at a time."""

from __future__ import annotations

import datetime
import pickle
from decimal import Decimal

import pytest

import kaburi
from kaburi import Match, Record


def test_finds_the_same_deal_first(index: kaburi.Index) -> None:
    found = index.search(company="㈱山田製作所", deal="【展示会】ERPの保守更新 FY24")
    assert [match.id for match in found][:2] == [10, 11]
    best = found[0]
    assert best.verdict == "duplicate" and best.verdict is kaburi.Verdict.DUPLICATE
    assert best.decision == "alert"
    assert 0.5 < best.probability < 1
    assert "company:same" in best.evidence and "year:same" in best.evidence
    assert best.weights["company"] > 0 and "amount" not in best.weights
    assert found[1].verdict == "renewal"
    assert found[1].weights["year"] < 0


def test_takes_record_mapping_or_fields(index: kaburi.Index) -> None:
    fields = {"company": "山田製作所", "deal": "ERP保守更新", "amount": 5_000_000}
    by_fields = index.search(**fields)
    assert index.search(Record(**fields)) == by_fields
    assert index.search({**fields, "unknown": object()}) == by_fields
    with pytest.raises(TypeError, match="not both"):
        index.search(Record("a"), company="b")
    with pytest.raises(TypeError, match="compny"):
        index.search(compny="山田製作所")
    with pytest.raises(TypeError, match="a record is a kaburi.Record or a mapping, not int"):
        index.search(5)  # type: ignore[arg-type]


def test_len_in_and_lookup(index: kaburi.Index) -> None:
    assert len(index) == 4
    assert 10 in index and 9 not in index
    assert -1 not in index and 2**64 not in index and "10" not in index
    assert index[12].company == "三菱重工業株式会社"
    assert repr(index) == "<kaburi.Index of 4 records>"
    assert bool(kaburi.Index())


def test_replaces_and_removes(index: kaburi.Index) -> None:
    index.add(id=12, company="東京瓦斯株式会社")
    assert len(index) == 4
    assert index[12].company == "東京瓦斯株式会社"
    index.remove(12)
    assert 12 not in index and len(index) == 3
    with pytest.raises(kaburi.NotFoundError, match="no record has the id 12") as caught:
        index.remove(12)
    assert isinstance(caught.value, KeyError)
    assert caught.value.code is kaburi.Status.NOT_FOUND
    with pytest.raises(KeyError):
        index[12]


def test_except_self_top_and_probability(index: kaburi.Index) -> None:
    query = index[10]
    assert index.search(query)[0].id == 10
    assert 10 not in [match.id for match in index.search(query, except_self=True)]
    assert len(index.search(query, top=1)) == 1
    assert all(match.probability >= 0.5 for match in index.search(query, probability_min=0.5))
    # The options of one search are not those of the next.
    assert len(index.search(query)) >= 2
    for top in (0, 1001, -1, 2**32):
        with pytest.raises(ValueError, match=f"top is {top}; allowed are 1..1000"):
            index.search(query, top=top)
    with pytest.raises(ValueError, match="probability_min is 2; allowed are 0..1"):
        index.search(query, probability_min=2)


def test_explains_in_both_languages(index: kaburi.Index) -> None:
    match = index.search(company="㈱山田製作所", deal="ERPの保守更新 FY24")[0]
    assert match.explain("ja").startswith("判定: 重複")
    assert match.explain().startswith("verdict: ")
    assert match.explain("ja", format="json").startswith("{")
    assert match.record == index[10] and match.query.company == "㈱山田製作所"
    with pytest.raises(ValueError, match="language is 'fr'; allowed are en, ja"):
        match.explain("fr")
    with pytest.raises(ValueError, match="format is 'html'; allowed are text, json"):
        match.explain(format="html")


def test_explains_a_match_as_the_c_interface_does(index: kaburi.Index) -> None:
    match = index.search(company="㈱山田製作所", deal="ERPの保守更新 FY24")[0]
    assert match.explain("ja") == kaburi.explain(match.query, match.record, "ja")
    judged = kaburi.compare(match.query, match.record)
    assert judged == match
    assert judged.explain("ja") == match.explain("ja")


def test_long_reasons_are_whole() -> None:
    long = "株式会社" + "あいうえお" * 900
    said = kaburi.explain({"company": long}, {"company": long + "か"}, "ja")
    assert len(said.encode()) > 4096 and long in said


def test_without_kept_records(index: kaburi.Index) -> None:
    with kaburi.Index(keep_records=False) as bare:
        bare.add(id=1, company="山田製作所")
        match = bare.search(company="㈱山田製作所")[0]
        with pytest.raises(KeyError, match="keep_records=False"):
            match.explain()
        assert "山田製作所" in match.explain(record=Record("山田製作所"))


def test_matches_are_a_sequence(index: kaburi.Index) -> None:
    found = index.search(company="山田製作所")
    assert found[0] == list(found)[0]
    assert found[:1] == list(found)[:1]
    assert found[-1] == list(found)[-1]
    with pytest.raises(IndexError):
        found[len(found)]
    assert "Match(id=1" in repr(found)


def test_match_is_a_named_tuple_that_can_be_pickled(index: kaburi.Index) -> None:
    match = index.search(company="山田製作所")[0]
    again: Match = pickle.loads(pickle.dumps(match))
    assert again == match and again.evidence == match.evidence
    with pytest.raises(ValueError, match="not made by a search"):
        again.explain()
    id, probability, *_ = match
    assert (id, probability) == (match.id, match.probability)


def test_every_field_takes_part() -> None:
    record = Record(
        "株式会社山田製作所",
        "ERP保守更新",
        1,
        company_reading="ヤマダセイサクシヨ",
        domain="yamada.example",
        amount=500,
        close_date=datetime.date(2024, 4, 1),
        stage="won",
        kind="lead",
        department="営業部",
        owner="x",
        campaigns="a;b",
    )
    with kaburi.Index([record]) as index:
        match = index.search(record)[0]
        assert {"amount:same", "domain:same", "reading:same"} <= set(match.evidence)
        assert match.weights["close_date"] > 0
        assert index[1] == record._replace(department=None, owner=None, campaigns=None)
        index.add(record)
        assert index[1] == record


@pytest.mark.parametrize(
    "value, amount",
    [(5, 5), (5.0, 5), (Decimal("5.00"), 5), ("1,234,567", 1234567), ("-5", -5), (None, None)],
)
def test_amounts(value: object, amount: object) -> None:
    assert Record.of({"company": "a", "amount": value}).amount == amount


@pytest.mark.parametrize(
    "value", ["1.5", 1.5, "12x", "1,5", float("inf"), Decimal("NaN"), 2**63, -(2**63), "１", True]
)
def test_amounts_refused(value: object) -> None:
    with pytest.raises(kaburi.ArgumentError, match="amount"):
        Record.of({"company": "a", "amount": value})


@pytest.mark.parametrize(
    "value",
    [
        datetime.date(2024, 2, 29),
        datetime.datetime(2024, 2, 29, 23, 59),
        "2024-02-29",
        "2024/2/29",
    ],
)
def test_dates(value: object) -> None:
    assert Record.of({"company": "a", "close_date": value}).close_date == datetime.date(2024, 2, 29)


@pytest.mark.parametrize("value", ["2023-02-29", "2024-13-01", "soon", "2024-02"])
def test_dates_refused(value: object) -> None:
    with pytest.raises(kaburi.ArgumentError, match="is not a date"):
        Record.of({"company": "a", "close_date": value})


def test_wrong_types_name_the_field() -> None:
    for name in ("company", "deal", "domain", "owner", "stage"):
        with pytest.raises(TypeError, match=f"{name} must be str or None, not bytes"):
            Record.of({name: b"x"})
    with pytest.raises(TypeError, match="close_date must be a date or None, not int"):
        Record.of({"close_date": 20240401})
    with pytest.raises(TypeError, match="id must be a whole number, not str"):
        Record.of({"id": "C1"})
    assert Record.of({"company": "a", "corporate_number": 12050002}).corporate_number == (
        "0000012050002"
    )


def test_malformed_text_is_refused_with_its_place(index: kaburi.Index) -> None:
    for call in (index.search, index.add):
        with pytest.raises(kaburi.TextError, match=r"deal: lone surrogate U\+DC80 at") as caught:
            call({"id": 1, "company": "山田", "deal": "保守\udc80"})
        assert isinstance(caught.value, ValueError)
        assert caught.value.offset == 6
        assert caught.value.code is kaburi.Status.TEXT
        with pytest.raises(kaburi.TextError, match="company: NUL at byte 3"):
            call({"id": 1, "company": "山\0田"})
    with pytest.raises(kaburi.TooLongError, match="company has 16386 bytes; allowed are 16384"):
        index.search(company="山" * 5462)
    with pytest.raises(kaburi.ArgumentError, match="neither company nor deal"):
        index.search()
    assert len(index) == 4


def test_an_id_is_needed_to_add(index: kaburi.Index) -> None:
    with pytest.raises(kaburi.ArgumentError, match="no id"):
        index.add(company="a")
    for id in (-1, 2**64):
        with pytest.raises(kaburi.ArgumentError, match=r"id is -?\d+; allowed are 0\.\."):
            index.add(id=id, company="a")
    index.add(id=2**64 - 1, company="東京瓦斯")
    assert index.search(company="東京瓦斯")[0].id == 2**64 - 1


def test_reservations_are_confirmed_or_cancelled() -> None:
    fields = {"company": "㈱山田製作所", "deal": "ERP保守更新"}
    with kaburi.Index() as index:
        with index.check_and_reserve(id=1, **fields) as first:
            assert first.id == 1 and len(first.matches) == 0
            with index.check_and_reserve(id=2, **fields) as second:
                assert [match.id for match in second.matches] == [1]
                assert second.matches[0].record.company == "㈱山田製作所"
                assert index.stats().reserved_records == 2
            assert 2 not in index
            with pytest.raises(KeyError):
                index[2]
            first.confirm()
        assert 1 in index and index.stats().reserved_records == 0
        with pytest.raises(kaburi.NotFoundError, match="the id 1 is not reserved"):
            first.confirm()
        with pytest.raises(kaburi.ArgumentError, match="a record with the id 1 is in the index"):
            index.check_and_reserve(id=1, company="a")
        with pytest.raises(ValueError, match="neither"):
            index.check_and_reserve(id=3)
        with index.check_and_reserve(id=4, company="a"):
            index.add(id=4, company="b")  # replaces and confirms
        assert index[4].company == "b"
        left = index.check_and_reserve(id=5, company="c")
        left.cancel()
        with pytest.raises(kaburi.NotFoundError):
            index.cancel(5)
        assert len(index) == 2


def test_closed_index_says_so(index: kaburi.Index) -> None:
    match = index.search(company="山田製作所")[0]
    index.close()
    index.close()
    assert index.closed and repr(index) == "<kaburi.Index, closed>"
    for call in (
        lambda: index.search(company="a"),
        lambda: index.add(id=1, company="a"),
        lambda: index.add_many([{"id": 1, "company": "a"}]),
        lambda: index.search_many([{"company": "a"}]),
        lambda: index.remove(10),
        lambda: index.check_and_reserve(id=1, company="a"),
        lambda: index.confirm(1),
        lambda: index.cancel(1),
        lambda: len(index),
        lambda: 10 in index,
        lambda: index.stats(),
        lambda: index[10],
        lambda: index.__enter__(),
    ):
        with pytest.raises(kaburi.ClosedError, match="the index is closed"):
            call()
    assert match.explain().startswith("verdict: ")


def test_options_reach_the_library() -> None:
    records = [{"id": 1, "company": "株式会社山田製作所"}]
    with kaburi.Index(records) as plain, kaburi.Index(
        records,
        options=kaburi.IndexOptions(reading=False, sound=False, term=False, skeleton=False),
    ) as unread:
        assert plain.search(company="ヤマダセイサクシヨ")[0].id == 1
        assert len(unread.search(company="ヤマダセイサクシヨ")) == 0
        assert plain.stats().keys > unread.stats().keys
    for wrong, message in (
        (kaburi.IndexOptions(sketch="minhash", bands=300), "bands is 300; allowed are 1..256"),
        (kaburi.IndexOptions(sketch="x"), "sketch is 'x'; allowed are rarity, minhash"),
        (kaburi.IndexOptions(scored_max=-1), "scored_max is -1"),
        (kaburi.IndexOptions(seed=-1), "seed is -1"),
    ):
        with pytest.raises(kaburi.ArgumentError, match=message):
            kaburi.Index(options=wrong)


def test_keys_are_shared_by_candidates() -> None:
    a = kaburi.keys({"company": "株式会社山田製作所"})
    b = kaburi.keys({"company": "㈱山田製作所"})
    assert a == sorted(set(a)) and set(a) & set(b)
    options = kaburi.IndexOptions(sketch="minhash", bands=256, rows=2)
    assert len(kaburi.keys({"company": "株式会社山田製作所"}, options)) > len(a)


def test_normalize_tells_the_parts() -> None:
    parts = kaburi.normalize({"company": "㈱山田製作所 大阪支店", "deal": "ERP導入 FY24"})
    assert ("company.core", "山田製作所") in parts
    assert ("deal.year", "2024") in [(name, value[:4]) for name, value in parts]


def test_aliases() -> None:
    own = kaburi.Aliases([("中部電力", "中電", "abbreviation")])
    assert len(own) == 1 and repr(own) == "<kaburi.Aliases of 1 pairs>"
    with kaburi.Index([{"id": 1, "company": "中部電力株式会社"}], aliases=own) as index:
        match = index.search(company="中電")[0]
        assert "company:alias" in match.evidence
        assert match.explain() == kaburi.explain(match.query, match.record, aliases=own)
    assert len(kaburi.Aliases.default()) > 5000
    with pytest.raises(kaburi.FormatError) as caught:
        kaburi.Aliases([("a", "b", "no kind")])
    assert caught.value.offset == 2
    with pytest.raises(kaburi.ArgumentError, match="tab or a line break"):
        kaburi.Aliases([("a\t", "b", "former")])
    with pytest.raises(FileNotFoundError.__base__) as missing:
        kaburi.Aliases.load("/nowhere/aliases.tsv")
    assert missing.value.errno == 2


def test_model(tmp_path: object) -> None:
    text = kaburi.Model.default_text()
    assert "\nkaburi-model 2" in "\n" + text
    pair = ({"company": "山田製作所"}, {"company": "㈱山田製作所"})
    assert kaburi.compare(*pair, model=kaburi.Model(text)) == kaburi.compare(*pair)
    with pytest.raises(kaburi.VersionError):
        kaburi.Model(text.replace("kaburi-model 2", "kaburi-model 9", 1))
    with pytest.raises(kaburi.FormatError) as caught:
        kaburi.Model("no model")
    assert caught.value.offset == 1
    with pytest.raises(OSError) as missing:
        kaburi.Model.load("/nowhere/model.txt")
    assert isinstance(missing.value, kaburi.FileError) and missing.value.errno == 2
    assert "kaburi-model 2" in kaburi.Model(text).text()


def test_policy() -> None:
    text = kaburi.Policy.default_text()
    default = kaburi.Policy(text)
    alert, block = default.thresholds("duplicate")
    assert alert is not None and block is not None and 0 < alert < block <= 1
    assert default.thresholds("unrelated") == (None, None)
    strict = kaburi.Policy("kaburi-policy 1\nduplicate won any 0.6 never\nrenewal any any 0 0\n")
    assert strict.thresholds("duplicate", "won") == (0.6, None)
    assert kaburi.Policy(strict.text()).text() == strict.text()
    pair = ({"company": "山田製作所", "deal": "保守 FY24"}, {"company": "山田製作所", "deal": "保守 FY23"})
    assert kaburi.compare(*pair).decision == "allow"
    assert kaburi.compare(*pair, policy=strict).decision == "block"
    with kaburi.Index([{"id": 1, **pair[1]}], policy=strict) as index:
        assert index.search(pair[0])[0].decision == "block"
    with pytest.raises(kaburi.FormatError) as caught:
        kaburi.Policy("kaburi-policy 1\nduplicate any any 0.5\n")
    assert caught.value.offset == 2
    with pytest.raises(kaburi.ArgumentError, match="verdict 'x' is not one of unrelated"):
        default.thresholds("x")
    with pytest.raises(OSError):
        kaburi.Policy.load("/nowhere/policy.txt")
