/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shingles: the pieces of a loose key that sketches and scores count. Two units each, three inside
 * a run of Latin letters or digits (26 letters make poor pairs), one more of padding at both ends
 * of the key. Every shingle has a rarity from the frozen, versioned table in src/data/rarity.tsv,
 * so that keys never go stale.
 */
#ifndef KBR_SHINGLE_H
#define KBR_SHINGLE_H

#include "base.h"

enum { KBR_FIELD_OF_COMPANY = 0, KBR_FIELD_OF_DEAL = 1 };

typedef struct kbr_shingle {
    uint32_t hash;  /* of its units; the same in both fields, salted nowhere */
    uint8_t rarity; /* 1 (in every second name) .. 255 (never seen): 8 * log2(names / names with
                       it), clamped; less within a common word of a company's name */
    uint8_t
        repeat; /* 0 for its first place in the key, 1 for its second ...; part of its identity */
    uint16_t position; /* of its first unit in the key */
} kbr_shingle;

#define KBR_SHINGLE_REPEAT 0x9E3779B1U

/* What makes a shingle this one and no other: its hash and which repeat it is. */
static inline uint32_t kbr_shingle_identity(const kbr_shingle *shingle) {
    return shingle->hash + shingle->repeat * KBR_SHINGLE_REPEAT;
}

/* Repeats are counted among so many shingles before; a key of no more has no shingle twice. */
#define KBR_SHINGLE_REACH 64

/*
 * Writes the shingles of a loose key in the order of the text and returns how many: len + 1 at the
 * most. `out` has room for len + 1. field picks the rarity column. Cost: one hash and one look-up
 * each.
 */
size_t kbr_shingle_split(kbr_shingle *out, const uint16_t *key, size_t len, int field);

/* The hash of the shingle of units a, b and c (0: two units only): mixed once. */
static inline uint32_t kbr_shingle_hash(uint16_t a, uint16_t b, uint16_t c) {
    uint64_t packed = (uint64_t)a << 32 | (uint64_t)b << 16 | c;
    packed *= 0x9E3779B97F4A7C15U;
    packed ^= packed >> 29;
    packed *= 0xBF58476D1CE4E5B9U;
    return (uint32_t)(packed >> 32);
}

/* The units a shingle is made of and which repeat it is, repeat << 48 | c << 32 | b << 16 | a: told
 * without a hash. */
typedef uint64_t kbr_window;
#define KBR_WINDOW_REPEAT 48
/* What stands before a key's first unit and behind its last: a code point no text has. */
#define KBR_BORDER UINT16_MAX

static inline bool kbr_window_is_three(kbr_window window) {
    return (uint16_t)(window >> 32) != 0;
}
/* The identity of its shingle. */
static inline uint32_t kbr_window_identity(kbr_window window) {
    uint32_t hash =
        kbr_shingle_hash((uint16_t)window, (uint16_t)(window >> 16), (uint16_t)(window >> 32));
    return hash + (uint32_t)(window >> KBR_WINDOW_REPEAT) * KBR_SHINGLE_REPEAT;
}

/* The windows of the first `capacity` shingles of a key in the order of the text, without repeats;
 * returns how many. */
size_t kbr_shingle_windows(kbr_window *out, size_t capacity, const uint16_t *key, size_t len);
/* The window at `at`, which is without its repeat, with it: those before it have theirs. */
kbr_window kbr_shingle_repeated(const kbr_window *windows, size_t at);
/* Tells which repeats they are, as kbr_shingle_split does. O(count * KBR_SHINGLE_REACH). */
void kbr_shingle_tell_repeats(kbr_window *windows, size_t count);

/* The rarity of a shingle by itself, whatever word it stands in: what keys are chosen by, so that a
 * letter mistyped in a word does not change the choice. Of a second or third place, the first's. */
uint8_t kbr_shingle_rarity(uint32_t identity, int field);

/* Version of the rarity table. */
extern const uint32_t kbr_rarity_version;

#endif
