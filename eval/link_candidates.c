/* Prints what linking chooses among, for the training of its weights (eval/train_links.py).
 *
 * usage: link_candidates LEDGER            a line for each pair of units that may tell of one incident:
 * documents and numbers of both units, then each trait that is not 0, as name=value link_candidates LEDGER
 * WEIGHTS    a line for each incident that these weights make: the ids of its documents Between tabs. */
#include <stdio.h>
#include <stdlib.h>

#include "ledger/bonds.h"

static str file_text(const char *path, arena *a) {
    buffer b = {0};
    char part[4096];
    FILE *f = fopen(path, "rb");
    for (size_t n; f && (n = fread(part, 1, sizeof part, f)) > 0;)
        buffer_add(&b, (str){part, n});
    if (f)
        fclose(f);
    str out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
    return out;
}

static status read_ids(ledger *l, arena *a, const unit_list *list, str *ids, failure *f) {
    statement s = statement_of(l, "SELECT document.key, document.id FROM document", f);
    while (statement_row(&s))
        for (size_t i = 0; i < list->documents.size; i++)
            if (list->documents.at[i].key == take_number(&s, 0))
                ids[i] = arena_copy(a, take_text(&s, 1));
    return statement_done(&s);
}

static void print_pair(const bonds *b, const str *ids, const unit *x, const unit *y) {
    double values[LINK_TRAITS];
    if (!x->current || !y->current || !bond_traits(b, x, y, values) || !bond_says_something(values))
        return;
    printf("%.*s\t%u\t%.*s\t%u", STR_ARG(ids[x->document]), x->number, STR_ARG(ids[y->document]), y->number);
    for (int t = 0; t < LINK_TRAITS; t++)
        if (values[t] > 0)
            printf("\t%s=%g", link_trait_name((link_trait)t), values[t]);
    putchar('\n');
}

static void print_pairs(const bonds *b, const str *ids) {
    const unit_list *list = b->list;
    for (size_t i = 0; i < list->units.size; i++)
        for (size_t j = i + 1; j < list->units.size; j++)
            print_pair(b, ids, &list->units.at[i], &list->units.at[j]);
}

static void print_groups(const unit_list *list, const link_weights *w, arena *a, const str *ids) {
    clusters c;
    units_cluster(list, w, &(link_ties){0}, a, &c);
    for (uint32_t i = 0; i < list->units.size; i++)
        if (c.of[i] != UINT32_MAX)
            printf("%u\t%.*s\t%u\n", c.of[i], STR_ARG(ids[list->units.at[i].document]),
                   list->units.at[i].number);
}

static status run(const char *path, const char *weights, arena *a, failure *f) {
    ledger *l = NULL;
    name_tables tables;
    unit_list list;
    link_weights w;
    status code = ledger_open(path, LEDGER_READ, NULL, &l, f);
    if (code != STATUS_OK)
        return code;
    names_load(a, &tables);
    code = units_read(l, &tables, STR_NONE, a, &list, f);
    if (code == STATUS_OK)
        code = link_weights_read(weights ? file_text(weights, a) : str_of(ledger_table_links), &w, f);
    str *ids = code == STATUS_OK ? ARENA_NEW(a, str, list.documents.size + 1) : NULL;
    if (code == STATUS_OK)
        code = read_ids(l, a, &list, ids, f);
    if (code == STATUS_OK && weights) {
        print_groups(&list, &w, a, ids);
    } else if (code == STATUS_OK) {
        bonds b = bonds_of(&list, &w, a);
        print_pairs(&b, ids);
    }
    ledger_close(l, NULL);
    return code;
}

int main(int argc, char **argv) {
    arena a = arena_new((allocator){0});
    failure f = {0};
    if (argc < 2) {
        fprintf(stderr, "usage: link_candidates LEDGER [WEIGHTS]\n");
        return 2;
    }
    status code = run(argv[1], argc > 2 ? argv[2] : NULL, &a, &f);
    if (code != STATUS_OK)
        fprintf(stderr, "%s\n", f.message);
    arena_free(&a);
    return (int)code;
}
