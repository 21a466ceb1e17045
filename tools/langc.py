#!/usr/bin/env python3
"""Compiles lang/ (words and rules as data, docs/languages.md) into flat C tables.

usage: langc.py LANG_FOLDER OUT.h OUT.c [TESTS.c]
       langc.py --words LANG_FOLDER [CODE]
       langc.py --check LANG_FOLDER

TESTS.c gets the tests that stand beside the rules ("test RULE …"), for the program that runs them. --words prints
every form that a language knows, with its classes and features, how common it is in the language at large (Zipf
frequency times ten, 0 where it is rare), and the line that gives it. --check prints what is of no use though it
compiles (tools/lang_check.py); it ends with 0 where there is nothing to say, with 3 where there is something, with 5
where lang/ does not compile.
Every error is printed as file:line: message, and nothing is written.
"""
import hashlib
import os
import re
import sys
import unicodedata

import anchors
import lang_check
import morphology

mode = sys.argv.pop(1) if sys.argv[1].startswith('--') else None
root = sys.argv[1]
if not mode:
    out_h, out_c = sys.argv[2:4]
    out_tests = sys.argv[4] if len(sys.argv) > 4 else None
errors = []


def error(where, message):
    errors.append(f'{where[0]}:{where[1]}: {message}')


def rows(path, columns):
    """(where, dict) for each line of a TSV file with a header that names its columns"""
    header = None
    for number, line in enumerate(open(path, encoding='utf-8'), 1):
        line = line.rstrip('\n')
        where = (path, number)
        if not line.strip() or line.startswith('#'):
            continue
        cells = line.split('\t')
        if header is None:
            header = cells
            missing = [c for c in columns if c not in header]
            if missing:
                error(where, f'the header lacks the columns {missing}')
                return
            continue
        if len(cells) > len(header):
            error(where, f'{len(cells)} cells under {len(header)} columns')
        cells += [''] * (len(header) - len(cells))
        yield where, dict(zip(header, (c.strip() for c in cells)))


# ---- folding: the same as src/text/text.c ----
FOLD = str.maketrans({'أ': 'ا', 'إ': 'ا', 'آ': 'ا', 'ٱ': 'ا', 'ى': 'ي', 'ئ': 'ي', 'ؤ': 'و', 'ة': 'ه', 'ک': 'ك', 'ی': 'ي',
                      '’': "'", '‘': "'", 'ـ': None, '،': ',', '؛': ';', '؟': '?'})


def fold(s):
    s = s.translate(FOLD).lower()
    s = ''.join(c for c in unicodedata.normalize('NFKD', s) if not unicodedata.combining(c)) if s.isascii() is False and \
        re.search('[\u00c0-\u017f]', s) else s
    return re.sub('[\u064b-\u0655\u0670\u200b-\u200f]', '', s)


def words_of(s):
    """the folded text as the tokens that text.c makes of it, one space between them"""
    return ' '.join(re.findall(r'[^\W\d_]+|\d+|[^\w\s]|_', fold(s)))


ENTRY_BITS = 20  # as in src/lang/tables.h


def fnv(data):
    h = 0xcbf29ce484222325
    for b in data:
        h = ((h ^ b) * 0x100000001b3) & 0xffffffffffffffff
    h ^= h >> 32
    h = (h * 0x9e3779b97f4a7c15) & 0xffffffffffffffff
    return h ^ (h >> 29)


# ---- classes and features ----
classes, features, values, class_lines = {}, {}, {}, {}
for where, r in rows(os.path.join(root, 'classes.tsv'), ['class', 'meaning']):
    if r['class'] in classes:
        error(where, f'class {r["class"]} is declared twice')
    classes[r['class']] = len(classes)
    class_lines[r['class']] = where
for where, r in rows(os.path.join(root, 'features.tsv'), ['feature', 'value', 'meaning']):
    f = features.setdefault(r['feature'], len(features))
    v = values.setdefault(r['feature'], {})
    if r['value'] != '#':
        v[r['value']] = len(v) + 1
declared = len(classes)


def feature_value(where, feature, value):
    if feature not in features:
        error(where, f'unknown feature {feature}')
        return 0
    if not values[feature]:
        if re.fullmatch(r'-?\d+', value):
            return int(value)
    elif value in values[feature]:
        return values[feature][value]
    error(where, f'{feature} has no value {value!r}')
    return 0


def whole_number(where, name, text):
    if re.fullmatch(r'-?\d{1,18}', text):
        return int(text)
    error(where, f'{name} is a whole number, not {text!r}')
    return 0


COMMON_ANYWAY = 35  # Zipf times ten: a word of its own, not another's spelling
HOSTS = ('', 'verb', 'noun')  # what a suffix stands on; empty: on both
NUMBERS = ('min', 'max', 'value')  # 64-bit fields of a node beside its features
OPEN = 'INT64_MAX'


class Reading:
    """classes and features of one form"""

    def __init__(self):
        self.mask, self.features, self.min, self.max = 0, {}, None, None

    def add(self, other):
        self.mask |= other.mask
        for k, v in other.features.items():
            self.features.setdefault(k, v)
        if self.min is None:
            self.min, self.max = other.min, other.max

    def key(self):
        return (self.mask, tuple(sorted(self.features.items())), self.min, self.max)


def parse_reading(where, class_names, feature_text):
    r = Reading()
    for name in class_names.split():
        if name in classes:
            r.mask |= 1 << classes[name]
        else:
            error(where, f'unknown class {name}')
    for pair in filter(None, re.split(r'[;\s]+', feature_text)):
        k, eq, v = pair.partition('=')
        if not eq:
            error(where, f'expected feature=value, found {pair!r}')
        elif k == 'num':
            r.min = r.max = whole_number(where, k, v)
        elif k == 'min':
            r.min = whole_number(where, k, v)
            r.max = OPEN if r.max is None else r.max
        elif k == 'max':
            r.max = OPEN if v == 'open' else whole_number(where, k, v)
        else:
            r.features[k] = feature_value(where, k, v)
    return r


# ---- rules ----
class Rule:
    pass


TOKEN = re.compile(r'\s*(?:(?P<label>[a-z_]+):(?=[^\s])|(?P<name>[A-Z][A-Z0-9_]*)|(?P<literal>"[^"]*")|'
                   r'(?P<range>\{\d+(?:,\d+)?\})|(?P<op>[()|?*+!.^$/\[\]=,<]|~)|(?P<word>[a-z_0-9-]+))')


