/* What an expression of time means.
 *
 * The rules of lang/ give parts: a day, a month, a weekday, an offset from today, an amount of a unit. Here
 * they are reckoned against the document's today, which is the day of publication unless the text itself says
 * otherwise ("today, Saturday": the Saturday nearest to it). News looks back: a weekday is the last one on or
 * before today, a month or day without a year the latest that is not in the future. */
#include "reading/reader.h"

enum { TODAY = 1000, NEARBY_DAYS = 3, TOTAL_DAYS = 4, DATELINE_WORDS = 4, DATELINE_DAYS = 62 };

typedef struct moment {
    day from, to;
    int digits;       /* 10 YYYY-MM-DD, 7 YYYY-MM, 4 YYYY */
    int part;         /* VALUE_PART_… */
    int hour, minute; /* -1: none */
    bool since;
} moment;

static const char *const parts[] = {"", "TDA", "TMO", "TMI", "TAF", "TEV", "TNI"};

static int feature(const node *n, int f) {
    return n->feature[f];
}

static moment on_day(day d) {
    return (moment){.from = d, .to = d, .digits = 10, .hour = -1};
}

static moment in_month(int year, int month) {
    return (moment){.from = day_of(year, month, 1),
                    .to = day_of(year, month, month_days(year, month)),
                    .digits = 7,
                    .hour = -1};
}

static moment in_year(int year) {
    return (moment){.from = day_of(year, 1, 1), .to = day_of(year, 12, 31), .digits = 4, .hour = -1};
}

static const moment unknown = {.from = DAY_NONE, .to = DAY_NONE, .hour = -1};

static day last_weekday(day today, int weekday, bool before) {
    int back = (day_weekday(today) - (weekday - 1) + 7) % 7;
    return today - back - (before && back == 0 ? 7 : 0);
}

/* The month `back` months before a day's. */
static moment months_back(day today, int back) {
    ymd t = day_split(today);
    int months = t.year * 12 + t.month - 1 - back;
    return months < 12 ? unknown : in_month(months / 12, months % 12 + 1);
}

static moment gregorian(const reader *r, const node *n) {
    int d = feature(n, FEATURE_DAY), m = feature(n, FEATURE_MONTH), y = feature(n, FEATURE_YEAR);
    if (!y && feature(n, FEATURE_TOWARDS) == VALUE_TOWARDS_PAST && r->today != DAY_NONE)
        y = day_split(r->today).year - 1; /* "July of last year" */
    if (m > 12 && d <= 12) {
        int swap = m;
        m = d;
        d = swap;
    }
    if (!y) {
        if (r->today == DAY_NONE)
            return unknown;
        ymd t = day_split(r->today);
        y = t.year;
        bool ahead = m > t.month || (m == t.month && d > t.day);
        int weekday = feature(n, FEATURE_WEEKDAY);
        bool fits = weekday && d && ymd_valid((ymd){y, m, d}) && day_weekday(day_of(y, m, d)) == weekday - 1;
        if (ahead && !(d && ymd_valid((ymd){y, m, d}) && day_of(y, m, d) - r->today <= NEARBY_DAYS) && !fits)
            y--;
    }
    if (!d)
        return m >= 1 && m <= 12 ? in_month(y, m) : unknown;
    return ymd_valid((ymd){y, m, d}) ? on_day(day_of(y, m, d)) : unknown;
}

static moment hijri(const reader *r, const node *n) {
    int d = feature(n, FEATURE_DAY), m = feature(n, FEATURE_HIJRI_MONTH), y = feature(n, FEATURE_YEAR);
    if (!y) {
        if (r->today == DAY_NONE)
            return unknown;
        ymd t = hijri_of_day(r->today);
        y = m > t.month || (m == t.month && d > t.day) ? t.year - 1 : t.year;
    }
    if (d) {
        day found = day_of_hijri(y, m, d);
        return found == DAY_NONE ? unknown : on_day(found);
    }
    day from = day_of_hijri(y, m, 1), next = m == 12 ? day_of_hijri(y + 1, 1, 1) : day_of_hijri(y, m + 1, 1);
    if (from == DAY_NONE || next == DAY_NONE)
        return unknown;
    return (moment){.from = from, .to = next - 1, .digits = 10, .hour = -1};
}

