/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Levels of two deals of one customer: what is left out, what conflicts, typing errors, words in
 * another order, opposed words, years that one side alone names, and twins that are closed.
 */
#include "compare.h"
#include "kaburi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static kaburi_match match;

static void compare_staged(const char *a, int32_t a_stage, const char *b, int32_t b_stage) {
    kaburi_record x;
    kaburi_record y;
    kaburi_match back;
    kaburi_record_init(&x);
    kaburi_record_init(&y);
    x.company = y.company = kaburi_text_of("株式会社山田製作所");
    x.deal = kaburi_text_of(a);
    y.deal = kaburi_text_of(b);
    x.stage = a_stage;
    y.stage = b_stage;
    assert_int_equal(kaburi_compare(&x, &y, NULL, &match, NULL), KABURI_OK);
    assert_int_equal(kaburi_compare(&y, &x, NULL, &back, NULL), KABURI_OK);
    assert_memory_equal(back.level, match.level, sizeof match.level);
    assert_int_equal(back.verdict, match.verdict);
    assert_true(back.evidence == match.evidence);
}

static void expect(const char *a, const char *b, int field, int level) {
    compare_staged(a, KABURI_STAGE_UNKNOWN, b, KABURI_STAGE_UNKNOWN);
    if (match.level[field] != level) {
        const char *found = kbr_compare_level_name(field, match.level[field]);
        fail_msg("%s | %s: %s is %s, expected %s", a, b, kaburi_field_name(field),
                 found != NULL ? found : "absent",
                 level != 0 ? kbr_compare_level_name(field, level) : "absent");
    }
}

static void verdict_is(const char *a, const char *b, int32_t verdict) {
    compare_staged(a, KABURI_STAGE_UNKNOWN, b, KABURI_STAGE_UNKNOWN);
    if (match.verdict != verdict) {
        fail_msg("%s | %s: %s %.3f, expected %s", a, b, kaburi_verdict_name(match.verdict),
                 match.probability, kaburi_verdict_name(verdict));
    }
}

/* ---- subject ---- */

static void takes_one_typing_error_for_the_same_subject(void **state) {
    (void)state;
    const int deal = KABURI_FIELD_DEAL;
    expect("勤怠管理アカウント移行支援", "勤怠管理アカント移行支援", deal, KBR_DEAL_TYPO);
    expect("勤怠管理アカウント移行支援", "勤怠管理アカウウント移行支援", deal, KBR_DEAL_TYPO);
    expect("勤怠管理アカウント移行支援", "勤怠管理アカンウト移行支援", deal, KBR_DEAL_TYPO);
    expect("勤怠管理アカウント移行支援", "勤怠管理アカワント移行支援", deal, KBR_DEAL_TYPO);
    expect("勤怠管理クラウド移行支援", "勤怠理管クラウド移行支援", deal, KBR_DEAL_TYPO);
    expect("warehouse management", "warehose management", deal, KBR_DEAL_TYPO);
}

static void takes_no_other_word_for_a_typing_error(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"東倉庫改修", "西倉庫改修"}, /* kanji for kanji */
        {"非破壊検査業務", "破壊検査業務"},
        {"LAN更改", "WAN更改"}, /* words that are too short to be struck wrong */
        {"CAD導入", "CAM導入"},
        {"EDR導入", "XDR導入"},
        {"iPad導入", "iPod導入"},
        {"モーター交換", "メーター交換"},
        {"ロボット導入", "ロケット導入"},
        {"日の出胸壁築造", "日の出護岸築造"},
        {"勤怠管理クラウド移行支援", "勤怠管理クラウ移行支"}, /* two */
        {"勤怠管理クラウド移行支援", "移行支援勤怠管理クラウ"},
    };
    for (size_t i = 0; i < KBR_COUNT(pairs); i++) {
        compare_staged(pairs[i][0], 0, pairs[i][1], 0);
        assert_int_not_equal(match.level[KABURI_FIELD_DEAL], KBR_DEAL_TYPO);
    }
    expect("検証", "検討", KABURI_FIELD_DEAL, KBR_DEAL_NEAR_1);
    expect("ERP", "ERPA", KABURI_FIELD_DEAL, KBR_DEAL_NEAR_2); /* too short */
}

