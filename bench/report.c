/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report's data, as JSON in the page. Names are hostile: '<' is written as an escape wherever
 * it stands, so that no name ends the element it is in, and the page sets text as text.
 */
#include "report.h"

#include "explain.h"

#include <stdlib.h>
#include <string.h>

#define WORST 20

/* ---- JSON ---- */

/* JSON that stands in a page: '<' is only ever part of a string. */
static void write_escaped(FILE *out, const char *json, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (json[i] == '<') {
            (void)fputs("\\u003c", out);
        } else {
            (void)fputc(json[i], out);
        }
    }
}

/* Checked UTF-8 as a JSON string. */
static void write_string(FILE *out, kaburi_text text) {
    (void)fputc('"', out);
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte == '"' || byte == '\\') {
            (void)fprintf(out, "\\%c", byte);
        } else if (byte < 0x20 || byte == '<' || byte == 0x7F) {
            (void)fprintf(out, "\\u%04x", byte);
        } else {
            (void)fputc(byte, out);
        }
    }
    (void)fputc('"', out);
}

/* ---- its parts ---- */

static void write_meta(FILE *out, const bench_tuning *tuning) {
    const bench_pairs *pairs = tuning->pairs;
    (void)fprintf(out,
                  "{\"pairs\":%zu,\"labelled\":%zu,\"duplicates\":%zu,\"groups\":%zu,"
                  "\"unlabelled\":%s,\"rounds\":%zu,\"folds\":%d,\"bootstrap\":%u,\"seed\":%llu,"
                  "\"errorBefore\":%.6f,\"error\":%.6f,\"f1Before\":%.6f}",
                  pairs->count, pairs->labelled, pairs->duplicates, tuning->after.groups,
                  tuning->unlabelled ? "true" : "false", tuning->em_rounds, BENCH_FOLDS,
                  tuning->rounds, (unsigned long long)tuning->seed,
                  tuning->before.calibration_error, tuning->after.calibration_error,
                  tuning->before.step[BENCH_STEPS / 2].f1.value);
}

static void write_figure(FILE *out, const bench_figure *figure) {
    (void)fprintf(out, ",%.6f,%.6f,%.6f", figure->value, figure->low, figure->high);
}

static void write_steps(FILE *out, const bench_tuning *tuning, const bench_alerts *alerts) {
    size_t count = tuning->pairs->labelled > 0 ? BENCH_STEPS : 0;
    for (size_t i = 0; i < count; i++) {
        const bench_step *step = &tuning->after.step[i];
        (void)fprintf(out, "%s[%zu,%zu,%zu", i > 0 ? ",\n" : "", step->hits, step->false_alarms,
                      step->misses);
        write_figure(out, &step->precision);
        write_figure(out, &step->recall);
        write_figure(out, &step->f1);
        if (alerts->creates > 0) {
            (void)fprintf(out, ",%.4f]", bench_alerts_per_100(alerts, i));
        } else {
            (void)fputs(",null]", out);
        }
    }
}

static void write_bins(FILE *out, const bench_sweep *sweep) {
    for (size_t i = 0; i < BENCH_BINS; i++) {
        const bench_bin *bin = &sweep->bin[i];
        (void)fprintf(out, "%s[%zu,%zu,%.6f]", i > 0 ? "," : "", bin->count, bin->duplicates,
                      bin->probability);
    }
}

/* Levels that pairs showed, or whose weight changed. */
static void write_weights(FILE *out, const bench_tuning *tuning) {
    const char *comma = "";
    for (int field = 0; field < KABURI_FIELD_COUNT; field++) {
        for (int level = 1; level < BENCH_LEVELS_MAX; level++) {
            const char *name = kaburi_level_name(field, level);
            double yes = tuning->counts.yes[field][level];
            double no = tuning->counts.no[field][level];
            if (name != NULL && yes + no > 0.5) {
                (void)fprintf(out, "%s[\"%s\",\"%s\",%.3f,%.3f,%.1f,%.1f]", comma,
                              kaburi_field_name(field), name,
                              bench_weights_bits(&tuning->base, field, level),
                              bench_weights_bits(&tuning->weights, field, level), yes, no);
                comma = ",\n";
            }
        }
    }
}

static int write_reasons(FILE *out, const bench_tuning *tuning, const bench_pair *pair,
                         int32_t language) {
    kaburi_compare_options options = tuning->start;
    kaburi_error error;
    char *json = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&json, &size);
    if (memory == NULL) {
        return bench_fail(BENCH_IO, "out of memory");
    }
    options.model = tuning->model;
    options.policy = tuning->policy;
    kaburi_status status = bench_explain_write(memory, &pair->a, &pair->b, &options, language,
                                               KABURI_FORMAT_JSON, &error);
    int code = fclose(memory) != 0 ? bench_fail(BENCH_IO, "out of memory") : BENCH_OK;
    if (status != KABURI_OK) {
        code = bench_refuse(&error);
    }
    if (code == BENCH_OK) {
        write_escaped(out, json, size);
    }
    free(json);
    return code;
}

static void write_record(FILE *out, const kaburi_record *record) {
    (void)fputs("{\"company\":", out);
    write_string(out, record->company);
    (void)fputs(",\"deal\":", out);
    write_string(out, record->deal);
    (void)fputs("}", out);
}

static int write_worst(FILE *out, const bench_tuning *tuning, bool misses) {
    size_t worst[WORST];
    size_t count = bench_tuning_worst(tuning, misses, worst, WORST);
    int code = BENCH_OK;
    for (size_t i = 0; i < count && code == BENCH_OK; i++) {
        const bench_pair *pair = &tuning->pairs->pair[tuning->place[worst[i]]];
        (void)fprintf(
            out, "%s{\"line\":%zu,\"label\":\"%s\",\"probability\":%.6f,\"a\":", i > 0 ? ",\n" : "",
            pair->line, bench_label_name(pair->label), tuning->judged[worst[i]].probability);
        write_record(out, &pair->a);
        (void)fputs(",\"b\":", out);
        write_record(out, &pair->b);
        (void)fputs(",\"en\":", out);
        code = write_reasons(out, tuning, pair, KABURI_LANGUAGE_ENGLISH);
        (void)fputs(",\"ja\":", out);
        if (code == BENCH_OK) {
            code = write_reasons(out, tuning, pair, KABURI_LANGUAGE_JAPANESE);
        }
        (void)fputs("}", out);
    }
    return code;
}

int bench_report_write(FILE *out, const bench_tuning *tuning, const bench_alerts *alerts) {
    (void)fwrite(bench_report_head, 1, bench_report_head_size, out);
    (void)fputs("{\"meta\":", out);
    write_meta(out, tuning);
    (void)fprintf(out, ",\n\"chosen\":%zu,\"miss\":%.9g,\"alarm\":%.9g,\n\"steps\":[", tuning->step,
                  tuning->cost_miss, tuning->cost_alarm);
    write_steps(out, tuning, alerts);
    (void)fputs("],\n\"bins\":[", out);
    write_bins(out, &tuning->after);
    (void)fputs("],\n\"weights\":[", out);
    write_weights(out, tuning);
    (void)fputs("],\n\"alarms\":[", out);
    int code = write_worst(out, tuning, false);
    (void)fputs("],\n\"misses\":[", out);
    if (code == BENCH_OK) {
        code = write_worst(out, tuning, true);
    }
    (void)fputs("]}", out);
    (void)fwrite(bench_report_tail, 1, bench_report_tail_size, out);
    return code;
}
