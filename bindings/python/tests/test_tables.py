# SPDX-License-Identifier: Apache-2.0
"""Many records at once: rows, columns, numpy, pandas, and what is said of a bad row."""

from __future__ import annotations

import datetime
from typing import Any, Dict, List

import numpy
import pandas
import pytest

import kaburi
from kaburi import Record

ROWS: List[Dict[str, Any]] = [
    {"id": 7, "company": "株式会社山田製作所", "deal": "ERP保守更新 2024年度", "amount": 500},
    {"id": 8, "company": "三菱重工業株式会社", "deal": None, "amount": None},
    {"id": 9, "company": None, "deal": "会計システム更改", "amount": -3},
]
COLUMNS = {name: [row[name] for row in ROWS] for name in ROWS[0]}
EXPECTED = [Record(row["company"], row["deal"], row["id"], amount=row["amount"]) for row in ROWS]


def kept(index: kaburi.Index) -> List[Record]:
    """The three records as the index has them."""
    assert len(index) == 3
    return [index[id] for id in (7, 8, 9)]


def structured() -> Any:
    rows = [(row["id"], row["company"] or "", row["deal"] or "") for row in ROWS]
    return numpy.array(rows, dtype=[("id", "u8"), ("company", "U40"), ("deal", "U40")])


@pytest.mark.parametrize(
    "data",
    [
        ROWS,
        iter(ROWS),
        EXPECTED,
        COLUMNS,
        {name: numpy.array(values, dtype=object) for name, values in COLUMNS.items()},
        {name: pandas.Series(values) for name, values in COLUMNS.items()},
        {name: iter(values) for name, values in COLUMNS.items()},
        pandas.DataFrame(COLUMNS),
        pandas.DataFrame(COLUMNS).convert_dtypes(),
        pandas.DataFrame(COLUMNS).astype({"company": "category", "id": "uint16"}),
    ],
    ids=[
        "mappings",
        "iterator",
        "records",
        "lists",
        "numpy",
        "series",
        "iterators",
        "pandas",
        "nullable",
        "category",
    ],
)
def test_whatever_holds_records(data: Any) -> None:
    with kaburi.Index() as index:
        assert index.add_many(data) == 3
        assert kept(index) == EXPECTED


def test_numpy_structured_array() -> None:
    with kaburi.Index(structured()) as index:
        assert kept(index) == [record._replace(amount=None) for record in EXPECTED]


def test_every_column() -> None:
    frame = pandas.DataFrame(
        {
            "id": [1, 2],
            "company": ["山田製作所", "三菱重工業"],
            "company_reading": ["ヤマダセイサクシヨ", float("nan")],
            "corporate_number": [7000012050002, 2010401027102],
            "domain": ["yamada.example", None],
            "deal": ["ERP", "会計"],
            "amount": [1.0, float("nan")],
            "close_date": pandas.to_datetime(["2024-04-01", None]),
            "stage": ["Open", None],
            "kind": ["MQL", "lead"],
        }
    )
    with kaburi.Index(frame) as index:
        assert index[1] == Record(
            "山田製作所",
            "ERP",
            1,
            "ヤマダセイサクシヨ",
            "7000012050002",
            "yamada.example",
            1,
            datetime.date(2024, 4, 1),
            "open",
            "mql",
        )
        assert index[2] == Record(
            "三菱重工業", "会計", 2, corporate_number="2010401027102", kind="lead"
        )


@pytest.mark.parametrize(
    "values, expected",
    [
        (numpy.array([1, 2], dtype=numpy.int16), [1, 2]),
        (numpy.array([1, 2**63 - 1], dtype=numpy.uint64), [1, 2**63 - 1]),
        (numpy.array([1.0, float("nan")]), [1, None]),
        (numpy.array(["1,000", ""]), [1000, None]),
        ([1, None], [1, None]),
        (numpy.array([[1, 5], [2, 5]])[:, 0], [1, 2]),
    ],
)
def test_amounts_of_numpy(values: Any, expected: List[int]) -> None:
    with kaburi.Index() as index:
        index.add_many({"company": ["山田", "三菱"], "amount": values}, first_id=0)
        assert [index[0].amount, index[1].amount] == expected


