/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records. What a cell may hold is checked here for numbers, dates and words; texts are checked by
 * the library, whose refusal is told with file and line.
 */
#include "records.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/utf8.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* ---- single cells ---- */

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/* Whether the comma at `at` parts thousands: 1,5 is no 15. */
static bool parts_thousands(kaburi_text text, size_t at) {
    size_t end = at + 1;
    while (end < text.size && is_digit(text.data[end])) {
        end++;
    }
    return at > 0 && is_digit(text.data[at - 1]) && end - at == 4 &&
           (end == text.size || text.data[end] == ',');
}

static bool read_amount(kaburi_text text, int64_t *out) {
    char digits[32];
    size_t len = 0;
    for (size_t i = 0; i < text.size; i++) {
        bool digit = is_digit(text.data[i]) || (i == 0 && text.data[i] == '-');
        if (len + 1 == sizeof digits ||
            (!digit && (text.data[i] != ',' || !parts_thousands(text, i)))) {
            return false;
        }
        if (digit) {
            digits[len++] = text.data[i];
        }
    }
    digits[len] = '\0';
    char *end;
    long long value = strtoll(digits, &end, 10);
    *out = value;
    return end > digits && value != INT64_MIN && value != INT64_MAX;
}

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar (H. Hinnant's
 * days_from_civil).
 */
