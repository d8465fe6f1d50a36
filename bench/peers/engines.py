# SPDX-License-Identifier: Apache-2.0
"""The engines that compare.py asks. Each is made of a list of texts, tells what it takes to build and to hold, and
finds the ten best of a query as places in the list. One that is not installed raises ImportError or OSError."""
import os
import re
import shutil
import sqlite3
import subprocess
import time


def rss():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


class RapidFuzz:
    """Brute force over all texts, in C++, one thread."""
    slow = True

    def __init__(self, texts, folder, scorer):
        from rapidfuzz import distance, fuzz, process
        self.process = process
        self.scorer = {"ratio": fuzz.ratio, "jaro_winkler": distance.JaroWinkler.similarity}[scorer]
        self.texts = texts
        self.bytes = sum(len(text.encode()) for text in texts) / len(texts)

    def find(self, query):
        return [place for _, _, place in self.process.extract(query, self.texts, scorer=self.scorer, limit=10)]


class Datasketch:
    """MinHash LSH over bigrams, 32 bands of 2 rows, candidates ranked by the estimated Jaccard likeness."""
    slow = False
    most = 200000  # records: it takes some 8 KB each

    def __init__(self, texts, folder):
        import datasketch
        if len(texts) > self.most:
            raise OSError(f"takes some 8 KB a record; left out above {self.most} records")
        self.minhash = datasketch.MinHash
        self.lsh = datasketch.MinHashLSH(num_perm=64, params=(32, 2))
        before = rss()
        self.sketches = [self.sketch(text) for text in texts]
        for place, sketch in enumerate(self.sketches):
            self.lsh.insert(place, sketch)
        self.bytes = (rss() - before) / len(texts)

    def sketch(self, text):
        padded = f"^{text}$"
        made = self.minhash(num_perm=64)
        made.update_batch([padded[i:i + 2].encode() for i in range(len(padded) - 1)])
        return made

    def find(self, query):
        sketch = self.sketch(query)
        found = self.lsh.query(sketch)
        return sorted(found, key=lambda place: (-self.sketches[place].jaccard(sketch), place))[:10]


class SimString:
    """CPMerge over bigrams, cosine; its results are not ranked: ten of them are taken after a pass by RapidFuzz."""
    slow = False

    def __init__(self, texts, folder, threshold):
        try:
            from quickumls_simstring import simstring
        except ImportError:
            import simstring
        from rapidfuzz import fuzz
        self.ratio = fuzz.ratio
        self.places = {}
        for place, text in enumerate(texts):
            self.places.setdefault(text, place)
        path = os.path.join(folder, f"simstring-{threshold}.db")
        writer = simstring.writer(path, 2, True, False)
        for text in self.places:
            writer.insert(text)
        writer.close()
        self.bytes = sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder)
                         if name.startswith(os.path.basename(path))) / len(texts)
        self.reader = simstring.reader(path)
        self.reader.measure = simstring.cosine
        self.reader.threshold = threshold

    def find(self, query):
        found = self.reader.retrieve(query)
        found = sorted(found, key=lambda text: -self.ratio(query, text))[:10]
        return [self.places[text] for text in found]


class Sqlite:
    """FTS5 with its trigram tokenizer, any trigram, bm25."""
    slow = False

    def __init__(self, texts, folder):
        path = os.path.join(folder, f"fts-{time.monotonic_ns()}.db")
        self.base = sqlite3.connect(path)
        self.base.execute("CREATE VIRTUAL TABLE names USING fts5(name, tokenize='trigram', content='')")
        self.base.executemany("INSERT INTO names(rowid, name) VALUES (?, ?)", enumerate(texts, 1))
        self.base.execute("INSERT INTO names(names) VALUES ('optimize')")
        self.base.commit()
        self.bytes = os.path.getsize(path) / len(texts)

    def find(self, query):
        grams = {query[i:i + 3] for i in range(len(query) - 2)}
        if not grams:
            return []
        words = " OR ".join('"' + gram.replace('"', '""') + '"' for gram in sorted(grams))
        rows = self.base.execute("SELECT rowid FROM names WHERE names MATCH ? ORDER BY bm25(names) LIMIT 10", (words,))
        return [row[0] - 1 for row in rows]


