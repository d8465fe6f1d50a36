/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines: words and their places, ends of lines, the first line, what is no text, and numbers that
 * are read as they are written.
 */
#include "lines.h"

#include "bytes.h"
#include "samples.h"
#include "starved.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "kaburi-test 3\n"

static kaburi_error error;

static kaburi_status open_lines(kbr_lines *lines, const char *text, size_t size) {
    memset(&error, 0, sizeof error);
    return kbr_lines_open(lines, "test", 3, text, size, &kbr_allocator_default, &error);
}

static void open_text(kbr_lines *lines, const char *text) {
    if (open_lines(lines, text, strlen(text)) != KABURI_OK) {
        fail_msg("refused: %s", error.message);
    }
}

static bool next(kbr_lines *lines, kbr_line *line) {
    bool more;
    if (kbr_lines_next(lines, line, &more, &error) != KABURI_OK) {
        fail_msg("refused: %s", error.message);
    }
    return more;
}

/* ---- words ---- */

static void gives_words_with_their_places(void **state) {
    (void)state;
    kbr_lines lines;
    kbr_line line;
    open_text(&lines, HEAD "one  two\t三 四 # five\n");
    assert_true(next(&lines, &line));
    static const char *const words[] = {"one", "two", "三", "四"};
    static const size_t columns[] = {1, 6, 10, 12}; /* characters */
    assert_int_equal(line.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(line.word[i], words[i]);
        assert_int_equal(line.column[i], columns[i]);
    }
    assert_false(next(&lines, &line));
    assert_false(next(&lines, &line));
    kbr_lines_close(&lines);
}

static void counts_the_lines_that_have_no_words(void **state) {
    (void)state;
    static const char *const texts[] = {
        HEAD "\n# comment\n \t\nword\n", HEAD "\n#\n\nword", HEAD "\r\n#\r\n\r\nword\r\n",
        "\xEF\xBB\xBF" HEAD "\n \n#word\nword # word", "kaburi-test 3\r\n\n\n\nword\n\n\n"};
    for (size_t i = 0; i < KBR_COUNT(texts); i++) {
        kbr_lines lines;
        kbr_line line;
        open_text(&lines, texts[i]);
        assert_true(next(&lines, &line));
        assert_string_equal(line.word[0], "word");
        assert_int_equal(line.count, 1);
        assert_int_equal(lines.number, 5);
        assert_int_equal(kbr_line_refuse(&line, 0, "no such thing", &error), KABURI_ERROR_FORMAT);
        assert_string_equal(error.message, "test line 5, column 1: no such thing: word");
        assert_int_equal(error.offset, 5);
        assert_false(next(&lines, &line));
        kbr_lines_close(&lines);
    }
}

static void gives_the_last_line_without_a_newline(void **state) {
    (void)state;
    static const char *const texts[] = {HEAD "a\nb", HEAD "a\nb\n", HEAD "a\r\nb\r", HEAD "a\nb#"};
    for (size_t i = 0; i < KBR_COUNT(texts); i++) {
        kbr_lines lines;
        kbr_line line;
        size_t size = strlen(texts[i]);
        char *exact = malloc(size); /* not terminated: the sanitizer sees a read behind it */
        assert_non_null(exact);
        memcpy(exact, texts[i], size);
        assert_int_equal(open_lines(&lines, exact, size), KABURI_OK);
        assert_true(next(&lines, &line));
        assert_string_equal(line.word[0], "a");
        assert_true(next(&lines, &line));
        assert_string_equal(line.word[0], "b");
        assert_int_equal(lines.number, 3);
        assert_false(next(&lines, &line));
        kbr_lines_close(&lines);
        free(exact);
    }
}

static void refuses_a_line_with_its_place(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t line;
        const char *message;
    } cases[] = {
        {HEAD "a b c d e f", 2, "test line 2, column 11: too many words"},
        {HEAD "\n三 b c d e f", 3, "test line 3, column 11: too many words"},
        {HEAD "三 \xE9", 2, "test line 2, column 3: malformed UTF-8"},
        {HEAD "a\n# caf\xE9\n", 3, "test line 3, column 6: malformed UTF-8"},
        {HEAD "a \xE5\xB1\n", 2, "test line 2, column 3: malformed UTF-8"},
        {HEAD "a # \xED\xA0\x80\n", 2, "test line 2, column 5: malformed UTF-8"},
        {HEAD "a\n\xEF\xBB\xBF\xFF", 3, "test line 3, column 2: malformed UTF-8"},
    };
    for (size_t i = 0; i < KBR_COUNT(cases); i++) {
        kbr_lines lines;
        kbr_line line;
        bool more = true;
        kaburi_status status = KABURI_OK;
        open_text(&lines, cases[i].text);
        while (status == KABURI_OK && more) {
            status = kbr_lines_next(&lines, &line, &more, &error);
        }
        kbr_lines_close(&lines);
        assert_int_equal(status, KABURI_ERROR_FORMAT);
        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(error.offset, cases[i].line);
    }
}

