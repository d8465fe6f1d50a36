/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows. The file is read whole: cells stay where they are, and a quoted one is unquoted in place.
 */
#include "rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>
#include <zlib.h>

/* ---- bytes ---- */

static int read_file(bench_rows *rows) {
    gzFile file = gzopen(rows->path, "rb");
    if (file == NULL) {
        return bench_fail(BENCH_IO, "%s: %s", rows->path, strerror(errno));
    }
    size_t capacity = 0;
    for (;;) {
        if (rows->size + (1U << 20) > capacity) {
            capacity = capacity * 2 + (4U << 20);
            rows->data = bench_resize(rows->data, capacity, 1);
        }
        int got = gzread(file, rows->data + rows->size, 1U << 20);
        if (got < 0) {
            int code;
            const char *why = gzerror(file, &code);
            int status = bench_fail(code == Z_ERRNO ? BENCH_IO : BENCH_DATA, "%s: %s", rows->path,
                                    code == Z_ERRNO ? strerror(errno) : why);
            (void)gzclose(file);
            return status;
        }
        rows->size += (size_t)got;
        if (got == 0) {
            break;
        }
    }
    /* A file that ends inside its compressed data is told only here. */
    if (gzclose(file) == Z_BUF_ERROR) {
        return bench_fail(BENCH_DATA, "%s: ends before its compressed data does", rows->path);
    }
    return BENCH_OK;
}

static size_t line_of(const char *data, size_t end) {
    size_t line = 1;
    for (size_t i = 0; i < end; i++) {
        line += data[i] == '\n';
    }
    return line;
}

static int decode(bench_rows *rows, const char *encoding) {
    UErrorCode code = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(encoding, &code);
    if (U_FAILURE(code)) {
        return bench_fail(BENCH_USAGE, "no encoding \"%s\"", encoding);
    }
    ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
    UChar *units = bench_resize(NULL, rows->size + 1, sizeof *units);
    UChar *unit = units;
    const char *source = rows->data;
    char bad[8];
    int8_t bad_size = sizeof bad;
    UErrorCode unread = U_ZERO_ERROR;
    ucnv_toUnicode(converter, &unit, units + rows->size + 1, &source, rows->data + rows->size, NULL,
                   true, &code);
    ucnv_getInvalidChars(converter, bad, &bad_size, &unread);
    ucnv_close(converter);
    if (U_FAILURE(code)) {
        free(units);
        size_t at = (size_t)(source - rows->data);
        at -= U_SUCCESS(unread) && (size_t)bad_size <= at ? (size_t)bad_size : 0;
        return bench_fail(BENCH_DATA, "%s:%zu: byte %zu of the file is not %s", rows->path,
                          line_of(rows->data, at), at, encoding);
    }
    size_t capacity = (size_t)(unit - units) * 3 + 1;
    rows->data = bench_resize(rows->data, capacity, 1);
    size_t size = 0;
    for (UChar *from = units; from < unit;) { /* u_strToUTF8 counts in int32 */
        int32_t piece = unit - from > (1 << 24) ? 1 << 24 : (int32_t)(unit - from);
        piece -= piece > 1 && U16_IS_LEAD(from[piece - 1]);
        int32_t written = 0;
        (void)u_strToUTF8(rows->data + size, piece * 3 + 1, &written, from, piece, &code);
        size += (size_t)written;
        from += piece;
    }
    free(units);
    rows->size = size;
    return BENCH_OK;
}

/* ---- cells ---- */

static kaburi_text *add_cell(bench_rows *rows, size_t count) {
    if (count == rows->cell_capacity) {
        rows->cell_capacity = rows->cell_capacity * 2 + 16;
        rows->cells = bench_resize(rows->cells, rows->cell_capacity, sizeof *rows->cells);
    }
    return &rows->cells[count];
}

/* Reads the quoted cell whose quote stands at `at`; returns where it ends, or SIZE_MAX. */
static size_t read_quoted(bench_rows *rows, kaburi_text *cell, size_t at) {
    char *to = rows->data + at + 1;
    cell->data = to;
    for (size_t i = at + 1; i < rows->size; i++) {
        char byte = rows->data[i];
        if (byte == '"' && i + 1 < rows->size && rows->data[i + 1] == '"') {
            i++;
        } else if (byte == '"') {
            cell->size = (size_t)(to - cell->data);
            return i + 1;
        }
        rows->lines += byte == '\n';
        *to++ = byte;
    }
    return SIZE_MAX;
}

static size_t read_plain(const bench_rows *rows, kaburi_text *cell, size_t at) {
    size_t end = at;
    while (end < rows->size && rows->data[end] != rows->separator && rows->data[end] != '\n') {
        end++;
    }
    bool carriage =
        end > at && rows->data[end - 1] == '\r' && (end == rows->size || rows->data[end] == '\n');
    *cell = (kaburi_text){rows->data + at, end - at - carriage};
    return end;
}

