"""Invented readings for the workspace's tests and for looking at it: invented outlets, incidents and people.

`readings()` gives isnad-reading/1 objects. Spans are found by their words, so that the texts can be edited.
"""
import hashlib

PLACES = {
    "albukamal": dict(name="Abu Kamal", country="SY", admin1="Deir ez-Zor", kind="city", id="wof:421188281",
                      lat=34.4506, lon=40.9171, radius_km=4),
    "hajin": dict(name="Hajin", country="SY", admin1="Deir ez-Zor", kind="city", id="wof:421186001", lat=34.6896,
                  lon=40.8311, radius_km=3),
    "deirezzor": dict(name="Deir ez-Zor", country="SY", admin1="Deir ez-Zor", kind="region", id="wof:85680661",
                      lat=35.33, lon=40.14, radius_km=90),
    "sarmin": dict(name="Sarmin", country="SY", admin1="Idlib", kind="village", id="wof:1108695123", lat=35.9031,
                   lon=36.7264, radius_km=2),
    "mosul": dict(name="Mosul", country="IQ", admin1="Nineveh", kind="city", id="wof:421168683", lat=36.335,
                  lon=43.1189, radius_km=12),
    "daraa": dict(name="Daraa", country="SY", admin1="Daraa", kind="city", id="wof:421187071", lat=32.6189,
                  lon=36.1021, radius_km=5),
    "taiz": dict(name="Taiz", country="YE", admin1="Taiz", kind="city", id="wof:421200563", lat=13.5795,
                 lon=44.0209, radius_km=7),
    "khartoum": dict(name="Khartoum", country="SD", admin1="Khartoum", kind="city", id="wof:421176693", lat=15.5518,
                     lon=32.5324, radius_km=18),
    "sebha": dict(name="Sebha", country="LY", admin1="Sabha", kind="city", id="wof:421189917", lat=27.0377,
                  lon=14.4283, radius_km=8),
}


class Document:
    """A reading under construction: a text and the claims found in it by their words."""

    def __init__(self, name, outlet, published, language, title, *paragraphs, url=None):
        self.text = "\n".join((title,) + paragraphs)
        self.record = {
            "format": "isnad-reading/1",
            "engine": {"version": "0.1.0", "language_data": "0" * 16, "gazetteer": "0" * 16, "weights": None, "profile": None},
            "id": name, "url": url or f"https://{name}.example/report", "outlet": outlet, "language": language,
            "published": published, "published_offset": None, "published_from": "meta",
            "sha256": hashlib.sha256(self.text.encode()).hexdigest(), "truncated": False, "title": title,
            "text": self.text, "claims": [], "events": [], "times": [], "places": [], "disagreements": [],
            "links": [], "warnings": []}

    def span(self, words, after=0):
        start = self.text.index(words, after)
        return {"text": words, "start": start, "end": start + len(words)}

    def sentence(self, at):
        """The paragraph around a place in the text, as evidence."""
        start = self.text.rfind("\n", 0, at) + 1
        end = self.text.find("\n", at)
        return {"start": start, "end": len(self.text) if end < 0 else end}

    def claim(self, effect, low, high, count, voice=None, kind="local", cue=None, who=None, who_class="unknown",
              group=None, part_of=None, via=(), stance="asserts", event="air_strike", place=None, place_text=None,
              date=None, actor=None, approx=False, scope="incident"):
        counted = self.span(count)
        evidence = self.sentence(counted["start"])
        near = evidence["start"]
        where = None
        if place:
            where = dict(self.span(place_text), **PLACES[place], anchor=None)
            if where not in self.record["places"]:
                self.record["places"].append(where)
        self.record["claims"].append({
            "effect": effect, "min": low, "max": high, "approx": approx, "count": counted,
            "who": dict(self.span(who or count), **{"class": who_class}, group=group),
            "part_of": part_of,
            "voice": dict(self.span(voice, near if voice in self.text[near:] else 0), kind=kind, cue=cue)
                     if voice else None,
            "via": [dict(self.span(words), kind=relay, cue=None) for words, relay in via],
            "stance": stance, "event": event, "event_index": None,
            "actor": dict(self.span(actor), hedged=True) if actor else None,
            "place": where, "time": None, "date": date, "scope": scope, "evidence": evidence})
        return len(self.record["claims"]) - 1

    def disagree(self, a, b, on):
        self.record["disagreements"].append({"claims": [a, b], "on": on})