/* The beginning of a year is its first month, the end its last. */
static moment at_edge(moment year, int edge) {
    int y = day_split(year.from).year;
    return edge == VALUE_EDGE_START ? in_month(y, 1) : edge == VALUE_EDGE_END ? in_month(y, 12) : year;
}

static moment year_only(const node *n) {
    int y = feature(n, FEATURE_YEAR);
    if (y < 1300 || y > 1500)
        return at_edge(in_year(y), feature(n, FEATURE_EDGE));
    day middle = day_of_hijri(y, 6, 15);
    return middle == DAY_NONE ? unknown : in_year(day_split(middle).year);
}

/* "last week", "this month", "two days ago", "in the last 24 hours" */
static moment by_units(const reader *r, const node *n) {
    if (r->today == DAY_NONE)
        return unknown;
    int amount = feature(n, FEATURE_AMOUNT), edge = feature(n, FEATURE_EDGE),
        towards = feature(n, FEATURE_TOWARDS);
    int back = towards == VALUE_TOWARDS_PAST     ? (amount ? amount : 1)
               : towards == VALUE_TOWARDS_FUTURE ? -1
                                                 : 0;
    day t = r->today;
    bool point = edge == VALUE_EDGE_UNTIL, since = edge == VALUE_EDGE_SINCE;
    moment m = unknown;
    switch (feature(n, FEATURE_SPAN)) {
    case VALUE_SPAN_HOUR:
    case VALUE_SPAN_MINUTE: {
        int days = feature(n, FEATURE_SPAN) == VALUE_SPAN_HOUR ? (back + 23) / 24 : 0;
        m = on_day(t - (point && back < 24 ? 0 : days));
        if (!point && days)
            m.to = t;
        break;
    }
    case VALUE_SPAN_DAY:
        m = on_day(t - back);
        if (!point && amount)
            m.to = amount == 2 ? t - 1 : t;
        break;
    case VALUE_SPAN_WEEK: {
        if (point || amount) {
            m = on_day(t - 7 * back);
            if (!point)
                m.to = t;
            break;
        }
        day monday = t - day_weekday(t) - 7 * back;
        m = (moment){.from = monday, .to = monday + 6, .digits = 10, .hour = -1};
        break;
    }
    case VALUE_SPAN_MONTH:
        m = months_back(t, back);
        if (amount && !point && !since && m.from != DAY_NONE) {
            int last = month_days(day_split(m.from).year, day_split(m.from).month), of = day_split(t).day;
            m = (moment){.from = m.from + (of < last ? of : last) - 1, .to = t, .digits = 10, .hour = -1};
        }
        break;
    case VALUE_SPAN_YEAR:
        m = at_edge(in_year(day_split(t).year - back), edge);
        if (amount && !point && !since)
            m.to = day_of(day_split(t).year, 12, 31);
        break;
    case VALUE_SPAN_DECADE:
        m = in_year(day_split(t).year - back * 10);
        break;
    default:
        break;
    }
    return m;
}

static void add_clock(const node *n, moment *m) {
    int hour = feature(n, FEATURE_HOUR), minute = feature(n, FEATURE_MINUTE), part = feature(n, FEATURE_PART);
    bool told = hour || minute || n->match->label[LABEL_H].count;
    if (!told || hour > 24 || minute > 59)
        return;
    bool late = feature(n, FEATURE_HALF) == VALUE_HALF_PM || part == VALUE_PART_MI || part == VALUE_PART_AF ||
                part == VALUE_PART_EV || part == VALUE_PART_NI;
    if (late && hour < 12 && !(part == VALUE_PART_NI && hour <= 4) && !(part == VALUE_PART_MI && hour >= 10))
        hour += 12;
    if ((part == VALUE_PART_NI || feature(n, FEATURE_HALF) == VALUE_HALF_AM) && hour == 12)
        hour = part == VALUE_PART_NI || feature(n, FEATURE_HALF) == VALUE_HALF_AM ? 0 : 12;
    m->hour = hour % 24;
    m->minute = minute;
}

