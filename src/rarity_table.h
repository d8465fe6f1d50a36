/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layout of the rarity table that gen_rarity.py makes at build time; only shingle.c reads it.
 */
#ifndef KBR_RARITY_TABLE_H
#define KBR_RARITY_TABLE_H

#include <stdint.h>

#define KBR_RARITY_BITS 18

/* Open addressing by the top bits of the hash; company 0 = free. */
typedef struct kbr_rarity_place {
    uint32_t hash;
    uint8_t company;
    uint8_t deal;
    uint16_t reserved;
} kbr_rarity_place;

extern const kbr_rarity_place kbr_rarity_places[1 << KBR_RARITY_BITS];

/* Rarity of what is not in the table: as if one name in the whole material had it. */
extern const uint8_t kbr_rarity_company_unseen;
extern const uint8_t kbr_rarity_deal_unseen;

#endif
