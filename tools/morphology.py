"""Words from roots and patterns (docs/languages.md, "Roots and patterns").

A root is three or four radicals; a pattern says where they stand in a stem, by form of the verb and by what is weak in
the root; a paradigm gives the stem its endings. All three are data: patterns.tsv, roots.tsv and paradigms.tsv of a
language. What is known here is only how a line of the one finds its lines in the other.
"""

WEAK = 'وي'
AGREES = '-'  # in what stands behind a verb: here the pronoun that agrees with its subject


def kinds_of(radicals):
    """what is weak or doubled in a root, as the names that the column `kind` of patterns.tsv uses"""
    kinds = set()
    first, second, last = radicals[0], radicals[1], radicals[-1]
    if first in WEAK:
        kinds.add('assimilated')
    elif first in 'أء':
        kinds.add('hamza-first')
    elif first in 'صضطظ':
        kinds.add('emphatic-first')
    elif first in 'دذز':
        kinds.add('dental-first')
    if last in WEAK:
        kinds.add('defective')
    elif second in WEAK:
        kinds.add('hollow')
    elif second == last and len(radicals) == 3:
        kinds.add('doubled')
    return frozenset(kinds)


class Pattern:
    """one line of patterns.tsv"""

    def __init__(self, where, name, kinds, template, paradigms, features):
        self.where, self.name, self.kinds = where, name, kinds
        self.template, self.paradigms, self.features = template, paradigms, features
        self.used = False

    def longest(self):
        return max([int(c) for c in self.template if c in '1234'], default=0)

    def stem(self, radicals):
        return ''.join(radicals[int(c) - 1] if c in '1234' else c for c in self.template)


class Patterns:
    NAMES = {'any', 'assimilated', 'hamza-first', 'emphatic-first', 'dental-first', 'defective', 'hollow', 'doubled'}

    def __init__(self, rows, error):
        self.by_name, self.error = {}, error
        for where, r in rows:
            for name in r['kind'].replace('+', ' ').split():
                if name not in self.NAMES:
                    error(where, f'unknown kind of root {name}; there are {", ".join(sorted(self.NAMES))}')
            if not any(c in '1234' for c in r['template']):
                error(where, 'a template needs the radicals: 1, 2, 3')
            for kind in r['kind'].split():
                kinds = frozenset(kind.split('+')) - {'any'}
                names = r['pattern'].split()
                pattern = Pattern(where, names[0], kinds, r['template'], r['paradigm'].split(), r['features'])
                for name in names:
                    for form in r['form'].split() or ['']:
                        self.by_name.setdefault((name, form), []).append(pattern)

    def find(self, where, name, form, radicals):
        """the lines for a root of a pattern, or of each pattern that goes by a common name: those that name most of
        what is weak in the root"""
        there = self.by_name.get((name, form)) or self.by_name.get((name, ''))
        if not there:
            self.error(where, f'there is no pattern {name} of form {form or "any"}')
            return []
        return [p for proper in sorted({p.name for p in there}) for p in self.best(where, proper, form, radicals, there)]

    def best(self, where, name, form, radicals, there):
        kinds = kinds_of(radicals)
        fitting = [p for p in there if p.name == name and p.kinds <= kinds and p.longest() <= len(radicals)]
        if not fitting:
            self.error(where, f'pattern {name} of form {form or "any"} has no template for a root that is {"+".join(sorted(kinds)) or "sound"}')
            return []
        most = max(len(p.kinds) for p in fitting)
        best = [p for p in fitting if len(p.kinds) == most]
        if len({p.kinds for p in best}) > 1:
            self.error(where, f'pattern {name} has several templates for a root that is {"+".join(sorted(kinds))}: give it one of its own')
        for p in best:
            p.used = True
        return best


def phrases(form, agrees, behind):
    """a form with what stands behind it, its pronoun agreeing with the form's subject"""
    if not behind:
        return [form]
    if AGREES not in behind:
        return [f'{form} {behind}']
    return [f'{form} {behind.replace(AGREES, pronoun)}' for pronoun in agrees.split()]


def expand(where, row, patterns, paradigms, fold, error):
    """yields (form, features) for a line of roots.tsv; paradigms: name → [(template, features, agrees)]"""
    radicals = row['root'].split()
    if len(radicals) not in (3, 4) or any(len(r) != 1 for r in radicals):
        error(where, f'a root is three or four letters with spaces between them, not {row["root"]!r}')
        return
    excepted = {fold(w): False for w in row['except'].split()}
    for name in row['patterns'].split():
        for pattern in patterns.find(where, name, row['form'], radicals):
            stem = pattern.stem(radicals)
            for paradigm in pattern.paradigms or ['']:
                if paradigm and paradigm not in paradigms:
                    error(pattern.where, f'unknown paradigm {paradigm}')
                for template, features, agrees in paradigms.get(paradigm, [('{}', '', '')]):
                    form = template.replace('{}', stem)
                    if fold(form) in excepted:
                        excepted[fold(form)] = True
                        continue
                    for behind in row['with'].split('|'):
                        for phrase in phrases(form, agrees, behind.strip()):
                            yield phrase, f'{pattern.features};{features}'
    for word, met in excepted.items():
        if not met:
            error(where, f'{word} is excepted, but no pattern of this line gives it')
