#!/usr/bin/env python3
"""Trains data/reading/act_weights.tsv: which mentions of an act tell a distinct act.

usage: train_acts.py --program build/isnad [--language CODE] [--write] GOLD_FOLDER
GOLD_FOLDER holds dev.docs.jsonl and dev.gold.jsonl; to them come the invented documents of tests/reading/cases, which are of other
countries. Prints how well acts are told in documents that were held out (a fifth at a time); with --write, writes the weights
trained on all of them. A weight stands for a feature or for two that hold together, never for a word or a document; those that
hold in few documents get none.
Annotators took now the lead, now the fullest telling of an act. So after a first training an act of the gold is
told by the mention that the weights would take, of those that may be one with it, and the weights are trained anew.
With --language the weights stand, and what is to be added to them in that language is trained on its documents:
data/reading/act_corrections.tsv, for single features alone.
"""
import argparse, json, math, pathlib, random, subprocess
from collections import defaultdict

from score_reading import ROOT, annotated, share_words, words

TABLE = ROOT / 'data' / 'reading' / 'act_weights.tsv'
CORRECTIONS = TABLE.with_name('act_corrections.tsv')

LOOK = 64
UNLIKELY, DOUBTFUL, SURPLUS = -3, -1.5, 0.99
FOLDS, EPOCHS, RATE, SHRINK, FEWEST = 5, 15, 0.03, 0.003, 10
STEPS, STEP, HELD_BACK, FEWEST_OF_LANGUAGE = 300, 0.05, 30, 4  # of corrections: a penalty on squares, and in how many documents at least
ORDERS = 3  # the weights are the mean over so many orders of the examples
ROUNDS, STAY = 2, 0.5
# The features that are weighed together with every other one.
PIVOTS = {'definite', 'open-one', 'title', 'open-kind', 'plural', 'verb', 'harms', 'further'}


class Document:
    def __init__(self, gold, reading):
        self.id, self.text = reading['id'], reading['text']
        self.gold = [(e['type'], words(e['trigger_text']), words(e['evidence']), self.place(e)) for e in gold['events']]
        self.acts = []
        for a in reading['acts']:
            evidence = self.text[a['evidence']['start']:a['evidence']['end']]
            features = [f for f in a['features'] if not f.startswith('open-')]
            self.acts.append((a['type'], words(a['text']), words(evidence), (a['start'], a['end']), features, a['evidence']['start']))
        self.harmed = bool(reading['claims'])
        self.ties = [{} for _ in self.acts]
        for i, a in enumerate(reading['acts']):
            for tie in a['ties']:
                self.ties[i][tie['act']] = self.ties[tie['act']][i] = set(tie['in'])
        title = ['title' in a[4] for a in self.acts]
        self.order = [i for t in (False, True) for i in range(len(self.acts)) if title[i] == t]
        self.label()

    def place(self, e):
        at = self.text.find(e['evidence'])
        at = self.text.find(e['trigger_text'], max(at, 0))
        return (at, at + len(e['trigger_text'])) if at >= 0 else (-1, -1)

    def label(self):
        """each act of the gold is told by the mention that fits it best"""
        fits = []
        for g, (kind, trigger, evidence, at) in enumerate(self.gold):
            for i, (k, t, e, span, _, _) in enumerate(self.acts):
                same, word, there = k == kind, share_words(t, trigger), share_words(e, evidence)
                on = span[0] < at[1] and at[0] < span[1]
                if same and (word or there) or word and there:
                    fits.append((4 * (same and there) + 3 * on + 2 * (word and there) + same + word, -i, g))
        self.wanted, self.of, told = {}, {}, set()
        for fit, i, g in sorted(fits, reverse=True):
            if g not in told and -i not in self.wanted:
                told.add(g)
                self.wanted[-i] = min(1, fit / 5)
                self.of[-i] = g
        # told first by an earlier mention that may be the same and has the same word
        for g in told:
            best = next(i for i in self.of if self.of[i] == g)
            kind, trigger = self.gold[g][:2]
            for i in self.order:
                if i == best:
                    break
                k, t = self.acts[i][:2]
                if i not in self.of and k == kind and 'one' in self.ties[i].get(best, ()) and share_words(t, trigger):
                    self.wanted[i] = self.wanted.pop(best)
                    del self.of[best]
                    self.of[i] = g
                    break
        self.best = {g: i for i, g in self.of.items()}
        self.fit = {g: self.wanted[i] for g, i in self.best.items()}

    def settle(self, w):
        """an act of the gold is told by the likeliest mention of its kind that may be one with the best"""
        opened, score = [], [0] * len(self.acts)
        for i in self.order:
            score[i] = sum(w.get(f, 0) for f in with_pairs(self.acts[i][4] + list(found(self, i, opened))))
            if i in self.wanted:
                opened.append(i)
        ranked, taken = [], {}
        for g, best in self.best.items():
            ranked.append((score[best] + STAY, g, best))
            ranked += [(score[i], g, i) for i in self.ties[best]
                       if self.acts[i][0] == self.gold[g][0] and 'one' in self.ties[best][i]]
        for _, g, i in sorted(ranked, reverse=True):
            if g not in taken and i not in taken.values():
                taken[g] = i
        self.wanted = {i: self.fit[g] for g, i in taken.items()}

    def hits(self, chosen):
        used = set()
        for kind, trigger, evidence, _ in self.gold:
            for i in chosen:
                k, t, e = self.acts[i][:3]
                if i not in used and k == kind and (share_words(t, trigger) or share_words(e, evidence)):
                    used.add(i)
                    break
        return len(used)


