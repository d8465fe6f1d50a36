/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys: one function a family, each used for records and queries alike, so that both always agree
 * on what a key is. A query looks under more of its rarest shingles than a record is filed under,
 * so that the new shingles of a typo do not push out all the old ones.
 */
#include "keys.h"

#include <string.h>

/* Families; their salts keep equal hashes of different families apart. */
enum {
    FAMILY_COMPANY = 1,
    FAMILY_DELETION,
    FAMILY_COMPANY_SKETCH,
    FAMILY_COMPANY_SINGLE,
    FAMILY_COMPANY_PART,
    FAMILY_DEAL,
    FAMILY_DEAL_SKETCH,
    FAMILY_CROSS,
    FAMILY_BOTH,
    FAMILY_READING,
    FAMILY_SOUND,
    FAMILY_SKELETON,
    FAMILY_ACRONYM,
    FAMILY_CORPORATE_NUMBER,
    FAMILY_DOMAIN,
};

/* Shingles of either field that cross keys are made of: a record's 2 x 4, a query's 3 x 8. */
#define CROSS_RECORD_COMPANY 2
#define CROSS_RECORD_DEAL 4
#define CROSS_QUERY_COMPANY 3
#define CROSS_QUERY_DEAL 8

/* A shingle that fewer than one in 500 names have has a key of its own, whose list is read only
 * while it is short: in a small index that is every such shingle, in a large one the rare ones. */
#define SINGLES_MAX 16
#define SINGLE_RARITY_MIN 72
#define SINGLE_LIST_MAX 256

/* Shortest and longest part of a query's name that is looked up as a name of its own. */
#define PART_LEN_MIN 3
#define PART_LEN_MAX 24

/* Shortest part of a record's name that has a key of its own. */
#define OWN_PART_LEN_MIN 4

/* Votes of a hit by a whole key, in the unit of rarities. */
#define VOTES_NUMBER 8000
#define VOTES_BOTH 4000
#define VOTES_EXACT 1500
#define VOTES_DELETION 400
#define VOTES_PART_UNIT 50
#define VOTES_OWN_PART 1000
#define VOTES_SHARED_PART 500
#define VOTES_BAND 100
#define VOTES_SKELETON 300

static uint64_t salted(const kbr_keys_plan *plan, int family) {
    return (plan->seed + 1) * 0x9E3779B97F4A7C15U + (uint64_t)family * 0xC2B2AE3D27D4EB4FU;
}

/* Finaliser of splitmix64. */
static uint64_t mixed(uint64_t value) {
    value ^= value >> 30;
    value *= 0xBF58476D1CE4E5B9U;
    value ^= value >> 27;
    value *= 0x94D049BB133111EBU;
    return value ^ value >> 31;
}

static uint64_t exact_key(const kbr_keys_plan *plan, int family, uint64_t hash) {
    return mixed(hash ^ salted(plan, family));
}

static uint64_t both_key(const kbr_keys_plan *plan, uint64_t company, uint64_t deal) {
    return exact_key(plan, FAMILY_BOTH, mixed(company) + deal);
}

kaburi_status kbr_keys_plan_init(kbr_keys_plan *plan, const kaburi_index_options *options,
                                 kaburi_error *error) {
    const struct {
        const char *name;
        uint32_t value, low, high;
    } ranges[] = {
        {"flags", options->flags & 0xFFU, 0, KABURI_INDEX_MINHASH_WEIGHTED | KABURI_INDEX_UNREAD},
        {"the fiscal month in flags", options->flags >> 8, 0, 12},
        {"bands", options->bands, 1, 256},
        {"rows", options->rows, 1, 8},
        {"record_rarest", options->record_rarest, 2, 8},
        {"query_rarest", options->query_rarest, 2, KBR_SKETCH_RAREST_MAX},
        {"deletion_max", options->deletion_max, 0, 16},
        {"postings_max", options->postings_max, 16, 1048576},
        {"scored_max", options->scored_max, 16, 4096},
    };
    if (options->sketch != KABURI_SKETCH_RARITY && options->sketch != KABURI_SKETCH_MINHASH) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "sketch is %d; allowed are %d..%d",
                        options->sketch, KABURI_SKETCH_RARITY, KABURI_SKETCH_MINHASH);
    }
    for (size_t i = 0; i < KBR_COUNT(ranges); i++) {
        if (ranges[i].value < ranges[i].low || ranges[i].value > ranges[i].high) {
            return kbr_fail(error, KABURI_ERROR_ARGUMENT, "%s is %u; allowed are %u..%u",
                            ranges[i].name, ranges[i].value, ranges[i].low, ranges[i].high);
        }
    }
    if (options->bands * options->rows > KBR_SKETCH_COMPONENTS_MAX) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "bands * rows is %u; allowed are 1..%d",
                        options->bands * options->rows, KBR_SKETCH_COMPONENTS_MAX);
    }
    memset(plan, 0, sizeof *plan);
    plan->sketch = options->sketch;
    plan->flags = options->flags;
    plan->record_rarest = options->record_rarest;
    plan->query_rarest = options->query_rarest;
    plan->deletion_max = options->deletion_max;
    plan->seed = options->seed;
    if (plan->sketch == KABURI_SKETCH_MINHASH) {
        kbr_minhash_init(&plan->minhash, options->bands, options->rows,
                         (options->flags & KABURI_INDEX_MINHASH_WEIGHTED) != 0, options->seed);
    }
    return KABURI_OK;
}

