/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Likeness of two spoken names: how much of their sounds, or of their sounds and terms, two cards
 * share. What compare turns to where spelling cannot tell, for one name is in kanji and the other
 * in kana or Latin letters. The first of the two is prepared once and then heard beside many.
 */
#ifndef KBR_HEARD_H
#define KBR_HEARD_H

#include "record.h"

#define KBR_HEARD_WORDS ((UINT16_MAX + 1) / 64 / 3) /* shingles and terms: 0..21,823 */

/* A set of shingles as bits. */
typedef struct kbr_heard_set {
    uint64_t bits[KBR_HEARD_WORDS];
    uint32_t weight; /* sum of the rarities */
} kbr_heard_set;

/* Letters prepared for edit distances: bit i of at[c] is set where letter i is the c-th of a..z. */
typedef struct kbr_heard_letters {
    uint32_t count;
    uint64_t at[26];
} kbr_heard_letters;

typedef struct kbr_heard {
    const kbr_card *card; /* borrowed */
    kbr_heard_set sound;
    kbr_heard_set sense;
    uint32_t term_weight; /* the part of sense.weight that terms have */
    /* What no term stands for: as it is read, the same brought near to Latin spellings, as spelt.
     */
    kbr_heard_letters romaji, bare, spelt;
} kbr_heard;

void kbr_heard_prepare(kbr_heard *heard, const kbr_card *card);

/* Likeness 0..1000 of the sounds or of the senses, whichever is more; *shared (8 * bits) is the
 * information of what that one has in common. 0 where one of the names cannot be read. */
uint32_t kbr_heard_likeness(const kbr_heard *heard, const kbr_card *other, uint32_t *shared);

/* The same by shared shingles alone, and the same consonants in place of what letters would add: in
 * a third of the time. */
uint32_t kbr_heard_glance(const kbr_heard *heard, const kbr_card *other);

/* Whether two names have a reading in common: 1 the likeliest of both, 2 another, 0 none. */
int kbr_heard_same(const kbr_card *a, const kbr_card *b);

#endif
