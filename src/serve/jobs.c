/* One thread looks after the queue: it starts the next import, reads what the child tells, and stops it when
 * asked. A stop is asked for politely (SIGINT: what was read is committed and linked), after a while firmly
 * (SIGTERM: the linking is left for later), and in the end by SIGKILL; what was committed stays in each case.
 * Everything that handlers see is under one lock, and no system call that may wait is made under it. */
#define _GNU_SOURCE
#include "serve/jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/calendar.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/utf8.h"
#include "serve/child.h"
#include "serve/hub.h"
#include "serve/linker.h"

enum {
    MOST_JOBS = 200, /* of which is told; the oldest that ended go */
    MOST_WAITING = 50,
    MOST_LINES = 200,
    MOST_DOCUMENTS = 100,
    MOST_UPLOADS = 1000,
    UPLOAD_HOURS = 12,
    LONGEST_LINE = 64 * 1024,
    LONGEST_NAME = 120,
    POLITE_SECONDS = 20,
    FIRM_SECONDS = 10,
    TELL_MILLISECONDS = 300,
};
static const uint64_t usual_most_bytes = (uint64_t)4 << 30;

typedef enum job_state { JOB_WAITING, JOB_RUNNING, JOB_DONE, JOB_STOPPED, JOB_FAILED } job_state;

typedef struct input_file {
    char *name;
    uint64_t size;
} input_file;

typedef struct job {
    char id[17];
    job_state state;
    bool linking, stop;
    uint64_t linking_asked;
    job_state then; /* once that is done */
    char *who, *owner, *folder, *published, *began, *ended, *why;
    json_t *inputs; /* names, as people are told them */
    char **names;   /* what the child is given */
    size_t name_count;
    input_file *files;
    size_t file_count;
    uint64_t read, bad, bytes, done, of, documents_new, claims, known, dated;
    json_t *lines, *documents;
    bool told; /* since something changed */
    int64_t told_at;
} job;

typedef struct upload {
    char id[33];
    char *name, *owner, *path;
    uint64_t size;
    time_t time;
} upload;

struct jobs {
    jobs_options options;
    pthread_mutex_t mine;
    pthread_t keeper;
    int wake[2];
    bool ending;
    job *all[MOST_JOBS];
    size_t count;
    upload *uploads;
    size_t upload_count;
    uint64_t upload_bytes;
    job *running;
    child child;
    int64_t stopped_at; /* when the running one was last told to stop */
    int stops;
    buffer said, told;
};

static const char *const states[] = {"waiting", "running", "done", "stopped", "failed"};

static char *kept(str s) {
    return s.data ? strndup(s.data, s.size) : NULL;
}

static char *moment(void) {
    arena a = arena_new((allocator){0});
    char *text = kept(moment_text(&a, time(NULL)));
    arena_free(&a);
    return text;
}

const jobs_options *jobs_how(const jobs *j) {
    return &j->options;
}

/* ---- names of files ---- */

/* Only the last part of what it was called, without controls and what a shell or another system would take
 * for more than a letter; never hidden, never an option. What ends the name says what the file is: it stays
 * where the name is cut. */
static str clean_name(arena *a, str name) {
    size_t from = 0;
    for (size_t i = 0; i < name.size; i++)
        if (name.data[i] == '/' || name.data[i] == '\\')
            from = i + 1;
    name = str_slice(name, from, name.size);
    char *out = arena_alloc(a, name.size + 8);
    size_t size = 0;
    for (size_t at = 0; at < name.size;) {
        size_t before = at;
        uint32_t c = utf8_next(name, &at);
        bool bad =
            c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xFFFD || (c < 0x80 && strchr("<>:\"|?*!", (int)c));
        if (bad)
            out[size++] = '_';
        else
            while (before < at)
                out[size++] = name.data[before++];
    }
    str made = str_trim((str){out, size});
    while (made.size && (made.data[0] == '.' || made.data[0] == '-'))
        made = str_slice(made, 1, made.size);
    if (!made.size)
        return STR("file");
    if (made.size > LONGEST_NAME) {
        size_t cut = made.size - LONGEST_NAME;
        while (cut < made.size && ((unsigned char)made.data[cut] & 0xC0) == 0x80)
            cut++;
        made = str_slice(made, cut, made.size);
    }
    return arena_copy(a, made);
}

