#!/usr/bin/env python3
"""Makes assets.c out of the files of the workspace.

embed.py OUT.c --source ROOT [--plain] [--work FOLDER --depfile FILE]

Where Node and npm are there, the packages of web/package-lock.json are put into web/node_modules (once for all build
folders, behind a lock), web/build.mjs builds the workspace into FOLDER, and its files are linked in. Where they are not,
or the packages cannot be fetched, or with --plain, web/plain is linked in as it stands: the first page, which needs no
build step.

Each file is stored packed by gzip and, where build.mjs left a .br beside it, by Brotli, as it is sent to whoever takes
that, which every browser does.
"""
import argparse
import fcntl
import gzip
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys

NODE_AT_LEAST = (18, 18)
TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
}
HASHED = re.compile(r"-[0-9A-Z]{8}\.\w+$")
BYTES_A_LINE = 4096


class Without(Exception):
    """Why the workspace is not built."""


def node_program():
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise Without("node and npm are not installed")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    numbers = tuple(map(int, re.findall(r"\d+", version)[:2]))
    if numbers < NODE_AT_LEAST:
        raise Without(f"node {version.strip()} is older than {'.'.join(map(str, NODE_AT_LEAST))}")
    return node, npm


def install_packages(web, npm, log):
    """web/node_modules as the lock file says; what is right already is left."""
    modules = web / "node_modules"
    wanted = hashlib.sha256((web / "package-lock.json").read_bytes()).hexdigest()
    stamp = modules / ".isnad-lock"
    with open(web / ".packages.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
            return
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline",
                   "--fetch-retries=1", "--fetch-timeout=20000"]
        try:
            with open(log, "wb") as words:
                done = subprocess.run(command, cwd=web, stdout=words, stderr=words, timeout=600, check=False)
        except subprocess.TimeoutExpired:
            raise Without("npm ci took longer than 10 minutes") from None
        if done.returncode:
            raise Without(f"npm ci could not fetch the packages (its words are in {log})")
        stamp.write_text(wanted, encoding="ascii")


def build_workspace(root, work):
    node, npm = node_program()
    work.mkdir(parents=True, exist_ok=True)
    install_packages(root / "web", npm, work.parent / "npm.log")
    done = subprocess.run([node, "build.mjs", "--out", str(work)], cwd=root / "web", check=False)
    if done.returncode:
        sys.exit("web/build.mjs failed")  # a fault of the sources, not of the machine
    return work


def inputs(root):
    web = root / "web"
    found = [web / name for name in ("package.json", "package-lock.json", "build.mjs", "icon.svg")]
    for folder in ("src", "messages"):
        found += [path for path in (web / folder).rglob("*")]  # folders too: a new file changes its folder
        found.append(web / folder)
    return [path for path in found if not path.name.startswith(".")]


def files_of(folder):
    return {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix != ".br" and path.suffix[1:] in TYPES}


def literal(content):
    """C string literals of the bytes: compiled many times faster than a list of numbers."""
    escaped = [f"\\{byte:03o}" for byte in range(256)]
    for byte in range(32, 127):
        escaped[byte] = chr(byte)
    for sign in "\"\\?":
        escaped[ord(sign)] = f"\\{ord(sign):03o}"
    return "\n".join('    "' + "".join(map(escaped.__getitem__, content[at:at + BYTES_A_LINE])) + '"'
                     for at in range(0, len(content), BYTES_A_LINE))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--work", type=pathlib.Path)
    parser.add_argument("--depfile", type=pathlib.Path)
    options = parser.parse_args()
    folder = options.source / "web" / "plain"
    if not options.plain:
        try:
            folder = build_workspace(options.source, options.work.absolute())
        except Without as why:
            print(f"note: the workspace is not built, since {why}; the plain page of web/plain is served instead "
                  f"(`rm {os.path.relpath(options.out, options.source)}` and build again to try once more)")
    files = files_of(folder)
    maps = options.source / "data" / "map"
    if folder == options.source / "web" / "plain":
        files["map.json"] = maps / "base.json"
    else:
        files |= {name: maps / name for name in ("map.json", "map-labels.json")}
    lines, rows = ['#include "serve/assets.h"', ""], []
    for number, (path, file) in enumerate(files.items()):
        content = file.read_bytes()
        zipped = gzip.compress(content, 9, mtime=0)
        lines += [f"static const unsigned char gzip_{number}[] =", literal(zipped) + ";"]
        brotli = pathlib.Path(str(file) + ".br")
        packed = brotli.read_bytes() if brotli.exists() else b""
        if packed:
            lines += [f"static const unsigned char brotli_{number}[] =", literal(packed) + ";"]
        tag = hashlib.sha256(content).hexdigest()[:16]
        forever = "true" if HASHED.search(path) else "false"
        rows.append(f'    {{"{path}", "{TYPES[file.suffix[1:]]}", "\\"{tag}\\"", gzip_{number}, {len(zipped)}, {len(content)}, '
                    f'{f"brotli_{number}" if packed else "NULL"}, {len(packed)}, {forever}}},')
    lines += ["const asset assets[] = {", *rows, "};", "const size_t asset_count = sizeof assets / sizeof *assets;", ""]
    options.out.write_text("\n".join(lines), encoding="utf-8")
    if options.depfile:
        needed = " ".join(str(path).replace(" ", "\\ ") for path in [*inputs(options.source), *files_of(options.source / "web" / "plain").values()])
        options.depfile.write_text(f"{options.out}: {needed}\n", encoding="utf-8")


main()
