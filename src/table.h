/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table: key -> record slots, a multimap in memory that any number of threads read while one
 * writes. Open addressing over keys, one or two slots inline, longer lists in blocks of doubling
 * size. What a reader may still see goes the way of its epoch.
 */
#ifndef KBR_TABLE_H
#define KBR_TABLE_H

#include "epoch.h"

#define KBR_TABLE_SLOT_MAX INT32_MAX

typedef struct kbr_table kbr_table;

/* NULL without memory. The allocator is copied; the epoch (NULL: there are no other readers) is
 * borrowed. */
kbr_table *kbr_table_create(const kaburi_allocator *allocator, kbr_epoch *epoch);
/* Nothing of it may be retired still. */
void kbr_table_free(kbr_table *table);

/* ---- the writer ---- */

/* Files `slot` under `key`. A slot is filed at most once under one key (the caller's duty). False
 * without memory: nothing changed. */
bool kbr_table_add(kbr_table *table, uint64_t key, uint32_t slot);
/* False when it was not there. Needs no memory. */
bool kbr_table_remove(kbr_table *table, uint64_t key, uint32_t slot);
/* Once the key's place is in the cache, brings the end of its list there; add soon after. */
void kbr_table_prefetch_end(const kbr_table *table, uint64_t key);

/* ---- readers ---- */

/* Brings the key's place into the cache; find soon after. */
void kbr_table_prefetch(const kbr_table *table, uint64_t key);

/* The list of a key, as it was found. */
typedef struct kbr_list {
    uint64_t value; /* 0: no slots */
} kbr_list;

/* What is filed under key; a list in a block is on its way into the cache. */
kbr_list kbr_table_find(const kbr_table *table, uint64_t key);
/* Once the list is in the cache, as far as it was brought there, brings more of it. */
void kbr_list_prefetch(kbr_list list);
/* How many slots there are. */
size_t kbr_list_count(kbr_list list);
/* Writes up to `capacity` of them, in no order, and returns how many. */
size_t kbr_list_read(kbr_list list, uint32_t *slots, size_t capacity);
/* The slots one by one, from *position = 0 on; false when there are no more. */
bool kbr_list_next(kbr_list list, size_t *position, uint32_t *slot);

typedef struct kbr_table_stats {
    uint64_t keys;
    uint64_t postings;
    uint64_t bytes;
} kbr_table_stats;
void kbr_table_measure(const kbr_table *table, kbr_table_stats *out);

/* NULL when sound, else what is wrong; for tests. O(size). */
const char *kbr_table_check(const kbr_table *table);

#endif
