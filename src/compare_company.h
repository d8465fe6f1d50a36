/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparing the companies' names of two cards, which compare puts beside its other fields.
 */
#ifndef KBR_COMPARE_COMPANY_H
#define KBR_COMPARE_COMPANY_H

#include "compare.h"

/* KBR_COMPANY_* of the two names; likeness, rarity and owners into *out. */
int kbr_compare_company(const kbr_subject *subject, const kbr_card *other, kbr_evidence *out);

/* The grades a level of the company belongs to; NULL for one that is not graded. */
const kbr_grade *kbr_compare_company_grades(int level);

/* Rarity of the shingles that a set and the same field of another card share. */
uint32_t kbr_shingle_set_shared(const kbr_shingle_set *set, const kbr_card *card);

static inline int kbr_grade_of(const kbr_grade *grades, uint32_t value) {
    while (value < grades->from) {
        grades++;
    }
    return grades->level;
}

/* Bits of a sum of rarities. */
static inline uint16_t kbr_compare_information(uint32_t weight) {
    uint32_t bits = weight / 8;
    return (uint16_t)(bits < 1000 ? bits : 1000);
}

static inline uint16_t kbr_compare_commoner(uint32_t a, uint32_t b) {
    return kbr_compare_information(a < b ? a : b);
}

#endif
