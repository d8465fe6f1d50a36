/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policies: the text that is built in gives the policy that is built in, the later of two lines
 * holds, a written policy reads the same, what is wrong is refused with its place, and a decision
 * goes by the stage and the kind of the record that is there already.
 */
#include "policy.h"
#include "samples.h"
#include "starved.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD "kaburi-policy 1\n"

static kaburi_error error;

static kaburi_policy *parse(const char *text) {
    kaburi_policy *policy = NULL;
    memset(&error, 0, sizeof error);
    if (kaburi_policy_parse(&policy, text, strlen(text), NULL, &error) != KABURI_OK) {
        fail_msg("refused: %s", error.message);
    }
    return policy;
}

static void assert_same_policy(const kaburi_policy *x, const kaburi_policy *y) {
    for (int verdict = 0; verdict < KBR_VERDICTS; verdict++) {
        for (int stage = 0; stage < KBR_STAGES; stage++) {
            for (int kind = 0; kind < KBR_KINDS; kind++) {
                const kbr_thresholds *a = &x->at[verdict][stage][kind];
                const kbr_thresholds *b = &y->at[verdict][stage][kind];
                if (a->alert != b->alert || a->block != b->block) {
                    fail_msg("%s %d %d", kaburi_verdict_name(verdict), stage, kind);
                }
            }
        }
    }
}

static void expect(const kaburi_policy *policy, int verdict, int stage, int kind, double alert,
                   double block) {
    double found[2];
    assert_int_equal(
        kaburi_policy_thresholds(policy, verdict, stage, kind, &found[0], &found[1], &error),
        KABURI_OK);
    assert_true(found[0] == alert && found[1] == block);
}

static char *written(const kaburi_policy *policy) {
    size_t size;
    assert_int_equal(kaburi_policy_write(policy, NULL, 0, &size, &error), KABURI_ERROR_BUFFER);
    char *text = malloc(size + 1);
    assert_non_null(text);
    assert_int_equal(kaburi_policy_write(policy, text, size, &size, &error), KABURI_ERROR_BUFFER);
    assert_int_equal(kaburi_policy_write(policy, text, size + 1, &size, &error), KABURI_OK);
    assert_int_equal(strlen(text), size);
    return text;
}

/* ---- what is taken ---- */

static void takes_the_built_in_text_for_the_built_in_policy(void **state) {
    (void)state;
    size_t size;
    const char *text = kaburi_policy_default_text(&size);
    assert_int_equal(strlen(text), size);
    kaburi_policy *policy = parse(text);
    assert_same_policy(policy, kaburi_policy_default());
    kaburi_policy_free(policy);
    kaburi_policy_free(NULL);
    kaburi_policy_free((kaburi_policy *)(uintptr_t)kaburi_policy_default()); /* stays */
    expect(kaburi_policy_default(), KABURI_VERDICT_DUPLICATE, KABURI_STAGE_OPEN,
           KABURI_KIND_OPPORTUNITY, 0.5, 0.98);
}

static void lets_the_later_line_hold(void **state) {
    (void)state;
    kaburi_policy *policy = parse(HEAD "any any any 0.9 never\n"
                                       "duplicate any any 0.5 0.75 # a comment\n"
                                       "\tduplicate\tlost any never never\r\n"
                                       "duplicate any lead .25 1e0\n"
                                       "renewal won opportunity 0 0");
    expect(policy, KABURI_VERDICT_UNRELATED, 0, 0, 0.9, KABURI_POLICY_NEVER);
    expect(policy, KABURI_VERDICT_DUPLICATE, 0, 0, 0.5, 0.75);
    expect(policy, KABURI_VERDICT_DUPLICATE, KABURI_STAGE_LOST, KABURI_KIND_MQL,
           KABURI_POLICY_NEVER, KABURI_POLICY_NEVER);
    expect(policy, KABURI_VERDICT_DUPLICATE, KABURI_STAGE_LOST, KABURI_KIND_LEAD, 0.25, 1);
    expect(policy, KABURI_VERDICT_RENEWAL, KABURI_STAGE_WON, KABURI_KIND_OPPORTUNITY, 0, 0);
    expect(policy, KABURI_VERDICT_RENEWAL, KABURI_STAGE_WON, KABURI_KIND_UNKNOWN, 0.9,
           KABURI_POLICY_NEVER);
    kaburi_policy_free(policy);
}

