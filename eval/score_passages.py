#!/usr/bin/env python3
"""Scores readings against the annotated passages of tests/reading/passages, and holds the scores to their floors.

Each file has passages on one phenomenon, near misses among them, and is scored on that alone:

    denial         claims with stance denies, found with it: right effect, range and sentence
    doubt          claims with stance hedges, found with it
    relay          claims that came through relays, found with their voice and all relays, in order
    disagreement   pairs of claims that stand against each other, on the right ground
    hijri          times told in the Hijri calendar, with their value; times: all times of those passages

`count` and `count+who-said` are taken over all passages, as eval/score_reading.py takes them over documents. Where
../shared is beside the repository, the denials and doubts of its Arabic documents are counted in on further lines.

Two sets by two annotators: the first has been read (but for the Hijri dates with an even number); of the second, in
passages/second, those with an odd number are for development and those with an even one are held out: their scores
may be looked at, their errors not, so `--errors` lists only what may be read. F1 more than 0.05 below its floor in
eval/passages_floor.json fails; each set has its own. `--raise` writes better scores into the floors; it never lowers
one.
"""
import argparse
import json
import pathlib
import re
import sys

from score_reading import (ROOT, Tally, compare, difference, evidence, figure, hold, pair_claims, pair_expressions,
                           read_documents, same_value, text_of, within)

PASSAGES = ROOT / 'tests' / 'reading' / 'passages'
FLOORS = ROOT / 'eval' / 'passages_floor.json'
PHENOMENA = ('denial', 'doubt', 'relay', 'disagreement', 'hijri')
SECOND = 'second'
READ, HELD_OUT, ALL = 'read', 'held out', 'all'
PARTS = (READ, HELD_OUT, ALL)
SETS = ('first', SECOND)
GOLD = ' with gold'
UNANNOTATED = ('who_text', 'who_class', 'group', 'event', 'actor_text', 'place_text', 'date', 'scope')
HIJRI = re.compile('محرم|صفر|ربيع|جماد[ىي]|رجب|شعبان|رمضان|شوال|ذ[يوا] ?(?:ال)?(?:قعدة|حجة)|هـ|هجري')


# ---- what is compared: (what was wanted, what was read, the pairs that are right), each thing under a name ----
def claims_found(reading, gold, pairs, concerns, is_right):
    wanted = {i: c for i, c in enumerate(gold['claims']) if concerns(c)}
    read = {k: c for k, c in enumerate(reading['claims']) if concerns(c)}
    right = {(i, k) for i, k in pairs.items()
             if i in wanted and k in read and is_right(compare(gold['claims'][i], reading['claims'][k]))}
    return wanted, read, right


def stance(name):
    def measure(reading, gold, pairs):
        return claims_found(reading, gold, pairs, lambda c: c['stance'] == name, lambda same: True)
    return measure


def relays(reading, gold, pairs):
    return claims_found(reading, gold, pairs, lambda c: bool(c['via']), lambda same: same['voice'] and same['via'])


def count(reading, gold, pairs):
    return claims_found(reading, gold, pairs, lambda c: True, lambda same: True)


def who_said(reading, gold, pairs):
    return claims_found(reading, gold, pairs, lambda c: True, lambda same: same['voice'] and same['stance'])


def disagreements(reading, gold, pairs):
    wanted = {(frozenset(pairs.get(i, ('missed', i)) for i in d['claims']), d['on']): d for d in gold['disagreements']}
    read = {(frozenset(d['claims']), d['on']): d for d in reading['disagreements']}
    return wanted, read, {(key, key) for key in wanted.keys() & read.keys()}


def times(reading, gold, _, concerns=lambda text: True):
    """A second piece of an annotated expression, read on its own with the same value, is neither right nor wrong."""
    pairs, besides = pair_expressions(reading['times'], gold['times'])
    pairs = [(x, found) for x, found in pairs if concerns(x['text']) or (found and concerns(found['text']))]
    besides = {('besides', n): x for n, x in enumerate(besides) if concerns(x['text'])
               and not any(within(x['text'], of['text']) and same_value(of, x) for of, _ in pairs)}
    wanted = {n: x for n, (x, _) in enumerate(pairs) if concerns(x['text'])}
    read = {n: found for n, (_, found) in enumerate(pairs) if found}
    right = {(n, n) for n in wanted.keys() & read.keys() if same_value(*pairs[n])}
    return wanted, {**read, **besides}, right


def hijri_times(reading, gold, pairs):
    return times(reading, gold, pairs, HIJRI.search)


OWN = {'denial': [('denial', stance('denies'))], 'doubt': [('doubt', stance('hedges'))], 'relay': [('relay', relays)],
       'disagreement': [('disagreement', disagreements)], 'hijri': [('hijri', hijri_times), ('times', times)]}
COMMON = [('count', count), ('count+who-said', who_said)]
NAMES = [name for of in (*OWN.values(), COMMON) for name, _ in of]


# ---- errors as lines ----
def shown(thing, reading, is_gold):
    if 'effect' in thing:
        sentence = thing['evidence'] if is_gold else evidence(reading, thing)
        text = thing['count_text'] if is_gold else text_of(thing['count'])
        voice = thing['voice_text'] if is_gold else text_of(thing['voice'])
        via = thing['via'] if is_gold else [text_of(v) for v in thing['via']]
        return f'{figure(thing, text)} {thing["stance"]}, {voice} via {via} | {sentence}'
    if 'on' in thing:
        return f'on {thing["on"]} of {thing["claims"]} | {reading["text"]}'
    return f'{thing["text"]} {thing["value"]}'


