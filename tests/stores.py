"""The two stores that tests run over: a file (SQLite), and a database of the server that postgres_server.py started."""
import contextlib
import ctypes
import os
import pathlib
import shutil
import sqlite3
import time
import unittest
import uuid

# The folder of the server's socket; its data stand in `data` there.
SERVER = os.environ.get('ISNAD_TEST_SERVER')


def of_a_file(test):
    """A test of what only a file can suffer."""
    return unittest.skipIf(SERVER, 'a test of the ledger as a file')(test)


class FileLedger(type(pathlib.Path())):
    """A ledger in a file: a path, with what a database has too."""

    @contextlib.contextmanager
    def connected(self):
        database = sqlite3.connect(self)
        try:
            with database:
                yield database
        finally:
            database.close()

    def tables(self):
        with self.connected() as database:
            return [name for name, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
                    if not name.startswith('words')]

    refused = sqlite3.IntegrityError

    def unguard(self, database, table, trigger):
        database.execute(f'DROP TRIGGER {trigger}')

    def make_old(self):
        """As the first version of the program wrote it."""
        with self.connected() as database:
            database.executescript((pathlib.Path(__file__).parent / 'ledger/schema_1.sql').read_text(encoding='utf-8'))

    def remove(self):
        for path in self.parent.glob(self.name + '*'):
            path.unlink()

    def copied(self, name):
        """Another that is the same to the byte; nobody has it open."""
        copy = self.parent / name
        for tail in ('', '-wal'):
            with contextlib.suppress(FileNotFoundError):
                shutil.copy(f'{self}{tail}', f'{copy}{tail}')
        return copy

    keep = copied

    def put_back(self, name):
        self.remove()
        (self.parent / name).copied(self.name)

    def flush(self):
        """What was written stands in the store's files as it is."""

    def kept_bytes(self):
        """All that lies in the store's files."""
        with contextlib.suppress(FileNotFoundError):
            return b''.join(path.read_bytes() for path in sorted(self.parent.glob(self.name + '*')))
        return self.kept_bytes()


class Refused(Exception):
    """What the server said of a statement."""


class Rows:
    """A connection by libpq that takes statements as sqlite3 does."""

    BOOL, BYTES, NUMBERS, REALS = 16, 17, (20, 21, 23, 26), (700, 701)

    def __init__(self, database):
        self.lib = ctypes.CDLL('libpq.so.5')
        for name, gives in (('connectdb', ctypes.c_void_p), ('errorMessage', ctypes.c_char_p), ('exec', ctypes.c_void_p),
                            ('execParams', ctypes.c_void_p), ('resultErrorMessage', ctypes.c_char_p),
                            ('getvalue', ctypes.c_char_p), ('ftype', ctypes.c_uint)):
            getattr(self.lib, 'PQ' + name).restype = gives
        self.connection = ctypes.c_void_p(self.lib.PQconnectdb(f'host={SERVER} user=isnad dbname={database}'.encode()))
        if self.lib.PQstatus(self.connection) != 0:
            raise Refused(self.lib.PQerrorMessage(self.connection).decode())
        self.found = []
        self.execute('SET search_path = isnad, public')

    def value(self, result, row, column):
        if self.lib.PQgetisnull(result, row, column):
            return None
        text, kind = self.lib.PQgetvalue(result, row, column).decode(), self.lib.PQftype(result, column)
        if kind == self.BYTES:
            return bytes.fromhex(text[2:])
        if kind == self.BOOL:
            return text == 't'
        return int(text) if kind in self.NUMBERS else float(text) if kind in self.REALS else text

    def execute(self, query, values=()):
        parts = query.split('?')
        query = ''.join(part + (f'${n}' if n < len(parts) else '') for n, part in enumerate(parts, 1))
        given = [None if v is None else ('\\x' + v.hex()).encode() if isinstance(v, bytes) else str(v).encode()
                 for v in values]
        result = ctypes.c_void_p(self.lib.PQexecParams(
            self.connection, query.encode(), len(given), None, (ctypes.c_char_p * (len(given) + 1))(*given), None, None, 0))
        if self.lib.PQresultStatus(result) not in (1, 2):
            raise Refused(self.lib.PQresultErrorMessage(result).decode())
        self.found = [tuple(self.value(result, row, column) for column in range(self.lib.PQnfields(result)))
                      for row in range(self.lib.PQntuples(result))]
        self.lib.PQclear(result)
        return self

    def commit(self):
        """Each statement is a transaction of its own."""

    def fetchone(self):
        return self.found[0] if self.found else None

    def fetchall(self):
        return self.found

    def __iter__(self):
        return iter(self.found)

    def close(self):
        self.lib.PQfinish(self.connection)


