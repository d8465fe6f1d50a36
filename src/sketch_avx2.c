/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MINHASH, eight components at a time. The scalar kernel in sketch.c is the specification; the
 * tests compare the two bit by bit.
 */
#include "sketch.h"

#include <immintrin.h>
#include <string.h>

/* kbr_minhash_rank of eight values. */
static __m256i ranks_of(__m256i values, __m256 inverse_weight) {
    __m256i whole = _mm256_or_si256(_mm256_srli_epi32(values, 8), _mm256_set1_epi32(1));
    __m256i bits =
        _mm256_castps_si256(_mm256_mul_ps(_mm256_cvtepi32_ps(whole), _mm256_set1_ps(0x1p-24F)));
    __m256 exponent =
        _mm256_cvtepi32_ps(_mm256_sub_epi32(_mm256_srli_epi32(bits, 23), _mm256_set1_epi32(127)));
    __m256 mantissa = _mm256_castsi256_ps(_mm256_or_si256(
        _mm256_and_si256(bits, _mm256_set1_epi32(0x007FFFFF)), _mm256_set1_epi32(0x3F800000)));
    __m256 square = _mm256_mul_ps(mantissa, mantissa);
    __m256 inner = _mm256_sub_ps(_mm256_sub_ps(_mm256_mul_ps(_mm256_set1_ps(2.0F), mantissa),
                                               _mm256_mul_ps(square, _mm256_set1_ps(0.33333334F))),
                                 _mm256_set1_ps(1.6666666F));
    __m256 logarithm = _mm256_add_ps(exponent, inner);
    __m256 rank =
        _mm256_add_ps(_mm256_mul_ps(_mm256_sub_ps(_mm256_setzero_ps(), logarithm), inverse_weight),
                      _mm256_set1_ps(0x1p-20F));
    return _mm256_castps_si256(rank);
}

/* Eight components of one shingle against the best so far; unsigned order by flipping the top bit.
 */
static void step(uint32_t *ranks, uint32_t *signature, __m256i rank, __m256i base) {
    const __m256i flip = _mm256_set1_epi32(INT32_MIN);
    __m256i best = _mm256_loadu_si256((const __m256i *)(const void *)ranks);
    __m256i lower = _mm256_cmpgt_epi32(_mm256_xor_si256(best, flip), _mm256_xor_si256(rank, flip));
    __m256i kept = _mm256_loadu_si256((const __m256i *)(const void *)signature);
    _mm256_storeu_si256((__m256i *)(void *)ranks, _mm256_blendv_epi8(best, rank, lower));
    _mm256_storeu_si256((__m256i *)(void *)signature, _mm256_blendv_epi8(kept, base, lower));
}

void kbr_minhash_avx2(uint32_t *signature, const kbr_minhash *minhash, const kbr_shingle *shingles,
                      size_t count) {
    uint32_t components = minhash->bands * minhash->rows;
    uint32_t ranks[KBR_SKETCH_COMPONENTS_MAX];
    uint32_t best[KBR_SKETCH_COMPONENTS_MAX];
    uint32_t padded = (components + 7) & ~7U;
    memset(ranks, 0xFF, padded * sizeof *ranks);
    memset(best, 0, padded * sizeof *best);
    for (size_t i = 0; i < count; i++) {
        uint32_t base = kbr_minhash_base(&shingles[i]);
        __m256i bases = _mm256_set1_epi32((int32_t)base);
        __m256 inverse_weight = _mm256_set1_ps(1.0F / (float)shingles[i].rarity);
        for (uint32_t c = 0; c < padded; c += 8) {
            __m256i multiply =
                _mm256_loadu_si256((const __m256i *)(const void *)(minhash->multiply + c));
            __m256i add = _mm256_loadu_si256((const __m256i *)(const void *)(minhash->add + c));
            __m256i values = _mm256_add_epi32(_mm256_mullo_epi32(multiply, bases), add);
            __m256i rank = minhash->weighted ? ranks_of(values, inverse_weight) : values;
            step(ranks + c, best + c, rank, bases);
        }
    }
    memcpy(signature, best, components * sizeof *signature);
}