def complain(name, passage, reading, found):
    wanted, read, right = found
    for i in wanted.keys() - {i for i, _ in right}:
        print(f'MISSED  {name:<14} {passage["id"]} {shown(wanted[i], reading, True)}')
    for k in read.keys() - {k for _, k in right}:
        print(f'EXTRA   {name:<14} {passage["id"]} {shown(read[k], reading, False)}')


# ---- all of them ----
class Scores:
    """A tally for each measure in each part."""

    def __init__(self):
        self.tally = {(name, part): Tally() for name in NAMES for part in PARTS + SETS}
        self.tally |= {(name + GOLD, ALL): Tally() for name in ('denial', 'doubt')}

    def add(self, name, part, found):
        tally = self.tally[name, part]
        tally.gold, tally.read, tally.hit = (a + len(b) for a, b in zip((tally.gold, tally.read, tally.hit), found))

    def passage(self, passage, reading, errors):
        gold = passage['gold']
        pairs = pair_claims(reading, gold)
        part = part_of(passage)
        for name, measure in OWN[passage['phenomenon']] + COMMON:
            found = measure(reading, gold, pairs)
            for where in (part, passage['set'], ALL):
                self.add(name, where, found)
            if name + GOLD in {key for key, _ in self.tally}:
                self.add(name + GOLD, ALL, found)
            if part == READ and errors:
                complain(name, passage, reading, found)

    def document(self, gold, reading):
        """An annotated document of ../shared: its denials and doubts."""
        pairs = pair_claims(reading, gold)
        for name in ('denial', 'doubt'):
            self.add(name + GOLD, ALL, OWN[name][0][1](reading, gold, pairs))


def part_of(passage):
    even = int(passage['id'].rsplit('-', 1)[1]) % 2 == 0
    return HELD_OUT if even and (passage['set'] == SECOND or passage['phenomenon'] == 'hijri') else READ


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding='utf-8').splitlines()]


def completed(claims):
    """Passages say nothing on some fields; compare() and pair_claims() ask for all."""
    return [{**dict.fromkeys(UNANNOTATED), **claim} for claim in claims]


def load_passages(folder):
    passages = [{**passage, 'set': name} for name, at in zip(SETS, (folder, folder / SECOND)) for phenomenon in PHENOMENA
                for path in (at / f'{phenomenon}.jsonl',) if path.exists() for passage in lines_of(path)]
    for passage in passages:
        passage['gold']['claims'] = completed(passage['gold']['claims'])
        passage['doc'] = {'language': 'ar', **{key: passage[key] for key in ('id', 'published', 'title', 'text')}}
    return passages


def load_documents(shared):
    """[{doc, gold}] of the Arabic documents of ../shared, or none where it is not there."""
    if not (shared / 'gold' / 'dev.gold.jsonl').exists():
        return []
    gold = {of['id']: of for of in lines_of(shared / 'gold' / 'dev.gold.jsonl')}
    for of in gold.values():
        of['claims'] = [{**claim, 'via': [claim['via_text']] if claim['via_text'] else []} for claim in of['claims']]
    return [{'doc': doc, 'gold': gold[doc['id']]} for doc in lines_of(shared / 'gold' / 'dev.docs.jsonl')
            if doc['language'] == 'ar' and doc['id'] in gold]


def floor_of(name, of):
    return f'{name} {SECOND}' if of == SECOND else name


def print_table(scores, floors, names):
    print(f'{"measure":<22}' + ''.join(f'{part + " P":>11}{"R":>6}{"F1":>6}' for part in PARTS) + ' floors of both')
    for name in names:
        row = ''
        for part in PARTS:
            tally = scores.tally.get((name, part))
            if tally is None:
                row += ' ' * 23
                continue
            precision, recall = (100 * tally.hit / of if of else 0.0 for of in (tally.read, tally.gold))
            row += f'{precision:11.1f}{recall:6.1f}{tally.f1():6.1f}'
        whole = scores.tally[name, ALL]
        held = ''.join(f'{floors[key]:7.1f}' if (key := floor_of(name, of)) in floors else f'{"–":>7}' for of in SETS)
        print(f'{name:<22}{row} {held}   {whole.hit} of {whole.gold}, {whole.read} read')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--program', default=ROOT / 'build' / 'isnad', type=pathlib.Path)
    parser.add_argument('--passages', default=PASSAGES, type=pathlib.Path)
    parser.add_argument('--shared', default=ROOT.parent / 'shared', type=pathlib.Path)
    parser.add_argument('--errors', action='store_true', help='list errors in the passages that may be read')
    parser.add_argument('--raise', dest='raise_floors', action='store_true', help='write better scores into the floors')
    options = parser.parse_args()
    passages, documents = load_passages(options.passages), load_documents(options.shared)
    floors = json.loads(FLOORS.read_text()) if FLOORS.exists() else {}
    try:
        readings = read_documents(options.program.resolve(), [*passages, *documents])
        unread = [of['doc']['id'] for of in (*passages, *documents) if of['doc']['id'] not in readings]
    except (OSError, ValueError, LookupError) as trouble:
        print(f'not read: {trouble}\n0 passed, {len(floors) + 1} failed')
        return 1
    scores = Scores()
    for passage in passages:
        if passage['id'] in readings:
            scores.passage(passage, readings[passage['id']], options.errors)
    for document in documents:
        if document['doc']['id'] in readings:
            scores.document(document['gold'], readings[document['doc']['id']])
    print_table(scores, floors, [*NAMES, *(('denial' + GOLD, 'doubt' + GOLD) if documents else ())])
    reached = {floor_of(name, of): scores.tally[name, of].f1() for name in NAMES for of in SETS
               if scores.tally[name, of].gold}
    return hold(reached, floors, unread, FLOORS if options.raise_floors else None)


if __name__ == '__main__':
    sys.exit(main())
