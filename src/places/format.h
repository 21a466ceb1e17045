/* The compiled gazetteer, as it lies in the file and in memory.
 *
 * A `gazetteer` is the file itself: its first bytes are this header, every section is found by an offset in
 * it, and a lookup reads at most a word of the filter, a slot of a hash table, a key and its text. So the one
 * linked in costs nothing to open, and one that is mapped is ready when its header has been checked.
 *
 * Nothing in the file is trusted: the header is checked once when a file is opened, each later reference
 * (text, key, place) where it is followed. A reference that leads outside gives nothing.
 *
 * Sections
 *   TEXT          bytes; a text is two bytes of length, then that many bytes of UTF-8
 *   PLACES        place records, best known first
 *   KEYS          folded names in byte order, each with its run in LISTS
 *   LISTS         indexes of places: countries, then those that bear the name as their own, then those known
 * by it too (the highest bit marks them), each best known first SLOTS         open addressing over KEYS:
 * upper half the hash's, lower half the key's index plus one FILTER        bits set for each beginning of
 * each key: what is not in it begins no name LOOSE_*       the same for the skeletons of names
 * (places_skeleton), for lookups that found nothing */
#ifndef ISN_PLACES_FORMAT_H
#define ISN_PLACES_FORMAT_H

#include "places/places.h"

enum {
    FORMAT_VERSION = 2,
    FORMAT_BYTE_ORDER = 0x01020304,
    FORMAT_PROBES = 64, /* the longest run of slots that the compiler allows */
    NAME_LIMIT = 250,   /* bytes of a name; longer ones are left out */
};
#define FORMAT_MAGIC   "ISNPLACE"
#define PLACE_NONE     UINT32_MAX
#define LIST_ALTERNATE 0x80000000u
#define PLACE_RADIUS_UNITS                                                                                   \
    10 /* a radius is kept in tenths of a kilometre, coordinates in 1/100,000 degree                         \
        */
#define PLACE_DEGREE_UNITS 100000

typedef enum section {
    SECTION_TEXT,
    SECTION_PLACES,
    SECTION_KEYS,
    SECTION_LISTS,
    SECTION_SLOTS,
    SECTION_FILTER,
    SECTION_LOOSE_KEYS,
    SECTION_LOOSE_LISTS,
    SECTION_LOOSE_SLOTS,
    SECTION_COUNT
} section;

typedef struct section_range {
    uint64_t offset, count; /* from the start of the file; items */
} section_range;

struct gazetteer {
    char magic[8];
    uint32_t version, byte_order;
    uint64_t size;
    char digest[16]; /* hexadecimal, of all that follows the header */
    section_range sections[SECTION_COUNT];
};

typedef struct place_record {
    uint32_t id, name, name_ar, admin1, admin2; /* texts; 0 is the empty one */
    uint32_t region, county;                    /* places; PLACE_NONE */
    int32_t lat, lon;
    uint32_t population;
    uint16_t radius;
    char country[2];
    uint8_t kind;
    uint8_t attention;
    uint8_t renown; /* what attention, its own and its country's, and its reach add to its fame, in tenths */
    uint8_t unused;
} place_record;

typedef struct key_record {
    uint32_t text, first, count;
} key_record;

/* Which of the two indexes. */
typedef enum index_kind { INDEX_EXACT, INDEX_LOOSE } index_kind;
typedef struct place_list {
    const uint32_t *at;
    size_t count;
} place_list;

/* Which of all countries two letters are; PLACES_COUNTRIES where they are none. */
enum { PLACES_COUNTRIES = 26 * 26 };
static inline size_t places_country_slot(const char *letters, size_t size) {
    bool two = size == 2 && letters[0] >= 'A' && letters[0] <= 'Z' && letters[1] >= 'A' && letters[1] <= 'Z';
    return two ? (size_t)(letters[0] - 'A') * 26 + (size_t)(letters[1] - 'A') : PLACES_COUNTRIES;
}

size_t section_item_size(section s);
/* The places under a key. */
place_list gazetteer_places(const gazetteer *g, index_kind which, str key);
const place_record *gazetteer_record(const gazetteer *g, uint32_t index);
/* Checks the header of a compiled gazetteer that lies in memory, at an address divisible by eight. */
status gazetteer_check(str bytes, const char *name, const gazetteer **out, failure *f);

/* The key without the article that begins it: what names are kept under. */
str places_bare_key(str folded);
/* The consonants of a folded name in classes that Arabic and Latin spelling share, as ASCII; at most
 * `folded.size` bytes. "كفرنوران" and "Kafr Nouran" have one skeleton. */
size_t places_skeleton(str folded, char *out);
/* Which two bits of the filter stand for a hash. */
typedef struct filter_bits {
    uint64_t word, mask;
} filter_bits;
static inline filter_bits filter_place(uint64_t hash, uint64_t words) {
    return (filter_bits){(hash >> 12) & (words - 1), (1ull << (hash & 63)) | (1ull << ((hash >> 6) & 63))};
}

#endif
