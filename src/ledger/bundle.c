/* What goes into a bundle, and what each file of it says. Nothing is told that a stranger cannot check: a
 * capture by its hash and its leaf, a reading by its hash and its leaf, a claim by the reading it is of, each
 * leaf by its path to the root of the signed head. docs/bundle.md is the manual of the format,
 * tools/verify_bundle.py the check. */
#include "ledger/bundle.h"

#include <stdlib.h>

#include "base/zip.h"
#include "ledger/acts.h"
#include "ledger/heads.h"
#include "ledger/hidden.h"
#include "ledger/log.h"

typedef struct bundle_reading {
    int64_t key, number;
    str document, title, text, json, file;
    text_points points;
} bundle_reading;

typedef struct bundling {
    ledger *l;
    arena *a;
    failure *f;
    str now, id, incident;
    signed_head head;
    VECTOR(bundle_reading) readings;
    bundle_captures captures;
    json_t *proof, *told; /* proof.json; the incident */
} bundling;

/* ---- JSON ---- */

static json_t *hex_json(bundling *k, const unsigned char *bytes, size_t count) {
    return json_text(bytes_hex(k->a, bytes, count));
}

static str dumped(bundling *k, json_t *o, size_t flags) {
    str out = json_dumped(k->a, o, flags);
    json_decref(o);
    return out;
}

/* ---- proofs ---- */

static json_t *path_json(bundling *k, const merkle_path *path) {
    json_t *list = json_array();
    for (size_t i = 0; i < path->size; i++)
        json_array_append_new(list, hex_json(k, path->at[i].bytes, 32));
    return list;
}

/* Where a leaf stands and the path from there to the head's root, as members of `o`, which is then one more
 * of the list; it takes `o` over. */
static status prove(bundling *k, const char *list, const char *kind, int64_t key, json_t *o) {
    merkle_source source = log_source(k->l);
    merkle_path path;
    uint64_t position = 0;
    status code = log_position(k->l, kind, key, &position, k->f);
    if (code == STATUS_OK && position >= k->head.size)
        code = fail(k->f, STATUS_USAGE,
                    "%s %lld came after the last signed head: sign the log as it stands now (isnad head)",
                    kind, (long long)key);
    if (code == STATUS_OK)
        code = merkle_inclusion(&source, position, k->head.size, &path, k->f);
    if (code != STATUS_OK) {
        json_decref(o);
        return code;
    }
    json_object_set_new(o, "position", json_integer((json_int_t)position));
    json_object_set_new(o, "path", path_json(k, &path));
    json_array_append_new(json_object_get(k->proof, list), o);
    return STATUS_OK;
}

static status find_head(bundling *k) {
    bool there = false;
    status code = ledger_last_head(k->l, &there, &k->head, k->f);
    if (code == STATUS_OK && !there)
        return fail(
            k->f, STATUS_USAGE,
            "ledger %s: no head was signed, so that nothing could be proved (isnad key new, isnad head)",
            k->l->path);
    if (code == STATUS_OK)
        json_object_set_new(k->proof, "head", json_loads(head_json(k->a, &k->head).data, 0, NULL));
    return code;
}

/* Earlier heads of the ledger, each with the proof that the log only grew since: whoever was given one of
 * them can compare. */
static status prove_heads(bundling *k) {
    merkle_source source = log_source(k->l);
    json_t *list = json_object_get(k->proof, "earlier");
    status code = STATUS_OK;
    statement s = statement_of(k->l,
                               "SELECT " HEAD_COLUMNS " FROM (SELECT * FROM head WHERE size < ?"
                               " ORDER BY sequence DESC LIMIT 100) AS head ORDER BY size",
                               k->f);
    give_number(&s, (int64_t)k->head.size);
    while (code == STATUS_OK && statement_row(&s)) {
        merkle_path path;
        signed_head earlier;
        if (!head_take(&s, 0, k->head.ledger, &earlier))
            code = fail(k->f, STATUS_DAMAGED_LEDGER, "ledger %s: a signed head is damaged", k->l->path);
        else
            code = merkle_consistency(&source, earlier.size, k->head.size, &path, k->f);
        if (code != STATUS_OK)
            break;
        json_t *head = json_loads(head_json(k->a, &earlier).data, 0, NULL);
        json_array_append_new(list,
                              json_pack("{s:o, s:o}", "head", head, "consistency", path_json(k, &path)));
    }
    status done = statement_done(&s);
    return code == STATUS_OK ? done : code;
}

