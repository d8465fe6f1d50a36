/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Company names taken apart: what is cut and told apart, what stays in the core, and that hostile
 * names and failing memory do no harm.
 */
#include "company.h"
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { HEAD = KBR_PLACE_HEAD, MIDDLE = KBR_PLACE_MIDDLE, TAIL = KBR_PLACE_TAIL };

static kbr_folded folded;
static kbr_company company;
static kbr_company other;

static int set_up(void **state) {
    (void)state;
    kbr_folded_init(&folded, &kbr_allocator_default);
    kbr_company_init(&company, &kbr_allocator_default);
    kbr_company_init(&other, &kbr_allocator_default);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    kbr_folded_free(&folded);
    kbr_company_free(&company);
    kbr_company_free(&other);
    return 0;
}

static void parse_into(kbr_company *out, const char *name) {
    assert_int_equal(kbr_fold(&folded, (kaburi_text){name, strlen(name)}), KABURI_OK);
    assert_int_equal(kbr_company_parse(out, &folded), KABURI_OK);
}

static void parse(const char *name) {
    parse_into(&company, name);
}

/* The units equal what the text folds to (`loose`: its loose key). */
static bool holds(const kbr_units *units, const char *text, bool loose) {
    uint32_t folds = 0;
    assert_int_equal(kbr_fold(&folded, (kaburi_text){text, strlen(text)}), KABURI_OK);
    size_t len = folded.len;
    if (loose && len > 0) {
        len = kbr_fold_loose(folded.unit, folded.unit, len, &folds);
    }
    return units->len == len &&
           (len == 0 || memcmp(units->data, folded.unit, len * sizeof *folded.unit) == 0);
}

static void assert_holds(const kbr_units *units, const char *text, bool loose, const char *name) {
    if (!holds(units, text, loose)) {
        char found[512];
        found[kbr_text_from_units(found, units->data, units->len < 170 ? units->len : 170)] = '\0';
        fail_msg("%s: '%s', expected '%s'", name, found, text);
    }
}

static void core_is(const char *name, const char *core) {
    parse(name);
    assert_holds(&company.core, core, false, name);
}

static void stays(const char *name) {
    core_is(name, name);
    assert_int_equal(company.form_count, 0);
    assert_int_equal(company.branch.len, 0);
    assert_int_equal(company.note.len, 0);
    assert_int_equal(company.former.len, 0);
}

static bool same_key(const char *a, const char *b) {
    parse_into(&company, a);
    parse_into(&other, b);
    return company.key.len == other.key.len &&
           memcmp(company.key.data, other.key.data, company.key.len * sizeof *company.key.data) ==
               0;
}

static void match(const char *a, const char *b) {
    if (!same_key(a, b)) {
        fail_msg("%s and %s have different keys", a, b);
    }
}

static void differ(const char *a, const char *b) {
    if (same_key(a, b)) {
        fail_msg("%s and %s have one key", a, b);
    }
}

/* The name's only form, and where it stands. */
static void form_is(const char *name, const char *form, uint8_t place) {
    parse(name);
    if (company.form_count != 1 ||
        strcmp(kbr_company_form_name(company.forms[0].form), form) != 0 ||
        company.forms[0].place != place) {
        fail_msg("%s: %u forms, first %s at %u", name, company.form_count,
                 company.form_count > 0 ? kbr_company_form_name(company.forms[0].form) : "none",
                 company.form_count > 0 ? company.forms[0].place : 0);
    }
}

static void branch_is(const char *name, const char *core, const char *branch) {
    core_is(name, core);
    assert_holds(&company.branch, branch, true, name);
}

/* ---- legal forms ---- */

static void reads_short_forms_as_the_long_one(void **state) {
    (void)state;
    match("株式会社三菱商事サービス", "(株)三菱商事サービス");
    match("㈱山田製作所", "株式会社山田製作所");
    match("㍿東京電機", "株式会社東京電機");
    match("㈲鈴木工務店", "有限会社鈴木工務店");
    match("(同)ネクスト", "合同会社ネクスト");
    match("株式會社丸善", "株式会社丸善");
    match("㏍山田", "株式会社山田");
    form_is("(株)三菱商事サービス", "株式会社", HEAD);
    form_is("（有）鈴木", "有限会社", HEAD);
    form_is("山田（株）", "株式会社", TAIL);
}

