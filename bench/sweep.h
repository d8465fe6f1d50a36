/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Thresholds swept: precision, recall, F1 and cost of alerts at every hundredth, with intervals by
 * the bootstrap, and how well probabilities are calibrated. Takes probabilities and labels, knows
 * neither pairs nor models.
 */
#ifndef BENCH_SWEEP_H
#define BENCH_SWEEP_H

#include "bench.h"

#define BENCH_STEPS 101 /* thresholds 0, 0.01 .. 1 */
#define BENCH_BINS 10   /* of the reliability table */

/* One labelled pair, judged by a model that has not seen it. */
typedef struct bench_judged {
    double probability;
    uint64_t group;
    bool alertable; /* no conflict keeps it from an alert, whatever its probability */
    bool duplicate; /* by its label */
} bench_judged;

/* A figure with the ends of its 95 % interval. */
typedef struct bench_figure {
    double value, low, high;
} bench_figure;

typedef struct bench_step {
    size_t hits, false_alarms, misses;
    bench_figure precision, recall, f1;
} bench_step;

typedef struct bench_bin {
    size_t count, duplicates;
    double probability; /* mean */
} bench_bin;

typedef struct bench_sweep {
    size_t count, duplicates, groups;
    uint32_t rounds; /* of the bootstrap */
    bench_step step[BENCH_STEPS];
    bench_bin bin[BENCH_BINS];
    double calibration_error; /* expected: mean distance of probability and share, by bins */
} bench_sweep;

/* Whole groups are drawn, `rounds` times, 0: no intervals. The same seed gives the same figures. */
void bench_sweep_make(bench_sweep *out, const bench_judged *judged, size_t count, uint32_t rounds,
                      uint64_t seed);

/* What a threshold costs: its misses and its false alarms. */
double bench_sweep_cost(const bench_sweep *sweep, size_t step, double miss, double alarm);
/* The step that costs least, of several the one in their middle. */
size_t bench_sweep_cheapest(const bench_sweep *sweep, double miss, double alarm);

#endif
