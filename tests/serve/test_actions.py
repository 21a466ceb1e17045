#!/usr/bin/env python3
"""What people do in the workspace: acts and taking them back, two reviewers, reading and importing, taking out.

Real servers (ISNAD_PROGRAM serve) over real ledgers of invented pages, asked over sockets. Nothing sleeps: conditions
are waited for.
"""
import atexit
import contextlib
import functools
import http.client
import http.server
import io
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse
import zipfile

PROGRAM = os.environ.get("ISNAD_PROGRAM", "")
PASSWORD = "seven lanterns on the quay"
JSON = {"Content-Type": "application/json"}


def page(outlet, title, day, *paragraphs, head="", language="en"):
    """An invented page of an invented outlet."""
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    return (f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
            f'<meta property="og:site_name" content="{outlet}"><link rel="canonical" href="https://{outlet.lower()}.example/'
            f'{title.lower().replace(" ", "-")}"><meta property="article:published_time" content="{day}">{head}</head>'
            f"<body><article><h1>{title}</h1>{body}</article></body></html>")


HOSTILE = ('<script>alert(1)</script><img src=x onerror=alert(1)><img src="https://evil.example/x.png"><a href="javascript:'
           'alert(1)" onclick="alert(1)">link</a><svg onload=alert(1)></svg><iframe src="https://evil.example"></iframe>'
           '<iframe srcdoc="<script>alert(1)</script>"></iframe><object data="x"></object><embed src="x"><style>@import '
           'url(https://evil.example/a.css)</style><form action="https://evil.example"><button>go</button></form>')
PAGES = {
    "a.html": page("Lantern", "Air strike on Sarmin", "2026-02-03T10:00:00Z",
                   "An air strike on the town of Sarmin killed seven civilians on Tuesday 3 February 2026, the civil defence said.",
                   "Twelve people were injured in the strike, a hospital director said.", HOSTILE,
                   head='<meta http-equiv="refresh" content="0;url=https://evil.example"><base href="https://evil.example/">'),
    "b.html": page("Quayside", "Strike on Sarmin kills nine", "2026-02-03T15:00:00Z",
                   "An air strike on the town of Sarmin killed nine people on Tuesday 3 February 2026, a monitoring group said.",
                   "The civil defence had first spoken of seven."),
    "c.html": page("Depot", "Shelling of Taiz", "2026-02-05T10:00:00Z",
                   "Shelling of the city of Taiz killed three people on Thursday 5 February 2026, residents said."),
}


def isnad(*words, text=None):
    done = subprocess.run([PROGRAM, *words], input=text, capture_output=True, text=True, timeout=300)
    assert done.returncode in (0, 3), (words, done.returncode, done.stderr)
    return done.stdout


def wait_for(condition, seconds=180):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come to be")


class Answer:
    def __init__(self, response, body):
        self.code, self.body = response.status, body
        self.headers = {name.lower(): value for name, value in response.getheaders()}

    def json(self):
        return json.loads(self.body)


PEOPLE = (("Rima", "reviewer"), ("Omar", "reviewer"), ("Nour", "reader"), ("Hala", "admin"))


@functools.cache
def furnished():
    """A folder with a ledger of PAGES and the accounts of PEOPLE, made once and copied for each server."""
    folder = tempfile.mkdtemp(prefix="isnad-actions-")
    atexit.register(shutil.rmtree, folder)
    ledger, access, pages = (os.path.join(folder, n) for n in ("ledger.db", "accounts", "pages"))
    os.mkdir(pages)
    for name, text in PAGES.items():
        with open(os.path.join(pages, name), "w", encoding="utf-8") as file:
            file.write(text)
    isnad("add", "--ledger", ledger, pages)
    for name, role in PEOPLE:
        isnad("users", "add", name, role, "--ledger", ledger, "--access", access, text=PASSWORD + "\n")
    return folder


