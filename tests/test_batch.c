/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Adding many records as columns: both kinds of offsets, views, absent columns and texts, slices,
 * and that a row that is refused is named, with all rows before it in and none behind it.
 */
#include "index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ROWS 3

static kaburi_index *index_of_batch;
static kaburi_batch batch;
static kaburi_error error;
static size_t added;

static const char companies[] = "三菱商事山田製作所日立電機";
static int32_t offsets32[ROWS + 1];
static int64_t offsets64[ROWS + 1];

static int set_up(void **state) {
    (void)state;
    static const int32_t ends[] = {0, 12, 27, 39};
    for (size_t i = 0; i <= ROWS; i++) {
        offsets32[i] = ends[i];
        offsets64[i] = ends[i];
    }
    memset(&error, 0, sizeof error);
    added = 99;
    kaburi_batch_init(&batch);
    batch.count = ROWS;
    batch.company = (kaburi_column){.data = companies, .offsets32 = offsets32};
    return kaburi_index_create(&index_of_batch, NULL, NULL);
}

static int tear_down(void **state) {
    (void)state;
    kaburi_index_free(index_of_batch);
    return 0;
}

static void add_all(void) {
    if (kaburi_index_add_many(index_of_batch, &batch, &added, &error) != KABURI_OK) {
        fail_msg("refused: %s", error.message);
    }
    assert_int_equal(added, batch.count);
}

/* Refused at a row; the rows before it are in. */
static void stops_at(size_t row, kaburi_status status, const char *message) {
    assert_int_equal(kaburi_index_add_many(index_of_batch, &batch, &added, &error), status);
    assert_int_equal(error.status, status);
    assert_string_equal(error.message, message);
    assert_int_equal(added, row);
    assert_int_equal(kaburi_index_count(index_of_batch), row);
    for (uint64_t id = 0; id < ROWS; id++) {
        assert_int_equal(kaburi_index_contains(index_of_batch, id), id < row);
    }
    assert_null(kbr_index_check(index_of_batch));
}

static kaburi_match best_match(const char *company, const char *deal, const char *domain) {
    kaburi_matches *matches;
    kaburi_record query;
    kaburi_record_init(&query);
    query.company = kaburi_text_of(company);
    query.deal = kaburi_text_of(deal);
    query.domain = kaburi_text_of(domain);
    query.amount = 500;
    query.close_date = 100;
    assert_int_equal(kaburi_matches_create(&matches, NULL, NULL), KABURI_OK);
    assert_int_equal(kaburi_search(index_of_batch, &query, NULL, matches, NULL), KABURI_OK);
    assert_true(kaburi_matches_count(matches) > 0);
    kaburi_match match = kaburi_matches_data(matches)[0];
    kaburi_matches_free(matches);
    return match;
}

static void adds_every_row_of_32_bit_offsets(void **state) {
    (void)state;
    add_all();
    assert_true(best_match("三菱商事", NULL, NULL).id == 0);
    assert_true(best_match("山田製作所", NULL, NULL).id == 1);
    assert_true(best_match("日立電機", NULL, NULL).id == 2);
}

static void adds_every_row_of_64_bit_offsets(void **state) {
    (void)state;
    batch.company = (kaburi_column){.data = companies, .offsets64 = offsets64};
    add_all();
    assert_true(best_match("日立電機", NULL, NULL).id == 2);
}

static void adds_a_slice_that_begins_inside_its_buffer(void **state) {
    (void)state;
    batch.count = 2;
    batch.company.offsets32 = offsets32 + 1;
    add_all();
    assert_true(best_match("山田製作所", NULL, NULL).id == 0);
    assert_true(best_match("日立電機", NULL, NULL).id == 1);
}

static void takes_every_column(void **state) {
    (void)state;
    static const uint64_t ids[] = {70, 71, 72};
    static const int64_t amounts[] = {500, KABURI_AMOUNT_ABSENT, 500};
    static const int32_t dates[] = {100, 100, KABURI_DATE_ABSENT};
    static const int32_t kinds[] = {1, 2, 3};
    static const int32_t thirds[] = {0, 9, 9, 18};
    batch.ids = ids;
    batch.company_reading = (kaburi_column){.data = "ミツビヒタチ", .offsets32 = thirds};
    batch.corporate_number =
        (kaburi_column){.data = "7000012050002", .offsets32 = (const int32_t[]){0, 0, 13, 13}};
    batch.domain = (kaburi_column){.data = "a.jpb.com", .offsets32 = (const int32_t[]){0, 4, 9, 9}};
    batch.deal =
        (kaburi_column){.data = "基幹系更改", .offsets32 = (const int32_t[]){0, 15, 15, 15}};
    batch.amounts = amounts;
    batch.close_dates = dates;
    batch.stages = kinds;
    batch.kinds = kinds;
    add_all();
    kaburi_match match = best_match("三菱商事", "基幹系更改", "a.jp");
    uint64_t seen = KABURI_EVIDENCE_COMPANY_SAME | KABURI_EVIDENCE_DOMAIN_SAME |
                    KABURI_EVIDENCE_DEAL_SAME | KABURI_EVIDENCE_AMOUNT_SAME;
    assert_true(match.id == 70);
    assert_true((match.evidence & seen) == seen);
    assert_int_equal(match.level[KABURI_FIELD_CLOSE_DATE], KBR_CLOSE_NEAR);
    match = best_match("日立電機", NULL, NULL);
    assert_true(match.id == 72);
    assert_int_equal(match.level[KABURI_FIELD_CLOSE_DATE], KBR_LEVEL_ABSENT);
}

