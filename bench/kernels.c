/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernels. Each is given what the stage before it makes, made beforehand; pairs are those that a
 * search compares, for names drawn by chance differ at once.
 */
#include "kernels.h"

#include "cards.h"
#include "index.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

#define ITEMS 1024        /* records and queries that stages are timed over: beyond a L1 cache */
#define RECORDS_MAX 50000 /* that keys and candidates come from */
#define PAIRS_MAX 65536

typedef struct pair {
    uint32_t query;
    uint32_t record;
} pair;

typedef struct kernels {
    const kaburi_record *records;
    const kaburi_record *queries;
    size_t items;       /* of records, parsed in every stage */
    size_t query_count; /* as many */
    size_t card_count;
    kbr_folded *company_text;
    kbr_folded *deal_text;
    kbr_company *company;
    kbr_deal *deal;
    kbr_reader reader;
    kbr_cards memory;
    kbr_card **cards; /* of records */
    kbr_card **query_cards;
    kbr_keys_plan plan;
    kbr_keys_plan minhash;
    kbr_table *table;
    kbr_votes votes;
    kbr_subject *subject;
    uint32_t prepared;
    pair *pairs; /* by query */
    size_t pair_count;
    kbr_evidence *evidence; /* of each pair */
    kbr_shingle shingles[KABURI_TEXT_SIZE_MAX];
} kernels;

/* ---- bodies ---- */

static uint64_t fold_company(void *state, size_t item) {
    kernels *at = state;
    (void)kbr_fold(&at->reader.company_text, at->records[item].company);
    return at->reader.company_text.len;
}

static uint64_t fold_deal(void *state, size_t item) {
    kernels *at = state;
    (void)kbr_fold(&at->reader.deal_text, at->records[item].deal);
    return at->reader.deal_text.len;
}

static uint64_t parse_company(void *state, size_t item) {
    kernels *at = state;
    (void)kbr_company_parse(&at->reader.company, &at->company_text[item]);
    return at->reader.company.key.len;
}

static uint64_t parse_deal(void *state, size_t item) {
    kernels *at = state;
    (void)kbr_deal_parse(&at->reader.deal, &at->deal_text[item], &at->company[item]);
    return at->reader.deal.key.len;
}

static uint64_t read_record(void *state, size_t item) {
    kernels *at = state;
    (void)kbr_reader_read(&at->reader, &at->records[item], NULL);
    return at->reader.card->size;
}

static uint64_t split_company(void *state, size_t item) {
    kernels *at = state;
    const kbr_units *key = &at->company[item].key;
    return kbr_shingle_split(at->shingles, key->data, key->len, KBR_FIELD_OF_COMPANY);
}

static size_t split(kernels *at, size_t item) {
    const kbr_units *key = &at->company[item].key;
    return kbr_shingle_split(at->shingles, key->data, key->len, KBR_FIELD_OF_COMPANY);
}

/* Sketches are timed with the splitting, which comes first; `shingle/company` is that alone. */
static uint64_t sketch_rarity(void *state, size_t item) {
    kernels *at = state;
    kbr_shingle rarest[KBR_SKETCH_RAREST_MAX];
    uint64_t keys[KBR_SKETCH_RAREST_MAX * KBR_SKETCH_RAREST_MAX];
    size_t count = kbr_sketch_rarest(rarest, at->plan.record_rarest, at->shingles, split(at, item));
    size_t made = kbr_sketch_pairs(keys, NULL, rarest, count, 1);
    return made == 0 ? 0 : keys[made - 1];
}

static uint64_t minhash(kernels *at, size_t item, kbr_minhash_kernel *kernel) {
    uint32_t signature[KBR_SKETCH_COMPONENTS_MAX];
    kernel(signature, &at->minhash.minhash, at->shingles, split(at, item));
    return signature[0];
}

static uint64_t sketch_scalar(void *state, size_t item) {
    return minhash(state, item, kbr_minhash_scalar);
}

