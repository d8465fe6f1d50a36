/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every exported function that is not a plain accessor: arguments are checked here, and nothing
 * else is done here.
 */
#include "explain.h"
#include "index.h"
#include "parts.h"

#include <string.h>

/* ---- version ---- */

#define STRING_OF(value) #value
#define STRING(value) STRING_OF(value)
#define VERSION_STRING                                                                             \
    STRING(KABURI_VERSION_MAJOR)                                                                   \
    "." STRING(KABURI_VERSION_MINOR) "." STRING(KABURI_VERSION_PATCH)

uint32_t kaburi_version(void) {
    return KABURI_VERSION_MAJOR << 16 | KABURI_VERSION_MINOR << 8 | KABURI_VERSION_PATCH;
}

#define BUILD_INFO(kernel)                                                                         \
    "{\"version\":\"" VERSION_STRING "\",\"compiler\":\"" KBR_COMPILER "\",\"icu\":\"" KBR_ICU     \
    "\",\"kernel\":\"" kernel "\"}"

const char *kaburi_build_info(void) {
    const char *kernel;
    (void)kbr_minhash_best(&kernel);
    return strcmp(kernel, "avx2") == 0 ? BUILD_INFO("avx2") : BUILD_INFO("scalar");
}

/* ---- names ---- */

static const char *name_in(const char *const *names, size_t count, int32_t number) {
    return number >= 0 && (size_t)number < count ? names[number] : NULL;
}

const char *kaburi_status_name(kaburi_status status) {
    static const char *const names[] = {"ok",       "argument",  "memory", "text",
                                        "too long", "not found", "buffer", "format",
                                        "version",  "io",        "full"};
    const char *name =
        status > 0 || status < KABURI_ERROR_FULL ? NULL : name_in(names, KBR_COUNT(names), -status);
    return name != NULL ? name : "unknown status";
}

const char *kaburi_field_name(int32_t field) {
    static const char *const names[KABURI_FIELD_COUNT] = {
        [KABURI_FIELD_COMPANY] = "company",
        [KABURI_FIELD_FORM] = "form",
        [KABURI_FIELD_BRANCH] = "branch",
        [KABURI_FIELD_READING] = "reading",
        [KABURI_FIELD_CORPORATE_NUMBER] = "corporate_number",
        [KABURI_FIELD_DOMAIN] = "domain",
        [KABURI_FIELD_DEAL] = "deal",
        [KABURI_FIELD_YEAR] = "year",
        [KABURI_FIELD_PERIOD] = "period",
        [KABURI_FIELD_PHASE] = "phase",
        [KABURI_FIELD_LOT] = "lot",
        [KABURI_FIELD_SALE] = "sale",
        [KABURI_FIELD_SITE] = "site",
        [KABURI_FIELD_NUMBER] = "number",
        [KABURI_FIELD_AMOUNT] = "amount",
        [KABURI_FIELD_CLOSE_DATE] = "close_date",
    };
    return name_in(names, KBR_COUNT(names), field);
}

const char *kaburi_verdict_name(int32_t verdict) {
    static const char *const names[] = {"unrelated", "homonym", "group",
                                        "parallel",  "renewal", "duplicate"};
    return name_in(names, KBR_COUNT(names), verdict);
}

const char *kaburi_decision_name(int32_t decision) {
    static const char *const names[] = {"allow", "alert", "block"};
    return name_in(names, KBR_COUNT(names), decision);
}

