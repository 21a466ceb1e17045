#!/usr/bin/env python3
"""The command, from outside: every command, every exit code, pipes and terminals. Prints "N passed, N failed"."""
import csv
import io
import json
import os
import re
import select
import signal
import sqlite3
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from schema_check import faults  # noqa: E402
from support import PAGE, PROGRAM, ROOT, SAMPLES, TEXT, Case, main, stores  # noqa: E402

COMMANDS = ('read', 'page', 'add', 'import', 'intake', 'incidents', 'show', 'search', 'export', 'review', 'reread', 'ledger', 'serve', 'users', 'verify', 'head', 'key', 'redact', 'bundle', 'places',
            'schema', 'lang', 'estimates', 'doctor', 'version', 'help')
ISOLATE, POP = '\u2068', '\u2069'
OBEYED = re.compile('[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u061c\u200e\u202a-\u202e\u2066\u2067]')
PAGE_WITH_CHROME = '''<!DOCTYPE html><html lang="en"><head><title>Fire at the sail loft</title></head><body>
<nav><a href="/news">Harbour news</a></nav><h1>Fire at the sail loft</h1><div class="article-body">
<p>Three sailmakers were injured in a fire at an invented sail loft in Upper Dunmoor on Tuesday, the fire brigade said.</p>
<p><a href="/pier">Read also: The pier of Lower Dunmoor</a></p>
<p>The fire, which began in the drying room, was put out within two hours, and nobody else was in the building.</p>
</div></body></html>
'''


class Help(Case):
    def test_help_teaches(self):
        text = self.run_isnad('--help').text
        for command in COMMANDS:
            self.assertRegex(text, rf'(?m)^  {command} ')
        self.assertIn('Exit codes', text)
        self.assertIn('ISNAD_LEDGER', text)
        self.assertIn('that of a server' if stores.SERVER else str(self.ledger), text)
        self.assertEqual(text, self.run_isnad('help').text)

    def test_default_place_of_the_ledger(self):
        environment = self.environment()
        del environment['ISNAD_LEDGER']
        self.assertIn(f'{self.folder}/.local/share/isnad/ledger.db',
                      self.run_isnad('--help', environment=environment).text)
        environment['XDG_DATA_HOME'] = str(self.folder / 'data')
        self.assertIn(f'{self.folder}/data/isnad/ledger.db', self.run_isnad('--help', environment=environment).text)

    def test_help_of_every_command(self):
        for command in COMMANDS:
            text = self.run_isnad('help', command).text
            self.assertIn(f'Usage: isnad {command}', text)
            self.assertEqual(text, self.run_isnad(command, '--help').text)
            self.assertLessEqual(max(map(len, text.splitlines())), 132)

    def test_version(self):
        text = self.run_isnad('version').text
        self.assertRegex(text, r'^isnad \d+\.\d+\.\d+\n$')
        self.assertEqual(text, self.run_isnad('--version').text)
        self.assertEqual(text, self.run_isnad('read', '-V').text)

    def options_of(self, command):
        return set(re.findall(r'--[a-z-]+(?= )', self.run_isnad('help', command).text.split('Options:')[1]))

    def test_completions_know_every_option(self):
        for name in ('isnad.bash', '_isnad', 'isnad.fish'):
            text = (ROOT / 'completions' / name).read_text(encoding='utf-8')
            for command in COMMANDS:
                self.assertIn(command, text, name)
                for option in self.options_of(command):
                    shown = f' -l {option[2:]} ' if name.endswith('.fish') else option
                    self.assertIn(shown, text, f'{name}: {option} of {command}')

    def test_bash_completion_gives_the_options_of_each_command(self):
        script = ROOT / 'completions' / 'isnad.bash'
        for command in COMMANDS:
            if command in ('schema', 'version', 'help'):
                continue
            done = subprocess.run(['bash', '-c', f'source {script}; COMP_WORDS=(isnad {command} --); COMP_CWORD=2; '
                                                 '_isnad; printf "%s\\n" "${COMPREPLY[@]}"'],
                                  capture_output=True, text=True, check=True)
            self.assertEqual(set(done.stdout.split()), self.options_of(command), command)

    def test_manual_knows_every_option_and_code(self):
        text = (ROOT / 'docs' / 'man' / 'isnad.1').read_text(encoding='utf-8').replace('\\-', '-')
        for command in COMMANDS:
            self.assertIn(command, text)
            for option in self.options_of(command):
                self.assertIn(option, text)
        for code in range(13):
            self.assertRegex(text, rf'(?m)^\.B {code}$')


class WholeLedger(Case):
    def test_verbs(self):
        self.assertIn('which of show', self.run_isnad('ledger', code=2).error)
        self.assertIn('did you mean isnad ledger show?', self.run_isnad('ledger', 'shwo', code=2).error)
        self.assertIn('one word too many', self.run_isnad('ledger', 'show', 'more', code=2).error)

    def test_show(self):
        self.run_isnad('ledger', 'show', code=4)
        self.file('a.html', PAGE)
        self.run_isnad('add', 'a.html')
        told = json.loads(self.run_isnad('ledger', 'show', '--format', 'jsonl').text)
        self.assertEqual(told['captures'], 1)
        self.assertRegex(self.run_isnad('ledger', 'show').text, r'(?m)^captures   1$')


class Arguments(Case):
    def hint(self, *arguments):
        return self.run_isnad(*arguments, code=2).error

    def test_unknown_command(self):
        self.assertIn('did you mean isnad incidents?', self.hint('incidnets'))
        self.assertIn('did you mean isnad read?', self.hint('raed'))
        self.assertNotIn('did you mean', self.hint('xyzzyxyzzy'))

    def test_unknown_option(self):
        self.assertIn('did you mean --format?', self.hint('read', '--fromat', 'table'))
        self.assertIn('did you mean --published?', self.hint('read', '--publshed=2020-01-01'))
        self.assertIn('no option -x', self.hint('read', '-x'))

    def test_option_of_another_command(self):
        self.assertIn('isnad export does', self.hint('read', '--bom'))

    def test_values(self):
        self.assertIn('needs a value', self.hint('read', '--published'))
        self.assertIn('takes no value', self.hint('read', '--explain=yes'))
        self.assertIn('expected a number', self.hint('read', '--jobs', 'many'))
        self.assertIn('expected a size', self.hint('read', '--max-bytes', '12Q'))
        self.assertIn('expected one of: table jsonl', self.hint('read', '--format', 'csv'))
        self.assertIn('expected YYYY-MM-DD', self.run_isnad('read', '--published', 'yesterday', stdin=b'x', code=2).error)
        self.assertIn('html, text, jsonl or warc', self.run_isnad('read', '--from', 'pdf', stdin=b'x', code=2).error)

    def test_values_that_contradict(self):
        self.assertIn('no incident is both', self.hint('incidents', '--disputed', '--undisputed'))
        self.assertIn('at least 1', self.hint('read', '--jobs', '0'))
        self.assertIn('two letters', self.hint('incidents', '--country', 'SYR'))
        self.assertIn('--remote', self.hint('serve', '--address', '0.0.0.0', '--port', '0'))

    def test_no_command(self):
        self.assertIn('which command?', self.hint())
        for verb, meant in (('backup', 'isnad ledger backup'), ('undo', 'isnad review undo'), ('merge', 'isnad review merge'),
                            ('expotr', 'isnad export')):
            self.assertIn('did you mean ' + meant, self.hint(verb))
            self.assertIn('did you mean ' + meant, self.hint('help', verb))
        self.assertIn('there is accept, correct', self.hint('review', 'qqqq'))

    def test_option_before_the_command(self):
        self.file('a.txt', TEXT)
        self.assertEqual(self.run_isnad('--format', 'jsonl', 'read', 'a.txt').text,
                         self.run_isnad('read', 'a.txt', '--format', 'jsonl').text)

    def test_double_dash_ends_options(self):
        self.file('--explain', TEXT)
        self.assertEqual(len(self.lines('read', '--from', 'text', '--', '--explain')), 1)

    def test_words_too_many(self):
        self.assertIn('isnad show', self.hint('incidents', 'i-1'))
        self.assertIn('takes options only', self.hint('export', 'claims'))
        self.assertIn('which incident?', self.hint('show'))
        self.assertIn('search for what?', self.hint('search'))
        self.assertIn('find or build?', self.hint('places'))
        self.assertIn('did you mean isnad places find?', self.hint('places', 'fnid', 'x'))


