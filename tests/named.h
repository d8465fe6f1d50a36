/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record of names alone, which is all that most tests of the index need.
 */
#ifndef KBR_TEST_NAMED_H
#define KBR_TEST_NAMED_H

#include "kaburi.h"

static inline kaburi_record named_record(uint64_t id, const char *company, const char *deal) {
    kaburi_record record;
    kaburi_record_init(&record);
    record.id = id;
    record.company = kaburi_text_of(company);
    record.deal = kaburi_text_of(deal);
    return record;
}

#endif
