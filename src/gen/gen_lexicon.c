/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Build-time generator: gen_lexicon LEXICON.tsv TERMS.tsv OUT.c turns readings and terms into the
 * double array that lexicon.c walks. Surfaces are folded by kbr_fold, so that they match what a
 * folded name holds. A term's surface without a reading of its own gets that of the cheapest
 * sequence of entries that spells it.
 */
#include "../fold.h"
#include "../lexicon_table.h"
#include "../sound.h"
#include "../text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SURFACES_MAX (1U << 20)
#define KANA_MAX 64
/* A term in kana of so many units stands anywhere: ケンセツ, not デンキ or ショウジ. */
#define FREE_LEN 4
#define COST_MAX (KBR_LEXICON_MORE - 1)

typedef struct reading {
    size_t line;
    size_t surface; /* in the pool of units */
    size_t len;
    uint8_t kana[KANA_MAX];
    size_t kana_len;
    uint32_t cost;
    uint16_t term;
    bool at_end;
} reading;

typedef struct lexicon {
    const char *file;
    size_t line;
    kbr_units pool;
    kbr_folded folded;
    reading *rows;
    size_t count, capacity;
    size_t sorted; /* rows of LEXICON.tsv, sorted, before those of TERMS.tsv */
    char **terms;
    size_t term_count, term_capacity;
    uint32_t kana_cost, unknown_cost, version;
} lexicon;

static bool complain(const lexicon *made, const char *problem, const char *what) {
    (void)fprintf(stderr, "%s:%zu: %s: '%.80s'\n", made->file, made->line, problem, what);
    return false;
}

/* ---- reading the two files ---- */

static size_t split(char *line, char **fields, size_t fields_max) {
    size_t count = 0;
    for (char *next = line; next != NULL && count < fields_max; count++) {
        fields[count] = next;
        next = strchr(next, '\t');
        if (next != NULL) {
            *next++ = '\0';
        }
    }
    return count;
}

static bool fold(lexicon *made, const char *field) {
    kaburi_text text = {field, strlen(field)};
    kaburi_error error;
    if (kbr_text_check(text, "surface", &error) != KABURI_OK) {
        return complain(made, error.message, field);
    }
    if (kbr_fold(&made->folded, text) != KABURI_OK) {
        return complain(made, "out of memory", field);
    }
    return true;
}

static reading *append(lexicon *made, const char *surface) {
    if (!fold(made, surface)) {
        return NULL;
    }
    size_t len = made->folded.len;
    if (len == 0 || len > KBR_LEXICON_LEN_MAX || made->count >= SURFACES_MAX) {
        (void)complain(made, "a surface has 1..24 units, a lexicon a million rows", surface);
        return NULL;
    }
    void *rows = made->rows;
    if (!kbr_units_append(&made->pool, made->folded.unit, len) ||
        !kbr_reserve(&kbr_allocator_default, &rows, &made->capacity, made->count + 1,
                     sizeof *made->rows)) {
        (void)complain(made, "out of memory", surface);
        return NULL;
    }
    made->rows = rows;
    reading *row = &made->rows[made->count++];
    *row = (reading){.line = made->line, .surface = made->pool.len - len, .len = len};
    return row;
}

static bool read_kana(lexicon *made, const char *field, reading *row) {
    if (!fold(made, field)) {
        return false;
    }
    if (made->folded.len == 0 || made->folded.len > KANA_MAX) {
        return complain(made, "a reading has 1..64 kana", field);
    }
    for (size_t i = 0; i < made->folded.len; i++) {
        if (!kbr_is_kana(made->folded.unit[i])) {
            return complain(made, "the reading is not in kana", field);
        }
        row->kana[i] = KBR_KANA(made->folded.unit[i]);
    }
    row->kana_len = made->folded.len;
    return true;
}

static bool read_number(const lexicon *made, const char *field, uint32_t most, uint32_t *out) {
    char *end = NULL;
    unsigned long number = strtoul(field, &end, 10);
    if (end == field || *end != '\0' || number == 0 || number > most) {
        return complain(made, "not a number in range", field);
    }
    *out = (uint32_t)number;
    return true;
}

static bool read_setting(lexicon *made, char *line) {
    const struct {
        const char *name;
        uint32_t *value;
    } settings[] = {{"# kana_cost ", &made->kana_cost},
                    {"# unknown_cost ", &made->unknown_cost},
                    {"# version ", &made->version}};
    for (size_t i = 0; i < KBR_COUNT(settings); i++) {
        size_t size = strlen(settings[i].name);
        if (strncmp(line, settings[i].name, size) == 0) {
            return read_number(made, line + size, COST_MAX, settings[i].value);
        }
    }
    return true;
}

