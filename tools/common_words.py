#!/usr/bin/env python3
"""How common a language's words are, for telling a village called Market from a market.

usage: common_words.py LANGUAGE OUT.tsv        needs the PyPI package wordfreq (its data: CC BY-SA 4.0)

Writes the words with a Zipf frequency of 3.0 or more (one in a million), with the frequency times ten. Run by
hand when the package changes; the file is committed.
"""
import math
import re
import sys

from wordfreq import get_frequency_dict

language, out = sys.argv[1:3]
letters = re.compile('[\u0621-\u064a]+' if language == 'ar' else '[a-z]+')
words = {}
for word, frequency in get_frequency_dict(language, wordlist='best').items():
    if letters.fullmatch(word) and len(word) >= 2:
        zipf = round(10 * (math.log10(frequency) + 9))
        if zipf >= 30:
            words[word] = zipf
with open(out, 'w', encoding='utf-8') as f:
    f.write('# Word frequencies from wordfreq 3.1.1 (Robyn Speer), CC BY-SA 4.0. Made by tools/common_words.py.\nword\tzipf\n')
    for word in sorted(words):
        f.write(f'{word}\t{words[word]}\n')
