/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table that gen_fingerprints.py makes at build time; only fingerprint.c reads it.
 */
#ifndef KBR_FINGERPRINT_TABLE_H
#define KBR_FINGERPRINT_TABLE_H

#include <stdint.h>

typedef struct kbr_fingerprint_table {
    const char *name;
    uint64_t value;
} kbr_fingerprint_table;

/* fold, words, lexicon, sounds, rarity. */
extern const kbr_fingerprint_table kbr_fingerprint_tables[];

typedef struct kbr_touchstone {
    const char *company;
    const char *company_reading;
    const char *corporate_number;
    const char *domain;
    const char *deal;
    int64_t amount;
} kbr_touchstone;

extern const kbr_touchstone kbr_touchstones[];
extern const uint32_t kbr_touchstone_count;

#endif
