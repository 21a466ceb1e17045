/* Acts of review out of another ledger.
 *
 * An act is known by its leaf; of several that are alike in all, the first here is the first there. It keeps
 * who, when, why, what it speaks of and what it undoes. What holds is what was said last: the acts of both
 * stand in one order (act_turn), which follows each ledger's own, and between the two the times that they
 * tell. It is the same whichever ledger was merged into which.
 *
 * What one team withdrew is withdrawn: what their redactions destroyed there is destroyed here, and what was
 * destroyed here is blacked out in what they say of it. */
#include <stdlib.h>

#include "ledger/merge.h"

/* ---- which acts are the same ---- */

static status read_acts(ledger *l, arena *a, known_acts *out, failure *f) {
    statement s = statement_of(
        l, "SELECT sequence, " ACT_TURN ", time, leaf, redaction IS NULL FROM act ORDER BY sequence", f);
    while (statement_row(&s)) {
        known_act *one = VECTOR_PUSH(out, a);
        *one = (known_act){.sequence = take_number(&s, 0),
                           .turn = take_number(&s, 1),
                           .time = arena_copy(a, take_text(&s, 2)),
                           .twin = SIZE_MAX,
                           .black = take_number(&s, 4) == 0};
        take_digest(&s, 3, &one->leaf);
    }
    return statement_done(&s);
}

typedef struct act_at {
    const known_act *act;
    size_t index;
} act_at;

