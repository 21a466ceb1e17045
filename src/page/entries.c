/* Posts are told by their markup's names (data/page/cues.tsv: entry) or, where those say nothing, by their
 * shape: many elements side by side in one, each with a time in it; or one element in which times and
 * paragraphs take turns. Either counts only where the posts are most of the article, so that a page with a
 * list of dated links beside its text has none. One pass over times, containers and blocks each. */
#include "page/entries.h"

#include "page/assemble.h"

#include <stdlib.h>

enum { FEWEST_POSTS = 3, MOST_MARKS = 4000, LONGEST_TIME_LINE = 60 };

/* A time that stands in the article. */
typedef struct mark {
    uint32_t block;
    moment at; /* no value where it is a time of day alone */
    int clock; /* minutes of that */
    bool updated;
    bool alone; /* its line says nothing else */
} mark;

typedef struct finder {
    const outline *o;
    choice *c;
    article *p;
    arena *a;
    int64_t now;
    uint32_t first, end; /* the blocks of the article, and of the posts that it begins and ends in */
    VECTOR(mark) marks;
    uint32_t *marked; /* for each container how many marks are in it */
    entries *out;
} finder;

/* Marks. */

static bool is_of_others(const finder *f, uint32_t i) {
    return (f->c->chrome[f->o->blocks.at[i].container] &
            (CUE_RELATED | CUE_POPULAR | CUE_COMMENTS | CUE_PREVIOUS | CUE_NEXT | CUE_HIDDEN)) != 0;
}

static bool read_mark(const finder *f, str value, str text, mark *m) {
    m->clock = -1;
    return moment_read(value, (moment_style){.epoch = true}, f->a, &m->at) ||
           moment_read(text, (moment_style){0}, f->a, &m->at) ||
           moment_relative(text, f->now, f->a, &m->at) || moment_clock_only(text, &m->clock);
}

static void add_mark(finder *f, const mark *m) {
    if (f->marks.size < MOST_MARKS)
        *VECTOR_PUSH(&f->marks, f->a) = *m;
}

static void find_range(finder *f) {
    f->first = f->c->first_block;
    f->end = f->c->end_block;
    for (uint32_t i = f->c->container; i != NO_INDEX; i = f->o->containers.at[i].parent) {
        const container *box = &f->o->containers.at[i];
        if (!(box->cues & CUE_ENTRY))
            continue;
        f->first = box->first_block < f->first ? box->first_block : f->first;
        f->end = box->end_block > f->end ? box->end_block : f->end;
    }
}

/* Times that are marked as such, and lines that a class calls a date, in the order of the page. */
static void find_marks(finder *f) {
    size_t next = 0;
    const outline *o = f->o;
    for (uint32_t i = f->first; i < f->end; i++) {
        mark m = {.block = i};
        bool told = false;
        for (; next < o->times.size && o->times.at[next].block <= i; next++) {
            const outline_time *t = &o->times.at[next];
            if (t->block != i || is_of_others(f, i) || !read_mark(f, t->value, t->text, &m))
                continue;
            m.updated = t->updated && !t->published;
            m.alone = str_equal(t->text, o->blocks.at[i].text);
            add_mark(f, &m);
            told = true;
        }
        const block *b = &o->blocks.at[i];
        bool dated = (o->containers.at[b->container].cues & CUE_DATE) && b->letters <= LONGEST_TIME_LINE;
        if (!told && dated && !is_of_others(f, i) && read_mark(f, STR_NONE, b->text, &m))
            add_mark(f, &m);
    }
}

static void count_marks(finder *f) {
    f->marked = ARENA_NEW(f->a, uint32_t, f->o->containers.size);
    for (size_t i = 0; i < f->marks.size; i++)
        f->marked[f->o->blocks.at[f->marks.at[i].block].container]++;
    for (size_t i = f->o->containers.size; i-- > 1;)
        f->marked[f->o->containers.at[i].parent] += f->marked[i];
}

/* Posts. */

typedef struct stretch {
    uint32_t head, from, to,
        tail; /* blocks; head and tail: of its markup, which may reach beyond the article */
} stretch;

