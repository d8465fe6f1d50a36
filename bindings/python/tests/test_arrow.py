# SPDX-License-Identifier: Apache-2.0
"""Tables through the Arrow C data interface: every layout, made by hand; and, where they are
installed, pyarrow's and polars' own."""

from __future__ import annotations

import datetime
import gc
import struct
from typing import Any, List, Optional

import pytest
from arrow_producer import Column, Table, numbers, texts

import kaburi

LONG = "三菱重工業エンジニアリング株式会社"
NAMES: List[Optional[str]] = ["株式会社山田製作所", None, LONG, "サイボウズ", LONG + "二"]
DEALS: List[Optional[str]] = [None, "ERP保守更新", "", "会計システム更改 令和6年度の長い名前", "ERP"]


def ids(count: int, first: int = 0) -> Column:
    return numbers("l", "q", list(range(first, first + count)))


@pytest.mark.parametrize("format", ["u", "U", "vu"])
@pytest.mark.parametrize("skipped", [0, 3, 11])
def test_every_layout_of_text(format: str, skipped: int) -> None:
    table = Table(
        {
            "id": ids(5),
            "company": texts(NAMES, format, skipped),
            "deal": texts(DEALS, format, skipped),
        }
    )
    with kaburi.Index() as index:
        assert index.add_many(table) == 5
        for row in range(5):
            assert index[row].company == NAMES[row] and index[row].deal == (DEALS[row] or None)
        assert index.search(company=LONG)[0].id == 2
        assert index.search(company="山田製作所")[0].explain("ja")
        queries = Table({"company": texts(NAMES, format, skipped), "deal": texts(DEALS, format)})
        found = index.search_many(queries)
        assert [matches[0].id for matches in found] == [0, 1, 2, 3, 4]
        assert found[3][0].query.deal == DEALS[3]


def test_chunks_and_slices_of_them() -> None:
    names = [f"第{number}製作所株式会社" for number in range(9000)]
    first = {"company": texts(names[:1], "u", 5), "id": ids(1)}
    second = {"company": texts(names[1:], "u"), "id": ids(8999, 1)}
    with kaburi.Index(Table(first, second)) as index:
        assert len(index) == 9000 and index[8999].company == names[8999]
    assert kaburi.dedupe(Table(first, second), threads=2).stats.records == 9000


def test_words_of_a_dictionary() -> None:
    column = Column("i", 3, [b"\x05", struct.pack("<3i", 1, 9, 0)], nulls=1)
    column.dictionary = texts(["山田製作所", "三菱重工業"])
    table = Table({"company": column, "deal": texts(["a", "保守", "c"])})
    with kaburi.Index() as index:
        index.add_many(table, first_id=0)
        assert [index[row].company for row in range(3)] == ["三菱重工業", None, "山田製作所"]


@pytest.mark.parametrize(
    "column",
    [
        numbers("l", "q", [5, None, -7], 3),
        numbers("i", "i", [5, None, -7]),
        numbers("s", "h", [5, None, -7], 1),
        numbers("g", "d", [5.0, None, -7.0]),
        texts(["5", None, "-7"]),
        Column(
            "d:10,2",
            3,
            [b"\x05"] + [b"".join((n).to_bytes(16, "little", signed=True) for n in (500, 1, -700))],
            nulls=1,
        ),
    ],
    ids=["int64", "int32", "int16", "double", "text", "decimal"],
)
def test_amounts(column: Column) -> None:
    table = Table({"company": texts(["山田", "三菱", "日立"]), "amount": column})
    with kaburi.Index() as index:
        index.add_many(table, first_id=0)
        assert [index[row].amount for row in range(3)] == [5, None, -7]


DAY = datetime.date(2024, 4, 1)
DAYS = (DAY - datetime.date(1970, 1, 1)).days


@pytest.mark.parametrize(
    "column",
    [
        numbers("tdD", "i", [DAYS, None]),
        numbers("tdm", "q", [DAYS * 86400000, None]),
        numbers("tsu:", "q", [DAYS * 86400 * 10**6 + 5, None]),
        numbers("tsn:UTC", "q", [DAYS * 86400 * 10**9 + 5, None]),
        texts(["2024/4/1", None]),
    ],
    ids=["date32", "date64", "timestamp-us", "timestamp-ns", "text"],
)
def test_dates(column: Column) -> None:
    table = Table({"company": texts(["山田", "三菱"]), "close_date": column})
    with kaburi.Index() as index:
        index.add_many(table, first_id=0)
        assert index[0].close_date == DAY and index[1].close_date is None


@pytest.mark.parametrize(
    "column", [numbers("L", "Q", [2**64 - 1]), numbers("C", "B", [200]), numbers("l", "q", [3])]
)
def test_ids(column: Column) -> None:
    with kaburi.Index(Table({"id": column, "company": texts(["山田"])})) as index:
        assert len(index) == 1


