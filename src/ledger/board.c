#include "ledger/board.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "ledger/cursor.h"
#include "ledger/image.h"
#include "ledger/json.h"

enum { WORDS_KEPT = 128, SNIPPETS_TRIED = 4 };

/* Which versions hold words that were asked for: people turn pages, and ask for lists, counts and a map at
 * once. They stand for incidents alone, so that documents that come in meanwhile do not matter. */
typedef struct words_kept {
    str words; /* malloc'd */
    bool hides;
    int64_t gone, top, act; /* what the ledger stood at */
    found_versions found;
    arena a;
    uint64_t used; /* when last */
    unsigned users;
} words_kept;

struct ledger_board {
    pthread_rwlock_t lock;  /* of `now` */
    pthread_mutex_t follow; /* held by who brings it up to date, as far as that takes moments */
    pthread_cond_t read;    /* with it: somebody is through with all of it */
    bool reading;           /* all of it, by somebody who holds no lock meanwhile */
    image *now;             /* set with both held */
    atomic_bool tended;
    atomic_uint_fast64_t turned;
    pthread_mutex_t words_lock;
    words_kept words[WORDS_KEPT];
    uint64_t turn;
    atomic_uint_fast64_t read_whole, followed, asked, looked_up, walked;
};

ledger_board *ledger_board_new(void) {
    ledger_board *b = calloc(1, sizeof *b);
    pthread_rwlockattr_t kind;
    if (!b)
        abort();
    /* Who brings it up to date must come to it, however many ask. */
    pthread_rwlockattr_init(&kind);
    pthread_rwlockattr_setkind_np(&kind, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&b->lock, &kind);
    pthread_rwlockattr_destroy(&kind);
    pthread_mutex_init(&b->follow, NULL);
    pthread_cond_init(&b->read, NULL);
    pthread_mutex_init(&b->words_lock, NULL);
    return b;
}

void ledger_board_free(ledger_board *b) {
    if (!b)
        return;
    image_free(b->now);
    for (size_t i = 0; i < WORDS_KEPT; i++)
        if (b->words[i].used)
            arena_free(&b->words[i].a);
    pthread_mutex_destroy(&b->words_lock);
    pthread_cond_destroy(&b->read);
    pthread_mutex_destroy(&b->follow);
    pthread_rwlock_destroy(&b->lock);
    free(b);
}

void ledger_board_tell(ledger_board *b, ledger_board_state *out) {
    pthread_rwlock_rdlock(&b->lock);
    *out = (ledger_board_state){.incidents = b->now ? b->now->live : 0,
                                .bytes = b->now ? image_bytes(b->now) : 0,
                                .read_whole = b->read_whole,
                                .followed = b->followed,
                                .asked = b->asked,
                                .looked_up = b->looked_up,
                                .walked = b->walked};
    pthread_rwlock_unlock(&b->lock);
}

static ledger_board *board_of(ledger *l) {
    if (l->options.board)
        return l->options.board;
    if (!l->board)
        l->board = ledger_board_new();
    return l->board;
}

/* ---- following the ledger ---- */

static bool stands_at(const ledger_board *b, int64_t gone, int64_t top) {
    return b->now && b->now->gone == gone && b->now->top == top;
}

void ledger_board_tend(ledger_board *b) {
    b->tended = true;
}

uint64_t ledger_board_turned(const ledger_board *b) {
    return b->turned;
}

bool ledger_board_stands(const ledger_board *b) {
    return b->turned > 0;
}

/* With `follow` held, which is let go meanwhile: others are told from what stood before. */
static status read_anew(ledger_board *b, ledger *l, failure *f) {
    image *new = NULL, *old = NULL;
    b->reading = true;
    pthread_mutex_unlock(&b->follow);
    status code = image_read(l, &new, f);
    pthread_mutex_lock(&b->follow);
    if (code == STATUS_OK) {
        pthread_rwlock_wrlock(&b->lock);
        old = b->now;
        b->now = new;
        pthread_rwlock_unlock(&b->lock);
        b->read_whole++;
        b->turned++;
    }
    b->reading = false;
    pthread_cond_broadcast(&b->read);
    image_free(old);
    return code;
}

