/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record's parts: names and values in their fixed order, every fold and flag under its name, for
 * any record, and nothing kept when memory runs out.
 */
#include "fold.h"
#include "parts.h"
#include "samples.h"
#include "starved.h"
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static kaburi_parts *parts;

static int tear_down(void **state) {
    (void)state;
    kaburi_parts_free(parts);
    parts = NULL;
    return 0;
}

static void normalize(const kaburi_record *record) {
    kaburi_error error;
    kaburi_parts_free(parts);
    if (kaburi_normalize(&parts, record, NULL, &error) != KABURI_OK) {
        fail_msg("refused: %s", error.message);
    }
}

static void normalize_names(const char *company, const char *deal) {
    kaburi_record record;
    kaburi_record_init(&record);
    record.company = kaburi_text_of(company);
    record.deal = kaburi_text_of(deal);
    normalize(&record);
}

static size_t count_of(const char *name) {
    size_t count = 0;
    for (size_t i = 0; i < kaburi_parts_count(parts); i++) {
        count += strcmp(kaburi_parts_name(parts, i), name) == 0;
    }
    return count;
}

static bool has(const char *name, const char *value) {
    for (size_t i = 0; i < kaburi_parts_count(parts); i++) {
        if (strcmp(kaburi_parts_name(parts, i), name) == 0 &&
            strcmp(kaburi_parts_value(parts, i), value) == 0) {
            return true;
        }
    }
    return false;
}

static void shows_a_record_in_a_fixed_order(void **state) {
    (void)state;
    static const char *const expected[][2] = {
        {"company.strict", "(株)山田製作所 大阪支店御中"},
        {"company.folded", "(株)山田製作所 大阪支店御中"},
        {"company.core", "山田製作所"},
        {"company.key", "山田製作所"},
        {"company.form.head", "株式会社"},
        {"company.branch", "大阪支店"},
        {"company.honorific", "yes"},
        {"company.fold", "width"},
        {"deal.strict", "erp導入 2024年度"},
        {"deal.subject", "erp導入"},
        {"deal.key", "erp導入"},
        {"deal.year", "2024"},
        {"deal.fold", "case"},
    };
    normalize_names("㈱山田製作所 大阪支店御中", "ERP導入 2024年度");
    size_t at = 0;
    for (size_t i = 0; i < KBR_COUNT(expected); i++) {
        while (at < kaburi_parts_count(parts) &&
               (strcmp(kaburi_parts_name(parts, at), expected[i][0]) != 0 ||
                strstr(kaburi_parts_value(parts, at), expected[i][1]) == NULL)) {
            at++;
        }
        if (at == kaburi_parts_count(parts)) {
            fail_msg("not there, or before its turn: %s = %s", expected[i][0], expected[i][1]);
        }
    }
}

static void shows_what_else_a_company_says(void **state) {
    (void)state;
    normalize_names("YAMADA Co., Ltd.（旧鈴木商店）（注）", NULL);
    assert_true(has("company.form.tail", "Co., Ltd."));
    assert_true(has("company.former", "鈴木商店"));
    assert_true(has("company.note", "注"));
    assert_int_equal(count_of("deal.strict"), 0);
    normalize_names("不明", NULL);
    assert_true(has("company.placeholder", "yes"));
    normalize_names("株式会社", NULL);
    assert_true(has("company.form_only", "yes"));
    normalize_names("山田製作所 本社", NULL);
    assert_true(has("company.head_office", "yes"));
}

static void shows_every_number_under_its_role(void **state) {
    (void)state;
    normalize_names(NULL, "2024年度 下期 Q3 9月30日 フェーズ2 ロット3 500万円 365 5.5mm");
    assert_int_equal(count_of("company.strict"), 0);
    assert_true(has("deal.year", "2024"));
    assert_true(has("deal.half", "H2"));
    assert_true(has("deal.quarter", "Q3"));
    assert_true(has("deal.month", "9月"));
    assert_true(has("deal.day", "30日"));
    assert_true(has("deal.phase", "2"));
    assert_true(has("deal.lot", "3"));
    assert_true(has("deal.amount", "5000000円"));
    assert_true(has("deal.number", "365"));
    assert_true(has("deal.number", "5.5"));
}

static void shows_what_else_a_deal_says(void **state) {
    (void)state;
    normalize_names("山田製作所", "【展示会】山田製作所様_空調 新規 名古屋工場");
    assert_true(has("deal.tag", "yes"));
    assert_true(has("deal.company", "yes"));
    assert_true(has("deal.sale", "new"));
    assert_true(has("deal.site", "名古屋工場"));
    normalize_names("山田製作所", "未定");
    assert_true(has("deal.placeholder", "yes"));
    normalize_names(NULL, "型番 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16");
    assert_int_equal(count_of("deal.number"), KBR_DEAL_COUNTED_MAX);
    assert_int_equal(count_of("deal.numbers_cut"), 0);
    normalize_names(NULL, "型番 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17");
    assert_int_equal(count_of("deal.number"), KBR_DEAL_COUNTED_MAX);
    assert_true(has("deal.numbers_cut", "yes"));
}

