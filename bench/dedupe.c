/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kaburi-bench dedupe: the duplicates inside one file, as pairs and as clusters.
 */
#include "columns.h"
#include "corpus.h"
#include "output.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct run {
    bench_records records;
    bench_batch batch;
    kaburi_duplicates *found;
    double seconds;
} run;

static kaburi_text id_of(const run *at, uint64_t row) {
    return at->records.id[at->batch.at[row]];
}

/* ---- results ---- */

static void write_pairs(const run *at, FILE *out) {
    size_t count;
    const kaburi_pair *pairs = kaburi_duplicates_pairs(at->found, &count);
    const uint32_t *cluster = kaburi_duplicates_clusters(at->found, NULL);
    (void)fputs("cluster\ta\tb\tprobability\tverdict\tdecision\tevidence\n", out);
    for (size_t i = 0; i < count; i++) {
        const kaburi_pair *pair = &pairs[i];
        kaburi_match match = {.probability = pair->probability,
                              .verdict = pair->verdict,
                              .decision = pair->decision,
                              .evidence = pair->evidence};
        kaburi_text a = id_of(at, pair->a);
        if (cluster[pair->a] != 0 && cluster[pair->a] == cluster[pair->b]) {
            (void)fprintf(out, "%" PRIu32, cluster[pair->a]);
        } else {
            (void)fputc('-', out);
        }
        (void)fprintf(out, "\t%.*s\t", (int)a.size, a.data);
        bench_output_match(out, id_of(at, pair->b), &match);
    }
}

/* Cluster by cluster: where those of each begin is counted first. */
static void write_clusters(const run *at, FILE *out) {
    size_t count;
    const uint32_t *cluster = kaburi_duplicates_clusters(at->found, &count);
    kaburi_dedupe_stats stats;
    kaburi_duplicates_stats(at->found, &stats);
    size_t *begin = bench_resize(NULL, stats.clusters + 2, sizeof *begin);
    size_t *row = bench_resize(NULL, count, sizeof *row);
    memset(begin, 0, (stats.clusters + 2) * sizeof *begin);
    for (size_t i = 0; i < count; i++) {
        begin[cluster[i] + 1]++;
    }
    for (size_t i = 1; i < stats.clusters + 2; i++) {
        begin[i] += begin[i - 1];
    }
    for (size_t i = 0; i < count; i++) {
        row[begin[cluster[i]]++] = i;
    }
    /* Now begin[c] is where c ends, and those alone, of number 0, come first. */
    (void)fputs("cluster\tsize\tid\n", out);
    for (size_t number = 1; number <= stats.clusters; number++) {
        for (size_t i = begin[number - 1]; i < begin[number]; i++) {
            kaburi_text id = id_of(at, row[i]);
            (void)fprintf(out, "%zu\t%zu\t%.*s\n", number, begin[number] - begin[number - 1],
                          (int)id.size, id.data);
        }
    }
    free(begin);
    free(row);
}

static void write_stats(const run *at, FILE *out, uint32_t threads) {
    kaburi_dedupe_stats stats;
    kaburi_duplicates_stats(at->found, &stats);
    (void)fprintf(
        out,
        "{\"library\": %s,\n \"records\": %" PRIu64 ", \"records_skipped\": %zu, "
        "\"threads\": %" PRIu32 ", \"seconds\": %.3f,\n \"pairs\": %" PRIu64
        ", \"duplicates\": %" PRIu64 ", \"parted_duplicates\": %" PRIu64 ", \"clusters\": %" PRIu64
        ", \"clustered_records\": %" PRIu64 ",\n \"capped_records\": %" PRIu64
        ", \"capped_keys\": %" PRIu64 ", \"crowded_records\": %" PRIu64 "}\n",
        kaburi_build_info(), stats.records, at->records.skipped, threads, at->seconds, stats.pairs,
        stats.duplicates, stats.parted_duplicates, stats.clusters, stats.clustered_records,
        stats.capped_records, stats.capped_keys, stats.crowded_records);
}

/* What was left out is told beside the results. */
static void tell_limits(const run *at, const kaburi_index_options *index,
                        const kaburi_dedupe_options *options) {
    kaburi_dedupe_stats stats;
    kaburi_duplicates_stats(at->found, &stats);
    if (stats.capped_records > 0) {
        (void)fprintf(stderr,
                      "kaburi-bench: %" PRIu64 " records have keys that more than %" PRIu32
                      " others have, which were read in part (--postings-max)\n",
                      stats.capped_records, index->postings_max);
    }
    if (stats.crowded_records > 0) {
        (void)fprintf(stderr,
                      "kaburi-bench: %" PRIu64 " records have %" PRIu32
                      " partners or more, of which some may be left out (--partners-max)\n",
                      stats.crowded_records, options->partners_max);
    }
}

typedef void write_function(const run *at, FILE *out);

static int write_to(const run *at, const char *path, write_function *write) {
    bench_output output;
    int code = bench_output_open(&output, path);
    if (code == BENCH_OK) {
        write(at, output.file);
        code = bench_output_close(&output, BENCH_OK);
    }
    return code;
}

/* ---- options ---- */

/* Words of a list, commas between, as bits of their numbers; the first that is none of the names is
 * USAGE. */
