/* Which of the dates that a page tells is that of publication.
 *
 * JSON-LD, meta elements, marked times, then dates in short lines from the headline on, then the address. A
 * date above the headline is the last resort: mastheads show the day of the visit. Then what is counted from
 * the moment of reading. What a machine tells by Greenwich's clock is brought to the outlet's own, where the
 * page gives it away: readers count "yesterday" by that one. */
#include "page/metadata.h"

#include <stdlib.h>

typedef struct dating {
    const outline *o;
    const linked_data *ld;
    const choice *c;
    moment_style style;
    int64_t now; /* of the capture: minutes since 1970, Greenwich; 0 where unknown */
    arena *a;
    bool by_mark; /* a time in the page's body was taken */
} dating;

static bool date_in_text(const dating *d, str text, moment *m) {
    return text.size && moment_read(text, d->style, d->a, m);
}

static bool date_of_value(const dating *d, str value, moment *m) {
    moment_style machine = {.epoch = true};
    return value.size && moment_read(value, machine, d->a, m);
}

static bool date_of_time(const dating *d, const outline_time *t, moment *m) {
    return date_of_value(d, t->value, m) || date_in_text(d, t->text, m);
}

static bool in_article(const dating *d, uint32_t index) {
    uint32_t from = d->c->headline == NO_INDEX ? d->c->first_block : d->c->headline;
    return index + 6 >= from && index <= d->c->end_block + 2;
}

static bool dropped_as_other(const dating *d, uint32_t index) {
    if (index >= d->o->blocks.size)
        return true;
    return (d->c->chrome[d->o->blocks.at[index].container] &
            (CUE_RELATED | CUE_POPULAR | CUE_COMMENTS | CUE_PREVIOUS | CUE_NEXT)) != 0;
}

static bool marked_time(const dating *d, moment *m) {
    const outline *o = d->o;
    for (int near = 1; near >= 0; near--)
        for (size_t i = 0; i < o->times.size; i++) {
            const outline_time *t = &o->times.at[i];
            if (t->published && (!near || in_article(d, t->block)) && date_of_time(d, t, m))
                return true;
        }
    for (int by_class = 0; by_class <= 1; by_class++)
        for (size_t i = 0; i < o->times.size; i++) {
            const outline_time *t = &o->times.at[i];
            if (!t->updated && t->by_class == (by_class != 0) && in_article(d, t->block) &&
                !dropped_as_other(d, t->block) && date_of_time(d, t, m))
                return true;
        }
    return false;
}

/* A short line with a date in it. */
static bool date_in_line(const dating *d, uint32_t index, moment *m, bool *updated) {
    const block *b = &d->o->blocks.at[index];
    *updated = false;
    if (b->letters > 140 || dropped_as_other(d, index))
        return false;
    phrase_place place;
    size_t rest;
    *updated = phrase_of(b->text, &place, &rest) == PHRASE_UPDATED;
    if (d->c->uses[index] == USE_BODY && b->letters > 60 && b->marks > 1)
        return false; /* a sentence that tells of a day */
    return date_in_text(d, b->text, m);
}

static bool date_from(const dating *d, uint32_t from, uint32_t to, moment *m) {
    bool told_update = false, updated;
    moment update = {0};
    for (uint32_t i = from; i < to && i < d->o->blocks.size; i++) {
        moment one;
        if (!date_in_line(d, i, &one, &updated))
            continue;
        if (!updated) {
            *m = one;
            return true;
        }
        update = told_update ? update : one;
        told_update = true;
    }
    if (told_update)
        *m = update;
    return told_update;
}

/* Lines whose container's name says that they hold the date. */
static bool date_by_cue(const dating *d, moment *m) {
    for (uint32_t i = 0; i < d->o->blocks.size && i < d->c->end_block + 4; i++) {
        const block *b = &d->o->blocks.at[i];
        const container *box = &d->o->containers.at[b->container];
        unsigned cues = box->cues | (box->parent != NO_INDEX ? d->o->containers.at[box->parent].cues : 0);
        if ((cues & CUE_DATE) && in_article(d, i) && b->letters < 140 && !dropped_as_other(d, i) &&
            date_in_text(d, b->text, m))
            return true;
    }
    return false;
}

static uint32_t headline_of(const dating *d) {
    return d->c->headline == NO_INDEX ? d->c->first_block : d->c->headline;
}

/* In the lines that belong to the headline. */
static bool date_at_headline(const dating *d, moment *m) {
    uint32_t headline = headline_of(d), until = d->c->first_block + 2;
    if (until > headline + 14)
        until = headline + 14;
    return date_by_cue(d, m) || date_from(d, headline, until, m) ||
           date_from(d, headline > 3 ? headline - 3 : 0, headline, m);
}

