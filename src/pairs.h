/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pairs of rows: a list that grows, is sorted, and is spread from rows that stand for their twins
 * to all of these. Knows rows and what was judged of them, not how they were found.
 */
#ifndef KBR_PAIRS_H
#define KBR_PAIRS_H

#include "twins.h"

typedef struct kbr_pairs {
    const kaburi_allocator *allocator; /* borrowed */
    kaburi_pair *data;
    size_t count;
    size_t capacity;
} kbr_pairs;

void kbr_pairs_free(kbr_pairs *pairs);
/* Of the rows a and b, in either order. False without memory. */
bool kbr_pairs_add(kbr_pairs *pairs, uint64_t a, uint64_t b, const kaburi_match *match);
bool kbr_pairs_append(kbr_pairs *pairs, const kbr_pairs *others);

/* By row a, then row b; of those found twice the one of the stronger decision is left, else of the
 * stronger verdict, of the higher probability, of the lower bits of evidence, so that the order in
 * which they came does not show. O(n log n). */
void kbr_pairs_settle(kbr_pairs *pairs);
/* By probability falling, then by rows. */
void kbr_pairs_rank(kbr_pairs *pairs);

/*
 * Settled pairs of first rows, a row paired with itself where its twins are pairs of that kind, as
 * pairs of all rows, into `out`, settled. Of each row the best `partners_max` partners are taken,
 * and a pair stays that one of its two rows takes; twins that do not fit in what is left are stood
 * for by the first of them. crowded[row] is set where some were left out, else it stays. False
 * without memory.
 */
bool kbr_pairs_spread(kbr_pairs *out, const kbr_pairs *pairs, const kbr_twins *twins,
                      size_t partners_max, bool *crowded);

#endif