const char *kaburi_evidence_name(uint64_t bit) {
    static const char *const names[] = {
        "company:same",
        "company:folded",
        "company:near",
        "company:contained",
        "company:former",
        "company:script",
        "company:conflict",
        "company:placeholder",
        "form:same",
        "form:moved",
        "form:missing",
        "form:conflict",
        "branch:conflict",
        "reading:same",
        "corporate_number:same",
        "corporate_number:conflict",
        "domain:same",
        "deal:same",
        "deal:near",
        "deal:contained",
        "deal:different",
        "year:same",
        "year:conflict",
        "period:conflict",
        "phase:conflict",
        "lot:conflict",
        "sale:conflict",
        "site:conflict",
        "number:conflict",
        "amount:same",
        "amount:conflict",
        "close_date:conflict",
        "company:reading",
        "company:sound",
        "company:acronym",
        "company:alias",
    };
    for (size_t i = 0; i < KBR_COUNT(names); i++) {
        if (bit == UINT64_C(1) << i) {
            return names[i];
        }
    }
    return NULL;
}

/* ---- init ---- */

kaburi_text kaburi_text_of(const char *string) {
    return (kaburi_text){.data = string, .size = string != NULL ? strlen(string) : 0};
}

void kaburi_record_init(kaburi_record *record) {
    if (record != NULL) {
        *record = (kaburi_record){.struct_size = sizeof *record,
                                  .amount = KABURI_AMOUNT_ABSENT,
                                  .close_date = KABURI_DATE_ABSENT};
    }
}

void kaburi_batch_init(kaburi_batch *batch) {
    if (batch != NULL) {
        *batch = (kaburi_batch){.struct_size = sizeof *batch};
    }
}

void kaburi_index_options_init(kaburi_index_options *options) {
    if (options != NULL) {
        *options = (kaburi_index_options){
            .struct_size = sizeof *options,
            .flags = KABURI_INDEX_MINHASH_WEIGHTED,
            .sketch = KABURI_SKETCH_RARITY,
            .bands = 32,
            .rows = 2,
            .record_rarest = 6,
            .query_rarest = 8,
            .deletion_max = 8,
            .postings_max = 1024,
            .scored_max = 96,
        };
    }
}

void kaburi_compare_options_init(kaburi_compare_options *options) {
    if (options != NULL) {
        *options = (kaburi_compare_options){.struct_size = sizeof *options};
    }
}

void kaburi_search_options_init(kaburi_search_options *options) {
    if (options != NULL) {
        *options = (kaburi_search_options){.struct_size = sizeof *options, .top = 10};
    }
}

const kaburi_aliases *kaburi_aliases_default(void) {
    return &kbr_aliases_builtin;
}

/* ---- checks ---- */

