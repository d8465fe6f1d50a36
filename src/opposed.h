/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opposed words: what makes two names two companies although all else is equal. Finds them in a
 * name as it is spelt, and in one of kana or romaji as it is read, so that 東日本, ヒガシニホン and
 * East Japan are one word beside 西日本. Says nothing of what a name is otherwise.
 */
#ifndef KBR_OPPOSED_H
#define KBR_OPPOSED_H

#include "reading.h"

/* A word in the company's name that makes it another company than one with another word of its
 * group. */
typedef struct kbr_opposed {
    uint16_t group;  /* value in the list of opposed words; KBR_OPPOSED_* */
    uint16_t word;   /* spelt: which word of the group, or its sense; 0: read only */
    uint16_t across; /* what it is called across scripts; 0: nothing that is known */
    uint16_t reserved;
} kbr_opposed;
/* The first group of the list, directions and regions, holds prefectures and cities as well:
 * 東京電力 beside 関西電力. */
#define KBR_OPPOSED_PLACES 1U
#define KBR_OPPOSED_PARENT 0x8000U /* of group: already on one side it makes another company */
#define KBR_OPPOSED_KANJI 0x4000U  /* of group: spelt in kanji */
#define KBR_OPPOSED_SENSE 0x8000U  /* of word: a sense, which several words have */
#define KBR_OPPOSED_MAX 6          /* of one name */

/*
 * The opposed words of a folded core, in order; at most KBR_OPPOSED_MAX, returns how many. Of a
 * core without kanji also those of its reading (count 0: unread). Allocates nothing.
 */
size_t kbr_opposed_find(kbr_opposed *out, const uint16_t *core, size_t len,
                        const kbr_reading *reading);

/* The opposed words of one name. */
typedef struct kbr_opposed_list {
    const kbr_opposed *words;
    size_t count;
} kbr_opposed_list;

/* Whether each side has a word that the other lacks, of one group: 東日本 / 西日本, 長崎県 /
 * 岡山県. */
bool kbr_opposed_conflict(kbr_opposed_list a, kbr_opposed_list b);

/* Whether one has a word for a holding or a group that the other lacks: it is not the company of
 * its name. */
bool kbr_opposed_parent(kbr_opposed_list longer, kbr_opposed_list shorter);

#endif
