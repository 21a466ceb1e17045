/* The tests that stand beside the rules of lang/, as tools/langc.py writes them out:
 *
 *     test RULE "text" = "matched text" feature=value …
 *     test RULE "text" = none                                                                          */
#ifndef ISN_TEST_RULE_TESTS_H
#define ISN_TEST_RULE_TESTS_H

#include "lang/tables.h"

struct rule_test {
    const char *language, *rule, *file;
    uint32_t line;
    const char *text, *matched; /* NULL: the rule must not match */
    uint8_t fields;
    struct {
        int16_t field; /* a feature, or min (-1), max (-2), value (-3) */
        int64_t value;
    } field[8];
};

extern const struct rule_test rule_tests[]; /* ends with a line of zeros */

#endif
