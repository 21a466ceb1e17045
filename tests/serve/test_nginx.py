#!/usr/bin/env python3
"""Behind nginx, as docs/serve.md says: its own example is what nginx is run with, over TLS, on a port of its own.

ISNAD_PROGRAM names the program. Without nginx or openssl nothing is tried.
"""
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from test_actions import JSON, PASSWORD, PROGRAM, Server, wait_for  # noqa: E402

DOCS = pathlib.Path(__file__).resolve().parent.parent.parent / "docs/serve.md"
NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
OPENSSL = shutil.which("openssl")
NAME = "archive.example"
CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d;
    scgi_temp_path {folder}/e;
    server {{
        listen 127.0.0.1:{port} ssl;
        server_name {name};
        ssl_certificate {folder}/cert.pem;
        ssl_certificate_key {folder}/key.pem;
{location}
    }}
}}
"""


def example():
    """What docs/serve.md says: the options of the server, and nginx's location."""
    text = DOCS.read_text(encoding="utf-8")
    serve = re.search(r"^ {4}isnad serve --ledger \S+ (--proxy .*)$", text, re.MULTILINE).group(1)
    return serve.split(), re.search(r"^ {4}location .*?^ {4}\}$", text, re.MULTILINE | re.DOTALL).group(0)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Nginx:
    def __init__(self, behind, location):
        self.folder = tempfile.mkdtemp(prefix="isnad-nginx-")
        self.port = free_port()
        subprocess.run([OPENSSL, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={NAME}", "-days", "2", "-keyout",
                        f"{self.folder}/key.pem", "-out", f"{self.folder}/cert.pem"], check=True, capture_output=True)
        location, count = re.subn(r"http://127\.0\.0\.1:8377;", f"http://127.0.0.1:{behind};", location)
        assert count == 1, location
        path = f"{self.folder}/nginx.conf"
        pathlib.Path(path).write_text(CONFIGURATION.format(folder=self.folder, port=self.port, name=NAME, location=location),
                                      encoding="utf-8")
        self.process = subprocess.Popen([NGINX, "-c", path, "-e", f"{self.folder}/errors"], stderr=subprocess.DEVNULL)
        wait_for(self.listens)

    def listens(self):
        assert self.process.poll() is None, pathlib.Path(f"{self.folder}/errors").read_text(encoding="utf-8")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
            return True
        return False

    def end(self):
        self.process.terminate()
        self.process.wait(timeout=60)
        shutil.rmtree(self.folder)


