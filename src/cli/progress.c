#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/cli.h"

double seconds_now(void) {
    return (double)clock_milliseconds() / 1000;
}

bool progress_for_programs(const program *p) {
    return p->settings.progress != NULL;
}

void progress_event(json_t *event) {
    char *text = json_dumps(event, JSON_COMPACT);
    if (text)
        fprintf(stderr, "%s\n", text);
    free(text);
    json_decref(event);
}

void progress_show(program *p, const char *format, ...) {
    if (!p->errors.interactive)
        return;
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    flockfile(stderr);
    fprintf(stderr, "\r\033[K%.*s", (int)p->errors.width - 1, line);
    p->progress_shown = true;
    funlockfile(stderr);
}

void progress_clear(program *p) {
    flockfile(stderr);
    if (p->progress_shown)
        fputs("\r\033[K", stderr);
    p->progress_shown = false;
    funlockfile(stderr);
}

isn_code link_ledger(program *p, isn_ledger *ledger) {
    isn_code code = ledger_linked(p, ledger, NULL);
    progress_clear(p);
    return code;
}
