/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sketches: one harness compares every MINHASH kernel with the scalar one bit by bit and times it;
 * then what a sketch promises: shares of equal components, rarest shingles, pairs, one-deletion
 * keys.
 */
#include "samples.h"
#include "sketch.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define SHINGLES_MAX 1024

static kbr_minhash minhash;
static kbr_minhash other_minhash;

/* Seeded shingles; from `universe` different hashes, so that a small one repeats them. */
static void draw(kbr_shingle *out, size_t count, uint32_t universe, uint64_t *random) {
    for (size_t i = 0; i < count; i++) {
        uint32_t which = sample_draw(random, universe);
        out[i] = (kbr_shingle){.hash = which * 0x9E3779B1U ^ 0x12345U,
                               .rarity = (uint8_t)(1 + which % 255)};
    }
}

static void shuffle(kbr_shingle *shingles, size_t count, uint64_t *random) {
    for (size_t i = count; i > 1; i--) {
        size_t j = sample_draw(random, (uint32_t)i);
        kbr_shingle swapped = shingles[i - 1];
        shingles[i - 1] = shingles[j];
        shingles[j] = swapped;
    }
}

static int compare_u64(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static size_t common(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count) {
    size_t found = 0;
    for (size_t i = 0; i < a_count; i++) {
        for (size_t j = 0; j < b_count; j++) {
            found += a[i] == b[j];
        }
    }
    return found;
}

/* ---- kernels ---- */

typedef struct kernel {
    const char *name;
    kbr_minhash_kernel *run;
} kernel;

/* The kernels that are compiled in and that this CPU has; the scalar one first. */
static size_t list_kernels(kernel out[2]) {
    size_t count = 0;
    out[count++] = (kernel){"scalar", kbr_minhash_scalar};
#if defined(KBR_HAVE_AVX2)
    if (__builtin_cpu_supports("avx2")) {
        out[count++] = (kernel){"avx2", kbr_minhash_avx2};
    }
#endif
    return count;
}

static void compare_with_scalar(const kernel *tested, const kbr_shingle *shingles, size_t count) {
    uint32_t expected[KBR_SKETCH_COMPONENTS_MAX];
    uint32_t signature[KBR_SKETCH_COMPONENTS_MAX + 1];
    size_t components = (size_t)minhash.bands * minhash.rows;
    memset(signature, 0xA5, sizeof signature);
    uint32_t behind = signature[components];
    kbr_minhash_scalar(expected, &minhash, shingles, count);
    tested->run(signature, &minhash, shingles, count);
    assert_memory_equal(signature, expected, components * sizeof *expected);
    assert_int_equal(signature[components], behind);
}

static void compare_all_counts(const kernel *tested, uint64_t *random) {
    static kbr_shingle shingles[SHINGLES_MAX];
    for (size_t count = 0; count <= 40; count++) {
        draw(shingles, count, count % 2 == 0 ? UINT32_MAX : 20, random);
        compare_with_scalar(tested, shingles, count);
    }
    draw(shingles, SHINGLES_MAX, UINT32_MAX, random);
    compare_with_scalar(tested, shingles, SHINGLES_MAX);
}

static double nanoseconds(const kernel *timed, const kbr_shingle *shingles, size_t count) {
    enum { RUNS = 9, CALLS = 200 };
    uint32_t signature[KBR_SKETCH_COMPONENTS_MAX];
    uint64_t runs[RUNS];
    for (size_t run = 0; run < RUNS; run++) {
        struct timespec begin;
        struct timespec end;
        (void)clock_gettime(CLOCK_MONOTONIC, &begin);
        for (size_t call = 0; call < CALLS; call++) {
            timed->run(signature, &minhash, shingles, count);
        }
        (void)clock_gettime(CLOCK_MONOTONIC, &end);
        runs[run] = (uint64_t)(end.tv_sec - begin.tv_sec) * 1000000000U + (uint64_t)end.tv_nsec -
                    (uint64_t)begin.tv_nsec;
    }
    qsort(runs, RUNS, sizeof *runs, compare_u64);
    uint64_t median = runs[RUNS / 2];
    return (double)median / CALLS;
}

/* Time is told, not judged. */
static void time_kernel(const kernel *timed, uint64_t *random) {
    kbr_shingle shingles[9];
    draw(shingles, KBR_COUNT(shingles), UINT32_MAX, random);
    for (int weighted = 0; weighted <= 1; weighted++) {
        kbr_minhash_init(&minhash, 32, 2, weighted != 0, 1);
        print_message("minhash %-6s %-8s 9 shingles, 64 components: %7.1f ns\n", timed->name,
                      weighted != 0 ? "weighted" : "plain",
                      nanoseconds(timed, shingles, KBR_COUNT(shingles)));
    }
}

static void gives_the_same_bits_with_every_kernel(void **state) {
    (void)state;
    kernel kernels[2];
    size_t count = list_kernels(kernels);
    uint64_t random = 1;
    for (size_t k = 0; k < count; k++) {
        for (uint32_t weighted = 0; weighted <= 1; weighted++) {
            for (uint32_t components = 1; components <= 256; components++) {
                kbr_minhash_init(&minhash, components, 1, weighted != 0, components);
                compare_all_counts(&kernels[k], &random);
            }
            for (uint32_t rows = 2; rows <= 8; rows++) {
                kbr_minhash_init(&minhash, KBR_SKETCH_COMPONENTS_MAX / rows, rows, weighted != 0,
                                 rows);
                compare_all_counts(&kernels[k], &random);
            }
        }
        time_kernel(&kernels[k], &random);
    }
}

static void takes_the_best_kernel_of_this_cpu(void **state) {
    (void)state;
    kernel kernels[2];
    size_t count = list_kernels(kernels);
    const char *name = NULL;
    assert_ptr_equal(kbr_minhash_best(&name), kernels[count - 1].run);
    assert_string_equal(name, kernels[count - 1].name);
}

/* ---- MINHASH ---- */

static void does_not_care_for_the_order_of_shingles(void **state) {
    (void)state;
    uint64_t random = 2;
    for (size_t count = 1; count <= 40; count++) {
        kbr_shingle shingles[40];
        uint64_t keys[2][32];
        kbr_minhash_init(&minhash, 32, 2, count % 2 == 0, 0);
        draw(shingles, count, 30, &random);
        assert_int_equal(kbr_minhash_keys(&minhash, shingles, count, 7, keys[0]), 32);
        shuffle(shingles, count, &random);
        assert_int_equal(kbr_minhash_keys(&minhash, shingles, count, 7, keys[1]), 32);
        assert_memory_equal(keys[0], keys[1], sizeof keys[0]);
    }
}

static void has_no_key_for_an_empty_set(void **state) {
    (void)state;
    uint64_t key = 42;
    kbr_minhash_init(&minhash, 1, 1, false, 0);
    assert_int_equal(kbr_minhash_keys(&minhash, NULL, 0, 0, &key), 0);
    assert_int_equal(key, 42);
}

static void gives_the_same_keys_for_the_same_seed_and_salt_only(void **state) {
    (void)state;
    uint64_t random = 3;
    kbr_shingle shingles[12];
    uint64_t keys[4][64];
    draw(shingles, KBR_COUNT(shingles), UINT32_MAX, &random);
    kbr_minhash_init(&minhash, 64, 4, true, 5);
    kbr_minhash_init(&other_minhash, 64, 4, true, 5);
    (void)kbr_minhash_keys(&minhash, shingles, KBR_COUNT(shingles), 1, keys[0]);
    (void)kbr_minhash_keys(&other_minhash, shingles, KBR_COUNT(shingles), 1, keys[1]);
    (void)kbr_minhash_keys(&minhash, shingles, KBR_COUNT(shingles), 1000, keys[2]);
    kbr_minhash_init(&other_minhash, 64, 4, true, 6);
    (void)kbr_minhash_keys(&other_minhash, shingles, KBR_COUNT(shingles), 1, keys[3]);
    assert_memory_equal(keys[0], keys[1], sizeof keys[0]);
    assert_int_equal(common(keys[0], 64, keys[2], 64), 0);
    assert_int_equal(common(keys[0], 64, keys[3], 64), 0);
}

/* Sets of `alone` shingles each of its own and `shared` of both, over and over: the share of equal
 * components must be `expected` within 4 sigma. */
static void expect_share_of_equal(size_t alone, size_t shared, bool weighted, uint64_t seed) {
    enum { TRIALS = 1500, COMPONENTS = 64 };
    uint64_t random = seed;
    uint64_t equal = 0;
    double expected = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        kbr_shingle shingles[64];
        uint32_t a[COMPONENTS];
        uint32_t b[COMPONENTS];
        double in_both = 0;
        double in_either = 0;
        draw(shingles, alone + shared + alone, UINT32_MAX, &random);
        for (size_t i = 0; i < alone + shared + alone; i++) {
            double weight = weighted ? shingles[i].rarity : 1;
            in_either += weight;
            in_both += i >= alone && i < alone + shared ? weight : 0;
        }
        expected += in_both / in_either / TRIALS;
        kbr_minhash_init(&minhash, COMPONENTS, 1, weighted, (uint64_t)trial);
        kbr_minhash_scalar(a, &minhash, shingles, alone + shared);
        kbr_minhash_scalar(b, &minhash, shingles + alone, shared + alone);
        for (int c = 0; c < COMPONENTS; c++) {
            equal += a[c] == b[c];
        }
    }
    double share = (double)equal / (TRIALS * COMPONENTS);
    double sigma = sqrt(expected * (1 - expected) / (TRIALS * COMPONENTS));
    if (fabs(share - expected) > 4 * sigma) {
        print_error("alone %zu, shared %zu, weighted %d: %.4f, expected %.4f +- %.4f\n", alone,
                    shared, weighted, share, expected, 4 * sigma);
    }
    assert_true(fabs(share - expected) <= 4 * sigma);
}

