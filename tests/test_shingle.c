/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shingles: where a key is cut, what stands at its ends, how often one came before, and that every
 * rarity is the one src/data/rarity.tsv gives, which is read here again.
 */
#include "fold.h"
#include "shingle.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define END 0xFFFF /* what stands before and behind the key */
#define ROWS_MAX 200000

static kbr_folded folded;
static kbr_shingle shingles[KABURI_TEXT_SIZE_MAX + 1];

static int set_up(void **state) {
    (void)state;
    kbr_folded_init(&folded, &kbr_allocator_default);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    kbr_folded_free(&folded);
    return 0;
}

static size_t split(const char *key) {
    assert_int_equal(kbr_fold(&folded, (kaburi_text){key, strlen(key)}), KABURI_OK);
    return kbr_shingle_split(shingles, folded.unit, folded.len, KBR_FIELD_OF_COMPANY);
}

/* The key's shingles are just these; unit 0 ends one of two. */
static void splits(const char *key, const uint16_t expected[][3], size_t count) {
    size_t found = split(key);
    if (found != count) {
        fail_msg("%s: %zu shingles, expected %zu", key, found, count);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t hash = kbr_shingle_hash(expected[i][0], expected[i][1], expected[i][2]);
        if (shingles[i].hash != hash) {
            fail_msg("%s: shingle %zu is another", key, i);
        }
    }
}

#define SPLITS(key, ...)                                                                           \
    do {                                                                                           \
        static const uint16_t expected[][3] = __VA_ARGS__;                                         \
        splits(key, expected, KBR_COUNT(expected));                                                \
    } while (0)

static void cuts_kanji_and_kana_in_pairs(void **state) {
    (void)state;
    SPLITS("山", {{END, 0x5C71, 0}, {0x5C71, END, 0}});
    SPLITS("山田", {{END, 0x5C71, 0}, {0x5C71, 0x7530, 0}, {0x7530, END, 0}});
    SPLITS("アイウ",
           {{END, 0x30A2, 0}, {0x30A2, 0x30A4, 0}, {0x30A4, 0x30A6, 0}, {0x30A6, END, 0}});
}

static void cuts_latin_letters_and_digits_in_threes(void **state) {
    (void)state;
    SPLITS("a", {{END, 'a', END}, {'a', END, 0}});
    SPLITS("ab", {{END, 'a', 'b'}, {'a', 'b', END}});
    SPLITS("abcd", {{END, 'a', 'b'}, {'a', 'b', 'c'}, {'b', 'c', 'd'}, {'c', 'd', END}});
    SPLITS("a1b", {{END, 'a', '1'}, {'a', '1', 'b'}, {'1', 'b', END}});
}

static void cuts_where_scripts_meet_in_pairs(void **state) {
    (void)state;
    SPLITS("ab山", {{END, 'a', 'b'}, {'a', 'b', 0}, {'b', 0x5C71, 0}, {0x5C71, END, 0}});
    SPLITS("山ab", {{END, 0x5C71, 0}, {0x5C71, 'a', 0}, {'a', 'b', END}});
    SPLITS("a山", {{END, 'a', 0}, {'a', 0x5C71, 0}, {0x5C71, END, 0}});
}

static void gives_nothing_but_the_ends_of_an_empty_key(void **state) {
    (void)state;
    assert_true(kbr_shingle_split(shingles, NULL, 0, KBR_FIELD_OF_DEAL) <= 1);
}

static void gives_no_more_than_one_more_than_units(void **state) {
    (void)state;
    static const char *const pieces[] = {"山", "ア", "a", "1", "ー", "+", "é", "𠮷", "ж"};
    uint32_t seed = 1;
    for (int round = 0; round < 50000; round++) {
        char key[128] = "";
        seed = seed * 1664525 + 1013904223;
        for (uint32_t left = 1 + (seed >> 20) % 9; left > 0; left--) {
            seed = seed * 1664525 + 1013904223;
            strcat(key, pieces[(seed >> 12) % KBR_COUNT(pieces)]);
        }
        size_t count = split(key);
        assert_in_range(count, folded.len, folded.len + 1);
        for (size_t i = 0; i < count; i++) {
            assert_true(shingles[i].rarity > 0);
            assert_in_range(shingles[i].position, i == 0 ? 0 : shingles[i - 1].position,
                            folded.len - 1);
        }
    }
}

static void says_where_a_shingle_stands(void **state) {
    (void)state;
    assert_int_equal(split("山田製作"), 5);
    static const uint16_t expected[] = {0, 0, 1, 2, 3};
    for (size_t i = 0; i < KBR_COUNT(expected); i++) {
        assert_int_equal(shingles[i].position, expected[i]);
    }
}

