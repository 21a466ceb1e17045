#include "test_support.h"

#include "base/buffer.h"
#include "base/calendar.h"
#include "base/clock.h"
#include "base/crew.h"
#include "base/failure.h"
#include "base/hex.h"
#include "base/inflate.h"
#include "base/random.h"
#include "base/sha256.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

/* ---- arena ---- */

static void arena_gives_zeroed_aligned_memory(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    test_random r = test_seeded(__func__);
    for (size_t i = 0; i < test_rounds(2000); i++) {
        size_t size = random_below(&r, i % 100 == 0 ? 300000 : 200);
        unsigned char *p = arena_alloc(&a, size);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t k = 0; k < size; k++)
            assert_int_equal(p[k], 0);
        memset(p, 0xEE, size);
        if (i % 500 == 499)
            arena_reset(&a);
    }
    arena_free(&a);
    assert_int_equal(a.total, 0);
}

typedef struct ledger_of_memory {
    size_t taken, given_back;
} ledger_of_memory;

static void *counted_allocate(void *context, size_t size) {
    ((ledger_of_memory *)context)->taken++;
    return malloc(size);
}

static void counted_release(void *context, void *pointer) {
    ((ledger_of_memory *)context)->given_back++;
    free(pointer);
}

static void arena_uses_the_callers_allocator(void **state) {
    (void)state;
    ledger_of_memory book = {0};
    arena a = arena_new((allocator){counted_allocate, counted_release, &book});
    for (int i = 0; i < 100; i++)
        arena_alloc(&a, 50000);
    assert_true(book.taken > 1);
    assert_true(book.taken < 20); /* blocks grow geometrically */
    arena_free(&a);
    assert_int_equal(book.taken, book.given_back);
}

static void arena_reset_keeps_one_block(void **state) {
    (void)state;
    ledger_of_memory book = {0};
    arena a = arena_new((allocator){counted_allocate, counted_release, &book});
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 20; i++)
            arena_alloc(&a, 10000);
        arena_reset(&a);
    }
    assert_int_equal(book.taken - book.given_back, 1);
    assert_true(book.taken < 10);
    arena_alloc(&a, 40 * 1024 * 1024); /* one huge record must not stay for the rest of the run */
    arena_reset(&a);
    assert_true(a.total <= 16 * 1024 * 1024);
    arena_free(&a);
    assert_int_equal(book.taken, book.given_back);
}

static void vectors_keep_what_was_pushed(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    VECTOR(size_t) numbers = {0};
    for (size_t i = 0; i < 10000; i++)
        *VECTOR_PUSH(&numbers, &a) = i * i;
    assert_int_equal(numbers.size, 10000);
    for (size_t i = 0; i < numbers.size; i++)
        assert_int_equal(numbers.at[i], i * i);
    arena_free(&a);
}

static void arena_copies_and_prints(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    str copy = arena_copy(&a, STR("نص"));
    assert_str_equal(copy, STR("نص"), "copy");
    assert_null(arena_copy(&a, STR_NONE).data);
    assert_non_null(arena_copy(&a, STR("")).data);
    assert_string_equal(arena_cstring(&a, str_slice(STR("abcdef"), 1, 3)), "bc");
    assert_str_equal(arena_printf(&a, "%d of %.*s", 3, STR_ARG(copy)), STR("3 of نص"), "printed");
    assert_int_equal(arena_printf(&a, "%*d", 100000, 1).size, 100000);
    arena_free(&a);
}

/* ---- buffer ---- */

static void buffers_grow(void **state) {
    (void)state;
    buffer b = {0};
    assert_int_equal(buffer_str(&b).size, 0);
    for (int i = 0; i < 10000; i++) {
        buffer_add(&b, STR("ab"));
        buffer_add_byte(&b, 'c');
        buffer_printf(&b, "%d", i % 10);
    }
    assert_int_equal(b.size, 40000);
    assert_int_equal(b.data[b.size], 0);
    assert_memory_equal(b.data + 36, "abc9", 4);
    buffer_free(&b);
    assert_null(b.data);
}

/* ---- str ---- */

