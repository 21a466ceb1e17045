#include "base/counters.h"
#include "base/search.h"
#include "places/format.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

const char *place_kind_name(place_kind k) {
    static const char *const names[] = {"country",       "region", "city", "village",
                                        "neighbourhood", "site",   "area"};
    return (size_t)k < sizeof names / sizeof *names ? names[k] : "area";
}

static const void *section_at(const gazetteer *g, section s) {
    return (const char *)g + g->sections[s].offset;
}

static size_t section_items(const gazetteer *g, section s) {
    return (size_t)g->sections[s].count;
}

/* Opening */

static bool is_power_of_two(uint64_t n) {
    return n && (n & (n - 1)) == 0;
}

static bool section_fits(const gazetteer *g, section s) {
    section_range r = g->sections[s];
    size_t item = section_item_size(s);
    bool table = s == SECTION_SLOTS || s == SECTION_LOOSE_SLOTS || s == SECTION_FILTER;
    return r.offset >= sizeof *g && r.offset <= g->size && r.offset % 8 == 0 &&
           r.count <= (g->size - r.offset) / item && r.count < PLACE_NONE &&
           (!table || is_power_of_two(r.count));
}

status gazetteer_check(str bytes, const char *name, const gazetteer **out, failure *f) {
    const gazetteer *g = (const gazetteer *)(const void *)bytes.data;
    if (bytes.size < sizeof *g || memcmp(g->magic, FORMAT_MAGIC, sizeof g->magic) != 0)
        return fail(f, STATUS_BAD_INPUT, "%s: offset 0: expected a compiled gazetteer", name);
    if (g->byte_order != FORMAT_BYTE_ORDER || g->version != FORMAT_VERSION)
        return fail(f, STATUS_BAD_INPUT,
                    "%s: offset 8: expected version %d of this machine's byte order; compile it here again",
                    name, FORMAT_VERSION);
    if (g->size != bytes.size)
        return fail(f, STATUS_BAD_INPUT, "%s: offset 16: expected %llu bytes, the file has %zu", name,
                    (unsigned long long)g->size, bytes.size);
    for (section s = 0; s < SECTION_COUNT; s++)
        if (!section_fits(g, s))
            return fail(f, STATUS_BAD_INPUT, "%s: offset %zu: section %d leads outside the file", name,
                        offsetof(gazetteer, sections) + (size_t)s * sizeof(section_range), (int)s);
    *out = g;
    return STATUS_OK;
}

static status map_file(int fd, const char *path, str *out, failure *f) {
    struct stat about;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        return fail(f, STATUS_NO_INPUT, "%s: expected a file", path);
    if ((size_t)about.st_size < sizeof(gazetteer))
        return fail(f, STATUS_BAD_INPUT, "%s: offset 0: expected a compiled gazetteer", path);
    void *data = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED)
        return fail(f, STATUS_IO, "%s: cannot be mapped", path);
    *out = (str){data, (size_t)about.st_size};
    return STATUS_OK;
}

status gazetteer_open(const char *path, gazetteer **out, failure *f) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(f, STATUS_NO_INPUT, "%s: cannot be opened", path);
    str bytes;
    status s = map_file(fd, path, &bytes, f);
    close(fd);
    if (s != STATUS_OK)
        return s;
    const gazetteer *g;
    s = gazetteer_check(bytes, path, &g, f);
    if (s == STATUS_OK)
        *out = (gazetteer *)(uintptr_t)g;
    else
        munmap((void *)(uintptr_t)bytes.data, bytes.size);
    return s;
}

void gazetteer_close(gazetteer *g) {
    if (g && g != gazetteer_builtin())
        munmap(g, (size_t)g->size);
}

str gazetteer_version(const gazetteer *g) {
    return (str){g->digest, sizeof g->digest};
}

/* References: each is checked where it is followed. */

static str text_at(const gazetteer *g, uint32_t reference) {
    size_t size = section_items(g, SECTION_TEXT);
    const unsigned char *text = section_at(g, SECTION_TEXT);
    if (reference == 0 || reference > size || size - reference < 2)
        return STR_NONE;
    size_t length = (size_t)text[reference] | (size_t)text[reference + 1] << 8;
    return length && length <= size - reference - 2 ? (str){(const char *)text + reference + 2, length}
                                                    : STR_NONE;
}

