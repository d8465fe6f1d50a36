/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sound: every way to write one pronunciation is one string of moras, and what sounds different
 * stays so.
 */
#include "cores.h"
#include "sound.h"

static char romaji[3 * KBR_READING_KANA_MAX + 1];

/* Of a text in kana only. */
static size_t kana_of(uint8_t *out, const char *text) {
    kaburi_text field = {text, strlen(text)};
    assert_int_equal(kbr_fold(&core_text, field), KABURI_OK);
    for (size_t i = 0; i < core_text.len; i++) {
        out[i] = KBR_KANA(core_text.unit[i]);
    }
    return core_text.len;
}

static const char *sound_of(const char *text) {
    uint8_t kana[KBR_READING_KANA_MAX];
    uint8_t moras[KBR_READING_KANA_MAX];
    size_t len = kbr_sound_of_kana(moras, kana, kana_of(kana, text));
    size_t size = kbr_sound_romaji(romaji, moras, len);
    assert_int_equal(size, strlen(romaji));
    return romaji;
}

static const char *skeleton_of(const char *text) {
    uint8_t kana[KBR_READING_KANA_MAX];
    uint8_t moras[KBR_READING_KANA_MAX];
    size_t len = kbr_sound_of_kana(moras, kana, kana_of(kana, text));
    romaji[kbr_sound_skeleton(romaji, moras, len)] = '\0';
    return romaji;
}

static void writes_one_pronunciation_one_way(void **state) {
    (void)state;
    static const char *const same[][3] = {
        {"ヤマダセイサクショ", "ヤマダセイサクシヨ", "yamadasesakusyo"}, /* the bank's large kana */
        {"シュウエイ", "シユウエイ", "syue"},
        {"キヤノン", "キャノン", "kyanon"},
        {"とうきょう", "トーキョー", "tokyo"},
        {"オオサカ", "オーサカ", "osaka"},
        {"ケーディー", "ケイディイ", "kede"},
        {"ブリヂストン", "ブリジストン", "burizisuton"},
        {"ヴァイオリン", "バイオリン", "baiorin"},
        {"フィルム", "フイルム", "firumu"},
        {"ウィスキー", "ウヰスキー", "wisuki"},
        {"シェル", "シエル", "syeru"},
        {"ヱビス", "エビス", "ebisu"},
        {"ニッポー", "ニポウ", "nipo"},
    };
    for (size_t i = 0; i < KBR_COUNT(same); i++) {
        assert_string_equal(sound_of(same[i][0]), same[i][2]);
        assert_string_equal(sound_of(same[i][1]), same[i][2]);
    }
}

static void tells_other_pronunciations_apart(void **state) {
    (void)state;
    static const char *const other[][2] = {{"キリン", "キング"}, {"ライオン", "ライオンズ"},
                                           {"サイト", "サイド"}, {"ハマ", "ハナ"},
                                           {"シヤク", "サク"},   {"ホンダ", "ホダ"}};
    for (size_t i = 0; i < KBR_COUNT(other); i++) {
        char first[64];
        strcpy(first, sound_of(other[i][0]));
        assert_string_not_equal(first, sound_of(other[i][1]));
    }
}

static void tells_what_each_kana_adds(void **state) {
    (void)state;
    uint8_t kana[16];
    uint8_t moras[16];
    size_t len = kana_of(kana, "トウキョウト"); /* to kyo to */
    static const uint8_t expected[] = {0, 1, 1, 2, 2, 2, 3};
    for (size_t i = 0; i < sizeof expected; i++) {
        assert_int_equal(kbr_sound_of_kana(moras, kana, i), expected[i]);
    }
    assert_int_equal(kbr_sound_of_kana(moras, kana, len), 3);
}

static void leaves_consonants_as_the_skeleton(void **state) {
    (void)state;
    assert_string_equal(skeleton_of("ソリューションズ"), "srsnz");
    assert_string_equal(skeleton_of("サイオス"), "s");
    assert_string_equal(skeleton_of("アオイ"), "");
    assert_string_equal(skeleton_of("ファイル"), "hr");
}

static const char *bare_of(const char *text) {
    static char bare[2 * KBR_READING_KANA_MAX + 1];
    uint8_t kana[KBR_READING_KANA_MAX];
    uint8_t moras[KBR_READING_KANA_MAX];
    size_t len = kbr_sound_of_kana(moras, kana, kana_of(kana, text));
    bare[kbr_sound_bare((uint8_t *)bare, sizeof bare - 1, moras, len)] = '\0';
    return bare;
}

static const char *spelt_of(const char *letters) {
    static char spelt[256];
    spelt[kbr_sound_spelt((uint8_t *)spelt, sizeof spelt - 1, letters, strlen(letters))] = '\0';
    return spelt;
}

static void brings_sound_and_spelling_near(void **state) {
    (void)state;
    assert_string_equal(bare_of("ヘリオス"), "herios");
    assert_string_equal(spelt_of("healios"), "hirios");
    assert_string_equal(bare_of("ネクソン"), "nekson");
    assert_string_equal(spelt_of("nexon"), "nekson");
    assert_string_equal(spelt_of("compass"), "konpas");
    assert_string_equal(bare_of("コンパス"), "konpas");
    assert_string_equal(spelt_of("phantom"), "hantom");
    assert_string_equal(spelt_of("luxe"), "rks");
    assert_string_equal(spelt_of(""), "");
    uint8_t few[3];
    assert_int_equal(kbr_sound_spelt(few, sizeof few, "xxxx", 4), 2);
    assert_int_equal(kbr_sound_spelt(few, sizeof few, "xaxa", 4), 3);
    char skeleton[8];
    assert_int_equal(kbr_sound_spelt_skeleton(skeleton, (const uint8_t *)"nekson", 6), 4);
    assert_memory_equal(skeleton, "nksn", 4);
}

/* Every byte there is, in every pair: never more moras than kana, none out of range, and the sound
 * of a sound's kana does not change by what is silent. */
static void keeps_its_bounds_for_any_bytes(void **state) {
    (void)state;
    for (int first = 0; first < 256; first++) {
        for (int second = 0; second < 256; second++) {
            const uint8_t kana[] = {(uint8_t)first, (uint8_t)second, 0xFC};
            uint8_t moras[3];
            size_t len = kbr_sound_of_kana(moras, kana, 3);
            assert_in_range(len, 0, 2);
            for (size_t i = 0; i < len; i++) {
                assert_in_range(moras[i], 1, KBR_SOUND_CODES - 1);
            }
            assert_in_range(kbr_sound_romaji(romaji, moras, len), 0, 3 * len);
            assert_in_range(kbr_sound_skeleton(romaji, moras, len), 0, len);
        }
    }
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_one_pronunciation_one_way),
        cmocka_unit_test(tells_other_pronunciations_apart),
        cmocka_unit_test(tells_what_each_kana_adds),
        cmocka_unit_test(leaves_consonants_as_the_skeleton),
        cmocka_unit_test(brings_sound_and_spelling_near),
        cmocka_unit_test(keeps_its_bounds_for_any_bytes),
    };
    return cmocka_run_group_tests(tests, set_up_cores, tear_down_cores);
}
