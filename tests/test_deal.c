/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deals' names taken apart: what is cut from their ends, what they say beside their subject, which
 * wordings have one key and which must not, and that hostile names and failing memory do no harm.
 */
#include "deal.h"
#include "starved.h"
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static kbr_folded folded;
static kbr_company company;
static kbr_company nobody;
static kbr_deal deal;
static kbr_deal other;

static int set_up(void **state) {
    (void)state;
    kbr_folded_init(&folded, &kbr_allocator_default);
    kbr_company_init(&company, &kbr_allocator_default);
    kbr_company_init(&nobody, &kbr_allocator_default);
    kbr_deal_init(&deal, &kbr_allocator_default);
    kbr_deal_init(&other, &kbr_allocator_default);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    kbr_folded_free(&folded);
    kbr_company_free(&company);
    kbr_company_free(&nobody);
    kbr_deal_free(&deal);
    kbr_deal_free(&other);
    return 0;
}

static void fold(const char *text) {
    assert_int_equal(kbr_fold(&folded, (kaburi_text){text, strlen(text)}), KABURI_OK);
}

static void parse_of(kbr_deal *out, const char *name, const char *of) {
    fold(of);
    assert_int_equal(kbr_company_parse(&company, &folded), KABURI_OK);
    fold(name);
    assert_int_equal(kbr_deal_parse(out, &folded, &company), KABURI_OK);
}

static void parse(const char *name) {
    fold(name);
    assert_int_equal(kbr_deal_parse(&deal, &folded, &nobody), KABURI_OK);
}

static void assert_units(const kbr_units *units, const char *expected, const char *name) {
    char found[1024];
    assert_true(units->len < sizeof found / 3);
    found[kbr_text_from_units(found, units->data, units->len)] = '\0';
    if (strcmp(found, expected) != 0) {
        fail_msg("%s: '%s', expected '%s'", name, found, expected);
    }
}

/* The subject of `name` at the company, whose name is cut. */
static void subject_of(const char *of, const char *name, const char *subject) {
    parse_of(&deal, name, of);
    assert_units(&deal.subject, subject, name);
    if ((deal.flags & KBR_DEAL_COMPANY) == 0) {
        fail_msg("%s: the company is not said to be cut", name);
    }
}

/* Nothing is cut but what folding does. */
static void stays_at(const char *of, const char *name) {
    parse_of(&deal, name, of);
    assert_int_equal(deal.flags & KBR_DEAL_COMPANY, 0);
    assert_int_equal(deal.subject.len, folded.len);
    assert_memory_equal(deal.subject.data, folded.unit, folded.len * sizeof *folded.unit);
}

static void subject_is(const char *name, const char *subject, uint32_t flags) {
    parse(name);
    assert_units(&deal.subject, subject, name);
    if (deal.flags != flags) {
        fail_msg("%s: flags %#x, expected %#x", name, deal.flags, flags);
    }
}

static bool one_key(const char *a, const char *b) {
    parse(a);
    parse_of(&other, b, "");
    return deal.key.len == other.key.len &&
           memcmp(deal.key.data, other.key.data, deal.key.len * sizeof *deal.key.data) == 0;
}

static void match(const char *a, const char *b) {
    if (!one_key(a, b)) {
        fail_msg("%s and %s have different keys", a, b);
    }
}

static void differ(const char *a, const char *b) {
    if (one_key(a, b)) {
        fail_msg("%s and %s have one key", a, b);
    }
}

/* One number and no other, beside words that deals are told apart by. */
static void has_number(const char *name, uint8_t role, int64_t value) {
    parse(name);
    uint32_t numbers = 0;
    for (uint32_t i = 0; i < deal.number_count; i++) {
        numbers += deal.numbers[i].role != KBR_NUMBER_OPPOSED;
    }
    if (numbers != 1 || deal.numbers[0].role != role || deal.numbers[0].value != value) {
        fail_msg("%s: %u numbers, the first %lld of role %u", name, deal.number_count,
                 (long long)deal.numbers[0].value, deal.numbers[0].role);
    }
}

