/* Times told from the moment of reading, by the words of data/page/relative.tsv: "منذ ساعتين", "an hour, 20
 * minutes ago", "أمس 10:30". They mean something only beside the time of the capture. */
#include "page/moment.h"

#include "page/moment_tokens.h"

typedef struct span_of_time {
    int64_t minutes;
    int exact; /* EXACT_ bits of its units */
    size_t end;
} span_of_time;

static int what_of(const word_entry *e) {
    return e ? e->value & RELATIVE_WHAT : 0;
}

static size_t skip_fill(const tokens *t, size_t at) {
    size_t used;
    while (at < t->count && (t->at[at].kind == TOKEN_SIGN ||
                             what_of(words_at(&relative_table, &t->at[at], &used)) == RELATIVE_FILL))
        at += t->at[at].kind == TOKEN_SIGN ? 1 : used;
    return at;
}

/* "2 hours", "ساعتين", "an hour, 20 minutes": counts and units in a row. */
static bool span_at(const tokens *t, size_t at, span_of_time *out) {
    enum { MOST = 1000 };
    *out = (span_of_time){.end = at};
    int64_t count = -1;
    for (size_t used; at < t->count; at += used) {
        const token *one = &t->at[at];
        used = 1;
        const word_entry *e = words_at(&relative_table, one, &used);
        if (is_number(one, 1, 3)) {
            count = one->number;
        } else if (what_of(e) == RELATIVE_COUNT) {
            count = e->extra;
        } else if (what_of(e) == RELATIVE_UNIT) {
            out->minutes += (count < 0 ? 1 : count) * e->extra;
            out->exact |= e->value;
            out->end = at + used;
            count = -1;
        } else if (!is_word(one, "و") && !is_word(one, "and")) {
            break;
        }
    }
    return out->end > 0 && out->exact && out->minutes < (int64_t)MOST * 1440;
}

static moment moment_of_span(const span_of_time *s, int64_t now, arena *a) {
    moment m = moment_at(now - s->minutes, 0, a);
    if (s->exact & EXACT_DAY)
        m = (moment){.value = str_slice(m.value, 0, 10)};
    return m;
}

/* "yesterday", and perhaps the time of day. */
static moment moment_of_day(const tokens *t, size_t behind, const word_entry *e, int64_t now, arena *a) {
    if (e->value & EXACT_NOW)
        return moment_at(now, 0, a);
    int64_t midnight = (now / 1440 + e->extra) * 1440;
    clock_time c;
    size_t at = skip_fill(t, behind);
    if (at < t->count && clock_at(&t->at[at], &c))
        return moment_at(midnight + c.hour * 60 + c.minute, c.offset_told ? c.offset : INT_MIN, a);
    return (moment){.value = str_slice(moment_at(midnight, 0, a).value, 0, 10)};
}

bool moment_relative(str text, int64_t now, arena *a, moment *out) {
    if (now <= 0)
        return false;
    tokens t = moment_tokens(text);
    for (size_t i = skip_fill(&t, 0); i < t.count;) {
        size_t used = 1;
        const word_entry *e = words_at(&relative_table, &t.at[i], &used);
        span_of_time s;
        bool ago = what_of(e) == RELATIVE_AGO;
        if (what_of(e) == RELATIVE_DAY) {
            *out = moment_of_day(&t, i + used, e, now, a);
            return true;
        }
        size_t from = ago ? skip_fill(&t, i + used) : i;
        if (span_at(&t, from, &s)) {
            size_t behind;
            ago = ago || (s.end < t.count &&
                          what_of(words_at(&relative_table, &t.at[s.end], &behind)) == RELATIVE_AGO);
            if (ago) {
                *out = moment_of_span(&s, now, a);
                return true;
            }
            used = s.end - i;
        }
        i = skip_fill(&t, i + used);
    }
    return false;
}

/* Words of the table, numbers, months' names and signs alone. */
bool moment_is_relative(str line, arena *a) {
    moment m;
    enum { ANY = 1440 * 366 };
    tokens t = moment_tokens(line);
    bool only = t.count > 0;
    for (size_t i = 0, used = 1; i < t.count && only; i += used) {
        const token *one = &t.at[i];
        used = 1;
        only = one->kind != TOKEN_WORD || words_at(&relative_table, one, &used) || is_morning(one) ||
               is_evening(one) || is_word(one, "و") || is_word(one, "and");
    }
    return only && moment_relative(line, ANY, a, &m);
}

bool moment_clock_only(str text, int *minutes) {
    tokens t = moment_tokens(text);
    clock_time c;
    for (size_t i = 0; i < t.count; i++)
        if (clock_at(&t.at[i], &c)) {
            *minutes = c.hour * 60 + c.minute;
            return true;
        }
    return false;
}
