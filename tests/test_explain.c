/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Explanations: a text for every level in both languages, values as a person reads them, one line
 * a field and JSON that parses whatever the names are, and weights from which the probability can
 * be worked out again.
 */
#include "explain.h"
#include "json.h"
#include "samples.h"
#include "starved.h"
#include "text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { ENGLISH = KABURI_LANGUAGE_ENGLISH, JAPANESE = KABURI_LANGUAGE_JAPANESE };
enum { TEXT = KABURI_FORMAT_TEXT, JSON = KABURI_FORMAT_JSON };

static kaburi_record a;
static kaburi_record b;
static char text[1 << 18];

static int set_up(void **state) {
    (void)state;
    kaburi_record_init(&a);
    kaburi_record_init(&b);
    a.company = kaburi_text_of("株式会社山田製作所");
    b.company = kaburi_text_of("株式会社山田製作所");
    return 0;
}

/* The explanation of a and b by a model, into `text`. */
static void explain_by(const kaburi_model *model, int32_t language, int32_t format) {
    size_t size;
    kaburi_error error;
    kaburi_compare_options options;
    kaburi_compare_options_init(&options);
    options.model = model;
    if (kaburi_explain(&a, &b, &options, language, format, text, sizeof text, &size, &error) !=
        KABURI_OK) {
        fail_msg("refused: %s", error.message);
    }
    assert_int_equal(strlen(text), size);
}

static void explain(int32_t language, int32_t format) {
    explain_by(NULL, language, format);
}

static void says(const char *part) {
    if (strstr(text, part) == NULL) {
        fail_msg("no '%s' in: %s", part, text);
    }
}

static size_t count_of(const char *part) {
    size_t count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}

/* ---- phrases ---- */

static bool is_ascii(const char *string) {
    for (; *string != '\0'; string++) {
        if ((unsigned char)*string >= 0x80) {
            return false;
        }
    }
    return true;
}

static void has_a_phrase_for_every_level_in_both_languages(void **state) {
    (void)state;
    for (int field = 0; field < KABURI_FIELD_COUNT; field++) {
        for (int level = 0; level < KBR_LEVELS_MAX; level++) {
            const char *english = kbr_explain_phrases[ENGLISH][field][level];
            const char *japanese = kbr_explain_phrases[JAPANESE][field][level];
            if (kbr_compare_level_name(field, level) == NULL) {
                assert_null(english);
                assert_null(japanese);
                continue;
            }
            assert_non_null(english);
            assert_non_null(japanese);
            assert_true(strlen(english) > 0 && is_ascii(english));
            assert_false(is_ascii(japanese));
            assert_int_equal(kbr_text_check(kaburi_text_of(japanese), "japanese", NULL), KABURI_OK);
        }
    }
}

/* Every verdict and decision, by a judgement made up. */
static void has_words_for_every_verdict_and_decision(void **state) {
    (void)state;
    kbr_reader readers[2];
    for (int i = 0; i < 2; i++) {
        kbr_reader_init(&readers[i], &kbr_allocator_default);
        assert_int_equal(kbr_reader_read(&readers[i], &a, NULL), KABURI_OK);
    }
    char seen[2][18][200];
    size_t count = 0;
    for (int32_t verdict = 0; kaburi_verdict_name(verdict) != NULL; verdict++) {
        for (int32_t decision = 0; kaburi_decision_name(decision) != NULL; decision++, count++) {
            kaburi_match match = {.verdict = verdict, .decision = decision, .probability = 0.875};
            for (int32_t language = 0; language < 2; language++) {
                kbr_bytes out = {.allocator = &kbr_allocator_default};
                assert_true(kbr_explain(&out, &match, &a, &readers[0], &a, &readers[1], NULL,
                                        language, TEXT));
                assert_in_range(out.size, 10, 199);
                memcpy(seen[language][count], out.data, out.size);
                seen[language][count][out.size] = '\0';
                assert_non_null(strstr(seen[language][count], "87.5 %"));
                kbr_bytes_free(&out);
            }
        }
    }
    assert_int_equal(count, 18);
    for (size_t i = 0; i < count; i++) {
        assert_true(is_ascii(seen[ENGLISH][i]));
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(seen[ENGLISH][i], seen[ENGLISH][j]);
            assert_string_not_equal(seen[JAPANESE][i], seen[JAPANESE][j]);
        }
    }
    kbr_reader_free(&readers[0]);
    kbr_reader_free(&readers[1]);
}

