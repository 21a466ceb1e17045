/* What an expression of time means.
 *
 * The rules of lang/ give parts: a day, a month, a weekday, an offset from today, an amount of a unit. Here
 * they are reckoned against the document's today. News looks back: a weekday is the last one on or before
 * today, a month or day without a year the latest that is not in the future, unless the text says otherwise
 * ("next", "this"). A Hijri date is that of the Umm al-Qura calendar, or the day before or after it, as the
 * moon was seen; a weekday told beside it decides. */
#include "reading/moments.h"

#include <stdlib.h>

enum {
    NEARBY_DAYS = 3,
    CENTURY = 2000,
    HIJRI_FROM = 1300,
    HIJRI_TO = 1500,
    HIJRI_DAYS = 30,
    LATELY = 31,
    LATEST_SHORT_YEAR = 2059
};

static int feature(const node *n, int f) {
    return n->feature[f];
}

static const within_day all_day = {.hour = -1};
static const moment unknown = {.from = DAY_NONE, .to = DAY_NONE, .at = {.hour = -1}, .until = {.hour = -1}};

static moment over(day from, day to, int digits) {
    return (moment){.from = from, .to = to, .digits = digits, .at = all_day, .until = all_day};
}

static moment on_day(day d) {
    return over(d, d, 10);
}

static moment in_month(int year, int month) {
    return over(day_of(year, month, 1), day_of(year, month, month_days(year, month)), 7);
}

static moment in_year(int year) {
    return over(day_of(year, 1, 1), day_of(year, 12, 31), 4);
}

static day last_weekday(day today, int weekday, bool before) {
    int back = (day_weekday(today) - (weekday - 1) + 7) % 7;
    return today - back - (before && back == 0 ? 7 : 0);
}

/* The month `back` months before a day's; after it where negative. */
static moment months_back(day today, int back) {
    ymd t = day_split(today);
    int months = t.year * 12 + t.month - 1 - back;
    return months < 12 ? unknown : in_month(months / 12, months % 12 + 1);
}

/* The same day `back` months before, or the last of a shorter month. */
static day same_day_back(day today, int back) {
    moment m = months_back(today, back);
    if (m.from == DAY_NONE)
        return today;
    day d = m.from + day_split(today).day - 1;
    return d > m.to ? m.to : d;
}

/* ---- dates of the Gregorian calendar ---- */

static bool fits_weekday(int weekday, ymd d) {
    return weekday && d.day && ymd_valid(d) && day_weekday(day_of(d.year, d.month, d.day)) == weekday - 1;
}

/* The year that is told, in two digits too (those from 60 on are of the century before), or as last, this or
 * next year; 0 where none is. */
static int told_year(const reader *r, const node *n) {
    int y = feature(n, FEATURE_YEAR), towards = feature(n, FEATURE_TOWARDS);
    if (y > 0 && y < 100)
        return CENTURY + y - (CENTURY + y > LATEST_SHORT_YEAR ? 100 : 0);
    if (y || feature(n, FEATURE_SPAN) != VALUE_SPAN_YEAR || r->today == DAY_NONE)
        return y;
    int now = day_split(r->today).year;
    return towards == VALUE_TOWARDS_PAST ? now - 1 : towards == VALUE_TOWARDS_FUTURE ? now + 1 : now;
}

/* The year of a day or month told without one. */
static int likely_year(const reader *r, const node *n, int m, int d) {
    ymd t = day_split(r->today);
    int towards = feature(n, FEATURE_TOWARDS), weekday = feature(n, FEATURE_WEEKDAY);
    bool ahead = m > t.month || (m == t.month && d > t.day), valid = d && ymd_valid((ymd){t.year, m, d}),
         near = valid && day_of(t.year, m, d) - r->today <= NEARBY_DAYS;
    if (towards == VALUE_TOWARDS_FUTURE)
        return ahead ? t.year : t.year + 1;
    if (towards == VALUE_TOWARDS_NOW || fits_weekday(weekday, (ymd){t.year, m, d}))
        return t.year;
    if (weekday && d && fits_weekday(weekday, (ymd){t.year - 1, m, d}))
        return t.year - 1;
    return ahead && (!near || towards == VALUE_TOWARDS_PAST) ? t.year - 1 : t.year;
}

