/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Likeness of two spoken names. A name without a term has one set of shingles for both its sound
 * and its sense, so that 山田製作所 is compared with "Yamada Seisakusho" by sound and with "Yamada
 * Manufacturing" by sense.
 */
#include "heard.h"

#include "edits.h"

#include <string.h>

/* A set of shingles of a card. */
typedef struct shingles {
    const uint16_t *items;
    uint32_t count;
    uint32_t weight;
} shingles;

static shingles sound_of(const kbr_card *card) {
    return (shingles){kbr_card_sound(card), card->sound_count, card->sound_weight};
}

static shingles sense_of(const kbr_card *card) {
    return card->sense_count == 0
               ? sound_of(card)
               : (shingles){kbr_card_sense(card), card->sense_count, card->sense_weight};
}

static void fill(kbr_heard_set *set, shingles from) {
    memset(set->bits, 0, sizeof set->bits);
    for (uint32_t i = 0; i < from.count; i++) {
        set->bits[from.items[i] / 64] |= UINT64_C(1) << from.items[i] % 64;
    }
    set->weight = from.weight;
}

static uint32_t weight_of_terms(shingles from) {
    uint32_t weight = 0;
    for (uint32_t i = 0; i < from.count; i++) {
        weight += from.items[i] >= KBR_SPOKEN_TERM ? kbr_spoken_rarity(from.items[i]) : 0;
    }
    return weight;
}

/* ---- the rest as letters ---- */

#define LETTERS_MAX KBR_EDITS_LEN_MAX

/* What no term stands for in letters a..z: in romaji, so as a Latin spelling can be compared with
 * it, and as it is spelt where that is in Latin letters. */
typedef struct letters {
    uint8_t romaji[LETTERS_MAX];
    uint8_t bare[LETTERS_MAX];
    uint8_t spelt[LETTERS_MAX];
    size_t romaji_len, bare_len, spelt_len;
} letters;

static void fill_romaji(letters *out, const uint8_t *moras, size_t count) {
    char romaji[3 * KBR_SPOKEN_MORAS_MAX + 1];
    size_t len = kbr_sound_romaji(romaji, moras, count);
    out->romaji_len = len < LETTERS_MAX ? len : LETTERS_MAX;
    memcpy(out->romaji, romaji, out->romaji_len);
}

static void fill_spelt(letters *out, const kbr_card *card, size_t moras) {
    const uint8_t *spelt = kbr_card_rest(card) + moras;
    out->spelt_len = card->rest_count - moras;
    for (size_t i = 0; i < out->spelt_len; i++) {
        out->spelt[i] = (uint8_t)(spelt[i] - KBR_CARD_LETTER + 'a');
    }
}

static void fill_masks(kbr_heard_letters *masks, const uint8_t *text, size_t len) {
    masks->count = (uint32_t)len;
    memset(masks->at, 0, sizeof masks->at);
    for (size_t i = 0; i < len; i++) {
        masks->at[text[i] - 'a'] |= UINT64_C(1) << i;
    }
}

static void fill_letters(kbr_heard *heard) {
    letters own;
    size_t moras = kbr_card_rest_moras(heard->card);
    fill_romaji(&own, kbr_card_rest(heard->card), moras);
    fill_spelt(&own, heard->card, moras);
    own.bare_len = kbr_sound_bare(own.bare, LETTERS_MAX, kbr_card_rest(heard->card), moras);
    fill_masks(&heard->romaji, own.romaji, own.romaji_len);
    fill_masks(&heard->bare, own.bare, own.bare_len);
    fill_masks(&heard->spelt, own.spelt, own.spelt_len);
}

/* Edits of the letters say what shingles of moras do not where a vowel was guessed wrong: サイオス
 * and "Sios" have no pair of moras in common. 0..1000; under 3 equal letters in 10 it is chance. */
#define CHANCE 300

static uint32_t alike(const kbr_heard_letters *own, const uint8_t *text, size_t len) {
    uint64_t equal[LETTERS_MAX];
    if (len == 0 || own->count == 0) {
        return 0;
    }
    for (size_t i = 0; i < len; i++) {
        equal[i] = own->at[text[i] - 'a'];
    }
    uint32_t edits = kbr_edits(equal, len, own->count, false);
    uint32_t longer = len > own->count ? (uint32_t)len : own->count;
    uint32_t share = 1000 - 1000 * edits / longer;
    return share < CHANCE ? 0 : 1000 * (share - CHANCE) / (1000 - CHANCE);
}