/* ---- values ---- */

static void shows_both_values_where_they_differ(void **state) {
    (void)state;
    b.company = kaburi_text_of("山田製作所㈱");
    explain(ENGLISH, TEXT);
    says(": 株式会社山田製作所 / 山田製作所㈱\n");
    says("legal form: the same legal form in another place: 株式会社 (head) / 株式会社 (tail)\n");
    explain(JAPANESE, TEXT);
    says("法人格: 法人格の位置が違う(前株・後株): 株式会社 (前) / 株式会社 (後)\n");
}

static void shows_a_shared_value_once(void **state) {
    (void)state;
    explain(JAPANESE, TEXT);
    assert_int_equal(count_of("山田製作所"), 1);
    says("会社: 会社名が一致: 株式会社山田製作所\n");
}

static void shows_what_one_side_lacks_as_a_dash(void **state) {
    (void)state;
    a.deal = kaburi_text_of("ERP導入 FY24");
    b.deal = kaburi_text_of("ERP導入");
    explain(ENGLISH, TEXT);
    says("one side names a fiscal year, as contracts of every year do: 2024 / -");
    explain(ENGLISH, JSON);
    says("\"a\":\"2024\",\"b\":\"\"");
}

static void shows_numbers_dates_and_sales(void **state) {
    (void)state;
    a.deal = kaburi_text_of("ERP新規導入 2024年度 上期 10月 第2期 ロット3 365 5.5mm");
    b.deal = kaburi_text_of("ERP解約 2025年度 下期 11月 第3期 ロット4 366 6.25mm");
    a.amount = -5;
    b.amount = INT64_MAX;
    a.close_date = 0;
    b.close_date = 19782;
    explain(ENGLISH, JSON);
    says("\"a\":\"2024\",\"b\":\"2025\"");
    says("\"a\":\"H1, 10月\",\"b\":\"H2, 11月\"");
    says("{\"field\":\"phase\",\"level\":\"conflict\"");
    says("\"a\":\"2\",\"b\":\"3\"");
    says("\"a\":\"3\",\"b\":\"4\"");
    says("\"a\":\"365, 5.5\",\"b\":\"366, 6.25\"");
    says("\"a\":\"new\",\"b\":\"cancellation\"");
    says("\"a\":\"-5\",\"b\":\"9223372036854775807\"");
    says("\"a\":\"1970-01-01\",\"b\":\"2024-02-29\"");
    explain(JAPANESE, TEXT);
    says("商談種類が異なります: 新規 / 解約");
}

static void shows_readings_numbers_domains_and_places(void **state) {
    (void)state;
    a.company = kaburi_text_of("株式会社山田製作所大阪支店");
    b.company = kaburi_text_of("株式会社山田製作所（注）");
    a.company_reading = kaburi_text_of("ヤマダ");
    b.company_reading = kaburi_text_of("サンダ");
    a.corporate_number = kaburi_text_of("T7000012050002");
    b.corporate_number = kaburi_text_of("7000012050002");
    a.domain = kaburi_text_of("example.com");
    b.domain = kaburi_text_of("example.co.jp");
    a.deal = kaburi_text_of("空調工事 名古屋工場");
    b.deal = kaburi_text_of("空調工事 大阪工場");
    explain(ENGLISH, TEXT);
    says("branch: different branches: 大阪支店 / 注");
    says("different readings of one spelling: ヤマダ / サンダ\n");
    says("the same corporate number: T7000012050002 / 7000012050002\n");
    says("different domains: example.com / example.co.jp\n");
    says("different sites: 名古屋工場 / 大阪工場");
}

