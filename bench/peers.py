"""What other programs take for the same pages, in the virtual environment of bench/requirements.txt.

    peers.py articles resiliparse|trafilatura FILE|FOLDER…     decoded HTML to text, all in memory beforehand
    peers.py crawl FILE.warc.gz                                FastWARC's records, hashed, to text by resiliparse

Prints versions, then bytes and seconds of the processor (the least of some runs)."""
import gzip
import hashlib
import importlib.metadata
import pathlib
import sys
import time


def pages(paths):
    for path in map(pathlib.Path, paths):
        if path.is_dir():
            yield from pages(sorted(path.iterdir()))
        else:
            raw = path.read_bytes()
            yield gzip.decompress(raw) if raw[:2] == b'\x1f\x8b' else raw


def decoded(raw):
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding
    return bytes_to_str(raw, detect_encoding(raw))


def least(run, times):
    took = []
    for _ in range(times):
        start = time.process_time()
        run()
        took.append(time.process_time() - start)
    return min(took)


def articles(name, paths):
    raws = list(pages(paths))
    texts = [decoded(raw) for raw in raws]
    if name == 'resiliparse':
        from resiliparse.extract.html2text import extract_plain_text

        def run():
            for text in texts:
                extract_plain_text(text, main_content=True)
    else:
        import trafilatura

        def run():
            for text in texts:
                trafilatura.extract(text)
    print(f'{name} {importlib.metadata.version(name)}')
    print(sum(map(len, raws)), least(run, 3 if name == 'resiliparse' else 1))


def crawl(path):
    from fastwarc.warc import ArchiveIterator, WarcRecordType
    from resiliparse.extract.html2text import extract_plain_text
    size = 0

    def run():
        nonlocal size
        size = 0
        for record in ArchiveIterator(open(path, 'rb'), record_types=WarcRecordType.response, parse_http=True):
            raw = record.reader.read()
            hashlib.sha256(raw).hexdigest()
            extract_plain_text(decoded(raw), main_content=True)
            size += len(raw)
    took = least(run, 2)
    print(f'FastWARC {importlib.metadata.version("fastwarc")} + resiliparse {importlib.metadata.version("resiliparse")}')
    print(size, took)


if __name__ == '__main__':
    if sys.argv[1] == 'articles':
        articles(sys.argv[2], sys.argv[3:])
    else:
        crawl(sys.argv[2])
