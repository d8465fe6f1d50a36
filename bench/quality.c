/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kaburi-bench quality: how well a labelled set is answered. A set is a folder with records.tsv and
 * queries.tsv (or .tsv.gz) and truth.tsv, whose columns are id (of the query), records (ids,
 * commas between, "-" for none), class (what the query is to those records: duplicate, renewal,
 * parallel, group, new; same for companies alone) and note (the kind of variation).
 */
#include "corpus.h"
#include "output.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOP 10

/* One class and kind of variation, or a whole class. */
typedef struct tally {
    kaburi_text class;
    kaburi_text kind; /* data NULL: all kinds of the class */
    size_t count, first, found, candidate, alerted, hit, blocked, told;
} tally;

typedef struct report {
    tally *tally;
    size_t count;
    size_t capacity;
} report;

typedef struct set {
    bench_corpus corpus;
    bench_records queries;
    bench_rows truth;
    int id, records, class, note;
    size_t skipped; /* rows of the truth passed over */
    const char *encoding;
} set;

/* ---- the set ---- */

/* The folder's file of this name, plain or gzip. */
static void path_of(char *path, size_t size, const char *folder, const char *name) {
    (void)snprintf(path, size, "%s/%s.tsv", folder, name);
    if (access(path, F_OK) != 0) {
        (void)snprintf(path, size, "%s/%s.tsv.gz", folder, name);
        if (access(path, F_OK) != 0) {
            (void)snprintf(path, size, "%s/%s.tsv", folder, name);
        }
    }
}

static int open_set(set *at, char paths[3][4096], const char *folder, const bench_input *input) {
    path_of(paths[0], sizeof paths[0], folder, "records");
    path_of(paths[1], sizeof paths[1], folder, "queries");
    path_of(paths[2], sizeof paths[2], folder, "truth");
    int code = bench_records_open(&at->corpus.records, paths[0], input);
    if (code == BENCH_OK) {
        code = bench_records_open(&at->queries, paths[1], input);
    }
    if (code == BENCH_OK) {
        at->encoding = input->encoding;
        code = bench_rows_open(&at->truth, paths[2], at->encoding);
    }
    if (code != BENCH_OK) {
        return code;
    }
    at->id = bench_rows_column(&at->truth, "id");
    at->records = bench_rows_column(&at->truth, "records");
    at->class = bench_rows_column(&at->truth, "class");
    at->note = bench_rows_column(&at->truth, "note");
    if (at->id < 0 || at->records < 0 || at->class < 0 || at->note < 0) {
        return bench_fail(BENCH_DATA, "%s:1: columns id, records, class and note are needed",
                          paths[2]);
    }
    return BENCH_OK;
}

/* Whether a record is among the ids of a cell. */
static bool is_wanted(const set *at, kaburi_text cell, uint64_t record) {
    kaburi_text id = at->corpus.records.id[record];
    for (size_t begin = 0; begin < cell.size;) {
        const char *comma = memchr(cell.data + begin, ',', cell.size - begin);
        size_t end = comma != NULL ? (size_t)(comma - cell.data) : cell.size;
        if (bench_text_equals(id, (kaburi_text){cell.data + begin, end - begin})) {
            return true;
        }
        begin = end + 1;
    }
    return false;
}

/* ---- counting ---- */

static tally *tally_of(report *into, kaburi_text class, kaburi_text kind) {
    for (size_t i = 0; i < into->count; i++) {
        if (bench_text_equals(into->tally[i].class, class) &&
            bench_text_equals(into->tally[i].kind, kind)) {
            return &into->tally[i];
        }
    }
    if (into->count == into->capacity) {
        into->capacity = into->capacity * 2 + 16;
        into->tally = bench_resize(into->tally, into->capacity, sizeof *into->tally);
    }
    into->tally[into->count] = (tally){.class = class, .kind = kind};
    return &into->tally[into->count++];
}

