/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an index holds. A failed add leaves it as it was: new keys are filed first, the old card is
 * taken out only when nothing can fail any more, and taking keys out never allocates.
 */
#include "holding.h"

#include <string.h>

/* ---- create and free ---- */

kbr_holding *kbr_holding_create(const kaburi_allocator *allocator) {
    kbr_holding *holding = kbr_allocate(allocator, 1, sizeof *holding);
    if (holding == NULL) {
        return NULL;
    }
    holding->allocator = *allocator;
    kbr_cards_init(&holding->memory, &holding->allocator);
    holding->ids = kbr_table_create(&holding->allocator);
    holding->keys = kbr_table_create(&holding->allocator);
    if (holding->ids == NULL || holding->keys == NULL) {
        kbr_holding_free(holding);
        return NULL;
    }
    return holding;
}

void kbr_holding_free(kbr_holding *holding) {
    if (holding == NULL) {
        return;
    }
    kaburi_allocator allocator = holding->allocator;
    for (size_t i = 0; i < holding->slot_count; i++) {
        kbr_cards_free(&holding->memory, holding->cards[i]);
    }
    kbr_cards_close(&holding->memory);
    kbr_release(&allocator, holding->cards);
    kbr_release(&allocator, holding->free_slots);
    kbr_table_free(holding->ids);
    kbr_table_free(holding->keys);
    kbr_release(&allocator, holding->removed);
    if (holding->mapping.data != NULL) {
        kbr_mapping_close(&holding->mapping);
    } else {
        kbr_archive_free(&holding->archive, &allocator);
    }
    kbr_release(&allocator, holding);
}

bool kbr_holding_take_archive(kbr_holding *holding, const kbr_archive *archive,
                              const kbr_mapping *mapping) {
    if (archive->slot_count > 0) {
        holding->removed =
            kbr_allocate(&holding->allocator, archive->slot_count / 64 + 1, sizeof(uint64_t));
        if (holding->removed == NULL) {
            return false;
        }
    }
    holding->archive = *archive;
    if (mapping != NULL) {
        holding->mapping = *mapping;
    }
    return true;
}

/* ---- find ---- */

static uint32_t find_in_archive(const kbr_holding *holding, uint64_t id) {
    return holding->archive.slot_count == 0
               ? KBR_HOLDING_NO_SLOT
               : kbr_archive_find(&holding->archive, id, holding->removed);
}

uint32_t kbr_holding_find(const kbr_holding *holding, uint64_t id) {
    size_t count;
    const uint32_t *slots = kbr_table_find(holding->ids, id, &count);
    return slots != NULL ? slots[0] : find_in_archive(holding, id);
}

/* ---- add and remove ---- */

/* A free slot, made when there is none; it is not taken before a card is put there. */
static bool find_free_slot(kbr_holding *holding, uint32_t *slot) {
    if (holding->free_count > 0) {
        *slot = holding->free_slots[holding->free_count - 1];
        return true;
    }
    void *cards = holding->cards;
    bool done = kbr_reserve(&holding->allocator, &cards, &holding->card_capacity,
                            holding->slot_count + 1, sizeof(kbr_card *));
    holding->cards = cards;
    void *slots = holding->free_slots;
    done = done && kbr_reserve(&holding->allocator, &slots, &holding->free_capacity,
                               holding->card_capacity, sizeof *holding->free_slots);
    holding->free_slots = slots;
    *slot = holding->archive.slot_count + (uint32_t)holding->slot_count;
    return done;
}

static void take_slot(kbr_holding *holding, uint32_t slot, kbr_card *card) {
    if (holding->free_count > 0 && holding->free_slots[holding->free_count - 1] == slot) {
        holding->free_count--;
    } else {
        holding->slot_count++;
    }
    holding->cards[slot - holding->archive.slot_count] = card;
}

static void unfile(kbr_holding *holding, const uint64_t *keys, size_t count, uint32_t slot) {
    for (size_t i = 0; i < count; i++) {
        (void)kbr_table_remove(holding->keys, keys[i], slot);
    }
}

