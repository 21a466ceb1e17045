#!/usr/bin/env python3
"""What can befall a server under a ledger: it dies at random moments, bits flip in its files, its disk is full. Prints
"N passed, N failed"; 77 (skipped) where there is no server to be had."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from faults import Faults, page, stores  # noqa: E402
import postgres_server  # noqa: E402
from support import PROGRAM, main  # noqa: E402

SOAK = int(os.environ.get('ISNAD_SOAK') or 1)


class Server(Faults):
    folder_of_server = None

    def setUp(self):
        super().setUp()
        self.server = postgres_server.Server(self.folder_of_server)
        self.addCleanup(self.server.remove)
        self.server.make()
        stores.SERVER = str(self.server.folder)
        self.ledger = stores.DatabaseLedger()

    def tearDown(self):
        stores.SERVER = os.environ.get('ISNAD_TEST_SERVER')

    def test_it_dies_at_random_moments(self):
        """The client says so in one line; what it had committed is there when the server is back."""
        died = kept = 0
        for n in range(3 * min(SOAK, 17)):
            self.ledger = stores.DatabaseLedger()
            process = subprocess.Popen([PROGRAM, 'add', '-', '--from', 'jsonl'], cwd=self.folder, env=self.environment(),
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            end = time.monotonic() + 0.3 + self.draw.random() * 2.5
            sent = 0
            try:
                while time.monotonic() < end:
                    process.stdin.write((json.dumps(page(sent)) + '\n').encode())
                    process.stdin.flush()
                    sent += 1
                    time.sleep(0.004)
            except BrokenPipeError:
                pass
            self.server.crash()
            try:
                process.stdin.write(''.join(json.dumps(page(i)) + '\n' for i in range(sent, sent + 50)).encode())
                process.stdin.close()
            except BrokenPipeError:
                pass
            errors = process.stderr.read().decode()
            process.stdout.close()
            process.stderr.close()
            self.assertIn(process.wait(timeout=60), (4, 6), errors)
            self.assertIn('isnad: ledger postgresql://', errors)
            committed = [int(line.split()[2]) for line in errors.splitlines() if line.startswith('isnad: committed:')]
            self.server.start()
            if self.ledger.exists():
                self.run_isnad('verify')
                there = len(self.documents())
                self.assertGreaterEqual(there, committed[-1] if committed else 0)
                kept += there > 0
            died += 1
            self.run_isnad('add', self.pages('all.jsonl', range(30)))
            self.run_isnad('verify')
            self.ledger.forget()
        self.tell('servers that died', deaths=died, with_pages_kept=kept)

    def exported(self):
        return [self.run_isnad('export', '--what', what).text for what in ('incidents', 'claims', 'documents', 'chains')]

    def test_flipped_bits(self):
        """The server's checksums or verify find it, or nothing that is told has changed: what is told is right, or damage."""
        self.run_isnad('add', self.pages('all.jsonl', range(60)))
        with self.ledger.connected() as database:
            database.execute('CHECKPOINT')
            number, = database.execute('SELECT oid FROM pg_database WHERE datname = current_database()').fetchone()
            ours = {str(n) for n, in database.execute(
                "SELECT relfilenode FROM pg_class WHERE relnamespace = 'isnad'::regnamespace UNION SELECT t.relfilenode FROM"
                " pg_class JOIN pg_class AS t ON t.oid = pg_class.reltoastrelid WHERE pg_class.relnamespace ="
                " 'isnad'::regnamespace")}
        expected = self.exported()
        files = [path for path in sorted((self.server.data / 'base' / str(number)).iterdir())
                 if path.name in ours and path.stat().st_size]
        found = same = 0
        for _ in range(4 * min(SOAK, 25)):
            path = self.draw.choices(files, weights=[each.stat().st_size for each in files])[0]
            self.server.stop()
            content = bytearray(path.read_bytes())
            at, bit = self.draw.randrange(len(content)), 1 << self.draw.randrange(8)
            content[at] ^= bit
            path.write_bytes(content)
            self.server.start()
            done = self.run_isnad('verify', code=None)
            self.assertIn(done.returncode, (0, 8, 11), done.error)
            if done.returncode:
                found += 1
            else:
                # An index that was not asked: whoever asks it is told.
                told = [self.run_isnad('export', '--what', what, code=None) for what in ('incidents', 'claims', 'documents',
                                                                                        'chains')]
                for done, text in zip(told, expected):
                    self.assertTrue(done.returncode == 8 or done.text == text, (path, at, bit, done.error))
                same += 1
            self.server.stop()
            content[at] ^= bit
            path.write_bytes(content)
            self.server.start()
        self.run_isnad('verify')
        self.assertGreater(found, 0)
        self.tell('bits flipped under a server', found=found, changing_nothing_that_is_told=same)


class FullDisk(Server):
    """Where a small file system may be mounted."""

    def setUp(self):
        self.folder_of_server = tempfile.mkdtemp(prefix='isnad-pg-')
        mounted = subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=130m', 'isnad', self.folder_of_server],
                                 capture_output=True)
        if mounted.returncode:
            os.rmdir(self.folder_of_server)
            self.skipTest('nothing may be mounted here')
        self.addCleanup(os.rmdir, self.folder_of_server)
        self.addCleanup(subprocess.run, ['umount', self.folder_of_server])
        super().setUp()

    test_it_dies_at_random_moments = test_flipped_bits = None

    def test_a_full_disk(self):
        filler = pathlib.Path(self.folder_of_server) / 'filler'
        self.run_isnad('add', self.pages('first.jsonl', range(20)))
        rounds = 2 * min(SOAK, 10)
        for n in range(rounds):
            room = os.statvfs(self.folder_of_server)
            filler.write_bytes(bytes(max(0, room.f_bavail * room.f_frsize - self.draw.randrange(1, 6) * 2**20)))
            done = self.run_isnad('add', self.pages('more.jsonl', range(20, 4000)), code=None)
            self.assertIn(done.returncode, (4, 6), done.error)
            self.assertIn('isnad: ledger postgresql://', done.error)
            filler.unlink()
            if self.server.process.poll() is not None:  # it gives up where its own log cannot be written
                self.server.start()
            self.run_isnad('verify')
            self.assertTrue({f'p{i}' for i in range(20)} <= self.documents())
            self.ledger.forget()
            self.ledger = stores.DatabaseLedger()
            self.run_isnad('add', self.pages('first.jsonl', range(20)))
        self.tell('full disks under a server', rounds=rounds)


if __name__ == '__main__':
    if not postgres_server.programs():
        print('no PostgreSQL server is installed (make setup-dev)')
        sys.exit(77)
    sys.exit(main())
