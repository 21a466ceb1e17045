/* The parts of an incident as rows of their own: its claims, voices and chains, out of its JSON text. */
#include <stdlib.h>

#include "ledger/json.h"
#include "ledger/query.h"

static void write_json(buffer *b, const json_t *value) {
    char *text = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
    buffer_add(b, text ? str_of(text) : STR("null"));
    free(text);
}

static void add_field(buffer *b, const char *key, const json_t *value) {
    write_key(b, key);
    write_json(b, value);
}

bool parts_give(row_parts *p) {
    if (p->limited && p->left == 0)
        return false;
    p->left -= p->limited;
    p->stopped = !p->row(p->context, buffer_str(&p->line));
    return !p->stopped && !(p->limited && p->left == 0);
}

/* ---- claims ---- */

/* The next element of a list, from behind its opening bracket. */
static bool next_element(str json, size_t *at, str *out) {
    size_t depth = 0, begun = 0;
    bool quoted = false;
    for (size_t i = *at; i < json.size; i++) {
        char c = json.data[i];
        if (quoted) {
            i += c == '\\';
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            begun = depth++ == 0 ? i : begun;
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                return false;
            if (--depth > 0)
                continue;
            *out = str_slice(json, begun, i + 1);
            *at = i + 1;
            return true;
        }
    }
    return false;
}

bool parts_claims(row_parts *p, str id, str json) {
    str element, claims = STR("");
    size_t from, to;
    if (json_member(json, STR("claims"), &from, &to))
        claims = str_trim(str_slice(json, from, to));
    for (size_t at = 1; next_element(claims, &at, &element);) {
        if (p->skip > 0) {
            p->skip--;
            continue;
        }
        p->line.size = 0;
        buffer_add_byte(&p->line, '{');
        write_key(&p->line, "incident"), write_string(&p->line, id);
        buffer_add(&p->line, STR(", "));
        buffer_add(&p->line, str_slice(element, 1, element.size));
        if (!parts_give(p))
            return false;
    }
    return true;
}

/* ---- chains ---- */

static void write_step(buffer *b, str id, const json_t *one, size_t number, const json_t *step) {
    b->size = 0;
    buffer_add_byte(b, '{');
    write_key(b, "incident"), write_string(b, id);
    add_field(b, "claim", json_object_get(one, "id"));
    write_key(b, "step"), write_number(b, (int64_t)number);
    static const char *const of_step[] = {"voice", "text", "how", "document"};
    for (size_t i = 0; i < sizeof of_step / sizeof *of_step; i++)
        add_field(b, of_step[i], json_object_get(step, of_step[i]));
    add_field(b, "independent", json_object_get(one, "independent"));
    buffer_add_byte(b, '}');
}

bool parts_chains(row_parts *p, str id, str json) {
    json_t *incident = json_parsed(json), *one, *step;
    size_t i, k;
    bool more = true;
    json_array_foreach(json_object_get(incident, "claims"), i, one) {
        json_array_foreach(json_object_get(one, "chain"), k, step) {
            if (p->skip > 0) {
                p->skip--;
                continue;
            }
            write_step(&p->line, id, one, k + 1, step);
            if (!(more = parts_give(p)))
                break;
        }
        if (!more)
            break;
    }
    json_decref(incident);
    return more;
}

/* ---- voices ---- */

static bool is_told(const json_t *list, const json_t *value) {
    size_t i;
    const json_t *one;
    json_array_foreach(list, i, one) {
        if (json_equal(one, value))
            return true;
    }
    return false;
}

static void add_claims_of(buffer *b, const json_t *incident, int64_t independent) {
    json_t *claims = json_array(), *documents = json_array(), *one;
    size_t i;
    json_array_foreach(json_object_get(incident, "claims"), i, one) {
        if (json_integer_value(json_object_get(one, "independent")) != independent)
            continue;
        json_t *document = json_object_get(one, "document");
        json_array_append(claims, json_object_get(one, "id"));
        if (!is_told(documents, document))
            json_array_append(documents, document);
    }
    add_field(b, "claims", claims);
    add_field(b, "documents", documents);
    json_decref(claims);
    json_decref(documents);
}

static void write_flag(buffer *b, const char *key, bool holds) {
    write_key(b, key);
    buffer_add(b, holds ? STR("true") : STR("false"));
}

bool parts_voices(row_parts *p, str id, str json) {
    json_t *incident = json_parsed(json);
    bool more = true;
    statement s = statement_of(
        p->l,
        "SELECT voice.id, text, kind, voice.independent, weak, origin_unknown FROM voice JOIN incident ON"
        " incident.key = incident WHERE incident.id = ? ORDER BY voice.independent, voice.id",
        p->f);
    give_text(&s, id);
    while (more && statement_row(&s)) {
        if (p->skip > 0) {
            p->skip--;
            continue;
        }
        buffer *b = &p->line;
        b->size = 0;
        buffer_add_byte(b, '{');
        write_key(b, "id"), write_string(b, take_text(&s, 0));
        write_key(b, "incident"), write_string(b, id);
        write_key(b, "text"), write_string(b, take_text(&s, 1));
        write_key(b, "kind"), write_string(b, take_text(&s, 2));
        write_key(b, "independent"), write_number(b, take_number(&s, 3));
        write_flag(b, "weak", take_number(&s, 4) != 0);
        write_flag(b, "origin_unknown", take_number(&s, 5) != 0);
        add_claims_of(b, incident, take_number(&s, 3));
        buffer_add_byte(b, '}');
        more = parts_give(p);
    }
    p->code = statement_done(&s);
    json_decref(incident);
    return more && p->code == STATUS_OK;
}
