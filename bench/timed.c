/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Timing. A round is all items once, so that a body never sees a few inputs that branch predictors
 * learn by heart; a repetition is as many rounds as fill the time asked for.
 */
#include "timed.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile uint64_t kept;

void bench_keep(uint64_t value) {
    kept ^= value;
}

double bench_cpu_now(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int bench_report_open(bench_report *report, const char *filter) {
    memset(report, 0, sizeof *report);
    report->min_time = 0.2;
    report->repetitions = 5;
    if (filter != NULL) {
        char why[160];
        int failed = regcomp(&report->filter, filter, REG_EXTENDED | REG_NOSUB);
        if (failed != 0) {
            (void)regerror(failed, &report->filter, why, sizeof why);
            return bench_fail(BENCH_USAGE, "--filter is %s: %s", filter, why);
        }
        report->filtered = true;
    }
    return BENCH_OK;
}

void bench_report_close(bench_report *report) {
    for (size_t i = 0; i < report->count; i++) {
        free(report->result[i].real);
        free(report->result[i].cpu);
    }
    free(report->result);
    if (report->filtered) {
        regfree(&report->filter);
    }
    memset(report, 0, sizeof *report);
}

bool bench_report_wants(const bench_report *report, const char *name) {
    return !report->filtered || regexec(&report->filter, name, 0, NULL, 0) == 0;
}

bool bench_report_wants_any(const bench_report *report, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (bench_report_wants(report, names[i])) {
            return true;
        }
    }
    return false;
}

bench_result *bench_report_add(bench_report *report, const char *name, size_t repetitions,
                               size_t items) {
    if (report->count == report->capacity) {
        report->capacity = report->capacity * 2 + 64;
        report->result = bench_resize(report->result, report->capacity, sizeof *report->result);
    }
    bench_result *result = &report->result[report->count++];
    memset(result, 0, sizeof *result);
    (void)snprintf(result->name, sizeof result->name, "%s", name);
    result->real = bench_resize(NULL, repetitions, sizeof *result->real);
    result->cpu = bench_resize(NULL, repetitions, sizeof *result->cpu);
    result->repetitions = repetitions;
    result->items = items;
    result->threads = 1;
    return result;
}

void bench_result_count(bench_result *result, const char *name, double value) {
    if (result->counter_count < BENCH_COUNTERS_MAX) {
        result->counter[result->counter_count++] = (bench_counter){name, value};
    }
}

static double run_rounds(bench_body *body, void *state, size_t items, size_t rounds) {
    uint64_t sum = 0;
    double begun = bench_now();
    for (size_t round = 0; round < rounds; round++) {
        for (size_t item = 0; item < items; item++) {
            sum += body(state, item);
        }
    }
    double seconds = bench_now() - begun;
    bench_keep(sum);
    return seconds;
}

bench_result *bench_report_time(bench_report *report, const char *name, bench_body *body,
                                void *state, size_t items) {
    if (!bench_report_wants(report, name) || items == 0) {
        return NULL;
    }
    (void)run_rounds(body, state, items, 1);
    double once = run_rounds(body, state, items, 1);
    size_t rounds = 1;
    if (once > 0 && once < report->min_time) {
        rounds = (size_t)(report->min_time / once) + 1;
    }
    bench_result *result = bench_report_add(report, name, report->repetitions, items * rounds);
    double done = (double)(items * rounds);
    for (size_t i = 0; i < report->repetitions; i++) {
        double cpu = bench_cpu_now();
        result->real[i] = run_rounds(body, state, items, rounds) * 1e9 / done;
        result->cpu[i] = (bench_cpu_now() - cpu) * 1e9 / done;
    }
    return result;
}

/* ---- figures ---- */

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

double bench_median(double *values, size_t count) {
    if (count == 0) {
        return 0;
    }
    qsort(values, count, sizeof *values, by_value);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

static double mean_of(const double *values, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += values[i];
    }
    return count == 0 ? 0 : sum / (double)count;
}

