/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pairs alone: the orders, what is left of a pair that was found twice, and how rows that stand for
 * their twins are spread to these.
 */
#include "pairs.h"

#include "samples.h"
#include "starved.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static kbr_pairs pairs;
static kbr_pairs spread;
static bool crowded[64];

/* Twins as they would be found, of rows whose kinds are told. */
static uint32_t first_of[64];
static uint32_t next_of[64];
static uint32_t count_of[64];
static const kbr_twins twins = {
    .first = first_of, .next = next_of, .count = count_of, .row_count = 64};
static kbr_twins rows;

static int set_up(void **state) {
    (void)state;
    pairs = (kbr_pairs){.allocator = &kbr_allocator_default};
    spread = (kbr_pairs){.allocator = &kbr_allocator_default};
    memset(crowded, 0, sizeof crowded);
    rows = twins;
    rows.row_count = 0;
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    kbr_pairs_free(&pairs);
    kbr_pairs_free(&spread);
    return 0;
}

/* Row i is of the kind kinds[i]. */
static void set_rows(const char *kinds) {
    rows.row_count = strlen(kinds);
    memset(count_of, 0, sizeof count_of);
    for (uint32_t row = 0; row < rows.row_count; row++) {
        first_of[row] = (uint32_t)(strchr(kinds, kinds[row]) - kinds);
        count_of[first_of[row]]++;
        const char *next = strchr(kinds + row + 1, kinds[row]);
        next_of[row] = next == NULL ? KBR_TWINS_NONE : (uint32_t)(next - kinds);
    }
}

static kaburi_match match_of(double probability) {
    return (kaburi_match){.probability = probability,
                          .verdict = KABURI_VERDICT_DUPLICATE,
                          .decision = KABURI_DECISION_ALERT};
}

static void add(uint64_t a, uint64_t b, double probability) {
    kaburi_match match = match_of(probability);
    assert_true(kbr_pairs_add(&pairs, a, b, &match));
}

static void expect(const kbr_pairs *of, const uint64_t (*expected)[2], size_t count) {
    assert_int_equal(of->count, count);
    for (size_t i = 0; i < count; i++) {
        if (of->data[i].a != expected[i][0] || of->data[i].b != expected[i][1]) {
            fail_msg("pair %zu is %u, %u", i, (unsigned)of->data[i].a, (unsigned)of->data[i].b);
        }
    }
}

#define EXPECT(of, ...)                                                                            \
    do {                                                                                           \
        static const uint64_t expected[][2] = {__VA_ARGS__};                                       \
        expect(of, expected, KBR_COUNT(expected));                                                 \
    } while (0)

static void spread_rows(size_t partners_max) {
    kbr_pairs_free(&spread);
    memset(crowded, 0, sizeof crowded);
    kbr_pairs_settle(&pairs);
    assert_true(kbr_pairs_spread(&spread, &pairs, &rows, partners_max, crowded));
}

static size_t crowded_rows(void) {
    size_t count = 0;
    for (size_t row = 0; row < KBR_COUNT(crowded); row++) {
        count += crowded[row];
    }
    return count;
}

/* ---- order ---- */

static void settles_by_rows_and_ranks_by_probability(void **state) {
    (void)state;
    add(5, 2, 0.5);
    add(0, 9, 0.75);
    add(1, 2, 0.75);
    add(2, 4, 1);
    add(0, 1, 0.5);
    kbr_pairs_settle(&pairs);
    EXPECT(&pairs, {0, 1}, {0, 9}, {1, 2}, {2, 4}, {2, 5});
    kbr_pairs_rank(&pairs);
    EXPECT(&pairs, {2, 4}, {0, 9}, {1, 2}, {0, 1}, {2, 5});
}