/* With `follow` held. */
static status bring_up(ledger_board *b, ledger *l, bool may_read, failure *f) {
    int64_t gone = 0, top = 0;
    bool whole = !b->now;
    status code = image_state(l, &gone, &top, f);
    if (code != STATUS_OK || stands_at(b, gone, top))
        return code;
    if (!whole) {
        pthread_rwlock_wrlock(&b->lock);
        code = image_follow(b->now, l, &whole, f);
        if (code != STATUS_OK) {
            image_free(b->now);
            b->now = NULL;
        }
        pthread_rwlock_unlock(&b->lock);
        b->followed += !whole;
        b->turned += !whole;
    }
    return code == STATUS_OK && whole && (may_read || !b->now) ? read_anew(b, l, f) : code;
}

/* While all of it is read, whoever has something to be told from need not wait. */
static status bring_up_or_wait(ledger_board *b, ledger *l, bool may_read, failure *f) {
    status code = STATUS_OK;
    pthread_mutex_lock(&b->follow);
    if (!b->reading)
        code = bring_up(b, l, may_read, f);
    else
        while (b->reading && !b->now)
            pthread_cond_wait(&b->read, &b->follow);
    pthread_mutex_unlock(&b->follow);
    return code;
}

/* With `lock` held for reading where it succeeds. */
static status hold(ledger_board *b, ledger *l, bool may_read, failure *f) {
    int64_t gone = 0, top = 0;
    status code = image_state(l, &gone, &top, f);
    for (bool tried = false; code == STATUS_OK; tried = true) {
        pthread_rwlock_rdlock(&b->lock);
        if (b->now && (tried || stands_at(b, gone, top)))
            return STATUS_OK;
        pthread_rwlock_unlock(&b->lock);
        code = bring_up_or_wait(b, l, may_read, f);
    }
    return code;
}

static status follow(ledger *l, bool may_read, failure *f) {
    ledger_board *b = board_of(l);
    status code = hold(b, l, may_read, f);
    if (code == STATUS_OK)
        pthread_rwlock_unlock(&b->lock);
    return code;
}

status ledger_follow(ledger *l, failure *f) {
    return follow(l, true, f);
}

status ledger_catch_up(ledger *l, failure *f) {
    return ledger_board_stands(board_of(l)) ? follow(l, false, f) : STATUS_OK;
}

bool ledger_board_is_at(ledger_board *b, const ledger_standing *now) {
    pthread_rwlock_rdlock(&b->lock);
    bool is = stands_at(b, now->gone, now->top);
    pthread_rwlock_unlock(&b->lock);
    return is;
}

/* ---- words ---- */

static bool kept_for(const words_kept *k, str words, bool hides, const words_kept *state) {
    return k->used && k->hides == hides && k->gone == state->gone && k->top == state->top &&
           k->act == state->act && str_equal(k->words, words);
}

/* Acts of redaction take words out of the index. */
static status words_state(ledger *l, words_kept *out, failure *f) {
    statement s =
        statement_of(l,
                     "SELECT (SELECT coalesce(max(number), 0) FROM incident_gone), (SELECT"
                     " coalesce(max(key), 0) FROM incident), (SELECT coalesce(max(sequence), 0) FROM act)",
                     f);
    if (statement_row(&s)) {
        out->gone = take_number(&s, 0);
        out->top = take_number(&s, 1);
        out->act = take_number(&s, 2);
    }
    return statement_done(&s);
}

static words_kept *oldest_unused(ledger_board *b) {
    words_kept *out = NULL;
    for (size_t i = 0; i < WORDS_KEPT; i++)
        if (!b->words[i].users && (!out || b->words[i].used < out->used))
            out = &b->words[i];
    return out;
}

