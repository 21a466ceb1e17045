#!/usr/bin/env python3
"""Crawl files: captures that stay in them, additions that are taken up again, work on many cores. Prints "N passed, N
failed"."""
import gzip
import os
import pathlib
import re
import sys
import zipfile

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parent.parent / 'faults')]
from faults import Faults, record  # noqa: E402
from support import main  # noqa: E402

PAGES = 12
WHATS = ('incidents', 'claims', 'documents', 'voices', 'chains')


class Crawls(Faults):
    def setUp(self):
        super().setUp()
        self.path = self.crawl('crawl.warc.gz', range(PAGES))

    def exports(self, ledger):
        return [self.run_isnad('export', '--what', what, '--ledger', ledger).text for what in WHATS]

    def added(self, *arguments, ledger=None, code=0):
        told, = self.lines('add', '--format', 'jsonl', *arguments, '--ledger', ledger or self.ledger, code=code)
        return told

    def verified(self, code=0, ledger=None):
        done = self.run_isnad('verify', '--ledger', ledger or self.ledger, code=code)
        return done.text + done.error


class ByReference(Crawls):
    def setUp(self):
        super().setUp()
        self.assertEqual(self.added('--reference', self.path)['referenced'], PAGES)

    def signed_incident(self):
        self.run_isnad('key', 'new')
        self.run_isnad('head')
        return self.lines('incidents', '--format', 'jsonl')[0]['id']

    def test_the_ledger_is_the_same(self):
        copied = self.new_ledger()
        self.assertEqual(self.added(self.path, ledger=copied)['referenced'], 0)  # too small to be left out unasked
        self.assertEqual(self.exports(self.ledger), self.exports(copied))
        self.assertIn(f'{PAGES} captures checked', self.verified())
        copied.remove()

    def test_a_bundle_holds_the_page(self):
        incident = self.signed_incident()
        self.run_isnad('bundle', incident, '--output', 'one.wacz')
        with zipfile.ZipFile(self.folder / 'one.wacz') as bundle:
            archive = gzip.decompress(bundle.read('archive/data.warc.gz'))
        self.assertIn('خبر رقم'.encode(), archive)
        self.assertEqual(self.lines('reread', '--dry-run', '--format', 'jsonl')[-1].get('damaged', 0), 0)

    def test_a_copy_refers_to_the_same_file(self):
        self.run_isnad('ledger', 'check')
        other = self.new_ledger()
        self.run_isnad('ledger', 'copy', self.ledger, other)
        self.assertIn(f'{PAGES} captures checked', self.verified(ledger=other))
        other.remove()

    def test_the_file_is_gone(self):
        self.path.rename(self.folder / 'elsewhere.warc.gz')
        told = self.verified(code=None)
        self.assertRegex(told, f'the crawl file is gone: .*crawl.warc.gz: no such file: the ledger refers to it for {PAGES} '
                               'captures')
        self.assertIn('1 thing is wrong', told)
        self.assertRegex(self.one_line_of_error(self.run_isnad('bundle', self.signed_incident(), '-o', 'x.wacz', code=None)),
                         'the crawl file is gone')
        done = self.run_isnad('reread', '--dry-run', code=3)
        self.assertRegex(done.error, 'it cannot be read again: the crawl file is gone: .*crawl.warc.gz: no such file')
        # The ledger alone is whole: it is checked, kept safe and merged without the crawl.
        self.run_isnad('ledger', 'check')
        if hasattr(self.ledger, 'parent'):
            self.run_isnad('ledger', 'backup', 'kept.db')
            self.verified(code=11, ledger='kept.db')
        other = self.new_ledger()
        self.run_isnad('add', self.crawl('other.warc.gz', range(50, 52)), '--ledger', other)
        self.run_isnad('ledger', 'merge', self.ledger, '--who', 'R', '--ledger', other)
        self.verified(code=11, ledger=other)
        other.remove()

    def test_the_file_was_moved_with_the_ledger(self):
        if not hasattr(self.ledger, 'parent'):
            self.skipTest('a ledger on a server lies nowhere')
        moved = self.folder / 'moved'
        moved.mkdir()
        for path in [self.path, *self.folder.glob('test.ledger*')]:
            path.rename(moved / path.name)
        self.assertIn(f'{PAGES} captures checked', self.verified(ledger=moved / 'test.ledger'))

    def test_the_file_has_changed(self):
        whole = self.path.read_bytes()
        records = [record(i) for i in range(PAGES)]
        records[3] = record(99)
        for spoiled, wrong in ((b''.join(records), PAGES - 3), (whole[:-100], 1), (b'', PAGES)):
            self.path.write_bytes(spoiled)
            told = self.verified(code=None)
            self.assertGreaterEqual(len(re.findall('the crawl file has changed', told)), 1, told)
            self.assertLessEqual(len(re.findall('the crawl file has changed', told)), wrong, told)
        self.path.unlink()
        os.mkfifo(self.path)
        self.assertIn('the crawl file has changed', self.verified(code=11))  # and nobody waits for a writer
        self.path.unlink()
        self.path.write_bytes(whole)
        self.verified()

    def test_a_redaction_says_where_the_bytes_still_stand(self):
        document = self.lines('export', '--what', 'documents', '--format', 'jsonl')[0]['id']
        told, = self.lines('redact', document, '--who', 'R', '--why', 'W', '--format', 'jsonl')
        self.assertEqual(len(told['elsewhere']), 1)
        self.assertRegex(told['elsewhere'][0], r'crawl\.warc\.gz, offset \d+$')
        self.verified()
        again = self.added('--reference', self.path)
        self.assertEqual((again['withdrawn'], again['known'], again['captures']), (1, PAGES - 1, 0))

    def test_what_cannot_be_read_by_itself_is_copied(self):
        plain = b''.join(map(gzip.decompress, (record(i) for i in range(20, 24))))
        self.file('whole.warc.gz', gzip.compress(plain))
        self.file('plain.warc', plain.replace(b'invented.example', b'imagined.example'))
        self.assertEqual(self.added('--reference', 'whole.warc.gz')['referenced'], 0)
        self.assertEqual(self.added('--reference', 'plain.warc')['referenced'], 4)
        self.verified()
        self.file('more.warc.gz', gzip.compress(plain.replace(b'invented.example', b'feigned.example')))
        told = self.run_isnad('add', '--format', 'table', '--reference', 'more.warc.gz').text
        self.assertIn('4 captures were copied, since no WARC file has them in a place of its own', told)
        self.assertIn('take one', self.run_isnad('add', '--reference', '--copy', self.path, code=2).error)


