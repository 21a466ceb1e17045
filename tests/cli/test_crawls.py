"""Every web archive of ../shared/data/warc is read or refused with a clear line: what came of each is kept in
crawls.golden (file, code, records by type, pages, each complaint), and compared here."""
import collections
import json
import os
import pathlib
import subprocess
import sys
import unittest

from schema_check import faults
from support import main

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CRAWLS = ROOT.parent / 'shared' / 'data' / 'warc'
GOLDEN = pathlib.Path(__file__).with_name('crawls.golden')
PROGRAM = os.environ['ISNAD_PROGRAM']


def run(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, cwd=CRAWLS, timeout=120)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def outcome(name, schema):
    """What is in a file, as lines; and how many pages of it are said to be read."""
    code, lines, errors = run('intake', 'ls', name)
    items = [json.loads(line) for line in lines.splitlines()]
    wrong = [fault for item in items for fault in faults(item, schema)]
    assert not wrong, (name, wrong[:3])
    types = collections.Counter(item['type'] for item in items)
    read = sum(item['read'] for item in items)
    told = [name, f'  code {code}; {read} read of ' + (', '.join(f'{n} {t}' for t, n in sorted(types.items())) or 'nothing')]
    told += ['  ' + line.replace(name, 'FILE').removeprefix('isnad: ') for line in errors.splitlines()]
    return told, read


@unittest.skipUnless(CRAWLS.is_dir(), f'{CRAWLS} is not here')
class Crawls(unittest.TestCase):
    maxDiff = None

    def test_each_is_read_or_refused_with_a_clear_line(self):
        schema = json.loads(run('schema', 'intake')[1])
        lines, pages = [], 0
        for path in sorted(CRAWLS.iterdir()):
            if path.suffix == '.tsv':
                continue
            told, read = outcome(path.name, schema)
            lines += told
            pages += read
        text = '\n'.join(lines) + '\n'
        if os.environ.get('ISNAD_GOLDEN'):
            GOLDEN.write_text(text, encoding='utf-8')
        self.assertEqual(text, GOLDEN.read_text(encoding='utf-8'))
        self.assertGreater(pages, 0)

    def test_each_page_is_found_again_by_its_place(self):
        """The pages that `page` prints are those that `ls` says are read."""
        for path in sorted(CRAWLS.glob('*webrecorder*')):
            with self.subTest(path.name):
                _, listed, _ = run('intake', 'ls', path.name)
                read = [item['url'] for item in map(json.loads, listed.splitlines()) if item['read']]
                _, pages, _ = run('page', '--format', 'jsonl', path.name)
                self.assertEqual(len(read), len(pages.splitlines()))


if __name__ == '__main__':
    if not CRAWLS.is_dir():
        print(f'skipped: {CRAWLS} is not here')
    sys.exit(main())