/* Last, this or next month. */
static moment month_towards(day today, const node *n) {
    int towards = feature(n, FEATURE_TOWARDS);
    return months_back(today, towards == VALUE_TOWARDS_PAST ? 1 : towards == VALUE_TOWARDS_FUTURE ? -1 : 0);
}

/* "The second Wednesday of October", "the last Monday of the month" (amount -1). */
static moment nth_weekday(moment month, int weekday, int nth) {
    if (month.from == DAY_NONE)
        return unknown;
    day first = last_weekday(month.from + 6, weekday, false), last = last_weekday(month.to, weekday, false);
    day found = nth < 0 ? last : first + 7 * (nth - 1);
    return found <= month.to ? on_day(found) : unknown;
}

/* "The summer of 2014", "the first quarter": so many months from one on. */
static moment in_season(const reader *r, const node *n, int m, int y) {
    int months = feature(n, FEATURE_AMOUNT);
    bool to_the_day = feature(n, FEATURE_EXACT) == VALUE_EXACT_YES;
    if (!y) {
        if (r->today == DAY_NONE)
            return unknown;
        y = day_split(r->today).year;
        y -= day_of(y, m, 1) > r->today;
    }
    moment first = in_month(y, m), last = months_back(first.from, 1 - months);
    return over(first.from, last.to, to_the_day ? 10 : 7);
}

/* A day of a month; a range of days where the last one is told too. */
static moment days_of_month(const node *n, int year, int month, int first) {
    int last = feature(n, FEATURE_LAST_DAY);
    if (first < 0) /* "the last day of October" */
        first = month_days(year, month) + 1 + first;
    if (!ymd_valid((ymd){year, month, first}))
        return unknown;
    bool range = last > first && ymd_valid((ymd){year, month, last});
    return over(day_of(year, month, first), day_of(year, month, range ? last : first), 10);
}

static moment hijri_beside(const reader *r, const node *n, int month, int d);

moment moment_of_date(const reader *r, const node *n) {
    int d = feature(n, FEATURE_DAY), m = feature(n, FEATURE_MONTH), y = told_year(r, n);
    if (m > 12 && d <= 12) {
        int swap = m;
        m = d;
        d = swap;
    }
    if (m < 1 || m > 12)
        return unknown;
    int weekday = feature(n, FEATURE_WEEKDAY), amount = feature(n, FEATURE_AMOUNT);
    ymd today = r->today == DAY_NONE ? (ymd){0} : day_split(r->today);
    if (feature(n, FEATURE_OFFSET) == TODAY && today.month == m &&
        today.day == d) /* its year may be a slip */
        return on_day(r->today);
    if (amount && !weekday)
        return in_season(r, n, m, y);
    if (!y) {
        if (r->today == DAY_NONE)
            return unknown;
        y = likely_year(r, n, m, d);
        moment of_hijri =
            weekday && d && !fits_weekday(weekday, (ymd){y, m, d}) ? hijri_beside(r, n, m, d) : unknown;
        if (of_hijri.from != DAY_NONE)
            return of_hijri;
    }
    if (amount && !fits_weekday(weekday, (ymd){y, m, d}))
        return nth_weekday(in_month(y, m), weekday, amount);
    return d ? days_of_month(n, y, m, d) : in_month(y, m);
}

/* ---- dates of the Hijri calendar ---- */

/* A feast is on its day, or as many days into it as are told ("the third day of the feast"). */
static moment about_day(day d, int weekday, int day_of_feast) {
    if (day_of_feast)
        return on_day(d + day_of_feast - 1);
    for (int off = -1; weekday && off <= 1; off++)
        if (day_weekday(d + off) == weekday - 1)
            return on_day(d + off);
    return over(d - 1, d + 1, 10);
}

/* ICU takes microseconds for each date, but a month's first and last day tell all between them: months that
 * texts tell again are not asked again. */
static day day_in_hijri(const reader *r, int y, int m, int d) {
    if (!r->hijri || y < 1 || m < 1 || m > 12 || d < 1 || d > HIJRI_DAYS)
        return day_of_hijri(y, m, d);
    int key = y * 13 + m;
    hijri_month *kept = &r->hijri->month[(unsigned)key % HIJRI_MONTHS];
    if (kept->key != key)
        *kept = (hijri_month){key, day_of_hijri(y, m, 1), day_of_hijri(y, m, HIJRI_DAYS) != DAY_NONE};
    if (kept->first == DAY_NONE || (d == HIJRI_DAYS && !kept->full))
        return DAY_NONE;
    return kept->first + d - 1;
}

