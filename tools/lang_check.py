"""What is of no use in lang/ though it compiles (docs/languages.md, "Checking"): run by langc.py --check.

A rule is followed as the machine would follow it (src/lang/match.c), with every node that the words, the program and
the rules of earlier phases can make. What no such node can satisfy is told.
"""
import os
import re

MOST_SEQUENCES = 400  # of a pattern with alternatives, where it is compared with others


# ---- what the program gives and reads ----
def program_symbols(sources, stored):
    """({classes given}, {classes read}, {features set}) by the C sources, or as they were when it was built"""
    if not os.path.isdir(sources):
        kinds = {'gives': set(), 'reads': set(), 'sets': set()}
        for line in open(stored, encoding='utf-8'):
            kind, name = line.split()
            kinds[kind].add(name)
        return kinds['gives'], kinds['reads'], kinds['sets']
    gives, reads, sets = set(), set(), set()
    for folder, _, names in os.walk(sources):
        for name in names:
            if not name.endswith(('.c', '.h')):
                continue
            text = open(os.path.join(folder, name), encoding='utf-8').read()
            given = re.findall(r'classes_add\([^;]*?\bIS_([A-Z0-9_]+)', text)
            gives.update(given)
            reads.update(re.findall(r'\bIS_([A-Z0-9_]+)', re.sub(r'classes_add\([^;]*?\bIS_([A-Z0-9_]+)', '', text)))
            sets.update(re.findall(r'feature\[FEATURE_([A-Z0-9_]+)\]\s*=[^=]', text))
    return gives, reads, {s.lower() for s in sets}


# ---- what nodes there can be ----
class Source:
    """a kind of node: its classes and the features it has; `open`: the features that may have any value"""

    def __init__(self, mask, features, open_features):
        self.mask, self.features, self.open = mask, features, open_features

    def satisfies(self, mask, conditions):
        if not self.mask & mask:
            return False
        for feature, value, negated in conditions:
            if self.open is not None and feature not in self.open and \
                    (self.features.get(feature, 0) == value) == negated:
                return False
        return True


class Nodes:
    """every kind of node that a phase may meet"""

    def __init__(self, state, language, gives, sets):
        self.sources, self.memory = [], {}
        word = 1 << state.classes['WORD'] if 'WORD' in state.classes else 0
        seen = set()
        for reading in language.forms.values():
            if reading.key() not in seen:
                seen.add(reading.key())
                self.sources.append(Source(reading.mask | word, reading.features, sets))
        for name in gives:
            if name in state.classes:
                self.sources.append(Source(1 << state.classes[name], {}, None))

    def add_rule(self, rule, features_by_number, number_fields):
        """what a rule with => makes; a feature that it takes from somewhere may be any"""
        features, any_value = {}, set()
        for kind, target, _, value, *_ in rule.actions:
            if kind == 'COPY':
                any_value = None
                break
            if target < 0:
                continue
            name = features_by_number[target]
            if kind == 'SET' and name not in any_value:
                features[name] = value
            else:
                any_value.add(name)
        self.sources.append(Source(1 << rule.emits, features, any_value))
        self.memory = {}

    def can(self, mask, conditions):
        key = (mask, tuple(conditions))
        if key not in self.memory:
            self.memory[key] = contradiction(conditions) is None and \
                any(s.satisfies(mask, conditions) for s in self.sources)
        return self.memory[key]


def contradiction(conditions):
    """two conditions that no node meets"""
    for i, (f, v, n) in enumerate(conditions):
        for g, w, m in conditions[i + 1:]:
            if f == g and ((not n and not m and v != w) or (v == w and n != m)):
                return f
    return None