/* ---- uploads ---- */

static void upload_free(upload *u) {
    free(u->name);
    free(u->owner);
    free(u->path);
}

static void upload_forget(jobs *j, size_t i) {
    upload *u = &j->uploads[i];
    unlink(u->path);
    j->upload_bytes -= u->size;
    upload_free(u);
    j->uploads[i] = j->uploads[--j->upload_count];
}

static void forget_old_uploads(jobs *j) {
    time_t oldest = time(NULL) - UPLOAD_HOURS * 3600L;
    for (size_t i = j->upload_count; i-- > 0;)
        if (j->uploads[i].time < oldest)
            upload_forget(j, i);
}

static upload *upload_named(jobs *j, str id, str owner) {
    for (size_t i = 0; i < j->upload_count; i++)
        if (str_equal(str_of(j->uploads[i].id), id) && str_equal(str_of(j->uploads[i].owner), owner))
            return &j->uploads[i];
    return NULL;
}

status jobs_take(jobs *j, const char *path, str name, str owner, uint64_t size, arena *a, str *id,
                 failure *f) {
    upload u = {.size = size, .time = time(NULL)};
    random_hex(u.id, sizeof u.id / 2);
    const char *to = arena_cstring(a, arena_printf(a, "%s/sent-%s", j->options.folder, u.id));
    pthread_mutex_lock(&j->mine);
    forget_old_uploads(j);
    uint64_t most = j->options.most_bytes ? j->options.most_bytes : usual_most_bytes;
    status s = STATUS_OK;
    if (j->upload_count == MOST_UPLOADS || size > most || j->upload_bytes > most - size)
        s = fail(f, STATUS_USAGE, "so many files wait to be read that there is no room for more");
    else if (rename(path, to) != 0)
        s = fail(f, STATUS_IO, "what was sent cannot be kept: %s", strerror(errno));
    else {
        u.name = kept(clean_name(a, name));
        u.owner = kept(owner.data ? owner : STR(""));
        u.path = strdup(to);
        j->uploads[j->upload_count++] = u;
        j->upload_bytes += size;
        *id = arena_copy(a, str_of(u.id));
    }
    pthread_mutex_unlock(&j->mine);
    return s;
}

/* ---- folders ---- */

static int remove_entry(const char *path, const struct stat *what, int kind, struct FTW *where) {
    (void)what, (void)kind, (void)where;
    remove(path);
    return 0;
}

