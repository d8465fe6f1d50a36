/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Build-time generator: gen_words LIST IN.tsv OUT.c turns a word list into `kbr_words_LIST` and its
 * values. The TSV has '#' comment lines and a header row; the columns `word`, `value` (a name,
 * numbered from 1 in order of first appearance) and `attribute` (a number, empty = 0) are read,
 * others are for people. Words are folded by kbr_fold, so they match what a folded name holds.
 */
#include "../fold.h"
#include "../text.h"
#include "../words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 16

typedef struct list_entry {
    size_t text; /* in the pool */
    size_t len;
    size_t line;
    uint32_t attribute;
    uint16_t value;
} list_entry;

typedef struct word_list {
    const char *file;
    size_t line;
    size_t column_count;
    size_t word_column, value_column, attribute_column; /* SIZE_MAX: not there */
    kbr_units pool;
    list_entry *entries;
    size_t count, capacity;
    char **values;
    size_t value_count, value_capacity;
    kbr_folded folded;
} word_list;

static bool complain(const word_list *list, const char *problem, const char *what) {
    (void)fprintf(stderr, "%s:%zu: %s: '%s'\n", list->file, list->line, problem, what);
    return false;
}

/* Splits a line at its tabs, in place. Returns how many fields there are, at most COLUMNS_MAX + 1.
 */
static size_t split(char *line, char **fields) {
    size_t count = 0;
    for (char *next = line; next != NULL && count <= COLUMNS_MAX; count++) {
        fields[count] = next;
        next = strchr(next, '\t');
        if (next != NULL) {
            *next++ = '\0';
        }
    }
    return count;
}

static bool read_header(word_list *list, char **fields, size_t count) {
    list->word_column = list->value_column = list->attribute_column = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i], "word") == 0) {
            list->word_column = i;
        } else if (strcmp(fields[i], "value") == 0) {
            list->value_column = i;
        } else if (strcmp(fields[i], "attribute") == 0) {
            list->attribute_column = i;
        }
    }
    if (list->word_column == SIZE_MAX || list->value_column == SIZE_MAX) {
        return complain(list, "the header row needs the columns word and value", fields[0]);
    }
    list->column_count = count;
    return true;
}

/* The number of a value, a new one where it is new; 0 on failure. */
static uint16_t number_of(word_list *list, const char *value) {
    for (size_t i = 1; i < list->value_count; i++) {
        if (strcmp(list->values[i], value) == 0) {
            return (uint16_t)i;
        }
    }
    void *values = list->values;
    if (list->value_count == 0) {
        list->value_count = 1; /* 0 stands for "none" */
    }
    if (list->value_count > UINT16_MAX ||
        !kbr_reserve(&kbr_allocator_default, &values, &list->value_capacity, list->value_count + 1,
                     sizeof *list->values)) {
        return 0;
    }
    list->values = values;
    char *copy = strdup(value);
    if (copy == NULL) {
        return 0;
    }
    list->values[0] = NULL;
    list->values[list->value_count] = copy;
    return (uint16_t)list->value_count++;
}

static bool read_attribute(word_list *list, const char *field, uint32_t *attribute) {
    *attribute = 0;
    if (field[0] == '\0') {
        return true;
    }
    char *end = NULL;
    errno = 0;
    unsigned long long number = strtoull(field, &end, 0);
    if (*end != '\0' || errno != 0 || number > UINT32_MAX || field[0] == '-') {
        return complain(list, "attribute is not a number of 32 bits, decimal or 0x", field);
    }
    *attribute = (uint32_t)number;
    return true;
}

static bool read_row(word_list *list, char **fields, size_t count) {
    if (count != list->column_count) {
        return complain(list, "another number of columns than the header row", fields[0]);
    }
    const char *word = fields[list->word_column];
    const char *value = fields[list->value_column];
    if (value[0] == '\0') {
        return complain(list, "value is empty", word);
    }
    list_entry entry = {.text = list->pool.len, .line = list->line};
    if (list->attribute_column != SIZE_MAX &&
        !read_attribute(list, fields[list->attribute_column], &entry.attribute)) {
        return false;
    }
    kaburi_text text = {word, strlen(word)};
    kaburi_error error;
    if (kbr_text_check(text, "word", &error) != KABURI_OK) {
        return complain(list, error.message, word);
    }
    if (kbr_fold(&list->folded, text) != KABURI_OK) {
        return complain(list, "out of memory", word);
    }
    entry.len = list->folded.len;
    if (entry.len == 0) {
        return complain(list, "nothing is left of the word once folded", word);
    }
    if (entry.len > UINT16_MAX) {
        return complain(list, "the word is too long", word);
    }
    entry.value = number_of(list, value);
    void *entries = list->entries;
    if (entry.value == 0 || !kbr_units_append(&list->pool, list->folded.unit, entry.len) ||
        !kbr_reserve(&kbr_allocator_default, &entries, &list->capacity, list->count + 1,
                     sizeof entry)) {
        return complain(list, "out of memory, or too many values", word);
    }
    list->entries = entries;
    list->entries[list->count++] = entry;
    return true;
}