class Schemas(Case):
    def schema(self, name):
        return json.loads(self.run_isnad('schema', name).text)

    def test_schemas_are_json(self):
        for name in ('reading', 'incident', 'page'):
            schema = self.schema(name)
            self.assertEqual(schema['$schema'], 'https://json-schema.org/draft/2020-12/schema')
            self.assertEqual(schema['properties']['format']['const'], f'isnad-{name}/1')
        self.run_isnad('schema', code=2)
        self.assertIn('did you mean reading', self.run_isnad('schema', 'raeding', code=2).error)

    def check_derivation(self, made, text):
        """Every rule stands behind those that made what it matched, and every word has its line in lang/."""
        told = set()
        for step in made['because']:
            for node in step['matched']:
                self.assertEqual(node['text'], text[node['start']:node['end']])
                self.assertTrue(step['start'] <= node['start'] and node['end'] <= step['end'])
                if node['rule']:
                    self.assertIn((node['rule'], node['start'], node['end']), told)
                elif node['file']:
                    lines = (ROOT / node['file']).read_text(encoding='utf-8').splitlines()
                    self.assertLessEqual(node['line'], len(lines))
            told.add((step['rule'], step['start'], step['end']))

    def test_everything_is_explained(self):
        rows = self.lines('read', '--explain', SAMPLES)
        self.assertTrue(any(row['claims'] for row in rows) and any(row['events'] for row in rows))
        for row in rows:
            for made in row['claims'] + row['events'] + row['times']:
                self.assertTrue(made['because'])
                self.check_derivation(made, row['text'])
            for made in row['claims'] + row['events']:
                if made['time']:
                    steps = next(t['because'] for t in row['times'] if t['value'] == made['time']['value'])
                    rules = [step['rule'] for step in made['because']]
                    self.assertLessEqual({step['rule'] for step in steps}, set(rules))

    def test_each_block_of_a_page_is_explained(self):
        self.file('page.html', PAGE_WITH_CHROME)
        [page] = self.lines('page', '--explain', 'page.html')
        schema = json.loads(self.run_isnad('schema', 'page').text)
        self.assertEqual(faults(page, schema), [])
        rules = {block['text']: block for block in page['blocks']}
        self.assertEqual(rules['Read also: The pier of Lower Dunmoor']['rule'], 'phrase')
        self.assertEqual(rules['Harbour news']['because']['word'], 'nav')
        self.assertEqual(page['container']['names'], 'article-body')
        for block in page['blocks']:
            self.assertEqual(block['use'] == 'body', block['text'] in page['text'])
            if block['because'] and block['because']['file']:
                lines = (ROOT / block['because']['file']).read_text().splitlines()
                self.assertIn(block['because']['word'].split()[0], lines[block['because']['line'] - 1].lower())
        told = self.run_isnad('page', '--explain', '--format', 'text', 'page.html').text
        self.assertIn('- chrome: nav (data/page/elements.tsv:', told)
        self.assertIn('+ body', told)

    def test_a_derivation_for_people(self):
        self.file('page.txt', 'Fire\n\nThree fishermen were killed on Tuesday, the coast guard said.\n')
        text = self.run_isnad('read', '--from', 'text', '--published', '2021-01-14', '--explain', '--format', 'table', 'page.txt').text
        self.assertRegex(text, r'because people\.counted \(lang/en/[^)]*\): Three fishermen\n'
                               r' +Three: COUNT min=3 max=3 by count\.plain\n'
                               r' +fishermen: PERSON who=civilian number=plural \(lang/en/people\.words\.tsv:\d+\)\n')
        self.assertRegex(text, r'TIMES\n  on Tuesday · 2021-01-12\n    because time\.')
        self.assertNotIn('because', self.run_isnad('read', '--from', 'text', '--format', 'table', 'page.txt').text)

    def hold(self, name, rows):
        schema = self.schema(name)
        for row in rows:
            self.assertEqual(faults(row, schema), [])

    def hold_spans(self, reading):
        text = reading['text']

        def walk(value):
            if isinstance(value, dict):
                if isinstance(value.get('text'), str) and isinstance(value.get('start'), int):
                    self.assertEqual(text[value['start']:value['end']], value['text'])
                for item in value.values():
                    walk(item)
            elif isinstance(value, list):
                for item in value:
                    walk(item)
        walk({k: v for k, v in reading.items() if k != 'text'})

    def test_readings(self):
        rows = self.lines('read', SAMPLES)
        self.assertGreaterEqual(len(rows), 12)
        self.hold('reading', rows)
        for row in rows:
            self.hold_spans(row)

    def test_readings_with_mentions_and_rules(self):
        rows = self.lines('read', '--mentions', '--explain', SAMPLES)
        self.hold('reading', rows)
        self.assertTrue(all('numbers' in row for row in rows))
        self.assertTrue(any(claim.get('because') for row in rows for claim in row['claims']))

    def test_readings_of_odd_input(self):
        self.file('empty.txt', '')
        self.file('empty.html', '<html></html>')
        self.file('one.jsonl', '{"text": "x"}\n{"text": "", "title": "t", "id": "i", "outlet": "o"}\n')
        self.hold('reading', self.lines('read', '.', code=None))

    def test_pages(self):
        self.hold('page', self.lines('page', SAMPLES))
        self.file('empty.html', '<html></html>')
        self.hold('page', self.lines('page', 'empty.html', code=None))

    def test_incidents(self):
        self.run_isnad('add', SAMPLES)
        rows = self.lines('export')
        self.assertTrue(rows)
        self.hold('incident', rows)
        self.assertEqual(rows, self.lines('incidents', '--format', 'jsonl'))
        self.assertEqual([rows[0]], self.lines('show', '--format', 'jsonl', rows[0]['id']))


