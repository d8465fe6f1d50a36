/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deduplication. An index of the first of all twins is made; threads take rows by turns and search
 * each among the others; what they found is put in order, so that neither the number of threads nor
 * their pace shows; then twins are spread and clusters made. A pair is found from both of its
 * sides, which look under different keys: one of them is enough.
 */
#include "dedupe.h"

#include "batch.h"
#include "cards.h"
#include "clusters.h"
#include "index.h"
#include "pairs.h"

#include <pthread.h>
#include <stdatomic.h>

#define ROWS_AT_ONCE 64

struct kaburi_duplicates {
    kaburi_allocator allocator;
    kbr_pairs pairs;
    uint32_t *clusters; /* of each row: its number from 1, 0 = alone */
    size_t row_count;
    kaburi_dedupe_stats stats;
};

void kaburi_duplicates_free(kaburi_duplicates *duplicates) {
    if (duplicates != NULL) {
        kaburi_allocator allocator = duplicates->allocator;
        kbr_pairs_free(&duplicates->pairs);
        kbr_release(&allocator, duplicates->clusters);
        kbr_release(&allocator, duplicates);
    }
}

const kaburi_pair *kaburi_duplicates_pairs(const kaburi_duplicates *duplicates, size_t *count) {
    if (count != NULL) {
        *count = duplicates == NULL ? 0 : duplicates->pairs.count;
    }
    return duplicates == NULL ? NULL : duplicates->pairs.data;
}

const uint32_t *kaburi_duplicates_clusters(const kaburi_duplicates *duplicates, size_t *count) {
    if (count != NULL) {
        *count = duplicates == NULL ? 0 : duplicates->row_count;
    }
    return duplicates == NULL ? NULL : duplicates->clusters;
}

void kaburi_duplicates_stats(const kaburi_duplicates *duplicates, kaburi_dedupe_stats *out) {
    if (duplicates != NULL && out != NULL) {
        *out = duplicates->stats;
    }
}

/* ---- one run ---- */

typedef struct run {
    const kaburi_allocator *allocator;
    const kaburi_batch *batch;
    const kaburi_dedupe_options *options;
    const kaburi_model *model;
    const kaburi_policy *policy;
    const kaburi_aliases *aliases;
    kaburi_index *index; /* of first rows, each row its own id */
    kbr_twins twins;
    bool *crowded; /* of each row: may have more partners than are listed */
    kaburi_search_options search;
    _Atomic size_t next; /* row to be searched */
    /* For comparing rows of clusters: read when first asked for, kept until the end. */
    kbr_reader reader;
    kbr_cards memory;
    kbr_card **cards;
    kbr_subject *subject; /* prepared of row `prepared` */
    uint32_t prepared;
    uint32_t reserved;
} run;

static bool is_duplicate(const run *at, int32_t verdict, int32_t decision) {
    return verdict == KABURI_VERDICT_DUPLICATE && decision >= at->options->decision_min;
}

static bool is_wanted(const run *at, const kaburi_match *match) {
    return is_duplicate(at, match->verdict, match->decision) ||
           (match->verdict != KABURI_VERDICT_DUPLICATE &&
            (at->options->verdicts >> match->verdict & 1) != 0);
}

/* What is below can be no pair that is wanted, and need not be compared in full. */
static double probability_min(const run *at) {
    double lowest = 1;
    if (at->options->verdicts != 0 || at->options->decision_min == KABURI_DECISION_ALLOW) {
        return 0;
    }
    for (int stage = 0; stage < KBR_STAGES; stage++) {
        for (int kind = 0; kind < KBR_KINDS; kind++) {
            const kbr_thresholds *of = &at->policy->at[KABURI_VERDICT_DUPLICATE][stage][kind];
            double from =
                at->options->decision_min == KABURI_DECISION_ALERT ? of->alert : of->block;
            lowest = from < lowest ? from : lowest;
        }
    }
    return lowest;
}

