/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text that grows: numbers that no locale changes, names on one line, JSON strings, and that an
 * append without memory is remembered.
 */
#include "bytes.h"
#include "json.h"
#include "starved.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static kbr_bytes bytes;

static int set_up(void **state) {
    (void)state;
    bytes = (kbr_bytes){.allocator = &kbr_allocator_default};
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    kbr_bytes_free(&bytes);
    return 0;
}

/* Compares what was written and begins anew. */
static void wrote(const char *expected) {
    kbr_bytes_append(&bytes, "", 1);
    assert_false(bytes.failed);
    assert_string_equal(bytes.data, expected);
    bytes.size = 0;
}

static void writes_numbers_with_a_point(void **state) {
    (void)state;
    static const struct {
        double value;
        int decimals;
        const char *text;
    } cases[] = {
        {0, 1, "0.0"},
        {1.25, 2, "1.25"},
        {-1.25, 1, "-1.3"},
        {-0.04, 1, "0.0"},
        {-0.06, 1, "-0.1"},
        {0.0004, 3, "0.000"},
        {0.0006, 3, "0.001"},
        {99.96, 1, "100.0"},
        {1, 6, "1.000000"},
        {0.999999, 6, "0.999999"},
        {-1000.5, 3, "-1000.500"},
        {0.05, 2, "0.05"},
        {1e12, 3, "1000000000000.000"},
    };
    for (size_t i = 0; i < KBR_COUNT(cases); i++) {
        kbr_bytes_fixed(&bytes, cases[i].value, cases[i].decimals);
        wrote(cases[i].text);
    }
}

static void keeps_a_text_on_one_line(void **state) {
    (void)state;
    static const char plain[] = "山田 ㈱\u00A0é😀\"\\";
    kbr_bytes_line(&bytes, plain, strlen(plain));
    wrote(plain);
    static const char broken[] = "a\nb\r\tc\x1B[2K\x7F\xC2\x85\xC2\x9F\u2028\u2029z";
    kbr_bytes_line(&bytes, broken, strlen(broken));
    wrote("a\\u000ab\\u000d\\u0009c\\u001b[2K\\u007f\\u0085\\u009f\\u2028\\u2029z");
    kbr_bytes_line(&bytes, NULL, 0);
    wrote("");
}

static void writes_json_strings(void **state) {
    (void)state;
    static const char text[] = "\"山\\\n\x01\x1F/\x7F\u2028😀";
    kbr_bytes_json(&bytes, text, strlen(text));
    wrote("\"\\\"山\\\\\\u000a\\u0001\\u001f/\x7F\u2028😀\"");
    kbr_bytes_json(&bytes, NULL, 0);
    wrote("\"\"");
    for (int byte = 1; byte < 0x80; byte++) {
        char one = (char)byte;
        kbr_bytes_json(&bytes, &one, 1);
        kbr_bytes_append(&bytes, "", 1);
        assert_true(json_is_sound(bytes.data));
        bytes.size = 0;
    }
}

static void writes_units_as_utf8(void **state) {
    (void)state;
    static const uint16_t units[] = {'a', 0xE9, 0x5C71, 0xD83D, 0xDE00};
    kbr_bytes_units(&bytes, units, KBR_COUNT(units));
    wrote("aé山😀");
    kbr_bytes_units(&bytes, NULL, 0);
    wrote("");
}

static void cuts_a_format_at_255_bytes(void **state) {
    (void)state;
    kbr_bytes_format(&bytes, "%0300d", 7);
    assert_int_equal(bytes.size, 255);
}

static void appends_many_pieces(void **state) {
    (void)state;
    for (int i = 0; i < 10000; i++) {
        kbr_bytes_string(&bytes, "ab");
    }
    assert_int_equal(bytes.size, 20000);
    for (size_t i = 0; i < bytes.size; i++) {
        assert_int_equal(bytes.data[i], i % 2 == 0 ? 'a' : 'b');
    }
}

static void remembers_that_memory_ran_out(void **state) {
    (void)state;
    starved memory = {1, 0};
    kaburi_allocator allocator = starved_allocator(&memory);
    kbr_bytes hungry = {.allocator = &allocator};
    kbr_bytes_string(&hungry, "ab");
    assert_false(hungry.failed);
    char long_text[100];
    memset(long_text, 'x', sizeof long_text);
    kbr_bytes_append(&hungry, long_text, sizeof long_text);
    assert_true(hungry.failed);
    kbr_bytes_string(&hungry, "c"); /* there is room, but a piece is missing before it */
    assert_int_equal(hungry.size, 2);
    assert_memory_equal(hungry.data, "ab", 2);
    kbr_bytes_free(&hungry);
    assert_int_equal(memory.blocks, 0);
    assert_null(hungry.data);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(writes_numbers_with_a_point),   TEST(keeps_a_text_on_one_line),
        TEST(writes_json_strings),           TEST(writes_units_as_utf8),
        TEST(cuts_a_format_at_255_bytes),    TEST(appends_many_pieces),
        TEST(remembers_that_memory_ran_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
