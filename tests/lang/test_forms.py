#!/usr/bin/env python3
"""Forms that the words of lang/ must have, whichever line gives them: tests/lang/forms.tsv."""
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def rows(lines):
    return [(line + '\t\t').split('\t') for line in lines if line and not line.startswith('#')]


class Forms(unittest.TestCase):
    def test_forms(self):
        out = subprocess.run([sys.executable, ROOT / 'tools/langc.py', '--words', ROOT / 'lang'],
                             capture_output=True, text=True, check=True).stdout
        known = {}
        for form, classes, features, *_ in rows(out.splitlines()):
            known[form] = (set(classes.split()), set(features.split(';')))
        for form, classes, features, *_ in rows((ROOT / 'tests/lang/forms.tsv').read_text(encoding='utf-8').splitlines())[1:]:
            with self.subTest(form=form):
                there = known.get(fold(form), (set(), set()))
                self.assertLessEqual(set(classes.split()), there[0])
                self.assertLessEqual(set(filter(None, features.split(';'))), there[1])


def fold(form):
    return form.translate(str.maketrans('أإآىئؤة', 'اااييوه'))


if __name__ == '__main__':
    unittest.main()
