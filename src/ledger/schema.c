/* The tables, and how an older file is brought up to date.
 *
 * `user_version` counts the migrations that a file has seen. Each is applied in a transaction of its own; a
 * file with a higher number was written by a newer version and is left alone. Names in the tables are those
 * of the public formats. What a reader of the file may rely on is written in docs/formats.md. */
#include <stdio.h>

#include "ledger/log.h"
#include "ledger/store.h"
#include "ledger/sums.h"

enum { APPLICATION = 0x49736E64 }; /* "Isnd" */

static const char *const migrations[SCHEMA_VERSION] = {
    /* Captures: the log's leaves in order, and bytes. */
    "CREATE TABLE capture("
    "  sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL, url TEXT, time TEXT, "
    "media_type TEXT,"
    "  charset TEXT, file TEXT, offset INTEGER, size INTEGER NOT NULL, leaf BLOB NOT NULL,"
    "  version INTEGER REFERENCES version(key)) STRICT;"
    "CREATE INDEX capture_version ON capture(version);"
    "CREATE TABLE chunk("
    "  capture INTEGER NOT NULL REFERENCES capture(sequence), number INTEGER NOT NULL, size INTEGER NOT NULL,"
    "  data BLOB NOT NULL, UNIQUE(capture, number)) STRICT;"
    /* Documents: a version for each distinct text; `current` is the one that counts. */
    "CREATE TABLE document(key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, current INTEGER) STRICT;"
    "CREATE TABLE version("
    "  key INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES document(key), number INTEGER NOT NULL,"
    "  text_hash TEXT NOT NULL, sha256 TEXT, url TEXT, outlet TEXT, title TEXT, language TEXT, published "
    "TEXT,"
    "  published_offset TEXT, updated TEXT, published_day INTEGER, captured TEXT, superseded INTEGER,"
    "  copy_of INTEGER REFERENCES version(key), sketch BLOB NOT NULL, engine TEXT,"
    "  text BLOB NOT NULL, text_size INTEGER NOT NULL, reading BLOB NOT NULL, reading_size INTEGER NOT NULL,"
    "  UNIQUE(document, number), UNIQUE(document, text_hash)) STRICT;"
    "CREATE INDEX version_day ON version(published_day);"
    /* What was read: spans are code points of the version's text. */
    "CREATE TABLE mention("
    "  version INTEGER NOT NULL REFERENCES version(key), number INTEGER NOT NULL, text TEXT, start INTEGER,"
    "  \"end\" INTEGER, name TEXT, country TEXT, admin1 TEXT, kind TEXT, id TEXT, lat REAL, lon REAL, "
    "radius_km REAL,"
    "  anchor TEXT, PRIMARY KEY(version, number)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE claim("
    "  key INTEGER PRIMARY KEY, version INTEGER NOT NULL REFERENCES version(key), number INTEGER NOT NULL,"
    "  id TEXT NOT NULL UNIQUE, effect TEXT NOT NULL, min INTEGER NOT NULL, max INTEGER, approx INTEGER NOT "
    "NULL,"
    "  class TEXT NOT NULL, \"group\" TEXT, part_of INTEGER, stance TEXT NOT NULL, scope TEXT NOT NULL, "
    "event TEXT,"
    "  event_index INTEGER, voice TEXT, voice_start INTEGER, voice_end INTEGER, voice_kind TEXT NOT NULL, "
    "cue TEXT,"
    "  via TEXT NOT NULL, actor TEXT, actor_hedged INTEGER, place INTEGER, time TEXT, date TEXT, day_from "
    "INTEGER,"
    "  day_to INTEGER, count_start INTEGER, count_end INTEGER, who TEXT, evidence TEXT, evidence_start "
    "INTEGER,"
    "  evidence_end INTEGER, UNIQUE(version, number)) STRICT;"
    "CREATE TABLE event("
    "  version INTEGER NOT NULL REFERENCES version(key), number INTEGER NOT NULL, type TEXT NOT NULL, "
    "trigger TEXT,"
    "  trigger_start INTEGER, trigger_end INTEGER, voice TEXT, voice_kind TEXT, stance TEXT NOT NULL, actor "
    "TEXT,"
    "  actor_hedged INTEGER, places TEXT NOT NULL, min INTEGER, max INTEGER, date TEXT, day_from INTEGER,"
    "  day_to INTEGER, outcome TEXT, outcome_kind TEXT, evidence TEXT, evidence_start INTEGER, evidence_end "
    "INTEGER,"
    "  PRIMARY KEY(version, number)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE difference("
    "  version INTEGER NOT NULL REFERENCES version(key), a INTEGER NOT NULL, b INTEGER NOT NULL, \"on\" TEXT "
    "NOT NULL"
    "  ) STRICT;"
    "CREATE INDEX difference_version ON difference(version);"
    /* What was worked out: incidents, ready to be printed. */
    "CREATE TABLE incident("
    "  key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, signature TEXT NOT NULL, event TEXT, day_from "
    "INTEGER,"
    "  day_to INTEGER, country TEXT, lat REAL, lon REAL, radius_km REAL, place_names TEXT NOT NULL,"
    "  figure INTEGER NOT NULL, disagreements INTEGER NOT NULL, independent INTEGER NOT NULL, json TEXT NOT "
    "NULL,"
    "  summary TEXT NOT NULL) STRICT;"
    "CREATE INDEX incident_day ON incident(day_from, id);"
    "CREATE INDEX incident_place ON incident(lat, lon);"
    "CREATE TABLE incident_version("
    "  incident INTEGER NOT NULL REFERENCES incident(key) ON DELETE CASCADE,"
    "  version INTEGER NOT NULL REFERENCES version(key), PRIMARY KEY(incident, version)) STRICT, WITHOUT "
    "ROWID;"
    "CREATE INDEX incident_of_version ON incident_version(version);"
    "CREATE TABLE incident_claim("
    "  claim INTEGER PRIMARY KEY REFERENCES claim(key), incident INTEGER NOT NULL REFERENCES incident(key) "
    "ON DELETE"
    "  CASCADE, voice TEXT NOT NULL, independent INTEGER, json TEXT NOT NULL) STRICT;"
    "CREATE INDEX claim_of_incident ON incident_claim(incident);"
    "CREATE TABLE figure("
    "  incident INTEGER NOT NULL REFERENCES incident(key) ON DELETE CASCADE, effect TEXT NOT NULL, top "
    "INTEGER NOT NULL,"
    "  PRIMARY KEY(incident, effect)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE voice("
    "  incident INTEGER NOT NULL REFERENCES incident(key) ON DELETE CASCADE, id TEXT NOT NULL, independent "
    "INTEGER,"
    "  json TEXT NOT NULL, PRIMARY KEY(incident, id)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE disagreement("
    "  incident INTEGER NOT NULL REFERENCES incident(key) ON DELETE CASCADE, \"on\" TEXT NOT NULL,"
    "  a INTEGER NOT NULL REFERENCES claim(key), b INTEGER NOT NULL REFERENCES claim(key)) STRICT;"
    "CREATE INDEX disagreement_of ON disagreement(incident);"
    /* Who keeps an id: the units (what one document tells of one incident) and when each was first given one.
     */
    "CREATE TABLE member(minted INTEGER PRIMARY KEY, unit TEXT NOT NULL UNIQUE, incident TEXT NOT NULL) "
    "STRICT;"
    "CREATE TABLE tombstone(id TEXT NOT NULL PRIMARY KEY, successors TEXT NOT NULL) STRICT;"
    /* Acts of review: append-only. */
    "CREATE TABLE act("
    "  sequence INTEGER PRIMARY KEY, time TEXT NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL, incident "
    "TEXT, claim TEXT,"
    "  payload TEXT NOT NULL, leaf BLOB NOT NULL) STRICT;"
    "CREATE TRIGGER act_kept BEFORE DELETE ON act BEGIN SELECT RAISE(ABORT, 'acts are append-only'); END;"
    "CREATE TRIGGER act_fixed BEFORE UPDATE ON act BEGIN SELECT RAISE(ABORT, 'acts are append-only'); END;"
    "CREATE TABLE setting(name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT;"
    /* Words: folded and split by our own code, a space between them; the row is the version's key. */
    "CREATE VIRTUAL TABLE words USING fts5(folded, content='', tokenize=\"ascii\");",

    /* Incidents again, as rows so narrow that a question can walk them all, with what is printed beside them.
     * What was worked out is gone; the next ledger_link works it out anew, under the same ids. */
    "DROP TABLE disagreement; DROP TABLE voice; DROP TABLE figure; DROP TABLE incident_claim;"
    "DROP TABLE incident_version; DROP TABLE incident; DROP TABLE words;"
    /* What a claim or an event rests on is a stretch of its version's text, and told from it. */
    "ALTER TABLE event DROP COLUMN evidence;"
    "CREATE TABLE claim_2("
    "  key INTEGER PRIMARY KEY, version INTEGER NOT NULL REFERENCES version(key), number INTEGER NOT NULL,"
    "  id TEXT NOT NULL, effect TEXT NOT NULL, min INTEGER NOT NULL, max INTEGER, approx INTEGER NOT NULL,"
    "  class TEXT NOT NULL, \"group\" TEXT, part_of INTEGER, stance TEXT NOT NULL, scope TEXT NOT NULL, "
    "event TEXT,"
    "  event_index INTEGER, voice TEXT, voice_start INTEGER, voice_end INTEGER, voice_kind TEXT NOT NULL, "
    "cue TEXT,"
    "  via TEXT NOT NULL, actor TEXT, actor_hedged INTEGER, place INTEGER, time TEXT, date TEXT, day_from "
    "INTEGER,"
    "  day_to INTEGER, count_start INTEGER, count_end INTEGER, who TEXT, evidence_start INTEGER,"
    "  evidence_end INTEGER, UNIQUE(version, number)) STRICT;"
    "INSERT INTO claim_2 SELECT key, version, number, id, effect, min, max, approx, class, \"group\", "
    "part_of, stance,"
    "  scope, event, event_index, voice, voice_start, voice_end, voice_kind, cue, via, actor, actor_hedged, "
    "place,"
    "  time, date, day_from, day_to, count_start, count_end, who, evidence_start, evidence_end FROM claim;"
    "DROP TABLE claim;"
    "ALTER TABLE claim_2 RENAME TO claim;"
    "CREATE TABLE incident("
    "  key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, signature TEXT NOT NULL, status TEXT NOT NULL,"
    "  event TEXT, day_from INTEGER, day_to INTEGER, country TEXT, lat REAL, lon REAL, radius_km REAL,"
    /* The highest figure of each effect; NULL: none is told. */
    "  figure INTEGER NOT NULL, killed INTEGER, injured INTEGER, casualties INTEGER, missing INTEGER,"
    "  detained INTEGER, displaced INTEGER, independent INTEGER NOT NULL, disagreements INTEGER NOT NULL,"
    /* Bits, in the order of the public vocabularies. */
    "  disagree_on INTEGER NOT NULL, voice_kinds INTEGER NOT NULL, stances INTEGER NOT NULL,"
    "  place_names TEXT NOT NULL) STRICT;"
    "CREATE INDEX incident_ask ON incident(day_from, id, day_to, country, event, status, figure, killed, "
    "injured,"
    "  casualties, missing, detained, displaced, independent, disagreements, disagree_on, voice_kinds, "
    "stances, lat, lon);"
    /* zlib's, of so many bytes: the shell of SQLite prints sqlar_uncompress(json, json_size). */
    "CREATE TABLE incident_text("
    "  incident INTEGER PRIMARY KEY REFERENCES incident(key) ON DELETE CASCADE, summary BLOB NOT NULL,"
    "  summary_size INTEGER NOT NULL, json BLOB NOT NULL, json_size INTEGER NOT NULL) STRICT;"
    "CREATE TABLE incident_version("
    "  incident INTEGER NOT NULL REFERENCES incident(key) ON DELETE CASCADE,"
    "  version INTEGER NOT NULL REFERENCES version(key), PRIMARY KEY(incident, version)) STRICT, WITHOUT "
    "ROWID;"
    "CREATE INDEX incident_of_version ON incident_version(version);"
    "CREATE TABLE incident_claim("
    "  claim INTEGER PRIMARY KEY REFERENCES claim(key), incident INTEGER NOT NULL REFERENCES incident(key) "
    "ON DELETE"
    "  CASCADE, independent INTEGER) STRICT;"
    "CREATE INDEX claim_of_incident ON incident_claim(incident);"
    "CREATE TABLE voice("
    "  incident INTEGER NOT NULL REFERENCES incident(key) ON DELETE CASCADE, id TEXT NOT NULL, independent "
    "INTEGER,"
    "  text TEXT, name TEXT NOT NULL, kind TEXT, weak INTEGER NOT NULL, origin_unknown INTEGER NOT NULL, "
    "PRIMARY KEY(incident, "
    "id)) "
    "STRICT, WITHOUT ROWID;"
    /* Stems of words (src/ledger/words.c), a space between them; the row is the version's key. */
    "CREATE VIRTUAL TABLE words USING fts5(title, body, content='', tokenize=\"ascii\");",

    /* The log (log.c): a leaf for each capture, reading, act and key, in the order they came. Whoever writes
     * a capture, an act or a key writes its leaf; the triggers put it into the log, in the same transaction.
     */
    "ALTER TABLE version ADD COLUMN withdrawn INTEGER REFERENCES act(sequence);"
    "ALTER TABLE capture ADD COLUMN withdrawn INTEGER REFERENCES act(sequence);"
    "CREATE INDEX capture_withdrawn ON capture(sha256) WHERE withdrawn IS NOT NULL;"
    "CREATE INDEX version_withdrawn ON version(text_hash) WHERE withdrawn IS NOT NULL;"
    "CREATE TABLE log("
    "  position INTEGER PRIMARY KEY, kind TEXT NOT NULL, stands_for INTEGER NOT NULL, leaf BLOB NOT NULL) "
    "STRICT;"
    "CREATE TRIGGER log_kept BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;"
    "CREATE TRIGGER log_fixed BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;"
    /* Hashes of complete subtrees of 16, 256, … leaves. */
    "CREATE TABLE log_node("
    "  level INTEGER NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY(level, position)) "
    "STRICT, WITHOUT ROWID;"
    /* Public keys, each but the first signed by the one before it; and the heads that they signed. */
    "CREATE TABLE signing_key("
    "  sequence INTEGER PRIMARY KEY, key TEXT NOT NULL, previous TEXT, time TEXT NOT NULL, signature TEXT,"
    "  leaf BLOB NOT NULL) STRICT;"
    "CREATE TABLE head("
    "  sequence INTEGER PRIMARY KEY, size INTEGER NOT NULL, root TEXT NOT NULL, time TEXT NOT NULL, key TEXT "
    "NOT NULL, signature TEXT NOT NULL) STRICT;"
    "CREATE TABLE stamp("
    "  sequence INTEGER PRIMARY KEY, head INTEGER NOT NULL REFERENCES head(sequence), time TEXT NOT NULL,"
    "  token BLOB NOT NULL, UNIQUE(head, token)) STRICT;"
    "INSERT INTO setting(name, value) VALUES ('ledger', lower(hex(randomblob(16))));"
    "CREATE TRIGGER capture_logged AFTER INSERT ON capture BEGIN"
    " INSERT INTO log SELECT coalesce(max(position) + 1, 0), 'capture', new.sequence, new.leaf FROM log; END;"
    "CREATE TRIGGER act_logged AFTER INSERT ON act BEGIN"
    " INSERT INTO log SELECT coalesce(max(position) + 1, 0), 'act', new.sequence, new.leaf FROM log; END;"
    "CREATE TRIGGER key_logged AFTER INSERT ON signing_key BEGIN"
    " INSERT INTO log SELECT coalesce(max(position) + 1, 0), 'key', new.sequence, new.leaf FROM log; END;",
    /* Review: where each act's anchors stand now (anchors.c), what was read of a version before, and what of
     * the review incidents are asked by. */
    /* As much of an id as tells a million claims apart: the whole of it is dear. */
    "CREATE INDEX claim_id ON claim(substr(id, 3, 5));"
    "CREATE INDEX act_kind ON act(kind);"
    "CREATE INDEX act_incident ON act(incident) WHERE incident IS NOT NULL;"
    /* One row for an anchor in the version it was made in, and one in the version that counts; `version` 0:
     * the document as such. `how`: exact, near, changed (it reads otherwise than when the act was done), lost
     * (then `claim` is NULL). */
    "CREATE TABLE act_place("
    "  act INTEGER NOT NULL REFERENCES act(sequence), side INTEGER NOT NULL, number INTEGER NOT NULL,"
    "  version INTEGER NOT NULL, document INTEGER, claim INTEGER, how TEXT NOT NULL,"
    "  PRIMARY KEY(act, side, number, version)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX act_of_claim ON act_place(claim) WHERE claim IS NOT NULL;"
    "CREATE INDEX act_of_document ON act_place(document);"
    /* Which act one undoes: an act names another by its leaf. */
    "CREATE TABLE act_undo("
    "  undoes INTEGER NOT NULL, act INTEGER NOT NULL REFERENCES act(sequence), PRIMARY KEY(undoes, act)) "
    "STRICT,"
    "  WITHOUT ROWID;"
    "CREATE TABLE past_reading("
    "  version INTEGER NOT NULL REFERENCES version(key), number INTEGER NOT NULL, engine TEXT,"
    "  until TEXT NOT NULL, reading BLOB NOT NULL, reading_size INTEGER NOT NULL,"
    "  PRIMARY KEY(version, number)) STRICT, WITHOUT ROWID;"
    /* `verdicts`: bits: none, accepted, corrected, rejected. */
    "ALTER TABLE incident ADD COLUMN grade TEXT;"
    "ALTER TABLE incident ADD COLUMN assignee TEXT;"
    "ALTER TABLE incident ADD COLUMN sensitive INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE incident ADD COLUMN verdicts INTEGER NOT NULL DEFAULT 0;"
    /* An act that quotes what was redacted loses the quotation: its leaf stays, and it names the redaction.
     */
    "ALTER TABLE act ADD COLUMN redaction INTEGER REFERENCES act(sequence);"
    "DROP TRIGGER IF EXISTS act_fixed;"
    "CREATE TRIGGER act_fixed BEFORE UPDATE ON act WHEN new.redaction IS NULL OR new.sequence IS NOT "
    "old.sequence OR new.time IS NOT old.time OR new.who IS NOT old.who OR new.kind IS NOT old.kind OR "
    "new.incident IS NOT old.incident OR new.claim IS NOT old.claim OR new.leaf IS NOT old.leaf BEGIN"
    " SELECT RAISE(ABORT, 'acts are append-only'); END;",
    /* Other ledgers that were merged into this one: the leaves of their logs as they stood when they were
     * taken in, by which their signed heads can be checked (joined.c). */
    "CREATE TABLE joined(key INTEGER PRIMARY KEY, ledger TEXT NOT NULL) STRICT;"
    "CREATE TABLE joined_leaf("
    "  joined INTEGER NOT NULL REFERENCES joined(key), position INTEGER NOT NULL, kind TEXT NOT NULL,"
    "  leaf BLOB NOT NULL, PRIMARY KEY(joined, position)) STRICT, WITHOUT ROWID;"
    /* Where an act stands among all, where that is not by its number. */
    "CREATE TABLE act_turn(act INTEGER PRIMARY KEY REFERENCES act(sequence), turn INTEGER NOT NULL UNIQUE)"
    " STRICT;",
    /* A capture that is kept by reference: it stands in `file`, so many bytes from `offset` on, and has no
       chunks. */
    "ALTER TABLE capture ADD COLUMN length INTEGER;",
    /* What lists are counted by (board.c); the next linking writes every incident anew and fills it in. */
    "ALTER TABLE incident ADD COLUMN admin1 TEXT;"
    "ALTER TABLE incident ADD COLUMN place_id TEXT;"
    "ALTER TABLE incident ADD COLUMN place_name TEXT;"
    "ALTER TABLE incident ADD COLUMN place_name_ar TEXT;"
    /* Each once, a line feed behind each. */
    "ALTER TABLE incident ADD COLUMN outlets TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE incident ADD COLUMN languages TEXT NOT NULL DEFAULT '';"
    "UPDATE incident SET signature = '';"
    /* Which rows of incidents went, in their order, so that who holds some in memory can follow. */
    "CREATE TABLE incident_gone(number INTEGER PRIMARY KEY, incident INTEGER NOT NULL) STRICT;"
    "CREATE TRIGGER incident_goes AFTER DELETE ON incident BEGIN"
    " INSERT INTO incident_gone(incident) VALUES (old.key); END;"
    /* `sensitive` has bits: 1 the incident is marked, 2 a claim of it is (hidden.c). Where a claim was ever
     * marked that is taken to be so until the next linking, which works the incident out again. */
    "UPDATE incident SET sensitive = sensitive | 2, signature = '' WHERE key IN (SELECT "
    "incident_claim.incident FROM act "
    "JOIN"
    "  act_place ON act_place.act = act.sequence JOIN incident_claim ON incident_claim.claim = "
    "act_place.claim"
    "  WHERE act.kind = 'sensitive' AND act.claim IS NOT NULL);"
    "CREATE INDEX incident_hidden ON incident(key) WHERE sensitive <> 0;"
    "CREATE INDEX IF NOT EXISTS version_copies ON version(copy_of) WHERE copy_of IS NOT NULL;"
    "DROP INDEX incident_ask;"
    "CREATE INDEX incident_ask ON incident(day_from, id, day_to, country, event, status, figure, killed, "
    "injured,"
    "  casualties, missing, detained, displaced, independent, disagreements, disagree_on, voice_kinds, "
    "stances, lat, lon, sensitive);",
    /* Voices across incidents (sources.c): what a voice's row says beyond its incident, and their sums by
     * key. The next ledger_link writes every incident anew and fills them. */
    "ALTER TABLE voice ADD COLUMN source TEXT;"
    "ALTER TABLE voice ADD COLUMN base TEXT;"
    "ALTER TABLE voice ADD COLUMN heard TEXT;"
    "ALTER TABLE voice ADD COLUMN bound INTEGER NOT NULL DEFAULT 1;"
    "ALTER TABLE voice ADD COLUMN claims INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE voice ADD COLUMN first INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE voice ADD COLUMN alone INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE voice ADD COLUMN against INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE voice ADD COLUMN sensitive INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE voice ADD COLUMN languages TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE voice ADD COLUMN day INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX voice_source ON voice(source, day DESC, incident) WHERE source IS NOT NULL;"
    "CREATE TABLE source("
    "  key TEXT NOT NULL PRIMARY KEY, name TEXT, name_ar TEXT, told TEXT, kind TEXT, heard TEXT, named "
    "INTEGER NOT NULL,"
    "  names TEXT NOT NULL, languages TEXT NOT NULL, last INTEGER NOT NULL, claims INTEGER NOT NULL,"
    "  incidents INTEGER NOT NULL, first INTEGER NOT NULL, alone INTEGER NOT NULL, below INTEGER NOT NULL,"
    "  within INTEGER NOT NULL, above INTEGER NOT NULL, lonely INTEGER NOT NULL, open_claims INTEGER NOT "
    "NULL,"
    "  open_incidents INTEGER NOT NULL, open_first INTEGER NOT NULL, open_alone INTEGER NOT NULL,"
    "  open_below INTEGER NOT NULL, open_within INTEGER NOT NULL, open_above INTEGER NOT NULL,"
    "  open_lonely INTEGER NOT NULL) STRICT;"
    /* The queue of review (waiting.c): why an incident waits for somebody (0: it does not), how much it
     * matters, since when; and what stood when somebody last acted on it. */
    "ALTER TABLE incident ADD COLUMN waits INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE incident ADD COLUMN weight INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE incident ADD COLUMN since TEXT;"
    "CREATE INDEX incident_waits ON incident(waits, weight DESC, key, assignee, sensitive) WHERE waits > 0;"
    "CREATE TABLE seen(incident TEXT NOT NULL PRIMARY KEY, time TEXT NOT NULL, state TEXT NOT NULL) STRICT;"
    /* The range of each harm, of everybody, by the ledger's rule; for sums over many incidents. */
    "CREATE TABLE estimate("
    "  incident INTEGER NOT NULL REFERENCES incident(key) ON DELETE CASCADE, effect TEXT NOT NULL, low "
    "INTEGER NOT NULL,"
    "  best INTEGER, high INTEGER NOT NULL, PRIMARY KEY(incident, effect)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX version_outlet ON version(outlet) WHERE outlet IS NOT NULL;"
    "UPDATE incident SET signature = '';",
};

