/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Word lists: longest match at a place. A list has few words to a bucket (株式会社, 株 ...), so a
 * scan from the longest on is faster than a trie and needs no other memory than the words.
 */
#include "words.h"

static uint32_t bucket_of(uint16_t unit) {
    return (unit ^ (uint32_t)unit >> 8) & 0xFF;
}

static bool has_pair(const kbr_words *words, const uint32_t *bits, uint16_t unit, uint16_t next) {
    uint32_t place = kbr_words_pair(unit, next, words->pair_bits);
    return (bits[place / 32] >> place % 32 & 1) != 0;
}

/* Where the words of one unit begin, which a bucket (of `order`, or as they lie) has last. */
static uint32_t first_short(const kbr_words *words, const uint32_t *order, uint32_t first,
                            uint32_t end) {
    while (end > first && words->words[order == NULL ? end - 1 : order[end - 1]].len == 1) {
        end--;
    }
    return end;
}

/* Most words of a bucket differ in the first units: a loop beats a call of memcmp. */
static bool is_same(const uint16_t *a, const uint16_t *b, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (a[i] != b[i]) {
            return false;
        }
    }
    return true;
}

const kbr_word *kbr_words_scan_at(const kbr_words *words, const uint16_t *text, size_t len,
                                  size_t position) {
    uint32_t bucket = bucket_of(text[position]);
    uint32_t end = words->buckets[bucket + 1];
    uint32_t first = words->buckets[bucket];
    if (len - position == 1 ||
        !has_pair(words, words->starts, text[position], text[position + 1])) {
        first = first_short(words, NULL, first, end);
    }
    for (uint32_t i = first; i < end; i++) {
        const kbr_word *word = &words->words[i];
        if (word->len <= len - position &&
            is_same(words->pool + word->text, text + position, word->len)) {
            return word;
        }
    }
    return NULL;
}

const kbr_word *kbr_words_find(const kbr_words *words, const uint16_t *text, size_t len) {
    if (len == 0 || len > words->len_max ||
        !has_pair(words, words->starts, text[0], len > 1 ? text[1] : 0)) {
        return NULL;
    }
    uint32_t bucket = bucket_of(text[0]);
    for (uint32_t i = words->buckets[bucket]; i < words->buckets[bucket + 1]; i++) {
        const kbr_word *word = &words->words[i];
        if (word->len == len && is_same(words->pool + word->text, text, len)) {
            return word;
        }
    }
    return NULL;
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