# ---- following a rule ----
class Follower:
    """which instructions of a rule a match can come by"""

    def __init__(self, state, language, nodes):
        self.state, self.language, self.nodes = state, language, nodes
        self.literal_of = {number: text for text, number in language.literals.items()}
        self.clitics = {token for _, tokens, _ in language.prefixes for token in tokens}
        self.dead = []  # (mask, conditions) that no node satisfies, or a pair of literals

    def literals(self, test):
        """the texts of a test that literals alone satisfy, else None"""
        tests, negated = self.state.tests_pool[test]
        if negated:
            return None
        texts, mask = set(), 0
        for m, _ in tests:
            mask |= m
        while mask:
            bit = mask & -mask
            text = self.literal_of.get(bit.bit_length() - 1)
            if text is None:
                return None
            texts.add(text)
            mask ^= bit
        return frozenset(texts)

    def possible(self, test):
        tests, negated = self.state.tests_pool[test]
        if negated:
            return True
        alive = [self.nodes.can(m, c) for m, c in tests]
        for ok, (m, c) in zip(alive, tests):
            if not ok:
                self.dead.append((m, c))
        return any(alive)

    def swallowed(self, before, text):
        """a phrase takes both words before any rule sees the first alone"""
        return f'{before} {text}' in self.language.forms and before not in self.clitics

    def step_literal(self, before, texts):
        """the literals that may stand here behind those before"""
        if before is None or texts is None:
            return texts
        left = frozenset(t for t in texts if not all(self.swallowed(b, t) for b in before))
        for t in texts - left:
            self.dead.append((sorted(before)[0], t))
        return left

    def matches(self, rule):
        """whether any match of the rule is possible; fills self.dead"""
        self.dead = []
        seen, paths, alive = set(), [(0, 0, False, None)], False
        while paths:
            item = paths.pop()
            if item in seen:
                continue
            seen.add(item)
            at, taken, ended, before = item
            op, a, b = rule.code[at]
            if op == 'MATCH':
                alive = alive or taken > 0
            elif op == 'SPLIT':
                paths += [(a, taken, ended, before), (b, taken, ended, before)]
            elif op == 'JUMP':
                paths.append((a, taken, ended, before))
            elif op in ('ONE', 'ANY'):
                if ended or (op == 'ONE' and not self.possible(a)):
                    continue
                texts = self.literals(a) if op == 'ONE' else None
                texts = self.step_literal(before, texts)
                if texts is None or texts:
                    paths.append((at + 1, 1, False, texts))
            elif op == 'START':
                if not taken:
                    paths.append((at + 1, taken, ended, before))
            elif op == 'END':
                paths.append((at + 1, taken, True, before))
            elif op == 'AHEAD':
                if self.possible(a) and not (ended and not self.state.tests_pool[a][1]):
                    paths.append((at + 1, taken, ended, before))
            elif op == 'BEFORE':
                if self.possible(a):
                    paths.append((at + 1, taken, ended, before))
            else:
                paths.append((at + 1, taken, ended, before))
        return alive


# ---- rules that another always beats ----
def sequences(code, at=0, memory=None):
    """the ways through a program as tuples of instructions without labels, or None where there are too many"""
    memory = {} if memory is None else memory
    if at in memory:
        return memory[at]
    op, a, b = code[at]
    if op == 'MATCH':
        out = {()}
    elif op == 'SPLIT':
        first, second = sequences(code, a, memory), sequences(code, b, memory)
        out = None if first is None or second is None else first | second
    elif op == 'JUMP':
        out = sequences(code, a, memory)
    else:
        rest = sequences(code, at + 1, memory)
        out = rest if rest is None or op == 'SAVE' else {((op, a),) + s for s in rest}
    if out is not None and len(out) > MOST_SEQUENCES:
        out = None
    memory[at] = out
    return out


def length(sequence):
    """the nodes that a way takes in: those before the cut"""
    ops = [op for op, _ in sequence]
    ops = ops[:ops.index('CUT')] if 'CUT' in ops else ops
    return sum(op in ('ONE', 'ANY') for op in ops)


class Beaten:
    def __init__(self, state, language):
        self.state, self.language = state, language
        self.word = {number: language.forms[text].mask for text, number in language.literals.items()}

    def atom_within(self, a, b):
        """every node that atom a takes, atom b takes"""
        (mask, conditions), (other, others) = a, b
        if not set(others) <= set(conditions):
            return False
        while mask:
            bit = mask & -mask
            if not (bit | self.word.get(bit.bit_length() - 1, 0)) & other:
                return False
            mask ^= bit
        return True

    def test_within(self, a, b):
        if a == b:
            return True
        (tests, negated), (others, other_negated) = self.state.tests_pool[a], self.state.tests_pool[b]
        if negated or other_negated:
            return False
        return all(any(self.atom_within(x, y) for y in others) for x in tests)

    def sequence_within(self, s, t):
        if len(s) != len(t):
            return False
        for (op, a), (other, b) in zip(s, t):
            if other == 'ANY' and op in ('ONE', 'ANY'):
                continue
            if op != other or (op in ('ONE', 'AHEAD', 'BEFORE') and not self.test_within(a, b)):
                return False
        return True

    def beats(self, strong, weak):
        """wherever the weak rule matches, the strong one matches as much"""
        if not strong.ways or not weak.ways or len({length(s) for s in strong.ways}) != 1:
            return False
        return all(any(self.sequence_within(s, t) for t in strong.ways) for s in weak.ways)


