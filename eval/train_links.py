#!/usr/bin/env python3
"""Learns data/ledger/links.tsv from a casualty recorder's own records and from invented clusters of reports, written by hand and made.

usage: train_links.py --program BUILD/isnad --candidates BUILD/eval/link-candidates [--write] SHARED

SHARED is the folder of the outside data (data/airwars, data/voices); a ledger is made of each. Two documents belong
together where a record names both. Of a pair of documents that belong together the pair of units that is bound
best counts as the one that tells of it (chosen anew in each round); of all others, every pair of units counts as two
incidents. Weights are those of a logistic regression with a quadratic penalty on their distance from EXPECTED: what one
would say without data holds where the data are few, or a recorder's habits (a record's pages are of one day) would be
taken for a rule. How far below the others a pair within a
group may be (`group`) and where the line is drawn (`any-pair`) are then tried in steps, by what the whole linking makes.

Prints B-cubed F1 and found records (../shared/eval/score_links.py tells both) of each fifth of the documents when learned
from the other four (documents that records bind together are never parted), and of all when learned from all. --write
writes the latter into the table, which keeps its comments and the words beside each trait.
"""
import argparse
import collections
import math
import pathlib
import json
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / 'data' / 'ledger' / 'links.tsv'
FOLDS, ROUNDS, PENALTY = 5, 4, 10.0
WORTH = {'voices': 4, 'invented': 0.7}      # the former are few and made with care, the latter many
EXPECTED = {
    'any-pair': -4, 'same-day': 2, 'days-overlap': 1, 'day-apart': -1.5, 'day-untold': 0.5, 'published-apart': -0.2,
    'same-place': 3.5, 'near-place': 2.5, 'within-place': 0.8, 'same-act': 1.2, 'like-act': 0.2, 'other-act': -1.5,
    'equal-figure': 1, 'equal-one': 0.5, 'other-figure': -0.3, 'same-party': 0.3, 'other-party': -0.5, 'common-text': 4,
    'common-names': 0.7, 'rare-words': 0.6, 'both-lead': 0.5, 'place-apart': -2, 'other-town': -1, 'crowded': -0.2}


def read_lines(path):
    return map(json.loads, path.open(encoding='utf-8'))


def read_pairs(program, ledger):
    """Pairs of units by pair of documents: {(a, b): [{trait: value}]}"""
    pairs = collections.defaultdict(list)
    said = subprocess.run([program, ledger], capture_output=True, text=True, check=True).stdout
    for line in said.splitlines():
        a, _, b, _, *traits = line.split('\t')
        values = {name: float(value) for name, _, value in (trait.partition('=') for trait in traits)}
        pairs[min(a, b), max(a, b)].append(values)
    return pairs


class Records:
    def __init__(self, folder):
        self.of = collections.defaultdict(set)
        self.documents = []
        for document in read_lines(folder / 'docs.jsonl'):
            self.documents.append(document['id'])
            for code in document.get('incidents', ()):
                self.of[code].add(document['id'])
        if (folder / 'truth.jsonl').exists():
            for cluster in read_lines(folder / 'truth.jsonl'):
                for number, incident in enumerate(cluster['incidents']):
                    self.of[cluster['cluster'], number] = set(incident['documents'])
        self.near = near_by(self.documents, self.of.values())
        self.fold = self.folds()

    def folds(self):
        fold = {}
        for number, document in enumerate(sorted(self.documents)):
            if document in fold:
                continue
            reached, waiting = {document}, [document]
            while waiting:
                new = self.near[waiting.pop()] - reached
                reached |= new
                waiting += new
            fold.update((one, number % FOLDS) for one in reached)
        return fold


def near_by(documents, groups):
    near = {document: {document} for document in documents}
    for group in groups:
        for document in group:
            near[document] |= group
    return near


def solve(matrix, right):
    """Gauss's elimination; the matrix is positive definite."""
    n = len(right)
    rows = [row[:] + [value] for row, value in zip(matrix, right)]
    for i in range(n):
        for j in range(i + 1, n):
            share = rows[j][i] / rows[i][i]
            if share:
                for k in range(i, n + 1):
                    rows[j][k] -= share * rows[i][k]
    out = [0.0] * n
    for i in reversed(range(n)):
        out[i] = (rows[i][n] - sum(rows[i][k] * out[k] for k in range(i + 1, n))) / rows[i][i]
    return out


