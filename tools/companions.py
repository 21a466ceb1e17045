#!/usr/bin/env python3
"""Compile data/intake/companions.tsv into a C header.

usage: companions.py COMPANIONS.tsv OUT.h

Columns: ending (of a folder's name), language. An ending that is told twice fails.
"""
import sys

from tsv import fail, literal, rows

source, out = sys.argv[1:3]
endings = []
for number, (ending, _) in rows(source, 'ending', 'language'):
    if not ending or ending in endings:
        fail(source, number, f'"{ending}" is empty, or told twice')
    endings.append(ending)
with open(out, 'w', encoding='utf-8') as f:
    f.write('/* Made by tools/companions.py; not for editing. */\n')
    f.write('static const str companion_endings[] = {\n')
    f.writelines(f'    {{{literal(ending)}, {len(ending.encode())}}},\n' for ending in endings)
    f.write('};\n')
