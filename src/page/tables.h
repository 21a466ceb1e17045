/* The words of the tables under data/page, compiled into hash tables, and how to look them up. */
#ifndef ISN_PAGE_TABLES_H
#define ISN_PAGE_TABLES_H

#include "base/arena.h"
#include "page_tables.h"

typedef enum element_flag {
    ELEMENT_VOID = 1,
    ELEMENT_RAW = 2,
    ELEMENT_RCDATA = 4,
    ELEMENT_SKIP = 8,
    ELEMENT_BLOCK = 16,
    ELEMENT_TABLE = 32,
    ELEMENT_CHROME = 64,
    ELEMENT_LIST = 128,
    ELEMENT_HEADING = 256,
    ELEMENT_HEAD = 512,
    ELEMENT_BREAKOUT = 1024,
} element_flag;

/* What an element's class, id, role or itemprop says of its content; bits. */
typedef enum cue {
    CUE_BODY = 1 << 0,
    CUE_CONTENT = 1 << 1,
    CUE_CHROME = 1 << 2,
    CUE_COMMENTS = 1 << 3,
    CUE_RELATED = 1 << 4,
    CUE_POPULAR = 1 << 5,
    CUE_PREVIOUS = 1 << 6,
    CUE_NEXT = 1 << 7,
    CUE_TAGS = 1 << 8,
    CUE_SHARE = 1 << 9,
    CUE_CAPTION = 1 << 10,
    CUE_HEADLINE = 1 << 11,
    CUE_STANDFIRST = 1 << 12,
    CUE_AUTHOR = 1 << 13,
    CUE_DATE = 1 << 14,
    CUE_HIDDEN = 1 << 15,
    CUE_NEUTRAL = 1 << 16,
    CUE_QUALIFIER = 1 << 17,
    CUE_STATE = 1 << 18,
    CUE_ENTRY = 1 << 19, /* a post among others */
    CUE_VIA = 1 << 20,   /* whom a post was forwarded from */
    CUE_DROPPED = CUE_CHROME | CUE_COMMENTS | CUE_RELATED | CUE_POPULAR | CUE_PREVIOUS | CUE_NEXT | CUE_TAGS |
                  CUE_SHARE | CUE_HIDDEN,
} cue;

/* What a short line says of itself or of what follows. */
typedef enum phrase {
    PHRASE_NONE,
    PHRASE_CHROME,
    PHRASE_COMMENTS,
    PHRASE_PREVIOUS,
    PHRASE_NEXT,
    PHRASE_RELATED,
    PHRASE_POPULAR,
    PHRASE_SOURCE,
    PHRASE_BYLINE,
    PHRASE_PUBLISHED,
    PHRASE_UPDATED,
    PHRASE_SIGNOFF,
    PHRASE_BIO,
    PHRASE_CREDIT,
} phrase;
typedef enum phrase_place { PLACE_WHOLE, PLACE_START, PLACE_INSIDE } phrase_place;

typedef enum calendar { CALENDAR_GREGORIAN, CALENDAR_HIJRI } calendar;

/* Words of times told from the moment of reading; what a word is, or-ed with how exact the time becomes. */
typedef enum relative_word {
    RELATIVE_AGO = 1,
    RELATIVE_FILL,
    RELATIVE_DAY,
    RELATIVE_UNIT,
    RELATIVE_COUNT,
    RELATIVE_WHAT = 7,
    EXACT_DAY = 8,
    EXACT_HOUR = 16,
    EXACT_NOW = 32,
} relative_word;

typedef enum meta_field {
    FIELD_PUBLISHED,
    FIELD_UPDATED,
    FIELD_TITLE,
    FIELD_OUTLET,
    FIELD_AUTHOR,
    FIELD_DESCRIPTION,
    FIELD_ADDRESS,
    FIELD_SECTION,
    FIELD_TAGS,
    FIELD_COUNT
} meta_field;

typedef struct word_entry {
    str key;
    int32_t value, extra;
} word_entry;

typedef struct word_table {
    const word_entry *entries;
    const uint32_t *slots; /* 0 where empty, else the upper 16 bits of the hash, and index + 1 into entries */
    const uint16_t *lines; /* of the entries in their file; NULL where nobody asks */
    uint32_t mask, longest; /* bytes of the longest key */
} word_table;

/* Names in ASCII, found in any case; no two have one slot. */
typedef struct name_entry {
    str key;
    uint64_t eight; /* its first eight bytes, as name_key reads them */
    int32_t value, extra;
} name_entry;

typedef struct name_table {
    const name_entry *slots;
    uint64_t multiplier;
    unsigned shift;
} name_table;

extern const name_table element_table;       /* tag, element flags */
extern const name_table attribute_table;     /* attribute */
extern const word_table cue_table;           /* cue */
extern const word_table cue_first_table;     /* of a run's first word: how many words the longest has */
extern const word_table phrase_table;        /* phrase, phrase_place */
extern const word_table phrase_first_table;  /* the first words of phrases */
extern const word_table month_table;         /* month, calendar */
extern const word_table relative_table;      /* relative_word, value */
extern const word_table platform_table;      /* names and hosts of platforms */
extern const word_table zone_table;          /* minutes ahead of Greenwich */
extern const word_table meta_table;          /* meta_field, rank */
extern const word_table language_word_table; /* bits of languages, weight */
extern const word_table right_to_left_table; /* languages: 1 where their script runs so */
/* What an Arabic letter says, by its place from U+0600 on. */
typedef struct letter_entry {
    uint16_t languages; /* bits */
    uint8_t weight;
} letter_entry;
extern const letter_entry language_letters[0x100];
extern const word_table reference_table; /* index into reference_texts */
extern const char *const language_names[];
extern const str reference_texts[];
extern const page_weights weights;
extern const char *const weight_names[]; /* in the order of its members; NULL behind the last */
extern const char
    *const element_names[]; /* of each tag; and the line of data/page/elements.tsv that has it */
extern const uint16_t element_lines[];

static inline bool is_heading(tag t) {
    return t >= TAG_H1 && t <= TAG_H6;
}

const word_entry *table_find(const word_table *t, str key);
/* The line of its file that an entry stands in. */
unsigned table_line(const word_table *t, const word_entry *entry);
const name_entry *name_find(const name_table *t, str name);

/* Writes the folded form of a code point (at most four bytes; none for a mark that folding drops). */
size_t fold_put(char out[4], uint32_t code_point);
/* Letters and digits, of every script; marks that belong to Arabic letters count as letters. */
bool is_rare_word_code(uint32_t code_point);
static inline bool is_word_code(uint32_t c) {
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (c >= 0x0600 && c <= 0x06FF)
        return !(c <= 0x061F || (c >= 0x066A && c <= 0x066D) || c == 0x06D4 || c == 0x06DD);
    return is_rare_word_code(c);
}
/* The first words of a line, folded, with single spaces between them; a colon is a word of its own, other
 * punctuation is none. At most `most` bytes, ended at a word. *whole: nothing was left out. */
str fold_words(str line, char *into, size_t most, bool *whole);
/* The entry of phrase_table that the line begins with or is; NULL where none. */
const word_entry *phrase_entry(str line, phrase_place *place, size_t *rest);
/* The first entry of phrase_table that may stand anywhere in a line and does; NULL where none. */
const word_entry *phrase_inside(str line);
/* The first word that fold_words gives; empty where it is longer than `most`. */
str fold_first_word(str line, char *into, size_t most);
/* What the line says of itself; *rest is where what follows the phrase begins in `line`. */
phrase phrase_of(str line, phrase_place *place, size_t *rest);

#endif
