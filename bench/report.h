/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report of tune: one page that needs no network, with all figures in it, so that its slider
 * counts anew. The page itself stands in bench/page; here its data is written.
 */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "alerts.h"
#include "tuning.h"

/* The page before and after its data, made at build time. */
extern const unsigned char bench_report_head[];
extern const size_t bench_report_head_size;
extern const unsigned char bench_report_tail[];
extern const size_t bench_report_tail_size;

/* Writes the page. What the library refuses is reported: IO or DATA. */
int bench_report_write(FILE *out, const bench_tuning *tuning, const bench_alerts *alerts);

#endif
