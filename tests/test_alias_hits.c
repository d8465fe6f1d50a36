/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hits of a table of aliases: what they are worth in a comparison and what they find in an index.
 */
#include "alias_table.h"
#include "compare.h"
#include "named.h"
#include "samples.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- comparing ---- */

static kaburi_match judged(const kaburi_aliases *aliases, const kaburi_record *a,
                           const kaburi_record *b) {
    kaburi_compare_options options;
    kaburi_match there;
    kaburi_match back;
    kaburi_compare_options_init(&options);
    options.aliases = aliases;
    assert_int_equal(kaburi_compare(a, b, &options, &there, &error), KABURI_OK);
    assert_int_equal(kaburi_compare(b, a, &options, &back, &error), KABURI_OK);
    back.id = there.id;
    assert_memory_equal(&there, &back, sizeof there);
    return there;
}

static kaburi_match judged_names(const kaburi_aliases *aliases, const char *a, const char *b) {
    kaburi_record x = named_record(1, a, "");
    kaburi_record y = named_record(2, b, "");
    return judged(aliases, &x, &y);
}

static void has_a_level_for_each_kind(void **state) {
    (void)state;
    static const struct {
        const char *a;
        const char *b;
        int level;
        int verdict;
    } tries[] = {
        {"東電", "東京電力", KBR_COMPANY_ALIAS_ABBREVIATION, KABURI_VERDICT_DUPLICATE},
        {"アークランズ", "アークランドサカモト", KBR_COMPANY_ALIAS_FORMER,
         KABURI_VERDICT_DUPLICATE},
        {"サイボウズ", "Cybozu", KBR_COMPANY_ALIAS_TRANSLATION, KABURI_VERDICT_DUPLICATE},
        {"三菱商事", "三菱食品", KBR_COMPANY_ALIAS_GROUP, KABURI_VERDICT_GROUP},
    };
    kaburi_aliases *aliases = parse(chubu);
    for (size_t i = 0; i < KBR_COUNT(tries); i++) {
        kaburi_match match = judged_names(aliases, tries[i].a, tries[i].b);
        kaburi_match without = judged_names(NULL, tries[i].a, tries[i].b);
        assert_int_equal(match.level[KABURI_FIELD_COMPANY], tries[i].level);
        assert_int_equal(match.verdict, tries[i].verdict);
        assert_true((match.evidence & KABURI_EVIDENCE_COMPANY_ALIAS) != 0);
        assert_true((without.evidence & KABURI_EVIDENCE_COMPANY_ALIAS) == 0);
        assert_int_not_equal(without.verdict, KABURI_VERDICT_DUPLICATE);
    }
    kaburi_aliases_free(aliases);
}

static void weighs_an_alias_less_than_the_same_spelling(void **state) {
    (void)state;
    kaburi_aliases *aliases = parse(chubu);
    kaburi_match same = judged_names(aliases, "富士通", "富士通");
    kaburi_match alias = judged_names(aliases, "東電", "東京電力");
    kaburi_match shared = judged_names(aliases, "中電", "中部電力");
    float bits = alias.weight[KABURI_FIELD_COMPANY];
    assert_true(bits > 0 && bits < same.weight[KABURI_FIELD_COMPANY] + 1);
    /* Of two companies each is meant half the time. */
    assert_true(fabsf(bits - shared.weight[KABURI_FIELD_COMPANY] - 1) < 0.001F);
    assert_int_not_equal(alias.decision, KABURI_DECISION_BLOCK);
    kaburi_aliases_free(aliases);
}

static void alerts_an_alias_whose_deal_agrees_and_no_other(void **state) {
    (void)state;
    kaburi_aliases *aliases = parse(chubu);
    kaburi_record a = named_record(1, "中電", "送電線監視システム更改 2024年度");
    kaburi_record b = named_record(2, "中部電力株式会社", "送電線監視システム更改 FY24");
    kaburi_match match = judged(aliases, &a, &b);
    assert_int_equal(match.verdict, KABURI_VERDICT_DUPLICATE);
    assert_int_equal(match.decision, KABURI_DECISION_ALERT);
    b.deal = kaburi_text_of("社員食堂の運営");
    assert_int_equal(judged(aliases, &a, &b).decision, KABURI_DECISION_ALLOW);
    kaburi_aliases_free(aliases);
}

