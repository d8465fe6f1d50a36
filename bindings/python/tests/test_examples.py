# SPDX-License-Identifier: Apache-2.0
"""What the README and examples/ show works as it stands there."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, Tuple
from urllib.parse import urlencode

import pytest

ROOT = Path(os.environ["KABURI_HEADER"]).parents[1]
HERE = ROOT / "bindings" / "python"


def test_tour_of_the_readme() -> None:
    done = subprocess.run(
        [sys.executable, str(HERE / "tests" / "tour.py"), str(HERE / "README.md")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"[1-9]\d* blocks run, 0 left out", done.stdout), done.stdout


def test_readme_at_the_top() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, flags=re.S)
    assert blocks
    for block in blocks:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(block, {})  # our own text
        assert out.getvalue()


@pytest.fixture(scope="module")
def service() -> Any:
    spec = importlib.util.spec_from_file_location("service", HERE / "examples/opportunity_service.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    records = module.read_records(ROOT / "bench" / "data" / "opportunities.tsv.gz")
    return module.Service(records)


def ask(service: Any, method: str, path: str, form: Dict[str, str]) -> Tuple[str, Any]:
    sent = urlencode(form).encode()
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": sent.decode(),
        "CONTENT_LENGTH": str(len(sent)),
        "wsgi.input": io.BytesIO(sent),
    }
    told = []
    body = b"".join(service(environ, lambda status, headers: told.append((status, headers))))
    (status, headers), *_ = told
    is_json = "json" in dict(headers)["Content-Type"]
    return status, json.loads(body) if is_json else body.decode()


def test_service_warns_as_you_type(service: Any) -> None:
    assert "商談の登録" in ask(service, "GET", "/", {})[1]
    whole = "リモート環境整備に係るパーソナルコンピュータ等の供給一式"
    assert ask(service, "GET", "/check", {})[1] == {"matches": []}
    status, body = ask(service, "GET", "/check", {"company": "大塚商会様", "deal": whole})
    assert status == "200 OK"
    assert body["matches"][0]["company"] == "株式会社大塚商会"
    assert body["matches"][0]["verdict"] == "duplicate"
    assert "商談名" in body["matches"][0]["why"]


def test_service_creates_and_refuses(service: Any) -> None:
    deal = {"company": "㈱見本製作所", "deal": "【展示会】基幹システム更改 FY24"}
    status, body = ask(service, "POST", "/opportunities", deal)
    assert (status, body) == ("201 Created", {"id": 20001})
    again = {"company": "株式会社見本製作所", "deal": "基幹システムのリプレース 令和6年度"}
    status, body = ask(service, "POST", "/opportunities", again)
    assert status == "409 Conflict" and body["matches"][0]["id"] == 20001
    assert ask(service, "POST", "/opportunities", {**again, "anyway": "1"})[0] == "201 Created"
    status, body = ask(service, "POST", "/opportunities", {"company": "a\0"})
    assert (status, body) == ("400 Bad Request", {"error": "company: NUL at byte 1"})
    assert ask(service, "GET", "/nothing", {})[0] == "404 Not Found"


def test_dedupe_of_the_sample_runs() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(HERE / "examples" / "dedupe_sample.py")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "DedupeStats(records=20000" in done.stdout
    assert "判定: 重複" in done.stdout and "without the duplicates" in done.stdout