class Parser:
    """pattern := sequence ('|' sequence)*; sequence := item*; item := [label:] atom [? * + {m,n}]"""

    def __init__(self, where, text, defines, literal_class):
        self.where, self.defines, self.literal_class = where, defines, literal_class
        self.tokens, at = [], 0
        while text[at:].strip():
            m = TOKEN.match(text, at)
            if not m:
                error(where, f'cannot read the pattern at {text[at:at + 20]!r}')
                break
            self.tokens.append((m.lastgroup, m.group(m.lastgroup)))
            at = m.end()
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else (None, None)

    def next(self):
        t = self.peek()
        self.at += 1
        return t

    def alternatives(self):
        out = [self.sequence()]
        while self.peek() == ('op', '|'):
            self.next()
            out.append(self.sequence())
        return out[0] if len(out) == 1 else ('alt', out)

    def sequence(self):
        out = []
        while self.peek()[0] and self.peek() not in (('op', '|'), ('op', ')')):
            out.append(self.item())
        return ('seq', out)

    def item(self):
        kind, text = self.peek()
        if kind == 'label':
            self.next()
            return self.labelled(text, self.item())
        atom = self.atom()
        while True:
            kind, text = self.peek()
            if (kind, text) == ('op', '?'):
                self.next()
                atom = ('repeat', 0, 1, atom)
            elif (kind, text) == ('op', '*'):
                self.next()
                atom = ('repeat', 0, 8, atom)
            elif (kind, text) == ('op', '+'):
                self.next()
                atom = ('repeat', 1, 8, atom)
            elif kind == 'range':
                self.next()
                a, _, b = text[1:-1].partition(',')
                if int(b or a) > 24:
                    error(self.where, f'{text}: at most 24, so that the time stays linear')
                atom = ('repeat', int(a), int(b or a), atom)
            else:
                return atom

    @staticmethod
    def labelled(name, inner):
        """what may be absent takes its label only where it is there, so that a label may be written in several places"""
        if inner[0] == 'repeat' and inner[1] == 0:
            _, _, high, atom = inner
            return ('repeat', 0, 1, ('label', name, atom if high == 1 else ('repeat', 1, high, atom)))
        return ('label', name, inner)

    def test(self):
        """a class with conditions, a literal, or a negated group of them: what looks at one node"""
        kind, text = self.next()
        if kind == 'name':
            if text not in classes:
                error(self.where, f'unknown class {text}')
                return (1, [])
            conditions = []
            if self.peek() == ('op', '['):
                self.next()
                while self.peek()[0] and self.peek() != ('op', ']'):
                    feature = self.next()[1]
                    negated = self.peek() == ('op', '!')
                    if negated:
                        self.next()
                    if self.next() != ('op', '='):
                        error(self.where, 'expected feature=value in []')
                    conditions.append((feature, self.next()[1], negated))
                    if self.peek() == ('op', ','):
                        self.next()
                self.next()
            return (1 << classes[text], [(f, feature_value(self.where, f, v), n) for f, v, n in conditions])
        if kind == 'literal':
            return (1 << self.literal_class(self.where, text[1:-1]), [])
        error(self.where, f'expected a class or a literal, found {text!r}')
        return (1, [])

    def atom(self):
        kind, text = self.peek()
        if kind == 'op' and text in '.^$/':
            self.next()
            return {'.': ('any',), '^': ('start',), '$': ('end',), '/': ('cut',)}[text]
        if (kind, text) in (('op', '!'), ('op', '<'), ('op', '~')):
            self.next()
            negated = text == '!'
            if text in '<~' and self.peek() == ('op', '!'):
                self.next()
                negated = True
            tests = []
            if self.peek() == ('op', '('):
                self.next()
                while self.peek()[0] and self.peek() != ('op', ')'):
                    tests.append(self.test())
                    if self.peek() == ('op', '|'):
                        self.next()
                self.next()
            else:
                tests.append(self.test())
            return ('before' if text == '<' else 'ahead' if text == '~' else 'one', negated, tests)
        if (kind, text) == ('op', '('):
            self.next()
            inner = self.alternatives()
            if self.next() != ('op', ')'):
                error(self.where, 'a bracket is not closed')
            return inner
        if kind == 'name' and text in self.defines:
            self.next()
            return self.defines[text]
        return ('one', False, [self.test()])


NO_TEST = 0xffff  # as in src/lang/tables.h
tests_pool, programs, rules, languages = [], [], [], []
tests_index, labels, phases = {}, {}, {}


def test_id(tests, negated):
    """tests: [(mask, conditions)], any of which must hold"""
    plain = 0
    for m, c in tests:
        plain |= 0 if c else m
    tests = ([(plain, [])] if plain else []) + [(m, c) for m, c in tests if c]  # classes without conditions are one look
    key = (tuple((m, tuple(c)) for m, c in tests), negated)
    if key not in tests_index:
        tests_index[key] = len(tests_pool)
        tests_pool.append(key)
    return tests_index[key]


def with_joint_looks(node):
    """the same pattern; of alternatives, those side by side that take one node each are one test"""
    kind = node[0]
    if kind == 'seq':
        inner = [with_joint_looks(n) for n in node[1]]
        return inner[0] if len(inner) == 1 else ('seq', inner)
    if kind == 'alt':
        ways = []
        for n in map(with_joint_looks, node[1]):
            for way in n[1] if n[0] == 'alt' else [n]:
                if ways and way[0] == ways[-1][0] == 'one' and not way[1] and not ways[-1][1]:
                    ways[-1] = ('one', False, ways[-1][2] + way[2])
                else:
                    ways.append(way)
        return ways[0] if len(ways) == 1 else ('alt', ways)
    if kind == 'label':
        return kind, node[1], with_joint_looks(node[2])
    return node[:3] + (with_joint_looks(node[3]),) if kind == 'repeat' else node