const place_record *gazetteer_record(const gazetteer *g, uint32_t index) {
    return index < section_items(g, SECTION_PLACES)
               ? (const place_record *)section_at(g, SECTION_PLACES) + index
               : NULL;
}

void gazetteer_get(const gazetteer *g, uint32_t index, place *out) {
    const place_record *r = gazetteer_record(g, index);
    *out = (place){.index = index};
    if (!r)
        return;
    *out = (place){
        .index = index,
        .kind = r->kind <= PLACE_AREA ? (place_kind)r->kind : PLACE_AREA,
        .id = text_at(g, r->id),
        .name = text_at(g, r->name),
        .name_ar = text_at(g, r->name_ar),
        .country = r->country[0] ? (str){r->country, 2} : STR_NONE,
        .admin1 = text_at(g, r->admin1),
        .admin2 = text_at(g, r->admin2),
        .lat = (double)r->lat / PLACE_DEGREE_UNITS,
        .lon = (double)r->lon / PLACE_DEGREE_UNITS,
        .radius_km = (double)r->radius / PLACE_RADIUS_UNITS,
        .population = r->population,
        .attention = r->attention,
    };
}

/* Looking up */

typedef struct index_sections {
    section keys, lists, slots;
} index_sections;
static const index_sections indexes[] = {
    [INDEX_EXACT] = {SECTION_KEYS, SECTION_LISTS, SECTION_SLOTS},
    [INDEX_LOOSE] = {SECTION_LOOSE_KEYS, SECTION_LOOSE_LISTS, SECTION_LOOSE_SLOTS},
};

static const key_record *find_key(const gazetteer *g, index_sections in, str key, uint64_t hash) {
    const uint64_t *slots = section_at(g, in.slots);
    const key_record *keys = section_at(g, in.keys);
    size_t mask = section_items(g, in.slots) - 1;
    for (size_t probe = 0; probe < FORMAT_PROBES; probe++) {
        uint64_t slot = slots[(hash + probe) & mask];
        if (slot == 0)
            return NULL;
        size_t index = (uint32_t)slot - 1u;
        if (slot >> 32 == hash >> 32 && index < section_items(g, in.keys) &&
            str_equal(text_at(g, keys[index].text), key))
            return &keys[index];
    }
    return NULL;
}

static bool filter_has(const gazetteer *g, uint64_t hash) {
    filter_bits bits = filter_place(hash, section_items(g, SECTION_FILTER));
    return (((const uint64_t *)section_at(g, SECTION_FILTER))[bits.word] & bits.mask) == bits.mask;
}

static place_list list_of(const gazetteer *g, index_sections in, const key_record *key) {
    size_t size = section_items(g, in.lists);
    if (!key || key->first > size || key->count > size - key->first)
        return (place_list){0};
    return (place_list){(const uint32_t *)section_at(g, in.lists) + key->first, key->count};
}

place_list gazetteer_places(const gazetteer *g, index_kind which, str key) {
    COUNT(place_lookups, 1);
    if (key.size == 0)
        return (place_list){0};
    uint64_t hash = str_hash(key);
    if (which == INDEX_EXACT && !filter_has(g, hash))
        return (place_list){0};
    return list_of(g, indexes[which], find_key(g, indexes[which], key, hash));
}

size_t gazetteer_lookup(const gazetteer *g, str folded_key, place *out, size_t limit) {
    place_list found = gazetteer_places(g, INDEX_EXACT, places_bare_key(folded_key));
    for (size_t i = 0; i < found.count && i < limit; i++) {
        gazetteer_get(g, found.at[i] & ~LIST_ALTERNATE, &out[i]);
        out[i].alternate = (found.at[i] & LIST_ALTERNATE) != 0;
    }
    return found.count;
}

bool gazetteer_knows(const gazetteer *g, str folded_key) {
    return gazetteer_places(g, INDEX_EXACT, places_bare_key(folded_key)).count > 0;
}

