/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A corpus. A search is timed from raw UTF-8 to ranked matches, in the thread that asks.
 */
#include "corpus.h"

#include "output.h"

#include <stdlib.h>
#include <string.h>

/* ---- options ---- */

void bench_input_of(bench_input *input, const bench_options *options) {
    *input = (bench_input){
        .encoding = bench_options_find(options, "--encoding")->value,
        .skip_bad_rows = bench_options_find(options, "--skip-bad-rows")->seen > 0,
    };
}

static int refuse_file(const char *path, const kaburi_error *error) {
    bool system = error->status == KABURI_ERROR_IO || error->status == KABURI_ERROR_MEMORY;
    return system ? bench_fail(BENCH_IO, "%s", error->message)
                  : bench_fail(BENCH_DATA, "%s: %s", path, error->message);
}

int bench_judge_from(bench_judge *judge, const char *model, const char *policy,
                     const char *aliases) {
    kaburi_error error;
    *judge = (bench_judge){0};
    kaburi_compare_options_init(&judge->options);
    if (model != NULL && kaburi_model_load(&judge->model, model, NULL, &error) != KABURI_OK) {
        return refuse_file(model, &error);
    }
    judge->options.model = judge->model;
    if (policy != NULL && kaburi_policy_load(&judge->policy, policy, NULL, &error) != KABURI_OK) {
        bench_judge_free(judge);
        return refuse_file(policy, &error);
    }
    judge->options.policy = judge->policy;
    if (aliases != NULL && strcmp(aliases, "default") == 0) {
        judge->options.aliases = kaburi_aliases_default();
    } else if (aliases != NULL) {
        if (kaburi_aliases_load(&judge->aliases, aliases, NULL, &error) != KABURI_OK) {
            bench_judge_free(judge);
            return refuse_file(aliases, &error);
        }
        judge->options.aliases = judge->aliases;
    }
    return BENCH_OK;
}

int bench_judge_of(bench_judge *judge, const bench_options *options) {
    int code = bench_judge_from(judge, bench_options_find(options, "--model")->value,
                                bench_options_find(options, "--policy")->value,
                                bench_options_find(options, "--aliases")->value);
    if (code == BENCH_OK) {
        code = bench_options_number(options, "--fiscal-month", 1, 12, &judge->options.fiscal_month);
        if (code != BENCH_OK) {
            bench_judge_free(judge);
        }
    }
    return code;
}

void bench_judge_free(bench_judge *judge) {
    kaburi_model_free(judge->model);
    kaburi_policy_free(judge->policy);
    kaburi_aliases_free(judge->aliases);
    *judge = (bench_judge){0};
}

void bench_judge_index(const bench_judge *judge, kaburi_index_options *index) {
    index->model = judge->options.model;
    index->policy = judge->options.policy;
    index->aliases = judge->options.aliases;
    index->flags |= KABURI_INDEX_FISCAL_MONTH(judge->options.fiscal_month);
}

static int refuse_index(const kaburi_error *error) {
    return bench_fail(error->status == KABURI_ERROR_ARGUMENT ? BENCH_USAGE : BENCH_IO, "%s",
                      error->message);
}

int bench_index_options_of(kaburi_index_options *index, const bench_options *options) {
    kaburi_index_options_init(index);
    const struct {
        const char *name;
        uint32_t *out;
    } numbers[] = {
        {"--record-rarest", &index->record_rarest},
        {"--query-rarest", &index->query_rarest},
        {"--deletion-max", &index->deletion_max},
        {"--bands", &index->bands},
        {"--rows", &index->rows},
        {"--postings-max", &index->postings_max},
        {"--scored-max", &index->scored_max},
    };
    for (size_t i = 0; i < BENCH_COUNT(numbers); i++) {
        int code = bench_options_number(options, numbers[i].name, 0, UINT32_MAX, numbers[i].out);
        if (code != BENCH_OK) {
            return code;
        }
    }
    if (bench_options_find(options, "--unweighted")->seen > 0) {
        index->flags &= ~KABURI_INDEX_MINHASH_WEIGHTED;
    }
    static const struct {
        const char *name;
        uint32_t flag;
    } without[] = {
        {"--no-reading", KABURI_INDEX_UNREAD},     {"--no-sound", KABURI_INDEX_NO_SOUND},
        {"--no-term", KABURI_INDEX_NO_TERM},       {"--no-skeleton", KABURI_INDEX_NO_SKELETON},
        {"--no-acronym", KABURI_INDEX_NO_ACRONYM},
    };
    for (size_t i = 0; i < BENCH_COUNT(without); i++) {
        if (bench_options_find(options, without[i].name)->seen > 0) {
            index->flags |= without[i].flag;
        }
    }
    const char *sketch = bench_options_find(options, "--sketch")->value;
    if (sketch != NULL && strcmp(sketch, "minhash") == 0) {
        index->sketch = KABURI_SKETCH_MINHASH;
    } else if (sketch != NULL && strcmp(sketch, "rarity") != 0) {
        return bench_fail(BENCH_USAGE, "--sketch is %s; allowed are rarity, minhash", sketch);
    }
    /* The library knows the ranges. Better told before a long file is read. */
    kaburi_error error;
    kaburi_index *tried = NULL;
    kaburi_status status = kaburi_index_create(&tried, index, &error);
    kaburi_index_free(tried);
    return status == KABURI_OK ? BENCH_OK : refuse_index(&error);
}

