/* What is signed is text, so that anybody can make it again with a text editor and `openssl pkeyutl`:
 *     isnad-head/1 LF ledger LF size LF root LF time LF key LF
 *     isnad-key/1 LF ledger LF key LF previous key (empty for the first) LF time LF
 * hashes and keys as lower-case hexadecimal digits. The leaf of a key is over its text, followed by the
 * signature's digits and a line feed. */
#include "ledger/heads.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/timestamp.h"
#include "ledger/json.h"
#include "ledger/log.h"

/* ---- key files ---- */

static status cannot(const char *path, const char *what, failure *f) {
    return fail(f, STATUS_NO_INPUT, "key %s: %s: %s", path, what, strerror(errno));
}

/* The name of a new file is not safe before its folder is. */
static bool sync_folder(const char *path) {
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = folder >= 0 && fsync(folder) == 0;
    if (folder >= 0)
        close(folder);
    return good;
}

static bool put_key(int file, const secret_key *key) {
    char pem[ED25519_PEM];
    size_t size = ed25519_to_pem(key, pem);
    bool good = write(file, pem, size) == (ssize_t)size && fsync(file) == 0;
    explicit_bzero(pem, sizeof pem);
    return good;
}

status key_create(const char *path, secret_key *out, failure *f) {
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 && errno == EEXIST)
        return fail(f, STATUS_USAGE,
                    "key %s: there is one already, and it is not written over (isnad key rotate replaces it)",
                    path);
    if (file < 0)
        return cannot(path, "it cannot be made", f);
    secret_key key = ed25519_new();
    bool good = fchmod(file, 0600) == 0 && put_key(file, &key);
    good = close(file) == 0 && good && sync_folder(path);
    if (!good) {
        status code = fail(f, STATUS_IO, "key %s: it cannot be written: %s", path, strerror(errno));
        unlink(path);
        ed25519_forget(&key);
        return code;
    }
    *out = key;
    ed25519_forget(&key);
    return STATUS_OK;
}

static status check_owner(const char *path, int file, failure *f) {
    struct stat s;
    if (fstat(file, &s) != 0)
        return cannot(path, "it cannot be opened", f);
    if (!S_ISREG(s.st_mode))
        return fail(f, STATUS_NO_INPUT, "key %s: not a file", path);
    if (s.st_uid != geteuid())
        return fail(f, STATUS_NO_INPUT, "key %s: it belongs to another user, who could sign with it", path);
    if (s.st_mode & 077)
        return fail(
            f, STATUS_NO_INPUT,
            "key %s: others may read or write it (mode %03o). If nobody has had it: chmod 600 %s; else "
            "make a new one: isnad key rotate",
            path, (unsigned)(s.st_mode & 0777), path);
    return STATUS_OK;
}

status key_open(const char *path, secret_key *out, failure *f) {
    char pem[4096];
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0 && errno == ENOENT)
        return fail(f, STATUS_NO_INPUT, "key %s: there is none (isnad key new makes one)", path);
    if (file < 0)
        return cannot(path, "it cannot be opened", f);
    status code = check_owner(path, file, f);
    ssize_t size = code == STATUS_OK ? read(file, pem, sizeof pem) : 0;
    close(file);
    if (code == STATUS_OK && (size < 0 || !ed25519_from_pem((str){pem, (size_t)size}, out)))
        code =
            fail(f, STATUS_BAD_INPUT,
                 "key %s: no Ed25519 key; expected PEM without a password, as isnad key new makes it", path);
    explicit_bzero(pem, sizeof pem);
    return code;
}

/* ---- what is signed ---- */

static str head_text(arena *a, const signed_head *h) {
    return arena_printf(a, "isnad-head/1\n%s\n%llu\n%.*s\n%s\n%.*s\n", h->ledger, (unsigned long long)h->size,
                        STR_ARG(digest_hex(a, h->root, 32)), h->time,
                        STR_ARG(bytes_hex(a, h->key.bytes, sizeof h->key.bytes)));
}

