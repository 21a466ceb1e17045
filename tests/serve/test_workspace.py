#!/usr/bin/env python3
"""The workspace from outside: a real server over a real ledger, asked over sockets and looked at in a browser.

ISNAD_SERVE_FIXTURE names the built tests/serve/serve_fixture.
"""
import gzip
import html.parser
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))
import fixtures  # noqa: E402

PROGRAM = os.environ.get("ISNAD_SERVE_FIXTURE", "")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NODE = shutil.which("node")
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; img-src 'self' data: blob:; "
          "font-src 'self'; connect-src 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'self'; "
          "form-action 'self'")
SAFETY = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Answer:
    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.code = int(lines[0].split(" ")[1]) if " " in lines[0] else 0
        self.headers = {name.strip().lower(): value.strip()
                        for name, _, value in (line.partition(":") for line in lines[1:])}

    def json(self):
        return json.loads(self.body)


class Server:
    def __init__(self, readings, *arguments):
        self.folder = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen([PROGRAM, os.path.join(self.folder.name, "ledger.db"), *arguments],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        lines = [json.dumps(r, ensure_ascii=False).encode() + b"\n" for r in readings]
        self.process.stdin.write(b"".join(lines) + b"\n")
        self.process.stdin.flush()
        self.url = self.process.stdout.readline().decode().strip()
        if self.url:
            self.port = urllib.parse.urlsplit(self.url).port
            self.host = f"127.0.0.1:{self.port}"

    def stop(self):
        self.process.stdin.close()
        code = self.process.wait(timeout=120)
        errors = self.process.stderr.read().decode()
        self.process.stdout.close()
        self.process.stderr.close()
        self.folder.cleanup()
        return code, errors

    def raw(self, request):
        with socket.create_connection(("127.0.0.1", self.port), timeout=120) as connection:
            connection.sendall(request)
            parts = []
            while part := connection.recv(65536):
                parts.append(part)
        return b"".join(parts)

    def ask(self, target, method="GET", host=None, **headers):
        lines = [f"{method} {target} HTTP/1.1", f"Host: {host if host is not None else self.host}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return Answer(self.raw(("\r\n".join(lines) + "\r\n\r\n").encode()))

    def api(self, path, **fields):
        return self.ask("/api/v1/" + path + ("?" + urllib.parse.urlencode(fields) if fields else ""))


class Elements(html.parser.HTMLParser):
    """The elements of a page as a browser built it."""

    EMPTY = {"meta", "link", "input", "br", "img", "hr"}

    def __init__(self, page):
        super().__init__()
        self.all, self.open = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        element = {"tag": tag, "attributes": dict(attributes), "text": ""}
        self.all.append(element)
        if tag not in self.EMPTY:
            self.open.append(element)

    def handle_endtag(self, tag):
        while self.open and self.open.pop()["tag"] != tag:
            pass

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def named(self, tag):
        return [e for e in self.all if e["tag"] == tag]


def look(url, width=1280, height=900):
    """The page after its scripts have run."""
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             f"--user-data-dir={profile}", f"--window-size={width},{height}", "--virtual-time-budget=8000",
             "--enable-logging=stderr", "--dump-dom", url], capture_output=True, timeout=120, check=False)
    console = [line for line in done.stderr.decode(errors="replace").splitlines() if "CONSOLE" in line]
    return Elements(done.stdout.decode()), console


class WithServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(fixtures.readings(with_hostile=True))
        if not cls.server.url:
            raise RuntimeError(cls.server.stop()[1])

    @classmethod
    def tearDownClass(cls):
        code, errors = cls.server.stop()
        if code:
            raise AssertionError(f"the server ended with {code}: {errors}")

    def incident_of(self, document):
        return self.server.api("documents/" + document).json()["incidents"][0]