static void takes_words_in_any_order_for_the_same_subject(void **state) {
    (void)state;
    const int deal = KABURI_FIELD_DEAL;
    expect("勤怠管理 クラウド移行", "クラウド移行(勤怠管理)", deal, KBR_DEAL_SAME);
    expect("Cloud Migration - Payroll", "Payroll / Cloud Migration", deal, KBR_DEAL_SAME);
    expect("クラウド移行_勤怠管理 FY24", "【展示会】勤怠管理・クラウド移行の件", deal,
           KBR_DEAL_SAME);
    compare_staged("勤怠管理 クラウド移行", 0, "クラウド移行(労務管理)", 0);
    assert_int_not_equal(match.level[deal], KBR_DEAL_SAME);
}

static void tells_opposed_words_apart(void **state) {
    (void)state;
    /* However many numbers stand beside them. */
    expect("会計システム更改 1台 2台 3台 4台 5台 6台 7台 8台 9台 10台 11台 12台 13台 14台 15台 "
           "16台 17台",
           "人事システム更改 1台 2台 3台 4台 5台 6台 7台 8台 9台 10台 11台 12台 13台 14台 15台 "
           "16台 17台",
           KABURI_FIELD_DEAL, KBR_DEAL_OPPOSED);
    const int deal = KABURI_FIELD_DEAL;
    expect("会計システム導入", "人事システム導入", deal, KBR_DEAL_OPPOSED);
    expect("本社東棟空調更新", "本社西棟空調更新", deal, KBR_DEAL_OPPOSED);
    expect("server replacement", "network replacement", deal, KBR_DEAL_OPPOSED);
    verdict_is("会計システム導入支援業務委託", "人事システム導入支援業務委託",
               KABURI_VERDICT_PARALLEL);
    /* one side alone, a part of the other's, two groups, two words of one sense */
    static const char *const pairs[][2] = {{"本社東棟空調更新", "本社空調更新"},
                                           {"人事給与システム導入", "給与システム導入"},
                                           {"東棟サーバ", "国内サーバ"},
                                           {"会計システム開発", "会計システム構築"},
                                           {"給与システム", "Payrollシステム"}};
    for (size_t i = 0; i < KBR_COUNT(pairs); i++) {
        compare_staged(pairs[i][0], 0, pairs[i][1], 0);
        assert_int_not_equal(match.level[deal], KBR_DEAL_OPPOSED);
        assert_int_equal(match.evidence & KABURI_EVIDENCE_DEAL_OPPOSED, 0);
    }
}

/* ---- years and numbers ---- */

static void tells_a_year_of_one_side_from_one_left_out(void **state) {
    (void)state;
    const int year = KABURI_FIELD_YEAR;
    expect("保守更新 2024年度", "保守更新 FY24", year, KBR_TOLD_SAME);
    expect("保守更新 2024年度", "保守更新 FY25", year, KBR_TOLD_CONFLICT);
    expect("保守更新 2024年度", "保守更新", year, KBR_YEAR_YEARLY);
    expect("保守更新 2024/06", "保守更新", year, KBR_TOLD_ONCE);
    expect("保守更新_20240601", "保守更新", year, KBR_LEVEL_ABSENT);
    expect("保守更新_20240601", "保守更新 FY24", year, KBR_TOLD_SAME);
    expect("保守更新_20250110", "保守更新 FY24", year, KBR_YEAR_YEARLY);
    expect("保守更新_20240601", "保守更新_20250601", year, KBR_TOLD_CONFLICT);
    expect("保守更新_202406", "保守更新", KABURI_FIELD_PERIOD, KBR_LEVEL_ABSENT);
    expect("保守更新_202406", "保守更新 4月分", KABURI_FIELD_PERIOD, KBR_TOLD_ONCE);
    expect("保守更新_202406", "保守更新_202407", KABURI_FIELD_PERIOD, KBR_TOLD_CONFLICT);
    expect("保守更新", "保守更新", year, KBR_LEVEL_ABSENT);
    expect("保守更新 R6-R8", "保守更新 R6", year, KBR_TOLD_PART);
    expect("保守更新 R6-R8", "保守更新 2024年4月～2027年3月", year, KBR_TOLD_SAME);
}