def emit(code, node):
    kind = node[0]
    if kind == 'seq':
        for n in node[1]:
            emit(code, n)
    elif kind == 'alt':
        ends = []
        for n in node[1][:-1]:
            at = len(code)
            code.append(['SPLIT', at + 1, None])
            emit(code, n)
            ends.append(len(code))
            code.append(['JUMP', None, 0])
            code[at][2] = len(code)
        emit(code, node[1][-1])
        for e in ends:
            code[e][1] = len(code)
    elif kind == 'repeat':
        _, low, high, inner = node
        for _ in range(low):
            emit(code, inner)
        splits = []
        for _ in range(high - low):
            splits.append(len(code))
            code.append(['SPLIT', len(code) + 1, None])
            emit(code, inner)
        for s in splits:
            code[s][2] = len(code)
    elif kind == 'label':
        slot = labels.setdefault(node[1], len(labels))
        code.append(['SAVE', slot * 2, 0])
        emit(code, node[2])
        code.append(['SAVE', slot * 2 + 1, 0])
    elif kind == 'any':
        code.append(['ANY', 0, 0])
    elif kind in ('one', 'before', 'ahead'):
        code.append([{'one': 'ONE', 'before': 'BEFORE', 'ahead': 'AHEAD'}[kind], test_id(node[2], node[1]), 0])
    elif kind == 'start':
        code.append(['START', 0, 0])
    elif kind == 'end':
        code.append(['END', 0, 0])
    elif kind == 'cut':
        code.append(['CUT', 0, 0])


LOOKS = 3  # nodes from a match's first on that are looked at before its rule is run


def looked_at(code, starts):
    """what the next node may be where a match stands at one of `starts`: (mask of classes one of which it has, may be of any
    class, may be absent), and where the match may stand behind it"""
    mask, any_class, absent, after, seen, todo = 0, False, False, set(), set(), list(starts)
    while todo:
        at = todo.pop()
        if at in seen:
            continue
        seen.add(at)
        op, a, b = code[at]
        tests, negated = tests_pool[a] if op in ('ONE', 'AHEAD') else ((), False)
        if op == 'MATCH':
            any_class, absent = True, True
            after.add(at)
        elif op in ('ONE', 'ANY'):
            any_class = any_class or op == 'ANY' or negated
            for m, _ in tests:
                mask |= 0 if negated else m
            after.add(at + 1)
        elif op == 'SPLIT':
            todo += [a, b]
        elif op == 'JUMP':
            todo.append(a)
        else:
            todo.append(at + 1)
    return mask, any_class, absent, after


def looks(code):
    """for each of the first nodes of a match (mask of classes one of which it has, or None for any; may be absent)"""
    out, starts = [], {0}
    for _ in range(LOOKS):
        mask, any_class, absent, starts = looked_at(code, starts)
        out.append((None if any_class else mask, absent))
    return out


def linked(code):
    """the same program with the jumps gone: [op, test or slot, what it leads to, and what else where it is a choice]"""
    def target(at):
        while code[at][0] == 'JUMP':
            at = code[at][1]
        return at
    kept = [at for at, (op, *_) in enumerate(code) if op != 'JUMP']
    place = {at: i for i, at in enumerate(kept)}
    out = []
    for at in kept:
        op, a, b = code[at]
        to = place[target(a if op == 'SPLIT' else at + 1)] if op != 'MATCH' else 0
        out.append([op, 0 if op == 'SPLIT' else a, to, place[target(b)] if op == 'SPLIT' else 0])
    return out


def joins(linked_code):
    """by instruction: the number, from one on, of one that several ways lead to; 0 for all others"""
    ways = [0] * len(linked_code)
    for op, _, to, other in linked_code:
        for way in (to, other) if op == 'SPLIT' else (to,) if op != 'MATCH' else ():
            ways[way] += 1
    numbers = [0] * len(linked_code)
    for at, n in enumerate(ways):
        if n > 1:
            numbers[at] = max(numbers) + 1
    return numbers


FEW_ATOMS = 3  # beyond that a test without the conditions is quicker than it is useful


def accepted(linked_code):
    """by instruction: the test that a node must pass for a match to go on there; None where it may be any, or none"""
    sets = [None] * len(linked_code)  # None: any; an id: just this test; a tuple of atoms: any of them
    for at in range(len(linked_code) - 1, -1, -1):  # all ways go forward
        op, test, to, other = linked_code[at]
        tests, negated = tests_pool[test] if op in ('ONE', 'AHEAD') else ((), False)
        if op in ('ONE', 'AHEAD') and not negated:
            sets[at] = tests
        elif op == 'ONE':
            sets[at] = test
        elif op == 'END':
            sets[at] = ()
        elif op == 'SPLIT':
            ways = {sets[to], sets[other]} - {()}
            joint = len(ways) > 1 and all(isinstance(w, tuple) for w in ways)
            sets[at] = tuple(dict.fromkeys(sets[to] + sets[other])) if joint else ways.pop() if len(ways) == 1 else () if not ways else None
        elif op not in ('ANY', 'MATCH'):
            sets[at] = sets[to]
    return sets


def accepting_test(accepts):
    """its number, NO_TEST where there is none"""
    if accepts is None or isinstance(accepts, int):
        return NO_TEST if accepts is None else accepts
    atoms = [(m, list(c)) for m, c in accepts]
    if len(atoms) > FEW_ATOMS:
        atoms = [(m, []) for m, _ in atoms]
    return test_id(atoms, False)


def finished(tree):
    """the program as the machine runs it: (op, whether a choice's first way takes one node, join, test or slot, test of the
    other way, to, other)"""
    code = []
    emit(code, with_joint_looks(tree))
    linked_code = linked(code + [['MATCH', 0, 0]])
    if len(linked_code) >= NO_TEST:
        sys.exit('a pattern is too large')
    sets, numbers, out = accepted(linked_code), joins(linked_code), []
    for (op, test, to, other), join in zip(linked_code, numbers):
        choice = op == 'SPLIT'
        takes = choice and linked_code[to][0] == 'ONE' and not numbers[to]
        needs = linked_code[to][1] if takes else accepting_test(sets[to]) if choice else test
        out.append((op, int(takes), join, needs, accepting_test(sets[other]) if choice else 0, to, other))
    return out


DEEPEST = 480  # frames on the stack of src/lang/match.c


def depth(code):
    """how many choices and labels a match can hold at once; every jump goes forward"""
    deepest = [0] * (len(code) + 1)
    for at in range(len(code) - 1, -1, -1):
        op, a, b = code[at]
        if op == 'SPLIT':
            deepest[at] = 1 + max(deepest[a], deepest[b])
        elif op != 'MATCH':
            deepest[at] = deepest[a] if op == 'JUMP' else deepest[at + 1] + (op in ('SAVE', 'CUT'))
    return deepest[0]


