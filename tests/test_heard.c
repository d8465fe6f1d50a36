/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Likeness of spoken names: what is the same sound or sense is alike whatever the script, and a
 * glance tells the same without letters.
 */
#include "cores.h"
#include "heard.h"
#include "readers.h"
#include "samples.h"

static kbr_heard heard;

static int set_up(void **state) {
    return set_up_readers(state) + set_up_cores(state);
}

static int tear_down(void **state) {
    return tear_down_readers(state) + tear_down_cores(state);
}

static void read_two(const kaburi_record *a, const kaburi_record *b) {
    assert_int_equal(kbr_reader_read(&readers[0], a, NULL), KABURI_OK);
    assert_int_equal(kbr_reader_read(&readers[1], b, NULL), KABURI_OK);
    kbr_heard_prepare(&heard, readers[0].card);
}

static uint32_t likeness_of(const char *a, const char *b) {
    kaburi_record first;
    kaburi_record second;
    uint32_t shared;
    kaburi_record_init(&first);
    kaburi_record_init(&second);
    first.company = kaburi_text_of(a);
    second.company = kaburi_text_of(b);
    read_two(&first, &second);
    return kbr_heard_likeness(&heard, readers[1].card, &shared);
}

static void hears_one_name_in_two_scripts(void **state) {
    (void)state;
    assert_in_range(likeness_of("山田製作所", "Yamada Seisakusho"), 950, 1000);
    assert_in_range(likeness_of("カネコ種苗", "Kaneko Seeds Co., Ltd."), 950, 1000);
    assert_in_range(likeness_of("グローバルソリューションズ", "Global Solutions"), 700, 1000);
    assert_in_range(likeness_of("アルバック", "Arubakku"), 500, 1000);
}

static void hears_little_in_other_names(void **state) {
    (void)state;
    assert_in_range(likeness_of("三菱電機", "Mitsui Real Estate"), 0, 600);
    assert_in_range(likeness_of("山田製作所", "Suzuki Holdings"), 0, 300);
    assert_int_equal(likeness_of("한국전력", "山田"), 0);
}

static void tells_which_reading_two_names_share(void **state) {
    (void)state;
    (void)likeness_of("山田製作所", "ヤマダセイサクショ");
    assert_int_equal(kbr_heard_same(readers[0].card, readers[1].card), 1);
    (void)likeness_of("株式会社日本", "ニホン");
    int first = kbr_heard_same(readers[0].card, readers[1].card);
    (void)likeness_of("株式会社日本", "ニッポン");
    assert_int_equal(first + kbr_heard_same(readers[0].card, readers[1].card), 3);
    (void)likeness_of("山田製作所", "ヤマモトセイサクショ");
    assert_int_equal(kbr_heard_same(readers[0].card, readers[1].card), 0);
}

static void is_the_same_both_ways_and_bounded(void **state) {
    (void)state;
    uint64_t seed = 5;
    size_t alike = 0;
    for (int round = 0; round < 20000; round++) {
        sample a;
        sample b;
        uint32_t shared[2];
        sample_make(&a, &seed);
        sample_make(&b, &seed);
        read_two(&a.record, &b.record);
        uint32_t there = kbr_heard_likeness(&heard, readers[1].card, &shared[0]);
        assert_true(kbr_heard_glance(&heard, readers[1].card) <= there);
        read_two(&b.record, &a.record);
        uint32_t back = kbr_heard_likeness(&heard, readers[1].card, &shared[1]);
        assert_int_equal(there, back);
        assert_int_equal(shared[0], shared[1]);
        assert_in_range(there, 0, 1000);
        assert_int_equal(kbr_heard_same(readers[0].card, readers[1].card),
                         kbr_heard_same(readers[1].card, readers[0].card));
        alike += there > 500;
    }
    assert_true(alike > 100);
}

static void has_room_for_every_term(void **state) {
    (void)state;
    assert_true(KBR_SPOKEN_TERM + kbr_lexicon_term_count <= KBR_HEARD_WORDS * 64);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(hears_one_name_in_two_scripts),
        cmocka_unit_test(hears_little_in_other_names),
        cmocka_unit_test(tells_which_reading_two_names_share),
        cmocka_unit_test(is_the_same_both_ways_and_bounded),
        cmocka_unit_test(has_room_for_every_term),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
