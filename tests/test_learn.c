/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tune learns and measures by: isotonic regression against the least squares of all monotone
 * steps, counts that keep what nobody saw, beliefs that are those of the library, thresholds and
 * intervals counted anew by hand.
 */
#include "learn.h"
#include "samples.h"
#include "sweep.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static double drawn(uint64_t *seed) {
    return sample_draw(seed, 1000000) / 1e6;
}

/* ---- isotonic regression ---- */

static void rises_in_both_and_stays_between_0_and_1(void **state) {
    (void)state;
    uint64_t seed = 91;
    for (int round = 0; round < 200; round++) {
        bench_outcome outcomes[700];
        bench_knot knots[BENCH_KNOTS_MAX];
        size_t count = 1 + sample_draw(&seed, 700);
        for (size_t i = 0; i < count; i++) {
            double bits = floor(drawn(&seed) * 40) / (round % 2 == 0 ? 1 : 7) - 10;
            outcomes[i] = (bench_outcome){bits, drawn(&seed) < 1 / (1 + exp2(-bits))};
        }
        size_t kept = bench_learn_isotonic(knots, 16, outcomes, count);
        assert_in_range(kept, 0, 16);
        for (size_t i = 0; i < kept; i++) {
            assert_true(knots[i].probability > 0 && knots[i].probability < 1);
            assert_true(i == 0 || knots[i].bits > knots[i - 1].bits);
            assert_true(i == 0 || knots[i].probability > knots[i - 1].probability);
        }
    }
}

static void says_nothing_where_all_outcomes_are_one(void **state) {
    (void)state;
    bench_outcome outcomes[50];
    bench_knot knots[BENCH_KNOTS_MAX];
    assert_int_equal(bench_learn_isotonic(knots, BENCH_KNOTS_MAX, outcomes, 0), 0);
    for (int yes = 0; yes < 2; yes++) {
        for (size_t i = 0; i < 50; i++) {
            outcomes[i] = (bench_outcome){(double)i, yes == 1};
        }
        assert_int_equal(bench_learn_isotonic(knots, BENCH_KNOTS_MAX, outcomes, 50), 0);
    }
}

/* Odds that are twice as sure as they may be come out right again. */
static void undoes_odds_that_are_too_sure(void **state) {
    (void)state;
    enum { COUNT = 40000 };
    bench_outcome *outcomes = calloc(COUNT, sizeof *outcomes);
    bench_knot knots[BENCH_KNOTS_MAX];
    uint64_t seed = 92;
    assert_non_null(outcomes);
    for (size_t i = 0; i < COUNT; i++) {
        double bits = drawn(&seed) * 8 - 4;
        outcomes[i] = (bench_outcome){bits * 2, drawn(&seed) < 1 / (1 + exp2(-bits))};
    }
    size_t count = bench_learn_isotonic(knots, BENCH_KNOTS_MAX, outcomes, COUNT);
    assert_in_range(count, 10, BENCH_KNOTS_MAX);
    for (size_t i = 0; i < count; i++) {
        double expected = 1 / (1 + exp2(-knots[i].bits / 2));
        assert_true(fabs(knots[i].probability - expected) < 0.06);
    }
    free(outcomes);
}

/* ---- weights ---- */

static void reads_and_writes_the_built_in_model(void **state) {
    (void)state;
    bench_weights weights;
    bench_weights again;
    bench_weights_read(&weights, NULL);
    assert_true(weights.prior[BENCH_PRIOR_COMPANY] < 0);
    for (int field = 0; field < KABURI_FIELD_COUNT; field++) {
        for (int level = 1; kaburi_level_name(field, level) != NULL; level++) {
            assert_true(weights.m[field][level] > 0 && weights.u[field][level] > 0);
            assert_int_equal(bench_weights_level(field, kaburi_level_name(field, level)), level);
        }
    }
    weights.knots[0] = (bench_knot){-1.5, 0.125};
    weights.knots[1] = (bench_knot){2.25, 0.75};
    weights.knot_count = 2;
    kaburi_model *model = bench_weights_model(&weights);
    bench_weights_read(&again, model);
    char *texts[] = {bench_weights_text(&weights), bench_weights_text(&again)};
    assert_string_equal(texts[0], texts[1]);
    free(texts[0]);
    free(texts[1]);
    kaburi_model_free(model);
}

