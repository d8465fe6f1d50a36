/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names in Latin letters, word by word. A word is looked for at the beginnings of the other's
 * words, and has to end where one of them does: "Gold Wing" is in GOLDWING and GOLDWING in it.
 */
#include "latin.h"

#include <string.h>

/* A word so short has no typing error that leaves it the same word. */
#define TYPED_LEN_MIN 5

#define UNITS_MAX 64
#define UMLAUT_LEN_MIN 4

/* A name and bits that are set where a word begins, and behind the last. */
typedef struct name {
    const uint16_t *key;
    size_t len;
    uint64_t borders; /* bit 0 is not set */
} name;

static name name_of(const kbr_card *card) {
    size_t len = card->company_len < UNITS_MAX ? card->company_len : UNITS_MAX - 1;
    uint64_t end = UINT64_C(1) << len;
    uint64_t borders = (kbr_card_word(card, KBR_CARD_BORDERS) & (end - 1)) | end;
    return (name){kbr_card_company_key(card), len, borders};
}

/* Behind `at`, which lies within the name. */
static size_t next_border(const name *of, size_t at) {
    return at + 1 + (size_t)__builtin_ctzll(of->borders >> at >> 1);
}

static bool is_border(const name *of, size_t at) {
    return at == 0 || at == of->len || (of->borders >> at & 1) != 0;
}

/* Whether two words are the same but for one letter changed, left out, put in or exchanged with its
 * neighbour. */
static bool is_typed(const uint16_t *a, size_t a_len, const uint16_t *b, size_t b_len) {
    size_t least = a_len < b_len ? a_len : b_len;
    size_t head = 0;
    size_t tail = 0;
    if (least < TYPED_LEN_MIN || a_len + b_len > 2 * least + 1) {
        return false;
    }
    while (head < least && a[head] == b[head]) {
        head++;
    }
    while (tail < least - head && a[a_len - 1 - tail] == b[b_len - 1 - tail]) {
        tail++;
    }
    size_t left = least - head - tail;
    bool exchanged =
        a_len == b_len && left == 2 && a[head] == b[head + 1] && a[head + 1] == b[head];
    return left == 0 || (a_len == b_len && left == 1) || exchanged;
}

#define WHOLE 2

/* WHOLE: the other name has the word, or words that make it; 1: with a typing error; 0: neither. */
static uint32_t found_in(const name *other, const uint16_t *word, size_t len) {
    uint32_t best = 0;
    for (size_t at = 0; at < other->len; at = next_border(other, at)) {
        if (at + len <= other->len && is_border(other, at + len) &&
            memcmp(other->key + at, word, len * sizeof *word) == 0) {
            return WHOLE;
        }
        size_t end = next_border(other, at);
        best |= is_typed(word, len, other->key + at, end - at);
    }
    return best;
}

/* Twice the letters of the words that the other has too. */
static uint32_t common_of(const name *own, const name *other) {
    uint32_t common = 0;
    for (size_t at = 0; at < own->len;) {
        size_t end = next_border(own, at);
        uint32_t found = found_in(other, own->key + at, end - at);
        if (found < WHOLE && end < own->len) {
            size_t both = next_border(own, end); /* g one: gone */
            if (found_in(other, own->key + at, both - at) == WHOLE) {
                end = both;
                found = WHOLE;
            }
        }
        common += (uint32_t)(end - at) * found;
        at = end;
    }
    return common;
}

uint32_t kbr_latin_common(const kbr_card *a, const kbr_card *b) {
    const name x = name_of(a);
    const name y = name_of(b);
    uint32_t of_x = 500 * common_of(&x, &y) / (uint32_t)x.len;
    uint32_t of_y = 500 * common_of(&y, &x) / (uint32_t)y.len;
    return x.len == y.len ? (of_x > of_y ? of_x : of_y) : x.len < y.len ? of_x : of_y;
}

static bool is_vowel(uint16_t unit) {
    return unit == 'a' || unit == 'e' || unit == 'i' || unit == 'o' || unit == 'u';
}

static size_t word_len(const name *of, size_t at) {
    size_t begin = at;
    while (!is_border(of, begin)) {
        begin--;
    }
    return next_border(of, begin) - begin;
}

/* Whether an umlaut's e stands at a place: behind an a, o or u that no vowel is before (Bauer), and
 * before a consonant; not in a short word, of which an e makes another: fuel, poet, duet. */
static bool has_umlaut(const name *of, size_t at) {
    const uint16_t *key = of->key;
    return at > 0 && at + 1 < of->len && key[at] == 'e' && !is_vowel(key[at + 1]) &&
           (key[at - 1] == 'a' || key[at - 1] == 'o' || key[at - 1] == 'u') &&
           (at == 1 || !is_vowel(key[at - 2])) && word_len(of, at) > UMLAUT_LEN_MIN;
}

bool kbr_latin_umlauts(const kbr_card *a, const kbr_card *b) {
    const name x = name_of(a);
    const name y = name_of(b);
    size_t i = 0;
    size_t j = 0;
    if (a->company_len >= UNITS_MAX || b->company_len >= UNITS_MAX || x.len == y.len ||
        x.len < UMLAUT_LEN_MIN || y.len < UMLAUT_LEN_MIN) {
        return false;
    }
    while (i < x.len && j < y.len) {
        if (x.key[i] == y.key[j]) {
            i++;
            j++;
        } else if (x.len > y.len && has_umlaut(&x, i)) {
            i++;
        } else if (y.len > x.len && has_umlaut(&y, j)) {
            j++;
        } else {
            return false;
        }
    }
    return i == x.len && j == y.len;
}
