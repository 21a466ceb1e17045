"""Reports that no ledger expects: nothing is lost, nothing stops the rest, what comes out is still the format.
`make soak` takes the full number of copies."""
import json
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'cli'))
from schema_check import faults  # noqa: E402
from support import Case  # noqa: E402

COPIES = 10_000 if os.environ.get('ISNAD_SOAK') else 1_000


def report(number, text, **fields):
    return {'id': f'r{number}', 'url': f'https://outlet-{number}.invalid/', 'outlet': f'صحيفة النبع {number}',
            'published': '2026-03-10T12:00', 'title': '', 'text': text, **fields}


class BadInput(Case):
    def setUp(self):
        super().setUp()
        self.schema = json.loads(self.run_isnad('schema', 'incident').text)

    def add(self, *reports, code=0):
        self.file('reports.jsonl', ''.join(json.dumps(r, ensure_ascii=False) + '\n' for r in reports))
        return self.run_isnad('add', '--from', 'jsonl', 'reports.jsonl', code=code)

    def incidents(self):
        """Every incident as exported, each right by the schema, with low <= best <= high."""
        rows = self.lines('export')
        for row in rows:
            self.assertEqual(faults(row, self.schema), [])
            for e in row['estimates']:
                bounds = [b for b in (e['low'], e['best'], e['high']) if b is not None]
                self.assertEqual(bounds, sorted(bounds), e)
        return rows

    def claims(self):
        return self.lines('export', '--what', 'claims')

    def documents_of(self, incidents):
        return sorted(sorted(d['id'] for d in row['documents']) for row in incidents)

    def test_without_date_place_outlet(self):
        bare = {'id': 'bare', 'text': 'قتل خمسة مدنيين وأصيب تسعة في القصف.'}
        self.add(bare, report(1, 'قال مصدر طبي إن خمسة مدنيين قتلوا في قصف على مدينة إدلب يوم الثلاثاء.'),
                 {**bare, 'id': 'bare-2', 'text': 'وقتل سبعة جنود.', 'outlet': None, 'published': None, 'url': None})
        found = self.incidents()
        self.assertEqual(sorted(d for row in self.documents_of(found) for d in row), ['bare', 'bare-2', 'r1'])
        without = {row['documents'][0]['id']: row for row in found if row['documents'][0]['id'].startswith('bare')}
        self.assertIsNone(without['bare']['date'])
        self.assertIsNone(without['bare']['place'])
        self.assertEqual({c['effect']: c['min'] for c in without['bare']['claims']}, {'killed': 5, 'injured': 9})
        self.run_isnad('incidents')
        self.run_isnad('show', without['bare']['id'])

    def test_days_to_come(self):
        text = 'قتل أربعة أشخاص في غارة على مدينة إدلب يوم 3 أيار/مايو 2093، بحسب الدفاع المدني.'
        self.add(report(1, text), report(2, text, published='2093-05-04T08:00'), report(3, text, published='9999-12-31'),
                 report(4, text, published='0001-01-01'), report(5, text, published='-5'), code=None)
        told = self.claims()
        self.assertLessEqual({'r1', 'r2', 'r3', 'r4'}, {c['document'] for c in told})
        self.assertEqual({c['min'] for c in told}, {4})
        self.assertEqual({c['date'] for c in told if c['document'] in ('r1', 'r2')}, {'2093-05-03'})
        self.incidents()

    def test_a_place_that_is_everywhere_joins_nothing(self):
        """A country holds both towns: its report may be of either, and must not make one of them."""
        self.add(report(1, 'قتل ثلاثة أشخاص في قصف مدفعي على مدينة إدلب يوم 9 آذار/مارس 2026، بحسب الدفاع المدني.'),
                 report(2, 'قتل ثلاثة أشخاص في قصف مدفعي على مدينة درعا يوم 9 آذار/مارس 2026، بحسب الدفاع المدني.'),
                 report(3, 'قتل ثلاثة أشخاص في قصف مدفعي في سوريا يوم 9 آذار/مارس 2026، بحسب مصدر طبي.'))
        found = self.documents_of(self.incidents())
        self.assertEqual(sorted(d for row in found for d in row), ['r1', 'r2', 'r3'])
        self.assertFalse([row for row in found if {'r1', 'r2'} <= set(row)], found)

    def test_a_place_that_is_nowhere(self):
        self.add(report(1, 'قتل ثلاثة أشخاص في قصف مدفعي على بلدة زعفرانة القمر يوم 9 آذار/مارس 2026، بحسب الدفاع المدني.'),
                 report(2, 'قتل ثلاثة أشخاص في قصف مدفعي على بلدة سدرة الغيم يوم 9 آذار/مارس 2026، بحسب مصدر طبي.'))
        found = self.incidents()
        self.assertEqual(self.documents_of(found), [['r1'], ['r2']])
        self.assertEqual([row['documents'][0]['copy_of'] for row in found], [None, None])

    def test_copies_of_one_report(self):
        text = ('قال مرصد السهل لحقوق الإنسان إن 17 مقاتلاً على الأقل قتلوا في غارات على مدينة إدلب فجر 9 آذار/مارس 2026.\n\n'
                'وأوضح المرصد أن سيارات الإسعاف نقلت 12 جريحاً إلى مستشفيات المدينة حتى ظهر اليوم نفسه.')
        self.add(*(report(n, text, published=f'2026-03-09T{n // 60 % 24:02}:{n % 60:02}') for n in range(COPIES)))
        row, = self.incidents()
        self.assertEqual(len(row['documents']), COPIES)
        self.assertEqual(row['voices'], {'told': COPIES, 'independent': 1})
        self.assertEqual({(f['effect'], f['min'], f['independent']) for f in row['figures']},
                         {('killed', 17, 1), ('injured', 12, 1)})
        shown = self.run_isnad('show', row['id']).text
        self.assertIn(f'and {COPIES - 13} more', shown)
        self.assertIn(f'[{COPIES}]', shown)

    def test_reports_that_contradict_themselves(self):
        text = ('قال المتحدث باسم الشرطة إن ستة أشخاص قتلوا في قصف على مدينة إدلب يوم 9 آذار/مارس 2026. '
                'ونفى المتحدث باسم الشرطة سقوط أي قتلى في القصف على مدينة إدلب.')
        self.add(report(1, text), report(2, text.replace('ستة', 'ثمانية')))
        row, = self.incidents()
        for document in ('r1', 'r2'):
            self.assertEqual({c['stance'] for c in row['claims'] if c['document'] == document}, {'asserts', 'denies'})
        self.assertEqual({(f['min'], f['stance']) for f in row['figures'] if f['effect'] == 'killed'},
                         {(6, 'asserts'), (8, 'asserts'), (0, 'denies')})

    def test_twenty_texts_of_one_document(self):
        for n in range(1, 21):
            self.add(report(0, f'قال الدفاع المدني إن {n + 10} شخصاً قتلوا في قصف على مدينة إدلب يوم 9 آذار/مارس 2026.',
                            published=f'2026-03-10T{n:02}:00'))
        row, = self.incidents()
        self.assertEqual([(d['id'], d['version']) for d in row['documents']], [('r0', 20)])
        self.assertEqual([(c['min'], c['superseded']) for c in row['claims'] if c['superseded'] is None], [(30, None)])
        killed, = (e for e in row['estimates'] if (e['effect'], e['class'], e['group']) == ('killed', 'all', None))
        self.assertEqual((killed['low'], killed['high']), (30, 30))
        self.assertEqual({c['min'] for c in self.claims()}, set(range(11, 31)))
        self.run_isnad('verify')

    def test_a_bad_record_among_good_ones(self):
        good = [json.dumps(report(n, f'قتل {n + 3} أشخاص في قصف على مدينة إدلب.'), ensure_ascii=False) for n in range(3)]
        self.file('reports.jsonl', '\n'.join([good[0], '{"id": "broken", "text": ', good[1], '[]', good[2]]) + '\n')
        done = self.run_isnad('add', '--from', 'jsonl', 'reports.jsonl', code=3)
        faulty = [line for line in done.error.splitlines() if 'reports.jsonl:' in line]
        self.assertEqual(len(faulty), 2, done.error)
        self.assertRegex(faulty[0], 'reports.jsonl: offset [0-9]+: expected a JSON object with a "text"')
        self.assertRegex(faulty[1], 'reports.jsonl: offset [0-9]+: expected')
        self.assertEqual({c['document'] for c in self.claims()}, {'r0', 'r1', 'r2'})


if __name__ == '__main__':
    unittest.main()