/* ---- collecting ---- */

typedef struct collector {
    const kbr_keys_plan *plan;
    kbr_keys_probe *probes;
    size_t count;
} collector;

static void collect(collector *into, uint64_t key, uint32_t votes) {
    into->probes[into->count++] = (kbr_keys_probe){.key = key, .votes = votes};
}

static void collect_exact(collector *into, int family, uint64_t hash, uint32_t votes) {
    if (hash != 0) {
        collect(into, exact_key(into->plan, family, hash), votes);
    }
}

static void collect_many(collector *into, const uint64_t *keys, const uint16_t *votes,
                         size_t count) {
    for (size_t i = 0; i < count; i++) {
        collect(into, keys[i], votes[i]);
    }
}

/* What both sides have: whole fields. */
static void collect_whole(collector *into, const kbr_card *card) {
    bool named = (card->company_flags & KBR_COMPANY_PLACEHOLDER) == 0;
    bool told = (card->deal_flags & KBR_DEAL_PLACEHOLDER) == 0;
    collect_exact(into, FAMILY_CORPORATE_NUMBER, kbr_card_word(card, KBR_CARD_CORPORATE_NUMBER),
                  VOTES_NUMBER);
    collect_exact(into, FAMILY_DOMAIN, kbr_card_word(card, KBR_CARD_DOMAIN), VOTES_EXACT);
    if (named) {
        collect_exact(into, FAMILY_COMPANY, card->company, VOTES_EXACT);
        collect_exact(into, FAMILY_COMPANY, kbr_card_word(card, KBR_CARD_FORMER), VOTES_EXACT);
    }
    if (told) {
        collect_exact(into, FAMILY_DEAL, kbr_card_word(card, KBR_CARD_DEAL), VOTES_EXACT);
    }
    if (named && told && card->company != 0 && kbr_card_word(card, KBR_CARD_DEAL) != 0) {
        collect(into, both_key(into->plan, card->company, kbr_card_word(card, KBR_CARD_DEAL)),
                VOTES_BOTH);
    }
}

static void collect_deletions(collector *into, const kbr_card *card) {
    uint64_t keys[17];
    if (card->company_len == 0 || card->company_len > into->plan->deletion_max ||
        (card->company_flags & KBR_COMPANY_PLACEHOLDER) != 0) {
        return;
    }
    size_t count = kbr_sketch_deletions(keys, kbr_card_company_key(card), card->company_len,
                                        salted(into->plan, FAMILY_DELETION));
    for (size_t i = 0; i < count; i++) {
        collect(into, keys[i], VOTES_DELETION);
    }
}

static void collect_pairs(collector *into, int family, const kbr_shingle *rarest, size_t count) {
    uint64_t keys[KBR_SKETCH_RAREST_MAX * (KBR_SKETCH_RAREST_MAX - 1) / 2 + 1];
    uint16_t votes[KBR_COUNT(keys)];
    size_t pairs = kbr_sketch_pairs(keys, votes, rarest, count, salted(into->plan, family));
    collect_many(into, keys, votes, pairs);
}

/* ---- the spoken name ---- */

/* Shingles of the spoken name that pairs are made of. */
#define SPOKEN_RECORD_RAREST 4
#define SPOKEN_QUERY_RAREST 6

