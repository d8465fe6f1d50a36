#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A small service to create opportunities, which warns of duplicates as you type.

    python3 opportunity_service.py [--records FILE.tsv] [--port 8000]

Plain WSGI: `application` runs in any server. One index serves all threads.

    GET  /                 a form
    GET  /check?company=…&deal=…   JSON: what may be the same deal, and why
    POST /opportunities    company=…&deal=…[&anyway=1]: 201 and the new id; 409 and the duplicates,
                           unless `anyway` says that somebody has looked at them
"""

from __future__ import annotations

import argparse
import csv
import gzip
import itertools
import json
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, Iterator, List
from urllib.parse import parse_qs
from wsgiref.simple_server import make_server

import kaburi

SAMPLE = Path(__file__).resolve().parents[3] / "bench" / "data" / "opportunities.tsv.gz"

PAGE = """<!doctype html>
<html lang="ja"><meta charset="utf-8"><title>商談の登録</title>
<style>body{font:16px sans-serif;margin:2em;max-width:48em} input{width:100%;margin:.3em 0}
pre{background:#fff3cd;padding:.5em;white-space:pre-wrap}</style>
<h1>商談の登録</h1>
<form id="form"><input name="company" placeholder="会社名"><input name="deal" placeholder="商談名">
<button>登録</button></form><div id="found"></div>
<script>
const form = document.getElementById("form"), found = document.getElementById("found");
const values = () => new URLSearchParams(new FormData(form));
const show = list => { found.replaceChildren(...list.map(match => {
  const box = document.createElement("pre");
  box.textContent = `${match.decision} ${match.id} ${match.company} ${match.deal}\\n${match.why}`;
  return box; })); };
let last = 0;
form.oninput = async () => { const now = ++last;
  const answer = await (await fetch("check?" + values())).json();
  if (now === last) show(answer.matches || []); };
form.onsubmit = async event => { event.preventDefault();
  const body = values();
  let response = await fetch("opportunities", {method: "POST", body});
  if (response.status === 409 && confirm("重複の可能性があります。登録しますか?")) {
    body.set("anyway", "1");
    response = await fetch("opportunities", {method: "POST", body}); }
  const answer = await response.json();
  found.textContent = answer.id ? `登録しました: ${answer.id}` : answer.error || ""; };
</script></html>
"""

Start = Callable[[str, List[Any]], Any]


def read_records(path: Path) -> Iterator[Dict[str, Any]]:
    """The rows of a TSV file, gzip or not, numbered from 1."""
    opened: Any = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        for number, row in enumerate(rows, 1):
            yield {**row, "id": number}


class Service:
    """The application: an index and the next id."""

    def __init__(self, records: Iterable[Dict[str, Any]]) -> None:
        self.index = kaburi.Index(records)
        self.next_id = itertools.count(len(self.index) + 1)

    def found(self, record: kaburi.Record) -> List[Dict[str, Any]]:
        """The duplicates that the policy would alert or block."""
        matches = self.index.search(record, top=5)
        return [
            {
                "id": match.id,
                "company": match.record.company,
                "deal": match.record.deal,
                "probability": round(match.probability, 4),
                "verdict": match.verdict,
                "decision": match.decision,
                "why": match.explain("ja"),
            }
            for match in matches
            if match.decision != "allow"
        ]

    def __call__(self, environ: Dict[str, Any], start: Start) -> List[bytes]:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/")
        try:
            if (method, path) == ("GET", "/"):
                start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
                return [PAGE.encode()]
            if (method, path) == ("GET", "/check"):
                record = record_of(parse_qs(environ.get("QUERY_STRING", "")))
                empty = not (record.company or record.deal)
                return answer(start, "200 OK", {"matches": [] if empty else self.found(record)})
            if (method, path) == ("POST", "/opportunities"):
                size = min(int(environ.get("CONTENT_LENGTH") or 0), 65536)
                return self.create(parse_qs(environ["wsgi.input"].read(size).decode()), start)
            return answer(start, "404 Not Found", {"error": f"no {path}"})
        except ValueError as error:
            # kaburi's errors of text and value are among them, and say what is allowed.
            return answer(start, "400 Bad Request", {"error": str(error)})

    def create(self, form: Dict[str, List[str]], start: Start) -> List[bytes]:
        record = record_of(form)
        matches = self.found(record)
        if matches and "anyway" not in form:
            return answer(start, "409 Conflict", {"matches": matches})
        id = next(self.next_id)
        self.index.add(record._replace(id=id))
        return answer(start, "201 Created", {"id": id})


def record_of(form: Dict[str, List[str]]) -> kaburi.Record:
    return kaburi.Record(form.get("company", [""])[0], form.get("deal", [""])[0])


def answer(start: Start, status: str, body: Dict[str, Any]) -> List[bytes]:
    start(status, [("Content-Type", "application/json; charset=utf-8")])
    return [json.dumps(body, ensure_ascii=False).encode()]


def main() -> None:
    parser = argparse.ArgumentParser(description="create opportunities, warned of duplicates")
    parser.add_argument("--records", type=Path, default=SAMPLE)
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    service = Service(read_records(options.records))
    print(f"{len(service.index)} opportunities; http://127.0.0.1:{options.port}/")
    make_server("127.0.0.1", options.port, service).serve_forever()  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
