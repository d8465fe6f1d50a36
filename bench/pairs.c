/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Labelled pairs. Every record is tried on the library as it is read, so that whoever works with
 * pairs that were read meets no text that is refused.
 */
#include "pairs.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static const char *const names[] = {
    [BENCH_LABEL_NONE] = "",
    [BENCH_LABEL_DIFFERENT] = "different",
    [BENCH_LABEL_UNRELATED] = "unrelated",
    [BENCH_LABEL_HOMONYM] = "homonym",
    [BENCH_LABEL_GROUP] = "group",
    [BENCH_LABEL_PARALLEL] = "parallel",
    [BENCH_LABEL_RENEWAL] = "renewal",
    [BENCH_LABEL_DUPLICATE] = "duplicate",
};

const char *bench_label_name(bench_label label) {
    return names[label];
}

typedef struct columns {
    bench_columns a;
    bench_columns b;
    int label;
    int group;
} columns;

static bool read_label(const columns *at, bench_rows *rows, bench_label *out) {
    *out = BENCH_LABEL_NONE;
    if (at->label < 0) {
        return true;
    }
    kaburi_text cell = rows->cells[at->label];
    for (size_t i = 0; i < BENCH_COUNT(names); i++) {
        if (bench_text_is(cell, names[i])) {
            *out = (bench_label)i;
            return true;
        }
    }
    if (bench_text_is(cell, "1") || bench_text_is(cell, "0")) {
        *out = cell.data[0] == '1' ? BENCH_LABEL_DUPLICATE : BENCH_LABEL_DIFFERENT;
        return true;
    }
    (void)snprintf(rows->problem, sizeof rows->problem,
                   "column %d: label \"%.*s\" is not one of duplicate, renewal, parallel, group, "
                   "homonym, unrelated, different, 1, 0 or empty",
                   at->label + 1, bench_text_shown(cell), cell.data);
    return false;
}

/* Puts the side before the problem: both have a company. */
static bool blame(bench_rows *rows, char side, const char *why) {
    char problem[sizeof rows->problem];
    (void)snprintf(problem, sizeof problem, "side %c: %.240s", side, why);
    memcpy(rows->problem, problem, sizeof problem);
    return false;
}

/* Whether the library takes the record. */
static bool try_record(bench_rows *rows, char side, const kaburi_record *record, int *code) {
    kaburi_error error;
    kaburi_match match;
    if (kaburi_compare(record, record, NULL, &match, &error) == KABURI_OK) {
        return true;
    }
    if (error.status == KABURI_ERROR_MEMORY) {
        *code = bench_refuse(&error);
    }
    return blame(rows, side, error.message);
}

/* The current row. False: rows->problem says why, or *code is set and it is reported. */
static bool read_pair(const columns *at, bench_rows *rows, bench_pair *out, int *code) {
    if (!bench_columns_read(&at->a, rows, &out->a)) {
        return blame(rows, 'a', rows->problem);
    }
    if (!bench_columns_read(&at->b, rows, &out->b)) {
        return blame(rows, 'b', rows->problem);
    }
    if (!read_label(at, rows, &out->label) || !try_record(rows, 'a', &out->a, code) ||
        !try_record(rows, 'b', &out->b, code)) {
        return false;
    }
    kaburi_text group = at->group >= 0 ? rows->cells[at->group] : out->a.company;
    out->group = XXH3_64bits(group.data, group.size);
    out->line = rows->line;
    return true;
}

static void append(bench_pairs *pairs, const bench_pair *pair) {
    if (pairs->count == pairs->capacity) {
        pairs->capacity = pairs->capacity * 2 + 1024;
        pairs->pair = bench_resize(pairs->pair, pairs->capacity, sizeof *pairs->pair);
    }
    pairs->pair[pairs->count++] = *pair;
    pairs->labelled += pair->label != BENCH_LABEL_NONE;
    pairs->duplicates += pair->label == BENCH_LABEL_DUPLICATE;
}

static int find_columns(columns *at, const bench_rows *rows) {
    bench_columns_find(&at->a, rows, "_a");
    bench_columns_find(&at->b, rows, "_b");
    at->label = bench_rows_column(rows, "label");
    at->group = bench_rows_column(rows, "group");
    if ((at->a.company < 0 && at->a.deal < 0) || (at->b.company < 0 && at->b.deal < 0)) {
        return bench_fail(BENCH_DATA, "%s:1: no column company_a or deal_a, or company_b or deal_b",
                          rows->path);
    }
    return BENCH_OK;
}

int bench_pairs_open(bench_pairs *pairs, const char *path, const bench_input *input) {
    columns at;
    *pairs = (bench_pairs){0};
    int code = bench_rows_open(&pairs->rows, path, input->encoding);
    if (code != BENCH_OK) {
        return code;
    }
    code = find_columns(&at, &pairs->rows);
    int got = 0;
    while (code == BENCH_OK && (got = bench_rows_next(&pairs->rows)) != 0) {
        bench_pair pair;
        if (got > 0 && read_pair(&at, &pairs->rows, &pair, &code)) {
            append(pairs, &pair);
        } else if (code == BENCH_OK && input->skip_bad_rows) {
            pairs->skipped++;
        } else if (code == BENCH_OK) {
            code =
                bench_fail(BENCH_DATA, "%s:%zu: %s", path, pairs->rows.line, pairs->rows.problem);
        }
    }
    if (code == BENCH_OK && pairs->count == 0) {
        code = bench_fail(BENCH_DATA, "%s: no pairs", path);
    }
    bench_rows_tell_skipped(&pairs->rows, pairs->skipped);
    if (code != BENCH_OK) {
        bench_pairs_close(pairs);
    }
    return code;
}

void bench_pairs_close(bench_pairs *pairs) {
    bench_rows_close(&pairs->rows);
    free(pairs->pair);
    *pairs = (bench_pairs){0};
}
