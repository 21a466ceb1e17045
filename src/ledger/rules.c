/* Reading tables of rules. A mistake is told with file, line and what was expected; the rest is read on, so
 * that all mistakes are told at once. */
#include "ledger/rules.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "ledger/names.h"
#include "ledger/store.h"
#include "ledger/words.h"

enum { COLUMN_LIMIT = 32, FILE_LIMIT = 1 << 20, VOICES_USUAL = 2, RANK_LAST = 200 };

/* ---- vague words ---- */

const char *vague_word_name(vague_word v) {
    static const char *const names[VAGUE_WORDS] = {
        [VAGUE_SOME] = "some",     [VAGUE_TENS] = "tens",         [VAGUE_DOZENS] = "dozens",
        [VAGUE_SCORES] = "scores", [VAGUE_HUNDREDS] = "hundreds", [VAGUE_THOUSANDS] = "thousands"};
    return names[v];
}

int64_t vague_word_least(vague_word v) {
    static const int64_t least[VAGUE_WORDS] = {0, 2, 20, 20, 40, 200, 2000};
    return least[v];
}

/* The kind that a line of data/ledger/vague.tsv gives to a folded word; VAGUE_NOT where it is in none. */
static vague_word kind_of_word(const word *w) {
    str line, told = {w->folded, w->size};
    for (size_t at = 0; str_piece(str_of(ledger_table_vague), &at, '\n', &line);) {
        str kind = str_cell(line, 0), words = str_cell(line, 1);
        word known;
        for (size_t in = 0; words_next(words, &in, &known);)
            if (str_equal(told, (str){known.folded, known.size}))
                for (int v = VAGUE_SOME; v < VAGUE_WORDS; v++)
                    if (str_equal(kind, str_of(vague_word_name((vague_word)v))))
                        return (vague_word)v;
    }
    return VAGUE_NOT;
}

vague_word vague_word_of(int64_t min, int64_t max, str text) {
    enum { SOME_AT_MOST = 3 };
    word w;
    if (max != COUNT_OPEN)
        return VAGUE_NOT;
    if (min <= SOME_AT_MOST)
        return VAGUE_SOME;
    bool possible = false;
    for (int v = VAGUE_TENS; v < VAGUE_WORDS; v++)
        possible |= vague_word_least((vague_word)v) == min;
    for (size_t at = 0; possible && words_next(text, &at, &w);) {
        vague_word v = kind_of_word(&w);
        if (v != VAGUE_NOT && vague_word_least(v) == min)
            return v;
    }
    return VAGUE_NOT;
}

/* ---- columns ---- */

static bool set_choice(str cell, const char *const *words, int *out) {
    for (*out = 0; words[*out]; ++*out)
        if (str_equal(cell, str_of(words[*out])))
            return true;
    return false;
}

static bool read_number(str cell, int64_t most, int64_t *out) {
    int64_t n = 0;
    for (size_t i = 0; i < cell.size; i++) {
        if (cell.data[i] < '0' || cell.data[i] > '9' || n > most)
            return false;
        n = n * 10 + (cell.data[i] - '0');
    }
    *out = n;
    return cell.size && n <= most;
}

static bool set_name(estimate_rule *r, str cell) {
    size_t slash = str_find(cell, STR("/"), 0);
    int64_t version;
    if (slash == SIZE_MAX || !slash || slash > 40 ||
        !read_number(str_slice(cell, slash + 1, cell.size), 9999, &version))
        return false;
    for (size_t i = 0; i < slash; i++) {
        char c = cell.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
              c == '_'))
            return false;
    }
    r->name = cell;
    return true;
}

static bool set_says(estimate_rule *r, str cell) {
    r->says = cell;
    return true;
}

/* One of two words: whether it is the second. */
static bool set_flag(str cell, const char *no, const char *yes, bool *out) {
    *out = str_equal(cell, str_of(yes));
    return *out || str_equal(cell, str_of(no));
}

static bool set_low(estimate_rule *r, str cell) {
    return set_flag(cell, "least", "best", &r->low_is_best);
}

