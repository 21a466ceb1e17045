#!/usr/bin/env python3
"""Scores readings against the annotated documents of tests/reading/cases, and holds the scores to their floors.

The documents are given to `isnad read` on standard input, as JSON lines. A measure has precision, recall and F1 in
percent, for each language:

    count            a claim with the right effect and range, found in the right place of the text
    count+who-said   with the right voice (or none) and the right stance
    full             with the right class, event, date, place and scope as well
    denies, hedges   claims of that stance, found with it
    via              claims that came through relays, found with all of them, in order
    actors           claims with somebody told to have done it, found with him
    disagreements    pairs of claims that stand against each other, on the right ground
    events           an act of the right type, at the right trigger or in the right sentence
    times, places    each distinct expression, a time with its value

A score more than 0.05 below its floor in eval/reading_floor.json fails. `--raise` writes better scores into the
floors; it never lowers one. `--errors` lists what was missed and what was read too much.
"""
import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CASES = ROOT / 'tests' / 'reading' / 'cases'
FLOORS = ROOT / 'eval' / 'reading_floor.json'
SLACK = 0.05
MEASURES = ('count', 'count+who-said', 'full', 'denies', 'hedges', 'via', 'actors', 'disagreements', 'events', 'times', 'places')
FULL = ('voice', 'stance', 'class', 'event', 'date', 'place', 'scope')


def read_lines(path):
    with path.open(encoding='utf-8') as lines:
        return [json.loads(line) for line in lines]


def annotated(folder):
    """For training: the documents of a folder (none: of no folder) and the project's own cases, and {id: what is right in each}."""
    documents = read_lines(folder / 'dev.docs.jsonl') if folder else []
    gold = {g['id']: g for g in read_lines(folder / 'dev.gold.jsonl')} if folder else {}
    for path in sorted(CASES.glob('*.json')):
        case = json.loads(path.read_text(encoding='utf-8'))
        documents.append(case['doc'])
        gold[case['doc']['id']] = case['gold']
    return documents, gold


# ---- likeness of phrases and dates ----
DROPPED = re.compile('[\u0640\u064b-\u0655\u0670\u200b-\u200f\u202a-\u202e\u2066-\u2069]')
LETTERS = str.maketrans('أإآٱىةؤئ٠١٢٣٤٥٦٧٨٩', 'اااايهوي0123456789')
CLITICS = re.compile('^(?:وال|بال|فال|كال|ال|لل|و|ب|ل|ف)(?=..)')


def folded(phrase):
    return ' '.join(re.findall(r'\w+', DROPPED.sub('', phrase or '').lower().translate(LETTERS)))


def words(phrase):
    return {CLITICS.sub('', word) for word in folded(phrase).split()}


def share_words(a, b):
    """Half of the smaller set's words are shared, and a quarter of the larger's."""
    shared = len(a & b)
    return bool(a and b) and 2 * shared >= min(len(a), len(b)) and 4 * shared >= max(len(a), len(b))


def alike(one, other):
    """The same phrase but for modifiers."""
    return share_words(words(one), words(other))


def within(one, other):
    return folded(one) in folded(other)


def days(value):
    first, _, last = value.partition('/')
    return first.split('T')[0], (last or first).split('T')[0]


def same_date(one, other):
    """Equal days; or one of the two is a single day inside the other's interval."""
    if not one or not other:
        return not one and not other
    (a, b), (c, d) = days(one), days(other)
    return (a, b) == (c, d) or (a <= d and c <= b and (a == b or c == d))


def text_of(span):
    return span['text'] if span else None


def same_value(wanted, found):
    """Whether a time was read with its value."""
    return found is not None and (found['value'] == wanted['value'] or (
        'T' not in wanted['value'] and same_date(found['value'], wanted['value'])))


def pair_expressions(read, gold):
    """Each distinct expression of gold with the one read for it, or None; and what was read besides."""
    wanted, left = ({folded(x['text']): x for x in of} for of in (gold, read))
    pairs = []
    for key, x in wanted.items():
        at = key if key in left else next((k for k in left if alike(k, key)), None)
        pairs.append((x, left.pop(at) if at is not None else None))
    return pairs, list(left.values())


