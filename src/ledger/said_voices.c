/* What reviewers said of voices: acts of kind "name", and what they come to.
 *
 * An act makes the voices of several keys one, and may say how they are called; or it tells a name, as it
 * stands in a text, apart from a voice. Keys that any act named together hang together, also where it was
 * undone: what an act or its undoing changes is found among those. Their number is that of people's acts; it
 * is looked up in order all the same, since another team's acts may be many. */
#include <stdlib.h>

#include "ledger/sources.h"
#include "ledger/words.h"

/* ---- the acts ---- */

enum { TEXTS = 3 };

typedef struct naming {
    int64_t act;
    bool undone;
    string_list keys;  /* of the voices that it names */
    string_list apart; /* texts that are not the first of these */
    bool told[TEXTS];
    str texts[TEXTS]; /* name, name_ar, kind */
} naming;
typedef VECTOR(naming) namings;

static string_list texts_of(arena *a, const json_t *list) {
    string_list out = {0};
    size_t i;
    const json_t *one;
    json_array_foreach(list, i, one) {
        *VECTOR_PUSH(&out, a) = arena_copy(a, json_slice(one));
    }
    return out;
}

static naming naming_of(arena *a, int64_t act, const json_t *payload) {
    static const char *const names[TEXTS] = {"name", "name_ar", "kind"};
    naming n = {.act = act,
                .keys = texts_of(a, json_object_get(payload, "voices")),
                .apart = texts_of(a, json_object_get(payload, "not"))};
    for (size_t i = 0; i < TEXTS; i++) {
        n.told[i] = json_object_get(payload, names[i]) != NULL;
        n.texts[i] = json_kept(a, payload, names[i]);
    }
    return n;
}

/* In the order in which they hold. */
static status namings_read(ledger *l, arena *a, namings *out, failure *f) {
    status code = STATUS_OK;
    *out = (namings){0};
    statement s =
        statement_of(l, "SELECT sequence, payload FROM act WHERE kind = 'name' ORDER BY " ACT_TURN, f);
    while (code == STATUS_OK && statement_row(&s)) {
        json_t *payload = json_parsed(take_text(&s, 1));
        naming n = naming_of(a, take_number(&s, 0), payload);
        json_decref(payload);
        code = act_is_undone(l, n.act, &n.undone, f);
        if (n.keys.size)
            *VECTOR_PUSH(out, a) = n;
    }
    status done = statement_done(&s);
    return code == STATUS_OK ? done : code;
}

/* ---- what hangs together ---- */

static uint32_t root_of(uint32_t *up, uint32_t i) {
    while (up[i] != i)
        i = up[i] = up[up[i]];
    return i;
}

static int by_key_text(const void *x, const void *y) {
    const said_key *a = x, *b = y;
    return str_compare(a->key, b->key);
}

static said_key *key_named(const said_voices *said, str key) {
    const said_key want = {key, 0};
    return said->keys.size ? bsearch(&want, said->keys.at, said->keys.size, sizeof want, by_key_text) : NULL;
}

const said_group *said_group_of(const said_voices *said, str key) {
    const said_key *found = said && key.size ? key_named(said, key) : NULL;
    return found ? &said->groups.at[found->group] : NULL;
}

static int by_key_and_text(const void *x, const void *y) {
    const said_apart *a = x, *b = y;
    int order = str_compare(a->key, b->key);
    return order ? order : str_compare(a->text, b->text);
}

bool said_is_apart(const said_voices *said, str key, str text) {
    const said_apart want = {key, text};
    return text.size && said->apart.size &&
           bsearch(&want, said->apart.at, said->apart.size, sizeof want, by_key_and_text);
}

enum { NO_GROUP = UINT32_MAX };

/* The group of the first that has one takes in those of the others: it was named first. */
static void take_names(said_voices *said, arena *a, uint32_t *up, const naming *n) {
    uint32_t group = NO_GROUP;
    for (size_t i = 0; i < n->keys.size; i++) {
        uint32_t of = key_named(said, n->keys.at[i])->group;
        of = of == NO_GROUP ? of : root_of(up, of);
        group = of < group ? of : group;
    }
    if (group == NO_GROUP) {
        group = (uint32_t)said->groups.size;
        up[group] = group;
        *VECTOR_PUSH(&said->groups, a) = (said_group){.key = n->keys.at[0]};
    }
    for (size_t i = 0; i < n->keys.size; i++) {
        said_key *key = key_named(said, n->keys.at[i]);
        if (key->group != NO_GROUP)
            up[root_of(up, key->group)] = group;
        key->group = group;
    }
    said_group *g = &said->groups.at[group];
    str *const texts[TEXTS] = {&g->name, &g->name_ar, &g->kind};
    for (size_t i = 0; i < TEXTS; i++)
        if (n->told[i])
            *texts[i] = n->texts[i];
}

static bool makes_one(const naming *n) {
    return !n->undone && !n->apart.size;
}