static double deviation_of(const double *values, size_t count) {
    double mean = mean_of(values, count);
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += (values[i] - mean) * (values[i] - mean);
    }
    return count < 2 ? 0 : sqrt(sum / (double)(count - 1));
}

/* ---- writing ---- */

static void write_value(FILE *out, const bench_result *result, const char *aggregate, double real,
                        double cpu, bool last) {
    (void)fprintf(out,
                  "  {\"name\": \"%s_%s\", \"run_name\": \"%s\", \"run_type\": \"aggregate\", "
                  "\"repetitions\": %zu, \"threads\": %u, \"aggregate_name\": \"%s\", "
                  "\"aggregate_unit\": \"time\", \"iterations\": %zu, \"real_time\": %.4f, "
                  "\"cpu_time\": %.4f, \"time_unit\": \"ns\"",
                  result->name, aggregate, result->name, result->repetitions, result->threads,
                  aggregate, result->items, real, cpu);
    for (size_t i = 0; i < result->counter_count; i++) {
        (void)fprintf(out, ", \"%s\": %.10g", result->counter[i].name, result->counter[i].value);
    }
    (void)fprintf(out, "}%s\n", last ? "" : ",");
}

void bench_report_json(FILE *out, bench_report *report, const char *records) {
    char date[64];
    time_t now = time(NULL);
    struct tm local;
    (void)strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S%z", localtime_r(&now, &local));
    (void)fprintf(out,
                  "{\"context\": {\"date\": \"%s\", \"executable\": \"kaburi-bench\", "
                  "\"num_cpus\": %ld, \"library_build_type\": \"%s\", \"records\": \"",
                  date, sysconf(_SC_NPROCESSORS_ONLN),
#ifdef NDEBUG
                  "release"
#else
                  "debug"
#endif
    );
    for (; *records != '\0'; records++) { /* a path may hold anything */
        if (*records == '"' || *records == '\\') {
            (void)fputc('\\', out);
        }
        (void)fputc((unsigned char)*records < ' ' ? '?' : *records, out);
    }
    (void)fprintf(out, "\", \"library\": %s},\n \"benchmarks\": [\n", kaburi_build_info());
    for (size_t i = 0; i < report->count; i++) {
        bench_result *result = &report->result[i];
        size_t n = result->repetitions;
        double mean[] = {mean_of(result->real, n), mean_of(result->cpu, n)};
        double deviation[] = {deviation_of(result->real, n), deviation_of(result->cpu, n)};
        write_value(out, result, "mean", mean[0], mean[1], false);
        write_value(out, result, "median", bench_median(result->real, n),
                    bench_median(result->cpu, n), false);
        write_value(out, result, "stddev", deviation[0], deviation[1], i + 1 == report->count);
    }
    (void)fputs(" ]}\n", out);
}

static void write_line(FILE *out, bench_result *result) {
    double real = bench_median(result->real, result->repetitions);
    double cpu = bench_median(result->cpu, result->repetitions);
    double low = result->cpu[0]; /* sorted by now */
    double high = result->cpu[result->repetitions - 1];
    (void)fprintf(out, "%-34s %13.1f %13.1f %8.1f %% %12zu", result->name, real, cpu,
                  cpu == 0 ? 0 : (high - low) * 100 / cpu, result->items);
    for (size_t i = 0; i < result->counter_count; i++) {
        (void)fprintf(out, "  %s=%.5g", result->counter[i].name, result->counter[i].value);
    }
    (void)fputc('\n', out);
}

void bench_report_tell(const bench_report *report, const bench_result *result) {
    if (report->live && result != NULL) {
        (void)fprintf(stderr, "\r\033[K%s\r", result->name);
        (void)fflush(stderr);
    }
}

void bench_report_table(FILE *out, bench_report *report) {
    if (report->live) {
        (void)fputs("\r\033[K", stderr);
    }
    (void)fprintf(out, "%-34s %13s %13s %10s %12s  counters\n", "benchmark", "median ns", "CPU ns",
                  "spread", "items");
    for (size_t i = 0; i < report->count; i++) {
        write_line(out, &report->result[i]);
    }
}
