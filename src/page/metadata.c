/* Which of the many things a page says of itself to believe.
 *
 * Title: the visible headline, where the metadata agree that it is one; else what they say, without the
 * site's name. Dates: JSON-LD, meta elements, marked times, then dates in short lines from the headline on,
 * then the address. A date above the headline is the last resort: mastheads show the day of the visit. */
#include "page/metadata.h"

#include "base/utf8.h"
#include "page/address.h"
#include "page/line.h"

#include <stdlib.h>

/* Title. */

static const char *const separators[] = {" | ", " - ", " – ", " — ", " :: ", " : ", " » ",
                                         " « ", " • ", " · ", " / ", " ‹ ",  " › "};

/* The last separator, and the first. */
static bool find_separator(str s, bool last, size_t *at, size_t *size) {
    bool found = false;
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++)
        for (size_t from = 0, hit; (hit = str_find(s, str_of(separators[i]), from)) != SIZE_MAX;
             from = hit + 1) {
            if (!found || (last ? hit > *at : hit < *at)) {
                *at = hit;
                *size = strlen(separators[i]);
            }
            found = true;
        }
    return found;
}

str title_without_outlet(str title, str outlet, str headline) {
    title = str_trim(title);
    if (headline.size && has_words(title, headline) && headline.size * 10 > title.size * 3)
        return headline;
    for (int rounds = 0; rounds < 3; rounds++) {
        size_t at, size;
        if (!find_separator(title, true, &at, &size))
            break;
        str head = str_trim(str_slice(title, 0, at)),
            tail = str_trim(str_slice(title, at + size, title.size));
        bool named =
            outlet.size && (same_words(tail, outlet) || has_words(tail, outlet) || has_words(outlet, tail));
        if (named ||
            (word_count(tail) <= 4 && word_count(head) >= 2 * word_count(tail) && word_count(head) >= 4)) {
            title = head;
            continue;
        }
        if (!find_separator(title, false, &at, &size))
            break;
        head = str_trim(str_slice(title, 0, at));
        tail = str_trim(str_slice(title, at + size, title.size));
        if (outlet.size && (same_words(head, outlet) || has_words(outlet, head)) &&
            word_count(tail) > word_count(head))
            title = tail;
        else
            break;
    }
    return title;
}

static str host_name(str url) {
    str host = address_host(url);
    if (str_starts(host, STR("www.")))
        host = str_slice(host, 4, host.size);
    return host.size ? host : STR_NONE;
}

str metadata_outlet(const outline *o, const linked_data *ld, str url) {
    if (o->metas[FIELD_OUTLET].size)
        return o->metas[FIELD_OUTLET];
    if (ld->outlet.size)
        return ld->outlet;
    return host_name(url);
}

str metadata_title(const outline *o, const linked_data *ld, str outlet, arena *a) {
    (void)a;
    str og = o->metas[FIELD_TITLE];
    if (og.size)
        return title_without_outlet(og, outlet, STR_NONE);
    if (ld->headline.size)
        return title_without_outlet(ld->headline, outlet, STR_NONE);
    return o->title.size ? title_without_outlet(o->title, outlet, STR_NONE) : STR_NONE;
}

/* Marks of direction at the ends say how to show a title, not what it is. */
static str without_direction(str s) {
    static const str marks[] = {{"\xE2\x80\x8E", 3}, {"\xE2\x80\x8F", 3}, {"\xE2\x80\xAA", 3},
                                {"\xE2\x80\xAB", 3}, {"\xE2\x80\xAC", 3}, {"\xE2\x80\xAD", 3},
                                {"\xE2\x80\xAE", 3}};
    size_t before;
    do {
        before = s.size;
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
            if (str_starts(s, marks[i]))
                s = str_slice(s, 3, s.size);
            if (str_ends(s, marks[i]))
                s.size -= 3;
        }
        s = str_trim(s);
    } while (s.size != before);
    return s;
}

/* A title that was cut to fit: the whole one, where another field has it. */
static str uncut(str told, const outline *o, const linked_data *ld, str outlet) {
    if (!str_ends(told, STR("\xE2\x80\xA6")) && !str_ends(told, STR("...")))
        return told;
    str others[] = {ld->headline, o->metas[FIELD_TITLE], o->title};
    for (size_t i = 0; i < 3; i++) {
        str whole = others[i].size ? title_without_outlet(others[i], outlet, STR_NONE) : STR_NONE;
        if (whole.size > told.size && has_letters(whole, told))
            return whole;
    }
    return told;
}

/* A site that tells its name only beside the title: what is left of it there. */
static void fill_outlet(const outline *o, arena *a, article *out) {
    enum { MOST_WORDS = 6 };
    bool told = out->outlet.size && !str_equal(out->outlet, host_name(out->url));
    size_t at, size;
    if (told || !out->title.size || !has_letters(o->title, out->title) ||
        !find_separator(o->title, true, &at, &size))
        return;
    str head = str_trim(str_slice(o->title, 0, at)),
        tail = str_trim(str_slice(o->title, at + size, o->title.size));
    if (same_words(head, out->title) && word_count(tail) <= MOST_WORDS)
        out->outlet = arena_copy(a, without_direction(tail));
    else if (same_words(tail, out->title) && word_count(head) <= MOST_WORDS)
        out->outlet = arena_copy(a, without_direction(head));
}