static ymd hijri_date_of(const reader *r, day d) {
    if (!r->hijri)
        return hijri_of_day(d);
    if (!r->hijri->of.day || r->hijri->asked != d) {
        r->hijri->asked = d;
        r->hijri->of = hijri_of_day(d);
    }
    return r->hijri->of;
}

static int likely_hijri_year(const reader *r, const node *n, int m, int d) {
    ymd t = hijri_date_of(r, r->today);
    int towards = feature(n, FEATURE_TOWARDS);
    bool ahead = m > t.month || (m == t.month && d > t.day),
         near = d && day_in_hijri(r, t.year, m, d) != DAY_NONE &&
                day_in_hijri(r, t.year, m, d) - r->today <= NEARBY_DAYS;
    if (towards == VALUE_TOWARDS_FUTURE)
        return ahead ? t.year : t.year + 1;
    return towards == VALUE_TOWARDS_NOW || !ahead || near ? t.year : t.year - 1;
}

/* "Wednesday 28/9", when the 28th of September was none lately, but the 28th of Ramadan was. */
static moment hijri_beside(const reader *r, const node *n, int month, int d) {
    if (feature(n, FEATURE_MONTH) != month || d > HIJRI_DAYS)
        return unknown;
    day found = day_in_hijri(r, likely_hijri_year(r, n, month, d), month, d);
    if (found == DAY_NONE || r->today - found > LATELY || found > r->today + NEARBY_DAYS)
        return unknown;
    moment m = about_day(found, feature(n, FEATURE_WEEKDAY), 0);
    return m.from == m.to ? m : unknown;
}

static moment hijri(const reader *r, const node *n) {
    int d = feature(n, FEATURE_DAY), m = feature(n, FEATURE_HIJRI_MONTH), y = told_year(r, n);
    bool of_hijri = y >= HIJRI_FROM && y <= HIJRI_TO;
    if (y && !of_hijri) { /* "the feast of sacrifice of 2013" */
        day end = day_of(y, 12, 31);
        int last = hijri_date_of(r, end).year;
        day found = day_in_hijri(r, last, m, d ? d : 1);
        y = found == DAY_NONE || found > end ? last - 1 : last;
    }
    if (!y) {
        if (r->today == DAY_NONE)
            return unknown;
        y = likely_hijri_year(r, n, m, d);
    }
    if (d) {
        int until = feature(n, FEATURE_LAST_DAY);
        day found = day_in_hijri(r, y, m, d), last = until > d ? day_in_hijri(r, y, m, until) : DAY_NONE;
        if (found != DAY_NONE && last != DAY_NONE)
            return over(found - 1, last + 1, 10);
        return found == DAY_NONE ? unknown
                                 : about_day(found, feature(n, FEATURE_WEEKDAY), feature(n, FEATURE_AMOUNT));
    }
    day from = day_in_hijri(r, y, m, 1),
        next = m == 12 ? day_in_hijri(r, y + 1, 1, 1) : day_in_hijri(r, y, m + 1, 1);
    return from == DAY_NONE || next == DAY_NONE ? unknown : over(from, next - 1, 10);
}

/* ---- units of time ---- */

/* The beginning of a year is its first month, the end its last. */
static moment at_edge(moment year, int edge) {
    int y = day_split(year.from).year;
    return edge == VALUE_EDGE_START ? in_month(y, 1) : edge == VALUE_EDGE_END ? in_month(y, 12) : year;
}

/* Years, or with an amount so many of them ("the seventies"). */
static moment year_only(const reader *r, const node *n) {
    int y = told_year(r, n), years = feature(n, FEATURE_AMOUNT);
    bool ahead = r->today != DAY_NONE && y > day_split(r->today).year && feature(n, FEATURE_YEAR) < 100;
    y -= years > 1 && ahead ? 100 : 0; /* "the late '40s" */
    if (years > 1)
        return over(day_of(y, 1, 1), day_of(y + years - 1, 12, 31), 4);
    if (y < HIJRI_FROM || y > HIJRI_TO)
        return at_edge(in_year(y), feature(n, FEATURE_EDGE));
    day from = day_in_hijri(r, y, 1, 1), next = day_in_hijri(r, y + 1, 1, 1);
    return from == DAY_NONE || next == DAY_NONE ? unknown : over(from, next - 1, 10);
}

