/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layout of the table that gen_lexicon makes at build time; only lexicon.c reads it.
 */
#ifndef KBR_LEXICON_TABLE_H
#define KBR_LEXICON_TABLE_H

#include "lexicon.h"

/*
 * The child of `node` by `code` is base + code where that place's check is `node`; node 0 is the
 * root. Flags above a base: a leaf ends a surface and has no children, its base is the first of the
 * surface's entries; a node that ends one has a child by code 0, which is such a leaf.
 */
#define KBR_LEXICON_LEAF 0x80000000U
#define KBR_LEXICON_ENDS 0x40000000U
#define KBR_LEXICON_BASE (KBR_LEXICON_ENDS - 1U)
typedef struct kbr_lexicon_node {
    uint32_t base;
    uint32_t check;
} kbr_lexicon_node;

extern const kbr_lexicon_node kbr_lexicon_nodes[];
extern const uint32_t kbr_lexicon_node_count;
extern const kbr_lexicon_entry kbr_lexicon_entries[];

/* Code of a unit: kbr_lexicon_codes[page of the high byte][low byte]; 0 = in no surface. */
extern const uint8_t kbr_lexicon_pages[256];
extern const uint16_t kbr_lexicon_codes[][256];

#endif
