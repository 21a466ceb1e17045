/* Plain text: paragraphs, and the chrome of a page that was saved as text.
 *
 * Blank lines separate paragraphs; a text without blank lines has a paragraph a line. Lines are joined only
 * where a paragraph is clearly wrapped by hand: several lines of much the same length, all but the last of
 * which end in no sentence's end. Chrome is told by what short lines say ("Read Next", "Most Popular"): the
 * lines after such a heading are headlines of other articles and become links. */
#include "base/utf8.h"
#include "page/alike.h"
#include "page/assemble.h"
#include "page/choose.h"
#include "page/line.h"
#include "page/moment.h"

enum {
    LONGEST_TITLE = 250,
    LONGEST_HEADLINE = 220,
    WRAP_LEAST = 50,
    WRAP_MOST = 110,
    MOST_PARAGRAPHS = 1000000
};

typedef struct plain_reader {
    article *p;
    arena *a;
    link_role list; /* headlines of this role follow; LINK_OTHER: none */
    bool one;       /* only one follows */
    bool ended;     /* comments have begun */
    bool titled;
} plain_reader;

/* Whether `s` has single ASCII spaces and no other white space. */
static bool is_collapsed(str s) {
    bool space = true;
    for (size_t at = 0; at < s.size;) {
        uint32_t c = utf8_next(s, &at);
        if (is_space_code(c) && (space || c != ' '))
            return false;
        space = c == ' ';
    }
    return !space;
}

/* With single spaces, none at the ends; `s` itself where it is so. */
static str collapsed(str s, arena *a) {
    if (is_collapsed(s))
        return s;
    char *out = arena_alloc(a, s.size + 1);
    size_t size = 0;
    bool space = false;
    for (size_t at = 0; at < s.size;) {
        size_t before = at;
        uint32_t c = utf8_next(s, &at);
        if (is_space_code(c)) {
            space = size > 0;
            continue;
        }
        if (space)
            out[size++] = ' ';
        space = false;
        memcpy(out + size, s.data + before, at - before);
        size += at - before;
    }
    return (str){out, size};
}

static str line_at(str s, size_t *at) {
    const char *feed = memchr(s.data + *at, '\n', s.size - *at);
    size_t end = feed ? (size_t)(feed - s.data) : s.size;
    str line = str_slice(s, *at, end);
    *at = feed ? end + 1 : s.size;
    return line;
}

/* Lines of much the same length, none of which but the last ends a sentence early. */
static bool is_wrapped(str lines) {
    size_t count = 0, shortest = SIZE_MAX, longest = 0, ended = 0;
    for (size_t at = 0; at < lines.size;) {
        str line = str_trim(line_at(lines, &at));
        bool last = at >= lines.size;
        size_t length = utf8_length(line);
        if (last)
            return count >= 2 && longest >= WRAP_LEAST && longest <= WRAP_MOST && length <= longest + 10 &&
                   shortest * 10 >= longest * 7 && ended * 4 <= count;
        count++;
        shortest = length < shortest ? length : shortest;
        longest = length > longest ? length : longest;
        ended += ends_sentence(line);
    }
    return false;
}

static str after_phrase(str line, size_t rest) {
    str s = str_slice(line, rest, line.size);
    for (;;) {
        str before = s;
        s = str_trim(s);
        static const char *const marks[] = {":", "-", "|", "–", "\xC2\xA0"};
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
            if (str_starts(s, str_of(marks[i])))
                s = str_slice(s, strlen(marks[i]), s.size);
        if (s.size == before.size)
            return s;
    }
}

static void take_date(plain_reader *r, str line, bool update) {
    moment m;
    if (!moment_read(line, (moment_style){0}, r->a, &m))
        return;
    if (update) {
        r->p->updated = m.value;
    } else if (!r->p->published.size) {
        r->p->published = m.value;
        r->p->published_offset = m.offset;
        r->p->published_from = STR("text");
    }
}

static void begin_list(plain_reader *r, link_role role, bool one) {
    r->list = role;
    r->one = one;
}

static bool has_colon(str line, size_t rest) {
    str s = str_trim(str_slice(line, rest, line.size));
    return (rest > 0 && line.data[rest - 1] == ':') || (s.size && s.data[0] == ':');
}

static bool followed_by_link(plain_reader *r, link_role role, str line, phrase_place place, size_t rest) {
    if (place == PLACE_WHOLE) {
        begin_list(r, role, role == LINK_PREVIOUS || role == LINK_NEXT);
        return true;
    }
    if (!has_colon(line, rest))
        return false;
    str text = after_phrase(line, rest);
    if (text.size)
        article_link(r->p, role, STR_NONE, text, r->a);
    else
        begin_list(r, role, false);
    return true;
}

/* Whether the line is chrome, and what follows from it. */
static bool take_chrome(plain_reader *r, str line) {
    phrase_place place;
    size_t rest, length = utf8_length(line);
    if (length > LONGEST_HEADLINE)
        return false;
    switch (phrase_of(line, &place, &rest)) {
    case PHRASE_NONE:
    case PHRASE_SIGNOFF:
    case PHRASE_BIO:
    case PHRASE_CREDIT:
        return false;
    case PHRASE_COMMENTS:
        r->ended = r->ended || r->p->paragraphs.size > 1;
        r->list = LINK_OTHER;
        return length < 120;
    case PHRASE_PREVIOUS:
        return followed_by_link(r, LINK_PREVIOUS, line, place, rest);
    case PHRASE_NEXT:
        return followed_by_link(r, LINK_NEXT, line, place, rest);
    case PHRASE_POPULAR:
        return followed_by_link(r, LINK_POPULAR, line, place, rest);
    case PHRASE_RELATED:
        return followed_by_link(r, LINK_RELATED, line, place, rest);
    case PHRASE_SOURCE:
        return length < 120 && !ends_sentence(line) && followed_by_link(r, LINK_SOURCE, line, place, rest);
    case PHRASE_CHROME:
        return place == PLACE_WHOLE || (length < 100 && !str_ends(line, STR(".")));
    case PHRASE_BYLINE:
        if (length > 60 || ends_sentence(line) || place == PLACE_WHOLE || tells_number(line))
            return false;
        if (r->p->authors.size == 0)
            *VECTOR_PUSH(&r->p->authors, r->a) = after_phrase(line, rest);
        return true;
    case PHRASE_PUBLISHED:
    case PHRASE_UPDATED: {
        bool update = phrase_of(line, &place, &rest) == PHRASE_UPDATED;
        if (length > 90 || str_ends(line, STR(".")))
            return false;
        take_date(r, line, update);
        return true;
    }
    }
    return false;
}

