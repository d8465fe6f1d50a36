/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kaburi-bench demo: the tour. Indexes the shipped sample (or any file of records), enters new
 * deals as people type them, shows what would be warned of and why, then the figures.
 */
#include "corpus.h"
#include "explain.h"
#include "output.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#define SHOWN 3

/* ---- columns of a terminal ---- */

/* East Asian wide characters take two columns. */
static int width_of(UChar32 c) {
    int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

/* Writes the text cut or padded to `columns`. */
static void write_cell(FILE *out, kaburi_text text, int columns) {
    size_t at = 0;
    int used = 0;
    while (at < text.size) {
        int32_t next = (int32_t)at; /* a text has 16 KiB at the most */
        UChar32 c;
        U8_NEXT_OR_FFFD((const uint8_t *)text.data, next, (int32_t)text.size, c);
        if (used + width_of(c) > columns) {
            break;
        }
        used += width_of(c);
        at = (size_t)next;
    }
    (void)fwrite(text.data, 1, at, out);
    (void)fprintf(out, "%*s", columns - used + 2, "");
}

/* ---- one new deal ---- */

typedef struct tour {
    bench_corpus corpus;
    bench_records queries;
    bench_judge judge;
    int32_t language;
    bench_timing timing;
} tour;

static void write_match(const tour *at, FILE *out, size_t rank, const kaburi_match *match) {
    const kaburi_record *record = &at->corpus.records.record[match->id];
    (void)fprintf(out, "  %zu  %5.1f %%  %-9s  %-5s  ", rank, match->probability * 100,
                  kaburi_verdict_name(match->verdict), kaburi_decision_name(match->decision));
    write_cell(out, at->corpus.records.id[match->id], 8);
    write_cell(out, record->company, 28);
    write_cell(out, record->deal, 48);
    (void)fputc('\n', out);
}

/* The reasons of the best match, each line set in. */
static kaburi_status write_reasons(const tour *at, FILE *out, const kaburi_record *query,
                                   const kaburi_record *found, kaburi_error *error) {
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    if (memory == NULL) {
        *error = (kaburi_error){.status = KABURI_ERROR_MEMORY, .message = "out of memory"};
        return KABURI_ERROR_MEMORY;
    }
    kaburi_status status = bench_explain_write(memory, query, found, &at->judge.options,
                                               at->language, KABURI_FORMAT_TEXT, error);
    (void)fclose(memory);
    char *rest = text;
    char *line = strsep(&rest, "\n"); /* the verdict, which stands in the table */
    while (status == KABURI_OK && line != NULL && (line = strsep(&rest, "\n")) != NULL) {
        if (*line != '\0') {
            (void)fprintf(out, "       %s\n", line);
        }
    }
    free(text);
    return status;
}

/* How many of the matches, from the first, are of the same or a related customer. */
static size_t related(const kaburi_match *match, size_t count) {
    size_t at = 0;
    while (at < count && match[at].verdict != KABURI_VERDICT_UNRELATED) {
        at++;
    }
    return at;
}

static int show(tour *at, size_t place, FILE *out) {
    const kaburi_record *query = &at->queries.record[place];
    kaburi_search_options options;
    kaburi_error error;
    kaburi_search_options_init(&options);
    kaburi_status status = bench_corpus_search(&at->corpus, query, &options, &at->timing, &error);
    if (status == KABURI_OK) {
        const kaburi_match *match = kaburi_matches_data(at->corpus.matches);
        size_t count = related(match, kaburi_matches_count(at->corpus.matches));
        (void)fprintf(out, "%zu. %.*s | %.*s", place + 1, (int)query->company.size,
                      query->company.data, (int)query->deal.size, query->deal.data);
        if (query->department.size > 0) {
            (void)fprintf(out, "   [%.*s]", (int)query->department.size, query->department.data);
        }
        (void)fputs(count == 0 ? "\n  nothing like it is stored: allow\n" : "\n", out);
        for (size_t i = 0; i < count && i < SHOWN; i++) {
            write_match(at, out, i + 1, &match[i]);
            if (i == 0) {
                status =
                    write_reasons(at, out, query, &at->corpus.records.record[match[i].id], &error);
            }
        }
        (void)fputc('\n', out);
    }
    return status == KABURI_OK ? BENCH_OK : bench_records_refuse(&at->queries, place, &error);
}

/* ---- the figures ---- */

/* Every stored record once more as a query: the time of a search is that of this file's names. */
static int time_all(tour *at) {
    kaburi_search_options options;
    kaburi_search_options_init(&options);
    options.flags = KABURI_SEARCH_EXCEPT_SELF;
    bench_progress progress;
    int code = BENCH_OK;
    bench_timing_free(&at->timing);
    bench_progress_begin(&progress, "searching", at->corpus.records.count);
    for (size_t i = 0; i < at->corpus.records.count && code == BENCH_OK; i++) {
        kaburi_error error;
        bench_progress_step(&progress, i);
        if (!kaburi_index_contains(at->corpus.index, i)) {
            continue; /* a bad row passed over */
        }
        if (bench_corpus_search(&at->corpus, &at->corpus.records.record[i], &options, &at->timing,
                                &error) != KABURI_OK) {
            code = bench_records_refuse(&at->corpus.records, i, &error);
        }
    }
    bench_progress_end(&progress);
    bench_timing_sort(&at->timing);
    return code;
}

static int tell_figures(tour *at, FILE *out) {
    int code = time_all(at);
    if (code == BENCH_OK) {
        size_t count = at->corpus.records.count;
        (void)fprintf(out,
                      "%zu records indexed, %.0f a second, %.0f bytes each; search p50 %.0f us, "
                      "p99 %.0f us (each record as a query, one thread)\n%s\n",
                      count, (double)count / at->corpus.build_seconds,
                      bench_corpus_bytes(&at->corpus), bench_timing_at(&at->timing, 0.5),
                      bench_timing_at(&at->timing, 0.99), kaburi_build_info());
    }
    return code;
}

/* ---- the verb ---- */

static int run(tour *at, const kaburi_index_options *index, FILE *out) {
    int code = bench_corpus_build(&at->corpus, index);
    if (code == BENCH_OK) {
        (void)fprintf(out, "%zu opportunities are stored. Somebody now enters:\n\n",
                      at->corpus.records.count);
    }
    for (size_t i = 0; i < at->queries.count && code == BENCH_OK; i++) {
        code = show(at, i, out);
    }
    return code != BENCH_OK ? code : tell_figures(at, out);
}

int bench_demo(int argc, char **argv) {
    bench_option own[] = {{.name = "--records"}, {.name = "--queries"}, {.name = "--lang"},
                          BENCH_INPUT_OPTIONS,   BENCH_JUDGE_OPTIONS,   BENCH_INDEX_OPTIONS};
    const bench_options options = {own, BENCH_COUNT(own)};
    tour at = {0};
    bench_input input;
    kaburi_index_options index;
    int code = bench_options_read(&options, argc, argv);
    bench_input_of(&input, &options);
    if (code != BENCH_OK || (code = bench_language_of(&options, &at.language)) != BENCH_OK ||
        (code = bench_index_options_of(&index, &options)) != BENCH_OK ||
        (code = bench_judge_of(&at.judge, &options)) != BENCH_OK) {
        return code;
    }
    index.model = at.judge.options.model;
    index.aliases = at.judge.options.aliases;
    static char paths[2][BENCH_PATH_SIZE];
    const char *records =
        own[0].value != NULL ? own[0].value : bench_shipped(paths[0], "opportunities.tsv.gz");
    const char *queries =
        own[1].value != NULL ? own[1].value : bench_shipped(paths[1], "new_deals.tsv");
    code = bench_records_open(&at.corpus.records, records, &input);
    if (code == BENCH_OK) {
        code = bench_records_open(&at.queries, queries, &input);
    }
    if (code == BENCH_OK) {
        bench_output output;
        (void)bench_output_open(&output, NULL);
        code = bench_output_close(&output, run(&at, &index, output.file));
        bench_records_tell_skipped(&at.corpus.records);
        bench_records_tell_skipped(&at.queries);
    }
    bench_corpus_clear(&at.corpus);
    bench_records_close(&at.corpus.records);
    bench_records_close(&at.queries);
    bench_timing_free(&at.timing);
    bench_judge_free(&at.judge);
    return code;
}
