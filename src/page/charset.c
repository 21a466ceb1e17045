/* Which encoding? In this order: a byte order mark; what the HTTP header says; what a meta element or the XML
 * declaration says; what the bytes look like. Labels lie in known ways, so that bytes may overrule them:
 * - text that is well-formed UTF-8 with sequences of more than one byte is UTF-8, whatever its label; no text
 * in another encoding looks so by chance;
 * - text labelled UTF-8 that is mostly ill-formed, and text labelled with an 8-bit encoding in which its
 * letters make far less sense than in another, is what its letters say (charset_guess.c);
 * - text labelled UTF-16 would have looked so.
 * What comes out may still be UTF-8 that somebody once read in a wrong encoding: mojibake.c. */
#include "page/charset.h"

#include "base/buffer.h"
#include "base/counters.h"
#include "base/utf8.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>

enum {
    UNITS = 8 * 1024,
    MOST_LOOKS = 2 * 1024,
    SURE = 60,           /* half bits by which letters must speak against a label to overrule it */
    FEWEST_PAIRS = 12,   /* and so many bytes must speak */
    TRUSTED_UTF_8 = 4,   /* sequences to an ill-formed part in UTF-8 that is only damaged */
    STRAY_IN_UTF_8 = 20, /* the same where the label says otherwise */
};

#define HIGH_BITS UINT64_C(0x8080808080808080)

/* Past ASCII, eight bytes at a time. */
size_t ascii_run(str s, size_t at) {
    uint64_t eight[4];
    for (; s.size - at >= sizeof eight; at += sizeof eight) {
        memcpy(eight, s.data + at, sizeof eight);
        if ((eight[0] | eight[1] | eight[2] | eight[3]) & HIGH_BITS)
            break;
    }
    for (; s.size - at >= sizeof *eight; at += sizeof *eight) {
        memcpy(eight, s.data + at, sizeof *eight);
        if (*eight & HIGH_BITS)
            break;
    }
    while (at < s.size && (unsigned char)s.data[at] < 0x80)
        at++;
    return at;
}

/* How much of the bytes is UTF-8. */

typedef struct utf8_look {
    size_t sequences, bad; /* well-formed ones of more than one byte (no more than two are counted where
                              nothing is bad); ill-formed parts */
} utf8_look;

/* At so many places, which is enough to tell what most of a text is. */
static utf8_look look_closely(str s, size_t most) {
    utf8_look l = {0};
    for (size_t at = ascii_run(s, 0); at < s.size && l.sequences + l.bad < most; at = ascii_run(s, at)) {
        size_t before = at;
        bool bad = utf8_next(s, &at) == UTF8_REPLACEMENT &&
                   !(at - before == 3 && memcmp(s.data + before, "\xEF\xBF\xBD", 3) == 0);
        l.bad += bad;
        l.sequences += !bad;
    }
    return l;
}

static utf8_look look_at_utf8(str s) {
    utf8_look l = {0};
    if (!utf8_valid(s))
        return look_closely(s, MOST_LOOKS);
    for (size_t at = ascii_run(s, 0); at < s.size && l.sequences < 2; at = ascii_run(s, at), l.sequences++)
        utf8_next(s, &at);
    return l;
}

/* The choice. */

static bool is(const encoding *e, decoder d) {
    return e && e->decoder == d;
}

static bool is_wide(const encoding *e) {
    return is(e, DECODER_UTF_16LE) || is(e, DECODER_UTF_16BE);
}

/* Escapes and shifts, by which the encodings that are given up can do harm; without them it is but ASCII. */
static bool has_shifts(str s) {
    return memchr(s.data, 0x1B, s.size) || memchr(s.data, 0x0E, s.size) ||
           str_find(s, STR("~{"), 0) != SIZE_MAX;
}

/* Bytes that are half of a unit of UTF-16, and stand in no text of bytes. */
static bool has_halves(str s) {
    enum { HEAD = 4096 };
    size_t head = s.size < HEAD ? s.size : HEAD;
    return memchr(s.data, 0, head) || memchr(s.data, 6, head);
}

static const encoding *overrule(const encoding *told, const encoding *by, arena *a, str *repaired) {
    if (told && told != by && !(is_wide(told) && is_wide(by)))
        *repaired = arena_printf(a, "labelled %s, but the bytes are %s", told->name, by->name);
    return by;
}

