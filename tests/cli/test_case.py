"""The case of docs/case.md, command by command, with what each is to print."""
import os
import re
import subprocess
import unittest

import support

PAGE = support.ROOT / 'docs' / 'case.md'
END = '\x1e'


def commands():
    """(line, command, expected lines) of every block of the page."""
    found, inside = [], False
    for number, line in enumerate(PAGE.read_text(encoding='utf-8').splitlines(), 1):
        if line.startswith('```'):
            inside = line == '```console'
        elif inside and line.startswith('$ '):
            found.append((number, [line[2:]], []))
        elif inside and line.startswith('> '):
            found[-1][1].append(line[2:])
        elif inside:
            found[-1][2].append(line)
    return [(number, '\n'.join(lines), expected) for number, lines, expected in found]


def agrees(expected, printed):
    """Whether what was printed is as expected: … stands for anything in a line, and alone for any lines."""
    pattern = ''.join(r'(?:.*\n)*' if line == '…' else '.*'.join(map(re.escape, line.split('…'))) + r'\n'
                      for line in expected)
    return re.fullmatch(pattern, printed) is not None


class Case(support.Case):
    def test_the_case_runs_as_it_is_told(self):
        program = self.folder / 'bin' / 'isnad'
        program.parent.mkdir()
        program.symlink_to(support.PROGRAM)
        (program.parent / 'isnad-new').symlink_to(os.environ['ISNAD_NEW'])
        (self.folder / 'tools').symlink_to(support.ROOT / 'tools')
        environment = self.environment(PATH=f'{program.parent}:/usr/local/bin:/usr/bin:/bin', LC_ALL='C.UTF-8')
        told = commands()
        if support.stores.SERVER:
            told = [(number, command.replace('LEDGER=case.ledger', f"LEDGER='{self.ledger}'")
                     .replace('cp case.ledger', 'isnad ledger copy "$ISNAD_LEDGER"'), ['…'] if command.startswith('cp case') else expected)
                    for number, command, expected in told if 'grep -c Haddad case.ledger' not in command]
        script = 'exec 2>&1\n' + ''.join(f'{command}\nprintf "{END}%s{END}" "$?"; (exit $__last)\n'.replace(
            'printf', '__last=$?; printf', 1) for _, command, _ in told)
        done = subprocess.run(['bash', '-c', script], cwd=self.folder, env=environment, capture_output=True, text=True,
                              timeout=300)
        parts = done.stdout.split(END)[:-1]
        self.assertEqual(len(parts), 2 * len(told), done.stdout + done.stderr)
        for (number, command, expected), printed in zip(told, parts[::2]):
            printed = printed.replace('\u2068', '').replace('\u2069', '')
            if not agrees(expected, printed):
                wanted = '\n'.join(expected)
                self.fail(f'{PAGE}:{number}: {command}\nprinted:\n{printed}\nexpected:\n{wanted}')
        self.assertGreater(len(told), 60)


if __name__ == '__main__':
    unittest.main()