typedef struct stretch {
    day today;
    int amount, back; /* units back from today; negative ahead */
    int edge;
    bool point, since; /* a single day that long ago; from then on */
    bool exact;        /* to the day; of a single week: all of it */
} stretch;

static moment hours_back(const stretch *s, bool hours) {
    int days = hours ? (s->back + 23) / 24 : 0;
    moment m = on_day(s->today - (s->point && s->back < 24 ? 0 : days));
    if (!s->point && days > 0)
        m.to = s->today;
    return m;
}

static moment days_back(const stretch *s) {
    if (s->back < 0 && s->amount && !s->point)
        return over(s->today + 1, s->today - s->back, 10);
    moment m = on_day(s->today - s->back);
    if (!s->point && s->amount)
        m.to = s->amount == 2 ? s->today - 1 : s->today;
    return m;
}

/* Its first days, those in its middle, or all of it. */
static moment weeks_back(const stretch *s, int weekday, int last) {
    day monday = s->today - day_weekday(s->today);
    if (s->back < 0 && s->amount && !s->point)
        return over(monday + 7, monday + 7 * (1 - s->back) - 1, 10);
    bool calendar = s->point && s->exact; /* "the week before last" */
    if ((s->point || s->amount) && !calendar)
        return over(s->today - 7 * s->back, s->point ? s->today - 7 * s->back : s->today, 10);
    monday -= 7 * s->back;
    if (s->edge == VALUE_EDGE_REST)
        return over(s->today, monday + 6, 10);
    if (weekday)
        return over(monday + weekday - 1, monday + (last > weekday ? last : weekday) - 1, 10);
    int first = s->edge == VALUE_EDGE_MIDDLE ? 1
                : s->edge == VALUE_EDGE_END  ? 3
                                             : 0,
        end = s->edge == VALUE_EDGE_START    ? 2
              : s->edge == VALUE_EDGE_MIDDLE ? 4
                                             : 6;
    return over(monday + first, monday + end, 10);
}

static moment months_of(const stretch *s) {
    if (s->back < 0 && s->amount && !s->point)
        return over(s->today + 1, same_day_back(s->today, s->back), 10);
    moment m = months_back(s->today, s->back);
    if (s->edge == VALUE_EDGE_REST)
        return over(s->today, m.to, 10);
    if (s->amount && !s->point && !s->since && m.from != DAY_NONE)
        m = over(same_day_back(s->today, s->back), s->today, 10);
    return m;
}

static moment years_of(const stretch *s) {
    int y = day_split(s->today).year;
    if (s->point && s->amount == 1) /* "a year ago" is told to the month */
        return months_back(s->today, 12 * s->back);
    if (s->back < 0 && s->amount && !s->point)
        return over(day_of(y + 1, 1, 1), day_of(y - s->back, 12, 31), 4);
    moment m = at_edge(in_year(y - s->back), s->edge);
    if (s->edge == VALUE_EDGE_REST)
        return over(s->today, m.to, 10);
    if (s->exact && s->amount)
        return over(same_day_back(s->today, 12 * s->back), s->today, 10);
    if (s->amount && !s->point && !s->since)
        m.to = day_of(y, 12, 31);
    return m;
}

static moment decades_of(const stretch *s) {
    int y = day_split(s->today).year;
    if (s->point)
        return in_year(y - s->back * 10);
    if (s->amount) /* "the last two decades" */
        return s->back > 0 ? over(day_of(y - 10 * s->back, 1, 1), day_of(y, 12, 31), 4)
                           : over(day_of(y, 1, 1), day_of(y - 10 * s->back, 12, 31), 4);
    y = y / 10 * 10 - s->back * 10;
    return over(day_of(y, 1, 1), day_of(y + 9, 12, 31), 4);
}

