"""Who may do what: every route as everybody, and all that keeps it so (docs/access.md).

ISNAD_SERVE_FIXTURE names the built tests/serve/serve_fixture, ISNAD_PROGRAM the program. The clock of the server is
moved by the test; nothing sleeps.
"""
import http.client
import json
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import fixtures  # noqa: E402

FIXTURE = os.environ.get("ISNAD_SERVE_FIXTURE", "")
PROGRAM = os.environ.get("ISNAD_PROGRAM", "")
PASSWORD = "seven lanterns on the quay"
RANK = {"none": 0, "public": 1, "reader": 2, "reviewer": 3, "admin": 4}

# Every route: the least role, the scope that a token needs ("-": none), whether it is for people alone. A route that
# is missing here, or says otherwise in the program, fails the first test.
ROUTES = {}
for line in """
GET     session             none      -       -
GET     openapi.json        none      -       -
POST    session             none      -       session
DELETE  session             reader    -       session
POST    setup               none      -       session
POST    session/password    reader    -       session
GET     users               admin     admin   -
POST    users               admin     admin   -
PATCH   users/{id}          admin     admin   -
DELETE  users/{id}          admin     admin   -
GET     tokens              reader    -       session
POST    tokens              reader    -       session
DELETE  tokens/{id}         reader    -       session
GET     settings            admin     admin   -
PATCH   settings            admin     admin   -
GET     audit               admin     admin   -
GET     incidents           public    read    -
GET     incidents/{id}      public    read    -
GET     documents           public    read    -
GET     documents/{id}      public    read    -
GET     search              public    read    -
GET     facets              public    read    -
GET     statistics          public    read    -
GET     voices              public    read    -
GET     voices/{id}         public    read    -
GET     incidents/{id}/story  public  read    -
GET     queue               reader    read    -
GET     compare             public    read    -
GET     grades              public    read    -
GET     timeline            public    read    -
GET     map                 public    read    -
GET     events              public    read    -
POST    presence            reviewer  review  -
GET     incidents/{id}/acts reader    read    -
GET     acts                reviewer  read    -
POST    acts                reviewer  review  -
POST    acts/undo           reviewer  review  -
GET     proposals           reviewer  review  -
POST    proposals/{id}/confirm  reviewer  review  -
POST    proposals/{id}/refuse   reviewer  review  -
POST    uploads             reviewer  add     -
POST    read                reviewer  add     -
GET     jobs                reviewer  add     -
POST    jobs                reviewer  add     -
GET     jobs/{id}           reviewer  add     -
DELETE  jobs/{id}           reviewer  add     -
GET     export              reader    export  -
GET     bundle              reader    export  -
GET     documents/{id}/archive  public  read  -
GET     documents/{id}/capture  reader  export -
GET     documents/{id}/compare  public  read  -
""".strip().splitlines():
    method, path, *rest = line.split()
    ROUTES[method, path] = tuple(rest)

SECRET = "Qamarzad"  # a word that only the hidden incident's documents hold
SHOWN = "Lanternfield"


def hidden_story():
    """Invented: an incident that will be marked, told by two outlets; one page of it tells of another incident too."""
    def document(name, outlet, day, title, *paragraphs):
        return fixtures.Document(name, outlet, day, "en", title, *paragraphs)

    place = dict(place="taiz", place_text="Taiz", date="2026-03-05", event="shelling")
    a = document("quayside", "Quayside Courier", "2026-03-05T10:00", f"Shelling of the {SECRET} workshop in Taiz",
                 f"Nine people were killed when shells hit the {SECRET} workshop in Taiz, Doctor {SECRET} said.")
    a.claim("killed", 9, 9, "Nine people", f"Doctor {SECRET}", "medical", "said", "people", **place)
    b = document("harbourlight", "Harbour Light", "2026-03-05T12:00", "A day of two attacks",
                 f"Nine people were killed when shells hit the {SECRET} workshop in Taiz, Doctor {SECRET} said.",
                 f"In Sebha two men were injured by gunfire at the {SHOWN} depot, residents said.")
    b.claim("killed", 9, 9, "Nine people", f"Doctor {SECRET}", "medical", "said", "people", **place)
    b.claim("injured", 2, 2, "two men", "residents", "witness", "said", "men", group="man", place="sebha", place_text="Sebha",
            date="2026-03-05", event="shooting")
    c = document("depotnews", "Depot News", "2026-03-05T13:00", f"Gunfire at the {SHOWN} depot",
                 f"In Sebha two men were injured by gunfire at the {SHOWN} depot, the police said.")
    c.claim("injured", 2, 2, "two men", "the police", "police", "said", "men", group="man", place="sebha", place_text="Sebha",
            date="2026-03-05", event="shooting")
    return [a.record, b.record, c.record]


class Answer:
    def __init__(self, response, body):
        self.code, self.body = response.status, body
        self.headers = {k.lower(): v for k, v in response.getheaders()}

    def json(self):
        return json.loads(self.body)


