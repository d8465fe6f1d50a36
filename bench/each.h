/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does one thing for a record given on the command line, or for each of a file.
 */
#ifndef BENCH_EACH_H
#define BENCH_EACH_H

#include "corpus.h"

/* Writes what it has to say of one record: with `id` before each line and a tab, where there is
 * one.
 */
typedef kaburi_status bench_each_function(FILE *out, const kaburi_text *id,
                                          const kaburi_record *record,
                                          const kaburi_index_options *options, kaburi_error *error);

/* The verb: --records F, or fields; `header` names the columns of a file's result. */
int bench_each(int argc, char **argv, const char *header, bench_each_function *write);

#endif
