/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shingles. The hash packs the units and mixes them once; rarity is one look-up in a static table
 * made from src/data/rarity.tsv.
 */
#include "shingle.h"

#include "fold.h"
#include "rarity_table.h"
#include "words.h"

#define PADDING KBR_BORDER

static bool is_latin(uint16_t unit) {
    uint8_t script = kbr_fold_script(unit);
    return script == KBR_SCRIPT_LATIN || script == KBR_SCRIPT_DIGIT;
}

static uint8_t rarity_of(uint32_t hash, int field) {
    uint32_t place = hash >> (32 - KBR_RARITY_BITS);
    while (kbr_rarity_places[place].company != 0) {
        if (kbr_rarity_places[place].hash == hash) {
            return field == KBR_FIELD_OF_COMPANY ? kbr_rarity_places[place].company
                                                 : kbr_rarity_places[place].deal;
        }
        place = (place + 1) & ((1U << KBR_RARITY_BITS) - 1);
    }
    return field == KBR_FIELD_OF_COMPANY ? kbr_rarity_company_unseen : kbr_rarity_deal_unseen;
}

uint8_t kbr_shingle_rarity(uint32_t identity, int field) {
    uint8_t unseen =
        field == KBR_FIELD_OF_COMPANY ? kbr_rarity_company_unseen : kbr_rarity_deal_unseen;
    uint8_t rarity = rarity_of(identity, field);
    for (uint32_t repeat = 1; repeat < 3 && rarity == unseen; repeat++) {
        rarity = rarity_of(identity - repeat * KBR_SHINGLE_REPEAT, field);
    }
    return rarity;
}

/* How often the same shingle came before: looked for within reach only, which bounds the work on a
 * text of one repeated letter. */
static uint8_t repeat_of(const kbr_shingle *shingles, size_t count, uint32_t hash) {
    size_t first = count > KBR_SHINGLE_REACH ? count - KBR_SHINGLE_REACH : 0;
    for (size_t i = count; i > first; i--) {
        if (shingles[i - 1].hash == hash) {
            return shingles[i - 1].repeat < UINT8_MAX ? (uint8_t)(shingles[i - 1].repeat + 1)
                                                      : UINT8_MAX;
        }
    }
    return 0;
}

/* The table is larger than the second-level cache: its lines are asked for as the hashes come, and
 * read when all are under way. */
static void look_up_rarities(kbr_shingle *shingles, size_t count, int field) {
    for (size_t i = 0; i < count; i++) {
        shingles[i].rarity = rarity_of(shingles[i].hash, field);
    }
}

static uint32_t square_root(uint32_t value) {
    uint32_t root = 0;
    for (uint32_t bit = 1U << 15; bit > 0; bit >>= 1) {
        uint32_t tried = root | bit;
        root = tried * tried <= value ? tried : root;
    }
    return root;
}

/*
 * The pieces of a common word do not come by chance: the nine of ホルデイングス, each in one name
 * of hundreds, come together in one of 180, and would outweigh the rest of most names. The shingles
 * within such a word share the geometric mean of what it says and what they say. Its own
 * information alone finds fewer changes of names (recall at 10 .883, .890 so), where a common word
 * kept beside a new name is all there is to find it by.
 */
static void share_words(kbr_shingle *shingles, const uint16_t *key, size_t len) {
    for (size_t at = 0; at < len;) {
        const kbr_word *word = kbr_words_at(&kbr_words_common_words, key, len, at);
        if (word == NULL) {
            at++;
            continue;
        }
        size_t first = at + 1;
        at += word->len;
        size_t end = is_latin(key[at - 1]) ? at - 1 : at; /* the last of three reaches out of it */
        uint32_t sum = 0;
        for (size_t i = first; i < end; i++) {
            sum += shingles[i].rarity;
        }
        uint32_t shared = square_root(sum * word->attribute);
        for (size_t i = first; i < end && shared < sum; i++) {
            uint32_t share = shingles[i].rarity * shared / sum;
            shingles[i].rarity = (uint8_t)(share > 0 ? share : 1);
        }
    }
}

