/* What pages have of each other: isnad page learn, compare and copies. */
#include <stdlib.h>
#include <string.h>

#include "cli/documents.h"
#include "cli/words.h"

static isn_code ended(program *p) {
    return output_flush(p) ? ISN_OK : ISN_IO;
}

/* The documents that are left when some records were bad are no less worth. */
static bool is_whole(isn_code code) {
    return code == ISN_OK || code == ISN_BAD_RECORDS;
}

static isn_code worse(isn_code first, isn_code then) {
    return then == ISN_OK ? first : then;
}

/* ---- learn ---- */

static isn_code learn_page(program *p, void *lesson, document *d) {
    (void)p;
    isn_lesson_add(lesson, d->page);
    return ISN_OK;
}

static void tell_nameless(program *p, const char *told) {
    json_t *o = json_of(p, told, strlen(told));
    long long nameless = number_at(o, "nameless");
    if (nameless)
        complain(p, "%s of no known site (no address, no outlet): nothing was learned from %s",
                 counted(nameless, "page", "pages").text, nameless == 1 ? "it" : "them");
    json_decref(o);
}

static isn_code page_learn(program *p) {
    isn_lesson *lesson = NULL;
    isn_error *error = NULL;
    if (p->settings.profile)
        return usage_error(p, "page", "learn makes a profile and takes none: leave --profile out");
    isn_code code = engine_start(p);
    if (code != ISN_OK)
        return code;
    if (isn_lesson_new(p->engine, &lesson, &error) != ISN_OK)
        return complain_error(p, error);
    code = documents_each(p, "page", false, learn_page, lesson, NULL);
    if (is_whole(code)) {
        size_t size;
        char *told, *profile = isn_lesson_profile(lesson, &size, &told);
        tell_nameless(p, told);
        output_bytes(p, profile, size);
        code = worse(code, ended(p));
        isn_free(told);
        isn_free(profile);
    }
    isn_lesson_free(lesson);
    return code;
}

/* ---- compare ---- */

typedef struct two {
    isn_page *pages[2];
    size_t count;
} two;

static isn_code take_one(program *p, void *context, document *d) {
    two *t = context;
    (void)p;
    if (t->count < 2) {
        t->pages[t->count] = d->page;
        d->page = NULL;
    }
    t->count++;
    return ISN_OK;
}

static void put_side(const program *p, const char *mark, const char *style, const json_t *sentence) {
    const json_t *text = json_object_get(sentence, "text");
    if (!text)
        return;
    style_begin(p->out, &p->screen, style);
    fprintf(p->out, "  %s\n", mark);
    style_end(p->out, &p->screen);
    text_quote(p->out, &p->screen,
               (quotation){json_string_value(text), json_string_length(text), .bare = true}, 4);
}

static void put_words(const program *p, const char *head, const json_t *words) {
    size_t i;
    json_t *word;
    json_array_foreach(words, i, word) {
        fputs(i ? " " : head, p->out);
        put_text(p->out, &p->screen, json_string_value(word));
    }
}

static void put_change(const program *p, const json_t *change) {
    const char *kind = text_at(change, "kind");
    bool moved = is_set(change, "moved"), changed = strcmp(kind, "changed") == 0;
    if (strcmp(kind, "same") == 0 && !moved)
        return;
    fprintf(p->out, "%s%s", strcmp(kind, "same") == 0 ? "" : kind,
            moved ? changed ? ", moved" : "moved" : "");
    put_words(p, "; dropped: ", json_object_get(change, "dropped"));
    put_words(p, "; added: ", json_object_get(change, "added"));
    fputc('\n', p->out);
    if (strcmp(kind, "same") != 0)
        put_side(p, "-", "31", json_object_get(change, "before"));
    put_side(p, strcmp(kind, "same") == 0 ? "=" : "+", "32", json_object_get(change, "after"));
}

