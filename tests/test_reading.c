/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading: names come out as they are read, whatever script they are in, in bounded time.
 */
#include "cores.h"

#include <stdlib.h>

static kbr_reading reading;

static const char *read_as(const char *name) {
    read_core(&reading, name);
    return reading.count == 0 ? "" : kana_text(reading.kana[0], reading.kana_len[0]);
}

static void reads_names_in_every_script(void **state) {
    (void)state;
    static const char *const names[][2] = {
        {"株式会社山田製作所", "ヤマダセイサクショ"},
        {"東京電機(株)", "トウキョウデンキ"},
        {"トヨタ自動車", "トヨタジドウシャ"},
        {"やまだ製作所", "ヤマダセイサクショ"},
        {"KDDI", "ケイディーディーアイ"},
        {"Yamada Seisakusho K.K.", "ヤマダセイサクショ"},
        {"Shimbashi", "シンバシ"},
        {"Kōbe Seikō", "コウベセイコ"},
        {"三菱UFJ銀行", "ミツビシユーエフジェイギンコウ"},
        {"CareNet, Inc.", "ケアネット"}, /* words joined, each of which is a term */
        {"Socialwire", "ソーシャルワイヤ"},
        {"B&K", "ビーアンドケー"},
    };
    for (size_t i = 0; i < KBR_COUNT(names); i++) {
        uint8_t expected[KBR_READING_KANA_MAX];
        uint8_t moras[KBR_READING_KANA_MAX];
        char is[3 * KBR_READING_KANA_MAX + 1];
        char should[3 * KBR_READING_KANA_MAX + 1];
        (void)read_as(names[i][0]);
        size_t len = kbr_sound_of_kana(moras, reading.kana[0], reading.kana_len[0]);
        (void)kbr_sound_romaji(is, moras, len);
        const kbr_units *kana = core_of(names[i][1]);
        for (size_t j = 0; j < kana->len; j++) {
            expected[j] = KBR_KANA(kana->data[j]);
        }
        len = kbr_sound_of_kana(moras, expected, kana->len);
        (void)kbr_sound_romaji(should, moras, len);
        assert_string_equal(is, should);
    }
}

static void keeps_the_other_readings_of_a_name(void **state) {
    (void)state;
    read_core(&reading, "日本");
    assert_true(reading.count >= 2);
    bool nihon = false;
    bool nippon = false;
    for (uint32_t i = 0; i < reading.count; i++) {
        const char *kana = kana_text(reading.kana[i], reading.kana_len[i]);
        nihon |= strcmp(kana, "ニホン") == 0;
        nippon |= strcmp(kana, "ニッポン") == 0;
        assert_true(i == 0 || reading.cost[i - 1] <= reading.cost[i]);
    }
    assert_true(nihon && nippon);
}

static void covers_the_core_with_pieces(void **state) {
    (void)state;
    static const char *const names[] = {"株式会社山田製作所", "Tokyo Real Estate Holdings",
                                        "ドリーム★テック 2号", "한국전력 株", "Ω・!"};
    for (size_t i = 0; i < KBR_COUNT(names); i++) {
        read_core(&reading, names[i]);
        size_t at = 0;
        size_t kana = 0;
        for (uint32_t j = 0; j < reading.piece_count; j++) {
            assert_int_equal(reading.pieces[j].begin, at);
            assert_int_equal(reading.pieces[j].kana, kana);
            at += reading.pieces[j].len;
            kana += reading.pieces[j].kana_len;
        }
        assert_int_equal(at, core_company.core.len);
        assert_true(reading.count == 0 || kana == reading.kana_len[0]);
    }
}

static const char *term_of(const char *name, uint32_t piece) {
    read_core(&reading, name);
    assert_true(piece < reading.piece_count);
    return kbr_lexicon_terms[reading.pieces[piece].term];
}

