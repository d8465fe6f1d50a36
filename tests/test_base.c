/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory and errors: sizes that would overflow, growth, an allocator that has nothing to give, and
 * messages longer than their room.
 */
#include "base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Counts calls and blocks; gives nothing once `left` is 0. */
typedef struct memory_budget {
    size_t left;
    size_t calls;
    size_t blocks;
    size_t last_size;
} memory_budget;

static void *resize(void *context, void *block, size_t new_size) {
    memory_budget *budget = context;
    budget->calls++;
    budget->last_size = new_size;
    if (new_size == 0) {
        budget->blocks -= block != NULL;
        free(block);
        return NULL;
    }
    if (budget->left == 0) {
        return NULL;
    }
    budget->left--;
    void *resized = realloc(block, new_size);
    budget->blocks += block == NULL && resized != NULL;
    return resized;
}

static memory_budget budget;
static const kaburi_allocator counting = {&budget, resize};

static int set_up(void **state) {
    (void)state;
    budget = (memory_budget){.left = SIZE_MAX};
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    assert_int_equal(budget.blocks, 0);
    return 0;
}

/* ---- allocators ---- */

static void takes_the_default_where_no_allocator_is_given(void **state) {
    (void)state;
    static const kaburi_allocator unset = {&budget, NULL};
    assert_ptr_equal(kbr_allocator_of(NULL).resize, kbr_allocator_default.resize);
    assert_ptr_equal(kbr_allocator_of(&unset).resize, kbr_allocator_default.resize);
    kaburi_allocator given = kbr_allocator_of(&counting);
    assert_ptr_equal(given.resize, resize);
    assert_ptr_equal(given.context, &budget);
}

static void allocates_by_default_from_the_c_library(void **state) {
    (void)state;
    unsigned char *block = kbr_allocate(&kbr_allocator_default, 100, 3);
    assert_non_null(block);
    memset(block, 1, 300);
    kbr_release(&kbr_allocator_default, block);
    assert_null(kbr_allocator_default.resize(NULL, NULL, 0));
}

static void allocates_zeroed_blocks(void **state) {
    (void)state;
    static const unsigned char zeros[700];
    unsigned char *block = kbr_allocate(&counting, 100, 7);
    assert_non_null(block);
    assert_int_equal(budget.last_size, 700);
    assert_memory_equal(block, zeros, 700);
    kbr_release(&counting, block);
}

static void refuses_sizes_that_overflow(void **state) {
    (void)state;
    assert_null(kbr_allocate(&counting, SIZE_MAX, 2));
    assert_null(kbr_allocate(&counting, SIZE_MAX / 2 + 1, 2));
    assert_null(kbr_allocate(&counting, 2, SIZE_MAX));
    assert_null(kbr_allocate(&counting, (size_t)1 << 33, (size_t)1 << 33));
    assert_int_equal(budget.calls, 0);
}

static void refuses_blocks_of_nothing(void **state) {
    (void)state;
    assert_null(kbr_allocate(&counting, 0, 8));
    assert_null(kbr_allocate(&counting, 8, 0));
    assert_int_equal(budget.calls, 0);
}

static void gives_nothing_without_memory(void **state) {
    (void)state;
    budget.left = 0;
    assert_null(kbr_allocate(&counting, 10, 10));
    assert_int_equal(budget.calls, 1);
}

static void releases_nothing_where_nothing_is(void **state) {
    (void)state;
    kbr_release(&counting, NULL);
    assert_int_equal(budget.calls, 0);
}

/* ---- arrays ---- */

static void grows_by_half_so_that_appending_is_cheap(void **state) {
    (void)state;
    void *items = NULL;
    size_t capacity = 0;
    for (uint32_t i = 0; i < 100000; i++) {
        assert_true(kbr_reserve(&counting, &items, &capacity, i + 1, sizeof(uint32_t)));
        assert_true(capacity > i);
        ((uint32_t *)items)[i] = i;
    }
    assert_true(budget.calls < 30);
    for (uint32_t i = 0; i < 100000; i++) {
        assert_int_equal(((uint32_t *)items)[i], i);
    }
    kbr_release(&counting, items);
}

