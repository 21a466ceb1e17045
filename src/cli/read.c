/* isnad read and isnad page: what documents say, as a table for people or as JSON lines for programs. */
#include <stdlib.h>
#include <string.h>

#include "cli/documents.h"
#include "cli/words.h"

/* ---- readings for people ---- */

static const table_column claim_columns[] = {
    {"#", CELL_FIGURE, 0},     {"EFFECT", CELL_WHOLE, 0}, {"FIGURE", CELL_FIGURE, 0},
    {"STANCE", CELL_WHOLE, 0}, {"DATE", CELL_WHOLE, 0},   {"EVENT", CELL_TEXT, 0},
    {"SCOPE", CELL_WHOLE, 0},  {"PLACE", CELL_TEXT, 30},  {"WHO", CELL_TEXT, 40},
};

static quotation evidence_of(const text_index *x, const json_t *evidence, const json_t *mark) {
    size_t start = text_index_offset(x, (size_t)number_at(evidence, "start"));
    size_t end = text_index_offset(x, (size_t)number_at(evidence, "end"));
    size_t mark_start = text_index_offset(x, (size_t)number_at(mark, "start"));
    size_t mark_end = text_index_offset(x, (size_t)number_at(mark, "end"));
    bool inside = mark && mark_start >= start && mark_end <= end && start <= end;
    return (quotation){x->text + start, end > start ? end - start : 0, inside ? mark_start - start : 0,
                       inside ? mark_end - start : 0, false};
}

static void put_words(FILE *out, const char *key, const json_t *node) {
    size_t i;
    json_t *word;
    json_array_foreach(json_object_get(node, key), i, word) {
        fprintf(out, " %s", json_string_value(word));
    }
}

/* "killed: EFFECT effect=killed form=participle (lang/en/effects.words.tsv:12)", or by which rule. A word
 * that nobody knows is left out. */
static void put_matched(FILE *out, const terminal *t, const json_t *node) {
    const char *rule = text_at(node, "rule"), *file = text_at(node, "file");
    const json_t *classes = json_object_get(node, "classes");
    const char *first = json_string_value(json_array_get(classes, 0));
    if (!first || (json_array_size(classes) == 1 && strcmp(first, "UNKNOWN") == 0))
        return;
    fputs("        ", out);
    put_text(out, t, text_at(node, "text"));
    fputc(':', out);
    put_words(out, "classes", node);
    put_words(out, "features", node);
    if (*rule)
        fprintf(out, " by %s\n", rule);
    else if (*file)
        fprintf(out, " (%s:%lld)\n", file, number_at(node, "line"));
    else
        fputc('\n', out);
}

/* Each rule with what it matched, in order of use. */
static void put_because(FILE *out, const terminal *t, const text_index *x, const json_t *list) {
    size_t i, k;
    json_t *b, *node;
    json_array_foreach(list, i, b) {
        size_t start = text_index_offset(x, (size_t)number_at(b, "start"));
        size_t end = text_index_offset(x, (size_t)number_at(b, "end"));
        char *clean = text_clean(x->text + start, end > start ? end - start : 0);
        fprintf(out, "    because %s (%s:%lld): ", text_at(b, "rule"), text_at(b, "file"),
                number_at(b, "line"));
        text_put(out, t, clean, strlen(clean), false);
        fputc('\n', out);
        free(clean);
        json_array_foreach(json_object_get(b, "matched"), k, node) {
            put_matched(out, t, node);
        }
    }
}

/* "the ministry (government), by way of the agency (media):" */
static void put_speaker(FILE *out, const terminal *t, const json_t *claim) {
    const json_t *voice = json_object_get(claim, "voice");
    size_t i;
    json_t *relay;
    fputs("    ", out);
    put_text(out, t, *text_at(voice, "text") ? text_at(voice, "text") : "the document itself");
    if (*text_at(voice, "kind"))
        fprintf(out, " (%s)", plain_name(text_at(voice, "kind")).text);
    json_array_foreach(json_object_get(claim, "via"), i, relay) {
        fputs(i ? ", then " : ", by way of ", out);
        put_text(out, t, text_at(relay, "text"));
        fprintf(out, " (%s)", plain_name(text_at(relay, "kind")).text);
    }
    fputs(":\n", out);
}

static char *claim_note(const terminal *t, const text_index *x, const json_t *c) {
    char *note = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&note, &size);
    if (!out)
        return NULL;
    put_speaker(out, t, c);
    text_quote(out, t, evidence_of(x, json_object_get(c, "evidence"), json_object_get(c, "count")), 6);
    put_because(out, t, x, json_object_get(c, "because"));
    fclose(out);
    return note;
}

