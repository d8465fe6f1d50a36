/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kaburi-bench generate: deals that are there already, entered again as departments do, with the
 * class of each beside it, as a set that `quality` measures; or, for measuring speed, many distinct
 * records made of parts of real ones (grow.c).
 */
#include "grow.h"
#include "output.h"
#include "reentry.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct run {
    bench_records records;
    bench_reentry reentry;
    uint64_t seed;
    size_t *order;  /* records, drawn without return */
    char *state;    /* of each record: WRITTEN as it is, CHANGED (written already), LEFT_OUT */
    uint32_t *same; /* of each record: how many have its company */
    size_t next;
    FILE *out[3]; /* records, queries, truth */
} run;

enum { WRITTEN, CHANGED, LEFT_OUT };

static const char *const classes[] = {"duplicate",  "renewal", "parallel",
                                      "other_deal", "sister",  "new"};
static const char *const departments[] = {"marketing", "inside_sales", "business_unit", "sales"};

/* ---- drawing ---- */

static void shuffle(run *at) {
    size_t count = at->records.count;
    at->order = bench_resize(NULL, count, sizeof *at->order);
    at->state = bench_resize(NULL, count, 1);
    memset(at->state, WRITTEN, count);
    for (size_t i = 0; i < count; i++) {
        size_t place = bench_draw_below(&at->seed, i + 1);
        at->order[i] = at->order[place];
        at->order[place] = i;
    }
}

static const kaburi_record *compared; /* qsort has no context */

static int by_company(const void *a, const void *b) {
    const kaburi_text *x = &compared[*(const size_t *)a].company;
    const kaburi_text *y = &compared[*(const size_t *)b].company;
    size_t size = x->size < y->size ? x->size : y->size;
    int order = size == 0 ? 0 : memcmp(x->data, y->data, size);
    return order != 0 ? order : (x->size > y->size) - (x->size < y->size);
}

/* A company with one record has no other deal that a new one could be a duplicate of. */
static void count_companies(run *at) {
    size_t count = at->records.count;
    size_t *sorted = bench_resize(NULL, count, sizeof *sorted);
    at->same = bench_resize(NULL, count, sizeof *at->same);
    for (size_t i = 0; i < count; i++) {
        sorted[i] = i;
    }
    compared = at->records.record;
    qsort(sorted, count, sizeof *sorted, by_company);
    for (size_t i = 0; i < count;) {
        size_t end = i + 1;
        while (end < count && by_company(&sorted[i], &sorted[end]) == 0) {
            end++;
        }
        for (size_t j = i; j < end; j++) {
            at->same[sorted[j]] = (uint32_t)(end - i);
        }
        i = end;
    }
    free(sorted);
}

static int draw_class(run *at) {
    size_t drawn = bench_draw_below(&at->seed, 100);
    for (size_t i = 0; i < BENCH_COUNT(classes); i++) {
        size_t percent = bench_reentry_percent(&at->reentry, "mix", classes[i]);
        if (drawn < percent) {
            return (int)i;
        }
        drawn -= percent;
    }
    return 0;
}

/* The next record drawn whose texts can be typed; for what must be no duplicate, of a company that
 * has no other. SIZE_MAX: none left. */
static size_t draw_record(run *at, bool alone, bench_typed *typed) {
    for (size_t i = at->next; i < at->records.count; i++) {
        size_t record = at->order[i];
        const kaburi_record *source = &at->records.record[record];
        if (source->company.size > 0 && (!alone || at->same[record] == 1) &&
            bench_typed_of(typed, source)) {
            at->order[i] = at->order[at->next];
            at->order[at->next++] = record;
            return record;
        }
    }
    return SIZE_MAX;
}

/* ---- writing ---- */

static void write_cells(FILE *out, const bench_typed *typed, const kaburi_record *source) {
    (void)fprintf(out, "\t%s\t%s\t", typed->company, typed->deal);
    if (typed->amount != KABURI_AMOUNT_ABSENT) {
        (void)fprintf(out, "%lld", (long long)typed->amount);
    }
    if (source != NULL) {
        (void)fprintf(out, "\t%.*s\t%.*s\t%.*s", (int)source->company_reading.size,
                      source->company_reading.data, (int)source->corporate_number.size,
                      source->corporate_number.data, (int)source->domain.size, source->domain.data);
    }
}

