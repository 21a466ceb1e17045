/* The questions of the incidents page, over a ledger of bench-ledger (--ledger PATH --incidents N): how long
 * each takes when it is warm, with and without filters and words; alone, then from several threads while
 * readings come in. Milliseconds by the clock: that is what a reader waits for.
 *
 *     bench-asking --ledger PATH --incidents N [--threads 2] [--rate 100] [--seconds 10] [--adding] */
#include "ledger_news.h"
#include "measure.h"

#include "ledger/board.h"

#include <getopt.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { KINDS = 10, MOST_TIMES = 200000, THREADS_MOST = 16, CACHE_KILOBYTES = 4096 };

typedef struct settings {
    const char *path;
    uint64_t incidents, queries, threads, rate, seconds;
    bool adding;
} settings;

typedef struct asking {
    const settings *s;
    ledger_board *board;
    ledger *l;
    arena a;
    uint64_t state, rows;
    str next;
    ledger_filter of_next;
    double *times[KINDS], *work[KINDS]; /* by the clock, of the processor */
    size_t count[KINDS];
} asking;

static double time_of(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double clock_now(void) {
    return time_of(CLOCK_MONOTONIC);
}

static uint64_t below(asking *q, uint64_t n) {
    return news_random(&q->state) % n;
}

static bool take_row(void *context, str json) {
    ((asking *)context)->rows += json.size > 0;
    return true;
}

static ledger_filter plain(asking *q) {
    ledger_filter f = ledger_filter_all();
    (void)q;
    f.order = ORDER_DATE_DOWN;
    f.limit = 50;
    return f;
}

static void choose(ledger_filter *f, const char *name, str value) {
    f->choices[f->choice_count].name = name;
    f->choices[f->choice_count++].value = value;
}

static ledger_filter filtered(asking *q) {
    ledger_filter f = plain(q);
    news n = {.incidents = q->s->incidents};
    day first = news_first_day(), last = news_last_day(&n);
    f.order = (ledger_order)below(q, 4);
    if (below(q, 2)) {
        f.from = first + (day)below(q, (uint64_t)(last - first));
        f.to = f.from + (day)below(q, 400);
    }
    if (below(q, 3) == 0)
        f.country = below(q, 2) ? STR("SY") : STR("SY,YE,IQ");
    if (below(q, 3) == 0) {
        f.effects = 1u << below(q, 2);
        f.least = (int64_t)news_rank(&q->state, 100);
    }
    if (below(q, 4) == 0)
        f.event = EVENT_AIR_STRIKE + (int)news_rank(&q->state, 12);
    if (below(q, 4) == 0)
        f.disputed = (int)below(q, 2);
    if (below(q, 4) == 0)
        f.voices_least = 2;
    if (below(q, 6) == 0)
        choose(&f, "status", STR("new,in-review"));
    return f;
}

static ledger_filter worded(asking *q) {
    ledger_filter f = below(q, 2) ? filtered(q) : plain(q);
    f.text = news_word(&q->a, news_rank(&q->state, NEWS_WORDS));
    if (below(q, 3) == 0)
        f.text = arena_printf(&q->a, "%.*s %.*s", STR_ARG(f.text),
                              STR_ARG(news_word(&q->a, news_rank(&q->state, NEWS_WORDS))));
    return f;
}

static void page(asking *q, const ledger_filter *f) {
    ledger_paged out = {0};
    failure why = {0};
    check(ledger_page(q->l, f, take_row, q, &q->a, &out, &why), &why);
}

static void ask_list(asking *q, failure *f) {
    (void)f;
    ledger_filter filter = plain(q);
    page(q, &filter);
}

static void ask_filtered(asking *q, failure *f) {
    (void)f;
    ledger_filter filter = filtered(q);
    page(q, &filter);
}

static void ask_worded(asking *q, failure *f) {
    (void)f;
    ledger_filter filter = worded(q);
    page(q, &filter);
}

static void ask_deep(asking *q, failure *f) {
    (void)f;
    ledger_filter filter = plain(q);
    filter.order = (ledger_order)below(q, 4);
    filter.offset = below(q, q->s->incidents);
    page(q, &filter);
}

static void ask_facets(asking *q, failure *f) {
    ledger_filter filter = below(q, 3) ? filtered(q) : plain(q);
    str json;
    check(ledger_facets(q->l, &filter, &q->a, &json, f), f);
}

static void ask_facets_worded(asking *q, failure *f) {
    ledger_filter filter = worded(q);
    str json;
    check(ledger_facets(q->l, &filter, &q->a, &json, f), f);
}

static void ask_timeline(asking *q, failure *f) {
    ledger_filter filter = below(q, 3) ? filtered(q) : plain(q);
    str json;
    check(ledger_timeline(q->l, &filter, &q->a, &json, f), f);
}

static void ask_map(asking *q, failure *f) {
    ledger_filter filter = below(q, 3) ? filtered(q) : plain(q);
    str json;
    check(ledger_map(q->l, &filter, (unsigned)below(q, 12), &q->a, &json, f), f);
}

static void ask_search(asking *q, failure *f) {
    str words = news_word(&q->a, news_rank(&q->state, NEWS_WORDS));
    check(ledger_search(q->l, words, 20, 0, take_row, q, f), f);
}

static void ask_documents(asking *q, failure *f) {
    ledger_filter filter = plain(q);
    str next;
    check(ledger_documents(q->l, &filter, take_row, q, &q->a, &next, f), f);
    filter.after = next; /* and the one behind it */
    if (next.data)
        check(ledger_documents(q->l, &filter, take_row, q, &q->a, &next, f), f);
}

static const struct {
    const char *name;
    void (*ask)(asking *q, failure *f);
} kinds[KINDS] = {{"first page of incidents", ask_list},
                  {"a page, filtered", ask_filtered},
                  {"a page with words and snippets", ask_worded},
                  {"a page from anywhere", ask_deep},
                  {"counts (facets)", ask_facets},
                  {"counts with words", ask_facets_worded},
                  {"timeline", ask_timeline},
                  {"map", ask_map},
                  {"search in documents", ask_search},
                  {"two pages of documents", ask_documents}};

static void ask(asking *q, int kind, double begun) {
    failure f = {0};
    double work = time_of(CLOCK_THREAD_CPUTIME_ID);
    kinds[kind].ask(q, &f);
    if (q->count[kind] < MOST_TIMES) {
        q->work[kind][q->count[kind]] = time_of(CLOCK_THREAD_CPUTIME_ID) - work;
        q->times[kind][q->count[kind]++] = clock_now() - begun;
    }
    arena_reset(&q->a);
}

static asking asking_new(const settings *s, ledger_board *b, uint64_t seed) {
    asking q = {.s = s, .board = b, .a = arena_new((allocator){0}), .state = seed};
    failure f = {0};
    ledger_options o = {.board = b, .cache_kilobytes = CACHE_KILOBYTES};
    check(ledger_open(s->path, LEDGER_READ, &o, &q.l, &f), &f);
    for (int i = 0; i < KINDS; i++)
        q.times[i] = calloc(MOST_TIMES, sizeof **q.times), q.work[i] = calloc(MOST_TIMES, sizeof **q.work);
    return q;
}

static int by_size(const void *x, const void *y) {
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static double part(double *sorted, size_t n, size_t hundredths) {
    return n ? sorted[(n - 1) * hundredths / 100] * 1e3 : 0;
}

static void print_line(const char *name, double *times, double *work, size_t n) {
    qsort(times, n, sizeof *times, by_size);
    qsort(work, n, sizeof *work, by_size);
    printf("    %-34s %7zu %8.2f %8.2f %8.2f %8.2f %8.2f\n", name, n, part(work, n, 50), part(work, n, 99),
           part(times, n, 50), part(times, n, 99), part(times, n, 100));
}

static size_t gather(asking *q, size_t count, int kind, double *times, double *work) {
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        memcpy(times + n, q[i].times[kind], q[i].count[kind] * sizeof *times);
        memcpy(work + n, q[i].work[kind], q[i].count[kind] * sizeof *work);
        n += q[i].count[kind];
    }
    return n;
}

static void print_all(asking *q, size_t count, const char *title) {
    size_t total = 0, room = 1;
    for (size_t i = 0; i < count * KINDS; i++)
        room += q[i / KINDS].count[i % KINDS];
    double *times = calloc(room, sizeof *times), *work = calloc(room, sizeof *work);
    printf("\n%-38s %7s %8s %8s %8s %8s %8s\n%46s %17s %26s\n", title, "asked", "p50", "p99", "p50", "p99",
           "most", "", "of the processor", "by the clock");
    for (int k = 0; k < KINDS; k++)
        print_line(kinds[k].name, times, work, gather(q, count, k, times, work));
    for (int k = 0; k < KINDS; k++)
        total += gather(q, count, k, times + total, work + total);
    print_line("all", times, work, total);
    for (size_t i = 0; i < count * KINDS; i++)
        q[i / KINDS].count[i % KINDS] = 0;
    fflush(stdout);
    free(times);
    free(work);
}

static void print_memory(ledger_board *b) {
    ledger_board_state s;
    long pages = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    ledger_board_tell(b, &s);
    if (f && fscanf(f, "%ld %ld", &pages, &resident) == 2)
        printf("    memory: %.0f MB in all, of which rows %.0f MB (%llu incidents); read whole %llu times, "
               "followed %llu\n",
               (double)resident * (double)sysconf(_SC_PAGESIZE) / 1e6, (double)s.bytes / 1e6,
               (unsigned long long)s.incidents, (unsigned long long)s.read_whole,
               (unsigned long long)s.followed);
    if (f)
        fclose(f);
}

/* ---- at a rate, while others write ---- */

typedef struct loading {
    asking *q;
    atomic_uint_fast64_t *turn;
    double begun, step, until;
} loading;

/* Each is due at its time, and waited for from then on, whoever is late. */
static void *ask_at_rate(void *context) {
    loading *t = context;
    for (;;) {
        uint64_t turn = atomic_fetch_add(t->turn, 1);
        double due = t->begun + (double)turn * t->step, wait = due - clock_now();
        if (due > t->until)
            return NULL;
        if (wait > 0)
            nanosleep(&(struct timespec){(time_t)wait, (long)((wait - (double)(time_t)wait) * 1e9)}, NULL);
        ask(t->q, (int)(turn % KINDS), due);
    }
}

typedef struct adding {
    const settings *s;
    atomic_bool stop;
    uint64_t documents;
    double seconds;
} adding;

static void *add_news(void *context) {
    adding *w = context;
    ledger *l;
    failure f = {0};
    arena a = arena_new((allocator){0});
    news n = {.seed = (uint64_t)time(NULL), .incidents = 1u << 30};
    news_documents list;
    double begun = clock_now();
    check(ledger_open(w->s->path, LEDGER_WRITE, NULL, &l, &f), &f);
    while (!w->stop && news_next(&n, &a, &list)) {
        for (size_t i = 0; i < list.size; i++, w->documents++)
            check(ledger_add(l, NULL, &list.at[i]->reading, STR_NONE, NULL, &f), &f);
        arena_reset(&a);
    }
    check(ledger_close(l, &f), &f);
    w->seconds = clock_now() - begun;
    arena_free(&a);
    return NULL;
}

static void load(const settings *s, asking *q) {
    pthread_t threads[THREADS_MOST], writer;
    loading loads[THREADS_MOST];
    adding w = {.s = s};
    atomic_uint_fast64_t turn = 0;
    double begun = clock_now();
    if (s->adding)
        pthread_create(&writer, NULL, add_news, &w);
    for (uint64_t i = 0; i < s->threads; i++) {
        loads[i] = (loading){&q[i], &turn, begun, 1.0 / (double)s->rate, begun + (double)s->seconds};
        pthread_create(&threads[i], NULL, ask_at_rate, &loads[i]);
    }
    for (uint64_t i = 0; i < s->threads; i++)
        pthread_join(threads[i], NULL);
    w.stop = true;
    if (s->adding) {
        pthread_join(writer, NULL);
        printf("\nbeside it: %.0f readings a second added\n", (double)w.documents / w.seconds);
    }
    char title[80];
    snprintf(title, sizeof title, "%llu a second%s, milliseconds", (unsigned long long)s->rate,
             s->adding ? " while readings come in" : "");
    print_all(q, s->threads, title);
}

static settings settings_of(int argc, char **argv) {
    static const struct option options[] = {
        {"ledger", required_argument, NULL, 'l'},  {"incidents", required_argument, NULL, 'i'},
        {"queries", required_argument, NULL, 'q'}, {"threads", required_argument, NULL, 't'},
        {"rate", required_argument, NULL, 'r'},    {"seconds", required_argument, NULL, 's'},
        {"adding", no_argument, NULL, 'a'},        {0}};
    settings s = {.queries = 200, .threads = 4, .rate = 100, .seconds = 10};
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;)
        switch (c) {
        case 'l':
            s.path = optarg;
            break;
        case 'i':
            s.incidents = strtoull(optarg, NULL, 10);
            break;
        case 'q':
            s.queries = strtoull(optarg, NULL, 10);
            break;
        case 't':
            s.threads = strtoull(optarg, NULL, 10);
            break;
        case 'r':
            s.rate = strtoull(optarg, NULL, 10);
            break;
        case 's':
            s.seconds = strtoull(optarg, NULL, 10);
            break;
        case 'a':
            s.adding = true;
            break;
        default:
            exit(2);
        }
    if (!s.path || !s.incidents || !s.rate || !s.threads || s.threads > THREADS_MOST) {
        fputs("usage: bench-asking --ledger PATH --incidents N [--queries N] [--threads N] [--rate N] "
              "[--seconds N]"
              " [--adding]\n",
              stderr);
        exit(2);
    }
    return s;
}

int main(int argc, char **argv) {
    settings s = settings_of(argc, argv);
    ledger_board *board = ledger_board_new();
    asking q[THREADS_MOST];
    failure f = {0};
    for (uint64_t i = 0; i < s.threads; i++)
        q[i] = asking_new(&s, board, i + 1);
    double begun = clock_now();
    ask_list(&q[0], &f);
    printf("The first question, with all rows read: %.0f ms\n", (clock_now() - begun) * 1e3);
    arena_reset(&q[0].a);
    for (int k = 0; k < KINDS; k++)
        for (uint64_t i = 0; i < s.queries; i++)
            ask(&q[0], k, clock_now());
    print_all(q, 1, "One after another, milliseconds");
    print_memory(board);
    if (s.seconds)
        load(&s, q);
    print_memory(board);
    for (uint64_t i = 0; i < s.threads; i++) {
        check(ledger_close(q[i].l, &f), &f);
        arena_free(&q[i].a);
        for (int k = 0; k < KINDS; k++)
            free(q[i].times[k]), free(q[i].work[k]);
    }
    ledger_board_free(board);
    return 0;
}
