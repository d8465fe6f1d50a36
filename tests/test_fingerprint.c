/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fingerprints: every table has one, the records that probe the rules can be read, and another plan
 * of keys is told from this one.
 */
#include "fingerprint.h"
#include "fingerprint_table.h"
#include "starved.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static kbr_keys_plan plan_of(uint32_t record_rarest) {
    kaburi_index_options options;
    kbr_keys_plan plan;
    kaburi_index_options_init(&options);
    options.record_rarest = record_rarest;
    assert_int_equal(kbr_keys_plan_init(&plan, &options, NULL), KABURI_OK);
    return plan;
}

static void names_each(void **state) {
    (void)state;
    static const char *const names[] = {"fold", "words", "lexicon", "sounds", "rarity", "rules"};
    for (int i = 0; i < KBR_FINGERPRINT_COUNT; i++) {
        assert_string_equal(kbr_fingerprint_name(i), names[i]);
    }
}

static void are_the_same_each_time_and_differ_among_each_other(void **state) {
    (void)state;
    uint64_t first[KBR_FINGERPRINT_COUNT];
    uint64_t second[KBR_FINGERPRINT_COUNT];
    const kbr_keys_plan plan = plan_of(6);
    assert_true(kbr_fingerprint_take(first, &plan, &kbr_allocator_default));
    assert_true(kbr_fingerprint_take(second, &plan, &kbr_allocator_default));
    assert_memory_equal(first, second, sizeof first);
    for (int i = 0; i < KBR_FINGERPRINT_COUNT; i++) {
        for (int j = 0; j < i; j++) {
            assert_true(first[i] != first[j]);
        }
    }
}

static void tell_another_plan(void **state) {
    (void)state;
    uint64_t first[KBR_FINGERPRINT_COUNT];
    uint64_t second[KBR_FINGERPRINT_COUNT];
    const kbr_keys_plan plan = plan_of(6);
    const kbr_keys_plan other = plan_of(5);
    assert_true(kbr_fingerprint_take(first, &plan, &kbr_allocator_default));
    assert_true(kbr_fingerprint_take(second, &other, &kbr_allocator_default));
    assert_true(first[KBR_FINGERPRINT_RULES] != second[KBR_FINGERPRINT_RULES]);
    assert_memory_equal(first, second, KBR_FINGERPRINT_RULES * sizeof *first);
}

static void probe_with_records_that_can_be_read(void **state) {
    (void)state;
    kbr_reader reader;
    kbr_reader_init(&reader, &kbr_allocator_default);
    assert_true(kbr_touchstone_count >= 10);
    for (uint32_t i = 0; i < kbr_touchstone_count; i++) {
        const kbr_touchstone *touchstone = &kbr_touchstones[i];
        kaburi_record record;
        kaburi_record_init(&record);
        record.company = kaburi_text_of(touchstone->company);
        record.company_reading = kaburi_text_of(touchstone->company_reading);
        record.corporate_number = kaburi_text_of(touchstone->corporate_number);
        record.domain = kaburi_text_of(touchstone->domain);
        record.deal = kaburi_text_of(touchstone->deal);
        assert_int_equal(kbr_reader_read(&reader, &record, NULL), KABURI_OK);
        assert_true(kbr_card_is_sound(reader.card, reader.card->size));
        assert_false(kbr_card_is_sound(reader.card, reader.card->size - 1));
    }
    kbr_reader_free(&reader);
}

static void are_not_taken_without_memory(void **state) {
    (void)state;
    const kbr_keys_plan plan = plan_of(6);
    uint64_t out[KBR_FINGERPRINT_COUNT];
    size_t failed = 0;
    for (bool done = false; !done;) {
        starved memory = {failed, 0};
        const kaburi_allocator allocator = starved_allocator(&memory);
        done = kbr_fingerprint_take(out, &plan, &allocator);
        failed += !done;
        assert_int_equal(memory.blocks, 0);
    }
    assert_in_range(failed, 3, 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_each),
        cmocka_unit_test(are_the_same_each_time_and_differ_among_each_other),
        cmocka_unit_test(tell_another_plan),
        cmocka_unit_test(probe_with_records_that_can_be_read),
        cmocka_unit_test(are_not_taken_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