/* "A month and ten days ago". */
static moment and_days(const stretch *s, int unit, int days) {
    int months = unit == VALUE_SPAN_YEAR ? 12 * s->back : unit == VALUE_SPAN_MONTH ? s->back : 0;
    day d = same_day_back(s->today, months) - (unit == VALUE_SPAN_WEEK ? 7 * s->back : 0);
    return on_day(s->back < 0 ? d + days : d - days);
}

/* "last week", "this month", "two days ago", "in the last 24 hours", "two days" after a day */
static moment by_units_from(day today, const node *n) {
    int amount = feature(n, FEATURE_AMOUNT), edge = feature(n, FEATURE_EDGE),
        towards = feature(n, FEATURE_TOWARDS), ahead = amount > 0 ? amount : 1;
    stretch s = {today,
                 amount,
                 0,
                 edge,
                 edge == VALUE_EDGE_UNTIL,
                 edge == VALUE_EDGE_SINCE,
                 feature(n, FEATURE_EXACT) == VALUE_EXACT_YES};
    if (s.today == DAY_NONE)
        return unknown;
    s.back = towards == VALUE_TOWARDS_PAST ? ahead : towards == VALUE_TOWARDS_FUTURE ? -ahead : 0;
    if (s.point && feature(n, FEATURE_LAST_DAY))
        return and_days(&s, feature(n, FEATURE_SPAN), feature(n, FEATURE_LAST_DAY));
    switch (feature(n, FEATURE_SPAN)) {
    case VALUE_SPAN_HOUR:
        return hours_back(&s, true);
    case VALUE_SPAN_MINUTE:
        return hours_back(&s, false);
    case VALUE_SPAN_DAY:
        return days_back(&s);
    case VALUE_SPAN_WEEK:
        return weeks_back(&s, feature(n, FEATURE_WEEKDAY), feature(n, FEATURE_LAST_DAY));
    case VALUE_SPAN_MONTH: {
        int d = feature(n, FEATURE_DAY), weekday = feature(n, FEATURE_WEEKDAY);
        if (weekday) /* the amount is the weekday's: "the last Monday of next month" */
            return nth_weekday(month_towards(s.today, n), weekday, amount);
        moment m = months_of(&s);
        ymd of = day_split(m.from);
        return d && m.from != DAY_NONE ? days_of_month(n, of.year, of.month, d) : m;
    }
    case VALUE_SPAN_YEAR:
        return years_of(&s);
    default:
        return decades_of(&s);
    }
}

/* "Three days later" counts from the day told last, "the following month" from what was told last, if only to
 * the month; nothing that has happened is later than today. */
static moment by_units(const reader *r, const node *n) {
    if (feature(n, FEATURE_BASE) != VALUE_BASE_TOLD)
        return by_units_from(r->today, n);
    bool whole = !feature(n, FEATURE_AMOUNT) && !feature(n, FEATURE_EDGE);
    day from = whole ? r->month_told : r->told;
    moment m = by_units_from(from == DAY_NONE ? r->today : from, n);
    bool ahead =
        feature(n, FEATURE_TOWARDS) == VALUE_TOWARDS_FUTURE && r->today != DAY_NONE && m.from > r->today;
    return ahead ? unknown : m;
}

/* ---- a whole expression ---- */

static bool clock_told(const node *n) {
    return feature(n, FEATURE_HOUR) || feature(n, FEATURE_MINUTE) || feature(n, FEATURE_CLOCK);
}

static void add_clock(const node *n, moment *m) {
    int hour = feature(n, FEATURE_HOUR), minute = feature(n, FEATURE_MINUTE), part = feature(n, FEATURE_PART),
        half = feature(n, FEATURE_HALF);
    if (!clock_told(n) || hour > 24 || minute > 59)
        return;
    if (minute < 0) { /* "a quarter to eight" */
        hour = hour > 1 ? hour - 1 : hour + 11;
        minute += 60;
    }
    bool late = half == VALUE_HALF_PM || part == VALUE_PART_MI || part == VALUE_PART_AF ||
                part == VALUE_PART_EV || part == VALUE_PART_NI,
         night = part == VALUE_PART_NI;
    if (late && hour < 12 && !(night && hour <= 4) && !(part == VALUE_PART_MI && hour >= 10))
        hour += 12;
    if (hour == 12 && (night || half == VALUE_HALF_AM || part == VALUE_PART_DA))
        hour = 0;
    m->at.hour = hour % 24;
    m->at.minute = minute;
}