static void allows_what_no_line_names(void **state) {
    (void)state;
    kaburi_policy *policy = parse("kaburi-policy 1");
    for (int verdict = 0; verdict < KBR_VERDICTS; verdict++) {
        expect(policy, verdict, KABURI_STAGE_OPEN, KABURI_KIND_OPPORTUNITY, KABURI_POLICY_NEVER,
               KABURI_POLICY_NEVER);
    }
    kaburi_policy_free(policy);
}

static void writes_what_reads_the_same(void **state) {
    (void)state;
    static const char *const words[] = {"0", "0.12345678912", "0.5", "0.98765432198", "1", "never"};
    static const char *const stages[] = {"any", "unknown", "open", "won", "lost"};
    static const char *const kinds[] = {"any", "unknown", "opportunity", "mql", "lead"};
    uint64_t seed = 81;
    for (int round = 0; round < 300; round++) {
        char text[4096] = HEAD;
        for (uint32_t i = sample_draw(&seed, 20); i > 0; i--) {
            size_t size = strlen(text);
            uint32_t alert = sample_draw(&seed, 6);
            (void)snprintf(text + size, sizeof text - size, "%s %s %s %s %s\n",
                           kaburi_verdict_name((int)sample_draw(&seed, KBR_VERDICTS)),
                           stages[sample_draw(&seed, 5)], kinds[sample_draw(&seed, 5)],
                           words[alert], words[alert + sample_draw(&seed, 6 - alert)]);
        }
        kaburi_policy *policy = parse(text);
        char *once = written(policy);
        kaburi_policy *again = parse(once);
        char *twice = written(again);
        assert_same_policy(again, policy);
        assert_string_equal(twice, once);
        free(once);
        free(twice);
        kaburi_policy_free(policy);
        kaburi_policy_free(again);
    }
}

/* ---- what is refused ---- */

static void refuses(const char *text, kaburi_status status, uint64_t line, const char *message) {
    kaburi_policy *policy = NULL;
    memset(&error, 0, sizeof error);
    assert_int_equal(kaburi_policy_parse(&policy, text, strlen(text), NULL, &error), status);
    assert_null(policy);
    if (error.offset != line || strcmp(error.message, message) != 0) {
        fail_msg("line %llu: %s", (unsigned long long)error.offset, error.message);
    }
}

static void refuses_what_is_no_policy(void **state) {
    (void)state;
    static const char *const texts[] = {"", "\n", "kaburi-model 2\n", "policy",
                                        " kaburi-policy 1\n"};
    for (size_t i = 0; i < KBR_COUNT(texts); i++) {
        refuses(texts[i], KABURI_ERROR_FORMAT, 1,
                "not a policy file: line 1 is not \"kaburi-policy 1\"");
    }
    refuses("kaburi-policy x", KABURI_ERROR_FORMAT, 1, "policy line 1: no version");
    refuses("kaburi-policy 2\nnew words", KABURI_ERROR_VERSION, 1,
            "policy file of version 2; this library reads 1");
}