class Server:
    """A server over a ledger of PAGES, with accounts: Rima and Omar review, Nour reads, Hala is an admin."""

    def __init__(self, *arguments, folder=None):
        self.own = folder is None
        self.folder = folder or tempfile.mkdtemp(prefix="isnad-actions-")
        self.temporary = os.path.join(self.folder, "tmp")
        self.ledger, self.access = (os.path.join(self.folder, n) for n in ("ledger.db", "accounts"))
        self.arguments = arguments
        if self.own:
            shutil.copytree(furnished(), self.folder, dirs_exist_ok=True)
            os.mkdir(self.temporary)
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--ledger", self.ledger, "--access", self.access, "--accounts", "--port", "0", *self.arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ, TMPDIR=self.temporary))
        line = self.process.stdout.readline().decode()
        assert "http://" in line, (line, self.process.stderr.read())
        self.port = urllib.parse.urlsplit(line.split(" at ")[1].split()[0]).port
        self.sessions = {}

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(timeout=120)
        errors = self.process.stderr.read().decode()
        self.process.stdout.close()
        self.process.stderr.close()
        return errors

    def remove(self):
        subprocess.run(["rm", "-rf", self.folder], check=True)

    def raw(self, method, target, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        with contextlib.closing(connection):
            connection.request(method, "/api/v1/" + target, body, headers or {})
            response = connection.getresponse()
            return Answer(response, response.read())

    def session(self, who):
        if who not in self.sessions:
            answer = self.raw("POST", "session", json.dumps({"name": who, "password": PASSWORD}),
                              dict(JSON, **{"X-Isnad-CSRF": self.csrf()}))
            assert answer.code == 200, answer.body
            self.sessions[who] = {"Cookie": answer.headers["set-cookie"].split(";")[0], "X-Isnad-CSRF": answer.json()["csrf"]}
        return self.sessions[who]

    def csrf(self):
        return self.raw("GET", "session").json()["csrf"]

    def ask(self, who, method, target, value=None, body=None, **headers):
        sent = dict(self.session(who)) if who else {}
        sent.update({name.replace("_", "-"): text for name, text in headers.items()})
        if value is not None:
            sent.update(JSON)
            body = json.dumps(value)
        return self.raw(method, target, body, sent)

    def get(self, target, who="Rima"):
        answer = self.ask(who, "GET", target)
        assert answer.code == 200, (target, answer.code, answer.body[:500])
        return answer.json()

    def act(self, who, kind, ids, values=(), key=None, **more):
        headers = {"Idempotency-Key": key} if key else {}
        return self.ask(who, "POST", "acts", dict(kind=kind, ids=ids, values=list(values), **more), **headers)

    def upload(self, name, data, who="Rima"):
        answer = self.ask(who, "POST", "uploads?" + urllib.parse.urlencode({"name": name}), body=data)
        assert answer.code == 201, answer.body
        return answer.json()["upload"]

    def job_when(self, job, condition, who="Rima"):
        def look():
            told = self.get("jobs/" + job, who)
            return told if condition(told) else None
        return wait_for(look)

    def ended(self, job):
        return self.job_when(job, lambda j: j["state"] in ("done", "stopped", "failed"))

    def incident(self, words):
        found = self.get("incidents?" + urllib.parse.urlencode({"text": words}))["incidents"]
        return self.get("incidents/" + found[0]["id"])

    def count_acts(self):
        return len(self.get("acts?limit=200")["acts"])


class Case(unittest.TestCase):
    ARGUMENTS = ()

    @classmethod
    def setUpClass(cls):
        cls.server = Server(*cls.ARGUMENTS)

    @classmethod
    def tearDownClass(cls):
        errors = cls.server.end()
        code = cls.server.process.returncode
        left = os.listdir(cls.server.temporary)
        cls.server.remove()
        assert code == 0 and not errors, (code, errors)
        assert not left, f"left behind: {left}"

    def refused(self, answer, code, field=None, words=""):
        self.assertEqual(answer.code, code, answer.body)
        error = answer.json()["error"]
        self.assertEqual(error["code"], code)
        self.assertEqual(error.get("field"), field, error)
        self.assertIn(words, error["message"])
        self.assertNotIn(self.server.folder, error["message"])


class Acts(Case):
    def test_an_act_takes_effect_and_is_undone(self):
        s = self.server
        incident = s.incident("Taiz")
        claim = incident["claims"][0]["id"]
        answer = s.act("Rima", "correct", [claim], ["count=4"], why="see the photograph")
        self.assertEqual(answer.code, 201)
        told = answer.json()
        self.assertEqual((told["first"], told["link"], told["proposal"]), (told["last"], False, None))
        self.assertEqual(s.get("incidents/" + incident["id"])["claims"][0]["min"], 4)
        row = s.get("acts")["acts"][0]
        self.assertEqual((row["act"], row["who"], row["why"]), (told["first"], "Rima", "see the photograph"))
        self.assertEqual(s.get(f"incidents/{incident['id']}/acts")["acts"][-1]["act"], told["first"])
        self.refused(s.ask("Omar", "POST", "acts/undo", {"acts": [9999]}), 404, "acts")
        self.assertEqual(s.ask("Omar", "POST", "acts/undo", {"acts": [told["first"]], "why": "no"}).code, 201)
        self.assertEqual(s.get("incidents/" + incident["id"])["claims"][0]["min"], 3)
        self.refused(s.ask("Omar", "POST", "acts/undo", {"acts": [told["first"]]}), 400, "acts", "undone already")

    def test_what_is_wrong_is_named(self):
        s = self.server
        incident = s.incident("Taiz")
        claim = incident["claims"][0]["id"]
        before = s.count_acts()
        self.refused(s.act("Rima", "bless", [claim]), 400, "kind")
        self.refused(s.act("Rima", "accept", ["c-00000000"]), 404, "ids")
        self.refused(s.act("Rima", "accept", []), 400, "ids")
        self.refused(s.act("Rima", "accept", [incident["id"]]), 400, "ids")
        self.refused(s.act("Rima", "correct", [claim], ["count=many"]), 400, "values.count")
        self.refused(s.act("Rima", "correct", [claim], ["date=yesterday"]), 400, "values.date")
        self.refused(s.act("Rima", "grade", [incident["id"]], ["splendid"]), 400, "values")
        self.refused(s.act("Rima", "merge", [incident["id"], incident["id"]]), 400, "ids")
        for body in ({"kind": 5, "ids": []}, {"kind": "accept"}, {"kind": "accept", "ids": "c-1"}, {"kind": "accept", "ids": [{}]},
                     {"kind": "accept", "ids": [claim], "values": 7}, {"kind": "accept", "ids": [claim], "why": []},
                     {"kind": "accept", "ids": [claim] * 501}):
            self.assertEqual(s.ask("Rima", "POST", "acts", body).code, 400, body)
        self.assertEqual(s.ask("Rima", "POST", "acts", body=b"{", Content_Type="application/json").code, 400)
        self.assertEqual(s.ask("Rima", "POST", "acts", body=b"[]", Content_Type="application/json").code, 400)
        self.assertEqual(s.ask("Rima", "POST", "acts", body=b" " * 300000, Content_Type="application/json").code, 413)
        self.assertEqual(s.ask("Rima", "POST", "acts", body=b"{}", Content_Type="text/plain").code, 415)
        self.refused(s.act("Nour", "accept", [claim]), 403)
        self.assertEqual(s.ask(None, "POST", "acts", {}).code, 401)
        self.assertEqual(s.count_acts(), before)

    def test_a_key_acts_once(self):
        s = self.server
        incident = s.incident("Taiz")["id"]
        before = s.count_acts()
        first = s.act("Rima", "comment", [incident], ["seen"], key="k-1")
        again = s.act("Rima", "comment", [incident], ["seen"], key="k-1")
        self.assertEqual((first.code, first.body), (again.code, again.body))
        self.assertEqual(again.headers.get("idempotent-replay"), "true")
        self.refused(s.act("Rima", "comment", [incident], ["other"], key="k-1"), 422, "Idempotency-Key")
        self.assertEqual(s.act("Omar", "comment", [incident], ["mine"], key="k-1").code, 201)
        self.assertEqual(s.count_acts(), before + 2)
        self.refused(s.act("Rima", "comment", [incident], ["x"], key="k" * 201), 400, "Idempotency-Key")
        self.refused(s.act("Rima", "grade", [incident], ["splendid"], key="k-2"), 400, "values")
        self.assertEqual(s.act("Rima", "grade", [incident], ["fair"], key="k-2").code, 201)

    def test_a_key_that_is_sent_many_times_at_once(self):
        s = self.server
        incident = s.incident("Taiz")["id"]
        before = s.count_acts()
        s.session("Rima")
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(
            s.act("Rima", "comment", [incident], ["at once"], key="k-many"))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual({(a.code, a.body) for a in answers}, {(201, answers[0].body)})
        self.assertEqual(s.count_acts(), before + 1)

    def test_linking_follows_in_the_background(self):
        s = self.server
        a, b = s.incident("Sarmin"), s.incident("Taiz")
        with contextlib.closing(Events(s, "Nour")) as events:
            told = s.act("Rima", "merge", [a["id"], b["id"]]).json()
            self.assertTrue(told["link"])
            events.until(lambda kind, data: kind == "act" and data.get("linked"))
        total = s.get("incidents")["total"]
        with contextlib.closing(Events(s, "Nour")) as events:
            s.ask("Rima", "POST", "acts/undo", {"acts": [told["first"]]})
            events.until(lambda kind, data: kind == "act" and data.get("linked"))
        self.assertEqual(s.get("incidents")["total"], total + 1)

    def test_the_log_goes_page_by_page(self):
        s = self.server
        incident = s.incident("Sarmin")["id"]
        for i in range(5):
            s.act("Rima", "comment", [incident], [f"page {i}"])
        seen, after = [], ""
        while after is not None:
            told = s.get("acts?limit=2" + (f"&after={after}" if after else ""))
            seen += [row["act"] for row in told["acts"]]
            after = told["next"]
        self.assertEqual(seen, sorted(seen, reverse=True))
        self.assertEqual(len(seen), len(set(seen)))
        self.assertEqual(min(seen), 1)
        self.refused(s.ask("Rima", "GET", "acts?after=x"), 400, "after")
        self.refused(s.ask("Rima", "GET", "acts?limit=9999"), 400, "limit")

    def test_those_who_may_not_see_all_hear_nothing_of_it(self):
        s = self.server
        incident = s.incident("Taiz")["id"]
        with contextlib.closing(Events(s, "Nour")) as reader, contextlib.closing(Events(s, "Omar")) as reviewer:
            mark = s.act("Rima", "sensitive", [incident]).json()["first"]
            reviewer.until(lambda kind, data: kind == "act" and incident in data.get("incidents", ()))
            for target in (f"incidents/{incident}/acts", f"bundle?id={incident}"):
                self.assertEqual(s.ask("Nour", "GET", target).code, 404, target)
            self.assertNotIn(b"Taiz", s.ask("Nour", "GET", "export").body)
            self.assertIn(b"Taiz", s.ask("Rima", "GET", "export").body)
            document = urllib.parse.quote("https://depot.example/shelling-of-taiz", safe="")
            for what in ("archive", "capture", "compare?with=" + document):
                self.assertEqual(s.ask("Nour", "GET", f"documents/{document}/{what}").code, 404, what)
                self.assertEqual(s.ask("Rima", "GET", f"documents/{document}/{what}").code, 200, what)
            s.ask("Rima", "POST", "acts/undo", {"acts": [mark]})
            s.act("Rima", "comment", [s.incident("Sarmin")["id"]], ["a sign that all was told"])
            heard = reader.until(lambda kind, data: kind == "act" and data.get("kind") == "comment")
        self.assertNotIn("sensitive", [data.get("kind") for kind, data in heard])


class Events:
    """GET /events, read line by line."""

    def __init__(self, server, who):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=180)
        self.connection.request("GET", "/api/v1/events", headers=server.session(who))
        self.response = self.connection.getresponse()
        assert self.response.status == 200, self.response.read()
        self.response.fp.readline()  # something was sent: it listens

    def until(self, wanted):
        kind, heard = None, []
        while line := self.response.fp.readline().decode().rstrip():
            if line.startswith("event:"):
                kind = line[6:].strip()
        while True:
            line = self.response.fp.readline().decode()
            assert line, "the events ended"
            if line.startswith("event:"):
                kind = line[6:].strip()
            elif line.startswith("data:"):
                heard.append((kind, json.loads(line[5:])))
                if wanted(*heard[-1]):
                    return heard

    def close(self):
        self.response.close()
        self.connection.close()


