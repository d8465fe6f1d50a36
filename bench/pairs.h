/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pairs of records with what somebody said of them: the columns of compare and two more. `label` is
 * a verdict (duplicate, renewal, parallel, group, homonym, unrelated), `different` for any but the
 * first, 1 for duplicate, 0 for different, or empty for not known. Pairs of one `group`, which no
 * fold parts, have one text there, or one company of the first record where there is no such
 * column.
 */
#ifndef BENCH_PAIRS_H
#define BENCH_PAIRS_H

#include "records.h"

typedef enum bench_label {
    BENCH_LABEL_NONE,
    BENCH_LABEL_DIFFERENT, /* not a duplicate, and no more is known */
    BENCH_LABEL_UNRELATED,
    BENCH_LABEL_HOMONYM,
    BENCH_LABEL_GROUP,
    BENCH_LABEL_PARALLEL,
    BENCH_LABEL_RENEWAL,
    BENCH_LABEL_DUPLICATE
} bench_label;

/* "duplicate" ... */
const char *bench_label_name(bench_label label);

typedef struct bench_pair {
    kaburi_record a; /* entered */
    kaburi_record b; /* there already */
    uint64_t group;
    size_t line;
    bench_label label;
} bench_pair;

typedef struct bench_pairs {
    bench_rows rows; /* owns the texts */
    bench_pair *pair;
    size_t count;
    size_t capacity;
    size_t labelled;
    size_t duplicates; /* of the labelled */
    size_t skipped;
} bench_pairs;

/* Reads a whole file. DATA (with line and column), IO and USAGE are reported; bad rows are passed
 * over where the input says so, and so are records that the library refuses. */
int bench_pairs_open(bench_pairs *pairs, const char *path, const bench_input *input);
void bench_pairs_close(bench_pairs *pairs);

#endif
