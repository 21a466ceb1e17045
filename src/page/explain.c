/* The choice of the article told block by block: its rule and what the rule stood on. The names of containers
 * are not kept while a page is read; here their tags are read again where they stand. */
#include "page/explain.h"

#include "base/counters.h"
#include "page/attributes.h"

static page_ground ground_of(const word_table *t, const word_entry *entry, const char *file) {
    return (page_ground){.word = entry->key, .file = str_of(file), .line = table_line(t, entry)};
}

/* What a block's container was asked for: its tag is read once, however many blocks are in it. */
typedef enum asked { ASKED_CHROME, ASKED_CAPTION, ASKED_BYLINE, ASKED_COUNT } asked;

typedef struct known_tag {
    bool grounds_known[ASKED_COUNT];
    page_ground grounds[ASKED_COUNT];
    str name;
} known_tag;

typedef struct explainer {
    const outline *o;
    const choice *c;
    str page;
    arena *a;
    known_tag *tags; /* of each container */
} explainer;

static bool tag_of(const explainer *e, uint32_t i, html_token *t) {
    const container *box = &e->o->containers.at[i];
    html_reader r = html_open(e->page);
    r.at = box->at;
    bool read = box->parent != NO_INDEX && html_next(&r, t) && t->kind == HTML_START;
    COUNT(choice_steps, read ? r.at - box->at : 0);
    return read;
}

/* The name, or the element, that gives one of `cues`. */
static bool ground_of_tag(const html_token *t, unsigned cues, page_ground *g) {
    static const attribute sources[] = {ATTRIBUTE_CLASS, ATTRIBUTE_ID, ATTRIBUTE_ROLE};
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        const word_entry *entry = cue_entry_of_names(html_value(t, sources[i]), cues);
        if (entry) {
            *g = ground_of(&cue_table, entry, "data/page/cues.tsv");
            return true;
        }
    }
    if (t->what & ELEMENT_CHROME)
        *g = (page_ground){str_of(element_names[t->tag]), STR("data/page/elements.tsv"),
                           element_lines[t->tag]};
    else if (cues & CUE_HIDDEN)
        *g = (page_ground){.word = STR("hidden")};
    return g->word.size > 0;
}

/* The outermost container whose chrome a container stands in. */
static uint32_t chrome_root(const outline *o, const choice *c, uint32_t box) {
    for (uint32_t up; (up = o->containers.at[box].parent) != NO_INDEX && c->chrome[up];)
        box = up;
    return box;
}

/* The nearest container upwards that has one of `cues`. */
static uint32_t named_so(const outline *o, uint32_t box, unsigned cues) {
    while (box != NO_INDEX && !(o->containers.at[box].cues & cues))
        box = o->containers.at[box].parent;
    return box;
}

/* What is outside of the article is named chrome where it is that too. */
static block_rule rule_told(const outline *o, const choice *c, uint32_t i) {
    block_rule rule = (block_rule)c->rules[i];
    return rule == RULE_OUTSIDE && c->chrome[o->blocks.at[i].container] ? RULE_CHROME : rule;
}

static page_ground ground_of_container(const explainer *e, uint32_t box, asked what, unsigned cues) {
    known_tag *known = &e->tags[box];
    html_token t;
    if (!known->grounds_known[what] && tag_of(e, box, &t))
        ground_of_tag(&t, cues, &known->grounds[what]);
    known->grounds_known[what] = true;
    return known->grounds[what];
}

/* The ground of a container that is named so, which the block is in. */
static page_ground ground_of_name(const explainer *e, uint32_t box, asked what, unsigned cues) {
    box = named_so(e->o, box, cues);
    return box == NO_INDEX ? (page_ground){0} : ground_of_container(e, box, what, cues);
}

static page_ground ground_of_line(str line) {
    phrase_place place;
    size_t rest;
    const word_entry *entry = phrase_entry(line, &place, &rest);
    return entry ? ground_of(&phrase_table, entry, "data/page/phrases.tsv") : (page_ground){0};
}

static page_ground ground_of_block(const explainer *e, uint32_t i) {
    const block *b = &e->o->blocks.at[i];
    uint32_t box = b->container;
    switch (rule_told(e->o, e->c, i)) {
    case RULE_CHROME:
        box = chrome_root(e->o, e->c, box);
        return ground_of_container(e, box, ASKED_CHROME, e->c->chrome[box]);
    case RULE_CAPTION:
        return ground_of_name(e, box, ASKED_CAPTION, CUE_CAPTION);
    case RULE_BYLINE:
        return ground_of_name(e, box, ASKED_BYLINE, CUE_AUTHOR | CUE_DATE);
    case RULE_PHRASE:
    case RULE_AFTER_END:
        return ground_of_line(b->text);
    default:
        return (page_ground){0};
    }
}

static str tag_name(const explainer *e, tag t, uint32_t box) {
    known_tag *known = &e->tags[box];
    html_token token;
    if (t != TAG_OTHER)
        return str_of(element_names[t]);
    if (!known->name.size)
        known->name = tag_of(e, box, &token) ? arena_copy(e->a, token.name) : STR("body");
    return known->name;
}

static str names_of(const explainer *e, uint32_t box) {
    html_token t;
    if (!tag_of(e, box, &t))
        return STR_NONE;
    str name = html_value(&t, ATTRIBUTE_CLASS);
    return arena_copy(e->a, name.size ? name : html_value(&t, ATTRIBUTE_ID));
}

void explain_choice(const outline *o, const choice *c, str page, arena *a, article *p) {
    static const str uses[] = {
        [USE_NONE] = {"none", 4}, [USE_BODY] = {"body", 4}, [USE_CAPTION] = {"caption", 7}};
    explainer e = {o, c, page, a, ARENA_NEW(a, known_tag, o->containers.size)};
    p->container = (page_container){.element = tag_name(&e, o->containers.at[c->container].tag, c->container),
                                    .names = names_of(&e, c->container),
                                    .score = container_score(o, c, c->container)};
    p->explained = true;
    for (uint32_t i = 0; i < o->blocks.size; i++) {
        const block *b = &o->blocks.at[i];
        *VECTOR_PUSH(&p->blocks, a) =
            (page_block){.text = b->text,
                         .element = tag_name(&e, b->tag, b->container),
                         .use = uses[c->uses[i]],
                         .rule = str_of(block_rule_name(rule_told(o, c, i))),
                         .mass = c->mass[i],
                         .links = b->letters ? (double)b->link_letters / b->letters : 0,
                         .because = ground_of_block(&e, i)};
    }
}