typedef struct posts {
    VECTOR(stretch) at;
    bool named;
} posts;

static size_t body_letters(const finder *f, uint32_t from, uint32_t to) {
    size_t n = 0;
    for (uint32_t i = from; i < to; i++)
        n += f->c->uses[i] == USE_BODY ? f->o->blocks.at[i].letters : 0;
    return n;
}

static void add_post(const finder *f, posts *found, uint32_t from, uint32_t to) {
    uint32_t head = from, tail = to;
    from = from < f->c->first_block ? f->c->first_block : from;
    to = to > f->c->end_block ? f->c->end_block : to;
    if (from < to && body_letters(f, from, to) > 0)
        *VECTOR_PUSH(&found->at, f->a) = (stretch){head, from, to, tail};
}

/* The outermost containers that are named posts. */
static posts named_posts(const finder *f) {
    posts found = {.named = true};
    const outline *o = f->o;
    for (uint32_t i = 1; i < o->containers.size;) {
        const container *box = &o->containers.at[i];
        if (!(box->cues & CUE_ENTRY)) {
            i++;
            continue;
        }
        add_post(f, &found, box->first_block, box->end_block);
        i = box->end;
    }
    return found;
}

/* The container in which most children have marks; *flat: the marks stand in itself. */
static uint32_t busiest(const finder *f, bool *flat) {
    const outline *o = f->o;
    uint32_t *children = ARENA_NEW(f->a, uint32_t, o->containers.size);
    uint32_t *own = ARENA_NEW(f->a, uint32_t, o->containers.size);
    for (uint32_t i = 1; i < o->containers.size; i++)
        children[o->containers.at[i].parent] += f->marked[i] > 0;
    for (size_t i = 0; i < f->marks.size; i++)
        own[o->blocks.at[f->marks.at[i].block].container]++;
    uint32_t best = 0, most = 0;
    for (uint32_t i = 0; i < o->containers.size; i++) {
        uint32_t here = children[i] > own[i] ? children[i] : own[i];
        if (here >= most) { /* the inner one of two alike */
            most = here;
            best = i;
        }
    }
    *flat = own[best] > children[best];
    return most >= FEWEST_POSTS ? best : NO_INDEX;
}

/* Children that each have a mark. */
static posts posts_side_by_side(const finder *f, uint32_t box) {
    posts found = {0};
    const outline *o = f->o;
    for (uint32_t i = box + 1; i < o->containers.at[box].end; i = o->containers.at[i].end)
        if (f->marked[i])
            add_post(f, &found, o->containers.at[i].first_block, o->containers.at[i].end_block);
    return found;
}

/* From each mark to the next. */
static posts posts_between_marks(const finder *f, uint32_t box) {
    posts found = {0};
    uint32_t from = NO_INDEX;
    for (size_t i = 0; i < f->marks.size; i++) {
        uint32_t at = f->marks.at[i].block;
        if (f->o->blocks.at[at].container != box || at == from)
            continue;
        if (from != NO_INDEX)
            add_post(f, &found, from, at);
        from = at;
    }
    if (from != NO_INDEX)
        add_post(f, &found, from, f->o->containers.at[box].end_block);
    return found;
}

static bool are_most(const finder *f, const posts *found, size_t fewest) {
    size_t whole = body_letters(f, f->c->first_block, f->c->end_block), here = 0;
    for (size_t i = 0; i < found->at.size; i++)
        here += body_letters(f, found->at.at[i].from, found->at.at[i].to);
    return found->at.size >= fewest && here * 2 > whole;
}

static posts find_posts(const finder *f) {
    bool flat;
    posts found = named_posts(f);
    if (are_most(f, &found, 1) && f->marks.size)
        return found;
    uint32_t box = f->marks.size >= FEWEST_POSTS ? busiest(f, &flat) : NO_INDEX;
    if (box == NO_INDEX)
        return (posts){0};
    found = flat ? posts_between_marks(f, box) : posts_side_by_side(f, box);
    return are_most(f, &found, FEWEST_POSTS) ? found : (posts){0};
}

