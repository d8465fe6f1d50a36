# SPDX-License-Identifier: Apache-2.0
"""The cores and loose keys of many companies' names, by kaburi-bench."""
import os
import subprocess
import tempfile


def parts_of(bench, names):
    """(place of the name, core, loose key) of each name that is read."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "names.tsv")
        with open(path, "w", encoding="utf-8") as file:
            file.write("id\tcompany\n")
            file.writelines(f"{i}\t{name}\n" for i, name in enumerate(names))
        with subprocess.Popen([bench, "normalize", "--records", path, "--skip-bad-rows"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8") as process:
            core = ""
            for line in process.stdout:
                at, part, value = line.rstrip("\n").split("\t")
                if part == "company.core":
                    core = value
                elif part == "company.key":
                    yield int(at), core, value
            if process.wait() != 0:
                raise RuntimeError("normalize failed")