static moment resolve_day(const reader *r, const node *n) {
    int offset = feature(n, FEATURE_OFFSET), weekday = feature(n, FEATURE_WEEKDAY);
    if (feature(n, FEATURE_HIJRI_MONTH))
        return hijri(r, n);
    if (feature(n, FEATURE_MONTH))
        return gregorian(r, n);
    if (feature(n, FEATURE_SPAN))
        return by_units(r, n);
    if (offset)
        return r->today == DAY_NONE ? unknown : on_day(r->today + offset - TODAY);
    if (weekday) {
        if (r->today == DAY_NONE)
            return unknown;
        if (feature(n, FEATURE_TOWARDS) == VALUE_TOWARDS_FUTURE)
            return on_day(last_weekday(r->today + 7, weekday, false));
        day last = last_weekday(r->today, weekday, feature(n, FEATURE_TOWARDS) == VALUE_TOWARDS_PAST);
        moment m = on_day(last);
        if (feature(n, FEATURE_EDGE) == VALUE_EDGE_MIDDLE)
            m.to = last + 1;
        return m;
    }
    if (feature(n, FEATURE_DAY) && feature(n, FEATURE_TOWARDS) && r->today != DAY_NONE) {
        moment month = feature(n, FEATURE_TOWARDS) == VALUE_TOWARDS_PAST ? months_back(r->today, 1)
                                                                         : months_back(r->today, 0);
        day d = month.from + feature(n, FEATURE_DAY) - 1;
        return d <= month.to ? on_day(d) : unknown;
    }
    if (feature(n, FEATURE_YEAR))
        return year_only(n);
    day told = r->told != DAY_NONE ? r->told : r->today;
    return told == DAY_NONE ? unknown : on_day(told);
}

/* ISO 8601 writes years with four digits. */
static bool in_calendar(const moment *m) {
    return day_split(m->from).year >= 1 && day_split(m->to).year <= 9999;
}

static moment resolve(const reader *r, const node *n);

static moment resolve_interval(const reader *r, const node *n) {
    const match *m = n->match;
    moment a = resolve(r, m->label[LABEL_A].first);
    if (!m->label[LABEL_B].count) {
        if (a.from == DAY_NONE || r->today == DAY_NONE || a.from > r->today)
            return a;
        a.since = true;
        a.to = r->today;
        a.part = 0;
        a.hour = -1;
        a.digits = 10;
        return a;
    }
    moment b = resolve(r, m->label[LABEL_B].first);
    if (a.from == DAY_NONE || b.from == DAY_NONE)
        return a.from == DAY_NONE ? b : a;
    if (a.from > b.to) /* "from 20 October to 3 March": the first may belong to the year before */
        a.from = day_of(day_split(a.from).year - 1, day_split(a.from).month, day_split(a.from).day);
    if (a.from > b.to)
        return unknown;
    a.to = b.to;
    a.digits = a.digits < b.digits ? 10 : b.digits;
    a.part = 0;
    a.hour = -1;
    return a;
}

static moment resolve(const reader *r, const node *n) {
    if (!n->match)
        return unknown;
    if (n->match->label[LABEL_A].count && node_is(n->match->label[LABEL_A].first, IS_TIME))
        return resolve_interval(r, n);
    moment m = resolve_day(r, n);
    if (m.from == DAY_NONE || !in_calendar(&m))
        return unknown;
    m.part = feature(n, FEATURE_PART);
    if (feature(n, FEATURE_EDGE) == VALUE_EDGE_SINCE && r->today != DAY_NONE && m.from <= r->today &&
        m.digits != 7) {
        m.since = true;
        m.to = r->today;
        m.digits = 10;
    }
    add_clock(n, &m);
    return m;
}

static str format_point(arena *a, day d, int digits) {
    str s = day_format(a, d);
    s.size = (size_t)digits;
    return s;
}

static str format(arena *a, const moment *m) {
    if (m->from == DAY_NONE)
        return STR_NONE;
    str from = format_point(a, m->from, m->digits ? m->digits : 10),
        to = format_point(a, m->to, m->digits ? m->digits : 10);
    if (m->hour >= 0)
        return arena_printf(a, "%.*sT%02d:%02d", STR_ARG(from), m->hour, m->minute);
    if (!str_equal(from, to))
        return arena_printf(a, "%.*s/%.*s", STR_ARG(from), STR_ARG(to));
    return m->digits == 10 && m->part ? arena_printf(a, "%.*s%s", STR_ARG(from), parts[m->part]) : from;
}

