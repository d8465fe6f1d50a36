/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sweep. A pair is counted at the highest step that still alerts it, and sums over steps make
 * the rest, so that a round of the bootstrap costs one pass over the pairs.
 */
#include "sweep.h"

#include <math.h>
#include <stdlib.h>

/* Pairs by the highest step that alerts them; the last place for those that none does. */
typedef struct tally {
    double duplicate[BENCH_STEPS + 1];
    double other[BENCH_STEPS + 1];
} tally;

static size_t place_of(const bench_judged *at) {
    if (!at->alertable) {
        return BENCH_STEPS;
    }
    /* 0.29 * 100 is less than 29. */
    double step = floor(at->probability * (BENCH_STEPS - 1) + 1e-9);
    return step < 0 ? 0 : step > BENCH_STEPS - 1 ? BENCH_STEPS - 1 : (size_t)step;
}

static void count_pair(tally *into, const bench_judged *at) {
    (at->duplicate ? into->duplicate : into->other)[place_of(at)] += 1;
}

static double ratio(double a, double b) {
    return b > 0 ? a / b : 0;
}

typedef struct rates {
    double precision[BENCH_STEPS], recall[BENCH_STEPS], f1[BENCH_STEPS];
    double hits[BENCH_STEPS], false_alarms[BENCH_STEPS], misses[BENCH_STEPS];
} rates;

static void rate(rates *out, const tally *from) {
    double hits = 0;
    double alarms = 0;
    double all = from->duplicate[BENCH_STEPS];
    for (size_t i = 0; i < BENCH_STEPS; i++) {
        all += from->duplicate[i];
    }
    for (size_t i = BENCH_STEPS; i-- > 0;) {
        hits += from->duplicate[i];
        alarms += from->other[i];
        out->hits[i] = hits;
        out->false_alarms[i] = alarms;
        out->misses[i] = all - hits;
        /* Without an alert none is false. */
        out->precision[i] = hits + alarms > 0 ? hits / (hits + alarms) : 1;
        out->recall[i] = ratio(hits, all);
        out->f1[i] = ratio(2 * hits, hits + alarms + all);
    }
}

/* ---- bootstrap ---- */

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t draw(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static int by_group(const void *a, const void *b) {
    uint64_t x = ((const bench_judged *)a)->group;
    uint64_t y = ((const bench_judged *)b)->group;
    return x < y ? -1 : x > y;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* The 2.5th and the 97.5th of a hundred. */
static void bound(bench_figure *out, double value, double *drawn, uint32_t rounds) {
    *out = (bench_figure){value, value, value};
    if (rounds > 0) {
        qsort(drawn, rounds, sizeof *drawn, by_value);
        out->low = drawn[(size_t)(0.025 * (rounds - 1) + 0.5)];
        out->high = drawn[(size_t)(0.975 * (rounds - 1) + 0.5)];
    }
}

/* Where each group begins; its end is where the next one does. */
static size_t *group_starts(const bench_judged *sorted, size_t count, size_t *groups) {
    size_t *starts = bench_resize(NULL, count + 1, sizeof *starts);
    *groups = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || sorted[i].group != sorted[i - 1].group) {
            starts[(*groups)++] = i;
        }
    }
    starts[*groups] = count;
    return starts;
}

static void bootstrap(bench_sweep *out, const rates *plain, const bench_judged *judged,
                      size_t count, uint64_t seed) {
    bench_judged *sorted = bench_resize(NULL, count, sizeof *sorted);
    for (size_t i = 0; i < count; i++) {
        sorted[i] = judged[i];
    }
    qsort(sorted, count, sizeof *sorted, by_group);
    size_t *starts = group_starts(sorted, count, &out->groups);
    double *drawn = bench_resize(NULL, (size_t)out->rounds * BENCH_STEPS * 3, sizeof *drawn);
    for (uint32_t round = 0; round < out->rounds; round++) {
        tally counted = {{0}, {0}};
        rates found;
        for (size_t i = 0; i < out->groups; i++) {
            size_t group = (size_t)(draw(&seed) % out->groups);
            for (size_t at = starts[group]; at < starts[group + 1]; at++) {
                count_pair(&counted, &sorted[at]);
            }
        }
        rate(&found, &counted);
        for (size_t step = 0; step < BENCH_STEPS; step++) {
            double *place = drawn + step * 3 * out->rounds + round;
            place[0] = found.precision[step];
            place[out->rounds] = found.recall[step];
            place[(size_t)2 * out->rounds] = found.f1[step];
        }
    }
    for (size_t step = 0; step < BENCH_STEPS; step++) {
        double *place = drawn + step * 3 * out->rounds;
        bound(&out->step[step].precision, plain->precision[step], place, out->rounds);
        bound(&out->step[step].recall, plain->recall[step], place + out->rounds, out->rounds);
        bound(&out->step[step].f1, plain->f1[step], place + (size_t)2 * out->rounds, out->rounds);
    }
    free(drawn);
    free(starts);
    free(sorted);
}

/* ---- calibration ---- */

static void fill_bins(bench_sweep *out, const bench_judged *judged, size_t count) {
    for (size_t i = 0; i < count; i++) {
        size_t bin = (size_t)(judged[i].probability * BENCH_BINS);
        bench_bin *into = &out->bin[bin < BENCH_BINS ? bin : BENCH_BINS - 1];
        into->count++;
        into->duplicates += judged[i].duplicate;
        into->probability += judged[i].probability;
    }
    for (size_t i = 0; i < BENCH_BINS; i++) {
        bench_bin *bin = &out->bin[i];
        out->calibration_error += fabs(bin->probability - (double)bin->duplicates);
        bin->probability = ratio(bin->probability, (double)bin->count);
    }
    out->calibration_error = ratio(out->calibration_error, (double)count);
}

/* ---- all of it ---- */

void bench_sweep_make(bench_sweep *out, const bench_judged *judged, size_t count, uint32_t rounds,
                      uint64_t seed) {
    tally counted = {{0}, {0}};
    rates plain;
    *out = (bench_sweep){.count = count, .rounds = rounds};
    for (size_t i = 0; i < count; i++) {
        count_pair(&counted, &judged[i]);
        out->duplicates += judged[i].duplicate;
    }
    rate(&plain, &counted);
    for (size_t i = 0; i < BENCH_STEPS; i++) {
        out->step[i].hits = (size_t)plain.hits[i];
        out->step[i].false_alarms = (size_t)plain.false_alarms[i];
        out->step[i].misses = (size_t)plain.misses[i];
    }
    fill_bins(out, judged, count);
    bootstrap(out, &plain, judged, count, seed);
}

double bench_sweep_cost(const bench_sweep *sweep, size_t step, double miss, double alarm) {
    const bench_step *at = &sweep->step[step];
    return miss * (double)at->misses + alarm * (double)at->false_alarms;
}

size_t bench_sweep_cheapest(const bench_sweep *sweep, double miss, double alarm) {
    size_t first = 0;
    for (size_t i = 1; i < BENCH_STEPS; i++) {
        if (bench_sweep_cost(sweep, i, miss, alarm) < bench_sweep_cost(sweep, first, miss, alarm)) {
            first = i;
        }
    }
    size_t last = first;
    while (last + 1 < BENCH_STEPS && bench_sweep_cost(sweep, last + 1, miss, alarm) <=
                                         bench_sweep_cost(sweep, first, miss, alarm)) {
        last++;
    }
    return first + (last - first) / 2;
}
