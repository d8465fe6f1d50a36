/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Explanations, for the verbs that show some.
 */
#ifndef BENCH_EXPLAIN_H
#define BENCH_EXPLAIN_H

#include "bench.h"

/* --lang, default English; USAGE is reported. */
int bench_language_of(const bench_options *options, int32_t *language);

/* Writes kaburi_explain's text. */
kaburi_status bench_explain_write(FILE *out, const kaburi_record *a, const kaburi_record *b,
                                  const kaburi_compare_options *options, int32_t language,
                                  int32_t format, kaburi_error *error);

#endif
