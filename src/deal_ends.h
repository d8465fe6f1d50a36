/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ends of a deal's name: channel tags, campaign codes and the company's own name are cut until
 * nothing more comes off. Says what was cut, not what is left.
 */
#ifndef KBR_DEAL_ENDS_H
#define KBR_DEAL_ENDS_H

#include "deal.h"

/* The part of the name that is still to be read. */
typedef struct kbr_deal_span {
    const kbr_folded *text;
    size_t begin;
    size_t end;
} kbr_deal_span;

static inline uint16_t kbr_deal_unit(const kbr_deal_span *name, size_t at) {
    return at < name->end ? name->text->unit[at] : 0;
}

/* Signs that set the parts of a template apart. */
bool kbr_deal_is_separator(uint16_t unit);

/* The bracket that closes this one; 0: it is none. */
uint16_t kbr_deal_closing(uint16_t opening);

/* Cuts separators at both ends. */
void kbr_deal_trim(kbr_deal_span *name);

/* Cuts what comes off, sets KBR_DEAL_TAG, KBR_DEAL_COMPANY and the stamp; something is left.
 * deal->loose has room for twice the name. */
void kbr_deal_cut_ends(kbr_deal *deal, kbr_deal_span *name, const kbr_company *company);

#endif