static status prove_keys(bundling *k) {
    status code = STATUS_OK;
    statement s = statement_of(
        k->l, "SELECT sequence, key, previous, time, signature FROM signing_key ORDER BY sequence", k->f);
    while (code == STATUS_OK && statement_row(&s))
        code = prove(k, "keys", "key", take_number(&s, 0),
                     json_pack("{s:o, s:o, s:o, s:o}", "key", json_text(take_text(&s, 1)), "previous",
                               json_text(take_text(&s, 2)), "time", json_text(take_text(&s, 3)), "signature",
                               json_text(take_text(&s, 4))));
    status done = statement_done(&s);
    return code == STATUS_OK ? done : code;
}

/* ---- readings and captures ---- */

static status add_reading(bundling *k, statement *s) {
    bundle_reading r = {.key = take_number(s, 0),
                        .number = take_number(s, 2),
                        .document = arena_copy(k->a, take_text(s, 1)),
                        .title = arena_copy(k->a, take_text(s, 3))};
    digest rows;
    take_reading(s, 4, k->a, &r.text, &r.json);
    if (!r.text.data || !r.json.data)
        return fail(k->f, STATUS_DAMAGED_LEDGER, "ledger %s: the text or the reading of %.*s is damaged",
                    k->l->path, STR_ARG(r.document));
    r.points = points_of(k->a, r.text);
    r.file = arena_printf(k->a, "readings/%zu.json", k->readings.size + 1);
    *VECTOR_PUSH(&k->readings, k->a) = r;
    status code = log_rows_hash(k->l, r.key, &rows, k->f);
    return code == STATUS_OK
               ? prove(k, "readings", "reading", r.key,
                       json_pack("{s:o, s:I, s:o, s:o, s:o, s:o}", "document", json_text(r.document),
                                 "version", (json_int_t)r.number, "text_hash", json_text(take_text(s, 8)),
                                 "withdrawn",
                                 take_null(s, 9) ? json_null() : json_integer((json_int_t)take_number(s, 9)),
                                 "file", json_text(r.file), "rows", hex_json(k, rows.bytes, 32)))
               : code;
}

/* Every version that the incident stands on, superseded ones too. */
static status add_readings(bundling *k) {
    status code = STATUS_OK;
    statement s = statement_of(
        k->l,
        "SELECT version.key, document.id, number, title, text, text_size, reading, reading_size, text_hash, "
        "withdrawn"
        " FROM version JOIN document ON document.key = document WHERE version.key IN (SELECT version FROM"
        " incident_version JOIN incident ON incident.key = incident WHERE incident.id = ?1 UNION SELECT "
        "claim.version"
        " FROM incident_claim JOIN claim ON claim.key = claim JOIN incident ON incident.key = "
        "incident_claim.incident"
        " WHERE incident.id = ?1) ORDER BY version.key",
        k->f);
    give_text(&s, k->id);
    while (code == STATUS_OK && statement_row(&s))
        code = add_reading(k, &s);
    status done = statement_done(&s);
    return code == STATUS_OK ? done : code;
}

static status add_capture(bundling *k, statement *s, const bundle_reading *r) {
    bundle_capture c = {.sequence = take_number(s, 0), .version = r->key, .title = r->title};
    str *const texts[] = {&c.id, &c.sha256, &c.url, &c.time, &c.media_type};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = arena_copy(k->a, take_text(s, (int)i + 1));
    c.withdrawn = !take_null(s, 7);
    *VECTOR_PUSH(&k->captures, k->a) = c;
    return prove(k, "captures", "capture", c.sequence,
                 json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:I, s:o}", "id", json_text(c.id), "sha256",
                           json_text(c.sha256), "url", json_text(c.url), "time", json_text(c.time),
                           "media_type", json_text(c.media_type), "size", (json_int_t)take_number(s, 6),
                           "document", json_text(r->document), "version", (json_int_t)r->number, "withdrawn",
                           c.withdrawn ? json_integer((json_int_t)take_number(s, 7)) : json_null()));
}

