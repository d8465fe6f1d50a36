/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merge advice: which of two records is kept and why, what is taken over and what would be lost,
 * the union of campaigns, the earliest first touch; the same whichever comes first.
 */
#include "advice.h"
#include "json.h"
#include "samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static kaburi_error error;
static char text[65536];
static kaburi_record a;
static kaburi_record b;
static kaburi_merge_options options;

static int set_up(void **state) {
    (void)state;
    kaburi_record_init(&a);
    kaburi_record_init(&b);
    kaburi_merge_options_init(&options);
    a.id = 1;
    b.id = 2;
    a.company = kaburi_text_of("株式会社山田製作所");
    b.company = kaburi_text_of("(株)山田製作所");
    a.deal = b.deal = kaburi_text_of("基幹システム再構築");
    return 0;
}

static const char *advise(int32_t language, int32_t format) {
    size_t size;
    memset(&error, 0, sizeof error);
    if (kaburi_merge_advise(&a, &b, &options, language, format, text, sizeof text, &size, &error) !=
        KABURI_OK) {
        fail_msg("refused: %s", error.message);
    }
    assert_int_equal(strlen(text), size);
    return text;
}

static void has(const char *part) {
    if (strstr(text, part) == NULL) {
        fail_msg("no \"%s\" in %s", part, text);
    }
}

static void keeps(char side, const char *reason) {
    char part[60];
    (void)snprintf(part, sizeof part, "\"keep\":\"%c\",\"because\":\"%s\"", side, reason);
    (void)advise(KABURI_LANGUAGE_ENGLISH, KABURI_FORMAT_JSON);
    has(part);
}

static void keeps_the_record_that_is_further_on(void **state) {
    (void)state;
    keeps('a', "id");
    b.owner = kaburi_text_of("営業一課");
    keeps('b', "filled");
    options.created_a = 100;
    keeps('b', "filled"); /* one date tells nothing */
    options.created_b = 101;
    keeps('a', "created");
    b.kind = KABURI_KIND_OPPORTUNITY;
    a.kind = KABURI_KIND_MQL;
    keeps('b', "kind");
    a.stage = KABURI_STAGE_OPEN;
    b.stage = KABURI_STAGE_LOST;
    keeps('a', "stage");
    b.stage = KABURI_STAGE_WON;
    keeps('b', "stage");
}

static void keeps_the_same_whichever_comes_first(void **state) {
    (void)state;
    uint64_t seed = 61;
    for (int round = 0; round < 2000; round++) {
        sample made[2];
        int reasons[2];
        sample_make(&made[0], &seed);
        sample_make(&made[1], &seed);
        made[0].record.id = sample_draw(&seed, 3);
        made[1].record.id = 3;
        options.created_a = sample_draw(&seed, 2) == 0 ? KABURI_DATE_ABSENT : (int32_t)seed;
        options.created_b = sample_draw(&seed, 2) == 0 ? KABURI_DATE_ABSENT : (int32_t)seed - 5;
        kaburi_merge_options turned = options;
        turned.created_a = options.created_b;
        turned.created_b = options.created_a;
        int kept = kbr_advice_kept(&made[0].record, &made[1].record, &options, &reasons[0]);
        int back = kbr_advice_kept(&made[1].record, &made[0].record, &turned, &reasons[1]);
        assert_int_equal(kept, 1 - back);
        assert_int_equal(reasons[0], reasons[1]);
    }
}

static void tells_what_is_taken_over_and_what_is_lost(void **state) {
    (void)state;
    a.stage = KABURI_STAGE_OPEN;
    a.kind = KABURI_KIND_OPPORTUNITY;
    b.kind = KABURI_KIND_MQL;
    a.amount = 500;
    b.amount = 700;
    b.owner = kaburi_text_of("東京\n第一");
    b.close_date = 19876;
    (void)advise(KABURI_LANGUAGE_ENGLISH, KABURI_FORMAT_TEXT);
    has("keep A, for its stage is further on: ");
    has("  take over  owner: 東京\\u000a第一\n");
    has("  take over  close date: 2024-06-02\n");
    has("  lost       amount: 700 (kept: 500)\n");
    has("  lost       company: (株)山田製作所 (kept: 株式会社山田製作所)\n");
    assert_null(strstr(text, "deal:"));
    (void)advise(KABURI_LANGUAGE_JAPANESE, KABURI_FORMAT_TEXT);
    has("Aを残す(段階が進んでいる): ");
    has("  失われる  金額: 700 (残る値: 500)\n");
    has("  失われる  種別: MQL (残る値: 商談)\n");
    (void)advise(KABURI_LANGUAGE_ENGLISH, KABURI_FORMAT_JSON);
    assert_true(json_is_sound(text));
    has("{\"field\":\"owner\",\"action\":\"take\",\"kept\":\"\",\"other\":\"東京\\u000a第一\"}");
    has("{\"field\":\"amount\",\"action\":\"lose\",\"kept\":\"500\",\"other\":\"700\"}");
}

