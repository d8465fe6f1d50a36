/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folding. Most texts need one table look-up a code point; one with combining marks, half-width
 * voiced kana or characters above the BMP goes as a whole through ICU first and through the same
 * table then.
 */
#include "fold.h"

#include "fold_table.h"
#include "text.h"

#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

const uint32_t kbr_fold_version = 1;

void kbr_folded_init(kbr_folded *folded, const kaburi_allocator *allocator) {
    memset(folded, 0, sizeof *folded);
    folded->allocator = allocator;
    folded->scratch.allocator = allocator;
}

void kbr_folded_free(kbr_folded *folded) {
    kbr_release(folded->allocator, folded->strict);
    kbr_units_free(&folded->scratch);
    kbr_folded_init(folded, folded->allocator);
}

/* The three arrays lie in one block: strict, unit, script. What was in them is lost. */
static bool reserve(kbr_folded *folded, size_t len) {
    if (len <= folded->capacity) {
        return true;
    }
    size_t capacity = len + len / 2 + 64;
    uint16_t *block = kbr_allocate(folded->allocator, capacity, 2 * sizeof(uint16_t) + 1);
    if (block == NULL) {
        return false;
    }
    kbr_release(folded->allocator, folded->strict);
    folded->strict = block;
    folded->unit = block + capacity;
    folded->script = (uint8_t *)(block + 2 * capacity);
    folded->capacity = capacity;
    return true;
}

static bool is_kana(uint8_t script) {
    return script == KBR_SCRIPT_KATAKANA || script == KBR_SCRIPT_HIRAGANA;
}

static void append(kbr_folded *out, uint16_t strict, uint16_t unit, uint8_t script) {
    out->strict[out->len] = strict;
    out->unit[out->len] = unit;
    out->script[out->len] = script;
    out->len++;
}

/* Appends a unit that NFKC_Casefold leaves as it is, with our own folds; room is there. */
static void put_unit(kbr_folded *out, uint16_t strict) {
    const kbr_fold_entry *entry = &kbr_fold_entries[strict];
    size_t at = out->len;
    if (strict >= 0xD800 && strict < 0xE000) {
        append(out, strict, strict, KBR_SCRIPT_OTHER);
    } else if (entry->script == KBR_SCRIPT_SPACE) {
        if (at > 0 && out->strict[at - 1] != ' ') {
            append(out, ' ', ' ', KBR_SCRIPT_SPACE);
        }
    } else if ((entry->flags & KBR_ENTRY_DASH) != 0 && at > 0 && is_kana(out->script[at - 1])) {
        append(out, strict, 0x30FC, KBR_SCRIPT_KATAKANA);
        out->folds |= KBR_FOLD_DASH;
    } else {
        append(out, strict, entry->unit, entry->script);
        if (entry->unit != strict) {
            out->folds |= entry->script == KBR_SCRIPT_KANJI ? KBR_FOLD_KANJI : KBR_FOLD_KANA;
        }
    }
}

/* Called before a voiced sign: katakana ワヰヱヲ would join with it where hiragana has not, and
 * folding twice would not be folding once. The hiragana stays as written. Marks of a class below
 * the sign's own, 8, stand between without hindering it. */
static void keep_apart(kbr_folded *out) {
    size_t at = out->len;
    uint8_t class = at > 0 ? u_getCombiningClass(out->strict[at - 1]) : 0;
    while (class > 0 && class < 8) {
        at--;
        class = at > 0 ? u_getCombiningClass(out->strict[at - 1]) : 0;
    }
    if (at > 0 && out->unit[at - 1] >= 0x30EF && out->unit[at - 1] <= 0x30F2) {
        out->unit[at - 1] = out->strict[at - 1];
    }
}

static void put_entry(kbr_folded *out, const kbr_fold_entry *entry) {
    if ((entry->flags & KBR_ENTRY_MANY) != 0) {
        for (uint16_t i = 0; i < entry->unit; i++) {
            put_unit(out, kbr_fold_pool[entry->strict + i]);
        }
        return;
    }
    /* The script is the strict unit's: ① is a digit, ㌔ is katakana. */
    put_unit(out, entry->strict);
}

/* The folds that a code point spends by itself, of the KBR_ENTRY_* given. */
static uint32_t folds_of(uint32_t flags) {
    return ((flags & KBR_ENTRY_WIDTH) != 0 ? KBR_FOLD_WIDTH : 0) |
           ((flags & KBR_ENTRY_CASE) != 0 ? KBR_FOLD_CASE : 0) |
           ((flags & KBR_ENTRY_DROP) != 0 ? KBR_FOLD_IGNORABLE : 0);
}

/* What a code point above the BMP spends by itself, one of the three. */
static uint32_t folds_above(UChar32 c) {
    if (!u_hasBinaryProperty(c, UCHAR_CHANGES_WHEN_NFKC_CASEFOLDED)) {
        return 0;
    }
    return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ? KBR_FOLD_IGNORABLE
           : u_foldCase(c, U_FOLD_CASE_DEFAULT) != c                  ? KBR_FOLD_CASE
                                                                      : KBR_FOLD_WIDTH;
}

