/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 checked, decoded and written: every class of malformed sequence is refused at its first
 * byte, every code point goes through and comes back.
 */
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static kaburi_error error;

static kaburi_status check(const char *data, size_t size) {
    memset(&error, 0x5A, sizeof error);
    /* A block of just this size, so that a sanitizer sees any read behind it. */
    char *block = malloc(size > 0 ? size : 1);
    assert_non_null(block);
    if (size > 0) {
        memcpy(block, data, size);
    }
    kaburi_status status = kbr_text_check((kaburi_text){block, size}, "company", &error);
    free(block);
    return status;
}

static void accept(const char *data) {
    if (check(data, strlen(data)) != KABURI_OK) {
        fail_msg("'%s' is refused at %llu", data, (unsigned long long)error.offset);
    }
}

/* Refused at `offset`, alone, between other characters, and at the end of a text. */
static void refuse(const char *bytes, size_t size) {
    char text[64];
    static const struct {
        const char *before;
        const char *behind;
    } surroundings[] = {{"", ""}, {"ab", ""}, {"", "ab"}, {"山a", "田"}, {"\U0001F600", "\u00E9"}};
    for (size_t i = 0; i < KBR_COUNT(surroundings); i++) {
        size_t offset = strlen(surroundings[i].before);
        memcpy(text, surroundings[i].before, offset);
        memcpy(text + offset, bytes, size);
        size_t behind = strlen(surroundings[i].behind);
        memcpy(text + offset + size, surroundings[i].behind, behind);
        assert_int_equal(check(text, offset + size + behind), KABURI_ERROR_TEXT);
        assert_int_equal(error.status, KABURI_ERROR_TEXT);
        assert_int_equal(error.os_error, 0);
        assert_int_equal(error.offset, offset);
        assert_non_null(strstr(error.message, "company"));
    }
}

#define REFUSE(bytes) refuse((bytes), sizeof(bytes) - 1)

static void accepts_well_formed_text(void **state) {
    (void)state;
    accept("");
    accept("山田製作所 Café \U00020BB7野家 \U0001F600");
    accept("\x01\x7F");
    accept("\xC2\x80\xDF\xBF");
    accept("\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF");
    accept("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF");
}

static void accepts_an_absent_text(void **state) {
    (void)state;
    assert_int_equal(kbr_text_check((kaburi_text){NULL, 0}, "deal", &error), KABURI_OK);
}

static void refuses_nul(void **state) {
    (void)state;
    refuse("", 1);
    assert_non_null(strstr(error.message, "NUL"));
}

static void refuses_overlong_forms(void **state) {
    (void)state;
    REFUSE("\xC0\x80");
    REFUSE("\xC0\xAF");
    REFUSE("\xC1\xBF");
    REFUSE("\xE0\x80\x80");
    REFUSE("\xE0\x9F\xBF");
    REFUSE("\xF0\x80\x80\x80");
    REFUSE("\xF0\x8F\xBF\xBF");
}

static void refuses_surrogates(void **state) {
    (void)state;
    REFUSE("\xED\xA0\x80");
    REFUSE("\xED\xBF\xBF");
    REFUSE("\xED\xA0\x81\xED\xB0\x80"); /* a pair, as CESU-8 has it */
}

static void refuses_what_is_above_unicode(void **state) {
    (void)state;
    REFUSE("\xF4\x90\x80\x80");
    REFUSE("\xF5\x80\x80\x80");
    REFUSE("\xF8\x88\x80\x80\x80");
    REFUSE("\xFC\x84\x80\x80\x80\x80");
    REFUSE("\xFE");
    REFUSE("\xFF");
}

static void refuses_stray_continuations(void **state) {
    (void)state;
    REFUSE("\x80");
    REFUSE("\xBF");
    REFUSE("\x80\x80");
}

static void refuses_truncated_sequences(void **state) {
    (void)state;
    REFUSE("\xC3");
    REFUSE("\xE5");
    REFUSE("\xE5\xB1");
    REFUSE("\xF0");
    REFUSE("\xF0\xA0");
    REFUSE("\xF0\xA0\xAE");
    REFUSE("\xE5\xB1\xC3\xA9"); /* the next character begins too early */
    REFUSE("\xC3\xFF");
}