class Read(Case):
    def test_pipe_gives_json_lines(self):
        row, = self.lines('read', stdin=PAGE.encode())
        self.assertEqual(row['title'], '13 قتيلاً في غارة على الرقة')
        figures = {(c['effect'], c['min'], c['max']) for c in row['claims']}
        self.assertIn(('killed', 13, 13), figures)

    def test_table_in_a_pipe_has_no_isolates_and_no_colours(self):
        text = self.run_isnad('read', '--format', 'table', stdin=PAGE.encode()).text
        self.assertIn('EFFECT', text)
        self.assertIn('[13', text)
        self.assertNotIn('\x1b', text)
        self.assertNotIn(ISOLATE, text)

    def test_published_dates_what_has_no_date(self):
        row, = self.lines('read', '--from', 'text', '--published', '2021-01-14', stdin=TEXT.encode())
        self.assertEqual((row['published'], row['published_from']), ('2021-01-14', 'given'))

    def test_order_of_input_whatever_the_jobs(self):
        records = [{'id': f'd{i}', 'text': TEXT * (1 + i % 7), 'published': '2026-01-14'} for i in range(300)]
        self.file('many.jsonl', '\n'.join(map(json.dumps, records)) + '\n')
        one = self.run_isnad('read', '--jobs', '1', 'many.jsonl').text
        self.assertEqual([json.loads(line)['id'] for line in one.splitlines()], [r['id'] for r in records])
        for jobs in (2, 7):
            self.assertEqual(one, self.run_isnad('read', '--jobs', jobs, 'many.jsonl').text)

    def test_a_stream_is_answered_while_it_is_open(self):
        process = subprocess.Popen([PROGRAM, 'read', '--from', 'jsonl'], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   cwd=self.folder, env=self.environment())
        for i in range(100):
            process.stdin.write(json.dumps({'id': f'd{i}', 'text': TEXT, 'published': '2026-01-14'}).encode() + b'\n')
        process.stdin.flush()
        answered = select.select([process.stdout], [], [], 60)[0]
        self.assertTrue(answered)
        self.assertEqual(json.loads(process.stdout.readline())['id'], 'd0')
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)

    def test_max_bytes_marks_what_was_cut(self):
        self.file('long.txt', (TEXT + '\n') * 200)
        row, = self.lines('read', '--max-bytes', '4K', 'long.txt')
        self.assertTrue(row['truncated'])
        row, = self.lines('read', 'long.txt')
        self.assertFalse(row['truncated'])

    def test_places_of_ones_own(self):
        self.file('mine.tsv', 'id\tname\tnames_ar\tcountry\tkind\tlat\tlon\nmine:1\tNowhereville\tلامكان\tSY\tvillage\t35.1\t39.1\n')
        self.run_isnad('places', 'build', '--output', 'mine.places', 'mine.tsv')
        row, = self.lines('places', 'find', '--places', 'mine.places', '--format', 'jsonl', 'لامكان')
        self.assertEqual(row['id'], 'mine:1')
        row, = self.lines('read', '--places', 'mine.places', stdin=PAGE.encode())
        self.assertNotEqual(row['engine']['gazetteer'], self.lines('read', stdin=PAGE.encode())[0]['engine']['gazetteer'])
        self.run_isnad('read', '--places', 'missing.places', stdin=PAGE.encode(), code=4)
        self.file('bad.places', 'not a gazetteer')
        self.run_isnad('read', '--places', 'bad.places', stdin=PAGE.encode(), code=5)


class Page(Case):
    def test_forms(self):
        row, = self.lines('page', stdin=PAGE.encode())
        self.assertEqual(row['title'], '13 قتيلاً في غارة على الرقة')
        text = self.run_isnad('page', '--format', 'text', stdin=PAGE.encode()).text
        self.assertIn('قال مصدر طبي إن 13 شخصاً', text)
        table = self.run_isnad('page', '--format', 'table', stdin=PAGE.encode()).text
        self.assertIn('13 قتيلاً في غارة على الرقة', table)
        markdown = self.run_isnad('page', '--format', 'markdown', stdin=PAGE.encode()).text
        self.assertTrue(markdown.startswith('---\ntitle: "13 قتيلاً في غارة على الرقة"\n'), markdown)
        self.assertIn('\n# 13 قتيلاً في غارة على الرقة\n', markdown)


class OnATerminal(Case):
    def test_read_is_a_table_with_isolates_and_colours(self):
        self.file('a.html', PAGE)
        shown = self.on_terminal('read', 'a.html')
        self.assertEqual(shown.code, 0)
        self.assertIn('EFFECT', shown.text)
        self.assertIn(ISOLATE, shown.text)
        self.assertEqual(shown.text.count(ISOLATE), shown.text.count(POP))
        self.assertRegex(shown.text, '\x1b\\[1;33m[^\x1b]*13')

    def test_no_colours_where_they_are_not_wanted(self):
        self.file('a.html', PAGE)
        for more in ({'TERM': 'xterm', 'NO_COLOR': '1'}, {'TERM': 'dumb'}, {}):
            shown = self.on_terminal('read', 'a.html', environment=self.environment(**more))
            self.assertNotIn('\x1b', shown.text)
            self.assertIn(ISOLATE, shown.text)
            self.assertIn('[13', shown.text)

    def hostile(self):
        evil = '\x1b]0;gotcha\x07\x1b[2J\x9b31m\u202e\u2066\u2069\u2069\u200f\x7f\x85\u2028'
        return PAGE.replace('قال مصدر', f'{evil}قال{evil} مصدر').replace('<title>', f'<title>{evil}')

    def test_controls_of_a_page_do_not_reach_the_terminal(self):
        self.file('evil.html', self.hostile())
        environment = self.environment(TERM='xterm', NO_COLOR='1')
        for arguments in (('read', 'evil.html'), ('page', 'evil.html'), ('page', '--format', 'text', 'evil.html'),
                          ('read', '--format', 'jsonl', 'evil.html'), ('page', '--format', 'jsonl', 'evil.html')):
            shown = self.on_terminal(*arguments, environment=environment)
            self.assertEqual(shown.code, 0, shown.text)
            self.assertIn('13 قتيلاً', shown.text)
            self.assertIsNone(OBEYED.search(shown.text), (arguments, OBEYED.search(shown.text)))
            self.assertNotIn('\x1b', shown.text)
            self.assertEqual(shown.text.count(ISOLATE), shown.text.count(POP))

    def test_json_on_a_terminal_is_the_same_json(self):
        self.file('evil.html', self.hostile())
        shown = self.on_terminal('read', '--format', 'jsonl', 'evil.html', columns=200)
        piped, = self.lines('read', 'evil.html')
        self.assertEqual(json.loads(shown.text[shown.text.index('{'):]), piped)

    def test_a_name_of_a_file_is_shown_without_its_controls(self):
        shown = self.on_terminal('read', 'no\x1b[2Jsuch\u202e.html')
        self.assertEqual(shown.code, 4)
        self.assertNotIn('\x1b', shown.text)
        self.assertNotIn('\u202e', shown.text)

    def test_nothing_to_read_on_a_terminal(self):
        shown = self.on_terminal('read')
        self.assertEqual(shown.code, 2)
        self.assertIn('nothing to read', shown.text)

    def test_tables_keep_to_the_width(self):
        self.file('year.jsonl', json.dumps({'id': 'y', 'published': '2020-02-03', 'text':
                  'قال الدفاع المدني إن 1234 مدنياً قتلوا وأصيب نحو 2500 آخرين في قصف على مدينة إدلب خلال عام 2019.'}) + '\n')
        self.run_isnad('add', SAMPLES, 'year.jsonl')
        for columns in (80, 91, 92, 120, 200):
            shown = self.on_terminal('incidents', environment=self.environment(TERM='dumb'), columns=columns)
            self.assertEqual(shown.code, 0)
            for line in shown.text.splitlines()[:-1]:
                self.assertLessEqual(len(re.sub('[\u2068\u2069\u064b-\u065f]', '', line).rstrip()), columns, line)
            self.assertEqual('PAGES' in shown.text, columns >= 92)
            self.assertEqual(shown.text.count('≠') - 1, sum(bool(r['disagreements']) for r in self.lines('export')))

    def test_a_denial_is_no_figure_beside_others(self):
        self.run_isnad('add', SAMPLES)
        told = {row['id'][:10]: {e['effect']: e['high'] for e in row['estimates'] if e['class'] == 'all' and not e['group']}
                for row in self.lines('export')}
        rows = {line.split()[-1]: line for line in self.run_isnad('incidents').text.splitlines()[1:-1]}
        denied = [id for id, e in told.items() if e.get('casualties') == 0 and (e.get('killed') or e.get('injured'))]
        self.assertTrue(denied)
        for id in denied:
            self.assertNotIn('casualties 0', rows[id])
            self.assertIn('some deny', rows[id])


