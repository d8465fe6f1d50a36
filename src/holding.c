/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an index holds. Nothing is taken from under a reader: a record is filed before it is born
 * and its keys are taken out only when nobody is old enough to see it alive. A failed add leaves
 * all as it was, and taking keys out never allocates.
 */
#include "holding.h"

#include <sched.h>
#include <string.h>

#define ALIVE UINT64_MAX

/* ---- create and free ---- */

kbr_holding *kbr_holding_create(const kaburi_allocator *allocator, kbr_epoch *epoch) {
    kbr_holding *holding = kbr_allocate(allocator, 1, sizeof *holding);
    if (holding == NULL) {
        return NULL;
    }
    holding->allocator = *allocator;
    holding->epoch = epoch;
    holding->free_head = KBR_HOLDING_NO_SLOT;
    holding->dead_head = KBR_HOLDING_NO_SLOT;
    holding->dead_tail = KBR_HOLDING_NO_SLOT;
    kbr_cards_init(&holding->memory, &holding->allocator);
    holding->ids = kbr_table_create(&holding->allocator, epoch);
    holding->keys = kbr_table_create(&holding->allocator, epoch);
    if (holding->ids == NULL || holding->keys == NULL) {
        kbr_holding_free(holding);
        return NULL;
    }
    return holding;
}

static kbr_card *own_card(const kbr_place *place) {
    return atomic_load_explicit(&place->card, memory_order_relaxed);
}

void kbr_holding_free(kbr_holding *holding) {
    if (holding == NULL) {
        return;
    }
    kaburi_allocator allocator = holding->allocator;
    for (uint32_t i = 0; i < holding->slot_count; i++) {
        kbr_cards_free(&holding->memory, own_card(kbr_holding_place(holding, i)));
    }
    kbr_cards_close(&holding->memory);
    for (size_t i = 0; i < KBR_HOLDING_CHUNKS; i++) {
        kbr_release(&allocator, atomic_load_explicit(&holding->chunks[i], memory_order_relaxed));
    }
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
    atomic_store_explicit(&holding->count, archive->slot_count, memory_order_relaxed);
    return true;
}

/* ---- find ---- */

bool kbr_holding_was_there(const kbr_holding *holding, uint32_t slot, uint64_t version) {
    uint32_t tail = atomic_load_explicit(&holding->dying_tail, memory_order_acquire);
    uint32_t head = atomic_load_explicit(&holding->dying_head, memory_order_acquire);
    for (; version != KBR_HOLDING_LATEST && head != tail; head++) {
        uint64_t died =
            atomic_load_explicit(&holding->dying[head % KBR_HOLDING_DYING], memory_order_acquire);
        /* The lower halves of versions: a reader is never two thousand million changes old. */
        if (died >> 32 == slot && (int32_t)((uint32_t)died - (uint32_t)version) > 0) {
            return true;
        }
    }
    return false;
}

static uint32_t find_in_archive(const kbr_holding *holding, uint64_t id, uint64_t version) {
    kbr_postings found;
    uint32_t slot;
    if (holding->archive.slot_count == 0 || !kbr_segment_find(&holding->archive.ids, id, &found)) {
        return KBR_HOLDING_NO_SLOT;
    }
    kbr_segment_start(&holding->archive.ids, &found);
    while (kbr_segment_next(&holding->archive.ids, &found, &slot)) {
        const kbr_card *card = kbr_holding_card(holding, slot, version);
        if (card != NULL && card->id == id) {
            return slot;
        }
    }
    return KBR_HOLDING_NO_SLOT;
}

uint32_t kbr_holding_find(const kbr_holding *holding, uint64_t id, uint64_t version) {
    kbr_list list = kbr_table_find(holding->ids, id);
    size_t position = 0;
    for (uint32_t slot; kbr_list_next(list, &position, &slot);) {
        const kbr_card *card = kbr_holding_card(holding, slot, version);
        if (card != NULL && card->id == id) {
            return slot;
        }
    }
    return find_in_archive(holding, id, version);
}

/* ---- slots ---- */