/* The keys that stand in some group, each in none yet. */
static void list_keys(said_voices *said, arena *a, const namings *all) {
    string_list keys = {0};
    for (size_t i = 0; i < all->size; i++)
        for (size_t k = 0; k < all->at[i].keys.size && makes_one(&all->at[i]); k++)
            *VECTOR_PUSH(&keys, a) = all->at[i].keys.at[k];
    strings_once(&keys);
    for (size_t i = 0; i < keys.size; i++)
        *VECTOR_PUSH(&said->keys, a) = (said_key){keys.at[i], NO_GROUP};
}

status said_voices_read(ledger *l, arena *a, said_voices *out, failure *f) {
    namings all;
    *out = (said_voices){0};
    status code = namings_read(l, a, &all, f);
    if (code != STATUS_OK)
        return code;
    uint32_t *up = ARENA_NEW(a, uint32_t, all.size + 1);
    list_keys(out, a, &all);
    for (size_t i = 0; i < all.size; i++) {
        const naming *n = &all.at[i];
        if (makes_one(n))
            take_names(out, a, up, n);
        for (size_t k = 0; k < n->apart.size && !n->undone; k++)
            *VECTOR_PUSH(&out->apart, a) = (said_apart){n->keys.at[0], words_joined(a, n->apart.at[k])};
    }
    for (size_t i = 0; i < out->keys.size; i++)
        out->keys.at[i].group = root_of(up, out->keys.at[i].group);
    if (out->apart.size)
        qsort(out->apart.at, out->apart.size, sizeof *out->apart.at, by_key_and_text);
    return STATUS_OK;
}

str said_voices_signature(arena *a, const said_voices *said) {
    buffer b = {0};
    for (size_t i = 0; i < said->keys.size; i++) {
        const said_group *g = &said->groups.at[said->keys.at[i].group];
        const str parts[] = {said->keys.at[i].key, g->key, g->name, g->name_ar, g->kind};
        for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
            leaf_line(&b, parts[k]);
    }
    for (size_t i = 0; i < said->apart.size; i++) {
        leaf_line(&b, said->apart.at[i].key);
        leaf_line(&b, said->apart.at[i].text);
    }
    str out = digest_hex(a, sha256(buffer_str(&b)), 16);
    buffer_free(&b);
    return out;
}

/* ---- what an act bears on ---- */

str key_told_apart(arena *a, str key, str text) {
    const str parts[] = {key, STR("\nnot\n"), words_joined(a, text)};
    return minted_id(a, "s-", parts, sizeof parts / sizeof *parts);
}

/* The keys that an act speaks of, also those of the names that it tells apart. */
static string_list spoken_keys(arena *a, const naming *n) {
    string_list out = {0};
    for (size_t i = 0; i < n->keys.size; i++) {
        *VECTOR_PUSH(&out, a) = n->keys.at[i];
        for (size_t k = 0; k < n->apart.size; k++)
            *VECTOR_PUSH(&out, a) = key_told_apart(a, n->keys.at[i], n->apart.at[k]);
    }
    return out;
}

/* Keys in their order, and above each another that it hangs together with. */
typedef struct hanging {
    string_list keys;
    uint32_t *up;
} hanging;

static uint32_t group_of(const hanging *h, str key) {
    size_t low = 0, high = h->keys.size;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        *(str_compare(h->keys.at[middle], key) <= 0 ? &low : &high) = middle;
    }
    return root_of(h->up, (uint32_t)low);
}

static hanging hang_together(arena *a, const string_list *spoken, size_t acts) {
    hanging h = {.up = NULL};
    for (size_t i = 0; i < acts; i++)
        for (size_t k = 0; k < spoken[i].size; k++)
            *VECTOR_PUSH(&h.keys, a) = spoken[i].at[k];
    strings_once(&h.keys);
    h.up = ARENA_NEW(a, uint32_t, h.keys.size + 1);
    for (uint32_t i = 0; i < h.keys.size; i++)
        h.up[i] = i;
    for (size_t i = 0; i < acts; i++)
        for (size_t k = 1; k < spoken[i].size; k++)
            h.up[group_of(&h, spoken[i].at[k])] = group_of(&h, spoken[i].at[0]);
    return h;
}

status named_voices_read(ledger *l, arena *a, int64_t act, named_voices *out, failure *f) {
    namings all;
    *out = (named_voices){0};
    status code = namings_read(l, a, &all, f);
    if (code != STATUS_OK)
        return code;
    string_list *spoken = ARENA_NEW(a, string_list, all.size + 1);
    for (size_t i = 0; i < all.size; i++)
        spoken[i] = spoken_keys(a, &all.at[i]);
    hanging h = hang_together(a, spoken, all.size);
    bool *meant = ARENA_NEW(a, bool, h.keys.size + 1);
    for (size_t i = 0; i < all.size; i++)
        if (!act || all.at[i].act == act)
            meant[group_of(&h, all.at[i].keys.at[0])] = true;
    for (uint32_t i = 0; i < h.keys.size; i++)
        if (meant[root_of(h.up, i)])
            *VECTOR_PUSH(&out->keys, a) = h.keys.at[i];
    for (size_t i = 0; i < all.size; i++)
        if (meant[group_of(&h, all.at[i].keys.at[0])])
            for (size_t k = 0; k < all.at[i].apart.size; k++)
                *VECTOR_PUSH(&out->apart, a) = all.at[i].apart.at[k];
    strings_once(&out->apart);
    return STATUS_OK;
}
