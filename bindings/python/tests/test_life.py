# SPDX-License-Identifier: Apache-2.0
"""Threads, forks, the interpreter's exit, and who frees what."""

from __future__ import annotations

import ctypes
import gc
import os
import subprocess
import sys
import threading
import weakref
from typing import List

import pytest

import kaburi
from kaburi._library import lib


def run(program: str) -> str:
    """The output of a program in a new interpreter, which must end well."""
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", program],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_exit_with_open_indexes_and_threads_that_search() -> None:
    program = """
import kaburi, threading, time
index = kaburi.Index([{"id": 1, "company": "株式会社山田製作所"}])
def search():
    while True:
        index.search_many({"company": ["山田製作所"] * 5000})
for _ in range(2):
    threading.Thread(target=search, daemon=True).start()
time.sleep(0.2)
kept = index.search(company="山田製作所")
print(len(kept))
"""
    assert run(program) == "1\n"


def test_no_memory_is_held_after_the_last_reference() -> None:
    index = kaburi.Index([{"id": 1, "company": "山田製作所"}])
    gone = weakref.ref(index)
    match = index.search(company="山田製作所")[0]
    finalizer = index._finalizer
    del index
    gc.collect()
    assert gone() is None and not finalizer.alive
    # The match still says why: it has what it needs, not the index.
    assert "山田製作所" in match.explain()


def test_a_model_lives_as_long_as_an_index_uses_it() -> None:
    index = kaburi.Index(
        [{"id": 1, "company": "中部電力"}],
        model=kaburi.Model(kaburi.Model.default_text()),
        aliases=kaburi.Aliases([("中部電力", "中電", "abbreviation")]),
    )
    gc.collect()
    assert "company:alias" in index.search(company="中電")[0].evidence


def test_threads_search_while_others_add_remove_and_close() -> None:
    index = kaburi.Index()
    stop = threading.Event()
    wrong: List[BaseException] = []

    def guarded(work: object) -> None:
        try:
            work()  # type: ignore[operator]
        except kaburi.ClosedError:
            pass
        except BaseException as error:
            wrong.append(error)

    def search() -> None:
        while not stop.is_set():
            for match in index.search(company="山田製作所"):
                assert match.probability <= 1
            index.search_many({"company": ["山田製作所", "三菱重工業"] * 20})

    def write(first: int) -> None:
        for round in range(200):
            index.add(id=first + round % 20, company=f"山田製作所{round}")
            index.add_many([{"company": "三菱重工業"}] * 5, first_id=first + 100)
            index.remove(first + round % 20)

    readers = [threading.Thread(target=guarded, args=(search,)) for _ in range(3)]
    writers = [
        threading.Thread(target=guarded, args=(lambda first=first: write(first),))
        for first in (0, 1000)
    ]
    for thread in readers + writers:
        thread.start()
    for thread in writers:
        thread.join()
    assert len(index) == 10
    index.close()
    stop.set()
    for thread in readers:
        thread.join()
    assert wrong == []


def test_interrupt_or_error_in_progress_leaves_what_was_added() -> None:
    with kaburi.Index() as index:

        def stop(rows: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            index.add_many({"company": ["山田"] * 10000}, first_id=0, progress=stop)
        assert 0 < len(index) < 10000
        with pytest.raises(KeyboardInterrupt):
            index.search_many({"company": ["山田"] * 50000}, threads=2, progress=stop)
        assert index.search(company="山田")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_child_uses_the_index_it_was_forked_with() -> None:
    program = """
import os, kaburi
index = kaburi.Index([{"id": 1, "company": "株式会社山田製作所"}])
index.search(company="山田製作所")
child = os.fork()
if child == 0:
    ok = len(index.search(company="山田製作所")) == 1
    index.add(id=2, company="山田製作所")
    ok = ok and len(index) == 2 and len(index.search_many({"company": ["山田"]}, threads=2)) == 1
    index.close()
    os._exit(0 if ok else 1)
print(os.waitpid(child, 0)[1], len(index))
index.close()
"""
    assert run(program) == "0 1\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_fork_while_others_search_and_add() -> None:
    program = """
import os, threading, kaburi
index = kaburi.Index([{"id": 1, "company": "株式会社山田製作所"}])
stop = threading.Event()
def search():
    while not stop.is_set():
        index.search_many({"company": ["山田製作所"] * 500})
def add():
    while not stop.is_set():
        index.add(id=2, company="三菱重工業")
threads = [threading.Thread(target=search), threading.Thread(target=add)]
for thread in threads:
    thread.start()
for _ in range(20):
    child = os.fork()
    if child == 0:
        ok = index.search(company="山田製作所")[0].id == 1
        try:
            index.add(id=3, company="山田製作所")
            ok = ok and 3 in index
        except kaburi.KaburiError as error:
            ok = ok and "can be searched here, not changed" in str(error)
        index.close()
        os._exit(0 if ok else 1)
    assert os.waitpid(child, 0)[1] == 0
stop.set()
for thread in threads:
    thread.join()
"""
    assert run(program) == ""


def test_the_gil_is_free_during_calls() -> None:
    # ctypes lets go of it around every call of a CDLL, and of no PyDLL's.
    assert isinstance(lib, ctypes.CDLL) and not isinstance(lib, ctypes.PyDLL)


def test_a_match_says_why_when_the_index_is_closed() -> None:
    with kaburi.Index() as index:
        index.add(id=1, company="株式会社山田製作所", deal="ERP保守更新")
        match = index.search(company="㈱山田製作所", deal="ERP保守更新")[0]
    assert match.explain("en").startswith("verdict: duplicate")
    assert match.record.company == "株式会社山田製作所"
