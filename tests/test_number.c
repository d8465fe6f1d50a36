/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers of a deal's name: every notation of years, periods, phases and lots, what looks like one
 * and is none, and that hostile names are read within their bounds and in linear work.
 */
#include "number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static kbr_folded folded;

static int set_up(void **state) {
    (void)state;
    kbr_folded_init(&folded, &kbr_allocator_default);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    kbr_folded_free(&folded);
    return 0;
}

static void fold(const char *text) {
    assert_int_equal(kbr_fold(&folded, (kaburi_text){text, strlen(text)}), KABURI_OK);
}

/* Appends "phase 2 " or, with decimals, "phase 1.5 ". */
static void describe(char *out, const kbr_number *number) {
    static const char *const roles[] = {"?",     "plain", "year",  "half", "quarter",
                                        "month", "day",   "phase", "lot",  "amount"};
    assert_in_range(number->role, KBR_NUMBER_PLAIN, KBR_NUMBER_ROLES - 1);
    assert_true(number->scale == 1 || number->scale == 1000);
    char *end = out + strlen(out);
    if (number->scale == 1) {
        (void)sprintf(end, "%s %lld ", roles[number->role], (long long)number->value);
    } else {
        (void)sprintf(end, "%s %g ", roles[number->role], (double)number->value / 1000);
    }
}

/* All numbers of a text, read from the left, each from behind the one before. */
static void read_all(char *out) {
    out[0] = '\0';
    for (size_t at = 0; at < folded.len;) {
        kbr_number_reading reading;
        if (!kbr_number_read(&reading, &folded, at, folded.len, KBR_FISCAL_MONTH_DEFAULT)) {
            at++;
            continue;
        }
        assert_in_range(reading.count, 1, KBR_NUMBER_READING_MAX);
        assert_in_range(reading.end, at + 1, folded.len);
        for (size_t i = 0; i < reading.count; i++) {
            describe(out, &reading.number[i]);
        }
        at = reading.end;
    }
    if (out[0] != '\0') {
        out[strlen(out) - 1] = '\0';
    }
}

static void reads(const char *text, const char *expected) {
    char found[1024];
    fold(text);
    read_all(found);
    if (strcmp(found, expected) != 0) {
        fail_msg("%s: '%s', expected '%s'", text, found, expected);
    }
}

static void read_each(const char *const *texts, size_t count, const char *expected) {
    for (size_t i = 0; i < count; i++) {
        reads(texts[i], expected);
    }
}

#define READ_EACH(expected, ...)                                                                   \
    do {                                                                                           \
        static const char *const texts[] = {__VA_ARGS__};                                          \
        read_each(texts, KBR_COUNT(texts), expected);                                              \
    } while (0)

/* What is read begins at `begin` and ends at `end` of the folded text. */
static void spans(const char *text, size_t begin, size_t end) {
    kbr_number_reading reading;
    fold(text);
    for (size_t at = 0; at < begin; at++) {
        assert_false(kbr_number_read(&reading, &folded, at, folded.len, KBR_FISCAL_MONTH_DEFAULT));
    }
    assert_true(kbr_number_read(&reading, &folded, begin, folded.len, KBR_FISCAL_MONTH_DEFAULT));
    if (reading.end != end) {
        fail_msg("%s: ends at %zu, expected %zu", text, reading.end, end);
    }
}

/* ---- years ---- */