static void sells(const char *name, uint32_t sales) {
    parse(name);
    if (deal.sales != sales) {
        fail_msg("%s: sales %#x, expected %#x", name, deal.sales, sales);
    }
}

static void site_is(const char *name, const char *site) {
    parse(name);
    assert_units(&deal.site, site, name);
}

/* ---- the company ---- */

static void cuts_the_company_from_the_head(void **state) {
    (void)state;
    static const char *const names[] = {
        "山田製作所 ERP導入",      "株式会社山田製作所 ERP導入", "(株)山田製作所様_ERP導入",
        "㈱山田製作所 様 ERP導入", "山田製作所(株) ERP導入",     "山田製作所株式会社様 ERP導入",
        "山田製作所様ERP導入",     "【山田製作所様】ERP導入",    "[山田製作所] ERP導入",
        "山田製作所 - ERP導入",    "山田製作所／ERP導入",        "山田製作所：ERP導入",
        "山田製作所・ERP導入",     "山田製作所御中 ERP導入",     "山田製作所さま ERP導入",
    };
    for (size_t i = 0; i < KBR_COUNT(names); i++) {
        subject_of("株式会社山田製作所", names[i], "erp導入");
    }
    subject_of("Acme Inc.", "Acme Inc. CRM", "crm");
    subject_of("Acme Inc.", "Acme, Inc. - CRM", "crm");
    subject_of("Acme Inc.", "ACME CRM", "crm");
    subject_of("Acme Co., Ltd.", "Acme Co., Ltd. - CRM", "crm");
}

static void cuts_the_company_in_another_spelling(void **state) {
    (void)state;
    subject_of("キヤノン株式会社", "キャノン様 複合機", "複合機");
    subject_of("渡邊工業株式会社", "渡辺工業 複合機", "複合機");
    subject_of("コンピュータ株式会社", "コンピューター 保守", "保守");
    subject_of("富士通 エフサス", "富士通エフサス様_保守", "保守");
}

static void cuts_the_company_from_the_tail_with_a_form_or_honorific(void **state) {
    (void)state;
    static const char *const names[] = {
        "ERP導入_山田製作所様",        "ERP導入_山田製作所 様",
        "ERP導入(山田製作所様)",       "ERP導入（株式会社山田製作所）",
        "ERP導入【(株)山田製作所様】", "ERP導入 - 株式会社山田製作所",
        "ERP導入 / 山田製作所(株)",    "ERP導入 山田製作所株式会社 御中",
    };
    for (size_t i = 0; i < KBR_COUNT(names); i++) {
        subject_of("株式会社山田製作所", names[i], "erp導入");
    }
    subject_of("Acme Inc.", "CRM (Acme Inc)", "crm");
    subject_of("Acme Inc.", "CRM - Acme, Inc.", "crm");
}

static void keeps_what_is_not_the_company(void **state) {
    (void)state;
    stays_at("株式会社山田", "山田製作所 複合機");
    stays_at("株式会社アイ", "アイデア募集");
    stays_at("Acme Inc.", "Acmeology CRM");
    stays_at("Acme Inc.", "Acmeincident response");
    stays_at("SAP株式会社", "導入支援(SAP)");
    stays_at("SAP株式会社", "導入支援 SAP");
    stays_at("株式会社山田製作所", "ERP導入 小山田製作所様");
    stays_at("株式会社山田製作所", "山田製作所");
    stays_at("株式会社山田製作所", "山田製作所様");
    stays_at("株式会社山田製作所", "山本製作所様 保守");
    stays_at("", "山田製作所様 保守");
    stays_at("株式会社", "株式会社設立支援");
}

static void cuts_forms_and_honorifics_as_words_only(void **state) {
    (void)state;
    subject_of("Acme Inc.", "Acme Incident response", "incident response");
    subject_of("Acme Inc.", "Acme Corporate portal", "corporate portal");
    subject_of("株式会社山田製作所", "山田製作所 信用金庫システム", "信用金庫システム");
    subject_of("株式会社山田製作所", "山田製作所 様式管理", "様式管理");
    subject_of("株式会社山田製作所", "山田製作所様専用サーバ", "専用サーバ");
}

