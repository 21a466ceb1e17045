/* isnad voices, isnad compare, isnad review next: across incidents. */
#include <stdlib.h>
#include <string.h>

#include "cli/words.h"

static isn_code ended(program *p, isn_ledger *ledger, isn_code code, isn_error *error) {
    if (code != ISN_OK)
        complain_error(p, error);
    isn_ledger_close(ledger, NULL);
    return code == ISN_OK && interrupted() ? ISN_CANCELLED : code;
}

static void put_bold(program *p, const char *text) {
    style_begin(p->out, &p->screen, "1");
    put_text(p->out, &p->screen, text);
    style_end(p->out, &p->screen);
}

/* ---- the list ---- */

enum { USUAL_LIMIT = 50, KEY_SHOWN = 10 };

static const table_column voice_columns[] = {
    {"VOICE", CELL_TEXT, 48},   {"KIND", CELL_TEXT, 0},    {"INCIDENTS", CELL_FIGURE, 0},
    {"CLAIMS", CELL_FIGURE, 0}, {"FIRST", CELL_FIGURE, 0}, {"ALONE", CELL_FIGURE, 0},
    {"KEY", CELL_WHOLE, 0},
};

/* What it is called; who heard one that nothing describes. */
static void voice_words(const json_t *v, char *out, size_t size) {
    const char *name = text_at(v, "name"), *arabic = text_at(v, "name_ar"), *told = text_at(v, "told");
    const char *outlet = text_at(v, "outlet");
    if (!json_is_true(json_object_get(v, "described")))
        snprintf(out, size, "%s, heard by %s", *told ? told : "unnamed", *outlet ? outlet : "unknown outlet");
    else if (*name && *arabic)
        snprintf(out, size, "%s · %s", name, arabic);
    else
        snprintf(out, size, "%s", *name ? name : *arabic ? arabic : *told ? told : "unknown");
}

static isn_code list_voices(program *p, isn_ledger *ledger, const char *text, isn_error **error) {
    uint64_t left = p->settings.limited ? p->settings.limit : USUAL_LIMIT, shown = 0;
    bool all = p->settings.limited && !left, json = format_is(p, "jsonl", "table"), more = true;
    char *after = NULL;
    table *rows = table_new(voice_columns, sizeof voice_columns / sizeof *voice_columns);
    isn_code code = ISN_OK;
    while (code == ISN_OK && more && (all || left) && !interrupted()) {
        char *page = NULL;
        uint64_t step = all || left > 200 ? 200 : left;
        code = isn_ledger_voices(ledger, text, p->settings.order, after, step, &page, error);
        json_t *answer = code == ISN_OK ? json_of(p, page, strlen(page)) : NULL, *v;
        size_t i;
        json_array_foreach(json_object_get(answer, "voices"), i, v) {
            char words[600];
            shown++;
            if (json) {
                char *line = json_dumps(v, 0);
                output_row(p, line ? line : "{}", line ? strlen(line) : 2);
                free(line);
                continue;
            }
            voice_words(v, words, sizeof words);
            table_cell(rows, words);
            table_cell(rows, plain_name(text_at(v, "kind")).text);
            table_cellf(rows, "%lld", number_at(v, "incidents"));
            table_cellf(rows, "%lld", number_at(v, "claims"));
            table_cellf(rows, "%lld", number_at(v, "first"));
            table_cellf(rows, "%lld", number_at(v, "alone"));
            table_cellf(rows, "%.*s", KEY_SHOWN, text_at(v, "key"));
        }
        left -= all ? 0 : json_array_size(json_object_get(answer, "voices"));
        free(after);
        after = is_set(answer, "next") ? strdup(text_at(answer, "next")) : NULL;
        more = after != NULL;
        json_decref(answer);
        isn_free(page);
    }
    if (code == ISN_OK && !json && shown)
        table_print(rows, p->out, &p->screen);
    if (code == ISN_OK && !json) {
        style_begin(p->out, &p->screen, "2");
        fputs(!shown ? "no voices\n"
              : more ? "There are more: --limit 0 shows all. isnad voices KEY tells what one of them said.\n"
                     : "FIRST: others told it later; ALONE: nobody else did. isnad voices KEY tells what one "
                       "of them said.\n",
              p->out);
        style_end(p->out, &p->screen);
    }
    free(after);
    table_free(rows);
    return code;
}

