/* SPDX-License-Identifier: Apache-2.0 */
/*
 * End to end. Every thread is kept on a CPU of its own; searches are timed one by one from raw
 * UTF-8 to ranked matches. Percentiles are of all queries, and the median of repetitions is told of
 * each.
 */
#include "speed.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define HELD_BACK 5000 /* records that are inserted and removed again, at most */
#define COLD_QUERIES 200
#define COLD_BYTES (64U << 20) /* walked over beforehand: some times a L2 cache */

void bench_pin(size_t nth) {
#if defined(__linux__)
    /* A thread begins on the CPUs of the one that made it: what the first may use is kept. */
    static cpu_set_t may;
    static bool known;
    if (!known && sched_getaffinity(0, sizeof may, &may) != 0) {
        return;
    }
    known = true;
    for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, &may) && nth-- == 0) {
            cpu_set_t one;
            CPU_ZERO(&one);
            CPU_SET(cpu, &one);
            (void)pthread_setaffinity_np(pthread_self(), sizeof one, &one);
            return;
        }
    }
#else
    (void)nth;
#endif
}

typedef struct measured {
    bench_speed *at;
    const char *sketch;
    size_t count;
    size_t held; /* the last of them are not in the index */
    kaburi_index *index;
    kaburi_matches *matches;
    char name[96];
} measured;

static const char *name_of(measured *of, const char *what) {
    (void)snprintf(of->name, sizeof of->name, "%s/%zu/%s", of->sketch, of->count, what);
    return of->name;
}

static bool wants(measured *of, const char *what) {
    return bench_report_wants(&of->at->report, name_of(of, what));
}

/* A result with one value a repetition, filled by the caller. */
static bench_result *add(measured *of, const char *what, size_t repetitions, size_t items) {
    return bench_report_add(&of->at->report, name_of(of, what), repetitions, items);
}

static void set(bench_result *result, size_t repetition, double real, double cpu, size_t items) {
    result->real[repetition] = items == 0 ? 0 : real * 1e9 / (double)items;
    result->cpu[repetition] = items == 0 ? 0 : cpu * 1e9 / (double)items;
}

/* ---- building ---- */

static void count_bytes(const kaburi_index *index, bench_result *result) {
    kaburi_index_stats stats;
    kaburi_index_measure(index, &stats);
    double records = stats.records == 0 ? 1 : (double)stats.records;
    double all = (double)(stats.record_bytes + stats.id_bytes + stats.key_bytes);
    bench_result_count(result, "bytes_per_record", all / records);
    bench_result_count(result, "card_bytes", (double)stats.record_bytes / records);
    bench_result_count(result, "id_bytes", (double)stats.id_bytes / records);
    bench_result_count(result, "key_bytes", (double)stats.key_bytes / records);
    bench_result_count(result, "postings", (double)stats.postings / records);
}

/* All at once, into an index that is no more used. */
static int fill(measured *of) {
    kaburi_error error;
    kaburi_index *index = NULL;
    size_t count = of->count - of->held;
    if (!wants(of, "fill")) {
        return BENCH_OK;
    }
    kaburi_status status = kaburi_index_create(&index, &of->at->index, &error);
    double begun = bench_now();
    double cpu = bench_cpu_now();
    if (status == KABURI_OK) {
        status = kaburi_index_add_records(index, of->at->records.record, count, NULL, &error);
    }
    if (status != KABURI_OK) {
        kaburi_index_free(index);
        return bench_refuse(&error);
    }
    bench_result *result = add(of, "fill", 1, count);
    set(result, 0, bench_now() - begun, bench_cpu_now() - cpu, count);
    count_bytes(index, result);
    bench_report_tell(&of->at->report, result);
    kaburi_index_free(index);
    return BENCH_OK;
}

static int build(measured *of) {
    kaburi_error error;
    size_t count = of->count - of->held;
    kaburi_status status = kaburi_index_create(&of->index, &of->at->index, &error);
    double begun = bench_now();
    double cpu = bench_cpu_now();
    for (size_t i = 0; status == KABURI_OK && i < count; i++) {
        status = kaburi_index_add(of->index, &of->at->records.record[i], &error);
    }
    double seconds = bench_now() - begun;
    cpu = bench_cpu_now() - cpu;
    if (status == KABURI_OK) {
        status = kaburi_matches_create(&of->matches, NULL, &error);
    }
    if (status != KABURI_OK) {
        return bench_refuse(&error);
    }
    if (wants(of, "build")) {
        bench_result *result = add(of, "build", 1, count);
        set(result, 0, seconds, cpu, count);
        count_bytes(of->index, result);
        bench_report_tell(&of->at->report, result);
    }
    return BENCH_OK;
}

