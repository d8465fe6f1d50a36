/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fingerprints. That of the rules sees what no table shows: a layout of the card or a family of
 * keys that changed.
 */
#include "fingerprint.h"

#include "fingerprint_table.h"
#include "hash.h"

const char *kbr_fingerprint_name(int fingerprint) {
    return fingerprint == KBR_FINGERPRINT_RULES ? "rules"
                                                : kbr_fingerprint_tables[fingerprint].name;
}

static kaburi_record record_of(const kbr_touchstone *touchstone) {
    return (kaburi_record){
        .struct_size = sizeof(kaburi_record),
        .id = 1,
        .company = kaburi_text_of(touchstone->company),
        .company_reading = kaburi_text_of(touchstone->company_reading),
        .corporate_number = kaburi_text_of(touchstone->corporate_number),
        .domain = kaburi_text_of(touchstone->domain),
        .deal = kaburi_text_of(touchstone->deal),
        .amount = touchstone->amount,
        .close_date = KABURI_DATE_ABSENT,
    };
}

bool kbr_fingerprint_take(uint64_t out[KBR_FINGERPRINT_COUNT], const kbr_keys_plan *plan,
                          const kaburi_allocator *allocator) {
    for (int i = 0; i < KBR_FINGERPRINT_RULES; i++) {
        out[i] = kbr_fingerprint_tables[i].value;
    }
    uint64_t sums[3] = {sizeof(kbr_card), 0, 0};
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    kbr_reader reader;
    kbr_reader_init(&reader, allocator);
    kbr_keys_set_reader(&reader, plan);
    bool done = true;
    for (uint32_t i = 0; done && i < kbr_touchstone_count; i++) {
        const kaburi_record record = record_of(&kbr_touchstones[i]);
        kaburi_error error;
        kaburi_status status = kbr_reader_read(&reader, &record, &error);
        done = status != KABURI_ERROR_MEMORY;
        if (status == KABURI_OK) {
            size_t count = kbr_keys_of_record(keys, plan, reader.card);
            sums[1] = kbr_hash(reader.card, reader.card->size) ^ sums[0];
            sums[2] = kbr_hash(keys, count * sizeof *keys);
            sums[0] = kbr_hash(sums, sizeof sums);
        }
    }
    kbr_reader_free(&reader);
    out[KBR_FINGERPRINT_RULES] = sums[0];
    return done;
}
