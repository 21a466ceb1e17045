"""What the tests of faults share: invented pages under numbers, what is drawn under a seed, ledgers that nobody made yet."""
import gzip
import json
import os
import pathlib
import random
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).parent.parent), str(pathlib.Path(__file__).parent.parent / 'cli')]
import stores  # noqa: E402
from support import Case  # noqa: E402

SEED = int(os.environ.get('ISNAD_SEED') or time.time_ns() % 10**9)
TOWNS = ('الرقة', 'الميادين', 'البوكمال', 'إدلب', 'حلب', 'حمص', 'درعا')


def page(i):
    return {'id': f'p{i}', 'outlet': f'صحيفة {i % 5}', 'published': f'2026-01-{14 + i % 3}',
            'text': f'قال مصدر طبي إن {5 + i % 7} أشخاص قتلوا وأصيب {i % 4 + 2} آخرون في غارة جوية استهدفت مدينة {TOWNS[i % 7]} '
                    f'فجر الثلاثاء.\nوأكد ناشطون محليون مقتل ما لا يقل عن {8 + i % 5} مدنيين في الغارة نفسها، رقم {i}.'}


def record(i):
    """The page as a crawler keeps it: a response of WARC, a gzip member of its own."""
    told = page(i)
    paragraphs = ''.join(f'<p>{line}</p>' for line in told['text'].split('\n'))
    html = (f'<html lang="ar"><head><title>خبر رقم {i}</title><meta property="og:site_name" content="{told["outlet"]}">'
            f'<meta property="article:published_time" content="{told["published"]}T08:00:00+03:00"></head><body><article>'
            f'<h1>خبر رقم {i}</h1>{paragraphs}</article></body></html>').encode()
    http = b'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n' + html
    head = (f'WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://invented.example/{i}\r\n'
            f'WARC-Date: 2026-01-20T00:00:{i % 60:02}Z\r\nContent-Type: application/http; msgtype=response\r\n'
            f'Content-Length: {len(http)}\r\n\r\n').encode()
    return gzip.compress(head + http + b'\r\n\r\n', 1)


class Faults(Case):
    def setUp(self):
        super().setUp()
        self.draw, self.made = random.Random(f'{SEED} {self.id()}'), 0

    def new_ledger(self):
        """Where no ledger is yet."""
        self.made += 1
        return stores.new_ledger(self.folder / f'store-{self.made}.ledger')

    def copied(self, ledger):
        """Another that is the same to the byte; nobody has it open."""
        self.made += 1
        return ledger.copied(f'store_{self.made}.ledger')

    def tell(self, what, **counts):
        told = ', '.join(f'{n} {name.replace("_", " ")}' for name, n in counts.items())
        print(f'soak: {what}: {told}, seed {SEED}', flush=True)

    def pages(self, name, numbers):
        return self.file(name, ''.join(json.dumps(page(i)) + '\n' for i in numbers))

    def crawl(self, name, numbers):
        path = self.folder / name
        path.write_bytes(b''.join(record(i) for i in numbers))
        return path

    def documents(self, ledger=None):
        return {each['id'] for each in
                self.lines('export', '--what', 'documents', '--format', 'jsonl', '--ledger', ledger or self.ledger)}
