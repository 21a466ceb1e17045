#!/usr/bin/env python3
"""Pages and crawls beside their peers, on one core, in one run: HTML to article, crawl file to articles, crawl file to
committed ledger. The crawl is an invented one (bench/crawl.h); the pages are those of ../shared/data/pages where they are
there, else the crawl's own.

    crawls.py BUILD [--megabytes N] [--seed N] [--only pages|crawl|ledger] [--folder FOLDER]

Times are of the processor (user and system), since a clock also tells what else the machine does; those on two cores are of
the clock, and say what two cores bring only where nothing else runs."""
import argparse
import gzip
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SAMPLE = 300  # pages of the crawl where no others are there


class Peers:
    """bench/requirements.txt in a virtual environment."""

    def __init__(self, build):
        self.folder = build / 'bench' / 'peers'
        self.python = self.folder / 'bin' / 'python'
        self.there = self.made()

    def made(self):
        wanted, has = ROOT / 'bench' / 'requirements.txt', self.folder / 'requirements.txt'
        if has.exists() and has.read_bytes() == wanted.read_bytes():
            return True
        print('Installing bench/requirements.txt from PyPI into', self.folder, '…', flush=True)
        log = self.folder.parent / 'peers.log'
        with open(log, 'wb') as words:
            for command in ([sys.executable, '-m', 'venv', '--clear', self.folder],
                            [self.folder / 'bin' / 'pip', 'install', '--disable-pip-version-check', '--retries', '1',
                             '--timeout', '15', '-r', wanted]):
                if subprocess.run(command, stdout=words, stderr=words).returncode:
                    print(f'note: rows of peers are left out: PyPI was not reached, or has not what is asked ({log})')
                    return False
        shutil.copy(wanted, has)
        return True

    def measured(self, *arguments):
        """(name and version, bytes, seconds); None where it cannot be had."""
        if not self.there:
            return None
        done = subprocess.run([self.python, ROOT / 'bench' / 'peers.py', *arguments], capture_output=True, text=True,
                              preexec_fn=on_cores(1))
        if done.returncode:
            print('note: a peer is left out:', done.stderr.strip().splitlines()[-1:])
            return None
        name, numbers = done.stdout.strip().splitlines()[-2:]
        size, seconds = numbers.split()
        return name, int(size), float(seconds)


def on_cores(count):
    cores = sorted(os.sched_getaffinity(0))[:count]
    return lambda: os.sched_setaffinity(0, cores)


class Run:
    """A command on so many cores: seconds of the processor and of the clock, its memory at most."""

    def __init__(self, *command, cores=1):
        begun = time.monotonic()
        with open(os.devnull, 'wb') as nothing:
            process = subprocess.Popen(list(map(str, command)), stdout=nothing, stderr=nothing, preexec_fn=on_cores(cores))
            _, self.status, used = os.wait4(process.pid, 0)
        process.returncode = self.status
        self.clock = time.monotonic() - begun
        self.processor = used.ru_utime + used.ru_stime
        self.megabytes = used.ru_maxrss / 1024
        if self.status:
            sys.exit(f'{command}: ended with {self.status}')


def row(name, size, seconds, ratio='', more=''):
    print(f'  {name:<46} {size / 1e6 / seconds:9.1f} MB/s  {ratio:<22}{more}')


def beside(ours, theirs, least):
    """How often theirs goes into ours, and what it must be."""
    return f'{ours / theirs:.2f} x ({least} asked)' if theirs else ''


def inside(bench, *arguments):
    done = subprocess.run([bench, *map(str, arguments)], capture_output=True, text=True, preexec_fn=on_cores(1))
    if done.returncode:
        print('note:', done.stderr.strip())
        return None
    size, seconds, _ = done.stdout.split()
    return int(size), float(seconds)


def pages(options, peers, folder):
    shared = ROOT.parent / 'shared' / 'data' / 'pages' / 'html'
    if not shared.is_dir():
        shared = sample(options, folder)
    size, seconds = inside(options.build / 'bench' / 'bench-crawl', 'articles', shared)
    ours = size / seconds
    print(f'HTML to article ({size / 1e6:.1f} MB, one core)')
    rows = [(peers.measured('articles', name, shared), least) for name, least in (('resiliparse', 2), ('trafilatura', 25))]
    row('isnad (bytes to article, charset included)', size, seconds)
    for found, least in rows:
        if found:
            row(f'{found[0]}, decoded HTML to main text', *found[1:], f'isnad is {beside(ours, found[1] / found[2], least)}')


