/* What is put in: files that are sent, a reading of something that is kept nowhere, imports. */
#include <stdio.h>
#include <stdlib.h>

#include "ledger/json.h"
#include "serve/child.h"
#include "serve/filter.h"
#include "serve/jobs.h"
#include "serve/routes.h"

enum {
    BODY = 8 * 1024 * 1024, /* of a text that is pasted, in JSON */
    MOST_INPUTS = 500,
    READ_SECONDS = 90,
    MOST_TOLD = 64 * 1024 * 1024, /* of what a reading says */
    MOST_READINGS = 20,           /* of what one file holds */
    MOST_LIKELY = 5,
    LONGEST_FILE_NAME = 1024,
};

static jobs *jobs_of(exchange *x, failure *f) {
    if (!x->with->jobs)
        exchange_refuse(x, 503, NULL, f, "this server takes nothing in");
    return x->with->jobs;
}

/* ---- files ---- */

static status post_upload(exchange *x, failure *f) {
    str name = target_value(x->target, STR("name")), id;
    jobs *j = jobs_of(x, f);
    if (!j)
        return STATUS_UNAVAILABLE;
    if (!name.size || name.size > LONGEST_FILE_NAME)
        return exchange_refuse(x, 400, "name", f, "name: expected what the file is called");
    if (!x->upload || !x->upload_size)
        return exchange_refuse(x, 400, NULL, f, "the body: expected the bytes of a file");
    status s = jobs_take(j, x->upload, name, x->who->id, x->upload_size, x->a, &id, f);
    if (s == STATUS_USAGE)
        return exchange_refuse(x, 507, NULL, f,
                               "so many files wait to be read that there is no room for more");
    x->code = 201;
    return s == STATUS_OK ? exchange_json(x,
                                          json_pack("{s:s%, s:I}", "upload", id.data, id.size, "bytes",
                                                    (json_int_t)x->upload_size),
                                          f)
                          : s;
}

/* ---- what is asked to be read ---- */

typedef struct asked_input {
    json_t *object;
    string_list uploads, urls;
    str text, title, published, url;
} asked_input;

static bool is_published(str s) {
    static const char shape[] = "dddd-dd-ddTdd:dd";
    if (s.size != 10 && s.size != 16)
        return false;
    for (size_t i = 0; i < s.size; i++)
        if (shape[i] == 'd' ? s.data[i] < '0' || s.data[i] > '9' : s.data[i] != shape[i])
            return false;
    return day_parse(str_slice(s, 0, 10)) != DAY_NONE;
}

/* One thing, or lists of them. */
static status read_input(exchange *x, bool one, asked_input *in, failure *f) {
    str upload = STR_NONE;
    *in = (asked_input){0};
    status s = exchange_object(x, &in->object, f);
    if (s != STATUS_OK)
        return s;
    const struct {
        const char *name;
        str *to;
    } texts[] = {{"text", &in->text},
                 {"title", &in->title},
                 {"published", &in->published},
                 {"url", &in->url},
                 {"upload", &upload}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts && s == STATUS_OK; i++)
        s = member_text(x, in->object, texts[i].name, false, texts[i].to, f);
    if (s == STATUS_OK && !one)
        s = member_texts(x, in->object, "uploads", false, MOST_INPUTS, &in->uploads, f);
    if (s == STATUS_OK && !one)
        s = member_texts(x, in->object, "urls", false, MOST_INPUTS, &in->urls, f);
    if (s == STATUS_OK && upload.size)
        *VECTOR_PUSH(&in->uploads, x->a) = upload;
    /* beside a text, where it is from */
    if (s == STATUS_OK && in->url.size && !in->text.size)
        *VECTOR_PUSH(&in->urls, x->a) = in->url;
    if (s == STATUS_OK && in->published.size && !is_published(in->published))
        s = exchange_refuse(x, 400, "published", f, "published: expected YYYY-MM-DD or YYYY-MM-DDThh:mm");
    size_t things = in->uploads.size + in->urls.size + (in->text.size > 0);
    if (s == STATUS_OK && (things == 0 || (one && things > 1)))
        s = exchange_refuse(x, 400, NULL, f,
                            one ? "expected one of upload, url and text"
                                : "expected uploads, urls or a text");
    if (s != STATUS_OK)
        json_decref(in->object);
    return s;
}

static job_input input_of(const asked_input *in) {
    return (job_input){.uploads = in->uploads.at,
                       .upload_count = in->uploads.size,
                       .urls = in->urls.at,
                       .url_count = in->urls.size,
                       .text = in->text,
                       .title = in->title,
                       .published = in->published,
                       .url = in->url};
}

