#!/usr/bin/env python3
"""What only a ledger in PostgreSQL has: many writers at once, addresses, tables beside those of SQLite. Run by
tests/postgres_server.py. Prints "N passed, N failed"."""
import datetime
import json
import os
import pathlib
import random
import re
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'cli'))
from support import PROGRAM, SAMPLES, Case, main, stores  # noqa: E402
import test_teams  # noqa: E402

WHATS = ('incidents', 'claims', 'documents', 'voices', 'chains', 'summaries')
TOWNS = ('Raqqa', 'Homs', 'Idlib', 'Mosul', 'Basra', 'Gaza', 'Benghazi', 'Sirte', 'Aden', 'Taiz')


def reports(draw, incidents, each):
    """Documents that tell of incidents a month apart, several of each, by sources of which some are the same."""
    filler = 'market street house school river bridge night morning family doctor soldier road village water bread'.split()
    for incident in range(incidents):
        town, killed = TOWNS[incident % len(TOWNS)], 3 + incident % 17
        day = datetime.date(2020, 1, 6) + datetime.timedelta(35 * (incident // len(TOWNS)))
        for n in range(each):
            who = draw.choice(('a medical source', 'the police', 'the governor', 'witnesses', 'a rescue worker'))
            yield {'id': f'i{incident}-{n}', 'outlet': f'Outlet {n}', 'published': str(day),
                   'url': f'https://outlet{n}.example/{incident}',
                   'text': f'Air strike on {town}\n{" ".join(draw.choices(filler, k=12)).capitalize()}. '
                           f'{who.capitalize()} said that {killed + n % 3} people were killed and {killed * 2} wounded '
                           f'in an air strike on {town} on Sunday. {" ".join(draw.choices(filler, k=25)).capitalize()}.'}


class Writers(Case):
    def exported(self, ledger):
        """All that is told, in an order of its own. An incident keeps the id that it was given when it was first linked,
        with whatever was there then: here it is named by its claims instead."""
        told = {}
        for claim in self.lines('export', '--what', 'claims', '--ledger', ledger):
            told.setdefault(claim['incident'], []).append(claim['id'])
        names = {incident: f'incident of {min(claims)}' for incident, claims in told.items() if incident}
        return {what: sorted(re.sub(r'i-[0-9a-f]{32}', lambda found: names[found.group()],
                                    self.run_isnad('export', '--what', what, '--ledger', ledger).text).splitlines())
                for what in WHATS}

    def test_eight_at_once_lose_nothing_and_link_as_one_does(self):
        seed, size = int(os.environ.get('ISNAD_SEED') or time.time_ns() % 10**9), int(os.environ.get('ISNAD_SOAK', 1))
        rounds = min(10, 1 + size // 10)
        print(f'eight writers, {rounds} rounds: ISNAD_SEED={seed}')
        draw = random.Random(seed)
        for _ in range(rounds):
            told = [json.dumps(each) for each in reports(draw, 20 * min(size, 8), 12)]
            one = stores.DatabaseLedger()
            self.addCleanup(one.forget)
            self.file('all.jsonl', '\n'.join(told) + '\n')
            self.run_isnad('add', '--ledger', one, 'all.jsonl', timeout=600)
            many = stores.DatabaseLedger()
            self.addCleanup(many.forget)
            draw.shuffle(told)
            running = []
            for writer in range(8):
                # each has an eighth, and half of another's
                mine = told[writer::8] + told[(writer + 1) % 8::16]
                draw.shuffle(mine)
                file = self.file(f'{writer}.jsonl', '\n'.join(mine) + '\n')
                running.append(subprocess.Popen([PROGRAM, 'add', '--ledger', str(many), str(file)], cwd=self.folder,
                                                env=self.environment(), stdout=subprocess.PIPE,
                                                stderr=subprocess.STDOUT))
            for process in running:
                out = process.communicate(timeout=600)[0].decode()
                self.assertEqual(process.returncode, 0, out)
            self.assertEqual(self.exported(one), self.exported(many))
            checked, = self.lines('verify', '--format', 'jsonl', '--ledger', many)
            self.assertEqual((checked['wrong'], checked['captures']), (0, len(told)))
            with many.connected() as database:
                positions = [n for n, in database.execute('SELECT position FROM log ORDER BY position')]
                self.assertEqual(positions, list(range(len(positions))))
                self.assertEqual(database.execute('SELECT count(*) FROM log_waiting').fetchone()[0], 0)

    def test_reviewers_beside_writers(self):
        self.run_isnad('add', SAMPLES)
        claims = [each['id'] for each in self.lines('export', '--what', 'claims')][:20]
        self.file('all.jsonl', ''.join(json.dumps(each) + '\n' for each in reports(random.Random(1), 20, 10)))
        adding = [subprocess.Popen([PROGRAM, 'add', 'all.jsonl'], cwd=self.folder, env=self.environment(),
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(2)]
        reviewing = [subprocess.Popen([PROGRAM, 'review', 'accept', claim, '--who', f'R{n % 3}'], cwd=self.folder,
                                      env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                     for n, claim in enumerate(claims)]
        for process in adding + reviewing:
            self.assertEqual(process.communicate(timeout=300)[0] and process.returncode, 0)
        checked, = self.lines('verify', '--format', 'jsonl')
        self.assertEqual((checked['wrong'], checked['acts'], checked['captures']), (0, len(claims), 216))


class Killed(Case):
    def test_at_any_moment(self):
        """The client dies: what it had committed stays, the rest is gone, nobody waits for it."""
        seed, size = int(os.environ.get('ISNAD_SEED') or time.time_ns() % 10**9), int(os.environ.get('ISNAD_SOAK', 1))
        moments = min(200, 5 * size)
        print(f'clients killed, {moments} moments: ISNAD_SEED={seed}')
        draw = random.Random(seed)
        told = list(reports(draw, 30, 10))
        self.file('all.jsonl', ''.join(json.dumps(each) + '\n' for each in told))
        for moment in range(moments):
            process = subprocess.Popen([PROGRAM, 'add', 'all.jsonl'], cwd=self.folder, env=self.environment(),
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(draw.random() * 0.6)
            process.kill()
            process.wait()
            if moment % 10 == 0 and self.ledger.exists():
                self.run_isnad('verify')
        self.run_isnad('add', 'all.jsonl')
        self.assertEqual(len(self.lines('export', '--what', 'documents')), len(told))
        self.run_isnad('verify')


class Copies(Case):
    authority, openssl, stamped, exports, reviewed = (
        getattr(test_teams.Teams, name) for name in ('authority', 'openssl', 'stamped', 'exports', 'reviewed'))

    def test_from_a_file_to_a_server_and_back(self):
        """Export by export, with all that a ledger can hold."""
        server = self.ledger
        self.ledger = first = stores.FileLedger(self.folder / 'first.ledger')
        self.reviewed()
        second = self.folder / 'second.ledger'
        self.run_isnad('ledger', 'copy', first, server)
        self.run_isnad('ledger', 'copy', server, second)
        told = [self.exports(each) for each in (first, server, second)]
        for n in (1, 2):
            for what, text in told[0].items():
                self.assertEqual(text, told[n][what], (n, what))
        checked = [self.lines('verify', '--format', 'jsonl', '--ledger', each, '--against', 'head.json', '--authority',
                              'one-ca.pem')[0] for each in (first, server, second)]
        self.assertEqual(checked[0], checked[1])
        self.assertEqual(checked[0], checked[2])
        self.assertEqual(checked[0]['wrong'], 0)
        with first.connected() as one, stores.FileLedger(second).connected() as two:
            for table in first.tables():
                # which rows went of this store is of this store alone
                if table not in ('setting', 'incident_gone') and not table.startswith('sqlite'):
                    self.assertEqual(*(sorted(map(repr, each.execute(f'SELECT * FROM "{table}"'))) for each in (one, two)),
                                     table)
        # Both go on as before.
        self.file('more.txt', 'Police said that 3 people were killed in a fire in Hama on Tuesday.')
        claim = self.lines('export', '--what', 'claims')[0]['id']
        for each in (first, server, second):
            self.run_isnad('add', '--published', '2026-01-14', 'more.txt', '--ledger', each)
            self.run_isnad('review', 'accept', claim, '--who', 'Rima', '--ledger', each)
            self.run_isnad('head', '--ledger', each)
            self.run_isnad('verify', '--ledger', each)
        self.run_isnad('ledger', 'copy', first, server, code=2)

    def test_merged_across_stores(self):
        told = list(reports(random.Random(2), 10, 6))
        files = [self.file(f'{n}.jsonl', ''.join(json.dumps(each) + '\n' for each in part))
                 for n, part in enumerate((told[::2], told[1::2], told))]
        half, other, whole = self.folder / 'half.ledger', stores.new_ledger(None), self.folder / 'whole.ledger'
        self.addCleanup(other.forget)
        for ledger, file in ((half, files[0]), (other, files[1]), (whole, files[2])):
            self.run_isnad('add', '--ledger', ledger, file)
        self.run_isnad('ledger', 'merge', half, '--ledger', other)
        self.run_isnad('ledger', 'merge', other, '--ledger', half)
        for what in ('incidents', 'claims', 'documents', 'voices', 'chains'):
            texts = [self.run_isnad('export', '--what', what, '--ledger', each).text for each in (whole, half, other)]
            self.assertEqual(texts[1], texts[2], what)
            self.assertEqual(texts[0], texts[1], what)
        for each in (half, other):
            self.run_isnad('verify', '--ledger', each)


class Addresses(Case):
    def test_a_password_is_not_shown(self):
        for address in (f'postgresql://isnad:geheim@/{self.ledger.name}?host={stores.SERVER}',
                        f'postgresql://isnad@/{self.ledger.name}?password=geheim&host={stores.SERVER}',
                        f'postgresql://isnad:geheim@/nowhere?host={stores.SERVER}',
                        'postgresql://isnad:geheim@127.0.0.1:1/nowhere',
                        f'postgresql://isnad@/nowhere?sslpassword=geheim&password=geheim&host={stores.SERVER}',
                        'postgresql://isnad:ge@geheim@nowhere.invalid/case', 'postgresql://isnad:ge/geheim@127.0.0.1/case',
                        'postgresql://isnad:geheim/ge@127.0.0.1/case', 'postgresql://isnad:geheim?@127.0.0.1:1/case',
                        'postgresql://isnad:%zzgeheim@127.0.0.1/case', 'postgresql://isnad:geheim%@127.0.0.1/case'):
            done = self.run_isnad('incidents', '--ledger', address, code=4)
            self.assertNotIn('geheim', done.error + done.text)
            self.assertIn('isnad@', self.one_line_of_error(done))

    def test_what_is_not_there(self):
        self.assertIn('no ledger in this database', self.one_line_of_error(self.run_isnad('incidents', code=4)))
        nowhere = f'postgresql://isnad@/nowhere?host={stores.SERVER}'
        self.assertIn('refuses', self.one_line_of_error(self.run_isnad('add', SAMPLES, '--ledger', nowhere, code=4)))
        other = self.one_line_of_error(self.run_isnad('add', SAMPLES, '--ledger', 'mysql://me:geheim@host/case', code=2))
        self.assertIn('postgresql://', other)
        self.assertNotIn('geheim', other)

    def test_a_database_of_another_encoding(self):
        name = self.ledger.name + '_latin'
        self.ledger.ask_server(f"CREATE DATABASE {name} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
        try:
            address = f'postgresql://isnad@/{name}?host={stores.SERVER}'
            done = self.run_isnad('add', SAMPLES, '--ledger', address, code=2)
            self.assertIn("ENCODING 'UTF8'", self.one_line_of_error(done))
        finally:
            self.ledger.ask_server(f'DROP DATABASE {name}')

    def test_a_newer_ledger(self):
        self.run_isnad('add', SAMPLES)
        with self.ledger.connected() as database:
            database.execute('UPDATE ledger_schema SET version = 9999')
        self.assertIn('newer version', self.one_line_of_error(self.run_isnad('incidents', code=7)))

    def test_who_may_only_read(self):
        self.run_isnad('add', SAMPLES)
        with self.ledger.connected() as database:
            database.execute("DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
            database.execute('GRANT USAGE ON SCHEMA isnad TO reader')
            database.execute('GRANT SELECT ON ALL TABLES IN SCHEMA isnad TO reader')
        address = f'postgresql://reader@/{self.ledger.name}?host={stores.SERVER}'
        self.assertEqual(self.lines('export', '--ledger', address), self.lines('export'))
        self.run_isnad('verify', '--ledger', address)
        self.one_line_of_error(self.run_isnad('review', 'accept', self.lines('export', '--what', 'claims')[0]['id'], '--who',
                                              'R', '--ledger', address, code=4))

    def test_who_writes_beside_the_owner(self):
        self.run_isnad('add', SAMPLES)
        with self.ledger.connected() as database:
            database.execute("DO $$ BEGIN CREATE ROLE writer LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
            database.execute('GRANT pg_checkpoint TO writer')
            database.execute('GRANT USAGE ON SCHEMA isnad TO writer')
            database.execute('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA isnad TO writer')
        address = f'postgresql://writer@/{self.ledger.name}?host={stores.SERVER}'
        self.file('more.txt', 'Police said that 4 people were killed in a fire in Aleppo on Tuesday.')
        self.run_isnad('add', '--published', '2026-01-14', 'more.txt', '--ledger', address)
        claim = self.lines('export', '--what', 'claims')[0]
        self.run_isnad('review', 'accept', claim['id'], '--who', 'W', '--ledger', address)
        # Tables that are another's are not written anew, which the server only warns of: it is not to be told as done.
        done = self.run_isnad('redact', claim['document'], '--who', 'W', '--why', 'x', '--ledger', address, code=4)
        self.assertIn('the role that owns them', self.one_line_of_error(done))
        self.assertIn('freed pages', self.run_isnad('verify', code=11).text)
        self.run_isnad('add', SAMPLES)
        self.run_isnad('verify')

    def test_backup_and_restore_are_of_files(self):
        self.run_isnad('add', SAMPLES)
        address = f'postgresql://isnad:geheim@/{self.ledger.name}?host={stores.SERVER}'
        for arguments in (('backup', address), ('restore', 'a.db', '--ledger', address), ('restore', address)):
            done = self.run_isnad('ledger', *arguments, code=2)
            self.assertIn('isnad ledger copy', self.one_line_of_error(done))
            self.assertNotIn('geheim', done.error)


class Redactions(Case):
    SECRET = 'Qwarnizadeh'

    def setUp(self):
        super().setUp()
        self.file('named.txt', f'Shelling on {self.SECRET} Street\n{self.SECRET} and 3 others were killed in Hama on Tuesday, '
                               f'a spokesman for {self.SECRET} said.')
        self.run_isnad('add', SAMPLES)
        self.run_isnad('add', '--published', '2026-01-14', 'named.txt')

    def redact(self, ledger, code):
        with self.ledger.connected() as database:
            capture, = database.execute("SELECT id FROM capture WHERE file LIKE '%named.txt'").fetchone()
        return self.run_isnad('redact', capture, '--who', 'R', '--why', 'a name', '--ledger', ledger, code=code)

    def test_the_servers_statistics_keep_no_words(self):
        """No redaction reaches them."""
        with self.ledger.connected() as database:
            database.execute('ANALYZE')
            kept = database.execute("SELECT tablename, attname FROM pg_stats WHERE schemaname = 'isnad' AND"
                                    " lower(CAST((pg_stats.*) AS text)) ~ ?", (self.SECRET.lower()[:6],)).fetchall()
            counted = database.execute("SELECT count(*) FROM pg_stats WHERE schemaname = 'isnad'").fetchone()[0]
        self.assertEqual(kept, [])
        self.assertGreater(counted, 50)

    def test_who_does_not_own_the_tables_leaves_it_to_who_does(self):
        with self.ledger.connected() as database:
            database.execute("DO $$ BEGIN CREATE ROLE writer LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
            database.execute('DO $$ BEGIN GRANT pg_checkpoint TO writer; EXCEPTION WHEN undefined_object THEN NULL; END $$')
            database.execute('GRANT USAGE ON SCHEMA isnad TO writer')
            database.execute('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA isnad TO writer')
        done = self.redact(f'postgresql://writer@/{self.ledger.name}?host={stores.SERVER}', 4)
        self.assertIn('the role that owns them', self.one_line_of_error(done))
        self.run_isnad('verify', code=11)
        self.redact(self.ledger, 0)
        self.run_isnad('verify')
        self.assertNotIn(self.SECRET.encode(), self.ledger.kept_bytes())


class Tables(Case):
    def test_they_are_those_of_a_file(self):
        """Column by column, in order, but for what postgres.sql says that only it has."""
        kinds = {'INTEGER': 'bigint', 'TEXT': 'text', 'BLOB': 'bytea', 'REAL': 'double precision'}
        own = {'log_waiting', 'ledger_schema', 'words'}
        self.run_isnad('add', SAMPLES)
        self.run_isnad('add', SAMPLES, '--ledger', 'file.ledger')
        with sqlite3.connect(self.folder / 'file.ledger') as database:
            of_file = {table: [(name, kinds[kind], bool(full)) for _, name, kind, full, _, key in
                               database.execute(f'PRAGMA table_info("{table}")')]
                       for table, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
                       if not table.startswith('words')}
        with self.ledger.connected() as database:
            of_server = {}
            for table, name, kind, null, collation in database.execute(
                    'SELECT table_name, column_name, data_type, is_nullable, collation_name FROM information_schema.columns'
                    " WHERE table_schema = 'isnad' ORDER BY table_name, ordinal_position"):
                if table not in own and (table, name) not in (('incident', 'place'), ('difference', 'rowid')):
                    of_server.setdefault(table, []).append((name, kind, null == 'NO'))
                    self.assertEqual(collation, 'C' if kind == 'text' else None, (table, name))
        self.assertEqual(set(of_file), set(of_server))
        for table, columns in of_file.items():
            # a column added later stands at the end there
            wanted = {name: kind for name, kind, _ in columns}
            self.assertEqual(wanted, {name: kind for name, kind, _ in of_server[table]}, table)

    def test_an_incident_has_a_place_on_the_map(self):
        self.run_isnad('add', SAMPLES)
        with self.ledger.connected() as database:
            near = database.execute('SELECT count(*) FROM incident WHERE ST_DWithin(place, ST_MakePoint(?, ?)::geography, '
                                    '20000)', (40.5, 35.0)).fetchone()
            placed = database.execute('SELECT count(*) FROM incident WHERE (place IS NULL) <> (lat IS NULL)').fetchone()
        self.assertGreater(near[0], 0)
        self.assertEqual(placed[0], 0)

    def test_long_texts_and_odd_bytes(self):
        long = ' '.join(f'word{n}' for n in range(120_000))
        rows = [{'id': 'long', 'published': '2026-01-14', 'text': 'Fire in Hama\n' + long},
                {'id': 'odd', 'published': '2026-01-14', 'text': 'A fire\u0000 in Hama killed 3 people, police said.'}]
        self.file('rows.jsonl', '\n'.join(map(json.dumps, rows)) + '\n')
        odd = os.fsencode(self.folder) + b'/odd\xff.txt'
        with open(odd, 'wb') as file:
            file.write(b'Police said that 4 people were killed in Homs on Tuesday.')
        self.run_isnad('add', 'rows.jsonl')
        subprocess.run([PROGRAM.encode(), b'add', b'--published', b'2026-01-14', odd], env=self.environment(), check=True,
                       capture_output=True)
        found = [each['document'] for word in ('word119999', 'word3', 'Homs', 'police')
                 for each in self.lines('search', word, '--format', 'jsonl')]
        self.assertEqual(found[:2], ['long', 'long'])
        self.assertEqual(len(found), 5)
        self.run_isnad('verify')


if __name__ == '__main__':
    sys.exit(main())