def test_ids_refused() -> None:
    for column, message in (
        (numbers("l", "q", [0, -1]), "record 1: id is -1; allowed are 0.."),
        (numbers("l", "q", [0, None]), "record 1: no id"),
    ):
        with kaburi.Index() as index, pytest.raises(ValueError, match=message):
            index.add_many(Table({"id": column, "company": texts(["a", "b"])}))


def test_a_column_without_a_type() -> None:
    nothing = Column("n", 2, [], nulls=2)
    table = Table({"company": texts(["山田", "三菱"]), "deal": nothing, "amount": nothing})
    with kaburi.Index() as index:
        index.add_many(table, first_id=0)
        assert index[1] == kaburi.Record("三菱", None, 1)


def test_a_format_that_is_none_of_ours() -> None:
    table = Table({"company": Column("+l", 1, [None, b"\0" * 8])})
    with kaburi.Index() as index:
        with pytest.raises(TypeError, match="company: Arrow's format '\\+l' is none that kaburi"):
            index.add_many(table, first_id=0)


def test_views_that_lead_nowhere_are_refused() -> None:
    column = texts([LONG], "vu")
    column.buffers[-1] = struct.pack("<qq", 3, 3)
    with kaburi.Index() as index:
        with pytest.raises(ValueError, match="record 0: column company has no text from 0 to"):
            index.add_many(Table({"company": column}), first_id=0)


@pytest.mark.parametrize("keep", [True, False])
def test_arrays_are_released_once_and_not_too_early(keep: bool) -> None:
    table = Table(*({"id": ids(2, 2 * at), "company": texts(NAMES[2:4])} for at in range(3)))
    index = kaburi.Index(keep_records=keep)
    index.add_many(table)
    gc.collect()
    assert table.given == 3
    assert table.released == (0 if keep else 3)
    match = index.search(company=LONG)[0]
    if keep:
        assert match.record.company == LONG
    index.close()
    del match
    gc.collect()
    assert table.released == 3


def test_arrays_are_released_after_a_failure() -> None:
    table = Table({"company": texts(["a", "b\0"])}, {"company": texts(["c"])})
    with kaburi.Index() as index:
        with pytest.raises(kaburi.TextError, match="record 1: company: NUL at byte 1") as caught:
            index.add_many(table, first_id=0)
        del caught
    gc.collect()
    assert table.given == table.released == 1


# ---- the real ones ----


def frame_of(name: str) -> Any:
    columns = {
        "id": [0, 1, 2, 3, 4],
        "company": NAMES,
        "deal": DEALS,
        "amount": [5, None, -7, 0, 1],
        "close_date": [DAY, None, DAY, None, DAY],
    }
    module, _, kind = name.partition("-")
    library = pytest.importorskip(module, reason=f"{module} is not installed")
    if module == "polars":
        return library.DataFrame(columns)
    table = library.table(columns)
    if kind == "pandas":
        pandas = pytest.importorskip("pandas", minversion="2.0")
        return table.to_pandas(types_mapper=pandas.ArrowDtype)
    if kind in ("large_string", "string_view"):
        if not hasattr(library, kind):
            pytest.skip(f"this pyarrow has no {kind}")
        for at in (1, 2):
            field = table.schema.field(at).with_type(getattr(library, kind)())
            table = table.set_column(at, field, table.column(at).cast(field.type))
    if kind == "batch":
        return table.to_batches()[0]
    if kind == "chunks":
        return library.concat_tables([table.slice(0, 2), table.slice(2, 0), table.slice(2)])
    return table


FRAMES = ["pyarrow", "pyarrow-large_string", "pyarrow-string_view", "pyarrow-batch"]
FRAMES += ["pyarrow-chunks", "pyarrow-pandas", "polars"]


@pytest.mark.parametrize("name", FRAMES)
def test_frames_of_others(name: str) -> None:
    frame = frame_of(name)
    with kaburi.Index(frame) as index:
        for row in range(5):
            assert index[row].company == NAMES[row] and index[row].deal == (DEALS[row] or None)
        assert [index[row].amount for row in range(5)] == [5, None, -7, 0, 1]
        assert [index[row].close_date for row in range(5)] == [DAY, None, DAY, None, DAY]
        found = index.search_many(frame)
        assert [matches[0].id for matches in found] == [0, 1, 2, 3, 4]
        if name == "polars":
            assert type(found.to_polars()) is type(frame)
        elif name == "pyarrow":
            assert found.to_arrow().column("id").to_pylist() == found.columns()["id"]
    pairs = kaburi.dedupe(frame).pairs
    assert type(pairs) is type(frame) or name == "pyarrow-batch"


@pytest.mark.parametrize("name", ["pyarrow", "pyarrow-chunks", "polars"])
def test_single_columns_of_others(name: str) -> None:
    frame = frame_of(name)
    columns = {column: frame[column] for column in ("id", "company", "deal")}
    columns["amount"] = [5, None, -7, 0, 1]
    with kaburi.Index(columns) as index:
        assert [index[row].company for row in range(5)] == NAMES
        with pytest.raises(TypeError, match="is a single Arrow column, not a table"):
            index.add_many(columns["company"])