static void slices_compare(void **state) {
    (void)state;
    assert_true(str_equal(STR_NONE, STR("")));
    assert_true(str_starts(STR("isnad"), STR("is")));
    assert_false(str_starts(STR("i"), STR("is")));
    assert_true(str_ends(STR("isnad"), STR("nad")));
    assert_true(str_ends(STR(""), STR_NONE));
    assert_true(str_compare(STR("a"), STR("ab")) < 0);
    assert_true(str_compare(STR("b"), STR("ab")) > 0);
    assert_true(str_compare(STR("\xC3"), STR("z")) > 0); /* bytes are unsigned */
    assert_int_equal(str_compare(STR_NONE, STR("")), 0);
    assert_true(str_equal_ascii_nocase(STR("Content-TYPE"), STR("content-type")));
    assert_false(str_equal_ascii_nocase(STR("[@"), STR("{`")));
    assert_int_equal(str_slice(STR_NONE, 0, 0).size, 0);
    assert_str_equal(str_trim(STR(" \t\r\n a b \f\v")), STR("a b"), "trimmed");
    assert_int_equal(str_trim(STR(" \n ")).size, 0);
    str piece, line = STR("a\t\tb\t");
    size_t at = 0, pieces = 0;
    while (str_piece(line, &at, '\t', &piece))
        pieces++;
    assert_int_equal(pieces, 4);
    assert_str_equal(str_cell(line, 0), STR("a"), "first cell");
    assert_str_equal(str_cell(line, 1), STR(""), "empty cell");
    assert_str_equal(str_cell(line, 2), STR("b"), "third cell");
    assert_int_equal(str_cell(line, 3).size, 0);
    assert_null(str_cell(line, 4).data);
    assert_str_equal(str_unmarked(STR("\xEF\xBB\xBFname")), STR("name"), "unmarked");
    assert_str_equal(str_unmarked(STR("name")), STR("name"), "without a mark");
}

static size_t find_plainly(str s, str needle, size_t from) {
    for (size_t i = from; i + needle.size <= s.size; i++)
        if (memcmp(s.data + i, needle.data, needle.size) == 0)
            return i;
    return SIZE_MAX;
}

static void find_agrees_with_the_plain_search(void **state) {
    (void)state;
    test_random r = test_seeded(__func__);
    for (size_t round = 0; round < test_rounds(20000); round++) {
        char text[40], word[4];
        for (size_t i = 0; i < sizeof text; i++)
            text[i] = (char)('a' + random_below(&r, 3));
        for (size_t i = 0; i < sizeof word; i++)
            word[i] = (char)('a' + random_below(&r, 3));
        str s = {text, random_below(&r, sizeof text + 1)}, needle = {word, random_below(&r, sizeof word + 1)};
        size_t from = random_below(&r, s.size + 1);
        assert_int_equal(str_find(s, needle, from), find_plainly(s, needle, from));
    }
    assert_int_equal(str_find(STR("abc"), STR("a"), 4), SIZE_MAX);
    assert_int_equal(str_find(STR_NONE, STR("a"), 0), SIZE_MAX);
}

static void hashes_spread(void **state) {
    (void)state;
    enum { KEYS = 20000, SLOTS = 1024 };
    size_t slots[SLOTS] = {0}, fullest = 0;
    for (int i = 0; i < KEYS; i++) {
        char key[16];
        size_t size = (size_t)snprintf(key, sizeof key, "قرية %d", i);
        size_t *slot = &slots[str_hash((str){key, size}) % SLOTS];
        if (++*slot > fullest)
            fullest = *slot;
    }
    assert_true(fullest < 50); /* the mean is 19.5 */
    assert_int_equal(str_hash(STR_NONE), str_hash(STR("")));
}

static void precision_of_huge_slices_stays_positive(void **state) {
    (void)state;
    assert_int_equal(str_precision((str){"", (size_t)INT32_MAX + 5}), INT32_MAX);
    assert_int_equal(str_precision(STR("abc")), 3);
}

/* ---- utf8 ---- */

static size_t hexadecimal(str digits, char *out) {
    for (size_t i = 0; i < digits.size; i += 2) {
        char pair[3] = {digits.data[i], digits.data[i + 1], 0};
        out[i / 2] = (char)strtoul(pair, NULL, 16);
    }
    return digits.size / 2;
}

static str next_field(str *rest, char end) {
    size_t at = str_find(*rest, (str){&end, 1}, 0);
    str field = str_slice(*rest, 0, at == SIZE_MAX ? rest->size : at);
    *rest = str_slice(*rest, at == SIZE_MAX ? rest->size : at + 1, rest->size);
    return field;
}

