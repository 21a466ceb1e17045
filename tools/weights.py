#!/usr/bin/env python3
"""Compile data/reading/weights.tsv into C arrays.

usage: weights.py WEIGHTS.tsv OUT.c

Columns: choice (event, time, scope-cumulative, scope-background, place), trait, weight (a number). A trait that src/reading/choice.h does
not name fails the build of OUT.c; one that the table lacks weighs nothing.
"""
import hashlib
import sys

ARRAYS = {'event': ('event_weights[EVENT_TRAIT_COUNT]', 'EVENT_TRAIT_'),
          'time': ('time_weights[TIME_TRAIT_COUNT]', 'TIME_'),
          'place': ('place_weights[PLACE_TRAIT_COUNT]', 'PLACE_TRAIT_')}
SCOPES = ['scope-cumulative', 'scope-background']

source, out = sys.argv[1:3]
data = open(source, 'rb').read()
rows = {}
for number, line in enumerate(data.decode().splitlines(), 1):
    if not line or line.startswith('#') or line == 'choice\ttrait\tweight':
        continue
    try:
        choice, trait, weight = line.split('\t')
        value = round(float(weight) * 1000)
    except ValueError:
        sys.exit(f'{source}:{number}: expected choice, trait and a number between tabs')
    if choice not in ARRAYS and choice not in SCOPES:
        sys.exit(f'{source}:{number}: unknown choice {choice}')
    if trait in rows.setdefault(choice, {}):
        sys.exit(f'{source}:{number}: {choice} {trait} is told twice')
    rows[choice][trait] = value


def cells(choice, prefix):
    return ', '.join(f'[{prefix}{trait}] = {value}' for trait, value in rows.get(choice, {}).items()) or '0'


with open(out, 'w') as f:
    f.write('#include "reading/choice.h"\n')
    for choice, (array, prefix) in ARRAYS.items():
        f.write(f'const int32_t {array} = {{{cells(choice, prefix)}}};\n')
    scopes = '}, {'.join(cells(choice, 'SCOPE_TRAIT_') for choice in SCOPES)
    f.write(f'const int32_t scope_weights[2][SCOPE_TRAIT_COUNT] = {{{{{scopes}}}}};\n')
    f.write(f'const char reading_weights_version[17] = "{hashlib.sha256(data).hexdigest()[:16]}";\n')