class Protection(WithServer):
    def test_safety_headers_on_every_answer(self):
        asked = [self.server.ask("/"), self.server.ask("/assets/app.js"), self.server.ask("/api/v1/incidents"),
                 self.server.ask("/nothing"), self.server.ask("/api/v1/incidents/none"), self.server.ask("/%"),
                 self.server.ask("/", method="HEAD"), self.server.ask("/", method="POST"),
                 self.server.ask("/", host="example.com")]
        self.assertEqual([a.code for a in asked], [200, 200, 200, 404, 404, 400, 200, 405, 421])
        for answer in asked:
            for name, value in SAFETY.items():
                self.assertEqual(answer.headers.get(name), value, (answer.code, name))

    def test_hosts(self):
        port = self.server.port
        for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"LOCALHOST:{port}", f"[::1]:{port}", f"127.0.0.2:{port}"):
            self.assertEqual(self.server.ask("/api/v1/statistics", host=host).code, 200, host)
        for host in ("evil.example", f"evil.example:{port}", f"127.0.0.1.evil.example:{port}", "127.0.0.1:1", "127.0.0.1",
                     f"localhost.:{port}", f"127.0.0.1:{port}x", f"[::1:{port}", f"[::1]x:{port}", f"0.0.0.0:{port}",
                     f"192.168.0.1:{port}", f"user@127.0.0.1:{port}", f"127.0.0.1:{port + 65536}", "", "x" * 300):
            self.assertIn(self.server.ask("/api/v1/statistics", host=host).code, (400, 421), host)
        nameless = Answer(self.server.raw(b"GET / HTTP/1.0\r\n\r\n"))
        self.assertIn(nameless.code, (400, 421))

    def test_each_address_has_its_methods(self):
        for path in ("/api/v1/incidents", "/", "/assets/app.js"):
            for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE"):
                answer = self.server.ask(path, method=method)
                self.assertEqual((answer.code, answer.headers.get("allow")), (405, "GET, HEAD, OPTIONS"), method)
            answer = self.server.ask(path, method="OPTIONS")
            self.assertEqual((answer.code, answer.body, answer.headers.get("allow")), (204, b"", "GET, HEAD, OPTIONS"))
        body = Answer(self.server.raw(f"POST / HTTP/1.1\r\nHost: {self.server.host}\r\nContent-Length: 5\r\n"
                                      "Connection: close\r\n\r\nhello".encode()))
        self.assertEqual(body.code, 405)

    def test_no_way_out_of_the_assets(self):
        for target in ("/../../etc/passwd", "/assets/../../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd",
                       "/assets/..%2f..%2fetc%2fpasswd", "/assets//etc/passwd", "/assets/%00", "/assets/app.js%00.css",
                       "//etc/passwd", "/assets/", "/assets", "/assets/index.html/x", "/assets/..\\..\\x"):
            answer = self.server.ask(target)
            self.assertIn(answer.code, (400, 404), target)
            self.assertNotIn(b"root:", answer.body)

    def test_odd_requests_leave_the_server_standing(self):
        for request in (b"", b"\r\n\r\n", b"GET", b"GET / HTTP/9.9\r\n\r\n", b"\x00" * 4000, b"GET /" + b"a" * 100000,
                        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20000 + b"\r\n", b"GET http://[ HTTP/1.1\r\nHost: [\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=120) as connection:
                try:
                    connection.sendall(request)
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(65536):
                        pass
                except OSError:
                    pass
        self.assertEqual(self.server.ask("/").code, 200)

    def test_slow_askers_hold_nobody_up(self):
        slow = [socket.create_connection(("127.0.0.1", self.server.port)) for _ in range(20)]
        try:
            for connection in slow:
                connection.sendall(b"GET / HTTP/1.1\r\nHo")
            before = time.monotonic()
            self.assertEqual(self.server.ask("/api/v1/statistics").code, 200)
            self.assertLess(time.monotonic() - before, 30)
        finally:
            for connection in slow:
                connection.close()


class Files(WithServer):
    def test_pages(self):
        for path in ("/", "/incidents", "/incidents/", "/incidents/i-1", "/documents/a%2Fb", "/search?text=x"):
            answer = self.server.ask(path)
            self.assertEqual((answer.code, answer.headers["content-type"]), (200, "text/html; charset=utf-8"), path)
            self.assertIn(b"/assets/app.js", answer.body)

    def test_packed_and_plain_are_the_same(self):
        for path, source in (("style.css", "web/plain/style.css"), ("i18n/ar.js", "web/plain/i18n/ar.js"), ("map.json", "data/map/base.json")):
            plain = self.server.ask("/assets/" + path)
            packed = self.server.ask("/assets/" + path, Accept_Encoding="gzip, deflate")
            self.assertEqual(packed.headers.get("content-encoding"), "gzip")
            self.assertIsNone(plain.headers.get("content-encoding"))
            self.assertEqual(gzip.decompress(packed.body), plain.body)
            self.assertEqual(plain.body, (ROOT / source).read_bytes(), path)

    def test_known_files_are_not_sent_again(self):
        first = self.server.ask("/assets/style.css")
        again = self.server.ask("/assets/style.css", If_None_Match=first.headers["etag"])
        self.assertEqual((again.code, again.body), (304, b""))
        self.assertEqual(self.server.ask("/assets/style.css", If_None_Match='"other"').code, 200)

    def test_head_is_get_without_the_body(self):
        for path in ("/", "/assets/app.js", "/api/v1/statistics"):
            whole, head = self.server.ask(path), self.server.ask(path, method="HEAD")
            self.assertEqual((head.code, head.body), (whole.code, b""))
            self.assertEqual(head.headers["content-length"], whole.headers["content-length"])

    def test_every_module_that_is_named_is_there(self):
        seen, waiting = set(), ["app.js"]
        while waiting:
            path = waiting.pop()
            if path in seen:
                continue
            seen.add(path)
            answer = self.server.ask("/assets/" + path)
            self.assertEqual((answer.code, answer.headers["content-type"]), (200, "text/javascript; charset=utf-8"), path)
            for found in re.findall(r'from "([^"]+)"', answer.body.decode()):
                waiting.append(os.path.normpath(os.path.join(os.path.dirname(path), found)))
        on_disk = {str(p.relative_to(ROOT / "web/plain")) for p in (ROOT / "web/plain").rglob("*.js")} - {"boot.js"}
        self.assertEqual(seen, on_disk, "every module of web/ is used and linked in")

    def test_pages_ask_nobody_else_and_parse_no_markup(self):
        for file in (ROOT / "web/plain").rglob("*"):
            if file.is_file():
                text = file.read_text(encoding="utf-8")
                elsewhere = set(re.findall(r"https?://[^\"'\s)]+", text)) - {"http://www.w3.org/2000/svg"}
                self.assertFalse(elsewhere, file.name)
                for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "DOMParser"):
                    self.assertNotIn(word, text, file.name)
        page = (ROOT / "web/plain/index.html").read_text(encoding="utf-8")
        self.assertFalse(re.findall(r"<script>|<style|\son\w+=|\sstyle=", page))


