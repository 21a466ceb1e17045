#!/usr/bin/env python3
"""Scores how places are read that a short text names alone, without another that tells which country is meant.

usage: lone_places.py --program BUILD/isnad [--errors]

Each name of lone_places.tsv (name, country) stands in an invented sentence of each form of FORMS. Right: a place of that
country is read. None: no place is, or one that is nowhere. Wrong: one of another country. Many of the names are everyday
words besides, and of some no sentence so short can tell which place is meant: all right is not to be expected.
"""
import argparse
import collections
import json
import pathlib
import subprocess

NAMES = pathlib.Path(__file__).resolve().parent / 'lone_places.tsv'
FORMS = {'an attack on X': 'قتل ثلاثة مدنيين في قصف على {} أمس.', 'in X': 'قتل ثلاثة مدنيين في قصف في {} أمس.',
         'in the town of X': 'قتل ثلاثة مدنيين في قصف في مدينة {} أمس.'}


def verdict(reading, country):
    found = [p for p in reading['places'] if p['name'] or p['country']]
    if not found:
        return 'none'
    return 'right' if any(p['country'] == country for p in found) else 'wrong'


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--program', type=pathlib.Path, required=True)
    parser.add_argument('--errors', action='store_true', help='list what is not right')
    options = parser.parse_args()
    lines = [line for line in NAMES.read_text(encoding='utf-8').splitlines() if not line.startswith('#')]
    names = [line.split('\t') for line in lines[1:]]
    for form, sentence in FORMS.items():
        docs = ''.join(json.dumps({'text': sentence.format(name), 'language': 'ar', 'published': '2024-01-10'}) + '\n' for _, name in names)
        out = subprocess.run([options.program, 'read', '--from', 'jsonl', '-'], input=docs, stdout=subprocess.PIPE, check=True, encoding='utf-8').stdout
        verdicts = [verdict(json.loads(line), country) for line, (country, _) in zip(out.splitlines(), names, strict=True)]
        told = collections.Counter(verdicts)
        print(f"{form:<18} right {told['right']} of {len(names)}, none {told['none']}, wrong {told['wrong']}")
        if options.errors:
            for kind in ('none', 'wrong'):
                print(f'  {kind}:', ', '.join(f'{name} ({country})' for v, (country, name) in zip(verdicts, names) if v == kind))


if __name__ == '__main__':
    main()