size_t kbr_shingle_split(kbr_shingle *out, const uint16_t *key, size_t len, int field) {
    size_t count = 0;
    uint64_t met = 0; /* a bit for each hash met: most shingles are seen at once to be new */
    for (size_t i = 0; i <= len; i++) {
        uint16_t a = i > 0 ? key[i - 1] : PADDING;
        uint16_t b = i < len ? key[i] : PADDING;
        uint16_t c = 0;
        bool within = i == 0 || is_latin(a);
        if (i < len && within && is_latin(b)) {
            uint16_t next = i + 1 < len ? key[i + 1] : PADDING;
            c = next == PADDING || is_latin(next) ? next : 0;
        } else if (i == len && len > 1 && is_latin(a) && is_latin(key[len - 2])) {
            break; /* the end of a Latin run is in the shingle of three before it */
        }
        uint32_t hash = kbr_shingle_hash(a, b, c);
        KBR_PREFETCH(&kbr_rarity_places[hash >> (32 - KBR_RARITY_BITS)]);
        uint64_t bit = UINT64_C(1) << (hash >> 26);
        out[count] = (kbr_shingle){.hash = hash,
                                   .repeat = (met & bit) != 0 ? repeat_of(out, count, hash) : 0,
                                   .position = (uint16_t)(i > 0 ? i - 1 : 0)};
        met |= bit;
        count++;
    }
    look_up_rarities(out, count, field);
    if (field == KBR_FIELD_OF_COMPANY) {
        share_words(out, key, len);
    }
    return count;
}

/* ---- windows ---- */

/* Kana, kanji and ASCII, nearly all units, need no look-up. */
static inline bool is_latin_unit(uint16_t unit) {
    if (unit < 0x80) {
        return ((unit | 0x20U) - 'a' < 26U) | (unit - (uint32_t)'0' < 10U);
    }
    return (uint16_t)(unit - 0x3040) >= 0x6FC0 && is_latin(unit);
}

size_t kbr_shingle_windows(kbr_window *out, size_t capacity, const uint16_t *key, size_t len) {
    size_t count = 0;
    bool a_latin = true; /* a run may begin at the border */
    bool b_latin = len > 0 && is_latin_unit(key[0]);
    for (size_t i = 0; i <= len && count < capacity; i++) {
        uint16_t a = i > 0 ? key[i - 1] : PADDING;
        uint16_t b = i < len ? key[i] : PADDING;
        uint16_t next = i + 1 < len ? key[i + 1] : PADDING;
        bool next_latin = i + 1 < len && is_latin_unit(next);
        bool three = i < len && a_latin && b_latin && (i + 1 == len || next_latin);
        if (i == len && len > 1 && a_latin && is_latin_unit(key[len - 2])) {
            break; /* the end of a Latin run is in the shingle of three before it */
        }
        out[count++] = (uint64_t)(three ? next : 0) << 32 | (uint32_t)b << 16 | a;
        a_latin = b_latin;
        b_latin = next_latin;
    }
    return count;
}

kbr_window kbr_shingle_repeated(const kbr_window *windows, size_t at) {
    const uint64_t units = (UINT64_C(1) << KBR_WINDOW_REPEAT) - 1;
    size_t first = at > KBR_SHINGLE_REACH ? at - KBR_SHINGLE_REACH : 0;
    for (size_t i = at; i > first; i--) {
        if ((windows[i - 1] & units) == windows[at]) {
            uint64_t before = windows[i - 1] >> KBR_WINDOW_REPEAT;
            before += before < UINT8_MAX;
            return windows[at] | before << KBR_WINDOW_REPEAT;
        }
    }
    return windows[at];
}

void kbr_shingle_tell_repeats(kbr_window *windows, size_t count) {
    uint64_t met[8] = {0}; /* a bit for each met: most are seen at once to be new */
    for (size_t i = 0; i < count; i++) {
        uint64_t mixed = windows[i] * 0x9E3779B97F4A7C15U;
        uint64_t bit = UINT64_C(1) << (mixed >> 55 & 63);
        if ((met[mixed >> 61] & bit) != 0) {
            windows[i] = kbr_shingle_repeated(windows, i);
        }
        met[mixed >> 61] |= bit;
    }
}
