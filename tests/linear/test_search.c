/* Looks for the text that makes the most work: words of the lexicon and names of places in patterns that come
 * again and again, changed at random, the costliest kept. What the worst found costs a byte is held against a
 * bound, so that no page, however it was made, holds a run up. No clock is asked. */
#include "base/buffer.h"
#include "base/counters.h"
#include "lang/tables.h"
#include "reading/reading.h"
#include "test_support.h"

#include <inttypes.h>
#include <stdlib.h>

enum { PATTERN = 24, TEXT_BYTES = 6000, STARTS = 4 };
/* Steps a byte. Long searches find a third of it. */
enum { MOST_STEPS = 400 };

typedef struct pattern {
    const struct lang *lang;
    size_t count;
    str word[PATTERN];
    double cost;
} pattern;

static str random_word(test_random *r, const struct lang *l) {
    static const str others[] = {{",", 1}, {"،", 2},   {"\"", 1},     {".", 1}, {"\n", 1},   {":", 1},
                                 {"-", 1}, {"12", 2},  {"3", 1},      {"%", 1}, {"2020", 4}, {"/", 1},
                                 {"(", 1}, {"حلب", 6}, {"Aleppo", 6}, {"x", 1}};
    if (random_below(r, 5) == 0)
        return others[random_below(r, sizeof others / sizeof *others)];
    uint32_t slot;
    do
        slot = l->table[random_below(r, l->table_size)] & ((1u << ENTRY_BITS) - 1);
    while (!slot);
    const struct lang_entry *e = &l->entries[slot - 1];
    return (str){l->pool + e->text, e->size};
}

static void mutate(test_random *r, pattern *p) {
    size_t at = random_below(r, p->count);
    switch (random_below(r, 5)) {
    case 0:
        if (p->count < PATTERN) {
            memmove(p->word + at + 1, p->word + at, (p->count - at) * sizeof *p->word);
            p->word[at] = random_word(r, p->lang);
            p->count++;
        }
        break;
    case 1:
        if (p->count > 1) {
            memmove(p->word + at, p->word + at + 1, (p->count - at - 1) * sizeof *p->word);
            p->count--;
        }
        break;
    case 2: /* the same again: what a rule repeats */
        if (p->count < PATTERN) {
            memmove(p->word + at + 1, p->word + at, (p->count - at) * sizeof *p->word);
            p->count++;
        }
        break;
    default:
        p->word[at] = random_word(r, p->lang);
    }
}

static void write_pattern(const pattern *p, buffer *out, size_t bytes) {
    while (out->size < bytes)
        for (size_t i = 0; i < p->count; i++) {
            buffer_add(out, p->word[i]);
            buffer_add_byte(out, ' ');
        }
}

#ifdef ISNAD_COUNTERS
static uint64_t steps_done(void) {
    return work.rule_steps + work.claim_steps + work.place_lookups + work.tokens_visited;
}
#else
static uint64_t steps_done(void) {
    return 0;
}
#endif

static double measure(const pattern *p) {
    buffer text = {0};
    write_pattern(p, &text, TEXT_BYTES);
    arena a = arena_new((allocator){0});
    article page = {.text = buffer_str(&text),
                    .language = str_of(p->lang->code),
                    .supported = true,
                    .published = STR("2021-01-14")};
    reading made;
    uint64_t before = steps_done();
    reading_make(&page, gazetteer_builtin(), NULL, &a, &made);
    double cost = (double)(steps_done() - before) / (double)text.size;
    arena_free(&a);
    buffer_free(&text);
    return cost;
}

static void search(test_random *r, size_t rounds, pattern *best) {
    for (best->count = 0; best->count < 6;)
        best->word[best->count++] = random_word(r, best->lang);
    best->cost = measure(best);
    for (size_t round = 0; round < rounds; round++) {
        pattern next = *best;
        for (size_t k = 1 + random_below(r, 2); k--;)
            mutate(r, &next);
        next.cost = measure(&next);
        if (next.cost >= best->cost)
            *best = next;
    }
}

static void show(const pattern *p) {
    buffer text = {0};
    write_pattern(p, &text, 1);
    print_message("%6.1f steps a byte, %s: %.*s\n", p->cost, p->lang->code, (int)text.size, text.data);
    buffer_free(&text);
}

static void no_text_makes_much_work(void **state) {
    (void)state;
#ifndef ISNAD_COUNTERS
    skip();
#endif
    test_random r = test_seeded("no_text_makes_much_work");
    for (unsigned k = 0; k < lang_count * STARTS; k++) {
        pattern worst = {.lang = &lang_all[k % lang_count]};
        search(&r, test_rounds(100), &worst);
        show(&worst);
        if (worst.cost > MOST_STEPS)
            fail_msg("%.1f steps a byte, at most %d", worst.cost, (int)MOST_STEPS);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_text_makes_much_work),
    };
    return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
