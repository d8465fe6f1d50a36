/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a company's name has beside another that it holds: 販売 of X販売 and X, 九州 of X九州, 日本
 * of 日本X. Tells whether registered companies are parted by such words (src/data/rests.tsv). Takes
 * stretches of loose keys; knows nothing of how alike two names are.
 */
#ifndef KBR_RESTS_H
#define KBR_RESTS_H

#include "base.h"

/* How two keys differ that begin alike and end alike: x[at..at + x_len) stands where y has
 * y[at..at + y_len); one of the two may be empty. */
typedef struct kbr_rest {
    size_t at;
    size_t x_len;
    size_t y_len;
    size_t tail; /* units behind both */
} kbr_rest;

kbr_rest kbr_rest_of(const uint16_t *x, size_t x_len, const uint16_t *y, size_t y_len);

/*
 * Whether words part the two: one has words that companies are parted by behind the other, before
 * it or within it, or each has others behind what they begin with in common. `whole`: what stands
 * behind must be one word of the table, for the name may be a company's and a site's. O(length of
 * what differs).
 */
bool kbr_rest_parts(const uint16_t *x, size_t x_len, const uint16_t *y, size_t y_len, bool whole);

#endif