/* The rows that are indexed: the first of all twins. */
typedef struct firsts {
    const kaburi_batch *batch;
    size_t *rows;
    size_t count;
} firsts;

static kaburi_status record_of_first(kaburi_record *out, const void *context, size_t place,
                                     kaburi_error *error) {
    const firsts *from = context;
    kaburi_status status = kbr_batch_record(out, from->batch, from->rows[place], error);
    out->id = from->rows[place];
    return status;
}

static kaburi_status fill(run *at, kaburi_error *error) {
    firsts from = {.batch = at->batch};
    size_t added = 0;
    from.rows = kbr_allocate(at->allocator, at->batch->count + 1, sizeof *from.rows);
    if (from.rows == NULL) {
        return kbr_fail_memory(error);
    }
    for (size_t row = 0; row < at->batch->count; row++) {
        if (at->twins.count[row] != 0) {
            from.rows[from.count++] = row;
        }
    }
    const kbr_index_rows rows = {&from, record_of_first, from.count};
    kaburi_status status = kbr_index_add_many(at->index, &rows, &added, error);
    if (status != KABURI_OK) {
        kbr_batch_name_row(from.rows[added], error);
    }
    kbr_release(at->allocator, from.rows);
    return status;
}

static kaburi_status build(run *at, const kaburi_index_options *options, kaburi_error *error) {
    kbr_keys_plan plan;
    kaburi_status status = kbr_keys_plan_init(&plan, options, error);
    if (status == KABURI_OK) {
        kbr_keys_set_reader(&at->reader, &plan);
        status = kbr_index_create(&at->index, options, &plan, error);
    }
    return status == KABURI_OK ? fill(at, error) : status;
}

/* ---- searching, in threads ---- */

typedef struct worker {
    run *run;
    kaburi_matches *matches;
    kbr_pairs found;
    kaburi_dedupe_stats stats;
    bool failed; /* no memory: all else was refused when the index was built */
    bool started;
    pthread_t thread;
} worker;

static bool search_row(worker *by, size_t row) {
    run *at = by->run;
    kaburi_record record;
    if (kbr_batch_record(&record, at->batch, row, NULL) != KABURI_OK) {
        return false;
    }
    record.id = row;
    if (kbr_index_search(at->index, &record, &at->search, by->matches, NULL) != KABURI_OK) {
        return false;
    }
    const kaburi_matches *matches = by->matches;
    by->stats.capped_keys += matches->stats.truncated;
    by->stats.capped_records += matches->stats.truncated > 0;
    at->crowded[row] = matches->count == at->search.top;
    for (size_t i = 0; i < matches->count; i++) {
        const kaburi_match *match = &matches->match[i];
        if (is_wanted(at, match) && !kbr_pairs_add(&by->found, row, match->id, match)) {
            return false;
        }
    }
    return true;
}

static void search_rows(worker *by, bool tells) {
    run *at = by->run;
    const kaburi_dedupe_options *options = at->options;
    for (;;) {
        size_t row = atomic_fetch_add(&at->next, ROWS_AT_ONCE);
        if (row >= at->batch->count || by->failed) {
            break;
        }
        size_t end = row + ROWS_AT_ONCE < at->batch->count ? row + ROWS_AT_ONCE : at->batch->count;
        for (; row < end && !by->failed; row++) {
            by->failed = at->twins.count[row] != 0 && !search_row(by, row);
        }
        if (tells && options->progress != NULL) {
            options->progress(options->context, end, at->batch->count);
        }
    }
}

static void *run_worker(void *argument) {
    search_rows(argument, false);
    return NULL;
}

static bool prepare_workers(run *at, worker *workers, size_t count) {
    for (size_t i = 0; i < count; i++) {
        workers[i].run = at;
        workers[i].found.allocator = at->allocator;
        if (kaburi_matches_create(&workers[i].matches, at->allocator, NULL) != KABURI_OK) {
            return false;
        }
    }
    return true;
}

