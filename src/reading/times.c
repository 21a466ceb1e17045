/* The times of a document: what "today" means in it, and each expression with its value.
 *
 * Today is the day of publication unless the text itself says otherwise: by a dateline, or by a weekday or
 * date beside "today" ("today, Saturday": the Saturday nearest to it). A time of day alone belongs to a
 * day that was told before it. */
#include "reading/moments.h"

enum { NEARBY_DAYS = 3, TOTAL_DAYS = 4, ERA_DAYS = 5 * 366, DATELINE_WORDS = 4, DATELINE_DAYS = 62 };

static int feature(const node *n, int f) {
    return n->feature[f];
}

/* "AFP Wednesday 29 Oct 2014": a byline may stand behind a title, in one line with it. */
static bool behind_byline(const node *n, const node *before) {
    return before && node_is(before, IS_SOURCE) && feature(before, FEATURE_VOICE) == VALUE_VOICE_MEDIA &&
           feature(n, FEATURE_WEEKDAY);
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
        const node *before = i && n[-1].sentence == n->sentence ? n - 1 : NULL;
        bool governed = before && (node_is(before, IS_PREPOSITION) || node_is(before, IS_EFFECT));
        uint32_t words = r->nodes.piece.at[n->first].token - r->tokens.sentence.at[n->sentence].first;
        if (!full || governed || (words > DATELINE_WORDS && !behind_byline(n, before)))
            continue;
        moment m = moment_of_date(r, n);
        if (m.from != DAY_NONE && m.from - r->published <= DATELINE_DAYS &&
            r->published - m.from <= DATELINE_DAYS) {
            r->dateline = n->first;
            return m.from;
        }
    }
    return DAY_NONE;
}

/* The day that a date beside "today" or "yesterday" names. A weekday that agrees with the date is proof
 * enough, however far off the day of publication is said to be. */
static day day_beside(const reader *r, const node *n, bool *sure) {
    int weekday = feature(n, FEATURE_WEEKDAY), year = feature(n, FEATURE_YEAR);
    ymd told = {year, feature(n, FEATURE_MONTH), feature(n, FEATURE_DAY)};
    int around[] = {0, -1, 1}, now = day_split(r->published).year;
    for (size_t i = 0; i < 3 && weekday; i++) {
        told.year = now + around[i];
        bool fits = ymd_valid(told) && day_weekday(day_of(told.year, told.month, told.day)) == weekday - 1;
        if (!fits || (year && year != told.year && i > 0))
            continue;
        *sure = true;
        return day_of(told.year, told.month, told.day);
    }
    return moment_of_date(r, n).from;
}

static day nearest_weekday(day guess, int weekday) {
    int ahead = ((weekday - 1) - day_weekday(guess) + 7) % 7;
    return guess + (ahead > 3 ? ahead - 7 : ahead);
}

/* What today is if this expression tells it: "today, Saturday", "yesterday, 6 August"; else DAY_NONE. */
static day today_by(const reader *r, const node *n) {
    int offset = node_is(n, IS_TIME) ? feature(n, FEATURE_OFFSET) : 0, weekday = feature(n, FEATURE_WEEKDAY);
    if (offset != TODAY && offset != TODAY - 1)
        return DAY_NONE;
    bool sure = false;
    day told = DAY_NONE;
    if (feature(n, FEATURE_MONTH) && feature(n, FEATURE_DAY))
        told = day_beside(r, n, &sure);
    else if (weekday)
        told = nearest_weekday(r->published + offset - TODAY, weekday);
    if (told == DAY_NONE)
        return DAY_NONE;
    day today = told + TODAY - offset;
    bool near = today - r->published <= NEARBY_DAYS && r->published - today <= NEARBY_DAYS;
    return near || sure ? today : DAY_NONE;
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
        day today = today_by(r, &r->nodes.node.at[i]);
        if (today != DAY_NONE) {
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
    if (feature(n, FEATURE_ZONE) == VALUE_ZONE_UTC && r->clock && r->clock->asked)
        explain_clock(r, r->clock, at, &t->because);
    return (int)r->out->times.size - 1;
}

/* "A little while ago", "in the past months": dates a claim, but is no date to list. */
static bool is_vague(const node *n) {
    return feature(n, FEATURE_APPROX) == VALUE_APPROX_YES;
}

static void note_day(reader *r, day d) {
    r->told = r->told_here = d;
    if (r->first_told == DAY_NONE)
        r->first_told = d;
}

static void read_time(reader *r, const node *n) {
    moment m = moment_of(r, n);
    if (m.from == DAY_NONE)
        return;
    r->month_told = m.from;
    if (m.digits == 10 && m.from == m.to && !is_vague(n))
        note_day(r, m.from);
    time_node t = {n->sentence,
                   n->first,
                   n->last,
                   is_vague(n) ? NONE : add_time(r, n, moment_format(r->a, &m)),
                   m.from,
                   m.to,
                   m.to - m.from >= TOTAL_DAYS,
                   m.since || since_then(r, n, &m)};
    if (n->first != r->dateline && m.to - m.from <= ERA_DAYS) /* "since the eighties" dates no incident */
        *VECTOR_PUSH(&r->times, r->scratch) = t;
}

void read_times(reader *r) {
    r->told = r->told_here = r->first_told = r->month_told = DAY_NONE;
    settle_today(r);
    uint32_t last = 0;
    for (size_t i = 0; i < r->nodes.node.size; i++) {
        const node *n = &r->nodes.node.at[i];
        if (!node_is(n, IS_TIME))
            continue;
        uint32_t in = r->tokens.sentence.at[n->sentence].paragraph;
        if (in != last)
            r->told_here = DAY_NONE;
        last = in;
        read_time(r, n);
    }
}