/* Records held back are inserted and taken out again. */
static int change(measured *of) {
    kaburi_error error;
    kaburi_status status = KABURI_OK;
    if (of->held == 0 || (!wants(of, "insert") && !wants(of, "remove"))) {
        return BENCH_OK;
    }
    size_t repetitions = of->at->report.repetitions;
    size_t first = of->count - of->held;
    double *times = bench_resize(NULL, repetitions * 4, sizeof *times);
    for (size_t r = 0; r < repetitions && status == KABURI_OK; r++) {
        double begun[] = {bench_now(), bench_cpu_now()};
        for (size_t i = first; i < of->count && status == KABURI_OK; i++) {
            status = kaburi_index_add(of->index, &of->at->records.record[i], &error);
        }
        double middle[] = {bench_now(), bench_cpu_now()};
        for (size_t i = first; i < of->count && status == KABURI_OK; i++) {
            status = kaburi_index_remove(of->index, of->at->records.record[i].id, &error);
        }
        times[r * 4] = middle[0] - begun[0];
        times[r * 4 + 1] = middle[1] - begun[1];
        times[r * 4 + 2] = bench_now() - middle[0];
        times[r * 4 + 3] = bench_cpu_now() - middle[1];
    }
    static const char *const names[] = {"insert", "remove"};
    for (size_t n = 0; n < 2 && status == KABURI_OK; n++) {
        if (wants(of, names[n])) {
            bench_result *result = add(of, names[n], repetitions, of->held);
            for (size_t r = 0; r < repetitions; r++) {
                set(result, r, times[r * 4 + n * 2], times[r * 4 + n * 2 + 1], of->held);
            }
            bench_report_tell(&of->at->report, result);
        }
    }
    free(times);
    return status == KABURI_OK ? BENCH_OK : bench_refuse(&error);
}

static int merge(measured *of) {
    kaburi_error error;
    double begun = bench_now();
    double cpu = bench_cpu_now();
    if (kaburi_index_merge(of->index, &error) != KABURI_OK) {
        return bench_refuse(&error);
    }
    bench_result *result = add(of, "merge", 1, of->count - of->held);
    set(result, 0, bench_now() - begun, bench_cpu_now() - cpu, of->count - of->held);
    count_bytes(of->index, result);
    bench_report_tell(&of->at->report, result);
    return BENCH_OK;
}

/* ---- searching ---- */

typedef struct searcher {
    measured *of;
    kaburi_matches *matches;
    size_t first, queries; /* where it begins among the queries, and how many it asks */
    double *seconds;       /* of each */
    double *cpu_seconds;   /* of each: on a machine that others use, what is the search's own */
    double cpu;
    kaburi_search_stats sum;
    bool failed;
    pthread_t thread;
    size_t cpu_number;
} searcher;

static void search_queries(searcher *by) {
    const bench_speed *at = by->of->at;
    double cpu = bench_cpu_now();
    uint64_t seen = 0;
    for (size_t i = 0; i < by->queries && !by->failed; i++) {
        const kaburi_record *query = &at->queries[(by->first + i) % at->query_count];
        double cpu_begun = bench_cpu_now();
        double begun = bench_now();
        by->failed = kaburi_search(by->of->index, query, NULL, by->matches, NULL) != KABURI_OK;
        by->seconds[i] = bench_now() - begun;
        by->cpu_seconds[i] = bench_cpu_now() - cpu_begun;
        if (kaburi_matches_count(by->matches) > 0) {
            seen += kaburi_matches_data(by->matches)[0].id;
        }
        bench_stats_add(&by->sum, by->matches);
    }
    by->cpu = bench_cpu_now() - cpu;
    bench_keep(seen);
}

static void *run_searcher(void *argument) {
    searcher *by = argument;
    bench_pin(by->cpu_number);
    search_queries(by);
    return NULL;
}