/* ---- one voice ---- */

static void put_names(program *p, const char *heading, const json_t *list) {
    enum { MOST = 12 };
    size_t i;
    json_t *each;
    if (!json_array_size(list))
        return;
    fprintf(p->out, "%s: ", heading);
    json_array_foreach(list, i, each) {
        if (i == MOST) {
            fprintf(p->out, ", and %zu more", json_array_size(list) - MOST);
            break;
        }
        fputs(i ? ", " : "", p->out);
        put_text(p->out, &p->screen, text_at(each, "name"));
        fprintf(p->out, " (%lld)", number_at(each, "claims"));
    }
    fputc('\n', p->out);
}

static void put_said(program *p, const json_t *said) {
    size_t i;
    json_t *one;
    json_array_foreach(said, i, one) {
        bool denies = strcmp(text_at(one, "stance"), "denies") == 0;
        fprintf(p->out, "    %s%s%s %s%s\n", text_at(one, "time"), *text_at(one, "time") ? "  " : "",
                plain_name(text_at(one, "effect")).text, denies ? "denied" : figure_phrase(one).text,
                is_set(one, "part_of")                         ? ", a part of another figure"
                : json_is_true(json_object_get(one, "stands")) ? ""
                                                               : ", changed later");
    }
}

static void put_incident(program *p, const json_t *row) {
    const json_t *incident = json_object_get(row, "incident");
    const char *against = text_at(row, "against"), *title = text_at(incident, "title");
    fputc('\n', p->out);
    put_bold(p, date_phrase(text_at(incident, "date")).text);
    fprintf(p->out, " · ");
    put_text(p->out, &p->screen, place_phrase(json_object_get(incident, "place")).text);
    fprintf(p->out, " · %.*s%s%s\n  ", KEY_SHOWN, text_at(incident, "id"),
            json_is_true(json_object_get(row, "alone"))   ? " · alone"
            : json_is_true(json_object_get(row, "first")) ? " · first"
                                                          : "",
            strcmp(against, "below") == 0    ? " · below what the others tell"
            : strcmp(against, "above") == 0  ? " · above what the others tell"
            : strcmp(against, "within") == 0 ? " · within what the others tell"
                                             : "");
    put_text(p->out, &p->screen, title);
    fputc('\n', p->out);
    put_said(p, json_object_get(row, "said"));
}

static isn_code show_voice(program *p, isn_ledger *ledger, const char *key, isn_error **error) {
    char *page = NULL;
    char words[600];
    uint64_t limit = p->settings.limited && p->settings.limit ? p->settings.limit : 20;
    isn_code code = isn_ledger_voice(ledger, key, NULL, limit, &page, error);
    if (code != ISN_OK)
        return code;
    if (format_is(p, "jsonl", "table")) {
        output_row(p, page, strlen(page));
        isn_free(page);
        return ISN_OK;
    }
    json_t *v = json_of(p, page, strlen(page)), *row;
    const json_t *against = json_object_get(v, "against");
    size_t i;
    voice_words(v, words, sizeof words);
    put_bold(p, words);
    fprintf(p->out, "\n%s · %s\n", plain_name(text_at(v, "kind")).text, text_at(v, "key"));
    fprintf(p->out, "%s in ", counted(number_at(v, "claims"), "claim", "claims").text);
    fprintf(p->out, "%s; first in %lld, alone in %lld\n",
            counted(number_at(v, "total"), "incident", "incidents").text, number_at(v, "first"),
            number_at(v, "alone"));
    fprintf(p->out, "at the end below the others %lld, within %lld, above %lld, the only one %lld\n",
            number_at(against, "below"), number_at(against, "within"), number_at(against, "above"),
            number_at(against, "only"));
    put_names(p, "called", json_object_get(v, "names"));
    put_names(p, "carried by", json_object_get(v, "outlets"));
    json_array_foreach(json_object_get(v, "incidents"), i, row) put_incident(p, row);
    if (is_set(v, "next"))
        fprintf(p->out, "\nThe latest %llu are shown: --limit shows more.\n", (unsigned long long)limit);
    json_decref(v);
    isn_free(page);
    return ISN_OK;
}

