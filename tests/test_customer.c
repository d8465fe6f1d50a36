/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who the customer is: of which level two names are across scripts, with and without readings that
 * were given, and what of it may block a deal.
 */
#include "compare.h"
#include "named.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char deal[] = "勤怠管理クラウド導入";

static kaburi_record record_of(const char *company, const char *reading) {
    kaburi_record record = named_record(1, company, deal);
    record.company_reading = kaburi_text_of(reading);
    return record;
}

static kaburi_match judged(const kaburi_record *a, const kaburi_record *b) {
    kaburi_match match;
    kaburi_match back;
    assert_int_equal(kaburi_compare(a, b, NULL, &match, NULL), KABURI_OK);
    assert_int_equal(kaburi_compare(b, a, NULL, &back, NULL), KABURI_OK);
    assert_memory_equal(match.level, back.level, sizeof match.level);
    return match;
}

static kaburi_match judge(const char *a, const char *a_reading, const char *b,
                          const char *b_reading) {
    kaburi_record x = record_of(a, a_reading);
    kaburi_record y = record_of(b, b_reading);
    return judged(&x, &y);
}

static void finds_a_level_for_every_way_to_write_a_name(void **state) {
    (void)state;
    static const struct {
        const char *a, *b;
        int level;
    } pairs[] = {
        {"山田製作所", "ヤマダセイサクシヨ", KBR_COMPANY_READ},
        {"山田製作所", "Yamada Seisakusho", KBR_COMPANY_READ},
        {"北海道ガス", "ホツカイドウガス", KBR_COMPANY_MAY_READ}, /* a bank's ツ */
        {"やまだ製作所", "山田製作所", KBR_COMPANY_PART_READ},
        {"すずき商店", "鈴木商店", KBR_COMPANY_PART_READ},
        {"日本アイ・ビー・エム", "日本IBM", KBR_COMPANY_PART_READ},
        {"佐藤商事", "砂糖商事", KBR_COMPANY_HOMOPHONE},
        {"東京電機", "東京電気", KBR_COMPANY_HOMOPHONE},
        {"東日本旅客鉄道", "ニシニホンリヨカクテツドウ", KBR_COMPANY_OPPOSED_2},
        {"ヒガシニホンリヨカクテツドウ", "ニシニホンリヨカクテツドウ", KBR_COMPANY_OPPOSED_2},
        {"カネコ種苗", "Kaneko Seeds", KBR_COMPANY_HEARD_5},
        {"道路保全管理事業協同組合", "道路補全管理事業協同組合", KBR_COMPANY_NEAR_3},
        {"東和工業", "藤和工業", KBR_COMPANY_HOMOPHONE},
        {"トヨタ自動車", "トヨタ自動車九州", KBR_COMPANY_RELATED_2},
        {"山田電機", "山田電機サービス", KBR_COMPANY_RELATED_2},
        {"富士ソフト企画", "富士ソフトサービス", KBR_COMPANY_RELATED_2},
        {"山田電機", "山田電機ホールディングス", KBR_COMPANY_PARENT},
        {"三井住友銀", "三井住友銀行", KBR_COMPANY_NEAR_5},
        {"大和ハウス", "大和ハウス工業", KBR_COMPANY_NEAR_5},
        {"慶應義塾大学", "慶應義塾大学病院", KBR_COMPANY_UNIT},
        {"北里研究所", "北里研究所北里大学", KBR_COMPANY_UNIT},
        {"委員C", "委員C", KBR_COMPANY_ANONYMOUS},
        {"委員C", "委員D", KBR_COMPANY_NAMELESS},
        {"委員C", "山田電機", KBR_COMPANY_NAMELESS},
    };
    for (size_t i = 0; i < KBR_COUNT(pairs); i++) {
        kaburi_match match = judge(pairs[i].a, "", pairs[i].b, "");
        int level = match.level[KABURI_FIELD_COMPANY];
        if (level != pairs[i].level) {
            fail_msg("%s and %s: %s", pairs[i].a, pairs[i].b,
                     kbr_compare_level_name(KABURI_FIELD_COMPANY, level));
        }
    }
}

