#!/usr/bin/env python3
"""Keys, heads, verification: from outside. What is signed is checked here by the command openssl, which knows nothing
of isnad. Prints "N passed, N failed"."""
import base64
import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import stat
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import SAMPLES, TEXT, Case  # noqa: E402


def tree(leaves):
    """RFC 6962's root, by its own words."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b'').digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b'\1' + tree(leaves[:k]) + tree(leaves[k:])).digest()


class Proof(Case):
    def setUp(self):
        super().setUp()
        self.key = self.folder / '.config' / 'isnad' / 'key.pem'

    def head(self, *arguments):
        head, = self.lines('head', *arguments)
        return head

    def keys(self, *arguments):
        return self.lines('key', '--format', 'jsonl', *arguments)

    def openssl_agrees(self, head):
        """The signature, by another program."""
        text = ''.join(f'{head[name]}\n' for name in ('format', 'ledger', 'size', 'root', 'time', 'key'))
        der = bytes.fromhex('302a300506032b6570032100' + head['key'])
        self.file('public.pem', '-----BEGIN PUBLIC KEY-----\n' + base64.b64encode(der).decode() +
                  '\n-----END PUBLIC KEY-----\n')
        self.file('head.txt', text)
        self.file('head.sig', bytes.fromhex(head['signature']))
        return subprocess.run(['openssl', 'pkeyutl', '-verify', '-pubin', '-inkey', 'public.pem', '-rawin', '-in', 'head.txt',
                               '-sigfile', 'head.sig'], cwd=self.folder, capture_output=True).returncode == 0

    @unittest.skipUnless(shutil.which('openssl'), 'no openssl')
    def test_others_can_check_a_head(self):
        self.run_isnad('add', SAMPLES)
        self.run_isnad('key', 'new')
        head = self.head()
        self.assertTrue(self.openssl_agrees(head))
        self.assertFalse(self.openssl_agrees({**head, 'size': head['size'] + 1}))
        with sqlite3.connect(self.ledger) as database:
            leaves = [leaf for leaf, in database.execute('SELECT leaf FROM log ORDER BY position')]
        self.assertEqual(head['size'], len(leaves))
        self.assertEqual(head['root'], tree(leaves).hex())
        shown = subprocess.run(['openssl', 'pkey', '-in', self.key, '-noout', '-text'], capture_output=True, text=True)
        self.assertIn('ED25519', shown.stdout)

    def test_keys(self):
        self.run_isnad('add', SAMPLES)
        self.assertIn('isnad key new', self.run_isnad('head', code=4).error)
        made, = self.keys('new')
        self.assertEqual(stat.S_IMODE(self.key.stat().st_mode), 0o600)
        self.assertEqual(made, self.keys('show')[0])
        self.assertEqual(made['file'], str(self.key))
        self.assertIn(made['key'], self.run_isnad('key', 'show', '--format', 'table').text)
        before = self.key.read_bytes()
        self.one_line_of_error(self.run_isnad('key', 'new', code=2))
        self.assertEqual(self.key.read_bytes(), before)
        self.head()
        self.assertNotIn(before.splitlines()[1], self.ledger.read_bytes())
        self.assertNotIn(base64.b64decode(before.splitlines()[1])[-32:], self.ledger.read_bytes())
        self.key.chmod(0o644)
        self.assertIn('chmod 600', self.one_line_of_error(self.run_isnad('head', code=4)))
        self.key.chmod(0o600)
        self.file('no.pem', 'this is no key\n').chmod(0o600)
        self.one_line_of_error(self.run_isnad('head', '--key', 'no.pem', code=5))
        self.keys('new', '--key', 'other.pem')
        self.one_line_of_error(self.run_isnad('head', '--key', 'other.pem', code=2))

    def test_words_of_key(self):
        self.assertIn('new, show or rotate?', self.run_isnad('key', code=2).error)
        self.assertIn('isnad key rotate', self.run_isnad('key', 'rotat', code=2).error)
        self.assertIn('one word too many', self.run_isnad('key', 'new', 'x', code=2).error)
        self.assertIn('options only', self.run_isnad('head', 'x', code=2).error)

    def test_rotation(self):
        other = self.folder / 'other.ledger'
        self.run_isnad('add', SAMPLES)
        self.run_isnad('add', '--ledger', other, SAMPLES)
        first, = self.keys('new')
        heads = [self.head(), self.head('--ledger', other)]
        second, = self.keys('rotate')
        self.assertEqual(second['previous'], first['key'])
        old = pathlib.Path(second['previous_file'])
        self.assertEqual(stat.S_IMODE(old.stat().st_mode), 0o600)
        self.assertEqual(self.keys('show')[0]['key'], second['key'])
        self.assertFalse(pathlib.Path(f'{self.key}.new').exists())
        heads.append(self.head())
        self.assertEqual(heads[-1]['key'], second['key'])
        self.assertIn('isnad key rotate', self.run_isnad('head', '--ledger', other, code=2).error)
        self.run_isnad('key', 'rotate', '--ledger', other, '--key', old, self.key)
        self.assertEqual(self.head('--ledger', other)['key'], second['key'])
        self.file('kept.jsonl', '\n'.join(map(json.dumps, heads[::2])) + '\n')
        told, = self.lines('verify', '--against', 'kept.jsonl', '--format', 'jsonl')
        self.assertEqual((told['grade'], told['against'], told['keys']), ('sealed', True, 2))

    def test_a_rotation_that_was_interrupted_is_taken_up(self):
        self.run_isnad('add', SAMPLES)
        self.run_isnad('key', 'new')
        self.head()
        before = self.key.read_bytes()
        done, = self.keys('rotate')
        # As if it had ended after the ledger knew the new key, and before the files were exchanged.
        pathlib.Path(f'{self.key}.new').write_bytes(self.key.read_bytes())
        pathlib.Path(f'{self.key}.new').chmod(0o600)
        self.key.write_bytes(before)
        pathlib.Path(done['previous_file']).unlink()
        self.run_isnad('head', code=2)
        again, = self.keys('rotate')
        self.assertEqual(again['key'], done['key'])
        self.head()
        told, = self.lines('verify', '--format', 'jsonl')
        self.assertEqual((told['grade'], told['keys']), ('sealed', 2))

    def test_grades(self):
        self.run_isnad('add', SAMPLES)
        self.assertIn('unsealed', self.run_isnad('verify').text)
        self.run_isnad('key', 'new')
        head = self.head()
        self.file('head.json', json.dumps(head))
        text = self.run_isnad('verify').text
        self.assertIn('sealed: ', text)
        self.assertIn('every one matches its hash', text)
        self.file('more.txt', TEXT)
        self.run_isnad('add', '--published', '2026-01-14', 'more.txt')
        self.assertIn('not sealed yet', self.run_isnad('verify').text)
        told, = self.lines('verify', '--format', 'jsonl', '--against', '-', stdin=json.dumps(head).encode())
        self.assertEqual((told['grade'], told['against'], told['leaves'] - told['sealed']), ('sealed', True, 2))
        with sqlite3.connect(self.ledger) as database:
            database.execute('UPDATE claim SET min = min + 1 WHERE number = 0 AND version = 3')
        done = self.run_isnad('verify', '--against', 'head.json', code=11)
        self.assertIn('changed or incomplete', done.text)
        self.assertRegex(done.text, r'(?m)^\W*document .*, version 1: the reading, or a claim')

    def test_a_head_that_is_none(self):
        self.run_isnad('add', SAMPLES)
        self.file('bad.json', '{"format": "isnad-head/1"}')
        self.assertIn('"ledger"', self.one_line_of_error(self.run_isnad('verify', '--against', 'bad.json', code=5)))
        self.file('empty.json', '\n')
        self.one_line_of_error(self.run_isnad('verify', '--against', 'empty.json', code=5))
        self.one_line_of_error(self.run_isnad('verify', '--against', 'nowhere.json', code=4))

    def test_an_older_copy_in_its_place(self):
        self.run_isnad('add', SAMPLES)
        self.run_isnad('key', 'new')
        self.head()
        shutil.copy(self.ledger, self.folder / 'older')
        self.file('more.txt', TEXT)
        self.run_isnad('add', '--published', '2026-01-14', 'more.txt')
        self.file('head.json', json.dumps(self.head()))
        shutil.copy(self.folder / 'older', self.ledger)
        self.assertIn('sealed: ', self.run_isnad('verify').text)
        self.assertIn('are missing', self.run_isnad('verify', '--against', 'head.json', code=11).text)


def main():
    result = unittest.main(verbosity=1, exit=False).result
    failed = len(result.failures) + len(result.errors)
    print(f'{result.testsRun - failed - len(result.skipped)} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
