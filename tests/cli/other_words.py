"""The tables of words and rules with the line more that docs/case.md adds to them: for the program of its second reading.

    other_words.py SOURCE_ROOT lang_symbols.h OUT.c"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile


def main(root, symbols, out):
    root = pathlib.Path(root)
    file, lines = re.search(r'^```tsv (\S+)\n(.*?)^```$', (root / 'docs/case.md').read_text(encoding='utf-8'),
                            re.MULTILINE | re.DOTALL).groups()
    with tempfile.TemporaryDirectory() as folder:
        words = pathlib.Path(folder) / 'lang'
        shutil.copytree(root / 'lang', words)
        with open(words.parent / file, 'a', encoding='utf-8') as table:
            table.write(lines)
        made = pathlib.Path(folder) / 'lang_symbols.h'
        subprocess.run([sys.executable, root / 'tools/langc.py', words, made, out], check=True)
        if made.read_bytes() != pathlib.Path(symbols).read_bytes():
            sys.exit('docs/case.md: a line that adds a class or a feature: the program would have to be built anew')


if __name__ == '__main__':
    main(*sys.argv[1:])