static int bad_row(bench_rows *rows, const char *problem) {
    (void)snprintf(rows->problem, sizeof rows->problem, "%s", problem);
    while (rows->at < rows->size && rows->data[rows->at] != '\n') {
        rows->at++;
    }
    rows->at += rows->at < rows->size;
    return -1;
}

/* Reads one line's cells, `*count` of them. */
static int read_row(bench_rows *rows, size_t *count) {
    *count = 0;
    rows->line = ++rows->lines;
    for (;;) {
        kaburi_text *cell = add_cell(rows, (*count)++);
        if (rows->separator == ',' && rows->at < rows->size && rows->data[rows->at] == '"') {
            size_t end = read_quoted(rows, cell, rows->at);
            if (end == SIZE_MAX) {
                rows->at = rows->size;
                return bad_row(rows, "a quote is never closed");
            }
            rows->at = end + (end < rows->size && rows->data[end] == '\r');
            if (rows->at < rows->size && rows->data[rows->at] != ',' &&
                rows->data[rows->at] != '\n') {
                return bad_row(rows, "something follows a closing quote");
            }
        } else {
            rows->at = read_plain(rows, cell, rows->at);
        }
        if (rows->at >= rows->size) {
            return 1;
        }
        if (rows->data[rows->at++] == '\n') {
            return 1;
        }
    }
}

int bench_rows_next(bench_rows *rows) {
    while (rows->at < rows->size) {
        size_t count;
        int got = read_row(rows, &count);
        if (got < 0) {
            return got;
        }
        if (count == 1 && rows->cells[0].size == 0) {
            continue;
        }
        if (count != rows->column_count) {
            (void)snprintf(rows->problem, sizeof rows->problem, "%zu cells; the header has %zu",
                           count, rows->column_count);
            return -1;
        }
        return 1;
    }
    return 0;
}

void bench_rows_tell_skipped(const bench_rows *rows, size_t skipped) {
    if (skipped > 0) {
        (void)fprintf(stderr, "kaburi-bench: %s: %zu bad rows skipped\n", rows->path, skipped);
    }
}

/* ---- the header ---- */

int bench_rows_column(const bench_rows *rows, const char *name) {
    for (size_t i = 0; i < rows->column_count; i++) {
        if (bench_text_is(rows->header[i], name)) {
            return (int)i;
        }
    }
    return -1;
}

static int check_header(const bench_rows *rows) {
    for (size_t i = 0; i < rows->column_count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (rows->header[i].size > 0 && bench_text_equals(rows->header[i], rows->header[j])) {
                return bench_fail(BENCH_DATA, "%s:1: column %.*s is there twice", rows->path,
                                  bench_text_shown(rows->header[i]), rows->header[i].data);
            }
        }
    }
    return BENCH_OK;
}

static int read_header(bench_rows *rows) {
    if (rows->size >= 3 && memcmp(rows->data, "\xEF\xBB\xBF", 3) == 0) {
        rows->at = 3;
    }
    if (rows->at == rows->size) {
        return bench_fail(BENCH_DATA, "%s: the file is empty", rows->path);
    }
    const char *nul = memchr(rows->data, '\0', rows->size);
    if (nul != NULL) {
        size_t offset = (size_t)(nul - rows->data);
        return bench_fail(BENCH_DATA, "%s:%zu: not a text file: NUL at byte %zu", rows->path,
                          line_of(rows->data, offset), offset);
    }
    const char *end = memchr(rows->data, '\n', rows->size);
    size_t len = end == NULL ? rows->size : (size_t)(end - rows->data);
    rows->separator = memchr(rows->data, '\t', len) != NULL ? '\t' : ',';
    size_t count;
    if (read_row(rows, &count) < 0) {
        return bench_fail(BENCH_DATA, "%s:1: %s", rows->path, rows->problem);
    }
    rows->header = bench_resize(NULL, count, sizeof *rows->header);
    memcpy(rows->header, rows->cells, count * sizeof *rows->header);
    rows->column_count = count;
    return check_header(rows);
}

int bench_rows_open(bench_rows *rows, const char *path, const char *encoding) {
    memset(rows, 0, sizeof *rows);
    rows->path = path;
    int code = read_file(rows);
    if (code == BENCH_OK && encoding != NULL && strcasecmp(encoding, "utf-8") != 0) {
        code = decode(rows, encoding);
    }
    if (code == BENCH_OK) {
        code = read_header(rows);
    }
    if (code != BENCH_OK) {
        bench_rows_close(rows);
    }
    return code;
}

void bench_rows_close(bench_rows *rows) {
    free(rows->data);
    free(rows->header);
    free(rows->cells);
    memset(rows, 0, sizeof *rows);
}
