/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an index holds at one time: an archive, which records of it were removed since, and beside
 * it the records that were added since. Slots of the archive come first, then those beside it. Each
 * record is there from one version of the index to another, so that a reader sees what there was at
 * its own, whatever a writer does; knows nothing of locks or files.
 */
#ifndef KBR_HOLDING_H
#define KBR_HOLDING_H

#include "archive.h"
#include "cards.h"
#include "snapshot.h"
#include "table.h"

#define KBR_HOLDING_SLOTS_MAX INT32_MAX
#define KBR_HOLDING_NO_SLOT UINT32_MAX

/* Places lie in chunks, each twice as large as the one before, and never move. */
#define KBR_HOLDING_CHUNK_BITS 6
#define KBR_HOLDING_CHUNKS (32 - KBR_HOLDING_CHUNK_BITS)

/* A slot beside the archive. */
typedef struct kbr_place {
    _Atomic(kbr_card *) card; /* NULL = free */
    _Atomic uint64_t born;    /* the first version that has it */
    _Atomic uint64_t died;    /* the first version that has it no more; UINT64_MAX: alive */
    uint32_t next;            /* of those that died, or of those that are free */
    uint32_t reserved;
} kbr_place;

/* A record of the archive that died, while a reader may be older: slot << 32 | version. */
#define KBR_HOLDING_DYING 256

typedef struct kbr_holding {
    kaburi_allocator allocator;
    kbr_epoch *epoch;          /* borrowed */
    kbr_archive archive;       /* slot_count 0: there is none */
    kbr_mapping mapping;       /* what the archive lies in; without data: in memory of its own */
    bool believed;             /* the archive's cards were not checked */
    _Atomic uint64_t *removed; /* a bit for each slot of the archive; NULL when there is none */
    _Atomic uint32_t removed_count;
    uint64_t removed_postings;
    _Atomic uint64_t dying[KBR_HOLDING_DYING];
    uint64_t dying_version[KBR_HOLDING_DYING]; /* the writer's */
    _Atomic uint32_t dying_head;
    _Atomic uint32_t dying_tail;
    /* beside the archive, by slot - archive.slot_count */
    _Atomic(kbr_place *) chunks[KBR_HOLDING_CHUNKS];
    uint32_t slot_count; /* slots ever used */
    uint32_t free_head;  /* slot - archive.slot_count, or NO_SLOT; likewise: */
    uint32_t dead_head;  /* died, and their keys are filed still, the oldest first */
    uint32_t dead_tail;
    _Atomic uint32_t dead_count;
    _Atomic uint64_t count; /* records */
    kbr_cards memory;       /* of the cards */
    kbr_table *ids;         /* id -> slots, of which one is alive */
    kbr_table *keys;        /* key -> slots */
} kbr_holding;

/* An empty one; NULL without memory. */
kbr_holding *kbr_holding_create(const kaburi_allocator *allocator, kbr_epoch *epoch);
/* No reader may still see it, and nothing of it be retired. */
void kbr_holding_free(kbr_holding *holding);

/* Puts an archive into an empty holding, which owns it from now on; `mapping` may be NULL. False
 * without memory: the archive is the caller's as before. */
bool kbr_holding_take_archive(kbr_holding *holding, const kbr_archive *archive,
                              const kbr_mapping *mapping);

/* ---- readers ---- */

static inline size_t kbr_holding_count(const kbr_holding *holding) {
    return (size_t)atomic_load_explicit(&holding->count, memory_order_relaxed);
}

/* The place `at` = slot - archive.slot_count, which was used. */
static inline kbr_place *kbr_holding_place(const kbr_holding *holding, uint32_t at) {
    uint32_t from = at + (1U << KBR_HOLDING_CHUNK_BITS);
    uint32_t chunk = 31U - (uint32_t)__builtin_clz(from) - KBR_HOLDING_CHUNK_BITS;
    kbr_place *places = atomic_load_explicit(&holding->chunks[chunk], memory_order_acquire);
    return &places[from - (1U << (chunk + KBR_HOLDING_CHUNK_BITS))];
}