/* One line of utf8_vectors.tsv: bytes, TAB, the code points another decoder makes of them. */
static void check_vector(arena *a, str line) {
    char bytes[32], expected_bytes[128];
    str digits = next_field(&line, '\t');
    str input = {bytes, hexadecimal(digits, bytes)};
    size_t at = 0, expected_size = 0, count = 0;
    bool bad = false;
    while (line.size) {
        uint32_t expected = (uint32_t)strtoul(arena_cstring(a, next_field(&line, ' ')), NULL, 16);
        assert_true(at < input.size);
        size_t before = at;
        if (utf8_next(input, &at) != expected)
            fail_msg("%.*s: code point %zu is not %X", STR_ARG(digits), count, expected);
        bad |= expected == UTF8_REPLACEMENT && at - before != 3;
        expected_size += utf8_put(expected_bytes + expected_size, expected);
        count++;
    }
    assert_int_equal(at, input.size);
    str repaired = utf8_repair(a, input), expected = {expected_bytes, expected_size};
    assert_str_equal(repaired, expected, "repaired");
    assert_true(utf8_valid(repaired));
    assert_int_equal(utf8_length(repaired), count);
    assert_int_equal(utf8_valid(input), str_equal(input, expected));
    if (bad)
        assert_false(utf8_valid(input));
    else
        assert_true(repaired.data == input.data || !utf8_valid(input));
}

static void utf8_agrees_with_another_decoder(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    str file = test_file(&a, test_path(&a, "tests/base/utf8_vectors.tsv"));
    size_t vectors = 0;
    for (; file.size; vectors++)
        check_vector(&a, next_field(&file, '\n'));
    assert_true(vectors > 2000);
    arena_free(&a);
}

static uint32_t random_code_point(test_random *r) {
    static const uint32_t last[] = {0x7F, 0x7FF, 0xFFFF, 0x10FFFF};
    uint32_t c;
    do
        c = (uint32_t)random_below(r, last[random_below(r, 4)] + 1);
    while (c >= 0xD800 && c <= 0xDFFF);
    return c;
}

static void utf8_round_trips(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    test_random r = test_seeded(__func__);
    for (size_t round = 0; round < test_rounds(3000); round++) {
        uint32_t points[64];
        size_t count = random_below(&r, 64), size = 0, units = 0, at = 0;
        char text[256];
        for (size_t i = 0; i < count; i++) {
            points[i] = random_code_point(&r);
            units += points[i] > 0xFFFF ? 2 : 1;
            assert_int_equal(utf8_offset((str){text, size}, i), size);
            size += utf8_put(text + size, points[i]);
        }
        str s = {text, size};
        assert_true(utf8_valid(s));
        assert_int_equal(utf8_length(s), count);
        assert_int_equal(utf16_length(s), units);
        assert_int_equal(utf8_offset(s, count), size);
        assert_int_equal(utf8_offset(s, count + 7), size);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(utf8_offset(s, i), at);
            assert_int_equal(utf8_next(s, &at), points[i]);
        }
        assert_ptr_equal(utf8_repair(&a, s).data, text);
    }
    arena_free(&a);
}

static void every_code_point_round_trips(void **state) {
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char out[4];
        size_t size = utf8_put(out, c), at = 0;
        uint32_t expected = c >= 0xD800 && c <= 0xDFFF ? UTF8_REPLACEMENT : c;
        if (utf8_next((str){out, size}, &at) != expected || at != size)
            fail_msg("U+%04X does not come back", c);
    }
    char out[4];
    assert_int_equal(utf8_put(out, 0x110000), 3);
    assert_memory_equal(out, "\xEF\xBF\xBD", 3);
}

/* Splitting anywhere and repairing random bytes: never past the end, always progress, idempotent. */
static void random_bytes_are_repaired(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    test_random r = test_seeded(__func__);
    for (size_t round = 0; round < test_rounds(5000); round++) {
        size_t size = random_below(&r, 40);
        char *bytes = malloc(size ? size : 1); /* exact size: the sanitizer sees a read past the end */
        for (size_t i = 0; i < size; i++)
            bytes[i] = (char)random_next(&r);
        str s = {bytes, size}, once = utf8_repair(&a, s);
        assert_true(utf8_valid(once));
        assert_ptr_equal(utf8_repair(&a, once).data, once.data);
        assert_int_equal(utf8_valid(s), str_equal(s, once));
        for (size_t at = 0; at < size;) {
            size_t before = at;
            utf8_next(s, &at);
            assert_true(at > before && at <= size);
        }
        free(bytes);
        if (round % 1000 == 0)
            arena_reset(&a);
    }
    arena_free(&a);
}