static int by_leaf(const void *x, const void *y) {
    const act_at *a = x, *b = y;
    int order = memcmp(a->act->leaf.bytes, b->act->leaf.bytes, sizeof a->act->leaf.bytes);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

static act_at *sorted_by_leaf(const known_acts *acts, arena *a) {
    act_at *out = ARENA_NEW(a, act_at, acts->size + 1);
    for (size_t i = 0; i < acts->size; i++)
        out[i] = (act_at){&acts->at[i], i};
    if (acts->size)
        qsort(out, acts->size, sizeof *out, by_leaf);
    return out;
}

static void find_twins(merging *m) {
    const act_at *ours = sorted_by_leaf(&m->ours, m->a), *theirs = sorted_by_leaf(&m->theirs, m->a);
    for (size_t i = 0, k = 0; i < m->ours.size && k < m->theirs.size;) {
        int order = memcmp(ours[i].act->leaf.bytes, theirs[k].act->leaf.bytes, sizeof(digest));
        if (order == 0) {
            m->ours.at[ours[i].index].twin = theirs[k].index;
            m->theirs.at[theirs[k].index].twin = ours[i].index;
        }
        i += order <= 0;
        k += order >= 0;
    }
}

/* ---- what was withdrawn here ---- */

static ledger_redaction redaction_of(arena *a, const json_t *payload, str who, str time) {
    const json_t *part = json_object_get(payload, "span");
    return (ledger_redaction){.capture = arena_copy(a, json_str(payload, "capture")),
                              .span = json_is_array(part),
                              .from = json_integer_value(json_array_get(part, 0)),
                              .to = json_integer_value(json_array_get(part, 1)),
                              .who = arena_copy(a, who),
                              .time = arena_copy(a, time),
                              .why = arena_copy(a, json_str(payload, "why"))};
}

/* Which text of ours an act of redaction speaks of, where it is withdrawn. */
static status add_withdrawn(merging *m, const ledger_redaction *by) {
    statement s = statement_of(m->l,
                               "SELECT version.key, document.id, version.number, text_hash FROM capture JOIN"
                               " version ON version.key = capture.version JOIN document ON document.key ="
                               " version.document WHERE capture.id = ? AND version.withdrawn IS NOT NULL",
                               m->f);
    give_text(&s, by->capture);
    if (statement_row(&s))
        *VECTOR_PUSH(&m->withdrawn, m->a) =
            (withdrawn_text){.version = take_number(&s, 0),
                             .text = {.document = arena_copy(m->a, take_text(&s, 1)),
                                      .version = take_number(&s, 2),
                                      .text_hash = arena_copy(m->a, take_text(&s, 3)),
                                      .span = by->span,
                                      .from = by->from,
                                      .to = by->to},
                             .by = *by};
    return statement_done(&s);
}

static status read_withdrawn(merging *m) {
    status code = STATUS_OK;
    statement s = statement_of(
        m->l,
        "SELECT payload, who, time FROM act WHERE kind = 'redact' AND redaction IS NULL ORDER BY sequence",
        m->f);
    while (code == STATUS_OK && statement_row(&s)) {
        json_t *payload = json_parsed(take_text(&s, 0));
        ledger_redaction by = redaction_of(m->a, payload, take_text(&s, 1), take_text(&s, 2));
        json_decref(payload);
        code = add_withdrawn(m, &by);
    }
    status done = statement_done(&s);
    return code == STATUS_OK ? done : code;
}

/* Their text, by which it can be told what quotes it; empty where they have none. */
static status look_for_text(merging *m, withdrawn_text *w) {
    int64_t version;
    str json;
    w->looked = true;
    status code = version_of_text(m->from, w->text.document, w->text.text_hash, &version, m->f);
    return code == STATUS_OK && version ? version_texts(m->from, version, m->a, &w->text.text, &json, m->f)
                                        : code;
}

/* Whatever version of the document it was said of: what was corrected or added names people of the others
 * too. Names of voices stand in no document. */
static bool may_quote(const json_t *payload, const redacted_text *text) {
    static const char *const sides[] = {"these", "those"};
    bool any = json_object_get(payload, "voices") != NULL;
    for (size_t i = 0; i < 2; i++) {
        size_t n;
        const json_t *anchor;
        json_array_foreach(json_object_get(payload, sides[i]), n, anchor) any |=
            str_equal(json_str(anchor, "document"), text->document);
    }
    return any;
}

/* Blacks out what the act quotes of what was withdrawn here. */
static status black_out(merging *m, json_t *payload, const withdrawn_text **by) {
    status code = STATUS_OK;
    *by = NULL;
    for (size_t i = 0; i < m->withdrawn.size && code == STATUS_OK; i++) {
        withdrawn_text *w = &m->withdrawn.at[i];
        if (!may_quote(payload, &w->text))
            continue;
        if (!w->looked)
            code = look_for_text(m, w);
        if (code == STATUS_OK && redaction_blacks(&m->once, payload, &w->text))
            *by = w;
    }
    return code;
}

/* ---- taking in ---- */

static status put_act(merging *m, const act_row *act, digest leaf, int64_t redaction, int64_t *sequence) {
    statement s = statement_of(m->l,
                               "INSERT INTO act(sequence, time, who, kind, incident, claim, payload, leaf,"
                               " redaction) VALUES ((SELECT coalesce(max(sequence), 0) + 1 FROM act), ?, ?,"
                               " ?, ?, ?, ?, ?, ?) RETURNING sequence",
                               m->f);
    const str texts[] = {act->time, act->who, act->kind, act->incident, act->claim, act->payload};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        give_text(&s, texts[i]);
    give_digest(&s, leaf);
    redaction ? give_number(&s, redaction) : give_null(&s);
    return statement_key(&s, sequence);
}

static status read_act(merging *m, int64_t sequence, act_row *out, int64_t *redaction) {
    str *const texts[] = {&out->time, &out->who, &out->kind, &out->incident, &out->claim, &out->payload};
    statement s = statement_of(m->from,
                               "SELECT time, who, kind, incident, claim, payload, redaction FROM act WHERE"
                               " sequence = ?",
                               m->f);
    give_number(&s, sequence);
    if (statement_row(&s)) {
        for (int i = 0; i < 6; i++)
            *texts[i] = arena_copy(&m->once, take_text(&s, i));
        *redaction = take_number(&s, 6);
    }
    return statement_done(&s);
}

static status take_act(merging *m, const known_act *theirs) {
    act_row act = {0};
    int64_t redaction = 0, sealed = 0, ours = 0;
    const withdrawn_text *by = NULL;
    status code = read_act(m, theirs->sequence, &act, &redaction);
    json_t *payload = json_parsed(act.payload);
    if (code == STATUS_OK && act_kind_named(act.kind) != NONE)
        code = black_out(m, payload, &by);
    if (code == STATUS_OK && by) {
        ledger_redaction why = by->by;
        why.time = m->time;
        act.payload = json_text_of(&m->once, payload);
        code = redaction_seals(m->l, &m->once, &act, theirs->leaf, &by->text, &why, &sealed, m->f);
    }
    if (code == STATUS_OK)
        code = put_act(m, &act, theirs->leaf, sealed, &ours);
    json_decref(payload);
    m->out.acts += act_kind_named(act.kind) != NONE;
    *VECTOR_PUSH(&m->acts, m->a) = (key_pair){theirs->sequence, ours};
    return code;
}

/* Whether their act of withdrawal names another by its leaf: before that was told, it did by a number that it
 * does not have here. */
static bool seals_by_leaf(const act_row *withdrawal, str leaf) {
    json_t *payload = json_parsed(withdrawal->payload);
    size_t i;
    const json_t *one;
    bool any = false;
    json_array_foreach(json_object_get(payload, "acts"), i, one) any |= str_equal(json_str(one, "was"), leaf);
    json_decref(payload);
    return any;
}

static status is_black_here(merging *m, int64_t ours, bool *black) {
    statement s = statement_of(m->l, "SELECT redaction IS NULL FROM act WHERE sequence = ?", m->f);
    give_number(&s, ours);
    *black = statement_row(&s) && take_number(&s, 0) == 0;
    return statement_done(&s);
}

/* What is left of an act that quoted what they withdrew. */
static status take_what_is_left(merging *m, const known_act *theirs) {
    act_row act = {0}, withdrawal = {0};
    int64_t redaction = 0, ignored = 0, ours = pair_of(&m->acts, theirs->sequence), by = 0;
    bool black = false;
    status code = is_black_here(m, ours, &black);
    if (code != STATUS_OK || black)
        return code;
    code = read_act(m, theirs->sequence, &act, &redaction);
    if (code == STATUS_OK)
        code = read_act(m, redaction, &withdrawal, &ignored);
    if (code != STATUS_OK)
        return code;
    by = pair_of(&m->acts, redaction);
    if (!seals_by_leaf(&withdrawal, digest_hex(&m->once, theirs->leaf, sizeof theirs->leaf))) {
        const redacted_text of = {.document = STR("")};
        const ledger_redaction why = {.who = withdrawal.who, .time = m->time, .why = STR("")};
        code = redaction_seals(m->l, &m->once, &act, theirs->leaf, &of, &why, &by, m->f);
    }
    statement s = statement_of(m->l, "UPDATE act SET payload = ?, redaction = ? WHERE sequence = ?", m->f);
    give_text(&s, act.payload);
    give_number(&s, by);
    give_number(&s, ours);
    status done = statement_run(&s);
    return code == STATUS_OK ? done : code;
}

status merge_acts(merging *m) {
    status code = read_acts(m->l, m->a, &m->ours, m->f);
    if (code == STATUS_OK)
        code = read_acts(m->from, m->a, &m->theirs, m->f);
    if (code == STATUS_OK)
        code = read_withdrawn(m);
    find_twins(m);
    for (size_t i = 0; i < m->theirs.size && code == STATUS_OK; i++) {
        const known_act *one = &m->theirs.at[i];
        if (one->twin == SIZE_MAX)
            code = take_act(m, one);
        else
            *VECTOR_PUSH(&m->acts, m->a) = (key_pair){one->sequence, m->ours.at[one->twin].sequence};
        arena_reset(&m->once);
    }
    return code;
}

/* ---- what they withdrew ---- */

typedef struct following {
    int64_t ours; /* the act, here */
    ledger_redaction what;
    bool text; /* the text is withdrawn there too */
} following;
typedef VECTOR(following) followings;

static status text_is_gone_there(merging *m, str capture_id, bool *gone) {
    statement s = statement_of(m->from,
                               "SELECT 1 FROM capture JOIN version ON version.key = capture.version WHERE"
                               " capture.id = ? AND version.withdrawn IS NOT NULL",
                               m->f);
    give_text(&s, capture_id);
    *gone = statement_row(&s);
    return statement_done(&s);
}

static status list_redactions(merging *m, followings *out) {
    status code = STATUS_OK;
    for (size_t i = 0; i < m->theirs.size && code == STATUS_OK; i++) {
        act_row act = {0};
        int64_t ignored;
        if (m->theirs.at[i].twin != SIZE_MAX)
            continue;
        code = read_act(m, m->theirs.at[i].sequence, &act, &ignored);
        if (code == STATUS_OK && str_equal(act.kind, STR("redact"))) {
            json_t *payload = json_parsed(act.payload);
            following one = {.ours = pair_of(&m->acts, m->theirs.at[i].sequence),
                             .what = redaction_of(m->a, payload, act.who, act.time)};
            json_decref(payload);
            code = text_is_gone_there(m, one.what.capture, &one.text);
            *VECTOR_PUSH(out, m->a) = one;
        }
        arena_reset(&m->once);
    }
    return code;
}

/* Whether it destroys something that was here: what came with it has come as it is there. */
static status was_here(merging *m, const following *one, bool *capture_was, bool *text_was) {
    statement s = statement_of(m->l, "SELECT sequence, version FROM capture WHERE id = ?", m->f);
    give_text(&s, one->what.capture);
    *capture_was = *text_was = false;
    if (statement_row(&s)) {
        *capture_was = take_number(&s, 0) <= m->last_capture;
        *text_was = !take_null(&s, 1) && take_number(&s, 1) <= m->last_version;
    }
    return statement_done(&s);
}

status merge_redactions(merging *m) {
    followings all = {0};
    bool again = false;
    status code = list_redactions(m, &all);
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < all.size && code == STATUS_OK; i++) {
            const following *one = &all.at[i];
            bool capture_was, text_was;
            code = was_here(m, one, &capture_was, &text_was);
            if (code == STATUS_OK && pass == 0 && capture_was)
                code = redaction_marks(m->l, one->ours, one->what.capture, m->f);
            if (code == STATUS_OK && pass == 1 && text_was && one->text) {
                code = redaction_follows(m->l, &m->once, one->ours, &one->what, m->f);
                again = true;
            }
            arena_reset(&m->once);
        }
    m->out.redactions = all.size;
    for (size_t i = 0; i < m->theirs.size && code == STATUS_OK; i++)
        if (m->theirs.at[i].black)
            code = take_what_is_left(m, &m->theirs.at[i]);
    return code == STATUS_OK && again ? redaction_reindexes(m->l, m->f) : code;
}

