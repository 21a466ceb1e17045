"""isnad ledger backup, restore and check: copies are whole or not there, damage is told for what it is."""
import json
import os
import pathlib
import sqlite3
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from support import PAGE, PROGRAM, SAMPLES, Case, main  # noqa: E402


class Kept(Case):
    """A ledger with pages, acts and a signed head."""

    made = None  # once for all tests

    def setUp(self):
        super().setUp()
        if not Kept.made:
            self.run_isnad('add', SAMPLES)
            incident = self.lines('incidents', '--format', 'jsonl')[0]['id']
            self.run_isnad('review', 'grade', incident, 'fair', '--who', 'Rima', '--why', 'two voices')
            self.run_isnad('key', 'new')
            self.run_isnad('head')
            Kept.made = self.ledger.read_bytes()
        self.ledger.write_bytes(Kept.made)
        self.copy = self.folder / 'copy.ledger'

    def exports(self, ledger):
        return [self.run_isnad('export', '--what', what, '--ledger', ledger).text
                for what in ('incidents', 'claims', 'documents', 'voices', 'chains', 'tombstones')]

    def parts(self):
        return [path.name for path in self.folder.iterdir() if path.name.endswith('.part')]

    def sql(self, ledger, *statements):
        database = sqlite3.connect(ledger)
        for statement in statements:
            database.execute(statement)
        database.commit()
        database.execute('PRAGMA wal_checkpoint(TRUNCATE)')
        database.close()


