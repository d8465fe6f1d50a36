/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rest of a name beside another. A rest is told where all of it is words of the table and
 * places, so that a name cut short (三井住友銀, 大学院大学) or decorated (等, 会長) is not.
 */
#include "rests.h"

#include "fold.h"
#include "words.h"

#include <string.h>

/* Attributes of rests.tsv. */
#define BEHIND UINT32_C(1)
#define BEFORE UINT32_C(2)
#define WITHIN UINT32_C(4)

/* Words of one rest: 九州エネルギーサービス has three. */
#define WORDS_MAX 3

/* Units that two names have in common on each side of a rest within them: 東京工業大学. In a longer
 * name a word is left out by a slip: of contracts' spellings of one corporation those of 7 units
 * and more (北海道観光機構 for 北海道観光振興機構). */
#define WITHIN_LEN_MIN 2
#define WITHIN_LEN_MAX 6

/* A rest longer than any three words. */
#define REST_LEN_MAX 32

kbr_rest kbr_rest_of(const uint16_t *x, size_t x_len, const uint16_t *y, size_t y_len) {
    size_t shorter = x_len < y_len ? x_len : y_len;
    kbr_rest rest = {0};
    while (rest.at < shorter && x[rest.at] == y[rest.at]) {
        rest.at++;
    }
    while (rest.tail < shorter - rest.at && x[x_len - 1 - rest.tail] == y[y_len - 1 - rest.tail]) {
        rest.tail++;
    }
    rest.x_len = x_len - rest.at - rest.tail;
    rest.y_len = y_len - rest.at - rest.tail;
    return rest;
}

/* A word of the table that may stand on the side, or behind a place. */
static bool is_word(const uint16_t *unit, size_t len, uint32_t side) {
    const kbr_word *word = kbr_words_find(&kbr_words_rests, unit, len);
    return (word != NULL && (word->attribute & side) != 0) ||
           ((side & BEHIND) != 0 && len > 1 &&
            kbr_words_find(&kbr_words_places, unit, len) != NULL);
}

/* The length of the word that a rest begins with: the longest of the table or of the places; 0. */
static size_t first_word(const uint16_t *unit, size_t len) {
    const kbr_word *word = kbr_words_at(&kbr_words_rests, unit, len, 0);
    const kbr_word *place = kbr_words_at(&kbr_words_places, unit, len, 0);
    size_t word_len = word != NULL && word->len > 1 ? word->len : 0;
    size_t place_len = place != NULL && place->len > 1 ? place->len : 0;
    return place_len > word_len ? place_len : word_len;
}

/* Whether all of a rest is words, the outermost of them one for its side. */
static bool is_words(const uint16_t *unit, size_t len, uint32_t side) {
    if (len == 0 || len > REST_LEN_MAX) {
        return false;
    }
    if (is_word(unit, len, side)) {
        return true;
    }
    size_t at = 0;
    for (int i = 0; i < WORDS_MAX; i++) {
        size_t found = first_word(unit + at, len - at);
        bool outer = side == BEFORE ? at == 0 : at + found == len;
        if (found == 0 || (outer && !is_word(unit + at, found, side))) {
            return false;
        }
        at += found;
        if (at == len) {
            return true;
        }
    }
    return false;
}

/* 健康・健康: typed twice. */
static bool is_repeated(const uint16_t *unit, const kbr_rest *rest, size_t len) {
    return rest->at >= len &&
           memcmp(unit + rest->at, unit + rest->at - len, len * sizeof *unit) == 0;
}

/* The longer name has units[at..at + len) more, and both go on with `tail` units. */
static bool is_parted(const uint16_t *unit, const kbr_rest *rest, size_t len, bool whole) {
    const uint16_t *found = unit + rest->at;
    if (rest->tail == 0) {
        return whole ? is_word(found, len, BEHIND) : is_words(found, len, BEHIND);
    }
    if (rest->at == 0) {
        return is_words(found, len, BEFORE);
    }
    return len > 1 && rest->at >= WITHIN_LEN_MIN && rest->tail >= WITHIN_LEN_MIN &&
           rest->at + rest->tail <= WITHIN_LEN_MAX &&
           is_words(found, len, BEHIND | BEFORE | WITHIN);
}

/* Where the rest repeats what stands beside it, it can be cut in several ways, as many as it has
 * units: 北研究所北大学 and 北研究所 differ by 北大学, as well as by 研究所北大学 less its end. */
static bool is_parted_anywhere(const uint16_t *unit, kbr_rest rest, size_t len, bool whole) {
    if (is_repeated(unit, &rest, len)) {
        return false;
    }
    for (size_t i = 0; len <= REST_LEN_MAX && i <= len; i++) {
        if (is_parted(unit, &rest, len, whole)) {
            return true;
        }
        if (rest.at == 0 || unit[rest.at - 1] != unit[rest.at + len - 1]) {
            break;
        }
        rest.at--;
        rest.tail++;
    }
    return false;
}

static bool is_latin(uint16_t unit) {
    return kbr_fold_script(unit) == KBR_SCRIPT_LATIN;
}

/* X商事 and X企画, 日本X and 東京X: a word each in one place, that do not begin alike as システム
 * and システムズ do, nor may be one word, as Travel and トラベル are. */
static bool is_exchanged(const uint16_t *x, const uint16_t *y, const kbr_rest *rest) {
    bool behind = rest->tail == 0 && rest->at >= WITHIN_LEN_MIN;
    bool before = rest->at == 0 && rest->tail >= WITHIN_LEN_MIN;
    uint32_t side = behind ? BEHIND : BEFORE;
    return (behind || before) && rest->x_len > 1 && rest->y_len > 1 &&
           is_latin(x[rest->at]) == is_latin(y[rest->at]) &&
           is_word(x + rest->at, rest->x_len, side) && is_word(y + rest->at, rest->y_len, side);
}

bool kbr_rest_parts(const uint16_t *x, size_t x_len, const uint16_t *y, size_t y_len, bool whole) {
    kbr_rest rest = kbr_rest_of(x, x_len, y, y_len);
    if (rest.y_len == 0) {
        return is_parted_anywhere(x, rest, rest.x_len, whole);
    }
    if (rest.x_len == 0) {
        return is_parted_anywhere(y, rest, rest.y_len, whole);
    }
    return is_exchanged(x, y, &rest);
}
