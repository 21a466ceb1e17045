/* Acts of review: who said what of which claims and incidents, when and why. Not for other folders.
 *
 * An act is a row that is never changed. What holds now is folded from them in order (review.c); an act that
 * undoes another is an act too. What an act speaks of it names by anchors (anchors.c), so that it is found
 * again when a document is read anew. */
#ifndef ISN_LEDGER_ACTS_H
#define ISN_LEDGER_ACTS_H

#include "ledger/json.h"
#include "ledger/store.h"

typedef enum act_kind {
    ACT_ACCEPT,
    ACT_CORRECT,
    ACT_REJECT,
    ACT_MERGE,
    ACT_SPLIT,
    ACT_ATTACH,
    ACT_GRADE,
    ACT_ASSIGN,
    ACT_COMMENT,
    ACT_SENSITIVE,
    ACT_SETTLE,
    ACT_NAME, /* voices */
    ACT_ADD,  /* a claim */
    ACT_UNDO
} act_kind;
const char *act_kind_name(act_kind k);
int act_kind_named(str name); /* NONE */

/* Kinds that say which accounts tell of one incident: linking follows them. */
#define ACT_BINDS(kind) kind " IN ('merge', 'split', 'attach', 'add')"

typedef struct act_row { /* a row of the table act */
    str time, who, kind;
    str incident, claim; /* STR_NONE where it is of none */
    str payload;         /* a JSON object */
} act_row;

/* Every act goes into the ledger here, with its leaf, in the batch that is open. */
status act_insert(ledger *l, const act_row *act, int64_t *sequence, failure *f);
/* RFC 6962's leaf over a canonical form of what an act is (docs/formats.md). */
digest act_leaf(const act_row *act);
/* Whether this is its leaf, or the one that it got by schema 2 or an older one. */
bool act_is_sealed(const act_row *act, digest leaf);

/* Where an act stands among all: its number, unless it came from another ledger or stands among such
 * (merge.c). What holds is what was said last in this order. */
#define ACT_TURN "coalesce((SELECT turn FROM act_turn WHERE act_turn.act = act.sequence), act.sequence)"
status act_turn(ledger *l, int64_t act, int64_t *out, failure *f);

/* The acts that undo this one, whether or not they are undone themselves. */
status acts_that_undo(ledger *l, int64_t act, arena *a, key_list *out, failure *f);
/* The act that an undoing names in its payload: by its leaf ("act", in hexadecimal), for which `number` is
 * where it most likely is; the last before the undoing. 0: there is none. */
status act_undone_by(ledger *l, const json_t *payload, int64_t undoing, int64_t *out, failure *f);
/* Whether an act is undone by one that is not undone itself. */
status act_is_undone(ledger *l, int64_t act, bool *out, failure *f);

/* ---- anchors.c ---- */

enum { ANCHOR_AROUND = 32 }; /* code points that an anchor quotes on either side */

/* A version's text, and what names it in an anchor: "document", "version", "text"; NULL: it is not there. */
typedef struct version_text {
    arena a;
    text_points points;
    json_t *names;
} version_text;
status version_text_read(ledger *l, int64_t version, version_text *out, failure *f);
/* Whatever version_text_read returned. */
void version_text_free(version_text *v);

/* Puts the words of a stretch into an anchor, with what stands around them. */
void anchor_quote(const text_points *text, json_t *anchor, int64_t start, int64_t end);
/* How a stretch of a text goes with what an anchor quotes. */
typedef struct anchor_fit {
    bool words, near, exact; /* its words; in a context that is like it; in the same */
    int64_t score, far;      /* code points of the context that are the same; from where it stood */
} anchor_fit;
anchor_fit anchor_fits(const text_points *text, const json_t *anchor, int64_t start, int64_t end);
/* The document, the version that the anchor was made in, and the one that counts; 0: not there. */
status anchor_versions(ledger *l, const json_t *anchor, int64_t *document, int64_t *own, int64_t *current,
                       failure *f);

/* What names a claim in an act: {"document", "version", "text": hash of the version's text, "effect",
 * "quote", "before", "after", "start", "end", "read": what the machine read}. Free with json_decref. */
status anchor_of_claim(ledger *l, int64_t claim, json_t **out, failure *f);
/* Finds the anchors in an act's "these" (side 0) and "those" (side 1), or the act that it undoes, and keeps
 * where they stand. */
status anchors_place(ledger *l, int64_t act, failure *f);
status anchors_place_all(ledger *l, const key_list *acts, failure *f);
/* Finds all of a document's again: it has another reading, or another version. */
status anchors_place_document(ledger *l, int64_t document, failure *f);
/* Which act undoes which, from the acts alone. */
status acts_undone_again(ledger *l, failure *f);
/* Looks for an anchor in a version: `*claim` 0 where it is not there. `*how` is one of act_place's. */
status anchor_find(ledger *l, int64_t version, const json_t *anchor, int64_t *claim, const char **how,
                   failure *f);

#endif
