/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The exported functions of indexes, searches and deduplication that are not plain accessors:
 * arguments are checked here, and nothing else is done here.
 */
#include "api.h"

#include "batch.h"
#include "dedupe.h"
#include "index.h"

#include "text.h"

#include <string.h>

/* ---- checks ---- */

kaburi_status kbr_check_size(const char *what, uint32_t size, size_t expected,
                             kaburi_error *error) {
    if (size == expected) {
        return KABURI_OK;
    }
    return kbr_fail(error, KABURI_ERROR_ARGUMENT,
                    "%s.struct_size is %u; its init function sets %zu", what, size, expected);
}

kaburi_status kbr_check_reserved(const char *what, uint32_t reserved, kaburi_error *error) {
    if (reserved == 0) {
        return KABURI_OK;
    }
    return kbr_fail(error, KABURI_ERROR_ARGUMENT, "%s.reserved is %u; allowed is 0", what,
                    reserved);
}

kaburi_status kbr_check_plan(const kaburi_index_options **options, kaburi_index_options *defaults,
                             kbr_keys_plan *plan, kaburi_error *error) {
    if (*options == NULL) {
        kaburi_index_options_init(defaults);
        *options = defaults;
    }
    kaburi_status status =
        kbr_check_size("options", (*options)->struct_size, sizeof **options, error);
    return status != KABURI_OK ? status : kbr_keys_plan_init(plan, *options, error);
}

/* ---- index ---- */

kaburi_status kaburi_index_create(kaburi_index **out, const kaburi_index_options *options,
                                  kaburi_error *error) {
    KBR_REQUIRE(out, error);
    kaburi_index_options defaults;
    kbr_keys_plan plan;
    kaburi_status status = kbr_check_plan(&options, &defaults, &plan, error);
    return status != KABURI_OK ? status : kbr_index_create(out, options, &plan, error);
}

kaburi_status kaburi_index_add(kaburi_index *index, const kaburi_record *record,
                               kaburi_error *error) {
    KBR_REQUIRE(index, error);
    KBR_REQUIRE(record, error);
    return kbr_index_add(index, record, error);
}

kaburi_status kaburi_index_remove(kaburi_index *index, uint64_t id, kaburi_error *error) {
    KBR_REQUIRE(index, error);
    return kbr_index_remove(index, id, error);
}

int32_t kaburi_index_contains(const kaburi_index *index, uint64_t id) {
    return index != NULL && kbr_index_contains(index, id) ? 1 : 0;
}

/* ---- merge, save, open ---- */

kaburi_status kaburi_index_merge(kaburi_index *index, kaburi_error *error) {
    KBR_REQUIRE(index, error);
    return kbr_index_merge(index, error);
}

kaburi_status kaburi_index_save(const kaburi_index *index, const char *path, kaburi_error *error) {
    KBR_REQUIRE(index, error);
    KBR_REQUIRE(path, error);
    return kbr_index_save(index, path, error);
}

kaburi_status kaburi_index_open(kaburi_index **out, const char *path,
                                const kaburi_open_options *options, kaburi_error *error) {
    KBR_REQUIRE(out, error);
    KBR_REQUIRE(path, error);
    kaburi_open_options defaults;
    if (options == NULL) {
        kaburi_open_options_init(&defaults);
        options = &defaults;
    }
    kaburi_status status = kbr_check_size("options", options->struct_size, sizeof *options, error);
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
    KBR_REQUIRE(index, error);
    KBR_REQUIRE(batch, error);
    kaburi_status status = kbr_check_size("batch", batch->struct_size, sizeof *batch, error);
    if (status == KABURI_OK) {
        status = kbr_check_reserved("batch", batch->reserved, error);
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
    KBR_REQUIRE(index, error);
    if (count > 0) {
        KBR_REQUIRE(records, error);
    }
    const kbr_index_rows rows = {records, record_of_array, count};
    return add_rows(index, &rows, added, error);
}

/* ---- search ---- */

kaburi_status kaburi_matches_create(kaburi_matches **out, const kaburi_allocator *allocator,
                                    kaburi_error *error) {
    KBR_REQUIRE(out, error);
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
    kaburi_status status = kbr_check_size("options", given->struct_size, sizeof *given, error);
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
    KBR_REQUIRE(matches, error);
    matches->count = 0;
    KBR_REQUIRE(index, error);
    KBR_REQUIRE(query, error);
    kaburi_search_options defaults;
    kaburi_status status = check_search(&options, &defaults, error);
    return status != KABURI_OK ? status : kbr_index_search(index, query, options, matches, error);
}

kaburi_status kaburi_index_check_and_reserve(kaburi_index *index, const kaburi_record *record,
                                             const kaburi_search_options *options,
                                             kaburi_matches *matches, kaburi_error *error) {
    KBR_REQUIRE(matches, error);
    matches->count = 0;
    KBR_REQUIRE(index, error);
    KBR_REQUIRE(record, error);
    kaburi_search_options defaults;
    kaburi_status status = check_search(&options, &defaults, error);
    return status != KABURI_OK ? status : kbr_index_reserve(index, record, options, matches, error);
}

kaburi_status kaburi_index_confirm(kaburi_index *index, uint64_t id, kaburi_error *error) {
    KBR_REQUIRE(index, error);
    return kbr_index_confirm(index, id, error);
}

kaburi_status kaburi_index_cancel(kaburi_index *index, uint64_t id, kaburi_error *error) {
    KBR_REQUIRE(index, error);
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
    kaburi_status status = kbr_check_size("batch", batch->struct_size, sizeof *batch, error);
    if (status == KABURI_OK) {
        status = kbr_check_reserved("batch", batch->reserved, error);
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
    KBR_REQUIRE(searched, error);
    *searched = 0;
    KBR_REQUIRE(index, error);
    KBR_REQUIRE(batch, error);
    KBR_REQUIRE(matches, error);
    KBR_REQUIRE(out, error);
    KBR_REQUIRE(counts, error);
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
    kaburi_status status = kbr_check_size("options", options->struct_size, sizeof *options, error);
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
    KBR_REQUIRE(out, error);
    KBR_REQUIRE(batch, error);
    kaburi_dedupe_options defaults;
    kaburi_index_options index_defaults;
    kbr_keys_plan plan;
    if (options == NULL) {
        kaburi_dedupe_options_init(&defaults);
        options = &defaults;
    }
    kaburi_status status = check_dedupe_options(options, error);
    if (status == KABURI_OK) {
        status = kbr_check_size("batch", batch->struct_size, sizeof *batch, error);
    }
    if (status == KABURI_OK) {
        status = kbr_check_reserved("batch", batch->reserved, error);
    }
    if (status != KABURI_OK) {
        return status;
    }
    if (batch->count > INT32_MAX) {
        return kbr_fail(error, KABURI_ERROR_FULL, "the batch has %zu records; allowed are 0..%d",
                        batch->count, INT32_MAX);
    }
    const kaburi_index_options *index = options->index;
    status = kbr_check_plan(&index, &index_defaults, &plan, error);
    return status != KABURI_OK ? status : kbr_dedupe(out, batch, options, index, error);
}