static bool read_reading(lexicon *made, char **fields) {
    reading *row = append(made, fields[0]);
    return row != NULL && read_kana(made, fields[1], row) &&
           read_number(made, fields[2], COST_MAX, &row->cost);
}

static uint16_t term_of(lexicon *made, const char *name) {
    for (size_t i = 1; i < made->term_count; i++) {
        if (strcmp(made->terms[i], name) == 0) {
            return (uint16_t)i;
        }
    }
    void *terms = made->terms;
    if (made->term_count >= KBR_LEXICON_AT_END ||
        !kbr_reserve(&kbr_allocator_default, &terms, &made->term_capacity, made->term_count + 2,
                     sizeof *made->terms)) {
        return 0;
    }
    made->terms = terms;
    made->term_count += made->term_count == 0;
    made->terms[made->term_count] = strdup(name);
    return made->terms[made->term_count] == NULL ? 0 : (uint16_t)made->term_count++;
}

static bool read_term(lexicon *made, char **fields) {
    reading *row = append(made, fields[1]);
    if (row == NULL) {
        return false;
    }
    row->term = term_of(made, fields[0]);
    row->at_end = strcmp(fields[2], "reading") == 0 && row->len < FREE_LEN;
    return row->term != 0 || complain(made, "out of memory, or too many terms", fields[0]);
}

static bool read_file(lexicon *made, const char *path, bool (*read_row)(lexicon *, char **)) {
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        perror(path);
        return false;
    }
    made->file = path;
    made->line = 0;
    char *line = NULL;
    size_t capacity = 0;
    bool good = true;
    bool header = true;
    for (ssize_t size; good && (size = getline(&line, &capacity, file)) >= 0;) {
        made->line++;
        while (size > 0 && (line[size - 1] == '\n' || line[size - 1] == '\r')) {
            line[--size] = '\0';
        }
        char *fields[3];
        if (line[0] == '#') {
            good = read_setting(made, line);
        } else if (header) {
            header = false;
        } else if (split(line, fields, KBR_COUNT(fields)) != KBR_COUNT(fields)) {
            good = complain(made, "not three columns", line);
        } else {
            good = read_row(made, fields);
        }
    }
    free(line);
    (void)fclose(file);
    return good;
}

/* ---- one order: by surface, then the cheapest reading first ---- */

static const uint16_t *sorted_pool; /* qsort has no context, and a generator has one lexicon */

static int compare_units(const uint16_t *a, size_t a_len, const uint16_t *b, size_t b_len) {
    for (size_t i = 0; i < a_len && i < b_len; i++) {
        if (a[i] != b[i]) {
            return a[i] < b[i] ? -1 : 1;
        }
    }
    return (a_len > b_len) - (a_len < b_len);
}

static int compare_surfaces(const reading *x, const reading *y) {
    return compare_units(sorted_pool + x->surface, x->len, sorted_pool + y->surface, y->len);
}

static int compare_rows(const void *a, const void *b) {
    const reading *x = a;
    const reading *y = b;
    int order = compare_surfaces(x, y);
    if (order == 0) {
        order = (x->cost > y->cost) - (x->cost < y->cost);
    }
    if (order == 0) {
        size_t least = x->kana_len < y->kana_len ? x->kana_len : y->kana_len;
        order = memcmp(x->kana, y->kana, least);
    }
    return order != 0 ? order : (x->kana_len > y->kana_len) - (x->kana_len < y->kana_len);
}

static void sort_rows(lexicon *made) {
    sorted_pool = made->pool.data;
    qsort(made->rows, made->count, sizeof *made->rows, compare_rows);
}

/* ---- the reading of a term that has none ---- */