static void write_record(run *at, size_t record, const bench_typed *typed) {
    kaburi_text id = at->records.id[record];
    (void)fprintf(at->out[0], "%.*s", (int)id.size, id.data);
    write_cells(at->out[0], typed, &at->records.record[record]);
    (void)fputc('\n', at->out[0]);
    at->state[record] = CHANGED;
}

static void write_rest(run *at) {
    for (size_t i = 0; i < at->records.count; i++) {
        const kaburi_record *record = &at->records.record[i];
        if (at->state[i] != WRITTEN) {
            continue;
        }
        (void)fprintf(at->out[0], "%.*s\t%.*s\t%.*s\t", (int)at->records.id[i].size,
                      at->records.id[i].data, (int)record->company.size, record->company.data,
                      (int)record->deal.size, record->deal.data);
        if (record->amount != KABURI_AMOUNT_ABSENT) {
            (void)fprintf(at->out[0], "%lld", (long long)record->amount);
        }
        (void)fprintf(at->out[0], "\t%.*s\t%.*s\t%.*s\n", (int)record->company_reading.size,
                      record->company_reading.data, (int)record->corporate_number.size,
                      record->corporate_number.data, (int)record->domain.size, record->domain.data);
    }
}

/* ---- one query ---- */

/* What is entered, made of what is there; false when this record does not lend itself to it. */
static bool make_entered(run *at, int class, size_t record, bench_typed *there,
                         bench_typed *entered) {
    static bench_typed other;
    switch (class) {
    case 1:
        return bench_reentry_next(&at->reentry, "year", there, entered, &at->seed);
    case 2:
        return bench_reentry_next(&at->reentry, "phase", there, entered, &at->seed);
    case 3: {
        size_t drawn = bench_draw_below(&at->seed, at->records.count);
        if (there->deal[0] == '\0' || drawn == record ||
            !bench_typed_of(&other, &at->records.record[drawn]) || other.deal[0] == '\0' ||
            strcmp(other.deal, there->deal) == 0) {
            return false;
        }
        memcpy(entered->deal, other.deal, sizeof entered->deal);
        return true;
    }
    case 4:
        return bench_reentry_sister(&at->reentry, entered, &at->seed);
    default:
        return true;
    }
}

static const char *class_name(int class, bool deal) {
    static const char *const names[] = {"duplicate", "renewal", "parallel",
                                        "parallel",  "group",   "new"};
    return class == 0 && !deal ? "same" : names[class];
}

static void write_query(run *at, size_t number, int class, size_t record, const bench_typed *there,
                        const bench_typed *entered, const char *department, const char *note) {
    kaburi_text id = at->records.id[record];
    bool left_out = class == 5;
    if (left_out) {
        at->state[record] = LEFT_OUT;
        id = kaburi_text_of("-");
    } else {
        write_record(at, record, there);
    }
    (void)fprintf(at->out[1], "G%06zu", number);
    write_cells(at->out[1], entered, NULL);
    (void)fprintf(at->out[1], "\t%s\n", department);
    (void)fprintf(at->out[2], "G%06zu\t%.*s\t%s\t%s\n", number, (int)id.size, id.data,
                  class_name(class, there->deal[0] != '\0'), note);
}

/* Draws until something could be made; false when the records are used up. */
static bool write_one(run *at, size_t number) {
    static bench_typed there;
    static bench_typed entered;
    for (int tried = 0; tried < 1000; tried++) {
        char note[512] = "";
        int class = draw_class(at);
        size_t begun = at->next;
        size_t record = draw_record(at, class != 0, &there);
        if (record == SIZE_MAX && class != 0) {
            continue; /* no company with one record is left; there may be others */
        }
        if (record == SIZE_MAX) {
            return false;
        }
        const char *department = departments[bench_draw_below(&at->seed, BENCH_COUNT(departments))];
        entered = there;
        if (!make_entered(at, class, record, &there, &entered)) {
            at->next = begun; /* the record may do for another class */
            continue;
        }
        (void)snprintf(note, sizeof note, "%s|%s%s", department, class == 0 ? "" : classes[class],
                       class == 0 ? "" : "|");
        if (!bench_reentry_type(&at->reentry, department, &entered, class != 0, note, sizeof note,
                                &at->seed)) {
            size_t used = strlen(note);
            (void)snprintf(note + used, sizeof note - used, "same");
        }
        write_query(at, number, class, record, &there, &entered, department, note);
        return true;
    }
    return false;
}