/* The first worker is the caller's thread; without a thread for the others it does all. */
static void let_work(worker *workers, size_t count) {
    for (size_t i = 1; i < count; i++) {
        workers[i].started = pthread_create(&workers[i].thread, NULL, run_worker, &workers[i]) == 0;
    }
    search_rows(&workers[0], true);
    for (size_t i = 1; i < count; i++) {
        if (workers[i].started) {
            (void)pthread_join(workers[i].thread, NULL);
        }
    }
}

static bool collect(worker *workers, size_t count, kbr_pairs *found, kaburi_dedupe_stats *stats) {
    bool done = true;
    for (size_t i = 0; i < count; i++) {
        done = done && !workers[i].failed && kbr_pairs_append(found, &workers[i].found);
        stats->capped_keys += workers[i].stats.capped_keys;
        stats->capped_records += workers[i].stats.capped_records;
    }
    kbr_pairs_settle(found);
    return done;
}

static bool search_all(run *at, kbr_pairs *found, kaburi_dedupe_stats *stats) {
    size_t count = at->options->threads;
    worker *workers = kbr_allocate(at->allocator, count, sizeof *workers);
    if (workers == NULL) {
        return false;
    }
    kaburi_search_options_init(&at->search);
    at->search.flags = KABURI_SEARCH_EXCEPT_SELF;
    at->search.top = at->options->partners_max;
    at->search.probability_min = probability_min(at);
    bool done = prepare_workers(at, workers, count);
    if (done) {
        let_work(workers, count);
        done = collect(workers, count, found, stats);
    }
    for (size_t i = 0; i < count; i++) {
        kaburi_matches_free(workers[i].matches);
        kbr_pairs_free(&workers[i].found);
    }
    kbr_release(at->allocator, workers);
    return done;
}

/* ---- comparing rows ---- */

static const kbr_card *card_of(run *at, uint32_t row) {
    kaburi_record record;
    if (at->cards[row] == NULL && kbr_batch_record(&record, at->batch, row, NULL) == KABURI_OK) {
        record.id = row;
        if (kbr_reader_read(&at->reader, &record, NULL) == KABURI_OK) {
            at->cards[row] = kbr_cards_copy(&at->memory, at->reader.card);
        }
    }
    return at->cards[row];
}

static bool judge(run *at, uint32_t a, uint32_t b, kaburi_match *match) {
    const kbr_card *card_a = card_of(at, a);
    const kbr_card *card_b = card_of(at, b);
    kbr_evidence evidence;
    if (card_a == NULL || card_b == NULL) {
        return false;
    }
    if (at->prepared != a) { /* a cluster's rows are asked about in order */
        kbr_subject_prepare(at->subject, card_a, at->aliases);
        at->prepared = a;
    }
    kbr_compare(&evidence, at->subject, card_b);
    kbr_model_judge(match, at->model, at->policy, &evidence, card_b);
    return true;
}

/* The guard: only what the comparison itself calls a duplicate, however likely. A policy may see a
 * pair of two stages or kinds otherwise from its other side; one side is enough. */
static int are_alike(void *context, uint32_t a, uint32_t b) {
    run *at = context;
    kaburi_match match;
    if (!judge(at, a, b, &match)) {
        return -1;
    }
    bool differ =
        at->cards[a]->stage != at->cards[b]->stage || at->cards[a]->kind != at->cards[b]->kind;
    if (match.verdict != KABURI_VERDICT_DUPLICATE && differ && !judge(at, b, a, &match)) {
        return -1;
    }
    return match.verdict == KABURI_VERDICT_DUPLICATE;
}

/* ---- twins and clusters ---- */

/* Where rows have twins: whether these are duplicates of each other, as pairs of the row with
 * itself; a placeholder is nobody, however often it was entered. */