static words_kept *take_kept(ledger_board *b, str words, bool hides, const words_kept *state) {
    words_kept *out = NULL;
    pthread_mutex_lock(&b->words_lock);
    for (size_t i = 0; i < WORDS_KEPT && !out; i++)
        if (kept_for(&b->words[i], words, hides, state))
            out = &b->words[i];
    if (out) {
        out->users++;
        out->used = ++b->turn;
    }
    pthread_mutex_unlock(&b->words_lock);
    return out;
}

static words_kept *keep(ledger_board *b, const words_kept *made) {
    pthread_mutex_lock(&b->words_lock);
    words_kept *out = oldest_unused(b);
    if (out) {
        if (out->used)
            arena_free(&out->a);
        *out = *made;
        out->users = 1;
        out->used = ++b->turn;
    }
    pthread_mutex_unlock(&b->words_lock);
    return out;
}

/* `*kept` (which may stay NULL) is given back; else what was found lies in `a`. */
static status find_words(ledger_board *b, ledger *l, arena *a, str words, found_versions *found,
                         words_kept **kept, failure *f) {
    words_kept state = {0};
    status code = words_state(l, &state, f);
    b->asked++;
    if (code != STATUS_OK)
        return code;
    *kept = take_kept(b, words, l->hides, &state);
    if (!*kept) {
        state.a = arena_new((allocator){0});
        state.hides = l->hides;
        state.words = arena_copy(&state.a, words);
        b->looked_up++;
        code = look_up_versions(l, &state.a, words, &state.found, f);
        *kept = code == STATUS_OK ? keep(b, &state) : NULL;
        if (!*kept) { /* every place is in use */
            found_versions copy = state.found;
            copy.bits = ARENA_NEW(a, uint8_t, copy.size / 8 + 1);
            if (code == STATUS_OK)
                memcpy(copy.bits, state.found.bits, (size_t)copy.size / 8 + 1);
            *found = copy;
            arena_free(&state.a);
            return code;
        }
    }
    *found = (*kept)->found;
    return STATUS_OK;
}

static void give_back(ledger_board *b, words_kept *kept) {
    if (!kept)
        return;
    pthread_mutex_lock(&b->words_lock);
    kept->users--;
    pthread_mutex_unlock(&b->words_lock);
}

/* ---- a question ---- */

typedef struct question {
    ledger *l;
    ledger_board *b;
    arena *a;
    const ledger_filter *filter;
    failure *f;
    asked asked;
    found_versions found;
    words_kept *kept;
    image_question q; /* while it is held */
} question;

static status question_begin(question *q) {
    status code = ask_parse(q->l, q->a, q->filter->text, &q->asked, q->f);
    if (code == STATUS_OK)
        code = ask_choices(q->l, q->a, q->filter, &q->asked, q->f);
    if (code == STATUS_OK && q->filter->id.size)
        code =
            fail(q->f, STATUS_USAGE, "id: an incident or a document is asked for by itself, not in a list");
    if (code == STATUS_OK && q->asked.words.data)
        code = find_words(q->b, q->l, q->a, q->asked.words, &q->found, &q->kept, q->f);
    if (code == STATUS_OK)
        code = hold(q->b, q->l, !q->b->tended, q->f);
    if (code != STATUS_OK) {
        give_back(q->b, q->kept);
        return code;
    }
    image_ask(q->b->now, q->a, q->filter, &q->asked, q->asked.words.data ? &q->found : NULL, q->l->hides,
              &q->q);
    return STATUS_OK;
}

static void question_let_go(question *q) {
    pthread_rwlock_unlock(&q->b->lock);
}

static status counted(ledger *l, const ledger_filter *filter, arena *a, str *json, failure *f,
                      void (*count)(const question *q, unsigned zoom, buffer *out), unsigned zoom) {
    question q = {.l = l, .b = board_of(l), .a = a, .filter = filter, .f = f};
    buffer out = {0};
    status code = question_begin(&q);
    if (code != STATUS_OK)
        return code;
    count(&q, zoom, &out);
    q.b->walked += q.q.m->rows.size;
    question_let_go(&q);
    give_back(q.b, q.kept);
    *json = arena_copy(a, buffer_str(&out));
    buffer_free(&out);
    return STATUS_OK;
}

