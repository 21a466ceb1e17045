/* A row as a document.
 *
 * Its text is the row in words (data/ledger/record.tsv), a paragraph for what happened and one for each
 * figure, each naming the recorder: so every figure leads to a sentence that says whose it is, and the rows
 * of two recorders never look like copies of each other. Every mapped cell that bears on the record stands
 * in the text, so that a changed cell makes another version. */
#include "ledger/import_record.h"

#include "base/utf8.h"
#include "ledger/names.h"

/* ---- words ---- */

static str word_for(const recording *r, const char *what) {
    str key = arena_printf(r->a, "%.*s\t%s\t", STR_ARG(r->language), what),
        table = str_of(ledger_table_record);
    size_t at =
        str_starts(table, key) ? 0 : str_find(table, arena_printf(r->a, "\n%.*s", STR_ARG(key)), 0) + 1;
    if (at == 0 && !str_starts(table, key))
        return STR_NONE;
    return str_slice(table, at + key.size, str_find(table, STR("\n"), at));
}

/* Adds text, line breaks in it as spaces. */
static stretch say(recording *r, str text) {
    stretch s = {.from = r->text.size, .start = r->points};
    for (size_t i = 0; i < text.size; i++)
        buffer_add_byte(&r->text, (unsigned char)text.data[i] < ' ' ? ' ' : text.data[i]);
    r->points += (uint32_t)utf8_length(text);
    s.to = r->text.size;
    s.end = r->points;
    return s;
}

static void say_word(recording *r, const char *what) {
    say(r, word_for(r, what));
}

/* With a space behind it. */
static void say_before(recording *r, const char *what) {
    say_word(r, what);
    say(r, STR(" "));
}

static void new_paragraph(recording *r) {
    buffer_add_byte(&r->text, '\n');
    r->points++;
}

static stretch since(const recording *r, stretch first) {
    return (stretch){first.from, r->text.size, first.start, r->points};
}

static stretch say_recorder(recording *r) {
    stretch s = say(r, r->recorder);
    say_before(r, "colon");
    return s;
}

static stretch say_listed(recording *r, bool *first, str text) {
    if (!*first)
        say_before(r, "comma");
    *first = false;
    return say(r, text);
}

static void say_point(recording *r, bool *first) {
    buffer b = {0};
    buffer_add_byte(&b, '(');
    write_real(&b, r->where.lat);
    buffer_add(&b, STR(", "));
    write_real(&b, r->where.lon);
    buffer_add(&b, STR("; "));
    write_real(&b, r->where.radius_km);
    buffer_add(&b, STR(" km)"));
    say_listed(r, first, buffer_str(&b));
    buffer_free(&b);
}

/* "Recorder: air strike, Deir ez-Zor, Syria, 2021-01-13." */
static void say_happened(recording *r) {
    bool first = true, told_point = cell_of(r, FIELD_LAT).size != 0;
    str region = cell_of(r, FIELD_REGION), country = cell_of(r, FIELD_COUNTRY);
    r->teller = say_recorder(r);
    if (r->event > EVENT_NONE)
        r->event_word = say_listed(r, &first, word_for(r, event_type_name((event_type)r->event)));
    if (r->where.at.text.size)
        r->place_name = say_listed(r, &first, r->where.at.text);
    if (region.size && region.data != r->where.at.text.data)
        say_listed(r, &first, region);
    if (country.size && country.data != r->where.at.text.data)
        say_listed(r, &first, country);
    if (told_point)
        say_point(r, &first);
    if (r->date.size)
        r->date_words = say_listed(r, &first, r->date);
    if (r->actor_name.size) {
        say_listed(r, &first, word_for(r, "by"));
        say(r, STR(" "));
        r->actor = say(r, r->actor_name);
    }
    say_word(r, "stop");
    r->happened = since(r, r->teller);
}

static void say_count(recording *r, figure *f) {
    stretch begun = since(r, (stretch){r->text.size, 0, r->points, 0});
    if (f->approx)
        say_before(r, "about");
    if (f->max == COUNT_OPEN)
        say_before(r, "least");
    say(r, arena_printf(r->a, "%lld", (long long)f->min));
    if (f->max != COUNT_OPEN && f->max != f->min) {
        say(r, STR(" "));
        say_before(r, "to");
        say(r, arena_printf(r->a, "%lld", (long long)f->max));
    }
    f->count = since(r, begun);
}

static who_class class_of(const recording *r, const mapped *m) {
    return m->class == CLASS_UNKNOWN ? r->class : m->class;
}

/* "Recorder: killed, civilians, children: 3." */
static void say_figure(recording *r, figure *f) {
    who_class class = class_of(r, f->of);
    f->recorder = say_recorder(r);
    say_word(r, effect_name(f->of->effect));
    stretch who = since(r, (stretch){r->text.size, 0, r->points, 0});
    if (class != CLASS_UNKNOWN) {
        say_before(r, "comma");
        who = say(r, word_for(r, who_class_name(class)));
    }
    if (f->of->group != GROUP_NONE) {
        say_before(r, "comma");
        who = say(r, word_for(r, who_group_name(f->of->group)));
    }
    f->who = who;
    say_before(r, "colon");
    say_count(r, f);
    say_word(r, "stop");
    f->sentence = since(r, f->recorder);
}