/* What each says of itself. */

/* A clock without a day is of the page's day, where that is one. */
static moment of_mark(const finder *f, const mark *m) {
    if (m->at.value.size || m->clock < 0)
        return m->at;
    day d = day_parse(f->p->published), until = day_parse(f->p->updated);
    if (d == DAY_NONE || (until != DAY_NONE && until != d))
        return (moment){0};
    return moment_at((int64_t)d * 1440 + m->clock, INT_MIN, f->a);
}

/* By the clock of the page's own date. */
static moment by_own_clock(const finder *f, moment m) {
    moment published = {f->p->published, f->p->published_offset};
    int64_t minutes, other;
    int ahead, zone;
    if (moment_clock(&m, &minutes, &ahead) && ahead == 0 && moment_clock(&published, &other, &zone) &&
        zone != INT_MIN)
        return moment_at(minutes + zone, zone, f->a);
    return m;
}

/* Whether a line names somebody, and whether it is whom a post was forwarded from: a name inside what is
 * marked as forwarded, or a line that is marked so itself. */
static bool names_somebody(const finder *f, uint32_t i, bool *forwarded) {
    enum { STEPS = 3 };
    unsigned cues = 0;
    uint32_t own = f->o->blocks.at[i].container, box = own;
    for (unsigned n = 0; n < STEPS && box != NO_INDEX; n++, box = f->o->containers.at[box].parent)
        cues |= f->o->containers.at[box].cues & (CUE_AUTHOR | CUE_VIA);
    bool itself = (f->o->containers.at[own].cues & CUE_VIA) != 0;
    *forwarded = itself || (cues & CUE_VIA);
    return itself || (cues & CUE_AUTHOR);
}

/* Without the date that may stand behind a name. */
static str without_date(const finder *f, str name) {
    moment m;
    for (size_t i = 1; i < name.size; i++)
        if (name.data[i - 1] == ' ' && name.data[i] >= '0' && name.data[i] <= '9')
            return moment_read(str_slice(name, i, name.size), (moment_style){0}, f->a, &m)
                       ? str_trim(str_slice(name, 0, i))
                       : name;
    return name;
}

/* Who posted, and whom it was forwarded from: by the names of classes; else the poster is the link that
 * stands before the text. */
static void fill_people(const finder *f, stretch s, bool named, page_entry *e) {
    enum { LONGEST = 80 };
    str link = STR_NONE;
    for (uint32_t i = s.head; i < s.tail; i++) {
        const block *b = &f->o->blocks.at[i];
        bool forwarded;
        if (b->letters < LONGEST && names_somebody(f, i, &forwarded)) {
            str *into = forwarded ? &e->via : &e->author;
            *into = into->size ? *into : without_date(f, b->text);
        }
        if (named && i == s.head && b->letters < LONGEST && b->link_letters == b->letters)
            link = b->text;
    }
    if (!e->author.size)
        e->author = link;
}

/* The link that holds the time leads to the post; one amid "forwarded from" names whom. */
static void take_link(const finder *f, const outline_link *l, uint32_t time_block, page_entry *e) {
    if (l->block == time_block && !e->url.size)
        e->url = l->href;
    bool forwarded;
    if (e->via.size && l->text.size && l->block < f->o->blocks.size &&
        names_somebody(f, l->block, &forwarded) && forwarded)
        e->via = l->text;
}

static page_entry entry_of(finder *f, stretch s, bool named, size_t *next_mark, size_t *next_link) {
    page_entry e = {0};
    fill_people(f, s, named, &e);
    const outline *o = f->o;
    uint32_t at = NO_INDEX;
    while (*next_mark < f->marks.size && f->marks.at[*next_mark].block < s.head)
        ++*next_mark;
    for (; *next_mark < f->marks.size && f->marks.at[*next_mark].block < s.tail; ++*next_mark) {
        const mark *m = &f->marks.at[*next_mark];
        moment told = by_own_clock(f, of_mark(f, m));
        if (m->alone)
            f->c->uses[m->block] = USE_NONE;
        if (!told.value.size || (e.time.size && m->updated) || (e.time.size && at != NO_INDEX))
            continue;
        e.time = told.value;
        e.offset = told.offset;
        at = m->updated ? NO_INDEX : m->block;
    }
    while (*next_link < o->links.size && o->links.at[*next_link].block < s.head)
        ++*next_link;
    for (; *next_link < o->links.size && o->links.at[*next_link].block < s.tail; ++*next_link)
        take_link(f, &o->links.at[*next_link], at, &e);
    return e;
}

