/* Questions to the ledger: isnad incidents, search, export. */
#include <stdlib.h>
#include <string.h>

#include "cli/words.h"

static isn_code ended(program *p, isn_ledger *ledger, isn_code code, isn_error *error) {
    if (code != ISN_OK)
        complain_error(p, error);
    isn_ledger_close(ledger, NULL);
    return code == ISN_OK && interrupted() ? ISN_CANCELLED : code;
}

/* ---- queries ---- */

static size_t field_name(const char *text) {
    return strspn(text, "abcdefghijklmnopqrstuvwxyz_");
}

/* Several terms in one argument: a condition stands behind a gap in it, or a comparison at its head. */
static bool is_query(const char *argument) {
    size_t head = field_name(argument);
    if (head && argument[head] && strchr("<>=", argument[head]))
        return true;
    for (const char *gap = strchr(argument, ' '); gap; gap = strchr(gap + 1, ' ')) {
        size_t name = field_name(gap + 1);
        if (name && gap[1 + name] && strchr(":<>=", gap[1 + name]))
            return true;
    }
    return false;
}

/* An argument with a gap in it, which the shell took out of its quotation marks: the value of a field, a
 * phrase, or a whole query. */
static void put_argument(FILE *out, const char *argument, bool alone) {
    size_t name = field_name(argument);
    bool whole = !strchr(argument, ' ') || strchr(argument, '"') || is_query(argument);
    if (whole || (alone && (name == 0 || argument[name] != ':' || strchr(argument, ' ') < argument + name)))
        fputs(argument, out);
    else if (name > 0 && argument[name] == ':' && !strpbrk(argument + name, "<>="))
        fprintf(out, "%.*s\"%s\"", (int)name + 1, argument, argument + name + 1);
    else
        fprintf(out, "\"%s\"", argument);
}

/* The words of the command line as one query; free with free(). */
static char *joined_arguments(const settings *s) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    for (size_t i = 0; i < s->count; i++) {
        fputs(i ? " " : "", out);
        put_argument(out, s->arguments[i], s->count == 1);
    }
    if (s->text)
        fprintf(out, "%s%s", s->count ? " " : "", s->text);
    fclose(out);
    return text;
}

/* ---- incidents ---- */

enum { USUAL_LIMIT = 50, ID_SHOWN = 10 };

static const table_column incident_columns[] = {
    {"DATE", CELL_WHOLE, 0},    {"PLACE", CELL_TEXT, 48},    {"EVENT", CELL_TEXT, 0},
    {"KILLED", CELL_FIGURE, 0}, {"INJURED", CELL_FIGURE, 0}, {"OTHER", CELL_TEXT, 48},
    {"VOICES", CELL_FIGURE, 0}, {"PAGES", CELL_FIGURE, 0},   {"", CELL_WHOLE, 0},
    {"REVIEW", CELL_TEXT, 24},  {"ID", CELL_WHOLE, 0},
};

/* All columns need more: the number of pages is left out, so that no line breaks on a terminal of 80. */
static bool is_narrow(const program *p) {
    return p->screen.width < 92;
}

typedef struct listing {
    program *program;
    table *rows;
} listing;

static bool told_above_zero(const json_t *incident, const char *effect) {
    const json_t *e = estimate_of(incident, effect);
    return e && (!is_set(e, "high") || number_at(e, "high") > 0);
}

/* "detained 5, missing 2": what is neither killed nor injured. That nobody was harmed, beside dead or wounded
 * whom others tell of, is no figure but a denial. */
static void other_harm(const json_t *incident, char *out, size_t size) {
    static const char *const effects[] = {"casualties", "missing", "detained", "displaced"};
    bool harm = told_above_zero(incident, "killed") || told_above_zero(incident, "injured");
    size_t used = 0;
    *out = 0;
    for (size_t i = 0; i < sizeof effects / sizeof *effects && used < size; i++) {
        const json_t *e = estimate_of(incident, effects[i]);
        if (e && i == 0 && harm && !told_above_zero(incident, effects[i]))
            used += (size_t)snprintf(out, size, "some deny");
        else if (e)
            used += (size_t)snprintf(out + used, size - used, "%s%s %s", used ? ", " : "", effects[i],
                                     estimate_phrase(e).text);
    }
}

/* By how many voices, in how many documents, and whether they part. */
static void put_support(listing *l, const json_t *incident, const json_t *voices) {
    long long one = number_at(voices, "independent"), told = number_at(voices, "told");
    bool parts = number_at(incident, "disagreements") > 0;
    if (is_narrow(l->program)) {
        table_cellf(l->rows, "%s%lld/%lld", parts ? "≠ " : "", one, told);
        table_cell(l->rows, "");
        table_cell(l->rows, "");
        return;
    }
    table_cellf(l->rows, "%lld of %lld", one, told);
    table_cellf(l->rows, "%lld", number_at(incident, "documents"));
    table_cell(l->rows, parts ? "≠" : "");
}

