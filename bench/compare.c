/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kaburi-bench compare: judges pairs of records, one a row.
 */
#include "corpus.h"
#include "output.h"

#include <string.h>

typedef struct pairs {
    bench_rows rows;
    bench_columns a;
    bench_columns b;
    bench_judge judge;
    bool skip_bad_rows;
    size_t skipped;
} pairs;

/* Puts the side before the problem: both have a company. */
static int blame(pairs *at, char side, const char *why) {
    char problem[sizeof at->rows.problem];
    (void)snprintf(problem, sizeof problem, "side %c: %.240s", side, why);
    memcpy(at->rows.problem, problem, sizeof problem);
    return BENCH_DATA;
}

/* Reads and judges the current row. DATA: the row is bad, and rows.problem says why; IO is
 * reported. */
static int judge(pairs *at, kaburi_match *match) {
    kaburi_record a;
    kaburi_record b;
    kaburi_error error;
    kaburi_parts *parts = NULL;
    if (!bench_columns_read(&at->a, &at->rows, &a)) {
        return blame(at, 'a', at->rows.problem);
    }
    if (!bench_columns_read(&at->b, &at->rows, &b)) {
        return blame(at, 'b', at->rows.problem);
    }
    if (kaburi_compare(&a, &b, &at->judge.options, match, &error) == KABURI_OK) {
        return BENCH_OK;
    }
    if (error.status == KABURI_ERROR_MEMORY) {
        return bench_refuse(&error);
    }
    char side = kaburi_normalize(&parts, &a, NULL, NULL) == KABURI_OK ? 'b' : 'a';
    kaburi_parts_free(parts);
    return blame(at, side, error.message);
}

static int judge_all(pairs *at, FILE *out) {
    (void)fputs("pair\tprobability\tverdict\tdecision\tevidence\n", out);
    size_t number = 0;
    int got;
    while ((got = bench_rows_next(&at->rows)) != 0) {
        char text[24];
        kaburi_match match;
        number++;
        int code = got < 0 ? BENCH_DATA : judge(at, &match);
        if (code == BENCH_IO) {
            return code;
        }
        if (code != BENCH_OK) {
            if (!at->skip_bad_rows) {
                return bench_fail(BENCH_DATA, "%s:%zu: %s", at->rows.path, at->rows.line,
                                  at->rows.problem);
            }
            at->skipped++;
            continue;
        }
        (void)snprintf(text, sizeof text, "%zu", number);
        bench_output_match(out, at->a.id >= 0 ? at->rows.cells[at->a.id] : kaburi_text_of(text),
                           &match);
    }
    return BENCH_OK;
}

static int find_columns(pairs *at) {
    bench_columns_find(&at->a, &at->rows, "_a");
    bench_columns_find(&at->b, &at->rows, "_b");
    if ((at->a.company < 0 && at->a.deal < 0) || (at->b.company < 0 && at->b.deal < 0)) {
        return bench_fail(BENCH_DATA, "%s:1: no column company_a or deal_a, or company_b or deal_b",
                          at->rows.path);
    }
    return BENCH_OK;
}

int bench_compare(int argc, char **argv) {
    bench_option own[] = {{.name = "--pairs", .required = true},
                          {.name = "--out"},
                          BENCH_INPUT_OPTIONS,
                          BENCH_JUDGE_OPTIONS};
    const bench_options options = {own, BENCH_COUNT(own)};
    pairs at = {0};
    bench_input input;
    int code = bench_options_read(&options, argc, argv);
    bench_input_of(&input, &options);
    at.skip_bad_rows = input.skip_bad_rows;
    if (code != BENCH_OK || (code = bench_judge_of(&at.judge, &options)) != BENCH_OK) {
        return code;
    }
    code = bench_rows_open(&at.rows, own[0].value, input.encoding);
    if (code == BENCH_OK) {
        bench_output output;
        code = find_columns(&at);
        if (code == BENCH_OK) {
            code = bench_output_open(&output, own[1].value);
        }
        if (code == BENCH_OK) {
            code = bench_output_close(&output, judge_all(&at, output.file));
        }
    }
    bench_rows_tell_skipped(&at.rows, at.skipped);
    bench_rows_close(&at.rows);
    bench_judge_free(&at.judge);
    return code;
}