def logical_lines(path):
    """a line that begins with white space goes on with the one before"""
    held, where = None, None
    for number, line in enumerate(open(path, encoding='utf-8'), 1):
        line = re.sub(r'("[^"]*")|(?:^|\s)#.*$', lambda m: m[1] or '', line.rstrip('\n'))
        if not line.strip():
            continue
        if line[0].isspace() and held is not None:
            held += ' ' + line.strip()
            continue
        if held is not None:
            yield where, held
        held, where = line.strip(), (path, number)
    if held is not None:
        yield where, held


def parse_action(where, text, rule):
    parts = text.split()
    if not parts or parts[0] not in classes:
        error(where, f'unknown class {parts[0] if parts else ""!r} after the arrow')
        return
    rule.emits, rule.actions = classes[parts[0]], []
    for p in parts[1:]:
        m = re.fullmatch(r'\$([a-z_]+)', p)
        if m:
            rule.actions.append(('COPY', 0, label(where, m[1], rule), 0))
            continue
        m = re.fullmatch(r'([a-z_]+)=\$([a-z_]+)(?:\.([a-z_]+))?([+-]\d+)?', p)
        if m:
            target, source, feature, plus = m[1], label(where, m[2], rule), m[3] or m[1], int(m[4] or 0)
            for f in (target, feature):
                if f not in features and f not in NUMBERS:
                    error(where, f'unknown feature {f}')
            rule.actions.append(('TAKE', field(target), source, field(feature), plus))
            continue
        m = re.fullmatch(r'([a-z_]+)\?=(\S+)', p)
        if m:
            rule.actions.append(('DEFAULT', field(m[1]), 0, feature_value(where, m[1], m[2])))
            continue
        m = re.fullmatch(r'([a-z_]+)=(\S+)', p)
        if m and m[1] in NUMBERS:
            rule.actions.append(('SET', field(m[1]), 0, OPEN if m[2] == 'open' else whole_number(where, m[1], m[2])))
        elif m:
            rule.actions.append(('SET', field(m[1]), 0, feature_value(where, m[1], m[2])))
        else:
            error(where, f'cannot read the action {p!r}')


def field(name):
    return -1 - NUMBERS.index(name) if name in NUMBERS else features.get(name, 0)


def label(where, name, rule):
    if name not in rule.labels:
        error(where, f'the pattern has no label {name}:')
    return labels.setdefault(name, len(labels))


def labels_in(node):
    if node[0] == 'label':
        return {node[1]} | labels_in(node[2])
    if node[0] in ('seq', 'alt'):
        return set().union(*map(labels_in, node[1])) if node[1] else set()
    return labels_in(node[3]) if node[0] == 'repeat' else set()


TEST = re.compile(r'test ([\w.-]+) "([^"]+)" = (?:none|"([^"]+)"((?: +[a-z_]+=\S+)*))')


def parse_test(where, m):
    """(where, rule, text, matched or None, [(field, value)]): what a rule makes of a text; "none" is no value"""
    _, text, matched, rest = m.groups()
    if matched and matched not in text:
        error(where, f'"{matched}" does not stand in the text of the test')
    fields = []
    for name, _, value in (pair.partition('=') for pair in (rest or '').split()):
        if name in NUMBERS and not re.fullmatch(r'open|-?\d+', value):
            error(where, f'{name} is a number or "open"')
        elif name in NUMBERS:
            fields.append((field(name), OPEN if value == 'open' else int(value)))
        elif value == 'none' and name in features:
            fields.append((field(name), 0))
        else:
            fields.append((field(name), feature_value(where, name, value)))
    if len(fields) > 8:
        error(where, 'a test has more than eight features')
    return where, m[1], text, matched, fields


def parse_rules(path, language):
    phase, defines = None, {}
    for where, line in logical_lines(path):
        if m := re.fullmatch(r'phase ([a-z_]+)', line):
            phase = phases.setdefault(m[1], len(phases))
        elif m := re.fullmatch(r'define ([A-Z][A-Z0-9_]*)\s*=\s*(.*)', line):
            if m[1] in classes:
                error(where, f'{m[1]} is a class already')
            defines[m[1]] = Parser(where, m[2], defines, language.literal).alternatives()
        elif m := re.fullmatch(r'rule ([\w.-]+)(?: priority (-?\d+))?: (.*?) (=>|->) (.*)', line):
            rule = Rule()
            rule.name, rule.priority, rule.reduces, rule.where = m[1], int(m[2] or 0), m[4] == '=>', where
            if phase is None:
                error(where, 'a rule before any "phase NAME"')
                continue
            if any(r.name == rule.name for r in language.rules):
                error(where, f'there is a rule {rule.name} already')
            rule.phase = phase
            parser = Parser(where, m[3], defines, language.literal)
            tree = parser.alternatives()
            if parser.peek()[0]:
                error(where, f'unexpected {parser.peek()[1]!r}')
            rule.labels = labels_in(tree)
            rule.code = []
            emit(rule.code, tree)
            rule.code.append(['MATCH', 0, 0])
            if depth(rule.code) > DEEPEST:
                error(where, f'the pattern is too large: {depth(rule.code)} choices and labels at once, at most {DEEPEST}')
            rule.looks, rule.program = looks(rule.code), finished(tree)
            rule.joins = max(join for _, _, join, *_ in rule.program)
            rule.tree = tree
            if not any(op[0] in ('ONE', 'ANY') for op in rule.code):
                error(where, 'a rule that matches nothing')
            parse_action(where, m[5], rule)
            signature = (rule.phase, str(tree))
            if signature in language.signatures:
                error(where, f'unreachable: the same pattern as rule {language.signatures[signature]}')
            language.signatures.setdefault(signature, rule.name)
            language.rules.append(rule)
        elif m := TEST.fullmatch(line):
            language.tests.append(parse_test(where, m))
        elif line.startswith('test '):
            error(where, 'expected test RULE "text" = "matched text" feature=value …, or test RULE "text" = none')
        else:
            error(where, f'expected "phase", "define", "test" or "rule NAME: PATTERN => CLASS …", found {line[:60]!r}')


