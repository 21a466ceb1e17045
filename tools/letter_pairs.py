#!/usr/bin/env python3
"""How dear it is, in half bits, that a letter follows another: by this the encoding of unlabelled text is told.

usage: letter_pairs.py OUT.tsv        needs the PyPI package wordfreq (its data: CC BY-SA 4.0)

Counts pairs of letters in the words of a language, each as often as it is used; "_" is what stands around a word. Run by
hand when the package changes; the file is committed. In it a row is what may follow one letter: `pairs` is the letters with
their cost, `rest` the cost of those that are not listed.
"""
import collections
import math
import sys
import unicodedata

from wordfreq import get_frequency_dict

# The languages whose letters are counted together, and where the letters stand.
LANGUAGES = {'ar': ['ar'], 'fa': ['fa'], 'ur': ['ur'], 'ru': ['ru'], 'uk': ['uk'], 'bg': ['bg'], 'el': ['el'], 'he': ['he'], 'tr': ['tr'],
             'west': ['fr', 'es', 'de', 'pt', 'it', 'sv', 'nl', 'en'], 'central': ['pl', 'cs', 'hu', 'sk', 'sl', 'ro']}
BLOCKS = {'ar': [(0x621, 0x652)], 'fa': [(0x621, 0x652), (0x67e, 0x6d5)], 'ur': [(0x621, 0x652), (0x679, 0x6d5)],
          'ru': [(0x430, 0x45f)], 'uk': [(0x430, 0x491)], 'bg': [(0x430, 0x45f)], 'el': [(0x390, 0x3ce)], 'he': [(0x5d0, 0x5ea)]}
LATIN = [(0x61, 0x7a), (0xdf, 0xf6), (0xf8, 0xff), (0x100, 0x17f), (0x218, 0x21b)]
# What the code pages have no place for, and the letter that is written for it.
WRITTEN = str.maketrans({'ی': 'ي', 'ۀ': 'ه', 'ۃ': 'ة', 'ș': 'ş', 'ț': 'ţ'})
RAREST, DEAREST = 1e-6, 40


def letters_of(model):
    return BLOCKS.get(model, LATIN)


def is_letter(c, model):
    return any(a <= ord(c) <= b for a, b in letters_of(model)) and c != 'ـ'


def count(model):
    pairs, letters = collections.Counter(), collections.Counter()
    for language in LANGUAGES[model]:
        for word, frequency in get_frequency_dict(language, wordlist='best').items():
            word = unicodedata.normalize('NFC', word).translate(WRITTEN)
            if not all(is_letter(c, model) for c in word):
                continue
            for before, after in zip('_' + word, word + '_'):
                pairs[before, after] += frequency / len(LANGUAGES[model])
            for c in word:
                letters[c] += frequency / len(LANGUAGES[model])
    total = sum(letters.values())
    kept = {c for c in letters if letters[c] / total > RAREST}
    return {p: n for p, n in pairs.items() if {*p} - {'_'} <= kept}, sorted(kept)


def cost(share):
    return min(DEAREST, round(-2 * math.log2(share)))


def main():
    out = ['# Costs of letters by the one before, in half bits, counted in word frequencies of wordfreq 3.1.1 (Robyn Speer), CC BY-SA 4.0.',
           '# Made by tools/letter_pairs.py. "_" is what stands around a word.', 'letters\tbefore\trest\tpairs']
    for model in LANGUAGES:
        pairs, letters = count(model)
        whole = sum(n for (b, a), n in pairs.items() if a != '_')
        alone = {c: sum(n for (b, a), n in pairs.items() if a == c) / whole for c in letters}
        for before in ['_'] + letters:
            total = sum(n for (b, a), n in pairs.items() if b == before)
            # Pairs that words never show are as rare as a letter in twenty is out of place.
            share = {a: 0.95 * pairs.get((before, a), 0) / total + 0.05 * alone.get(a, 0.1) for a in ['_'] + letters if (before, a) != ('_', '_')}
            costs = {a: cost(s) for a, s in share.items()}
            rest = max(collections.Counter(costs.values()).items(), key=lambda x: (x[1], x[0]))[0] if len(costs) > 3 else DEAREST
            listed = ' '.join(f'{a}{c}' for a, c in sorted(costs.items()) if c != rest)
            out.append(f'{model}\t{before}\t{rest}\t{listed}')
    open(sys.argv[1], 'w', encoding='utf-8').write('\n'.join(out) + '\n')


main()
