/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Votes against a naive count and sort: the best whatever the order, ties to the lower slot,
 * growth, clearing and failing memory.
 */
#include "samples.h"
#include "starved.h"
#include "votes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static starved memory;
static kaburi_allocator allocator;
static kbr_votes votes;

static int set_up(void **state) {
    (void)state;
    memory = (starved){SIZE_MAX, 0};
    allocator = starved_allocator(&memory);
    kbr_votes_init(&votes, &allocator);
    return memory.blocks != 0;
}

static int tear_down(void **state) {
    (void)state;
    kbr_votes_free(&votes);
    return memory.blocks != 0;
}

/* ---- the naive way ---- */

#define SLOTS_MAX 20000

static kbr_vote counted[SLOTS_MAX];

static void forget(void) {
    for (uint32_t slot = 0; slot < SLOTS_MAX; slot++) {
        counted[slot] = (kbr_vote){.slot = slot};
    }
}

static void cast(const uint32_t *slots, size_t count, uint32_t weight) {
    assert_true(kbr_votes_cast(&votes, slots, count, weight));
    for (size_t i = 0; i < count; i++) {
        counted[slots[i]].votes += weight;
    }
}

static int compare_votes(const void *a, const void *b) {
    const kbr_vote *x = a;
    const kbr_vote *y = b;
    if (x->votes != y->votes) {
        return x->votes < y->votes ? 1 : -1;
    }
    return (x->slot > y->slot) - (x->slot < y->slot);
}