def badia():
    d = Document("badia-press", "بادية برس", "2026-02-03T14:20", "ar",
                 "ضحايا مدنيون في غارة جوية على سوق قرب البوكمال",
                 "قال الدفاع المدني إن 11 مدنياً، بينهم 3 أطفال، قتلوا وأصيب 24 آخرون في غارة جوية استهدفت سوقاً للمواشي على أطراف مدينة البوكمال في ريف دير الزور الشرقي فجر اليوم الثلاثاء.",
                 "وأكد طبيب في مشفى البوكمال العام أن المشفى استقبل 13 قتيلاً وما لا يقل عن 30 جريحاً، بعضهم في حالة حرجة.",
                 "ورجّح سكان أن تكون الطائرات التي نفذت الغارة تابعة للتحالف الدولي، ولم تتبنّ أي جهة الهجوم حتى لحظة نشر الخبر.",
                 "وكانت غارة سابقة على المنطقة نفسها قد أوقعت خمسة قتلى الشهر الماضي.")
    place = dict(place="albukamal", place_text="مدينة البوكمال", date="2026-02-03")
    dead = d.claim("killed", 11, 11, "11 مدنياً", "الدفاع المدني", "rescue", "قال", "مدنياً", "civilian", **place)
    d.claim("killed", 3, 3, "3 أطفال", "الدفاع المدني", "rescue", "قال", "أطفال", "civilian", "child", part_of=dead, **place)
    d.claim("injured", 24, 24, "24 آخرون", "الدفاع المدني", "rescue", "قال", "آخرون", "civilian", **place)
    doctor = d.claim("killed", 13, 13, "13 قتيلاً", "طبيب في مشفى البوكمال العام", "medical", "أكد", "قتيلاً", **place)
    d.claim("injured", 30, None, "ما لا يقل عن 30 جريحاً", "طبيب في مشفى البوكمال العام", "medical", "أكد", "جريحاً", **place)
    d.claim("killed", 5, 5, "خمسة قتلى", who="قتلى", scope="background")
    d.disagree(dead, doctor, "count")
    return d.record


def euphrates():
    d = Document("furat-wire", "وكالة الفرات", "2026-02-03T18:05", "ar",
                 "مصادر ميدانية: 17 قتيلاً على الأقل في قصف سوق البوكمال",
                 "أفادت مصادر ميدانية لوكالة الفرات بمقتل ما لا يقل عن 17 شخصاً في القصف الذي طال سوق المواشي قرب البوكمال فجر الثلاثاء، وقالت إن نحو أربعين آخرين أصيبوا.",
                 "ونقلت الوكالة عن الدفاع المدني أن حصيلة القتلى بلغت 11 قتيلاً من المدنيين.",
                 "ونفى متحدث باسم التحالف الدولي سقوط أي مدنيين، قائلاً إن طائراته لم تنفذ أي غارة في المنطقة.")
    place = dict(place="albukamal", place_text="البوكمال", date="2026-02-03")
    field = d.claim("killed", 17, None, "ما لا يقل عن 17 شخصاً", "مصادر ميدانية", "local", "أفادت", "شخصاً", **place)
    d.claim("injured", 40, 40, "نحو أربعين آخرين", "مصادر ميدانية", "local", "قالت", "آخرين", approx=True, **place)
    d.claim("killed", 11, 11, "11 قتيلاً", "الدفاع المدني", "rescue", "نقلت عن", "قتيلاً من المدنيين", "civilian", **place)
    denial = d.claim("killed", 0, 0, "أي مدنيين", "متحدث باسم التحالف الدولي", "military", "نفى", "مدنيين", "civilian",
                     stance="denies", **place)
    d.disagree(field, denial, "denial")
    return d.record


