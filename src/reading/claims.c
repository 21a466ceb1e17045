/* Claims: from marks to attributed figures.
 *
 * The claim phase marks people beside what befell them; several marks may stand on the same people. The best
 * is kept (by priority, then the shortest), parts and listed groups take the effect of the claim they lean
 * on, and each claim gets its voice, stance, event, place and time from the sentence, or from the lead. */
#include "reading/claims.h"

static bool make(reader *r, const matches *marks, drafts *d, size_t i, claim *c) {
    const match *m = d->at[i].mark;
    *c = (claim){
        .part_of = NONE, .event_index = NONE, .place = NONE, .time = NONE, .from = DAY_NONE, .to = DAY_NONE};
    const match *zero = claim_shares_zero(r, d, i);
    if (emits(m, IS_DENIAL)) {
        if (claim_beside(marks, m, IS_ZERO, 0) || !claim_set_denial(r, d, i, c))
            return false;
    } else if (emits(m, IS_ZERO) && claim_are_others(r, d->at[i].people)) {
        return false;
    } else if (emits(m, IS_ZERO) || zero) {
        claim_set_zero(r, m, c);
    } else {
        claim_set_people(r, d->at[i].people, c);
        const captured *e = &m->label[LABEL_E]; /* a plural that its verb tells to be two */
        if (e->count && e->first > d->at[i].people &&
            e->first->feature[FEATURE_NUMBER] == VALUE_NUMBER_DUAL && c->min == 2)
            c->max = 2;
        int leans = claim_leans_on(d, i);
        if (emits(m, IS_PARTS) || emits(m, IS_LISTED)) {
            if (!claim_set_leaning(r, d, i, leans, c))
                return false;
        } else if (!m->out.feature[FEATURE_EFFECT] && !m->out.feature[FEATURE_POINTS]) {
            return false;
        } else if (m->out.feature[FEATURE_POINTS]) {
            if (m->out.feature[FEATURE_EFFECT])
                c->effect = (effect)(m->out.feature[FEATURE_EFFECT] - 1);
            if (!claim_set_anew(r, d, i, c))
                return false;
        } else {
            c->effect = (effect)(m->out.feature[FEATURE_EFFECT] - 1);
            if (node_is(d->at[i].people, IS_PORTION) && d->at[i].people->feature[FEATURE_EFFECT])
                claim_set_share(r, d, i, c);
        }
        if (c->who_class == CLASS_UNKNOWN && leans >= 0 && c->part_of < 0 &&
            (SPAN_NONE(c->who) || d->at[i].people->feature[FEATURE_PRONOUN])) { /* "and five others" */
            const claim *before = &r->out->claims.at[leans];
            if (before->part_of >= 0)
                before = &r->out->claims.at[before->part_of];
            if (before->who_group == GROUP_NONE ||
                before->who_group == GROUP_NAMED) /* those hurt beside a child are not said to be like it */
                c->who_class = before->who_class;
        }
    }
    if (c->part_of >= 0 && c->who_class == CLASS_UNKNOWN) /* two of the soldiers */
        c->who_class = r->out->claims.at[c->part_of].who_class;
    claim_set_speaker(r, marks, m, d->at[i].people, c);
    claim_share_trade(d->at[i].people, c);
    if (c->stance == STANCE_ASSERTS && emits(m, IS_ZERO) && claim_contradicts(r, d, i, c))
        c->stance = STANCE_DENIES;
    if (c->stance == STANCE_ASSERTS && claim_shares_doubt(r, d, i))
        c->stance = STANCE_HEDGES;
    if (zero && d->at[i - 1].claim >= 0)
        c->stance = r->out->claims.at[d->at[i - 1].claim].stance;
    bool hurt = emits(m, IS_ZERO) && c->effect == EFFECT_INJURED && node_is(d->at[i].people, IS_EFFECT);
    if (hurt && c->stance != STANCE_DENIES)
        c->effect = EFFECT_CASUALTIES; /* "nobody was hurt" */
    return true;
}

enum { AROUND_TITLE = 96, SITE_BEHIND = 24, TITLE_LEAST = 24, TITLE_MOST = 512 };

/* A headline without the name of the site behind it ("… - World - The Daily"). */
static str bare_title(str title) {
    size_t dash = str_find(title, STR(" - "), SITE_BEHIND);
    return dash == SIZE_MAX ? title : str_slice(title, 0, dash);
}

/* Where the page only names the article again ("link to the story: …", "25 May: …"). */
static bool names_title(const reader *r, const match *m) {
    str title = bare_title(r->article->title), line = reader_sentence(r, m->out.sentence).text;
    if (title.size < TITLE_LEAST || title.size > TITLE_MOST || reader_in_title(r, m->out.sentence))
        return false;
    size_t most = title.size + AROUND_TITLE;
    size_t at = str_find(str_slice(line, 0, line.size < most ? line.size : most), title, 0);
    size_t people =
        r->nodes.piece.at[claim_people_first(m)].start - r->tokens.sentence.at[m->out.sentence].start;
    return at != SIZE_MAX && people >= at && people < at + title.size;
}

void read_claims(reader *r, const matches *marks) {
    if (marks->at.size)
        choice_prepare(r);
    claims_find_lead(r);
    drafts d = {0};
    claims_choose(r, marks, &d);
    bool *title = ARENA_NEW(r->scratch, bool, d.size + 1);
    for (size_t i = 0; i < d.size; i++) {
        claim c;
        if (names_title(r, d.at[i].mark) || !make(r, marks, &d, i, &c))
            continue;
        d.at[i].claim = (int)r->out->claims.size;
        title[r->out->claims.size - r->first_claim] = reader_in_title(r, d.at[i].mark->out.sentence);
        *VECTOR_PUSH(&r->out->claims, r->a) = c;
    }
    claims_set_contexts(r, &d);
    claims_share_before(r, &d);
    claims_drop_repeats(r, title);
    claims_join_sums(r);
}
