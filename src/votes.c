/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Votes. The table stays in the second-level cache for all but the widest queries (1,000 candidates
 * are 16 KiB), and the best are selected, not sorted.
 */
#include "votes.h"

#include <string.h>

#define BITS_MIN 11

void kbr_votes_init(kbr_votes *votes, const kaburi_allocator *allocator) {
    memset(votes, 0, sizeof *votes);
    votes->allocator = allocator;
}

void kbr_votes_free(kbr_votes *votes) {
    kbr_release(votes->allocator, votes->places);
    kbr_release(votes->allocator, votes->touched);
    kbr_release(votes->allocator, votes->best);
}

void kbr_votes_clear(kbr_votes *votes) {
    for (size_t i = 0; i < votes->count; i++) {
        votes->places[votes->touched[i]].votes = 0;
    }
    votes->count = 0;
}

static uint32_t home_of(uint32_t slot, uint32_t bits) {
    return (slot * 0x9E3779B1U) >> (32 - bits);
}

/* Doubles the table and files again what is in it. */
static bool grow(kbr_votes *votes) {
    uint32_t bits = votes->places == NULL ? BITS_MIN : votes->bits + 1;
    size_t capacity = (size_t)1 << bits;
    void *touched = votes->touched;
    if (!kbr_reserve(votes->allocator, &touched, &votes->touched_capacity, capacity / 2,
                     sizeof *votes->touched)) {
        return false;
    }
    votes->touched = touched;
    kbr_vote *places = kbr_allocate(votes->allocator, capacity, sizeof *places);
    if (places == NULL) {
        return false;
    }
    uint32_t mask = (uint32_t)capacity - 1;
    for (size_t i = 0; i < votes->count; i++) {
        kbr_vote vote = votes->places[votes->touched[i]];
        uint32_t place = home_of(vote.slot, bits);
        while (places[place].votes != 0) {
            place = (place + 1) & mask;
        }
        places[place] = vote;
        votes->touched[i] = place;
    }
    kbr_release(votes->allocator, votes->places);
    votes->places = places;
    votes->bits = bits;
    return true;
}

bool kbr_votes_cast(kbr_votes *votes, const uint32_t *slots, size_t count, uint32_t weight) {
    for (size_t i = 0; i < count; i++) {
        if (votes->places == NULL || votes->count * 2 >= (size_t)1 << votes->bits) {
            if (!grow(votes)) {
                return false;
            }
        }
        uint32_t mask = (1U << votes->bits) - 1;
        uint32_t place = home_of(slots[i], votes->bits);
        while (votes->places[place].votes != 0 && votes->places[place].slot != slots[i]) {
            place = (place + 1) & mask;
        }
        kbr_vote *vote = &votes->places[place];
        if (vote->votes == 0) {
            vote->slot = slots[i];
            votes->touched[votes->count++] = place;
        }
        vote->votes += weight;
    }
    return true;
}

/* Hoare's selection: the `wanted` smallest to the front. The keys are distinct, so it cannot stall;
 * the middle as pivot keeps sorted input linear. */
static void select_smallest(uint64_t *keys, size_t count, size_t wanted) {
    size_t low = 0;
    size_t high = count - 1;
    while (low < high) {
        uint64_t pivot = keys[low + (high - low) / 2];
        size_t i = low;
        size_t j = high;
        for (;;) {
            while (keys[i] < pivot) {
                i++;
            }
            while (keys[j] > pivot) {
                j--;
            }
            if (i >= j) {
                break;
            }
            uint64_t swapped = keys[i];
            keys[i++] = keys[j];
            keys[j--] = swapped;
        }
        if (wanted <= j + 1) {
            high = j;
            if (wanted == j + 1 || high <= low) {
                break;
            }
        } else {
            low = j + 1;
        }
    }
}

bool kbr_votes_best(kbr_votes *votes, size_t wanted, size_t *count) {
    *count = 0;
    void *best = votes->best;
    if (!kbr_reserve(votes->allocator, &best, &votes->best_capacity, votes->count,
                     sizeof *votes->best)) {
        return false;
    }
    votes->best = best;
    for (size_t i = 0; i < votes->count; i++) {
        const kbr_vote *vote = &votes->places[votes->touched[i]];
        votes->best[i] = (uint64_t)(UINT32_MAX - vote->votes) << 32 | vote->slot;
    }
    if (votes->count > wanted) {
        select_smallest(votes->best, votes->count, wanted);
    }
    *count = votes->count < wanted ? votes->count : wanted;
    return true;
}

void kbr_votes_lead(kbr_votes *votes, size_t first, size_t count, size_t wanted) {
    if (wanted > 0 && first + wanted < count) {
        select_smallest(votes->best + first, count - first, wanted);
    }
}

static uint32_t votes_at(const kbr_votes *votes, size_t position) {
    return UINT32_MAX - (uint32_t)(votes->best[position] >> 32);
}

size_t kbr_votes_cut(kbr_votes *votes, size_t first, size_t count, uint32_t part) {
    uint32_t most = 0;
    for (size_t i = 0; i < first; i++) {
        most = votes_at(votes, i) > most ? votes_at(votes, i) : most;
    }
    size_t end = first;
    for (size_t i = first; i < count; i++) {
        if ((uint64_t)votes_at(votes, i) * part >= most) {
            uint64_t kept = votes->best[i];
            votes->best[i] = votes->best[end];
            votes->best[end++] = kept;
        }
    }
    return end;
}

void kbr_votes_revalue(kbr_votes *votes, size_t position, uint16_t value) {
    uint64_t *best = &votes->best[position];
    uint32_t cast = votes_at(votes, position);
    uint32_t kept = cast < UINT16_MAX ? cast : UINT16_MAX;
    *best = (uint64_t)(UINT16_MAX - value) << 48 | (uint64_t)(UINT16_MAX - kept) << 32 |
            kbr_votes_slot(votes, position);
}
