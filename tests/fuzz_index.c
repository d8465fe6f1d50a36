/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: a line of the input is something done to an index, and to a plain list of records
 * that is compared with exhaustively: `+` add or replace, `-` remove, `?` search, `!` add while
 * memory runs out; then the id, then company and deal with a tab between. The first byte chooses
 * the kind of index.
 */
#include "fuzz.h"
#include "index.h"
#include "starved.h"

#include <string.h>

#define IDS 16
#define TEXT_MAX 512

typedef struct entry {
    bool present;
    kaburi_record record;
    char company[3 * TEXT_MAX];
    char deal[3 * TEXT_MAX];
    uint64_t keys[KBR_KEYS_RECORD_MAX];
    size_t key_count; /* of those a search looks under as well */
    size_t postings;  /* all its keys */
} entry;

typedef struct world {
    starved memory;
    kaburi_index_options options;
    kaburi_index *index;
    kaburi_matches *matches;
    entry entries[IDS];
    entry given; /* of the line at hand */
} world;

static void read_options(kaburi_index_options *options, uint8_t kind) {
    kaburi_index_options_init(options);
    options->sketch = kind & 1;
    options->flags = kind >> 1 & 1;
    options->rows = 1 + (kind >> 2 & 3);
    options->deletion_max = kind >> 4;
    options->record_rarest = 2 + (kind >> 5) % 7U;
    options->query_rarest = 2 * options->record_rarest;
    options->bands = 1 + kind % 64;
    options->seed = kind;
    options->aliases = (kind & 8) != 0 ? kaburi_aliases_default() : NULL;
}

/* Texts are copied into the entry, so that it can outlive the line. */
static void read_entry(entry *out, const world *with, uint64_t id, const uint8_t *data,
                       size_t size) {
    size_t tab = fuzz_until(data, size, '\t');
    size_t company = tab < TEXT_MAX ? tab : TEXT_MAX;
    size_t deal = tab < size ? size - tab - 1 : 0;
    deal = deal < TEXT_MAX ? deal : TEXT_MAX;
    kaburi_record_init(&out->record);
    out->record.id = id;
    out->record.company = fuzz_text(out->company, data, company);
    out->record.deal = fuzz_text(out->deal, data + (tab < size ? tab + 1 : size), deal);
    size_t postings = 0;
    kaburi_status status =
        kaburi_keys(&out->record, &with->options, out->keys, KBR_KEYS_RECORD_MAX, &postings, NULL);
    out->postings = postings;
    /* By sound a search looks for less than records are filed under, see kaburi_keys. */
    kaburi_index_options options = with->options;
    options.flags |= KABURI_INDEX_NO_SOUND | KABURI_INDEX_NO_TERM;
    EXPECT(kaburi_keys(&out->record, &options, out->keys, KBR_KEYS_RECORD_MAX, &out->key_count,
                       NULL) == status);
    EXPECT(status == KABURI_OK || status == KABURI_ERROR_ARGUMENT);
    out->present = status == KABURI_OK;
}

static void keep(entry *out, const entry *given) {
    *out = *given;
    out->record.company.data = out->company;
    out->record.deal.data = out->deal;
}

static void expect_same_count(const world *with) {
    size_t count = 0;
    uint64_t postings = 0;
    for (uint64_t id = 0; id < IDS; id++) {
        const entry *known = &with->entries[id];
        EXPECT(kaburi_index_contains(with->index, id) == known->present);
        count += known->present;
        postings += known->present ? known->postings : 0;
    }
    kaburi_index_stats stats;
    kaburi_index_measure(with->index, &stats);
    EXPECT(kaburi_index_count(with->index) == count);
    EXPECT(stats.records == count && stats.postings == postings);
}

/* There is memory for `granted` allocations. */
static void add(world *with, size_t granted) {
    bool short_of_memory = granted != SIZE_MAX;
    with->memory.left = granted;
    kaburi_status status = kaburi_index_add(with->index, &with->given.record, NULL);
    with->memory.left = SIZE_MAX;
    if (status == KABURI_OK) {
        EXPECT(with->given.present);
        keep(&with->entries[with->given.record.id], &with->given);
    } else if (with->given.present) {
        EXPECT(status == KABURI_ERROR_MEMORY && short_of_memory);
    } else {
        EXPECT(status == KABURI_ERROR_ARGUMENT || short_of_memory);
    }
    expect_same_count(with);
}