class BadInput(Case):
    def test_missing_file_and_the_others_still_read(self):
        self.file('a.html', PAGE)
        done = self.run_isnad('read', 'missing.html', 'a.html', code=4)
        self.assertIn('missing.html', self.one_line_of_error(done))
        self.assertEqual(len(done.text.splitlines()), 1)

    def test_unopenable_file(self):
        path = self.file('secret.html', PAGE)
        path.chmod(0)
        if not os.access(path, os.R_OK):
            self.one_line_of_error(self.run_isnad('read', path, code=4))
        (self.folder / 'loop.html').symlink_to('loop.html')
        self.assertIn('loop.html', self.one_line_of_error(self.run_isnad('read', 'loop.html', code=4)))
        self.one_line_of_error(self.run_isnad('read', 'x' * 5000, code=4))

    def test_unreadable_folder(self):
        folder = self.folder / 'closed'
        folder.mkdir()
        folder.chmod(0)
        if os.access(folder, os.R_OK):
            self.skipTest('root may read every folder')
        self.assertIn('closed: ', self.one_line_of_error(self.run_isnad('read', 'closed', code=4)))

    def test_folder_without_documents(self):
        (self.folder / 'empty').mkdir()
        done = self.run_isnad('read', 'empty', code=None)
        self.assertIn(done.returncode, (0, 4))
        self.assertEqual(done.text, '')

    def test_empty_file(self):
        self.file('empty.html', '')
        done = self.run_isnad('read', 'empty.html', code=None)
        self.assertIn(done.returncode, (0, 3, 5))
        self.one_line_of_error(done)

    def test_binary(self):
        self.file('image.bin', bytes(range(256)) * 64)
        done = self.run_isnad('read', 'image.bin', code=None)
        self.assertIn(done.returncode, (3, 5))
        self.one_line_of_error(done)

    def test_truncated_utf8(self):
        self.file('cut.html', PAGE.encode()[:-60] + 'ة'.encode()[:1])
        row, = self.lines('read', 'cut.html')
        self.assertTrue(row['claims'])

    def test_wrong_charset_label(self):
        self.file('label.html', PAGE.replace('charset="utf-8"', 'charset="windows-1256"'))
        page, = self.lines('page', 'label.html')
        self.assertEqual(page['title'], '13 قتيلاً في غارة على الرقة')
        self.file('arabic.html', PAGE.replace('charset="utf-8"', 'charset="windows-1256"').encode('cp1256'))
        page, = self.lines('page', 'arabic.html')
        self.assertEqual((page['title'], page['charset']), ('13 قتيلاً في غارة على الرقة', 'windows-1256'))

    def warc(self, pages):
        records = []
        for i, page in enumerate(pages):
            body = b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n' + page.encode()
            records.append(f'WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://outlet.example/{i}\r\n'
                           f'WARC-Date: 2026-01-14T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:{i}>\r\n'
                           'Content-Type: application/http; msgtype=response\r\n'
                           f'Content-Length: {len(body)}\r\n\r\n'.encode() + body + b'\r\n\r\n')
        return records

    def test_warc_whole_and_cut(self):
        import gzip
        records = self.warc([PAGE, PAGE, PAGE])
        self.file('whole.warc', b''.join(records))
        self.assertEqual([row['url'] for row in self.lines('read', 'whole.warc')],
                         [f'https://outlet.example/{i}' for i in range(3)])
        self.file('whole.warc.gz', b''.join(map(gzip.compress, records)))
        self.assertEqual(len(self.lines('read', 'whole.warc.gz')), 3)
        self.file('cut.warc', b''.join(records)[:-200])
        done = self.run_isnad('read', 'cut.warc', code=3)
        self.assertIn('cut.warc', self.one_line_of_error(done))
        self.assertGreaterEqual(len(done.text.splitlines()), 2)
        self.file('cut.warc.gz', b''.join(map(gzip.compress, records))[:-40])
        done = self.run_isnad('read', 'cut.warc.gz', code=3)
        self.assertIn('cut.warc.gz', self.one_line_of_error(done))
        self.assertGreaterEqual(len(done.text.splitlines()), 2)

    def test_bad_records_of_json_lines(self):
        self.file('mixed.jsonl', json.dumps({'id': 'a', 'text': TEXT}) + '\n{broken\n[1]\n' +
                  json.dumps({'id': 'b', 'text': 1}) + '\n' + json.dumps({'id': 'c', 'text': TEXT}) + '\n')
        done = self.run_isnad('read', 'mixed.jsonl', code=3)
        self.assertEqual([json.loads(line)['id'] for line in done.text.splitlines()], ['a', 'c'])
        self.assertEqual(len(done.error.splitlines()), 3)
        for line in done.error.splitlines():
            self.assertIn('mixed.jsonl', line)

    def test_deep_html(self):
        depth = 100_000
        self.file('deep.html', '<html><body>' + '<div>' * depth + f'<p>{TEXT}</p>' + '</div>' * depth)
        start = time.monotonic()
        self.assertEqual(len(self.lines('read', 'deep.html')), 1)
        self.assertLess(time.monotonic() - start, 60)

    def test_offline_fetches_nothing(self):
        self.one_line_of_error(self.run_isnad('read', '--offline', 'http://127.0.0.1:9/x', code=2))

    def test_no_such_host(self):
        self.one_line_of_error(self.run_isnad('read', 'http://127.0.0.1:9/x', code=4))


class Ends(Case):
    def test_closed_pipe_is_quiet(self):
        self.file('many.jsonl', (json.dumps({'text': TEXT * 20}) + '\n') * 2000)
        process = subprocess.Popen([PROGRAM, 'read', 'many.jsonl'], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   cwd=self.folder, env=self.environment())
        process.stdout.readline()
        process.stdout.close()
        self.assertEqual(process.stderr.read(), b'')
        process.stderr.close()
        self.assertEqual(process.wait(timeout=60), 6)

    @unittest.skipUnless(os.path.exists('/dev/full'), 'no /dev/full here')
    def test_full_disk_on_standard_output(self):
        self.file('a.html', PAGE)
        with open('/dev/full', 'wb') as full:
            done = self.run_isnad('read', 'a.html', stdout=full, code=6)
            self.assertIn('No space left', self.one_line_of_error(done))
            self.run_isnad('--help', stdout=full, code=6)

    def test_interrupt_while_waiting_for_input(self):
        process = subprocess.Popen([PROGRAM, 'read'], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, cwd=self.folder, env=self.environment())
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=30), 12)
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()

    def test_interrupt_of_add_keeps_what_was_read(self):
        process = subprocess.Popen([PROGRAM, 'add', '--from', 'jsonl'], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, cwd=self.folder, env=self.environment())
        for i in range(20):
            process.stdin.write(json.dumps({'id': f'd{i}', 'text': TEXT, 'published': '2026-01-14'}).encode() + b'\n')
        process.stdin.flush()
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=60), 12)
        self.assertIn('interrupted', process.stderr.read().decode())
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()
        self.assertEqual(len(self.lines('export', '--what', 'documents')), 20)