def strength(weights, values):
    return sum(weights.get(name, 0) * value for name, value in values.items())


def loss(rows, weights, expected, penalty):
    total = penalty / 2 * sum((w - e) ** 2 for w, e in zip(weights, expected))
    for row, truth, counts in rows:
        z = sum(weights[i] * value for i, value in row)
        total += counts * (max(z, 0) - z * truth + math.log1p(math.exp(-abs(z))))
    return total


def newton_step(rows, weights, expected, penalty):
    n = len(weights)
    slope = [penalty * (e - w) for w, e in zip(weights, expected)]
    bend = [[penalty if i == j else 0.0 for j in range(n)] for i in range(n)]
    for row, truth, counts in rows:
        z = sum(weights[i] * value for i, value in row)
        p = 1 / (1 + math.exp(-max(-30, min(30, z))))
        for i, value in row:
            slope[i] += counts * (truth - p) * value
            for j, other in row:
                bend[i][j] += counts * p * (1 - p) * value * other
    return solve(bend, slope)


def regression(names, examples, penalty):
    """Newton's method with halved steps: examples are (values by trait, belongs together, how much it counts)."""
    at = {name: i for i, name in enumerate(names)}
    expected = [EXPECTED.get(name, 0.0) for name in names]
    weights = expected[:]
    rows = [([(at[name], value) for name, value in values.items()], truth, counts) for values, truth, counts in examples]
    for _ in range(7):
        step, before, share = newton_step(rows, weights, expected, penalty), loss(rows, weights, expected, penalty), 1.0
        while share > 0.01 and loss(rows, [w + share * s for w, s in zip(weights, step)], expected, penalty) > before:
            share /= 2
        weights = [w + share * s for w, s in zip(weights, step)]
    return dict(zip(names, weights))


def learn(names, sources, kept, penalty):
    """From pairs of documents that are both kept."""
    weights = dict(EXPECTED)
    for _ in range(ROUNDS):
        examples = []
        for source in sources:
            for (a, b), units in source.pairs.items():
                near = source.records.near
                if not (kept(source, a) and kept(source, b)):
                    continue
                counts = source.worth * (1 / len(near[a]) + 1 / len(near[b])) ** 0.5
                if b in near[a]:
                    examples.append((max(units, key=lambda values: strength(weights, values)), 1, counts))
                else:
                    examples += [(values, 0, counts) for values in units]
        weights = regression(names, examples, penalty)
    return weights


