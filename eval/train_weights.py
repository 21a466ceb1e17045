#!/usr/bin/env python3
"""Trains the weights by which a claim's time, scope and place are chosen: data/reading/weights.tsv.

usage: train_weights.py --candidates build/eval/candidates --program build/isnad [--folds 5] [--only CHOICE]
                        [--language CODE] [--write] [GOLD_FOLDER]

GOLD_FOLDER holds dev.docs.jsonl and dev.gold.jsonl (documents, and what a careful annotator reads in them); to them come
the invented documents of tests/reading/cases. A claim
that is read is paired with the gold claim of the same effect and range in the same sentence; of the candidates that
the engine had for its time and its place those are right that the annotation names (a date, or a phrase that is
alike), and its scope is the annotation's. The model is a conditional logit (time, place: softmax over candidates;
scope: softmax over three) with an L2 penalty, fitted by AdaGrad. Traits are properties of candidates over classes of words
and positions, never words, names or documents. First every fold is held out in turn and the share of right choices
on it is printed; --write then fits on all documents and writes the table; with --only the lines of one choice (event,
time, scope, place), and those of the others stay. With --language the table stands, and what is to be added to it in that
language is trained on its documents, held back by a stronger penalty: data/reading/corrections.tsv. The seed is fixed: the same data give the same table.
"""
import argparse
import collections
import json
import math
import pathlib
import random
import subprocess
import zlib

from score_reading import ROOT, alike, annotated, pair_claims, same_date

TABLE = ROOT / 'data' / 'reading' / 'weights.tsv'
CORRECTIONS = TABLE.with_name('corrections.tsv')
ROUNDS, RATE = 40, 0.15
# The L2 penalty, and how much less each claim of a document counts the more it has: what is best held out.
PENALTY, SHARE = {}, {'place': 0.5}
PENALTY_ELSE, SHARE_ELSE = 0.015, 0.3
# Of a language: a stronger penalty, and what it betters held out.
PENALTY_OF_CORRECTION, CORRECTED = 0.1, ('event', 'place')
CHOICES = ('event', 'time', 'scope', 'place')
SCOPES = ('incident', 'cumulative', 'background')


def pair(reading, gold):
    """{(effect, start, end of the count): gold claim}"""
    claims = reading['claims']
    return {(claims[k]['effect'], claims[k]['count']['start'], claims[k]['count']['end']): gold['claims'][i]
            for i, k in pair_claims(reading, gold).items()}


def load(folder, program, candidates, language=None):
    """(choice, document, right, [candidate's traits]) for every choice of a claim that has a pair; of one language, if told."""
    documents, gold = annotated(folder)
    documents = [d for d in documents if not language or d['language'] == language]
    docs = ''.join(json.dumps(document, ensure_ascii=False) + '\n' for document in documents).encode()
    read = subprocess.run([program, 'read', '--from', 'jsonl', '-'], input=docs, stdout=subprocess.PIPE, check=True).stdout
    pairs = {}
    for reading in map(json.loads, read.splitlines()):
        for key, wanted in pair(reading, gold[reading['id']]).items():
            pairs[(reading['id'],) + key] = wanted
    told = subprocess.run([candidates], input=docs, stdout=subprocess.PIPE, check=True).stdout.decode()
    groups = collections.OrderedDict()
    for line in told.split('\n')[:-1]:
        doc, effect, start, end, choice, value, traits, text = line.split('\t')
        groups.setdefault((doc, effect, int(start), int(end), choice), []).append((value, traits.split(), text))
    examples = []
    for key, items in groups.items():
        wanted = pairs.get(key[:4])
        if wanted is None:
            continue
        if key[4] == 'scope':
            traits = [[], [f'cumulative {t}' for t in items[0][1]], [f'background {t}' for t in items[0][1]]]
            right = [scope == wanted['scope'] for scope in SCOPES]
        elif key[4] == 'time':
            traits = [item[1] for item in items]
            right = [same_date(item[0], wanted['date']) for item in items]
        elif key[4] == 'event':
            traits = [item[1] for item in items]
            right = [(item[0] or None) == wanted['event'] for item in items]
        else:
            traits = [item[1] for item in items]
            right = [(wanted['place_text'] is None and not item[2]) or alike(item[2], wanted['place_text']) for item in items]
        examples.append((key[4], key[0], right, traits))
    return examples


def scores(weights, traits):
    return [sum(weights.get(t, 0.0) for t in candidate) for candidate in traits]


