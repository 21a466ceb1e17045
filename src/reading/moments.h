/* What one expression of time means, reckoned against the document's today. Private to src/reading. */
#ifndef ISN_READING_MOMENTS_H
#define ISN_READING_MOMENTS_H

#include "reading/reader.h"

enum { TODAY = 1000 }; /* the offset of the day of publication, as the rules write it */

/* The end of a moment: a part of the day (VALUE_PART_…) or a clock time; hour -1 where none is told. */
typedef struct within_day {
    int part, hour, minute;
} within_day;

typedef struct moment {
    day from, to;         /* DAY_NONE where it cannot be reckoned */
    int digits;           /* as told: 10 YYYY-MM-DD, 7 YYYY-MM, 4 YYYY */
    int first_digits;     /* of `from`, where it is told less exactly than `to` ("since March"); else 0 */
    within_day at, until; /* on `from`; on `to`, of an interval */
    bool since;
} moment;

moment moment_of(const reader *r, const node *n);
/* Of a node that tells a day and a month, as a date. */
moment moment_of_date(const reader *r, const node *n);
/* ISO 8601 as READING.md has it; STR_NONE for what cannot be reckoned. */
str moment_format(arena *a, const moment *m);

#endif
