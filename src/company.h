/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A company's name taken apart: the core that names it, and beside it legal forms with their place,
 * branch, honorific, former name. Takes a folded text; nothing of it is thrown away, only told
 * apart.
 */
#ifndef KBR_COMPANY_H
#define KBR_COMPANY_H

#include "fold.h"

#define KBR_COMPANY_FORMS_MAX 4

enum { KBR_PLACE_HEAD = 1, KBR_PLACE_MIDDLE, KBR_PLACE_TAIL };

typedef struct kbr_form {
    uint16_t form; /* row group of src/data/legal_forms.tsv: 株式会社, (株), ㈱ and KK are one */
    uint8_t class; /* coarser: stock company, LLC ...; forms of one class do not conflict */
    uint8_t place; /* KBR_PLACE_* */
} kbr_form;

#define KBR_COMPANY_HONORIFIC UINT32_C(1)   /* 様 御中 殿 was there */
#define KBR_COMPANY_HEAD_OFFICE UINT32_C(2) /* 本社, 本店: says no more than no branch at all */
#define KBR_COMPANY_PLACEHOLDER UINT32_C(4) /* 不明, テスト, 個人: names nobody */
#define KBR_COMPANY_FORM_ONLY UINT32_C(8)   /* nothing but a legal form: kept as the core */
#define KBR_COMPANY_PARTY UINT32_C(16) /* 委員C, A社, 現地業者: one of a kind, not who */

typedef struct kbr_company {
    kbr_units core;   /* folded core, words still separated by single spaces */
    kbr_units key;    /* its loose key */
    kbr_units former; /* loose key of the name in （旧…）; empty: none */
    kbr_units branch; /* loose key of branch, office or department: 札幌支店; empty: none */
    kbr_units note;   /* loose key of what other brackets held, of departments behind an office, of
                         persons, in order, U+0020 between; empty: none */
    kbr_form forms[KBR_COMPANY_FORMS_MAX];
    uint32_t form_count;
    uint32_t flags; /* KBR_COMPANY_* */
    uint32_t folds; /* KBR_FOLD_* spent on core and key */
    uint32_t reserved;
    uint64_t strict_hash; /* XXH3 of the strict core: equal only for the same spelling */
    kbr_units text;       /* scratch: the name without its bracket notes, folded and strict */
    kbr_units strict;
} kbr_company;

void kbr_company_init(kbr_company *company, const kaburi_allocator *allocator);
void kbr_company_free(kbr_company *company);

/* Parses a folded name (len may be 0: an absent company, all empty). MEMORY only. O(len). */
kaburi_status kbr_company_parse(kbr_company *out, const kbr_folded *name);

/*
 * Whether forms of the two classes can be one company's: those of one class, and Ltd. or Co., Ltd.
 * beside any form of a commercial company, for 有限会社 and 合同会社 use them in English as well.
 */
bool kbr_company_classes_agree(uint8_t a, uint8_t b);
/* Whether it is unusual that they are, though they agree: of the names in the register 80,000 with
 * Ltd. or Co., Ltd. in English beside them one in 20 is no 株式会社, of all companies one in three.
 */
bool kbr_company_classes_seldom(uint8_t a, uint8_t b);

/* Canonical spelling of a form ("株式会社"), terminated UTF-8; NULL for an unknown one. */
const char *kbr_company_form_name(uint16_t form);

#endif