/* The table alone. False when the text needs ICU; out is then as good as empty. */
static bool fold_by_table(kbr_folded *out, kaburi_text text) {
    uint32_t flags = 0;
    for (size_t position = 0; position < text.size;) {
        uint32_t c = kbr_text_next(text.data, text.size, &position);
        const kbr_fold_entry *entry = &kbr_fold_entries[c & 0xFFFF];
        if (c > 0xFFFF || (entry->flags & KBR_ENTRY_SLOW) != 0) {
            return false;
        }
        flags |= entry->flags;
        if ((entry->flags & KBR_ENTRY_DROP) == 0) {
            put_entry(out, entry);
        }
    }
    out->folds |= folds_of(flags);
    return true;
}

/* A kanji above the BMP as the common form, or 0. */
static uint16_t common_form(uint32_t c) {
    size_t low = 0;
    size_t high = kbr_fold_astral_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (kbr_fold_astrals[middle].from < c) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < kbr_fold_astral_count && kbr_fold_astrals[low].from == c ? kbr_fold_astrals[low].to
                                                                          : 0;
}

/* The text as UTF-16 to the front of scratch, which has room; returns how many units. */
static size_t decode(kbr_folded *out, kaburi_text text) {
    size_t len = 0;
    for (size_t position = 0; position < text.size;) {
        uint32_t c = kbr_text_next(text.data, text.size, &position);
        if (c > 0xFFFF) {
            out->folds |= folds_above((UChar32)c);
            out->scratch.data[len++] = (uint16_t)(0xD7C0 + (c >> 10));
            c = 0xDC00 | (c & 0x3FF);
        } else {
            out->folds |= folds_of(kbr_fold_entries[c].flags);
        }
        out->scratch.data[len++] = (uint16_t)c;
    }
    return len;
}

/* Through ICU: the text as UTF-16 to the front of scratch, NFKC_Casefold of it behind. */
static kaburi_status fold_by_icu(kbr_folded *out, kaburi_text text) {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCCasefoldInstance(&status);
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    if (U_FAILURE(status) || !kbr_units_reserve(&out->scratch, text.size)) {
        return KABURI_ERROR_MEMORY;
    }
    size_t source_len = decode(out, text);
    int32_t need = unorm2_normalize(nfkc, out->scratch.data, (int32_t)source_len, NULL, 0, &status);
    if ((U_FAILURE(status) && status != U_BUFFER_OVERFLOW_ERROR) ||
        !kbr_units_reserve(&out->scratch, source_len + (size_t)need + 1) ||
        !reserve(out, (size_t)need + 1)) {
        return KABURI_ERROR_MEMORY;
    }
    status = U_ZERO_ERROR;
    uint16_t *folded = out->scratch.data + source_len;
    (void)unorm2_normalize(nfkc, out->scratch.data, (int32_t)source_len, folded, need + 1, &status);
    if (!unorm2_isNormalized(nfc, out->scratch.data, (int32_t)source_len, &status)) {
        out->folds |= KBR_FOLD_WIDTH; /* か with a voiced sign as が */
    }
    if (U_FAILURE(status)) {
        return KABURI_ERROR_MEMORY;
    }
    for (size_t i = 0; i < (size_t)need; i++) {
        bool pair = folded[i] >= 0xD800 && folded[i] < 0xDC00 && i + 1 < (size_t)need;
        uint32_t c = pair ? 0x10000 + ((folded[i] - 0xD800U) << 10) + (folded[i + 1] - 0xDC00U) : 0;
        uint16_t common = pair ? common_form(c) : 0;
        if (folded[i] == 0x3099) {
            keep_apart(out);
        }
        put_unit(out, folded[i]);
        if (common != 0) {
            /* One unit for the pair; the strict text keeps the upper half, which is as distinct as
             * a hash of it needs. */
            out->unit[out->len - 1] = common;
            out->script[out->len - 1] = KBR_SCRIPT_KANJI;
            out->folds |= KBR_FOLD_KANJI;
            i++;
        }
    }
    return KABURI_OK;
}

kaburi_status kbr_fold(kbr_folded *out, kaburi_text text) {
    out->len = 0;
    out->folds = 0;
    if (text.size == 0) {
        return KABURI_OK;
    }
    /* No code point of 3 bytes becomes more than 18 units (U+FDFA). */
    if (!reserve(out, text.size * 6 + 1)) {
        return KABURI_ERROR_MEMORY;
    }
    if (!fold_by_table(out, text)) {
        out->len = 0;
        out->folds = 0;
        kaburi_status status = fold_by_icu(out, text);
        if (status != KABURI_OK) {
            return status;
        }
    }
    if (out->len > 0 && out->strict[out->len - 1] == ' ') {
        out->len--;
    }
    return KABURI_OK;
}

uint8_t kbr_fold_script(uint16_t unit) {
    return kbr_fold_entries[unit].script;
}

bool kbr_fold_similar(uint16_t a, uint16_t b) {
    for (size_t i = 0; i < kbr_fold_similar_count; i++) {
        if ((kbr_fold_similars[i][0] == a && kbr_fold_similars[i][1] == b) ||
            (kbr_fold_similars[i][0] == b && kbr_fold_similars[i][1] == a)) {
            return true;
        }
    }
    return false;
}
