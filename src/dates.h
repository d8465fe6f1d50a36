/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Years and periods in a deal's name, in every notation: 2024年度, 令和6, FY24, '24, 2024/06/30,
 * 2024年4月～2025年3月, R6-R8, 上期, Q3, 4-6月, Oct 2024. Takes a place in a folded text, gives the
 * numbers that begin there; knows no other words and cuts nothing.
 */
#ifndef KBR_DATES_H
#define KBR_DATES_H

#include "numeral.h"

/* The month a fiscal year begins with, where nobody says another: April, as the state, schools and
 * seven in ten listed companies have it in Japan. */
#define KBR_FISCAL_MONTH_DEFAULT 4

/*
 * Reads the year or period that begins at `at`; false when none does. A range of months that makes
 * fiscal years, a half or a quarter, of years that begin with `fiscal_month` (1..12), is given as
 * these; of several years their first and their last. O(length of the notation).
 */
bool kbr_date_read(kbr_number_reading *out, const kbr_numeral_text *in, size_t at,
                   uint32_t fiscal_month);

#endif