class Api(WithServer):
    def test_incidents(self):
        answer = self.server.api("incidents").json()
        self.assertEqual(answer["total"], len(answer["incidents"]))
        self.assertFalse(answer["capped"])
        self.assertGreaterEqual(answer["total"], 8)
        for row in answer["incidents"]:
            for name in ("id", "event", "date", "place", "documents", "voices", "estimates", "disagreements", "title", "languages"):
                self.assertIn(name, row)
        dates = [row["date"] for row in answer["incidents"] if row["date"]]
        self.assertEqual(dates, sorted(dates, reverse=True))

    def test_filters(self):
        def ids(**fields):
            answer = self.server.api("incidents", **fields)
            self.assertEqual(answer.code, 200, answer.body)
            return {row["id"] for row in answer.json()["incidents"]}
        everything = ids()
        taiz = self.incident_of("taiz-lens")
        self.assertIn(taiz, ids(country="YE"))
        self.assertNotIn(self.incident_of("tigris-gazette"), ids(country="YE"))
        self.assertEqual(ids(event="shelling"), {taiz, self.incident_of("idlib-today")})
        self.assertEqual(ids(to="2025-12-31"), {taiz, self.incident_of("hostile-page")})
        self.assertEqual(ids(disputed="1") | ids(disputed="0"), everything)
        self.assertFalse(ids(disputed="1") & ids(disputed="0"))
        self.assertIn(self.incident_of("nile-dispatch"), ids(disputed="1"))
        self.assertEqual(ids(text="سرمين"), {self.incident_of("idlib-today")})
        self.assertEqual(ids(box="12,42,16,46"), {taiz})
        self.assertEqual(ids(text="", event=""), everything)

    def test_paging(self):
        whole = [row["id"] for row in self.server.api("incidents").json()["incidents"]]
        pages = [self.server.api("incidents", limit=3, offset=at).json() for at in range(0, len(whole) + 3, 3)]
        self.assertEqual([row["id"] for page in pages for row in page["incidents"]], whole)
        self.assertTrue(all(page["total"] == len(whole) and page["limit"] == 3 for page in pages))

    def test_incident(self):
        incident = self.server.api("incidents/" + self.incident_of("badia-press")).json()
        self.assertEqual(incident["format"], "isnad-incident/1")
        self.assertLessEqual({"badia-press", "furat-wire", "sahel-news", "meridian-post"}, {d["id"] for d in incident["documents"]})
        texts = {r["id"]: r["text"] for r in fixtures.readings()}
        for claim in incident["claims"]:
            evidence = claim["evidence"]
            self.assertEqual(texts[claim["document"]][evidence["start"]:evidence["end"]], evidence["text"])

    def test_document(self):
        answer = self.server.api("documents/furat-wire").json()
        self.assertEqual(answer["reading"]["text"], fixtures.euphrates()["text"])
        self.assertEqual(len(answer["claims"]), len(answer["reading"]["claims"]))
        self.assertEqual(self.server.api("documents/furat-wire", version=1).json()["reading"]["title"], answer["reading"]["title"])
        self.assertEqual(self.server.api("documents/furat-wire", version=99).code, 404)
        listed = self.server.api("documents", limit=200).json()["documents"]
        self.assertEqual({d["id"] for d in listed}, {r["id"] for r in fixtures.readings(True)})

    def test_search(self):
        found = self.server.api("search", text="البوكمال").json()["results"]
        self.assertLessEqual({"badia-press", "furat-wire"}, {row["document"] for row in found})
        for row in found:
            for start, end in row["snippet"]["marks"]:
                self.assertLess(start, end)
                self.assertLessEqual(end, len(row["snippet"]["text"]))
        self.assertEqual(self.server.api("search", text="").json()["results"], [])
        self.assertEqual(self.server.api("search", text="غيرموجودإطلاقاً").json()["results"], [])
        for odd in ('"', '""', "* OR NEAR(", "'; DROP TABLE documents; --", "\\", "a" * 2000, "🕊️"):
            self.assertIn(self.server.api("search", text=odd).code, (200, 400), odd)

    def test_facets_and_statistics(self):
        facets = self.server.api("facets").json()
        self.assertIn("SY", [entry["value"] for entry in facets["countries"]])
        statistics = self.server.api("statistics").json()
        self.assertEqual(statistics["documents"], len(fixtures.readings(True)))
        self.assertGreaterEqual(statistics["incidents"], 8)

    def test_errors(self):
        for path, code in (("incidents/i-00000000000000000000000000000000", 404), ("documents/none", 404), ("nothing", 404),
                           ("incidents?limit=0", 400), ("incidents?limit=1000", 400), ("incidents?wrong=1", 400),
                           ("incidents?from=yesterday", 400), ("statistics/x", 404), ("incidents/a/b", 404), ("", 404)):
            answer = self.server.ask("/api/v1/" + path)
            self.assertEqual(answer.code, code, path)
            error = answer.json()["error"]
            self.assertEqual(error["code"], code)
            self.assertTrue(error["message"], path)
            self.assertNotIn(self.server.folder.name, error["message"])
            self.assertEqual(answer.headers["cache-control"], "no-store")