def with_pairs(features):
    f = sorted(features)
    return [(x, '') for x in f] + [(x, y) for n, x in enumerate(f) for y in f[n + 1:] if 'always' not in (x, y) and (x in PIVOTS or y in PIVOTS)]


def found(d, i, opened):
    """the features of what was found before: as in src/reading/acts.c"""
    f, kind, one, rival = set(), 0, 0, 0
    sentence = d.acts[i][2]
    for k in opened:
        if k == i or abs(k - i) > LOOK:
            continue
        if d.acts[k][2] is sentence or d.acts[k][5] == d.acts[i][5]:
            f.add('open-here')
        tie = d.ties[i].get(k)
        if not tie:
            continue
        kind += 1
        if 'one' in tie:
            one += 1
            rival += 'rival' in tie
            f |= {'open-' + t for t in tie if t not in ('kind', 'one')}
    if kind:
        f.add('open-kind')
    if one:
        f.add('open-one')
        if 'title' in d.acts[i][4]:
            f.add('open-title')
    if one and rival == one:
        f.add('open-rivals')
    if one > 1:
        f.add('open-two')
    if kind and not one:
        f.add('open-other')
    return f


def train(documents):
    for d in documents:
        d.label()
    w = fit(documents)
    for _ in range(ROUNDS):
        for d in documents:
            d.settle(w)
        w = fit(documents)
    return w


def correct(documents, base):
    """The base with what is added to its single features for these documents."""
    for d in documents:
        d.label()
    w = base
    for _ in range(ROUNDS):
        for d in documents:
            d.settle(w)
        w = fit_corrections(documents, base)
    return w


def examples(documents):
    """(document, features and pairs, whether it is told, its weight) of each mention."""
    for d in documents:
        opened = []
        for i in d.order:
            row = with_pairs(d.acts[i][4] + list(found(d, i, opened)))
            if i in d.wanted:
                opened.append(i)
            yield d, row, i in d.wanted, d.wanted.get(i, 1)


def fit_corrections(documents, base):
    seen, rows = defaultdict(set), []
    for d, row, want, weight in examples(documents):
        single = [f for f in row if not f[1]]
        rows.append((single, sum(base.get(f, 0) for f in row), want, weight))
        for f in single:
            seen[f].add(d.id)
    added = {f: 0.0 for f, where in seen.items() if len(where) >= FEWEST_OF_LANGUAGE}
    squares = dict.fromkeys(added, 1e-3)
    for _ in range(STEPS):
        slope = {f: HELD_BACK * x for f, x in added.items()}
        for single, told, want, weight in rows:
            z = told + sum(added.get(f, 0) for f in single)
            g = (1 / (1 + math.exp(-max(-30, min(30, z)))) - want) * weight
            for f in single:
                if f in slope:
                    slope[f] += g
        for f, g in slope.items():
            squares[f] += g * g
            added[f] -= STEP * g / math.sqrt(squares[f])
    return {f: base.get(f, 0) + added.get(f, 0) for f in base.keys() | added.keys()}


def fit(documents):
    total = defaultdict(float)
    for order in range(ORDERS):
        for f, x in fit_in_order(documents, random.Random(7 + order)).items():
            total[f] += x / ORDERS
    return total


def fit_in_order(documents, order):
    seen = defaultdict(set)
    rows = []
    for d, row, want, weight in examples(documents):
        rows.append((row, want, weight))
        for f in row:
            seen[f].add(d.id)
    known = {f for f, where in seen.items() if len(where) >= FEWEST}
    rows = [([f for f in row if f in known], want, weight) for row, want, weight in rows]
    w, squares = defaultdict(float), defaultdict(lambda: 1e-3)
    for epoch in range(EPOCHS):
        order.shuffle(rows)
        for row, want, weight in rows:
            z = sum(w[f] for f in row)
            g = (1 / (1 + math.exp(-max(-30, min(30, z)))) - want) * weight
            for f in row:
                squares[f] += g * g
                step = RATE / math.sqrt(squares[f])
                x = w[f] - step * g
                shrink = step * SHRINK * (1 if f[1] else 0.3)
                w[f] = 0.0 if abs(x) <= shrink else x - math.copysign(shrink, x)
    return {f: x for f, x in w.items() if x}


