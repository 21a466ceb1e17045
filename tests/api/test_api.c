/* The public library as its callers use it: threads that share an engine, hooks, errors, owners. */
#include "test_support.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "isnad.h"

static const char page_text[] =
    "<!DOCTYPE html><html lang=\"ar\"><head><meta charset=\"utf-8\"><title>13 قتيلاً في غارة على الرقة</title>"
    "<meta property=\"article:published_time\" content=\"2026-01-14T09:30:00+03:00\"></head><body><article>"
    "<h1>13 قتيلاً في غارة على الرقة</h1><p>قال مصدر طبي إن 13 شخصاً قتلوا وأصيب 5 آخرون في غارة جوية استهدفت "
    "مدينة الرقة فجر الثلاثاء.</p><p>وأكد ناشطون محليون مقتل ما لا يقل عن 17 مدنياً في الغارة نفسها على "
    "الأحياء "
    "الشرقية من المدينة، على بعد 3 كم شمال مدينة الطبقة.</p></article></body></html>";

static isn_engine *new_engine(const isn_engine_options *options) {
    isn_engine *engine = NULL;
    assert_int_equal(isn_engine_new(options, &engine, NULL), ISN_OK);
    return engine;
}

static isn_reading *read_bytes(const isn_engine *engine, const char *bytes, size_t size, const char *format,
                               const isn_reading_options *options) {
    isn_capture *capture = NULL;
    isn_page *page = NULL;
    isn_reading *reading = NULL;
    isn_capture_options how = {.size = sizeof how, .format = format, .file = "test"};
    assert_int_equal(isn_capture_new(engine, bytes, size, &how, &capture, NULL), ISN_OK);
    assert_int_equal(isn_page_make(engine, capture, NULL, &page, NULL), ISN_OK);
    assert_int_equal(isn_reading_make(engine, page, options, &reading, NULL), ISN_OK);
    isn_capture_free(capture); /* the reading keeps what it was made of */
    isn_page_free(page);
    return reading;
}

static isn_reading *read_page(const isn_engine *engine) {
    return read_bytes(engine, page_text, strlen(page_text), "html", NULL);
}

/* A path in a folder of its own; free with remove_folder. */
static char folder[64];

