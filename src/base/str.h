/* Slices: a pointer and a length into text that outlives them. Never NUL-terminated by contract. */
#ifndef ISN_BASE_STR_H
#define ISN_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct str {
    const char *data;
    size_t size;
} str;

#define STR(literal) ((str){(literal), sizeof(literal) - 1})
#define STR_NONE     ((str){NULL, 0})
/* For printf: printf("%.*s", STR_ARG(s)) */
#define STR_ARG(s) str_precision(s), (s).data ? (s).data : ""

static inline int str_precision(str s) {
    return s.size > INT32_MAX ? INT32_MAX : (int)s.size;
}

static inline str str_of(const char *cstring) {
    return cstring ? (str){cstring, strlen(cstring)} : STR_NONE;
}

static inline str str_slice(str s, size_t from, size_t to) {
    return (str){from ? s.data + from : s.data, to - from};
}

static inline bool str_equal(str a, str b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool str_starts(str s, str prefix) {
    return s.size >= prefix.size && (prefix.size == 0 || memcmp(s.data, prefix.data, prefix.size) == 0);
}

static inline bool str_ends(str s, str suffix) {
    return s.size >= suffix.size &&
           (suffix.size == 0 || memcmp(s.data + s.size - suffix.size, suffix.data, suffix.size) == 0);
}

/* Order by bytes, shorter first where one begins the other: the order of UTF-8 code points. */
int str_compare(str a, str b);
/* The same for qsort and bsearch over strs. */
int str_order(const void *x, const void *y);
/* ASCII letters compare alike; everything else byte for byte. */
bool str_equal_ascii_nocase(str a, str b);
/* Offset of the first `needle` at or after `from`; SIZE_MAX where there is none. Linear time. */
size_t str_find(str s, str needle, size_t from);
/* Without the byte order mark that it may begin with. */
str str_unmarked(str s);
/* Without ASCII white space at both ends. */
str str_trim(str s);
/* Goes through the pieces of a text between marks, empty ones and the last too; `at` begins at 0. False
 * behind the last. */
bool str_piece(str text, size_t *at, char mark, str *out);
/* Cell `n` of a line, from 0, between tabs; STR_NONE where there are fewer. */
str str_cell(str line, size_t n);
/* 64-bit FNV-1a with a final mix: for tables in memory and in compiled files, not against an adversary. */
uint64_t str_hash(str s);
/* The same of what is put together: begun, more and more, ended. */
#define STR_HASH_BEGUN UINT64_C(0xcbf29ce484222325)
uint64_t str_hash_more(uint64_t h, str s);
uint64_t str_hash_end(uint64_t h);

#endif
