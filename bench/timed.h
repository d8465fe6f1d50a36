/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Timing: what `speed` measures, as a list of results, and how it is written: the JSON of Google
 * Benchmark, or a table. A body returns a number that is kept, so that no compiler drops its work.
 */
#ifndef BENCH_TIMED_H
#define BENCH_TIMED_H

#include "bench.h"

#include <regex.h>

#define BENCH_COUNTERS_MAX 24

typedef struct bench_counter {
    const char *name;
    double value;
} bench_counter;

/* Nanoseconds of one item, of each repetition. */
typedef struct bench_result {
    char name[96];
    double *real;
    double *cpu; /* of the thread; as real where it was not taken */
    size_t repetitions;
    size_t items; /* measured in one repetition */
    uint32_t threads;
    bench_counter counter[BENCH_COUNTERS_MAX];
    size_t counter_count;
} bench_result;

typedef struct bench_report {
    bench_result *result;
    size_t count;
    size_t capacity;
    double min_time; /* seconds of one repetition */
    uint32_t repetitions;
    bool filtered;
    regex_t filter;
    bool live; /* a line on stderr when a result is there */
} bench_report;

/* filter NULL: all. A bad expression is USAGE, reported. */
int bench_report_open(bench_report *report, const char *filter);
void bench_report_close(bench_report *report);

bool bench_report_wants(const bench_report *report, const char *name);
/* Whether any of `count` names is wanted. */
bool bench_report_wants_any(const bench_report *report, const char *const *names, size_t count);

/* Room for one more result with `repetitions` values; valid until the next is added. */
bench_result *bench_report_add(bench_report *report, const char *name, size_t repetitions,
                               size_t items);
void bench_result_count(bench_result *result, const char *name, double value);
/* To be called when its values and counters are there. */
void bench_report_tell(const bench_report *report, const bench_result *result);

/* Does one item of 0..items-1; what it returns is kept. */
typedef uint64_t bench_body(void *state, size_t item);

/* Times a body, if it is wanted: warms it with all items once, then repeats rounds over all of
 * them. NULL when it is not wanted. */
bench_result *bench_report_time(bench_report *report, const char *name, bench_body *body,
                                void *state, size_t items);

/* Keeps a value where the compiler must leave it. */
void bench_keep(uint64_t value);

/* Seconds of CPU of this thread. */
double bench_cpu_now(void);
/* The median; sorts. 0 for none. */
double bench_median(double *values, size_t count);

void bench_report_json(FILE *out, bench_report *report, const char *records);
void bench_report_table(FILE *out, bench_report *report);

#endif
