/* Compiling a gazetteer: laying it out as a file (format.h). */
#include "base/buffer.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "places/collection.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct name_entry {
    str key;
    uint32_t place; /* with LIST_ALTERNATE */
    bool behind;    /* those that bear it as their own name go first; but countries always do */
} name_entry;
typedef VECTOR(name_entry) name_entries;

typedef struct image {
    const collection *from;
    arena *memory;
    text_map texts;
    name_entries exact, loose;
    buffer sections[SECTION_COUNT];
} image;

/* Texts */

static uint32_t put_text(image *m, str s) {
    if (s.size == 0 || s.size > UINT16_MAX)
        return 0;
    buffer *text = &m->sections[SECTION_TEXT];
    uint32_t at = (uint32_t)text->size, known = text_map_enter(&m->texts, m->memory, s, at);
    if (known == at) {
        buffer_add_byte(text, (char)(s.size & 0xff));
        buffer_add_byte(text, (char)(s.size >> 8));
        buffer_add(text, s);
    }
    return known;
}

/* Places */

static str division_name(const collection *c, uint32_t division, str told) {
    return division == PLACE_NONE             ? told
           : c->places.at[division].name.size ? c->places.at[division].name
                                              : told;
}

/* A region is its own, but for one that lies in another by what its row tells. */
static bool is_own_region(const gathered_place *p) {
    return p->kind == PLACE_REGION && (p->region.size == 0 || str_equal(p->region, p->code));
}

static void put_place(image *m, const gathered_place *p) {
    bool region = is_own_region(p);
    place_record r = {
        .id = put_text(m, p->id),
        .name = put_text(m, p->name),
        .name_ar = put_text(m, p->name_ar),
        .admin1 = put_text(m, region ? p->name : division_name(m->from, p->region_place, p->region)),
        .admin2 = region ? 0 : put_text(m, division_name(m->from, p->county_place, p->county)),
        .region = p->region_place,
        .county = p->county_place,
        .lat = (int32_t)lround(p->lat * PLACE_DEGREE_UNITS),
        .lon = (int32_t)lround(p->lon * PLACE_DEGREE_UNITS),
        .population = p->population,
        .radius = (uint16_t)fmin(UINT16_MAX, ceil(p->radius_km * PLACE_RADIUS_UNITS)),
        .kind = (uint8_t)p->kind,
        .attention = p->attention,
        .renown = p->renown,
    };
    if (p->country.size == 2)
        memcpy(r.country, p->country.data, 2);
    buffer_add(&m->sections[SECTION_PLACES], (str){(const char *)&r, sizeof r});
}

/* Names: as told; without the word that says what kind of place it is; each of "Homs (Hims)". */

static const struct title {
    const char *word;
    bool ends, division; /* it says that the place is a stretch of land with towns in it */
} titles[] = {
    {"محافظة ", false, true},     {"مُحافظة ", false, true},     {"منطقة ", false, true},
    {"مقاطعة ", false, true},     {"ناحية ", false, true},      {"قضاء ", false, true},
    {"مديرية ", false, true},     {"ولاية ", false, true},      {"إقليم ", false, true},
    {"مدينة ", false, false},     {"بلدية ", false, false},     {"بلدة ", false, false},
    {"قرية ", false, false},      {"حي ", false, false},        {"مركز ", false, false},
    {"استان ", false, true},      {"شهرستان ", false, true},    {"إمارة ", false, true},
    {"Markaz ", false, false},    {" Governorate", true, true}, {" governorate", true, true},
    {" Province", true, true},    {" Region", true, true},      {" District", true, true},
    {" Subdistrict", true, true}, {" County", true, true},      {" Municipality", true, false},
    {" City", true, false},       {" Emirate", true, true},     {" State", true, true},
};

static const struct title *title_of(str name) {
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        str word = str_of(titles[i].word);
        if (titles[i].ends ? str_ends(name, word) : str_starts(name, word))
            return &titles[i];
    }
    return NULL;
}

static str without_title(str name, const struct title *t) {
    str word = t ? str_of(t->word) : STR_NONE;
    return !t        ? STR_NONE
           : t->ends ? str_trim(str_slice(name, 0, name.size - word.size))
                     : str_trim(str_slice(name, word.size, name.size));
}