@pytest.mark.parametrize(
    "values, message",
    [
        (numpy.array([1.0, 1.5]), "record 1: amount 1.5 is not a whole number"),
        (numpy.array([1, 2**63], dtype=numpy.uint64), "record 1: amount is 9223372036854775808"),
        (numpy.array([0, -(2**63)]), "record 1: amount is -9223372036854775808"),
        (numpy.array([0.0, float("inf")]), "record 1: amount inf is not a whole number"),
        (["5", "x"], "record 1: amount 'x' is not a whole number"),
    ],
)
def test_amounts_refused(values: Any, message: str) -> None:
    with kaburi.Index() as index, pytest.raises(kaburi.ArgumentError, match=message):
        index.add_many({"company": ["a", "b"], "amount": values}, first_id=0)


def test_columns_by_name() -> None:
    frame = pandas.DataFrame({"Id": [7], "Account": ["山田製作所"], "Name": ["ERP"], "id": ["x"]})
    with kaburi.Index() as index:
        index.add_many(frame, id="Id", company="Account", deal="Name")
        assert index[7] == Record("山田製作所", "ERP", 7)
        with pytest.raises(KeyError, match="no column 'Acount'; there are 'Id', 'Account'"):
            index.add_many(frame, company="Acount")
        with pytest.raises(ValueError, match="no column company or deal; name them"):
            index.add_many(frame)
        with pytest.raises(TypeError, match="record 0: id must be a whole number, not str"):
            index.add_many(frame, company="Account")
        with pytest.raises(KeyError, match="no column id; name it, id=..., or give first_id="):
            index.add_many(frame[["Name"]], deal="Name")
        assert len(index) == 1


def test_rows_are_numbered_on_demand() -> None:
    with kaburi.Index() as index:
        assert index.add_many([{"company": "山田"}, {"company": "三菱"}], first_id=5) == 2
        assert index[5].company == "山田" and index[6].company == "三菱"
        with pytest.raises(ValueError, match="record 0: no id; give every record one, or first_id"):
            index.add_many([{"company": "山田"}])
        with pytest.raises(ValueError, match="id is -1"):
            index.add_many([{"company": "山田"}], first_id=-1)


def test_many_rows_of_an_iterator_keep_their_order() -> None:
    with kaburi.Index() as index:
        steps: List[int] = []
        rows = ({"id": id, "company": f"第{id}製作所"} for id in range(20000))
        assert index.add_many(rows, progress=steps.append) == 20000
        assert sum(steps) == 20000 and len(steps) > 2
        assert index[19999].company == "第19999製作所"


def test_a_bad_row_is_named_and_those_before_it_are_in() -> None:
    names = ["山田製作所"] * 9000
    names[8500] = "x\0"
    with kaburi.Index() as index:
        with pytest.raises(kaburi.TextError, match="record 8500: company: NUL at byte 1") as caught:
            index.add_many({"company": names}, first_id=0)
        assert caught.value.done == 8500 and len(index) == 8500
        names[8500] = "x\ud800"
        with pytest.raises(kaburi.TextError, match="record 8500: company: lone surrogate"):
            index.add_many([{"company": name} for name in names], first_id=0)
        with pytest.raises(kaburi.TextError, match="record 8500: company: lone surrogate"):
            index.search_many({"company": names})
        with pytest.raises(TypeError, match="record 2: company must be str or None, not int: 5"):
            index.add_many({"company": ["a", None, 5]}, first_id=0)
        with pytest.raises(ValueError, match="record 1: record has neither company nor deal"):
            index.add_many({"company": ["a", None]}, first_id=0)