class Postgres:
    """pg_trgm with a GIN index, timed inside the server: no client, no network. A server of its own in the folder."""
    slow = True
    threshold = 0.2

    def __init__(self, texts, folder):
        found = shutil.which("initdb") or "/usr/lib/postgresql/15/bin/initdb"
        if not os.path.exists(found):
            raise OSError("PostgreSQL is not installed")
        self.programs = os.path.dirname(os.path.realpath(found))
        self.folder = os.path.join(folder, "postgres")
        os.mkdir(self.folder)
        self.as_user = []
        if os.geteuid() == 0:  # a server does not run as root
            shutil.chown(self.folder, "postgres")
            os.chmod(folder, 0o755)
            self.as_user = ["runuser", "-u", "postgres", "--"]
        self.data = os.path.join(self.folder, "data")
        self.run("initdb", "-D", self.data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8")
        with open(os.path.join(self.data, "postgresql.conf"), "a", encoding="utf-8") as file:
            file.write(f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\nfsync = off\njit = off\n"
                       "shared_buffers = 512MB\nmaintenance_work_mem = 512MB\nmax_parallel_workers_per_gather = 0\n"
                       "max_parallel_maintenance_workers = 0\n")
        self.run("pg_ctl", "-D", self.data, "-w", "-l", os.path.join(self.folder, "log"), "start")
        rows = "".join(f"{place}\t{escape(text)}\n" for place, text in enumerate(texts))
        self.sql("CREATE EXTENSION pg_trgm; CREATE TABLE names (id int, name text); "
                 "CREATE TABLE asked (id int, name text); CREATE TABLE answers (id int, us float, found int[]);")
        self.copy("names", rows)
        self.sql("CREATE INDEX names_trgm ON names USING gin (name gin_trgm_ops)")
        self.sql("VACUUM ANALYZE names")
        self.bytes = int(self.sql("SELECT pg_relation_size('names_trgm')")) / len(texts)

    def run(self, program, *arguments):
        subprocess.run([*self.as_user, os.path.join(self.programs, program), *arguments], check=True,
                       stdout=subprocess.DEVNULL, cwd=self.folder)

    def psql(self, *arguments, text=None):
        return subprocess.run([os.path.join(self.programs, "psql"), "-h", self.folder, "-U", "postgres", "-qAt", "-v",
                               "ON_ERROR_STOP=1", *arguments], input=text, check=True, capture_output=True,
                              encoding="utf-8").stdout.strip()

    def sql(self, text):
        return self.psql("-c", text)

    def copy(self, table, rows):
        self.psql("-c", f"COPY {table} FROM STDIN", text=rows)

    def find_all(self, queries):
        """(seconds, places) of each query."""
        self.sql("TRUNCATE asked; TRUNCATE answers;")
        self.copy("asked", "".join(f"{place}\t{escape(text)}\n" for place, text in enumerate(queries)))
        self.sql(f"""SET pg_trgm.similarity_threshold = {self.threshold};
            DO $$ DECLARE q record; begun timestamptz; found int[]; BEGIN
              FOR q IN SELECT * FROM asked ORDER BY id LOOP
                begun := clock_timestamp();
                found := array(SELECT id FROM names WHERE name % q.name
                               ORDER BY similarity(name, q.name) DESC, id LIMIT 10);
                INSERT INTO answers VALUES (q.id, extract(epoch FROM clock_timestamp() - begun), found);
              END LOOP; END $$;""")
        rows = self.sql("SELECT us, array_to_string(found, ',') FROM answers ORDER BY id").split("\n")
        return [(float(row.split("|")[0]), [int(i) for i in re.findall(r"\d+", row.split("|")[1])]) for row in rows]

    def close(self):
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")


def escape(text):
    return text.replace("\\", "\\\\").replace("\t", " ").replace("\n", " ")


ENGINES = {
    "pg_trgm 0.2": Postgres,
    "SQLite FTS5 trigram": Sqlite,
    "RapidFuzz ratio": lambda texts, folder: RapidFuzz(texts, folder, "ratio"),
    "RapidFuzz Jaro-Winkler": lambda texts, folder: RapidFuzz(texts, folder, "jaro_winkler"),
    "datasketch 32x2": Datasketch,
    "SimString 0.5": lambda texts, folder: SimString(texts, folder, 0.5),
    "SimString 0.4": lambda texts, folder: SimString(texts, folder, 0.4),
}
