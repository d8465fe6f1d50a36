/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often somebody is alerted: a file of new records, the creates, looked up in one of records
 * that are there already.
 */
#ifndef BENCH_ALERTS_H
#define BENCH_ALERTS_H

#include "corpus.h"
#include "sweep.h"

#define BENCH_VERDICTS 6
#define BENCH_STAGES 4
#define BENCH_KINDS 4

typedef struct bench_alerts {
    size_t creates;
    size_t alerted, blocked;  /* creates; one that is blocked is not among the alerted */
    size_t step[BENCH_STEPS]; /* creates with a duplicate from here */
    size_t matches[BENCH_VERDICTS][BENCH_STAGES][BENCH_KINDS][2]; /* alerted and blocked */
} bench_alerts;

/* Looks each create up; the ten best matches are shown, and so they are here. */
int bench_alerts_count(bench_alerts *out, const char *records, const char *queries,
                       const bench_input *input, const kaburi_index_options *index);

/* Creates of a hundred that are alerted from this threshold on. */
double bench_alerts_per_100(const bench_alerts *alerts, size_t step);

#endif
