/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sketches. A name has about eight shingles, so MINHASH computes every component for every shingle
 * (faster at this size than any scheme with fewer hashes, and without their loss), and RARITY is an
 * insertion into a list of at most 16.
 */
#include "sketch.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Finaliser of MurmurHash3: every bit of the result depends on every bit of the value. */
static uint32_t mixed32(uint32_t value) {
    value ^= value >> 16;
    value *= 0x85EBCA6BU;
    value ^= value >> 13;
    value *= 0xC2B2AE35U;
    return value ^ value >> 16;
}

static uint64_t mixed64(uint64_t value) {
    value ^= value >> 32;
    value *= 0xD6E8FEB86659FD93U;
    value ^= value >> 32;
    value *= 0xD6E8FEB86659FD93U;
    return value ^ value >> 32;
}

/* ---- MINHASH ---- */

void kbr_minhash_init(kbr_minhash *minhash, uint32_t bands, uint32_t rows, bool weighted,
                      uint64_t seed) {
    memset(minhash, 0, sizeof *minhash);
    minhash->bands = bands;
    minhash->rows = rows;
    minhash->weighted = weighted;
    for (uint32_t i = 0; i < bands * rows; i++) {
        uint64_t random = XXH3_64bits_withSeed(&i, sizeof i, seed);
        minhash->multiply[i] = (uint32_t)random | 1;
        minhash->add[i] = (uint32_t)(random >> 32);
    }
}

uint32_t kbr_minhash_base(const kbr_shingle *shingle) {
    return mixed32(kbr_shingle_identity(shingle));
}

/*
 * Rank of a component's value, smaller is better. Weighted: -log2(u) / w for u uniform in (0, 1),
 * whose minimum falls on a shingle with probability proportional to w. The logarithm is the
 * exponent and a parabola for the mantissa, from integer and single IEEE operations only: the same
 * bits in any kernel.
 */
uint32_t kbr_minhash_rank(uint32_t value, float inverse_weight) {
    union {
        float real;
        uint32_t bits;
    } u = {.real = (float)((value >> 8) | 1) * 0x1p-24F};
    float exponent = (float)((int32_t)(u.bits >> 23) - 127);
    u.bits = (u.bits & 0x007FFFFFU) | 0x3F800000U;
    float mantissa = u.real;
    float square = mantissa * mantissa;
    float logarithm = exponent + (2.0F * mantissa - square * 0.33333334F - 1.6666666F);
    u.real = (0.0F - logarithm) * inverse_weight + 0x1p-20F;
    return u.bits;
}

void kbr_minhash_scalar(uint32_t *signature, const kbr_minhash *minhash,
                        const kbr_shingle *shingles, size_t count) {
    uint32_t components = minhash->bands * minhash->rows;
    uint32_t ranks[KBR_SKETCH_COMPONENTS_MAX];
    memset(ranks, 0xFF, components * sizeof *ranks);
    memset(signature, 0, components * sizeof *signature);
    for (size_t i = 0; i < count; i++) {
        uint32_t base = kbr_minhash_base(&shingles[i]);
        float inverse_weight = 1.0F / (float)shingles[i].rarity;
        for (uint32_t c = 0; c < components; c++) {
            uint32_t value = minhash->multiply[c] * base + minhash->add[c];
            uint32_t rank = minhash->weighted ? kbr_minhash_rank(value, inverse_weight) : value;
            if (rank < ranks[c]) {
                ranks[c] = rank;
                signature[c] = base;
            }
        }
    }
}

kbr_minhash_kernel *kbr_minhash_best(const char **name) {
#if defined(KBR_HAVE_AVX2)
    if (__builtin_cpu_supports("avx2")) {
        *name = "avx2";
        return kbr_minhash_avx2;
    }
#endif
    *name = "scalar";
    return kbr_minhash_scalar;
}

