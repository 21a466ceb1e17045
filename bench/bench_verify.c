/* How fast a ledger is verified: captures of invented pages under a seed (menus, styles and teasers around a
 * text of ledger_news.h; a quarter each from 16, 32, 64 and 128 KB up to twice that, 93 KB on average), with
 * their readings, sealed by a head. Bytes of captures a second stand beside what OpenSSL's SHA-256 makes of
 * the very same captures in the same run, one after another and already in memory: what no verification by
 * one processor can exceed.
 *
 *     build/bench/bench-verify --captures 100000
 *
 * makes some 9.4 GB of pages, which are 2.7 GB in the ledger. `clock` is what one waits, with a thread for
 * each processor; `processor` what all threads took together: `taskset -c 0` gives both with one. */
#include "ledger_news.h"
#include "measure.h"

#include "ledger/heads.h"
#include "ledger/ledger.h"

#include <getopt.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SITES = 120, HEAD_PARTS = 160 };

/* ---- pages ---- */

static void add_words(buffer *b, arena *a, uint64_t *state, size_t count) {
    uint64_t odd = news_random(state) & 1;
    for (size_t i = 0; i < count; i++) {
        buffer_add(b, news_word(a, news_rank(state, NEWS_WORDS / 2) << 1 | odd));
        buffer_add_byte(b, ' ');
    }
}

/* What all pages of a site have before their text: styles, scripts, menus. */
static void add_head(buffer *b, arena *a, uint64_t site) {
    uint64_t state = site * 31 + 7;
    buffer_add(b, STR("<!doctype html><html><head><meta charset=\"utf-8\"><style>"));
    for (size_t i = 0; i < HEAD_PARTS; i++)
        buffer_printf(b, ".s%llu-%zu{margin:%llupx 0 %llupx;color:#%06llx}", (unsigned long long)site, i,
                      (unsigned long long)(news_random(&state) % 40),
                      (unsigned long long)(news_random(&state) % 40),
                      (unsigned long long)(news_random(&state) & 0xFFFFFF));
    buffer_add(b, STR("</style></head><body><nav><ul>"));
    for (size_t i = 0; i < HEAD_PARTS / 4; i++) {
        buffer_printf(b, "<li class=\"menu-item\"><a href=\"/section/%zu\">", i);
        add_words(b, a, &state, 2);
        buffer_add(b, STR("</a></li>"));
    }
    buffer_add(b, STR("</ul></nav><article>"));
}

static void add_teaser(buffer *b, arena *a, uint64_t *state) {
    unsigned long long number = news_random(state) % 1000000, image = news_random(state) & 0xFFFFFFFF;
    buffer_printf(
        b,
        "<li class=\"teaser teaser--small\" data-id=\"%016llx\"><div class=\"teaser__inner\"><a "
        "class=\"teaser__link\" href=\"/news/20%llu/%llu\"><picture class=\"teaser__picture\"><source "
        "srcset=\"/images/%08llx-320.webp 320w, /images/%08llx-640.webp 640w\" "
        "type=\"image/webp\"><img src=\"/images/%08llx.jpg\" width=\"320\" height=\"180\" alt=\"\" "
        "loading=\"lazy\"></picture><h3 class=\"teaser__title\">",
        (unsigned long long)news_random(state), 10 + number % 16, number, image, image, image);
    add_words(b, a, state, 8);
    buffer_add(b, STR("</h3><p class=\"teaser__text\">"));
    add_words(b, a, state, 12);
    buffer_add(b, STR("</p></a></div></li>\n"));
}

/* From 16 to 256 KB, as many up to twice a size as up to half of it. */
static size_t drawn_size(uint64_t *state) {
    size_t size = (size_t)16 << 10 << news_random(state) % 4;
    return size + news_random(state) % size;
}

static void write_page(buffer *b, arena *a, str text, uint64_t number) {
    uint64_t state = number * 977 + 13;
    size_t size = drawn_size(&state);
    b->size = 0;
    add_head(b, a, number % SITES);
    for (size_t at = 0; at < text.size;) {
        size_t end = str_find(text, STR("\n"), at);
        end = end == SIZE_MAX ? text.size : end;
        buffer_add(b, STR("<p class=\"article__text\">"));
        buffer_add(b, str_slice(text, at, end));
        buffer_add(b, STR("</p>\n"));
        at = end + 1;
    }
    buffer_add(b, STR("</article><aside><ul>"));
    while (b->size < size)
        add_teaser(b, a, &state);
    buffer_add(b, STR("</ul></aside></body></html>\n"));
}

/* ---- the ledger ---- */

