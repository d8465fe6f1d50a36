/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Aliases. The rows of a table become two directed pairs each, which are sorted; a directory on the
 * top bits of the key leads to a name's run. Hashes alone are kept: a name costs the same however
 * long it is.
 */
#include "aliases.h"

#include "file.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define FILE_SIZE_MAX ((size_t)1 << 30)
#define CELLS 3

/* Owners counted of one alias: an alias of so many companies says next to nothing. */
#define OWNERS_MAX 16

/* ---- looking up ---- */

/* First place in [from, to) whose value is not below `value`. */
static size_t lower_bound(const uint64_t *values, size_t from, size_t to, uint64_t value) {
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (values[middle] < value) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

kbr_alias_list kbr_aliases_find(const kaburi_aliases *aliases, uint64_t key) {
    kbr_alias_list list = {NULL, NULL, 0};
    if (aliases == NULL || aliases->count == 0 || key == 0) {
        return list;
    }
    size_t bucket = (size_t)(key >> (64 - aliases->bits));
    size_t end = aliases->starts[bucket + 1];
    size_t from = lower_bound(aliases->keys, aliases->starts[bucket], end, key);
    size_t to = key == UINT64_MAX ? end : lower_bound(aliases->keys, from, end, key + 1);
    list.others = aliases->others + from;
    list.ties = aliases->ties + from;
    list.count = to - from;
    return list;
}

const kbr_alias_tie *kbr_alias_list_find(const kbr_alias_list *list, uint64_t other) {
    size_t place = lower_bound(list->others, 0, list->count, other);
    return place < list->count && list->others[place] == other ? &list->ties[place] : NULL;
}

/* ---- reading rows ---- */

/* Which of the two names is the alias of the other; rows that say both make both. */
#define KEY_IS_ALIAS 1U
#define KEY_HAS_ALIAS 2U

typedef struct pair {
    uint64_t key;
    uint64_t other;
    uint8_t kind;
    uint8_t sides; /* KEY_* */
    uint8_t owners;
} pair;

typedef struct table_reader {
    kaburi_allocator allocator;
    size_t line;
    bool headed; /* the header row was read */
    kbr_folded folded;
    kbr_company company;
    pair *pairs;
    size_t count;
    size_t capacity;
} table_reader;

static const char *const kind_names[KBR_ALIAS_KINDS] = {
    [KBR_ALIAS_ABBREVIATION] = "abbreviation",
    [KBR_ALIAS_FORMER] = "former",
    [KBR_ALIAS_TRANSLATION] = "translation",
    [KBR_ALIAS_GROUP] = "group",
};

static bool is_word(kaburi_text cell, const char *word) {
    return cell.size == strlen(word) && memcmp(cell.data, word, cell.size) == 0;
}

static kaburi_status bad_line(const table_reader *reader, const char *what, kaburi_text value,
                              kaburi_error *error) {
    char shown[61];
    size_t size = kbr_text_shown(shown, sizeof shown, value.data, value.size);
    return kbr_fail_at(error, KABURI_ERROR_FORMAT, reader->line, "aliases line %zu: %s%s%s",
                       reader->line, what, size > 0 ? ": " : "", shown);
}

/* Cuts a line at its tabs; cells beyond the third are nobody's business. Returns how many of the
 * three there are. */
static size_t split(kaburi_text cells[CELLS], kaburi_text line) {
    size_t count = 0;
    size_t from = 0;
    while (count < CELLS && from <= line.size) {
        const char *data = line.data + from;
        const char *tab = memchr(data, '\t', line.size - from);
        size_t size = tab != NULL ? (size_t)(tab - data) : line.size - from;
        cells[count++] = (kaburi_text){data, size};
        from += size + 1;
    }
    return count;
}

/* The hash of a name's loose key. TEXT, TOO_LONG, FORMAT, MEMORY. */
static kaburi_status read_name(table_reader *reader, uint64_t *key, kaburi_text cell,
                               const char *column, kaburi_error *error) {
    kaburi_error inner;
    kaburi_status status = kbr_text_check(cell, column, &inner);
    if (status != KABURI_OK) {
        return kbr_fail_at(error, status, reader->line, "aliases line %zu: %.180s", reader->line,
                           inner.message);
    }
    if (kbr_fold(&reader->folded, cell) != KABURI_OK ||
        kbr_company_parse(&reader->company, &reader->folded) != KABURI_OK) {
        return kbr_fail_memory(error);
    }
    if (reader->company.key.len == 0) {
        return kbr_fail_at(error, KABURI_ERROR_FORMAT, reader->line,
                           "aliases line %zu: %s is empty", reader->line, column);
    }
    *key = kbr_record_key_hash(reader->company.key.data, reader->company.key.len);
    return KABURI_OK;
}

static uint8_t kind_of(kaburi_text cell) {
    uint8_t kind = KBR_ALIAS_KINDS - 1;
    while (kind > 0 && !is_word(cell, kind_names[kind])) {
        kind--;
    }
    return kind;
}

static kaburi_status read_row(table_reader *reader, kaburi_text line, kaburi_error *error) {
    kaburi_text cells[CELLS];
    uint64_t name = 0;
    uint64_t alias = 0;
    if (split(cells, line) < CELLS) {
        return bad_line(reader, "a row has name, alias and kind, with tabs between", line, error);
    }
    kaburi_status status = read_name(reader, &name, cells[0], "name", error);
    if (status == KABURI_OK) {
        status = read_name(reader, &alias, cells[1], "alias", error);
    }
    if (status != KABURI_OK) {
        return status;
    }
    uint8_t kind = kind_of(cells[2]);
    if (kind == 0) {
        return bad_line(reader, "kind is not abbreviation, former, translation or group", cells[2],
                        error);
    }
    if (name == alias) {
        return KABURI_OK; /* spellings of one key: nothing to tell */
    }
    if (reader->count >= 2 * (size_t)KABURI_ALIASES_ROWS_MAX) {
        return kbr_fail_at(error, KABURI_ERROR_FORMAT, reader->line,
                           "aliases line %zu: more than %d rows", reader->line,
                           KABURI_ALIASES_ROWS_MAX);
    }
    void *pairs = reader->pairs;
    if (!kbr_reserve(&reader->allocator, &pairs, &reader->capacity, reader->count + 2,
                     sizeof *reader->pairs)) {
        return kbr_fail_memory(error);
    }
    reader->pairs = pairs;
    reader->pairs[reader->count++] =
        (pair){.key = name, .other = alias, .kind = kind, .sides = KEY_HAS_ALIAS};
    reader->pairs[reader->count++] =
        (pair){.key = alias, .other = name, .kind = kind, .sides = KEY_IS_ALIAS};
    return KABURI_OK;
}

static kaburi_status read_header(table_reader *reader, kaburi_text line, kaburi_error *error) {
    kaburi_text cells[CELLS];
    if (split(cells, line) < CELLS || !is_word(cells[0], "name") || !is_word(cells[1], "alias") ||
        !is_word(cells[2], "kind")) {
        return bad_line(reader, "not a table of aliases: the first row is not name, alias, kind",
                        line, error);
    }
    reader->headed = true;
    return KABURI_OK;
}

static kaburi_status read_lines(table_reader *reader, const char *text, size_t size,
                                kaburi_error *error) {
    static const char mark[3] = "\xEF\xBB\xBF"; /* what spreadsheets write before UTF-8 */
    size_t at = size >= sizeof mark && memcmp(text, mark, sizeof mark) == 0 ? sizeof mark : 0;
    kaburi_status status = KABURI_OK;
    while (status == KABURI_OK && at < size) {
        const char *end = memchr(text + at, '\n', size - at);
        kaburi_text line = {text + at, end != NULL ? (size_t)(end - text) - at : size - at};
        at += line.size + 1;
        reader->line++;
        line.size -= line.size > 0 && line.data[line.size - 1] == '\r';
        if (line.size > 0 && line.data[0] != '#') {
            status =
                reader->headed ? read_row(reader, line, error) : read_header(reader, line, error);
        }
    }
    if (status == KABURI_OK && !reader->headed) {
        status = kbr_fail_at(error, KABURI_ERROR_FORMAT, reader->line,
                             "not a table of aliases: no row name, alias, kind");
    }
    return status;
}

/* ---- building ---- */

static int compare_pairs(const void *a, const void *b) {
    const pair *x = a;
    const pair *y = b;
    if (x->key != y->key) {
        return x->key < y->key ? -1 : 1;
    }
    if (x->other != y->other) {
        return x->other < y->other ? -1 : 1;
    }
    return x->kind - y->kind;
}

/* Sorts the pairs, so that the order of the rows does not matter, and makes one of those that are
 * given more than once. */
static void unite(table_reader *reader) {
    size_t kept = 0;
    if (reader->count > 0) {
        qsort(reader->pairs, reader->count, sizeof *reader->pairs, compare_pairs);
    }
    for (size_t i = 0; i < reader->count; i++) {
        pair *last = kept > 0 ? &reader->pairs[kept - 1] : NULL;
        if (last != NULL && last->key == reader->pairs[i].key &&
            last->other == reader->pairs[i].other) {
            last->sides |= reader->pairs[i].sides;
        } else {
            reader->pairs[kept++] = reader->pairs[i];
        }
    }
    reader->count = kept;
}

/* About two keys a bucket. */
static uint32_t bits_of(size_t count) {
    uint32_t bits = 1;
    while (bits < 24 && ((size_t)2 << bits) < count) {
        bits++;
    }
    return bits;
}

/* The arrays of a table; of owners there is one each. False without memory. */
static bool fill(kaburi_aliases *out, const table_reader *reader) {
    size_t count = reader->count;
    size_t buckets = (size_t)1 << bits_of(count);
    uint64_t *keys = kbr_allocate(&out->allocator, count + 1, sizeof *keys);
    uint64_t *others = kbr_allocate(&out->allocator, count + 1, sizeof *others);
    kbr_alias_tie *ties = kbr_allocate(&out->allocator, count + 1, sizeof *ties);
    uint32_t *starts = kbr_allocate(&out->allocator, buckets + 1, sizeof *starts);
    out->keys = keys;
    out->others = others;
    out->ties = ties;
    out->starts = starts;
    if (keys == NULL || others == NULL || ties == NULL || starts == NULL) {
        return false;
    }
    out->count = count;
    out->bits = bits_of(count);
    for (size_t i = 0; i < count; i++) {
        keys[i] = reader->pairs[i].key;
        others[i] = reader->pairs[i].other;
        ties[i] = (kbr_alias_tie){.kind = reader->pairs[i].kind, .owners = 1};
        starts[(keys[i] >> (64 - out->bits)) + 1]++;
    }
    for (size_t i = 0; i < buckets; i++) {
        starts[i + 1] += starts[i];
    }
    return true;
}

/* Whether two names are of one company: owners of an alias that are do not count twice. */
static bool are_one(const kaburi_aliases *aliases, uint64_t a, uint64_t b) {
    kbr_alias_list list = kbr_aliases_find(aliases, a);
    const kbr_alias_tie *tie = kbr_alias_list_find(&list, b);
    return tie != NULL && tie->kind != KBR_ALIAS_GROUP;
}

/* How many companies a name is an alias of: 東電 of 東京電力 and of TEPCO, which are one; 中電 of
 * 中部電力 and of 中国電力, which are two. `run` are the name's pairs. */
static uint8_t owners_of(const kaburi_aliases *aliases, const pair *run, size_t count) {
    uint64_t names[OWNERS_MAX];
    uint8_t company[OWNERS_MAX]; /* names of one company have one number */
    size_t found = 0;
    uint8_t owners = 0;
    for (size_t i = 0; i < count && found < OWNERS_MAX; i++) {
        if ((run[i].sides & KEY_IS_ALIAS) != 0 && run[i].kind != KBR_ALIAS_GROUP) {
            names[found] = run[i].other;
            company[found] = (uint8_t)found;
            found++;
        }
    }
    for (size_t i = 0; i < found; i++) {
        for (size_t j = 0; j < i; j++) {
            if (company[i] == company[j] || !are_one(aliases, names[i], names[j])) {
                continue;
            }
            uint8_t gone = company[i];
            for (size_t k = 0; k <= i; k++) {
                company[k] = company[k] == gone ? company[j] : company[k];
            }
        }
    }
    for (size_t i = 0; i < found; i++) {
        bool first = true;
        for (size_t j = 0; j < i; j++) {
            first = first && company[j] != company[i];
        }
        owners = (uint8_t)(owners + first);
    }
    return owners > 0 ? owners : 1;
}

/* Tells every pair how many companies its alias may stand for. */
static void count_owners(kaburi_aliases *aliases, pair *pairs) {
    kbr_alias_tie *ties = (kbr_alias_tie *)(uintptr_t)aliases->ties; /* not yet handed out */
    for (size_t from = 0, to = 0; from < aliases->count; from = to) {
        while (to < aliases->count && pairs[to].key == pairs[from].key) {
            to++;
        }
        uint8_t owners = owners_of(aliases, pairs + from, to - from);
        for (size_t i = from; i < to; i++) {
            pairs[i].owners = owners;
        }
    }
    for (size_t i = 0; i < aliases->count; i++) {
        uint8_t owners = (pairs[i].sides & KEY_IS_ALIAS) != 0 ? pairs[i].owners : 1;
        if ((pairs[i].sides & KEY_HAS_ALIAS) != 0) {
            kbr_alias_list back = kbr_aliases_find(aliases, pairs[i].other);
            uint8_t others = pairs[back.others - aliases->others].owners;
            owners = owners > others ? owners : others;
        }
        ties[i].owners = pairs[i].kind == KBR_ALIAS_GROUP ? 1 : owners;
    }
}

static void reader_free(table_reader *reader) {
    kbr_folded_free(&reader->folded);
    kbr_company_free(&reader->company);
    kbr_release(&reader->allocator, reader->pairs);
}

/* A table of the pairs that were read. */
static kaburi_status build(kaburi_aliases **out, table_reader *reader, kaburi_error *error) {
    kaburi_aliases *aliases = kbr_allocate(&reader->allocator, 1, sizeof *aliases);
    if (aliases == NULL) {
        return kbr_fail_memory(error);
    }
    aliases->allocator = reader->allocator;
    unite(reader);
    if (!fill(aliases, reader)) {
        kaburi_aliases_free(aliases);
        return kbr_fail_memory(error);
    }
    count_owners(aliases, reader->pairs);
    *out = aliases;
    return KABURI_OK;
}

kaburi_status kaburi_aliases_parse(kaburi_aliases **out, const char *text, size_t size,
                                   const kaburi_allocator *allocator, kaburi_error *error) {
    if (out == NULL || (text == NULL && size > 0)) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "out or text is NULL");
    }
    table_reader reader = {.allocator = kbr_allocator_of(allocator)};
    kbr_folded_init(&reader.folded, &reader.allocator);
    kbr_company_init(&reader.company, &reader.allocator);
    kaburi_status status = read_lines(&reader, text, size, error);
    if (status == KABURI_OK) {
        status = build(out, &reader, error);
    }
    reader_free(&reader);
    return status;
}