/* Amid or under the article, or further above it. */
static bool date_elsewhere(const dating *d, moment *m) {
    uint32_t headline = headline_of(d), end = d->c->end_block;
    return date_from(d, d->c->first_block, d->c->first_block + 4 < end ? d->c->first_block + 4 : end, m) ||
           date_from(d, end > d->c->first_block + 3 ? end - 3 : d->c->first_block, end + 3, m) ||
           date_from(d, headline > 8 ? headline - 8 : 0, headline, m);
}

/* Lines that count from the moment of reading: short ones, at the headline, that are no part of the text. */
static bool told_from_now(const dating *d, moment *m) {
    enum { LONGEST = 60 };
    const outline *o = d->o;
    for (size_t i = 0; i < o->times.size; i++)
        if (in_article(d, o->times.at[i].block) && !dropped_as_other(d, o->times.at[i].block) &&
            moment_relative(o->times.at[i].text, d->now, d->a, m))
            return true;
    uint32_t headline = headline_of(d), from = headline > 3 ? headline - 3 : 0;
    for (uint32_t i = from; i < o->blocks.size && i < headline + 14; i++)
        if (o->blocks.at[i].letters <= LONGEST && d->c->uses[i] != USE_BODY && !dropped_as_other(d, i) &&
            moment_relative(o->blocks.at[i].text, d->now, d->a, m))
            return true;
    return false;
}

/* "Updated: 15 January 2021": in a line at the headline. */
static bool updated_at_headline(const dating *d, moment *m) {
    uint32_t headline = headline_of(d);
    for (uint32_t i = headline > 3 ? headline - 3 : 0; i < d->o->blocks.size && i < headline + 14; i++) {
        bool updated;
        if (date_in_line(d, i, m, &updated) && updated)
            return true;
    }
    return false;
}

/* A machine that tells the moment of the capture, or one after it, tells when the page was made for the
 * reader, not when it was published. */
static bool is_of_the_load(const dating *d, const moment *m) {
    enum { NEAR = 3, A_DAY = 1440 };
    int64_t minutes;
    int ahead;
    if (!d->now)
        return false;
    if (!moment_clock(m, &minutes, &ahead))
        return (int64_t)moment_day(m) * A_DAY > d->now + A_DAY;
    minutes -= ahead == INT_MIN ? 0 : ahead;
    return (ahead != INT_MIN && minutes > d->now - NEAR) || minutes > d->now + A_DAY;
}

/* The same moment by the outlet's own clock. Machines mostly tell it by Greenwich's; where the page tells it
 * by another clock as well, in another field or in a line at the headline, that one is the outlet's. Two
 * clocks differ by whole half hours. */
static bool is_same_elsewhere(const moment *here, const moment *m, int64_t *local, int *ahead) {
    enum { FURTHEST = 14 * 60, STEP = 30 };
    int64_t at, other;
    int zone, other_zone;
    if (!moment_clock(here, &at, &zone) || !moment_clock(m, &other, &other_zone))
        return false;
    int64_t difference = other - at;
    if (difference == 0 || difference > FURTHEST || difference < -FURTHEST || difference % STEP != 0 ||
        (other_zone != INT_MIN && other_zone != difference))
        return false;
    *local = other;
    *ahead = (int)difference;
    return true;
}

static bool is_of_greenwich(const moment *m) {
    int64_t minutes;
    int ahead;
    return moment_clock(m, &minutes, &ahead) && ahead == 0;
}

static bool local_by(const dating *d, const moment *other, moment *m) {
    int64_t local;
    int ahead;
    if (!is_same_elsewhere(m, other, &local, &ahead))
        return false;
    *m = moment_at(local, ahead, d->a);
    return true;
}

static bool local_by_values(const dating *d, const str *values, size_t count, moment *m) {
    for (size_t i = 0; i < count; i++) {
        moment other;
        if (date_of_value(d, values[i], &other) && local_by(d, &other, m))
            return true;
    }
    return false;
}

static bool local_by_times(const dating *d, moment *m) {
    enum { MOST = 40 };
    moment other;
    for (size_t i = 0; i < d->o->times.size && i < MOST; i++)
        if (in_article(d, d->o->times.at[i].block) && date_of_time(d, &d->o->times.at[i], &other) &&
            local_by(d, &other, m))
            return true;
    return false;
}

static bool local_by_lines(const dating *d, moment *m) {
    enum { BEFORE = 3, BEHIND = 14, LONGEST = 140 };
    moment other;
    uint32_t headline = headline_of(d);
    for (uint32_t i = headline > BEFORE ? headline - BEFORE : 0;
         i < d->o->blocks.size && i < headline + BEHIND; i++)
        if (d->o->blocks.at[i].letters <= LONGEST && !dropped_as_other(d, i) &&
            date_in_text(d, d->o->blocks.at[i].text, &other) && local_by(d, &other, m))
            return true;
    return false;
}

/* By another field; then by what a reader sees; then by the clock that another date of the page is told by.
 */
