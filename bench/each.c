/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Record by record: the loop that normalize and keys share.
 */
#include "each.h"

#include "arguments.h"
#include "output.h"

static int each_record(FILE *out, bench_records *records, const kaburi_index_options *options,
                       bench_each_function *write) {
    for (size_t i = 0; i < records->count; i++) {
        kaburi_error error;
        if (write(out, &records->id[i], &records->record[i], options, &error) != KABURI_OK) {
            int code = bench_records_refuse(records, i, &error);
            if (code != BENCH_OK) {
                return code;
            }
        }
    }
    return BENCH_OK;
}

static int of_file(const char *path, const bench_input *input, const char *header, const char *out,
                   const kaburi_index_options *options, bench_each_function *write) {
    bench_records records;
    bench_output output;
    int code = bench_records_open(&records, path, input);
    if (code != BENCH_OK) {
        return code;
    }
    code = bench_output_open(&output, out);
    if (code == BENCH_OK) {
        (void)fprintf(output.file, "%s\n", header);
        code = bench_output_close(&output, each_record(output.file, &records, options, write));
    }
    bench_records_tell_skipped(&records);
    bench_records_close(&records);
    return code;
}

static int of_arguments(const kaburi_record *record, const char *out,
                        const kaburi_index_options *options, bench_each_function *write) {
    bench_output output;
    kaburi_error error;
    int code = bench_output_open(&output, out);
    if (code != BENCH_OK) {
        return code;
    }
    if (write(output.file, NULL, record, options, &error) != KABURI_OK) {
        code = bench_refuse(&error);
    }
    return bench_output_close(&output, code);
}

int bench_each(int argc, char **argv, const char *header, bench_each_function *write) {
    bench_option own[] = {
        {.name = "--records"}, {.name = "--out"}, BENCH_INPUT_OPTIONS, BENCH_INDEX_OPTIONS};
    const bench_options options = {own, BENCH_COUNT(own)};
    kaburi_record record;
    kaburi_index_options index;
    bench_input input;
    int before = argc;
    int code = bench_arguments_read(&record, 1, &argc, argv);
    if (code == BENCH_OK) {
        code = bench_options_read(&options, argc, argv);
    }
    if (code == BENCH_OK) {
        code = bench_index_options_of(&index, &options);
    }
    bench_input_of(&input, &options);
    if (code != BENCH_OK) {
        return code;
    }
    bool fields = argc < before;
    if (fields == (own[0].seen > 0)) {
        return bench_fail(BENCH_USAGE, "give either --records or --company and --deal");
    }
    return fields ? of_arguments(&record, own[1].value, &index, write)
                  : of_file(own[0].value, &input, header, own[1].value, &index, write);
}