static void finds_the_number_that_is_another_among_as_many(void **state) {
    (void)state;
    expect("監査契約(2024年度)2025年度", "監査契約(2025年度)2025年度", KABURI_FIELD_YEAR,
           KBR_TOLD_CONFLICT);
    expect("2024年度監査(2024年度)", "監査2024年度", KABURI_FIELD_YEAR, KBR_TOLD_SAME);
    expect("特別改造その2 変更その3", "特別改造その3 変更その3", KABURI_FIELD_PHASE,
           KBR_TOLD_CONFLICT);
    expect("特別改造その2 変更その3", "特別改造その3", KABURI_FIELD_PHASE, KBR_TOLD_PART);
    verdict_is("特別改造工事その2 変更その3", "特別改造工事その3 変更その3",
               KABURI_VERDICT_PARALLEL);
}

static void compares_amounts_of_a_yearly_contract_for_little(void **state) {
    (void)state;
    kaburi_record a;
    kaburi_record b;
    kaburi_record_init(&a);
    kaburi_record_init(&b);
    a.company = b.company = kaburi_text_of("株式会社山田製作所");
    a.deal = kaburi_text_of("基幹システム運用保守業務委託 2024年度");
    b.deal = kaburi_text_of("基幹システム運用保守業務委託");
    a.amount = b.amount = 1000000;
    assert_int_equal(kaburi_compare(&a, &b, NULL, &match, NULL), KABURI_OK);
    assert_int_equal(match.level[KABURI_FIELD_AMOUNT], KBR_AMOUNT_YEARLY);
    assert_int_equal(match.verdict, KABURI_VERDICT_RENEWAL);
    b.amount = 3000000;
    assert_int_equal(kaburi_compare(&a, &b, NULL, &match, NULL), KABURI_OK);
    assert_int_equal(match.level[KABURI_FIELD_AMOUNT], KBR_AMOUNT_OTHER);
    b.deal = a.deal;
    b.amount = a.amount;
    assert_int_equal(kaburi_compare(&a, &b, NULL, &match, NULL), KABURI_OK);
    assert_int_equal(match.level[KABURI_FIELD_AMOUNT], KBR_AMOUNT_ROUND);
    assert_int_equal(match.verdict, KABURI_VERDICT_DUPLICATE);
}

/* Last year's contract and the other lot have cost as much. */
static void takes_the_price_of_a_sibling_for_less(void **state) {
    (void)state;
    static const struct {
        const char *a, *b;
        int64_t amount;
        int level;
    } deals[] = {
        {"基幹システム保守 2024年度", "基幹システム保守 2025年度", 1234567, KBR_AMOUNT_SIBLING},
        {"基幹システム保守 2024年度", "基幹システム保守 2024年度", 1234567, KBR_AMOUNT_SAME},
        {"サーバ増設 フェーズ1", "サーバ増設 フェーズ2", 1234567, KBR_AMOUNT_SIBLING},
        {"サーバ増設 ロット1", "サーバ増設 ロット2", 1000000, KBR_AMOUNT_SIBLING},
        {"サーバ増設 フェーズ1", "サーバ増設", 1234567, KBR_AMOUNT_SAME},
    };
    for (size_t i = 0; i < KBR_COUNT(deals); i++) {
        kaburi_record a;
        kaburi_record b;
        kaburi_record_init(&a);
        kaburi_record_init(&b);
        a.company = b.company = kaburi_text_of("株式会社山田製作所");
        a.deal = kaburi_text_of(deals[i].a);
        b.deal = kaburi_text_of(deals[i].b);
        a.amount = b.amount = deals[i].amount;
        assert_int_equal(kaburi_compare(&a, &b, NULL, &match, NULL), KABURI_OK);
        assert_int_equal(match.level[KABURI_FIELD_AMOUNT], deals[i].level);
        assert_true((match.evidence & KABURI_EVIDENCE_AMOUNT_SAME) != 0);
        assert_int_equal(match.verdict == KABURI_VERDICT_DUPLICATE,
                         deals[i].level != KBR_AMOUNT_SIBLING);
    }
}

