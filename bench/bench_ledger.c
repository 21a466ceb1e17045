/* The ledger's speed and size, over invented readings under a seed (ledger_news.h):
 *   - documents a second from readings already made to committed, linked and indexed, and how the time of one
 *     grows with the ledger,
 *   - how long questions take, drawn by word frequency, common words included,
 *   - bytes of the file a claim,
 *   - how long an act of review takes until it is committed.
 * Seconds are those of the processor (one thread), so that a busy machine does not count; those of the clock
 * stand beside them. */
#include "ledger_news.h"
#include "measure.h"

#include "ledger/ledger.h"

#include <getopt.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DOCUMENTS_AN_INCIDENT_TENTHS = 16, COUNT_AT_MOST = 1001 };

typedef struct settings {
    uint64_t seed, documents, steps, queries, incidents;
    const char *path; /* of a ledger that is kept, or made already */
} settings;

static void add_to(moment *sum, moment m) {
    sum->processor += m.processor;
    sum->clock += m.clock;
}

/* ---- filling ---- */

typedef struct filled {
    uint64_t documents, claims, invented, incidents;
    moment add, commit, link;
} filled;

static filled fill(ledger *l, news *n) {
    filled out = {0};
    failure f = {0};
    arena a = arena_new((allocator){0});
    news_documents list;
    while (news_next(n, &a, &list)) {
        str *json = ARENA_NEW(&a, str, list.size);
        for (size_t i = 0; i < list.size; i++)
            reading_json(&list.at[i]->reading, STR("{}"), &(reading_options){0}, &a, &json[i]);
        moment start = now();
        for (size_t i = 0; i < list.size; i++)
            check(ledger_add(l, NULL, &list.at[i]->reading, json[i], NULL, &f), &f);
        add_to(&out.add, since(start));
        arena_reset(&a);
    }
    moment start = now();
    check(ledger_commit(l, &f), &f);
    out.commit = since(start);
    ledger_linked linked;
    start = now();
    check(ledger_link(l, &linked, &f), &f);
    out.link = since(start);
    out.documents = n->documents;
    out.claims = n->claims;
    out.invented = n->incidents;
    out.incidents = linked.incidents;
    arena_free(&a);
    return out;
}

static void print_filled(const filled *t) {
    double cpu = t->add.processor + t->commit.processor + t->link.processor,
           wall = t->add.clock + t->commit.clock + t->link.clock, n = (double)t->documents;
    printf("%10llu %10llu %10llu %10llu %9.0f %9.0f %9.0f %9.0f %10.0f %10.0f\n",
           (unsigned long long)t->documents, (unsigned long long)t->claims, (unsigned long long)t->invented,
           (unsigned long long)t->incidents, t->add.processor / n * 1e6, t->commit.processor / n * 1e6,
           t->link.processor / n * 1e6, cpu / n * 1e6, n / cpu, n / wall);
    fflush(stdout);
}

static void fill_to(const char *path, uint64_t seed, uint64_t incidents) {
    ledger *l;
    failure f = {0};
    news n = {.seed = seed, .incidents = incidents};
    remove_ledger(path);
    check(ledger_open(path, LEDGER_CREATE, NULL, &l, &f), &f);
    filled t = fill(l, &n);
    check(ledger_close(l, &f), &f);
    print_filled(&t);
}

static void measure_growth(const settings *s, const char *path) {
    printf(
        "From readings made to committed, linked and indexed (microseconds of the processor a document)\n");
    printf("%10s %10s %10s %10s %9s %9s %9s %9s %10s %10s\n", "documents", "claims", "invented", "linked",
           "add", "commit", "link", "in all", "a second", "by clock");
    uint64_t documents = s->documents;
    for (uint64_t i = 1; i < s->steps; i++)
        documents /= 4;
    for (uint64_t i = 0; i < s->steps; i++, documents *= 4)
        fill_to(path, s->seed, documents * 10 / DOCUMENTS_AN_INCIDENT_TENTHS);
}

/* ---- the file ---- */

static const char *const text_tables[] = {"words", "words_data", "words_idx", "words_docsize",
                                          "words_config"};
static const char *const capture_tables[] = {"capture", "chunk", "sqlite_autoindex_capture_1",
                                             "sqlite_autoindex_chunk_1", "capture_version"};

static bool is_one_of(const char *name, const char *const *list, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, list[i]) == 0)
            return true;
    return false;
}

static double number_of(sqlite3 *db, const char *sql) {
    sqlite3_stmt *s = NULL;
    double out = 0;
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
        out = sqlite3_column_double(s, 0);
    sqlite3_finalize(s);
    return out;
}