/* ---- building ---- */

/* All at once, from behind each bad row on. */
static int fill(bench_corpus *corpus) {
    bench_records *records = &corpus->records;
    bench_progress progress;
    kaburi_error error;
    int code = BENCH_OK;
    bench_progress_begin(&progress, "indexing", records->count);
    double begun = bench_now();
    for (size_t i = 0; i < records->count && code == BENCH_OK; i++) {
        size_t added;
        kaburi_status status = kaburi_index_add_records(corpus->index, records->record + i,
                                                        records->count - i, &added, &error);
        i += added;
        if (status != KABURI_OK) {
            /* Once more by itself: the line says which record it is. */
            (void)kaburi_index_add(corpus->index, &records->record[i], &error);
            code = bench_records_refuse(records, i, &error);
        }
        bench_progress_step(&progress, i);
    }
    if (code == BENCH_OK && kaburi_index_merge(corpus->index, &error) != KABURI_OK) {
        code = refuse_index(&error);
    }
    corpus->build_seconds = bench_now() - begun;
    bench_progress_end(&progress);
    return code;
}

int bench_corpus_build(bench_corpus *corpus, const kaburi_index_options *options) {
    kaburi_error error;
    corpus->index = NULL;
    corpus->matches = NULL;
    kaburi_status status = kaburi_index_create(&corpus->index, options, &error);
    if (status == KABURI_OK) {
        status = kaburi_matches_create(&corpus->matches, NULL, &error);
    }
    int code = status == KABURI_OK ? fill(corpus) : refuse_index(&error);
    if (code != BENCH_OK) {
        bench_corpus_clear(corpus);
    }
    return code;
}

void bench_corpus_clear(bench_corpus *corpus) {
    kaburi_matches_free(corpus->matches);
    kaburi_index_free(corpus->index);
    corpus->matches = NULL;
    corpus->index = NULL;
}

double bench_corpus_bytes(const bench_corpus *corpus) {
    kaburi_index_stats stats;
    kaburi_index_measure(corpus->index, &stats);
    uint64_t bytes = stats.record_bytes + stats.id_bytes + stats.key_bytes;
    return stats.records == 0 ? 0 : (double)bytes / (double)stats.records;
}

/* ---- searching ---- */

void bench_stats_add(kaburi_search_stats *sum, const kaburi_matches *matches) {
    kaburi_search_stats stats;
    kaburi_matches_stats(matches, &stats);
    sum->keys += stats.keys;
    sum->postings += stats.postings;
    sum->candidates += stats.candidates;
    sum->scored += stats.scored;
    sum->truncated += stats.truncated;
}

kaburi_status bench_corpus_search(bench_corpus *corpus, const kaburi_record *query,
                                  const kaburi_search_options *options, bench_timing *timing,
                                  kaburi_error *error) {
    if (timing->count == timing->capacity) {
        timing->capacity = timing->capacity * 2 + 1024;
        timing->seconds = bench_resize(timing->seconds, timing->capacity, sizeof *timing->seconds);
    }
    double begun = bench_now();
    kaburi_status status = kaburi_search(corpus->index, query, options, corpus->matches, error);
    if (status != KABURI_OK) {
        return status;
    }
    timing->seconds[timing->count++] = bench_now() - begun;
    bench_stats_add(&timing->sum, corpus->matches);
    return KABURI_OK;
}

static int by_length(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

void bench_timing_sort(bench_timing *timing) {
    if (timing->count > 0) {
        qsort(timing->seconds, timing->count, sizeof *timing->seconds, by_length);
    }
}

double bench_timing_at(const bench_timing *timing, double share) {
    if (timing->count == 0) {
        return 0;
    }
    size_t at = (size_t)(share * (double)(timing->count - 1) + 0.5);
    return timing->seconds[at] * 1e6;
}

double bench_timing_mean(const bench_timing *timing) {
    double sum = 0;
    for (size_t i = 0; i < timing->count; i++) {
        sum += timing->seconds[i];
    }
    return timing->count == 0 ? 0 : sum / (double)timing->count * 1e6;
}

void bench_timing_free(bench_timing *timing) {
    free(timing->seconds);
    memset(timing, 0, sizeof *timing);
}