static uint64_t sketch_best(void *state, size_t item) {
    const char *name;
    return minhash(state, item, kbr_minhash_best(&name));
}

static uint64_t keys_record(void *state, size_t item) {
    kernels *at = state;
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    size_t count = kbr_keys_of_record(keys, &at->plan, at->cards[item]);
    return count == 0 ? 0 : keys[count - 1];
}

static uint64_t keys_query(void *state, size_t item) {
    kernels *at = state;
    kbr_keys_probe probes[KBR_KEYS_QUERY_MAX];
    size_t count = kbr_keys_of_query(probes, &at->plan, at->query_cards[item]);
    return count == 0 ? 0 : probes[count - 1].key;
}

static size_t find(kernels *at, size_t item, kbr_keys_probe *probes, kbr_list *lists) {
    size_t count = kbr_keys_of_query(probes, &at->plan, at->query_cards[item]);
    for (size_t i = 0; i < count; i++) {
        kbr_table_prefetch(at->table, probes[i].key);
    }
    for (size_t i = 0; i < count; i++) {
        lists[i] = kbr_table_find(at->table, probes[i].key);
    }
    return count;
}

static uint64_t probe(void *state, size_t item) {
    kbr_keys_probe probes[KBR_KEYS_QUERY_MAX];
    kbr_list lists[KBR_KEYS_QUERY_MAX];
    uint64_t sum = 0;
    size_t count = find(state, item, probes, lists);
    for (size_t i = 0; i < count; i++) {
        uint32_t slot = 0;
        sum += kbr_list_read(lists[i], &slot, 1) + slot;
    }
    return sum;
}

/* Postings of one key that vote. */
#define VOTING_MAX 1024

static uint64_t vote(void *state, size_t item) {
    kernels *at = state;
    kbr_keys_probe probes[KBR_KEYS_QUERY_MAX];
    kbr_list lists[KBR_KEYS_QUERY_MAX];
    uint32_t slots[VOTING_MAX];
    size_t count = find(at, item, probes, lists);
    kbr_votes_clear(&at->votes);
    for (size_t i = 0; i < count; i++) {
        size_t length = kbr_list_read(lists[i], slots, VOTING_MAX);
        (void)kbr_votes_cast(&at->votes, slots, length, probes[i].votes);
    }
    size_t voted = 0;
    (void)kbr_votes_list(&at->votes, &voted);
    kbr_votes_lead(&at->votes, 0, voted, 96);
    return voted;
}

static uint64_t prepare(void *state, size_t item) {
    kernels *at = state;
    kbr_subject_prepare(at->subject, at->query_cards[item], NULL);
    at->prepared = UINT32_MAX;
    return at->subject->company.bits;
}

/* Pairs come by query, so that preparing is a small part of comparing, as in a search. */
static const kbr_card *pair_of(kernels *at, size_t item) {
    if (at->prepared != at->pairs[item].query) {
        at->prepared = at->pairs[item].query;
        kbr_subject_prepare(at->subject, at->query_cards[at->prepared], NULL);
    }
    return at->cards[at->pairs[item].record];
}

static uint64_t glance(void *state, size_t item) {
    kernels *at = state;
    const kbr_card *card = pair_of(at, item);
    return kbr_compare_glance(at->subject, card);
}

static uint64_t compare_customer(void *state, size_t item) {
    kernels *at = state;
    kbr_evidence evidence;
    const kbr_card *card = pair_of(at, item);
    kbr_compare_customer(&evidence, at->subject, card);
    return evidence.company_likeness;
}

static uint64_t compare(void *state, size_t item) {
    kernels *at = state;
    kbr_evidence evidence;
    const kbr_card *card = pair_of(at, item);
    kbr_compare(&evidence, at->subject, card);
    return evidence.bits;
}

static uint64_t judge(void *state, size_t item) {
    kernels *at = state;
    kaburi_match match;
    kbr_model_judge(&match, &kbr_model_builtin, &kbr_policy_builtin, &at->evidence[item],
                    at->cards[at->pairs[item].record]);
    return (uint64_t)match.verdict;
}

