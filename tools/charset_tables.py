#!/usr/bin/env python3
"""Compile what is known of encodings (data/page/charsets, encodings, guesses, letter_pairs .tsv) into C tables.

usage: charset_tables.py DATA_FOLDER OUT.c

The code pages of single bytes are Python's codecs, with the differences that encodings.tsv names. An unknown name or a
missing column ends the build with file and line.
"""
import os
import sys

import tsv

DATA, OUT = sys.argv[1:3]
BAD = 0xFFFD
# How a letter, or what is none, is seen by the costs of pairs; the same list as in src/page/charset_tables.h.
BREAK, ASCII_LETTER, FOREIGN, PUNCTUATION, SYMBOL, CONTROL, MARK, FIRST_LETTER = range(8)
LOWER, UPPER = 1, 2
PUNCTUATION_MARKS = set('«»“”‘’‚„–—…،؛؟•·°\u00a0\u200c\u200d\u200e\u200f')
# Costs in half bits, where pairs of letters are not counted: of a class after whatever stands before.
INTO = {ASCII_LETTER: 24, FOREIGN: 26, PUNCTUATION: 10, SYMBOL: 26, CONTROL: 44, MARK: 16}
# Marks that belong on a letter and signs that do not, where it is the other way.
MISPLACED = {MARK: 44, SYMBOL: 34}
# A letter after one of these costs what it costs at the beginning of a word, and this.
AFTER = {ASCII_LETTER: 24, FOREIGN: 14, PUNCTUATION: 2, SYMBOL: 10, CONTROL: 10, MARK: 4}


def rows(name, *columns):
    path = os.path.join(DATA, name)
    for number, cells in tsv.rows(path, *columns):
        yield f'{path}:{number}', cells


def code_page(codec, but):
    page = []
    for byte in range(0x80, 0x100):
        try:
            page.append(ord(bytes([byte]).decode(codec)))
        except UnicodeDecodeError:
            page.append(byte if byte < 0xA0 else BAD)
    for one in but.split() if but != '-' else []:
        byte, code = (int(x, 16) for x in one.split('='))
        page[byte - 0x80] = code
    return page


class Letters:
    """The costs of one language's pairs: a square of classes."""

    def __init__(self):
        self.rows, self.index = {}, {}

    def finish(self):
        self.index = {c: FIRST_LETTER + i for i, c in enumerate(sorted(set(self.rows) - {'_'}))}
        self.index['_'] = BREAK
        self.latin = 'e' in self.index
        self.size = FIRST_LETTER + len(self.rows) - 1

    def cost(self, before, after):
        if before in self.rows and after in self.index:
            rest, pairs = self.rows[before]
            return 4 if (before, after) == ('_', '_') else pairs.get(after, rest)
        if after in self.index:
            return 4 if after == '_' else min(60, AFTER[before] + self.cost('_', after))
        on_letter = before in self.rows and before != '_' or before in (ASCII_LETTER, MARK)
        is_misplaced = after == SYMBOL and on_letter or after == MARK and (not on_letter or before == ASCII_LETTER)
        return MISPLACED[after] if is_misplaced else INTO[after]

    def matrix(self):
        names = {v: k for k, v in self.index.items()}
        keys = [names.get(i, i) for i in range(self.size)]
        return [[self.cost(b, a) for a in keys] for b in keys]

    def class_of(self, byte, code):
        c = chr(code)
        if byte >= 0x80 and code < 0x80:
            return PUNCTUATION  # Mac Arabic has signs of ASCII a second time, for text from right to left
        if c.lower() in self.index and c != '_':
            return self.index[c.lower()]
        if code < 0x80:
            return ASCII_LETTER if c.isalpha() else BREAK
        if code == BAD or 0x80 <= code < 0xA0:
            return CONTROL
        if 0x64B <= code <= 0x652 or code == 0x640:
            return MARK
        return PUNCTUATION if c in PUNCTUATION_MARKS else FOREIGN if c.isalpha() else SYMBOL


