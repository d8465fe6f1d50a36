/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A name as it is spoken and meant: which names have a reading, shingles, a skeleton or initials in
 * common.
 */
#include "cores.h"
#include "spoken.h"

static kbr_spoken of_name(const char *name, const char *kana) {
    kbr_reading given = {0};
    kbr_reading reading;
    kbr_spoken out;
    if (kana != NULL) {
        read_core(&given, kana);
    }
    read_core(&reading, name);
    kbr_spoken_of(&out, core_company.core.data, core_company.core.len, &reading, &given);
    return out;
}

static bool share_reading(const kbr_spoken *a, const kbr_spoken *b) {
    for (uint32_t i = 0; i < a->reading_count; i++) {
        for (uint32_t j = 0; j < b->reading_count; j++) {
            if (((a->readings[i] ^ b->readings[j]) & KBR_SPOKEN_SOUND) == 0) {
                return true;
            }
        }
    }
    return false;
}

static kbr_spoken of_name(const char *name, const char *given);

static bool share_reading_of(const char *a, const char *b) {
    const kbr_spoken x = of_name(a, NULL);
    const kbr_spoken y = of_name(b, NULL);
    return share_reading(&x, &y);
}

static uint32_t shared(const uint16_t *a, uint32_t a_count, const uint16_t *b, uint32_t b_count) {
    uint32_t found = 0;
    for (uint32_t i = 0; i < a_count; i++) {
        for (uint32_t j = 0; j < b_count; j++) {
            found += a[i] == b[j];
        }
    }
    return found;
}

static void shares_a_reading_across_scripts(void **state) {
    (void)state;
    kbr_spoken kanji = of_name("株式会社山田製作所", NULL);
    kbr_spoken zengin = of_name("ヤマダセイサクシヨ(カ", NULL);
    kbr_spoken latin = of_name("Yamada Seisakusho K.K.", NULL);
    kbr_spoken other = of_name("山本製作所", NULL);
    assert_true(share_reading(&kanji, &zengin));
    assert_true(share_reading(&kanji, &latin));
    assert_false(share_reading(&kanji, &other));
}

static void takes_a_given_reading_before_any_guess(void **state) {
    (void)state;
    kbr_spoken given = of_name("山田製作所", "サンデンセイサクジョ");
    kbr_spoken kana = of_name("サンデンセイサクジョ", NULL);
    kbr_spoken guessed = of_name("山田製作所", NULL);
    assert_int_equal(given.reading_count, 1);
    assert_true(share_reading(&given, &kana));
    assert_false(share_reading(&given, &guessed));
}

static void exchanges_words_for_terms(void **state) {
    (void)state;
    kbr_spoken japanese = of_name("カネコ種苗株式会社", NULL);
    kbr_spoken english = of_name("KANEKO SEEDS CO., LTD.", NULL);
    assert_true(japanese.sense_count > 0);
    assert_int_equal(japanese.sense_count, english.sense_count);
    assert_int_equal(
        shared(japanese.sense, japanese.sense_count, english.sense, english.sense_count),
        japanese.sense_count);
    assert_int_equal(japanese.rest_count, 3); /* ka ne ko */
    kbr_spoken plain = of_name("トヨタ", NULL);
    assert_int_equal(plain.sense_count, 0);
}

static void has_each_shingle_once_and_its_rarity(void **state) {
    (void)state;
    kbr_spoken spoken = of_name("ハマハマハマハマ", NULL);
    for (uint32_t i = 0; i < spoken.sound_count; i++) {
        assert_int_equal(shared(&spoken.sound[i], 1, spoken.sound, spoken.sound_count), 1);
        assert_in_range(kbr_spoken_rarity(spoken.sound[i]), 1, 255);
    }
    assert_int_equal(spoken.sound_count, 4); /* border-ha ha-ma ma-ha ma-border */
}

