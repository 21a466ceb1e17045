"""What a pattern cannot match without, and how far from the beginning of a match it stands.

A rule is run only where that is there (src/lang/match.c), so what is rare in texts is asked for first. How rare a class is
the words that have it tell, by how common they are; of what rules and code make of a text a guess is good enough, for
nothing but the time depends on it.
"""
WINDOW = 62  # a match has no node farther from its first one; see WINDOW in src/lang/match.c
NEEDS = 4  # sets of classes that a sentence must have
ANCHORS = 6  # of a rule, that are looked for
LISTED = 1e-7  # how often a form stands in a text that is too rare for the list of common words, or has several words
SHORT = 0.02  # a mark, a clitic
MADE = 0.02  # what no word has: numbers, names, what rules make
EVERYWHERE = {'WORD': 0.9, 'UNKNOWN': 0.3}
CONDITION = 0.5  # a feature asked for makes what is made rarer


def frequencies(forms, common, classes, kinds, emitted):
    """by class and kind: how many of a text's words have it"""
    out = [0.0] * (len(classes) + len(kinds.numbers))
    for form, reading in forms.items():
        often = 10 ** (common[form] / 10 - 9) if form in common else SHORT if len(form) == 1 else LISTED
        mask = reading.mask | reading.kinds
        while mask:
            out[(mask & -mask).bit_length() - 1] += often
            mask &= mask - 1
    for name, i in classes.items():
        if i in emitted or not out[i]:
            out[i] += MADE
        out[i] += EVERYWHERE.get(name, 0)
    for (of, conditions), i in kinds.numbers.items():
        if of in emitted or not out[i]:
            out[i] += MADE * CONDITION ** len(conditions)
    return out


class Need:
    """a node `low` to `high` nodes behind a match's first has one of these classes and kinds"""

    def __init__(self, mask, low, high, absent=False):
        self.mask, self.low, self.high, self.absent = mask, low, high, absent

    def moved(self, low, high):
        return Need(self.mask, self.low + low, min(self.high + high, WINDOW))

    def often(self, frequency):
        total, m = 0.0, self.mask
        while m:
            total += frequency[(m & -m).bit_length() - 1]
            m &= m - 1
        return total

    def key(self, frequency):
        """less is better: how likely some node is one where one has to be"""
        return (self.often(frequency) * (self.high - self.low + 1), self.low, self.high, self.mask)


def either(needs):
    """what holds where one of these does"""
    mask = 0
    for n in needs:
        mask |= n.mask
    return Need(mask, min(n.low for n in needs), max(n.high for n in needs))


def needs_of(node, frequency):
    """([Need], nodes that a match of the pattern, its tests masks, takes at least, and at most)"""
    kind = node[0]
    if kind in ('one', 'ahead', 'before'):
        at, size = (-1 if kind == 'before' else 0), (1 if kind == 'one' else 0)
        return [] if node[1] else [Need(node[2], at, at)], size, size
    if kind == 'any':
        return [], 1, 1
    if kind == 'seq':
        needs, low, high = [], 0, 0
        for part in node[1]:
            inner, least, most = needs_of(part, frequency)
            needs += [n.moved(low, high) for n in inner]
            low, high = low + least, high + most
        return needs, low, high
    if kind == 'alt':
        ways = [needs_of(n, frequency) for n in node[1]]
        low, high = min(w[1] for w in ways), max(w[2] for w in ways)
        if not all(w[0] for w in ways):
            return [], low, high
        needs = [either([min(w[0], key=lambda n: n.key(frequency)) for w in ways])]
        for n in ways[0][0]:
            same = [[x for x in w[0] if x.mask == n.mask] for w in ways]
            if all(same):
                needs.append(either([s[0] for s in same]))
        return needs, low, high
    if kind == 'label':
        return needs_of(node[2], frequency)
    if kind == 'repeat':
        inner, low, high = needs_of(node[3], frequency)
        return inner if node[1] else [], low * node[1], high * node[2]
    return [], 0, 0


def needed_masks(needs, first_looks, frequency):
    """up to NEEDS sets of classes and kinds, of each of which the sentence must have one"""
    masks = {n.mask for n in needs} | {mask for mask, absent in first_looks if mask is not None and not absent}
    return sorted(masks, key=lambda m: (Need(m, 0, 0).often(frequency), m))[:NEEDS]


def opens(node):
    """whether the pattern matches at the beginning of a sentence only"""
    kind = node[0]
    if kind == 'seq':
        return bool(node[1]) and opens(node[1][0])
    if kind == 'alt':
        return all(map(opens, node[1]))
    return kind == 'start' or (kind == 'label' and opens(node[2])) or (kind == 'repeat' and node[1] > 0 and opens(node[3]))


def anchors(needs, first_looks, frequency):
    """up to ANCHORS of them, the rarest first; none that may stand before a match or in it"""
    sure = {(n.mask, n.low, n.high) for n in needs}
    looks = [Need(mask, d, d, absent) for d, (mask, absent) in enumerate(first_looks) if mask is not None]
    looks = [n for n in looks if (n.mask, n.low, n.high) not in sure]
    kept = [n for n in needs if n.low >= 0 or n.high < 0] + looks
    return sorted(kept, key=lambda n: n.key(frequency))[:ANCHORS]