static void fill_title(const outline *o, const linked_data *ld, const choice *c, arena *a, article *out) {
    str told = uncut(metadata_title(o, ld, out->outlet, a), o, ld, out->outlet);
    str seen = c->headline != NO_INDEX ? o->blocks.at[c->headline].text : STR_NONE;
    bool agreed = seen.size && (has_letters(o->title, seen) || has_letters(o->metas[FIELD_TITLE], seen) ||
                                has_letters(ld->headline, seen) || has_letters(seen, told));
    out->title = agreed || !told.size ? seen : told;
    out->title = arena_copy(a, without_direction(out->title));
}

/* Authors. */

static bool is_name(str s) {
    return s.size > 1 && s.size < 120 && !str_starts(s, STR("http")) && !memchr(s.data, '@', s.size) &&
           str_find(s, STR("//"), 0) == SIZE_MAX;
}

static void add_author(article *out, str name, arena *a) {
    name = str_trim(name);
    phrase_place place;
    size_t rest;
    while (name.size && phrase_of(name, &place, &rest) == PHRASE_BYLINE && rest < name.size) {
        name = str_trim(str_slice(name, rest, name.size));
        while (name.size && (name.data[0] == ':' || name.data[0] == ' '))
            name = str_slice(name, 1, name.size);
    }
    if (!is_name(name))
        return;
    for (size_t i = 0; i < out->authors.size; i++)
        if (same_words(out->authors.at[i], name))
            return;
    *VECTOR_PUSH(&out->authors, a) = name;
}

static void fill_authors(const outline *o, const linked_data *ld, const choice *c, arena *a, article *out) {
    for (size_t i = 0; i < ld->authors.size; i++)
        add_author(out, ld->authors.at[i], a);
    for (size_t i = 0; i < o->meta_authors.size && out->authors.size == 0; i++)
        add_author(out, o->meta_authors.at[i], a);
    for (size_t i = 0; i < o->item_authors.size && out->authors.size == 0; i++)
        add_author(out, o->item_authors.at[i], a);
    for (size_t i = 0; i < o->links.size && out->authors.size == 0; i++)
        if (o->links.at[i].cues & CUE_AUTHOR)
            add_author(out, o->links.at[i].text, a);
    uint32_t from = c->headline == NO_INDEX ? c->first_block : c->headline;
    for (uint32_t i = from; i < c->end_block && i < from + 12 && out->authors.size == 0; i++) {
        const block *b = &o->blocks.at[i];
        phrase_place place;
        size_t rest;
        if (c->uses[i] != USE_BODY && b->letters < 80 && phrase_of(b->text, &place, &rest) == PHRASE_BYLINE &&
            rest < b->text.size)
            add_author(out, b->text, a);
    }
}

/* Dates. */

typedef struct dating {
    const outline *o;
    const choice *c;
    moment_style style;
    arena *a;
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
    for (size_t i = 0; i < o->times.size; i++) {
        const outline_time *t = &o->times.at[i];
        if (!t->updated && in_article(d, t->block) && !dropped_as_other(d, t->block) && date_of_time(d, t, m))
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

/* The date of publication and where it was found; NULL where it was not. */
static const char *find_published(const dating *d, const linked_data *ld, str url, moment *m) {
    moment in_address;
    bool addressed = moment_in_address(url, d->a, &in_address);
    if (date_of_value(d, ld->published, m))
        return "json-ld";
    if (date_of_value(d, d->o->metas[FIELD_PUBLISHED], m) || marked_time(d, m))
        return "meta";
    if (date_at_headline(d, m) && (!addressed || abs(moment_day(m) - moment_day(&in_address)) <= 2))
        return "text";
    if (addressed) {
        *m = in_address;
        return "url";
    }
    return date_elsewhere(d, m) ? "text" : NULL;
}

static void fill_published(const dating *d, const linked_data *ld, str url, article *out) {
    moment m = {0};
    const char *from = find_published(d, ld, url, &m);
    if (!from)
        return;
    out->published = m.value;
    out->published_offset = m.offset;
    out->published_from = str_of(from);
}

static void fill_updated(const dating *d, const linked_data *ld, article *out) {
    moment m;
    if (date_of_value(d, ld->updated, &m) || date_of_value(d, d->o->metas[FIELD_UPDATED], &m)) {
        out->updated = m.value;
        return;
    }
    for (size_t i = 0; i < d->o->times.size; i++)
        if (d->o->times.at[i].updated && date_of_time(d, &d->o->times.at[i], &m)) {
            out->updated = m.value;
            return;
        }
}

void metadata_fill(const outline *o, const linked_data *ld, const choice *c, arena *a, article *out) {
    fill_title(o, ld, c, a, out);
    fill_outlet(o, a, out);
    fill_authors(o, ld, c, a, out);
    dating d = {o, c, {.month_first = str_equal_ascii_nocase(o->language, STR("en-US"))}, a};
    str url = out->url.size ? out->url : o->canonical.size ? o->canonical : o->metas[FIELD_ADDRESS];
    fill_published(&d, ld, url, out);
    fill_updated(&d, ld, out);
}
