/* The index is SQLite's (FTS5) and keeps no text: which words it has is asked of it word by word
 * (fts5vocab), and compared as a sum with those that the texts have. Beside the words it keeps how long each
 * text is, and all of them together, by which answers are ranked. */
#include "ledger/check_words.h"

static uint64_t mixed(uint64_t z) { /* splitmix64 */
    z += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static uint64_t of_instance(str term, int64_t version, uint64_t column, uint64_t offset) {
    return mixed(str_hash(term) ^ mixed((uint64_t)version * 2 + column) ^
                 mixed(offset ^ 0x5555555555555555u));
}

static uint64_t of_sizes(int64_t version, uint64_t title, uint64_t body) {
    return mixed(mixed((uint64_t)version) ^ mixed(title * 2 + 1) ^ mixed(body * 2));
}

void words_begin(words_expected *w, arena *a) {
    *w = (words_expected){0};
    affixes_load(a, &w->known);
}

/* The tokenizer "ascii": letters, digits and whatever is beyond ASCII make words, capitals are small. */
static bool in_word(unsigned char c) {
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static uint64_t expect_column(words_expected *w, arena *a, int64_t version, uint64_t column, str stems) {
    uint64_t offset = 0;
    for (size_t at = 0; at < stems.size;) {
        size_t end = at;
        while (end < stems.size && in_word((unsigned char)stems.data[end]))
            end++;
        if (end == at) {
            at++;
            continue;
        }
        str term = str_slice(stems, at, end);
        char *small = arena_cstring(a, term);
        for (size_t i = 0; i < term.size; i++)
            if (small[i] >= 'A' && small[i] <= 'Z')
                small[i] = (char)(small[i] + 32);
        w->sum += of_instance((str){small, term.size}, version, column, offset++);
        w->instances++;
        at = end;
    }
    w->words[column] += offset;
    return offset;
}

void words_expect(words_expected *w, arena *a, int64_t version, str title, str text) {
    bool headed = title.size && str_starts(text, title);
    uint64_t first = expect_column(w, a, version, 0, words_stems(a, &w->known, headed ? title : STR("")));
    uint64_t second = expect_column(
        w, a, version, 1, words_stems(a, &w->known, headed ? str_slice(text, title.size, text.size) : text));
    w->sizes += of_sizes(version, first, second);
    w->versions++;
}

/* ---- what the index has ---- */

/* FTS5's own numbers: SQLite's variable-length integers. */
static uint64_t take_varint(str *bytes) {
    uint64_t n = 0;
    for (size_t i = 0; i < 9 && bytes->size; i++) {
        unsigned char c = (unsigned char)*bytes->data;
        *bytes = str_slice(*bytes, 1, bytes->size);
        if (i == 8)
            return n << 8 | c;
        n = n << 7 | (c & 0x7Fu);
        if (c < 0x80)
            break;
    }
    return n;
}

static status compare_instances(ledger *l, const words_expected *w, bool *same, failure *f) {
    uint64_t instances = 0, sum = 0;
    status code = store_execute(
        l, "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words_seen USING fts5vocab(main, words, instance)", f);
    if (code != STATUS_OK)
        return code;
    statement s = statement_of(l, "SELECT term, doc, col = 'body', \"offset\" FROM temp.words_seen", f);
    while (statement_row(&s)) {
        sum += of_instance(take_text(&s, 0), take_number(&s, 1), (uint64_t)take_number(&s, 2),
                           (uint64_t)take_number(&s, 3));
        instances++;
    }
    *same &= instances == w->instances && sum == w->sum;
    return statement_done(&s);
}

static status compare_sizes(ledger *l, const words_expected *w, bool *same, failure *f) {
    uint64_t versions = 0, sizes = 0;
    statement s = statement_of(l, "SELECT id, sz FROM words_docsize", f);
    while (statement_row(&s)) {
        str bytes = take_blob(&s, 1);
        uint64_t first = take_varint(&bytes), second = take_varint(&bytes);
        sizes += of_sizes(take_number(&s, 0), first, second);
        *same &= bytes.size == 0;
        versions++;
    }
    *same &= versions == w->versions && sizes == w->sizes;
    status code = statement_done(&s);
    if (code != STATUS_OK || !w->versions)
        return code;
    s = statement_of(l, "SELECT block FROM words_data WHERE id = 1", f);
    if (statement_row(&s)) {
        str bytes = take_blob(&s, 0);
        uint64_t rows = take_varint(&bytes), first = take_varint(&bytes), second = take_varint(&bytes);
        *same &= rows == w->versions && first == w->words[0] && second == w->words[1];
    } else {
        *same = false;
    }
    return statement_done(&s);
}

status fts_compare(ledger *l, const words_expected *w, bool *same, failure *f) {
    failure why = {0};
    *same = true;
    /* How its pages point at one another. */
    status code = store_execute(l, "INSERT INTO words(words) VALUES ('integrity-check')", &why);
    if (code == STATUS_OK)
        code = compare_instances(l, w, same, &why);
    if (code == STATUS_OK)
        code = compare_sizes(l, w, same, &why);
    store_execute(l, "DROP TABLE IF EXISTS temp.words_seen", NULL);
    return code == STATUS_OK ? code : fail(f, code, "%s", why.message);
}

status fts_rebuild(ledger *l, failure *f) {
    failure why = {0};
    status code = store_execute(l, "INSERT INTO words(words) VALUES ('delete-all')", &why);
    if (code == STATUS_DAMAGED_LEDGER)
        code =
            store_execute(l,
                          "DROP TABLE words; CREATE VIRTUAL TABLE words USING fts5(title, body, content='', "
                          "tokenize=\"ascii\")",
                          &why);
    return code == STATUS_OK ? ledger_reindex(l, f) : fail(f, code, "%s", why.message);
}
