/* What a page says of its own encoding, as the HTML standard reads it before there is any text: a walk over
 * the bytes that knows comments, tags and attributes, and of them only <meta charset> and <meta http-equiv
 * content>; where none says anything, the XML declaration. The standard asks for the first 1,024 bytes; where
 * they say nothing, a browser still obeys a meta element that it meets later, and so does the second walk. */
#include "page/charset.h"

#include "base/ascii.h"

static bool starts_nocase(str s, size_t at, str word) {
    return s.size - at >= word.size && str_equal_ascii_nocase(str_slice(s, at, at + word.size), word);
}

/* Labels. */

const encoding *encoding_named(const char *name) {
    for (size_t i = 0; i < encoding_count; i++)
        if (strcmp(encodings[i].name, name) == 0)
            return &encodings[i];
    return NULL;
}

const encoding *encoding_of_label(str label) {
    char folded[40];
    size_t low = 0, high = encoding_label_count;
    while (label.size && ascii_is_space(label.data[0]))
        label = str_slice(label, 1, label.size);
    while (label.size && ascii_is_space(label.data[label.size - 1]))
        label.size--;
    if (label.size > sizeof folded)
        return NULL;
    for (size_t i = 0; i < label.size; i++)
        folded[i] = ascii_lower(label.data[i]);
    str key = {folded, label.size};
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(str_of(encoding_labels[middle].label), key);
        if (order == 0)
            return encoding_labels[middle].encoding;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Attributes. */

typedef struct walk {
    str s;
    size_t at;
    bool over; /* the bytes ended in the middle of something: nothing more is believed */
} walk;

static bool ended(walk *w) {
    w->over = w->over || w->at >= w->s.size;
    return w->over;
}

static char here(const walk *w) {
    return w->s.data[w->at];
}

static void skip_spaces(walk *w, char other) {
    while (!ended(w) && (ascii_is_space(here(w)) || here(w) == other))
        w->at++;
}

static str quoted_value(walk *w) {
    char quote = here(w);
    size_t start = ++w->at;
    const char *end = ended(w) ? NULL : memchr(w->s.data + start, quote, w->s.size - start);
    w->at = end ? (size_t)(end - w->s.data) + 1 : w->s.size;
    w->over = w->over || !end;
    return str_slice(w->s, start, end ? w->at - 1 : start);
}

static str attribute_value(walk *w) {
    skip_spaces(w, ' ');
    if (ended(w) || here(w) == '>')
        return STR_NONE;
    if (here(w) == '"' || here(w) == '\'')
        return quoted_value(w);
    size_t start = w->at;
    while (!ended(w) && !ascii_is_space(here(w)) && here(w) != '>')
        w->at++;
    return str_slice(w->s, start, w->at);
}

/* False at the end of the tag, or of the bytes. */
static bool next_attribute(walk *w, str *name, str *value) {
    skip_spaces(w, '/');
    if (ended(w) || here(w) == '>')
        return false;
    size_t start = w->at;
    while (!ended(w) && !ascii_is_space(here(w)) && here(w) != '/' && here(w) != '>' &&
           (here(w) != '=' || w->at == start))
        w->at++;
    *name = str_slice(w->s, start, w->at);
    *value = STR_NONE;
    if (ended(w) || here(w) == '/' || here(w) == '>')
        return !w->over;
    skip_spaces(w, ' ');
    if (!ended(w) && here(w) == '=') {
        w->at++;
        *value = attribute_value(w);
    }
    return !w->over;
}

/* "charset=…" in the content of a meta element. */
static str charset_parameter(str content) {
    for (size_t at = 0; at < content.size; at++) {
        if (!starts_nocase(content, at, STR("charset")))
            continue;
        size_t from = at + 7;
        while (from < content.size && ascii_is_space(content.data[from]))
            from++;
        if (from >= content.size || content.data[from++] != '=')
            continue;
        while (from < content.size && ascii_is_space(content.data[from]))
            from++;
        if (from >= content.size)
            return STR_NONE;
        char quote = content.data[from];
        if (quote == '"' || quote == '\'') {
            const char *end = memchr(content.data + from + 1, quote, content.size - from - 1);
            return end ? str_slice(content, from + 1, (size_t)(end - content.data)) : STR_NONE;
        }
        size_t end = from;
        while (end < content.size && !ascii_is_space(content.data[end]) && content.data[end] != ';')
            end++;
        return str_slice(content, from, end);
    }
    return STR_NONE;
}

/* Elements. */

/* What was read byte by byte cannot be in UTF-16. */
static const encoding *as_declared(const encoding *e) {
    if (e && (e->decoder == DECODER_UTF_16LE || e->decoder == DECODER_UTF_16BE))
        return encoding_named("utf-8");
    return e && e->decoder == DECODER_USER ? encoding_named("windows-1252") : e;
}

static const encoding *of_meta(walk *w) {
    static const str names[] = {{"http-equiv", 10}, {"content", 7}, {"charset", 7}};
    bool seen[3] = {false}, pragma = false, needs_pragma = false;
    const encoding *found = NULL;
    str name, value;
    while (next_attribute(w, &name, &value)) {
        size_t which = 0;
        while (which < 3 && !str_equal_ascii_nocase(name, names[which]))
            which++;
        if (which == 3 || seen[which])
            continue;
        seen[which] = true;
        if (which == 0) {
            pragma = str_equal_ascii_nocase(value, STR("content-type"));
        } else if (which == 2) {
            found = encoding_of_label(value);
            needs_pragma = false;
        } else if (!found && !seen[2]) {
            found = encoding_of_label(charset_parameter(value));
            needs_pragma = true;
        }
    }
    return w->over || (needs_pragma && !pragma) ? NULL : as_declared(found);
}

static void skip_past(walk *w, str mark) {
    size_t found = w->at < w->s.size ? str_find(w->s, mark, w->at) : SIZE_MAX;
    w->over = found == SIZE_MAX;
    w->at = w->over ? w->s.size : found + mark.size;
}

static void skip_tag(walk *w) {
    str name, value;
    while (!ended(w) && !ascii_is_space(here(w)) && here(w) != '>')
        w->at++;
    while (next_attribute(w, &name, &value))
        ;
}

static const encoding *walk_markup(str head) {
    walk w = {.s = head};
    while (!ended(&w)) {
        const char *open = memchr(head.data + w.at, '<', head.size - w.at);
        if (!open)
            return NULL;
        w.at = (size_t)(open - head.data);
        char next = w.at + 1 < head.size ? head.data[w.at + 1] : ' ';
        char after = w.at + 2 < head.size ? head.data[w.at + 2] : ' ';
        char behind_meta = w.at + 5 < head.size ? head.data[w.at + 5] : 'x';
        if (starts_nocase(head, w.at, STR("<!--"))) {
            w.at += 2;
            skip_past(&w, STR("-->"));
        } else if (starts_nocase(head, w.at, STR("<meta")) &&
                   (ascii_is_space(behind_meta) || behind_meta == '/')) {
            w.at += 5;
            const encoding *found = of_meta(&w);
            if (found)
                return found;
        } else if (ascii_is_letter(next) || (next == '/' && ascii_is_letter(after))) {
            skip_tag(&w);
        } else if (next == '!' || next == '/' || next == '?') {
            skip_past(&w, STR(">"));
        } else {
            w.at++;
        }
    }
    return NULL;
}

static const encoding *of_xml(str head) {
    if (!str_starts(head, STR("<?xml")))
        return NULL;
    size_t end = str_find(head, STR(">"), 0), at = str_find(head, STR("encoding"), 0);
    if (end == SIZE_MAX || at == SIZE_MAX || at > end)
        return NULL;
    walk w = {.s = str_slice(head, 0, end), .at = at + 8};
    while (!ended(&w) && (unsigned char)here(&w) <= ' ')
        w.at++;
    if (ended(&w) || here(&w) != '=')
        return NULL;
    w.at++;
    while (!ended(&w) && (unsigned char)here(&w) <= ' ')
        w.at++;
    if (ended(&w) || (here(&w) != '"' && here(&w) != '\''))
        return NULL;
    str label = quoted_value(&w);
    return w.over ? NULL : as_declared(encoding_of_label(label));
}

static str head_of(str bytes, size_t most) {
    return str_slice(bytes, 0, bytes.size < most ? bytes.size : most);
}

const encoding *charset_declared(str bytes, charset_reach reach) {
    if (str_starts(bytes, (str){"<\0?\0x\0", 6}))
        return encoding_named("utf-16le");
    if (str_starts(bytes, (str){"\0<\0?\0x", 6}))
        return encoding_named("utf-16be");
    const encoding *found = walk_markup(head_of(bytes, CHARSET_EARLY));
    if (!found)
        found = of_xml(head_of(bytes, CHARSET_EARLY));
    return found || reach == CHARSET_EARLY ? found : walk_markup(head_of(bytes, reach));
}

const encoding *charset_marked(str bytes, size_t *mark) {
    static const struct {
        str mark;
        const char *name;
    } marks[] = {
        {{"\xEF\xBB\xBF", 3}, "utf-8"}, {{"\xFF\xFE", 2}, "utf-16le"}, {{"\xFE\xFF", 2}, "utf-16be"}};
    *mark = 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (str_starts(bytes, marks[i].mark)) {
            *mark = marks[i].mark.size;
            return encoding_named(marks[i].name);
        }
    return NULL;
}
