#!/usr/bin/env python3
"""Lists the open gaps, and says something about one or dismisses it.

    gaps.py                         every open gap, the most wanted first
    gaps.py comment T12 WORDS       says something about a gap
    gaps.py dismiss T12 REASON      dismisses a gap

SKRANKE is the service's address, TOKEN_FILE a file with a token that may `read` and `work`.
Python's standard library is all it needs.
"""

import json
import os
import sys
import urllib.error
import urllib.request

SKRANKE = os.environ["SKRANKE"].rstrip("/")
with open(os.environ["TOKEN_FILE"], encoding="ascii") as file:
    TOKEN = file.read().strip()


def ask(path, body=None, seen=None):
    """Asks the interface; tells the answer and the tag of the version that it is of."""
    headers = {"Authorization": "Bearer " + TOKEN, "Accept": "application/json"}
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        headers["Content-Type"] = "application/json"
    if seen is not None:
        headers["If-Match"] = seen
    request = urllib.request.Request(SKRANKE + path, data=data, headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer), answer.headers["ETag"]


def gaps():
    """Walks the list to its end: `next` is the address of what follows."""
    path = "/api/v1/gaps?limit=100"
    while path:
        part, _ = ask(path)
        yield from part["items"]
        path = part["next"]


def step(number, body):
    """Takes a step on the gap as it stands; when somebody else was first, it is looked at again."""
    path = "/api/v1/gaps/" + number
    while True:
        _, seen = ask(path)
        try:
            gap, _ = ask(path + "/steps", body, seen)
            return gap
        except urllib.error.HTTPError as error:
            if error.code != 412:
                raise


def main(arguments):
    if not arguments:
        for gap in gaps():
            print(f"{gap['topic']:>6} {gap['last_28_days']:>4}  {gap['state']:<10} {gap['name']}")
        return
    what, number, words = arguments
    field = {"comment": "text", "dismiss": "reason"}[what]
    gap = step(number, {"step": what, field: words})
    print(f"{gap['topic']} is {gap['state']}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        sys.exit(f"{problem['title']}: {problem.get('detail', '')}")
