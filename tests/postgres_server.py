#!/usr/bin/env python3
"""Run a command beside a PostgreSQL server of its own.

usage: postgres_server.py COMMAND [ARGUMENT]...

The server is made from Debian's package in a temporary folder, as an unprivileged user, and listens on a socket there
alone. The command finds the folder in ISNAD_TEST_SERVER; `isnad_template` is a database with PostGIS to be copied.
Ends as the command does; 77 (skipped) where there is no server to be had.
"""
import glob
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

# Nothing of it outlives the tests: no disk has to be waited for, and what the operating system has is as good as
# written. Old parts of its log are removed, not kept for use.
SETTINGS = {'listen_addresses': "''", 'fsync': 'off', 'full_page_writes': 'off', 'wal_recycle': 'off',
            'min_wal_size': '32MB', 'max_connections': '40', 'shared_buffers': '64MB', 'restart_after_crash': 'off'}


def programs():
    found = sorted(glob.glob('/usr/lib/postgresql/*/bin/initdb'))
    return pathlib.Path(found[-1]).parent if found else None


def unprivileged():
    """The server does not run as root: whose name it may take there."""
    if os.getuid() != 0:
        return None
    for name in ('postgres', 'nobody'):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    sys.exit('no user to run PostgreSQL as')


class Server:
    def __init__(self, folder=None):
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix='isnad-pg-'))
        self.bin, self.user, self.process = programs(), unprivileged(), None
        self.data = self.folder / 'data'
        self.how = dict(user=self.user.pw_uid, group=self.user.pw_gid, extra_groups=[]) if self.user else {}
        self.environment = {'PATH': os.environ['PATH'], 'LC_ALL': 'C.UTF-8', 'HOME': str(self.folder)}
        self.own(self.folder)

    def own(self, path):
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def run(self, *words):
        done = subprocess.run([str(self.bin / words[0]), *map(str, words[1:])], cwd=self.folder, env=self.environment,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, **self.how)
        if done.returncode:
            raise RuntimeError(f'{words[0]}: {done.stderr or done.stdout}')

    def make(self):
        """The data with checksums, and the database that is copied; it runs then."""
        self.run('initdb', '-D', self.data, '-U', 'isnad', '-A', 'trust', '-E', 'UTF8', '--locale', 'C.UTF-8', '-k',
                 '--no-sync')
        with open(self.data / 'postgresql.conf', 'a') as settings:
            settings.write(''.join(f'{name} = {value}\n' for name, value in SETTINGS.items()))
            settings.write(f"unix_socket_directories = '{self.folder}'\n")
        self.start()
        self.run('createdb', '-h', self.folder, '-U', 'isnad', 'isnad_template')
        self.run('psql', '-q', '-h', self.folder, '-U', 'isnad', '-d', 'isnad_template', '-c', 'CREATE EXTENSION postgis')

    def start(self):
        with open(self.folder / 'log', 'a') as log:
            self.own(self.folder / 'log')
            self.process = subprocess.Popen([str(self.bin / 'postgres'), '-D', str(self.data)], cwd=self.folder,
                                            env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            start_new_session=True, **self.how)
        for _ in range(600):
            ready = subprocess.run([str(self.bin / 'pg_isready'), '-q', '-h', str(self.folder)], env=self.environment)
            if ready.returncode == 0:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError((self.folder / 'log').read_text()[-2000:])

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # fast: clients are sent away
            self.process.wait(timeout=60)

    def crash(self):
        """All its processes die at once, as where the machine does."""
        children = subprocess.run(['pgrep', '-P', str(self.process.pid)], capture_output=True, text=True).stdout.split()
        for pid in [self.process.pid, *map(int, children)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()
        for pid in map(int, children):
            while os.path.exists(f'/proc/{pid}'):
                time.sleep(0.01)

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def main():
    if not programs():
        print('no PostgreSQL server is installed (make setup-dev)')
        return 77
    server = Server()
    try:
        server.make()
        return subprocess.run(sys.argv[1:], env={**os.environ, 'ISNAD_TEST_SERVER': str(server.folder)}).returncode
    except RuntimeError as fault:
        sys.exit(str(fault))
    finally:
        server.remove()


if __name__ == '__main__':
    sys.exit(main())