kaburi_status kaburi_aliases_load(kaburi_aliases **out, const char *path,
                                  const kaburi_allocator *allocator, kaburi_error *error) {
    if (out == NULL || path == NULL) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "out or path is NULL");
    }
    kaburi_allocator from = kbr_allocator_of(allocator);
    char *text;
    size_t size;
    kaburi_status status = kbr_file_read(&text, &size, path, FILE_SIZE_MAX, &from, error);
    if (status != KABURI_OK) {
        return status;
    }
    status = size > FILE_SIZE_MAX ? kbr_fail(error, KABURI_ERROR_FORMAT,
                                             "aliases of more than %zu bytes", FILE_SIZE_MAX)
                                  : kaburi_aliases_parse(out, text, size, &from, error);
    kbr_release(&from, text);
    return status;
}

void kaburi_aliases_free(kaburi_aliases *aliases) {
    if (aliases == NULL || aliases->allocator.resize == NULL) {
        return;
    }
    kaburi_allocator allocator = aliases->allocator;
    const void *arrays[] = {aliases->keys, aliases->others, aliases->ties, aliases->starts};
    for (size_t i = 0; i < KBR_COUNT(arrays); i++) {
        kbr_release(&allocator, (void *)(uintptr_t)arrays[i]);
    }
    kbr_release(&allocator, aliases);
}

