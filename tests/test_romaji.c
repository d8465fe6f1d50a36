/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Romaji: the three systems give the kana, and what is no romaji gives none.
 */
#include "cores.h"
#include "romaji.h"

static const char *kana_of(const char *letters) {
    uint16_t units[64];
    uint8_t kana[128];
    size_t len = strlen(letters);
    for (size_t i = 0; i < len; i++) {
        units[i] = (uint16_t)letters[i];
    }
    return kana_text(kana, kbr_romaji_to_kana(kana, units, len));
}

static void reads_hepburn_kunrei_and_nihon_siki(void **state) {
    (void)state;
    static const char *const words[][2] = {
        {"shizuoka", "シズオカ"},
        {"sizuoka", "シズオカ"},
        {"shoji", "ショジ"},
        {"syouzi", "ショウジ"},
        {"shimbashi", "シンバシ"},
        {"shinbashi", "シンバシ"},
        {"chikuzen", "チクゼン"},
        {"tikuzen", "チクゼン"},
        {"fujitsu", "フジツ"},
        {"huzitu", "フジツ"},
        {"hatchobori", "ハッチョボリ"},
        {"nippon", "ニッポン"},
        {"kenkyu", "ケンキュ"},
        {"jyutaku", "ジュタク"},
        {"honda", "ホンダ"},
        {"annai", "アンナイ"},
        {"ohno", "オーノ"},
        {"itoh", "イトー"},
        {"kon", "コン"},
        {"ryokan", "リョカン"},
        {"dyuku", "ヂュク"},
    };
    for (size_t i = 0; i < KBR_COUNT(words); i++) {
        assert_string_equal(kana_of(words[i][0]), words[i][1]);
    }
}

static void refuses_other_words(void **state) {
    (void)state;
    static const char *const words[] = {"trust", "global", "yamadax", "kk",  "s", "sh", "van",
                                        "quick", "wi",     "ye",      "cat", "",  "tsa"};
    for (size_t i = 0; i < KBR_COUNT(words); i++) {
        assert_string_equal(kana_of(words[i]), "");
    }
}

/* Every string of four letters and bytes around them: bounded, and only kana come out. */
static void keeps_its_bounds_for_any_letters(void **state) {
    (void)state;
    static const uint16_t letters[] = {'a', 'o', 'n', 'm', 'h', 's', 't', 'y', 'k', 'b', 0, 0x3042};
    size_t count = KBR_COUNT(letters);
    for (size_t i = 0; i < count * count * count * count; i++) {
        const uint16_t word[4] = {letters[i % count], letters[i / count % count],
                                  letters[i / count / count % count],
                                  letters[i / count / count / count]};
        uint8_t kana[8];
        size_t len = kbr_romaji_to_kana(kana, word, 4);
        assert_in_range(len, 0, 8);
        for (size_t j = 0; j < len; j++) {
            assert_true(kbr_is_kana((uint16_t)(0x3000 | kana[j])));
        }
    }
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_hepburn_kunrei_and_nihon_siki),
        cmocka_unit_test(refuses_other_words),
        cmocka_unit_test(keeps_its_bounds_for_any_letters),
    };
    return cmocka_run_group_tests(tests, set_up_cores, tear_down_cores);
}