static void reads_a_form_at_either_end(void **state) {
    (void)state;
    match("株式会社山田製作所", "山田製作所株式会社");
    match("(株)日立システムズ東", "日立システムズ東(株)");
    match("トヨタ自動車株式会社", "トヨタ自動車");
    match("シスコシステムズ合同会社", "シスコシステムズ");
    match("株式会社　山田製作所", "株式会社山田製作所");
    form_is("株式会社山田製作所", "株式会社", HEAD);
    form_is("山田製作所株式会社", "株式会社", TAIL);
}

static void reads_a_form_in_the_middle(void **state) {
    (void)state;
    core_is("総合ビル管理株式会社ライフ", "総合ビル管理 ライフ");
    form_is("総合ビル管理株式会社ライフ", "株式会社", MIDDLE);
    form_is("日光（株）ライフ", "株式会社", MIDDLE);
    match("総合ビル管理株式会社ライフ", "総合ビル管理(株)ライフ");
    core_is("山田電力株式会社・株式会社鈴木センター", "山田電力 株式会社鈴木センター");
    assert_int_equal(company.branch.len, 0);
    form_is("学校法人帝京大学", "学校法人", HEAD);
    core_is("更生保護法人全国更生保護法人連盟", "全国更生保護法人連盟");
}

static void reads_zengin_kana(void **state) {
    (void)state;
    match("カ)ヤマダセイサクシヨ", "ヤマダセイサクシヨ(カ");
    match("ﾄｸﾋ)ﾐﾗｲ", "特定非営利活動法人みらい");
    form_is("カ)ヤマダセイサクシヨ", "株式会社", HEAD);
    form_is("ヤマダセイサクシヨ(カ", "株式会社", TAIL);
    form_is("ﾔﾏﾀﾞ(ｶ)ﾄｳｷﾖｳ", "株式会社", MIDDLE);
    form_is("ユ)スズキ", "有限会社", HEAD);
    form_is("ｼﾔ)ﾆﾎﾝｷﾖｳｶｲ", "社団法人", HEAD);
    core_is("キヨウト(シンキン", "キヨウトシンヨウキンコ");
}

static void reads_no_zengin_kana_beside_kanji(void **state) {
    (void)state;
    core_is("山田(カ)商店", "山田(カ)商店");
    core_is("山田商店(メ)", "山田商店");
    assert_int_equal(company.form_count, 0);
}

static void reads_public_forms(void **state) {
    (void)state;
    match("NPO法人みらい", "特定非営利活動法人みらい");
    match("(一社)日本IT協会", "一般社団法人日本IT協会");
    match("(独)情報処理推進機構", "独立行政法人情報処理推進機構");
    match("學校法人桜", "学校法人桜");
    match("(国研)産業技術総合研究所", "国立研究開発法人産業技術総合研究所");
    match("認定NPO法人みらい", "(特非)みらい");
    form_is("医療法人社団誠心会 山本病院", "医療法人社団", HEAD);
    form_is("有限責任監査法人トーマツ", "監査法人", HEAD);
    form_is("EY新日本有限責任監査法人", "監査法人", TAIL);
}

