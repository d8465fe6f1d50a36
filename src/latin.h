/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names in Latin letters, word by word: which letters of one name stand in words that the other has
 * as well. Shingles do not know where words end: MATSUYA is all in MATSUYAMA, and another company.
 * Takes two cards with the beginnings of their words; weighs nothing.
 */
#ifndef KBR_LATIN_H
#define KBR_LATIN_H

#include "record.h"

/* How much of the shorter of two names in Latin letters is in words of the other too, 0..1000; a
 * word with one typing error counts half. The same in both directions. */
uint32_t kbr_latin_common(const kbr_card *a, const kbr_card *b);

/* Whether two different keys are the same but for German umlauts that one of them writes as two
 * letters: Mueller and Müller, whose key is muller. Joel is not Jol: the e has a consonant behind
 * it and both have four letters at least. */
bool kbr_latin_umlauts(const kbr_card *a, const kbr_card *b);

#endif
