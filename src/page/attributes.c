#include "page/attributes.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "page/block_text.h"

enum { LONGEST_VALUE = 16000, MOST_VALUES = 500 };

bool contains_nocase(str s, str word) {
    if (s.size < word.size)
        return false;
    for (size_t i = 0; i + word.size <= s.size; i++)
        if (str_equal_ascii_nocase(str_slice(s, i, i + word.size), word))
            return true;
    return false;
}

bool names_hold(str names, str word) {
    for (size_t at = 0; at < names.size;) {
        size_t end = at;
        while (end < names.size && (unsigned char)names.data[end] > ' ')
            end++;
        if (str_equal_ascii_nocase(str_slice(names, at, end), word))
            return true;
        at = end + 1;
    }
    return false;
}

str plain_value(str value, arena *a) {
    buffer plain = {0};
    small_text_add(&plain, value, LONGEST_VALUE);
    str out = arena_copy(a, str_trim(buffer_str(&plain)));
    buffer_free(&plain);
    return out;
}

static bool is_hidden(const html_token *t) {
    str style = html_value(t, ATTRIBUTE_STYLE);
    if (style.size &&
        (contains_nocase(style, STR("display:none")) || contains_nocase(style, STR("display: none")) ||
         contains_nocase(style, STR("visibility:hidden")) ||
         contains_nocase(style, STR("visibility: hidden"))))
        return true;
    return html_value(t, ATTRIBUTE_HIDDEN).data != NULL;
}

/* Eight bytes at a time; of what is longer than the last whole eight, those eight again. */
static size_t slot_of(str names) {
    enum { EIGHT = 8 };
    uint64_t h = names.size, word = 0;
    for (size_t at = 0; at < names.size; at += EIGHT) {
        size_t left = names.size - at;
        if (left >= EIGHT)
            memcpy(&word, names.data + at, EIGHT);
        else if (names.size >= EIGHT)
            memcpy(&word, names.data + names.size - EIGHT, EIGHT);
        else
            memcpy(&word, names.data, left);
        h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 32;
    }
    return h % KNOWN_NAMES;
}

static known_names know_one(str name) {
    return (known_names){
        .names = name,
        .cues = cues_of_names(name),
        .published = str_equal_ascii_nocase(name, STR("published")),
        .updated = str_equal_ascii_nocase(name, STR("updated")),
        .entry_date = str_equal_ascii_nocase(name, STR("entry-date")),
    };
}

static const known_names *look_up_one(names_cache *cache, str name) {
    known_names *known = &cache->at[slot_of(name)];
    if (!str_equal(known->names, name))
        *known = know_one(name);
    return known;
}

static known_names know_each(names_cache *cache, str names) {
    known_names all = {.names = names};
    for (size_t at = 0, end; at < names.size; at = end + 1) {
        for (end = at; end < names.size && (unsigned char)names.data[end] > ' ';)
            end++;
        if (end == at)
            continue;
        const known_names *one = look_up_one(cache, str_slice(names, at, end));
        all.cues |= one->cues;
        all.published |= one->published;
        all.updated |= one->updated;
        all.entry_date |= one->entry_date;
    }
    return all;
}

const known_names *names_look_up(names_cache *cache, str names) {
    known_names *known = &cache->at[slot_of(names)];
    if (!str_equal(known->names, names))
        *known = know_each(cache, names);
    return known;
}

unsigned cues_of_element(const html_token *t, names_cache *cache) {
    if (!t->has)
        return 0;
    unsigned cues = 0;
    static const attribute of_names[] = {ATTRIBUTE_CLASS, ATTRIBUTE_ID, ATTRIBUTE_ROLE,
                                         ATTRIBUTE_DATA_TESTID};
    for (size_t i = 0; i < sizeof of_names / sizeof *of_names; i++)
        if (t->has >> of_names[i] & 1)
            cues |= names_look_up(cache, t->values[of_names[i]])->cues;
    str itemprop = html_value(t, ATTRIBUTE_ITEMPROP);
    if (names_hold(itemprop, STR("articleBody")))
        cues |= CUE_BODY;
    if (names_hold(itemprop, STR("headline")))
        cues |= CUE_HEADLINE;
    if (names_hold(itemprop, STR("liveBlogUpdate")))
        cues |= CUE_ENTRY;
    if (names_hold(itemprop, STR("description")) || names_hold(itemprop, STR("alternativeHeadline")))
        cues |= CUE_STANDFIRST;
    if (is_hidden(t))
        cues |= CUE_HIDDEN;
    return cues;
}