# ---- one language ----
class Language:
    def __init__(self, code):
        self.code, self.forms, self.rules, self.signatures, self.tests = code, {}, [], {}, []
        self.literals, self.prefixes, self.suffixes, self.paradigms = {}, [], [], {}
        self.origins = {}  # form → the lines that give it
        self.spellings, self.respelled = [], {}
        folder = os.path.join(root, code)
        self.read_paradigms(os.path.join(folder, 'paradigms.tsv'))
        self.read_clitics(os.path.join(folder, 'clitics.tsv'))
        self.read_spellings(os.path.join(folder, 'spellings.tsv'))
        for name in sorted(os.listdir(folder)):
            if name.endswith('.words.tsv'):
                self.read_words(os.path.join(folder, name))
        self.read_roots(folder)
        self.words = set(self.forms)
        self.read_common(os.path.join(folder, 'common.tsv'))
        self.add_respelled()
        for name in sorted(os.listdir(folder)):
            if name.endswith('.rules'):
                parse_rules(os.path.join(folder, name), self)
        for where, name, *_ in self.tests:
            if not any(r.name == name for r in self.rules):
                error(where, f'there is no rule {name}')
        self.complete_definites()
        self.find_needs()

    def complete_definites(self):
        """a literal, or a word that is only said to be no place, has the classes of the word behind its article too"""
        for form, reading in self.forms.items():
            if reading.mask & ((1 << declared) - 1) not in (0, 1 << classes.get('NOT_PLACE', declared)):
                continue
            for written, tokens, definite in self.prefixes:
                rest = form[len(written):]
                if definite and not tokens and form.startswith(written) and rest in self.words:
                    reading.add(self.forms[rest])
                    reading.features.setdefault('definite', feature_value((form, 0), 'definite', 'yes'))

    def find_needs(self):
        """what the rules cannot match without; the literals of all rules are words by now"""
        frequency = anchors.frequencies(self.forms, self.common, classes, {getattr(r, 'emits', 0) for r in self.rules})
        for r in self.rules:
            needs, _, _ = anchors.needs_of(r.tree, frequency)
            r.needs = anchors.needed_masks(needs, r.looks, frequency)
            r.opens = anchors.opens(r.tree)
            kept = anchors.anchors(needs, r.looks, frequency)
            r.anchors = [(test_id(n.tests, False), n.low, n.high, int(n.absent)) for n in kept]
            r.asked = 0
            for mask in r.needs + [n.mask() for n in kept]:
                r.asked |= mask

    def literal(self, where, text):
        key = words_of(text)
        if not key:
            error(where, 'an empty literal')
        if key not in self.literals:
            name = f'"{key}"'
            classes.setdefault(name, len(classes))
            self.literals[key] = classes[name]
        r = Reading()
        r.mask = 1 << self.literals[key]
        self.add(where, key, r)
        return self.literals[key]

    def add(self, where, form, reading):
        self.forms.setdefault(form, Reading()).add(reading)
        self.origins.setdefault(form, []).append(where)

    def add_spelled(self, where, text, reading):
        """a form, and how else it may be written"""
        self.add(where, words_of(text), reading)
        for pattern, also in self.spellings:
            if pattern.search(text):
                self.respelled.setdefault(words_of(pattern.sub(also, text)), []).append((where, words_of(text), reading))

    def add_respelled(self):
        """no other spelling takes the place of a word that is there, or that is a common one in its own right"""
        for form, sources in self.respelled.items():
            if form in self.words:
                continue
            for where, proper, reading in sources:
                if self.common.get(form, 0) < COMMON_ANYWAY or self.common[form] < self.common.get(proper, 0):
                    self.add(where, form, reading)

    def read_spellings(self, path):
        if os.path.exists(path):
            for where, r in rows(path, ['written', 'also', 'where']):
                if not r['written'] or r['where'] not in ('', 'end'):
                    error(where, 'a spelling needs what is written, and "end" or nothing in the column where')
                    continue
                end = '(?= |$)' if r['where'] else ''
                self.spellings.append((re.compile(re.escape(r['written']) + end), r['also']))

    def read_paradigms(self, path):
        if os.path.exists(path):
            for where, r in rows(path, ['paradigm', 'template', 'features']):
                if '{}' not in r['template']:
                    error(where, 'a template needs {} where the stem goes')
                self.paradigms.setdefault(r['paradigm'], []).append((r['template'], r['features'], r.get('agrees', '')))

    def read_roots(self, folder):
        """words that grow from roots; what a word file says of a form counts first"""
        names = [os.path.join(folder, name) for name in ('patterns.tsv', 'roots.tsv')]
        if not all(map(os.path.exists, names)):
            return
        patterns = morphology.Patterns(rows(names[0], ['pattern', 'form', 'kind', 'template', 'paradigm', 'features']), error)
        for where, r in rows(names[1], ['root', 'form', 'patterns', 'class', 'features', 'with', 'except']):
            base = parse_reading(where, r['class'], r['features'])
            for form, more in morphology.expand(where, r, patterns, self.paradigms, fold, error):
                reading = parse_reading(where, '', more)
                reading.add(base)
                self.add_spelled(where, form, reading)

    def read_clitics(self, path):
        """proclitic slots in order; each written form is a slot's choice or nothing"""
        if not os.path.exists(path):
            return
        slots = {}
        for where, r in rows(path, ['slot', 'written', 'token', 'definite']):
            if r['slot'] == 'suffix':
                if r.get('on', '') not in HOSTS:
                    error(where, f'a suffix stands on {" or ".join(filter(None, HOSTS))}, not on {r["on"]!r}')
                else:
                    self.suffixes.append((fold(r['written']), fold(r['token']), HOSTS.index(r.get('on', ''))))
            else:
                slots.setdefault(int(r['slot']), []).append((fold(r['written']), fold(r['token']), r['definite'] == 'yes'))
        combos = [('', [], False)]
        for slot in sorted(slots):
            combos += [(w + written, t + ([token] if token else []), d or definite)
                       for w, t, d in combos if not d for written, token, definite in slots[slot]]
        self.prefixes = [c for c in combos if c[0]]

    def read_common(self, path):
        """how common words are: Zipf frequency times ten"""
        self.common = {}
        if os.path.exists(path):
            for where, r in rows(path, ['word', 'zipf']):
                if not r['zipf'].isdigit():
                    error(where, f'zipf should be a number, found {r["zipf"]!r}')
                    continue
                key = fold(r['word'])
                self.common[key] = max(int(r['zipf']), self.common.get(key, 0))

    def read_words(self, path):
        for where, r in rows(path, ['word', 'class', 'features', 'paradigm']):
            key = words_of(r['word'])
            if not key:
                error(where, 'no word')
                continue
            base = parse_reading(where, r['class'], r['features'])
            if not r['paradigm']:
                self.add_spelled(where, r['word'], base)
                continue
            for name in r['paradigm'].split():
                if name not in self.paradigms:
                    error(where, f'unknown paradigm {name}')
                for template, more, _ in self.paradigms.get(name, []):
                    reading = parse_reading(where, '', more)
                    reading.add(base)
                    self.add_spelled(where, template.replace('{}', r['word']), reading)


