/* Tries at passwords. A try is counted before it is known how it ends, so that many at once count as many;
 * one that goes well is taken back. After some that went wrong the next has to wait, twice as long each time:
 * by the name that is tried (whether or not there is an account of that name) and by the address that tries,
 * an IPv6 address by its network of 64 bits, which is one customer's. What lies an hour back and more is
 * forgotten. */
#include <arpa/inet.h>
#include <stdio.h>

#include "base/hex.h"
#include "serve/access_store.h"

enum { FORGOTTEN = 3600, ROWS = 20000 };

typedef struct limit {
    int64_t free, longest; /* tries without a wait; seconds */
} limit;
static const limit of_name = {5, 300}, of_address = {20, 900};

static void key_of_name(str folded, char out[THROTTLED_BYTES]) {
    digest d = sha256(folded); /* which may be of any length, and be a password typed in the wrong place */
    memcpy(out, "name ", 5);
    put_hex(d.bytes, 16, out + 5);
    out[5 + 32] = '\0';
}

static void key_of_address(str from, char out[THROTTLED_BYTES]) {
    char text[INET6_ADDRSTRLEN] = "";
    struct in6_addr six;
    snprintf(text, sizeof text, "%.*s", STR_ARG(from));
    if (inet_pton(AF_INET6, text, &six) == 1 && !IN6_IS_ADDR_V4MAPPED(&six)) {
        memset(six.s6_addr + 8, 0, 8);
        inet_ntop(AF_INET6, &six, text, sizeof text);
    }
    snprintf(out, THROTTLED_BYTES, "address %s", text);
}

static int64_t wait_of(const limit *l, int64_t count, int64_t last, int64_t now) {
    bool set_back = last > now; /* the clock was: nobody waits for what it said before */
    if (count < l->free || now - last >= FORGOTTEN || set_back)
        return 0;
    int64_t over = count - l->free, delay = over < 20 ? (int64_t)1 << over : l->longest;
    delay = delay > l->longest ? l->longest : delay;
    return last + delay > now ? last + delay - now : 0;
}

static status look(accounts *a, const char *key, const limit *l, int64_t now, int64_t *wait, failure *f) {
    access_statement s = access_ask(a, "SELECT count, last FROM tries WHERE of = ?", f);
    ask_text(&s, str_of(key));
    if (ask_row(&s)) {
        int64_t more = wait_of(l, got_number(&s, 0), got_number(&s, 1), now);
        *wait = more > *wait ? more : *wait;
    }
    return ask_done(&s);
}

static status count(accounts *a, const char *key, int64_t now, failure *f) {
    access_statement s = access_ask(a,
                                    "INSERT INTO tries(of, count, last) VALUES (?1, 1, ?2) ON CONFLICT (of) "
                                    "DO UPDATE SET count = CASE WHEN"
                                    " last <= ?2 - ?3 THEN 1 ELSE count + 1 END, last = ?2",
                                    f);
    ask_text(&s, str_of(key));
    ask_number(&s, now);
    ask_number(&s, FORGOTTEN);
    return ask_run(&s);
}

/* What is forgotten goes; where names are made up by the thousands, the oldest too. */
static status tidy(accounts *a, int64_t now, failure *f) {
    access_statement s =
        access_ask(a,
                   "DELETE FROM tries WHERE last <= ?1 OR of IN (SELECT of FROM tries ORDER BY"
                   " last DESC LIMIT -1 OFFSET ?2)",
                   f);
    ask_number(&s, now - FORGOTTEN);
    ask_number(&s, ROWS);
    return ask_run(&s);
}

status throttle_try(accounts *a, str folded, str from, int64_t *wait, failure *f) {
    char name[THROTTLED_BYTES] = "", address[THROTTLED_BYTES] = "";
    int64_t now = accounts_now(a);
    key_of_name(folded, name);
    key_of_address(from, address);
    *wait = 0;
    status s = look(a, name, &of_name, now, wait, f);
    if (s == STATUS_OK)
        s = look(a, address, &of_address, now, wait, f);
    if (s != STATUS_OK || *wait > 0)
        return s;
    s = tidy(a, now, f);
    if (s == STATUS_OK)
        s = count(a, name, now, f);
    return s == STATUS_OK ? count(a, address, now, f) : s;
}

status throttle_forget(accounts *a, str folded, str from, failure *f) {
    char name[THROTTLED_BYTES] = "", address[THROTTLED_BYTES] = "";
    key_of_name(folded, name);
    key_of_address(from, address);
    access_statement s = access_ask(a, "DELETE FROM tries WHERE of = ?", f);
    ask_text(&s, str_of(name));
    status code = ask_run(&s);
    if (code != STATUS_OK)
        return code;
    s = access_ask(a, "UPDATE tries SET count = max(count - 1, 0) WHERE of = ?", f);
    ask_text(&s, str_of(address));
    return ask_run(&s);
}