/* ---- what they speak of ---- */

static status place_these(merging *m, statement *s) {
    key_list acts = {0};
    status code = statement_keys(s, &m->once, &acts);
    if (code == STATUS_OK)
        code = anchors_place_all(m->l, &acts, m->f);
    arena_reset(&m->once);
    return code;
}

static status place_lost(merging *m) {
    statement s = statement_of(
        m->l, "SELECT DISTINCT act FROM act_place WHERE how = 'lost' AND document IS NULL ORDER BY act",
        m->f);
    return place_these(m, &s);
}

static status place_again(merging *m, int64_t document) {
    statement s =
        statement_of(m->l, "SELECT DISTINCT act FROM act_place WHERE document = ? ORDER BY act", m->f);
    give_number(&s, document);
    return place_these(m, &s);
}

/* First ours, whose documents may have come or have another version now, then theirs. */
status merge_places(merging *m) {
    status code = place_lost(m);
    for (size_t i = 0; i < m->touched.size && code == STATUS_OK; i++)
        code = place_again(m, m->touched.at[i]);
    for (size_t i = 0; i < m->theirs.size && code == STATUS_OK; i++)
        if (m->theirs.at[i].twin == SIZE_MAX)
            code = anchors_place(m->l, pair_of(&m->acts, m->theirs.at[i].sequence), m->f);
    return code;
}

