/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table: key -> record slots, a multimap in memory. Open addressing over keys, short lists
 * inline, longer ones in blocks of doubling size. Deleting really deletes: an emptied key leaves
 * its place and its block, which is used again. Not thread-safe by itself; find is const.
 */
#ifndef KBR_TABLE_H
#define KBR_TABLE_H

#include "base.h"

typedef struct kbr_table kbr_table;

/* NULL without memory. The allocator is copied. */
kbr_table *kbr_table_create(const kaburi_allocator *allocator);
void kbr_table_free(kbr_table *table);

/* Files `slot` under `key`. A slot is filed at most once under one key (the caller's duty), and a
 * list has 2^27 - 1 slots at most. False without memory: nothing changed. */
bool kbr_table_add(kbr_table *table, uint64_t key, uint32_t slot);
/* False when it was not there. Never allocates. */
bool kbr_table_remove(kbr_table *table, uint64_t key, uint32_t slot);

/* Brings the key's place into the cache; find soon after. */
void kbr_table_prefetch(const kbr_table *table, uint64_t key);
/* Once that is there, brings the end of the key's list into the cache; add soon after. */
void kbr_table_prefetch_end(const kbr_table *table, uint64_t key);
/* The slots filed under key, in no order; *count of them. NULL when there are none. Valid until the
 * next add or remove. */
const uint32_t *kbr_table_find(const kbr_table *table, uint64_t key, size_t *count);

typedef struct kbr_table_stats {
    uint64_t keys;
    uint64_t postings;
    uint64_t bytes;
} kbr_table_stats;
void kbr_table_measure(const kbr_table *table, kbr_table_stats *out);

/* NULL when sound, else what is wrong; for tests. O(size). */
const char *kbr_table_check(const kbr_table *table);

#endif
