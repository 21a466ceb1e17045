"""Tables of recorders: what a row becomes, what a second import does, and what is said of mistakes."""
import csv
import functools
import http.server
import io
import json
import pathlib
import random
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'cli'))
from schema_check import faults  # noqa: E402
from support import PAGE, ROOT, SAMPLES, TEXT, Case  # noqa: E402

EXAMPLE = ROOT / 'examples' / 'import'
MAP = ('recorder\t=Plain Archive\nid\tid\ndate\tday\nevent\tkind\nplace\ttown\ncountry\tcountry\nlat\tlat\nlon\tlon\n'
       'killed\tdead\ninjured\thurt\nnotes\tnotes\nurls\tpages\n')
HEAD = ['id', 'day', 'kind', 'town', 'country', 'lat', 'lon', 'dead', 'hurt', 'notes', 'pages']
ROW = {'id': 'a', 'day': '2026-01-14', 'kind': 'shelling', 'town': 'Sarmin', 'country': 'SY', 'dead': '3'}


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Imports(Case):
    def table(self, *rows, name='table.csv', head=HEAD, delimiter=','):
        out = io.StringIO()
        writer = csv.DictWriter(out, head, delimiter=delimiter)
        writer.writeheader()
        writer.writerows({**ROW, **row} for row in rows)
        return self.file(name, out.getvalue())

    def bring(self, *rows, mapping=MAP, code=0, **how):
        self.table(*rows, **how)
        self.file('map.tsv', mapping)
        done = self.run_isnad('import', '--map', 'map.tsv', '--format', 'jsonl', 'table.csv', code=code)
        done.told = json.loads(done.text) if done.text else None
        return done

    def documents(self):
        return {row['id']: row for row in self.lines('export', '--what', 'documents')}

    def test_the_example(self):
        self.run_isnad('add', SAMPLES)
        before = {row['id']: row['voices']['independent'] for row in self.lines('export')}
        self.run_isnad('import', '--map', EXAMPLE / 'record.map.tsv', EXAMPLE / 'record.csv')
        schema = json.loads(self.run_isnad('schema', 'incident').text)
        found = {}
        for row in self.lines('export'):
            self.assertEqual(faults(row, schema), [])
            for document in row['documents']:
                found[document['id']] = row
        joined = found['record:River Bank Archive/RB-001']
        self.assertEqual(joined['voices']['independent'], before[joined['id']] + 1)
        self.assertEqual(len({found[f'record:River Bank Archive/RB-00{n}']['id'] for n in (1, 2, 3)}), 3)

    def test_every_figure_leads_to_its_sentence(self):
        self.bring({'dead': '12-15', 'hurt': '~1,200+', 'notes': 'Line one.\nLine, "two".'})
        reading = self.lines('show', '--format', 'jsonl', self.lines('export')[0]['id'])[0]
        with self.ledger.connected() as database:
            stored, = database.execute('SELECT count(*) FROM claim').fetchone()
        self.assertEqual(len(reading['claims']), stored)
        told = {c['effect']: (c['min'], c['max'], c['approx'], c['evidence']['text']) for c in reading['claims']}
        self.assertEqual(told['killed'], (12, 15, False, 'Plain Archive: killed: 12 to 15.'))
        self.assertEqual(told['injured'][:3], (1200, None, True))
        self.assertTrue(all(c['voice']['text'] == 'Plain Archive' for c in reading['claims']))
        self.run_isnad('verify')

    def test_again_adds_nothing_and_a_changed_cell_a_version(self):
        first = self.bring({}, {'id': 'b'}).told
        self.assertEqual((first['added'], first['bad']), (2, 0))
        again = self.bring({}, {'id': 'b'}).told
        self.assertEqual((again['added'], again['changed'], again['unchanged'], again['claims']), (0, 0, 2, 0))
        for dead, versions in (('4', 2), ('3', 2), ('5', 3)):
            told = self.bring({}, {'id': 'b', 'dead': dead}).told
            self.assertEqual((told['added'], told['changed'], told['unchanged']), (0, 1, 1))
            self.assertEqual(self.documents()['record:Plain Archive/b']['versions'], versions)
            now, = (c['min'] for c in self.lines('export', '--what', 'claims')
                    if c['document'].endswith('/b') and c['superseded'] is None)
            self.assertEqual(now, int(dead))
        self.run_isnad('verify')

    def test_every_cell_counts_as_a_change(self):
        self.bring({'lat': '35.9', 'lon': '36.7'})
        for change in ({'day': '2026-01-15'}, {'kind': 'clash'}, {'town': 'Binnish'}, {'lat': '35.91'}, {'hurt': '0'},
                       {'notes': 'more'}):
            self.assertEqual(self.bring({'lat': '35.9', 'lon': '36.7', **change}).told['changed'], 1, change)

    def test_two_rows_of_one_recorder_stay_two(self):
        self.bring({}, {'id': 'b', 'dead': '3'}, {'id': 'c', 'dead': '8'})
        self.assertEqual(len(self.lines('export')), 3)
        self.assertFalse(any(d['copy_of'] for d in self.documents().values()))

    def test_two_recorders_are_two_voices(self):
        self.bring({})
        self.bring({}, mapping=MAP.replace('Plain', 'Other'))
        row, = self.lines('export')
        self.assertEqual((len(row['documents']), row['voices']['independent']), (2, 2))
        self.assertFalse(any(d['copy_of'] for d in row['documents']))

    def test_bad_rows_are_told_and_the_rest_goes_in(self):
        wrong = ({'id': ''}, {'id': 'd', 'day': '14.1.26'}, {'id': 'e', 'kind': 'bombing'}, {'id': 'f', 'dead': 'many'},
                 {'id': 'g', 'lat': '95', 'lon': '3'}, {'id': 'h', 'lat': '35'}, {'id': 'i', 'country': 'Atlantis'},
                 {'id': 'a'}, {'id': 'j', 'kind': '', 'dead': ''}, {'id': 'k', 'pages': 'see above'},
                 {'id': 'l', 'day': '2026-02-30'}, {'id': 'm', 'dead': '5-3'})
        done = self.bring({}, *wrong, {'id': 'z'}, code=3)
        self.assertEqual((done.told['rows'], done.told['added'], done.told['bad']), (14, 2, 12))
        lines = done.error.splitlines()
        self.assertEqual(len(lines), 12, done.error)
        for number, (line, row) in enumerate(zip(lines, wrong), 3):
            self.assertTrue(line.startswith(f'isnad: table.csv: row {number}'), line)
            self.assertIn('expected', line)
            self.assertIn('found', line)
        self.assertIn('column "day"', lines[1])
        self.assertIn('"14.1.26"', lines[1])
        self.assertIn('that of row 2', lines[7])

    def test_a_ragged_row_and_an_open_quotation(self):
        self.table({})
        text = (self.folder / 'table.csv').read_text()
        self.file('table.csv', text + 'b,2026-01-14\r\n' + ',' * 10 + '\r\nc,"never ends\r\nd,2026-01-14\r\n')
        self.file('map.tsv', MAP)
        done = self.run_isnad('import', '--map', 'map.tsv', '--format', 'jsonl', 'table.csv', code=3)
        self.assertEqual(json.loads(done.text)['bad'], 2)
        self.assertIn('row 3: expected 11 cells as in the header, found 2', done.error)
        self.assertIn('row 5: expected a quotation mark', done.error)

    def test_bytes_that_are_no_utf8(self):
        self.table({}, {'id': 'b', 'town': 'Alépo'})
        self.file('table.csv', (self.folder / 'table.csv').read_text(encoding='utf-8').encode('latin-1'))
        self.file('map.tsv', MAP)
        done = self.run_isnad('import', '--map', 'map.tsv', '--format', 'jsonl', 'table.csv', code=3)
        self.assertIn('row 3: expected UTF-8', done.error)

    def test_mistakes_in_a_mapping(self):
        for wrong, line, expected in (('kiled\tdead', 13, 'expected a field'), ('killed\tdead', 13, 'told already on line 9'),
                                      ('region', 13, 'with tabs between'), ('region\tProvince', 13, 'expected a column'),
                                      ('date_end\tday\tdym', 13, 'expected iso, dmy'),
                                      ('recorder_kind\t=bird', 13, 'kind of voice'), ('killed_bird\tdead', 13, 'a field'),
                                      ('class\t=people', 13, 'civilian')):
            done = self.bring({}, mapping=MAP + wrong + '\n', code=5)
            told = self.one_line_of_error(done)
            self.assertTrue(told.startswith(f'isnad: map.tsv:{line}: '), told)
            self.assertIn(expected, told)
        for field in ('recorder', 'id', 'lat'):
            kept = '\n'.join(row for row in MAP.split('\n') if not row.startswith(field + '\t'))
            self.assertIn(field, self.one_line_of_error(self.bring({}, mapping=kept, code=5)))
        self.run_isnad('import', 'table.csv', code=2)
        self.run_isnad('import', '--map', 'none.tsv', 'table.csv', code=4)

    def test_forms_of_tables(self):
        for delimiter in ',;\t':
            path = self.table({'notes': 'a, b; "c"'}, {'id': 'b'}, delimiter=delimiter)
            path.write_bytes(b'\xef\xbb\xbf' + path.read_bytes())
            self.file('map.tsv', MAP.replace('Plain', f'Archive {ord(delimiter)}'))
            self.assertEqual(self.lines('import', '--map', 'map.tsv', '--format', 'jsonl', 'table.csv')[0]['added'], 2)

    def test_days_and_values(self):
        self.bring({'day': '31/01/2026', 'kind': 'Rocket fire'},
                   mapping=MAP.replace('date\tday', 'date\tday\tdmy')
                   .replace('event\tkind', 'event\tkind\tRocket fire=shelling; *=other_attack'))
        row, = self.lines('export')
        self.assertEqual((row['date'], row['event']), ('2026-01-31', 'shelling'))

    def test_damage_never_crashes(self):
        seed = random.randrange(1 << 30)
        chance = random.Random(seed)
        table, mapping = (EXAMPLE / 'record.csv').read_bytes(), (EXAMPLE / 'record.map.tsv').read_bytes()
        for turn in range(60):
            files = [bytearray(table), bytearray(mapping)]
            for data in files[:1] if turn % 3 else files:
                for _ in range(chance.randrange(1, 6)):
                    at = chance.randrange(len(data))
                    data[at:at + chance.randrange(3)] = chance.choice(
                        [b'"', b',', b'\n', b'\r', b'\t', b'\0', b'\xff', b'=', b';', b'9' * 30, b''])
            self.file('t.csv', bytes(files[0]))
            self.file('m.tsv', bytes(files[1]))
            done = self.run_isnad('import', '--map', 'm.tsv', 't.csv', code=None)
            self.assertIn(done.returncode, (0, 3, 5), f'seed {seed}, turn {turn}: {done.error}')
        self.run_isnad('verify')

    def test_addresses_are_listed(self):
        self.table({'pages': 'https://a.example/1; http://b.example/2'}, {'id': 'b', 'pages': 'https://a.example/1'})
        self.file('map.tsv', MAP)
        self.run_isnad('import', '--map', 'map.tsv', '--urls', 'pages.txt', 'table.csv')
        self.assertEqual((self.folder / 'pages.txt').read_text().split(), ['https://a.example/1', 'http://b.example/2'])

    def test_addresses_are_fetched(self):
        """The pages come in as documents beside the rows; a cell that is no web address is told, and opens no file."""
        folder = self.folder / 'site'
        folder.mkdir()
        (folder / 'a.html').write_text(PAGE, 'utf-8')
        secret = self.file('secret.txt', TEXT)
        handler = functools.partial(Quiet, directory=folder)
        with http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            at = f'http://127.0.0.1:{server.server_port}'
            self.table({'pages': f'{at}/a.html; {at}/none.html'}, {'id': 'b', 'pages': str(secret)},
                       {'id': 'c', 'pages': f'file://{secret}'})
            self.file('map.tsv', MAP)
            done = self.run_isnad('import', '--map', 'map.tsv', '--fetch', 'table.csv', code=None)
            server.shutdown()
        self.assertNotEqual(done.returncode, 0)
        self.assertIn('none.html', done.error)
        told = self.documents()
        self.assertIn('record:Plain Archive/a', told)
        pages = {row['url'] for row in told.values() if row['id'] not in ('record:Plain Archive/a', 'record:Plain Archive/b',
                                                                          'record:Plain Archive/c')}
        self.assertEqual(pages, {f'{at}/a.html'})

    def test_arabic(self):
        self.bring({'town': 'سرمين', 'dead': '١٢'}, mapping=MAP + 'language\t=ar\n')
        row, = self.lines('export')
        self.assertEqual(row['place']['name'], 'Sarmin')
        self.assertEqual(row['claims'][0]['min'], 12)
        self.assertIn('قتلى', row['claims'][0]['evidence']['text'])

    def test_order_of_rows_does_not_matter(self):
        seed = random.randrange(1 << 30)
        rows = [{'id': str(n), 'day': f'2026-01-{1 + n % 5:02}', 'dead': str(n % 7)} for n in range(12)]
        shapes = []
        for turn in range(2):
            random.Random(seed + turn).shuffle(rows)
            self.ledger.unlink(missing_ok=True)
            self.bring(*rows)
            shapes.append(sorted(sorted(d['id'] for d in row['documents']) for row in self.lines('export')))
        self.assertEqual(*shapes, f'seed {seed}')

    def test_what_we_export_we_can_import(self):
        self.bring({'lat': '35.9', 'lon': '36.7'})
        text = self.run_isnad('export', '--format', 'ucdp').text
        self.file('ged.csv', text)
        self.file('ged.tsv', 'recorder\t=Ours again\nid\tid\ndate\tdate_start\ndate_end\tdate_end\nplace\twhere_coordinates\n'
                  'lat\tlatitude\nlon\tlongitude\ncountry\tcountry\nkilled_min\tlow\nkilled_max\thigh\n')
        told, = self.lines('import', '--map', 'ged.tsv', '--format', 'jsonl', 'ged.csv')
        self.assertEqual((told['added'], told['bad'], told['incidents']), (1, 0, 1))


if __name__ == '__main__':
    unittest.main()
