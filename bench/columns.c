/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Columns. Cells lie about in the bytes of the file; a column has them one behind the other.
 */
#include "columns.h"

#include <stdlib.h>
#include <string.h>

#define TEXTS 5

static const size_t texts[TEXTS] = {offsetof(kaburi_record, company),
                                    offsetof(kaburi_record, company_reading),
                                    offsetof(kaburi_record, corporate_number),
                                    offsetof(kaburi_record, domain), offsetof(kaburi_record, deal)};

static const kaburi_text *text_of(const kaburi_record *record, size_t field) {
    return (const kaburi_text *)(const void *)((const char *)record + texts[field]);
}

/* Whether the library reads the record; a refusal is counted as a bad row. */
static bool is_read(bench_records *records, size_t at) {
    size_t count;
    kaburi_status status = kaburi_keys(&records->record[at], NULL, NULL, 0, &count, NULL);
    bool read = status == KABURI_OK || status == KABURI_ERROR_BUFFER;
    records->skipped += !read;
    return read;
}

static void choose_rows(bench_batch *batch, bench_records *records) {
    batch->at = bench_resize(NULL, records->count, sizeof *batch->at);
    for (size_t i = 0; i < records->count; i++) {
        if (!records->skip_bad_rows || is_read(records, i)) {
            batch->at[batch->batch.count++] = i;
        }
    }
}

static void fill_text(bench_batch *batch, const bench_records *records, size_t field) {
    size_t count = batch->batch.count;
    size_t size = 0;
    batch->offsets[field] = bench_resize(NULL, count + 1, sizeof(int64_t));
    for (size_t row = 0; row < count; row++) {
        batch->offsets[field][row] = (int64_t)size;
        size += text_of(&records->record[batch->at[row]], field)->size;
    }
    batch->offsets[field][count] = (int64_t)size;
    batch->text[field] = bench_resize(NULL, size, 1);
    for (size_t row = 0; row < count; row++) {
        const kaburi_text *text = text_of(&records->record[batch->at[row]], field);
        if (text->size > 0) {
            memcpy(batch->text[field] + batch->offsets[field][row], text->data, text->size);
        }
    }
}

void bench_batch_open(bench_batch *batch, bench_records *records) {
    memset(batch, 0, sizeof *batch);
    kaburi_batch_init(&batch->batch);
    choose_rows(batch, records);
    kaburi_column *columns[TEXTS] = {&batch->batch.company, &batch->batch.company_reading,
                                     &batch->batch.corporate_number, &batch->batch.domain,
                                     &batch->batch.deal};
    for (size_t i = 0; i < TEXTS; i++) {
        fill_text(batch, records, i);
        *columns[i] = (kaburi_column){.data = batch->text[i], .offsets64 = batch->offsets[i]};
    }
    size_t count = batch->batch.count;
    batch->amounts = bench_resize(NULL, count, sizeof *batch->amounts);
    for (size_t i = 0; i < BENCH_COUNT(batch->numbers); i++) {
        batch->numbers[i] = bench_resize(NULL, count, sizeof(int32_t));
    }
    for (size_t row = 0; row < count; row++) {
        const kaburi_record *record = &records->record[batch->at[row]];
        batch->amounts[row] = record->amount;
        batch->numbers[0][row] = record->close_date;
        batch->numbers[1][row] = record->stage;
        batch->numbers[2][row] = record->kind;
    }
    batch->batch.amounts = batch->amounts;
    batch->batch.close_dates = batch->numbers[0];
    batch->batch.stages = batch->numbers[1];
    batch->batch.kinds = batch->numbers[2];
}

void bench_batch_close(bench_batch *batch) {
    for (size_t i = 0; i < TEXTS; i++) {
        free(batch->text[i]);
        free(batch->offsets[i]);
    }
    for (size_t i = 0; i < BENCH_COUNT(batch->numbers); i++) {
        free(batch->numbers[i]);
    }
    free(batch->amounts);
    free(batch->at);
    memset(batch, 0, sizeof *batch);
}
