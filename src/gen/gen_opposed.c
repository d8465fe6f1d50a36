/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Build-time generator: gen_opposed WORDS.tsv PLACES.tsv OUT.tsv OUT.c reads the opposed words and
 * the places by the lexicon. OUT.tsv is WORDS.tsv for gen_words, with what a word is across scripts
 * in its attribute; OUT.c has the words as they are read (see opposed_table.h).
 */
#include "../fold.h"
#include "../opposed.h"
#include "../opposed_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 8
#define MORAS_MAX 24
#define READ_ONLY 0x8000UL /* in the attribute */
#define PLACE_TIER_MAX 3   /* regions, prefectures, cities */

/* Fewest moras of a word that is told as it is read, and fewest kana of a place and of a word of so
 * few moras: トウキョウ and ショウジ have two moras; ツ and イセ begin too many names, and トウキ
 * ends them. */
#define LEN_MIN 2
#define WORD_KANA_MIN 4
#define PLACE_KANA_MIN 3
/* 2 bits: 日本 is read in two ways, 第一 in one. */
#define LIKELY_COST (2 * 64)

typedef struct row {
    char *word, *across, *note; /* of a place across is the place's name */
    char *group_name;
    unsigned long attribute;
    size_t above; /* of words that are one across scripts, one stands for all; itself: this one */
    uint16_t group;
    bool foreign;
    bool place;
} row;

typedef struct sound {
    size_t row;
    size_t len;
    uint8_t moras[MORAS_MAX];
} sound;

typedef struct table {
    row *rows;
    size_t count, capacity;
    sound *sounds;
    size_t sound_count, sound_capacity;
    size_t place_count; /* values of places, from 1 */
    char **places;      /* by value */
    size_t place_capacity;
} table;

static char *copy_of(const char *text) {
    char *copy = strdup(text);
    if (copy == NULL) {
        perror("gen_opposed");
        exit(1);
    }
    return copy;
}

static void *room(void *items, size_t *capacity, size_t wanted, size_t size) {
    if (!kbr_reserve(&kbr_allocator_default, &items, capacity, wanted, size)) {
        perror("gen_opposed");
        exit(1);
    }
    return items;
}

/* ---- reading the two files ---- */

static size_t split(char *line, char **fields) {
    size_t count = 0;
    for (char *next = line; next != NULL && count < COLUMNS_MAX; count++) {
        fields[count] = next;
        next = strchr(next, '\t');
        if (next != NULL) {
            *next++ = '\0';
        }
    }
    return count;
}

static void add_row(table *made, row *new) {
    made->rows = room(made->rows, &made->capacity, made->count + 1, sizeof *made->rows);
    new->above = made->count;
    made->rows[made->count++] = *new;
}

/* The number that gen_words gives to the name of a group: by first appearance, from 1. */
static uint16_t group_of(const table *made, const char *name) {
    uint16_t most = 0;
    for (size_t i = 0; i < made->count; i++) {
        if (strcmp(made->rows[i].group_name, name) == 0) {
            return made->rows[i].group;
        }
        most = made->rows[i].group > most ? made->rows[i].group : most;
    }
    return (uint16_t)(most + 1);
}

static bool add_word(table *made, char **fields, size_t count) {
    if (count != 5) {
        return false;
    }
    row new = {.word = copy_of(fields[0]),
               .group_name = copy_of(fields[1]),
               .attribute = strtoul(fields[2], NULL, 0),
               .across = copy_of(fields[3]),
               .note = copy_of(fields[4])};
    new.group = group_of(made, fields[1]);
    add_row(made, &new);
    return true;
}

static bool add_place(table *made, char **fields, size_t count) {
    if (count != 4) {
        return false;
    }
    unsigned long tier = strtoul(fields[2], NULL, 0);
    bool known = false;
    for (size_t i = 1; i <= made->place_count && !known; i++) {
        known = strcmp(made->places[i], fields[1]) == 0;
    }
    if (!known) {
        made->places =
            room(made->places, &made->place_capacity, made->place_count + 2, sizeof(char *));
        made->places[++made->place_count] = copy_of(fields[1]);
    }
    if (tier <= PLACE_TIER_MAX) {
        row new = {.word = copy_of(fields[0]),
                   .group_name = copy_of(""),
                   .across = copy_of(fields[1]),
                   .note = copy_of(""),
                   .group = KBR_OPPOSED_PLACES,
                   .place = true};
        add_row(made, &new);
    }
    return true;
}

static bool read_file(table *made, const char *path, bool (*add)(table *, char **, size_t)) {
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        perror(path);
        return false;
    }
    char *line = NULL;
    size_t capacity = 0;
    size_t number = 0;
    bool header = true;
    bool good = true;
    for (ssize_t size; good && (size = getline(&line, &capacity, file)) >= 0;) {
        number++;
        while (size > 0 && (line[size - 1] == '\n' || line[size - 1] == '\r')) {
            line[--size] = '\0';
        }
        char *fields[COLUMNS_MAX];
        if (size > 0 && line[0] != '#' && !header) {
            good = add(made, fields, split(line, fields));
        }
        header &= line[0] == '#';
    }
    if (!good) {
        (void)fprintf(stderr, "%s:%zu: not as many columns as the others\n", path, number);
    }
    free(line);
    (void)fclose(file);
    return good;
}

