/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys: what a card is filed under, and what a query looks under. Families of 64-bit keys, each
 * with its own salt: exact (company, former name, deal, corporate number, domain), one-deletion,
 * sketch of the company, sketch of the deal, pairs across both; and of the spoken name whole
 * readings, sketches of sound and sense, skeletons, acronyms. Knows cards and sketches, not tables.
 */
#ifndef KBR_KEYS_H
#define KBR_KEYS_H

#include "record.h"
#include "sketch.h"

typedef struct kbr_keys_plan {
    int32_t sketch;         /* KABURI_SKETCH_* */
    uint32_t record_rarest; /* see kaburi_index_options */
    uint32_t query_rarest;
    uint32_t deletion_max;
    uint32_t flags; /* KABURI_INDEX_* */
    uint64_t seed;
    kbr_minhash minhash; /* set when sketch is MINHASH */
} kbr_keys_plan;

/* Lets a reader read as the plan says: names at all, and deals with the month that fiscal years
 * begin with. Whatever is filed under the plan's keys, looked for or compared is read so. */
static inline void kbr_keys_set_reader(kbr_reader *reader, const kbr_keys_plan *plan) {
    uint32_t month = plan->flags >> 8;
    reader->unread = (plan->flags & KABURI_INDEX_UNREAD) == KABURI_INDEX_UNREAD;
    reader->deal.fiscal_month = month == 0 ? KBR_FISCAL_MONTH_DEFAULT : month;
}

/* Most keys a record has: MINHASH with 256 bands in both fields and the exact families. */
#define KBR_KEYS_RECORD_MAX 640
/* Most keys a query has. */
#define KBR_KEYS_QUERY_MAX 1024

/* Checks the ranges of the options and fills the plan. ARGUMENT: "bands is 300; allowed
 * are 1..256". */
kaburi_status kbr_keys_plan_init(kbr_keys_plan *plan, const kaburi_index_options *options,
                                 kaburi_error *error);

/* The keys of a record, distinct, in rising order; returns how many. */
size_t kbr_keys_of_record(uint64_t *keys, const kbr_keys_plan *plan, const kbr_card *card);

/* A key to look under and what a hit is worth: 8 * bits of rarity, so that votes add up. */
typedef struct kbr_keys_probe {
    uint64_t key;
    uint32_t votes;
    uint32_t longest; /* a list of more postings is passed over; 0 = the index's postings_max */
} kbr_keys_probe;

/* The probes of a query; returns how many. A key may come twice (a name that begins as it ends). */
size_t kbr_keys_of_query(kbr_keys_probe *probes, const kbr_keys_plan *plan, const kbr_card *card);

/* Most aliases of one name that a query looks under. */
#define KBR_KEYS_ALIASES_MAX 32
/* The probes of a query's other names, by the hashes of their loose keys: at most two a name. A
 * record is filed under its own names only, so that a table of aliases costs an index nothing. */
size_t kbr_keys_of_aliases(kbr_keys_probe *probes, const kbr_keys_plan *plan, const kbr_card *card,
                           const uint64_t *names, size_t count);

#endif