static void print_tables(sqlite3 *db, double claims) {
    sqlite3_stmt *s = NULL;
    double captures = 0, words = 0, rest = 0, texts = number_of(db, "SELECT sum(length(text)) FROM version");
    if (sqlite3_prepare_v2(db, "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC", -1, &s,
                           NULL) != SQLITE_OK) {
        printf("    this SQLite has no dbstat: not told apart\n");
        return;
    }
    while (sqlite3_step(s) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(s, 0);
        double bytes = sqlite3_column_double(s, 1);
        if (is_one_of(name, text_tables, sizeof text_tables / sizeof *text_tables))
            words += bytes;
        else if (is_one_of(name, capture_tables, sizeof capture_tables / sizeof *capture_tables))
            captures += bytes;
        else
            rest += bytes;
        if (bytes / claims >= 10)
            printf("    %-34s %8.0f\n", name, bytes / claims);
    }
    sqlite3_finalize(s);
    printf("    %-34s %8.0f\n    %-34s %8.0f\n    %-34s %8.0f\n    %-34s %8.0f\n", "captures",
           captures / claims, "article text", texts / claims, "index of words", words / claims,
           "all else: to be at most 1,500", (rest - texts) / claims);
}

static void measure_file(const char *path) {
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK) {
        printf("\nBytes of the file a claim\n");
        print_tables(db, number_of(db, "SELECT count(*) FROM claim"));
    }
    sqlite3_close(db);
}

/* ---- questions ---- */

typedef struct asking {
    ledger *l;
    arena a;
    uint64_t state;
    news news;
    VECTOR(str) ids;
    arena kept;
    uint64_t rows;
} asking;

static uint64_t below(asking *q, uint64_t n) {
    return news_random(&q->state) % n;
}

static bool take_row(void *context, str json) {
    asking *q = context;
    q->rows += json.size > 0;
    return true;
}

static str drawn_word(asking *q) {
    return news_word(&q->a, news_rank(&q->state, NEWS_WORDS));
}

static ledger_filter drawn_filter(asking *q) {
    ledger_filter f = ledger_filter_all();
    f.order = ORDER_DATE_DOWN;
    f.limit = 50;
    day first = news_first_day(), last = news_last_day(&q->news);
    if (below(q, 2))
        f.text = drawn_word(q);
    if (below(q, 3) == 0) {
        f.from = first + (day)below(q, (uint64_t)(last - first));
        f.to = f.from + (day)below(q, 400);
    }
    if (below(q, 3) == 0)
        f.country = STR("SY");
    if (below(q, 3) == 0) {
        f.effect = (int)below(q, 2);
        f.least = (int64_t)news_rank(&q->state, 100);
    }
    if (below(q, 4) == 0)
        f.event = EVENT_AIR_STRIKE + (int)news_rank(&q->state, 12);
    if (below(q, 4) == 0)
        f.disputed = (int)below(q, 2);
    return f;
}

static void ask_page(asking *q, failure *f) {
    ledger_filter filter = drawn_filter(q);
    uint64_t count = 0;
    check(ledger_query(q->l, LEDGER_SUMMARIES, &filter, take_row, q, f), f);
    check(ledger_count(q->l, &filter, COUNT_AT_MOST, &count, f), f);
}

static void ask_facets(asking *q, failure *f) {
    ledger_filter filter = drawn_filter(q);
    str json;
    check(ledger_facets(q->l, &filter, &q->a, &json, f), f);
}

static void ask_search(asking *q, failure *f) {
    str words = drawn_word(q);
    for (uint64_t more = below(q, 3); more > 0; more--)
        words = arena_printf(&q->a, "%.*s %.*s", STR_ARG(words), STR_ARG(drawn_word(q)));
    check(ledger_search(q->l, words, 20, 0, take_row, q, f), f);
}

static void ask_incident(asking *q, failure *f) {
    str json;
    if (q->ids.size)
        check(ledger_incident(q->l, q->ids.at[below(q, q->ids.size)], &q->a, &json, f), f);
}

static bool keep_id(void *context, str json) {
    asking *q = context;
    size_t at = str_find(json, STR("\"i-"), 0);
    if (at != SIZE_MAX)
        *VECTOR_PUSH(&q->ids, &q->kept) = arena_copy(&q->kept, str_slice(json, at + 1, at + 35));
    return true;
}