bool head_holds(const signed_head *h) {
    arena a = arena_new((allocator){0});
    bool good = ed25519_verify(h->key, head_text(&a, h), h->signature);
    arena_free(&a);
    return good;
}

str head_json(arena *a, const signed_head *h) {
    return arena_printf(a,
                        "{\"format\":\"isnad-head/1\",\"ledger\":\"%s\",\"size\":%llu,\"root\":\"%.*s\","
                        "\"time\":\"%s\",\"key\":\"%.*s\",\"signature\":\"%.*s\"}",
                        h->ledger, (unsigned long long)h->size, STR_ARG(digest_hex(a, h->root, 32)), h->time,
                        STR_ARG(bytes_hex(a, h->key.bytes, sizeof h->key.bytes)),
                        STR_ARG(bytes_hex(a, h->signature.bytes, sizeof h->signature.bytes)));
}

/* Copies a moment as heads and keys tell it: what cannot be one could hide a line feed. */
static bool take_moment(str s, char out[32]) {
    if (s.size == 0 || s.size >= 32)
        return false;
    for (size_t i = 0; i < s.size; i++)
        if (!strchr("0123456789-:.+TZ", s.data[i]) || !s.data[i])
            return false;
    memcpy(out, s.data, s.size);
    out[s.size] = 0;
    return true;
}

static bool take_id(str s, char out[33]) {
    unsigned char bytes[16];
    if (!bytes_unhex(s, bytes, sizeof bytes))
        return false;
    memcpy(out, s.data, 32);
    out[32] = 0;
    return true;
}

static const char *wrong_in_head(const json_t *o, signed_head *h) {
    const json_t *size = json_object_get(o, "size");
    if (!json_is_object(o) || !str_equal(json_str(o, "format"), STR("isnad-head/1")))
        return "expected {\"format\":\"isnad-head/1\", …} as isnad head prints it";
    if (!take_id(json_str(o, "ledger"), h->ledger))
        return "\"ledger\" is not an id of 32 hexadecimal digits";
    if (!json_is_integer(size) || json_integer_value(size) < 0)
        return "\"size\" is not a number of leaves";
    h->size = (uint64_t)json_integer_value(size);
    if (!bytes_unhex(json_str(o, "root"), h->root.bytes, sizeof h->root.bytes))
        return "\"root\" is not a hash of 64 hexadecimal digits";
    if (!take_moment(json_str(o, "time"), h->time))
        return "\"time\" is not a time in ISO 8601";
    if (!bytes_unhex(json_str(o, "key"), h->key.bytes, sizeof h->key.bytes))
        return "\"key\" is not a public key of 64 hexadecimal digits";
    if (!bytes_unhex(json_str(o, "signature"), h->signature.bytes, sizeof h->signature.bytes))
        return "\"signature\" is not one of 128 hexadecimal digits";
    return NULL;
}

status head_read(str json, signed_head *out, failure *f) {
    json_error_t error;
    signed_head h = {0};
    json_t *o = json_loadb(json.data ? json.data : "", json.size, JSON_REJECT_DUPLICATES, &error);
    if (!o)
        return fail(f, STATUS_BAD_INPUT, "no head: not JSON at byte %d: %s", error.position, error.text);
    const char *wrong = wrong_in_head(o, &h);
    json_decref(o);
    if (wrong)
        return fail(f, STATUS_BAD_INPUT, "no head: %s", wrong);
    *out = h;
    return STATUS_OK;
}

/* ---- keys of a ledger ---- */

status ledger_id(ledger *l, char out[33], failure *f) {
    statement s = statement_of(l, "SELECT value FROM setting WHERE name = 'ledger'", f);
    bool there = statement_row(&s) && take_id(take_text(&s, 0), out);
    status code = statement_done(&s);
    return code == STATUS_OK && !there
               ? fail(f, STATUS_DAMAGED_LEDGER, "ledger %s: it has no id of its own", l->path)
               : code;
}

