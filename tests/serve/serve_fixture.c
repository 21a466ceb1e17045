/* Fills a ledger with readings (isnad-reading/1, one a line, standard input until an empty line) and serves
 * it on a free port: prints the address, and ends when standard input does. ISNAD_TEST_ACCESS: a file of
 * accounts, which are then needed; ISNAD_TEST_CLOCK: a file with the seconds by which its clock is ahead.
 * With
 * --routes it prints the table of routes. */
#include "ledger/ledger.h"
#include "serve/routes.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void demand(status s, const failure *f) {
    if (s == STATUS_OK)
        return;
    fprintf(stderr, "%s\n", f->message);
    exit((int)s);
}

static void fill(const char *path) {
    failure f = {0};
    ledger *l;
    arena own = arena_new((allocator){0});
    ledger_options options = {.places = gazetteer_builtin(),
                              .engine = engine_json(gazetteer_builtin(), STR_NONE, &own)};
    demand(ledger_open(path, LEDGER_CREATE, &options, &l, &f), &f);
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;
    while ((size = getline(&line, &capacity, stdin)) > 1) {
        arena a = arena_new((allocator){0});
        str json = str_trim((str){line, (size_t)size});
        article read_from;
        reading r;
        demand(reading_load(json, &a, &read_from, &r, &f), &f);
        capture c = {.kind = CAPTURE_HTML,
                     .bytes = json,
                     .body = json,
                     .url = read_from.url,
                     .media_type = STR("text/html"),
                     .time = STR("2026-02-20T08:00:00Z")};
        demand(ledger_add(l, &c, &r, json, NULL, &f), &f);
        arena_free(&a);
    }
    free(line);
    demand(ledger_link(l, NULL, &f), &f);
    demand(ledger_close(l, &f), &f);
    arena_free(&own);
}

static void ready(void *context, const char *url) {
    (void)context;
    puts(url);
    fflush(stdout);
}

static bool cancelled(void *context) {
    (void)context;
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    char byte;
    return poll(&input, 1, 0) > 0 && read(STDIN_FILENO, &byte, 1) <= 0;
}

static int64_t now(void *context) {
    (void)context;
    long long ahead = 0;
    FILE *file = fopen(getenv("ISNAD_TEST_CLOCK"), "r");
    if (file) {
        if (fscanf(file, "%lld", &ahead) != 1)
            ahead = 0;
        fclose(file);
    }
    return (int64_t)time(NULL) + ahead;
}

/* Tests of the server itself that need no account: where there are to be accounts, everybody may read. */
static void let_all_read(serve_options *o) {
    static char path[512];
    bool others =
        o->remote || o->proxy || o->tls_certificate || (o->base && strcmp(o->base, "/") != 0) || o->names[0];
    failure f = {0};
    accounts *a;
    if (!others)
        return;
    snprintf(path, sizeof path, "%s.access", o->ledger_path);
    demand(accounts_open(path, NULL, &a, &f), &f);
    demand(accounts_set(a, &(access_who){.name = STR("test")}, STR_NONE, "public", STR("1"), &f), &f);
    accounts_close(a);
    o->access = (serve_access){.file = path, .passes = 1, .memory = 8192 * 8};
}

static int print_routes(void) {
    static const char *const methods[] = {"", "GET", "POST", "PATCH", "DELETE", "OPTIONS"};
    for (size_t area = 0; area < route_area_count; area++)
        for (const route *r = route_areas[area]; r->path; r++)
            printf("%s\t%s\t%s\t%s\t%s\n", methods[r->method], r->path, access_role_name(r->least),
                   r->scope ? r->scope : "-", r->flags & ROUTE_SESSION ? "session" : "-");
    return 0;
}

/* "NAME=VALUE" among the arguments; NULL. */
static const char *option(int count, char **arguments, const char *name) {
    size_t size = strlen(name);
    for (int i = 2; i < count; i++) {
        if (strncmp(arguments[i], name, size) == 0 && arguments[i][size] == '=')
            return arguments[i] + size + 1;
    }
    return NULL;
}

static size_t number_option(int count, char **arguments, const char *name) {
    const char *value = option(count, arguments, name);
    return value ? (size_t)strtoul(value, NULL, 10) : 0;
}

int main(int count, char **arguments) {
    if (count == 2 && strcmp(arguments[1], "--routes") == 0)
        return print_routes();
    if (count < 2) {
        fprintf(stderr, "serve_fixture LEDGER [HOST [remote] [NAME]] [OPTION=VALUE...]\n"
                        "fills the ledger and serves it; with only=fill, fills it alone\n");
        return STATUS_USAGE;
    }
    setvbuf(stdin, NULL, _IONBF, 0);
    fill(arguments[1]);
    if (option(count, arguments, "only"))
        return 0;
    int plain = 2;
    while (plain < count && !strchr(arguments[plain], '='))
        plain++;
    const char *const names[] = {plain > 4 ? arguments[4] : option(count, arguments, "name"), NULL};
    serve_options options = {.ledger_path = arguments[1],
                             .host = plain > 2 ? arguments[2] : NULL,
                             .remote = plain > 3,
                             .names = names,
                             .ready = ready,
                             .cancelled = cancelled,
                             .program = option(count, arguments, "program")
                                            ? option(count, arguments, "program")
                                            : getenv("ISNAD_PROGRAM"),
                             .base = option(count, arguments, "base"),
                             .proxy = option(count, arguments, "proxy"),
                             .tls_certificate = option(count, arguments, "certificate"),
                             .tls_key = option(count, arguments, "key"),
                             .connections = number_option(count, arguments, "connections"),
                             .patience = (unsigned)number_option(count, arguments, "patience"),
                             .settles = option(count, arguments, "settles") != NULL};
    if (getenv("ISNAD_TEST_ACCESS"))
        options.access = (serve_access){.file = getenv("ISNAD_TEST_ACCESS"),
                                        .wanted = true,
                                        .setup = ready,
                                        .now = getenv("ISNAD_TEST_CLOCK") ? now : NULL,
                                        .passes = 1,
                                        .memory = 8192 * 8};
    else if (!option(count, arguments, "strict"))
        let_all_read(&options);
    failure f = {0};
    status s = serve_run(&options, &f);
    if (s != STATUS_OK)
        fprintf(stderr, "%s\n", f.message);
    return (int)s;
}
