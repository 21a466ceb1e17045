#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "api/api.h"
#include "base/timestamp.h"
#include "ledger/bundle.h"
#include "ledger/heads.h"
#include "ledger/ledger.h"
#include "ledger/redact.h"

/* ---- keys ---- */

static str key_hex(arena *a, const secret_key *key) {
    public_key open = ed25519_public(key);
    return bytes_hex(a, open.bytes, sizeof open.bytes);
}

static json_t *key_json(arena *a, const char *path, const secret_key *key) {
    json_t *o = json_pack("{s:n, s:s, s:s}", "file", "algorithm", "Ed25519", "key", key_hex(a, key).data);
    json_object_set_new(o, "file", json_string(path)); /* no UTF-8: null stays */
    return o;
}

static isn_code tell_key(status code, const char *path, secret_key *key, char **json, const failure *f,
                         isn_error **error) {
    if (code != STATUS_OK)
        return api_fail(error, f);
    arena a = arena_new((allocator){0});
    if (json)
        api_give(key_json(&a, path, key), json);
    arena_free(&a);
    ed25519_forget(key);
    return ISN_OK;
}

isn_code isn_key_new(const char *path, char **json, isn_error **error) {
    failure f;
    secret_key key;
    status code = key_create(path, &key, &f);
    return tell_key(code, path, &key, json, &f, error);
}

isn_code isn_key_show(const char *path, char **json, isn_error **error) {
    failure f;
    secret_key key;
    status code = key_open(path, &key, &f);
    return tell_key(code, path, &key, json, &f, error);
}

/* The old file gets a second name before the new one takes its place, so that at no moment there is none. */
static status exchange(const char *path, const char *made, const char *old, failure *f) {
    if ((link(path, old) != 0 && errno != EEXIST) || rename(made, path) != 0)
        return fail(f, STATUS_IO,
                    "key %s: %s cannot take its place: %s (do it by hand: the ledger has the new key)", path,
                    made, strerror(errno));
    return STATUS_OK;
}

/* A key that was made by a run that was interrupted is taken up again. */
static status open_or_make(const char *path, secret_key *out, failure *f) {
    return access(path, F_OK) == 0 ? key_open(path, out, f) : key_create(path, out, f);
}

isn_code isn_ledger_rotate_key(isn_ledger *l, const char *path, const char *next, char **json,
                               isn_error **error) {
    failure f;
    secret_key old, new = {{0}};
    arena a = arena_new((allocator){0});
    const char *made = next ? next : arena_printf(&a, "%s.new", path).data, *kept = path;
    status code = key_open(path, &old, &f);
    if (code != STATUS_OK) {
        arena_free(&a);
        return api_fail(error, &f);
    }
    code = next ? key_open(next, &new, &f) : open_or_make(made, &new, &f);
    if (code == STATUS_OK)
        code = ledger_rotate(api_ledger(l), &old, &new, moment_text(&a, time(NULL)), &f);
    if (code == STATUS_OK && !next) {
        kept = arena_printf(&a, "%s.%.8s.old", path, key_hex(&a, &old).data).data;
        code = exchange(path, made, kept, &f);
    }
    if (code == STATUS_OK && json) {
        json_t *o = key_json(&a, next ? next : path, &new);
        json_object_set_new(o, "previous", json_string(key_hex(&a, &old).data));
        json_object_set_new(o, "previous_file", json_string(kept));
        api_give(o, json);
    }
    ed25519_forget(&old);
    ed25519_forget(&new);
    arena_free(&a);
    return code == STATUS_OK ? ISN_OK : api_fail(error, &f);
}

/* ---- heads ---- */

isn_code isn_ledger_head(isn_ledger *l, const char *path, char **json, isn_error **error) {
    failure f;
    secret_key key;
    signed_head head;
    status code = key_open(path, &key, &f);
    if (code != STATUS_OK)
        return api_fail(error, &f);
    arena a = arena_new((allocator){0});
    code = ledger_head(api_ledger(l), &key, moment_text(&a, time(NULL)), &head, &f);
    ed25519_forget(&key);
    if (code == STATUS_OK && json)
        *json = api_text(head_json(&a, &head));
    arena_free(&a);
    return code == STATUS_OK ? ISN_OK : api_fail(error, &f);
}