# ---- one document ----
class Tally:
    def __init__(self):
        self.hit = self.gold = self.read = 0

    def f1(self):
        return 200 * self.hit / (self.gold + self.read) if self.hit else 0.0

    def row(self, name, floor):
        precision, recall = (100 * self.hit / of if of else 0.0 for of in (self.read, self.gold))
        held = f'{floor:6.1f}' if floor is not None else '     –'
        return (f'{name:<20} {precision:6.1f} {recall:6.1f} {self.f1():6.1f} {held}   '
                f'{self.hit} of {self.gold}, {self.read} read')


def evidence(reading, item):
    return reading['text'][item['evidence']['start']:item['evidence']['end']]


def same_voice(gold, claim):
    said, read = gold['voice_text'], text_of(claim['voice'])
    return read is None if said is None else read is not None and alike(said, read)


def is_same_figure(reading, gold, claim):
    if (claim['effect'], claim['min'], claim['max']) != (gold['effect'], gold['min'], gold['max']):
        return False
    count, sentence = text_of(claim['count']), evidence(reading, claim)
    if not (alike(count, gold['count_text']) or within(count, gold['evidence'])):
        return False
    return within(sentence, gold['evidence']) or within(gold['evidence'], sentence) or alike(sentence, gold['evidence'])


def likeness(gold, claim):
    return (2 * same_voice(gold, claim)
            + (gold['place_text'] is not None and alike(gold['place_text'], text_of(claim['place'])))
            + (claim['who'] is not None and alike(text_of(claim['who']), gold['who_text'])))


def pair_claims(reading, gold):
    """{index in gold: index in the reading}: each gold claim in turn takes the likest that is left."""
    pairs = {}
    for i, wanted in enumerate(gold['claims']):
        left = [k for k, claim in enumerate(reading['claims'])
                if k not in pairs.values() and is_same_figure(reading, wanted, claim)]
        if left:
            pairs[i] = max(left, key=lambda k: (likeness(wanted, reading['claims'][k]), -k))
    return pairs


def actors(gold, read, pairs):
    """Of the claims that were found: how many have an actor in the gold, how many as read, how many the same."""
    told = [(gold[i]['actor_text'], text_of(read[k]['actor'])) for i, k in pairs.items()]
    return sum(bool(a) for a, _ in told), sum(bool(b) for _, b in told), sum(bool(a and b) and alike(a, b) for a, b in told)


def compare(gold, claim):
    voice, who, place = claim['voice'], claim['who'] or {}, text_of(claim['place'])
    return {
        'voice': same_voice(gold, claim),
        'voice kind': (voice['kind'] if voice else 'outlet') == gold['voice_kind'],
        'stance': claim['stance'] == gold['stance'],
        'via': len(claim['via']) == len(gold['via']) and all(map(alike, map(text_of, claim['via']), gold['via'])),
        'class': who.get('class') == gold['who_class'],
        'group': who.get('group') == gold['group'],
        'part of': (claim['part_of'] is None) == (gold['part_of'] is None),
        'event': claim['event'] == gold['event'],
        'actor': (claim['actor'] is None) == (gold['actor_text'] is None) and (
            claim['actor'] is None or alike(text_of(claim['actor']), gold['actor_text'])),
        'date': same_date(claim['date'], gold['date']),
        'place': (place is None and gold['place_text'] is None) or alike(place, gold['place_text']),
        'scope': claim['scope'] == gold['scope'],
    }


