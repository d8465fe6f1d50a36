/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Votes: which slots the postings of one query name most. A hash of counters that is cleared by
 * what was touched, and a selection of the best that does not depend on the order in which they
 * came.
 */
#ifndef KBR_VOTES_H
#define KBR_VOTES_H

#include "base.h"

typedef struct kbr_vote {
    uint32_t slot;
    uint32_t votes; /* 0 = free */
} kbr_vote;

typedef struct kbr_votes {
    const kaburi_allocator *allocator; /* borrowed */
    kbr_vote *places;                  /* open addressing, 1 << bits of them */
    uint32_t bits;
    uint32_t reserved;
    size_t count;      /* distinct slots */
    uint32_t *touched; /* the places in use */
    size_t touched_capacity;
    uint64_t *best; /* what kbr_votes_list told, the better the smaller: slots in the lower half */
    size_t best_capacity;
} kbr_votes;

/* Allocates nothing. */
void kbr_votes_init(kbr_votes *votes, const kaburi_allocator *allocator);
void kbr_votes_free(kbr_votes *votes);

/* Empties the counters, where they were not listed; O(slots counted). */
void kbr_votes_clear(kbr_votes *votes);
/* `weight` (> 0) for each of `count` slots. False without memory: some may have been counted. */
bool kbr_votes_cast(kbr_votes *votes, const uint32_t *slots, size_t count, uint32_t weight);
/* Leaves out the slots that are not kept; nothing is cast after it, before all is cleared.
 * O(slots). */
void kbr_votes_filter(kbr_votes *votes, bool (*keeps)(const void *context, uint32_t slot),
                      const void *context);
/* Lists what was counted and empties the counters: *count slots, read by kbr_votes_slot. False
 * without memory: nothing changed. O(slots). */
bool kbr_votes_list(kbr_votes *votes, size_t *count);
/* Of those listed at first..count, moves the `wanted` of most votes, ties to the lower slot, to the
 * front of them, in no order. O(count - first). */
void kbr_votes_lead(kbr_votes *votes, size_t first, size_t count, size_t wanted);
/* Of those listed at 0..count, moves the ones with at least a `part`th of the most votes to the
 * front, and returns how many they are. O(count). */
size_t kbr_votes_cut(kbr_votes *votes, size_t count, uint32_t part);
/* Lets the one at `position` be chosen by `value` from now on, and by its votes among equals. */
void kbr_votes_revalue(kbr_votes *votes, size_t position, uint16_t value);

static inline uint32_t kbr_votes_slot(const kbr_votes *votes, size_t position) {
    return (uint32_t)votes->best[position];
}

#endif