static void collect_spoken_pairs(collector *into, const uint16_t *shingles, size_t count,
                                 size_t wanted) {
    kbr_shingle all[KBR_SPOKEN_SHINGLES_MAX];
    kbr_shingle rarest[SPOKEN_QUERY_RAREST];
    for (size_t i = 0; i < count; i++) {
        all[i] = (kbr_shingle){.hash = shingles[i] * 0x9E3779B1U,
                               .rarity = kbr_spoken_rarity(shingles[i])};
    }
    collect_pairs(into, FAMILY_SOUND, rarest, kbr_sketch_rarest(rarest, wanted, all, count));
}

static bool uses(const collector *into, uint32_t without) {
    return (into->plan->flags & without) == 0;
}

static void collect_spoken(collector *into, const kbr_card *card, size_t wanted) {
    for (size_t i = 0; uses(into, KABURI_INDEX_NO_READING) && i < KBR_READING_ALTERNATIVES; i++) {
        uint64_t sound = kbr_card_word(card, KBR_CARD_READING + (int)i) & KBR_SPOKEN_SOUND;
        collect_exact(into, FAMILY_READING, sound, VOTES_EXACT);
    }
    for (size_t i = 0; uses(into, KABURI_INDEX_NO_SKELETON) && i < card->skeleton_count; i++) {
        collect_exact(into, FAMILY_SKELETON, kbr_card_skeletons(card)[i], VOTES_SKELETON);
    }
    if (wanted > 0 && uses(into, KABURI_INDEX_NO_SOUND)) {
        collect_spoken_pairs(into, kbr_card_sound(card), card->sound_count, wanted);
    }
    if (wanted > 0 && uses(into, KABURI_INDEX_NO_TERM)) {
        collect_spoken_pairs(into, kbr_card_sense(card), card->sense_count, wanted);
    }
}

/* A name in kanji is mostly found by them: its sound looks for the few records in kana or Latin
 * letters, and must not take the places of those that are spelt alike; beside a deal's name, which
 * finds them too, the whole reading is enough. */
static void collect_spoken_query(collector *into, const kbr_card *card) {
    bool in_kanji = (card->scripts & KBR_WRITTEN_KANJI) != 0;
    size_t first = into->count;
    size_t wanted = SPOKEN_QUERY_RAREST;
    if (in_kanji) {
        wanted = kbr_card_word(card, KBR_CARD_DEAL) != 0 ? 0 : SPOKEN_RECORD_RAREST;
    }
    collect_spoken(into, card, wanted);
    for (size_t i = first; i < into->count && in_kanji; i++) {
        into->probes[i].votes /= 2;
    }
}

/* The company's have other rarities than the card's, which depend on the words they stand in. */
static size_t shingles_of(kbr_shingle *out, const kbr_card *card, int field) {
    kbr_window windows[KBR_CARD_SHINGLES_MAX];
    const uint8_t *rarities = kbr_card_rarities(card, field);
    size_t count = kbr_card_shingle_windows(windows, card, field);
    for (size_t i = 0; i < count; i++) {
        uint32_t id = kbr_window_identity(windows[i]);
        out[i] = (kbr_shingle){
            .hash = id,
            .rarity = field == KBR_FIELD_OF_DEAL ? rarities[i] : kbr_shingle_rarity(id, field)};
    }
    return count;
}

static void collect_singles(collector *into, const kbr_shingle *rarest, size_t count) {
    for (size_t i = 0; i < count && rarest[i].rarity >= SINGLE_RARITY_MIN; i++) {
        collect(into, exact_key(into->plan, FAMILY_COMPANY_SINGLE, rarest[i].hash),
                rarest[i].rarity);
        into->probes[into->count - 1].longest = SINGLE_LIST_MAX;
    }
}

/* How much of the rarest shingles each side takes. */
typedef struct widths {
    size_t rarest, cross_company, cross_deal;
} widths;

