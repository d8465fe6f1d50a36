/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparing, by its properties: the same in both directions, a record agrees with itself, the edit
 * distance is that of a plain table, and every level has its name. What a level is worth is not
 * tried here.
 */
#include "compare.h"
#include "model.h"
#include "readers.h"
#include "samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static kbr_subject subjects[2];

static void prepare(int side, const kaburi_record *record) {
    assert_int_equal(kbr_reader_read(&readers[side], record, NULL), KABURI_OK);
    kbr_subject_prepare(&subjects[side], readers[side].card, NULL);
}

/* ---- levels ---- */

static void says_the_same_in_both_directions(void **state) {
    (void)state;
    uint64_t seed = 61;
    size_t told[KABURI_FIELD_COUNT] = {0};
    for (int round = 0; round < 20000; round++) {
        sample a;
        sample b;
        kbr_evidence there;
        kbr_evidence back;
        sample_make(&a, &seed);
        sample_make(&b, &seed);
        prepare(0, &a.record);
        prepare(1, &b.record);
        kbr_compare(&there, &subjects[0], readers[1].card);
        kbr_compare(&back, &subjects[1], readers[0].card);
        if (memcmp(there.level, back.level, sizeof there.level) != 0 || there.bits != back.bits ||
            there.company_likeness != back.company_likeness ||
            there.deal_likeness != back.deal_likeness ||
            there.company_rarity != back.company_rarity || there.deal_rarity != back.deal_rarity) {
            fail_msg("not the same: '%s' '%s' and '%s' '%s'", a.company, a.deal, b.company, b.deal);
        }
        for (int field = 0; field < KABURI_FIELD_COUNT; field++) {
            told[field] += there.level[field] != KBR_LEVEL_ABSENT;
        }
    }
    for (int field = 0; field < KABURI_FIELD_COUNT; field++) {
        if (told[field] < 50) {
            fail_msg("the samples hardly ever compare by %s", kaburi_field_name(field));
        }
    }
}

/* Searching sorts out by a glance, and passes over what the customer alone rules out. */
static void promises_at_least_what_comes_of_it(void **state) {
    (void)state;
    uint64_t seed = 67;
    size_t alike = 0;
    for (int round = 0; round < 20000; round++) {
        sample a;
        sample b;
        kbr_evidence evidence;
        kaburi_match match;
        sample_make(&a, &seed);
        sample_make(&b, &seed);
        prepare(0, &a.record);
        prepare(1, &b.record);
        kbr_compare_customer(&evidence, &subjects[0], readers[1].card);
        double limit =
            kbr_model_limit(&kbr_model_builtin, kbr_model_customer(&kbr_model_builtin, &evidence));
        kbr_compare(&evidence, &subjects[0], readers[1].card);
        kbr_model_judge(&match, &kbr_model_builtin, &kbr_policy_builtin, &evidence,
                        readers[1].card);
        assert_true(match.probability <= limit);
        /* Of names that are compared by sound a glance sees a part only. */
        bool spelt = evidence.level[KABURI_FIELD_COMPANY] <= KBR_COMPANY_NEAR_1;
        if (spelt && evidence.company_likeness > 0 && evidence.company_rarity > 0) {
            assert_in_range(kbr_compare_glance(&subjects[0], readers[1].card),
                            evidence.company_likeness, 1000);
            alike++;
        }
    }
    assert_true(alike > 250);
}