/* What one query's matches amount to, as a tally of one. */
static tally weigh(const set *at, kaburi_text class, kaburi_text wanted) {
    const kaburi_match *match = kaburi_matches_data(at->corpus.matches);
    size_t count = kaburi_matches_count(at->corpus.matches);
    tally seen = {.count = 1};
    for (size_t i = 0; i < count; i++) {
        bool right = is_wanted(at, wanted, match[i].id);
        if (right && i < TOP && seen.found == 0) {
            const char *verdict = kaburi_verdict_name(match[i].verdict);
            seen.found = 1;
            seen.first = i == 0;
            seen.told =
                bench_text_is(class, verdict) ||
                (bench_text_is(class, "same") && match[i].verdict == KABURI_VERDICT_DUPLICATE);
        }
        seen.candidate |= right;
        if (i < TOP && match[i].verdict == KABURI_VERDICT_DUPLICATE &&
            match[i].decision != KABURI_DECISION_ALLOW) {
            seen.alerted = 1;
            seen.hit |= right;
        }
        seen.blocked |= i < TOP && match[i].decision == KABURI_DECISION_BLOCK;
    }
    return seen;
}

static void add(tally *into, const tally *seen) {
    into->count += seen->count;
    into->first += seen->first;
    into->found += seen->found;
    into->candidate += seen->candidate;
    into->alerted += seen->alerted;
    into->hit += seen->hit;
    into->blocked += seen->blocked;
    into->told += seen->told;
}

/* Searches for the query of the current row of the truth. */
static int judge_row(set *at, report *into, uint32_t scored_max, bench_timing *timing) {
    const kaburi_text *cell = at->truth.cells;
    size_t query = bench_records_find(&at->queries, cell[at->id]);
    kaburi_search_options options;
    kaburi_error error;
    if (query == SIZE_MAX && at->queries.skip_bad_rows) {
        at->skipped++; /* its query may be one of the rows passed over */
        return BENCH_OK;
    }
    if (query == SIZE_MAX) {
        return bench_fail(BENCH_DATA, "%s:%zu: no query has the id \"%.*s\"", at->truth.path,
                          at->truth.line, bench_text_shown(cell[at->id]), cell[at->id].data);
    }
    kaburi_search_options_init(&options);
    kaburi_status status =
        bench_corpus_search(&at->corpus, &at->queries.record[query], &options, timing, &error);
    if (status == KABURI_OK) {
        /* Once more, for all that was scored: a match below the tenth was a candidate none the
         * less.
         */
        options.top = scored_max < 1000 ? scored_max : 1000;
        status = kaburi_search(at->corpus.index, &at->queries.record[query], &options,
                               at->corpus.matches, &error);
    }
    if (status != KABURI_OK) {
        return bench_records_refuse(&at->queries, query, &error);
    }
    kaburi_text all = {NULL, 0};
    tally seen = weigh(at, cell[at->class], cell[at->records]);
    add(tally_of(into, cell[at->class], all), &seen);
    if (bench_text_is(cell[at->class], "same")) {
        add(tally_of(into, cell[at->class], cell[at->note]), &seen);
    }
    return BENCH_OK;
}

static int judge_all(set *at, report *into, uint32_t scored_max, bench_timing *timing) {
    int code = BENCH_OK;
    int got;
    bench_progress progress;
    bench_progress_begin(&progress, "searching", at->queries.count);
    while (code == BENCH_OK && (got = bench_rows_next(&at->truth)) != 0) {
        bench_progress_step(&progress, timing->count);
        if (got > 0) {
            code = judge_row(at, into, scored_max, timing);
        } else if (at->queries.skip_bad_rows) {
            at->skipped++;
        } else {
            code = bench_fail(BENCH_DATA, "%s:%zu: %s", at->truth.path, at->truth.line,
                              at->truth.problem);
        }
    }
    bench_progress_end(&progress);
    return code;
}

/* ---- writing ---- */

