/* The estimates of a stored incident by another rule than the ledger's own.
 *
 * What an estimate rests on stands in the incident: each claim with its figure, its people, its voice and its
 * place in the order of telling. Only the word that stood for a vague figure does not; it is looked up where
 * a figure may be one. The rest of the incident is given byte for byte as it is stored. */

#include "ledger/incident.h"
#include "ledger/json.h"
#include "ledger/query.h"

/* ---- an incident's claims ---- */

static int named_or(int found, int otherwise) {
    return found == NONE ? otherwise : found;
}

/* By the words of the figure, where the sentence alone leaves it open. */
static status find_vague(ledger *l, told *c, str evidence, failure *f) {
    c->vague = vague_word_of(c->min, c->max, evidence);
    if (c->vague == VAGUE_NOT || c->vague == VAGUE_SOME)
        return STATUS_OK;
    statement s = statement_of(l,
                               "SELECT evidence_start, count_start, count_end FROM claim WHERE " CLAIM_BEGINS
                               " AND count_start IS NOT NULL",
                               f);
    give_text(&s, c->id);
    if (statement_row(&s))
        c->vague = vague_word_of(
            c->min, c->max,
            figure_within(evidence, take_number(&s, 0), take_number(&s, 1), take_number(&s, 2)));
    return statement_done(&s);
}

static told claim_of(arena *a, const json_t *stored) {
    const json_t *max = json_object_get(stored, "max"), *teller = json_object_get(stored, "voice");
    told c = {.part_of = json_is_string(json_object_get(stored, "part_of")) ? 0 : NONE, .place = NONE};
    c.id = json_kept(a, stored, "id");
    c.effect = (effect)named_or(effect_named(json_kept(a, stored, "effect")), EFFECT_KILLED);
    c.who_class = (who_class)named_or(who_class_named(json_kept(a, stored, "class")), CLASS_UNKNOWN);
    c.group = json_kept(a, stored, "group");
    c.min = json_integer_value(json_object_get(stored, "min"));
    c.max = json_is_integer(max) ? json_integer_value(max) : COUNT_OPEN;
    c.stance = (stance)named_or(stance_named(json_kept(a, stored, "stance")), STANCE_ASSERTS);
    c.voice_kind = json_kept(a, teller, "kind");
    c.voice_number = (uint32_t)json_integer_value(json_object_get(stored, "independent"));
    c.counts = c.voice_number > 0;
    return c;
}

/* Claims stand in the order of their papers. */
static bool same_paper(const json_t *x, const json_t *y) {
    return json_equal(json_object_get(x, "document"), json_object_get(y, "document")) &&
           json_equal(json_object_get(x, "version"), json_object_get(y, "version"));
}

static status take_claims(incident_work *w, const json_t *incident) {
    const json_t *claims = json_object_get(incident, "claims"), *one, *before = NULL;
    size_t i, voices = 0;
    uint32_t in_paper = 0;
    status code = STATUS_OK;
    json_array_foreach(claims, i, one) {
        told c = claim_of(w->a, one);
        in_paper += before && !same_paper(before, one);
        before = one;
        c.paper = in_paper;
        voices = c.voice_number > voices ? c.voice_number : voices;
        bool corrected = json_object_get(json_object_get(one, "as_read"), "min") ||
                         json_object_get(json_object_get(one, "as_read"), "max");
        if (!corrected)
            code = find_vague(w->l, &c, json_kept(w->a, json_object_get(one, "evidence"), "text"), w->f);
        if (code != STATUS_OK)
            return code;
        *VECTOR_PUSH(&w->claims, w->a) = c;
    }
    while (w->voices.size < voices && w->voices.size < w->claims.size)
        *VECTOR_PUSH(&w->voices, w->a) = (independent_voice){0};
    return voices > w->voices.size
               ? fail(w->f, STATUS_DAMAGED_LEDGER, "an incident has more voices than claims")
               : STATUS_OK;
}

static status work_out(incident_work *w, str json) {
    json_t *incident = json_parsed(json);
    if (!incident)
        return fail(w->f, STATUS_DAMAGED_LEDGER, "a stored incident is no JSON");
    status code = take_claims(w, incident);
    if (code == STATUS_OK) {
        figures_settle(w);
        estimates_find(w);
    }
    json_decref(incident);
    return code;
}

/* ---- putting them in place ---- */

static void add_before(buffer *b, str json, size_t *done, size_t until) {
    buffer_add(b, str_slice(json, *done, until));
    *done = until;
}

static void put_in_place(incident_work *w, str json, buffer *b) {
    size_t done = 0, from, to, inner_from, inner_to;
    if (json_member(json, STR("method"), &from, &to)) {
        str of = str_slice(json, from, to);
        if (json_member(of, STR("estimate"), &inner_from, &inner_to)) {
            add_before(b, json, &done, from + inner_from);
            buffer_add_byte(b, ' ');
            write_string(b, w->rule->name);
            done = from + inner_to;
        }
    }
    if (json_member(json, STR("estimates"), &from, &to)) {
        add_before(b, json, &done, from);
        buffer_add_byte(b, ' ');
        write_estimates(w, b);
        done = to;
    }
    buffer_add(b, str_slice(json, done, json.size));
}

status summary_restated(ledger *l, const estimate_rule *rule, str json, str summary, arena *a, str *out,
                        failure *f) {
    arena work = arena_new((allocator){0});
    incident_work w = {.l = l, .a = &work, .f = f, .rule = rule};
    buffer b = {0};
    status code = work_out(&w, json);
    if (code == STATUS_OK) {
        put_in_place(&w, summary, &b);
        *out = arena_copy(a, buffer_str(&b));
    }
    buffer_free(&b);
    arena_free(&work);
    return code;
}

status incident_restated(ledger *l, const estimate_rule *rule, str json, arena *a, str *out, failure *f) {
    return summary_restated(l, rule, json, json, a, out, f);
}