static int by_length(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

#define PERCENTILES ((size_t)4)

static void percentiles(double *seconds, size_t count, double *out) {
    static const double shares[] = {0.5, 0.95, 0.99, 0.999};
    qsort(seconds, count, sizeof *seconds, by_length);
    for (size_t i = 0; i < PERCENTILES; i++) {
        out[i] = seconds[(size_t)(shares[i] * (double)(count - 1) + 0.5)] * 1e6;
    }
}

/* What all repetitions of a way to search told, each figure by itself. */
typedef struct told {
    double *figures[PERCENTILES * 2]; /* of the clock, then of the CPU */
    double *rate;                     /* searches a second, of all threads together */
} told;

static void open_told(told *of, size_t repetitions) {
    for (size_t i = 0; i < PERCENTILES * 2; i++) {
        of->figures[i] = bench_resize(NULL, repetitions, sizeof(double));
    }
    of->rate = bench_resize(NULL, repetitions, sizeof(double));
}

static void count_told(bench_result *result, told *of, size_t repetitions) {
    static const char *const names[] = {"p50_us",     "p95_us",     "p99_us",     "p99_9_us",
                                        "cpu_p50_us", "cpu_p95_us", "cpu_p99_us", "cpu_p99_9_us"};
    for (size_t i = 0; i < PERCENTILES * 2; i++) {
        bench_result_count(result, names[i], bench_median(of->figures[i], repetitions));
        free(of->figures[i]);
    }
    bench_result_count(result, "searches_per_second", bench_median(of->rate, repetitions));
    free(of->rate);
}

static void count_work(bench_result *result, const searcher *by) {
    double n = by->queries == 0 ? 1 : (double)by->queries;
    bench_result_count(result, "keys", (double)by->sum.keys / n);
    bench_result_count(result, "postings_read", (double)by->sum.postings / n);
    bench_result_count(result, "candidates", (double)by->sum.candidates / n);
    bench_result_count(result, "scored", (double)by->sum.scored / n);
    bench_result_count(result, "truncated", (double)by->sum.truncated / n);
}

/* All threads search all queries, each from another place on. */
static bool search_round(searcher *searchers, size_t threads) {
    bool done = true;
    size_t started = 1;
    for (; started < threads; started++) {
        if (pthread_create(&searchers[started].thread, NULL, run_searcher, &searchers[started]) !=
            0) {
            done = false;
            break;
        }
    }
    search_queries(&searchers[0]);
    for (size_t i = 1; i < started; i++) {
        (void)pthread_join(searchers[i].thread, NULL);
    }
    for (size_t i = 0; i < threads; i++) {
        done = done && !searchers[i].failed;
    }
    return done;
}

static int search_with(measured *of, const char *what, size_t threads, size_t queries,
                       size_t repetitions) {
    searcher searchers[2] = {{.of = of}, {.of = of}};
    told figures;
    kaburi_error error;
    if (!wants(of, what)) {
        return BENCH_OK;
    }
    bool done = true;
    double *all = bench_resize(NULL, queries * threads, sizeof *all);
    double *all_cpu = bench_resize(NULL, queries * threads, sizeof *all_cpu);
    for (size_t t = 0; t < threads; t++) {
        searchers[t] = (searcher){.of = of,
                                  .first = t * queries / 2,
                                  .queries = queries,
                                  .seconds = all + t * queries,
                                  .cpu_seconds = all_cpu + t * queries,
                                  .cpu_number = t};
        done = done && kaburi_matches_create(&searchers[t].matches, NULL, &error) == KABURI_OK;
    }
    open_told(&figures, repetitions);
    bench_result *result = add(of, what, repetitions, queries * threads);
    result->threads = (uint32_t)threads;
    for (size_t r = 0; r < repetitions && done; r++) {
        for (size_t t = 0; t < threads; t++) {
            memset(&searchers[t].sum, 0, sizeof searchers[t].sum);
        }
        double begun = bench_now();
        done = search_round(searchers, threads);
        double seconds = bench_now() - begun;
        double tells[PERCENTILES * 2];
        percentiles(all, queries * threads, tells);
        percentiles(all_cpu, queries * threads, tells + PERCENTILES);
        for (size_t i = 0; i < PERCENTILES * 2; i++) {
            figures.figures[i][r] = tells[i];
        }
        figures.rate[r] = (double)(queries * threads) / seconds;
        set(result, r, seconds, searchers[0].cpu, queries);
    }
    count_told(result, &figures, repetitions);
    count_work(result, &searchers[0]);
    bench_report_tell(&of->at->report, result);
    for (size_t t = 0; t < threads; t++) {
        kaburi_matches_free(searchers[t].matches);
    }
    free(all);
    free(all_cpu);
    return done ? BENCH_OK : bench_fail(BENCH_IO, "a search has failed: no memory or no thread");
}

/* The first searches, over memory that the caches do not have. */
static int search_cold(measured *of) {
    if (!wants(of, "search_cold")) {
        return BENCH_OK;
    }
    size_t queries = of->at->query_count < COLD_QUERIES ? of->at->query_count : COLD_QUERIES;
    char *walked = bench_resize(NULL, COLD_BYTES, 1);
    uint64_t sum = 0;
    for (size_t i = 0; i < COLD_BYTES; i += 64) {
        walked[i] = (char)i;
        sum += (uint64_t)walked[i / 2];
    }
    bench_keep(sum);
    free(walked);
    return search_with(of, "search_cold", 1, queries, 1);
}

/* ---- with a writer ---- */

typedef struct writer {
    measured *of;
    atomic_bool stop;
    size_t done;
    bool failed;
} writer;

static void *run_writer(void *argument) {
    writer *by = argument;
    const bench_records *records = &by->of->at->records;
    size_t first = by->of->count - by->of->held;
    bench_pin(1);
    while (!atomic_load(&by->stop) && !by->failed) {
        for (size_t i = first; i < by->of->count && !atomic_load(&by->stop); i++) {
            by->failed |= kaburi_index_add(by->of->index, &records->record[i], NULL) != KABURI_OK;
            by->done++;
        }
        for (size_t i = first; i < by->of->count; i++) {
            (void)kaburi_index_remove(by->of->index, records->record[i].id, NULL);
        }
    }
    return NULL;
}

static int search_beside_writer(measured *of) {
    pthread_t thread;
    writer by = {.of = of};
    if (of->held == 0 || !wants(of, "search_beside_writer")) {
        return BENCH_OK;
    }
    atomic_init(&by.stop, false);
    if (pthread_create(&thread, NULL, run_writer, &by) != 0) {
        return bench_fail(BENCH_IO, "no thread for a writer");
    }
    double begun = bench_now();
    int code =
        search_with(of, "search_beside_writer", 1, of->at->query_count, of->at->report.repetitions);
    double seconds = bench_now() - begun;
    atomic_store(&by.stop, true);
    (void)pthread_join(thread, NULL);
    if (code == BENCH_OK && !by.failed) {
        bench_result_count(&of->at->report.result[of->at->report.count - 1], "writes_per_second",
                           (double)by.done / seconds);
    }
    return code;
}

/* ---- recall ---- */

static int recall(measured *of, const bench_oracle *oracle) {
    bench_recall found;
    if (oracle == NULL || !wants(of, "recall")) {
        return BENCH_OK;
    }
    for (size_t i = of->count - of->held; i < of->count; i++) { /* the oracle has seen all */
        kaburi_error error;
        if (kaburi_index_add(of->index, &of->at->records.record[i], &error) != KABURI_OK) {
            return bench_refuse(&error);
        }
    }
    double begun = bench_now();
    int code = bench_oracle_compare(&found, oracle, of->index, of->at->queries, of->matches);
    if (code == BENCH_OK) {
        bench_result *result = add(of, "recall", 1, oracle->query_count);
        set(result, 0, bench_now() - begun, 0, oracle->query_count);
        bench_result_count(result, "recall_at_10", found.top);
        bench_result_count(result, "recall_of_likely", found.likely);
        bench_result_count(result, "candidate_recall", found.candidate);
        bench_result_count(result, "first_is_first", found.first);
        bench_report_tell(&of->at->report, result);
    }
    return code;
}

/* ---- all of it ---- */

static int searches(measured *of, const char *const *names) {
    size_t queries = of->at->query_count;
    size_t repetitions = of->at->report.repetitions;
    int code = search_with(of, names[0], 1, queries, repetitions);
    return code != BENCH_OK ? code : search_with(of, names[1], 2, queries, repetitions);
}

int bench_speed_of(bench_speed *at, const char *sketch, size_t count, const bench_oracle *oracle) {
    static const char *const grown[] = {"search", "search_two_threads"};
    static const char *const merged[] = {"search_merged", "search_merged_two_threads"};
    measured of = {.at = at, .sketch = sketch, .count = count};
    of.held = count / 20 < HELD_BACK ? count / 20 : HELD_BACK;
    int code = fill(&of);
    if (code == BENCH_OK) {
        code = build(&of);
    }
    if (code == BENCH_OK) {
        code = search_cold(&of);
    }
    if (code == BENCH_OK) {
        code = searches(&of, grown);
    }
    if (code == BENCH_OK) {
        code = change(&of);
    }
    if (code == BENCH_OK) {
        code = search_beside_writer(&of);
    }
    if (code == BENCH_OK &&
        (wants(&of, "merge") || wants(&of, merged[0]) || wants(&of, merged[1]))) {
        code = merge(&of);
        code = code != BENCH_OK ? code : searches(&of, merged);
    }
    if (code == BENCH_OK) {
        code = recall(&of, oracle);
    }
    kaburi_matches_free(of.matches);
    kaburi_index_free(of.index);
    return code;
}
