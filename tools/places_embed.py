#!/usr/bin/env python3
"""Writes the header that names a compiled gazetteer to src/places/builtin.c: places_embed.py GAZETTEER HEADER."""
import hashlib
import os
import sys

gazetteer, header = sys.argv[1:]
with open(gazetteer, "rb") as file:
    digest = hashlib.sha256(file.read()).hexdigest()
with open(header, "w", encoding="utf-8") as out:
    out.write("/* %s */\n#define PLACES_FILE \"%s\"\n" % (digest, os.path.abspath(gazetteer).replace("\\", "/")))
