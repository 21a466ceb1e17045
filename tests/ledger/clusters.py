#!/usr/bin/env python3
"""Make clusters of invented reports of which is known who told what first (docs/voices.md), and score a ledger on them.

usage: clusters.py make FOLDER [--clusters N] [--seed N]        writes FOLDER/docs.jsonl and FOLDER/truth.jsonl
       clusters.py test PROGRAM [--clusters N] [--seed N] [--keep FOLDER] [--errors]
                                                                fills a ledger with them and holds it to the floors

A cluster is of 4 to 9 reports in Arabic and English: first tellers (monitors, offices, people heard by one outlet, the
outlet's own word), copies word for word, with light edits and under a new lead, translations sentence by sentence, relays
of one to three steps, retellings under other names of a voice, figures raised and corrected, denials, outlets that cite
each other and nobody else, and reports of other incidents close by in place or time. The truth follows from how the
reports were made. The order of the reports in docs.jsonl is random.
"""
import argparse
import collections
import copy
import datetime
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import clusters_words as words

# Percent over 1,000 clusters of any seed, and over the few of a short run, always the same.
FEW_SEED = 20261126
FLOORS = {'grouped': (90, 81), 'voices': (89, 85), 'figures exact': (93, 90)}
LARGE = 500
UNITS = ['', 'واحد', 'اثنان', 'ثلاث', 'أربع', 'خمس', 'ست', 'سبع', 'ثمان', 'تسع', 'عشر']
TENS = {20: 'عشرون', 30: 'ثلاثون', 40: 'أربعون', 50: 'خمسون', 60: 'ستون', 70: 'سبعون', 80: 'ثمانون', 90: 'تسعون'}
ENGLISH = ('zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen '
           'seventeen eighteen nineteen').split()
# singular, accusative singular, dual, its oblique case, plural, its oblique case; English one, many
PEOPLE = {
    'civilian': ('مدني', 'مدنياً', 'مدنيان', 'مدنيين', 'مدنيون', 'مدنيين', 'civilian', 'civilians'),
    'unknown': ('شخص', 'شخصاً', 'شخصان', 'شخصين', 'أشخاص', 'أشخاص', 'person', 'people'),
    'combatant': ('جندي', 'جندياً', 'جنديان', 'جنديين', 'جنود', 'جنود', 'soldier', 'soldiers'),
    'dead': ('قتيل', 'قتيلاً', 'قتيلان', 'قتيلين', 'قتلى', 'قتلى', 'dead', 'dead'),
    'hurt': ('جريح', 'جريحاً', 'جريحان', 'جريحين', 'جرحى', 'جرحى', 'wounded', 'wounded'),
    'others': ('آخر', 'آخر', 'آخران', 'آخرين', 'آخرون', 'آخرين', 'other', 'others'),
}


