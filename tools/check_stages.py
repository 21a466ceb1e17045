#!/usr/bin/env python3
"""Data flows one way: a stage includes only its own headers, those of stages before it, and the libraries'.

The table is docs/architecture.md's. Of another folder only the door may be included: the headers named here.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIBRARIES = ['base', 'text', 'lang', 'places']
KNOWS = {
    'base': [],
    'text': ['base'],
    'lang': ['base', 'text'],
    'places': ['base', 'text'],
    'intake': ['base'],
    'page': LIBRARIES + ['intake'],
    'reading': LIBRARIES + ['intake', 'page'],
    'ledger': LIBRARIES + ['intake', 'page', 'reading'],
    'serve': LIBRARIES + ['intake', 'page', 'reading', 'ledger', 'schema'],
    'schema': ['base'],
    'api': LIBRARIES + ['intake', 'page', 'reading', 'ledger', 'serve', 'schema'],
    'cli': LIBRARIES + ['intake', 'page', 'reading', 'ledger', 'serve', 'schema', 'api'],
}


def main():
    found = []
    for path in sorted((ROOT / 'src').rglob('*.[ch]')):
        stage = path.relative_to(ROOT / 'src').parts[0]
        for number, line in enumerate(path.read_text(encoding='utf-8').splitlines(), 1):
            include = re.match(r'\s*#\s*include\s+"([a-z]+)/', line)
            if include and include[1] != stage and include[1] not in KNOWS.get(stage, KNOWS['cli']):
                found.append(f'{path.relative_to(ROOT)}:{number}: {stage} must not know {include[1]}')
    print('\n'.join(found))
    return 1 if found else 0


sys.exit(main())
