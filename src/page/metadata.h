/* What a page says of itself: title, outlet, authors, dates; and the address it gives itself. */
#ifndef ISN_PAGE_METADATA_H
#define ISN_PAGE_METADATA_H

#include "page/choose.h"
#include "page/moment.h"
#include "page/page.h"

enum { MOST_ENTRIES = 2000 };

/* An update of a live blog. */
typedef struct linked_entry {
    str time, headline, body, address;
} linked_entry;

/* Of the JSON-LD scripts. */
typedef struct linked_data {
    str headline, outlet, body, description, published, updated, language, section;
    str_list authors, tags;
    VECTOR(linked_entry) entries;
} linked_data;

void linked_data_read(const str *scripts, size_t count, arena *a, linked_data *out);

/* The title that metadata give, before the visible headline is known; STR_NONE where they give none. */
str metadata_title(const outline *o, const linked_data *ld, str outlet);
str metadata_outlet(const outline *o, const linked_data *ld, str url);
/* Without the site's name that stands before or behind it: "Title - Site". */
str title_without_outlet(str title, str outlet, str headline);

/* Minutes since 1970, Greenwich; 0 where the time is unknown. */
int64_t minutes_of_capture(str captured, arena *a);
/* Fills `published` and `updated`. */
void dates_fill(const outline *o, const linked_data *ld, const choice *c, arena *a, article *out);
/* Fills title, outlet, authors, dates. */
void metadata_fill(const outline *o, const linked_data *ld, const choice *c, arena *a, article *out);

#endif
