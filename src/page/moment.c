/* A date is read from a row of tokens: numbers, words (most of them months), signs. At each token the
 * patterns below are tried; the first Gregorian date wins, a Hijri one only where no Gregorian one stands
 * beside it, as sites that give both mean the same day. The time of day may follow or precede the date. */
#include "page/moment.h"

#include "page/moment_tokens.h"

/* A month's name of one or two words; gives how many. */
static size_t month_at(const token *t, int *month, calendar *which) {
    size_t used;
    const word_entry *entry = words_at(&month_table, t, &used);
    if (!entry)
        return 0;
    *month = entry->value;
    *which = (calendar)entry->extra;
    return used + (used == 1 && is_sign(&t[1], '.'));
}

/* "/ March" or "(March)": the same month by its other name. */
static size_t other_name_at(const token *t) {
    int month;
    calendar which;
    if (!is_sign(t, '/') && !is_sign(t, '(') && !is_sign(t, '-'))
        return 0;
    size_t used = month_at(t + 1, &month, &which);
    return used ? 1 + used + is_sign(&t[1 + used], ')') : 0;
}

typedef struct found {
    ymd date;
    calendar which;
    size_t start, end; /* tokens */
} found;

static bool plausible(const found *f) {
    if (f->which == CALENDAR_HIJRI)
        return f->date.year >= 1350 && f->date.year <= 1550 && f->date.day >= 1 && f->date.day <= 30;
    return f->date.year >= 1980 && f->date.year <= 2100 && ymd_valid(f->date);
}

static const char *const ordinal_endings[] = {"st", "nd", "rd", "th", NULL};
static const char *const between_day_and_month[] = {"of", "من", "شهر", NULL};
static const char *const era_words[] = {"عام", "سنه", "لعام", "لسنه", NULL};

/* 14 January 2021, 14 كانون الثاني / يناير 2021, 1 جمادى الآخرة 1442 */
static bool day_month_year(const token *t, found *f) {
    if (!is_number(t, 1, 2))
        return false;
    size_t i = 1 + is_one_of(&t[1], ordinal_endings);
    i += is_sign(&t[i], '-') || is_sign(&t[i], '/');
    while (is_one_of(&t[i], between_day_and_month))
        i++;
    int month;
    size_t used = month_at(&t[i], &month, &f->which);
    if (!used)
        return false;
    i += used;
    i += other_name_at(&t[i]);
    i += is_sign(&t[i], '-') || is_sign(&t[i], '/');
    i += is_one_of(&t[i], era_words);
    if (!is_number(&t[i], 4, 4))
        return false;
    f->date = (ymd){(int)t[i].number, month, (int)t[0].number};
    f->end = i + 1;
    return true;
}

/* January 14, 2021 */
static bool month_day_year(const token *t, found *f) {
    int month;
    size_t i = month_at(t, &month, &f->which);
    if (!i || !is_number(&t[i], 1, 2))
        return false;
    size_t day_at = i++;
    i += is_one_of(&t[i], ordinal_endings);
    if (!is_number(&t[i], 4, 4))
        return false;
    f->date = (ymd){(int)t[i].number, month, (int)t[day_at].number};
    f->end = i + 1;
    return true;
}

static bool same_signs(const token *t) {
    return t[1].kind == TOKEN_SIGN && t[3].kind == TOKEN_SIGN && t[1].sign == t[3].sign &&
           (t[1].sign == '-' || t[1].sign == '/' || t[1].sign == '.');
}

/* 2021-01-14, 2021/1/14, 14/01/2021, 14.01.2021 */
static bool numbers_only(const token *t, moment_style style, found *f) {
    if (!is_number(&t[0], 1, 4) || !is_number(&t[2], 1, 2) || !is_number(&t[4], 1, 4) || !same_signs(t))
        return false;
    f->which = CALENDAR_GREGORIAN;
    f->end = 5;
    int first = (int)t[0].number, middle = (int)t[2].number, last = (int)t[4].number;
    if (t[0].digits == 4 && t[4].digits <= 2) {
        f->date = (ymd){first, middle, last};
        return true;
    }
    if (t[0].digits > 2 || t[4].digits != 4)
        return false;
    bool month_first = middle > 12 || (style.month_first && first <= 12);
    f->date = month_first ? (ymd){last, first, middle} : (ymd){last, middle, first};
    return true;
}