static int32_t days_of(int year, int month, int day) {
    year -= month <= 2;
    int era = year / 400;
    int of_era = year - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* Takes low..high digits at *at. */
static bool read_digits(kaburi_text text, size_t *at, size_t low, size_t high, int *out) {
    size_t count = 0;
    *out = 0;
    while (count < high && *at < text.size && is_digit(text.data[*at])) {
        *out = *out * 10 + (text.data[(*at)++] - '0');
        count++;
    }
    return count >= low;
}

static bool read_separator(kaburi_text text, size_t *at) {
    bool found = *at < text.size && (text.data[*at] == '-' || text.data[*at] == '/');
    *at += found;
    return found;
}

bool bench_record_date(kaburi_text text, int32_t *out) {
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    size_t at = 0;
    int year;
    int month;
    int day;
    if (!read_digits(text, &at, 4, 4, &year) || !read_separator(text, &at) ||
        !read_digits(text, &at, 1, 2, &month) || !read_separator(text, &at) ||
        !read_digits(text, &at, 1, 2, &day) || at != text.size || year < 1 || month < 1 ||
        month > 12 || day < 1 || day > days[month - 1]) {
        return false;
    }
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    *out = days_of(year, month, day);
    return month != 2 || day < 29 || leap;
}

static bool read_word(kaburi_text text, const char *const *words, size_t count, int32_t *out) {
    for (size_t i = 0; i < count; i++) {
        if (bench_text_is(text, words[i])) {
            *out = (int32_t)i;
            return true;
        }
    }
    return false;
}

static const char *const stages[] = {[KABURI_STAGE_UNKNOWN] = "unknown",
                                     [KABURI_STAGE_OPEN] = "open",
                                     [KABURI_STAGE_WON] = "won",
                                     [KABURI_STAGE_LOST] = "lost"};
static const char *const kinds[] = {[KABURI_KIND_UNKNOWN] = "unknown",
                                    [KABURI_KIND_OPPORTUNITY] = "opportunity",
                                    [KABURI_KIND_MQL] = "mql",
                                    [KABURI_KIND_LEAD] = "lead"};

static kaburi_text *text_field(kaburi_record *record, const char *name) {
    const struct {
        const char *name;
        kaburi_text *text;
    } fields[] = {{"company", &record->company},
                  {"company_reading", &record->company_reading},
                  {"corporate_number", &record->corporate_number},
                  {"domain", &record->domain},
                  {"deal", &record->deal},
                  {"department", &record->department},
                  {"owner", &record->owner},
                  {"campaigns", &record->campaigns}};
    for (size_t i = 0; i < BENCH_COUNT(fields); i++) {
        if (strcmp(name, fields[i].name) == 0) {
            return fields[i].text;
        }
    }
    return NULL;
}

bool bench_record_set(kaburi_record *record, const char *name, kaburi_text value, char *problem,
                      size_t size) {
    kaburi_text *text = text_field(record, name);
    if (text != NULL) {
        *text = value;
        return true;
    }
    if (value.size == 0) {
        return true;
    }
    const char *wanted = NULL;
    if (strcmp(name, "amount") == 0) {
        wanted = read_amount(value, &record->amount) ? NULL : "a whole number";
    } else if (strcmp(name, "close_date") == 0) {
        wanted =
            bench_record_date(value, &record->close_date) ? NULL : "a date YYYY-MM-DD or YYYY/M/D";
    } else if (strcmp(name, "stage") == 0) {
        bool read = read_word(value, stages, BENCH_COUNT(stages), &record->stage);
        wanted = read ? NULL : "one of unknown, open, won, lost";
    } else if (strcmp(name, "kind") == 0) {
        bool read = read_word(value, kinds, BENCH_COUNT(kinds), &record->kind);
        wanted = read ? NULL : "one of unknown, opportunity, mql, lead";
    } else {
        wanted = "of a field there is";
    }
    if (wanted != NULL) {
        (void)snprintf(problem, size, "%s \"%.*s\" is not %s", name, bench_text_shown(value),
                       value.data, wanted);
    }
    return wanted == NULL;
}

/* ---- rows ---- */

static const struct {
    const char *name;
    size_t offset; /* of its int in bench_columns */
} fields[] = {
    {"company", offsetof(bench_columns, company)},
    {"company_reading", offsetof(bench_columns, company_reading)},
    {"corporate_number", offsetof(bench_columns, corporate_number)},
    {"domain", offsetof(bench_columns, domain)},
    {"deal", offsetof(bench_columns, deal)},
    {"department", offsetof(bench_columns, department)},
    {"owner", offsetof(bench_columns, owner)},
    {"campaigns", offsetof(bench_columns, campaigns)},
    {"amount", offsetof(bench_columns, amount)},
    {"close_date", offsetof(bench_columns, close_date)},
    {"stage", offsetof(bench_columns, stage)},
    {"kind", offsetof(bench_columns, kind)},
};

void bench_columns_find(bench_columns *columns, const bench_rows *rows, const char *suffix) {
    columns->id = bench_rows_column(rows, "id");
    for (size_t i = 0; i < BENCH_COUNT(fields); i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "%s%s", fields[i].name, suffix);
        int *place = (int *)(void *)((char *)columns + fields[i].offset);
        *place = bench_rows_column(rows, name);
    }
}

/* Whether the text can stand in a line of results. */
static bool check_text(const char *name, kaburi_text text, size_t size_min, char *problem,
                       size_t size) {
    if (text.size < size_min || text.size > KABURI_TEXT_SIZE_MAX) {
        (void)snprintf(problem, size, "%s is %zu bytes long; allowed are %zu..%d", name, text.size,
                       size_min, KABURI_TEXT_SIZE_MAX);
        return false;
    }
    for (int32_t at = 0; at < (int32_t)text.size;) {
        int32_t begun = at;
        UChar32 c;
        U8_NEXT((const uint8_t *)text.data, at, (int32_t)text.size, c);
        if (c < ' ' || c == 0x7F) {
            (void)snprintf(problem, size, "%s: %s at byte %d", name,
                           c < 0 ? "malformed UTF-8" : "a control character", begun);
            return false;
        }
    }
    return true;
}

