#!/usr/bin/env python3
"""Fills the screen of output in README.md from a real run over the sample pages: the list of incidents, and the one
that most pages tell of.

usage: readme.py BUILD
"""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BEGIN, END = '<!-- screen: begin (make readme fills this) -->', '<!-- screen: end -->'
LONGEST = 60  # lines of one command


def run(program, ledger, *arguments):
    done = subprocess.run([program, *arguments], cwd=ROOT, text=True, capture_output=True, check=True,
                          stdin=subprocess.DEVNULL,
                          env={'ISNAD_LEDGER': str(ledger), 'NO_COLOR': '1', 'PATH': '/usr/bin', 'COLUMNS': '110'})
    return done.stdout


def shown(program, ledger, *arguments):
    lines = [line.rstrip() for line in run(program, ledger, *arguments).splitlines()]
    if len(lines) > LONGEST:
        lines[LONGEST:] = ['…']
    return f'$ isnad {" ".join(arguments)}\n' + '\n'.join(lines)


def main():
    program, ledger = ROOT / sys.argv[1] / 'isnad', ROOT / sys.argv[1] / 'readme.ledger'
    for old in ledger.parent.glob('readme.ledger*'):
        old.unlink()
    screens = [shown(program, ledger, 'add', 'examples/pages'), shown(program, ledger, 'incidents')]
    incidents = map(json.loads, run(program, ledger, 'export', '--what', 'incidents', '--format', 'jsonl').splitlines())
    largest = max(incidents, key=lambda incident: len(incident['documents']))
    screens.append(shown(program, ledger, 'show', largest['id']))
    screen = '\n\n'.join(screens)
    screen = re.sub('[\u2066-\u2069\u200e\u200f\x1b]', '', screen)  # isolates: a browser lays lines out by itself
    readme = ROOT / 'README.md'
    text = readme.read_text(encoding='utf-8')
    before, after = text.index(BEGIN) + len(BEGIN), text.index(END)
    readme.write_text(f'{text[:before]}\n```\n{screen}\n```\n{text[after:]}', encoding='utf-8')


main()
