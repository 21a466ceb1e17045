#!/usr/bin/env python3
"""Turn a case's documents.json into readings.jsonl: the readings that the ledger's tests are fed with.

usage: annotate.py CASE_FOLDER...

documents.json holds {"places": {key: place}, "documents": [{id, published, outlet, language, title, text, claims, events}]}.
In a claim, `evidence`, `count`, `voice`, `via`, `actor` and `place_text` are stretches of the text, found inside `evidence` first,
then anywhere; spans are worked out here. Everything in these cases is invented: outlets, places, people and incidents.
"""
import json
import os
import sys


def span(text, piece, within=None):
    if piece is None:
        return None
    at = text.find(piece, within['start']) if within else text.find(piece)
    if at < 0 or (within and at + len(piece) > within['end']):
        at = text.find(piece)
    if at < 0:
        sys.exit(f'not in the text: {piece}')
    return {'text': piece, 'start': at, 'end': at + len(piece)}


def place(text, key, piece, places, within):
    if key is None:
        return None
    p = {'name': None, 'country': None, 'admin1': None, 'kind': 'village', 'id': None, 'lat': None, 'lon': None,
         'radius_km': None, 'anchor': None}
    p.update({k: v for k, v in places[key].items() if k != 'text'})
    return {**span(text, piece or places[key]['text'], within), **p}


def voice(text, v, within):
    if v is None:
        return None
    return {**span(text, v['text'], within), 'kind': v.get('kind', 'anonymous'), 'cue': v.get('cue')}


def claim(text, c, places):
    evidence = span(text, c['evidence'])
    who = span(text, c['who'], evidence) if c.get('who') else {'text': None, 'start': None, 'end': None}
    time = None
    if c.get('time'):
        time = {**span(text, c['time'], evidence), 'value': c.get('date'), 'inherited': False}
    return {
        'effect': c['effect'], 'min': c['min'], 'max': c.get('max', c['min']), 'approx': c.get('approx', False),
        'count': span(text, c.get('count'), evidence),
        'who': {**who, 'class': c.get('class', 'unknown'), 'group': c.get('group')},
        'part_of': c.get('part_of'), 'voice': voice(text, c.get('voice'), evidence),
        'via': [voice(text, v, evidence) for v in c.get('via', [])], 'stance': c.get('stance', 'asserts'),
        'event': c.get('event'), 'event_index': c.get('event_index'),
        'actor': {**span(text, c['actor'], evidence), 'hedged': c.get('hedged', False)} if c.get('actor') else None,
        'place': place(text, c.get('place'), c.get('place_text'), places, evidence), 'time': time, 'date': c.get('date'),
        'scope': c.get('scope', 'incident'), 'evidence': {'start': evidence['start'], 'end': evidence['end']}}


def event(text, e, places):
    evidence = span(text, e['evidence'])
    return {
        'type': e['type'], 'trigger': span(text, e['trigger'], evidence), 'voice': None, 'via': [], 'stance': 'asserts',
        'actor': None, 'places': [place(text, k, None, places, evidence) for k in e.get('places', [])],
        'min': e.get('min'), 'max': e.get('max', e.get('min')), 'time': None, 'date': e.get('date'), 'outcome': None,
        'evidence': {'start': evidence['start'], 'end': evidence['end']}}


def reading(d, places):
    text = d['title'] + '\n' + d['text'] if d.get('title') else d['text']
    return {
        'format': 'isnad-reading/1',
        'engine': {'version': 'test', 'language_data': None, 'gazetteer': None, 'weights': None, 'profile': None},
        'id': d['id'], 'url': d.get('url'), 'outlet': d.get('outlet'), 'language': d.get('language', 'ar'),
        'published': d.get('published'), 'published_offset': None, 'published_from': 'given', 'sha256': '0' * 64,
        'truncated': False, 'title': d.get('title'), 'text': text,
        'claims': [claim(text, c, places) for c in d.get('claims', [])],
        'events': [event(text, e, places) for e in d.get('events', [])], 'times': [], 'places': [],
        'disagreements': [{'claims': x[:2], 'on': x[2]} for x in d.get('disagreements', [])], 'links': []}


for folder in sys.argv[1:]:
    case = json.load(open(os.path.join(folder, 'documents.json'), encoding='utf-8'))
    with open(os.path.join(folder, 'readings.jsonl'), 'w', encoding='utf-8') as out:
        for d in case['documents']:
            out.write(json.dumps(reading(d, case['places']), ensure_ascii=False) + '\n')