/* The best level of every field that says something, and no conflict. */
static void finds_a_record_the_same_as_itself(void **state) {
    (void)state;
    static const uint64_t conflicts =
        KABURI_EVIDENCE_COMPANY_CONFLICT | KABURI_EVIDENCE_FORM_CONFLICT |
        KABURI_EVIDENCE_BRANCH_CONFLICT | KABURI_EVIDENCE_CORPORATE_NUMBER_CONFLICT |
        KABURI_EVIDENCE_DEAL_DIFFERENT | KABURI_EVIDENCE_YEAR_CONFLICT |
        KABURI_EVIDENCE_PERIOD_CONFLICT | KABURI_EVIDENCE_PHASE_CONFLICT |
        KABURI_EVIDENCE_LOT_CONFLICT | KABURI_EVIDENCE_SALE_CONFLICT |
        KABURI_EVIDENCE_SITE_CONFLICT | KABURI_EVIDENCE_NUMBER_CONFLICT |
        KABURI_EVIDENCE_AMOUNT_CONFLICT | KABURI_EVIDENCE_CLOSE_DATE_CONFLICT;
    uint64_t seed = 62;
    for (int round = 0; round < 10000; round++) {
        sample a;
        kbr_evidence evidence;
        sample_make(&a, &seed);
        prepare(0, &a.record);
        kbr_compare(&evidence, &subjects[0], readers[0].card);
        for (int field = 0; field < KABURI_FIELD_COUNT; field++) {
            bool nameless =
                field == KABURI_FIELD_COMPANY && evidence.level[field] == KBR_COMPANY_NAMELESS;
            bool round_amount =
                field == KABURI_FIELD_AMOUNT && evidence.level[field] == KBR_AMOUNT_ROUND;
            if (evidence.level[field] > 1 && !nameless && !round_amount) {
                fail_msg("'%s' '%s' is %s %s of itself", a.company, a.deal,
                         kaburi_field_name(field),
                         kbr_compare_level_name(field, evidence.level[field]));
            }
        }
        assert_true((evidence.bits & conflicts) == 0);
    }
}

static void gives_only_levels_that_have_a_name(void **state) {
    (void)state;
    uint64_t seed = 63;
    for (int round = 0; round < 5000; round++) {
        sample a;
        sample b;
        kbr_evidence evidence;
        sample_make(&a, &seed);
        sample_make(&b, &seed);
        prepare(0, &a.record);
        prepare(1, &b.record);
        kbr_compare(&evidence, &subjects[0], readers[1].card);
        for (int field = 0; field < KABURI_FIELD_COUNT; field++) {
            assert_true(evidence.level[field] == KBR_LEVEL_ABSENT ||
                        kbr_compare_level_name(field, evidence.level[field]) != NULL);
        }
        for (uint64_t bits = evidence.bits; bits != 0; bits &= bits - 1) {
            assert_non_null(kaburi_evidence_name(bits & -bits));
        }
        assert_true(evidence.company_likeness <= 1000 && evidence.deal_likeness <= 1000);
        assert_true(evidence.company_rarity <= 1000 && evidence.deal_rarity <= 1000);
    }
}

static void compares_extreme_amounts_and_dates(void **state) {
    (void)state;
    static const int64_t amounts[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX};
    static const int32_t dates[] = {INT32_MIN, INT32_MIN + 1, -1, 0, 1, INT32_MAX};
    kaburi_record a;
    kaburi_record b;
    kaburi_record_init(&a);
    kaburi_record_init(&b);
    a.company = b.company = kaburi_text_of("山田製作所");
    for (size_t i = 0; i < KBR_COUNT(amounts); i++) {
        for (size_t j = 0; j < KBR_COUNT(amounts); j++) {
            kbr_evidence there;
            kbr_evidence back;
            a.amount = amounts[i];
            b.amount = amounts[j];
            a.close_date = dates[i];
            b.close_date = dates[j];
            prepare(0, &a);
            prepare(1, &b);
            kbr_compare(&there, &subjects[0], readers[1].card);
            kbr_compare(&back, &subjects[1], readers[0].card);
            assert_memory_equal(there.level, back.level, sizeof there.level);
            assert_int_equal(there.level[KABURI_FIELD_CLOSE_DATE] == KBR_LEVEL_ABSENT,
                             i == 0 || j == 0);
        }
    }
}

/* ---- names ---- */