static void names_the_first_of_many_faults(void **state) {
    (void)state;
    static const char text[] = "ab\xFF"
                               "c\x80";
    assert_int_equal(check(text, sizeof text - 1), KABURI_ERROR_TEXT);
    assert_int_equal(error.offset, 2);
    assert_string_equal(error.message, "company: malformed UTF-8 at byte 2");
}

static void limits_the_size(void **state) {
    (void)state;
    static char text[KABURI_TEXT_SIZE_MAX + 1];
    memset(text, 'a', sizeof text);
    assert_int_equal(KABURI_TEXT_SIZE_MAX, 16384);
    assert_int_equal(check(text, sizeof text - 1), KABURI_OK);
    assert_int_equal(check(text, sizeof text), KABURI_ERROR_TOO_LONG);
    assert_string_equal(error.message, "company has 16385 bytes; allowed are 16384");
    text[3] = '\xFF'; /* not looked at */
    assert_int_equal(check(text, sizeof text), KABURI_ERROR_TOO_LONG);
    assert_int_equal(check(text, sizeof text - 1), KABURI_ERROR_TEXT);
    assert_int_equal(kbr_text_check((kaburi_text){text, SIZE_MAX}, "deal", NULL),
                     KABURI_ERROR_TOO_LONG);
}

static void needs_no_error_to_fill(void **state) {
    (void)state;
    assert_int_equal(kbr_text_check((kaburi_text){"\xFF", 1}, "deal", NULL), KABURI_ERROR_TEXT);
    assert_int_equal(kbr_text_check((kaburi_text){"a", 1}, "deal", NULL), KABURI_OK);
}

/* UTF-8 of a code point by arithmetic of its own: the top bits in the lead byte. */
static size_t write_code_point(char *out, uint32_t c) {
    size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size; i-- > 1; c /= 64) {
        out[i] = (char)(0x80 + c % 64);
    }
    out[0] = (char)(leads[size] + c);
    return size;
}

static void takes_every_code_point_there_and_back(void **state) {
    (void)state;
    for (uint32_t c = 1; c < 0x110000; c++) {
        char text[4];
        char written[6];
        size_t size = write_code_point(text, c);
        bool surrogate = c >= 0xD800 && c < 0xE000;
        kaburi_status status = kbr_text_check((kaburi_text){text, size}, "deal", &error);
        if (status != (surrogate ? KABURI_ERROR_TEXT : KABURI_OK)) {
            fail_msg("U+%04X: status %d", c, status);
        }
        if (surrogate) {
            continue;
        }
        size_t position = 0;
        uint32_t read = kbr_text_next(text, size, &position);
        uint16_t units[2] = {(uint16_t)c, 0};
        if (c > 0xFFFF) {
            units[0] = (uint16_t)(0xD800 + (c - 0x10000) / 0x400);
            units[1] = (uint16_t)(0xDC00 + (c - 0x10000) % 0x400);
        }
        size_t written_size = kbr_text_from_units(written, units, c > 0xFFFF ? 2 : 1);
        if (read != c || position != size || written_size != size ||
            memcmp(written, text, size) != 0) {
            fail_msg("U+%04X is read as U+%04X or written otherwise", c, read);
        }
    }
}

static void reads_from_any_place(void **state) {
    (void)state;
    static const char text[] = "a\u00E9山\U00020BB7z";
    static const uint32_t expected[] = {'a', 0xE9, 0x5C71, 0x20BB7, 'z'};
    size_t position = 0;
    for (size_t i = 0; i < KBR_COUNT(expected); i++) {
        assert_int_equal(kbr_text_next(text, sizeof text - 1, &position), expected[i]);
    }
    assert_int_equal(position, sizeof text - 1);
}

static void writes_a_lone_surrogate_as_a_replacement(void **state) {
    (void)state;
    static const uint16_t units[] = {0xD842, 'a', 0xDFB7, 0xD842, 0xD842, 0xDFB7, 0xD842};
    char written[3 * KBR_COUNT(units)];
    size_t size = kbr_text_from_units(written, units, KBR_COUNT(units));
    static const char expected[] = "\uFFFDa\uFFFD\uFFFD\U00020BB7\uFFFD";
    assert_int_equal(size, sizeof expected - 1);
    assert_memory_equal(written, expected, size);
    assert_int_equal(kbr_text_from_units(written, units, 0), 0);
}

