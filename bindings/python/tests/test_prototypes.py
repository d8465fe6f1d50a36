# SPDX-License-Identifier: Apache-2.0
"""The table of prototypes against include/kaburi.h: every exported function with its arguments, and
every struct's size, fields and offsets as the C compiler lays them out."""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
from pathlib import Path
from typing import Dict, List, Tuple

import pytest

from kaburi import _errors, _prototypes, matches, options, records

HEADER = Path(os.environ["KABURI_HEADER"])
TABLE = "bindings/python/kaburi/_prototypes.py"


def code() -> str:
    """The header without comments."""
    return re.sub(r"/\*.*?\*/", " ", HEADER.read_text(encoding="utf-8"), flags=re.S)


def functions() -> Dict[str, Tuple[str, List[str]]]:
    """name -> (result, types of the arguments)."""
    found = {}
    pattern = r"KABURI_API\s+([\w\s*]+?)(kaburi_\w+)\(([^()]*)\)\s*;"
    for result, name, arguments in re.findall(pattern, code()):
        types = [
            re.sub(r"\s*\w+$", "", argument.strip())
            for argument in arguments.split(",")
            if argument.strip() != "void"
        ]
        found[name] = (result.strip(), types)
    return found


def structs() -> Dict[str, List[str]]:
    """name -> names of the fields."""
    found = {}
    for name, body in re.findall(r"typedef struct (kaburi_\w+) \{(.*?)\n\} ", code(), flags=re.S):
        fields = []
        for line in body.split(";"):
            line = line.strip()
            pointer = re.search(r"\(\*(\w+)\)\(", line)
            plain = re.search(r"(\w+)(\[[^\]]*\])?$", line)
            if pointer:
                fields.append(pointer.group(1))
            elif plain and line:
                fields.append(plain.group(1))
        found[name] = fields
    return found


SCALARS = {
    "void": None,
    "size_t": ctypes.c_size_t,
    "int32_t": ctypes.c_int32,
    "uint32_t": ctypes.c_uint32,
    "uint64_t": ctypes.c_uint64,
    "double": ctypes.c_double,
    "kaburi_status": _prototypes.Status,
    "kaburi_text": _prototypes.kaburi_text,
}


def is_declared_as(declared: object, c_type: str) -> bool:
    """Whether a type of the table can stand for a type of C."""
    if "*" not in c_type:
        # A status that is given is a number like any other.
        return declared is SCALARS[c_type] or (c_type, declared) == ("kaburi_status", ctypes.c_int32)
    target = c_type.replace("const", "").replace(" ", "")
    pointed = getattr(declared, "_type_", None)
    if declared is ctypes.c_void_p:
        return True
    if declared is ctypes.c_char_p:
        return target == "char*"
    if target.count("*") == 2:
        return pointed is ctypes.c_void_p
    if declared is None:
        return False
    return pointed is SCALARS.get(target[:-1], getattr(_prototypes, target[:-1], object()))


def test_header_is_read() -> None:
    assert len(functions()) >= 40
    assert len(structs()) >= 10


@pytest.mark.parametrize("name", sorted(set(functions()) | set(_prototypes.FUNCTIONS)))
def test_function_is_declared_as_in_the_header(name: str) -> None:
    assert name in _prototypes.FUNCTIONS, f"{HEADER.name} has {name}: give it a row in {TABLE}"
    assert name in functions(), f"{TABLE} has {name}, which {HEADER.name} has not"
    result, arguments = functions()[name]
    declared_result, declared_arguments = _prototypes.FUNCTIONS[name]
    assert is_declared_as(declared_result, result), f"result of {name}: {result}"
    assert (result == "kaburi_status") == (declared_result is _prototypes.Status), name
    assert len(declared_arguments) == len(arguments), f"arguments of {name}: {arguments}"
    for number, (declared, c_type) in enumerate(zip(declared_arguments, arguments)):
        assert is_declared_as(declared, c_type), f"argument {number} of {name}: {c_type}"


def test_functions_that_fail_end_with_an_error() -> None:
    for name, (result, arguments) in _prototypes.FUNCTIONS.items():
        if result is _prototypes.Status:
            assert arguments[-1] is ctypes.POINTER(_prototypes.kaburi_error), name