static void add_claim(table *rows, const terminal *t, const text_index *x, const json_t *c, size_t number) {
    const json_t *who = json_object_get(c, "who");
    const char *scope = text_at(c, "scope"), *people = text_at(who, "text");
    table_cellf(rows, "%zu", number);
    table_cell(rows, text_at(c, "effect"));
    table_cellf(rows, "%s%s", is_set(c, "part_of") ? "of them " : "", figure_phrase(c).text);
    table_cell(rows, text_at(c, "stance"));
    table_cell(rows, date_phrase(text_at(c, "date")).text);
    table_cell(rows, plain_name(text_at(c, "event")).text);
    table_cell(rows, strcmp(scope, "incident") == 0 ? "" : scope);
    table_cell(rows, place_phrase(json_object_get(c, "place")).text);
    table_cell(rows, *people ? people : text_at(who, "class"));
    table_note(rows, claim_note(t, x, c));
}

static void put_claims(FILE *out, const terminal *t, const text_index *x, const json_t *claims) {
    size_t i;
    json_t *c;
    table *rows = table_new(claim_columns, sizeof claim_columns / sizeof *claim_columns);
    json_array_foreach(claims, i, c) {
        add_claim(rows, t, x, c, i + 1);
    }
    if (table_rows(rows))
        table_print(rows, out, t);
    table_free(rows);
}

static void put_event(FILE *out, const terminal *t, const text_index *x, const json_t *e) {
    const json_t *outcome = json_object_get(e, "outcome"), *voice = json_object_get(e, "voice");
    const json_t *trigger = json_object_get(e, "trigger");
    size_t i;
    json_t *place;
    fprintf(out, "  %s: ", plain_name(text_at(e, "type")).text);
    put_text(out, t, text_at(trigger, "text"));
    if (is_set(e, "min"))
        fprintf(out, " · %s", figure_phrase(e).text);
    if (*text_at(e, "date"))
        fprintf(out, " · %s", date_phrase(text_at(e, "date")).text);
    json_array_foreach(json_object_get(e, "places"), i, place) {
        fputs(i ? ", " : " · ", out);
        put_text(out, t, text_at(place, "text"));
    }
    if (is_set(e, "actor")) {
        fputs(" · by ", out);
        put_text(out, t, text_at(json_object_get(e, "actor"), "text"));
    }
    if (is_set(e, "outcome")) {
        fprintf(out, " · %s: ", text_at(outcome, "kind"));
        put_text(out, t, text_at(outcome, "text"));
    }
    if (is_set(e, "voice")) {
        fputs(" · ", out);
        put_text(out, t, text_at(voice, "text"));
        fprintf(out, " %s it", text_at(e, "stance"));
    }
    fputc('\n', out);
    put_because(out, t, x, json_object_get(e, "because"));
}

static void put_heading(FILE *out, const terminal *t, const char *heading) {
    style_begin(out, t, "1");
    fputs(heading, out);
    style_end(out, t);
    fputc('\n', out);
}

static void put_events(FILE *out, const terminal *t, const text_index *x, const json_t *events) {
    size_t i;
    json_t *e;
    if (json_array_size(events))
        put_heading(out, t, "EVENTS");
    json_array_foreach(events, i, e) {
        put_event(out, t, x, e);
    }
}

/* Claims and events say when; the times by themselves are told with the rules that made them. */
static void put_times(FILE *out, const terminal *t, const text_index *x, const json_t *times) {
    size_t i;
    json_t *time;
    json_array_foreach(times, i, time) {
        if (!is_set(time, "because"))
            return;
        if (i == 0)
            put_heading(out, t, "TIMES");
        fputs("  ", out);
        put_text(out, t, text_at(time, "text"));
        fprintf(out, " · %s\n", text_at(time, "value"));
        put_because(out, t, x, json_object_get(time, "because"));
    }
}

/* "count: 1 (13, hospital) against 3 (at least 17, field sources)" */
static void put_side(FILE *out, const terminal *t, const json_t *claims, long long index) {
    const json_t *c = json_array_get(claims, (size_t)index);
    const char *voice = text_at(json_object_get(c, "voice"), "text");
    fprintf(out, "#%lld %s %s, ", index + 1, figure_phrase(c).text, text_at(c, "effect"));
    put_text(out, t, *voice ? voice : "the document itself");
}

