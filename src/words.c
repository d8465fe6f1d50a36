/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Word lists: longest match at a place. Few words begin with the same two units (株式会社, 株 ...),
 * so looking for these and a scan from the longest on is faster than a trie.
 */
#include "words.h"

static uint32_t bucket_of(uint16_t unit) {
    return (unit ^ (uint32_t)unit >> 8) & 0xFF;
}

static bool has_pair(const kbr_words *words, const uint32_t *bits, uint16_t unit, uint16_t next) {
    uint32_t place = kbr_words_pair(unit, next, words->pair_bits);
    return (bits[place / 32] >> place % 32 & 1) != 0;
}

/* Most words differ in the first units: a loop beats a call of memcmp. */
static bool is_same(const uint16_t *a, const uint16_t *b, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (a[i] != b[i]) {
            return false;
        }
    }
    return true;
}

/* The longest word of at least `len_min` units that begins with the pair and stands in the first
 * `len` units of the text. */
static const kbr_word *longest_of_pair(const kbr_words *words, const uint16_t *text, size_t len,
                                       uint16_t next, size_t len_min) {
    if (!has_pair(words, words->starts, text[0], next)) {
        return NULL;
    }
    uint32_t bucket = kbr_words_pair(text[0], next, words->head_bits);
    uint32_t pair = (uint32_t)text[0] << 16 | next;
    for (uint32_t i = words->head_starts[bucket]; i < words->head_starts[bucket + 1]; i++) {
        if (words->heads[i].pair != pair) {
            continue;
        }
        const kbr_word *word = &words->words[words->heads[i].word];
        if (word->len < len_min) {
            return NULL;
        }
        if (word->len <= len && is_same(words->pool + word->text, text, word->len)) {
            return word;
        }
    }
    return NULL;
}

const kbr_word *kbr_words_scan_at(const kbr_words *words, const uint16_t *text, size_t len,
                                  size_t position) {
    const uint16_t *from = text + position;
    size_t left = len - position;
    const kbr_word *word = left > 1 ? longest_of_pair(words, from, left, from[1], 0) : NULL;
    return word != NULL ? word : longest_of_pair(words, from, left, 0, 0);
}

const kbr_word *kbr_words_find(const kbr_words *words, const uint16_t *text, size_t len) {
    return len == 0 || len > words->len_max
               ? NULL
               : longest_of_pair(words, text, len, len > 1 ? text[1] : 0, len);
}

/* Where the words of one unit begin, which a bucket has last of those in `order`. */
static uint32_t first_short(const kbr_words *words, const uint32_t *order, uint32_t first,
                            uint32_t end) {
    while (end > first && words->words[order[end - 1]].len == 1) {
        end--;
    }
    return end;
}

const kbr_word *kbr_words_scan_before(const kbr_words *words, const uint16_t *text, size_t end) {
    uint32_t bucket = bucket_of(text[end - 1]);
    uint32_t last = words->end_buckets[bucket + 1];
    uint32_t first = words->end_buckets[bucket];
    if (end == 1 || !has_pair(words, words->tails, text[end - 1], text[end - 2])) {
        first = first_short(words, words->ends, first, last);
    }
    for (uint32_t i = first; i < last; i++) {
        const kbr_word *word = &words->words[words->ends[i]];
        if (word->len <= end &&
            is_same(words->pool + word->text, text + end - word->len, word->len)) {
            return word;
        }
    }
    return NULL;
}
