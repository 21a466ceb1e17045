/* Folding and splitting of any bytes made well-formed: tokens point into the text, in order, without overlap;
 * sentences share the tokens out among them; code points are counted as by hand. */
#include "base/utf8.h"
#include "text/text.h"

#include <stdlib.h>

static void require(bool holds) {
    if (!holds)
        abort();
}

static void check_tokens(const tokens *t) {
    uint32_t end = 0, first = 0;
    for (size_t i = 0; i < t->token.size; i++) {
        const token *x = &t->token.at[i];
        require(x->start >= end && x->end > x->start && x->end <= t->text.size && x->folded.size > 0);
        require(x->sentence < t->sentence.size && x->paragraph < t->paragraphs);
        end = x->end;
    }
    for (size_t i = 0; i < t->sentence.size; i++) {
        const sentence *s = &t->sentence.at[i];
        require(s->first == first && s->last > first && s->last <= t->token.size);
        require(s->start == t->token.at[s->first].start && s->end == t->token.at[s->last - 1].end);
        first = s->last;
    }
    require(first == t->token.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena a = arena_new((allocator){0});
    str text = utf8_repair(&a, (str){(const char *)data, size});
    tokens t;
    text_tokens(text, &a, &t);
    check_tokens(&t);
    char *once = arena_alloc(&a, 2 * text.size + 1);
    str folded = {once, text_fold(text, once)};
    require(folded.size <= 2 * text.size && utf8_valid(folded));
    char *twice = arena_alloc(&a, 2 * folded.size + 1);
    require(str_equal((str){twice, text_fold(folded, twice)}, folded));
    code_points c;
    code_points_build(text, &a, &c);
    uint32_t points = 0;
    for (size_t at = 0; at < text.size; points++) {
        require(code_points_at(&c, (uint32_t)at) == points);
        utf8_next(text, &at);
    }
    require(code_points_at(&c, (uint32_t)text.size) == points);
    arena_free(&a);
    return 0;
}