class Ledger(Case):
    def test_no_ledger(self):
        for arguments in (('incidents',), ('show', 'i-1234'), ('search', 'x'), ('export',), ('verify',)):
            self.assertIn(str(self.ledger), self.one_line_of_error(self.run_isnad(*arguments, code=4)))
        self.assertFalse(self.ledger.exists())

    def test_default_folder_is_made(self):
        environment = self.environment()
        del environment['ISNAD_LEDGER']
        self.run_isnad('add', SAMPLES, environment=environment)
        self.assertTrue((self.folder / '.local/share/isnad/ledger.db').exists())

    def test_option_wins_over_environment(self):
        self.run_isnad('add', '--ledger', 'other.ledger', SAMPLES)
        self.assertTrue((self.folder / 'other.ledger').exists())
        self.assertFalse(self.ledger.exists())

    def test_add_and_add_again(self):
        first, = self.lines('add', '--format', 'jsonl', SAMPLES)
        again, = self.lines('add', '--format', 'jsonl', SAMPLES)
        self.assertEqual(first['read'], first['captures'])
        self.assertGreater(first['claims'], 0)
        self.assertEqual((again['known'], again['captures'], again['versions'], again['claims']),
                         (first['read'], 0, 0, 0))
        self.assertEqual(first['ledger']['incidents'], again['ledger']['incidents'])

    def test_what_add_says(self):
        text = self.run_isnad('add', SAMPLES).text
        self.assertRegex(text, r'^\d+ pages read, \d+ documents new')
        self.assertIn('the ledger tells of', text)
        self.assertIn('known already', self.run_isnad('add', SAMPLES).text)

    def test_add_with_bad_records_keeps_the_good(self):
        self.file('mixed.jsonl', json.dumps({'id': 'a', 'text': TEXT}) + '\n{broken\n')
        self.run_isnad('add', 'mixed.jsonl', 'missing.html', code=4)
        self.assertEqual([row['id'] for row in self.lines('export', '--what', 'documents')], ['a'])

    def test_incidents_and_show(self):
        self.run_isnad('add', SAMPLES)
        table = self.run_isnad('incidents').text
        self.assertRegex(table, r'^DATE +PLACE')
        rows = self.lines('export')
        for row in rows:
            self.assertIn(row['id'][:10], table)
        most = max(rows, key=lambda row: len(row['documents']))
        text = self.run_isnad('show', most['id'][:12]).text
        self.assertIn(most['id'], text)
        self.assertIn('DOCUMENTS', text)
        self.assertRegex(text, r'(?m)^    voice \d+: ')
        self.assertRegex(text, r'\[[^\]\n]*\d[^\]\n]*\]')
        if most['disagreements']:
            self.assertIn('WHERE THE ACCOUNTS PART', text)
        for document in most['documents']:
            self.assertIn(document['outlet'] or document['id'][:12], text)

    def test_show_says_one_child_and_no_empty_range(self):
        text = ('قال مصدر طبي إن طفلاً واحداً قتل وأصيب 5 مدنيين في غارة جوية استهدفت مدينة الرقة فجر الثلاثاء.\n'
                'ونفت الشرطة وقوع ضحايا في الغارة.')
        self.file('one.jsonl', json.dumps({'id': 'one', 'text': text, 'published': '2026-01-14'}) + '\n')
        self.run_isnad('add', 'one.jsonl')
        for row in self.lines('export'):
            shown = self.run_isnad('show', '--format', 'table', row['id']).text
            self.assertNotRegex(shown, r'(?m)range of what was told: *$')
            self.assertNotIn('1 children', shown)
            if any(f['group'] == 'child' for f in row['figures']):
                self.assertIn('1 child ', shown)

    def test_show_tells_each_side_of_a_denial_once(self):
        self.run_isnad('add', SAMPLES)
        denied = [row for row in self.lines('export') if any(d['on'] == 'denial' for d in row['disagreements'])]
        self.assertTrue(denied)
        for row in denied:
            text = self.run_isnad('show', '--format', 'table', row['id']).text
            part = text.split('WHERE THE ACCOUNTS PART\n')[1].split('\n\n')[0]
            for question in re.split(r'(?m)^  (?! )', part)[1:]:
                head, *sides = question.splitlines()
                self.assertEqual(len(sides), len(set(sides)), question)
                self.assertGreaterEqual(len(sides), 2, question)  # who denies, and what is denied
                if head.startswith('whether'):
                    self.assertRegex(sides[0], r'^    (denied|none)')
                    self.assertRegex(sides[-1], r'\d', question)
        # A voice under two names, of two languages, is one side.
        doctor = [row for row in denied if any('طبيب في مشفى' in c['evidence']['text'] for c in row['claims'])]
        text = self.run_isnad('show', '--format', 'table', doctor[0]['id']).text
        self.assertIn('9 killed, 22 injured · طبيب في مشفى الميادين', text)
        self.assertNotIn('a doctor at', text.split('WHO CHANGED')[0])

    def test_show_what_is_not_there(self):
        self.run_isnad('add', SAMPLES)
        self.one_line_of_error(self.run_isnad('show', 'i-00000000000000000000000000000000', code=9))

    def test_a_date_that_was_forgotten_can_be_given(self):
        self.file('page.txt', 'قُتل 7 مدنيين وأصيب 12 آخرون فجر أمس في غارة جوية على مدينة الرقة، وفق الدفاع المدني.')
        first = self.run_isnad('add', 'page.txt').text
        self.assertIn('1 page tells no date', first)
        before, = self.lines('export')
        self.assertIsNone(before['documents'][0]['published'])
        again = self.run_isnad('add', '--published', '2021-03-04', 'page.txt').text
        self.assertIn('1 dated now', again)
        self.assertNotIn('known already', again)
        after, = self.lines('export')
        self.assertEqual((after['id'], after['date']), (before['id'], '2021-03-03'))
        self.assertEqual(after['documents'][0]['published'], '2021-03-04')
        self.assertEqual([c['id'] for c in after['claims']], [c['id'] for c in before['claims']])
        self.assertEqual(len(self.lines('search', '--format', 'jsonl', 'الرقة from:2021-03-04')), 1)
        # As if it had been there from the beginning; and what is known is not changed.
        at_once = ('--ledger', self.folder / 'other.db')
        self.run_isnad('add', *at_once, '--published', '2021-03-04', 'page.txt')
        other, = self.lines('export', *at_once)
        for name in ('date', 'date_precision', 'estimates', 'disagreements', 'documents', 'place'):
            self.assertEqual(after[name], other[name])
        self.assertIn('1 known already', self.run_isnad('add', '--published', '2022-01-01', 'page.txt').text)
        self.assertIn('1 known already', self.run_isnad('add', 'page.txt').text)
        self.assertEqual(self.lines('export'), [after])
        self.assertIn('every one matches', self.run_isnad('verify', '--format', 'table').text)

    def test_limits_and_filters(self):
        self.run_isnad('add', SAMPLES)
        rows = self.lines('incidents', '--format', 'jsonl')
        self.assertEqual(self.lines('incidents', '--format', 'jsonl', '--limit', 1), rows[:1])
        self.assertEqual(self.lines('incidents', '--format', 'jsonl', '--offset', 1), rows[1:])
        self.assertEqual(self.lines('incidents', '--format', 'jsonl', '--since', '2100-01-01'), [])
        self.assertIn('no incidents', self.run_isnad('incidents', '--since', '2100-01-01').text)
        self.assertEqual([r['id'] for r in self.lines('incidents', '--format', 'jsonl', '--disputed')],
                         [r['id'] for r in rows if r['disagreements']])
        self.assertIn('air_strike', self.run_isnad('incidents', '--event', 'airstrike', code=2).error)
        self.assertIn('YYYY-MM-DD', self.run_isnad('incidents', '--since', 'monday', code=2).error)
        for option, asked, day in (('--since', '2026-04', '2026-04-01'), ('--until', '2026-04', '2026-04-30'),
                                   ('--until', '2026', '2026-12-31')):
            some = self.lines('incidents', '--format', 'jsonl', option, asked)
            self.assertTrue(some)
            self.assertEqual(some, self.lines('incidents', '--format', 'jsonl', option, day))
        self.run_isnad('incidents', '--since', '2026-4', code=2)
        self.assertIn('newest', self.run_isnad('incidents', '--order', 'size', code=2).error)

    def test_search(self):
        self.run_isnad('add', SAMPLES)
        rows = self.lines('search', '--format', 'jsonl', 'غارة')
        self.assertTrue(rows)
        text = self.run_isnad('search', 'غارة').text
        self.assertIn('[', text)
        self.assertIn('nothing found', self.run_isnad('search', 'zzzzqqqq').text)
        self.assertNotRegex(self.run_isnad('search', '--limit', 0, 'killed>=0').text, '[0-9a-f]{64}')

    def test_queries(self):
        self.run_isnad('add', SAMPLES)
        everything = self.lines('incidents', '--format', 'jsonl')
        killed = self.lines('incidents', '--format', 'jsonl', 'killed>=1')
        self.assertTrue(0 < len(killed) <= len(everything))
        place = everything[0]['place']
        near = self.lines('incidents', '--format', 'jsonl', f'near:{place["lat"]},{place["lon"]},1')
        self.assertIn(everything[0]['id'], [row['id'] for row in near])
        named = self.lines('incidents', '--format', 'jsonl', 'near:دير الزور,200', 'killed>=0')
        self.assertTrue(named)
        self.assertTrue(self.lines('search', '--format', 'jsonl', 'killed>=1'))
        self.assertIn('column 5', self.run_isnad('search', 'abc x:y', code=2).error)
        self.assertIn('column 9', self.run_isnad('incidents', '--text', 'killed>=x', code=2).error)
        # A whole query in one argument, as people quote it, and the same in several.
        for words in (('country:SY', 'killed>=5'), ('killed>=1', 'voices>=1'), ('from:2026', 'to:2026-06', 'killed>=1')):
            apart = self.lines('incidents', '--format', 'jsonl', *words)
            self.assertTrue(apart)
            self.assertEqual(self.lines('incidents', '--format', 'jsonl', ' '.join(words)), apart)
            self.assertEqual(self.lines('incidents', '--format', 'jsonl', ' '.join(words), 'voices>=0'), apart)
        self.assertIn('-- market -school', self.run_isnad('search', 'market', '-school', code=2).error)
        self.assertIn('--language arabic: expected', self.run_isnad('incidents', '--language', 'arabic', code=2).error)

    @stores.of_a_file
    def test_a_ledger_is_never_written_over(self):
        self.file('a.html', PAGE)
        self.run_isnad('add', '--ledger', 'my.ledger', 'a.html')
        ledger = (self.folder / 'my.ledger').read_bytes()
        for arguments in (('export', '--output'), ('bundle', 'i-7c0f', '--output'), ('head', '--request'),
                          ('places', 'build', 'villages.tsv', '--output')):
            where = () if arguments[0] == 'places' else ('--ledger', 'my.ledger')
            done = self.run_isnad(*arguments, 'my.ledger', *where, code=2)
            self.assertIn('would be destroyed', self.one_line_of_error(done))
            self.assertEqual((self.folder / 'my.ledger').read_bytes(), ledger)

    def test_an_export_is_there_whole_or_not_at_all(self):
        self.file('a.html', PAGE)
        self.run_isnad('add', 'a.html')
        kept = self.file('out.json', 'an older one')
        kept.chmod(0o640)
        self.run_isnad('export', '--what', 'documents', '--format', 'geojson', '--output', kept, code=2)
        self.assertEqual(kept.read_text(), 'an older one')
        self.run_isnad('export', '--format', 'geojson', '--output', kept)
        self.assertEqual(len(json.loads(kept.read_text())['features']), len(self.lines('export')))
        self.assertEqual(kept.stat().st_mode & 0o777, 0o640)
        self.assertEqual([each.name for each in self.folder.glob('out.json*')], ['out.json'])

    def test_what_the_log_of_acts_says(self):
        self.file('one.txt', 'Police said that 4 people were killed in a fire in Aleppo on Tuesday.')
        self.file('two.txt', 'Witnesses said that 9 people were killed by shells in Mosul on Monday.')
        self.run_isnad('add', '--published', '2026-01-14', 'one.txt', 'two.txt')
        one, two = self.lines('export')
        documents = [each['documents'][0]['id'][:12] + '…' for each in (one, two)]
        self.run_isnad('review', 'merge', one['id'], two['id'], '--who', 'Rima')
        self.run_isnad('review', 'undo', '1', '--who', 'Rima')
        claim = one['claims'][0]['id']
        done = self.run_isnad('review', 'correct', claim, 'place=Qarat al-Zzz', '--who', 'Rima')
        self.assertIn('no such place', self.one_line_of_error(done))
        self.assertEqual(self.run_isnad('review', 'correct', claim, 'place=Mosul', '--who', 'Rima').error, '')
        log = self.run_isnad('review', 'log').text
        self.assertIn(f'1 merge · {documents[0]}, {documents[1]} · ', log)
        self.assertIn('2 undo 1 · ', log)
        self.assertIn(' · place=Qarat al-Zzz · ', log)
        self.assertIn('one already', self.run_isnad('review', 'merge', one['id'], one['id'][:10], '--who', 'R', code=2).error)
        # A document as it is printed.
        for document in documents:
            self.run_isnad('review', 'past', document)
            self.assertIn('1 page read', self.run_isnad('reread', '--dry-run', document).text)

    def test_export_forms(self):
        self.run_isnad('add', SAMPLES)
        for what in ('incidents', 'claims', 'documents', 'voices', 'chains'):
            rows = self.lines('export', '--what', what)
            self.assertTrue(rows, what)
            table = list(csv.reader(io.StringIO(self.run_isnad('export', '--what', what, '--format', 'csv').text)))
            self.assertEqual(len(table), len(rows) + 1, what)
            self.assertEqual({len(row) for row in table}, {len(table[0])})
        for what in ('incidents', 'claims'):
            features = json.loads(self.run_isnad('export', '--what', what, '--format', 'geojson').text)
            self.assertEqual(features['type'], 'FeatureCollection')
        self.run_isnad('export', '--what', 'everything', code=2)
        bom = self.run_isnad('export', '--format', 'csv', '--bom').stdout
        self.assertTrue(bom.startswith(b'\xef\xbb\xbf'))

    def test_export_to_a_file(self):
        self.run_isnad('add', SAMPLES)
        self.assertEqual(self.run_isnad('export', '--output', 'out.jsonl').text, '')
        self.assertEqual((self.folder / 'out.jsonl').read_text(encoding='utf-8'), self.run_isnad('export').text)
        self.run_isnad('export', '--output', 'no/such/folder/out.jsonl', code=6)
        if os.path.exists('/dev/full'):
            self.assertIn('/dev/full: ', self.one_line_of_error(self.run_isnad('export', '-o', '/dev/full', code=6)))
        self.assertNotIn('summaries', self.run_isnad('export', '--what', 'foo', code=2).error)

    def test_csv_is_harmless(self):
        self.file('evil.jsonl', json.dumps({'id': '=HYPERLINK("http://x.example","y")', 'outlet': '@SUM(1)',
                                            'title': '+1', 'text': TEXT, 'published': '2026-01-14'}) + '\n')
        self.run_isnad('add', 'evil.jsonl')
        safe = list(csv.reader(io.StringIO(self.run_isnad('export', '--what', 'documents', '--format', 'csv').text)))
        for row in safe[1:]:
            for cell in row:
                self.assertNotRegex(cell, '^[=+@\t\r]')
        self.assertTrue(any(cell.startswith("'=HYPERLINK") for row in safe for cell in row))
        raw = self.run_isnad('export', '--what', 'documents', '--format', 'csv', '--raw').text
        self.assertTrue(any(cell.startswith('=HYPERLINK') for row in csv.reader(io.StringIO(raw)) for cell in row))

    def test_verify(self):
        self.run_isnad('add', SAMPLES)
        self.assertIn('every one matches its hash', self.run_isnad('verify').text)
        told, = self.lines('verify', '--format', 'jsonl')
        self.assertEqual(told['wrong'], 0)
        self.assertGreaterEqual(told['captures'], 12)

    def close_log(self):
        if not stores.SERVER:
            with self.ledger.connected() as database:
                database.execute('PRAGMA wal_checkpoint(TRUNCATE)')

    def test_verify_finds_a_changed_capture(self):
        self.run_isnad('add', SAMPLES)
        self.close_log()
        with self.ledger.connected() as database:
            database.execute("UPDATE capture SET url = 'https://forged.example/' WHERE sequence = 1")
        done = self.run_isnad('verify', code=11)
        self.assertTrue(done.text)

    @stores.of_a_file
    def test_full_disk_tells_what_was_kept(self):
        rows = [{'id': f'd{i}', 'text': TEXT * 50 + str(i), 'published': '2026-01-14'} for i in range(400)]
        self.file('many.jsonl', '\n'.join(map(json.dumps, rows)) + '\n')
        limit = 600_000  # an empty ledger takes two thirds

        def small_disk():
            import resource
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        done = self.run_isnad('add', '--format', 'jsonl', 'many.jsonl', code=6, preexec_fn=small_disk)
        told = json.loads(done.text)
        kept = len(self.lines('export', '--what', 'documents')) if self.ledger.exists() else 0
        self.assertEqual(told['documents'], kept)
        self.assertLess(kept, 400)

    @stores.of_a_file
    def test_newer_ledger(self):
        self.run_isnad('add', SAMPLES)
        with self.ledger.connected() as database:
            database.execute('PRAGMA user_version = 9999')
        self.close_log()
        before = self.ledger.read_bytes()
        for arguments in (('incidents',), ('add', SAMPLES)):
            self.one_line_of_error(self.run_isnad(*arguments, code=7))
        self.assertEqual(before, self.ledger.read_bytes())
        self.run_isnad('doctor', code=7)

    @stores.of_a_file
    def test_corrupt_ledger(self):
        self.run_isnad('add', SAMPLES)
        self.close_log()
        content = bytearray(self.ledger.read_bytes())
        content[200:8192] = os.urandom(8192 - 200)
        self.ledger.write_bytes(content)
        done = self.run_isnad('incidents', code=8)
        self.one_line_of_error(done)

    @stores.of_a_file
    def test_another_kind_of_file(self):
        self.ledger.write_text('this is no ledger, but a text of some length\n' * 100)
        text = self.one_line_of_error(self.run_isnad('incidents', code=2))
        self.assertTrue(self.ledger.read_text().startswith('this is no ledger'))
        self.ledger.unlink()
        with self.ledger.connected() as database:
            database.execute('CREATE TABLE other(x)')
        self.assertEqual(text, self.one_line_of_error(self.run_isnad('incidents', code=2)))
        self.assertEqual(text, self.one_line_of_error(self.run_isnad('add', SAMPLES, code=2)))
        self.assertIn('a folder', self.one_line_of_error(self.run_isnad('incidents', '--ledger', '.', code=4)))

    def test_serve_answers_until_it_is_interrupted(self):
        self.run_isnad('add', SAMPLES)
        process = subprocess.Popen([PROGRAM, 'serve', '--port', '0'], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   cwd=self.folder, env=self.environment())
        line = process.stdout.readline().decode()
        url = re.search(r'http://\S+', line)
        self.assertTrue(url, line)
        import urllib.request
        with urllib.request.urlopen(url[0], timeout=20) as answer:
            self.assertEqual(answer.status, 200)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=30), 0)
        process.stdout.close()
        process.stderr.close()
        self.run_isnad('serve', '--port', '99999', code=2)


