#!/usr/bin/env python3
"""Writes utf8_vectors.tsv: bytes in hexadecimal, then what Python's decoder makes of them.

Python replaces each maximal ill-formed part by one U+FFFD, as Unicode (chapter 3, table 3-8) and the WHATWG
ask. Every class of ill-formed sequence stands here: lone continuation bytes, overlong forms, surrogates,
code points past U+10FFFF, bytes that occur in no sequence, and every sequence cut short, each alone, before
ASCII, before a good sequence and before another bad one.
"""
import itertools
import pathlib

GOOD = ['\u0000', 'a', '\u007f', '\u0080', '\u0645', '\u07ff', '\u0800', '\u200f', '\ud7ff', '\ue000', '\ufffd', '\uffff',
        '\U00010000', '\U0001f4f0', '\U0010ffff']
BAD = ['80', 'bf', 'c0', 'c1', 'c0af', 'c1bf', 'e08080', 'e09fbf', 'f0808080', 'f08fbfbf',  # overlong
       'eda080', 'edbfbf', 'eda080edb080',  # surrogates, a pair of them
       'f4908080', 'f7bfbfbf', 'f8888080', 'fc8480808080', 'fe', 'ff',  # past the end
       'c2', 'e0', 'e0a0', 'e1', 'e180', 'ed', 'ed80', 'f0', 'f090', 'f09080', 'f1', 'f180', 'f18080', 'f48f', 'f48fbf',
       '8080', 'e18080ff80', 'f1808041', 'f0908041']


def vectors():
    good = [text.encode('utf-8') for text in GOOD]
    bad = [bytes.fromhex(digits) for digits in BAD]
    yield from good + bad
    yield from (a + b for a, b in itertools.product(bad, [b'a', 'م'.encode(), b'\xf0\x9f\x93\xb0'] + bad))
    yield from (a + b for a, b in itertools.product([b'a', 'م'.encode()], bad))
    # Every first byte with every class of second byte.
    for first in range(0x80, 0x100):
        for second in (0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff):
            yield bytes([first, second])
            yield bytes([first, second, 0x80, 0x80])


lines = sorted({(v.hex(), ' '.join(f'{ord(c):X}' for c in v.decode('utf-8', 'replace'))) for v in vectors()})
path = pathlib.Path(__file__).with_name('utf8_vectors.tsv')
path.write_text(''.join(f'{a}\t{b}\n' for a, b in lines), encoding='ascii')
print(f'{path}: {len(lines)} vectors')
