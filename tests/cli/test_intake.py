"""isnad intake ls, and what is taken in: the program as people run it, over invented files."""
import base64
import gzip
import json
import os
import subprocess
import sys
import tarfile
import zipfile

from schema_check import faults
from support import PAGE, PROGRAM, TEXT, Case, main

SOAK = bool(os.environ.get('ISNAD_SOAK'))
MEGABYTE = 1 << 20


def record(kind, url, block, content_type='text/html'):
    block = block.encode() if isinstance(block, str) else block
    return (f'WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2021-01-14T06:30:00Z\r\n'
            f'Content-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n').encode() + block + b'\r\n\r\n'


class Listing(Case):
    def schema(self):
        return json.loads(self.run_isnad('schema', 'intake').text)

    def listed(self, *files, code=0):
        items = self.lines('intake', 'ls', *files, code=code)
        for item in items:
            self.assertEqual(faults(item, self.schema()), [])
        return items

    def test_verbs(self):
        self.assertIn('isnad intake ls crawl.warc.gz', self.run_isnad('intake', code=2).error)
        self.assertIn('did you mean isnad intake ls?', self.run_isnad('intake', 'sl', code=2).error)

    def test_records(self):
        crawl = [record('warcinfo', '', 'software: none/1\r\n', 'application/warc-fields'),
                 record('request', 'http://a.example/1', 'GET /1 HTTP/1.1\r\n\r\n', 'application/http'),
                 record('response', 'http://a.example/1', 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n' + PAGE,
                        'application/http'),
                 record('response', 'http://a.example/2', 'HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\nx',
                        'application/http')]
        (self.folder / 'c.warc.gz').write_bytes(b''.join(map(gzip.compress, crawl)))
        items = self.listed('c.warc.gz')
        self.assertEqual([item['type'] for item in items], ['warcinfo', 'request', 'response', 'response'])
        self.assertEqual([item['read'] for item in items], [False, False, True, False])
        self.assertEqual(items[0]['software'], 'none/1')
        self.assertEqual([item['status'] for item in items], [None, None, 200, 404])
        self.assertEqual(items[3]['why'], 'not an answer that succeeded')
        at = 0
        for item, one in zip(items, crawl):
            size = len(gzip.compress(one))
            self.assertEqual(item['place'], {'form': 'warc', 'begin': at, 'skip': 0, 'length': size})
            at += size

    def test_codes(self):
        self.run_isnad('intake', 'ls', 'missing', code=4)
        self.file('x.bin', '\0\1\2\3')
        item, = self.listed('x.bin', code=5)
        self.assertEqual((item['type'], item['read'], item['why']), ('file', False, 'binary data, which is no page'))
        self.file('r.warc', record('resource', 'http://a.example/', PAGE).decode() + 'rubbish\n')
        items = self.listed('r.warc', code=3)
        self.assertEqual([item['type'] for item in items], ['resource', 'damaged'])
        self.assertIn('8 bytes passed over, up to the end', items[1]['why'])

    def test_lines_that_are_no_documents(self):
        self.file('x.jsonl', '{"text": "nothing"}\n[1]\n{"id": "a"}\n')
        items = self.listed('x.jsonl', code=3)
        self.assertEqual([item['read'] for item in items], [True, False, False])
        self.assertEqual(items[2]['why'], 'offset 24: expected a JSON object with a "text", it has no "text"')
        self.assertEqual(len(self.lines('page', 'x.jsonl', code=3)), 1)

    def test_a_folder(self):
        whole = f'<!DOCTYPE html><html><body>{PAGE}</body></html>'
        page = self.folder / 'saved'
        (page / 'one_files').mkdir(parents=True)
        for name, text in {'one.html': PAGE, 'one_files/frame.html': '<p>part', 'news.php?id=7': whole, 'notes': 'a <b> c',
                           'style.css': '/* <html> */', 'crawl': record('resource', 'http://a.example/', PAGE).decode(),
                           '.hidden.html': PAGE}.items():
            (page / name).write_text(text)
        (page / 'loop').symlink_to('.')
        os.mkfifo(page / 'pipe.html')
        items = {item['file'].removeprefix('saved/'): (item['read'], item['why']) for item in self.listed('saved')}
        no_page = (False, 'neither named like a page nor begun like one')
        self.assertEqual(items, {'one.html': (True, None), 'news.php?id=7': (True, None), 'crawl': (True, None),
                                 'one_files': (False, 'the folder of a saved page'), 'notes': no_page, 'style.css': no_page,
                                 'loop': (False, 'a link to a folder, which is not followed'),
                                 'pipe.html': (False, 'no file (a pipe, a device)')})
        self.assertEqual(len(self.lines('page', 'saved')), 3)
        with zipfile.ZipFile(self.folder / 'saved.zip', 'w') as z:
            z.write(page / 'news.php?id=7')
            z.write(page / 'notes')
        self.assertEqual([item['read'] for item in self.listed('saved.zip')], [True, False])

    def test_a_folder_without_pages(self):
        (self.folder / 'none').mkdir()
        self.assertEqual(self.one_line_of_error(self.run_isnad('page', 'none', code=4)), 'isnad: none: a folder without pages')

    def test_the_title_of_a_saved_page(self):
        words = ' '.join(f'=?UTF-8?B?{base64.b64encode(part.encode()).decode()}?=' for part in ('خبر ', 'مختلق'))
        for subject, title in ((words, 'خبر مختلق'), ('=?utf-8?q?a_b=3D?= c', 'a b= c'), ('=?utf-8?B?x' * 9000, None), ('a  b', 'a  b')):
            self.file('x.mht', f'MIME-Version: 1.0\nContent-Type: multipart/related; boundary=y\nSubject: {subject}\n\n--y\n'
                               f'Content-Type: text/html\n\n{PAGE}\n--y--\n')
            item, = self.listed('x.mht')
            self.assertEqual(item['title'], title or subject)

    def test_archives_that_are_not_read(self):
        with tarfile.open(self.folder / 'pages.tar.gz', 'w:gz') as t:
            t.add(self.file('page.html', PAGE))
        self.assertEqual(self.one_line_of_error(self.run_isnad('page', 'pages.tar.gz', code=5)),
                         'isnad: pages.tar.gz: a tar archive, which is not read: unpack it first')

    def test_content_that_is_packed_and_does_not_say_so(self):
        block = b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n' + gzip.compress(PAGE.encode())
        (self.folder / 'c.warc').write_bytes(record('response', 'http://a.example/1', block, 'application/http'))
        self.assertEqual(self.lines('page', 'c.warc')[0]['text'], self.lines('page', self.file('p.html', PAGE))[0]['text'])

    def test_a_record_that_does_not_match_its_checksum(self):
        members = [gzip.compress(record('resource', f'http://a.example/{i}', PAGE)) for i in range(4)]
        spoiled = bytearray(members[1])
        spoiled[-6] ^= 1
        (self.folder / 'c.warc.gz').write_bytes(members[0] + spoiled + members[2] + members[3])
        items = self.listed('c.warc.gz', code=3)
        at = len(members[0])
        self.assertEqual([item['why'] for item in items],
                         [None, f'offset {at}: this WARC record is not as it was written: the gzip data are damaged', None,
                          None])
        self.assertEqual([page['truncated'] for page in self.lines('page', 'c.warc.gz', code=3)], [False, True, False, False])
        members[1] = members[1][:30] + bytes(40) + members[1][70:]
        (self.folder / 'c.warc.gz').write_bytes(b''.join(members))
        damaged = self.listed('c.warc.gz', code=3)[1]
        self.assertEqual((damaged['type'], damaged['offset']), ('damaged', at))
        self.assertIn(f' {len(members[1])} bytes passed over', damaged['why'])

    def test_a_zip_on_a_terminal(self):
        with zipfile.ZipFile(self.folder / 'x.zip', 'w') as z:
            z.writestr('a.html', PAGE)
            z.writestr('a_files/b.html', '<p>part')
        text = self.on_terminal('intake', 'ls', 'x.zip', columns=160).text
        self.assertIn('x.zip!/a.html', text)
        self.assertIn('a part of a saved page', text)
        self.assertIn('1 of 2 are read', text)
        self.assertEqual(text.count('FILE'), 1)
        narrow = self.on_terminal('intake', 'ls', 'x.zip', columns=60).text
        self.assertIn('no: a part of', narrow)
        self.assertLessEqual(max(map(len, narrow.splitlines())), 60)