static void reads_english_forms_whatever_their_punctuation(void **state) {
    (void)state;
    match("Yamada Seisakusho Co., Ltd.", "Yamada Seisakusho K.K.");
    match("Acme Holdings Inc", "ACME HOLDINGS, INC.");
    match("Sakura Trading Pte. Ltd.", "Sakura Trading Private Limited");
    static const char *const names[] = {
        "Foo Bar Co., Ltd.",     "Foo Bar CO.,LTD",   "Foo Bar Co Ltd",
        "Foo Bar Co.Ltd.",       "Foo Bar K.K.",      "Foo Bar S.p.A.",
        "Foo Bar Pte Ltd",       "Foo Bar (PTY) LTD", "Foo Bar Sdn. Bhd.",
        "Foo Bar GmbH & Co. KG", "Foo Bar, L.L.C.",   "Foo Bar PLC",
        "Foo Bar S.A. de C.V.",  "PT Foo Bar Tbk",    "Foo Bar Kabushiki Kaisha",
        "Foo Bar & Co., Ltd.",   "Foo Bar Oyj",       "Foo Bar Ltda.",
        "ООО Foo Bar",           "K.K. Foo Bar",      "Công ty TNHH Foo Bar",
        "Foo Bar Incorporated",
    };
    for (size_t i = 0; i < KBR_COUNT(names); i++) {
        match(names[i], "Foo Bar");
        assert_true(company.form_count > 0);
    }
}

static void reads_asian_forms(void **state) {
    (void)state;
    match("삼성전자 주식회사", "㈜삼성전자");
    match("บริษัท ปตท จำกัด", "ปตท");
    match("上海山田有限公司", "上海山田");
    form_is("北京山田股份有限公司", "股份有限公司", TAIL);
}

static void takes_short_latin_forms_as_last_word_only(void **state) {
    (void)state;
    stays("AS Roma");
    stays("SE Foo");
    stays("NISSE");
    stays("Nissa");
    stays("Hilton Spa");
    core_is("Maersk A/S", "Maersk");
    core_is("Siemens AG", "Siemens");
    core_is("SAP SE", "SAP");
    core_is("U.S.A.", "U.S.A");
    assert_int_equal(company.form_count, 0);
    core_is("A. O. Smith Corporation", "A. O. Smith");
    stays("Viiv GSK");
    stays("開発委員会(DAC)拠出会");
    stays("Inc Foo");
    stays("Zinc");
}

static void keeps_names_that_look_like_forms(void **state) {
    (void)state;
    static const char *const names[] = {
        "カリン",
        "ドコモ",
        "シヤチハタ",
        "メ",
        "株",
        "有",
        "東証株価",
        "中小企業基盤整備機構",
        "株主優待サービス",
        "会社四季報",
        "大和",
        "学研",
        "社会科学センター",
    };
    for (size_t i = 0; i < KBR_COUNT(names); i++) {
        stays(names[i]);
    }
}

static void never_cuts_what_tells_companies_apart(void **state) {
    (void)state;
    stays("商工組合中央金庫");
    stays("全国農業協同組合連合会");
    stays("東京農業協同組合");
    stays("京都信用金庫");
    stays("日立健康保険組合");
    stays("東京商工会議所");
    stays("みずほ銀行");
    core_is("東京都印刷協同組合", "東京都印刷");
    core_is("京都(信金)", "京都信用金庫");
    core_is("日立（健保）", "日立健康保険組合");
}

static void reads_four_forms_at_most(void **state) {
    (void)state;
    core_is("(株)(株)(株)(株)(株)山田", "(株)山田");
    assert_int_equal(company.form_count, KBR_COMPANY_FORMS_MAX);
    core_is("Foo Co. Ltd. Inc. Corp. LLC PLC", "Foo Co. Ltd");
}

static void keeps_a_name_that_is_only_a_form(void **state) {
    (void)state;
    static const char *const names[] = {"株式会社", "(株)",      "㈲",
                                        "Inc.",     "Co., Ltd.", "GmbH & Co. KG"};
    for (size_t i = 0; i < KBR_COUNT(names); i++) {
        parse(names[i]);
        assert_true(company.key.len > 0);
        assert_int_equal(company.form_count, 0);
        assert_true((company.flags & KBR_COMPANY_FORM_ONLY) != 0);
    }
    core_is("株式会社株式会社", "株式会社");
    assert_true((company.flags & KBR_COMPANY_FORM_ONLY) != 0);
    core_is("KK合同会社", "KK");
    assert_int_equal(company.flags, 0);
    core_is("株式会社カ", "カ");
    assert_int_equal(company.flags, 0);
}

