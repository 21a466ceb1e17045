#!/usr/bin/env python3
"""What `langc.py --check`, and so `isnad lang check`, says of words and rules that compile and are of no use.

A small language about which there is nothing to say is made worse in one place at a time.
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LANGC = ROOT / 'tools' / 'langc.py'
FILES = {
    'classes.tsv': 'class\tmeaning\nWORD\tany word\nUNKNOWN\tunknown\nMARK\tmark\nNUMBER\tnumber\nNOT_PLACE\tno place\n'
                   'RIVER\ta river\nBOAT\ta boat\nTRIP\ta trip\nFLEET\tboats\n',
    'features.tsv': 'feature\tvalue\tmeaning\nsize\tsmall\t\nsize\tlarge\t\ndefinite\tyes\t\n',
    'xx/a.words.tsv': 'word\tclass\tfeatures\tparadigm\nnile\tRIVER\tsize=large\t\nboat\tBOAT\t\t\nup\tWORD\t\t\n',
    'xx/1.rules': 'phase sail\nrule fleet: NUMBER b:BOAT => FLEET size=large\ntest fleet "7 boat" = "7 boat"\n'
                  'phase go\nrule trip: (BOAT | FLEET) "up" r:RIVER => TRIP $r\ntest trip "boat up nile" = "boat up nile"\n'
                  'phase tell\nrule told: TRIP -> TRIP\ntest told "boat up nile" = "boat up nile"\n',
}


class Check(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name) / 'lang'
        (self.root / 'xx').mkdir(parents=True)
        for name, content in FILES.items():
            (self.root / name).write_text(content, encoding='utf-8')

    def check(self):
        done = subprocess.run([sys.executable, '-B', LANGC, '--check', self.root], capture_output=True, text=True, check=False)
        self.assertEqual(done.stderr, '')
        return done.returncode, done.stdout.replace(f'{self.root}/', '').splitlines()

    def add(self, name, *lines):
        """appends lines; the number of the first"""
        path = self.root / name
        text = path.read_text(encoding='utf-8')
        path.write_text(text + '\n'.join(lines) + '\n', encoding='utf-8')
        return text.count('\n') + 1

    def says(self, name, line, message, code=3):
        found = self.check()
        self.assertEqual(found, (code, [f'{name}:{line}: {message}']))

    def rule(self, text, message, test='test a "boat" = none'):
        line = self.add('xx/1.rules', f'rule a: {text}', *([test] if test else []))
        self.says('xx/1.rules', line, message)

    def quiet(self, text):
        self.add('xx/1.rules', f'rule a: {text}', 'test a "boat" = none')
        self.assertEqual(self.check(), (0, []))

    def test_nothing_to_say(self):
        self.assertEqual(self.check(), (0, []))

    def test_the_languages_of_isnad(self):
        done = subprocess.run([sys.executable, '-B', LANGC, '--check', ROOT / 'lang'], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ''))

    # what does not compile
    def test_unknown_class(self):
        line = self.add('xx/a.words.tsv', 'rhine\tRIVVER')
        self.says('xx/a.words.tsv', line, 'unknown class RIVVER', code=5)

    def test_unknown_feature(self):
        line = self.add('xx/1.rules', 'rule a: BOAT[colour=red] -> TRIP', 'test a "boat" = none')
        self.says('xx/1.rules', line, 'unknown feature colour', code=5)

    # rules that can never match
    def test_class_that_nothing_gives(self):
        self.add('classes.tsv', 'LAKE\ta lake')
        self.rule('LAKE BOAT -> TRIP', 'rule a can never match: no word, no rule before the phase tell and no step of the program gives LAKE')

    def test_class_of_a_later_phase(self):
        line = self.add('xx/1.rules', 'phase sail', 'rule a: TRIP "up" -> TRIP', 'test a "boat" = none') + 1
        self.says('xx/1.rules', line, 'rule a can never match: no word, no rule before the phase sail and no step of the program gives TRIP')

    def test_class_of_a_mark(self):
        self.add('classes.tsv', 'DONE\tdone')
        line = self.add('xx/1.rules', 'rule a: BOAT "up" -> DONE', 'test a "boat" = none', 'phase after', 'rule b: DONE -> TRIP',
                        'test b "boat" = none')
        self.says('xx/1.rules', line + 3, 'rule b can never match: no word, no rule before the phase after and no step of the program gives DONE')

    def test_feature_that_no_word_of_the_class_has(self):
        self.rule('RIVER[size=small] -> TRIP', 'rule a can never match: no word, no rule before the phase tell and no step of the program '
                  'gives RIVER[size=small]')

    def test_feature_that_no_rule_gives_the_class(self):
        self.rule('FLEET[size=small] -> TRIP', 'rule a can never match: no word, no rule before the phase tell and no step of the program '
                  'gives FLEET[size=small]')

    def test_feature_that_every_word_of_the_class_has(self):
        self.rule('RIVER[size!=large] -> TRIP', 'rule a can never match: no word, no rule before the phase tell and no step of the program '
                  'gives RIVER[size!=large]')

    def test_conditions_that_contradict(self):
        self.rule('RIVER[size=large,size=small] -> TRIP', 'rule a can never match: RIVER[size=large,size=small] contradicts itself')

    def test_part_of_a_rule(self):
        self.add('classes.tsv', 'LAKE\ta lake')
        self.rule('BOAT (LAKE | RIVER) -> TRIP', 'part of rule a can never match: no word, no rule before the phase tell and no step of the '
                  'program gives LAKE')

    def test_beginning_behind_a_node(self):
        self.rule('BOAT ^ RIVER -> TRIP', 'rule a can never match: ^ stands behind a node, or a node behind $')

    def test_node_behind_the_end(self):
        self.rule('BOAT $ RIVER -> TRIP', 'rule a can never match: ^ stands behind a node, or a node behind $')

    def test_literal_in_a_phrase(self):
        self.add('xx/a.words.tsv', 'up to\tWORD')
        self.rule('"up" "to" RIVER -> TRIP', 'rule a can never match: the phrase "up to" is one node, so that "up" never stands before "to"')

    def test_what_may_match(self):
        self.quiet('RIVER[definite=yes] !(TRIP | BOAT) . NUMBER ~!FLEET UNKNOWN? -> TRIP')

    # rules that never win
    def test_same_pattern_with_other_labels(self):
        self.rule('b:TRIP -> TRIP', 'rule a never wins: wherever it matches, told (1.rules:8) matches as much and goes before it')

    def test_narrower_pattern_of_lower_rank(self):
        line = self.add('xx/1.rules', 'rule a: r:(RIVER | BOAT) -> TRIP', 'test a "boat" = none', 'rule b: RIVER[size=large] -> TRIP',
                        'test b "boat" = none')
        self.says('xx/1.rules', line + 2, f'rule b never wins: wherever it matches, a (1.rules:{line}) matches as much and goes before it')

    def test_literal_of_lower_rank(self):
        line = self.add('xx/1.rules', 'rule a priority -1: "boat" "up" -> TRIP', 'test a "boat" = none', 'rule b: BOAT WORD -> TRIP',
                        'test b "boat" = none')
        self.says('xx/1.rules', line, f'rule a never wins: wherever it matches, b (1.rules:{line + 2}) matches as much and goes before it')

    def test_narrower_pattern_of_higher_rank(self):
        self.add('xx/1.rules', 'rule b priority -1: (RIVER | BOAT) -> TRIP', 'test b "boat" = none')
        self.quiet('RIVER[size=large] -> TRIP')

    def test_longer_pattern(self):
        self.quiet('TRIP RIVER? -> TRIP')

    # words and classes
    def test_class_that_no_rule_asks_for(self):
        self.add('classes.tsv', 'FISH\ta fish')
        line = self.add('xx/a.words.tsv', 'carp\tFISH', 'pike\tFISH')
        self.says('xx/a.words.tsv', line, 'no rule of xx asks for FISH, nor does the program: 2 forms have it for nothing')

    def test_class_that_the_program_reads(self):
        self.add('xx/a.words.tsv', 'carp\tNOT_PLACE')
        self.assertEqual(self.check(), (0, []))

    def test_class_of_nothing(self):
        line = self.add('classes.tsv', 'FISH\ta fish')
        self.says('classes.tsv', line, 'class FISH is given to nothing and asked for by nobody')

    # tests
    def test_rule_without_test(self):
        self.rule('TRIP RIVER -> TRIP', 'rule a has no test', test=None)


if __name__ == '__main__':
    unittest.main()
