/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Word lists: finds the longest word of a list at a place in a folded text. The lists are made from
 * src/data TSV files at build time, folded by kbr_fold itself; static, sorted, read-only.
 */
#ifndef KBR_WORDS_H
#define KBR_WORDS_H

#include "base.h"

typedef struct kbr_word {
    uint32_t text;      /* first unit in the pool */
    uint16_t len;       /* units */
    uint16_t value;     /* what the list says of it: an id, see the list */
    uint32_t attribute; /* a second value: class, flags; see the list */
} kbr_word;

/* How a word begins, and where it is. */
typedef struct kbr_word_head {
    uint32_t pair; /* first unit << 16 | the next, which is 0 of a word of one unit */
    uint32_t word; /* index in the list's words */
} kbr_word_head;

typedef struct kbr_words {
    const uint16_t *pool;
    const kbr_word *words;
    const kbr_word_head *heads;  /* grouped by bucket, longest first inside one */
    const uint32_t *head_starts; /* of buckets in heads; bucket = kbr_words_pair of a word's pair */
    uint32_t head_bits;          /* 1 << head_bits buckets, and one start more */
    uint32_t count;
    uint32_t len_max;     /* longest word */
    const uint32_t *ends; /* indexes of words, grouped by bucket of the last unit, longest first */
    const uint32_t *end_buckets; /* 257 starts in ends; bucket = (unit ^ unit >> 8) & 0xFF */
    /* Bits kbr_words_pair of the first two units of each word, and of the last two, the outer one
     * first: at most places no word of the list begins, and one bit says so. */
    const uint32_t *starts;
    const uint32_t *tails;
    uint32_t pair_bits; /* 1 << pair_bits bits each */
} kbr_words;

/* The place of a pair of units in `starts` and `tails`; of a word of one unit, `next` is 0. */
static inline uint32_t kbr_words_pair(uint16_t unit, uint16_t next, uint32_t pair_bits) {
    return ((uint32_t)unit << 16 | next) * 0x9E3779B1U >> (32 - pair_bits);
}

/* Whether a word of the list may begin (`pairs` = starts; end: tails) with the unit and the next
 * one inwards, or be the unit alone. Most places are told here to have none. */
static inline bool kbr_words_may(const kbr_words *words, const uint32_t *pairs, uint16_t unit,
                                 uint16_t next) {
    uint32_t both = kbr_words_pair(unit, next, words->pair_bits);
    uint32_t alone = kbr_words_pair(unit, 0, words->pair_bits);
    return ((pairs[both / 32] >> both % 32 | pairs[alone / 32] >> alone % 32) & 1) != 0;
}

/* The two below without the first look. */
const kbr_word *kbr_words_scan_at(const kbr_words *words, const uint16_t *text, size_t len,
                                  size_t position);
const kbr_word *kbr_words_scan_before(const kbr_words *words, const uint16_t *text, size_t end);

/* The longest word that begins at text[position], or NULL. O(words that begin with its two units).
 */
static inline const kbr_word *kbr_words_at(const kbr_words *words, const uint16_t *text, size_t len,
                                           size_t position) {
    if (position >= len || !kbr_words_may(words, words->starts, text[position],
                                          len - position > 1 ? text[position + 1] : 0)) {
        return NULL;
    }
    return kbr_words_scan_at(words, text, len, position);
}

/* The longest word that ends right before text[end], or NULL. O(words in one bucket). */
static inline const kbr_word *kbr_words_before(const kbr_words *words, const uint16_t *text,
                                               size_t end) {
    if (end == 0 ||
        !kbr_words_may(words, words->tails, text[end - 1], end > 1 ? text[end - 2] : 0)) {
        return NULL;
    }
    return kbr_words_scan_before(words, text, end);
}

/* The word that is exactly text[0..len), or NULL. */
const kbr_word *kbr_words_find(const kbr_words *words, const uint16_t *text, size_t len);

/*
 * The lists of src/data, one for each <list>.tsv: kbr_words_<list>, the names behind kbr_word.value
 * (terminated UTF-8, "" for 0) and how many there are, 0 counted.
 */
#define KBR_WORDS_LIST(list)                                                                       \
    extern const kbr_words kbr_words_##list;                                                       \
    extern const char *const kbr_words_##list##_values[];                                          \
    extern const uint32_t kbr_words_##list##_value_count

KBR_WORDS_LIST(legal_forms);
KBR_WORDS_LIST(honorifics);
KBR_WORDS_LIST(branch_words);
KBR_WORDS_LIST(places);
KBR_WORDS_LIST(placeholders);
KBR_WORDS_LIST(opposed_words);
KBR_WORDS_LIST(deal_noise);
KBR_WORDS_LIST(deal_opposed);
KBR_WORDS_LIST(deal_persons);
KBR_WORDS_LIST(deal_tags);
KBR_WORDS_LIST(deal_counters);
KBR_WORDS_LIST(deal_ordinals);
KBR_WORDS_LIST(deal_sales);
KBR_WORDS_LIST(deal_synonyms);
KBR_WORDS_LIST(deal_sites);
KBR_WORDS_LIST(deal_placeholders);
KBR_WORDS_LIST(free_mail);
KBR_WORDS_LIST(common_words);
KBR_WORDS_LIST(facilities);
KBR_WORDS_LIST(parties);
KBR_WORDS_LIST(rests);

#endif