static bool read_list(word_list *list, FILE *file) {
    char *line = NULL;
    size_t capacity = 0;
    bool good = true;
    while (good) {
        ssize_t size = getline(&line, &capacity, file);
        if (size < 0) {
            break;
        }
        list->line++;
        while (size > 0 && (line[size - 1] == '\n' || line[size - 1] == '\r')) {
            line[--size] = '\0';
        }
        if (size == 0 || line[0] == '#') {
            continue;
        }
        char *fields[COLUMNS_MAX + 1];
        size_t count = split(line, fields);
        if (count > COLUMNS_MAX) {
            good = complain(list, "too many columns", fields[0]);
        } else if (list->column_count == 0) {
            good = read_header(list, fields, count);
        } else {
            good = read_row(list, fields, count);
        }
    }
    free(line);
    if (good && list->count == 0) {
        good = complain(list, "no word in the list", list->file);
    }
    return good;
}

/* qsort has no context, and a generator has one list. */
static const uint16_t *sorted_pool;

static uint32_t bucket_of(uint16_t unit) {
    return (unit ^ (uint32_t)unit >> 8) & 0xFF;
}

static int compare_text(const list_entry *x, const list_entry *y) {
    for (size_t i = 0; i < x->len && i < y->len; i++) {
        int difference = (int)sorted_pool[x->text + i] - (int)sorted_pool[y->text + i];
        if (difference != 0) {
            return difference;
        }
    }
    return (x->len > y->len) - (x->len < y->len);
}

static int compare_entries(const void *a, const void *b) {
    const list_entry *x = a;
    const list_entry *y = b;
    int difference = compare_text(x, y);
    return difference != 0 ? difference : (x->line > y->line) - (x->line < y->line);
}

/* Bucket of the first unit, then the longest first. */
static int compare_starts(const void *a, const void *b) {
    const list_entry *x = a;
    const list_entry *y = b;
    int difference = (int)bucket_of(sorted_pool[x->text]) - (int)bucket_of(sorted_pool[y->text]);
    if (difference == 0) {
        difference = (x->len < y->len) - (x->len > y->len);
    }
    return difference != 0 ? difference : compare_text(x, y);
}

static const list_entry *sorted_entries;

static uint16_t last_unit(const list_entry *entry) {
    return sorted_pool[entry->text + entry->len - 1];
}

/* Indexes of entries: bucket of the last unit, then the longest first. */
static int compare_ends(const void *a, const void *b) {
    uint32_t i = *(const uint32_t *)a;
    uint32_t j = *(const uint32_t *)b;
    const list_entry *x = &sorted_entries[i];
    const list_entry *y = &sorted_entries[j];
    int difference = (int)bucket_of(last_unit(x)) - (int)bucket_of(last_unit(y));
    if (difference == 0) {
        difference = (x->len < y->len) - (x->len > y->len);
    }
    return difference != 0 ? difference : (i > j) - (i < j);
}

/* Of a word of one unit the next is 0. */
static uint32_t pair_of(const list_entry *entry) {
    const uint16_t *unit = sorted_pool + entry->text;
    return (uint32_t)unit[0] << 16 | (entry->len > 1 ? unit[1] : 0U);
}

/* About as many buckets as words. */
static uint32_t head_bits_of(const word_list *list) {
    uint32_t bits = 4;
    while (((size_t)1 << bits) < list->count) {
        bits++;
    }
    return bits;
}

static uint32_t head_bits;

static uint32_t head_bucket(const list_entry *entry) {
    uint32_t pair = pair_of(entry);
    return kbr_words_pair((uint16_t)(pair >> 16), (uint16_t)pair, head_bits);
}