/* ---- what they are given ---- */

static bool read_card(kernels *at, const kaburi_record *record, kbr_card **card) {
    *card = kbr_reader_read(&at->reader, record, NULL) == KABURI_OK
                ? kbr_cards_copy(&at->memory, at->reader.card)
                : NULL;
    return *card != NULL;
}

static bool parse_items(kernels *at) {
    at->company_text = bench_resize(NULL, at->items, sizeof *at->company_text);
    at->deal_text = bench_resize(NULL, at->items, sizeof *at->deal_text);
    at->company = bench_resize(NULL, at->items, sizeof *at->company);
    at->deal = bench_resize(NULL, at->items, sizeof *at->deal);
    bool done = true;
    for (size_t i = 0; i < at->items; i++) {
        kbr_folded_init(&at->company_text[i], &kbr_allocator_default);
        kbr_folded_init(&at->deal_text[i], &kbr_allocator_default);
        kbr_company_init(&at->company[i], &kbr_allocator_default);
        kbr_deal_init(&at->deal[i], &kbr_allocator_default);
        done = done && kbr_fold(&at->company_text[i], at->records[i].company) == KABURI_OK &&
               kbr_fold(&at->deal_text[i], at->records[i].deal) == KABURI_OK &&
               kbr_company_parse(&at->company[i], &at->company_text[i]) == KABURI_OK;
    }
    return done;
}

static bool file_cards(kernels *at) {
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    bool done = at->table != NULL;
    at->cards = bench_resize(NULL, at->card_count, sizeof(kbr_card *));
    for (size_t i = 0; done && i < at->card_count; i++) {
        done = read_card(at, &at->records[i], &at->cards[i]);
        size_t count = done ? kbr_keys_of_record(keys, &at->plan, at->cards[i]) : 0;
        for (size_t k = 0; done && k < count; k++) {
            done = kbr_table_add(at->table, keys[k], (uint32_t)i);
        }
    }
    at->query_cards = bench_resize(NULL, at->query_count, sizeof(kbr_card *));
    for (size_t i = 0; done && i < at->query_count; i++) {
        done = read_card(at, &at->queries[i], &at->query_cards[i]);
    }
    return done;
}

/* The pairs that searches would compare: the candidates of most votes. */
static void choose_pairs(kernels *at) {
    at->pairs = bench_resize(NULL, PAIRS_MAX, sizeof *at->pairs);
    at->evidence = bench_resize(NULL, PAIRS_MAX, sizeof *at->evidence);
    for (size_t query = 0; query < at->query_count; query++) {
        size_t best = (size_t)vote(at, query);
        kbr_votes_lead(&at->votes, 0, best, 64);
        for (size_t i = 0; i < best && i < 64 && at->pair_count < PAIRS_MAX; i++) {
            size_t item = at->pair_count++;
            at->pairs[item] = (pair){(uint32_t)query, kbr_votes_slot(&at->votes, i)};
            kbr_compare(&at->evidence[item], at->subject, pair_of(at, item));
        }
    }
}

static bool set_up(kernels *at) {
    kaburi_index_options options;
    kaburi_index_options_init(&options);
    kbr_reader_init(&at->reader, &kbr_allocator_default);
    kbr_cards_init(&at->memory, &kbr_allocator_default);
    kbr_votes_init(&at->votes, &kbr_allocator_default);
    at->subject = bench_resize(NULL, 1, sizeof *at->subject);
    at->prepared = UINT32_MAX;
    at->table = kbr_table_create(&kbr_allocator_default, NULL);
    bool done = kbr_keys_plan_init(&at->plan, &options, NULL) == KABURI_OK;
    options.sketch = KABURI_SKETCH_MINHASH;
    done = done && kbr_keys_plan_init(&at->minhash, &options, NULL) == KABURI_OK &&
           parse_items(at) && file_cards(at);
    if (done) {
        choose_pairs(at);
    }
    return done;
}