/* ---- reading what is kept nowhere ---- */

static status run_reading(exchange *x, const asked_input *in, const char *folder, str name, child_answer *out,
                          failure *f) {
    const jobs_options *how = jobs_how(x->with->jobs);
    const char *words[16];
    size_t n = 0;
    words[n++] = how->program;
    words[n++] = "read";
    words[n++] = "--format";
    words[n++] = "jsonl";
    words[n++] = "--jobs";
    words[n++] = "1";
    if (!how->private_pages)
        words[n++] = "--public";
    if (how->places)
        words[n++] = "--places", words[n++] = how->places;
    if (in->published.size)
        words[n++] = "--published", words[n++] = arena_cstring(x->a, in->published);
    words[n++] = "--";
    words[n++] = arena_cstring(x->a, name);
    words[n] = NULL;
    return child_run(words, folder, READ_SECONDS, MOST_TOLD, exchange_ending, x->with, out, f);
}

/* What was said on standard error, without who said it. */
static json_t *lines_told(const exchange *x, str said) {
    json_t *list = json_array();
    str line;
    for (size_t at = 0; json_array_size(list) < MOST_READINGS && str_piece(said, &at, '\n', &line);) {
        if (str_starts(line, STR("isnad: ")))
            line = str_slice(line, 7, line.size);
        if (line.size)
            json_array_append_new(list, json_text(without_names(&x->with->hidden, line, x->a)));
    }
    return list;
}

static bool add_likely(void *list, str json) {
    json_t *o = json_parsed(json);
    size_t i;
    const json_t *known;
    json_array_foreach((json_t *)list, i,
                       known) if (json_equal(json_object_get(known, "id"), json_object_get(o, "id"))) {
        json_decref(o);
        return true;
    }
    json_array_append_new(list, o);
    return json_array_size(list) < MOST_LIKELY;
}

/* Incidents of the day before to the day after, within 50 kilometres: what a claim may join. */
static status add_likely_of(exchange *x, const json_t *read, const json_t *one, json_t *list, failure *f) {
    static const double degrees = 0.5;
    str date = json_str(one, "date");
    const json_t *where = json_object_get(one, "place"), *places = json_object_get(read, "places");
    if (json_is_integer(where))
        where = json_array_get(places, (size_t)json_integer_value(where));
    const json_t *lat = json_object_get(where, "lat"), *lon = json_object_get(where, "lon");
    day first = date.size >= 10 ? day_parse(str_slice(date, 0, 10)) : DAY_NONE;
    if (first == DAY_NONE || !json_is_number(lat) || !json_is_number(lon))
        return STATUS_OK;
    ledger_filter filter = ledger_filter_all();
    filter.from = first - 1;
    filter.to = first + 1;
    filter.has_box = true;
    filter.south = json_number_value(lat) - degrees;
    filter.north = json_number_value(lat) + degrees;
    filter.west = json_number_value(lon) - degrees;
    filter.east = json_number_value(lon) + degrees;
    filter.limit = MOST_LIKELY;
    return ledger_query(x->ledger, LEDGER_SUMMARIES, &filter, add_likely, list, f);
}

static status likely_incidents(exchange *x, const json_t *read, json_t **out, failure *f) {
    enum { MOST_ASKED = 8 };
    json_t *list = json_array();
    status s = STATUS_OK;
    const json_t *claims = json_object_get(read, "claims");
    for (size_t i = 0; i < json_array_size(claims) && i < MOST_ASKED && json_array_size(list) < MOST_LIKELY &&
                       s == STATUS_OK;
         i++)
        s = add_likely_of(x, read, json_array_get(claims, i), list, f);
    *out = list;
    return s;
}

/* Of the article what a person looks at first. */
static json_t *article_told(const json_t *read) {
    static const char *const keys[] = {"id",       "url",       "outlet",         "title",     "authors",
                                       "language", "published", "published_from", "truncated", "sha256"};
    json_t *o = json_object();
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        json_t *value = json_object_get(read, keys[i]);
        json_object_set(o, keys[i], value ? value : json_null());
    }
    return o;
}