static void has_equal_components_as_often_as_jaccard(void **state) {
    (void)state;
    expect_share_of_equal(1, 8, false, 11);
    expect_share_of_equal(2, 6, false, 12);
    expect_share_of_equal(6, 6, false, 13);
    expect_share_of_equal(12, 4, false, 14);
    expect_share_of_equal(20, 1, false, 15);
}

static void has_equal_components_as_often_as_weighted_jaccard(void **state) {
    (void)state;
    expect_share_of_equal(1, 8, true, 21);
    expect_share_of_equal(2, 6, true, 22);
    expect_share_of_equal(6, 6, true, 23);
    expect_share_of_equal(12, 4, true, 24);
    expect_share_of_equal(20, 1, true, 25);
}

static size_t wins_of_the_rare_shingle(bool weighted) {
    uint64_t random = 4;
    size_t wins = 0;
    for (uint64_t trial = 0; trial < 50; trial++) {
        kbr_shingle shingles[2];
        uint32_t signature[256];
        draw(shingles, 2, UINT32_MAX, &random);
        shingles[0].rarity = 200;
        shingles[1].rarity = 20;
        kbr_minhash_init(&minhash, 256, 1, weighted, trial);
        kbr_minhash_scalar(signature, &minhash, shingles, 2);
        for (size_t c = 0; c < 256; c++) {
            wins += signature[c] == kbr_minhash_base(&shingles[0]);
        }
    }
    return wins;
}