/* Of bytes that are not UTF-8. */
static const encoding *by_letters(str bytes, const encoding *told, arena *a, str *repaired) {
    const encoding *label = is(told, DECODER_UTF_8) ? NULL : told;
    charset_guess g = charset_guess_bytes(bytes, label);
    if (!label)
        return g.pairs < FEWEST_PAIRS ? g.encoding : overrule(told, g.encoding, a, repaired);
    bool judged = g.told_cost != UINT64_MAX && g.pairs >= FEWEST_PAIRS;
    bool to_latin = strcmp(g.encoding->name, "windows-1252") == 0; /* what is not understood looks like it */
    if (!judged || to_latin || g.cost + SURE > g.told_cost || g.cost * 4 > g.told_cost * 3)
        return label;
    return overrule(told, g.encoding, a, repaired);
}

/* The encoding that bytes without a mark are in. A late declaration is only looked for where it may matter.
 */
static const encoding *choose(str bytes, const encoding *told, bool markup, arena *a, str *repaired) {
    const encoding *utf_8 = encoding_named("utf-8");
    utf8_look look = look_at_utf8(bytes);
    bool high = look.sequences + look.bad > 0;
    if (!told && markup && (look.bad || (!high && memchr(bytes.data, 0x1B, bytes.size))))
        told = charset_declared(bytes, CHARSET_LATE);
    const encoding *wide = look.bad || has_halves(bytes) ? charset_wide(bytes) : NULL;
    if (wide)
        return overrule(told, wide, a, repaired);
    if (is_wide(told))
        told = NULL; /* it would have looked so */
    if (is(told, DECODER_REPLACEMENT))
        return has_shifts(bytes) ? told : look.bad ? by_letters(bytes, NULL, a, repaired) : utf_8;
    if (look.bad == 0) {
        if (!high || (look.sequences == 1 && told))
            return told ? told : utf_8;
        return overrule(told, utf_8, a, repaired);
    }
    if (look.sequences >= (told && told != utf_8 ? STRAY_IN_UTF_8 : TRUSTED_UTF_8) * look.bad)
        return told && told->decoder == DECODER_ICU ? told : overrule(told, utf_8, a, repaired);
    if (told && told != utf_8 && told->decoder != DECODER_BYTES)
        return told;
    return by_letters(bytes, told, a, repaired);
}

/* Decoding. */

typedef struct utf8_form {
    unsigned char bytes[4], size;
} utf8_form;

static str text_of_bytes(str s, const encoding *e, arena *a) {
    utf8_form forms[256];
    for (unsigned i = 0; i < 256; i++) {
        uint32_t c = i < 0x80 ? i : e->high ? e->high[i - 0x80] : 0xF700 + i;
        forms[i].size = (unsigned char)utf8_put((char *)forms[i].bytes, c);
    }
    char *out = arena_take(a, s.size * 3 + 8);
    size_t size = 0, at = 0;
    while (at < s.size) {
        uint64_t eight = HIGH_BITS;
        size_t end = s.size - at < sizeof eight ? s.size : at + sizeof eight;
        if (end - at == sizeof eight)
            memcpy(&eight, s.data + at, sizeof eight);
        if (!(eight & HIGH_BITS)) {
            memcpy(out + size, &eight, sizeof eight);
            size += sizeof eight;
            at = end;
        }
        for (; at < end; at++) {
            const utf8_form *form = &forms[(unsigned char)s.data[at]];
            memcpy(out + size, form->bytes, 4);
            size += form->size;
        }
    }
    COUNT(bytes_copied, size);
    return (str){out, size};
}

static unsigned unit_at(str s, size_t i, bool little) {
    unsigned a = (unsigned char)s.data[i], b = (unsigned char)s.data[i + 1];
    return little ? b << 8 | a : a << 8 | b;
}

/* A half pair, and a byte that is left over, are U+FFFD (by utf8_put). */
static str text_of_units(str s, bool little, arena *a) {
    char *out = arena_take(a, s.size / 2 * 3 + 4);
    size_t size = 0, i = 0;
    for (; i + 1 < s.size; i += 2) {
        uint32_t c = unit_at(s, i, little);
        uint32_t low = (c & 0xFC00) == 0xD800 && i + 3 < s.size ? unit_at(s, i + 2, little) : 0;
        if ((low & 0xFC00) == 0xDC00) {
            c = 0x10000 + ((c & 0x3FF) << 10) + (low & 0x3FF);
            i += 2;
        }
        if (c < 0x80) {
            out[size++] = (char)c;
        } else if (c < 0x800) {
            out[size++] = (char)(0xC0 | c >> 6);
            out[size++] = (char)(0x80 | (c & 0x3F));
        } else {
            size += utf8_put(out + size, c);
        }
    }
    if (i < s.size)
        size += utf8_put(out + size, UTF8_REPLACEMENT);
    COUNT(bytes_copied, size);
    return (str){out, size};
}

