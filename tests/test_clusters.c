/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clusters alone, over a relation made up for the test: what joins, what a guard refuses, that a
 * refusal is remembered through merges, and the property that all of a cluster are alike.
 */
#include "clusters.h"

#include "samples.h"
#include "starved.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define ROWS 64

static bool alike[ROWS][ROWS];
static size_t asked;
static kbr_clusters clusters;

static int is_alike(void *context, uint32_t a, uint32_t b) {
    (void)context;
    asked++;
    return alike[a][b];
}

static int no_memory(void *context, uint32_t a, uint32_t b) {
    (void)context;
    (void)a;
    (void)b;
    return -1;
}

static void set_all(bool value) {
    for (size_t i = 0; i < ROWS * ROWS; i++) {
        alike[i / ROWS][i % ROWS] = value;
    }
}

static void set_apart(uint32_t a, uint32_t b) {
    alike[a][b] = alike[b][a] = false;
}

static int set_up(void **state) {
    (void)state;
    set_all(true);
    asked = 0;
    return kbr_clusters_init(&clusters, ROWS, ROWS, is_alike, NULL, &kbr_allocator_default) ? 0
                                                                                            : -1;
}

static int tear_down(void **state) {
    (void)state;
    kbr_clusters_free(&clusters);
    return 0;
}

static void joins_two_without_a_question(void **state) {
    (void)state;
    assert_int_equal(kbr_clusters_join(&clusters, 3, 5), KBR_CLUSTERS_JOINED);
    assert_int_equal(asked, 0);
    assert_int_equal(clusters.root[3], clusters.root[5]);
    assert_int_equal(kbr_clusters_join(&clusters, 5, 3), KBR_CLUSTERS_TOGETHER);
    assert_int_equal(clusters.size[clusters.root[3]], 2);
}

static void refuses_a_chain(void **state) {
    (void)state;
    set_apart(0, 2);
    assert_int_equal(kbr_clusters_join(&clusters, 0, 1), KBR_CLUSTERS_JOINED);
    assert_int_equal(kbr_clusters_join(&clusters, 1, 2), KBR_CLUSTERS_APART);
    assert_int_not_equal(clusters.root[0], clusters.root[2]);
    assert_int_equal(asked, 1);
}

static void remembers_a_refusal_through_merges(void **state) {
    (void)state;
    set_apart(0, 9);
    assert_int_equal(kbr_clusters_join(&clusters, 0, 1), KBR_CLUSTERS_JOINED);
    assert_int_equal(kbr_clusters_join(&clusters, 1, 9), KBR_CLUSTERS_APART);
    /* The refused one is the smaller, then a part of the larger. */
    assert_int_equal(kbr_clusters_join(&clusters, 9, 10), KBR_CLUSTERS_JOINED);
    assert_int_equal(kbr_clusters_join(&clusters, 10, 11), KBR_CLUSTERS_JOINED);
    assert_int_equal(kbr_clusters_join(&clusters, 12, 1), KBR_CLUSTERS_JOINED);
    size_t before = asked;
    assert_int_equal(kbr_clusters_join(&clusters, 11, 12), KBR_CLUSTERS_APART);
    assert_int_equal(asked, before);
}

static void keeps_to_the_most_members(void **state) {
    (void)state;
    clusters.members_max = 3;
    assert_int_equal(kbr_clusters_join(&clusters, 0, 1), KBR_CLUSTERS_JOINED);
    assert_int_equal(kbr_clusters_join(&clusters, 2, 3), KBR_CLUSTERS_JOINED);
    assert_int_equal(kbr_clusters_join(&clusters, 1, 2), KBR_CLUSTERS_FULL);
    assert_int_equal(kbr_clusters_join(&clusters, 1, 4), KBR_CLUSTERS_JOINED);
}

/* The size is that of the ring, and every row of a ring has its root. */
static void check_rings(void) {
    for (uint32_t row = 0; row < ROWS; row++) {
        uint32_t size = 0;
        uint32_t at = row;
        do {
            assert_int_equal(clusters.root[at], clusters.root[row]);
            at = clusters.next[at];
            size++;
            assert_true(size <= ROWS);
        } while (at != row);
        assert_int_equal(clusters.size[clusters.root[row]], size);
    }
}

static void all_of_a_cluster_are_alike_whatever_is_joined(void **state) {
    (void)state;
    uint64_t seed = 7;
    for (int round = 0; round < 200; round++) {
        kbr_clusters_free(&clusters);
        set_up(state);
        uint32_t part = 2 + sample_draw(&seed, 12);
        for (uint32_t a = 0; a < ROWS; a++) {
            for (uint32_t b = 0; b < a; b++) {
                alike[a][b] = alike[b][a] = sample_draw(&seed, part) != 0;
            }
        }
        for (int i = 0; i < 2000; i++) {
            uint32_t a = sample_draw(&seed, ROWS);
            uint32_t b = sample_draw(&seed, ROWS);
            if (a == b || !alike[a][b]) {
                continue;
            }
            int joined = kbr_clusters_join(&clusters, a, b);
            assert_true(joined == KBR_CLUSTERS_JOINED || joined == KBR_CLUSTERS_TOGETHER ||
                        joined == KBR_CLUSTERS_APART);
            assert_int_equal(joined == KBR_CLUSTERS_APART, clusters.root[a] != clusters.root[b]);
        }
        check_rings();
        for (uint32_t a = 0; a < ROWS; a++) {
            for (uint32_t b = 0; b < a; b++) {
                assert_true(clusters.root[a] != clusters.root[b] || alike[a][b]);
            }
        }
    }
}

static void tells_that_there_is_no_memory(void **state) {
    (void)state;
    kbr_clusters starving;
    for (size_t granted = 0;; granted++) {
        starved memory = {granted, 0};
        kaburi_allocator allocator = starved_allocator(&memory);
        bool made = kbr_clusters_init(&starving, ROWS, ROWS, is_alike, NULL, &allocator);
        if (made) {
            set_apart(0, 2);
            assert_int_equal(kbr_clusters_join(&starving, 0, 1), KBR_CLUSTERS_JOINED);
            assert_int_equal(kbr_clusters_join(&starving, 1, 2), KBR_CLUSTERS_NO_MEMORY);
            starving.alike = no_memory;
            assert_int_equal(kbr_clusters_join(&starving, 1, 3), KBR_CLUSTERS_NO_MEMORY);
            kbr_clusters_free(&starving);
        }
        assert_int_equal(memory.blocks, 0);
        if (made) {
            assert_int_equal(granted, 5);
            break;
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(joins_two_without_a_question, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_a_chain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(remembers_a_refusal_through_merges, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeps_to_the_most_members, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_of_a_cluster_are_alike_whatever_is_joined, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(tells_that_there_is_no_memory, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