def choose(w, d, limit):
    """the acts that are told, as in src/reading/acts.c: where people were harmed, something happened"""
    opened, score, of_kind = [], [0] * len(d.acts), set()
    for i in d.order:
        before = found(d, i, opened)
        if 'open-kind' in before:
            of_kind.add(i)
        score[i] = sum(w.get(f, 0) for f in with_pairs(d.acts[i][4] + list(before))) - limit
        if score[i] > 0:
            opened.append(i)
    told, sentences = set(opened), defaultdict(list)
    for i, a in enumerate(d.acts):
        sentences[a[5]].append(i)
    for here in sentences.values():
        best = max(here, key=lambda i: score[i])
        if not told & set(here) and not of_kind & set(here) and 'harms' in d.acts[best][4] and score[best] > DOUBTFUL:
            told.add(best)
    if score and not told:
        best = max(range(len(score)), key=lambda i: score[i])
        if score[best] > (UNLIKELY if d.harmed else DOUBTFUL):
            told.add(best)
    return sorted(told)


def counts(chosen):
    hit = read = gold = 0
    for d, told in chosen:
        hit, read, gold = hit + d.hits(sorted(told)), read + len(told), gold + len(d.gold)
    return hit, read, gold


def figures(chosen):
    hit, read, gold = counts(chosen)
    return 'F1 %.1f, P %.1f, R %.1f' % (200 * hit / max(read + gold, 1), 100 * hit / max(read, 1), 100 * hit / max(gold, 1))


def load(folder, program):
    """The documents with what the program reads in them, and {id: language}."""
    texts, gold = annotated(folder)
    lines = ''.join(json.dumps(text, ensure_ascii=False) + '\n' for text in texts)
    told = subprocess.run([program, 'read', '--mentions', '--from', 'jsonl', '--format', 'jsonl', '-'], input=lines.encode(),
                          stdout=subprocess.PIPE, check=True).stdout
    readings = list(map(json.loads, told.splitlines()))
    return [Document(gold[r['id']], r) for r in readings], {r['id']: r['language'] for r in readings}


def read_table():
    lines = TABLE.read_text(encoding='utf-8').splitlines()[2:]
    return {(x, y): float(w) for x, y, w in (line.split('\t') for line in lines)}


def write_corrections(language, base, w):
    mark, head, *old = CORRECTIONS.read_text(encoding='utf-8').splitlines(keepends=True)
    new = [f'{language}\t{f[0]}\t{w[f] - base.get(f, 0):.3f}\n' for f in w if round(w[f] - base.get(f, 0), 3)]
    with CORRECTIONS.open('w', encoding='utf-8') as f:
        f.writelines([mark, head] + sorted([line for line in old if line.split('\t')[0] != language] + new))


def train_language(language, documents, write):
    """Held out, what the corrections do; of these documents, what the table makes by itself was trained on them too."""
    base = read_table()
    folds = [(correct([d for n, d in enumerate(documents) if n % FOLDS != fold], base),
              [d for n, d in enumerate(documents) if n % FOLDS == fold]) for fold in range(FOLDS)]
    print(f'{language} by the table: {figures([(d, choose(base, d, 0)) for d in documents])};',
          f'corrected, held out: {figures([(d, choose(w, d, 0)) for w, some in folds for d in some])}')
    w = correct(documents, base)
    print(f'corrected, trained on: {figures([(d, choose(w, d, 0)) for d in documents])}')
    if write:
        write_corrections(language, base, w)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--program', required=True)
    parser.add_argument('--language', metavar='CODE')
    parser.add_argument('--write', action='store_true')
    parser.add_argument('folder', type=pathlib.Path, metavar='GOLD_FOLDER')
    a = parser.parse_args()
    documents, languages = load(a.folder, a.program)
    random.Random(3).shuffle(documents)
    if a.language:
        return train_language(a.language, [d for d in documents if languages[d.id] == a.language], a.write)
    folds = [(train([d for n, d in enumerate(documents) if n % FOLDS != fold]),
              [d for n, d in enumerate(documents) if n % FOLDS == fold]) for fold in range(FOLDS)]
    # The limit above which acts are told: about as many as in the gold; the figures are flat about there.
    for limit in (x / 20 for x in range(20, -40, -1)):
        held_out = [(d, choose(w, d, limit)) for w, some in folds for d in some]
        hit, read, wanted = counts(held_out)
        if read >= wanted * SURPLUS:
            break
    for name in sorted(set(languages.values())):
        some = [(d, told) for d, told in held_out if languages[d.id] == name]
        print(f'{name} held out: {figures(some)}; if all were told: {figures([(d, range(len(d.acts))) for d, _ in some])};',
              f'the best that can be: {figures([(d, d.wanted) for d, _ in some])}')
    w = train(documents)
    print(f'limit {limit}, {len(w)} weights; trained on: {figures([(d, choose(w, d, limit)) for d in documents])}')
    w[('always', '')] = w.get(('always', ''), 0) - limit
    if a.write:
        with TABLE.open('w', encoding='utf-8') as f:
            f.write('# Trained by eval/train_acts.py; do not edit.\nfeature\tbeside\tweight\n')
            for (x, y), value in sorted(w.items()):
                if round(value, 3):
                    f.write(f'{x}\t{y}\t{value:.3f}\n')


main()