def coast_copy():
    """The wire's report taken over word for word by another outlet."""
    record = euphrates()
    record.update(id="sahel-news", outlet="ساحل نيوز", url="https://sahel-news.example/2026/02/raid",
                  published="2026-02-03T20:30")
    return record


def meridian():
    d = Document("meridian-post", "Meridian Post", "2026-02-04T09:00", "en",
                 "Coalition denies strike on Syrian livestock market",
                 "Eleven civilians, three of them children, were killed in an air strike on a livestock market outside Abu Kamal, Badia Press reported, citing the Civil Defence.",
                 "The Eastern Rights Observatory put the toll at 19 dead, 12 of them civilians, and said at least 35 people were wounded.",
                 "A coalition spokesman denied that any civilian was killed.",
                 "The market's owners' union said that nobody was hurt.",
                 "Four men from the town were detained after the strike, residents said.")
    place = dict(place="albukamal", place_text="Abu Kamal", date="2026-02-03")
    d.claim("killed", 11, 11, "Eleven civilians", "the Civil Defence", "rescue", "citing", "civilians", "civilian",
            via=[("Badia Press", "media")], **place)
    toll = d.claim("killed", 19, 19, "19 dead", "The Eastern Rights Observatory", "monitor", "put the toll at", "dead", "mixed", **place)
    d.claim("killed", 12, 12, "12 of them civilians", "The Eastern Rights Observatory", "monitor", "put the toll at", "civilians",
            "civilian", part_of=toll, **place)
    d.claim("injured", 35, None, "at least 35 people", "The Eastern Rights Observatory", "monitor", "said", "people", **place)
    denial = d.claim("killed", 0, 0, "any civilian", "A coalition spokesman", "military", "denied", "civilian", "civilian",
                     stance="denies", **place)
    d.claim("casualties", 0, 0, "nobody", "The market's owners' union", "local", "said", **place)
    d.claim("detained", 4, 4, "Four men", "residents", "witness", "said", "men", group="man", event="detention", **place)
    d.disagree(toll, denial, "denial")
    return d.record


def sarmin():
    first = Document("idlib-today", "إدلب اليوم", "2026-01-28T11:10", "ar", "قصف مدفعي يستهدف سرمين شرق إدلب",
                     "قتل أربعة مدنيين وأصيب 12 آخرون جراء قصف مدفعي استهدف الأحياء السكنية في بلدة سرمين، وفق ما ذكر المرصد السوري المدني.")
    place = dict(place="sarmin", place_text="بلدة سرمين", date="2026-01-28", event="shelling")
    first.claim("killed", 4, 4, "أربعة مدنيين", "المرصد السوري المدني", "monitor", "ذكر", "مدنيين", "civilian", **place)
    first.claim("injured", 12, 12, "12 آخرون", "المرصد السوري المدني", "monitor", "ذكر", "آخرون", "civilian", **place)
    second = Document("north-line", "خط الشمال", "2026-01-28T13:45", "ar", "أربعة قتلى في سرمين",
                      "قال مصدر طبي لخط الشمال إن أربعة أشخاص قضوا في قصف مدفعي على سرمين صباح الأربعاء.")
    second.claim("killed", 4, 4, "أربعة أشخاص", "مصدر طبي", "medical", "قال", "أشخاص", place="sarmin", place_text="سرمين",
                 date="2026-01-28", event="shelling")
    return [first.record, second.record]


def mosul():
    d = Document("tigris-gazette", "Tigris Gazette", "2026-01-19", "en", "Three killed as leftover device explodes in Mosul",
                 "Three people were killed and one was injured when an explosive device left over from the war went off in western Mosul on Monday, police said.")
    place = dict(place="mosul", place_text="Mosul", date="2026-01-19", event="explosive")
    d.claim("killed", 3, 3, "Three people", "police", "police", "said", "people", **place)
    d.claim("injured", 1, 1, "one was injured", "police", "police", "said", "one", **place)
    return d.record


