/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks a card that comes from a file before anything else reads it. Takes bytes; what the stages
 * below use as a place, a count or a divisor is within the bounds they rely on. Does not ask
 * whether a card is true to a name.
 */
#include "record.h"

static bool counts_are_sound(const kbr_card *card) {
    return card->word_count == kbr_card_bits(card->has) && card->has >> KBR_CARD_WORDS == 0 &&
           card->number_count <= KBR_DEAL_NUMBERS_MAX &&
           card->form_count <= KBR_COMPANY_FORMS_MAX && card->opposed_count <= KBR_OPPOSED_MAX &&
           card->skeleton_count <= KBR_SPOKEN_SKELETONS_MAX &&
           card->company_shingles <= KBR_CARD_SHINGLES_MAX &&
           card->deal_shingles <= KBR_CARD_SHINGLES_MAX &&
           card->sound_count <= KBR_SPOKEN_SHINGLES_MAX &&
           card->sense_count <= KBR_SPOKEN_SHINGLES_MAX && card->rest_count <= KBR_CARD_REST_MAX;
}

/* What is read of a key by its shingles lies within it. */
static bool shingles_are_sound(const kbr_card *card, int field) {
    kbr_window windows[KBR_CARD_SHINGLES_MAX];
    size_t count = kbr_card_shingles(card, field);
    size_t len = field == KBR_FIELD_OF_COMPANY ? card->company_len : card->deal_len;
    return count == 0 ||
           (len > 0 && count <= len + 1 && kbr_card_shingle_windows(windows, card, field) == count);
}

static bool weight_is_sound(uint32_t weight, const uint8_t *rarities, size_t count) {
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += rarities[i];
    }
    return weight == sum;
}

static bool spoken_is_sound(uint16_t weight, const uint16_t *shingles, size_t count) {
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (!kbr_spoken_is_shingle(shingles[i])) {
            return false;
        }
        sum += kbr_spoken_rarity(shingles[i]);
    }
    return weight == (uint16_t)sum;
}

static bool parts_are_sound(const kbr_card *card) {
    for (size_t i = 0; i < card->number_count; i++) {
        if (kbr_card_numbers(card)[i].role >= KBR_NUMBER_ROLES) {
            return false;
        }
    }
    return true;
}

/* Moras, then letters; as many of either as there is room for. */
static bool rest_is_sound(const kbr_card *card) {
    const uint8_t *rest = kbr_card_rest(card);
    uint32_t moras = kbr_card_rest_moras(card);
    if (moras > KBR_SPOKEN_MORAS_MAX || card->rest_count - moras > KBR_SPOKEN_MORAS_MAX) {
        return false;
    }
    for (uint32_t i = 0; i < card->rest_count; i++) {
        if (rest[i] >= (i < moras ? KBR_CARD_LETTER : KBR_CARD_LETTER + 26)) {
            return false;
        }
    }
    return true;
}

bool kbr_card_is_sound(const void *block, size_t size) {
    const kbr_card *card = block;
    if (size < sizeof *card || card->size > size || card->size < sizeof *card ||
        !counts_are_sound(card) ||
        (uintptr_t)(kbr_card_threes(card, KBR_FIELD_OF_DEAL) +
                    kbr_card_threes_size(card, KBR_FIELD_OF_DEAL)) >
            (uintptr_t)block + card->size) {
        return false;
    }
    return shingles_are_sound(card, KBR_FIELD_OF_COMPANY) &&
           shingles_are_sound(card, KBR_FIELD_OF_DEAL) && card->stage <= KABURI_STAGE_LOST &&
           card->kind <= KABURI_KIND_LEAD &&
           weight_is_sound(card->company_weight, kbr_card_company_rarities(card),
                           card->company_shingles) &&
           weight_is_sound(card->deal_weight, kbr_card_deal_rarities(card), card->deal_shingles) &&
           spoken_is_sound(card->sound_weight, kbr_card_sound(card), card->sound_count) &&
           spoken_is_sound(card->sense_weight, kbr_card_sense(card), card->sense_count) &&
           parts_are_sound(card) && rest_is_sound(card);
}
