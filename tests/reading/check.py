#!/usr/bin/env python3
"""Prove the form of the annotated documents in cases/ and of the annotated passages in passages/.

usage: check.py [DIRECTORY]    documents (*.json) and passages (*.jsonl) of DIRECTORY instead; prints each defect
                               with its file; exit 1 if there is any
"""
import json
import re
import sys
from datetime import date
from pathlib import Path

EFFECT = {'killed', 'injured', 'casualties', 'missing', 'detained', 'displaced'}
CLASS = {'civilian', 'combatant', 'mixed', 'unknown'}
GROUP = {None, 'child', 'woman', 'man', 'elderly', 'journalist', 'medic', 'rescuer', 'named'}
VOICE = {'government', 'military', 'armed_group', 'police', 'security', 'medical', 'rescue', 'monitor',
         'intergovernmental', 'local', 'witness', 'media', 'expert', 'anonymous', 'outlet'}
STANCE = {'asserts', 'hedges', 'denies'}
EVENT = {'air_strike', 'drone_strike', 'shelling', 'explosive', 'clash', 'shooting', 'execution', 'detention',
         'protest', 'accident', 'disaster', 'other_attack'}
SCOPE = {'incident', 'cumulative', 'background'}
KIND = {'country', 'region', 'city', 'village', 'neighbourhood', 'site', 'area'}
ON = {'count', 'denial', 'actor', 'date', 'place'}

DOC_KEYS = {'id', 'language', 'published', 'title', 'text'}
GOLD_KEYS = {'id', 'claims', 'events', 'times', 'places', 'disagreements'}
CLAIM_KEYS = {'effect', 'min', 'max', 'approx', 'count_text', 'who_text', 'who_class', 'group', 'part_of',
              'voice_text', 'voice_kind', 'via', 'stance', 'event', 'actor_text', 'place_text', 'time_text',
              'date', 'scope', 'evidence'}
EVENT_KEYS = {'type', 'trigger_text', 'actor_text', 'place_texts', 'count_min', 'count_max', 'time_text', 'date',
              'evidence'}
TIME_KEYS = {'text', 'value'}
PLACE_KEYS = {'text', 'name_en', 'country', 'admin1', 'kind'}
DISAGREEMENT_KEYS = {'claims', 'on'}

PASSAGE_KEYS = {'id', 'phenomenon', 'near_miss', 'published', 'title', 'text', 'gold'}
PASSAGE_GOLD_KEYS = {'claims', 'times', 'disagreements'}
PASSAGE_CLAIM_KEYS = {'effect', 'min', 'max', 'count_text', 'part_of', 'voice_text', 'voice_kind', 'via', 'stance',
                      'evidence'}

POINT = re.compile(r'^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(?:(\d\d):(\d\d)|(DA|MO|MI|AF|EV|NI)))?)?)?$')


def whole(x):
    return isinstance(x, int) and not isinstance(x, bool)


def point(value):
    """Whether value is an existing ISO year, month, day, minute or part of day."""
    m = POINT.match(value)
    if not m:
        return False
    year, month, day, hour, minute, _ = m.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return False
    return hour is None or (int(hour) < 24 and int(minute) < 60)


def when(value):
    """Whether value is a point in time or an interval A/B that does not run backwards."""
    if not isinstance(value, str):
        return False
    parts = value.split('/')
    if len(parts) > 2 or not all(map(point, parts)):
        return False
    if len(parts) == 2:
        a, b = (p.split('T')[0] for p in parts)
        n = min(len(a), len(b))
        return a[:n] <= b[:n]
    return True


