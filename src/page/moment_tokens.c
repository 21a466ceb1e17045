#include "page/moment_tokens.h"

#include "base/utf8.h"

static void add_digit(token *t, int value) {
    if (t->digits < 18)
        t->number = t->number * 10 + value;
    t->digits++;
}

static void add_letter(token *t, uint32_t c) {
    char bytes[4];
    size_t size = fold_put(bytes, c), used = strlen(t->word);
    if (used + size < LONGEST_WORD)
        memcpy(t->word + used, bytes, size);
}

static bool is_white(uint32_t c) {
    return c <= ' ' || c == 0xA0 || c == 0x2009 || c == 0x202F || (c >= 0x200E && c <= 0x200F) ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x060C || c == ',';
}

tokens moment_tokens(str s) {
    enum { MOST_BYTES = 600 };
    tokens t = {0};
    bool space = true;
    if (s.size > MOST_BYTES)
        s.size = MOST_BYTES;
    for (size_t at = 0; at < s.size && t.count <= MOST_TOKENS;) {
        uint32_t c = utf8_next(s, &at);
        int value = digit_value(c);
        token_kind kind = value >= 0 ? TOKEN_NUMBER : is_word_code(c) ? TOKEN_WORD : TOKEN_SIGN;
        if (is_white(c)) {
            space = true;
            continue;
        }
        bool goes_on = t.count && !space && kind != TOKEN_SIGN && t.at[t.count - 1].kind == kind;
        if (!goes_on && t.count == MOST_TOKENS)
            break;
        token *to = goes_on ? &t.at[t.count - 1] : &t.at[t.count++];
        if (!goes_on)
            *to = (token){.kind = kind, .space = space};
        space = false;
        if (kind == TOKEN_NUMBER)
            add_digit(to, value);
        else if (kind == TOKEN_WORD)
            add_letter(to, c);
        else
            to->sign = c == 0x2013 || c == 0x2212 ? '-' : c;
    }
    return t;
}

bool is_number(const token *t, unsigned least, unsigned most) {
    return t->kind == TOKEN_NUMBER && t->digits >= least && t->digits <= most;
}

bool is_sign(const token *t, uint32_t sign) {
    return t->kind == TOKEN_SIGN && t->sign == sign;
}

bool is_word(const token *t, const char *word) {
    return t->kind == TOKEN_WORD && strcmp(t->word, word) == 0;
}

bool is_one_of(const token *t, const char *const *words) {
    for (; *words; words++)
        if (is_word(t, *words))
            return true;
    return false;
}

const word_entry *words_at(const word_table *table, const token *t, size_t *used) {
    if (t->kind != TOKEN_WORD)
        return NULL;
    char two[2 * LONGEST_WORD + 2];
    size_t first = strlen(t[0].word), second = t[1].kind == TOKEN_WORD ? strlen(t[1].word) : 0;
    memcpy(two, t[0].word, first);
    two[first] = ' ';
    memcpy(two + first + 1, t[1].word, second);
    const word_entry *entry = second ? table_find(table, (str){two, first + 1 + second}) : NULL;
    *used = entry ? 2 : 1;
    return entry ? entry : table_find(table, (str){two, first});
}

static const char *const morning_words[] = {"am", "a", "ص", "صباحا", "صباح", NULL};
static const char *const evening_words[] = {"pm", "p", "م", "مساء", "مساءا", "ظهرا", NULL};

bool is_morning(const token *t) {
    return is_one_of(t, morning_words);
}

bool is_evening(const token *t) {
    return is_one_of(t, evening_words);
}

/* "بتوقيت غرينتش", "GMT", "EST": a zone by its name. */
static bool zone_at(const token *t, size_t *used, int *minutes) {
    static const char *const by_the_clock_of[] = {"بتوقيت", "توقيت", NULL};
    size_t before = is_sign(t, '(');
    before += is_one_of(&t[before], by_the_clock_of);
    const word_entry *zone = words_at(&zone_table, &t[before], used);
    *used += before;
    *minutes = zone ? zone->value : 0;
    return zone != NULL;
}

static bool digits_of_offset(const token *t, bool near, int sign, int *offset) {
    if (!near)
        return false;
    if (is_number(t, 4, 4))
        *offset = sign * ((int)t->number / 100 * 60 + (int)t->number % 100);
    else if (is_number(t, 1, 2) && is_sign(&t[1], ':') && is_number(&t[2], 2, 2))
        *offset = sign * ((int)t->number * 60 + (int)t[2].number);
    else if (is_number(t, 1, 2) && !is_sign(&t[1], '-') && !is_sign(&t[1], '/'))
        *offset = sign * (int)t->number * 60;
    else
        return false;
    return true;
}

void offset_at(const token *t, clock_time *c) {
    size_t used = 0;
    int minutes, more;
    bool zone = zone_at(t, &used, &minutes);
    const token *s = zone ? t + used : t;
    int sign = is_sign(s, '+') ? 1 : is_sign(s, '-') ? -1 : 0;
    bool near = sign && !s[1].space && (zone || !s->space || s[1].digits == 4);
    if (digits_of_offset(&s[1], near, sign, &more))
        minutes = more;
    else if (!zone)
        return;
    c->offset = minutes;
    c->offset_told = minutes >= -14 * 60 && minutes <= 14 * 60;
}

/* hh:mm[:ss[.fff]] [am|pm] [offset] */
bool clock_at(const token *t, clock_time *c) {
    if (!is_number(&t[0], 1, 2) || !(is_sign(&t[1], ':') || is_sign(&t[1], '.')) || !is_number(&t[2], 2, 2) ||
        t[2].space || t[1].space)
        return false;
    *c = (clock_time){.told = true, .hour = (int)t[0].number, .minute = (int)t[2].number};
    size_t i = 3;
    if (is_sign(&t[i], ':') && is_number(&t[i + 1], 2, 2))
        i += 2;
    if (is_sign(&t[i], '.') && t[i + 1].kind == TOKEN_NUMBER && !t[i + 1].space)
        i += 2;
    if (is_evening(&t[i]) && c->hour < 12)
        c->hour += 12;
    else if (is_morning(&t[i]) && c->hour == 12)
        c->hour = 0;
    if (is_evening(&t[i]) || is_morning(&t[i]))
        i += is_sign(&t[i + 1], '.') && is_word(&t[i + 2], "m") ? 3 + is_sign(&t[i + 3], '.') : 1;
    offset_at(&t[i], c);
    return c->hour <= 23 && c->minute <= 59;
}