static void adds_nothing_of_an_empty_batch(void **state) {
    (void)state;
    kaburi_batch_init(&batch);
    add_all();
    assert_int_equal(kaburi_index_count(index_of_batch), 0);
}

static void replaces_where_an_id_comes_twice(void **state) {
    (void)state;
    static const uint64_t ids[] = {5, 6, 5};
    batch.ids = ids;
    add_all();
    assert_int_equal(kaburi_index_count(index_of_batch), 2);
    assert_true(best_match("日立電機", NULL, NULL).id == 5);
}

static void refuses_both_kinds_of_offsets(void **state) {
    (void)state;
    static const char *both =
        "record 0: column company has more than one of offsets32, offsets64 and views";
    batch.company.offsets64 = offsets64;
    stops_at(0, KABURI_ERROR_ARGUMENT, both);
    batch.company.offsets64 = NULL;
    batch.company.views = companies;
    stops_at(0, KABURI_ERROR_ARGUMENT, both);
}

/* ---- absent texts ---- */

static void leaves_out_texts_that_are_not_valid(void **state) {
    (void)state;
    /* The text behind an absent one may be anything. */
    static const char deals[] = "ERP\xFF\xFF\xFF基幹系更改";
    static const uint8_t valid[] = {0x00, 0x05}; /* from bit 8: there, absent, there */
    batch.deal = (kaburi_column){.data = deals,
                                 .offsets32 = (const int32_t[]){0, 3, 6, 21},
                                 .valid = valid,
                                 .valid_first = 8};
    add_all();
    assert_true(best_match(NULL, "基幹系更改", NULL).id == 2);
    kaburi_match match = best_match("山田製作所", "導入支援", NULL);
    assert_true(match.id == 1);
    assert_int_equal(match.level[KABURI_FIELD_DEAL], KBR_DEAL_ONCE);
}

static void refuses_a_record_of_absent_texts_alone(void **state) {
    (void)state;
    static const uint8_t valid[] = {0x05};
    batch.company.valid = valid;
    stops_at(1, KABURI_ERROR_ARGUMENT, "record 1: record has neither company nor deal");
}

/* ---- views ---- */

static char views[16 * ROWS + 1];
static const char long_name[] = "三菱商事ネットワークサービシーズ";
static const char *buffers[] = {"--", long_name};
static int64_t buffer_sizes[] = {2, sizeof long_name - 1};

static void set_view(size_t row, int32_t size, const void *rest) {
    memcpy(views + 1 + 16 * row, &size, sizeof size);
    memcpy(views + 1 + 16 * row + 4, rest, 12);
}

static void set_long_view(size_t row, int32_t size, int32_t buffer, int32_t begin) {
    const int32_t rest[] = {0, buffer, begin};
    set_view(row, size, rest);
}

/* Rows 三菱商事 and 日立電機 are short, row 1 is in the second buffer; the views are not aligned.
 */
static void use_views(void) {
    set_view(0, 12, "三菱商事");
    set_long_view(1, (int32_t)sizeof long_name - 1, 1, 0);
    set_view(2, 12, "日立電機");
    batch.company = (kaburi_column){
        .views = views + 1, .buffers = buffers, .buffer_sizes = buffer_sizes, .buffer_count = 2};
}

static void adds_every_row_of_views(void **state) {
    (void)state;
    use_views();
    add_all();
    assert_true(best_match("三菱商事", NULL, NULL).id == 0);
    kaburi_match match = best_match(long_name, NULL, NULL);
    assert_true(match.id == 1);
    assert_true((match.evidence & KABURI_EVIDENCE_COMPANY_SAME) != 0);
    assert_true(best_match("日立電機", NULL, NULL).id == 2);
}

static void adds_the_end_of_a_buffer(void **state) {
    (void)state;
    use_views();
    set_long_view(1, 15, 1, (int32_t)sizeof long_name - 1 - 15);
    add_all();
    assert_true(best_match("ービシーズ", NULL, NULL).id == 1);
}

