#!/usr/bin/env python3
"""Start and end of `isnad read` on one page, beside others that start and end, in the same run.

usage: start.py PROGRAM PAGE      The median of 30 runs of each, taken in turns so that all see the same machine.
"""
import os
import shutil
import statistics
import subprocess
import sys
import time

RUNS = 30


def once(command):
    start = time.perf_counter()
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    return 1000 * (time.perf_counter() - start)


def main():
    program, page = sys.argv[1:3]
    python = os.path.realpath(sys.executable)
    rows = [
        ('isnad read, one page', [program, 'read', '--format', 'jsonl', page]),
        ('isnad version', [program, 'version']),
        ("python3 -c ''", [python, '-c', '']),
        ('python3 -c "import json, html.parser"', [python, '-c', 'import json, html.parser']),
        ('cat, the same page', [shutil.which('cat'), page]),
    ]
    times = {name: [] for name, _ in rows}
    for _ in range(RUNS + 1):
        for name, command in rows:
            times[name].append(once(command))
    ours = statistics.median(times[rows[0][0]][1:])
    print(f'Start and end, median of {RUNS} runs, milliseconds (budget of the first: 20)')
    for name, _ in rows:
        median = statistics.median(times[name][1:])
        print(f'{name:<40} {median:8.1f}   isnad read takes {ours / median:5.2f} times as long')


main()
