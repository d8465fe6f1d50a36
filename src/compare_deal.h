/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparing the deals of two cards, which compare puts beside the fields of the customer.
 */
#ifndef KBR_COMPARE_DEAL_H
#define KBR_COMPARE_DEAL_H

#include "compare.h"

/* Levels of the fields from KABURI_FIELD_DEAL on; likeness and rarity of the deals into *out. */
void kbr_compare_deal(kbr_evidence *out, const kbr_subject *subject, const kbr_card *other);

/* The grades a level of the deal belongs to; NULL for one that is not graded. */
const kbr_grade *kbr_compare_deal_grades(int level);

/* KBR_TOLD_* of one word of the two cards, KBR_CARD_*. */
static inline int kbr_compare_told(const kbr_card *own, const kbr_card *other, int word) {
    uint64_t a = kbr_card_word(own, word);
    uint64_t b = kbr_card_word(other, word);
    if (a == 0 || b == 0) {
        return a == b ? KBR_LEVEL_ABSENT : KBR_TOLD_ONCE;
    }
    return a == b ? KBR_TOLD_SAME : KBR_TOLD_CONFLICT;
}

#endif
