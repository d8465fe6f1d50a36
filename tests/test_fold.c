/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folding, against a reference that is worked out here from ICU's properties and NFKC_Casefold and
 * from the folds that fold.h states: every code point in several surroundings, then seeded random
 * texts of the characters that matter. The library's own table is not looked at.
 */
#include "fold.h"
#include "starved.h"
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <cmocka.h>

#define CODE_POINTS 0x110000
#define REFERENCE_MAX 1024

static const UNormalizer2 *nfkc_casefold;
static const UNormalizer2 *nfkc;
static UChar common[0x30000]; /* the common form of a variant, from kanji_variants.tsv */
static unsigned similar_rows;
static kbr_folded folded;
static kbr_folded again;

/* ---- the reference ---- */

typedef struct reference {
    UChar strict[REFERENCE_MAX];
    UChar unit[REFERENCE_MAX];
    uint8_t script[REFERENCE_MAX];
    int32_t len;
} reference;

static bool is_voiced_sign(UChar32 c) {
    return c == 0x3099;
}

static bool is_mark(UChar32 c) {
    return c == 0x309D || c == 0x309E || c == 0x30FD || c == 0x30FE;
}

static uint8_t expected_script(UChar32 c) {
    static const struct {
        UScriptCode script;
        uint8_t expected;
    } letters[] = {{USCRIPT_LATIN, KBR_SCRIPT_LATIN},
                   {USCRIPT_HIRAGANA, KBR_SCRIPT_HIRAGANA},
                   {USCRIPT_KATAKANA, KBR_SCRIPT_KATAKANA},
                   {USCRIPT_HAN, KBR_SCRIPT_KANJI}};
    if (c > 0xFFFF) {
        return KBR_SCRIPT_OTHER; /* surrogate pairs */
    }
    if (u_isUWhiteSpace(c)) {
        return KBR_SCRIPT_SPACE;
    }
    if (c >= '0' && c <= '9') {
        return KBR_SCRIPT_DIGIT;
    }
    if (c == 0x30FC || is_mark(c)) {
        return KBR_SCRIPT_KATAKANA;
    }
    if (c == 0x3005 || c == 0x3006 || c == 0x3007 || c == 0x303B) {
        return KBR_SCRIPT_KANJI;
    }
    if (u_isalpha(c) || u_charType(c) == U_LETTER_NUMBER) {
        UErrorCode status = U_ZERO_ERROR;
        UScriptCode script = uscript_getScript(c, &status);
        for (size_t i = 0; i < KBR_COUNT(letters); i++) {
            if (script == letters[i].script) {
                return letters[i].expected;
            }
        }
        return KBR_SCRIPT_OTHER;
    }
    return u_ispunct(c) || (U_GET_GC_MASK(c) & U_GC_S_MASK) != 0 ? KBR_SCRIPT_PUNCT
                                                                 : KBR_SCRIPT_OTHER;
}

static bool is_dash(UChar32 c) {
    return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2500 || c == 0x2501 ||
           c == 0x02D7 || c == 0x2043 || c == 0x2E3A || c == 0x2E3B;
}

static UChar as_katakana(UChar c) {
    bool hiragana = (c >= 0x3041 && c <= 0x3096) || c == 0x309D || c == 0x309E;
    return hiragana ? (UChar)(c + 0x60) : c;
}

static void put(reference *out, UChar strict, UChar unit, uint8_t script) {
    assert_true(out->len < REFERENCE_MAX);
    out->strict[out->len] = strict;
    out->unit[out->len] = unit;
    out->script[out->len++] = script;
}

/* Katakana ワヰヱヲ join with a voiced sign, hiragana does not: it stays as written. */
static void keep_apart(reference *out) {
    int32_t at = out->len - 1;
    while (at > 0 && u_getCombiningClass(out->strict[at]) != 0 &&
           u_getCombiningClass(out->strict[at]) < u_getCombiningClass(0x3099)) {
        at--;
    }
    if (at >= 0 && out->unit[at] >= 0x30EF && out->unit[at] <= 0x30F2) {
        out->unit[at] = out->strict[at];
    }
}