/* ---- tags, noise, placeholders ---- */

static void cuts_tags(void **state) {
    (void)state;
    static const char *const names[] = {
        "【展示会】ERP導入",
        "ERP導入_MQL",
        "[Web] ERP導入",
        "ERP導入[Web]",
        "ERP導入_SQL",
        "ERP導入_IS",
        "IS_ERP導入",
        "【ウェビナー】【紹介】ERP導入",
        "ERP導入 MQL",
        "ERP導入【展示会】",
        "【展示会】ERP導入_MQL",
        "【問い合わせ】 ERP導入",
        "ERP導入（資料DL）",
        "ERP導入 CP-2024-031",
        "ERP導入_CP-2024-031",
        "【至急】ERP導入",
        "[M Q L]ERP導入",
        "【展示会2024】ERP導入",
        "【2024年10月 ウェビナー】ERP導入",
        "[Expo '24] ERP導入",
        "【Japan IT Week 春】ERP導入",
        "【DXセミナー】ERP導入",
    };
    for (size_t i = 0; i < KBR_COUNT(names); i++) {
        subject_is(names[i], "erp導入", KBR_DEAL_TAG);
    }
}

static void keeps_what_only_looks_like_a_tag(void **state) {
    (void)state;
    subject_is("展示会出展支援", "展示会出展支援", 0);
    subject_is("【展示会】", "【展示会】", 0);
    subject_is("SQL Server", "sql server", 0);
    subject_is("ERP導入 is", "erp導入 is", 0);
    subject_is("【新製品】ERP導入", "【新製品】erp導入", 0);
    subject_is("【展示会運営】ERP導入", "【展示会運営】erp導入", 0);
    subject_is("[Expo booth] ERP導入", "[expo booth] erp導入", 0);
    subject_is("【week】ERP導入", "【week】erp導入", 0);
    subject_is("【展示会ERP導入", "【展示会erp導入", 0);
    subject_is("ERP導入 CP-x", "erp導入 cp-x", 0);
    subject_is("[[[[", "[[[[", 0);
}

static void cuts_tags_and_the_company_in_any_order(void **state) {
    (void)state;
    subject_of("株式会社山田製作所", "【展示会】山田製作所様_ERP導入_MQL", "erp導入");
    assert_int_equal(deal.flags, KBR_DEAL_COMPANY | KBR_DEAL_TAG);
    subject_of("株式会社山田製作所", "山田製作所様【展示会】ERP導入", "erp導入");
    subject_of("株式会社山田製作所", "ERP導入_山田製作所様_MQL", "erp導入");
}

static void cuts_words_that_say_nothing_from_the_tail(void **state) {
    (void)state;
    static const char *const names[] = {
        "ERP導入の件",      "ERP導入案件",       "ERP導入について", "ERP導入プロジェクト",
        "ERP導入PJ",        "ERP導入 PJT",       "ERP導入商談",     "ERP導入のご提案",
        "ERP導入案件の件",  "ERP導入に関する件", "ERP導入 - 案件",  "ERP導入のお見積り",
        "ERP導入 御見積書",
    };
    for (size_t i = 0; i < KBR_COUNT(names); i++) {
        subject_is(names[i], "erp導入", 0);
    }
    subject_is("案件", "案件", KBR_DEAL_PLACEHOLDER);
    subject_is("見積システム", "見積システム", 0);
    subject_is("見積", "見積", 0);
    subject_is("見積依頼：ERP導入", "erp導入", KBR_DEAL_TAG);
    subject_is("御見積 ERP導入", "erp導入", KBR_DEAL_TAG);
    subject_is("条件", "条件", 0);
    subject_is("CRM導入の件 FY24", "crm導入", 0);
    subject_is("CRM導入(案件)", "crm導入", 0);
    subject_is("CRM導入の件（第1期）", "crm導入", 0);
    subject_is("CRM導入 案件の件 2024年度", "crm導入", 0);
    subject_is("案件管理システム 2024年度", "案件管理システム", 0);
    subject_is("条件 2024年度", "条件", 0);
    subject_is("導入の件 打合せ 2024年度", "導入ノ件 打合セ", 0);
    subject_is("案件管理システム", "案件管理システム", 0);
}

