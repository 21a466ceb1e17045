#include "ledger/image.h"

#include <math.h>
#include <stdlib.h>

#include "ledger/review.h"

enum { FEW = 5000 };

/* ---- texts by numbers ---- */

static uint32_t *dictionary_place(const dictionary *d, str text) {
    size_t at = (size_t)str_hash(text) & (d->capacity - 1);
    while (d->table[at] && !str_equal(d->texts.at[d->table[at]], text))
        at = (at + 1) & (d->capacity - 1);
    return d->table + at;
}

static void *taken(void *memory) {
    if (!memory)
        abort();
    return memory;
}

static void dictionary_grow(dictionary *d) {
    free(d->table);
    d->capacity = d->capacity ? d->capacity * 2 : 64;
    d->table = taken(calloc(d->capacity, sizeof *d->table));
    for (uint32_t i = 1; i < d->texts.size; i++)
        *dictionary_place(d, d->texts.at[i]) = i;
}

uint32_t dictionary_number(dictionary *d, str text) {
    if (!text.size)
        return 0;
    if (!d->texts.size)
        *VECTOR_PUSH(&d->texts, &d->a) = STR_NONE;
    if ((d->texts.size + 1) * 2 > d->capacity)
        dictionary_grow(d);
    uint32_t *at = dictionary_place(d, text);
    if (!*at) {
        *at = (uint32_t)d->texts.size;
        *VECTOR_PUSH(&d->texts, &d->a) = arena_copy(&d->a, text);
    }
    return *at;
}

uint32_t dictionary_find(const dictionary *d, str text) {
    return d->capacity && text.size ? *dictionary_place(d, text) : 0;
}

static dictionary *dictionaries(image *m, size_t i) {
    dictionary *all[] = {&m->admin1,    &m->sites,     &m->names,   &m->grades,
                         &m->assignees, &m->languages, &m->outlets, &m->voices};
    return i < sizeof all / sizeof *all ? all[i] : NULL;
}

/* ---- orders ---- */

rank image_rank(const image *m, ledger_order order, uint32_t slot) {
    const image_row *r = &m->rows.at[slot];
    const uint64_t *id = m->keys.at[slot].id;
    bool dated = r->from != DAY_NONE;
    switch (order) {
    case ORDER_DATE_DOWN:
        return (rank){dated ? -(int64_t)r->from : INT64_MAX, 0, {~id[0], ~id[1]}};
    case ORDER_FIGURE_DOWN:
        return (rank){-(int64_t)r->figures[FIGURE_ANY], dated ? r->from : INT64_MIN, {id[0], id[1]}};
    case ORDER_VOICES_DOWN:
        return (rank){-(int64_t)r->independent, -(int64_t)r->figures[FIGURE_ANY], {id[0], id[1]}};
    default:
        return (rank){dated ? r->from : INT64_MAX, 0, {id[0], id[1]}};
    }
}

int rank_compare(const rank *x, const rank *y) {
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    if (x->b != y->b)
        return x->b < y->b ? -1 : 1;
    if (x->id[0] != y->id[0])
        return x->id[0] < y->id[0] ? -1 : 1;
    return (x->id[1] > y->id[1]) - (x->id[1] < y->id[1]);
}