codes = sorted(d for d in os.listdir(root) if os.path.isdir(os.path.join(root, d)))
for code in codes:
    languages.append(Language(code))
if len(classes) > 1024:
    error((root, 0), f'{len(classes)} classes and literals, at most 1024')
if errors and mode == '--check':
    print(*errors, sep='\n')
    sys.exit(5)
if errors:
    sys.exit('\n'.join(errors))


def print_words(language):
    names = {i: name for name, i in classes.items()}
    value_names = {f: {i: v for v, i in vs.items()} for f, vs in values.items()}
    for form, r in sorted(language.forms.items()):
        shown = [names[i] for i in range(declared) if r.mask >> i & 1]
        fields = [f'{f}={value_names[f].get(v, v)}' for f, v in r.features.items()]
        path, line = language.origins[form][0]
        print(form, ' '.join(shown), ';'.join(fields), language.common.get(form, 0), f'{path}:{line}', sep='\t')


if mode == '--check':
    state = lang_check.State(languages=languages, classes=classes, features=features, values=values, phases=phases,
                             tests_pool=tests_pool, declared=declared, class_lines=class_lines)
    here = os.path.dirname(os.path.abspath(__file__))
    found = lang_check.findings(state, os.path.join(here, '..', 'src'), os.path.join(here, 'program.txt'))
    for where, message in found:
        print(f'{where[0]}:{where[1]}: {message}')
    sys.exit(3 if found else 0)
if mode == '--words':
    for language in languages:
        if len(sys.argv) < 3 or language.code == sys.argv[2]:
            print_words(language)
    sys.exit(0)

# ---- the tables ----
digest = hashlib.sha256()
for folder, _, names in sorted(os.walk(root)):
    for name in sorted(names):
        if name.endswith(('.tsv', '.rules')):
            digest.update(name.encode() + b'\0' + open(os.path.join(folder, name), 'rb').read())
version = digest.hexdigest()[:16]
WORDS = (len(classes) + 127) // 128 * 2  # src/lang/start.c takes two at a time


def ordered_rules(language, phase):
    return [r for r in language.rules if r.phase == phase]


def words_for(count):
    """64-bit words that hold a bit for each of so many rules"""
    return (count + 63) // 64


def mask_c(m):
    return '{' + ', '.join(f'0x{m >> 64 * i & 0xffffffffffffffff:x}u' for i in range(WORDS)) + '}'


def words_c(m):
    """which words of a mask are not zero, as bits"""
    return f'0x{sum(1 << i for i in range(WORDS) if m >> 64 * i & 0xffffffffffffffff):x}u'


class Runs:
    """runs of items behind one another, equal ones once"""

    def __init__(self):
        self.items, self.at = [], {}

    def add(self, run):
        if run not in self.at:
            self.at[run] = len(self.items)
            self.items += run
        return self.at[run]


def test_parts(tests, conditions):
    """[(word, bits of the classes in it, first condition, conditions)]: what a node is asked, least work first"""
    masks = {}
    for mask, wanted in tests:
        run = tuple(map(tuple, wanted))
        masks[run] = masks.get(run, 0) | mask
    out = []
    for run in sorted(masks, key=len):
        for word in range(WORDS):
            bits = masks[run] >> 64 * word & 0xffffffffffffffff
            if bits:
                out.append((word, bits, conditions.add(run), len(run)))
    return out


def class_set_c(m):
    return f'{{{words_c(m)}, {mask_c(m)}}}'


def number_anchors(here):
    """the anchors of a phase's rules, each once; the rules get their numbers"""
    numbers = {}
    for r in here:
        r.anchors = [numbers.setdefault(a, len(numbers)) for a in r.anchors]
    return list(numbers)


def symbol(s):
    return re.sub(r'\W', '_', s).upper()


with open(out_h, 'w', encoding='utf-8') as f:
    f.write('/* Generated by tools/langc.py from lang/: do not edit. */\n#ifndef ISN_LANG_SYMBOLS_H\n#define ISN_LANG_SYMBOLS_H\n')
    f.write(f'enum {{ CLASS_WORDS = {WORDS} }};\nenum lang_class {{\n')
    for name, i in list(classes.items())[:declared]:
        f.write(f'    IS_{name} = {i},\n')
    f.write('};\nenum lang_feature {\n')
    for name, i in features.items():
        f.write(f'    FEATURE_{symbol(name)} = {i},\n')
    f.write(f'    FEATURES = {len(features)}\n}};\n')
    rule_words = max([words_for(len(ordered_rules(x, p))) for x in languages for p in phases.values()], default=1)
    rule_joins = max([r.joins for x in languages for r in x.rules], default=0)
    most = max([len({a for r in ordered_rules(x, p) for a in r.anchors}) for x in languages for p in range(len(phases))], default=1)
    f.write(f'enum {{ NEEDS = {anchors.NEEDS}, ANCHORS = {anchors.ANCHORS}, ANCHOR_WORDS = {most // 64 + 1}, RULE_WORDS = {max(1, rule_words)}, RULE_JOINS = {rule_joins} }};\n')
    for name, v in values.items():
        if v:
            f.write(f'enum lang_value_{name.replace("-", "_")} {{\n' +
                    ''.join(f'    VALUE_{symbol(name)}_{symbol(x)} = {i},\n' for x, i in v.items()) + '};\n')
    f.write('enum lang_phase {\n' + ''.join(f'    PHASE_{symbol(n)} = {i},\n' for n, i in phases.items()) + f'    PHASES = {len(phases)}\n}};\n')
    f.write('enum lang_label {\n' + ''.join(f'    LABEL_{symbol(n)} = {i},\n' for n, i in labels.items()) + f'    LABELS = {len(labels)}\n}};\n')
    f.write('#endif\n')