static void tells_which_classes_conflict(void **state) {
    (void)state;
    parse("株式会社山田");
    uint8_t stock = company.forms[0].class;
    parse("有限会社山田");
    uint8_t limited = company.forms[0].class;
    parse("Yamada Co., Ltd.");
    uint8_t english = company.forms[0].class;
    parse("学校法人桜");
    uint8_t school = company.forms[0].class;
    parse("医療法人桜");
    uint8_t medical = company.forms[0].class;
    parse("Yamada Inc.");
    assert_true(kbr_company_classes_agree(stock, company.forms[0].class));
    assert_true(kbr_company_classes_agree(stock, english));
    assert_true(kbr_company_classes_agree(english, limited));
    assert_true(kbr_company_classes_agree(school, school));
    assert_true(kbr_company_classes_seldom(english, limited));
    assert_true(kbr_company_classes_seldom(limited, english));
    assert_false(kbr_company_classes_seldom(english, stock));
    assert_false(kbr_company_classes_seldom(english, english));
    assert_false(kbr_company_classes_seldom(english, school));
    assert_false(kbr_company_classes_agree(stock, limited));
    assert_false(kbr_company_classes_agree(school, medical));
    assert_false(kbr_company_classes_agree(school, english));
    assert_false(kbr_company_classes_agree(english, medical));
}

static void names_forms(void **state) {
    (void)state;
    assert_null(kbr_company_form_name(0));
    assert_null(kbr_company_form_name(UINT16_MAX));
    assert_string_equal(kbr_company_form_name(1), "株式会社");
}

/* ---- honorifics, offices, brackets ---- */

static void cuts_honorifics(void **state) {
    (void)state;
    match("山田製作所御中", "山田製作所");
    match("山田製作所様", "山田製作所");
    match("山田製作所 様_", "山田製作所");
    match("山田製作所さま", "山田製作所");
    match("山田製作所 殿", "山田製作所");
    match("山田製作所殿", "山田製作所");
    match("㈱アステム殿", "アステム");
    match("㈱サーバー殿", "サーバー");
    match("大東通商株式会社殿", "大東通商株式会社");
    match("株式会社山田製作所 ご担当者様", "山田製作所");
    match("山田製作所様(旧山田鉄工)", "山田製作所");
    parse("山田製作所株式会社御中");
    assert_int_equal(company.flags, KBR_COMPANY_HONORIFIC);
}

static void cuts_persons_and_others(void **state) {
    (void)state;
    core_is("山田電力(株)代表取締役社長某", "山田電力");
    assert_holds(&company.note, "代表取締役社長某", true, "note");
    form_is("山田電力(株)代表取締役社長某", "株式会社", TAIL);
    core_is("山田電力 代表取締役 某", "山田電力");
    core_is("山田興産株式会社ほか", "山田興産");
    assert_int_equal(company.flags, 0);
    stays("取締役検定協会");
    stays("その他");
}

static void keeps_names_that_end_like_honorifics(void **state) {
    (void)state;
    stays("王様");
    stays("おひさま");
    stays("お客様");
    core_is("株式会社玉姫殿", "玉姫殿");
    core_is("星の王子さま株式会社", "星の王子さま");
    core_is("東京七様株式会社", "東京七様");
    stays("様");
}

