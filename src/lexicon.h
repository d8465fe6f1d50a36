/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lexicon: how pieces of names are read and what they mean. Finds every entry that begins at a
 * place in a folded text. Made from src/data/lexicon.tsv and terms.tsv at build time: a double
 * array (Aoe 1989) over dense codes of UTF-16 units; static, read-only. Chooses nothing: that is
 * the business of reading.
 */
#ifndef KBR_LEXICON_H
#define KBR_LEXICON_H

#include "base.h"

/* One reading of a surface. */
typedef struct kbr_lexicon_entry {
    uint32_t kana; /* first kana in kbr_lexicon_kana << 8 | how many */
    uint16_t cost; /* 64 * -log2 of how often names hold it; KBR_LEXICON_MORE: another follows */
    uint16_t term; /* what the surface means, 0 = nothing that is known; KBR_LEXICON_AT_END */
} kbr_lexicon_entry;

#define KBR_LEXICON_AT_END 0x8000U /* of term: stands at the end of a word only */

#define KBR_LEXICON_MORE 0x8000U
#define KBR_LEXICON_LEN_MAX 24 /* units of the longest surface */

static inline uint32_t kbr_lexicon_cost(const kbr_lexicon_entry *entry) {
    return entry->cost & (KBR_LEXICON_MORE - 1);
}

/* Kana of the readings, as low bytes of their code points (see sound.h). */
extern const uint8_t kbr_lexicon_kana[];

typedef struct kbr_lexicon_hit {
    const kbr_lexicon_entry *entries; /* cheapest first; all but the last with KBR_LEXICON_MORE */
    size_t len;                       /* units of the surface */
} kbr_lexicon_hit;

/* The surfaces that begin at text[position], shortest first; at most KBR_LEXICON_LEN_MAX, returns
 * how many. One step of the double array a unit. */
size_t kbr_lexicon_find(kbr_lexicon_hit *hits, const uint16_t *text, size_t len, size_t position);

/* The same for a text that is looked up at all of its places: encode it once, which also brings the
 * nodes where its look-ups pass by into the cache. A look-up does so with the entries it finds. */
void kbr_lexicon_encode(uint16_t *codes, const uint16_t *text, size_t len);
size_t kbr_lexicon_find_code(kbr_lexicon_hit *hits, const uint16_t *codes, size_t len,
                             size_t position);

/* English name of a term, terminated; terms are 1..kbr_lexicon_term_count - 1. */
extern const char *const kbr_lexicon_terms[];
extern const uint32_t kbr_lexicon_term_count;

/* The term of words that say nothing: of, コーポレーション; 0 where the table has none. */
extern const uint16_t kbr_lexicon_silent;

/* Costs of what needs no entry: a kana reads itself, anything else is passed over. */
extern const uint32_t kbr_lexicon_kana_cost;
extern const uint32_t kbr_lexicon_unknown_cost;

/* Changes whenever any reading or term could. */
extern const uint32_t kbr_lexicon_version;

#endif