/* "fair, settled"; nothing of what nobody has looked at. */
static void put_review(listing *l, const json_t *incident) {
    const char *grade = text_at(incident, "grade"), *state = text_at(incident, "status");
    bool looked = strcmp(state, "new") != 0;
    table_cellf(l->rows, "%s%s%s", grade, *grade && looked ? ", " : "", looked ? state : "");
}

static void put_days(listing *l, const char *date) {
    enum { DAY = 10, TWO_DAYS = 13 }; /* "2026-01-14", "2026-01-14/15" */
    phrase days = date_phrase(date);
    if (is_narrow(l->program) && strlen(days.text) > TWO_DAYS)
        table_cellf(l->rows, "%.*s/…", DAY, days.text);
    else
        table_cell(l->rows, *date ? days.text : "unknown");
}

static bool list_incident(void *context, const char *json, size_t size) {
    listing *l = context;
    json_t *incident = json_of(l->program, json, size);
    const json_t *voices = json_object_get(incident, "voices");
    const char *date = text_at(incident, "date"), *event = text_at(incident, "event");
    char other[200];
    other_harm(incident, other, sizeof other);
    put_days(l, date);
    table_cell(l->rows, place_phrase(json_object_get(incident, "place")).text);
    table_cell(l->rows, plain_name(event).text);
    table_cell(l->rows, estimate_phrase(estimate_of(incident, "killed")).text);
    table_cell(l->rows, estimate_phrase(estimate_of(incident, "injured")).text);
    table_cell(l->rows, other);
    put_support(l, incident, voices);
    put_review(l, incident);
    table_cellf(l->rows, "%.*s", ID_SHOWN, text_at(incident, "id"));
    json_decref(incident);
    return !interrupted();
}

static void tell_rest(program *p, isn_ledger *ledger, const isn_filter *filter, uint64_t shown) {
    uint64_t all = 0;
    if (isn_ledger_count(ledger, filter, 0, &all, NULL) != ISN_OK)
        return;
    uint64_t next = filter->offset + shown;
    style_begin(p->out, &p->screen, "2");
    if (all > next)
        fprintf(p->out, "%llu of %llu incidents: --limit 0 shows all, --offset %llu those after these\n",
                (unsigned long long)shown, (unsigned long long)all, (unsigned long long)next);
    else if (all == 0)
        fputs("no incidents\n", p->out);
    else
        fprintf(p->out,
                "%s. Voices: independent ones of all that were told;%c≠: the accounts part. isnad show ID "
                "tells more.\n",
                counted((long long)all, "incident", "incidents").text, is_narrow(p) ? '\n' : ' ');
    style_end(p->out, &p->screen);
}

static isn_code list_incidents(program *p, isn_ledger *ledger, const char *query, isn_error **error) {
    isn_filter filter = filter_of(&p->settings, USUAL_LIMIT);
    filter.text = query;
    listing l = {p, table_new(incident_columns, sizeof incident_columns / sizeof *incident_columns)};
    isn_code code = isn_ledger_query(ledger, "summaries", &filter, list_incident, &l, error);
    if (code == ISN_OK) {
        if (table_rows(l.rows))
            table_print(l.rows, p->out, &p->screen);
        tell_rest(p, ledger, &filter, table_rows(l.rows));
    }
    table_free(l.rows);
    return code;
}

isn_code command_incidents(program *p) {
    isn_ledger *ledger;
    isn_error *error = NULL;
    if (p->settings.count && strncmp(p->settings.arguments[0], "i-", 2) == 0)
        return usage_error(p, "incidents", "\"%s\": isnad incidents takes a query; isnad show ID shows one",
                           p->settings.arguments[0]);
    isn_code code = ledger_start(p, ISN_LEDGER_READ, &ledger);
    if (code != ISN_OK)
        return code;
    char *query = joined_arguments(&p->settings);
    if (format_is(p, "jsonl", "table")) {
        isn_filter filter = filter_of(&p->settings, 0);
        filter.text = query;
        code = isn_ledger_query(ledger, "incidents", &filter, output_row, p, &error);
    } else {
        code = list_incidents(p, ledger, query, &error);
    }
    free(query);
    return ended(p, ledger, code, error);
}

/* ---- search ---- */

typedef struct finding {
    program *program;
    uint64_t count;
} finding;

