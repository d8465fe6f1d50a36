/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results: to stdout, or to a file that appears whole or not at all. Progress: on a terminal only.
 */
#ifndef BENCH_OUTPUT_H
#define BENCH_OUTPUT_H

#include "bench.h"

typedef struct bench_output {
    FILE *file;       /* write here */
    const char *path; /* NULL: stdout */
    char *temporary;  /* what becomes `path`; NULL: written in place, as devices are */
} bench_output;

/* path NULL: stdout. IO is reported. */
int bench_output_open(bench_output *output, const char *path);
/* Ends the output: with `code` BENCH_OK it is put in its place, else dropped. Returns `code`, or
 * IO, reported, when not all could be written. */
int bench_output_close(bench_output *output, int code);
/* The same in two steps, for files that belong together: what is left to write is written, then it
 * is put in its place or dropped. */
int bench_output_end(bench_output *output, int code);
int bench_output_place(bench_output *output, int code);

/* ids, verdicts ... of one match: "id probability verdict decision evidence", tabs between. */
void bench_output_match(FILE *file, kaburi_text id, const kaburi_match *match);

typedef struct bench_progress {
    const char *what;
    size_t total;
    double begun;
    double shown;
    bool terminal;
} bench_progress;

void bench_progress_begin(bench_progress *progress, const char *what, size_t total);
/* Cheap; draws a few times a second. */
void bench_progress_step(bench_progress *progress, size_t done);
/* Clears the line. */
void bench_progress_end(bench_progress *progress);

#endif
