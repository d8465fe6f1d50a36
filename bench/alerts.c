/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alerts counted, and kaburi-bench dry-run, which tells them.
 */
#include "alerts.h"

#include "output.h"

#include <string.h>

typedef struct creates {
    bench_corpus corpus;
    bench_records queries;
    bench_timing timing;
} creates;

/* ---- counting ---- */

static void count_create(bench_alerts *out, const creates *at) {
    const kaburi_match *match = kaburi_matches_data(at->corpus.matches);
    size_t count = kaburi_matches_count(at->corpus.matches);
    int32_t worst = KABURI_DECISION_ALLOW;
    double best = -1;
    for (size_t i = 0; i < count; i++) {
        const kaburi_record *record = &at->corpus.records.record[match[i].id];
        if (match[i].decision != KABURI_DECISION_ALLOW) {
            bool blocked = match[i].decision == KABURI_DECISION_BLOCK;
            out->matches[match[i].verdict][record->stage][record->kind][blocked]++;
        }
        worst = match[i].decision > worst ? match[i].decision : worst;
        if (match[i].verdict == KABURI_VERDICT_DUPLICATE && match[i].probability > best) {
            best = match[i].probability;
        }
    }
    out->creates++;
    out->alerted += worst == KABURI_DECISION_ALERT;
    out->blocked += worst == KABURI_DECISION_BLOCK;
    for (size_t step = 0; step < BENCH_STEPS; step++) {
        out->step[step] += best >= (double)step / (BENCH_STEPS - 1);
    }
}

static int count_all(bench_alerts *out, creates *at) {
    kaburi_search_options options;
    bench_progress progress;
    int code = BENCH_OK;
    kaburi_search_options_init(&options);
    bench_progress_begin(&progress, "searching", at->queries.count);
    for (size_t i = 0; i < at->queries.count && code == BENCH_OK; i++) {
        kaburi_error error;
        bench_progress_step(&progress, i);
        if (bench_corpus_search(&at->corpus, &at->queries.record[i], &options, &at->timing,
                                &error) != KABURI_OK) {
            code = bench_records_refuse(&at->queries, i, &error);
        } else {
            count_create(out, at);
        }
    }
    bench_progress_end(&progress);
    return code;
}

int bench_alerts_count(bench_alerts *out, const char *records, const char *queries,
                       const bench_input *input, const kaburi_index_options *index) {
    creates at = {0};
    *out = (bench_alerts){0};
    int code = bench_records_open(&at.corpus.records, records, input);
    if (code == BENCH_OK) {
        code = bench_records_open(&at.queries, queries, input);
    }
    if (code == BENCH_OK) {
        code = bench_corpus_build(&at.corpus, index);
    }
    if (code == BENCH_OK) {
        code = count_all(out, &at);
        bench_records_tell_skipped(&at.corpus.records);
        bench_records_tell_skipped(&at.queries);
    }
    bench_corpus_clear(&at.corpus);
    bench_records_close(&at.corpus.records);
    bench_records_close(&at.queries);
    bench_timing_free(&at.timing);
    return code;
}

static double per_100(size_t count, size_t of) {
    return of == 0 ? 0 : 100 * (double)count / (double)of;
}

double bench_alerts_per_100(const bench_alerts *alerts, size_t step) {
    return per_100(alerts->step[step], alerts->creates);
}

/* ---- the verb ---- */

static void write_alerts(FILE *out, const bench_alerts *alerts) {
    static const char *const stages[] = {"unknown", "open", "won", "lost"};
    static const char *const kinds[] = {"unknown", "opportunity", "mql", "lead"};
    (void)fprintf(out, "creates\t%zu\nalerted per 100\t%.2f\nblocked per 100\t%.2f\n\n",
                  alerts->creates, per_100(alerts->alerted, alerts->creates),
                  per_100(alerts->blocked, alerts->creates));
    (void)fputs("verdict\tstage\tkind\tmatches alerted\tmatches blocked\n", out);
    for (int32_t cell = BENCH_VERDICTS * BENCH_STAGES * BENCH_KINDS - 1; cell >= 0; cell--) {
        int32_t verdict = cell / (BENCH_STAGES * BENCH_KINDS);
        int32_t stage = cell / BENCH_KINDS % BENCH_STAGES;
        int32_t kind = cell % BENCH_KINDS;
        const size_t *matches = alerts->matches[verdict][stage][kind];
        if (matches[0] + matches[1] > 0) {
            (void)fprintf(out, "%s\t%s\t%s\t%zu\t%zu\n", kaburi_verdict_name(verdict),
                          stages[stage], kinds[kind], matches[0], matches[1]);
        }
    }
}

int bench_dry_run(int argc, char **argv) {
    bench_option own[] = {{.name = "--records", .required = true},
                          {.name = "--queries", .required = true},
                          {.name = "--out"},
                          BENCH_INPUT_OPTIONS,
                          BENCH_JUDGE_OPTIONS,
                          BENCH_INDEX_OPTIONS};
    const bench_options options = {own, BENCH_COUNT(own)};
    bench_alerts alerts;
    bench_input input;
    bench_judge judge;
    kaburi_index_options index;
    int code = bench_options_read(&options, argc, argv);
    bench_input_of(&input, &options);
    if (code != BENCH_OK || (code = bench_index_options_of(&index, &options)) != BENCH_OK ||
        (code = bench_judge_of(&judge, &options)) != BENCH_OK) {
        return code;
    }
    bench_judge_index(&judge, &index);
    code = bench_alerts_count(&alerts, own[0].value, own[1].value, &input, &index);
    if (code == BENCH_OK) {
        bench_output output;
        code = bench_output_open(&output, own[2].value);
        if (code == BENCH_OK) {
            write_alerts(output.file, &alerts);
            code = bench_output_close(&output, BENCH_OK);
        }
    }
    bench_judge_free(&judge);
    return code;
}
