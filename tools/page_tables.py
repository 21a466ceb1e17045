#!/usr/bin/env python3
"""Compile data/page/*.tsv, and the names of HTML's character references, into C tables.

usage: page_tables.py DATA_FOLDER OUT.c OUT.h

Every table is a hash table of words (open addressing; the hash of src/page/tables.c), each with a value and a second
number. Words are folded here as src/page/tables.c folds what it looks up. A word told twice in one table, an unknown
value or a missing column ends the build with file and line.
"""
import html.entities
import os
import sys

import tsv
from tsv import fail, literal

DATA, OUT_C, OUT_H = sys.argv[1:4]


def rows(name, *columns):
    return tsv.rows(os.path.join(DATA, name), *columns)


def fold(text):
    """ASCII to lower case; of Arabic, hamza forms to alef, teh marbuta to heh, alef maksura to yeh, no marks."""
    out = []
    for c in text:
        if 'A' <= c <= 'Z':
            c = c.lower()
        if c in 'أإآٱ':
            c = 'ا'
        elif c == 'ة':
            c = 'ه'
        elif c == 'ى':
            c = 'ي'
        if '\u064b' <= c <= '\u0652' or c in '\u0640\u0670\u200c\u200d\u200e\u200f':
            continue
        out.append(c)
    return ''.join(out)


def words_of(text):
    """Folded words with single spaces; a colon stands as a word of its own, other punctuation is nothing."""
    out = []
    for c in fold(text):
        out.append(c if c.isalnum() or c == '©' else f' {c} ' if c == ':' else '' if c in "'’" else ' ')
    return ' '.join(''.join(out).split())


def hash_of(key):
    """Eight bytes at a time, as word_hash of src/page/tables.c."""
    data = key.encode('utf-8')
    h = len(data)
    for at in range(0, len(data), 8):
        h = ((h ^ int.from_bytes(data[at:at + 8], 'little')) * 0x9e3779b97f4a7c15) & 0xffffffffffffffff
        h ^= h >> 32
    return h


def table(out, name, entries, lines=None):
    """entries: key -> (value, extra), both C expressions; lines: key -> the line that tells it."""
    size = 4
    while size < 2 * len(entries):
        size *= 2
    slots = [0] * size
    keys = list(entries)
    for index, key in enumerate(keys, 1):
        at = hash_of(key) & (size - 1)
        while slots[at]:
            at = (at + 1) & (size - 1)
        slots[at] = hash_of(key) >> 48 << 16 | index
    out.append(f'static const word_entry {name}_entries[] = {{')
    for key in keys:
        value, extra = entries[key]
        out.append(f'    {{{{{literal(key)}, {len(key.encode("utf-8"))}}}, {value}, {extra}}},')
    out.append('};')
    out.append(f'static const uint32_t {name}_slots[] = {{')
    for at in range(0, size, 8):
        out.append('    ' + ' '.join(f'{slot}u,' for slot in slots[at:at + 8]))
    out.append('};')
    line_numbers = 'NULL'
    if lines:
        line_numbers = f'{name}_lines'
        out.append(f'static const uint16_t {line_numbers}[] = {{' + ' '.join(f'{lines[key]},' for key in keys) + '};')
    longest = max(len(key.encode('utf-8')) for key in keys)
    out.append(f'const word_table {name} = {{{name}_entries, {name}_slots, {line_numbers}, {size - 1}, {longest}}};\n')


def eight(name):
    """The first eight bytes of a name as src/page/tables.h's name_key reads them."""
    return int.from_bytes(name.encode('ascii')[:8], 'little')


def name_table(out, name, entries, bits):
    """A table of names in ASCII, in any case, in which no two have one slot: key -> (value, extra)."""
    keys = list(entries)
    multiplier = 0x9e3779b97f4a7c15
    for _ in range(1000000):
        multiplier = (multiplier * 0x5851f42d4c957f2d + 0x14057b7ef767814f) & 0xffffffffffffffff | 1
        slots = {((eight(key) ^ len(key)) * multiplier & 0xffffffffffffffff) >> (64 - bits) for key in keys}
        if len(slots) == len(keys):
            break
    else:
        fail(name, 0, 'no multiplier gives each name a slot of its own: a larger table is needed')
    at = {((eight(key) ^ len(key)) * multiplier & 0xffffffffffffffff) >> (64 - bits): key for key in keys}
    out.append(f'static const name_entry {name}_slots[{1 << bits}] = {{')
    for slot in sorted(at):
        key = at[slot]
        value, extra = entries[key]
        out.append(f'    [{slot}] = {{{{{literal(key)}, {len(key)}}}, {eight(key)}u, {value}, {extra}}},')
    out.append('};')
    out.append(f'const name_table {name} = {{{name}_slots, {multiplier}u, {64 - bits}}};\n')