static bool make_local(const dating *d, moment *m) {
    moment other;
    if (local_by_values(d, &d->ld->published, 1, m) ||
        local_by_values(d, d->o->dates.at, d->o->dates.size, m) || local_by_times(d, m) ||
        local_by_lines(d, m))
        return true;
    str updates[] = {d->ld->updated, d->o->metas[FIELD_UPDATED]};
    for (size_t i = 0; i < 2; i++) {
        int64_t minutes, told;
        int ahead;
        if (date_of_value(d, updates[i], &other) && moment_clock(&other, &told, &ahead) && ahead != INT_MIN &&
            ahead != 0 && moment_clock(m, &minutes, &(int){0})) {
            *m = moment_at(minutes + ahead, ahead, d->a);
            return true;
        }
    }
    return false;
}

/* Addresses hold the outlet's own day: it settles which day a moment told by Greenwich's clock was there. */
static bool day_by_address(const moment *in_address, moment *m) {
    enum { FURTHEST_WEST = 12 * 60, FURTHEST_EAST = 14 * 60 };
    int64_t minutes, midnight = (int64_t)moment_day(in_address) * 1440;
    int ahead;
    if (moment_day(m) == moment_day(in_address) || !moment_clock(m, &minutes, &ahead))
        return false;
    if (minutes + FURTHEST_EAST < midnight || minutes - FURTHEST_WEST >= midnight + 1440)
        return false;
    *m = *in_address;
    return true;
}

static const char *of_machine(dating *d, moment *m) {
    if (date_of_value(d, d->ld->published, m) && !is_of_the_load(d, m))
        return "json-ld";
    for (size_t i = 0; i < d->o->dates.size; i++)
        if (date_of_value(d, d->o->dates.at[i], m) && !is_of_the_load(d, m))
            return "meta";
    d->by_mark = marked_time(d, m) && !is_of_the_load(d, m);
    return d->by_mark ? "meta" : NULL;
}

/* The date of publication and where it was found; NULL where it was not. */
static const char *find_published(dating *d, str url, moment *m) {
    moment in_address;
    bool addressed = moment_in_address(url, d->a, &in_address);
    const char *from = of_machine(d, m);
    if (from && is_of_greenwich(m) && !make_local(d, m) && addressed && day_by_address(&in_address, m))
        return "url";
    if (from)
        return from;
    if (date_at_headline(d, m) && (!addressed || abs(moment_day(m) - moment_day(&in_address)) <= 2))
        return "text";
    if (addressed) {
        *m = in_address;
        return "url";
    }
    if (date_elsewhere(d, m) || told_from_now(d, m))
        return "text";
    return date_of_value(d, d->ld->published, m)               ? "json-ld"
           : date_of_value(d, d->o->metas[FIELD_PUBLISHED], m) ? "meta"
                                                               : NULL;
}

static void fill_published(dating *d, str url, article *out) {
    moment m = {0};
    const char *from = find_published(d, url, &m);
    if (!from)
        return;
    out->published = m.value;
    out->published_offset = m.offset;
    out->published_from = str_of(from);
    out->dated_loosely = d->by_mark || strcmp(from, "text") == 0;
}

static bool find_updated(const dating *d, moment *m) {
    if (date_of_value(d, d->ld->updated, m) || date_of_value(d, d->o->metas[FIELD_UPDATED], m))
        return true;
    for (size_t i = 0; i < d->o->times.size; i++)
        if (d->o->times.at[i].updated && date_of_time(d, &d->o->times.at[i], m))
            return true;
    return updated_at_headline(d, m);
}

/* By the clock that `published` is told by, so that the two can be held against each other. */
static void fill_updated(const dating *d, article *out) {
    moment m, published = {out->published, out->published_offset};
    int64_t minutes, other;
    int ahead, zone;
    if (!find_updated(d, &m))
        return;
    if (moment_clock(&m, &minutes, &ahead) && ahead == 0 && moment_clock(&published, &other, &zone) &&
        zone != INT_MIN)
        m = moment_at(minutes + zone, zone, d->a);
    out->updated = m.value;
    out->updated_offset = m.offset;
}

int64_t minutes_of_capture(str captured, arena *a) {
    moment m;
    int64_t minutes;
    int ahead;
    bool told = captured.size && moment_read(captured, (moment_style){0}, a, &m) &&
                moment_clock(&m, &minutes, &ahead);
    return told ? minutes - (ahead == INT_MIN ? 0 : ahead) : 0;
}

void dates_fill(const outline *o, const linked_data *ld, const choice *c, arena *a, article *out) {
    bool month_first = str_equal_ascii_nocase(o->language, STR("en-US"));
    dating d = {o, ld, c, {.month_first = month_first}, minutes_of_capture(out->captured, a), a, false};
    str url = out->url.size ? out->url : o->canonical.size ? o->canonical : o->metas[FIELD_ADDRESS];
    fill_published(&d, url, out);
    fill_updated(&d, out);
}
