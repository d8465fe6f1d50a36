/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A name as it is spoken and meant. Shingles are numbers, not hashes: a mora has 137 codes, so that
 * the rarities of all pairs are one small table.
 */
#include "spoken.h"

#include "fold.h"
#include "hash.h"
#include "spoken_table.h"

#include <string.h>

/* Shortest sound and skeleton that are keys: アイ and k-t are too many companies' own. */
#define READING_MORAS_MIN 2
#define SKELETON_MIN 3
/* As many by how a name is read; those behind them are by how it is spelt. */
#define READ_SKELETONS 2

#define ACRONYM_MIN 3
#define ACRONYM_MAX 6

uint8_t kbr_spoken_rarity(uint16_t shingle) {
    return kbr_spoken_rarities[shingle];
}

bool kbr_spoken_is_shingle(uint16_t shingle) {
    return shingle < kbr_spoken_rarity_count;
}

/* ---- shingles ---- */

/* A set of shingles in the order of the text. */
typedef struct shingles {
    uint16_t *items;
    uint32_t *count;
} shingles;

static void put(shingles *set, uint16_t shingle) {
    for (uint32_t i = 0; i < *set->count; i++) {
        if (set->items[i] == shingle) {
            return;
        }
    }
    if (*set->count < KBR_SPOKEN_SHINGLES_MAX) {
        set->items[(*set->count)++] = shingle;
    }
}

static void put_stretch(shingles *set, const uint8_t *moras, size_t len) {
    uint8_t before = 0;
    for (size_t i = 0; i <= len && len > 0; i++) {
        uint8_t mora = i < len ? moras[i] : 0;
        put(set, (uint16_t)(before * KBR_SOUND_CODES + mora));
        before = mora;
    }
}

/* ---- which kana ---- */

#define SMALL_TU 0xC3
#define LARGE_TU 0xC4
#define LONG_VOWEL 0xFC

/* Whether a mora only lengthens the one before: ケイ as ケー, トウ as トー. */
static bool lengthens(uint8_t mora, uint8_t before) {
    static const char vowels[] = "aiueo";
    if (mora == 0 || mora > 5 || before == 0 || before == KBR_SOUND_N) {
        return false;
    }
    char vowel = vowels[mora - 1];
    char first = vowels[(before - 1) % 5];
    return first == vowel || (first == 'o' && vowel == 'u') || (first == 'e' && vowel == 'i');
}

/* A hash of kana in which large and small ones are the same, as banks write them, and so are the
 * ways to write a long vowel. */
static uint64_t kana_of(const uint8_t *text, size_t text_len) {
    uint8_t canon[KBR_READING_KANA_MAX];
    size_t len = 0;
    uint8_t before = 0; /* mora; 0: what follows a long vowel is one of its own, ティーイー */
    for (size_t i = 0; i < text_len; i++) {
        uint8_t kana = text[i] == SMALL_TU ? LARGE_TU : text[i];
        uint8_t mora = kbr_sound_of_one(kana);
        if (kana == KBR_KANA_BREAK) {
            before = 0;
            continue;
        }
        bool lengthened = kana == LONG_VOWEL || lengthens(mora, before);
        canon[len++] = lengthened ? LONG_VOWEL : mora;
        before = lengthened ? 0 : mora;
    }
    return len == 0 ? 0 : 1 + (kbr_hash(canon, len) >> 8) % KBR_SPOKEN_KANA;
}

/* ---- the whole sound ---- */

static size_t sound_of(uint8_t *moras, const kbr_reading *reading, size_t rank) {
    size_t len = kbr_sound_of_kana(moras, reading->kana[rank], reading->kana_len[rank]);
    return len < KBR_SPOKEN_MORAS_MAX ? len : KBR_SPOKEN_MORAS_MAX;
}

/* Another reading at most twice less likely, in the unit of costs, a 64th of a bit. */
#define DOUBTFUL_COST 64

static bool is_doubtful(const kbr_reading *reading) {
    return reading->count > 1 && reading->cost[1] - reading->cost[0] < DOUBTFUL_COST;
}

