/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shingles. The hash packs the units and mixes them once; rarity is one look-up in a static table
 * made from src/data/rarity.tsv.
 */
#include "shingle.h"

#include "fold.h"
#include "rarity_table.h"
#include "words.h"

static bool is_latin(uint16_t unit) {
    uint8_t script = kbr_fold_script(unit);
    return script == KBR_SCRIPT_LATIN || script == KBR_SCRIPT_DIGIT;
}

/* ---- windows ---- */

/* Kana, kanji and ASCII, nearly all units, need no look-up. */
static inline bool is_latin_unit(uint16_t unit) {
    if (unit < 0x80) {
        return ((unit | 0x20U) - 'a' < 26U) | (unit - (uint32_t)'0' < 10U);
    }
    return (uint16_t)(unit - 0x3040) >= 0x6FC0 && is_latin(unit);
}

/* The windows of a key, one after the other. */
typedef struct walk {
    const uint16_t *key;
    size_t len;
    size_t at;
    bool a_latin; /* the unit before `at`; a run may begin at the border */
    bool b_latin; /* the unit at it */
} walk;

static walk walk_of(const uint16_t *key, size_t len) {
    return (walk){
        .key = key, .len = len, .a_latin = true, .b_latin = len > 0 && is_latin_unit(key[0])};
}

/* Two units each, of a Latin run three. False when there is no other. */
static bool next_window(walk *from, kbr_window *out) {
    const uint16_t *key = from->key;
    size_t len = from->len;
    size_t i = from->at++;
    if (i > len || (i == len && len > 1 && from->a_latin && is_latin_unit(key[len - 2]))) {
        return false; /* the end of a Latin run is in the shingle of three before it */
    }
    uint16_t a = i > 0 ? key[i - 1] : KBR_BORDER;
    uint16_t b = i < len ? key[i] : KBR_BORDER;
    uint16_t next = i + 1 < len ? key[i + 1] : KBR_BORDER;
    bool next_latin = i + 1 < len && is_latin_unit(next);
    bool three = i < len && from->a_latin && from->b_latin && (i + 1 == len || next_latin);
    *out = (uint64_t)(three ? next : 0) << 32 | (uint32_t)b << 16 | a;
    from->a_latin = from->b_latin;
    from->b_latin = next_latin;
    return true;
}

/* ---- shingles ---- */

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
    walk from = walk_of(key, len);
    kbr_window window;
    size_t count = 0;
    uint64_t met = 0; /* a bit for each hash met: most shingles are seen at once to be new */
    while (next_window(&from, &window)) {
        uint32_t hash = kbr_window_identity(window);
        KBR_PREFETCH(&kbr_rarity_places[hash >> (32 - KBR_RARITY_BITS)]);
        uint64_t bit = UINT64_C(1) << (hash >> 26);
        out[count] = (kbr_shingle){.hash = hash,
                                   .repeat = (met & bit) != 0 ? repeat_of(out, count, hash) : 0,
                                   .position = (uint16_t)(count > 0 ? count - 1 : 0)};
        met |= bit;
        count++;
    }
    look_up_rarities(out, count, field);
    if (field == KBR_FIELD_OF_COMPANY) {
        share_words(out, key, len);
    }
    return count;
}

size_t kbr_shingle_windows(kbr_window *out, size_t capacity, const uint16_t *key, size_t len) {
    walk from = walk_of(key, len);
    size_t count = 0;
    while (count < capacity && next_window(&from, &out[count])) {
        count++;
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
