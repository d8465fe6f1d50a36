/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hash of texts, in a file of its own: put beside a short array gcc 12 sees an overrun in it.
 */
#include "hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t kbr_hash(const void *data, size_t size) {
    uint64_t hash = XXH3_64bits(data, size);
    return hash != 0 ? hash : 1;
}

uint64_t kbr_hash_seeded(const void *data, size_t size, uint64_t seed) {
    uint64_t hash = XXH3_64bits_withSeed(data, size, seed);
    return hash != 0 ? hash : 1;
}
