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
    kbr_table *reserved; /* id -> its lowest bit: the reservations */
};

/* As a reader sees it who has entered the epoch, and as the writer does. */
static inline kbr_holding *kbr_index_holding(const kaburi_index *index) {
    return atomic_load_explicit(&index->holding, memory_order_acquire);
}

/* In the writer's turn: checks an archive that was opened in good faith before its cards are taken
 * apart. DAMAGED. */
kaburi_status kbr_index_check_believed(const kaburi_index *index, kaburi_error *error);

/* In the writer's turn: the index holds an archive of these cards from now on, which may lie in
 * what it held before, which was checked. MEMORY, FULL: as before. */
kaburi_status kbr_index_rebuild(kaburi_index *index, const kbr_archive_source *source,
                                kaburi_error *error);

/* In the writer's turn: files a card in place of the record with its id. The epoch is published. */
kaburi_status kbr_index_file(kaburi_index *index, const kbr_card *card, kaburi_error *error);
/* Takes the record with this id out; false where there is none. */
bool kbr_index_take_out(kaburi_index *index, uint64_t id);

/* In the writer's turn: whether an id was reserved; it is no more. */
bool kbr_index_unreserve(kaburi_index *index, uint64_t id);
bool kbr_index_is_reserved(const kaburi_index *index, uint64_t id);
uint64_t kbr_index_reserved_count(const kaburi_index *index);

#endif
