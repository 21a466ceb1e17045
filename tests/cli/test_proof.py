#!/usr/bin/env python3
"""Keys, heads, verification: from outside. What is signed is checked here by the command openssl, which knows nothing
of isnad. Prints "N passed, N failed"."""
import base64
import contextlib
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
import unittest
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import PROGRAM, SAMPLES, TEXT, Case, main, stores  # noqa: E402


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
    def test_a_file_too_long_to_be_heads_is_refused_whole(self):
        self.run_isnad('add', SAMPLES / 'barid-denial.html')
        self.run_isnad('key', 'new')
        head = self.run_isnad('head').text
        self.run_isnad('verify', '--against', self.file('heads', head.ljust(2 ** 24, '\n')))
        error = self.one_line_of_error(self.run_isnad('verify', '--against', self.file('heads', head.ljust(2 ** 24 + 1, '\n')), code=4))
        self.assertIn('longer than 16 MiB', error)

    def test_others_can_check_a_head(self):
        self.run_isnad('add', SAMPLES)
        self.run_isnad('key', 'new')
        head = self.head()
        self.assertTrue(self.openssl_agrees(head))
        self.assertFalse(self.openssl_agrees({**head, 'size': head['size'] + 1}))
        with self.ledger.connected() as database:
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
        self.assertNotIn(before.splitlines()[1], self.ledger.kept_bytes())
        self.assertNotIn(base64.b64decode(before.splitlines()[1])[-32:], self.ledger.kept_bytes())
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
        with self.ledger.connected() as database:
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
        self.ledger.keep('older')
        self.file('more.txt', TEXT)
        self.run_isnad('add', '--published', '2026-01-14', 'more.txt')
        self.file('head.json', json.dumps(self.head()))
        self.ledger.put_back('older')
        self.assertIn('sealed: ', self.run_isnad('verify').text)
        self.assertIn('are missing', self.run_isnad('verify', '--against', 'head.json', code=11).text)


AUTHORITY = """
[req]
distinguished_name = name
prompt = no
[name]
CN = Stamps of the Test
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[stamps]
extendedKeyUsage = critical, timeStamping
keyUsage = critical, digitalSignature
[tsa]
default_tsa = authority
[authority]
serial = serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
"""