static void tells_branches_from_the_core(void **state) {
    (void)state;
    branch_is("A商事 札幌支店", "A商事", "札幌支店");
    branch_is("五洋建設株式会社東北支店", "五洋建設", "東北支店");
    branch_is("五洋建設(株)北陸支店", "五洋建設", "北陸支店");
    branch_is("山田銀行新宿支店", "山田銀行", "新宿支店");
    branch_is("山田製作所（大阪支店）", "山田製作所", "大阪支店");
    branch_is("山田製作所 情報システム部", "山田製作所", "情報システム部");
    branch_is("山田製作所 名古屋工場", "山田製作所", "名古屋工場");
    branch_is("山田製作所株式会社 研究所", "山田製作所", "研究所");
    branch_is("山田製作所 大阪支店 営業部 鈴木様", "山田製作所", "大阪支店");
    branch_is("モントリオール銀行 日本駐在員事務所", "モントリオール銀行", "日本駐在員事務所");
    branch_is("経済調査会北陸支部金沢事務所", "経済調査会", "北陸支部金沢事務所");
    branch_is("山田銀行東京中央支店", "山田銀行", "東京中央支店");
    branch_is("電通東日本福島営業所", "電通東日本", "福島営業所");
    branch_is("オキジム北部支店", "オキジム", "北部支店");
    branch_is("東光運輸株式会社名古屋", "東光運輸", "名古屋");
    branch_is("Foo Bank Osaka Branch", "Foo Bank", "Osaka Branch");
    branch_is("Foo GmbH Japan Branch", "Foo", "Japan Branch");
    branch_is("Citibank, N.A., New York Branch", "Citibank", "New York Branch");
    branch_is("Foo Tokyo Office", "Foo", "Tokyo Office");
}

static void keeps_office_words_that_name_the_company(void **state) {
    (void)state;
    stays("日本コールセンター");
    stays("山田第1工場");
    stays("山田法律事務所");
    stays("松本事務所");
    stays("三菱 総合研究所");
    stays("国立 がん研究センター");
    stays("東京 倶楽部");
    stays("東京 国際関係");
    stays("大阪支店");
    stays("広島城北支部");
    stays("Post Office");
    stays("Olive Branch");
    core_is("株式会社虎屋本店", "虎屋本店");
    core_is("一級建築士事務所株式会社田中事務所", "一級建築士事務所 田中事務所");
    core_is("CNPV JAPAN錦太陽光発電所合同会社", "CNPV JAPAN錦太陽光発電所");
}

static void takes_the_head_office_for_no_branch(void **state) {
    (void)state;
    static const char *const names[] = {"山田製作所 本社", "山田製作所本社", "山田製作所(本社)",
                                        "山田製作所株式会社本社", "山田製作所 本店"};
    for (size_t i = 0; i < KBR_COUNT(names); i++) {
        match(names[i], "山田製作所");
        parse(names[i]);
        assert_int_equal(company.branch.len, 0);
        assert_int_equal(company.flags, KBR_COMPANY_HEAD_OFFICE);
    }
    core_is("Foo Inc. Head Office", "Foo");
    assert_int_equal(company.flags, KBR_COMPANY_HEAD_OFFICE);
}

static void reads_former_names(void **state) {
    (void)state;
    static const char *const names[] = {
        "ABC商会(旧XYZ商会)", "ABC商会（旧：株式会社XYZ商会）",
        "ABC商会 旧:XYZ商会", "ABC商会(旧社名 XYZ商会(株))",
        "ABC商会(旧XYZ商会",
    };
    for (size_t i = 0; i < KBR_COUNT(names); i++) {
        core_is(names[i], "ABC商会");
        assert_holds(&company.former, "XYZ商会", true, names[i]);
    }
    core_is("Foo Corp. (formerly Bar Inc.)", "Foo");
    assert_holds(&company.former, "Bar", true, "formerly");
    core_is("Foo Corp. formerly known as Bar Inc.", "Foo");
    assert_holds(&company.former, "Bar", true, "formerly known as");
    stays("旧軽井沢ホテル");
    stays("Formerly");
}

static void takes_brackets_for_notes_at_the_ends_only(void **state) {
    (void)state;
    match("【重要】山田製作所", "山田製作所");
    match("[至急]株式会社山田製作所", "山田製作所");
    core_is("帝京大学(帝京大学医学部附属病院)", "帝京大学");
    assert_holds(&company.note, "帝京大学医学部附属病院", true, "note");
    stays("ABC(XYZ)DEF");
    stays("(山田)");
    stays("【重要】");
    core_is("Foo (Thailand) Co., Ltd.", "Foo (Thailand)");
    differ("Foo (Thailand) Co., Ltd.", "Foo (Japan) Co., Ltd.");
}