static int by_name(const void *a, const void *b) {
    const tally *x = a;
    const tally *y = b;
    const kaburi_text *pairs[2][2] = {{&x->class, &y->class}, {&x->kind, &y->kind}};
    for (size_t i = 0; i < 2; i++) {
        size_t size = pairs[i][0]->size < pairs[i][1]->size ? pairs[i][0]->size : pairs[i][1]->size;
        int order = size == 0 ? 0 : memcmp(pairs[i][0]->data, pairs[i][1]->data, size);
        if (order == 0) {
            order = (pairs[i][0]->size > size) - (pairs[i][1]->size > size);
        }
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

static void write_kinds(FILE *out, report *from) {
    if (from->count > 0) {
        qsort(from->tally, from->count, sizeof *from->tally, by_name);
    }
    (void)fprintf(out, "%-10s %-30s %6s %9s %9s %9s %8s %9s %8s %8s\n", "class", "kind", "n",
                  "recall@1", "recall@10", "candidate", "alerted", "alert hit", "blocked",
                  "verdict");
    for (size_t i = 0; i < from->count; i++) {
        const tally *t = &from->tally[i];
        double n = (double)t->count;
        (void)fprintf(out, "%-10.*s %-30.*s %6zu %9.4f %9.4f %9.4f %8.4f %9.4f %8.4f %8.4f\n",
                      (int)t->class.size, t->class.data,
                      t->kind.data == NULL ? 3 : (int)t->kind.size,
                      t->kind.data == NULL ? "any" : t->kind.data, t->count, (double)t->first / n,
                      (double)t->found / n, (double)t->candidate / n, (double)t->alerted / n,
                      (double)t->hit / n, (double)t->blocked / n, (double)t->told / n);
    }
}

/* Precision and recall of duplicate alerts, where the set has deals that are none. */
static void write_alerts(FILE *out, const report *from) {
    size_t duplicates = 0;
    size_t hits = 0;
    size_t false_alarms = 0;
    for (size_t i = 0; i < from->count; i++) {
        const tally *t = &from->tally[i];
        if (bench_text_is(t->class, "duplicate")) {
            duplicates += t->count;
            hits += t->hit;
            false_alarms += t->alerted - t->hit;
        } else if (bench_text_is(t->class, "new") || bench_text_is(t->class, "renewal") ||
                   bench_text_is(t->class, "parallel") || bench_text_is(t->class, "group")) {
            false_alarms += t->alerted;
        }
    }
    if (duplicates > 0) {
        double precision = hits == 0 ? 0 : (double)hits / (double)(hits + false_alarms);
        double recall = (double)hits / (double)duplicates;
        double sum = precision + recall;
        (void)fprintf(out, "duplicate alerts: precision %.4f recall %.4f F1 %.4f\n", precision,
                      recall, sum == 0 ? 0 : 2 * precision * recall / sum);
    }
}

typedef struct sketch {
    const char *name;
    double candidate_recall, build_rate, bytes;
    bench_timing timing;
} sketch;

static void write_sketches(FILE *out, sketch *sketches, size_t count) {
    (void)fprintf(out, "%-10s %17s %17s %14s %13s %9s %9s %12s\n", "sketch", "candidate recall",
                  "candidates/query", "postings/query", "bytes/record", "p50 us", "p99 us",
                  "records/s");
    for (size_t i = 0; i < count; i++) {
        bench_timing *timing = &sketches[i].timing;
        double n = timing->count == 0 ? 1 : (double)timing->count;
        bench_timing_sort(timing);
        (void)fprintf(out, "%-10s %17.4f %17.1f %14.1f %13.1f %9.1f %9.1f %12.0f\n",
                      sketches[i].name, sketches[i].candidate_recall,
                      (double)timing->sum.candidates / n, (double)timing->sum.postings / n,
                      sketches[i].bytes, bench_timing_at(timing, 0.5),
                      bench_timing_at(timing, 0.99), sketches[i].build_rate);
    }
}

/* ---- the verb ---- */

static void sum_up(sketch *out, const set *at, const report *from) {
    size_t wanted = 0;
    size_t found = 0;
    for (size_t i = 0; i < from->count; i++) {
        const tally *t = &from->tally[i];
        if (t->kind.data == NULL && !bench_text_is(t->class, "new") &&
            !bench_text_is(t->class, "near")) {
            wanted += t->count;
            found += t->candidate;
        }
    }
    out->candidate_recall = wanted == 0 ? 0 : (double)found / (double)wanted;
    out->build_rate = (double)at->corpus.records.count / at->corpus.build_seconds;
    out->bytes = bench_corpus_bytes(&at->corpus);
}

static int measure(set *at, sketch *out, const kaburi_index_options *index, FILE *kinds) {
    report counted = {0};
    int code = bench_corpus_build(&at->corpus, index);
    if (code != BENCH_OK) {
        return code;
    }
    code = judge_all(at, &counted, index->scored_max, &out->timing);
    if (code == BENCH_OK) {
        sum_up(out, at, &counted);
    }
    if (code == BENCH_OK && kinds != NULL) {
        write_kinds(kinds, &counted);
        write_alerts(kinds, &counted);
        (void)fputc('\n', kinds);
    }
    bench_corpus_clear(&at->corpus);
    free(counted.tally);
    return code;
}

/* Both sketches are measured; the kinds are shown for the one asked for. */
static int measure_both(set *at, kaburi_index_options index, FILE *out) {
    sketch sketches[2] = {{.name = "rarity"}, {.name = "minhash"}};
    int32_t shown = index.sketch;
    size_t skipped[] = {at->corpus.records.skipped, at->queries.skipped};
    int code = BENCH_OK;
    for (int32_t i = 0; i < 2 && code == BENCH_OK; i++) {
        at->corpus.records.skipped = skipped[0]; /* each run passes over the same rows */
        at->queries.skipped = skipped[1];
        at->skipped = 0;
        if (i > 0) { /* cells are unquoted where they stand: a file is read once */
            const char *path = at->truth.path;
            bench_rows_close(&at->truth);
            code = bench_rows_open(&at->truth, path, at->encoding);
        }
        index.sketch = i == 0 ? KABURI_SKETCH_RARITY : KABURI_SKETCH_MINHASH;
        if (code == BENCH_OK) {
            code = measure(at, &sketches[i], &index, index.sketch == shown ? out : NULL);
        }
    }
    if (code == BENCH_OK) {
        write_sketches(out, sketches, BENCH_COUNT(sketches));
    }
    bench_timing_free(&sketches[0].timing);
    bench_timing_free(&sketches[1].timing);
    return code;
}

int bench_quality(int argc, char **argv) {
    bench_option own[] = {{.name = "--set", .required = true},
                          {.name = "--out"},
                          BENCH_INPUT_OPTIONS,
                          BENCH_JUDGE_OPTIONS,
                          BENCH_INDEX_OPTIONS};
    const bench_options options = {own, BENCH_COUNT(own)};
    static char paths[3][4096];
    set at = {0};
    bench_input input;
    kaburi_index_options index;
    bench_judge judge = {0};
    int code = bench_options_read(&options, argc, argv);
    bench_input_of(&input, &options);
    if (code != BENCH_OK || (code = bench_index_options_of(&index, &options)) != BENCH_OK ||
        (code = bench_judge_of(&judge, &options)) != BENCH_OK) {
        return code;
    }
    bench_judge_index(&judge, &index);
    code = open_set(&at, paths, own[0].value, &input);
    if (code == BENCH_OK) {
        bench_output output;
        code = bench_output_open(&output, own[1].value);
        if (code == BENCH_OK) {
            code = bench_output_close(&output, measure_both(&at, index, output.file));
        }
        bench_records_tell_skipped(&at.corpus.records);
        bench_records_tell_skipped(&at.queries);
        bench_rows_tell_skipped(&at.truth, at.skipped);
    }
    bench_rows_close(&at.truth);
    bench_records_close(&at.queries);
    bench_records_close(&at.corpus.records);
    bench_judge_free(&judge);
    return code;
}
