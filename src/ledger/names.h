/* Names of those who speak: when two of them mean one voice. */
#ifndef ISN_LEDGER_NAMES_H
#define ISN_LEDGER_NAMES_H

#include "base/arena.h"

/* The tables of data/ledger, as text. */
extern const char ledger_table_terms[], ledger_table_voices[], ledger_table_parties[],
    ledger_table_estimates[], ledger_table_links[], ledger_table_codes[], ledger_table_columns[],
    ledger_table_countries[], ledger_table_affixes[], ledger_table_vague[], ledger_table_record[],
    ledger_table_grades[], ledger_table_nations[];

typedef enum term_class {
    TERM_NONE,
    TERM_OFFICE,
    TERM_WRAPPER,
    TERM_SOURCE,
    TERM_PERSON,
    TERM_OWN,
    TERM_OUTLET,
    TERM_BODY,
    TERM_STOP,
    TERM_TOWN,
    TERM_END
} term_class;

typedef struct term {
    uint64_t word;    /* hash of the folded word; 0: free */
    uint32_t classes; /* bits of term_class */
    uint64_t concepts[TERM_END + 1];
} term;

/* One name of a known body: its words in a row. */
typedef struct known_name {
    uint64_t words[10];
    size_t size;
    uint32_t body; /* from 1 */
} known_name;

typedef VECTOR(known_name) known_names;

typedef struct name_tables {
    term *terms;
    size_t capacity;
    known_names names, parties, nations; /* nations: words in a row, `body` the nation's number */
    string_list bodies, party_ids, nation_ids;
    string_list body_kinds;         /* of bodies */
    const struct said_voices *said; /* what reviewers said of voices (sources.h); NULL: nothing */
} name_tables;

void names_load(arena *a, name_tables *out);

enum { NAME_WORDS = 24, SKELETON = 12 };

typedef struct name_word {
    uint64_t word;    /* hash of its folded form */
    uint64_t concept; /* of the class in use; else the word */
    term_class class;
    bool latin, place;
    uint64_t called; /* of a place, as same_words has it */
    char acronym[8]; /* where it is written in capitals */
    char initial;
    bool has_waw, must_waw;  /* a w, or an Arabic waw; one that is surely no vowel */
    char skeleton[SKELETON]; /* its consonants in a coarse alphabet common to both scripts */
} name_word;

typedef enum name_nature { NAME_BODY, NAME_SOURCE, NAME_PERSON, NAME_OWN } name_nature;

typedef struct voice_name {
    name_nature nature;
    bool hollow;   /* an office or a statement and nothing of whose it is */
    uint32_t body; /* of the table of known bodies, from 1; 0: none */
    size_t size;
    name_word words[NAME_WORDS]; /* without offices, wrappers and function words */
    str key;                     /* its words, folded, in order */
} voice_name;

voice_name name_of(const name_tables *t, arena *a, str text);
/* A person's name in a sentence, with an apposition after it that tells whom it speaks for ("X, director of
 * the Y"): Y's name. False where there is none. */
bool name_of_apposition(const name_tables *t, arena *a, str name, str sentence, voice_name *out);
/* The first words by which both call a source nobody describes are of one kind, or not known. */
bool name_same_heads(const voice_name *x, const voice_name *y);
/* Only a proper name: no word of it is known. */
bool name_is_bare(const voice_name *n);
/* Both are bodies, and one body. */
bool name_same_body(const voice_name *x, const voice_name *y);
/* Two words for a source that one hearer heard: the same source. */
bool name_same_source(const voice_name *x, const voice_name *y);

/* Sources that nobody names, in two scripts and of one kind: the words beside the kind are seldom comparable.
 */
bool name_translated(const voice_name *x, const voice_name *y);

/* An outlet's name without its common noun. */
voice_name name_of_outlet(const name_tables *t, arena *a, str text);
bool name_same_outlet(const voice_name *x, const voice_name *y);
/* All words of the outlet stand in the name ("both X and Y"). */
bool name_holds_outlet(const voice_name *n, const voice_name *outlet);
/* The words of a place's name, and what is the same for all names of that place. */
enum { PLACE_WORDS = 4 };
typedef struct same_words {
    uint64_t words[PLACE_WORDS];
    size_t size;
    uint64_t concept;
    uint64_t called; /* hash of the place's English name: the same wherever it is told of */
} same_words;
/* False where the name has no word, or too many. */
bool same_words_of(const name_tables *t, str name, uint64_t concept, same_words *out);
/* Makes the names of places in a name alike in all languages ("Aleppo", "حلب"), each as one word. */
void name_places(voice_name *n, const same_words *same, size_t count);

/* A text's words, ready to be looked through for names. */
typedef struct text_word {
    name_word plain, body;
    uint64_t bare; /* hash without one letter written on to it; 0: there is none */
} text_word;
typedef VECTOR(text_word) text_words;
text_words words_of_text(const name_tables *t, arena *a, str text);
/* Whether a text names an outlet or a body: its words within a short stretch. */
bool name_in_text(const voice_name *n, const text_words *text);

/* A place's name in one word, without the word that says that it is a village or a town. */
str name_of_place(const name_tables *t, arena *a, str text);

/* A place's name by its consonants, the same for most spellings and for both scripts; 0: too few of them. */
uint32_t name_sound(str name);

/* Parties named as authors of an act, as bits. */
uint64_t parties_of(const name_tables *t, arena *a, str text);

#endif
