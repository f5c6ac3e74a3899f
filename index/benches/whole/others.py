"""The same look-up in SQLite (FTS5, trigrams) and in PostgreSQL (full text and pg_trgm).

others.py FOLDER BEST SECONDS reads passages.tsv (page, title, text), inquiries.tsv (key, need,
text) and queries.tsv (page, need, text) of a folder, and prints a row of JSON for each system.
"""

import json
import os
import pwd
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

FOLDER, BEST, SECONDS = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])


def rows(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file]


def words(text):
    return [word for word in re.findall(r"\w+", text.lower()) if 3 <= len(word)]


def tell(name, times, found):
    times = sorted(times)
    at = lambda share: 1e3 * times[min(len(times) - 1, int(len(times) * share))]
    share = lambda hits: sum(hits) / max(1, len(hits))
    print(json.dumps({
        "name": f"{name} ({len(times)} queries)",
        "ms": [at(0.50), at(0.95), at(0.99)],
        "page": share([hit for hit, _ in found if hit is not None]),
        "need": share([hit for _, hit in found if hit is not None]),
    }), flush=True)


def measured(name, look_up, best):
    """Asks until the time is up: once for the time, once for ten of each."""
    needs = {key: need for key, need, _ in rows("inquiries.tsv")}
    wanted = set(needs.values())
    times, found, begun = [], [], time.perf_counter()
    for page, need, text in rows("queries.tsv"):
        if 20 <= len(times) and SECONDS < time.perf_counter() - begun:
            break
        times.append(look_up(text))
        pages, keys = best(text)
        of_need = need in {needs[key] for key in keys} if need in wanted else None
        found.append((page in pages if page else None, of_need))
    tell(name, times, found)


def sqlite():
    base = sqlite3.connect(os.path.join(FOLDER, "base.sqlite"))
    make = "CREATE VIRTUAL TABLE {} USING fts5({}, tokenize='trigram')"
    base.execute(make.format("passages", "page UNINDEXED, title, text"))
    base.execute(make.format("inquiries", "key UNINDEXED, need UNINDEXED, text"))
    base.executemany("INSERT INTO passages VALUES (?, ?, ?)", rows("passages.tsv"))
    base.executemany("INSERT INTO inquiries VALUES (?, ?, ?)", rows("inquiries.tsv"))
    base.commit()

    def ask(table, column, text, n):
        query = " OR ".join(f'"{word}"' for word in words(text))
        sql = f"SELECT {column} FROM {table} WHERE {table} MATCH ? ORDER BY rank LIMIT ?"
        return [str(row[0]) for row in base.execute(sql, (query, n))] if query else []

    def look_up(text):
        begun = time.perf_counter()
        ask("passages", "page", text, 3)
        ask("inquiries", "key", text, 5)
        return time.perf_counter() - begun

    def best(text):
        return ask("passages", "page", text, BEST), ask("inquiries", "key", text, BEST)

    measured("SQLite FTS5, trigrams, OR over words", look_up, best)


SCHEMA = """
CREATE EXTENSION pg_trgm;
CREATE TABLE passages (page text, title text, text text);
CREATE TABLE inquiries (key text, need text, text text);
\\copy passages from '{0}/passages.tsv'
\\copy inquiries from '{0}/inquiries.tsv'
ALTER TABLE passages ADD words tsvector GENERATED ALWAYS AS
  (to_tsvector('norwegian', title || ' ' || text)) STORED;
ALTER TABLE inquiries ADD words tsvector GENERATED ALWAYS AS
  (to_tsvector('norwegian', text)) STORED;
CREATE INDEX ON passages USING gin (words);
CREATE INDEX ON inquiries USING gin (words);
CREATE INDEX ON inquiries USING gin (text gin_trgm_ops);
ANALYZE;
"""