static int by_size(const void *x, const void *y) {
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static void print_times(const char *what, double *times, size_t n) {
    qsort(times, n, sizeof *times, by_size);
    printf("    %-36s %8.2f %8.2f %8.2f\n", what, times[n / 2] * 1e3, times[n * 99 / 100] * 1e3,
           times[n - 1] * 1e3);
    fflush(stdout);
}

static void measure_questions(const settings *s, const char *path, uint64_t incidents) {
    static const struct {
        const char *name;
        void (*ask)(asking *q, failure *f);
    } kinds[] = {{"filtered page of incidents", ask_page},
                 {"counts beside it (facets)", ask_facets},
                 {"search", ask_search},
                 {"an incident with all its chains", ask_incident}};
    enum { KINDS = sizeof kinds / sizeof *kinds };
    failure f = {0};
    asking q = {.a = arena_new((allocator){0}), .kept = arena_new((allocator){0}), .state = s->seed};
    q.news = (news){.seed = s->seed, .incidents = incidents};
    double *all = calloc(s->queries * KINDS, sizeof *all), *times = calloc(s->queries, sizeof *times);
    check(ledger_open(path, LEDGER_READ, NULL, &q.l, &f), &f);
    ledger_filter some = ledger_filter_all();
    some.limit = 2000;
    check(ledger_query(q.l, LEDGER_SUMMARIES, &some, keep_id, &q, &f), &f);
    printf("\nQuestions, milliseconds of the processor %12s %8s %8s\n", "p50", "p99", "most");
    for (size_t k = 0; k < KINDS; k++) {
        for (uint64_t i = 0; i < s->queries; i++) {
            moment start = now();
            kinds[k].ask(&q, &f);
            times[i] = all[k * s->queries + i] = since(start).processor;
            arena_reset(&q.a);
        }
        print_times(kinds[k].name, times, s->queries);
    }
    print_times("all (p50 <= 10, p99 <= 50)", all, s->queries * KINDS);
    check(ledger_close(q.l, &f), &f);
    arena_free(&q.a);
    arena_free(&q.kept);
    free(all);
    free(times);
}

/* ---- review ---- */

/* The id of a claim of some incident. */
static str drawn_claim(asking *q, failure *f) {
    str json;
    check(ledger_incident(q->l, q->ids.at[below(q, q->ids.size)], &q->a, &json, f), f);
    size_t at = str_find(json, STR("\"c-"), 0);
    return at == SIZE_MAX ? STR_NONE : str_slice(json, at + 1, at + 35);
}

/* By the clock: an act is there once it is on the disk. */
static void measure_acts(const settings *s, const char *path) {
    failure f = {0};
    asking q = {.a = arena_new((allocator){0}), .kept = arena_new((allocator){0}), .state = s->seed};
    double *times = calloc(s->queries, sizeof *times);
    ledger_filter some = ledger_filter_all();
    some.limit = 2000;
    check(ledger_open(path, LEDGER_WRITE, NULL, &q.l, &f), &f);
    check(ledger_query(q.l, LEDGER_SUMMARIES, &some, keep_id, &q, &f), &f);
    printf("\nReview, milliseconds by the clock %17s %8s %8s\n", "p50", "p99", "most");
    for (uint64_t i = 0; i < s->queries && q.ids.size; i++) {
        str id = drawn_claim(&q, &f), value = STR("count=3");
        ledger_act act = {.kind = i % 2 ? STR("reject") : STR("correct"),
                          .who = STR("bench"),
                          .ids = &id,
                          .id_count = id.size != 0,
                          .values = &value,
                          .value_count = 1};
        moment start = now();
        if (id.size)
            check(ledger_review(q.l, &act, NULL, &f), &f);
        times[i] = since(start).clock;
        arena_reset(&q.a);
    }
    print_times("an act, until it is committed (< 20)", times, s->queries);
    check(ledger_close(q.l, &f), &f);
    arena_free(&q.a);
    arena_free(&q.kept);
    free(times);
}

/* ---- */

static uint64_t number(const char *text) {
    char *end;
    unsigned long long n = strtoull(text, &end, 10);
    if (*end || end == text) {
        fprintf(stderr, "bench-ledger: \"%s\": expected a number\n", text);
        exit(2);
    }
    return n;
}

static settings settings_of(int argc, char **argv) {
    static const struct option options[] = {{"seed", required_argument, NULL, 's'},
                                            {"documents", required_argument, NULL, 'd'},
                                            {"steps", required_argument, NULL, 'n'},
                                            {"queries", required_argument, NULL, 'q'},
                                            {"incidents", required_argument, NULL, 'i'},
                                            {"ledger", required_argument, NULL, 'l'},
                                            {0}};
    settings s = {.seed = 1, .documents = 10000, .steps = 2, .queries = 200};
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case 's':
            s.seed = number(optarg);
            break;
        case 'd':
            s.documents = number(optarg);
            break;
        case 'n':
            s.steps = number(optarg);
            break;
        case 'q':
            s.queries = number(optarg);
            break;
        case 'i':
            s.incidents = number(optarg);
            break;
        case 'l':
            s.path = optarg;
            break;
        default:
            fputs(
                "usage: bench-ledger [--documents N] [--steps N] [--queries N] [--seed N]\n"
                "  --documents N  the largest ledger that is filled (10000); --steps N: and N - 1 smaller "
                "ones,\n"
                "                 each a quarter of the next (2)\n"
                "  --queries N    of each kind (200)\n"
                "  --ledger PATH  the largest ledger is kept there; with --incidents N it is there already,\n"
                "                 made with so many under the same seed, and only questions are measured\n",
                stderr);
            exit(2);
        }
    }
    return s;
}

int main(int argc, char **argv) {
    settings s = settings_of(argc, argv);
    char folder[] = "/tmp/isnad-bench-XXXXXX", own[64];
    const char *path = s.path;
    if (!path && mkdtemp(folder)) {
        snprintf(own, sizeof own, "%s/ledger", folder);
        path = own;
    }
    printf("The ledger (seed %llu)\n", (unsigned long long)s.seed);
    if (!s.incidents)
        measure_growth(&s, path);
    measure_file(path);
    measure_questions(&s, path, s.incidents ? s.incidents : s.documents * 10 / DOCUMENTS_AN_INCIDENT_TENTHS);
    measure_acts(&s, path);
    if (!s.path) {
        remove_ledger(path);
        rmdir(folder);
    }
    return 0;
}
