/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every exported function that is not a plain accessor: arguments are checked here, and nothing
 * else is done here.
 */
#include "advice.h"
#include "batch.h"
#include "dedupe.h"
#include "index.h"
#include "parts.h"

#include "text.h"

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
    static const char *const names[] = {"ok",        "argument", "memory", "text",    "too long",
                                        "not found", "buffer",   "format", "version", "io",
                                        "full",      "damaged",  "tables", "endian"};
    const char *name = status > 0 || status < KABURI_ERROR_ENDIAN
                           ? NULL
                           : name_in(names, KBR_COUNT(names), -status);
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

const char *kaburi_level_name(int32_t field, int32_t level) {
    bool known = field >= 0 && field < KABURI_FIELD_COUNT && level > 0 && level < KBR_LEVELS_MAX;
    return known ? kbr_compare_level_name(field, level) : NULL;
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
        "deal:opposed",
        "year:yearly",
        "stage:won",
        "stage:lost",
        "company:homophone",
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
            .scored_max = 64,
        };
    }
}

void kaburi_open_options_init(kaburi_open_options *options) {
    if (options != NULL) {
        *options = (kaburi_open_options){.struct_size = sizeof *options};
    }
}

void kaburi_compare_options_init(kaburi_compare_options *options) {
    if (options != NULL) {
        *options = (kaburi_compare_options){.struct_size = sizeof *options};
    }
}

void kaburi_merge_options_init(kaburi_merge_options *options) {
    if (options != NULL) {
        *options = (kaburi_merge_options){.struct_size = sizeof *options,
                                          .first_touch_a = KABURI_DATE_ABSENT,
                                          .first_touch_b = KABURI_DATE_ABSENT,
                                          .created_a = KABURI_DATE_ABSENT,
                                          .created_b = KABURI_DATE_ABSENT};
    }
}

void kaburi_search_options_init(kaburi_search_options *options) {
    if (options != NULL) {
        *options = (kaburi_search_options){.struct_size = sizeof *options, .top = 10};
    }
}

void kaburi_dedupe_options_init(kaburi_dedupe_options *options) {
    if (options != NULL) {
        *options = (kaburi_dedupe_options){
            .struct_size = sizeof *options,
            .threads = 1,
            .partners_max = 100,
            .cluster_max = 1000,
            .decision_min = KABURI_DECISION_ALERT,
        };
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

/* ---- merge, save, open ---- */

kaburi_status kaburi_index_merge(kaburi_index *index, kaburi_error *error) {
    REQUIRE(index, error);
    return kbr_index_merge(index, error);
}

kaburi_status kaburi_index_save(const kaburi_index *index, const char *path, kaburi_error *error) {
    REQUIRE(index, error);
    REQUIRE(path, error);
    return kbr_index_save(index, path, error);
}

kaburi_status kaburi_index_open(kaburi_index **out, const char *path,
                                const kaburi_open_options *options, kaburi_error *error) {
    REQUIRE(out, error);
    REQUIRE(path, error);
    kaburi_open_options defaults;
    if (options == NULL) {
        kaburi_open_options_init(&defaults);
        options = &defaults;
    }
    kaburi_status status = check_size("options", options->struct_size, sizeof *options, error);
    if (status != KABURI_OK) {
        return status;
    }
    if ((options->flags & ~KABURI_OPEN_HEADER) != 0) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "flags is %u; allowed are 0..1",
                        options->flags);
    }
    return kbr_index_open(out, path, options, error);
}

/* ---- batch ---- */

static kaburi_status record_of_batch(kaburi_record *out, const void *batch, size_t row,
                                     kaburi_error *error) {
    return kbr_batch_record(out, batch, row, error);
}

static kaburi_status record_of_array(kaburi_record *out, const void *records, size_t row,
                                     kaburi_error *error) {
    (void)error;
    *out = ((const kaburi_record *)records)[row];
    return KABURI_OK;
}

static kaburi_status add_rows(kaburi_index *index, const kbr_index_rows *rows, size_t *added,
                              kaburi_error *error) {
    size_t row = 0;
    kaburi_status status = kbr_index_add_many(index, rows, &row, error);
    if (status != KABURI_OK) {
        kbr_batch_name_row(row, error);
    }
    if (added != NULL) {
        *added = row;
    }
    return status;
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
    if (status != KABURI_OK) {
        return status;
    }
    const kbr_index_rows rows = {batch, record_of_batch, batch->count};
    return add_rows(index, &rows, added, error);
}