class Languages(Case):
    """What the check finds is tested where its reader is: tests/lang/test_check.py."""

    def with_tools(self, folder=ROOT / 'tools'):
        return self.environment() | {'ISNAD_TOOLS': str(folder)}

    def small_language(self, words):
        (self.folder / 'lang' / 'xx').mkdir(parents=True)
        self.file('lang/classes.tsv', 'class\tmeaning\nWORD\tany\nBOAT\ta boat\nNOT_PLACE\tno place\n')
        self.file('lang/features.tsv', 'feature\tvalue\tmeaning\ndefinite\tyes\t\n')
        self.file('lang/xx/a.words.tsv', 'word\tclass\tfeatures\tparadigm\n' + words)

    def test_nothing_to_say(self):
        self.small_language('boat\tNOT_PLACE\n')
        self.file('lang/classes.tsv', 'class\tmeaning\nWORD\tany\nNOT_PLACE\tno place\n')
        self.assertEqual(self.run_isnad('lang', 'check', environment=self.with_tools()).text, '')

    def test_something_to_say(self):
        self.small_language('boat\tBOAT\n')
        done = self.run_isnad('lang', 'check', environment=self.with_tools(), code=3)
        self.assertRegex(done.text, r'^lang/xx/a\.words\.tsv:2: no rule of xx asks for BOAT')
        self.assertEqual(done.error, '')

    def test_what_does_not_compile(self):
        self.small_language('boat\tBAOT\n')
        done = self.run_isnad('lang', 'check', self.folder / 'lang', environment=self.with_tools(), code=5)
        self.assertIn('unknown class BAOT', done.text)

    def test_no_folder(self):
        error = self.one_line_of_error(self.run_isnad('lang', 'check', 'nowhere', environment=self.with_tools(), code=4))
        self.assertIn('nowhere: no folder of languages', error)

    def test_no_compiler(self):
        error = self.one_line_of_error(self.run_isnad('lang', 'check', environment=self.with_tools(self.folder), code=10))
        self.assertIn('ISNAD_TOOLS', error)

    def test_no_python(self):
        self.small_language('boat\tBOAT\n')
        environment = self.with_tools() | {'PATH': str(self.folder)}
        self.assertIn('python3', self.one_line_of_error(self.run_isnad('lang', 'check', environment=environment, code=10)))

    def test_usage(self):
        self.assertIn('isnad lang check', self.run_isnad('lang', code=2).error)
        self.assertIn('did you mean isnad lang check?', self.run_isnad('lang', 'chekc', code=2).error)
        self.run_isnad('lang', 'check', 'a', 'b', code=2)