bool bench_columns_read(const bench_columns *columns, bench_rows *rows, kaburi_record *record) {
    kaburi_record_init(record);
    if (columns->id >= 0 &&
        !check_text("id", rows->cells[columns->id], 1, rows->problem, sizeof rows->problem)) {
        return false;
    }
    for (size_t i = 0; i < BENCH_COUNT(fields); i++) {
        int column = *(const int *)(const void *)((const char *)columns + fields[i].offset);
        if (column >= 0 && !bench_record_set(record, fields[i].name, rows->cells[column],
                                             rows->problem, sizeof rows->problem)) {
            return false;
        }
    }
    return true;
}

/* ---- files of records ---- */

static void append(bench_records *records, const bench_columns *columns,
                   const kaburi_record *record) {
    if (records->count == records->capacity) {
        records->capacity = records->capacity * 2 + 1024;
        records->record = bench_resize(records->record, records->capacity, sizeof *records->record);
        records->id = bench_resize(records->id, records->capacity, sizeof *records->id);
        records->line = bench_resize(records->line, records->capacity, sizeof *records->line);
    }
    records->record[records->count] = *record;
    records->record[records->count].id = records->count;
    records->id[records->count] =
        columns->id >= 0 ? records->rows.cells[columns->id] : (kaburi_text){NULL, 0};
    records->line[records->count] = records->rows.line;
    records->count++;
}

static int by_hash(const void *a, const void *b) {
    const bench_id *x = a;
    const bench_id *y = b;
    if (x->hash != y->hash) {
        return x->hash < y->hash ? -1 : 1;
    }
    return x->at < y->at ? -1 : x->at > y->at;
}

static void sort_ids(bench_records *records) {
    for (size_t i = 0; i < records->count; i++) {
        records->sorted[i] = (bench_id){XXH3_64bits(records->id[i].data, records->id[i].size), i};
    }
    qsort(records->sorted, records->count, sizeof *records->sorted, by_hash);
}

/* Closes the gaps that records with line 0 leave. */
static void drop_marked(bench_records *records) {
    size_t kept = 0;
    for (size_t i = 0; i < records->count; i++) {
        if (records->line[i] != 0) {
            records->line[kept] = records->line[i];
            records->id[kept] = records->id[i];
            records->record[kept] = records->record[i];
            records->record[kept].id = kept;
            kept++;
        }
    }
    records->count = kept;
}

/* Makes ids findable. One that is there twice could not be told in the results: a bad row. */
static int file_ids(bench_records *records) {
    size_t doubled = 0;
    records->sorted = bench_resize(NULL, records->count, sizeof *records->sorted);
    sort_ids(records);
    for (size_t i = 1; i < records->count; i++) {
        const bench_id *id = &records->sorted[i];
        kaburi_text text = records->id[id->at];
        if (id->hash != id[-1].hash || !bench_text_equals(text, records->id[id[-1].at])) {
            continue;
        }
        if (!records->skip_bad_rows) {
            return bench_fail(BENCH_DATA, "%s:%zu: id \"%.*s\" is on line %zu already",
                              records->rows.path, records->line[id->at], bench_text_shown(text),
                              text.data, records->line[id[-1].at]);
        }
        records->line[id->at] = 0;
        doubled++;
    }
    if (doubled > 0) {
        records->skipped += doubled;
        drop_marked(records);
        sort_ids(records);
    }
    return BENCH_OK;
}

size_t bench_records_find(const bench_records *records, kaburi_text id) {
    uint64_t hash = XXH3_64bits(id.data, id.size);
    size_t low = 0;
    size_t high = records->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (records->sorted[middle].hash < hash) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < records->count && records->sorted[low].hash == hash; low++) {
        if (bench_text_equals(records->id[records->sorted[low].at], id)) {
            return records->sorted[low].at;
        }
    }
    return SIZE_MAX;
}

