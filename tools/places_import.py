#!/usr/bin/env python3
"""Makes the tables of data/places from the open data they come from.

    places_import.py RAW OUT

RAW holds, unpacked, what docs/gazetteer.md lists:
    places.tsv            Who's On First, one row a place
    cities500.txt         GeoNames' cities of 500 people and more
    admin1.json           GeoNames' first-order divisions: [{"code": "SY.02", "name": ...}]
    countries.json        GeoNames' countries: area and population by ISO code
    subdivisions.tsv      ISO 3166-2 code (2nd column), GeoNames code (3rd), GeoNames id (4th)
    cldr/{ar,en}/territories.json, cldr/en/subdivisions.json   Unicode CLDR
    countries-50m.json    Natural Earth's country outlines as TopoJSON

OUT gets wof/<COUNTRY>.tsv, geonames/<continent>.tsv, regions.tsv, countries.tsv. extra.tsv and attention.tsv are written by
hand and left alone. The same input gives the same output, byte for byte.
"""
import json
import math
import os
import re
import sys
import unicodedata
from collections import defaultdict
from difflib import SequenceMatcher

CITY_POPULATION = 15000
COLUMNS = ["id", "name", "names_ar", "names_other", "country", "region", "kind", "lat", "lon", "population"]
CONTINENTS = {"AF": "africa", "AS": "asia", "EU": "europe", "NA": "north-america", "AN": "south-america",
              "OC": "oceania", "SA": "south-america"}
ARABIC = re.compile("[\u0621-\u064a\u067e\u0686\u0698\u06a4\u06a9\u06af\u06cc\u064b-\u0652 '\u0640-]+$")
PLAIN_ARABIC = re.compile("[\u0621-\u063a\u0641-\u064a ]+$")


def folded(name):
    name = unicodedata.normalize("NFKD", name).lower()
    return "".join(c for c in name if c.isalnum())


def unique(names, taken=()):
    seen, kept = {folded(name) for name in taken}, []
    for name in names:
        key = folded(name)
        if key and key not in seen:
            seen.add(key)
            kept.append(name)
    return kept


def clean(name):
    return re.sub(r"[\t|\r\n]+", " ", name).strip()


def write_table(path, rows, columns=COLUMNS):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write("\t".join(columns) + "\n")
        for row in rows:
            out.write("\t".join(str(row.get(column, "")) for column in columns) + "\n")


