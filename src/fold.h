/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folding: what kaburi holds to be the same character. Takes checked UTF-8, gives three aligned
 * arrays: the strict text (NFKC_Casefold), the folded text (hiragana as katakana, old and variant
 * kanji as the common form, dashes after kana as ー) and the script each unit was written in. One
 * table look-up a code point; ICU only for combining sequences and the like. Knows nothing of
 * companies or deals.
 */
#ifndef KBR_FOLD_H
#define KBR_FOLD_H

#include "base.h"

/* Scripts, of the strict unit: 佐 KANJI, き HIRAGANA although its folded unit is キ. */
enum {
    KBR_SCRIPT_OTHER = 0, /* letters of scripts not named here, surrogate pairs */
    KBR_SCRIPT_SPACE,     /* any white space; both units are U+0020 */
    KBR_SCRIPT_PUNCT,     /* punctuation and symbols, ・ among them */
    KBR_SCRIPT_DIGIT,     /* 0-9 */
    KBR_SCRIPT_LATIN,     /* Latin letters, with diacritics too */
    KBR_SCRIPT_HIRAGANA,
    KBR_SCRIPT_KATAKANA, /* with ー and the iteration marks ゝゞヽヾ (whatever they repeat) */
    KBR_SCRIPT_KANJI,    /* with 々〆〇 */
};

/* Folds spent, by whom two texts differ that are the same in the loose key. */
#define KBR_FOLD_WIDTH UINT32_C(0x001) /* NFKC changed something: width, ㈱, ①, ligatures */
#define KBR_FOLD_CASE UINT32_C(0x002)  /* upper case, ß */
/* Variation selectors, zero-width characters dropped. */
#define KBR_FOLD_IGNORABLE UINT32_C(0x004)
#define KBR_FOLD_KANA UINT32_C(0x008)       /* hiragana as katakana */
#define KBR_FOLD_KANJI UINT32_C(0x010)      /* old or variant kanji as the common form */
#define KBR_FOLD_DASH UINT32_C(0x020)       /* a dash after kana as ー */
#define KBR_FOLD_SMALL UINT32_C(0x040)      /* loose: small kana as large */
#define KBR_FOLD_SOUND UINT32_C(0x080)      /* loose: ヴ, ヂヅ, ヰヱヲ */
#define KBR_FOLD_LONG UINT32_C(0x100)       /* loose: ー dropped */
#define KBR_FOLD_MARK UINT32_C(0x200)       /* loose: 々ゝゞ expanded */
#define KBR_FOLD_PUNCT UINT32_C(0x400)      /* loose: punctuation and ・ dropped */
#define KBR_FOLD_SPACE UINT32_C(0x800)      /* loose: spaces dropped */
#define KBR_FOLD_LOOKALIKE UINT32_C(0x1000) /* loose: 二 as ニ, 工 as エ, 夕 as タ ... */
#define KBR_FOLD_LATIN UINT32_C(0x2000)     /* loose: diacritics, The dropped, & as and */

typedef struct kbr_folded {
    uint16_t *strict; /* three arrays of len items in one block; owned */
    uint16_t *unit;
    uint8_t *script;
    size_t len;
    size_t capacity;
    uint32_t folds;                    /* KBR_FOLD_* of this stage that changed something */
    kbr_units scratch;                 /* for ICU */
    const kaburi_allocator *allocator; /* borrowed */
} kbr_folded;

/* Zeroes *folded and sets the allocator (in scratch as well). Allocates nothing. */
void kbr_folded_init(kbr_folded *folded, const kaburi_allocator *allocator);
void kbr_folded_free(kbr_folded *folded);

/*
 * Folds checked UTF-8. Runs of white space become one space, none at either end. MEMORY only.
 * Idempotent: folding what the folded text says gives the folded text.
 */
kaburi_status kbr_fold(kbr_folded *out, kaburi_text text);

/*
 * The loose key of folded units: small kana large, ヴ ヂヅ ヰヱヲ as バ行 ジズ イエオ, long vowels,
 * ・, punctuation and spaces dropped, iteration marks expanded, look-alikes (工 エ) as one,
 * diacritics dropped. Writes at most `len` units to `out` (out may be `units`) and returns how
 * many; ORs what it spent into *folds. A text that would be empty (all punctuation) is copied
 * without its spaces instead, "& and &" is its words. Idempotent.
 */
size_t kbr_fold_loose(uint16_t *out, const uint16_t *units, size_t len, uint32_t *folds);

/* The same; origin[i] is where the unit that out[i] comes from stands. `out` is not `units`. */
size_t kbr_fold_loose_from(uint16_t *out, uint16_t *origin, const uint16_t *units, size_t len,
                           uint32_t *folds);

/* The script of a single strict or folded unit. */
uint8_t kbr_fold_script(uint16_t unit);

/* Whether two different folded units are only similar (斎 斉), which is evidence but never
 * identity. */
bool kbr_fold_similar(uint16_t a, uint16_t b);

/* Version of the fold table: changes whenever any key could. */
extern const uint32_t kbr_fold_version;

#endif
