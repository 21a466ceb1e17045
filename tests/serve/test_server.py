#!/usr/bin/env python3
"""The server as a server: what it bears, remembers, tells and refuses, over real sockets.

ISNAD_SERVE_FIXTURE names the built tests/serve/serve_fixture. ISNAD_SOAK: 10,000 slow connections instead of 400.
"""
import contextlib
import gzip
import json
import os
import pathlib
import resource
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fixtures  # noqa: E402
from test_workspace import PROGRAM, Answer, Server  # noqa: E402

OPENSSL = shutil.which("openssl")


def resident_megabytes(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0


def open_files(server):
    """But for those of the ledger: each thread that answers opens it when it is first asked."""
    folder, count = f"/proc/{server.process.pid}/fd", 0
    for name in os.listdir(folder):
        try:
            count += not os.readlink(f"{folder}/{name}").startswith(server.folder.name)
        except OSError:  # closed meanwhile
            pass
    return count


def until(true, seconds=120):
    """Waits for a condition, not for a time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return False


class Connection:
    """One connection for several questions."""

    def __init__(self, server, context=None):
        self.server = server
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=120)
        if context:
            self.socket = context.wrap_socket(self.socket, server_hostname="localhost")
        self.rest = b""

    def ask(self, target, method="GET", body=b"", **headers):
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self.server.host}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        while b"\r\n\r\n" not in self.rest:
            self.more()
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        answer = Answer(head + b"\r\n\r\n")
        length = int(answer.headers.get("content-length", "0"))
        while len(self.rest) < length:
            self.more()
        answer.body, self.rest = self.rest[:length], self.rest[length:]
        return answer

    def more(self):
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("closed")
        self.rest += part

    def close(self):
        self.socket.close()


class Events:
    """A listener of /events."""

    def __init__(self, server, last=None):
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=120)
        lines = ["GET /api/v1/events HTTP/1.1", f"Host: {server.host}"] + ([f"Last-Event-ID: {last}"] if last else [])
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.text = b""
        while b"\r\n\r\n" not in self.text:
            self.more()
        head, _, self.text = self.text.partition(b"\r\n\r\n")
        self.answer = Answer(head + b"\r\n\r\n")

    def more(self):
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("closed")
        self.text += part

    def next(self):
        """The next event that is one: {"id", "event", "data"}."""
        while True:
            while b"\n\n" not in self.text:
                self.more()
            block, _, self.text = self.text.partition(b"\n\n")
            lines = [line for line in block.decode().splitlines() if ": " in line and not line.startswith(":")]
            fields = dict(line.split(": ", 1) for line in lines)  # a chunk's size stands between, without ": "
            if "event" in fields:
                return {**fields, "data": json.loads(fields["data"])}

    def close(self):
        self.socket.close()


def add(server, reading):
    """Another process adds a document to the served ledger."""
    done = subprocess.run([PROGRAM, os.path.join(server.folder.name, "ledger.db"), "only=fill"], check=True, timeout=180,
                          input=json.dumps(reading, ensure_ascii=False).encode() + b"\n\n", capture_output=True)
    return done


class WithServer(unittest.TestCase):
    options = ()

    def setUp(self):
        self.readings = fixtures.readings()
        self.server = Server(self.readings[:-1], *self.options)
        if not self.server.url:
            raise RuntimeError(self.server.stop()[1])

    def tearDown(self):
        self.assertEqual(self.server.stop(), (0, ""))


class Answers(WithServer):
    def test_one_connection_for_many_questions(self):
        connection = Connection(self.server)
        for target, code in (("/api/v1/statistics", 200), ("/", 200), ("/api/v1/incidents?limit=3", 200),
                             ("/assets/none", 404)):
            self.assertEqual(connection.ask(target).code, code, target)
        connection.close()

    def test_an_unchanged_ledger_is_not_asked_again(self):
        first = self.server.ask("/api/v1/incidents")
        tag = first.headers["etag"]
        self.assertTrue(tag.startswith('W/"'))
        for known in (tag, tag[2:], f'"x", {tag}'):
            again = self.server.ask("/api/v1/incidents", If_None_Match=known)
            self.assertEqual((again.code, again.body, again.headers["etag"]), (304, b"", tag))
        other = self.server.ask("/api/v1/incidents?limit=1", If_None_Match=tag)
        self.assertEqual(other.code, 200, "another address")
        self.assertEqual(self.server.ask("/api/v1/incidents/none", If_None_Match=tag).code, 404)
        add(self.server, self.readings[-1])
        changed = self.server.ask("/api/v1/incidents", If_None_Match=tag)
        self.assertEqual(changed.code, 200, "another process added to it")
        self.assertNotEqual(changed.headers["etag"], tag)
        self.assertNotEqual(changed.body, first.body)

    def test_each_thread_sees_what_was_added(self):
        """Whichever thread answers: a tag that is new goes with what is new."""
        for at in range(3):
            extra = dict(self.readings[-1], id=f"further-{at}", url=f"https://further.example/{at}")
            before = {self.server.ask("/api/v1/statistics").headers["etag"] for _ in range(20)}
            self.assertEqual(len(before), 1)
            add(self.server, extra)
            answers = [self.server.api("statistics") for _ in range(20)]
            self.assertEqual({a.json()["documents"] for a in answers}, {len(self.readings) + at})
            self.assertFalse(before & {a.headers["etag"] for a in answers})

    def test_larger_answers_are_packed(self):
        plain = self.server.ask("/api/v1/incidents")
        packed = self.server.ask("/api/v1/incidents", Accept_Encoding="br, gzip;q=0.8")
        self.assertEqual(packed.headers.get("content-encoding"), "gzip")
        self.assertIn("Accept-Encoding", packed.headers["vary"])
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        self.assertLess(len(packed.body), len(plain.body) / 2)
        for refused in ("gzip;q=0", "gzip;q=0.000", "identity", "xgzip", ""):
            self.assertIsNone(self.server.ask("/api/v1/incidents", Accept_Encoding=refused).headers.get("content-encoding"))

    def test_what_follows_from_the_ledger_may_be_kept_the_rest_not(self):
        self.assertEqual(self.server.ask("/api/v1/incidents").headers["cache-control"], "private, no-cache")
        self.assertEqual(self.server.ask("/api/v1/nothing").headers["cache-control"], "no-store")

    def test_many_ask_at_once(self):
        wrong, lock = [], threading.Lock()

        def ask():
            for _ in range(15):
                answer = self.server.api("incidents", limit=5)
                if answer.code != 200 or len(answer.json()["incidents"]) != 5:
                    with lock:
                        wrong.append((answer.code, answer.body))
        threads = [threading.Thread(target=ask) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])

    def test_a_body_where_none_belongs(self):
        for raw in (f"GET /api/v1/statistics HTTP/1.1\r\nHost: {self.server.host}\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
                    f"GET /api/v1/statistics HTTP/1.1\r\nHost: {self.server.host}\r\nTransfer-Encoding: chunked\r\n"
                    "Connection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n"):
            self.assertEqual(Answer(self.server.raw(raw.encode())).code, 413)
        for length in ("-1", "x", "99999999999999999999999"):
            answer = Answer(self.server.raw(f"GET /api/v1/statistics HTTP/1.1\r\nHost: {self.server.host}\r\n"
                                            f"Content-Length: {length}\r\nConnection: close\r\n\r\n".encode()))
            self.assertIn(answer.code, (0, 400, 413), length)

    def test_addresses_of_every_length(self):
        """Up to what a connection holds: refused at once. (What fills it whole libmicrohttpd drops, at the latest when idle.)"""
        for size in (8180, 8200, 12000, 16000, 24000, 30000):
            begun = time.monotonic()
            answer = Answer(self.server.raw(f"GET /api/v1/search?text={'a' * size} HTTP/1.1\r\nHost: {self.server.host}\r\n"
                                            "Connection: close\r\n\r\n".encode()))
            self.assertIn(answer.code, (400, 414, 431), size)
            self.assertLess(time.monotonic() - begun, 8, size)

    def test_headers_that_are_too_large_leave_nothing(self):
        for _ in range(20):  # the sanitizers count what is left
            raw = f"GET /api/v1/search HTTP/1.1\r\nHost: {self.server.host}\r\nX: {'a' * 60000}\r\n\r\n".encode()
            try:
                self.assertIn(Answer(self.server.raw(raw)).code, (0, 400, 431))
            except ConnectionError:
                pass

    def test_who_may_only_read_changes_nothing(self):
        for body in (b"{}", b"", b"x" * 5000):
            connection = Connection(self.server)
            answer = connection.ask("/api/v1/presence", method="POST", body=body, Content_Type="application/json")
            connection.close()
            self.assertIn(answer.code, (401, 403))


class Settling(WithServer):
    """As of a large ledger: while others change it, they are followed once a second."""
    options = ("settles=1",)

    def test_what_others_add_is_told_before_long(self):
        for at in range(3):
            before = {name: self.server.ask("/api/v1/" + name).headers["etag"] for name in ("statistics", "incidents", "facets")}
            add(self.server, dict(self.readings[-1], id=f"further-{at}", url=f"https://further.example/{at}"))
            while self.server.api("statistics").json()["documents"] != len(self.readings) + at:
                pass  # the test's own time ends it
            after = {name: self.server.ask("/api/v1/" + name).headers["etag"] for name in before}
            self.assertFalse(set(before.values()) & set(after.values()))
            self.assertEqual(self.server.api("facets").json()["total"], self.server.api("incidents").json()["total"])


class Damaged(WithServer):
    def test_what_is_told_of_it_names_no_file(self):
        path = os.path.join(self.server.folder.name, "ledger.db")
        with contextlib.closing(sqlite3.connect(path)) as ledger:
            ledger.execute("ALTER TABLE document RENAME TO gone")
        for name in ("documents", "documents/any", "search?text=a", "incidents/i-0000", "voices/any"):
            answer = self.server.ask("/api/v1/" + name)
            self.assertNotIn(self.server.folder.name, answer.body.decode(), name)
        self.assertEqual(self.server.ask("/api/v1/documents").code, 500)


class Slow(WithServer):
    COUNT = 10000 if "ISNAD_SOAK" in os.environ else 400

    def crowd(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = self.COUNT + 200
        if soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
        return [socket.create_connection(("127.0.0.1", self.server.port), timeout=120) for _ in range(self.COUNT)]

    def test_a_crowd_of_slow_ones(self):
        before = resident_megabytes(self.server.process.pid)
        crowd = self.crowd()
        good, times, memory = Connection(self.server), [], 0
        try:
            for turn, byte in enumerate(b"GET /api/v1/statistics HTTP/1.1"):
                for at, slow in enumerate(crowd):
                    slow.send(bytes([byte]))
                    if at % (self.COUNT // 20) == 0:
                        begun = time.monotonic()
                        self.assertEqual(good.ask("/api/v1/incidents?limit=10").code, 200)
                        times.append(time.monotonic() - begun)
                memory = max(memory, resident_megabytes(self.server.process.pid))
                if turn == 3:
                    break
            self.assertEqual(self.server.ask("/").code, 200, "a new one gets in")
        finally:
            good.close()
            for slow in crowd:
                slow.close()
        times.sort()
        print(f"soak: {self.COUNT} slow connections: {memory:.0f} MB resident ({before:.0f} before), a good asker's "
              f"answer after {1000 * times[len(times) // 2]:.1f} ms (half), {1000 * times[-1]:.1f} ms (all); seed 0")
        self.assertLess(times[len(times) // 2], 5)
        self.assertLess(times[-1], 30)
        if self.COUNT == 10000 and before < 60:  # sanitizers take their own
            self.assertLess(memory, 200)

    def test_who_vanishes_costs_nothing(self):
        files = open_files(self.server)
        for cut in (b"GET /api/v1/inci", b"POST /api/v1/presence HTTP/1.1\r\nHost: " + self.server.host.encode() +
                    b"\r\nContent-Length: 4000\r\nContent-Type: application/json\r\n\r\n{",
                    f"GET /api/v1/incidents HTTP/1.1\r\nHost: {self.server.host}\r\n\r\n".encode()):
            for _ in range(40):
                with socket.create_connection(("127.0.0.1", self.server.port)) as connection:
                    connection.sendall(cut)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.assertTrue(until(lambda: open_files(self.server) <= files))
        self.assertEqual(self.server.ask("/").code, 200)


class Impatient(WithServer):
    options = ("patience=1",)

    def test_who_dribbles_is_closed(self):
        slow = socket.create_connection(("127.0.0.1", self.server.port))
        slow.settimeout(0.05)
        begun = time.monotonic()

        def closed():
            try:
                slow.send(b"x")
                return slow.recv(100) == b""
            except TimeoutError:
                return False
            except OSError:
                return True
        self.assertTrue(until(closed))
        self.assertLess(time.monotonic() - begun, 60)
        slow.close()

    def test_events_and_answers_are_not(self):
        events = Events(self.server)
        begun = time.monotonic()
        self.assertTrue(until(lambda: time.monotonic() - begun > 3))
        add(self.server, self.readings[-1])
        self.assertEqual(events.next()["event"], "added")
        events.close()


class Full(WithServer):
    options = ("connections=16", "patience=1")

    def test_when_it_is_full_others_get_in_later(self):
        crowd = [socket.create_connection(("127.0.0.1", self.server.port)) for _ in range(40)]
        self.assertEqual(self.server.ask("/").code, 200)
        for slow in crowd:
            slow.close()


class Live(WithServer):
    def test_what_another_process_adds_is_told(self):
        events = Events(self.server)
        self.assertEqual((events.answer.code, events.answer.headers["content-type"], events.answer.headers["cache-control"]),
                         (200, "text/event-stream", "no-store"))
        add(self.server, self.readings[-1])
        told = events.next()
        self.assertEqual((told["event"], told["data"]), ("added", {"documents": 1}))
        missed = Events(self.server, last=told["id"])
        add(self.server, dict(self.readings[-1], id="further", url="https://further.example/"))
        self.assertEqual(missed.next()["data"], {"documents": 1})
        again = Events(self.server, last=told["id"])
        self.assertNotEqual(again.next()["id"], told["id"])
        for listener in (events, missed, again):
            listener.close()

    def test_who_comes_from_before_is_told_that_it_lost_something(self):
        for last in ("1-1", "x", "99999999999999-1", "-", "1" * 40):
            listener = Events(self.server, last=last)
            self.assertEqual(listener.next()["event"], "lost", last)
            listener.close()

    def test_listeners_hold_no_thread_and_are_bounded(self):
        listeners = [Events(self.server) for _ in range(16)]
        self.assertEqual({listener.answer.code for listener in listeners}, {200})
        refused = Events(self.server)
        self.assertEqual(refused.answer.code, 429)
        self.assertTrue(refused.answer.headers["retry-after"])
        refused.close()
        self.assertEqual(self.server.api("statistics").code, 200)
        add(self.server, self.readings[-1])
        self.assertEqual({listener.next()["event"] for listener in listeners}, {"added"})
        for listener in listeners:
            listener.close()

        def one_gets_in():
            listener = Events(self.server)
            listener.close()
            return listener.answer.code == 200
        self.assertTrue(until(one_gets_in))

    def test_pages_that_were_closed_do_not_count(self):
        for _ in range(3 * 16):
            listener = Events(self.server)
            self.assertEqual(listener.answer.code, 200)
            while b"retry:" not in listener.text:
                listener.more()
            listener.close()

    def test_it_ends_with_listeners(self):
        self.listeners = [Events(self.server) for _ in range(5)]
        before = time.monotonic()
        self.assertEqual(self.server.stop(), (0, ""))
        self.assertLess(time.monotonic() - before, 30)
        for listener in self.listeners:
            listener.close()
        self.server = Server([])


class Based(WithServer):
    options = ("base=/isnad/",)

    def test_all_is_below_the_base(self):
        self.assertTrue(self.server.url.endswith("/isnad/"))
        page = self.server.ask("/isnad/")
        self.assertEqual(page.code, 200)
        self.assertIn(b'<base href="/isnad/">', page.body)
        packed = self.server.ask("/isnad/incidents", Accept_Encoding="gzip")
        self.assertEqual(gzip.decompress(packed.body), page.body)
        self.assertEqual(self.server.ask("/isnad/", If_None_Match=page.headers["etag"]).code, 304)
        self.assertEqual(self.server.ask("/isnad/api/v1/statistics").code, 200)
        moved = self.server.ask("/isnad")
        self.assertEqual((moved.code, moved.headers["location"]), (308, "/isnad/"))
        for target in ("/", "/api/v1/statistics", "/isnadx/", "/isnad2", "/other/isnad/", "/isnad/isnad/"):
            self.assertEqual(self.server.ask(target).code, 404, target)


class Proxied(WithServer):
    options = ("proxy=1", "name=archive.example")

    def test_what_the_proxy_says_is_believed(self):
        answer = self.server.ask("/api/v1/statistics", X_Forwarded_Host="archive.example", X_Forwarded_Proto="https")
        self.assertEqual(answer.code, 200)
        self.assertTrue(answer.headers["strict-transport-security"].startswith("max-age="))
        self.assertNotIn("strict-transport-security", self.server.ask("/", X_Forwarded_Proto="http").headers)
        self.assertEqual(self.server.ask("/", X_Forwarded_Host="evil.example").code, 421)
        self.assertEqual(self.server.ask("/", host="archive.example").code, 200)


class Unproxied(WithServer):
    def test_headers_of_a_proxy_that_is_none_say_nothing(self):
        answer = self.server.ask("/", X_Forwarded_Host="evil.example", X_Forwarded_Proto="https", X_Forwarded_For="192.0.2.1")
        self.assertEqual(answer.code, 200)
        self.assertNotIn("strict-transport-security", answer.headers)
        self.assertEqual(self.server.ask("/", host="evil.example", X_Forwarded_Host=self.server.host).code, 421)


@unittest.skipUnless(OPENSSL, "SKIPPED: without the command openssl no certificate was made")
class Secured(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.certificate, cls.key = (os.path.join(cls.folder.name, name) for name in ("full.pem", "key.pem"))
        subprocess.run([OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-keyout", cls.key, "-out", cls.certificate, "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_answers_by_tls(self):
        server = Server(fixtures.readings(), f"certificate={self.certificate}", f"key={self.key}")
        try:
            self.assertTrue(server.url.startswith("https://"))
            context = ssl.create_default_context(cafile=self.certificate)
            for _ in range(3):
                connection = Connection(server, context)
                for _ in range(3):
                    answer = connection.ask("/api/v1/incidents")
                    self.assertEqual(answer.code, 200)
                    self.assertTrue(answer.json()["incidents"])
                    self.assertIn("strict-transport-security", answer.headers)
                connection.close()
            self.assertNotEqual(server.ask("/").code, 200, "no plain answer")
        finally:
            self.assertEqual(server.stop(), (0, ""))

    def test_what_is_no_certificate_is_told(self):
        broken = os.path.join(self.folder.name, "broken.pem")
        pathlib.Path(broken).write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        none = os.path.join(self.folder.name, "none.pem")
        other = os.path.join(self.folder.name, "other.pem")
        subprocess.run([OPENSSL, "genpkey", "-algorithm", "ed25519", "-out", other], check=True, capture_output=True)
        for certificate, key, code in ((none, self.key, 4), (self.certificate, none, 4), (__file__, self.key, 5),
                                       (broken, self.key, 5), (self.certificate, broken, 5), (self.key, self.key, 5),
                                       (self.certificate, other, 5), (self.certificate, None, 2)):
            options = [f"certificate={certificate}"] + ([f"key={key}"] if key else [])
            server = Server([], *options)
            found, errors = server.stop()
            self.assertEqual(found, code, options)
            self.assertTrue(errors.strip())


if __name__ == "__main__":
    if not PROGRAM:
        sys.exit("ISNAD_SERVE_FIXTURE must name the built serve_fixture")
    unittest.main(verbosity=1)
