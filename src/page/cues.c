/* Class names as cues. A name like "td-post-content", "articleBody" or "related_news" is split into words,
 * and runs of up to four words are looked up. Longer runs say more than their parts ("author-box" is no
 * author), so that a word inside a found run counts no more. A first word that is a kit's or a scheme's
 * ("elementor-…", "category-…") makes the name say nothing, and so does "tag-…", which on many sites names
 * the tags of an article in the class of the article itself. A qualifier ("has-ads") takes the next word
 * away, a word of state ("paywall-on") all of them; "hidden" says something only as a whole name, for kits
 * have names like "label-hidden", "overflow-hidden" and "hidden-phone". */
#include "page/outline.h"

enum { MOST_WORDS = 12, LONGEST_NAME = 96, LONGEST_RUN = 4 };

typedef struct name_words {
    char text[LONGEST_NAME + MOST_WORDS + 1]; /* words with '-' between them */
    size_t starts[MOST_WORDS], ends[MOST_WORDS];
    size_t count;
} name_words;

static bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

static name_words split_name(str name) {
    name_words w = {.count = 0};
    size_t size = 0;
    bool inside = false;
    for (size_t i = 0; i < name.size && i < LONGEST_NAME; i++) {
        char c = name.data[i];
        bool word = is_lower(c) || is_upper(c);
        if (inside && (!word || (is_upper(c) && is_lower(name.data[i - 1])))) {
            w.ends[w.count - 1] = size;
            inside = false;
        }
        if (!word)
            continue;
        if (!inside) {
            if (w.count == MOST_WORDS)
                break;
            if (size)
                w.text[size++] = '-';
            w.starts[w.count++] = size;
            inside = true;
        }
        w.text[size++] = is_upper(c) ? (char)(c + 32) : c;
    }
    if (inside)
        w.ends[w.count - 1] = size;
    return w;
}

/* `first`: the first entry that gives one of `wanted`, where asked. */
static unsigned cues_of_words(const name_words *w, unsigned wanted, const word_entry **first) {
    unsigned cues = 0;
    for (size_t i = 0; i < w->count;) {
        size_t step = 1;
        const word_entry *begins =
            table_find(&cue_first_table, (str){w->text + w->starts[i], w->ends[i] - w->starts[i]});
        size_t longest = !begins ? 0 : begins->value < LONGEST_RUN ? (size_t)begins->value : LONGEST_RUN;
        for (size_t run = longest; run >= 1; run--) {
            if (i + run > w->count)
                continue;
            str key = {w->text + w->starts[i], w->ends[i + run - 1] - w->starts[i]};
            const word_entry *entry = table_find(&cue_table, key);
            if (!entry)
                continue;
            bool names_more = i == 0 && run == 1 && w->count > 1, whole = run == w->count;
            if (names_more && (entry->value == CUE_NEUTRAL || entry->value == CUE_TAGS))
                return 0;
            if (entry->value == CUE_STATE)
                return cues & CUE_BODY;
            step = run + (entry->value == CUE_QUALIFIER);
            if (entry->value == CUE_HIDDEN && !whole)
                break;
            cues |= (unsigned)entry->value;
            if (first && !*first && ((unsigned)entry->value & wanted))
                *first = entry;
            break;
        }
        i += step;
    }
    return cues & ~(unsigned)(CUE_NEUTRAL | CUE_QUALIFIER);
}

static unsigned cues_of_each(str names, unsigned wanted, const word_entry **first) {
    unsigned cues = 0;
    for (size_t at = 0; at < names.size;) {
        while (at < names.size && (unsigned char)names.data[at] <= ' ')
            at++;
        size_t start = at;
        while (at < names.size && (unsigned char)names.data[at] > ' ')
            at++;
        if (at > start) {
            name_words w = split_name(str_slice(names, start, at));
            cues |= cues_of_words(&w, wanted, first);
        }
    }
    return cues;
}

unsigned cues_of_names(str names) {
    return cues_of_each(names, 0, NULL);
}

const word_entry *cue_entry_of_names(str names, unsigned cues) {
    const word_entry *first = NULL;
    cues_of_each(names, cues, &first);
    return first;
}