class Restarts(unittest.TestCase):
    def setUp(self):
        self.server = Server()

    def tearDown(self):
        self.server.end(signal.SIGKILL)
        self.server.remove()

    def again(self):
        self.server.end(signal.SIGKILL)
        self.server.start()

    def test_a_key_acts_once_though_the_server_died(self):
        s = self.server
        incident = s.incident("Taiz")["id"]
        first = s.act("Rima", "comment", [incident], ["once"], key="k").json()
        self.again()
        self.assertEqual(s.act("Rima", "comment", [incident], ["once"], key="k").json(), first)
        # as it is where the server died after the act and before the answer was kept
        s.end(signal.SIGKILL)
        with contextlib.closing(sqlite3.connect(s.ledger + ".docket")) as store:
            self.assertEqual(store.execute("UPDATE request SET code = NULL, answer = NULL").rowcount, 1)
            store.commit()
        s.start()
        self.assertEqual(s.act("Rima", "comment", [incident], ["once"], key="k").json(), first)
        self.assertEqual(s.count_acts(), 1)
        # and where it died before the act
        with contextlib.closing(sqlite3.connect(s.ledger + ".docket")) as store:
            store.execute("DELETE FROM request")
            store.commit()
        s.act("Rima", "accept", [s.incident("Taiz")["claims"][0]["id"]], key="other")
        s.end(signal.SIGKILL)
        with contextlib.closing(sqlite3.connect(s.ledger + ".docket")) as store:
            store.execute("UPDATE request SET code = NULL, answer = NULL, after = 2")
            store.commit()
        s.start()
        self.assertEqual(s.act("Rima", "accept", [s.incident("Taiz")["claims"][0]["id"]], key="other").json()["first"], 3)

    def test_a_key_acts_once_whenever_the_server_dies(self):
        s = self.server
        incident = s.incident("Taiz")["id"]
        seed = int(os.environ.get("ISNAD_SEED") or time.time_ns())
        print(f"kills: ISNAD_SEED={seed}")
        chance = random.Random(seed)
        for number in range(3 * int(os.environ.get("ISNAD_SOAK") or 1)):
            headers = dict(s.session("Rima"), **JSON, **{"Idempotency-Key": f"kill-{number}"})
            body = json.dumps({"kind": "comment", "ids": [incident], "values": [f"comment {number}"]})
            connection = http.client.HTTPConnection("127.0.0.1", s.port, timeout=180)
            connection.request("POST", "/api/v1/acts", body, headers)
            wait = time.monotonic() + chance.random() * 0.05  # where in its work it dies is left to chance
            while time.monotonic() < wait:
                pass
            self.again()
            connection.close()
            answer = s.act("Rima", "comment", [incident], [f"comment {number}"], key=f"kill-{number}")
            self.assertEqual(answer.code, 201)
            self.assertEqual(s.count_acts(), number + 1)

    def test_linking_that_is_owed_is_done_after_a_restart(self):
        s = self.server
        a, b = s.incident("Sarmin")["id"], s.incident("Taiz")["id"]
        total = s.get("incidents")["total"]
        s.act("Rima", "merge", [a, b])
        self.again()
        wait_for(lambda: s.get("incidents")["total"] == total - 1)

    def test_a_server_that_dies_leaves_no_child(self):
        s = self.server
        upload = s.upload("many.jsonl", many(8000))
        job = s.ask("Rima", "POST", "jobs", {"uploads": [upload]}).json()["id"]
        s.job_when(job, lambda j: j["state"] == "running" and j["read"] > 0)
        children = children_of(s.process.pid)
        self.assertEqual(len(children), 1)
        s.process.kill()
        s.process.wait(timeout=120)
        wait_for(lambda: not alive(children[0]))
        s.process.stdout.close()
        s.process.stderr.close()
        s.start()
        self.assertEqual(s.ask("Rima", "GET", "jobs").json(), {"jobs": []})

    def test_a_server_that_ends_stops_its_import(self):
        s = self.server
        upload = s.upload("many.jsonl", many(8000))
        job = s.ask("Rima", "POST", "jobs", {"uploads": [upload]}).json()["id"]
        s.job_when(job, lambda j: j["state"] == "running" and j["claims"] > 0)
        children = children_of(s.process.pid)
        s.end(signal.SIGINT)
        self.assertFalse(alive(children[0]))
        self.assertEqual(os.listdir(s.temporary), [])
        s.start()
        self.assertGreater(s.get("statistics")["documents"], len(PAGES))
        isnad("verify", "--ledger", s.ledger)


