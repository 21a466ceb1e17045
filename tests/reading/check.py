#!/usr/bin/env python3
"""Prove the form of the annotated documents in cases/.

usage: check.py [DIRECTORY]    prints each defect with its file; exit 1 if there is any
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


def check(path):
    """All defects of one file, each a line of text."""
    faults = []

    def fault(where, what):
        faults.append(f'{path.name}: {where}: {what}')

    try:
        case = json.loads(path.read_text(encoding='utf-8'))
    except ValueError as e:
        return [f'{path.name}: not JSON: {e}']
    if not isinstance(case, dict) or set(case) != {'doc', 'gold'}:
        return [f'{path.name}: the keys are not doc and gold']
    doc, gold = case['doc'], case['gold']

    def keys(where, o, expected):
        if not isinstance(o, dict):
            fault(where, 'no object')
            return False
        for k in sorted(expected - set(o)):
            fault(where, f'{k} is missing')
        for k in sorted(set(o) - expected):
            fault(where, f'{k} is unknown')
        return set(o) == expected

    if not (keys('doc', doc, DOC_KEYS) and keys('gold', gold, GOLD_KEYS)):
        return faults
    if doc['id'] != path.stem or gold['id'] != path.stem:
        fault('id', f"{doc['id']!r}, {gold['id']!r}: not the file's name")
    if doc['language'] not in ('ar', 'en'):
        fault('doc', f"language={doc['language']!r}")
    if not (isinstance(doc['published'], str) and len(doc['published']) == 10 and point(doc['published'])):
        fault('doc', f"published={doc['published']!r}")
    if not (isinstance(doc['title'], str) and isinstance(doc['text'], str) and doc['text'].strip()):
        fault('doc', 'title or text is empty or no text')
        return faults
    if doc['text'] != doc['text'].strip() or doc['title'] != doc['title'].strip() or '\r' in doc['text']:
        fault('doc', 'white space at an end, or a carriage return')
    text = doc['title'] + '\n' + doc['text'] if doc['title'] else doc['text']

    def sub(where, key, v, need=False):
        if v is None:
            if need:
                fault(where, f'{key} is missing')
        elif not isinstance(v, str) or not v or v != v.strip() or v not in text:
            fault(where, f'{key} is no exact substring: {v!r}')

    def one_of(where, key, v, allowed):
        if v not in allowed:
            fault(where, f'{key}={v!r}')

    for part in ('claims', 'events', 'times', 'places', 'disagreements'):
        if not isinstance(gold[part], list):
            fault(part, 'no list')
            return faults

    for n, c in enumerate(gold['claims']):
        w = f'claims[{n}]'
        if not keys(w, c, CLAIM_KEYS):
            continue
        for key, allowed in (('effect', EFFECT), ('who_class', CLASS), ('group', GROUP), ('voice_kind', VOICE),
                             ('stance', STANCE), ('event', EVENT | {None}), ('scope', SCOPE),
                             ('approx', {True, False})):
            one_of(w, key, c[key], allowed)
        for key in ('who_text', 'voice_text', 'actor_text', 'place_text', 'time_text'):
            sub(w, key, c[key])
        sub(w, 'count_text', c['count_text'], True)
        sub(w, 'evidence', c['evidence'], True)
        if isinstance(c['via'], list):
            for v in c['via']:
                sub(w, 'via', v, True)
            if c['via'] and c['voice_text'] is None:
                fault(w, 'via without a voice')
        else:
            fault(w, 'via is no list')
        if not whole(c['min']) or c['min'] < 0 or not (
                c['max'] is None or (whole(c['max']) and c['max'] >= c['min'])):
            fault(w, f"min={c['min']!r} max={c['max']!r}")
        if c['stance'] == 'denies' and (c['min'], c['max']) != (0, 0):
            fault(w, 'a denial is [0, 0]')
        if (c['voice_text'] is None) != (c['voice_kind'] == 'outlet'):
            fault(w, 'voice_kind is outlet exactly where voice_text is null')
        p = c['part_of']
        if p is not None and not (whole(p) and 0 <= p < len(gold['claims']) and p != n):
            fault(w, f'part_of={p!r}')
        if c['date'] is not None and not when(c['date']):
            fault(w, f"date={c['date']!r}")
        if (c['date'] is None) != (c['time_text'] is None):
            fault(w, 'date and time_text stand together')
        if isinstance(c['count_text'], str) and isinstance(c['evidence'], str) and c['count_text'] not in c['evidence']:
            fault(w, 'count_text stands outside evidence')

    for n, e in enumerate(gold['events']):
        w = f'events[{n}]'
        if not keys(w, e, EVENT_KEYS):
            continue
        one_of(w, 'type', e['type'], EVENT)
        for key in ('actor_text', 'time_text'):
            sub(w, key, e[key])
        sub(w, 'trigger_text', e['trigger_text'], True)
        sub(w, 'evidence', e['evidence'], True)
        if isinstance(e['trigger_text'], str) and isinstance(e['evidence'], str) and e['trigger_text'] not in e['evidence']:
            fault(w, 'trigger_text stands outside evidence')
        if isinstance(e['place_texts'], list):
            for p in e['place_texts']:
                sub(w, 'place_texts', p, True)
        else:
            fault(w, 'place_texts is no list')
        a, b = e['count_min'], e['count_max']
        if not ((a is None and b is None) or (whole(a) and (b is None or (whole(b) and b >= a)))):
            fault(w, f'count_min={a!r} count_max={b!r}')
        if e['date'] is not None and not when(e['date']):
            fault(w, f"date={e['date']!r}")

    seen = set()
    for n, t in enumerate(gold['times']):
        w = f'times[{n}]'
        if keys(w, t, TIME_KEYS):
            sub(w, 'text', t['text'], True)
            if not when(t['value']):
                fault(w, f"value={t['value']!r}")
            if t['text'] in seen:
                fault(w, 'told twice')
            seen.add(t['text'])

    seen = set()
    for n, p in enumerate(gold['places']):
        w = f'places[{n}]'
        if keys(w, p, PLACE_KEYS):
            sub(w, 'text', p['text'], True)
            one_of(w, 'kind', p['kind'], KIND)
            if not (isinstance(p['name_en'], str) and p['name_en']):
                fault(w, f"name_en={p['name_en']!r}")
            if not (p['country'] is None or (isinstance(p['country'], str) and re.match(r'^[A-Z]{2}$', p['country']))):
                fault(w, f"country={p['country']!r}")
            if not (p['admin1'] is None or (isinstance(p['admin1'], str) and p['admin1'])):
                fault(w, f"admin1={p['admin1']!r}")
            if p['text'] in seen:
                fault(w, 'told twice')
            seen.add(p['text'])

    claims = gold['claims']
    for n, d in enumerate(gold['disagreements']):
        w = f'disagreements[{n}]'
        if not keys(w, d, DISAGREEMENT_KEYS):
            continue
        one_of(w, 'on', d['on'], ON)
        pair = d['claims']
        if not (isinstance(pair, list) and len(pair) == 2 and all(whole(i) and 0 <= i < len(claims) for i in pair)
                and pair[0] < pair[1]):
            fault(w, f'claims={pair!r}')
            continue
        if faults:
            continue
        a, b = (claims[i] for i in pair)
        if a['voice_text'] == b['voice_text']:
            fault(w, 'both claims have the same voice')
        if a['effect'] != b['effect'] and not (
                {'casualties'} < {a['effect'], b['effect']} <= {'casualties', 'killed', 'injured'}):
            fault(w, 'the claims are not of the same effect')
        if a['part_of'] == pair[1] or b['part_of'] == pair[0]:
            fault(w, 'one is part of the other')
        if d['on'] == 'count' and not ((a['max'] is not None and a['max'] < b['min'])
                                       or (b['max'] is not None and b['max'] < a['min'])):
            fault(w, 'the counts meet')
        if d['on'] == 'denial' and (a['stance'] == 'denies') == (b['stance'] == 'denies'):
            fault(w, 'not exactly one denies')
        for on, key in (('actor', 'actor_text'), ('date', 'date'), ('place', 'place_text')):
            if d['on'] == on and (a[key] is None or b[key] is None or a[key] == b[key]):
                fault(w, f'{key} is the same or not told')
    return faults


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / 'cases'
    passed = failed = 0
    for path in sorted(folder.glob('*.json')):
        faults = check(path)
        for line in faults:
            print(line)
        if faults:
            failed += 1
        else:
            passed += 1
    if not passed + failed:
        print(f'{folder}: no cases')
        return 1
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