static void names_every_level(void **state) {
    (void)state;
    static const int levels[KABURI_FIELD_COUNT] = {
        [KABURI_FIELD_COMPANY] = KBR_COMPANY_LEVELS,
        [KABURI_FIELD_FORM] = KBR_FORM_LEVELS,
        [KABURI_FIELD_BRANCH] = KBR_BRANCH_FACILITY + 1,
        [KABURI_FIELD_READING] = KBR_READING_LEVELS,
        [KABURI_FIELD_CORPORATE_NUMBER] = KBR_ID_LEVELS,
        [KABURI_FIELD_DOMAIN] = KBR_ID_LEVELS,
        [KABURI_FIELD_DEAL] = KBR_DEAL_LEVELS,
        [KABURI_FIELD_YEAR] = KBR_YEAR_YEARLY + 1,
        [KABURI_FIELD_PERIOD] = KBR_TOLD_LEVELS,
        [KABURI_FIELD_PHASE] = KBR_TOLD_LEVELS,
        [KABURI_FIELD_LOT] = KBR_TOLD_LEVELS,
        [KABURI_FIELD_SALE] = KBR_TOLD_LEVELS,
        [KABURI_FIELD_SITE] = KBR_TOLD_LEVELS,
        [KABURI_FIELD_NUMBER] = KBR_TOLD_LEVELS,
        [KABURI_FIELD_AMOUNT] = KBR_AMOUNT_LEVELS,
        [KABURI_FIELD_CLOSE_DATE] = KBR_CLOSE_LEVELS,
    };
    for (int field = 0; field < KABURI_FIELD_COUNT; field++) {
        assert_in_range(levels[field], 2, KBR_LEVELS_MAX);
        assert_null(kbr_compare_level_name(field, -1));
        assert_null(kbr_compare_level_name(field, KBR_LEVEL_ABSENT));
        for (int level = 1; level < levels[field]; level++) {
            const char *name = kbr_compare_level_name(field, level);
            assert_non_null(name);
            for (int other = 1; other < level; other++) {
                assert_string_not_equal(name, kbr_compare_level_name(field, other));
            }
        }
        for (int level = levels[field]; level < KBR_LEVELS_MAX + 2; level++) {
            assert_null(kbr_compare_level_name(field, level));
        }
    }
    assert_null(kbr_compare_level_name(-1, 1));
    assert_null(kbr_compare_level_name(KABURI_FIELD_COUNT, 1));
}

/* Grades fall to 0, a level's own weight holds inside its range, and each has a name. */
static void grades_fall_without_a_gap(void **state) {
    (void)state;
    int graded = 0;
    for (int field = 0; field < KABURI_FIELD_COUNT; field++) {
        for (int level = 1; kbr_compare_level_name(field, level) != NULL; level++) {
            const kbr_grade *grade = kbr_compare_grades(field, level);
            bool listed = false;
            for (int i = 0; grade != NULL && i < KBR_GRADES_MAX; i++) {
                listed |= grade[i].level == level;
                assert_non_null(kbr_compare_level_name(field, grade[i].level));
                assert_true(grade[i].center >= grade[i].from && grade[i].center <= 1000);
                if (grade[i].from == 0) {
                    break;
                }
                assert_true(grade[i + 1].from < grade[i].from);
                assert_true(grade[i + 1].center < grade[i].from);
            }
            assert_int_equal(listed, grade != NULL);
            graded += grade != NULL;
        }
    }
    assert_true(graded > 2);
}

/* ---- distance ---- */

/* A card that has a company's key and nothing else. */
static kbr_card *card_of(const uint16_t *key, size_t len) {
    kbr_card *card = calloc(1, sizeof *card + len * sizeof *key);
    assert_non_null(card);
    card->company_len = (uint16_t)len;
    memcpy((void *)kbr_card_company_key(card), key, len * sizeof *key);
    return card;
}

