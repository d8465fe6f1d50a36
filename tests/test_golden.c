/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The golden pairs: one deal written twice, and deals that only look alike. Reads
 * tests/golden/pairs.tsv; a row that is marked `later:` must still be wrong today, so that the mark
 * goes when it is mended.
 */
#include "kaburi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { CLASS, COMPANY_A, DEAL_A, COMPANY_B, DEAL_B, EXPECT, COLUMNS };

static bool split(char *line, char *cell[COLUMNS]) {
    for (int i = 0; i < COLUMNS; i++) {
        cell[i] = line;
        char *end = strchr(line, i + 1 < COLUMNS ? '\t' : '\n');
        if (end == NULL) {
            return false;
        }
        *end = '\0';
        line = end + 1;
    }
    return true;
}

static kaburi_match judge(char *cell[COLUMNS]) {
    kaburi_record a;
    kaburi_record b;
    kaburi_match match;
    kaburi_error error;
    kaburi_record_init(&a);
    kaburi_record_init(&b);
    a.company = kaburi_text_of(cell[COMPANY_A]);
    a.deal = kaburi_text_of(cell[DEAL_A]);
    b.company = kaburi_text_of(cell[COMPANY_B]);
    b.deal = kaburi_text_of(cell[DEAL_B]);
    assert_int_equal(kaburi_compare(&a, &b, NULL, &match, &error), KABURI_OK);
    return match;
}

/* Whether the pair is told as its row wants it. */
static bool is_told(const kaburi_match *match, const char *expect, const char *class) {
    const char *verdict = kaburi_verdict_name(match->verdict);
    bool alerted = match->decision != KABURI_DECISION_ALLOW;
    if (strncmp(expect, "later:", 6) == 0) {
        bool variant = strchr("LWKXVD", class[0]) != NULL;
        return variant ? match->verdict != KABURI_VERDICT_DUPLICATE || !alerted
                       : match->verdict == KABURI_VERDICT_DUPLICATE;
    }
    if (strcmp(expect, "not duplicate") == 0) {
        return match->verdict != KABURI_VERDICT_DUPLICATE;
    }
    if (strcmp(expect, "duplicate") == 0) {
        return match->verdict == KABURI_VERDICT_DUPLICATE && alerted;
    }
    return strcmp(expect, verdict) == 0;
}

static void every_pair_is_told(void **state) {
    (void)state;
    FILE *file = fopen(KABURI_GOLDEN, "r");
    assert_non_null(file);
    char line[4096];
    int wrong = 0;
    int pairs = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        char *cell[COLUMNS] = {NULL};
        if (line[0] == '#' || strncmp(line, "class\t", 6) == 0) {
            continue;
        }
        assert_true(split(line, cell));
        kaburi_match match = judge(cell);
        pairs++;
        if (!is_told(&match, cell[EXPECT], cell[CLASS])) {
            wrong++;
            print_error("%s: %s %s | %s %s: expected %s, is %s %.3f\n", cell[CLASS],
                        cell[COMPANY_A], cell[DEAL_A], cell[COMPANY_B], cell[DEAL_B], cell[EXPECT],
                        kaburi_verdict_name(match.verdict), match.probability);
        }
    }
    (void)fclose(file);
    assert_true(pairs >= 160);
    assert_int_equal(wrong, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_pair_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
