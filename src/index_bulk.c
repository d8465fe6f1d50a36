/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Adding many records at once. Where they are as many as the index holds, all of it becomes one new
 * archive, without a table in between: of 304,000 names a table takes 27 % of the time, and a
 * record in it three times the memory. Searches go on with what there was; fewer records, and all
 * where memory is short, are added one by one.
 */
#include "index.h"

#include "index_state.h"

/* Fewer records are not worth an archive. */
#define BULK_MIN 1024

/* The records that were read, by position; and those that are kept of what the index holds. */
typedef struct bulk {
    const kbr_holding *holding;
    uint32_t *slots; /* of the holding, kept_count of them */
    size_t kept_count;
    kbr_cards memory;
    kbr_card **cards; /* NULL: one of its id came later */
    size_t count;
    size_t capacity;
    kbr_table *ids; /* id -> positions, one of each id */
} bulk;

static const kbr_card *card_of(const void *context, uint32_t slot) {
    const bulk *from = context;
    return slot < from->kept_count
               ? kbr_holding_card(from->holding, from->slots[slot], KBR_HOLDING_LATEST)
               : from->cards[slot - from->kept_count];
}

static void close_bulk(bulk *with, const kaburi_allocator *allocator) {
    for (size_t i = 0; i < with->count; i++) {
        kbr_cards_free(&with->memory, with->cards[i]);
    }
    kbr_cards_close(&with->memory);
    kbr_release(allocator, with->cards);
    kbr_release(allocator, with->slots);
    kbr_table_free(with->ids);
}

/* The position of the record with this id, or count. */
static size_t position_of(const bulk *with, uint64_t id) {
    kbr_list list = kbr_table_find(with->ids, id);
    size_t at = 0;
    for (uint32_t position; kbr_list_next(list, &at, &position);) {
        if (with->cards[position]->id == id) {
            return position;
        }
    }
    return with->count;
}

/* Keeps a copy of the card in place of an earlier one of its id. False without memory. */
static bool take(bulk *with, const kbr_card *card, const kaburi_allocator *allocator) {
    void *cards = with->cards;
    bool done =
        kbr_reserve(allocator, &cards, &with->capacity, with->count + 1, sizeof *with->cards);
    with->cards = cards;
    kbr_card *copy = done ? kbr_cards_copy(&with->memory, card) : NULL;
    if (copy == NULL) {
        return false;
    }
    size_t older = position_of(with, card->id);
    if (older < with->count) {
        (void)kbr_table_remove(with->ids, card->id, (uint32_t)older);
        kbr_cards_free(&with->memory, with->cards[older]);
        with->cards[older] = NULL;
    }
    with->cards[with->count++] = copy;
    return kbr_table_add(with->ids, card->id, (uint32_t)(with->count - 1));
}

/* Reads rows up to the first that is refused, which *status tells. False without memory. */
static bool read_rows(bulk *with, kaburi_index *index, const kbr_index_rows *rows, size_t *read,
                      kaburi_status *status, kaburi_error *error) {
    *status = KABURI_OK;
    for (*read = 0; *read < rows->count; ++*read) {
        kaburi_record record;
        *status = rows->record_of(&record, rows->context, *read, error);
        if (*status == KABURI_OK) {
            *status = kbr_reader_read(&index->reader, &record, error);
        }
        if (*status != KABURI_OK) {
            return *status != KABURI_ERROR_MEMORY;
        }
        if (!take(with, index->reader.card, &index->allocator)) {
            return false;
        }
    }
    return true;
}

/* Leaves out the records that came again: those of the batch, and of the index. */
static bool list_kept(bulk *with, const kaburi_allocator *allocator) {
    size_t held = kbr_holding_count(with->holding);
    with->slots = kbr_allocate(allocator, held + 1, sizeof *with->slots);
    if (with->slots == NULL) {
        return false;
    }
    kbr_holding_list(with->holding, with->slots);
    for (size_t i = 0; i < held; i++) {
        const kbr_card *card = kbr_holding_card(with->holding, with->slots[i], KBR_HOLDING_LATEST);
        if (position_of(with, card->id) == with->count) {
            with->slots[with->kept_count++] = with->slots[i];
        }
    }
    size_t count = 0;
    for (size_t i = 0; i < with->count; i++) {
        if (with->cards[i] != NULL) {
            with->cards[count++] = with->cards[i];
        }
    }
    with->count = count;
    return true;
}

/* Some 30 keys a name, 60 a deal; told exactly by what is built. */
#define POSTINGS_GUESSED 40

static kaburi_status build(kaburi_index *index, bulk *with, kaburi_error *error) {
    kaburi_status checked = kbr_index_check_believed(index, error);
    if (checked != KABURI_OK) {
        return checked;
    }
    if (!list_kept(with, &index->allocator)) {
        return kbr_fail_memory(error);
    }
    uint64_t all = (uint64_t)with->kept_count + with->count;
    if (all > KBR_HOLDING_SLOTS_MAX) {
        return kbr_fail(error, KABURI_ERROR_FULL, "the index holds %d records",
                        KBR_HOLDING_SLOTS_MAX);
    }
    const kbr_archive_source source = {.context = with,
                                       .card_of = card_of,
                                       .slot_count = (uint32_t)all,
                                       .posting_count = all * POSTINGS_GUESSED};
    kaburi_status status = kbr_index_rebuild(index, &source, error);
    for (size_t i = 0; i < with->count && status == KABURI_OK; i++) {
        (void)kbr_index_unreserve(index, with->cards[i]->id); /* adding confirms */
    }
    return status;
}

/* Whether they are worth an archive: each is then written anew for as many as it holds. */
static bool are_many(size_t count, const kbr_holding *holding) {
    return count >= BULK_MIN && count >= kbr_holding_count(holding);
}

/* False where nothing was added: for want of memory or of room, or where a record is refused before
 * there are many. */
static bool add_in_bulk(kaburi_index *index, const kbr_index_rows *rows, size_t *added,
                        kaburi_status *status, kaburi_error *error) {
    bulk with = {.holding = kbr_index_holding(index)};
    kbr_cards_init(&with.memory, &index->allocator);
    with.ids = kbr_table_create(&index->allocator, NULL);
    size_t read = 0;
    bool done = with.ids != NULL && read_rows(&with, index, rows, &read, status, error) &&
                are_many(read, with.holding) && build(index, &with, NULL) == KABURI_OK;
    close_bulk(&with, &index->allocator);
    *added = done ? read : 0;
    return done;
}

/* How many are in is told where this fails. */
static kaburi_status add_one_by_one(kaburi_index *index, const kbr_index_rows *rows, size_t *added,
                                    kaburi_error *error) {
    for (*added = 0; *added < rows->count; ++*added) {
        kaburi_record record;
        kaburi_status status = rows->record_of(&record, rows->context, *added, error);
        if (status == KABURI_OK) {
            status = kbr_index_add(index, &record, error);
        }
        if (status != KABURI_OK) {
            return status;
        }
    }
    return KABURI_OK;
}

kaburi_status kbr_index_add_many(kaburi_index *index, const kbr_index_rows *rows, size_t *added,
                                 kaburi_error *error) {
    kaburi_status status = KABURI_OK;
    (void)pthread_mutex_lock(index->writer);
    bool in_bulk = are_many(rows->count, kbr_index_holding(index)) &&
                   add_in_bulk(index, rows, added, &status, error);
    (void)pthread_mutex_unlock(index->writer);
    return in_bulk ? status : add_one_by_one(index, rows, added, error);
}
