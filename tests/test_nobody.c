/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names that name nobody: placeholders, and one of a kind that is not named; and real companies
 * whose names only look so.
 */
#include "cores.h"

static void flags_placeholders(void **state) {
    (void)state;
    static const char *const names[] = {"不明",
                                        "未定",
                                        "テスト",
                                        "test",
                                        "個人",
                                        "なし",
                                        "N/A",
                                        "-",
                                        "該当なし",
                                        "匿名",
                                        "新規",
                                        "ダミー",
                                        "dummy",
                                        "xxx",
                                        "個人A",
                                        "職員A",
                                        "テスト1",
                                        "個人様",
                                        "（未定）",
                                        "〇〇株式会社",
                                        "○○商事",
                                        "---",
                                        "テスト株式会社",
                                        "test 2",
                                        "（社名非公開）",
                                        "某大手メーカー",
                                        "某製造業",
                                        "某株式会社",
                                        "一般消費者",
                                        "大手企業",
                                        "大手自動車メーカー",
                                        "エンドユーザー様",
                                        "Undisclosed client",
                                        "Major retailer",
                                        "Unnamed manufacturer"};
    for (size_t i = 0; i < KBR_COUNT(names); i++) {
        (void)core_of(names[i]);
        if ((core_company.flags & KBR_COMPANY_PLACEHOLDER) == 0) {
            fail_msg("%s is no placeholder", names[i]);
        }
    }
    static const char *const real[] = {"テストパターン",
                                       "個人タクシー",
                                       "株式会社フリーランス",
                                       "testament",
                                       "新規開拓",
                                       "株式会社XX",
                                       "なしの里",
                                       "X",
                                       "株式会社〇",
                                       "大手町企業",
                                       "大手前商社",
                                       "大手",
                                       "大手商事",
                                       "株式会社大手企業",
                                       "Major",
                                       "Major League Company",
                                       "Leading Edge Bank",
                                       "Majority client"};
    for (size_t i = 0; i < KBR_COUNT(real); i++) {
        (void)core_of(real[i]);
        if ((core_company.flags & KBR_COMPANY_PLACEHOLDER) != 0) {
            fail_msg("%s is a placeholder", real[i]);
        }
    }
}

/* One of a kind: the kind with a letter or a number, or a kind that stands for all of it. */
static void flags_parties_that_are_not_named(void **state) {
    (void)state;
    static const char *const names[] = {"委員C",
                                        "民間会社BS",
                                        "企業ＡＸ",
                                        "考査委員 B",
                                        "コーディネーターH",
                                        "A社",
                                        "BB社",
                                        "地方公共団体7",
                                        "ザンビア現地業者",
                                        "民間事業者等",
                                        "現地旅行会社C",
                                        "外部有識者",
                                        "助成金を受給している事業主AC"};
    for (size_t i = 0; i < KBR_COUNT(names); i++) {
        (void)core_of(names[i]);
        if ((core_company.flags & (KBR_COMPANY_PARTY | KBR_COMPANY_PLACEHOLDER)) !=
            KBR_COMPANY_PARTY) {
            fail_msg("%s is somebody", names[i]);
        }
    }
    static const char *const real[] = {"株式会社民間会社B",
                                       "三恵企業",
                                       "丹青社",
                                       "日本経済新聞社",
                                       "東京大学",
                                       "IHI",
                                       "3M",
                                       "第一企業ABC",
                                       "山田農業法人",
                                       "山田旅行会社株式会社"};
    for (size_t i = 0; i < KBR_COUNT(real); i++) {
        (void)core_of(real[i]);
        if ((core_company.flags & KBR_COMPANY_PARTY) != 0) {
            fail_msg("%s is nobody in particular", real[i]);
        }
    }
    /* Beside it even a note tells: it is all that is known. */
    (void)core_of("コーディネーターH(英国)");
    size_t noted = core_company.key.len;
    (void)core_of("コーディネーターH");
    assert_true(noted > core_company.key.len);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(flags_placeholders, set_up_cores, tear_down_cores),
        cmocka_unit_test_setup_teardown(flags_parties_that_are_not_named, set_up_cores,
                                        tear_down_cores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
