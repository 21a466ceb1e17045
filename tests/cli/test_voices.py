#!/usr/bin/env python3
"""Voices across incidents, two sides beside each other, what waits for somebody: what is printed, command by command.

voices.golden holds each command ("$ isnad …") and what it prints; make golden writes it anew. All pages are invented."""
import json
import os
import pathlib
import re
import shlex
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from support import Case, main  # noqa: E402

GOLDEN = pathlib.Path(__file__).with_name('voices.golden')
PAGES = [
    ('a1', 'Hillside Post', '2026-01-14T09:00', 'Shelling in Raqqa',
     'The Raqqa civil defence said that 13 people were killed and 5 injured when shells hit a market in Raqqa on Wednesday.'),
    ('a2', 'Northern Wire', '2026-01-14T12:00', 'Market in Raqqa is shelled',
     'The Ghusn Observatory said that 17 people were killed when a market in Raqqa was shelled on Wednesday.\n'
     'The list by the door: nine.'),
    ('a3', 'Northern Wire', '2026-02-03T10:00', 'Air strike on Idlib',
     'The Ghusn Observatory for Human Rights said that 4 people were killed in an air strike on Idlib on Tuesday.'),
]


class Voices(Case):
    def setUp(self):
        super().setUp()
        keys = ('id', 'outlet', 'published', 'title', 'text')
        self.file('pages.jsonl', ''.join(json.dumps(dict(zip(keys, page))) + '\n' for page in PAGES))
        self.run_isnad('add', '--from', 'jsonl', 'pages.jsonl')

    def key(self, name):
        return self.lines('voices', name, '--format', 'jsonl')[0]['key']

    def test_what_is_printed(self):
        out = []
        for block in GOLDEN.read_text(encoding='utf-8').split('$ isnad ')[1:]:
            command = block.partition('\n')[0]
            done = self.run_isnad(*shlex.split(command), code=None)
            text = re.sub(r'\b20[3-9]\d-\d\d-\d\dT\d\d:\d\d:\d\dZ|\b2026-(0[3-9]|1[0-2])-\d\dT[\d:]+Z', 'TIME', done.text)
            error = re.sub(r'\bc-[0-9a-f]{32}', 'CLAIM', done.error.replace(str(self.ledger), 'LEDGER'))  # of the act's time
            status = f'(status {done.returncode})\n' if done.returncode else ''
            out.append(f'$ isnad {command}\n{text}{error}{status}')
        if os.environ.get('ISNAD_GOLDEN'):
            GOLDEN.write_text('\n'.join(out), encoding='utf-8')
        expected = [block.rstrip('\n') for block in re.split(r'(?m)^(?=\$ isnad )', GOLDEN.read_text(encoding='utf-8')) if block]
        self.assertEqual([block.rstrip('\n') for block in out], expected)

    def test_lists_page_by_page_are_the_whole(self):
        whole = self.lines('voices', '--format', 'jsonl', '--limit', '0')
        self.assertEqual(self.lines('voices', '--format', 'jsonl', '--limit', '1'), whole[:1])
        for order in ('incidents', 'claims', 'first', 'alone', 'last'):
            rows = self.lines('voices', '--format', 'jsonl', '--order', order)
            self.assertEqual({row['key'] for row in rows}, {row['key'] for row in whole})
            counts = [row[order] for row in rows]
            self.assertEqual(counts, sorted(counts, reverse=True), order)

    def test_controls_of_a_name_do_not_reach_the_terminal(self):
        self.run_isnad('review', 'name', self.key('ghusn'), 'name=Gh\x1b[31musn \x07bureau')
        for arguments in (('voices',), ('voices', self.key('bureau')), ('review', 'next'), ('review', 'log')):
            text = self.on_terminal(*arguments).text
            self.assertNotIn('\x1b[31m', text)
            self.assertNotIn('\x07', text)

    def test_an_added_claim_is_shown_and_undone(self):
        start = self.lines('read', '--from', 'jsonl', '--format', 'jsonl', 'pages.jsonl')[1]['text'].index('nine')
        act, = self.lines('review', 'add', 'document=a2', f'start={start}', f'end={start + 4}', 'effect=missing', 'count=9',
                          '--format', 'jsonl')
        claims = [c for incident in self.lines('export') for c in incident['claims'] if c.get('added_by')]
        self.assertEqual([(c['effect'], c['min'], c['verdict']) for c in claims], [('missing', 9, 'added')])
        self.run_isnad('review', 'undo', act['first'])
        self.assertFalse([c for incident in self.lines('export') for c in incident['claims'] if c.get('added_by')])
        self.run_isnad('verify')


if __name__ == '__main__':
    sys.exit(main())
