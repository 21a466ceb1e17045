#!/usr/bin/env python3
"""Runs `isnad` on the outside data of ../shared, scores it, prints one table, and holds every score to its floor.

Where ../shared is not beside the repository it says so and passes. The table has a line for each measure: what
others reach on the same data (eval/baselines.tsv says who), ours, and the floor of eval/floor.json. A score more
than 0.05 below its floor, or a measure that has a floor and could not be taken, fails. `--raise` writes
better scores into the floors; it never lowers one. What was read stays in the folder eval/ beside the
program, so that a scorer can be run on it again by hand with --errors.
"""
import argparse
import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys
import time

from score_reading import Tally, actors, pair_claims, read_lines

ROOT = pathlib.Path(__file__).resolve().parent.parent
FLOORS = ROOT / 'eval' / 'floor.json'
BASELINES = ROOT / 'eval' / 'baselines.tsv'
SLACK = 0.05


class Failed(Exception):
    pass


class Evaluation:
    """Each task runs the program, then a scorer, and gives {measure: score in percent}."""

    def __init__(self, program, shared, folder):
        self.program, self.shared, self.folder = str(program), shared, folder
        folder.mkdir(parents=True, exist_ok=True)

    def tasks(self):
        found = {
            'gold': (self.gold, 'gold/dev.gold.jsonl'),
            'airwars readings': (self.airwars, 'data/airwars/docs.jsonl'),
            'airwars links': (self.links, 'data/airwars/docs.jsonl'),
            'voices': (self.voices, 'data/voices/docs.jsonl'),
            'pages': (self.pages, 'data/pages/truth.jsonl'),
            'seed': (self.seed, 'seed'),
        }
        for table in ('duckling_ar', 'duckling_en', 'recognizers_ar', 'recognizers_en'):
            found[table] = (lambda table=table: self.peers(table), f'data/peers/{table}.tsv')
        return {name: run for name, (run, needs) in found.items() if (self.shared / needs).exists()}, \
               [name for name, (run, needs) in found.items() if not (self.shared / needs).exists()]

    def isnad(self, out, *arguments, allowed=(0,)):
        path = self.folder / out
        with path.open('wb') as output:
            done = subprocess.run([self.program, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=output,
                                  stderr=subprocess.PIPE, check=False)
        if done.returncode not in allowed:
            said = done.stderr.decode('utf-8', 'replace').strip().splitlines()
            raise Failed(f'isnad {arguments[0]} ended with {done.returncode}: {said[-1] if said else ""}')
        return path

    def score(self, scorer, *arguments):
        done = subprocess.run([sys.executable, str(self.shared / 'eval' / scorer), *map(str, arguments)],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failed(f'{scorer}: {done.stderr.strip().splitlines()[-1]}')
        return done.stdout

    def gold(self):
        documents, truth = self.shared / 'gold/dev.docs.jsonl', self.shared / 'gold/dev.gold.jsonl'
        readings = self.isnad('gold.readings.jsonl', 'read', '--from', 'jsonl', '--format', 'jsonl', documents)
        scores = {}
        for language in ('ar', 'en'):
            said = self.score('score.py', truth, readings, '--docs', documents, '--language', language)
            for name, f1 in re.findall(r'^(\S.*?)\s+P .*F1 +([\d.]+)', said, re.MULTILINE):
                scores[f'gold {language}: {name}'] = float(f1)
            scores.update(self.actors(documents, truth, readings, language))
        return scores

    def actors(self, documents, truth, readings, language):
        """Whoever is told to have done it, of claims that are found: a wrong one is worse than none."""
        of, gold = {d['id']: d['language'] for d in read_lines(documents)}, {g['id']: g for g in read_lines(truth)}
        tally = Tally()
        for reading in read_lines(readings):
            if of[reading['id']] == language:
                wanted = gold[reading['id']]
                told, read, hit = actors(wanted['claims'], reading['claims'], pair_claims(reading, wanted))
                tally.gold, tally.read, tally.hit = tally.gold + told, tally.read + read, tally.hit + hit
        return {f'gold {language}: actors': round(tally.f1(), 1),
                f'gold {language}: actors, precision': round(100 * tally.hit / max(1, tally.read), 1)}

    def airwars(self):
        folder = self.shared / 'data/airwars'
        readings = self.isnad('airwars.readings.jsonl', 'read', '--from', 'jsonl', '--format', 'jsonl',
                              folder / 'docs.jsonl')
        return named('airwars readings', self.score('score_airwars.py', folder, readings))

    def incidents(self, name, documents):
        ledger = self.folder / f'{name}.ledger'
        for old in self.folder.glob(f'{name}.ledger*'):
            old.unlink()
        self.isnad(f'{name}.added', 'add', '--ledger', ledger, '--from', 'jsonl', documents)
        return self.isnad(f'{name}.incidents.jsonl', 'export', '--ledger', ledger, '--what', 'incidents', '--format',
                          'jsonl')

    def links(self):
        folder = self.shared / 'data/airwars'
        said = self.score('score_links.py', folder, self.incidents('airwars', folder / 'docs.jsonl'))
        return {'airwars links: B3': float(re.search(r'F1 ([\d.]+)', said)[1]),
                **named('airwars links', said.split('\n', 1)[1])}

    def voices(self):
        folder = self.shared / 'data/voices'
        return named('voices', self.score('score_voices.py', folder, self.incidents('voices', folder / 'docs.jsonl')))

    def peers(self, table):
        rows = self.shared / 'data/peers' / f'{table}.tsv'
        documents = self.folder / f'{table}.docs.jsonl'
        documents.write_text(self.score('score_peers.py', 'inputs', rows), encoding='utf-8')
        readings = self.isnad(f'{table}.readings.jsonl', 'read', '--mentions', '--from', 'jsonl', '--format', 'jsonl',
                              documents)
        said = self.score('score_peers.py', 'score', rows, readings)
        return {f'{table}: {kind}': float(score) for kind, score in re.findall(r'^\S+ (\w+): ([\d.]+) %', said,
                                                                               re.MULTILINE)}

    def pages(self):
        folder = self.shared / 'data/pages'
        articles = self.isnad('pages.articles.jsonl', 'page', '--format', 'jsonl',
                              *sorted(folder.glob('html/*.html.gz')))
        scores = {}
        for line in self.score('score_pages.py', folder, articles).splitlines():
            if found := re.match(r'(\S+) +P .*?F1 +([\d.]+)', line):
                scores[f'pages {found[1]}: text'] = float(found[2])
                for what, percent in re.findall(r'(title|date) (\d+) %', line):
                    scores[f'pages {found[1]}: {what}'] = float(percent)
            elif 'not read' in line:
                raise Failed(line)
        return scores

    def seed(self):
        """The seed page, by figures alone: effect, range, kind of voice, stance."""
        pages = sorted((self.shared / 'seed').glob('*.txt'))
        readings = self.isnad('seed.readings.jsonl', 'read', '--published', '2021-01-14', '--format', 'jsonl', *pages)
        reading = json.loads(readings.read_text(encoding='utf-8').splitlines()[0])
        return {'seed: what must be read': seed_score(reading)}


def named(group, said):
    return {f'{group}: {name}': float(score)
            for name, score in re.findall(r'^(\w[\w +()]*?) {2,}([\d.]+) ', said, re.MULTILINE)}


def seed_score(reading):
    claims, events = reading['claims'], reading['events']
    kind = lambda claim: (claim['voice'] or {}).get('kind')
    told = lambda effect, low, high, kinds, stance='asserts': any(
        (c['effect'], c['min'], c['max'], c['stance']) == (effect, low, high, stance) and kind(c) in kinds
        for c in claims)
    chrome = (reading['text'] + 'Read Previous').index('Read Previous')
    army, field = ('military', 'government'), ('security', 'military', 'local', 'anonymous')
    needed = [
        told('killed', 1, 1, army),
        told('injured', 5, 5, army),
        any(c['stance'] == 'denies' and kind(c) in army for c in claims),
        any((e['outcome'] or {}).get('kind') == 'failed' and (e['voice'] or {}).get('kind') in army for e in events),
        told('killed', 13, 13, ('medical',)),
        any(c['effect'] == 'injured' and c['min'] in (18, 19) and c['max'] is None and kind(c) == 'medical'
            for c in claims),
        told('killed', 17, None, field),
        any((c['effect'], c['min'], c['max']) == ('injured', 7, 7) for c in claims),
        any((c['effect'], c['min'], c['max']) == ('casualties', 4, 4) for c in claims),
        any(e['min'] in (30, 31) and e['max'] is None for e in events),
        any((e['min'], e['max']) == (6, 6) for e in events),
        any((o['date'] or '').startswith('2021-01-1') and '2021-01-13' in o['date'] for o in claims + events),
        any(p['anchor'] and p['lat'] is not None for p in reading['places']),
        any('55' in p['text'] for p in reading['places']),
        any(d['on'] in ('count', 'denial') and
            len({kind(claims[i]) in army for i in d['claims']}) == 2 for d in reading['disagreements']),
        any(link['role'] == 'previous' for link in reading['links']),
        all(o['evidence']['end'] <= chrome for o in claims + events),
    ]
    return 100 * sum(needed) / len(needed)


def read_table(path):
    rows = [line.split('\t') for line in path.read_text(encoding='utf-8').splitlines() if line and line[0] != '#']
    return {measure: (float(score), who) for measure, score, who in rows}


def run_all(tasks, jobs):
    scores, troubles = {}, {}
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        running = {pool.submit(run): name for name, run in tasks.items()}
        for future in concurrent.futures.as_completed(running):
            try:
                scores.update(future.result())
            except (Failed, OSError, ValueError, LookupError, TypeError) as trouble:
                troubles[running[future]] = f'{type(trouble).__name__}: {trouble}'
    return scores, troubles


def print_table(scores, floors, baselines):
    """Prints the table; returns the measures that fell."""
    fallen = [name for name, floor in floors.items() if scores.get(name, -1) < floor - SLACK]
    print(f'{"measure":<38} {"others":>7} {"ours":>7} {"floor":>7}')
    number = lambda table, name: f'{table[name]:7.1f}' if name in table else f'{"–":>7}'
    for name in sorted(scores.keys() | floors.keys()):
        others = {key: score for key, (score, _) in baselines.items()}
        who = f'   {baselines[name][1]}' if name in baselines else ''
        mark = '   BELOW ITS FLOOR' if name in fallen else ''
        print(f'{name:<38} {number(others, name)} {number(scores, name)} {number(floors, name)}{mark}{who}')
    return fallen


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--program', default=ROOT / 'build' / 'isnad', type=pathlib.Path)
    parser.add_argument('--shared', default=ROOT.parent / 'shared', type=pathlib.Path)
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('--raise', dest='raise_floors', action='store_true', help='write better scores into the floors')
    parser.add_argument('--only', help='only tasks whose name has this in it; floors are not held')
    options = parser.parse_args()
    if not (options.shared / 'data').exists() or not (options.shared / 'gold').exists():
        print('skipped: the outside data is not there (../shared, beside the repository)')
        print('0 passed, 0 failed')
        return 0
    if not options.program.exists():
        print(f'{options.program} is not there: make builds it')
        print('0 passed, 1 failed')
        return 1
    started = time.monotonic()
    program = options.program.resolve()
    tasks, absent = Evaluation(program, options.shared.resolve(), program.parent / 'eval').tasks()
    tasks = {name: run for name, run in tasks.items() if not options.only or options.only in name}
    scores, troubles = run_all(tasks, options.jobs)
    floors = json.loads(FLOORS.read_text()) if FLOORS.exists() and not options.only else {}
    fallen = print_table(scores, floors, read_table(BASELINES))
    for name in absent:
        print(f'not run: {name}: its data is not there')
    for name, trouble in troubles.items():
        print(f'not taken: {name}: {trouble}')
    print(f'in {time.monotonic() - started:.0f} s')
    if options.raise_floors and not options.only:
        raised = {**floors, **{name: round(max(score, floors.get(name, 0)), 1) for name, score in scores.items()}}
        FLOORS.write_text(json.dumps(dict(sorted(raised.items())), indent=2) + '\n')
    failed = len(fallen) + len(troubles)
    print(f'{len(floors) - len(fallen)} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