kaburi_status kaburi_index_add_records(kaburi_index *index, const kaburi_record *records,
                                       size_t count, size_t *added, kaburi_error *error) {
    if (added != NULL) {
        *added = 0;
    }
    REQUIRE(index, error);
    if (count > 0) {
        REQUIRE(records, error);
    }
    const kbr_index_rows rows = {records, record_of_array, count};
    return add_rows(index, &rows, added, error);
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
        kbr_release(&allocator, matches->slots);
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

/* The caller's options, or the defaults, checked. */
static kaburi_status check_search(const kaburi_search_options **options,
                                  kaburi_search_options *defaults, kaburi_error *error) {
    if (*options == NULL) {
        kaburi_search_options_init(defaults);
        *options = defaults;
    }
    const kaburi_search_options *given = *options;
    kaburi_status status = check_size("options", given->struct_size, sizeof *given, error);
    if (status != KABURI_OK) {
        return status;
    }
    if (given->scored_max != 0 && (given->scored_max < 16 || given->scored_max > 4096)) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT,
                        "options.scored_max is %u; allowed are 0, 16..4096", given->scored_max);
    }
    if (given->postings_max != 0 && (given->postings_max < 16 || given->postings_max > 1048576)) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT,
                        "options.postings_max is %u; allowed are 0, 16..1048576",
                        given->postings_max);
    }
    if (given->top < 1 || given->top > 1000) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "top is %u; allowed are 1..1000", given->top);
    }
    if (!(given->probability_min >= 0 && given->probability_min <= 1)) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "probability_min is %g; allowed are 0..1",
                        given->probability_min);
    }
    if ((given->flags & ~KABURI_SEARCH_EXCEPT_SELF) != 0) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "flags is %u; allowed are 0..1",
                        given->flags);
    }
    return KABURI_OK;
}

kaburi_status kaburi_search(const kaburi_index *index, const kaburi_record *query,
                            const kaburi_search_options *options, kaburi_matches *matches,
                            kaburi_error *error) {
    REQUIRE(matches, error);
    matches->count = 0;
    REQUIRE(index, error);
    REQUIRE(query, error);
    kaburi_search_options defaults;
    kaburi_status status = check_search(&options, &defaults, error);
    return status != KABURI_OK ? status : kbr_index_search(index, query, options, matches, error);
}

kaburi_status kaburi_index_check_and_reserve(kaburi_index *index, const kaburi_record *record,
                                             const kaburi_search_options *options,
                                             kaburi_matches *matches, kaburi_error *error) {
    REQUIRE(matches, error);
    matches->count = 0;
    REQUIRE(index, error);
    REQUIRE(record, error);
    kaburi_search_options defaults;
    kaburi_status status = check_search(&options, &defaults, error);
    return status != KABURI_OK ? status : kbr_index_reserve(index, record, options, matches, error);
}

kaburi_status kaburi_index_confirm(kaburi_index *index, uint64_t id, kaburi_error *error) {
    REQUIRE(index, error);
    return kbr_index_confirm(index, id, error);
}

kaburi_status kaburi_index_cancel(kaburi_index *index, uint64_t id, kaburi_error *error) {
    REQUIRE(index, error);
    return kbr_index_cancel(index, id, error);
}

static kaburi_status search_row(const kaburi_index *index, const kaburi_batch *batch, size_t row,
                                const kaburi_search_options *options, kaburi_matches *matches,
                                kaburi_error *error) {
    kaburi_record query;
    kaburi_status status = kbr_batch_record(&query, batch, row, error);
    if (status == KABURI_OK) {
        status = kbr_index_search(index, &query, options, matches, error);
    }
    if (status != KABURI_OK) {
        kbr_batch_name_row(row, error);
    }
    return status;
}

/* What kaburi_search_many refuses before it searches. */
static kaburi_status check_search_many(const kaburi_batch *batch, size_t begin, size_t end,
                                       kaburi_error *error) {
    kaburi_status status = check_size("batch", batch->struct_size, sizeof *batch, error);
    if (status == KABURI_OK) {
        status = check_reserved("batch", batch->reserved, error);
    }
    if (status == KABURI_OK && (begin > end || end > batch->count)) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "rows %zu to %zu of a batch of %zu", begin,
                        end, batch->count);
    }
    return status;
}