static int make_folder(void **state) {
    (void)state;
    strcpy(folder, "/tmp/isnad-api-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static const char *path_of(const char *name) {
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int remove_folder(void **state) {
    (void)state;
    static const char *const names[] = {"a.html",       "b.html",       "t.ledger",
                                        "t.ledger-wal", "t.ledger-shm", "bad"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(path_of(names[i]));
    return rmdir(folder);
}

static void write_text(const char *name, const char *text) {
    FILE *file = fopen(path_of(name), "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* ---- readings ---- */

static void test_claims_by_accessors(void **state) {
    (void)state;
    isn_engine *engine = new_engine(NULL);
    isn_reading *reading = read_page(engine);
    bool found = false;
    size_t size;
    assert_true(isn_reading_claims(reading) >= 2);
    for (size_t i = 0; i < isn_reading_claims(reading); i++) {
        const char *evidence = isn_claim_evidence(reading, i, &size, NULL, NULL);
        assert_non_null(evidence);
        assert_true(size > 0);
        assert_true(isn_claim_min(reading, i) <= isn_claim_max(reading, i));
        found |= strcmp(isn_claim_effect(reading, i), "killed") == 0 && isn_claim_min(reading, i) == 17 &&
                 isn_claim_max(reading, i) == ISN_OPEN &&
                 strcmp(isn_claim_stance(reading, i), "asserts") == 0;
    }
    assert_true(found);
    size_t past = isn_reading_claims(reading);
    assert_null(isn_claim_effect(reading, past));
    assert_null(isn_claim_stance(reading, past));
    assert_null(isn_claim_voice(reading, past, &size));
    assert_int_equal(size, 0);
    assert_null(isn_claim_evidence(reading, past, NULL, NULL, NULL));
    assert_int_equal(isn_claim_min(reading, past), 0);
    isn_reading_free(reading);
    isn_engine_free(engine);
}

static void test_evidence_is_where_it_says(void **state) {
    (void)state;
    isn_engine *engine = new_engine(NULL);
    isn_capture *capture = NULL;
    isn_page *page = NULL;
    isn_reading *reading = NULL;
    assert_int_equal(isn_capture_new(engine, page_text, strlen(page_text), NULL, &capture, NULL), ISN_OK);
    assert_int_equal(isn_page_make(engine, capture, NULL, &page, NULL), ISN_OK);
    assert_int_equal(isn_reading_make(engine, page, NULL, &reading, NULL), ISN_OK);
    const char *text = isn_page_text(page, NULL);
    for (size_t i = 0; i < isn_reading_claims(reading); i++) {
        size_t size, start, end, at = 0, code_points = 0;
        const char *evidence = isn_claim_evidence(reading, i, &size, &start, &end);
        for (; code_points < start; at++)
            code_points += (text[at + 1] & 0xC0) != 0x80;
        assert_memory_equal(text + at, evidence, size);
        for (size_t k = 0; k < size; k++)
            code_points += (evidence[k] & 0xC0) != 0x80;
        assert_int_equal(code_points, end);
    }
    isn_reading_free(reading);
    isn_page_free(page);
    isn_capture_free(capture);
    isn_engine_free(engine);
}

static void test_owners_in_any_order(void **state) {
    (void)state;
    isn_engine *engine = new_engine(NULL);
    for (int order = 0; order < 6; order++) {
        isn_capture *capture = NULL;
        isn_page *page = NULL;
        isn_reading *reading = NULL;
        size_t size;
        assert_int_equal(isn_capture_new(engine, page_text, strlen(page_text), NULL, &capture, NULL), ISN_OK);
        assert_int_equal(isn_page_make(engine, capture, NULL, &page, NULL), ISN_OK);
        assert_int_equal(isn_reading_make(engine, page, NULL, &reading, NULL), ISN_OK);
        static const char *const orders[] = {"cpr", "crp", "pcr", "prc", "rcp", "rpc"};
        for (const char *what = orders[order]; *what; what++) {
            if (*what == 'c')
                isn_capture_free(capture);
            else if (*what == 'p') {
                assert_true(strlen(isn_page_json(page, NULL)) > 0);
                isn_page_free(page);
            } else {
                const char *json = isn_reading_json(reading, &size);
                assert_int_equal(strlen(json), size);
                isn_reading_free(reading);
            }
        }
    }
    isn_capture_free(NULL);
    isn_page_free(NULL);
    isn_reading_free(NULL);
    isn_engine_free(engine);
    isn_engine_free(NULL);
}

static void test_rules_and_numbers_by_option(void **state) {
    (void)state;
    isn_engine *engine = new_engine(NULL);
    isn_reading *plain = read_page(engine);
    isn_reading_options options = {.size = sizeof options, .numbers = true, .explain = true};
    isn_reading *full = read_bytes(engine, page_text, strlen(page_text), "html", &options);
    assert_null(strstr(isn_reading_json(plain, NULL), "\"because\""));
    assert_non_null(strstr(isn_reading_json(full, NULL), "\"because\""));
    assert_non_null(strstr(isn_reading_json(full, NULL), "\"numbers\""));
    isn_reading_free(plain);
    isn_reading_free(full);
    isn_engine_free(engine);
}

static void test_options_of_an_older_header(void **state) {
    (void)state;
    struct {
        size_t size;
        bool numbers;
        bool explain;
    } older = {offsetof(isn_reading_options, explain), true, true}; /* `explain` was not there yet */
    isn_engine *engine = new_engine(NULL);
    isn_reading *reading = read_bytes(engine, page_text, strlen(page_text), "html",
                                      (const isn_reading_options *)(const void *)&older);
    assert_non_null(strstr(isn_reading_json(reading, NULL), "\"numbers\""));
    assert_null(strstr(isn_reading_json(reading, NULL), "\"because\""));
    isn_reading_free(reading);
    isn_engine_free(engine);
}

/* ---- threads and hooks ---- */

enum { THREADS = 8, ROUNDS = 12 };

typedef struct worker {
    const isn_engine *engine;
    const char *expected;
    bool same;
} worker;

static void *read_many(void *context) {
    worker *w = context;
    w->same = true;
    for (int i = 0; i < ROUNDS; i++) {
        isn_reading *reading = read_page(w->engine);
        w->same &= strcmp(isn_reading_json(reading, NULL), w->expected) == 0;
        isn_reading_free(reading);
    }
    return NULL;
}

static void test_threads_share_an_engine(void **state) {
    (void)state;
    isn_engine *engine = new_engine(NULL);
    isn_reading *reading = read_page(engine);
    pthread_t threads[THREADS];
    worker workers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (worker){engine, isn_reading_json(reading, NULL), false};
        assert_int_equal(pthread_create(&threads[i], NULL, read_many, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_true(workers[i].same);
    }
    isn_reading_free(reading);
    isn_engine_free(engine);
}

typedef struct memory_count {
    atomic_size_t blocks, bytes;
} memory_count;

static void *counted_allocate(void *context, size_t size) {
    memory_count *count = context;
    atomic_fetch_add(&count->blocks, 1);
    atomic_fetch_add(&count->bytes, size);
    return malloc(size);
}

static void counted_release(void *context, void *memory) {
    memory_count *count = context;
    if (memory)
        atomic_fetch_sub(&count->blocks, 1);
    free(memory);
}

static void test_allocator_is_used_and_balanced(void **state) {
    (void)state;
    memory_count count;
    atomic_init(&count.blocks, 0);
    atomic_init(&count.bytes, 0);
    isn_engine_options options = {.size = sizeof options,
                                  .allocate = counted_allocate,
                                  .release = counted_release,
                                  .allocator_context = &count};
    isn_engine *engine = new_engine(&options);
    size_t before = atomic_load(&count.bytes);
    isn_reading *reading = read_page(engine);
    isn_reading_json(reading, NULL);
    assert_true(atomic_load(&count.bytes) > before + strlen(page_text));
    isn_reading_free(reading);
    isn_engine_free(engine);
    assert_int_equal(atomic_load(&count.blocks), 0);
}

static void test_half_an_allocator_is_refused(void **state) {
    (void)state;
    isn_engine *engine = NULL;
    isn_error *error = NULL;
    isn_engine_options options = {.size = sizeof options, .allocate = counted_allocate};
    assert_int_equal(isn_engine_new(&options, &engine, &error), ISN_USAGE);
    assert_null(engine);
    assert_int_equal(isn_error_code(error), ISN_USAGE);
    assert_true(strlen(isn_error_message(error)) > 0);
    isn_error_free(error);
}

static bool cancel_after(void *context) {
    int *left = context;
    return (*left)-- <= 0;
}

static size_t count_captures(const isn_engine *engine, const char *path, isn_code *code) {
    isn_intake *intake = NULL;
    isn_capture *capture;
    size_t count = 0;
    isn_intake_options options = {.size = sizeof options, .format = "jsonl"};
    assert_int_equal(isn_intake_open(engine, &path, 1, &options, &intake, NULL), ISN_OK);
    while (isn_intake_next(intake, &capture, NULL) == ISN_OK && capture) {
        count++;
        isn_capture_free(capture);
    }
    *code = isn_intake_code(intake);
    isn_intake_close(intake);
    return count;
}

static void test_cancel_ends_an_intake(void **state) {
    (void)state;
    enum { RECORDS = 1000 };
    FILE *file = fopen(path_of("bad"), "wb");
    assert_non_null(file);
    for (int i = 0; i < RECORDS; i++)
        fprintf(file, "{\"id\": \"%d\", \"text\": \"x\"}\n", i);
    fclose(file);
    int left = 10;
    isn_code code;
    isn_engine_options options = {.size = sizeof options, .cancelled = cancel_after, .cancel_context = &left};
    isn_engine *engine = new_engine(&options);
    assert_true(count_captures(engine, path_of("bad"), &code) < RECORDS);
    isn_engine_free(engine);
    engine = new_engine(NULL);
    assert_int_equal(count_captures(engine, path_of("bad"), &code), RECORDS);
    assert_int_equal(code, ISN_OK);
    isn_engine_free(engine);
}

static void keep_line(void *context, isn_log_level level, const char *line) {
    assert_int_equal(level, ISN_LOG_ERROR);
    snprintf(context, 500, "%s", line);
}

static void test_what_cannot_be_read_is_logged_and_counted(void **state) {
    (void)state;
    char line[500] = "";
    isn_engine_options options = {.size = sizeof options, .log = keep_line, .log_context = line};
    isn_engine *engine = new_engine(&options);
    isn_intake *intake = NULL;
    isn_capture *capture = NULL;
    char missing[128];
    write_text("a.html", page_text);
    snprintf(missing, sizeof missing, "%s", path_of("missing.html"));
    const char *const inputs[] = {missing, path_of("a.html")};
    assert_int_equal(isn_intake_open(engine, inputs, 2, NULL, &intake, NULL), ISN_OK);
    assert_int_equal(isn_intake_next(intake, &capture, NULL), ISN_OK);
    assert_non_null(capture);
    assert_string_equal(isn_capture_file(capture), inputs[1]);
    isn_intake_next(intake, &(isn_capture *){NULL}, NULL);
    assert_int_equal(isn_intake_bad(intake), 1);
    assert_int_equal(isn_intake_code(intake), ISN_NO_INPUT);
    assert_non_null(strstr(line, "missing.html"));
    isn_intake_close(intake);
    size_t size;
    assert_memory_equal(isn_capture_bytes(capture, &size), page_text, strlen(page_text));
    assert_string_equal(isn_capture_file(capture), path_of("a.html")); /* it outlives its intake */
    isn_capture_free(capture);
    isn_engine_free(engine);
}

/* ---- errors ---- */

static void test_wrong_options_are_told(void **state) {
    (void)state;
    isn_engine *engine = new_engine(NULL);
    isn_intake *intake = NULL;
    isn_capture *capture = NULL;
    isn_page *page = NULL;
    isn_error *error = NULL;
    isn_intake_options wrong_format = {.size = sizeof wrong_format, .format = "pdf"};
    assert_int_equal(isn_intake_open(engine, NULL, 0, &wrong_format, &intake, &error), ISN_USAGE);
    assert_null(intake);
    assert_non_null(strstr(isn_error_message(error), "pdf"));
    isn_error_free(error);
    isn_capture_options wrong_kind = {.size = sizeof wrong_kind, .format = "warc"};
    assert_int_equal(isn_capture_new(engine, "x", 1, &wrong_kind, &capture, NULL), ISN_USAGE);
    assert_int_equal(isn_capture_new(engine, "x", 1, NULL, &capture, NULL), ISN_OK);
    static const char *const wrong[] = {"yesterday", "2021-13-01",       "2021-02-30",
                                        "2021-1-1",  "2021-01-01 10:00", ""};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        isn_page_options date = {.size = sizeof date, .published = wrong[i]};
        assert_int_equal(isn_page_make(engine, capture, &date, &page, NULL), ISN_USAGE);
        assert_null(page);
    }
    static const char *const right[] = {"2021-02-28", "2021-01-14T09:30", "2021-01-14T09:30+03:00"};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        isn_page_options date = {.size = sizeof date, .published = right[i]};
        assert_int_equal(isn_page_make(engine, capture, &date, &page, NULL), ISN_OK);
        isn_page_free(page);
        page = NULL;
    }
    isn_capture_free(capture);
    isn_engine_free(engine);
}

static void test_a_gazetteer_that_is_none(void **state) {
    (void)state;
    isn_engine *engine = NULL;
    isn_error *error = NULL;
    isn_engine_options missing = {.size = sizeof missing, .places = path_of("missing")};
    assert_int_equal(isn_engine_new(&missing, &engine, &error), ISN_NO_INPUT);
    isn_error_free(error);
    write_text("bad", "this is no gazetteer");
    isn_engine_options bad = {.size = sizeof bad, .places = path_of("bad")};
    assert_int_equal(isn_engine_new(&bad, &engine, NULL), ISN_BAD_INPUT);
    assert_null(engine);
}

static void test_bad_json_record(void **state) {
    (void)state;
    isn_engine *engine = new_engine(NULL);
    static const char *const wrong[] = {"", "{", "[]", "{}", "{\"text\": 1}", "\xff\xfe", "null"};
    isn_capture_options how = {.size = sizeof how, .format = "json", .file = "records"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        isn_capture *capture = NULL;
        isn_page *page = NULL;
        isn_error *error = NULL;
        assert_int_equal(isn_capture_new(engine, wrong[i], strlen(wrong[i]), &how, &capture, NULL), ISN_OK);
        assert_int_not_equal(isn_page_make(engine, capture, NULL, &page, &error), ISN_OK);
        assert_null(page);
        assert_non_null(strstr(isn_error_message(error), "records"));
        isn_error_free(error);
        isn_capture_free(capture);
    }
    isn_engine_free(engine);
}

static void test_schemas(void **state) {
    (void)state;
    assert_non_null(strstr(isn_schema("reading"), "isnad-reading/1"));
    assert_non_null(strstr(isn_schema("page"), "isnad-page/1"));
    assert_non_null(strstr(isn_schema("incident"), "isnad-incident/1"));
    assert_null(isn_schema("readings"));
    assert_null(isn_schema(""));
}

/* ---- the ledger ---- */

typedef struct rows {
    size_t count, stop_after;
    char first[160];
} rows;

static bool take_row(void *context, const char *json, size_t size) {
    rows *r = context;
    if (r->count++ == 0)
        snprintf(r->first, sizeof r->first, "%.*s", (int)(size < 159 ? size : 159), json);
    return r->count != r->stop_after;
}

static isn_ledger *open_ledger(const isn_engine *engine, isn_ledger_mode mode, isn_code expected) {
    isn_ledger *ledger = NULL;
    isn_error *error = NULL;
    isn_ledger_options options = {.size = sizeof options, .mode = mode};
    isn_code code = isn_ledger_open(engine, path_of("t.ledger"), &options, &ledger, &error);
    if (code != expected)
        fail_msg("opening gave %d: %s", (int)code, isn_error_message(error));
    isn_error_free(error);
    return ledger;
}

static void test_ledger_from_reading_to_answer(void **state) {
    (void)state;
    isn_engine *engine = new_engine(NULL);
    assert_null(open_ledger(engine, ISN_LEDGER_READ, ISN_NO_INPUT));
    isn_ledger *ledger = open_ledger(engine, ISN_LEDGER_CREATE, ISN_OK);
    isn_reading *reading = read_page(engine);
    unsigned news = 0;
    assert_int_equal(isn_ledger_add(ledger, reading, &news, NULL), ISN_OK);
    assert_int_equal(news, ISN_NEW_CAPTURE | ISN_NEW_DOCUMENT | ISN_NEW_VERSION);
    assert_int_equal(isn_ledger_add(ledger, reading, &news, NULL), ISN_OK);
    assert_int_equal(news, 0);
    isn_reading_free(reading);
    char *json = NULL;
    assert_int_equal(isn_ledger_link(ledger, &json, NULL), ISN_OK);
    assert_non_null(strstr(json, "\"documents\":1"));
    isn_free(json);
    rows r = {0};
    assert_int_equal(isn_ledger_query(ledger, "incidents", NULL, take_row, &r, NULL), ISN_OK);
    assert_true(r.count >= 1);
    assert_non_null(strstr(r.first, "isnad-incident/1"));
    uint64_t count = 0;
    assert_int_equal(isn_ledger_count(ledger, NULL, 0, &count, NULL), ISN_OK);
    assert_int_equal(count, r.count);
    r = (rows){.stop_after = 1};
    assert_int_equal(isn_ledger_query(ledger, "claims", NULL, take_row, &r, NULL), ISN_OK);
    assert_int_equal(r.count, 1);
    json = NULL;
    assert_int_equal(isn_ledger_verify(ledger, NULL, NULL, &json, NULL), ISN_OK);
    assert_non_null(strstr(json, "\"captures\":1"));
    isn_free(json);
    assert_int_equal(isn_ledger_close(ledger, NULL), ISN_OK);
    isn_engine_free(engine);
}

static void test_a_reviewer_is_heard(void **state) {
    (void)state;
    isn_engine *engine = new_engine(NULL);
    isn_ledger *ledger = open_ledger(engine, ISN_LEDGER_CREATE, ISN_OK);
    isn_reading *reading = read_page(engine);
    assert_int_equal(isn_ledger_add(ledger, reading, NULL, NULL), ISN_OK);
    isn_reading_free(reading);
    assert_int_equal(isn_ledger_link(ledger, NULL, NULL), ISN_OK);
    rows r = {.stop_after = 1};
    assert_int_equal(isn_ledger_query(ledger, "claims", NULL, take_row, &r, NULL), ISN_OK);
    char id[64] = "";
    assert_int_equal(sscanf(strstr(r.first, "\"c-"), "\"%60[^\"]", id), 1);
    const char *ids[] = {id}, *values[] = {"count=3+"};
    isn_act act = {
        .size = sizeof act, .kind = "correct", .who = "R", .ids = ids, .id_count = 1, .values = values};
    isn_error *error = NULL;
    assert_int_equal(isn_ledger_review(ledger, &act, NULL, &error), ISN_USAGE);
    isn_error_free(error);
    act.value_count = 1;
    char *json = NULL;
    assert_int_equal(isn_ledger_review(ledger, &act, &json, NULL), ISN_OK);
    assert_string_equal(json, "{\"first\":1,\"last\":1,\"link\":false}");
    isn_free(json);
    isn_filter corrected = {.size = sizeof corrected, .text = "verdict:corrected"};
    uint64_t count = 0;
    assert_int_equal(isn_ledger_count(ledger, &corrected, 0, &count, NULL), ISN_OK);
    assert_int_equal(count, 1);
    r = (rows){0};
    assert_int_equal(isn_ledger_acts(ledger, id, take_row, &r, NULL), ISN_OK);
    assert_int_equal(r.count, 1);
    assert_int_equal(isn_ledger_acts(ledger, "c-00000000", take_row, &r, NULL), ISN_NOT_FOUND);
    r = (rows){0};
    assert_int_equal(isn_ledger_grades(ledger, take_row, &r, NULL), ISN_OK);
    assert_int_equal(r.count, 5);
    assert_int_equal(isn_ledger_keep_grades(ledger, path_of("no.tsv"), NULL), ISN_NO_INPUT);
    isn_reread_options again = {.size = sizeof again, .row = take_row, .context = &r};
    r = (rows){0};
    assert_int_equal(isn_ledger_reread(ledger, &again, &json, NULL), ISN_OK);
    assert_non_null(strstr(json, "\"pages\":1,\"versions\":0")); /* the same engine reads the same */
    isn_free(json);
    assert_int_equal(isn_ledger_queue(ledger, take_row, &r, NULL), ISN_OK);
    assert_int_equal(r.count, 0);
    again.document = "none";
    assert_int_equal(isn_ledger_reread(ledger, &again, NULL, NULL), ISN_NOT_FOUND);
    assert_int_equal(isn_ledger_past_readings(ledger, "none", take_row, &r, NULL), ISN_NOT_FOUND);
    assert_int_equal(isn_ledger_close(ledger, NULL), ISN_OK);
    isn_engine_free(engine);
}

static void test_wrong_questions_are_told(void **state) {
    (void)state;
    isn_engine *engine = new_engine(NULL);
    isn_ledger *ledger = open_ledger(engine, ISN_LEDGER_CREATE, ISN_OK);
    rows r = {0};
    char *json = NULL;
    isn_filter event = {.size = sizeof event, .event = "airstrike"};
    isn_filter day = {.size = sizeof day, .since = "last week"};
    isn_filter order = {.size = sizeof order, .order = "size"};
    assert_int_equal(isn_ledger_query(ledger, "everything", NULL, take_row, &r, NULL), ISN_USAGE);
    assert_int_equal(isn_ledger_query(ledger, "incidents", &event, take_row, &r, NULL), ISN_USAGE);
    assert_int_equal(isn_ledger_query(ledger, "incidents", &day, take_row, &r, NULL), ISN_USAGE);
    assert_int_equal(isn_ledger_query(ledger, "incidents", &order, take_row, &r, NULL), ISN_USAGE);
    assert_int_equal(isn_ledger_incident(ledger, "i-00000000000000000000000000000000", &json, NULL),
                     ISN_NOT_FOUND);
    assert_int_equal(isn_ledger_document(ledger, "none", 0, &json, NULL), ISN_NOT_FOUND);
    assert_null(json);
    isn_ledger_close(ledger, NULL);
    isn_ledger_close(NULL, NULL);
    isn_engine_free(engine);
}

static bool refuse(void *context, const char *bytes, size_t size) {
    (void)context, (void)bytes, (void)size;
    return false;
}

static void test_export_that_cannot_write(void **state) {
    (void)state;
    isn_engine *engine = new_engine(NULL);
    isn_ledger *ledger = open_ledger(engine, ISN_LEDGER_CREATE, ISN_OK);
    isn_export_options csv = {.size = sizeof csv, .format = "csv"};
    isn_export_options pdf = {.size = sizeof pdf, .format = "pdf"};
    assert_int_equal(isn_ledger_export(ledger, "incidents", NULL, &csv, refuse, NULL, NULL), ISN_IO);
    assert_int_equal(isn_ledger_export(ledger, "incidents", NULL, &pdf, refuse, NULL, NULL), ISN_USAGE);
    isn_ledger_close(ledger, NULL);
    isn_engine_free(engine);
}

/* ---- places ---- */

static void test_places_find(void **state) {
    (void)state;
    isn_engine *engine = new_engine(NULL);
    rows r = {0};
    assert_int_equal(isn_places_find(engine, "الرقة", 3, take_row, &r, NULL), ISN_OK);
    assert_in_range(r.count, 1, 3);
    r = (rows){0};
    assert_int_equal(isn_places_find(engine, "zzzzqqqq", 3, take_row, &r, NULL), ISN_NOT_FOUND);
    assert_int_equal(isn_places_find(engine, "", 3, take_row, &r, NULL), ISN_NOT_FOUND);
    assert_int_equal(r.count, 0);
    isn_engine_free(engine);
}

static void test_libraries(void **state) {
    (void)state;
    rows r = {0};
    isn_libraries(take_row, &r);
    assert_int_equal(r.count, 13);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_claims_by_accessors),
        cmocka_unit_test(test_evidence_is_where_it_says),
        cmocka_unit_test(test_owners_in_any_order),
        cmocka_unit_test(test_rules_and_numbers_by_option),
        cmocka_unit_test(test_options_of_an_older_header),
        cmocka_unit_test(test_threads_share_an_engine),
        cmocka_unit_test(test_allocator_is_used_and_balanced),
        cmocka_unit_test(test_half_an_allocator_is_refused),
        IN_FOLDER(test_cancel_ends_an_intake),
        IN_FOLDER(test_what_cannot_be_read_is_logged_and_counted),
        cmocka_unit_test(test_wrong_options_are_told),
        IN_FOLDER(test_a_gazetteer_that_is_none),
        cmocka_unit_test(test_bad_json_record),
        cmocka_unit_test(test_schemas),
        IN_FOLDER(test_ledger_from_reading_to_answer),
        IN_FOLDER(test_a_reviewer_is_heard),
        IN_FOLDER(test_wrong_questions_are_told),
        IN_FOLDER(test_export_that_cannot_write),
        cmocka_unit_test(test_places_find),
        cmocka_unit_test(test_libraries),
    };
    return cmocka_run_group_tests_name("api", tests, NULL, NULL);
}