/* Whole blocks at a time and byte by byte: right text with few bytes changed, of any length, at any address.
 */
static void valid_utf8_is_told_alike(void **state) {
    static const uint32_t points[] = {'a',    0x7F,   0x80,   0x627,  0x7FF,   0x800,
                                      0xD7FF, 0xE000, 0xFFFD, 0xFFFF, 0x10000, 0x10FFFF};
    (void)state;
    test_random r = test_seeded(__func__);
    size_t valid = 0, rounds = test_rounds(20000);
    for (size_t round = 0; round < rounds; round++) {
        size_t wanted = random_below(&r, 300), size = 0;
        bool ascii = random_below(&r, 4) == 0;
        char *bytes = malloc(wanted + 4);
        while (size < wanted)
            size += utf8_put(bytes + size,
                             ascii ? 'x' : points[random_below(&r, sizeof points / sizeof *points)]);
        if (random_below(&r, 3) == 0)
            size = wanted;
        for (size_t i = random_below(&r, 3); i > 0 && size; i--)
            bytes[random_below(&r, size)] = (char)random_next(&r);
        char *exact = malloc(size ? size : 1);
        memcpy(exact, bytes, size);
        str s = {exact, size};
        assert_int_equal(utf8_valid(s), utf8_valid_plain(s));
        valid += utf8_valid(s);
        free(bytes);
        free(exact);
    }
    assert_true(valid > rounds / 10 && valid < rounds - rounds / 10);
}

/* ---- calendar ---- */

static void days_split_and_join(void **state) {
    (void)state;
    assert_int_equal(day_of(1970, 1, 1), 0);
    assert_int_equal(day_of(2000, 3, 1), 11017);
    assert_int_equal(day_of(2021, 1, 13), 18640);
    assert_int_equal(day_of(1969, 12, 31), -1);
    ymd next = {1, 1, 1};
    for (day d = day_of(1, 1, 1), end = day_of(9999, 12, 31); d <= end; d++) {
        ymd s = day_split(d);
        if (s.year != next.year || s.month != next.month || s.day != next.day ||
            day_of(s.year, s.month, s.day) != d)
            fail_msg("day %d is %d-%d-%d", d, s.year, s.month, s.day);
        if (++next.day > month_days(next.year, next.month))
            next = next.month == 12 ? (ymd){next.year + 1, 1, 1} : (ymd){next.year, next.month + 1, 1};
    }
}

static void extreme_days_do_not_overflow(void **state) {
    (void)state;
    assert_int_equal(day_of(INT32_MAX, 1, 1), DAY_NONE);
    assert_int_equal(day_of(INT32_MIN, 12, 31), DAY_NONE);
    ymd last = day_split(INT32_MAX), first = day_split(INT32_MIN);
    assert_true(last.year > 5000000 && first.year < -5000000);
    assert_in_range(day_weekday(INT32_MAX), 0, 6);
    assert_in_range(day_weekday(INT32_MIN), 0, 6);
    assert_int_equal(hijri_of_day(DAY_NONE).day, 0);
}

static void weekdays_and_months(void **state) {
    (void)state;
    assert_int_equal(day_weekday(day_of(1970, 1, 1)), 3);
    assert_int_equal(day_weekday(day_of(2024, 2, 29)), 3);
    assert_int_equal(day_weekday(day_of(2021, 1, 11)), 0);
    assert_int_equal(day_weekday(day_of(1900, 1, 7)), 6);
    assert_int_equal(month_days(2000, 2), 29);
    assert_int_equal(month_days(1900, 2), 28);
    assert_int_equal(month_days(2024, 2), 29);
    assert_int_equal(month_days(2023, 13), 0);
    assert_int_equal(month_days(2023, 0), 0);
    assert_true(ymd_valid((ymd){2024, 2, 29}));
    assert_false(ymd_valid((ymd){2023, 2, 29}));
    assert_false(ymd_valid((ymd){2023, 0, 1}));
    assert_false(ymd_valid((ymd){0, 1, 1}));
}

