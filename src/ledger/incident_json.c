/* An incident as isnad-incident/1, and its rows. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "ledger/hidden.h"
#include "ledger/incident.h"
#include "ledger/query.h"
#include "ledger/waiting.h"

/* ---- places ---- */

static void write_place_fields(buffer *b, const ledger_place *p) {
    buffer_add_byte(b, '{');
    write_key(b, "text"), write_string(b, p->text);
    write_key(b, "name"), write_string(b, p->name);
    write_key(b, "name_ar"), write_string(b, p->name_ar);
    write_key(b, "country"), write_string(b, p->country);
    write_key(b, "admin1"), write_string(b, p->admin1);
    write_key(b, "kind"), write_string(b, p->kind);
    write_key(b, "id"), write_string(b, p->id);
    write_key(b, "lat"), p->resolved ? write_real(b, p->lat) : buffer_add(b, STR("null"));
    write_key(b, "lon"), p->resolved ? write_real(b, p->lon) : buffer_add(b, STR("null"));
    write_key(b, "radius_km"), p->resolved ? write_real(b, p->radius_km) : buffer_add(b, STR("null"));
    buffer_add_byte(b, '}');
}

void write_place(buffer *b, const ledger_place *p) {
    if (p)
        write_place_fields(b, p);
    else
        buffer_add(b, STR("null"));
}

const ledger_place *place_of_claim(const incident_work *w, const told *c) {
    const paper *p = &w->papers.at[c->paper];
    return c->place >= 0 && (size_t)c->place < p->mentions.size ? &p->mentions.at[c->place] : NULL;
}

typedef struct ballot {
    const ledger_place *place;
    uint32_t papers, last_paper, fine;
    double weight;
} ballot;

typedef VECTOR(ballot) ballots;

static bool same_ledger_place(const ledger_place *a, const ledger_place *b) {
    if (a->id.size && b->id.size)
        return str_equal(a->id, b->id) && str_equal(a->kind, b->kind) &&
               fabs(a->radius_km - b->radius_km) < 0.5;
    return a->hash_name == b->hash_name;
}

/* How closely a kind of place says where. */
static int precision_of(const ledger_place *p) {
    static const int by_kind[] = {
        [PLACE_COUNTRY] = 0,       [PLACE_REGION] = 1, [PLACE_CITY] = 4, [PLACE_VILLAGE] = 5,
        [PLACE_NEIGHBOURHOOD] = 5, [PLACE_SITE] = 4,   [PLACE_AREA] = 2};
    int kind = place_kind_named(p->kind);
    int precision = kind == NONE ? 0 : by_kind[kind];
    if (kind == PLACE_AREA && p->resolved && p->radius_km <= 12)
        precision = 3;
    return p->resolved ? precision : precision > 2 ? 2 : precision;
}

static void vote(incident_work *w, ballots *all, const ledger_place *p, uint32_t in_paper, double weight) {
    for (size_t i = 0; i < all->size; i++)
        if (same_ledger_place(all->at[i].place, p)) {
            ballot *v = &all->at[i];
            v->papers += v->last_paper != in_paper;
            v->weight += v->last_paper != in_paper ? weight : weight / 8;
            v->last_paper = in_paper;
            return;
        }
    *VECTOR_PUSH(all, w->a) = (ballot){p, 1, in_paper, (uint32_t)precision_of(p), weight};
}

/* What a unit tells stands for its claims: not where reviewers rejected all of them, or put that right. */
static bool unit_speaks(const incident_work *w, const unit *u, unsigned corrected) {
    size_t left = 0, put_right = 0;
    for (uint32_t k = 0; k < u->claim_count && w->acts.entries.size; k++) {
        const told *c = told_by_key(w, w->in->units->claims.at[u->claim_from + k]);
        left += c && c->verdict != VERDICT_REJECTED;
        put_right += c && (c->corrected & corrected) != 0;
    }
    return !w->acts.entries.size || !u->claim_count || (left && !put_right);
}

static bool names_spot(const unit *u, const ledger_place *p) {
    for (uint8_t i = 0; i < u->spot_count; i++)
        if (u->spots[i].id == p->hash_id && u->spots[i].name == p->hash_name)
            return true;
    return false;
}

/* Claims say where people were harmed; events name further places, with a small voice. */
static ballots vote_on_places(incident_work *w) {
    ballots all = {0};
    for (size_t i = 0; i < w->claims.size; i++) {
        const told *c = &w->claims.at[i];
        const ledger_place *p = place_of_claim(w, c);
        if (p && c->counts)
            vote(w, &all, p, c->paper, 1);
    }
    for (size_t i = 0; i < w->in->size; i++) {
        const unit *u = &w->in->units->units.at[w->in->members[i]];
        bool speaks = u->current && unit_speaks(w, u, CORRECTED_PLACE);
        for (uint32_t k = 0; k < w->papers.size && speaks; k++)
            for (size_t m = 0; w->papers.at[k].version == u->version && m < w->papers.at[k].mentions.size;
                 m++)
                if (names_spot(u, &w->papers.at[k].mentions.at[m]))
                    vote(w, &all, &w->papers.at[k].mentions.at[m], k, 0.3);
    }
    return all;
}