static void reserves_nothing_where_there_is_room(void **state) {
    (void)state;
    void *items = NULL;
    size_t capacity = 0;
    assert_true(kbr_reserve(&counting, &items, &capacity, 0, 8));
    assert_null(items);
    assert_true(kbr_reserve(&counting, &items, &capacity, 1000, 8));
    assert_true(capacity >= 1000);
    size_t calls = budget.calls;
    assert_true(kbr_reserve(&counting, &items, &capacity, capacity, 8));
    assert_int_equal(budget.calls, calls);
    kbr_release(&counting, items);
}

static void leaves_an_array_as_it_was_without_memory(void **state) {
    (void)state;
    void *items = NULL;
    size_t capacity = 0;
    assert_true(kbr_reserve(&counting, &items, &capacity, 20, 4));
    memset(items, 7, 80);
    void *same = items;
    size_t same_capacity = capacity;
    budget.left = 0;
    assert_false(kbr_reserve(&counting, &items, &capacity, capacity + 1, 4));
    assert_ptr_equal(items, same);
    assert_int_equal(capacity, same_capacity);
    assert_int_equal(((unsigned char *)items)[79], 7);
    budget.left = 1;
    assert_true(kbr_reserve(&counting, &items, &capacity, capacity + 1, 4));
    assert_int_equal(((unsigned char *)items)[79], 7);
    kbr_release(&counting, items);
}

static void refuses_arrays_that_overflow(void **state) {
    (void)state;
    void *items = NULL;
    size_t capacity = 0;
    assert_false(kbr_reserve(&counting, &items, &capacity, SIZE_MAX / 4 + 1, 4));
    assert_false(kbr_reserve(&counting, &items, &capacity, SIZE_MAX, 2));
    assert_null(items);
    assert_int_equal(capacity, 0);
    assert_int_equal(budget.calls, 0);
}

/* ---- units ---- */

static void appends_and_replaces_units(void **state) {
    (void)state;
    static const uint16_t text[] = {'a', 'b', 0x5C71};
    kbr_units units = {.allocator = &counting};
    assert_true(kbr_units_append(&units, text, 0));
    assert_true(kbr_units_append(&units, NULL, 0));
    assert_null(units.data);
    for (int i = 0; i < 1000; i++) {
        assert_true(kbr_units_append(&units, text, 3));
    }
    assert_int_equal(units.len, 3000);
    assert_memory_equal(units.data + 2997, text, sizeof text);
    size_t calls = budget.calls;
    assert_true(kbr_units_set(&units, text + 1, 2));
    assert_int_equal(units.len, 2);
    assert_memory_equal(units.data, text + 1, 4);
    assert_int_equal(budget.calls, calls);
    assert_true(kbr_units_set(&units, NULL, 0));
    assert_int_equal(units.len, 0);
    kbr_units_free(&units);
    assert_null(units.data);
    assert_int_equal(units.capacity, 0);
    kbr_units_free(&units);
}

static void keeps_units_without_memory(void **state) {
    (void)state;
    static const uint16_t text[64] = {'x'};
    kbr_units units = {.allocator = &counting};
    assert_true(kbr_units_append(&units, text, 10));
    budget.left = 0;
    assert_false(kbr_units_append(&units, text, 64));
    assert_int_equal(units.len, 10);
    assert_memory_equal(units.data, text, 20);
    assert_false(kbr_units_reserve(&units, 1000));
    assert_int_equal(units.len, 10);
    kbr_units_free(&units);
}

/* ---- errors ---- */

