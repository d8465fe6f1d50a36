/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kaburi-bench explain: why two deals given on the command line are, or are not, the same.
 */
#include "explain.h"

#include "arguments.h"
#include "corpus.h"
#include "output.h"

#include <stdlib.h>
#include <string.h>

int bench_language_of(const bench_options *options, int32_t *language) {
    const char *name = bench_options_find(options, "--lang")->value;
    *language = KABURI_LANGUAGE_ENGLISH;
    if (name != NULL && strcmp(name, "ja") == 0) {
        *language = KABURI_LANGUAGE_JAPANESE;
    } else if (name != NULL && strcmp(name, "en") != 0) {
        return bench_fail(BENCH_USAGE, "--lang is %s; allowed are ja, en", name);
    }
    return BENCH_OK;
}

kaburi_status bench_explain_write(FILE *out, const kaburi_record *a, const kaburi_record *b,
                                  const kaburi_compare_options *options, int32_t language,
                                  int32_t format, kaburi_error *error) {
    size_t size = 0;
    kaburi_status status = kaburi_explain(a, b, options, language, format, NULL, 0, &size, error);
    if (status != KABURI_ERROR_BUFFER) {
        return status;
    }
    char *text = bench_resize(NULL, size + 1, 1);
    status = kaburi_explain(a, b, options, language, format, text, size + 1, &size, error);
    if (status == KABURI_OK) {
        (void)fwrite(text, 1, size, out);
    }
    free(text);
    return status;
}

int bench_explain(int argc, char **argv) {
    bench_option own[] = {
        {.name = "--lang"}, {.name = "--json", .flag = true}, BENCH_JUDGE_OPTIONS};
    const bench_options options = {own, BENCH_COUNT(own)};
    kaburi_record record[2];
    bench_judge judge;
    kaburi_error error;
    int32_t language;
    int code = bench_arguments_read(record, 2, &argc, argv);
    if (code != BENCH_OK || (code = bench_options_read(&options, argc, argv)) != BENCH_OK ||
        (code = bench_language_of(&options, &language)) != BENCH_OK ||
        (code = bench_judge_of(&judge, &options)) != BENCH_OK) {
        return code;
    }
    if (record[1].company.size == 0 && record[1].deal.size == 0) {
        bench_judge_free(&judge);
        return bench_fail(BENCH_USAGE, "two deals are needed: --company A --deal A --company B "
                                       "--deal B");
    }
    int32_t format = own[1].seen > 0 ? KABURI_FORMAT_JSON : KABURI_FORMAT_TEXT;
    bench_output output;
    code = bench_output_open(&output, NULL);
    if (bench_explain_write(output.file, &record[0], &record[1], &judge.options, language, format,
                            &error) != KABURI_OK) {
        code = bench_refuse(&error);
    } else if (format == KABURI_FORMAT_JSON) {
        (void)fputc('\n', output.file);
    }
    bench_judge_free(&judge);
    return bench_output_close(&output, code);
}