AFFIX_KEYS = 128


def affix_key(two):
    """the same as in src/lang/lang.c"""
    return (two[0] * 64 + (two[1] & 63)) % AFFIX_KEYS


def second_key(word):
    """the same as in src/lang/lang.c"""
    n = len(word)
    h = word[0] * 3 + word[min(1, n - 1)] + word[min(3, n - 1)] * 5 + word[-1] * 11 + n * 17
    return (h ^ h >> 6) & 63


def number_c(n):
    return '0' if n is None else n if n == OPEN else f'INT64_C({n})'


def c_string(b):
    return '"' + ''.join(chr(c) if 32 <= c < 127 and c not in (34, 92, 63) else f'\\{c:03o}' for c in b) + '"'


origin_files = {}


def origin(lines):
    """the line that gives a form first, as the number of its file and its own"""
    if not lines:
        return 0
    path, line = lines[0]
    return origin_files.setdefault('lang/' + os.path.relpath(path, root), len(origin_files)) << 20 | line


def write_names(w):
    """what --explain calls things by"""
    def strings(items):
        return ', '.join(c_string(x.encode()) if x is not None else '0' for x in items) or '0'
    w(f'const char *const lang_class_names[] = {{{strings(classes)}}};\n')
    w(f'const char *const lang_feature_names[] = {{{strings(features)}}};\n')
    w(f'const char *const lang_origin_files[] = {{{strings(origin_files)}}};\n')
    for name, number in features.items():
        w(f'static const char *const values_{number}[] = {{{strings([None, *values[name]])}}};\n')
    w('const struct lang_values lang_value_names[] = {' + ', '.join(
        f'{{values_{number}, {len(values[name]) + 1}}}' for name, number in features.items()) + '};\n')


