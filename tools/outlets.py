#!/usr/bin/env python3
"""Compile data/reading/outlets.tsv into a C table.

usage: outlets.py OUTLETS.tsv OUT.c

Columns: outlet (a name, a domain, or a dot and the end of domains), zone (a name of the IANA time zone database), names
(how its own pages call it, with | between them; may be left out). Outlets are written in small letters. An outlet that
is told twice, or a zone that Python does not know, fails.
"""
import sys
import zoneinfo

source, out = sys.argv[1:3]
known = zoneinfo.available_timezones()
rows = {}
for number, line in enumerate(open(source, encoding='utf-8'), 1):
    line = line.rstrip('\n')
    if not line or line.startswith('#') or line == 'outlet\tzone\tnames':
        continue
    outlet, zone, names, *more = line.split('\t') + [''] * (2 - line.count('\t'))
    if not outlet or not zone or more or (names and not all(names.split('|'))):
        sys.exit(f'{source}:{number}: expected outlet, zone and perhaps names between tabs')
    if known and zone not in known:
        sys.exit(f'{source}:{number}: no time zone is called {zone}')
    if outlet in rows or outlet != outlet.lower():
        sys.exit(f'{source}:{number}: {outlet} is told twice, or not in small letters')
    rows[outlet] = (zone, names, number)


def literal(text):
    return '"' + ''.join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\\\?' else f'\\{b:03o}' for b in text.encode()) + '"'


with open(out, 'w', encoding='utf-8') as f:
    f.write('/* Made by tools/outlets.py; not for editing. */\n#include "reading/outlets.h"\n')
    f.write('const known_outlet known_outlets[] = {\n')
    for outlet, (zone, names, number) in rows.items():
        f.write(f'    {{{{{literal(outlet)}, {len(outlet.encode())}}}, "{zone}", '
                f'{{{literal(names)}, {len(names.encode())}}}, {number}}},\n')
    f.write(f'}};\nconst size_t known_outlet_count = {len(rows)};\n')
