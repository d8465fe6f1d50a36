/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The archive. Cards lie one behind the other on multiples of 8 bytes: a search loads all lines of
 * a card at once, so that one that begins in the middle of a line costs no wait.
 */
#include "archive.h"

#include <string.h>

/* ---- build ---- */

static size_t keys_of_slot(uint64_t *keys, const void *context, uint32_t slot) {
    const void *const *with = context;
    const kbr_archive_source *source = with[0];
    return kbr_keys_of_record(keys, with[1], source->card_of(source->context, slot));
}

static size_t id_of_slot(uint64_t *keys, const void *context, uint32_t slot) {
    const kbr_archive_source *source = context;
    keys[0] = source->card_of(source->context, slot)->id;
    return 1;
}

/* Lays the cards out: offsets, card_shift and cards_size. */
static kaburi_status place_cards(kbr_archive *out, const kbr_archive_source *source,
                                 const kaburi_allocator *allocator, kaburi_error *error) {
    uint32_t *offsets = kbr_allocate(allocator, (size_t)source->slot_count + 1, sizeof *offsets);
    out->offsets = offsets;
    if (offsets == NULL) {
        return kbr_fail_memory(error);
    }
    for (out->card_shift = 3; out->card_shift < 8; out->card_shift++) {
        uint64_t end = 0;
        uint32_t slot = 0;
        for (; slot < source->slot_count && end >> out->card_shift <= UINT32_MAX; slot++) {
            offsets[slot] = (uint32_t)(end >> out->card_shift);
            end += kbr_archive_place_size(out, source->card_of(source->context, slot));
        }
        if (end >> out->card_shift <= UINT32_MAX) {
            offsets[slot] = (uint32_t)(end >> out->card_shift);
            out->cards_size = end;
            return KABURI_OK;
        }
    }
    return kbr_fail(error, KABURI_ERROR_FULL, "the parsed records take more than 512 GiB");
}

static bool copy_cards(kbr_archive *out, const kbr_archive_source *source,
                       const kaburi_allocator *allocator) {
    /* Large pages are asked for where the allocator is ours; an empty archive has a block as well.
     */
    char *cards = kbr_allocate(allocator, out->cards_size + 1, 1);
    out->cards = cards;
    for (uint32_t slot = 0; cards != NULL && slot < out->slot_count; slot++) {
        const kbr_card *card = source->card_of(source->context, slot);
        memcpy(cards + ((uint64_t)out->offsets[slot] << out->card_shift), card, card->size);
    }
    return cards != NULL;
}

static bool build_tables(kbr_archive *out, const kbr_archive_source *source,
                         const kbr_keys_plan *plan, const kaburi_allocator *allocator) {
    const void *context[] = {source, plan};
    const kbr_segment_source keys = {.context = context,
                                     .keys_of = keys_of_slot,
                                     .keys_max = KBR_KEYS_RECORD_MAX,
                                     .posting_count = source->posting_count,
                                     .slot_count = source->slot_count};
    const kbr_segment_source ids = {.context = source,
                                    .keys_of = id_of_slot,
                                    .keys_max = 1,
                                    .posting_count = source->slot_count,
                                    .slot_count = source->slot_count};
    return kbr_segment_build(&out->keys, &keys, allocator) &&
           kbr_segment_build(&out->ids, &ids, allocator);
}

kaburi_status kbr_archive_build(kbr_archive *out, const kbr_archive_source *source,
                                const kbr_keys_plan *plan, bool cards,
                                const kaburi_allocator *allocator, kaburi_error *error) {
    memset(out, 0, sizeof *out);
    out->slot_count = source->slot_count;
    kaburi_status status = place_cards(out, source, allocator, error);
    if (status == KABURI_OK && (!build_tables(out, source, plan, allocator) ||
                                (cards && !copy_cards(out, source, allocator)))) {
        status = kbr_fail_memory(error);
    }
    if (status != KABURI_OK) {
        kbr_archive_free(out, allocator);
    }
    return status;
}

void kbr_archive_free(kbr_archive *archive, const kaburi_allocator *allocator) {
    kbr_release(allocator, (void *)(uintptr_t)archive->offsets);
    kbr_release(allocator, (void *)(uintptr_t)archive->cards);
    kbr_segment_free(&archive->keys, allocator);
    kbr_segment_free(&archive->ids, allocator);
    memset(archive, 0, sizeof *archive);
}

/* ---- check and measure ---- */

const char *kbr_archive_check_cards(const kbr_archive *archive) {
    uint64_t unit = UINT64_C(1) << archive->card_shift;
    for (uint32_t slot = 0; slot < archive->slot_count; slot++) {
        uint64_t begin = archive->offsets[slot] * unit;
        uint64_t end = archive->offsets[slot + 1] * unit;
        if (begin > end || end > archive->cards_size || (slot == 0 && begin != 0) ||
            !kbr_card_is_sound(archive->cards + begin, end - begin)) {
            return "a card is not as its size and counts say";
        }
        if (end - begin != kbr_archive_place_size(archive, kbr_archive_card(archive, slot))) {
            return "cards do not follow each other";
        }
    }
    return archive->offsets[archive->slot_count] * unit == archive->cards_size
               ? NULL
               : "bytes are left behind the cards";
}

static const char *check_tables(const kbr_archive *archive, const kbr_keys_plan *plan) {
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    uint64_t postings = 0;
    for (uint32_t slot = 0; slot < archive->slot_count; slot++) {
        postings += kbr_keys_of_record(keys, plan, kbr_archive_card(archive, slot));
    }
    return postings == archive->keys.posting_count &&
                   archive->ids.posting_count == archive->slot_count
               ? NULL
               : "postings are left over or missing";
}

const char *kbr_archive_check(const kbr_archive *archive, const kbr_keys_plan *plan) {
    const char *wrong = kbr_archive_check_cards(archive);
    if (wrong == NULL) {
        wrong = kbr_segment_check(&archive->keys);
    }
    if (wrong == NULL) {
        wrong = kbr_segment_check(&archive->ids);
    }
    if (wrong == NULL && plan != NULL) {
        wrong = check_tables(archive, plan);
    }
    return wrong;
}

static uint64_t size_of_segment(const kbr_segment *segment) {
    return ((uint64_t)segment->bucket_count + 1) * sizeof(uint32_t) + segment->lists_size +
           segment->longs_size;
}

void kbr_archive_measure(const kbr_archive *archive, kbr_archive_stats *out) {
    *out = (kbr_archive_stats){
        .card_bytes = archive->cards_size + ((uint64_t)archive->slot_count + 1) * sizeof(uint32_t),
        .key_bytes = size_of_segment(&archive->keys),
        .id_bytes = size_of_segment(&archive->ids),
    };
}
