#!/usr/bin/env python3
"""Scores `isnad page` on pages that nothing here was tuned on: the test pages of newspaper4k, from PyPI.

usage: outside_pages.py --program BUILD/isnad [--peers PYTHON] [--each]

The source archive is fetched once into build/eval (network: the package registry alone). Its text files and metadata are
what newspaper4k's authors want found: 23 articles in 11 languages, 15 of them with the day of publication. Text: runs of
four words, precision and recall averaged over the pages, F1 of the averages, as for the pages of `make eval`. PYTHON is
one that has trafilatura (`make bench` sets up build/bench/peers/bin/python); it is scored beside, favouring precision as
it does best with. --each prints every page.
"""
import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys
import tarfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
KEPT = ROOT / 'build' / 'eval' / 'outside'
SOURCE = 'newspaper4k==0.9.6'
PEER = ('import sys, json, trafilatura\n'
        'for f in sys.argv[1:]:\n'
        '    raw = open(f, "rb").read()\n'
        '    day = (trafilatura.extract_metadata(raw) or trafilatura.metadata.Document()).date\n'
        '    print(json.dumps({"text": trafilatura.extract(raw, favor_precision=True), "published": day}))\n')


def fetched():
    archives = list(KEPT.glob('*.tar.gz'))
    if not archives:
        KEPT.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, '-m', 'pip', 'download', '--quiet', '--no-deps', '--no-binary', ':all:', '--dest', KEPT, SOURCE], check=True)
        archives = list(KEPT.glob('*.tar.gz'))
        with tarfile.open(archives[0]) as archive:
            archive.extractall(KEPT, filter='data')
    return archives[0].with_name(archives[0].name.removesuffix('.tar.gz')) / 'tests' / 'data'


def told(data):
    """[(page, text, day or None)]"""
    for page in sorted((data / 'html').glob('*.html')):
        text, about = data / 'txt' / f'{page.stem}.txt', data / 'metadata' / f'{page.stem}.json'
        if text.exists():
            date = json.loads(about.read_text(encoding='utf-8')).get('publish_date') if about.exists() else None
            yield page, text.read_text(encoding='utf-8'), date and str(date)[:10]


def runs(text):
    words = re.findall(r'\w+', text or '')
    return collections.Counter(tuple(words[i:i + 4]) for i in range(max(1, len(words) - 3)) if words)


def shares(wanted, got):
    """(precision, recall) of a page's text"""
    wanted, got = runs(wanted), runs(got)
    same = (wanted & got).total()
    return same / got.total() if got else 0.0, same / wanted.total()


def score(name, truth, articles, each):
    pairs, dated, right = [], 0, 0
    for (page, text, day), article in zip(truth, articles, strict=True):
        pairs.append(shares(text, article['text']))
        same_day = day is None or (article['published'] or '')[:10] == day
        dated, right = dated + (day is not None), right + (day is not None and same_day)
        if each:
            print(f'  {page.name:<28} P {100 * pairs[-1][0]:5.1f}  R {100 * pairs[-1][1]:5.1f}' + ('' if same_day else f"  {article['published']}, not {day}"))
    precision, recall = (sum(side) / len(pairs) for side in zip(*pairs))
    print(f'{name:<12} P {100 * precision:5.1f}  R {100 * recall:5.1f}  F1 {200 * precision * recall / (precision + recall):5.1f}   ({len(pairs)} pages)   date {right} of {dated}')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--program', type=pathlib.Path, required=True)
    parser.add_argument('--peers', type=pathlib.Path)
    parser.add_argument('--each', action='store_true')
    options = parser.parse_args()
    truth = list(told(fetched()))
    pages = [page for page, _, _ in truth]
    programs = {'isnad': [options.program, 'page', '--format', 'jsonl']}
    if options.peers:
        programs['trafilatura'] = [options.peers, '-c', PEER]
    for name, command in programs.items():
        lines = subprocess.run([*command, *pages], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding='utf-8').stdout
        score(name, truth, [json.loads(line) for line in lines.splitlines()], options.each)


if __name__ == '__main__':
    main()