static bool file(kbr_holding *holding, const uint64_t *keys, size_t count, uint32_t slot) {
    for (size_t i = 0; i < count; i++) {
        kbr_table_prefetch_end(holding->keys, keys[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (!kbr_table_add(holding->keys, keys[i], slot)) {
            unfile(holding, keys, i, slot);
            return false;
        }
    }
    return true;
}

/* The card stays where it is, but is not found any more. */
static void remove_from_archive(kbr_holding *holding, uint32_t slot, const kbr_keys_plan *plan) {
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    const kbr_card *card = kbr_archive_card(&holding->archive, slot);
    holding->removed[slot / 64] |= UINT64_C(1) << slot % 64;
    holding->removed_count++;
    size_t left =
        (size_t)(holding->archive.cards + holding->archive.cards_size - (const char *)card);
    if (!holding->believed || kbr_card_is_sound(card, left)) {
        holding->removed_postings += kbr_keys_of_record(keys, plan, card);
    }
}

void kbr_holding_remove(kbr_holding *holding, uint32_t slot, const kbr_keys_plan *plan) {
    if (slot < holding->archive.slot_count) {
        remove_from_archive(holding, slot, plan);
        return;
    }
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    kbr_card **place = &holding->cards[slot - holding->archive.slot_count];
    unfile(holding, keys, kbr_keys_of_record(keys, plan, *place), slot);
    (void)kbr_table_remove(holding->ids, (*place)->id, slot);
    kbr_cards_free(&holding->memory, *place);
    *place = NULL;
    holding->free_slots[holding->free_count++] = slot;
}

kaburi_status kbr_holding_add(kbr_holding *holding, kbr_card *card, const uint64_t *keys,
                              size_t count, const kbr_keys_plan *plan, kaburi_error *error) {
    uint32_t older = kbr_holding_find(holding, card->id);
    uint32_t slot;
    if (holding->free_count == 0 &&
        holding->archive.slot_count + holding->slot_count >= KBR_HOLDING_SLOTS_MAX) {
        return kbr_fail(error, KABURI_ERROR_FULL, "the index holds %d records",
                        KBR_HOLDING_SLOTS_MAX);
    }
    if (!find_free_slot(holding, &slot) || !file(holding, keys, count, slot)) {
        return kbr_fail_memory(error);
    }
    if (!kbr_table_add(holding->ids, card->id, slot)) {
        unfile(holding, keys, count, slot);
        return kbr_fail_memory(error);
    }
    take_slot(holding, slot, card);
    if (older != KBR_HOLDING_NO_SLOT) {
        kbr_holding_remove(holding, older, plan);
    }
    return KABURI_OK;
}

void kbr_holding_list(const kbr_holding *holding, uint32_t *slots) {
    size_t count = 0;
    for (uint32_t slot = 0; slot < holding->archive.slot_count; slot++) {
        if (!kbr_archive_is_set(holding->removed, slot)) {
            slots[count++] = slot;
        }
    }
    for (size_t i = 0; i < holding->slot_count; i++) {
        if (holding->cards[i] != NULL) {
            slots[count++] = holding->archive.slot_count + (uint32_t)i;
        }
    }
}

/* ---- measure and check ---- */

void kbr_holding_measure(const kbr_holding *holding, kaburi_index_stats *out) {
    kbr_table_stats ids;
    kbr_table_stats keys;
    kbr_archive_stats archive = {0};
    kbr_table_measure(holding->ids, &ids);
    kbr_table_measure(holding->keys, &keys);
    if (holding->archive.slot_count > 0) {
        kbr_archive_measure(&holding->archive, &archive);
    }
    uint64_t removed_bytes =
        holding->removed != NULL ? holding->archive.slot_count / 64 * 8 + 8 : 0;
    *out = (kaburi_index_stats){
        .records = kbr_holding_count(holding),
        .record_bytes = holding->memory.bytes + holding->card_capacity * sizeof(kbr_card *) +
                        archive.card_bytes,
        .id_bytes = ids.bytes + holding->free_capacity * sizeof *holding->free_slots +
                    archive.id_bytes + removed_bytes,
        .key_bytes = keys.bytes + archive.key_bytes,
        .keys = keys.keys + holding->archive.keys.key_count,
        .postings = keys.postings + holding->archive.keys.posting_count - holding->removed_postings,
        .merged_records = holding->archive.slot_count,
        .merged_bytes = archive.card_bytes + archive.id_bytes + archive.key_bytes,
        .mapped_bytes = holding->mapping.size,
        .removed_records = holding->removed_count,
    };
}

static const char *check_beside(const kbr_holding *holding, const kbr_keys_plan *plan) {
    const char *wrong = kbr_table_check(holding->ids);
    if (wrong == NULL) {
        wrong = kbr_table_check(holding->keys);
    }
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    uint64_t postings = 0;
    for (size_t i = 0; wrong == NULL && i < holding->slot_count; i++) {
        const kbr_card *card = holding->cards[i];
        if (card == NULL) {
            continue;
        }
        if (kbr_holding_find(holding, card->id) != holding->archive.slot_count + i) {
            wrong = "an id does not lead to its slot";
        }
        if (find_in_archive(holding, card->id) != KBR_HOLDING_NO_SLOT) {
            wrong = "an id is in the archive and beside it";
        }
        postings += kbr_keys_of_record(keys, plan, card);
    }
    kbr_table_stats stats;
    kbr_table_measure(holding->keys, &stats);
    if (wrong == NULL && stats.postings != postings) {
        wrong = "postings are left over or missing";
    }
    return wrong;
}

const char *kbr_holding_check(const kbr_holding *holding, const kbr_keys_plan *plan) {
    const char *wrong = check_beside(holding, plan);
    if (wrong != NULL || holding->archive.slot_count == 0) {
        return wrong;
    }
    wrong = kbr_archive_check(&holding->archive, plan);
    uint32_t removed = 0;
    for (uint32_t slot = 0; wrong == NULL && slot < holding->archive.slot_count; slot++) {
        const kbr_card *card = kbr_archive_card(&holding->archive, slot);
        if (kbr_archive_is_set(holding->removed, slot)) {
            removed++;
        } else if (find_in_archive(holding, card->id) != slot) {
            wrong = "an id does not lead to its slot in the archive";
        }
    }
    return wrong == NULL && removed != holding->removed_count
               ? "removed records are counted wrongly"
               : wrong;
}