static void knows_terms_as_whole_words_only(void **state) {
    (void)state;
    assert_string_equal(term_of("山田ホールディングス", 1), "holdings");
    assert_string_equal(term_of("Yamada HD", 2), "holdings");
    read_core(&reading, "HDMI");
    for (uint32_t i = 0; i < reading.piece_count; i++) {
        assert_int_equal(reading.pieces[i].term, 0);
    }
}

static void knows_terms_in_kana(void **state) {
    (void)state;
    assert_string_equal(term_of("ヤマダセイサクシヨ(カ", 3), "works");
    assert_string_equal(term_of("ヤマダセイサクショ", 3), "works");
    assert_string_equal(term_of("ヤマダショウジ", 3), "trading");
    read_core(&reading, "デンキチ"); /* a short one at the end of a word only */
    for (uint32_t i = 0; i < reading.piece_count; i++) {
        assert_int_equal(reading.pieces[i].term, 0);
    }
}

static bool is_read(const char *name, const char *kana) {
    read_core(&reading, name);
    for (uint32_t i = 0; i < reading.count; i++) {
        if (strcmp(kana_text(reading.kana[i], reading.kana_len[i]), kana) == 0) {
            return true;
        }
    }
    return false;
}

static void reads_the_large_tsu_of_a_bank_both_ways(void **state) {
    (void)state;
    assert_true(is_read("ホツカイドウガス(カ", "ホッカイドウガス"));
    assert_true(is_read("ホツカイドウガス(カ", "ホツカイドウガス"));
    assert_true(is_read("カ)マツカワ", "マツカワ"));
    assert_false(is_read("マツカワショウジ", "マッカワショウジ")); /* it has small kana */
    assert_false(is_read("カ)マツオ", "マッオ"));
}

static void tells_what_it_left_out(void **state) {
    (void)state;
    static const char *const names[] = {"プロジェクト", "プロジェクトΣ", "プロジェクトΩ",
                                        "プロジェクトΩΣ"};
    uint64_t left[KBR_COUNT(names)];
    for (size_t i = 0; i < KBR_COUNT(names); i++) {
        read_core(&reading, names[i]);
        left[i] = reading.left_out;
        for (size_t j = 0; j < i; j++) {
            assert_true(left[i] != left[j]);
        }
    }
    assert_true(left[0] == 0);
}

static void reads_nothing_where_there_is_nothing(void **state) {
    (void)state;
    kbr_reading_of(&reading, NULL, 0);
    assert_int_equal(reading.count, 0);
    assert_int_equal(reading.piece_count, 0);
    assert_string_equal(read_as("!?"), "");
    assert_string_equal(read_as("한국전력"), "");
}

static void reads_so_far_of_a_long_name(void **state) {
    (void)state;
    uint16_t core[KABURI_TEXT_SIZE_MAX];
    for (size_t i = 0; i < KBR_COUNT(core); i++) {
        core[i] = 0x5C71; /* 山 */
    }
    kbr_reading_of(&reading, core, KBR_COUNT(core));
    const kbr_piece *last = &reading.pieces[reading.piece_count - 1];
    assert_int_equal(last->begin + last->len, KBR_READING_UNITS_MAX);
    assert_in_range(reading.kana_len[0], KBR_READING_UNITS_MAX, KBR_READING_KANA_MAX);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_names_in_every_script),
        cmocka_unit_test(keeps_the_other_readings_of_a_name),
        cmocka_unit_test(covers_the_core_with_pieces),
        cmocka_unit_test(knows_terms_as_whole_words_only),
        cmocka_unit_test(knows_terms_in_kana),
        cmocka_unit_test(reads_the_large_tsu_of_a_bank_both_ways),
        cmocka_unit_test(tells_what_it_left_out),
        cmocka_unit_test(reads_nothing_where_there_is_nothing),
        cmocka_unit_test(reads_so_far_of_a_long_name),
    };
    return cmocka_run_group_tests(tests, set_up_cores, tear_down_cores);
}
