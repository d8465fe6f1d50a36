/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tuning.
 */
#include "tuning.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How many pairs the model to begin with is worth against those of the file, when these have no
 * labels. Without it the weights run away: alike names of one customer make two groups of pairs as
 * well as duplicates and others do. Of 8,900 candidate pairs of public contracts F1 is .946 with
 * labels; without, .940 for 1, and for 0 it was .77 and falling. */
#define EM_TRUST 1

/* ---- judging ---- */

static const bench_pair *pair_at(const bench_tuning *tuning, size_t place) {
    return &tuning->pairs->pair[place];
}

/* Judges one pair; the library took both records when they were read. */
static void judge(kaburi_match *out, const bench_tuning *tuning, size_t place,
                  const kaburi_model *model, const kaburi_policy *policy) {
    kaburi_compare_options options = tuning->start;
    kaburi_error error;
    options.model = model;
    options.policy = policy;
    if (kaburi_compare(&pair_at(tuning, place)->a, &pair_at(tuning, place)->b, &options, out,
                       &error) != KABURI_OK) {
        exit(bench_fail(BENCH_IO, "%s", error.message));
    }
}

kaburi_policy *bench_tuning_open_policy(void) {
    static const char text[] = "kaburi-policy 1\nduplicate any any 0 never\n";
    kaburi_policy *policy = NULL;
    kaburi_error error;
    if (kaburi_policy_parse(&policy, text, sizeof text - 1, NULL, &error) != KABURI_OK) {
        exit(bench_refuse(&error));
    }
    return policy;
}

static void note(bench_tuning *tuning, size_t i, const kaburi_match *match) {
    const bench_pair *pair = pair_at(tuning, tuning->place[i]);
    tuning->judged[i] = (bench_judged){.probability = match->probability,
                                       .group = pair->group,
                                       .alertable = match->verdict == KABURI_VERDICT_DUPLICATE,
                                       .duplicate = pair->label == BENCH_LABEL_DUPLICATE};
}

/* The model to begin with, as it is, on all labelled pairs. */
static void measure(bench_tuning *tuning, const kaburi_model *model, bench_sweep *out) {
    kaburi_policy *open = bench_tuning_open_policy();
    for (size_t i = 0; i < tuning->judged_count; i++) {
        kaburi_match match;
        judge(&match, tuning, tuning->place[i], model, open);
        note(tuning, i, &match);
    }
    kaburi_policy_free(open);
    bench_sweep_make(out, tuning->judged, tuning->judged_count, tuning->rounds, tuning->seed);
}

/* ---- learning ---- */

static bench_label label_of(const bench_tuning *tuning, size_t place) {
    return tuning->unlabelled ? BENCH_LABEL_NONE : pair_at(tuning, place)->label;
}

/* Matches of all pairs by the weights, and what these and the labels make one believe of them. */
static void believe_all(bench_tuning *tuning, const bench_weights *weights, kaburi_match *matches,
                        bench_belief *beliefs) {
    kaburi_model *model = bench_weights_model(weights);
    kaburi_policy *open = bench_tuning_open_policy();
    bench_weights read;
    bench_weights_read(&read, model); /* as the file says it */
    for (size_t i = 0; i < tuning->pairs->count; i++) {
        judge(&matches[i], tuning, i, model, open);
        if (!bench_learn_believe(&beliefs[i], &read, &matches[i], label_of(tuning, i))) {
            exit(bench_fail(BENCH_IO, "%s:%zu: the library weighs in another way than tune",
                            tuning->pairs->rows.path, pair_at(tuning, i)->line));
        }
    }
    kaburi_policy_free(open);
    kaburi_model_free(model);
}

static size_t fold_of(const bench_tuning *tuning, size_t place) {
    uint64_t mixed = (pair_at(tuning, place)->group ^ tuning->seed) * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(mixed >> 32) % BENCH_FOLDS;
}

/* Weights of all pairs but those of one fold; BENCH_FOLDS: of all. */
static void weigh(bench_tuning *tuning, const kaburi_match *matches, const bench_belief *beliefs,
                  size_t without, bench_weights *out) {
    memset(&tuning->counts, 0, sizeof tuning->counts);
    for (size_t i = 0; i < tuning->pairs->count; i++) {
        if (fold_of(tuning, i) != without) {
            bench_learn_count(&tuning->counts, &matches[i], &beliefs[i]);
        }
    }
    bench_learn_weigh(out, &tuning->base, &tuning->counts, tuning->imagined,
                      tuning->unlabelled ? EM_TRUST : 0);
}

