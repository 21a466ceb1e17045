#!/usr/bin/env python3
"""Whole ledgers, from outside: copied, every export is the same. Prints "N passed, N failed"."""
import os
import pathlib
import shutil
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(os.path.abspath(__file__)).parent.parent / 'cli'))
from support import SAMPLES, Case  # noqa: E402
import test_proof  # noqa: E402

EXPORTS = [(what, form) for form, kinds in {
    'jsonl': ('incidents', 'claims', 'documents', 'voices', 'chains', 'tombstones'),
    'csv': ('incidents', 'claims', 'documents', 'voices', 'chains'),
    'geojson': ('incidents', 'claims'), 'kml': ('incidents', 'claims'), 'ucdp': ('incidents',),
    'acled': ('incidents',)}.items() for what in kinds]


class Teams(Case):
    authority, openssl, stamped = (getattr(test_proof.TimeStamps, name) for name in ('authority', 'openssl', 'stamped'))

    def exports(self, ledger):
        told = {(what, form): self.run_isnad('export', '--ledger', ledger, '--what', what, '--format', form).stdout
                for what, form in EXPORTS}
        for command in (('review', 'log'), ('review', 'queue'), ('incidents',), ('search', 'market')):
            told[command] = self.run_isnad(*command, '--format', 'jsonl', '--ledger', ledger).stdout
        for document in self.lines('export', '--what', 'documents', '--ledger', ledger):
            told[document['id']] = self.run_isnad('review', 'past', document['id'], '--format', 'jsonl', '--ledger',
                                                  ledger).stdout
        return told

    def reviewed(self):
        """A ledger with all that one can hold."""
        self.file('named.html', test_proof.NAMED)
        self.run_isnad('add', 'named.html', SAMPLES)
        self.run_isnad('key', 'new')
        claims = [claim['id'] for claim in self.lines('export', '--what', 'claims') if claim['incident']]
        incident, other = [incident['id'] for incident in self.lines('export')][:2]
        self.run_isnad('review', 'correct', claims[0], 'count=5+', '--who', 'Rima', '--why', 'the second sentence')
        self.run_isnad('review', 'reject', claims[1], '--who', 'Sami')
        self.run_isnad('review', 'undo', '2', '--who', 'Rima')
        self.run_isnad('review', 'grade', incident, 'fair', '--who', 'Rima')
        self.run_isnad('review', 'comment', incident, 'ask the mayor', '--who', 'Sami')
        self.run_isnad('review', 'merge', incident, other, '--who', 'Sami')
        named = next(document['id'] for document in self.lines('export', '--what', 'documents')
                     if (document['title'] or '') in test_proof.NAMED and document['title'])
        self.run_isnad('redact', named, '--who', 'Rima', '--why', 'a name')
        self.file('villages.tsv', 'id\tname\tcountry\tkind\tlat\tlon\nours:1\tRaqqa\tSY\tvillage\t35.1\t36.9\n')
        self.run_isnad('places', 'build', '--output', 'our.places', 'villages.tsv')
        self.run_isnad('reread', '--places', 'our.places')
        self.run_isnad('estimates', 'use', 'ucdp')
        if shutil.which('openssl'):
            self.authority('one')
            self.file('head.json', self.run_isnad('head', '--request', 'head.tsq').text)
            self.run_isnad('head', '--stamp', self.stamped())
        self.file('head.json', self.run_isnad('head').text)
        self.run_isnad('review', 'settle', incident, '--who', 'Sami')

    def test_a_copy_gives_the_same_bytes(self):
        self.reviewed()
        self.assertRegex(self.run_isnad('ledger', 'copy', self.ledger, 'copy.ledger').text, r'^copied: \d+ captures, ')
        before, after = self.exports(self.ledger), self.exports('copy.ledger')
        self.assertEqual(before.keys(), after.keys())
        for each in before:
            self.assertEqual(before[each], after[each], each)
        self.assertIn(b'"act"', before['review', 'log'])
        self.assertTrue(any(b'"until"' in past for past in before.values()))
        authority = ('--authority', 'one-ca.pem') if shutil.which('openssl') else ()
        grades = [self.run_isnad('verify', '--format', 'jsonl', '--against', 'head.json', *authority, '--ledger', ledger).text
                  for ledger in (self.ledger, 'copy.ledger')]
        self.assertEqual(*grades)
        self.assertIn('"sealed and time-stamped"' if authority else '"sealed"', grades[0])
        heads = [self.run_isnad('head', '--ledger', ledger).text.split('"time"')[0] for ledger in (self.ledger, 'copy.ledger')]
        self.assertEqual(*heads)
        # And back, into a ledger that is there, but empty.
        self.file('none.txt', '')
        self.run_isnad('ledger', 'copy', 'copy.ledger', 'back.ledger')
        self.assertEqual(self.exports('back.ledger'), before)

    def test_a_copy_writes_over_nothing(self):
        self.run_isnad('add', SAMPLES)
        self.file('text.ledger', 'no ledger, but longer than what a file of SQLite begins with')
        self.assertIn('something is in it', self.run_isnad('ledger', 'copy', self.ledger, self.ledger, code=2).error)
        self.one_line_of_error(self.run_isnad('ledger', 'copy', 'nowhere.ledger', 'copy.ledger', code=4))
        self.assertFalse((self.folder / 'copy.ledger').exists())
        self.assertIn('not a ledger', self.run_isnad('ledger', 'copy', self.ledger, 'text.ledger', code=2).error)
        self.assertIn('FROM TO', self.run_isnad('ledger', 'copy', self.ledger, code=2).error)
        self.run_isnad('ledger', 'copy', self.ledger, 'no/such/folder/copy.ledger', code=4)


def main():
    result = unittest.main(verbosity=1, exit=False).result
    failed = len(result.failures) + len(result.errors)
    print(f'{result.testsRun - failed - len(result.skipped)} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