/* Against the C library's calendar, which is proleptic Gregorian too. */
static void tells_dates_as_the_calendar_has_them(void **state) {
    (void)state;
    uint64_t seed = 31;
    for (int round = 0; round < 500; round++) {
        char expected[64];
        int32_t days = (int32_t)sample_draw(&seed, 3652059) - 719162; /* years 1 to 9999 */
        time_t seconds = (time_t)days * 86400;
        struct tm when;
        assert_non_null(gmtime_r(&seconds, &when));
        (void)snprintf(expected, sizeof expected, "\"a\":\"%04d-%02d-%02d\"", when.tm_year + 1900,
                       when.tm_mon + 1, when.tm_mday);
        a.close_date = days;
        b.close_date = days;
        explain(ENGLISH, JSON);
        says(expected);
    }
    a.close_date = INT32_MAX;
    b.close_date = INT32_MIN + 1;
    explain(ENGLISH, JSON);
    says("\"a\":\"5881580-07-11\",\"b\":\"-5877641-06-24\"");
}

/* ---- shape ---- */

static void puts_weights_under_one_another(void **state) {
    (void)state;
    static const struct {
        float weight;
        const char *line;
    } cases[] = {{0, "  +0.0  "},     {-0.04F, "  +0.0  "}, {-0.06F, "  -0.1  "},
                 {4.06F, "  +4.1  "}, {-9.94F, "  -9.9  "}, {9.96F, " +10.0  "},
                 {-64, " -64.0  "},   {99.96F, "+100.0  "}, {-996.5F, "-996.5  "}};
    kbr_reader reader;
    kbr_reader_init(&reader, &kbr_allocator_default);
    assert_int_equal(kbr_reader_read(&reader, &a, NULL), KABURI_OK);
    for (size_t i = 0; i < KBR_COUNT(cases); i++) {
        kaburi_match match = {.level = {KBR_COMPANY_EXACT}, .weight = {cases[i].weight}};
        kbr_bytes out = {.allocator = &kbr_allocator_default};
        assert_true(kbr_explain(&out, &match, &a, &reader, &a, &reader, NULL, ENGLISH, TEXT));
        kbr_bytes_append(&out, "", 1);
        const char *line = strchr(out.data, '\n') + 1;
        assert_int_equal(strncmp(line, cases[i].line, 8), 0);
        assert_int_equal(strncmp(line + 8, "company: ", 9), 0);
        kbr_bytes_free(&out);
    }
    kbr_reader_free(&reader);
}

static const char *const hostile[] = {"\"},{\"field\":\"x\"",
                                      "\\",
                                      "\\u0041\\",
                                      "a\nb\r\n  +9.9  company: x",
                                      "z\x01\x02\x1F\x7F",
                                      "\u2028x\u2029",
                                      "\tx",
                                      "</script>",
                                      "{}[],:",
                                      "%s%n%d",
                                      "x\xC2\x85y",
                                      "😀",
                                      "𠮷野家",
                                      "\u202Eabc",
                                      "- / -"};

static void stays_one_json_value_whatever_the_names(void **state) {
    (void)state;
    for (size_t i = 0; i < KBR_COUNT(hostile); i++) {
        for (size_t j = 0; j < KBR_COUNT(hostile); j++) {
            a.company = a.deal = a.company_reading = a.domain = kaburi_text_of(hostile[i]);
            b.company = b.deal = b.company_reading = b.domain = kaburi_text_of(hostile[j]);
            a.department = b.department = kaburi_text_of("x");
            for (int32_t language = 0; language < 2; language++) {
                explain(language, JSON);
                if (!json_is_sound(text)) {
                    fail_msg("no JSON: %s", text);
                }
            }
        }
    }
}

static size_t told_fields(const kaburi_match *match) {
    size_t told = 0;
    for (size_t i = 0; i < KABURI_FIELD_COUNT; i++) {
        told += match->level[i] != KBR_LEVEL_ABSENT;
    }
    return told;
}

/* A line says that one is closed already. */
static size_t told_stages(const kaburi_match *match) {
    return (match->evidence & (KABURI_EVIDENCE_STAGE_WON | KABURI_EVIDENCE_STAGE_LOST)) != 0;
}

