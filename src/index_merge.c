/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merging, saving and opening an index: how what it holds becomes an archive, in memory or in a
 * file. Writers wait; searches go on with what there was.
 */
#include "index.h"

#include "index_state.h"

/* What is held, by slot, without what was removed. */
typedef struct source {
    const kbr_holding *holding;
    uint32_t *slots;
    size_t count;
} source;

static const kbr_card *card_of(const void *context, uint32_t slot) {
    const source *from = context;
    return kbr_holding_card(from->holding, from->slots != NULL ? from->slots[slot] : slot,
                            KBR_HOLDING_LATEST);
}

static bool is_merged(const kbr_holding *holding) {
    return holding->removed_count == 0 && kbr_holding_count(holding) == holding->archive.slot_count;
}

kaburi_status kbr_index_check_believed(const kaburi_index *index, kaburi_error *error) {
    kbr_holding *holding = kbr_index_holding(index);
    const char *wrong = holding->believed ? kbr_archive_check_cards(&holding->archive) : NULL;
    if (wrong != NULL) {
        return kbr_fail(error, KABURI_ERROR_DAMAGED, "the opened snapshot is damaged: %s", wrong);
    }
    holding->believed = false;
    return KABURI_OK;
}

static kbr_archive_source source_of(const source *from) {
    kaburi_index_stats stats;
    kbr_holding_measure(from->holding, &stats);
    return (kbr_archive_source){.context = from,
                                .card_of = card_of,
                                .slot_count = (uint32_t)from->count,
                                .posting_count = stats.postings};
}

/* All that is held, by slot. */
static kaburi_status list_all(source *out, const kaburi_index *index, kaburi_error *error) {
    *out = (source){.holding = kbr_index_holding(index)};
    out->slots =
        kbr_allocate(&index->allocator, kbr_holding_count(out->holding) + 1, sizeof *out->slots);
    if (out->slots == NULL) {
        return kbr_fail_memory(error);
    }
    kbr_holding_list(out->holding, out->slots);
    out->count = kbr_holding_count(out->holding);
    return KABURI_OK;
}

/* ---- merge ---- */

static void free_holding(void *context, void *what, uint64_t number) {
    (void)context;
    (void)number;
    kbr_holding_free(what);
}

kaburi_status kbr_index_rebuild(kaburi_index *index, const kbr_archive_source *all,
                                kaburi_error *error) {
    kbr_archive archive;
    kbr_holding *before = kbr_index_holding(index);
    kaburi_status status =
        kbr_archive_build(&archive, all, &index->plan, true, &index->allocator, error);
    if (status != KABURI_OK) {
        return status;
    }
    kbr_holding *merged = kbr_holding_create(&index->allocator, index->epoch);
    if (merged == NULL || !kbr_holding_take_archive(merged, &archive, NULL)) {
        kbr_holding_free(merged);
        kbr_archive_free(&archive, &index->allocator);
        return kbr_fail_memory(error);
    }
    (void)kbr_epoch_begin(index->epoch);
    atomic_store_explicit(&index->holding, merged, memory_order_release);
    kbr_epoch_retire(index->epoch, free_holding, NULL, before, 0);
    kbr_epoch_settle(index->epoch);
    return KABURI_OK;
}

static kaburi_status merge(kaburi_index *index, kaburi_error *error) {
    source from;
    kaburi_status status = list_all(&from, index, error);
    if (status == KABURI_OK) {
        const kbr_archive_source all = source_of(&from);
        status = kbr_index_rebuild(index, &all, error);
    }
    kbr_release(&index->allocator, from.slots);
    return status;
}

kaburi_status kbr_index_merge(kaburi_index *index, kaburi_error *error) {
    (void)pthread_mutex_lock(index->writer);
    kaburi_status status = KABURI_OK;
    if (!is_merged(kbr_index_holding(index))) {
        status = kbr_index_check_believed(index, error);
        status = status == KABURI_OK ? merge(index, error) : status;
    }
    (void)pthread_mutex_unlock(index->writer);
    return status;
}

