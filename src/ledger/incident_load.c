#include <stdlib.h>

#include "base/counters.h"
#include "base/utf8.h"
#include "ledger/incident.h"
#include "ledger/json.h"

static int by_when(const void *x, const void *y) {
    const paper *a = x, *b = y;
    if (!a->said.data != !b->said.data)
        return a->said.data ? -1 : 1;
    int order = a->said.data ? str_compare(a->said, b->said) : 0;
    if (!order)
        order = str_compare(a->document, b->document);
    return order ? order : (a->number > b->number) - (a->number < b->number);
}

static str keep(incident_work *w, str s) {
    return s.data ? arena_copy(w->a, s) : STR_NONE;
}

static status load_paper(incident_work *w, int64_t version) {
    statement s = statement_of(
        w->l,
        "SELECT document.id, number, superseded, url, outlet, title, language, published, captured,"
        " text, text_size FROM version JOIN document ON document.key = version.document WHERE"
        " version.key = ?",
        w->f);
    give_number(&s, version);
    if (statement_row(&s)) {
        paper p = {.version = version,
                   .document = keep(w, take_text(&s, 0)),
                   .number = take_number(&s, 1),
                   .superseded = take_number(&s, 2),
                   .url = keep(w, take_text(&s, 3)),
                   .outlet = keep(w, take_text(&s, 4)),
                   .title = keep(w, take_text(&s, 5)),
                   .language = keep(w, take_text(&s, 6)),
                   .published = keep(w, take_text(&s, 7)),
                   .copy_of = NONE};
        p.said = p.published.data ? p.published : keep(w, take_text(&s, 8));
        p.text = archive_inflate(w->a, take_blob(&s, 9), (size_t)take_number(&s, 10));
        p.points = points_of(w->a, p.text);
        *VECTOR_PUSH(&w->papers, w->a) = p;
    }
    return statement_done(&s);
}

static uint32_t short_hash(str s) {
    uint64_t h = s.size ? str_hash(s) : 0;
    return s.size ? (uint32_t)(h ^ h >> 32) | 1u : 0;
}

void place_hashes(arena *a, ledger_place *p) {
    p->hash_id = short_hash(p->id);
    p->hash_name = short_hash(words_joined(a, p->text));
}

static str arabic_name(incident_work *w, str name, str id) {
    enum { CANDIDATES = 16 };
    place found[CANDIDATES];
    if (!w->l->options.places || !name.size || !id.size)
        return STR_NONE;
    char *key = arena_alloc(w->a, name.size + 1);
    size_t size = places_fold(name, key);
    size_t n = gazetteer_lookup(w->l->options.places, (str){key, size}, found, CANDIDATES);
    for (size_t i = 0; i < n && i < CANDIDATES; i++)
        if (str_equal(found[i].id, id))
            return found[i].name_ar;
    return STR_NONE;
}

static status load_mentions(incident_work *w, paper *p) {
    statement s = statement_of(
        w->l,
        "SELECT text, name, country, admin1, kind, id, lat, lon, radius_km FROM mention WHERE version = ?"
        " ORDER BY number",
        w->f);
    give_number(&s, p->version);
    while (statement_row(&s)) {
        ledger_place m = {.text = keep(w, take_text(&s, 0)),
                          .name = keep(w, take_text(&s, 1)),
                          .country = keep(w, take_text(&s, 2)),
                          .admin1 = keep(w, take_text(&s, 3)),
                          .kind = keep(w, take_text(&s, 4)),
                          .id = keep(w, take_text(&s, 5)),
                          .resolved = !take_null(&s, 6),
                          .lat = take_real(&s, 6),
                          .lon = take_real(&s, 7),
                          .radius_km = take_real(&s, 8)};
        *VECTOR_PUSH(&p->mentions, w->a) = m;
    }
    return statement_done(&s);
}

static void name_mention(incident_work *w, ledger_place *m) {
    place_hashes(w->a, m);
    m->name_ar = arabic_name(w, m->name, m->id);
    if (!m->name.data && !begins_arabic(m->text))
        m->name = m->text;
    if (!m->name_ar.data && begins_arabic(m->text))
        m->name_ar = m->text;
}

