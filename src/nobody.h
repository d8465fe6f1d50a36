/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names that name nobody: placeholders (不明, 個人A, xxx), and kinds of parties one of which is not
 * named (委員C, 現地業者). Takes the core of a company's name; the words are
 * src/data/placeholders.tsv and parties.tsv.
 */
#ifndef KBR_NOBODY_H
#define KBR_NOBODY_H

#include "forms.h"

/* KBR_COMPANY_PLACEHOLDER, KBR_COMPANY_PARTY or 0. `formed`: the name has a legal form. */
uint32_t kbr_nobody_flags(kbr_stretch core, bool formed);

#endif