/* The tables call many a capital by its province's name too: "محافظة إدلب" is no name of the town. */
static bool is_of_its_division(const image *m, uint32_t item, const struct title *t) {
    int kind = m->from->places.at[item & ~LIST_ALTERNATE].kind;
    return t && t->division && (kind == PLACE_CITY || kind == PLACE_VILLAGE);
}

static bool is_number(str key) {
    for (size_t i = 0; i < key.size; i++)
        if (key.data[i] < '0' || key.data[i] > '9')
            return false;
    return true;
}

static void enter_key(image *m, str name, uint32_t item) {
    if (name.size == 0 || name.size > NAME_LIMIT)
        return;
    char *key = arena_alloc(m->memory, name.size), *bones = arena_alloc(m->memory, name.size);
    str exact = places_bare_key((str){key, places_fold(name, key)});
    size_t least = item & LIST_ALTERNATE ? 3 : 2;
    if (is_number(exact) || utf8_length(exact) < least)
        return;
    bool country = m->from->places.at[item & ~LIST_ALTERNATE].kind == PLACE_COUNTRY;
    bool behind = (item & LIST_ALTERNATE) && !country;
    *VECTOR_PUSH(&m->exact, m->memory) = (name_entry){exact, item, behind};
    str loose = {bones, places_skeleton(exact, bones)};
    if (loose.size >= 3)
        *VECTOR_PUSH(&m->loose, m->memory) = (name_entry){loose, item, behind};
}

/* Newspapers do not keep to the tables' transliteration: Tall `Afar is Tal Afar and Tell Afar, Shaykh Sheikh.
 * Of towns with an Arabic name, the Latin key is entered in these spellings too, in all their combinations.
 */

enum { SPELLINGS_LIMIT = 24 };

static const struct spelling {
    const char *from, *to;
    bool ends; /* only at the end of the key */
} spellings[] = {
    {"tall", "tal", false},  {"tal", "tell", false},      {"ayn", "ain", false},   {"ain", "ein", false},
    {"dayr", "deir", false}, {"shaykh", "sheikh", false}, {"bayt", "beit", false}, {"jabal", "jebel", false},
    {"rr", "r", false},      {"dd", "d", false},          {"yy", "y", false},      {"isa", "issa", true},
    {"iyah", "iya", true},   {"iyah", "iyeh", true},      {"ah", "a", true},       {"ah", "eh", true},
    {"aw", "o", false},      {"ay", "ei", false},         {"u", "ou", false},      {"in", "een", true},
    {"q", "k", false},
};

typedef struct spelling_set {
    str at[SPELLINGS_LIMIT];
    size_t count;
} spelling_set;

static void add_spelling(spelling_set *set, str key) {
    for (size_t i = 0; i < set->count; i++)
        if (str_equal(set->at[i], key))
            return;
    if (set->count < SPELLINGS_LIMIT)
        set->at[set->count++] = key;
}

static void respell(image *m, spelling_set *set, const struct spelling *rule) {
    str from = str_of(rule->from);
    for (size_t i = 0, before = set->count; i < before; i++) {
        str key = set->at[i];
        size_t at =
            rule->ends ? (str_ends(key, from) ? key.size - from.size : SIZE_MAX) : str_find(key, from, 0);
        if (at != SIZE_MAX)
            add_spelling(set, arena_printf(m->memory, "%.*s%s%.*s", (int)at, key.data, rule->to,
                                           (int)(key.size - at - from.size), key.data + at + from.size));
    }
}

static void enter_spellings(image *m, str name, uint32_t item) {
    spelling_set set = {0};
    char *key = arena_alloc(m->memory, name.size + 1);
    add_spelling(&set, places_bare_key((str){key, places_fold(name, key)}));
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        respell(m, &set, &spellings[i]);
    for (size_t i = 1; i < set.count; i++)
        enter_key(m, set.at[i], item | LIST_ALTERNATE);
}

/* ديرالزور for دير الزور: written as one word, its article is no word's head any more. */
static void enter_joined(image *m, str name, uint32_t item) {
    if (str_find(name, STR(" ال"), 0) == SIZE_MAX)
        return;
    char *joined = arena_alloc(m->memory, name.size);
    size_t size = 0;
    for (size_t i = 0; i < name.size; i++)
        if (name.data[i] != ' ')
            joined[size++] = name.data[i];
    enter_key(m, (str){joined, size}, item);
}