static void goes_without_particles_in_the_key(void **state) {
    (void)state;
    match("サーバの更改", "サーバ更改");
    match("会計システムに係る保守", "会計システム保守");
    match("研修及び訓練", "研修訓練");
    match("POSレジのご導入", "POSレジ導入");
    match("保守ご支援", "保守支援");
    differ("りんご導入", "りん導入");
    differ("なごや支援", "なや支援");
    differ("ものづくり", "もづくり");
    differ("はがき印刷", "がき印刷");
}

static void flags_placeholders(void **state) {
    (void)state;
    static const char *const names[] = {"新しい商談", "未定",     "テスト", "テスト2", "TEST",
                                        "ﾃｽﾄ",        "新規商談", "不明",   "商談",    "-",
                                        "無題 3",     "TBD",      "なし",   "案件名",  "Untitled"};
    for (size_t i = 0; i < KBR_COUNT(names); i++) {
        parse(names[i]);
        if ((deal.flags & KBR_DEAL_PLACEHOLDER) == 0) {
            fail_msg("%s is taken for a name", names[i]);
        }
    }
    parse_of(&deal, "山田製作所様_未定", "株式会社山田製作所");
    assert_int_equal(deal.flags, KBR_DEAL_PLACEHOLDER | KBR_DEAL_COMPANY);
    parse_of(&deal, "山田製作所 新しい商談", "株式会社山田製作所");
    assert_int_equal(deal.flags, KBR_DEAL_PLACEHOLDER | KBR_DEAL_COMPANY);
    parse("テスト_MQL");
    assert_int_equal(deal.flags, KBR_DEAL_PLACEHOLDER | KBR_DEAL_TAG);
}

static void takes_names_with_such_words_for_names(void **state) {
    (void)state;
    static const char *const names[] = {"テスト自動化", "新しい商談管理", "未定義語辞書", "保守",
                                        "負荷テスト",   "不明熱外来",     "なし狩り"};
    for (size_t i = 0; i < KBR_COUNT(names); i++) {
        parse(names[i]);
        if (deal.flags != 0) {
            fail_msg("%s: flags %#x", names[i], deal.flags);
        }
    }
}

/* ---- what a name says ---- */

static void reads_kinds_of_sale(void **state) {
    (void)state;
    sells("CRM新規導入", KBR_SALE_NEW);
    sells("CRM保守契約更新", KBR_SALE_RENEWAL | KBR_SALE_MAINTENANCE);
    sells("CRM追加ライセンス", KBR_SALE_ADDITIONAL);
    sells("サーバ増設", KBR_SALE_ADDITIONAL);
    sells("CRM解約", KBR_SALE_CANCELLATION);
    sells("CRM PoC", KBR_SALE_TRIAL);
    sells("CRM実証実験", KBR_SALE_TRIAL);
    sells("CRM本番導入", KBR_SALE_PRODUCTION);
    sells("CRM renewal", KBR_SALE_RENEWAL);
    sells("CRM導入", 0);
    sells("CRM Expansion", KBR_SALE_ADDITIONAL);
    sells("CRM - New Logo", KBR_SALE_NEW);
    sells("CRM Proof of Concept", KBR_SALE_TRIAL);
    sells("CRM Support Renewal", KBR_SALE_RENEWAL | KBR_SALE_MAINTENANCE);
    sells("CRM契約終了", KBR_SALE_CANCELLATION);
    sells("expansionist history", 0);
    sells("renewable energy", 0);
    sells("newspaper", 0);
    sells("epoch", 0);
}

static void cuts_a_kind_of_sale_that_stands_apart_at_the_end(void **state) {
    (void)state;
    subject_is("CRM - 新規", "crm", 0);
    subject_is("CRM_更新", "crm", 0);
    subject_is("CRM PoC", "crm", 0);
    subject_is("CRM更新", "crm更新", 0);
    subject_is("更新", "更新", 0);
}

