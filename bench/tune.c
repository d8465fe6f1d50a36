/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kaburi-bench tune: a model and a policy from pairs of one's own, with what they are worth.
 */
#include "corpus.h"
#include "explain.h"
#include "output.h"
#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WORST_SHOWN 5

typedef struct tune {
    bench_pairs pairs;
    bench_judge judge;
    bench_tuning tuning;
    bench_alerts alerts;
} tune;

/* ---- what is told ---- */

static void write_figure(FILE *out, const bench_figure *at) {
    (void)fprintf(out, "  %.4f (%.4f-%.4f)", at->value, at->low, at->high);
}

static void write_row(FILE *out, const char *name, const bench_sweep *sweep, size_t step) {
    const bench_step *at = &sweep->step[step];
    (void)fprintf(out, "%-24s %4.2f", name, (double)step / (BENCH_STEPS - 1));
    write_figure(out, &at->precision);
    write_figure(out, &at->recall);
    write_figure(out, &at->f1);
    (void)fprintf(out, " %7.4f\n", sweep->calibration_error);
}

static void write_head(FILE *out, const tune *at) {
    const bench_pairs *pairs = &at->pairs;
    const bench_tuning *tuning = &at->tuning;
    (void)fprintf(out, "%zu pairs, %zu labelled, %zu duplicates, %zu groups; ", pairs->count,
                  pairs->labelled, pairs->duplicates, tuning->after.groups);
    if (tuning->unlabelled) {
        (void)fprintf(out, "learnt without labels in %zu rounds\n", tuning->em_rounds);
    } else {
        (void)fprintf(out, "learnt by labels, figures of %d folds\n", BENCH_FOLDS);
    }
}

static void write_thresholds(FILE *out, const tune *at) {
    const bench_tuning *tuning = &at->tuning;
    (void)fprintf(out, "\n%-9s %7s %9s %9s %7s %7s %7s %10s %s\n", "threshold", "hits", "f.alarms",
                  "misses", "prec", "recall", "F1", "cost",
                  at->alerts.creates > 0 ? "alerts per 100 creates" : "");
    for (size_t i = 5; i < BENCH_STEPS; i += 5) {
        const bench_step *step = &tuning->after.step[i];
        (void)fprintf(out, "%-9.2f %7zu %9zu %9zu %7.4f %7.4f %7.4f %10.1f",
                      (double)i / (BENCH_STEPS - 1), step->hits, step->false_alarms, step->misses,
                      step->precision.value, step->recall.value, step->f1.value,
                      bench_sweep_cost(&tuning->after, i, tuning->cost_miss, tuning->cost_alarm));
        if (at->alerts.creates > 0) {
            (void)fprintf(out, " %6.2f", bench_alerts_per_100(&at->alerts, i));
        }
        (void)fputc('\n', out);
    }
}

static void write_reliability(FILE *out, const bench_sweep *sweep) {
    (void)fprintf(out, "\n%-12s %7s %11s %11s\n", "probability", "pairs", "mean", "duplicates");
    for (size_t i = 0; i < BENCH_BINS; i++) {
        const bench_bin *bin = &sweep->bin[i];
        (void)fprintf(out, "%.1f - %.1f    %7zu", (double)i / BENCH_BINS,
                      (double)(i + 1) / BENCH_BINS, bin->count);
        if (bin->count > 0) {
            (void)fprintf(out, " %11.4f %11.4f", bin->probability,
                          (double)bin->duplicates / (double)bin->count);
        }
        (void)fputc('\n', out);
    }
    (void)fprintf(out, "expected calibration error %.4f\n", sweep->calibration_error);
}

/* The worst, each with its reasons by the new model. */
static int write_worst(FILE *out, const tune *at, bool misses) {
    size_t worst[WORST_SHOWN];
    size_t count = bench_tuning_worst(&at->tuning, misses, worst, WORST_SHOWN);
    kaburi_compare_options options = at->tuning.start;
    kaburi_error error;
    options.model = at->tuning.model;
    options.policy = at->tuning.policy;
    (void)fprintf(out, "\nworst %s\n", misses ? "misses" : "false alarms");
    for (size_t i = 0; i < count; i++) {
        const bench_pair *pair = &at->pairs.pair[at->tuning.place[worst[i]]];
        (void)fprintf(out, "line %zu, %s, %.1f %%: ", pair->line, bench_label_name(pair->label),
                      at->tuning.judged[worst[i]].probability * 100);
        if (bench_explain_write(out, &pair->a, &pair->b, &options, KABURI_LANGUAGE_ENGLISH,
                                KABURI_FORMAT_TEXT, &error) != KABURI_OK) {
            return bench_refuse(&error);
        }
    }
    return BENCH_OK;
}

