/* Learning asks on how many pages of a site a line stands, and must give the same answer for the same pages
 * in any order, in bounded memory. So it keeps of each site those pages whose keys are the smallest hashes (a
 * sample that hangs on nothing else), and of all sites together no more than MOST_PAGES: beyond, each site
 * keeps half as many, and at last sites with the largest hashes are left out. What has gone over the limit
 * goes over it in every order.
 *
 * A page's key is its title with its longest paragraph, so that copies of one article (its print view, the
 * same page with another address) count as one page, and what they share is not taken for the site's. */
#include "page/profile.h"

#include "base/ascii.h"
#include "base/buffer.h"
#include "base/hex.h"
#include "base/search.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "page/address.h"
#include "page/tables.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    MOST_OF_SITE = 256,     /* pages */
    FEWEST_OF_SITE = 8,     /* even where there are many sites */
    MOST_PAGES = 64 * 1024, /* of all sites */
    MOST_LINES = 128,       /* of a page: those with the smallest hashes */
    LEAST_PAGES = 6,        /* that a line must stand on */
    LEAST_SHARE = 20,       /* per cent of the site's pages */
};

/* Lines. */

static uint64_t mix(uint64_t h) {
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdu;
    h ^= h >> 33;
    h *= 0xc4ceb9fe1a85ec53u;
    return h ^ h >> 33;
}

/* Of the folded words; 0 where there are none. */
static uint64_t line_hash(str line) {
    uint64_t h = STR_HASH_BEGUN;
    bool space = false, any = false;
    for (size_t at = 0; at < line.size;) {
        uint32_t c = utf8_next(line, &at);
        char bytes[4];
        size_t size = is_word_code(c) ? fold_put(bytes, c) : 0;
        if (size && space && any)
            h = str_hash_more(h, STR(" "));
        if (size)
            h = str_hash_more(h, (str){bytes, size});
        any = any || size;
        space = size ? false : space || !is_word_code(c);
    }
    h = str_hash_end(h);
    return any ? h + !h : 0;
}

str profile_site(const article *p, arena *a) {
    str host = address_host(p->url);
    if (!host.size)
        return p->outlet.size ? p->outlet : STR_NONE;
    char *lower = arena_cstring(a, host);
    for (size_t i = 0; i < host.size; i++)
        lower[i] = ascii_lower(lower[i]);
    str site = {lower, host.size};
    return str_starts(site, STR("www.")) ? str_slice(site, 4, site.size) : site;
}

/* Pages of a site. */

typedef struct lines {
    uint64_t *at; /* ascending, each once */
    size_t size;
} lines;

typedef struct page_seen {
    uint64_t key;
    lines lines;
} page_seen;

typedef struct site {
    char *name;
    uint64_t hash;
    page_seen *pages; /* by key, ascending */
    size_t size, capacity;
} site;

struct lesson {
    site **sites; /* by hash, ascending */
    size_t size, capacity;
    size_t most;        /* pages of a site */
    uint64_t most_hash; /* sites beyond are left out */
    uint64_t kept, pages, nameless;
};

static void *must_have(void *memory) {
    if (!memory)
        abort();
    return memory;
}