static const reading *find_surface(const lexicon *made, const uint16_t *units, size_t len) {
    size_t low = 0;
    size_t high = made->sorted;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const reading *row = &made->rows[middle];
        if (compare_units(sorted_pool + row->surface, row->len, units, len) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const reading *found = &made->rows[low];
    return low < made->sorted &&
                   compare_units(sorted_pool + found->surface, found->len, units, len) == 0
               ? found
               : NULL;
}

static void keep_cheaper(reading *best, const reading *before, const reading *piece,
                         uint32_t cost) {
    uint32_t sum = before->cost + cost;
    if ((best->cost == 0 || sum < best->cost) && before->kana_len + piece->kana_len <= KANA_MAX) {
        memcpy(best->kana, before->kana, before->kana_len);
        memcpy(best->kana + before->kana_len, piece->kana, piece->kana_len);
        best->kana_len = before->kana_len + piece->kana_len;
        best->cost = sum;
    }
}

static void spell(const lexicon *made, reading *row) {
    static reading paths[KBR_LEXICON_LEN_MAX + 1];
    memset(paths, 0, sizeof paths);
    paths[0].cost = 1;
    const uint16_t *units = sorted_pool + row->surface;
    for (size_t from = 0; from < row->len; from++) {
        const reading literal = {.kana = {KBR_KANA(units[from])},
                                 .kana_len = kbr_is_kana(units[from])};
        keep_cheaper(&paths[from + 1], &paths[from], &literal,
                     literal.kana_len != 0 ? made->kana_cost
                     : units[from] == ' '  ? 0
                                           : made->unknown_cost);
        for (size_t len = 1; from + len <= row->len; len++) {
            const reading *piece = find_surface(made, units + from, len);
            if (piece != NULL) {
                keep_cheaper(&paths[from + len], &paths[from], piece, piece->cost);
            }
        }
    }
    memcpy(row->kana, paths[row->len].kana, sizeof row->kana);
    row->kana_len = paths[row->len].kana_len;
    row->cost = paths[row->len].cost;
}

/* So much cheaper than its pieces, for each of its words: of two ways to read a name the one that
 * knows the term is taken, 電機 and 製作所 before 電機製作所, electric power before electric. */
#define TERM_DISCOUNT 256

/* Of surfaces that cost the same the longer is taken: 旅客鉄道 before 旅客 and 鉄道. */
static uint32_t discounted(const lexicon *made, const reading *row) {
    uint32_t discount = TERM_DISCOUNT + (uint32_t)row->len;
    for (size_t i = 0; i < row->len; i++) {
        discount += made->pool.data[row->surface + i] == ' ' ? 2 * TERM_DISCOUNT : 0;
    }
    return row->cost > discount ? row->cost - discount : 1;
}

/* Rows of TERMS.tsv give their term to the rows of LEXICON.tsv with the same surface, and stand for
 * themselves where there is none. A surface means one thing only. */
static bool join_terms(lexicon *made) {
    size_t kept = made->sorted;
    for (size_t i = made->sorted; i < made->count; i++) {
        reading *row = &made->rows[i];
        made->line = row->line;
        const reading *same = find_surface(made, sorted_pool + row->surface, row->len);
        if (same == NULL) {
            spell(made, row);
            row->cost = discounted(made, row);
            if (row->cost > COST_MAX || row->kana_len == 0) {
                return complain(made, "a term cannot be read", made->terms[row->term]);
            }
            made->rows[kept++] = *row;
            continue;
        }
        for (size_t j = (size_t)(same - made->rows);
             j < made->sorted && compare_surfaces(&made->rows[j], row) == 0; j++) {
            if (made->rows[j].term != 0 && made->rows[j].term != row->term) {
                return complain(made, "a surface of two terms", made->terms[row->term]);
            }
            if (made->rows[j].term == 0) {
                made->rows[j].cost = discounted(made, &made->rows[j]);
            }
            made->rows[j].term = row->term;
        }
    }
    made->count = kept;
    sort_rows(made);
    for (size_t i = 1; i < made->count; i++) {
        if (compare_surfaces(&made->rows[i - 1], &made->rows[i]) == 0 &&
            made->rows[i - 1].term != made->rows[i].term) {
            made->line = made->rows[i].line;
            return complain(made, "a surface of two terms", made->terms[made->rows[i].term]);
        }
    }
    return true;
}

/* ---- the double array ---- */

typedef struct double_array {
    const lexicon *made;
    kbr_lexicon_node *nodes;
    size_t size, capacity; /* places from `size` on are free */
    size_t children;       /* how many the last node had */
    size_t from;           /* where to look for places for so many */
} double_array;

#define UNUSED UINT32_MAX
#define TRIES_MAX 1000

static bool grow(double_array *array, size_t size) {
    if (size <= array->size) {
        return true;
    }
    void *nodes = array->nodes;
    size_t capacity = array->capacity;
    if (!kbr_reserve(&kbr_allocator_default, &nodes, &capacity, size, sizeof *array->nodes)) {
        return false;
    }
    array->nodes = nodes;
    array->capacity = capacity;
    for (size_t i = array->size; i < size; i++) {
        array->nodes[i] = (kbr_lexicon_node){0, UNUSED};
    }
    array->size = size;
    return true;
}

static bool is_free(const double_array *array, size_t place) {
    return place >= array->size || array->nodes[place].check == UNUSED;
}

/*
 * A base at which every child finds a free place: the lowest, but that places where nodes of so
 * many children hardly ever fit are not tried again before nodes of fewer come.
 */
static uint32_t base_for(double_array *array, const uint16_t *children, size_t count) {
    if (count != array->children) {
        array->children = count;
        array->from = 1;
    }
    size_t tries = 0;
    size_t place = array->from > children[0] ? array->from : children[0] + 1U;
    for (;; place++, tries++) {
        size_t i = 0;
        while (i < count && is_free(array, place - children[0] + children[i])) {
            i++;
        }
        if (i == count) {
            break;
        }
    }
    if (tries > TRIES_MAX) {
        array->from = place;
    }
    return (uint32_t)(place - children[0]);
}

static uint16_t code_at(const reading *row, size_t depth) {
    return depth == row->len ? 0 : sorted_pool[row->surface + depth];
}

/* A node whose children have no places yet: the rows [first, last) share `depth` units. */
typedef struct waiting {
    uint32_t node;
    uint32_t children;
    const reading *first, *last;
    size_t depth;
} waiting;

/* Those with most children go first: where they leave gaps, single children fill them. */
typedef struct heap {
    waiting *items;
    size_t count, capacity;
} heap;

static bool goes_first(const waiting *a, const waiting *b) {
    return a->children != b->children ? a->children > b->children : a->node < b->node;
}

static void swap_items(heap *queue, size_t a, size_t b) {
    waiting item = queue->items[a];
    queue->items[a] = queue->items[b];
    queue->items[b] = item;
}

static bool push(heap *queue, waiting item) {
    void *items = queue->items;
    if (!kbr_reserve(&kbr_allocator_default, &items, &queue->capacity, queue->count + 1,
                     sizeof *queue->items)) {
        return false;
    }
    queue->items = items;
    uint16_t last_code = UINT16_MAX;
    for (const reading *row = item.first; row < item.last; row++) {
        uint16_t code = code_at(row, item.depth);
        item.children += row == item.first || code != last_code;
        last_code = code;
    }
    size_t at = queue->count++;
    queue->items[at] = item;
    for (; at > 0 && goes_first(&queue->items[at], &queue->items[(at - 1) / 2]);
         at = (at - 1) / 2) {
        swap_items(queue, at, (at - 1) / 2);
    }
    return true;
}

static waiting pop(heap *queue) {
    waiting first = queue->items[0];
    queue->items[0] = queue->items[--queue->count];
    for (size_t at = 0;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < queue->count &&
            goes_first(&queue->items[child + 1], &queue->items[child])) {
            child++;
        }
        if (child >= queue->count || !goes_first(&queue->items[child], &queue->items[at])) {
            return first;
        }
        swap_items(queue, at, child);
        at = child;
    }
}

