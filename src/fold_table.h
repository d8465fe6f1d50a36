/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layout of the fold table that gen_fold makes at build time; only fold.c reads it.
 */
#ifndef KBR_FOLD_TABLE_H
#define KBR_FOLD_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum {
    KBR_ENTRY_WIDTH = 1, /* NFKC changes it */
    KBR_ENTRY_CASE = 2,  /* case folding changes it, or what NFKC made of it */
    KBR_ENTRY_DROP = 4,  /* NFKC_Casefold drops it */
    KBR_ENTRY_MANY = 8,  /* several units: strict = place in the pool, unit = how many */
    KBR_ENTRY_DASH = 16, /* ー when it stands after kana */
    KBR_ENTRY_SLOW = 32, /* may join with what stands before it: the text goes through ICU */
};

typedef struct kbr_fold_entry {
    uint16_t strict; /* NFKC_Casefold */
    uint16_t unit;   /* with our own folds */
    uint16_t base;   /* Latin letter without its diacritics, or 0 */
    uint8_t script;  /* KBR_SCRIPT_* of the code point itself */
    uint8_t flags;   /* KBR_ENTRY_* */
} kbr_fold_entry;

/* A kanji above the BMP and the common form it is a variant of. */
typedef struct kbr_fold_astral {
    uint32_t from;
    uint16_t to;
    uint16_t reserved;
} kbr_fold_astral;

extern const kbr_fold_entry kbr_fold_entries[0x10000];
extern const uint16_t kbr_fold_pool[];
extern const kbr_fold_astral kbr_fold_astrals[];
extern const size_t kbr_fold_astral_count;
extern const uint16_t kbr_fold_similars[][2];
extern const size_t kbr_fold_similar_count;

#endif