static bool is_earlier(const page_entry *x, const page_entry *y) {
    moment a = {x->time, x->offset}, b = {y->time, y->offset};
    int64_t left, right;
    int here, there;
    if (!moment_clock(&a, &left, &here) || !moment_clock(&b, &right, &there))
        return str_compare(x->time, y->time) < 0;
    return left - (here == INT_MIN ? 0 : here) < right - (there == INT_MIN ? 0 : there);
}

/* The first post dates the page and the last updates it, where nothing but a time on it did before. */
static void date_article(const finder *f) {
    const page_entry *first = NULL, *last = NULL;
    for (size_t i = 0; i < f->out->list.size; i++) {
        const page_entry *e = &f->out->list.at[i];
        if (!e->time.size)
            continue;
        first = !first || is_earlier(e, first) ? e : first;
        last = !last || is_earlier(last, e) ? e : last;
    }
    article *p = f->p;
    if (!first || !p->dated_loosely)
        return;
    p->published = first->time;
    p->published_offset = first->offset;
    p->published_from = STR("meta");
    if (!p->updated.size && last != first) {
        p->updated = last->time;
        p->updated_offset = last->offset;
    }
}

/* Platforms only carry what others publish. */
static bool is_platform(str outlet) {
    enum { MOST = 64 };
    char words[MOST];
    bool whole;
    str folded = fold_words(outlet, words, MOST, &whole);
    return outlet.size == 0 || (whole && table_find(&platform_table, folded));
}

/* Where all posts are one's, so is the page. */
static void name_authors(const finder *f) {
    if (f->out->list.size == 0)
        return;
    str author = f->out->list.at[0].author;
    for (size_t i = 0; i < f->out->list.size; i++)
        if (!author.size || !str_equal(f->out->list.at[i].author, author))
            return;
    if (f->p->authors.size == 0)
        *VECTOR_PUSH(&f->p->authors, f->a) = author;
    if (is_platform(f->p->outlet))
        f->p->outlet = author;
}

void entries_find(const outline *o, choice *c, arena *a, article *p, entries *out) {
    finder f = {.o = o, .c = c, .p = p, .a = a, .now = minutes_of_capture(p->captured, a), .out = out};
    *out = (entries){0};
    find_range(&f);
    find_marks(&f);
    if (f.marks.size == 0)
        return;
    count_marks(&f);
    posts found = find_posts(&f);
    if (found.at.size == 0)
        return;
    size_t next_mark = 0, next_link = 0;
    out->of_block = ARENA_NEW(a, uint32_t, o->blocks.size + 1);
    for (size_t i = 0; i < found.at.size; i++) {
        stretch s = found.at.at[i];
        page_entry e = entry_of(&f, s, found.named, &next_mark, &next_link);
        if (!e.author.size && i > 0 && found.named)
            e.author = out->list.at[i - 1].author; /* who goes on is not named again */
        *VECTOR_PUSH(&out->list, a) = e;
        for (uint32_t k = s.from; k < s.to; k++)
            out->of_block[k] = (uint32_t)out->list.size;
    }
    date_article(&f);
    name_authors(&f);
}

/* JSON-LD. */

enum { KEY_BYTES = 48, MOST_STEPS = 64 };

static uint64_t key_of(str text) {
    char words[KEY_BYTES];
    bool whole;
    str folded = fold_words(str_slice(text, 0, text.size < 4 * KEY_BYTES ? text.size : 4 * KEY_BYTES), words,
                            KEY_BYTES, &whole);
    return folded.size > 8 ? str_hash(folded) | 1 : 0;
}

