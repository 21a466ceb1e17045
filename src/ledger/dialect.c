#include "ledger/dialect.h"

typedef struct putting {
    str sql;
    size_t at;
    buffer *out;
    int highest;
} putting;

static bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* At `at` stands this word, and nothing that would make it another. */
static bool word_at(const putting *p, size_t at, str word) {
    return str_starts(str_slice(p->sql, at, p->sql.size), word) &&
           (at == 0 || !is_name(p->sql.data[at - 1])) &&
           (at + word.size == p->sql.size || !is_name(p->sql.data[at + word.size]) ||
            !is_name(word.data[word.size - 1]));
}

/* Behind the closing mark of a text or a quoted name. */
static size_t quoted_end(str sql, size_t at) {
    char mark = sql.data[at++];
    while (at < sql.size && sql.data[at] != mark)
        at++;
    return at < sql.size ? at + 1 : at;
}

/* Where an argument that begins at `at` ends: at a comma or a closing parenthesis of its own level. */
static size_t argument_end(str sql, size_t at) {
    int depth = 0;
    while (at < sql.size) {
        char c = sql.data[at];
        if (c == '\'' || c == '"') {
            at = quoted_end(sql, at);
            continue;
        }
        if (depth == 0 && (c == ',' || c == ')'))
            break;
        depth += (c == '(') - (c == ')');
        at++;
    }
    return at;
}

static void put_until(putting *p, size_t end);

static void put_value_mark(putting *p) {
    int number = 0;
    p->at++;
    while (p->at < p->sql.size && p->sql.data[p->at] >= '0' && p->sql.data[p->at] <= '9')
        number = number * 10 + (p->sql.data[p->at++] - '0');
    if (!number)
        number = p->highest + 1;
    if (number > p->highest)
        p->highest = number;
    buffer_printf(p->out, "$%d", number);
}

static void skip_gap(putting *p) {
    while (p->at < p->sql.size && (p->sql.data[p->at] == ' ' || p->sql.data[p->at] == '\n'))
        p->at++;
}

/* The keys are texts without quotation marks in them. */
static void put_object(putting *p) {
    bool first = true;
    buffer_add(p->out, STR("CAST('{'"));
    while (p->at < p->sql.size && p->sql.data[p->at] != ')') {
        skip_gap(p);
        size_t end = argument_end(p->sql, p->at);
        str key = str_trim(str_slice(p->sql, p->at, end));
        buffer_printf(p->out, " || '%s\"%.*s\":' || json_text(", first ? "" : ",", (int)(key.size - 2),
                      key.data + 1);
        p->at = end + 1;
        put_until(p, argument_end(p->sql, p->at));
        buffer_add_byte(p->out, ')');
        p->at += p->at < p->sql.size && p->sql.data[p->at] == ',';
        first = false;
    }
    p->at++;
    buffer_add(p->out, STR(" || '}' AS json)"));
}

static void put_list(putting *p) {
    buffer_add(p->out, STR("CAST('[' || coalesce(string_agg(json_text("));
    put_until(p, argument_end(p->sql, p->at));
    p->at++;
    buffer_add(p->out, STR("), ','), '') || ']' AS json)"));
}

static bool put_other(putting *p) {
    static const struct {
        const char *sqlite, *postgres;
        void (*put)(putting *p);
    } words[] = {{"json_object(", "", put_object},
                 {"json_group_array(", "", put_list},
                 {"CROSS JOIN", "JOIN", NULL},
                 {"LIMIT -1", "LIMIT ALL", NULL}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!word_at(p, p->at, str_of(words[i].sqlite)))
            continue;
        p->at += strlen(words[i].sqlite);
        buffer_add(p->out, str_of(words[i].postgres));
        if (words[i].put)
            words[i].put(p);
        return true;
    }
    return false;
}

static void put_until(putting *p, size_t end) {
    while (p->at < end) {
        char c = p->sql.data[p->at];
        if (c == '\'' || c == '"') {
            size_t from = p->at;
            p->at = quoted_end(p->sql, from);
            buffer_add(p->out, str_slice(p->sql, from, p->at));
        } else if (c == '?') {
            put_value_mark(p);
        } else if (!put_other(p)) {
            buffer_add_byte(p->out, c);
            p->at++;
        }
    }
}

int dialect_postgres(str sql, buffer *out) {
    putting p = {.sql = sql, .out = out};
    put_until(&p, sql.size);
    return p.highest;
}
