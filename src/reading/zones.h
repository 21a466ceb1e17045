/* The clock of an outlet, by which what it tells in Greenwich time is told too, and what it is called. */
#ifndef ISN_READING_ZONES_H
#define ISN_READING_ZONES_H

#include "base/calendar.h"

typedef struct outlet_zone {
    str outlet;       /* a name, a domain, or a dot and the end of domains */
    const char *zone; /* of the IANA database */
    str names;        /* how its own pages call it, with | between them */
    int line;         /* of data/reading/outlets.tsv */
} outlet_zone;

extern const outlet_zone outlet_zones[]; /* made from data/reading/outlets.tsv */
extern const size_t outlet_zone_count;

/* What is known of a document's clock; the last answer is kept, since asking takes long. */
typedef struct local_clock {
    bool asked, fixed;      /* fixed: by the offset that the page tells */
    const outlet_zone *row; /* NULL: none */
    int minutes;            /* of the fixed offset, or of the last hour asked */
    int64_t hour;           /* since 1970, that was asked last */
} local_clock;

/* Which clock is that of a document? `offset` ("+03:00") is the one that the page tells, or STR_NONE. */
void clock_find(local_clock *c, str offset, str outlet, str url);
/* How many minutes its clock is ahead of Greenwich; false where it is unknown. */
bool clock_ahead(local_clock *c, day d, int hour, int *minutes);

#endif
