/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of a TSV or CSV file, gzip or not, in UTF-8 or another encoding. Takes a path, gives cells;
 * knows no column by name.
 */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include "bench.h"

typedef struct bench_rows {
    const char *path;
    char *data; /* the whole file; cells point into it */
    size_t size;
    size_t at;    /* where the next row begins */
    size_t line;  /* of the current row, from 1 */
    size_t lines; /* read so far */
    char separator;
    kaburi_text *header;
    size_t column_count;
    kaburi_text *cells; /* of the current row; column_count of them */
    size_t cell_capacity;
    char problem[256]; /* of a bad row */
} bench_rows;

/*
 * Reads the file and its header. A header with a tab makes it TSV (no quoting), else CSV (RFC
 * 4180). `encoding` NULL: UTF-8, with or without BOM. DATA (empty, not a text file, column twice)
 * and IO are reported. On success the caller closes.
 */
int bench_rows_open(bench_rows *rows, const char *path, const char *encoding);
void bench_rows_close(bench_rows *rows);

/* The column's place, or -1. */
int bench_rows_column(const bench_rows *rows, const char *name);

/* 1: the next row is in cells; 0: no more; -1: a bad row, which `problem` tells. Blank lines are
 * passed over. */
int bench_rows_next(bench_rows *rows);

/* Says on stderr how many bad rows were passed over, if any. */
void bench_rows_tell_skipped(const bench_rows *rows, size_t skipped);

#endif
