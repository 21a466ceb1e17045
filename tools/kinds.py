"""Kinds: a class with conditions on features, as rules ask for it, is to the machine a class of its own.

Which kinds a node is of is told once, when it is made. To ask for one is then to look at a bit, whatever its conditions, and
of a sentence that has none it is told beforehand that a rule cannot match in it.
"""


class Kinds:
    def __init__(self, first):
        """numbered from `first` on, behind the classes"""
        self.first, self.numbers = first, {}

    def number(self, of, conditions):
        """of class `of` with [(feature, value, negated)]"""
        return self.numbers.setdefault((of, tuple(sorted(set(map(tuple, conditions))))), self.first + len(self.numbers))

    def mask(self, tests):
        """classes and kinds: a node has one of them where a test, [(classes, conditions)], holds for it"""
        out = 0
        for mask, conditions in tests:
            out |= 1 << self.number(mask.bit_length() - 1, conditions) if conditions else mask
        return out

    def with_masks(self, node):
        """the same pattern, its tests masks"""
        kind = node[0]
        if kind in ('one', 'ahead', 'before'):
            return node[:2] + (self.mask(node[2]),)
        if kind in ('seq', 'alt'):
            return kind, [self.with_masks(n) for n in node[1]]
        return node[:-1] + (self.with_masks(node[-1]),) if kind in ('label', 'repeat') else node

    def of(self, mask, features):
        """the kinds of a form, as a mask"""
        out = 0
        for (of, conditions), number in self.numbers.items():
            if mask >> of & 1 and all((features.get(f, 0) == v) != negated for f, v, negated in conditions):
                out |= 1 << number
        return out