typedef struct paragraph_index {
    uint64_t *keys;
    uint32_t *paragraphs;
    size_t mask;
} paragraph_index;

static paragraph_index index_paragraphs(const article *p, arena *a) {
    size_t size = 16;
    while (size < 2 * p->paragraphs.size)
        size *= 2;
    paragraph_index x = {ARENA_NEW(a, uint64_t, size), ARENA_NEW(a, uint32_t, size), size - 1};
    for (size_t i = 0; i < p->paragraphs.size; i++) {
        uint64_t key = key_of(p->paragraphs.at[i].text);
        size_t at = key & x.mask;
        for (size_t step = 0; key && x.keys[at] && x.keys[at] != key && step < MOST_STEPS; step++)
            at = (at + 1) & x.mask;
        if (!key || x.keys[at])
            continue; /* the first of those alike stands; a page that makes all alike finds none */
        x.keys[at] = key;
        x.paragraphs[at] = (uint32_t)i;
    }
    return x;
}

static uint32_t find_paragraph(const paragraph_index *x, str text) {
    uint64_t key = key_of(text);
    size_t at = key & x->mask;
    for (size_t step = 0; key && x->keys[at] && step <= MOST_STEPS; step++, at = (at + 1) & x->mask)
        if (x->keys[at] == key)
            return x->paragraphs[at];
    return NO_INDEX;
}

static int by_paragraph(const void *x, const void *y) {
    const page_entry *a = x, *b = y;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return str_compare(a->time, b->time);
}

static page_entry timed(const linked_entry *l, arena *a) {
    moment m = {0};
    moment_read(l->time, (moment_style){.epoch = true}, a, &m);
    return (page_entry){.time = m.value, .offset = m.offset, .url = l->address};
}

static void take_sorted(article *p, page_entry *found, size_t count, arena *a) {
    qsort(found, count, sizeof *found, by_paragraph);
    for (size_t i = 0; i < count; i++) {
        if (i && found[i].first == found[i - 1].first)
            continue;
        if (p->entries.size)
            p->entries.at[p->entries.size - 1].end = found[i].first;
        found[i].end = p->paragraphs.size;
        *VECTOR_PUSH(&p->entries, a) = found[i];
    }
}

/* A page that a script fills: the posts themselves are the text. */
static void add_bodies(const linked_data *ld, arena *a, article *p) {
    p->paragraphs.size = 0;
    for (size_t i = 0; i < ld->entries.size; i++) {
        const linked_entry *l = &ld->entries.at[i];
        page_entry e = timed(l, a);
        e.first = p->paragraphs.size;
        article_add(p, l->headline, PARAGRAPH_HEADING, a);
        article_add_lines(p, l->body, a);
        e.end = p->paragraphs.size;
        if (e.end > e.first)
            *VECTOR_PUSH(&p->entries, a) = e;
    }
}

void entries_of_linked_data(const linked_data *ld, arena *a, article *p) {
    size_t told = 0, shown = 0, count = 0;
    if (ld->entries.size == 0 || p->entries.size)
        return;
    for (size_t i = 0; i < ld->entries.size; i++)
        told += ld->entries.at[i].body.size;
    for (size_t i = 0; i < p->paragraphs.size; i++)
        shown += p->paragraphs.at[i].text.size;
    if (told > 2 * shown) {
        add_bodies(ld, a, p);
        return;
    }
    paragraph_index x = index_paragraphs(p, a);
    page_entry *found = ARENA_NEW(a, page_entry, ld->entries.size);
    for (size_t i = 0; i < ld->entries.size; i++) {
        const linked_entry *l = &ld->entries.at[i];
        uint32_t at = find_paragraph(&x, l->headline);
        if (at == NO_INDEX)
            at = find_paragraph(&x, l->body);
        if (at == NO_INDEX)
            continue;
        found[count] = timed(l, a);
        found[count++].first = at;
    }
    take_sorted(p, found, count, a);
}
