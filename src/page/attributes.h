/* What elements say in their attributes: meta and link elements, class names, names of properties. */
#ifndef ISN_PAGE_ATTRIBUTES_H
#define ISN_PAGE_ATTRIBUTES_H

#include "page/outline.h"

/* Whether `word` stands in `s`, in any case. */
bool contains_nocase(str s, str word);
/* Whether `word` is one of the names of an attribute like class or itemprop. */
bool names_hold(str names, str word);
/* An attribute's value as plain text: one line, no references. */
str plain_value(str value, arena *a);
/* What the names of an attribute say; a page has the same ones again and again, so they are looked up once.
 */
typedef struct known_names {
    str names;
    unsigned cues;
    bool published, updated, entry_date;
} known_names;
enum { KNOWN_NAMES = 512 };
typedef struct names_cache {
    known_names at[KNOWN_NAMES];
} names_cache;
/* Valid until the next look-up. */
const known_names *names_look_up(names_cache *cache, str names);
/* The cues of class, id, role, itemprop, style and hidden. */
unsigned cues_of_element(const html_token *t, names_cache *cache);
/* The cues of a link's rel: prev, next, tag, author. */
unsigned cues_of_rel(str rel);
/* <meta> and <link rel=canonical> into the outline. */
void read_meta(const html_token *t, arena *a, outline *o);
void read_link_element(const html_token *t, arena *a, outline *o);

#endif