static void days_are_parsed_and_printed(void **state) {
    (void)state;
    static const struct {
        const char *text;
        day expected;
    } rows[] = {
        {"2021-01-13", 18640},          {"2021-01-13T09:30+03:00", 18640},
        {"2021-01-13garbage", 18640},   {"2021-1-13", DAY_NONE},
        {"2021-02-30", DAY_NONE},       {"2021/01/13", DAY_NONE},
        {"2021-01-1", DAY_NONE},        {"", DAY_NONE},
        {"yyyy-mm-dd", DAY_NONE},       {"2021-13-01", DAY_NONE},
        {"0000-01-01", DAY_NONE},       {"-021-01-01", DAY_NONE},
        {"2021-01-\xD9\xA1", DAY_NONE},
    };
    arena a = arena_new((allocator){0});
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (day_parse(str_of(rows[i].text)) != rows[i].expected)
            fail_msg("%s is read as day %d", rows[i].text, day_parse(str_of(rows[i].text)));
    assert_int_equal(day_parse(STR_NONE), DAY_NONE);
    for (day d = day_of(1850, 1, 1); d < day_of(2150, 1, 1); d++)
        assert_int_equal(day_parse(day_format(&a, d)), d);
    assert_str_equal(day_format(&a, day_of(7, 3, 9)), STR("0007-03-09"), "formatted");
    arena_free(&a);
}

static void check_hijri(int year, int month, int day_of_month, day expected) {
    if (day_of_hijri(year, month, day_of_month) != expected)
        fail_msg("%d-%d-%d is read as day %d, not %d", year, month, day_of_month,
                 day_of_hijri(year, month, day_of_month), expected);
    ymd back = hijri_of_day(expected);
    if (back.year != year || back.month != month || back.day != day_of_month)
        fail_msg("day %d is written %d-%d-%d", expected, back.year, back.month, back.day);
}

static void hijri_months_begin_as_published(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    str file = test_file(&a, test_path(&a, "tests/base/hijri_months.tsv"));
    next_field(&file, '\n');
    int months = 0;
    for (day before = DAY_NONE; file.size; months++) {
        str line = next_field(&file, '\n');
        int year = atoi(arena_cstring(&a, next_field(&line, '\t')));
        int month = atoi(arena_cstring(&a, next_field(&line, '\t')));
        day first = day_parse(line);
        check_hijri(year, month, 1, first);
        check_hijri(year, month, 29, first + 28);
        if (before != DAY_NONE) { /* the 30th, where the month before had one */
            int y = month == 1 ? year - 1 : year, m = month == 1 ? 12 : month - 1;
            assert_int_equal(day_of_hijri(y, m, 30), first - before == 30 ? first - 1 : DAY_NONE);
        }
        before = first;
    }
    assert_int_equal(months, 31 * 12);
    arena_free(&a);
}

static void what_is_no_hijri_date_is_none(void **state) {
    (void)state;
    static const ymd wrong[] = {{1442, 0, 1}, {1442, 13, 1}, {1442, 1, 0},      {1442, 1, 31},
                                {0, 1, 1},    {1601, 1, 1},  {1442, 1, 100000}, {1442, 7, 30}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(day_of_hijri(wrong[i].year, wrong[i].month, wrong[i].day), DAY_NONE);
    assert_int_equal(day_of_hijri(1400, 1, 1), day_of(1979, 11, 21)); /* printed then: the 20th */
}

/* ---- numbers ---- */

static void numbers_are_written_as_printf_does(void **state) {
    (void)state;
    static const int64_t numbers[] = {0, 1, -1, 9, 10, -10, 99, 100, 1234567890123, INT64_MAX, INT64_MIN};
    buffer b = {0};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char expected[32];
        snprintf(expected, sizeof expected, "%lld", (long long)numbers[i]);
        b.size = 0;
        buffer_add_number(&b, numbers[i]);
        assert_str_equal(buffer_str(&b), str_of(expected), "number");
    }
    buffer_free(&b);
}

/* ---- inflating ---- */

static str deflated(arena *a, str bytes, str known, int level) {
    z_stream z = {0};
    assert_int_equal(deflateInit(&z, level), Z_OK);
    if (known.size)
        deflateSetDictionary(&z, (const Bytef *)known.data, (uInt)known.size);
    size_t room = deflateBound(&z, (uLong)bytes.size) + 16;
    char *out = arena_alloc(a, room);
    z.next_in = (Bytef *)(uintptr_t)bytes.data;
    z.avail_in = (uInt)bytes.size;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return (str){out, room - z.avail_out};
}

