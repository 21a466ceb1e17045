#!/usr/bin/env python3
"""What pages have of each other: isnad page learn, compare, copies, and profiles in use. All pages are invented.
Prints "N passed, N failed"."""
import hashlib
import itertools
import json
import os
import random
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from schema_check import faults  # noqa: E402
from support import Case, main  # noqa: E402

SHARED = 'هذه الصحيفة المختلقة مسجلة في غرفة الصحافة في مدينة لا وجود لها، ورقم سجلها مختلق أيضا.'
NAMES = ['النخيل', 'الزيتون', 'الصفصاف', 'الحور', 'السنديان', 'الغار', 'الرمان', 'التين', 'اللوز', 'الجوز', 'الكرز', 'التوت']
BEFORE = ('At least 5 people were killed in the invented town of Oldford, police said. A market burned. Nobody claimed it. '
          'Rain fell on the town for the rest of the day and into the night.')
AFTER = ('At least 7 people were killed in the invented town of Oldford, police said. A market burned. '
         'Rain fell on the town for the rest of the day and into the night. Schools stayed shut.')


def page(n, host='akhbar.example', shared=SHARED):
    name, other = NAMES[n % len(NAMES)], NAMES[(n * 5 + 1) % len(NAMES)]
    return f'''<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>خبر مختلق رقم {n} من بلدة {name}</title>
<link rel="canonical" href="https://www.{host}/news/{n}.html"></head><body><article><h1>خبر مختلق رقم {n} من بلدة {name}</h1>
<p>قال مصدر محلي في بلدة {name} المختلقة إن {n + 3} أشخاص أصيبوا في حادث مختلق وقع قرب ساحة {other} مساء الثلاثاء.</p>
<p>وأضاف المصدر أن سكان {other} ساعدوا في نقل الجرحى إلى مستشفى {name}، وأن الطريق بقي مغلقا {n + 2} ساعات.</p>
<p>{shared}</p></article></body></html>'''


class Mended(Case):
    def test_people_are_told(self):
        text = 'قال مصدر محلي في البلدة المختلقة إن خمسة أشخاص أصيبوا في حادث مختلق مساء الثلاثاء قرب الساحة.'
        misread = text.encode().decode('latin-1')  # UTF-8 read as Latin-1
        self.file('m.html', f'<html><head><meta charset="utf-8"></head><body><p>{misread}</p></body></html>')
        told, = self.lines('page', '--format', 'jsonl', 'm.html')
        self.assertIn('read as', told['repaired'])
        self.assertIn(f'repaired: "{told["repaired"]}"\n', self.run_isnad('page', '--format', 'markdown', 'm.html').text)
        self.assertIn(f'  mended: {told["repaired"]}\n', self.run_isnad('page', '--format', 'table', 'm.html').text)


class Profiles(Case):
    def setUp(self):
        super().setUp()
        self.names = [f'{n}.html' for n in range(12)]
        for n, name in enumerate(self.names):
            self.file(name, page(n))

    def learn(self, *inputs, name='site.profile', **how):
        self.run_isnad('page', 'learn', *inputs, '-o', name, **how)
        return (self.folder / name).read_bytes()

    def test_what_pages_share_is_left_out(self):
        profile = self.learn(*self.names)
        for text in self.lines('page', '--format', 'jsonl', *self.names):
            self.assertIn(SHARED, text['text'])
            self.assertIsNone(text['engine']['profile'])
        version = hashlib.sha256(profile).hexdigest()[:16]
        for command, rest in (('page', ()), ('read', ())):
            for told in self.lines(command, '--profile', 'site.profile', *rest, *self.names):
                self.assertNotIn(SHARED, told['text'])
                self.assertIn('قال مصدر محلي', told['text'])
                self.assertEqual(told['engine']['profile'], version)
        told, = self.lines('page', '--explain', '--profile', 'site.profile', '0.html')
        self.assertEqual([b['rule'] for b in told['blocks'] if b['text'] == SHARED], ['shared'])
        self.assertEqual(faults(told, json.loads(self.run_isnad('schema', 'page').text)), [])
        self.run_isnad('add', '--profile', 'site.profile', *self.names)
        self.assertEqual({d['engine']['profile'] for d in self.lines('read', '--profile', 'site.profile', '0.html')}, {version})

    def test_order_and_jobs_change_nothing(self):
        first = self.learn(*self.names)
        chance = random.Random(3)
        for jobs in (1, 2, 5):
            names = self.names[:]
            chance.shuffle(names)
            self.assertEqual(self.learn('--jobs', jobs, *names), first)
        self.assertEqual(self.learn(*self.names, *self.names), first, 'a page twice is a page')
        self.assertTrue(first.startswith(b'isnad-profile/1\n'))
        self.assertEqual(first.count(b'\nsite\takhbar.example\t12\n'), 1)

    def test_only_what_recurs_on_the_site(self):
        self.file('elsewhere.html', page(40, host='other.example'))
        self.learn(*self.names)
        told, = self.lines('page', '--profile', 'site.profile', 'elsewhere.html')
        self.assertIn(SHARED, told['text'])
        few = self.learn(*self.names[:5], name='few.profile')
        self.assertNotIn(b'site\t', few)

    def test_copies_of_one_article_are_one_page(self):
        copies = []
        for n in range(8):
            copies.append(f'copy{n}.html')
            self.file(copies[-1], page(1, shared='').replace('/news/1.html', f'/news/1.html?view={n}'))
        self.assertNotIn(b'site\t', self.learn(*copies))

    def test_pages_of_no_known_site(self):
        self.file('bare.html', '<p>Somebody in the invented town of Oldford said something at length.</p>')
        told = self.run_isnad('page', 'learn', 'bare.html')
        self.assertIn('1 page of no known site', told.error)
        self.assertTrue(told.text.startswith('isnad-profile/1\n'))

    def test_bad_profiles(self):
        profile = self.learn(*self.names)
        for name, content, says in (('none', b'hello\n', 'expected a profile'), ('cut', profile[:-3], 'changed or cut off'),
                                    ('other', profile.replace(b'\t12\n', b'\t13\n'), 'changed or cut off'),
                                    ('empty', b'', 'expected a profile'), ('head', b'isnad-profile/1\n', 'expected a last line')):
            self.file(name, content)
            self.assertIn(says, self.run_isnad('page', '--profile', name, '0.html', code=5).error, name)
        body = b'isnad-profile/1\nsite\ta.example\tmany\n'
        self.file('line', body + b'sha256\t' + hashlib.sha256(body).hexdigest().encode() + b'\n')
        self.assertIn('line 2: expected a site', self.run_isnad('page', '--profile', 'line', '0.html', code=5).error)
        self.assertIn('cannot be opened', self.run_isnad('page', '--profile', 'missing', '0.html', code=4).error)
        self.assertIn('leave --profile out', self.run_isnad('page', 'learn', '--profile', 'x', '0.html', code=2).error)

    def test_what_cannot_be_read_makes_no_profile(self):
        self.run_isnad('page', 'learn', '0.html', 'missing.html', '-o', 'site.profile', code=4)
        self.assertFalse((self.folder / 'site.profile').exists())
        self.file('some.jsonl', '{"text": "a", "url": "https://a.example/1"}\n{\n')
        self.run_isnad('page', 'learn', 'some.jsonl', '-o', 'site.profile', code=3)
        self.assertTrue((self.folder / 'site.profile').exists())


