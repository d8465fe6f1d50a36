/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers in a deal's name: years and periods, amounts, phases, lots and others, with the word that
 * says what they count. Takes a place in a folded text, gives the number that begins
 * there; cuts nothing.
 */
#ifndef KBR_NUMBER_H
#define KBR_NUMBER_H

#include "dates.h"

/* Reads the number, with the word before and behind it, that begins at text->unit[at]; false when
 * none does. Looks no further than `limit`. Fiscal years begin with `fiscal_month` (1..12).
 * O(length of the number). */
bool kbr_number_read(kbr_number_reading *out, const kbr_folded *text, size_t at, size_t limit,
                     uint32_t fiscal_month);

#endif
