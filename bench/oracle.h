/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The oracle: the best matches among all records, each compared, by the scorer of a search.
 */
#ifndef BENCH_ORACLE_H
#define BENCH_ORACLE_H

#include "records.h"

#define BENCH_ORACLE_TOP 10

typedef struct bench_oracle {
    kaburi_match *match; /* BENCH_ORACLE_TOP of each query, best first */
    size_t *count;       /* of each query */
    size_t query_count;
} bench_oracle;

/* IO when there is no memory, DATA when a record cannot be read; reported. O(records x queries). */
int bench_oracle_ask(bench_oracle *oracle, const bench_records *records,
                     const kaburi_record *queries, size_t query_count);
void bench_oracle_free(bench_oracle *oracle);

/* What an index finds of the oracle's answers. */
typedef struct bench_recall {
    double top;       /* of the ten best of all, those among the ten best found */
    double likely;    /* the same of those that are at least as likely as not */
    double candidate; /* of the ten best of all, those that were compared at all */
    double first;     /* the best of all is found as the best */
} bench_recall;

int bench_oracle_compare(bench_recall *recall, const bench_oracle *oracle,
                         const kaburi_index *index, const kaburi_record *queries,
                         kaburi_matches *matches);

#endif