static int write_summary(FILE *out, const tune *at) {
    const bench_tuning *tuning = &at->tuning;
    write_head(out, at);
    if (at->pairs.labelled == 0) {
        return BENCH_OK;
    }
    (void)fprintf(out, "\n%-24s %4s  %-23s  %-23s  %-23s %7s\n", "model", "from",
                  "precision (95 %)", "recall (95 %)", "F1 (95 %)", "ECE");
    write_row(out, "to begin with", &tuning->before, 50);
    write_row(out, "tuned", &tuning->after, 50);
    write_row(out, "tuned, least cost", &tuning->after, tuning->step);
    (void)fprintf(out, "cost of a miss %g, of a false alarm %g\n", tuning->cost_miss,
                  tuning->cost_alarm);
    write_thresholds(out, at);
    write_reliability(out, &tuning->after);
    int code = write_worst(out, at, false);
    return code != BENCH_OK ? code : write_worst(out, at, true);
}

/* ---- files ---- */

static int write_text(const char *path, const char *text) {
    bench_output output;
    if (path == NULL) {
        return BENCH_OK;
    }
    int code = bench_output_open(&output, path);
    if (code == BENCH_OK) {
        (void)fputs(text, output.file);
        code = bench_output_close(&output, BENCH_OK);
    }
    return code;
}

static void write_steps(FILE *out, const tune *at) {
    (void)fputs("threshold\thits\tfalse_alarms\tmisses\tprecision\tprecision_low\tprecision_high\t"
                "recall\trecall_low\trecall_high\tf1\tf1_low\tf1_high\tcost\talerts_per_100\n",
                out);
    for (size_t i = 0; i < BENCH_STEPS; i++) {
        const bench_step *step = &at->tuning.after.step[i];
        const bench_figure *figures[] = {&step->precision, &step->recall, &step->f1};
        (void)fprintf(out, "%.2f\t%zu\t%zu\t%zu", (double)i / (BENCH_STEPS - 1), step->hits,
                      step->false_alarms, step->misses);
        for (size_t j = 0; j < BENCH_COUNT(figures); j++) {
            (void)fprintf(out, "\t%.6f\t%.6f\t%.6f", figures[j]->value, figures[j]->low,
                          figures[j]->high);
        }
        (void)fprintf(
            out, "\t%.6g\t",
            bench_sweep_cost(&at->tuning.after, i, at->tuning.cost_miss, at->tuning.cost_alarm));
        if (at->alerts.creates > 0) {
            (void)fprintf(out, "%.4f", bench_alerts_per_100(&at->alerts, i));
        }
        (void)fputc('\n', out);
    }
}

static int write_sweep(const tune *at, const char *path) {
    bench_output output;
    if (path == NULL) {
        return BENCH_OK;
    }
    int code = bench_output_open(&output, path);
    if (code == BENCH_OK) {
        write_steps(output.file, at);
        code = bench_output_close(&output, BENCH_OK);
    }
    return code;
}

static int write_report(const tune *at, const char *path) {
    bench_output output;
    if (path == NULL) {
        return BENCH_OK;
    }
    int code = bench_output_open(&output, path);
    if (code == BENCH_OK) {
        code =
            bench_output_close(&output, bench_report_write(output.file, &at->tuning, &at->alerts));
    }
    return code;
}

/* ---- the verb ---- */

static int read_cost(const bench_options *options, const char *name, double *out) {
    const char *text = bench_options_find(options, name)->value;
    *out = 1;
    if (text == NULL) {
        return BENCH_OK;
    }
    char *end;
    errno = 0;
    *out = strtod(text, &end);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || !(*out <= 1e12)) {
        return bench_fail(BENCH_USAGE, "%s is %s; allowed are 0..1e12", name, text);
    }
    return BENCH_OK;
}