/* 20210114, perhaps with T093000 behind it */
static bool compact(const token *t, found *f) {
    if (!is_number(t, 8, 8) && !is_number(t, 14, 14))
        return false;
    int64_t n = t->digits == 14 ? t->number / 1000000 : t->number;
    f->which = CALENDAR_GREGORIAN;
    f->date = (ymd){(int)(n / 10000), (int)(n / 100 % 100), (int)(n % 100)};
    f->end = 1;
    return true;
}

static bool date_at(const tokens *all, size_t at, moment_style style, found *f) {
    const token *t = &all->at[at];
    *f = (found){0};
    bool hit = day_month_year(t, f) || month_day_year(t, f) || numbers_only(t, style, f) || compact(t, f);
    f->start = at;
    f->end += at;
    return hit && plausible(f);
}

/* 9am, 9 مساءً: an hour alone needs its half of the day. */
static bool hour_at(const token *t, clock_time *c) {
    bool evening = is_evening(&t[1]), morning = is_morning(&t[1]);
    if (!is_number(t, 1, 2) || t->number < 1 || t->number > 12 || !(evening || morning) ||
        strlen(t[1].word) < 2)
        return false;
    *c = (clock_time){.told = true, .hour = (int)t->number % 12 + (evening ? 12 : 0)};
    return true;
}

/* The clock behind the date, or before it. */
static clock_time clock_near(const tokens *t, const found *f) {
    clock_time c = {0};
    const token *after = &t->at[f->end], *first = &t->at[f->start];
    if (is_number(first, 14, 14) && f->end - f->start == 1)
        return (clock_time){.told = true,
                            .hour = (int)(first->number / 10000 % 100),
                            .minute = (int)(first->number / 100 % 100)};
    if (after[0].kind == TOKEN_NUMBER && after[0].digits == 6 && f->end - f->start == 1)
        return (clock_time){.told = true,
                            .hour = (int)(after[0].number / 10000),
                            .minute = (int)(after[0].number / 100 % 100)};
    if (is_word(after, "t") && is_number(&after[1], 4, 6)) {
        int64_t n = after[1].digits == 6 ? after[1].number / 100 : after[1].number;
        c = (clock_time){.told = true, .hour = (int)(n / 100), .minute = (int)(n % 100)};
        offset_at(&after[2], &c);
        return c;
    }
    for (size_t i = f->end; i < f->end + 7 && i < t->count; i++)
        if (clock_at(&t->at[i], &c) || hour_at(&t->at[i], &c))
            return c;
    size_t from = f->start > 9 ? f->start - 9 : 0;
    for (size_t i = from; i < f->start; i++)
        if (clock_at(&t->at[i], &c))
            return c;
    return (clock_time){0};
}

static day day_of_found(const found *f) {
    return f->which == CALENDAR_HIJRI ? day_of_hijri(f->date.year, f->date.month, f->date.day)
                                      : day_of(f->date.year, f->date.month, f->date.day);
}

day moment_day(const moment *m) {
    return day_parse(m->value);
}

static str offset_text(arena *a, int minutes) {
    int size = minutes < 0 ? -minutes : minutes;
    return arena_printf(a, "%c%02d:%02d", minutes < 0 ? '-' : '+', size / 60, size % 60);
}

static bool make_moment(day d, const clock_time *c, arena *a, moment *out) {
    if (d == DAY_NONE)
        return false;
    str value = day_format(a, d);
    bool told = c->told && c->hour <= 23 && c->minute <= 59;
    out->value = told ? arena_printf(a, "%.*sT%02d:%02d", STR_ARG(value), c->hour, c->minute) : value;
    out->offset = told && c->offset_told ? offset_text(a, c->offset) : STR_NONE;
    return true;
}

static int digits_of(str s, size_t at) {
    return (s.data[at] - '0') * 10 + (s.data[at + 1] - '0');
}

bool moment_clock(const moment *m, int64_t *minutes, int *ahead) {
    enum { DAY_SIZE = 10, CLOCK_SIZE = 16 };
    if (m->value.size != CLOCK_SIZE)
        return false;
    *minutes = (int64_t)moment_day(m) * 1440 + digits_of(m->value, DAY_SIZE + 1) * 60 +
               digits_of(m->value, DAY_SIZE + 4);
    *ahead = INT_MIN;
    if (m->offset.size) {
        int size = digits_of(m->offset, 1) * 60 + digits_of(m->offset, 4);
        *ahead = m->offset.data[0] == '-' ? -size : size;
    }
    return true;
}