static void put_readings(kbr_spoken *out, const kbr_reading *reading, bool romaji) {
    uint8_t moras[KBR_READING_KANA_MAX];
    for (size_t rank = 0; rank < reading->count; rank++) {
        size_t len = sound_of(moras, reading, rank);
        uint64_t hash = (kbr_hash(moras, len) ^ reading->left_out) & KBR_SPOKEN_SOUND;
        bool known = len < READING_MORAS_MIN;
        for (uint32_t i = 0; i < out->reading_count; i++) {
            known |= (out->readings[i] & KBR_SPOKEN_SOUND) == hash;
        }
        if (!known) {
            hash |= romaji || rank > 0 ? 0 : kana_of(reading->kana[rank], reading->kana_len[rank]);
            hash |= is_doubtful(reading) ? KBR_SPOKEN_DOUBTFUL : 0;
            out->readings[out->reading_count++] = hash;
        }
        if (rank == 0) {
            shingles set = {out->sound, &out->sound_count};
            put_stretch(&set, moras, len);
        }
    }
}

/* ---- the sense ---- */

static void put_skeleton(kbr_spoken *out, const char *skeleton, size_t size, uint32_t most) {
    uint64_t hash = kbr_hash(skeleton, size);
    bool known = size < SKELETON_MIN;
    for (uint32_t i = 0; i < out->skeleton_count; i++) {
        known |= (uint32_t)out->skeletons[i] == (uint32_t)hash;
    }
    if (!known && out->skeleton_count < most) {
        out->skeletons[out->skeleton_count++] = hash;
    }
}

/* The sound of a stretch of kana that no term stands for. */
static void put_rest(kbr_spoken *out, shingles *set, const uint8_t *kana, size_t kana_len) {
    uint8_t moras[KBR_READING_KANA_MAX];
    size_t len = kbr_sound_of_kana(moras, kana, kana_len);
    size_t room = KBR_SPOKEN_MORAS_MAX - out->rest_count;
    len = len < room ? len : room;
    put_stretch(set, moras, len);
    char skeleton[KBR_READING_KANA_MAX];
    size_t size = kbr_sound_skeleton(skeleton, moras, len);
    put_skeleton(out, skeleton, size, READ_SKELETONS);
    memcpy(out->rest + out->rest_count, moras, len);
    out->rest_count += (uint32_t)len;
}

/* Stretches of sound between terms, and the terms. */
static void put_sense(kbr_spoken *out, const kbr_reading *reading) {
    shingles set = {out->sense, &out->sense_count};
    const uint8_t *kana = reading->kana[0];
    size_t begin = 0;
    bool has_term = false;
    for (uint32_t i = 0; i < reading->piece_count; i++) {
        const kbr_piece *piece = &reading->pieces[i];
        if (piece->term == 0) {
            continue;
        }
        put_rest(out, &set, kana + begin, piece->kana - begin);
        if (piece->term != kbr_lexicon_silent) {
            put(&set, (uint16_t)(KBR_SPOKEN_TERM + piece->term));
        }
        has_term = true;
        begin = piece->kana + piece->kana_len;
    }
    put_rest(out, &set, kana + begin, reading->kana_len[0] - begin);
    out->sense_count = has_term ? out->sense_count : 0;
}

/* ---- the spelling ---- */

static bool is_latin(uint16_t unit) {
    return kbr_fold_script(unit) == KBR_SCRIPT_LATIN;
}

/* A stretch as it is spelt, and its skeleton: "nexon" is not read as ネクソン. */
static void put_spelt_stretch(kbr_spoken *out, const char *letters, size_t count) {
    uint8_t *spelt = out->spelt + out->spelt_count;
    char skeleton[KBR_SPOKEN_MORAS_MAX];
    size_t len = kbr_sound_spelt(spelt, KBR_SPOKEN_MORAS_MAX - out->spelt_count, letters, count);
    size_t size = kbr_sound_spelt_skeleton(skeleton, spelt, len);
    put_skeleton(out, skeleton, size, KBR_SPOKEN_SKELETONS_MAX);
    out->spelt_count += (uint32_t)len;
}

static bool is_written_otherwise(uint16_t unit) {
    uint8_t script = kbr_fold_script(unit);
    return script == KBR_SCRIPT_KANJI || script == KBR_SCRIPT_OTHER || kbr_is_kana(unit);
}