def case_of(code):
    c = chr(code)
    return 0 if not c.isalpha() or c.lower() == c.upper() else UPPER if c != c.lower() else LOWER


def numbers(values, width=24):
    values = [str(v) for v in values]
    return ',\n    '.join(', '.join(values[i:i + width]) for i in range(0, len(values), width))


def main():
    out = ['/* Made by tools/charset_tables.py; not for editing. */', '#include "page/charset_tables.h"', '']
    encodings, pages = [], []
    for where, (name, decoder, codec, but) in rows('encodings.tsv', 'encoding', 'decoder', 'codec', 'but'):
        page = -1
        if decoder == 'bytes':
            page = len(pages)
            pages.append(code_page(codec, but))
        encodings.append((name, decoder, codec if decoder == 'icu' else None, page))
    index = {e[0]: i for i, e in enumerate(encodings)}
    out.append('static const uint16_t code_pages[][128] = {')
    out += ['    {' + numbers(p, 16) + '},' for p in pages]
    out.append('};\n')
    out.append('const encoding encodings[] = {')
    for name, decoder, codec, page in encodings:
        converter = f'"{codec}"' if codec else 'NULL'
        table = f'code_pages[{page}]' if page >= 0 else 'NULL'
        out.append(f'    {{"{name}", DECODER_{decoder.upper().replace("-", "_")}, {converter}, {table}}},')
    out.append('};')
    out.append(f'const size_t encoding_count = {len(encodings)};\n')

    labels = {}
    for where, (label, encoding) in rows('charsets.tsv', 'label', 'encoding'):
        if label in labels or encoding not in index:
            sys.exit(f'{where}: {label} is told twice, or {encoding} is no encoding')
        labels[label] = encoding
    out.append('const encoding_label encoding_labels[] = {')
    out += [f'    {{"{label}", &encodings[{index[labels[label]]}]}},' for label in sorted(labels)]
    out.append('};')
    out.append(f'const size_t encoding_label_count = {len(labels)};\n')

    letters = {}
    for where, (name, before, rest, pairs) in rows('letter_pairs.tsv', 'letters', 'before', 'rest', 'pairs'):
        listed = {p[0]: int(p[1:]) for p in pairs.split()}
        letters.setdefault(name, Letters()).rows[before] = (int(rest), listed)
    for name, one in letters.items():
        one.finish()
        out.append(f'static const unsigned char costs_{name}[{one.size} * {one.size}] = {{\n    '
                   + numbers(sum(one.matrix(), [])) + '};')
    guesses, cases = [], {}
    for where, (encoding, name, handicap) in rows('guesses.tsv', 'encoding', 'letters', 'handicap'):
        if encoding not in index or encodings[index[encoding]][3] < 0 or name not in letters:
            sys.exit(f'{where}: {encoding} is no encoding of single bytes, or there are no letters named {name}')
        codes = list(range(128)) + pages[encodings[index[encoding]][3]]
        if encoding not in cases:
            cases[encoding] = f'case_{len(cases)}'
            out.append(f'static const unsigned char {cases[encoding]}[256] = {{\n    ' + numbers(map(case_of, codes)) + '};')
        classes = f'classes_{len(guesses)}'
        out.append(f'static const unsigned char {classes}[256] = {{\n    ' + numbers(map(letters[name].class_of, range(256), codes)) + '};')
        guesses.append(f'    {{&encodings[{index[encoding]}], {classes}, {cases[encoding]}, costs_{name}, '
                       f'{letters[name].size}, {2 * int(handicap)}, "{name}"}},')
    out.append('const encoding_guess encoding_guesses[] = {\n' + '\n'.join(guesses) + '\n};')
    out.append(f'const size_t encoding_guess_count = {len(guesses)};')
    open(OUT, 'w', encoding='utf-8').write('\n'.join(out) + '\n')


main()