size_t kbr_minhash_keys(const kbr_minhash *minhash, const kbr_shingle *shingles, size_t count,
                        uint64_t salt, uint64_t *keys) {
    if (count == 0) {
        return 0;
    }
    uint32_t signature[KBR_SKETCH_COMPONENTS_MAX];
    const char *name;
    kbr_minhash_best (&name)(signature, minhash, shingles, count);
    for (uint32_t band = 0; band < minhash->bands; band++) {
        keys[band] = XXH3_64bits_withSeed(signature + (size_t)band * minhash->rows,
                                          minhash->rows * sizeof *signature, salt + band);
    }
    return minhash->bands;
}

/* ---- RARITY ---- */

static bool is_rarer(const kbr_shingle *a, const kbr_shingle *b) {
    if (a->rarity != b->rarity) {
        return a->rarity > b->rarity;
    }
    return kbr_shingle_identity(a) < kbr_shingle_identity(b);
}

size_t kbr_sketch_rarest(kbr_shingle *out, size_t wanted, const kbr_shingle *shingles,
                         size_t count) {
    size_t have = 0;
    for (size_t i = 0; i < count; i++) {
        if (have == wanted && !is_rarer(&shingles[i], &out[have - 1])) {
            continue;
        }
        size_t place = 0;
        while (place < have && is_rarer(&out[place], &shingles[i])) {
            place++;
        }
        if (place < have &&
            kbr_shingle_identity(&out[place]) == kbr_shingle_identity(&shingles[i])) {
            continue;
        }
        have += have < wanted;
        memmove(&out[place + 1], &out[place], (have - 1 - place) * sizeof *out);
        out[place] = shingles[i];
    }
    return have;
}

static uint64_t pair_key(const kbr_shingle *a, const kbr_shingle *b, uint64_t salt) {
    uint64_t x = kbr_shingle_identity(a);
    uint64_t y = kbr_shingle_identity(b);
    return mixed64((x << 32 | y) + salt);
}

size_t kbr_sketch_pairs(uint64_t *keys, uint16_t *weights, const kbr_shingle *rarest, size_t count,
                        uint64_t salt) {
    size_t written = 0;
    for (size_t i = 0; i < count; i++) {
        /* A single shingle pairs with itself. */
        for (size_t j = count == 1 ? i : i + 1; j < count; j++) {
            bool ordered = kbr_shingle_identity(&rarest[i]) <= kbr_shingle_identity(&rarest[j]);
            keys[written] = ordered ? pair_key(&rarest[i], &rarest[j], salt)
                                    : pair_key(&rarest[j], &rarest[i], salt);
            if (weights != NULL) {
                weights[written] = (uint16_t)(rarest[i].rarity + rarest[j].rarity);
            }
            written++;
        }
    }
    return written;
}

size_t kbr_sketch_cross(uint64_t *keys, uint16_t *weights, const kbr_shingle *a, size_t a_count,
                        const kbr_shingle *b, size_t b_count, uint64_t salt) {
    size_t written = 0;
    for (size_t i = 0; i < a_count; i++) {
        for (size_t j = 0; j < b_count; j++) {
            keys[written] = pair_key(&a[i], &b[j], salt);
            if (weights != NULL) {
                weights[written] = (uint16_t)(a[i].rarity + b[j].rarity);
            }
            written++;
        }
    }
    return written;
}

size_t kbr_sketch_deletions(uint64_t *keys, const uint16_t *key, size_t len, uint64_t salt) {
    uint16_t shorter[16];
    keys[0] = XXH3_64bits_withSeed(key, len * sizeof *key, salt);
    size_t written = 1;
    for (size_t skip = 0; skip < len && len <= 16 && len > 1; skip++) {
        if (skip > 0 && key[skip] == key[skip - 1]) {
            continue; /* gives what the one before gave */
        }
        memcpy(shorter, key, skip * sizeof *key);
        memcpy(shorter + skip, key + skip + 1, (len - skip - 1) * sizeof *key);
        keys[written++] = XXH3_64bits_withSeed(shorter, (len - 1) * sizeof *key, salt);
    }
    return written;
}
