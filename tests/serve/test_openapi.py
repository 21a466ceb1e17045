#!/usr/bin/env python3
"""The server held to its own description: schemathesis (tests/requirements.txt) asks it all that api/v1/openapi.json
says can be asked, and much that it does not; no answer may be a defect, and all must be as described.

Of the addresses that take a filter only /incidents is asked all that is no filter, since one function reads it for all
of them; each of them is asked the same few wrong fields. With ISNAD_SOAK they are asked everything.

ISNAD_SERVE_FIXTURE names the built tests/serve/serve_fixture, ISNAD_PROGRAM the program, without which no bundles
are made. `make test` asks the same questions each time; with ISNAD_SOAK=N there are N times as many, and others. ISNAD_SEED.
"""
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fixtures  # noqa: E402
from test_workspace import PROGRAM, Server  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ISNAD = os.environ.get("ISNAD_PROGRAM", "")
ASKER = shutil.which("schemathesis", path=str(ROOT / ".venv/bin")) or shutil.which("schemathesis")
CHECKS = ("not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
          "response_schema_conformance")

# What is wrong of a filter's fields, and of those that an address has beside it.
WRONG = {"from": "2026-13-01", "to": "yesterday", "country": "SYR", "box": "1,2,3", "effect": "harmed", "event": "none", "least": "-1",
         "most": "x", "voices": "1.5", "voices_most": "2147483648", "disputed": "2", "order": "up", "limit": "0", "offset": "-1",
         "unknown": "1"}
BESIDE = {"documents": {}, "facets": {}, "timeline": {}, "map": {"zoom": "25"}, "bundle": {},
          "export": {"what": "all", "format": "pdf", "bom": "2", "hxl": "yes", "raw": "-"}, "compare": {"by": "colour"}}


class Described(unittest.TestCase):
    def setUp(self):
        self.server = Server(fixtures.readings(with_hostile=True), *([f"program={ISNAD}"] if ISNAD else []))

    def tearDown(self):
        self.assertEqual(self.server.stop(), (0, ""))

    def test_the_description_is_served(self):
        answer = self.server.api("openapi.json")
        self.assertEqual((answer.code, answer.headers["content-type"]), (200, "application/json"))
        whole = answer.json()
        self.assertTrue(whole["openapi"].startswith("3.1"))
        refs = set(re.findall(r'"\$ref": ?"#/components/(\w+)/(\w+)"', answer.body.decode()))
        for kind, name in refs:
            self.assertIn(name, whole["components"][kind])

    def test_no_list_is_of_nothing(self):
        whole, asked = self.server.api("openapi.json").json(), []
        for path, operations in whole["paths"].items():
            for parameter in operations.get("get", {}).get("parameters", []):
                parameter = whole["components"]["parameters"].get(parameter.get("$ref", "").split("/")[-1], parameter)
                if parameter["name"] == "limit":
                    asked.append(path)
                    self.assertEqual(parameter["schema"]["minimum"], 1, path)
                    for limit in (0, parameter["schema"]["maximum"] + 1):
                        answer = self.server.api(path[1:].replace("{id}", "any"), limit=limit)
                        self.assertEqual((answer.code, answer.json()["error"].get("field")), (400, "limit"), path)
        self.assertGreaterEqual(set(asked), {"/incidents", "/documents", "/search", "/voices", "/voices/{id}", "/queue", "/acts",
                                             "/proposals", "/audit", "/export"})

    def test_a_filter_that_is_none_is_refused_everywhere(self):
        for path, own in BESIDE.items():
            if path == "bundle" and not ISNAD:
                continue
            for name, value in {**WRONG, **own}.items():
                answer = self.server.api(path, **{"by": "outlet", "a": "x", "b": "y", name: value} if path == "compare" else {name: value})
                self.assertEqual((answer.code, answer.json()["error"].get("field")), (400, name), (path, name))

    @unittest.skipUnless(ASKER, "SKIPPED: schemathesis is not installed (tests/requirements.txt)")
    def test_it_answers_as_described(self):
        seed = int(os.environ.get("ISNAD_SEED", random.randrange(1 << 31) if "ISNAD_SOAK" in os.environ else 1))
        examples = 4 * int(os.environ.get("ISNAD_SOAK", 1))
        incident = self.server.api("incidents").json()["incidents"][0]["id"]
        with tempfile.TemporaryDirectory() as folder:
            ids = f'[parameters]\n"path.id" = "{incident}"\n' if seed % 2 else ""
            filters = "" if "ISNAD_SOAK" in os.environ else "".join(
                f'[[operations]]\ninclude-path = "/{path}"\nphases.coverage.generation.mode = "positive"\n' for path in BESIDE)
            pathlib.Path(folder, "schemathesis.toml").write_text(ids + filters)
            done = subprocess.run(
                [ASKER, "run", f"{self.server.url}api/v1/openapi.json", "--url", f"{self.server.url}api/v1",
                 "--checks", CHECKS, "--exclude-path", "/events", *([] if ISNAD else ["--exclude-path", "/bundle"]), "--phases", "examples,coverage,fuzzing",
                 "--max-examples", str(examples), "--seed", str(seed), "--no-color", "--warnings", "off",
                 "--generation-database", "none", "--continue-on-failure",
                 "--request-timeout", "300", "--suppress-health-check", "all"],  # a slow machine is no defect
                cwd=folder, capture_output=True, text=True, timeout=850 * int(os.environ.get("ISNAD_SOAK", 1)), check=False)
        found = re.search(r"(\d+) generated", done.stdout)
        print(f"soak: schemathesis: {found.group(1) if found else '?'} questions, seed {seed}")
        self.assertEqual(done.returncode, 0, f"ISNAD_SEED={seed}\n{done.stdout[-12000:]}{done.stderr[-2000:]}")


if __name__ == "__main__":
    if not PROGRAM:
        sys.exit("ISNAD_SERVE_FIXTURE must name the built serve_fixture")
    unittest.main(verbosity=1)