/* What is to be read of a slot before its card, to fetch it beforehand. */
static inline const void *kbr_holding_entry(const kbr_holding *holding, uint32_t slot) {
    return slot < holding->archive.slot_count
               ? (const void *)&holding->archive.offsets[slot]
               : (const void *)kbr_holding_place(holding, slot - holding->archive.slot_count);
}

/* The version of whoever sees what is alive now. */
#define KBR_HOLDING_LATEST (UINT64_MAX - 1)

/* Whether a record of the archive that is removed was so only after `version`. */
bool kbr_holding_was_there(const kbr_holding *holding, uint32_t slot, uint64_t version);

/* Whether the archive's record in a slot of it was there as of a version; its card is not touched.
 */
static inline bool kbr_holding_is_archived(const kbr_holding *holding, uint32_t slot,
                                           uint64_t version) {
    uint64_t bits = atomic_load_explicit(&holding->removed[slot / 64], memory_order_acquire);
    bool removed = (bits >> slot % 64 & 1U) != 0;
    return !removed || kbr_holding_was_there(holding, slot, version);
}

/* The card of a slot as of a version that the caller's reader holds; NULL where there was none. */
static inline const kbr_card *kbr_holding_card(const kbr_holding *holding, uint32_t slot,
                                               uint64_t version) {
    if (slot < holding->archive.slot_count) {
        return kbr_holding_is_archived(holding, slot, version)
                   ? kbr_archive_card(&holding->archive, slot)
                   : NULL;
    }
    /* In this order: a place that is used again says so by its birth, which was written first. */
    kbr_place *place = kbr_holding_place(holding, slot - holding->archive.slot_count);
    return atomic_load_explicit(&place->died, memory_order_acquire) <= version ||
                   atomic_load_explicit(&place->born, memory_order_acquire) > version
               ? NULL
               : atomic_load_explicit(&place->card, memory_order_acquire);
}

/* Whether slots may be found that hold nothing. */
static inline bool kbr_holding_has_dead(const kbr_holding *holding) {
    return atomic_load_explicit(&holding->removed_count, memory_order_acquire) > 0 ||
           atomic_load_explicit(&holding->dead_count, memory_order_acquire) > 0;
}

/* The slot of an id as of a version, or NO_SLOT. */
uint32_t kbr_holding_find(const kbr_holding *holding, uint64_t id, uint64_t version);

/* ---- the writer, between kbr_epoch_begin, which gave it `version`, and kbr_epoch_publish ---- */

/*
 * Files a card, which the holding owns from now on, under its keys and, where its id is taken, lets
 * the older one die. MEMORY, FULL: all is as it was.
 */
kaburi_status kbr_holding_add(kbr_holding *holding, uint64_t version, kbr_card *card,
                              const uint64_t *keys, size_t count, const kbr_keys_plan *plan,
                              kaburi_error *error);
/* Lets the record of a slot that is alive die. Never allocates; waits for readers where very many
 * died that they may see. */
void kbr_holding_remove(kbr_holding *holding, uint64_t version, uint32_t slot,
                        const kbr_keys_plan *plan);
/* After publishing: takes out what died and nobody can see any more. */
void kbr_holding_settle(kbr_holding *holding, const kbr_keys_plan *plan);

/* All slots that are alive, those of the archive first: what a new archive is made of. `slots` has
 * room for kbr_holding_count of them. */
void kbr_holding_list(const kbr_holding *holding, uint32_t *slots);

void kbr_holding_measure(const kbr_holding *holding, kaburi_index_stats *out);

/* NULL when sound, else what is wrong; for tests. O(size). */
const char *kbr_holding_check(const kbr_holding *holding, const kbr_keys_plan *plan);

#endif
