/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes the fold table: gen_fold kanji_variants.tsv out.c. One entry for each code point of the
 * BMP, from ICU's NFKC_Casefold and our own folds; variants of kanji above the BMP in a small
 * sorted list.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

#include "../fold.h"
#include "../fold_table.h"

#define POOL_MAX 8192
#define ASTRAL_MAX 256
#define SIMILAR_MAX 512

typedef struct normalizers {
    const UNormalizer2 *nfkc_casefold;
    const UNormalizer2 *nfkc;
    const UNormalizer2 *nfd;
} normalizers;

static kbr_fold_entry table[0x10000];
static uint16_t pool[POOL_MAX];
static size_t pool_len;
static kbr_fold_astral astral[ASTRAL_MAX];
static size_t astral_count;
static uint16_t similar[SIMILAR_MAX][2];
static size_t similar_count;
static uint16_t same[0x10000];

static void die(const char *path, int line, const char *what) {
    (void)fprintf(stderr, "gen_fold: %s:%d: %s\n", path, line, what);
    exit(1);
}

static uint8_t script_of(UChar32 c) {
    if (u_isUWhiteSpace(c)) {
        return KBR_SCRIPT_SPACE;
    }
    if (c >= '0' && c <= '9') {
        return KBR_SCRIPT_DIGIT;
    }
    if (c == 0x30FC || c == 0x309D || c == 0x309E || c == 0x30FD || c == 0x30FE) {
        return KBR_SCRIPT_KATAKANA;
    }
    if (c == 0x3005 || c == 0x3006 || c == 0x3007 || c == 0x303B) {
        return KBR_SCRIPT_KANJI;
    }
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(c, &status);
    uint32_t letters = U_GC_L_MASK | U_GC_NL_MASK;
    if ((U_GET_GC_MASK(c) & letters) != 0) {
        switch (script) {
        case USCRIPT_LATIN:
            return KBR_SCRIPT_LATIN;
        case USCRIPT_HIRAGANA:
            return KBR_SCRIPT_HIRAGANA;
        case USCRIPT_KATAKANA:
            return KBR_SCRIPT_KATAKANA;
        case USCRIPT_HAN:
            return KBR_SCRIPT_KANJI;
        default:
            return KBR_SCRIPT_OTHER;
        }
    }
    return (U_GET_GC_MASK(c) & (U_GC_P_MASK | U_GC_S_MASK)) != 0 ? KBR_SCRIPT_PUNCT
                                                                 : KBR_SCRIPT_OTHER;
}

static bool is_dash(UChar32 c) {
    /* What is typed for ー: hyphens and dashes, minus, box drawing and the swung dash's neighbours.
     */
    return c == 0x2D || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2500 || c == 0x2501 ||
           c == 0x02D7 || c == 0x2043 || c == 0x2E3A || c == 0x2E3B || c == 0x00AF;
}

/* Our own fold of one strict unit. */
static uint16_t own_fold(uint16_t unit) {
    if ((unit >= 0x3041 && unit <= 0x3096) || unit == 0x309D || unit == 0x309E) {
        return (uint16_t)(unit + 0x60);
    }
    return same[unit] != 0 ? same[unit] : unit;
}

/* The base letter of a Latin letter with diacritics, or 0. */
static uint16_t base_of(const UNormalizer2 *nfd, UChar32 c) {
    UChar out[8];
    UErrorCode status = U_ZERO_ERROR;
    int32_t len = unorm2_getDecomposition(nfd, c, out, 8, &status);
    if (U_FAILURE(status) || len < 2 || out[0] >= 0x80) {
        return 0;
    }
    return u_isalpha(out[0]) ? (uint16_t)out[0] : 0;
}

static UChar32 read_code_point(const char **at, const char *path, int line) {
    int32_t i = 0;
    int32_t len = (int32_t)strlen(*at);
    UChar32 c;
    const uint8_t *bytes = (const uint8_t *)*at;
    U8_NEXT(bytes, i, len, c);
    if (c < 0) {
        die(path, line, "malformed UTF-8");
    }
    *at += i;
    return c;
}

