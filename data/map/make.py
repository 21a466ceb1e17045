#!/usr/bin/env python3
"""Makes the base map of the workspace, out of Natural Earth's 1:10m countries and the gazetteer.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python3 data/map/make.py package/countries-10m.json

writes map.json and map-labels.json (README.md says what is in them) and base.json, the map of the plain page.

The borders stay a topology (two neighbours share one line, so simplifying opens no gaps). Lines are simplified
by Douglas and Peucker's method: finely in the region that the gazetteer knows best, coarsely elsewhere, since the
map is looked at from a village's width there and from farther off elsewhere."""
import csv
import json
import math
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
REGION = (-18.5, -2.0, 78.0, 43.5)  # west, south, east, north
# Tolerances in degrees, least islands in square degrees: (in the region, elsewhere)
MAP = {'scale': 250, 'tolerance': (0.012, 0.1), 'island': (0.002, 0.05)}
PLAIN = {'scale': 1000, 'tolerance': (0.006, 0.25), 'island': (0.0015, 0.6)}
TOWNS_A_COUNTRY = 18
TOWNS_APART = 0.3  # degrees
LEAST_PEOPLE = 20000

# ISO 3166 numeric to alpha-2
CODES = """533AW 004AF 024AO 660AI 248AX 008AL 020AD 784AE 032AR 051AM 016AS 010AQ 260TF 028AG 036AU 040AT 031AZ
108BI 056BE 204BJ 854BF 050BD 100BG 048BH 044BS 070BA 652BL 654SH 112BY 084BZ 060BM 068BO 535BQ 076BR 052BB 096BN
064BT 074BV 072BW 140CF 124CA 166CC 756CH 152CL 156CN 384CI 120CM 180CD 178CG 184CK 170CO 174KM 132CV 188CR 192CU
531CW 162CX 136KY 196CY 203CZ 276DE 262DJ 212DM 208DK 214DO 012DZ 218EC 818EG 232ER 732EH 724ES 233EE 231ET 246FI
242FJ 238FK 250FR 234FO 583FM 266GA 826GB 268GE 831GG 288GH 292GI 324GN 312GP 270GM 624GW 226GQ 300GR 308GD 304GL
320GT 254GF 316GU 328GY 344HK 334HM 340HN 191HR 332HT 348HU 360ID 833IM 356IN 086IO 372IE 364IR 368IQ 352IS 376IL
380IT 388JM 832JE 400JO 392JP 398KZ 404KE 417KG 116KH 296KI 659KN 410KR 414KW 418LA 422LB 430LR 434LY 662LC 438LI
144LK 426LS 440LT 442LU 428LV 446MO 663MF 504MA 492MC 498MD 450MG 462MV 484MX 584MH 807MK 466ML 470MT 104MM 499ME
496MN 580MP 508MZ 478MR 500MS 474MQ 480MU 454MW 458MY 175YT 516NA 540NC 562NE 574NF 566NG 558NI 570NU 528NL 578NO
524NP 520NR 554NZ 512OM 586PK 591PA 612PN 604PE 608PH 585PW 598PG 616PL 630PR 408KP 620PT 600PY 275PS 258PF 634QA
638RE 642RO 643RU 646RW 682SA 729SD 686SN 702SG 239GS 744SJ 090SB 694SL 222SV 674SM 706SO 666PM 688RS 728SS 678ST
740SR 703SK 705SI 752SE 748SZ 534SX 690SC 760SY 796TC 148TD 768TG 764TH 762TJ 772TK 795TM 626TL 776TO 780TT 788TN
792TR 798TV 158TW 834TZ 800UG 804UA 581UM 858UY 840US 860UZ 336VA 670VC 862VE 092VG 850VI 704VN 548VU 876WF 882WS
887YE 710ZA 894ZM 716ZW"""
ALPHA = {entry[:3]: entry[3:] for entry in CODES.split()}


def in_region(point):
    west, south, east, north = REGION
    return west <= point[0] <= east and south <= point[1] <= north


def decode(topology):
    sx, sy = topology["transform"]["scale"]
    tx, ty = topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    return arcs


def distance(point, a, b):
    (px, py), (ax, ay), (bx, by) = point, a, b
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    t = max(0.0, min(1.0, ((px - ax) * dx + (py - ay) * dy) / length)) if length else 0.0
    return ((px - ax - t * dx) ** 2 + (py - ay - t * dy) ** 2) ** 0.5


