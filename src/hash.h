/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hash that texts are compared by: XXH3 of 64 bits, but never 0, which stands for "nothing".
 * One function, for a name's initials must hash as the key of another name does.
 */
#ifndef KBR_HASH_H
#define KBR_HASH_H

#include "base.h"

uint64_t kbr_hash(const void *data, size_t size);
/* The same under a seed, for tables that others fill. */
uint64_t kbr_hash_seeded(const void *data, size_t size, uint64_t seed);

#endif
