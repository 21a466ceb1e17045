#!/usr/bin/env python3
"""Makes base.json, the base map of the workspace, out of Natural Earth's 1:10m countries.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python3 make.py package/countries-10m.json ../places/places.tsv > base.json

The borders stay a topology (two neighbours share one line, so simplifying opens no gaps). Lines are simplified
by Douglas and Peucker's method: finely in the region that the gazetteer covers, coarsely elsewhere, since the
map is looked at from a village's width there and never elsewhere. The reference towns are the largest of the
gazetteer's, some of each country, with their names in Arabic and in Latin script.

base.json: {"scale": s, "arcs": [[x0, y0, dx, dy, ...], ...], "countries": [[code, label x, label y, size,
[[ring, ...], ...]], ...], "towns": [[lon, lat, rank, latin, arabic], ...]}: coordinates are degrees times
s; a ring lists arcs, ~i being arc i backwards; `size` is the width of the label's square in degrees; code is
ISO 3166 alpha-2 or "" where none is agreed on.
"""
import csv
import json
import sys

SCALE = 1000
REGION = (-18.5, -2.0, 78.0, 43.5)  # west, south, east, north
FINE, COARSE = 0.006, 0.25  # degrees
LEAST_ISLAND = 0.6  # square degrees, outside the region
LEAST_ISLAND_NEAR = 0.0015
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


def simplify(points):
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
            off = distance(points[i], points[first], points[last]) / (FINE if in_region(points[i]) else COARSE)
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


def worth_drawing(ring, arcs):
    points = ring_points(ring, arcs)
    return area(points) >= (LEAST_ISLAND_NEAR if any(map(in_region, points)) else LEAST_ISLAND)


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


def countries_of(topology, arcs):
    for geometry in topology["objects"]["countries"]["geometries"]:
        polygons = geometry.get("arcs", [])
        if geometry["type"] == "Polygon":
            polygons = [polygons]
        polygons = [p for p in polygons if worth_drawing(p[0], arcs)]
        if polygons and ALPHA.get(geometry.get("id")) != "AQ":  # a ring around the pole has no shape on this map
            yield ALPHA.get(geometry.get("id"), ""), polygons


def arabic_name(row):
    names = [name for name in row["names_ar"].split("|") if name and all(not c.isascii() or c == " " for c in name)]
    return names[0] if names else None


def towns_of(path):
    by_country = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if (row["kind"] == "locality" and row["name_en"] and arabic_name(row)
                    and int(row["population"] or 0) >= LEAST_PEOPLE):
                by_country.setdefault(row["country"], []).append(row)
    for country in sorted(by_country):
        taken, names = [], set()
        for row in sorted(by_country[country], key=lambda r: (-int(r["population"] or 0), r["wof_id"])):
            point = (float(row["lon"]), float(row["lat"]))
            if row["name_en"] in names or any(distance(point, t, t) < TOWNS_APART for t in taken):
                continue
            yield [round(point[0], 3), round(point[1], 3), len(taken), row["name_en"], arabic_name(row)]
            taken.append(point)
            names.add(row["name_en"])
            if len(taken) == TOWNS_A_COUNTRY:
                break


def main():
    topology = json.load(open(sys.argv[1], encoding="utf-8"))
    arcs = [simplify(points) for points in decode(topology)]
    used, countries = {}, []
    for code, polygons in countries_of(topology, arcs):
        largest = max(polygons, key=lambda p: area(ring_points(p[0], arcs)))
        (x, y), size = label_point([ring_points(r, arcs) for r in largest])
        drawn = []
        for polygon in polygons:
            rings = []
            for ring in polygon:
                renamed = []
                for index in ring:
                    forward = index if index >= 0 else ~index
                    new = used.setdefault(forward, len(used))
                    renamed.append(new if index >= 0 else ~new)
                rings.append(renamed)
            drawn.append(rings)
        countries.append([code, round(x, 2), round(y, 2), round(size, 2), drawn])
    lines = []
    for index in used:
        line, before = [], (0, 0)
        for x, y in arcs[index]:
            now = (round(x * SCALE), round(y * SCALE))
            line += [now[0] - before[0], now[1] - before[1]]
            before = now
        lines.append(line)
    parts = [f'{{"scale":{SCALE},"arcs":[']
    parts.append(",\n".join(json.dumps(line, separators=(",", ":")) for line in lines))
    parts.append('],\n"countries":[')
    parts.append(",\n".join(json.dumps(country, separators=(",", ":")) for country in countries))
    parts.append('],\n"towns":[')
    parts.append(",\n".join(json.dumps(town, ensure_ascii=False, separators=(",", ":"))
                            for town in towns_of(sys.argv[2])))
    parts.append("]}")
    print("".join(parts))


main()
