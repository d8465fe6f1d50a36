# SPDX-License-Identifier: Apache-2.0
"""Numbers of the fields and of their levels, read from the C sources so that they stand there only."""
import re


def read(source_path, public_path):
    """Returns {field: number} and {(field, level): number}."""
    with open(public_path, encoding="utf-8") as file:
        found = re.findall(r"#define KABURI_FIELD_([A-Z_]+) (\d+)", file.read())
    fields = {name.lower(): int(number) for name, number in found if name != "COUNT"}
    with open(source_path, encoding="utf-8") as file:
        source = file.read()
    macros = dict(re.findall(r'#define (\w+_NAMES) (".*")', source))
    table = source[source.index("level_names[KABURI_FIELD_COUNT]"):]
    table = table[: table.index("};")]
    levels = {}
    for field, names in re.findall(r"\[KABURI_FIELD_([A-Z_]+)\] =\s*\{(.*?)\}", table, re.S):
        for macro, text in macros.items():
            names = names.replace(macro, text)
        for level, name in enumerate(re.findall(r'NULL|"\w+"', names)):
            levels[field.lower(), name.strip('"')] = level
    return fields, levels


def write_text(out, kind, text):
    """kbr_<kind>_text, the file as it is, and its size."""
    out.write(f"const char kbr_{kind}_text[] =\n")
    out.writelines(f"    {quoted(line)[:-1]}\\n\"\n" for line in text.splitlines())
    out.write(f"    ;\nconst size_t kbr_{kind}_text_size = sizeof kbr_{kind}_text - 1;\n\n")


def quoted(text):
    """A C string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
