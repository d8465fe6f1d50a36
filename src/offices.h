/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Branches, offices and departments at the end of a folded name: where they begin. Takes a stretch
 * of folded units, cuts nothing. The words are src/data/branch_words.tsv and places.tsv.
 */
#ifndef KBR_OFFICES_H
#define KBR_OFFICES_H

#include "forms.h"

/* Bits of kbr_word.attribute in kbr_words_branch_words that others ask for; the TSV has them all.
 */
#define KBR_OFFICES_HEAD UINT32_C(0x010)
#define KBR_OFFICES_LATIN UINT32_C(0x040)

/* The word of an office that the text ends with (支店, Branch), or NULL. O(1). */
const kbr_word *kbr_offices_word(kbr_stretch text);
/* Whether the text is an office. `formed`: right behind a form, where a weak word (研究所) is one
 * too. */
bool kbr_offices_is(kbr_stretch text, bool formed);
/* Whether the name ends with an office, [*begin, *end), and perhaps words behind it. O(length). */
bool kbr_offices_find(kbr_stretch name, size_t *begin, size_t *end);

#endif