def run_c(folder: Path, lines: List[str]) -> List[str]:
    """The output of a C program that includes the header."""
    source = folder / "print.c"
    source.write_text(
        '#include "kaburi.h"\n#include <stdio.h>\nint main(void) {\n' + "\n".join(lines) + "\n}\n",
        encoding="utf-8",
    )
    binary = folder / "print"
    compiler = os.environ.get("KABURI_CC", "cc").split()
    subprocess.run(
        [*compiler, "-std=c17", f"-I{HEADER.parent}", str(source), "-o", str(binary)], check=True
    )
    return subprocess.run([binary], check=True, capture_output=True, text=True).stdout.split("\n")


def test_structs_are_laid_out_as_in_the_header(tmp_path: Path) -> None:
    lines = []
    ours = []
    for name, fields in structs().items():
        mirrored = getattr(_prototypes, name, None)
        assert mirrored is not None, f"{HEADER.name} has {name}: give it a class in {TABLE}"
        assert [field[0] for field in mirrored._fields_] == fields, name
        lines.append(f'printf("{name} %zu\\n", sizeof({name}));')
        ours.append(f"{name} {ctypes.sizeof(mirrored)}")
        for field in fields:
            member = f"(({name} *)0)->{field}"
            lines.append(
                f'printf("{name}.{field} %zu %zu\\n", offsetof({name}, {field}), sizeof {member});'
            )
            place = getattr(mirrored, field)
            ours.append(f"{name}.{field} {place.offset} {place.size}")
    assert run_c(tmp_path, lines)[:-1] == ours


def test_constants_are_those_of_the_header(tmp_path: Path) -> None:
    ours = {
        "KABURI_VERSION_MAJOR": _prototypes.VERSION[0],
        "KABURI_VERSION_MINOR": _prototypes.VERSION[1],
        "KABURI_VERSION_PATCH": _prototypes.VERSION[2],
        "KABURI_AMOUNT_ABSENT": _prototypes.AMOUNT_ABSENT,
        "KABURI_DATE_ABSENT": _prototypes.DATE_ABSENT,
        "KABURI_FIELD_COUNT": _prototypes.FIELD_COUNT,
        "KABURI_TEXT_SIZE_MAX": _prototypes.TEXT_SIZE_MAX,
        "KABURI_LANGUAGE_ENGLISH": _prototypes.LANGUAGES["en"],
        "KABURI_LANGUAGE_JAPANESE": _prototypes.LANGUAGES["ja"],
        "KABURI_FORMAT_TEXT": _prototypes.FORMATS["text"],
        "KABURI_FORMAT_JSON": _prototypes.FORMATS["json"],
        "KABURI_SEARCH_EXCEPT_SELF": _prototypes.SEARCH_EXCEPT_SELF,
        "KABURI_OPEN_HEADER": _prototypes.OPEN_HEADER,
        **{f"KABURI_STAGE_{word.upper()}": number for word, number in records.STAGES.items()},
        **{f"KABURI_KIND_{word.upper()}": number for word, number in records.KINDS.items()},
        **{f"KABURI_SKETCH_{word.upper()}": number for word, number in options.SKETCHES.items()},
        **{f"KABURI_VERDICT_{word.name}": at for at, word in enumerate(matches.VERDICTS)},
        **{f"KABURI_DECISION_{word.name}": at for at, word in enumerate(matches.DECISIONS)},
        **{f"KABURI_FIELD_{word.upper()}": at for at, word in enumerate(matches.FIELDS)},
        **{
            f"KABURI_INDEX_{'' if word == 'minhash_weighted' else 'NO_'}{word.upper()}": bit
            for word, bit in options._FLAGS.items()
        },
        **{
            "KABURI_OK" if status == 0 else f"KABURI_ERROR_{status.name}": int(status)
            for status in _errors.Status
        },
    }
    lines = [f'printf("%lld\\n", (long long)({name}));' for name in ours]
    theirs = run_c(tmp_path, lines)
    assert dict(zip(ours, map(int, theirs[:-1]))) == ours


def test_no_status_verdict_or_decision_is_left_out() -> None:
    def count(prefix: str) -> int:
        names = set(re.findall(rf"#define (KABURI_{prefix}_\w+)", code()))
        return len(names)

    assert count("ERROR") == len(_errors.Status) - 1
    assert count("VERDICT") == len(matches.VERDICTS)
    assert count("DECISION") == len(matches.DECISIONS)
    assert count("EVIDENCE") == len(matches._EVIDENCE)
    assert len(_errors._CLASSES) == len(_errors.Status) - 1