/* Random bytes: accepted exactly when a decoder after the table of RFC 3629 takes them. */
static bool well_formed(const unsigned char *at, size_t size) {
    for (size_t i = 0; i < size;) {
        static const unsigned char rows[][4] = {/* first lead, last lead, second byte from, to */
                                                {0xC2, 0xDF, 0x80, 0xBF}, {0xE0, 0xE0, 0xA0, 0xBF},
                                                {0xE1, 0xEC, 0x80, 0xBF}, {0xED, 0xED, 0x80, 0x9F},
                                                {0xEE, 0xEF, 0x80, 0xBF}, {0xF0, 0xF0, 0x90, 0xBF},
                                                {0xF1, 0xF3, 0x80, 0xBF}, {0xF4, 0xF4, 0x80, 0x8F}};
        if (at[i] > 0 && at[i] < 0x80) {
            i++;
            continue;
        }
        size_t row = 0;
        while (row < KBR_COUNT(rows) && (at[i] < rows[row][0] || at[i] > rows[row][1])) {
            row++;
        }
        size_t len = at[i] >= 0xF0 ? 4 : at[i] >= 0xE0 ? 3 : 2;
        if (row == KBR_COUNT(rows) || i + len > size || at[i + 1] < rows[row][2] ||
            at[i + 1] > rows[row][3]) {
            return false;
        }
        for (size_t j = 2; j < len; j++) {
            if (at[i + j] < 0x80 || at[i + j] > 0xBF) {
                return false;
            }
        }
        i += len;
    }
    return true;
}

static void accepts_exactly_what_is_well_formed(void **state) {
    (void)state;
    static const unsigned char pool[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0,
                                         0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE5, 0xED,
                                         0xEF, 0xF0, 0xF3, 0xF4, 0xF5, 0xFF};
    uint32_t seed = 1;
    unsigned accepted = 0;
    for (int round = 0; round < 300000; round++) {
        unsigned char bytes[4];
        seed = seed * 1664525 + 1013904223;
        size_t size = 1 + (seed >> 16) % 4;
        for (size_t i = 0; i < size; i++) {
            seed = seed * 1664525 + 1013904223;
            bytes[i] = pool[(seed >> 16) % KBR_COUNT(pool)];
        }
        bool expected = well_formed(bytes, size);
        accepted += expected;
        assert_int_equal(check((const char *)bytes, size),
                         expected ? KABURI_OK : KABURI_ERROR_TEXT);
    }
    assert_true(accepted > 1000);
}

static void shows_a_value_of_a_file_in_a_message(void **state) {
    (void)state;
    static const struct {
        const char *value;
        const char *shown;
    } tries[] = {
        {"", ""},
        {"alert", "alert"},
        {"a b\x1B\x7F", "a b??"},
        {"山田製作所", "山田"},  /* cut between characters */
        {"山\xFF\x80", "?????"}, /* no UTF-8: no byte of it but ASCII is text */
    };
    for (size_t i = 0; i < KBR_COUNT(tries); i++) {
        char shown[9];
        size_t size = kbr_text_shown(shown, sizeof shown, tries[i].value, strlen(tries[i].value));
        assert_string_equal(shown, tries[i].shown);
        assert_int_equal(size, strlen(shown));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_well_formed_text),
        cmocka_unit_test(accepts_an_absent_text),
        cmocka_unit_test(refuses_nul),
        cmocka_unit_test(refuses_overlong_forms),
        cmocka_unit_test(refuses_surrogates),
        cmocka_unit_test(refuses_what_is_above_unicode),
        cmocka_unit_test(refuses_stray_continuations),
        cmocka_unit_test(refuses_truncated_sequences),
        cmocka_unit_test(names_the_first_of_many_faults),
        cmocka_unit_test(limits_the_size),
        cmocka_unit_test(needs_no_error_to_fill),
        cmocka_unit_test(takes_every_code_point_there_and_back),
        cmocka_unit_test(reads_from_any_place),
        cmocka_unit_test(writes_a_lone_surrogate_as_a_replacement),
        cmocka_unit_test(accepts_exactly_what_is_well_formed),
        cmocka_unit_test(shows_a_value_of_a_file_in_a_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
