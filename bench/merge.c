/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kaburi-bench merge: what to keep of two deals given on the command line, and what would be lost.
 */
#include "arguments.h"
#include "corpus.h"
#include "explain.h"
#include "output.h"

#include <stdlib.h>

static int read_date(const bench_options *options, const char *name, int32_t *out) {
    const char *text = bench_options_find(options, name)->value;
    if (text != NULL && !bench_record_date(kaburi_text_of(text), out)) {
        return bench_fail(BENCH_USAGE, "%s is %s, not a date YYYY-MM-DD or YYYY/M/D", name, text);
    }
    return BENCH_OK;
}

static int read_dates(kaburi_merge_options *merge, const bench_options *options) {
    const struct {
        const char *name;
        int32_t *out;
    } dates[] = {{"--first-touch-a", &merge->first_touch_a},
                 {"--first-touch-b", &merge->first_touch_b},
                 {"--created-a", &merge->created_a},
                 {"--created-b", &merge->created_b}};
    int code = BENCH_OK;
    for (size_t i = 0; i < BENCH_COUNT(dates) && code == BENCH_OK; i++) {
        code = read_date(options, dates[i].name, dates[i].out);
    }
    return code;
}

static int write_advice(FILE *out, const kaburi_record record[2], const kaburi_merge_options *merge,
                        int32_t language, int32_t format) {
    kaburi_error error;
    size_t size = 0;
    kaburi_status status = kaburi_merge_advise(&record[0], &record[1], merge, language, format,
                                               NULL, 0, &size, &error);
    if (status != KABURI_ERROR_BUFFER) {
        return bench_refuse(&error);
    }
    char *text = bench_resize(NULL, size + 1, 1);
    status = kaburi_merge_advise(&record[0], &record[1], merge, language, format, text, size + 1,
                                 &size, &error);
    if (status == KABURI_OK) {
        (void)fwrite(text, 1, size, out);
        (void)fputs(format == KABURI_FORMAT_JSON ? "\n" : "", out);
    }
    free(text);
    return status == KABURI_OK ? BENCH_OK : bench_refuse(&error);
}

int bench_merge(int argc, char **argv) {
    bench_option own[] = {{.name = "--lang"},          {.name = "--json", .flag = true},
                          {.name = "--first-touch-a"}, {.name = "--first-touch-b"},
                          {.name = "--created-a"},     {.name = "--created-b"},
                          BENCH_JUDGE_OPTIONS};
    const bench_options options = {own, BENCH_COUNT(own)};
    kaburi_record record[2];
    kaburi_merge_options merge;
    bench_judge judge;
    int32_t language;
    kaburi_merge_options_init(&merge);
    int code = bench_arguments_read(record, 2, &argc, argv);
    if (code != BENCH_OK || (code = bench_options_read(&options, argc, argv)) != BENCH_OK ||
        (code = bench_language_of(&options, &language)) != BENCH_OK ||
        (code = read_dates(&merge, &options)) != BENCH_OK) {
        return code;
    }
    if (record[1].company.size == 0 && record[1].deal.size == 0) {
        return bench_fail(BENCH_USAGE, "two deals are needed: --company A --deal A --company B "
                                       "--deal B");
    }
    code = bench_judge_of(&judge, &options);
    if (code != BENCH_OK) {
        return code;
    }
    merge.compare = &judge.options;
    bench_output output;
    (void)bench_output_open(&output, NULL);
    code = bench_output_close(
        &output, write_advice(output.file, record, &merge, language,
                              own[1].seen > 0 ? KABURI_FORMAT_JSON : KABURI_FORMAT_TEXT));
    bench_judge_free(&judge);
    return code;
}