static void reads_sites(void **state) {
    (void)state;
    site_is("名古屋工場 空調更新", "名古屋工場");
    site_is("浜松工場空調更新", "浜松工場");
    site_is("空調更新(名古屋工場)", "名古屋工場");
    site_is("LED化(茨城)", "茨城");
    site_is("大阪支社 LED化", "大阪支社");
    site_is("名古屋工場と浜松工場の空調", "名古屋工場 浜松工場");
    site_is("本社ビル LED化", "");
    site_is("工場 LED化", "");
    site_is("東京モーターショー", "");
    site_is("LED化(佐藤)", "");
}

static void cuts_persons_that_say_so(void **state) {
    (void)state;
    static const char *const named[] = {"ERP導入(担当:佐藤)", "ERP導入（佐藤さん）",
                                        "ERP導入(担当佐藤)", "ERP導入[佐藤様]",
                                        "ERP導入(owner: Sato)"};
    for (size_t i = 0; i < KBR_COUNT(named); i++) {
        subject_is(named[i], "erp導入", 0);
    }
    static const char *const others[] = {"ERP導入(佐藤)", "ERP導入(会計)", "ERP導入(仕様)",
                                         "ERP導入(取扱店様向け注文画面)"};
    for (size_t i = 0; i < KBR_COUNT(others); i++) {
        parse(others[i]);
        assert_true(deal.subject.len > 5);
    }
    kbr_folded owner;
    kbr_folded_init(&owner, &kbr_allocator_default);
    assert_int_equal(kbr_fold(&owner, kaburi_text_of("佐藤太郎")), KABURI_OK);
    deal.owner = &owner;
    subject_is("ERP導入(佐藤)", "erp導入", 0);
    subject_is("ERP導入_佐藤太郎", "erp導入", 0);
    subject_is("ERP導入(鈴木)", "erp導入(鈴木)", 0);
    subject_is("佐藤", "佐藤", 0);
    deal.owner = NULL;
    kbr_folded_free(&owner);
}

static void reads_numbers_out_of_the_subject(void **state) {
    (void)state;
    has_number("保守更新 2024年度", KBR_NUMBER_YEAR, 2024);
    has_number("保守更新 FY24", KBR_NUMBER_YEAR, 2024);
    has_number("保守更新 R6", KBR_NUMBER_YEAR, 2024);
    has_number("基幹刷新 フェーズⅡ", KBR_NUMBER_PHASE, 2);
    has_number("基幹刷新 第二フェーズ", KBR_NUMBER_PHASE, 2);
    has_number("入札A案件 ロット2", KBR_NUMBER_LOT, 2);
    has_number("派遣 10月分", KBR_NUMBER_MONTH, 10);
    has_number("ERP導入 500万円", KBR_NUMBER_AMOUNT, 5000000);
    has_number("サーバ増設 ②", KBR_NUMBER_PLAIN, 2);
    has_number("Office365導入", KBR_NUMBER_PLAIN, 365);
    parse("ERP - 導入 (2023/06)");
    assert_int_equal(deal.number_count, 3);
    assert_int_equal(deal.numbers[1].role, KBR_NUMBER_MONTH);
    assert_int_equal(deal.numbers[2].role, KBR_NUMBER_OPPOSED); /* 導入 */
}

/* A date of entry: its subject is ERP導入, and it keeps a year, and the month where no day is. */
static void stamp_is(const char *name, uint32_t flags, uint32_t numbers) {
    subject_is(name, "erp導入", flags);
    uint32_t found = 0;
    for (uint32_t i = 0; i < deal.number_count; i++) {
        found += deal.numbers[i].role != KBR_NUMBER_OPPOSED;
    }
    assert_int_equal(found, numbers);
}