static status pragma_number(ledger *l, const char *sql, int64_t *out, failure *f) {
    statement s = statement_of(l, sql, f);
    if (statement_row(&s))
        *out = take_number(&s, 0);
    return statement_done(&s);
}

/* Another process may have done it while this one waited for the file. */
static status step(ledger *l, int64_t v, failure *f) {
    int64_t now = v;
    char tail[120];
    status code = pragma_number(l, "PRAGMA user_version", &now, f);
    if (code != STATUS_OK || now != v)
        return code;
    code = store_execute(l, migrations[v], f);
    if (code == STATUS_OK && v == 1)
        code = ledger_reindex(l, f);
    if (code == STATUS_OK && v == 2)
        code = log_begin(l, f);
    if (code == STATUS_OK)
        code = sums_forget(l, f);
    snprintf(tail, sizeof tail, "PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION,
             (int)v + 1);
    return code == STATUS_OK ? store_execute(l, tail, f) : code;
}

/* Step by step up to so many, in one transaction. */
static status migrate_to(ledger *l, int64_t from, int64_t to, failure *f) {
    failure why = {0};
    status code = store_execute(l, "BEGIN IMMEDIATE", &why);
    for (int64_t v = from; v < to && code == STATUS_OK; v++)
        code = step(l, v, &why);
    if (code == STATUS_OK)
        code = store_execute(l, "COMMIT", &why);
    if (code == STATUS_OK)
        return STATUS_OK;
    store_rollback(l);
    /* What the tables do not let happen: they are not those of the version that the file names. */
    return fail(f, code == STATUS_INTERNAL ? STATUS_DAMAGED_LEDGER : code, "%s", why.message);
}

