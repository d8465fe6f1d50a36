/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The exported functions and bad arguments: each is refused with a message that names it, nothing
 * the caller owns has changed, buffers that are too small stay as they are, and a batch says how
 * far it came.
 */
#include "base.h"
#include "index.h"
#include "samples.h"
#include "starved.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static kaburi_index *filled_index; /* two records: 1 and 2 */
static kaburi_matches *matches;
static kaburi_record record;
static kaburi_error error;

static kaburi_record record_of(uint64_t id, const char *company, const char *deal) {
    kaburi_record made;
    kaburi_record_init(&made);
    made.id = id;
    made.company = kaburi_text_of(company);
    made.deal = kaburi_text_of(deal);
    return made;
}

static int set_up(void **state) {
    (void)state;
    memset(&error, 0, sizeof error);
    record = record_of(1, "株式会社山田製作所", "ERP導入");
    if (kaburi_index_create(&filled_index, NULL, NULL) != KABURI_OK ||
        kaburi_matches_create(&matches, NULL, NULL) != KABURI_OK ||
        kaburi_index_add(filled_index, &record, NULL) != KABURI_OK) {
        return -1;
    }
    record = record_of(2, "三菱商事", "保守更新");
    return kaburi_index_add(filled_index, &record, NULL);
}

static int tear_down(void **state) {
    (void)state;
    kaburi_matches_free(matches);
    kaburi_index_free(filled_index);
    return 0;
}

static void refused(kaburi_status status, const char *message) {
    assert_int_equal(status, KABURI_ERROR_ARGUMENT);
    assert_int_equal(error.status, KABURI_ERROR_ARGUMENT);
    assert_string_equal(error.message, message);
    assert_int_equal(error.os_error, 0);
    assert_true(error.offset == 0);
}

static void holds_two_records(void) {
    assert_null(kbr_index_check(filled_index));
    assert_int_equal(kaburi_index_count(filled_index), 2);
    assert_int_equal(kaburi_index_contains(filled_index, 1), 1);
    assert_int_equal(kaburi_index_contains(filled_index, 2), 1);
    assert_int_equal(kaburi_index_contains(filled_index, 3), 0);
}

/* ---- NULL ---- */