static int read_verdicts(const char *list, uint32_t *bits) {
    for (const char *at = list; at != NULL && *at != '\0';) {
        size_t size = strcspn(at, ",");
        int32_t verdict = 0;
        const char *name;
        while ((name = kaburi_verdict_name(verdict)) != NULL &&
               (strlen(name) != size || memcmp(name, at, size) != 0)) {
            verdict++;
        }
        if (name == NULL) {
            return bench_fail(BENCH_USAGE,
                              "--verdict has %.*s; allowed are unrelated, homonym, group, "
                              "parallel, renewal, duplicate, commas between",
                              (int)(size < 40 ? size : 40), at);
        }
        *bits |= UINT32_C(1) << verdict;
        at += size + (at[size] == ',');
    }
    return BENCH_OK;
}

static int read_decision(const char *word, int32_t *decision) {
    if (word == NULL) {
        return BENCH_OK;
    }
    for (int32_t i = 0; kaburi_decision_name(i) != NULL; i++) {
        if (strcmp(kaburi_decision_name(i), word) == 0) {
            *decision = i;
            return BENCH_OK;
        }
    }
    return bench_fail(BENCH_USAGE, "--decision is %s; allowed are allow, alert, block", word);
}

static int read_options(kaburi_dedupe_options *out, const bench_options *options) {
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    kaburi_dedupe_options_init(out);
    out->threads = cores < 1 ? 1 : cores > 64 ? 64 : (uint32_t)cores;
    int code = bench_options_number(options, "--threads", 1, 64, &out->threads);
    if (code == BENCH_OK) {
        code = bench_options_number(options, "--partners-max", 1, 1000, &out->partners_max);
    }
    if (code == BENCH_OK) {
        code = bench_options_number(options, "--cluster-max", 2, 65536, &out->cluster_max);
    }
    if (code == BENCH_OK) {
        code = read_verdicts(bench_options_find(options, "--verdict")->value, &out->verdicts);
    }
    if (code == BENCH_OK) {
        code = read_decision(bench_options_find(options, "--decision")->value, &out->decision_min);
    }
    return code;
}

/* ---- the verb ---- */

static void tell_progress(void *context, size_t done, size_t total) {
    bench_progress *progress = context;
    progress->total = total;
    bench_progress_step(progress, done - done % 256);
}

/* The library names the row; a person wants the line. */
static int refuse(run *at, const kaburi_error *error) {
    for (size_t i = 0; i < at->records.count; i++) {
        kaburi_error of_record;
        size_t count;
        kaburi_status status =
            kaburi_keys(&at->records.record[i], NULL, NULL, 0, &count, &of_record);
        if (status != KABURI_OK && status != KABURI_ERROR_BUFFER) {
            return bench_records_refuse(&at->records, i, &of_record);
        }
    }
    return bench_refuse(error);
}

static int find(run *at, kaburi_dedupe_options *options) {
    kaburi_error error;
    bench_progress progress;
    bench_batch_open(&at->batch, &at->records);
    bench_progress_begin(&progress, "searching", at->batch.batch.count);
    options->context = &progress;
    options->progress = tell_progress;
    double begun = bench_now();
    kaburi_status status = kaburi_dedupe(&at->found, &at->batch.batch, options, &error);
    at->seconds = bench_now() - begun;
    bench_progress_end(&progress);
    return status == KABURI_OK ? BENCH_OK : refuse(at, &error);
}

static int write_all(run *at, const bench_options *options, uint32_t threads) {
    const char *clusters = bench_options_find(options, "--clusters")->value;
    const char *stats = bench_options_find(options, "--stats")->value;
    int code = write_to(at, bench_options_find(options, "--out")->value, write_pairs);
    if (code == BENCH_OK && clusters != NULL) {
        code = write_to(at, clusters, write_clusters);
    }
    if (code == BENCH_OK && stats != NULL) {
        bench_output output;
        code = bench_output_open(&output, stats);
        if (code == BENCH_OK) {
            write_stats(at, output.file, threads);
            code = bench_output_close(&output, BENCH_OK);
        }
    }
    return code;
}

int bench_dedupe(int argc, char **argv) {
    bench_option own[] = {{.name = "--records", .required = true},
                          {.name = "--threads"},
                          {.name = "--decision"},
                          {.name = "--verdict"},
                          {.name = "--partners-max"},
                          {.name = "--cluster-max"},
                          {.name = "--out"},
                          {.name = "--clusters"},
                          {.name = "--stats"},
                          BENCH_INPUT_OPTIONS,
                          BENCH_JUDGE_OPTIONS,
                          BENCH_INDEX_OPTIONS};
    const bench_options options = {own, BENCH_COUNT(own)};
    run at = {0};
    bench_input input;
    kaburi_index_options index;
    kaburi_dedupe_options dedupe;
    bench_judge judge = {0};
    int code = bench_options_read(&options, argc, argv);
    bench_input_of(&input, &options);
    if (code != BENCH_OK || (code = read_options(&dedupe, &options)) != BENCH_OK ||
        (code = bench_index_options_of(&index, &options)) != BENCH_OK ||
        (code = bench_judge_of(&judge, &options)) != BENCH_OK) {
        return code;
    }
    bench_judge_index(&judge, &index);
    dedupe.index = &index;
    code = bench_records_open(&at.records, own[0].value, &input);
    if (code == BENCH_OK) {
        code = find(&at, &dedupe);
    }
    if (code == BENCH_OK) {
        code = write_all(&at, &options, dedupe.threads);
        bench_records_tell_skipped(&at.records);
        tell_limits(&at, &index, &dedupe);
    }
    kaburi_duplicates_free(at.found);
    bench_batch_close(&at.batch);
    bench_records_close(&at.records);
    bench_judge_free(&judge);
    return code;
}
