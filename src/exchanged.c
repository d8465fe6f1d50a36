/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One word for another. Of 594 pairs of spellings of one Canadian vendor that differ by one edit in
 * one word, the word has 6 letters or more in nine of ten; letters left out, put in and changed
 * places with are slips in shorter ones as well.
 */
#include "exchanged.h"

#include "edits.h"
#include "rests.h"

/* A letter struck wrong makes another word of one that is shorter: foods, fords. */
#define STRUCK_LEN_MIN 6
/* A letter left out or put in makes another of one that is shorter still: SAP, SAAB. */
#define MISSED_LEN_MIN 5
/* Of a word one letter in three may be mistyped, and two of those that are not short: Rohde, Rhode.
 */
#define LETTERS_FOR_AN_EDIT 3
#define TWO_EDITS_LEN_MIN 5

typedef struct word {
    const uint16_t *unit;
    size_t begin;
    size_t len;
} word;

/* The word of the name that holds key[at..at + len), which may be empty; of length 0 where there
 * are two. */
static word word_at(const kbr_card *card, size_t at, size_t len) {
    uint64_t starts = kbr_card_word(card, KBR_CARD_BORDERS);
    const uint16_t *key = kbr_card_company_key(card);
    size_t begin = at < card->company_len ? at : card->company_len - 1U;
    while (begin > 0 && (starts >> begin & 1) == 0) {
        begin--;
    }
    size_t end = begin + 1;
    while (end < card->company_len && (starts >> end & 1) == 0) {
        end++;
    }
    bool whole = at + len <= end;
    return (word){key + begin, begin, whole ? end - begin : 0};
}

static uint32_t edits_of(const word *a, const word *b) {
    uint64_t equal[KBR_EDITS_LEN_MAX] = {0};
    for (size_t i = 0; i < b->len; i++) {
        for (size_t j = 0; j < a->len; j++) {
            equal[i] |= (uint64_t)(a->unit[j] == b->unit[i]) << j;
        }
    }
    return kbr_edits(equal, b->len, a->len, true);
}

/* Intl. and International, Mfg and Manufacturing: the letters of the shorter in order, the first
 * the same. */
static bool is_shortened(const word *longer, const word *shorter) {
    size_t found = 0;
    for (size_t i = 0; i < longer->len && found < shorter->len; i++) {
        found += longer->unit[i] == shorter->unit[found];
    }
    return shorter->len > 1 && longer->unit[0] == shorter->unit[0] && found == shorter->len;
}

/* I, l and 1, O and 0: hardly to be told apart on a screen. */
static bool looks_alike(uint16_t x, uint16_t y) {
    bool bar_x = x == 'i' || x == 'l' || x == '1';
    bool bar_y = y == 'i' || y == 'l' || y == '1';
    return (bar_x && bar_y) || (x == 'o' && y == '0') || (x == '0' && y == 'o');
}

static int compare_words(const word *a, const word *b) {
    const word *longer = a->len > b->len ? a : b;
    const word *shorter = longer == a ? b : a;
    if (shorter->len + 1 < longer->len && is_shortened(longer, shorter)) {
        return KBR_EXCHANGED_NONE;
    }
    uint32_t edits = edits_of(a, b);
    uint32_t slips = longer->len >= TWO_EDITS_LEN_MIN ? 2 : 1;
    if (edits > slips && edits > longer->len / LETTERS_FOR_AN_EDIT) {
        return KBR_EXCHANGED_OTHER;
    }
    /* One place that differs, and one edit: no neighbours that changed places. */
    size_t differ = 0;
    for (size_t i = 0; i < shorter->len; i++) {
        differ += a->unit[i] != b->unit[i] && !looks_alike(a->unit[i], b->unit[i]);
    }
    bool struck = a->len == b->len && edits == 1 && differ == 1 && a->len < STRUCK_LEN_MIN;
    bool another = a->len != b->len ? longer->len < MISSED_LEN_MIN : struck;
    return another ? KBR_EXCHANGED_LIKE : KBR_EXCHANGED_NONE;
}

int kbr_exchanged_word(const kbr_card *a, const kbr_card *b) {
    if (kbr_card_word(a, KBR_CARD_BORDERS) == 0 || kbr_card_word(b, KBR_CARD_BORDERS) == 0 ||
        a->company_len > KBR_EDITS_LEN_MAX || b->company_len > KBR_EDITS_LEN_MAX) {
        return KBR_EXCHANGED_NONE;
    }
    kbr_rest rest = kbr_rest_of(kbr_card_company_key(a), a->company_len, kbr_card_company_key(b),
                                b->company_len);
    word x = word_at(a, rest.at, rest.x_len);
    word y = word_at(b, rest.at, rest.y_len);
    if (x.len == 0 || y.len == 0 || x.begin != y.begin ||
        a->company_len - x.begin - x.len != b->company_len - y.begin - y.len) {
        return KBR_EXCHANGED_NONE;
    }
    return compare_words(&x, &y);
}