static void counts_repetitions(void **state) {
    (void)state;
    assert_int_equal(split("ハハハハ"), 5);
    static const uint8_t expected[] = {0, 0, 1, 2, 0};
    for (size_t i = 0; i < KBR_COUNT(expected); i++) {
        assert_int_equal(shingles[i].repeat, expected[i]);
    }
    assert_int_equal(split("山田ア山田ア"), 7);
    assert_int_equal(shingles[1].hash, shingles[4].hash);
    assert_int_equal(shingles[1].repeat, 0);
    assert_int_equal(shingles[4].repeat, 1);
}

static void stops_counting_repetitions_at_255(void **state) {
    (void)state;
    static uint16_t key[1000];
    for (size_t i = 0; i < KBR_COUNT(key); i++) {
        key[i] = 0x30CF;
    }
    size_t count = kbr_shingle_split(shingles, key, KBR_COUNT(key), KBR_FIELD_OF_DEAL);
    assert_int_equal(count, KBR_COUNT(key) + 1);
    assert_int_equal(shingles[255].repeat, 254);
    assert_int_equal(shingles[256].repeat, 255);
    assert_int_equal(shingles[999].repeat, 255);
}

static void takes_a_shingle_far_back_for_a_new_one(void **state) {
    (void)state;
    static uint16_t key[200];
    for (size_t i = 0; i < KBR_COUNT(key); i++) {
        key[i] = (uint16_t)(0x4E00 + i);
    }
    memcpy(key + 40, key, 4);
    (void)kbr_shingle_split(shingles, key, KBR_COUNT(key), KBR_FIELD_OF_DEAL);
    assert_int_equal(shingles[41].repeat, 1);
    memcpy(key + 150, key, 4); /* more than 64 behind both */
    (void)kbr_shingle_split(shingles, key, KBR_COUNT(key), KBR_FIELD_OF_DEAL);
    assert_int_equal(shingles[151].hash, shingles[1].hash);
    assert_int_equal(shingles[151].repeat, 0);
}

static void hashes_by_order_and_place(void **state) {
    (void)state;
    assert_true(kbr_shingle_hash('a', 'b', 'c') == kbr_shingle_hash('a', 'b', 'c'));
    assert_true(kbr_shingle_hash('a', 'b', 'c') != kbr_shingle_hash('c', 'b', 'a'));
    assert_true(kbr_shingle_hash('a', 'b', 0) != kbr_shingle_hash('b', 'a', 0));
    assert_true(kbr_shingle_hash('a', 'b', 0) != kbr_shingle_hash(0, 'a', 'b'));
}

/* ---- rarity ---- */

typedef struct row {
    uint32_t hash;
    unsigned counts[2]; /* names, deals */
} row;

static row rows[ROWS_MAX];
static size_t row_count;
static unsigned totals[2];
static unsigned version;

static int by_hash(const void *a, const void *b) {
    uint32_t x = ((const row *)a)->hash;
    uint32_t y = ((const row *)b)->hash;
    return (x > y) - (x < y);
}

static void read_rows(void) {
    FILE *file = fopen(KBR_TEST_DATA "/rarity.tsv", "r");
    assert_non_null(file);
    char line[512];
    row_count = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        row read;
        (void)sscanf(line, "# version %u", &version);
        if (sscanf(line, "total %u %u", &totals[0], &totals[1]) != 2 && line[0] != '#' &&
            sscanf(line, "%x\t%u\t%u", &read.hash, &read.counts[0], &read.counts[1]) == 3) {
            assert_true(row_count < ROWS_MAX);
            rows[row_count++] = read;
        }
    }
    (void)fclose(file);
    qsort(rows, row_count, sizeof *rows, by_hash);
    assert_true(row_count > 1000 && totals[0] > 0 && totals[1] > 0);
}

static unsigned expected_rarity(const row *found, int field) {
    unsigned count = found != NULL && found->counts[field] > 0 ? found->counts[field] : 1;
    double bits = nearbyint(8 * log2((double)totals[field] / count));
    return bits < 1 ? 1 : bits > 255 ? 255 : (unsigned)bits;
}