/* Words that come again, so that there is something to point back to; some of them `known` has. */
static str invented(arena *a, uint64_t *random, size_t size) {
    char *out = arena_alloc(a, size + 1);
    for (size_t i = 0; i < size; i++) {
        *random = *random * 6364136223846793005u + 1442695040888963407u;
        uint64_t r = *random >> 40;
        out[i] = i > 20 && r % 16 ? out[i - 1 - (r >> 8) % 20] : (char)(r >> 4);
    }
    return (str){out, size};
}

static void same_inflated(arena *a, str packed, size_t size, str known, str expected) {
    str plain = inflate_plain(a, packed, size, known), fast = inflate_whole(a, packed, size, known);
    assert_true((plain.data == NULL) == (fast.data == NULL));
    if (plain.data)
        assert_true(str_equal(plain, fast));
    if (expected.data)
        assert_true(plain.data && str_equal(plain, expected));
}

static void inflating_agrees_with_zlib(void **state) {
    (void)state;
    uint64_t random = 20260404;
    arena a = arena_new((allocator){0});
    static const size_t sizes[] = {0, 1, 2, 31, 1000, 40000, 1 << 20}, known_sizes[] = {0, 1, 300, 32768};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t k = 0; k < sizeof known_sizes / sizeof *known_sizes; k++) {
            str known = invented(&a, &random, known_sizes[k]), bytes = invented(&a, &random, sizes[i]);
            /* half of it stands in `known` */
            if (known.size && bytes.size > 1)
                memcpy((char *)(uintptr_t)bytes.data, known.data,
                       known.size < bytes.size / 2 ? known.size : bytes.size / 2);
            str packed = deflated(&a, bytes, known, (int)(i + k) % 10);
            same_inflated(&a, packed, bytes.size, known, bytes);
            assert_null(inflate_whole(&a, packed, bytes.size + 1, known).data);
            if (bytes.size)
                assert_null(inflate_whole(&a, packed, bytes.size - 1, known).data);
            if (known.size)
                assert_null(inflate_whole(&a, packed, bytes.size, str_slice(known, 1, known.size)).data);
            assert_null(inflate_whole(&a, str_slice(packed, 0, packed.size - 1), bytes.size, known).data);
            for (size_t n = 0; n < 40 && packed.size < 50000; n++) {
                char *spoiled = arena_cstring(&a, packed);
                random = random * 6364136223846793005u + 1442695040888963407u;
                spoiled[(random >> 33) % packed.size] ^= (char)(1 << (random >> 30 & 7));
                same_inflated(&a, (str){spoiled, packed.size}, bytes.size, known, STR_NONE);
            }
            arena_reset(&a);
        }
    assert_null(inflate_whole(&a, STR_NONE, 0, STR_NONE).data);
    assert_null(inflate_whole(&a, STR("x"), 5, STR_NONE).data);
    assert_null(inflate_whole(&a, STR("x\x9c"), (size_t)1 << 40, STR_NONE).data);
    arena_free(&a);
}

/* ---- a crew ---- */

typedef struct errand {
    uint64_t number, result;
} errand;

static void run_errand(void *of) {
    errand *e = of;
    uint64_t x = e->number;
    for (uint64_t i = 0; i < e->number * 7919 % 5000; i++)
        x = x * 6364136223846793005u + 1;
    char text[32];
    e->result =
        sha256((str){text, (size_t)snprintf(text, sizeof text, "%llu", (unsigned long long)x)}).bytes[0];
}

typedef struct told_errands {
    uint64_t next, sum;
} told_errands;

static void hear_of_errand(void *context, void *of) {
    told_errands *t = context;
    errand *e = of;
    assert_int_equal(e->number, t->next++);
    t->sum = t->sum * 31 + e->result;
}

static uint64_t errands_by(size_t threads, size_t places, uint64_t count) {
    told_errands told = {0};
    crew *c = crew_new(&(crew_options){.work = run_errand,
                                       .told = hear_of_errand,
                                       .context = &told,
                                       .job = sizeof(errand),
                                       .places = places,
                                       .threads = threads});
    for (uint64_t i = 0; i < count; i++) {
        errand *e = crew_place(c);
        e->number = i;
        crew_give(c);
    }
    crew_finish(c);
    crew_free(c, NULL);
    assert_int_equal(told.next, count);
    return told.sum;
}