/* Optimal string alignment by the table of all prefixes. */
static uint32_t plain_distance(const uint16_t *a, size_t a_len, const uint16_t *b, size_t b_len) {
    static uint32_t table[65][65];
    for (size_t i = 0; i <= a_len; i++) {
        for (size_t j = 0; j <= b_len; j++) {
            if (i == 0 || j == 0) {
                table[i][j] = (uint32_t)(i + j);
                continue;
            }
            uint32_t best = table[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            best = table[i - 1][j] + 1 < best ? table[i - 1][j] + 1 : best;
            best = table[i][j - 1] + 1 < best ? table[i][j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                table[i - 2][j - 2] + 1 < best) {
                best = table[i - 2][j - 2] + 1;
            }
            table[i][j] = best;
        }
    }
    return table[a_len][b_len];
}

static void draw_key(uint16_t *key, size_t len, uint32_t letters, uint64_t *seed) {
    for (size_t i = 0; i < len; i++) {
        /* Units 128 apart fall on one place of the masks. */
        key[i] = (uint16_t)(0x3042 + 128 * sample_draw(seed, letters));
    }
}

/* Copies a key with a few edits, exchanges of neighbours among them. */
static size_t edit_key(uint16_t *out, const uint16_t *key, size_t len, uint64_t *seed) {
    memcpy(out, key, len * sizeof *key);
    for (uint32_t edits = sample_draw(seed, 6); edits > 0 && len > 1; edits--) {
        size_t at = sample_draw(seed, (uint32_t)len - 1);
        uint16_t unit = out[at];
        switch (sample_draw(seed, 4)) {
        case 0:
            out[at] = out[at + 1];
            out[at + 1] = unit;
            break;
        case 1:
            out[at] = 0x4E00;
            break;
        case 2:
            memmove(out + at, out + at + 1, (len - at - 1) * sizeof *out);
            len--;
            break;
        default:
            if (len < 64) {
                memmove(out + at + 1, out + at, (len - at) * sizeof *out);
                len++;
            }
            break;
        }
    }
    return len;
}

static void measures_as_the_plain_table_does(void **state) {
    (void)state;
    uint64_t seed = 64;
    for (int round = 0; round < 20000; round++) {
        uint16_t a[64];
        uint16_t b[64];
        uint32_t letters = 1 + sample_draw(&seed, round % 2 == 0 ? 4 : 64);
        size_t a_len = round < 100 ? 64 : sample_draw(&seed, 65);
        size_t b_len = round < 100 ? 64 : sample_draw(&seed, 65);
        draw_key(a, a_len, letters, &seed);
        draw_key(b, b_len, letters, &seed);
        if (round % 3 != 0) {
            b_len = edit_key(b, a, a_len, &seed);
        }
        kbr_card *card = card_of(a, a_len);
        kbr_subject_prepare(&subjects[0], card, NULL);
        uint32_t distance = kbr_compare_distance(&subjects[0], b, b_len);
        assert_int_equal(distance, plain_distance(a, a_len, b, b_len));
        free(card);
    }
}

static void counts_an_exchange_of_neighbours_once(void **state) {
    (void)state;
    static const uint16_t key[] = {'a', 'b', 'c', 'd'};
    static const uint16_t exchanged[] = {'b', 'a', 'd', 'c'};
    static const uint16_t edited[] = {'b', 'x', 'a'}; /* an exchange with one between: not one */
    kbr_card *card = card_of(key, 4);
    kbr_subject_prepare(&subjects[0], card, NULL);
    assert_int_equal(kbr_compare_distance(&subjects[0], exchanged, 4), 2);
    assert_int_equal(kbr_compare_distance(&subjects[0], key, 4), 0);
    assert_int_equal(kbr_compare_distance(&subjects[0], key, 0), 4);
    free(card);
    card = card_of(key, 2);
    kbr_subject_prepare(&subjects[0], card, NULL);
    assert_int_equal(kbr_compare_distance(&subjects[0], edited, 3), 3);
    free(card);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_readers, tear_down_readers)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(promises_at_least_what_comes_of_it),
        TEST(says_the_same_in_both_directions),
        TEST(finds_a_record_the_same_as_itself),
        TEST(gives_only_levels_that_have_a_name),
        TEST(compares_extreme_amounts_and_dates),
        TEST(names_every_level),
        TEST(grades_fall_without_a_gap),
        TEST(measures_as_the_plain_table_does),
        TEST(counts_an_exchange_of_neighbours_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
