/* Which encoding? In this order: a byte order mark; what the HTTP header says; what a meta element or the XML
 * declaration says; what the bytes look like. Labels lie in known ways, so that bytes may overrule them:
 * - text that is well-formed UTF-8 with sequences of more than one byte is UTF-8, whatever its label; no text
 * in another encoding looks so by chance;
 * - text labelled UTF-8 that is mostly ill-formed, and text labelled Latin-1 or with the other Arabic
 * encoding whose letters make no sense so, is judged by its letters.
 *
 * The judge of letters: bytes above 127 are read as each candidate would have it, and each letter weighs as
 * much as Arabic uses it (or, for windows-1252, as it stands among Latin letters). windows-1256 and
 * ISO-8859-6 agree on the first half of the alphabet and shift the second, so that the frequent ل م ن ه و ي
 * decide. */
#include "page/charset.h"

#include "base/counters.h"
#include "base/utf8.h"
#include "page/html.h"

#include <unicode/ucnv.h>

enum { PRESCAN = 16 * 1024, SAMPLE = 256 * 1024, UNITS = 8 * 1024 };

static const char *const utf_8 = "utf-8";

/* Labels. */

static const char *converter_of(str label) {
    char lower[40];
    label = str_trim(label);
    if (label.size == 0 || label.size > sizeof lower)
        return NULL;
    for (size_t i = 0; i < label.size; i++)
        lower[i] = (char)(label.data[i] >= 'A' && label.data[i] <= 'Z' ? label.data[i] + 32 : label.data[i]);
    const word_entry *entry = table_find(&charset_table, (str){lower, label.size});
    return entry ? charset_converters[entry->value] : NULL;
}

/* "charset=…" in the content of a meta element. */
static str charset_parameter(str content) {
    size_t at = 0;
    for (; at + 7 <= content.size; at++)
        if (str_equal_ascii_nocase(str_slice(content, at, at + 7), STR("charset")))
            break;
    if (at + 7 > content.size)
        return STR_NONE;
    str rest = str_trim(str_slice(content, at + 7, content.size));
    if (!rest.size || rest.data[0] != '=')
        return STR_NONE;
    rest = str_trim(str_slice(rest, 1, rest.size));
    size_t start = rest.size && (rest.data[0] == '"' || rest.data[0] == '\''), end = start;
    while (end < rest.size && !strchr(" \t\r\n;\"'", rest.data[end]))
        end++;
    return str_slice(rest, start, end);
}

static str xml_encoding(str head) {
    if (!str_starts(head, STR("<?xml")))
        return STR_NONE;
    size_t end = str_find(head, STR("?>"), 0), at = str_find(head, STR("encoding"), 0);
    if (end == SIZE_MAX || at == SIZE_MAX || at > end)
        return STR_NONE;
    while (at < end && head.data[at] != '"' && head.data[at] != '\'')
        at++;
    size_t start = at + 1;
    for (at = start; at < end && head.data[at] != '"' && head.data[at] != '\'';)
        at++;
    return start < at ? str_slice(head, start, at) : STR_NONE;
}

static const char *converter_in_markup(str bytes) {
    str head = str_slice(bytes, 0, bytes.size < PRESCAN ? bytes.size : PRESCAN);
    const char *converter = converter_of(xml_encoding(str_trim(head)));
    html_reader reader = html_open(head);
    html_token token;
    while (!converter && html_next(&reader, &token)) {
        if (token.kind != HTML_START || token.tag != TAG_META)
            continue;
        converter = converter_of(html_attribute_value(&token, STR("charset")));
        str equiv = html_attribute_value(&token, STR("http-equiv"));
        if (!converter && str_equal_ascii_nocase(str_trim(equiv), STR("content-type")))
            converter = converter_of(charset_parameter(html_attribute_value(&token, STR("content"))));
    }
    /* A meta element that was read byte by byte cannot be in UTF-16. */
    return converter && strncmp(converter, "utf-16", 6) == 0 ? utf_8 : converter;
}

/* What the bytes look like. */

typedef struct utf8_look {
    size_t sequences, bad; /* well-formed ones of more than one byte; ill-formed parts */
} utf8_look;

/* Past ASCII, eight bytes at a time. */
static size_t skip_ascii(str s, size_t at) {
    static const uint64_t high_bits = 0x8080808080808080u;
    uint64_t eight;
    for (; s.size - at >= sizeof eight; at += sizeof eight) {
        memcpy(&eight, s.data + at, sizeof eight);
        if (eight & high_bits)
            break;
    }
    while (at < s.size && (unsigned char)s.data[at] < 0x80)
        at++;
    return at;
}