@unittest.skipUnless(CHROMIUM, "SKIPPED: chromium is not installed, so no page was looked at in a real browser")
class Browser(WithServer):
    def check_harmless(self, elements, console):
        self.assertEqual([line for line in console if "Uncaught" in line or "Refused" in line or "violates" in line], [])
        self.assertEqual([e["attributes"].get("src") for e in elements.named("script")], ["/assets/boot.js", "/assets/app.js"])
        self.assertFalse(elements.named("img") or elements.named("i") or elements.named("b") or elements.named("iframe"))
        self.assertNotIn("owned", elements.named("title")[0]["text"].replace("document.title='owned'", ""))
        for element in elements.all:
            self.assertFalse([name for name in element["attributes"] if name.startswith("on")], element)
            self.assertFalse((element["attributes"].get("href") or "").lower().startswith("javascript"), element)

    def test_hostile_text_is_shown_as_text(self):
        reading = fixtures.hostile()
        incident = self.incident_of("hostile-page")
        for path in ("/documents/hostile-page", "/incidents/" + incident, "/search?text=Hajin", "/"):
            for language in ("ar", "en"):
                sign = "&" if "?" in path else "?"
                elements, console = look(f"{self.server.url.rstrip('/')}{path}{sign}lang={language}")
                self.check_harmless(elements, console)
                shown = elements.named("body")[0]["text"]
                self.assertIn("<img src=x onerror=" if path != "/incidents/" + incident else "<script>", shown, path)
        self.assertIn("<script>document.title='owned'</script>", reading["text"])

    def test_claims_are_marked_where_they_stand(self):
        for name in ("badia-press", "furat-wire", "meridian-post", "hostile-page"):
            reading = self.server.api("documents/" + name).json()["reading"]
            elements, console = look(f"{self.server.url}documents/{name}?lang=ar")
            self.check_harmless(elements, console)
            for i, claim in enumerate(reading["claims"]):
                pieces = [e["text"] for e in elements.named("a") if f"count-{i}" in (e["attributes"].get("data-parts") or "").split()]
                self.assertEqual("".join(pieces), claim["count"]["text"], (name, i))
                entry = [e for e in elements.named("li") if e["attributes"].get("id") == f"claim-{i}"]
                self.assertEqual(len(entry), 1)

    def test_languages_and_directions(self):
        for language, direction, word in (("ar", "rtl", "الحوادث"), ("en", "ltr", "Incidents")):
            elements, _ = look(f"{self.server.url}?lang={language}")
            root = elements.named("html")[0]["attributes"]
            self.assertEqual((root["lang"], root["dir"]), (language, direction))
            self.assertIn(word, elements.named("h1")[0]["text"])
            rows = [e for e in elements.named("tr") if "data-key" in e["attributes"]]
            self.assertEqual(len(rows), self.server.api("incidents").json()["total"])
            self.assertGreater(len([e for e in elements.named("path")]), 50, "the map is drawn")

    def test_a_denial_beside_the_dead_is_no_figure(self):
        elements, _ = look(f"{self.server.url}?lang=en")
        rows = {e["attributes"]["data-key"]: e["text"] for e in elements.named("tr") if "data-key" in e["attributes"]}
        seen = 0
        for incident in self.server.api("incidents").json()["incidents"]:
            high = {e["effect"]: e["high"] for e in incident["estimates"] if e["class"] == "all" and not e["group"]}
            if high.get("casualties") == 0 and (high.get("killed") or high.get("injured")):
                self.assertNotIn("Killed or injured", rows[incident["id"]])
                seen += 1
        self.assertGreater(seen, 0)

    def test_unknown_incident_says_so(self):
        elements, _ = look(f"{self.server.url}incidents/i-0000?lang=en")
        self.assertIn("Not found", elements.named("main")[0]["text"])


