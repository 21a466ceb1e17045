#!/usr/bin/env python3
"""Voices across incidents, the queue of review, stories and comparisons over real sockets: good and bad, page by page, and what
readers may not see.

ISNAD_SERVE_FIXTURE names the built tests/serve/serve_fixture."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fixtures  # noqa: E402
from test_access import PASSWORD, SECRET, Nobody, Server, hidden_story, signed_in  # noqa: E402

ORDERS = {"incidents": "incidents", "claims": "claims", "first": "first", "alone": "alone", "last": "last"}


class Voices(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(fixtures.readings() + hidden_story())
        made = cls.server.ask("POST", "setup", {"token": cls.server.link(), "name": "Amal", "password": PASSWORD})
        cls.admin = Nobody(cls.server).take(made)
        for name, role in (("Rima", "reviewer"), ("Nour", "reader")):
            assert cls.admin.ask("POST", "users", {"name": name, "role": role, "password": PASSWORD}).code == 201
        cls.rima, cls.nour = signed_in(cls.server, "Rima"), signed_in(cls.server, "Nour")
        assert cls.admin.ask("PATCH", "settings", {"public": True}).code == 200
        found = cls.rima.get("incidents", text=f"country:YE event:shelling {SECRET}").json()["incidents"]
        cls.hidden = found[0]["id"]
        cls.secret_voice = cls.rima.get("voices", text=SECRET).json()["voices"][0]["key"]
        cls.act("sensitive", [cls.hidden])

    @classmethod
    def tearDownClass(cls):
        code, errors = cls.server.stop()
        assert code == 0 and not errors, (code, errors)

    @classmethod
    def act(cls, kind, ids=(), values=()):
        answer = cls.rima.ask("POST", "acts", {"kind": kind, "ids": list(ids), "values": list(values)})
        assert answer.code == 201, answer.body
        return answer.json()

    def ask(self, path, who=None, code=200, **fields):
        answer = (who or self.nour).get(path, **fields)
        self.assertEqual(answer.code, code, answer.body[:300])
        return answer.json()

    def refused(self, path, field=None, code=400, **fields):
        error = self.ask(path, code=code, **fields)["error"]
        self.assertTrue(error["message"])
        if field:
            self.assertEqual(error["field"], field)

    def walk(self, path, rows, who=None, **fields):
        out, after = [], {}
        while True:
            page = self.ask(path, who, **fields, **after)
            self.assertLessEqual(len(page[rows]), fields.get("limit", 1000))
            out += page[rows]
            if page["next"] is None:
                return out
            after = {"after": page["next"]}

    # ---- lists

    def test_pages_meet_in_every_order(self):
        for who in (self.rima, self.nour):
            for order, field in ORDERS.items():
                whole = self.ask("voices", who, order=order, limit=500)["voices"]
                self.assertGreater(len(whole), 8)
                self.assertEqual(self.walk("voices", "voices", who, order=order, limit=3), whole)
                values = [v[field] if v[field] is not None else "" for v in whole]
                self.assertEqual(values, sorted(values, reverse=True), order)
                self.assertEqual(len({v["key"] for v in whole}), len(whole))

    def test_a_list_is_narrowed(self):
        monitors = self.ask("voices", kind="monitor")["voices"]
        self.assertEqual({v["kind"] for v in monitors}, {"monitor"})
        self.assertEqual(self.ask("voices", text="observatory rights")["voices"], [])  # words as they follow each other
        found = self.ask("voices", text="eastern RIGHTS")["voices"]
        self.assertEqual([v["name"] for v in found], ["The Eastern Rights Observatory"])
        self.assertEqual(self.ask("voices", text="الدفاع")["voices"][0]["kind"], "rescue")
        for text in ("%", "_", "100%", "'", '"', "\\", "\u202e", "a" * 500):
            self.assertEqual(self.ask("voices", text=text, kind="monitor")["voices"], [], text)

    def test_what_is_wrong_is_refused(self):
        cursor = self.ask("voices", limit=1)["next"]
        self.assertTrue(cursor)
        self.refused("voices", "order", order="size")
        for limit in ("0", "501", "x", "-1"):
            self.refused("voices", "limit", limit=limit)
        for after in ("junk", "1", " ", "1" * 40 + " s-1", "x s-1"):
            self.refused("voices", after=after)
        key = self.ask("voices")["voices"][0]["key"]
        self.refused("voices/" + key, "limit", limit="101")
        self.refused("voices/" + key, after="junk")
        self.refused("voices/" + key, after="1 x")
        for none in ("s-00000000000000000000000000000000", "nobody", "i-1", "%25", "s-%27"):
            self.assertEqual(self.nour.get("voices/" + none).code, 404, none)
        self.assertIn(self.nour.get("voices/s-").code, (400, 404))
        self.refused("queue", reason="yesterday")
        self.refused("queue", "limit", limit="201")
        self.refused("queue", after="1 2")
        self.refused("compare", "by", by="colour", a="1", b="2")
        self.refused("compare", by="period", a="2026-13", b="2025")
        self.refused("compare", by="period", a="2026")
        self.refused("compare", by="outlet", a="x", b="y", disputed="perhaps")
        self.assertEqual(self.nour.get("incidents/i-00000000000000000000000000000000/story").code, 404)
        for path in ("voices", "queue", "compare"):
            self.assertEqual(self.nour.ask("POST", path, {}).code, 405, path)

    # ---- one voice

    def test_one_voice_is_what_its_row_says(self):
        for row in self.ask("voices", limit=500)["voices"]:
            one = self.ask("voices/" + row["key"])
            self.assertEqual({k: v for k, v in one.items() if k in row and k != "incidents"},
                             {k: v for k, v in row.items() if k != "incidents"})
            incidents = self.walk("voices/" + row["key"], "incidents", limit=1)
            self.assertEqual(len(incidents), row["incidents"])
            self.assertEqual(one["total"], row["incidents"])
            self.assertEqual(sum(i["first"] for i in incidents), row["first"])
            self.assertEqual(sum(i["alone"] for i in incidents), row["alone"])
            for name, count in row["against"].items():
                self.assertEqual(sum(i["against"] == name for i in incidents), count, name)
            self.assertEqual(self.ask("voices/" + row["key"][:20])["key"], row["key"])
        self.assertEqual(self.nour.get("voices/" + row["key"]).headers.get("etag") is not None, True)

    def test_names_that_reviewers_give(self):
        a, b = (self.ask("voices", text=text)["voices"][0]["key"] for text in ("eastern rights", "المرصد السوري"))
        act = self.act("name", [a, b], ["name=The Example observatory", "name_ar=مرصد المثال"])
        named = self.ask("voices", text="example")["voices"]
        self.assertEqual([(v["key"], v["name_ar"], v["named"], v["incidents"]) for v in named], [(a, "مرصد المثال", True, 2)])
        self.assertEqual(self.ask("voices/" + b)["key"], a)
        undone = self.rima.ask("POST", "acts/undo", {"acts": [act["last"]]})
        self.assertIn(undone.code, (200, 201), undone.body)
        self.assertEqual(self.ask("voices", text="example")["voices"], [])
        self.assertEqual(self.ask("voices/" + b)["key"], b)
        self.assertEqual(self.nour.ask("POST", "acts", {"kind": "name", "ids": [a], "values": ["name=x"]}).code, 403)
        self.assertIn(self.rima.ask("POST", "acts", {"kind": "name", "ids": ["s-00000000"], "values": ["name=x"]}).code, (400, 404))

    # ---- stories, sides

    def test_a_story_is_of_its_incident(self):
        for row in self.ask("incidents", limit=200)["incidents"]:
            incident, story = self.ask("incidents/" + row["id"]), self.ask(f"incidents/{row['id']}/story")
            self.assertEqual((story["format"], story["incident"]), ("isnad-story/1", row["id"]))
            self.assertEqual(len(story["voices"]), incident["voices"]["independent"])
            claims = {c["id"] for c in incident["claims"]}
            for voice in story["voices"]:
                self.assertLessEqual({c for said in voice["said"] for c in said["claims"]}, claims)
                if voice["source"]:
                    self.assertEqual(self.ask("voices/" + voice["source"])["key"], voice["source"])
            nodes = {n["id"] for n in story["nodes"]}
            self.assertEqual(len(nodes), len(story["nodes"]))
            before = {}
            for edge in story["edges"]:
                self.assertLessEqual({edge["from"], edge["to"]}, nodes)
                before.setdefault(edge["to"], set()).add(edge["from"])
            left = set(nodes)
            while left:  # no ring
                free = {n for n in left if not before.get(n, set()) & left}
                self.assertTrue(free, row["id"])
                left -= free

    def test_two_sides(self):
        outlets = sorted({o["value"] for o in self.ask("facets")["outlets"]})[:4]
        for a in outlets:
            for b in outlets:
                sides = self.ask("compare", by="outlet", a=a, b=b)
                counts = sides["counts"]
                self.assertEqual(counts["only_a"] + counts["both"], sides["a"]["incidents"])
                self.assertEqual(counts["only_b"] + counts["both"], sides["b"]["incidents"])
                if a == b:
                    self.assertEqual((counts["only_a"], counts["only_b"]), (0, 0))
        years = self.ask("compare", by="period", a="2026", b="2025", country="YE")
        self.assertEqual(years["a"]["incidents"], 0)
        self.assertEqual(years["b"]["incidents"], 1)
        self.assertEqual(self.ask("compare", by="place", a="Sarmin", b="Mosul")["counts"], {"only_a": 1, "only_b": 1, "both": 0})

    # ---- the queue

    def test_the_queue_page_by_page(self):
        whole = self.ask("queue", limit=200)
        self.assertGreater(len(whole["items"]), 3)
        self.assertEqual(self.walk("queue", "items", limit=1), whole["items"])
        self.assertEqual(sum(whole["counts"].values()), len(whole["items"]))
        for reason, count in whole["counts"].items():
            self.assertEqual(len(self.ask("queue", reason=reason, limit=200)["items"]), count)

    def test_the_queue_follows_what_is_done(self):
        light = self.ask("queue", reason="first_report", limit=200)["items"][-1]["incident"]["id"]
        act = self.act("assign", [light], ["Rima"])
        own = self.ask("queue", assignee="Rima")["items"]
        self.assertEqual([(i["incident"]["id"], i["reason"], i["assignee"]) for i in own], [(light, "assigned", "Rima")])
        self.assertNotIn(light, [i["incident"]["id"] for i in self.ask("queue", assignee="none", limit=200)["items"]])
        self.act("undo", [str(act["last"])])
        self.assertEqual(self.ask("queue", assignee="Rima")["items"], [])

    # ---- what is hidden

    def test_what_is_sensitive_is_nowhere(self):
        public = Nobody(self.server)
        for who in (self.nour, public):
            for path, fields in (("voices", {"text": SECRET}), ("voices", {"limit": 500}), ("compare", {"by": "place", "a": "Taiz", "b": "Sarmin"}),
                                 ("compare", {"by": "outlet", "a": "Quayside Courier", "b": "Harbour Light"}),
                                 ("compare", {"by": "period", "a": "2026-03", "b": "2026-02"})):
                answer = who.get(path, **fields)
                self.assertEqual(answer.code, 200)
                self.assertFalse([s for s in (SECRET, self.hidden) if s in answer.body.decode()], (path, fields))
            for path in ("voices/" + self.secret_voice, f"incidents/{self.hidden}/story"):
                self.assertEqual(who.get(path).code, 404, path)
        queue = self.nour.get("queue", limit=200)
        self.assertFalse([s for s in (SECRET, self.hidden) if s in queue.body.decode()])
        self.assertEqual(public.get("queue").code, 401)
        # Whoever may see it sees it, and more of it counts.
        self.assertEqual(self.ask("voices/" + self.secret_voice, self.rima)["total"], 1)
        self.assertEqual(self.ask(f"incidents/{self.hidden}/story", self.rima)["incident"], self.hidden)
        sums = [sum(v["claims"] for v in self.ask("voices", who, limit=500)["voices"]) for who in (self.nour, self.rima)]
        self.assertLess(sums[0], sums[1])


if __name__ == "__main__":
    unittest.main()