class Comparing(Case):
    def setUp(self):
        super().setUp()
        self.file('before.txt', BEFORE)
        self.file('after.txt', AFTER)

    def schema(self, name):
        return json.loads(self.run_isnad('schema', name).text)

    def test_compare(self):
        told, = self.lines('page', 'compare', 'before.txt', 'after.txt')
        self.assertEqual(faults(told, self.schema('compare')), [])
        self.assertEqual([told[k] for k in ('same', 'changed', 'added', 'dropped', 'moved')], [2, 1, 1, 1, 0])
        changed, = (s for s in told['sentences'] if s['kind'] == 'changed')
        self.assertEqual((changed['dropped'], changed['added']), (['5'], ['7']))
        for side, name in (('before', 'before.txt'), ('after', 'after.txt')):
            text = self.lines('read', name)[0]['text']
            for sentence in told['sentences']:
                if sentence[side]:
                    self.assertEqual(text[sentence[side]['start']:sentence[side]['end']], sentence[side]['text'])

    def test_for_people(self):
        shown = self.run_isnad('page', 'compare', '--format', 'table', 'before.txt', 'after.txt').text
        self.assertIn('2 same, 1 changed, 1 added, 1 dropped, 0 moved', shown)
        self.assertIn('changed; dropped: 5; added: 7', shown)
        self.assertIn('Schools stayed shut.', self.on_terminal('page', 'compare', 'before.txt', 'after.txt').text)

    def test_two_records_of_one_file(self):
        self.file('two.jsonl', '\n'.join(json.dumps({'id': i, 'text': t}) for i, t in enumerate((BEFORE, AFTER))) + '\n')
        told, = self.lines('page', 'compare', 'two.jsonl')
        self.assertEqual(told['changed'], 1)

    def test_how_many(self):
        for names in ([], ['before.txt'], ['before.txt', 'after.txt', 'after.txt']):
            self.assertIn('compare', self.run_isnad('page', 'compare', *names, code=2).error)
        self.run_isnad('page', 'compare', 'before.txt', 'missing.txt', code=4)

    def test_copies_in_any_order(self):
        self.file('other.txt', 'A dry season in the invented valley of Thornby left farmers without water, the cooperative said, '
                               'and asked the ministry for wells.')
        names = ['before.txt', 'after.txt', 'other.txt']
        told = {self.run_isnad('page', 'copies', *order).text for order in itertools.permutations(names)}
        self.assertEqual(len(told), 1)
        group = json.loads(told.pop())
        self.assertEqual(faults(group, self.schema('copies')), [])
        self.assertEqual({p['file'] for p in group['pages']}, {'before.txt', 'after.txt'})
        self.assertIn('before.txt', self.run_isnad('page', 'copies', '--format', 'table', *names).text)
        self.assertEqual(self.run_isnad('page', 'copies', 'other.txt').text, '')

    def test_names_that_are_no_utf8(self):
        name = os.fsdecode(b'after\xff.txt')
        self.file(name, AFTER)
        self.assertEqual(self.lines('page', 'compare', 'before.txt', name)[0]['after']['file'], 'after\ufffd.txt')
        self.assertEqual({p['file'] for p in self.lines('page', 'copies', 'before.txt', name)[0]['pages']},
                         {'before.txt', 'after\ufffd.txt'})
        self.assertEqual(self.lines('page', name)[0]['file'], 'after\ufffd.txt')

    def test_a_file_of_that_name(self):
        self.file('copies', AFTER)
        self.assertEqual(self.lines('page', './copies')[0]['file'], './copies')


if __name__ == '__main__':
    sys.exit(main())
