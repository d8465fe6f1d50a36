/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an index holds at one time: an archive, which records of it were removed since, and beside
 * it the records that were added since. Slots of the archive come first, then those beside it.
 * Files, finds and takes out cards; knows nothing of threads or files.
 */
#ifndef KBR_HOLDING_H
#define KBR_HOLDING_H

#include "archive.h"
#include "cards.h"
#include "snapshot.h"
#include "table.h"

#define KBR_HOLDING_SLOTS_MAX INT32_MAX
#define KBR_HOLDING_NO_SLOT UINT32_MAX

typedef struct kbr_holding {
    kaburi_allocator allocator;
    kbr_archive archive; /* slot_count 0: there is none */
    kbr_mapping mapping; /* what the archive lies in; without data: in memory of its own */
    bool believed;       /* the archive's cards were not checked */
    uint64_t *removed;   /* a bit for each slot of the archive; NULL when there is none */
    uint32_t removed_count;
    uint64_t removed_postings;
    /* beside the archive, by slot - archive.slot_count */
    kbr_card **cards; /* NULL = free */
    size_t card_capacity;
    size_t slot_count;    /* slots ever used */
    uint32_t *free_slots; /* room for every slot, so that removing cannot fail */
    size_t free_capacity;
    size_t free_count;
    kbr_cards memory; /* of the cards */
    kbr_table *ids;   /* id -> slot */
    kbr_table *keys;  /* key -> slots */
} kbr_holding;

/* An empty one; NULL without memory. */
kbr_holding *kbr_holding_create(const kaburi_allocator *allocator);
void kbr_holding_free(kbr_holding *holding);

/* Puts an archive into an empty holding, which owns it from now on; `mapping` may be NULL. False
 * without memory: the archive is the caller's as before. */
bool kbr_holding_take_archive(kbr_holding *holding, const kbr_archive *archive,
                              const kbr_mapping *mapping);

static inline size_t kbr_holding_count(const kbr_holding *holding) {
    return holding->archive.slot_count - holding->removed_count + holding->slot_count -
           holding->free_count;
}
/* The card of a slot that is in use; NULL where a damaged file has none. */
static inline const kbr_card *kbr_holding_card(const kbr_holding *holding, uint32_t slot) {
    return slot < holding->archive.slot_count ? kbr_archive_card(&holding->archive, slot)
                                              : holding->cards[slot - holding->archive.slot_count];
}
/* Where that is to be read from, to fetch it beforehand. */
static inline const void *kbr_holding_card_place(const kbr_holding *holding, uint32_t slot) {
    return slot < holding->archive.slot_count
               ? (const void *)&holding->archive.offsets[slot]
               : (const void *)&holding->cards[slot - holding->archive.slot_count];
}
static inline bool kbr_holding_has(const kbr_holding *holding, uint32_t slot) {
    return slot >= holding->archive.slot_count || !kbr_archive_is_set(holding->removed, slot);
}

/* The slot of an id, or NO_SLOT. */
uint32_t kbr_holding_find(const kbr_holding *holding, uint64_t id);

/*
 * Files a card, which the holding owns from now on, under its keys and, where its id is taken,
 * takes the older one out: in this order, so that running out of memory leaves all as it was.
 * MEMORY, FULL.
 */
kaburi_status kbr_holding_add(kbr_holding *holding, kbr_card *card, const uint64_t *keys,
                              size_t count, const kbr_keys_plan *plan, kaburi_error *error);
/* Takes out the card of a slot that is in use. Never allocates. */
void kbr_holding_remove(kbr_holding *holding, uint32_t slot, const kbr_keys_plan *plan);

/* All cards, those of the archive first: what a new archive is made of. `slots` has room for
 * kbr_holding_count of them. */
void kbr_holding_list(const kbr_holding *holding, uint32_t *slots);

void kbr_holding_measure(const kbr_holding *holding, kaburi_index_stats *out);

/* NULL when sound, else what is wrong; for tests. O(size). */
const char *kbr_holding_check(const kbr_holding *holding, const kbr_keys_plan *plan);

#endif