/* Of 12,800 components the rare one gets 10 of 11 when weighted, else a half. */
static void favours_rare_shingles_only_when_weighted(void **state) {
    (void)state;
    assert_in_range(wins_of_the_rare_shingle(true), 11636 - 131, 11636 + 131);
    assert_in_range(wins_of_the_rare_shingle(false), 6400 - 227, 6400 + 227);
}

/* ---- RARITY ---- */

static int compare_rarity(const void *a, const void *b) {
    const kbr_shingle *x = a;
    const kbr_shingle *y = b;
    if (x->rarity != y->rarity) {
        return x->rarity < y->rarity ? 1 : -1;
    }
    return (kbr_shingle_identity(x) > kbr_shingle_identity(y)) -
           (kbr_shingle_identity(x) < kbr_shingle_identity(y));
}

static size_t naive_rarest(kbr_shingle *shingles, size_t count, size_t wanted) {
    size_t kept = 0;
    qsort(shingles, count, sizeof *shingles, compare_rarity);
    for (size_t i = 0; i < count && kept < wanted; i++) {
        if (kept == 0 ||
            kbr_shingle_identity(&shingles[kept - 1]) != kbr_shingle_identity(&shingles[i])) {
            shingles[kept++] = shingles[i];
        }
    }
    return kept;
}

static void picks_the_rarest_shingles_a_sort_would(void **state) {
    (void)state;
    uint64_t random = 5;
    for (size_t wanted = 1; wanted <= KBR_SKETCH_RAREST_MAX; wanted++) {
        for (size_t count = 0; count <= 60; count++) {
            kbr_shingle shingles[60];
            kbr_shingle picked[KBR_SKETCH_RAREST_MAX];
            draw(shingles, count, 40, &random);
            for (size_t i = 0; i < count; i++) {
                shingles[i].rarity /= 8; /* ties */
                shingles[i].repeat = (uint8_t)sample_draw(&random, 3);
            }
            size_t have = kbr_sketch_rarest(picked, wanted, shingles, count);
            assert_int_equal(have, naive_rarest(shingles, count, wanted));
            for (size_t i = 0; i < have; i++) {
                assert_int_equal(picked[i].rarity, shingles[i].rarity);
                assert_int_equal(kbr_shingle_identity(&picked[i]),
                                 kbr_shingle_identity(&shingles[i]));
            }
        }
    }
}