static void clear(kernels *at) {
    for (size_t i = 0; i < at->items && at->company != NULL; i++) {
        kbr_folded_free(&at->company_text[i]);
        kbr_folded_free(&at->deal_text[i]);
        kbr_company_free(&at->company[i]);
        kbr_deal_free(&at->deal[i]);
    }
    for (size_t i = 0; i < at->card_count && at->cards != NULL && at->cards[i] != NULL; i++) {
        kbr_cards_free(&at->memory, at->cards[i]);
    }
    for (size_t i = 0; i < at->query_count && at->query_cards != NULL && at->query_cards[i] != NULL;
         i++) {
        kbr_cards_free(&at->memory, at->query_cards[i]);
    }
    kbr_cards_close(&at->memory);
    kbr_reader_free(&at->reader);
    kbr_votes_free(&at->votes);
    kbr_table_free(at->table);
    free(at->company_text);
    free(at->deal_text);
    free(at->company);
    free(at->deal);
    free(at->cards);
    free(at->query_cards);
    free(at->pairs);
    free(at->evidence);
    free(at->subject);
    free(at);
}

/* ---- all of them ---- */

enum { OF_RECORDS, OF_QUERIES, OF_PAIRS };

static const struct {
    const char *name;
    bench_body *body;
    int of;
} stages[] = {
    {"fold/company", fold_company, OF_RECORDS},
    {"fold/deal", fold_deal, OF_RECORDS},
    {"parse/company", parse_company, OF_RECORDS},
    {"parse/deal", parse_deal, OF_RECORDS},
    {"read/record", read_record, OF_RECORDS},
    {"shingle/company", split_company, OF_RECORDS},
    {"sketch/rarity", sketch_rarity, OF_RECORDS},
    {"sketch/minhash_scalar", sketch_scalar, OF_RECORDS},
    {"sketch/minhash_best", sketch_best, OF_RECORDS},
    {"keys/record", keys_record, OF_RECORDS},
    {"keys/query", keys_query, OF_QUERIES},
    {"table/probe", probe, OF_QUERIES},
    {"votes/query", vote, OF_QUERIES},
    {"compare/prepare", prepare, OF_QUERIES},
    {"compare/glance", glance, OF_PAIRS},
    {"compare/customer", compare_customer, OF_PAIRS},
    {"compare/all", compare, OF_PAIRS},
    {"model/judge", judge, OF_PAIRS},
};

int bench_kernels(bench_report *report, const bench_records *records, const kaburi_record *queries,
                  size_t query_count) {
    const char *names[BENCH_COUNT(stages)];
    for (size_t i = 0; i < BENCH_COUNT(stages); i++) {
        names[i] = stages[i].name;
    }
    if (!bench_report_wants_any(report, names, BENCH_COUNT(names)) || records->count == 0 ||
        query_count == 0) {
        return BENCH_OK;
    }
    kernels *at = bench_resize(NULL, 1, sizeof *at);
    memset(at, 0, sizeof *at);
    at->records = records->record;
    at->queries = queries;
    at->items = records->count < ITEMS ? records->count : ITEMS;
    at->query_count = query_count < ITEMS ? query_count : ITEMS;
    at->card_count = records->count < RECORDS_MAX ? records->count : RECORDS_MAX;
    int code = set_up(at) ? BENCH_OK
                          : bench_fail(BENCH_DATA,
                                       "%s: a record of it cannot be read, or there "
                                       "is no memory for it",
                                       records->rows.path);
    for (size_t i = 0; code == BENCH_OK && i < BENCH_COUNT(stages); i++) {
        const size_t items[] = {at->items, at->query_count, at->pair_count};
        at->prepared = UINT32_MAX;
        bench_report_tell(report, bench_report_time(report, stages[i].name, stages[i].body, at,
                                                    items[stages[i].of]));
    }
    clear(at);
    return code;
}