static void put_comparison(program *p, const json_t *told) {
    static const char *const sides[] = {"before", "after"};
    static const char *const counts[] = {"same", "changed", "added", "dropped", "moved"};
    for (size_t i = 0; i < 2; i++) {
        const json_t *side = json_object_get(told, sides[i]);
        fprintf(p->out, "%s ", i ? "+" : "-");
        put_text(p->out, &p->screen, *text_at(side, "title") ? text_at(side, "title") : "(no title)");
        if (*text_at(side, "outlet")) {
            fputs(" · ", p->out);
            put_text(p->out, &p->screen, text_at(side, "outlet"));
        }
        fputs(" · ", p->out);
        put_text(p->out, &p->screen, text_at(side, "file"));
        fputc('\n', p->out);
    }
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        fprintf(p->out, "%s%lld %s", i ? ", " : "sentences: ", number_at(told, counts[i]), counts[i]);
    fputs(is_set(told, "cut") ? " (so many differ that some were not compared)\n\n" : "\n\n", p->out);
    size_t i;
    json_t *change;
    json_array_foreach(json_object_get(told, "sentences"), i, change) put_change(p, change);
}

static isn_code page_compare(program *p) {
    two t = {{NULL, NULL}, 0};
    if (p->settings.count == 0)
        return usage_error(p, "page", "compare which two? isnad page compare BEFORE AFTER");
    isn_code code = documents_each(p, "page", false, take_one, &t, NULL);
    if (is_whole(code) && t.count != 2)
        code = usage_error(p, "page", "compare takes two documents: found %zu", t.count);
    else if (is_whole(code)) {
        char *json = isn_pages_compare(t.pages[0], t.pages[1]);
        json_t *told = format_is(p, "table", "jsonl") ? json_of(p, json, strlen(json)) : NULL;
        if (told)
            put_comparison(p, told);
        else
            output_row(p, json, strlen(json));
        json_decref(told);
        isn_free(json);
        code = worse(code, ended(p));
    }
    isn_page_free(t.pages[0]);
    isn_page_free(t.pages[1]);
    return code;
}

/* ---- copies ---- */

static isn_code add_copy(program *p, void *copies, document *d) {
    (void)p;
    isn_copies_add(copies, d->page);
    return ISN_OK;
}

static bool put_group(void *context, const char *json, size_t size) {
    static const table_column columns[] = {{"ALIKE", CELL_FIGURE, 0},
                                           {"PUBLISHED", CELL_WHOLE, 0},
                                           {"OUTLET", CELL_TEXT, 24},
                                           {"TITLE", CELL_TEXT, 0},
                                           {"FILE", CELL_TEXT, 0}};
    program *p = context;
    json_t *group = json_of(p, json, size), *page;
    size_t i;
    table *rows = table_new(columns, sizeof columns / sizeof *columns);
    json_array_foreach(json_object_get(group, "pages"), i, page) {
        table_cellf(rows, "%.0f %%", 100 * real_at(page, "likeness"));
        table_cell(rows, text_at(page, "published"));
        table_cell(rows, text_at(page, "outlet"));
        table_cell(rows, text_at(page, "title"));
        table_cell(rows, text_at(page, "file"));
    }
    table_print(rows, p->out, &p->screen);
    fputc('\n', p->out);
    table_free(rows);
    json_decref(group);
    return output_flush_when_full(p) && !interrupted();
}

static isn_code page_copies(program *p) {
    isn_copies *copies = NULL;
    isn_error *error = NULL;
    isn_code code = engine_start(p);
    if (code != ISN_OK)
        return code;
    if (isn_copies_new(p->engine, &copies, &error) != ISN_OK)
        return complain_error(p, error);
    code = documents_each(p, "page", false, add_copy, copies, NULL);
    if (code != ISN_CANCELLED && code != ISN_USAGE) {
        isn_row row = format_is(p, "table", "jsonl") ? put_group : output_row;
        if (isn_copies_each(copies, row, p, &error) != ISN_OK)
            code = complain_error(p, error);
        code = worse(code, ended(p));
    }
    isn_copies_free(copies);
    return code;
}

/* ---- the verbs ---- */

static const struct verb {
    const char *name;
    isn_code (*run)(program *p);
} verbs[] = {{"learn", page_learn}, {"compare", page_compare}, {"copies", page_copies}};

page_verb *page_verb_of(program *p) {
    settings *s = &p->settings;
    for (size_t i = 0; s->count && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verbs[i].name, s->arguments[0]) == 0) {
            s->arguments++;
            s->count--;
            return verbs[i].run;
        }
    return NULL;
}