class Estimates(Case):
    """What rules do is tested where they are: tests/ledger/test_estimates.c."""

    OWN = ('columns\tname\tlow\tbest\thigh\tsays\n'
           'rule\tlowest/1\tleast\tleast\tmost\tthe lowest is best\n'
           'test\tlowest/1\tpolice 5; medical 7\t5..7 best 5\n')

    def test_list(self):
        names = [row['name'] for row in self.lines('estimates', '--format', 'jsonl')]
        self.assertEqual(names, ['range/1', 'ucdp/1', 'acled/1', 'independent/1'])
        self.assertIn('ucdp/1\n    Low, best and high', self.run_isnad('estimates').text)

    def test_check(self):
        self.file('own.tsv', self.OWN)
        self.assertEqual(self.run_isnad('estimates', 'check', 'own.tsv').text, '1 rule, 1 test: all good\n')
        self.assertIn('4 rules', self.run_isnad('estimates', 'check').text)
        self.file('wrong.tsv', self.OWN.replace('5..7 best 5', '5..7 best 7'))
        done = self.run_isnad('estimates', 'check', 'wrong.tsv', code=3)
        self.assertEqual(done.text, 'wrong.tsv:3: lowest/1: expected killed all 5..7 best 7, found killed all 5..7 best 5\n')
        self.assertIn('wrong.tsv: 1 of 1 tests failed', done.error)
        self.file('bad.tsv', self.OWN.replace('\tmost\t', '\thighest\t'))
        done = self.run_isnad('estimates', 'check', 'bad.tsv', code=5)
        self.assertIn('bad.tsv:2: column "high": expected most or best, found "highest"\n', done.text)
        self.one_line_of_error(self.run_isnad('estimates', 'check', 'nowhere.tsv', code=4))
        self.file('ours.tsv', 'columns\tname\tsays\nrule\tacled/1\tNot the one that comes with it.\n')
        taken = self.run_isnad('estimates', 'check', 'ours.tsv', code=5)
        self.assertIn('ours.tsv:2: acled/1 is a rule that comes with isnad', taken.text)
        self.run_isnad('estimates', 'check', ROOT / 'data/ledger/estimates.tsv')
        self.run_isnad('estimates', 'check', 'a', 'b', code=2)
        self.assertIn('expected check or use', self.run_isnad('estimates', 'chekc', code=2).error)

    def test_the_rule_asked_for_stands_in_what_is_given(self):
        self.run_isnad('add', SAMPLES)
        self.file('own.tsv', self.OWN)
        for rule, name in (('ucdp', 'ucdp/1'), ('acled/1', 'acled/1'), ('own.tsv', 'lowest/1'), ('own.tsv:lowest', 'lowest/1')):
            rows = self.lines('export', '--rule', rule)
            self.assertEqual({row['method']['estimate'] for row in rows}, {name})
            for estimate in (e for row in rows for e in row['estimates'] if e['best'] is not None):
                self.assertLessEqual(estimate['low'], estimate['best'])
                self.assertLessEqual(estimate['best'], estimate['high'])
            shown = self.run_isnad('show', '--format', 'jsonl', '--rule', rule, rows[0]['id']).text
            self.assertEqual(json.loads(shown), rows[0])
        table = list(csv.DictReader(io.StringIO(self.run_isnad('export', '--format', 'csv', '--rule', 'acled').text)))
        self.assertEqual({row['estimate_rule'] for row in table}, {'acled/1'})
        self.assertTrue(all(row['killed_low'] == row['killed_best'] == row['killed_high'] for row in table))
        self.assertEqual({row['method']['estimate'] for row in self.lines('export')}, {'range/1'})

    def test_use(self):
        self.run_isnad('add', SAMPLES)
        asked = self.run_isnad('export', '--rule', 'ucdp').text
        self.assertRegex(self.run_isnad('estimates', 'use', 'ucdp').text, r'^\d+ incidents? by ucdp\n$')
        self.assertEqual(self.run_isnad('export').text, asked)
        self.run_isnad('add', SAMPLES)
        self.assertEqual(self.run_isnad('export').text, asked)
        self.run_isnad('estimates', 'use', code=2)

    def test_no_such_rule(self):
        self.run_isnad('add', SAMPLES)
        error = self.one_line_of_error(self.run_isnad('export', '--rule', 'median', code=2))
        self.assertIn('no rule "median": expected one of range/1, ucdp/1, acled/1, independent/1', error)
        self.file('bad.tsv', 'rule\tx\n')
        error = self.one_line_of_error(self.run_isnad('export', '--rule', 'bad.tsv', code=5))
        self.assertIn('bad.tsv:1: expected a line of columns before the first rule', error)
        self.run_isnad('estimates', 'use', 'median', code=2)