/* ---- as they are read ---- */

static void add_sound(table *made, size_t of, const uint8_t *kana, size_t kana_len) {
    uint8_t moras[KBR_READING_KANA_MAX];
    size_t len = kbr_sound_of_kana(moras, kana, kana_len);
    bool place = made->rows[of].place;
    bool brief = place ? kana_len < PLACE_KANA_MIN : len == LEN_MIN && kana_len < WORD_KANA_MIN;
    if (len < LEN_MIN || brief || len > MORAS_MAX) {
        return;
    }
    made->sounds =
        room(made->sounds, &made->sound_capacity, made->sound_count + 1, sizeof *made->sounds);
    sound *new = &made->sounds[made->sound_count++];
    *new = (sound){.row = of, .len = len};
    memcpy(new->moras, moras, len);
}

/* Whether a word is told in kana alone: an English one, which Latin names have spelt, and one of
 * katakana: "Chemical" may as well be 化学 as ケミカル. */
static bool is_foreign(const row *word, const kbr_folded *folded) {
    return (word->attribute & READ_ONLY) == 0 &&
           kbr_fold_script(folded->unit[0]) != KBR_SCRIPT_KANJI;
}

/* All readings that are hardly less likely than the best; of a single kanji none, nor of an English
 * word that is nothing in other scripts. */
static void read_words(table *made) {
    kbr_folded folded;
    kbr_folded_init(&folded, &kbr_allocator_default);
    for (size_t i = 0; i < made->count; i++) {
        const char *word = made->rows[i].word;
        kbr_reading reading;
        if (kbr_fold(&folded, (kaburi_text){word, strlen(word)}) != KABURI_OK) {
            perror(word);
            exit(1);
        }
        bool latin = kbr_fold_script(folded.unit[0]) == KBR_SCRIPT_LATIN;
        if (folded.len == 1 || (latin && made->rows[i].across[0] == '\0')) {
            continue;
        }
        made->rows[i].foreign = is_foreign(&made->rows[i], &folded);
        kbr_reading_of(&reading, folded.unit, folded.len);
        for (uint32_t rank = 0;
             rank < reading.count && reading.cost[rank] <= reading.cost[0] + LIKELY_COST; rank++) {
            add_sound(made, i, reading.kana[rank], reading.kana_len[rank]);
        }
    }
    kbr_folded_free(&folded);
}

/* ---- words that are one across scripts ---- */

static size_t top_of(const table *made, size_t at) {
    while (made->rows[at].above != at) {
        at = made->rows[at].above;
    }
    return at;
}

static void unite(table *made, size_t a, size_t b) {
    size_t x = top_of(made, a);
    size_t y = top_of(made, b);
    made->rows[x > y ? x : y].above = x < y ? x : y;
}

static unsigned long sense_of(const row *word) {
    return word->attribute >> 1 & 0x3FFF;
}

static int compare_sounds(const void *a, const void *b) {
    const sound *x = a;
    const sound *y = b;
    int order = (x->moras[0] > y->moras[0]) - (x->moras[0] < y->moras[0]);
    order = order != 0 ? order : (x->len < y->len) - (x->len > y->len);
    order = order != 0 ? order : memcmp(x->moras, y->moras, x->len);
    return order != 0 ? order : (x->row > y->row) - (x->row < y->row);
}

static bool is_same_sound(const table *made, const sound *a, const sound *b) {
    return a->len == b->len && memcmp(a->moras, b->moras, a->len) == 0 &&
           made->rows[a->row].group == made->rows[b->row].group;
}

static void unite_all(table *made) {
    for (size_t i = 0; i < made->count; i++) {
        const row *x = &made->rows[i];
        for (size_t j = i + 1; j < made->count; j++) {
            const row *y = &made->rows[j];
            bool named = x->across[0] != '\0' && strcmp(x->across, y->across) == 0;
            bool meant = sense_of(x) != 0 && sense_of(x) == sense_of(y);
            if (x->group == y->group && (named || meant)) {
                unite(made, i, j);
            }
        }
    }
    qsort(made->sounds, made->sound_count, sizeof *made->sounds, compare_sounds);
    for (size_t i = 0; i < made->sound_count; i++) {
        for (size_t j = i + 1; j < made->sound_count && made->sounds[j].len == made->sounds[i].len;
             j++) {
            if (is_same_sound(made, &made->sounds[i], &made->sounds[j])) {
                unite(made, made->sounds[i].row, made->sounds[j].row);
            }
        }
    }
}

static unsigned across_of(const table *made, size_t at) {
    return (unsigned)top_of(made, at) + 1;
}

/* ---- writing ---- */

