/* Words for PostgreSQL's own index of texts: queries as it wants them, texts as vectors. */
#include "ledger/postgres_words.h"
#include "ledger/postgres.h"

/* A lexeme as tsquery and tsvector write it. */
static void put_lexeme(buffer *b, str word) {
    buffer_add_byte(b, '\'');
    for (size_t i = 0; i < word.size; i++) {
        if (word.data[i] == '\'' || word.data[i] == '\\')
            buffer_add_byte(b, word.data[i]);
        buffer_add_byte(b, word.data[i]);
    }
    buffer_add_byte(b, '\'');
}

static void put_json_text(buffer *b, str s) {
    buffer_add_byte(b, '"');
    for (size_t i = 0; i < s.size; i++) {
        if (s.data[i] == '"' || s.data[i] == '\\')
            buffer_add_byte(b, '\\');
        buffer_add_byte(b, s.data[i]);
    }
    buffer_add_byte(b, '"');
}

/* One phrase: its query, and its words as a JSON list. */
static void put_phrase(str phrase, bool begins, buffer *query, buffer *words) {
    str word;
    bool first = true;
    for (size_t at = 0; str_piece(phrase, &at, ' ', &word);) {
        if (!first)
            buffer_add(query, STR(" <-> ")), buffer_add_byte(words, ',');
        put_lexeme(query, word);
        put_json_text(words, word);
        first = false;
    }
    if (begins)
        buffer_add(query, STR(":*"));
}

typedef struct asked_phrases {
    buffer query, list;
    bool operand; /* one stands before: what follows is joined with it */
} asked_phrases;

static void take_phrase(asked_phrases *p, str phrase, bool begins) {
    buffer one = {0}, words = {0};
    put_phrase(phrase, begins, &one, &words);
    buffer_printf(&p->query, "%s(%.*s)", p->operand ? " & " : "", STR_ARG(buffer_str(&one)));
    buffer_add(&p->list, p->list.size ? STR(", {\"query\": ") : STR("{\"query\": "));
    put_json_text(&p->list, buffer_str(&one));
    buffer_printf(&p->list, ", \"words\": [%.*s], \"begins\": %s}", STR_ARG(buffer_str(&words)),
                  begins ? "true" : "false");
    p->operand = true;
    buffer_free(&one);
    buffer_free(&words);
}

str postgres_asked_words(arena *a, str words) {
    asked_phrases p = {0};
    buffer out = {0};
    for (size_t at = 0; at < words.size;) {
        str rest = str_slice(words, at, words.size);
        char c = words.data[at];
        if (c == '"') {
            size_t end = str_find(words, STR("\""), at + 1);
            end = end == SIZE_MAX ? words.size : end;
            bool begins = end + 1 < words.size && words.data[end + 1] == '*';
            take_phrase(&p, str_slice(words, at + 1, end), begins);
            at = end + 1 + begins;
        } else if (str_starts(rest, STR("NOT ")) || str_starts(rest, STR("OR "))) {
            bool not = c == 'N';
            buffer_add(&p.query, not ? STR(" & !") : STR(" | "));
            p.operand = false;
            at += not ? 4 : 3;
        } else {
            if (c == '(' && p.operand)
                buffer_add(&p.query, STR(" & "));
            if (c == '(' || c == ')')
                buffer_add_byte(&p.query, c), p.operand = c == ')';
            at++;
        }
    }
    buffer_add(&out, STR("{\"query\": "));
    put_json_text(&out, buffer_str(&p.query));
    buffer_printf(&out, ", \"phrases\": [%.*s]}", STR_ARG(buffer_str(&p.list)));
    str made = arena_copy(a, buffer_str(&out));
    buffer_free(&out);
    buffer_free(&p.query);
    buffer_free(&p.list);
    return made;
}

bool postgres_vector(str text, size_t *at, bool title, uint64_t *place, uint64_t *words, buffer *out) {
    enum { PART = 700 * 1024, LAST_PLACE = 16383 };
    str word;
    while (out->size < PART && str_piece(text, at, ' ', &word)) {
        if (!word.size)
            continue;
        put_lexeme(out, word);
        ++*words;
        if (++*place <= LAST_PLACE)
            buffer_printf(out, ":%llu%s", (unsigned long long)*place, title ? "A" : "");
        buffer_add_byte(out, ' ');
    }
    return *at < text.size;
}
