#!/usr/bin/env python3
"""Builds the tests with sanitizers and counters, runs everything that can fail, and adds it up.

Three kinds of runner are understood: cmocka programs and scripts registered with Meson, the scorers of
eval/ (which hold floors), and whatever prints a last line "N passed, N failed". The last line of this
program is the sum of all of them; its exit status says whether anything failed.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / 'build-test'
SETUP = ['-Db_sanitize=address,undefined', '-Dcounters=true', '-Dtests=enabled',
         '-Ddebug=false', '-Doptimization=1', '-Dc_args=-g1 -fno-omit-frame-pointer'] # lines for stacks are enough
SEED = re.compile(r'(?:ISNAD_SEED=|\bseed )(\d+)')
CLOSING = re.compile(r'^(\d+) passed, (\d+) failed$', re.MULTILINE)


def shown(name, passed, failed, seconds):
    verdict = 'ok  ' if not failed else 'FAIL'
    print(f'{verdict} {name:<28} {passed:6} passed {failed:4} failed {seconds:8.1f} s', flush=True)
    return passed, failed


def count_output(output, succeeded):
    """(passed, failed) from what a test program printed."""
    closing = CLOSING.findall(output)
    if closing:
        passed, failed = map(int, closing[-1])
    elif '[ RUN      ]' in output:
        passed = output.count('[       OK ]')
        skipped = set(re.findall(r'^\[  SKIPPED \] ([a-z_0-9]+)$', output, re.MULTILINE))  # told twice
        failed = output.count('[ RUN      ]') - passed - len(skipped)
    elif re.search(r'^Ran \d+ tests? in', output, re.MULTILINE):
        run = int(re.search(r'^Ran (\d+)', output, re.MULTILINE).group(1))
        failed = sum(map(int, re.findall(r'(?:failures|errors)=(\d+)', output)))
        passed = run - failed - sum(map(int, re.findall(r'\bskipped=(\d+)', output)))
    else:
        passed, failed = (1, 0) if succeeded else (0, 1)
    return passed, failed if succeeded else max(failed, 1)


def random_lines(name, output):
    """What a test says of its random part: lines "soak: WHAT: COUNTS, seed N", else those that name a seed."""
    told = [line.split('soak: ', 1)[1] for line in output.splitlines() if 'soak: ' in line]
    seeds = {seed for line in told for seed in SEED.findall(line)}
    told += [line for line in output.splitlines() if 'ISNAD_SEED=' in line and not seeds & set(SEED.findall(line))]
    return [f'{name}: {line.strip()}' for line in told]


def build(jobs):
    if not (BUILD / 'build.ninja').exists():
        done = subprocess.run(['meson', 'setup', str(BUILD), *SETUP], cwd=ROOT, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            print(done.stdout)
            return False
    done = subprocess.run(['ninja', '-C', str(BUILD), '-j', str(jobs)], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode:
        print(done.stdout[-20000:])
    return done.returncode == 0


def run_meson(options):
    command = ['meson', 'test', '-C', str(BUILD), '--no-rebuild', '--num-processes', str(options.jobs),
               '--timeout-multiplier', str(options.timeout_multiplier), *options.names]
    log = BUILD / 'meson-logs' / 'testlog.json'
    log.unlink(missing_ok=True)
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    results, told = [], []
    for test in map(json.loads, log.read_text().splitlines() if log.exists() else []):
        if test['result'] == 'SKIP':
            print(f'skip {test["name"]}')
            continue
        output = (test.get('stdout') or '') + (test.get('stderr') or '')
        passed, failed = count_output(output, test['result'] in ('OK', 'EXPECTEDFAIL'))
        if failed:
            print(f'---- {test["name"]}: {test["result"]}, exit status {test["returncode"]}')
            print('\n'.join(line for line in output.splitlines()
                            if not re.match(r'\[( RUN      |       OK )\]', line))[-20000:])
        name = test['name'].split(':')[-1].split(' / ')[-1]
        results.append(shown(name, passed, failed, test['duration']))
        told += random_lines(name, output)
    return results, told


def run_script(name, command):
    start = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(CLOSING.sub('', done.stdout).rstrip())
    return shown(name, *count_output(done.stdout, done.returncode == 0), time.monotonic() - start)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('names', nargs='*', help='only these test programs')
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('--timeout-multiplier', type=float, default=1)
    parser.add_argument('--no-eval', action='store_true', help='only what Meson runs')
    options = parser.parse_args()
    start, told = time.monotonic(), []
    if not build(options.jobs):
        results = [shown('build', 0, 1, time.monotonic() - start)]
    else:
        results, told = run_meson(options)
        results = results or [shown('tests', 0, 1, 0)]
        if not options.no_eval and not options.names:
            program = str(ROOT / 'build' / 'isnad')
            results.append(run_script('install', ['tools/check_install.sh', 'build']))
            results.append(run_script('form of tests/reading', [sys.executable, 'tests/reading/check.py']))
            for name, scorer in (('tests/reading', 'score_reading.py'),
                                 ('tests/reading/passages', 'score_passages.py')):
                results.append(run_script(name, [sys.executable, f'eval/{scorer}', '--program', program]))
            results.append(run_script('eval', [sys.executable, 'eval/run.py', '--program', program,
                                               '--jobs', str(options.jobs)]))
    passed, failed = (sum(column) for column in zip(*results))
    if told and 'ISNAD_SOAK' in os.environ:
        print('what the random tests did (ISNAD_SEED=… runs one again):')
        print('\n'.join(f'  {line}' for line in told))
    print(f'in {(time.monotonic() - start) / 60:.1f} minutes')
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    os.environ.setdefault('PYTHONUTF8', '1')
    sys.exit(main())