class Source:
    """One set of documents: its records, its pairs, and what the linking makes of it."""

    def __init__(self, name, given, documents, folder):
        self.name, self.program, self.known, self.worth = name, given.candidates, {}, WORTH.get(name, 1)
        self.ledger = str(folder / f'{name}.ledger')
        subprocess.run([given.program, 'add', '--ledger', self.ledger, '--from', 'jsonl', documents / 'docs.jsonl'],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        self.records, self.pairs = Records(documents), read_pairs(self.program, self.ledger)

    def groups(self, weights):
        table = ''.join(f'{name}\t{value:.3f}\n' for name, value in sorted(weights.items()))
        if table not in self.known:
            with tempfile.NamedTemporaryFile('w', suffix='.tsv', encoding='utf-8') as file:
                file.write(table)
                file.flush()
                said = subprocess.run([self.program, self.ledger, file.name], capture_output=True, text=True, check=True)
            groups = collections.defaultdict(set)
            for line in said.stdout.splitlines():
                number, document, _ = line.split('\t')
                groups[number].add(document)
            self.known[table] = list(groups.values())
        return self.known[table]


def invented(folder):
    """Clusters of reports made by tests/ledger/clusters.py, of a seed of their own."""
    subprocess.run([sys.executable, ROOT / 'tests' / 'ledger' / 'clusters.py', 'make', folder / 'invented', '--clusters', '300', '--seed', '5'],
                   stdout=subprocess.DEVNULL, check=True)
    return folder / 'invented'


def measured(source, weights, kept):
    """B-cubed F1 over the kept documents; of their records, the share found, that of several documents, that exactly so."""
    records, groups = source.records, source.groups(weights)
    near = near_by(records.documents, groups)
    documents = [document for document in records.documents if kept(source, document)]
    precision = sum(len(records.near[d] & near[d]) / len(near[d]) for d in documents) / len(documents)
    recall = sum(len(records.near[d] & near[d]) / len(records.near[d]) for d in documents) / len(documents)
    by_document = collections.defaultdict(list)
    for group in groups:
        for document in group:
            by_document[document].append(group)
    likest = [(len(record) > 1, max((len(g & record) / len(g | record) for d in record for g in by_document[d]), default=0))
              for record in records.of.values() if kept(source, min(record))]
    several = [like for more, like in likest if more]
    share = lambda list, least: sum(like >= least for like in list) / max(1, len(list))
    return [2 * precision * recall / (precision + recall), share([like for _, like in likest], 0.501), share(several, 0.501),
            share([like for _, like in likest], 1)]


def worth(sources, weights, kept):
    return sum(sum(measured(source, weights, kept)) for source in sources)


def drawn(sources, weights, kept):
    """Moves the line and the group's share to where the linking does best."""
    best, top = None, -1
    for base in (-0.5, -0.25, 0, 0.25, 0.5):
        for group in (1, 1.5, 2):
            tried = dict(weights, group=group)
            tried['any-pair'] += base
            value = worth(sources, tried, kept)
            if value > top + 1e-9:
                best, top = tried, value
    return best


def read_table():
    rows = [line.split('\t') for line in TABLE.read_text(encoding='utf-8').splitlines() if line and line[0] != '#']
    return {name: float(value) for name, value, _ in rows}


def write_table(weights):
    lines = []
    for line in TABLE.read_text(encoding='utf-8').splitlines():
        name, _, rest = line.partition('\t')
        lines.append(f'{name}\t{weights[name]:.2f}\t{rest.partition(chr(9))[2]}' if name in weights else line)
    TABLE.write_text('\n'.join(lines) + '\n', encoding='utf-8')


def say(what, scores):
    print(f'{what:<34} B3 {100 * scores[0]:5.1f}   found {100 * scores[1]:5.1f}   of several documents '
          f'{100 * scores[2]:5.1f}   exactly {100 * scores[3]:5.1f}', flush=True)


def held_out(names, sources, penalty):
    scores = collections.defaultdict(list)
    for fold in range(FOLDS):
        kept = lambda source, document: source.records.fold[document] != fold
        weights = drawn(sources, learn(names, sources, kept, penalty), kept)
        for source in sources:
            scores[source.name].append(measured(source, weights, lambda s, document: s.records.fold[document] == fold))
    for source in sources:
        say(f'{source.name}, held out', [sum(column) / FOLDS for column in zip(*scores[source.name])])


def main():
    usage = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    usage.add_argument('--program', required=True)
    usage.add_argument('--candidates', required=True)
    usage.add_argument('--penalty', type=float, default=PENALTY)
    usage.add_argument('--write', action='store_true')
    usage.add_argument('shared', type=pathlib.Path)
    given = usage.parse_args()
    everything = lambda source, document: True
    with tempfile.TemporaryDirectory() as folder:
        sources = [Source(name, given, given.shared / 'data' / name, pathlib.Path(folder)) for name in ('airwars', 'voices')]
        sources.append(Source('invented', given, invented(pathlib.Path(folder)), pathlib.Path(folder)))
        before = read_table()
        names = [name for name in before if name != 'group']
        for source in sources:
            say(f'{source.name}, the table as it stands', measured(source, before, everything))
        held_out(names, sources, given.penalty)
        weights = drawn(sources, learn(names, sources, everything, given.penalty), everything)
        for source in sources:
            say(f'{source.name}, learned from all', measured(source, weights, everything))
    for name, value in weights.items():
        print(f'  {name:<18} {value:6.2f}')
    if given.write:
        write_table(weights)


if __name__ == '__main__':
    main()
