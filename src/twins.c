/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Twins. A hash of first rows; rows of one hash are compared byte by byte. The hash has a seed that
 * nobody knows beforehand: who sends a batch could make rows that all fall in one place otherwise.
 * It does not show in what is found.
 */
#include "twins.h"

#include "batch.h"
#include "hash.h"

#include <string.h>
#include <unistd.h>

#define TEXTS 5

static void texts_of(kaburi_text *texts, const kaburi_record *record) {
    texts[0] = record->company;
    texts[1] = record->company_reading;
    texts[2] = record->corporate_number;
    texts[3] = record->domain;
    texts[4] = record->deal;
}

static uint64_t hash_of(const kaburi_record *record, uint64_t seed) {
    kaburi_text texts[TEXTS];
    uint64_t parts[TEXTS + 2];
    texts_of(texts, record);
    for (size_t i = 0; i < TEXTS; i++) {
        parts[i] = texts[i].size == 0 ? 0 : kbr_hash_seeded(texts[i].data, texts[i].size, seed);
    }
    parts[TEXTS] = (uint64_t)record->amount;
    parts[TEXTS + 1] = (uint64_t)(uint32_t)record->close_date << 32 |
                       ((uint32_t)record->stage & 0xFFFF) << 16 | ((uint32_t)record->kind & 0xFFFF);
    return kbr_hash_seeded(parts, sizeof parts, seed);
}

static bool is_same(const kaburi_record *a, const kaburi_record *b) {
    kaburi_text of_a[TEXTS];
    kaburi_text of_b[TEXTS];
    texts_of(of_a, a);
    texts_of(of_b, b);
    for (size_t i = 0; i < TEXTS; i++) {
        if (of_a[i].size != of_b[i].size ||
            (of_a[i].size > 0 && memcmp(of_a[i].data, of_b[i].data, of_a[i].size) != 0)) {
            return false;
        }
    }
    return a->amount == b->amount && a->close_date == b->close_date && a->stage == b->stage &&
           a->kind == b->kind;
}

/* ---- the table ---- */

typedef struct place {
    uint64_t hash;
    uint32_t first; /* row + 1; 0 = free */
    uint32_t last;  /* row of the same that came last */
} place;

typedef struct table {
    place *places; /* mask + 1, at least half of them free */
    size_t mask;
    uint64_t seed;
} table;

static bool make_table(table *out, size_t count, const kaburi_allocator *allocator) {
    size_t mask = 1;
    while (mask < count * 2) {
        mask = mask * 2 + 1;
    }
    *out = (table){.places = kbr_allocate(allocator, mask + 1, sizeof(place)), .mask = mask};
    if (getentropy(&out->seed, sizeof out->seed) != 0) {
        out->seed = (uint64_t)(uintptr_t)out->places; /* the system may forbid the call */
    }
    return out->places != NULL;
}

/* Files one row: the place of its kind, or a free one. */
static kaburi_status file(kbr_twins *twins, const table *in, const kaburi_batch *batch,
                          uint32_t row, kaburi_error *error) {
    place *places = in->places;
    kaburi_record record;
    kaburi_record other;
    kaburi_status status = kbr_batch_record(&record, batch, row, error);
    if (status != KABURI_OK) {
        kbr_batch_name_row(row, error);
        return status;
    }
    uint64_t hash = hash_of(&record, in->seed);
    size_t at = (size_t)hash & in->mask;
    for (; places[at].first != 0; at = (at + 1) & in->mask) {
        twins->steps++;
        uint32_t first = places[at].first - 1;
        if (places[at].hash == hash && kbr_batch_record(&other, batch, first, NULL) == KABURI_OK &&
            is_same(&record, &other)) {
            twins->first[row] = first;
            twins->next[places[at].last] = row;
            twins->count[first]++;
            places[at].last = row;
            return KABURI_OK;
        }
    }
    places[at] = (place){hash, row + 1, row};
    twins->first[row] = row;
    twins->count[row] = 1;
    return KABURI_OK;
}

kaburi_status kbr_twins_find(kbr_twins *twins, const kaburi_batch *batch,
                             const kaburi_allocator *allocator, kaburi_error *error) {
    size_t count = batch->count;
    table in;
    bool made = make_table(&in, count, allocator);
    *twins = (kbr_twins){.allocator = allocator,
                         .first = kbr_allocate(allocator, count + 1, sizeof(uint32_t)),
                         .next = kbr_allocate(allocator, count + 1, sizeof(uint32_t)),
                         .count = kbr_allocate(allocator, count + 1, sizeof(uint32_t)),
                         .row_count = count};
    if (!made || twins->first == NULL || twins->next == NULL || twins->count == NULL) {
        kbr_release(allocator, in.places);
        kbr_twins_free(twins);
        return kbr_fail_memory(error);
    }
    kaburi_status status = KABURI_OK;
    for (size_t row = 0; status == KABURI_OK && row < count; row++) {
        twins->next[row] = KBR_TWINS_NONE;
        status = file(twins, &in, batch, (uint32_t)row, error);
    }
    kbr_release(allocator, in.places);
    if (status != KABURI_OK) {
        kbr_twins_free(twins);
    }
    return status;
}

void kbr_twins_free(kbr_twins *twins) {
    if (twins->allocator != NULL) {
        kbr_release(twins->allocator, twins->first);
        kbr_release(twins->allocator, twins->next);
        kbr_release(twins->allocator, twins->count);
    }
    *twins = (kbr_twins){0};
}
