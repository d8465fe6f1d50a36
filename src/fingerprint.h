/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fingerprints: what names were read with, so that an index that was saved is not searched by
 * another reading of them. One for each table, and one for the rules: of the cards and keys that
 * are made from a few records.
 */
#ifndef KBR_FINGERPRINT_H
#define KBR_FINGERPRINT_H

#include "keys.h"

enum {
    KBR_FINGERPRINT_FOLD,
    KBR_FINGERPRINT_WORDS,
    KBR_FINGERPRINT_LEXICON,
    KBR_FINGERPRINT_SOUNDS,
    KBR_FINGERPRINT_RARITY,
    KBR_FINGERPRINT_RULES,
    KBR_FINGERPRINT_COUNT
};

/* "fold" ... "rules". Static storage. */
const char *kbr_fingerprint_name(int fingerprint);

/* Those of this build and of a plan. False without memory. Some 100 us. */
bool kbr_fingerprint_take(uint64_t out[KBR_FINGERPRINT_COUNT], const kbr_keys_plan *plan,
                          const kaburi_allocator *allocator);

#endif