static void makes_acronyms_of_words_and_of_terms(void **state) {
    (void)state;
    uint64_t machines = of_name("International Business Machines Corporation", NULL).acronym;
    assert_true(machines != 0);
    assert_true(machines == of_name("Inter Ballet Moon", NULL).acronym);
    uint64_t telephones = of_name("日本電信電話", NULL).acronym;
    assert_true(telephones != 0);
    assert_true(telephones == of_name("Nippon Tea Trading", NULL).acronym);
    assert_true(of_name("日本電信山田", NULL).acronym == 0); /* a word that is no term */
    assert_true(of_name("Yamada Works", NULL).acronym == 0);
    assert_true(of_name("山田製作所", NULL).acronym == 0);
}

static uint64_t kana_of_name(const char *name) {
    return of_name(name, NULL).readings[0] & KBR_SPOKEN_KANA;
}

static void tells_kana_of_one_sound_apart(void **state) {
    (void)state;
    uint64_t teg = kana_of_name("ティーイージー");
    assert_true(teg != 0);
    assert_true(teg == kana_of_name("テイ-イ-ジ-")); /* as banks write it */
    assert_true(kana_of_name("ケイエムエス") == kana_of_name("ケーエムエス"));
    assert_true(kana_of_name("ヨロヅ") == kana_of_name("よろず"));
    assert_true(teg != kana_of_name("ティーエージー"));
    assert_true(share_reading_of("ティーイージー", "ティーエージー"));
    assert_true(kana_of_name("Daifuku") == 0); /* romaji does not say which kana */
    assert_true((of_name("ダイフク", NULL).readings[0] & KBR_SPOKEN_DOUBTFUL) == 0);
}

static void knows_how_latin_names_are_spelt(void **state) {
    (void)state;
    kbr_spoken spelt = of_name("Nexon Holdings", NULL);
    assert_int_equal(spelt.spelt_count, 6);
    assert_memory_equal(spelt.spelt, "nekson", 6);
    assert_int_equal(of_name("ネクソンHD", NULL).spelt_count, 0);
    kbr_spoken read = of_name("ネクソン", NULL);
    bool shared_bones = false;
    for (uint32_t i = 0; i < spelt.skeleton_count; i++) {
        shared_bones |= spelt.skeletons[i] == read.skeletons[0];
    }
    assert_true(shared_bones);
}

static void keeps_its_bounds_for_long_names(void **state) {
    (void)state;
    char name[1024] = "";
    for (int i = 0; i < 60; i++) {
        strcat(name, i % 3 == 0 ? "山田" : i % 3 == 1 ? "ギョウ" : "製作所");
    }
    kbr_spoken spoken = of_name(name, NULL);
    assert_in_range(spoken.sound_count, 1, KBR_SPOKEN_SHINGLES_MAX);
    assert_in_range(spoken.sense_count, 1, KBR_SPOKEN_SHINGLES_MAX);
    assert_in_range(spoken.rest_count, 1, KBR_SPOKEN_MORAS_MAX);
    for (int i = 0; i < 100; i++) {
        name[i] = 'x';
        name[i + 1] = '\0';
    }
    spoken = of_name(name, NULL);
    assert_in_range(spoken.spelt_count, 0, KBR_SPOKEN_MORAS_MAX);
    assert_in_range(spoken.skeleton_count, 0, KBR_SPOKEN_SKELETONS_MAX);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_a_reading_across_scripts),
        cmocka_unit_test(takes_a_given_reading_before_any_guess),
        cmocka_unit_test(exchanges_words_for_terms),
        cmocka_unit_test(has_each_shingle_once_and_its_rarity),
        cmocka_unit_test(makes_acronyms_of_words_and_of_terms),
        cmocka_unit_test(tells_kana_of_one_sound_apart),
        cmocka_unit_test(knows_how_latin_names_are_spelt),
        cmocka_unit_test(keeps_its_bounds_for_long_names),
    };
    return cmocka_run_group_tests(tests, set_up_cores, tear_down_cores);
}