static void count_facets(const question *q, unsigned zoom, buffer *out) {
    (void)zoom;
    image_facets(&q->q, q->l->nameless, out);
}

static void count_days(const question *q, unsigned zoom, buffer *out) {
    (void)zoom;
    image_timeline(&q->q, out);
}

static void count_places(const question *q, unsigned zoom, buffer *out) {
    image_map(&q->q, zoom, out);
}

status ledger_facets(ledger *l, const ledger_filter *filter, arena *a, str *json, failure *f) {
    return counted(l, filter, a, json, f, count_facets, 0);
}

status ledger_timeline(ledger *l, const ledger_filter *filter, arena *a, str *json, failure *f) {
    return counted(l, filter, a, json, f, count_days, 0);
}

status ledger_map(ledger *l, const ledger_filter *filter, unsigned zoom, arena *a, str *json, failure *f) {
    return counted(l, filter, a, json, f, count_places, zoom > 24 ? 24 : zoom);
}

/* ---- a page ---- */

typedef struct picked {
    int64_t key;
    uint8_t disagree_on;
    int64_t versions[SNIPPETS_TRIED]; /* that hold the words */
    size_t version_count;
} picked;

typedef VECTOR(picked) picked_list;

static picked pick(const question *q, uint32_t slot) {
    const image_row *r = &q->q.m->rows.at[slot];
    picked p = {.key = q->q.m->keys.at[slot].key, .disagree_on = r->disagree_on};
    uint32_t at = 0;
    while (q->q.found && p.version_count < SNIPPETS_TRIED) {
        int64_t version = image_found(&q->q, r, &at);
        if (version < 0)
            break;
        p.versions[p.version_count++] = version;
    }
    return p;
}

/* Which rows pass, as bits, and how many: of the whole list. */
static uint8_t *find_passing(question *q, uint64_t *total) {
    const image *m = q->q.m;
    uint8_t *bits = ARENA_NEW(q->a, uint8_t, m->rows.size / 8 + 1);
    for (uint32_t i = 0; i < m->rows.size; i++)
        if (!image_fails(&q->q, i)) {
            bits[i / 8] = (uint8_t)(bits[i / 8] | 1u << i % 8);
            ++*total;
        }
    q->b->walked += m->rows.size;
    return bits;
}

/* The rows of one page, in order; whether there are more. */
static bool walk_page(question *q, const uint8_t *passing, size_t at, picked_list *out, uint32_t *last) {
    const image *m = q->q.m;
    const uint32_t *order = m->orders[q->filter->order];
    uint64_t skip = q->filter->after.size ? 0 : q->filter->offset,
             limit = q->filter->limit ? q->filter->limit : UINT64_MAX;
    for (; at < m->live; at++) {
        uint32_t slot = order[at];
        if (!(passing[slot / 8] >> slot % 8 & 1) || (skip && skip--))
            continue;
        if (out->size == limit)
            return true;
        *VECTOR_PUSH(out, q->a) = pick(q, slot);
        *last = slot;
    }
    return false;
}

static void pick_page(question *q, const cursor *after, picked_list *out, ledger_paged *paged) {
    const image *m = q->q.m;
    size_t at = 0;
    uint32_t last = 0;
    const uint8_t *passing = find_passing(q, &paged->total);
    if (after) {
        rank r = {after->a, after->b, {after->id[0], after->id[1]}};
        at = image_behind(m, q->filter->order, &r);
    }
    if (walk_page(q, passing, at, out, &last)) {
        rank r = image_rank(m, q->filter->order, last);
        cursor c = {r.a, r.b, {r.id[0], r.id[1]}};
        paged->next = cursor_text(q->a, CURSOR_INCIDENTS, q->filter, &c);
    }
}