static void say_all(recording *r) {
    str notes = cell_of(r, FIELD_NOTES);
    stretch title = say_recorder(r);
    say(r, cell_of(r, FIELD_ID));
    title = since(r, title);
    r->out->article.title = (str){NULL, title.to};
    new_paragraph(r);
    r->out->article.body_start = r->text.size;
    say_happened(r);
    for (size_t i = 0; i < r->figures.size; i++) {
        new_paragraph(r);
        say_figure(r, &r->figures.at[i]);
    }
    if (notes.size) {
        new_paragraph(r);
        say(r, notes);
    }
}

/* ---- the reading ---- */

static span span_of(const recording *r, stretch s) {
    if (s.from == s.to)
        return (span){STR_NONE, 0, 0};
    return (span){str_slice(r->out->article.text, s.from, s.to), s.start, s.end};
}

static void make_article(recording *r) {
    article *p = &r->out->article;
    size_t title = p->title.size, body = p->body_start;
    str id = cell_of(r, FIELD_ID), url = cell_of(r, FIELD_URL), published = cell_of(r, FIELD_PUBLISHED);
    *p = (article){.id = arena_printf(r->a, "record:%.*s/%.*s", STR_ARG(r->recorder), STR_ARG(id)),
                   .url = url.size ? url : STR_NONE,
                   .outlet = r->recorder,
                   .language = r->language,
                   .supported = true,
                   .verbatim = true,
                   .charset = STR("utf-8"),
                   .text = arena_copy(r->a, buffer_str(&r->text)),
                   .body_start = body};
    p->title = str_slice(p->text, 0, title);
    if (published.size) {
        p->published = read_day(r, r->m->field[FIELD_PUBLISHED], published);
        p->published_from = p->published.data ? STR("given") : STR_NONE;
    }
}

static void make_lists(recording *r, reading *out) {
    if (r->placed) {
        r->where.at = span_of(r, r->place_name.to ? r->place_name : r->happened);
        *VECTOR_PUSH(&out->places, r->a) = r->where;
        out->listed_places = 1;
    }
    if (r->date.size)
        *VECTOR_PUSH(&out->times, r->a) = (time_mention){.at = span_of(r, r->date_words), .value = r->date};
    if (r->event == NONE || r->event == EVENT_NONE)
        return;
    event e = {.type = (event_type)r->event,
               .trigger = span_of(r, r->event_word),
               .voice = {span_of(r, r->teller), r->kind, STR_NONE},
               .actor = {span_of(r, r->actor), false},
               .time = r->date.size ? 0 : NONE,
               .date = r->date.size ? r->date : STR_NONE,
               .date_from = r->date.size ? DATE_TOLD : DATE_UNKNOWN,
               .evidence = span_of(r, r->happened)};
    if (r->placed)
        *VECTOR_PUSH(&e.places, r->a) = 0;
    *VECTOR_PUSH(&out->events, r->a) = e;
}

/* The claim about all people of an effect, of which one about some is a part. */
static int whole_of(const recording *r, size_t index) {
    const mapped *of = r->figures.at[index].of;
    if (of->group == GROUP_NONE && of->class == CLASS_UNKNOWN)
        return NONE;
    int whole = NONE;
    for (size_t i = 0; i < r->figures.size && whole == NONE; i++) {
        const mapped *other = r->figures.at[i].of;
        bool wider = other->group == GROUP_NONE &&
                     (other->class == CLASS_UNKNOWN || (of->group && other->class == of->class));
        if (i != index && other->effect == of->effect && wider)
            whole = (int)i;
    }
    return whole;
}

static void make_claims(recording *r, reading *out) {
    for (size_t i = 0; i < r->figures.size; i++) {
        const figure *f = &r->figures.at[i];
        claim c = {.effect = f->of->effect,
                   .min = f->min,
                   .max = f->max,
                   .approx = f->approx,
                   .count = span_of(r, f->count),
                   .who = span_of(r, f->who),
                   .who_class = class_of(r, f->of),
                   .who_group = f->of->group,
                   .part_of = whole_of(r, i),
                   .voice = {span_of(r, f->recorder), r->kind, STR_NONE},
                   .event = r->event == NONE ? EVENT_NONE : (event_type)r->event,
                   .event_index = out->events.size ? 0 : NONE,
                   .actor = {span_of(r, r->actor), false},
                   .place = out->places.size ? 0 : NONE,
                   .time = out->times.size ? 0 : NONE,
                   .date = r->date.size ? r->date : STR_NONE,
                   .scope = SCOPE_INCIDENT,
                   .evidence = span_of(r, f->sentence)};
        *VECTOR_PUSH(&out->claims, r->a) = c;
    }
}

void record_make(const mapping *m, const cells *row, const gazetteer *places, const record_report *report,
                 arena *a, record *out) {
    *out = (record){0};
    recording r = {.m = m, .row = row, .places = places, .report = report, .a = a, .out = out, .event = NONE};
    take_cells(&r);
    if (!out->bad) {
        say_all(&r);
        make_article(&r);
        make_lists(&r, &out->reading);
        make_claims(&r, &out->reading);
        out->reading.article = &out->article;
    }
    buffer_free(&r.text);
}