/* Votes of a wide place that holds a closer one go to the closer; a name that no gazetteer knows comes last.
 */
static double worth_of(const ballot *v) {
    static const double by_precision[] = {0.1, 0.5, 1, 4, 4, 5};
    return v->weight * (v->place->resolved ? by_precision[v->fine] : 0.05);
}

/* Places that the papers name, each name once: what a place of the incident stands among. */
typedef struct surroundings {
    const ledger_place *at[48];
    size_t size;
} surroundings;

static surroundings surroundings_of(const incident_work *w) {
    surroundings s = {.size = 0};
    for (size_t k = 0; k < w->papers.size; k++)
        for (size_t m = 0; m < w->papers.at[k].mentions.size; m++) {
            const ledger_place *p = &w->papers.at[k].mentions.at[m];
            bool known = !p->resolved || place_kind_named(p->kind) == PLACE_COUNTRY ||
                         s.size == sizeof s.at / sizeof *s.at;
            for (size_t i = 0; i < s.size && !known; i++)
                known = s.at[i]->hash_name == p->hash_name;
            if (!known)
                s.at[s.size++] = p;
        }
    return s;
}

static bool lie_together(const ledger_place *p, const ledger_place *q) {
    enum { AROUND_KM = 60 };
    bool region = place_kind_named(q->kind) == PLACE_REGION;
    if (region && p->admin1.size && str_equal(p->country, q->country) && str_equal(p->admin1, q->admin1))
        return true;
    spot a = {.lat = (float)p->lat, .lon = (float)p->lon}, b = {.lat = (float)q->lat, .lon = (float)q->lon};
    return !region && spot_distance(&a, &b) <= AROUND_KM;
}

/* A place far from all others that are named is more likely a wrong namesake: the share of those that it lies
 * among, by other names. */
static double share_around(const surroundings *s, const ledger_place *p) {
    const double alone = 0.1;
    size_t others = 0, around = 0;
    for (size_t i = 0; i < s->size && p->resolved; i++)
        if (s->at[i]->hash_name != p->hash_name) {
            others++;
            around += lie_together(p, s->at[i]);
        }
    return others ? alone + (double)around / (double)others : 1;
}

static const ballot *elect(const incident_work *w, const ballots *all) {
    const ballot *best = NULL;
    double most = 0;
    surroundings s = surroundings_of(w);
    for (size_t i = 0; i < all->size; i++) {
        double worth = worth_of(&all->at[i]) * share_around(&s, all->at[i].place);
        if (!best || worth > most) {
            best = &all->at[i];
            most = worth;
        }
    }
    return best;
}

static void write_sites(buffer *b, const ballots *all, const ballot *chosen) {
    buffer_add_byte(b, '[');
    for (size_t i = 0; i < all->size; i++) {
        const ballot *v = &all->at[i];
        bool repeats = chosen && chosen->place->hash_name == v->place->hash_name;
        if (v == chosen || repeats || v->fine < 2)
            continue;
        write_comma(b);
        write_place_fields(b, v->place);
    }
    buffer_add_byte(b, ']');
}

/* ---- days ---- */

typedef struct days {
    day from, to;
    double weight;
    bool known;
} days;

static void vote_days(days *list, size_t *count, size_t limit, day from, day to, double weight) {
    if (from == DAY_NONE)
        return;
    for (size_t i = 0; i < *count; i++)
        if (list[i].from == from && list[i].to == to) {
            list[i].weight += weight;
            return;
        }
    if (*count < limit)
        list[(*count)++] = (days){from, to, weight, true};
}

/* Nobody told a day: the day before the first paper and its own, and said so (precision "published"). */
static days days_of_publication(const incident_work *w) {
    days d = {DAY_NONE, DAY_NONE, 0, false};
    for (size_t i = 0; i < w->papers.size; i++) {
        day published = day_parse(w->papers.at[i].published);
        if (w->papers.at[i].superseded || published == DAY_NONE || (d.known && published >= d.to))
            continue;
        d = (days){published - 1, published, 0, true};
    }
    return d;
}

static days elect_days(const incident_work *w) {
    enum { LIMIT = 64 };
    days list[LIMIT], best = {DAY_NONE, DAY_NONE, 0, false};
    size_t count = 0;
    for (size_t i = 0; i < w->claims.size; i++)
        if (w->claims.at[i].counts)
            vote_days(list, &count, LIMIT, w->claims.at[i].from, w->claims.at[i].to, 1);
    for (size_t i = 0; i < w->in->size; i++) {
        const unit *u = &w->in->units->units.at[w->in->members[i]];
        if (u->current && u->dated && unit_speaks(w, u, CORRECTED_DATE))
            vote_days(list, &count, LIMIT, u->from, u->to, u->has_claims ? 1 : 0.5);
    }
    if (!count)
        return days_of_publication(w);
    for (size_t i = 0; i < count; i++) {
        double length = list[i].to - list[i].from;
        list[i].weight *= length == 0 ? 1 : length <= 1 ? 0.7 : length <= 7 ? 0.3 : 0.1;
        if (list[i].weight > best.weight || (list[i].weight == best.weight && list[i].from < best.from))
            best = list[i];
    }
    return best;
}