static void sorts_as_many_as_there_are(void **state) {
    (void)state;
    uint64_t seed = 9;
    for (size_t count = 0; count < 200; count++) {
        kbr_pairs_free(&pairs);
        for (size_t i = 0; i < count; i++) {
            add(sample_draw(&seed, 1000), sample_draw(&seed, 1000), sample_draw(&seed, 8) / 8.0);
        }
        kbr_pairs_settle(&pairs);
        for (size_t i = 1; i < pairs.count; i++) {
            const kaburi_pair *pair = &pairs.data[i];
            assert_true(pair[-1].a < pair->a || (pair[-1].a == pair->a && pair[-1].b < pair->b));
        }
        kbr_pairs_rank(&pairs);
        for (size_t i = 1; i < pairs.count; i++) {
            assert_true(pairs.data[i - 1].probability >= pairs.data[i].probability);
        }
    }
}

/* One pair, found from both sides, in any order. */
static void the_order_of_finding_does_not_show(void **state) {
    (void)state;
    static const kaburi_match found[] = {
        {.decision = 2, .verdict = 3, .probability = 0.25, .evidence = 7},
        {.decision = 1, .verdict = 5, .probability = 0.25, .evidence = 6},
        {.decision = 1, .verdict = 4, .probability = 0.75, .evidence = 5},
        {.decision = 1, .verdict = 4, .probability = 0.5, .evidence = 1},
        {.decision = 1, .verdict = 4, .probability = 0.5, .evidence = 2},
    };
    uint64_t seed = 4;
    for (size_t best = 0; best < KBR_COUNT(found); best++) {
        for (int round = 0; round < 20; round++) {
            size_t order[KBR_COUNT(found)] = {0};
            size_t count = 0;
            for (size_t i = best; i < KBR_COUNT(found); i++) {
                size_t place = sample_draw(&seed, (uint32_t)count + 1);
                order[count++] = order[place];
                order[place] = i;
            }
            kbr_pairs_free(&pairs);
            for (size_t i = 0; i < count; i++) {
                assert_true(kbr_pairs_add(&pairs, 3, 1, &found[order[i]]));
            }
            kbr_pairs_settle(&pairs);
            assert_int_equal(pairs.count, 1);
            assert_true(pairs.data->a == 1 && pairs.data->b == 3);
            assert_int_equal(pairs.data->decision, found[best].decision);
            assert_int_equal(pairs.data->verdict, found[best].verdict);
            assert_true(pairs.data->probability == found[best].probability);
            assert_int_equal(pairs.data->evidence, found[best].evidence);
        }
    }
}

static void appends_what_others_have(void **state) {
    (void)state;
    kbr_pairs others = {.allocator = &kbr_allocator_default};
    add(0, 1, 0.5);
    assert_true(kbr_pairs_append(&pairs, &others));
    kaburi_match match = match_of(0.25);
    assert_true(kbr_pairs_add(&others, 2, 3, &match));
    assert_true(kbr_pairs_append(&pairs, &others));
    assert_true(kbr_pairs_append(&others, &pairs));
    EXPECT(&pairs, {0, 1}, {2, 3});
    EXPECT(&others, {2, 3}, {0, 1}, {2, 3});
    kbr_pairs_free(&others);
}

/* ---- twins ---- */

static void spreads_to_all_twins(void **state) {
    (void)state;
    set_rows("abacba");
    add(0, 1, 0.5);
    add(0, 0, 1); /* twins of the first are pairs; those of the second are not */
    spread_rows(10);
    EXPECT(&spread, {0, 1}, {0, 2}, {0, 4}, {0, 5}, {1, 2}, {1, 5}, {2, 4}, {2, 5}, {4, 5});
    assert_int_equal(crowded_rows(), 0);
    for (size_t i = 0; i < spread.count; i++) {
        bool own = first_of[spread.data[i].a] == first_of[spread.data[i].b];
        assert_true(spread.data[i].probability == (own ? 1 : 0.5));
    }
}

static void a_row_without_pairs_has_no_partners(void **state) {
    (void)state;
    set_rows("aab");
    spread_rows(10);
    assert_int_equal(spread.count, 0);
    assert_int_equal(crowded_rows(), 0);
}