/* Many deals cost a million. */
static void tells_a_round_amount_from_an_exact_one(void **state) {
    (void)state;
    static const struct {
        int64_t amount;
        int level;
    } amounts[] = {{1000000, KBR_AMOUNT_ROUND}, {1230000, KBR_AMOUNT_ROUND},
                   {999, KBR_AMOUNT_ROUND},     {1234000, KBR_AMOUNT_SAME},
                   {1001, KBR_AMOUNT_SAME},     {-5000, KBR_AMOUNT_ROUND},
                   {-5678, KBR_AMOUNT_SAME},    {INT64_MAX, KBR_AMOUNT_SAME}};
    for (size_t i = 0; i < KBR_COUNT(amounts); i++) {
        kaburi_record a;
        kaburi_record_init(&a);
        a.company = kaburi_text_of("株式会社山田製作所");
        a.deal = kaburi_text_of("ERP導入");
        a.amount = amounts[i].amount;
        assert_int_equal(kaburi_compare(&a, &a, NULL, &match, NULL), KABURI_OK);
        assert_int_equal(match.level[KABURI_FIELD_AMOUNT], amounts[i].level);
        assert_true((match.evidence & KABURI_EVIDENCE_AMOUNT_SAME) != 0);
    }
}

/* The verdict and level of two deals that close so many days apart. */
static void closes_apart(const char *x, const char *y, int32_t days, int level, int32_t verdict) {
    kaburi_record a;
    kaburi_record b;
    kaburi_record_init(&a);
    kaburi_record_init(&b);
    a.company = b.company = kaburi_text_of("株式会社山田製作所");
    a.deal = kaburi_text_of(x);
    b.deal = kaburi_text_of(y);
    a.amount = b.amount = 1000000;
    a.close_date = 20178;
    b.close_date = a.close_date + days;
    assert_int_equal(kaburi_compare(&a, &b, NULL, &match, NULL), KABURI_OK);
    if (match.level[KABURI_FIELD_CLOSE_DATE] != level || match.verdict != verdict) {
        fail_msg(
            "%s | %s, %d days: %s, %s %.3f", x, y, days,
            kbr_compare_level_name(KABURI_FIELD_CLOSE_DATE, match.level[KABURI_FIELD_CLOSE_DATE]),
            kaburi_verdict_name(match.verdict), match.probability);
    }
    bool yearly = level == KBR_CLOSE_YEARLY;
    assert_int_equal(match.level[KABURI_FIELD_AMOUNT] == KBR_AMOUNT_YEARLY, yearly);
    assert_true(!yearly || match.decision == KABURI_DECISION_ALLOW);
    assert_true(!yearly || (match.evidence & KABURI_EVIDENCE_CLOSE_DATE_CONFLICT) != 0);
}

static void takes_one_name_a_year_later_for_a_renewal(void **state) {
    (void)state;
    const int32_t duplicate = KABURI_VERDICT_DUPLICATE;
    const int32_t renewal = KABURI_VERDICT_RENEWAL;
    closes_apart("Annual support", "Annual support", 365, KBR_CLOSE_YEARLY, renewal);
    closes_apart("Annual support", "Annual support", -365, KBR_CLOSE_YEARLY, renewal);
    closes_apart("基幹システム保守", "基幹システム 保守", 300, KBR_CLOSE_YEARLY, renewal);
    closes_apart("基幹システム保守", "基幹システム保守", 430, KBR_CLOSE_YEARLY, renewal);
    closes_apart("基幹システム保守", "基幹システム保守", 299, KBR_CLOSE_OTHER, duplicate);
    closes_apart("基幹システム保守", "基幹システム保守", 431, KBR_CLOSE_OTHER, duplicate);
    closes_apart("基幹システム保守", "基幹システム保守", 30, KBR_CLOSE_NEAR, duplicate);
    closes_apart("基幹システム保守 FY24", "基幹システム保守 2024年度", 365, KBR_CLOSE_OTHER,
                 duplicate);
    closes_apart("会計システム導入", "人事システム導入", 365, KBR_CLOSE_OTHER,
                 KABURI_VERDICT_PARALLEL);
}

static void takes_the_amount_of_the_name_where_no_other_is(void **state) {
    (void)state;
    const int amount = KABURI_FIELD_AMOUNT;
    expect("ERP導入 500万円", "ERP導入 ¥5,000,000", amount, KBR_AMOUNT_ROUND);
    expect("ERP導入 500万円", "ERP導入 800万円", amount, KBR_AMOUNT_FAR);
    expect("ERP導入 500万円", "ERP導入", amount, KBR_LEVEL_ABSENT);
    expect("ERP導入 500万円", "ERP導入 $5,000,000", amount, KBR_LEVEL_ABSENT);
    expect("ERP導入 500万円", "ERP導入 500万円+200万円", amount, KBR_LEVEL_ABSENT);
}

/* ---- stage, identifiers ---- */