static void unites_campaigns_and_takes_the_first_touch(void **state) {
    (void)state;
    a.campaigns = kaburi_text_of(" EXPO24 ;WEB,, EXPO24,");
    b.campaigns = kaburi_text_of("SEMINAR, WEB;WEBINAR;\"Q\";SEMINAR");
    (void)advise(KABURI_LANGUAGE_ENGLISH, KABURI_FORMAT_JSON);
    has("\"campaigns\":[\"EXPO24\",\"WEB\",\"SEMINAR\",\"WEBINAR\",\"\\\"Q\\\"\"]");
    has("\"first_touch\":null,\"first_touch_of\":null}");
    b.stage = KABURI_STAGE_OPEN;
    options.first_touch_a = 19876;
    (void)advise(KABURI_LANGUAGE_ENGLISH, KABURI_FORMAT_JSON);
    has("\"campaigns\":[\"SEMINAR\",\"WEB\",\"WEBINAR\",\"\\\"Q\\\"\",\"EXPO24\"]");
    has("\"first_touch\":\"2024-06-02\",\"first_touch_of\":\"a\"}"); /* of the one not kept */
    options.first_touch_b = 19875;
    (void)advise(KABURI_LANGUAGE_ENGLISH, KABURI_FORMAT_TEXT);
    has("  earliest   first touch: 2024-06-01 (B)\n");
    has("  unite      campaigns: SEMINAR, WEB, WEBINAR, \"Q\", EXPO24\n");
}

static void advises_against_what_is_no_duplicate(void **state) {
    (void)state;
    a.deal = kaburi_text_of("保守契約 2024年度");
    b.deal = kaburi_text_of("保守契約 2023年度");
    (void)advise(KABURI_LANGUAGE_ENGLISH, KABURI_FORMAT_TEXT);
    assert_int_equal(strncmp(text, "do not merge: ", 14), 0);
    (void)advise(KABURI_LANGUAGE_JAPANESE, KABURI_FORMAT_TEXT);
    has("統合は勧めない: ");
    (void)advise(KABURI_LANGUAGE_ENGLISH, KABURI_FORMAT_JSON);
    has("\"verdict\":\"renewal\"");
    has("\"advised\":false");
}

static void refuses_bad_texts_and_arguments(void **state) {
    (void)state;
    size_t size = 7;
    kaburi_record bad = a;
    kaburi_merge_options unset = {0};
    bad.campaigns = kaburi_text_of("A,\xFF");
    assert_int_equal(kaburi_merge_advise(&a, &bad, NULL, 0, 0, text, sizeof text, &size, &error),
                     KABURI_ERROR_TEXT);
    assert_non_null(strstr(error.message, "campaigns"));
    assert_int_equal(error.offset, 2);
    bad = a;
    bad.owner = (kaburi_text){text, KABURI_TEXT_SIZE_MAX + 1};
    assert_int_equal(kaburi_merge_advise(&bad, &a, NULL, 0, 0, text, sizeof text, &size, &error),
                     KABURI_ERROR_TOO_LONG);
    assert_int_equal(kaburi_merge_advise(NULL, &a, NULL, 0, 0, text, 9, &size, &error),
                     KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_merge_advise(&a, &b, NULL, 2, 0, text, 9, &size, &error),
                     KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_merge_advise(&a, &b, NULL, 0, -1, text, 9, &size, &error),
                     KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_merge_advise(&a, &b, &unset, 0, 0, text, 9, &size, &error),
                     KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_merge_advise(&a, &b, NULL, 0, 0, NULL, 9, &size, &error),
                     KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_merge_advise(&a, &b, NULL, 0, 0, NULL, 0, &size, &error),
                     KABURI_ERROR_BUFFER);
    assert_true(size > 20);
}

/* Whatever the records hold, JSON is JSON. */
static void is_valid_json_of_any_records(void **state) {
    (void)state;
    uint64_t seed = 62;
    for (int round = 0; round < 1000; round++) {
        sample made[2];
        sample_make(&made[0], &seed);
        sample_make(&made[1], &seed);
        a = made[0].record;
        b = made[1].record;
        a.owner = b.campaigns = made[1].record.deal;
        b.department = made[0].record.company;
        (void)advise(KABURI_LANGUAGE_JAPANESE, KABURI_FORMAT_JSON);
        assert_true(json_is_sound(text));
    }
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(keeps_the_record_that_is_further_on),
        TEST(keeps_the_same_whichever_comes_first),
        TEST(tells_what_is_taken_over_and_what_is_lost),
        TEST(unites_campaigns_and_takes_the_first_touch),
        TEST(advises_against_what_is_no_duplicate),
        TEST(refuses_bad_texts_and_arguments),
        TEST(is_valid_json_of_any_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