static void enter_name(image *m, str name, uint32_t item) {
    size_t open = str_find(name, STR("("), 0), close = str_find(name, STR(")"), 0);
    bool pair = open != SIZE_MAX && open > 0 && close == name.size - 1 && open < close;
    const struct title *title = title_of(name);
    if (!is_of_its_division(m, item, title))
        enter_key(m, pair ? str_slice(name, 0, open) : name, item);
    if (pair)
        enter_key(m, str_slice(name, open + 1, close), item);
    enter_key(m, without_title(name, title), item);
    enter_joined(m, name, item);
}

static void enter_names(image *m, const gathered_place *p, uint32_t index) {
    if (p->name_ar.size && p->name.size && p->name.size <= NAME_LIMIT &&
        (p->kind == PLACE_CITY || p->kind == PLACE_REGION))
        enter_spellings(m, p->name, index);
    enter_name(m, p->name, index);
    enter_name(m, p->name_ar, index);
    for (size_t i = 0; i < p->names.size; i++)
        enter_name(m, p->names.at[i].text, index | (p->names.at[i].alternate ? LIST_ALTERNATE : 0));
}

/* Indexes */

static int by_place(const void *left, const void *right) {
    const name_entry *a = left, *b = right;
    int order = str_compare(a->key, b->key);
    uint32_t first = a->place & ~LIST_ALTERNATE, second = b->place & ~LIST_ALTERNATE;
    if (order)
        return order;
    return first != second ? (first < second ? -1 : 1) : (a->place > b->place) - (a->place < b->place);
}

static int by_rank(const void *left, const void *right) {
    const name_entry *a = left, *b = right;
    int order = str_compare(a->key, b->key);
    if (order)
        return order;
    return a->behind != b->behind ? a->behind - b->behind : by_place(left, right);
}

/* Each place once under each key, as its own name where it bears it so. */
static void order_names(name_entries *names) {
    size_t kept = 0;
    if (names->size == 0)
        return;
    qsort(names->at, names->size, sizeof *names->at, by_place);
    for (size_t i = 0; i < names->size; i++) {
        const name_entry *last = kept ? &names->at[kept - 1] : NULL;
        bool again = last && (last->place & ~LIST_ALTERNATE) == (names->at[i].place & ~LIST_ALTERNATE) &&
                     str_equal(last->key, names->at[i].key);
        if (!again)
            names->at[kept++] = names->at[i];
    }
    names->size = kept;
    qsort(names->at, names->size, sizeof *names->at, by_rank);
}

static void put_keys(image *m, name_entries *names, section keys, section lists) {
    order_names(names);
    for (size_t from = 0, to; from < names->size; from = to) {
        key_record key = {put_text(m, names->at[from].key), (uint32_t)(m->sections[lists].size / 4), 0};
        for (to = from; to < names->size && str_equal(names->at[to].key, names->at[from].key);
             to++, key.count++)
            buffer_add(&m->sections[lists], (str){(const char *)&names->at[to].place, 4});
        buffer_add(&m->sections[keys], (str){(const char *)&key, sizeof key});
    }
}

static str key_text(const image *m, const key_record *key) {
    const buffer *text = &m->sections[SECTION_TEXT];
    const unsigned char *at = (const unsigned char *)text->data + key->text;
    return (str){(const char *)at + 2, (size_t)at[0] | (size_t)at[1] << 8};
}

/* Zeroed room for `count` items of eight bytes. */
static uint64_t *make_table(buffer *b, size_t count) {
    buffer_reserve(b, count * 8);
    memset(b->data, 0, count * 8);
    b->size = count * 8;
    return (uint64_t *)(void *)b->data;
}

static bool fill_slots(const image *m, section keys, uint64_t *slots, size_t capacity) {
    const key_record *at = (const key_record *)(const void *)m->sections[keys].data;
    for (size_t i = 0; i < m->sections[keys].size / sizeof *at; i++) {
        uint64_t hash = str_hash(key_text(m, &at[i]));
        size_t probe = 0;
        while (probe < FORMAT_PROBES && slots[(hash + probe) & (capacity - 1)])
            probe++;
        if (probe == FORMAT_PROBES)
            return false;
        slots[(hash + probe) & (capacity - 1)] = (hash & 0xffffffff00000000u) | (i + 1);
    }
    return true;
}

static void put_slots(image *m, section keys, section slots) {
    size_t capacity = 8;
    while (capacity < m->sections[keys].size / sizeof(key_record) * 2)
        capacity *= 2;
    while (!fill_slots(m, keys, make_table(&m->sections[slots], capacity), capacity))
        capacity *= 2;
}