static void load_via(incident_work *w, told *c, str json) {
    json_t *list = json_loadb(json.data ? json.data : "[]", json.data ? json.size : 2, 0, NULL), *item;
    size_t i;
    json_array_foreach(list, i, item) {
        const json_t *text = json_object_get(item, "text");
        const char *kind = json_string_value(json_object_get(item, "kind"));
        if (!json_is_string(text))
            continue;
        *VECTOR_PUSH(&c->via_kinds, w->a) = arena_copy(w->a, str_of(kind ? kind : "media"));
        *VECTOR_PUSH(&c->via, w->a) = arena_copy(w->a, json_slice(text));
    }
    json_decref(list);
}

static int named_or(int found, int otherwise) {
    return found == NONE ? otherwise : found;
}

str figure_within(str evidence, int64_t evidence_start, int64_t start, int64_t end) {
    int64_t from = start - evidence_start, to = end - evidence_start;
    if (start < 0 || from < 0 || to <= from)
        return evidence;
    size_t first = utf8_offset(evidence, (size_t)from), last = utf8_offset(evidence, (size_t)to);
    return first < last ? str_slice(evidence, first, last) : evidence;
}

/* What reviewers said of it. A rejected claim is kept, and counts nowhere. */
static void review_claim(incident_work *w, told *c) {
    const claim_review *r = review_of_claim(&w->review, c->key);
    if (!r)
        return;
    c->verdict = r->verdict;
    c->assignee = r->assignee;
    c->sensitive = r->sensitive;
    if (r->added && w->papers.size > c->paper) {
        claim_correct(w, c, r->added); /* what a row has no column for: its place */
        c->corrected = 0;
        c->as_read = STR_NONE;
        c->added_who = r->added_who;
        c->added_time = r->added_time;
        c->added_act = r->added_act;
    }
    if (r->set && w->papers.size > c->paper)
        claim_correct(w, c, r->set);
}

static status load_claim(incident_work *w, int64_t key, uint32_t paper_index) {
    statement s = statement_of(w->l,
                               "SELECT id, number, effect, class, \"group\", min, max, approx, stance, "
                               "scope, part_of, event, date, day_from, day_to,"
                               " voice, voice_kind, actor, actor_hedged, place, evidence_start, "
                               "evidence_end, via, count_start, count_end FROM claim WHERE key = ?",
                               w->f);
    give_number(&s, key);
    if (statement_row(&s)) {
        told c = {.key = key,
                  .paper = paper_index,
                  .part_of = NONE,
                  .place = NONE,
                  .rests_on = NONE,
                  .named_by = NONE};
        c.id = keep(w, take_text(&s, 0));
        c.number = (uint32_t)take_number(&s, 1);
        c.effect = (effect)named_or(effect_named(take_text(&s, 2)), EFFECT_KILLED);
        c.who_class = (who_class)named_or(who_class_named(take_text(&s, 3)), CLASS_UNKNOWN);
        c.group = keep(w, take_text(&s, 4));
        c.min = take_number(&s, 5);
        c.max = take_bound(&s, 6);
        c.approx = take_number(&s, 7) != 0;
        c.stance = (stance)named_or(stance_named(take_text(&s, 8)), STANCE_ASSERTS);
        c.scope = (scope)named_or(scope_named(take_text(&s, 9)), SCOPE_INCIDENT);
        c.part_of = take_null(&s, 10) ? NONE : (int)take_number(&s, 10);
        c.event = keep(w, take_text(&s, 11));
        c.date = keep(w, take_text(&s, 12));
        c.from = take_null(&s, 13) ? DAY_NONE : (day)take_number(&s, 13);
        c.to = take_null(&s, 14) ? DAY_NONE : (day)take_number(&s, 14);
        c.voice = keep(w, take_text(&s, 15));
        c.voice_kind = keep(w, take_text(&s, 16));
        c.actor = keep(w, take_text(&s, 17));
        c.actor_hedged = take_number(&s, 18) != 0;
        c.place = take_null(&s, 19) ? NONE : (int)take_number(&s, 19);
        c.evidence =
            w->papers.size > paper_index ? points_taken(&w->papers.at[paper_index].points, &s, 20) : STR_NONE;
        c.evidence_start = take_number(&s, 20);
        c.evidence_end = take_number(&s, 21);
        load_via(w, &c, take_text(&s, 22));
        review_claim(w, &c);
        c.vague = c.corrected & CORRECTED_FIGURE
                      ? VAGUE_NOT
                      : vague_word_of(c.min, c.max,
                                      figure_within(c.evidence, c.evidence_start,
                                                    take_null(&s, 23) ? -1 : take_number(&s, 23),
                                                    take_number(&s, 24)));
        c.counts = w->papers.size > paper_index && !w->papers.at[paper_index].superseded &&
                   c.scope == SCOPE_INCIDENT && c.verdict != VERDICT_REJECTED;
        *VECTOR_PUSH(&w->claims, w->a) = c;
    }
    return statement_done(&s);
}