static void pairs_shingles_in_any_order_alike(void **state) {
    (void)state;
    uint64_t random = 6;
    for (size_t count = 2; count <= KBR_SKETCH_RAREST_MAX; count++) {
        static kbr_shingle shingles[SHINGLES_MAX];
        uint64_t keys[2][120];
        draw(shingles, count, UINT32_MAX, &random);
        size_t pairs = count * (count - 1) / 2;
        assert_int_equal(kbr_sketch_pairs(keys[0], NULL, shingles, count, 9), pairs);
        shuffle(shingles, count, &random);
        assert_int_equal(kbr_sketch_pairs(keys[1], NULL, shingles, count, 9), pairs);
        qsort(keys[0], pairs, sizeof(uint64_t), compare_u64);
        qsort(keys[1], pairs, sizeof(uint64_t), compare_u64);
        assert_memory_equal(keys[0], keys[1], pairs * sizeof(uint64_t));
        assert_int_equal(common(keys[0], pairs, keys[1], pairs), pairs);
        (void)kbr_sketch_pairs(keys[1], NULL, shingles, count, 10);
        assert_int_equal(common(keys[0], pairs, keys[1], pairs), 0);
    }
}

static void weighs_a_pair_by_both_rarities(void **state) {
    (void)state;
    const kbr_shingle shingles[] = {{.hash = 1, .rarity = 255}, {.hash = 2, .rarity = 254}};
    uint64_t keys[2];
    uint16_t weights[2];
    assert_int_equal(kbr_sketch_pairs(keys, weights, shingles, 2, 0), 1);
    assert_int_equal(weights[0], 509);
    assert_int_equal(kbr_sketch_cross(keys, weights, shingles, 1, shingles + 1, 1, 0), 1);
    assert_int_equal(weights[0], 509);
}

static void pairs_a_single_shingle_with_itself(void **state) {
    (void)state;
    const kbr_shingle shingles[] = {{.hash = 1, .rarity = 100}, {.hash = 2, .rarity = 50}};
    uint64_t keys[3];
    assert_int_equal(kbr_sketch_pairs(keys, NULL, shingles, 0, 0), 0);
    assert_int_equal(kbr_sketch_pairs(&keys[0], NULL, shingles, 1, 0), 1);
    assert_int_equal(kbr_sketch_pairs(&keys[1], NULL, shingles + 1, 1, 0), 1);
    assert_int_equal(kbr_sketch_pairs(&keys[2], NULL, shingles, 2, 0), 1);
    qsort(keys, 3, sizeof *keys, compare_u64);
    assert_true(keys[0] != keys[1] && keys[1] != keys[2]);
}

static void crosses_every_shingle_with_every_other(void **state) {
    (void)state;
    uint64_t random = 8;
    kbr_shingle company[3];
    kbr_shingle deal[8];
    uint64_t keys[24];
    uint64_t part[8];
    draw(company, 3, UINT32_MAX, &random);
    draw(deal, 8, UINT32_MAX, &random);
    assert_int_equal(kbr_sketch_cross(keys, NULL, company, 3, deal, 8, 3), 24);
    assert_int_equal(common(keys, 24, keys, 24), 24);
    assert_int_equal(kbr_sketch_cross(part, NULL, company, 2, deal, 4, 3), 8);
    assert_int_equal(common(keys, 24, part, 8), 8);
    assert_int_equal(kbr_sketch_cross(part, NULL, company, 0, deal, 4, 3), 0);
    assert_int_equal(kbr_sketch_cross(part, NULL, company, 2, deal, 0, 3), 0);
}

/* ---- one-deletion keys ---- */

#define DELETION_LEN_MAX 16

static bool share_a_deletion(const uint16_t *a, size_t a_len, const uint16_t *b, size_t b_len) {
    uint64_t keys[2][DELETION_LEN_MAX + 1];
    size_t counts[] = {kbr_sketch_deletions(keys[0], a, a_len, 1),
                       kbr_sketch_deletions(keys[1], b, b_len, 1)};
    assert_in_range(counts[0], 1, a_len + 1);
    assert_in_range(counts[1], 1, b_len + 1);
    return common(keys[0], counts[0], keys[1], counts[1]) > 0;
}

