#include "page/attributes.h"

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
    str out = utf8_repair(a, arena_copy(a, str_trim(buffer_str(&plain))));
    buffer_free(&plain);
    return out;
}

static bool is_hidden(const html_token *t) {
    str style = html_attribute_value(t, STR("style"));
    if (style.size &&
        (contains_nocase(style, STR("display:none")) || contains_nocase(style, STR("display: none")) ||
         contains_nocase(style, STR("visibility:hidden")) ||
         contains_nocase(style, STR("visibility: hidden"))))
        return true;
    return html_attribute_value(t, STR("hidden")).data != NULL;
}

unsigned cues_of_element(const html_token *t) {
    static const str sources[] = {{"class", 5}, {"id", 2}, {"role", 4}, {"data-testid", 11}};
    unsigned cues = 0;
    if (t->attribute_count == 0)
        return 0;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        cues |= cues_of_names(html_attribute_value(t, sources[i]));
    str itemprop = html_attribute_value(t, STR("itemprop"));
    if (names_hold(itemprop, STR("articleBody")))
        cues |= CUE_BODY;
    if (names_hold(itemprop, STR("headline")))
        cues |= CUE_HEADLINE;
    if (names_hold(itemprop, STR("liveBlogUpdate")))
        cues |= CUE_ENTRY;
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
        into[i] = (char)(name.data[i] >= 'A' && name.data[i] <= 'Z' ? name.data[i] + 32 : name.data[i]);
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
    static const str names[] = {{"property", 8}, {"name", 4}, {"itemprop", 8}, {"http-equiv", 10}};
    str content = html_attribute_value(t, STR("content"));
    if (content.size == 0)
        return;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char lower[64];
        str name = lower_name(lower, sizeof lower, html_attribute_value(t, names[i]));
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
    str rel = html_attribute_value(t, STR("rel")), href = html_attribute_value(t, STR("href"));
    if (href.size == 0)
        return;
    if (str_equal_ascii_nocase(rel, STR("canonical")) && !o->canonical.size)
        o->canonical = str_trim(html_decoded(a, href, true));
}