static void keeps_two_owners_of_one_alias_apart(void **state) {
    (void)state;
    kaburi_aliases *aliases = parse(chubu);
    kaburi_match match = judged_names(aliases, "中部電力", "中国電力");
    kaburi_match without = judged_names(NULL, "中部電力", "中国電力");
    assert_memory_equal(&match, &without, sizeof match);
    assert_int_not_equal(match.verdict, KABURI_VERDICT_DUPLICATE);
    kaburi_aliases_free(aliases);
}

static void never_calls_a_group_one_customer(void **state) {
    (void)state;
    kaburi_aliases *aliases = parse(chubu);
    kaburi_record a = named_record(1, "三菱商事", "勤怠管理クラウド導入 2024年度");
    kaburi_record b = named_record(2, "三菱食品", "勤怠管理クラウド導入 2024年度");
    a.domain = b.domain = kaburi_text_of("mitsubishi.example.co.jp");
    kaburi_match match = judged(aliases, &a, &b);
    assert_int_equal(match.verdict, KABURI_VERDICT_GROUP);
    assert_int_equal(match.decision, KABURI_DECISION_ALLOW);
    a.corporate_number = b.corporate_number = kaburi_text_of("7000012050002");
    assert_int_equal(judged(aliases, &a, &b).level[KABURI_FIELD_CORPORATE_NUMBER], KBR_ID_SAME);
    assert_int_equal(judged(aliases, &a, &b).verdict, KABURI_VERDICT_DUPLICATE);
    kaburi_aliases_free(aliases);
}

static void forgives_an_alias_its_reading_and_an_abbreviation_its_form(void **state) {
    (void)state;
    kaburi_aliases *aliases = parse(chubu);
    kaburi_record a = named_record(1, "東電", "");
    kaburi_record b = named_record(2, "東京電力株式会社", "");
    a.company_reading = kaburi_text_of("トウデン");
    b.company_reading = kaburi_text_of("トウキョウデンリョク");
    kaburi_match match = judged(aliases, &a, &b);
    assert_int_equal(match.level[KABURI_FIELD_READING], KBR_LEVEL_ABSENT);
    assert_int_equal(match.level[KABURI_FIELD_FORM], KBR_LEVEL_ABSENT);
    match = judged(NULL, &a, &b);
    assert_int_equal(match.level[KABURI_FIELD_READING], KBR_READING_CONFLICT);
    assert_int_equal(match.level[KABURI_FIELD_FORM], KBR_FORM_MISSING);
    a.company = kaburi_text_of("有限会社東電");
    assert_int_equal(judged(aliases, &a, &b).level[KABURI_FIELD_FORM], KBR_FORM_CONFLICT);
    kaburi_aliases_free(aliases);
}

static void takes_the_former_name_in_brackets_for_a_name(void **state) {
    (void)state;
    kaburi_aliases *aliases = parse(chubu);
    kaburi_match match = judged_names(aliases, "ヤマダ電力(旧東電)", "東京電力");
    assert_int_equal(match.level[KABURI_FIELD_COMPANY], KBR_COMPANY_ALIAS_ABBREVIATION);
    match = judged_names(aliases, "ヤマダ電力(旧東電)", "スズキ電力(旧東京電力)");
    assert_int_equal(match.level[KABURI_FIELD_COMPANY], KBR_COMPANY_ALIAS_ABBREVIATION);
    match = judged_names(aliases, "ヤマダ電力(旧東京電力)", "東京電力");
    assert_int_equal(match.level[KABURI_FIELD_COMPANY], KBR_COMPANY_IS_FORMER);
    kaburi_aliases_free(aliases);
}

static void says_nothing_of_placeholders_and_equal_names(void **state) {
    (void)state;
    kaburi_aliases *aliases = parse(HEAD "不明\t東京電力\tformer\n東京電力\t東電\tformer\n");
    kaburi_match match = judged_names(aliases, "不明", "東京電力");
    assert_int_equal(match.level[KABURI_FIELD_COMPANY], KBR_COMPANY_NAMELESS);
    match = judged_names(aliases, "㈱東京電力", "東京電力");
    assert_int_equal(match.level[KABURI_FIELD_COMPANY], KBR_COMPANY_EXACT);
    kaburi_aliases_free(aliases);
}

