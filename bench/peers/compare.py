#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kaburi and its peers on the same records and queries, one core, by turns.

Usage: compare.py KABURI_BENCH SET [--queries 300] [--slow 40] [--rounds 3] [--cpu N] [--only WORD] [--out F]

SET is a folder as `kaburi-bench generate --set` makes it; records are their companies' names. A peer gets
each text twice: as NFKC gives it, in lower case, and as the key that kaburi folds it to. kaburi reads raw text. A peer
that is not installed is passed over with a word. RapidFuzz, datasketch and SimString are from PyPI:
    python3 -m venv V && V/bin/pip install rapidfuzz datasketch quickumls-simstring && V/bin/python compare.py ...
"""
import argparse
import csv
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import unicodedata

import engines


def read_table(folder, name):
    path = os.path.join(folder, name + ".tsv")
    opener = open
    if not os.path.exists(path):
        path, opener = path + ".gz", gzip.open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def write_table(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        file.write("id\tcompany\n")
        file.writelines(f"{name}\t{company}\n" for name, company in rows)


def keys_of(bench, path):
    """The folded key of each record's company, by id."""
    result = subprocess.run([bench, "normalize", "--records", path], capture_output=True, check=True, encoding="utf-8")
    cells = (line.split("\t") for line in result.stdout.splitlines())
    return {row[0]: row[2] for row in cells if row[1] == "company.key"}


def share(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * (len(ordered) - 1) + 0.5))]


class Kaburi:
    def __init__(self, bench, records, queries, folder):
        self.command = [bench, "match", "--records", records, "--queries", queries, "--out",
                        os.path.join(folder, "found.tsv"), "--stats", os.path.join(folder, "stats.json")]
        self.folder = folder

    def ask(self):
        subprocess.run(self.command, check=True, stderr=subprocess.DEVNULL)
        with open(os.path.join(self.folder, "stats.json"), encoding="utf-8") as file:
            stats = json.load(file)
        found = {}
        for row in read_table(self.folder, "found"):
            found.setdefault(row["query"], []).append(row["id"])
        return stats, found


def ask(engine, queries):
    if hasattr(engine, "find_all"):
        return engine.find_all(queries)
    answers = []
    for query in queries:
        begun = time.perf_counter()
        found = engine.find(query)
        answers.append((time.perf_counter() - begun, found))
    return answers


class Row:
    def __init__(self, name, build, size):
        self.name, self.build, self.bytes = name, build, size
        self.p50, self.p99, self.recall, self.count = [], [], 0, 0

    def add(self, seconds, hits, count):
        self.p50.append(share(seconds, 0.5) * 1e6)
        self.p99.append(share(seconds, 0.99) * 1e6)
        self.recall, self.count = hits / count, count


def table(rows, records):
    """Ratios are to kaburi; each figure is the median of the rounds."""
    own = rows[0]
    p50, p99 = statistics.median(own.p50), statistics.median(own.p99)
    lines = [f"{records} records; p50 and p99 in us, build in us a record, bytes a record beside the text itself",
             "", "| engine | text | queries | recall@10 | p50 | p99 | p50 / kaburi | p99 / kaburi | build | bytes |",
             "|---|---|---|---|---|---|---|---|---|---|"]
    for row in rows:
        name, text = row.name
        mine50, mine99 = statistics.median(row.p50), statistics.median(row.p99)
        lines.append(f"| {name} | {text} | {row.count} | {row.recall:.3f} | {mine50:.0f} | {mine99:.0f} | "
                     f"{mine50 / p50:.1f} | {mine99 / p99:.1f} | {row.build:.1f} | {row.bytes:.0f} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("bench")
    parser.add_argument("set")
    parser.add_argument("--queries", type=int, default=300, help="of those that have an answer")
    parser.add_argument("--slow", type=int, default=40, help="for engines that look at every record")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cpu", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--only", default="", help="engines whose name has this word")
    parser.add_argument("--out")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {arguments.cpu})  # for all that is started, too

    records = [(row["id"], row["company"]) for row in read_table(arguments.set, "records")]
    place = {name: i for i, (name, _) in enumerate(records)}
    truth = {row["id"]: {place[name] for name in row["records"].split(",") if name in place}
             for row in read_table(arguments.set, "truth") if row["class"] in ("same", "duplicate")}
    queries = [(row["id"], row["company"]) for row in read_table(arguments.set, "queries")
               if truth.get(row["id"])]
    queries = queries[::max(1, len(queries) // arguments.queries)][:arguments.queries]  # of every kind
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # PostgreSQL's user looks into it
        record_file, query_file = os.path.join(folder, "records.tsv"), os.path.join(folder, "queries.tsv")
        write_table(record_file, records)
        write_table(query_file, queries)
        kaburi = Kaburi(arguments.bench, record_file, query_file, folder)
        texts = {
            "NFKC": [[unicodedata.normalize("NFKC", text).lower() for _, text in rows] for rows in (records, queries)],
            "key": [[keys.get(name, "") for name, _ in rows] for rows, keys in
                    ((records, keys_of(arguments.bench, record_file)), (queries, keys_of(arguments.bench, query_file)))],
        }
        stats, found = kaburi.ask()
        rows = [Row(("kaburi", "raw"), 1e6 / stats["records_per_second"], stats["bytes_per_record"])]
        made = []
        for name, engine in engines.ENGINES.items():
            for text, (known, _) in texts.items():
                if arguments.only not in name:
                    continue
                own = tempfile.mkdtemp(dir=folder)
                try:
                    begun = time.perf_counter()
                    peer = engine(known, own)
                except (ImportError, OSError, LookupError, subprocess.CalledProcessError) as why:
                    print(f"{name} ({text}) is left out: {why}", file=sys.stderr)
                    continue
                rows.append(Row((name, text), (time.perf_counter() - begun) * 1e6 / len(known), peer.bytes))
                made.append((peer, text, rows[-1]))
        try:
            for _ in range(arguments.rounds):
                stats, found = kaburi.ask()
                hits = sum(any(place[name] in truth[query] for name in found.get(query, [])) for query, _ in queries)
                rows[0].add([stats["p50_us"] * 1e-6], hits, len(queries))
                rows[0].p99[-1] = stats["p99_us"]
                for peer, text, row in made:
                    asked = texts[text][1][:arguments.slow] if peer.slow else texts[text][1]
                    answers = ask(peer, asked)
                    hits = sum(bool(truth[query] & set(places))
                               for (query, _), (_, places) in zip(queries, answers, strict=False))
                    row.add([seconds for seconds, _ in answers], hits, len(asked))
        finally:
            for peer, _, _ in made:
                if hasattr(peer, "close"):
                    peer.close()
        told = table(rows, len(records))
    if arguments.out:
        with open(arguments.out, "w", encoding="utf-8") as file:
            file.write(told)
    else:
        print(told, end="")


if __name__ == "__main__":
    main()
