#include "work.h"

const char *const work_names[WORK_KINDS] = {
    "bytes folded", "bytes copied", "tokens visited",   "rule steps",  "place lookups",
    "html events",  "claim steps",  "elements visited", "arena bytes",
};

static counters counted(void) {
#ifdef ISNAD_COUNTERS
    counters now = work;
    work = (counters){0};
    return now;
#else
    return (counters){0};
#endif
}

work_done work_measure(const shape *s, size_t bytes) {
    buffer text = {0};
    s->write(&text, bytes);
    arena a = arena_new((allocator){0});
    capture c = {.kind = s->html ? CAPTURE_HTML : CAPTURE_TEXT,
                 .file = STR("synthetic"),
                 .bytes = buffer_str(&text),
                 .body = buffer_str(&text),
                 .media_type = s->html ? STR("text/html") : STR("text/plain")};
    article page;
    failure f;
    work_done done = {0};
    counted();
    if (page_article(&c, &(page_options){.published = STR("2021-01-14")}, &a, &page, &f) == STATUS_OK) {
        reading r;
        reading_make(&page, gazetteer_builtin(), &(reading_options){0}, &a, &r);
        counters now = counted();
        done =
            (work_done){{now.bytes_folded, now.bytes_copied, now.tokens_visited, now.rule_steps,
                         now.place_lookups, now.html_events, now.claim_steps, now.elements_visited, a.total},
                        r.claims.size,
                        r.disagreements.size};
    }
    arena_free(&a);
    buffer_free(&text);
    return done;
}