static void reads_one_fiscal_year_in_every_notation(void **state) {
    (void)state;
    READ_EACH("year 2024", "2024年度", "2024 年度", "２０２４年度", "2024年", "保守 2024", "FY2024",
              "FY24", "fy 24", "FY'24", "FY-24", "ＦＹ２４", "24年度", "24 年度", "'24", "’24",
              "令和6年度", "令和六年度", "令和 6 年度", "令和6年", "令和6", "㋿6年度", "R6年度",
              "R06年度", "保守更新 R6", "保守更新 R06", "R.6", "保守更新R6", "(R6)", "2024年版",
              "2024年分", "2024FY", "24FY", "24fy", "CY2024", "FY2024/25", "FY24-25", "2024/25",
              "二〇二四年度", "二千二十四年度", "令和6年度(2024年度)", "令和6(2024)年度",
              "2024(令和6)年度", "令和6会計年度", "2024会計年度", "2025年3月期", "令和7年3月期",
              "25年3月期", "2024年12月期", "2024年度分", "’24年度");
    READ_EACH("year 2077", "2077年度");
    READ_EACH("year 2019", "令和元年度", "平成31年度", "平成三十一年", "H31", "R1年度");
    READ_EACH("year 1988", "昭和63年度");
    READ_EACH("year 1999", "99年度", "1999年問題");
}

static void reads_a_fiscal_year_from_its_ends(void **state) {
    (void)state;
    READ_EACH("year 2024", "2024年4月–2025年3月", "2024年4月-2025年3月", "2024年4月～2025年3月",
              "2024年4月 〜 2025年3月", "2024/4-2025/3", "2024/04～2025/03", "2024.4-2025.3",
              "2024.04～2025.03", "2024年4月から2025年3月", "2024年4月から2025年3月まで",
              "2024年4月1日～2025年3月31日", "2024/04/01-2025/03/31", "2024-04-01 ~ 2025-03-31");
    reads("2024年4月～2026年3月", "year 2024 year 2025");
    reads("2024年5月～2025年4月", "year 2024 month 5 year 2025 month 4");
    reads("2024年4月～2024年9月", "year 2024 half 1");
    reads("2024年4月2日～2025年3月31日", "year 2024 month 4 day 2 year 2025 month 3 day 31");
    reads("2024年4月～2025年3月30日", "year 2024 month 4 year 2025 month 3 day 30");
    reads("2024年4月 2025年3月", "year 2024 month 4 year 2025 month 3");
    spans("2024年4月から2025年3月までの保守", 0, 18);
    spans("2024年4月から2025年3月まえの保守", 0, 16);
}

static void reads_several_fiscal_years_as_their_first_and_last(void **state) {
    (void)state;
    READ_EACH("year 2024 year 2026", "2024年度～2026年度", "2024-2026年度", "2024年度2026年度",
              "令和6～8年度", "令和6年度～8年度", "令和6年度から令和8年度まで", "R6-R8",
              "R6～R8年度", "R6-8年度", "FY24-FY26", "FY24～26年度", "20242026年度",
              "2024年4月～2027年3月", "令和6年4月～令和9年3月", "R6.4-R9.3", "202404-202703",
              "20240401～20270331", "Apr 2024 - Mar 2027");
    READ_EACH("year 2024 year 2025", "令和6・7年度", "令和6、7年度", "R6・7年度");
    reads("令和8～6年度", "year 2026 plain 6");
    reads("R8-R6", "plain 8 plain 6");
    reads("20242064年度", "plain 20242064");
    reads("20242026", "plain 20242026");
}

static void reads_halves_and_quarters_from_their_ends(void **state) {
    (void)state;
    READ_EACH("year 2024 half 1", "2024年4月～9月", "2024/4-2024/9", "令和6年4月～9月",
              "2024年4月1日～9月", "Apr-Sep 2024", "202404-202409");
    READ_EACH("year 2024 half 2", "2024年10月～2025年3月", "R6.10～R7.3", "2024/10～2025/03",
              "Oct 2024 – Mar 2025");
    READ_EACH("year 2024 quarter 4", "2025年1月～3月", "Jan-Mar 2025");
    READ_EACH("quarter 1", "4月～6月", "4-6月", "4～6月分", "4月から6月まで", "4月6月分", "46月分");
    READ_EACH("quarter 3", "1012月分", "10月12月");
    READ_EACH("month 5 month 9", "59月分");
    reads("64月分", "plain 64");
    reads("46月", "plain 46");
    reads("1012月", "plain 1012");
    READ_EACH("half 2", "10月～3月", "10-3月");
    READ_EACH("month 5 month 7", "5月～7月", "5-7月");
    reads("4月～4月", "month 4 month 4");
    reads("4-13月", "plain 4 plain 13");
    reads("4-6件", "plain 4 plain 6");
}

