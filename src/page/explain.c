/* The choice of the article told block by block: its rule and what the rule stood on. The names of containers
 * are not kept while a page is read; here their tags are read again where they stand. */
#include "page/explain.h"

#include "page/attributes.h"

static page_ground ground_of(const word_table *t, const word_entry *entry, const char *file) {
    return (page_ground){.word = entry->key, .file = str_of(file), .line = table_line(t, entry)};
}

static bool tag_of(str page, const container *box, html_token *t) {
    html_reader r = html_open(page);
    r.at = box->at;
    return box->parent != NO_INDEX && html_next(&r, t) && t->kind == HTML_START;
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

static page_ground ground_of_block(const outline *o, const choice *c, str page, uint32_t i) {
    const block *b = &o->blocks.at[i];
    block_rule rule = rule_told(o, c, i);
    page_ground g = {0};
    html_token t;
    uint32_t box = b->container;
    unsigned cues = rule == RULE_CAPTION ? CUE_CAPTION : CUE_AUTHOR | CUE_DATE;
    phrase_place place;
    size_t rest;
    const word_entry *entry;
    switch (rule) {
    case RULE_CHROME:
        box = chrome_root(o, c, box);
        if (tag_of(page, &o->containers.at[box], &t))
            ground_of_tag(&t, c->chrome[box], &g);
        break;
    case RULE_CAPTION:
    case RULE_BYLINE:
        box = named_so(o, box, cues);
        if (box != NO_INDEX && tag_of(page, &o->containers.at[box], &t))
            ground_of_tag(&t, cues, &g);
        break;
    case RULE_PHRASE:
    case RULE_AFTER_END:
        entry = phrase_entry(b->text, &place, &rest);
        if (entry)
            g = ground_of(&phrase_table, entry, "data/page/phrases.tsv");
        break;
    default:
        break;
    }
    return g;
}

static str tag_name(tag t, str page, const outline *o, uint32_t box, arena *a) {
    html_token token;
    if (t != TAG_OTHER)
        return str_of(element_names[t]);
    return tag_of(page, &o->containers.at[box], &token) ? arena_copy(a, token.name) : STR("body");
}

static str names_of(str page, const container *box, arena *a) {
    html_token t;
    if (!tag_of(page, box, &t))
        return STR_NONE;
    str name = html_value(&t, ATTRIBUTE_CLASS);
    return arena_copy(a, name.size ? name : html_value(&t, ATTRIBUTE_ID));
}

void explain_choice(const outline *o, const choice *c, str page, arena *a, article *p) {
    static const str uses[] = {{"none", 4}, {"body", 4}, {"caption", 7}};
    const container *box = &o->containers.at[c->container];
    p->container = (page_container){.element = tag_name(box->tag, page, o, c->container, a),
                                    .names = names_of(page, box, a),
                                    .score = container_score(o, c, c->container)};
    p->explained = true;
    for (uint32_t i = 0; i < o->blocks.size; i++) {
        const block *b = &o->blocks.at[i];
        *VECTOR_PUSH(&p->blocks, a) =
            (page_block){.text = b->text,
                         .element = tag_name(b->tag, page, o, b->container, a),
                         .use = uses[c->uses[i]],
                         .rule = str_of(block_rule_name(rule_told(o, c, i))),
                         .mass = c->mass[i],
                         .links = b->letters ? (double)b->link_letters / b->letters : 0,
                         .because = ground_of_block(o, c, page, i)};
    }
}