/* A short line near the top that is nothing but a date. */
static bool is_date_line(plain_reader *r, str line) {
    moment m;
    if (r->p->paragraphs.size > 1 || utf8_length(line) > 60 || ends_sentence(line) ||
        !moment_read(line, (moment_style){0}, r->a, &m))
        return false;
    take_date(r, line, false);
    return true;
}

static void take_headline(plain_reader *r, str line) {
    article_link(r->p, r->list, STR_NONE, line, r->a);
    if (r->one)
        r->list = LINK_OTHER;
}

/* A headline of a list ends where a text begins again: a long line, or a sentence. */
static bool looks_like_headline(str line) {
    return utf8_length(line) <= LONGEST_HEADLINE && !str_ends(line, STR("."));
}

static void take_line(plain_reader *r, str line) {
    if (!line.size || r->p->paragraphs.size >= MOST_PARAGRAPHS)
        return;
    if (take_chrome(r, line))
        return;
    if (r->list != LINK_OTHER && looks_like_headline(line)) {
        take_headline(r, line);
        return;
    }
    r->list = LINK_OTHER;
    if (r->ended || (r->titled && is_date_line(r, line)) || (r->titled && same_words(line, r->p->title)))
        return;
    article_add(r->p, line, PARAGRAPH_PLAIN, r->a);
}

static bool is_blank(str line) {
    return str_trim(line).size == 0;
}

/* The lines up to the next blank one, or one line where the text has no blank ones. */
static str stretch_at(str text, size_t *at, bool blank_lines) {
    size_t start = *at, end = start;
    while (*at < text.size) {
        size_t before = *at;
        str line = line_at(text, at);
        if (is_blank(line)) {
            if (end > start)
                break;
            start = *at;
            continue;
        }
        end = before + line.size;
        if (!blank_lines)
            break;
    }
    return str_slice(text, start, end > start ? end : start);
}

static bool has_blank_lines(str text) {
    bool seen = false, blank = false;
    for (size_t at = 0; at < text.size;) {
        bool now = is_blank(line_at(text, &at));
        if (seen && blank && !now)
            return true;
        seen = seen || !now;
        blank = now;
    }
    return false;
}

static void take_stretch(plain_reader *r, str stretch) {
    if (is_wrapped(stretch)) {
        take_line(r, collapsed(stretch, r->a));
        return;
    }
    for (size_t at = 0; at < stretch.size;)
        take_line(r, collapsed(line_at(stretch, &at), r->a));
}

/* The head of a saved page. */

enum { HEAD_LINES = 40, TEXT_LENGTH = 140 };

static bool is_text_line(str line) {
    return utf8_length(line) > TEXT_LENGTH || (ends_sentence(line) && word_count(line) > 6);
}

/* A label of a menu. */
static bool is_label(str line) {
    for (size_t i = 0; i < line.size; i++)
        if (line.data[i] >= '0' && line.data[i] <= '9')
            return false;
    return word_count(line) <= 2 && !ends_sentence(line);
}

/* A page saved with its menu begins with the site's name and the menu's labels: the headline stands behind
 * the last of them. Gives where it begins, 0 where there is no menu. */
static size_t skip_menu(str text, article *p, arena *a) {
    size_t at = 0, after = 0, labels = 0;
    str first = STR_NONE;
    for (size_t lines = 0; at < text.size && lines < HEAD_LINES;) {
        str line = collapsed(line_at(text, &at), a);
        if (!line.size)
            continue;
        if (is_text_line(line))
            break;
        if (lines++ == 0)
            first = line;
        else if (is_label(line)) {
            labels++;
            after = at;
        }
    }
    if (labels < 3)
        return 0;
    if (word_count(first) <= 6)
        p->outlet = first;
    return after;
}

/* The first line is the title where it is short, no sentence, and something follows. */
static bool is_title(str stretch, str rest) {
    return stretch.size && !memchr(stretch.data, '\n', stretch.size) &&
           utf8_length(stretch) <= LONGEST_TITLE && !str_ends(str_trim(stretch), STR(".")) && !is_blank(rest);
}

void plain_article(str text, arena *a, article *p) {
    plain_reader r = {.p = p, .a = a, .list = LINK_OTHER};
    text = with_line_feeds(text, a);
    bool blank_lines = has_blank_lines(text);
    for (size_t at = skip_menu(text, p, a); at < text.size;) {
        str stretch = stretch_at(text, &at, blank_lines);
        if (!r.titled && !p->paragraphs.size && is_title(stretch, str_slice(text, at, text.size))) {
            p->title = collapsed(stretch, a);
            r.titled = true;
            continue;
        }
        r.titled = true;
        take_stretch(&r, stretch);
    }
    if (p->paragraphs.size >= MOST_PARAGRAPHS) {
        p->truncated = true;
        article_warn(p, STR("the text has more than a million paragraphs: the rest was left out"), a);
    }
}
