/* XML by Expat, which is opened at first use and not linked. No entities but XML's own are expanded, and
 * nothing outside is fetched: what refers to others stands in the text as it was written. */
#ifndef ISN_INTAKE_XML_H
#define ISN_INTAKE_XML_H

#include "base/arena.h"

typedef struct xml_handler {
    void *context;
    /* `name` as written, with its prefix; `attributes`: name, value, …, NULL. `at`: offset of the tag. */
    void (*begin)(void *context, const char *name, const char *const *attributes, size_t at, size_t size);
    void (*end)(void *context, const char *name, size_t at);
    void (*text)(void *context, str text);
} xml_handler;

/* NULL, or which library is missing. */
const char *xml_missing(void);
/* Reads one element in UTF-8. NULL, or what is wrong with it; *at is where. */
const char *xml_read(str element, const xml_handler *h, size_t *at);

#endif