isn_code isn_stamp_query(const char *head, char **query, size_t *size, isn_error **error) {
    failure f;
    signed_head h;
    if (head_read(str_of(head), &h, &f) != STATUS_OK)
        return api_fail(error, &f);
    arena a = arena_new((allocator){0});
    str der = timestamp_query(&a, head_imprint(&h));
    *query = api_text(der);
    *size = der.size;
    arena_free(&a);
    return ISN_OK;
}

isn_code isn_ledger_stamp(isn_ledger *l, const void *answer, size_t size, char **json, isn_error **error) {
    failure f;
    str when = STR_NONE;
    arena a = arena_new((allocator){0});
    status code = ledger_stamp(api_ledger(l), (str){answer, size}, &a, &when, &f);
    if (code == STATUS_OK && json)
        *json = api_text(arena_printf(&a, "{\"time\":\"%.*s\"}", STR_ARG(when)));
    arena_free(&a);
    return code == STATUS_OK ? ISN_OK : api_fail(error, &f);
}

/* ---- verify ---- */

typedef VECTOR(signed_head) head_list;

static status read_heads(str text, arena *a, head_list *out, failure *f) {
    str line;
    failure why = {0};
    size_t number = 0;
    for (size_t at = 0; str_piece(text, &at, '\n', &line);) {
        signed_head head;
        number++;
        if (!str_trim(line).size)
            continue;
        status code = head_read(line, &head, &why);
        if (code != STATUS_OK)
            return fail(f, code, "line %zu: %s", number, why.message);
        *VECTOR_PUSH(out, a) = head;
    }
    return out->size
               ? STATUS_OK
               : fail(f, STATUS_BAD_INPUT, "no head: expected a line as isnad head prints it, found nothing");
}

static status checked_json(isn_ledger *l, const ledger_checked *c, bool against, char **json, failure *f) {
    arena a = arena_new((allocator){0});
    str withdrawn = STR_NONE,
        stamped_at = c->stamped ? arena_printf(&a, "\"%s\"", c->stamped_at) : STR("null");
    status code = ledger_withdrawals(api_ledger(l), &a, &withdrawn, f);
    if (code == STATUS_OK)
        *json = api_text(arena_printf(
            &a,
            "{\"grade\":\"%s\",\"captures\":%llu,\"bytes\":%llu,\"wrong\":%llu,\"without_bytes\":%llu,"
            "\"readings\":%llu,\"acts\":%llu,\"keys\":%llu,\"heads\":%llu,\"leaves\":%llu,\"sealed\":%llu,"
            "\"stamps\":%llu,\"stamped\":%llu,\"stamped_at\":%.*s,\"against\":%s,\"withdrawn\":%.*s}",
            ledger_grade_name(c->grade), (unsigned long long)c->captures, (unsigned long long)c->bytes,
            (unsigned long long)c->wrong, (unsigned long long)c->without_bytes,
            (unsigned long long)c->readings, (unsigned long long)c->acts, (unsigned long long)c->keys,
            (unsigned long long)c->heads, (unsigned long long)c->leaves, (unsigned long long)c->sealed,
            (unsigned long long)c->stamps, (unsigned long long)c->stamped, STR_ARG(stamped_at),
            !against        ? "null"
            : c->consistent ? "true"
                            : "false",
            STR_ARG(withdrawn)));
    arena_free(&a);
    return code;
}

isn_code isn_ledger_verify_all(isn_ledger *l, const isn_verify_options *given, char **json,
                               isn_error **error) {
    OPTIONS(isn_verify_options, options, given);
    failure f, f_json;
    ledger_checked checked = {0};
    arena a = arena_new((allocator){0});
    head_list heads = {0};
    status code = options.against ? read_heads(str_of(options.against), &a, &heads, &f) : STATUS_OK;
    if (code == STATUS_OK)
        code = ledger_verify(api_ledger(l), heads.at, heads.size, options.authorities, options.wrong,
                             options.context, &checked, &f);
    arena_free(&a);
    if (json && (code == STATUS_OK || code == STATUS_VERIFY_FAILED)) {
        status told = checked_json(l, &checked, options.against != NULL, json, &f_json);
        if (told != STATUS_OK)
            return api_fail(error, &f_json);
    }
    return code == STATUS_OK ? ISN_OK : api_fail(error, &f);
}