static void cuts_a_date_of_entry(void **state) {
    (void)state;
    const uint32_t month = KBR_DEAL_STAMP_YEAR | KBR_DEAL_STAMP_MONTH;
    stamp_is("ERP導入_20241005", KBR_DEAL_STAMP_YEAR, 1);
    stamp_is("ERP導入-2024-10-05", KBR_DEAL_STAMP_YEAR, 1);
    stamp_is("ERP導入 - 2024/10/5", KBR_DEAL_STAMP_YEAR, 1);
    stamp_is("ERP導入_MQL_2024.10.05", KBR_DEAL_STAMP_YEAR | KBR_DEAL_TAG, 1);
    stamp_is("ERP導入_202410", month, 2);
    stamp_is("ERP導入 - 2024/10", month, 2);
    stamp_is("ERP導入 2024年度_20241005", 0, 1); /* the deal's own year stands */
    parse("保守 SR-20241005");                   /* a code */
    assert_int_equal(deal.stamp_year, 0);
    parse("ERP導入_20241305"); /* no month */
    assert_int_equal(deal.stamp_year, 0);
    parse("ERP導入 20241005");
    assert_int_equal(deal.stamp_year, 0);
    parse("20241005");
    assert_int_equal(deal.stamp_year, 0);
    parse("_20241005_20241006_");
    parse("_2024");
    parse("ERP_2024/");
    assert_int_equal(deal.stamp_year, 0);
}

static void cuts_a_note_behind_its_sign(void **state) {
    (void)state;
    subject_is("ERP導入※10/5訪問", "erp導入", KBR_DEAL_TAG);
    subject_is("ERP導入 ※ 10月5日", "erp導入", KBR_DEAL_TAG);
    subject_is("ERP導入★確度A", "erp導入", KBR_DEAL_TAG);
    subject_is("ERP導入(ウェビナー経由)", "erp導入", KBR_DEAL_TAG);
    subject_is("ERP導入※大阪", "erp導入※大阪", 0);
    parse("ERP導入※2");
    assert_int_equal(deal.flags, 0);
    parse("※10/5訪問");
    assert_int_equal(deal.flags, 0);
}

/* ---- keys ---- */

static void gives_wordings_of_one_deal_one_key(void **state) {
    (void)state;
    match("保守更新 2024年度", "保守更新 FY24");
    match("保守更新 令和6年度", "R6保守更新");
    match("保守 24年度上期", "保守 FY2024 1H");
    match("基幹刷新 フェーズ2", "基幹刷新 第二フェーズ");
    match("サーバ増設 ②", "サーバー増設 2");
    match("会計システムリプレース", "会計システム更改");
    match("会計システム刷新", "会計システム入替");
    match("SFA導入", "SFA新規導入");
    match("営業支援システム導入", "SFA導入");
    match("ERP導入_MQL", "【展示会】ERP導入の件");
    match("Server replace", "サーバ更改");
    match("ＥＲＰ　導入", "erp導入");
    match("クラウドメンテナンス", "クラウド保守");
}

static void gives_other_deals_other_keys(void **state) {
    (void)state;
    differ("会計システム導入", "人事システム導入");
    differ("サーバ更改", "ネットワーク更改");
    differ("Office365導入", "Salesforce導入");
    differ("CRM新規導入", "CRM保守契約更新");
    differ("リリース", "賃貸借");
    differ("新製品リリース", "新製品リース");
    differ("クラウドリリース", "クラウド賃貸借");
    differ("クラウドリース", "クラウド賃貸借"); /* too short to end a run */
    differ("トレンド調査", "レンド調査");
}

static void hashes_what_is_left_as_it_is_spelt(void **state) {
    (void)state;
    parse_of(&deal, "山田製作所 ERP導入", "株式会社山田製作所");
    parse_of(&other, "【展示会】ERP導入_MQL", "");
    assert_true(deal.strict_hash == other.strict_hash);
    parse_of(&other, "ERP更改", "");
    assert_true(deal.strict_hash != other.strict_hash);
}