/* Returns whether the table has the pair in the middle of a key. */
static bool check_rarity(uint16_t a, uint16_t b) {
    const uint16_t key[] = {a, b};
    row wanted = {.hash = kbr_shingle_hash(a, b, 0)};
    const row *found = bsearch(&wanted, rows, row_count, sizeof *rows, by_hash);
    for (int field = KBR_FIELD_OF_COMPANY; field <= KBR_FIELD_OF_DEAL; field++) {
        assert_int_equal(kbr_shingle_split(shingles, key, 2, field), 3);
        assert_int_equal(shingles[1].hash, wanted.hash);
        if (shingles[1].rarity != expected_rarity(found, field)) {
            fail_msg("U+%04X U+%04X: rarity %u, expected %u", a, b, shingles[1].rarity,
                     expected_rarity(found, field));
        }
    }
    return found != NULL;
}

static void gives_the_rarity_of_the_table(void **state) {
    (void)state;
    read_rows();
    assert_int_equal(kbr_rarity_version, version);
    size_t known = 0;
    size_t tried = 0;
    for (uint16_t a = 0x30A1; a <= 0x30F6; a++) {
        for (uint16_t b = 0x30A1; b <= 0x30F6; b++, tried++) {
            known += check_rarity(a, b);
        }
    }
    for (uint16_t a = 0x5C00; a < 0x5C80; a++) {
        for (uint16_t b = 0x7500; b < 0x7580; b++, tried++) {
            known += check_rarity(a, b);
        }
    }
    assert_in_range(known, 1000, tried - 1000);
}

static void gives_a_common_shingle_less_than_a_rare_one(void **state) {
    (void)state;
    (void)split("テク"); /* テクノ, テクニカル */
    uint8_t common = shingles[1].rarity;
    (void)split("ヷヺ");
    assert_true(common < shingles[1].rarity);
}

/* What ホールディングス says does not outweigh the name before it. */
static void shares_what_a_common_word_says_among_its_shingles(void **state) {
    (void)state;
    uint16_t key[] = {0x69C7, 0x57A3, 0x30DB, 0x30EB, 0x30C7, 0x30A4, 0x30F3, 0x30B0, 0x30B9};
    unsigned sums[2] = {0, 0};
    for (int field = KBR_FIELD_OF_COMPANY; field <= KBR_FIELD_OF_DEAL; field++) {
        assert_int_equal(kbr_shingle_split(shingles, key, KBR_COUNT(key), field), 10);
        for (size_t i = 3; i < 9; i++) {
            sums[field] += shingles[i].rarity;
        }
    }
    (void)kbr_shingle_split(shingles, key, KBR_COUNT(key), KBR_FIELD_OF_COMPANY);
    unsigned alone = 0;
    for (size_t i = 0; i < 10; i++) {
        uint8_t rarity = kbr_shingle_rarity(kbr_shingle_identity(&shingles[i]), 0);
        assert_true(i >= 3 && i < 9 ? shingles[i].rarity < rarity : shingles[i].rarity == rarity);
        alone += i >= 3 && i < 9 ? rarity : 0;
    }
    assert_in_range(sums[KBR_FIELD_OF_COMPANY], alone / 4, alone * 3 / 4);
    key[5] = 0x30A6; /* mistyped, it is no common word */
    (void)kbr_shingle_split(shingles, key, KBR_COUNT(key), KBR_FIELD_OF_COMPANY);
    for (size_t i = 0; i < 10; i++) {
        assert_int_equal(shingles[i].rarity,
                         kbr_shingle_rarity(kbr_shingle_identity(&shingles[i]), 0));
    }
}

static void gives_a_shingle_that_repeats_the_rarity_of_its_first_place(void **state) {
    (void)state;
    size_t count = split("カカカカ");
    assert_int_equal(count, 5);
    assert_int_equal(shingles[3].repeat, 2);
    for (size_t i = 1; i < 4; i++) {
        assert_int_equal(kbr_shingle_rarity(kbr_shingle_identity(&shingles[i]), 0),
                         shingles[1].rarity);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(cuts_kanji_and_kana_in_pairs),
        TEST(cuts_latin_letters_and_digits_in_threes),
        TEST(cuts_where_scripts_meet_in_pairs),
        TEST(gives_nothing_but_the_ends_of_an_empty_key),
        TEST(gives_no_more_than_one_more_than_units),
        TEST(says_where_a_shingle_stands),
        TEST(counts_repetitions),
        TEST(stops_counting_repetitions_at_255),
        TEST(takes_a_shingle_far_back_for_a_new_one),
        TEST(hashes_by_order_and_place),
        TEST(gives_the_rarity_of_the_table),
        TEST(gives_a_common_shingle_less_than_a_rare_one),
        TEST(shares_what_a_common_word_says_among_its_shingles),
        TEST(gives_a_shingle_that_repeats_the_rarity_of_its_first_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