/* ---- in which order they hold ---- */

/* The acts of one ledger in its order. A clock that was set back does not move an act before one that it
 * followed. */
typedef struct lane {
    const known_acts *acts;
    act_at *at;
    str *since; /* the latest time so far */
    bool *told;
    size_t next;
} lane;

static int by_turn(const void *x, const void *y) {
    const act_at *a = x, *b = y;
    return (a->act->turn > b->act->turn) - (a->act->turn < b->act->turn);
}

static lane lane_of(const known_acts *acts, arena *a) {
    lane n = {.acts = acts,
              .at = ARENA_NEW(a, act_at, acts->size + 1),
              .since = ARENA_NEW(a, str, acts->size + 1),
              .told = ARENA_NEW(a, bool, acts->size + 1)};
    for (size_t i = 0; i < acts->size; i++)
        n.at[i] = (act_at){&acts->at[i], i};
    if (acts->size)
        qsort(n.at, acts->size, sizeof *n.at, by_turn);
    for (size_t i = 0; i < acts->size; i++) {
        str time = n.at[i].act->time;
        n.since[i] = i && str_compare(n.since[i - 1], time) > 0 ? n.since[i - 1] : time;
    }
    return n;
}

static void skip_told(lane *n) {
    while (n->next < n->acts->size && n->told[n->at[n->next].index])
        n->next++;
}