static void refuses_null_for_what_must_be_there(void **state) {
    (void)state;
    kaburi_match match;
    kaburi_batch batch;
    kaburi_model *model;
    kaburi_index *index;
    kaburi_parts *parts;
    uint64_t keys[4];
    size_t size;
    char text[4];
    kaburi_batch_init(&batch);
    refused(kaburi_compare(NULL, &record, NULL, &match, &error), "a is NULL");
    refused(kaburi_compare(&record, NULL, NULL, &match, &error), "b is NULL");
    refused(kaburi_compare(&record, &record, NULL, NULL, &error), "out is NULL");
    refused(kaburi_explain(NULL, &record, NULL, 0, 0, text, 4, &size, &error), "a is NULL");
    refused(kaburi_explain(&record, NULL, NULL, 0, 0, text, 4, &size, &error), "b is NULL");
    refused(kaburi_explain(&record, &record, NULL, 0, 0, NULL, 4, &size, &error), "buffer is NULL");
    refused(kaburi_explain(&record, &record, NULL, 0, 0, text, 4, NULL, &error), "size is NULL");
    refused(kaburi_normalize(NULL, &record, NULL, &error), "out is NULL");
    refused(kaburi_normalize(&parts, NULL, NULL, &error), "record is NULL");
    refused(kaburi_model_parse(NULL, "", 0, NULL, &error), "out or text is NULL");
    refused(kaburi_model_parse(&model, NULL, 0, NULL, &error), "out or text is NULL");
    refused(kaburi_model_load(NULL, "x", NULL, &error), "out or path is NULL");
    refused(kaburi_model_load(&model, NULL, NULL, &error), "out or path is NULL");
    refused(kaburi_model_write(NULL, text, 4, &size, &error), "model or size is NULL");
    refused(kaburi_index_create(NULL, NULL, &error), "out is NULL");
    refused(kaburi_index_add(NULL, &record, &error), "index is NULL");
    refused(kaburi_index_add(filled_index, NULL, &error), "record is NULL");
    refused(kaburi_index_add_many(NULL, &batch, &size, &error), "index is NULL");
    refused(kaburi_index_add_many(filled_index, NULL, &size, &error), "batch is NULL");
    refused(kaburi_index_remove(NULL, 1, &error), "index is NULL");
    refused(kaburi_matches_create(NULL, NULL, &error), "out is NULL");
    refused(kaburi_search(NULL, &record, NULL, matches, &error), "index is NULL");
    refused(kaburi_search(filled_index, NULL, NULL, matches, &error), "query is NULL");
    refused(kaburi_search(filled_index, &record, NULL, NULL, &error), "matches is NULL");
    uint32_t counts[1];
    refused(kaburi_search_many(filled_index, &batch, 0, 0, NULL, matches, &match, 1, counts, NULL,
                               &error),
            "searched is NULL");
    refused(kaburi_search_many(NULL, &batch, 0, 0, NULL, matches, &match, 1, counts, &size, &error),
            "index is NULL");
    refused(kaburi_search_many(filled_index, NULL, 0, 0, NULL, matches, &match, 1, counts, &size,
                               &error),
            "batch is NULL");
    refused(kaburi_search_many(filled_index, &batch, 0, 0, NULL, NULL, &match, 1, counts, &size,
                               &error),
            "matches is NULL");
    refused(kaburi_search_many(filled_index, &batch, 0, 0, NULL, matches, NULL, 1, counts, &size,
                               &error),
            "out is NULL");
    refused(kaburi_search_many(filled_index, &batch, 0, 0, NULL, matches, &match, 1, NULL, &size,
                               &error),
            "counts is NULL");
    refused(kaburi_keys(NULL, NULL, keys, 4, &size, &error), "record is NULL");
    refused(kaburi_keys(&record, NULL, NULL, 4, &size, &error), "keys is NULL");
    refused(kaburi_keys(&record, NULL, keys, 4, NULL, &error), "count is NULL");
    assert_int_equal(kaburi_index_create(&index, NULL, NULL), KABURI_OK);
    kaburi_index_free(index);
    holds_two_records();
}

static void refuses_without_an_error_to_fill(void **state) {
    (void)state;
    kaburi_match match;
    record.stage = 7;
    assert_int_equal(kaburi_compare(NULL, &record, NULL, &match, NULL), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_compare(&record, &record, NULL, &match, NULL), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_index_add(filled_index, &record, NULL), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_index_remove(filled_index, 77, NULL), KABURI_ERROR_NOT_FOUND);
    assert_int_equal(kaburi_search(filled_index, &record, NULL, matches, NULL),
                     KABURI_ERROR_ARGUMENT);
    kaburi_batch batch;
    kaburi_batch_init(&batch);
    batch.count = 1;
    assert_int_equal(kaburi_index_add_many(filled_index, &batch, NULL, NULL),
                     KABURI_ERROR_ARGUMENT);
    holds_two_records();
}

static void takes_null_where_there_is_nothing(void **state) {
    (void)state;
    kaburi_search_stats stats = {.keys = 5};
    kaburi_index_free(NULL);
    kaburi_matches_free(NULL);
    kaburi_parts_free(NULL);
    kaburi_model_free(NULL);
    kaburi_record_init(NULL);
    kaburi_batch_init(NULL);
    kaburi_index_options_init(NULL);
    kaburi_search_options_init(NULL);
    kaburi_matches_stats(NULL, &stats);
    assert_true(stats.keys == 5);
    kaburi_matches_stats(matches, NULL);
    assert_int_equal(kaburi_matches_count(NULL), 0);
    assert_null(kaburi_matches_data(NULL));
    assert_int_equal(kaburi_parts_count(NULL), 0);
    assert_null(kaburi_parts_name(NULL, 0));
    assert_null(kaburi_parts_value(NULL, 0));
    assert_int_equal(kaburi_index_contains(NULL, 1), 0);
    assert_non_null(kaburi_model_default_text(NULL));
}

static void takes_a_string_as_text(void **state) {
    (void)state;
    assert_int_equal(kaburi_text_of("山田").size, 6);
    assert_int_equal(kaburi_text_of("").size, 0);
    assert_null(kaburi_text_of(NULL).data);
    assert_int_equal(kaburi_text_of(NULL).size, 0);
}