static bool set_high(estimate_rule *r, str cell) {
    return set_flag(cell, "most", "best", &r->high_is_best);
}

static bool set_best(estimate_rule *r, str cell) {
    static const char *const words[] = {"none", "least", "reliable", "agreed", NULL};
    int found = NONE;
    bool good = set_choice(cell, words, &found);
    r->best = good ? (best_way)found : BEST_NONE;
    return good;
}

static bool set_at_least(estimate_rule *r, str cell) {
    return set_flag(cell, "raises", "lowers", &r->at_least_lowers);
}

static bool set_denial(estimate_rule *r, str cell) {
    return set_flag(cell, "beside", "lowers", &r->denial_lowers);
}

static bool set_vague(estimate_rule *r, str cell) {
    static const char *const words[] = {"counts", "ends", "last", NULL};
    int found = NONE;
    bool good = set_choice(cell, words, &found);
    r->vague = good ? (vague_way)found : VAGUE_COUNTS;
    return good;
}

static bool set_voices(estimate_rule *r, str cell) {
    int64_t n = 0;
    bool good = read_number(cell, 1000, &n);
    r->voices = (uint32_t)n;
    return good;
}

/* Kinds of voices, the most reliable first: a comma between ranks, a space between kinds of one rank. */
static bool set_reliable(estimate_rule *r, str cell) {
    uint8_t rank = 0;
    memset(r->rank, RANK_LAST, sizeof r->rank);
    for (size_t at = 0; at < cell.size;) {
        size_t end = at;
        while (end < cell.size && cell.data[end] != ' ' && cell.data[end] != ',')
            end++;
        str name = str_slice(cell, at, end);
        int kind = voice_kind_named(name);
        if (name.size && (kind == NONE || r->rank[kind] != RANK_LAST))
            return false;
        if (name.size)
            r->rank[kind] = rank;
        rank = (uint8_t)(rank + (end < cell.size && cell.data[end] == ','));
        at = end + 1;
    }
    return true;
}

/* How a vague word is counted. */
static bool set_word(estimate_rule *r, str cell, vague_word v) {
    int64_t n = NONE;
    bool good = str_equal(cell, STR("read")) || read_number(cell, 1000000, &n);
    r->vague_as[v] = good ? n : NONE;
    return good;
}

