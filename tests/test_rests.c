/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rest of a name beside another: which rests part companies, and which are a name cut short,
 * decorated or mistyped.
 */
#include "fold.h"
#include "rests.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Loose keys of two names, which have neither legal form nor branch. */
static bool parts(const char *a, const char *b, bool whole) {
    kbr_folded folded;
    uint16_t key[2][256];
    size_t len[2];
    uint32_t folds = 0;
    const char *const names[2] = {a, b};
    kbr_folded_init(&folded, &kbr_allocator_default);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(kbr_fold(&folded, (kaburi_text){names[i], strlen(names[i])}), KABURI_OK);
        assert_true(folded.len <= KBR_COUNT(key[i]));
        len[i] = kbr_fold_loose(key[i], folded.unit, folded.len, &folds);
    }
    kbr_folded_free(&folded);
    bool told = kbr_rest_parts(key[0], len[0], key[1], len[1], whole);
    assert_int_equal(told, kbr_rest_parts(key[1], len[1], key[0], len[0], whole));
    return told;
}

static void tells_how_two_keys_differ(void **state) {
    (void)state;
    static const uint16_t long_key[] = {1, 2, 3, 4, 5};
    static const uint16_t short_key[] = {1, 2, 5};
    kbr_rest rest = kbr_rest_of(long_key, 5, short_key, 3);
    assert_int_equal(rest.at, 2);
    assert_int_equal(rest.x_len, 2);
    assert_int_equal(rest.y_len, 0);
    assert_int_equal(rest.tail, 1);
    rest = kbr_rest_of(long_key, 5, long_key, 5);
    assert_int_equal(rest.x_len + rest.y_len, 0);
    rest = kbr_rest_of(long_key, 5, short_key, 0);
    assert_int_equal(rest.at + rest.tail + rest.y_len, 0);
    assert_int_equal(rest.x_len, 5);
}

static void words_of_other_companies_part(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"トヨタ自動車", "トヨタ自動車九州"},
        {"東北電力", "東北電力ネットワーク"},
        {"山田製作所", "山田製作所労働組合"},
        {"山田電機", "山田電機サービス"},
        {"山田電機", "山田電機九州サービス"},
        {"日本航空", "中日本航空"},
        {"山田電機", "東京山田電機"},
        {"東京大学", "東京工業大学"},
        {"富士ソフト企画", "富士ソフトサービス"},
        {"Acme", "Acme Trading"},
    };
    for (size_t i = 0; i < KBR_COUNT(pairs); i++) {
        if (!parts(pairs[i][0], pairs[i][1], false)) {
            fail_msg("%s / %s", pairs[i][0], pairs[i][1]);
        }
    }
}

static void other_rests_do_not(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"三井住友銀", "三井住友銀行"},
        {"日立製", "日立製作所"},
        {"大和ハウス", "大和ハウス工業"},
        {"石川県林業公社", "石川県林業公社等"},
        {"北海道観光機構", "北海道観光振興機構"},
        {"健康栄養研究所", "健康健康栄養研究所"},
        {"山田システム", "山田システムズ"},
        {"山田商事", "山田商会"},
        {"Aozora Travel", "Aozoraトラベル"},
        {"誠文社", "誠文社本社"},
        {"Accenture", "Accentur"},
        {"山田製作所", "山田製作所"},
        {"山田製作所", ""},
    };
    for (size_t i = 0; i < KBR_COUNT(pairs); i++) {
        if (parts(pairs[i][0], pairs[i][1], false)) {
            fail_msg("%s / %s", pairs[i][0], pairs[i][1]);
        }
    }
}

/* 九州センター is a site, センター behind a name a company of its own. */
static void of_a_site_one_word_alone_does(void **state) {
    (void)state;
    assert_true(parts("山田電機", "山田電機九州センター", false));
    assert_false(parts("山田電機", "山田電機九州センター", true));
    assert_true(parts("山田電機", "山田電機センター", true));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_how_two_keys_differ),
        cmocka_unit_test(words_of_other_companies_part),
        cmocka_unit_test(other_rests_do_not),
        cmocka_unit_test(of_a_site_one_word_alone_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
