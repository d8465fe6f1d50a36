/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Votes. A quarter full with 2,000 candidates, for a search in the table guesses wrong where it
 * meets another slot: of 1,600 postings a third less time than half full. The best are selected,
 * not sorted.
 */
#include "votes.h"

#include <string.h>

#define BITS_MIN 13

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

/* Slots counted between two looks at whether there is room for as many. */
#define STRIDE 64

/* Whether another slot has the place. Whether a slot is a new one is guessed wrong as often as
 * right: no branch depends on it, neither here nor where it is counted; a product is 0 where either
 * is. */
static bool is_taken(const kbr_vote *place, uint32_t slot) {
    return (uint64_t)place->votes * (place->slot ^ slot) != 0;
}

/* Counts `count` <= STRIDE slots, for which there is room. */
static void cast_stride(kbr_votes *votes, const uint32_t *slots, size_t count, uint32_t weight) {
    kbr_vote *places = votes->places;
    uint32_t *touched = votes->touched + votes->count;
    uint32_t bits = votes->bits;
    uint32_t mask = (1U << bits) - 1;
    size_t fresh = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t slot = slots[i];
        uint32_t place = home_of(slot, bits);
        while (is_taken(&places[place], slot)) {
            place = (place + 1) & mask;
        }
        touched[fresh] = place;
        fresh += places[place].votes == 0;
        places[place].slot = slot;
        places[place].votes += weight;
    }
    votes->count += fresh;
}

bool kbr_votes_cast(kbr_votes *votes, const uint32_t *slots, size_t count, uint32_t weight) {
    for (size_t i = 0; i < count; i += STRIDE) {
        if (votes->places == NULL || (votes->count + STRIDE) * 2 > (size_t)1 << votes->bits) {
            if (!grow(votes)) {
                return false;
            }
        }
        cast_stride(votes, slots + i, count - i < STRIDE ? count - i : STRIDE, weight);
    }
    return true;
}

void kbr_votes_filter(kbr_votes *votes, bool (*keeps)(const void *context, uint32_t slot),
                      const void *context) {
    size_t kept = 0;
    for (size_t i = 0; i < votes->count; i++) {
        uint32_t place = votes->touched[i];
        if (keeps(context, votes->places[place].slot)) {
            votes->touched[kept++] = place;
        } else {
            votes->places[place].votes = 0;
        }
    }
    votes->count = kept;
}

static void swap(uint64_t *a, uint64_t *b) {
    uint64_t kept = *a;
    *a = *b;
    *b = kept;
}

/* The middle one of the first, middle and last key to the end. */
static void move_pivot(uint64_t *keys, size_t count) {
    uint64_t *first = keys;
    uint64_t *middle = keys + count / 2;
    uint64_t *last = keys + count - 1;
    if (*middle < *first) {
        swap(middle, first);
    }
    if (*last < *middle) {
        swap(last, middle);
    }
    if (*middle < *first) {
        swap(middle, first);
    }
    swap(middle, last);
}

/* The `wanted` smallest to the front, by halves. The keys are distinct. Parting them has no branch
 * that depends on a key, which is guessed wrong for every second of them. */
static void select_smallest(uint64_t *keys, size_t count, size_t wanted) {
    size_t low = 0;
    size_t high = count;
    while (high - low > 1) {
        move_pivot(keys + low, high - low);
        uint64_t pivot = keys[high - 1];
        size_t middle = low;
        for (size_t i = low; i < high - 1; i++) {
            uint64_t key = keys[i];
            keys[i] = keys[middle];
            keys[middle] = key;
            middle += key < pivot;
        }
        swap(&keys[middle], &keys[high - 1]);
        if (wanted < middle) {
            high = middle;
        } else if (wanted > middle + 1) {
            low = middle + 1;
        } else {
            return;
        }
    }
}

bool kbr_votes_list(kbr_votes *votes, size_t *count) {
    *count = 0;
    void *best = votes->best;
    if (!kbr_reserve(votes->allocator, &best, &votes->best_capacity, votes->count,
                     sizeof *votes->best)) {
        return false;
    }
    votes->best = best;
    *count = votes->count;
    for (size_t i = 0; i < *count; i++) {
        kbr_vote *vote = &votes->places[votes->touched[i]];
        votes->best[i] = (uint64_t)(UINT32_MAX - vote->votes) << 32 | vote->slot;
        vote->votes = 0; /* while its line is at hand */
    }
    votes->count = 0;
    return true;
}

void kbr_votes_lead(kbr_votes *votes, size_t first, size_t count, size_t wanted) {
    if (wanted > 0 && first + wanted < count) {
        select_smallest(votes->best + first, count - first, wanted);
    }
}

size_t kbr_votes_cut(kbr_votes *votes, size_t count, uint32_t part) {
    uint64_t best = UINT64_MAX;
    for (size_t i = 0; i < count; i++) {
        best = votes->best[i] < best ? votes->best[i] : best;
    }
    uint64_t most = UINT32_MAX - (best >> 32);
    uint64_t least = (most + part - 1) / part;
    uint64_t last = (UINT32_MAX - least) << 32 | UINT32_MAX;
    size_t end = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t kept = votes->best[i];
        votes->best[i] = votes->best[end];
        votes->best[end] = kept;
        end += kept <= last;
    }
    return end;
}

static uint32_t votes_at(const kbr_votes *votes, size_t position) {
    return UINT32_MAX - (uint32_t)(votes->best[position] >> 32);
}

void kbr_votes_revalue(kbr_votes *votes, size_t position, uint16_t value) {
    uint64_t *best = &votes->best[position];
    uint32_t cast = votes_at(votes, position);
    uint32_t kept = cast < UINT16_MAX ? cast : UINT16_MAX;
    *best = (uint64_t)(UINT16_MAX - value) << 48 | (uint64_t)(UINT16_MAX - kept) << 32 |
            kbr_votes_slot(votes, position);
}