static quotation snippet_of(const json_t *snippet) {
    const json_t *text = json_object_get(snippet, "text");
    const json_t *mark = json_array_get(json_object_get(snippet, "marks"), 0);
    const char *data = json_string_value(text);
    size_t size = json_string_length(text);
    text_index x = text_index_new(data, size);
    size_t start = text_index_offset(&x, (size_t)json_integer_value(json_array_get(mark, 0)));
    size_t end = text_index_offset(&x, (size_t)json_integer_value(json_array_get(mark, 1)));
    text_index_free(&x);
    return (quotation){data, size, start, end, false};
}

static void put_ids(FILE *out, const json_t *ids) {
    size_t i;
    json_t *id;
    json_array_foreach(ids, i, id) {
        fprintf(out, "%s%.*s", i ? ", " : "    tells of ", ID_SHOWN, json_string_value(id));
    }
    if (json_array_size(ids))
        fputc('\n', out);
}

static bool put_finding(void *context, const char *json, size_t size) {
    finding *f = context;
    program *p = f->program;
    json_t *row = json_of(p, json, size);
    const char *title = text_at(row, "title"), *url = text_at(row, "url");
    f->count++;
    style_begin(p->out, &p->screen, "1");
    put_text(p->out, &p->screen, *title ? title : "(no title)");
    style_end(p->out, &p->screen);
    fprintf(p->out, "\n    ");
    if (*text_at(row, "outlet"))
        put_text(p->out, &p->screen, text_at(row, "outlet"));
    fprintf(p->out, "%s%s · ", *text_at(row, "outlet") ? " · " : "", text_at(row, "published"));
    put_address(p->out, &p->screen, *url ? url : text_at(row, "document"));
    fputc('\n', p->out);
    text_quote(p->out, &p->screen, snippet_of(json_object_get(row, "snippet")), 4);
    put_ids(p->out, json_object_get(row, "incidents"));
    json_decref(row);
    return output_flush_when_full(p) && !interrupted();
}

isn_code command_search(program *p) {
    isn_ledger *ledger;
    isn_error *error = NULL;
    settings *s = &p->settings;
    if (s->count == 0)
        return usage_error(p, "search", "search for what? For example: isnad search \"دير الزور\"");
    isn_code code = ledger_start(p, ISN_LEDGER_READ, &ledger);
    if (code != ISN_OK)
        return code;
    char *query = joined_arguments(s);
    finding f = {p, 0};
    bool json = format_is(p, "jsonl", "table");
    uint64_t limit = s->limited ? s->limit : json ? 0 : 20;
    code = isn_ledger_search(ledger, query ? query : "", limit, s->offset, json ? output_row : put_finding,
                             json ? (void *)p : &f, &error);
    if (code == ISN_OK && !json && f.count == 0)
        fputs("nothing found\n", p->out);
    free(query);
    return ended(p, ledger, code, error);
}

/* ---- export ---- */

isn_code command_export(program *p) {
    isn_ledger *ledger;
    isn_error *error = NULL;
    settings *s = &p->settings;
    uint64_t left_out = 0;
    if (s->count)
        return usage_error(p, "export", "\"%s\": isnad export takes options only, such as --what claims",
                           s->arguments[0]);
    isn_export_options options = {.size = sizeof options,
                                  .format = s->format,
                                  .raw = s->raw,
                                  .bom = s->bom,
                                  .hxl = s->hxl,
                                  .left_out = &left_out};
    isn_filter filter = filter_of(s, 0);
    if (!s->rule && s->format && (strcmp(s->format, "ucdp") == 0 || strcmp(s->format, "acled") == 0))
        s->rule = s->format; /* what these columns hold is what that rule gives */
    isn_code code = ledger_start(p, ISN_LEDGER_READ, &ledger);
    if (code == ISN_OK && s->output && (code = output_redirect(p, s->output)) != ISN_OK)
        isn_ledger_close(ledger, NULL);
    if (code != ISN_OK)
        return code;
    code = isn_ledger_export(ledger, s->what ? s->what : "incidents", &filter, &options, output_bytes, p,
                             &error);
    if (p->output_error) { /* it is said at the end, with its cause */
        isn_error_free(error);
        isn_ledger_close(ledger, NULL);
        return output_settle(p, ISN_IO);
    }
    if (code == ISN_OK && left_out)
        complain(p, "%s left out: %s", counted((long long)left_out, "incident", "incidents").text,
                 strcmp(s->format, "ucdp") == 0 ? "without a day, a point on the map or anybody killed"
                                                : "without a day or a point on the map");
    return output_settle(p, ended(p, ledger, code, error));
}