static void keeps_the_weight_of_a_level_nobody_saw(void **state) {
    (void)state;
    bench_weights base;
    bench_weights learnt;
    bench_counts counts = {0};
    bench_weights_read(&base, NULL);
    int exact = bench_weights_level(KABURI_FIELD_DEAL, "exact");
    int different = bench_weights_level(KABURI_FIELD_DEAL, "different");
    int same = bench_weights_level(KABURI_FIELD_AMOUNT, "same");
    counts.yes[KABURI_FIELD_DEAL][exact] = 900;
    counts.yes[KABURI_FIELD_DEAL][different] = 100;
    counts.no[KABURI_FIELD_DEAL][exact] = 500;
    counts.no[KABURI_FIELD_DEAL][different] = 9500;
    bench_learn_weigh(&learnt, &base, &counts, 20, 0);
    /* 900 / 1000 against 500 / 10000 is 4.2 bits; 20 imagined pairs hardly move that. */
    assert_true(fabs(bench_weights_bits(&learnt, KABURI_FIELD_DEAL, exact) - 4.17) < 0.3);
    int near = bench_weights_level(KABURI_FIELD_DEAL, "contained");
    assert_true(fabs(bench_weights_bits(&learnt, KABURI_FIELD_DEAL, near) -
                     bench_weights_bits(&base, KABURI_FIELD_DEAL, near)) < 1e-6);
    assert_true(learnt.m[KABURI_FIELD_AMOUNT][same] == base.m[KABURI_FIELD_AMOUNT][same]);
    /* With a million imagined pairs nothing is learnt. */
    bench_learn_weigh(&learnt, &base, &counts, 1e9, 0);
    assert_true(fabs(bench_weights_bits(&learnt, KABURI_FIELD_DEAL, exact) -
                     bench_weights_bits(&base, KABURI_FIELD_DEAL, exact)) < 1e-3);
}

/* A worse grade is never worth more, whatever was counted; nothing outweighs 9 bits. */
static void pools_grades_that_rise(void **state) {
    (void)state;
    bench_weights base;
    uint64_t seed = 93;
    bench_weights_read(&base, NULL);
    for (int round = 0; round < 300; round++) {
        bench_weights learnt;
        bench_counts counts = {0};
        for (int level = 1; level < BENCH_LEVELS_MAX; level++) {
            counts.yes[KABURI_FIELD_COMPANY][level] = sample_draw(&seed, 3000);
            counts.no[KABURI_FIELD_COMPANY][level] = sample_draw(&seed, 3000);
        }
        bench_learn_weigh(&learnt, &base, &counts, 20, 0);
        for (char grade = '6'; grade > '1'; grade--) {
            char names[2][8];
            (void)snprintf(names[0], sizeof names[0], "near_%c", grade);
            (void)snprintf(names[1], sizeof names[1], "near_%c", grade - 1);
            double better = bench_weights_bits(&learnt, KABURI_FIELD_COMPANY,
                                               bench_weights_level(KABURI_FIELD_COMPANY, names[0]));
            double worse = bench_weights_bits(&learnt, KABURI_FIELD_COMPANY,
                                              bench_weights_level(KABURI_FIELD_COMPANY, names[1]));
            assert_true(better >= worse - 1e-9);
            assert_true(fabs(better) <= 9.001 && fabs(worse) <= 9.001);
        }
        kaburi_model_free(bench_weights_model(&learnt)); /* the library takes it */
    }
}

/* ---- beliefs ---- */

static void believes_what_the_library_does(void **state) {
    (void)state;
    bench_weights weights;
    kaburi_compare_options options;
    uint64_t seed = 94;
    bench_weights_read(&weights, NULL);
    weights.knot_count = 0;
    kaburi_model *model = bench_weights_model(&weights);
    kaburi_compare_options_init(&options);
    options.model = model;
    for (int round = 0; round < 3000; round++) {
        sample a;
        sample b;
        kaburi_match match;
        bench_belief belief;
        sample_make(&a, &seed);
        sample_make(&b, &seed);
        assert_int_equal(kaburi_compare(&a.record, &b.record, &options, &match, NULL), KABURI_OK);
        assert_true(bench_learn_believe(&belief, &weights, &match, BENCH_LABEL_NONE));
        assert_true(belief.customer >= 0 && belief.customer <= 1);
        assert_true(bench_learn_believe(&belief, &weights, &match, BENCH_LABEL_DUPLICATE));
        assert_true(belief.customer == 1 && belief.deal == 1);
        assert_true(bench_learn_believe(&belief, &weights, &match, BENCH_LABEL_RENEWAL));
        assert_true(belief.customer == 1 && belief.deal == 0);
        assert_true(bench_learn_believe(&belief, &weights, &match, BENCH_LABEL_HOMONYM));
        assert_true(belief.customer == 0);
        assert_true(bench_learn_believe(&belief, &weights, &match, BENCH_LABEL_DIFFERENT));
        assert_true(belief.customer >= 0 && belief.customer <= 1 && belief.deal == 0);
        match.probability = match.probability > 0.5 ? 0.25 : 0.75;
        assert_false(bench_learn_believe(&belief, &weights, &match, BENCH_LABEL_NONE));
    }
    kaburi_model_free(model);
}