/* Whether all rows of a range are the same surface, which has no longer ones. */
static bool ends_all(const reading *first, const reading *last, size_t depth) {
    return first->len == depth && last[-1].len == depth;
}

static bool place_children(double_array *array, heap *queue, const waiting *parent) {
    static uint16_t codes[UINT16_MAX];
    size_t count = 0;
    for (const reading *row = parent->first; row < parent->last; row++) {
        uint16_t code = code_at(row, parent->depth);
        if (count == 0 || codes[count - 1] != code) {
            codes[count++] = code;
        }
    }
    uint32_t base = base_for(array, codes, count);
    if (!grow(array, (size_t)base + codes[count - 1] + 1)) {
        return false;
    }
    array->nodes[parent->node].base = base | (codes[0] == 0 ? KBR_LEXICON_ENDS : 0);
    const reading *row = parent->first;
    for (size_t i = 0; i < count; i++) {
        const reading *from = row;
        while (row < parent->last && code_at(row, parent->depth) == codes[i]) {
            row++;
        }
        uint32_t child = base + codes[i];
        array->nodes[child].check = parent->node;
        if (codes[i] == 0 || ends_all(from, row, parent->depth + 1)) {
            array->nodes[child].base = KBR_LEXICON_LEAF | (uint32_t)(from - array->made->rows);
        } else if (!push(queue, (waiting){child, 0, from, row, parent->depth + 1})) {
            return false;
        }
    }
    return true;
}

