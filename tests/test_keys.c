/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys: which names share one, by which family, and that the arrays callers make are long enough.
 */
#include "keys.h"

#include "readers.h"
#include "samples.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static kaburi_index_options options;

static int set_up(void **state) {
    kaburi_index_options_init(&options);
    return set_up_readers(state);
}

static size_t keys_of(uint64_t *keys, kbr_reader *reader, const char *company) {
    kbr_keys_plan plan;
    kaburi_record record;
    kaburi_record_init(&record);
    record.company = kaburi_text_of(company);
    assert_int_equal(kbr_keys_plan_init(&plan, &options, NULL), KABURI_OK);
    assert_int_equal(kbr_reader_read(reader, &record, NULL), KABURI_OK);
    return kbr_keys_of_record(keys, &plan, reader->card);
}

static size_t shared_keys(const char *a, const char *b) {
    uint64_t keys[2][KBR_KEYS_RECORD_MAX];
    size_t count[2] = {keys_of(keys[0], &readers[0], a), keys_of(keys[1], &readers[1], b)};
    size_t shared = 0;
    for (size_t i = 0; i < count[0]; i++) {
        for (size_t j = 0; j < count[1]; j++) {
            shared += keys[0][i] == keys[1][j];
        }
    }
    return shared;
}

static void files_one_company_in_four_scripts_together(void **state) {
    (void)state;
    static const char *const names[] = {"株式会社山田製作所", "ヤマダセイサクシヨ(カ",
                                        "やまだ製作所", "Yamada Seisakusho K.K.",
                                        "Yamada Manufacturing Co., Ltd."};
    for (size_t i = 1; i < KBR_COUNT(names); i++) {
        options.flags = KABURI_INDEX_MINHASH_WEIGHTED;
        assert_true(shared_keys(names[0], names[i]) > 0);
    }
    options.flags |= KABURI_INDEX_UNREAD;
    assert_int_equal(shared_keys(names[0], names[1]), 0);
    assert_int_equal(shared_keys(names[0], names[3]), 0);
    assert_int_equal(shared_keys(names[0], names[4]), 0);
    options.flags = KABURI_INDEX_MINHASH_WEIGHTED;
}

/* Each family by itself: the pair that needs it shares keys with it alone, and none without. */
static void switches_each_family(void **state) {
    (void)state;
    static const struct {
        uint32_t without;
        const char *name;
    } families[] = {{KABURI_INDEX_NO_READING, "山田製作所"},
                    {KABURI_INDEX_NO_SOUND, "山田製作所"},
                    {KABURI_INDEX_NO_TERM, "カネコ種苗"},
                    {KABURI_INDEX_NO_SKELETON, "タカミネ"},
                    {KABURI_INDEX_NO_ACRONYM, "International Business Machines"}};
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    uint32_t all = 0;
    for (size_t i = 0; i < KBR_COUNT(families); i++) {
        options.flags = KABURI_INDEX_MINHASH_WEIGHTED;
        size_t with = keys_of(keys, &readers[0], families[i].name);
        options.flags |= families[i].without;
        assert_true(keys_of(keys, &readers[0], families[i].name) < with);
        all |= families[i].without;
    }
    assert_int_equal(all, KABURI_INDEX_UNREAD);
    options.flags = KABURI_INDEX_MINHASH_WEIGHTED;
}

/* How many probes of a query are keys of a record. */
static size_t probes_that_find(const char *query, const char *record) {
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    kbr_keys_probe probes[KBR_KEYS_QUERY_MAX];
    kbr_keys_plan plan;
    size_t found = 0;
    size_t count = keys_of(keys, &readers[0], record);
    uint64_t unused[KBR_KEYS_RECORD_MAX];
    (void)keys_of(unused, &readers[1], query);
    assert_int_equal(kbr_keys_plan_init(&plan, &options, NULL), KABURI_OK);
    size_t probe_count = kbr_keys_of_query(probes, &plan, readers[1].card);
    for (size_t i = 0; i < probe_count; i++) {
        for (size_t j = 0; j < count; j++) {
            found += probes[i].key == keys[j];
        }
    }
    return found;
}

static void finds_a_part_behind_a_change_of_script(void **state) {
    (void)state;
    options.flags |= KABURI_INDEX_UNREAD;
    options.record_rarest = 2;
    options.deletion_max = 0;
    /* Two long names that have a part in common, and two whose common part has no key. */
    size_t shared = probes_that_find("青空グリーンホテル", "MINATOグリーンホテル");
    assert_true(shared > probes_that_find("青空グリーンホテル", "ミナトグリーンホテル"));
    assert_true(probes_that_find("グリーンホテル", "MINATOグリーンホテル") > 0);
    kaburi_index_options_init(&options);
}

static void leaves_out_a_unit_of_short_names_only(void **state) {
    (void)state;
    options.flags |= KABURI_INDEX_UNREAD;
    options.record_rarest = 2;
    options.deletion_max = 4;
    assert_true(shared_keys("山田電機", "山口電機") > 0);
    size_t longer = shared_keys("山田電機店", "山口電機店");
    options.deletion_max = 5;
    assert_true(shared_keys("山田電機店", "山口電機店") > longer);
    options.deletion_max = 0;
    assert_true(shared_keys("山田電機", "山口電機") < shared_keys("山田電機", "山田電機"));
    kaburi_index_options_init(&options);
}

static void gives_distinct_keys_in_rising_order(void **state) {
    (void)state;
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    size_t count = keys_of(keys, &readers[0], "ハマハマハマ Kaneko Seeds 山田");
    assert_true(count > 10);
    for (size_t i = 1; i < count; i++) {
        assert_true(keys[i - 1] < keys[i]);
    }
}

/* At the widest options no sample has more keys than the arrays hold. */
static void never_has_more_keys_than_it_says(void **state) {
    (void)state;
    uint64_t seed = 17;
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    kbr_keys_probe probes[KBR_KEYS_QUERY_MAX];
    size_t most = 0;
    for (int round = 0; round < 4000; round++) {
        kbr_keys_plan plan;
        sample made;
        kaburi_index_options_init(&options);
        options.sketch = round % 2;
        options.bands = 256;
        options.rows = 2;
        options.record_rarest = 8;
        options.query_rarest = 16;
        options.deletion_max = 16;
        sample_make(&made, &seed);
        assert_int_equal(kbr_keys_plan_init(&plan, &options, NULL), KABURI_OK);
        assert_int_equal(kbr_reader_read(&readers[0], &made.record, NULL), KABURI_OK);
        size_t count = kbr_keys_of_record(keys, &plan, readers[0].card);
        assert_in_range(count, 0, KBR_KEYS_RECORD_MAX);
        most = count > most ? count : most;
        count = kbr_keys_of_query(probes, &plan, readers[0].card);
        assert_in_range(count, 0, KBR_KEYS_QUERY_MAX - 4 * KBR_KEYS_ALIASES_MAX);
    }
    assert_true(most > 500);
    kaburi_index_options_init(&options);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_one_company_in_four_scripts_together),
        cmocka_unit_test(switches_each_family),
        cmocka_unit_test(finds_a_part_behind_a_change_of_script),
        cmocka_unit_test(leaves_out_a_unit_of_short_names_only),
        cmocka_unit_test(gives_distinct_keys_in_rising_order),
        cmocka_unit_test(never_has_more_keys_than_it_says),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down_readers);
}
