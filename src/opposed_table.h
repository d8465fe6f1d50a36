/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layout of the table that gen_opposed makes at build time; only opposed.c reads it.
 */
#ifndef KBR_OPPOSED_TABLE_H
#define KBR_OPPOSED_TABLE_H

#include "sound.h"

/* An opposed word as it is read. */
typedef struct kbr_opposed_sound {
    uint32_t moras; /* first one in kbr_opposed_moras */
    uint8_t len;
    uint8_t second; /* the second of the moras; 0: there is none. Most of a bucket differ in it */
    uint16_t group; /* value in the list of opposed words; KBR_OPPOSED_PARENT */
    uint16_t across;
    uint16_t foreign; /* 1: told in kana alone, for Latin names may translate it */
} kbr_opposed_sound;

extern const uint8_t kbr_opposed_moras[];
extern const kbr_opposed_sound kbr_opposed_sounds[]; /* by first mora, longest first */
extern const uint16_t kbr_opposed_starts[KBR_SOUND_CODES + 1];

/* Of a place, by its value in the list of places. */
extern const uint16_t kbr_opposed_places[];

#endif
