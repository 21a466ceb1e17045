#!/usr/bin/env python3
"""Whole ledgers, from outside: copied, every export is the same. Prints "N passed, N failed"."""
import os
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(os.path.abspath(__file__)).parent.parent / 'cli'))
from support import PROGRAM, SAMPLES, Case, main  # noqa: E402
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


class Merges(Case):
    """Two teams: each has pages of its own, one page both have."""

    def setUp(self):
        super().setUp()
        pages = sorted(page for page in SAMPLES.iterdir() if page.suffix in ('.html', '.txt'))
        self.halves = pages[:9], pages[8:]
        for name, half in zip(('one.ledger', 'two.ledger'), self.halves):
            self.run_isnad('add', *half, '--ledger', name)
        self.run_isnad('add', *pages)
        self.run_isnad('key', 'new')

    def merge(self, to, other, code=0):
        return self.run_isnad('ledger', 'merge', other, '--ledger', to, '--who', 'Rima', code=code)

    def copy(self, name, to):
        for tail in ('-wal', '-shm'):
            (self.folder / (to + tail)).unlink(missing_ok=True)
        shutil.copy(self.folder / name, self.folder / to)

    def exports(self, ledger):
        return {each: self.run_isnad('export', '--ledger', ledger, '--what', each[0], '--format', each[1]).stdout
                for each in EXPORTS if each[0] != 'tombstones'}

    def test_two_halves_give_the_bytes_of_the_whole(self):
        for to, other in (('one.ledger', 'two.ledger'), ('two.ledger', 'one.ledger')):
            self.copy(to, 'merged.ledger')
            self.assertRegex(self.merge('merged.ledger', other).text, r'^merged: \d+ captures, ')
            whole, merged = self.exports(self.ledger), self.exports('merged.ledger')
            for each in whole:
                self.assertEqual(whole[each], merged[each], each)
            self.assertIn('nothing is new', self.merge('merged.ledger', other).text)
            # An id that one of the halves gave, and nobody carries any more, leads on.
            for incident in self.lines('export', '--ledger', other):
                self.run_isnad('show', incident['id'], '--ledger', 'merged.ledger')

    def test_heads_of_both_hold(self):
        for ledger in ('one.ledger', 'two.ledger'):
            self.file(ledger + '.head', self.run_isnad('head', '--ledger', ledger).text)
        self.run_isnad('add', self.halves[0][0], '--ledger', 'two.ledger')
        later = self.file('later.head', self.run_isnad('head', '--ledger', 'two.ledger').text)
        self.merge('one.ledger', 'two.ledger')
        heads = self.file('both.heads', ''.join((self.folder / f'{name}.ledger.head').read_text() for name in ('one', 'two')))
        told, = self.lines('verify', '--format', 'jsonl', '--against', heads, '--ledger', 'one.ledger')
        self.assertEqual((told['grade'], told['against'], told['wrong']), ('sealed', True, 0))
        self.run_isnad('verify', '--against', later, '--ledger', 'one.ledger')
        self.run_isnad('add', self.halves[0][1], '--ledger', 'two.ledger')
        after = self.file('after.head', self.run_isnad('head', '--ledger', 'two.ledger').text)
        self.assertIn('more leaves than had come', self.run_isnad('verify', '--against', after, '--ledger', 'one.ledger',
                                                                 code=11).text)
        forged = self.file('forged.head', later.read_text().replace('"time":"20', '"time":"19'))
        self.assertIn('signature', self.run_isnad('verify', '--against', forged, '--ledger', 'one.ledger', code=11).text)
        self.assertIn('another ledger', self.run_isnad('verify', '--against', self.file('none.head', self.run_isnad(
            'head').text), '--ledger', 'one.ledger', code=11).text)

    def test_the_later_word_holds(self):
        shared = self.halves[0][-1]
        claim = next(claim['id'] for claim in self.lines('export', '--what', 'claims', '--ledger', 'one.ledger')
                     if claim['incident'] and claim['id'] in self.run_isnad('export', '--what', 'claims', '--ledger',
                                                                           'two.ledger').text)
        self.assertTrue(shared.exists())
        for ledger, act in (('one.ledger', 'reject'), ('two.ledger', 'accept')):
            self.run_isnad('review', act, claim, '--ledger', ledger, '--who', ledger)
            time.sleep(1.1)
        for to, other in (('one.ledger', 'two.ledger'), ('two.ledger', 'one.ledger')):
            self.copy(to, 'merged.ledger')
            self.merge('merged.ledger', other)
            verdict, = [each['verdict'] for each in self.lines('export', '--what', 'claims', '--ledger', 'merged.ledger')
                        if each['id'] == claim]
            self.assertEqual(verdict, 'accepted')
            kinds = [(act['kind'], act['who']) for act in self.lines('review', 'log', claim, '--format', 'jsonl', '--ledger',
                                                                     'merged.ledger')]
            self.assertEqual(kinds, [('reject', 'one.ledger'), ('accept', 'two.ledger')])

    def test_what_one_withdrew_is_withdrawn(self):
        self.file('named.html', test_proof.NAMED)
        for ledger in ('one.ledger', 'two.ledger'):
            self.run_isnad('add', 'named.html', '--ledger', ledger)
        named = next(document['id'] for document in self.lines('export', '--what', 'documents', '--ledger', 'one.ledger')
                     if document['title'] and document['title'] in test_proof.NAMED)
        claim = next(claim['id'] for claim in self.lines('export', '--what', 'claims', '--ledger', 'two.ledger')
                     if claim['document'] == named)
        self.run_isnad('review', 'accept', claim, '--ledger', 'two.ledger', '--who', 'Sami')
        self.run_isnad('redact', named, '--ledger', 'one.ledger', '--who', 'Rima', '--why', 'a court')
        self.assertIn(b'arnizad', (self.folder / 'two.ledger').read_bytes())
        for to, other in (('one.ledger', 'two.ledger'), ('two.ledger', 'one.ledger')):
            self.copy(to, 'merged.ledger')
            self.merge('merged.ledger', other)
            told, = self.lines('verify', '--format', 'jsonl', '--ledger', 'merged.ledger')
            self.assertEqual(told['wrong'], 0)
            self.assertEqual([each['who'] for each in told['withdrawn']], ['Rima'])
            for part in ('', '-wal'):
                path = self.folder / f'merged.ledger{part}'
                kept = path.read_bytes() if path.exists() else b''
                self.assertNotIn(b'arnizad', kept)
                self.assertNotIn(b'ubayda', kept)
            self.assertNotIn('arnizad', self.run_isnad('review', 'log', '--format', 'jsonl', '--ledger', 'merged.ledger').text)

    def test_settings_stay(self):
        self.run_isnad('estimates', 'use', 'ucdp', '--ledger', 'two.ledger')
        done = self.merge('one.ledger', 'two.ledger')
        self.assertIn('estimates are others: ours stay', done.error)
        self.assertIn('"range/1"', self.run_isnad('export', '--ledger', 'one.ledger').text)

    def test_killed_at_any_moment(self):
        self.copy('one.ledger', 'merged.ledger')
        began = time.monotonic()
        self.merge('merged.ledger', 'two.ledger')
        whole, wall = self.exports('merged.ledger'), time.monotonic() - began
        for turn in range(8):
            self.copy('one.ledger', 'killed.ledger')
            before = self.exports('killed.ledger')
            running = subprocess.Popen([PROGRAM, 'ledger', 'merge', 'two.ledger', '--ledger', 'killed.ledger', '--who', 'R'],
                                       cwd=self.folder, env=self.environment(), stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(wall * (turn + 1) / 8)
            running.kill()
            running.wait()
            self.assertIn(self.exports('killed.ledger'), (before, whole))
            self.merge('killed.ledger', 'two.ledger')
            self.assertEqual(self.exports('killed.ledger'), whole)
            self.run_isnad('verify', '--ledger', 'killed.ledger')


if __name__ == '__main__':
    sys.exit(main())