/* The key that signs now. */
static status current_key(ledger *l, bool *there, public_key *out, failure *f) {
    bool good = true;
    *there = false;
    statement s = statement_of(l, "SELECT key FROM signing_key ORDER BY sequence DESC LIMIT 1", f);
    if (statement_row(&s)) {
        *there = true;
        good = bytes_unhex(take_text(&s, 0), out->bytes, sizeof out->bytes);
    }
    status code = statement_done(&s);
    return code == STATUS_OK && !good
               ? fail(f, STATUS_DAMAGED_LEDGER, "ledger %s: its signing key is damaged", l->path)
               : code;
}

static str key_text(arena *a, const char *id, const key_record *k) {
    return arena_printf(
        a, "isnad-key/1\n%s\n%.*s\n%.*s\n%s\n", id, STR_ARG(bytes_hex(a, k->key.bytes, sizeof k->key.bytes)),
        STR_ARG(k->first ? STR("") : bytes_hex(a, k->previous.bytes, sizeof k->previous.bytes)), k->time);
}

static digest key_leaf(arena *a, str text, const key_record *k) {
    return merkle_leaf(arena_printf(a, "%.*s%.*s\n", STR_ARG(text),
                                    STR_ARG(bytes_hex(a, k->signature.bytes, sizeof k->signature.bytes))));
}

bool key_record_holds(ledger *l, const key_record *k, digest *leaf, failure *f) {
    char id[33];
    return ledger_id(l, id, f) == STATUS_OK && key_record_holds_of(id, k, leaf);
}

bool key_record_read(const char *json, key_record *out) {
    json_t *o = json_loads(json, 0, NULL);
    str previous = json_str(o, "previous");
    key_record k = {.first = !previous.data};
    bool good = bytes_unhex(json_str(o, "key"), k.key.bytes, sizeof k.key.bytes) &&
                (k.first || bytes_unhex(previous, k.previous.bytes, sizeof k.previous.bytes)) &&
                take_moment(json_str(o, "time"), k.time) &&
                bytes_unhex(json_str(o, "signature"), k.signature.bytes, sizeof k.signature.bytes);
    json_decref(o);
    if (good)
        *out = k;
    return good;
}

status keys_json(ledger *l, arena *a, str *out, failure *f) {
    static const char *const names[] = {"key", "previous", "time", "signature"};
    buffer b = {0};
    statement s =
        statement_of(l, "SELECT key, previous, time, signature FROM signing_key ORDER BY sequence", f);
    buffer_add_byte(&b, '[');
    while (statement_row(&s)) {
        buffer_add(&b, b.size > 1 ? STR(", {") : STR("{"));
        for (int i = 0; i < 4; i++)
            write_key(&b, names[i]), write_string(&b, take_text(&s, i));
        buffer_add_byte(&b, '}');
    }
    buffer_add_byte(&b, ']');
    *out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return statement_done(&s);
}

bool key_record_holds_of(const char *id, const key_record *k, digest *leaf) {
    arena a = arena_new((allocator){0});
    str text = key_text(&a, id, k);
    *leaf = key_leaf(&a, text, k);
    bool good = ed25519_verify(k->first ? k->key : k->previous, text, k->signature);
    arena_free(&a);
    return good;
}

static status record_key(ledger *l, const secret_key *signer, key_record k, str time, failure *f) {
    char id[33];
    status code = ledger_id(l, id, f);
    if (code == STATUS_OK && !take_moment(time, k.time))
        code = fail(f, STATUS_USAGE, "\"%.*s\" is no time in ISO 8601", STR_ARG(time));
    if (code != STATUS_OK)
        return code;
    arena a = arena_new((allocator){0});
    str text = key_text(&a, id, &k);
    k.signature = ed25519_sign(signer, text);
    statement s = statement_of(
        l, "INSERT INTO signing_key(key, previous, time, signature, leaf) VALUES (?, ?, ?, ?, ?)", f);
    give_text(&s, bytes_hex(&a, k.key.bytes, sizeof k.key.bytes));
    give_text(&s, k.first ? STR_NONE : bytes_hex(&a, k.previous.bytes, sizeof k.previous.bytes));
    give_text(&s, str_of(k.time));
    give_text(&s, bytes_hex(&a, k.signature.bytes, sizeof k.signature.bytes));
    give_digest(&s, key_leaf(&a, text, &k));
    code = statement_run(&s);
    arena_free(&a);
    return code;
}

