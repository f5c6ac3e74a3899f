"""Durable inserts in SQLite: write-ahead log, synchronous=FULL, one row a transaction.

sqlite.py FOLDER SECONDS prints a row of JSON for each number of writers.
"""

import json
import os
import sqlite3
import sys
import threading
import time

FOLDER, SECONDS = sys.argv[1], float(sys.argv[2])
PAYLOAD = "x" * 300


def connect(path):
    base = sqlite3.connect(path, timeout=60, isolation_level=None)
    base.execute("PRAGMA journal_mode=WAL")
    base.execute("PRAGMA synchronous=FULL")
    return base


def write(path, begun, times):
    base = connect(path)
    while time.perf_counter() - begun < SECONDS:
        before = time.perf_counter()
        base.execute("INSERT INTO records (key, payload) VALUES (?, ?)", (os.urandom(16), PAYLOAD))
        times.append(int(1e6 * (time.perf_counter() - before)))


for writers in (1, 64):
    path = os.path.join(FOLDER, f"sqlite-{writers}")
    connect(path).execute(
        "CREATE TABLE records (seq INTEGER PRIMARY KEY, key BLOB UNIQUE, payload TEXT)")
    times, begun = [], time.perf_counter()
    threads = [threading.Thread(target=write, args=(path, begun, times)) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({
        "name": f"SQLite, WAL, synchronous=FULL, {writers} writers",
        "seconds": time.perf_counter() - begun,
        "us": times,
    }))
