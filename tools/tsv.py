"""Tables of data as they are compiled: a thing a line, tabs between, under a header that names the columns."""
import sys


def fail(path, line, why):
    sys.exit(f'{path}:{line}: {why}')


def rows(path, *columns):
    """The rows of a table as (line number, values in the order of `columns`)."""
    header = None
    for number, line in enumerate(open(path, encoding='utf-8'), 1):
        line = line.rstrip('\n')
        if not line or line.startswith('#'):
            continue
        cells = line.split('\t')
        if header is None:
            header = cells
            for column in columns:
                if column not in header:
                    fail(path, number, f'expected a column named {column}')
            continue
        if len(cells) != len(header):
            fail(path, number, f'expected {len(header)} columns, found {len(cells)}')
        yield number, [cells[header.index(column)] for column in columns]


def literal(text):
    """The text as a string of C, in ASCII."""
    out = []
    for byte in text.encode('utf-8'):
        c = chr(byte)
        out.append(c if 32 <= byte < 127 and c not in '"\\?' else f'\\{byte:03o}')
    return '"' + ''.join(out) + '"'