static void add_page(ledger *l, arena *a, buffer *page, news_document *d, uint64_t number) {
    failure f;
    write_page(page, a, d->article.text, number);
    capture c = {.kind = CAPTURE_HTML,
                 .file = STR("bench"),
                 .bytes = buffer_str(page),
                 .body = buffer_str(page),
                 .url = d->article.url,
                 .media_type = STR("text/html"),
                 .time = STR("2026-01-01T00:00:00Z")};
    str json;
    d->article.sha256 = digest_hex(a, sha256(c.bytes), 32);
    reading_json(&d->reading, STR("{}"), &(reading_options){0}, a, &json);
    check(ledger_add(l, &c, &d->reading, json, NULL, &f), &f);
}

static void fill(const char *path, uint64_t seed, uint64_t captures) {
    ledger *l;
    failure f;
    news n = {.seed = seed, .incidents = captures};
    arena a = arena_new((allocator){0});
    buffer page = {0};
    uint64_t added = 0;
    check(ledger_open(path, LEDGER_CREATE, NULL, &l, &f), &f);
    for (news_documents list; added < captures && news_next(&n, &a, &list); arena_reset(&a))
        for (size_t i = 0; i < list.size && added < captures; i++)
            add_page(l, &a, &page, list.at[i], added++);
    secret_key key = ed25519_new();
    signed_head head;
    check(ledger_head(l, &key, STR("2026-01-02T00:00:00Z"), &head, &f), &f);
    check(ledger_close(l, &f), &f);
    buffer_free(&page);
    arena_free(&a);
}

/* ---- OpenSSL alone ---- */

static bool collect(void *context, str bytes) {
    buffer_add(context, bytes);
    return true;
}

/* The captures again, the way `openssl speed -evp sha256` does it: one context, the algorithm fetched once.
 */
static double hash_alone(ledger *l, uint64_t captures) {
    EVP_MD *algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char out[32];
    buffer bytes = {0};
    double seconds = 0;
    for (uint64_t i = 1; i <= captures; i++) {
        failure f;
        bytes.size = 0;
        check(ledger_capture_bytes(l, i, collect, &bytes, &f), &f);
        moment begin = now();
        EVP_DigestInit_ex2(context, algorithm, NULL);
        EVP_DigestUpdate(context, bytes.data, bytes.size);
        EVP_DigestFinal_ex(context, out, NULL);
        seconds += since(begin).processor;
    }
    EVP_MD_CTX_free(context);
    EVP_MD_free(algorithm);
    buffer_free(&bytes);
    return seconds;
}

static void measure(const char *path) {
    ledger *l;
    failure f;
    ledger_checked checked;
    struct stat file = {0};
    stat(path, &file);
    check(ledger_open(path, LEDGER_READ, NULL, &l, &f), &f);
    moment begin = now();
    check(ledger_verify(l, NULL, 0, NULL, NULL, NULL, &checked, &f), &f);
    moment took = since(begin);
    double alone = hash_alone(l, checked.captures), mb = (double)checked.bytes / 1e6;
    printf("verify of %llu captures, %.0f MB (%.0f MB the file), %llu readings: %s\n",
           (unsigned long long)checked.captures, mb, (double)file.st_size / 1e6,
           (unsigned long long)checked.readings, ledger_grade_name(checked.grade));
    printf("    %-44s %8.0f MB/s\n", "OpenSSL's SHA-256 of these, nothing else", mb / alone);
    printf("    %-44s %8.0f MB/s   %.2f of that\n", "verify, by the clock (>= 0.33)", mb / took.clock,
           alone / took.clock);
    printf("    %-44s %8.0f MB/s   %.2f of that\n", "verify, by processor time", mb / took.processor,
           alone / took.processor);
    check(ledger_close(l, &f), &f);
}

int main(int count, char **words) {
    static const struct option options[] = {{"captures", required_argument, NULL, 'c'},
                                            {"seed", required_argument, NULL, 's'},
                                            {"ledger", required_argument, NULL, 'l'},
                                            {0}};
    uint64_t captures = 2000, seed = 1;
    char folder[] = "/tmp/isnad-verify-XXXXXX", own[64];
    const char *path = NULL;
    struct stat there;
    for (int c; (c = getopt_long(count, words, "", options, NULL)) != -1;)
        if (c == 'c')
            captures = strtoull(optarg, NULL, 10);
        else if (c == 's')
            seed = strtoull(optarg, NULL, 10);
        else if (c == 'l')
            path = optarg;
        else {
            fputs("usage: bench-verify [--captures N] [--seed N] [--ledger PATH]\n"
                  "  --captures N   so many pages (2000)\n"
                  "  --ledger PATH  filled and kept there; where it is there already, it is only verified\n",
                  stderr);
            return 2;
        }
    bool kept = path != NULL;
    if (!kept) {
        if (!mkdtemp(folder)) {
            perror(folder);
            return 1;
        }
        snprintf(own, sizeof own, "%s/ledger", folder);
        path = own;
    }
    if (stat(path, &there) != 0)
        fill(path, seed, captures);
    measure(path);
    if (!kept) {
        remove_ledger(path);
        rmdir(folder);
    }
    return 0;
}