class Form:
    """The defects of one annotated text, each a line of `faults`. A key that is not annotated is not looked at."""

    def __init__(self, name, claim_keys):
        self.name, self.claim_keys, self.faults, self.text = name, claim_keys, [], ''

    # ---- single values ----
    def fault(self, where, what):
        self.faults.append(f'{self.name}: {where}: {what}')

    def keys(self, where, o, expected):
        if not isinstance(o, dict):
            self.fault(where, 'no object')
            return False
        for k in sorted(expected - set(o)):
            self.fault(where, f'{k} is missing')
        for k in sorted(set(o) - expected):
            self.fault(where, f'{k} is unknown')
        return set(o) == expected

    def sub(self, where, key, v, need=False):
        if v is None:
            if need:
                self.fault(where, f'{key} is missing')
        elif not isinstance(v, str) or not v or v != v.strip() or v not in self.text:
            self.fault(where, f'{key} is no exact substring: {v!r}')

    def one_of(self, where, o, **allowed):
        for key, values in allowed.items():
            if key in o and o[key] not in values:
                self.fault(where, f'{key}={o[key]!r}')

    def inside(self, where, o, key):
        if isinstance(o[key], str) and isinstance(o['evidence'], str) and o[key] not in o['evidence']:
            self.fault(where, f'{key} stands outside evidence')

    def items(self, gold, part, expected):
        """The items of a list that have the keys they should have, each with its place and index."""
        if not isinstance(gold[part], list):
            self.fault(part, 'no list')
            return
        for n, item in enumerate(gold[part]):
            if self.keys(f'{part}[{n}]', item, expected):
                yield f'{part}[{n}]', n, item

    def once(self, gold, part, expected):
        seen = set()
        for w, _, item in self.items(gold, part, expected):
            self.sub(w, 'text', item['text'], True)
            if item['text'] in seen:
                self.fault(w, 'told twice')
            seen.add(item['text'])
            yield w, item

    # ---- the text ----
    def document(self, doc):
        """Whether there is a text to hold the annotation to."""
        published, title, text = doc['published'], doc['title'], doc['text']
        if not (isinstance(published, str) and len(published) == 10 and point(published)):
            self.fault('doc', f'published={published!r}')
        if not (isinstance(title, str) and isinstance(text, str) and text.strip()):
            self.fault('doc', 'title or text is empty or no text')
            return False
        if text != text.strip() or title != title.strip() or '\r' in text:
            self.fault('doc', 'white space at an end, or a carriage return')
        self.text = title + '\n' + text if title else text
        return True

    # ---- the annotation ----
    def claims(self, gold):
        for w, n, c in self.items(gold, 'claims', self.claim_keys):
            self.one_of(w, c, effect=EFFECT, who_class=CLASS, group=GROUP, voice_kind=VOICE, stance=STANCE,
                        event=EVENT | {None}, scope=SCOPE, approx={True, False})
            for key in ('who_text', 'voice_text', 'actor_text', 'place_text', 'time_text'):
                self.sub(w, key, c.get(key))
            self.sub(w, 'count_text', c['count_text'], True)
            self.sub(w, 'evidence', c['evidence'], True)
            self.inside(w, c, 'count_text')
            self.told_by(w, c)
            self.quantity(w, n, c, len(gold['claims']))
            if c.get('date') is not None and not when(c['date']):
                self.fault(w, f"date={c['date']!r}")
            if 'date' in c and (c['date'] is None) != (c['time_text'] is None):
                self.fault(w, 'date and time_text stand together')

    def told_by(self, w, c):
        if isinstance(c['via'], list):
            for v in c['via']:
                self.sub(w, 'via', v, True)
            if c['via'] and c['voice_text'] is None:
                self.fault(w, 'via without a voice')
        else:
            self.fault(w, 'via is no list')
        if (c['voice_text'] is None) != (c['voice_kind'] == 'outlet'):
            self.fault(w, 'voice_kind is outlet exactly where voice_text is null')

    def quantity(self, w, n, c, claims):
        if not whole(c['min']) or c['min'] < 0 or not (
                c['max'] is None or (whole(c['max']) and c['max'] >= c['min'])):
            self.fault(w, f"min={c['min']!r} max={c['max']!r}")
        if c['stance'] == 'denies' and (c['min'], c['max']) != (0, 0):
            self.fault(w, 'a denial is [0, 0]')
        p = c['part_of']
        if p is not None and not (whole(p) and 0 <= p < claims and p != n):
            self.fault(w, f'part_of={p!r}')

    def events(self, gold):
        for w, _, e in self.items(gold, 'events', EVENT_KEYS):
            self.one_of(w, e, type=EVENT)
            for key in ('actor_text', 'time_text'):
                self.sub(w, key, e[key])
            self.sub(w, 'trigger_text', e['trigger_text'], True)
            self.sub(w, 'evidence', e['evidence'], True)
            self.inside(w, e, 'trigger_text')
            if isinstance(e['place_texts'], list):
                for p in e['place_texts']:
                    self.sub(w, 'place_texts', p, True)
            else:
                self.fault(w, 'place_texts is no list')
            a, b = e['count_min'], e['count_max']
            if not ((a is None and b is None) or (whole(a) and (b is None or (whole(b) and b >= a)))):
                self.fault(w, f'count_min={a!r} count_max={b!r}')
            if e['date'] is not None and not when(e['date']):
                self.fault(w, f"date={e['date']!r}")

    def times(self, gold):
        for w, t in self.once(gold, 'times', TIME_KEYS):
            if not when(t['value']):
                self.fault(w, f"value={t['value']!r}")

    def places(self, gold):
        for w, p in self.once(gold, 'places', PLACE_KEYS):
            self.one_of(w, p, kind=KIND)
            if not (isinstance(p['name_en'], str) and p['name_en']):
                self.fault(w, f"name_en={p['name_en']!r}")
            if not (p['country'] is None or (isinstance(p['country'], str) and re.match(r'^[A-Z]{2}$', p['country']))):
                self.fault(w, f"country={p['country']!r}")
            if not (p['admin1'] is None or (isinstance(p['admin1'], str) and p['admin1'])):
                self.fault(w, f"admin1={p['admin1']!r}")

    def disagreements(self, gold):
        claims = gold['claims']
        for w, _, d in self.items(gold, 'disagreements', DISAGREEMENT_KEYS):
            self.one_of(w, d, on=ON)
            pair = d['claims']
            if not (isinstance(pair, list) and len(pair) == 2 and all(whole(i) and 0 <= i < len(claims) for i in pair)
                    and pair[0] < pair[1]):
                self.fault(w, f'claims={pair!r}')
            elif not self.faults:
                self.stands_against(w, d['on'], pair, *(claims[i] for i in pair))

    def stands_against(self, w, on, pair, a, b):
        if a['voice_text'] == b['voice_text']:
            self.fault(w, 'both claims have the same voice')
        if a['effect'] != b['effect'] and not (
                {'casualties'} < {a['effect'], b['effect']} <= {'casualties', 'killed', 'injured'}):
            self.fault(w, 'the claims are not of the same effect')
        if a['part_of'] == pair[1] or b['part_of'] == pair[0]:
            self.fault(w, 'one is part of the other')
        if on == 'count' and not ((a['max'] is not None and a['max'] < b['min'])
                                  or (b['max'] is not None and b['max'] < a['min'])):
            self.fault(w, 'the counts meet')
        if on == 'denial' and (a['stance'] == 'denies') == (b['stance'] == 'denies'):
            self.fault(w, 'not exactly one denies')
        key = {'actor': 'actor_text', 'date': 'date', 'place': 'place_text'}.get(on)
        if key in self.claim_keys and (a[key] is None or b[key] is None or a[key] == b[key]):
            self.fault(w, f'{key} is the same or not told')


