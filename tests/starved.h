/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An allocator that runs out: it grants a number of allocations and refuses all others, and counts
 * the blocks that are still held. A test asks with 0, 1, 2 ... grants until the call succeeds.
 */
#ifndef KBR_TEST_STARVED_H
#define KBR_TEST_STARVED_H

#include "kaburi.h"

#include <stdlib.h>

typedef struct starved {
    size_t left;   /* allocations that still succeed */
    size_t blocks; /* not yet freed */
} starved;

static inline void *starved_resize(void *context, void *block, size_t new_size) {
    starved *memory = context;
    if (new_size == 0) {
        memory->blocks -= block != NULL;
        free(block);
        return NULL;
    }
    if (memory->left == 0) {
        return NULL;
    }
    memory->left--;
    void *resized = realloc(block, new_size);
    memory->blocks += block == NULL && resized != NULL;
    return resized;
}

static inline kaburi_allocator starved_allocator(starved *memory) {
    return (kaburi_allocator){.context = memory, .resize = starved_resize};
}

#endif