static status add_captures(bundling *k) {
    status code = STATUS_OK;
    for (size_t i = 0; i < k->readings.size && code == STATUS_OK; i++) {
        statement s =
            statement_of(k->l,
                         "SELECT sequence, id, sha256, url, time, media_type, size, withdrawn FROM capture"
                         " WHERE version = ? ORDER BY sequence",
                         k->f);
        give_number(&s, k->readings.at[i].key);
        while (code == STATUS_OK && statement_row(&s))
            code = add_capture(k, &s, &k->readings.at[i]);
        status done = statement_done(&s);
        code = code == STATUS_OK ? done : code;
    }
    return code;
}

/* ---- acts ---- */

/* Whether an act speaks of the incident, or of a document, claim or capture of it. */
static bool speaks_of(bundling *k, str payload) {
    size_t i;
    const json_t *each;
    bool any = str_find(payload, k->id, 0) != SIZE_MAX;
    for (size_t n = 0; n < k->readings.size && !any; n++)
        any = str_find(payload, k->readings.at[n].document, 0) != SIZE_MAX;
    for (size_t n = 0; n < k->captures.size && !any; n++)
        any = str_find(payload, k->captures.at[n].id, 0) != SIZE_MAX;
    json_array_foreach(json_object_get(k->told, "claims"), i, each) any =
        any || str_find(payload, str_of(json_chars(each, "id")), 0) != SIZE_MAX;
    return any;
}

/* An act that was blacked out needs the one that sealed what is left of it, whatever that one speaks of: it
 * may have been a page that tells of another incident now. */
static status find_acts(bundling *k, key_list *speaking, key_list *sealing) {
    statement s =
        statement_of(k->l, "SELECT sequence, payload, incident, redaction FROM act ORDER BY sequence", k->f);
    status code = STATUS_OK;
    bool shown = true;
    while (code == STATUS_OK && statement_row(&s)) {
        if (!str_equal(take_text(&s, 2), k->id) && !speaks_of(k, take_text(&s, 1)))
            continue;
        code = act_shown(k->l, take_number(&s, 0), &shown, k->f);
        if (!shown)
            continue;
        *VECTOR_PUSH(speaking, k->a) = take_number(&s, 0);
        if (!take_null(&s, 3))
            *VECTOR_PUSH(sealing, k->a) = take_number(&s, 3);
    }
    keys_sort(sealing);
    status done = statement_done(&s);
    return code == STATUS_OK ? done : code;
}

static status add_acts(bundling *k) {
    key_list speaking = {0}, sealing = {0};
    size_t next = 0;
    status code = find_acts(k, &speaking, &sealing);
    if (code != STATUS_OK)
        return code;
    statement s = statement_of(k->l,
                               "SELECT sequence, kind, who, time, payload, incident, claim, redaction, "
                               "lower(hex(leaf)) FROM act ORDER BY sequence",
                               k->f);
    while (code == STATUS_OK && statement_row(&s)) {
        bool speaks = next < speaking.size && speaking.at[next] == take_number(&s, 0);
        next += speaks;
        if (!speaks && !keys_have(&sealing, take_number(&s, 0)))
            continue;
        code =
            prove(k, "acts", "act", take_number(&s, 0),
                  json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "act", (json_int_t)take_number(&s, 0),
                            "kind", json_text(take_text(&s, 1)), "who", json_text(take_text(&s, 2)), "time",
                            json_text(take_text(&s, 3)), "payload", json_text(take_text(&s, 4)), "incident",
                            json_text(take_text(&s, 5)), "claim", json_text(take_text(&s, 6)), "withdrawn",
                            take_null(&s, 7) ? json_null() : json_text(take_text(&s, 8))));
    }
    status done = statement_done(&s);
    return code == STATUS_OK ? done : code;
}

/* ---- claims as annotations ---- */

static const bundle_reading *reading_of(const bundling *k, const json_t *told) {
    for (size_t i = 0; i < k->readings.size; i++)
        if (str_equal(k->readings.at[i].document, str_of(json_chars(told, "document"))) &&
            k->readings.at[i].number == json_integer_value(json_object_get(told, "version")))
            return &k->readings.at[i];
    return NULL;
}