static void fills_an_error(void **state) {
    (void)state;
    kaburi_error error;
    memset(&error, 0x5A, sizeof error);
    assert_int_equal(kbr_fail_at(&error, KABURI_ERROR_FORMAT, 77, "bands is %d", 300),
                     KABURI_ERROR_FORMAT);
    assert_int_equal(error.status, KABURI_ERROR_FORMAT);
    assert_int_equal(error.os_error, 0);
    assert_int_equal(error.offset, 77);
    assert_string_equal(error.message, "bands is 300");
    assert_int_equal(kbr_fail(&error, KABURI_ERROR_ARGUMENT, "%s", "no"), KABURI_ERROR_ARGUMENT);
    assert_int_equal(error.offset, 0);
    assert_int_equal(kbr_fail_memory(&error), KABURI_ERROR_MEMORY);
    assert_string_equal(error.message, "out of memory");
}

static void returns_the_status_without_an_error_to_fill(void **state) {
    (void)state;
    assert_int_equal(kbr_fail(NULL, KABURI_ERROR_IO, "%d", 1), KABURI_ERROR_IO);
    assert_int_equal(kbr_fail_at(NULL, KABURI_ERROR_IO, 5, "%d", 1), KABURI_ERROR_IO);
    assert_int_equal(kbr_fail_memory(NULL), KABURI_ERROR_MEMORY);
}

static void cuts_a_message_to_its_room(void **state) {
    (void)state;
    kaburi_error error;
    char longest[400];
    memset(longest, 'm', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(sizeof error.message, 240);
    (void)kbr_fail(&error, KABURI_ERROR_ARGUMENT, "%s", longest);
    assert_int_equal(strlen(error.message), 239);
    longest[239] = '\0';
    assert_string_equal(error.message, longest);
    (void)kbr_fail(&error, KABURI_ERROR_ARGUMENT, "%s", longest);
    assert_string_equal(error.message, longest);
}

static void cuts_a_message_between_characters(void **state) {
    (void)state;
    static const char *const fillers[] = {"", "a", "ab", "abc"};
    for (size_t i = 0; i < KBR_COUNT(fillers); i++) {
        kaburi_error error;
        char longest[400];
        strcpy(longest, fillers[i]);
        while (strlen(longest) < 300) {
            strcat(longest, i % 2 == 0 ? "\u5C71" : "\U00020BB7");
        }
        (void)kbr_fail(&error, KABURI_ERROR_ARGUMENT, "%s", longest);
        size_t size = strlen(error.message);
        assert_in_range(size, 235, 239);
        assert_memory_equal(error.message, longest, size);
        assert_int_not_equal(longest[size] & 0xC0, 0x80);
    }
}

static void quotes_what_is_no_text_as_signs(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"caf\xE9/x", "caf?/x"},           /* Latin-1 */
        {"\xE5\xB1", "??"},                /* cut */
        {"\xC0\xAF\xED\xA0\x80", "?????"}, /* too long a form, a lone surrogate */
        {"\xF4\x90\x80\x80\xFF", "?????"}, /* beyond Unicode */
        {"\u5C71\U00020BB7/x", "\u5C71\U00020BB7/x"},
    };
    for (size_t i = 0; i < KBR_COUNT(cases); i++) {
        kaburi_error error;
        (void)kbr_fail(&error, KABURI_ERROR_IO, "%s", cases[i][0]);
        assert_string_equal(error.message, cases[i][1]);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(takes_the_default_where_no_allocator_is_given),
        TEST(allocates_by_default_from_the_c_library),
        TEST(allocates_zeroed_blocks),
        TEST(refuses_sizes_that_overflow),
        TEST(refuses_blocks_of_nothing),
        TEST(gives_nothing_without_memory),
        TEST(releases_nothing_where_nothing_is),
        TEST(grows_by_half_so_that_appending_is_cheap),
        TEST(reserves_nothing_where_there_is_room),
        TEST(leaves_an_array_as_it_was_without_memory),
        TEST(refuses_arrays_that_overflow),
        TEST(appends_and_replaces_units),
        TEST(keeps_units_without_memory),
        TEST(fills_an_error),
        TEST(returns_the_status_without_an_error_to_fill),
        TEST(cuts_a_message_to_its_room),
        TEST(cuts_a_message_between_characters),
        TEST(quotes_what_is_no_text_as_signs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