/* The largest change of a weight, in bits, where pairs show it. */
static double change(const bench_tuning *tuning, const bench_weights *a, const bench_weights *b) {
    double most = 0;
    for (int i = 0; i < KABURI_FIELD_COUNT; i++) {
        for (int level = 1; level < BENCH_LEVELS_MAX; level++) {
            double by = fabs(bench_weights_bits(a, i, level) - bench_weights_bits(b, i, level));
            most = by > most && tuning->counts.yes[i][level] + tuning->counts.no[i][level] > 1
                       ? by
                       : most;
        }
    }
    return most;
}

/* Expectation and maximisation until no weight changes by a 50th of a bit. */
static void maximise(bench_tuning *tuning, kaburi_match *matches, bench_belief *beliefs) {
    bench_weights weights = tuning->base;
    double changed = 1;
    for (; tuning->em_rounds < BENCH_EM_ROUNDS && changed > 0.02; tuning->em_rounds++) {
        bench_weights next;
        believe_all(tuning, &weights, matches, beliefs);
        weigh(tuning, matches, beliefs, BENCH_FOLDS, &next);
        changed = change(tuning, &weights, &next);
        weights = next;
    }
    tuning->weights = weights;
}

/* ---- folds ---- */

typedef struct folds {
    bench_weights weights[BENCH_FOLDS];
    double *bits; /* of every labelled pair, by the weights of the other folds */
} folds;

/* Knots from the labelled pairs of all folds but one; BENCH_FOLDS: of all. */
static void calibrate(const bench_tuning *tuning, const folds *at, size_t without,
                      bench_weights *out) {
    bench_outcome *outcomes = bench_resize(NULL, tuning->judged_count, sizeof *outcomes);
    size_t count = 0;
    for (size_t i = 0; i < tuning->judged_count; i++) {
        if (fold_of(tuning, tuning->place[i]) != without) {
            outcomes[count++] = (bench_outcome){
                at->bits[i], pair_at(tuning, tuning->place[i])->label == BENCH_LABEL_DUPLICATE};
        }
    }
    out->knot_count = bench_learn_isotonic(out->knots, BENCH_KNOTS_MAX, outcomes, count);
    free(outcomes);
}

/* Judges the labelled pairs of each fold by its own model. */
static void judge_folds(bench_tuning *tuning, folds *at, bool noted) {
    kaburi_policy *open = bench_tuning_open_policy();
    for (size_t fold = 0; fold < BENCH_FOLDS; fold++) {
        kaburi_model *model = bench_weights_model(&at->weights[fold]);
        for (size_t i = 0; i < tuning->judged_count; i++) {
            if (fold_of(tuning, tuning->place[i]) == fold) {
                kaburi_match match;
                judge(&match, tuning, tuning->place[i], model, open);
                at->bits[i] = noted ? at->bits[i] : bench_learn_bits(match.probability);
                if (noted) {
                    note(tuning, i, &match);
                }
            }
        }
        kaburi_model_free(model);
    }
    kaburi_policy_free(open);
}

static void learn_by_labels(bench_tuning *tuning, kaburi_match *matches, bench_belief *beliefs) {
    folds *at = bench_resize(NULL, 1, sizeof *at);
    at->bits = bench_resize(NULL, tuning->judged_count, sizeof *at->bits);
    believe_all(tuning, &tuning->base, matches, beliefs);
    for (size_t fold = 0; fold < BENCH_FOLDS; fold++) {
        weigh(tuning, matches, beliefs, fold, &at->weights[fold]);
    }
    judge_folds(tuning, at, false);
    for (size_t fold = 0; fold < BENCH_FOLDS; fold++) {
        calibrate(tuning, at, fold, &at->weights[fold]);
    }
    judge_folds(tuning, at, true);
    weigh(tuning, matches, beliefs, BENCH_FOLDS, &tuning->weights);
    calibrate(tuning, at, BENCH_FOLDS, &tuning->weights);
    bench_sweep_make(&tuning->after, tuning->judged, tuning->judged_count, tuning->rounds,
                     tuning->seed);
    free(at->bits);
    free(at);
}

/* ---- the policy ---- */

static char *text_of(const kaburi_policy *policy) {
    size_t size;
    (void)kaburi_policy_write(policy, NULL, 0, &size, NULL);
    char *text = bench_resize(NULL, size + 1, 1);
    (void)kaburi_policy_write(policy, text, size + 1, &size, NULL);
    return text;
}

/* The policy to begin with, but that duplicates, where they are alerted, are so from the threshold
 * on. */