static json_t *selectors(const bundle_reading *r, const json_t *evidence) {
    int64_t start = json_integer_value(json_object_get(evidence, "start"));
    int64_t end = json_integer_value(json_object_get(evidence, "end"));
    json_t *quote = json_pack(
        "{s:s, s:o, s:o, s:o}", "type", "TextQuoteSelector", "exact",
        json_text(points_between(&r->points, start, end)), "prefix",
        json_text(points_between(&r->points, start > ANCHOR_AROUND ? start - ANCHOR_AROUND : 0, start)),
        "suffix", json_text(points_between(&r->points, end, end + ANCHOR_AROUND)));
    return json_pack("[o, {s:s, s:I, s:I}]", quote, "type", "TextPositionSelector", "start",
                     (json_int_t)start, "end", (json_int_t)end);
}

static json_t *captures_of(bundling *k, const bundle_reading *r, str *source) {
    json_t *list = json_array();
    for (size_t i = 0; i < k->captures.size; i++)
        if (k->captures.at[i].version == r->key) {
            *source = bundle_address(k->a, &k->captures.at[i]);
            json_array_append_new(list, json_pack("{s:o}", "id",
                                                  json_text(arena_printf(k->a, "urn:isnad:%.*s",
                                                                         STR_ARG(k->captures.at[i].id)))));
        }
    return list;
}

static json_t *annotation(bundling *k, json_t *told) {
    const bundle_reading *r = reading_of(k, told);
    if (!r)
        return json_null();
    str source = arena_printf(k->a, "urn:isnad:document:%.*s", STR_ARG(r->document));
    json_t *from = captures_of(k, r, &source), *teller = json_object_get(told, "voice");
    json_t *o = json_pack("{s:o, s:s, s:s, s:{s:s, s:{s:s, s:O}}}", "id",
                          json_text(arena_printf(k->a, "urn:isnad:%s", json_chars(told, "id"))), "type",
                          "Annotation", "motivation", "describing", "body", "type", "isnad:Claim",
                          "rdf:value", "@type", "@json", "@value", told);
    json_object_set_new(o, "target",
                        json_pack("{s:s, s:o, s:o, s:o}", "type", "SpecificResource", "source",
                                  json_text(source), "isnad:reading", json_text(r->file), "selector",
                                  selectors(r, json_object_get(told, "evidence"))));
    json_object_set_new(o, "generator",
                        json_pack("{s:s, s:s, s:O?}", "type", "Software", "name", "isnad " ISNAD_VERSION,
                                  "isnad:engine", json_object_get(k->told, "engine")));
    json_object_set_new(o, "prov:wasDerivedFrom", from);
    if (*json_chars(teller, "text"))
        json_object_set_new(o, "prov:wasAttributedTo",
                            json_pack("{s:s, s:s, s:s}", "type", "prov:Agent", "name",
                                      json_chars(teller, "text"), "isnad:kind", json_chars(teller, "kind")));
    return o;
}

static str annotations(bundling *k) {
    size_t i;
    json_t *each, *items = json_array();
    json_array_foreach(json_object_get(k->told, "claims"), i, each)
        json_array_append_new(items, annotation(k, each));
    json_t *page = json_pack("{s:[s, {s:s, s:s, s:s}], s:o, s:s, s:o}", "@context",
                             "http://www.w3.org/ns/anno.jsonld", "prov", "http://www.w3.org/ns/prov#", "rdf",
                             "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "isnad", "urn:isnad:", "id",
                             json_text(arena_printf(k->a, "urn:isnad:%.*s:claims", STR_ARG(k->id))), "type",
                             "AnnotationPage", "items", items);
    return dumped(k, page, JSON_INDENT(1));
}

/* ---- the archive ---- */

typedef struct packing {
    bundling *k;
    zip_writer zip;
    json_t *resources;
} packing;