def many(count, start=0):
    """Invented reports, one a line, no two alike."""
    return b"".join(json.dumps({
        "id": f"invented-{n}", "outlet": f"Outlet {n % 7}", "published": f"2025-{n % 12 + 1:02}-{n % 27 + 1:02}", "title": f"Report {n}",
        "text": f"Shelling of the town of Sarmin killed {n % 40 + 2} people on {n % 27 + 1} {MONTHS[n % 12]} 2025, a source "
                f"number {n} said. " + "The market was closed, and nobody came to the square that day. " * 12,
    }).encode() + b"\n" for n in range(start, start + count))


MONTHS = ("January February March April May June July August September October November December").split()


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        found = [int(word) for word in file.read().split()]
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
            found += [int(word) for word in file.read().split()]
    return sorted(set(found))


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


class TwoReviewers(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        answer = cls.server.ask("Hala", "PATCH", "settings", {"two_reviewers": ["grade", "reject"]})
        assert answer.code == 200, answer.body

    def test_it_takes_another_one(self):
        s = self.server
        incident = s.incident("Taiz")["id"]
        before = s.count_acts()
        with contextlib.closing(Events(s, "Omar")) as events:
            told = s.act("Rima", "grade", [incident], ["fair"], key="p", why="two papers").json()
            events.until(lambda kind, data: kind == "proposal" and data["id"] == told["proposal"])
        number = told["proposal"]
        self.assertIsNone(told["first"])
        self.assertEqual(s.act("Rima", "grade", [incident], ["fair"], key="p", why="two papers").json(), told)
        self.assertEqual(s.count_acts(), before)
        self.assertIsNone(s.get("incidents/" + incident)["grade"])
        listed = [p for p in s.get("proposals", "Omar")["proposals"] if p["id"] == number][0]
        self.assertEqual((listed["who"], listed["kind"], listed["values"], listed["why"], listed["changed"], listed["own"]),
                         ("Rima", "grade", ["fair"], "two papers", False, False))
        self.refused(s.ask("Rima", "POST", f"proposals/{number}/confirm"), 403)
        self.refused(s.ask("Nour", "POST", f"proposals/{number}/confirm"), 403)
        confirmed = s.ask("Omar", "POST", f"proposals/{number}/confirm", {}).json()
        self.assertEqual((confirmed["state"], confirmed["decided_by"]), ("confirmed", "Omar"))
        row = s.get("acts")["acts"][0]
        self.assertEqual((row["act"], row["who"], row["payload"]["confirmed_by"]), (confirmed["first"], "Rima", "Omar"))
        self.assertEqual(s.get("incidents/" + incident)["grade"], "fair")
        self.refused(s.ask("Omar", "POST", f"proposals/{number}/confirm"), 409)
        self.refused(s.ask("Omar", "POST", f"proposals/{number}/refuse", {"why": "late"}), 409)
        self.assertIn("confirmed by Omar", isnad("review", "log", "--format", "table", "--ledger", s.ledger))
        undo = s.ask("Omar", "POST", "acts/undo", {"acts": [row["act"]]}).json()
        self.assertIsNotNone(undo["proposal"])
        self.assertEqual(s.ask("Rima", "POST", f"proposals/{undo['proposal']}/confirm").code, 200)
        self.assertIsNone(s.get("incidents/" + incident)["grade"])

    def test_it_may_be_refused(self):
        s = self.server
        incident = s.incident("Sarmin")["id"]
        number = s.act("Rima", "grade", [incident], ["weak"]).json()["proposal"]
        self.refused(s.ask("Omar", "POST", f"proposals/{number}/refuse", {"why": " "}), 400, "why")
        self.refused(s.ask("Omar", "POST", f"proposals/{number}/refuse", {}), 400, "why")
        told = s.ask("Omar", "POST", f"proposals/{number}/refuse", {"why": "one paper alone"}).json()
        self.assertEqual((told["state"], told["refused_because"]), ("refused", "one paper alone"))
        self.assertIn(number, [p["id"] for p in s.get("proposals?state=refused")["proposals"]])
        self.refused(s.ask("Omar", "GET", "proposals?state=lost"), 400, "state")
        self.refused(s.ask("Omar", "POST", "proposals/999/confirm"), 404)
        self.refused(s.ask("Omar", "POST", "proposals/x/confirm"), 404)
        own = s.act("Omar", "grade", [incident], ["weak"]).json()["proposal"]
        self.assertEqual(s.ask("Omar", "POST", f"proposals/{own}/refuse", {"why": "I was wrong"}).code, 200)

    def test_what_changed_meanwhile_says_so(self):
        s = self.server
        claim = s.incident("Sarmin")["claims"][0]["id"]
        number = s.act("Rima", "reject", [claim], why="a total").json()["proposal"]
        s.act("Omar", "correct", [claim], ["count=8"])
        listed = [p for p in s.get("proposals")["proposals"] if p["id"] == number][0]
        self.assertTrue(listed["changed"])
        self.refused(s.ask("Omar", "POST", f"proposals/{number}/confirm"), 409, "changed")
        self.assertEqual(s.ask("Omar", "POST", f"proposals/{number}/confirm", {"changed": True}).code, 200)

    def test_what_cannot_be_done_is_not_proposed(self):
        s = self.server
        incident = s.incident("Sarmin")["id"]
        before = len(s.get("proposals")["proposals"])
        self.refused(s.act("Rima", "grade", [incident], ["splendid"]), 400, "values")
        self.refused(s.act("Rima", "reject", ["c-00000000"]), 404, "ids")
        self.assertEqual(len(s.get("proposals")["proposals"]), before)


class Adding(Case):
    ARGUMENTS = ("--max-upload", "24M")

    def test_reading_keeps_nothing(self):
        s = self.server
        before = s.get("statistics")["documents"]
        told = s.ask("Rima", "POST", "read", {
            "text": "An air strike on the town of Sarmin killed eleven civilians on Tuesday 3 February 2026, a witness said.",
            "title": "From a letter", "published": "2026-02-04"}).json()
        self.assertEqual(told["article"]["title"], "From a letter")
        self.assertEqual(told["reading"]["claims"][0]["min"], 11)
        self.assertEqual([i["id"] for i in told["incidents"]], [s.incident("Sarmin")["id"]])
        upload = s.upload("../../etc/c.html", PAGES["c.html"].encode())
        for _ in range(2):
            told = s.ask("Rima", "POST", "read", {"upload": upload}).json()
            self.assertEqual(told["article"]["outlet"], "Depot")
        self.refused(s.ask("Omar", "POST", "read", {"upload": upload}), 404, None, "send the file again")
        self.assertEqual(s.get("statistics")["documents"], before)

    def test_what_was_sent_waits_until_an_import_has_it(self):
        s = self.server
        upload = s.upload("c.html", PAGES["c.html"].encode())
        self.refused(s.ask("Rima", "POST", "jobs", {"uploads": [upload, "0" * 32]}), 404, None, "send the file again")
        job = s.ask("Rima", "POST", "jobs", {"uploads": [upload]})
        self.assertEqual(job.code, 201, job.body)
        self.assertEqual(self.server.ended(job.json()["id"])["read"], 1)
        self.refused(s.ask("Rima", "POST", "jobs", {"uploads": [upload]}), 404)

    def test_what_cannot_be_read(self):
        s = self.server
        for body in ({}, {"text": 5}, {"text": "a", "url": 7}, {"upload": "x", "text": "y"}, {"url": "file:///etc/passwd"},
                     {"url": "http://"}, {"url": "http://a b/"}, {"text": "x", "published": "yesterday"}, {"url": "ftp://a.example"}):
            self.assertEqual(s.ask("Rima", "POST", "read", body).code, 400, body)
        upload = s.upload("rubbish.bin", bytes(range(256)) * 40)
        answer = s.ask("Rima", "POST", "read", {"upload": upload})
        self.refused(answer, 422)
        self.refused(s.ask("Nour", "POST", "read", {"text": "x"}), 403)

    def test_private_addresses_are_not_fetched(self):
        s = self.server
        with contextlib.closing(Site({"/": (200, "text/html", PAGES["c.html"])})) as site:
            for url in (f"http://127.0.0.1:{site.port}/", f"http://localhost:{site.port}/", f"http://[::1]:{site.port}/",
                        f"http://0.0.0.0:{site.port}/", f"http://2130706433:{site.port}/", f"http://0x7f.1:{site.port}/",
                        f"http://[::ffff:127.0.0.1]:{site.port}/", f"http://{socket.gethostname()}:{site.port}/",
                        f"http://127.0.0.1.:{site.port}/", f"http://user:pass@127.0.0.1:{site.port}/",
                        "http://169.254.169.254/latest/", "http://10.0.0.1/", "http://192.168.1.1/", "http://172.16.0.1/"):
                answer = s.ask("Rima", "POST", "read", {"url": url})
                self.assertEqual(answer.code, 422, (url, answer.body))
            self.assertEqual(site.asked, [])
            job = s.ask("Rima", "POST", "jobs", {"urls": [f"http://127.0.0.1:{site.port}/"]}).json()["id"]
            told = s.ended(job)
            self.assertEqual((told["state"], told["bad"]), ("failed", 1))
            self.assertIn("not public", told["lines"][0])
            self.assertEqual(site.asked, [])

    def test_an_import_tells_what_is_bad(self):
        s = self.server
        good = many(3, 900000).splitlines()
        upload = s.upload("mixed.jsonl", b"\n".join([good[0], b"not json", good[1], b'{"no": "text"}', b'{"text": 7}', good[2]]))
        with contextlib.closing(Events(s, "Omar")) as events:
            started = s.ask("Rima", "POST", "jobs", {"uploads": [upload]})
            self.assertEqual(started.code, 201)
            job = started.json()["id"]
            events.until(lambda kind, data: kind == "job" and data["id"] == job and data["state"] == "done")
        told = s.get("jobs/" + job)
        self.assertEqual((told["read"], told["added"], told["bad"], told["known"], told["who"]), (3, 3, 3, 0, "Rima"))
        self.assertEqual(len(told["lines"]), 3)
        offset = len(good[0]) + 1
        self.assertTrue(told["lines"][0].startswith(f"mixed.jsonl: offset {offset}: "), told["lines"])
        self.assertEqual(sorted(told["documents"]), [f"invented-{n}" for n in range(900000, 900003)])
        self.assertEqual(told["done"], told["of"])
        self.refused(s.ask("Rima", "POST", "jobs", {"uploads": [upload]}), 404, None, "send the file again")
        again = s.ask("Rima", "POST", "jobs", {"uploads": [s.upload("again.jsonl", good[0])]}).json()["id"]
        self.assertEqual((s.ended(again)["known"], s.get("jobs/" + again)["added"]), (1, 0))

    def test_an_import_is_stopped_by_whoever_began_it(self):
        s = self.server
        upload = s.upload("many.jsonl", many(8000, 100000))
        job = s.ask("Rima", "POST", "jobs", {"uploads": [upload]}).json()["id"]
        waiting = s.ask("Rima", "POST", "jobs", {"text": "Two people were killed in Taiz on 5 March 2026."}).json()["id"]
        s.job_when(job, lambda j: j["claims"] > 0)
        # others read and act meanwhile
        incident = s.incident("Sarmin")["id"]
        self.assertEqual(s.act("Omar", "comment", [incident], ["while an import runs"]).code, 201)
        self.assertEqual(s.get("jobs/" + waiting)["state"], "waiting")
        self.refused(s.ask("Omar", "DELETE", "jobs/" + job), 403)
        self.refused(s.ask("Rima", "DELETE", "jobs/nothing"), 404)
        self.assertEqual(s.ask("Hala", "DELETE", "jobs/" + waiting).code, 200)
        self.assertEqual(s.ask("Rima", "DELETE", "jobs/" + job).code, 200)
        told = s.ended(job)
        self.assertEqual(told["state"], "stopped")
        self.assertLess(told["read"], 8000)
        self.assertEqual(s.ended(waiting)["state"], "stopped")
        self.assertGreater(s.get("statistics")["documents"], len(PAGES))

    def test_who_vanishes_harms_nothing(self):
        s = self.server
        head = "".join(f"{name}: {value}\r\n" for name, value in s.session("Rima").items())
        for part, more in (("POST /api/v1/uploads?name=x HTTP/1.1\r\nContent-Length: 1000000\r\n", b"half of it"),
                           ("GET /api/v1/export HTTP/1.1\r\n", b""), ("GET /api/v1/events HTTP/1.1\r\n", b"")):
            for _ in range(5):
                with socket.create_connection(("127.0.0.1", s.port), timeout=120) as connection:
                    connection.sendall(f"{part}Host: 127.0.0.1:{s.port}\r\n{head}\r\n".encode() + more)
        wait_for(lambda: not [n for n in os.listdir(os.path.join(s.temporary, os.listdir(s.temporary)[0])) if n.startswith("upload-")])
        self.assertEqual(s.ask("Rima", "GET", "session").code, 200)

    def head_alone(self, target, size, more=""):
        """What is answered before a body is sent."""
        head = "".join(f"{name}: {value}\r\n" for name, value in self.server.session("Rima").items())
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=120) as connection:
            connection.sendall(f"POST /api/v1/{target} HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\n{head}{more}"
                               f"Content-Length: {size}\r\n\r\n".encode())
            return connection.recv(4096)

    def test_too_much_is_refused(self):
        s = self.server
        self.assertIn(b" 413 ", self.head_alone("uploads?name=big", 24 * 1024 * 1024 + 1))
        self.assertIn(b" 413 ", self.head_alone("read", 9 * 1024 * 1024, "Content-Type: application/json\r\n"))
        self.refused(s.ask("Rima", "POST", "uploads?name=", body=b"x"), 400, "name")
        self.refused(s.ask("Rima", "POST", "uploads?name=empty", body=b""), 400)
        self.refused(s.ask("Rima", "POST", "jobs", {"urls": ["http://a.example/"] * 501}), 400, "urls")


