#!/usr/bin/env python3
"""How well the encoding of unlabelled text is told, beside uchardet, ICU and charset-normalizer.

usage: charsets.py [--judges build/eval/charset-judges] [--shared ../shared] [--samples N] [--all]

Makes a set of samples under a seed: Arabic news of ../shared/data/text in seven encodings, invented texts in other languages
(charset_texts.tsv), each cut to seven lengths, bare and within a page's markup. A detector is right where its encoding gives
the text that the sample was made of. Then every text of ../shared/data and ../shared/gold as it stands, of which none may be taken
for misread, and news misread on purpose, of which all should be mended. `ninja -C build eval/charset-judges` builds the judges. Exit status 1: uchardet was
right more often in some row of the first table, or right text was repaired.
"""
import argparse, collections, hashlib, json, pathlib, random, struct, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
LENGTHS = [20, 40, 80, 160, 400, 1000, 4000]
ARABIC = ['utf_8', 'cp1256', 'iso8859_6', 'utf_16_le', 'utf_16_be', 'mac_arabic', 'cp720']
SHOWN = {'cp1256': 'windows-1256', 'cp1252': 'windows-1252', 'cp1251': 'windows-1251', 'iso8859_6': 'ISO-8859-6', 'utf_8': 'UTF-8',
         'utf_16_le': 'UTF-16LE', 'utf_16_be': 'UTF-16BE', 'mac_arabic': 'Mac Arabic', 'cp720': 'DOS-720', 'koi8_r': 'KOI8-R',
         'koi8_u': 'KOI8-U', 'cp866': 'IBM866', 'cp1250': 'windows-1250', 'iso8859_2': 'ISO-8859-2', 'cp1253': 'windows-1253',
         'iso8859_7': 'ISO-8859-7', 'cp1254': 'windows-1254', 'cp1255': 'windows-1255'}
CODECS = {'ibm720': 'cp720', 'x-mac-arabic': 'mac_arabic', 'x-mac-farsi': 'mac_farsi', 'x-mac-cyrillic': 'mac_cyrillic',
          'mac-cyrillic': 'mac_cyrillic', 'macintosh': 'mac_roman', 'iso-8859-8-i': 'iso8859_8', 'mac-centraleurope': 'mac_latin2',
          'ascii': 'ascii', 'utf-8-sig': 'utf-8'}
PAGE = ('<!DOCTYPE html>\n<html><head><title>{}</title><link rel="stylesheet" href="/s.css"></head>\n<body><div id="main" class="post">'
        '<h1>{}</h1>\n<p>{}</p></div><div class="foot"><a href="/about">About</a> | <a href="/rss">RSS</a></div></body></html>\n')


def others():
    for line in open(ROOT / 'eval/charset_texts.tsv', encoding='utf-8'):
        cells = line.rstrip('\n').split('\t')
        if len(cells) == 3 and cells[0] != 'language' and not line.startswith('#'):
            yield cells[0], cells[1].split(), cells[2]


def cut(text, length, chance):
    """`length` characters from the beginning of a word on, to the end of one."""
    starts = [0] + [i + 1 for i, c in enumerate(text) if c == ' ' and i + length < len(text)]
    start = chance.choice(starts)
    end = text.find(' ', start + length)
    return text[start:end if end > 0 else len(text)]


def written(text, codec):
    """As a writer of that encoding would have it: without what it has no place for."""
    if codec == 'cp1256':
        text = text.translate(str.maketrans('یۀ', 'يه', '۔'))
    return text.encode(codec, 'ignore').decode(codec)


