#include "page/assemble.h"

#include "base/ascii.h"
#include "base/counters.h"
#include "base/utf8.h"

void article_add(article *p, str text, paragraph_kind kind, arena *a) {
    if (text.size)
        *VECTOR_PUSH(&p->paragraphs, a) = (paragraph){.text = text, .kind = kind};
}

void article_add_lines(article *p, str text, arena *a) {
    for (size_t at = 0; at < text.size;) {
        const char *feed = memchr(text.data + at, '\n', text.size - at);
        size_t end = feed ? (size_t)(feed - text.data) : text.size;
        article_add(p, str_trim(str_slice(text, at, end)), PARAGRAPH_PLAIN, a);
        at = end + 1;
    }
}

void article_link(article *p, link_role role, str href, str text, arena *a) {
    *VECTOR_PUSH(&p->links, a) = (page_link){role, href, text};
}

void article_warn(article *p, str line, arena *a) {
    *VECTOR_PUSH(&p->warnings, a) = line;
}

static size_t joined_size(const article *p) {
    size_t size = p->title.size + 1;
    for (size_t i = 0; i < p->paragraphs.size; i++)
        size += p->paragraphs.at[i].text.size + 1;
    return size;
}

static size_t put(char *into, size_t at, str s) {
    if (s.size)
        memcpy(into + at, s.data, s.size);
    return at + s.size;
}

void article_join(article *p, arena *a) {
    char *text = arena_alloc(a, joined_size(p) + 1);
    size_t size = put(text, 0, p->title);
    bool first = true;
    if (size)
        text[size++] = '\n';
    p->body_start = size;
    for (size_t i = 0; i < p->paragraphs.size; i++) {
        paragraph *one = &p->paragraphs.at[i];
        if (one->kind == PARAGRAPH_CAPTION)
            continue;
        if (!first)
            text[size++] = '\n';
        first = false;
        size_t start = size;
        size = put(text, size, one->text);
        one->text = (str){text + start, size - start};
    }
    if (first && p->title.size) /* a title alone */
        p->body_start = size = p->title.size;
    COUNT(bytes_copied, size);
    p->text = (str){text, size};
}

enum { MOST_LANGUAGES = 16 };

typedef struct tally {
    str language;
    size_t letters;
} tally;

/* The language with the most text. */
static str most_text(const article *p) {
    tally tallies[MOST_LANGUAGES] = {0};
    size_t count = 0, best = 0;
    for (size_t i = 0; i < p->paragraphs.size; i++) {
        const paragraph *one = &p->paragraphs.at[i];
        size_t k = 0;
        if (!one->language.size || one->kind == PARAGRAPH_CAPTION)
            continue;
        while (k < count && !str_equal(tallies[k].language, one->language))
            k++;
        if (k == MOST_LANGUAGES)
            continue;
        count += k == count;
        tallies[k].language = one->language;
        tallies[k].letters += utf8_length(one->text);
        best = tallies[k].letters > tallies[best].letters ? k : best;
    }
    return count ? tallies[best].language : STR("");
}

/* "ar" of "ar-SY"; nothing where it does not look like a tag of a language. */
static str primary_subtag(str tag, arena *a) {
    size_t size = 0;
    char *lower = arena_cstring(a, tag);
    for (; size < tag.size && tag.data[size] != '-' && tag.data[size] != '_'; size++) {
        if (!ascii_is_letter(tag.data[size]))
            return STR("");
        lower[size] = ascii_lower(tag.data[size]);
    }
    return size == 2 || size == 3 ? (str){lower, size} : STR("");
}

/* A headline, a line of a feed. */
static bool is_short(const article *p) {
    enum { FEW_BYTES = 160 };
    size_t size = p->title.size;
    for (size_t i = 0; i < p->paragraphs.size && size <= FEW_BYTES; i++)
        size += p->paragraphs.at[i].text.size;
    return size <= FEW_BYTES;
}

/* What the text is in counts; what it is said to be in, only where that cannot be told, or where a few words
 * may well be in either. */
void article_languages(article *p, str told, arena *a) {
    told = primary_subtag(told, a);
    for (size_t i = 0; i < p->paragraphs.size; i++)
        p->paragraphs.at[i].language = page_language(p->paragraphs.at[i].text);
    p->language = most_text(p);
    if (!p->language.size && p->title.size)
        p->language = page_language(p->title);
    if (!p->language.size || (is_short(p) && page_languages_look_alike(p->language, told)))
        p->language = told;
    p->supported = str_equal(p->language, STR("ar")) || str_equal(p->language, STR("en"));
    if (p->paragraphs.size == 0)
        article_warn(p, STR("no text was found in this page"), a);
    else if (!p->language.size)
        article_warn(p, STR("the language could not be told: nothing was read"), a);
    else if (!p->supported)
        article_warn(
            p, arena_printf(a, "language %.*s is not supported: nothing was read", STR_ARG(p->language)), a);
}