static utf8_look look_at_utf8(str s) {
    utf8_look l = {0};
    for (size_t at = skip_ascii(s, 0); at < s.size; at = skip_ascii(s, at)) {
        size_t before = at;
        bool bad = utf8_next(s, &at) == UTF8_REPLACEMENT &&
                   !(at - before == 3 && memcmp(s.data + before, "\xEF\xBF\xBD", 3) == 0);
        l.bad += bad;
        l.sequences += !bad;
    }
    return l;
}

/* UTF-16 without a mark: nearly all of one half of the units is from few blocks (Latin 00, Arabic 06, marks
 * 20). */
static const char *utf16_without_mark(str s) {
    size_t few[2] = {0}, count = 0;
    if (s.size < 8)
        return NULL;
    for (size_t i = 0; i + 1 < s.size && i < PRESCAN; i += 2, count++)
        for (size_t half = 0; half < 2; half++) {
            unsigned char c = (unsigned char)s.data[i + half];
            few[half] += c == 0 || c == 6 || c == 0x20;
        }
    if (few[1] * 20 > count * 19 && few[0] * 2 < count)
        return "utf-16le";
    if (few[0] * 20 > count * 19 && few[1] * 2 < count)
        return "utf-16be";
    return NULL;
}

/* How often Arabic news uses its letters, in tenths of a per cent. */
static const struct {
    uint16_t letter, frequency;
} letters[] = {
    {0x0627, 145}, {0x0644, 120}, {0x064A, 75}, {0x0645, 62}, {0x0648, 60}, {0x0646, 58},
    {0x0631, 50},  {0x062A, 45},  {0x0628, 36}, {0x0629, 35}, {0x0639, 34}, {0x062F, 33},
    {0x0633, 28},  {0x0641, 28},  {0x0647, 27}, {0x0623, 24}, {0x0642, 25}, {0x0643, 21},
    {0x062D, 20},  {0x062C, 14},  {0x0634, 12}, {0x0635, 12}, {0x0637, 11}, {0x0649, 10},
    {0x062E, 9},   {0x0625, 10},  {0x0636, 8},  {0x0630, 7},  {0x062B, 6},  {0x0632, 6},
    {0x063A, 5},   {0x0626, 6},   {0x0621, 4},  {0x0638, 3},  {0x0622, 2},  {0x0624, 2},
};

static int arabic_weight(uint32_t c) {
    if (c < 0x0600 || c > 0x06FF)
        return c == 0xAB || c == 0xBB || c == 0xA0 || (c >= 0x2010 && c <= 0x2026) ? 0 : -40;
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i].letter == c)
            return letters[i].frequency - 10;
    return c == 0x060C || c == 0x061B || c == 0x061F || (c >= 0x0640 && c <= 0x0652) ? 0 : -30;
}

/* The 256 code points of an encoding of single bytes; false where it is none. */
static bool byte_table(const char *converter, uint32_t table[256]) {
    UErrorCode error = U_ZERO_ERROR;
    UConverter *c = ucnv_open(converter, &error);
    if (U_FAILURE(error))
        return false;
    bool single = ucnv_getMaxCharSize(c) == 1 && ucnv_getType(c) != UCNV_UTF8;
    for (int i = 0; single && i < 256; i++) {
        char byte = (char)i;
        UChar units[4];
        error = U_ZERO_ERROR;
        int32_t n = ucnv_toUChars(c, units, 4, &byte, 1, &error);
        table[i] = U_SUCCESS(error) && n == 1 ? units[0] : UTF8_REPLACEMENT;
    }
    ucnv_close(c);
    return single;
}