/* The first key that does not come before these bytes. */
static size_t first_key_from(const gazetteer *g, str prefix) {
    const key_record *keys = section_at(g, SECTION_KEYS);
    size_t first;
    FIRST_NOT(first, section_items(g, SECTION_KEYS), i, str_compare(text_at(g, keys[i].text), prefix) < 0);
    return first;
}

static bool key_begins_with(const gazetteer *g, str prefix) {
    const key_record *keys = section_at(g, SECTION_KEYS);
    size_t at = first_key_from(g, prefix);
    return at < section_items(g, SECTION_KEYS) && str_starts(text_at(g, keys[at].text), prefix);
}

bool gazetteer_has_prefix(const gazetteer *g, str folded_key) {
    str bare = places_bare_key(folded_key);
    if (bare.size == 0)
        return true;
    return filter_has(g, str_hash(bare)) && key_begins_with(g, bare);
}

/* "الري" keeps its article, "الري الجديدة" begins with ري: the word alone cannot tell that it leads nowhere.
 */
static bool is_short_with_article(str key) {
    return key.size < 10 && str_starts(key, STR("ال"));
}

/* Of the first two letters of a word that comes second in a name, or of what follows in a key; -1: too short.
 */
enum { SECOND_BYTES = 4, MOST_FOLLOWED = 256 };

static int second_key(str word) {
    uint32_t four;
    if (word.size < SECOND_BYTES)
        return -1;
    memcpy(&four, word.data, sizeof four);
    return (int)(four * UINT32_C(0x9e3779b1) >> 26);
}

bool gazetteer_goes_on(uint64_t next, str folded_word) {
    int key = second_key(folded_word);
    return key < 0 || next >> key & 1;
}

/* What follows a word in the keys from one on that begin with it. */
static uint64_t what_follows(const gazetteer *g, str key, size_t from) {
    const key_record *keys = section_at(g, SECTION_KEYS);
    size_t end = section_items(g, SECTION_KEYS);
    uint64_t next = 0;
    for (size_t i = from; i < end && str_starts(text_at(g, keys[i].text), key); i++) {
        str whole = text_at(g, keys[i].text);
        int second = second_key(str_slice(whole, key.size, whole.size));
        if (i - from == MOST_FOLLOWED)
            return FOLLOWED_BY_ANY;
        next |= second < 0 ? 0 : UINT64_C(1) << second;
    }
    return next;
}

name_start gazetteer_starts(const gazetteer *g, str folded_word, uint64_t *next) {
    str key = places_bare_key(folded_word);
    COUNT(place_lookups, 1);
    *next = FOLLOWED_BY_ANY;
    if (folded_word.size == 0)
        return STARTS_NO_NAME;
    uint64_t hash = str_hash(key);
    if (is_short_with_article(key))
        return STARTS_NAMES;
    if (!filter_has(g, hash))
        return STARTS_NO_NAME;
    const key_record *whole = find_key(g, indexes[INDEX_EXACT], key, hash);
    size_t after = whole ? (size_t)(whole - (const key_record *)section_at(g, SECTION_KEYS)) + 1 : 0;
    if (whole && (after == section_items(g, SECTION_KEYS) || !str_starts(text_at(g, whole[1].text), key)))
        return IS_WHOLE_NAME;
    if (key.size >= SECOND_BYTES) /* less may be the beginning of an article, with what follows */
        *next = what_follows(g, key, whole ? after : first_key_from(g, key));
    return whole ? IS_NAME_AND_STARTS : STARTS_NAMES;
}

size_t gazetteer_longest(const gazetteer *g, const str *folded_words, size_t count) {
    char joined[NAME_LIMIT];
    size_t size = 0, longest = 0;
    COUNT(place_lookups, 1);
    if (count == 0 || folded_words[0].size == 0)
        return 0;
    for (size_t i = 0; i < count && folded_words[i].size <= sizeof joined - size; i++) {
        memcpy(joined + size, folded_words[i].data, folded_words[i].size);
        size += folded_words[i].size;
        str key = places_bare_key((str){joined, size});
        uint64_t hash = str_hash(key);
        if (!filter_has(g, hash)) {
            if (is_short_with_article(key))
                continue;
            break;
        }
        if (find_key(g, indexes[INDEX_EXACT], key, hash))
            longest = i + 1;
    }
    return longest;
}