static const char *precision_name(days d) {
    ymd a = day_split(d.from), b = day_split(d.to);
    if (d.weight <= 0)
        return "published";
    if (d.to - d.from <= 6)
        return "day";
    if (a.year == b.year && a.month == b.month && a.day == 1 && b.day == month_days(b.year, b.month))
        return "month";
    return a.month == 1 && a.day == 1 && b.month == 12 && b.day == 31 && a.year == b.year ? "year" : "period";
}

static str date_text(arena *a, days d) {
    if (!d.known)
        return STR_NONE;
    str from = day_format(a, d.from), to = day_format(a, d.to);
    return d.from == d.to ? from : arena_printf(a, "%.*s/%.*s", STR_ARG(from), STR_ARG(to));
}

/* ---- kind of event ---- */

static int elect_event(const incident_work *w) {
    double votes[EVENT_OTHER_ATTACK + 1] = {0};
    for (size_t i = 0; i < w->claims.size; i++) {
        int type = event_type_named(w->claims.at[i].event);
        if (w->claims.at[i].counts && type > EVENT_NONE)
            votes[type] += 1;
    }
    for (size_t i = 0; i < w->in->size; i++) {
        const unit *u = &w->in->units->units.at[w->in->members[i]];
        bool speaks = u->current && unit_speaks(w, u, CORRECTED_EVENT);
        for (int t = EVENT_AIR_STRIKE; t <= EVENT_OTHER_ATTACK; t++)
            if (speaks && u->types & 1u << t)
                votes[t] += 0.4;
    }
    int best = NONE;
    for (int t = EVENT_AIR_STRIKE; t <= EVENT_OTHER_ATTACK; t++)
        if (votes[t] > (best == NONE ? 0 : votes[best]))
            best = t;
    return best;
}

/* ---- claims and chains ---- */

static str voice_id(const incident_work *w, const told *c) {
    return c->voice_number ? w->voices.at[c->voice_number - 1].id : STR_NONE;
}

static void write_step(buffer *b, str voice_of, str text, const char *as, const paper *where) {
    write_comma(b);
    buffer_add_byte(b, '{');
    write_key(b, "voice"), write_string(b, voice_of);
    write_key(b, "text"), write_string(b, text);
    write_key(b, "how"), write_name(b, as);
    write_key(b, "document"), write_string(b, where ? where->document : STR_NONE);
    buffer_add_byte(b, '}');
}

static str outlet_or_document(const paper *p) {
    return p->outlet.size ? p->outlet : p->document;
}

/* The teller, then the relays that the claim itself names, then the claim's own outlet where it only passed
 * it on. */
static void write_first_steps(const incident_work *w, buffer *b, const told *c) {
    const paper *p = &w->papers.at[c->paper];
    const independent_voice *v = c->voice_number ? &w->voices.at[c->voice_number - 1] : NULL;
    bool relayed = c->via.size > 0;
    str said_by = c->named_by == NONE ? c->voice : w->claims.at[c->named_by].voice;
    str text = c->own         ? outlet_or_document(p)
               : said_by.size ? said_by
               : c->via.size  ? c->via.at[0]
                              : STR_NONE;
    write_step(b, v ? v->id : STR_NONE, v && v->unknown ? STR_NONE : text, "told", relayed ? NULL : p);
    for (size_t i = said_by.size ? 0 : 1; i < c->via.size; i++)
        write_step(b, STR_NONE, c->via.at[i], "relayed", NULL);
    if (relayed)
        write_step(b, STR_NONE, outlet_or_document(p), "relayed", p);
}

static void write_chain(const incident_work *w, buffer *b, uint32_t index) {
    enum { LONGEST = 32 };
    uint32_t road[LONGEST];
    size_t n = 0;
    for (uint32_t at = index;; at = (uint32_t)w->claims.at[at].rests_on) {
        bool seen = false;
        for (size_t i = 0; i < n; i++)
            seen |= road[i] == at;
        if (seen || n == LONGEST)
            break;
        road[n++] = at;
        if (w->claims.at[at].rests_on == NONE)
            break;
    }
    buffer_add_byte(b, '[');
    write_first_steps(w, b, &w->claims.at[road[n - 1]]);
    for (size_t i = n - 1; i-- > 0;) {
        const told *c = &w->claims.at[road[i]];
        if (w->claims.at[road[i + 1]].paper != c->paper)
            write_step(b, STR_NONE, outlet_or_document(&w->papers.at[c->paper]),
                       c->how == HOW_COPIED ? "copied" : "relayed", &w->papers.at[c->paper]);
    }
    buffer_add_byte(b, ']');
}

static str part_id(const incident_work *w, const told *c) {
    for (size_t i = 0; c->part_of != NONE && i < w->claims.size; i++)
        if (w->claims.at[i].paper == c->paper && (int)w->claims.at[i].number == c->part_of)
            return w->claims.at[i].id;
    return STR_NONE;
}

