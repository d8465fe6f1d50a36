/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers in a deal's name: digits, kanji and Roman numerals, years in every notation, with the
 * word that says what they count. Takes a place in a folded text, gives the number that begins
 * there; cuts nothing.
 */
#ifndef KBR_NUMBER_H
#define KBR_NUMBER_H

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
    KBR_NUMBER_AMOUNT, /* 500万円, in yen */
    KBR_NUMBER_ROLES,
};

typedef struct kbr_number {
    int64_t value;    /* decimals times 1000 where there are any, see scale */
    uint32_t context; /* hash of the word beside it (期, 回, 条, mm, the word before); 0 = none */
    uint16_t scale;   /* 1 or 1000 */
    uint8_t role;     /* KBR_NUMBER_* */
    uint8_t reserved;
} kbr_number;

/* Most numbers that one reading gives: 2024/06/30. */
#define KBR_NUMBER_READING_MAX 3

typedef struct kbr_number_reading {
    kbr_number number[KBR_NUMBER_READING_MAX];
    size_t count;
    size_t end; /* the text goes on here: the numbers and the words that only count are read */
} kbr_number_reading;

/* Reads the number, with the word before and behind it, that begins at text->unit[at]; false when
 * none does. Looks no further than `limit`. O(length of the number). */
bool kbr_number_read(kbr_number_reading *out, const kbr_folded *text, size_t at, size_t limit);

#endif
