# SPDX-License-Identifier: Apache-2.0
"""Indexes saved and opened: the same answers, and files that are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Type

import pytest

import kaburi


@pytest.fixture
def saved(index: kaburi.Index, tmp_path: Path) -> Path:
    index.save(tmp_path / "deals.kaburi")
    return tmp_path / "deals.kaburi"


@pytest.mark.parametrize("check", [True, False])
def test_an_opened_index_answers_as_the_saved_one(
    index: kaburi.Index, saved: Path, check: bool
) -> None:
    query = {"company": "㈱山田製作所", "deal": "ERPの保守更新 FY24"}
    with kaburi.Index.open(saved, check=check) as opened:
        assert len(opened) == 4 and 12 in opened
        assert opened.search(query) == index.search(query)
        assert opened.stats().mapped_bytes > 0
        match = opened.search(query)[0]
        with pytest.raises(KeyError, match="opened from a file"):
            match.explain()
        assert match.explain(record=index[10]) == index.search(query)[0].explain()
        opened.remove(10)
        opened.add(id=20, company="東京瓦斯株式会社")
        assert opened.search(company="東京瓦斯")[0].record.company == "東京瓦斯株式会社"
        assert len(opened) == 4
        opened.save(str(saved))
    with kaburi.Index.open(str(saved)) as again:
        assert 20 in again and 10 not in again


def test_merging_changes_no_answer(index: kaburi.Index) -> None:
    before = index.search(company="山田製作所")
    index.merge()
    assert index.search(company="山田製作所") == before
    assert index.stats().merged_records == 4 and before[0].explain()


def test_what_judges_is_given_again(index: kaburi.Index, saved: Path) -> None:
    policy = kaburi.Policy("kaburi-policy 1\nduplicate any any 0 0\n")
    with kaburi.Index.open(saved, policy=policy) as opened:
        query = {"company": "㈱山田製作所", "deal": "ERPの保守更新 FY24"}
        assert opened.search(query)[0].decision == "block"


def change(path: Path, at: int, to: bytes) -> None:
    data = bytearray(path.read_bytes())
    data[at : at + len(to)] = to
    path.write_bytes(data)


@pytest.mark.parametrize(
    "spoil, kind",
    [
        (lambda path: path.write_bytes(b""), kaburi.FormatError),
        (lambda path: path.write_text("no snapshot" * 1000), kaburi.FormatError),
        (lambda path: path.write_bytes(path.read_bytes()[:-100]), kaburi.DamagedError),
        (lambda path: change(path, path.stat().st_size // 2, b"\xff\x00\xff"), kaburi.DamagedError),
        (lambda path: path.unlink(), kaburi.FileError),
    ],
    ids=["empty", "text", "cut", "changed", "missing"],
)
def test_files_that_are_refused(saved: Path, spoil: Any, kind: Type[Exception]) -> None:
    spoil(saved)
    with pytest.raises(kind) as caught:
        kaburi.Index.open(saved)
    assert isinstance(caught.value, (ValueError, OSError)) and str(caught.value)


def test_a_folder_that_is_not_there(index: kaburi.Index) -> None:
    with pytest.raises(OSError) as caught:
        index.save("/nowhere/deals.kaburi")
    assert caught.value.errno == 2
    index.close()
    with pytest.raises(kaburi.ClosedError):
        index.save("/tmp/x")