static void write_voice_of_claim(incident_work *w, buffer *b, const told *c) {
    const paper *p = &w->papers.at[c->paper];
    str key = outlet_or_document(p), of_outlet = minted_id(w->a, "v-", &key, 1);
    buffer_add_byte(b, '{');
    write_key(b, "id"), write_string(b, c->voice_number ? voice_id(w, c) : of_outlet);
    write_key(b, "text"), write_string(b, c->voice);
    write_key(b, "kind"), write_string(b, c->voice_kind);
    buffer_add_byte(b, '}');
}

void write_actor(buffer *b, const told *c) {
    if (!c->actor.size) {
        buffer_add(b, STR("null"));
        return;
    }
    buffer_add_byte(b, '{');
    write_key(b, "text"), write_string(b, c->actor);
    write_key(b, "hedged"), buffer_add(b, c->actor_hedged ? STR("true}") : STR("false}"));
}

void write_via(buffer *b, const told *c) {
    buffer_add_byte(b, '[');
    for (size_t i = 0; i < c->via.size; i++) {
        write_comma(b);
        buffer_add_byte(b, '{');
        write_key(b, "text"), write_string(b, c->via.at[i]);
        write_key(b, "kind"), write_string(b, c->via_kinds.at[i]);
        buffer_add_byte(b, '}');
    }
    buffer_add_byte(b, ']');
}

static void write_text_or_null(buffer *b, str text) {
    text.size ? write_string(b, text) : buffer_add(b, STR("null"));
}

void write_claim(incident_work *w, buffer *b, uint32_t index, str incident) {
    const told *c = &w->claims.at[index];
    const paper *p = &w->papers.at[c->paper];
    buffer_add_byte(b, '{');
    if (incident.data)
        write_key(b, "incident"), incident.size ? write_string(b, incident) : buffer_add(b, STR("null"));
    write_key(b, "id"), write_string(b, c->id);
    write_key(b, "document"), write_string(b, p->document);
    write_key(b, "version"), write_number(b, p->number);
    write_key(b, "superseded"), p->superseded ? write_number(b, p->superseded) : buffer_add(b, STR("null"));
    write_key(b, "effect"), write_name(b, effect_name(c->effect));
    write_key(b, "class"), write_name(b, who_class_name(c->who_class));
    write_key(b, "group"), write_string(b, c->group);
    write_key(b, "min"), write_number(b, c->min);
    write_key(b, "max"), write_bound(b, c->max);
    write_key(b, "approx"), buffer_add(b, c->approx ? STR("true") : STR("false"));
    write_key(b, "stance"), write_name(b, stance_name(c->stance));
    write_key(b, "scope"), write_name(b, scope_name(c->scope));
    write_key(b, "part_of"), write_string(b, part_id(w, c));
    write_key(b, "event"), write_string(b, c->event);
    write_key(b, "date"), write_string(b, c->date);
    write_key(b, "place"), write_place(b, place_of_claim(w, c));
    write_key(b, "actor"), write_actor(b, c);
    write_key(b, "voice"), write_voice_of_claim(w, b, c);
    write_key(b, "via"), write_via(b, c);
    write_key(b, "chain"), write_chain(w, b, index);
    write_key(b, "independent"),
        c->voice_number ? write_number(b, c->voice_number) : buffer_add(b, STR("null"));
    write_key(b, "evidence"), buffer_add_byte(b, '{');
    write_key(b, "start"), write_number(b, c->evidence_start);
    write_key(b, "end"), write_number(b, c->evidence_end);
    write_key(b, "text"), write_string(b, c->evidence);
    buffer_add_byte(b, '}');
    write_key(b, "verdict"), write_name(b, verdict_name(c->verdict));
    write_key(b, "as_read"), buffer_add(b, c->as_read.size ? c->as_read : STR("null"));
    write_key(b, "assignee"), write_text_or_null(b, c->assignee);
    write_key(b, "sensitive"), buffer_add(b, c->sensitive ? STR("true") : STR("false"));
    if (c->added_act) {
        write_key(b, "added_by"), buffer_add_byte(b, '{');
        write_key(b, "who"), write_string(b, c->added_who);
        write_key(b, "time"), write_string(b, c->added_time);
        write_key(b, "act"), write_number(b, c->added_act);
        buffer_add_byte(b, '}');
    }
    buffer_add_byte(b, '}');
}

/* ---- the rest ---- */

/* Authors as told, each with the voices that named it. */
static void write_actors(incident_work *w, buffer *b) {
    buffer_add_byte(b, '[');
    for (size_t i = 0; i < w->claims.size; i++) {
        const told *c = &w->claims.at[i];
        bool known = !c->actor.size || !c->counts;
        for (size_t j = 0; j < i && !known; j++)
            known = w->claims.at[j].counts && str_equal(w->claims.at[j].actor, c->actor) &&
                    w->claims.at[j].actor_hedged == c->actor_hedged;
        if (known)
            continue;
        bool *said = ARENA_NEW(w->a, bool, w->voices.size + 1);
        write_comma(b);
        buffer_add_byte(b, '{');
        write_key(b, "text"), write_string(b, c->actor);
        write_key(b, "hedged"), buffer_add(b, c->actor_hedged ? STR("true") : STR("false"));
        write_key(b, "said_by"), buffer_add_byte(b, '[');
        for (size_t j = i; j < w->claims.size; j++) {
            const told *o = &w->claims.at[j];
            if (!o->counts || !str_equal(o->actor, c->actor) || o->actor_hedged != c->actor_hedged ||
                said[o->voice_number])
                continue;
            said[o->voice_number] = true;
            write_comma(b);
            write_string(b, voice_id(w, o));
        }
        buffer_add(b, STR("]}"));
    }
    buffer_add_byte(b, ']');
}

