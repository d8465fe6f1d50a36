/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records from a file: rows whose columns are found by name, as kaburi_record. Ids are any text;
 * the library's id of a record is its place in the file's records, from 0.
 */
#ifndef BENCH_RECORDS_H
#define BENCH_RECORDS_H

#include "rows.h"

/* How input is read, from the command line. */
typedef struct bench_input {
    const char *encoding; /* NULL: UTF-8 */
    bool skip_bad_rows;
} bench_input;

/* Where the fields of one record stand in the rows. */
typedef struct bench_columns {
    int id, company, company_reading, corporate_number, domain, deal, department, owner, campaigns;
    int amount, close_date, stage, kind;
} bench_columns;

/* Finds the columns; every name with `suffix` behind it ("company_a" for "_a"). */
void bench_columns_find(bench_columns *columns, const bench_rows *rows, const char *suffix);

/* The current row as a record that borrows its texts. On a bad cell false, and rows->problem says
 * which and why. */
bool bench_columns_read(const bench_columns *columns, bench_rows *rows, kaburi_record *record);

/* A date YYYY-MM-DD or YYYY/M/D as days since 1970-01-01. */
bool bench_record_date(kaburi_text text, int32_t *out);

/* One named value into a record, as a cell of that column would be read. */
bool bench_record_set(kaburi_record *record, const char *name, kaburi_text value, char *problem,
                      size_t size);

/* An id's hash, and the record that has it. */
typedef struct bench_id {
    uint64_t hash;
    size_t at;
} bench_id;

typedef struct bench_records {
    bench_rows rows; /* owns the texts */
    kaburi_record *record;
    kaburi_text *id;
    size_t *line;
    size_t count;
    size_t capacity;
    bench_id *sorted; /* by hash */
    char *numbers;    /* ids of a file without any */
    size_t skipped;   /* bad rows passed over */
    bool skip_bad_rows;
} bench_records;

/* Reads a whole file of records: DATA, IO or USAGE (encoding) are reported. */
int bench_records_open(bench_records *records, const char *path, const bench_input *input);
void bench_records_close(bench_records *records);

/* For what writes records again, one a line: a text over KABURI_TEXT_SIZE_MAX, with a control
 * character (a cell of CSV may have a tab or a newline) or malformed makes its row a bad one. DATA
 * is reported; where bad rows are skipped these are dropped. */
int bench_records_check_texts(bench_records *records);

/* The place of the record with this id, or SIZE_MAX. */
size_t bench_records_find(const bench_records *records, kaburi_text id);

/* Says on stderr how many bad rows were passed over, if any. */
void bench_records_tell_skipped(const bench_records *records);

/* Reports what the library refused of record `at`: DATA, or OK where bad rows are skipped. */
int bench_records_refuse(bench_records *records, size_t at, const kaburi_error *error);

#endif