static void reads_ranges_by_the_month_that_years_begin_with(void **state) {
    (void)state;
    kbr_number_reading reading;
    fold("2024年1月～2024年12月");
    assert_true(kbr_number_read(&reading, &folded, 0, folded.len, 1));
    assert_int_equal(reading.count, 1);
    assert_int_equal(reading.number[0].value, 2024);
    assert_int_equal(reading.end, folded.len);
    fold("2024年10月～2025年3月");
    assert_true(kbr_number_read(&reading, &folded, 0, folded.len, 10));
    assert_int_equal(reading.count, 2);
    assert_int_equal(reading.number[0].value, 2024);
    assert_int_equal(reading.number[1].role, KBR_NUMBER_HALF);
    assert_int_equal(reading.number[1].value, 1);
    fold("1～3月");
    assert_true(kbr_number_read(&reading, &folded, 0, folded.len, 1));
    assert_int_equal(reading.number[0].role, KBR_NUMBER_QUARTER);
    assert_int_equal(reading.number[0].value, 1);
}

static void reads_dates(void **state) {
    (void)state;
    READ_EACH("year 2024 month 6 day 30", "2024/06/30", "2024-06-30", "2024.06.30", "2024.6.30",
              "2024/6/30", "2024年6月30日", "令和6年6月30日");
    READ_EACH("year 2024 month 6", "2024/06", "2024-6", "2024.06", "2024年6月");
    READ_EACH("year 2024 month 6 day 30", "20240630");
    READ_EACH("year 2024 month 10", "2024年10月分", "2024年10月度", "202410", "Oct 2024",
              "October 2024", "Oct. 2024", "October, 2024", "Oct-24", "Oct '24");
    READ_EACH("", "may", "march forward", "Mayo", "octo");
    reads("May 5", "plain 5");
    reads("20241301", "plain 20241301");
    reads("20240230", "plain 20240230");
    reads("202413", "plain 202413");
    reads("120240630", "plain 120240630");
    reads("2024/13", "year 2024 plain 13");
    reads("2024/06/32", "year 2024 month 6 plain 32");
    reads("2024.13", "plain 2024.13");
    reads("2024.5kg", "plain 2024.5");
    reads("9月30日", "month 9 day 30");
    reads("13月", "plain 13");
    reads("40日", "plain 40");
}

static void takes_other_numbers_for_no_year(void **state) {
    (void)state;
    READ_EACH("plain 2024", "2024台", "2024件", "2024mm", "2024x");
    reads("2024円", "amount 2024");
    reads("1989", "plain 1989");
    reads("2050", "plain 2050");
    reads("12024", "plain 12024");
    reads("100年企業", "plain 100");
    reads("24年", "plain 24");
    reads("'240", "plain 240");
    reads("'2", "plain 2");
    reads("'24h", "plain 24");
    reads("FY", "");
    reads("FYI 24", "plain 24");
    reads("FY240", "plain 240");
    reads("令和", "");
    reads("平成の湯", "");
}

static void takes_r_for_an_era_only_where_nothing_joins_it_to_a_name(void **state) {
    (void)state;
    READ_EACH("plain 6", "XR6", "ABR6更新", "R6s", "R6+", "A-R6");
    reads("7R6", "plain 7 plain 6");
    reads("R6-200", "plain 6 plain 200");
    reads("R60", "plain 60");
    reads("R6000", "plain 6000");
    reads("R0", "plain 0");
    reads("R6.5", "plain 6.5");
    reads("H7", "plain 7");
    reads("H1N1", "plain 1 plain 1");
    reads("H100", "plain 100");
    reads("RR6", "plain 6");
}

/* ---- periods ---- */