FEED = f'''<?xml version="1.0"?><rss version="2.0"><channel><title>Invented</title><item><title>13 قتيلاً في غارة على الرقة</title>
<link>http://a.example/feed/1</link><pubDate>Wed, 14 Jan 2026 09:30:00 +0300</pubDate>
<description>&lt;p&gt;{TEXT}&lt;/p&gt;</description></item></channel></rss>'''


class TakenIn(Case):
    def test_a_feed_becomes_documents(self):
        self.file('f.rss', FEED)
        page, = self.lines('page', '--format', 'jsonl', 'f.rss')
        self.assertEqual(page['title'], '13 قتيلاً في غارة على الرقة')
        self.assertEqual(page['url'], 'http://a.example/feed/1')
        self.assertEqual(page['published'], '2026-01-14T09:30')
        self.assertIn(TEXT, page['text'])

    def test_what_was_added_is_read_again_as_it_was(self):
        self.file('f.rss', FEED)
        body = gzip.compress(PAGE.encode())
        block = b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n' + body
        (self.folder / 'c.warc').write_bytes(record('response', 'http://a.example/2', block, 'application/http'))
        self.run_isnad('add', 'f.rss', 'c.warc')
        before = self.lines('export', '--what', 'claims')
        self.assertGreater(len(before), 2)
        self.run_isnad('reread')
        self.assertEqual(self.lines('export', '--what', 'claims'), before)

    def test_a_cut_page_says_so(self):
        whole = record('resource', 'http://a.example/1', PAGE)
        (self.folder / 'c.warc').write_bytes(whole[:-60])
        done = self.run_isnad('page', '--format', 'jsonl', 'c.warc', code=3)
        self.assertIn('(truncated)', done.error)
        self.assertTrue(json.loads(done.text)['truncated'])