unsigned cues_of_rel(str rel) {
    unsigned cues = 0;
    for (size_t at = 0; at < rel.size;) {
        size_t end = at;
        while (end < rel.size && rel.data[end] != ' ')
            end++;
        str word = str_slice(rel, at, end);
        at = end + 1;
        cues |= str_equal_ascii_nocase(word, STR("prev")) || str_equal_ascii_nocase(word, STR("previous"))
                    ? (unsigned)CUE_PREVIOUS
                : str_equal_ascii_nocase(word, STR("next"))   ? (unsigned)CUE_NEXT
                : str_equal_ascii_nocase(word, STR("tag"))    ? (unsigned)CUE_TAGS
                : str_equal_ascii_nocase(word, STR("author")) ? (unsigned)CUE_AUTHOR
                                                              : 0;
    }
    return cues;
}

static str lower_name(char *into, size_t most, str name) {
    name = str_trim(name);
    if (name.size > most)
        return STR_NONE;
    for (size_t i = 0; i < name.size; i++)
        into[i] = ascii_lower(name.data[i]);
    return (str){into, name.size};
}

/* Of a field that may be told many times: all values of its best name, in order. */
static void keep_list(outline *o, str_list *list, int field, int rank, str value, arena *a) {
    if (o->ranks[field] && rank < o->ranks[field])
        list->size = 0;
    if ((!o->ranks[field] || rank <= o->ranks[field]) && list->size < MOST_VALUES)
        *VECTOR_PUSH(list, a) = value;
}

static void keep_all(outline *o, int field, int rank, str value, arena *a) {
    enum { MOST_DATES = 8 };
    if (field == FIELD_AUTHOR)
        keep_list(o, &o->meta_authors, field, rank, value, a);
    else if (field == FIELD_TAGS)
        keep_list(o, &o->meta_tags, field, rank, value, a);
    else if (field == FIELD_PUBLISHED && o->dates.size < MOST_DATES) {
        *VECTOR_PUSH(&o->dates, a) = value;
        if (o->dates.size > 1 && rank < o->ranks[field]) {
            o->dates.at[o->dates.size - 1] = o->dates.at[0];
            o->dates.at[0] = value;
        }
    }
}

void read_meta(const html_token *t, arena *a, outline *o) {
    static const attribute names[] = {ATTRIBUTE_PROPERTY, ATTRIBUTE_NAME, ATTRIBUTE_ITEMPROP,
                                      ATTRIBUTE_HTTP_EQUIV};
    str content = html_value(t, ATTRIBUTE_CONTENT);
    if (content.size == 0)
        return;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char lower[64];
        str name = lower_name(lower, sizeof lower, html_value(t, names[i]));
        const word_entry *entry = name.size ? table_find(&meta_table, name) : NULL;
        if (!entry)
            continue;
        int field = entry->value, rank = entry->extra + 1;
        str value = plain_value(content, a);
        if (value.size == 0)
            continue;
        keep_all(o, field, rank, value, a);
        if (!o->ranks[field] || rank < o->ranks[field]) {
            o->ranks[field] = rank;
            o->metas[field] = value;
        }
    }
}

void read_link_element(const html_token *t, arena *a, outline *o) {
    str rel = html_value(t, ATTRIBUTE_REL), href = html_value(t, ATTRIBUTE_HREF);
    if (href.size == 0)
        return;
    if (str_equal_ascii_nocase(rel, STR("canonical")) && !o->canonical.size)
        o->canonical = str_trim(html_decoded(a, href, true));
}