static bool pair_twins(run *at, kbr_pairs *pairs, bool *found) {
    bool done = true;
    *found = false;
    for (size_t row = 0; done && row < at->batch->count; row++) {
        kaburi_match match;
        if (at->twins.count[row] < 2) {
            continue;
        }
        *found = true;
        done = judge(at, (uint32_t)row, (uint32_t)row, &match) &&
               (!is_wanted(at, &match) || kbr_pairs_add(pairs, row, row, &match));
    }
    kbr_pairs_settle(pairs);
    return done;
}

static bool join_all(run *at, const kbr_pairs *pairs, kbr_clusters *clusters) {
    kbr_pairs ranked = {.allocator = at->allocator};
    bool done = kbr_pairs_append(&ranked, pairs);
    kbr_pairs_rank(&ranked);
    for (size_t i = 0; done && i < ranked.count; i++) {
        const kaburi_pair *pair = &ranked.data[i];
        if (pair->a != pair->b && is_duplicate(at, pair->verdict, pair->decision)) {
            done = kbr_clusters_join(clusters, (uint32_t)pair->a, (uint32_t)pair->b) !=
                   KBR_CLUSTERS_NO_MEMORY;
        }
    }
    kbr_pairs_free(&ranked);
    return done;
}

/* Whether the twins of a first row are in its cluster: where they are duplicates of each other, and
 * what ties them is sure enough, or each of them is tied to another row. */
static bool twins_join(run *at, const kbr_clusters *clusters, uint32_t first, bool *join) {
    kaburi_match match;
    *join = false;
    if (at->twins.count[first] < 2) {
        return true;
    }
    if (!judge(at, first, first, &match)) {
        return false;
    }
    *join =
        is_duplicate(at, match.verdict, match.decision) ||
        (match.verdict == KABURI_VERDICT_DUPLICATE && clusters->size[clusters->root[first]] > 1);
    return true;
}

/* Numbers the clusters of more than one row in the order of their first rows; number_of: of roots,
 * 0 at first. */
static bool number_clusters(run *at, const kbr_clusters *clusters, uint32_t *number_of,
                            kaburi_duplicates *into) {
    for (size_t row = 0; row < at->batch->count; row++) {
        bool join;
        if (at->twins.count[row] == 0) {
            continue;
        }
        uint32_t root = clusters->root[row];
        if (!twins_join(at, clusters, (uint32_t)row, &join)) {
            return false;
        }
        if (clusters->size[root] > 1 || join) {
            if (number_of[root] == 0) {
                number_of[root] = (uint32_t)++into->stats.clusters;
            }
            into->clusters[row] = number_of[root];
            into->stats.clustered_records++;
        }
        for (uint32_t twin = at->twins.next[row]; join && twin != KBR_TWINS_NONE;
             twin = at->twins.next[twin]) {
            into->clusters[twin] = number_of[root];
            into->stats.clustered_records++;
        }
    }
    return true;
}

static bool make_clusters(run *at, const kbr_pairs *pairs, kaburi_duplicates *into) {
    kbr_clusters clusters;
    if (!kbr_clusters_init(&clusters, at->batch->count, at->options->cluster_max, are_alike, at,
                           at->allocator)) {
        return false;
    }
    uint32_t *number_of = kbr_allocate(at->allocator, at->batch->count + 1, sizeof *number_of);
    bool done = number_of != NULL && join_all(at, pairs, &clusters) &&
                number_clusters(at, &clusters, number_of, into);
    kbr_release(at->allocator, number_of);
    kbr_clusters_free(&clusters);
    return done;
}

/* What a search left out of a first row it left out of the row's twins. */
static void count_crowded(const run *at, kaburi_dedupe_stats *stats) {
    for (size_t row = 0; row < at->batch->count; row++) {
        stats->crowded_records += at->crowded[row] || at->crowded[at->twins.first[row]];
    }
}