static bool is_before(const lane *a, const lane *b) {
    int order = str_compare(a->since[a->next], b->since[b->next]);
    return order ? order < 0
                 : memcmp(a->at[a->next].act->leaf.bytes, b->at[b->next].act->leaf.bytes, sizeof(digest)) < 0;
}

/* The lane whose act comes next. One that both have waits until all before it have come, in either. */
static lane *next_lane(lane *a, lane *b) {
    bool any_a = a->next < a->acts->size, any_b = b->next < b->acts->size;
    if (!any_a || !any_b)
        return any_a ? a : any_b ? b : NULL;
    bool shared_a = a->at[a->next].act->twin != SIZE_MAX, shared_b = b->at[b->next].act->twin != SIZE_MAX;
    if (shared_a != shared_b)
        return shared_a ? b : a;
    return is_before(a, b) ? a : b;
}

static status write_turn(merging *m, int64_t act, int64_t turn) {
    statement s = statement_of(m->l, "INSERT INTO act_turn(act, turn) VALUES (?, ?)", m->f);
    give_number(&s, act);
    give_number(&s, turn);
    return statement_run(&s);
}

/* The numbers that the acts have, given out again in their order. */
static status write_turns(merging *m, const int64_t *order, size_t count) {
    int64_t *numbers = ARENA_NEW(m->a, int64_t, count + 1);
    memcpy(numbers, order, count * sizeof *order);
    qsort(numbers, count, sizeof *numbers, by_key);
    status code = store_execute(m->l, "DELETE FROM act_turn", m->f);
    for (size_t i = 0; i < count && code == STATUS_OK; i++)
        if (order[i] != numbers[i])
            code = write_turn(m, order[i], numbers[i]);
    return code;
}

status merge_turns(merging *m) {
    lane ours = lane_of(&m->ours, m->a), theirs = lane_of(&m->theirs, m->a);
    int64_t *order = ARENA_NEW(m->a, int64_t, m->ours.size + m->theirs.size + 1);
    size_t count = 0;
    for (lane *n; (skip_told(&ours), skip_told(&theirs), n = next_lane(&ours, &theirs)) != NULL;) {
        size_t index = n->at[n->next].index, twin = n->acts->at[index].twin;
        order[count++] =
            n == &ours ? m->ours.at[index].sequence : pair_of(&m->acts, m->theirs.at[index].sequence);
        n->told[index] = true;
        if (twin != SIZE_MAX)
            (n == &ours ? &theirs : &ours)->told[twin] = true;
    }
    return count && m->out.acts ? write_turns(m, order, count) : STATUS_OK;
}