/* The best of row 0 is row 2; each of the others has row 0 alone. */
static void takes_the_best_partners_of_each_row(void **state) {
    (void)state;
    set_rows("abcd");
    add(0, 1, 0.5);
    add(0, 2, 0.75);
    add(0, 3, 0.25);
    spread_rows(1);
    EXPECT(&spread, {0, 1}, {0, 2}, {0, 3});
    assert_true(crowded[0]);
    assert_int_equal(crowded_rows(), 1);
}

/* Rows 0 and 1 have three partners each, among them each other; the pair of both is neither's
 * best. */
static void a_pair_that_both_rows_leave_out_is_left_out(void **state) {
    (void)state;
    set_rows("abcdef");
    add(0, 1, 0.25);
    add(0, 2, 0.75);
    add(0, 3, 0.5);
    add(1, 4, 0.75);
    add(1, 5, 0.5);
    spread_rows(2);
    EXPECT(&spread, {0, 2}, {0, 3}, {1, 4}, {1, 5});
    assert_true(crowded[0] && crowded[1]);
    assert_int_equal(crowded_rows(), 2);
    spread_rows(3);
    assert_int_equal(spread.count, 5);
    assert_int_equal(crowded_rows(), 0);
}

static void the_first_stands_for_twins_that_do_not_fit(void **state) {
    (void)state;
    set_rows("abbbb");
    add(0, 1, 0.5);
    spread_rows(4);
    EXPECT(&spread, {0, 1}, {0, 2}, {0, 3}, {0, 4});
    assert_int_equal(crowded_rows(), 0);
    spread_rows(3); /* each of the twins has the other as its one partner, and keeps it */
    EXPECT(&spread, {0, 1}, {0, 2}, {0, 3}, {0, 4});
    assert_true(crowded[0]);
    assert_int_equal(crowded_rows(), 1);
    set_rows("aaabbb");
    kbr_pairs_free(&pairs);
    add(0, 3, 0.5);
    spread_rows(2);
    EXPECT(&spread, {0, 3}, {0, 4}, {0, 5}, {1, 3}, {2, 3});
    assert_int_equal(crowded_rows(), 6);
}

/* However crowded, a row is told once. */
static void tells_a_crowded_row_once(void **state) {
    (void)state;
    set_rows("aaaabbbbccccdddd");
    for (uint64_t a = 0; a < 16; a += 4) {
        for (uint64_t b = a; b < 16; b += 4) {
            add(a, b, 0.5);
        }
    }
    spread_rows(2);
    assert_int_equal(crowded_rows(), 16);
    size_t count = spread.count;
    assert_true(kbr_pairs_spread(&spread, &pairs, &rows, 2, crowded));
    assert_int_equal(spread.count, count); /* settled: nothing new */
    assert_int_equal(crowded_rows(), 16);
}

static void reports_missing_memory_at_every_allocation(void **state) {
    (void)state;
    set_rows("aab");
    for (size_t granted = 0; granted < 4; granted++) {
        starved memory = {granted, 0};
        kaburi_allocator allocator = starved_allocator(&memory);
        kbr_pairs from = {.allocator = &allocator};
        kbr_pairs to = {.allocator = &allocator};
        kaburi_match match = match_of(0.5);
        bool done =
            kbr_pairs_add(&from, 0, 2, &match) && kbr_pairs_spread(&to, &from, &rows, 9, crowded);
        assert_false(done);
        kbr_pairs_free(&from);
        kbr_pairs_free(&to);
        assert_int_equal(memory.blocks, 0);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(settles_by_rows_and_ranks_by_probability),
        TEST(sorts_as_many_as_there_are),
        TEST(the_order_of_finding_does_not_show),
        TEST(appends_what_others_have),
        TEST(spreads_to_all_twins),
        TEST(a_row_without_pairs_has_no_partners),
        TEST(takes_the_best_partners_of_each_row),
        TEST(a_pair_that_both_rows_leave_out_is_left_out),
        TEST(the_first_stands_for_twins_that_do_not_fit),
        TEST(tells_a_crowded_row_once),
        TEST(reports_missing_memory_at_every_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