PREPARED = """
PREPARE passages (text, int) AS SELECT page FROM passages, to_tsquery('norwegian', $1) AS asked
  WHERE words @@ asked ORDER BY ts_rank(words, asked) DESC LIMIT $2;
PREPARE inquiries (text, int) AS SELECT key FROM inquiries, to_tsquery('norwegian', $1) AS asked
  WHERE words @@ asked ORDER BY ts_rank(words, asked) DESC LIMIT $2;
PREPARE alike (text, int) AS SELECT key FROM inquiries WHERE text % $1
  ORDER BY similarity(text, $1) DESC LIMIT $2;
"""

SETTINGS = ["shared_buffers=1GB", "maintenance_work_mem=512MB", "work_mem=64MB", "jit=off",
            "fsync=off", "max_wal_size=8GB", "max_parallel_workers_per_gather=0",
            "max_parallel_maintenance_workers=0", "listen_addresses="]


def program(name):
    known = [os.path.join("/usr/lib/postgresql", version, "bin", name)
             for version in sorted(os.listdir("/usr/lib/postgresql"), reverse=True)
             ] if os.path.isdir("/usr/lib/postgresql") else []
    return next((path for path in known if os.path.exists(path)), shutil.which(name))


class Client:
    """psql, which tells for each statement how long it took."""

    def __init__(self, folder):
        command = [program("psql"), "-h", folder, "-U", "bench", "-d", "postgres", "-qAt",
                   "-v", "ON_ERROR_STOP=1"]
        self.psql = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     encoding="utf-8", env={"LC_ALL": "C",
                                                            "PGCLIENTENCODING": "UTF8"})

    def ask(self, sql):
        """The rows and the seconds."""
        self.psql.stdin.write(sql + "\n\\echo --done\n")
        self.psql.stdin.flush()
        found, seconds = [], 0.0
        for line in self.psql.stdout:
            line = line.rstrip("\n")
            if line == "--done":
                return found, seconds
            told = re.match(r"Time: ([0-9.]+) ms", line)
            if told:
                seconds += float(told.group(1)) / 1e3
            else:
                found.append(line)
        raise RuntimeError("psql has ended")


def postgres():
    if not program("initdb") or not program("psql"):
        print("PostgreSQL is not installed: apt-get install postgresql", file=sys.stderr)
        return
    folder = tempfile.mkdtemp(prefix="bench-postgres-")
    user = None
    if os.getuid() == 0:
        names = {entry.pw_name for entry in pwd.getpwall()}
        user = "postgres" if "postgres" in names else "nobody"
        shutil.chown(folder, user)
    run = lambda *command: subprocess.run(command, check=True, user=user, cwd=folder,
                                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    data = os.path.join(folder, "data")
    options = " ".join(f"-c {setting}" for setting in SETTINGS) + f" -k {folder}"
    control = [program("pg_ctl"), "-D", data, "-l", os.path.join(folder, "log"), "-w"]
    try:
        run(program("initdb"), "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8")
        run(*control, "-o", options, "start")
        try:
            asked(Client(folder))
        finally:
            run(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def asked(client):
    client.ask(SCHEMA.format(FOLDER))
    client.ask(PREPARED + "\\timing on")
    quoted = lambda text: "'" + text.replace("'", "''") + "'"

    def calls(text, n_passages, n_inquiries):
        query = quoted(" | ".join(words(text)))
        pages, first = client.ask(f"EXECUTE passages({query}, {n_passages});")
        keys, second = client.ask(f"EXECUTE inquiries({query}, {n_inquiries});")
        alike, third = client.ask(f"EXECUTE alike({quoted(text)}, {n_inquiries});")
        return pages, (keys, second), (alike, third), first

    for name, which in [("full text for both", 1), ("full text, pg_trgm for inquiries", 2)]:
        def look_up(text):
            found = calls(text, 3, 5)
            return found[3] + found[which][1]

        def best(text):
            found = calls(text, BEST, BEST)
            return found[0], found[which][0]

        measured(f"PostgreSQL, {name}", look_up, best)


sqlite()
postgres()
