/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The golden pairs: one deal written twice, and deals that only look alike. Reads
 * tests/golden/pairs.tsv; a row that is marked `later:` must still be wrong today, so that the mark
 * goes when it is mended. Every pair is judged without a table of aliases and with the built-in
 * one: `alias: duplicate` is what the table alone can tell, all else holds either way.
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

static kaburi_match judge(char *cell[COLUMNS], const kaburi_aliases *aliases) {
    kaburi_record a;
    kaburi_record b;
    kaburi_match match;
    kaburi_error error;
    kaburi_compare_options options;
    kaburi_compare_options_init(&options);
    options.aliases = aliases;
    kaburi_record_init(&a);
    kaburi_record_init(&b);
    a.company = kaburi_text_of(cell[COMPANY_A]);
    a.deal = kaburi_text_of(cell[DEAL_A]);
    b.company = kaburi_text_of(cell[COMPANY_B]);
    b.deal = kaburi_text_of(cell[DEAL_B]);
    assert_int_equal(kaburi_compare(&a, &b, &options, &match, &error), KABURI_OK);
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

/* Without a table what it alone can tell must not be told: else the row needs no table. With it a
 * pair that waits for something else may be told or not: NULL. */
static const char *expectation(const char *expect, bool with_aliases) {
    static const char mark[] = "alias: ";
    if (with_aliases && strncmp(expect, "later:", 6) == 0) {
        return NULL;
    }
    if (strncmp(expect, mark, sizeof mark - 1) != 0) {
        return expect;
    }
    return with_aliases ? expect + sizeof mark - 1 : "later: needs aliases";
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
        if (!split(line, cell) || cell[EXPECT] == NULL) {
            fail_msg("not %d cells: %s", COLUMNS, line);
            continue;
        }
        pairs++;
        for (int with = 0; with < 2; with++) {
            const char *expect = expectation(cell[EXPECT], with);
            kaburi_match match = judge(cell, with ? kaburi_aliases_default() : NULL);
            if (expect != NULL && !is_told(&match, expect, cell[CLASS])) {
                wrong++;
                print_error("%s: %s %s | %s %s: expected %s, is %s %.3f %s aliases\n", cell[CLASS],
                            cell[COMPANY_A], cell[DEAL_A], cell[COMPANY_B], cell[DEAL_B],
                            cell[EXPECT], kaburi_verdict_name(match.verdict), match.probability,
                            with ? "with" : "without");
            }
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