/* ---- the key ---- */

static void gives_holdings_one_spelling(void **state) {
    (void)state;
    match("三菱ケミカルホールディングス", "三菱ケミカルHD");
    match("セブン&アイ・HLDGS.", "セブン&アイ・ホールディングス");
    match("Acme Holdings Inc.", "Acme HD");
    match("KDDIホールディングス", "KDDI Holdings");
    differ("株式会社リクルート", "株式会社リクルートホールディングス");
    differ("パナソニック ホールディングス", "パナソニック コネクト");
    stays("ホールディングス");
}

static void gives_japan_one_spelling_behind_another_word(void **state) {
    (void)state;
    match("アクセンチュアジャパン", "アクセンチュア日本");
    match("アクセンチュアジャパン", "アクセンチュア Japan");
    match("IBM Japan", "IBM日本");
    differ("株式会社日本", "株式会社JAPAN");
    differ("富士通株式会社", "富士通Japan株式会社");
    differ("NTT東日本", "NTT東ジャパン");
    differ("NTT東日本", "NTT西日本");
}

static void keeps_other_companies_apart(void **state) {
    (void)state;
    static const char *const traps[][2] = {
        {"三菱商事株式会社", "三菱重工業株式会社"},
        {"日立製作所", "日立造船"},
        {"東日本旅客鉄道株式会社", "西日本旅客鉄道株式会社"},
        {"関東電機工業", "関西電機工業"},
        {"第一生命保険", "第二生命保険"},
        {"山田第1工場", "山田第2工場"},
        {"佐藤商事", "砂糖商事"},
        {"ソニーグループ株式会社", "ソニー株式会社"},
        {"東京大学", "東京理科大学"},
        {"横浜市立大学", "横浜国立大学"},
        {"大阪市", "大阪狭山市"},
        {"キリン", "キング"},
        {"ライオン", "ライオンズ"},
        {"サイト", "サイド"},
        {"日本システム開発", "日本システム技術"},
        {"Bank of the West", "Bank of the East"},
        {"Stripe", "Strix"},
        {"北海道ガス", "西部ガス"},
    };
    for (size_t i = 0; i < KBR_COUNT(traps); i++) {
        differ(traps[i][0], traps[i][1]);
    }
    parse("A商事 札幌支店");
    parse_into(&other, "A商事 大阪支店");
    assert_int_not_equal(company.branch.data[0], other.branch.data[0]);
}

static void hashes_the_core_as_it_is_spelt(void **state) {
    (void)state;
    parse("株式会社サクラ");
    parse_into(&other, "サクラ（株）");
    assert_true(company.strict_hash == other.strict_hash);
    parse_into(&other, "株式会社さくら");
    assert_true(company.strict_hash != other.strict_hash);
    parse("総合管理株式会社ライフ【至急】");
    parse_into(&other, "総合管理（株）ライフ");
    assert_true(company.strict_hash == other.strict_hash);
}

static void parses_an_absent_name_to_nothing(void **state) {
    (void)state;
    parse("株式会社山田（旧鈴木）大阪支店");
    parse("");
    assert_int_equal(company.core.len + company.key.len + company.former.len + company.branch.len +
                         company.note.len,
                     0);
    assert_int_equal(company.form_count, 0);
    assert_int_equal(company.flags, 0);
    assert_true(company.strict_hash == 0);
}

/* ---- hostile names ---- */

/* `text` as often as it fits into KABURI_TEXT_SIZE_MAX, between `before` and `after`. */
static char *repeat(const char *before, const char *text, const char *after) {
    char *name = malloc(KABURI_TEXT_SIZE_MAX + 1);
    assert_non_null(name);
    size_t size = strlen(before);
    memcpy(name, before, size);
    while (size + strlen(text) + strlen(after) <= KABURI_TEXT_SIZE_MAX) {
        memcpy(name + size, text, strlen(text));
        size += strlen(text);
    }
    memcpy(name + size, after, strlen(after) + 1);
    return name;
}