static bool reserve_place(kbr_holding *holding, uint32_t at) {
    uint32_t from = at + (1U << KBR_HOLDING_CHUNK_BITS);
    uint32_t chunk = 31U - (uint32_t)__builtin_clz(from) - KBR_HOLDING_CHUNK_BITS;
    if (atomic_load_explicit(&holding->chunks[chunk], memory_order_relaxed) != NULL) {
        return true;
    }
    kbr_place *places = kbr_allocate(&holding->allocator,
                                     (size_t)1 << (chunk + KBR_HOLDING_CHUNK_BITS), sizeof *places);
    atomic_store_explicit(&holding->chunks[chunk], places, memory_order_release);
    return places != NULL;
}

/* A slot that nobody sees, in *at; it is taken by give_birth. */
static bool find_free(kbr_holding *holding, uint32_t *at) {
    *at = holding->free_head != KBR_HOLDING_NO_SLOT ? holding->free_head : holding->slot_count;
    return reserve_place(holding, *at);
}

/* The card is seen by readers of this version; these find it once it is filed. */
static void give_birth(kbr_holding *holding, uint32_t at, kbr_card *card, uint64_t version) {
    kbr_place *place = kbr_holding_place(holding, at);
    if (at == holding->free_head) {
        holding->free_head = place->next;
    } else {
        holding->slot_count++;
    }
    atomic_store_explicit(&place->card, card, memory_order_release);
    atomic_store_explicit(&place->born, version, memory_order_release);
    atomic_store_explicit(&place->died, ALIVE, memory_order_release);
}

static void free_place(kbr_holding *holding, uint32_t at) {
    kbr_place *place = kbr_holding_place(holding, at);
    atomic_store_explicit(&place->died, 0, memory_order_release);
    atomic_store_explicit(&place->card, NULL, memory_order_release);
    place->next = holding->free_head;
    holding->free_head = at;
}

/* ---- add and remove ---- */

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

/* Forgets who died in the archive before the oldest reader. */
static void forget_dying(kbr_holding *holding, uint64_t oldest) {
    uint32_t head = atomic_load_explicit(&holding->dying_head, memory_order_relaxed);
    uint32_t tail = atomic_load_explicit(&holding->dying_tail, memory_order_relaxed);
    while (head != tail && holding->dying_version[head % KBR_HOLDING_DYING] <= oldest) {
        head++;
    }
    atomic_store_explicit(&holding->dying_head, head, memory_order_release);
}

/* The card stays where it is, but is not seen any more. */
static void remove_from_archive(kbr_holding *holding, uint64_t version, uint32_t slot,
                                const kbr_keys_plan *plan) {
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    const kbr_archive *archive = &holding->archive;
    const kbr_card *card = kbr_archive_card(archive, slot);
    size_t left = (size_t)(archive->cards + archive->cards_size - (const char *)card);
    if (!holding->believed || kbr_card_is_sound(card, left)) {
        holding->removed_postings += kbr_keys_of_record(keys, plan, card);
    }
    uint32_t tail = atomic_load_explicit(&holding->dying_tail, memory_order_relaxed);
    while (tail - atomic_load_explicit(&holding->dying_head, memory_order_relaxed) ==
           KBR_HOLDING_DYING) {
        forget_dying(holding, kbr_epoch_oldest(holding->epoch));
        (void)sched_yield();
    }
    holding->dying_version[tail % KBR_HOLDING_DYING] = version;
    atomic_store_explicit(&holding->dying[tail % KBR_HOLDING_DYING],
                          (uint64_t)slot << 32 | (uint32_t)version, memory_order_release);
    atomic_store_explicit(&holding->dying_tail, tail + 1, memory_order_release);
    (void)atomic_fetch_or_explicit(&holding->removed[slot / 64], UINT64_C(1) << slot % 64,
                                   memory_order_release);
    (void)atomic_fetch_add_explicit(&holding->removed_count, 1, memory_order_release);
}

