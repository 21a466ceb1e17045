/* Which names and passwords can be ones.
 *
 * A name is shown beside acts and in logs, so it must not pass for another's: what cannot be seen and what
 * turns the direction of a line is refused, and two names that fold to the same (Unicode's NFKC with case
 * folded, which also drops what is ignored) are one. A password may be anything that is long enough (NIST SP
 * 800-63B: length, no rules of composition, no well-known ones), and is brought into one form (NFC), so that
 * it can be typed on another keyboard. */
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/utf8.h"
#include "serve/access.h"

enum { NAME_POINTS = 64, NAME_BYTES = 256, PASSWORD_POINTS = 12, PASSWORD_BYTES = 1024 };

static bool normal(const UNormalizer2 *how, str text, arena *a, str *out) {
    UErrorCode code = U_ZERO_ERROR;
    int32_t size = (int32_t)text.size, used = 0, bytes = 0;
    UChar *wide = ARENA_NEW(a, UChar, text.size + 1);
    u_strFromUTF8(wide, size + 1, &used, text.data, size, &code);
    int32_t room = used * 18 + 1; /* no code point becomes more of them */
    UChar *made = ARENA_NEW(a, UChar, room);
    int32_t length = unorm2_normalize(how, wide, used, made, room, &code);
    char *narrow = arena_alloc(a, (size_t)length * 3 + 1);
    u_strToUTF8(narrow, length * 3 + 1, &bytes, made, length, &code);
    *out = (str){narrow, (size_t)bytes};
    return U_SUCCESS(code);
}

/* Controls, marks of direction, what has no width, ends of lines, private use. */
static bool is_unseen(uint32_t c) {
    static const uint32_t ranges[][2] = {
        {0, 0x1f},        {0x7f, 0x9f},     {0xad, 0xad},       {0x61c, 0x61c},      {0x180b, 0x180f},
        {0x200b, 0x200b}, {0x200e, 0x200f}, {0x2028, 0x202e},   {0x2060, 0x206f},    {0xe000, 0xf8ff},
        {0xfeff, 0xfeff}, {0xfff0, 0xffff}, {0x1d173, 0x1d17a}, {0xe0000, 0x10ffff}, {0x3164, 0x3164},
        {0x115f, 0x1160}, {0xffa0, 0xffa0}, {0xd800, 0xdfff}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i][0] && c <= ranges[i][1])
            return true;
    return false;
}

static bool is_plain(str text) {
    for (size_t at = 0; at < text.size;)
        if (is_unseen(utf8_next(text, &at)))
            return false;
    return true;
}

const char *access_name_fit(str name, arena *a, str *out, str *folded) {
    static const char expected[] = "expected 1 to 64 letters, without controls and marks of direction";
    UErrorCode code = U_ZERO_ERROR;
    name = str_trim(name);
    if (!name.size || name.size > NAME_BYTES || !utf8_valid(name) || utf8_length(name) > NAME_POINTS ||
        !is_plain(name))
        return expected;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&code), *fold = unorm2_getNFKCCasefoldInstance(&code);
    if (U_FAILURE(code) || !normal(nfc, name, a, out) || !normal(fold, *out, a, folded) || !folded->size)
        return expected;
    *folded = str_trim(*folded);
    return folded->size ? NULL : expected;
}

/* Those of twelve letters and more that everybody tries first. */
static const char *const KNOWN[] = {"password1234",     "password12345",   "password123456",
                                    "passwordpassword", "123456789012",    "1234567890123",
                                    "qwertyuiop12",     "qwertyuiop123",   "qwertyuiopasdf",
                                    "administrator",    "administrator1",  "letmeinletmein",
                                    "iloveyou1234",     "welcome12345",    "changeme1234",
                                    "changemechangeme", "isnadisnadisnad", "correcthorsebatterystaple",
                                    "111111111111",     "abcdefghijkl",    "abcd1234abcd",
                                    "1q2w3e4r5t6y",     "zaq12wsxcde3",    "trustno1trustno1"};

/* Whether one short piece over and over makes all of it. */
static bool repeats(str text) {
    for (size_t of = 1; of <= 4 && of < text.size; of++) {
        size_t i = of;
        while (i < text.size && text.data[i] == text.data[i - of])
            i++;
        if (i == text.size)
            return true;
    }
    return false;
}

const char *access_password_fit(str password, str name, arena *a, str *out) {
    static const char known[] = "expected one that is not among the first that anybody would try";
    UErrorCode code = U_ZERO_ERROR;
    if (password.size > PASSWORD_BYTES || !utf8_valid(password) ||
        memchr(password.data ? password.data : "", 0, password.size))
        return "expected at most 1024 bytes of text";
    if (utf8_length(password) < PASSWORD_POINTS)
        return "expected at least 12 letters: some words that are not said together will do";
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&code);
    if (U_FAILURE(code) || !normal(nfc, password, a, out))
        return "expected text";
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++)
        if (str_equal_ascii_nocase(*out, str_of(KNOWN[i])))
            return known;
    if (repeats(*out) || (name.size >= 4 && str_find(*out, name, 0) != SIZE_MAX && out->size < name.size + 8))
        return known;
    return NULL;
}
