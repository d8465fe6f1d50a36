/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Learning: weights from pairs by counting, or by expectation and maximisation where labels do not
 * say all, and a calibration of probabilities by isotonic regression. Knows no file.
 */
#ifndef BENCH_LEARN_H
#define BENCH_LEARN_H

#include "pairs.h"
#include "weights.h"

/* What a pair is, as shares: the same customer, and among those the same deal. */
typedef struct bench_belief {
    double customer;
    double deal;
} bench_belief;

/*
 * What the weights believe of a pair; they are those that made the match, without knots and under a
 * policy that alerts from 0 on. A label is believed, and where there is none (NONE), a conflict.
 * False: the probability of the match is not made of its weights as it is supposed to be here,
 * which is a fault of this program.
 */
bool bench_learn_believe(bench_belief *out, const bench_weights *weights, const kaburi_match *match,
                         bench_label label);

/* Counts of pairs that show a level, by what they are. */
typedef struct bench_counts {
    double yes[KABURI_FIELD_COUNT][BENCH_LEVELS_MAX]; /* of duplicates, or of the same customer */
    double no[KABURI_FIELD_COUNT][BENCH_LEVELS_MAX];
    double prior[BENCH_PRIORS][2]; /* yes, no */
    /* Levels of deal and amount among other deals that a conflict tells apart, and how many. */
    double decided[KABURI_FIELD_COUNT][BENCH_LEVELS_MAX];
    double decided_count;
} bench_counts;

void bench_learn_count(bench_counts *counts, const kaburi_match *match, const bench_belief *belief);

/* Weights of the counts. Every level begins with `imagined` pairs that show what `base` says, and
 * with no fewer than `trust` times those that were counted, so that few pairs change little; grades
 * that ought to fall are pooled. */
void bench_learn_weigh(bench_weights *out, const bench_weights *base, const bench_counts *counts,
                       double imagined, double trust);

/* A score and what came of it. */
typedef struct bench_outcome {
    double bits; /* log2 odds */
    bool yes;
} bench_outcome;

/* log2 odds of a probability, -60..60. */
double bench_learn_bits(double probability);

/*
 * Isotonic regression: knots, rising in both, of at most `capacity`. Sorts the outcomes. 0 knots
 * where they say nothing: none, or all the same.
 */
size_t bench_learn_isotonic(bench_knot *out, size_t capacity, bench_outcome *outcomes,
                            size_t count);

#endif