class Site:
    """A site of this machine: {path: (status, type, body) or (302, None, location)}."""

    def __init__(self, pages):
        site = self
        self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                site.asked.append(self.path)
                code, kind, body = pages[self.path]
                self.send_response(code)
                self.send_header("Content-Type" if kind else "Location", kind or body)
                data = body.encode() if kind else b""
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


# Two machines of a net of their own, with public addresses that are nobody's here: one serves pages that lead elsewhere.
NET = r"""
set -e
ip link add va type veth peer name vb
unshare -n sleep 600 & other=$!
trap 'kill $other' EXIT
while [ "$(readlink /proc/$other/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do :; done
ip link set vb netns $other
ip addr add 93.184.216.33/24 dev va; ip link set va up; ip link set lo up
nsenter -t $other -n sh -c 'ip addr add 93.184.216.34/24 dev vb; ip link set vb up'
nsenter -t $other -n "$PYTHON" -c "$SITE" | {
    read ready
    for path in page in private link local; do "$PROGRAM" read --public --format jsonl http://93.184.216.34/$path 2>&1 | cut -c1-200; done
    "$PROGRAM" read --public http://93.184.216.33/ 2>&1
}
"""
SITE = r"""
import http.server, os
TO = {'/in': '/page', '/private': 'http://10.0.0.1/', '/link': 'http://169.254.169.254/', '/local': 'http://localhost:9/'}
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(302 if self.path in TO else 200)
        self.send_header('Location' if self.path in TO else 'Content-Type', TO.get(self.path, 'text/html'))
        self.end_headers()
        self.wfile.write(b'' if self.path in TO else b'<p>Three people were killed in Taiz, residents said.</p>')
        asked.append(self.path)
    def log_message(self, *_): pass
asked = []
server = http.server.HTTPServer(('93.184.216.34', 80), Handler)
print('ready', flush=True)
while len(asked) < 6: server.handle_request()
"""