static void refuses_a_bad_line_with_its_place(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"duplicate", "1: a line has verdict, stage, kind, alert and block"},
        {"duplicate any any 0.5", "1: a line has verdict, stage, kind, alert and block"},
        {"duplicate any any 0.5 0.6 0.7", "27: too many words"},
        {"duplicates any any 0.5 0.6", "1: no such verdict: duplicates"},
        {"  重複 any any 0.5 0.6", "3: no such verdict: 重複"},
        {"duplicate closed any 0.5 0.6", "11: no such stage: closed"},
        {"duplicate any MQL 0.5 0.6", "15: no such kind: MQL"},
        {"duplicate any any 1.5 never", "19: not a probability from 0 to 1, nor never: 1.5"},
        {"duplicate any any -0.5 never", "19: not a probability from 0 to 1, nor never: -0.5"},
        {"duplicate any any nan never", "19: not a probability from 0 to 1, nor never: nan"},
        {"duplicate any any 0.5 NEVER", "23: not a probability from 0 to 1, nor never: NEVER"},
        {"duplicate any any 50% never", "19: not a probability from 0 to 1, nor never: 50%"},
        {"duplicate any any 0.5 0.25", "23: block is below alert: 0.25"},
        {"duplicate any any never 0.25", "25: block is below alert: 0.25"},
    };
    for (size_t i = 0; i < KBR_COUNT(cases); i++) {
        char text[200];
        char message[200];
        (void)snprintf(text, sizeof text, HEAD "# comment\n\n%s\nany any any 0 0\n", cases[i][0]);
        (void)snprintf(message, sizeof message, "policy line 4, column %s", cases[i][1]);
        refuses(text, KABURI_ERROR_FORMAT, 4, message);
    }
}

static void refuses_numbers_out_of_range(void **state) {
    (void)state;
    const kaburi_policy *policy = kaburi_policy_default();
    double out[2] = {7, 7};
    static const int32_t bad[][3] = {{-1, 0, 0}, {6, 0, 0}, {0, -1, 0},
                                     {0, 4, 0},  {0, 0, 4}, {0, 0, INT32_MIN}};
    for (size_t i = 0; i < KBR_COUNT(bad); i++) {
        assert_int_equal(kaburi_policy_thresholds(policy, bad[i][0], bad[i][1], bad[i][2], &out[0],
                                                  &out[1], &error),
                         KABURI_ERROR_ARGUMENT);
    }
    assert_string_equal(error.message, "kind is -2147483648; allowed are 0..3");
    assert_true(out[0] == 7 && out[1] == 7);
    assert_int_equal(kaburi_policy_thresholds(NULL, 0, 0, 0, &out[0], &out[1], NULL),
                     KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_policy_thresholds(policy, 0, 0, 0, NULL, &out[1], NULL),
                     KABURI_ERROR_ARGUMENT);
    size_t size;
    kaburi_policy *made = NULL;
    assert_int_equal(kaburi_policy_write(NULL, NULL, 0, &size, NULL), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_policy_write(policy, NULL, 0, NULL, NULL), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_policy_write(policy, NULL, 9, &size, NULL), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_policy_parse(NULL, "", 0, NULL, NULL), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_policy_parse(&made, NULL, 0, NULL, NULL), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_policy_load(&made, NULL, NULL, NULL), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_policy_load(&made, "no/such/file", NULL, &error), KABURI_ERROR_IO);
    assert_int_equal(error.os_error, ENOENT);
}

static void loads_a_file_as_it_parses_its_text(void **state) {
    (void)state;
    char path[] = "kaburi-policy-XXXXXX";
    int file = mkstemp(path);
    size_t size;
    const char *text = kaburi_policy_default_text(&size);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, size), size);
    kaburi_policy *policy = NULL;
    assert_int_equal(kaburi_policy_load(&policy, path, NULL, &error), KABURI_OK);
    assert_same_policy(policy, kaburi_policy_default());
    kaburi_policy_free(policy);
    policy = NULL;
    assert_int_equal(ftruncate(file, (1 << 20) + 1), 0);
    assert_int_equal(kaburi_policy_load(&policy, path, NULL, &error), KABURI_ERROR_FORMAT);
    assert_null(policy);
    assert_string_equal(error.message, "a policy of more than 1048576 bytes");
    (void)close(file);
    (void)unlink(path);
}