/* ---- structs and options ---- */

static void refuses_structs_nobody_initialised(void **state) {
    (void)state;
    char message[100];
    kaburi_index *index = NULL;
    kaburi_index_options options;
    kaburi_index_options_init(&options);
    options.struct_size--;
    (void)snprintf(message, sizeof message,
                   "options.struct_size is %zu; its init function sets %zu", sizeof options - 1,
                   sizeof options);
    refused(kaburi_index_create(&index, &options, &error), message);
    assert_null(index);
    size_t count = 9;
    refused(kaburi_keys(&record, &options, NULL, 0, &count, &error), message);
    assert_int_equal(count, 9);

    kaburi_search_options search;
    memset(&search, 0, sizeof search);
    search.top = 10;
    (void)snprintf(message, sizeof message, "options.struct_size is 0; its init function sets %zu",
                   sizeof search);
    refused(kaburi_search(filled_index, &record, &search, matches, &error), message);

    kaburi_batch batch;
    memset(&batch, 0, sizeof batch);
    size_t added = 9;
    (void)snprintf(message, sizeof message, "batch.struct_size is 0; its init function sets %zu",
                   sizeof batch);
    refused(kaburi_index_add_many(filled_index, &batch, &added, &error), message);
    assert_int_equal(added, 0);
}

static void refuses_sketches_flags_and_products_out_of_range(void **state) {
    (void)state;
    kaburi_index *index = NULL;
    kaburi_index_options options;
    kaburi_index_options_init(&options);
    options.sketch = 2;
    refused(kaburi_index_create(&index, &options, &error), "sketch is 2; allowed are 0..1");
    options.sketch = -1;
    assert_int_equal(kaburi_index_create(&index, &options, &error), KABURI_ERROR_ARGUMENT);
    kaburi_index_options_init(&options);
    options.flags = 64;
    refused(kaburi_index_create(&index, &options, &error), "flags is 64; allowed are 0..63");
    kaburi_index_options_init(&options);
    options.bands = 256;
    options.rows = 3;
    refused(kaburi_index_create(&index, &options, &error),
            "bands * rows is 768; allowed are 1..512");
    assert_null(index);
}

static void refuses_search_options_out_of_range(void **state) {
    (void)state;
    kaburi_search_options options;
    kaburi_search_options_init(&options);
    options.flags = 2;
    refused(kaburi_search(filled_index, &record, &options, matches, &error),
            "flags is 2; allowed are 0..1");
    kaburi_search_options_init(&options);
    options.probability_min = -0.5;
    refused(kaburi_search(filled_index, &record, &options, matches, &error),
            "probability_min is -0.5; allowed are 0..1");
    options.probability_min = 1.5;
    refused(kaburi_search(filled_index, &record, &options, matches, &error),
            "probability_min is 1.5; allowed are 0..1");
    options.probability_min = (double)NAN;
    assert_int_equal(kaburi_search(filled_index, &record, &options, matches, &error),
                     KABURI_ERROR_ARGUMENT);
    options.probability_min = 1;
    assert_int_equal(kaburi_search(filled_index, &record, &options, matches, &error), KABURI_OK);
}

static void refuses_reserved_fields_that_are_set(void **state) {
    (void)state;
    kaburi_batch batch;
    kaburi_batch_init(&batch);
    batch.reserved = 7;
    refused(kaburi_index_add_many(filled_index, &batch, NULL, &error),
            "batch.reserved is 7; allowed is 0");
}

static void refuses_a_fiscal_month_out_of_range(void **state) {
    (void)state;
    kaburi_compare_options compare;
    kaburi_index_options index;
    kaburi_index *made = NULL;
    kaburi_match match;
    kaburi_compare_options_init(&compare);
    compare.fiscal_month = 13;
    refused(kaburi_compare(&record, &record, &compare, &match, &error),
            "options.fiscal_month is 13; allowed are 0..12");
    kaburi_index_options_init(&index);
    index.flags |= KABURI_INDEX_FISCAL_MONTH(13);
    refused(kaburi_index_create(&made, &index, &error),
            "the fiscal month in flags is 13; allowed are 0..12");
}