static bool is_ascii_letter(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The mean weight of the high bytes, in an encoding of Arabic. */
static long arabic_fit(str s, const char *converter) {
    uint32_t table[256];
    long sum = 0, count = 0;
    if (!byte_table(converter, table))
        return -1000;
    for (size_t i = 0; i < s.size && i < SAMPLE; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if (c < 0x80)
            continue;
        sum += table[c] == UTF8_REPLACEMENT ? -80 : arabic_weight(table[c]);
        count++;
    }
    return count ? sum / count : 0;
}

/* The same for windows-1252: accented letters stand singly among ASCII letters. */
static long latin_fit(str s) {
    long sum = 0, count = 0;
    for (size_t i = 0; i < s.size && i < SAMPLE; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if (c < 0x80)
            continue;
        unsigned char before = i ? (unsigned char)s.data[i - 1] : ' ';
        unsigned char after = i + 1 < s.size ? (unsigned char)s.data[i + 1] : ' ';
        bool letter = c >= 0xC0, lonely = before < 0x80 && after < 0x80;
        sum += !letter                                                         ? (lonely ? 20 : 0)
               : lonely && (is_ascii_letter(before) || is_ascii_letter(after)) ? 40
                                                                               : -30;
        count++;
    }
    return count ? sum / count : 0;
}

static const char *judge_letters(str s) {
    long windows = arabic_fit(s, "windows-1256"), iso = arabic_fit(s, "iso-8859-6"), latin = latin_fit(s);
    if (latin >= windows && latin >= iso)
        return "windows-1252";
    return windows >= iso ? "windows-1256" : "iso-8859-6";
}

static bool is_named(const char *converter, const char *name) {
    return converter && strcmp(converter, name) == 0;
}

/* The encoding that bytes without a mark are in. */
static const char *choose(str bytes, const char *told, arena *a, str *repaired) {
    utf8_look look = look_at_utf8(bytes);
    bool high = look.sequences + look.bad > 0;
    const char *wide =
        told && strncmp(told, "utf-16", 6) != 0 && look.bad == 0 && !memchr(bytes.data, 0, bytes.size)
            ? NULL
            : utf16_without_mark(bytes);
    if (wide)
        return wide;
    if (is_named(told, "utf-16le") || is_named(told, "utf-16be"))
        told = NULL; /* it would have looked so */
    if (look.bad == 0 && (look.sequences >= 2 || !told || !high || is_named(told, utf_8))) {
        if (told && high && !is_named(told, utf_8))
            *repaired = arena_printf(a, "labelled %s, but the bytes are utf-8", told);
        return high || !told ? utf_8 : told;
    }
    if ((!told || is_named(told, utf_8)) && look.sequences >= 4 * look.bad)
        return utf_8;
    if (told && !is_named(told, utf_8) && !is_named(told, "windows-1252") &&
        !is_named(told, "windows-1256") && !is_named(told, "iso-8859-6"))
        return told;
    const char *judged = judge_letters(bytes);
    bool latin_wins = is_named(judged, "windows-1252") && told && !is_named(told, utf_8);
    if (latin_wins || look.sequences + look.bad < 20)
        return told && !is_named(told, utf_8) ? told : judged;
    if (told && !is_named(told, judged))
        *repaired = arena_printf(a, "labelled %s, but the bytes are %s", told, judged);
    return judged;
}

/* Decoding. */

static str decode_bytes(str s, const uint32_t table[256], arena *a) {
    char *out = arena_alloc(a, s.size * 3 + 1);
    size_t size = 0;
    for (size_t i = 0; i < s.size; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if (c < 0x80)
            out[size++] = (char)c;
        else
            size += utf8_put(out + size, table[c]);
    }
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

static str decode_wide(str s, const char *converter, arena *a) {
    UErrorCode error = U_ZERO_ERROR;
    UConverter *c = ucnv_open(converter, &error);
    if (U_FAILURE(error))
        return utf8_repair(a, s);
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

static decoded_text decode_as(str bytes, const char *converter, arena *a) {
    decoded_text d = {.charset = str_of(converter)};
    uint32_t table[256];
    if (strcmp(converter, utf_8) == 0)
        d.text = look_at_utf8(bytes).bad ? utf8_repair(a, bytes) : bytes;
    else if (byte_table(converter, table))
        d.text = decode_bytes(bytes, table, a);
    else
        d.text = decode_wide(bytes, converter, a);
    return d;
}

static str without(str s, size_t mark) {
    return str_slice(s, mark, s.size);
}

decoded_text charset_decode(str bytes, str label, bool markup, arena *a) {
    if (bytes.size == 0)
        return (decoded_text){STR(""), STR("utf-8"), STR_NONE};
    str repaired = STR_NONE;
    const char *converter;
    if (str_starts(bytes, STR("\xEF\xBB\xBF"))) {
        converter = utf_8;
        bytes = without(bytes, 3);
    } else if (str_starts(bytes, STR("\xFF\xFE")) || str_starts(bytes, STR("\xFE\xFF"))) {
        converter = bytes.data[0] == '\xFF' ? "utf-16le" : "utf-16be";
        bytes = without(bytes, 2);
    } else {
        const char *told = converter_of(label);
        if (!told && markup)
            told = converter_in_markup(bytes);
        converter = choose(bytes, told, a, &repaired);
    }
    decoded_text d = decode_as(bytes, converter, a);
    d.repaired = repaired;
    if (!repaired.data && strcmp(converter, utf_8) == 0 && d.text.data != bytes.data)
        d.repaired =
            arena_printf(a, "%zu ill-formed parts of the UTF-8 were replaced", look_at_utf8(bytes).bad);
    return d;
}