def daraa():
    first = Document("hauran-net", "شبكة حوران", "2026-02-10T20:00", "ar", "حملة اعتقالات في درعا",
                     "اعتقلت قوات الأمن أكثر من 30 شاباً في حملة دهم بمدينة درعا مساء الثلاثاء، بحسب ناشطين محليين.",
                     "وقال مصدر أمني إن عدد الموقوفين لا يتجاوز 12 مطلوباً.")
    place = dict(place="daraa", place_text="مدينة درعا", date="2026-02-10", event="detention")
    a = first.claim("detained", 31, None, "أكثر من 30 شاباً", "ناشطين محليين", "local", "بحسب", "شاباً", group="man", **place)
    b = first.claim("detained", 0, 12, "لا يتجاوز 12 مطلوباً", "مصدر أمني", "security", "قال", "مطلوباً", **place)
    first.disagree(a, b, "count")
    return first.record


def taiz():
    d = Document("taiz-lens", "عدسة تعز", "2025-12-30T17:00", "ar", "قذيفة على حي سكني في تعز",
                 "أعلن مكتب الصحة في مدينة تعز مقتل ستة أشخاص، نصفهم أطفال، وإصابة تسعة بقذيفة سقطت على حي سكني مساء الاثنين.",
                 "ونزحت نحو 40 عائلة من الحي خلال الليل، وفق شهود عيان.")
    place = dict(place="taiz", place_text="مدينة تعز", date="2025-12-29", event="shelling")
    dead = d.claim("killed", 6, 6, "ستة أشخاص", "مكتب الصحة", "medical", "أعلن", "أشخاص", **place)
    d.claim("killed", 3, 3, "نصفهم أطفال", "مكتب الصحة", "medical", "أعلن", "أطفال", "civilian", "child", part_of=dead, **place)
    d.claim("injured", 9, 9, "تسعة", "مكتب الصحة", "medical", "أعلن", "تسعة", **place)
    return d.record


def khartoum():
    d = Document("nile-dispatch", "Nile Dispatch", "2026-02-14", "en", "Drone strike hits Khartoum market",
                 "Dozens of people were killed when a drone hit a market in southern Khartoum on Friday, a volunteer committee said.",
                 "The army said 22 fighters were killed in the strike and denied hitting civilians.")
    place = dict(place="khartoum", place_text="Khartoum", date="2026-02-13", event="drone_strike")
    d.claim("killed", 24, None, "Dozens of people", "a volunteer committee", "rescue", "said", "people", approx=True, **place)
    a = d.claim("killed", 22, 22, "22 fighters", "The army", "military", "said", "fighters", "combatant", **place)
    b = d.claim("killed", 0, 0, "civilians", "The army", "military", "denied", "civilians", "civilian", stance="denies", **place)
    d.disagree(a, b, "denial")
    return d.record


def sebha():
    d = Document("fezzan-daily", "Fezzan Daily", "2026-01-06", "en", "Clashes in Sebha",
                 "Two people were killed in clashes in Sebha on Monday night, a hospital source said.")
    d.claim("killed", 2, 2, "Two people", "a hospital source", "medical", "said", "people", event="clash", place="sebha",
            place_text="Sebha", date="2026-01-05")
    return d.record


def hostile():
    """What a page could send to hurt a reader: markup, a right-to-left override, signs beyond 16 bits."""
    d = Document("hostile-page", "<b>Outlet</b> & 'co'", "2025-11-02", "en",
                 "<img src=x onerror=\"document.title='owned'\"> 🕊️ e\u0301 title",
                 "🕊️🕊️ <script>document.title='owned'</script> 7 people were killed in Hajin, said \u202e<i onclick=\"alert(1)\">a source</i>\u202c.",
                 url="javascript:document.title='owned'")
    d.claim("killed", 7, 7, "7 people", "<i onclick=\"alert(1)\">a source</i>", "anonymous", "said", "people", place="hajin",
            place_text="Hajin", date="2025-11-01", event="air_strike")
    return d.record


def readings(with_hostile=False):
    all_of_them = [badia(), euphrates(), coast_copy(), meridian(), *sarmin(), mosul(), daraa(), taiz(), khartoum(), sebha()]
    return all_of_them + ([hostile()] if with_hostile else [])


if __name__ == "__main__":
    import json
    import sys
    for reading in readings("--hostile" in sys.argv[1:]):
        print(json.dumps(reading, ensure_ascii=False))
