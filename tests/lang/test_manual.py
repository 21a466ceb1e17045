#!/usr/bin/env python3
"""The worked examples of docs/languages.md: what they add to lang/ compiles, and the check has nothing to say of it."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LANGC = ROOT / 'tools' / 'langc.py'
MANUAL = (ROOT / 'docs' / 'languages.md').read_text(encoding='utf-8')
EXAMPLES = re.findall(r'^``` (lang/\S+)\n(.*?)^```$', MANUAL, re.M | re.S)


class Manual(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        shutil.copytree(ROOT / 'lang', self.folder / 'lang')
        for name, lines in EXAMPLES:
            with open(self.folder / name, 'a', encoding='utf-8') as out:
                out.write(lines)

    def langc(self, *arguments):
        done = subprocess.run([sys.executable, '-B', LANGC, *arguments], cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual(done.stderr, '')
        return done.stdout

    def test_there_are_examples(self):
        self.assertGreaterEqual(len({name for name, _ in EXAMPLES}), 6)

    def test_examples_compile(self):
        self.langc('lang', 'symbols.h', 'tables.c', 'tests.c')

    def test_the_check_has_nothing_to_say(self):
        self.assertEqual(self.langc('--check', 'lang'), '')

    def test_forms_that_the_manual_tells(self):
        known = {line.split('\t')[0]: line for line in self.langc('--words', 'lang').splitlines()}
        for form, classes in (('harbour masters', 'SOURCE'), ('trawlermen', 'PERSON'), ('cautioned', 'SAY'), ('غواصين', 'PERSON'),
                              ('نبهوا', 'SAY'), ('منبها', 'SAY_ON'), ('تسمموا', 'EFFECT'), ('متسممين', 'HARMED'), ('لقوا حتفهم', 'EFFECT'),
                              ('مسيول', 'SOURCE'), ('قتلو', 'EFFECT')):
            self.assertIn(classes, known.get(form, '').split('\t')[1:2] and known[form].split('\t')[1], form)
        self.assertNotIn('EFFECT', known.get('تمت', ''))

    def test_rules_that_the_manual_shows_are_there(self):
        for name, file in re.findall(r'because (\S+) \((lang/\S+):\d+\)', MANUAL):
            self.assertIn(f'rule {name}', (ROOT / file).read_text(encoding='utf-8'))

    def test_links_lead_somewhere(self):
        heads = {re.sub(r'[^\w -]', '', h.lower()).replace(' ', '-') for h in re.findall(r'^#+ (.*)$', MANUAL, re.M)}
        for link in re.findall(r'\]\(#([^)]*)\)', MANUAL):
            self.assertIn(link.replace('\n', ''), heads)


if __name__ == '__main__':
    unittest.main()