static void read_row(char *row, const char *path, int line) {
    const char *from_text = row;
    UChar32 from = read_code_point(&from_text, path, line);
    if (*from_text != '\t') {
        die(path, line, "the first column is not one character");
    }
    const char *to_text = from_text + 1;
    UChar32 to = read_code_point(&to_text, path, line);
    if (*to_text != '\t') {
        die(path, line, "the second column is not one character");
    }
    if (to > 0xFFFF || from == to) {
        die(path, line, "the common form is above the BMP, or the variant itself");
    }
    if (strncmp(to_text + 1, "similar\t", 8) == 0) {
        if (similar_count == SIMILAR_MAX || from > 0xFFFF) {
            die(path, line, "too many similar rows, or above the BMP");
        }
        similar[similar_count][0] = (uint16_t)from;
        similar[similar_count++][1] = (uint16_t)to;
    } else if (strncmp(to_text + 1, "same\t", 5) != 0) {
        die(path, line, "the kind is neither same nor similar");
    } else if (from <= 0xFFFF) {
        if (same[from] != 0) {
            die(path, line, "the variant has a row already");
        }
        same[from] = (uint16_t)to;
    } else {
        if (astral_count == ASTRAL_MAX) {
            die(path, line, "too many variants above the BMP");
        }
        astral[astral_count++] = (kbr_fold_astral){(uint32_t)from, (uint16_t)to, 0};
    }
}

static int by_code_point(const void *a, const void *b) {
    uint32_t x = ((const kbr_fold_astral *)a)->from;
    uint32_t y = ((const kbr_fold_astral *)b)->from;
    return (x > y) - (x < y);
}

static void read_variants(const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        die(path, 0, "cannot be read");
    }
    char row[1024];
    for (int line = 1; fgets(row, sizeof row, file) != NULL; line++) {
        if (row[0] != '#' && strncmp(row, "from\t", 5) != 0) {
            read_row(row, path, line);
        }
    }
    (void)fclose(file);
    for (uint32_t c = 0; c < 0x10000; c++) {
        if (same[c] != 0 && same[same[c]] != 0) {
            (void)fprintf(stderr, "gen_fold: %s: U+%04X folds to U+%04X, which folds on\n", path, c,
                          same[c]);
            exit(1);
        }
    }
    for (size_t i = 0; i < astral_count; i++) {
        if (same[astral[i].to] != 0) {
            die(path, 0, "a variant above the BMP folds to a variant");
        }
    }
    qsort(astral, astral_count, sizeof *astral, by_code_point);
}

/* Whether neighbours can change what a code point becomes, so that the whole text goes through ICU.
 */
static bool is_slow(const UNormalizer2 *nfkc, UChar32 c) {
    return !unorm2_hasBoundaryBefore(nfkc, c) || u_getCombiningClass(c) != 0;
}

/* What becomes of a code point alone; returns how many units. */
static int32_t normalize(const UNormalizer2 *by, UChar32 c, UChar *out, int32_t room) {
    UChar source[2] = {(UChar)c, 0};
    UErrorCode status = U_ZERO_ERROR;
    int32_t len = unorm2_normalize(by, source, 1, out, room, &status);
    if (U_FAILURE(status)) {
        die("ICU", (int)c, u_errorName(status));
    }
    return len;
}

/* What makes the folded units of a code point: its width, its case or both. */
static uint8_t spent_on(const normalizers *by, UChar32 c, const UChar *folded, int32_t len) {
    UChar plain[32];
    int32_t plain_len = normalize(by->nfkc, c, plain, 32);
    bool width = plain_len != 1 || plain[0] != (UChar)c;
    bool cased = plain_len != len || memcmp(plain, folded, (size_t)len * sizeof *plain) != 0;
    return (uint8_t)((width ? KBR_ENTRY_WIDTH : 0) | (cased ? KBR_ENTRY_CASE : 0));
}

