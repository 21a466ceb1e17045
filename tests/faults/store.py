"""A store to test on: where a new ledger is, and how an older one is made. SQLite's file, or
a database of the server that tests run beside."""
import os
import pathlib
import sqlite3
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / 'tests'))
import stores  # noqa: E402


class File:
    """A ledger in one file, in a folder of its own."""

    def __init__(self, folder):
        self.folder, self.made = pathlib.Path(folder), 0

    def new(self):
        """The place of a ledger that is not there yet."""
        self.made += 1
        return str(self.folder / f'store-{self.made}.ledger')

    def copy(self, place):
        """Another ledger that is the same to the byte; nobody has it open."""
        other = self.new()
        for tail in ('', '-wal'):
            if os.path.exists(place + tail):
                pathlib.Path(other + tail).write_bytes(pathlib.Path(place + tail).read_bytes())
        return other

    def drop(self, place):
        for tail in ('', '-wal', '-shm', '-journal'):
            pathlib.Path(place + tail).unlink(missing_ok=True)

    def make_old(self, place):
        """As the first version of the program wrote it."""
        with sqlite3.connect(place) as database:
            database.executescript((ROOT / 'tests' / 'ledger' / 'schema_1.sql').read_text(encoding='utf-8'))
        database.close()


class Server:
    """Databases of the server that tests/postgres_server.py started."""

    def __init__(self, folder):
        self.made = {}

    def keep(self, ledger):
        self.made[str(ledger)] = ledger
        return str(ledger)

    def new(self):
        return self.keep(stores.DatabaseLedger())

    def copy(self, place):
        """A client that was killed may still be taken leave of."""
        return self.keep(stores.DatabaseLedger(self.made[place].name))

    def drop(self, place):
        self.made.pop(place).forget()

    def make_old(self, place):
        raise unittest.SkipTest('there is no older schema on a server yet')


def store(folder):
    return Server(folder) if stores.SERVER else File(folder)