moment moment_at(int64_t minutes, int ahead, arena *a) {
    int64_t of_day = minutes % 1440;
    of_day += of_day < 0 ? 1440 : 0;
    clock_time c = {true, (int)(of_day / 60), (int)(of_day % 60), ahead != INT_MIN, ahead};
    moment m = {0};
    make_moment((day)((minutes - of_day) / 1440), &c, a, &m);
    return m;
}

static bool read_epoch(const tokens *t, arena *a, moment *out) {
    if (t->count != 1 || !(is_number(&t->at[0], 10, 10) || is_number(&t->at[0], 13, 13)))
        return false;
    int64_t seconds = t->at[0].digits == 13 ? t->at[0].number / 1000 : t->at[0].number;
    clock_time c = {true, (int)(seconds / 3600 % 24), (int)(seconds / 60 % 60), true, 0};
    return make_moment((day)(seconds / 86400), &c, a, out);
}

/* Digits of the scripts that are read; what has none tells no date. */
static bool has_digit(str s) {
    for (size_t i = 0; i < s.size; i++) {
        unsigned char c = (unsigned char)s.data[i];
        unsigned char next = i + 1 < s.size ? (unsigned char)s.data[i + 1] : 0;
        if ((c >= '0' && c <= '9') || (c == 0xD9 && next >= 0xA0 && next <= 0xA9) ||
            (c == 0xDB && next >= 0xB0 && next <= 0xB9))
            return true;
    }
    return false;
}

bool moment_read(str text, moment_style style, arena *a, moment *out) {
    if (!has_digit(text))
        return false;
    tokens t = moment_tokens(text);
    found hijri = {0};
    bool hijri_told = false;
    if (style.epoch && read_epoch(&t, a, out))
        return true;
    for (size_t i = 0; i < t.count; i++) {
        found f;
        if (!date_at(&t, i, style, &f))
            continue;
        if (f.which == CALENDAR_GREGORIAN) {
            clock_time c = clock_near(&t, &f);
            return make_moment(day_of_found(&f), &c, a, out);
        }
        if (!hijri_told)
            hijri = f;
        hijri_told = true;
    }
    if (!hijri_told)
        return false;
    clock_time c = clock_near(&t, &hijri);
    return make_moment(day_of_found(&hijri), &c, a, out);
}

/* In a web address. */

static bool digits_at(str s, size_t at, size_t count, int *out) {
    *out = 0;
    if (at + count > s.size || (at > 0 && s.data[at - 1] >= '0' && s.data[at - 1] <= '9'))
        return false;
    for (size_t i = at; i < at + count; i++) {
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
        *out = *out * 10 + (s.data[i] - '0');
    }
    return at + count == s.size || s.data[at + count] < '0' || s.data[at + count] > '9';
}

static bool is_separator(str s, size_t at) {
    return at < s.size && (s.data[at] == '/' || s.data[at] == '-' || s.data[at] == '_');
}

/* year, separator, month of one or two digits, separator, day of one or two digits */
static bool parts_at(str s, size_t at, ymd *d) {
    if (!digits_at(s, at, 4, &d->year) || !is_separator(s, at + 4))
        return false;
    size_t month = at + 5, wide = digits_at(s, month, 2, &d->month)   ? 2
                                  : digits_at(s, month, 1, &d->month) ? 1
                                                                      : 0;
    if (!wide || !is_separator(s, month + wide))
        return false;
    size_t last = month + wide + 1;
    return digits_at(s, last, 2, &d->day) || digits_at(s, last, 1, &d->day);
}

static bool compact_at(str s, size_t at, ymd *d) {
    int n;
    if (!digits_at(s, at, 8, &n))
        return false;
    *d = (ymd){n / 10000, n / 100 % 100, n % 100};
    return true;
}

bool moment_in_address(str url, arena *a, moment *out) {
    for (size_t at = 0; at + 8 <= url.size; at++) {
        found f = {.which = CALENDAR_GREGORIAN};
        if (url.data[at] != '1' && url.data[at] != '2')
            continue;
        if ((parts_at(url, at, &f.date) || compact_at(url, at, &f.date)) && plausible(&f) &&
            f.date.year >= 1995 && f.date.year <= 2060) {
            out->value = day_format(a, day_of_found(&f));
            out->offset = STR_NONE;
            return true;
        }
    }
    return false;
}