/* By how both are read, and by how one is spelt and the other read. */
static uint32_t alike_in_letters(const kbr_heard *heard, const kbr_card *other) {
    letters its;
    size_t moras = kbr_card_rest_moras(other);
    fill_romaji(&its, kbr_card_rest(other), moras);
    uint32_t best = alike(&heard->romaji, its.romaji, its.romaji_len);
    if (heard->spelt.count > 0 && moras == other->rest_count) {
        its.bare_len = kbr_sound_bare(its.bare, LETTERS_MAX, kbr_card_rest(other), moras);
        uint32_t spelt = alike(&heard->spelt, its.bare, its.bare_len);
        best = spelt > best ? spelt : best;
    } else if (heard->spelt.count == 0 && moras < other->rest_count) {
        fill_spelt(&its, other, moras);
        uint32_t spelt = alike(&heard->bare, its.spelt, its.spelt_len);
        best = spelt > best ? spelt : best;
    }
    return best;
}

/* ---- likeness ---- */

/* What the same consonants count at a glance, which does not compare letters: NEXON and ネクソン.
 */
#define SKELETON_GLANCE 300
#define SKELETON_GLANCE_MAX 600

void kbr_heard_prepare(kbr_heard *heard, const kbr_card *card) {
    heard->card = card;
    fill(&heard->sound, sound_of(card));
    fill(&heard->sense, sense_of(card));
    heard->term_weight = weight_of_terms(sense_of(card));
    fill_letters(heard);
}

/* Shared rarity, and of it the share of terms. */
static uint32_t shared_of(const kbr_heard_set *set, shingles other, uint32_t *terms) {
    uint32_t sum = 0;
    *terms = 0;
    for (uint32_t i = 0; i < other.count; i++) {
        uint16_t item = other.items[i];
        if ((set->bits[item / 64] >> item % 64 & 1) != 0) {
            sum += kbr_spoken_rarity(item);
            *terms += item >= KBR_SPOKEN_TERM ? kbr_spoken_rarity(item) : 0;
        }
    }
    return sum;
}

/* Dice coefficient. Overlap finds fewer of 1,200 English names: a name that is a word of another's
 * is seldom the same company. */
static uint32_t dice(uint32_t shared, uint32_t a, uint32_t b) {
    return 2000 * shared / (a + b + 1);
}

/* Whether a stretch of both has the same consonants. */
static bool share_skeleton(const kbr_card *a, const kbr_card *b) {
    for (uint32_t i = 0; i < a->skeleton_count; i++) {
        for (uint32_t j = 0; j < b->skeleton_count; j++) {
            if (kbr_card_skeletons(a)[i] == kbr_card_skeletons(b)[j]) {
                return true;
            }
        }
    }
    return false;
}

uint32_t kbr_heard_glance(const kbr_heard *heard, const kbr_card *other) {
    uint32_t terms;
    shingles sound = sound_of(other);
    shingles sense = sense_of(other);
    uint32_t by_sound =
        dice(shared_of(&heard->sound, sound, &terms), heard->sound.weight, sound.weight);
    uint32_t by_sense =
        dice(shared_of(&heard->sense, sense, &terms), heard->sense.weight, sense.weight);
    uint32_t best = by_sense > by_sound ? by_sense : by_sound;
    if (best < SKELETON_GLANCE_MAX && share_skeleton(heard->card, other)) {
        best += SKELETON_GLANCE;
        best = best < SKELETON_GLANCE_MAX ? best : SKELETON_GLANCE_MAX;
    }
    return best;
}

uint32_t kbr_heard_likeness(const kbr_heard *heard, const kbr_card *other, uint32_t *shared) {
    uint32_t terms;
    shingles sound = sound_of(other);
    shingles sense = sense_of(other);
    *shared = shared_of(&heard->sound, sound, &terms);
    uint32_t by_sound = dice(*shared, heard->sound.weight, sound.weight);

    uint32_t meant = shared_of(&heard->sense, sense, &terms);
    uint32_t own_rest = heard->sense.weight - heard->term_weight;
    uint32_t other_rest = sense.weight - weight_of_terms(sense);
    uint32_t less = own_rest < other_rest ? own_rest : other_rest;
    /* The letters are read where all of them alike would tell more than the shingles. */
    uint32_t most = terms + less;
    if (most > meant && dice(most, heard->sense.weight, sense.weight) > by_sound) {
        uint32_t by_letters = terms + less * alike_in_letters(heard, other) / 1000;
        meant = by_letters > meant ? by_letters : meant;
    }
    uint32_t by_sense = dice(meant, heard->sense.weight, sense.weight);
    if (by_sense > by_sound) {
        *shared = meant;
        return by_sense;
    }
    return by_sound;
}

int kbr_heard_same(const kbr_card *a, const kbr_card *b) {
    for (int i = 0; i < KBR_READING_ALTERNATIVES; i++) {
        uint64_t reading = kbr_card_word(a, KBR_CARD_READING + i) & KBR_SPOKEN_SOUND;
        for (int j = 0; reading != 0 && j < KBR_READING_ALTERNATIVES; j++) {
            if (reading == (kbr_card_word(b, KBR_CARD_READING + j) & KBR_SPOKEN_SOUND)) {
                return i == 0 && j == 0 ? 1 : 2;
            }
        }
    }
    return 0;
}
