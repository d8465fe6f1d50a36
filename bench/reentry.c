/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Re-entry. Texts are UTF-8 that was read from a file and checked by the library; they are cut
 * between code points only.
 */
#include "reentry.h"

#include "typing.h"

#include <stdlib.h>
#include <string.h>

typedef struct bench_material {
    kaburi_text change;
    char how[8]; /* replace, append, prepend, pattern, core */
    char from[96];
    char to[96];
} bench_material;

typedef struct bench_habit {
    kaburi_text department;
    char change[24];
    uint32_t percent;
} bench_habit;

uint64_t bench_draw(uint64_t *seed) {
    uint64_t x = *seed += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

size_t bench_draw_below(uint64_t *seed, size_t bound) {
    return bound < 2 ? 0 : (size_t)(bench_draw(seed) % bound);
}

bool bench_typed_of(bench_typed *typed, const kaburi_record *record) {
    /* Half of the room is left for what is typed around a text. */
    const struct {
        const kaburi_text *text;
        char *out;
    } texts[] = {{&record->company, typed->company},
                 {&record->deal, typed->deal},
                 {&record->company_reading, typed->reading}};
    for (size_t i = 0; i < BENCH_COUNT(texts); i++) {
        if (texts[i].text->size > BENCH_TYPED_SIZE / 2) {
            return false;
        }
        if (texts[i].text->size > 0) {
            memcpy(texts[i].out, texts[i].text->data, texts[i].text->size);
        }
        texts[i].out[texts[i].text->size] = '\0';
    }
    typed->amount = record->amount;
    return true;
}

/* ---- tables ---- */

static bool take(char *out, size_t size, kaburi_text cell) {
    if (cell.size >= size) {
        return false;
    }
    memcpy(out, cell.data, cell.size);
    out[cell.size] = '\0';
    return true;
}

static bool add_material(bench_reentry *reentry, const kaburi_text *cell) {
    reentry->material =
        bench_resize(reentry->material, reentry->material_count + 1, sizeof *reentry->material);
    bench_material *row = &reentry->material[reentry->material_count++];
    row->change = cell[0];
    return take(row->how, sizeof row->how, cell[1]) && take(row->from, sizeof row->from, cell[2]) &&
           take(row->to, sizeof row->to, cell[3]) && row->to[0] != '\0';
}

static bool add_habit(bench_reentry *reentry, const kaburi_text *cell) {
    reentry->habit = bench_resize(reentry->habit, reentry->habit_count + 1, sizeof *reentry->habit);
    bench_habit *row = &reentry->habit[reentry->habit_count++];
    char percent[8];
    row->department = cell[0];
    if (!take(row->change, sizeof row->change, cell[1]) ||
        !take(percent, sizeof percent, cell[2])) {
        return false;
    }
    row->percent = (uint32_t)strtoul(percent, NULL, 10);
    return row->percent >= 1 && row->percent <= 100;
}

static int read_table(bench_reentry *reentry, bench_rows *rows, char path[BENCH_PATH_SIZE],
                      const char *name, size_t columns,
                      bool (*add)(bench_reentry *, const kaburi_text *)) {
    int code = bench_rows_open(rows, bench_shipped(path, name), NULL);
    int got = 0;
    while (code == BENCH_OK && (got = bench_rows_next(rows)) != 0) {
        if (got < 0 || rows->column_count < columns || !add(reentry, rows->cells)) {
            code = bench_fail(BENCH_DATA, "%s:%zu: not a row of %s", path, rows->line, name);
        }
    }
    return code;
}

static const bench_material *notation(const bench_reentry *reentry, const char *change, size_t at) {
    for (size_t i = 0; i < reentry->material_count; i++) {
        if (bench_text_is(reentry->material[i].change, change) && at-- == 0) {
            return &reentry->material[i];
        }
    }
    return NULL;
}

static size_t notations(const bench_reentry *reentry, const char *change) {
    size_t count = 0;
    while (notation(reentry, change, count) != NULL) {
        count++;
    }
    return count;
}

int bench_reentry_open(bench_reentry *reentry) {
    memset(reentry, 0, sizeof *reentry);
    int code = read_table(reentry, &reentry->material_file, reentry->path[0], "reentry.tsv", 4,
                          add_material);
    if (code == BENCH_OK) {
        code = read_table(reentry, &reentry->habits_file, reentry->path[1], "habits.tsv", 3,
                          add_habit);
    }
    if (code == BENCH_OK && (notations(reentry, "year") < 2 || notations(reentry, "phase") < 2)) {
        code = bench_fail(BENCH_DATA, "%s: two notations of a year and of a phase are needed",
                          reentry->path[0]);
    }
    return code;
}

void bench_reentry_close(bench_reentry *reentry) {
    bench_rows_close(&reentry->material_file);
    bench_rows_close(&reentry->habits_file);
    free(reentry->material);
    free(reentry->habit);
    memset(reentry, 0, sizeof *reentry);
}

uint32_t bench_reentry_percent(const bench_reentry *reentry, const char *department,
                               const char *change) {
    for (size_t i = 0; i < reentry->habit_count; i++) {
        if (bench_text_is(reentry->habit[i].department, department) &&
            strcmp(reentry->habit[i].change, change) == 0) {
            return reentry->habit[i].percent;
        }
    }
    return 0;
}

/* ---- rows that can be used on a text ---- */

static bool is_usable(const bench_material *row, const char *change, const char *how,
                      const char *text) {
    return bench_text_is(row->change, change) && strcmp(row->how, how) == 0 &&
           (row->from[0] == '\0' || strstr(text, row->from) != NULL);
}

/* One of the rows of a change that can be used, each as likely; NULL: none. */
static const bench_material *choose(const bench_reentry *reentry, const char *change,
                                    const char *how, const char *text, uint64_t *seed) {
    size_t count = 0;
    for (size_t i = 0; i < reentry->material_count; i++) {
        count += is_usable(&reentry->material[i], change, how, text);
    }
    if (count == 0) {
        return NULL;
    }
    size_t wanted = bench_draw_below(seed, count);
    for (size_t i = 0;; i++) {
        if (is_usable(&reentry->material[i], change, how, text) && wanted-- == 0) {
            return &reentry->material[i];
        }
    }
}

/* Does what a row of the table says; the ways are tried in this order. */
static bool use_table(const bench_reentry *reentry, const char *change, char *text,
                      uint64_t *seed) {
    const bench_material *row = choose(reentry, change, "replace", text, seed);
    if (row != NULL) {
        return bench_edit_replace(text, row->from, row->to);
    }
    row = choose(reentry, change, "append", text, seed);
    if (row != NULL) {
        return bench_edit_insert(text, strlen(text), row->to);
    }
    row = choose(reentry, change, "prepend", text, seed);
    return row != NULL && bench_edit_insert(text, 0, row->to);
}

/* Where the name is without a legal form at its head or tail: [*begin, *end). */
static void find_core(const bench_reentry *reentry, const char *company, size_t *begin,
                      size_t *end) {
    *begin = 0;
    *end = strlen(company);
    for (size_t i = 0; i < reentry->material_count; i++) {
        const bench_material *row = &reentry->material[i];
        const char *forms[] = {row->from, row->to};
        if (!bench_text_is(row->change, "form_short")) {
            continue;
        }
        for (size_t f = 0; f < 2; f++) {
            size_t size = strlen(forms[f]);
            if (size < *end && strncmp(company, forms[f], size) == 0 && size > *begin) {
                *begin = size;
            }
            if (strlen(company) > size + *begin &&
                strcmp(company + strlen(company) - size, forms[f]) == 0 &&
                strlen(company) - size < *end) {
                *end = strlen(company) - size;
            }
        }
    }
}

/* ---- years and phases ---- */

static bool find_count(const bench_reentry *reentry, const char *change, const char *text,
                       bench_count *found) {
    const bench_material *row;
    for (size_t i = 0; (row = notation(reentry, change, i)) != NULL; i++) {
        if (bench_count_find(text, row->to, found)) {
            found->notation = i;
            return true;
        }
    }
    return false;
}

static bool write_count(const bench_reentry *reentry, const char *change, char *text,
                        const bench_count *place, size_t with, unsigned value) {
    char written[128];
    bench_count_write(written, sizeof written, notation(reentry, change, with)->to, value);
    return bench_edit_put(text, place->begin, place->end, written);
}

static bool write_year_otherwise(const bench_reentry *reentry, char *deal, uint64_t *seed) {
    bench_count year;
    if (!find_count(reentry, "year", deal, &year)) {
        return false;
    }
    size_t others = notations(reentry, "year") - 1;
    size_t with = bench_draw_below(seed, others);
    with += with >= year.notation;
    return write_count(reentry, "year", deal, &year, with, year.value);
}

bool bench_reentry_next(const bench_reentry *reentry, const char *change, bench_typed *there,
                        bench_typed *entered, uint64_t *seed) {
    bench_count found;
    if (there->deal[0] == '\0') {
        return false;
    }
    if (!find_count(reentry, change, there->deal, &found)) {
        size_t with = bench_draw_below(seed, notations(reentry, change));
        unsigned value = strcmp(change, "year") == 0 ? 2020 + (unsigned)bench_draw_below(seed, 5)
                                                     : 1 + (unsigned)bench_draw_below(seed, 3);
        char written[128];
        bench_count_write(written, sizeof written, notation(reentry, change, with)->to, value);
        if (!bench_edit_insert(there->deal, strlen(there->deal), " ") ||
            !bench_edit_insert(there->deal, strlen(there->deal), written) ||
            !find_count(reentry, change, there->deal, &found)) {
            return false;
        }
        memcpy(entered->deal, there->deal, sizeof entered->deal);
    }
    return write_count(reentry, change, entered->deal, &found, found.notation, found.value + 1);
}

/* ---- changes ---- */

static bool move_form(char *company, size_t begin, size_t end) {
    char moved[BENCH_TYPED_SIZE * 2];
    size_t size = strlen(company);
    if (begin == 0 && end == size) {
        return false;
    }
    (void)snprintf(moved, sizeof moved, "%.*s%.*s%.*s", (int)(size - end), company + end,
                   (int)(end - begin), company + begin, (int)begin, company);
    memcpy(company, moved, size);
    return true;
}

static bool drop_form(char *company, size_t begin, size_t end) {
    if (begin == 0 && company[end] == '\0') {
        return false;
    }
    company[end] = '\0';
    memmove(company, company + begin, end - begin + 1);
    return true;
}

static bool round_amount(int64_t *amount) {
    int64_t unit = 1;
    if (*amount == KABURI_AMOUNT_ABSENT || *amount <= 0 || *amount > INT64_MAX / 4) {
        return false;
    }
    while (*amount / unit >= 100) {
        unit *= 10;
    }
    int64_t rounded = (*amount + unit / 2) / unit * unit;
    bool changed = rounded != *amount;
    *amount = rounded;
    return changed;
}

static bool write_company_in_front(bench_typed *typed, uint64_t *seed) {
    static const char *const between[] = {" ", "_", "様_", "様 ", " - "};
    char front[BENCH_TYPED_SIZE];
    (void)snprintf(front, sizeof front, "%s", typed->company);
    return typed->deal[0] != '\0' && strlen(front) < BENCH_TYPED_SIZE / 4 &&
           bench_edit_insert(front, strlen(front),
                             between[bench_draw_below(seed, BENCH_COUNT(between))]) &&
           bench_edit_insert(typed->deal, 0, front);
}

static bool apply(const bench_reentry *reentry, const char *change, bench_typed *typed,
                  uint64_t *seed) {
    size_t begin;
    size_t end;
    char *company = typed->company;
    find_core(reentry, company, &begin, &end);
    if (strcmp(change, "form_drop") == 0) {
        return drop_form(company, begin, end);
    }
    if (strcmp(change, "form_move") == 0) {
        return move_form(company, begin, end);
    }
    if (strcmp(change, "half_width") == 0) {
        return bench_edit_half_width(company);
    }
    if (strcmp(change, "case") == 0) {
        return bench_edit_case(company, bench_draw_below(seed, 2) == 0);
    }
    if (strcmp(change, "space") == 0) {
        size_t at = begin > 0 ? begin : bench_edit_place(company, begin, end, seed);
        return at > 0 && bench_edit_insert(company, at, "\u3000");
    }
    if (strcmp(change, "typo") == 0) {
        return bench_edit_typo(company, begin, end, seed);
    }
    if (strcmp(change, "kana") == 0) {
        bool has = typed->reading[0] != '\0' && strcmp(typed->reading, company) != 0;
        return has && bench_edit_put(company, 0, strlen(company), typed->reading);
    }
    if (strcmp(change, "amount_drop") == 0) {
        bool has = typed->amount != KABURI_AMOUNT_ABSENT;
        typed->amount = KABURI_AMOUNT_ABSENT;
        return has;
    }
    if (strcmp(change, "amount_round") == 0) {
        return round_amount(&typed->amount);
    }
    static const char *const of_company[] = {"form_short", "honorific", "branch",
                                             "unit",       "old_kanji", "look_alike"};
    for (size_t i = 0; i < BENCH_COUNT(of_company); i++) {
        if (strcmp(change, of_company[i]) == 0) {
            return company[0] != '\0' && use_table(reentry, change, company, seed);
        }
    }
    if (typed->deal[0] == '\0') {
        return strcmp(change, "long_vowel") == 0 && use_table(reentry, change, company, seed);
    }
    if (strcmp(change, "company_front") == 0) {
        return company[0] != '\0' && write_company_in_front(typed, seed);
    }
    if (strcmp(change, "fiscal") == 0) {
        return write_year_otherwise(reentry, typed->deal, seed);
    }
    if (strcmp(change, "order") == 0) {
        return bench_edit_order(typed->deal);
    }
    if (strcmp(change, "cut") == 0) {
        return bench_edit_cut(typed->deal);
    }
    if (strcmp(change, "typo_deal") == 0) {
        return bench_edit_typo(typed->deal, 0, strlen(typed->deal), seed);
    }
    return use_table(reentry, change, typed->deal, seed);
}

/* What could take away a year, a phase or another word that tells two deals apart. */
static bool is_risky(const char *change) {
    static const char *const risky[] = {"cut", "typo_deal", "typo", "kana", "look_alike"};
    for (size_t i = 0; i < BENCH_COUNT(risky); i++) {
        if (strcmp(change, risky[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool bench_reentry_type(const bench_reentry *reentry, const char *department, bench_typed *typed,
                        bool keep, char *note, size_t size, uint64_t *seed) {
    bool changed = false;
    size_t used = strlen(note);
    for (size_t i = 0; i < reentry->habit_count; i++) {
        const bench_habit *habit = &reentry->habit[i];
        bool now = bench_draw_below(seed, 100) < habit->percent;
        if (!now || !bench_text_is(habit->department, department) ||
            (keep && is_risky(habit->change)) || !apply(reentry, habit->change, typed, seed)) {
            continue;
        }
        int written = snprintf(note + used, size - used, "%s%s", changed ? "+" : "", habit->change);
        used += written > 0 && (size_t)written < size - used ? (size_t)written : 0;
        changed = true;
    }
    return changed;
}

bool bench_reentry_sister(const bench_reentry *reentry, bench_typed *typed, uint64_t *seed) {
    size_t begin;
    size_t end;
    find_core(reentry, typed->company, &begin, &end);
    const bench_material *row = choose(reentry, "sister", "replace", typed->company + begin, seed);
    if (row != NULL) {
        return bench_edit_replace(typed->company, row->from, row->to);
    }
    row = choose(reentry, "sister", "core", "", seed);
    return row != NULL && typed->company[0] != '\0' &&
           bench_edit_insert(typed->company, end, row->to);
}
