/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Twins alone: which rows are the same, in every column and in none, how they are linked, and that
 * rows made to fall in one place of a table do not.
 */
#include "twins.h"

#include "hash.h"
#include "samples.h"
#include "starved.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ROWS_MAX 512

static char bytes[ROWS_MAX * 16];
static int32_t offsets[ROWS_MAX + 1];
static kaburi_batch batch;
static kaburi_error error;

static void begin(void) {
    kaburi_batch_init(&batch);
    batch.company = (kaburi_column){.data = bytes, .offsets32 = offsets};
}

static void add(const char *company) {
    size_t size = strlen(company);
    assert_true(batch.count < ROWS_MAX && size <= 16);
    memcpy(bytes + offsets[batch.count], company, size);
    offsets[batch.count + 1] = offsets[batch.count] + (int32_t)size;
    batch.count++;
}

static kbr_twins find(void) {
    kbr_twins twins;
    if (kbr_twins_find(&twins, &batch, &kbr_allocator_default, &error) != KABURI_OK) {
        fail_msg("refused: %s", error.message);
    }
    return twins;
}

static void links_rows_that_are_the_same(void **state) {
    (void)state;
    begin();
    static const char *const names[] = {"a", "b", "a", "", "ab", "b", "a", ""};
    static const uint32_t first[] = {0, 1, 0, 3, 4, 1, 0, 3};
    static const uint32_t next[] = {
        2, 5, 6, 7, KBR_TWINS_NONE, KBR_TWINS_NONE, KBR_TWINS_NONE, KBR_TWINS_NONE};
    static const uint32_t counts[] = {3, 2, 0, 2, 1, 0, 0, 0};
    for (size_t i = 0; i < 8; i++) {
        add(names[i]);
    }
    kbr_twins twins = find();
    assert_int_equal(twins.row_count, 8);
    assert_memory_equal(twins.first, first, sizeof first);
    assert_memory_equal(twins.next, next, sizeof next);
    assert_memory_equal(twins.count, counts, sizeof counts);
    kbr_twins_free(&twins);
    kbr_twins_free(&twins);
}

static void an_empty_batch_has_none(void **state) {
    (void)state;
    begin();
    kbr_twins twins = find();
    assert_int_equal(twins.row_count, 0);
    kbr_twins_free(&twins);
}

/* Rows 0 and 1 differ in one column at a time. */
static void tells_rows_by_every_column(void **state) {
    (void)state;
    static const int32_t same[] = {0, 1, 2};
    static const int32_t other[] = {0, 1, 3};
    static const char text[] = "xxy";
    static const int64_t amounts[] = {7, 8};
    static const int32_t numbers[] = {1, 2};
    for (int column = 0; column < 10; column++) {
        begin();
        batch.count = 2;
        kaburi_column *const columns[] = {&batch.company, &batch.company_reading,
                                          &batch.corporate_number, &batch.domain, &batch.deal};
        for (int i = 0; i < 5; i++) {
            *columns[i] = (kaburi_column){.data = text, .offsets32 = i == column ? other : same};
        }
        batch.amounts = column == 5 ? amounts : NULL;
        batch.close_dates = column == 6 ? numbers : NULL;
        batch.stages = column == 7 ? numbers : NULL;
        batch.kinds = column == 8 ? numbers : NULL;
        kbr_twins twins = find();
        assert_int_equal(twins.first[1], column == 9 ? 0 : 1);
        kbr_twins_free(&twins);
    }
}

/* What one column has is not what the next one has: "ab", "c" and "a", "bc". */
static void tells_rows_whose_bytes_are_parted_otherwise(void **state) {
    (void)state;
    static const int32_t companies[] = {0, 2, 3};
    static const int32_t deals[] = {0, 1, 3};
    begin();
    batch.count = 2;
    batch.company = (kaburi_column){.data = "aba", .offsets32 = companies};
    batch.deal = (kaburi_column){.data = "cbc", .offsets32 = deals};
    kbr_twins twins = find();
    assert_int_equal(twins.first[1], 1);
    kbr_twins_free(&twins);
}

/* Found as by comparing all with all, whatever the seed of the hash. */
static void agrees_with_comparing_all(void **state) {
    (void)state;
    uint64_t seed = 5;
    for (int round = 0; round < 20; round++) {
        begin();
        for (size_t i = 0; i < 200; i++) {
            char name[16];
            (void)snprintf(name, sizeof name, "%u", sample_draw(&seed, 90));
            add(name);
        }
        kbr_twins twins = find();
        for (size_t row = 0; row < batch.count; row++) {
            size_t first = 0;
            int32_t size = offsets[row + 1] - offsets[row];
            while (offsets[first + 1] - offsets[first] != size ||
                   memcmp(bytes + offsets[first], bytes + offsets[row], (size_t)size) != 0) {
                first++;
            }
            assert_int_equal(twins.first[row], first);
        }
        kbr_twins_free(&twins);
    }
}

/* The place of a name in a table of a hash without a seed, which anybody can compute. */
static uint64_t place_of(const char *company) {
    uint64_t parts[7] = {kbr_hash(company, strlen(company)), 0, 0, 0, 0, (uint64_t)INT64_MIN,
                         (uint64_t)(uint32_t)INT32_MIN << 32};
    return kbr_hash(parts, sizeof parts) & (ROWS_MAX * 2 - 1);
}

static void rows_made_to_collide_do_not(void **state) {
    (void)state;
    begin();
    for (uint32_t i = 0; batch.count < ROWS_MAX; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "c%u", i);
        if (place_of(name) == 0) {
            add(name);
        }
    }
    kbr_twins twins = find();
    assert_in_range(twins.steps, 1, ROWS_MAX * 8);
    for (size_t row = 0; row < batch.count; row++) {
        assert_int_equal(twins.count[row], 1);
    }
    kbr_twins_free(&twins);
}

static void names_a_row_that_leads_nowhere(void **state) {
    (void)state;
    begin();
    add("a");
    add("b");
    offsets[2] = 0;
    kbr_twins twins;
    assert_int_equal(kbr_twins_find(&twins, &batch, &kbr_allocator_default, &error),
                     KABURI_ERROR_ARGUMENT);
    assert_memory_equal(error.message, "record 1: ", 10);
    assert_null(twins.first);
}

static void reports_missing_memory_at_every_allocation(void **state) {
    (void)state;
    begin();
    add("a");
    size_t granted = 0;
    for (;; granted++) {
        starved memory = {granted, 0};
        kaburi_allocator allocator = starved_allocator(&memory);
        kbr_twins twins;
        kaburi_status status = kbr_twins_find(&twins, &batch, &allocator, &error);
        if (status == KABURI_OK) {
            kbr_twins_free(&twins);
            assert_int_equal(memory.blocks, 0);
            break;
        }
        assert_int_equal(status, KABURI_ERROR_MEMORY);
        assert_int_equal(memory.blocks, 0);
    }
    assert_int_equal(granted, 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_rows_that_are_the_same),
        cmocka_unit_test(an_empty_batch_has_none),
        cmocka_unit_test(tells_rows_by_every_column),
        cmocka_unit_test(tells_rows_whose_bytes_are_parted_otherwise),
        cmocka_unit_test(agrees_with_comparing_all),
        cmocka_unit_test(rows_made_to_collide_do_not),
        cmocka_unit_test(names_a_row_that_leads_nowhere),
        cmocka_unit_test(reports_missing_memory_at_every_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