static void put_disagreements(FILE *out, const terminal *t, const json_t *reading) {
    size_t i;
    json_t *d;
    if (size_at(reading, "disagreements"))
        put_heading(out, t, "WHERE THE ACCOUNTS PART");
    json_array_foreach(json_object_get(reading, "disagreements"), i, d) {
        const json_t *pair = json_object_get(d, "claims"), *claims = json_object_get(reading, "claims");
        fprintf(out, "  %s: ", text_at(d, "on"));
        put_side(out, t, claims, json_integer_value(json_array_get(pair, 0)));
        fputs(" — against — ", out);
        put_side(out, t, claims, json_integer_value(json_array_get(pair, 1)));
        fputc('\n', out);
    }
}

static void put_numbers(FILE *out, const terminal *t, const json_t *numbers) {
    size_t i;
    json_t *n;
    if (json_array_size(numbers))
        put_heading(out, t, "NUMBERS");
    json_array_foreach(numbers, i, n) {
        fputs("  ", out);
        put_text(out, t, text_at(n, "text"));
        fprintf(out, " = %.12g (%s)\n", real_at(n, "value"), text_at(n, "kind"));
    }
}

static void put_title(FILE *out, const terminal *t, const json_t *about, const char *otherwise) {
    const char *title = text_at(about, "title");
    style_begin(out, t, "1");
    put_text(out, t, *title ? title : otherwise);
    style_end(out, t);
    fputc('\n', out);
}

static void put_source(FILE *out, const terminal *t, const json_t *about, const char *file) {
    const char *outlet = text_at(about, "outlet"), *published = text_at(about, "published");
    const char *language = text_at(about, "language"), *from = text_at(about, "published_from");
    if (*outlet)
        put_text(out, t, outlet);
    fprintf(out, "%s%s · %s", *outlet ? " · " : "", *language ? language : "language unknown",
            *published ? published : "no date");
    if (*from)
        fprintf(out, " (from %s)", strcmp(from, "given") == 0 ? "what was given" : from);
    fputs(" · ", out);
    put_text(out, t, file);
    fputs(is_set(about, "truncated") ? " · cut short\n" : "\n", out);
    if (*text_at(about, "repaired")) {
        fputs("  mended: ", out);
        put_text(out, t, text_at(about, "repaired"));
        fputc('\n', out);
    }
}

static void put_reading(FILE *out, const terminal *t, const json_t *reading, const char *file) {
    const json_t *text = json_object_get(reading, "text");
    text_index x = text_index_new(json_string_value(text), json_string_length(text));
    put_title(out, t, reading, "(no title)");
    put_source(out, t, reading, file);
    if (size_at(reading, "claims") + size_at(reading, "events") == 0)
        fputs("  no claims and no events\n", out);
    put_claims(out, t, &x, json_object_get(reading, "claims"));
    put_events(out, t, &x, json_object_get(reading, "events"));
    put_times(out, t, &x, json_object_get(reading, "times"));
    put_disagreements(out, t, reading);
    put_numbers(out, t, json_object_get(reading, "numbers"));
    fputc('\n', out);
    text_index_free(&x);
}

/* ---- the commands ---- */

static isn_code ended(program *p) {
    return output_flush(p) ? ISN_OK : ISN_IO;
}

static isn_code take_reading(program *p, void *context, document *d) {
    bool for_people = *(bool *)context;
    size_t size;
    const char *json = isn_reading_json(d->reading, &size);
    if (!for_people) {
        output_row(p, json, size);
        return ended(p);
    }
    json_t *reading = json_of(p, json, size);
    if (!reading)
        return ISN_INTERNAL;
    put_reading(p->out, &p->screen, reading, isn_capture_file(d->capture));
    json_decref(reading);
    return ended(p);
}

isn_code command_read(program *p) {
    bool for_people = format_is(p, "table", "jsonl");
    return documents_each(p, "read", true, take_reading, &for_people, NULL);
}

static void put_page(FILE *out, const terminal *t, const json_t *page, const char *file) {
    size_t i;
    json_t *item;
    put_title(out, t, page, "(no title)");
    put_source(out, t, page, file);
    json_array_foreach(json_object_get(page, "authors"), i, item) {
        fputs(i ? ", " : "by ", out);
        put_text(out, t, json_string_value(item));
    }
    fputs(size_at(page, "authors") ? "\n\n" : "\n", out);
    json_array_foreach(json_object_get(page, "paragraphs"), i, item) {
        const json_t *text = json_object_get(item, "text");
        const char *kind = text_at(item, "kind");
        if (strcmp(kind, "paragraph") != 0)
            fprintf(out, "  %s\n", kind);
        text_quote(out, t, (quotation){json_string_value(text), json_string_length(text), .bare = true}, 2);
    }
    json_array_foreach(json_object_get(page, "links"), i, item) {
        fprintf(out, "  → %s: ", text_at(item, "role"));
        put_text(out, t, text_at(item, "text"));
        fputc('\n', out);
    }
    fputc('\n', out);
}