def simplify(points, tolerance):
    keep = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    if points[0] == points[-1] and len(points) > 3:  # a closed line: hold it open at its farthest point
        far = max(range(len(points)), key=lambda i: distance(points[i], points[0], points[0]))
        keep.add(far)
        spans = [(0, far), (far, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        worst, at = 0.0, None
        for i in range(first + 1, last):
            off = distance(points[i], points[first], points[last]) / tolerance[0 if in_region(points[i]) else 1]
            if off > worst:
                worst, at = off, i
        if at is not None and worst > 1:
            keep.add(at)
            spans += [(first, at), (at, last)]
    return [points[i] for i in sorted(keep)]


def ring_points(ring, arcs):
    points = []
    for index in ring:
        line = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += line[1:] if points else line
    return points


def area(points):
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1]))) / 2


def worth_drawing(ring, arcs, least):
    points = ring_points(ring, arcs)
    return area(points) >= least[0 if any(map(in_region, points)) else 1]


def inside(point, rings):
    x, y = point
    odd = False
    for points in rings:
        for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1]):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                odd = not odd
    return odd


def label_point(rings):
    """The centre of the largest circle inside, found on a grid: where a country's name stands best."""
    xs, ys = [p[0] for p in rings[0]], [p[1] for p in rings[0]]
    edges = [pair for points in rings for pair in zip(points, points[1:] + points[:1])]
    best = (0.0, (sum(xs) / len(xs), sum(ys) / len(ys)))
    steps = 24
    for i in range(1, steps):
        for j in range(1, steps):
            point = (min(xs) + (max(xs) - min(xs)) * i / steps, min(ys) + (max(ys) - min(ys)) * j / steps)
            if not inside(point, rings):
                continue
            room = min(distance(point, a, b) for a, b in edges)
            best = max(best, (room, point))
    return best[1], best[0] * 2


def countries_of(topology, arcs, least):
    """(code, polygons); of a country too small to be drawn elsewhere the largest island stays."""
    for geometry in topology['objects']['countries']['geometries']:
        polygons = geometry.get('arcs', [])
        if geometry['type'] == 'Polygon':
            polygons = [polygons]
        code = ALPHA.get(geometry.get('id'), '')
        if code == 'AQ':  # a ring around the pole has no shape on this map
            continue
        drawn = [[p[0]] + [hole for hole in p[1:] if worth_drawing(hole, arcs, least)]
                 for p in polygons if worth_drawing(p[0], arcs, least)]
        if drawn:
            yield code, drawn


def renamed(ring, used):
    return [used.setdefault(i, len(used)) if i >= 0 else ~used.setdefault(~i, len(used)) for i in ring]


def steps(points, scale):
    line, before = [], (0, 0)
    for x, y in points:
        now = (round(x * scale), round(y * scale))
        if not line or now != before:
            line += [now[0] - before[0], now[1] - before[1]]
        before = now
    return line if len(line) > 2 else line + [0, 0]


def packed(value):
    return json.dumps(value, ensure_ascii=False, separators=(',', ':'))


def written(name, parts):
    """Parts of an object, each list with a row a line, so that changes can be read."""
    text = ',\n'.join(f'"{key}":' + ('[' + ',\n'.join(map(packed, value)) + ']' if isinstance(value, list) else packed(value))
                      for key, value in parts.items())
    (HERE / name).write_text('{' + text + '}\n', encoding='utf-8')


def shapes(topology, lines, how):
    """Arcs as steps, and for each country (code, where its label stands, how much room it has, polygons)."""
    arcs = [simplify(line, how['tolerance']) for line in lines]
    used, countries = {}, []
    for code, polygons in countries_of(topology, arcs, how['island']):
        largest = max(polygons, key=lambda p: area(ring_points(p[0], arcs)))
        centre, room = label_point([ring_points(r, arcs) for r in largest])
        countries.append((code, centre, room, [[renamed(r, used) for r in p] for p in polygons]))
    return [steps(arcs[i], how['scale']) for i in used], countries


# ---- names