static void make_policy(bench_tuning *tuning) {
    static const char *const stages[] = {"unknown", "open", "won", "lost"};
    static const char *const kinds[] = {"unknown", "opportunity", "mql", "lead"};
    const kaburi_policy *start =
        tuning->start.policy != NULL ? tuning->start.policy : kaburi_policy_default();
    double chosen = (double)tuning->step / (BENCH_STEPS - 1);
    char text[8192] = "kaburi-policy 1\n";
    for (int32_t cell = 0; cell < 6 * 4 * 4; cell++) {
        double at[2];
        char words[2][32];
        int32_t verdict = cell / 16;
        int32_t stage = cell / 4 % 4;
        int32_t kind = cell % 4;
        (void)kaburi_policy_thresholds(start, verdict, stage, kind, &at[0], &at[1], NULL);
        if (verdict == KABURI_VERDICT_DUPLICATE && at[0] <= 1) {
            at[0] = chosen;
            at[1] = at[1] < chosen ? chosen : at[1];
        }
        for (int i = 0; i < 2; i++) {
            (void)snprintf(words[i], sizeof words[i], at[i] > 1 ? "never" : "%.9g", at[i]);
        }
        size_t used = strlen(text);
        (void)snprintf(text + used, sizeof text - used, "%s %s %s %s %s\n",
                       kaburi_verdict_name(verdict), stages[stage], kinds[kind], words[0],
                       words[1]);
    }
    kaburi_error error;
    if (kaburi_policy_parse(&tuning->policy, text, strlen(text), NULL, &error) != KABURI_OK) {
        exit(bench_refuse(&error));
    }
    tuning->policy_text = text_of(tuning->policy);
}

/* ---- all of it ---- */

static int check(const bench_tuning *tuning) {
    const bench_pairs *pairs = tuning->pairs;
    if (tuning->unlabelled && pairs->labelled == 0) {
        return BENCH_OK;
    }
    if (pairs->duplicates == 0 || pairs->duplicates == pairs->labelled) {
        return bench_fail(BENCH_DATA,
                          "%s: %zu duplicates among %zu labelled pairs; some of either kind are "
                          "needed (--unlabelled learns without labels)",
                          pairs->rows.path, pairs->duplicates, pairs->labelled);
    }
    return BENCH_OK;
}

int bench_tuning_run(bench_tuning *tuning) {
    const bench_pairs *pairs = tuning->pairs;
    int code = check(tuning);
    if (code != BENCH_OK) {
        return code;
    }
    kaburi_match *matches = bench_resize(NULL, pairs->count, sizeof *matches);
    bench_belief *beliefs = bench_resize(NULL, pairs->count, sizeof *beliefs);
    tuning->judged = bench_resize(NULL, pairs->labelled, sizeof *tuning->judged);
    tuning->place = bench_resize(NULL, pairs->labelled, sizeof *tuning->place);
    for (size_t i = 0; i < pairs->count; i++) {
        if (pairs->pair[i].label != BENCH_LABEL_NONE) {
            tuning->place[tuning->judged_count++] = i;
        }
    }
    bench_weights_read(&tuning->base, tuning->start.model);
    measure(tuning, tuning->start.model, &tuning->before);
    tuning->base.knot_count = 0;
    if (tuning->unlabelled) {
        maximise(tuning, matches, beliefs);
    } else {
        learn_by_labels(tuning, matches, beliefs);
    }
    tuning->model_text = bench_weights_text(&tuning->weights);
    tuning->model = bench_weights_model(&tuning->weights);
    if (tuning->unlabelled) {
        measure(tuning, tuning->model, &tuning->after);
    }
    tuning->step = pairs->labelled == 0 ? BENCH_STEPS / 2
                                        : bench_sweep_cheapest(&tuning->after, tuning->cost_miss,
                                                               tuning->cost_alarm);
    make_policy(tuning);
    free(matches);
    free(beliefs);
    return BENCH_OK;
}

void bench_tuning_free(bench_tuning *tuning) {
    free(tuning->judged);
    free(tuning->place);
    free(tuning->model_text);
    free(tuning->policy_text);
    kaburi_model_free(tuning->model);
    kaburi_policy_free(tuning->policy);
    *tuning = (bench_tuning){0};
}

/* ---- the worst ---- */

static bool is_wrong(const bench_tuning *tuning, const bench_judged *at, bool miss) {
    double threshold = (double)tuning->step / (BENCH_STEPS - 1);
    bool alerted = at->alertable && at->probability >= threshold;
    return at->duplicate == miss && alerted != miss;
}

size_t bench_tuning_worst(const bench_tuning *tuning, bool misses, size_t *out, size_t most) {
    size_t count = 0;
    for (size_t i = 0; i < tuning->judged_count; i++) {
        const bench_judged *at = &tuning->judged[i];
        if (!is_wrong(tuning, at, misses)) {
            continue;
        }
        /* Insertion into a short list: those of one probability stay in the order of the file. */
        size_t place = count < most ? count++ : most;
        for (; place > 0; place--) {
            double other = tuning->judged[out[place - 1]].probability;
            if (misses ? other <= at->probability : other >= at->probability) {
                break;
            }
            if (place < most) {
                out[place] = out[place - 1];
            }
        }
        if (place < most) {
            out[place] = i;
        }
    }
    return count;
}