/* Without a column id, the number of the record, from 1. */
static void number_ids(bench_records *records) {
    char *text = bench_resize(NULL, records->count, 24);
    /* Kept with the file's own bytes, so that closing frees both. */
    size_t used = 0;
    size_t *offset = bench_resize(NULL, records->count, sizeof *offset);
    for (size_t i = 0; i < records->count; i++) {
        offset[i] = used;
        used += (size_t)snprintf(text + used, 24, "%zu", i + 1) + 1;
    }
    for (size_t i = 0; i < records->count; i++) {
        records->id[i] = kaburi_text_of(text + offset[i]);
    }
    free(offset);
    records->numbers = text;
}

int bench_records_open(bench_records *records, const char *path, const bench_input *input) {
    memset(records, 0, sizeof *records);
    records->skip_bad_rows = input->skip_bad_rows;
    int code = bench_rows_open(&records->rows, path, input->encoding);
    if (code != BENCH_OK) {
        return code;
    }
    bench_columns columns;
    bench_columns_find(&columns, &records->rows, "");
    if (columns.company < 0 && columns.deal < 0) {
        code = bench_fail(BENCH_DATA, "%s:1: no column company or deal", path);
    }
    int got = 0;
    while (code == BENCH_OK && (got = bench_rows_next(&records->rows)) != 0) {
        kaburi_record record;
        if (got > 0 && bench_columns_read(&columns, &records->rows, &record)) {
            append(records, &columns, &record);
        } else if (input->skip_bad_rows) {
            records->skipped++;
        } else {
            code = bench_fail(BENCH_DATA, "%s:%zu: %s", path, records->rows.line,
                              records->rows.problem);
        }
    }
    if (code == BENCH_OK && columns.id < 0) {
        number_ids(records);
    }
    if (code == BENCH_OK) {
        code = file_ids(records);
    }
    if (code != BENCH_OK) {
        bench_records_close(records);
    }
    return code;
}

static bool check_texts(const kaburi_record *record, char *problem, size_t size) {
    const struct {
        const char *name;
        kaburi_text text;
    } texts[] = {{"company", record->company},
                 {"company_reading", record->company_reading},
                 {"corporate_number", record->corporate_number},
                 {"domain", record->domain},
                 {"deal", record->deal}};
    for (size_t i = 0; i < BENCH_COUNT(texts); i++) {
        if (!check_text(texts[i].name, texts[i].text, 0, problem, size)) {
            return false;
        }
    }
    return true;
}

int bench_records_check_texts(bench_records *records) {
    size_t refused = 0;
    for (size_t i = 0; i < records->count; i++) {
        char *problem = records->rows.problem;
        if (check_texts(&records->record[i], problem, sizeof records->rows.problem)) {
            continue;
        }
        if (!records->skip_bad_rows) {
            return bench_fail(BENCH_DATA, "%s:%zu: %s", records->rows.path, records->line[i],
                              problem);
        }
        records->line[i] = 0;
        refused++;
    }
    if (refused > 0) {
        records->skipped += refused;
        drop_marked(records);
        sort_ids(records);
    }
    return BENCH_OK;
}

void bench_records_close(bench_records *records) {
    bench_rows_close(&records->rows);
    free(records->numbers);
    free(records->sorted);
    free(records->record);
    free(records->id);
    free(records->line);
    memset(records, 0, sizeof *records);
}

int bench_records_refuse(bench_records *records, size_t at, const kaburi_error *error) {
    if (error->status == KABURI_ERROR_MEMORY) {
        return bench_refuse(error);
    }
    if (records->skip_bad_rows) {
        records->skipped++;
        return BENCH_OK;
    }
    /* What Excel writes in Japan is the commonest file that is no UTF-8. */
    bool other = error->status == KABURI_ERROR_TEXT && strstr(error->message, "UTF-8") != NULL;
    return bench_fail(BENCH_DATA, "%s:%zu: %s%s", records->rows.path, records->line[at],
                      error->message, other ? " (of another encoding? --encoding cp932)" : "");
}

void bench_records_tell_skipped(const bench_records *records) {
    bench_rows_tell_skipped(&records->rows, records->skipped);
}