class Memory(Case):
    """What streams is never in memory as a whole: the most that a run held is asked of the system."""

    def most_held(self, chunks):
        environment = self.environment()
        environment['ASAN_OPTIONS'] = environment.get('ASAN_OPTIONS', '') + ':quarantine_size_mb=1'
        process = subprocess.Popen([PROGRAM, 'intake', 'ls', '-'], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env=environment)
        for chunk in chunks:
            process.stdin.write(chunk)
        process.stdin.close()
        _, code, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(code)
        self.assertIn(process.returncode, (0, 3))
        return usage.ru_maxrss // 1024

    def assert_bounded(self, chunks):
        """`chunks(n)` gives n MiB, unpacked."""
        small, large = self.most_held(chunks(8)), self.most_held(chunks(2048 if SOAK else 192))
        self.assertLess(large - small, 64, f'{small} MiB for 8 MiB, {large} MiB for more')

    def test_records_packed_one_by_one(self):
        page = b'<p>' + os.urandom(MEGABYTE // 8).hex().encode() * 4
        one = gzip.compress(record('resource', 'http://a.example/1', page), 1)
        self.assert_bounded(lambda n: (one for _ in range(n)))

    def test_one_large_record(self):
        def chunks(n):
            yield record('resource', 'http://a.example/', b'', 'video/mp4').replace(
                b'Length: 0', f'Length: {n * MEGABYTE}'.encode())[:-4]
            for _ in range(n):
                yield bytes(MEGABYTE)
            yield b'\r\n\r\n'
        self.assert_bounded(chunks)

    def test_rubbish_without_end(self):
        self.assert_bounded(lambda n: [record('resource', 'http://a.example/', PAGE)] + [b'x' * MEGABYTE] * n)

    def test_json_lines(self):
        self.assert_bounded(lambda n: [b'{"text":"' + b'a' * 65535 + b'"}\n'] * (16 * n))


if __name__ == '__main__':
    sys.exit(main())