static bool build(double_array *array) {
    const lexicon *made = array->made;
    heap queue = {0};
    bool good = grow(array, 1);
    if (good) {
        array->nodes[0].check = 0;
        good = push(&queue, (waiting){0, 0, made->rows, made->rows + made->count, 0});
    }
    while (good && queue.count > 0) {
        waiting parent = pop(&queue);
        good = place_children(array, &queue, &parent);
    }
    kbr_release(&kbr_allocator_default, queue.items);
    return good;
}

/* ---- codes: the commonest unit first, so that children lie close together ---- */

static uint32_t unit_counts[UINT16_MAX + 1];

static int compare_counts(const void *a, const void *b) {
    uint32_t x = *(const uint16_t *)a;
    uint32_t y = *(const uint16_t *)b;
    int order = (unit_counts[x] < unit_counts[y]) - (unit_counts[x] > unit_counts[y]);
    return order != 0 ? order : (x > y) - (x < y);
}

static void number_units(const lexicon *made, uint16_t *codes) {
    static uint16_t units[UINT16_MAX + 1];
    for (size_t i = 0; i < made->count; i++) {
        for (size_t j = 0; j < made->rows[i].len; j++) {
            unit_counts[sorted_pool[made->rows[i].surface + j]]++;
        }
    }
    for (size_t i = 0; i <= UINT16_MAX; i++) {
        units[i] = (uint16_t)i;
    }
    qsort(units, KBR_COUNT(units), sizeof *units, compare_counts);
    for (size_t i = 0; i < KBR_COUNT(units) && unit_counts[units[i]] != 0; i++) {
        codes[units[i]] = (uint16_t)(i + 1);
    }
}

/* The pool's units become their codes, for one sort of the rows to be the order of the trie. */
static void encode(lexicon *made, const uint16_t *codes) {
    for (size_t i = 0; i < made->pool.len; i++) {
        made->pool.data[i] = codes[made->pool.data[i]];
    }
    sort_rows(made);
}

/* ---- writing ---- */

static void write_codes(FILE *out, const uint16_t *codes) {
    uint8_t pages[256] = {0};
    size_t count = 1;
    (void)fputs("const uint16_t kbr_lexicon_codes[][256] = {\n    {0},\n", out);
    for (size_t high = 0; high < 256; high++) {
        bool used = false;
        for (size_t low = 0; low < 256; low++) {
            used |= codes[high << 8 | low] != 0;
        }
        if (!used) {
            continue;
        }
        pages[high] = (uint8_t)count++;
        (void)fputs("    {", out);
        for (size_t low = 0; low < 256; low++) {
            (void)fprintf(out, "%u,", codes[high << 8 | low]);
        }
        (void)fputs("},\n", out);
    }
    (void)fputs("};\nconst uint8_t kbr_lexicon_pages[256] = {", out);
    for (size_t i = 0; i < 256; i++) {
        (void)fprintf(out, "%u,", pages[i]);
    }
    (void)fputs("};\n", out);
}

/* Readings that are the same stand in the pool of kana once: sorted, each looks back one. */
static int compare_kana(const void *a, const void *b) {
    const reading *x = *(const reading *const *)a;
    const reading *y = *(const reading *const *)b;
    size_t least = x->kana_len < y->kana_len ? x->kana_len : y->kana_len;
    int order = memcmp(x->kana, y->kana, least);
    return order != 0 ? order : (x->kana_len > y->kana_len) - (x->kana_len < y->kana_len);
}

static bool write_readings(FILE *out, const lexicon *made) {
    const reading **order = calloc(made->count, sizeof *order);
    uint32_t *offsets = calloc(made->count, sizeof *offsets);
    if (order == NULL || offsets == NULL) {
        free(order);
        free(offsets);
        return false;
    }
    for (size_t i = 0; i < made->count; i++) {
        order[i] = &made->rows[i];
    }
    qsort(order, made->count, sizeof *order, compare_kana);
    uint32_t size = 0;
    (void)fputs("const uint8_t kbr_lexicon_kana[] = {", out);
    for (size_t i = made->count; i > 0; i--) {
        /* What a longer reading begins with needs no place of its own. */
        const reading *row = order[i - 1];
        const reading *longer = i < made->count ? order[i] : NULL;
        uint32_t *offset = &offsets[row - made->rows];
        if (longer != NULL && longer->kana_len >= row->kana_len &&
            memcmp(longer->kana, row->kana, row->kana_len) == 0) {
            *offset = offsets[longer - made->rows];
            continue;
        }
        *offset = size;
        for (size_t j = 0; j < row->kana_len; j++) {
            (void)fprintf(out, "%s%u,", size++ % 24 == 0 ? "\n" : "", row->kana[j]);
        }
    }
    (void)fputs("};\nconst kbr_lexicon_entry kbr_lexicon_entries[] = {\n", out);
    for (size_t i = 0; i < made->count; i++) {
        const reading *row = &made->rows[i];
        bool more = i + 1 < made->count && compare_surfaces(row, row + 1) == 0;
        (void)fprintf(out, "{%" PRIu32 ",%" PRIu32 ",%u},%s",
                      offsets[i] << 8 | (uint32_t)row->kana_len,
                      row->cost | (more ? KBR_LEXICON_MORE : 0),
                      row->term | (row->at_end ? KBR_LEXICON_AT_END : 0), i % 6 == 5 ? "\n" : "");
    }
    (void)fputs("};\n", out);
    free(order);
    free(offsets);
    return true;
}