static void reports_missing_memory_at_every_allocation(void **state) {
    (void)state;
    size_t failures = 0;
    for (size_t granted = 0;; granted++, failures++) {
        starved memory = {granted, 0};
        kaburi_allocator allocator = starved_allocator(&memory);
        kaburi_policy *policy = NULL;
        kaburi_status status = kaburi_policy_parse(&policy, HEAD, strlen(HEAD), &allocator, &error);
        if (status == KABURI_OK) {
            assert_int_equal(memory.blocks, 1);
            kaburi_policy_free(policy);
            assert_int_equal(memory.blocks, 0);
            break;
        }
        assert_int_equal(status, KABURI_ERROR_MEMORY);
        assert_null(policy);
        assert_int_equal(memory.blocks, 0);
    }
    assert_int_equal(failures, 2);
}

/* ---- deciding ---- */

static kaburi_record record_of(uint64_t id, int32_t stage, int32_t kind) {
    kaburi_record record;
    kaburi_record_init(&record);
    record.id = id;
    record.stage = stage;
    record.kind = kind;
    record.company = kaburi_text_of("株式会社山田製作所");
    record.deal = kaburi_text_of("基幹システム再構築");
    return record;
}

static int32_t decision_of(const kaburi_policy *policy, int32_t stage, int32_t kind) {
    kaburi_compare_options options;
    kaburi_match match;
    /* Of one stage, for a closed twin of an open deal is no duplicate. */
    kaburi_record entered = record_of(0, stage, KABURI_KIND_LEAD);
    kaburi_record there = record_of(1, stage, kind);
    kaburi_compare_options_init(&options);
    options.policy = policy;
    assert_int_equal(kaburi_compare(&entered, &there, &options, &match, &error), KABURI_OK);
    assert_int_equal(match.verdict, KABURI_VERDICT_DUPLICATE);
    return match.decision;
}

static void decides_by_stage_and_kind_of_the_record_that_is_there(void **state) {
    (void)state;
    kaburi_policy *policy = parse(HEAD "duplicate any any 0 never\n"
                                       "duplicate open any 0 0\n"
                                       "duplicate any lead never never\n");
    assert_int_equal(decision_of(policy, KABURI_STAGE_UNKNOWN, 0), KABURI_DECISION_ALERT);
    assert_int_equal(decision_of(policy, KABURI_STAGE_OPEN, KABURI_KIND_OPPORTUNITY),
                     KABURI_DECISION_BLOCK);
    assert_int_equal(decision_of(policy, KABURI_STAGE_WON, KABURI_KIND_MQL), KABURI_DECISION_ALERT);
    assert_int_equal(decision_of(policy, KABURI_STAGE_OPEN, KABURI_KIND_LEAD),
                     KABURI_DECISION_ALLOW);
    kaburi_policy_free(policy);
}

static void takes_the_policy_of_the_index_unless_a_search_has_its_own(void **state) {
    (void)state;
    kaburi_policy *all = parse(HEAD "any any any 0 0\n");
    kaburi_policy *none = parse(HEAD);
    kaburi_index_options options;
    kaburi_search_options search;
    kaburi_index *index = NULL;
    kaburi_matches *matches = NULL;
    kaburi_record there = record_of(1, KABURI_STAGE_OPEN, KABURI_KIND_OPPORTUNITY);
    kaburi_index_options_init(&options);
    kaburi_search_options_init(&search);
    options.policy = all;
    assert_int_equal(kaburi_index_create(&index, &options, &error), KABURI_OK);
    assert_int_equal(kaburi_matches_create(&matches, NULL, &error), KABURI_OK);
    assert_int_equal(kaburi_index_add(index, &there, &error), KABURI_OK);
    static const int32_t expected[] = {KABURI_DECISION_BLOCK, KABURI_DECISION_ALLOW};
    for (int i = 0; i < 2; i++) {
        search.policy = i == 0 ? NULL : none;
        assert_int_equal(kaburi_search(index, &there, &search, matches, &error), KABURI_OK);
        assert_int_equal(kaburi_matches_count(matches), 1);
        assert_int_equal(kaburi_matches_data(matches)->decision, expected[i]);
    }
    kaburi_matches_free(matches);
    kaburi_index_free(index);
    kaburi_policy_free(all);
    kaburi_policy_free(none);
}