#define REQUIRE(argument, error)                                                                   \
    do {                                                                                           \
        if ((argument) == NULL) {                                                                  \
            return kbr_fail(error, KABURI_ERROR_ARGUMENT, #argument " is NULL");                   \
        }                                                                                          \
    } while (0)

static kaburi_status check_size(const char *what, uint32_t size, size_t expected,
                                kaburi_error *error) {
    if (size == expected) {
        return KABURI_OK;
    }
    return kbr_fail(error, KABURI_ERROR_ARGUMENT,
                    "%s.struct_size is %u; its init function sets %zu", what, size, expected);
}

static kaburi_status check_reserved(const char *what, uint32_t reserved, kaburi_error *error) {
    if (reserved == 0) {
        return KABURI_OK;
    }
    return kbr_fail(error, KABURI_ERROR_ARGUMENT, "%s.reserved is %u; allowed is 0", what,
                    reserved);
}

/* The caller's options, or the defaults, checked and as a plan. */
static kaburi_status plan_of(const kaburi_index_options **options, kaburi_index_options *defaults,
                             kbr_keys_plan *plan, kaburi_error *error) {
    if (*options == NULL) {
        kaburi_index_options_init(defaults);
        *options = defaults;
    }
    kaburi_status status = check_size("options", (*options)->struct_size, sizeof **options, error);
    return status != KABURI_OK ? status : kbr_keys_plan_init(plan, *options, error);
}

/* ---- index ---- */

kaburi_status kaburi_index_create(kaburi_index **out, const kaburi_index_options *options,
                                  kaburi_error *error) {
    REQUIRE(out, error);
    kaburi_index_options defaults;
    kbr_keys_plan plan;
    kaburi_status status = plan_of(&options, &defaults, &plan, error);
    return status != KABURI_OK ? status : kbr_index_create(out, options, &plan, error);
}

kaburi_status kaburi_index_add(kaburi_index *index, const kaburi_record *record,
                               kaburi_error *error) {
    REQUIRE(index, error);
    REQUIRE(record, error);
    return kbr_index_add(index, record, error);
}

kaburi_status kaburi_index_remove(kaburi_index *index, uint64_t id, kaburi_error *error) {
    REQUIRE(index, error);
    return kbr_index_remove(index, id, error);
}

int32_t kaburi_index_contains(const kaburi_index *index, uint64_t id) {
    return index != NULL && kbr_index_contains(index, id) ? 1 : 0;
}

/* ---- batch ---- */

/* Text `row` of a column. ARGUMENT when its offsets fall, or both kinds of offsets are set. */
static kaburi_status column_text(kaburi_text *out, const kaburi_column *column, const char *name,
                                 size_t row, kaburi_error *error) {
    *out = (kaburi_text){NULL, 0};
    if (column->offsets32 == NULL && column->offsets64 == NULL) {
        return KABURI_OK;
    }
    if (column->offsets32 != NULL && column->offsets64 != NULL) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "column %s has both kinds of offsets", name);
    }
    int64_t begin = column->offsets32 != NULL ? column->offsets32[row] : column->offsets64[row];
    int64_t end =
        column->offsets32 != NULL ? column->offsets32[row + 1] : column->offsets64[row + 1];
    if (begin < 0 || end < begin || (column->data == NULL && end > begin)) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "column %s has no text from %lld to %lld",
                        name, (long long)begin, (long long)end);
    }
    if (end > begin) {
        *out = (kaburi_text){column->data + begin, (size_t)(end - begin)};
    }
    return KABURI_OK;
}

static kaburi_status batch_record(kaburi_record *out, const kaburi_batch *batch, size_t row,
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

/* Puts the row before the message. */
static void name_row(size_t row, kaburi_error *error) {
    if (error != NULL) {
        kaburi_error inner = *error;
        (void)kbr_fail_at(error, inner.status, inner.offset, "record %zu: %.200s", row,
                          inner.message);
    }
}

kaburi_status kaburi_index_add_many(kaburi_index *index, const kaburi_batch *batch, size_t *added,
                                    kaburi_error *error) {
    if (added != NULL) {
        *added = 0;
    }
    REQUIRE(index, error);
    REQUIRE(batch, error);
    kaburi_status status = check_size("batch", batch->struct_size, sizeof *batch, error);
    if (status == KABURI_OK) {
        status = check_reserved("batch", batch->reserved, error);
    }
    size_t row = 0;
    for (; status == KABURI_OK && row < batch->count; row++) {
        kaburi_record record;
        status = batch_record(&record, batch, row, error);
        if (status == KABURI_OK) {
            status = kbr_index_add(index, &record, error);
        }
        if (status != KABURI_OK) {
            name_row(row, error);
            break;
        }
    }
    if (added != NULL) {
        *added = row;
    }
    return status;
}

/* ---- search ---- */

kaburi_status kaburi_matches_create(kaburi_matches **out, const kaburi_allocator *allocator,
                                    kaburi_error *error) {
    REQUIRE(out, error);
    kaburi_allocator from = kbr_allocator_of(allocator);
    kaburi_matches *matches = kbr_allocate(&from, 1, sizeof *matches);
    if (matches == NULL) {
        return kbr_fail_memory(error);
    }
    matches->allocator = from;
    kbr_reader_init(&matches->reader, &matches->allocator);
    kbr_votes_init(&matches->votes, &matches->allocator);
    *out = matches;
    return KABURI_OK;
}

void kaburi_matches_free(kaburi_matches *matches) {
    if (matches != NULL) {
        kaburi_allocator allocator = matches->allocator;
        kbr_reader_free(&matches->reader);
        kbr_votes_free(&matches->votes);
        kbr_release(&allocator, matches->match);
        kbr_release(&allocator, matches);
    }
}

size_t kaburi_matches_count(const kaburi_matches *matches) {
    return matches == NULL ? 0 : matches->count;
}

const kaburi_match *kaburi_matches_data(const kaburi_matches *matches) {
    return matches == NULL ? NULL : matches->match;
}

void kaburi_matches_stats(const kaburi_matches *matches, kaburi_search_stats *out) {
    if (matches != NULL && out != NULL) {
        *out = matches->stats;
    }
}

kaburi_status kaburi_search(const kaburi_index *index, const kaburi_record *query,
                            const kaburi_search_options *options, kaburi_matches *matches,
                            kaburi_error *error) {
    REQUIRE(matches, error);
    matches->count = 0;
    REQUIRE(index, error);
    REQUIRE(query, error);
    kaburi_search_options defaults;
    if (options == NULL) {
        kaburi_search_options_init(&defaults);
        options = &defaults;
    }
    kaburi_status status = check_size("options", options->struct_size, sizeof *options, error);
    if (status == KABURI_OK) {
        status = check_reserved("options", options->reserved, error);
    }
    if (status != KABURI_OK) {
        return status;
    }
    if (options->top < 1 || options->top > 1000) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "top is %u; allowed are 1..1000",
                        options->top);
    }
    if (!(options->probability_min >= 0 && options->probability_min <= 1)) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "probability_min is %g; allowed are 0..1",
                        options->probability_min);
    }
    if ((options->flags & ~KABURI_SEARCH_EXCEPT_SELF) != 0) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "flags is %u; allowed are 0..1",
                        options->flags);
    }
    return kbr_index_search(index, query, options, matches, error);
}

