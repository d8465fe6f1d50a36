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
    kbr_holding *holding;
    kbr_reader reader;       /* of the writer */
    pthread_rwlock_t *lock;  /* the holding: shared by readers */
    pthread_mutex_t *writer; /* the writer's reader and its turn */
};

static inline bool kbr_index_is_unread(const kbr_keys_plan *plan) {
    return (plan->flags & KABURI_INDEX_UNREAD) == KABURI_INDEX_UNREAD;
}

#endif
