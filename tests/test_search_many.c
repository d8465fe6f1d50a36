/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Searching for many records as columns: the same matches as one by one, parts of a batch, room
 * that does not suffice, and that a row that is refused is named, with all rows before it done.
 */
#include "index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ROWS 5
#define TOP 3
#define ROOM ((size_t)ROWS * TOP)

static kaburi_index *filled;
static kaburi_matches *matches;
static kaburi_batch batch;
static kaburi_search_options options;
static kaburi_match out[ROOM];
static uint32_t counts[ROWS];
static size_t searched;
static kaburi_error error;

static const char companies[] = "三菱商事山田製作所日立電機山田制作所株式会社日立電機";
static int32_t offsets[ROWS + 1];

static int set_up(void **state) {
    (void)state;
    static const int32_t ends[ROWS + 1] = {0, 12, 27, 39, 54, 78};
    memcpy(offsets, ends, sizeof offsets);
    memset(&error, 0, sizeof error);
    memset(counts, 0xFF, sizeof counts);
    memset(out, 0, sizeof out);
    searched = 99;
    kaburi_batch_init(&batch);
    kaburi_search_options_init(&options);
    options.top = TOP;
    batch.count = ROWS;
    batch.company = (kaburi_column){.data = companies, .offsets32 = offsets};
    return kaburi_index_create(&filled, NULL, NULL) != KABURI_OK ||
           kaburi_index_add_many(filled, &batch, NULL, NULL) != KABURI_OK ||
           kaburi_matches_create(&matches, NULL, NULL) != KABURI_OK;
}

static int tear_down(void **state) {
    (void)state;
    kaburi_index_free(filled);
    kaburi_matches_free(matches);
    return 0;
}

static kaburi_status search_rows(size_t begin, size_t end, size_t capacity) {
    return kaburi_search_many(filled, &batch, begin, end, &options, matches, out, capacity, counts,
                              &searched, &error);
}

/* What was found for rows from `begin` on is what kaburi_search finds for each of them. */
static void found_as_one_by_one(size_t begin) {
    size_t used = 0;
    for (size_t i = 0; i < searched; i++) {
        size_t row = begin + i;
        kaburi_record query;
        kaburi_record_init(&query);
        query.id = batch.ids != NULL ? batch.ids[row] : row;
        query.company =
            (kaburi_text){companies + offsets[row], (size_t)(offsets[row + 1] - offsets[row])};
        assert_int_equal(kaburi_search(filled, &query, &options, matches, NULL), KABURI_OK);
        assert_int_equal(counts[i], kaburi_matches_count(matches));
        assert_memory_equal(out + used, kaburi_matches_data(matches), counts[i] * sizeof *out);
        used += counts[i];
    }
    assert_true(used >= searched);
}

static void finds_what_a_search_for_each_row_finds(void **state) {
    (void)state;
    assert_int_equal(search_rows(0, ROWS, ROOM), KABURI_OK);
    assert_int_equal(searched, ROWS);
    found_as_one_by_one(0);
    assert_true(counts[1] >= 2); /* 山田製作所 and 山田制作所 */
}

static void finds_a_part_of_a_batch(void **state) {
    (void)state;
    assert_int_equal(search_rows(2, 4, ROOM), KABURI_OK);
    assert_int_equal(searched, 2);
    assert_int_equal(counts[2], UINT32_MAX);
    found_as_one_by_one(2);
}

static void goes_on_where_the_room_ended(void **state) {
    (void)state;
    size_t row = 0;
    size_t calls = 0;
    for (; row < ROWS; row += searched) {
        assert_int_equal(search_rows(row, ROWS, TOP + 1), KABURI_OK);
        assert_true(searched >= 1);
        found_as_one_by_one(row);
        calls++;
    }
    assert_int_equal(row, ROWS);
    assert_true(calls > 1);
}

static void leaves_out_a_row_itself(void **state) {
    (void)state;
    options.flags = KABURI_SEARCH_EXCEPT_SELF;
    assert_int_equal(search_rows(0, ROWS, ROOM), KABURI_OK);
    size_t used = 0;
    for (size_t i = 0; i < ROWS; i++) {
        for (uint32_t rank = 0; rank < counts[i]; rank++) {
            assert_true(out[used++].id != i);
        }
    }
    assert_int_equal(counts[0], 0);
    assert_true(counts[2] >= 1 && counts[4] >= 1);
}

static void searches_for_no_rows(void **state) {
    (void)state;
    assert_int_equal(search_rows(3, 3, 0), KABURI_OK);
    assert_int_equal(searched, 0);
    assert_int_equal(counts[0], UINT32_MAX);
}

static void refuses_room_for_no_row(void **state) {
    (void)state;
    assert_int_equal(search_rows(0, ROWS, TOP - 1), KABURI_ERROR_BUFFER);
    assert_string_equal(error.message, "out has room for 2; needed are 3");
    assert_int_equal(searched, 0);
}

static void refuses_rows_beyond_the_batch(void **state) {
    (void)state;
    assert_int_equal(search_rows(0, ROWS + 1, ROOM), KABURI_ERROR_ARGUMENT);
    assert_string_equal(error.message, "rows 0 to 6 of a batch of 5");
    assert_int_equal(search_rows(3, 2, ROOM), KABURI_ERROR_ARGUMENT);
    assert_int_equal(searched, 0);
}

static void refuses_options_out_of_range(void **state) {
    (void)state;
    options.top = 1001;
    assert_int_equal(search_rows(0, ROWS, ROOM), KABURI_ERROR_ARGUMENT);
    assert_string_equal(error.message, "top is 1001; allowed are 1..1000");
    batch.reserved = 1;
    options.top = TOP;
    assert_int_equal(search_rows(0, ROWS, ROOM), KABURI_ERROR_ARGUMENT);
    assert_string_equal(error.message, "batch.reserved is 1; allowed is 0");
    batch.struct_size = 8;
    assert_int_equal(search_rows(0, ROWS, ROOM), KABURI_ERROR_ARGUMENT);
}

static void names_the_row_that_is_refused(void **state) {
    (void)state;
    static const char deals[] = "ab\xFF";
    batch.deal = (kaburi_column){.data = deals, .offsets32 = (const int32_t[]){0, 1, 2, 3, 3, 3}};
    assert_int_equal(search_rows(1, ROWS, ROOM), KABURI_ERROR_TEXT);
    assert_string_equal(error.message, "record 2: deal: malformed UTF-8 at byte 0");
    assert_true(error.offset == 0);
    assert_int_equal(searched, 1);
    assert_true(counts[0] >= 2 && counts[1] == UINT32_MAX);
    assert_int_equal(kaburi_matches_count(matches), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(finds_what_a_search_for_each_row_finds),
        TEST(finds_a_part_of_a_batch),
        TEST(goes_on_where_the_room_ended),
        TEST(leaves_out_a_row_itself),
        TEST(searches_for_no_rows),
        TEST(refuses_room_for_no_row),
        TEST(refuses_rows_beyond_the_batch),
        TEST(refuses_options_out_of_range),
        TEST(names_the_row_that_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