/* Seeded names, half of which the table ties: the same in both directions, as `judged` asserts. */
static void compares_the_same_in_both_directions(void **state) {
    (void)state;
    kaburi_aliases *aliases =
        parse(HEAD "山田製作所\tヤマダ\ttranslation\nヤマダ\tソニー\tformer\n"
                   "ソニー\tソニーグループ\tgroup\n鈴木\t山田製作所\tabbreviation\n"
                   "佐々木\tYamada\tabbreviation\n電機\tYamada\tabbreviation\n");
    uint64_t seed = 81;
    size_t hits = 0;
    for (int round = 0; round < 20000; round++) {
        sample a;
        sample b;
        sample_make(&a, &seed);
        sample_make(&b, &seed);
        b.record.stage = a.record.stage; /* a policy asks for those of the second */
        b.record.kind = a.record.kind;
        hits +=
            (judged(aliases, &a.record, &b.record).evidence & KABURI_EVIDENCE_COMPANY_ALIAS) != 0;
    }
    assert_true(hits > 20);
    kaburi_aliases_free(aliases);
}

static void explains_an_alias_in_both_languages(void **state) {
    (void)state;
    kaburi_aliases *aliases = parse(chubu);
    kaburi_record a = named_record(1, "東電", "");
    kaburi_record b = named_record(2, "東京電力", "");
    kaburi_compare_options options;
    char text[1024];
    size_t size;
    kaburi_compare_options_init(&options);
    options.aliases = aliases;
    assert_int_equal(kaburi_explain(&a, &b, &options, KABURI_LANGUAGE_JAPANESE, KABURI_FORMAT_TEXT,
                                    text, sizeof text, &size, &error),
                     KABURI_OK);
    assert_non_null(strstr(text, "一方が他方の略称(別名表): 東電 / 東京電力"));
    assert_int_equal(kaburi_explain(&a, &b, &options, KABURI_LANGUAGE_ENGLISH, KABURI_FORMAT_JSON,
                                    text, sizeof text, &size, &error),
                     KABURI_OK);
    assert_non_null(strstr(text, "\"level\":\"alias_abbreviation\""));
    kaburi_aliases_free(aliases);
}

/* ---- an index ---- */

static kaburi_index *index_of(const kaburi_aliases *aliases, const kaburi_record *records,
                              size_t count) {
    kaburi_index *index;
    kaburi_index_options options;
    kaburi_index_options_init(&options);
    assert_null(options.aliases);
    options.aliases = aliases;
    assert_int_equal(kaburi_index_create(&index, &options, &error), KABURI_OK);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(kaburi_index_add(index, &records[i], &error), KABURI_OK);
    }
    return index;
}

/* The match of a record in the answer to a query, or all zeros. */
static kaburi_match found(const kaburi_index *index, const kaburi_record *query, uint64_t id,
                          kaburi_search_stats *stats) {
    kaburi_matches *matches;
    kaburi_match match = {0};
    assert_int_equal(kaburi_matches_create(&matches, NULL, &error), KABURI_OK);
    assert_int_equal(kaburi_search(index, query, NULL, matches, &error), KABURI_OK);
    for (size_t i = 0; i < kaburi_matches_count(matches); i++) {
        if (kaburi_matches_data(matches)[i].id == id) {
            match = kaburi_matches_data(matches)[i];
        }
    }
    if (stats != NULL) {
        kaburi_matches_stats(matches, stats);
    }
    kaburi_matches_free(matches);
    return match;
}