static void put_code_point(reference *out, UChar32 c) {
    uint8_t script = expected_script(c);
    uint8_t before = out->len > 0 ? out->script[out->len - 1] : KBR_SCRIPT_SPACE;
    if (script == KBR_SCRIPT_SPACE) {
        if (out->len > 0 && before != KBR_SCRIPT_SPACE) {
            put(out, ' ', ' ', KBR_SCRIPT_SPACE);
        }
    } else if (c > 0xFFFF) {
        UChar variant = c < 0x30000 ? common[c] : 0;
        put(out, U16_LEAD(c), variant != 0 ? variant : U16_LEAD(c),
            variant != 0 ? KBR_SCRIPT_KANJI : KBR_SCRIPT_OTHER);
        if (variant == 0) {
            put(out, U16_TRAIL(c), U16_TRAIL(c), KBR_SCRIPT_OTHER);
        }
    } else if (is_dash(c) && (before == KBR_SCRIPT_KATAKANA || before == KBR_SCRIPT_HIRAGANA)) {
        put(out, (UChar)c, 0x30FC, KBR_SCRIPT_KATAKANA);
    } else {
        if (is_voiced_sign(c)) {
            keep_apart(out);
        }
        put(out, (UChar)c, common[c] != 0 ? common[c] : as_katakana((UChar)c), script);
    }
}

/* The code point at *at of well-formed UTF-16. */
static UChar32 next_of(const UChar *source, int32_t *at) {
    UChar32 c = source[(*at)++];
    return c >= 0xD800 && c < 0xE000 ? U16_GET_SUPPLEMENTARY(c, source[(*at)++]) : c;
}

static void work_out(reference *out, const UChar *source, int32_t len) {
    static UChar normal[REFERENCE_MAX];
    UErrorCode status = U_ZERO_ERROR;
    int32_t count =
        unorm2_normalize(nfkc_casefold, source, len, normal, REFERENCE_MAX - 1, &status);
    assert_true(U_SUCCESS(status));
    out->len = 0;
    for (int32_t at = 0; at < count;) {
        put_code_point(out, next_of(normal, &at));
    }
    if (out->len > 0 && out->script[out->len - 1] == KBR_SCRIPT_SPACE) {
        out->len--;
    }
}

/* ---- helpers ---- */

static bool is_surrogate(UChar32 c) {
    return c >= 0xD800 && c < 0xE000;
}

static UChar32 first_of(const char *row, int32_t *at) {
    UChar32 c;
    U8_NEXT((const uint8_t *)row, *at, -1, c);
    assert_true(c > 0);
    return c;
}

static void read_variants(void) {
    FILE *file = fopen(KBR_TEST_DATA "/kanji_variants.tsv", "r");
    assert_non_null(file);
    char row[1024];
    while (fgets(row, sizeof row, file) != NULL) {
        if (row[0] == '#' || strncmp(row, "from\t", 5) == 0) {
            continue;
        }
        int32_t at = 0;
        UChar32 from = first_of(row, &at);
        at++;
        UChar32 to = first_of(row, &at);
        bool same = strncmp(row + at, "\tsame\t", 6) == 0;
        assert_true(same || strncmp(row + at, "\tsimilar\t", 9) == 0);
        assert_in_range(from, 1, 0x2FFFF);
        if (same) {
            common[from] = (UChar)to;
        } else {
            assert_true(kbr_fold_similar((uint16_t)from, (uint16_t)to));
            assert_true(kbr_fold_similar((uint16_t)to, (uint16_t)from));
            similar_rows++;
        }
    }
    (void)fclose(file);
}

static int set_up_all(void **state) {
    (void)state;
    UErrorCode status = U_ZERO_ERROR;
    nfkc_casefold = unorm2_getNFKCCasefoldInstance(&status);
    nfkc = unorm2_getNFKCInstance(&status);
    assert_true(U_SUCCESS(status));
    read_variants();
    kbr_folded_init(&folded, &kbr_allocator_default);
    kbr_folded_init(&again, &kbr_allocator_default);
    return 0;
}

