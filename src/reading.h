/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading: how a company's name is pronounced, and what its words mean. Takes a folded core, finds
 * the cheapest sequences of lexicon entries that spell it (a unigram lattice, Nagata 1994), gives
 * up to three readings in kana and the pieces of the best. A reading is a key, never a truth; it
 * knows nothing of records.
 */
#ifndef KBR_READING_H
#define KBR_READING_H

#include "lexicon.h"
#include "sound.h"

/* A core is read so far, and its reading is cut behind so many kana; real names have 12 units, one
 * in 2,000 has more than 64. */
#define KBR_READING_UNITS_MAX 64
#define KBR_READING_KANA_MAX 192
#define KBR_READING_ALTERNATIVES 3

/* A stretch of the core that one entry, one kana or one unreadable unit stands for. */
typedef struct kbr_piece {
    uint8_t begin; /* in the core, units */
    uint8_t len;
    uint8_t kana; /* first kana in the best reading */
    uint8_t kana_len;
    uint16_t term; /* of the lexicon; 0 = none */
} kbr_piece;

typedef struct kbr_reading {
    uint32_t count;       /* readings, cheapest first; 0: nothing in the core can be read */
    uint32_t piece_count; /* of the first */
    uint32_t cost[KBR_READING_ALTERNATIVES];
    uint8_t kana_len[KBR_READING_ALTERNATIVES];
    uint8_t kana[KBR_READING_ALTERNATIVES][KBR_READING_KANA_MAX];
    kbr_piece pieces[KBR_READING_UNITS_MAX];
    uint64_t left_out; /* of the units that nobody can read, and of those behind the last that is
                          read; 0: none. プロジェクトΣ is not read as プロジェクトΩ is */
} kbr_reading;

/*
 * Reads a folded core (words separated by single spaces). Alternatives that sound the same count
 * once. Allocates nothing; O(len) look-ups, 1 us for a usual name.
 */
void kbr_reading_of(kbr_reading *out, const uint16_t *core, size_t len);

/* Whether all of a core is romaji, which has one reading and needs no lexicon. */
bool kbr_reading_is_romaji(const uint16_t *core, size_t len);

#endif