static void write_words(FILE *out, const table *made) {
    (void)fprintf(out, "word\tvalue\tattribute\tsource\n");
    for (size_t i = 0; i < made->count; i++) {
        const row *word = &made->rows[i];
        if (!word->place && (word->attribute & READ_ONLY) == 0) {
            (void)fprintf(out, "%s\t%s\t%lu\t%s\n", word->word, word->group_name,
                          word->attribute | (unsigned long)across_of(made, i) << 16, word->note);
        }
    }
}

/* Of words of one group, one sound and one sense the first alone. */
static size_t drop_twins(table *made) {
    size_t kept = 0;
    for (size_t i = 0; i < made->sound_count; i++) {
        bool known = false;
        for (size_t j = kept; j > 0 && made->sounds[j - 1].len == made->sounds[i].len; j--) {
            known |= is_same_sound(made, &made->sounds[j - 1], &made->sounds[i]);
        }
        if (!known) {
            made->sounds[kept++] = made->sounds[i];
        }
    }
    return kept;
}

static void write_sounds(FILE *out, table *made) {
    made->sound_count = drop_twins(made);
    (void)fprintf(out, "/* Made by gen_opposed; not to be edited. */\n"
                       "#include \"opposed_table.h\"\n\nconst uint8_t kbr_opposed_moras[] = {");
    for (size_t i = 0; i < made->sound_count; i++) {
        (void)fprintf(out, "\n   ");
        for (size_t j = 0; j < made->sounds[i].len; j++) {
            (void)fprintf(out, " %u,", made->sounds[i].moras[j]);
        }
    }
    (void)fprintf(out, "\n};\n\nconst kbr_opposed_sound kbr_opposed_sounds[] = {\n");
    size_t moras = 0;
    size_t first[KBR_SOUND_CODES + 1] = {0};
    for (size_t i = 0; i < made->sound_count; i++) {
        const sound *of = &made->sounds[i];
        const row *word = &made->rows[of->row];
        unsigned parent = (word->attribute & 1) != 0 ? KBR_OPPOSED_PARENT : 0;
        (void)fprintf(out, "    {%zu, %zu, %u, %u, %u, %u}, /* %s */\n", moras, of->len,
                      of->len > 1 ? of->moras[1] : 0U, word->group | parent,
                      across_of(made, of->row), word->foreign, word->word);
        moras += of->len;
        first[of->moras[0] + 1]++;
    }
    (void)fprintf(out, "};\n\nconst uint16_t kbr_opposed_starts[KBR_SOUND_CODES + 1] = {");
    size_t start = 0;
    for (size_t i = 0; i <= KBR_SOUND_CODES; i++) {
        start += first[i];
        (void)fprintf(out, "%s%zu,", i % 16 == 0 ? "\n    " : " ", start);
    }
    (void)fprintf(out, "\n};\n");
}

static void write_places(FILE *out, const table *made) {
    (void)fprintf(out, "\nconst uint16_t kbr_opposed_places[] = {0,");
    for (size_t value = 1; value <= made->place_count; value++) {
        unsigned across = 0;
        for (size_t i = 0; i < made->count && across == 0; i++) {
            bool same =
                made->rows[i].place && strcmp(made->rows[i].across, made->places[value]) == 0;
            across = same ? across_of(made, i) : 0;
        }
        (void)fprintf(out, "%s%u,", value % 16 == 1 ? "\n    " : " ", across);
    }
    (void)fprintf(out, "\n};\n");
}

static bool write_file(const char *path, table *made, void (*const *writers)(FILE *, table *)) {
    FILE *out = fopen(path, "w");
    if (out == NULL) {
        perror(path);
        return false;
    }
    for (; *writers != NULL; writers++) {
        (*writers)(out, made);
    }
    bool good = ferror(out) == 0;
    return fclose(out) == 0 && good;
}

static void words_of(FILE *out, table *made) {
    write_words(out, made);
}
static void places_of(FILE *out, table *made) {
    write_places(out, made);
}

int main(int argc, char **argv) {
    static table made; /* lives as long as the process does */
    static void (*const words[])(FILE *, table *) = {words_of, NULL};
    static void (*const sounds[])(FILE *, table *) = {write_sounds, places_of, NULL};
    if (argc != 5) {
        (void)fprintf(stderr, "usage: gen_opposed WORDS.tsv PLACES.tsv OUT.tsv OUT.c\n");
        return 2;
    }
    if (!read_file(&made, argv[1], add_word) || !read_file(&made, argv[2], add_place)) {
        return 1;
    }
    if (strcmp(made.rows[0].group_name, "direction") != 0) {
        (void)fprintf(stderr, "%s: the first group is not that of directions\n", argv[1]);
        return 1;
    }
    read_words(&made);
    unite_all(&made);
    if (made.count > UINT16_MAX) {
        (void)fprintf(stderr, "gen_opposed: more than 65,535 words\n");
        return 1;
    }
    return write_file(argv[3], &made, words) && write_file(argv[4], &made, sounds) ? 0 : 1;
}