/* A line is the head, a field or the sum: as many as there are fields that say something. */
static void writes_one_line_a_field_whatever_the_names(void **state) {
    (void)state;
    for (size_t i = 0; i < KBR_COUNT(hostile); i++) {
        kaburi_match match;
        a.deal = a.domain = kaburi_text_of(hostile[i]);
        b.deal = b.domain = kaburi_text_of("ERP\n導入");
        assert_int_equal(kaburi_compare(&a, &b, NULL, &match, NULL), KABURI_OK);
        for (int32_t language = 0; language < 2; language++) {
            explain(language, TEXT);
            assert_int_equal(count_of("\n"), 2 + told_fields(&match) + told_stages(&match));
            assert_null(strpbrk(text, "\r\t\x1B\x01\x7F"));
        }
    }
}

static void tells_the_fields_that_say_something_and_no_others(void **state) {
    (void)state;
    uint64_t seed = 32;
    for (int round = 0; round < 4000; round++) {
        sample x;
        sample y;
        kaburi_match match;
        sample_make(&x, &seed);
        sample_make(&y, &seed);
        a = x.record;
        b = y.record;
        assert_int_equal(kaburi_compare(&a, &b, NULL, &match, NULL), KABURI_OK);
        explain(JAPANESE, TEXT);
        assert_int_equal(count_of("\n"), 2 + told_fields(&match) + told_stages(&match));
        explain(round % 2, JSON);
        assert_true(json_is_sound(text));
        assert_int_equal(count_of("{\"field\":\""), told_fields(&match));
        for (int field = 0; field < KABURI_FIELD_COUNT; field++) {
            char object[200];
            const char *level = kbr_compare_level_name(field, match.level[field]);
            (void)snprintf(object, sizeof object, "{\"field\":\"%s\",\"level\":\"%s\",\"weight\":",
                           kaburi_field_name(field), level != NULL ? level : "");
            const char *at = strstr(text, object);
            assert_int_equal(at != NULL, match.level[field] != KBR_LEVEL_ABSENT);
            if (at != NULL) {
                double shown = strtod(at + strlen(object), NULL);
                assert_true(fabs(shown - (double)match.weight[field]) <= 0.000501);
            }
        }
    }
}

static void says_the_same_each_time(void **state) {
    (void)state;
    static char before[sizeof text];
    a.deal = kaburi_text_of("【展示会】ERP導入 FY24");
    b.deal = kaburi_text_of("ERP更改 令和6年度 第2期");
    for (int32_t kind = 0; kind < 4; kind++) {
        explain(kind & 1, kind >> 1);
        memcpy(before, text, sizeof text);
        kaburi_record first = a;
        kaburi_record second = b;
        a.deal = kaburi_text_of("保守 2023年度");
        explain(kind & 1, kind >> 1);
        a = first;
        b = second;
        explain(kind & 1, kind >> 1);
        assert_string_equal(text, before);
    }
}

static void shows_texts_of_the_greatest_size(void **state) {
    (void)state;
    static char huge[KABURI_TEXT_SIZE_MAX];
    memset(huge, '\x01', sizeof huge);
    huge[0] = 'x';
    a.deal = b.deal = (kaburi_text){huge, sizeof huge};
    explain(ENGLISH, JSON);
    assert_true(json_is_sound(text));
    assert_true(strlen(text) > sizeof huge * 12);
    explain(ENGLISH, TEXT);
    assert_int_equal(count_of("\\u0001"), sizeof huge - 1);
}

/* ---- what a conflict makes of it ---- */

static void says_what_a_conflict_turns_a_duplicate_into(void **state) {
    (void)state;
    a.deal = kaburi_text_of("ERP保守 2024年度");
    b.deal = kaburi_text_of("ERP保守 FY25");
    explain(JAPANESE, TEXT);
    says("年度が異なります: 2024年度 / 2025年度 → 更新\n");
    explain(ENGLISH, TEXT);
    says("different years: 2024 / 2025 → renewal\n");
    explain(ENGLISH, JSON);
    says("\"a\":\"2024\",\"b\":\"2025\",\"verdict\":\"renewal\"}");
    a.deal = kaburi_text_of("基幹刷新 フェーズ1");
    b.deal = kaburi_text_of("基幹刷新 フェーズ2");
    explain(JAPANESE, TEXT);
    says("フェーズ・回次が異なります: 1 / 2 → 別商談\n");
    a.deal = kaburi_text_of("会計システム導入");
    b.deal = kaburi_text_of("人事システム導入");
    explain(JAPANESE, TEXT);
    says("商談名に対立する語: 会計システム導入 / 人事システム導入 → 別商談\n");
    /* a conflict that the verdict does not come from turns nothing */
    b.company = kaburi_text_of("北浜商事株式会社");
    a.deal = kaburi_text_of("ERP保守 2024年度");
    b.deal = kaburi_text_of("ERP保守 FY25");
    explain(JAPANESE, TEXT);
    assert_int_equal(count_of("→"), 0);
}