class Server:
    def __init__(self, readings, access=True, folder=None, arguments=(), options=None):
        self.folder = folder or tempfile.TemporaryDirectory()
        at = self.folder.name
        self.ledger, self.access, self.clock = (os.path.join(at, n) for n in ("ledger.db", "accounts", "clock"))
        environment = dict(os.environ, ISNAD_TEST_CLOCK=self.clock, **(options or {}))
        if access:
            environment["ISNAD_TEST_ACCESS"] = self.access
        self.process = subprocess.Popen([FIXTURE, self.ledger, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=environment)
        lines = [json.dumps(r, ensure_ascii=False).encode() + b"\n" for r in readings]
        self.process.stdin.write(b"".join(lines) + b"\n")
        self.process.stdin.flush()
        self.url = self.process.stdout.readline().decode().strip()
        assert self.url, self.process.stderr.read()
        self.port, self.base = urllib.parse.urlsplit(self.url).port, urllib.parse.urlsplit(self.url).path

    def link(self):
        """The token of the link that makes the first account."""
        line = self.process.stdout.readline().decode().strip()
        assert "/setup#" in line, line
        return line.rpartition("#")[2]

    def later(self, seconds):
        with open(self.clock + ".new", "w", encoding="ascii") as file:
            file.write(str(seconds))
        os.replace(self.clock + ".new", self.clock)

    def stop(self):
        self.process.stdin.close()
        code = self.process.wait(timeout=120)
        errors = self.process.stderr.read().decode()
        self.process.stdout.close()
        self.process.stderr.close()
        return code, errors

    def ask(self, method, path, body=None, headers=None, whole=True, kind="application/json"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=180)
        headers = dict(headers or {})
        if body is not None:
            headers.setdefault("Content-Type", kind)
            body = body if isinstance(body, (str, bytes)) else json.dumps(body)
            body = body.encode() if isinstance(body, str) else body
        connection.request(method, self.base + "api/v1/" + path, body, headers)
        response = connection.getresponse()
        body = b""
        try:
            while whole and (piece := response.read1(65536)):
                body += piece
        except (ValueError, http.client.IncompleteRead):
            pass  # cut off, as an export is that fails midway: what came is looked at all the same
        connection.close()
        return Answer(response, body)


class Nobody:
    """Somebody who asks; a session or a token makes more of them."""

    def __init__(self, server):
        self.server, self.cookie, self.csrf, self.token = server, None, None, None

    def headers(self):
        if self.token:
            return {"Authorization": "Bearer " + self.token}
        h = {"Cookie": "isnad_session=" + self.cookie} if self.cookie else {}
        return dict(h, **{"X-Isnad-CSRF": self.csrf}) if self.csrf else h

    def ask(self, method, path, body=None, whole=True, **more):
        return self.server.ask(method, path, body, dict(self.headers(), **more), whole)

    def get(self, path, **fields):
        return self.ask("GET", path + ("?" + urllib.parse.urlencode(fields) if fields else ""))

    def take(self, answer):
        """The cookie and the secret of an answer that begins a session."""
        assert answer.code == 200, (answer.code, answer.body)
        self.cookie = answer.headers["set-cookie"].split(";")[0].split("=", 1)[1]
        self.csrf = answer.json()["csrf"]
        return self


def signed_in(server, name, password=PASSWORD):
    return Nobody(server).take(server.ask("POST", "session", {"name": name, "password": password}))


def token_of(owner, scopes, **more):
    made = owner.ask("POST", "tokens", dict({"label": "test", "scopes": scopes}, **more))
    assert made.code == 201, made.body
    somebody = Nobody(owner.server)
    somebody.token = made.json()["token"]
    return somebody


class WithTeam(unittest.TestCase):
    """A server with an account of each role."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(fixtures.readings() + hidden_story())
        cls.admin = Nobody(cls.server).take(
            cls.server.ask("POST", "setup", {"token": cls.server.link(), "name": "Amal", "password": PASSWORD}))
        for name, role in (("Rima", "reviewer"), ("Rashid", "reader")):
            answer = cls.admin.ask("POST", "users", {"name": name, "role": role, "password": PASSWORD})
            assert answer.code == 201, answer.body
        cls.reviewer, cls.reader = signed_in(cls.server, "Rima"), signed_in(cls.server, "Rashid")

    @classmethod
    def tearDownClass(cls):
        result = cls.server.stop()
        cls.server.folder.cleanup()
        assert result == (0, ""), result

    def setUp(self):
        """Whoever signs in long after ends the sessions that are over by then."""
        for name, who in (("Amal", self.admin), ("Rima", self.reviewer), ("Rashid", self.reader)):
            if not who.get("session").json()["user"]:
                who.take(self.server.ask("POST", "session", {"name": name, "password": PASSWORD}))

    def tearDown(self):
        self.server.later(0)

    def user(self, name):
        return next(u for u in self.admin.get("users").json()["users"] if u["name"] == name)

    def setting(self, **values):
        self.assertEqual(self.admin.ask("PATCH", "settings", values).code, 200)

    def audit(self, what, outcome="done"):
        return [e for e in self.admin.get("audit", limit=1000).json()["events"] if e["what"] == what and e["outcome"] == outcome]


class Routes(WithTeam):
    def test_every_route_stands_in_the_table(self):
        told = subprocess.run([FIXTURE, "--routes"], capture_output=True, text=True, check=True).stdout
        program = {tuple(line.split("\t")[:2]): tuple(line.split("\t")[2:]) for line in told.splitlines()}
        self.maxDiff = None
        self.assertEqual({k: v for k, v in program.items() if ROUTES.get(k) != v}, {})
        self.assertEqual(set(ROUTES) - set(program), set())

    def everybody(self):
        """(what they are called, their role, their scopes or None, how to ask as them anew)"""
        yield "nobody", "none", None, Nobody(self.server)
        self.setting(public=True)
        yield "the public", "public", None, Nobody(self.server)
        self.setting(public=False)
        for name, role in (("Rashid", "reader"), ("Rima", "reviewer"), ("Amal", "admin")):
            yield role, role, None, signed_in(self.server, name)
        for owner, role, scopes in ((self.reader, "reader", ["read"]), (self.reader, "reader", ["export"]),
                                    (self.reviewer, "reviewer", ["read"]), (self.reviewer, "reviewer", ["review"]),
                                    (self.reviewer, "reviewer", ["add", "export"]), (self.admin, "admin", ["read"]),
                                    (self.admin, "admin", ["admin"])):
            yield f"a token of a {role} for {scopes}", role, scopes, token_of(owner, scopes)

    def check(self, who, role, scopes, somebody):
        for (method, path), (least, scope, people) in ROUTES.items():
            if (method, path) == ("DELETE", "session") and not somebody.token and role not in ("none", "public"):
                continue  # ends the session: test_signing_out
            target = path.replace("{id}", "none-such").replace("{id2}", "none-such")
            allowed = RANK[role] >= RANK[least] and not (scopes is not None and people == "session")
            allowed = allowed and (scopes is None or scope == "-" or scope in scopes)
            # A body that is no request of this route: who is let in is told so by 400 or 404.
            answer = somebody.ask(method, target, None if method == "GET" else "[]", whole=path != "events")
            with self.subTest(who=who, route=f"{method} {path}"):
                if allowed:
                    self.assertNotIn(answer.code, (401, 403), answer.body)
                    self.assertNotEqual(answer.code, 500, answer.body)
                else:
                    known = role not in ("none", "public") or somebody.token
                    self.assertEqual(answer.code, 403 if known else 401, answer.body)

    def test_every_route_as_everybody(self):
        for who, role, scopes, somebody in self.everybody():
            self.check(who, role, scopes, somebody)

    def test_who_is_disabled_or_too_late_is_nobody(self):
        self.admin.ask("POST", "users", {"name": "Dalia", "role": "admin", "password": PASSWORD})
        dalia = self.user("Dalia")["id"]
        session = signed_in(self.server, "Dalia")
        token = token_of(session, ["admin", "read"])
        short = token_of(self.admin, ["read"], days=1)
        self.assertEqual([session.get("users").code, token.get("users").code, short.get("incidents").code], [200, 200, 200])
        self.assertEqual(self.admin.ask("PATCH", "users/" + dalia, {"disabled": True}).code, 200)
        self.assertEqual([session.get("users").code, token.get("users").code], [401, 401])
        self.assertEqual(self.server.ask("POST", "session", {"name": "Dalia", "password": PASSWORD}).code, 401)
        # Allowed again: the session is gone for good, the token works again.
        self.admin.ask("PATCH", "users/" + dalia, {"disabled": False})
        self.assertEqual([session.get("users").code, token.get("users").code], [401, 200])
        self.admin.ask("DELETE", "users/" + dalia)
        self.assertEqual(token.get("users").code, 401)
        self.server.later(86400 + 60)
        self.assertEqual(short.get("incidents").code, 401)

    def test_sessions_end(self):
        idle, busy = signed_in(self.server, "Rashid"), signed_in(self.server, "Rashid")
        for hours in range(6, 7 * 24, 6):
            self.server.later(hours * 3600)
            self.assertEqual(busy.get("facets").code, 200, hours)
        self.assertEqual(idle.get("facets").code, 401)
        self.server.later(7 * 24 * 3600 + 60)
        self.assertEqual(busy.get("facets").code, 401, "a week is the longest")

    def test_a_role_is_held_to_at_once(self):
        self.admin.ask("POST", "users", {"name": "Salim", "role": "admin", "password": PASSWORD})
        salim = signed_in(self.server, "Salim")
        token = token_of(salim, ["admin", "review", "read"])
        self.admin.ask("PATCH", "users/" + self.user("Salim")["id"], {"role": "reader"})
        self.assertEqual(salim.get("incidents").code, 401, "its sessions end")
        self.assertEqual([token.get("users").code, token.get("incidents").code], [403, 200], "no token exceeds its owner")
        again = signed_in(self.server, "Salim")
        self.assertEqual(again.get("session").json()["may"], ["read", "export"])
        self.assertEqual(again.ask("POST", "tokens", {"label": "x", "scopes": ["review"]}).code, 400)
        self.admin.ask("DELETE", "users/" + self.user("Salim")["id"])


class Pages(WithTeam):
    """What pages elsewhere can make a browser do."""

    def change(self, body=None, kind="application/json", who=None, **headers):
        who = who or self.admin
        given = {k: v for k, v in dict(who.headers(), **headers).items() if v is not None}
        return self.server.ask("PATCH", "settings", body or {"project": "Quay"}, given, kind=kind).code

    def test_only_pages_of_ours_change_anything(self):
        ours = f"http://127.0.0.1:{self.server.port}"
        self.assertEqual(self.change(), 200)
        self.assertEqual(self.change(Origin=ours, **{"Sec-Fetch-Site": "same-origin"}), 200)
        for refused in ({"X-Isnad-CSRF": None}, {"X-Isnad-CSRF": ""}, {"X-Isnad-CSRF": "0" * 64},
                        {"X-Isnad-CSRF": self.reader.csrf}, {"Origin": "https://evil.example"}, {"Origin": "null"},
                        {"Origin": ours.replace("127", "128")}, {"Origin": f"http://127.0.0.1:{self.server.port}1"},
                        {"Origin": ours + ".evil.example"}, {"Sec-Fetch-Site": "cross-site"},
                        {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"},
                        {"Origin": ours, "Sec-Fetch-Site": "cross-site"}):
            self.assertEqual(self.change(**refused), 403, refused)
        self.assertGreater(len(self.audit("foreign page", "refused")), 0)

    def test_a_form_changes_nothing(self):
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"):
            self.assertIn(self.change('{"project":"Stolen"}', kind), (403, 415), kind)
            answer = self.server.ask("POST", "session", json.dumps({"name": "Rima", "password": PASSWORD}), {}, kind=kind)
            self.assertEqual(answer.code, 415)
        self.assertNotEqual(self.admin.get("settings").json()["project"], "Stolen")

    def test_nobody_is_signed_in_from_elsewhere(self):
        body = {"name": "Rima", "password": PASSWORD}
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            self.assertEqual(self.server.ask("POST", "session", body, headers).code, 403)

    def test_a_secret_is_of_one_session(self):
        first, second = signed_in(self.server, "Amal"), signed_in(self.server, "Amal")
        self.assertNotEqual(first.csrf, second.csrf)
        self.assertEqual(self.change(who=first), 200)
        self.assertEqual(self.change(who=first, **{"X-Isnad-CSRF": second.csrf}), 403)

    def test_the_cookie(self):
        answer = self.server.ask("POST", "session", {"name": "Rima", "password": PASSWORD})
        cookie = answer.headers["set-cookie"]
        parts = [p.strip() for p in cookie.split(";")[1:]]
        self.assertEqual(parts, ["Path=/", "HttpOnly", "SameSite=Lax"])
        self.assertEqual(answer.headers["cache-control"], "no-store")

    def test_a_session_cannot_be_planted(self):
        planted = "f" * 64
        answer = self.server.ask("POST", "session", {"name": "Rima", "password": PASSWORD},
                                 {"Cookie": "isnad_session=" + planted})
        somebody = Nobody(self.server).take(answer)
        self.assertNotEqual(somebody.cookie, planted)
        old = Nobody(self.server)
        old.cookie = planted
        self.assertEqual(old.get("incidents").code, 401)
        # One's own session of before ends when one signs in anew.
        again = Nobody(self.server).take(self.server.ask("POST", "session", {"name": "Rima", "password": PASSWORD},
                                                         {"Cookie": "isnad_session=" + somebody.cookie}))
        self.assertNotEqual(again.cookie, somebody.cookie)
        self.assertEqual([somebody.get("incidents").code, again.get("incidents").code], [401, 200])

    def test_no_other_origin_may_read(self):
        for method in ("GET", "OPTIONS"):
            answer = self.server.ask(method, "session", headers={"Origin": "https://evil.example"})
            self.assertFalse([h for h in answer.headers if h.startswith("access-control-")])


class SigningIn(WithTeam):
    def login(self, name, password=PASSWORD, **headers):
        return self.server.ask("POST", "session", {"name": name, "password": password}, headers)

    def test_tries_are_slowed(self):
        """Alike for names that there are and names that there are not; and by the clock alone."""
        self.server.later(50 * 86400)
        waits = {}
        for name in ("Rashid", "Nobody Such"):
            waits[name] = []
            for _ in range(5):
                self.assertEqual(self.login(name, "wrong " + PASSWORD).code, 401)
            answer = self.login(name)
            self.assertEqual(answer.code, 429, name)
            waits[name].append(int(answer.headers["retry-after"]))
        self.assertEqual(waits["Rashid"], waits["Nobody Such"])
        self.assertIn(waits["Rashid"][0], (1, 2))
        at, before = 50 * 86400, 0
        for _ in range(4):
            at += 10 + 2 * before
            self.server.later(at)
            self.assertEqual(self.login("Rashid", "wrong " + PASSWORD).code, 401)
            answer = self.login("Rashid", "wrong " + PASSWORD)
            self.assertEqual(answer.code, 429)
            wait = int(answer.headers["retry-after"])
            self.assertGreater(wait, before)
            before = wait
        self.server.later(at + 400)
        self.assertEqual(self.login("Rashid").code, 200, "and goes on")
        self.assertEqual(self.login("Rashid", "wrong " + PASSWORD).code, 401, "the count begins anew")
        self.assertEqual(self.login("Rashid").code, 200)

    def test_one_address_with_many_names_is_slowed(self):
        self.server.later(60 * 86400)
        codes = [self.login(f"somebody {i}", "wrong " + PASSWORD).code for i in range(25)]
        self.assertEqual(codes[:15], [401] * 15)
        self.assertIn(429, codes)
        self.assertEqual(self.login("Rima").code, 429)

    def test_what_is_told_is_the_same(self):
        self.server.later(70 * 86400)
        known, unknown = self.login("Rima", "not " + PASSWORD), self.login("Reema", "not " + PASSWORD)
        self.assertEqual((known.code, known.body), (unknown.code, unknown.body))

    def test_names_and_passwords(self):
        for name in ("", " ", "a" * 65, "a\u202eb", "a\u200bb", "\u2066a", "a\nb", "\u0000", "\ufeff", "x" * 100000, "\ue000"):
            answer = self.admin.ask("POST", "users", {"name": name, "role": "reader", "password": PASSWORD})
            self.assertIn(answer.code, (400, 413), name[:20])
        for name in ("rima", "RIMA", "Ｒｉｍａ", " Rima ", "Ri\u200cma"):
            answer = self.admin.ask("POST", "users", {"name": name, "role": "reader", "password": PASSWORD})
            self.assertEqual(answer.code, 409, name)
        for password in ("", "short", "a" * 11, "password1234", "aaaaaaaaaaaaaaa", "abababababababab", "x" * 1025):
            answer = self.admin.ask("POST", "users", {"name": "Widad", "role": "reader", "password": password})
            self.assertEqual((answer.code, answer.json()["error"]["field"]), (400, "password"), password)
        for body in (b'{"name":"\xff\xfe","role":"reader","password":"' + PASSWORD.encode() + b'"}', b"\x00", b"[]", b"{}",
                     b'{"name":1,"role":"reader","password":"x"}', b'{"name":"W","role":"owner","password":"' + PASSWORD.encode() + b'"}',
                     b'{"name":"W","name":"V","role":"reader","password":"' + PASSWORD.encode() + b'"}', b"[" * 8000):
            self.assertEqual(self.admin.ask("POST", "users", body).code, 400, body[:40])
        for name in ("'; DROP TABLE account; --", "ريم الشامي", "\"<script>alert(1)</script>", "%s%n", "日本"):
            answer = self.admin.ask("POST", "users", {"name": name, "role": "reader", "password": PASSWORD})
            self.assertEqual(answer.code, 201, name)
            self.assertEqual(signed_in(self.server, name).get("session").json()["user"]["name"], name)
            self.admin.ask("DELETE", "users/" + answer.json()["id"])
        self.assertEqual(self.login("Rima").code, 200)
        # The same letters in another form of Unicode are the same password.
        answer = self.admin.ask("POST", "users", {"name": "Zoé", "role": "reader", "password": "caf\u00e9 on the quay"})
        self.assertEqual(self.login("Zoe\u0301", "cafe\u0301 on the quay").code, 200)
        self.admin.ask("DELETE", "users/" + answer.json()["id"])

    def test_changing_a_password(self):
        self.admin.ask("POST", "users", {"name": "Karim", "role": "reader", "password": PASSWORD})
        here, there = signed_in(self.server, "Karim"), signed_in(self.server, "Karim")
        self.assertEqual(here.ask("POST", "session/password", {"old": "not it at all", "new": "nine boats came in"}).code, 403)
        answer = here.ask("POST", "session/password", {"old": PASSWORD, "new": "short"})
        self.assertEqual((answer.code, answer.json()["error"]["field"]), (400, "new"))
        old = here.cookie
        here.take(here.ask("POST", "session/password", {"old": PASSWORD, "new": "nine boats came in"}))
        self.assertNotEqual(here.cookie, old)
        self.assertEqual([here.get("incidents").code, there.get("incidents").code], [200, 401])
        stale = Nobody(self.server)
        stale.cookie = old
        self.assertEqual(stale.get("incidents").code, 401)
        self.assertEqual([self.login("Karim").code, self.login("Karim", "nine boats came in").code], [401, 200])
        karim = self.user("Karim")["id"]
        self.admin.ask("PATCH", "users/" + karim, {"password": "ten boats went out"})
        self.assertEqual(here.get("incidents").code, 401, "an admin's new password ends all sessions")
        self.admin.ask("DELETE", "users/" + karim)

    def test_signing_out(self):
        somebody = signed_in(self.server, "Rima")
        answer = somebody.ask("DELETE", "session")
        self.assertEqual(answer.code, 204)
        self.assertIn("Max-Age=0", answer.headers["set-cookie"])
        self.assertEqual(somebody.get("incidents").code, 401, "the session is gone, not only the cookie")

    def test_there_is_always_an_admin(self):
        amal = self.user("Amal")["id"]
        for change in ({"role": "reader"}, {"disabled": True}):
            self.assertEqual(self.admin.ask("PATCH", "users/" + amal, change).code, 409)
        self.assertEqual(self.admin.ask("DELETE", "users/" + amal).code, 409)

    def test_tokens(self):
        mine = token_of(self.reviewer, ["read", "review"])
        told = self.reviewer.get("tokens").json()["tokens"]
        self.assertEqual(told[0]["scopes"], ["read", "review"])
        self.assertNotIn(mine.token, json.dumps(told))
        self.assertEqual(mine.get("incidents").code, 200)
        self.assertIsNotNone(self.reviewer.get("tokens").json()["tokens"][0]["used"])
        self.assertEqual(self.reader.get("tokens").json()["tokens"], [t for t in self.reader.get("tokens", all=1).json()["tokens"]])
        self.assertEqual(self.reader.ask("DELETE", "tokens/" + told[0]["id"]).code, 404, "another's")
        for wrong in ("isnad_" + "0" * 64, mine.token[:-1], mine.token + "0", "", "x" * 5000):
            other = Nobody(self.server)
            other.token = wrong
            self.assertEqual(other.get("incidents").code, 401)
        self.assertEqual(self.reviewer.ask("DELETE", "tokens/" + told[0]["id"]).code, 204)
        self.assertEqual(mine.get("incidents").code, 401)

    def test_the_file(self):
        for name in (self.server.access, self.server.access + "-wal"):
            self.assertEqual(stat.S_IMODE(os.stat(name).st_mode), 0o600, name)
        token = token_of(self.admin, ["read"])
        self.assertEqual(token.get("incidents").code, 200)
        everything = b"".join(open(self.server.access + end, "rb").read() for end in ("", "-wal"))
        for secret in (PASSWORD, self.admin.cookie, token.token, self.admin.csrf):
            self.assertNotIn(secret.encode(), everything)
        database = sqlite3.connect(self.server.access)
        self.assertEqual({h[:9] for (h,) in database.execute("SELECT hash FROM account")}, {"$argon2id"})
        for change in ("DELETE FROM audit", "UPDATE audit SET name = 'x'", "INSERT OR REPLACE INTO audit SELECT * FROM audit"):
            with self.assertRaises(sqlite3.DatabaseError, msg=change):
                database.execute(change)
        database.close()

    def test_all_of_it_is_noted(self):
        self.login("Rima", "wrong " + PASSWORD)
        somebody = self.admin.ask("POST", "users", {"name": "Nour", "role": "reader", "password": PASSWORD}).json()["id"]
        for change in ({"role": "reviewer"}, {"disabled": True}, {"disabled": False}, {"password": PASSWORD + "!"}):
            self.admin.ask("PATCH", "users/" + somebody, change)
        nour = signed_in(self.server, "Nour", PASSWORD + "!")
        nour.take(nour.ask("POST", "session/password", {"old": PASSWORD + "!", "new": PASSWORD}))
        token = nour.ask("POST", "tokens", {"label": "mine", "scopes": ["read"]}).json()
        nour.ask("DELETE", "tokens/" + token["id"])
        nour.ask("DELETE", "session")
        self.admin.ask("DELETE", "users/" + somebody)
        self.setting(project="Night desk", two_reviewers=["merge"])
        for what in ("setup", "login", "logout", "account added", "role given", "account disabled", "account enabled",
                     "password given", "password changed", "token made", "token taken back", "account removed", "setting"):
            self.assertTrue(self.audit(what), what)
        refused = self.audit("login", "refused")
        self.assertEqual((refused[0]["name"], refused[0]["from"]), ("Rima", "127.0.0.1"))
        page = self.admin.get("audit", limit=3).json()
        more = self.admin.get("audit", limit=3, after=page["next"]).json()
        self.assertEqual([e["id"] for e in page["events"]], sorted((e["id"] for e in page["events"]), reverse=True))
        self.assertLess(more["events"][0]["id"], page["events"][-1]["id"])
        whole = self.admin.get("audit", limit=1000).json()["events"]
        self.assertNotIn(PASSWORD, json.dumps(whole))
        operation = self.admin.get("openapi.json").json()["paths"]["/audit"]["get"]
        event = operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["events"]["items"]
        for given in whole:
            self.assertEqual(set(given), set(event["properties"]))
            for name in ("what", "outcome"):
                self.assertIn(given[name], event["properties"][name]["enum"])
        self.assertEqual(self.admin.get("session").json()["two_reviewers"], ["merge"])
        self.setting(two_reviewers=[])


class Listening(WithTeam):
    """Who may no longer hear of anything hears no more, though the connection stays open."""

    def listen(self, somebody):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=120)
        connection.request("GET", self.server.base + "api/v1/events", headers=somebody.headers())
        stream = connection.getresponse()
        self.assertEqual((stream.status, stream.readline()), (200, b"retry: 2000\n"))
        self.addCleanup(connection.close)
        return stream

    def users(self, *arguments):
        subprocess.run([PROGRAM, "users", *arguments, "--ledger", self.server.ledger, "--access", self.server.access], check=True,
                       capture_output=True)

    def test_it_ends_with_the_right_to(self):
        self.setting(public=True)
        made = self.reviewer.ask("POST", "tokens", {"label": "test", "scopes": ["read"]}).json()
        token = Nobody(self.server)
        token.token = made["token"]
        stays = self.listen(self.admin)
        for somebody, change in (
                (token, lambda: self.reviewer.ask("DELETE", "tokens/" + made["id"])),
                (self.reader, lambda: self.users("disable", "Rashid")),
                (Nobody(self.server), lambda: self.setting(public=False))):
            stream = self.listen(somebody)
            change()
            self.assertNotIn(b"data", stream.read())  # until it ends
        self.users("enable", "Rashid")
        self.reviewer.ask("POST", "presence", {"at": "/review"})
        while (line := stays.readline()) and not line.startswith(b"event: presence"):
            pass
        self.assertTrue(line, "who may still, still listens")


class FirstStart(unittest.TestCase):
    def test_the_link_is_good_once(self):
        server = Server([])
        try:
            token = server.link()
            body = {"token": token, "name": "Amal", "password": PASSWORD}
            self.assertTrue(server.ask("GET", "session").json()["setup"])
            self.assertEqual(server.ask("POST", "setup", dict(body, token="0" * 64)).code, 403)
            self.assertEqual(server.ask("POST", "setup", dict(body, password="short")).code, 400)
            self.assertEqual(server.ask("POST", "setup", body, {"Origin": "https://evil.example"}).code, 403)
            first = Nobody(server).take(server.ask("POST", "setup", body))
            self.assertEqual(first.get("session").json()["user"]["role"], "admin")
            self.assertEqual(server.ask("POST", "setup", dict(body, name="Eve")).code, 403)
            self.assertFalse(server.ask("GET", "session").json()["setup"])
        finally:
            self.assertEqual(server.stop(), (0, ""))
        again = Server([], folder=server.folder)
        self.assertEqual(again.ask("POST", "setup", dict(body, name="Eve")).code, 403, "nor after a new start")
        self.assertEqual(signed_in(again, "Amal").get("users").code, 200)
        again.stop()
        server.folder.cleanup()

    def test_the_link_grows_old(self):
        server = Server([])
        token = server.link()
        server.later(24 * 3600 + 1)
        self.assertEqual(server.ask("POST", "setup", {"token": token, "name": "Amal", "password": PASSWORD}).code, 403)
        server.stop()
        server.folder.cleanup()

    def test_guessing_the_link_is_slowed(self):
        server = Server([])
        server.link()
        codes = [server.ask("POST", "setup", {"token": f"{i:064x}", "name": "Eve", "password": PASSWORD}).code for i in range(8)]
        self.assertEqual((codes[0], codes[-1]), (403, 429))
        server.stop()
        server.folder.cleanup()

    def test_one_person_at_this_machine(self):
        server = Server(fixtures.readings(), access=False)
        try:
            told = server.ask("GET", "session").json()
            self.assertEqual((told["user"]["role"], told["accounts"], told["may"][-1]), ("admin", False, "admin"))
            mine = Nobody(server)
            mine.csrf = told["csrf"]
            self.assertEqual(mine.ask("PATCH", "settings", {"project": "Mine"}).code, 200)
            self.assertEqual(Nobody(server).ask("PATCH", "settings", {"project": "Mine"}).code, 403, "no page of ours")
            self.assertEqual(mine.ask("PATCH", "settings", {"project": "x"}, Origin="https://evil.example").code, 403)
            for sign in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
                self.assertEqual(server.ask("GET", "incidents", headers={sign: "192.0.2.9"}).code, 403, sign)
            self.assertEqual(server.ask("POST", "session", {"name": "a", "password": "b"}, mine.headers()).code, 409)
            self.assertFalse(os.path.exists(server.ledger + ".access"), "and nothing is left beside the ledger")
        finally:
            self.assertEqual(server.stop(), (0, ""))
            server.folder.cleanup()

    def test_the_last_that_a_proxy_says_counts(self):
        """Also where it says so on a line of its own, behind what it was sent."""
        server = Server([], arguments=("127.0.0.1", "proxy=1"))
        admin = Nobody(server).take(server.ask("POST", "setup", {"token": server.link(), "name": "Amal", "password": PASSWORD}))
        connection, body = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120), b'{"name": "Eve", "password": "x"}'
        connection.putrequest("POST", "/api/v1/session")
        for name, value in (("X-Forwarded-For", "203.0.113.9"), ("Content-Type", "application/json"), ("Content-Length", str(len(body))),
                            ("X-Forwarded-For", "198.51.100.7, 192.0.2.1")):
            connection.putheader(name, value)
        connection.endheaders(body)
        self.assertEqual(connection.getresponse().status, 401)
        connection.close()
        self.assertEqual(admin.get("audit").json()["events"][0]["from"], "192.0.2.1")
        server.stop()
        server.folder.cleanup()

    def test_where_others_get_here_there_are_accounts(self):
        for arguments in (("0.0.0.0", "remote", "strict=1"), ("127.0.0.1", "name=isnad.example", "strict=1"),
                          ("127.0.0.1", "proxy=1", "strict=1"), ("127.0.0.1", "base=/isnad", "strict=1")):
            server = Server(fixtures.readings(), access=False, arguments=arguments)
            self.assertEqual(server.ask("GET", "incidents").code, 401)
            self.assertTrue(server.ask("GET", "session").json()["setup"])
            server.stop()
            server.folder.cleanup()


class Sensitive(WithTeam):
    """What is marked is nowhere to be found by whoever may not see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        found = cls.reviewer.get("search", text=SECRET).json()["results"]
        cls.documents = sorted(r["document"] for r in found)
        assert len(cls.documents) == 2, found
        hidden = cls.reviewer.get("incidents", text=f"country:YE event:shelling {SECRET}").json()["incidents"]
        assert len(hidden) == 1, hidden
        cls.hidden = hidden[0]["id"]
        cls.shown = next(i["id"] for i in cls.reviewer.get("incidents", text=SHOWN).json()["incidents"] if i["id"] != cls.hidden)
        whole = cls.reviewer.get("incidents/" + cls.hidden).json()
        cls.claims = [c["id"] for c in whole["claims"]]
        cls.voices = [v["key"] for v in cls.reviewer.get("voices", limit=200).json()["voices"]]
        cls.before = {p: cls.reader.get(p).json() for p in ("statistics", "facets", "incidents")}
        cls.mark(cls.hidden)

    @classmethod
    def mark(cls, *what):
        subprocess.run([PROGRAM, "review", "sensitive", "--ledger", cls.server.ledger, "--who", "Rima", *what], check=True,
                       capture_output=True)

    def walk(self, somebody):
        """Every GET of the table, with all that leads to the hidden incident: (address, answer)."""
        queries = ["", "?" + urllib.parse.urlencode({"text": SECRET}), "?" + urllib.parse.urlencode({"text": SHOWN}),
                   "?text=sensitive:yes", "?country=YE", "?place=Taiz", "?order=figure-down&limit=200", "?id=" + self.hidden,
                   "?text=" + urllib.parse.quote(f'voice:"Doctor {SECRET}"'), "?from=2026-03-05&to=2026-03-05", "?zoom=8",
                   "?by=place&a=Taiz&b=Sebha", "?by=outlet&a=Quayside+Courier&b=Harbour+Light"]
        for (method, path), (least, _scope, people) in ROUTES.items():
            if method != "GET" or path == "events" or RANK[least] > RANK["reader"] or (somebody.token and people == "session"):
                continue
            if path.startswith("voices/"):
                yield from ((target, somebody.get(target)) for target in ("voices/" + k for k in self.voices))
                continue
            ids = [self.hidden, self.hidden[:8], self.shown, *self.documents, *self.claims, self.claims[0][:8]] \
                if "{id}" in path else [None]
            for one in ids:
                target = path.replace("{id}", urllib.parse.quote(one, safe="")) if one else path
                for query in queries:
                    yield target + query, somebody.get(target + query)

    def secrets_of(self, answer):
        """What of the hidden incident stands in an answer."""
        told = answer.body.decode(errors="replace") + json.dumps(answer.headers)
        return [s for s in (SECRET, self.hidden, *self.claims, *self.documents) if s in told]

    def echoed(self, address, found):
        """Only what was asked comes back, in the line that says there is none."""
        return [s for s in found if s not in urllib.parse.unquote(address)]

    def test_through_every_door(self):
        self.setting(public=True)
        for somebody, who in ((self.reader, "a reader"), (Nobody(self.server), "the public"),
                              (token_of(self.reviewer, ["read", "export"]), "a token that may not review")):
            for address, answer in self.walk(somebody):
                with self.subTest(who=who, address=address):
                    found = self.secrets_of(answer)
                    if answer.code == 404 or answer.code == 400:
                        found = self.echoed(address, found)
                    self.assertEqual(found, [])
                    if who != "the public":
                        self.assertNotIn(answer.code, (401, 403))
        self.setting(public=False)

    def test_the_walk_would_find_it(self):
        for somebody in (self.reviewer, self.admin, token_of(self.reviewer, ["read", "review"])):
            found = {a.split("?")[0].split("/")[0] for a, answer in self.walk(somebody) if answer.code == 200 and self.secrets_of(answer)}
            self.assertLessEqual({"incidents", "documents", "search"}, found)

    def test_none_that_ever_was(self):
        for path in ("incidents/" + self.hidden, *("documents/" + d for d in self.documents)):
            hidden, absent = self.reader.get(path), self.reader.get(path[:-2] + "zz")
            self.assertEqual((hidden.code, absent.code), (404, 404), path)

    def test_counts(self):
        after = {p: self.reader.get(p).json() for p in self.before}
        for name, gone in (("incidents", 1), ("documents", 2), ("versions", 2), ("claims", 3)):
            self.assertEqual(self.before["statistics"][name] - after["statistics"][name], gone, name)
        self.assertEqual(self.before["facets"]["total"] - after["facets"]["total"], 1)
        self.assertEqual(self.before["incidents"]["total"] - after["incidents"]["total"], 1)
        sizes = [w.get("session").json()["ledger"] for w in (self.reader, self.reviewer)]
        self.assertEqual((sizes[1]["incidents"] - sizes[0]["incidents"], sizes[1]["claims"] - sizes[0]["claims"]), (1, 3))

    def test_a_shown_incident_keeps_its_claims(self):
        shown = self.reader.get("incidents/" + self.shown).json()
        papers = {d["id"]: d for d in shown["documents"]}
        self.assertEqual(len(shown["claims"]), 2)
        self.assertEqual(set(papers), {"hidden-1", "depotnews"})
        self.assertEqual([papers["hidden-1"][k] for k in ("title", "url", "outlet")], [None, None, "Harbour Light"])
        self.assertIsNotNone(papers["depotnews"]["title"])
        self.assertEqual({c["document"] for c in shown["claims"]}, set(papers))
        self.assertIn("harbourlight", self.reviewer.get("incidents/" + self.shown).body.decode())

    def test_a_token_that_may_not_review_hears_of_no_acts_on_it(self):
        subprocess.run([PROGRAM, "review", "grade", "--ledger", self.server.ledger, "--who", "Rima", self.hidden, "fair"], check=True,
                       capture_output=True)
        token, whole = token_of(self.reviewer, ["read"]), token_of(self.reviewer, ["read", "review"])
        self.assertTrue(self.secrets_of(whole.get("acts")))
        self.assertEqual(self.secrets_of(token.get("acts")), [])
        self.assertFalse([a for a in token.get("acts").json()["acts"] if {"these", "those"} & set(a["payload"])])
        self.assertEqual((token.get("proposals").code, whole.get("proposals").code), (403, 200))

    def test_tags_are_of_who_asks(self):
        tag = self.reviewer.get("incidents/" + self.hidden).headers.get("etag")
        answer = self.reader.ask("GET", "incidents/" + self.hidden, **{"If-None-Match": tag or "*"})
        self.assertEqual(answer.code, 404)

    def test_bundles(self):
        """A child process makes them: it hides as the server does."""
        key = self.server.ledger + ".pem"
        subprocess.run([PROGRAM, "key", "new", "--key", key], check=True, capture_output=True)
        subprocess.run([PROGRAM, "head", "--ledger", self.server.ledger, "--key", key], check=True, capture_output=True)
        seen, whole = self.reviewer.get("bundle", id=self.shown), self.reviewer.get("bundle", id=self.hidden)
        self.assertEqual((seen.code, whole.code), (200, 200), (seen.body[:200], whole.body[:200]))
        for one in (self.shown, self.hidden):
            answer = self.reader.get("bundle", id=one)
            self.assertEqual(answer.code, 404, answer.body[:200])
            self.assertNotIn(SECRET.encode(), answer.body)

    def test_the_public_is_not_told_who_reviewed(self):
        subprocess.run([PROGRAM, "review", "comment", "--ledger", self.server.ledger, "--who", "Rima", self.shown, "look again"],
                       check=True, capture_output=True)
        subprocess.run([PROGRAM, "review", "assign", "--ledger", self.server.ledger, "--who", "Rima", self.shown, "Rashid"],
                       check=True, capture_output=True)
        self.setting(public=True)
        told = Nobody(self.server).get("incidents/" + self.shown)
        listed = Nobody(self.server).get("incidents", text=SHOWN)
        counted = Nobody(self.server).get("facets")
        found = [Nobody(self.server).get("incidents", **by).code for by in ({"assignee": "Rashid"}, {"text": "assigned:Rashid"})]
        self.setting(public=False)
        self.assertEqual(found, [400, 400])
        self.assertEqual([a["value"] for a in self.reader.get("facets").json()["assignees"]], ["none", "Rashid"])
        self.assertEqual(self.reader.get("incidents", assignee="Rashid").json()["total"], 1)
        for answer in (told, listed, counted):
            self.assertEqual(answer.code, 200)
            for word in ("Rima", "Rashid", "look again"):
                self.assertNotIn(word, answer.body.decode())
        self.assertIn("look again", self.reader.get("incidents/" + self.shown).body.decode())

    def test_looks_are_noted(self):
        self.reviewer.get("incidents/" + self.hidden)
        self.reviewer.get("documents/" + self.documents[0])
        seen = {(e["name"], e["of"]) for e in self.audit("sensitive seen")}
        self.assertLessEqual({("Rima", self.hidden), ("Rima", self.documents[0])}, seen)
        self.assertEqual([e for e in self.audit("sensitive seen") if e["of"] == self.shown], [])

    def test_a_claim_that_is_marked_hides_its_incident(self):
        victim = next(i["id"] for i in self.reader.get("incidents").json()["incidents"] if i["id"] != self.shown)
        claim = self.reader.get("incidents/" + victim).json()["claims"][0]["id"]
        self.mark(claim)
        self.assertEqual(self.reader.get("incidents/" + victim).code, 404)
        self.assertEqual(self.reviewer.get("incidents/" + victim).code, 200)
        self.mark(claim, "no")
        self.assertEqual(self.reader.get("incidents/" + victim).code, 200)


if __name__ == "__main__":
    if not FIXTURE or not PROGRAM:
        sys.exit("ISNAD_SERVE_FIXTURE must name the built serve_fixture, ISNAD_PROGRAM the program")
    unittest.main()
