/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names in Latin letters, word by word: a word counts where the other name has it whole, in its
 * words or in several that make it, and half where it has it with one typing error.
 */
#include "latin.h"
#include "readers.h"
#include "samples.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void read_into(kbr_reader *reader, const char *company) {
    kaburi_record record;
    kaburi_record_init(&record);
    record.company = kaburi_text_of(company);
    assert_int_equal(kbr_reader_read(reader, &record, NULL), KABURI_OK);
}

static uint32_t common(const char *a, const char *b) {
    read_into(&readers[0], a);
    read_into(&readers[1], b);
    uint32_t there = kbr_latin_common(readers[0].card, readers[1].card);
    assert_int_equal(there, kbr_latin_common(readers[1].card, readers[0].card));
    return there;
}

static void finds_whole_words_only(void **state) {
    (void)state;
    assert_int_equal(common("Matsuya Co., Ltd.", "MATSUYAMA"), 0);
    assert_int_equal(common("Kandenko", "Thai Kandenko Co., Ltd."), 1000);
    assert_int_equal(common("Global Seed Works", "WORKS OF GLOBAL SEED"), 1000);
    assert_int_equal(common("Minato Systems", "Aozora Systems"), 1000 * 7 / 13);
}

static void joins_words_and_parts_them(void **state) {
    (void)state;
    assert_int_equal(common("Care Net Japan", "CARENET"), 1000);
    assert_int_equal(common("G-One Works", "GONE WORKS TOKYO"), 1000);
    assert_int_equal(common("K's Works Tokyo", "KS WORKS"), 1000);
    assert_int_equal(common("CLASSIC HD", "CLASSIC"), 1000);
}

static void forgives_one_typing_error_by_half(void **state) {
    (void)state;
    assert_int_equal(common("Mascus", "MASQUS"), 500);
    assert_int_equal(common("Linker", "LINKERS"), 500);
    assert_int_equal(common("Aozroa", "AOZORA"), 500);
    assert_int_equal(common("Aozora", "AOSOLA"), 0);
    assert_int_equal(common("Otis", "OTES"), 0); /* another word, for all we know */
}

static bool umlauts(const char *a, const char *b) {
    read_into(&readers[0], a);
    read_into(&readers[1], b);
    bool there = kbr_latin_umlauts(readers[0].card, readers[1].card);
    assert_true(there == kbr_latin_umlauts(readers[1].card, readers[0].card));
    return there;
}

static void knows_umlauts_in_two_letters(void **state) {
    (void)state;
    assert_true(umlauts("Müller GmbH", "Mueller GmbH"));
    assert_true(umlauts("Schröder Böhm AG", "SCHROEDER BOEHM"));
    assert_true(umlauts("Koelner Werke", "Kölner Werke"));
    assert_false(umlauts("Mueller", "Miller"));
    assert_false(umlauts("Joel", "Jöl"));
    assert_false(umlauts("Bauer", "Baur")); /* no umlaut behind a vowel */
    assert_false(umlauts("Value", "Valu"));
    assert_false(umlauts("Müller", "Muller")); /* one key */
}

static void is_the_same_both_ways_and_bounded(void **state) {
    (void)state;
    uint64_t seed = 11;
    size_t seen = 0;
    for (int round = 0; round < 20000; round++) {
        sample a;
        sample b;
        sample_make(&a, &seed);
        sample_make(&b, &seed);
        assert_int_equal(kbr_reader_read(&readers[0], &a.record, NULL), KABURI_OK);
        assert_int_equal(kbr_reader_read(&readers[1], &b.record, NULL), KABURI_OK);
        const kbr_card *x = readers[0].card;
        const kbr_card *y = readers[1].card;
        if (x->company_len > 0 && y->company_len > 0) {
            assert_in_range(kbr_latin_common(x, y), 0, 1000);
            assert_int_equal(kbr_latin_common(x, y), kbr_latin_common(y, x));
            seen++;
        }
    }
    assert_true(seen > 1000);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_whole_words_only),
        cmocka_unit_test(joins_words_and_parts_them),
        cmocka_unit_test(forgives_one_typing_error_by_half),
        cmocka_unit_test(knows_umlauts_in_two_letters),
        cmocka_unit_test(is_the_same_both_ways_and_bounded),
    };
    return cmocka_run_group_tests(tests, set_up_readers, tear_down_readers);
}