static void says_which_words_tell_related_companies_apart(void **state) {
    (void)state;
    a.company = kaburi_text_of("株式会社山田電機");
    b.company = kaburi_text_of("株式会社山田電機 九州サービス");
    explain(JAPANESE, TEXT);
    says("関連会社(語の違いで別会社): 株式会社山田電機 / 株式会社山田電機 九州サービス "
         "(九州サービス)\n");
    explain(ENGLISH, JSON);
    says("\"apart\":\"九州サービス\"}");
    a.company = kaburi_text_of("青空ソフト企画");
    b.company = kaburi_text_of("青空ソフトサービス");
    explain(ENGLISH, TEXT);
    says("(企画 / サービス)\n");
    b.company = a.company;
    explain(ENGLISH, JSON);
    assert_int_equal(count_of("\"apart\""), 0);
    /* A hospital is another site of the customer. */
    a.company = kaburi_text_of("国立病院機構");
    b.company = kaburi_text_of("国立病院機構(青森病院)");
    a.deal = b.deal = kaburi_text_of("ERP導入");
    explain(JAPANESE, TEXT);
    says("一方だけに病院・学校などの施設: - / 青森病院 → 別商談\n");
}

static void says_that_a_twin_is_closed(void **state) {
    (void)state;
    a.deal = b.deal = kaburi_text_of("基幹システム刷新");
    b.stage = KABURI_STAGE_WON;
    explain(JAPANESE, TEXT);
    says("段階: 一方は受注済み(後続の商談) → 更新\n");
    explain(ENGLISH, JSON);
    says(",\"closed\":\"won\"");
    assert_true(json_is_sound(text));
    b.stage = KABURI_STAGE_LOST;
    explain(ENGLISH, TEXT);
    says("stage: the other is lost: a hint → renewal\n");
}

static void says_how_the_probability_is_made_up(void **state) {
    (void)state;
    a.deal = b.deal = kaburi_text_of("基幹システム刷新");
    explain(ENGLISH, JSON);
    const char *customer = strstr(text, "\"customer\":{\"prior\":");
    const char *deal = strstr(text, "\"deal\":{\"prior\":");
    assert_non_null(customer);
    assert_non_null(deal);
    double likely[2] = {strtod(strstr(customer, "\"probability\":") + 14, NULL),
                        strtod(strstr(deal, "\"probability\":") + 14, NULL)};
    double weighed = strtod(strstr(text, "\"weighed\":") + 10, NULL);
    assert_true(fabs(likely[0] * likely[1] - weighed) < 0.00001);
    explain(JAPANESE, TEXT);
    says("  = 顧客 ");
    says(" × 商談 ");
    a.deal = b.deal = kaburi_text_of("");
    explain(ENGLISH, TEXT);
    says("  = customer ");
    assert_int_equal(count_of(" × "), 0);
}

/* ---- the sum ---- */

/* The weight that the JSON in `text` shows for a field; 0 when it is not told. */
static double weight_shown(const char *field) {
    char start[64];
    (void)snprintf(start, sizeof start, "{\"field\":\"%s\"", field);
    const char *at = strstr(text, start);
    return at == NULL ? 0 : strtod(strstr(at, "\"weight\":") + 9, NULL);
}

static double sum_shown(const char *const *names, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += weight_shown(names[i]);
    }
    return sum;
}

/* With all priors 0 the probability is that of the customer, from the weights of the customer's
 * fields, times that of the deal, from the others. */