class Backup(Kept):
    def test_a_copy_is_the_ledger(self):
        told, = self.lines('ledger', 'backup', self.copy, '--format', 'jsonl')
        self.assertEqual((told['grade'], told['acts'], told['heads'], told['aside']), ('sealed', 1, 1, None))
        self.assertEqual(told['bytes'], self.copy.stat().st_size)
        self.assertFalse(pathlib.Path(str(self.copy) + '-wal').exists())
        self.assertEqual(self.exports(self.copy), self.exports(self.ledger))
        self.assertEqual(self.parts(), [])
        self.copy.chmod(0o400)
        self.run_isnad('verify', '--ledger', self.copy)

    def test_names(self):
        self.run_isnad('ledger', 'backup', self.copy)
        before = self.copy.read_bytes()
        self.assertIn('--replace', self.run_isnad('ledger', 'backup', self.copy, code=2).error)
        self.assertEqual(self.copy.read_bytes(), before)
        self.run_isnad('ledger', 'backup', '--replace', self.copy)
        thesis = self.file('thesis.txt', 'words\n' * 100)
        self.assertIn('no ledger', self.run_isnad('ledger', 'backup', '--replace', thesis, code=2).error)
        self.assertEqual(thesis.read_text(), 'words\n' * 100)
        self.assertIn('the same file', self.run_isnad('ledger', 'backup', '--replace', self.ledger, code=2).error)
        self.assertIn('No such file', self.run_isnad('ledger', 'backup', 'nowhere/at/all', code=4).error)
        self.run_isnad('ledger', 'backup', code=2)
        self.assertEqual(self.parts(), [])

    def test_a_copy_in_use_does_not_give_way(self):
        self.run_isnad('ledger', 'backup', self.copy)
        user = sqlite3.connect(self.copy)
        user.execute('SELECT count(*) FROM capture').fetchone()
        self.assertIn('another process', self.run_isnad('ledger', 'backup', '--replace', self.copy, code=6).error)
        user.close()
        self.run_isnad('ledger', 'backup', '--replace', self.copy)

    def test_the_mode_is_kept(self):
        self.ledger.chmod(0o600)
        self.run_isnad('ledger', 'backup', self.copy)
        self.assertEqual(self.copy.stat().st_mode & 0o777, 0o600)
        self.copy.chmod(0o640)
        self.run_isnad('ledger', 'backup', '--replace', self.copy)
        self.assertEqual(self.copy.stat().st_mode & 0o777, 0o640)

    def test_while_another_adds(self):
        """The copy is of one moment, whatever is committed meanwhile, and every copy verifies."""
        rows = [{'id': f'd{i}', 'published': '2026-01-14',
                 'text': f'قال مصدر طبي إن {i} شخصاً قتلوا في غارة جوية على مدينة الرقة فجر الثلاثاء.'}
                for i in range(3000 if os.environ.get('ISNAD_SOAK') else 600)]
        self.file('many.jsonl', '\n'.join(map(json.dumps, rows)) + '\n')
        adding = subprocess.Popen([PROGRAM, 'add', 'many.jsonl'], cwd=self.folder, env=self.environment(),
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        copies = 0
        while adding.poll() is None or not copies:
            self.run_isnad('ledger', 'backup', '--replace', self.copy)
            copies += 1
        self.assertEqual(adding.returncode, 0)
        self.run_isnad('ledger', 'backup', '--replace', self.copy)
        self.assertEqual(self.exports(self.copy), self.exports(self.ledger))

    def test_a_full_disk(self):
        self.run_isnad('ledger', 'backup', self.copy)
        before = self.copy.read_bytes()

        def small_disk():
            import resource
            import signal
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        done = self.run_isnad('ledger', 'backup', '--replace', self.copy, code=6, preexec_fn=small_disk)
        self.one_line_of_error(done)
        self.assertEqual(self.copy.read_bytes(), before)
        self.assertEqual(self.parts(), [])

    def test_a_damaged_ledger_does_not_take_a_good_copys_place(self):
        self.run_isnad('ledger', 'backup', self.copy)
        before = self.copy.read_bytes()
        self.sql(self.ledger, "UPDATE capture SET url = 'https://forged.example/' WHERE sequence = 1")
        done = self.run_isnad('ledger', 'backup', '--replace', self.copy, code=11)
        self.assertIn('capture 1', done.text)
        self.one_line_of_error(done)
        self.assertEqual(self.copy.read_bytes(), before)
        self.assertEqual(self.parts(), [])

    def test_what_was_withdrawn_is_in_no_copy(self):
        secret = 'Zuhayr al-Maqdisi'
        self.file('named.html', PAGE.replace('ناشطون', f'ناشطون {secret}'))
        self.run_isnad('add', 'named.html')
        capture, = [d['sha256'] for d in self.lines('export', '--what', 'documents') if d['title'].startswith('13')][:1]
        with sqlite3.connect(self.ledger) as database:
            identity, = database.execute('SELECT id FROM capture WHERE sha256 = ?', (capture,)).fetchone()
        reader = sqlite3.connect(self.ledger)  # keeps the file from being cleaned
        reader.execute('BEGIN')
        reader.execute('SELECT count(*) FROM capture').fetchone()
        self.run_isnad('redact', identity, '--who', 'R', '--why', 'W', code=6)
        self.assertIn('freed pages', self.run_isnad('verify', code=11).text)
        self.run_isnad('ledger', 'backup', self.copy)
        reader.close()
        self.assertNotIn(secret.encode(), self.copy.read_bytes())
        self.run_isnad('verify', '--ledger', self.copy)
        self.assertEqual(self.exports(self.copy), self.exports(self.ledger))


class Restore(Kept):
    def test_into_an_empty_place(self):
        before = self.exports(self.ledger)
        self.run_isnad('ledger', 'backup', self.copy)
        for path in self.folder.glob('test.ledger*'):
            path.unlink()
        told, = self.lines('ledger', 'restore', self.copy, '--format', 'jsonl')
        self.assertIsNone(told['aside'])
        self.assertEqual(self.exports(self.ledger), before)
        self.run_isnad('verify')
        self.run_isnad('add', self.file('page.html', PAGE))

    def test_in_place_of_another(self):
        self.run_isnad('ledger', 'backup', self.copy)
        before = self.exports(self.ledger)
        self.run_isnad('add', self.file('page.html', PAGE))
        after = self.exports(self.ledger)
        self.assertIn('--replace', self.run_isnad('ledger', 'restore', self.copy, code=2).error)
        self.assertEqual(self.exports(self.ledger), after)
        told, = self.lines('ledger', 'restore', '--replace', self.copy, '--format', 'jsonl')
        self.assertEqual(self.exports(self.ledger), before)
        self.assertEqual(self.exports(told['aside']), after)
        again, = self.lines('ledger', 'restore', '--replace', self.copy, '--format', 'jsonl')
        self.assertNotEqual(again['aside'], told['aside'])

    def test_a_ledger_in_use_stays(self):
        self.run_isnad('ledger', 'backup', self.copy)
        user = sqlite3.connect(self.ledger)
        user.execute('SELECT count(*) FROM capture').fetchone()
        self.assertIn('another process', self.run_isnad('ledger', 'restore', '--replace', self.copy, code=6).error)
        user.close()
        self.assertEqual(self.parts(), [])

    def test_what_was_not_yet_put_into_the_file_goes_aside_with_it(self):
        """The log of a killed writer must not be played into the backup."""
        self.run_isnad('ledger', 'backup', self.copy)
        before = self.exports(self.copy)
        self.run_isnad('add', self.file('page.html', PAGE))
        after = self.exports(self.ledger)
        script = ('import os, sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute("PRAGMA wal_autocheckpoint=0");'
                  'd.execute("INSERT INTO setting VALUES (\'x\', \'y\')"); d.commit(); os._exit(0)')
        subprocess.run([sys.executable, '-c', script, str(self.ledger)], check=True)
        self.assertGreater(pathlib.Path(f'{self.ledger}-wal').stat().st_size, 0)
        told, = self.lines('ledger', 'restore', '--replace', self.copy, '--format', 'jsonl')
        self.assertEqual(self.exports(self.ledger), before)
        self.assertEqual(self.exports(told['aside']), after)
        with sqlite3.connect(told['aside'] if pathlib.Path(told['aside']).is_absolute() else self.folder / told['aside']) as d:
            self.assertEqual(d.execute("SELECT value FROM setting WHERE name = 'x'").fetchone(), ('y',))

    def test_a_damaged_ledger_gives_way_a_damaged_copy_does_not_take_its_place(self):
        self.run_isnad('ledger', 'backup', self.copy)
        before = self.exports(self.copy)
        bad = self.folder / 'bad.ledger'
        bad.write_bytes(self.copy.read_bytes())
        self.sql(bad, "UPDATE capture SET url = 'https://forged.example/' WHERE sequence = 1")
        self.run_isnad('ledger', 'restore', '--replace', bad, code=11)
        self.file('rubbish', os.urandom(5000))
        self.run_isnad('ledger', 'restore', '--replace', 'rubbish', code=2)
        self.run_isnad('ledger', 'restore', '--replace', 'not-there', code=4)
        self.assertEqual(self.exports(self.ledger), before)
        content = self.ledger.read_bytes()
        self.ledger.write_bytes(content[:100] + os.urandom(4000) + content[4100:])
        self.run_isnad('incidents', code=8)
        self.run_isnad('ledger', 'restore', '--replace', self.copy)
        self.assertEqual(self.exports(self.ledger), before)


class Check(Kept):
    def checked(self, *options, code=11):
        done = self.run_isnad('ledger', 'check', '--format', 'jsonl', *options, code=code)
        return json.loads(done.text), done.error

    def good(self):
        told, said = self.checked(code=0)
        self.assertEqual(said, '')
        self.assertEqual({k: v for k, v in told.items() if v}, {})

    def test_nothing_is_lost(self):
        self.good()
        self.assertEqual(self.run_isnad('ledger', 'check', '--format', 'table').text, 'nothing is lost\n')

    def test_a_capture_and_what_is_read_again(self):
        before = self.exports(self.ledger)
        self.sql(self.ledger, 'UPDATE chunk SET data = zeroblob(length(data)) WHERE capture = 2')
        told, said = self.checked()
        self.assertEqual((told['captures'], told['documents'], told['again']), (1, 0, 0))
        self.assertRegex(said, r'capture 2, of .*: its bytes are damaged: lost for good, unless a backup has it')
        self.sql(self.ledger, 'UPDATE version SET text = zeroblob(length(text)) WHERE key = 3',
                 'UPDATE version SET reading = zeroblob(length(reading)) WHERE key = 4',
                 'UPDATE claim SET min = min + 1 WHERE key = (SELECT min(key) FROM claim WHERE version = 5)')
        told, said = self.checked()
        self.assertEqual((told['captures'], told['documents'], told['again']), (1, 0, 3))
        self.assertIn('its text is damaged: its page is whole (capture 3), isnad reread reads it again', said)
        self.assertRegex(self.run_isnad('reread', code=3).error, r'it cannot be read again: .*: a chunk of capture \d+ is damaged')
        told, said = self.checked()
        self.assertEqual((told['captures'], told['documents'], told['again'], told['other']), (1, 0, 0, 0), said)
        self.run_isnad('verify', code=11)
        self.assertEqual(self.exports(self.ledger)[1:3], before[1:3])

    def test_a_text_without_its_page(self):
        self.sql(self.ledger, 'UPDATE chunk SET data = zeroblob(length(data)) WHERE capture = 2',
                 'UPDATE version SET text = zeroblob(length(text)) WHERE key = 2')
        told, said = self.checked()
        self.assertEqual((told['captures'], told['documents'], told['again']), (1, 1, 0))
        self.assertRegex(said, 'document .*, version 1: its text is damaged: lost for good')
        table = self.run_isnad('ledger', 'check', '--format', 'table', code=11).text
        self.assertIn('lost for good, unless a backup has it: 1 capture, 1 document\n', table)

    def page_is_gone(self, table):
        """The first page of a table is zeroed, as a disk does that lost a block."""
        with sqlite3.connect(self.ledger) as database:
            root, = database.execute('SELECT rootpage FROM sqlite_schema WHERE name = ?', (table,)).fetchone()
            size, = database.execute('PRAGMA page_size').fetchone()
        content = bytearray(self.ledger.read_bytes())
        content[(root - 1) * size:root * size] = bytes(size)
        self.ledger.write_bytes(content)

    def test_a_page_of_the_file(self):
        captures = len(self.documents())
        self.page_is_gone('chunk')
        told, said = self.checked()
        self.assertEqual((told['captures'], told['documents'], told['acts']), (captures, 0, 0), said)
        self.assertGreater(told['faults'], 0)
        self.assertEqual(len(self.documents()), captures)  # what can be read is
        self.page_is_gone('act')
        told, said = self.checked()
        self.assertEqual((told['captures'], told['documents'], told['acts']), (captures, 0, 1), said)
        self.assertIn('act 1: it is gone or cannot be read: lost for good', said)
        self.checked('--repair')
        self.assertEqual(len(self.documents()), captures)

    def documents(self):
        return self.lines('export', '--what', 'documents')

    def test_acts(self):
        self.sql(self.ledger, 'DROP TRIGGER act_fixed', "UPDATE act SET who = 'Rama'")
        told, said = self.checked()
        self.assertEqual(told['acts'], 1)
        self.assertIn('act 1 (grade by Rama,', said)

    def test_incidents_and_words_are_made_again(self):
        before = self.exports(self.ledger)
        self.sql(self.ledger, 'UPDATE incident SET figure = figure + 1 WHERE key = (SELECT min(key) FROM incident)',
                 "UPDATE voice SET text = 'nobody' WHERE incident = (SELECT max(key) FROM incident)",
                 'UPDATE version SET copy_of = NULL', 'UPDATE version SET superseded = 2 WHERE key = 1',
                 "INSERT INTO words(words) VALUES ('delete-all')", 'DELETE FROM act_place',
                 'UPDATE version SET sketch = zeroblob(length(sketch)) WHERE key = 1')
        self.run_isnad('verify')
        told, said = self.checked()
        self.assertEqual((told['incidents'], told['derived'], told['repaired']), (2, 5, False), said)
        told, said = self.checked('--repair', code=0)
        self.assertTrue(told['repaired'])
        self.good()
        self.assertEqual(self.exports(self.ledger), before)
        self.assertTrue(self.lines('search', '--format', 'jsonl', 'غارة'))

    def test_what_waits_for_a_reviewer_is_worked_out_again(self):
        """Why an incident waits, how much it matters and since when."""
        before = self.lines('review', 'next', '--format', 'jsonl')
        for change in ('waits = 5 - waits', 'weight = weight + 1', "since = '2020-01-01'", 'since = NULL'):
            for which in ('min', 'max'):
                self.sql(self.ledger, f'UPDATE incident SET {change} WHERE key = (SELECT {which}(key) FROM incident)')
            told, said = self.checked()
            self.assertEqual((told['incidents'], told['derived'], told['stale']), (2, 0, 0), f'{change}: {said}')
            self.checked('--repair', code=0)
            self.good()
        self.assertEqual(self.lines('review', 'next', '--format', 'jsonl'), before)

    def test_what_was_seen_is_kept_anew(self):
        """Also what was kept of an incident under another's id."""
        before = self.exports(self.ledger)
        for change in ("state = replace(state, 'claims', 'claimz')", "incident = 'i-' || hex(zeroblob(16))"):
            self.sql(self.ledger, f'UPDATE seen SET {change}')
            told, said = self.checked()
            self.assertEqual((told['derived'], told['stale']), (1, 0), said)
            self.checked('--repair', code=0)
            self.good()
        self.assertEqual(self.exports(self.ledger), before)

    def test_an_index_is_made_again(self):
        with sqlite3.connect(self.ledger) as database:
            database.execute('PRAGMA writable_schema = ON')
            database.execute("UPDATE sqlite_schema SET sql = replace(sql, 'capture(version)', 'capture(size)') WHERE "
                             "name = 'capture_version'")
        with sqlite3.connect(self.ledger) as database:
            database.execute('REINDEX capture_version')
            database.execute('PRAGMA writable_schema = ON')
            database.execute("UPDATE sqlite_schema SET sql = replace(sql, 'capture(size)', 'capture(version)') WHERE "
                             "name = 'capture_version'")
        told, said = self.checked()
        self.assertGreater(told['faults'], 0, said)
        self.checked('--repair', code=0)
        self.good()

    def test_ids_are_not_made_up(self):
        self.sql(self.ledger, "UPDATE member SET incident = 'i-' || hex(zeroblob(16)) WHERE minted = 1")
        self.assertIn('which incident an account was given the id of', self.run_isnad('verify', code=11).text)
        self.run_isnad('add', self.file('page.html', PAGE))  # linking does not make it good
        self.run_isnad('verify', code=11)
        told, said = self.checked('--repair')
        self.assertEqual(told['other'], 1, said)
        self.good()

    def test_added_and_not_linked(self):
        self.sql(self.ledger, 'PRAGMA foreign_keys = ON',
                 'DELETE FROM incident WHERE key = (SELECT max(key) FROM incident)')
        told, said = self.checked(code=0)
        self.assertEqual(told['stale'], 1, said)
        self.checked('--repair', code=0)
        self.good()


if __name__ == '__main__':
    sys.exit(main())
