/* What is known of encodings, compiled from data/page by tools/charset_tables.py. */
#ifndef ISN_PAGE_CHARSET_TABLES_H
#define ISN_PAGE_CHARSET_TABLES_H

#include "base/str.h"

typedef enum decoder {
    DECODER_UTF_8,
    DECODER_UTF_16LE,
    DECODER_UTF_16BE,
    DECODER_BYTES,       /* each byte from 0x80 on is a code point of `high` */
    DECODER_ICU,         /* by ICU's converter */
    DECODER_USER,        /* x-user-defined: bytes from 0x80 on are U+F780 on */
    DECODER_REPLACEMENT, /* encodings that no reader of the web may read any more */
} decoder;

typedef struct encoding {
    const char *name; /* as the Encoding Standard has it, in lower case */
    decoder decoder;
    const char *converter;
    const uint16_t *high; /* the code points of 0x80 to 0xFF; U+FFFD where there is none */
} encoding;

typedef struct encoding_label {
    const char *label;
    const encoding *encoding;
} encoding_label;

/* An encoding with a language's letters. */
typedef struct encoding_guess {
    const encoding *encoding;
    const unsigned char *classes; /* of each byte: a letter, or what it is else */
    const unsigned char *cases;   /* of each byte: 0 none, 1 lower, 2 upper */
    const unsigned char *costs;   /* class before * class_count + class: half bits */
    uint32_t class_count, handicap;
    const char *letters; /* their name in data/page/letter_pairs.tsv */
} encoding_guess;

extern const encoding encodings[];
extern const size_t encoding_count;
extern const encoding_label encoding_labels[]; /* in the order of bytes */
extern const size_t encoding_label_count;
extern const encoding_guess encoding_guesses[];
extern const size_t encoding_guess_count;

const encoding *encoding_named(const char *name);
/* By a label as pages write it (ASCII case and white space around do not matter); NULL where none has it. */
const encoding *encoding_of_label(str label);

#endif
