/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Twins: rows of a batch that are the same in every byte that can be evidence. Of such rows one
 * stands for all, so that a million equal ones cost as much as one. Takes a batch, gives for each
 * row the first of its kind; reads no names.
 */
#ifndef KBR_TWINS_H
#define KBR_TWINS_H

#include "base.h"

#define KBR_TWINS_NONE UINT32_MAX

typedef struct kbr_twins {
    const kaburi_allocator *allocator; /* borrowed */
    uint32_t *first;                   /* of each row: the first row like it, maybe itself */
    uint32_t *next;                    /* of each row: the next like it, or KBR_TWINS_NONE */
    uint32_t *count;                   /* of a first row: how many are like it; of others: 0 */
    size_t row_count;
    size_t steps; /* places of other rows looked at: about one a row, whatever the rows are */
} kbr_twins;

/* ARGUMENT (the message names the row) and MEMORY; nothing is held then. O(bytes of the batch), for
 * hostile ones too. */
kaburi_status kbr_twins_find(kbr_twins *twins, const kaburi_batch *batch,
                             const kaburi_allocator *allocator, kaburi_error *error);
void kbr_twins_free(kbr_twins *twins);

#endif