@unittest.skipUnless(shutil.which('openssl'), 'no openssl')
class TimeStamps(Case):
    """Against an authority of the test's own, which is the command openssl."""

    def setUp(self):
        super().setUp()
        self.run_isnad('add', SAMPLES)
        self.run_isnad('key', 'new')
        self.authority('one')

    def openssl(self, *arguments, code=0):
        done = subprocess.run(['openssl', *map(str, arguments)], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout + done.stderr

    def authority(self, name):
        self.file('authority.cnf', AUTHORITY.replace('of the Test', f'of {name}'))
        self.file('serial', '01')
        key = ('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes')
        self.openssl('req', '-x509', *key, '-keyout', f'{name}-ca.key', '-out', f'{name}-ca.pem', '-days', 3, '-config',
                     'authority.cnf', '-extensions', 'ca')
        self.openssl('req', *key, '-keyout', f'{name}.key', '-out', f'{name}.csr', '-config', 'authority.cnf',
                     '-subj', f'/CN=Stamps {name}')
        self.openssl('x509', '-req', '-in', f'{name}.csr', '-CA', f'{name}-ca.pem', '-CAkey', f'{name}-ca.key', '-CAcreateserial',
                     '-days', 2, '-extfile', 'authority.cnf', '-extensions', 'stamps', '-out', f'{name}.pem')

    def stamped(self, name='one', query='head.tsq'):
        self.openssl('ts', '-reply', '-queryfile', query, '-inkey', f'{name}.key', '-signer', f'{name}.pem', '-config',
                     'authority.cnf', '-section', 'authority', '-out', f'{name}.tsr')
        return f'{name}.tsr'

    def verified(self, *arguments, code=0):
        told, = self.lines('verify', '--format', 'jsonl', *arguments, code=code)
        return told

    def test_a_stamp(self):
        self.file('head.json', self.run_isnad('head', '--request', 'head.tsq').text)
        answer = self.stamped()
        self.openssl('ts', '-verify', '-in', answer, '-data', 'head.json', '-CAfile', 'one-ca.pem')
        self.assertRegex(self.run_isnad('head', '--stamp', answer).text, r'^kept: a time stamp of 20\d\d-\d\d-\d\dT[\d:]+Z$')
        self.run_isnad('head', '--stamp', answer)
        told = self.verified()
        self.assertEqual((told['grade'], told['stamps'], told['stamped']), ('sealed', 1, 0))
        self.assertIn('not checked', self.run_isnad('verify').text)
        told = self.verified('--authority', 'one-ca.pem')
        self.assertEqual((told['grade'], told['stamped']), ('sealed and time-stamped', told['leaves']))
        self.assertRegex(told['stamped_at'], r'^20\d\d-')
        self.assertIn('as an authority says', self.run_isnad('verify', '--authority', 'one-ca.pem').text)
        self.file('more.txt', TEXT)
        self.run_isnad('add', '--published', '2026-01-14', 'more.txt')
        self.run_isnad('head')
        told = self.verified('--authority', 'one-ca.pem')
        self.assertEqual((told['sealed'] - told['stamped'], told['leaves']), (2, told['sealed']))

    def test_stamps_that_do_not_hold(self):
        self.run_isnad('head', '--request', 'head.tsq')
        self.run_isnad('head', '--stamp', self.stamped())
        self.authority('two')
        told = self.verified('--authority', 'two-ca.pem', code=11)
        self.assertEqual(told['grade'], 'changed or incomplete')
        self.assertIn('time stamp 1 of signed head 1', self.run_isnad('verify', '--authority', 'two-ca.pem', code=11).text)
        self.one_line_of_error(self.run_isnad('verify', '--authority', 'nowhere.pem', '--format', 'jsonl', code=4))
        self.file('none.pem', 'no certificate\n')
        self.one_line_of_error(self.run_isnad('verify', '--authority', 'none.pem', '--format', 'jsonl', code=4))
        with self.ledger.connected() as database:
            token, = database.execute('SELECT token FROM stamp').fetchone()
            for at in range(20, len(token), 97):
                bad = token[:at] + bytes([token[at] ^ 1]) + token[at + 1:]
                database.execute('UPDATE stamp SET token = ?', (bad,))
                database.commit()
                done = self.run_isnad('verify', '--authority', 'one-ca.pem', code=None)
                self.assertIn(done.returncode, (0, 11))  # 0: a byte that nothing signed and nobody reads
                if done.returncode == 11:
                    self.assertIn('time stamp 1', done.text)

    def test_answers_that_are_none(self):
        self.run_isnad('head', '--request', 'head.tsq')
        self.file('none.tsr', 'no answer')
        self.one_line_of_error(self.run_isnad('head', '--stamp', 'none.tsr', code=5))
        self.one_line_of_error(self.run_isnad('head', '--stamp', 'nowhere.tsr', code=4))
        self.file('other.txt', 'something else')
        self.openssl('ts', '-query', '-data', 'other.txt', '-sha256', '-cert', '-out', 'other.tsq')
        self.assertIn('of no head', self.one_line_of_error(
            self.run_isnad('head', '--stamp', self.stamped(query='other.tsq'), code=5)))
        self.openssl('ts', '-query', '-data', 'other.txt', '-sha512', '-cert', '-out', 'other.tsq')
        self.one_line_of_error(self.run_isnad('head', '--stamp', self.stamped(query='other.tsq'), code=5))
        self.assertEqual(self.verified()['stamps'], 0)


SECRET = 'Zubaydah Qwarnizadeh'
NAMED = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Shelling kills 9 in Tilal al-Rim</title>
<meta property="article:published_time" content="2026-01-14T09:30:00+03:00"></head><body><article>
<h1>Shelling kills 9 in Tilal al-Rim</h1>
<p>Nine civilians were killed and 5 injured in shelling on the market of Deir ez-Zor on Tuesday, a medical source said.</p>
<p>Among the dead was Zubaydah Qwarnizadeh, a girl of seven, her uncle Zubaydah Qwarnizadeh told reporters.</p>
<p>The monitor said that at least 11 people were killed in the same shelling.</p></article></body></html>
"""


class Redaction(Case):
    """What was destroyed is in no file: neither as text nor as the bytes that held it, packed or not."""

    def setUp(self):
        super().setUp()
        self.file('named.html', NAMED)
        self.run_isnad('add', 'named.html', SAMPLES)
        self.run_isnad('key', 'new')
        self.head = self.file('head.json', self.run_isnad('head').text)
        self.capture, = self.rows("SELECT id FROM capture WHERE file LIKE '%named.html'")[0]
        self.packed = [data for query in ('SELECT data FROM chunk JOIN capture ON capture.sequence = chunk.capture WHERE id = ?',
                                          'SELECT text FROM version WHERE key = (SELECT version FROM capture WHERE id = ?)',
                                          'SELECT reading FROM version WHERE key = (SELECT version FROM capture WHERE id = ?)')
                       for data, in self.rows(query, self.capture)]
        self.document, = self.rows('SELECT document.id FROM document JOIN version ON version.document = document.key JOIN'
                                   ' capture ON capture.version = version.key WHERE capture.id = ?', self.capture)[0]
        # Not vacuous: before, all of it is there.
        self.ledger.flush()
        self.assertTrue(b'arnizad' in self.files())
        for data in self.packed:
            self.assertTrue(data[2:200] in self.files())

    def rows(self, query, *values):
        with self.ledger.connected() as database:
            return database.execute(query, values).fetchall()

    def files(self):
        return self.ledger.kept_bytes()

    def unpacked(self):
        """Every value of every table, and what zlib makes of it."""
        with self.ledger.connected() as database:
            for table in self.ledger.tables():
                for row in database.execute(f'SELECT * FROM "{table}"'):
                    for value in row:
                        yield value.encode() if isinstance(value, str) else value if isinstance(value, bytes) else b''
                        if isinstance(value, bytes) and value[:1] == b'x':
                            try:
                                yield zlib.decompressobj().decompress(value)
                            except zlib.error:
                                pass  # packed beside a text, which is looked through by `isnad export`

    def assert_gone(self, words=('ubayda', 'arnizad')):
        """Middles of words: the index holds stems, each without what it shares with the one before."""
        found = self.files()
        for word in words:
            self.assertFalse(word.encode() in found or word.lower().encode() in found, word)
        now = [data for data, in self.rows('SELECT text FROM version UNION ALL SELECT reading FROM version')]
        for data in self.packed:  # what is packed now may begin like what was
            for at in range(2, len(data) - 40, 7):
                part = data[at:at + 40]
                self.assertFalse(part in found and not any(part in each for each in now))
        for value in self.unpacked():
            for word in words:
                self.assertFalse(word.encode() in value or word.lower().encode() in value, word)
        for what in ('incidents', 'claims', 'documents', 'voices', 'chains'):
            text = self.run_isnad('export', '--what', what).text
            for word in words:
                self.assertNotIn(word, text)
        self.assertIn('nothing found', self.run_isnad('search', '--format', 'table', 'Qwarnizadeh').text)

    def verified(self):
        told, = self.lines('verify', '--format', 'jsonl', '--against', self.head)
        self.assertEqual((told['wrong'], told['against']), (0, True))
        return told

    def test_a_capture(self):
        leaf = self.rows('SELECT leaf, sha256, url, time FROM capture WHERE id = ?', self.capture)
        told, = self.lines('redact', self.capture, '--who', 'R. Haddad', '--why', "a child's name", '--format', 'jsonl')
        self.assertEqual((told['captures'], told['text'], told['document']), (1, True, self.document))
        self.assert_gone()
        self.assertEqual(self.rows('SELECT leaf, sha256, url, time FROM capture WHERE id = ?', self.capture), leaf)
        withdrawn, = self.verified()['withdrawn']
        self.assertEqual((withdrawn['capture'], withdrawn['who'], withdrawn['why'], withdrawn['span']),
                         (self.capture, 'R. Haddad', "a child's name", None))
        self.assertRegex(self.run_isnad('verify').text, f'withdrawn: capture .*{self.capture}.* by .*R. Haddad')

    def test_it_does_not_come_back(self):
        self.run_isnad('redact', self.document, '--who', 'R', '--why', 'W')
        self.assertIn('1 withdrawn before', self.run_isnad('add', 'named.html').text)
        self.file('again.txt', NAMED[NAMED.index('Shelling'):])
        told, = self.lines('add', '--format', 'jsonl', 'named.html', SAMPLES)
        self.assertEqual((told['withdrawn'], told['documents'], told['captures']), (1, 0, 0))
        self.assert_gone()
        self.assertIn('withdrawn before', self.run_isnad('redact', self.capture, '--who', 'R', '--why', 'W').text)
        self.assertEqual(self.verified()['acts'], 1)

    def test_a_span(self):
        before = self.rows('SELECT id, min, max, class, evidence_start, evidence_end FROM claim WHERE version ='
                           ' (SELECT version FROM capture WHERE id = ?) ORDER BY number', self.capture)
        self.assertGreaterEqual(len(before), 3)
        text, = [zlib.decompress(self.packed[1]).decode()]
        for _ in range(text.count(SECRET)):
            text, = [zlib.decompress(data).decode() for data, in self.rows(
                'SELECT text FROM version WHERE key = (SELECT version FROM capture WHERE id = ?)', self.capture)]
            start = text.index(SECRET)
            told, = self.lines('redact', self.capture, '--span', f'{start}-{start + len(SECRET)}', '--who', 'R', '--why', 'name',
                               '--format', 'jsonl')
            self.assertTrue(told['text'])
        self.assert_gone()
        now, = [zlib.decompress(data).decode() for data, in self.rows(
            'SELECT text FROM version WHERE key = (SELECT version FROM capture WHERE id = ?)', self.capture)]
        self.assertEqual(len(now), len(text))
        self.assertIn('Among the dead was ' + '█' * len(SECRET) + ', a girl of seven', now)
        self.assertEqual(before, self.rows('SELECT id, min, max, class, evidence_start, evidence_end FROM claim WHERE version ='
                                           ' (SELECT version FROM capture WHERE id = ?) ORDER BY number', self.capture))
        self.assertEqual(len(self.verified()['withdrawn']), 2)
        self.assertNotIn('nothing found', self.run_isnad('search', '--format', 'table', 'uncle').text)
        # And then all of it.
        self.run_isnad('redact', self.capture, '--who', 'R', '--why', 'all of it')
        self.assert_gone(('uncle', 'ubayda', 'arnizad'))
        self.verified()

    def reviewed(self):
        """A claim of the sentence with the name was looked at by two people, and its page read again."""
        claim, = self.rows("SELECT id FROM claim WHERE version = (SELECT version FROM capture WHERE id = ?) AND class ="
                           " 'civilian' AND min = 9 LIMIT 1", self.capture)[0]
        self.run_isnad('review', 'accept', claim, '--who', 'Rima')
        self.run_isnad('review', 'correct', claim, 'count=10', '--who', 'Samir', '--why', 'the later list')
        with self.ledger.connected() as database:
            database.execute("UPDATE version SET engine = (SELECT min(engine) FROM version)")
        return claim

    def test_what_people_said_of_it_quotes_it_no_more(self):
        self.reviewed()
        quoted, = self.rows("SELECT count(*) FROM act WHERE payload LIKE '%Nine civilians%'")[0]
        self.assertEqual(quoted, 2)
        leaves = self.rows('SELECT sequence, leaf FROM act')
        self.run_isnad('redact', self.capture, '--who', 'R', '--why', 'W')
        self.assert_gone(('ubayda', 'arnizad', 'Nine civilians'))
        self.assertEqual(self.rows('SELECT sequence, leaf FROM act WHERE sequence <= 2'), leaves)
        self.assertEqual(self.rows('SELECT count(*) FROM act WHERE redaction IS NOT NULL'), [(2,)])
        self.verified()

    def test_a_name_far_from_the_figure_is_in_no_act(self):
        text, = [zlib.decompress(data).decode() for data, in self.rows(
            'SELECT text FROM version WHERE key = (SELECT version FROM capture WHERE id = ?)', self.capture)]
        claim = self.reviewed()
        self.run_isnad('review', 'correct', claim, 'voice.kind=medical', '--who', 'Samir')
        for each in re.finditer('medical source', text):
            self.run_isnad('redact', self.capture, '--span', f'{each.start()}-{each.end()}', '--who', 'R', '--why', 'W')
        self.assertEqual(self.rows("SELECT count(*) FROM act WHERE payload LIKE '%medical source%'"), [(0,)])
        self.verified()

    def test_a_redaction_cannot_be_undone(self):
        self.run_isnad('redact', self.capture, '--who', 'R', '--why', 'W')
        self.assertIn('cannot come back', self.run_isnad('review', 'undo', '1', '--who', 'R', code=2).error)

    def test_an_act_cannot_pass_for_a_redaction(self):
        """Whoever has the file but not the key relabels an act, and lets it vouch for bytes that he removed."""
        self.reviewed()
        head = self.file('later.json', self.run_isnad('head').text)
        with self.ledger.connected() as database:
            self.ledger.unguard(database, 'act', 'act_fixed')
            for kind, payload in (('redact', {'capture': self.capture, 'document': self.document}),
                                  ('withdraw', {'acts': [{'act': 1, 'leaf': '0' * 64}]})):
                database.execute('UPDATE act SET kind = ?, payload = ?, redaction = 1 WHERE sequence = 1',
                                 (kind, json.dumps(payload)))
                database.execute('DELETE FROM chunk WHERE capture = (SELECT sequence FROM capture WHERE id = ?)', (self.capture,))
                database.execute('UPDATE capture SET withdrawn = 1 WHERE id = ?', (self.capture,))
                database.commit()
                told = self.run_isnad('verify', '--against', head, code=11).text
                self.assertIn('act 1', told)
                self.assertIn('no act of redaction names it', told)

    def test_what_is_said_to_redact_may_be_anything(self):
        self.reviewed()
        with self.ledger.connected() as database:
            self.ledger.unguard(database, 'act', 'act_fixed')
            for kind, payload in (('redact', 'no JSON'), ('redact', '[]'), ('withdraw', 'no JSON'), ('withdraw', '{"acts": 7}'),
                                  ('withdraw', '{"acts": [{"act": 1, "leaf": "00"}, {"act": 1, "leaf": "11"}]}'),
                                  ('withdraw', '{"acts": [{"act": "x", "leaf": "00"}, {"act": 1.5}, 7, [], null]}')):
                database.execute('UPDATE act SET kind = ?, payload = ? WHERE sequence = 2', (kind, payload))
                database.execute('UPDATE act SET redaction = 2 WHERE sequence = 1')
                database.execute('UPDATE capture SET withdrawn = 2 WHERE id = ?', (self.capture,))
                database.execute('UPDATE version SET withdrawn = 2 WHERE key = (SELECT version FROM capture WHERE id = ?)',
                                 (self.capture,))
                database.commit()
                told = self.run_isnad('verify', code=11).text
                self.assertIn('act 1', told, payload)
                self.assertIn('no act of redaction names it', told, payload)

    def test_an_act_is_withdrawn_by_a_redaction_alone(self):
        self.reviewed()
        with self.ledger.connected() as database:
            with self.assertRaises(self.ledger.refused):
                database.execute("UPDATE act SET payload = '{}' WHERE sequence = 1")
            with self.assertRaises(self.ledger.refused):
                database.execute("UPDATE act SET who = 'Nobody', redaction = 1 WHERE sequence = 1")
            database.execute("UPDATE act SET payload = '{}', redaction = 1 WHERE sequence = 1")
        self.assertIn('act 1', self.run_isnad('verify', code=11).text)

    def test_what_is_said_of_wrong_words(self):
        self.assertIn('which capture?', self.run_isnad('redact', code=2).error)
        self.assertIn('--who', self.run_isnad('redact', self.capture, '--why', 'W', code=2).error)
        self.assertIn('START-END', self.run_isnad('redact', self.capture, '--who', 'R', '--why', 'W', '--span', '9', code=2).error)
        self.assertIn('code points', self.run_isnad('redact', self.capture, '--who', 'R', '--why', 'W', '--span', '9-99999',
                                                    code=2).error)
        self.one_line_of_error(self.run_isnad('redact', 'p-nobody', '--who', 'R', '--why', 'W', code=9))
        self.assertEqual(self.verified()['acts'], 0)
        self.assertTrue(b'arnizad' in self.files())

    def test_a_text_that_another_capture_vouches_for(self):
        self.file('same.html', NAMED.replace('<body>', '<body><!-- fetched again -->'))
        shutil.copy(self.folder / 'named.html', self.folder / 'first.html')
        self.run_isnad('add', 'same.html')
        rows = self.rows('SELECT version, count(*) FROM capture GROUP BY version HAVING count(*) > 1')
        if not rows:  # without a URL the bytes make the document: then it is a copy, and named as such
            told, = self.lines('redact', self.capture, '--who', 'R', '--why', 'W', '--format', 'jsonl')
            self.assertEqual(len(told['others']), 1)
            return
        self.assertIn('not the text', self.run_isnad('redact', self.capture, '--who', 'R', '--why', 'W').text)

    @stores.of_a_file
    def test_a_reader_in_the_way(self):
        reader = sqlite3.connect(self.ledger)
        reader.execute('BEGIN')
        reader.execute('SELECT count(*) FROM capture').fetchone()
        done = self.run_isnad('redact', self.capture, '--who', 'R', '--why', 'W', code=6)
        self.assertIn('another process', done.error)
        self.assertIn('freed pages', self.run_isnad('verify', code=11).text)
        reader.close()
        self.run_isnad('redact', self.capture, '--who', 'R', '--why', 'W')
        self.assert_gone()
        self.verified()

    def test_killed_at_any_moment(self):
        """Either nothing was done, or the next call finishes it."""
        seed = int(os.environ.get('ISNAD_SEED') or time.time_ns() % 10**9)
        rounds = 6 * int(os.environ.get('ISNAD_SOAK', 1))
        print(f'soak: killed while redacting: {rounds} kills, seed {seed}')
        draw = random.Random(seed)
        self.ledger.keep('before')
        for _ in range(rounds):
            self.ledger.put_back('before')
            process = subprocess.Popen([PROGRAM, 'redact', self.capture, '--who', 'R', '--why', 'W'], cwd=self.folder,
                                       env=self.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(draw.random() * 0.5)
            process.kill()
            process.wait()
            self.run_isnad('redact', self.capture, '--who', 'R', '--why', 'W')
            self.assert_gone()
            self.assertEqual(self.verified()['acts'], 1)


if __name__ == '__main__':
    sys.exit(main())