static void fill_entry(const normalizers *by, UChar32 c) {
    UChar out[32];
    int32_t len = normalize(by->nfkc_casefold, c, out, 32);
    kbr_fold_entry *entry = &table[c];
    entry->script = script_of(c);
    if (is_slow(by->nfkc_casefold, c)) {
        entry->flags |= KBR_ENTRY_SLOW;
    }
    if (entry->script == KBR_SCRIPT_SPACE) {
        entry->strict = ' ';
        entry->unit = ' ';
        return;
    }
    if (len == 0) {
        entry->flags |= KBR_ENTRY_DROP;
        return;
    }
    entry->flags |= spent_on(by, c, out, len);
    if (len == 1) {
        entry->strict = out[0];
        entry->unit = own_fold(out[0]);
        entry->base = base_of(by->nfd, c);
        if (is_dash(out[0])) {
            entry->flags |= KBR_ENTRY_DASH;
        }
    } else {
        if (pool_len + (size_t)len > POOL_MAX) {
            die("pool", (int)c, "too small");
        }
        entry->flags |= KBR_ENTRY_MANY;
        entry->strict = (uint16_t)pool_len;
        entry->unit = (uint16_t)len;
        memcpy(pool + pool_len, out, (size_t)len * sizeof *out);
        pool_len += (size_t)len;
    }
}

static void write_table(FILE *out) {
    (void)fprintf(
        out,
        "/* Made by gen_fold from src/data/kanji_variants.tsv and ICU %s. */\n"
        "#include \"fold_table.h\"\n\nconst kbr_fold_entry kbr_fold_entries[0x10000] = {\n",
        U_ICU_VERSION);
    for (uint32_t c = 0; c < 0x10000; c++) {
        const kbr_fold_entry *e = &table[c];
        (void)fprintf(out, "{%u,%u,%u,%u,%u},%s", e->strict, e->unit, e->base, e->script, e->flags,
                      c % 8 == 7 ? "\n" : "");
    }
    (void)fprintf(out, "};\n\nconst uint16_t kbr_fold_pool[] = {");
    for (size_t i = 0; i < pool_len; i++) {
        (void)fprintf(out, "%u,%s", pool[i], i % 16 == 15 ? "\n" : "");
    }
    (void)fprintf(out, "};\n\nconst kbr_fold_astral kbr_fold_astrals[] = {\n");
    for (size_t i = 0; i < astral_count; i++) {
        (void)fprintf(out, "{%u,%u,0},\n", astral[i].from, astral[i].to);
    }
    (void)fprintf(out, "{0,0,0}};\nconst size_t kbr_fold_astral_count = %zu;\n", astral_count);
    (void)fprintf(out, "\nconst uint16_t kbr_fold_similars[][2] = {\n");
    for (size_t i = 0; i < similar_count; i++) {
        (void)fprintf(out, "{%u,%u},\n", similar[i][0], similar[i][1]);
    }
    (void)fprintf(out, "{0,0}};\nconst size_t kbr_fold_similar_count = %zu;\n", similar_count);
}

int main(int argc, char **argv) {
    if (argc != 3) {
        (void)fprintf(stderr, "usage: gen_fold kanji_variants.tsv out.c\n");
        return 2;
    }
    UErrorCode status = U_ZERO_ERROR;
    const normalizers by = {.nfkc_casefold = unorm2_getNFKCCasefoldInstance(&status),
                            .nfkc = unorm2_getNFKCInstance(&status),
                            .nfd = unorm2_getNFDInstance(&status)};
    if (U_FAILURE(status)) {
        die("ICU", 0, u_errorName(status));
    }
    read_variants(argv[1]);
    for (uint32_t c = 1; c < 0x10000; c++) {
        if (!U_IS_SURROGATE(c)) {
            fill_entry(&by, (UChar32)c);
        }
    }
    FILE *out = fopen(argv[2], "w");
    if (out == NULL) {
        die(argv[2], 0, "cannot be written");
    }
    write_table(out);
    return fclose(out) == 0 ? 0 : 1;
}
