/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Speed, end to end: an index of some of the records, measured in every way a caller meets.
 */
#ifndef BENCH_SPEED_H
#define BENCH_SPEED_H

#include "corpus.h"
#include "oracle.h"
#include "timed.h"

typedef struct bench_speed {
    bench_report report;
    bench_records records;
    bench_records asked; /* queries of a file */
    kaburi_record *queries;
    char **query_texts; /* of queries made here */
    size_t query_count;
    size_t drawn_from; /* the first records, of which queries are made: as many as the smallest
                          index has */
    uint32_t oracle_queries; /* 0: the oracle is not asked */
    kaburi_index_options index;
} bench_speed;

/* Measures an index of the first `count` records; results are called "<sketch>/<count>/...". */
int bench_speed_of(bench_speed *at, const char *sketch, size_t count, const bench_oracle *oracle);

/* Keeps this thread on one CPU, the `nth` of those that the first caller may run on, which calls it
 * before there are others; without effect where the system does not know such. */
void bench_pin(size_t nth);

#endif