static void reads_years_from_the_month_they_begin_with(void **state) {
    (void)state;
    kaburi_compare_options compare;
    kaburi_match match;
    kaburi_record a;
    kaburi_record b;
    kaburi_record_init(&a);
    kaburi_record_init(&b);
    a.company = b.company = kaburi_text_of("株式会社山田製作所");
    a.deal = kaburi_text_of("ERP保守 FY24");
    b.deal = kaburi_text_of("ERP保守 2024年1月～2024年12月");
    kaburi_compare_options_init(&compare);
    compare.fiscal_month = 1;
    assert_int_equal(kaburi_compare(&a, &b, &compare, &match, &error), KABURI_OK);
    assert_true((match.evidence & KABURI_EVIDENCE_YEAR_SAME) != 0);
    assert_int_equal(match.verdict, KABURI_VERDICT_DUPLICATE);
    kaburi_index_options options;
    kaburi_index *index = NULL;
    kaburi_matches *found = NULL;
    kaburi_index_options_init(&options);
    options.flags |= KABURI_INDEX_FISCAL_MONTH(1);
    assert_int_equal(kaburi_index_create(&index, &options, &error), KABURI_OK);
    assert_int_equal(kaburi_matches_create(&found, NULL, &error), KABURI_OK);
    assert_int_equal(kaburi_index_add(index, &b, &error), KABURI_OK);
    assert_int_equal(kaburi_search(index, &a, NULL, found, &error), KABURI_OK);
    assert_int_equal(kaburi_matches_count(found), 1);
    assert_true(kaburi_matches_data(found)->evidence == match.evidence);
    kaburi_matches_free(found);
    kaburi_index_free(index);
}

static void refuses_languages_and_formats_out_of_range(void **state) {
    (void)state;
    size_t size = 9;
    refused(kaburi_explain(&record, &record, NULL, -1, 0, NULL, 0, &size, &error),
            "language is -1; allowed are 0..1");
    refused(kaburi_explain(&record, &record, NULL, 2, 0, NULL, 0, &size, &error),
            "language is 2; allowed are 0..1");
    refused(kaburi_explain(&record, &record, NULL, 0, -1, NULL, 0, &size, &error),
            "format is -1; allowed are 0..1");
    refused(kaburi_explain(&record, &record, NULL, 0, 2, NULL, 0, &size, &error),
            "format is 2; allowed are 0..1");
    assert_int_equal(size, 9);
}

/* ---- nothing changes on failure ---- */

static kaburi_record bad_record(void) {
    kaburi_record bad = record_of(1, "株式会社山田製作所", "\xE5\xB1");
    return bad;
}

static void changes_nothing_when_a_record_is_refused(void **state) {
    (void)state;
    kaburi_record bad = bad_record();
    kaburi_match match;
    kaburi_match before;
    memset(&match, 0x5A, sizeof match);
    memcpy(&before, &match, sizeof match);
    assert_int_equal(kaburi_compare(&record, &bad, NULL, &match, &error), KABURI_ERROR_TEXT);
    assert_string_equal(error.message, "deal: malformed UTF-8 at byte 0");
    assert_int_equal(kaburi_compare(&bad, &record, NULL, &match, &error), KABURI_ERROR_TEXT);
    assert_memory_equal(&match, &before, sizeof match);

    size_t size = 9;
    char text[8] = "before";
    assert_int_equal(kaburi_explain(&record, &bad, NULL, 0, 0, text, 8, &size, &error),
                     KABURI_ERROR_TEXT);
    assert_string_equal(text, "before");
    assert_int_equal(size, 9);

    kaburi_parts *parts = NULL;
    assert_int_equal(kaburi_normalize(&parts, &bad, NULL, &error), KABURI_ERROR_TEXT);
    assert_null(parts);

    uint64_t key = 5;
    assert_int_equal(kaburi_keys(&bad, NULL, &key, 1, &size, &error), KABURI_ERROR_TEXT);
    assert_true(key == 5 && size == 9);

    assert_int_equal(kaburi_index_add(filled_index, &bad, &error), KABURI_ERROR_TEXT);
    holds_two_records();
    assert_int_equal(kaburi_index_remove(filled_index, 3, &error), KABURI_ERROR_NOT_FOUND);
    assert_string_equal(error.message, "no record has the id 3");
    holds_two_records();
}