static int compare_slots(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Counts again what listing emptied. */
static void count_again(void) {
    kbr_votes_clear(&votes);
    for (uint32_t slot = 0; slot < SLOTS_MAX; slot++) {
        if (counted[slot].votes > 0) {
            assert_true(kbr_votes_cast(&votes, &slot, 1, counted[slot].votes));
        }
    }
}

/* The slots that lead are those that counting and sorting everything puts first. */
static void expect_best_of_a_sort(size_t wanted) {
    static kbr_vote sorted[SLOTS_MAX];
    static uint32_t expected[SLOTS_MAX];
    static uint32_t chosen[SLOTS_MAX];
    memcpy(sorted, counted, sizeof sorted);
    qsort(sorted, SLOTS_MAX, sizeof *sorted, compare_votes);
    size_t cast_for = votes.count;
    size_t count;
    assert_true(kbr_votes_list(&votes, &count));
    assert_int_equal(count, cast_for);
    assert_int_equal(votes.count, 0);
    kbr_votes_lead(&votes, 0, count, wanted);
    count = count < wanted ? count : wanted;
    for (size_t i = 0; i < count; i++) {
        assert_true(sorted[i].votes > 0);
        expected[i] = sorted[i].slot;
        chosen[i] = kbr_votes_slot(&votes, i);
    }
    assert_true(count == SLOTS_MAX || count == wanted || sorted[count].votes == 0);
    qsort(expected, count, sizeof *expected, compare_slots);
    qsort(chosen, count, sizeof *chosen, compare_slots);
    if (count > 0) {
        assert_memory_equal(chosen, expected, count * sizeof *chosen);
    }
    count_again();
}

/* ---- tests ---- */

static void chooses_what_a_sort_would(void **state) {
    (void)state;
    uint64_t random = 1;
    for (int round = 0; round < 60; round++) {
        uint32_t universe = 1 + sample_draw(&random, round % 3 == 0 ? SLOTS_MAX : 300);
        kbr_votes_clear(&votes);
        forget();
        for (int list = 0; list < 20; list++) {
            uint32_t slots[200];
            size_t count = sample_draw(&random, KBR_COUNT(slots));
            for (size_t i = 0; i < count; i++) {
                slots[i] = sample_draw(&random, universe);
            }
            cast(slots, count, 1 + sample_draw(&random, round % 2 == 0 ? 3 : 8000));
        }
        const size_t wanted[] = {1, 2, 16, 64, 128, 400, votes.count, votes.count + 1, SLOTS_MAX};
        for (size_t i = 0; i < KBR_COUNT(wanted); i++) {
            if (wanted[i] > 0) {
                expect_best_of_a_sort(wanted[i]);
            }
        }
    }
}

static void gives_ties_to_the_lower_slot(void **state) {
    (void)state;
    const uint32_t falling[] = {90, 80, 70, 60, 50, 40, 30, 20, 10};
    forget();
    cast(falling, KBR_COUNT(falling), 5);
    cast((const uint32_t[]){60}, 1, 1);
    size_t count;
    assert_true(kbr_votes_list(&votes, &count));
    assert_int_equal(count, KBR_COUNT(falling));
    kbr_votes_lead(&votes, 0, count, 3);
    bool chosen[100] = {false};
    for (size_t i = 0; i < 3; i++) {
        chosen[kbr_votes_slot(&votes, i)] = true;
    }
    assert_true(chosen[60] && chosen[10] && chosen[20]);
}

static void chooses_the_same_in_any_order_of_casting(void **state) {
    (void)state;
    uint64_t random = 2;
    uint32_t slots[500];
    forget();
    for (size_t i = 0; i < KBR_COUNT(slots); i++) {
        slots[i] = sample_draw(&random, 400);
    }
    cast(slots, KBR_COUNT(slots), 2);
    expect_best_of_a_sort(32);
    kbr_votes_clear(&votes);
    for (size_t i = KBR_COUNT(slots); i > 0; i--) {
        assert_true(kbr_votes_cast(&votes, &slots[i - 1], 1, 2));
    }
    expect_best_of_a_sort(32);
}

static void grows_with_the_candidates(void **state) {
    (void)state;
    static uint32_t slots[SLOTS_MAX];
    forget();
    for (uint32_t i = 0; i < SLOTS_MAX; i++) {
        slots[i] = i * 7919 % SLOTS_MAX; /* 7919 is prime: every slot once */
    }
    cast(slots, SLOTS_MAX, 1);
    cast(slots, SLOTS_MAX / 3, 1);
    assert_int_equal(votes.count, SLOTS_MAX);
    expect_best_of_a_sort(SLOTS_MAX / 2);
    expect_best_of_a_sort(SLOTS_MAX);
}

static void starts_from_nothing_after_clearing(void **state) {
    (void)state;
    static uint32_t slots[3000];
    for (uint32_t i = 0; i < KBR_COUNT(slots); i++) {
        slots[i] = i;
    }
    for (int round = 0; round < 5; round++) {
        forget();
        kbr_votes_clear(&votes);
        size_t count;
        assert_true(kbr_votes_list(&votes, &count));
        assert_int_equal(count, 0);
        cast(slots, KBR_COUNT(slots) >> round, 3);
        expect_best_of_a_sort(10);
        assert_int_equal(votes.count, KBR_COUNT(slots) >> round);
    }
}

static void has_none_before_the_first_vote(void **state) {
    (void)state;
    size_t count = 42;
    kbr_votes_clear(&votes);
    assert_true(kbr_votes_cast(&votes, NULL, 0, 1));
    assert_true(kbr_votes_list(&votes, &count));
    assert_int_equal(count, 0);
}

static void takes_the_highest_slots(void **state) {
    (void)state;
    const uint32_t slots[] = {UINT32_MAX, INT32_MAX, 0};
    size_t count;
    assert_true(kbr_votes_cast(&votes, slots, 3, 1));
    assert_true(kbr_votes_cast(&votes, slots, 1, 1));
    assert_true(kbr_votes_list(&votes, &count));
    assert_int_equal(count, 3);
    kbr_votes_lead(&votes, 0, count, 1);
    assert_int_equal(kbr_votes_slot(&votes, 0), UINT32_MAX);
}

/* The better half by votes, and of the others those of the highest values. */
static void leads_with_votes_and_then_with_values(void **state) {
    (void)state;
    const uint32_t slots[] = {10, 11, 12, 13, 14, 15, 16, 17};
    size_t count;
    for (uint32_t i = 0; i < KBR_COUNT(slots); i++) {
        assert_true(kbr_votes_cast(&votes, &slots[i], 1, 100000 - 10000 * i));
    }
    assert_true(kbr_votes_list(&votes, &count));
    kbr_votes_lead(&votes, 0, count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_in_range(kbr_votes_slot(&votes, i), 10, 12);
    }
    for (size_t i = 3; i < count; i++) {
        uint32_t slot = kbr_votes_slot(&votes, i);
        kbr_votes_revalue(&votes, i, slot == 16 ? UINT16_MAX : slot == 17 ? 0 : 500);
        assert_int_equal(kbr_votes_slot(&votes, i), slot);
    }
    kbr_votes_lead(&votes, 3, count, 1);
    assert_int_equal(kbr_votes_slot(&votes, 3), 16);
    kbr_votes_lead(&votes, 4, count, 2);
    assert_int_equal(kbr_votes_slot(&votes, 4) + kbr_votes_slot(&votes, 5), 13 + 14);
    kbr_votes_lead(&votes, 6, count, 2);
    kbr_votes_lead(&votes, 6, count, 0);
    kbr_votes_lead(&votes, 8, count, 5);
    assert_int_equal(kbr_votes_slot(&votes, 6) + kbr_votes_slot(&votes, 7), 15 + 17);
}

static void cuts_off_what_has_few_votes_beside_the_best(void **state) {
    (void)state;
    const uint32_t slots[] = {20, 21, 22, 23, 24, 25};
    const uint32_t cast[] = {1600, 900, 100, 99, 800, 1};
    size_t count;
    for (size_t i = 0; i < KBR_COUNT(slots); i++) {
        assert_true(kbr_votes_cast(&votes, &slots[i], 1, cast[i]));
    }
    assert_true(kbr_votes_list(&votes, &count));
    assert_int_equal(kbr_votes_cut(&votes, count, 16), 4);
    uint32_t kept = 0;
    for (size_t i = 0; i < 4; i++) {
        kept |= 1U << (kbr_votes_slot(&votes, i) - 20);
    }
    assert_int_equal(kept, 1U << 0 | 1U << 1 | 1U << 2 | 1U << 4);
    assert_int_equal(kbr_votes_cut(&votes, count, UINT32_MAX), 6);
    assert_int_equal(kbr_votes_cut(&votes, count, 1), 1);
    assert_int_equal(kbr_votes_slot(&votes, 0), 20);
    assert_int_equal(kbr_votes_cut(&votes, 0, 1), 0);
}

/* After every failure, clearing is enough to vote again. */
static void goes_on_after_running_out_of_memory(void **state) {
    (void)state;
    static uint32_t slots[5000];
    for (uint32_t i = 0; i < KBR_COUNT(slots); i++) {
        slots[i] = i;
    }
    size_t failures = 0;
    for (bool done = false; !done; failures += !done) {
        memory.left = failures;
        kbr_votes_clear(&votes);
        forget();
        size_t count;
        done = kbr_votes_cast(&votes, slots, KBR_COUNT(slots), 1) && kbr_votes_list(&votes, &count);
        memory.left = SIZE_MAX;
        if (!done) {
            kbr_votes_clear(&votes);
            cast(slots, 40, 1);
            cast(slots + 20, 10, 1);
            expect_best_of_a_sort(16);
            kbr_votes_free(&votes);
            kbr_votes_init(&votes, &allocator);
        }
    }
    assert_true(failures >= 3);
}

#define VOTES_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        VOTES_TEST(chooses_what_a_sort_would),
        VOTES_TEST(gives_ties_to_the_lower_slot),
        VOTES_TEST(chooses_the_same_in_any_order_of_casting),
        VOTES_TEST(grows_with_the_candidates),
        VOTES_TEST(starts_from_nothing_after_clearing),
        VOTES_TEST(has_none_before_the_first_vote),
        VOTES_TEST(takes_the_highest_slots),
        VOTES_TEST(leads_with_votes_and_then_with_values),
        VOTES_TEST(cuts_off_what_has_few_votes_beside_the_best),
        VOTES_TEST(goes_on_after_running_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
