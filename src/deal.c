/* SPDX-License-Identifier: Apache-2.0 */
#include "deal.h"
#include <string.h>
#include <xxhash.h>
void kbr_deal_init(kbr_deal *deal, const kaburi_allocator *allocator) {
    memset(deal, 0, sizeof *deal);
    deal->subject.allocator = allocator;
    deal->key.allocator = allocator;
    deal->site.allocator = allocator;
}
void kbr_deal_free(kbr_deal *deal) {
    kbr_units_free(&deal->subject);
    kbr_units_free(&deal->key);
    kbr_units_free(&deal->site);
}
kaburi_status kbr_deal_parse(kbr_deal *out, const kbr_folded *name, const kbr_company *company) {
    (void)company;
    out->number_count = 0;
    out->sales = 0;
    out->flags = 0;
    out->folds = 0;
    out->strict_hash = 0;
    out->site.len = 0;
    if (!kbr_units_set(&out->subject, name->unit, name->len) ||
        !kbr_units_set(&out->key, name->unit, name->len))
        return KABURI_ERROR_MEMORY;
    if (name->len == 0) {
        out->key.len = 0;
        return KABURI_OK;
    }
    out->key.len = kbr_fold_loose(out->key.data, out->key.data, out->key.len, &out->folds);
    out->strict_hash = XXH3_64bits(name->strict, name->len * 2);
    return KABURI_OK;
}