/* ---- the first page of all, while there is no board yet ---- */

static bool is_first_of_all(const ledger_filter *filter) {
    return filter_lets_all_through(filter) && !filter->after.size && !filter->offset && filter->limit &&
           (filter->order == ORDER_DATE || filter->order == ORDER_DATE_DOWN);
}

static status count_shown(ledger *l, uint64_t *out, failure *f) {
    statement s = statement_of(l,
                               "SELECT (SELECT count(*) FROM incident) - CASE WHEN ? = 0 THEN 0 ELSE"
                               " (SELECT count(*) FROM incident WHERE sensitive <> 0) END",
                               f);
    give_number(&s, l->hides);
    if (statement_row(&s))
        *out = (uint64_t)take_number(&s, 0);
    return statement_done(&s);
}

/* The order of image_rank, as far as incidents have a day; those come first, and no page goes beyond them. */
static status pick_by_index(question *q, picked_list *out, ledger_paged *paged) {
    static const char upwards[] = "SELECT key, day_from, id, disagree_on FROM incident WHERE day_from IS NOT"
                                  " NULL AND (? = 0 OR sensitive = 0) ORDER BY day_from, id LIMIT ?",
                      downwards[] =
                          "SELECT key, day_from, id, disagree_on FROM incident WHERE day_from IS NOT NULL"
                          " AND (? = 0 OR sensitive = 0) ORDER BY day_from DESC, id DESC LIMIT ?";
    bool down = q->filter->order == ORDER_DATE_DOWN;
    statement s = statement_of(q->l, down ? downwards : upwards, q->f);
    cursor c = {0};
    give_number(&s, q->l->hides);
    give_number(&s, (int64_t)q->filter->limit + 1);
    while (statement_row(&s)) {
        if (out->size == q->filter->limit) {
            paged->next = cursor_text(q->a, CURSOR_INCIDENTS, q->filter, &c);
            break;
        }
        rank r = image_rank_of(q->filter->order, (day)take_number(&s, 1), take_text(&s, 2));
        c = (cursor){r.a, r.b, {r.id[0], r.id[1]}};
        *VECTOR_PUSH(out, q->a) =
            (picked){.key = take_number(&s, 0), .disagree_on = (uint8_t)take_number(&s, 3)};
    }
    status code = statement_done(&s);
    return code == STATUS_OK ? count_shown(q->l, &paged->total, q->f) : code;
}

/* A server was just started, and its first visitors need not wait until it has read all. False where it has,
 * or where they must. */
static bool begins_without(question *q, picked_list *out, ledger_paged *paged, status *code) {
    if (!q->b->tended || ledger_board_stands(q->b) || !is_first_of_all(q->filter))
        return false;
    *code = pick_by_index(q, out, paged);
    if (*code == STATUS_OK && paged->next.data)
        return true;
    *out = (picked_list){0};
    *paged = (ledger_paged){0};
    return *code != STATUS_OK;
}

static bool is_null(const json_t *o, const char *name) {
    const json_t *v = json_object_get(o, name);
    return !v || json_is_null(v);
}

/* The estimate that a line shows. */
static void write_figure(buffer *b, str summary) {
    static const effect order[] = {EFFECT_KILLED,  EFFECT_CASUALTIES, EFFECT_INJURED,
                                   EFFECT_MISSING, EFFECT_DETAINED,   EFFECT_DISPLACED};
    size_t from, to, i;
    json_t *all =
        json_member(summary, STR("estimates"), &from, &to) ? json_parsed(str_slice(summary, from, to)) : NULL;
    json_t *one, *best = NULL;
    for (size_t e = 0; e < sizeof order / sizeof *order && !best; e++)
        json_array_foreach(all, i, one) {
            const char *of = json_string_value(json_object_get(one, "effect")),
                       *people = json_string_value(json_object_get(one, "class"));
            if (!best && of && people && !strcmp(of, effect_name(order[e])) && !strcmp(people, "all") &&
                is_null(one, "group"))
                best = one;
        }
    write_key(b, "figure");
    if (best) {
        static const char *const names[] = {"low", "best", "high"};
        buffer_add_byte(b, '{');
        write_key(b, "effect"), write_name(b, json_string_value(json_object_get(best, "effect")));
        for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
            write_key(b, names[k]);
            if (is_null(best, names[k]))
                buffer_add(b, STR("null"));
            else
                write_number(b, json_integer_value(json_object_get(best, names[k])));
        }
        write_key(b, "high_open");
        buffer_add(b, json_is_true(json_object_get(best, "high_open")) ? STR("true") : STR("false"));
        buffer_add_byte(b, '}');
    } else {
        buffer_add(b, STR("null"));
    }
    json_decref(all);
}