static void reads_halves(void **state) {
    (void)state;
    READ_EACH("half 1", "上期", "上半期", "前期", "1H", "H1", "１Ｈ", "保守 1H");
    READ_EACH("half 2", "下期", "下半期", "後期", "2H", "H2");
    READ_EACH("year 2024 half 1", "24年度上期", "FY2024 1H", "FY24H1", "FY24-H1", "2024年度上半期",
              "R6上期", "2024H1", "24上期", "24上", "24H1", "FY24 first half", "2024 1st half");
    READ_EACH("half 2 year 2024", "2H24", "2H FY24", "H2FY24", "2HFY24", "second half 2024");
    READ_EACH("half 1", "前半", "上期", "first half", "1st half");
    READ_EACH("", "halfway", "first halfway", "前半分");
    READ_EACH("", "後期高齢者", "前期高齢者", "上級期", "下記", "上半身");
    reads("3H", "plain 3");
    reads("H3", "plain 3");
    reads("1Hz", "plain 1");
    reads("24H", "plain 24");
}

static void reads_quarters(void **state) {
    (void)state;
    READ_EACH("quarter 1", "Q1", "1Q", "第1四半期", "第一四半期", "第Ⅰ四半期", "第１四半期",
              "1四半期");
    READ_EACH("quarter 4", "Q4", "4Q", "第4四半期", "第四四半期");
    READ_EACH("year 2024 quarter 3", "FY24Q3", "FY2024 Q3", "2024Q3", "2024年度第3四半期",
              "2024年Q3");
    READ_EACH("quarter 3 year 2024", "Q3FY24", "3Q24", "Q3 2024", "third quarter 2024");
    READ_EACH("year 2024 quarter 3", "24Q3");
    reads("3Q245", "quarter 3 plain 245");
    reads("10-24Q3", "plain 10 plain 24 quarter 3");
    reads("Q5", "plain 5");
    reads("5Q", "plain 5");
    reads("Q10", "plain 10");
    reads("Q1X", "plain 1");
    reads("2024Q5", "plain 2024 plain 5");
    reads("2024Q1X", "plain 2024 plain 1");
    reads("第5四半期", "plain 5");
    reads("四半期報告", "");
}

static void reads_months(void **state) {
    (void)state;
    READ_EACH("month 10", "10月分", "10月度", "10月", "１０月分", "10月期", "派遣 10月分");
    READ_EACH("plain 12", "12ヶ月", "12か月", "12カ月", "12箇月", "12ヵ月");
    reads("0月", "plain 0");
}

/* ---- phases and lots ---- */

static void reads_phases(void **state) {
    (void)state;
    READ_EACH("phase 2", "フェーズ2", "フェーズ２", "フェーズ②", "フェーズ二", "フェーズⅡ",
              "フェーズII", "フェーズ 2", "フェーズ-2", "フェーズ(2", "フェイズ2", "第2フェーズ",
              "第二フェーズ", "2フェーズ", "2 フェーズ", "②フェーズ", "ﾌｪｰｽﾞ2", "Phase2", "Phase 2",
              "PHASE-2", "Phase II", "PhaseⅡ", "phaseii", "Phase.2", "Ph.2", "Ph2", "PH 2",
              "2nd phase", "2nd フェーズ", "Step 2", "STEP2", "StepⅡ", "ステップ2", "Stage 2",
              "ステージⅡ");
    READ_EACH("phase 2", "第2期", "第２期", "第二期", "第弐期", "第Ⅱ期", "第II期", "2期", "Ⅱ期",
              "Ⅱ期工事", "第2期工事", "2期工事", "第 2期", "2nd期");
    READ_EACH("phase 2", "2次", "第2次", "第二次開発", "2回目", "第2回", "第二回", "その2",
              "その２", "その②", "その二", "その弐", "ソノ2", "(その2)", "Ver.2", "version 2",
              "バージョン2", "2年目", "第2段階", "第2弾");
    READ_EACH("phase 1", "第壱期", "第一期", "第Ⅰ期", "フェーズⅠ");
    READ_EACH("phase 3", "第参期", "第三期", "第Ⅲ期", "基幹Ⅲ期");
    READ_EACH("phase 12", "第12期", "第十二期", "第一二期", "フェーズⅫ", "Ⅻ次");
    READ_EACH("phase 20", "第20回", "第二十回", "第二〇回");
    READ_EACH("phase 105", "第百五回", "第105回");
    READ_EACH("phase 1.5", "フェーズ1.5", "Ver1.5");
}