static void remove_given(world *with) {
    entry *known = &with->entries[with->given.record.id];
    kaburi_status status = kaburi_index_remove(with->index, known->record.id, NULL);
    EXPECT(status == (known->present ? KABURI_OK : KABURI_ERROR_NOT_FOUND));
    known->present = false;
    expect_same_count(with);
}

static bool share_a_key(const entry *a, const entry *b) {
    for (size_t i = 0, j = 0; i < a->key_count && j < b->key_count;) {
        if (a->keys[i] == b->keys[j]) {
            return true;
        }
        (a->keys[i] < b->keys[j]) ? i++ : j++;
    }
    return false;
}

static bool is_same_name(kaburi_text a, kaburi_text b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static kaburi_match judged(const world *with, const kaburi_record *a, const kaburi_record *b) {
    kaburi_compare_options options;
    kaburi_match match;
    kaburi_compare_options_init(&options);
    options.aliases = with->options.aliases;
    EXPECT(kaburi_compare(a, b, &options, &match, NULL) == KABURI_OK);
    return match;
}

/* Of at most 16 records nothing is cut: whoever shares a key, or has a name that a table ties to
 * the query's, is found, and what is found is judged as kaburi_compare judges the two alone. */
static void search(world *with) {
    const entry *query = &with->given;
    kaburi_search_options options;
    kaburi_search_options_init(&options);
    options.top = IDS;
    kaburi_status status =
        kaburi_search(with->index, &query->record, &options, with->matches, NULL);
    EXPECT(status == (query->present ? KABURI_OK : KABURI_ERROR_ARGUMENT));
    size_t count = kaburi_matches_count(with->matches);
    const kaburi_match *match = kaburi_matches_data(with->matches);
    bool found[IDS] = {false};
    for (size_t i = 0; i < count; i++) {
        EXPECT(match[i].id < IDS && with->entries[match[i].id].present && !found[match[i].id]);
        EXPECT(i == 0 || match[i - 1].probability > match[i].probability ||
               (match[i - 1].probability == match[i].probability && match[i - 1].id < match[i].id));
        kaburi_match alone = judged(with, &query->record, &with->entries[match[i].id].record);
        EXPECT(memcmp(&alone, &match[i], sizeof alone) == 0);
        found[match[i].id] = true;
    }
    for (size_t id = 0; query->present && id < IDS; id++) {
        const entry *known = &with->entries[id];
        if (known->present) {
            bool same = is_same_name(known->record.company, query->record.company) &&
                        is_same_name(known->record.deal, query->record.deal);
            EXPECT(!same || known->key_count == 0 || found[id]);
            EXPECT(!share_a_key(known, query) || found[id]);
            EXPECT(found[id] || (judged(with, &query->record, &known->record).evidence &
                                 KABURI_EVIDENCE_COMPANY_ALIAS) == 0);
        }
    }
}

static void run_line(world *with, const uint8_t *line, size_t size) {
    if (size < 2) {
        return;
    }
    read_entry(&with->given, with, line[1] % IDS, line + 2, size - 2);
    switch (line[0]) {
    case '-':
        remove_given(with);
        break;
    case '?':
        search(with);
        break;
    case '!':
        add(with, size % 32);
        break;
    default:
        add(with, SIZE_MAX);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static world with;
    if (size < 1 || size > FUZZ_SIZE_MAX) {
        return 0;
    }
    with.memory = (starved){SIZE_MAX, 0};
    read_options(&with.options, data[0]);
    with.options.allocator = starved_allocator(&with.memory);
    for (uint64_t id = 0; id < IDS; id++) {
        with.entries[id].present = false;
        with.entries[id].record.id = id;
    }
    EXPECT(kaburi_index_create(&with.index, &with.options, NULL) == KABURI_OK);
    EXPECT(kaburi_matches_create(&with.matches, &with.options.allocator, NULL) == KABURI_OK);
    for (size_t at = 1; at < size;) {
        size_t len = fuzz_until(data + at, size - at, '\n');
        run_line(&with, data + at, len);
        at += len + 1;
    }
    EXPECT(kbr_index_check(with.index) == NULL);
    kaburi_matches_free(with.matches);
    kaburi_index_free(with.index);
    EXPECT(with.memory.blocks == 0);
    return 0;
}
