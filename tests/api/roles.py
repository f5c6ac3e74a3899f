"""Starts the service with something in it, and lets schemathesis ask it as each role.

    roles.py PROGRAM [--short | ROLE ..] [-- ARGUMENTS OF schemathesis run]
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time

import requests

ROLES = ["nobody", "reader", "auditor", "reception", "editor", "admin", "machine"]
PASSPHRASE = "fire raude bussar i regn"
HERE = os.path.dirname(os.path.abspath(__file__))
# Few of each kind, which takes some minutes; ARGS="admin -- --max-examples 500" is the long form.
USUAL = ["--max-examples", "3", "--phases", "examples,coverage,fuzzing"]
# What every change is tried with, in less than a minute.
SHORT_ROLES = ["nobody", "reception", "machine"]
SHORT = ["--max-examples", "1", "--phases", "examples,fuzzing", "--max-time", "10"]
# So many of a role ask in turn, since each is held to so many requests a minute.
ACCOUNTS = 8
TOKENS = 40


def start(program, data):
    """Starts the service; tells its address and the code of the first start."""
    service = subprocess.Popen(
        [program, "--data", data, "serve", "--listen", "127.0.0.1:0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "SKRANKE_TRUSTED_PROXIES": "127.0.0.1"},
    )
    told = []
    for line in service.stdout:
        if line.startswith("Stop with"):
            break
        told.append(line)
    address = told[0].strip().rsplit("/", 1)[1]
    code = next(line.strip() for line in told if line.startswith("    "))
    return service, "http://" + address, code


class Visitor:
    def __init__(self, address):
        self.address, self.session = address, requests.Session()

    def csrf(self, page="/help"):
        body = self.session.get(self.address + page).text
        return re.search(r'name="csrf" value="([0-9a-f]+)"', body).group(1)

    def submit(self, path, **fields):
        fields["csrf"] = self.csrf(path)
        answer = self.session.post(self.address + path, data=fields, allow_redirects=False)
        assert answer.status_code in (200, 303), f"{path}: {answer.status_code} {answer.text[:300]}"
        return answer

    def post(self, path, body):
        headers = {"x-csrf": self.csrf()}
        answer = self.session.post(self.address + path, json=body, headers=headers)
        assert answer.ok, f"{path}: {answer.text}"
        return answer.json()

    def shown(self):
        """What is shown for each way in that the description names."""
        return {"session": self.session.cookies["skranke"], "page": self.csrf()}


def fill(admin):
    """Something of each kind, so that there is something to find."""
    for n in range(4):
        key = f"inq_0197f000-0000-7000-8000-00000000000{n}"
        text = f"kor er kvervlingen nummer {n}"
        admin.post("/api/v1/inquiries", {"key": key, "text": text, "channel": "phone"})
    admin.post("/api/v1/words", {"said": "søppel", "written": "avfall"})
    admin.post("/api/v1/messages", {"text": "Vatnet er borte", "until": "2100-01-01T00:00:00Z"})
    admin.post("/api/v1/readers", {"name": "Post", "mail": "post@example.org", "lang": "nn"})
    admin.post("/api/v1/admin/calls", {"day": "2026-03-02", "calls": 40})
    admin.post("/api/v1/admin/jobs/topics/run", {})
    time.sleep(3)


def main():
    program, *rest = sys.argv[1:]
    at = rest.index("--") if "--" in rest else len(rest)
    roles, more = rest[:at], rest[at + 1:]
    accounts, usual = ACCOUNTS, USUAL
    if roles == ["--short"]:
        roles, accounts, usual = SHORT_ROLES, 2, SHORT
    with tempfile.TemporaryDirectory() as data:
        service, address, code = start(program, data)
        try:
            failed = ask_as_each((address, code), roles or ROLES, accounts, more or usual)
        finally:
            service.kill()
            service.wait()
    if failed:
        sys.exit("found something as " + ", ".join(failed))


def ask_as_each(service, roles, accounts, more):
    address, code = service
    admin = Visitor(address)
    admin.submit("/setup", code=code, organisation="Fjordvik", name="Marit", login="marit",
                 passphrase=PASSPHRASE)
    fill(admin)
    failed = []
    for role in roles:
        began = time.monotonic()
        print(f"-- as {role}", flush=True)
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as config:
            with open(os.path.join(HERE, "schemathesis.toml"), encoding="utf-8") as usual:
                config.write(usual.read())
            shown = shown_by(role, admin, accounts)
            for scheme, value in (shown[0] if shown else {}).items():
                kind = "bearer" if scheme == "token" else "api_key"
                config.write(f'\n[auth.openapi.{scheme}]\n{kind} = "{value}"\n')
            config.flush()
            program = os.path.join(os.path.dirname(sys.executable), "schemathesis")
            command = [program, "--config-file", config.name, "run",
                       address + "/api/v1/openapi.json", "--suppress-health-check", "all",
                       "--seed", "1", *more]
            env = {**os.environ, "SKRANKE_SHOWN": json.dumps(shown),
                   "SCHEMATHESIS_HOOKS": os.path.join(HERE, "hooks.py")}
            done = subprocess.run(command, check=False, cwd=tempfile.gettempdir(), env=env)
            if done.returncode != 0:
                failed.append(role)
        print(f"-- as {role}: {time.monotonic() - began:.0f} s", flush=True)
    return failed


def shown_by(role, admin, accounts):
    """What each of so many shows."""
    if role == "nobody":
        return []
    if role == "machine":
        scopes = ["log", "answers", "read", "work", "admin"]
        token = {"name": "Maskin", "scopes": scopes}
        made = [admin.post("/api/v1/admin/tokens", token) for _ in range(TOKENS)]
        return [{"token": it["token"]} for it in made]
    return [come(f"{role}{n}", role, admin).shown() for n in range(accounts)]


def come(login, role, admin):
    told = admin.submit("/admin/people", change="invite", login=login, name=login, role=role,
                        lang="nn").text
    link = re.search(r"/welcome/[0-9a-f]+", told).group(0)
    visitor = Visitor(admin.address)
    visitor.session.get(admin.address + link)
    visitor.submit("/welcome", passphrase=PASSPHRASE, link=link[9:21])
    return visitor


main()