/* ---- save ---- */

/* What was entered and not yet decided on is not saved: who reserved it is gone when it is opened.
 */
static void leave_reserved_out(source *from, const kaburi_index *index) {
    if (kbr_index_reserved_count(index) == 0) {
        return;
    }
    size_t count = 0;
    for (uint32_t i = 0; i < from->count; i++) {
        if (!kbr_index_is_reserved(index, card_of(from, i)->id)) {
            from->slots[count++] = from->slots[i];
        }
    }
    from->count = count;
}

static kaburi_status save(const kaburi_index *index, const char *path, kaburi_error *error) {
    source from;
    kbr_archive archive;
    kaburi_status status = list_all(&from, index, error);
    if (status == KABURI_OK) {
        leave_reserved_out(&from, index);
    }
    const kbr_archive_source all = source_of(&from);
    if (status == KABURI_OK) {
        status = kbr_archive_build(&archive, &all, &index->plan, false, &index->allocator, error);
    }
    if (status == KABURI_OK) {
        status = kbr_snapshot_write(path, &archive, &all, &index->options, &index->plan,
                                    &index->allocator, error);
        kbr_archive_free(&archive, &index->allocator);
    }
    kbr_release(&index->allocator, from.slots);
    return status;
}

/* The archive as it is. */
static kaburi_status save_merged(const kaburi_index *index, const char *path, kaburi_error *error) {
    const source from = {.holding = kbr_index_holding(index),
                         .count = kbr_holding_count(kbr_index_holding(index))};
    const kbr_archive_source all = source_of(&from);
    return kbr_snapshot_write(path, &kbr_index_holding(index)->archive, &all, &index->options,
                              &index->plan, &index->allocator, error);
}

kaburi_status kbr_index_save(const kaburi_index *index, const char *path, kaburi_error *error) {
    (void)pthread_mutex_lock(index->writer);
    kaburi_status status = kbr_index_check_believed(index, error);
    if (status == KABURI_OK) {
        bool merged = is_merged(kbr_index_holding(index)) &&
                      kbr_index_holding(index)->archive.slot_count > 0 &&
                      kbr_index_reserved_count(index) == 0;
        status = merged ? save_merged(index, path, error) : save(index, path, error);
    }
    (void)pthread_mutex_unlock(index->writer);
    return status;
}

/* ---- open ---- */

/* The options of the file with what the caller says. */
static kaburi_status set_options(kaburi_index_options *into, const kaburi_open_options *options,
                                 kaburi_error *error) {
    into->postings_max = options->postings_max != 0 ? options->postings_max : into->postings_max;
    into->scored_max = options->scored_max != 0 ? options->scored_max : into->scored_max;
    into->model = options->model;
    into->aliases = options->aliases;
    into->policy = options->policy;
    into->allocator = options->allocator;
    kbr_keys_plan plan;
    return kbr_keys_plan_init(&plan, into, error);
}

kaburi_status kbr_index_open(kaburi_index **out, const char *path,
                             const kaburi_open_options *options, kaburi_error *error) {
    kaburi_allocator allocator = kbr_allocator_of(&options->allocator);
    bool full = (options->flags & KABURI_OPEN_HEADER) == 0;
    kbr_snapshot snapshot;
    kaburi_index *index = NULL;
    kaburi_status status = kbr_snapshot_open(&snapshot, path, full, &allocator, error);
    if (status != KABURI_OK) {
        return status;
    }
    status = set_options(&snapshot.options, options, error);
    if (status == KABURI_OK) {
        status = kbr_index_create(&index, &snapshot.options, &snapshot.plan, error);
    }
    if (status == KABURI_OK &&
        !kbr_holding_take_archive(kbr_index_holding(index), &snapshot.archive, &snapshot.mapping)) {
        status = kbr_fail_memory(error);
    }
    if (status != KABURI_OK) {
        kaburi_index_free(index);
        kbr_snapshot_close(&snapshot);
        return status;
    }
    kbr_index_holding(index)->believed = !full;
    *out = index;
    return KABURI_OK;
}
