/* Prints how the work of page and reading grows with the text: at n, 10n and 100n, for each shape. A column
 * that says 10.0x, 10.0x is linear. Needs a build with -Dcounters=true. */
#include "work.h"

#include <stdio.h>
#include <stdlib.h>

static void print_row(const char *name, uint64_t n, uint64_t ten, uint64_t hundred) {
    if (n == 0 || ten == 0)
        return;
    printf("    %-16s %12llu %12llu %12llu   %5.1fx %5.1fx\n", name, (unsigned long long)n,
           (unsigned long long)ten, (unsigned long long)hundred, (double)ten / (double)n,
           (double)hundred / (double)ten);
}

int main(int argc, char **argv) {
    size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 10000;
    printf("Growth of work at %zu, %zu and %zu bytes (times the count before)\n", n, 10 * n, 100 * n);
    for (size_t i = 0; i < shape_count; i++) {
        work_done a = work_measure(&shapes[i], n), b = work_measure(&shapes[i], 10 * n),
                  c = work_measure(&shapes[i], 100 * n);
        printf("%s\n", shapes[i].name);
        for (size_t k = 0; k < WORK_KINDS; k++)
            print_row(work_names[k], a.of[k], b.of[k], c.of[k]);
        print_row("claims", a.claims, b.claims, c.claims);
        print_row("disagreements", a.disagreements, b.disagreements, c.disagreements);
    }
    return 0;
}
