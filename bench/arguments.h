/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records given on the command line, field by field.
 */
#ifndef BENCH_ARGUMENTS_H
#define BENCH_ARGUMENTS_H

#include "records.h"

/*
 * Takes --company, --deal, --amount ... out of argv and fills record[0..wanted), one or two; a
 * field given again begins the second. A record that nothing is given of has neither company nor
 * deal. The texts are argv's. USAGE is reported.
 */
int bench_arguments_read(kaburi_record *record, size_t wanted, int *argc, char **argv);

#endif
