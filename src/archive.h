/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The archive: the part of an index that does not change any more. Cards by slot, slots by id,
 * slots by key, each as compact as it goes; made in memory from the cards of an index, or lying in
 * a mapped file. Knows nothing of what was removed since.
 */
#ifndef KBR_ARCHIVE_H
#define KBR_ARCHIVE_H

#include "keys.h"
#include "segment.h"

typedef struct kbr_archive {
    uint32_t slot_count;
    uint32_t card_shift;     /* the offsets count in 1 << card_shift bytes, 8 at least */
    const uint32_t *offsets; /* slot_count + 1: where each card begins in `cards`, and the end */
    const char *cards;       /* NULL in one that was made without them */
    uint64_t cards_size;
    kbr_segment keys;
    kbr_segment ids; /* id -> slots; the cards tell which */
} kbr_archive;

/* Cards in the order in which they get their slots. */
typedef struct kbr_archive_source {
    const void *context;
    const kbr_card *(*card_of)(const void *context, uint32_t slot);
    uint32_t slot_count;
    uint32_t reserved;
    uint64_t posting_count; /* about how many there will be */
} kbr_archive_source;

/*
 * Makes an archive in memory. Without `cards` it has all but these, as for a file into which they
 * are written one by one. FULL: cards of more than 512 GiB; MEMORY. Nothing is left then.
 */
kaburi_status kbr_archive_build(kbr_archive *out, const kbr_archive_source *source,
                                const kbr_keys_plan *plan, bool cards,
                                const kaburi_allocator *allocator, kaburi_error *error);
/* Frees what kbr_archive_build made. */
void kbr_archive_free(kbr_archive *archive, const kaburi_allocator *allocator);

/* The card of a slot below slot_count; NULL where a damaged file has none there. */
static inline const kbr_card *kbr_archive_card(const kbr_archive *archive, uint32_t slot) {
    uint64_t offset = (uint64_t)archive->offsets[slot] << archive->card_shift;
    return archive->cards_size < sizeof(kbr_card) || offset > archive->cards_size - sizeof(kbr_card)
               ? NULL
               : (const kbr_card *)(const void *)(archive->cards + offset);
}
/* Bytes of a card where it lies, with what is left free behind it. */
static inline size_t kbr_archive_place_size(const kbr_archive *archive, const kbr_card *card) {
    size_t unit = (size_t)1 << archive->card_shift;
    return (card->size + unit - 1) & ~(unit - 1);
}

/* NULL when every card lies where its offset says and is sound by itself (record.h), which is all
 * that reading an archive relies on; else what is wrong. O(cards). */
const char *kbr_archive_check_cards(const kbr_archive *archive);
/* The same and that everything is filed as it should be, by this plan; for tests. O(size). */
const char *kbr_archive_check(const kbr_archive *archive, const kbr_keys_plan *plan);

typedef struct kbr_archive_stats {
    uint64_t card_bytes;
    uint64_t key_bytes;
    uint64_t id_bytes;
} kbr_archive_stats;
void kbr_archive_measure(const kbr_archive *archive, kbr_archive_stats *out);

#endif
