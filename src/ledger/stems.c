/* Stems: what the forms of a word have in common, for searching (data/ledger/affixes.tsv says what goes). */
#include "ledger/names.h"
#include "ledger/words.h"

/* The byte that ends the letter at the edge of a word or an affix. Letters have two bytes, Latin ones one. */
static unsigned char edge_of(str s, bool latin, bool suffix) {
    return (unsigned char)s.data[suffix ? s.size - 1 : latin ? 0 : 1];
}

void affixes_load(arena *a, affixes *out) {
    str line;
    *out = (affixes){0};
    for (size_t at = 0; str_piece(str_of(ledger_table_affixes), &at, '\n', &line);) {
        if (!line.size)
            continue;
        affix x = {.latin = str_equal(str_cell(line, 0), STR("latn")),
                   .suffix = str_equal(str_cell(line, 1), STR("suffix")),
                   .text = str_cell(line, 2),
                   .becomes = str_cell(line, 3)};
        if (str_equal(x.becomes, STR("-")))
            x.becomes = STR("");
        x.least = (size_t)(str_cell(line, 4).data[0] - '0') * (x.latin ? 1 : 2);
        struct affix_list *list = &out->of[x.latin][x.suffix];
        *VECTOR_PUSH(&list->list, a) = x;
        list->edge[edge_of(x.text, x.latin, x.suffix)] = true;
    }
}

static bool fits(const affix *x, const word *w) {
    if (w->size < x->text.size + x->least)
        return false;
    const char *at = x->suffix ? w->folded + w->size - x->text.size : w->folded;
    return memcmp(at, x->text.data, x->text.size) == 0;
}

/* False where the word is to stay as it is. */
static bool take_off(const affix *x, word *w) {
    if (str_equal(x->text, x->becomes))
        return false;
    w->size -= x->text.size;
    if (!x->suffix)
        memmove(w->folded, w->folded + x->text.size, w->size);
    else if (x->becomes.size)
        memcpy(w->folded + w->size, x->becomes.data, x->becomes.size);
    w->size += x->suffix ? x->becomes.size : 0;
    return true;
}

/* From the top again after each that fits; every turn makes the word shorter. */
static void strip(const affixes *known, bool latin, bool suffix, word *w) {
    const struct affix_list *of = &known->of[latin][suffix];
    for (size_t i = 0; i < of->list.size;) {
        if (i == 0 && (w->size < 2 || !of->edge[edge_of((str){w->folded, w->size}, latin, suffix)]))
            return;
        const affix *x = &of->list.at[i];
        if (!fits(x, w)) {
            i++;
            continue;
        }
        size_t before = w->size;
        if (!take_off(x, w) || w->size >= before)
            return;
        i = 0;
    }
}

void word_stem(const affixes *known, word *w) {
    unsigned char first = (unsigned char)w->folded[0];
    bool latin = first >= 'a' && first <= 'z', arabic = first >= 0xD8 && first <= 0xDB;
    if (!latin && !arabic)
        return;
    strip(known, latin, true, w);
    strip(known, latin, false, w);
}

str words_stems(arena *a, const affixes *known, str text) {
    VECTOR(char) out = {0};
    word w;
    VECTOR_RESERVE(&out, a, text.size + text.size / 4 + 16);
    for (size_t at = 0; words_next(text, &at, &w);) {
        word_stem(known, &w);
        if (out.size + w.size + 1 > out.capacity)
            VECTOR_RESERVE(&out, a, out.capacity * 2 + w.size + 1);
        if (out.size)
            out.at[out.size++] = ' ';
        if (out.at)
            memcpy(out.at + out.size, w.folded, w.size);
        out.size += w.size;
    }
    return (str){out.at ? out.at : "", out.size};
}
