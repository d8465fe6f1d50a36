/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table that gen_sounds.py makes at build time; only spoken.c reads it.
 */
#ifndef KBR_SPOKEN_TABLE_H
#define KBR_SPOKEN_TABLE_H

#include <stdint.h>

/* By shingle: pairs of moras, then terms. */
extern const uint8_t kbr_spoken_rarities[];
extern const uint32_t kbr_spoken_rarity_count;

#endif
