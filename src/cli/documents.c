#include "cli/documents.h"
#include "cli/words.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { MOST_JOBS = 64, SLOTS_A_JOB = 48, MOST_BYTES = 32 * 1024 * 1024, TICK_MILLISECONDS = 200 };

typedef struct slot {
    document document;
    size_t bytes;
    bool done;
} slot;

typedef struct road {
    program *program;
    bool readings;
    document_known known; /* may be NULL */
    document_ready ready; /* may be NULL */
    void *context;        /* theirs */
    isn_intake *intake;
    pthread_mutex_t lock;
    pthread_cond_t room, filling,
        done; /* for the reader, the workers, the caller: nobody is woken for nothing */
    slot *slots;
    uint64_t capacity;
    uint64_t filled, started, taken; /* slots so far: taken <= started <= filled <= taken + capacity */
    size_t bytes;                    /* in slots that are filled and not taken */
    bool ended, stopped;
    pthread_t reader, workers[MOST_JOBS];
    size_t jobs;
} road;

/* ---- the threads ---- */

static bool has_room(const road *r) {
    return r->filled - r->taken < r->capacity && (r->bytes < MOST_BYTES || r->filled == r->taken);
}

static bool put_capture(road *r, isn_capture *c) {
    size_t bytes;
    isn_capture_bytes(c, &bytes);
    pthread_mutex_lock(&r->lock);
    while (!has_room(r) && !r->stopped)
        pthread_cond_wait(&r->room, &r->lock);
    bool stopped = r->stopped;
    if (!stopped) {
        r->slots[r->filled % r->capacity] = (slot){.document.capture = c, .bytes = bytes};
        r->filled++;
        r->bytes += bytes;
        pthread_cond_signal(&r->filling);
    }
    pthread_mutex_unlock(&r->lock);
    return !stopped;
}