static void names_folds(void **state) {
    (void)state;
    static const char *const folds[][2] = {
        {"㈱山田", "width"},       {"YAMADA", "case"},       {"やまだ", "kana"},
        {"齋藤", "kanji"},         {"ソニ-", "dash"},        {"キャノン", "small_kana"},
        {"ヴィラ", "sound"},       {"ソニー", "long_vowel"}, {"佐々木", "iteration_mark"},
        {"山・田", "punctuation"}, {"山 田", "space"},       {"エ夕工", "lookalike"},
        {"Café", "latin"},
    };
    for (size_t i = 0; i < KBR_COUNT(folds); i++) {
        normalize_names(folds[i][0], NULL);
        if (!has("company.fold", folds[i][1])) {
            fail_msg("no %s in %s", folds[i][1], folds[i][0]);
        }
    }
}

static size_t bits_of(uint32_t flags) {
    size_t count = 0;
    for (; flags != 0; flags &= flags - 1) {
        count++;
    }
    return count;
}

/* Any record: checked UTF-8, companies before deals, and as many folds as the stages spent. */
static void shows_any_record_whole(void **state) {
    (void)state;
    uint64_t seed = 41;
    kbr_reader reader;
    kbr_reader_init(&reader, &kbr_allocator_default);
    for (int round = 0; round < 3000; round++) {
        sample made;
        bool deal = false;
        sample_make(&made, &seed);
        normalize(&made.record);
        assert_int_equal(kbr_reader_read(&reader, &made.record, NULL), KABURI_OK);
        for (size_t i = 0; i < kaburi_parts_count(parts); i++) {
            kaburi_text value = kaburi_text_of(kaburi_parts_value(parts, i));
            assert_true(value.size > 0);
            assert_int_equal(kbr_text_check(value, "value", NULL), KABURI_OK);
            deal |= strncmp(kaburi_parts_name(parts, i), "deal.", 5) == 0;
            assert_true(deal || strncmp(kaburi_parts_name(parts, i), "company.", 8) == 0);
        }
        if (reader.company_text.len > 0) {
            assert_int_equal(count_of("company.fold"),
                             bits_of(reader.company.folds | reader.company_text.folds));
            assert_int_equal(count_of("company.key"), 1);
        }
        if (reader.deal_text.len > 0) {
            assert_int_equal(count_of("deal.fold"),
                             bits_of(reader.deal.folds | reader.deal_text.folds));
        }
    }
    kbr_reader_free(&reader);
}

static void gives_nothing_out_of_range(void **state) {
    (void)state;
    normalize_names("山田製作所", NULL);
    size_t count = kaburi_parts_count(parts);
    assert_true(count > 0);
    assert_non_null(kaburi_parts_name(parts, count - 1));
    assert_non_null(kaburi_parts_value(parts, count - 1));
    assert_null(kaburi_parts_name(parts, count));
    assert_null(kaburi_parts_value(parts, count));
    assert_null(kaburi_parts_name(parts, SIZE_MAX));
    assert_null(kaburi_parts_value(parts, SIZE_MAX));
}

static void reports_missing_memory_at_every_allocation(void **state) {
    (void)state;
    kaburi_record record;
    kaburi_record_init(&record);
    record.company = kaburi_text_of("㈱山田製作所（旧鈴木）大阪支店");
    record.deal = kaburi_text_of("【展示会】ERP導入 2024年度 第2期 新規 名古屋工場");
    normalize(&record);
    size_t failures = 0;
    for (size_t granted = 0;; granted++, failures++) {
        starved memory = {granted, 0};
        kaburi_allocator allocator = starved_allocator(&memory);
        kaburi_parts *made = NULL;
        kaburi_status status = kaburi_normalize(&made, &record, &allocator, NULL);
        if (status == KABURI_OK) {
            assert_int_equal(kaburi_parts_count(made), kaburi_parts_count(parts));
            assert_true(kaburi_parts_count(made) > 16); /* the offsets grew once */
            kaburi_parts_free(made);
            assert_int_equal(memory.blocks, 0);
            break;
        }
        assert_int_equal(status, KABURI_ERROR_MEMORY);
        assert_null(made);
        assert_int_equal(memory.blocks, 0);
    }
    assert_true(failures > 10);
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(shows_a_record_in_a_fixed_order),
        TEST(shows_what_else_a_company_says),
        TEST(shows_every_number_under_its_role),
        TEST(shows_what_else_a_deal_says),
        TEST(names_folds),
        TEST(shows_any_record_whole),
        TEST(gives_nothing_out_of_range),
        TEST(reports_missing_memory_at_every_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