static void write_nodes(FILE *out, const double_array *array) {
    (void)fputs("const kbr_lexicon_node kbr_lexicon_nodes[] = {\n", out);
    for (size_t i = 0; i < array->size; i++) {
        (void)fprintf(out, "{%" PRIu32 ",%" PRIu32 "},%s", array->nodes[i].base,
                      array->nodes[i].check, i % 8 == 7 ? "\n" : "");
    }
    (void)fprintf(out, "};\nconst uint32_t kbr_lexicon_node_count = %zu;\n", array->size);
}

static bool write_lexicon(FILE *out, lexicon *made) {
    static uint16_t codes[UINT16_MAX + 1];
    double_array array = {.made = made};
    number_units(made, codes);
    encode(made, codes);
    bool good = build(&array);
    (void)fputs("/* Made by gen_lexicon; not to be edited. */\n#include \"lexicon_table.h\"\n\n",
                out);
    write_codes(out, codes);
    good = good && write_readings(out, made);
    write_nodes(out, &array);
    uint16_t silent = 0;
    for (size_t i = 1; i < made->term_count; i++) {
        silent = strcmp(made->terms[i], "-") == 0 ? (uint16_t)i : silent;
    }
    (void)fputs("const char *const kbr_lexicon_terms[] = {\n    \"\",\n", out);
    for (size_t i = 1; i < made->term_count; i++) {
        (void)fprintf(out, "    \"%s\",\n", made->terms[i]);
    }
    (void)fprintf(out,
                  "};\nconst uint32_t kbr_lexicon_term_count = %zu;\n"
                  "const uint16_t kbr_lexicon_silent = %u;\n"
                  "const uint32_t kbr_lexicon_kana_cost = %" PRIu32 ";\n"
                  "const uint32_t kbr_lexicon_unknown_cost = %" PRIu32 ";\n"
                  "const uint32_t kbr_lexicon_version = %" PRIu32 ";\n",
                  made->term_count, (unsigned)silent, made->kana_cost, made->unknown_cost,
                  made->version);
    kbr_release(&kbr_allocator_default, array.nodes);
    return good;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        (void)fputs("usage: gen_lexicon LEXICON.tsv TERMS.tsv OUT.c\n", stderr);
        return 2;
    }
    lexicon made = {.pool.allocator = &kbr_allocator_default};
    kbr_folded_init(&made.folded, &kbr_allocator_default);
    bool good = read_file(&made, argv[1], read_reading);
    if (good && (made.kana_cost == 0 || made.unknown_cost == 0 || made.version == 0)) {
        good = complain(&made, "no '# kana_cost N', '# unknown_cost N' or '# version N'", argv[1]);
    }
    if (good) {
        sort_rows(&made);
        made.sorted = made.count;
        good = read_file(&made, argv[2], read_term);
        sorted_pool = made.pool.data;
        good = good && join_terms(&made);
    }
    FILE *out = good ? fopen(argv[3], "w") : NULL;
    if (out != NULL) {
        good = write_lexicon(out, &made) && ferror(out) == 0;
        good = fclose(out) == 0 && good;
    } else if (good) {
        perror(argv[3]);
        good = false;
    }
    for (size_t i = 1; i < made.term_count; i++) {
        free(made.terms[i]);
    }
    kbr_release(&kbr_allocator_default, made.terms);
    kbr_release(&kbr_allocator_default, made.rows);
    kbr_units_free(&made.pool);
    kbr_folded_free(&made.folded);
    return good ? 0 : 1;
}