def has_namespaces():
    done = subprocess.run(["unshare", "-n", "sh", "-c", "ip link add va type veth peer name vb && command -v nsenter"],
                          capture_output=True, check=False)
    return done.returncode == 0


class Redirects(unittest.TestCase):
    @unittest.skipUnless(os.path.exists("/usr/bin/unshare") and has_namespaces(), "SKIPPED: no network namespaces here")
    def test_no_redirect_leads_inside(self):
        done = subprocess.run(["unshare", "-n", "sh", "-c", NET], capture_output=True, text=True, timeout=300, check=False,
                              env=dict(os.environ, PROGRAM=PROGRAM, SITE=SITE, PYTHON=sys.executable))
        told = done.stdout.splitlines()
        self.assertEqual(len(told), 6, (done.stdout, done.stderr))
        for line in told[:2]:
            self.assertTrue(line.startswith('{"format":"isnad-reading/1"'), line)
        for line in told[2:]:
            self.assertIn("not public", line)


class PrivatePages(Case):
    ARGUMENTS = ("--private-pages",)

    def test_an_intranet_is_read_where_that_is_allowed(self):
        s = self.server
        with contextlib.closing(Site({"/": (302, None, "/page"), "/page": (200, "text/html", PAGES["c.html"])})) as site:
            told = s.ask("Rima", "POST", "read", {"url": f"http://127.0.0.1:{site.port}/"}).json()
            self.assertEqual(told["article"]["outlet"], "Depot")
            job = s.ask("Rima", "POST", "jobs", {"url": f"http://127.0.0.1:{site.port}/page"}).json()["id"]
            told = s.ended(job)
            self.assertEqual((told["state"], told["read"], told["of"]), ("done", 1, None))


