"""Exports as others read them: schema, column order, spreadsheets, maps. What needs pandas, LibreOffice or
jsonschema says that it skipped where they are not there."""
import csv
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'cli'))
from schema_check import faults  # noqa: E402
from support import ROOT, SAMPLES, TEXT, Case  # noqa: E402

UCDP = ('id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,'
        'dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,'
        'number_of_sources,source_article,source_office,source_date,source_headline,source_original,where_prec,'
        'where_coordinates,where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,'
        'region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,'
        'low,gwnoa,gwnob').split(',')
ACLED = ('event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,'
         'inter1,actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,'
         'location,latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp').split(',')
OFFICE = shutil.which('soffice') or shutil.which('libreoffice')
KML = '{http://www.opengis.net/kml/2.2}'


def plain(cell):
    """A cell without what a spreadsheet may change in it: seconds of a time, TRUE, the mark of text."""
    return re.sub(r'(T\d\d:\d\d):00$', r'\1', cell.upper().lstrip("'").replace('\ufffe', ''))


class Exports(Case):
    def setUp(self):
        super().setUp()
        self.run_isnad('add', SAMPLES)

    def table(self, *arguments):
        return list(csv.reader(io.StringIO(self.run_isnad('export', *arguments).text, newline='')))

    def rows(self, *arguments):
        head, *rest = self.table(*arguments)
        return [dict(zip(head, row)) for row in rest]

    def test_incidents_hold_to_the_schema(self):
        schema = json.loads(self.run_isnad('schema', 'incident').text)
        incidents = self.lines('export')
        self.assertTrue(incidents)
        for row in incidents:
            self.assertEqual(faults(row, schema), [])

    def test_incidents_hold_to_the_schema_by_another_validator(self):
        try:
            import jsonschema
        except ImportError:
            self.skipTest('jsonschema is not installed')
        schema = json.loads(self.run_isnad('schema', 'incident').text)
        jsonschema.Draft202012Validator.check_schema(schema)
        for row in self.lines('export'):
            jsonschema.validate(row, schema, cls=jsonschema.Draft202012Validator)

    def test_the_columns_of_ucdp(self):
        self.assertEqual(self.table('--format', 'ucdp')[0], UCDP)
        incidents = {row['id']: row for row in self.lines('export', '--rule', 'ucdp')}
        rows = self.rows('--format', 'ucdp')
        self.assertTrue(rows)
        self.assertTrue(any(row['best'] for row in rows))
        self.assertFalse(any(row['best'] for row in self.rows('--format', 'ucdp', '--rule', 'range')))
        for row in rows:
            of = incidents[row['id']]
            killed, = (e for e in of['estimates'] if (e['effect'], e['class'], e['group']) == ('killed', 'all', None))
            self.assertEqual((row['low'], row['high']), (str(killed['low']), str(killed['high'])))
            self.assertEqual(row['best'], '' if killed['best'] is None else str(killed['best']))
            self.assertLessEqual(int(row['low']), int(row['high']))
            self.assertRegex(row['date_start'], r'^\d{4}-\d\d-\d\d$')
            self.assertEqual(row['year'], row['date_start'][:4])
            self.assertEqual(row['geom_wkt'], f'POINT ({row["longitude"]} {row["latitude"]})')
            self.assertEqual(int(row['number_of_sources']), of['voices']['independent'])
            self.assertEqual(row['priogrid_gid'], str(int((float(row['latitude']) + 90) * 2) * 720
                                                      + int((float(row['longitude']) + 180) * 2) + 1))
            if row['best']:
                parts = [row[c] for c in UCDP if c.startswith('deaths_')]
                self.assertEqual(sum(int(p) for p in parts if p), int(row['best']))
        told = [r for r in rows if incidents[r['id']]['place']['country'] == 'SY']
        self.assertTrue(all((r['country'], r['country_id'], r['region']) == ('Syria', '652', 'Middle East')
                            for r in told) and told)

    def test_the_columns_of_acled(self):
        self.assertEqual(self.table('--format', 'acled')[0], ACLED)
        incidents = {row['id']: row for row in self.lines('export', '--rule', 'acled')}
        rows = self.rows('--format', 'acled')
        self.assertTrue(rows)
        for row in rows:
            of = incidents[row['event_id_cnty']]
            killed = [e for e in of['estimates'] if (e['effect'], e['class'], e['group']) == ('killed', 'all', None)]
            self.assertTrue(all(e['low'] == e['best'] == e['high'] == int(row['fatalities']) for e in killed))
            self.assertIn(row['time_precision'], '123')
            self.assertIn(row['geo_precision'], '123')
            self.assertRegex(row['event_date'], r'^\d{4}-\d\d-\d\d$')
            if of['event'] == 'air_strike':
                self.assertEqual((row['event_type'], row['sub_event_type']),
                                 ('Explosions/Remote violence', 'Air/drone strike'))
            for claim in of['claims']:
                if claim['independent'] == 1:
                    self.assertIn(' '.join(claim['evidence']['text'].split()), ' '.join(row['notes'].split()))
                    break
        self.assertTrue(any(row['iso'] == '760' for row in rows))

    def test_the_notes_of_acled_tell_of_the_dispute(self):
        row, = (r for r in self.rows('--format', 'acled') if 'متحدث باسم التحالف' in r['notes'] and '14 مدنياً' in r['notes'])
        head, *voices = row['notes'].split(' | ')
        self.assertTrue(head.startswith('Fatalities by the rule acled/1. The accounts part on: count'), head)
        self.assertIn('Denied by: متحدث باسم التحالف الدولي', head)
        raised, = (v for v in voices if v.startswith('الدفاع المدني: '))
        first, later = raised.split(' Later: ')
        self.assertIn('11 مدنياً', first)
        self.assertIn('14 مدنياً', later)
        self.assertEqual(sum(' Later: ' in v for v in voices), 1)
        rule = self.rows('--format', 'acled', '--rule', 'ucdp')
        self.assertTrue(any(r['notes'].startswith('Fatalities by the rule ucdp/1.') for r in rule))
        for r in self.rows('--format', 'acled'):
            self.assertEqual(not r['fatalities'], r['notes'].startswith('Nobody gives a figure of the killed.'))

    def test_pairs_of_scales_stand_in_one_order(self):
        order = ['Local partner', 'Other', 'New media', 'Subnational', 'National', 'Regional', 'International']
        pairs = [r['source_scale'].split('-') for r in self.rows('--format', 'acled')]
        self.assertTrue(any(len(pair) == 2 for pair in pairs))
        for pair in pairs:
            self.assertEqual(pair, sorted(pair, key=order.index))

    def test_a_document_without_a_name_is_no_hash_of_64_digits(self):
        for kind in ('ucdp', 'acled'):
            for row in self.rows('--format', kind):
                for cell in row.values():
                    self.assertNotRegex(cell, r'[0-9a-f]{64}')

    def test_dead_and_wounded_together_stand_in_the_table(self):
        self.file('heap.txt', 'سقط عشرات القتلى والجرحى في قصف مدفعي على بلدة القورية يوم 3 آذار 2021، وفق الدفاع المدني.')
        self.run_isnad('add', '--published', '2021-03-03', 'heap.txt')
        told = {row['id']: [e for e in row['estimates'] if (e['effect'], e['class'], e['group'])
                            == ('casualties', 'all', None)] for row in self.lines('export')}
        self.assertTrue(any(told.values()))
        for row in self.rows('--format', 'csv'):
            cells = [row[f'casualties_{bound}'] for bound in ('low', 'high')]
            e = (told[row['id']] or [{'low': '', 'high': ''}])[0]
            self.assertEqual(cells, [str(e['low']), str(e['high'])])

    def test_every_column_is_from_somewhere(self):
        code = (ROOT / 'src/ledger/export_coded.c').read_text(encoding='utf-8')
        for line in (ROOT / 'data/ledger/columns.tsv').read_text(encoding='utf-8').splitlines():
            source = line.split('\t')[-1]
            if source.startswith('='):
                self.assertIn(f'{{"{source[1:]}", make_', code)

    def test_what_such_a_table_cannot_hold_is_counted(self):
        done = self.run_isnad('export', '--format', 'ucdp')
        kept = len(list(csv.reader(io.StringIO(done.text, newline='')))) - 1
        left = len(self.lines('export')) - kept
        self.assertTrue(left > 0 and f'{left} incident' in done.error, done.error)

    def test_wrong_kinds(self):
        for arguments in (('--format', 'ucdp', '--what', 'claims'), ('--format', 'acled', '--what', 'voices'),
                          ('--format', 'kml', '--what', 'chains'), ('--format', 'jsonl', '--hxl'),
                          ('--format', 'csv', '--what', 'voices', '--hxl')):
            self.one_line_of_error(self.run_isnad('export', *arguments, code=2))

    def test_what_is_no_more_leaves_a_trace(self):
        with self.ledger.connected() as database:
            database.execute("INSERT INTO tombstone VALUES ('i-dead01', '[\"i-aa\", \"i-bb\"]')")
        self.assertEqual(self.lines('export', '--what', 'tombstones'),
                         [{'id': 'i-dead01', 'successors': ['i-aa', 'i-bb']}])
        self.assertEqual(self.table('--what', 'tombstones', '--format', 'csv'),
                         [['id', 'successors'], ['i-dead01', 'i-aa; i-bb']])

    def test_hashtags(self):
        for what in ('incidents', 'claims'):
            head, tags, *rest = self.table('--what', what, '--format', 'csv', '--hxl')
            self.assertEqual(head, self.table('--what', what, '--format', 'csv')[0])
            self.assertEqual(len(tags), len(head))
            for tag in tags:
                self.assertRegex(tag, r'^#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*$')
            self.assertEqual(len(set(tags)), len(tags))
            self.assertEqual(len(rest), len(self.lines('export', '--what', what)))

    def test_kml(self):
        for what in ('incidents', 'claims'):
            root = xml.etree.ElementTree.fromstring(self.run_isnad('export', '--what', what, '--format', 'kml').stdout)
            rows = {row['id']: row for row in self.lines('export', '--what', what)}
            marks = list(root.iter(KML + 'Placemark'))
            self.assertEqual([m.get('id') for m in marks], list(rows))
            for mark in marks:
                place = rows[mark.get('id')]['place'] or {}
                point = mark.find(f'{KML}Point/{KML}coordinates')
                if place.get('lat') is None:
                    self.assertIsNone(point)
                else:
                    lon, lat = map(float, point.text.split(','))
                    self.assertAlmostEqual(lat, place['lat'], 5)
                    self.assertAlmostEqual(lon, place['lon'], 5)

    def hostile(self):
        self.file('evil.jsonl', json.dumps({'id': '=1+1', 'outlet': '\uff1dSUM(1)', 'title': '<b>&"\x01\ufffe',
                                            'text': TEXT, 'published': '2026-01-14'}) + '\n')
        self.run_isnad('add', 'evil.jsonl')

    def test_hostile_text(self):
        self.hostile()
        xml.etree.ElementTree.fromstring(self.run_isnad('export', '--format', 'kml').stdout)
        for kind in (('--format', 'ucdp'), ('--format', 'acled'), ('--format', 'csv', '--what', 'documents')):
            for row in self.table(*kind):
                for cell in row:
                    self.assertNotRegex(cell, '^[=+@\t\r\uff1d\uff0b\uff0d\uff20]')

    def kinds(self):
        yield ('ucdp', '--format', 'ucdp'), UCDP
        yield ('acled', '--format', 'acled'), ACLED
        for what in ('incidents', 'claims', 'documents', 'voices', 'chains'):
            kind = (what, '--format', 'csv', '--what', what)
            yield kind, self.table(*kind[1:])[0]

    def test_pandas_reads_it(self):
        try:
            import pandas
        except ImportError:
            self.skipTest('pandas is not installed')
        self.hostile()
        for (_, *arguments), head in self.kinds():
            told = self.table(*arguments)
            for bom in ((), ('--bom',)):
                frame = pandas.read_csv(io.BytesIO(self.run_isnad('export', *arguments, *bom).stdout), dtype=str,
                                        keep_default_na=False)
                self.assertEqual(list(frame.columns), head)
                self.assertEqual(frame.values.tolist(), told[1:])

    @unittest.skipUnless(OFFICE, 'LibreOffice is not installed')
    def test_libreoffice_reads_it(self):
        self.hostile()
        files, told = [], {}
        for (name, *arguments), head in self.kinds():
            files.append(self.file(f'{name}.csv', self.run_isnad('export', *arguments, '--bom').stdout))
            told[name] = self.table(*arguments)
        out = self.folder / 'read'
        environment = {**os.environ, 'HOME': str(self.folder)}
        for convert in ('ods', 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false'):
            subprocess.run([OFFICE, f'-env:UserInstallation=file://{self.folder}/office', '--headless', '--convert-to',
                            convert, '--outdir', str(out), *(
                                ['--infilter=Text - txt - csv (StarCalc):44,34,76', *map(str, files)]
                                if convert == 'ods' else map(str, sorted(out.glob('*.ods'))))],
                           check=True, capture_output=True, timeout=280, env=environment)
        for name, table in told.items():
            with open(out / f'{name}.csv', encoding='utf-8-sig', newline='') as f:
                read = list(csv.reader(f))
            self.assertEqual(read[0], table[0])
            self.assertEqual(len(read), len(table))
            for row, row_told in zip(read, table):
                self.assertEqual(*([plain(cell) for cell in cells] for cells in (row, row_told)))


if __name__ == '__main__':
    unittest.main()