isn_code isn_ledger_verify(isn_ledger *l, isn_line line, void *context, char **json, isn_error **error) {
    isn_verify_options options = {.size = sizeof options, .wrong = line, .context = context};
    return isn_ledger_verify_all(l, &options, json, error);
}

/* ---- redaction ---- */

static json_t *redacted_json(const ledger_redacted *r) {
    json_t *o = json_pack("{s:I, s:I, s:b, s:n, s:I, s:[], s:[]}", "captures", (json_int_t)r->captures,
                          "bytes", (json_int_t)r->bytes, "text", (int)r->text, "document", "version",
                          (json_int_t)r->version, "others", "elsewhere");
    str each;
    if (r->document.data)
        json_object_set_new(o, "document", json_stringn(r->document.data, r->document.size));
    for (size_t at = 0; r->others.size && str_piece(r->others, &at, '\n', &each);)
        json_array_append_new(json_object_get(o, "others"), json_stringn(each.data, each.size));
    for (size_t at = 0; r->elsewhere.size && str_piece(r->elsewhere, &at, '\n', &each);)
        json_array_append_new(json_object_get(o, "elsewhere"), json_stringn(each.data, each.size));
    return o;
}

isn_code isn_ledger_redact(isn_ledger *l, const char *which, const isn_redaction *given, char **json,
                           isn_error **error) {
    OPTIONS(isn_redaction, options, given);
    failure f;
    arena a = arena_new((allocator){0});
    ledger_redacted done = {0};
    ledger_redaction what = {.capture = str_of(which),
                             .span = options.has_span,
                             .from = options.start,
                             .to = options.end,
                             .who = str_of(options.who ? options.who : ""),
                             .why = str_of(options.why ? options.why : ""),
                             .time = moment_text(&a, time(NULL))};
    status code = ledger_redact(api_ledger(l), &what, &a, &done, &f);
    if (code == STATUS_OK)
        code = ledger_link(api_ledger(l), NULL, &f);
    if (code == STATUS_OK)
        code = ledger_scrub(api_ledger(l), &f);
    if (code == STATUS_OK && json)
        api_give(redacted_json(&done), json);
    arena_free(&a);
    return code == STATUS_OK ? ISN_OK : api_fail(error, &f);
}

/* ---- bundles ---- */

static bool put_bytes(void *context, str bytes) {
    return fwrite(bytes.data ? bytes.data : "", 1, bytes.size, context) == bytes.size;
}

/* Beside its place first: a bundle is there whole or not at all. */
static status write_bundle(isn_ledger *l, const char *id, const char *path, arena *a, failure *f) {
    const char *part = arena_printf(a, "%s.part", path).data;
    FILE *file = fopen(part, "wb");
    if (!file)
        return fail(f, STATUS_NO_INPUT, "%s: it cannot be made: %s", part, strerror(errno));
    status code = ledger_bundle(api_ledger(l), str_of(id), moment_text(a, time(NULL)), put_bytes, file, f);
    bool good = fflush(file) == 0 && fsync(fileno(file)) == 0;
    good = fclose(file) == 0 && good;
    if (code == STATUS_OK && (!good || rename(part, path) != 0))
        code = fail(f, STATUS_IO, "%s: it cannot be written: %s", path, strerror(errno));
    if (code != STATUS_OK)
        unlink(part);
    return code;
}

isn_code isn_ledger_bundle(isn_ledger *l, const char *id, const char *path, isn_error **error) {
    failure f;
    arena a = arena_new((allocator){0});
    status code = write_bundle(l, id, path, &a, &f);
    arena_free(&a);
    return code == STATUS_OK ? ISN_OK : api_fail(error, &f);
}