/* How many stand before a rank; `behind`: or at it. */
static size_t rank_place(const image *m, ledger_order order, const rank *r, bool behind) {
    size_t low = 0, high = m->live;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        rank at = image_rank(m, order, m->orders[order][middle]);
        int c = rank_compare(&at, r);
        if (c < 0 || (behind && c == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t image_behind(const image *m, ledger_order order, const rank *r) {
    return rank_place(m, order, r, true);
}

typedef struct ranked {
    rank rank;
    uint32_t slot;
    size_t at;
} ranked;

static int by_rank(const void *x, const void *y) {
    return rank_compare(&((const ranked *)x)->rank, &((const ranked *)y)->rank);
}

static ranked *ranked_slots(const image *m, ledger_order order, const uint32_t *slots, size_t count) {
    ranked *out = taken(malloc((count + 1) * sizeof *out));
    for (size_t i = 0; i < count; i++)
        out[i] = (ranked){image_rank(m, order, slots[i]), slots[i], 0};
    qsort(out, count, sizeof *out, by_rank);
    return out;
}

/* One walk, in which what goes is left out; in which what comes is put in. */
static void take_out(image *m, ledger_order order, const uint32_t *slots, size_t count) {
    ranked *gone = ranked_slots(m, order, slots, count);
    for (size_t i = 0; i < count; i++)
        gone[i].at = rank_place(m, order, &gone[i].rank, false);
    uint32_t *list = m->orders[order];
    size_t to = count ? gone[0].at : 0;
    for (size_t i = 0; i < count; i++) {
        size_t from = gone[i].at + 1, end = i + 1 < count ? gone[i + 1].at : m->live;
        memmove(list + to, list + from, (end - from) * sizeof *list);
        to += end - from;
    }
    free(gone);
}

static void put_in(image *m, ledger_order order, const uint32_t *slots, size_t count) {
    ranked *new = ranked_slots(m, order, slots, count);
    for (size_t i = 0; i < count && m->live; i++)
        new[i].at = rank_place(m, order, &new[i].rank, false);
    uint32_t *list = m->orders[order];
    size_t end = m->live;
    for (size_t i = count; i-- > 0;) {
        memmove(list + new[i].at + i + 1, list + new[i].at, (end - new[i].at) * sizeof *list);
        list[new[i].at + i] = new[i].slot;
        end = new[i].at;
    }
    free(new);
}

/* ---- rows ---- */

static uint32_t slot_new(image *m) {
    if (m->unused.size)
        return m->unused.at[--m->unused.size];
    *VECTOR_PUSH(&m->rows, &m->a) = (image_row){0};
    *VECTOR_PUSH(&m->keys, &m->a) = (image_key){0};
    return (uint32_t)m->rows.size - 1;
}

int month_of_day(day d) {
    ymd at = day_split(d);
    int month = at.year * 12 + at.month - 1;
    return month < 0 ? 0 : month >= YEARS * 12 ? YEARS * 12 - 1 : month;
}

static uint64_t half_id(str digits) {
    uint64_t out = 0;
    for (size_t i = 0; i < digits.size; i++) {
        char c = digits.data[i];
        out = out << 4 | (uint64_t)(c >= 'a' ? c - 'a' + 10 : c - '0') % 16;
    }
    return out;
}

static uint8_t status_number(str name) {
    return str_equal(name, STR("settled")) ? 2 : str_equal(name, STR("in review")) ? 1 : 0;
}

static int32_t clamped(int64_t n) {
    return n > INT32_MAX ? INT32_MAX : (int32_t)n;
}

static uint16_t small(uint64_t n) {
    return n > UINT16_MAX ? UINT16_MAX : (uint16_t)n;
}

static const char rows_sql[] =
    "SELECT key, id, status, event, day_from, day_to, country, lat, lon, radius_km, killed, injured, "
    "casualties,"
    " missing, detained, displaced, figure, independent, disagreements, disagree_on, voice_kinds, stances,"
    " place_names, grade, assignee, sensitive, verdicts, admin1, place_id, place_name, place_name_ar, "
    "outlets,"
    " languages FROM incident WHERE key > ? ORDER BY key";
static const char versions_sql[] =
    "SELECT incident, version FROM incident_version WHERE incident > ? ORDER BY incident, version";
static const char voices_sql[] = "SELECT incident, name FROM voice WHERE incident > ? ORDER BY incident, id";

static void set_on_map(image_row *r) {
    const double pi = 3.14159265358979323846;
    double lat = r->lat > 85 ? 85 : r->lat < -85 ? -85 : r->lat, angle = lat * pi / 180;
    if (isnan(r->lat) || isnan(r->lon))
        return;
    r->shrink = (float)cos(r->lat * pi / 180);
    r->east = (float)((r->lon + 180) / 360);
    r->south = (float)(0.5 - log(tan(angle) + 1 / cos(angle)) / (2 * pi));
}

static void take_place(image *m, image_row *r, statement *s) {
    str country = take_text(s, 6);
    r->country =
        country.size == 2
            ? (uint16_t)((uint32_t)(unsigned char)country.data[0] << 8 | (unsigned char)country.data[1])
            : 0;
    r->lat = take_null(s, 7) ? NAN : take_real(s, 7);
    r->lon = take_null(s, 8) ? NAN : take_real(s, 8);
    set_on_map(r);
    r->radius_km = take_null(s, 9) ? 0 : (float)take_real(s, 9);
    r->names = dictionary_number(&m->names, take_text(s, 22));
    r->admin1 = dictionary_number(&m->admin1, take_text(s, 27));
    r->site = dictionary_number(&m->sites, take_text(s, 28));
    while (m->site_names.size <= r->site)
        *VECTOR_PUSH(&m->site_names, &m->a) = (site_names){STR_NONE, STR_NONE};
    site_names *n = &m->site_names.at[r->site];
    if (r->site && !n->name.data) {
        n->name = arena_copy(&m->a, take_text(s, 29));
        n->name_ar = take_null(s, 30) ? STR_NONE : arena_copy(&m->a, take_text(s, 30));
    }
}

static void take_id(str id, uint64_t out[2]) {
    out[0] = id.size == 34 ? half_id(str_slice(id, 2, 18)) : 0;
    out[1] = id.size == 34 ? half_id(str_slice(id, 18, 34)) : 0;
}

rank image_rank_of(ledger_order order, day from, str id) {
    image_row row = {.from = from};
    image_key key;
    take_id(id, key.id);
    image one = {.rows = {.at = &row}, .keys = {.at = &key}};
    return image_rank(&one, order, 0);
}

static void take_row(image *m, image_row *r, image_key *k, statement *s) {
    str id = take_text(s, 1);
    k->key = take_number(s, 0);
    take_id(id, k->id);
    int type = take_null(s, 3) ? 0 : event_type_named(take_text(s, 3));
    *r = (image_row){
        .live = 1, .status = status_number(take_text(s, 2)), .event = type > 0 ? (uint8_t)type : 0};
    r->from = take_null(s, 4) ? DAY_NONE : (day)take_number(s, 4);
    r->to = take_null(s, 5) ? DAY_NONE : (day)take_number(s, 5);
    r->first_month = r->from == DAY_NONE ? 0 : month_of_day(r->from);
    r->last_month = r->to == DAY_NONE ? 0 : month_of_day(r->to);
    take_place(m, r, s);
    for (int i = 0; i < 7; i++)
        r->figures[i] = take_null(s, 10 + i) ? NONE : clamped(take_number(s, 10 + i));
    r->independent = small((uint64_t)take_number(s, 17));
    r->disagreements = small((uint64_t)take_number(s, 18));
    r->disagree_on = (uint8_t)take_number(s, 19);
    r->voice_kinds = (uint32_t)take_number(s, 20);
    r->stances = (uint8_t)take_number(s, 21);
    r->grade = small(dictionary_number(&m->grades, take_text(s, 23)));
    r->assignee = small(dictionary_number(&m->assignees, take_text(s, 24)));
    r->sensitive = take_number(s, 25) != 0;
    r->verdicts = (uint8_t)take_number(s, 26);
    r->languages = small(dictionary_number(&m->languages, take_text(s, 32)));
}

/* ---- lists beside the rows ---- */

/* Rows of a statement in the order of incidents, taken along with these. */
typedef struct along {
    statement s;
    bool more;
    int64_t incident;
} along;

static along along_begin(ledger *l, const char *sql, int64_t after, failure *f) {
    along t = {.s = statement_of(l, sql, f)};
    give_number(&t.s, after);
    statement_walks(&t.s);
    t.more = statement_row(&t.s);
    t.incident = t.more ? take_number(&t.s, 0) : 0;
    return t;
}

static bool along_at(along *t, int64_t incident) {
    while (t->more && t->incident < incident) {
        t->more = statement_row(&t->s);
        t->incident = t->more ? take_number(&t->s, 0) : 0;
    }
    return t->more && t->incident == incident;
}

static void along_next(along *t) {
    t->more = statement_row(&t->s);
    t->incident = t->more ? take_number(&t->s, 0) : 0;
}

static void take_lists(image *m, image_row *r, int64_t key, str outlets, along *versions, along *voices) {
    size_t at = m->pool.size;
    r->lists = (uint32_t)at;
    for (int i = 0; i < 3; i++)
        *VECTOR_PUSH(&m->pool, &m->a) = 0;
    for (; along_at(versions, key); along_next(versions)) {
        *VECTOR_PUSH(&m->pool, &m->a) = (uint32_t)take_number(&versions->s, 1);
        m->pool.at[at]++;
    }
    str one;
    for (size_t from = 0; str_piece(outlets, &from, '\n', &one);)
        if (one.size) {
            *VECTOR_PUSH(&m->pool, &m->a) = dictionary_number(&m->outlets, one);
            m->pool.at[at + 1]++;
        }
    for (; along_at(voices, key); along_next(voices)) {
        *VECTOR_PUSH(&m->pool, &m->a) = dictionary_number(&m->voices, take_text(&voices->s, 1));
        m->pool.at[at + 2]++;
    }
}

/* Incidents behind a key, into `slots`. */
static status read_behind(image *m, ledger *l, int64_t after, uint32_t **slots, size_t *count, failure *f) {
    along versions = along_begin(l, versions_sql, after, f), voices = along_begin(l, voices_sql, after, f);
    statement s = statement_of(l, rows_sql, f);
    VECTOR(uint32_t) list = {0};
    give_number(&s, after);
    statement_walks(&s);
    while (statement_row(&s)) {
        uint32_t slot = slot_new(m);
        image_row r;
        take_row(m, &r, &m->keys.at[slot], &s);
        take_lists(m, &r, m->keys.at[slot].key, take_text(&s, 31), &versions, &voices);
        m->rows.at[slot] = r;
        m->top = m->keys.at[slot].key;
        if (list.size == list.capacity) {
            list.capacity = list.capacity ? list.capacity * 2 : 1024;
            list.at = taken(realloc(list.at, list.capacity * sizeof *list.at));
        }
        list.at[list.size++] = slot;
    }
    *slots = list.at;
    *count = list.size;
    status code = statement_done(&s), versions_code = statement_done(&versions.s),
           voices_code = statement_done(&voices.s);
    return code != STATUS_OK ? code : versions_code != STATUS_OK ? versions_code : voices_code;
}

static void order_room(image *m, size_t room) {
    if (room <= m->order_room)
        return;
    m->order_room = room + room / 8 + 64;
    for (int i = 0; i < ORDERS; i++)
        m->orders[i] = taken(realloc(m->orders[i], m->order_room * sizeof **m->orders));
}

static void put_in_order(image *m, const uint32_t *slots, size_t count) {
    order_room(m, m->live + count);
    for (int i = 0; i < ORDERS; i++)
        put_in(m, (ledger_order)i, slots, count);
    m->live += count;
}

/* ---- the ledger's state ---- */

status image_state(ledger *l, int64_t *gone, int64_t *top, failure *f) {
    statement s = statement_of(l,
                               "SELECT (SELECT coalesce(max(number), 0) FROM incident_gone),"
                               " (SELECT coalesce(max(key), 0) FROM incident)",
                               f);
    if (statement_row(&s)) {
        *gone = take_number(&s, 0);
        *top = take_number(&s, 1);
    }
    return statement_done(&s);
}

/* For so many at once: what grows leaves its old storage behind. */
static status make_room(image *m, ledger *l, failure *f) {
    size_t rows = 0, lists = 0;
    statement s =
        statement_of(l,
                     "SELECT (SELECT count(*) FROM incident), (SELECT count(*) FROM incident_version),"
                     " (SELECT count(*) FROM voice)",
                     f);
    if (statement_row(&s)) {
        rows = (size_t)take_number(&s, 0) + 256;
        lists = (size_t)take_number(&s, 1) * 2 + (size_t)take_number(&s, 2) + rows * 3;
    }
    VECTOR_RESERVE(&m->rows, &m->a, rows);
    VECTOR_RESERVE(&m->keys, &m->a, rows);
    VECTOR_RESERVE(&m->pool, &m->a, lists);
    return statement_done(&s);
}

status image_read(ledger *l, image **out, failure *f) {
    image *m = taken(calloc(1, sizeof *m));
    uint32_t *slots = NULL;
    size_t count = 0;
    bool begun = false;
    int64_t top;
    m->a = arena_new((allocator){0});
    for (size_t i = 0; dictionaries(m, i); i++)
        dictionaries(m, i)->a = arena_new((allocator){0});
    order_room(m, 1);
    status code = store_snapshot(l, &begun, f);
    if (code == STATUS_OK)
        code = image_state(l, &m->gone, &top, f);
    if (code == STATUS_OK)
        code = make_room(m, l, f);
    if (code == STATUS_OK)
        code = read_behind(m, l, 0, &slots, &count, f);
    store_snapshot_end(l, begun);
    if (code == STATUS_OK)
        put_in_order(m, slots, count);
    free(slots);
    if (code == STATUS_OK)
        *out = m;
    else
        image_free(m);
    return code;
}

/* Rows of these keys go. */
static void forget(image *m, const key_list *keys) {
    uint32_t *slots = taken(malloc((keys->size + 1) * sizeof *slots));
    size_t count = 0;
    for (uint32_t i = 0; i < m->rows.size && keys->size; i++)
        if (m->rows.at[i].live && keys_have(keys, m->keys.at[i].key))
            slots[count++] = i;
    for (int i = 0; i < ORDERS; i++)
        take_out(m, (ledger_order)i, slots, count);
    m->live -= count;
    for (size_t i = 0; i < count; i++) {
        const image_row *r = &m->rows.at[slots[i]];
        m->garbage += 3 + m->pool.at[r->lists] + m->pool.at[r->lists + 1] + m->pool.at[r->lists + 2];
        m->rows.at[slots[i]].live = 0;
        *VECTOR_PUSH(&m->unused, &m->a) = slots[i];
    }
    free(slots);
}

static int64_t highest(const image *m) {
    int64_t top = 0;
    for (uint32_t i = 0; i < m->rows.size; i++)
        if (m->rows.at[i].live && m->keys.at[i].key > top)
            top = m->keys.at[i].key;
    return top;
}

/* Keys are given upwards: every row that is new stands behind all those that have stayed. */
static status gone_since(image *m, ledger *l, arena *a, key_list *keys, int64_t *gone, bool *whole,
                         failure *f) {
    int64_t first = 0, new_ones = 0;
    statement s =
        statement_of(l,
                     "SELECT coalesce(min(number), 0), coalesce(max(number), 0), (SELECT count(*) FROM"
                     " (SELECT 1 FROM incident WHERE key > ? LIMIT 5001) AS x) FROM incident_gone",
                     f);
    give_number(&s, m->top);
    if (statement_row(&s)) {
        first = take_number(&s, 0);
        *gone = take_number(&s, 1);
        new_ones = take_number(&s, 2);
    }
    status code = statement_done(&s);
    *whole = *gone < m->gone || (first > m->gone + 1 && *gone > m->gone) || *gone - m->gone > FEW ||
             new_ones > FEW || m->garbage > m->pool.size / 2 + 4096;
    if (code != STATUS_OK || *whole)
        return code;
    s = statement_of(l, "SELECT incident FROM incident_gone WHERE number > ?", f);
    give_number(&s, m->gone);
    return statement_keys(&s, a, keys);
}

status image_follow(image *m, ledger *l, bool *whole, failure *f) {
    arena a = arena_new((allocator){0});
    key_list keys = {0};
    uint32_t *slots = NULL;
    size_t count = 0;
    bool begun = false;
    int64_t gone = 0;
    status code = store_snapshot(l, &begun, f);
    if (code == STATUS_OK)
        code = gone_since(m, l, &a, &keys, &gone, whole, f);
    if (code == STATUS_OK && !*whole) {
        keys_sort(&keys);
        forget(m, &keys);
        m->top = keys.size ? highest(m) : m->top;
        code = read_behind(m, l, m->top, &slots, &count, f);
        put_in_order(m, slots, count);
        m->gone = gone;
    }
    store_snapshot_end(l, begun);
    *whole = *whole || code != STATUS_OK; /* half of it is no image */
    free(slots);
    arena_free(&a);
    return code;
}

void image_free(image *m) {
    if (!m)
        return;
    for (size_t i = 0; dictionaries(m, i); i++) {
        arena_free(&dictionaries(m, i)->a);
        free(dictionaries(m, i)->table);
    }
    for (int i = 0; i < ORDERS; i++)
        free(m->orders[i]);
    arena_free(&m->a);
    free(m);
}

size_t image_bytes(const image *m) {
    size_t bytes = m->a.total + m->order_room * sizeof **m->orders * ORDERS;
    for (size_t i = 0; dictionaries((image *)m, i); i++)
        bytes +=
            dictionaries((image *)m, i)->a.total + dictionaries((image *)m, i)->capacity * sizeof(uint32_t);
    return bytes;
}
