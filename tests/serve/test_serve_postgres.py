#!/usr/bin/env python3
"""The server over a ledger in PostgreSQL: every kind of question, acts that are sent twice, linking, an import.

Run by tests/postgres_server.py, which makes the database server; ISNAD_PROGRAM names the program.
"""
import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ['ISNAD_PROGRAM']
SERVER = os.environ['ISNAD_TEST_SERVER']
PATIENCE = 300  # seconds, for machines that are slow
TEXT = 'A blast in Qarya killed five people on 3 January 2026, the police said.'


class Postgres(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        subprocess.run(['psql', '-q', '-h', SERVER, '-U', 'isnad', '-d', 'postgres', '-c',
                        'CREATE DATABASE workspace TEMPLATE isnad_template'], check=True)
        cls.environment = dict(os.environ, XDG_STATE_HOME=cls.folder.name)
        ledger = f'postgresql://isnad@/workspace?host={SERVER}'
        subprocess.run([PROGRAM, 'add', '--ledger', ledger, str(ROOT / 'examples/pages')], env=cls.environment,
                       check=True, capture_output=True)
        cls.server = subprocess.Popen([PROGRAM, 'serve', '--ledger', ledger, '--port', '0'], env=cls.environment,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        cls.url = cls.server.stdout.readline().split(' at ')[1].split()[0]
        cls.csrf = ''
        cls.csrf = cls.ask('session')[1]['csrf']

    @classmethod
    def tearDownClass(cls):
        cls.server.terminate()
        cls.server.communicate(timeout=PATIENCE)
        cls.folder.cleanup()

    @classmethod
    def ask(cls, path, method='GET', body=None, key=None):
        headers = {'Origin': cls.url.rstrip('/'), 'Content-Type': 'application/json', 'X-Isnad-CSRF': cls.csrf}
        if key:
            headers['Idempotency-Key'] = key
        request = urllib.request.Request(cls.url + 'api/v1/' + path, method=method, headers=headers,
                                         data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, json.loads(answer.read() or b'null')
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def wait(self, path, until):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            answer = self.ask(path)[1]
            if until(answer):
                return answer
            time.sleep(0.1)
        self.fail(f'{path}: {answer}')

    def incidents(self):
        return [i['id'] for i in self.ask('incidents')[1]['incidents']]

    def test_everything_can_be_asked(self):
        some = self.incidents()[0]
        for path in ('facets', 'timeline', 'map?zoom=3', 'voices', 'queue', 'statistics', 'search?text=killed', 'grades',
                     'documents', 'compare?by=period&a=2026-01&b=2026-04', 'proposals', 'acts', f'incidents/{some}',
                     f'incidents/{some}/story', f'incidents/{some}/acts'):
            with self.subTest(path):
                self.assertEqual(self.ask(path)[0], 200)

    def test_an_act_that_is_sent_twice_is_one(self):
        some = self.incidents()[-1]
        comment = {'kind': 'comment', 'ids': [some], 'values': ['seen']}
        first = self.ask('acts', 'POST', comment, 'one key')
        self.assertEqual(first[0], 201)
        self.assertEqual(self.ask('acts', 'POST', comment, 'one key'), first)
        self.assertEqual(len(self.ask(f'incidents/{some}/acts')[1]['acts']), 1)

    def test_what_is_merged_is_linked(self):
        before = self.incidents()
        status, said = self.ask('acts', 'POST', {'kind': 'merge', 'ids': before[:2], 'values': []}, 'merged')
        self.assertEqual((status, said['link']), (201, True))
        self.wait('incidents', lambda answer: answer['total'] == len(before) - 1)
        self.assertEqual(self.ask('acts/undo', 'POST', {'acts': [str(said['first'])]}, 'undone')[0], 201)
        self.wait('incidents', lambda answer: answer['total'] == len(before))

    def test_a_text_is_imported(self):
        status, job = self.ask('jobs', 'POST', {'text': TEXT})
        self.assertEqual(status, 201)
        ended = self.wait('jobs/' + job['id'], lambda answer: answer['ended'])
        self.assertEqual((ended['state'], ended['added'], ended['bad']), ('done', 1, 0))


if __name__ == '__main__':
    unittest.main()
