#include "serve/exchange.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

str exchange_asked(const exchange *x, const char *name) {
    return x->look_up ? str_of(x->look_up(x->request, name)) : STR_NONE;
}

str exchange_cookie(const exchange *x, const char *name) {
    str all = exchange_asked(x, "Cookie"), one;
    if (!all.data)
        return STR_NONE;
    for (size_t at = 0; str_piece(all, &at, ';', &one);) {
        one = str_trim(one);
        str wanted = str_of(name);
        if (str_starts(one, wanted) && one.size > wanted.size && one.data[wanted.size] == '=')
            return str_slice(one, wanted.size + 1, one.size);
    }
    return STR_NONE;
}

void exchange_header(exchange *x, const char *name, const char *value) {
    *VECTOR_PUSH(&x->headers, x->a) =
        (exchange_line){arena_cstring(x->a, str_of(name)), arena_cstring(x->a, str_of(value))};
}

status exchange_refuse(exchange *x, unsigned code, const char *field, failure *f, const char *format, ...) {
    char message[sizeof f->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    x->code = code;
    x->field = field ? arena_cstring(x->a, str_of(field)) : NULL;
    return fail(f, code == 404 ? STATUS_NOT_FOUND : STATUS_USAGE, "%s", message);
}

void exchange_stream(exchange *x, exchange_source source, void *context) {
    x->source = source;
    x->source_context = context;
}

static int add_piece(const char *piece, size_t size, void *to) {
    buffer_add(to, (str){piece, size});
    return 0;
}

status exchange_json(exchange *x, json_t *value, failure *f) {
    int failed = value ? json_dump_callback(value, add_piece, &x->answer,
                                            JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15))
                       : -1;
    json_decref(value);
    return failed ? fail(f, STATUS_INTERNAL, "the answer cannot be put as JSON") : STATUS_OK;
}

status exchange_text(exchange *x, status s, str json) {
    if (s == STATUS_OK)
        buffer_add(&x->answer, json);
    return s;
}

bool exchange_row(void *exchange_, str json) {
    buffer *answer = &((exchange *)exchange_)->answer;
    if (answer->size > 0 && answer->data[answer->size - 1] != '[')
        buffer_add_byte(answer, ',');
    buffer_add(answer, json);
    return true;
}

status exchange_number(exchange *x, const char *name, uint64_t least, uint64_t most, uint64_t *out,
                       failure *f) {
    uint64_t number = *out;
    for (size_t i = 0; i < x->target->fields.size; i++) {
        const target_field *field = &x->target->fields.at[i];
        if (!str_equal(field->name, str_of(name)) || !field->value.size)
            continue;
        if (!target_number(field->value, most, &number) || number < least)
            return exchange_refuse(x, 400, name, f, "%s: expected a number from %" PRIu64 " to %" PRIu64,
                                   name, least, most);
    }
    *out = number;
    return STATUS_OK;
}

/* ---- bodies ---- */

status exchange_object(exchange *x, json_t **out, failure *f) {
    json_error_t error;
    json_t *o = json_loadb(x->body.data ? x->body.data : "", x->body.size, JSON_REJECT_DUPLICATES, &error);
    if (!o)
        return exchange_refuse(x, 400, NULL, f, "the body is no JSON: %s (byte %d)", error.text,
                               error.position);
    if (!json_is_object(o)) {
        json_decref(o);
        return exchange_refuse(x, 400, NULL, f, "the body: expected a JSON object");
    }
    *out = o;
    return STATUS_OK;
}

static status wrong_type(exchange *x, const char *name, const char *expected, failure *f) {
    return exchange_refuse(x, 400, name, f, "%s: expected %s", name, expected);
}

/* *out NULL: it is missing, or null, and may be. */
static status member(exchange *x, const json_t *o, const char *name, bool needed, const char *expected,
                     const json_t **out, failure *f) {
    const json_t *value = json_object_get(o, name);
    *out = json_is_null(value) ? NULL : value;
    return needed && !*out ? wrong_type(x, name, expected, f) : STATUS_OK;
}

static bool plain(str text) {
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
            return false;
    }
    return true;
}

static bool text_of(const json_t *value, str *out) {
    *out = (str){json_string_value(value), json_string_length(value)};
    return json_is_string(value) && plain(*out);
}

status member_text(exchange *x, const json_t *o, const char *name, bool needed, str *out, failure *f) {
    const json_t *value;
    str text = STR_NONE;
    status s = member(x, o, name, needed, "a text", &value, f);
    if (s == STATUS_OK && value && !text_of(value, &text))
        s = wrong_type(x, name, "a text without controls", f);
    if (s == STATUS_OK)
        *out = text;
    return s;
}

status member_number(exchange *x, const json_t *o, const char *name, bool needed, int64_t *out, failure *f) {
    const json_t *value;
    status s = member(x, o, name, needed, "a whole number", &value, f);
    if (s == STATUS_OK && value && !json_is_integer(value))
        s = wrong_type(x, name, "a whole number", f);
    if (s == STATUS_OK && value)
        *out = json_integer_value(value);
    return s;
}

status member_truth(exchange *x, const json_t *o, const char *name, bool needed, bool *out, failure *f) {
    const json_t *value;
    status s = member(x, o, name, needed, "true or false", &value, f);
    if (s == STATUS_OK && value && !json_is_boolean(value))
        s = wrong_type(x, name, "true or false", f);
    if (s == STATUS_OK && value)
        *out = json_is_true(value);
    return s;
}

status member_texts(exchange *x, const json_t *o, const char *name, bool needed, size_t most,
                    string_list *out, failure *f) {
    const json_t *value;
    string_list list = {0};
    status s = member(x, o, name, needed, "a list of texts", &value, f);
    if (s != STATUS_OK)
        return s;
    if (value && (!json_is_array(value) || json_array_size(value) > most))
        return exchange_refuse(x, 400, name, f, "%s: expected a list of at most %zu texts", name, most);
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *one = json_array_get(value, i);
        str text;
        if (json_is_integer(one))
            text = arena_printf(x->a, "%" JSON_INTEGER_FORMAT, json_integer_value(one));
        else if (!text_of(one, &text))
            return wrong_type(x, name, "a list of texts without controls", f);
        *VECTOR_PUSH(&list, x->a) = text;
    }
    *out = list;
    return STATUS_OK;
}

bool exchange_ending(void *with_) {
    const serve_services *with = with_;
    return with->ending && with->ending(with);
}

/* ---- failures ---- */

static unsigned http_status(status s) {
    switch (s) {
    case STATUS_USAGE:
    case STATUS_BAD_INPUT:
        return 400;
    case STATUS_NOT_FOUND:
        return 404;
    case STATUS_UNAVAILABLE:
    case STATUS_CANCELLED:
        return 503;
    default:
        return 500;
    }
}

void exchange_failed(exchange *x, status code, const failure *f) {
    x->answer.size = 0;
    x->type = NULL;
    x->source = NULL;
    if (x->code < 400)
        x->code = http_status(code);
    str said = str_of(f->message);
    if (x->with)
        said = without_names(&x->with->hidden, said, x->a);
    json_t *error = json_pack("{s:i,s:s%}", "code", (int)x->code, "message", said.data, said.size);
    if (x->field)
        json_object_set_new(error, "field", json_string(x->field));
    failure again = {0};
    if (exchange_json(x, error ? json_pack("{s:o}", "error", error) : NULL, &again) != STATUS_OK)
        buffer_printf(&x->answer, "{\"error\":{\"code\":%u,\"message\":\"\"}}", x->code);
}
