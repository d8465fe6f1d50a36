/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Likeness of two spoken names. A name without a term has one set of shingles for both its sound
 * and its sense, so that 山田製作所 is compared with "Yamada Seisakusho" by sound and with "Yamada
 * Manufacturing" by sense.
 */
#include "heard.h"

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

void kbr_heard_prepare(kbr_heard *heard, const kbr_card *card) {
    heard->card = card;
    fill(&heard->sound, sound_of(card));
    fill(&heard->sense, sense_of(card));
}

/* The mean of Dice and overlap coefficient, weighted by rarity: English names leave words out, and
 * then overlap is what still says something. */
static uint32_t likeness(const kbr_heard_set *set, shingles other, uint32_t *shared) {
    uint32_t sum = 0;
    for (uint32_t i = 0; i < other.count; i++) {
        if ((set->bits[other.items[i] / 64] >> other.items[i] % 64 & 1) != 0) {
            sum += kbr_spoken_rarity(other.items[i]);
        }
    }
    uint32_t least = set->weight < other.weight ? set->weight : other.weight;
    *shared = sum;
    return (2000 * sum / (set->weight + other.weight + 1) + 1000 * sum / (least + 1)) / 2;
}

uint32_t kbr_heard_likeness(const kbr_heard *heard, const kbr_card *other, uint32_t *shared) {
    uint32_t sound_shared;
    uint32_t sense_shared;
    uint32_t sound = likeness(&heard->sound, sound_of(other), &sound_shared);
    uint32_t sense = likeness(&heard->sense, sense_of(other), &sense_shared);
    *shared = sense > sound ? sense_shared : sound_shared;
    return sense > sound ? sense : sound;
}

bool kbr_heard_same(const kbr_card *a, const kbr_card *b) {
    for (size_t i = 0; i < KBR_COUNT(a->readings) && a->readings[i] != 0; i++) {
        for (size_t j = 0; j < KBR_COUNT(b->readings) && b->readings[j] != 0; j++) {
            if (a->readings[i] == b->readings[j]) {
                return true;
            }
        }
    }
    return false;
}