def rows_of(path):
    with open(path, encoding='utf-8', newline='') as file:
        yield from csv.DictReader((line for line in file if not line.startswith('#')), delimiter='\t', quoting=csv.QUOTE_NONE)


def arabic_name(row):
    """The first in Arabic letters and without marks of direction or vowels."""
    for name in row['names_ar'].split('|'):
        name = name.strip('\u200e\u200f ')
        if name and all('\u0600' <= c <= '\u064a' or '\u066e' <= c <= '\u06d3' or c in ' -،()' for c in name):
            return name
    return None


def country_names():
    places = HERE.parent / 'places'
    names = {row['country']: (row['name'], arabic_name(row)) for row in rows_of(places / 'countries.tsv') if row['kind'] == 'country'}
    for path in sorted((places / 'wof').glob('*.tsv')):
        for row in rows_of(path):
            if row['kind'] == 'country' and arabic_name(row):
                names[row['country']] = (row['name_en'], arabic_name(row))
    return names


def towns():
    """(people, country, lon, lat, Latin name, Arabic name), the largest first."""
    places, out = HERE.parent / 'places', []
    for path in sorted((places / 'wof').glob('*.tsv')):
        out += [(int(row['population'] or 0), row['country'], float(row['lon']), float(row['lat']), row['name_en'], arabic_name(row))
                for row in rows_of(path) if row['kind'] == 'locality' and row['name_en'] and row['lat']]
    known = {row[1] for row in out}
    for path in sorted((places / 'geonames').glob('*.tsv')):
        out += [(int(row['population'] or 0), row['country'], float(row['lon']), float(row['lat']), row['name'], arabic_name(row))
                for row in rows_of(path) if row['kind'] == 'city' and row['country'] not in known and row['lat']]
    return sorted((row for row in out if row[5] and row[0] >= LEAST_PEOPLE), key=lambda row: (-row[0], row[1], row[4]))


def chosen_towns(apart, most):
    """So many of each country, none too near a larger one."""
    taken = {}
    for people, country, lon, lat, latin, arabic in towns():
        near = taken.setdefault(country, [])
        if len(near) < most(country) and all(latin != n and distance((lon, lat), p, p) >= apart for p, n in near):
            yield people, country, lon, lat, latin, arabic, len(near)
            near.append(((lon, lat), latin))


def country_rank(room):
    """From which zoom its name fits into its room: at zoom 0 the world is 512 px wide."""
    return max(0, min(9, math.ceil(math.log2(60 * 360 / 512 / max(room, 0.02)))))


def town_rank(people, number):
    for rank, least in ((3, 5e6), (4, 2e6), (5, 8e5), (6, 3e5), (7, 1e5), (8, 5e4)):
        if people >= least:
            return min(rank, 5) if number == 0 else rank
    return 6 if number == 0 else 9


def main():
    topology = json.load(open(sys.argv[1], encoding='utf-8'))
    lines = decode(topology)
    arcs, countries = shapes(topology, lines, MAP)
    written('map.json', {'scale': MAP['scale'], 'arcs': arcs, 'countries': [[code, drawn] for code, _, _, drawn in countries]})
    names = country_names()
    region = {path.stem for path in (HERE.parent / 'places' / 'wof').glob('*.tsv')}
    labels = [[code, round(x, 2), round(y, 2), country_rank(room), *names[code]]
              for code, (x, y), room, _ in countries if names.get(code, ('', None))[1]]
    places = [[round(lon, 2), round(lat, 2), town_rank(people, number), latin, arabic, country]
              for people, country, lon, lat, latin, arabic, number in chosen_towns(0.1, lambda country: 60 if country in region else 8)]
    written('map-labels.json', {'countries': sorted(labels, key=lambda row: (row[3], row[0])),
                                'places': sorted(places, key=lambda row: row[2])})
    arcs, countries = shapes(topology, lines, PLAIN)
    written('base.json', {
        'scale': PLAIN['scale'], 'arcs': arcs,
        'countries': [[code, round(x, 2), round(y, 2), round(room, 2), drawn] for code, (x, y), room, drawn in countries],
        'towns': [[round(lon, 3), round(lat, 3), number, latin, arabic]
                  for _, country, lon, lat, latin, arabic, number in chosen_towns(TOWNS_APART, lambda country: TOWNS_A_COUNTRY if country in region else 0)]})


main()
