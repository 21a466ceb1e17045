/* Folding and splitting in one pass.
 *
 * Each code point is looked at once: it is dropped (harakat, tatweel, bidi and zero-width controls), or it
 * has a folded form and a kind (letter, digit, mark, space). A token is a run of one kind. Sentences end at
 * . ! ? … ؟ before white space, and at line ends; a full stop after a single letter is none. What has gone on
 * for LONGEST_SENTENCE tokens is no sentence but a text without sentence ends: it is cut, between words where
 * there are any, so that what is done for each sentence stays bounded. */
#include "text/text.h"

#include "base/counters.h"
#include "base/utf8.h"

typedef enum folding_kind { DROP, LETTER, DIGIT, MARK, SPACE, LINE } folding_kind;

typedef struct folding {
    folding_kind kind;
    uint32_t to;
} folding;

/* Arabic letters U+0621 to U+064A, in order, by where they stand behind U+0600: 0 where none does. */
static const uint16_t arabic_letters[128] = {
    [0x21] = 0x621, 0x627, 0x627, 0x648, 0x627, 0x64A, 0x627, 0x628, 0x647, 0x62A, 0x62B,
    0x62C,          0x62D, 0x62E, 0x62F, 0x630, 0x631, 0x632, 0x633, 0x634, 0x635, 0x636,
    0x637,          0x638, 0x639, 0x63A, 0x643, 0x643, 0x64A, 0x64A, 0x64A, 0,     0x641,
    0x642,          0x643, 0x644, 0x645, 0x646, 0x647, 0x648, 0x64A, 0x64A};

/* Presentation forms B, U+FE80 to U+FEF4: how many forms each letter has, from hamza on. */
static const struct {
    uint16_t letter;
    uint8_t forms;
} presentation[] = {{0x621, 1}, {0x627, 2}, {0x627, 2}, {0x648, 2}, {0x627, 2}, {0x64A, 4},
                    {0x627, 2}, {0x628, 4}, {0x647, 2}, {0x62A, 4}, {0x62B, 4}, {0x62C, 4},
                    {0x62D, 4}, {0x62E, 4}, {0x62F, 2}, {0x630, 2}, {0x631, 2}, {0x632, 2},
                    {0x633, 4}, {0x634, 4}, {0x635, 4}, {0x636, 4}, {0x637, 4}, {0x638, 4},
                    {0x639, 4}, {0x63A, 4}, {0x641, 4}, {0x642, 4}, {0x643, 4}, {0x644, 4},
                    {0x645, 4}, {0x646, 4}, {0x647, 4}, {0x648, 2}, {0x64A, 2}, {0x64A, 4}};

static uint32_t presentation_letter(uint32_t c) {
    uint32_t at = 0xFE80;
    for (size_t i = 0; i < sizeof presentation / sizeof *presentation; i++) {
        at += presentation[i].forms;
        if (c < at)
            return presentation[i].letter;
    }
    return c;
}

/* Latin letters with accents, U+00C0 to U+017F, as ASCII ('*': not a letter that folds to one). */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo*ouuuuyty"
                            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllllll"
                            "lnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

static folding fold_arabic(uint32_t c) {
    if (c >= 0x621 && c <= 0x64A) {
        uint32_t to = arabic_letters[c - 0x600];
        return to ? (folding){LETTER, to} : (folding){DROP, 0};
    }
    if ((c >= 0x64B && c <= 0x65F) || c == 0x670 || (c >= 0x610 && c <= 0x61A) || (c >= 0x6D6 && c <= 0x6ED))
        return (folding){DROP, 0};
    if (c >= 0x660 && c <= 0x669)
        return (folding){DIGIT, '0' + c - 0x660};
    if (c >= 0x6F0 && c <= 0x6F9)
        return (folding){DIGIT, '0' + c - 0x6F0};
    switch (c) {
    case 0x60C:
        return (folding){MARK, ','};
    case 0x61B:
        return (folding){MARK, ';'};
    case 0x61C:
        return (folding){DROP, 0};
    case 0x61F:
        return (folding){MARK, '?'};
    case 0x66A:
        return (folding){MARK, '%'};
    case 0x66B:
        return (folding){MARK, '.'};
    case 0x66C:
        return (folding){MARK, ','};
    case 0x6D4:
        return (folding){MARK, '.'};
    case 0x671:
        return (folding){LETTER, 0x627};
    case 0x6A9:
        return (folding){LETTER, 0x643};
    case 0x6CC:
    case 0x6D2:
        return (folding){LETTER, 0x64A};
    case 0x6C0:
    case 0x6C1:
    case 0x6C3:
    case 0x6D5:
        return (folding){LETTER, 0x647};
    default:
        return (folding){LETTER, c};
    }
}