class Score:
    def __init__(self, errors):
        self.tally = {name: Tally() for name in MEASURES}
        self.agree, self.matched = collections.Counter(), 0
        self.errors = errors

    def complain(self, what, document, item):
        if self.errors:
            print(f'{what:<7} {document} {item}')

    def add(self, reading, gold):
        pairs = pair_claims(reading, gold)
        self.claims(reading, gold, pairs)
        self.disagreements(reading, gold, pairs)
        self.events(reading, gold)
        for name in ('times', 'places'):
            self.expressions(name, reading, gold)

    def count(self, name, gold, read, hit):
        tally = self.tally[name]
        tally.gold, tally.read, tally.hit = tally.gold + gold, tally.read + read, tally.hit + hit

    def claims(self, reading, gold, pairs):
        wanted, read = gold['claims'], reading['claims']
        compared = [(wanted[i], read[k], compare(wanted[i], read[k])) for i, k in pairs.items()]
        hits = {'count': len(pairs),
                'count+who-said': sum(same['voice'] and same['stance'] for _, _, same in compared),
                'full': sum(all(same[what] for what in FULL) for _, _, same in compared)}
        for name, hit in hits.items():
            self.count(name, len(wanted), len(read), hit)
        for name in ('denies', 'hedges'):
            of = lambda claims: sum(claim['stance'] == name for claim in claims)
            self.count(name, of(wanted), of(read), sum(a['stance'] == b['stance'] == name for a, b, _ in compared))
        self.count('via', sum(bool(c['via']) for c in wanted), sum(bool(c['via']) for c in read),
                   sum(bool(a['via']) and same['via'] for a, _, same in compared))
        self.count('actors', *actors(wanted, read, pairs))
        self.matched += len(pairs)
        for a, b, same in compared:
            self.agree.update(what for what, is_same in same.items() if is_same)
            wrong = [what for what, is_same in same.items() if not is_same]
            if wrong:
                self.complain('DIFFERS', gold['id'], f'{figure(a, a["count_text"])}: {difference(a, b, wrong)}')
        for i in sorted(set(range(len(wanted))) - pairs.keys()):
            self.complain('MISSED', gold['id'], f'{figure(wanted[i], wanted[i]["count_text"])} | {wanted[i]["evidence"]}')
        for k in sorted(set(range(len(read))) - set(pairs.values())):
            self.complain('EXTRA', gold['id'], f'{figure(read[k], text_of(read[k]["count"]))} | {evidence(reading, read[k])}')

    def disagreements(self, reading, gold, pairs):
        told = {(frozenset(pairs.get(i, ('missed', i)) for i in d['claims']), d['on']) for d in gold['disagreements']}
        read = {(frozenset(d['claims']), d['on']) for d in reading['disagreements']}
        self.count('disagreements', len(gold['disagreements']), len(reading['disagreements']), len(told & read))
        back = {k: i for i, k in pairs.items()}
        for claims, on in sorted(told - read, key=str):
            self.complain('MISSED', gold['id'], f'disagreement on {on} of gold claims '
                          f'{sorted(c[1] if isinstance(c, tuple) else back[c] for c in claims)}')
        for claims, on in sorted(read - told, key=str):
            self.complain('EXTRA', gold['id'], f'disagreement on {on} of ' + ' and '.join(
                figure(reading['claims'][k], text_of(reading['claims'][k]['count'])) for k in sorted(claims)))

    def events(self, reading, gold):
        left = list(reading['events'])
        for event in gold['events']:
            found = next((e for e in left if e['type'] == event['type'] and (
                alike(text_of(e['trigger']), event['trigger_text']) or alike(evidence(reading, e), event['evidence']))), None)
            if found:
                left.remove(found)
            else:
                self.complain('MISSED', gold['id'], f'event {event["type"]} {event["trigger_text"]} | {event["evidence"]}')
        for event in left:
            self.complain('EXTRA', gold['id'], f'event {event["type"]} {text_of(event["trigger"])} | {evidence(reading, event)}')
        read = len(reading['events'])
        self.count('events', len(gold['events']), read, read - len(left))

    def expressions(self, name, reading, gold):
        pairs, left = pair_expressions(reading[name], gold[name])
        hits = [name == 'places' or same_value(x, found) for x, found in pairs]
        for (x, found), hit in zip(pairs, hits):
            if not (found and hit):
                self.complain('MISSED', gold['id'], f'{name[:-1]} {x["text"]} {x.get("value", "")}' + (
                    f', read as {found["value"]}' if found else ''))
        for x in left:
            self.complain('EXTRA', gold['id'], f'{name[:-1]} {x["text"]} {x.get("value") or ""}')
        found = sum(x is not None for _, x in pairs)
        self.count(name, len(pairs), len(left) + found, sum(x is not None and hit for (_, x), hit in zip(pairs, hits)))


