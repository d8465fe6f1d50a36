/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory of cards. Slabs instead of a block each: a search loads a hundred cards from all over the
 * memory, and what it waits for is the translation of their addresses, which few large pages make
 * short (p50 over 304,000 names 47 us before, 41 after; medians of three runs each, by turns).
 */
#include "cards.h"

#include <string.h>

#define SLAB_SIZE_MIN ((size_t)64 << 10)

void kbr_cards_init(kbr_cards *cards, const kaburi_allocator *allocator) {
    memset(cards, 0, sizeof *cards);
    cards->allocator = allocator;
}

void kbr_cards_close(kbr_cards *cards) {
    for (size_t i = 0; i < cards->slab_count; i++) {
        kbr_release(cards->allocator, cards->slabs[i]);
    }
    kbr_release(cards->allocator, cards->slabs);
}

static size_t lines_of(size_t size) {
    return (size + KBR_CARDS_LINE - 1) / KBR_CARDS_LINE;
}

/* A new slab, larger the more there are; a smaller one where memory is short. Not zeroed: a card is
 * copied over it. */
static bool add_slab(kbr_cards *cards) {
    void *slabs = cards->slabs;
    bool done = kbr_reserve(cards->allocator, &slabs, &cards->slab_capacity, cards->slab_count + 1,
                            sizeof *cards->slabs);
    cards->slabs = slabs;
    size_t size = SLAB_SIZE_MIN << (cards->slab_count < 8 ? cards->slab_count : 8);
    char *slab = NULL;
    for (; done && size >= SLAB_SIZE_MIN; size /= 2) {
        slab = cards->allocator->resize(cards->allocator->context, NULL, size);
        if (slab != NULL) {
            break;
        }
    }
    if (slab == NULL) {
        return false;
    }
    size_t skipped = -(uintptr_t)slab % KBR_CARDS_LINE;
    cards->slabs[cards->slab_count++] = slab;
    cards->next = slab + skipped;
    cards->left = size - skipped;
    cards->bytes += size;
    return true;
}

static void *make(kbr_cards *cards, size_t size) {
    size_t lines = lines_of(size);
    if (lines > KBR_CARDS_CLASSES) {
        void *block = kbr_allocate(cards->allocator, size, 1);
        cards->bytes += block != NULL ? size : 0;
        return block;
    }
    void **list = &cards->freed[lines - 1];
    if (*list != NULL) {
        void *block = *list;
        memcpy(list, block, sizeof *list);
        return block;
    }
    if (cards->left < lines * KBR_CARDS_LINE && !add_slab(cards)) {
        return NULL;
    }
    void *block = cards->next;
    cards->next += lines * KBR_CARDS_LINE;
    cards->left -= lines * KBR_CARDS_LINE;
    return block;
}

kbr_card *kbr_cards_copy(kbr_cards *cards, const kbr_card *card) {
    kbr_card *copy = make(cards, card->size);
    if (copy != NULL) {
        memcpy(copy, card, card->size);
    }
    return copy;
}

void kbr_cards_free(kbr_cards *cards, kbr_card *card) {
    if (card == NULL) {
        return;
    }
    size_t size = card->size;
    size_t lines = lines_of(size);
    if (lines > KBR_CARDS_CLASSES) {
        cards->bytes -= size;
        kbr_release(cards->allocator, card);
        return;
    }
    void **list = &cards->freed[lines - 1];
    memcpy(card, list, sizeof *list);
    *list = card;
}