/* Each beginning of a key that the key before it, in order, does not share. */
static size_t for_each_beginning(const image *m, uint64_t *filter, size_t words) {
    const key_record *at = (const key_record *)(const void *)m->sections[SECTION_KEYS].data;
    size_t count = 0;
    str before = STR_NONE;
    for (size_t i = 0; i < m->sections[SECTION_KEYS].size / sizeof *at; i++) {
        str key = key_text(m, &at[i]);
        for (size_t end = 0; end < key.size;) {
            utf8_next(key, &end);
            if (str_starts(before, str_slice(key, 0, end)))
                continue;
            count++;
            filter_bits bits =
                filter ? filter_place(str_hash(str_slice(key, 0, end)), words) : (filter_bits){0};
            if (filter)
                filter[bits.word] |= bits.mask;
        }
        before = key;
    }
    return count;
}

static void put_filter(image *m) {
    size_t beginnings = for_each_beginning(m, NULL, 0), words = 1;
    while (words * 64 < beginnings * 8)
        words *= 2;
    for_each_beginning(m, make_table(&m->sections[SECTION_FILTER], words), words);
}

static void fill(image *m) {
    const collection *c = m->from;
    buffer_add(&m->sections[SECTION_TEXT], (str){"\0\0", 2});
    for (uint32_t i = 0; i < c->places.size; i++) {
        put_place(m, &c->places.at[i]);
        enter_names(m, &c->places.at[i], i);
    }
    put_keys(m, &m->exact, SECTION_KEYS, SECTION_LISTS);
    put_keys(m, &m->loose, SECTION_LOOSE_KEYS, SECTION_LOOSE_LISTS);
    put_slots(m, SECTION_KEYS, SECTION_SLOTS);
    put_slots(m, SECTION_LOOSE_KEYS, SECTION_LOOSE_SLOTS);
    put_filter(m);
}

/* The file */

static gazetteer make_header(image *m) {
    gazetteer g = {.version = FORMAT_VERSION, .byte_order = FORMAT_BYTE_ORDER, .size = sizeof g};
    str parts[SECTION_COUNT];
    memcpy(g.magic, FORMAT_MAGIC, sizeof g.magic);
    for (section s = 0; s < SECTION_COUNT; s++) {
        g.sections[s] = (section_range){g.size, m->sections[s].size / section_item_size(s)};
        while (m->sections[s].size % 8)
            buffer_add_byte(&m->sections[s], '\0');
        parts[s] = buffer_str(&m->sections[s]);
        g.size += parts[s].size;
    }
    str hex = digest_hex(m->memory, sha256_parts(parts, SECTION_COUNT), sizeof g.digest / 2);
    memcpy(g.digest, hex.data, sizeof g.digest);
    return g;
}

static bool write_sections(FILE *file, const gazetteer *g, const image *m) {
    bool good = fwrite(g, sizeof *g, 1, file) == 1;
    for (section s = 0; s < SECTION_COUNT && good; s++)
        good = fwrite(buffer_str(&m->sections[s]).data, 1, m->sections[s].size, file) == m->sections[s].size;
    return good;
}

/* Beside its place first, so that a reader never sees half a gazetteer. */
static status write_file(const gazetteer *g, const image *m, const char *path, failure *f) {
    char *beside = arena_cstring(m->memory, arena_printf(m->memory, "%s.part", path));
    FILE *file = fopen(beside, "wb");
    if (!file)
        return fail(f, STATUS_IO, "%s: cannot be written", beside);
    bool good = write_sections(file, g, m);
    good = fclose(file) == 0 && good;
    if (good && rename(beside, path) == 0)
        return STATUS_OK;
    remove(beside);
    return fail(f, STATUS_IO, "%s: writing failed", path);
}

status image_write(const collection *c, const char *out_path, failure *f) {
    arena memory = arena_new((allocator){0});
    image m = {.from = c, .memory = &memory};
    fill(&m);
    status s = m.sections[SECTION_TEXT].size >= UINT32_MAX
                   ? fail(f, STATUS_BAD_INPUT, "%s: the names come to more than 4 GiB", out_path)
                   : STATUS_OK;
    if (s == STATUS_OK) {
        gazetteer header = make_header(&m);
        s = write_file(&header, &m, out_path, f);
    }
    for (section i = 0; i < SECTION_COUNT; i++)
        buffer_free(&m.sections[i]);
    arena_free(&memory);
    return s;
}
