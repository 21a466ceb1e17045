#!/usr/bin/env python3
"""Write a file of SQL as a C string.

usage: embed_sql.py FILE.sql OUT.c
"""
import pathlib
import sys

source, target = map(pathlib.Path, sys.argv[1:3])
lines = [line for line in source.read_text(encoding='utf-8').split('\n') if line and not line.lstrip().startswith('--')]
text = ''.join('    "' + line.replace('\\', '\\\\').replace('"', '\\"') + '\\n"\n' for line in lines)
target.write_text(f'/* Made of {source.name}. */\n#include "ledger/postgres.h"\n\nconst char postgres_tables[] =\n{text.rstrip()};\n')
