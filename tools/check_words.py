#!/usr/bin/env python3
"""Finds what does not belong in the repository: paths of a machine, unfinished work by its own words, text of
the outside evaluation data, and files that are too large to review."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LARGEST = 12_000_000  # the gazetteer's sources are the largest files there are
RULES = [
    (r'(?<![\w.])/(?:work|root|home/\w+)/', 'a path of a machine', {'tools/fresh-machine.sh'}),
    (r'\b(?:TODO|FIXME|XXX)\b', 'unfinished, by its own words', set()),
    (r'\bissue #?\d+\b', 'a number of an issue: say what it is about', set()),
    (r'\.\./shared/(?!data\b|eval\b|gold\b|seed\b)', 'a folder outside the repository', set()),
    (r'[ \t]+$', 'white space at the end of a line', set()),
]
SKIP = re.compile(r'^(third_party/|LICENSE|examples/pages/|fuzz/corpus/|tests/.*/(data|input|golden)|tests/.*\.golden$|data/)')


def tracked():
    listed = subprocess.run(['git', 'ls-files', '-z'], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split('\0') if name]


def text_of(path):
    data = path.read_bytes()
    return None if b'\0' in data[:4096] else data.decode('utf-8', 'replace')


def outside_sentences():
    """Long lines of the outside data, where it is there: none of them may stand in the repository."""
    lines = set()
    for name in ('gold/dev.docs.jsonl', 'data/airwars/docs.jsonl', 'data/voices/docs.jsonl', 'data/text/news_ar.jsonl'):
        path = ROOT.parent / 'shared' / name
        if path.exists():
            import json
            for record in map(json.loads, path.open(encoding='utf-8')):
                lines.update(line.strip() for line in record['text'].splitlines() if len(line.strip()) > 60)
    return lines


def main():
    outside, found = outside_sentences(), []
    for name in tracked():
        path = ROOT / name
        if not path.is_file() or name == 'tools/check_words.py':
            continue
        if path.stat().st_size > LARGEST:
            found.append(f'{name}: {path.stat().st_size} bytes')
        text = text_of(path)
        if text is None:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip() in outside:
                found.append(f'{name}:{number}: a line of the outside evaluation data')
            if SKIP.match(name):
                continue
            for pattern, why, excepted in RULES:
                if name not in excepted and re.search(pattern, line):
                    found.append(f'{name}:{number}: {why}: {line.strip()[:120]}')
    print('\n'.join(found))
    return 1 if found else 0


sys.exit(main())
