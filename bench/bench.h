/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kaburi-bench: what its verbs share. Exit codes, messages, memory, the command line. A verb is one
 * file with one function; main.c lists them.
 */
#ifndef BENCH_H
#define BENCH_H

#include "kaburi.h"

#include <stdbool.h>
#include <stdio.h>

#define BENCH_OK 0
#define BENCH_NO 1    /* ran, and the answer is no */
#define BENCH_USAGE 2 /* the command line */
#define BENCH_DATA 3  /* the input */
#define BENCH_IO 5    /* the system */

#define BENCH_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Writes "kaburi-bench: <message>" to stderr and returns `code`. */
int bench_fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* realloc that leaves the program when there is no memory. */
void *bench_resize(void *block, size_t count, size_t size);

/* Seconds of a clock that never goes back. */
double bench_now(void);

/* Reports what the library refused: IO without memory, else DATA. */
int bench_refuse(const kaburi_error *error);

#define BENCH_PATH_SIZE 4096

/* Writes the path of a shipped file of data, in the source tree or where it was installed, and
 * returns it. */
const char *bench_shipped(char path[BENCH_PATH_SIZE], const char *name);

/* ---- texts ---- */

bool bench_text_equals(kaburi_text a, kaburi_text b);
bool bench_text_is(kaburi_text text, const char *word);
/* Precision for %.*s: as much of the text as a message shows, no character cut in two. */
int bench_text_shown(kaburi_text text);

/* ---- the command line ---- */

/* An option takes a value, unless it is a flag. */
typedef struct bench_option {
    const char *name; /* "--top" */
    bool flag;
    bool required;
    const char *value; /* as given last; NULL: not given */
    int seen;          /* how often it was given */
} bench_option;

typedef struct bench_options {
    bench_option *option;
    size_t count;
} bench_options;

/* Reads argv[0..argc); USAGE, reported, for anything that is not among them or is missing. */
int bench_options_read(const bench_options *options, int argc, char **argv);

/* The option; one that is not given where the verb does not have it. */
const bench_option *bench_options_find(const bench_options *options, const char *name);

/* Its value as a whole number in low..high; what *out holds stays when it is not given. */
int bench_options_number(const bench_options *options, const char *name, uint64_t low,
                         uint64_t high, uint32_t *out);

/* ---- the verbs; argv begins behind the verb ---- */

int bench_match(int argc, char **argv);
int bench_compare(int argc, char **argv);
int bench_dedupe(int argc, char **argv);
int bench_explain(int argc, char **argv);
int bench_normalize(int argc, char **argv);
int bench_keys(int argc, char **argv);
int bench_generate(int argc, char **argv);
int bench_quality(int argc, char **argv);
int bench_merge(int argc, char **argv);
int bench_tune(int argc, char **argv);
int bench_dry_run(int argc, char **argv);
int bench_speed_verb(int argc, char **argv);
int bench_demo(int argc, char **argv);

#endif