static void a_crew_does_all_in_order(void **state) {
    (void)state;
    uint64_t alone = errands_by(0, 1, 1000);
    for (size_t threads = 0; threads < 6; threads++)
        for (size_t places = 1; places < 40; places = places * 3)
            assert_int_equal(errands_by(threads, places, 1000), alone);
    assert_int_equal(errands_by(CREW_THREADS, 0, 1000), alone);
    assert_int_equal(errands_by(3, 0, 0), 0);
}

/* ---- sha256 ---- */

static void assert_both(str before, str bytes) {
    digest fast[2], plain[2];
    sha256_both(before, bytes, &fast[0], &fast[1]);
    sha256_both_plain(before, bytes, &plain[0], &plain[1]);
    assert_memory_equal(&fast[0], &plain[0], sizeof fast[0]);
    assert_memory_equal(&fast[1], &plain[1], sizeof fast[1]);
}

/* Every place at which a block may end, and chance. */
static void sha256_of_two(void **state) {
    (void)state;
    enum { MOST = 70000 };
    unsigned char *bytes = malloc(MOST);
    uint64_t random = 17;
    for (size_t i = 0; i < MOST; i++)
        bytes[i] = (unsigned char)((random = random * 6364136223846793005ULL + 1442695040888963407ULL) >> 56);
    for (size_t before = 0; before < 140; before++)
        for (size_t size = 1020; size < 1160; size += before % 7 + 1)
            assert_both((str){(char *)bytes, before}, (str){(char *)bytes + 1, size});
    for (int i = 0; i < 200; i++) {
        random = random * 6364136223846793005ULL + 1442695040888963407ULL;
        assert_both((str){(char *)bytes, (size_t)(random >> 40) % 20000},
                    (str){(char *)bytes, (size_t)(random >> 20) % MOST});
    }
    free(bytes);
}

static void sha256_vectors(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_str_equal(digest_hex(&a, sha256(str_of(rows[i].text)), 32), str_of(rows[i].expected),
                         "sha256");
    char *million = arena_alloc(&a, 1000000);
    memset(million, 'a', 1000000);
    assert_str_equal(digest_hex(&a, sha256((str){million, 1000000}), 32),
                     STR("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"), "million");
    str parts[] = {STR("a"), STR_NONE, STR("b"), STR(""), STR("c")};
    assert_str_equal(digest_hex(&a, sha256_parts(parts, 5), 8), STR("ba7816bf8f01cfea"), "parts");
    assert_str_equal(digest_hex(&a, sha256_parts(NULL, 0), 4), STR("e3b0c442"), "no parts");
    sha256_running *one = sha256_begin(), *two = sha256_begin();
    sha256_add(one, STR("a"));
    sha256_add(two, STR(""));
    sha256_add(one, STR("bc"));
    assert_str_equal(digest_hex(&a, sha256_end(one), 8), STR("ba7816bf8f01cfea"), "piece by piece");
    assert_str_equal(digest_hex(&a, sha256_end(two), 4), STR("e3b0c442"), "nothing");
    arena_free(&a);
}

/* ---- failure ---- */

static void failures_are_one_line(void **state) {
    (void)state;
    failure f = {0};
    assert_int_equal(fail(&f, STATUS_NO_INPUT, "%s at %d", "page\n.html\x1b[31m", 12), STATUS_NO_INPUT);
    assert_string_equal(f.message, "page .html [31m at 12");
    assert_int_equal(f.code, STATUS_NO_INPUT);
    assert_int_equal(fail(NULL, STATUS_IO, "nobody listens"), STATUS_IO);
    fail(&f, STATUS_IO, "ledger: %s", f.message);
    assert_string_equal(f.message, "ledger: page .html [31m at 12");
}

static void failures_are_whole_utf8(void **state) {
    (void)state;
    char name[2000];
    for (size_t shift = 0; shift < 4; shift++) {
        memset(name, 'x', shift);
        for (size_t i = shift; i + 4 < sizeof name; i += 4)
            memcpy(name + i, "\xF0\x9F\x93\xB0", 5);
        failure f = {0};
        fail(&f, STATUS_NO_INPUT, "%s", name);
        assert_true(utf8_valid(str_of(f.message)));
        assert_in_range(strlen(f.message), sizeof f.message - 4, sizeof f.message - 1);
    }
    failure f = {0};
    fail(&f, STATUS_NO_INPUT, "caf\xE9 \xC2\x9B.html");
    assert_string_equal(f.message, "caf\xEF\xBF\xBD  .html");
}