static void search_for(const kaburi_record *query) {
    assert_int_equal(kaburi_search(filled_index, query, NULL, matches, &error), KABURI_OK);
}

static void holds_no_matches_after_a_search_that_failed(void **state) {
    (void)state;
    kaburi_record bad = bad_record();
    kaburi_search_options options;
    kaburi_search_options_init(&options);
    options.top = 0;
    search_for(&record);
    assert_true(kaburi_matches_count(matches) > 0);
    assert_int_equal(kaburi_search(filled_index, &bad, NULL, matches, &error), KABURI_ERROR_TEXT);
    assert_int_equal(kaburi_matches_count(matches), 0);
    search_for(&record);
    assert_int_equal(kaburi_search(filled_index, &record, &options, matches, &error),
                     KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_matches_count(matches), 0);
    search_for(&record);
    assert_int_equal(kaburi_search(NULL, &record, NULL, matches, &error), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_matches_count(matches), 0);
}

/* ---- buffers ---- */

static void tells_the_size_an_explanation_needs(void **state) {
    (void)state;
    char text[4096];
    char small[4096];
    size_t size = 0;
    size_t need = 0;
    assert_int_equal(kaburi_explain(&record, &record, NULL, 1, 0, NULL, 0, &need, &error),
                     KABURI_ERROR_BUFFER);
    assert_int_equal(kaburi_explain(&record, &record, NULL, 1, 0, text, sizeof text, &size, &error),
                     KABURI_OK);
    assert_int_equal(size, need);
    assert_int_equal(strlen(text), size);
    memset(small, 'z', sizeof small);
    for (size_t capacity = 0; capacity <= need; capacity++) {
        size = 0;
        assert_int_equal(
            kaburi_explain(&record, &record, NULL, 1, 0, small, capacity, &size, &error),
            KABURI_ERROR_BUFFER);
        assert_int_equal(size, need);
    }
    for (size_t i = 0; i < sizeof small; i++) {
        assert_int_equal(small[i], 'z');
    }
    char message[100];
    (void)snprintf(message, sizeof message, "buffer of %zu bytes; needed are %zu", need, need + 1);
    assert_string_equal(error.message, message);
    assert_int_equal(kaburi_explain(&record, &record, NULL, 1, 0, small, need + 1, &size, &error),
                     KABURI_OK);
    assert_string_equal(small, text);
    assert_int_equal(small[need + 1], 'z');
}

static void tells_how_many_keys_there_are(void **state) {
    (void)state;
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    uint64_t few[KBR_KEYS_RECORD_MAX] = {0};
    size_t need = 0;
    size_t count = 0;
    assert_int_equal(kaburi_keys(&record, NULL, NULL, 0, &need, &error), KABURI_ERROR_BUFFER);
    assert_in_range(need, 2, KBR_KEYS_RECORD_MAX);
    assert_int_equal(kaburi_keys(&record, NULL, few, need - 1, &count, &error),
                     KABURI_ERROR_BUFFER);
    assert_int_equal(count, need);
    assert_true(few[0] == 0 && few[need - 2] == 0);
    char message[100];
    (void)snprintf(message, sizeof message, "keys has room for %zu; needed are %zu", need - 1,
                   need);
    assert_string_equal(error.message, message);
    assert_int_equal(kaburi_keys(&record, NULL, keys, need, &count, &error), KABURI_OK);
    assert_int_equal(count, need);
    for (size_t i = 1; i < count; i++) {
        assert_true(keys[i - 1] < keys[i]);
    }
}