# ---- the findings ----
class State:
    def __init__(self, **fields):
        self.__dict__.update(fields)


def shown(state, mask, conditions):
    names = {number: name for name, number in state.classes.items()}
    values = {f: {n: v for v, n in vs.items()} for f, vs in state.values.items()}
    cells = [f'{f}{"!" if n else ""}={values[f].get(v, v)}' for f, v, n in conditions]
    listed = [names[i] for i in range(mask.bit_length()) if mask >> i & 1]
    return ' | '.join(listed) + (f'[{",".join(cells)}]' if cells else '')


def check_rules(state, language, gives, sets):
    nodes = Nodes(state, language, gives, sets)
    follower = Follower(state, language, nodes)
    phase_names = {number: name for name, number in state.phases.items()}
    numbers = {number: name for name, number in state.features.items()}
    ordered = sorted(language.rules, key=lambda r: r.phase)
    for phase in sorted({r.phase for r in ordered}):
        rules = [r for r in ordered if r.phase == phase]
        for r in rules:
            alive = follower.matches(r)
            for reason in dict.fromkeys(why(state, d, phase_names[phase]) for d in follower.dead):
                yield r.where, f'rule {r.name} can never match: {reason}' if not alive else \
                    f'part of rule {r.name} can never match: {reason}'
            if not alive and not follower.dead:
                yield r.where, f'rule {r.name} can never match: ^ stands behind a node, or a node behind $'
        yield from check_beaten(state, language, rules)
        for r in rules:
            if r.reduces:
                nodes.add_rule(r, numbers, None)


def why(state, dead, phase):
    if isinstance(dead[0], str):
        return f'the phrase "{dead[0]} {dead[1]}" is one node, so that "{dead[0]}" never stands before "{dead[1]}"'
    mask, conditions = dead
    if contradiction(conditions):
        return f'{shown(state, mask, conditions)} contradicts itself'
    return f'no word, no rule before the phase {phase} and no step of the program gives {shown(state, mask, conditions)}'


def check_beaten(state, language, rules):
    beaten = Beaten(state, language)
    for r in rules:
        r.ways = sequences(r.code)
    for i, weak in enumerate(rules):
        for j, strong in enumerate(rules):
            wins = strong.priority > weak.priority or (strong.priority == weak.priority and j < i)
            if wins and beaten.beats(strong, weak):
                yield weak.where, f'rule {weak.name} never wins: wherever it matches, {strong.name} ' \
                    f'({os.path.basename(strong.where[0])}:{strong.where[1]}) matches as much and goes before it'
                break


def asked_for(state, language):
    """the classes that rules of a language look for, or look away from"""
    asked = 0
    for r in language.rules:
        for op, a, _ in r.code:
            if op in ('ONE', 'AHEAD', 'BEFORE'):
                for mask, _ in state.tests_pool[a][0]:
                    asked |= mask
    return asked


def check_classes(state, language, reads):
    """classes that words have and nobody asks for"""
    asked = asked_for(state, language)
    for name, number in state.classes.items():
        if number >= state.declared or asked >> number & 1 or name in reads:
            continue
        forms = [f for f, r in language.forms.items() if r.mask >> number & 1]
        if forms:
            where = min(language.origins[f][0] for f in forms)
            have = '1 form has' if len(forms) == 1 else f'{len(forms)} forms have'
            yield where, f'no rule of {language.code} asks for {name}, nor does the program: {have} it for nothing'


def check_unused(state, gives, reads):
    """classes of classes.tsv that nothing has"""
    asked = 0
    for language in state.languages:
        asked |= asked_for(state, language)
    for name, number in list(state.classes.items())[:state.declared]:
        bit = 1 << number
        has = asked & bit or any(r.mask & bit for language in state.languages for r in language.forms.values()) or \
            any(r.emits == number for language in state.languages for r in language.rules)
        if not has and name not in gives and name not in reads:
            yield state.class_lines[name], f'class {name} is given to nothing and asked for by nobody'


def check_tests(language):
    tested = {name for _, name, *_ in language.tests}
    for r in language.rules:
        if r.name not in tested:
            yield r.where, f'rule {r.name} has no test'


def findings(state, sources, stored):
    gives, reads, sets = program_symbols(sources, stored)
    found = list(check_unused(state, gives, reads))
    for language in state.languages:
        found += check_rules(state, language, gives, sets)
        found += check_classes(state, language, reads)
        found += check_tests(language)
    return sorted(found, key=lambda f: (f[0][0], f[0][1]))
