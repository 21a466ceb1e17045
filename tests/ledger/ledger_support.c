#include "ledger_support.h"

#include "base/sha256.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

test_ledger ledger_made(const ledger_options *options) {
    test_ledger t = {.folder = "/tmp/isnad-ledger-XXXXXX", .a = arena_new((allocator){0})};
    failure f = {0};
    assert_non_null(mkdtemp(t.folder));
    snprintf(t.path, sizeof t.path, "%s/test.ledger", t.folder);
    if (ledger_open(t.path, LEDGER_CREATE, options, &t.l, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    return t;
}

ledger *ledger_reopened(const char *path, ledger_mode mode) {
    ledger *l = NULL;
    failure f = {0};
    if (ledger_open(path, mode, NULL, &l, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    return l;
}

void ledger_removed(test_ledger *t) {
    static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
    char path[128];
    assert_int_equal(ledger_close(t->l, NULL), STATUS_OK);
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        snprintf(path, sizeof path, "%s%s", t->path, tails[i]);
        unlink(path);
    }
    rmdir(t->folder);
    arena_free(&t->a);
}

size_t lines_of(arena *a, str text, str **out) {
    VECTOR(str) lines = {0};
    for (size_t at = 0; at < text.size;) {
        size_t end = str_find(text, STR("\n"), at);
        end = end == SIZE_MAX ? text.size : end;
        if (end > at)
            *VECTOR_PUSH(&lines, a) = str_slice(text, at, end);
        at = end + 1;
    }
    *out = lines.at;
    return lines.size;
}

void add_reading(ledger *l, str json) {
    arena a = arena_new((allocator){0});
    article p;
    reading r;
    failure f = {0};
    if (reading_load(json, &a, &p, &r, &f) != STATUS_OK ||
        ledger_add(l, NULL, &r, json, NULL, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    arena_free(&a);
}

void link_ledger(ledger *l) {
    failure f = {0};
    if (ledger_link(l, NULL, &f) != STATUS_OK)
        fail_msg("%s", f.message);
}

status add_page_number(ledger *l, unsigned number, ledger_added *added, failure *f) {
    arena a = arena_new((allocator){0});
    str text = arena_printf(
        &a, "Shelling on the market\n%u people were killed in Wadi al-Sarab on Tuesday, police said.",
        number + 1);
    str url = arena_printf(&a, "https://news.example/story/%u?utm_source=x#top", number);
    str bytes = arena_printf(&a, "<html><body><p>%.*s</p></body></html>", STR_ARG(text));
    article p = {.url = url,
                 .outlet = STR("Meadow Post"),
                 .title = STR("Shelling on the market"),
                 .language = STR("en"),
                 .published = STR("2021-05-04"),
                 .text = text,
                 .supported = true};
    p.sha256 = digest_hex(&a, sha256(bytes), 32);
    reading r = {.article = &p};
    claim c = {.effect = EFFECT_KILLED,
               .min = number + 1,
               .max = number + 1,
               .who_class = CLASS_UNKNOWN,
               .part_of = NONE,
               .event = EVENT_SHELLING,
               .event_index = NONE,
               .place = NONE,
               .time = NONE,
               .date = STR("2021-05-04")};
    size_t from = str_find(text, STR("\n"), 0) + 1;
    c.voice = (voice){
        {str_slice(text, text.size - 12, text.size - 6), (uint32_t)text.size - 12, (uint32_t)text.size - 6},
        VOICE_POLICE,
        STR_NONE};
    c.evidence = (span){str_slice(text, from, text.size), (uint32_t)from, (uint32_t)text.size};
    *VECTOR_PUSH(&r.claims, &a) = c;
    capture k = {.kind = CAPTURE_HTML,
                 .file = STR("test"),
                 .bytes = bytes,
                 .body = bytes,
                 .url = url,
                 .media_type = STR("text/html"),
                 .time = STR("2021-05-04T10:00:00Z")};
    status code = ledger_add(l, &k, &r, STR("{\"format\": \"isnad-reading/1\"}"), added, f);
    arena_free(&a);
    return code;
}

static bool collect(void *context, str json) {
    buffer *b = context;
    buffer_add(b, json);
    buffer_add_byte(b, '\n');
    return true;
}

str rows_of(ledger *l, ledger_what what, const ledger_filter *filter, arena *a) {
    buffer b = {0};
    failure f = {0};
    ledger_filter all = ledger_filter_all();
    if (ledger_query(l, what, filter ? filter : &all, collect, &b, &f) != STATUS_OK)
        fail_msg("%s", f.message);
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

size_t count_rows(ledger *l, ledger_what what, const ledger_filter *filter) {
    arena a = arena_new((allocator){0});
    str *lines;
    size_t n = lines_of(&a, rows_of(l, what, filter, &a), &lines);
    arena_free(&a);
    return n;
}

test_ledger ledger_filled(const str *lines, const size_t *order, size_t n, size_t step) {
    test_ledger t = ledger_made(NULL);
    for (size_t i = 0; i < n; i++) {
        add_reading(t.l, lines[order[i]]);
        if (step && i % step == 0)
            link_ledger(t.l);
    }
    link_ledger(t.l);
    return t;
}

static int by_text(const void *x, const void *y) {
    return str_compare(*(const str *)x, *(const str *)y);
}

str sorted_text(arena *a, str *lines, size_t n) {
    buffer b = {0};
    if (n)
        qsort(lines, n, sizeof *lines, by_text);
    for (size_t i = 0; i < n; i++)
        buffer_add(&b, lines[i]);
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

void shuffle(test_random *r, size_t *order, size_t n) {
    for (size_t k = n; k > 1; k--) {
        size_t other = random_below(r, k), swap = order[k - 1];
        order[k - 1] = order[other];
        order[other] = swap;
    }
}