static void collect_rarity(collector *into, const kbr_card *card, const widths *take) {
    kbr_shingle company[KBR_SKETCH_RAREST_MAX];
    kbr_shingle deal[KBR_SKETCH_RAREST_MAX];
    kbr_shingle all[KBR_CARD_SHINGLES_MAX];
    size_t company_count = 0;
    size_t deal_count = 0;
    if ((card->company_flags & KBR_COMPANY_PLACEHOLDER) == 0) {
        size_t count = shingles_of(all, card, KBR_FIELD_OF_COMPANY);
        company_count = kbr_sketch_rarest(company, SINGLES_MAX, all, count);
    }
    if ((card->deal_flags & KBR_DEAL_PLACEHOLDER) == 0) {
        size_t count = shingles_of(all, card, KBR_FIELD_OF_DEAL);
        deal_count = kbr_sketch_rarest(deal, take->rarest, all, count);
    }
    collect_singles(into, company, company_count);
    company_count = company_count < take->rarest ? company_count : take->rarest;
    collect_pairs(into, FAMILY_COMPANY_SKETCH, company, company_count);
    collect_pairs(into, FAMILY_DEAL_SKETCH, deal, deal_count);

    uint64_t keys[CROSS_QUERY_COMPANY * CROSS_QUERY_DEAL];
    uint16_t votes[KBR_COUNT(keys)];
    size_t a = company_count < take->cross_company ? company_count : take->cross_company;
    size_t b = deal_count < take->cross_deal ? deal_count : take->cross_deal;
    size_t crossed =
        kbr_sketch_cross(keys, votes, company, a, deal, b, salted(into->plan, FAMILY_CROSS));
    collect_many(into, keys, votes, crossed);
    collect_deletions(into, card);
}

static void collect_bands(collector *into, int family, const kbr_shingle *shingles, size_t count) {
    uint64_t keys[256];
    size_t bands =
        kbr_minhash_keys(&into->plan->minhash, shingles, count, salted(into->plan, family), keys);
    for (size_t i = 0; i < bands; i++) {
        collect(into, keys[i], VOTES_BAND);
    }
}

static void collect_minhash(collector *into, const kbr_card *card) {
    kbr_shingle shingles[KBR_CARD_SHINGLES_MAX];
    if ((card->company_flags & KBR_COMPANY_PLACEHOLDER) == 0) {
        size_t count = shingles_of(shingles, card, KBR_FIELD_OF_COMPANY);
        collect_bands(into, FAMILY_COMPANY_SKETCH, shingles, count);
    }
    if ((card->deal_flags & KBR_DEAL_PLACEHOLDER) == 0) {
        size_t count = shingles_of(shingles, card, KBR_FIELD_OF_DEAL);
        collect_bands(into, FAMILY_DEAL_SKETCH, shingles, count);
    }
}

static void collect_sketch(collector *into, const kbr_card *card, const widths *take) {
    if (into->plan->sketch == KABURI_SKETCH_MINHASH) {
        collect_minhash(into, card);
    } else {
        collect_rarity(into, card, take);
    }
}

/* Beginnings and ends of a longer name, looked up as whole names: 日本赤十字社武蔵野赤十字病院
 * finds 日本赤十字社 without a key more in the table. */
static void collect_parts(collector *into, const kbr_card *card) {
    const uint16_t *key = kbr_card_company_key(card);
    size_t len = card->company_len;
    if ((card->company_flags & KBR_COMPANY_PLACEHOLDER) != 0) {
        return;
    }
    for (size_t part = PART_LEN_MIN; part < len && part <= PART_LEN_MAX; part++) {
        uint32_t votes = (uint32_t)part * VOTES_PART_UNIT;
        collect_exact(into, FAMILY_COMPANY, kbr_record_key_hash(key, part), votes);
        collect_exact(into, FAMILY_COMPANY, kbr_record_key_hash(key + len - part, part), votes);
    }
}

/* Where the name's script changes first (`last`: last); its length where it does not. */
static size_t change_of(const uint16_t *key, size_t len, bool last) {
    size_t found = len;
    for (size_t i = 1; i < len && (last || found == len); i++) {
        found = kbr_fold_script(key[i]) != kbr_fold_script(key[i - 1]) ? i : found;
    }
    return found;
}

/* A part that many names share is passed over. */
static void collect_part(collector *into, uint64_t hash, uint32_t votes) {
    collect(into, exact_key(into->plan, FAMILY_COMPANY_PART, hash), votes);
    into->probes[into->count - 1].longest = SINGLE_LIST_MAX;
}

/* What a name begins with or ends in before its script changes, for a query that is all of it:
 * 岐阜グリーンホテル is found by グリーンホテル, whose shingles many names have. And for a query
 * that has such a part itself: 日通リース&ファイナンス is NXTCリース&ファイナンス by now. */
static void collect_own_parts(collector *into, const kbr_card *card, uint32_t votes) {
    const uint16_t *key = kbr_card_company_key(card);
    size_t len = card->company_len;
    size_t head = change_of(key, len, false);
    size_t tail = change_of(key, len, true);
    if (head == len || (card->company_flags & KBR_COMPANY_PLACEHOLDER) != 0) {
        return;
    }
    if (head >= OWN_PART_LEN_MIN) {
        collect_part(into, kbr_record_key_hash(key, head), votes);
    }
    if (len - tail >= OWN_PART_LEN_MIN) {
        collect_part(into, kbr_record_key_hash(key + tail, len - tail), votes);
    }
}