/* Indexes of entries: bucket of the pair, then the longest first. */
static int compare_heads(const void *a, const void *b) {
    uint32_t i = *(const uint32_t *)a;
    uint32_t j = *(const uint32_t *)b;
    const list_entry *x = &sorted_entries[i];
    const list_entry *y = &sorted_entries[j];
    int difference = (int)head_bucket(x) - (int)head_bucket(y);
    if (difference == 0) {
        difference = (x->len < y->len) - (x->len > y->len);
    }
    return difference != 0 ? difference : (i > j) - (i < j);
}

/* One entry for one word; the same word with two values is an error. */
static bool unite(word_list *list) {
    sorted_pool = list->pool.data;
    qsort(list->entries, list->count, sizeof *list->entries, compare_entries);
    size_t kept = 1;
    for (size_t i = 1; i < list->count; i++) {
        const list_entry *last = &list->entries[kept - 1];
        const list_entry *next = &list->entries[i];
        if (compare_text(last, next) != 0) {
            list->entries[kept++] = *next;
        } else if (last->value != next->value) {
            list->line = next->line;
            return complain(list,
                            "this word, once folded, is on an earlier line with another value",
                            list->values[next->value]);
        }
    }
    list->count = kept;
    qsort(list->entries, list->count, sizeof *list->entries, compare_starts);
    return true;
}

static void write_units(FILE *out, const word_list *list) {
    (void)fprintf(out, "static const uint16_t pool[] = {");
    size_t written = 0;
    for (size_t i = 0; i < list->count; i++) {
        for (size_t j = 0; j < list->entries[i].len; j++) {
            (void)fprintf(out, "%s0x%04X,", written++ % 12 == 0 ? "\n    " : " ",
                          list->pool.data[list->entries[i].text + j]);
        }
    }
    (void)fprintf(out, "\n};\n\nstatic const kbr_word words[] = {\n");
    size_t text = 0;
    for (size_t i = 0; i < list->count; i++) {
        const list_entry *entry = &list->entries[i];
        (void)fprintf(out, "    {%zu, %zu, %u, 0x%" PRIX32 "},\n", text, entry->len,
                      (unsigned)entry->value, entry->attribute);
        text += entry->len;
    }
    (void)fprintf(out, "};\n");
}

static void write_starts(FILE *out, const char *name, const uint32_t *counts) {
    uint32_t start = 0;
    (void)fprintf(out, "\nstatic const uint32_t %s[257] = {", name);
    for (size_t i = 0; i <= 256; i++) {
        (void)fprintf(out, "%s%" PRIu32 ",", i % 16 == 0 ? "\n    " : " ", start);
        start += i < 256 ? counts[i] : 0;
    }
    (void)fprintf(out, "\n};\n");
}

/* `order` has the index of every entry. */
static void write_heads(FILE *out, const word_list *list, uint32_t *order) {
    qsort(order, list->count, sizeof *order, compare_heads);
    (void)fprintf(out, "\nstatic const kbr_word_head heads[] = {");
    for (size_t i = 0; i < list->count; i++) {
        (void)fprintf(out, "%s{0x%" PRIX32 ", %" PRIu32 "},", i % 8 == 0 ? "\n    " : " ",
                      pair_of(&list->entries[order[i]]), order[i]);
    }
    (void)fprintf(out, "\n};\n\nstatic const uint32_t head_starts[] = {");
    size_t start = 0;
    for (size_t bucket = 0; bucket <= (size_t)1 << head_bits; bucket++) {
        (void)fprintf(out, "%s%zu,", bucket % 16 == 0 ? "\n    " : " ", start);
        while (start < list->count && head_bucket(&list->entries[order[start]]) == bucket) {
            start++;
        }
    }
    (void)fprintf(out, "\n};\n");
}

static bool write_buckets(FILE *out, const word_list *list) {
    uint32_t *ends = calloc(list->count, sizeof *ends);
    if (ends == NULL) {
        return false;
    }
    uint32_t last[256] = {0};
    for (size_t i = 0; i < list->count; i++) {
        ends[i] = (uint32_t)i;
        last[bucket_of(last_unit(&list->entries[i]))]++;
    }
    sorted_entries = list->entries;
    head_bits = head_bits_of(list);
    write_heads(out, list, ends);
    qsort(ends, list->count, sizeof *ends, compare_ends);
    write_starts(out, "end_buckets", last);
    (void)fprintf(out, "\nstatic const uint32_t ends[] = {");
    for (size_t i = 0; i < list->count; i++) {
        (void)fprintf(out, "%s%" PRIu32 ",", i % 16 == 0 ? "\n    " : " ", ends[i]);
    }
    (void)fprintf(out, "\n};\n");
    free(ends);
    return true;
}

