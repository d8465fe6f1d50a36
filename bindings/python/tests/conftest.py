# SPDX-License-Identifier: Apache-2.0
"""What the tests share: a small index, and hypothesis without a memory of its own."""

from __future__ import annotations

from typing import Iterator

import hypothesis
import pytest

import kaburi

hypothesis.settings.register_profile("kaburi", database=None, deadline=None, derandomize=True)
hypothesis.settings.load_profile("kaburi")

DEALS = [
    ("株式会社山田製作所", "ERP保守更新 2024年度"),
    ("山田製作所株式会社", "ERP保守更新 2023年度"),
    ("三菱重工業株式会社", "会計システム更改"),
    ("サイボウズ株式会社", "グループウェア導入 フェーズ1"),
]


@pytest.fixture
def index() -> Iterator[kaburi.Index]:
    """Four records, with ids from 10."""
    with kaburi.Index() as made:
        for id, (company, deal) in enumerate(DEALS, 10):
            made.add(id=id, company=company, deal=deal)
        yield made