/* A full date at the head of the text is its dateline: it says what today is, and dates nothing else. */
static day dateline(reader *r) {
    r->dateline = UINT32_MAX;
    if (r->base)
        return DAY_NONE;
    for (size_t i = 0; i < r->nodes.node.size && r->nodes.node.at[i].sentence <= 2; i++) {
        const node *n = &r->nodes.node.at[i];
        bool full = node_is(n, IS_TIME) && feature(n, FEATURE_DAY) && feature(n, FEATURE_MONTH) &&
                    feature(n, FEATURE_YEAR) && !feature(n, FEATURE_OFFSET) && !feature(n, FEATURE_PART);
        bool governed = i && (node_is(n - 1, IS_PREPOSITION) || node_is(n - 1, IS_EFFECT));
        const sentence *s = &r->tokens.sentence.at[n->sentence];
        if (!full || governed || r->nodes.piece.at[n->first].token - s->first > DATELINE_WORDS)
            continue;
        moment m = gregorian(r, n);
        if (m.from != DAY_NONE && m.from - r->published <= DATELINE_DAYS &&
            r->published - m.from <= DATELINE_DAYS) {
            r->dateline = n->first;
            return m.from;
        }
    }
    return DAY_NONE;
}

/* A weekday or a date beside "today" or "yesterday" tells what today is; so does a dateline. */
static void settle_today(reader *r) {
    r->dateline = UINT32_MAX;
    if (r->published == DAY_NONE)
        return;
    day head = dateline(r);
    if (head != DAY_NONE)
        r->today = head;
    for (size_t i = 0; i < r->nodes.node.size; i++) {
        const node *n = &r->nodes.node.at[i];
        int offset = node_is(n, IS_TIME) ? feature(n, FEATURE_OFFSET) : 0,
            weekday = feature(n, FEATURE_WEEKDAY);
        if (offset != TODAY && offset != TODAY - 1)
            continue;
        day today = DAY_NONE;
        if (feature(n, FEATURE_MONTH) && feature(n, FEATURE_DAY)) {
            moment m = gregorian(r, n);
            today = m.from == DAY_NONE ? DAY_NONE : m.from + TODAY - offset;
        } else if (weekday) {
            day guess = r->published + offset - TODAY;
            int ahead = ((weekday - 1) - day_weekday(guess) + 7) % 7;
            today = guess + (ahead > 3 ? ahead - 7 : ahead) + TODAY - offset;
        }
        if (today != DAY_NONE && today - r->published <= NEARBY_DAYS && r->published - today <= NEARBY_DAYS) {
            r->today = today;
            return;
        }
    }
}

/* "Since 7 October": what is counted from a day long past is a total, whatever the expression itself says. */
static bool since_then(const reader *r, const node *n, const moment *m) {
    return n > r->nodes.node.at && n[-1].sentence == n->sentence && node_is(n - 1, IS_SINCE) &&
           r->today != DAY_NONE && r->today - m->from >= TOTAL_DAYS;
}

static int add_time(reader *r, const node *n, str value) {
    span at = reader_span(r, n->first, n->last);
    for (size_t i = 0; i < r->out->times.size && i < 64; i++)
        if (str_equal(r->out->times.at[i].at.text, at.text) && str_equal(r->out->times.at[i].value, value))
            return (int)i;
    time_mention *t = VECTOR_PUSH(&r->out->times, r->a);
    *t = (time_mention){.at = at, .value = value};
    explain_match(r, n->match, &t->because);
    return (int)r->out->times.size - 1;
}

void read_times(reader *r) {
    r->told = DAY_NONE;
    settle_today(r);
    for (size_t i = 0; i < r->nodes.node.size; i++) {
        const node *n = &r->nodes.node.at[i];
        if (!node_is(n, IS_TIME))
            continue;
        moment m = resolve(r, n);
        if (m.from == DAY_NONE)
            continue;
        if (m.digits == 10 && m.from == m.to)
            r->told = m.from;
        time_node t = {n->sentence,
                       n->first,
                       n->last,
                       add_time(r, n, format(r->a, &m)),
                       m.from,
                       m.to,
                       m.to - m.from >= TOTAL_DAYS,
                       m.since || since_then(r, n, &m)};
        if (n->first != r->dateline)
            *VECTOR_PUSH(&r->times, r->scratch) = t;
    }
}