static void reads_lots(void **state) {
    (void)state;
    READ_EACH("lot 1", "ロット1", "ロット１", "ロットⅠ", "ロット一", "lot 1", "Lot.1", "LOT-1",
              "第1ロット", "1ロット", "ロットA", "lot a", "A工区", "第1工区", "Aブロック", "1号",
              "第1号", "第一号", "No.1", "No1", "№1", "No 1", "1号機", "1号棟", "Part 1", "Part I");
    READ_EACH("lot 2", "ブロックB", "B棟", "グループB", "区分2");
}

static void takes_words_that_only_look_like_counters_for_none(void **state) {
    (void)state;
    READ_EACH("", "その後", "その他", "その一部改修", "次期システム", "次世代", "第三者委員会",
              "フェーズ", "phase", "phaseout", "number", "partner", "lottery", "X線", "V字回復",
              "VIP期間", "一期一会", "NOV", "novx", "phi", "期間", "号外", "第", "ⅡB期", "steps");
    READ_EACH("plain 2", "Phone2", "lottery 2", "NoSQL2", "no code 2", "partner 2", "期待2",
              "回線2", "2回線", "2", "②", "(2)", "2nd", "2件", "2台", "2社", "2名", "その他2",
              "2個");
    READ_EACH("plain 3", "3rd party", "3D", "3次元");
    reads("4thx", "plain 4");
    reads("2.5th", "plain 2.5");
    reads("2 期", "plain 2");
}

static void takes_numbers_of_products_and_durations_as_plain(void **state) {
    (void)state;
    reads("Office365", "plain 365");
    reads("Office 365", "plain 365");
    reads("ISO9001", "plain 9001");
    reads("5G", "plain 5");
    reads("24時間", "plain 24");
    reads("24時間365日", "plain 24 plain 365");
    reads("Windows11", "plain 11");
    reads("第27条", "plain 27");
    reads("5.56mm", "plain 5.56");
    reads("3年間", "plain 3");
}

static void reads_amounts_in_yen(void **state) {
    (void)state;
    READ_EACH("amount 5000000", "500万円", "5百万円", "5,000,000円", "5000千円", "５００万円");
    READ_EACH("amount 5000000", "¥5,000,000", "￥5,000,000-", "5,000,000 円", "JPY 5,000,000",
              "5,000,000JPY", "¥5M", "500万", "(500万)", "\\5,000,000");
    READ_EACH("amount 50000", "$50,000", "$50k", "USD 50k", "50,000 USD", "€50,000", "GBP 50000");
    reads("1億2,000万円", "amount 120000000");
    reads("1億2000円", "amount 100002000");
    READ_EACH("plain 100", "100万人", "100k", "100m", "100千", "USDA100");
    reads("1.5億円", "amount 150000000");
    reads("0円", "amount 0");
    reads("500万人", "plain 500");
    reads("9999999999999億円", "plain 9999999999999"); /* more than there are yen for */
    reads("5千億円", "amount 500000000000");
    reads("5千億億円", "plain 5"); /* no magnitude that anybody counts in */
    reads("1億2千億億円", "plain 1 plain 2");
}

static void reads_digits_with_their_groups_and_decimals(void **state) {
    (void)state;
    reads("1,234,567", "plain 1234567");
    reads("1,2,3", "plain 1 plain 2 plain 3");
    reads("12,34", "plain 12 plain 34");
    reads("1,2345", "plain 1 plain 2345");
    reads("007", "plain 7");
    reads("1.", "plain 1");
    reads("1.2345", "plain 1.234");
    reads("99999999999999999", "plain 99999999999999999");
}

