/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Word lists: longest match at a place. A list has few words to a bucket (株式会社, 株 ...), so a
 * scan from the longest on is faster than a trie and needs no other memory than the words.
 */
#include "words.h"

#include <string.h>

static uint32_t bucket_of(uint16_t unit) {
    return (unit ^ (uint32_t)unit >> 8) & 0xFF;
}

const kbr_word *kbr_words_at(const kbr_words *words, const uint16_t *text, size_t len,
                             size_t position) {
    if (position >= len) {
        return NULL;
    }
    uint32_t bucket = bucket_of(text[position]);
    for (uint32_t i = words->buckets[bucket]; i < words->buckets[bucket + 1]; i++) {
        const kbr_word *word = &words->words[i];
        if (word->len <= len - position &&
            memcmp(words->pool + word->text, text + position, word->len * sizeof *text) == 0) {
            return word;
        }
    }
    return NULL;
}

const kbr_word *kbr_words_find(const kbr_words *words, const uint16_t *text, size_t len) {
    if (len == 0 || len > words->len_max) {
        return NULL;
    }
    uint32_t bucket = bucket_of(text[0]);
    for (uint32_t i = words->buckets[bucket]; i < words->buckets[bucket + 1]; i++) {
        const kbr_word *word = &words->words[i];
        if (word->len == len && memcmp(words->pool + word->text, text, len * sizeof *text) == 0) {
            return word;
        }
    }
    return NULL;
}

const kbr_word *kbr_words_before(const kbr_words *words, const uint16_t *text, size_t end) {
    if (end == 0) {
        return NULL;
    }
    uint32_t bucket = bucket_of(text[end - 1]);
    for (uint32_t i = words->end_buckets[bucket]; i < words->end_buckets[bucket + 1]; i++) {
        const kbr_word *word = &words->words[words->ends[i]];
        if (word->len <= end && memcmp(words->pool + word->text, text + end - word->len,
                                       word->len * sizeof *text) == 0) {
            return word;
        }
    }
    return NULL;
}