/* A clock time of Greenwich by the outlet's own clock, and on its day; as it is told where that is unknown.
 */
static void by_local_clock(const reader *r, const node *n, moment *m) {
    int ahead;
    if (m->at.hour < 0 || m->from != m->to || feature(n, FEATURE_ZONE) != VALUE_ZONE_UTC)
        return;
    local_clock *clock = reader_clock(r);
    if (!clock || !clock_ahead(clock, m->from, m->at.hour, &ahead))
        return;
    int minutes = m->at.hour * 60 + m->at.minute + ahead, days = minutes < 0 ? -1 : minutes / 1440;
    minutes -= days * 1440;
    m->from += days;
    m->to += days;
    m->at.hour = minutes / 60;
    m->at.minute = minutes % 60;
}

static moment by_weekday(const reader *r, const node *n) {
    int weekday = feature(n, FEATURE_WEEKDAY), towards = feature(n, FEATURE_TOWARDS);
    if (r->today == DAY_NONE)
        return unknown;
    if (towards == VALUE_TOWARDS_FUTURE)
        return on_day(last_weekday(r->today + 7, weekday, false));
    int nth = feature(n, FEATURE_AMOUNT); /* "two Sundays ago" */
    day last = last_weekday(r->today, weekday, towards == VALUE_TOWARDS_PAST);
    moment m = on_day(last - 7 * (nth > 1 ? nth - 1 : 0));
    if (feature(n, FEATURE_EDGE) == VALUE_EDGE_MIDDLE)
        m.to = m.from + 1;
    return m;
}

/* The nth week of a month or year, the last where nth is negative: the one with its nth Thursday. */
static moment nth_week(const reader *r, const node *n) {
    int m = feature(n, FEATURE_MONTH), y = told_year(r, n);
    if ((!y && r->today == DAY_NONE) || m > 12)
        return unknown;
    if (!y)
        y = m ? likely_year(r, n, m, 0) : day_split(r->today).year;
    moment of = m ? in_month(y, m)
                : feature(n, FEATURE_SPAN) == VALUE_SPAN_MONTH && r->today != DAY_NONE
                    ? month_towards(r->today, n)
                    : in_year(y);
    moment thursday = nth_weekday(of, 4, feature(n, FEATURE_AMOUNT));
    return thursday.from == DAY_NONE ? unknown : over(thursday.from - 3, thursday.from + 3, 10);
}

/* "Friday the 15th": the nearest that is one; a Friday where none is near. */
static moment by_weekday_and_day(const reader *r, const node *n) {
    int d = feature(n, FEATURE_DAY), weekday = feature(n, FEATURE_WEEKDAY);
    day found = DAY_NONE;
    ymd now = day_split(r->today);
    now.day = d;
    if (feature(n, FEATURE_AMOUNT) && !fits_weekday(weekday, now)) /* "the third Tuesday" */
        return nth_weekday(months_back(r->today, 0), weekday, d);
    for (int back = -2; back <= 2; back++) {
        ymd of = day_split(months_back(r->today, back).from);
        of.day = d;
        if (!fits_weekday(weekday, of))
            continue;
        day x = day_of(of.year, of.month, d);
        if (found == DAY_NONE || labs((long)(x - r->today)) < labs((long)(found - r->today)))
            found = x;
    }
    return found == DAY_NONE ? by_weekday(r, n) : on_day(found);
}

/* "The 12th of this month", and "the 12th" alone: the latest. */
static moment by_day(const reader *r, const node *n) {
    int d = feature(n, FEATURE_DAY), towards = feature(n, FEATURE_TOWARDS);
    int back = towards == VALUE_TOWARDS_PAST     ? 1
               : towards == VALUE_TOWARDS_FUTURE ? -1
               : towards == VALUE_TOWARDS_NOW    ? 0
                                                 : d > day_split(r->today).day;
    ymd month = day_split(months_back(r->today, back).from);
    return days_of_month(n, month.year, month.month, d);
}

/* Easter Sunday of the Western churches: the algorithm of J. Meeus, "Astronomical Algorithms", chapter 8. */
static day easter(int year) {
    int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4, f = (b + 8) / 25,
        g = (b - f + 1) / 3, h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4,
        l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;
    return day_of(year, n / 31, n % 31 + 1);
}

