# SPDX-License-Identifier: Apache-2.0
"""Reads the tables that the scripts of this folder and of bench/ derive data from."""
import bz2
import gzip


def lines(path):
    """Lines of a UTF-8 text, packed (.gz, .bz2) or not."""
    opened = {"gz": gzip.open, "bz2": bz2.open}.get(path.rsplit(".", 1)[-1], open)
    with opened(path, "rt", encoding="utf-8") as file:
        yield from file


def rows(path):
    """Rows of a table with a header as {column: cell}."""
    cells = (line.rstrip("\n").split("\t") for line in lines(path))
    head = next(cells, None)
    for row in cells:
        yield dict(zip(head, row))