static int tear_down_all(void **state) {
    (void)state;
    kbr_folded_free(&folded);
    kbr_folded_free(&again);
    return 0;
}

static size_t to_utf8(char *out, const UChar *source, int32_t len) {
    size_t size = kbr_text_from_units(out, source, (size_t)len);
    out[size] = '\0';
    return size;
}

/* Folds the source and compares all three arrays with the reference; folding the folded text again
 * changes nothing. */
static void check(const UChar *source, int32_t len) {
    static reference expected;
    static char text[3 * REFERENCE_MAX + 1];
    size_t size = to_utf8(text, source, len);
    assert_int_equal(kbr_fold(&folded, (kaburi_text){text, size}), KABURI_OK);
    work_out(&expected, source, len);
    size_t count = (size_t)expected.len;
    if (folded.len != count || memcmp(folded.strict, expected.strict, count * 2) != 0 ||
        memcmp(folded.unit, expected.unit, count * 2) != 0 ||
        memcmp(folded.script, expected.script, count) != 0) {
        for (size_t i = 0; i < count || i < folded.len; i++) {
            bool in = i < count;
            bool out = i < folded.len;
            print_error("%zu: %04X %04X %u, expected %04X %04X %u\n", i, out ? folded.strict[i] : 0,
                        out ? folded.unit[i] : 0, out ? folded.script[i] : 0,
                        in ? expected.strict[i] : 0, in ? expected.unit[i] : 0,
                        in ? expected.script[i] : 0);
        }
        fail_msg("'%s' (U+%04X U+%04X) is not folded as the reference is", text, source[0],
                 len > 1 ? source[1] : 0);
    }
    size = kbr_text_from_units(text, folded.unit, folded.len);
    assert_int_equal(kbr_fold(&again, (kaburi_text){text, size}), KABURI_OK);
    if (again.len != folded.len || memcmp(again.unit, folded.unit, 2 * folded.len) != 0) {
        fail_msg("U+%04X U+%04X: folding twice is not folding once", source[0],
                 len > 1 ? source[1] : 0);
    }
}

static void fold(const char *text) {
    assert_int_equal(kbr_fold(&folded, (kaburi_text){text, strlen(text)}), KABURI_OK);
}

static bool is_said(const uint16_t *units, size_t len, const char *text) {
    char found[4096];
    assert_true(len < sizeof found / 3);
    found[kbr_text_from_units(found, units, len)] = '\0';
    if (strcmp(found, text) != 0) {
        print_error("'%s', expected '%s'\n", found, text);
    }
    return strcmp(found, text) == 0;
}

static void folds_to(const char *text, const char *strict, const char *unit) {
    fold(text);
    assert_true(is_said(folded.strict, folded.len, strict));
    assert_true(is_said(folded.unit, folded.len, unit));
}

static void spends(const char *text, uint32_t folds) {
    fold(text);
    if (folded.folds != folds) {
        fail_msg("'%s' spends %#x, expected %#x", text, folded.folds, folds);
    }
}

static void same(const char *a, const char *b) {
    fold(a);
    assert_int_equal(kbr_fold(&again, (kaburi_text){b, strlen(b)}), KABURI_OK);
    if (again.len != folded.len || memcmp(again.unit, folded.unit, 2 * folded.len) != 0) {
        fail_msg("%s and %s fold apart", a, b);
    }
}

static void differ(const char *a, const char *b) {
    fold(a);
    assert_int_equal(kbr_fold(&again, (kaburi_text){b, strlen(b)}), KABURI_OK);
    if (again.len == folded.len && memcmp(again.unit, folded.unit, 2 * folded.len) == 0) {
        fail_msg("%s and %s fold to one text", a, b);
    }
}

/* ---- every code point ---- */

