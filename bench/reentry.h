/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Re-entry: what people do to a company's and a deal's name when they type a deal that is there
 * already. The material and each department's habits are tables (data/reentry.tsv, habits.tsv);
 * what a table cannot say is code here. None of it is what the library reads names with.
 */
#ifndef BENCH_REENTRY_H
#define BENCH_REENTRY_H

#include "records.h"

/* Chance: the same on every machine for one seed (splitmix64). */
uint64_t bench_draw(uint64_t *seed);
/* 0..bound-1; 0 for bound 0. */
size_t bench_draw_below(uint64_t *seed, size_t bound);

#define BENCH_TYPED_SIZE 4096

/* A deal as somebody types it: terminated texts. */
typedef struct bench_typed {
    char company[BENCH_TYPED_SIZE];
    char deal[BENCH_TYPED_SIZE];
    char reading[BENCH_TYPED_SIZE]; /* kana that the record has for its company, or empty */
    int64_t amount;
} bench_typed;

/* False when a text is too long to be typed again. */
bool bench_typed_of(bench_typed *typed, const kaburi_record *record);

typedef struct bench_reentry {
    char path[2][BENCH_PATH_SIZE];
    bench_rows material_file;
    bench_rows habits_file;
    struct bench_material *material;
    size_t material_count;
    struct bench_habit *habit;
    size_t habit_count;
} bench_reentry;

/* Reads both tables; failures are reported. The caller closes, on failure too. */
int bench_reentry_open(bench_reentry *reentry);
void bench_reentry_close(bench_reentry *reentry);

/* How often something is done, in percent; 0 when the table does not have it. */
uint32_t bench_reentry_percent(const bench_reentry *reentry, const char *department,
                               const char *change);

/*
 * Types the deal as `department` would. Writes the changes made to `note`, '+' between. `keep`:
 * nothing that could take away what tells the deal from another. Whether anything was changed.
 */
bool bench_reentry_type(const bench_reentry *reentry, const char *department, bench_typed *typed,
                        bool keep, char *note, size_t size, uint64_t *seed);

/* Makes `there` and `entered`, which are the same, two years or phases of one deal ("year",
 * "phase"): counts on what the name says, or gives both a number. False without a deal. */
bool bench_reentry_next(const bench_reentry *reentry, const char *change, bench_typed *there,
                        bench_typed *entered, uint64_t *seed);
/* Makes another company of the same group of it. */
bool bench_reentry_sister(const bench_reentry *reentry, bench_typed *typed, uint64_t *seed);

#endif