size_t kaburi_aliases_count(const kaburi_aliases *aliases) {
    return aliases == NULL ? 0 : aliases->count / 2;
}

/* ---- check ---- */

const char *kbr_aliases_check(const kaburi_aliases *aliases) {
    size_t count = aliases->count;
    size_t buckets = (size_t)1 << aliases->bits;
    if (aliases->starts[0] != 0 || aliases->starts[buckets] != count) {
        return "the directory does not cover the pairs";
    }
    for (size_t i = 0; i < count; i++) {
        size_t bucket = (size_t)(aliases->keys[i] >> (64 - aliases->bits));
        if (i < aliases->starts[bucket] || i >= aliases->starts[bucket + 1]) {
            return "a pair lies outside its bucket";
        }
        if (i > 0 && (aliases->keys[i - 1] > aliases->keys[i] ||
                      (aliases->keys[i - 1] == aliases->keys[i] &&
                       aliases->others[i - 1] >= aliases->others[i]))) {
            return "pairs do not rise";
        }
        const kbr_alias_tie *tie = &aliases->ties[i];
        if (tie->kind == 0 || tie->kind >= KBR_ALIAS_KINDS || tie->owners == 0 ||
            tie->owners > OWNERS_MAX) {
            return "a tie is out of range";
        }
        kbr_alias_list back = kbr_aliases_find(aliases, aliases->others[i]);
        const kbr_alias_tie *same = kbr_alias_list_find(&back, aliases->keys[i]);
        if (same == NULL || same->kind != tie->kind || same->owners != tie->owners) {
            return "a pair and its reverse differ";
        }
    }
    return NULL;
}