/* A large ledger keeps each step that it has made; a new one is made at once, since a disk takes its time for
 * each commit. */
static status migrate(ledger *l, int64_t from, bool new, failure *f) {
    status code = STATUS_OK;
    for (int64_t v = from, to; v < SCHEMA_VERSION && code == STATUS_OK; v = to) {
        to = new ? SCHEMA_VERSION : v + 1;
        code = migrate_to(l, v, to, f);
    }
    return code;
}

status schema_not_ours(const ledger *l, failure *f) {
    return fail(f, STATUS_USAGE, "ledger %s: a file of another kind, not a ledger", l->path);
}

static status check_kind(ledger *l, int64_t application, int64_t version, bool empty, failure *f) {
    if (application != APPLICATION && !(empty && application == 0))
        return schema_not_ours(l, f);
    if (version > SCHEMA_VERSION)
        return fail(f, STATUS_NEWER_LEDGER,
                    "ledger %s: written by a newer version (its schema is %lld, this program knows up to %d)",
                    l->path, (long long)version, SCHEMA_VERSION);
    return STATUS_OK;
}

status schema_prepare(ledger *l, failure *f) {
    int64_t application = 0, version = 0, tables = 0;
    status code = pragma_number(l, "PRAGMA application_id", &application, f);
    if (code == STATUS_OK)
        code = pragma_number(l, "PRAGMA user_version", &version, f);
    if (code == STATUS_OK)
        code = pragma_number(l, "SELECT count(*) FROM sqlite_schema", &tables, f);
    if (code == STATUS_OK)
        code = check_kind(l, application, version, tables == 0, f);
    if (code != STATUS_OK || version == SCHEMA_VERSION)
        return code;
    if (l->mode == LEDGER_READ)
        return fail(f, STATUS_NO_INPUT, "ledger %s: %s", l->path,
                    tables ? "made by an older version; open it once for writing to bring it up to date"
                           : "it is empty");
    /* Before the first table: captures fill large pages well, and free pages are given back in order. */
    code = tables ? STATUS_OK : store_execute(l, "PRAGMA page_size = 8192", f);
    return code == STATUS_OK ? migrate(l, version, tables == 0, f) : code;
}
