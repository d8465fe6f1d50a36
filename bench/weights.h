/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The numbers of a model file: read from a model of the library, changed, and made a model again.
 * The library's own text is what both sides understand.
 */
#ifndef BENCH_WEIGHTS_H
#define BENCH_WEIGHTS_H

#include "bench.h"

#define BENCH_LEVELS_MAX 40
#define BENCH_KNOTS_MAX 64

typedef enum bench_prior {
    BENCH_PRIOR_COMPANY,
    BENCH_PRIOR_COMPANY_DEAL,
    BENCH_PRIOR_DEAL,
    BENCH_PRIORS
} bench_prior;

typedef struct bench_knot {
    double bits;
    double probability;
} bench_knot;

typedef struct bench_weights {
    double m[KABURI_FIELD_COUNT][BENCH_LEVELS_MAX]; /* 0: no line */
    double u[KABURI_FIELD_COUNT][BENCH_LEVELS_MAX];
    double prior[BENCH_PRIORS];
    double slope;
    double shift;
    bench_knot knots[BENCH_KNOTS_MAX];
    size_t knot_count;
    char rest[1024]; /* lines that are kept as they are */
} bench_weights;

/* model NULL: the built-in one. */
void bench_weights_read(bench_weights *out, const kaburi_model *model);

/* A model file; the caller frees. */
char *bench_weights_text(const bench_weights *weights);

/* The model; the caller frees it. */
kaburi_model *bench_weights_model(const bench_weights *weights);

/* log2(m / u). */
double bench_weights_bits(const bench_weights *weights, int field, int level);

/* The level of this name, or 0. */
int bench_weights_level(int field, const char *name);

#endif
