/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of a file as columns, which is how the library takes many of them at once.
 */
#ifndef BENCH_COLUMNS_H
#define BENCH_COLUMNS_H

#include "records.h"

typedef struct bench_batch {
    kaburi_batch batch;
    size_t *at; /* of each row: which of the file's records it is */
    char *text[5];
    int64_t *offsets[5];
    int64_t *amounts;
    int32_t *numbers[3]; /* close dates, stages, kinds */
} bench_batch;

/*
 * Copies the records. Where bad rows are skipped, those that the library refuses are left out and
 * counted; else a record is in whatever it holds, for the library to refuse.
 */
void bench_batch_open(bench_batch *batch, bench_records *records);
void bench_batch_close(bench_batch *batch);

#endif
