/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A corpus: a file of records, the model and the index made of them, and a measured search. What
 * match, quality and demo stand on.
 */
#ifndef BENCH_CORPUS_H
#define BENCH_CORPUS_H

#include "records.h"

#define BENCH_INPUT_OPTIONS                                                                        \
    {.name = "--encoding"}, {                                                                      \
        .name = "--skip-bad-rows", .flag = true                                                    \
    }
#define BENCH_JUDGE_OPTIONS                                                                        \
    {.name = "--model"}, {.name = "--policy"}, {.name = "--fiscal-month"}, {                       \
        .name = "--aliases"                                                                        \
    }
#define BENCH_INDEX_OPTIONS                                                                        \
    {.name = "--sketch"}, {.name = "--record-rarest"}, {.name = "--query-rarest"},                 \
        {.name = "--deletion-max"}, {.name = "--bands"}, {.name = "--rows"},                       \
        {.name = "--unweighted", .flag = true}, {.name = "--no-reading", .flag = true},            \
        {.name = "--no-sound", .flag = true}, {.name = "--no-term", .flag = true},                 \
        {.name = "--no-skeleton", .flag = true}, {.name = "--no-acronym", .flag = true},           \
        {.name = "--postings-max"}, {                                                              \
        .name = "--scored-max"                                                                     \
    }

void bench_input_of(bench_input *input, const bench_options *options);

/* What --model, --policy, --aliases and --fiscal-month name, for an index or a pair. */
typedef struct bench_judge {
    kaburi_compare_options options;
    kaburi_model *model;     /* read from a file; NULL: built in */
    kaburi_policy *policy;   /* likewise */
    kaburi_aliases *aliases; /* read from a file; NULL: none, or the built-in ones */
} bench_judge;

/* Failures are reported, and nothing is left to free. */
int bench_judge_of(bench_judge *judge, const bench_options *options);
/* The same of three files; NULL: not given. */
int bench_judge_from(bench_judge *judge, const char *model, const char *policy,
                     const char *aliases);
void bench_judge_free(bench_judge *judge);
/* An index that judges so. */
void bench_judge_index(const bench_judge *judge, kaburi_index_options *index);

/* Options out of range are USAGE, reported. */
int bench_index_options_of(kaburi_index_options *index, const bench_options *options);

typedef struct bench_corpus {
    bench_records records;
    kaburi_index *index;
    kaburi_matches *matches; /* of the search that is timed */
    double build_seconds;    /* parsing and filing, without reading the file */
} bench_corpus;

/* Builds the index of the records read before into corpus->records. */
int bench_corpus_build(bench_corpus *corpus, const kaburi_index_options *options);
/* Frees index and matches, not the records. */
void bench_corpus_clear(bench_corpus *corpus);

/* Adds what the last search did. */
void bench_stats_add(kaburi_search_stats *sum, const kaburi_matches *matches);

/* What many searches took and did. */
typedef struct bench_timing {
    double *seconds; /* of each search */
    size_t count;
    size_t capacity;
    kaburi_search_stats sum;
} bench_timing;

/* One search, timed; ARGUMENT, TEXT ... are left in *error for the caller to report. */
kaburi_status bench_corpus_search(bench_corpus *corpus, const kaburi_record *query,
                                  const kaburi_search_options *options, bench_timing *timing,
                                  kaburi_error *error);

/* Sorts: afterwards `share` 0.5 is the median, 1 the longest. Microseconds. */
void bench_timing_sort(bench_timing *timing);
double bench_timing_at(const bench_timing *timing, double share);
double bench_timing_mean(const bench_timing *timing);
void bench_timing_free(bench_timing *timing);

/* Bytes the index holds for each record. */
double bench_corpus_bytes(const bench_corpus *corpus);

#endif