@unittest.skipUnless(NODE or CHROMIUM, "SKIPPED: neither node nor chromium is installed, so web/text.js was not run")
class Scripts(unittest.TestCase):
    def run_in_node(self, script, *modules):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "package.json").write_text('{"type": "module"}')
            for module in modules:
                shutil.copy(module, folder)
            (pathlib.Path(folder) / "main.js").write_text(script, encoding="utf-8")
            done = subprocess.run([NODE, "main.js"], cwd=folder, capture_output=True, timeout=180, check=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return json.loads(done.stdout)

    def run_in_browser(self, script, *modules):
        with tempfile.TemporaryDirectory() as folder:
            for module in modules:
                shutil.copy(module, folder)
            place = pathlib.Path(folder)
            (place / "main.js").write_text(script.replace("console.log(", "document.body.append("), encoding="utf-8")
            (place / "index.html").write_text("<!doctype html><meta charset=utf-8><body><script type=module src=main.js></script>")
            serving = subprocess.Popen([sys.executable, "-u", "-m", "http.server", "--bind", "127.0.0.1", "0"], cwd=folder,
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            try:
                port = re.search(r"port (\d+)", serving.stdout.readline().decode()).group(1)
                elements, _ = look(f"http://127.0.0.1:{port}/index.html")
            finally:
                serving.kill()
                serving.wait()
                serving.stdout.close()
        return json.loads(elements.named("body")[0]["text"])

    def run_script(self, script, *modules):
        return self.run_in_browser(script, *modules) if CHROMIUM else self.run_in_node(script, *modules)

    def test_offsets(self):
        failures = self.run_script('import { check } from "./text_checks.js"; console.log(JSON.stringify(check()));',
                                   HERE / "text_checks.js", ROOT / "web/plain/text.js")
        self.assertEqual(failures, [])

    def test_both_languages_say_everything(self):
        script = """import ar from "./ar.js"; import en from "./en.js";
            const keys = (words, at = "") => Object.entries(words).flatMap(([k, v]) => typeof v === "object" && !("other" in v) ? keys(v, at + k + ".") : [at + k]);
            const gaps = (words) => Object.fromEntries(Object.entries(words).filter(([k, v]) => typeof v === "string").map(([k, v]) => [k, [...v.matchAll(/\\{(\\w+)\\}/g)].map((m) => m[1]).sort().join()]));
            console.log(JSON.stringify([keys(ar), keys(en), gaps(ar), gaps(en)]));"""
        arabic, english, gaps_arabic, gaps_english = self.run_script(script, ROOT / "web/plain/i18n/ar.js", ROOT / "web/plain/i18n/en.js")
        # A sentence of one language may have a further form where people are named (…_of).
        only = {key for key in set(arabic) ^ set(english) if not key.endswith("_of")}
        self.assertEqual(only, set())
        for key in set(gaps_arabic) & set(gaps_english) - {"figure_denied_any"}:
            self.assertEqual(gaps_arabic[key], gaps_english[key], key)
        used = set()
        for file in (ROOT / "web/plain").rglob("*.js"):
            used |= set(re.findall(r'\b(?:t|sentence|phrase)\("(\w+)"', file.read_text(encoding="utf-8")))
        self.assertEqual({key for key in used if not key.endswith("_")} - set(english), set())

    def test_words_of_the_reading_have_names(self):
        with open(ROOT / "web/plain/i18n/en.js", encoding="utf-8") as file:
            text = file.read()
        for word in ("air_strike", "other_attack", "displaced", "intergovernmental", "armed_group", "rescuer", "copied", "hedges"):
            self.assertRegex(text, rf"\b{word}:")


class Starting(unittest.TestCase):
    def test_other_machines_are_not_let_in_by_accident(self):
        for host in ("0.0.0.0", "::", "192.0.2.1", "example.com", "127.0.0.1.example"):
            server = Server([], host)
            code, errors = server.stop()
            self.assertEqual(code, 2, host)
            self.assertTrue(errors.strip())

    def test_other_machines_and_names_on_request(self):
        server = Server([], "0.0.0.0", "remote", "isnad.example")
        try:
            for host, code in ((f"192.0.2.7:{server.port}", 200), ("isnad.example", 200), ("isnad.example:443", 200),
                               (f"evil.example:{server.port}", 421), ("192.0.2.7:1", 421)):
                self.assertEqual(server.ask("/api/v1/session", host=host).code, code, host)
        finally:
            self.assertEqual(server.stop()[0], 0)

    def test_an_empty_ledger(self):
        server = Server([])
        try:
            self.assertEqual(server.api("incidents").json()["total"], 0)
            self.assertEqual(server.api("statistics").json()["documents"], 0)
        finally:
            self.assertEqual(server.stop()[0], 0)

    def test_it_ends_when_asked_to(self):
        server = Server([])
        idle = socket.create_connection(("127.0.0.1", server.port))
        before = time.monotonic()
        self.assertEqual(server.stop(), (0, ""))
        self.assertLess(time.monotonic() - before, 30)
        idle.close()


if __name__ == "__main__":
    if not PROGRAM:
        sys.exit("ISNAD_SERVE_FIXTURE must name the built serve_fixture")
    unittest.main(verbosity=1)