static int by_value(const void *x, const void *y) {
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

static size_t sort_lines(uint64_t *all, size_t count) {
    size_t kept = 0;
    if (count)
        qsort(all, count, sizeof *all, by_value);
    for (size_t i = 0; i < count && kept < MOST_LINES; i++)
        if (kept == 0 || all[i] != all[kept - 1])
            all[kept++] = all[i];
    return kept;
}

static lines lines_of(const article *p, arena *a) {
    lines l = {ARENA_NEW(a, uint64_t, p->paragraphs.size + 1), 0};
    for (size_t i = 0; i < p->paragraphs.size; i++) {
        l.at[l.size] = line_hash(p->paragraphs.at[i].text);
        l.size += l.at[l.size] != 0;
    }
    l.size = sort_lines(l.at, l.size);
    return l;
}

static uint64_t key_of(const article *p) {
    str longest = STR("");
    for (size_t i = 0; i < p->paragraphs.size; i++)
        if (p->paragraphs.at[i].text.size > longest.size)
            longest = p->paragraphs.at[i].text;
    return mix(line_hash(p->title) * 31 + line_hash(longest));
}

static lines keep_lines(lines l) {
    uint64_t *kept = must_have(malloc((l.size + 1) * sizeof *kept));
    memcpy(kept, l.at, l.size * sizeof *kept);
    return (lines){kept, l.size};
}

/* What one page has, or another under the same key. */
static void unite_lines(lines *into, lines more) {
    uint64_t all[2 * MOST_LINES];
    memcpy(all, into->at, into->size * sizeof *all);
    memcpy(all + into->size, more.at, more.size * sizeof *all);
    size_t size = sort_lines(all, into->size + more.size);
    free(into->at);
    *into = keep_lines((lines){all, size});
}

static size_t place_of(const site *s, uint64_t key) {
    size_t first;
    FIRST_NOT(first, s->size, i, s->pages[i].key < key);
    return first;
}

static void drop_last(lesson *l, site *s) {
    free(s->pages[--s->size].lines.at);
    l->kept--;
}

static void add_page(lesson *l, site *s, uint64_t key, lines of) {
    size_t at = place_of(s, key);
    if (at < s->size && s->pages[at].key == key) {
        unite_lines(&s->pages[at].lines, of);
        return;
    }
    if (s->size == l->most && at == s->size)
        return;
    if (s->size == l->most)
        drop_last(l, s);
    if (s->size == s->capacity) {
        s->capacity = s->capacity ? 2 * s->capacity : 4;
        s->pages = must_have(realloc(s->pages, s->capacity * sizeof *s->pages));
    }
    memmove(&s->pages[at + 1], &s->pages[at], (s->size - at) * sizeof *s->pages);
    s->pages[at] = (page_seen){key, keep_lines(of)};
    s->size++;
    l->kept++;
}

/* Sites. */

static void site_free(lesson *l, site *s) {
    while (s->size)
        drop_last(l, s);
    free(s->pages);
    free(s->name);
    free(s);
}

static bool comes_before(const site *s, uint64_t hash, str name) {
    return s->hash < hash || (s->hash == hash && str_compare(str_of(s->name), name) < 0);
}

static size_t site_place(const lesson *l, uint64_t hash, str name) {
    size_t first;
    FIRST_NOT(first, l->size, i, comes_before(l->sites[i], hash, name));
    return first;
}

static site *site_named(lesson *l, str name) {
    uint64_t hash = str_hash(name);
    if (hash > l->most_hash)
        return NULL;
    size_t at = site_place(l, hash, name);
    if (at < l->size && str_equal(str_of(l->sites[at]->name), name))
        return l->sites[at];
    if (l->size == l->capacity) {
        l->capacity = l->capacity ? 2 * l->capacity : 16;
        l->sites = must_have(realloc(l->sites, l->capacity * sizeof(site *)));
    }
    site *s = must_have(calloc(1, sizeof *s));
    s->hash = hash;
    s->name = must_have(strndup(name.data, name.size));
    memmove(&l->sites[at + 1], &l->sites[at], (l->size - at) * sizeof(site *));
    l->sites[at] = s;
    l->size++;
    return s;
}

static void keep_bounds(lesson *l) {
    while (l->kept > MOST_PAGES && l->most > FEWEST_OF_SITE) {
        l->most /= 2;
        for (size_t i = 0; i < l->size; i++)
            while (l->sites[i]->size > l->most)
                drop_last(l, l->sites[i]);
    }
    while (l->kept > MOST_PAGES) {
        site *last = l->sites[--l->size];
        l->most_hash = last->hash - 1;
        site_free(l, last);
    }
}

lesson *lesson_new(void) {
    lesson *l = must_have(calloc(1, sizeof *l));
    l->most = MOST_OF_SITE;
    l->most_hash = UINT64_MAX;
    return l;
}

void lesson_free(lesson *l) {
    if (!l)
        return;
    for (size_t i = 0; i < l->size; i++)
        site_free(l, l->sites[i]);
    free(l->sites);
    free(l);
}

void lesson_add(lesson *l, const article *p) {
    arena a = arena_new((allocator){0});
    str name = profile_site(p, &a);
    bool named = name.size && !memchr(name.data, '\n', name.size) && !memchr(name.data, '\t', name.size);
    site *s = named ? site_named(l, name) : NULL;
    l->pages++;
    l->nameless += !named;
    if (s)
        add_page(l, s, key_of(p), lines_of(p, &a));
    keep_bounds(l);
    arena_free(&a);
}

uint64_t lesson_pages(const lesson *l) {
    return l->pages;
}

uint64_t lesson_nameless(const lesson *l) {
    return l->nameless;
}

/* The file. */

#define HEADER "isnad-profile/1\n"
#define SUM    "sha256\t"

static int by_name(const void *x, const void *y) {
    return strcmp((*(site *const *)x)->name, (*(site *const *)y)->name);
}

static void write_site(const site *s, buffer *out) {
    size_t count = 0, all = 0;
    for (size_t i = 0; i < s->size; i++)
        all += s->pages[i].lines.size;
    uint64_t *found = must_have(malloc((all + 1) * sizeof *found));
    for (size_t i = 0; i < s->size; i++) {
        memcpy(found + count, s->pages[i].lines.at, s->pages[i].lines.size * sizeof *found);
        count += s->pages[i].lines.size;
    }
    qsort(found, count, sizeof *found, by_value);
    buffer_printf(out, "site\t%s\t%zu\n", s->name, s->size);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && found[end] == found[i]; end++)
            ;
        if (end - i >= LEAST_PAGES && (end - i) * 100 >= s->size * LEAST_SHARE)
            buffer_printf(out, "%016" PRIx64 "\t%zu\n", found[i], end - i);
    }
    free(found);
}

