#include "ledger/cursor.h"

#include "base/hex.h"

enum { VERSION = 1, BODY = 34, CHECK = 8 };

static void add_text(sha256_running *h, str s) {
    uint64_t size = s.size;
    sha256_add(h, (str){(const char *)&size, sizeof size});
    sha256_add(h, s);
}

static void add_number(sha256_running *h, int64_t n) {
    sha256_add(h, (str){(const char *)&n, sizeof n});
}

/* The question but for its page. */
static void add_question(sha256_running *h, const ledger_filter *q) {
    const double box[] = {q->south, q->west, q->north, q->east};
    const int64_t numbers[] = {q->from,  q->to,   q->has_box,      q->effect,      q->effects,  q->event,
                               q->least, q->most, q->voices_least, q->voices_most, q->disputed, q->order};
    const str texts[] = {q->text, q->id, q->country, q->place, q->language};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        add_number(h, numbers[i]);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        add_text(h, texts[i]);
    if (q->has_box)
        sha256_add(h, (str){(const char *)box, sizeof box});
    for (size_t i = 0; i < q->choice_count; i++) {
        add_text(h, str_of(q->choices[i].name));
        add_text(h, q->choices[i].value);
    }
}

static digest check_of(const unsigned char *body, const ledger_filter *of) {
    sha256_running *h = sha256_begin();
    sha256_add(h, STR("isnad cursor"));
    sha256_add(h, (str){(const char *)body, BODY});
    add_question(h, of);
    return sha256_end(h);
}

static void put(unsigned char *to, uint64_t n) {
    for (int i = 0; i < 8; i++)
        to[i] = (unsigned char)(n >> (56 - 8 * i));
}

static uint64_t got(const unsigned char *from) {
    uint64_t n = 0;
    for (int i = 0; i < 8; i++)
        n = n << 8 | from[i];
    return n;
}

str cursor_text(arena *a, cursor_kind kind, const ledger_filter *of, const cursor *c) {
    unsigned char bytes[BODY + CHECK] = {VERSION, (unsigned char)kind};
    put(bytes + 2, (uint64_t)c->a);
    put(bytes + 10, (uint64_t)c->b);
    put(bytes + 18, c->id[0]);
    put(bytes + 26, c->id[1]);
    digest check = check_of(bytes, of);
    memcpy(bytes + BODY, check.bytes, CHECK);
    return bytes_hex(a, bytes, sizeof bytes);
}

status cursor_read(cursor_kind kind, const ledger_filter *of, cursor *out, failure *f) {
    unsigned char bytes[BODY + CHECK];
    bool good = of->after.size == 2 * sizeof bytes && bytes_unhex(of->after, bytes, sizeof bytes) &&
                bytes[0] == VERSION && bytes[1] == kind;
    digest check = {{0}};
    if (good)
        check = check_of(bytes, of);
    if (!good || memcmp(check.bytes, bytes + BODY, CHECK) != 0)
        return fail(f, STATUS_USAGE, "after: expected what the same question gave as \"next\"");
    *out = (cursor){(int64_t)got(bytes + 2), (int64_t)got(bytes + 10), {got(bytes + 18), got(bytes + 26)}};
    return STATUS_OK;
}
