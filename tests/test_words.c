/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Word lists: the longest word at, before and exactly in a stretch of units, and that every list
 * the generator made holds together.
 */
#include "fold.h"
#include "words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const kbr_words *const lists[] = {
    &kbr_words_legal_forms, &kbr_words_honorifics,   &kbr_words_branch_words,
    &kbr_words_places,      &kbr_words_placeholders, &kbr_words_opposed_words,
    &kbr_words_free_mail,   &kbr_words_common_words,
};

static kbr_folded folded;

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

static void fold(const char *text) {
    assert_int_equal(kbr_fold(&folded, (kaburi_text){text, strlen(text)}), KABURI_OK);
}

static const char *form(const kbr_word *word) {
    return word == NULL ? "" : kbr_words_legal_forms_values[word->value];
}

static void finds_the_longest_word_at_a_place(void **state) {
    (void)state;
    fold("山医療法人社団");
    const kbr_word *word = kbr_words_at(&kbr_words_legal_forms, folded.unit, folded.len, 1);
    assert_string_equal(form(word), "医療法人社団");
    word = kbr_words_at(&kbr_words_legal_forms, folded.unit, 5, 1);
    assert_string_equal(form(word), "医療法人");
}

static void finds_nothing_at_the_end(void **state) {
    (void)state;
    fold("協同組合");
    assert_null(kbr_words_at(&kbr_words_legal_forms, folded.unit, folded.len, folded.len));
    assert_null(kbr_words_at(&kbr_words_legal_forms, folded.unit, folded.len, SIZE_MAX));
    assert_non_null(kbr_words_at(&kbr_words_legal_forms, folded.unit, 4, 0));
    assert_null(kbr_words_at(&kbr_words_legal_forms, folded.unit, 4, 2));
}

static void finds_the_longest_word_before_a_place(void **state) {
    (void)state;
    fold("東京農業協同組合");
    const kbr_word *word = kbr_words_before(&kbr_words_legal_forms, folded.unit, folded.len);
    assert_string_equal(form(word), "農業協同組合");
    word = kbr_words_before(&kbr_words_legal_forms, folded.unit + 4, 4);
    assert_string_equal(form(word), "協同組合");
    assert_null(kbr_words_before(&kbr_words_legal_forms, folded.unit, 0));
    assert_null(kbr_words_before(&kbr_words_legal_forms, folded.unit, 2));
}

static void finds_a_whole_word_only(void **state) {
    (void)state;
    fold("有限会社");
    assert_string_equal(form(kbr_words_find(&kbr_words_legal_forms, folded.unit, 4)), "有限会社");
    assert_null(kbr_words_find(&kbr_words_legal_forms, folded.unit, 3));
    assert_null(kbr_words_find(&kbr_words_legal_forms, folded.unit, 0));
    assert_null(kbr_words_find(&kbr_words_legal_forms, folded.unit, SIZE_MAX));
}

static void folds_a_list_as_it_folds_a_name(void **state) {
    (void)state;
    fold("ｶﾌﾞ株式會社");
    assert_string_equal(form(kbr_words_before(&kbr_words_legal_forms, folded.unit, folded.len)),
                        "株式会社");
}

static void numbers_values_from_one(void **state) {
    (void)state;
    assert_string_equal(kbr_words_legal_forms_values[0], "");
    assert_string_equal(kbr_words_legal_forms_values[1], "株式会社");
    for (uint32_t i = 0; i < kbr_words_legal_forms.count; i++) {
        uint16_t value = kbr_words_legal_forms.words[i].value;
        assert_in_range(value, 1, kbr_words_legal_forms_value_count - 1);
        assert_true(strlen(kbr_words_legal_forms_values[value]) > 0);
    }
}

static void finds_every_word_of_every_list(void **state) {
    (void)state;
    for (size_t l = 0; l < KBR_COUNT(lists); l++) {
        const kbr_words *list = lists[l];
        assert_int_equal(list->head_starts[(size_t)1 << list->head_bits], list->count);
        assert_int_equal(list->end_buckets[256], list->count);
        for (uint32_t i = 0; i < list->count; i++) {
            const kbr_word *word = &list->words[i];
            const uint16_t *units = list->pool + word->text;
            assert_in_range(word->len, 1, list->len_max);
            assert_ptr_equal(kbr_words_find(list, units, word->len), word);
            assert_ptr_equal(kbr_words_at(list, units, word->len, 0), word);
            assert_ptr_equal(kbr_words_before(list, units, word->len), word);
        }
    }
}

/* A value of the forms that takes a word's place goes into folded text as it is. */
static void has_folded_replacements(void **state) {
    (void)state;
    for (uint32_t i = 0; i < kbr_words_legal_forms.count; i++) {
        const kbr_word *word = &kbr_words_legal_forms.words[i];
        if ((word->attribute & UINT32_C(0x110000)) == 0) {
            continue;
        }
        fold(kbr_words_legal_forms_values[word->value]);
        assert_memory_equal(folded.unit, folded.strict, folded.len * sizeof *folded.unit);
        assert_in_range(folded.len, 1, 48);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_the_longest_word_at_a_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(finds_nothing_at_the_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(finds_the_longest_word_before_a_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(finds_a_whole_word_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(folds_a_list_as_it_folds_a_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_values_from_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(finds_every_word_of_every_list, set_up, tear_down),
        cmocka_unit_test_setup_teardown(has_folded_replacements, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