static void count_pairs(const run *at, kaburi_duplicates *into) {
    for (size_t i = 0; i < into->pairs.count; i++) {
        const kaburi_pair *pair = &into->pairs.data[i];
        if (is_duplicate(at, pair->verdict, pair->decision)) {
            into->stats.duplicates++;
            into->stats.parted_duplicates +=
                into->clusters[pair->a] != into->clusters[pair->b] || into->clusters[pair->a] == 0;
        }
    }
    into->stats.pairs = into->pairs.count;
    into->stats.records = at->batch->count;
}

/* ---- the whole ---- */

static bool open_run(run *at) {
    kbr_reader_init(&at->reader, at->allocator);
    kbr_cards_init(&at->memory, at->allocator);
    at->prepared = UINT32_MAX;
    at->cards = kbr_allocate(at->allocator, at->batch->count + 1, sizeof *at->cards);
    at->subject = kbr_allocate(at->allocator, 1, sizeof *at->subject);
    at->crowded = kbr_allocate(at->allocator, at->batch->count + 1, sizeof *at->crowded);
    return at->cards != NULL && at->subject != NULL && at->crowded != NULL;
}

static void close_run(run *at) {
    for (size_t row = 0; at->cards != NULL && row < at->batch->count; row++) {
        kbr_cards_free(&at->memory, at->cards[row]);
    }
    kbr_cards_close(&at->memory);
    kbr_reader_free(&at->reader);
    kbr_release(at->allocator, at->cards);
    kbr_release(at->allocator, at->subject);
    kbr_release(at->allocator, at->crowded);
    kbr_twins_free(&at->twins);
    kaburi_index_free(at->index);
}

/* Everything behind the index: searches, twins, clusters. */
static bool find_all(run *at, kaburi_duplicates *into) {
    kbr_pairs found = {.allocator = at->allocator};
    bool twins;
    bool done = search_all(at, &found, &into->stats);
    kaburi_index_free(at->index); /* before clusters, which have cards of their own */
    at->index = NULL;
    done = done && make_clusters(at, &found, into) && pair_twins(at, &found, &twins);
    if (done && twins) {
        done = kbr_pairs_spread(&into->pairs, &found, &at->twins, at->options->partners_max,
                                at->crowded);
        kbr_pairs_free(&found);
    } else if (done) {
        into->pairs = found;
    } else {
        kbr_pairs_free(&found);
    }
    return done;
}

kaburi_status kbr_dedupe(kaburi_duplicates **out, const kaburi_batch *batch,
                         const kaburi_dedupe_options *options, const kaburi_index_options *index,
                         kaburi_error *error) {
    kaburi_allocator allocator = kbr_allocator_of(&index->allocator);
    kaburi_duplicates *made = kbr_allocate(&allocator, 1, sizeof *made);
    if (made == NULL) {
        return kbr_fail_memory(error);
    }
    made->allocator = allocator;
    made->pairs.allocator = &made->allocator;
    made->row_count = batch->count;
    made->clusters = kbr_allocate(&allocator, batch->count + 1, sizeof *made->clusters);
    run at = {.allocator = &made->allocator,
              .batch = batch,
              .options = options,
              .model = index->model != NULL ? index->model : &kbr_model_builtin,
              .policy = index->policy != NULL ? index->policy : &kbr_policy_builtin,
              .aliases = index->aliases};
    bool opened = open_run(&at);
    kaburi_status status = opened && made->clusters != NULL ? KABURI_OK : kbr_fail_memory(error);
    if (status == KABURI_OK) {
        status = kbr_twins_find(&at.twins, batch, at.allocator, error);
    }
    if (status == KABURI_OK) {
        status = build(&at, index, error);
    }
    if (status == KABURI_OK && !find_all(&at, made)) {
        status = kbr_fail_memory(error);
    }
    if (status == KABURI_OK) {
        count_crowded(&at, &made->stats);
    }
    close_run(&at);
    if (status != KABURI_OK) {
        kaburi_duplicates_free(made);
        return status;
    }
    count_pairs(&at, made);
    *out = made;
    return KABURI_OK;
}