/* From two letters only, so that equal neighbours, whose deletions coincide, abound. */
static void draw_key(uint16_t *out, size_t len, uint64_t *random) {
    for (size_t i = 0; i < len; i++) {
        out[i] = (uint16_t)(0x30A2 + sample_draw(random, 2));
    }
}

static void expect_shared_after_each_edit(const uint16_t *key, size_t len, size_t at) {
    uint16_t edited[DELETION_LEN_MAX + 1];
    assert_true(share_a_deletion(key, len, key, len));
    memcpy(edited, key, len * sizeof *key);
    if (len > 1) {
        edited[at] = 0x4E00;
        assert_true(share_a_deletion(key, len, edited, len));
        memcpy(edited + at, key + at + 1, (len - at - 1) * sizeof *key);
        assert_true(share_a_deletion(key, len, edited, len - 1));
    }
    if (len < DELETION_LEN_MAX) {
        memcpy(edited, key, at * sizeof *key);
        edited[at] = 0x4E00;
        memcpy(edited + at + 1, key + at, (len - at) * sizeof *key);
        assert_true(share_a_deletion(key, len, edited, len + 1));
    }
    if (at + 1 < len) {
        memcpy(edited, key, len * sizeof *key);
        edited[at] = key[at + 1];
        edited[at + 1] = key[at];
        assert_true(share_a_deletion(key, len, edited, len));
    }
}

static void shares_a_deletion_key_one_edit_apart(void **state) {
    (void)state;
    uint64_t random = 9;
    for (size_t len = 1; len <= DELETION_LEN_MAX; len++) {
        for (int trial = 0; trial < 40; trial++) {
            uint16_t key[DELETION_LEN_MAX];
            draw_key(key, len, &random);
            for (size_t at = 0; at < len; at++) {
                expect_shared_after_each_edit(key, len, at);
            }
        }
    }
}

static void shares_no_deletion_key_two_edits_apart(void **state) {
    (void)state;
    uint16_t a[DELETION_LEN_MAX];
    uint16_t b[DELETION_LEN_MAX];
    for (size_t len = 2; len <= DELETION_LEN_MAX; len++) {
        for (size_t i = 0; i < len; i++) {
            a[i] = (uint16_t)(0x30A1 + i);
            b[i] = a[i];
        }
        b[0] = 0x4E00;
        b[len - 1] = 0x4E01;
        assert_false(share_a_deletion(a, len, b, len));
    }
}

/* The one thing left of two single units is nothing, which every single unit would share. */
static void leaves_a_single_unit_whole(void **state) {
    (void)state;
    const uint16_t units[] = {0x6771, 0x897F};
    uint64_t keys[2];
    assert_int_equal(kbr_sketch_deletions(keys, units, 1, 1), 1);
    assert_false(share_a_deletion(units, 1, units + 1, 1));
}

static void leaves_out_deletions_that_coincide(void **state) {
    (void)state;
    const uint16_t units[] = {'a', 'a', 'b', 'b', 'b', 'a'};
    uint64_t keys[7];
    assert_int_equal(kbr_sketch_deletions(keys, units, 6, 1), 4);
    assert_int_equal(common(keys, 4, keys, 4), 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_same_bits_with_every_kernel),
        cmocka_unit_test(takes_the_best_kernel_of_this_cpu),
        cmocka_unit_test(does_not_care_for_the_order_of_shingles),
        cmocka_unit_test(has_no_key_for_an_empty_set),
        cmocka_unit_test(gives_the_same_keys_for_the_same_seed_and_salt_only),
        cmocka_unit_test(has_equal_components_as_often_as_jaccard),
        cmocka_unit_test(has_equal_components_as_often_as_weighted_jaccard),
        cmocka_unit_test(favours_rare_shingles_only_when_weighted),
        cmocka_unit_test(picks_the_rarest_shingles_a_sort_would),
        cmocka_unit_test(pairs_shingles_in_any_order_alike),
        cmocka_unit_test(weighs_a_pair_by_both_rarities),
        cmocka_unit_test(pairs_a_single_shingle_with_itself),
        cmocka_unit_test(crosses_every_shingle_with_every_other),
        cmocka_unit_test(shares_a_deletion_key_one_edit_apart),
        cmocka_unit_test(shares_no_deletion_key_two_edits_apart),
        cmocka_unit_test(leaves_a_single_unit_whole),
        cmocka_unit_test(leaves_out_deletions_that_coincide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