static void refuses_views_that_lead_nowhere(void **state) {
    (void)state;
    use_views();
    set_long_view(1, 13, 2, 0);
    stops_at(1, KABURI_ERROR_ARGUMENT,
             "record 1: column company has a view into buffer 2 of 2 buffers");
    set_long_view(1, 13, -1, 0);
    stops_at(1, KABURI_ERROR_ARGUMENT,
             "record 1: column company has a view into buffer -1 of 2 buffers");
    set_long_view(1, 13, 1, 36);
    stops_at(1, KABURI_ERROR_ARGUMENT, "record 1: column company has no text from 36 to 49");
    set_long_view(1, 13, 1, -1);
    stops_at(1, KABURI_ERROR_ARGUMENT, "record 1: column company has no text from -1 to 12");
    set_long_view(1, INT32_MAX, 1, INT32_MAX);
    stops_at(1, KABURI_ERROR_ARGUMENT,
             "record 1: column company has no text from 2147483647 to 4294967294");
    set_long_view(1, -1, 1, 0);
    stops_at(1, KABURI_ERROR_ARGUMENT, "record 1: column company has a view of -1 bytes");
    set_long_view(1, 13, 1, 0);
    batch.company.buffer_sizes = NULL;
    stops_at(1, KABURI_ERROR_ARGUMENT,
             "record 1: column company has a view into buffer 1 of 2 buffers");
}

static void refuses_offsets_that_fall(void **state) {
    (void)state;
    offsets32[2] = 11;
    stops_at(1, KABURI_ERROR_ARGUMENT, "record 1: column company has no text from 12 to 11");
}

static void refuses_offsets_below_zero(void **state) {
    (void)state;
    offsets32[0] = -1;
    stops_at(0, KABURI_ERROR_ARGUMENT, "record 0: column company has no text from -1 to 12");
    offsets64[0] = INT64_MIN;
    batch.company = (kaburi_column){.data = companies, .offsets64 = offsets64};
    stops_at(0, KABURI_ERROR_ARGUMENT,
             "record 0: column company has no text from -9223372036854775808 to 12");
}

static void refuses_text_without_data(void **state) {
    (void)state;
    batch.deal = (kaburi_column){.offsets32 = (const int32_t[]){0, 0, 0, 4}};
    stops_at(2, KABURI_ERROR_ARGUMENT, "record 2: column deal has no text from 0 to 4");
}

static void refuses_a_batch_without_names(void **state) {
    (void)state;
    batch.company = (kaburi_column){0};
    stops_at(0, KABURI_ERROR_ARGUMENT, "record 0: record has neither company nor deal");
}

static void names_row_field_and_byte_of_a_bad_text(void **state) {
    (void)state;
    static const char deals[] = "ERPab\xFF";
    batch.deal = (kaburi_column){.data = deals, .offsets32 = (const int32_t[]){0, 3, 6, 6}};
    stops_at(1, KABURI_ERROR_TEXT, "record 1: deal: malformed UTF-8 at byte 2");
    assert_true(error.offset == 2);
}

static void refuses_a_text_over_the_limit(void **state) {
    (void)state;
    static char data[KABURI_TEXT_SIZE_MAX + 1];
    memset(data, 'x', sizeof data);
    batch.deal = (kaburi_column){.data = data,
                                 .offsets32 = (const int32_t[]){0, 0, 0, (int32_t)sizeof data}};
    stops_at(2, KABURI_ERROR_TOO_LONG, "record 2: deal has 16385 bytes; allowed are 16384");
}

static void refuses_a_stage_out_of_range(void **state) {
    (void)state;
    static const int32_t stages[] = {0, 3, 4};
    batch.stages = stages;
    stops_at(2, KABURI_ERROR_ARGUMENT, "record 2: stage is 4; allowed are 0..3");
}

static void adds_none_to_no_index(void **state) {
    (void)state;
    assert_int_equal(kaburi_index_add_many(NULL, &batch, &added, &error), KABURI_ERROR_ARGUMENT);
    assert_int_equal(added, 0);
    added = 99;
    assert_int_equal(kaburi_index_add_many(index_of_batch, NULL, &added, &error),
                     KABURI_ERROR_ARGUMENT);
    assert_int_equal(added, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(adds_every_row_of_32_bit_offsets),
        TEST(adds_every_row_of_64_bit_offsets),
        TEST(adds_a_slice_that_begins_inside_its_buffer),
        TEST(takes_every_column),
        TEST(adds_nothing_of_an_empty_batch),
        TEST(replaces_where_an_id_comes_twice),
        TEST(refuses_both_kinds_of_offsets),
        TEST(leaves_out_texts_that_are_not_valid),
        TEST(refuses_a_record_of_absent_texts_alone),
        TEST(adds_every_row_of_views),
        TEST(adds_the_end_of_a_buffer),
        TEST(refuses_views_that_lead_nowhere),
        TEST(refuses_offsets_that_fall),
        TEST(refuses_offsets_below_zero),
        TEST(refuses_text_without_data),
        TEST(refuses_a_batch_without_names),
        TEST(names_row_field_and_byte_of_a_bad_text),
        TEST(refuses_a_text_over_the_limit),
        TEST(refuses_a_stage_out_of_range),
        TEST(adds_none_to_no_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