/* ---- the two sides ---- */

/* A record of the default sketch has 30 to 70 keys. They are hashes: dealt out by their highest
 * bits they are all but in order, and insertion does the rest. */
#define SORTED_BITS 6

static void deal_out(uint64_t *out, const kbr_keys_probe *probes, size_t count) {
    uint16_t places[(1 << SORTED_BITS) + 1] = {0};
    for (size_t i = 0; i < count; i++) {
        places[(probes[i].key >> (64 - SORTED_BITS)) + 1]++;
    }
    for (size_t i = 1; i < KBR_COUNT(places); i++) {
        places[i] = (uint16_t)(places[i] + places[i - 1]);
    }
    for (size_t i = 0; i < count; i++) {
        out[places[probes[i].key >> (64 - SORTED_BITS)]++] = probes[i].key;
    }
}

static void sort_keys(uint64_t *keys, const kbr_keys_probe *probes, size_t count) {
    deal_out(keys, probes, count);
    for (size_t i = 1; i < count; i++) {
        uint64_t key = keys[i];
        size_t place = i;
        for (; place > 0 && keys[place - 1] > key; place--) {
            keys[place] = keys[place - 1];
        }
        keys[place] = key;
    }
}

size_t kbr_keys_of_record(uint64_t *keys, const kbr_keys_plan *plan, const kbr_card *card) {
    kbr_keys_probe probes[KBR_KEYS_RECORD_MAX];
    collector into = {.plan = plan, .probes = probes};
    const widths take = {.rarest = plan->record_rarest,
                         .cross_company = CROSS_RECORD_COMPANY,
                         .cross_deal = CROSS_RECORD_DEAL};
    collect_whole(&into, card);
    collect_sketch(&into, card, &take);
    collect_own_parts(&into, card, 0);
    collect_spoken(&into, card, SPOKEN_RECORD_RAREST);
    if (uses(&into, KABURI_INDEX_NO_ACRONYM)) {
        collect_exact(&into, FAMILY_ACRONYM, kbr_card_word(card, KBR_CARD_ACRONYM), VOTES_EXACT);
    }
    sort_keys(keys, probes, into.count);
    size_t kept = 0;
    for (size_t i = 0; i < into.count; i++) {
        if (kept == 0 || keys[kept - 1] != keys[i]) {
            keys[kept++] = keys[i];
        }
    }
    return kept;
}

size_t kbr_keys_of_query(kbr_keys_probe *probes, const kbr_keys_plan *plan, const kbr_card *card) {
    collector into = {.plan = plan, .probes = probes};
    const widths take = {.rarest = plan->query_rarest,
                         .cross_company = CROSS_QUERY_COMPANY,
                         .cross_deal = CROSS_QUERY_DEAL};
    collect_whole(&into, card);
    collect_sketch(&into, card, &take);
    collect_spoken_query(&into, card);
    if (uses(&into, KABURI_INDEX_NO_ACRONYM)) {
        collect_exact(&into, FAMILY_COMPANY, kbr_card_word(card, KBR_CARD_ACRONYM), VOTES_EXACT);
        collect_exact(&into, FAMILY_ACRONYM, card->company, VOTES_EXACT);
    }
    collect_parts(&into, card);
    if ((card->company_flags & KBR_COMPANY_PLACEHOLDER) == 0) {
        collect_exact(&into, FAMILY_COMPANY_PART, card->company, VOTES_OWN_PART);
    }
    collect_own_parts(&into, card, VOTES_SHARED_PART);
    return into.count;
}

size_t kbr_keys_of_aliases(kbr_keys_probe *probes, const kbr_keys_plan *plan, const kbr_card *card,
                           const uint64_t *names, size_t count) {
    collector into = {.plan = plan, .probes = probes};
    bool told =
        kbr_card_word(card, KBR_CARD_DEAL) != 0 && (card->deal_flags & KBR_DEAL_PLACEHOLDER) == 0;
    for (size_t i = 0; i < count; i++) {
        collect_exact(&into, FAMILY_COMPANY, names[i], VOTES_EXACT);
        if (told) {
            collect(&into, both_key(plan, names[i], kbr_card_word(card, KBR_CARD_DEAL)),
                    VOTES_BOTH);
        }
    }
    return into.count;
}
