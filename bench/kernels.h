/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernels: each stage of the library by itself, over real records.
 */
#ifndef BENCH_KERNELS_H
#define BENCH_KERNELS_H

#include "records.h"
#include "timed.h"

/* Times the stages that are wanted over the first records of the file and queries. */
int bench_kernels(bench_report *report, const bench_records *records, const kaburi_record *queries,
                  size_t query_count);

#endif
