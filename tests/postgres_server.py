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
import subprocess
import sys
import tempfile
import time

# Nothing of it outlives the tests: no disk has to be waited for. Old parts of its log are removed, not kept for use.
SETTINGS = {'listen_addresses': "''", 'fsync': 'off', 'synchronous_commit': 'off', 'full_page_writes': 'off',
            'wal_recycle': 'off', 'min_wal_size': '32MB', 'max_connections': '40', 'shared_buffers': '64MB'}


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


def main():
    folder, bin, user = pathlib.Path(tempfile.mkdtemp(prefix='isnad-pg-')), programs(), unprivileged()
    if not bin:
        print('no PostgreSQL server is installed (make setup-dev)')
        return 77
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    how = dict(user=user.pw_uid, group=user.pw_gid, extra_groups=[]) if user else {}
    environment = {'PATH': os.environ['PATH'], 'LC_ALL': 'C.UTF-8', 'HOME': str(folder)}

    def run(*words):
        done = subprocess.run([str(bin / words[0]), *words[1:]], cwd=folder, env=environment, capture_output=True,
                              text=True, stdin=subprocess.DEVNULL, **how)
        if done.returncode:
            sys.exit(f'{words[0]}: {done.stderr or done.stdout}')

    try:
        run('initdb', '-D', folder / 'data', '-U', 'isnad', '-A', 'trust', '-E', 'UTF8', '--locale', 'C.UTF-8', '-k',
            '--no-sync')
        with open(folder / 'data' / 'postgresql.conf', 'a') as settings:
            settings.write(''.join(f'{name} = {value}\n' for name, value in SETTINGS.items()))
            settings.write(f"unix_socket_directories = '{folder}'\n")
        with open(folder / 'log', 'w') as log:
            if user:
                os.chown(folder / 'log', user.pw_uid, user.pw_gid)
            server = subprocess.Popen([str(bin / 'postgres'), '-D', str(folder / 'data')], cwd=folder, env=environment,
                                      stdin=subprocess.DEVNULL, stdout=log, stderr=log, **how)
        try:
            for _ in range(200):
                ready = subprocess.run([str(bin / 'pg_isready'), '-q', '-h', str(folder)], env=environment)
                if ready.returncode == 0:
                    break
                if server.poll() is not None:
                    sys.exit((folder / 'log').read_text())
                time.sleep(0.05)
            run('createdb', '-h', folder, '-U', 'isnad', 'isnad_template')
            run('psql', '-q', '-h', folder, '-U', 'isnad', '-d', 'isnad_template', '-c', 'CREATE EXTENSION postgis')
            return subprocess.run(sys.argv[1:], env={**os.environ, 'ISNAD_TEST_SERVER': str(folder)}).returncode
        finally:
            server.terminate()
            server.wait(timeout=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == '__main__':
    sys.exit(main())
