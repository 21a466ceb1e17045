/* Claims: from marks to attributed figures.
 *
 * The claim phase marks people beside what befell them; several marks may stand on the same people. The best
 * is kept (by priority, then the shortest), parts and listed groups take the effect of the claim they lean
 * on, and each claim gets its voice, stance, event, place and time from the sentence, or from the lead. */
#include "reading/claims.h"

/* What befell the people, as the mark says it or the claim that they lean on; false where nothing does. */
static bool set_harm(reader *r, drafts *d, size_t i, int leans, claim *c) {
    const match *m = d->at[i].mark;
    int effect_told = m->out.feature[FEATURE_EFFECT];
    if (emits(m, IS_PARTS) || emits(m, IS_LISTED))
        return claim_set_leaning(r, d, i, leans, c);
    if (effect_told)
        c->effect = (effect)(effect_told - 1);
    if (m->out.feature[FEATURE_POINTS])
        return claim_set_anew(r, d, i, c);
    if (effect_told && node_is(d->at[i].people, IS_PORTION) && d->at[i].people->feature[FEATURE_EFFECT])
        claim_set_share(r, d, i, c);
    return effect_told != 0;
}

/* "And five others": of the class of those just told. Those hurt beside a child are not said to be like it.
 */
static void share_class(const reader *r, const node *people, int leans, claim *c) {
    bool others = SPAN_NONE(c->who) || people->feature[FEATURE_PRONOUN];
    if (c->who_class != CLASS_UNKNOWN || leans < 0 || c->part_of >= 0 || !others)
        return;
    const claim *before = &r->out->claims.at[leans];
    if (before->part_of >= 0)
        before = &r->out->claims.at[before->part_of];
    if (before->who_group == GROUP_NONE || before->who_group == GROUP_NAMED)
        c->who_class = before->who_class;
}

static bool make_people(reader *r, drafts *d, size_t i, claim *c) {
    const node *people = d->at[i].people;
    const captured *e = &d->at[i].mark->label[LABEL_E]; /* a plural that its verb tells to be two */
    claim_set_people(r, people, c);
    if (e->count && e->first > people && e->first->feature[FEATURE_NUMBER] == VALUE_NUMBER_DUAL &&
        c->min == 2)
        c->max = 2;
    int leans = claim_leans_on(d, i);
    if (!set_harm(r, d, i, leans, c))
        return false;
    share_class(r, people, leans, c);
    const captured *w = &d->at[i].mark->label[LABEL_W]; /* "the number of miners killed is at 12" */
    if (c->who_class == CLASS_UNKNOWN && w->count && w->first->feature[FEATURE_WHO])
        c->who_class = (who_class)(w->first->feature[FEATURE_WHO] - 1);
    return true;
}

static void set_stance(const reader *r, const drafts *d, size_t i, bool shares_zero, claim *c) {
    bool zero = emits(d->at[i].mark, IS_ZERO);
    if (c->stance == STANCE_ASSERTS && zero && claim_contradicts(r, d, i, c))
        c->stance = STANCE_DENIES;
    if (c->stance == STANCE_ASSERTS && claim_shares_doubt(r, d, i))
        c->stance = STANCE_HEDGES;
    if (shares_zero && d->at[i - 1].claim >= 0)
        c->stance = r->out->claims.at[d->at[i - 1].claim].stance;
    bool hurt = zero && c->effect == EFFECT_INJURED && node_is(d->at[i].people, IS_EFFECT);
    if (hurt && c->stance != STANCE_DENIES)
        c->effect = EFFECT_CASUALTIES; /* "nobody was hurt" */
}

static bool make(reader *r, const matches *marks, drafts *d, size_t i, claim *c) {
    const match *m = d->at[i].mark, *zero = claim_shares_zero(r, d, i);
    const node *people = d->at[i].people;
    *c = (claim){
        .part_of = NONE, .event_index = NONE, .place = NONE, .time = NONE, .from = DAY_NONE, .to = DAY_NONE};
    bool made = true;
    if (emits(m, IS_DENIAL))
        made = !claim_beside(marks, m, IS_ZERO, 0) && claim_set_denial(r, d, i, c);
    else if (emits(m, IS_ZERO) && claim_are_others(r, people))
        made = false;
    else if (emits(m, IS_ZERO) || zero)
        claim_set_zero(r, m, c);
    else
        made = make_people(r, d, i, c);
    if (!made)
        return false;
    if (c->part_of >= 0 && c->who_class == CLASS_UNKNOWN) /* two of the soldiers */
        c->who_class = r->out->claims.at[c->part_of].who_class;
    claim_set_speaker(r, marks, m, people, c);
    claim_share_trade(people, c);
    set_stance(r, d, i, zero != NULL, c);
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
    told_in *where = ARENA_NEW(r->scratch, told_in, d.size + 1);
    for (size_t i = 0; i < d.size; i++) {
        claim c;
        if (names_title(r, d.at[i].mark) || !make(r, marks, &d, i, &c))
            continue;
        d.at[i].claim = (int)r->out->claims.size;
        uint32_t s = d.at[i].mark->out.sentence;
        where[r->out->claims.size - r->first_claim] = reader_in_title(r, s)     ? IN_TITLE
                                                      : choice_is_heading(r, s) ? IN_HEADING
                                                                                : IN_BODY;
        *VECTOR_PUSH(&r->out->claims, r->a) = c;
    }
    claims_set_contexts(r, &d);
    claims_share_before(r, &d);
    claims_drop_repeats(r, where);
    claims_join_sums(r);
}