def read_json(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return json.load(file)


# Who's On First: one file a country, in order of id.

def split_wof(raw, out):
    by_country = defaultdict(list)
    with open(os.path.join(raw, "places.tsv"), encoding="utf-8") as file:
        header = next(file)
        for line in file:
            by_country[line.split("\t", 3)[2]].append(line)
    os.makedirs(os.path.join(out, "wof"), exist_ok=True)
    for country, lines in by_country.items():
        lines.sort(key=lambda line: int(line.split("\t", 1)[0]))
        with open(os.path.join(out, "wof", country + ".tsv"), "w", encoding="utf-8", newline="\n") as file:
            file.writelines([header] + lines)
    return {country: [dict(zip(header.rstrip("\n").split("\t"), line.rstrip("\n").split("\t")))
                      for line in lines] for country, lines in by_country.items()}


# GeoNames

def arabic_names(alternates):
    names = [clean(name) for name in alternates if ARABIC.match(name)]
    return unique(sorted(names, key=lambda name: not PLAIN_ARABIC.match(name)))


def latin_names(alternates, taken, near, population):
    names = [clean(name) for name in alternates
             if name[:1].isupper() and all(ord(c) < 0x250 or 0x1e00 <= ord(c) < 0x1f00 or c in "‘’ʻʿ" for c in name)
             and not re.fullmatch("[A-Z]{2,4}", name)]
    if not near:
        names = [name for name in names if name.isascii()] if population >= 200000 else []
    return unique(names, taken)


def geonames_kind(code, population, near):
    """Seats of counties are towns; in the countries that are covered closely, those of subdistricts too."""
    if code == "PPLX":
        return "neighbourhood"
    seat = code in ("PPLC", "PPLA", "PPLA2") or (near and code == "PPLA3")
    return "city" if seat or population >= CITY_POPULATION else "village"


def read_geonames(raw, near_countries, regions):
    """Rows by country, and each region's points."""
    rows, points = defaultdict(list), defaultdict(list)
    with open(os.path.join(raw, "cities500.txt"), encoding="utf-8") as file:
        for line in file:
            f = line.rstrip("\n").split("\t")
            country, population = f[8], int(f[14] or 0)
            points[country + "." + f[10]].append((float(f[4]), float(f[5]), f[1], f[3].split(",")))
            near = country in near_countries
            if not near and population < CITY_POPULATION and f[7] != "PPLC":
                continue
            alternates = f[3].split(",")
            name = clean(f[1])
            rows[country].append({
                "id": "geonames:" + f[0], "name": name, "names_ar": "|".join(arabic_names(alternates)),
                "names_other": "|".join(latin_names([f[2]] + alternates, [name], near, population)),
                "country": country, "region": regions.get(country + "." + f[10], ""),
                "kind": geonames_kind(f[7], population, near), "lat": f[4], "lon": f[5], "population": population or ""})
    return rows, points


def middle(points):
    """Centre and the radius that holds nine tenths, of points of latitude and longitude."""
    lat = sum(p[0] for p in points) / len(points)
    east = sum(math.cos(math.radians(p[1])) for p in points)
    north = sum(math.sin(math.radians(p[1])) for p in points)
    lon = math.degrees(math.atan2(north, east))
    def far(p):
        return math.hypot(p[0] - lat, ((p[1] - lon + 180) % 360 - 180) * math.cos(math.radians(lat))) * 111.2
    return lat, lon, sorted(map(far, points))[len(points) * 9 // 10]


# Regions: common English names, by way of ISO 3166-2; those of other countries from their towns.

def region_tables(raw):
    names = read_json(raw, "cldr", "en", "subdivisions.json")["subdivisions"]["localeDisplayNames"]["subdivisions"]
    by_code, by_id = {}, {}
    with open(os.path.join(raw, "subdivisions.tsv"), encoding="utf-8") as file:
        for line in file:
            f = line.rstrip("\n").split("\t")
            name = names.get(f[1].replace("-", "").lower())
            if f[2]:
                by_code[f[2]] = (name, f[3])
            if name and f[3]:
                by_id[f[3]] = name
    return by_code, by_id


def same_town_in_arabic(name, points):
    for point in points:
        if folded(point[2]) == folded(name):
            return arabic_names(point[3])
    return []


def is_name_of(name, place):
    """ISO 3166-2 has used codes anew: a name counts only where the place is known by one like it."""
    others = [place["name_en"]] + place["names_other"].split("|")
    return any(SequenceMatcher(None, folded(name), folded(other)).ratio() > 0.6 for other in others)


def region_rows(raw, wof, points, by_code, by_id):
    rows = []
    for country in sorted(wof):
        for place in wof[country]:
            name = place["kind"] == "region" and by_id.get(place["geonames_id"])
            if name and is_name_of(name, place):
                rows.append({"id": "wof:" + place["wof_id"], "name": name, "country": country, "kind": "region"})
    for division in read_json(raw, "admin1.json"):
        code, country = division["code"], division["code"][:2]
        if country in wof or len(points[code]) < 1:
            continue
        common, geonames = by_code.get(code, (None, ""))
        lat, lon, radius = middle(points[code])
        name = clean(common or division["name"])
        rows.append({"id": "geonames:" + geonames if geonames else "geonames-admin1:" + code, "name": name,
                     "names_ar": "|".join(same_town_in_arabic(name, points[code])),
                     "names_other": "|".join(unique([clean(division["name"])], [name])), "country": country,
                     "kind": "region", "lat": "%.5f" % lat, "lon": "%.5f" % lon,
                     "radius_km": max(5, min(600, round(radius)))})
    return rows


# Countries: names by CLDR, middles by Natural Earth, areas by GeoNames.

def decode_arcs(topology):
    scale, translate = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + translate[0], y * scale[1] + translate[1]))
        yield points