with open(out_c, 'w', encoding='utf-8') as f:
    w = f.write
    w('/* Generated by tools/langc.py from lang/: do not edit. */\n#include "lang/tables.h"\n\n')
    w('const struct lang_test lang_tests[] = {\n')
    parts, conditions = [], Runs()
    for tests, negated in tests_pool:
        first = len(parts)
        parts += test_parts(tests, conditions)
        w(f'    {{{first}, {len(parts) - first}, {int(negated)}}},\n')
    w('    {0, 0, 0}};\nconst struct lang_part lang_parts[] = {\n')
    for word, bits, at, count in parts:
        w(f'    {{0x{bits:x}u, {at}, {count}, {word}}},\n')
    w('    {0}};\nconst struct lang_condition lang_conditions[] = {\n')
    for name, value, negated in conditions.items:
        w(f'    {{{features[name]}, {value}, {int(negated)}}},\n')
    w('    {0}};\n')
    if len(conditions.items) > 0xffff:
        sys.exit(f'the rules have {len(conditions.items)} different conditions, at most {0xffff}')
    code_all, action_all = [], []
    for language in languages:
        for r in language.rules:
            r.code_at, r.action_at = len(code_all), len(action_all)
            code_all += r.program
            for a in r.actions:
                action_all.append(a if len(a) == 5 else a + (0,))
    w('const struct lang_code lang_program[] = {\n' + ''.join(f'    {{CODE_{op}, {", ".join(map(str, cells))}}},\n' for op, *cells in code_all) + '    {CODE_MATCH}};\n')
    w('const struct lang_action lang_actions[] = {\n' + ''.join(
        f'    {{ACTION_{k}, {t}, {s}, {number_c(v) if k in ("SET", "DEFAULT") else v}, {p}}},\n' for k, t, s, v, p in action_all) + '    {ACTION_SET, 0, 0, 0, 0}};\n')
    for language in languages:
        c = language.code
        pool, entries, readings, reading_at, starts, seconds = bytearray(), [], [], {}, {}, {}
        for form in sorted(language.forms):
            r = language.forms[form]
            key = r.key()
            if key not in reading_at:
                reading_at[key] = len(readings)
                readings.append(r)
            data = form.encode()
            entries.append((form, len(pool), len(data), reading_at[key]))
            pool += data
            n = form.count(' ') + 1
            first = form.split(' ')[0]
            if n > 1:
                starts[first] = max(n, starts.get(first, 1))
                seconds[first] = seconds.get(first, 0) | 1 << second_key(form.split(' ')[1].encode())
        for first in starts:
            if first not in language.forms:
                data = first.encode()
                entries.append((first, len(pool), len(data), 0xffff))
                pool += data
        if len(entries) >> ENTRY_BITS:
            sys.exit(f'{os.path.join(root, c)}: {len(entries)} forms, at most {1 << ENTRY_BITS}')
        size = 1
        while size < 2 * len(entries) + 2:
            size *= 2
        table = [0] * size
        for i, (form, *_) in enumerate(entries):
            h = fnv(form.encode())
            at = h & (size - 1)
            while table[at]:
                at = (at + 1) & (size - 1)
            table[at] = i + 1 | h >> 32 + ENTRY_BITS << ENTRY_BITS
        w(f'static const char {c}_pool[] =\n')
        for i in range(0, max(1, len(pool)), 80):
            w('    ' + c_string(pool[i:i + 80]) + '\n')
        w(f'    ;\nstatic const struct lang_entry {c}_entries[] = {{\n' + ''.join(
            f'    {{{o}, {n}, {r}, {starts.get(form, 1)}, 0x{seconds.get(form, 0):x}u}},\n' for form, o, n, r in entries) + '    {0, 0, 0, 0, 0x0u}};\n')
        w(f'static const uint32_t {c}_table[] = {{{", ".join(map(str, table))}}};\n')
        w(f'static const uint32_t {c}_origins[] = {{{", ".join(str(origin(language.origins.get(form))) for form, *_ in entries) or "0"}}};\n')
        w(f'static const struct lang_reading {c}_readings[] = {{\n')
        for r in readings:
            cells = ', '.join(f'[{features[k]}] = {v}' for k, v in r.features.items() if v)
            mn = r.min
            mx = r.max if r.max is not None else mn
            w(f'    {{{class_set_c(r.mask)}, {number_c(mn)}, {number_c(mx)}, {{{cells or "0"}}}}},\n')
        w('};\n')
        w(f'static const struct lang_prefix {c}_prefixes[] = {{\n')
        for written, tokens, definite in sorted(language.prefixes, key=lambda p: len(p[0])):
            cells = (tokens + ['', '', ''])[:3]
            w(f'    {{{c_string(written.encode())}, {len(written.encode())}, {{{", ".join(c_string(t.encode()) for t in cells)}}}, {len(tokens)}, {int(definite)}}},\n')
        w('    {0}};\n')
        w(f'static const struct lang_suffix {c}_suffixes[] = {{\n' + ''.join(
            f'    {{{c_string(s.encode())}, {len(s.encode())}, {on}, {c_string(t.encode())}}},\n' for s, t, on in sorted(language.suffixes, key=lambda x: -len(x[0]))) + '    {0}};\n')
        # which clitics may stand on a word, by a key of its first two bytes, or of its last two
        prefixes = [p[0].encode() for p in sorted(language.prefixes, key=lambda p: len(p[0]))]
        suffixes = [x[0].encode() for x in sorted(language.suffixes, key=lambda x: -len(x[0]))]
        for name, affixes, ends in (('prefix', prefixes, lambda b: b[:2]), ('suffix', suffixes, lambda b: b[-2:])):
            if len(affixes) > 64:
                sys.exit(f'{os.path.join(root, c)}: {len(affixes)} clitics or rows of them on one side, at most 64')
            rows_of = [sum(1 << i for i, b in enumerate(affixes) if len(b) < 2 or affix_key(ends(b)) == key) for key in range(AFFIX_KEYS)]
            w(f'static const uint64_t {c}_{name}_rows[] = {{{", ".join(f"0x{r:x}u" for r in rows_of)}}};\n')
        size = 1
        while size < 2 * len(language.common) + 2:
            size *= 2
        hashes = [0] * size
        for word, zipf in language.common.items():
            h = fnv(word.encode())
            at = h & (size - 1)
            while hashes[at]:
                at = (at + 1) & (size - 1)
            hashes[at] = (h >> 8 << 8) | zipf
        w(f'static const uint64_t {c}_common[] = {{\n')
        for i in range(0, size, 8):
            w('    ' + ', '.join(f'0x{h:x}u' for h in hashes[i:i + 8]) + ',\n')
        w('};\n')
        # by phase: the rules, and what they need of a sentence (docs in src/lang/tables.h)
        ordered, phase_rows, needs_all, anchors_all = [], [], [], []
        for p in range(len(phases)):
            here = ordered_rules(language, p)
            words, needed, asked = words_for(len(here)), 0, 0
            for r in here:
                asked |= r.asked
                for m in r.needs:
                    needed |= m
            anchored = number_anchors(here)
            phase_rows.append((len(ordered), len(here), words, len(needs_all), len(anchors_all), len(anchored),
                               class_set_c(needed), class_set_c(asked)))
            ordered += here
            anchors_all += anchored

            def row(test, here=here, words=words):
                bits = sum(1 << i for i, r in enumerate(here) if test(r))
                return [bits >> 64 * i & 0xffffffffffffffff for i in range(words)]
            for k in range(len(classes)):
                for i in range(anchors.NEEDS):
                    needs_all += row(lambda r: len(r.needs) > i and r.needs[i] >> k & 1)
            for i in range(anchors.NEEDS):
                needs_all += row(lambda r: len(r.needs) <= i)
        w(f'static const struct lang_rule {c}_rules[] = {{\n')
        for r in ordered:
            rel = os.path.relpath(r.where[0], root)
            w(f'    {{{c_string(r.name.encode())}, {c_string(("lang/" + rel).encode())}, {r.where[1]}, {r.priority}, {r.phase}, {int(r.reduces)}, '
              f'{r.code_at}, {len(r.program)}, {r.action_at}, {len(r.actions)}, {r.emits}, {r.joins}, '
              f'{int(r.opens)}, {len(r.anchors)}, {{{", ".join(map(str, r.anchors)) or 0}}}}},\n')
        w('    {0}};\n')
        w(f'static const struct lang_anchor {c}_anchors[] = {{\n' + ''.join(f'    {{{", ".join(map(str, a))}}},\n' for a in anchors_all) + '    {0}};\n')
        w(f'static const struct lang_range {c}_phases[] = {{\n' + ''.join(
            f'    {{{", ".join(map(str, cells))}}},\n' for cells in phase_rows) + '    {0}};\n')
        w(f'static const uint64_t {c}_needs[] = {{\n')
        for i in range(0, len(needs_all), 8):
            w('    ' + ', '.join(f'0x{bits:x}u' for bits in needs_all[i:i + 8]) + ',\n')
        w('    0};\n')
    write_names(w)
    w('const struct lang lang_all[] = {\n')
    for language in languages:
        c = language.code
        w(f'    {{"{c}", {c}_pool, {c}_entries, {c}_table, sizeof {c}_table / sizeof *{c}_table, {c}_origins, {c}_readings, {c}_prefixes, {len(language.prefixes)}, '
          f'{c}_suffixes, {len(language.suffixes)}, {c}_prefix_rows, {c}_suffix_rows, {c}_rules, {c}_phases, {c}_anchors, {c}_needs, {len(classes)}, {c}_common, sizeof {c}_common / sizeof *{c}_common}},\n')
    w(f'}};\nconst unsigned lang_count = {len(languages)};\nconst char lang_version_text[] = "{version}";\n')

if out_tests:
    with open(out_tests, 'w', encoding='utf-8') as f:
        f.write('/* Generated by tools/langc.py from lang/: do not edit. */\n#include "lang/rule_tests.h"\n\nconst struct rule_test rule_tests[] = {\n')
        for language in languages:
            for where, name, text, matched, fields in language.tests:
                cells = ', '.join(f'{{{n}, {number_c(v)}}}' for n, v in fields)
                f.write(f'    {{"{language.code}", {c_string(name.encode())}, {c_string(("lang/" + os.path.relpath(where[0], root)).encode())}, {where[1]}, '
                        f'{c_string(text.encode())}, {c_string(matched.encode()) if matched else "0"}, {len(fields)}, {{{cells or "{0, 0}"}}}}},\n')
        f.write('    {0}};\n')
