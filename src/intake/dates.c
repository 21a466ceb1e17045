#include "intake/dates.h"

#include "base/ascii.h"
#include "base/calendar.h"

typedef struct reading_date {
    int year, month, day, hour, minute, second;
    int ahead; /* minutes before Greenwich */
    bool timed;
} reading_date;

static int number_of(str s) {
    int n = 0;
    for (size_t i = 0; i < s.size && i < 6; i++)
        n = n * 10 + (s.data[i] - '0');
    return n;
}

static size_t digits_at(str s, size_t at) {
    size_t n = 0;
    while (at + n < s.size && ascii_is_digit(s.data[at + n]))
        n++;
    return n;
}

static bool read_month(str s, size_t at, int *month) {
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (s.size - at < 3)
        return false;
    for (int i = 0; i < 12; i++)
        if (str_equal_ascii_nocase(str_slice(s, at, at + 3), (str){names + (size_t)i * 3, 3})) {
            *month = i + 1;
            return true;
        }
    return false;
}

/* "14:56:23", "14:56" */
static size_t read_clock(str s, size_t at, reading_date *d) {
    int *parts[] = {&d->hour, &d->minute, &d->second};
    for (size_t i = 0; i < 3; i++) {
        size_t n = digits_at(s, at);
        if (n == 0 || n > 2)
            break;
        *parts[i] = number_of(str_slice(s, at, at + n));
        at += n;
        if (i == 2 || at >= s.size || s.data[at] != ':')
            break;
        at++;
    }
    d->timed = true;
    return at;
}

/* "+0100", "+01:00", "+1" */
static size_t read_zone(str s, size_t at, reading_date *d) {
    int sign = s.data[at] == '-' ? -1 : 1;
    size_t n = digits_at(s, at + 1), end = at + 1 + n;
    if (n == 0 || n > 4)
        return at + 1;
    int value = number_of(str_slice(s, at + 1, end));
    int hours = n > 2 ? value / 100 : value, minutes = n > 2 ? value % 100 : 0;
    if (n <= 2 && end + 2 < s.size && s.data[end] == ':' && digits_at(s, end + 1) == 2) {
        minutes = number_of(str_slice(s, end + 1, end + 3));
        end += 3;
    }
    d->ahead = sign * (hours * 60 + minutes);
    return end;
}

static void read_american_zone(str s, size_t at, reading_date *d) {
    static const struct {
        char name[4];
        int hours;
    } zones[] = {{"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5},
                 {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7}};
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (str_starts(str_slice(s, at, s.size), (str){zones[i].name, 3}))
            d->ahead = zones[i].hours * 60;
}

static size_t read_number(str s, size_t at, reading_date *d) {
    size_t n = digits_at(s, at), end = at + n;
    if (end < s.size && s.data[end] == ':' && n <= 2 && !d->timed)
        return read_clock(s, at, d);
    int value = n <= 5 ? number_of(str_slice(s, at, end)) : 0;
    if (n == 4 && !d->year) {
        d->year = value;
        if (end + 5 < s.size && s.data[end] == '-' && digits_at(s, end + 1) == 2 && s.data[end + 3] == '-') {
            d->month = number_of(str_slice(s, end + 1, end + 3));
            d->day = number_of(str_slice(s, end + 4, end + 4 + (digits_at(s, end + 4) < 2 ? 0 : 2)));
            end += 6;
        }
    } else if (n <= 2 && !d->day) {
        d->day = value;
    } else if (n == 2 && !d->year) {
        d->year = value < 70 ? 2000 + value : 1900 + value;
    }
    return end;
}

static bool read_date(str s, reading_date *out) {
    enum { LONGEST = 120, FIRST_YEAR = 1900 };
    reading_date d = {0};
    if (s.size > LONGEST)
        s.size = LONGEST;
    for (size_t at = 0; at < s.size;) {
        char c = s.data[at];
        if (c == '(') {
            break; /* the zone's name */
        } else if (ascii_is_digit(c)) {
            at = read_number(s, at, &d);
        } else if ((c == '+' || c == '-') && d.timed) {
            at = read_zone(s, at, &d);
        } else if (ascii_is_letter(c)) {
            if (!d.month)
                read_month(s, at, &d.month);
            else if (d.timed)
                read_american_zone(s, at, &d);
            while (at < s.size && ascii_is_letter(s.data[at]))
                at++;
        } else {
            at++;
        }
    }
    *out = d;
    return d.year >= FIRST_YEAR && ymd_valid((ymd){d.year, d.month, d.day}) && d.hour <= 24 &&
           d.minute <= 59 && d.second <= 60;
}

str date_read(str s, arena *a) {
    reading_date d;
    if (!read_date(s, &d))
        return STR_NONE;
    int64_t seconds = (int64_t)day_of(d.year, d.month, d.day) * 86400 + (int64_t)d.hour * 3600 +
                      (int64_t)d.minute * 60 + d.second - (int64_t)d.ahead * 60;
    return moment_text(a, (time_t)seconds);
}

str date_local(str s, arena *a) {
    reading_date d;
    if (!read_date(s, &d))
        return STR_NONE;
    if (!d.timed)
        return day_format(a, day_of(d.year, d.month, d.day));
    int ahead = d.ahead < 0 ? -d.ahead : d.ahead;
    return arena_printf(a, "%.*sT%02d:%02d:%02d%c%02d:%02d",
                        STR_ARG(day_format(a, day_of(d.year, d.month, d.day))), d.hour, d.minute, d.second,
                        d.ahead < 0 ? '-' : '+', ahead / 60, ahead % 60);
}