static void reads_apart_what_it_cannot_read(void **state) {
    (void)state;
    assert_int_not_equal(judge("プロジェクトΣ", "", "プロジェクトΩ", "").level[0],
                         KBR_COMPANY_READ);
    char a[400] = "";
    char b[400] = "";
    for (int i = 0; i < 34; i++) {
        strcat(a, i < 33 ? "やま" : "かわ");
        strcat(b, i < 33 ? "ヤマ" : "カメ");
    }
    strcat(b, "商");
    assert_int_not_equal(judge(a, "", b, "").level[0], KBR_COMPANY_READ);
}

/* Whatever the deal: only one name or one number is sure enough. */
static void never_blocks_names_that_are_only_alike(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"慶應義塾大学", "慶應義塾大学病院"},
        {"日本赤十字社", "日本赤十字社医療センター"},
        {"トヨタ自動車株式会社", "トヨタ自動車九州株式会社"},
        {"St. Mary's Hospital", "St. Mark's Hospital"},
        {"北浜一色税理士法人事務所", "北浜二色税理士法人事務所"},
    };
    for (size_t i = 0; i < KBR_COUNT(pairs); i++) {
        kaburi_record a = named_record(1, pairs[i][0], deal);
        kaburi_record b = named_record(2, pairs[i][1], deal);
        a.amount = b.amount = 12345678;
        assert_int_not_equal(judged(&a, &b).decision, KABURI_DECISION_BLOCK);
        a.corporate_number = b.corporate_number = kaburi_text_of("7000012050002");
        assert_int_equal(judged(&a, &b).decision, KABURI_DECISION_BLOCK);
    }
}

/* A hospital of the university: as a list of customers has it, one customer; with a deal, another
 * site. */
static void tells_the_deals_of_a_facility_apart(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"慶應義塾大学", "慶應義塾大学病院"},
        {"国立病院機構", "国立病院機構(青森病院)"},
        {"国立病院機構", "国立病院機構　青森病院"},
    };
    for (size_t i = 0; i < KBR_COUNT(pairs); i++) {
        kaburi_record a = named_record(1, pairs[i][0], deal);
        kaburi_record b = named_record(2, pairs[i][1], deal);
        kaburi_match match = judged(&a, &b);
        assert_int_equal(match.level[KABURI_FIELD_BRANCH], KBR_BRANCH_FACILITY);
        assert_int_equal(match.verdict, KABURI_VERDICT_PARALLEL);
        a.deal = b.deal = kaburi_text_of("");
        assert_int_equal(judged(&a, &b).verdict, KABURI_VERDICT_DUPLICATE);
    }
    kaburi_record a = named_record(1, "慶應義塾大学病院", deal);
    kaburi_record b = named_record(2, "慶應義塾大学病院 総務部", deal);
    assert_int_equal(judged(&a, &b).verdict, KABURI_VERDICT_DUPLICATE);
}

static void never_blocks_by_a_reading(void **state) {
    (void)state;
    kaburi_match match = judge("東日本旅客鉄道株式会社", "", "ヒガシニホンリヨカクテツドウ(カ", "");
    assert_true(match.probability >= 0.98);
    assert_int_equal(match.decision, KABURI_DECISION_ALERT);
    /* A number says who the customer is; so does the name as it is spelt. */
    kaburi_record a = record_of("東日本旅客鉄道株式会社", "");
    kaburi_record b = record_of("ヒガシニホンリヨカクテツドウ(カ", "");
    a.corporate_number = b.corporate_number = kaburi_text_of("7000012050002");
    assert_int_equal(judged(&a, &b).decision, KABURI_DECISION_BLOCK);
    match = judge("東日本旅客鉄道株式会社", "", "東日本旅客鉄道(株)", "");
    assert_int_equal(match.decision, KABURI_DECISION_BLOCK);
}