static int read_numbers(bench_tuning *tuning, const bench_options *options) {
    uint32_t imagined = 20;
    uint32_t seed = 1;
    tuning->rounds = 500;
    int code = bench_options_number(options, "--bootstrap", 0, 100000, &tuning->rounds);
    if (code == BENCH_OK) {
        code = bench_options_number(options, "--prior", 1, 1000000, &imagined);
    }
    if (code == BENCH_OK) {
        code = bench_options_number(options, "--seed", 0, UINT32_MAX, &seed);
    }
    if (code == BENCH_OK) {
        code = read_cost(options, "--cost-miss", &tuning->cost_miss);
    }
    if (code == BENCH_OK) {
        code = read_cost(options, "--cost-alarm", &tuning->cost_alarm);
    }
    if (code == BENCH_OK && tuning->cost_miss + tuning->cost_alarm == 0) {
        code = bench_fail(BENCH_USAGE, "--cost-miss and --cost-alarm are both 0");
    }
    tuning->imagined = imagined;
    tuning->seed = seed;
    return code;
}

static int count_alerts(tune *at, const bench_options *options, const bench_input *input) {
    const char *records = bench_options_find(options, "--records")->value;
    const char *queries = bench_options_find(options, "--queries")->value;
    kaburi_index_options index;
    if (records == NULL && queries == NULL) {
        return BENCH_OK;
    }
    if (records == NULL || queries == NULL) {
        return bench_fail(BENCH_USAGE, "--records and --queries belong together");
    }
    kaburi_policy *open = bench_tuning_open_policy();
    kaburi_index_options_init(&index);
    bench_judge_index(&at->judge, &index);
    index.model = at->tuning.model;
    index.policy = open;
    int code = bench_alerts_count(&at->alerts, records, queries, input, &index);
    kaburi_policy_free(open);
    return code;
}

static int run(tune *at, const bench_options *options, const bench_input *input) {
    int code = bench_tuning_run(&at->tuning);
    if (code == BENCH_OK) {
        code = count_alerts(at, options, input);
    }
    if (code == BENCH_OK) {
        code = write_text(bench_options_find(options, "--model")->value, at->tuning.model_text);
    }
    if (code == BENCH_OK) {
        code = write_text(bench_options_find(options, "--policy")->value, at->tuning.policy_text);
    }
    if (code == BENCH_OK) {
        code = write_sweep(at, bench_options_find(options, "--sweep")->value);
    }
    if (code == BENCH_OK) {
        code = write_report(at, bench_options_find(options, "--report")->value);
    }
    if (code == BENCH_OK) {
        bench_output output;
        code = bench_output_open(&output, bench_options_find(options, "--out")->value);
        if (code == BENCH_OK) {
            code = bench_output_close(&output, write_summary(output.file, at));
        }
    }
    return code;
}

int bench_tune(int argc, char **argv) {
    bench_option own[] = {{.name = "--pairs", .required = true},
                          {.name = "--model"},
                          {.name = "--policy"},
                          {.name = "--report"},
                          {.name = "--sweep"},
                          {.name = "--out"},
                          {.name = "--from-model"},
                          {.name = "--from-policy"},
                          {.name = "--aliases"},
                          {.name = "--unlabelled", .flag = true},
                          {.name = "--cost-miss"},
                          {.name = "--cost-alarm"},
                          {.name = "--prior"},
                          {.name = "--bootstrap"},
                          {.name = "--seed"},
                          {.name = "--records"},
                          {.name = "--queries"},
                          BENCH_INPUT_OPTIONS};
    const bench_options options = {own, BENCH_COUNT(own)};
    tune at = {0};
    bench_input input;
    int code = bench_options_read(&options, argc, argv);
    bench_input_of(&input, &options);
    if (code != BENCH_OK || (code = read_numbers(&at.tuning, &options)) != BENCH_OK ||
        (code = bench_judge_from(&at.judge, own[6].value, own[7].value, own[8].value)) !=
            BENCH_OK) {
        return code;
    }
    code = bench_pairs_open(&at.pairs, own[0].value, &input);
    if (code == BENCH_OK) {
        at.tuning.pairs = &at.pairs;
        at.tuning.start = at.judge.options;
        at.tuning.unlabelled = own[9].seen > 0 || at.pairs.labelled == 0;
        code = run(&at, &options, &input);
    }
    bench_tuning_free(&at.tuning);
    bench_pairs_close(&at.pairs);
    bench_judge_free(&at.judge);
    return code;
}