/* 32 bits a word: one place in 32 at the most is taken for the beginning of a word and is none. */
static uint32_t pair_bits_of(const word_list *list) {
    uint32_t bits = 8;
    while (((size_t)1 << bits) < list->count * 32) {
        bits++;
    }
    return bits;
}

static bool write_pairs(FILE *out, const word_list *list, const char *name, bool from_end) {
    uint32_t pair_bits = pair_bits_of(list);
    size_t count = ((size_t)1 << pair_bits) / 32;
    uint32_t *bits = calloc(count, sizeof *bits);
    if (bits == NULL) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        const list_entry *entry = &list->entries[i];
        const uint16_t *unit = list->pool.data + entry->text;
        size_t outer = from_end ? entry->len - 1 : 0;
        size_t inner = from_end ? entry->len - 2 : 1;
        uint16_t next = entry->len > 1 ? unit[inner] : 0;
        uint32_t place = kbr_words_pair(unit[outer], next, pair_bits);
        bits[place / 32] |= UINT32_C(1) << place % 32;
    }
    (void)fprintf(out, "\nstatic const uint32_t %s[] = {", name);
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(out, "%s0x%" PRIX32 ",", i % 8 == 0 ? "\n    " : " ", bits[i]);
    }
    (void)fprintf(out, "\n};\n");
    free(bits);
    return true;
}

static void write_values(FILE *out, const word_list *list, const char *name) {
    (void)fprintf(out, "\nconst char *const kbr_words_%s_values[] = {\n    \"\",\n", name);
    for (size_t i = 1; i < list->value_count; i++) {
        (void)fputs("    \"", out);
        for (const char *c = list->values[i]; *c != '\0'; c++) {
            if (*c == '"' || *c == '\\' || *c == '?') {
                (void)fputc('\\', out);
            }
            (void)fputc(*c, out);
        }
        (void)fputs("\",\n", out);
    }
    (void)fprintf(out, "};\nconst uint32_t kbr_words_%s_value_count = %zu;\n", name,
                  list->value_count);
}

static bool write_list(FILE *out, const word_list *list, const char *name) {
    size_t len_max = 0;
    for (size_t i = 0; i < list->count; i++) {
        len_max = list->entries[i].len > len_max ? list->entries[i].len : len_max;
    }
    (void)fprintf(out,
                  "/* Made by gen_words from %s.tsv; not to be edited. */\n"
                  "#include \"words.h\"\n\n",
                  name);
    write_units(out, list);
    if (!write_buckets(out, list) || !write_pairs(out, list, "starts", false) ||
        !write_pairs(out, list, "tails", true)) {
        return false;
    }
    write_values(out, list, name);
    (void)fprintf(
        out,
        "\nconst kbr_words kbr_words_%s = {\n    pool, words, heads, head_starts, %" PRIu32
        ", %zu, %zu, ends, end_buckets, starts, tails, %" PRIu32 "};\n",
        name, head_bits, list->count, len_max, pair_bits_of(list));
    return true;
}

static void free_list(word_list *list) {
    for (size_t i = 1; i < list->value_count; i++) {
        free(list->values[i]);
    }
    kbr_release(&kbr_allocator_default, list->values);
    kbr_release(&kbr_allocator_default, list->entries);
    kbr_units_free(&list->pool);
    kbr_folded_free(&list->folded);
}

int main(int argc, char **argv) {
    if (argc != 4) {
        (void)fprintf(stderr, "usage: gen_words LIST IN.tsv OUT.c\n");
        return 2;
    }
    word_list list = {.file = argv[2], .pool.allocator = &kbr_allocator_default};
    kbr_folded_init(&list.folded, &kbr_allocator_default);
    bool good = false;
    FILE *in = fopen(argv[2], "r");
    if (in == NULL) {
        perror(argv[2]);
    } else {
        good = read_list(&list, in) && unite(&list);
        (void)fclose(in);
    }
    FILE *out = good ? fopen(argv[3], "w") : NULL;
    if (out != NULL) {
        good = write_list(out, &list, argv[1]) && ferror(out) == 0;
        good = fclose(out) == 0 && good;
    } else if (good) {
        good = false;
        perror(argv[3]);
    }
    free_list(&list);
    return good ? 0 : 1;
}
