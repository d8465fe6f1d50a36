/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numerals in a deal's name: digits with groups and decimals, kanji and Roman numerals, single
 * letters; and what a number read in the name is. Takes a place in a folded text, gives the value
 * that begins there; knows no words.
 */
#ifndef KBR_NUMERAL_H
#define KBR_NUMERAL_H

#include "fold.h"

/* What a number in the name counts. */
enum {
    KBR_NUMBER_PLAIN = 1, /* any other: 365, 5.56mm, 第27条 */
    KBR_NUMBER_YEAR, /* fiscal or calendar year, as a Western year: 2024年度 FY24 R6 令和6年 '24 */
    KBR_NUMBER_HALF,    /* 1, 2: 上期 下期 1H */
    KBR_NUMBER_QUARTER, /* 1..4 */
    KBR_NUMBER_MONTH,   /* 1..12: 10月分 */
    KBR_NUMBER_DAY,     /* 1..31: 9月30日 */
    KBR_NUMBER_PHASE, /* フェーズ2, 第2期, Phase II, 第3回, 第2次, その4, Ver.3, step 2 */
    KBR_NUMBER_LOT,   /* ロット1, lot 1, 第2工区, Aブロック as 1.., 1号, No.3 */
    KBR_NUMBER_AMOUNT,  /* 500万円, ¥5,000,000: in the currency that the context says, 0 = yen */
    KBR_NUMBER_OPPOSED, /* no number: a word of deal_opposed.tsv; context = its group */
    KBR_NUMBER_ROLES,
};

/* The value of KBR_NUMBER_OPPOSED: the word's sense, and which word of the list it is. */
#define KBR_OPPOSED_VALUE(sense, word) ((int64_t)(sense) << 16 | (int64_t)(word))
#define KBR_OPPOSED_WORD(value) ((size_t)((value)&0xFFFF))
#define KBR_OPPOSED_SENSE_OF(value) ((value) >> 16)

typedef struct kbr_number {
    int64_t value;    /* decimals times 1000 where there are any, see scale */
    uint32_t context; /* hash of the word beside it (期, 回, 条, mm, the word before); 0 = none */
    uint16_t scale;   /* 1 or 1000 */
    uint8_t role;     /* KBR_NUMBER_* */
    uint8_t reserved;
} kbr_number;

/* Most numbers that one reading gives: 2024年5月～2025年4月. */
#define KBR_NUMBER_READING_MAX 4

typedef struct kbr_number_reading {
    kbr_number number[KBR_NUMBER_READING_MAX];
    size_t count;
    size_t end; /* the text goes on here: the numbers and the words that only count are read */
} kbr_number_reading;

/* What numerals are read in: a folded text up to a limit. */
typedef struct kbr_numeral_text {
    const uint16_t *unit;
    const uint8_t *script;
    size_t limit;
} kbr_numeral_text;

/* A value and where it ends; `digits` as written in ASCII, 0 for other numerals. */
typedef struct kbr_numeral {
    int64_t number;
    uint16_t scale;
    uint16_t digits;
    uint32_t reserved;
    size_t end;
} kbr_numeral;

static inline bool kbr_is_unit(const kbr_numeral_text *in, size_t at, uint16_t unit) {
    return at < in->limit && in->unit[at] == unit;
}

static inline bool kbr_is_digit(const kbr_numeral_text *in, size_t at) {
    return at < in->limit && in->unit[at] >= '0' && in->unit[at] <= '9';
}

static inline bool kbr_is_letter(const kbr_numeral_text *in, size_t at) {
    return at < in->limit && in->script[at] == KBR_SCRIPT_LATIN;
}

static inline bool kbr_is_kanji(const kbr_numeral_text *in, size_t at) {
    return at < in->limit && in->script[at] == KBR_SCRIPT_KANJI;
}

/* Whether a Latin letter or a digit stands right before `at`, so that it begins no word. */
static inline bool kbr_is_joined(const kbr_numeral_text *in, size_t at) {
    return at > 0 &&
           (in->script[at - 1] == KBR_SCRIPT_LATIN || in->script[at - 1] == KBR_SCRIPT_DIGIT);
}

/* Behind any of these signs (ASCII). */
size_t kbr_numeral_skip(const kbr_numeral_text *in, size_t at, const char *signs);

/* Whether the Latin letters of `word` (ASCII, lower case) stand at `at`. */
bool kbr_numeral_word(const kbr_numeral_text *in, size_t at, const char *word);

/* Each reads the numeral that begins at `at`; false when none does. */

/* 365, 1,000. More than 17 digits are a code: told apart by its hash. */
bool kbr_numeral_integer(kbr_numeral *out, const kbr_numeral_text *in, size_t at);
/* The decimals behind an integer: 5.56. */
void kbr_numeral_decimals(kbr_numeral *number, const kbr_numeral_text *in);
/* Both. */
bool kbr_numeral_digits(kbr_numeral *out, const kbr_numeral_text *in, size_t at);
/* 二, 十二, 二十, 二〇二四, 二千二十四: below 10,000. 第一四半期 is the first quarter, not the
 * 14th. */
bool kbr_numeral_kanji(kbr_numeral *out, const kbr_numeral_text *in, size_t at);
/* i .. xii as a word of its own: NFKC has made Ⅱ of it. */
bool kbr_numeral_roman(kbr_numeral *out, const kbr_numeral_text *in, size_t at);
/* Digits, kanji or Roman. */
bool kbr_numeral_any(kbr_numeral *out, const kbr_numeral_text *in, size_t at);
/* a, b, c as 1, 2, 3, where no letter or digit stands behind. */
bool kbr_numeral_letter(kbr_numeral *out, const kbr_numeral_text *in, size_t at);

/* ---- output ---- */

static inline void kbr_number_put(kbr_number_reading *out, uint32_t role, int64_t number,
                                  uint16_t scale, uint32_t context) {
    out->number[out->count++] =
        (kbr_number){.value = number, .context = context, .scale = scale, .role = (uint8_t)role};
}

static inline bool kbr_number_give(kbr_number_reading *out, uint32_t role, int64_t number,
                                   size_t end) {
    kbr_number_put(out, role, number, 1, 0);
    out->end = end;
    return true;
}

#endif