static void pack(packing *p, str path, str bytes) {
    size_t slash = 0;
    for (size_t i = 0; i < path.size; i++)
        slash = path.data[i] == '/' ? i + 1 : slash;
    json_array_append_new(
        p->resources, json_pack("{s:o, s:o, s:o, s:I}", "name", json_text(str_slice(path, slash, path.size)),
                                "path", json_text(path), "hash",
                                json_text(arena_printf(p->k->a, "sha256:%.*s",
                                                       STR_ARG(digest_hex(p->k->a, sha256(bytes), 32)))),
                                "bytes", (json_int_t)bytes.size));
    zip_add(&p->zip, path, bytes);
}

/* The list of all files with their hashes, and the hash of that. */
static void pack_package(packing *p) {
    bundling *k = p->k;
    json_t *o =
        json_pack("{s:s, s:s, s:o, s:s, s:o, s:o}", "profile", "data-package", "wacz_version", "1.1.1",
                  "title", json_text(arena_printf(k->a, "Incident %.*s", STR_ARG(k->id))), "software",
                  "isnad " ISNAD_VERSION, "created", json_text(k->now), "resources", p->resources);
    str package = dumped(k, o, JSON_INDENT(1));
    str hash = arena_printf(k->a, "sha256:%.*s", STR_ARG(digest_hex(k->a, sha256(package), 32)));
    zip_add(&p->zip, STR("datapackage.json"), package);
    zip_add(&p->zip, STR("datapackage-digest.json"),
            dumped(k, json_pack("{s:s, s:o}", "path", "datapackage.json", "hash", json_text(hash)),
                   JSON_COMPACT));
}

static status pack_all(bundling *k, bool (*write)(void *context, str bytes), void *context) {
    str warc = STR_NONE, proof;
    status code = bundle_warc(k->l, &k->captures, k->now, k->a, &warc, k->f);
    if (code != STATUS_OK)
        return code;
    packing p = {.k = k, .zip = {.write = write, .context = context}, .resources = json_array()};
    pack(&p, STR("archive/data.warc.gz"), warc);
    pack(&p, STR("indexes/index.cdx"), bundle_index(&k->captures, k->now, k->a));
    pack(&p, STR("pages/pages.jsonl"), bundle_pages(&k->captures, k->now, k->a));
    pack(&p, STR("isnad/incident.json"), k->incident);
    pack(&p, STR("isnad/claims.jsonld"), annotations(k));
    for (size_t i = 0; i < k->readings.size; i++)
        pack(&p, k->readings.at[i].file, k->readings.at[i].json);
    proof = dumped(k, json_incref(k->proof), JSON_INDENT(1));
    pack(&p, STR("isnad/proof.json"), proof);
    pack(&p, STR("isnad/report.html"), bundle_report(k->a, k->incident, proof));
    pack_package(&p);
    return zip_end(&p.zip) ? STATUS_OK
                           : fail(k->f, STATUS_IO, "the bundle cannot be written, or has more than 4 GiB");
}

static status gather(bundling *k, str id) {
    status (*const steps[])(bundling *) = {find_head, add_readings, add_captures,
                                           add_acts,  prove_keys,   prove_heads};
    status code = ledger_incident(k->l, id, k->a, &k->incident, k->f);
    if (code != STATUS_OK)
        return code;
    k->told = json_parsed(k->incident);
    k->id = str_of(json_chars(k->told, "id"));
    code = ledger_is_whole(k->l, k->id, k->f);
    k->proof =
        json_pack("{s:s, s:o, s:n, s:[], s:[], s:[], s:[], s:[]}", "format", "isnad-bundle/1", "incident",
                  json_text(k->id), "head", "earlier", "captures", "readings", "acts", "keys");
    for (size_t i = 0; i < sizeof steps / sizeof *steps && code == STATUS_OK; i++)
        code = steps[i](k);
    return code;
}

status ledger_bundle(ledger *l, str id, str time, bool (*write)(void *context, str bytes), void *context,
                     failure *f) {
    arena a = arena_new((allocator){0});
    bundling k = {.l = l, .a = &a, .f = f, .now = time};
    bool begun;
    status code = store_snapshot(l, &begun, f);
    if (code == STATUS_OK)
        code = gather(&k, id);
    if (code == STATUS_OK)
        code = pack_all(&k, write, context);
    store_snapshot_end(l, begun);
    json_decref(k.proof);
    json_decref(k.told);
    arena_free(&a);
    return code;
}
