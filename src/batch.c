/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Batches. A column's offsets and views are the caller's and may be wrong: each is checked where it
 * is read.
 */
#include "batch.h"

#include <string.h>

/* A view of Arrow's: its size, then either the text or where it is. */
#define VIEW_SIZE 16
#define VIEW_INLINE_MAX 12

typedef struct view {
    int32_t size;
    int32_t first; /* 4 bytes of the text */
    int32_t buffer;
    int32_t begin;
} view;

static kaburi_status refuse(const char *name, int64_t begin, int64_t end, kaburi_error *error) {
    return kbr_fail(error, KABURI_ERROR_ARGUMENT, "column %s has no text from %lld to %lld", name,
                    (long long)begin, (long long)end);
}

static kaburi_status offsets_text(kaburi_text *out, const kaburi_column *column, const char *name,
                                  size_t row, kaburi_error *error) {
    int64_t begin = column->offsets32 != NULL ? column->offsets32[row] : column->offsets64[row];
    int64_t end =
        column->offsets32 != NULL ? column->offsets32[row + 1] : column->offsets64[row + 1];
    if (begin < 0 || end < begin || (column->data == NULL && end > begin)) {
        return refuse(name, begin, end, error);
    }
    if (end > begin) {
        *out = (kaburi_text){column->data + begin, (size_t)(end - begin)};
    }
    return KABURI_OK;
}

static kaburi_status view_text(kaburi_text *out, const kaburi_column *column, const char *name,
                               size_t row, kaburi_error *error) {
    const char *at = (const char *)column->views + VIEW_SIZE * row;
    view read;
    memcpy(&read, at, sizeof read);
    if (read.size < 0) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "column %s has a view of %d bytes", name,
                        read.size);
    }
    if (read.size <= VIEW_INLINE_MAX) {
        *out = (kaburi_text){at + sizeof read.size, (size_t)read.size};
        return KABURI_OK;
    }
    if (read.buffer < 0 || (size_t)read.buffer >= column->buffer_count || column->buffers == NULL ||
        column->buffer_sizes == NULL) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT,
                        "column %s has a view into buffer %d of %zu buffers", name, read.buffer,
                        column->buffer_count);
    }
    const char *data = column->buffers[read.buffer];
    int64_t end = (int64_t)read.begin + read.size;
    if (data == NULL || read.begin < 0 || end > column->buffer_sizes[read.buffer]) {
        return refuse(name, read.begin, end, error);
    }
    *out = (kaburi_text){data + read.begin, (size_t)read.size};
    return KABURI_OK;
}

static bool is_absent(const kaburi_column *column, size_t row) {
    size_t bit = column->valid_first + row;
    return column->valid != NULL && (column->valid[bit / 8] >> bit % 8 & 1) == 0;
}

/* Text `row` of a column. */
static kaburi_status column_text(kaburi_text *out, const kaburi_column *column, const char *name,
                                 size_t row, kaburi_error *error) {
    *out = (kaburi_text){NULL, 0};
    int layouts =
        (column->offsets32 != NULL) + (column->offsets64 != NULL) + (column->views != NULL);
    if (layouts == 0) {
        return KABURI_OK;
    }
    if (layouts > 1) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT,
                        "column %s has more than one of offsets32, offsets64 and views", name);
    }
    if (is_absent(column, row)) {
        return KABURI_OK;
    }
    return column->views != NULL ? view_text(out, column, name, row, error)
                                 : offsets_text(out, column, name, row, error);
}

kaburi_status kbr_batch_record(kaburi_record *out, const kaburi_batch *batch, size_t row,
                               kaburi_error *error) {
    kaburi_record_init(out);
    out->id = batch->ids != NULL ? batch->ids[row] : row;
    const struct {
        kaburi_text *text;
        const kaburi_column *column;
        const char *name;
    } columns[] = {
        {&out->company, &batch->company, "company"},
        {&out->company_reading, &batch->company_reading, "company_reading"},
        {&out->corporate_number, &batch->corporate_number, "corporate_number"},
        {&out->domain, &batch->domain, "domain"},
        {&out->deal, &batch->deal, "deal"},
    };
    for (size_t i = 0; i < KBR_COUNT(columns); i++) {
        kaburi_status status =
            column_text(columns[i].text, columns[i].column, columns[i].name, row, error);
        if (status != KABURI_OK) {
            return status;
        }
    }
    out->amount = batch->amounts != NULL ? batch->amounts[row] : KABURI_AMOUNT_ABSENT;
    out->close_date = batch->close_dates != NULL ? batch->close_dates[row] : KABURI_DATE_ABSENT;
    out->stage = batch->stages != NULL ? batch->stages[row] : KABURI_STAGE_UNKNOWN;
    out->kind = batch->kinds != NULL ? batch->kinds[row] : KABURI_KIND_UNKNOWN;
    return KABURI_OK;
}

void kbr_batch_name_row(size_t row, kaburi_error *error) {
    if (error != NULL) {
        kaburi_error inner = *error;
        (void)kbr_fail_at(error, inner.status, inner.offset, "record %zu: %.200s", row,
                          inner.message);
    }
}