def ring_points(ring, arcs):
    points = []
    for index in ring:
        points += (arcs[index] if index >= 0 else arcs[~index][::-1])[:-1]
    return points


def unwrapped(points):
    """Longitudes made to run on where the ring crosses the 180th meridian."""
    turned, shift = points[:1], 0
    for (x1, _), (x2, y2) in zip(points, points[1:]):
        shift += 360 if x2 - x1 < -180 else -360 if x2 - x1 > 180 else 0
        turned.append((x2 + shift, y2))
    return turned


def ring_middle(points):
    area = x = y = 0
    points = unwrapped(points)
    for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1]):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return (abs(area), x / (3 * area), y / (3 * area)) if area else (0, *points[0])


def country_middles(raw):
    topology = read_json(raw, "countries-50m.json")
    arcs = list(decode_arcs(topology))
    middles = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        best = max(ring_middle(ring_points(polygon[0], arcs)) for polygon in polygons)
        middles.setdefault(int(shape.get("id") or 0), (best[2], (best[1] + 180) % 360 - 180))
    return middles


def country_rows(raw, wof):
    middles = country_middles(raw)
    ar, en = (read_json(raw, "cldr", language, "territories.json")["main"][language]["localeDisplayNames"]
              ["territories"] for language in ("ar", "en"))
    known = {place["country"]: place for rows in wof.values() for place in rows if place["kind"] == "country"}
    rows = []
    for code, country in sorted(read_json(raw, "countries.json").items()):
        middle_point = middles.get(country["isonumeric"])
        if code not in en or (not middle_point and code not in known):
            continue
        row = {"id": "wof:" + known[code]["wof_id"] if code in known else "cldr:" + code, "name": en[code],
               "names_ar": "|".join(unique([ar[code]] + [ar[k] for k in sorted(ar) if k.startswith(code + "-")])),
               "names_other": "|".join(unique([en[k] for k in sorted(en) if k.startswith(code + "-")]
                                              + [country["name"]], [en[code]])),
               "country": code, "kind": "country", "population": country["population"] or "",
               "radius_km": max(3, round(1.3 * math.sqrt(float(country["areakm2"] or 1) / math.pi)))}
        if middle_point:
            row["lat"], row["lon"] = "%.4f" % middle_point[0], "%.4f" % middle_point[1]
        rows.append(row)
    return rows


def main(raw, out):
    wof = split_wof(raw, out)
    by_code, by_id = region_tables(raw)
    names = {d["code"]: clean(by_code.get(d["code"], (None,))[0] or d["name"]) for d in read_json(raw, "admin1.json")}
    near_regions = {"%s.%s" % key: name for key, name in wof_region_names(wof, by_code).items()}
    names.update(near_regions)
    towns, points = read_geonames(raw, set(wof), names)
    continents = defaultdict(list)
    for code, country in read_json(raw, "countries.json").items():
        continents[CONTINENTS[country["continentcode"]]] += towns.get(code, [])
    for continent, rows in continents.items():
        if rows:
            write_table(os.path.join(out, "geonames", continent + ".tsv"),
                        sorted(rows, key=lambda row: int(row["id"].split(":")[1])))
    write_table(os.path.join(out, "regions.tsv"), region_rows(raw, wof, points, by_code, by_id),
                COLUMNS + ["radius_km"])
    write_table(os.path.join(out, "countries.tsv"), country_rows(raw, wof), COLUMNS + ["radius_km"])


def wof_region_names(wof, by_code):
    """What Who's On First calls the region that GeoNames has a code for."""
    by_geonames = {place["geonames_id"]: (country, place["name_en"]) for country, rows in wof.items()
                   for place in rows if place["kind"] == "region" and place["geonames_id"] not in ("", "0")}
    return {tuple(code.split(".", 1)): by_geonames[geonames][1] for code, (_, geonames) in by_code.items()
            if geonames in by_geonames}


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: places_import.py RAW OUT")
    main(*sys.argv[1:])
