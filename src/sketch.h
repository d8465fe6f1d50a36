/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sketches of a set of shingles and the keys they are banded into. MINHASH: bands x rows of minimum
 * hashes, plain or weighted by rarity. RARITY: the k rarest shingles, all pairs of them. Takes
 * shingles, gives 64-bit keys; the SIMD kernels live beside it in sketch_avx2.c.
 */
#ifndef KBR_SKETCH_H
#define KBR_SKETCH_H

#include "shingle.h"

#define KBR_SKETCH_COMPONENTS_MAX 512
#define KBR_SKETCH_RAREST_MAX 16

/* ---- MINHASH ---- */

typedef struct kbr_minhash {
    uint32_t bands;
    uint32_t rows;
    uint32_t weighted;
    uint32_t reserved;
    uint32_t multiply[KBR_SKETCH_COMPONENTS_MAX]; /* odd; from XXH3 of the seed and the component */
    uint32_t add[KBR_SKETCH_COMPONENTS_MAX];
} kbr_minhash;

/* bands 1..256, rows 1..8, bands * rows <= KBR_SKETCH_COMPONENTS_MAX; checked by the caller. */
void kbr_minhash_init(kbr_minhash *minhash, uint32_t bands, uint32_t rows, bool weighted,
                      uint64_t seed);

/* Writes one key a band (none for count 0) and returns how many. `salt` keeps fields and families
 * apart. */
size_t kbr_minhash_keys(const kbr_minhash *minhash, const kbr_shingle *shingles, size_t count,
                        uint64_t salt, uint64_t *keys);

/* What kernels are made of: a shingle's base value, and the rank of a component's value. */
uint32_t kbr_minhash_base(const kbr_shingle *shingle);
uint32_t kbr_minhash_rank(uint32_t value, float inverse_weight);

/* The kernel: signature[c] for `components` components. Every variant gives the same bits. */
typedef void kbr_minhash_kernel(uint32_t *signature, const kbr_minhash *minhash,
                                const kbr_shingle *shingles, size_t count);
void kbr_minhash_scalar(uint32_t *signature, const kbr_minhash *minhash,
                        const kbr_shingle *shingles, size_t count);
#if defined(KBR_HAVE_AVX2)
void kbr_minhash_avx2(uint32_t *signature, const kbr_minhash *minhash, const kbr_shingle *shingles,
                      size_t count);
#endif
/* The best kernel of this CPU, and its name ("avx2", "scalar"). */
kbr_minhash_kernel *kbr_minhash_best(const char **name);

/* ---- RARITY ---- */

/*
 * Picks the `wanted` rarest distinct shingles (by rarity falling, then hash) into `out`, rarest
 * first, and returns how many: fewer when the key has fewer.
 */
size_t kbr_sketch_rarest(kbr_shingle *out, size_t wanted, const kbr_shingle *shingles,
                         size_t count);

/*
 * Keys of all pairs of `rarest` (n (n - 1) / 2; the order within a pair does not matter) and, where
 * the set has one shingle only, one key of it alone. Returns how many; weights[i] (may be NULL) is
 * the sum of the two rarities.
 */
size_t kbr_sketch_pairs(uint64_t *keys, uint16_t *weights, const kbr_shingle *rarest, size_t count,
                        uint64_t salt);

/* Keys of all products of two sets, as for pairs across two fields. count = a_count * b_count. */
size_t kbr_sketch_cross(uint64_t *keys, uint16_t *weights, const kbr_shingle *a, size_t a_count,
                        const kbr_shingle *b, size_t b_count, uint64_t salt);

/*
 * One-deletion keys: the key itself and the key with each one unit left out, so that two keys one
 * typo apart share one. len + 1 keys, fewer where deletions coincide (equal neighbours); one
 * of a single unit, which deletion would leave like any other.
 */
size_t kbr_sketch_deletions(uint64_t *keys, const uint16_t *key, size_t len, uint64_t salt);

#endif
