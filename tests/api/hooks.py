"""Lets several of one role ask in turn, each from an address of its own, since the service holds
accounts, tokens and addresses to so many requests a minute; and counts what was answered.
"""

import atexit
import collections
import itertools
import json
import os

import requests.adapters

SHOWN = json.loads(os.environ.get("SKRANKE_SHOWN", "[]"))
TURN = itertools.count()
ANSWERED = collections.Counter()
SEND = requests.adapters.HTTPAdapter.send


def send(self, request, **more):
    n = next(TURN)
    first, now = (SHOWN[0], SHOWN[n % len(SHOWN)]) if SHOWN else ({}, {})
    for name, value in list(request.headers.items()):
        for way, shown in first.items():
            mine, other = (shown, now[way])
            if isinstance(value, bytes):
                mine, other = mine.encode(), other.encode()
            value = value.replace(mine, other)
        request.headers[name] = value
    request.headers["X-Forwarded-For"] = f"10.1.{n // 250 % 250}.{n % 250 + 1}"
    answer = SEND(self, request, **more)
    ANSWERED[answer.status_code] += 1
    return answer


def tell():
    told = ", ".join(f"{status}: {n}" for status, n in sorted(ANSWERED.items()))
    print(f"-- {sum(ANSWERED.values())} requests ({told})", flush=True)


requests.adapters.HTTPAdapter.send = send
atexit.register(tell)