/* Days before Easter are told as negative. */
static moment by_easter(const reader *r, const node *n) {
    int y = told_year(r, n), shift = feature(n, FEATURE_DAY);
    if (!y && r->today == DAY_NONE)
        return unknown;
    if (!y) {
        y = day_split(r->today).year;
        y -= easter(y) + shift - r->today > NEARBY_DAYS;
    }
    return on_day(easter(y) + shift);
}

/* "At 9", "at night", "on the same day": a clock time goes on with what was told last. A part of the day does
 * so only within its paragraph, behind it it is of the day that the text told first. */
static moment of_day_told(const reader *r, const node *n) {
    bool goes_on = clock_told(n) || feature(n, FEATURE_BASE) == VALUE_BASE_TOLD;
    day of = goes_on ? r->told : r->told_here != DAY_NONE ? r->told_here : r->first_told;
    of = of == DAY_NONE ? r->today : of;
    return of == DAY_NONE ? unknown : on_day(of);
}

static moment moment_of_day(const reader *r, const node *n) {
    int offset = feature(n, FEATURE_OFFSET);
    if (feature(n, FEATURE_BASE) == VALUE_BASE_EASTER)
        return by_easter(r, n);
    if (feature(n, FEATURE_BASE) == VALUE_BASE_WEEK)
        return nth_week(r, n);
    if (feature(n, FEATURE_HIJRI_MONTH))
        return hijri(r, n);
    if (feature(n, FEATURE_MONTH))
        return moment_of_date(r, n);
    if (feature(n, FEATURE_SPAN))
        return by_units(r, n);
    if (offset)
        return r->today == DAY_NONE ? unknown : on_day(r->today + offset - TODAY);
    if (feature(n, FEATURE_WEEKDAY) && feature(n, FEATURE_DAY) && r->today != DAY_NONE)
        return by_weekday_and_day(r, n);
    if (feature(n, FEATURE_WEEKDAY))
        return by_weekday(r, n);
    if (feature(n, FEATURE_DAY) && r->today != DAY_NONE)
        return by_day(r, n);
    if (feature(n, FEATURE_YEAR))
        return year_only(r, n);
    return of_day_told(r, n);
}

/* ISO 8601 writes years with four digits. */
static bool in_calendar(const moment *m) {
    return day_split(m->from).year >= 1 && day_split(m->to).year <= 9999;
}

/* "9 in the evening", "at night": of the day that the other end of an interval tells. */
static bool tells_no_day(const node *n) {
    static const int days[] = {FEATURE_HIJRI_MONTH, FEATURE_MONTH, FEATURE_SPAN, FEATURE_OFFSET,
                               FEATURE_WEEKDAY,     FEATURE_DAY,   FEATURE_YEAR};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        if (feature(n, days[i]))
            return false;
    return true;
}

/* From a moment, as it is told, until today; a beginning ("since the beginning of May") is a day. */
static moment until_today(const reader *r, moment a, bool beginning) {
    if (a.from == DAY_NONE || r->today == DAY_NONE || a.from > r->today)
        return a;
    moment m = over(a.from, r->today, 10);
    m.first_digits = beginning ? 10 : a.digits;
    m.at = a.at;
    m.since = true;
    return m;
}

static bool is_beginning(const node *n) {
    return feature(n, FEATURE_EDGE) == VALUE_EDGE_START;
}

static day in_year_of(day d, int year) {
    ymd of = day_split(d);
    return day_of(year, of.month, of.day);
}

static bool is_bare_weekday(const node *n) {
    return feature(n, FEATURE_WEEKDAY) && !feature(n, FEATURE_DAY) && !feature(n, FEATURE_MONTH);
}

static bool has_no_year(const node *n) {
    return feature(n, FEATURE_MONTH) && !feature(n, FEATURE_YEAR) && !feature(n, FEATURE_SPAN);
}

