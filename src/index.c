/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index: what it holds, under two locks. Names are read before the lock is taken that searches
 * share, so that they wait for the filing of one record and no more.
 */
#include "index.h"

#include "index_state.h"

/* ---- create and free ---- */

/* Searches come without a pause; a writer that waits goes before the next of them. */
static bool init_lock(pthread_rwlock_t *lock) {
    pthread_rwlockattr_t attributes;
    if (pthread_rwlockattr_init(&attributes) != 0) {
        return false;
    }
#if defined(__GLIBC__)
    (void)pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
#endif
    bool done = pthread_rwlock_init(lock, &attributes) == 0;
    (void)pthread_rwlockattr_destroy(&attributes);
    return done;
}

/* Both locks or none: index->lock is NULL then. */
static bool create_locks(kaburi_index *index) {
    pthread_rwlock_t *lock = kbr_allocate(&index->allocator, 1, sizeof *lock);
    pthread_mutex_t *writer = kbr_allocate(&index->allocator, 1, sizeof *writer);
    if (lock == NULL || writer == NULL || !init_lock(lock)) {
        goto fail;
    }
    if (pthread_mutex_init(writer, NULL) != 0) {
        (void)pthread_rwlock_destroy(lock);
        goto fail;
    }
    index->lock = lock;
    index->writer = writer;
    return true;
fail:
    kbr_release(&index->allocator, lock);
    kbr_release(&index->allocator, writer);
    return false;
}

kaburi_status kbr_index_create(kaburi_index **out, const kaburi_index_options *options,
                               const kbr_keys_plan *plan, kaburi_error *error) {
    kaburi_allocator allocator = kbr_allocator_of(&options->allocator);
    kaburi_index *index = kbr_allocate(&allocator, 1, sizeof *index);
    if (index == NULL) {
        return kbr_fail_memory(error);
    }
    index->allocator = allocator;
    index->options = *options;
    index->plan = *plan;
    index->model = options->model != NULL ? options->model : &kbr_model_builtin;
    index->policy = options->policy != NULL ? options->policy : &kbr_policy_builtin;
    index->aliases = options->aliases;
    kbr_reader_init(&index->reader, &index->allocator);
    index->reader.unread = kbr_index_is_unread(plan);
    index->reader.deal.fiscal_month = kbr_keys_fiscal_month(plan);
    index->holding = kbr_holding_create(&index->allocator);
    if (index->holding == NULL || !create_locks(index)) {
        kaburi_index_free(index);
        return kbr_fail_memory(error);
    }
    *out = index;
    return KABURI_OK;
}

void kaburi_index_free(kaburi_index *index) {
    if (index == NULL) {
        return;
    }
    kaburi_allocator allocator = index->allocator;
    kbr_holding_free(index->holding);
    kbr_reader_free(&index->reader);
    if (index->lock != NULL) {
        (void)pthread_rwlock_destroy(index->lock);
        (void)pthread_mutex_destroy(index->writer);
    }
    kbr_release(&allocator, index->lock);
    kbr_release(&allocator, index->writer);
    kbr_release(&allocator, index);
}

/* ---- count ---- */

bool kbr_index_contains(const kaburi_index *index, uint64_t id) {
    (void)pthread_rwlock_rdlock(index->lock);
    bool found = kbr_holding_find(index->holding, id) != KBR_HOLDING_NO_SLOT;
    (void)pthread_rwlock_unlock(index->lock);
    return found;
}

size_t kaburi_index_count(const kaburi_index *index) {
    if (index == NULL) {
        return 0;
    }
    (void)pthread_rwlock_rdlock(index->lock);
    size_t count = kbr_holding_count(index->holding);
    (void)pthread_rwlock_unlock(index->lock);
    return count;
}

void kaburi_index_measure(const kaburi_index *index, kaburi_index_stats *out) {
    if (index == NULL || out == NULL) {
        return;
    }
    /* The memory of cards is the writer's, who makes a card before it takes the lock. */
    (void)pthread_mutex_lock(index->writer);
    (void)pthread_rwlock_rdlock(index->lock);
    kbr_holding_measure(index->holding, out);
    (void)pthread_rwlock_unlock(index->lock);
    (void)pthread_mutex_unlock(index->writer);
}

const char *kbr_index_check(const kaburi_index *index) {
    return kbr_holding_check(index->holding, &index->plan);
}

/* ---- add and remove ---- */

/* The keys of a card, their places on the way into the cache. */
static size_t make_keys(const kaburi_index *index, const kbr_card *card, uint64_t *keys) {
    const kbr_holding *holding = index->holding;
    size_t count = kbr_keys_of_record(keys, &index->plan, card);
    for (size_t i = 0; i < count; i++) {
        kbr_table_prefetch(holding->keys, keys[i]);
    }
    kbr_table_prefetch(holding->ids, card->id);
    return count;
}

kaburi_status kbr_index_add(kaburi_index *index, const kaburi_record *record, kaburi_error *error) {
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    (void)pthread_mutex_lock(index->writer);
    kaburi_status status = kbr_reader_read(&index->reader, record, error);
    if (status == KABURI_OK) {
        /* Only writers change the holding, and this is the writer: no lock yet. */
        kbr_holding *holding = index->holding;
        size_t count = make_keys(index, index->reader.card, keys);
        kbr_card *card = kbr_cards_copy(&holding->memory, index->reader.card);
        if (card == NULL) {
            status = kbr_fail_memory(error);
        } else {
            (void)pthread_rwlock_wrlock(index->lock);
            status = kbr_holding_add(holding, card, keys, count, &index->plan, error);
            (void)pthread_rwlock_unlock(index->lock);
        }
        if (status != KABURI_OK) {
            kbr_cards_free(&holding->memory, card);
        }
    }
    (void)pthread_mutex_unlock(index->writer);
    return status;
}

kaburi_status kbr_index_remove(kaburi_index *index, uint64_t id, kaburi_error *error) {
    (void)pthread_mutex_lock(index->writer);
    (void)pthread_rwlock_wrlock(index->lock);
    uint32_t slot = kbr_holding_find(index->holding, id);
    if (slot != KBR_HOLDING_NO_SLOT) {
        kbr_holding_remove(index->holding, slot, &index->plan);
    }
    (void)pthread_rwlock_unlock(index->lock);
    (void)pthread_mutex_unlock(index->writer);
    if (slot == KBR_HOLDING_NO_SLOT) {
        return kbr_fail(error, KABURI_ERROR_NOT_FOUND, "no record has the id %llu",
                        (unsigned long long)id);
    }
    return KABURI_OK;
}