static void *read_input(void *context) {
    road *r = context;
    isn_capture *c = NULL;
    isn_error *error = NULL;
    while (isn_intake_next(r->intake, &c, &error) == ISN_OK && c)
        if (!put_capture(r, c)) {
            isn_capture_free(c);
            break;
        }
    isn_error_free(error);
    pthread_mutex_lock(&r->lock);
    r->ended = true;
    pthread_cond_broadcast(&r->filling);
    pthread_cond_signal(&r->done);
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

static void make_document(const road *r, document *d) {
    const settings *s = &r->program->settings;
    isn_page_options page = {.size = sizeof page, .published = s->published, .explain = s->explain};
    isn_reading_options reading = {.size = sizeof reading, .numbers = s->mentions, .explain = s->explain};
    if (r->known && (r->known(r->context, d->capture, &d->known, &d->error) != ISN_OK || d->known))
        return;
    if (isn_page_make(r->program->engine, d->capture, &page, &d->page, &d->error) != ISN_OK)
        return;
    if (!r->readings)
        isn_page_json(d->page, NULL);
    else if (isn_reading_make(r->program->engine, d->page, &reading, &d->reading, &d->error) == ISN_OK)
        r->ready ? r->ready(r->context, d->reading) : (void)isn_reading_json(d->reading, NULL);
}

static slot *next_to_start(road *r) {
    while (r->started == r->filled && !r->ended && !r->stopped)
        pthread_cond_wait(&r->filling, &r->lock);
    return r->started == r->filled || r->stopped ? NULL : &r->slots[r->started++ % r->capacity];
}

static void *work(void *context) {
    road *r = context;
    pthread_mutex_lock(&r->lock);
    for (slot *s; (s = next_to_start(r));) {
        pthread_mutex_unlock(&r->lock);
        make_document(r, &s->document);
        pthread_mutex_lock(&r->lock);
        s->done = true;
        if (s == &r->slots[r->taken % r->capacity])
            pthread_cond_signal(&r->done);
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

/* ---- the caller's side ---- */

static struct timespec after(long milliseconds) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_nsec += milliseconds * 1000000;
    t.tv_sec += t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    return t;
}

typedef struct progress {
    double began, shown;
    const char *file; /* of the last document, and where in it that begins */
    uint64_t offset;
} progress;

static void tell_programs(const progress *t, const documents_seen *seen) {
    progress_event(json_pack("{s:s, s:I, s:I, s:I, s:s?, s:I}", "event", "progress", "read",
                             (json_int_t)seen->read, "bad", (json_int_t)seen->bad, "bytes",
                             (json_int_t)seen->bytes, "file", t->file, "offset", (json_int_t)t->offset));
}

static void tell_progress(program *p, progress *t, const documents_seen *seen) {
    double now = seconds_now();
    bool for_programs = progress_for_programs(p);
    if ((now - t->began < 1 && !for_programs) || now - t->shown < 0.2)
        return;
    t->shown = now;
    if (for_programs) {
        tell_programs(t, seen);
        return;
    }
    progress_show(p, "%llu documents · %.1f MB/s · %llu bad", (unsigned long long)seen->read,
                  (double)seen->bytes / 1e6 / (now - t->began), (unsigned long long)seen->bad);
}

static bool is_done(const road *r) {
    return r->taken < r->filled && r->slots[r->taken % r->capacity].done;
}

/* Waits for the next document; false at the end, or where the person wants one. */
static bool wait_for_next(road *r, progress *t, documents_seen *seen) {
    pthread_mutex_lock(&r->lock);
    bool flushed = false;
    while (!is_done(r) && !(r->ended && r->taken == r->filled) && !interrupted()) {
        if (!flushed) {
            pthread_mutex_unlock(&r->lock);
            output_flush(r->program);
            pthread_mutex_lock(&r->lock);
            flushed = true;
            continue;
        }
        struct timespec until = after(TICK_MILLISECONDS);
        pthread_cond_timedwait(&r->done, &r->lock, &until);
        tell_progress(r->program, t, seen);
    }
    bool more = is_done(r) && !interrupted();
    pthread_mutex_unlock(&r->lock);
    return more;
}

static void document_free(document *d) {
    isn_reading_free(d->reading);
    isn_page_free(d->page);
    isn_capture_free(d->capture);
    isn_error_free(d->error);
    *d = (document){0};
}

static void give_slot_back(road *r, slot *s) {
    document_free(&s->document);
    pthread_mutex_lock(&r->lock);
    bool was_full = r->bytes >= MOST_BYTES;
    r->bytes -= s->bytes;
    r->taken++;
    /* Where threads share a processor, each should go on for a while: half of the slots at a time. */
    if (was_full || r->filled - r->taken <= r->capacity / 2)
        pthread_cond_signal(&r->room);
    pthread_mutex_unlock(&r->lock);
}

static void tell_warnings(program *p, const document *d) {
    const char *file = isn_capture_file(d->capture), *line;
    for (size_t i = 0; d->reading && (line = isn_reading_warning(d->reading, i)); i++)
        complain(p, "%s: %s", file, line);
    for (size_t i = 0; !d->reading && d->page && (line = isn_page_warning(d->page, i)); i++)
        complain(p, "%s: %s", file, line);
}

static isn_code take_all(road *r, document_taker take, void *context, documents_seen *seen) {
    progress t = {.began = seconds_now()};
    isn_code code = ISN_OK;
    while (code == ISN_OK && wait_for_next(r, &t, seen)) {
        slot *s = &r->slots[r->taken % r->capacity];
        seen->bytes += s->bytes;
        if (s->document.error) {
            isn_code bad = complain_error(r->program, s->document.error);
            code = bad == ISN_USAGE ? bad : ISN_OK; /* wrong options are wrong for every document */
            s->document.error = NULL;
            seen->bad++;
        } else {
            tell_warnings(r->program, &s->document);
            seen->read++;
            code = take(r->program, context, &s->document);
        }
        t.file = isn_capture_file(s->document.capture);
        t.offset = isn_capture_offset(s->document.capture);
        tell_progress(r->program, &t, seen);
        t.file = NULL;
        give_slot_back(r, s);
    }
    if (progress_for_programs(r->program))
        tell_programs(&t, seen);
    return code == ISN_OK && interrupted() ? ISN_CANCELLED : code;
}

/* ---- beginning and ending ---- */

static size_t jobs_of(const settings *s) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t jobs = s->jobs ? s->jobs : processors > 0 ? (uint64_t)processors : 1;
    return (size_t)(jobs < MOST_JOBS ? jobs : MOST_JOBS);
}

static bool start_threads(road *r, size_t jobs) {
    if (pthread_create(&r->reader, NULL, read_input, r) != 0)
        return false;
    while (r->jobs < jobs && pthread_create(&r->workers[r->jobs], NULL, work, r) == 0)
        r->jobs++;
    return r->jobs > 0;
}

/* After an interrupt the reader may be waiting for input that never comes: it is left alone after a moment.
 */
static bool end_reader(road *r) {
    struct timespec until = after(interrupted() ? 500 : 24 * 3600 * 1000L);
    return pthread_timedjoin_np(r->reader, NULL, &until) == 0;
}

static void stop_threads(road *r) {
    pthread_mutex_lock(&r->lock);
    r->stopped = true;
    pthread_cond_broadcast(&r->room);
    pthread_cond_broadcast(&r->filling);
    pthread_mutex_unlock(&r->lock);
    for (size_t i = 0; i < r->jobs; i++)
        pthread_join(r->workers[i], NULL);
}

static isn_code worst_of(isn_code code, isn_code intake, uint64_t bad) {
    if (code != ISN_OK)
        return code;
    return intake != ISN_OK ? intake : bad ? ISN_BAD_RECORDS : ISN_OK;
}

static isn_code run_road(road *r, document_taker take, void *context, documents_seen *seen) {
    size_t jobs = jobs_of(&r->program->settings);
    r->capacity = jobs * SLOTS_A_JOB;
    r->slots = calloc(r->capacity, sizeof *r->slots);
    isn_code code = ISN_INTERNAL;
    if (!r->slots || !start_threads(r, jobs))
        complain(r->program, "no thread could be started");
    else
        code = take_all(r, take, context, seen);
    stop_threads(r);
    if (!end_reader(r)) { /* it still uses the road and the engine */
        r->program->engine = NULL;
        return code;
    }
    for (uint64_t i = r->taken; i < r->filled; i++)
        document_free(&r->slots[i % r->capacity].document);
    uint64_t bad = seen->bad;
    seen->bad += isn_intake_bad(r->intake);
    code = worst_of(code, isn_intake_code(r->intake), bad);
    isn_intake_close(r->intake);
    pthread_cond_destroy(&r->room);
    pthread_cond_destroy(&r->filling);
    pthread_cond_destroy(&r->done);
    pthread_mutex_destroy(&r->lock);
    free(r->slots);
    free(r);
    return code;
}

static isn_code each(program *p, const char *command_name, const road *how, document_taker take,
                     documents_seen *seen) {
    static const char *const standard_input[] = {"-"};
    const settings *s = &p->settings;
    documents_seen unseen = {0};
    isn_error *error = NULL;
    if (s->count == 0 && isatty(STDIN_FILENO))
        return usage_error(p, command_name,
                           "nothing to read: name files, folders or URLs, or send a page to "
                           "standard input");
    isn_code code = engine_start(p);
    if (code != ISN_OK)
        return code;
    road *r = calloc(1, sizeof *r);
    if (!r)
        return ISN_INTERNAL;
    *r = *how;
    r->program = p;
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->room, NULL);
    pthread_cond_init(&r->filling, NULL);
    pthread_cond_init(&r->done, NULL);
    isn_intake_options intake = {.size = sizeof intake,
                                 .format = s->from,
                                 .max_bytes = s->max_bytes,
                                 .offline = s->offline,
                                 .public_only = s->public_only};
    code = isn_intake_open(p->engine, s->count ? (const char *const *)s->arguments : standard_input,
                           s->count ? s->count : 1, &intake, &r->intake, &error);
    if (code != ISN_OK) {
        free(r);
        return complain_error(p, error);
    }
    return run_road(r, take, how->context, seen ? seen : &unseen);
}

isn_code documents_each(program *p, const char *command_name, bool readings, document_taker take,
                        void *context, documents_seen *seen) {
    return each(p, command_name, &(road){.readings = readings, .context = context}, take, seen);
}

isn_code documents_each_new(program *p, const char *command_name, document_taker take, document_known known,
                            document_ready ready, void *context, documents_seen *seen) {
    const road how = {.readings = true, .known = known, .ready = ready, .context = context};
    return each(p, command_name, &how, take, seen);
}