/* ---- the sweep ---- */

#define JUDGED 4000

static void make_judged(bench_judged *out, uint64_t seed) {
    for (size_t i = 0; i < JUDGED; i++) {
        double probability = floor(drawn(&seed) * 1000) / 1000;
        out[i] = (bench_judged){.probability = probability,
                                .group = sample_draw(&seed, 700),
                                .alertable = drawn(&seed) < 0.9,
                                .duplicate = drawn(&seed) < probability};
    }
}

static void counts_every_threshold(void **state) {
    (void)state;
    static bench_judged judged[JUDGED];
    static bench_sweep sweep;
    make_judged(judged, 95);
    bench_sweep_make(&sweep, judged, JUDGED, 0, 1);
    for (size_t step = 0; step < BENCH_STEPS; step++) {
        size_t hits = 0;
        size_t alarms = 0;
        size_t misses = 0;
        for (size_t i = 0; i < JUDGED; i++) {
            bool alert =
                judged[i].alertable && judged[i].probability * 1000 + 0.5 >= (double)step * 10;
            hits += alert && judged[i].duplicate;
            alarms += alert && !judged[i].duplicate;
            misses += !alert && judged[i].duplicate;
        }
        const bench_step *at = &sweep.step[step];
        assert_int_equal(at->hits, hits);
        assert_int_equal(at->false_alarms, alarms);
        assert_int_equal(at->misses, misses);
        assert_true(bench_sweep_cost(&sweep, step, 3, 2) ==
                    3 * (double)misses + 2 * (double)alarms);
        double recall = (double)hits / (double)(hits + misses);
        assert_true(fabs(at->recall.value - recall) < 1e-12);
        assert_true(at->recall.low == at->recall.value && at->recall.high == at->recall.value);
    }
    size_t best = bench_sweep_cheapest(&sweep, 1, 1);
    for (size_t step = 0; step < BENCH_STEPS; step++) {
        assert_true(bench_sweep_cost(&sweep, best, 1, 1) <= bench_sweep_cost(&sweep, step, 1, 1));
    }
    assert_int_equal(bench_sweep_cheapest(&sweep, 1, 0), 0); /* all are alerted there alone */
}

static void holds_probabilities_against_shares(void **state) {
    (void)state;
    static bench_judged judged[JUDGED];
    static bench_sweep sweep;
    make_judged(judged, 96);
    bench_sweep_make(&sweep, judged, JUDGED, 0, 1);
    assert_true(sweep.calibration_error < 0.04);
    for (size_t i = 0; i < JUDGED; i++) {
        judged[i].probability = 0.9;
    }
    bench_sweep_make(&sweep, judged, JUDGED, 0, 1);
    double share = (double)sweep.duplicates / JUDGED;
    assert_true(fabs(sweep.calibration_error - fabs(0.9 - share)) < 1e-9);
    assert_int_equal(sweep.bin[9].count, JUDGED);
}

static void draws_the_same_intervals_of_one_seed(void **state) {
    (void)state;
    static bench_judged judged[JUDGED];
    static bench_sweep sweeps[3];
    make_judged(judged, 97);
    for (size_t i = 0; i < 3; i++) {
        bench_sweep_make(&sweeps[i], judged, JUDGED, 200, i == 2 ? 8 : 7);
    }
    size_t differ = 0;
    for (size_t step = 0; step < BENCH_STEPS; step++) {
        const bench_figure *a = &sweeps[0].step[step].f1;
        const bench_figure *b = &sweeps[1].step[step].f1;
        assert_true(a->low == b->low && a->high == b->high && a->value == b->value);
        assert_true(a->low <= a->value && a->value <= a->high);
        differ += a->low != sweeps[2].step[step].f1.low;
    }
    assert_in_range(differ, 50, BENCH_STEPS);
    const bench_figure *middle = &sweeps[0].step[50].f1;
    assert_true(middle->high - middle->low > 0.005 && middle->high - middle->low < 0.1);
    assert_in_range(sweeps[0].groups, 690, 700);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rises_in_both_and_stays_between_0_and_1),
        cmocka_unit_test(says_nothing_where_all_outcomes_are_one),
        cmocka_unit_test(undoes_odds_that_are_too_sure),
        cmocka_unit_test(reads_and_writes_the_built_in_model),
        cmocka_unit_test(keeps_the_weight_of_a_level_nobody_saw),
        cmocka_unit_test(pools_grades_that_rise),
        cmocka_unit_test(believes_what_the_library_does),
        cmocka_unit_test(counts_every_threshold),
        cmocka_unit_test(holds_probabilities_against_shares),
        cmocka_unit_test(draws_the_same_intervals_of_one_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