/* The code point with `before` and `behind` around it. */
static void check_in(UChar32 c, const UChar *before, const UChar *behind) {
    UChar source[16];
    int32_t len = 0;
    for (; *before != 0; before++) {
        source[len++] = *before;
    }
    U16_APPEND_UNSAFE(source, len, c);
    for (; *behind != 0; behind++) {
        source[len++] = *behind;
    }
    check(source, len);
}

static void check_all(const UChar *before, const UChar *behind) {
    for (UChar32 c = 1; c < CODE_POINTS; c++) {
        if (!is_surrogate(c)) {
            check_in(c, before, behind);
        }
    }
}

static void folds_every_code_point_alone(void **state) {
    (void)state;
    static const UChar none[] = {0};
    check_all(none, none);
}

static void folds_every_code_point_behind_kana(void **state) {
    (void)state;
    static const UChar before[] = {0x30A2, 0};
    static const UChar behind[] = {'-', ' ', 'x', 0};
    check_all(before, behind);
}

/* A combining mark sends the whole text through ICU. */
static void folds_every_code_point_before_a_combining_mark(void **state) {
    (void)state;
    static const UChar before[] = {'x', 0};
    static const UChar behind[] = {0x3099, 0x2212, 0};
    check_all(before, behind);
}

static uint32_t expected_folds(UChar32 c) {
    UChar source[2];
    UChar plain[64];
    UChar full[64];
    int32_t len = 0;
    U16_APPEND_UNSAFE(source, len, c);
    UErrorCode status = U_ZERO_ERROR;
    int32_t plain_len = unorm2_normalize(nfkc, source, len, plain, 64, &status);
    int32_t full_len = unorm2_normalize(nfkc_casefold, source, len, full, 64, &status);
    assert_true(U_SUCCESS(status));
    if (u_isUWhiteSpace(c)) {
        return 0;
    }
    if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) {
        return KBR_FOLD_IGNORABLE;
    }
    bool width = plain_len != len || memcmp(plain, source, (size_t)len * 2) != 0;
    bool cased = full_len != plain_len || memcmp(full, plain, (size_t)full_len * 2) != 0;
    uint32_t folds = width ? KBR_FOLD_WIDTH : 0;
    if (cased && (c <= 0xFFFF || !width)) { /* above the BMP one of the two is told */
        folds |= KBR_FOLD_CASE;
    }
    for (int32_t at = 0; at < full_len;) {
        UChar32 unit = next_of(full, &at);
        folds |= unit < 0x30000 && common[unit] != 0 ? KBR_FOLD_KANJI : 0;
        folds |= unit <= 0xFFFF && as_katakana((UChar)unit) != unit ? KBR_FOLD_KANA : 0;
    }
    return folds;
}

static void says_what_every_code_point_spends(void **state) {
    (void)state;
    for (UChar32 c = 1; c < CODE_POINTS; c++) {
        if (is_surrogate(c)) {
            continue;
        }
        UChar source[2];
        char text[8];
        int32_t len = 0;
        U16_APPEND_UNSAFE(source, len, c);
        size_t size = to_utf8(text, source, len);
        assert_int_equal(kbr_fold(&folded, (kaburi_text){text, size}), KABURI_OK);
        uint32_t expected = expected_folds(c);
        if (folded.folds != expected) {
            fail_msg("U+%04X spends %#x, expected %#x", (unsigned)c, folded.folds, expected);
        }
    }
}

/* ---- random texts ---- */

static uint32_t seed = 1;

static uint32_t draw(uint32_t below) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % below;
}

