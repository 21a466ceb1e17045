#!/usr/bin/env python3
"""Compile data/reading/weights.tsv and corrections.tsv into C arrays.

usage: weights.py WEIGHTS.tsv CORRECTIONS.tsv OUT.c

Columns: choice (event, time, scope-cumulative, scope-background, place), trait, weight (a number); of the corrections first the
language that they are for, in which they are added to the weights of all. A trait that src/reading/choice.h does not name fails
the build of OUT.c; one that the table lacks weighs nothing.
"""
import hashlib
import sys

ARRAYS = {'event': 'EVENT_TRAIT_', 'time': 'TIME_', 'place': 'PLACE_TRAIT_'}
SCOPES = ['scope-cumulative', 'scope-background']
COLUMNS = ['choice', 'trait', 'weight']

source, corrections, out = sys.argv[1:4]
data = [open(path, 'rb').read() for path in (source, corrections)]


def read(path, text, columns):
    """{(cells before the weight): thousandths}"""
    rows = {}
    for number, line in enumerate(text.decode().splitlines(), 1):
        if not line or line.startswith('#') or line.split('\t') == columns:
            continue
        *key, weight = line.split('\t')
        try:
            value = round(float(weight) * 1000)
        except ValueError:
            value = None
        if value is None or len(key) + 1 != len(columns):
            sys.exit(f'{path}:{number}: expected {", ".join(columns[:-1])} and a number between tabs')
        if key[-2] not in ARRAYS and key[-2] not in SCOPES:
            sys.exit(f'{path}:{number}: unknown choice {key[-2]}')
        if tuple(key) in rows:
            sys.exit(f'{path}:{number}: {" ".join(key)} is told twice')
        rows[tuple(key)] = value
    return rows


def cells(weights, choice, prefix):
    return ', '.join(f'[{prefix}{trait}] = {value}' for (c, trait), value in weights.items() if c == choice) or '0'


def table(language, weights):
    scopes = '}, {'.join(cells(weights, choice, 'SCOPE_TRAIT_') for choice in SCOPES)
    arrays = ''.join(f', .{choice} = {{{cells(weights, choice, prefix)}}}' for choice, prefix in ARRAYS.items())
    return f'    {{.language = "{language}"{arrays}, .scope = {{{{{scopes}}}}}}},\n'


shared = read(source, data[0], COLUMNS)
special = read(corrections, data[1], ['language'] + COLUMNS)
with open(out, 'w') as f:
    f.write('#include "reading/choice.h"\nconst choice_weights reading_weights[] = {\n')
    for language in sorted({key[0] for key in special}):
        weights = dict(shared)
        for (of, *key), value in special.items():
            if of == language:
                weights[tuple(key)] = weights.get(tuple(key), 0) + value
        f.write(table(language, weights))
    f.write(table('', shared) + '};\n')
    f.write(f'const char reading_weights_version[17] = "{hashlib.sha256(b"".join(data)).hexdigest()[:16]}";\n')
