/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The oracle. Records are read one after the other and compared with every query, so that none has
 * to be kept.
 */
#include "oracle.h"

#include "index.h"

#include <stdlib.h>
#include <string.h>

static void keep(bench_oracle *oracle, size_t query, const kaburi_match *match) {
    kaburi_match *best = oracle->match + query * BENCH_ORACLE_TOP;
    size_t count = oracle->count[query];
    if (count == BENCH_ORACLE_TOP) {
        if (!kbr_model_precedes(match, &best[count - 1])) {
            return;
        }
        count--;
    }
    size_t place = count;
    for (; place > 0 && kbr_model_precedes(match, &best[place - 1]); place--) {
        best[place] = best[place - 1];
    }
    best[place] = *match;
    oracle->count[query] = count + 1;
}

/* Queries as prepared sides; each owns its card, for a reader has one at a time. */
typedef struct side {
    kbr_reader reader;
    kbr_subject subject;
} side;

static bool open_sides(side *sides, const kaburi_record *queries, size_t count) {
    bool done = true;
    for (size_t i = 0; i < count; i++) {
        kbr_reader_init(&sides[i].reader, &kbr_allocator_default);
        done = done && kbr_reader_read(&sides[i].reader, &queries[i], NULL) == KABURI_OK;
        if (done) {
            kbr_subject_prepare(&sides[i].subject, sides[i].reader.card, NULL);
        }
    }
    return done;
}

static void compare_with_all(bench_oracle *oracle, const side *sides, const kbr_card *card) {
    for (size_t i = 0; i < oracle->query_count; i++) {
        kbr_evidence evidence;
        kaburi_match match;
        kbr_compare_customer(&evidence, &sides[i].subject, card);
        if (oracle->count[i] == BENCH_ORACLE_TOP &&
            kbr_model_limit(&kbr_model_builtin, kbr_model_customer(&kbr_model_builtin, &evidence)) <
                oracle->match[(i + 1) * BENCH_ORACLE_TOP - 1].probability) {
            continue;
        }
        kbr_compare_rest(&evidence, &sides[i].subject, card);
        kbr_model_judge(&match, &kbr_model_builtin, &kbr_policy_builtin, &evidence, card);
        keep(oracle, i, &match);
    }
}

int bench_oracle_ask(bench_oracle *oracle, const bench_records *records,
                     const kaburi_record *queries, size_t query_count) {
    side *sides = bench_resize(NULL, query_count, sizeof *sides);
    kbr_reader reader;
    *oracle = (bench_oracle){
        .match = bench_resize(NULL, query_count * BENCH_ORACLE_TOP, sizeof *oracle->match),
        .count = bench_resize(NULL, query_count, sizeof *oracle->count),
        .query_count = query_count};
    memset(oracle->count, 0, query_count * sizeof *oracle->count);
    memset(sides, 0, query_count * sizeof *sides);
    kbr_reader_init(&reader, &kbr_allocator_default);
    bool done = open_sides(sides, queries, query_count);
    for (size_t i = 0; done && i < records->count; i++) {
        done = kbr_reader_read(&reader, &records->record[i], NULL) == KABURI_OK;
        if (done) {
            compare_with_all(oracle, sides, reader.card);
        }
    }
    for (size_t i = 0; i < query_count; i++) {
        kbr_reader_free(&sides[i].reader);
    }
    kbr_reader_free(&reader);
    free(sides);
    return done ? BENCH_OK
                : bench_fail(BENCH_DATA, "%s: a record of it cannot be read", records->rows.path);
}

void bench_oracle_free(bench_oracle *oracle) {
    free(oracle->match);
    free(oracle->count);
    memset(oracle, 0, sizeof *oracle);
}

static bool is_among(const kaburi_matches *matches, size_t first, uint64_t id) {
    const kaburi_match *match = kaburi_matches_data(matches);
    for (size_t i = 0; i < first && i < kaburi_matches_count(matches); i++) {
        if (match[i].id == id) {
            return true;
        }
    }
    return false;
}

int bench_oracle_compare(bench_recall *recall, const bench_oracle *oracle,
                         const kaburi_index *index, const kaburi_record *queries,
                         kaburi_matches *matches) {
    size_t wanted[2] = {0, 0};
    size_t found[4] = {0, 0, 0, 0};
    kaburi_search_options options;
    kaburi_error error;
    kaburi_search_options_init(&options);
    for (size_t query = 0; query < oracle->query_count; query++) {
        const kaburi_match *best = oracle->match + query * BENCH_ORACLE_TOP;
        for (int pass = 0; pass < 2; pass++) {
            /* Then once more, for all that was compared. */
            options.top = pass == 0 ? BENCH_ORACLE_TOP : 96;
            if (kaburi_search(index, &queries[query], &options, matches, &error) != KABURI_OK) {
                return bench_refuse(&error);
            }
            for (size_t i = 0; i < oracle->count[query]; i++) {
                bool likely = best[i].probability >= 0.5;
                bool hit = is_among(matches, options.top, best[i].id);
                wanted[0] += pass == 0;
                wanted[1] += pass == 0 && likely;
                found[0] += pass == 0 && hit;
                found[1] += pass == 0 && hit && likely;
                found[2] += pass == 1 && hit;
                found[3] += pass == 0 && i == 0 && is_among(matches, 1, best[i].id);
            }
        }
    }
    double queried = oracle->query_count == 0 ? 1 : (double)oracle->query_count;
    double all = wanted[0] == 0 ? 1 : (double)wanted[0];
    *recall = (bench_recall){(double)found[0] / all,
                             wanted[1] == 0 ? 1 : (double)found[1] / (double)wanted[1],
                             (double)found[2] / all, (double)found[3] / queried};
    return BENCH_OK;
}
