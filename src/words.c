/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Word lists: longest match at a place. A list has few words to a bucket (株式会社, 株 ...), so a
 * scan from the longest on is faster than a trie and needs no other memory than the words.
 */
#include "words.h"

static uint32_t bucket_of(uint16_t unit) {
    return (unit ^ (uint32_t)unit >> 8) & 0xFF;
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

const kbr_word *kbr_words_at(const kbr_words *words, const uint16_t *text, size_t len,
                             size_t position) {
    if (position >= len) {
        return NULL;
    }
    uint32_t bucket = bucket_of(text[position]);
    for (uint32_t i = words->buckets[bucket]; i < words->buckets[bucket + 1]; i++) {
        const kbr_word *word = &words->words[i];
        if (word->len <= len - position &&
            is_same(words->pool + word->text, text + position, word->len)) {
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
        if (word->len == len && is_same(words->pool + word->text, text, len)) {
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
        if (word->len <= end &&
            is_same(words->pool + word->text, text + end - word->len, word->len)) {
            return word;
        }
    }
    return NULL;
}