def test_what_holds_no_records() -> None:
    with kaburi.Index() as index:
        for wrong, message in (
            ("山田", "not str"),
            (5, "not int"),
            (Record("山田"), "not Record"),
            ([5], "a row is a kaburi.Record or a mapping, not int: 5"),
            ({"company": "山田"}, "a column is a sequence of values, not one str"),
        ):
            with pytest.raises(TypeError, match=message):
                index.add_many(wrong, first_id=0)
        with pytest.raises(ValueError, match="not of one length: company has 2, deal has 1"):
            index.add_many({"company": ["a", "b"], "deal": ["c"]}, first_id=0)
        assert index.add_many([]) == 0
        assert index.add_many(pandas.DataFrame({"id": [], "company": []})) == 0
        assert len(index.search_many([])) == 0


def test_kept_texts_outlive_what_they_came_from() -> None:
    with kaburi.Index() as index:
        frame = pandas.DataFrame({"id": [1], "company": ["株式会社山田製作所"]})
        index.add_many(frame)
        frame.loc[0, "company"] = "三菱重工業"
        del frame
        assert index.search(company="山田製作所")[0].record.company == "株式会社山田製作所"


# ---- search_many ----


def test_search_many_finds_what_search_finds(index: kaburi.Index) -> None:
    queries = [
        {"company": "㈱山田製作所", "deal": "ERPの保守更新 FY24", "amount": 5},
        {"company": "ミツビシジユウコウギヨウ"},
        {"company": "誰も知らない会社"},
        {"deal": "グループウェア導入"},
    ]
    found = index.search_many(queries)
    assert len(found) == 4
    for query, matches in zip(queries, found):
        assert matches == index.search(query)
    assert found[0][0].explain("ja") == index.search(queries[0])[0].explain("ja")
    assert found[3][0].query.deal == "グループウェア導入"
    assert found[-1] == found[3] and found[1:3] == [found[1], found[2]]
    with pytest.raises(IndexError):
        found[4]


def test_results_as_columns(index: kaburi.Index) -> None:
    found = index.search_many({"company": ["山田製作所", "誰", "三菱重工業"]}, top=3)
    columns = found.columns()
    flat = [(row, match) for row, matches in enumerate(found) for match in matches]
    assert columns["query"] == [row for row, _ in flat]
    assert columns["id"] == [match.id for _, match in flat]
    assert columns["probability"] == [match.probability for _, match in flat]
    assert columns["verdict"] == [str(match.verdict) for _, match in flat]
    assert columns["evidence"] == [",".join(match.evidence) for _, match in flat]
    assert columns["rank"][0] == 1
    frame = found.to_pandas()
    assert list(frame["id"]) == columns["id"] and len(frame) == found.match_count
    assert repr(found) == f"<kaburi.Results of 3 queries, {found.match_count} matches>"
    assert index.search_many([]).columns()["id"] == []


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_search_many_in_threads(index: kaburi.Index, threads: int) -> None:
    names = [company for company, _ in 5000 * [("山田製作所", 0), ("三菱重工業", 0), ("x", 0)]]
    steps: List[int] = []
    found = index.search_many({"company": names}, threads=threads, progress=steps.append)
    assert sum(steps) == len(found) == 15000
    assert found[14997] == found[0] == index.search(company="山田製作所")
    with pytest.raises(kaburi.TextError, match="record 12000: company: NUL"):
        names[12000] = "\0"
        index.search_many({"company": names}, threads=threads)
    for wrong in (0, 65, 1.5):
        with pytest.raises(ValueError, match="threads is"):
            index.search_many([], threads=wrong)  # type: ignore[arg-type]


def test_search_many_except_self(index: kaburi.Index) -> None:
    with pytest.raises(KeyError, match="no column id"):
        index.search_many({"company": ["山田製作所"]}, except_self=True)
    found = index.search_many({"id": [10], "company": ["山田製作所"]}, except_self=True)
    assert 10 not in [match.id for match in found[0]]


def test_more_matches_than_fit_at_once() -> None:
    names = [f"山田製作所{number}" for number in range(300)]
    with kaburi.Index() as index:
        index.add_many({"company": names}, first_id=0)
        found = index.search_many({"company": ["山田製作所"] * 700}, top=200)
        assert found.match_count > 65536
        assert found[699] == found[0] == index.search(company="山田製作所", top=200)
