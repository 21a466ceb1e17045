"""What the tests of the command share: running it, in a pipe or on a terminal, in a folder of its own."""
import contextlib
import io
import json
import os
import pathlib
import pty
import select
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / 'tests'))
import stores  # noqa: E402
PROGRAM = os.environ.get('ISNAD_PROGRAM', str(ROOT / 'build' / 'isnad'))
SAMPLES = ROOT / 'examples' / 'pages'

PAGE = '''<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>13 قتيلاً في غارة على الرقة</title>
<meta property="article:published_time" content="2026-01-14T09:30:00+03:00"></head><body><article>
<h1>13 قتيلاً في غارة على الرقة</h1>
<p>قال مصدر طبي إن 13 شخصاً قتلوا وأصيب 5 آخرون في غارة جوية استهدفت مدينة الرقة فجر الثلاثاء.</p>
<p>وأكد ناشطون محليون مقتل ما لا يقل عن 17 مدنياً في الغارة نفسها على الأحياء الشرقية من المدينة.</p>
</article></body></html>
'''
TEXT = 'قال مصدر طبي إن 13 شخصاً قتلوا وأصيب 5 آخرون في غارة جوية استهدفت مدينة الرقة فجر الثلاثاء.'


class Terminal:
    """What a run on a terminal printed, and how it ended."""

    def __init__(self, text, code):
        self.text, self.code = text, code


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='isnad-cli-'))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.ledger = stores.new_ledger(self.folder / 'test.ledger')
        if stores.SERVER:
            self.addCleanup(self.ledger.forget)

    def environment(self, **more):
        kept = {k: v for k, v in os.environ.items()
                if k in ('PATH', 'ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LD_LIBRARY_PATH', 'LSAN_OPTIONS')}
        return {**kept, 'HOME': str(self.folder), 'ISNAD_LEDGER': str(self.ledger), **more}

    def run_isnad(self, *arguments, stdin=b'', code=0, timeout=120, environment=None, **how):
        if isinstance(stdin, bytes):
            how['input'] = stdin
        else:
            how['stdin'] = stdin
        how.setdefault('stdout', subprocess.PIPE)
        done = subprocess.run([PROGRAM, *map(str, arguments)], stderr=subprocess.PIPE, timeout=timeout,
                              cwd=self.folder, env=environment or self.environment(), **how)
        done.error = done.stderr.decode('utf-8', 'replace')
        done.text = (done.stdout or b'').decode('utf-8', 'replace')
        self.assertNotIn('ERROR: AddressSanitizer', done.error)
        self.assertNotIn('runtime error:', done.error)
        if code is not None:
            self.assertEqual(done.returncode, code, f'{arguments}: {done.error}')
        return done

    def lines(self, *arguments, **how):
        """The JSON lines that a run printed."""
        return [json.loads(line) for line in self.run_isnad(*arguments, **how).text.split('\n') if line]

    def on_terminal(self, *arguments, environment=None, columns=100, keys=b'', seconds=60):
        """Runs the command on a pseudo-terminal, standard output and error both."""
        parent, child = pty.openpty()
        import fcntl
        import struct
        import termios
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack('HHHH', 40, columns, 0, 0))
        process = subprocess.Popen([PROGRAM, *map(str, arguments)], stdin=child, stdout=child, stderr=child,
                                   cwd=self.folder, env=environment or self.environment(TERM='xterm'))
        os.close(child)
        if keys:
            os.write(parent, keys)
        output, end = io.BytesIO(), time.monotonic() + seconds
        with contextlib.suppress(OSError):
            while time.monotonic() < end:
                if select.select([parent], [], [], 0.2)[0]:
                    chunk = os.read(parent, 65536)
                    if not chunk:
                        break
                    output.write(chunk)
                elif process.poll() is not None:
                    break
        os.close(parent)
        process.wait(timeout=seconds)
        return Terminal(output.getvalue().decode('utf-8', 'replace').replace('\r\n', '\n'), process.returncode)

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode('utf-8'))
        return path

    def one_line_of_error(self, done):
        """A fault is told in exactly one clear line."""
        lines = done.error.splitlines()
        self.assertEqual(len(lines), 1, done.error)
        self.assertTrue(lines[0].startswith('isnad: '), lines[0])
        return lines[0]


def main():
    """Runs the tests of the script that calls it; what it ends with."""
    result = unittest.main(verbosity=1, exit=False).result
    failed = len(result.failures) + len(result.errors)
    print(f'{result.testsRun - failed - len(result.skipped)} passed, {failed} failed')
    return 1 if failed else 0
