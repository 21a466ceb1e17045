#!/usr/bin/env python3
"""Tunes the numbers of data/page/weights.tsv on pages whose article is known.

usage: train_pages.py --program BUILD/eval/tune-pages [--rounds N] [--write] FOLDER…

Each FOLDER has truth.jsonl (file, set, url, text) as ../shared/data/pages has. A weight at a time is tried larger and
smaller (counts by one, others by RATIOS) and the change kept where it makes the pages better by more than LEAST: pages
are few, and a number that moves no page stays what reason made it. Better is the mean over the sets of F1 of averaged
precision and recall, in runs of four words as score_pages.py has it.

First this is done FOLDS times with a part of the sites held out (pages of one site never stand on both sides), and F1 of
the pages held out is told, with the table as it is and as learned without them: only if the second is higher does tuning
pay. Then it is done over all; --write writes the table. Nothing is random: the same pages and table give the same.
"""
import argparse
import collections
import hashlib
import json
import pathlib
import re
import subprocess
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / 'data' / 'page' / 'weights.tsv'
FOLDS, RATIOS, LEAST, COUNTS = 4, (0.8, 1.25), 2e-4, 10


def read_table():
    rows = [line.split('\t') for line in TABLE.read_text(encoding='utf-8').splitlines() if line and line[0] != '#']
    return {name: float(value) for name, value, _ in rows[1:]}


def write_table(weights):
    lines = []
    for line in TABLE.read_text(encoding='utf-8').splitlines():
        cells = line.split('\t')
        if cells[0] in weights and len(cells) == 3:
            cells[1] = f'{weights[cells[0]]:.4g}'
        lines.append('\t'.join(cells))
    TABLE.write_text('\n'.join(lines) + '\n', encoding='utf-8')


def runs(text):
    words = re.findall(r'\w+', text)
    return collections.Counter(tuple(words[i:i + 4]) for i in range(max(1, len(words) - 3))) if words else collections.Counter()


class Pages:
    """The pages in memory of a program that chooses with given weights; what was scored once is kept."""

    def __init__(self, program, folders):
        self.truth = []
        for folder in map(pathlib.Path, folders):
            for line in (folder / 'truth.jsonl').open(encoding='utf-8'):
                page = json.loads(line)
                if page['text']:
                    site = urllib.parse.urlsplit(page.get('url') or '').netloc.removeprefix('www.') or page['file']
                    self.truth.append((str(folder / page['file']), page['set'], site, runs(page['text'])))
        self.process = subprocess.Popen([program] + [row[0] for row in self.truth],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.known = {}

    def score_page(self, index, text):
        key = index, hashlib.sha256(text).digest()
        if key not in self.known:
            told, made = self.truth[index][3], runs(text.decode('utf-8', 'replace'))
            same = sum((told & made).values())
            self.known[key] = (same / sum(made.values()) if made else 0.0, same / sum(told.values()))
        return self.known[key]

    def scores(self, weights):
        """(precision, recall) of each page."""
        lines = ''.join(f'{name} {value!r}\n' for name, value in weights.items()) + 'run\n'
        self.process.stdin.write(lines.encode())
        self.process.stdin.flush()
        out = self.process.stdout
        return [self.score_page(i, out.read(int(out.readline()))) for i in range(len(self.truth))]

    def f1(self, scores, among):
        """The mean over the sets, and each set's."""
        sets = collections.defaultdict(list)
        for i in among:
            sets[self.truth[i][1]].append(scores[i])
        each = {}
        for name, pairs in sorted(sets.items()):
            p, r = (sum(pair[k] for pair in pairs) / len(pairs) for k in (0, 1))
            each[name] = 2 * p * r / (p + r) if p + r else 0.0
        return sum(each.values()) / len(each), each


def others(value):
    if value == int(value) and 0 < value <= COUNTS:
        return [value - 1, value + 1]
    return [min(value * ratio, 1.0) if value < 1 else value * ratio for ratio in RATIOS]


def tune(pages, weights, among, rounds):
    weights, best = dict(weights), pages.f1(pages.scores(weights), among)[0]
    for _ in range(rounds):
        before = best
        for name in weights:
            for value in others(weights[name]):
                reached = pages.f1(pages.scores({**weights, name: value}), among)[0]
                if reached > best + LEAST:
                    weights[name], best = value, reached
        if best == before:
            break
    return weights


def fold_of(site):
    return hashlib.sha256(site.encode()).digest()[0] % FOLDS


def shown(each):
    return ', '.join(f'{name} {100 * value:.2f}' for name, value in each.items())


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--program', required=True)
    p.add_argument('--rounds', type=int, default=2)
    p.add_argument('--write', action='store_true')
    p.add_argument('folders', nargs='+')
    a = p.parse_args()
    pages, table = Pages(a.program, a.folders), read_table()
    held_out, learned = pages.scores(table), {}
    for fold in range(FOLDS):
        inside = [i for i, row in enumerate(pages.truth) if fold_of(row[2]) != fold]
        outside = [i for i, row in enumerate(pages.truth) if fold_of(row[2]) == fold]
        scores = pages.scores(tune(pages, table, inside, a.rounds))
        learned.update((i, scores[i]) for i in outside)
        print(f'fold {fold + 1} of {FOLDS}: held out {100 * pages.f1(held_out, outside)[0]:.2f} as it is, '
              f'{100 * pages.f1(scores, outside)[0]:.2f} learned', flush=True)
    every = range(len(pages.truth))
    print('held out, as it is:', shown(pages.f1(held_out, every)[1]))
    print('held out, learned: ', shown(pages.f1([learned[i] for i in every], every)[1]))
    tuned = tune(pages, table, every, a.rounds)
    print('learned from all:  ', shown(pages.f1(pages.scores(tuned), every)[1]))
    for name, value in tuned.items():
        if value != table[name]:
            print(f'  {name} {table[name]:g} -> {value:.4g}')
    if a.write:
        write_table(tuned)


main()
