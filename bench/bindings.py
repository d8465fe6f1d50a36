#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the Python package costs above the C library: the same records and queries through both, by turns.

Usage: bindings.py BUILD RECORDS QUERIES [--rounds 5] [--records-max N] [--queries-max N]

BUILD is a build folder; RECORDS and QUERIES are TSV files with a column `company` (`.gz` as well). Both go into memory
before a clock starts. C is `kaburi-bench match`: one call a record, one a query. Ratios are medians of the rounds;
below 1 is Python faster, which calls the library once for many. pandas and pyarrow are passed over with a word where
they are missing. The last lines compare two threads with one, and tell what a `search` costs above the library's call in an
index of one record, where nothing but the call counts.
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
import timeit

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "bindings", "python"))


def read_companies(path, most):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row["company"] for _, row in zip(range(most), rows)]


def write_companies(path, companies):
    with open(path, "w", encoding="utf-8") as file:
        file.write("id\tcompany\n")
        file.writelines(f"{row}\t{company}\n" for row, company in enumerate(companies))


def frames(companies):
    """The records as each kind of table that is installed: name -> table."""
    columns = {"id": list(range(len(companies))), "company": companies}
    made = {"dict of lists": columns}
    try:
        import pandas

        made["pandas"] = pandas.DataFrame(columns)
    except ImportError:
        print("pandas is not installed: passed over", file=sys.stderr)
    try:
        import pyarrow

        made["Arrow"] = pyarrow.table(columns)
    except ImportError:
        print("pyarrow is not installed: passed over", file=sys.stderr)
    return made


def time_c(build, folder):
    """Seconds of one record's add and one query's search."""
    stats = os.path.join(folder, "stats.json")
    command = [os.path.join(build, "bench", "kaburi-bench"), "match", "--records", os.path.join(folder, "records.tsv"),
               "--queries", os.path.join(folder, "queries.tsv"), "--out", os.devnull, "--stats", stats]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    with open(stats, encoding="utf-8") as file:
        read = json.load(file)
    return 1 / read["records_per_second"], read["mean_us"] * 1e-6


def timed(work, count):
    begun = time.perf_counter()
    made = work()
    return (time.perf_counter() - begun) / count, made


def added(kaburi, table):
    index = kaburi.Index(keep_records=False)
    index.add_many(table)
    return index


def time_one_search(kaburi, company):
    """Microseconds of a search above the library's part of it."""
    from kaburi._library import lib

    with kaburi.Index(keep_records=False) as index:
        index.add(id=1, company=company)
        index.search(company=company)
        scratch = index._handle.idle[0]

        def library():
            lib.kaburi_search(index._handle.index, scratch.query.pointer, scratch.options_pointer, scratch.matches,
                              scratch.error_pointer)

        calls = 5000
        both = [min(timeit.repeat(work, number=calls, repeat=5)) for work in
                (lambda: index.search(company=company), library)]
        return (both[0] - both[1]) / calls * 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("records")
    parser.add_argument("queries")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--records-max", type=int, default=300_000)
    parser.add_argument("--queries-max", type=int, default=100_000)
    options = parser.parse_args()
    os.environ["KABURI_LIBRARY"] = os.path.join(options.build, "src", "libkaburi.so")
    import kaburi

    records = read_companies(options.records, options.records_max)
    asked = read_companies(options.queries, options.queries_max)
    queries = (asked * (options.queries_max // len(asked) + 1))[: options.queries_max]
    tables = frames(records)
    took = {name: [] for name in ["search_many / C", "two threads"] + [f"add_many, {name} / C" for name in tables]}
    one_search = []
    with tempfile.TemporaryDirectory() as folder:
        write_companies(os.path.join(folder, "records.tsv"), records)
        write_companies(os.path.join(folder, "queries.tsv"), queries)
        for _ in range(options.rounds):
            c_add, c_search = time_c(options.build, folder)
            for name, table in tables.items():
                seconds, index = timed(lambda: added(kaburi, table), len(records))
                took[f"add_many, {name} / C"].append(seconds / c_add)
            one, _found = timed(lambda: index.search_many({"company": queries}), len(queries))
            took["search_many / C"].append(one / c_search)
            two, _found = timed(lambda: index.search_many({"company": queries}, threads=2), len(queries))
            took["two threads"].append(one / two)
            one_search.append(time_one_search(kaburi, queries[0]))
            index.close()
    print(f"{len(records)} records, {len(queries)} queries, {options.rounds} rounds")
    for name, ratios in took.items():
        print(f"{name:32} {statistics.median(ratios):6.2f}   {min(ratios):.2f} .. {max(ratios):.2f}")
    print(f"{'one search, above the library':32} {statistics.median(one_search):6.2f} us")


if __name__ == "__main__":
    main()
