#include "intake/xml.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>

/* Its functions by their names, so that no header is needed; all of Expat 2 have these. */
static struct {
    void *(*create)(const char *encoding);
    void (*release)(void *p);
    void (*user_data)(void *p, void *data);
    void (*elements)(void *p, void (*begin)(void *, const char *, const char **),
                     void (*end)(void *, const char *));
    void (*characters)(void *p, void (*text)(void *, const char *, int));
    void (*skipped)(void *p, void (*entity)(void *, const char *, int));
    int (*parse)(void *p, const char *bytes, int size, int last);
    int (*error)(void *p);
    const char *(*error_text)(int code);
    long (*where)(void *p);
    int (*how_long)(void *p);
    bool there;
} expat;

static const struct expat_function {
    const char *name;
    void **into;
} functions[] = {
    {"XML_ParserCreate", (void **)&expat.create},
    {"XML_ParserFree", (void **)&expat.release},
    {"XML_SetUserData", (void **)&expat.user_data},
    {"XML_SetElementHandler", (void **)&expat.elements},
    {"XML_SetCharacterDataHandler", (void **)&expat.characters},
    {"XML_SetSkippedEntityHandler", (void **)&expat.skipped},
    {"XML_Parse", (void **)&expat.parse},
    {"XML_GetErrorCode", (void **)&expat.error},
    {"XML_ErrorString", (void **)&expat.error_text},
    {"XML_GetCurrentByteIndex", (void **)&expat.where},
    {"XML_GetCurrentByteCount", (void **)&expat.how_long},
};

static void find_expat(void) {
    void *library = dlopen("libexpat.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        *functions[i].into = dlsym(library, functions[i].name);
        if (!*functions[i].into)
            return;
    }
    expat.there = true;
}

const char *xml_missing(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, find_expat);
    return expat.there ? NULL : "a feed, and libexpat.so.1 is not there (Debian: libexpat1)";
}

typedef struct parsing {
    void *parser;
    const xml_handler *handler;
    size_t ahead; /* bytes that were put in front */
} parsing;

static void on_begin(void *data, const char *name, const char **attributes) {
    parsing *p = data;
    p->handler->begin(p->handler->context, name, (const char *const *)attributes,
                      (size_t)expat.where(p->parser) - p->ahead, (size_t)expat.how_long(p->parser));
}

static void on_end(void *data, const char *name) {
    parsing *p = data;
    p->handler->end(p->handler->context, name, (size_t)expat.where(p->parser) - p->ahead);
}

static void on_text(void *data, const char *text, int size) {
    parsing *p = data;
    p->handler->text(p->handler->context, (str){text, (size_t)size});
}

/* "&nbsp;": of HTML, and told as it was written. */
static void on_entity(void *data, const char *name, int is_parameter) {
    parsing *p = data;
    if (is_parameter)
        return;
    p->handler->text(p->handler->context, STR("&"));
    p->handler->text(p->handler->context, str_of(name));
    p->handler->text(p->handler->context, STR(";"));
}

const char *xml_read(str element, const xml_handler *h, size_t *at) {
    /* A document type that stands elsewhere, and is not fetched, makes entities that nobody declared no
     * mistake. */
    static const char head[] = "<!DOCTYPE x SYSTEM \"x\">";
    *at = 0;
    if (element.size > INT_MAX)
        return "too large";
    parsing p = {.parser = expat.create("UTF-8"), .handler = h, .ahead = sizeof head - 1};
    if (!p.parser)
        abort();
    expat.user_data(p.parser, &p);
    expat.elements(p.parser, on_begin, on_end);
    expat.characters(p.parser, on_text);
    expat.skipped(p.parser, on_entity);
    bool good = expat.parse(p.parser, head, sizeof head - 1, 0) &&
                expat.parse(p.parser, element.data, (int)element.size, 1);
    const char *why = good ? NULL : expat.error_text(expat.error(p.parser));
    long where = good ? 0 : expat.where(p.parser);
    *at = where > (long)p.ahead ? (size_t)where - p.ahead : 0;
    expat.release(p.parser);
    return good ? NULL : why ? why : "no XML";
}