isn_code command_voices(program *p) {
    isn_ledger *ledger;
    isn_error *error = NULL;
    const settings *s = &p->settings;
    if (s->count > 1)
        return usage_error(p, "voices",
                           "one key, or one text that a name holds: isnad voices 'civil defence'");
    isn_code code = ledger_start(p, ISN_LEDGER_READ, &ledger);
    if (code != ISN_OK)
        return code;
    const char *word = s->count ? s->arguments[0] : s->text;
    code = s->count && strncmp(word, "s-", 2) == 0 ? show_voice(p, ledger, word, &error)
                                                   : list_voices(p, ledger, word, &error);
    return ended(p, ledger, code, error);
}

/* ---- two sides ---- */

static const table_column side_columns[] = {
    {"", CELL_TEXT, 0},          {"INCIDENTS", CELL_FIGURE, 0}, {"DOCUMENTS", CELL_FIGURE, 0},
    {"CLAIMS", CELL_FIGURE, 0},  {"VOICES", CELL_FIGURE, 0},    {"KILLED", CELL_FIGURE, 0},
    {"INJURED", CELL_FIGURE, 0},
};

static void put_sum(table *rows, const json_t *side, const char *effect) {
    size_t i;
    json_t *e;
    json_array_foreach(json_object_get(side, "effects"), i, e) {
        if (strcmp(text_at(e, "effect"), effect) != 0)
            continue;
        if (number_at(e, "low") == number_at(e, "high"))
            table_cellf(rows, "%lld", number_at(e, "low"));
        else
            table_cellf(rows, "%lld–%lld", number_at(e, "low"), number_at(e, "high"));
        return;
    }
    table_cell(rows, "");
}

static void put_sides(program *p, const json_t *answer) {
    table *rows = table_new(side_columns, sizeof side_columns / sizeof *side_columns);
    static const char *const sides[] = {"a", "b"};
    static const char *const counts[] = {"incidents", "documents", "claims", "voices"};
    for (size_t i = 0; i < 2; i++) {
        const json_t *side = json_object_get(answer, sides[i]);
        table_cell(rows, text_at(side, "label"));
        for (size_t k = 0; k < 4; k++)
            table_cellf(rows, "%lld", number_at(side, counts[k]));
        put_sum(rows, side, "killed");
        put_sum(rows, side, "injured");
    }
    table_print(rows, p->out, &p->screen);
    table_free(rows);
}

static void put_one(program *p, const json_t *incident) {
    fprintf(p->out, "  %.*s  %s  ", KEY_SHOWN, text_at(incident, "id"),
            date_phrase(text_at(incident, "date")).text);
    put_text(p->out, &p->screen, text_at(incident, "title"));
    fputc('\n', p->out);
}

static void put_figures(program *p, const char *label, const json_t *figures) {
    size_t i;
    json_t *each;
    if (!json_array_size(figures))
        return;
    fputs("      ", p->out);
    put_text(p->out, &p->screen, label);
    fputs(": ", p->out);
    json_array_foreach(figures, i, each) {
        bool denies = strcmp(text_at(each, "stance"), "denies") == 0;
        fprintf(p->out, "%s%s %s", i ? ", " : "", plain_name(text_at(each, "effect")).text,
                denies ? "denied" : figure_phrase(each).text);
    }
    fputc('\n', p->out);
}

static void put_list(program *p, const json_t *answer, const char *key, const char *heading,
                     const char *label) {
    enum { SHOWN = 10 };
    const json_t *list = json_object_get(answer, key);
    long long count = number_at(json_object_get(answer, "counts"), key);
    size_t i;
    json_t *each;
    if (!count)
        return;
    fputc('\n', p->out);
    style_begin(p->out, &p->screen, "1");
    fputs(heading, p->out);
    put_text(p->out, &p->screen, label);
    fprintf(p->out, ": %lld\n", count);
    style_end(p->out, &p->screen);
    json_array_foreach(list, i, each) {
        if (i == SHOWN) {
            fprintf(p->out, "  and %lld more: --format jsonl lists the first 200\n", count - SHOWN);
            break;
        }
        put_one(p, is_set(each, "incident") ? json_object_get(each, "incident") : each);
        put_figures(p, text_at(json_object_get(answer, "a"), "label"), json_object_get(each, "a"));
        put_figures(p, text_at(json_object_get(answer, "b"), "label"), json_object_get(each, "b"));
        if (json_is_true(json_object_get(each, "differ")))
            fputs("      they differ\n", p->out);
    }
}

