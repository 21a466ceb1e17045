/* Outlets that are known: what their own pages call them, and the clock by which what they tell in Greenwich
 * time is told too. */
#ifndef ISN_READING_OUTLETS_H
#define ISN_READING_OUTLETS_H

#include "base/calendar.h"

typedef struct known_outlet {
    str outlet;       /* a name, a domain, or a dot and the end of domains */
    const char *zone; /* of the IANA database */
    str names;        /* how its own pages call it, with | between them */
    int line;         /* of data/reading/outlets.tsv */
} known_outlet;

extern const known_outlet known_outlets[]; /* made from data/reading/outlets.tsv */
extern const size_t known_outlet_count;

/* What is known of a document's clock; the last answer is kept, since asking takes long. */
typedef struct local_clock {
    bool asked, fixed;       /* fixed: by the offset that the page tells */
    const known_outlet *row; /* NULL: none */
    int minutes;             /* of the fixed offset, or of the last hour asked */
    int64_t hour;            /* since 1970, that was asked last */
} local_clock;

/* Which clock is that of a document? `offset` ("+03:00") is the one that the page tells, or STR_NONE. */
void clock_find(local_clock *c, str offset, str outlet, str url);
/* How many minutes its clock is ahead of Greenwich; false where it is unknown. */
bool clock_ahead(local_clock *c, day d, int hour, int *minutes);

#endif
