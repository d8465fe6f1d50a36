/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tuning: a model and a threshold from labelled pairs, and what is known of them. Every figure is
 * of pairs that the model judging them has not seen: the groups are dealt out to folds, the pairs
 * of one are judged by weights of the others, and those probabilities calibrated by the others'
 * too.
 */
#ifndef BENCH_TUNING_H
#define BENCH_TUNING_H

#include "learn.h"
#include "sweep.h"

#define BENCH_FOLDS 5
#define BENCH_EM_ROUNDS 30

typedef struct bench_tuning {
    /* what is asked for */
    const bench_pairs *pairs;
    kaburi_compare_options start; /* model, policy, aliases to begin with */
    bool unlabelled;              /* learn without labels; they are only measured by */
    double imagined;              /* pairs that every level begins with */
    uint32_t rounds;              /* of the bootstrap */
    uint64_t seed;
    double cost_miss, cost_alarm;
    /* what comes of it */
    bench_weights base, weights;
    bench_counts counts;
    size_t em_rounds;     /* 0: by labels */
    bench_judged *judged; /* the labelled pairs */
    size_t *place;        /* which pairs they are */
    size_t judged_count;
    bench_sweep before, after; /* with the model to begin with, and with the new one */
    size_t step;               /* the threshold chosen, in hundredths */
    kaburi_model *model;
    kaburi_policy *policy;
    char *model_text, *policy_text;
} bench_tuning;

/* DATA is reported: without duplicates and others among the labels there is nothing to tell. */
int bench_tuning_run(bench_tuning *tuning);
void bench_tuning_free(bench_tuning *tuning);

/* A policy that alerts duplicates from 0 on: what is left out has a conflict. */
kaburi_policy *bench_tuning_open_policy(void);

/* The worst of one kind, worst first: places in `judged`. Returns how many, at most `most`. */
size_t bench_tuning_worst(const bench_tuning *tuning, bool misses, size_t *out, size_t most);

#endif
