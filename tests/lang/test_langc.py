#!/usr/bin/env python3
"""What the compiler of lang/ says of words and rules that are wrong: each defect with its file and its line.

A small language that compiles is broken in one place at a time.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LANGC = ROOT / 'tools' / 'langc.py'
CLASSES = 'class\tmeaning\nWORD\tany word\nUNKNOWN\tunknown\nMARK\tmark\nNUMBER\tnumber\nNOT_PLACE\tno place\n' \
          'RIVER\ta river\nBOAT\ta boat\nTRIP\ta trip\n'
FEATURES = 'feature\tvalue\tmeaning\nsize\tsmall\t\nsize\tlarge\t\nyear\t#\t\ndefinite\tyes\t\nnumber\tplural\t\n'
WORDS = 'word\tclass\tfeatures\tparadigm\nnile\tRIVER\tsize=large\t\nboat\tBOAT\t\tnoun\n'
PARADIGMS = 'paradigm\ttemplate\tfeatures\nnoun\t{}\t\nnoun\t{}s\tnumber=plural\n'
CLITICS = 'slot\twritten\ttoken\tdefinite\n1\tal\t\tyes\n'
RULES = '''phase sail
define CRAFT = (BOAT | "raft")
rule trip.up: b:CRAFT "up" r:RIVER => TRIP size=$r.size
rule trip.number: n:NUMBER b:CRAFT => TRIP min=$n.min+1 max=open
'''


class Compiler(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name) / 'lang'
        (self.root / 'xx').mkdir(parents=True)
        for name, content in (('classes.tsv', CLASSES), ('features.tsv', FEATURES), ('xx/a.words.tsv', WORDS),
                              ('xx/paradigms.tsv', PARADIGMS), ('xx/clitics.tsv', CLITICS), ('xx/1.rules', RULES)):
            self.write(name, content)

    def write(self, name, content):
        (self.root / name).write_text(content, encoding='utf-8')

    def compile(self):
        out = [os.path.join(self.folder.name, name) for name in ('symbols.h', 'tables.c', 'tests.c')]
        done = subprocess.run([sys.executable, LANGC, self.root, *out], capture_output=True, text=True, check=False)
        return done, [pathlib.Path(path) for path in out]

    def check(self, name, line, message):
        """The compiler fails, names the place, says what is wrong, throws nothing, and writes nothing."""
        done, written = self.compile()
        self.assertNotEqual(done.returncode, 0)
        self.assertNotIn('Traceback', done.stderr)
        self.assertIn(f'{self.root / name}:{line}: ', done.stderr)
        self.assertIn(message, done.stderr)
        self.assertFalse(any(path.exists() for path in written))

    def broken(self, name, content, line, message):
        self.write(name, content)
        self.check(name, line, message)

    def rule(self, text, message):
        """A fifth line of the rules"""
        self.broken('xx/1.rules', RULES + text + '\n', 5, message)

    def test_it_compiles(self):
        done, written = self.compile()
        self.assertEqual(done.stderr, '')
        self.assertEqual(done.returncode, 0)
        self.assertTrue(all(path.exists() for path in written))

    def test_same_input_same_output(self):
        contents = []
        for _ in range(2):
            _, written = self.compile()
            contents.append([path.read_bytes() for path in written])
        self.assertEqual(*contents)

    # words
    def test_unknown_class_of_a_word(self):
        self.broken('xx/a.words.tsv', WORDS + 'rhine\tRIVVER\t\t\n', 4, 'unknown class RIVVER')

    def test_unknown_feature_of_a_word(self):
        self.broken('xx/a.words.tsv', WORDS + 'rhine\tRIVER\tlength=long\t\n', 4, 'unknown feature length')

    def test_unknown_value(self):
        self.broken('xx/a.words.tsv', WORDS + 'rhine\tRIVER\tsize=huge\t\n', 4, "size has no value 'huge'")

    def test_number_expected(self):
        self.broken('xx/a.words.tsv', WORDS + 'rhine\tRIVER\tyear=old\t\n', 4, "year has no value 'old'")

    def test_feature_without_value(self):
        self.broken('xx/a.words.tsv', WORDS + 'rhine\tRIVER\tsize\t\n', 4, 'expected feature=value')

    # spellings
    def spelled(self, words):
        self.write('xx/spellings.tsv', 'written\talso\twhere\nou\tu\t\ner\tre\tend\n')
        self.write('xx/a.words.tsv', WORDS + words)

    def test_other_spellings(self):
        self.spelled('harbour master\tTRIP\tsize=large\t\nharbour\tBOAT\t\tnoun\n')
        forms = self.forms()
        self.assertEqual(forms['harbur master'], forms['harbour master'])
        self.assertIn('harbour mastre', forms)
        self.assertIn('harburs', forms)
        self.assertNotIn('harbourre', forms)

    def test_another_spelling_is_no_other_word(self):
        self.spelled('four\tTRIP\tsize=large\t\nfur\tBOAT\t\t\n')
        forms = self.forms()
        self.assertNotEqual(forms['fur'], forms['four'])

    def test_another_spelling_is_no_common_word(self):
        self.write('xx/common.tsv', 'word\tzipf\nfur\t50\nfour\t40\n')
        self.spelled('four\tTRIP\tsize=large\t\n')
        self.assertNotIn('fur', self.forms())

    def test_bad_spelling(self):
        self.write('xx/spellings.tsv', 'written\talso\twhere\nou\tu\tbegin\n')
        self.check('xx/spellings.tsv', 2, 'a spelling needs what is written')

    def test_bad_host_of_a_suffix(self):
        self.write('xx/clitics.tsv', 'slot\twritten\ttoken\tdefinite\ton\nsuffix\ts\t\t\tplace\n')
        self.check('xx/clitics.tsv', 2, "a suffix stands on verb or noun, not on 'place'")

    # roots and patterns
    def roots(self, roots, patterns='verb\tI\tany\t123\tpast\tyear=7\nverb\tI\thollow\t1o3\t\t\n'):
        self.write('xx/paradigms.tsv', 'paradigm\ttemplate\tfeatures\tagrees\nnoun\t{}\t\t\npast\t{}\t\thim\npast\t{}u\tnumber=plural\tthem\n')
        self.write('xx/patterns.tsv', 'pattern\tform\tkind\ttemplate\tparadigm\tfeatures\n' + patterns)
        self.write('xx/roots.tsv', 'root\tform\tpatterns\tclass\tfeatures\twith\texcept\n' + roots)

    def forms(self):
        """the forms of the compiled table, with the masks and features that stand for them"""
        done, written = self.compile()
        self.assertEqual(done.stderr, '')
        text = written[1].read_text()
        pool = ''.join(re.findall(r'"(.*)"', text.split('xx_pool[] =')[1].split(';')[0]))
        entries = re.findall(r'\{(\d+), (\d+), (\d+), \d+, \{0x[0-9a-f]+u, 0x[0-9a-f]+u\}\}', text.split('xx_entries[]')[1].split('};')[0])
        readings = text.split('xx_readings[]')[1].split('};')[0].split('\n')[1:]
        return {pool[int(o):int(o) + int(n)]: readings[int(r)] for o, n, r in entries if int(r) != 0xffff}

    def test_forms_of_a_root(self):
        self.roots('k t b\tI\tverb\tTRIP\tsize=small\t\t\n')
        forms = self.forms()
        self.assertIn('ktb', forms)
        self.assertIn('ktbu', forms)
        self.assertEqual(forms['ktb'].count(' = '), 2)   # size and year
        self.assertEqual(forms['ktbu'].count(' = '), 3)  # and number

    def test_the_line_that_says_most_of_the_root_counts(self):
        self.roots('q و l\tI\tverb\tTRIP\t\t\t\n')
        self.assertIn('qol', self.forms())

    def test_what_stands_behind_a_verb(self):
        self.roots('k t b\tI\tverb\tTRIP\t\tall of - | it\t\n')
        self.assertLessEqual({'ktb all of him', 'ktbu all of them', 'ktb it', 'ktbu it'}, set(self.forms()))

    def test_an_excepted_form(self):
        self.roots('k t b\tI\tverb\tTRIP\t\t\tktbu\n')
        forms = self.forms()
        self.assertIn('ktb', forms)
        self.assertNotIn('ktbu', forms)

    def test_a_word_file_goes_before_a_root(self):
        self.write('xx/a.words.tsv', WORDS + 'ktb\tTRIP\tsize=large\t\n')
        self.roots('k t b\tI\tverb\tTRIP\tsize=small\t\t\n')
        forms = self.forms()
        self.assertNotEqual(forms['ktb'].split('] = ')[1], forms['ktbu'].split('] = ')[1])

    def test_exception_that_is_no_form(self):
        self.roots('k t b\tI\tverb\tTRIP\t\t\tktba\n')
        self.check('xx/roots.tsv', 2, 'ktba is excepted, but no pattern of this line gives it')

    def test_unknown_pattern(self):
        self.roots('k t b\tII\tverb\tTRIP\t\t\t\n')
        self.check('xx/roots.tsv', 2, 'there is no pattern verb of form II')

    def test_no_template_for_the_kind(self):
        self.roots('k t b\tI\tverb\tTRIP\t\t\t\n', 'verb\tI\thollow\t1o3\t\t\n')
        self.check('xx/roots.tsv', 2, 'pattern verb of form I has no template for a root that is sound')

    def test_two_templates_for_the_kind(self):
        self.roots('و t و\tI\tverb\tTRIP\t\t\t\n', 'verb\tI\tassimilated\t23\t\t\nverb\tI\tdefective\t12\t\t\n')
        self.check('xx/roots.tsv', 2, 'several templates for a root that is assimilated+defective')

    def test_no_root(self):
        self.roots('ktb\tI\tverb\tTRIP\t\t\t\n')
        self.check('xx/roots.tsv', 2, 'a root is three or four letters')

    def test_unknown_kind(self):
        self.roots('k t b\tI\tverb\tTRIP\t\t\t\n', 'verb\tI\tstrong\t123\t\t\n')
        self.check('xx/patterns.tsv', 2, 'unknown kind of root strong')

    def test_template_without_radicals(self):
        self.roots('k t b\tI\tverb\tTRIP\t\t\t\n', 'verb\tI\tany\tktb\t\t\n')
        self.check('xx/patterns.tsv', 2, 'a template needs the radicals')

    def test_unknown_paradigm_of_a_pattern(self):
        self.roots('k t b\tI\tverb\tTRIP\t\t\t\n', 'verb\tI\tany\t123\tfuture\t\n')
        self.check('xx/patterns.tsv', 2, 'unknown paradigm future')

    def test_unknown_class_of_a_root(self):
        self.roots('k t b\tI\tverb\tTRAP\t\t\t\n')
        self.check('xx/roots.tsv', 2, 'unknown class TRAP')

    def test_unknown_paradigm(self):
        self.broken('xx/a.words.tsv', WORDS + 'rhine\tRIVER\t\tverb\n', 4, 'unknown paradigm verb')

    def test_no_word(self):
        self.broken('xx/a.words.tsv', WORDS + '\tRIVER\t\t\n', 4, 'no word')

    def test_too_many_cells(self):
        self.broken('xx/a.words.tsv', WORDS + 'rhine\tRIVER\t\t\t\tmore\n', 4, '6 cells under 4 columns')

    def test_bad_header(self):
        self.broken('xx/a.words.tsv', 'form\tclass\n' + 'rhine\tRIVER\n', 1, 'the header lacks the columns')

    def test_bad_header_of_classes(self):
        self.broken('classes.tsv', 'name\tmeaning\nWORD\tany word\n', 1, "the header lacks the columns ['class']")

    def test_class_twice(self):
        self.broken('classes.tsv', CLASSES + 'BOAT\tagain\n', 10, 'class BOAT is declared twice')

    def test_template_without_stem(self):
        self.broken('xx/paradigms.tsv', PARADIGMS + 'noun\tes\t\n', 4, 'a template needs {}')

    def test_bad_number_of_a_word(self):
        self.broken('xx/a.words.tsv', WORDS + 'six\tNUMBER\tnum=vi\t\n', 4, "num is a whole number, not 'vi'")

    # rules
    def test_unknown_class_in_a_rule(self):
        self.rule('rule a: LAKE => TRIP', 'unknown class LAKE')

    def test_unknown_class_after_the_arrow(self):
        self.rule('rule a: BOAT => VOYAGE', "unknown class 'VOYAGE' after the arrow")

    def test_unknown_feature_in_a_condition(self):
        self.rule('rule a: BOAT[colour=red] => TRIP', 'unknown feature colour')

    def test_unknown_feature_in_an_action(self):
        self.rule('rule a: b:BOAT => TRIP colour=$b.colour', 'unknown feature colour')

    def test_unknown_feature_set(self):
        self.rule('rule a: b:BOAT BOAT => TRIP colour=red', 'unknown feature colour')

    def test_unknown_value_set(self):
        self.rule('rule a: b:BOAT BOAT => TRIP size=huge', "size has no value 'huge'")

    def test_duplicate_rule(self):
        self.rule('rule trip.up: BOAT BOAT => TRIP', 'there is a rule trip.up already')

    def test_unreachable_rule(self):
        self.rule('rule a: n:NUMBER b:CRAFT => TRIP size=large', 'unreachable: the same pattern as rule trip.number')

    def test_bracket_not_closed(self):
        self.rule('rule a: (BOAT | RIVER => TRIP', 'a bracket is not closed')

    def test_bracket_not_opened(self):
        self.rule('rule a: BOAT ) RIVER => TRIP', "unexpected ')'")

    def test_condition_without_sign(self):
        self.rule('rule a: BOAT[size large] => TRIP', 'expected feature=value')

    def test_no_label(self):
        self.rule('rule a: b:BOAT => TRIP size=$c.size', 'the pattern has no label c:')

    def test_unreadable_pattern(self):
        self.rule('rule a: BOAT & RIVER => TRIP', 'cannot read the pattern at')

    def test_unreadable_action(self):
        self.rule('rule a: BOAT => TRIP size:large', "cannot read the action 'size:large'")

    def test_empty_literal(self):
        self.rule('rule a: "" BOAT => TRIP', 'an empty literal')

    def test_matches_nothing(self):
        self.rule('rule a: ^ $ => TRIP', 'a rule that matches nothing')

    def test_too_many_repeats(self):
        self.rule('rule a: BOAT{1,90} => TRIP', 'at most 24')

    def test_too_large(self):
        self.rule('rule a: ((BOAT? RIVER?){0,20} WORD?){0,20} BOAT => TRIP', 'the pattern is too large')

    def test_neither_rule_nor_phase(self):
        self.rule('ruel a: BOAT => TRIP', 'expected "phase", "define", "test" or "rule NAME: PATTERN')

    def test_define_of_a_class(self):
        self.rule('define BOAT = RIVER', 'BOAT is a class already')

    def test_rule_before_a_phase(self):
        self.broken('xx/1.rules', 'rule a: BOAT => TRIP\n', 1, 'a rule before any "phase NAME"')

    def test_bad_number_in_an_action(self):
        self.rule('rule a: BOAT BOAT => TRIP min=some', "min is a whole number, not 'some'")

    def test_a_rule_over_lines_is_named_by_its_first(self):
        self.broken('xx/1.rules', RULES + 'rule a: BOAT\n  LAKE\n  => TRIP\n', 5, 'unknown class LAKE')

    # tests beside rules
    def test_test_of_no_rule(self):
        self.rule('test trip.down "boat down nile" = "boat down nile"', 'there is no rule trip.down')

    def test_test_with_other_text(self):
        self.rule('test trip.up "boat up nile" = "raft up nile"', 'does not stand in the text of the test')

    def test_test_with_unknown_feature(self):
        self.rule('test trip.up "boat up nile" = "boat up nile" colour=red', 'unknown feature colour')

    def test_test_without_sign(self):
        self.rule('test trip.up "boat up nile" "boat"', 'expected test RULE "text" =')

    def test_test_with_bad_number(self):
        self.rule('test trip.number "7 boats" = "7 boats" min=many', 'min is a number or "open"')

    def test_all_errors_are_told_at_once(self):
        self.write('xx/a.words.tsv', WORDS + 'rhine\tRIVVER\t\t\n')
        self.write('xx/1.rules', RULES + 'rule a: LAKE => TRIP\nrule b: POND => TRIP\n')
        done, _ = self.compile()
        for message in ('RIVVER', 'LAKE', 'POND'):
            self.assertIn(message, done.stderr)

    def test_comments_and_hash_marks_in_quotes(self):
        self.write('xx/1.rules', RULES + 'rule a: "#" BOAT => TRIP # a comment\ntest a "see #boat" = "#boat"\n')
        done, written = self.compile()
        self.assertEqual(done.stderr, '')
        self.assertIn('see #boat', written[2].read_text())


if __name__ == '__main__':
    unittest.main()