static void write_papers(const incident_work *w, buffer *b) {
    buffer_add_byte(b, '[');
    for (size_t i = 0; i < w->papers.size; i++) {
        const paper *p = &w->papers.at[i];
        if (p->superseded)
            continue;
        write_comma(b);
        buffer_add_byte(b, '{');
        write_key(b, "id"), write_string(b, p->document);
        write_key(b, "version"), write_number(b, p->number);
        write_key(b, "url"), write_string(b, p->url);
        write_key(b, "outlet"), write_string(b, p->outlet);
        write_key(b, "title"), write_string(b, p->title);
        write_key(b, "language"), write_string(b, p->language);
        write_key(b, "published"), write_string(b, p->published);
        write_key(b, "copy_of"),
            write_string(b, p->copy_of == NONE ? STR_NONE : w->papers.at[p->copy_of].document);
        buffer_add_byte(b, '}');
    }
    buffer_add_byte(b, ']');
}

static uint64_t count_told(incident_work *w) {
    uint64_t n = 0;
    for (size_t i = 0; i < w->claims.size; i++) {
        const told *c = &w->claims.at[i];
        bool repeated = !c->counts;
        for (size_t j = i; j-- > 0 && w->claims.at[j].paper == c->paper && !repeated;)
            repeated = w->claims.at[j].voice_number == c->voice_number;
        n += !repeated;
    }
    return n;
}

static void write_voice_count(incident_work *w, buffer *b) {
    buffer_printf(b, "{\"told\": %llu, \"independent\": %zu}", (unsigned long long)count_told(w),
                  w->voices.size);
}

static void write_differences(const incident_work *w, buffer *b) {
    buffer_add_byte(b, '[');
    for (size_t i = 0; i < w->differences.size; i++) {
        const incident_difference *d = &w->differences.at[i];
        write_comma(b);
        buffer_add_byte(b, '{');
        write_key(b, "on"), write_name(b, d->on);
        write_key(b, "claims"), buffer_add_byte(b, '[');
        write_string(b, w->claims.at[d->a].id);
        write_comma(b);
        write_string(b, w->claims.at[d->b].id);
        buffer_add(b, STR("]}"));
    }
    buffer_add_byte(b, ']');
}

typedef struct portrait {
    ballots places;
    const ballot *place;
    days days;
    int event;
    str date, as_read; /* as_read: of what a reviewer put right, as JSON; STR_NONE */
    str names;         /* of places */
} portrait;

static void write_head(buffer *b, const portrait *p) {
    write_key(b, "event"), write_name(b, p->event == NONE ? NULL : event_type_name((event_type)p->event));
    write_key(b, "date"), write_string(b, p->date);
    write_key(b, "date_precision"), write_name(b, p->days.known ? precision_name(p->days) : NULL);
    write_key(b, "place"), write_place(b, p->place ? p->place->place : NULL);
}

static void write_comments(const review_state *r, buffer *b) {
    buffer_add_byte(b, '[');
    for (size_t i = 0; i < r->comments.size; i++) {
        const review_comment *c = &r->comments.at[i];
        write_comma(b);
        buffer_add_byte(b, '{');
        write_key(b, "act"), write_number(b, c->act);
        write_key(b, "who"), write_string(b, c->who);
        write_key(b, "time"), write_string(b, c->time);
        write_key(b, "claim"), write_text_or_null(b, c->claim);
        write_key(b, "text"), write_string(b, c->text);
        buffer_add_byte(b, '}');
    }
    buffer_add_byte(b, ']');
}

/* What a list shows of the review. */
static void write_review(const review_state *r, buffer *b) {
    write_key(b, "grade"), write_text_or_null(b, r->grade);
    write_key(b, "status"), write_name(b, r->status);
    write_key(b, "history"), write_number(b, (int64_t)r->history);
    write_key(b, "assignee"), write_text_or_null(b, r->assignee);
    write_key(b, "sensitive"), buffer_add(b, r->sensitive ? STR("true") : STR("false"));
}

static void write_grade_names(const review_state *r, buffer *b) {
    if (!r->grade.size) {
        buffer_add(b, STR("null"));
        return;
    }
    buffer_add_byte(b, '{');
    write_key(b, "scale"), write_string(b, r->scale);
    write_key(b, "en"), write_string(b, r->grade_en);
    write_key(b, "ar"), write_string(b, r->grade_ar);
    buffer_add_byte(b, '}');
}