/* ---- contexts and ends ---- */

static kbr_number first(const char *text) {
    kbr_number_reading reading = {.count = 0};
    fold(text);
    for (size_t at = 0; at < folded.len; at++) {
        if (kbr_number_read(&reading, &folded, at, folded.len, KBR_FISCAL_MONTH_DEFAULT)) {
            return reading.number[0];
        }
    }
    fail_msg("%s: no number", text);
    return reading.number[0];
}

static void says_what_word_stands_beside(void **state) {
    (void)state;
    assert_int_equal(first("第2期").context, first("2期").context);
    assert_int_equal(first("フェーズ2").context, first("第二フェーズ").context);
    assert_int_not_equal(first("第2期").context, first("第2回").context);
    assert_int_not_equal(first("第27条").context, first("第27項").context);
    assert_int_not_equal(first("3台").context, 0);
    assert_int_equal(first("2024年度").context, 0);
    assert_int_equal(first("2").context, 0);
    assert_int_equal(first("2nd").context, 0);
}

static void tells_long_codes_apart(void **state) {
    (void)state;
    kbr_number a = first("123456789012345678901");
    kbr_number b = first("123456789012345678902");
    kbr_number again = first("123456789012345678901");
    assert_true(a.value != b.value);
    assert_true(a.value == again.value);
    assert_true(a.value > 0);
    assert_int_equal(a.role, KBR_NUMBER_PLAIN);
}

static void ends_behind_the_word_that_only_counts(void **state) {
    (void)state;
    spans("保守2024年度分", 2, 9);
    spans("保守2024年度分担金", 2, 8);
    spans("フェーズ2開発", 0, 5);
    spans("第2期工事", 0, 2); /* 期工事 says what is built: it stays */
    spans("10月分派遣", 0, 4);
    spans("2nd phase", 0, 9);
    spans("2nd party", 0, 3);
    spans("A工区", 0, 1);
    spans("500万円", 0, 5);
}

static void looks_no_further_than_its_limit(void **state) {
    (void)state;
    kbr_number_reading reading;
    fold("2024年度");
    assert_true(kbr_number_read(&reading, &folded, 0, 3, KBR_FISCAL_MONTH_DEFAULT));
    assert_int_equal(reading.end, 3);
    assert_int_equal(reading.number[0].value, 202);
    fold("フェーズ2");
    assert_false(kbr_number_read(&reading, &folded, 0, 4, KBR_FISCAL_MONTH_DEFAULT));
    fold("第2期");
    assert_true(kbr_number_read(&reading, &folded, 0, 2, KBR_FISCAL_MONTH_DEFAULT));
    assert_int_equal(reading.number[0].role, KBR_NUMBER_PLAIN);
}

/* ---- hostile texts ---- */

/* A copy of the folded text in blocks of just its size, so that a sanitizer sees reads behind. */
static void read_within_bounds(void) {
    if (folded.len == 0) {
        return;
    }
    kbr_folded tight = folded;
    tight.unit = malloc(folded.len * sizeof *tight.unit);
    tight.script = malloc(folded.len);
    assert_non_null(tight.unit);
    assert_non_null(tight.script);
    memcpy(tight.unit, folded.unit, folded.len * sizeof *tight.unit);
    memcpy(tight.script, folded.script, folded.len);
    for (size_t at = 0; at < folded.len; at++) {
        kbr_number_reading reading;
        if (kbr_number_read(&reading, &tight, at, tight.len, KBR_FISCAL_MONTH_DEFAULT)) {
            assert_in_range(reading.count, 1, KBR_NUMBER_READING_MAX);
            assert_in_range(reading.end, at + 1, tight.len);
        }
    }
    free(tight.unit);
    free(tight.script);
}

