# SPDX-License-Identifier: Apache-2.0
"""Merge advice: which record is kept, what is united, and what is refused."""

from __future__ import annotations

import datetime
import json

import kaburi
import pytest

A = {"id": 1, "company": "㈱山田製作所", "deal": "ERP導入", "campaigns": "EXPO24;WEB", "owner": "一課"}
B = {"id": 2, "company": "山田製作所", "deal": "ERP導入", "campaigns": "WEB,SEMINAR", "kind": "opportunity"}


def test_advice_as_data() -> None:
    advice = json.loads(
        kaburi.merge_advice(
            A, B, format="json", first_touch=(datetime.date(2024, 4, 10), datetime.date(2024, 5, 1))
        )
    )
    assert (advice["verdict"], advice["advised"]) == ("duplicate", True)
    assert (advice["keep"], advice["because"]) == ("b", "kind")
    assert advice["campaigns"] == ["WEB", "SEMINAR", "EXPO24"]
    assert (advice["first_touch"], advice["first_touch_of"]) == ("2024-04-10", "a")
    assert {"field": "owner", "action": "take", "kept": "", "other": "一課"} in advice["fields"]


def test_advice_as_text() -> None:
    assert kaburi.merge_advice(A, B, "ja").startswith("Bを残す(種別が進んでいる): 重複")
    first = kaburi.merge_advice(A, {**B, "kind": None}, created=(datetime.date(2024, 1, 1), datetime.date(2023, 1, 1)))
    assert first.startswith("keep B, for it was created first")


def test_bad_arguments() -> None:
    with pytest.raises(kaburi.ArgumentError):
        kaburi.merge_advice(A, B, "fr")
    with pytest.raises(kaburi.TextError):
        kaburi.merge_advice(A, {**B, "owner": "a\0b"})