/* ---- records alone ---- */

/* Reads two records and compares them; the readers are the caller's to free, also on failure. */
static kaburi_status compare_records(kbr_reader readers[2], const kaburi_record *a,
                                     const kaburi_record *b, const kaburi_compare_options *options,
                                     kaburi_match *out, kaburi_error *error) {
    kaburi_compare_options defaults;
    if (options == NULL) {
        kaburi_compare_options_init(&defaults);
        options = &defaults;
    }
    kaburi_status status = check_size("options", options->struct_size, sizeof *options, error);
    if (status == KABURI_OK) {
        status = check_reserved("options", options->reserved, error);
    }
    if (status == KABURI_OK) {
        status = kbr_reader_read(&readers[0], a, error);
    }
    if (status == KABURI_OK) {
        status = kbr_reader_read(&readers[1], b, error);
    }
    if (status != KABURI_OK) {
        return status;
    }
    kbr_subject subject;
    kbr_evidence evidence;
    kbr_subject_prepare(&subject, readers[0].card, options->aliases);
    kbr_compare(&evidence, &subject, readers[1].card);
    kbr_model_judge(out, options->model != NULL ? options->model : &kbr_model_builtin, &evidence,
                    b->id);
    return KABURI_OK;
}

kaburi_status kaburi_compare(const kaburi_record *a, const kaburi_record *b,
                             const kaburi_compare_options *options, kaburi_match *out,
                             kaburi_error *error) {
    REQUIRE(a, error);
    REQUIRE(b, error);
    REQUIRE(out, error);
    kbr_reader readers[2];
    kbr_reader_init(&readers[0], &kbr_allocator_default);
    kbr_reader_init(&readers[1], &kbr_allocator_default);
    kaburi_status status = compare_records(readers, a, b, options, out, error);
    kbr_reader_free(&readers[0]);
    kbr_reader_free(&readers[1]);
    return status;
}