/* ---- digits, randomness, time that passes ---- */

static void digits_stand_for_bytes(void **state) {
    (void)state;
    arena a = arena_new((allocator){0});
    unsigned char all[256], back[256];
    for (int i = 0; i < 256; i++)
        all[i] = (unsigned char)i;
    str digits = bytes_hex(&a, all, sizeof all);
    assert_true(str_starts(digits, STR("000102")) && bytes_unhex(digits, back, sizeof back));
    assert_memory_equal(all, back, sizeof all);
    assert_false(bytes_unhex(STR("0A"), back, 1));
    for (int c = 0; c < 128; c++) {
        static const char known[] = "0123456789abcdefABCDEF";
        const char *at = c ? strchr(known, c) : NULL;
        assert_int_equal(hex_value((char)c), !at ? -1 : at - known < 16 ? at - known : at - known - 6);
    }
    arena_free(&a);
}

static void randomness_is_of_the_size_that_is_asked_for(void **state) {
    (void)state;
    for (size_t bytes = 0; bytes < 70; bytes += 3) {
        char one[256], other[256];
        memset(one, 'x', sizeof one);
        random_hex(one, bytes);
        random_hex(other, bytes);
        assert_int_equal(strlen(one), 2 * bytes);
        assert_int_equal(strspn(one, "0123456789abcdef"), 2 * bytes);
        assert_int_equal(one[2 * bytes + 1], 'x');
        assert_true(bytes < 8 || strcmp(one, other) != 0);
    }
}

static void waits_end_when_they_are_over(void **state) {
    (void)state;
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t never;
    clock_condition(&never);
    int64_t begun = clock_milliseconds();
    struct timespec until = clock_after(20);
    pthread_mutex_lock(&lock);
    int how = 0;
    while (how == 0)
        how = pthread_cond_timedwait(&never, &lock, &until);
    pthread_mutex_unlock(&lock);
    pthread_cond_destroy(&never);
    assert_int_equal(how, ETIMEDOUT);
    assert_in_range(clock_milliseconds() - begun, 19, 60000);
    until = clock_after(1999);
    assert_in_range(until.tv_nsec, 0, 999999999);
    assert_in_range(until.tv_sec - clock_seconds(), 0, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_gives_zeroed_aligned_memory),
        cmocka_unit_test(arena_uses_the_callers_allocator),
        cmocka_unit_test(arena_reset_keeps_one_block),
        cmocka_unit_test(vectors_keep_what_was_pushed),
        cmocka_unit_test(arena_copies_and_prints),
        cmocka_unit_test(buffers_grow),
        cmocka_unit_test(slices_compare),
        cmocka_unit_test(find_agrees_with_the_plain_search),
        cmocka_unit_test(hashes_spread),
        cmocka_unit_test(precision_of_huge_slices_stays_positive),
        cmocka_unit_test(utf8_agrees_with_another_decoder),
        cmocka_unit_test(utf8_round_trips),
        cmocka_unit_test(every_code_point_round_trips),
        cmocka_unit_test(random_bytes_are_repaired),
        cmocka_unit_test(valid_utf8_is_told_alike),
        cmocka_unit_test(days_split_and_join),
        cmocka_unit_test(extreme_days_do_not_overflow),
        cmocka_unit_test(weekdays_and_months),
        cmocka_unit_test(days_are_parsed_and_printed),
        cmocka_unit_test(hijri_months_begin_as_published),
        cmocka_unit_test(what_is_no_hijri_date_is_none),
        cmocka_unit_test(numbers_are_written_as_printf_does),
        cmocka_unit_test(inflating_agrees_with_zlib),
        cmocka_unit_test(a_crew_does_all_in_order),
        cmocka_unit_test(sha256_vectors),
        cmocka_unit_test(sha256_of_two),
        cmocka_unit_test(failures_are_one_line),
        cmocka_unit_test(failures_are_whole_utf8),
        cmocka_unit_test(digits_stand_for_bytes),
        cmocka_unit_test(randomness_is_of_the_size_that_is_asked_for),
        cmocka_unit_test(waits_end_when_they_are_over),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