def figure(claim, text):
    return f'{claim["effect"]} [{claim["min"]}, {"…" if claim["max"] is None else claim["max"]}] {text}'


def difference(gold, claim, wrong):
    """What was annotated and what was read, for each field that differs."""
    who, voice = claim['who'] or {}, claim['voice']
    shown = {
        'voice': (gold['voice_text'], text_of(voice)), 'voice kind': (gold['voice_kind'], voice and voice['kind']),
        'via': (gold['via'], [text_of(v) for v in claim['via']]), 'class': (gold['who_class'], who.get('class')),
        'group': (gold['group'], who.get('group')), 'part of': (gold['part_of'], claim['part_of']),
        'actor': (gold['actor_text'], text_of(claim['actor'])), 'place': (gold['place_text'], text_of(claim['place'])),
    }
    return '; '.join('{} {} not {}'.format(what, *reversed(shown.get(what) or (gold[what], claim[what]))) for what in wrong)


# ---- all of them ----
def read_documents(program, cases):
    given = ''.join(json.dumps(case['doc'], ensure_ascii=False) + '\n' for case in cases)
    done = subprocess.run([program, 'read', '--from', 'jsonl', '--format', 'jsonl', '-'], input=given.encode(),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode:
        raise OSError(f'{program} ended with {done.returncode}: {done.stderr.decode("utf-8", "replace").strip()[-400:]}')
    return {reading['id']: reading for reading in map(json.loads, done.stdout.splitlines())}


def hold(scores, floors, unread, raised_in):
    """Says what fell below its floor and what could not be read; writes better scores into the file of the floors,
    where one is given; gives the exit status."""
    fallen = [name for name, floor in floors.items() if scores.get(name, -1) < floor - SLACK]
    for name in fallen:
        print(f'BELOW ITS FLOOR: {name} {scores.get(name, 0):.1f}, floor {floors[name]:.1f}')
    for name in unread:
        print(f'not read: {name}')
    if raised_in:
        raised = {name: round(max(score, floors.get(name, 0)), 1) for name, score in scores.items() if score}
        raised_in.write_text(json.dumps({**floors, **raised}, indent=2) + '\n')
    failed = len(fallen) + len(unread)
    print(f'{len(floors) - len(fallen)} passed, {failed} failed')
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--program', default=ROOT / 'build' / 'isnad', type=pathlib.Path)
    parser.add_argument('--cases', default=CASES, type=pathlib.Path)
    parser.add_argument('--only', default='', help='only documents whose id has this in it; floors are not held')
    parser.add_argument('--errors', action='store_true', help='list what was missed, read too much, or read otherwise')
    parser.add_argument('--raise', dest='raise_floors', action='store_true', help='write better scores into the floors')
    options = parser.parse_args()
    cases = [json.loads(path.read_text(encoding='utf-8')) for path in sorted(options.cases.glob('*.json'))
             if options.only in path.stem]
    floors = json.loads(FLOORS.read_text()) if FLOORS.exists() and not options.only else {}
    try:
        readings = read_documents(options.program.resolve(), cases)
    except (OSError, ValueError, LookupError) as trouble:
        print(f'not read: {trouble}\n0 passed, {len(floors) + 1} failed')
        return 1
    scores, unread = {}, [case['doc']['id'] for case in cases if case['doc']['id'] not in readings]
    print(f'{"measure":<20} {"P":>6} {"R":>6} {"F1":>6} {"floor":>6}')
    for language in sorted({case['doc']['language'] for case in cases}):
        score = Score(options.errors)
        for case in cases:
            if case['doc']['language'] == language and case['doc']['id'] in readings:
                score.add(readings[case['doc']['id']], case['gold'])
        for name, tally in score.tally.items():
            scores[f'{language}: {name}'] = tally.f1()
            print(tally.row(f'{language}: {name}', floors.get(f'{language}: {name}')))
        if score.matched:
            print('    of the matched claims: ' + ', '.join(
                f'{what} {100 * n / score.matched:.0f} %' for what, n in score.agree.most_common()))
    return hold(scores, floors, unread, FLOORS if options.raise_floors and not options.only else None)


if __name__ == '__main__':
    sys.exit(main())