/* Copies what was written to the caller's buffer. */
static kaburi_status give_text(const kbr_bytes *bytes, char *buffer, size_t capacity, size_t *size,
                               kaburi_error *error) {
    *size = bytes->size;
    if (capacity <= bytes->size) {
        return kbr_fail(error, KABURI_ERROR_BUFFER, "buffer of %zu bytes; needed are %zu", capacity,
                        bytes->size + 1);
    }
    memcpy(buffer, bytes->data, bytes->size);
    buffer[bytes->size] = '\0';
    return KABURI_OK;
}

kaburi_status kaburi_explain(const kaburi_record *a, const kaburi_record *b,
                             const kaburi_compare_options *options, int32_t language,
                             int32_t format, char *buffer, size_t capacity, size_t *size,
                             kaburi_error *error) {
    REQUIRE(a, error);
    REQUIRE(b, error);
    REQUIRE(size, error);
    if (buffer == NULL && capacity > 0) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "buffer is NULL");
    }
    if (language < KABURI_LANGUAGE_ENGLISH || language > KABURI_LANGUAGE_JAPANESE) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "language is %d; allowed are 0..1", language);
    }
    if (format < KABURI_FORMAT_TEXT || format > KABURI_FORMAT_JSON) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "format is %d; allowed are 0..1", format);
    }
    kbr_reader readers[2];
    kbr_bytes bytes = {.allocator = &kbr_allocator_default};
    kaburi_match match;
    kbr_reader_init(&readers[0], &kbr_allocator_default);
    kbr_reader_init(&readers[1], &kbr_allocator_default);
    kaburi_status status = compare_records(readers, a, b, options, &match, error);
    if (status == KABURI_OK &&
        !kbr_explain(&bytes, &match, a, &readers[0], b, &readers[1], language, format)) {
        status = kbr_fail_memory(error);
    }
    if (status == KABURI_OK) {
        status = give_text(&bytes, buffer, capacity, size, error);
    }
    kbr_bytes_free(&bytes);
    kbr_reader_free(&readers[0]);
    kbr_reader_free(&readers[1]);
    return status;
}

kaburi_status kaburi_normalize(kaburi_parts **out, const kaburi_record *record,
                               const kaburi_allocator *allocator, kaburi_error *error) {
    REQUIRE(out, error);
    REQUIRE(record, error);
    kaburi_allocator from = kbr_allocator_of(allocator);
    kbr_reader reader;
    kbr_reader_init(&reader, &from);
    kaburi_status status = kbr_reader_read(&reader, record, error);
    if (status == KABURI_OK) {
        status = kbr_parts_create(out, &reader, &from, error);
    }
    kbr_reader_free(&reader);
    return status;
}

kaburi_status kaburi_keys(const kaburi_record *record, const kaburi_index_options *options,
                          uint64_t *keys, size_t capacity, size_t *count, kaburi_error *error) {
    REQUIRE(record, error);
    REQUIRE(count, error);
    if (keys == NULL && capacity > 0) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "keys is NULL");
    }
    kaburi_index_options defaults;
    kbr_keys_plan plan;
    kaburi_status status = plan_of(&options, &defaults, &plan, error);
    if (status != KABURI_OK) {
        return status;
    }
    kaburi_allocator allocator = kbr_allocator_of(&options->allocator);
    kbr_reader reader;
    kbr_reader_init(&reader, &allocator);
    status = kbr_reader_read(&reader, record, error);
    if (status == KABURI_OK) {
        uint64_t found[KBR_KEYS_RECORD_MAX];
        *count = kbr_keys_of_record(found, &plan, reader.card);
        if (*count > capacity) {
            status = kbr_fail(error, KABURI_ERROR_BUFFER, "keys has room for %zu; needed are %zu",
                              capacity, *count);
        } else if (*count > 0) {
            memcpy(keys, found, *count * sizeof *keys);
        }
    }
    kbr_reader_free(&reader);
    return status;
}
