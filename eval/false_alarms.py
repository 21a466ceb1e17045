#!/usr/bin/env python3
"""Counts claims that are none in 1,000 Arabic articles of sport, economy and culture of ../shared.

The articles of ../shared/data/text/news_ar.jsonl, sorted by id, are shuffled by SEED; eval/false_alarms.tsv holds the
topic of each, judged by title and opening, in that order, until 1,000 were sport, economy or culture ("other":
politics, conflict, crime, accidents, courts, weather, services, the rest). Every claim read in the 1,000 is looked up
in eval/false_alarms_verdicts.tsv: `true` where the article does tell of people killed, injured, detained, missing or
displaced, `false` with its kind where it does not. A claim that nobody has judged yet is said so; `--unjudged` prints
each with its sentence and a line for the table. Texts are kept in neither table.

The articles of the three topics that follow the 1,000 in the table are held out: whoever works on the rules looks at
their count only. `--held-out` treats them as the 1,000 are treated otherwise; it is for whoever judges.

Where ../shared is not beside the repository it says so and passes. `--at-most N` fails where more than N articles hold
a false alarm, or a claim is unjudged.
"""
import argparse
import collections
import json
import pathlib
import random
import sys

from score_reading import ROOT, evidence, read_documents, text_of

TOPICS = ROOT / 'eval' / 'false_alarms.tsv'
VERDICTS = ROOT / 'eval' / 'false_alarms_verdicts.tsv'
SEED = 2026
ARTICLES = 1000
JUDGED = ('sport', 'economy', 'culture')


def rows_of(path):
    return [line.split('\t') for line in path.read_text(encoding='utf-8').splitlines() if line and line[0] != '#']


def draw(articles, topics):
    """{id: topic} of the 1,000 articles, and of those held out; a table that is not the draw of SEED is refused."""
    ids = sorted(articles)
    random.Random(SEED).shuffle(ids)
    if [row[0] for row in topics] != ids[:len(topics)]:
        raise ValueError(f'{TOPICS.name} is not the draw of seed {SEED}')
    drawn = [(identity, topic) for identity, topic in topics if topic in JUDGED]
    if len(drawn) < ARTICLES:
        raise ValueError(f'{TOPICS.name} has {len(drawn)} articles of {", ".join(JUDGED)}, not {ARTICLES}')
    return dict(drawn[:ARTICLES]), dict(drawn[ARTICLES:])


def key_of(identity, claim):
    return (identity, claim['effect'], str(claim['min']), '' if claim['max'] is None else str(claim['max']),
            str(claim['count']['start'] if claim['count'] else claim['evidence']['start']))


def judge(readings, verdicts):
    """[(id, claim, verdict or None, kind)], one for each claim read."""
    return [(identity, claim, *verdicts.get(key_of(identity, claim), (None, '')))
            for identity, reading in readings.items() for claim in reading['claims']]


def shown(judged, readings):
    for identity, claim, verdict, _ in judged:
        if verdict is None:
            print(f'# {text_of(claim["count"])} | {" ".join(evidence(readings[identity], claim).split())}')
            print('\t'.join((*key_of(identity, claim), '?', '')))


def articles_of(judged, wanted):
    return {identity for identity, _, verdict, _ in judged if verdict == wanted}


def report(judged, drawn):
    false = articles_of(judged, 'false')
    print(f'{len(drawn)} articles, {len({j[0] for j in judged})} with {len(judged)} claims: '
          f'{sum(j[2] == "true" for j in judged)} right, {sum(j[2] == "false" for j in judged)} none, '
          f'{sum(j[2] is None for j in judged)} unjudged')
    for topic in JUDGED:
        print(f'    {topic:<10} {sum(t == topic for t in drawn.values()):5} articles, '
              f'{sum(drawn[identity] == topic for identity in false):3} with a false alarm')
    kinds = collections.defaultdict(set)
    for identity, _, verdict, kind in judged:
        if verdict == 'false':
            kinds[kind].add(identity)
    for kind, articles in sorted(kinds.items(), key=lambda item: (-len(item[1]), item[0])):
        print(f'    {kind:<24} {len(articles):4}')


def total(judged, drawn, name):
    """Prints the articles with a false alarm; returns how many, and how many claims nobody has judged."""
    false, unjudged = articles_of(judged, 'false'), articles_of(judged, None)
    rate = ARTICLES * len(false) / len(drawn)
    print(f'articles with a false alarm{name}: {len(false)} of {len(drawn)}, {rate:.0f} per {ARTICLES:,}'
          + (f', and up to {len(unjudged - false)} more: their claims are UNJUDGED' if unjudged else ''))
    return len(false), len(unjudged)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--program', default=ROOT / 'build' / 'isnad', type=pathlib.Path)
    parser.add_argument('--shared', default=ROOT.parent / 'shared', type=pathlib.Path)
    parser.add_argument('--unjudged', action='store_true', help='print each claim that has no verdict')
    parser.add_argument('--held-out', action='store_true', help='look into the articles held out')
    parser.add_argument('--at-most', type=int, help='fail where more articles hold a false alarm')
    options = parser.parse_args()
    source = options.shared / 'data' / 'text' / 'news_ar.jsonl'
    if not source.exists():
        print('skipped: the outside data is not there (../shared, beside the repository)\n0 passed, 0 failed')
        return 0
    articles = {row['id']: row for row in map(json.loads, source.read_text(encoding='utf-8').splitlines())}
    drawn, held_out = draw(articles, rows_of(TOPICS))
    if options.held_out:
        drawn, held_out = held_out, drawn
    given = [{'doc': articles[identity]} for identity in (*drawn, *held_out)]
    readings = read_documents(options.program.resolve(), given)
    verdicts = {tuple(row[:5]): tuple(row[5:7]) for row in rows_of(VERDICTS)}
    judged, others = (judge({identity: readings[identity] for identity in of}, verdicts) for of in (drawn, held_out))
    if options.unjudged:
        shown(judged, readings)
    report(judged, drawn)
    names = ('', ', held out') if not options.held_out else (', held out', '')
    false, unjudged = total(judged, drawn, names[0])
    total(others, held_out, names[1])
    failed = options.at_most is not None and (false > options.at_most or unjudged > 0)
    print(f'{int(not failed)} passed, {int(failed)} failed')
    return int(failed)


if __name__ == '__main__':
    sys.exit(main())
