/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index: what it holds, which writers take turns to change and readers see without a lock.
 */
#include "index.h"

#include "index_state.h"

/* ---- create and free ---- */

static bool create_mutex(kaburi_index *index) {
    pthread_mutex_t *writer = kbr_allocate(&index->allocator, 1, sizeof *writer);
    if (writer != NULL && pthread_mutex_init(writer, NULL) != 0) {
        kbr_release(&index->allocator, writer);
        writer = NULL;
    }
    index->writer = writer;
    return writer != NULL;
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
    kbr_keys_set_reader(&index->reader, plan);
    index->epoch = kbr_epoch_create(&index->allocator);
    if (index->epoch != NULL) {
        index->holding = kbr_holding_create(&index->allocator, index->epoch);
    }
    index->reserved = kbr_table_create(&index->allocator, NULL);
    if (index->holding == NULL || index->reserved == NULL || !create_mutex(index)) {
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
    if (index->epoch != NULL) {
        kbr_epoch_settle(index->epoch);
    }
    kbr_holding_free(index->holding);
    kbr_epoch_destroy(index->epoch, &allocator);
    kbr_reader_free(&index->reader);
    kbr_table_free(index->reserved);
    if (index->writer != NULL) {
        (void)pthread_mutex_destroy(index->writer);
    }
    kbr_release(&allocator, index->writer);
    kbr_release(&allocator, index);
}

/* ---- count ---- */

/* Threads begin to look for a place at different ones, as their stacks lie in different memory;
 * few, for a writer looks at all that were ever used. */
static uint32_t first_place(const void *here) {
    return (uint32_t)((uintptr_t)here >> 16) % 16;
}

bool kbr_index_contains(const kaburi_index *index, uint64_t id) {
    uint32_t place = first_place(&place);
    uint64_t version = kbr_epoch_enter(index->epoch, &place);
    bool found = kbr_holding_find(kbr_index_holding(index), id, version) != KBR_HOLDING_NO_SLOT;
    kbr_epoch_leave(index->epoch, place);
    return found;
}

size_t kaburi_index_count(const kaburi_index *index) {
    if (index == NULL) {
        return 0;
    }
    uint32_t place = first_place(&place);
    (void)kbr_epoch_enter(index->epoch, &place);
    size_t count = kbr_holding_count(kbr_index_holding(index));
    kbr_epoch_leave(index->epoch, place);
    return count;
}

void kaburi_index_measure(const kaburi_index *index, kaburi_index_stats *out) {
    if (index == NULL || out == NULL) {
        return;
    }
    (void)pthread_mutex_lock(index->writer);
    kbr_holding_measure(kbr_index_holding(index), out);
    out->reserved_records = kbr_index_reserved_count(index);
    (void)pthread_mutex_unlock(index->writer);
}

const char *kbr_index_check(const kaburi_index *index) {
    return kbr_holding_check(kbr_index_holding(index), &index->plan);
}

/* ---- add and remove ---- */

/* Readers see the change; what nobody can see any more is taken out. */
static void publish(kaburi_index *index) {
    kbr_epoch_publish(index->epoch);
    kbr_holding_settle(kbr_index_holding(index), &index->plan);
}

/* The keys of a card, their places on the way into the cache. */
static size_t make_keys(const kaburi_index *index, const kbr_card *card, uint64_t *keys) {
    const kbr_holding *holding = kbr_index_holding(index);
    size_t count = kbr_keys_of_record(keys, &index->plan, card);
    for (size_t i = 0; i < count; i++) {
        kbr_table_prefetch(holding->keys, keys[i]);
    }
    kbr_table_prefetch(holding->ids, card->id);
    return count;
}

kaburi_status kbr_index_file(kaburi_index *index, const kbr_card *read, kaburi_error *error) {
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    kbr_holding *holding = kbr_index_holding(index);
    size_t count = make_keys(index, read, keys);
    kbr_card *card = kbr_cards_copy(&holding->memory, read);
    if (card == NULL) {
        return kbr_fail_memory(error);
    }
    uint64_t version = kbr_epoch_begin(index->epoch);
    kaburi_status status =
        kbr_holding_add(holding, version, card, keys, count, &index->plan, error);
    publish(index);
    if (status != KABURI_OK) {
        kbr_cards_free(&holding->memory, card);
    }
    return status;
}

bool kbr_index_take_out(kaburi_index *index, uint64_t id) {
    uint64_t version = kbr_epoch_begin(index->epoch);
    kbr_holding *holding = kbr_index_holding(index);
    uint32_t slot = kbr_holding_find(holding, id, version);
    if (slot == KBR_HOLDING_NO_SLOT) {
        return false;
    }
    kbr_holding_remove(holding, version, slot, &index->plan);
    publish(index);
    return true;
}

kaburi_status kbr_index_add(kaburi_index *index, const kaburi_record *record, kaburi_error *error) {
    (void)pthread_mutex_lock(index->writer);
    kaburi_status status = kbr_reader_read(&index->reader, record, error);
    if (status == KABURI_OK) {
        status = kbr_index_file(index, index->reader.card, error);
    }
    if (status == KABURI_OK) {
        (void)kbr_index_unreserve(index, record->id);
    }
    (void)pthread_mutex_unlock(index->writer);
    return status;
}

kaburi_status kbr_index_remove(kaburi_index *index, uint64_t id, kaburi_error *error) {
    (void)pthread_mutex_lock(index->writer);
    bool found = kbr_index_take_out(index, id);
    (void)kbr_index_unreserve(index, id);
    (void)pthread_mutex_unlock(index->writer);
    return found ? KABURI_OK
                 : kbr_fail(error, KABURI_ERROR_NOT_FOUND, "no record has the id %llu",
                            (unsigned long long)id);
}