static void takes_a_closed_twin_for_no_duplicate(void **state) {
    (void)state;
    static const struct {
        int32_t a;
        int32_t b;
        int32_t verdict;
        uint64_t evidence;
    } rows[] = {
        {KABURI_STAGE_OPEN, KABURI_STAGE_OPEN, KABURI_VERDICT_DUPLICATE, 0},
        {KABURI_STAGE_UNKNOWN, KABURI_STAGE_OPEN, KABURI_VERDICT_DUPLICATE, 0},
        {KABURI_STAGE_OPEN, KABURI_STAGE_WON, KABURI_VERDICT_RENEWAL, KABURI_EVIDENCE_STAGE_WON},
        {KABURI_STAGE_UNKNOWN, KABURI_STAGE_WON, KABURI_VERDICT_RENEWAL, KABURI_EVIDENCE_STAGE_WON},
        {KABURI_STAGE_OPEN, KABURI_STAGE_LOST, KABURI_VERDICT_RENEWAL, KABURI_EVIDENCE_STAGE_LOST},
        {KABURI_STAGE_WON, KABURI_STAGE_WON, KABURI_VERDICT_DUPLICATE, 0},
        {KABURI_STAGE_WON, KABURI_STAGE_LOST, KABURI_VERDICT_DUPLICATE, 0},
    };
    const uint64_t stages = KABURI_EVIDENCE_STAGE_WON | KABURI_EVIDENCE_STAGE_LOST;
    for (size_t i = 0; i < KBR_COUNT(rows); i++) {
        compare_staged("基幹システム刷新", rows[i].a, "基幹システムリプレース", rows[i].b);
        assert_int_equal(match.verdict, rows[i].verdict);
        assert_true((match.evidence & stages) == rows[i].evidence);
    }
    compare_staged("会計システム導入", KABURI_STAGE_OPEN, "人事システム導入", KABURI_STAGE_WON);
    assert_int_equal(match.verdict, KABURI_VERDICT_PARALLEL);
}

static void holds_another_corporate_number_for_a_veto(void **state) {
    (void)state;
    static const char generous[] = "kaburi-model 2\nweight corporate_number conflict 0.5 0.5\n";
    kaburi_compare_options options;
    kaburi_record a;
    kaburi_record b;
    kaburi_model *model;
    assert_int_equal(kaburi_model_parse(&model, generous, sizeof generous - 1, NULL, NULL),
                     KABURI_OK);
    kaburi_compare_options_init(&options);
    options.model = model;
    kaburi_record_init(&a);
    kaburi_record_init(&b);
    a.company = b.company = kaburi_text_of("株式会社山田製作所");
    a.deal = b.deal = kaburi_text_of("基幹システム刷新");
    a.corporate_number = kaburi_text_of("7000012050002");
    b.corporate_number = kaburi_text_of("8000012010038");
    assert_int_equal(kaburi_compare(&a, &b, &options, &match, NULL), KABURI_OK);
    assert_int_equal(match.verdict, KABURI_VERDICT_HOMONYM);
    b.corporate_number = a.corporate_number;
    b.company = kaburi_text_of("有限会社別府商店");
    assert_int_equal(kaburi_compare(&a, &b, NULL, &match, NULL), KABURI_OK);
    assert_int_equal(match.verdict, KABURI_VERDICT_DUPLICATE);
    kaburi_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_one_typing_error_for_the_same_subject),
        cmocka_unit_test(takes_no_other_word_for_a_typing_error),
        cmocka_unit_test(takes_words_in_any_order_for_the_same_subject),
        cmocka_unit_test(tells_opposed_words_apart),
        cmocka_unit_test(tells_a_year_of_one_side_from_one_left_out),
        cmocka_unit_test(finds_the_number_that_is_another_among_as_many),
        cmocka_unit_test(compares_amounts_of_a_yearly_contract_for_little),
        cmocka_unit_test(tells_a_round_amount_from_an_exact_one),
        cmocka_unit_test(takes_the_price_of_a_sibling_for_less),
        cmocka_unit_test(takes_one_name_a_year_later_for_a_renewal),
        cmocka_unit_test(takes_the_amount_of_the_name_where_no_other_is),
        cmocka_unit_test(takes_a_closed_twin_for_no_duplicate),
        cmocka_unit_test(holds_another_corporate_number_for_a_veto),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
