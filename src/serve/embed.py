#!/usr/bin/env python3
"""Makes assets.c out of the files of the workspace: embed.py OUT.c PATH=FILE...

Each file is stored packed by gzip, as it is sent to whoever takes gzip, which every browser does.
"""
import gzip
import hashlib
import sys

TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}


def main():
    out, pairs = sys.argv[1], sys.argv[2:]
    lines = ['#include "serve/assets.h"', ""]
    rows = []
    for number, pair in enumerate(pairs):
        path, file = pair.split("=", 1)
        with open(file, "rb") as source:
            content = source.read()
        packed = gzip.compress(content, 9, mtime=0)
        tag = hashlib.sha256(content).hexdigest()[:16]
        lines.append(f"static const unsigned char file_{number}[] = {{")
        lines += [",".join(map(str, packed[at:at + 32])) + "," for at in range(0, len(packed), 32)]
        lines += ["};", ""]
        rows.append(f'    {{"{path}", "{TYPES[path.rsplit(".", 1)[1]]}", "\\"{tag}\\"", file_{number}, '
                    f'sizeof file_{number}, {len(content)}, NULL, 0, false}},')
    lines += ["const asset assets[] = {", *rows, "};", "const size_t asset_count = sizeof assets / sizeof *assets;", ""]
    with open(out, "w", encoding="utf-8") as target:
        target.write("\n".join(lines))


main()