@unittest.skipUnless(NGINX and OPENSSL, "SKIPPED: nginx or openssl is not installed")
class Behind(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        options, location = example()
        cls.server = Server(*options)
        cls.nginx = Nginx(cls.server.port, location)
        cls.host = f"{NAME}:{cls.nginx.port}"

    @classmethod
    def tearDownClass(cls):
        cls.nginx.end()
        errors = cls.server.end()
        cls.server.remove()
        assert cls.server.process.returncode == 0 and not errors, errors

    def connection(self):
        context = ssl.create_default_context(cafile=f"{self.nginx.folder}/cert.pem")
        context.check_hostname = False
        return http.client.HTTPSConnection("127.0.0.1", self.nginx.port, timeout=120, context=context)

    def ask(self, method, target, body=None, headers=None):
        """As a browser asks from a page of this server; None takes a header away."""
        sent = {"Host": self.host, "Origin": f"https://{self.host}", "Sec-Fetch-Site": "same-origin", **(headers or {})}
        if isinstance(body, dict):
            body, sent = json.dumps(body), {**JSON, **sent}
        with contextlib.closing(self.connection()) as connection:
            connection.request(method, target, body, {name: value for name, value in sent.items() if value is not None})
            answer = connection.getresponse()
            answer.body = answer.read()
        return answer

    def signed_in(self, name, **headers):
        csrf = json.loads(self.ask("GET", "/isnad/api/v1/session").body)["csrf"]
        answer = self.ask("POST", "/isnad/api/v1/session", {"name": name, "password": PASSWORD}, {"X-Isnad-CSRF": csrf, **headers})
        self.assertEqual(answer.status, 200, answer.body)
        self.cookie = answer.headers["set-cookie"]
        return {"Cookie": self.cookie.split(";")[0], "X-Isnad-CSRF": json.loads(answer.body)["csrf"]}

    def test_pages_and_what_they_load_are_below_the_path(self):
        page = self.ask("GET", "/isnad/")
        self.assertEqual(page.status, 200)
        self.assertIn(b'<base href="/isnad/">', page.body)
        loaded = re.findall(rb'(?:src|href)="(assets/[^"]+)"', page.body)
        self.assertTrue(loaded)
        for name in loaded:
            self.assertEqual(self.ask("GET", "/isnad/" + name.decode()).status, 200, name)
        self.assertEqual(self.ask("GET", "/isnad/incidents/any").body, page.body)
        moved = self.ask("GET", "/isnad")
        self.assertIn(moved.status, (301, 308))
        self.assertEqual(urllib.parse.urlsplit(moved.headers["location"]).path, "/isnad/")

    def test_the_session_is_of_this_path_and_of_tls(self):
        self.signed_in("Nour")
        attributes = {part.strip() for part in self.cookie.split(";")[1:]}
        self.assertEqual(attributes, {"Path=/isnad/", "HttpOnly", "SameSite=Lax", "Secure"})
        self.assertIn("max-age", self.ask("GET", "/isnad/").headers["strict-transport-security"])

    def test_pages_of_this_server_change_something_and_no_others(self):
        rima = self.signed_in("Rima")
        incident = self.server_incident(rima)
        act = {"kind": "comment", "ids": [incident], "values": ["by way of a proxy"]}
        self.assertEqual(self.ask("POST", "/isnad/api/v1/acts", act, rima).status, 201)
        for wrong in ({"X-Isnad-CSRF": None}, {"X-Isnad-CSRF": "0" * 64}, {"Origin": "https://evil.example"},
                      {"Origin": f"http://{self.host}"}, {"Origin": f"https://{NAME}:1"}, {"Sec-Fetch-Site": "cross-site"}):
            self.assertEqual(self.ask("POST", "/isnad/api/v1/acts", act, {**rima, **wrong}).status, 403, wrong)

    def server_incident(self, who):
        return json.loads(self.ask("GET", "/isnad/api/v1/incidents", headers=who).body)["incidents"][0]["id"]

    def test_what_the_asker_says_of_itself_is_not_believed(self):
        forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
        self.signed_in("Omar", **forged)
        self.assertIn("Secure", self.cookie)
        hala = self.signed_in("Hala")
        events = json.loads(self.ask("GET", "/isnad/api/v1/audit?limit=1000", headers=hala).body)["events"]
        self.assertEqual({e["from"] for e in events if e["name"] == "Omar" and e["what"] == "login"}, {"127.0.0.1"})
        self.assertEqual(self.ask("GET", "/isnad/", headers={"Host": "evil.example"}).status, 421)

    def test_events_come_at_once(self):
        rima, omar = self.signed_in("Rima"), self.signed_in("Omar")
        incident = self.server_incident(rima)
        with contextlib.closing(self.connection()) as connection:
            connection.request("GET", "/isnad/api/v1/events", headers={"Host": self.host, **omar})
            stream = connection.getresponse()
            self.assertEqual((stream.status, stream.headers["content-type"]), (200, "text/event-stream"))
            self.assertEqual(stream.readline(), b"retry: 2000\n")
            self.ask("POST", "/isnad/api/v1/acts", {"kind": "comment", "ids": [incident], "values": ["now"]}, rima)
            lines = iter(stream.readline, b"")
            self.assertIn(b"event: act\n", (line for line in lines))
            self.assertIn(incident.encode(), next(lines))

    def test_large_files_are_taken(self):
        rima = self.signed_in("Rima")
        sent = b"<html><body><p>" + b"word " * 1000000
        answer = self.ask("POST", "/isnad/api/v1/uploads?name=large.html", sent, rima)
        self.assertEqual((answer.status, json.loads(answer.body).get("bytes")), (201, len(sent)))

    def test_an_export_comes_whole(self):
        nour = self.signed_in("Nour")
        answer = self.ask("GET", "/isnad/api/v1/export?what=documents", headers=nour)
        self.assertEqual(answer.status, 200)
        self.assertEqual(len([json.loads(line) for line in answer.body.splitlines()]), 3)


if __name__ == "__main__":
    if not PROGRAM:
        sys.exit("ISNAD_PROGRAM must name the built program")
    unittest.main(verbosity=2)
