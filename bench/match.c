/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kaburi-bench match: for each query, the records that may be the same deal.
 */
#include "corpus.h"
#include "output.h"

typedef struct run {
    bench_corpus corpus;
    bench_records queries;
    kaburi_search_options search;
    bool except_self; /* a query is not shown the record with its own id */
    bench_timing timing;
} run;

static int match_all(run *at, FILE *out) {
    bench_progress progress;
    int code = BENCH_OK;
    (void)fputs("query\trank\tid\tprobability\tverdict\tdecision\tevidence\n", out);
    bench_progress_begin(&progress, "searching", at->queries.count);
    for (size_t i = 0; i < at->queries.count && code == BENCH_OK; i++) {
        kaburi_error error;
        bench_progress_step(&progress, i);
        kaburi_record query = at->queries.record[i];
        if (at->except_self) { /* UINT64_MAX, which no record has, when there is none */
            query.id = bench_records_find(&at->corpus.records, at->queries.id[i]);
        }
        if (bench_corpus_search(&at->corpus, &query, &at->search, &at->timing, &error) !=
            KABURI_OK) {
            code = bench_records_refuse(&at->queries, i, &error);
            continue;
        }
        const kaburi_match *match = kaburi_matches_data(at->corpus.matches);
        for (size_t rank = 0; rank < kaburi_matches_count(at->corpus.matches); rank++) {
            (void)fprintf(out, "%.*s\t%zu\t", (int)at->queries.id[i].size, at->queries.id[i].data,
                          rank + 1);
            bench_output_match(out, at->corpus.records.id[match[rank].id], &match[rank]);
        }
    }
    bench_progress_end(&progress);
    return code;
}

static void write_stats(run *at, FILE *out) {
    kaburi_index_stats index;
    const bench_timing *timing = &at->timing;
    double count = timing->count > 0 ? (double)timing->count : 1;
    kaburi_index_measure(at->corpus.index, &index);
    bench_timing_sort(&at->timing);
    (void)fprintf(out,
                  "{\"library\": %s,\n \"records\": %llu, \"records_skipped\": %zu, "
                  "\"records_per_second\": %.0f,\n \"bytes_per_record\": %.1f, "
                  "\"record_bytes\": %llu, \"id_bytes\": %llu, \"key_bytes\": %llu, "
                  "\"keys\": %llu, \"postings\": %llu,\n",
                  kaburi_build_info(), (unsigned long long)index.records,
                  at->corpus.records.skipped,
                  (double)at->corpus.records.count / at->corpus.build_seconds,
                  bench_corpus_bytes(&at->corpus), (unsigned long long)index.record_bytes,
                  (unsigned long long)index.id_bytes, (unsigned long long)index.key_bytes,
                  (unsigned long long)index.keys, (unsigned long long)index.postings);
    (void)fprintf(
        out,
        " \"queries\": %zu, \"queries_skipped\": %zu, \"mean_us\": %.2f, \"p50_us\": %.2f, "
        "\"p95_us\": %.2f, \"p99_us\": %.2f, \"max_us\": %.2f,\n \"keys_per_query\": %.1f, "
        "\"postings_per_query\": %.1f, \"candidates_per_query\": %.1f, "
        "\"scored_per_query\": %.1f, \"truncated_per_query\": %.3f}\n",
        timing->count, at->queries.skipped, bench_timing_mean(timing), bench_timing_at(timing, 0.5),
        bench_timing_at(timing, 0.95), bench_timing_at(timing, 0.99), bench_timing_at(timing, 1),
        (double)timing->sum.keys / count, (double)timing->sum.postings / count,
        (double)timing->sum.candidates / count, (double)timing->sum.scored / count,
        (double)timing->sum.truncated / count);
}

static int run_to(run *at, const char *out, const char *stats) {
    bench_output output;
    int code = bench_output_open(&output, out);
    if (code != BENCH_OK) {
        return code;
    }
    code = bench_output_close(&output, match_all(at, output.file));
    if (code != BENCH_OK || stats == NULL) {
        return code;
    }
    code = bench_output_open(&output, stats);
    if (code == BENCH_OK) {
        write_stats(at, output.file);
        code = bench_output_close(&output, BENCH_OK);
    }
    return code;
}

int bench_match(int argc, char **argv) {
    bench_option own[] = {{.name = "--records", .required = true},
                          {.name = "--queries", .required = true},
                          {.name = "--top"},
                          {.name = "--except-self", .flag = true},
                          {.name = "--out"},
                          {.name = "--stats"},
                          BENCH_INPUT_OPTIONS,
                          BENCH_JUDGE_OPTIONS,
                          BENCH_INDEX_OPTIONS};
    const bench_options options = {own, BENCH_COUNT(own)};
    run at = {0};
    bench_input input;
    kaburi_index_options index;
    bench_judge judge = {0};
    kaburi_search_options_init(&at.search);
    int code = bench_options_read(&options, argc, argv);
    bench_input_of(&input, &options);
    if (code != BENCH_OK ||
        (code = bench_options_number(&options, "--top", 1, 1000, &at.search.top)) != BENCH_OK ||
        (code = bench_index_options_of(&index, &options)) != BENCH_OK ||
        (code = bench_judge_of(&judge, &options)) != BENCH_OK) {
        return code;
    }
    bench_judge_index(&judge, &index);
    at.except_self = bench_options_find(&options, "--except-self")->seen > 0;
    at.search.flags = at.except_self ? KABURI_SEARCH_EXCEPT_SELF : 0;
    code = bench_records_open(&at.corpus.records, own[0].value, &input);
    if (code == BENCH_OK) {
        code = bench_records_open(&at.queries, own[1].value, &input);
    }
    if (code == BENCH_OK) {
        code = bench_corpus_build(&at.corpus, &index);
    }
    if (code == BENCH_OK) {
        code = run_to(&at, bench_options_find(&options, "--out")->value,
                      bench_options_find(&options, "--stats")->value);
        bench_records_tell_skipped(&at.corpus.records);
        bench_records_tell_skipped(&at.queries);
    }
    bench_corpus_clear(&at.corpus);
    bench_records_close(&at.corpus.records);
    bench_records_close(&at.queries);
    bench_timing_free(&at.timing);
    bench_judge_free(&judge);
    return code;
}