isn_code command_compare(program *p) {
    isn_ledger *ledger;
    isn_error *error = NULL;
    const settings *s = &p->settings;
    char *json = NULL;
    if (s->count != 3)
        return usage_error(p, "compare",
                           "compare what? For example: isnad compare outlet 'Hillside Post' 'Northern Wire'");
    isn_filter filter = filter_of(s, 0);
    isn_code code = ledger_start(p, ISN_LEDGER_READ, &ledger);
    if (code != ISN_OK)
        return code;
    code =
        isn_ledger_compare(ledger, s->arguments[0], s->arguments[1], s->arguments[2], &filter, &json, &error);
    if (code == ISN_OK && format_is(p, "jsonl", "table")) {
        output_row(p, json, strlen(json));
    } else if (code == ISN_OK) {
        json_t *answer = json_of(p, json, strlen(json));
        put_sides(p, answer);
        put_list(p, answer, "only_a", "ONLY ", text_at(json_object_get(answer, "a"), "label"));
        put_list(p, answer, "only_b", "ONLY ", text_at(json_object_get(answer, "b"), "label"));
        put_list(p, answer, "both", "BOTH", "");
        json_decref(answer);
    }
    isn_free(json);
    return ended(p, ledger, code, error);
}

/* ---- what waits ---- */

static const char *reason_words(const char *reason) {
    return strcmp(reason, "disagreement") == 0   ? "the accounts part anew"
           : strcmp(reason, "changed") == 0      ? "changed since it was looked at"
           : strcmp(reason, "first_report") == 0 ? "nobody has looked at it"
           : strcmp(reason, "assigned") == 0     ? "in hand"
                                                 : "an act's words are not found";
}

static void put_item(program *p, const json_t *item) {
    const json_t *incident = json_object_get(item, "incident"), *act = json_object_get(item, "act");
    put_bold(p, reason_words(text_at(item, "reason")));
    if (*text_at(item, "assignee")) {
        fputs(" · ", p->out);
        put_text(p->out, &p->screen, text_at(item, "assignee"));
    }
    if (*text_at(item, "since"))
        fprintf(p->out, " · since %s", text_at(item, "since"));
    fputc('\n', p->out);
    if (json_is_object(incident)) {
        put_one(p, incident);
        fprintf(p->out, "      %s, weight %lld\n",
                counted(number_at(json_object_get(incident, "voices"), "independent"), "independent voice",
                        "independent voices")
                    .text,
                number_at(item, "weight"));
    } else {
        fprintf(p->out, "  act %lld: %s\n", number_at(act, "act"), text_at(act, "kind"));
    }
}

isn_code review_next(program *p, isn_ledger *ledger) {
    const settings *s = &p->settings;
    isn_error *error = NULL;
    char *json = NULL;
    uint64_t limit = s->limited && s->limit ? s->limit : 10;
    isn_code code =
        isn_ledger_waiting(ledger, s->count > 1 ? s->arguments[1] : NULL, s->who, NULL, limit, &json, &error);
    if (code != ISN_OK)
        return complain_error(p, error);
    if (format_is(p, "jsonl", "table")) {
        output_row(p, json, strlen(json));
        isn_free(json);
        return ISN_OK;
    }
    json_t *answer = json_of(p, json, strlen(json)), *item, *count;
    const char *reason, *before = "";
    size_t i;
    json_array_foreach(json_object_get(answer, "items"), i, item) put_item(p, item);
    style_begin(p->out, &p->screen, "2");
    if (!json_array_size(json_object_get(answer, "items")))
        fputs("nothing waits\n", p->out);
    else
        json_object_foreach(json_object_get(answer, "counts"), reason, count) {
            fprintf(p->out, "%s%s: %lld", before, reason_words(reason), (long long)json_integer_value(count));
            before = " · ";
        }
    fputs(*before ? "\n" : "", p->out);
    style_end(p->out, &p->screen);
    json_decref(answer);
    isn_free(json);
    return ISN_OK;
}