/* A quadratic look at 16 KiB costs 10^7..10^8 steps, far over these 20 ms; a linear one takes under
 * one. Sanitizers are some ten times slower. */
static void takes_linear_time_on_repetitions(void **state) {
    (void)state;
    static const char *const texts[][3] = {
        {"", "株式会社", ""},
        {"", "(株)", ""},
        {"", "(", ""},
        {"", ")", ""},
        {"", "(カ", ""},
        {"a", " 旧:", ""},
        {"a", " 支店", ""},
        {"", " ", "a"},
        {"山", "様", ""},
        {"a", "-", "株式会社"},
        {"", "東京", "支店"},
        {"", "a.", "co"},
        {"", "【】", "a"},
        {"", "・", "(株)"},
        {"a", " 部", ""},
        {"", "co ", ""},
        {"", "((株)", ""},
        {"a ", "& ", "co"},
        {"", "\xEF\xB7\xBA", ""},
        {"[", "(", "]"},
    };
    for (size_t i = 0; i < KBR_COUNT(texts); i++) {
        char *name = repeat(texts[i][0], texts[i][1], texts[i][2]);
        assert_int_equal(kbr_fold(&folded, (kaburi_text){name, strlen(name)}), KABURI_OK);
        struct timespec from;
        struct timespec to;
        assert_int_equal(kbr_company_parse(&company, &folded), KABURI_OK);
        (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
        assert_int_equal(kbr_company_parse(&company, &folded), KABURI_OK);
        (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
        int64_t spent = (to.tv_sec - from.tv_sec) * INT64_C(1000000000) + to.tv_nsec - from.tv_nsec;
        if (spent > 20000000) {
            fail_msg("16 KiB of '%s' took %lld us", texts[i][1], (long long)(spent / 1000));
        }
        assert_true(company.core.len > 0);
        free(name);
    }
}

/* Names put together from what the rules look for, in any order. */
static void leaves_a_key_whatever_the_name(void **state) {
    (void)state;
    static const char *const pieces[] = {
        "株式会社", "(",    ")",    "株",   "カ)",      "(カ",    " ",
        "様",       "御中", "支店", "東京", "本社",     "旧",     "旧:",
        "【",       "】",   "co",   ".",    "ltd",      ",",      "kk",
        "a/s",      "&",    "-",    "山田", "部",       "さま",   "ホールディングス",
        "japan",    "日本", "。",   "信金", "シンキン", "branch", "不明",
        "𠮷",
    };
    uint32_t seed = 20240401;
    for (int i = 0; i < 50000; i++) {
        char name[256] = "";
        seed = seed * 1664525 + 1013904223;
        for (uint32_t left = 1 + (seed >> 20) % 9; left > 0; left--) {
            seed = seed * 1664525 + 1013904223;
            strcat(name, pieces[(seed >> 12) % KBR_COUNT(pieces)]);
        }
        parse(name);
        if (folded.len > 0 && (company.core.len == 0 || company.key.len == 0)) {
            fail_msg("nothing is left of '%s'", name);
        }
        assert_true(company.form_count <= KBR_COMPANY_FORMS_MAX);
        if (folded.len > 0) {
            assert_int_not_equal(company.core.data[0], ' ');
            assert_true(company.core.len <= 3 * folded.len + 64);
        }
    }
}

static void keeps_nothing_of_the_name_before(void **state) {
    (void)state;
    parse("総合管理株式会社ライフ（旧鈴木）【急】");
    parse("株式会社山田製作所 大阪支店");
    parse_into(&other, "株式会社山田製作所 大阪支店");
    assert_int_equal(company.former.len, 0);
    assert_int_equal(company.note.len, 0);
    assert_int_equal(company.form_count, other.form_count);
    assert_true(company.strict_hash == other.strict_hash);
}

/* ---- memory ---- */

typedef struct memory_budget {
    size_t left;   /* allocations that still succeed */
    size_t blocks; /* not yet freed */
} memory_budget;

static void *resize(void *context, void *block, size_t new_size) {
    memory_budget *budget = context;
    if (new_size == 0) {
        budget->blocks -= block != NULL;
        free(block);
        return NULL;
    }
    if (budget->left == 0) {
        return NULL;
    }
    budget->left--;
    void *resized = realloc(block, new_size);
    budget->blocks += block == NULL && resized != NULL;
    return resized;
}

static void reports_missing_memory_at_every_allocation(void **state) {
    (void)state;
    static const char name[] =
        "【至急】総合ビル管理株式会社ライフ（旧：株式会社XYZ商会）(京都（信金）)（注）（大阪支店）";
    assert_int_equal(kbr_fold(&folded, (kaburi_text){name, strlen(name)}), KABURI_OK);
    size_t failures = 0;
    for (size_t allowed = 0;; allowed++) {
        memory_budget budget = {allowed, 0};
        kaburi_allocator allocator = {&budget, resize};
        kbr_company starved;
        kbr_company_init(&starved, &allocator);
        kaburi_status status = kbr_company_parse(&starved, &folded);
        if (status == KABURI_OK) {
            kbr_company_free(&starved);
            assert_int_equal(budget.blocks, 0);
            break;
        }
        assert_int_equal(status, KABURI_ERROR_MEMORY);
        failures++;
        budget.left = SIZE_MAX; /* the same object works once there is memory */
        assert_int_equal(kbr_company_parse(&starved, &folded), KABURI_OK);
        assert_true(starved.key.len > 0);
        kbr_company_free(&starved);
        assert_int_equal(budget.blocks, 0);
    }
    assert_true(failures >= 6);
}

static void allocates_nothing_for_a_name_no_longer_than_one_before(void **state) {
    (void)state;
    memory_budget budget = {SIZE_MAX, 0};
    kaburi_allocator allocator = {&budget, resize};
    kbr_company starved;
    kbr_company_init(&starved, &allocator);
    static const char name[] = "総合ビル管理株式会社ライフ（旧XYZ商会）（注）（大阪支店）";
    assert_int_equal(kbr_fold(&folded, (kaburi_text){name, strlen(name)}), KABURI_OK);
    assert_int_equal(kbr_company_parse(&starved, &folded), KABURI_OK);
    budget.left = 0;
    assert_int_equal(kbr_company_parse(&starved, &folded), KABURI_OK);
    kbr_company_free(&starved);
    assert_int_equal(budget.blocks, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(reads_short_forms_as_the_long_one),
        TEST(reads_a_form_at_either_end),
        TEST(reads_a_form_in_the_middle),
        TEST(reads_zengin_kana),
        TEST(reads_no_zengin_kana_beside_kanji),
        TEST(reads_public_forms),
        TEST(reads_english_forms_whatever_their_punctuation),
        TEST(reads_asian_forms),
        TEST(takes_short_latin_forms_as_last_word_only),
        TEST(keeps_names_that_look_like_forms),
        TEST(never_cuts_what_tells_companies_apart),
        TEST(reads_four_forms_at_most),
        TEST(keeps_a_name_that_is_only_a_form),
        TEST(tells_which_classes_conflict),
        TEST(names_forms),
        TEST(cuts_honorifics),
        TEST(cuts_persons_and_others),
        TEST(keeps_names_that_end_like_honorifics),
        TEST(tells_branches_from_the_core),
        TEST(keeps_office_words_that_name_the_company),
        TEST(takes_the_head_office_for_no_branch),
        TEST(reads_former_names),
        TEST(takes_brackets_for_notes_at_the_ends_only),
        TEST(gives_holdings_one_spelling),
        TEST(gives_japan_one_spelling_behind_another_word),
        TEST(keeps_other_companies_apart),
        TEST(hashes_the_core_as_it_is_spelt),
        TEST(parses_an_absent_name_to_nothing),
        TEST(takes_linear_time_on_repetitions),
        TEST(leaves_a_key_whatever_the_name),
        TEST(keeps_nothing_of_the_name_before),
        TEST(reports_missing_memory_at_every_allocation),
        TEST(allocates_nothing_for_a_name_no_longer_than_one_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