/* Beside a deal that is being entered what was won or lost is no duplicate, but its renewal. */
static void hears_of_closed_twins_as_renewals(void **state) {
    (void)state;
    static const int32_t stages[] = {KABURI_STAGE_WON, KABURI_STAGE_LOST};
    static const char *const texts[] = {HEAD "duplicate any any 0 0\n", HEAD
                                        "renewal won any 0.5 never\nrenewal lost any 0.5 never\n"};
    static const int32_t expected[] = {KABURI_DECISION_ALLOW, KABURI_DECISION_ALERT};
    for (size_t i = 0; i < KBR_COUNT(texts) * KBR_COUNT(stages); i++) {
        kaburi_policy *policy = parse(texts[i / 2]);
        kaburi_compare_options options;
        kaburi_match match;
        kaburi_record entered = record_of(0, KABURI_STAGE_OPEN, 0);
        kaburi_record there = record_of(1, stages[i % 2], 0);
        kaburi_compare_options_init(&options);
        options.policy = policy;
        assert_int_equal(kaburi_compare(&entered, &there, &options, &match, &error), KABURI_OK);
        assert_int_equal(match.verdict, KABURI_VERDICT_RENEWAL);
        assert_int_equal(match.decision, expected[i / 2]);
        kaburi_policy_free(policy);
    }
}

/* A policy that wants to hear of less than even odds does. */
static void alerts_below_even_odds_where_it_is_asked_to(void **state) {
    (void)state;
    kaburi_record a = record_of(0, 0, 0);
    kaburi_record b = record_of(1, 0, 0);
    kaburi_compare_options options;
    kaburi_match match;
    kaburi_model *model = NULL;
    static const char weak[] = "kaburi-model 2\nprior deal 0.5\ncalibration 1 -2\nisotonic none\n";
    a.deal = kaburi_text_of("ERP導入 500万円");
    b.deal = kaburi_text_of("ERP導入 設計");
    assert_int_equal(kaburi_model_parse(&model, weak, strlen(weak), NULL, &error), KABURI_OK);
    kaburi_compare_options_init(&options);
    options.model = model;
    assert_int_equal(kaburi_compare(&a, &b, &options, &match, &error), KABURI_OK);
    assert_true(match.probability > 0.05 && match.probability < 0.5);
    assert_int_equal(match.verdict, KABURI_VERDICT_PARALLEL);
    assert_int_equal(match.decision, KABURI_DECISION_ALLOW);
    kaburi_policy *policy = parse(HEAD "duplicate any any 0.05 never\n");
    options.policy = policy;
    assert_int_equal(kaburi_compare(&a, &b, &options, &match, &error), KABURI_OK);
    assert_int_equal(match.verdict, KABURI_VERDICT_DUPLICATE);
    assert_int_equal(match.decision, KABURI_DECISION_ALERT);
    kaburi_policy_free(policy);
    kaburi_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_built_in_text_for_the_built_in_policy),
        cmocka_unit_test(lets_the_later_line_hold),
        cmocka_unit_test(allows_what_no_line_names),
        cmocka_unit_test(writes_what_reads_the_same),
        cmocka_unit_test(refuses_what_is_no_policy),
        cmocka_unit_test(refuses_a_bad_line_with_its_place),
        cmocka_unit_test(refuses_numbers_out_of_range),
        cmocka_unit_test(loads_a_file_as_it_parses_its_text),
        cmocka_unit_test(reports_missing_memory_at_every_allocation),
        cmocka_unit_test(decides_by_stage_and_kind_of_the_record_that_is_there),
        cmocka_unit_test(takes_the_policy_of_the_index_unless_a_search_has_its_own),
        cmocka_unit_test(hears_of_closed_twins_as_renewals),
        cmocka_unit_test(alerts_below_even_odds_where_it_is_asked_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
