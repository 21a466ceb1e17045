"""One night, told by five invented reports and, where the evaluation data is there, by the page that this
project grew out of: one incident, whose chains a person can follow."""
import json
import pathlib
import random
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'cli'))
from support import ROOT, Case, stores  # noqa: E402

REPORTS = (pathlib.Path(__file__).resolve().parent / 'cases' / 'night' / 'reports.jsonl').read_text('utf-8').splitlines()
SEED = sorted((ROOT.parent / 'shared' / 'seed').glob('*.txt'))
MONITOR = 'مرصد السهل لحقوق الإنسان'
CHAIN = re.compile(r'''\n  voice \d+: .*\(monitor\)
    ├ \[\d\] شبكة ضوء الضفة · 2021-01-13T12:00 · killed at least 17.*
    │ └ \[\d\] صحيفة منارة الجسر · 2021-01-13T15:20 · relayed · killed at least 17
    └ \[\d\] The Reed Plain Post · 2021-01-14T08:00 · killed at least 23.*\n''')


class Night(Case):
    def add(self, reports):
        self.file('reports.jsonl', '\n'.join(reports) + '\n')
        self.run_isnad('add', '--from', 'jsonl', 'reports.jsonl')

    def only_incident(self, documents):
        incident, = self.lines('export')
        self.assertEqual(len(incident['documents']), documents)
        return incident

    def check_the_monitor(self, incident):
        """Two outlets and a translation carry the monitor's word: one voice, which raised its figure."""
        its = [c for c in incident['claims'] if c['document'] in ('night-monitor', 'night-relay', 'night-english')
               and c['voice']['kind'] == 'monitor']
        self.assertEqual({c['document'] for c in its}, {'night-monitor', 'night-relay', 'night-english'})
        self.assertEqual(len({c['independent'] for c in its}), 1)
        shown = self.run_isnad('show', incident['id']).text.replace('\u2068', '').replace('\u2069', '')
        self.assertRegex(shown, CHAIN)
        self.assertIn('WHO CHANGED A FIGURE, AND WHEN', shown)

    def test_five_reports(self):
        seed = random.randrange(1 << 32)
        print(f'order drawn with seed {seed}')
        self.add(random.Random(seed).sample(REPORTS, len(REPORTS)))
        incident = self.only_incident(5)
        self.assertEqual(incident['date'], '2021-01-13')
        self.assertEqual(incident['event'], 'air_strike')
        self.assertEqual(incident['voices']['independent'], 4)
        self.check_the_monitor(incident)
        killed, = (e for e in incident['estimates'] if (e['effect'], e['class'], e['group']) == ('killed', 'all', None))
        self.assertEqual((killed['low'], killed['high'], killed['high_open']), (1, 23, True))

    @unittest.skipUnless(SEED, 'the page itself is not here')
    def test_with_the_page(self):
        for first in (True, False):
            with self.subTest(first=first):
                self.ledger = stores.new_ledger(self.folder / f'{first}.ledger')
                page = ('add', SEED[0], '--published', '2021-01-14')
                if first:
                    self.run_isnad(*page)
                self.add(REPORTS)
                if not first:
                    self.run_isnad(*page)
                incident = self.only_incident(6)
                self.check_the_monitor(incident)
                self.assertGreaterEqual(incident['voices']['independent'], 8)
                denied = {c['voice']['kind'] for c in incident['claims'] if c['stance'] == 'denies'}
                self.assertEqual(denied, {'military'})
                part = {(d['on'],) for d in incident['disagreements']}
                self.assertLessEqual({('count',), ('denial',)}, part)


if __name__ == '__main__':
    unittest.main()