/* ---- the verb ---- */

static int write_set(run *at, uint32_t count) {
    (void)fputs("id\tcompany\tdeal\tamount\tcompany_reading\tcorporate_number\tdomain\n",
                at->out[0]);
    (void)fputs("id\tcompany\tdeal\tamount\tdepartment\n", at->out[1]);
    (void)fputs("id\trecords\tclass\tnote\n", at->out[2]);
    shuffle(at);
    count_companies(at);
    for (uint32_t i = 1; i <= count; i++) {
        if (!write_one(at, i)) {
            return bench_fail(BENCH_DATA, "%s: its %zu records are enough for %u of %u queries",
                              at->records.rows.path, at->records.count, i - 1, count);
        }
    }
    write_rest(at);
    return BENCH_OK;
}

/* All files are written to the end before the first is put in its place: where one cannot be
 * written, none of them appears. */
static int write_folder(run *at, const char *folder, uint32_t count) {
    static const char *const names[] = {"records", "queries", "truth"};
    char path[3][4096];
    bench_output output[3];
    size_t opened = 0;
    int code = BENCH_OK;
    (void)mkdir(folder, 0777); /* that there is none is told when a file is opened */
    for (; opened < 3; opened++) {
        (void)snprintf(path[opened], sizeof path[opened], "%s/%s.tsv", folder, names[opened]);
        code = bench_output_open(&output[opened], path[opened]);
        if (code != BENCH_OK) {
            break;
        }
        at->out[opened] = output[opened].file;
    }
    if (code == BENCH_OK) {
        code = write_set(at, count);
    }
    for (size_t i = 0; i < opened; i++) {
        code = bench_output_end(&output[i], code);
    }
    for (size_t i = 0; i < opened; i++) {
        code = bench_output_place(&output[i], code);
    }
    return code;
}

static int generate(run *at, const bench_options *options, uint32_t count, uint32_t grow) {
    const char *folder = bench_options_find(options, "--set")->value;
    if (grow > 0) {
        bench_output output;
        int code = bench_output_open(&output, bench_options_find(options, "--out")->value);
        if (code == BENCH_OK) {
            code =
                bench_output_close(&output, bench_grow(output.file, &at->records, grow, &at->seed));
        }
        return code;
    }
    int code = bench_reentry_open(&at->reentry);
    if (code == BENCH_OK) {
        code = write_folder(at, folder, count);
    }
    bench_reentry_close(&at->reentry);
    return code;
}

int bench_generate(int argc, char **argv) {
    bench_option own[] = {{.name = "--records", .required = true},
                          {.name = "--count"},
                          {.name = "--set"},
                          {.name = "--grow"},
                          {.name = "--out"},
                          {.name = "--seed"},
                          {.name = "--encoding"},
                          {.name = "--skip-bad-rows", .flag = true}};
    const bench_options options = {own, BENCH_COUNT(own)};
    static run at;
    bench_input input = {0};
    uint32_t count = 0;
    uint32_t grow = 0;
    uint32_t seed = 1;
    int code = bench_options_read(&options, argc, argv);
    if (code != BENCH_OK ||
        (code = bench_options_number(&options, "--count", 1, 10000000, &count)) != BENCH_OK ||
        (code = bench_options_number(&options, "--grow", 1, 100000000, &grow)) != BENCH_OK ||
        (code = bench_options_number(&options, "--seed", 0, UINT32_MAX, &seed)) != BENCH_OK) {
        return code;
    }
    bool set = own[1].seen > 0 && own[2].seen > 0;
    if (set == (grow > 0) || (own[1].seen > 0) != (own[2].seen > 0) ||
        (own[4].seen > 0 && grow == 0)) {
        return bench_fail(BENCH_USAGE, "give either --count and --set, or --grow");
    }
    input.encoding = bench_options_find(&options, "--encoding")->value;
    input.skip_bad_rows = bench_options_find(&options, "--skip-bad-rows")->seen > 0;
    at.seed = seed;
    code = bench_records_open(&at.records, own[0].value, &input);
    if (code == BENCH_OK) {
        code = bench_records_check_texts(&at.records);
        if (code == BENCH_OK) {
            code = generate(&at, &options, count, grow);
        }
        bench_records_tell_skipped(&at.records);
    }
    free(at.order);
    free(at.state);
    free(at.same);
    bench_records_close(&at.records);
    return code;
}