def samples(shared, count, chance):
    news = [json.loads(line)['text'] for line in open(shared / 'data/text/news_ar.jsonl', encoding='utf-8')]
    chance.shuffle(news)
    jobs = [('ar', ARABIC, [n for n in news if len(n) > 200][:count])] + [(a, b, [c] * max(1, count // 6)) for a, b, c in others()]
    for language, codecs, texts in jobs:
        for codec in codecs:
            for length in LENGTHS:
                for i, text in enumerate(texts):
                    part = cut(written(text, codec), length, chance)
                    if all(ord(c) < 0x80 for c in part):
                        continue
                    whole = PAGE.format(part.split(' ')[0], part[:40], part) if i % 2 else part
                    yield language, codec, length, whole, whole.encode(codec)


def is_right(name, text, data):
    codec = CODECS.get(name.lower(), name.lower())
    try:
        return name != '-' and data.decode(codec).replace('\u00a0', ' ') == text.replace('\u00a0', ' ')
    except (LookupError, UnicodeDecodeError):
        return False


def normalizer():
    try:
        import charset_normalizer
    except ImportError:
        return lambda data: None
    def told(data):
        best = charset_normalizer.from_bytes(data).best()
        return best.encoding if best else '-'
    return told


def ask_judges(program, datas):
    """For each sample the columns that the judges print."""
    with tempfile.NamedTemporaryFile() as f:
        for data in datas:
            f.write(struct.pack('<I', len(data)) + data)
        f.flush()
        out = subprocess.run([program, f.name], check=True, text=True, stdout=subprocess.PIPE).stdout
    return [line.split('\t') for line in out.split('\n')[:-1]]


def all_texts(shared):
    for path in sorted([*shared.glob('data/**/*.jsonl'), *shared.glob('gold/**/*.jsonl')]):
        for line in open(path, encoding='utf-8'):
            if line.strip():
                record = json.loads(line)
                yield from (record[k] for k in ('title', 'text') if isinstance(record.get(k), str) and record[k])


def misread(text, codec):
    """UTF-8 read in that encoding, as browsers do."""
    out = []
    for byte in text.encode('utf-8'):
        try:
            out.append(bytes([byte]).decode(codec))
        except UnicodeDecodeError:
            out.append(chr(byte))
    return ''.join(out)


def mojibake(program, shared, count, chance):
    """Right texts that were repaired; then rows of (how it was misread, samples, restored byte for byte)."""
    right = [t.encode('utf-8') for t in all_texts(shared)]
    told = ask_judges(program, right)
    touched = [data.decode() for data, columns in zip(right, told) if 'read as' in columns[3]]
    print(f'\nright texts: {len(right)}, taken for misread: {len(touched)}')
    for text in touched[:20]:
        print('  ', text[:100].replace('\n', ' '))
    news = [json.loads(line)['text'] for line in open(shared / 'data/text/news_ar.jsonl', encoding='utf-8')]
    news = [t for t in chance.sample(news, count * 4) if len(t) > 200] + [c for _, _, c in others()]
    arabic = len(news) - len(list(others()))
    print(f'\n{"misread as":<32}{"Arabic news":>13}{"restored":>12}{"others":>10}{"restored":>12}')
    for codec in ('cp1256', 'cp1252', 'latin_1', 'cp1251'):
        for how in ('whole', 'twice', 'one paragraph', '40 letters'):
            shown = ''
            for wanted in (news[:arabic], news[arabic:]):
                wanted = [cut(t, 40, chance) if how == '40 letters' else t for t in wanted]
                made = [misread(misread(t, codec), codec) if how == 'twice' else misread(t, codec) for t in wanted]
                if how == 'one paragraph':
                    made = [f'<p>{news[0]}</p><p>{m}</p>' for m in made]
                    wanted = [f'<p>{news[0]}</p><p>{t}</p>' for t in wanted]
                pairs = [(m, t) for m, t in zip(made, wanted) if m != t]
                told = ask_judges(program, [m.encode('utf-8') for m, _ in pairs])
                good = sum(columns[4] == hashlib.sha256(t.encode('utf-8')).hexdigest() for (_, t), columns in zip(pairs, told))
                shown += f'{len(pairs):>10}{100 * good / len(pairs):>10.1f} %' if shown else f'{len(pairs):>13}{100 * good / len(pairs):>10.1f} %'
            print(f'{SHOWN.get(codec, "Latin-1") + ", " + how:<32}{shown}')
    return len(touched)


def table(title, rows, judges):
    print(f'\n{title:<30}{"samples":>9}' + ''.join(f'{j:>20}' for j in judges))
    for name, counts in rows.items():
        total = counts['samples']
        print(f'{name:<30}{total:>9}' + ''.join(f'{100 * counts[j] / counts[j, "of"]:>18.1f} %' if counts[j, 'of'] else f'{"-":>20}'
                                               for j in judges))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--judges', default=ROOT / 'build/eval/charset-judges')
    parser.add_argument('--shared', type=pathlib.Path, default=ROOT / '../shared')
    parser.add_argument('--samples', type=int, default=60, help='texts for each encoding and length')
    parser.add_argument('--all', action='store_true', help='ask charset-normalizer of every sample, not of each tenth (slow)')
    parser.add_argument('--wrong', action='store_true', help='print what was told wrong')
    options = parser.parse_args()
    made = list(samples(options.shared, options.samples, random.Random(20)))
    told = ask_judges(options.judges, [sample[4] for sample in made])
    judges, ask = ['isnad', 'uchardet', 'ICU', 'charset-normalizer'], normalizer()
    rows, lengths = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    for i, ((language, codec, length, text, data), line) in enumerate(zip(made, told)):
        names = line[:3] + [ask(data) if options.all or i % 10 == 0 else None]
        keys = [(rows, f'{language}, {SHOWN[codec]}'), (lengths, f'{length} letters')]
        for into, key in keys:
            into[key]['samples'] += 1
        for judge, name in zip(judges, names):
            right = name is not None and is_right(name, text, data)
            for into, key in keys:
                into[key][judge] += right
                into[key][judge, 'of'] += name is not None
            if options.wrong and judge == 'isnad' and not right:
                print(language, codec, length, name, text[:60].replace('\n', ' '), sep='\t')
    whole = sum(rows.values(), collections.Counter())
    table('language, encoding: right', {**rows, 'all': whole}, judges)
    table('letters of text: right', lengths, judges)
    worse = [key for key, c in rows.items() if c['uchardet'] > c['isnad']]
    print('\n' + ('worse than uchardet: ' + ', '.join(worse) if worse else 'nowhere worse than uchardet'))
    touched = mojibake(options.judges, options.shared, options.samples, random.Random(21))
    return 1 if worse or touched else 0


sys.exit(main())