static void reads_random_texts_within_their_bounds(void **state) {
    (void)state;
    static const char *const pieces[] = {
        "0",      "1",
        "2",      "4",
        "24",     "2024",
        "2025",   "31",
        "年",     "度",
        "月",     "日",
        "令和",   "平成",
        "元",     "R",
        "H",      "FY",
        "'",      "Q",
        "第",     "期",
        "次",     "回",
        "四",     "半期",
        "二",     "十",
        "百",     "千",
        "〇",     "Ⅱ",
        "V",      "上",
        "下",     "前",
        "ph",     "phase",
        "no",     "lot",
        "その",   "フェーズ",
        "ロット", "A",
        "工区",   ".",
        ",",      "-",
        "~",      "/",
        " ",      "から",
        "まで",   "万",
        "億",     "円",
        "nd",     "st",
        "№",      "(",
        "号",     "99999999999999999",
        "x",
    };
    uint32_t seed = 1;
    for (int round = 0; round < 100000; round++) {
        char text[256] = "";
        seed = seed * 1664525 + 1013904223;
        for (uint32_t left = 1 + (seed >> 20) % 8; left > 0; left--) {
            seed = seed * 1664525 + 1013904223;
            strcat(text, pieces[(seed >> 12) % KBR_COUNT(pieces)]);
        }
        fold(text);
        read_within_bounds();
    }
}

static void reads_the_largest_texts(void **state) {
    (void)state;
    static const struct {
        const char *piece;
        size_t numbers; /* of the largest text made of it */
    } rows[] = {
        {"1", 1},       {"1 ", 8192}, {"1-", 8192},    {"第", 0},      {"第一", 0},
        {"一", 0},      {"百", 0},    {"x", 0},        {"phase ", 0},  {"その(", 0},
        {"ロット-", 0}, {"年", 0},    {"R", 0},        {"'", 0},       {"no.", 0},
        {"2nd ", 4096}, {"v ", 0},    {"第1期", 2340}, {"R6年", 3276},
    };
    static char text[KABURI_TEXT_SIZE_MAX + 1];
    for (size_t i = 0; i < KBR_COUNT(rows); i++) {
        size_t size = strlen(rows[i].piece);
        size_t count = KABURI_TEXT_SIZE_MAX / size;
        for (size_t j = 0; j < count; j++) {
            memcpy(text + j * size, rows[i].piece, size);
        }
        text[count * size] = '\0';
        fold(text);
        size_t numbers = 0;
        for (size_t at = 0; at < folded.len;) {
            kbr_number_reading reading;
            bool read =
                kbr_number_read(&reading, &folded, at, folded.len, KBR_FISCAL_MONTH_DEFAULT);
            numbers += read ? reading.count : 0;
            at = read ? reading.end : at + 1;
        }
        if (numbers != rows[i].numbers) {
            fail_msg("%zu numbers of '%s', expected %zu", numbers, rows[i].piece, rows[i].numbers);
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(reads_one_fiscal_year_in_every_notation),
        TEST(reads_a_fiscal_year_from_its_ends),
        TEST(reads_several_fiscal_years_as_their_first_and_last),
        TEST(reads_halves_and_quarters_from_their_ends),
        TEST(reads_ranges_by_the_month_that_years_begin_with),
        TEST(reads_dates),
        TEST(takes_other_numbers_for_no_year),
        TEST(takes_r_for_an_era_only_where_nothing_joins_it_to_a_name),
        TEST(reads_halves),
        TEST(reads_quarters),
        TEST(reads_months),
        TEST(reads_phases),
        TEST(reads_lots),
        TEST(takes_words_that_only_look_like_counters_for_none),
        TEST(takes_numbers_of_products_and_durations_as_plain),
        TEST(reads_amounts_in_yen),
        TEST(reads_digits_with_their_groups_and_decimals),
        TEST(says_what_word_stands_beside),
        TEST(tells_long_codes_apart),
        TEST(ends_behind_the_word_that_only_counts),
        TEST(looks_no_further_than_its_limit),
        TEST(reads_random_texts_within_their_bounds),
        TEST(reads_the_largest_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