class Places(Case):
    def test_find(self):
        rows = self.lines('places', 'find', '--format', 'jsonl', 'البوكمال')
        self.assertIn(('SY', 'city'), {(row['country'], row['kind']) for row in rows})
        self.assertEqual(rows[:1], self.lines('places', 'find', '--format', 'jsonl', '--limit', 1, 'البوكمال'))
        self.assertIn('SY', self.run_isnad('places', 'find', 'deir', 'ez-zor').text)
        self.one_line_of_error(self.run_isnad('places', 'find', 'zzzzqqqq', code=9))

    def test_build_of_nothing(self):
        self.file('empty.tsv', '')
        error = self.one_line_of_error(self.run_isnad('places', 'build', '-o', 'x.places', 'empty.tsv', code=5))
        self.assertIn('empty.tsv: no place', error)
        self.assertFalse((self.folder / 'x.places').exists())

    def test_build_tells_the_line(self):
        self.file('bad.tsv', 'id\tname\tlat\tlon\nx:1\tA\tnorth\t39\n')
        error = self.one_line_of_error(self.run_isnad('places', 'build', '-o', 'x.places', 'bad.tsv', code=5))
        self.assertRegex(error, r'bad\.tsv.*2')
        self.run_isnad('places', 'build', '-o', 'x.places', 'missing.tsv', code=4)
        self.run_isnad('places', 'build', 'bad.tsv', code=2)


class Doctor(Case):
    def test_doctor(self):
        if stores.SERVER:
            self.run_isnad('add', SAMPLES)
        text = self.run_isnad('doctor').text
        for name in ('ICU', 'SQLite', 'libpq', 'libcurl', 'libmicrohttpd', 'ledger', 'terminal'):
            self.assertIn(name, text)
        told, = self.lines('doctor', '--format', 'jsonl')
        self.assertTrue(all(library['version'] for library in told['libraries']))
        self.assertEqual(set(told['engine']), {'version', 'language_data', 'gazetteer', 'weights', 'profile'})

    def test_reading_loads_no_library_on_demand(self):
        process = subprocess.Popen([PROGRAM, 'read'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=self.folder,
                                   env=self.environment())
        time.sleep(0.7)
        with open(f'/proc/{process.pid}/maps', encoding='utf-8') as lines:
            loaded = lines.read()
        process.communicate(PAGE.encode(), timeout=60)
        self.assertNotRegex(loaded, r'libsqlite3|libcurl|libmicrohttpd|libpq')


class Example(Case):
    def test_count_claims(self):
        example = os.environ.get('ISNAD_EXAMPLE')
        if not example:
            self.skipTest('ISNAD_EXAMPLE does not name the built example')
        self.file('a.html', PAGE)
        done = subprocess.run([example, 'a.html'], cwd=self.folder, env=self.environment(), capture_output=True,
                              text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r'a\.html: 13 killed, says ')
        self.assertRegex(done.stdout, r'(?m)^\d+ claims$')


if __name__ == '__main__':
    sys.exit(main())