static const struct rule_column {
    const char *name;
    bool (*set)(estimate_rule *r, str cell);
    vague_word word;
    const char *expected;
} columns[] = {
    {"name", set_name, VAGUE_NOT, "a name and a version, such as mine/1"},
    {"low", set_low, VAGUE_NOT, "least or best"},
    {"best", set_best, VAGUE_NOT, "none, least, reliable or agreed"},
    {"high", set_high, VAGUE_NOT, "most or best"},
    {"at_least", set_at_least, VAGUE_NOT, "raises or lowers"},
    {"vague", set_vague, VAGUE_NOT, "counts, ends or last"},
    {"some", NULL, VAGUE_SOME, "read or a number"},
    {"tens", NULL, VAGUE_TENS, "read or a number"},
    {"dozens", NULL, VAGUE_DOZENS, "read or a number"},
    {"scores", NULL, VAGUE_SCORES, "read or a number"},
    {"hundreds", NULL, VAGUE_HUNDREDS, "read or a number"},
    {"thousands", NULL, VAGUE_THOUSANDS, "read or a number"},
    {"denial", set_denial, VAGUE_NOT, "beside or lowers"},
    {"voices", set_voices, VAGUE_NOT, "a number of independent voices, such as 2"},
    {"reliable", set_reliable, VAGUE_NOT,
     "kinds of voices, each once, the most reliable first, such as medical rescue, monitor"},
    {"says", set_says, VAGUE_NOT, "what the rule does, in words"},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* ---- lines ---- */

typedef struct rules_reader {
    arena *a;
    rules_file *out;
    rule_mistake mistake;
    void *context;
    size_t mistakes;
    uint32_t line, columns_line;
    str columns_text;
    const struct rule_column *columns[COLUMN_LIMIT];
    size_t column_count;
} rules_reader;

static void wrong(rules_reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void wrong(rules_reader *r, const char *format, ...) {
    char text[400], line[600];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    snprintf(line, sizeof line, "%.150s:%u: %s", r->out->name.data ? r->out->name.data : "",
             (unsigned)r->line, text);
    r->mistakes++;
    if (r->mistake)
        r->mistake(r->context, line);
}

/* Cells of a line; those beyond the limit are counted, not kept. */
static size_t split(str line, str cells[COLUMN_LIMIT]) {
    size_t n = 0;
    str cell;
    for (size_t at = 0; str_piece(line, &at, '\t', &cell); n++)
        if (n < COLUMN_LIMIT)
            cells[n] = str_trim(cell);
    return n;
}

static const struct rule_column *column_called(str name) {
    for (size_t i = 0; i < COLUMNS; i++)
        if (str_equal(name, str_of(columns[i].name)))
            return &columns[i];
    return NULL;
}

static void list_columns(char *out, size_t size) {
    size_t used = 0;
    for (size_t i = 0; i < COLUMNS && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "", columns[i].name);
}

static void take_columns(rules_reader *r, str line, const str *cells, size_t count) {
    char known[200];
    list_columns(known, sizeof known);
    r->columns_line = r->line;
    r->columns_text = line;
    r->column_count = 0;
    for (size_t i = 1; i < count && i < COLUMN_LIMIT; i++) {
        const struct rule_column *c = column_called(cells[i]);
        if (!c && cells[i].size)
            wrong(r, "no column \"%.*s\": expected some of %s", STR_ARG(cells[i]), known);
        for (size_t k = 0; c && k < r->column_count; k++)
            if (r->columns[k] == c)
                wrong(r, "column \"%s\" stands twice", c->name);
        r->columns[r->column_count++] = c;
    }
    if (count > COLUMN_LIMIT)
        wrong(r, "%zu columns, expected at most %d", count - 1, (int)COLUMNS);
}

static bool has_default(const struct rule_column *c) {
    return c->set != set_name && c->set != set_says;
}

static void set_cell(rules_reader *r, estimate_rule *rule, const struct rule_column *c, str cell) {
    bool left_out = !cell.size || str_equal(cell, STR("-"));
    if (left_out && has_default(c))
        return;
    bool good = !left_out && (c->set ? c->set(rule, cell) : set_word(rule, cell, c->word));
    if (!good)
        wrong(r, "column \"%s\": expected %s, found \"%.*s\"", c->name, c->expected, STR_ARG(cell));
}

static void check_rule(rules_reader *r, const estimate_rule *rule) {
    if (!rule->name.size)
        wrong(r, "the rule has no name: expected a column \"name\", such as mine/1");
    if (!rule->says.size)
        wrong(r, "the rule does not tell what it does: expected a column \"says\"");
    if ((rule->low_is_best || rule->high_is_best) && rule->best == BEST_NONE)
        wrong(r, "low or high is best, and best is none: expected best to be least, reliable or agreed");
    bool ranked = false;
    for (size_t k = 0; k < VOICE_KINDS; k++)
        ranked |= rule->rank[k] != RANK_LAST;
    if (rule->best == BEST_RELIABLE && !ranked)
        wrong(r, "best is reliable: expected the kinds of voices in column \"reliable\"");
    for (size_t i = 0; i < r->out->rules.size; i++)
        if (rule->name.size && str_equal(r->out->rules.at[i].name, rule->name))
            wrong(r, "rule %.*s stands already on line %u", STR_ARG(rule->name),
                  (unsigned)r->out->rules.at[i].line);
}

static void take_rule(rules_reader *r, str line, const str *cells, size_t count) {
    estimate_rule rule = {.line = r->line, .voices = VOICES_USUAL};
    size_t before = r->mistakes;
    memset(rule.rank, RANK_LAST, sizeof rule.rank);
    for (size_t v = 0; v < VAGUE_WORDS; v++)
        rule.vague_as[v] = NONE;
    if (!r->columns_line) {
        wrong(r, "expected a line of columns before the first rule");
        return;
    }
    while (count > 1 && count <= COLUMN_LIMIT && !cells[count - 1].size)
        count--;
    if (count > r->column_count + 1)
        wrong(r, "%zu cells, expected at most %zu: those named on line %u", count - 1, r->column_count,
              (unsigned)r->columns_line);
    for (size_t i = 0; i < r->column_count; i++)
        if (r->columns[i])
            set_cell(r, &rule, r->columns[i], i + 1 < count ? cells[i + 1] : STR(""));
    check_rule(r, &rule);
    rule.text = arena_printf(r->a, "%.*s\n%.*s\n", STR_ARG(r->columns_text), STR_ARG(line));
    if (r->mistakes == before)
        *VECTOR_PUSH(&r->out->rules, r->a) = rule;
}

static void take_test(rules_reader *r, const str *cells, size_t count) {
    if (count != 4 || !cells[1].size || !cells[2].size || !cells[3].size) {
        wrong(r, "expected test, a rule, the figures told and the estimate, a tab between them");
        return;
    }
    *VECTOR_PUSH(&r->out->tests, r->a) = (rule_test){cells[1], cells[2], cells[3], r->line};
}

static void take_line(rules_reader *r, str line) {
    str cells[COLUMN_LIMIT] = {STR_NONE};
    size_t count = split(line, cells);
    if (str_equal(cells[0], STR("columns")))
        take_columns(r, line, cells, count);
    else if (str_equal(cells[0], STR("rule")))
        take_rule(r, line, cells, count);
    else if (str_equal(cells[0], STR("test")))
        take_test(r, cells, count);
    else
        wrong(r, "expected a line that begins with columns, rule or test and a tab, found \"%.*s\"",
              cells[0].size > 40 ? 40 : (int)cells[0].size, cells[0].data);
}

static void check_tests(rules_reader *r) {
    for (size_t i = 0; i < r->out->tests.size; i++) {
        const rule_test *t = &r->out->tests.at[i];
        r->line = t->line;
        if (!r->mistakes && !rules_have(r->out, t->rule)) /* its rule may be the one that was wrong */
            wrong(r, "no rule \"%.*s\" in this file", STR_ARG(t->rule));
    }
}

size_t rules_read(arena *a, str name, str text, rules_file *out, rule_mistake mistake, void *context) {
    *out = (rules_file){.name = {arena_cstring(a, name), name.size}};
    rules_reader r = {.a = a, .out = out, .mistake = mistake, .context = context};
    str line;
    text = str_unmarked(text);
    for (size_t at = 0; at < text.size && str_piece(text, &at, '\n', &line);) {
        if (str_ends(line, STR("\r")))
            line.size--;
        r.line++;
        if (str_trim(line).size && line.data[0] != '#')
            take_line(&r, line);
    }
    if (!out->rules.size && !r.mistakes) {
        r.line = r.line ? r.line : 1;
        wrong(&r, "expected a rule, found none");
    }
    check_tests(&r);
    return r.mistakes;
}

/* ---- finding one ---- */

rules_file rules_built_in(arena *a) {
    rules_file out;
    rules_read(a, STR("data/ledger/estimates.tsv"), str_of(ledger_table_estimates), &out, NULL, NULL);
    return out;
}

/* With its version or without. */
static bool is_called(const estimate_rule *r, str name) {
    return str_equal(r->name, name) ||
           (str_starts(r->name, name) && r->name.size > name.size && r->name.data[name.size] == '/');
}

bool rules_have(const rules_file *file, str name) {
    for (size_t i = 0; i < file->rules.size; i++)
        if (str_equal(file->rules.at[i].name, name))
            return true;
    return false;
}

static const estimate_rule *rule_in(const rules_file *file, str name) {
    for (size_t i = 0; i < file->rules.size; i++)
        if (is_called(&file->rules.at[i], name))
            return &file->rules.at[i];
    return NULL;
}

status rules_file_text(arena *a, str path, str *out, failure *f) {
    const char *name = arena_cstring(a, path);
    FILE *in = fopen(name, "rb");
    if (!in)
        return fail(f, STATUS_NO_INPUT, "%.300s: %s", name, strerror(errno));
    char *data = arena_take(a, FILE_LIMIT + 1);
    size_t size = fread(data, 1, FILE_LIMIT + 1, in);
    bool bad = ferror(in) != 0;
    int why = errno;
    fclose(in);
    if (bad)
        return fail(f, STATUS_NO_INPUT, "%.300s: %s", name, strerror(why));
    if (size > FILE_LIMIT)
        return fail(f, STATUS_BAD_INPUT, "%.300s: longer than a mebibyte, expected a table of rules", name);
    *out = (str){data, size};
    return STATUS_OK;
}

/* The first mistake is the one that a failure tells. */
static void keep_first(void *context, const char *line) {
    failure *f = context;
    if (!f->message[0])
        fail(f, STATUS_BAD_INPUT, "%s", line);
}

str rule_taken(arena *a, const rules_file *file, const estimate_rule *rule) {
    return arena_printf(a, "%.*s:%u: %.*s is a rule that comes with isnad: expected another name or version",
                        STR_ARG(file->name), (unsigned)rule->line, STR_ARG(rule->name));
}

static status rule_of_file(arena *a, str path, str wanted, estimate_rule *out, failure *f) {
    str text;
    rules_file file;
    failure first = {0};
    status code = rules_file_text(a, path, &text, f);
    if (code != STATUS_OK)
        return code;
    if (rules_read(a, path, text, &file, keep_first, &first) || rules_test(&file, keep_first, &first))
        return fail(f, STATUS_BAD_INPUT, "%s", first.message);
    const estimate_rule *found = wanted.size ? rule_in(&file, wanted) : &file.rules.at[0];
    if (!found)
        return fail(f, STATUS_USAGE, "%.*s: no rule \"%.*s\" in it", STR_ARG(path), STR_ARG(wanted));
    if (!wanted.size && file.rules.size > 1)
        return fail(f, STATUS_USAGE, "%.*s: %zu rules, say which: %.*s:%.*s", STR_ARG(path), file.rules.size,
                    STR_ARG(path), STR_ARG(file.rules.at[0].name));
    rules_file own = rules_built_in(a);
    if (rules_have(&own, found->name))
        return fail(f, STATUS_BAD_INPUT, "%s", rule_taken(a, &file, found).data);
    *out = *found;
    return STATUS_OK;
}

static bool is_file(arena *a, str path) {
    FILE *in = fopen(arena_cstring(a, path), "rb");
    if (in)
        fclose(in);
    return in != NULL;
}

status rule_named(arena *a, str name, estimate_rule *out, failure *f) {
    rules_file own = rules_built_in(a);
    const estimate_rule *found = rule_in(&own, name);
    if (found) {
        *out = *found;
        return STATUS_OK;
    }
    if (is_file(a, name))
        return rule_of_file(a, name, STR(""), out, f);
    size_t colon = name.size;
    while (colon > 0 && name.data[colon - 1] != ':')
        colon--;
    if (colon > 1 && is_file(a, str_slice(name, 0, colon - 1)))
        return rule_of_file(a, str_slice(name, 0, colon - 1), str_slice(name, colon, name.size), out, f);
    buffer known = {0};
    for (size_t i = 0; i < own.rules.size; i++)
        buffer_printf(&known, "%.*s, ", STR_ARG(own.rules.at[i].name));
    fail(f, STATUS_USAGE, "no rule \"%.200s\": expected one of %.*sor a file of rules that can be read",
         arena_cstring(a, name), STR_ARG(buffer_str(&known)));
    buffer_free(&known);
    return STATUS_USAGE;
}

status rule_kept(arena *a, str text, estimate_rule *out, failure *f) {
    rules_file file;
    text = arena_copy(a, text);
    if (rules_read(a, STR("the ledger's rule"), text, &file, NULL, NULL) || file.rules.size != 1)
        return fail(f, STATUS_DAMAGED_LEDGER, "the ledger's rule of estimates cannot be read");
    *out = file.rules.at[0];
    return STATUS_OK;
}
