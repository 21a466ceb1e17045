#!/usr/bin/env python3
"""Lists, counts, the timeline and the map over real sockets: pages that meet while documents come in, counts that are what
the list gives, cursors that are checked.

ISNAD_SERVE_FIXTURE names the built tests/serve/serve_fixture."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from test_server import WithServer, add  # noqa: E402


class Lists(WithServer):
    def ask(self, path, expected_code=200, **fields):
        answer = self.server.api(path, **fields)
        self.assertEqual(answer.code, expected_code, answer.body[:300])
        return answer.json()

    def walk(self, path, rows, between=lambda: None, **fields):
        out, page = [], self.ask(path, **fields)
        while True:
            out += page[rows]
            if page["next"] is None:
                return out
            between()
            page = self.ask(path, after=page["next"], **fields)

    def test_pages_meet(self):
        for order in ("date", "date-down", "figure-down", "voices-down"):
            whole = self.ask("incidents", order=order, limit=200)
            paged = self.walk("incidents", "incidents", order=order, limit=2)
            self.assertEqual([row["id"] for row in paged], [row["id"] for row in whole["incidents"]])
            self.assertEqual(whole["total"], len(paged))
        documents = self.ask("documents", limit=200)["documents"]
        self.assertEqual(self.walk("documents", "documents", limit=3), documents)
        found = self.ask("search", text="killed", limit=200)["results"]
        self.assertEqual(self.walk("search", "results", text="killed", limit=1), found)

    def test_a_document_that_comes_in_moves_nobody(self):
        before = {row["id"] for row in self.ask("incidents", limit=200)["incidents"]}
        new = iter([self.readings[-1]])

        def come_in():
            for reading in new:
                add(self.server, reading)
        seen = [row["id"] for row in self.walk("incidents", "incidents", come_in, order="voices-down", limit=2)]
        after = {row["id"] for row in self.ask("incidents", limit=200)["incidents"]}
        self.assertGreater(len(after), len(before))
        self.assertEqual(len(seen), len(set(seen)))
        self.assertLessEqual(before & after, set(seen))

    def test_counts_are_what_the_list_gives(self):
        fields = {"countries": "country", "admin1": "admin1", "places": "site", "events": "event", "effects": "effect",
                  "statuses": "status", "languages": "language", "outlets": "outlet", "disagreement": "disputed"}
        for chosen in ({}, {"country": "SY,YE"}, {"text": "killed"}, {"effect": "killed", "least": 3}, {"status": "new"}):
            facets = self.ask("facets", **chosen)
            self.assertEqual(facets["total"], self.ask("incidents", **chosen)["total"])
            for name, field in fields.items():
                for one in facets[name]:
                    by = {**chosen, field: one["value"].replace("\\", "\\\\").replace(",", "\\,")}
                    if name in ("admin1", "places"):
                        by = {**chosen, field: by[field]}
                    self.assertEqual(self.ask("incidents", **by)["total"], one["count"], (chosen, name, one))
            for one in facets["figures"]:
                by = {**chosen, "least": one["from"], **({} if one["to"] is None else {"most": one["to"]})}
                self.assertEqual(self.ask("incidents", **by)["total"], one["count"], (chosen, one))

    def test_the_timeline_and_the_map_add_up(self):
        total = self.ask("incidents")["total"]
        timeline = self.ask("timeline")
        self.assertEqual(sum(one["incidents"] for one in timeline["buckets"]) + timeline["undated"], total)
        for zoom in (0, 5, 12):
            places = self.ask("map", zoom=zoom)
            self.assertEqual(sum(one["incidents"] for one in places["places"]) + places["without_place"], total)
        alone = [one for one in places["places"] if one["incidents"] == 1]
        self.assertTrue(alone)
        self.assertEqual(self.ask("incidents/" + alone[0]["incident"])["id"], alone[0]["incident"])

    def test_a_row_says_what_its_line_draws(self):
        for row in self.ask("incidents", text="killed")["incidents"]:
            self.assertLessEqual(row["figure"]["low"], row["figure"]["high"])
            marks = row["snippet"]["marks"]
            words = [row["snippet"]["text"][start:end].lower() for start, end in marks]
            self.assertTrue(words and all(word.startswith("kill") for word in words), words)
            self.assertIn("status", row)

    def test_what_is_wrong_is_refused(self):
        cursor = self.ask("incidents", limit=1)["next"]
        forged = cursor[:-1] + ("0" if cursor[-1] != "0" else "1")
        for fields in ({"after": forged}, {"after": "1"}, {"after": cursor, "order": "date"}, {"after": cursor, "country": "SY"},
                       {"status": "open"}, {"disputed": "perhaps"}, {"most": "-1"}, {"language": "x", "status": ","}):
            self.assertIn("message", self.ask("incidents", 400, **{"limit": 1, **fields})["error"])
        self.ask("documents", 400, after=cursor)
        self.ask("search", 400, text="killed", after=cursor)
        self.ask("map", 400, zoom="near")


if __name__ == "__main__":
    unittest.main()