/* ---- the first line ---- */

static void takes_the_first_line_as_it_is_told(void **state) {
    (void)state;
    static const char *const texts[] = {"kaburi-test 3",
                                        HEAD,
                                        "kaburi-test 3\r\n",
                                        "kaburi-test 3 \n",
                                        "kaburi-test\t3\t \r\n",
                                        "kaburi-test   003",
                                        "kaburi-test 3 # 三\n",
                                        "kaburi-test 3# no more\n",
                                        ("\xEF\xBB\xBF" HEAD "\n"),
                                        "\xEF\xBB\xBFkaburi-test 3"};
    for (size_t i = 0; i < KBR_COUNT(texts); i++) {
        kbr_lines lines;
        kbr_line line;
        open_text(&lines, texts[i]);
        assert_false(next(&lines, &line));
        kbr_lines_close(&lines);
    }
}

static void refuses_another_first_line(void **state) {
    (void)state;
    static const char no_test[] = "not a test file: line 1 is not \"kaburi-test 3\"";
    static const char no_version[] = "test line 1: no version";
    static const char *const cases[][2] = {
        {"", no_test},
        {"\xEF\xBB\xBF", no_test},
        {"\xEF\xBB\xBF\xEF\xBB\xBF" HEAD, no_test},
        {"\n" HEAD, no_test},
        {" " HEAD, no_test},
        {"# comment\n" HEAD, no_test},
        {"kaburi-", no_test},
        {"kaburi-test", no_test},
        {"kaburi-test3\n", no_test},
        {"kaburi-tests 3\n", no_test},
        {"kaburi-test\n3\n", no_test},
        {"kaburi-test \n", no_version},
        {"kaburi-test # 3\n", no_version},
        {"kaburi-test 3 3\n", no_version},
        {"kaburi-test -3\n", no_version},
        {"kaburi-test 3.0\n", no_version},
        {"kaburi-test 3x\n", no_version},
        {"kaburi-test 3000000000\n", no_version},
        {"kaburi-test 3 # \xE9\n", "test line 1, column 17: malformed UTF-8"},
        {"kaburi-test 1 2 3 4 5\n", "test line 1, column 21: too many words"},
    };
    for (size_t i = 0; i < KBR_COUNT(cases); i++) {
        kbr_lines lines;
        assert_int_equal(open_lines(&lines, cases[i][0], strlen(cases[i][0])), KABURI_ERROR_FORMAT);
        assert_string_equal(error.message, cases[i][1]);
        assert_int_equal(error.offset, 1);
        assert_null(lines.text);
    }
    kbr_lines lines;
    assert_int_equal(open_lines(&lines, "kaburi-test 4\n\xFF", 15), KABURI_ERROR_VERSION);
    assert_string_equal(error.message, "test file of version 4; this library reads 3");
}

static void refuses_nul_and_what_is_too_long(void **state) {
    (void)state;
    kbr_lines lines;
    assert_int_equal(open_lines(&lines, HEAD "a\0b", sizeof HEAD + 2), KABURI_ERROR_FORMAT);
    assert_string_equal(error.message, "not a test file: NUL at byte 15");
    size_t size = KBR_LINES_SIZE_MAX + 1;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, '\n', size);
    memcpy(text, HEAD, strlen(HEAD));
    assert_int_equal(open_lines(&lines, text, size), KABURI_ERROR_FORMAT);
    assert_string_equal(error.message, "a test of more than 1048576 bytes");
    assert_int_equal(open_lines(&lines, text, size - 1), KABURI_OK);
    kbr_line line;
    assert_false(next(&lines, &line));
    assert_int_equal(lines.number, size - 1 - strlen(HEAD) + 2);
    kbr_lines_close(&lines);
    free(text);
}

static void reports_missing_memory(void **state) {
    (void)state;
    kbr_lines lines;
    starved memory = {0, 0};
    kaburi_allocator allocator = starved_allocator(&memory);
    assert_int_equal(kbr_lines_open(&lines, "test", 3, HEAD, strlen(HEAD), &allocator, &error),
                     KABURI_ERROR_MEMORY);
    kbr_lines_close(&lines);
    memory.left = 1;
    assert_int_equal(kbr_lines_open(&lines, "test", 3, "x", 1, &allocator, &error),
                     KABURI_ERROR_FORMAT);
    assert_int_equal(memory.blocks, 0);
}

/* ---- numbers ---- */

