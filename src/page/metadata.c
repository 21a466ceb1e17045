/* Which of the many things a page says of itself to believe.
 *
 * Title: the visible headline, where the metadata agree that it is one; else what they say, without the
 * site's name. Dates: dates.c. */
#include "page/metadata.h"

#include "base/utf8.h"
#include "page/address.h"
#include "page/alike.h"
#include "page/line.h"

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

/* How many of the words of `few` stand in `many`, of a hundred. */
static unsigned words_shared(str few, str many) {
    enum { MOST = 400, MOST_WORDS = 40 };
    char left[MOST], right[MOST];
    bool whole;
    str x = fold_words(few, left, MOST, &whole), y = fold_words(many, right, MOST, &whole);
    unsigned words = 0, shared = 0;
    for (size_t at = 0; at < x.size && words < MOST_WORDS;) {
        const char *space = memchr(x.data + at, ' ', x.size - at);
        size_t end = space ? (size_t)(space - x.data) : x.size;
        str word = str_slice(x, at, end);
        at = end + 1;
        if (str_equal(word, STR(":")))
            continue;
        words++;
        for (size_t from = 0, hit; (hit = str_find(y, word, from)) != SIZE_MAX; from = hit + 1)
            if ((hit == 0 || y.data[hit - 1] == ' ') &&
                (hit + word.size == y.size || y.data[hit + word.size] == ' ')) {
                shared++;
                break;
            }
    }
    return words ? shared * 100 / words : 0;
}

/* The page's first heading says the same as what the metadata call it, in other words. */
static bool is_reworded(const block *seen, str told) {
    enum { MOSTLY = 70, FEWEST_WORDS = 4 };
    return seen->tag == TAG_H1 && word_count(told) >= FEWEST_WORDS &&
           words_shared(told, seen->text) >= MOSTLY;
}

static void fill_title(const outline *o, const linked_data *ld, const choice *c, arena *a, article *out) {
    str told = uncut(metadata_title(o, ld, out->outlet, a), o, ld, out->outlet);
    const block *seen = c->headline != NO_INDEX ? &o->blocks.at[c->headline] : NULL;
    bool agreed =
        seen &&
        (has_letters(o->title, seen->text) || has_letters(o->metas[FIELD_TITLE], seen->text) ||
         has_letters(ld->headline, seen->text) || has_letters(seen->text, told) || is_reworded(seen, told));
    out->title = (agreed || !told.size) && seen ? seen->text : told;
    out->title = arena_copy(a, without_direction(uncut(out->title, o, ld, out->outlet)));
}

/* Authors. */

static bool is_name(str s) {
    return s.size > 1 && s.size < 120 && !str_starts(s, STR("http")) && !memchr(s.data, '@', s.size) &&
           str_find(s, STR("//"), 0) == SIZE_MAX;
}

static void add_one_author(article *out, str name, arena *a) {
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

/* A first and a last name, in capitals; "Ministry of Health" is none. */
static bool is_full_name(str s) {
    s = str_trim(s);
    for (size_t i = 0; i < s.size; i++)
        if (s.data[i] >= 'a' && s.data[i] <= 'z' && (i == 0 || s.data[i - 1] == ' '))
            return false;
    return word_count(s) >= 2 && word_count(s) <= 4;
}

/* "Mara Lind and Tom Osei" are two. */
static void add_author(article *out, str names, arena *a) {
    static const char *const between[] = {" and ", " & "};
    for (size_t i = 0; i < sizeof between / sizeof *between; i++) {
        size_t at = str_find(names, str_of(between[i]), 0);
        if (at == SIZE_MAX)
            continue;
        str head = str_slice(names, 0, at), tail = str_slice(names, at + strlen(between[i]), names.size);
        if (is_full_name(head) && is_full_name(tail)) {
            add_one_author(out, head, a);
            add_one_author(out, tail, a);
            return;
        }
    }
    add_one_author(out, names, a);
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

/* Section and tags. */

enum { MOST_TAGS = 100, LONGEST_TAG = 120 };

static void add_tag(article *out, str name, arena *a) {
    name = str_trim(name);
    if (!name.size || name.size > LONGEST_TAG || out->tags.size >= MOST_TAGS)
        return;
    for (size_t i = 0; i < out->tags.size; i++)
        if (str_equal_ascii_nocase(out->tags.at[i], name))
            return;
    *VECTOR_PUSH(&out->tags, a) = name;
}

/* How many bytes the comma at `at` has; 0 where there is none. */
static size_t comma_at(str s, size_t at) {
    char c = s.data[at];
    if (c == ',' || c == ';' || c == '|')
        return 1;
    return str_starts(str_slice(s, at, s.size), STR("\xD8\x8C")) ? 2 : 0;
}

/* Tags come singly, or in a row with commas between them. */
static void add_tags(article *out, str told, arena *a) {
    size_t start = 0;
    for (size_t at = 0; at < told.size;) {
        size_t comma = comma_at(told, at);
        if (comma) {
            add_tag(out, str_slice(told, start, at), a);
            start = at + comma;
        }
        at += comma ? comma : 1;
    }
    add_tag(out, str_slice(told, start, told.size), a);
}

static void fill_topics(const outline *o, const linked_data *ld, const choice *c, arena *a, article *out) {
    str section = ld->section.size ? ld->section : o->metas[FIELD_SECTION];
    out->section = section.size <= LONGEST_TAG ? section : STR_NONE;
    for (size_t i = 0; i < ld->tags.size; i++)
        add_tags(out, ld->tags.at[i], a);
    for (size_t i = 0; i < o->meta_tags.size && !ld->tags.size; i++)
        add_tags(out, o->meta_tags.at[i], a);
    for (size_t i = 0; i < o->links.size && !ld->tags.size && !o->meta_tags.size; i++)
        if ((o->links.at[i].cues | c->chrome[o->links.at[i].container]) & CUE_TAGS)
            add_tags(out, o->links.at[i].text, a);
}

void metadata_fill(const outline *o, const linked_data *ld, const choice *c, arena *a, article *out) {
    fill_title(o, ld, c, a, out);
    fill_outlet(o, a, out);
    fill_authors(o, ld, c, a, out);
    dates_fill(o, ld, c, a, out);
    fill_topics(o, ld, c, a, out);
}