static void shows_weights_that_give_the_probability(void **state) {
    (void)state;
    static const char plain[] = "kaburi-model 2\nprior company 0\nprior company_deal 0\n"
                                "prior deal 0\ncalibration 1 0\n";
    static const char *const customer[] = {"company", "form",   "branch",
                                           "reading", "domain", "corporate_number"};
    static const char *const deal[] = {"deal", "amount", "year", "period", "phase",
                                       "lot",  "sale",   "site", "number", "close_date"};
    kaburi_model *model;
    assert_int_equal(KBR_COUNT(customer) + KBR_COUNT(deal), KABURI_FIELD_COUNT);
    assert_int_equal(kaburi_model_parse(&model, plain, sizeof plain - 1, NULL, NULL), KABURI_OK);
    uint64_t seed = 33;
    int between = 0;
    for (int round = 0; round < 2000; round++) {
        sample x;
        sample y;
        sample_make(&x, &seed);
        sample_make(&y, &seed);
        a = x.record;
        b = y.record;
        explain_by(model, ENGLISH, JSON);
        double shown = strtod(strstr(text, "\"probability\":") + 14, NULL);
        double expected = 1 / (1 + exp2(-sum_shown(customer, KBR_COUNT(customer))));
        if (strstr(text, "{\"field\":\"deal\"") != NULL) {
            expected *= 1 / (1 + exp2(-sum_shown(deal, KBR_COUNT(deal))));
        }
        assert_true(fabs(shown - expected) < 0.003);
        between += shown > 0.01 && shown < 0.99;
    }
    assert_true(between > 50);
    kaburi_model_free(model);
}

/* ---- memory ---- */

static void says_so_without_memory(void **state) {
    (void)state;
    kbr_reader readers[2];
    kaburi_match match;
    a.deal = kaburi_text_of("ERP導入 FY24");
    b.deal = kaburi_text_of("ERP導入 FY25");
    kbr_reader_init(&readers[0], &kbr_allocator_default);
    kbr_reader_init(&readers[1], &kbr_allocator_default);
    assert_int_equal(kbr_reader_read(&readers[0], &a, NULL), KABURI_OK);
    assert_int_equal(kbr_reader_read(&readers[1], &b, NULL), KABURI_OK);
    assert_int_equal(kaburi_compare(&a, &b, NULL, &match, NULL), KABURI_OK);
    size_t failures = 0;
    for (size_t granted = 0;; granted++, failures++) {
        starved memory = {granted, 0};
        kaburi_allocator allocator = starved_allocator(&memory);
        kbr_bytes out = {.allocator = &allocator};
        bool done = kbr_explain(&out, &match, &a, &readers[0], &b, &readers[1], NULL, ENGLISH,
                                granted % 2 == 0 ? JSON : TEXT);
        kbr_bytes_free(&out);
        assert_int_equal(memory.blocks, 0);
        if (done) {
            break;
        }
    }
    assert_true(failures > 4);
    kbr_reader_free(&readers[0]);
    kbr_reader_free(&readers[1]);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(has_a_phrase_for_every_level_in_both_languages),
        TEST(has_words_for_every_verdict_and_decision),
        TEST(shows_both_values_where_they_differ),
        TEST(shows_a_shared_value_once),
        TEST(shows_what_one_side_lacks_as_a_dash),
        TEST(shows_numbers_dates_and_sales),
        TEST(shows_readings_numbers_domains_and_places),
        TEST(tells_dates_as_the_calendar_has_them),
        TEST(puts_weights_under_one_another),
        TEST(stays_one_json_value_whatever_the_names),
        TEST(writes_one_line_a_field_whatever_the_names),
        TEST(tells_the_fields_that_say_something_and_no_others),
        TEST(says_the_same_each_time),
        TEST(shows_texts_of_the_greatest_size),
        TEST(says_what_a_conflict_turns_a_duplicate_into),
        TEST(says_which_words_tell_related_companies_apart),
        TEST(says_that_a_twin_is_closed),
        TEST(says_how_the_probability_is_made_up),
        TEST(shows_weights_that_give_the_probability),
        TEST(says_so_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
