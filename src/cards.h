/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory of cards: many blocks of a few hundred bytes, made and freed in any order, each on cache
 * lines of its own and next to those made before and after it; a card of more than 2 KiB is a block
 * by itself. Knows cards only by their size.
 */
#ifndef KBR_CARDS_H
#define KBR_CARDS_H

#include "record.h"

#define KBR_CARDS_LINE 64
#define KBR_CARDS_CLASSES 32 /* of a line each: cards of up to 2 KiB share slabs */

typedef struct kbr_cards {
    const kaburi_allocator *allocator; /* borrowed */
    void **slabs;
    size_t slab_count;
    size_t slab_capacity;
    char *next; /* free part of the last slab */
    size_t left;
    void *freed[KBR_CARDS_CLASSES]; /* lists of freed cards, by lines */
    uint64_t bytes;                 /* of slabs and of cards larger than those share */
} kbr_cards;

/* Allocates nothing. */
void kbr_cards_init(kbr_cards *cards, const kaburi_allocator *allocator);
/* Frees the slabs; cards of more than 2 KiB are the caller's to free first. */
void kbr_cards_close(kbr_cards *cards);

/* A copy of the card, or NULL without memory. */
kbr_card *kbr_cards_copy(kbr_cards *cards, const kbr_card *card);
/* The place is used again; slabs go back when all is closed. Never allocates. NULL is allowed. */
void kbr_cards_free(kbr_cards *cards, kbr_card *card);

#endif