class Again(Crawls):
    def test_what_is_known_is_passed_over(self):
        self.added(self.crawl('half.warc.gz', range(PAGES // 2)))
        told = self.added(self.path)
        self.assertEqual((told['known'], told['documents']), (PAGES // 2, PAGES - PAGES // 2))
        told = self.added(self.path)
        self.assertEqual((told['known'], told['documents'], told['claims']), (PAGES, 0, 0))

    def test_a_date_still_reaches_what_is_known(self):
        self.file('undated.html', '<html><body><p>مقتل 5 مدنيين وإصابة 7 في غارة على إدلب</p></body></html>')
        self.added('undated.html')
        self.assertEqual(self.added('undated.html')['known'], 1)
        self.assertEqual(self.added('--published', '2026-01-14', 'undated.html')['dated'], 1)


class ManyCores(Crawls):
    def test_the_order_is_that_of_the_input(self):
        crawl = self.crawl('large.warc.gz', range(60))
        for command in ('read', 'page'):
            one, four = (self.run_isnad(command, '--format', 'jsonl', '-j', jobs, crawl).text for jobs in (1, 4))
            self.assertEqual(one, four)
            self.assertEqual(len(one.splitlines()), 60)
        ledgers = self.new_ledger(), self.new_ledger()
        for jobs, ledger in zip((1, 4), ledgers):
            self.added('-j', jobs, crawl, ledger=ledger)
        self.assertEqual(self.exports(ledgers[0]), self.exports(ledgers[1]))


if __name__ == '__main__':
    sys.exit(main())