class TakingOut(Case):
    def test_every_export(self):
        s = self.server
        for what in ("incidents", "claims", "documents", "voices", "chains", "tombstones"):
            for form in ("jsonl", "csv", "geojson", "kml", "ucdp", "acled"):
                answer = s.ask("Nour", "GET", f"export?what={what}&format={form}")
                allowed = what == "incidents" or (what == "claims" and form not in ("ucdp", "acled")) or form in ("jsonl", "csv")
                self.assertEqual(answer.code, 200 if allowed else 400, (what, form, answer.body[:200]))
                if allowed:
                    self.assertRegex(answer.headers["content-disposition"], r'^attachment; filename="[a-z.-]+"$')
        lines = s.ask("Nour", "GET", "export").body.decode().splitlines()
        self.assertEqual([json.loads(line)["format"] for line in lines], ["isnad-incident/1"] * 2)
        self.assertEqual(s.ask("Nour", "GET", "export?country=YE").body.count(b"\n"), 1)
        with_marks = s.ask("Nour", "GET", "export?format=csv&bom=1&hxl=1").body.decode()
        self.assertTrue(with_marks.startswith("\ufeffid,"))
        self.assertIn("\n#event+id,", with_marks)
        self.refused(s.ask("Nour", "GET", "export?format=pdf"), 400, "format")
        self.refused(s.ask("Nour", "GET", "export?what=secrets"), 400, "what")
        self.refused(s.ask("Nour", "GET", "export?bom=yes"), 400, "bom")
        self.assertEqual(s.ask("Nour", "GET", "export?colour=red").code, 400)
        self.assertEqual(s.ask(None, "GET", "export").code, 401)

    def test_bundles(self):
        s = self.server
        incident = s.incident("Taiz")["id"]
        self.refused(s.ask("Nour", "GET", "bundle?id=" + incident), 409, None, "no head was signed")
        key = os.path.join(s.folder, "key.pem")
        isnad("key", "new", "--key", key)
        isnad("head", "--ledger", s.ledger, "--key", key)
        answer = s.ask("Nour", "GET", "bundle?id=" + incident)
        self.assertEqual(answer.code, 200, answer.body[:300])
        self.assertEqual(answer.headers["content-disposition"], f'attachment; filename="{incident}.wacz"')
        with zipfile.ZipFile(io.BytesIO(answer.body)) as bundle:
            self.assertIn("datapackage.json", bundle.namelist())
            self.assertIsNone(bundle.testzip())
        answer = s.ask("Nour", "GET", "bundle")
        with zipfile.ZipFile(io.BytesIO(answer.body)) as all_of_them:
            self.assertIsNone(all_of_them.testzip())
            self.assertEqual(len(all_of_them.namelist()), 2)
        self.refused(s.ask("Nour", "GET", "bundle?country=FR"), 404)

    def document(self, title):
        return "documents/" + urllib.parse.quote(title, safe="")

    def test_the_page_as_archived_is_inert(self):
        s = self.server
        answer = s.ask("Nour", "GET", self.document("https://lantern.example/air-strike-on-sarmin") + "/archive")
        self.assertEqual(answer.code, 200)
        policy = answer.headers["content-security-policy"]
        for part in ("sandbox;", "default-src 'none'", "frame-ancestors 'self'", "form-action 'none'", "base-uri 'none'"):
            self.assertIn(part, policy)
        self.assertNotIn("allow-", policy)
        self.assertNotIn("script-src", policy)
        self.assertEqual(answer.headers["x-frame-options"], "SAMEORIGIN")
        self.assertEqual(answer.headers["x-content-type-options"], "nosniff")
        self.assertEqual(answer.headers["content-type"], "text/html; charset=utf-8")
        text = answer.body.decode()
        self.assertIn("killed seven civilians", text)
        for gone in ("<script", "onerror", "onclick", "<iframe", "<svg", "<object", "<embed", "<base", "<meta", "<form", "href=",
                     "srcdoc", "http-equiv", "x.png"):
            self.assertNotIn(gone, text)

    def test_captures_are_given_as_they_are(self):
        s = self.server
        answer = s.ask("Nour", "GET", self.document("https://lantern.example/air-strike-on-sarmin") + "/capture")
        self.assertEqual(answer.body.decode(), PAGES["a.html"])
        self.assertEqual(answer.headers["content-type"], "application/octet-stream")
        self.assertRegex(answer.headers["content-disposition"], r'^attachment; filename="[A-Za-z0-9.-]+\.html"$')
        self.assertEqual(s.ask("Nour", "GET", "documents/nothing/capture").code, 404)
        self.refused(s.ask("Nour", "GET", self.document("https://depot.example/shelling-of-taiz") + "/archive?version=x"), 400,
                     "version")
        self.assertEqual(s.ask("Nour", "GET", self.document("https://depot.example/shelling-of-taiz") + "/archive?version=7").code,
                         404)

    def test_what_is_no_page_is_shown_as_text(self):
        s = self.server
        record = {"id": "rec<b>1", "text": "Three people were killed in Taiz on 5 March 2026. <script>alert(1)</script>", "outlet": "Depot"}
        text = "\u0642\u062a\u0644 \u062b\u0644\u0627\u062b\u0629 \u0623\u0634\u062e\u0627\u0635 \u0641\u064a \u062a\u0639\u0632".encode("windows-1256")
        uploads = [s.upload("r.jsonl", json.dumps(record).encode()), s.upload("t.txt", text + b" <img src=x onerror=alert(1)>")]
        job = s.ended(s.ask("Rima", "POST", "jobs", {"uploads": uploads}).json()["id"])
        self.assertEqual(job["added"], 2, job)
        shown = [s.ask("Rima", "GET", self.document(d) + "/archive") for d in job["documents"]]
        for answer in shown:
            self.assertEqual(answer.code, 200)
            self.assertNotIn(b"<script>", answer.body)
            self.assertNotIn(b"<img", answer.body)
            self.assertIn("sandbox", answer.headers["content-security-policy"])
        self.assertTrue(any(b"&lt;script&gt;" in a.body for a in shown))
        self.assertTrue(any("\u062b\u0644\u0627\u062b\u0629" in a.body.decode() for a in shown))

    def test_two_documents_beside_each_other(self):
        s = self.server
        a, b = (self.document(u) for u in ("https://lantern.example/air-strike-on-sarmin", "https://quayside.example/strike-on-sarmin-kills-nine"))
        told = s.get(f"{a}/compare?with={b.partition('/')[2]}", "Nour")
        self.assertEqual(told["format"], "isnad-compare/1")
        self.assertEqual((told["before"]["outlet"], told["after"]["outlet"]), ("Lantern", "Quayside"))
        changed = [c for c in told["sentences"] if c["kind"] == "changed"]
        self.assertIn("nine", changed[0]["added"] + changed[-1]["added"])
        self.assertEqual(s.get(f"{a}/compare?with={a.partition('/')[2]}", "Nour")["likeness"], 1)
        self.refused(s.ask("Nour", "GET", a + "/compare"), 400, "with")
        self.assertEqual(s.ask("Nour", "GET", a + "/compare?with=nothing").code, 404)


if __name__ == "__main__":
    unittest.main(verbosity=2)