static void write_incident(incident_work *w, buffer *b, const portrait *p) {
    buffer_add(b, STR("{\"format\": \"isnad-incident/1\""));
    write_key(b, "engine"), buffer_add(b, w->l->options.engine.size ? w->l->options.engine : STR("{}"));
    write_key(b, "method"), buffer_add(b, STR("{\"linking\": "));
    write_string(b, w->in->linking), buffer_add(b, STR(", \"voices\": \"1\""));
    write_key(b, "estimate"), write_string(b, w->rule->name), buffer_add_byte(b, '}');
    write_key(b, "id"), write_string(b, w->in->id);
    write_head(b, p);
    write_key(b, "sites"), write_sites(b, &p->places, p->place);
    write_key(b, "actors"), write_actors(w, b);
    write_key(b, "documents"), write_papers(w, b);
    write_key(b, "claims"), buffer_add_byte(b, '[');
    for (uint32_t i = 0; i < w->claims.size; i++) {
        write_comma(b);
        write_claim(w, b, i, STR_NONE);
    }
    buffer_add_byte(b, ']');
    write_key(b, "voices"), write_voice_count(w, b);
    write_key(b, "figures"), write_figures(w, b);
    write_key(b, "estimates"), write_estimates(w, b);
    write_key(b, "disagreements"), write_differences(w, b);
    write_review(&w->review, b);
    write_key(b, "as_read"), buffer_add(b, p->as_read.data ? p->as_read : STR("null"));
    write_key(b, "grade_names"), write_grade_names(&w->review, b);
    write_key(b, "comments"), write_comments(&w->review, b);
    buffer_add_byte(b, '}');
}

static void write_summary(incident_work *w, buffer *b, const portrait *p) {
    size_t papers = 0, languages = 0;
    str title = STR_NONE;
    buffer list = {0};
    for (size_t i = 0; i < w->papers.size; i++) {
        const paper *q = &w->papers.at[i];
        bool known = q->superseded || !q->language.size;
        for (size_t j = 0; j < i && !known; j++)
            known = !w->papers.at[j].superseded && str_equal(w->papers.at[j].language, q->language);
        papers += !q->superseded;
        title = title.data || q->superseded ? title : q->title;
        if (known)
            continue;
        buffer_add(&list, languages++ ? STR(", ") : STR(""));
        write_string(&list, q->language);
    }
    buffer_add_byte(b, '{');
    write_key(b, "id"), write_string(b, w->in->id);
    write_head(b, p);
    write_key(b, "actors"), write_actors(w, b);
    write_key(b, "documents"), write_number(b, (int64_t)papers);
    write_key(b, "voices"), write_voice_count(w, b);
    write_key(b, "estimates"), write_estimates(w, b);
    write_key(b, "disagreements"), write_number(b, (int64_t)w->differences.size);
    write_key(b, "title"), write_string(b, title);
    write_key(b, "languages"), buffer_printf(b, "[%.*s]", STR_ARG(buffer_str(&list)));
    write_review(&w->review, b);
    buffer_add_byte(b, '}');
    buffer_free(&list);
}

/* ---- rows ---- */

static str place_names(incident_work *w, const portrait *p) {
    buffer b = {0};
    for (size_t i = 0; i < p->places.size; i++) {
        const ledger_place *q = p->places.at[i].place;
        const str names[] = {q->name, q->name_ar, q->text, q->admin1};
        for (size_t j = 0; j < sizeof names / sizeof *names; j++) {
            buffer_add(&b, words_joined(w->a, names[j]));
            buffer_add_byte(&b, '\n');
        }
    }
    str out = arena_copy(w->a, b.size ? buffer_str(&b) : STR(""));
    buffer_free(&b);
    return out;
}

static int64_t top_of_all(const incident_work *w) {
    int64_t top = 0;
    for (int e = EFFECT_KILLED; e <= EFFECT_DISPLACED; e++) {
        int64_t figure = top_figure(w, (effect)e);
        top = figure > top ? figure : top;
    }
    return top;
}

static void give_place(statement *s, const ledger_place *p) {
    bool there = p && p->resolved;
    give_text(s, p ? p->country : STR_NONE);
    there ? give_real(s, p->lat) : give_null(s);
    there ? give_real(s, p->lon) : give_null(s);
    there ? give_real(s, p->radius_km) : give_null(s);
}

/* Bits, in the order of the public vocabularies: who speaks, what they do with a figure, on what they part.
 */
typedef struct traits {
    int64_t voice_kinds, stances, disagree_on, verdicts;
} traits;

static traits traits_of(const incident_work *w) {
    traits t = {0};
    for (size_t i = 0; i < w->claims.size; i++) {
        const told *c = &w->claims.at[i];
        int kind = voice_kind_named(c->voice_kind);
        if (!w->papers.at[c->paper].superseded)
            t.verdicts |= (int64_t)1 << c->verdict;
        if (!c->counts)
            continue;
        t.voice_kinds |= kind == NONE ? 0 : (int64_t)1 << kind;
        t.stances |= (int64_t)1 << c->stance;
    }
    for (size_t i = 0; i < w->differences.size; i++)
        for (int on = ON_COUNT; on <= ON_PLACE; on++)
            if (str_equal(str_of(w->differences.at[i].on), str_of(disagreement_on_name((disagreement_on)on))))
                t.disagree_on |= (int64_t)1 << on;
    return t;
}

