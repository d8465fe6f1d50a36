/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A year's name in a deal's name: 2024, 二〇二四年, 令和6, R6, FY24, '24. Takes a place in a folded
 * text, gives the year that begins there and where its number ends; what follows is for dates.
 */
#ifndef KBR_YEARS_H
#define KBR_YEARS_H

#include "numeral.h"

/* Years that a bare number of four digits may be, as in a contract's name, and that one with a word
 * for a year behind it may. */
#define KBR_YEAR_MIN 1990
#define KBR_YEAR_MAX 2049
#define KBR_YEAR_NAMED_MIN 1900
#define KBR_YEAR_NAMED_MAX 2099

typedef struct kbr_year {
    int64_t year;
    int64_t before;  /* of an era: the year before its first; else 0 */
    uint32_t digits; /* as written in ASCII; 0 for other numerals */
    bool letter;     /* R6 */
    size_t end;      /* behind the number, before 年 */
} kbr_year;

/* Behind 年度, 年版, 年分, 年, 会計年度, fy; `at` when there is none. */
size_t kbr_year_skip_word(const kbr_numeral_text *in, size_t at);

/* Whether the word that ends at `end` (> 0) says that the year is a fiscal one. */
bool kbr_year_is_fiscal(const kbr_numeral_text *in, size_t end);

/* Each reads the year that begins at `at`; false when none does. */

/* 令和6, 平成31, 令和元, 令和 六. */
bool kbr_year_era(kbr_year *out, const kbr_numeral_text *in, size_t at);
/* R6, R06, R.6 and H31, of two digits and no more. Whether it is a year what follows tells. */
bool kbr_year_letter(kbr_year *out, const kbr_numeral_text *in, size_t at);
/* FY2024, FY24, FY'24, CY2024, '24. */
bool kbr_year_marked(kbr_year *out, const kbr_numeral_text *in, size_t at);
/* 2024; 二〇二四年, 二千二十四年, which want their word. */
bool kbr_year_western(kbr_year *out, const kbr_numeral_text *in, size_t at);
/* Any of them. */
bool kbr_year_any(kbr_year *out, const kbr_numeral_text *in, size_t at);

#endif