static void parses_an_absent_name_to_nothing(void **state) {
    (void)state;
    parse_of(&deal, "山田製作所様_ERP導入 名古屋工場 2024年度【展示会】", "株式会社山田製作所");
    assert_true(deal.subject.len > 0 && deal.site.len > 0 && deal.flags != 0);
    parse("");
    assert_int_equal(deal.subject.len, 0);
    assert_int_equal(deal.key.len, 0);
    assert_int_equal(deal.site.len, 0);
    assert_int_equal(deal.number_count, 0);
    assert_int_equal(deal.sales, 0);
    assert_int_equal(deal.flags, 0);
    assert_true(deal.strict_hash == 0);
}

/* ---- limits and hostile names ---- */

static void keeps_sixteen_numbers_and_says_when_there_are_more(void **state) {
    (void)state;
    parse("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16");
    assert_int_equal(deal.number_count, KBR_DEAL_COUNTED_MAX);
    assert_int_equal(deal.flags & KBR_DEAL_NUMBERS_CUT, 0);
    parse("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17");
    assert_int_equal(deal.number_count, KBR_DEAL_COUNTED_MAX);
    assert_int_equal(deal.numbers[15].value, 16);
    assert_int_equal(deal.flags & KBR_DEAL_NUMBERS_CUT, KBR_DEAL_NUMBERS_CUT);
    parse("1");
    assert_int_equal(deal.flags & KBR_DEAL_NUMBERS_CUT, 0);
}

static void parses_the_largest_names(void **state) {
    (void)state;
    static const char *const pieces[] = {
        "1",    "1 ",         "[",        "]",    "()",           "【展示会】",
        "_MQL", "山田",       "の",       "の件", "案件",         "ー",
        "-",    "名古屋工場", "a",        "第",   "CP-2024-031 ", "_",
        "更新", "(名古屋",    "株式会社", "様",   "リプレース",   "\uFDFA",
    };
    static char text[KABURI_TEXT_SIZE_MAX + 1];
    for (size_t i = 0; i < KBR_COUNT(pieces); i++) {
        size_t size = strlen(pieces[i]);
        size_t count = KABURI_TEXT_SIZE_MAX / size;
        for (size_t j = 0; j < count; j++) {
            memcpy(text + j * size, pieces[i], size);
        }
        text[count * size] = '\0';
        parse_of(&deal, text, "株式会社山田");
        assert_true(deal.subject.len <= folded.len);
        assert_in_range(deal.number_count, 0, KBR_DEAL_NUMBERS_MAX);
        assert_true(deal.site.len <= 2 * folded.len);
        parse_of(&deal, text, text); /* the company's own name as long */
    }
}

static void parses_random_names_within_their_bounds(void **state) {
    (void)state;
    static const char *const pieces[] = {
        "山田",   "製作所", "様",   "株式会社", "(株)",   "御中", " ",      "_",          "-",
        "【",     "】",     "[",    "]",        "(",      ")",    "展示会", "MQL",        "Web",
        "CP-",    "2024",   "-031", "の",       "件",     "案件", "更新",   "新規",       "PoC",
        "名古屋", "工場",   "茨城", "フェーズ", "2",      "年度", "R6",     "リプレース", "導入",
        "a",      "ー",     "・",   "未定",     "テスト", ", ",   "Inc.",   "𠮷",
    };
    static const char *const companies[] = {"株式会社山田製作所", "", "A", "山田", "Inc.", "・ー"};
    uint32_t seed = 1;
    for (int round = 0; round < 100000; round++) {
        char text[512] = "";
        seed = seed * 1664525 + 1013904223;
        for (uint32_t left = 1 + (seed >> 20) % 12; left > 0; left--) {
            seed = seed * 1664525 + 1013904223;
            strcat(text, pieces[(seed >> 12) % KBR_COUNT(pieces)]);
        }
        parse_of(&deal, text, companies[(seed >> 24) % KBR_COUNT(companies)]);
        assert_true(deal.subject.len <= folded.len);
        assert_true(deal.number_count <= KBR_DEAL_NUMBERS_MAX);
        assert_int_equal(deal.flags & ~UINT32_C(15), 0);
        assert_int_equal(deal.sales & ~UINT32_C(0x7F), 0);
    }
}