static bool same_key(public_key a, public_key b) {
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

static status another_key(ledger *l, public_key ours, public_key theirs, failure *f) {
    arena a = arena_new((allocator){0});
    status code = fail(
        f, STATUS_USAGE,
        "ledger %s: its heads are signed by key %.*s…, this is %.*s…: name the right file with --key, or let "
        "the old key hand over: isnad key rotate --key OLD NEW",
        l->path, 16, bytes_hex(&a, ours.bytes, 32).data, 16, bytes_hex(&a, theirs.bytes, 32).data);
    arena_free(&a);
    return code;
}

/* Makes the key the ledger's where it has none. */
static status claim_ledger(ledger *l, const secret_key *key, str time, failure *f) {
    bool there;
    public_key mine = ed25519_public(key), known;
    status code = current_key(l, &there, &known, f);
    if (code != STATUS_OK)
        return code;
    if (there)
        return same_key(known, mine) ? STATUS_OK : another_key(l, known, mine, f);
    return record_key(l, key, (key_record){.key = mine, .first = true}, time, f);
}

/* Ends a call that began a transaction. */
static status ended(ledger *l, status code, failure *f) {
    if (code == STATUS_OK)
        return ledger_commit(l, f);
    store_rollback(l);
    return code;
}

status ledger_rotate(ledger *l, const secret_key *key, const secret_key *next, str time, failure *f) {
    bool there = false;
    public_key known, mine = ed25519_public(key), theirs = ed25519_public(next);
    status code = ledger_commit(l, f);
    if (code == STATUS_OK)
        code = store_begin(l, f);
    if (code != STATUS_OK)
        return code;
    code = current_key(l, &there, &known, f);
    if (code == STATUS_OK && there && same_key(known, theirs))
        return ended(l, STATUS_OK, f);
    if (code == STATUS_OK)
        code = claim_ledger(l, key, time, f);
    if (code == STATUS_OK)
        code = record_key(l, key, (key_record){.key = theirs, .previous = mine}, time, f);
    return ended(l, code, f);
}

/* ---- heads of a ledger ---- */

bool head_take(statement *s, int from, const char *id, signed_head *out) {
    signed_head h = {.size = (uint64_t)take_number(s, from)};
    snprintf(h.ledger, sizeof h.ledger, "%s", id);
    bool good = take_number(s, from) >= 0 && bytes_unhex(take_text(s, from + 1), h.root.bytes, 32) &&
                take_moment(take_text(s, from + 2), h.time) &&
                bytes_unhex(take_text(s, from + 3), h.key.bytes, 32) &&
                bytes_unhex(take_text(s, from + 4), h.signature.bytes, 64);
    *out = h;
    return good;
}

/* The last head that is kept; false in `there` where there is none, or it is no good. */
static status last_head(ledger *l, const char *id, bool *there, signed_head *out, failure *f) {
    statement s = statement_of(l, "SELECT " HEAD_COLUMNS " FROM head ORDER BY sequence DESC LIMIT 1", f);
    *there = statement_row(&s) && head_take(&s, 0, id, out) && head_holds(out);
    return statement_done(&s);
}

status ledger_last_head(ledger *l, bool *there, signed_head *out, failure *f) {
    char id[33];
    status code = ledger_id(l, id, f);
    return code == STATUS_OK ? last_head(l, id, there, out, f) : code;
}

static status keep_head(ledger *l, const signed_head *h, failure *f) {
    arena a = arena_new((allocator){0});
    statement s =
        statement_of(l, "INSERT INTO head(size, root, time, key, signature) VALUES (?, ?, ?, ?, ?)", f);
    give_number(&s, (int64_t)h->size);
    give_text(&s, digest_hex(&a, h->root, 32));
    give_text(&s, str_of(h->time));
    give_text(&s, bytes_hex(&a, h->key.bytes, sizeof h->key.bytes));
    give_text(&s, bytes_hex(&a, h->signature.bytes, sizeof h->signature.bytes));
    status code = statement_run(&s);
    arena_free(&a);
    return code;
}

static status sign_log(ledger *l, const secret_key *key, str time, signed_head *out, failure *f) {
    signed_head h = {.key = ed25519_public(key)}, last;
    bool there = false;
    merkle_source source = log_source(l);
    status code = claim_ledger(l, key, time, f);
    if (code == STATUS_OK)
        code = log_grow(l, f);
    if (code == STATUS_OK)
        code = ledger_id(l, h.ledger, f);
    if (code == STATUS_OK)
        code = log_size(l, &h.size, f);
    if (code == STATUS_OK)
        code = merkle_root(&source, h.size, &h.root, f);
    if (code == STATUS_OK)
        code = last_head(l, h.ledger, &there, &last, f);
    if (code == STATUS_OK && !take_moment(time, h.time))
        code = fail(f, STATUS_USAGE, "\"%.*s\" is no time in ISO 8601", STR_ARG(time));
    if (code != STATUS_OK)
        return code;
    if (there && last.size == h.size && digest_equal(last.root, h.root) && same_key(last.key, h.key)) {
        *out = last;
        return STATUS_OK;
    }
    arena a = arena_new((allocator){0});
    h.signature = ed25519_sign(key, head_text(&a, &h));
    arena_free(&a);
    *out = h;
    return keep_head(l, &h, f);
}

status ledger_head(ledger *l, const secret_key *key, str time, signed_head *out, failure *f) {
    signed_head made;
    status code = ledger_commit(l, f);
    if (code == STATUS_OK)
        code = store_begin(l, f);
    if (code != STATUS_OK)
        return code;
    code = ended(l, sign_log(l, key, time, &made, f), f);
    if (code == STATUS_OK)
        *out = made;
    return code;
}

/* ---- time stamps ---- */

digest head_imprint(const signed_head *h) {
    arena a = arena_new((allocator){0});
    const str parts[] = {head_json(&a, h), STR("\n")};
    digest d = sha256_parts(parts, 2);
    arena_free(&a);
    return d;
}

static status find_stamped(ledger *l, digest imprint, int64_t *head, failure *f) {
    char id[33];
    signed_head h;
    status code = ledger_id(l, id, f);
    if (code != STATUS_OK)
        return code;
    statement s = statement_of(l, "SELECT sequence, " HEAD_COLUMNS " FROM head ORDER BY sequence", f);
    while (statement_row(&s))
        if (head_take(&s, 1, id, &h) && digest_equal(head_imprint(&h), imprint))
            *head = take_number(&s, 0);
    code = statement_done(&s);
    return code == STATUS_OK && !*head
               ? fail(f, STATUS_BAD_INPUT,
                      "time stamp: it is of no head of ledger %s (stamp the line that isnad head prints)",
                      l->path)
               : code;
}

static status keep_stamp(ledger *l, int64_t head, const timestamp *t, failure *f) {
    statement s =
        statement_of(l, "INSERT INTO stamp(head, time, token) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", f);
    give_number(&s, head);
    give_text(&s, str_of(t->time));
    give_blob(&s, t->token);
    return statement_run(&s);
}

status ledger_stamp(ledger *l, str answer, arena *a, str *time, failure *f) {
    timestamp t;
    int64_t head = 0;
    status code = timestamp_read(a, answer, &t, f);
    if (code == STATUS_OK)
        code = ledger_commit(l, f);
    if (code == STATUS_OK)
        code = store_begin(l, f);
    if (code != STATUS_OK)
        return code;
    code = find_stamped(l, t.imprint, &head, f);
    if (code == STATUS_OK)
        code = keep_stamp(l, head, &t, f);
    code = ended(l, code, f);
    if (code == STATUS_OK)
        *time = arena_copy(a, str_of(t.time));
    return code;
}