/* "- phrase: share this (data/page/phrases.tsv:193) · 12 % in links", then the text. */
static void put_block(FILE *out, const terminal *t, const json_t *b) {
    const json_t *because = json_object_get(b, "because"), *text = json_object_get(b, "text");
    bool kept = strcmp(text_at(b, "use"), "none") != 0;
    fprintf(out, "  %c %s", kept ? '+' : '-', text_at(b, "rule"));
    if (*text_at(because, "word")) {
        fputs(": ", out);
        put_text(out, t, text_at(because, "word"));
    }
    if (*text_at(because, "file"))
        fprintf(out, " (%s:%lld)", text_at(because, "file"), number_at(because, "line"));
    fprintf(out, " · %s, mass %.2f", text_at(b, "element"), real_at(b, "mass"));
    if (real_at(b, "links") > 0)
        fprintf(out, ", %.0f %% in links", 100 * real_at(b, "links"));
    fputc('\n', out);
    text_quote(out, t, (quotation){json_string_value(text), json_string_length(text), .bare = true}, 6);
}

/* What the article was found in, and each block of the page with the rule that kept it or left it out. */
static void put_explained(FILE *out, const terminal *t, const json_t *page, const char *file) {
    const json_t *in = json_object_get(page, "container");
    size_t i;
    json_t *item;
    put_title(out, t, page, "(no title)");
    put_source(out, t, page, file);
    if (!in) {
        fputs("  no markup, so no blocks to choose from\n\n", out);
        return;
    }
    fprintf(out, "  the article is in %s ", text_at(in, "element"));
    put_text(out, t, text_at(in, "names"));
    fprintf(out, " (score %.1f)\n", real_at(in, "score"));
    json_array_foreach(json_object_get(page, "blocks"), i, item) {
        put_block(out, t, item);
    }
    fputc('\n', out);
}

/* Line by line where a terminal would obey what is in it. */
static void put_plain(FILE *out, const terminal *t, const char *text, size_t size) {
    if (!t->interactive)
        fwrite(text, 1, size, out);
    for (size_t at = 0; t->interactive && at < size;) {
        const char *feed = memchr(text + at, '\n', size - at);
        size_t end = feed ? (size_t)(feed - text) : size;
        char *clean = text_clean(text + at, end - at);
        text_put(out, t, clean, strlen(clean), false);
        free(clean);
        fputc('\n', out);
        at = end + 1;
    }
}

typedef enum page_form { PAGE_JSON, PAGE_TABLE, PAGE_MARKDOWN, PAGE_TEXT, PAGE_EXPLAINED } page_form;

static isn_code take_page(program *p, void *context, document *d) {
    page_form form = *(page_form *)context;
    size_t size;
    const char *json = isn_page_json(d->page, &size);
    if (form == PAGE_JSON) {
        output_row(p, json, size);
        return ended(p);
    }
    if (form == PAGE_TEXT || form == PAGE_MARKDOWN) {
        const char *text =
            form == PAGE_TEXT ? isn_page_text(d->page, &size) : isn_page_markdown(d->page, &size);
        if (text)
            put_plain(p->out, &p->screen, text, size);
        fputs(form == PAGE_TEXT ? "\n\n" : "\n", p->out);
        return ended(p);
    }
    json_t *page = json_of(p, json, size);
    if (!page)
        return ISN_INTERNAL;
    (form == PAGE_EXPLAINED ? put_explained : put_page)(p->out, &p->screen, page,
                                                        isn_capture_file(d->capture));
    json_decref(page);
    return ended(p);
}

static isn_code print_pages(program *p) {
    page_form form = format_is(p, "text", "jsonl")       ? PAGE_TEXT
                     : format_is(p, "markdown", "jsonl") ? PAGE_MARKDOWN
                     : format_is(p, "table", "jsonl")    ? PAGE_TABLE
                                                         : PAGE_JSON;
    if (form != PAGE_JSON && p->settings.explain)
        form = PAGE_EXPLAINED;
    return documents_each(p, "page", false, take_page, &form, NULL);
}

/* What was read stays where some records were bad. */
isn_code command_page(program *p) {
    const char *output = p->settings.output;
    page_verb *verb = page_verb_of(p);
    isn_code code = output ? output_redirect(p, output) : ISN_OK;
    if (code != ISN_OK)
        return code;
    code = verb ? verb(p) : print_pages(p);
    isn_code settled = output ? output_settle(p, code == ISN_BAD_RECORDS ? ISN_OK : code) : ISN_OK;
    return code == ISN_OK ? settled : code;
}