static void remove_beside(kbr_holding *holding, uint64_t version, uint32_t at) {
    kbr_place *place = kbr_holding_place(holding, at);
    place->next = KBR_HOLDING_NO_SLOT;
    if (holding->dead_tail != KBR_HOLDING_NO_SLOT) {
        kbr_holding_place(holding, holding->dead_tail)->next = at;
    } else {
        holding->dead_head = at;
    }
    holding->dead_tail = at;
    atomic_store_explicit(&place->died, version, memory_order_release);
    (void)atomic_fetch_add_explicit(&holding->dead_count, 1, memory_order_release);
}

void kbr_holding_remove(kbr_holding *holding, uint64_t version, uint32_t slot,
                        const kbr_keys_plan *plan) {
    (void)atomic_fetch_sub_explicit(&holding->count, 1, memory_order_relaxed);
    if (slot < holding->archive.slot_count) {
        remove_from_archive(holding, version, slot, plan);
    } else {
        remove_beside(holding, version, slot - holding->archive.slot_count);
    }
}

kaburi_status kbr_holding_add(kbr_holding *holding, uint64_t version, kbr_card *card,
                              const uint64_t *keys, size_t count, const kbr_keys_plan *plan,
                              kaburi_error *error) {
    uint32_t older = kbr_holding_find(holding, card->id, KBR_HOLDING_LATEST);
    uint32_t at;
    if (holding->free_head == KBR_HOLDING_NO_SLOT &&
        (uint64_t)holding->archive.slot_count + holding->slot_count >= KBR_HOLDING_SLOTS_MAX) {
        return kbr_fail(error, KABURI_ERROR_FULL, "the index holds %d records",
                        KBR_HOLDING_SLOTS_MAX);
    }
    if (!find_free(holding, &at)) {
        return kbr_fail_memory(error);
    }
    uint32_t slot = holding->archive.slot_count + at;
    give_birth(holding, at, card, version);
    bool filed = file(holding, keys, count, slot);
    if (!filed || !kbr_table_add(holding->ids, card->id, slot)) {
        if (filed) {
            unfile(holding, keys, count, slot);
        }
        free_place(holding, at);
        return kbr_fail_memory(error);
    }
    (void)atomic_fetch_add_explicit(&holding->count, 1, memory_order_relaxed);
    if (older != KBR_HOLDING_NO_SLOT) {
        kbr_holding_remove(holding, version, older, plan);
    }
    return KABURI_OK;
}

/* Takes the keys of the one out that has been dead for longest. */
static void bury(kbr_holding *holding, const kbr_keys_plan *plan) {
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    uint32_t at = holding->dead_head;
    uint32_t slot = holding->archive.slot_count + at;
    kbr_place *place = kbr_holding_place(holding, at);
    kbr_card *card = own_card(place);
    holding->dead_head = place->next;
    if (holding->dead_head == KBR_HOLDING_NO_SLOT) {
        holding->dead_tail = KBR_HOLDING_NO_SLOT;
    }
    unfile(holding, keys, kbr_keys_of_record(keys, plan, card), slot);
    (void)kbr_table_remove(holding->ids, card->id, slot);
    free_place(holding, at);
    kbr_cards_free(&holding->memory, card);
    (void)atomic_fetch_sub_explicit(&holding->dead_count, 1, memory_order_release);
}

void kbr_holding_settle(kbr_holding *holding, const kbr_keys_plan *plan) {
    bool dying = atomic_load_explicit(&holding->dying_head, memory_order_relaxed) !=
                 atomic_load_explicit(&holding->dying_tail, memory_order_relaxed);
    if (!dying && holding->dead_head == KBR_HOLDING_NO_SLOT) {
        return;
    }
    uint64_t oldest = kbr_epoch_oldest(holding->epoch);
    bool buried = false;
    forget_dying(holding, oldest);
    while (holding->dead_head != KBR_HOLDING_NO_SLOT &&
           kbr_epoch_room(holding->epoch) > (size_t)2 * KBR_KEYS_RECORD_MAX &&
           atomic_load_explicit(&kbr_holding_place(holding, holding->dead_head)->died,
                                memory_order_relaxed) <= oldest) {
        bury(holding, plan);
        buried = true;
    }
    if (buried) {
        kbr_epoch_publish(holding->epoch);
    }
}

