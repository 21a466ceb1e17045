"""Writes the JSON Schemas as C text, so that they are part of the library: embed.py OUT SCHEMA.json..."""
import json
import pathlib
import sys

target, sources = sys.argv[1], [pathlib.Path(name) for name in sys.argv[2:]]
lines = ["/* Made by src/schema/embed.py from the schemas beside it. */", '#include "schema/schemas.h"', "",
         "const schema_row schema_rows[] = {"]
for source in sources:
    text = source.read_text(encoding="utf-8")
    json.loads(text)
    lines.append(f'    {{"{source.stem}",')
    for line in text.splitlines():
        escaped = line.replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'     "{escaped}\\n"')
    lines.append("    },")
lines += ["    {0, 0},", "};", ""]
pathlib.Path(target).write_text("\n".join(lines), encoding="utf-8")