static void folds_random_texts_as_the_reference(void **state) {
    (void)state;
    /* Marks, kana of every kind, dashes, spaces, jamo, variants, selectors, letters that grow. */
    static const UChar32 pool[] = {
        0x3099,  0x309A,  0xFF9E,  0xFF9F,  0x0301,  0x0323, 0x0338, 0x0345, 0x093C, 0x304B, 0x308F,
        0x3090,  0x3091,  0x3092,  0x30EF,  0x3046,  0x309D, 0x30FD, 0xFF76, 0xFF8A, 0x30C4, 0x30FC,
        0xFF70,  '-',     0x2212,  0x2015,  0xFF0D,  0x2500, ' ',    0x3000, 0x00A0, 0x0085, 0x200B,
        0xFE0F,  0xE0100, 0xE0041, 0x200D,  0x202E,  0x1100, 0x1161, 0x11A8, 0xAC00, 'A',    0xFF21,
        0x0130,  0x00DF,  0x212B,  0x1E9B,  0x3231,  0x337F, 0x33CD, 0xFDFA, 0x9AD9, 0x6589, 0x2E5,
        0x20BB7, 0x2F800, 0x1F600, 0x1D400, 0x10400, 0x05D0, 0x0628, 0x309B, 0x00B4, 0x00AF, 0x115F,
    };
    for (int round = 0; round < 40000; round++) {
        UChar source[32];
        int32_t len = 0;
        for (uint32_t left = 1 + draw(12); left > 0; left--) {
            UChar32 c = pool[draw(KBR_COUNT(pool))];
            U16_APPEND_UNSAFE(source, len, c);
        }
        check(source, len);
    }
}

static void folds_random_code_points_as_the_reference(void **state) {
    (void)state;
    for (int round = 0; round < 20000; round++) {
        UChar source[32];
        int32_t len = 0;
        for (uint32_t left = 1 + draw(12); left > 0;) {
            UChar32 c = (UChar32)(1 + draw(draw(3) == 0 ? 0x30000 : 0x3100));
            if (!is_surrogate(c)) {
                U16_APPEND_UNSAFE(source, len, c);
                left--;
            }
        }
        check(source, len);
    }
}

/* ---- what names look like ---- */

static void joins_half_width_kana_with_their_signs(void **state) {
    (void)state;
    folds_to("ｶﾞｷﾞﾊﾟﾋﾟｳﾞ", "ガギパピヴ", "ガギパピヴ");
    folds_to("ﾄﾖﾀ自動車", "トヨタ自動車", "トヨタ自動車");
    folds_to("ﾞア", "\u3099ア", "\u3099ア");
}

static void joins_combining_sequences(void **state) {
    (void)state;
    folds_to("か\u3099", "が", "ガ");
    folds_to("e\u0301", "é", "é");
    folds_to("A\u030A", "å", "å");
    folds_to("\u1112\u1161\u11AB국", "한국", "한국");
    folds_to("わ\u3099", "わ\u3099", "わ\u3099");
    folds_to("ワ\u3099", "ヷ", "ヷ");
}

static void opens_squared_and_circled_signs(void **state) {
    (void)state;
    folds_to("㈱①Ⅱ㍿㏍㋿", "(株)1ii株式会社kk令和", "(株)1ii株式会社kk令和");
    folds_to("㌔㌢", "キロセンチ", "キロセンチ");
    fold("\uFDFA");
    assert_int_equal(folded.len, 18);
}

static void takes_a_dash_behind_kana_for_a_long_vowel(void **state) {
    (void)state;
    folds_to("デ−タセンタ−", "デ−タセンタ−", "データセンター");
    folds_to("らーめん-", "らーめん-", "ラーメンー");
    folds_to("ｻ-ﾊﾞ―", "サ-バ―", "サーバー");
    folds_to("ア--", "ア--", "アーー");
    folds_to("A-B 工-場 -ア", "a-b 工-場 -ア", "a-b 工-場 -ア");
}

static void makes_one_space_of_white_space(void **state) {
    (void)state;
    folds_to("\t　 富士通\u00A0\u2003\n エフサス \u3000", "富士通 エフサス", "富士通 エフサス");
    fold(" \u3000\t");
    assert_int_equal(folded.len, 0);
    fold("");
    assert_int_equal(folded.len, 0);
    fold("あ い");
    assert_int_equal(folded.script[1], KBR_SCRIPT_SPACE);
}