static moment between(const reader *r, const node *first, const node *last) {
    moment a = moment_of(r, first), b = moment_of(r, last);
    if (a.from == DAY_NONE || b.from == DAY_NONE)
        return a.from == DAY_NONE ? b : a;
    if (tells_no_day(first))
        a.from = b.from;
    else if (tells_no_day(last))
        b.from = b.to = a.from;
    int year = day_split(b.to).year;
    if (a.from > b.to) /* "from 20 October to 3 March": the first may be of the year before, or of the week */
        a.from = is_bare_weekday(first) ? a.from - 7 : in_year_of(a.from, day_split(a.from).year - 1);
    if (has_no_year(first) && feature(last, FEATURE_YEAR) && feature(last, FEATURE_MONTH)) {
        a.from = in_year_of(a.from, year); /* "from 3 May to 8 June 2018" */
        a.from = a.from > b.to ? in_year_of(a.from, year - 1) : a.from;
    }
    if (a.from > b.to)
        return unknown;
    bool edge = is_beginning(first) || feature(last, FEATURE_EDGE) == VALUE_EDGE_END;
    moment m = over(a.from, b.to, a.digits != b.digits || edge ? 10 : b.digits);
    m.at = a.at;
    m.until = b.at;
    return m;
}

/* "Two days after Monday", "the week of 12 May". */
static moment counted_from(moment a, const node *n) {
    if (a.from == DAY_NONE)
        return unknown;
    moment m = by_units_from(feature(n, FEATURE_TOWARDS) == VALUE_TOWARDS_FUTURE ? a.to : a.from, n);
    return m.from == DAY_NONE || !in_calendar(&m) ? unknown : m;
}

moment moment_of(const reader *r, const node *n) {
    if (!n->match)
        return unknown;
    const captured *a = &n->match->label[LABEL_A], *b = &n->match->label[LABEL_B];
    if (a->count && node_is(a->first, IS_TIME))
        return b->count                   ? between(r, a->first, b->first)
               : feature(n, FEATURE_SPAN) ? counted_from(moment_of(r, a->first), n)
                                          : until_today(r, moment_of(r, a->first), is_beginning(a->first));
    moment m = moment_of_day(r, n);
    if (m.from == DAY_NONE || !in_calendar(&m))
        return unknown;
    m.at.part = feature(n, FEATURE_PART);
    if (feature(n, FEATURE_EDGE) == VALUE_EDGE_SINCE && r->today != DAY_NONE && m.from <= r->today &&
        m.digits != 7)
        m = until_today(r, m, false);
    add_clock(n, &m);
    if (m.at.hour >= 0 && m.to == m.from + 1) /* "at one in the night from Thursday to Friday" */
        m.from = m.to = m.at.hour < 12 ? m.to : m.from;
    by_local_clock(r, n, &m);
    return m;
}

/* ---- as text ---- */

static str format_end(arena *a, day d, int digits, within_day at) {
    static const char *const parts[] = {"", "TDA", "TMO", "TMI", "TAF", "TEV", "TNI"};
    str s = day_format(a, d);
    s.size = (size_t)digits;
    if (at.hour >= 0)
        return arena_printf(a, "%.*sT%02d:%02d", STR_ARG(s), at.hour, at.minute);
    return digits == 10 && at.part ? arena_printf(a, "%.*s%s", STR_ARG(s), parts[at.part]) : s;
}

str moment_format(arena *a, const moment *m) {
    if (m->from == DAY_NONE)
        return STR_NONE;
    bool one = m->from == m->to || (m->at.hour >= 0 && m->until.hour < 0 && !m->until.part);
    bool ends = m->until.hour >= 0 || m->until.part;
    int digits = m->digits ? m->digits : 10;
    if (m->since)
        return arena_printf(a, "%.*s/%.*s", STR_ARG(format_end(a, m->from, m->first_digits, m->at)),
                            STR_ARG(format_end(a, m->to, 10, all_day)));
    if (!one && !ends && !m->at.part && digits < 10) {
        str from = format_end(a, m->from, digits, all_day), to = format_end(a, m->to, digits, all_day);
        return str_equal(from, to) ? from : arena_printf(a, "%.*s/%.*s", STR_ARG(from), STR_ARG(to));
    }
    str from = format_end(a, m->from, digits, one || ends ? m->at : all_day);
    if (one && !ends)
        return from;
    str to = format_end(a, m->to, digits, m->until);
    return arena_printf(a, "%.*s/%.*s", STR_ARG(from), STR_ARG(to));
}
