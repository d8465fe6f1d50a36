/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this stage share: the index itself.
 */
#ifndef KBR_INDEX_STATE_H
#define KBR_INDEX_STATE_H

#include "holding.h"
#include "index.h"

#include <pthread.h>

struct kaburi_index {
    kaburi_allocator allocator;
    kaburi_index_options options; /* as given, or as saved */
    kbr_keys_plan plan;
    const kaburi_model *model;
    const kaburi_policy *policy;
    const kaburi_aliases *aliases;
    _Atomic(kbr_holding *) holding;
    kbr_epoch *epoch;
    pthread_mutex_t *writer; /* the writer's turn; what follows is the writer's */
    kbr_reader reader;
};

/* As a reader sees it who has entered the epoch, and as the writer does. */
static inline kbr_holding *kbr_index_holding(const kaburi_index *index) {
    return atomic_load_explicit(&index->holding, memory_order_acquire);
}

/* In the writer's turn: the index holds an archive of these cards from now on, which may lie in
 * what it held before. MEMORY, FULL, DAMAGED (what it held was opened in good faith): as before. */
kaburi_status kbr_index_rebuild(kaburi_index *index, const kbr_archive_source *source,
                                kaburi_error *error);

#endif