void incident_words(incident_work *w) {
    for (size_t i = 0; i < w->papers.size; i++)
        for (size_t m = 0; m < w->papers.at[i].mentions.size; m++)
            name_mention(w, &w->papers.at[i].mentions.at[m]);
    for (size_t i = 0; i < w->claims.size; i++) {
        told *c = &w->claims.at[i];
        c->words = passage_of(w->a, c->evidence);
        c->parties = parties_of(w->tables, w->a, c->actor);
        c->evidence_words = words_of_text(w->tables, w->a, c->evidence);
    }
}

static int by_paper(const void *x, const void *y) {
    const told *a = x, *b = y;
    if (a->paper != b->paper)
        return a->paper < b->paper ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static int by_version(const void *x, const void *y) {
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

static status load_papers(incident_work *w) {
    int64_t *versions = ARENA_NEW(w->a, int64_t, w->in->size + 1);
    for (size_t i = 0; i < w->in->size; i++)
        versions[i] = w->in->units->units.at[w->in->members[i]].version;
    qsort(versions, w->in->size, sizeof *versions, by_version);
    status code = STATUS_OK;
    for (size_t i = 0; i < w->in->size && code == STATUS_OK; i++)
        if (i == 0 || versions[i] != versions[i - 1])
            code = load_paper(w, versions[i]);
    if (w->papers.size)
        qsort(w->papers.at, w->papers.size, sizeof *w->papers.at, by_when);
    for (size_t i = 0; i < w->papers.size && code == STATUS_OK; i++)
        code = load_mentions(w, &w->papers.at[i]);
    return code;
}

static uint32_t paper_of(const incident_work *w, int64_t version) {
    uint32_t i = 0;
    while (i + 1 < w->papers.size && w->papers.at[i].version != version)
        i++;
    return i;
}

/* A part whose whole tells of something else (a total over several incidents) is this incident's figure. */
static void detach_parts(incident_work *w) {
    for (size_t i = 0; i < w->claims.size; i++) {
        told *c = &w->claims.at[i];
        told whole = {.paper = c->paper, .number = (uint32_t)c->part_of};
        if (c->part_of != NONE &&
            !bsearch(&whole, w->claims.at, w->claims.size, sizeof *w->claims.at, by_paper))
            c->part_of = NONE;
    }
}

static status load_review(incident_work *w) {
    status code = incident_acts(w->l, w->in, w->a, &w->acts, w->f);
    if (code == STATUS_OK)
        review_fold(w->acts.entries.at, w->acts.entries.size, w->a, &w->review);
    return code;
}

static int by_claim_key(const void *x, const void *y) {
    int64_t a = (*(const told *const *)x)->key, b = (*(const told *const *)y)->key;
    return (a > b) - (a < b);
}

static void list_by_key(incident_work *w) {
    if (!w->acts.entries.size || !w->claims.size)
        return;
    w->by_key = ARENA_NEW(w->a, const told *, w->claims.size);
    for (size_t i = 0; i < w->claims.size; i++)
        w->by_key[i] = &w->claims.at[i];
    qsort(w->by_key, w->claims.size, sizeof *w->by_key, by_claim_key);
}

const told *told_by_key(const incident_work *w, int64_t key) {
    const told wanted = {.key = key}, *want = &wanted;
    COUNT(claim_steps, 1);
    const told **found =
        w->by_key ? bsearch(&want, w->by_key, w->claims.size, sizeof *w->by_key, by_claim_key) : NULL;
    return found ? *found : NULL;
}

void incident_unload(incident_work *w) {
    review_free(&w->review);
    review_entries_free(&w->acts);
}

status incident_load(incident_work *w) {
    status code = load_papers(w);
    if (code == STATUS_OK)
        code = load_review(w);
    for (size_t i = 0; i < w->in->size && code == STATUS_OK; i++) {
        const unit *u = &w->in->units->units.at[w->in->members[i]];
        uint32_t at = paper_of(w, u->version);
        for (uint32_t c = 0; c < u->claim_count && code == STATUS_OK; c++)
            code = load_claim(w, w->in->units->claims.at[u->claim_from + c], at);
    }
    if (w->claims.size)
        qsort(w->claims.at, w->claims.size, sizeof *w->claims.at, by_paper);
    detach_parts(w);
    list_by_key(w);
    return code;
}