static void drops_what_nobody_sees(void **state) {
    (void)state;
    same("葛\U000E0100飾区役所", "葛飾区役所");
    same("山\u200B田\uFE0F\u00AD製作所\uFEFF", "山田製作所");
    same("\u202Eabc\u202C", "abc");
    same("x\U000E0041\U000E007Fy", "xy");
    folds_to("שלום عليكم", "שלום عليكم", "שלום عليكم");
    fold("\u200B\uFE0F\U000E0100");
    assert_int_equal(folded.len, 0);
}

static void folds_variants_but_not_similar_kanji(void **state) {
    (void)state;
    same("髙島屋", "高島屋");
    same("渡邊渡邉", "渡辺渡辺");
    same("齋藤證券國學會", "斎藤証券国学会");
    same("\U00020BB7野家", "吉野家");
    differ("斉藤", "斎藤");
    differ("渡辺", "渡部");
    differ("三菱", "三芳");
    assert_true(similar_rows > 0);
    assert_true(kbr_fold_similar(0x658E, 0x6589));
    assert_false(kbr_fold_similar(0x658E, 0x658E));
    assert_false(kbr_fold_similar(0x8FBA, 0x90E8));
    assert_false(kbr_fold_similar(0x9AD9, 0x9AD8)); /* the same, so never similar */
}

static void never_folds_a_common_form_on(void **state) {
    (void)state;
    unsigned variants = 0;
    for (size_t c = 0; c < KBR_COUNT(common); c++) {
        if (common[c] != 0) {
            assert_int_equal(common[common[c]], 0);
            assert_int_equal(kbr_fold_script(common[c]), KBR_SCRIPT_KANJI);
            variants++;
        }
    }
    assert_true(variants > 300);
}

static void tells_scripts_apart(void **state) {
    (void)state;
    static const uint8_t expected[] = {
        KBR_SCRIPT_KANJI,    KBR_SCRIPT_KANJI,    KBR_SCRIPT_HIRAGANA, KBR_SCRIPT_KATAKANA,
        KBR_SCRIPT_KATAKANA, KBR_SCRIPT_KATAKANA, KBR_SCRIPT_PUNCT,    KBR_SCRIPT_LATIN,
        KBR_SCRIPT_LATIN,    KBR_SCRIPT_DIGIT,    KBR_SCRIPT_DIGIT,    KBR_SCRIPT_SPACE,
        KBR_SCRIPT_OTHER,    KBR_SCRIPT_OTHER,    KBR_SCRIPT_OTHER,
    };
    fold("佐々きゞカー・Aé1① ж😀");
    assert_int_equal(folded.len, KBR_COUNT(expected));
    assert_memory_equal(folded.script, expected, sizeof expected);
}

static void says_which_folds_it_spent(void **state) {
    (void)state;
    spends("山田製作所 abc データ", 0);
    spends("ＡＢＣ", KBR_FOLD_WIDTH | KBR_FOLD_CASE);
    spends("ａｂｃ", KBR_FOLD_WIDTH);
    spends("㈱山田", KBR_FOLD_WIDTH);
    spends("ABC", KBR_FOLD_CASE);
    spends("葛\U000E0100飾", KBR_FOLD_IGNORABLE);
    spends("山\u200B田", KBR_FOLD_IGNORABLE);
    spends("さくら", KBR_FOLD_KANA);
    spends("渡邊", KBR_FOLD_KANJI);
    spends("\U00020BB7野家", KBR_FOLD_KANJI);
    spends("デ−タ", KBR_FOLD_DASH);
    spends("カ\u3099", KBR_FOLD_WIDTH);
    spends("　山田　製作所", 0);
    spends("😀", 0);
}

/* A mark sends the text through ICU, which must not change what the rest of it spends. */
static void says_the_same_beside_a_combining_mark(void **state) {
    (void)state;
    spends("x\u0323", 0);
    spends("x\u0301\u0323", KBR_FOLD_WIDTH); /* put in order */
    spends("x\u0323　ABC", KBR_FOLD_CASE);
    spends("x\u0323ａ", KBR_FOLD_WIDTH);
    spends("x\u0323葛\U000E0100飾", KBR_FOLD_IGNORABLE);
    spends("x\u0323さくら渡邊デ−タ", KBR_FOLD_KANA | KBR_FOLD_KANJI | KBR_FOLD_DASH);
    spends("\U00010400", KBR_FOLD_CASE);
    spends("\U0001D41A", KBR_FOLD_WIDTH);
}