static void add_units(buffer *out, const UChar *units, size_t count, UChar *lead) {
    for (size_t i = 0; i < count; i++) {
        uint32_t c = units[i];
        char bytes[4];
        if (*lead && (c & 0xFC00) == 0xDC00)
            c = 0x10000 + (((uint32_t)*lead & 0x3FF) << 10) + (c & 0x3FF);
        else if (*lead)
            buffer_add(out, (str){bytes, utf8_put(bytes, UTF8_REPLACEMENT)});
        *lead = 0;
        if ((c & 0xFFFFFC00) == 0xD800)
            *lead = (UChar)c;
        else
            buffer_add(out, (str){bytes, utf8_put(bytes, c)});
    }
}

/* U+FFFD for what is no character, where some converters would put U+001A. */
static void replace_bad(const void *context, UConverterToUnicodeArgs *arguments, const char *bytes,
                        int32_t size, UConverterCallbackReason reason, UErrorCode *error) {
    static const UChar replacement = UTF8_REPLACEMENT;
    (void)context, (void)bytes, (void)size;
    if (reason > UCNV_IRREGULAR)
        return;
    *error = U_ZERO_ERROR;
    ucnv_cbToUWriteUChars(arguments, &replacement, 1, 0, error);
}

static str text_by_icu(str s, const char *converter, arena *a) {
    UErrorCode error = U_ZERO_ERROR;
    UConverter *c = ucnv_open(converter, &error);
    if (U_FAILURE(error))
        return utf8_repair(a, s);
    ucnv_setToUCallBack(c, replace_bad, NULL, NULL, NULL, &error);
    buffer out = {0};
    const char *at = s.data, *end = s.data + s.size;
    UChar units[UNITS] = {0}, lead = 0;
    do {
        UChar *to = units;
        error = U_ZERO_ERROR;
        ucnv_toUnicode(c, &to, units + UNITS, &at, end, NULL, true, &error);
        add_units(&out, units, (size_t)(to - units), &lead);
    } while (error == U_BUFFER_OVERFLOW_ERROR);
    ucnv_close(c);
    str text = arena_copy(a, buffer_str(&out));
    buffer_free(&out);
    return text.data ? text : STR("");
}

str charset_text(str s, const encoding *e, arena *a) {
    switch (e->decoder) {
    case DECODER_UTF_8:
        return utf8_repair(a, s);
    case DECODER_UTF_16LE:
    case DECODER_UTF_16BE:
        return text_of_units(s, e->decoder == DECODER_UTF_16LE, a);
    case DECODER_BYTES:
    case DECODER_USER:
        return text_of_bytes(s, e, a);
    case DECODER_ICU:
        return text_by_icu(s, e->converter, a);
    case DECODER_REPLACEMENT:
        return s.size ? STR("\xEF\xBF\xBD") : s;
    }
    return s;
}

/* The door. */

static void say(decoded_text *d, str more, arena *a) {
    d->repaired =
        d->repaired.size ? arena_printf(a, "%.*s; %.*s", STR_ARG(d->repaired), STR_ARG(more)) : more;
}

static void mend(decoded_text *d, arena *a) {
    mojibake m = mojibake_mend(d->text, a);
    if (!m.read_as.size)
        return;
    d->text = m.text;
    say(d, arena_printf(a, "%zu words had been UTF-8 read as %.*s", m.words, STR_ARG(m.read_as)), a);
}

decoded_text charset_decode(str bytes, str label, bool markup, arena *a) {
    if (bytes.size == 0)
        return (decoded_text){STR(""), STR("utf-8"), STR_NONE};
    decoded_text d = {.repaired = STR_NONE};
    size_t mark;
    const encoding *e = charset_marked(bytes, &mark);
    bytes = str_slice(bytes, mark, bytes.size);
    if (!e) {
        const encoding *told = encoding_of_label(label);
        if (!told && markup)
            told = charset_declared(bytes, CHARSET_EARLY);
        e = choose(bytes, told, markup, a, &d.repaired);
    }
    d.charset = str_of(e->name);
    d.text = charset_text(bytes, e, a);
    if (is(e, DECODER_UTF_8) && d.text.data != bytes.data)
        say(&d,
            arena_printf(a, "%zu ill-formed parts of the UTF-8 were replaced",
                         look_closely(bytes, SIZE_MAX).bad),
            a);
    mend(&d, a);
    return d;
}