kaburi_status kaburi_search_many(const kaburi_index *index, const kaburi_batch *batch, size_t begin,
                                 size_t end, const kaburi_search_options *options,
                                 kaburi_matches *matches, kaburi_match *out, size_t capacity,
                                 uint32_t *counts, size_t *searched, kaburi_error *error) {
    REQUIRE(searched, error);
    *searched = 0;
    REQUIRE(index, error);
    REQUIRE(batch, error);
    REQUIRE(matches, error);
    REQUIRE(out, error);
    REQUIRE(counts, error);
    kaburi_search_options defaults;
    kaburi_status status = check_search(&options, &defaults, error);
    if (status == KABURI_OK) {
        status = check_search_many(batch, begin, end, error);
    }
    if (status == KABURI_OK && begin < end && capacity < options->top) {
        return kbr_fail(error, KABURI_ERROR_BUFFER, "out has room for %zu; needed are %u", capacity,
                        options->top);
    }
    size_t used = 0;
    size_t row = begin;
    for (; status == KABURI_OK && row < end && capacity - used >= options->top; row++) {
        status = search_row(index, batch, row, options, matches, error);
        if (status != KABURI_OK) {
            break;
        }
        if (matches->count > 0) {
            memcpy(out + used, matches->match, matches->count * sizeof *out);
        }
        counts[row - begin] = (uint32_t)matches->count;
        used += matches->count;
    }
    *searched = row - begin;
    matches->count = 0;
    return status;
}

/* ---- dedupe ---- */

static kaburi_status check_range(const char *what, uint32_t value, uint32_t low, uint32_t high,
                                 kaburi_error *error) {
    if (value >= low && value <= high) {
        return KABURI_OK;
    }
    return kbr_fail(error, KABURI_ERROR_ARGUMENT, "%s is %u; allowed are %u..%u", what, value, low,
                    high);
}

static kaburi_status check_dedupe_options(const kaburi_dedupe_options *options,
                                          kaburi_error *error) {
    const struct {
        const char *name;
        uint32_t value;
        uint32_t low;
        uint32_t high;
    } ranges[] = {
        {"threads", options->threads, 1, 64},
        {"partners_max", options->partners_max, 1, 1000},
        {"cluster_max", options->cluster_max, 2, 65536},
        {"verdicts", options->verdicts, 0, (2U << KABURI_VERDICT_DUPLICATE) - 1},
    };
    kaburi_status status = check_size("options", options->struct_size, sizeof *options, error);
    for (size_t i = 0; i < KBR_COUNT(ranges) && status == KABURI_OK; i++) {
        status = check_range(ranges[i].name, ranges[i].value, ranges[i].low, ranges[i].high, error);
    }
    if (status == KABURI_OK && (options->decision_min < KABURI_DECISION_ALLOW ||
                                options->decision_min > KABURI_DECISION_BLOCK)) {
        status = kbr_fail(error, KABURI_ERROR_ARGUMENT, "decision_min is %d; allowed are %d..%d",
                          options->decision_min, KABURI_DECISION_ALLOW, KABURI_DECISION_BLOCK);
    }
    return status;
}

kaburi_status kaburi_dedupe(kaburi_duplicates **out, const kaburi_batch *batch,
                            const kaburi_dedupe_options *options, kaburi_error *error) {
    REQUIRE(out, error);
    REQUIRE(batch, error);
    kaburi_dedupe_options defaults;
    kaburi_index_options index_defaults;
    kbr_keys_plan plan;
    if (options == NULL) {
        kaburi_dedupe_options_init(&defaults);
        options = &defaults;
    }
    kaburi_status status = check_dedupe_options(options, error);
    if (status == KABURI_OK) {
        status = check_size("batch", batch->struct_size, sizeof *batch, error);
    }
    if (status == KABURI_OK) {
        status = check_reserved("batch", batch->reserved, error);
    }
    if (status != KABURI_OK) {
        return status;
    }
    if (batch->count > INT32_MAX) {
        return kbr_fail(error, KABURI_ERROR_FULL, "the batch has %zu records; allowed are 0..%d",
                        batch->count, INT32_MAX);
    }
    const kaburi_index_options *index = options->index;
    status = plan_of(&index, &index_defaults, &plan, error);
    return status != KABURI_OK ? status : kbr_dedupe(out, batch, options, index, error);
}

/* ---- records alone ---- */