static void reads_numbers(void **state) {
    (void)state;
    static const struct {
        const char *word;
        double number;
    } cases[] = {
        {"0", 0},
        {"-0.0", 0},
        {"0e99999999999", 0},
        {".5", .5},
        {"5.", 5},
        {"1.14", 1.14},
        {"0.1", 0.1},
        {"-12.75e1", -127.5},
        {"25E-2", .25},
        {"1e+05", 1e5},
        {"0.000000000000000000000000000001e30", 1},
        {"123456789", 123456789},
        {"000123.456789000", 123.456789},
        /* to nine digits */
        {"0.1234567891", .123456789},
        {"0.1234567895", .12345679},
        {"1234567894", 1234567890},
        {"999999999.5", 1e9},
        {"0.33333333333333333333", .333333333},
        {"1.0000000001", 1},
        {"1e300", 1e300},
    };
    for (size_t i = 0; i < KBR_COUNT(cases); i++) {
        double number = -1;
        if (!kbr_lines_number(cases[i].word, &number) || number != cases[i].number) {
            fail_msg("%s: %.17g", cases[i].word, number);
        }
    }
}

static void refuses_what_is_no_number(void **state) {
    (void)state;
    static const char *const words[] = {"",           "-",
                                        ".",          "-.",
                                        "+1",         "--1",
                                        "1,5",        "1.2.3",
                                        "0x1",        "nan",
                                        "inf",        "1e",
                                        "1e-",        "1e1.5",
                                        "e5",         "1e5x",
                                        "1 ",         "\xEF\xBC\x91",
                                        "1e301",      "1e-301",
                                        "0.001e-298", "1e99999999999",
                                        "1e\v5",      "1e--5"};
    for (size_t i = 0; i < KBR_COUNT(words); i++) {
        double number;
        if (kbr_lines_number(words[i], &number)) {
            fail_msg("taken: %s", words[i]);
        }
    }
}

/* What is written of a number that was read is the same number, and is written the same. */
static void reads_what_it_writes(void **state) {
    (void)state;
    uint64_t seed = 17;
    for (int round = 0; round < 20000; round++) {
        char word[64] = "";
        size_t len = 0;
        uint32_t point = sample_draw(&seed, 24);
        for (uint32_t i = 1 + sample_draw(&seed, 22); i > 0; i--) {
            if (i == point) {
                word[len++] = '.';
            }
            word[len++] = (char)('0' + sample_draw(&seed, sample_draw(&seed, 2) == 0 ? 10 : 1));
        }
        if (sample_draw(&seed, 2) == 0) {
            (void)snprintf(word + len, sizeof word - len, "e%d",
                           (int)sample_draw(&seed, 620) - 310);
        }
        double number;
        double again = -1;
        if (!kbr_lines_number(word, &number)) {
            continue;
        }
        kbr_bytes once = {.allocator = &kbr_allocator_default};
        kbr_bytes twice = {.allocator = &kbr_allocator_default};
        kbr_bytes_number(&once, number);
        kbr_bytes_append(&once, "", 1);
        if (!kbr_lines_number(once.data, &again) || again != number) {
            fail_msg("%s: %.17g, written %s: %.17g", word, number, once.data, again);
        }
        kbr_bytes_number(&twice, again);
        kbr_bytes_append(&twice, "", 1);
        assert_string_equal(twice.data, once.data);
        kbr_bytes_free(&once);
        kbr_bytes_free(&twice);
    }
}

static void tells_the_range_of_a_number(void **state) {
    (void)state;
    kbr_lines lines;
    kbr_line line;
    double number;
    open_text(&lines, HEAD "shift 0.25 half 5\n");
    assert_true(next(&lines, &line));
    assert_int_equal(kbr_line_number(&number, &line, 1, 0, 1, &error), KABURI_OK);
    assert_true(number == 0.25);
    static const char *const messages[] = {
        "test line 2, column 12: not a number from 0 to 1: half",
        "test line 2, column 17: not a number from 0 to 1: 5",
        "test line 2, column 1: a number from 0 to 1 is missing"};
    for (size_t word = 2; word < 5; word++) {
        assert_int_equal(kbr_line_number(&number, &line, word, 0, 1, &error), KABURI_ERROR_FORMAT);
        assert_string_equal(error.message, messages[word - 2]);
    }
    kbr_lines_close(&lines);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_words_with_their_places),
        cmocka_unit_test(counts_the_lines_that_have_no_words),
        cmocka_unit_test(gives_the_last_line_without_a_newline),
        cmocka_unit_test(refuses_a_line_with_its_place),
        cmocka_unit_test(takes_the_first_line_as_it_is_told),
        cmocka_unit_test(refuses_another_first_line),
        cmocka_unit_test(refuses_nul_and_what_is_too_long),
        cmocka_unit_test(reports_missing_memory),
        cmocka_unit_test(reads_numbers),
        cmocka_unit_test(refuses_what_is_no_number),
        cmocka_unit_test(reads_what_it_writes),
        cmocka_unit_test(tells_the_range_of_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
