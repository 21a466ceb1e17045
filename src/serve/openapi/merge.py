#!/usr/bin/env python3
"""Puts the fragments of the API's description together, as C text: merge.py OUT.c FRAGMENT.json... -- SCHEMA.json...

A fragment has paths and components. Every operation gets what all have in common: the answer to what fails. Schemas of
src/schema become components under their names; what they define for themselves, NAME_of_it.
"""
import json
import pathlib
import sys


def moved(node, name):
    """References within a schema file, as they are among the components."""
    if isinstance(node, list):
        return [moved(each, name) for each in node]
    if not isinstance(node, dict):
        return node
    out = {key: moved(value, name) for key, value in node.items() if key not in ("$defs", "$schema", "$id")}
    if isinstance(out.get("$ref"), str):
        out["$ref"] = out["$ref"].replace("#/$defs/", f"#/components/schemas/{name}_")
        if out["$ref"] == "#":
            out["$ref"] = f"#/components/schemas/{name}"
    return out


def add(into, new, where):
    for key, value in new.items():
        if key in into:
            sys.exit(f"{where}: {key} is described already")
        into[key] = value


def main():
    target, names = sys.argv[1], sys.argv[2:]
    fragments, schemas = names[:names.index("--")], names[names.index("--") + 1:]
    whole = {"paths": {}, "components": {}}
    for path in sorted(fragments, key=lambda path: (pathlib.Path(path).name != "base.json", path)):
        part = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
        for address, operations in part.pop("paths", {}).items():
            add(whole["paths"].setdefault(address, {}), operations, f"{path}: {address}")
        for kind, entries in part.pop("components", {}).items():
            add(whole["components"].setdefault(kind, {}), entries, path)
        add(whole, part, path)
    for path in schemas:
        name, schema = pathlib.Path(path).stem, json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
        for key, value in schema.get("$defs", {}).items():
            add(whole["components"]["schemas"], {f"{name}_{key}": moved(value, name)}, path)
        add(whole["components"]["schemas"], {name: moved(schema, name)}, path)
    for operations in whole["paths"].values():
        for operation in operations.values():
            operation["responses"].setdefault("default", {"$ref": "#/components/responses/failed"})
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
    lines = ["/* Made by merge.py from the fragments beside it. */", '#include "serve/routes.h"', "",
             "static const unsigned char text[] = {"]
    lines += [",".join(map(str, text[at:at + 32])) + "," for at in range(0, len(text), 32)]
    lines += ["};", "const str openapi_text = {(const char *)text, sizeof text};", ""]
    pathlib.Path(target).write_text("\n".join(lines), encoding="utf-8")


main()
