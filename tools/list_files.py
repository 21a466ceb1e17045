#!/usr/bin/env python3
"""usage: list_files.py FOLDER PATTERN...    prints the files under FOLDER that match, sorted, one a line (for the build)"""
import glob
import os
import sys

folder = sys.argv[1]
for name in sorted(n for p in sys.argv[2:] for n in glob.glob(os.path.join(folder, p))):
    print(name)