static void give_figures(statement *s, const incident_work *w) {
    give_number(s, top_of_all(w));
    for (int e = EFFECT_KILLED; e <= EFFECT_DISPLACED; e++) {
        int64_t top = top_figure(w, (effect)e);
        top < 0 ? give_null(s) : give_number(s, top);
    }
}

/* What is marked, it or a claim of it: either hides it (hidden.c). */
static int64_t sensitive_bits(const incident_work *w) {
    int64_t bits = w->review.sensitive ? SENSITIVE_INCIDENT : 0;
    for (size_t i = 0; i < w->claims.size; i++)
        bits |= w->claims.at[i].sensitive ? SENSITIVE_CLAIM : 0;
    return bits;
}

static void give_place_names(statement *s, const ledger_place *p) {
    give_text(s, p && p->admin1.size ? p->admin1 : STR_NONE);
    give_text(s, p && p->id.size ? p->id : STR_NONE);
    give_text(s, p ? p->name.size ? p->name : p->text : STR_NONE);
    give_text(s, p && p->name_ar.size ? p->name_ar : STR_NONE);
}

/* What the papers that count say in a field, each once, a line feed behind each. */
static str said_once(const incident_work *w, size_t field) {
    string_list all = {0};
    buffer b = {0};
    for (size_t i = 0; i < w->papers.size; i++) {
        str one;
        memcpy(&one, (const char *)&w->papers.at[i] + field, sizeof one);
        if (!w->papers.at[i].superseded && one.size)
            *VECTOR_PUSH(&all, w->a) = one;
    }
    strings_sort(&all);
    for (size_t i = 0; i < all.size; i++)
        if (i == 0 || !str_equal(all.at[i], all.at[i - 1])) {
            buffer_add(&b, all.at[i]);
            buffer_add_byte(&b, '\n');
        }
    str out = arena_copy(w->a, b.size ? buffer_str(&b) : STR(""));
    buffer_free(&b);
    return out;
}

static status insert_incident(incident_work *w, const portrait *p, str signature, int64_t *key) {
    traits t = traits_of(w);
    waiting waits;
    status code = waiting_find(w, &waits);
    if (code != STATUS_OK)
        return code;
    statement s = statement_of(
        w->l,
        "INSERT INTO incident(id, signature, status, event, day_from, day_to, country, lat, lon, radius_km,"
        " place_names, figure, killed, injured, casualties, missing, detained, displaced, independent,"
        " disagreements, disagree_on, voice_kinds, stances, grade, assignee, sensitive, verdicts, admin1,"
        " place_id, place_name, place_name_ar, outlets, languages, waits, weight, since)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING key",
        w->f);
    give_text(&s, w->in->id);
    give_text(&s, signature);
    give_name(&s, w->review.status);
    give_name(&s, p->event == NONE ? NULL : event_type_name((event_type)p->event));
    p->days.known ? give_number(&s, p->days.from) : give_null(&s);
    p->days.known ? give_number(&s, p->days.to) : give_null(&s);
    give_place(&s, p->place ? p->place->place : NULL);
    give_text(&s, p->names);
    give_figures(&s, w);
    give_number(&s, (int64_t)w->voices.size);
    give_number(&s, (int64_t)w->differences.size);
    give_number(&s, t.disagree_on);
    give_number(&s, t.voice_kinds);
    give_number(&s, t.stances);
    give_text(&s, w->review.grade.size ? w->review.grade : STR_NONE);
    give_text(&s, w->review.assignee.size ? w->review.assignee : STR_NONE);
    give_number(&s, sensitive_bits(w));
    give_number(&s, t.verdicts);
    give_place_names(&s, p->place ? p->place->place : NULL);
    give_text(&s, said_once(w, offsetof(paper, outlet)));
    give_text(&s, said_once(w, offsetof(paper, language)));
    give_number(&s, waits.why);
    give_number(&s, waits.weight);
    give_text(&s, waits.since.size ? waits.since : STR_NONE);
    return statement_key(&s, key);
}

static status insert_papers(incident_work *w, int64_t key) {
    status code = STATUS_OK;
    for (size_t i = 0; i < w->papers.size && code == STATUS_OK; i++) {
        if (w->papers.at[i].superseded)
            continue;
        statement s =
            statement_of(w->l, "INSERT INTO incident_version(incident, version) VALUES (?, ?)", w->f);
        give_number(&s, key);
        give_number(&s, w->papers.at[i].version);
        code = statement_run(&s);
    }
    return code;
}

static status insert_claims(incident_work *w, int64_t key) {
    status code = STATUS_OK;
    for (uint32_t i = 0; i < w->claims.size && code == STATUS_OK; i++) {
        const told *c = &w->claims.at[i];
        statement s = statement_of(
            w->l,
            "INSERT INTO incident_claim(claim, incident, independent) VALUES (?, ?, ?) ON CONFLICT (claim)"
            " DO UPDATE SET incident = excluded.incident, independent = excluded.independent",
            w->f);
        give_number(&s, c->key);
        give_number(&s, key);
        c->voice_number ? give_number(&s, c->voice_number) : give_null(&s);
        code = statement_run(&s);
    }
    return code;
}

enum { NO_DAY = -1000000 }; /* behind all days: where nobody knows the day */