/* ---- list, measure and check ---- */

static bool is_removed(const kbr_holding *holding, uint32_t slot) {
    uint64_t bits = atomic_load_explicit(&holding->removed[slot / 64], memory_order_relaxed);
    return (bits >> slot % 64 & 1U) != 0;
}

static bool is_alive(const kbr_place *place) {
    return own_card(place) != NULL &&
           atomic_load_explicit(&place->died, memory_order_relaxed) == ALIVE;
}

void kbr_holding_list(const kbr_holding *holding, uint32_t *slots) {
    size_t count = 0;
    for (uint32_t slot = 0; slot < holding->archive.slot_count; slot++) {
        if (!is_removed(holding, slot)) {
            slots[count++] = slot;
        }
    }
    for (uint32_t i = 0; i < holding->slot_count; i++) {
        if (is_alive(kbr_holding_place(holding, i))) {
            slots[count++] = holding->archive.slot_count + i;
        }
    }
}

static uint64_t place_bytes(const kbr_holding *holding) {
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < KBR_HOLDING_CHUNKS; i++) {
        if (atomic_load_explicit(&holding->chunks[i], memory_order_relaxed) != NULL) {
            bytes += sizeof(kbr_place) << (i + KBR_HOLDING_CHUNK_BITS);
        }
    }
    return bytes;
}

void kbr_holding_measure(const kbr_holding *holding, kaburi_index_stats *out) {
    kbr_table_stats ids;
    kbr_table_stats keys;
    kbr_archive_stats archive = {0};
    kbr_table_measure(holding->ids, &ids);
    kbr_table_measure(holding->keys, &keys);
    if (holding->archive.slot_count > 0) {
        kbr_archive_measure(&holding->archive, &archive);
    }
    uint64_t bits = holding->removed != NULL ? holding->archive.slot_count / 64 * 8 + 8 : 0;
    *out = (kaburi_index_stats){
        .records = kbr_holding_count(holding),
        .record_bytes = holding->memory.bytes + place_bytes(holding) + archive.card_bytes,
        .id_bytes = ids.bytes + archive.id_bytes + bits,
        .key_bytes = keys.bytes + archive.key_bytes,
        .keys = keys.keys + holding->archive.keys.key_count,
        .postings = keys.postings + holding->archive.keys.posting_count - holding->removed_postings,
        .merged_records = holding->archive.slot_count,
        .merged_bytes = archive.card_bytes + archive.id_bytes + archive.key_bytes,
        .mapped_bytes = holding->mapping.size,
        .removed_records = atomic_load_explicit(&holding->removed_count, memory_order_relaxed),
    };
}

static const char *check_beside(const kbr_holding *holding, const kbr_keys_plan *plan) {
    const char *wrong = kbr_table_check(holding->ids);
    if (wrong == NULL) {
        wrong = kbr_table_check(holding->keys);
    }
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    uint64_t postings = 0;
    for (uint32_t i = 0; wrong == NULL && i < holding->slot_count; i++) {
        const kbr_place *place = kbr_holding_place(holding, i);
        const kbr_card *card = own_card(place);
        if (card == NULL) {
            continue;
        }
        postings += kbr_keys_of_record(keys, plan, card);
        if (!is_alive(place)) {
            continue;
        }
        if (kbr_holding_find(holding, card->id, KBR_HOLDING_LATEST) !=
            holding->archive.slot_count + i) {
            wrong = "an id does not lead to its slot";
        }
        if (find_in_archive(holding, card->id, KBR_HOLDING_LATEST) != KBR_HOLDING_NO_SLOT) {
            wrong = "an id is in the archive and beside it";
        }
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
        if (is_removed(holding, slot)) {
            removed++;
        } else if (find_in_archive(holding, card->id, KBR_HOLDING_LATEST) != slot) {
            wrong = "an id does not lead to its slot in the archive";
        }
    }
    return wrong == NULL && removed != holding->removed_count
               ? "removed records are counted wrongly"
               : wrong;
}
