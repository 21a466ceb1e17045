#!/usr/bin/env python3
"""Installs, beside langc.py, what the program gives and reads: `isnad lang check` has no sources to look it up in.

usage: install_lang.py DATADIR (by meson install)
"""
import os
import sys

import lang_check

folder = os.path.join(os.environ['MESON_INSTALL_DESTDIR_PREFIX'], sys.argv[1], 'isnad', 'tools')
os.makedirs(folder, exist_ok=True)
symbols = lang_check.program_symbols(os.path.join(os.environ['MESON_SOURCE_ROOT'], 'src'), None)
with open(os.path.join(folder, 'program.txt'), 'w', encoding='utf-8') as out:
    for kind, names in zip(('gives', 'reads', 'sets'), symbols):
        out.writelines(f'{kind} {name}\n' for name in sorted(names))