def sample(options, folder):
    """The first pages of a crawl, as files."""
    out = folder / 'pages'
    out.mkdir(exist_ok=True)
    crawl = folder / 'sample.warc.gz'
    subprocess.run([options.build / 'bench' / 'make-crawl', '--pages', str(SAMPLE), crawl], check=True, stderr=subprocess.DEVNULL)
    records = gzip.decompress(crawl.read_bytes()).split(b'WARC-Type: response')[1:]
    for i, record in enumerate(records):
        html = record.split(b'\r\n\r\n', 2)[2]
        (out / f'{i:04}.html').write_bytes(html[:html.rindex(b'</html>')])
    return out


def crawl_articles(options, peers, crawl, html):
    print(f'Crawl file to articles ({crawl.stat().st_size / 1e6:.0f} MB gzipped by record, {html / 1e6:.0f} MB of HTML, '
          'hashing included, one core)')
    ours = Run(options.build / 'isnad', 'page', '--format', 'jsonl', '-j', 1, crawl)
    row('isnad page, JSON written', html, ours.processor)
    theirs = peers.measured('crawl', crawl)
    if theirs:
        row(theirs[0], *theirs[1:], f'isnad is {beside(html / ours.processor, theirs[1] / theirs[2], 1.6)}')
    floor = inside(options.build / 'bench' / 'bench-crawl', 'inflate', crawl)
    if floor:
        row('libdeflate, inflating alone', *floor)


def crawl_ledger(options, crawl, count, html, folder):
    print(f'Crawl file to committed ledger (captures by reference, {count} pages of {html / count / 1e3:.0f} KB)')
    runs = {}
    for cores in (1, 2):
        if cores > len(os.sched_getaffinity(0)):
            print('  one core only: what two bring is not known')
            continue
        for path in folder.glob('ledger*'):
            path.unlink()
        runs[cores] = run = Run(options.build / 'isnad', 'add', '--reference', '-j', cores, '--ledger', folder / 'ledger', crawl,
                                cores=cores)
        rate = count / (run.processor if cores == 1 else run.clock)
        told = (f'500 asked; {count / run.clock:.0f} by the clock' if cores == 1 else
                f'{runs[1].clock / run.clock:.2f} x one core by the clock (1.8 asked)')
        print(f'  {"isnad add, one core" if cores == 1 else "isnad add, two cores":<46} {rate:9.1f} pages/s  ({told}); '
              f'{run.megabytes:.0f} MiB at most (256 asked)')
    again = Run(options.build / 'isnad', 'add', '--reference', '-j', 1, '--ledger', folder / 'ledger', crawl)
    print(f'  {"isnad add, all known already":<46} {count / again.processor:9.1f} pages/s')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('build', type=pathlib.Path)
    parser.add_argument('--megabytes', type=int, default=200, help='of HTML in the crawl')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--only', choices=('pages', 'crawl', 'ledger'))
    parser.add_argument('--folder', help='for the crawl and the ledger (else a temporary one)')
    options = parser.parse_args()
    options.build = options.build.resolve()
    with tempfile.TemporaryDirectory(prefix='isnad-bench-', dir=options.folder) as name:
        folder = pathlib.Path(name)
        peers = None if options.only == 'ledger' else Peers(options.build)
        if options.only in (None, 'pages'):
            pages(options, peers, folder)
        if options.only == 'pages':
            return
        crawl = folder / 'crawl.warc.gz'
        told = subprocess.run([options.build / 'bench' / 'make-crawl', '--megabytes', str(options.megabytes), '--seed',
                               str(options.seed), crawl], check=True, capture_output=True, text=True).stderr.split()
        count, html = int(told[0]), float(told[2]) * 1e6
        if options.only in (None, 'crawl'):
            crawl_articles(options, peers, crawl, html)
        if options.only in (None, 'ledger'):
            crawl_ledger(options, crawl, count, html, folder)


if __name__ == '__main__':
    main()