def arabic_number(n, oblique):
    if n <= 10:
        return {8: 'ثمانية'}.get(n, UNITS[n] + 'ة')
    if n < 20:
        return {11: 'أحد عشر', 12: 'اثني عشر' if oblique else 'اثنا عشر'}.get(n, UNITS[n - 10].replace('ثمان', 'ثماني') + 'ة عشر')
    ten = TENS[n // 10 * 10]
    ten = ten[:-2] + 'ين' if oblique else ten
    one = n % 10
    if not one:
        return ten
    return {1: 'واحد', 2: 'اثنين' if oblique else 'اثنان', 8: 'ثمانية'}.get(one, UNITS[one] + 'ة') + ' و' + ten


def arabic_count(n, people, case, digits):
    """`case`: nom, obl or acc."""
    one, accusative, dual, dual_oblique, many, many_oblique = PEOPLE[people][:6]
    if n == 1:
        return (accusative if case == 'acc' else one) + ('' if people == 'others' else ' واحداً' if case == 'acc' else ' واحد')
    if n == 2:
        two = {'nom': '', 'obl': ' اثنين', 'acc': ' اثنين'}[case]
        return dual if case == 'nom' else dual_oblique + (two if people in ('civilian', 'unknown', 'combatant') else '')
    if n <= 10:
        noun = many_oblique if people != 'others' or case != 'nom' else many
    else:
        noun = accusative if people != 'others' else (many if case == 'nom' else many_oblique)
    return f'{n} {noun}' if digits else f'{arabic_number(n, case != "nom")} {noun}'


def english_number(n, digits):
    if digits and n > 9:
        return str(n)
    if n < 20:
        return ENGLISH[n]
    tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split()[n // 10 - 2]
    return tens + (f'-{ENGLISH[n % 10]}' if n % 10 else '')


class Figure:
    def __init__(self, effect, n, bound=''):
        self.effect, self.n, self.bound = effect, n, bound      # bound: '', 'least', 'more'

    def range(self):
        return {'': (self.n, self.n), 'least': (self.n, None), 'more': (self.n + 1, None)}[self.bound]

    def arabic(self, people, case, digits):
        if not self.bound:
            return arabic_count(self.n, people, case, digits)
        return ('ما لا يقل عن ' if self.bound == 'least' else 'أكثر من ') + arabic_count(self.n, people, 'obl', digits)

    def english(self, people, digits):
        return {'': '', 'least': 'at least ', 'more': 'more than '}[self.bound] + english_number(self.n, digits) + \
            (' ' + PEOPLE[people][6 if self.n == 1 else 7] if people else '')


class Toll:
    """The figures that one sentence gives, in every shape that a template may ask for."""

    def __init__(self, rng, people, killed, injured):
        self.killed, self.injured, self.people = killed, injured, people
        self.digits = rng.random() < .4
        self.others = killed and injured and (people == 'unknown' or rng.random() < .5)
        self.rng = rng

    def figures(self):
        return [f for f in (self.killed, self.injured) if f]

    def arabic(self):
        k, i, p, d = self.killed, self.injured, self.people, self.digits
        hurt = 'others' if self.others and i.n > 2 else p
        nom, ver, cnt, sub = [], [], [], []
        pronoun = {1: ('قُتل', 'أصيب بجروح'), 2: ('قُتلا', 'أصيبا بجروح')}
        if k:
            word = self.rng.choice(['مقتل', 'مقتل', 'سقوط'])
            nom.append('مقتل ' + k.arabic(p, 'obl', d) if word == 'مقتل' or p == 'unknown' else f'مقتل {k.arabic(p, "obl", d)}')
            ver.append(self.rng.choice(['قُتل', 'قتل', 'لقي مصرعه'] if k.n == 1 and not k.bound else ['قُتل', 'قتل', 'قضى']) + ' ' +
                       k.arabic(p, 'nom', d))
            cnt.append(k.arabic('dead', 'obl', d))
            sub.append(k.arabic(p, 'acc', d) + ' ' + (pronoun.get(k.n, ('قُتلوا',))[0] if not k.bound else 'قُتلوا'))
        if i:
            nom.append('إصابة ' + i.arabic(hurt, 'obl', d))
            ver.append(self.rng.choice(['أصيب', 'أُصيب', 'جُرح']) + ' ' + i.arabic(hurt, 'nom', d))
            cnt.append(i.arabic('hurt', 'obl', d))
            sub.append('أصيب ' + i.arabic(hurt, 'nom', d) if k else i.arabic(p, 'acc', d) + ' ' +
                       (pronoun.get(i.n, (0, 'أصيبوا بجروح'))[1] if not i.bound else 'أصيبوا بجروح'))
        of = {'civilian': ' من المدنيين', 'combatant': ' من الجنود', 'unknown': ''}[p]
        tit = [f.arabic(w, 'nom', d) for f, w in ((k, 'dead'), (i, 'hurt')) if f]
        found = {'nom': ' و'.join(nom), 'tit': ' و'.join(tit) + of, 'ver': ' و'.join(ver), 'cnt': ' و'.join(cnt) + of, 'sub': ' و'.join(sub)}
        if k:
            found['kobl'] = k.arabic(p, 'obl', d)
            found['andinj'] = f' وإصابة {i.arabic(hurt, "obl", d)}' if i else ''
        return found

    def english(self):
        k, i, p, d = self.killed, self.injured, self.people, self.digits
        hurt = self.rng.choice(['wounded', 'injured', 'hurt'])
        sub, act, cnt = [], [], []
        if k:
            sub.append(f'{k.english(p, d)} {"was" if k.n == 1 else "were"} killed')
            act.append(f'killed {k.english(p, d)}')
            cnt.append(f'{k.english(p if p != "unknown" else None, d)} {"dead" if p != "unknown" else "dead"}')
        if i:
            people = None if k else p
            more = ' others' if k and i.n > 1 and self.others else ''
            sub.append(f'{i.english(people, d)}{more} {"" if k else "was " if i.n == 1 else "were "}{hurt}')
            act.append(f'{"injured" if hurt == "hurt" else hurt} {i.english(people or (None if more else p), d)}{more}')
            cnt.append(f'{i.english(people if p != "unknown" else None, d)} {hurt}')
        joined = ' and '.join
        return {'sub': joined(sub), 'Sub': joined(sub)[0].upper() + joined(sub)[1:], 'act': joined(act), 'had': 'had ' + joined(act),
                'cnt': joined(cnt)}


class Outlet:
    def __init__(self, row):
        self.language, kind, self.ar, self.en, self.gender = row
        self.name = f'{kind} {self.ar}' if self.language == 'ar' else self.en
        self.arabic = f'{kind} {self.ar}'
        self.domain = re.sub(r'[^a-z0-9]+', '-', self.en.lower()).strip('-') + '.example'


class Voice:
    """A first teller. `forms`: what it is called, (Arabic, gender); `english` likewise."""

    def __init__(self, key, kind, forms, english, outlet=None):
        self.key, self.kind, self.forms, self.english, self.outlet = key, kind, forms, english, outlet
        self.figures = {}        # the last word, by effect: what it stands by

    def arabic(self, rng):
        return rng.choice(self.forms)


class Incident:
    def __init__(self, area, town, day, rng):
        self.country, self.area_ar, self.area_en = area[:3]
        self.ar, self.en = town
        self.day = day
        self.event = rng.choice(words.EVENTS)
        self.people = rng.choice(['civilian', 'civilian', 'unknown', 'unknown', 'combatant'])
        self.site = rng.choice(words.POSTS if self.people == 'combatant' else words.SITES)
        self.part = rng.choice(words.PARTS)
        self.told = collections.OrderedDict()      # (effect, min, max, stance) -> keys of tellers
        self.documents, self.voices = [], {}
        self.last = {}                             # (voice key, effect) -> range, stance


class Report:
    def __init__(self, outlet, when, language):
        self.outlet, self.when, self.language = outlet, when, language
        self.title, self.lines, self.claims = '', [], []   # claims: (incident, voice, toll or None)
        self.how = 'first'                                 # how it was made
        self.pairs = None                                  # Arabic and English sentences, where it can be translated


class Cluster:
    def __init__(self, number, rng, day):
        self.number, self.rng = number, rng
        self.area = rng.choice(words.AREAS)
        towns = rng.sample(self.area[3], len(self.area[3]))
        self.main = Incident(self.area, towns[0], day, rng)
        self.towns = towns
        self.incidents, self.reports, self.used = [self.main], [], set()
        self.outlets = [Outlet(o) for o in rng.sample(words.OUTLETS, len(words.OUTLETS))]
        self.offices = rng.sample(words.OFFICES, len(words.OFFICES))
        self.monitors = rng.sample(words.MONITORS, len(words.MONITORS))
        self.heard = rng.sample(words.HEARD, len(words.HEARD))
        self.why = []

    # -- choices --------------------------------------------------------------------------------------------------
    def fresh(self, options, key):
        """One of the options that this cluster has not used yet."""
        left = [i for i in range(len(options)) if (key, i) not in self.used] or list(range(len(options)))
        i = self.rng.choice(left)
        self.used.add((key, i))
        return options[i]

    def outlet(self, language=None):
        for i, o in enumerate(self.outlets):
            if language in (None, o.language):
                return self.outlets.pop(i)
        raise IndexError

    def language(self):
        return 'ar' if self.rng.random() < .75 else 'en'

    def moment(self, incident, after=0):
        """A time of publication: `after` hours after the incident's noon at the least."""
        start = datetime.datetime.combine(incident.day, datetime.time(17, 0))
        return start + datetime.timedelta(hours=after, minutes=self.rng.randrange(0, 90))

    # -- sentences ------------------------------------------------------------------------------------------------
    def event_words(self, incident, other):
        noun, gender, others, english, english_others, shape = incident.event
        i = self.rng.randrange(len(others)) if other else None
        ar, en = (others[i], english_others[i]) if other else (noun, english)
        site = incident.site[0].replace('اً', '')
        eta = 'ت' if gender == 'f' and not other else ''
        if other and ar.startswith(('ضربة', 'غارة', 'قذائف', 'عبوة', 'سيارة', 'عربة')):
            eta = 'ت'
        verb = self.rng.choice(['استهدف', 'طال', 'أصاب'])
        found = {'d': ar, 'dta': eta, 'sg': site, 'eta': eta, 'e': ar, 'hit': verb + eta, 's': incident.site[0]}
        if shape == 'blast':
            found |= {'e': f'انفجار {ar}', 'eta': '', 'hit': 'وقع قرب', 's': site}
        elif shape == 'raid':
            found |= {'eta': '', 'hit': 'استهدف' if not ar.endswith('مسلحون') else 'واستهدف'}
        found['adda'] = 'أدت' if found['eta'] else 'أدى'
        bare = re.sub(r'^(an?|the) ', '', en)
        english = {'e': en, 'E': en[0].upper() + en[1:], 'd': en, 'D': en[0].upper() + en[1:], 'ev': bare, 's': incident.site[1],
                   'hit': self.rng.choice({'hit': ['hit', 'struck'], 'blast': ['went off near', 'exploded beside'],
                                           'raid': ['targeted']}[shape]), 'on': 'near' if shape == 'blast' else 'on'}
        return found, english

    def when_words(self, incident, when):
        ago = (when.date() - incident.day).days
        day = incident.day.weekday()
        today, yesterday, named, english = incident.part
        arabic = (today if ago == 0 else yesterday if ago == 1 else named).format(d=words.DAYS_AR[day])
        if ago > 4:
            arabic = f'في {incident.day.day} {words.MONTHS_AR[incident.day.month - 1]}'
            english = f'on {incident.day.day} {words.MONTHS_EN[incident.day.month - 1]}'
        elif ago == 0 and self.rng.random() < .25:
            arabic = named.format(d=words.DAYS_AR[day])
        english = english.format(D=words.DAYS_EN[day])
        return {'w': arabic}, {'w': english, 'W': english, 'w2': f"{words.DAYS_EN[day]}'s"}

    def slots(self, incident, when, other=False):
        (ea, ee), (wa, we) = self.event_words(incident, other), self.when_words(incident, when)
        places = {'t': incident.ar, 'T': incident.en, 'g': incident.area_ar, 'G': incident.area_en}
        return {**places, **ea, **wa}, {**places, **ee, **we}

    @staticmethod
    def verb(gender, pair):
        return pair[gender == 'f']

    def voice_slots(self, form):
        name, gender = form
        f = gender == 'f'
        return {'v': name, 'S': self.verb(gender, self.rng.choice(words.SAID_AR)), 'ta': 'ت' if f else '', 'hu': 'ها' if f else 'ه', 'ha': 'ا' if f else '',
                's2': 'ذكرت' if f else 'ذكر', 'nf': '', 'heardf': '', 'nfh': 'ةً' if f else 'اً'}

    def outlet_slots(self, letter, outlet):
        f = outlet.gender == 'f'
        return {letter: outlet.arabic, f'{letter}ta': 'ت' if f else '', f'{letter}h': 'ة' if f else 'اً'}

    def english_outlet(self, outlet):
        return outlet.en

    def fill(self, template, slots):
        text = template.format(**slots)
        text = re.sub('§ ?(?=[.،,:؛]|$)', '', text)      # an apposition is closed by a comma
        text = text.replace('§', '،' if re.search('[ء-ي]', text) else ',').replace('لـال', 'لل').replace('لـ', 'ل')
        return text[0].upper() + text[1:]

    def sentence(self, kind, incident, when, language, voice=None, toll=None, form=None, cites=(), other=None, hearer=None):
        """A sentence of the `kind` named by the lists of clusters_words (STATED, LATER, …)."""
        other = self.rng.random() < .5 if other is None else other
        arabic, english = self.slots(incident, when, other)
        options = getattr(words, f'{kind}_{language.upper()}')
        if language == 'ar':
            slots = dict(arabic)
            if voice and voice.forms:
                form = form or voice.arabic(self.rng)
                slots |= self.voice_slots(form)
            if toll:
                slots |= toll.arabic()
            if hearer:
                slots |= self.outlet_slots('o', hearer)
            for letter, outlet in zip('ab', cites):
                slots |= self.outlet_slots(letter, outlet)
        else:
            slots = dict(english)
            if voice and voice.english:
                name = form or self.rng.choice(voice.english)
                slots |= {'v': name, 'V': name[0].upper() + name[1:]}
            if toll:
                slots |= toll.english()
            if hearer:
                slots['o'] = self.english_outlet(hearer)
            for letter, outlet in zip('ab', cites):
                name = self.english_outlet(outlet)
                slots |= {letter: name, letter.upper(): name}
        fitting = [o for o in options if all(s in slots for s in re.findall(r'{(\w+)}', o))]
        chosen = self.fresh(fitting, (kind, language, len(fitting)))
        if 'S' in slots:      # "said that" takes one particle, every other verb another
            feminine = (form or voice.forms[0])[1] == 'f'
            said = words.SAID_AR[:1] if ' إن ' in chosen else words.SAID_AR[1:]
            slots['S'] = self.verb('f' if feminine else 'm', self.rng.choice(said))
        return self.fill(chosen, slots)

    def lead(self, incident, when, language):
        arabic, english = self.slots(incident, when, self.rng.random() < .4)
        pair = self.fresh(words.LEADS[incident.event[5]], ('lead', incident.event[5]))
        return [self.fill(p, s) for p, s in zip(pair, (arabic, english))][language == 'en']

    def fillers(self, incident, count, language):
        return [self.filler(incident)[language == 'en'] for _ in range(count)]

    def filler(self, incident):
        """A sentence without a toll, in both languages."""
        slots = {'t': incident.ar, 'T': incident.en, 'n': self.rng.randrange(3, 30)}
        for name, values in words.DETAILS.items():
            ar, en = self.rng.choice(values)
            slots |= {name: ar, f'{name}_en': en, name.capitalize(): en, f'{name.capitalize()}_en': en[0].upper() + en[1:]}
        return [sentence.format(**slots) for sentence in self.fresh(words.FILLERS, 'filler')]

    def background(self, incident, language):
        n, year = self.rng.randrange(3, 15), incident.day.year - self.rng.randrange(1, 4)
        month = self.rng.randrange(12)
        if self.rng.random() < .6:
            ar, en = self.fresh(words.PAST, 'past')
            return [ar.format(past='هجوم سابق', n=arabic_count(n, 'unknown', 'obl', False), N=arabic_count(n, 'unknown', 'nom', False),
                              m=words.MONTHS_AR[month], y=year, t=incident.ar),
                    en.format(Past='an earlier attack', n=f'{english_number(n, False)} people', M=words.MONTHS_EN[month], y=year,
                              T=incident.en)][language == 'en']
        return self.fresh(words.TOTAL, 'total')[language == 'en'].format(x=self.rng.randrange(41, 99))

    def title(self, incident, when, language, voice, toll, form):
        if not toll or self.rng.random() < .35:
            pick = [t for t in getattr(words, f'TITLES_{language.upper()}') if not re.search('tit|cnt|Sub', t)]
        elif voice and voice.kind in ('monitor', 'office') and self.rng.random() < .5:
            pick = getattr(words, f'TITLES_VOICE_{language.upper()}')
        else:
            pick = [t for t in getattr(words, f'TITLES_{language.upper()}') if re.search('tit|cnt|Sub', t)]
        arabic, english = self.slots(incident, when)
        slots = arabic if language == 'ar' else english
        if toll:
            slots |= toll.arabic() if language == 'ar' else toll.english()
        if voice and voice.forms:
            name = form[0] if isinstance(form, tuple) else form
            slots |= {'v': name, 'V': name[0].upper() + name[1:]}
        return self.fill(self.rng.choice(pick), slots)

    # -- voices and figures ---------------------------------------------------------------------------------------
    def new_voice(self, incident, kind):
        fit = {'t': incident.ar, 'T': incident.en, 'g': incident.area_ar, 'G': incident.area_en}
        if kind == 'monitor':
            full, short, en_full, en_short, initials, gender, head = self.monitors.pop()
            head_gender = 'f' if head[0].startswith(('مديرة', 'رئيسة')) else 'm'
            return Voice(short, kind, [(full, gender), (short, gender), (f'{full} ({initials})', gender), (head[0], head_gender)],
                         [f'the {en_full} ({initials})' if not en_full.startswith('Zak') else f'the {en_full} ({initials})',
                          en_short, f'the {en_full}', head[1]])
        if kind == 'office':
            key, forms, english = self.offices.pop()
            described = key in ('ambulance', 'surgeon', 'officer')
            return Voice(key, 'described' if described else kind, [(f.format(**fit), g) for f, g in forms],
                         [e.format(**fit) for e in english])
        if kind == 'heard':
            name, gender, english = self.heard.pop()
            outlet = self.outlet()
            return Voice(f'{english} of {outlet.en}', kind, [(name, gender)], [english], outlet)
        if kind == 'denier':
            name, gender, english = self.rng.choice(words.DENIERS)
            return Voice(english, kind, [(name, gender)], [english])
        outlet = self.outlet()
        return Voice(f"{outlet.en} (outlet's own statement)", kind, [], [], outlet)

    def close_to(self, near, spread=3):
        return max(1, near + self.rng.choice([-1, 1]) * self.rng.randrange(1, spread + 1))

    def toll_of(self, incident, voice):
        """What a voice counts: sometimes what another has counted too."""
        known = [v for v in incident.voices.values() if v.figures]
        rng = self.rng
        if not known:
            k = rng.choice([1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 17, 23])
            i = rng.choice([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 15, 18, 21, 26, 31, 34])
            killed = Figure('killed', k, rng.choice(['', '', '', '', 'least']) if k > 2 else '')
            injured = Figure('injured', i, rng.choice(['', '', '', '', 'least', 'more']) if i > 4 else '')
        else:
            like = rng.choice(known).figures
            killed, injured = (like.get(e) or Figure(e, rng.randrange(2, 15)) for e in ('killed', 'injured'))
            killed = copy.copy(killed) if rng.random() < .4 else Figure('killed', self.close_to(killed.n))
            injured = copy.copy(injured) if rng.random() < .4 else Figure('injured', self.close_to(injured.n, 4))
        shape = rng.random()
        toll = Toll(rng, incident.people, killed if shape < .92 else None, injured if shape < .7 or shape >= .92 else None)
        return toll

    def tell(self, report, incident, voice, toll, stance='asserts'):
        incident.voices.setdefault(voice.key, voice)
        figures = [('casualties', 0, 0)] if toll is None else [(f.effect, *f.range()) for f in toll.figures()]
        for effect, low, high in figures:
            incident.told.setdefault((effect, low, high, stance), set()).add(voice.key)
            incident.last[voice.key, effect] = (low, high)
        if toll:
            for f in toll.figures():
                voice.figures[f.effect] = f
        self.retell(report, incident, voice, toll)

    def retell(self, report, incident, voice, toll):
        report.claims.append((incident, voice, toll))
        if report not in incident.documents:
            incident.documents.append(report)

    # -- reports --------------------------------------------------------------------------------------------------
    def new_report(self, incident, after, outlet=None, language=None):
        outlet = outlet or self.outlet(language or self.language())
        report = Report(outlet, self.moment(incident, after), outlet.language)
        self.reports.append(report)
        return report

    def body(self, report, incident, statements, lead=True):
        language = report.language
        lines = [self.lead(incident, report.when, language)] if lead else []
        fill = self.fillers(incident, self.rng.randrange(1, 4), language)
        lines += statements[:1] + fill[:1] + statements[1:] + fill[1:]
        if self.rng.random() < .2:
            lines.append(self.background(incident, language))
        report.lines = lines

    def first(self, incident, voice, toll, after, language=None):
        """The report in which a voice is heard first."""
        report = self.new_report(incident, after, voice.outlet, language)
        language, led = report.language, self.rng.random() < .5
        form = None
        if voice.forms:
            form = voice.arabic(self.rng) if language == 'ar' else self.rng.choice(voice.english)
        kind = {'monitor': 'STATED', 'office': 'STATED', 'described': 'STATED', 'heard': 'HEARD', 'own': 'OWN'}[voice.kind]
        if led and kind != 'OWN':
            kind = 'LATER' if kind == 'STATED' else 'HEARD_LATER'
        else:
            led = False
        text = self.sentence(kind, incident, report.when, language, voice, toll, form, hearer=report.outlet)
        self.body(report, incident, [text], led)
        report.title = self.title(incident, report.when, language, voice, toll, form)
        self.tell(report, incident, voice, toll)
        return report

    def translatable(self, incident, voice, toll, after, language):
        """A first report whose every sentence stands in both languages; the translation is made by `translation`."""
        report = self.new_report(incident, after, voice.outlet, language)
        when, rng = report.when, self.rng
        arabic, english = self.slots(incident, when)
        toll.others = False
        at = rng.randrange(len(voice.forms)) if voice.forms else 0
        if voice.forms:
            arabic |= self.voice_slots(voice.forms[at]) | {'S': self.verb(voice.forms[at][1], words.SAID_AR[0])}
            name = voice.english[min(at, len(voice.english) - 1)]
            english |= {'v': name, 'V': name[0].upper() + name[1:]}
        arabic |= toll.arabic()
        english |= toll.english()
        lead = self.fresh(words.LEADS[incident.event[5]], ('lead', incident.event[5]))
        kind = {'monitor': 'stated', 'office': 'stated', 'described': 'stated', 'heard': 'heard', 'own': 'own'}[voice.kind]
        stated = rng.choice(words.ALIGNED[kind])
        fill = [self.filler(incident) for _ in range(rng.randrange(3, 6))]
        report.pairs = [(self.fill(a, arabic), self.fill(e, english)) for a, e in (lead, stated)] + fill
        report.titles = (f'{arabic["e"]} في {incident.ar}', f'{english["E"]} in {incident.en}')
        report.lines = [p[language == 'en'] for p in report.pairs]
        report.title = report.titles[language == 'en']
        self.tell(report, incident, voice, toll)
        return report

    def derived(self, source, outlet, after):
        report = Report(outlet, source.when + datetime.timedelta(minutes=self.rng.randrange(15, 200)), outlet.language)
        self.reports.append(report)
        for claim in source.claims:
            self.retell(report, *claim)
        return report

    def translation(self, source):
        report = self.derived(source, self.outlet('en' if source.language == 'ar' else 'ar'), 1)
        report.how = 'translation'
        report.lines = [p[report.language == 'en'] for p in source.pairs]
        report.title = source.titles[report.language == 'en']
        return report

    def copied(self, source, how):
        report = self.derived(source, self.outlet(source.language), 1)
        report.how = f'copy: {how}'
        report.title, report.lines = source.title, list(source.lines)
        incident = source.claims[0][0]
        mentions = [o for o in (source.outlet.arabic, source.outlet.en)]
        if how == 'lead':
            report.lines = [re.sub('^و', '', line) for line in self.fillers(incident, 2, report.language)] + report.lines
            report.title = [f'{incident.ar}.. يوم آخر', f'Another day in {incident.en}'][report.language == 'en']
        elif how == 'sentence':
            report.lines += self.fillers(incident, 1, report.language)
        elif how == 'edits':
            text = '\n'.join(report.lines)
            for old, new in self.rng.sample(words.EDITS[report.language], len(words.EDITS[report.language]) * 2 // 3):
                text = re.sub(rf'(?<![\w]){re.escape(old)}(?![\w])', new, text, count=2)
            report.lines = text.split('\n')
            if len(report.lines) > 3 and self.rng.random() < .6:
                report.lines.pop()
            report.title = [f'تطورات في {incident.ar}', f'Developments in {incident.en}'][report.language == 'en']
            for name in mentions:      # whom the source spoke to is the first thing that an editor cuts
                report.lines = [line.replace(f' ل{name}', '').replace(f' told {name} that', ' said').replace(f' told {name}', ' said')
                                for line in report.lines]
        return report

    def relayed(self, incident, voice, toll, source, steps, after):
        """Another outlet's report of what a voice said, by attribution."""
        report = self.new_report(incident, after)
        language = report.language
        origin = source.outlet
        self.follow(report, source)
        report.how = 'relay' if steps == 1 else 'relay of two steps' if steps else 'relay of an outlet'
        if voice.kind == 'own' or steps == 0:      # the outlet alone is named
            text = self.sentence('CITE', incident, report.when, language, None, toll, cites=(origin,))
        elif steps == 1:
            text = self.sentence('RELAY', incident, report.when, language, voice, toll, cites=(origin,))
        else:
            text = self.sentence('RELAY2', incident, report.when, language, voice, toll, cites=(origin, steps))
        self.body(report, incident, [text], False)
        report.title = self.title(incident, report.when, language, None, None, None)
        self.retell(report, incident, voice, toll)
        return report

    def follow(self, report, source):
        """Nobody passes on what is not out yet."""
        report.when = max(report.when, source.when + datetime.timedelta(minutes=self.rng.randrange(10, 90)))

    def retold(self, incident, voice, toll, source, after):
        """What a named voice said, by an outlet that heard it too, under another of its names."""
        report = self.new_report(incident, after)
        language, led = report.language, self.rng.random() < .4
        self.follow(report, source)
        report.how = 'retold'
        form = voice.arabic(self.rng) if language == 'ar' else self.rng.choice(voice.english)
        text = self.sentence('LATER' if led else 'STATED', incident, report.when, language, voice, toll, form)
        self.body(report, incident, [text], led)
        report.title = self.title(incident, report.when, language, voice, toll, form)
        self.retell(report, incident, voice, toll)
        return report

    def revised(self, incident, voice, after):
        """A voice changes its figure."""
        up = self.rng.random() < .75
        effect = self.rng.choice(sorted(voice.figures))
        old = voice.figures[effect]
        new = Figure(effect, old.n + self.rng.randrange(1, 6)) if up or old.n < 3 else Figure(effect, old.n - self.rng.randrange(1, old.n))
        up = new.n > old.n
        kept = voice.figures if self.rng.random() < .5 else {}
        toll = Toll(self.rng, incident.people, *(new if e == effect else kept.get(e) for e in ('killed', 'injured')))
        report = self.new_report(incident, after, voice.outlet)
        report.how, language = 'raised' if up else 'lowered', report.language
        form = voice.arabic(self.rng) if language == 'ar' else self.rng.choice(voice.english)
        text = self.sentence('RAISED' if up else 'LOWERED', incident, report.when, language, voice, toll, form)
        self.body(report, incident, [text], False)
        report.title = self.title(incident, report.when, language, voice, None, form)
        self.tell(report, incident, voice, toll)
        return report

    def denied(self, incident, after):
        voice = self.new_voice(incident, 'denier')
        report = self.new_report(incident, after)
        report.how = 'denial'
        form = voice.arabic(self.rng) if report.language == 'ar' else voice.english[0]
        text = self.sentence('DENIED', incident, report.when, report.language, voice, None, form)
        if form[1] == 'f':
            text = text.replace('نفى ', 'نفت ')
        self.body(report, incident, [text], False)
        report.title = self.title(incident, report.when, report.language, voice, None, form)
        self.tell(report, incident, voice, None, 'denies')

    def circular(self, incident, toll, after):
        """Two outlets cite each other, and nobody else."""
        language = self.language()
        x, y = self.new_report(incident, after, None, language), self.new_report(incident, after + 1, None, language)
        voice = Voice(f'unknown origin ({x.outlet.en} and {y.outlet.en} cite each other)', 'circular', [], [])
        for report, cited in ((x, y.outlet), (y, x.outlet)):
            report.how = 'circular'
            text = self.sentence('CITE', incident, report.when, report.language, None, toll, cites=(cited,))
            self.body(report, incident, [text], False)
            report.title = self.title(incident, report.when, report.language, None, None, None)
            (self.tell if report is x else self.retell)(report, incident, voice, toll)

    def roundup(self, incident, pairs, after):
        """What two voices said, side by side; adds nothing."""
        report = self.new_report(incident, after)
        report.how, texts = 'roundup', []
        for _, _, source in pairs:
            self.follow(report, source)
        for voice, toll, _ in pairs:
            form = voice.arabic(self.rng) if report.language == 'ar' else self.rng.choice(voice.english)
            texts.append(self.sentence('LATER', incident, report.when, report.language, voice, toll, form))
            self.retell(report, incident, voice, toll)
        self.body(report, incident, texts, True)
        report.title = self.title(incident, report.when, report.language, None, None, None)

    # -- the cluster ----------------------------------------------------------------------------------------------
    def noise(self, size):
        """Another incident: in the same town on another day, or in another town on the same day."""
        rng = self.rng
        if rng.random() < .5:
            town, day = (self.main.ar, self.main.en), self.main.day + datetime.timedelta(days=rng.choice([-4, -3, 3, 4, 5]))
        else:
            town, day = self.towns[1], self.main.day
        other = Incident(self.area, town, day, rng)
        while other.event[5] == self.main.event[5]:
            other.event = rng.choice(words.EVENTS)
        other.people = rng.choice(['civilian', 'unknown'])
        other.site = rng.choice([s for s in words.SITES if s != self.main.site])
        self.incidents.append(other)
        voice = self.new_voice(other, rng.choice(['office', 'monitor', 'heard', 'own']))
        toll = self.toll_of(other, voice)
        source = self.first(other, voice, toll, 0)
        if size > 1:
            self.copied(source, rng.choice(['word', 'edits'])) if rng.random() < .5 else \
                self.relayed(other, voice, toll, source, 1, 2)

    def make(self):
        rng, main = self.rng, self.main
        size = rng.randrange(4, 10)
        noise = rng.choice([0, 0, 0, 1, 2]) if size > 5 else 0
        told = []          # (voice, toll, report)
        language = self.language()
        kinds = rng.sample(['monitor', 'office', 'heard', 'own', 'office', 'heard'], rng.randrange(1, 4))
        translate = rng.random() < .25
        for n, kind in enumerate(kinds):
            voice = self.new_voice(main, kind)
            toll = self.toll_of(main, voice)
            if n == 0 and translate:
                source = self.translatable(main, voice, toll, 0, voice.outlet.language if voice.outlet else language)
                self.translation(source)
            else:
                source = self.first(main, voice, toll, n + rng.randrange(2))
            told.append((voice, toll, source))
        if rng.random() < .15 and main.people != 'combatant':
            self.denied(main, rng.randrange(2, 20))
        if rng.random() < .15:
            known = rng.choice(told)[1].killed or Figure('killed', 5)
            self.circular(main, Toll(rng, main.people, Figure('killed', self.close_to(known.n)), None), rng.randrange(1, 4))
        while len(self.reports) < size - noise:
            voice, toll, source = rng.choice(told)
            named = voice.kind in ('monitor', 'office')
            does = rng.choice(['copy', 'copy', 'edits', 'lead', 'sentence', 'relay', 'relay', 'relay2', 'cite', 'retold', 'retold',
                               'revised', 'roundup'])
            if does in ('copy', 'edits', 'lead', 'sentence'):
                self.copied(source, does)
            elif does in ('relay', 'cite'):
                self.relayed(main, voice, toll, source, 1 if does == 'relay' else 0, rng.choice([2, 4, 18, 22]))
            elif does == 'relay2':
                self.relayed(main, voice, toll, source, self.outlet(), rng.choice([3, 5, 20]))
            elif does == 'retold' and named:
                told.append((voice, toll, self.retold(main, voice, toll, source, rng.choice([1, 3, 16]))))
            elif does == 'revised' and (named or voice.kind == 'heard') and len(told) < 6:
                report = self.revised(main, voice, rng.choice([6, 15, 24]))
                told.append((voice, report.claims[0][2], report))
            elif does == 'roundup':
                pairs = [p for p in told if p[0].kind in ('monitor', 'office')]
                if len({p[0].key for p in pairs}) > 1:
                    a = rng.choice(pairs)
                    self.roundup(main, [a, rng.choice([p for p in pairs if p[0].key != a[0].key])], 24)
        if noise:
            self.noise(noise)

    def disputed(self, incident):
        """Whether two voices' last words on one effect cannot both hold."""
        by_effect = collections.defaultdict(list)
        for (_, effect), span in incident.last.items():
            by_effect[effect].append(span)
        spans = by_effect.get('killed', []) + by_effect.get('injured', [])
        if by_effect.get('casualties') and any(low > 0 for low, _ in spans) and incident.people != 'combatant':
            return True
        for spans in by_effect.values():
            for a in spans:
                for b in spans:
                    if a[1] is not None and a[1] < b[0]:
                        return True
        return False

    def rows(self):
        """The cluster's documents and its line of truth."""
        self.reports.sort(key=lambda r: r.when)
        for n, r in enumerate(self.reports):
            r.id = f'g{self.number:04}-{chr(65 + n)}'
        documents = [{'id': r.id, 'cluster': self.number, 'published': r.when.isoformat(timespec='minutes'), 'outlet': r.outlet.name,
                      'url': f'https://{r.outlet.domain}/{r.id}', 'language': r.language, 'title': r.title, 'text': '\n'.join(r.lines)}
                     for r in self.reports]
        incidents = []
        for i in self.incidents:
            figures = []
            for (effect, low, high, stance), tellers in i.told.items():
                figures.append({'effect': effect, 'class': i.people if stance == 'asserts' else 'civilian', 'min': low, 'max': high,
                                'stance': stance, 'independent': len(tellers), 'tellers': sorted(tellers),
                                'documents': sorted(r.id for r in i.documents)})
            tellers = set().union(*i.told.values())
            incidents.append({'documents': sorted(r.id for r in i.documents), 'date': i.day.isoformat(), 'place': i.en,
                              'independent': len(tellers), 'figures': figures, 'disagreements': self.disputed(i)})
        why = '; '.join(f'{r.id} ({r.how}): ' + ', '.join(v.key for _, v, _ in r.claims) for r in self.reports)
        return documents, {'cluster': self.number, 'incidents': incidents, 'why': why}


def clusters(count, seed):
    """Clusters of one area lie at least 12 days apart."""
    rng = random.Random(seed)
    made, days = [], collections.Counter()
    offset = {a[2]: rng.randrange(15) for a in words.AREAS}
    while len(made) < count:
        c = Cluster(len(made) + 1, random.Random(rng.random()), datetime.date(2000, 1, 1))
        c.main.day = datetime.date(2015, 1, 4) + datetime.timedelta(days=days[c.area[2]] * 15 + offset[c.area[2]])
        try:
            c.make()
        except IndexError:        # no outlet left
            continue
        if 4 <= len(c.reports) <= 9:
            days[c.area[2]] += 1
            made.append(c)
    return made


def make(folder, count, seed):
    folder.mkdir(parents=True, exist_ok=True)
    rows = [c.rows() for c in clusters(count, seed)]
    documents = [d for r in rows for d in r[0]]
    random.Random(seed).shuffle(documents)
    for name, lines in (('docs.jsonl', documents), ('truth.jsonl', [r[1] for r in rows])):
        with open(folder / name, 'w', encoding='utf-8') as out:
            out.writelines(json.dumps(line, ensure_ascii=False) + '\n' for line in lines)
    return len(documents)


def best_match(true, mine):
    """The incident of the ledger that shares most of its documents with a true one, and how much."""
    want = set(true['documents'])
    return max(((r, len(d & want) / len(d | want)) for r, d in mine), key=lambda x: x[1], default=(None, 0))


class Score:
    """Shares of true incidents grouped exactly and of exact counts of independent voices, and of true figures told with the
    right count of voices behind them."""

    def __init__(self):
        self.right, self.all, self.errors = collections.Counter(), collections.Counter(), []

    def add(self, name, right, error=None):
        self.right[name] += bool(right)
        self.all[name] += 1
        if not right and error:
            self.errors.append(error)

    def incident(self, line, true, mine):
        found, share = best_match(true, mine)
        near = share > .5
        self.add('grouped', share == 1, f'cluster {line["cluster"]}: grouped: {share:.2f} of {true["documents"]}')
        count = found['voices']['independent'] if near else None
        self.add('voices', near and count == true['independent'],
                 f'cluster {line["cluster"]}: voices: {count}, true {true["independent"]}: {line["why"]}')
        disputed = bool(found['disagreements']) if near else None
        self.add('disputed', near and disputed == true['disagreements'], f'cluster {line["cluster"]}: disputed: {disputed}')
        for f in true['figures']:
            told = [g['independent'] for g in (found['figures'] if near else ())
                    if (g['effect'], g['min'], g['max']) == (f['effect'], f['min'], f['max'])]
            self.add('figures told', told)
            self.add('figures exact', f['independent'] in told,
                     f'cluster {line["cluster"]}: figure: {f["effect"]} {f["min"]} to {f["max"]}: true {f["independent"]} '
                     f'{f["tellers"]}, got {told}')

    def percent(self, name):
        return 100 * self.right[name] / max(1, self.all[name])


def scored(folder, incidents):
    mine = [(r, {d['id'] for d in r['documents']}) for r in map(json.loads, incidents.splitlines())]
    by_document = collections.defaultdict(list)
    for r, documents in mine:
        for d in documents:
            by_document[d].append((r, documents))
    score = Score()
    for line in map(json.loads, open(folder / 'truth.jsonl', encoding='utf-8')):
        for true in line['incidents']:
            near = [m for d in true['documents'] for m in by_document[d]]
            score.incident(line, true, near)
    return score


def run_program(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, encoding='utf-8', check=False)
    if done.returncode:
        sys.exit(f'isnad {arguments[0]} ended with {done.returncode}: {done.stderr[-500:]}')
    return done.stdout


def test(program, folder, count, seed, errors):
    documents = make(folder, count, seed)
    ledger = folder / 'ledger'
    for old in folder.glob('ledger*'):
        old.unlink()
    run_program(program, 'add', '--ledger', ledger, '--from', 'jsonl', folder / 'docs.jsonl')
    score = scored(folder, run_program(program, 'export', '--ledger', ledger, '--what', 'incidents', '--format', 'jsonl'))
    if errors:
        print('\n'.join(score.errors))
    print(f'{count} clusters of {documents} reports')
    failed = 0
    for name in ('grouped', 'voices', 'disputed', 'figures told', 'figures exact'):
        floor = FLOORS.get(name, (0, 0))[count < LARGE]
        low = score.percent(name) < floor
        failed += low
        print(f'{name:<14} {score.percent(name):5.1f}   ({score.right[name]} of {score.all[name]})' +
              (f'   below the floor of {floor}' if low else ''))
    print(f'{len(FLOORS) - failed} passed, {failed} failed')
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('what', choices=['make', 'test'])
    parser.add_argument('path', type=pathlib.Path, nargs='?', default=os.environ.get('ISNAD_PROGRAM'))
    parser.add_argument('--clusters', type=int, default=1000 if 'ISNAD_SOAK' in os.environ else 40)
    parser.add_argument('--seed', type=int, default=None)
    parser.add_argument('--keep', type=pathlib.Path, help='where the files stay')
    parser.add_argument('--errors', action='store_true')
    options = parser.parse_args()
    if options.path is None:
        parser.error(f'{options.what} needs ' + ('a folder' if options.what == 'make' else 'the program to be tested'))
    # A few clusters say little about a share, and would pass or fail by their luck: always the same few then.
    seed = options.seed if options.seed is not None else FEW_SEED if options.clusters < LARGE else random.SystemRandom().randrange(1 << 31)
    print(f'seed {seed}')
    if options.what == 'make':
        make(options.path, options.clusters, seed)
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        return test(options.path, options.keep or pathlib.Path(scratch), options.clusters, seed, options.errors) > 0


if __name__ == '__main__':
    sys.exit(main())
