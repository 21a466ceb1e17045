#!/usr/bin/env python3
"""Check data/ledger/*.tsv and write them as C strings.

usage: tables.py TABLE.tsv... OUT.c

A line with the wrong number of columns, an unknown class or a name told twice ends the build with file and line.
Rules of estimates are read by the program itself, as those of a user's own file: they are taken over line by line,
so that mistakes are told with their line (src/ledger/rules.c).
"""
import pathlib
import sys

CLASSES = {'office', 'wrapper', 'source', 'person', 'own', 'outlet', 'body', 'stop', 'town', 'end'}
TABLES = (('terms', 3, 3), ('voices', 3, 99), ('parties', 2, 99), ('estimates', 0, 0),
          ('links', 3, 3), ('codes', 3, 5), ('columns', 3, 3), ('countries', 6, 6), ('affixes', 5, 5),
          ('vague', 2, 2), ('record', 3, 3), ('grades', 5, 5),
          ('nations', 2, 99))
KEYS = {'terms': 2, 'codes': 2, 'columns': 2, 'affixes': 3, 'record': 2, 'grades': 2}


def rows(path, least, most):
    for number, line in enumerate(open(path, encoding='utf-8'), 1):
        line = line.rstrip('\n')
        if not line or line.startswith('#'):
            continue
        cells = line.split('\t')
        if not least <= len(cells) <= most or not all(cells):
            sys.exit(f'{path}:{number}: expected {least} to {most} filled columns, found {len(cells)}')
        yield number, cells


def checked(name, path, least, most):
    seen = {}
    for number, cells in rows(path, least, most):
        if name == 'terms' and cells[0] not in CLASSES:
            sys.exit(f'{path}:{number}: unknown class {cells[0]}')
        key = '\t'.join(cells[:KEYS.get(name, 1)])
        if key in seen:
            sys.exit(f'{path}:{number}: told already on line {seen[key]}')
        seen[key] = number
        if name == 'links':
            try:
                float(cells[1])
            except ValueError:
                sys.exit(f'{path}:{number}: a weight is a number')
        if name == 'affixes' and not (cells[0] in ('arab', 'latn') and cells[1] in ('prefix', 'suffix') and cells[4].isdigit()):
            sys.exit(f'{path}:{number}: expected arab or latn, prefix or suffix, and a number of letters')
        yield '\t'.join(cells) + '\n'


def taken_over(path):
    for line in open(path, encoding='utf-8'):
        yield '\n' if line.startswith('#') else line


def literal(text):
    out = []
    for byte in text.encode():
        if byte in b'"\\' or not 32 <= byte < 127:
            out.append(f'\\{byte:03o}')
        else:
            out.append(chr(byte))
    return '"' + ''.join(out) + '"'


def main():
    *paths, out = sys.argv[1:]
    paths = {pathlib.Path(path).stem: path for path in paths}
    with open(out, 'w') as f:
        f.write('/* Made from data/ledger by src/ledger/tables.py. */\n#include "ledger/names.h"\n')
        for name, least, most in TABLES:
            f.write(f'\nconst char ledger_table_{name}[] =\n')
            lines = checked(name, paths[name], least, most) if most else taken_over(paths[name])
            f.write('\n'.join('    ' + literal(line) for line in lines))
            f.write(';\n')


main()
