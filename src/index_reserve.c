/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reservations: records that were searched for and added in one step of the writer, and are not yet
 * what somebody decided to keep. Which ids they have is the writer's alone; to readers they are
 * records.
 */
#include "index.h"

#include "index_state.h"

/* The table may take two ids that differ in the lowest bit for one key: that bit tells them apart.
 */
static uint32_t mark_of(uint64_t id) {
    return (uint32_t)(id & 1U);
}

bool kbr_index_unreserve(kaburi_index *index, uint64_t id) {
    return kbr_table_remove(index->reserved, id, mark_of(id));
}

bool kbr_index_is_reserved(const kaburi_index *index, uint64_t id) {
    kbr_list list = kbr_table_find(index->reserved, id);
    size_t position = 0;
    for (uint32_t mark; kbr_list_next(list, &position, &mark);) {
        if (mark == mark_of(id)) {
            return true;
        }
    }
    return false;
}

uint64_t kbr_index_reserved_count(const kaburi_index *index) {
    kbr_table_stats stats;
    kbr_table_measure(index->reserved, &stats);
    return stats.postings;
}

/* In the writer's turn. The mark comes first: to take it back needs no memory. */
static kaburi_status reserve(kaburi_index *index, const kbr_card *card, kaburi_error *error) {
    if (!kbr_table_add(index->reserved, card->id, mark_of(card->id))) {
        return kbr_fail_memory(error);
    }
    kaburi_status status = kbr_index_file(index, card, error);
    if (status != KABURI_OK) {
        (void)kbr_index_unreserve(index, card->id);
    }
    return status;
}

kaburi_status kbr_index_reserve(kaburi_index *index, const kaburi_record *record,
                                const kaburi_search_options *options, kaburi_matches *matches,
                                kaburi_error *error) {
    kaburi_status status;
    (void)pthread_mutex_lock(index->writer);
    if (kbr_holding_find(kbr_index_holding(index), record->id, KBR_HOLDING_LATEST) !=
        KBR_HOLDING_NO_SLOT) {
        status = kbr_fail(error, KABURI_ERROR_ARGUMENT, "a record with the id %llu is in the index",
                          (unsigned long long)record->id);
    } else {
        status = kbr_index_search(index, record, options, matches, error);
    }
    if (status == KABURI_OK) {
        status = reserve(index, matches->reader.card, error);
    }
    if (status != KABURI_OK) {
        matches->count = 0;
    }
    (void)pthread_mutex_unlock(index->writer);
    return status;
}

static kaburi_status fail_unreserved(uint64_t id, kaburi_error *error) {
    return kbr_fail(error, KABURI_ERROR_NOT_FOUND, "the id %llu is not reserved",
                    (unsigned long long)id);
}

kaburi_status kbr_index_confirm(kaburi_index *index, uint64_t id, kaburi_error *error) {
    (void)pthread_mutex_lock(index->writer);
    bool reserved = kbr_index_unreserve(index, id);
    (void)pthread_mutex_unlock(index->writer);
    return reserved ? KABURI_OK : fail_unreserved(id, error);
}

kaburi_status kbr_index_cancel(kaburi_index *index, uint64_t id, kaburi_error *error) {
    (void)pthread_mutex_lock(index->writer);
    bool reserved = kbr_index_unreserve(index, id);
    if (reserved) {
        (void)kbr_index_take_out(index, id);
    }
    (void)pthread_mutex_unlock(index->writer);
    return reserved ? KABURI_OK : fail_unreserved(id, error);
}