static kaburi_status check_fiscal_month(uint32_t month, kaburi_error *error) {
    return month <= 12 ? KABURI_OK
                       : kbr_fail(error, KABURI_ERROR_ARGUMENT,
                                  "options.fiscal_month is %u; allowed are 0..12", month);
}

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
        status = check_fiscal_month(options->fiscal_month, error);
    }
    if (status == KABURI_OK && options->fiscal_month != 0) {
        readers[0].deal.fiscal_month = options->fiscal_month;
        readers[1].deal.fiscal_month = options->fiscal_month;
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
    kbr_model_judge(out, options->model != NULL ? options->model : &kbr_model_builtin,
                    options->policy != NULL ? options->policy : &kbr_policy_builtin, &evidence,
                    readers[1].card);
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

/* What a text is written into, in which language and form. */
static kaburi_status check_text(const char *buffer, size_t capacity, int32_t language,
                                int32_t format, kaburi_error *error) {
    if (buffer == NULL && capacity > 0) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "buffer is NULL");
    }
    if (language < KABURI_LANGUAGE_ENGLISH || language > KABURI_LANGUAGE_JAPANESE) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "language is %d; allowed are 0..1", language);
    }
    if (format < KABURI_FORMAT_TEXT || format > KABURI_FORMAT_JSON) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "format is %d; allowed are 0..1", format);
    }
    return KABURI_OK;
}

kaburi_status kaburi_explain(const kaburi_record *a, const kaburi_record *b,
                             const kaburi_compare_options *options, int32_t language,
                             int32_t format, char *buffer, size_t capacity, size_t *size,
                             kaburi_error *error) {
    REQUIRE(a, error);
    REQUIRE(b, error);
    REQUIRE(size, error);
    kaburi_status checked = check_text(buffer, capacity, language, format, error);
    if (checked != KABURI_OK) {
        return checked;
    }
    kbr_reader readers[2];
    kbr_bytes bytes = {.allocator = &kbr_allocator_default};
    kaburi_match match;
    kbr_reader_init(&readers[0], &kbr_allocator_default);
    kbr_reader_init(&readers[1], &kbr_allocator_default);
    kaburi_status status = compare_records(readers, a, b, options, &match, error);
    if (status == KABURI_OK &&
        !kbr_explain(&bytes, &match, a, &readers[0], b, &readers[1],
                     options != NULL && options->model != NULL ? options->model
                                                               : &kbr_model_builtin,
                     language, format)) {
        status = kbr_fail_memory(error);
    }
    if (status == KABURI_OK) {
        status = kbr_bytes_give(&bytes, buffer, capacity, size, error);
    }
    kbr_bytes_free(&bytes);
    kbr_reader_free(&readers[0]);
    kbr_reader_free(&readers[1]);
    return status;
}

/* The texts that no comparison reads. */
static kaburi_status check_kept(const kaburi_record *record, kaburi_error *error) {
    kaburi_status status = kbr_text_check(record->department, "department", error);
    if (status == KABURI_OK) {
        status = kbr_text_check(record->owner, "owner", error);
    }
    return status != KABURI_OK ? status : kbr_text_check(record->campaigns, "campaigns", error);
}

kaburi_status kaburi_merge_advise(const kaburi_record *a, const kaburi_record *b,
                                  const kaburi_merge_options *options, int32_t language,
                                  int32_t format, char *buffer, size_t capacity, size_t *size,
                                  kaburi_error *error) {
    REQUIRE(a, error);
    REQUIRE(b, error);
    REQUIRE(size, error);
    kaburi_merge_options defaults;
    if (options == NULL) {
        kaburi_merge_options_init(&defaults);
        options = &defaults;
    }
    kaburi_status status = check_text(buffer, capacity, language, format, error);
    if (status == KABURI_OK) {
        status = check_size("options", options->struct_size, sizeof *options, error);
    }
    if (status == KABURI_OK) {
        status = check_reserved("options", options->reserved, error);
    }
    kaburi_match match;
    if (status == KABURI_OK) {
        status = kaburi_compare(a, b, options->compare, &match, error);
    }
    if (status == KABURI_OK) {
        status = check_kept(a, error);
    }
    if (status == KABURI_OK) {
        status = check_kept(b, error);
    }
    if (status != KABURI_OK) {
        return status;
    }
    kbr_bytes bytes = {.allocator = &kbr_allocator_default};
    status = kbr_advise(&bytes, &match, a, b, options, language, format)
                 ? kbr_bytes_give(&bytes, buffer, capacity, size, error)
                 : kbr_fail_memory(error);
    kbr_bytes_free(&bytes);
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
    kbr_keys_set_reader(&reader, &plan);
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