static void keeps_nothing_of_the_name_before(void **state) {
    (void)state;
    parse("【展示会】名古屋工場 CRM更新 2024年度");
    parse("ERP");
    parse_of(&other, "ERP", "");
    assert_int_equal(deal.site.len, 0);
    assert_int_equal(deal.number_count, 0);
    assert_int_equal(deal.flags, other.flags);
    assert_int_equal(deal.folds, other.folds);
    assert_true(deal.strict_hash == other.strict_hash);
}

/* ---- memory ---- */

static void reports_missing_memory_at_every_allocation(void **state) {
    (void)state;
    static const char name[] = "山田製作所様_名古屋工場 基幹システムリプレース フェーズ2【展示会】";
    fold("株式会社山田製作所");
    assert_int_equal(kbr_company_parse(&company, &folded), KABURI_OK);
    fold(name);
    unsigned failures = 0;
    for (size_t allowed = 0;; allowed++) {
        starved memory = {allowed, 0};
        kaburi_allocator allocator = starved_allocator(&memory);
        kbr_deal hungry;
        kbr_deal_init(&hungry, &allocator);
        kaburi_status status = kbr_deal_parse(&hungry, &folded, &company);
        bool done = status == KABURI_OK;
        if (!done) {
            assert_int_equal(status, KABURI_ERROR_MEMORY);
            failures++;
            memory.left = SIZE_MAX; /* the same object works once there is memory */
            assert_int_equal(kbr_deal_parse(&hungry, &folded, &company), KABURI_OK);
        }
        assert_units(&hungry.site, "名古屋工場", name);
        assert_int_equal(hungry.number_count, 1);
        kbr_deal_free(&hungry);
        assert_int_equal(memory.blocks, 0);
        if (done) {
            break;
        }
    }
    assert_true(failures >= 4);
}

static void allocates_nothing_for_a_name_no_longer_than_one_before(void **state) {
    (void)state;
    starved memory = {SIZE_MAX, 0};
    kaburi_allocator allocator = starved_allocator(&memory);
    kbr_deal hungry;
    kbr_deal_init(&hungry, &allocator);
    fold("名古屋工場 基幹システムリプレース フェーズ2【展示会】");
    assert_int_equal(kbr_deal_parse(&hungry, &folded, &nobody), KABURI_OK);
    memory.left = 0;
    assert_int_equal(kbr_deal_parse(&hungry, &folded, &nobody), KABURI_OK);
    kbr_deal_free(&hungry);
    assert_int_equal(memory.blocks, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(cuts_the_company_from_the_head),
        TEST(cuts_the_company_in_another_spelling),
        TEST(cuts_the_company_from_the_tail_with_a_form_or_honorific),
        TEST(keeps_what_is_not_the_company),
        TEST(cuts_forms_and_honorifics_as_words_only),
        TEST(cuts_tags),
        TEST(keeps_what_only_looks_like_a_tag),
        TEST(cuts_tags_and_the_company_in_any_order),
        TEST(cuts_words_that_say_nothing_from_the_tail),
        TEST(goes_without_particles_in_the_key),
        TEST(flags_placeholders),
        TEST(takes_names_with_such_words_for_names),
        TEST(reads_kinds_of_sale),
        TEST(cuts_a_kind_of_sale_that_stands_apart_at_the_end),
        TEST(reads_sites),
        TEST(cuts_persons_that_say_so),
        TEST(reads_numbers_out_of_the_subject),
        TEST(cuts_a_date_of_entry),
        TEST(cuts_a_note_behind_its_sign),
        TEST(gives_wordings_of_one_deal_one_key),
        TEST(gives_other_deals_other_keys),
        TEST(hashes_what_is_left_as_it_is_spelt),
        TEST(parses_an_absent_name_to_nothing),
        TEST(keeps_sixteen_numbers_and_says_when_there_are_more),
        TEST(parses_the_largest_names),
        TEST(parses_random_names_within_their_bounds),
        TEST(keeps_nothing_of_the_name_before),
        TEST(reports_missing_memory_at_every_allocation),
        TEST(allocates_nothing_for_a_name_no_longer_than_one_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