void folder_remove(const char *path) {
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

status jobs_folder(jobs *j, arena *a, const char **out, failure *f) {
    char *path = arena_cstring(a, arena_printf(a, "%s/read-XXXXXX", j->options.folder));
    if (!mkdtemp(path))
        return fail(f, STATUS_IO, "no folder can be made for what is to be read: %s", strerror(errno));
    *out = path;
    return STATUS_OK;
}

static bool has_name(const string_list *names, str name) {
    for (size_t i = 0; i < names->size; i++)
        if (str_equal(names->at[i], name))
            return true;
    return false;
}

/* Two files of one name: "2-name". */
static str unlike(arena *a, const string_list *names, str name) {
    str made = name;
    for (unsigned i = 2; has_name(names, made); i++)
        made = arena_printf(a, "%u-%.*s", i, STR_ARG(name));
    return made;
}

static status write_file(const char *path, const char *text, size_t size, failure *f) {
    int file = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    bool good = file >= 0;
    for (size_t at = 0; good && at < size;) {
        ssize_t written = write(file, text + at, size - at);
        good = written > 0 || (written < 0 && errno == EINTR);
        at += written > 0 ? (size_t)written : 0;
    }
    int why = errno;
    if (file >= 0)
        close(file);
    return good ? STATUS_OK : fail(f, STATUS_IO, "what was sent cannot be kept: %s", strerror(why));
}

/* What is pasted is a record of JSON lines: text and what is known of it, taken as they stand. */
static status write_pasted(const job_input *in, const char *path, failure *f) {
    json_t *o = json_pack("{s:s%}", "text", in->text.data, in->text.size);
    const struct {
        const char *key;
        str value;
    } known[] = {{"title", in->title}, {"published", in->published}, {"url", in->url}};
    for (size_t i = 0; o && i < sizeof known / sizeof *known; i++)
        if (known[i].value.size)
            json_object_set_new(o, known[i].key, json_stringn(known[i].value.data, known[i].value.size));
    char *text = o ? json_dumps(o, JSON_COMPACT) : NULL;
    json_decref(o);
    if (!text)
        return fail(f, STATUS_USAGE, "text: expected UTF-8");
    status s = write_file(path, text, strlen(text), f);
    free(text);
    return s;
}

static status gather_upload(jobs *j, str id, str owner, const char *folder, arena *a, string_list *names,
                            failure *f) {
    status s = STATUS_OK;
    pthread_mutex_lock(&j->mine);
    upload *u = upload_named(j, id, owner);
    if (!u) {
        s = fail(f, STATUS_NOT_FOUND, "there is no upload \"%.*s\": send the file again",
                 (int)(id.size < 64 ? id.size : 64), id.data);
    } else {
        str name = unlike(a, names, arena_copy(a, str_of(u->name)));
        const char *to = arena_cstring(a, arena_printf(a, "%s/%.*s", folder, STR_ARG(name)));
        if (link(u->path, to) != 0)
            s = fail(f, STATUS_IO, "what was sent cannot be read: %s", strerror(errno));
        else
            *VECTOR_PUSH(names, a) = name;
    }
    pthread_mutex_unlock(&j->mine);
    return s;
}

/* Once a job has them. */
static void forget_uploads(jobs *j, const job_input *in, str owner) {
    pthread_mutex_lock(&j->mine);
    for (size_t i = 0; i < in->upload_count; i++) {
        const upload *u = upload_named(j, in->uploads[i], owner.data ? owner : STR(""));
        if (u)
            upload_forget(j, (size_t)(u - j->uploads));
    }
    pthread_mutex_unlock(&j->mine);
}

static status check_url(str url, failure *f) {
    bool web = (url.size > 7 && str_equal_ascii_nocase(str_slice(url, 0, 7), STR("http://"))) ||
               (url.size > 8 && str_equal_ascii_nocase(str_slice(url, 0, 8), STR("https://")));
    bool plain = url.size <= 4096;
    for (size_t i = 0; i < url.size && plain; i++)
        plain = (unsigned char)url.data[i] > 0x20 && url.data[i] != 0x7f;
    return web && plain ? STATUS_OK
                        : fail(f, STATUS_USAGE, "url: expected an address, http://… or https://…");
}

status jobs_gather(jobs *j, const job_input *in, str owner, const char *folder, arena *a, string_list *names,
                   failure *f) {
    status s = STATUS_OK;
    *names = (string_list){0};
    owner = owner.data ? owner : STR("");
    for (size_t i = 0; i < in->url_count && s == STATUS_OK; i++)
        s = check_url(in->urls[i], f);
    for (size_t i = 0; i < in->upload_count && s == STATUS_OK; i++)
        s = gather_upload(j, in->uploads[i], owner, folder, a, names, f);
    if (s == STATUS_OK && in->text.size) {
        str name = unlike(a, names, STR("pasted.jsonl"));
        s = write_pasted(in, arena_cstring(a, arena_printf(a, "%s/%.*s", folder, STR_ARG(name))), f);
        *VECTOR_PUSH(names, a) = name;
    }
    for (size_t i = 0; i < in->url_count && s == STATUS_OK; i++)
        *VECTOR_PUSH(names, a) = arena_copy(a, in->urls[i]);
    if (s == STATUS_OK && !names->size)
        s = fail(f, STATUS_USAGE, "nothing to read: expected uploads, addresses or a text");
    return s;
}

/* ---- a job ---- */

static void job_free(job *o) {
    char *const texts[] = {o->who, o->owner, o->folder, o->published, o->began, o->ended, o->why};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
    for (size_t i = 0; i < o->name_count; i++)
        free(o->names[i]);
    for (size_t i = 0; i < o->file_count; i++)
        free(o->files[i].name);
    free(o->names);
    free(o->files);
    json_decref(o->inputs);
    json_decref(o->lines);
    json_decref(o->documents);
    free(o);
}

static json_t *text_or_null(const char *s) {
    return s ? json_string(s) : json_null();
}

static json_t *job_told(const job *o) {
    json_t *told = json_pack(
        "{s:s, s:s, s:b, s:I, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:O, s:O, s:O, s:o, s:o, s:o, s:o}", "id",
        o->id, "state", states[o->state], "linking", o->linking, "done", (json_int_t)o->done, "of",
        o->of ? json_integer((json_int_t)o->of) : json_null(), "read", (json_int_t)o->read, "bytes",
        (json_int_t)o->bytes, "added", (json_int_t)o->documents_new, "known", (json_int_t)o->known, "bad",
        (json_int_t)o->bad, "claims", (json_int_t)o->claims, "inputs", o->inputs, "lines", o->lines,
        "documents", o->documents, "who", text_or_null(o->who), "started", text_or_null(o->began), "ended",
        text_or_null(o->ended), "why", text_or_null(o->why));
    /* what is handed out is used without the lock */
    json_t *copy = json_deep_copy(told);
    json_decref(told);
    return copy;
}

/* For those who listen: short. */
static void tell(jobs *j, job *o) {
    json_t *news = json_pack(
        "{s:s, s:s, s:b, s:I, s:o, s:I, s:I, s:I}", "id", o->id, "state", states[o->state], "linking",
        o->linking, "done", (json_int_t)o->done, "of", o->of ? json_integer((json_int_t)o->of) : json_null(),
        "read", (json_int_t)o->read, "added", (json_int_t)o->documents_new, "bad", (json_int_t)o->bad);
    char *text = json_dumps(news, JSON_COMPACT);
    o->told = true;
    o->told_at = clock_milliseconds();
    if (text)
        hub_tell(j->options.hub, "job", str_of(text), (hub_reach){.least = ROLE_REVIEWER});
    free(text);
    json_decref(news);
}

static job *job_named(jobs *j, str id) {
    for (size_t i = 0; i < j->count; i++)
        if (str_equal(str_of(j->all[i]->id), id))
            return j->all[i];
    return NULL;
}

static bool has_ended(const job *o) {
    return o->state >= JOB_DONE;
}

/* The oldest that ended makes room. */
static bool make_room(jobs *j) {
    size_t waiting = 0;
    for (size_t i = 0; i < j->count; i++)
        waiting += !has_ended(j->all[i]);
    if (waiting >= MOST_WAITING)
        return false;
    if (j->count < MOST_JOBS)
        return true;
    for (size_t i = 0; i < j->count; i++)
        if (has_ended(j->all[i])) {
            job_free(j->all[i]);
            memmove(j->all + i, j->all + i + 1, (--j->count - i) * sizeof *j->all);
            return true;
        }
    return false;
}

static void wake(jobs *j) {
    (void)!write(j->wake[1], "", 1);
}

static void note_files(job *o, const string_list *names, const char *folder, arena *a) {
    o->names = calloc(names->size, sizeof *o->names);
    o->files = calloc(names->size, sizeof *o->files);
    o->inputs = json_array();
    for (size_t i = 0; o->names && o->files && i < names->size; i++) {
        struct stat what;
        str name = names->at[i];
        o->names[o->name_count++] = kept(name);
        json_array_append_new(o->inputs, json_stringn(name.data, name.size));
        if (stat(arena_cstring(a, arena_printf(a, "%s/%.*s", folder, STR_ARG(name))), &what) == 0) {
            o->files[o->file_count++] = (input_file){kept(name), (uint64_t)what.st_size};
            o->of += (uint64_t)what.st_size;
        }
    }
    if (o->file_count < o->name_count) /* nobody knows how much an address holds */
        o->of = 0;
}

static status enqueue(jobs *j, job *o, json_t **out, failure *f) {
    pthread_mutex_lock(&j->mine);
    bool room = !j->ending && make_room(j);
    if (room) {
        j->all[j->count++] = o;
        tell(j, o);
        *out = job_told(o);
    }
    pthread_mutex_unlock(&j->mine);
    if (room)
        wake(j);
    return room ? STATUS_OK
                : fail(f, STATUS_UNAVAILABLE, "so many imports wait that there is no room for more");
}

status jobs_start(jobs *j, const job_input *input, const access_who *who, json_t **out, failure *f) {
    if (!j->options.program)
        return fail(f, STATUS_UNAVAILABLE,
                    "this server cannot import: it does not know where the program is");
    arena a = arena_new((allocator){0});
    string_list names;
    const char *folder;
    status s = jobs_folder(j, &a, &folder, f);
    if (s != STATUS_OK) {
        arena_free(&a);
        return s;
    }
    s = jobs_gather(j, input, who->id, folder, &a, &names, f);
    job *o = s == STATUS_OK ? calloc(1, sizeof *o) : NULL;
    if (s == STATUS_OK && !o)
        s = fail(f, STATUS_INTERNAL, "no memory");
    if (o) {
        random_hex(o->id, sizeof o->id / 2);
        o->who = kept(who->name);
        o->owner = kept(who->id.data ? who->id : STR(""));
        o->folder = strdup(folder);
        o->published = input->published.size ? kept(input->published) : NULL;
        o->lines = json_array();
        o->documents = json_array();
        note_files(o, &names, folder, &a);
        s = enqueue(j, o, out, f);
        if (s != STATUS_OK)
            job_free(o);
    }
    if (s == STATUS_OK)
        forget_uploads(j, input, who->id);
    else
        folder_remove(folder);
    arena_free(&a);
    return s;
}

json_t *jobs_list(jobs *j) {
    json_t *list = json_array();
    pthread_mutex_lock(&j->mine);
    for (size_t i = j->count; i-- > 0;)
        json_array_append_new(list, job_told(j->all[i]));
    pthread_mutex_unlock(&j->mine);
    return list;
}

status jobs_one(jobs *j, str id, json_t **out, failure *f) {
    pthread_mutex_lock(&j->mine);
    const job *o = job_named(j, id);
    if (o)
        *out = job_told(o);
    pthread_mutex_unlock(&j->mine);
    return o ? STATUS_OK : fail(f, STATUS_NOT_FOUND, "there is no such import");
}

static void end(jobs *j, job *o, job_state state, const char *why) {
    o->state = state;
    o->linking = false;
    o->ended = moment();
    if (why && !o->why)
        o->why = strdup(why);
    tell(j, o);
}

status jobs_stop(jobs *j, str id, const access_who *who, json_t **out, failure *f) {
    status s = STATUS_OK;
    pthread_mutex_lock(&j->mine);
    job *o = job_named(j, id);
    if (!o)
        s = fail(f, STATUS_NOT_FOUND, "there is no such import");
    else if (who->role < ROLE_ADMIN && !str_equal(str_of(o->owner), who->id.data ? who->id : STR("")))
        s = fail(f, STATUS_USAGE, "%s began this import: it is stopped by whoever began it, or by an admin",
                 o->who);
    else if (!has_ended(o))
        o->stop = true;
    if (s == STATUS_OK)
        *out = job_told(o);
    pthread_mutex_unlock(&j->mine);
    wake(j);
    return s;
}

void jobs_give_way(jobs *j) {
    if (!j)
        return;
    pthread_mutex_lock(&j->mine);
    child_yield(&j->child);
    pthread_mutex_unlock(&j->mine);
}

/* ---- what a child tells ---- */

static uint64_t count_in(const json_t *o, const char *key) {
    json_int_t n = json_integer_value(json_object_get(o, key));
    return n > 0 ? (uint64_t)n : 0;
}

/* Of the bytes to be read, how many lie before a place in one of the files. */
static void note_place(job *o, const json_t *news) {
    const char *file = json_string_value(json_object_get(news, "file"));
    uint64_t before = 0, offset = count_in(news, "offset");
    for (size_t i = 0; file && i < o->file_count; i++) {
        const input_file *one = &o->files[i];
        size_t size = strlen(one->name);
        if (strncmp(one->name, file, size) == 0 && (!file[size] || file[size] == '!')) {
            uint64_t at = before + (offset < one->size ? offset : one->size);
            o->done = at > o->done ? at : o->done;
            return;
        }
        before += one->size;
    }
}

static void note_line(jobs *j, job *o, const char *text) {
    arena a = arena_new((allocator){0});
    str said = without_names(j->options.hidden, str_of(text), &a);
    o->bad++;
    if (json_array_size(o->lines) < MOST_LINES)
        json_array_append_new(o->lines, json_stringn(said.data, said.size));
    free(o->why);
    o->why = kept(said);
    arena_free(&a);
}

/* An event, or a line of somebody else's (of the loader, of a sanitizer). */
static void note_event(jobs *j, job *o, str line) {
    json_t *news = json_loadb(line.data, line.size, 0, NULL);
    const char *kind = json_string_value(json_object_get(news, "event"));
    kind = kind ? kind : "";
    o->told = false;
    if (strcmp(kind, "progress") == 0) {
        o->read = count_in(news, "read");
        o->bytes = count_in(news, "bytes");
        note_place(o, news);
    } else if (strcmp(kind, "line") == 0) {
        const char *text = json_string_value(json_object_get(news, "text"));
        if (json_is_true(json_object_get(news, "bad")))
            note_line(j, o, text ? text : "");
    } else if (strcmp(kind, "document") == 0) {
        o->documents_new++;
        if (json_array_size(o->documents) < MOST_DOCUMENTS)
            json_array_append(o->documents, json_object_get(news, "id"));
    } else if (strcmp(kind, "committed") == 0) {
        o->claims = count_in(news, "claims");
    }
    json_decref(news);
}

/* Whole lines out of what was read; a line that is too long is not kept. */
static void note_events(jobs *j, job *o, buffer *b) {
    size_t from = 0;
    for (const char *feed; from < b->size && (feed = memchr(b->data + from, '\n', b->size - from));) {
        size_t end = (size_t)(feed - b->data);
        note_event(j, o, (str){b->data + from, end - from});
        from = end + 1;
    }
    if (from == 0 && b->size >= LONGEST_LINE)
        from = b->size;
    if (from)
        memmove(b->data, b->data + from, b->size -= from);
}

/* What it came to, as it tells at its end. */
static void note_result(job *o, str out) {
    json_t *told = json_loadb(out.data, out.size, JSON_DISABLE_EOF_CHECK, NULL);
    if (told) {
        o->read = count_in(told, "read");
        o->bad = count_in(told, "bad");
        o->known = count_in(told, "known");
        o->claims = count_in(told, "claims");
        o->documents_new = count_in(told, "versions");
        o->dated = count_in(told, "dated");
    }
    json_decref(told);
}

/* ---- the thread ---- */

static job *next_waiting(jobs *j) {
    for (size_t i = 0; i < j->count; i++)
        if (j->all[i]->state == JOB_WAITING && j->all[i]->stop)
            end(j, j->all[i], JOB_STOPPED, NULL), folder_remove(j->all[i]->folder);
    for (size_t i = 0; i < j->count && !j->running; i++)
        if (j->all[i]->state == JOB_WAITING)
            return j->all[i];
    return NULL;
}

static void start(jobs *j, job *o) {
    const jobs_options *how = &j->options;
    const char **words = calloc(o->name_count + 20, sizeof *words);
    size_t n = 0;
    failure f = {0};
    const char *const begin[] = {how->program, "add",  "--ledger", how->ledger, "--copy",
                                 "--progress", "json", "--format", "jsonl"};
    for (; words && n < sizeof begin / sizeof *begin; n++)
        words[n] = begin[n];
    if (words && !how->private_pages)
        words[n++] = "--public";
    if (words && how->places)
        words[n++] = "--places", words[n++] = how->places;
    if (words && o->published)
        words[n++] = "--published", words[n++] = o->published;
    if (words)
        words[n++] = "--";
    for (size_t i = 0; words && i < o->name_count; i++)
        words[n++] = o->names[i];
    child made = {0, -1, -1};
    status s = words ? child_start(words, o->folder, &made, &f) : fail(&f, STATUS_INTERNAL, "no memory");
    free(words);
    pthread_mutex_lock(&j->mine);
    j->child = made;
    o->began = moment();
    if (s != STATUS_OK) {
        end(j, o, JOB_FAILED, f.message);
    } else {
        o->state = JOB_RUNNING;
        j->running = o;
        j->stops = 0;
        tell(j, o);
    }
    pthread_mutex_unlock(&j->mine);
}

/* The job is over for good. With the lock. */
static void settle(jobs *j) {
    job *o = j->running;
    j->running = NULL;
    end(j, o, o->then, NULL);
}

static void tell_added(jobs *j, const job *o) {
    json_t *added = json_pack("{s:s, s:I, s:I}", "job", o->id, "documents", (json_int_t)o->documents_new,
                              "claims", (json_int_t)o->claims);
    char *text = json_dumps(added, JSON_COMPACT);
    if (text && o->documents_new)
        hub_tell(j->options.hub, "added", str_of(text), (hub_reach){.least = ROLE_PUBLIC});
    free(text);
    json_decref(added);
}

/* How it went, of what its exit code says: inputs that were bad are told line by line, it went through all
 * the same. */
static void judge(job *o, int code) {
    bool good = code == STATUS_OK || code == STATUS_BAD_RECORDS;
    bool through = good || ((code == STATUS_NO_INPUT || code == STATUS_BAD_INPUT) && o->read);
    o->then = o->stop || code == STATUS_CANCELLED ? JOB_STOPPED : through ? JOB_DONE : JOB_FAILED;
    if (o->then != JOB_FAILED) {
        free(o->why);
        o->why = NULL;
    } else if (!o->why && asprintf(&o->why, "the program that read it ended unexpectedly (%d)", code) < 0) {
        o->why = NULL;
    }
    if (o->then == JOB_DONE)
        o->done = o->of ? o->of : o->done;
}

/* What was added is worked into the incidents by the linker: it gives way to whoever acts. */
static void finish(jobs *j, int code) {
    job *o = j->running;
    child_read(&j->child.errors, &j->told, SIZE_MAX);
    child_read(&j->child.out, &j->said, LONGEST_LINE);
    pthread_mutex_lock(&j->mine);
    note_events(j, o, &j->told);
    note_result(o, buffer_str(&j->said));
    judge(o, code);
    tell_added(j, o);
    o->linking = o->documents_new + o->dated > 0 && j->options.linker;
    if (o->linking)
        tell(j, o);
    else
        settle(j);
    pthread_mutex_unlock(&j->mine);
    if (o->linking)
        o->linking_asked = linker_ask(j->options.linker);
    child_drop(&j->child);
    folder_remove(o->folder);
    j->said.size = j->told.size = 0;
}

/* Stopped or not: what was added is to be found, and will be, also where nobody waits for it. */
static void await_linking(jobs *j) {
    job *o = j->running;
    bool did = linker_did(j->options.linker, o->linking_asked);
    pthread_mutex_lock(&j->mine);
    if (did || o->stop || j->ending)
        settle(j);
    pthread_mutex_unlock(&j->mine);
}

/* Politely, firmly, by force. */
static void press(jobs *j) {
    static const int signals[] = {SIGINT, SIGTERM, SIGKILL};
    int64_t waited = clock_seconds() - j->stopped_at;
    bool due = j->stops == 0 || (j->stops == 1 && waited > (j->ending ? FIRM_SECONDS / 2 : POLITE_SECONDS)) ||
               (j->stops == 2 && waited > (j->ending ? FIRM_SECONDS / 2 : FIRM_SECONDS));
    if (!due || j->stops > 2 || !j->child.process)
        return;
    kill(j->child.process, signals[j->stops++]);
    j->stopped_at = clock_seconds();
}

static void attend(jobs *j) {
    job *o = j->running;
    int code;
    child_read(&j->child.errors, &j->told, SIZE_MAX);
    child_read(&j->child.out, &j->said, LONGEST_LINE);
    pthread_mutex_lock(&j->mine);
    note_events(j, o, &j->told);
    if (!o->told && clock_milliseconds() - o->told_at > TELL_MILLISECONDS)
        tell(j, o);
    bool stop = o->stop || j->ending;
    bool ended = child_ended(&j->child, &code); /* under the lock: nobody signals what may be another's */
    pthread_mutex_unlock(&j->mine);
    if (stop && !ended)
        press(j);
    if (ended)
        finish(j, code);
}

static void wait_for_news(jobs *j) {
    char bytes[64];
    struct pollfd ends[3] = {
        {j->wake[0], POLLIN, 0}, {j->child.errors, POLLIN, 0}, {j->child.out, POLLIN, 0}};
    poll(ends, j->running ? 3 : 1, j->running ? 200 : -1);
    while (read(j->wake[0], bytes, sizeof bytes) > 0) {
    }
}

static void *keep(void *context) {
    jobs *j = context;
    for (bool more = true; more;) {
        wait_for_news(j);
        if (j->running && j->running->linking)
            await_linking(j);
        else if (j->running)
            attend(j);
        pthread_mutex_lock(&j->mine);
        job *next = j->ending ? NULL : next_waiting(j);
        more = !j->ending || j->running;
        pthread_mutex_unlock(&j->mine);
        if (next)
            start(j, next);
    }
    return NULL;
}

/* ---- beginning and end ---- */

jobs *jobs_new(const jobs_options *options) {
    jobs *j = calloc(1, sizeof *j);
    if (!j)
        return NULL;
    j->options = *options;
    j->child = (child){0, -1, -1};
    j->uploads = calloc(MOST_UPLOADS, sizeof *j->uploads);
    if (!j->uploads || pipe2(j->wake, O_CLOEXEC | O_NONBLOCK) != 0) {
        free(j->uploads);
        free(j);
        return NULL;
    }
    pthread_mutex_init(&j->mine, NULL);
    if (pthread_create(&j->keeper, NULL, keep, j) != 0) {
        close(j->wake[0]);
        close(j->wake[1]);
        free(j->uploads);
        free(j);
        return NULL;
    }
    return j;
}

void jobs_free(jobs *j) {
    if (!j)
        return;
    pthread_mutex_lock(&j->mine);
    j->ending = true;
    pthread_mutex_unlock(&j->mine);
    wake(j);
    pthread_join(j->keeper, NULL);
    for (size_t i = 0; i < j->count; i++) {
        if (!has_ended(j->all[i]))
            folder_remove(j->all[i]->folder);
        job_free(j->all[i]);
    }
    while (j->upload_count)
        upload_forget(j, j->upload_count - 1);
    close(j->wake[0]);
    close(j->wake[1]);
    buffer_free(&j->said);
    buffer_free(&j->told);
    pthread_mutex_destroy(&j->mine);
    free(j->uploads);
    free(j);
}