/* What no term stands for, of a name that has no other letters than Latin ones. */
static void put_spelling(kbr_spoken *out, const uint16_t *core, size_t len,
                         const kbr_reading *reading) {
    char letters[KBR_READING_UNITS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < len; i++) {
        if (is_written_otherwise(core[i])) {
            return;
        }
    }
    for (uint32_t i = 0; i < reading->piece_count; i++) {
        const kbr_piece *piece = &reading->pieces[i];
        if (piece->term != 0) {
            put_spelt_stretch(out, letters, count);
            count = 0;
            continue;
        }
        for (size_t at = piece->begin; at < (size_t)piece->begin + piece->len; at++) {
            if (core[at] >= 'a' && core[at] <= 'z') {
                letters[count++] = (char)core[at];
            }
        }
    }
    put_spelt_stretch(out, letters, count);
}

/* ---- the acronym ---- */

/* Initials of words: International Business Machines. */
static size_t initials_of_words(uint16_t *out, const uint16_t *core, size_t len) {
    size_t count = 0;
    for (size_t i = 0; i < len; i++) {
        if (!is_latin(core[i]) && core[i] != ' ') {
            return 0;
        }
        if (is_latin(core[i]) && (i == 0 || !is_latin(core[i - 1]))) {
            if (count == ACRONYM_MAX) {
                return 0;
            }
            out[count++] = core[i];
        }
    }
    return count;
}

/* The longest surface with a term that begins at a place; NULL: none. */
static const kbr_lexicon_hit *term_at(kbr_lexicon_hit *hits, const uint16_t *core, size_t len,
                                      size_t at) {
    for (size_t i = kbr_lexicon_find(hits, core, len, at); i > 0; i--) {
        uint32_t term = hits[i - 1].entries->term;
        if (term != 0 && (term & KBR_LEXICON_AT_END) == 0) {
            return &hits[i - 1];
        }
    }
    return NULL;
}

/* Initials of the words of a term's name but for "and"; false: there are too many. */
static bool add_initials(uint16_t *out, size_t *count, const char *name) {
    for (const char *word = name; *word != '\0';) {
        if (strncmp(word, "and ", 4) != 0) {
            if (*count == ACRONYM_MAX) {
                return false;
            }
            out[(*count)++] = (uint8_t)*word;
        }
        while (*word != '\0' && *word++ != ' ') {
        }
    }
    return true;
}

/* Initials of a Japanese name's English, its first word as it is read: 日本電信電話, Nippon
 * Telegraph and Telephone. All of the name is terms, whatever pieces it is read in. */
static size_t initials_of_terms(uint16_t *out, const uint16_t *core, size_t len,
                                const kbr_reading *reading) {
    kbr_lexicon_hit hits[KBR_LEXICON_LEN_MAX];
    uint8_t mora;
    char romaji[4];
    size_t count = 0;
    for (size_t at = 0; at < len;) {
        const kbr_lexicon_hit *hit = term_at(hits, core, len, at);
        if (hit == NULL) {
            return 0;
        }
        uint16_t term = hit->entries->term;
        if (at > 0 && term != kbr_lexicon_silent &&
            !add_initials(out, &count, kbr_lexicon_terms[term])) {
            return 0;
        }
        if (at == 0) {
            if (kbr_sound_of_kana(&mora, reading->kana[0], 1) == 0 ||
                kbr_sound_romaji(romaji, &mora, 1) == 0) {
                return 0;
            }
            out[count++] = (uint8_t)romaji[0];
        }
        at += hit->len;
    }
    return count;
}

static void put_acronym(kbr_spoken *out, const uint16_t *core, size_t len,
                        const kbr_reading *reading) {
    uint16_t initials[ACRONYM_MAX];
    size_t count = initials_of_words(initials, core, len);
    if (count == 0) {
        count = initials_of_terms(initials, core, len, reading);
    }
    if (count >= ACRONYM_MIN) {
        out->acronym = kbr_hash(initials, count * sizeof *initials);
    }
}

void kbr_spoken_of(kbr_spoken *out, const uint16_t *core, size_t len, const kbr_reading *reading,
                   const kbr_reading *given) {
    out->acronym = 0;
    out->reading_count = 0;
    out->skeleton_count = 0;
    out->sound_count = 0;
    out->sense_count = 0;
    out->rest_count = 0;
    out->spelt_count = 0;
    bool is_given = given != NULL && given->count > 0;
    out->romaji = kbr_reading_is_romaji(core, len);
    put_readings(out, is_given ? given : reading, out->romaji && !is_given);
    if (reading->count > 0) {
        put_sense(out, reading);
        if (!out->romaji) {
            put_spelling(out, core, len, reading);
        }
        put_acronym(out, core, len, reading);
    }
}