static void write_disagreements(buffer *b, uint8_t bits) {
    write_key(b, "disagree_on"), buffer_add_byte(b, '[');
    for (int on = ON_COUNT; on <= ON_PLACE; on++)
        if (bits >> on & 1) {
            write_comma(b);
            write_name(b, disagreement_on_name((disagreement_on)on));
        }
    buffer_add_byte(b, ']');
}

/* Of the documents that hold the words, the one whose best stretch holds most of them. */
static status write_best_snippet(question *q, const snippet_words *words, const picked *p, buffer *out) {
    buffer one = {0}, best = {0};
    size_t most = 0;
    status code = STATUS_OK;
    for (size_t i = 0; i < p->version_count && code == STATUS_OK; i++) {
        size_t held;
        one.size = 0;
        code = snippet_write(q->l, words, p->versions[i], &one, &held, q->f);
        if (!one.size || (best.size && held <= most))
            continue;
        buffer swap = best;
        best = one;
        one = swap;
        most = held;
    }
    write_key(out, "snippet");
    buffer_add(out, best.size ? buffer_str(&best) : STR("null"));
    buffer_free(&one);
    buffer_free(&best);
    return code;
}

typedef struct telling {
    question *q;
    const snippet_words *words;
    const picked *of;
    buffer line;
    ledger_row row;
    void *context;
    bool more;
    status code;
} telling;

static bool tell_summary(void *context, str id, str text) {
    telling *t = context;
    (void)id;
    t->line.size = 0;
    buffer_add(&t->line, str_slice(text, 0, text.size - 1));
    write_figure(&t->line, text);
    write_disagreements(&t->line, t->of->disagree_on);
    if (t->words)
        t->code = write_best_snippet(t->q, t->words, t->of, &t->line);
    buffer_add_byte(&t->line, '}');
    t->more = t->code == STATUS_OK && t->row(t->context, buffer_str(&t->line));
    return t->more;
}

status ledger_page(ledger *l, const ledger_filter *filter, ledger_row row, void *context, arena *a,
                   ledger_paged *out, failure *f) {
    question q = {.l = l, .b = board_of(l), .a = a, .filter = filter, .f = f};
    picked_list list = {0};
    ledger_paged paged = {0};
    cursor after;
    status code = filter->after.size ? cursor_read(CURSOR_INCIDENTS, filter, &after, f) : STATUS_OK;
    if (code == STATUS_OK && !begins_without(&q, &list, &paged, &code)) {
        code = question_begin(&q);
        if (code != STATUS_OK)
            return code;
        pick_page(&q, filter->after.size ? &after : NULL, &list, &paged);
        question_let_go(&q);
        give_back(q.b, q.kept);
    }
    telling t = {.q = &q, .row = row, .context = context, .more = true};
    if (q.asked.words.data)
        t.words = snippet_words_of(a, q.asked.shown);
    for (size_t i = 0; i < list.size && t.more && code == STATUS_OK; i++) {
        t.of = &list.at[i];
        code = query_summary(l, t.of->key, tell_summary, &t, f);
        code = code == STATUS_OK ? t.code : code;
    }
    buffer_free(&t.line);
    if (code == STATUS_OK)
        *out = paged;
    return code;
}