static void gives_keys_without_memory_or_says_so(void **state) {
    (void)state;
    size_t failures = 0;
    for (size_t granted = 0;; granted++) {
        starved memory = {granted, 0};
        uint64_t keys[KBR_KEYS_RECORD_MAX];
        size_t count = 0;
        kaburi_index_options options;
        kaburi_index_options_init(&options);
        options.allocator = starved_allocator(&memory);
        kaburi_status status =
            kaburi_keys(&record, &options, keys, KBR_KEYS_RECORD_MAX, &count, &error);
        assert_int_equal(memory.blocks, 0);
        if (status == KABURI_OK) {
            break;
        }
        assert_int_equal(status, KABURI_ERROR_MEMORY);
        assert_int_equal(count, 0);
        failures++;
    }
    assert_true(failures > 3);
}

static void makes_no_matches_without_memory(void **state) {
    (void)state;
    starved memory = {0, 0};
    kaburi_allocator allocator = starved_allocator(&memory);
    kaburi_matches *made = NULL;
    assert_int_equal(kaburi_matches_create(&made, &allocator, &error), KABURI_ERROR_MEMORY);
    assert_null(made);
    memory.left = 1;
    assert_int_equal(kaburi_matches_create(&made, &allocator, &error), KABURI_OK);
    assert_int_equal(kaburi_search(filled_index, &record, NULL, made, &error), KABURI_ERROR_MEMORY);
    assert_int_equal(kaburi_matches_count(made), 0);
    memory.left = SIZE_MAX;
    assert_int_equal(kaburi_search(filled_index, &record, NULL, made, &error), KABURI_OK);
    assert_true(kaburi_matches_count(made) > 0);
    kaburi_matches_free(made);
    assert_int_equal(memory.blocks, 0);
}

/* ---- records alone ---- */

static void compares_as_a_search_does(void **state) {
    (void)state;
    uint64_t seed = 21;
    for (int round = 0; round < 300; round++) {
        sample made;
        sample_make(&made, &seed);
        search_for(&made.record);
        for (size_t i = 0; i < kaburi_matches_count(matches); i++) {
            const kaburi_match *found = &kaburi_matches_data(matches)[i];
            kaburi_record other = found->id == 1 ? record_of(1, "株式会社山田製作所", "ERP導入")
                                                 : record_of(2, "三菱商事", "保守更新");
            kaburi_match match;
            assert_int_equal(kaburi_compare(&made.record, &other, NULL, &match, NULL), KABURI_OK);
            assert_memory_equal(&match, found, sizeof match);
        }
    }
}

/* With a prior that nothing outweighs. */
static void judges_with_the_model_it_is_given(void **state) {
    (void)state;
    static const char text[] = "kaburi-model 2\nprior deal -64\n";
    kaburi_record same = record;
    kaburi_model *model;
    kaburi_match match;
    assert_int_equal(kaburi_model_parse(&model, text, sizeof text - 1, NULL, NULL), KABURI_OK);
    kaburi_compare_options options;
    kaburi_compare_options_init(&options);
    assert_int_equal(kaburi_compare(&record, &same, &options, &match, NULL), KABURI_OK);
    assert_int_equal(match.verdict, KABURI_VERDICT_DUPLICATE);
    assert_int_equal(match.id, record.id);
    options.model = model;
    assert_int_equal(kaburi_compare(&record, &same, &options, &match, NULL), KABURI_OK);
    assert_int_equal(match.verdict, KABURI_VERDICT_PARALLEL);
    kaburi_model_free(model);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(refuses_null_for_what_must_be_there),
        TEST(refuses_without_an_error_to_fill),
        TEST(takes_null_where_there_is_nothing),
        TEST(takes_a_string_as_text),
        TEST(refuses_structs_nobody_initialised),
        TEST(refuses_sketches_flags_and_products_out_of_range),
        TEST(refuses_search_options_out_of_range),
        TEST(refuses_reserved_fields_that_are_set),
        TEST(refuses_a_fiscal_month_out_of_range),
        TEST(reads_years_from_the_month_they_begin_with),
        TEST(refuses_languages_and_formats_out_of_range),
        TEST(changes_nothing_when_a_record_is_refused),
        TEST(holds_no_matches_after_a_search_that_failed),
        TEST(tells_the_size_an_explanation_needs),
        TEST(tells_how_many_keys_there_are),
        TEST(gives_keys_without_memory_or_says_so),
        TEST(makes_no_matches_without_memory),
        TEST(compares_as_a_search_does),
        TEST(judges_with_the_model_it_is_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