static folding fold_punctuation(uint32_t c) {
    if ((c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F))
        return (folding){DROP, 0};
    if ((c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F)
        return (folding){SPACE, ' '};
    if (c == 0x2028 || c == 0x2029)
        return (folding){LINE, '\n'};
    if (c >= 0x2010 && c <= 0x2015)
        return (folding){MARK, '-'};
    if (c == 0x2018 || c == 0x2019 || c == 0x201B)
        return (folding){MARK, '\''};
    if (c >= 0x201C && c <= 0x201F)
        return (folding){MARK, '"'};
    if (c == 0x2026)
        return (folding){MARK, '.'};
    return (folding){MARK, c};
}

static folding fold_ascii(uint32_t c) {
    if (c >= 'a' && c <= 'z')
        return (folding){LETTER, c};
    if (c >= 'A' && c <= 'Z')
        return (folding){LETTER, c + 32};
    if (c >= '0' && c <= '9')
        return (folding){DIGIT, c};
    if (c == '\n')
        return (folding){LINE, c};
    if (c <= ' ' || c == '_')
        return (folding){SPACE, ' '};
    return (folding){MARK, c};
}

static folding fold_one(uint32_t c) {
    if (c < 0x80)
        return fold_ascii(c);
    if (c >= 0x600 && c <= 0x6FF)
        return fold_arabic(c);
    if (c >= 0xC0 && c < 0xC0 + sizeof latin - 1)
        return latin[c - 0xC0] == '*' ? (folding){MARK, c}
                                      : (folding){LETTER, (unsigned char)latin[c - 0xC0]};
    if (c == 0xA0 || c == 0x85 || c == 0x3000)
        return (folding){SPACE, ' '};
    if (c == 0xAB || c == 0xBB)
        return (folding){MARK, '"'};
    if (c == 0xAD)
        return (folding){DROP, 0};
    if (c < 0xC0)
        return (folding){MARK, c};
    if (c >= 0x300 && c <= 0x36F)
        return (folding){DROP, 0};
    if (c >= 0x2000 && c <= 0x2BFF)
        return fold_punctuation(c);
    if (c >= 0xFE80 && c <= 0xFEF4)
        return (folding){LETTER, presentation_letter(c)};
    if (c == 0xFEFF || (c >= 0xFE00 && c <= 0xFE0F))
        return (folding){DROP, 0};
    if (c >= 0xFF10 && c <= 0xFF19)
        return (folding){DIGIT, '0' + c - 0xFF10};
    if (c >= 0x1F000 || (c >= 0x3000 && c <= 0x303F) || (c >= 0xFD3E && c <= 0xFD3F))
        return (folding){MARK, c};
    return (folding){LETTER, c};
}

/* The lam-alef ligatures are the only code points that fold to two letters. */
static bool is_lam_alef(uint32_t c) {
    return c >= 0xFEF5 && c <= 0xFEFC;
}

/* Joiners, bidi controls, soft hyphens: what is dropped, but no part of the letter before it. */
static bool is_control(uint32_t c) {
    return c == 0xAD || c == 0x61C || c == 0xFEFF || (c >= 0x200B && c <= 0x206F);
}

static size_t put_folded(char *out, uint32_t c, uint32_t folded) {
    if (is_lam_alef(c)) {
        size_t n = utf8_put(out, 0x644);
        return n + utf8_put(out + n, 0x627);
    }
    return utf8_put(out, folded);
}

enum { TATWEEL = 0x640, LONGEST_TEAR = 3 };

/* Words that a filter is to miss are torn: "مقـ.ـتل", "شهـ ـداء". Between two tatweels there is nothing else
 * that may stand. Returns the end of the tear behind a word's tatweel, or `at`. */
static size_t tear_end(str text, size_t at) {
    size_t end = at;
    while (end < text.size && end - at < LONGEST_TEAR && memchr(" .*/_-", text.data[end], 6))
        end++;
    bool torn = end > at && end + 1 < text.size && (unsigned char)text.data[end] == 0xD9 &&
                (unsigned char)text.data[end + 1] == 0x80;
    return torn ? end + 2 : at;
}

size_t text_fold(str s, char *out) {
    size_t size = 0;
    for (size_t at = 0; at < s.size;) {
        uint32_t c = utf8_next(s, &at);
        folding f = fold_one(c);
        if (c == TATWEEL)
            at = tear_end(s, at);
        if (f.kind != DROP)
            size += put_folded(out + size, c, f.kind == LINE ? ' ' : f.to);
    }
    return size;
}

enum { LONGEST_SENTENCE = 512 };

typedef struct splitter {
    tokens *out;
    arena *a;
    char *folded; /* where the next token's folded form is written */
    token now;    /* the open token; its kind holds while `open` */
    bool open, space;
    bool over; /* the open word has its last letter */
    size_t folded_size;
    uint32_t paragraph;
    uint32_t first; /* token of the open sentence */
    bool ending;    /* a mark that ends the sentence has been seen: it ends at the next space */
} splitter;

static void close_token(splitter *s) {
    if (!s->open)
        return;
    s->now.folded = (str){s->folded, s->folded_size};
    s->folded += s->folded_size;
    s->folded_size = 0;
    if (s->now.kind == TOKEN_NUMBER) {
        double value = 0, scale = 0;
        for (size_t i = 0; i < s->now.folded.size; i++) {
            char c = s->now.folded.data[i];
            if (c == '.')
                scale = 1;
            else
                value = value * 10 + (c - '0'), scale *= 10;
        }
        s->now.number = scale > 1 ? value / scale : value;
    }
    *VECTOR_PUSH(&s->out->token, s->a) = s->now;
    COUNT(tokens_visited, 1);
    s->open = false;
    s->space = false;
}

static void close_sentence(splitter *s) {
    close_token(s);
    uint32_t last = (uint32_t)s->out->token.size;
    if (last == s->first)
        return;
    sentence n = {s->out->token.at[s->first].start, s->out->token.at[last - 1].end, s->first, last,
                  s->paragraph};
    *VECTOR_PUSH(&s->out->sentence, s->a) = n;
    s->first = last;
    s->ending = false;
}

static void start_token(splitter *s, token_kind kind, uint32_t start) {
    close_token(s);
    if (s->out->token.size - s->first >= 2 * LONGEST_SENTENCE)
        close_sentence(s);
    s->now = (token){.kind = kind,
                     .start = start,
                     .end = start,
                     .sentence = (uint32_t)s->out->sentence.size,
                     .paragraph = s->paragraph,
                     .space_before = s->space || s->out->token.size == s->first};
    s->open = true;
    s->over = false;
}

/* A ta marbuta ends its word, whatever is glued to it. */
enum { TA_MARBUTA = 0x629, TA_MARBUTA_PAIR = 0xD8A9 };

/* Arabic letters and others make no word together: "الـCNN", a name of an account glued to what it says. */
static bool goes_on(const splitter *s, uint32_t letter) {
    if (!s->open || s->now.kind != TOKEN_WORD || s->over)
        return false;
    unsigned char last = s->folded_size >= 2 ? (unsigned char)s->folded[s->folded_size - 2] : 0;
    return (last >= 0xD8 && last <= 0xDB) == (letter >= 0x600 && letter < 0x700);
}

static void extend(splitter *s, uint32_t c, uint32_t to, uint32_t end) {
    s->folded_size += put_folded(s->folded + s->folded_size, c, to);
    s->now.end = end;
    s->over = c == TA_MARBUTA;
}

static size_t digit_run(str text, size_t *at, size_t limit) {
    size_t digits = 0;
    while (*at < text.size && digits < limit) {
        size_t next = *at;
        if (fold_one(utf8_next(text, &next)).kind != DIGIT)
            break;
        digits++;
        *at = next;
    }
    return digits;
}

/* Does the open number stand behind a point and another number, as the "01" of "12.01.2021"? */
static bool follows_point(const splitter *s) {
    size_t n = s->out->token.size;
    if (n < s->first + 2 || s->now.space_before)
        return false;
    const token *point = &s->out->token.at[n - 1];
    return !point->space_before && str_equal(point->folded, STR(".")) && point[-1].kind == TOKEN_NUMBER;
}

/* A separator between digits: "1,200", "12.5", "٣٬٠٠٠": thousands in threes, or a decimal point. The
 * points of "12.01.2021" are none. */
static bool joins_digits(const splitter *s, str text, size_t after, uint32_t mark) {
    if ((mark != ',' && mark != '.' && mark != '\'') || memchr(s->folded, '.', s->folded_size))
        return false;
    if (mark == '.' && follows_point(s))
        return false;
    size_t at = after, digits = digit_run(text, &at, 5);
    bool point_follows =
        at + 1 < text.size && text.data[at] == '.' && text.data[at + 1] >= '0' && text.data[at + 1] <= '9';
    return mark == '.' ? digits >= 1 && !point_follows : digits == 3;
}

static bool next_is_space(str text, size_t at) {
    while (at < text.size) {
        folding f = fold_one(utf8_next(text, &at));
        if (f.kind == DROP || (f.kind == MARK && (f.to == '"' || f.to == '\'' || f.to == ')' || f.to == '.')))
            continue;
        return f.kind == SPACE || f.kind == LINE;
    }
    return true;
}

/* Does a sentence end after the mark that was just closed? */
static bool ends_sentence(const splitter *s, str text, size_t after, uint32_t mark) {
    if (mark == '!' || mark == '?' || mark == ';')
        return mark != ';' && next_is_space(text, after);
    if (mark != '.' || !next_is_space(text, after))
        return false;
    size_t n = s->out->token.size;
    if (n < s->first + 2 || s->out->token.at[n - 2].kind != TOKEN_WORD)
        return true;
    str before = s->out->token.at[n - 2].folded;
    bool latin_word = (unsigned char)before.data[0] < 0x80;
    return !(latin_word && before.size == 1) && utf8_length(before) > 1;
}

enum { GLUED_LETTERS = 4 };

/* "… in the village.The army said …": Arabic has no capitals, and its pages often no space behind the full
 * stop. A sentence ends there between two words too long for an abbreviation or a domain ("site.net"); the
 * dots that some put inside words, to hide them from filters, have a letter or a tatweel beside them. */
static bool ends_glued(const splitter *s, str text, size_t after, uint32_t mark) {
    size_t n = s->out->token.size, letters = 0;
    if (mark != '.' || n < s->first + 3)
        return false;
    const token *before = &s->out->token.at[n - 2];
    bool closed = before->kind == TOKEN_MARK && str_equal(before->folded, STR("\""));
    if (s->out->token.at[n - 1].space_before || before->end != s->out->token.at[n - 1].start ||
        (!closed && (before->kind != TOKEN_WORD || utf8_length(before->folded) < GLUED_LETTERS)))
        return false;
    for (size_t at = after; at < text.size && letters < GLUED_LETTERS; letters++) {
        uint32_t c = utf8_next(text, &at);
        if (c < 0x621 || c > 0x64A || c == 0x640)
            return false;
    }
    return letters == GLUED_LETTERS;
}

/* A red dot, a flag, a square: before a sentence it draws the eye and says nothing. */
static bool is_picture(uint32_t c) {
    return c >= 0x1F000 || (c >= 0x25A0 && c <= 0x27BF) || (c >= 0x2B00 && c <= 0x2BFF);
}

static void take(splitter *s, str text, uint32_t c, size_t before, size_t after) {
    folding f = fold_one(c);
    if (f.kind == MARK && is_picture(c) && !s->open && s->out->token.size == s->first)
        return;
    if (f.kind == LETTER) {
        if (!goes_on(s, f.to))
            start_token(s, TOKEN_WORD, (uint32_t)before);
        extend(s, c, f.to, (uint32_t)after);
    } else if (f.kind == DIGIT) {
        if (!s->open || s->now.kind != TOKEN_NUMBER)
            start_token(s, TOKEN_NUMBER, (uint32_t)before);
        extend(s, c, f.to, (uint32_t)after);
    } else if (f.kind == MARK) {
        if (s->open && s->now.kind == TOKEN_NUMBER && joins_digits(s, text, after, f.to)) {
            if (f.to == '.')
                extend(s, '.', '.', (uint32_t)after);
            return;
        }
        start_token(s, TOKEN_MARK, (uint32_t)before);
        extend(s, c, f.to, (uint32_t)after);
        close_token(s);
        s->ending |= ends_sentence(s, text, after, f.to);
        if (ends_glued(s, text, after, f.to))
            close_sentence(s);
    } else if (f.kind == DROP) {
        if (s->open && s->now.kind == TOKEN_WORD && !is_control(c))
            s->now.end =
                (uint32_t)after; /* harakat belong to their word, a control only between its letters */
    } else {
        close_token(s);
        if (s->ending || f.kind == LINE || s->out->token.size - s->first >= LONGEST_SENTENCE)
            close_sentence(s);
        s->space = true;
        s->paragraph += f.kind == LINE;
    }
}

static inline unsigned pair_at(const unsigned char *p) {
    return (unsigned)p[0] << 8 | p[1];
}

/* What two bytes fold to where they are an Arabic letter that folds to one of two bytes; else 0. */
static inline unsigned fold_pair(unsigned pair) {
    return (pair & 0xFEC0) == 0xD880 ? arabic_letters[(pair >> 2 & 0x40) | (pair & 0x3F)] : 0;
}

/* The usual case without detours: a run of Arabic letters of two bytes, each of which folds to one of two
 * bytes. Returns where it ends. */
static size_t take_letters(splitter *s, str text, size_t at) {
    const unsigned char *p = (const unsigned char *)text.data + at,
                        *end = (const unsigned char *)text.data + text.size;
    unsigned pair = end - p >= 2 ? pair_at(p) : 0, to = fold_pair(pair);
    if (!to)
        return at;
    if (!goes_on(s, to))
        start_token(s, TOKEN_WORD, (uint32_t)at);
    char *out = s->folded + s->folded_size;
    do {
        out[0] = (char)(0xC0 | to >> 6);
        out[1] = (char)(0x80 | (to & 0x3F));
        out += 2, p += 2;
        s->over = pair == TA_MARBUTA_PAIR;
        pair = end - p >= 2 ? pair_at(p) : 0;
    } while (!s->over && (to = fold_pair(pair)));
    s->folded_size = (size_t)(out - s->folded);
    s->now.end = (uint32_t)(p - (const unsigned char *)text.data);
    return s->now.end;
}

void text_tokens(str text, arena *a, tokens *out) {
    *out = (tokens){.text = text};
    VECTOR_RESERVE(&out->token, a, text.size / 6 + 16);
    /* A code point's folded form is never longer than three bytes for two. */
    splitter s = {.out = out, .a = a, .folded = arena_take(a, text.size * 2 + 8)};
    for (size_t at = 0; at < text.size;) {
        size_t before = at;
        if ((at = take_letters(&s, text, at)) != before)
            continue;
        unsigned char ascii = (unsigned char)text.data[at];
        uint32_t c = ascii < 0x80 ? (at++, ascii) : utf8_next(text, &at);
        if (c == TATWEEL && s.open && s.now.kind == TOKEN_WORD)
            at = tear_end(text, at);
        take(&s, text, c, before, at);
    }
    COUNT(bytes_folded, text.size);
    close_sentence(&s);
    out->paragraphs = s.paragraph + 1;
}

enum { SAMPLE = 64 };

void code_points_build(str text, arena *a, code_points *out) {
    uint32_t *sample = arena_alloc(a, (text.size / SAMPLE + 2) * sizeof *sample);
    uint32_t n = 0;
    for (size_t at = 0; at <= text.size; at += SAMPLE) {
        sample[at / SAMPLE] = n;
        size_t end = at + SAMPLE < text.size ? at + SAMPLE : text.size;
        n += (uint32_t)utf8_length(str_slice(text, at, end));
    }
    *out = (code_points){text, sample};
}

uint32_t code_points_at(const code_points *c, uint32_t byte) {
    return c->sample[byte / SAMPLE] + (uint32_t)utf8_length(str_slice(c->text, byte - byte % SAMPLE, byte));
}