static void finds_by_an_alias_and_judges_as_a_comparison_does(void **state) {
    (void)state;
    kaburi_aliases *aliases = parse(chubu);
    const kaburi_record records[] = {
        named_record(1, "中部電力株式会社", ""),   named_record(2, "中国電力", ""),
        named_record(3, "ヤマダ(旧東電)", "監視"), named_record(4, "Cybozu, Inc.", "監視"),
        named_record(5, "アークランズ", ""),       named_record(6, "中電", ""),
    };
    static const struct {
        const char *company;
        const char *deal;
        uint64_t id;
    } tries[] = {
        {"中電", "", 1},
        {"(株)中電", "", 2},
        {"東京電力", "", 3},
        {"サイボウズ", "監視", 4},
        {"ヤマダ(旧アークランドサカモト)", "", 5},
        {"中国電力", "", 6},
    };
    kaburi_index *index = index_of(aliases, records, KBR_COUNT(records));
    kaburi_index *without = index_of(NULL, records, KBR_COUNT(records));
    for (size_t i = 0; i < KBR_COUNT(tries); i++) {
        kaburi_record query = named_record(9, tries[i].company, tries[i].deal);
        kaburi_match match = found(index, &query, tries[i].id, NULL);
        kaburi_match alone = judged(aliases, &query, &records[tries[i].id - 1]);
        assert_memory_equal(&match, &alone, sizeof match);
        assert_true((match.evidence & KABURI_EVIDENCE_COMPANY_ALIAS) != 0);
        match = found(without, &query, tries[i].id, NULL);
        assert_true((match.evidence & KABURI_EVIDENCE_COMPANY_ALIAS) == 0);
    }
    kaburi_index_stats with_table;
    kaburi_index_stats without_table;
    kaburi_index_measure(index, &with_table);
    kaburi_index_measure(without, &without_table);
    assert_memory_equal(&with_table, &without_table, sizeof with_table);
    kaburi_index_free(index);
    kaburi_index_free(without);
    kaburi_aliases_free(aliases);
}

/* A customer of more deals than a key's list is read for: company and deal together lead to it. */
static void finds_one_deal_of_very_many_by_an_alias(void **state) {
    (void)state;
    enum { DEALS = 3000 };
    kaburi_aliases *aliases = parse(chubu);
    kaburi_index *index = index_of(aliases, NULL, 0);
    for (uint64_t id = 0; id < DEALS; id++) {
        char deal[64];
        (void)snprintf(deal, sizeof deal, "設備%c%c%c導入", (char)('a' + id % 26),
                       (char)('a' + id / 26 % 26), (char)('a' + id / 676));
        kaburi_record record = named_record(id, "東京電力", deal);
        assert_int_equal(kaburi_index_add(index, &record, &error), KABURI_OK);
    }
    kaburi_record query = named_record(DEALS, "東電", "設備bbb導入");
    kaburi_match match = found(index, &query, 1 + 26 + 676, NULL);
    assert_int_equal(match.id, 1 + 26 + 676);
    assert_int_equal(match.verdict, KABURI_VERDICT_DUPLICATE);
    kaburi_index_free(index);
    kaburi_aliases_free(aliases);
}

static void tells_when_a_name_has_more_aliases_than_are_looked_up(void **state) {
    (void)state;
    for (int count = 31; count <= 34; count++) {
        char text[8192] = HEAD;
        for (int i = 0; i < count; i++) {
            size_t size = strlen(text);
            (void)snprintf(text + size, sizeof text - size, "山田製作所%d号\tヤマセイ\tgroup\n", i);
        }
        kaburi_aliases *aliases = parse(text);
        kaburi_index *index = index_of(aliases, NULL, 0);
        kaburi_record query = named_record(1, "ヤマセイ", "ERP導入");
        kaburi_search_stats stats;
        (void)found(index, &query, 1, &stats);
        assert_int_equal(stats.truncated, count > 32 ? count - 32 : 0);
        kaburi_index_free(index);
        kaburi_aliases_free(aliases);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_a_level_for_each_kind),
        cmocka_unit_test(weighs_an_alias_less_than_the_same_spelling),
        cmocka_unit_test(alerts_an_alias_whose_deal_agrees_and_no_other),
        cmocka_unit_test(keeps_two_owners_of_one_alias_apart),
        cmocka_unit_test(never_calls_a_group_one_customer),
        cmocka_unit_test(forgives_an_alias_its_reading_and_an_abbreviation_its_form),
        cmocka_unit_test(takes_the_former_name_in_brackets_for_a_name),
        cmocka_unit_test(says_nothing_of_placeholders_and_equal_names),
        cmocka_unit_test(compares_the_same_in_both_directions),
        cmocka_unit_test(explains_an_alias_in_both_languages),
        cmocka_unit_test(finds_by_an_alias_and_judges_as_a_comparison_does),
        cmocka_unit_test(finds_one_deal_of_very_many_by_an_alias),
        cmocka_unit_test(tells_when_a_name_has_more_aliases_than_are_looked_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
