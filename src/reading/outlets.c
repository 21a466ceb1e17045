/* Which of the known outlets a page is of, by its name, its domain or its country, and which clock it goes
 * by: the offset that the page tells, else that of the outlet's zone (data/reading/outlets.tsv). */
#include "reading/outlets.h"

#include <string.h>

static char small(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same(str a, str b) {
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++)
        if (small(a.data[i]) != small(b.data[i]))
            return false;
    return true;
}

/* "https://www.example.com:80/a" to "www.example.com"; what has no scheme and no path is a host already. */
static str host_of(str url) {
    for (size_t i = 0; i + 2 < url.size; i++)
        if (url.data[i] == ':' && url.data[i + 1] == '/' && url.data[i + 2] == '/') {
            url = str_slice(url, i + 3, url.size);
            break;
        }
    size_t end = 0;
    while (end < url.size && !strchr("/:?#", url.data[end]))
        end++;
    return str_slice(url, 0, end);
}

/* Is it the outlet's name, or does the host end in its domain? */
static bool fits(str told, str name, str host) {
    if (same(told, name))
        return true;
    if (host.size < told.size || !memchr(told.data, '.', told.size))
        return false;
    size_t at = host.size - told.size;
    bool begins = at == 0 || told.data[0] == '.' || host.data[at - 1] == '.';
    return begins && same(told, str_slice(host, at, host.size));
}

static const known_outlet *outlet_of(str outlet, str url) {
    str host = host_of(url.size ? url : outlet);
    for (size_t i = 0; i < known_outlet_count; i++)
        if (fits(known_outlets[i].outlet, outlet, host))
            return &known_outlets[i];
    return NULL;
}

/* "+03:00", "-0230" as minutes. */
static bool offset_minutes(str s, int *minutes) {
    int digit[4];
    size_t n = 0;
    if (s.size < 5 || (s.data[0] != '+' && s.data[0] != '-'))
        return false;
    for (size_t i = 1; i < s.size && n < 4; i++)
        if (s.data[i] >= '0' && s.data[i] <= '9')
            digit[n++] = s.data[i] - '0';
    if (n < 4)
        return false;
    int ahead = (digit[0] * 10 + digit[1]) * 60 + digit[2] * 10 + digit[3];
    *minutes = s.data[0] == '-' ? -ahead : ahead;
    return true;
}

/* Many pages give their time in Greenwich time: an offset of zero says nothing where the zone is known. */
void clock_find(local_clock *c, str offset, str outlet, str url) {
    *c = (local_clock){.asked = true, .row = outlet_of(outlet, url), .hour = INT64_MIN};
    int minutes;
    if (offset_minutes(offset, &minutes) && (minutes != 0 || !c->row)) {
        c->fixed = true;
        c->minutes = minutes;
    }
}

bool clock_ahead(local_clock *c, day d, int hour, int *minutes) {
    if (!c->fixed && !c->row)
        return false;
    int64_t at = (int64_t)d * 24 + hour;
    if (!c->fixed && c->hour != at) {
        if (!zone_ahead(c->row->zone, d, hour, &c->minutes))
            return false;
        c->hour = at;
    }
    *minutes = c->minutes;
    return true;
}