static status tell_reading(exchange *x, const child_answer *told, failure *f) {
    json_t *first = NULL, *more = json_array(), *likely = NULL,
           *lines = lines_told(x, buffer_str(&told->errors));
    str line;
    size_t count = 0;
    for (size_t at = 0; str_piece(buffer_str(&told->out), &at, '\n', &line);) {
        json_t *one = line.size && count < MOST_READINGS ? json_parsed(line) : NULL;
        count += line.size > 0;
        if (one && !first)
            first = one;
        else if (one)
            json_array_append_new(more, article_told(one)), json_decref(one);
    }
    status s = STATUS_OK;
    if (!first) {
        const char *why = json_string_value(json_array_get(lines, 0));
        s = exchange_refuse(x, 422, NULL, f, "%s", why ? why : "nothing in it can be read");
    }
    if (s == STATUS_OK)
        s = likely_incidents(x, first, &likely, f);
    if (s == STATUS_OK)
        s = exchange_json(x,
                          json_pack("{s:o, s:O, s:O, s:O, s:O, s:I}", "article", article_told(first),
                                    "reading", first, "incidents", likely, "lines", lines, "more", more,
                                    "count", (json_int_t)count),
                          f);
    json_decref(first);
    json_decref(more);
    json_decref(likely);
    json_decref(lines);
    return s;
}

static status read_it(exchange *x, jobs *j, const asked_input *in, failure *f) {
    const char *folder;
    string_list names;
    child_answer told = {0};
    const job_input input = input_of(in);
    status s = jobs_folder(j, x->a, &folder, f);
    if (s != STATUS_OK)
        return s;
    s = jobs_gather(j, &input, x->who->id, folder, x->a, &names, f);
    if (s == STATUS_OK)
        s = run_reading(x, in, folder, names.at[0], &told, f);
    if (s == STATUS_OK && told.late)
        s = exchange_refuse(x, 504, NULL, f, "it was not read within %d seconds", READ_SECONDS);
    else if (s == STATUS_OK && told.too_much)
        s = exchange_refuse(x, 413, NULL, f, "there is more in it than can be shown: add it as an import");
    else if (s == STATUS_OK)
        s = tell_reading(x, &told, f);
    folder_remove(folder);
    buffer_free(&told.out);
    buffer_free(&told.errors);
    return s;
}

static status post_read(exchange *x, failure *f) {
    asked_input in;
    jobs *j = jobs_of(x, f);
    if (!j)
        return STATUS_UNAVAILABLE;
    if (!jobs_how(j)->program)
        return exchange_refuse(x, 503, NULL, f,
                               "this server cannot read: it does not know where the program is");
    status s = read_input(x, true, &in, f);
    if (s != STATUS_OK)
        return s;
    s = read_it(x, j, &in, f);
    json_decref(in.object);
    return s;
}

/* ---- imports ---- */

static status post_job(exchange *x, failure *f) {
    asked_input in;
    json_t *told = NULL;
    jobs *j = jobs_of(x, f);
    status s = j ? read_input(x, false, &in, f) : STATUS_UNAVAILABLE;
    if (s != STATUS_OK)
        return s;
    const job_input input = input_of(&in);
    s = jobs_start(j, &input, x->who, &told, f);
    json_decref(in.object);
    x->code = s == STATUS_OK ? 201 : x->code;
    return s == STATUS_OK ? exchange_json(x, told, f) : s;
}

static status get_jobs(exchange *x, failure *f) {
    jobs *j = jobs_of(x, f);
    return j ? exchange_json(x, json_pack("{s:o}", "jobs", jobs_list(j)), f) : STATUS_UNAVAILABLE;
}

static status get_job(exchange *x, failure *f) {
    json_t *told;
    jobs *j = jobs_of(x, f);
    status s = j ? jobs_one(j, x->id, &told, f) : STATUS_UNAVAILABLE;
    return s == STATUS_OK ? exchange_json(x, told, f) : s;
}

static status delete_job(exchange *x, failure *f) {
    json_t *told;
    jobs *j = jobs_of(x, f);
    status s = j ? jobs_stop(j, x->id, x->who, &told, f) : STATUS_UNAVAILABLE;
    if (s == STATUS_USAGE)
        x->code = 403;
    return s == STATUS_OK ? exchange_json(x, told, f) : s;
}

#define ADD(method, path, body, handler, flags)                                                              \
    { method, path, ROLE_REVIEWER, "add", body, handler, flags }
const route routes_add[] = {
    ADD(HTTP_POST, "uploads", (size_t)1 << 30, post_upload, ROUTE_UPLOAD),
    ADD(HTTP_POST, "read", BODY, post_read, ROUTE_SLOW),
    ADD(HTTP_POST, "jobs", BODY, post_job, 0),
    ADD(HTTP_GET, "jobs", 0, get_jobs, 0),
    ADD(HTTP_GET, "jobs/{id}", 0, get_job, 0),
    ADD(HTTP_DELETE, "jobs/{id}", 0, delete_job, 0),
    {0},
};
