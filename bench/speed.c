/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kaburi-bench speed: how long every stage takes, and an index end to end at one or more sizes.
 */
#include "speed.h"

#include "kernels.h"
#include "output.h"
#include "reentry.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define QUERIES ((size_t)2000)
#define SIZES_MAX 8

static const char *const departments[] = {"marketing", "inside_sales", "business_unit", "sales"};

/* ---- queries ---- */

/* One record entered again, its two texts in a block of their own. */
static void make_query(bench_speed *at, const bench_reentry *reentry, uint64_t *seed) {
    static bench_typed typed;
    char note[512] = "";
    size_t drawn = bench_draw_below(seed, at->drawn_from);
    if (!bench_typed_of(&typed, &at->records.record[drawn])) {
        return;
    }
    (void)bench_reentry_type(reentry, departments[bench_draw_below(seed, 4)], &typed, false, note,
                             sizeof note, seed);
    size_t sizes[] = {strlen(typed.company), strlen(typed.deal)};
    char *block = bench_resize(NULL, sizes[0] + sizes[1] + 2, 1);
    (void)snprintf(block, sizes[0] + 1, "%s", typed.company);
    (void)snprintf(block + sizes[0] + 1, sizes[1] + 1, "%s", typed.deal);
    kaburi_record *query = &at->queries[at->query_count];
    kaburi_record_init(query);
    query->company = kaburi_text_of(block);
    query->deal = kaburi_text_of(block + sizes[0] + 1);
    query->amount = typed.amount;
    query->id = UINT64_MAX;
    at->query_texts[at->query_count++] = block;
}

static int make_queries(bench_speed *at, uint32_t seed) {
    bench_reentry reentry;
    uint64_t state = seed;
    at->queries = bench_resize(NULL, QUERIES, sizeof *at->queries);
    at->query_texts = bench_resize(NULL, QUERIES, sizeof *at->query_texts);
    int code = bench_reentry_open(&reentry);
    for (size_t tried = 0; code == BENCH_OK && at->query_count < QUERIES && tried < QUERIES * 2;
         tried++) {
        make_query(at, &reentry, &state);
    }
    bench_reentry_close(&reentry);
    return code;
}

static int read_queries(bench_speed *at, const char *path, const bench_input *input) {
    int code = bench_records_open(&at->asked, path, input);
    at->queries = at->asked.record;
    at->query_count = at->asked.count;
    return code;
}

/* A record that the library refuses would be refused in the middle of a measurement. */
static int check(const bench_records *records) {
    for (size_t i = 0; i < records->count; i++) {
        kaburi_error error;
        size_t count;
        kaburi_status status = kaburi_keys(&records->record[i], NULL, NULL, 0, &count, &error);
        if (status != KABURI_OK && status != KABURI_ERROR_BUFFER) {
            return bench_fail(BENCH_DATA, "%s:%zu: %s", records->rows.path, records->line[i],
                              error.message);
        }
    }
    return records->count > 0 ? BENCH_OK
                              : bench_fail(BENCH_DATA, "%s: no records", records->rows.path);
}

/* ---- measuring ---- */

static int ask_oracle(bench_speed *at, size_t count, bench_oracle *oracle) {
    bench_records some = at->records;
    some.count = count;
    size_t queries = at->oracle_queries < at->query_count ? at->oracle_queries : at->query_count;
    return bench_oracle_ask(oracle, &some, at->queries, queries);
}

static int measure_size(bench_speed *at, size_t count) {
    static const struct {
        const char *name;
        int32_t sketch;
    } sketches[] = {{"rarity", KABURI_SKETCH_RARITY}, {"minhash", KABURI_SKETCH_MINHASH}};
    bench_oracle oracle = {0};
    char names[2][64];
    const char *any[] = {names[0], names[1]};
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(names[i], sizeof names[i], "%s/%zu/recall", sketches[i].name, count);
    }
    bool asked = at->oracle_queries > 0 && bench_report_wants_any(&at->report, any, 2);
    int code = asked ? ask_oracle(at, count, &oracle) : BENCH_OK;
    for (size_t i = 0; i < 2 && code == BENCH_OK; i++) {
        static const char *const parts[] = {"build",
                                            "search_cold",
                                            "search",
                                            "search_two_threads",
                                            "insert",
                                            "remove",
                                            "merge",
                                            "search_merged",
                                            "search_merged_two_threads",
                                            "search_beside_writer",
                                            "recall"};
        char all[BENCH_COUNT(parts)][64];
        const char *pointers[BENCH_COUNT(parts)];
        for (size_t p = 0; p < BENCH_COUNT(parts); p++) {
            (void)snprintf(all[p], sizeof all[p], "%s/%zu/%s", sketches[i].name, count, parts[p]);
            pointers[p] = all[p];
        }
        at->index.sketch = sketches[i].sketch;
        if (bench_report_wants_any(&at->report, pointers, BENCH_COUNT(parts))) {
            code = bench_speed_of(at, sketches[i].name, count, asked ? &oracle : NULL);
        }
    }
    bench_oracle_free(&oracle);
    return code;
}

static int measure(bench_speed *at, const size_t *sizes, size_t size_count) {
    int code = bench_kernels(&at->report, &at->records, at->queries, at->query_count);
    for (size_t i = 0; i < size_count && code == BENCH_OK; i++) {
        code = measure_size(at, sizes[i]);
    }
    return code;
}

/* ---- options ---- */