static void weighs_a_given_reading_once(void **state) {
    (void)state;
    kaburi_match kanji =
        judge("佐藤商事株式会社", "サトウショウジ", "砂糖商事株式会社", "カ)サトウシヨウジ");
    assert_int_equal(kanji.level[KABURI_FIELD_COMPANY], KBR_COMPANY_SAID);
    assert_int_equal(kanji.level[KABURI_FIELD_READING], KBR_LEVEL_ABSENT);
    assert_int_equal(kanji.decision, KABURI_DECISION_ALERT);
    assert_true((kanji.evidence & KABURI_EVIDENCE_COMPANY_HOMOPHONE) != 0);
    assert_true((kanji.evidence & KABURI_EVIDENCE_COMPANY_READING) == 0);

    kaburi_match same = judge("佐藤商事", "サトウショウジ", "佐藤商事", "サトウショウジ");
    kaburi_match without = judge("佐藤商事", "", "佐藤商事", "");
    assert_int_equal(same.level[KABURI_FIELD_READING], KBR_READING_SAME);
    assert_true(same.probability - without.probability < 0.02);
    kaburi_match varied = judge("山崎商事", "ヤマザキショウジ", "山崎商事", "ヤマサキショウジ");
    assert_int_equal(varied.level[KABURI_FIELD_READING], KBR_READING_VARIES);
    assert_int_equal(varied.verdict, KABURI_VERDICT_DUPLICATE);

    /* Kanji that differ are not blocked by the reading they were given. */
    const char *reading = "セトウチホゼンカンリジギョウ";
    kaburi_match near = judge("瀬戸内保全管理事業", reading, "瀬戸内補全管理事業", reading);
    assert_int_equal(near.level[KABURI_FIELD_READING], KBR_READING_AGREES);
    assert_true(near.probability >= 0.98);
    assert_int_equal(near.decision, KABURI_DECISION_ALERT);
}

static void takes_for_a_reading_what_is_one(void **state) {
    (void)state;
    static const struct {
        const char *reading;
        bool given;
    } readings[] = {
        {"ヤマダセイサクショ", true},
        {"やまだ せいさくしょ", true},
        {"ヤマダセイサクシヨ(カ", true},
        {"カブシキガイシャヤマダセイサクショ", true},
        {"ヤマダセイサクシヨ カブシキカイシヤ", true},
        {"Yamada Seisakusho", true},
        {"山田製作所", false},
        {"ヤマダ製作所", false},
        {"Yamada Works", false},
        {"", false},
    };
    for (size_t i = 0; i < KBR_COUNT(readings); i++) {
        kaburi_match match =
            judge("山田製作所", readings[i].reading, "株式会社山田製作所", "ヤマダセイサクショ");
        int expected = readings[i].given ? KBR_READING_SAME : KBR_LEVEL_ABSENT;
        if (match.level[KABURI_FIELD_READING] != expected) {
            fail_msg("%s: %d", readings[i].reading, match.level[KABURI_FIELD_READING]);
        }
    }
}

static void hears_nothing_where_nothing_is_read(void **state) {
    (void)state;
    kaburi_index_options options;
    kaburi_index *index = NULL;
    kaburi_matches *matches = NULL;
    kaburi_record kept = record_of("佐藤商事", "サトウショウジ");
    kaburi_record asked = record_of("砂糖商事", "サトウショウジ");
    kaburi_index_options_init(&options);
    options.flags |= KABURI_INDEX_UNREAD;
    assert_int_equal(kaburi_index_create(&index, &options, NULL), KABURI_OK);
    assert_int_equal(kaburi_matches_create(&matches, NULL, NULL), KABURI_OK);
    assert_int_equal(kaburi_index_add(index, &kept, NULL), KABURI_OK);
    assert_int_equal(kaburi_search(index, &asked, NULL, matches, NULL), KABURI_OK);
    assert_int_equal(kaburi_matches_count(matches), 1);
    const kaburi_match *match = kaburi_matches_data(matches);
    assert_int_equal(match->level[KABURI_FIELD_READING], KBR_LEVEL_ABSENT);
    assert_true(match->level[KABURI_FIELD_COMPANY] < KBR_COMPANY_READ);
    kaburi_matches_free(matches);
    kaburi_index_free(index);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_level_for_every_way_to_write_a_name),
        cmocka_unit_test(reads_apart_what_it_cannot_read),
        cmocka_unit_test(never_blocks_names_that_are_only_alike),
        cmocka_unit_test(tells_the_deals_of_a_facility_apart),
        cmocka_unit_test(never_blocks_by_a_reading),
        cmocka_unit_test(weighs_a_given_reading_once),
        cmocka_unit_test(takes_for_a_reading_what_is_one),
        cmocka_unit_test(hears_nothing_where_nothing_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
