/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The exported functions of records that are in no index: compare, explain, advise, normalise, tell
 * keys. Arguments are checked here, and nothing else is done here.
 */
#include "api.h"

#include "advice.h"
#include "index.h"
#include "parts.h"

#include "text.h"

#include <string.h>

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
    kaburi_status status = kbr_check_size("options", options->struct_size, sizeof *options, error);
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
    KBR_REQUIRE(a, error);
    KBR_REQUIRE(b, error);
    KBR_REQUIRE(out, error);
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
    KBR_REQUIRE(a, error);
    KBR_REQUIRE(b, error);
    KBR_REQUIRE(size, error);
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
    KBR_REQUIRE(a, error);
    KBR_REQUIRE(b, error);
    KBR_REQUIRE(size, error);
    kaburi_merge_options defaults;
    if (options == NULL) {
        kaburi_merge_options_init(&defaults);
        options = &defaults;
    }
    kaburi_status status = check_text(buffer, capacity, language, format, error);
    if (status == KABURI_OK) {
        status = kbr_check_size("options", options->struct_size, sizeof *options, error);
    }
    if (status == KABURI_OK) {
        status = kbr_check_reserved("options", options->reserved, error);
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
    KBR_REQUIRE(out, error);
    KBR_REQUIRE(record, error);
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
    KBR_REQUIRE(record, error);
    KBR_REQUIRE(count, error);
    if (keys == NULL && capacity > 0) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "keys is NULL");
    }
    kaburi_index_options defaults;
    kbr_keys_plan plan;
    kaburi_status status = kbr_check_plan(&options, &defaults, &plan, error);
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
