/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of several words in Latin letters, one word of which is another: St. Mary's and St. Mark's,
 * ABC Foods and ABC Fords. Tells another word from a mistyped or shortened one; says nothing of
 * names that differ by more or less than one word.
 */
#ifndef KBR_EXCHANGED_H
#define KBR_EXCHANGED_H

#include "record.h"

enum {
    KBR_EXCHANGED_NONE, /* not told; or a word mistyped or shortened */
    KBR_EXCHANGED_LIKE, /* another word that looks like it: Mary's, Mark's */
    KBR_EXCHANGED_OTHER /* one that does not: Asia, Real Estate */
};

/* KBR_EXCHANGED_*: whether two names are the same but for one word, which is another. Both need to
 * have KBR_CARD_BORDERS and at most 64 units. */
int kbr_exchanged_word(const kbr_card *a, const kbr_card *b);

#endif