def add(entries, path, number, key, value, again=False):
    if key in entries and not again:
        fail(path, number, f'{key} is told twice')
    entries.setdefault(key, value)


def simple(name, key, value, prefix, extra=None, folded=words_of):
    """A table whose value is an enum constant; a word that folding makes equal to one of the same value is one."""
    entries, lines = {}, {}
    columns = [key, value] + ([extra] if extra else [])
    for number, cells in rows(name, *columns):
        word = folded(cells[0])
        told = (prefix + cells[1].upper(), (extra.upper() + '_' + cells[2].upper()) if extra else 0)
        if entries.get(word, told) != told:
            fail(os.path.join(DATA, name), number, f'{cells[0]} is told twice, differently')
        entries[word] = told
        lines.setdefault(word, number)
    return entries, lines


def constant(prefix, name):
    return f'{prefix}_{name.upper().replace("-", "_")}'


def main():
    c = ['/* Made by tools/page_tables.py; not for editing. */', '#include "page/tables.h"', '']
    tags, elements, element_lines = [], {}, {}
    for number, (element, what) in rows('elements.tsv', 'element', 'what'):
        flags = ' | '.join('ELEMENT_' + w.upper() for w in what.split() if w != '-') or '0'
        add(elements, 'elements.tsv', number, element, (f'TAG_{element.upper()}', flags))
        tags.append(element)
        element_lines[element] = number
    name_table(c, 'element_table', elements, 10)
    c.append('const char *const element_names[] = {"", ' + ', '.join(f'"{tag}"' for tag in tags) + '};')
    c.append('const uint16_t element_lines[] = {0, ' + ', '.join(str(element_lines[tag]) for tag in tags) + '};\n')
    attributes = {}
    for number, (attribute,) in rows('attributes.tsv', 'attribute'):
        add(attributes, 'attributes.tsv', number, attribute, (constant('ATTRIBUTE', attribute), 0))
    name_table(c, 'attribute_table', attributes, 8)
    cues, cue_lines = simple('cues.tsv', 'words', 'cue', 'CUE_', folded=str.lower)
    table(c, 'cue_table', cues, cue_lines)
    longest = {}
    for run in cues:
        words = run.split('-')
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    table(c, 'cue_first_table', {word: (count, 0) for word, count in longest.items()})
    phrases, phrase_lines = simple('phrases.tsv', 'phrase', 'effect', 'PHRASE_', 'place')
    table(c, 'phrase_table', phrases, phrase_lines)
    table(c, 'phrase_first_table', {phrase.split()[0]: (0, 0) for phrase in phrases})
    months = {}
    for number, (name, month, calendar, _) in rows('months.tsv', 'name', 'month', 'calendar', 'where'):
        value = (month, f'CALENDAR_{calendar.upper()}')
        if months.get(words_of(name), value) != value:
            fail('months.tsv', number, f'{name} is told twice, differently')
        months[words_of(name)] = value
    table(c, 'month_table', months)
    relatives = {}
    for number, (word, what, value, exact) in rows('relative.tsv', 'word', 'what', 'value', 'exact'):
        told = (f'RELATIVE_{what.upper()} | EXACT_{exact.upper()}' if exact != '-' else f'RELATIVE_{what.upper()}', value)
        if relatives.get(words_of(word), told) != told:
            fail('relative.tsv', number, f'{word} is told twice, differently')
        relatives[words_of(word)] = told
    table(c, 'relative_table', relatives)
    platforms = {}
    for number, (name,) in rows('platforms.tsv', 'platform'):
        add(platforms, 'platforms.tsv', number, words_of(name), (1, 0))
    table(c, 'platform_table', platforms)
    zones = {}
    for number, (name, minutes) in rows('zones.tsv', 'zone', 'minutes'):
        add(zones, 'zones.tsv', number, words_of(name), (minutes, 0))
    table(c, 'zone_table', zones)
    metas = {}
    for number, (name, field) in rows('meta.tsv', 'name', 'field'):
        add(metas, 'meta.tsv', number, name, (f'FIELD_{field.upper()}', len(metas)))
    table(c, 'meta_table', metas)
    languages, words, letters = [], {}, {}
    for number, (language, what, text, weight) in rows('languages.tsv', 'language', 'what', 'text', 'weight'):
        if language not in languages:
            languages.append(language)
        bit = 1 << languages.index(language)
        into = {'words': words, 'letters': letters}.get(what)
        if into is None:
            fail('languages.tsv', number, f'expected words or letters, found {what}')
        for item in (text.split() if what == 'words' else text):
            mask, old = into.get(fold(item), (0, 0))
            into[fold(item)] = (mask | bit, max(old, int(weight)))
    table(c, 'language_word_table', words)
    c.append('const letter_entry language_letters[0x100] = {')
    for letter, (mask, weight) in letters.items():
        if not 0x600 <= ord(letter) < 0x700:
            fail('languages.tsv', 0, f'{letter} is no letter from U+0600 to U+06FF')
        c.append(f'    [{ord(letter) - 0x600}] = {{{mask}, {weight}}},')
    c.append('};\n')
    c.append('const char *const language_names[] = {' + ', '.join(f'"{x}"' for x in languages) + '};\n')
    of_arabic_script, right_to_left = 0, {}
    for number, (language, script, direction) in rows('scripts.tsv', 'language', 'script', 'direction'):
        if direction not in ('ltr', 'rtl'):
            fail('scripts.tsv', number, f'expected ltr or rtl, found {direction}')
        add(right_to_left, 'scripts.tsv', number, language, (int(direction == 'rtl'), 0))
        if script == 'arabic' and language in languages:
            of_arabic_script |= 1 << languages.index(language)
    table(c, 'right_to_left_table', right_to_left)
    references, texts = {}, []
    for name in sorted(html.entities.html5):
        text = html.entities.html5[name]
        if text not in texts:
            texts.append(text)
        references[name] = (texts.index(text), 0)
    table(c, 'reference_table', references)
    c.append('const str reference_texts[] = {')
    c += [f'    {{{literal(t)}, {len(t.encode("utf-8"))}}},' for t in texts]
    c.append('};')
    weights = {}
    for number, (name, value, _) in rows('weights.tsv', 'name', 'value', 'meaning'):
        try:
            add(weights, 'weights.tsv', number, name, float(value))
        except ValueError:
            fail('weights.tsv', number, f'expected a number, found {value}')
    c += ['', 'const page_weights weights = {'] + [f'    .{name} = {value!r},' for name, value in weights.items()] + ['};']
    c.append('const char *const weight_names[] = {' + ', '.join(f'"{name}"' for name in weights) + ', NULL};')
    h = ['/* Made by tools/page_tables.py; not for editing. */', '#ifndef ISN_PAGE_PAGE_TABLES_H',
         '#define ISN_PAGE_PAGE_TABLES_H', '', 'typedef enum tag {', '    TAG_OTHER,']
    h += [f'    TAG_{tag.upper()},' for tag in tags]
    h += ['    TAG_COUNT', '} tag;', '', 'typedef enum attribute {']
    h += [f'    {constant("ATTRIBUTE", attribute)},' for attribute in attributes]
    h += ['    ATTRIBUTE_COUNT', '} attribute;', '',
          f'enum {{ LANGUAGE_COUNT = {len(languages)}, LANGUAGES_OF_ARABIC_SCRIPT = {of_arabic_script} }};',
          f'enum {{ LONGEST_PHRASE = {max(len(p.split()) for p in phrases)} }};', '']
    h += ['/* data/page/weights.tsv */', 'typedef struct page_weights {']
    h += [f'    double {name};' for name in weights] + ['} page_weights;', '', '#endif']
    open(OUT_C, 'w', encoding='utf-8').write('\n'.join(c) + '\n')
    open(OUT_H, 'w', encoding='utf-8').write('\n'.join(h) + '\n')


main()