def check_document(path):
    """All defects of one document of cases/, each a line of text."""
    form = Form(path.name, CLAIM_KEYS)
    try:
        case = json.loads(path.read_text(encoding='utf-8'))
    except ValueError as e:
        return [f'{path.name}: not JSON: {e}']
    if not isinstance(case, dict) or set(case) != {'doc', 'gold'}:
        return [f'{path.name}: the keys are not doc and gold']
    doc, gold = case['doc'], case['gold']
    if not (form.keys('doc', doc, DOC_KEYS) and form.keys('gold', gold, GOLD_KEYS)):
        return form.faults
    if doc['id'] != path.stem or gold['id'] != path.stem:
        form.fault('id', f"{doc['id']!r}, {gold['id']!r}: not the file's name")
    form.one_of('doc', doc, language=('ar', 'en'))
    if form.document(doc):
        for part in (form.claims, form.events, form.times, form.places, form.disagreements):
            part(gold)
    return form.faults


def check_passage(line, name, phenomenon):
    """All defects of one line of passages/, each a line of text."""
    form = Form(name, PASSAGE_CLAIM_KEYS)
    try:
        passage = json.loads(line)
    except ValueError as e:
        return [f'{name}: not JSON: {e}']
    if not (form.keys('passage', passage, PASSAGE_KEYS) and form.keys('gold', passage['gold'], PASSAGE_GOLD_KEYS)):
        return form.faults
    if passage['phenomenon'] != phenomenon or passage['id'] != name:
        form.fault('id', f"{passage['id']!r}, {passage['phenomenon']!r}: not the line's and the file's name")
    form.one_of('passage', passage, near_miss=(True, False))
    if form.document(passage):
        for part in (form.claims, form.times, form.disagreements):
            part(passage['gold'])
    return form.faults


def check_passages(path):
    lines, first = path.read_text(encoding='utf-8').splitlines(), 101 if path.parent.name == 'second' else 1
    return [check_passage(line, f'{path.stem}-{n:03}', path.stem) for n, line in enumerate(lines, first)]


def main():
    here = Path(__file__).parent
    folders = [Path(sys.argv[1])] if len(sys.argv) > 1 else [here / 'cases', here / 'passages', here / 'passages' / 'second']
    checked = [check_document(path) for folder in folders for path in sorted(folder.glob('*.json'))]
    checked += [faults for folder in folders for path in sorted(folder.glob('*.jsonl'))
                for faults in check_passages(path)]
    for line in sum(checked, []):
        print(line)
    if not checked:
        print(f'{", ".join(map(str, folders))}: nothing to check')
        return 1
    failed = sum(map(bool, checked))
    print(f'{len(checked) - failed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