def fit(examples, choice, base=None):
    """The weights; of corrections of a base, what they add to it."""
    penalty = PENALTY_OF_CORRECTION if base else PENALTY.get(choice, PENALTY_ELSE)
    base, less = base or {}, SHARE.get(choice, SHARE_ELSE)
    weights, squares = collections.defaultdict(float), collections.defaultdict(lambda: 1e-6)
    share = collections.Counter(doc for _, doc, _, _ in examples)
    shuffle = random.Random(7)
    usable = [e for e in examples if any(e[2]) and not all(e[2])]
    average = collections.defaultdict(float)
    for round_number in range(ROUNDS):
        shuffle.shuffle(usable)
        for _, doc, right, traits in usable:
            raw = [x + y for x, y in zip(scores(weights, traits), scores(base, traits))]
            top = max(raw)
            odds = [math.exp(x - top) for x in raw]
            total, good = sum(odds), sum(o for o, r in zip(odds, right) if r)
            scale = share[doc] ** -less
            slope = collections.defaultdict(float)
            for candidate, o, r in zip(traits, odds, right):
                change = (o / total - (o / good if r and good else 0.0)) * scale
                if abs(change) > 1e-6:
                    for t in candidate:
                        slope[t] += change
            for t, g in slope.items():
                g += penalty * weights[t]
                squares[t] += g * g
                weights[t] -= RATE * g / math.sqrt(squares[t])
        if round_number >= ROUNDS // 2:
            for t, w in weights.items():
                average[t] += w / (ROUNDS - ROUNDS // 2)
    return average


def added(base, weights):
    return {trait: base.get(trait, 0.0) + weights.get(trait, 0.0) for trait in base.keys() | weights.keys()}


def share_right(weights, examples):
    hit = 0
    for _, _, right, traits in examples:
        raw = scores(weights, traits)
        hit += right[raw.index(max(raw))]
    return hit


def lines_of(choice, weights):
    for trait, weight in sorted(weights.items()):
        if abs(weight) >= 0.0005:
            name = f'scope-{trait.split()[0]}\t{trait.split()[1]}' if choice == 'scope' else f'{choice}\t{trait}'
            yield f'{name}\t{weight:.3f}\n'


def table_of(choice):
    """The weights of a choice as they stand."""
    weights = {}
    for line in TABLE.read_text(encoding='utf-8').splitlines()[1:]:
        told, trait, weight = line.split('\t')
        if told.split('-')[0] == choice:
            weights[f'{told[6:]} {trait}' if choice == 'scope' else trait] = float(weight)
    return weights


def write(lines):
    """The table with new lines for some choices."""
    head, *old = TABLE.read_text(encoding='utf-8').splitlines(keepends=True)
    kept = {choice: [line for line in old if line.split('\t')[0].split('-')[0] == choice] for choice in CHOICES}
    with open(TABLE, 'w', encoding='utf-8') as out:
        out.write(head)
        for choice in CHOICES:
            out.writelines(lines.get(choice, kept[choice]))


def write_corrections(language, lines):
    """The corrections with new lines for some choices of a language."""
    mark, head, *old = CORRECTIONS.read_text(encoding='utf-8').splitlines(keepends=True)
    kept = [line for line in old if line.split('\t')[0] != language or line.split('\t')[1].split('-')[0] not in lines]
    new = [f'{language}\t{line}' for choice in lines for line in lines[choice]]
    with open(CORRECTIONS, 'w', encoding='utf-8') as out:
        out.writelines([mark, head] + sorted(kept + new))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--candidates', required=True)
    parser.add_argument('--program', required=True)
    parser.add_argument('--folds', type=int, default=5)
    parser.add_argument('--only', choices=CHOICES)
    parser.add_argument('--language', metavar='CODE')
    parser.add_argument('--write', action='store_true')
    parser.add_argument('folder', type=pathlib.Path, nargs='?', metavar='GOLD_FOLDER')
    a = parser.parse_args()
    examples = load(a.folder, a.program, a.candidates, a.language)
    lines = {}
    for choice in [a.only] if a.only else CORRECTED if a.language else CHOICES:
        mine = [e for e in examples if e[0] == choice]
        base = table_of(choice) if a.language else {}
        hit = 0
        for fold_number in range(a.folds):
            held = [e for e in mine if zlib.crc32(e[1].encode()) % a.folds == fold_number]
            rest = [e for e in mine if zlib.crc32(e[1].encode()) % a.folds != fold_number]
            hit += share_right(added(base, fit(rest, choice, base)), held) if held and rest else 0
        possible = sum(any(e[2]) for e in mine)
        weights = fit(mine, choice, base) if a.write else {}
        own = f', {100 * share_right(added(base, weights), mine) / len(mine):.1f} % on the training documents' if a.write else ''
        print(f'{choice:<6} {len(mine)} claims: right {100 * hit / len(mine):.1f} % held out{own}; a right candidate in '
              f'{100 * possible / len(mine):.1f} %')
        lines[choice] = lines_of(choice, weights)
    if a.write and a.language:
        write_corrections(a.language, lines)
    elif a.write:
        write(lines)


main()
