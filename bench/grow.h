/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growing: any number of distinct records of parts of real ones, as long and as rare in their
 * words.
 */
#ifndef BENCH_GROW_H
#define BENCH_GROW_H

#include "records.h"

/* Writes `count` records as TSV; DATA where the records are too few for so many. */
int bench_grow(FILE *out, const bench_records *records, size_t count, uint64_t *seed);

#endif