static status insert_voices(incident_work *w, int64_t key) {
    status code = STATUS_OK;
    for (uint32_t n = 1; n <= w->voices.size && code == STATUS_OK; n++) {
        const independent_voice *v = &w->voices.at[n - 1];
        statement s =
            statement_of(w->l,
                         "INSERT INTO voice(incident, id, independent, text, name, kind, weak,"
                         " origin_unknown, source, base, heard, bound, claims, first, alone, against,"
                         " sensitive, languages, day) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                         " ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                         w->f);
        give_number(&s, key);
        give_text(&s, v->id);
        give_number(&s, n);
        give_text(&s, v->text);
        give_text(&s, words_joined(w->a, v->text));
        give_text(&s, v->kind);
        give_number(&s, v->weak);
        give_number(&s, v->unknown);
        give_text(&s, v->source.size ? v->source : STR_NONE);
        give_text(&s, v->base.size ? v->base : STR_NONE);
        give_text(&s, v->heard.size ? v->heard : STR_NONE);
        give_number(&s, v->bound ? v->bound : 1);
        give_number(&s, (int64_t)v->claims);
        give_number(&s, v->first_told);
        give_number(&s, v->alone);
        give_number(&s, v->against);
        give_number(&s, v->sensitive);
        give_text(&s, v->languages);
        give_number(&s, w->portrait->days.known ? w->portrait->days.from : NO_DAY);
        code = statement_run(&s);
    }
    return code;
}

static status insert_estimates(incident_work *w, int64_t key) {
    status code = STATUS_OK;
    for (size_t i = 0; i < w->estimates.size && code == STATUS_OK; i++) {
        const estimate *e = &w->estimates.at[i];
        if (strcmp(e->class_name, "all") != 0 || e->group != GROUP_NONE)
            continue;
        statement s =
            statement_of(w->l,
                         "INSERT INTO estimate(incident, effect, low, best, high) VALUES (?, ?, ?, ?, ?)"
                         " ON CONFLICT DO NOTHING",
                         w->f);
        give_number(&s, key);
        give_name(&s, effect_name(e->effect));
        give_number(&s, e->low);
        e->best == NONE ? give_null(&s) : give_number(&s, e->best);
        give_number(&s, e->high);
        code = statement_run(&s);
    }
    return code;
}

static void put_right_place(incident_work *w, portrait *p, const json_t *v) {
    if (!json_is_object(v)) {
        p->place = NULL;
        return;
    }
    ledger_place *right = ARENA_NEW(w->a, ledger_place, 1);
    ballot *chosen = ARENA_NEW(w->a, ballot, 1);
    *right = place_corrected(w->a, v);
    *chosen = (ballot){.place = right};
    p->place = chosen;
    *VECTOR_PUSH(&p->places, w->a) = *chosen; /* it is found by its names, and is no further site */
}

/* A reviewer's word on the incident as such stands for what its accounts came to. */
static void put_right(incident_work *w, portrait *p) {
    const json_t *event_said = json_object_get(w->review.set, "event"),
                 *date_said = json_object_get(w->review.set, "date"),
                 *place_said = json_object_get(w->review.set, "place");
    buffer b = {0};
    if (!w->review.set)
        return;
    buffer_add_byte(&b, '{');
    if (event_said) {
        write_key(&b, "event"),
            write_name(&b, p->event == NONE ? NULL : event_type_name((event_type)p->event));
        p->event =
            json_is_string(event_said) ? event_type_named(str_of(json_string_value(event_said))) : NONE;
    }
    if (date_said) {
        write_key(&b, "date"), write_string(&b, date_text(w->a, p->days));
        p->days = (days){DAY_NONE, DAY_NONE, 1, false};
        if (json_is_string(date_said))
            p->days.known = days_of(str_of(json_string_value(date_said)), &p->days.from, &p->days.to);
    }
    if (place_said) {
        write_key(&b, "place"), write_place(&b, p->place ? p->place->place : NULL);
        put_right_place(w, p, place_said);
    }
    buffer_add_byte(&b, '}');
    p->as_read = arena_copy(w->a, buffer_str(&b));
    buffer_free(&b);
}

void incident_locate(incident_work *w) {
    portrait *p = w->portrait = ARENA_NEW(w->a, portrait, 1);
    *p = (portrait){.places = vote_on_places(w), .days = elect_days(w), .event = elect_event(w)};
    p->place = elect(w, &p->places);
    put_right(w, p);
    p->date = date_text(w->a, p->days);
    p->names = place_names(w, p);
    w->country = p->place && p->place->place->country.size ? p->place->place->country : STR_NONE;
}

void incident_portray(incident_work *w, buffer *json, buffer *summary) {
    const portrait *p = w->portrait;
    write_incident(w, json, p);
    write_summary(w, summary, p);
}

status incident_store(incident_work *w, str signature, int64_t *key) {
    status code = insert_incident(w, w->portrait, signature, key);
    if (code == STATUS_OK)
        code = insert_papers(w, *key);
    if (code == STATUS_OK)
        code = insert_claims(w, *key);
    if (code == STATUS_OK)
        code = insert_voices(w, *key);
    return code == STATUS_OK ? insert_estimates(w, *key) : code;
}