class DatabaseLedger:
    """A ledger in a database of its own."""

    def __init__(self, template='isnad_template'):
        self.name = 'ledger_' + uuid.uuid4().hex[:12]
        self.kept, self.copies = set(), []
        for tries in range(600):  # who was killed a moment ago may still be in the one that is copied
            try:
                self.ask_server(f'CREATE DATABASE {self.name} TEMPLATE {template}')
                break
            except Refused:
                if tries == 599:
                    raise
                time.sleep(0.1)

    refused = Refused

    def __str__(self):
        return f'postgresql://isnad@/{self.name}?host={SERVER}'

    __fspath__ = __str__

    @staticmethod
    def ask_server(*statements):
        server = Rows('postgres')
        for statement in statements:
            server.execute(statement)
        server.close()

    @contextlib.contextmanager
    def connected(self):
        database = Rows(self.name)
        try:
            yield database
        finally:
            database.close()

    def tables(self):
        with self.connected() as database:
            return [name for name, in database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'isnad'")
                    if name != 'words']

    def unguard(self, database, table, trigger):
        database.execute(f'ALTER TABLE {table} DISABLE TRIGGER {trigger}')

    def exists(self):
        with self.connected() as database:
            return database.execute("SELECT to_regclass('isnad.capture') IS NOT NULL").fetchone()[0]

    def make_old(self):
        with self.connected() as database:
            script = (pathlib.Path(__file__).parent / 'ledger/postgres_5.sql').read_text(encoding='utf-8')
            for statement in script.strip().removesuffix(';').split(';\n'):
                database.execute(statement)

    def unlink(self, missing_ok=False):
        self.remove()
        self.ask_server(f'CREATE DATABASE {self.name} TEMPLATE isnad_template')

    def remove(self):
        self.ask_server(f'DROP DATABASE IF EXISTS {self.name} WITH (FORCE)')

    def forget(self):
        self.remove()
        for name in self.kept:
            self.ask_server(f'DROP DATABASE IF EXISTS {name} WITH (FORCE)')
        for copy in self.copies:
            copy.forget()

    def keep(self, name):
        copy = f'{self.name}_{name}'
        self.kept.add(copy)
        self.ask_server(f'DROP DATABASE IF EXISTS {copy}', f'CREATE DATABASE {copy} TEMPLATE {self.name}')

    def copied(self, name):
        self.copies.append(DatabaseLedger(self.name))
        return self.copies[-1]

    def put_back(self, name):
        self.remove()
        self.ask_server(f'CREATE DATABASE {self.name} TEMPLATE {self.name}_{name}')

    def flush(self):
        self.ask_server('CHECKPOINT')  # in the log it is cut by the heads of pages

    def kept_bytes(self):
        with self.connected() as database:
            number, = database.execute('SELECT oid FROM pg_database WHERE datname = current_database()').fetchone()
        data = pathlib.Path(SERVER) / 'data'
        return b''.join(path.read_bytes() for folder in (data / 'base' / str(number), data / 'pg_wal')
                        for path in sorted(folder.iterdir()) if path.is_file())


def new_ledger(path):
    return DatabaseLedger() if SERVER else FileLedger(path)