str lesson_profile(const lesson *l, arena *a) {
    buffer out = {0};
    buffer_printf(
        &out, HEADER "# made by isnad page learn: lines on %d or more pages of a site and %d %% of them\n",
        LEAST_PAGES, LEAST_SHARE);
    site **sites = ARENA_NEW(a, site *, l->size + 1);
    if (l->size) {
        memcpy(sites, l->sites, l->size * sizeof(site *));
        qsort(sites, l->size, sizeof(site *), by_name);
    }
    for (size_t i = 0; i < l->size; i++)
        if (sites[i]->size >= LEAST_PAGES)
            write_site(sites[i], &out);
    str sum = digest_hex(a, sha256(buffer_str(&out)), 32);
    buffer_printf(&out, SUM "%.*s\n", STR_ARG(sum));
    str text = arena_copy(a, buffer_str(&out));
    buffer_free(&out);
    return text;
}

/* Reading it. */

struct profile {
    str version;
    VECTOR(uint64_t) lines; /* hashes of site and line, ascending */
};

static uint64_t in_site(uint64_t site_hash, uint64_t line) {
    return mix(site_hash * 31 + line);
}

static bool read_hash(str digits, uint64_t *out) {
    unsigned char bytes[8];
    *out = 0;
    if (digits.size != 16 || !bytes_unhex(digits, bytes, 8))
        return false;
    for (size_t i = 0; i < 8; i++)
        *out = *out << 8 | bytes[i];
    return true;
}

static bool is_count(str s) {
    for (size_t i = 0; i < s.size; i++)
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
    return s.size > 0 && s.size < 10;
}

/* The last line is the sum of all before it. */
static status check_sum(str text, const char *name, str *body, arena *a, failure *f) {
    enum { SUM_LINE = sizeof SUM - 1 + 64 + 1 };
    if (text.size < SUM_LINE)
        return fail(f, STATUS_BAD_INPUT, "%s: expected a last line with the SHA-256 of what stands before it",
                    name);
    *body = str_slice(text, 0, text.size - SUM_LINE);
    str expected = arena_printf(a, SUM "%.*s\n", STR_ARG(digest_hex(a, sha256(*body), 32)));
    if (!str_equal(str_slice(text, body->size, text.size), expected))
        return fail(f, STATUS_BAD_INPUT,
                    "%s: it was changed or cut off: its last line is not the SHA-256 of the rest", name);
    return STATUS_OK;
}

static status read_lines(str body, const char *name, profile *p, arena *a, failure *f) {
    uint64_t site_hash = 0, hash;
    size_t number = 0;
    bool in = false;
    str line;
    for (size_t at = 0; at < body.size && str_piece(body, &at, '\n', &line);) {
        str first = str_cell(line, 0), second = str_cell(line, 1), third = str_cell(line, 2);
        number++;
        if (number == 1 || line.size == 0 || line.data[0] == '#')
            continue;
        if (str_equal(first, STR("site")) && second.size && is_count(third)) {
            site_hash = str_hash(second);
            in = true;
        } else if (in && read_hash(first, &hash) && is_count(second)) {
            *VECTOR_PUSH(&p->lines, a) = in_site(site_hash, hash);
        } else {
            return fail(f, STATUS_BAD_INPUT,
                        "%s: line %zu: expected a site with its pages or a hash with its count", name,
                        number);
        }
    }
    if (p->lines.size)
        qsort(p->lines.at, p->lines.size, sizeof *p->lines.at, by_value);
    return STATUS_OK;
}

status profile_read(str text, const char *name, arena *a, profile **out, failure *f) {
    str body;
    profile *p = arena_alloc(a, sizeof *p);
    if (!str_starts(text, STR(HEADER)))
        return fail(f, STATUS_BAD_INPUT,
                    "%s: expected a profile (isnad-profile/1) as isnad page learn makes it", name);
    status result = check_sum(text, name, &body, a, f);
    if (result == STATUS_OK)
        result = read_lines(body, name, p, a, f);
    if (result != STATUS_OK)
        return result;
    p->version = digest_hex(a, sha256(text), 8);
    *out = p;
    return STATUS_OK;
}

str profile_version(const profile *p) {
    return p->version;
}

bool profile_has(const profile *p, str site_name, str text) {
    uint64_t line = line_hash(text);
    if (!site_name.size || !line || !p->lines.size)
        return false;
    uint64_t key = in_site(str_hash(site_name), line);
    return bsearch(&key, p->lines.at, p->lines.size, sizeof key, by_value) != NULL;
}
