/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A deal's name taken apart: the subject that says what is sold, and beside it years, periods,
 * phases, lots, other numbers, kind of sale, site and tags. The company's own name is cut out.
 * Takes folded texts; judges nothing.
 */
#ifndef KBR_DEAL_H
#define KBR_DEAL_H

#include "company.h"
#include "fold.h"
#include "number.h"

/* Numbers kept of a name, and words that another deal's may oppose, which lie behind them. */
#define KBR_DEAL_COUNTED_MAX 16
#define KBR_DEAL_OPPOSED_MAX 4
#define KBR_DEAL_NUMBERS_MAX (KBR_DEAL_COUNTED_MAX + KBR_DEAL_OPPOSED_MAX)

/* Kinds of sale: bits. */
#define KBR_SALE_NEW UINT32_C(0x01)
#define KBR_SALE_RENEWAL UINT32_C(0x02)
#define KBR_SALE_ADDITIONAL UINT32_C(0x04)
#define KBR_SALE_MAINTENANCE UINT32_C(0x08)
#define KBR_SALE_CANCELLATION UINT32_C(0x10)
#define KBR_SALE_TRIAL UINT32_C(0x20)      /* PoC, 実証, トライアル */
#define KBR_SALE_PRODUCTION UINT32_C(0x40) /* 本番 */

#define KBR_DEAL_TAG UINT32_C(1)          /* a tag was cut: 【展示会】 _MQL 見積依頼: */
#define KBR_DEAL_COMPANY UINT32_C(2)      /* the company's name was cut */
#define KBR_DEAL_PLACEHOLDER UINT32_C(4)  /* 新しい商談, 未定, テスト: names nothing */
#define KBR_DEAL_NUMBERS_CUT UINT32_C(8)  /* more than KBR_DEAL_COUNTED_MAX numbers */
#define KBR_DEAL_STAMP_YEAR UINT32_C(16)  /* the year is a day of entry's alone: _20241005 */
#define KBR_DEAL_STAMP_MONTH UINT32_C(32) /* the month is one of entry: _202410 */

typedef struct kbr_deal {
    kbr_units subject; /* folded; company, tags, noise words, template signs and numbers cut */
    kbr_units key;     /* its loose key with synonyms put to one word (リプレース -> 更改) */
    kbr_units site; /* loose key of places and sites named (名古屋工場), in order, U+0020 between */
    kbr_units loose; /* scratch: the name's loose key, then where its units stand in the name */
    kbr_number numbers[KBR_DEAL_NUMBERS_MAX]; /* in the order of the text */
    uint32_t number_count;
    const kbr_folded *owner; /* whose deal it is, folded; borrowed; NULL: not known */
    uint32_t stamp_year;     /* of a date of entry that was cut at the end; 0: none */
    uint32_t stamp_month;    /* of one without a day; else 0 */
    uint32_t fiscal_month;   /* 1..12: the month fiscal years begin with; set by the owner */
    uint32_t sales;          /* KBR_SALE_* */
    uint32_t flags;          /* KBR_DEAL_* */
    uint32_t folds;          /* KBR_FOLD_* spent */
    uint64_t words_hash;     /* of the words of a key that has several, in any order; else 0 */
    uint64_t strict_hash;    /* XXH3 of the strict text without company and tags at its ends */
} kbr_deal;

void kbr_deal_init(kbr_deal *deal, const kaburi_allocator *allocator);
void kbr_deal_free(kbr_deal *deal);

/* Parses a folded deal name (len may be 0: absent). `company` is the record's own, parsed, and may
 * have an empty core. MEMORY only. O(len). */
kaburi_status kbr_deal_parse(kbr_deal *out, const kbr_folded *name, const kbr_company *company);

#endif