static void takes_thousands_of_combining_marks(void **state) {
    (void)state;
    enum { MARKS = 8000 };
    static char text[2 * MARKS + 2];
    size_t size = 0;
    text[size++] = 'a';
    for (int i = 0; i < MARKS; i++) {
        text[size++] = '\xCC';
        text[size++] = i % 2 == 0 ? '\x81' : '\xA3'; /* above, below: all to be reordered */
    }
    assert_true(size <= KABURI_TEXT_SIZE_MAX);
    assert_int_equal(kbr_fold(&folded, (kaburi_text){text, size}), KABURI_OK);
    assert_in_range(folded.len, MARKS - 2, MARKS + 1);
    assert_int_equal(folded.strict[folded.len - 1], 0x0301);
}

static void takes_the_largest_text_of_the_largest_growth(void **state) {
    (void)state;
    static char text[KABURI_TEXT_SIZE_MAX];
    size_t count = sizeof text / 3;
    for (size_t i = 0; i < 3 * count; i++) {
        text[i] = "\uFDFA"[i % 3];
    }
    assert_int_equal(kbr_fold(&folded, (kaburi_text){text, 3 * count}), KABURI_OK);
    assert_int_equal(folded.len, 18 * count);
}

/* ---- memory ---- */

static void reports_missing_memory_at_every_allocation(void **state) {
    (void)state;
    static const char text[] = "\uFDFAか\u3099葛\U000E0100飾区役所";
    unsigned failures = 0;
    for (size_t allowed = 0;; allowed++) {
        starved memory = {allowed, 0};
        kaburi_allocator allocator = starved_allocator(&memory);
        kbr_folded hungry;
        kbr_folded_init(&hungry, &allocator);
        kaburi_status status = kbr_fold(&hungry, (kaburi_text){text, sizeof text - 1});
        bool done = status == KABURI_OK;
        if (!done) {
            assert_int_equal(status, KABURI_ERROR_MEMORY);
            memory.left = SIZE_MAX;
            assert_int_equal(kbr_fold(&hungry, (kaburi_text){text, sizeof text - 1}), KABURI_OK);
            failures++;
        }
        assert_int_equal(hungry.len, 18 + 1 + 5);
        kbr_folded_free(&hungry);
        assert_int_equal(memory.blocks, 0);
        if (done) {
            break;
        }
    }
    assert_in_range(failures, 2, 8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_every_code_point_alone),
        cmocka_unit_test(folds_every_code_point_behind_kana),
        cmocka_unit_test(folds_every_code_point_before_a_combining_mark),
        cmocka_unit_test(says_what_every_code_point_spends),
        cmocka_unit_test(folds_random_texts_as_the_reference),
        cmocka_unit_test(folds_random_code_points_as_the_reference),
        cmocka_unit_test(joins_half_width_kana_with_their_signs),
        cmocka_unit_test(joins_combining_sequences),
        cmocka_unit_test(opens_squared_and_circled_signs),
        cmocka_unit_test(takes_a_dash_behind_kana_for_a_long_vowel),
        cmocka_unit_test(makes_one_space_of_white_space),
        cmocka_unit_test(drops_what_nobody_sees),
        cmocka_unit_test(folds_variants_but_not_similar_kanji),
        cmocka_unit_test(never_folds_a_common_form_on),
        cmocka_unit_test(tells_scripts_apart),
        cmocka_unit_test(says_which_folds_it_spent),
        cmocka_unit_test(says_the_same_beside_a_combining_mark),
        cmocka_unit_test(takes_thousands_of_combining_marks),
        cmocka_unit_test(takes_the_largest_text_of_the_largest_growth),
        cmocka_unit_test(reports_missing_memory_at_every_allocation),
    };
    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