/* "1000,20000": sizes of the index, none larger than the file. */
static int read_sizes(const char *list, size_t count, size_t *sizes, size_t *size_count) {
    *size_count = 0;
    while (list != NULL && *list != '\0') {
        char *end;
        unsigned long long size = strtoull(list, &end, 10);
        if (*list < '0' || *list > '9' || (*end != ',' && *end != '\0') || size < 1 ||
            size > count || *size_count == SIZES_MAX) {
            return bench_fail(BENCH_USAGE,
                              "--sizes has %.20s; allowed are up to %d numbers 1..%zu, commas "
                              "between",
                              list, SIZES_MAX, count);
        }
        sizes[(*size_count)++] = (size_t)size;
        list = *end == ',' ? end + 1 : end;
    }
    if (*size_count == 0) {
        sizes[(*size_count)++] = count;
    }
    return BENCH_OK;
}

static int read_seconds(const char *text, double *seconds) {
    char *end;
    if (text == NULL) {
        return BENCH_OK;
    }
    *seconds = strtod(text, &end);
    if (end == text || *end != '\0' || !(*seconds >= 0 && *seconds <= 3600)) {
        return bench_fail(BENCH_USAGE, "--min-time is %s; allowed are 0..3600 seconds", text);
    }
    return BENCH_OK;
}

static int run(bench_speed *at, const bench_options *options, const size_t *sizes,
               size_t size_count, bool json) {
    bench_output output;
    int code = bench_output_open(&output, bench_options_find(options, "--out")->value);
    if (code != BENCH_OK) {
        return code;
    }
    bench_pin(0);
    code = measure(at, sizes, size_count);
    if (code == BENCH_OK && json) {
        bench_report_json(output.file, &at->report, at->records.rows.path);
    } else if (code == BENCH_OK) {
        bench_report_table(output.file, &at->report);
    }
    return bench_output_close(&output, code);
}

static int read_files(bench_speed *at, const bench_options *options, const bench_input *input,
                      uint32_t seed, size_t *sizes, size_t *size_count) {
    static char path[BENCH_PATH_SIZE];
    const char *records = bench_options_find(options, "--records")->value;
    const char *queries = bench_options_find(options, "--queries")->value;
    if (records == NULL) {
        records = bench_shipped(path, "opportunities.tsv.gz");
    }
    int code = bench_records_open(&at->records, records, input);
    if (code == BENCH_OK) {
        code = check(&at->records);
    }
    if (code == BENCH_OK) {
        code = read_sizes(bench_options_find(options, "--sizes")->value, at->records.count, sizes,
                          size_count);
    }
    at->drawn_from = at->records.count;
    for (size_t i = 0; code == BENCH_OK && i < *size_count; i++) {
        at->drawn_from = sizes[i] < at->drawn_from ? sizes[i] : at->drawn_from;
    }
    if (code == BENCH_OK) {
        code = queries != NULL ? read_queries(at, queries, input) : make_queries(at, seed);
    }
    return code == BENCH_OK && queries != NULL ? check(&at->asked) : code;
}

static void close_files(bench_speed *at) {
    for (size_t i = 0; at->query_texts != NULL && i < at->query_count; i++) {
        free(at->query_texts[i]);
    }
    if (at->query_texts != NULL) {
        free(at->queries);
    }
    free(at->query_texts);
    bench_records_close(&at->records);
    bench_records_close(&at->asked);
    bench_report_close(&at->report);
}

int bench_speed_verb(int argc, char **argv) {
    bench_option own[] = {{.name = "--records"},     {.name = "--queries"}, {.name = "--sizes"},
                          {.name = "--oracle"},      {.name = "--filter"},  {.name = "--min-time"},
                          {.name = "--repetitions"}, {.name = "--format"},  {.name = "--out"},
                          {.name = "--seed"},        BENCH_INPUT_OPTIONS,   BENCH_INDEX_OPTIONS};
    const bench_options options = {own, BENCH_COUNT(own)};
    static bench_speed at;
    bench_input input;
    size_t sizes[SIZES_MAX];
    size_t size_count = 0;
    uint32_t seed = 1;
    at.oracle_queries = 100;
    int code = bench_options_read(&options, argc, argv);
    if (code != BENCH_OK) {
        return code;
    }
    bench_input_of(&input, &options);
    const char *format = bench_options_find(&options, "--format")->value;
    bool json = format != NULL && strcmp(format, "json") == 0;
    if (format != NULL && !json && strcmp(format, "table") != 0) {
        return bench_fail(BENCH_USAGE, "--format is %s; allowed are table, json", format);
    }
    code = bench_report_open(&at.report, bench_options_find(&options, "--filter")->value);
    at.report.live = isatty(STDERR_FILENO) != 0;
    if (code != BENCH_OK ||
        (code = read_seconds(bench_options_find(&options, "--min-time")->value,
                             &at.report.min_time)) != BENCH_OK ||
        (code = bench_options_number(&options, "--repetitions", 1, 1000, &at.report.repetitions)) !=
            BENCH_OK ||
        (code = bench_options_number(&options, "--oracle", 0, 100000, &at.oracle_queries)) !=
            BENCH_OK ||
        (code = bench_options_number(&options, "--seed", 0, UINT32_MAX, &seed)) != BENCH_OK ||
        (code = bench_index_options_of(&at.index, &options)) != BENCH_OK) {
        bench_report_close(&at.report);
        return code;
    }
    code = read_files(&at, &options, &input, seed, sizes, &size_count);
    if (code == BENCH_OK) {
        code = run(&at, &options, sizes, size_count, json);
        bench_records_tell_skipped(&at.records);
    }
    close_files(&at);
    return code;
}
