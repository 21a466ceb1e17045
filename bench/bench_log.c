/* Proofs at the size of a large log: leaves appended a second, and how long a consistency proof, an inclusion
 * proof and a head's root take, by processor time, between random sizes under a seed. Every proof is checked.
 * Leaves are made up: no page stands behind them. */
#include "measure.h"

#include "ledger/log.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PROOFS = 1000, BATCH = 100000 };

static uint64_t state = 20260203;

static uint64_t random_next(void) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return state >> 11;
}

static void append(ledger *l, uint64_t from, uint64_t to) {
    failure f;
    check(store_begin(l, &f), &f);
    for (uint64_t i = from; i < to; i++) {
        uint64_t entry[2] = {i, 1};
        statement s = statement_of(l, "INSERT INTO log VALUES (?, 'capture', ?, ?)", &f);
        give_number(&s, (int64_t)i);
        give_number(&s, (int64_t)i);
        give_digest(&s, merkle_leaf((str){(const char *)entry, sizeof entry}));
        check(statement_run(&s), &f);
    }
    check(ledger_commit(l, &f), &f);
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void tell(const char *what, double *seconds) {
    qsort(seconds, PROOFS, sizeof *seconds, by_size);
    printf("%-22s p50 %7.3f ms   p99 %7.3f ms   most %7.3f ms\n", what, seconds[PROOFS / 2] * 1e3,
           seconds[PROOFS * 99 / 100] * 1e3, seconds[PROOFS - 1] * 1e3);
}

static digest root_of(const merkle_source *s, uint64_t size) {
    failure f;
    digest root;
    check(merkle_root(s, size, &root, &f), &f);
    return root;
}

static void prove(ledger *l, uint64_t leaves) {
    static double consistency[PROOFS], roots[PROOFS], inclusion[PROOFS];
    merkle_source s = log_source(l);
    merkle_path path;
    failure f;
    for (size_t i = 0; i < PROOFS; i++) {
        uint64_t from = 1 + random_next() % leaves, at = random_next() % leaves, entry[2] = {at, 1};
        moment begin = now();
        check(merkle_consistency(&s, from, leaves, &path, &f), &f);
        consistency[i] = since(begin).processor;
        begin = now();
        digest to_root = root_of(&s, leaves);
        roots[i] = since(begin).processor;
        bool good = merkle_consistent(from, root_of(&s, from), leaves, to_root, &path);
        begin = now();
        check(merkle_inclusion(&s, at, leaves, &path, &f), &f);
        inclusion[i] = since(begin).processor;
        good &= merkle_included(merkle_leaf((str){(const char *)entry, sizeof entry}), at, leaves, to_root,
                                &path);
        if (!good) {
            fprintf(stderr, "bench-log: a proof does not hold\n");
            exit(1);
        }
    }
    tell("consistency proof", consistency);
    tell("inclusion proof", inclusion);
    tell("root of a head", roots);
}

int main(int count, char **words) {
    static const struct option options[] = {{"leaves", required_argument, NULL, 'l'}, {0}};
    uint64_t leaves = 1000000;
    char folder[] = "/tmp/isnad-log-XXXXXX", path[64];
    ledger *l;
    failure f;
    for (int c; (c = getopt_long(count, words, "", options, NULL)) != -1;)
        if (c == 'l')
            leaves = strtoull(optarg, NULL, 10);
    if (!leaves || !mkdtemp(folder))
        return 2;
    snprintf(path, sizeof path, "%s/log.db", folder);
    check(ledger_open(path, LEDGER_CREATE, NULL, &l, &f), &f);
    moment begin = now();
    for (uint64_t at = 0; at < leaves; at += BATCH)
        append(l, at, at + BATCH < leaves ? at + BATCH : leaves);
    printf("log of %llu leaves: %.0f appended a second (processor time)\n", (unsigned long long)leaves,
           (double)leaves / since(begin).processor);
    prove(l, leaves);
    ledger_close(l, NULL);
    remove_ledger(path);
    rmdir(folder);
    return 0;
}
