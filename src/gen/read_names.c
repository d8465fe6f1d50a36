/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inner loops of derive_lexicon.py, called through ctypes: reads names by the cheapest path of
 * lexicon entries and aligns them with their furigana. Takes flat arrays, gives counts, moved costs
 * and stretches to learn; knows no files and allocates only scratch. Not part of the library.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define UNITS_MAX 128 /* of a core or a reading; longer names are left out by the caller */
#define STATES_MAX 96 /* places in the reading that one place in the core is aligned with */
#define SURFACE_MAX 12
#define KANA_FIRST 0x30A0
#define KANA_COUNT 96
#define KANA_VU 0x30F4
#define NO_COST 1e30

/* Entries of one surface lie together; readings are folded. */
typedef struct lexicon {
    const uint16_t *surface_units;
    const uint32_t *surface_begin; /* surface_count + 1 */
    const uint32_t *entry_begin;   /* surface_count + 1, into the entries */
    const uint16_t *reading_units;
    const uint32_t *reading_begin; /* entry_count + 1 */
    uint32_t surface_count;
    uint32_t entry_count;
    const uint8_t *vowel;        /* by kana from KANA_FIRST: 1..5 for a i u e o, 0 none */
    const uint16_t *kana;        /* by kana: how it reads folded, 0 nothing */
    const uint16_t *kana_with_v; /* by kana: how it reads behind ヴ, 0 not together */
    double kana_cost;
    double unknown_cost;
} lexicon;

typedef struct names {
    const uint16_t *core_units;
    const uint32_t *core_begin; /* name_count + 1 */
    const uint16_t *reading_units;
    const uint32_t *reading_begin;
    const double *weight;
    uint32_t name_count;
} names;

typedef struct step {
    int16_t begin, end; /* in the core */
    int16_t from, to;   /* in the reading; of an alignment alone */
    int32_t entry;      /* -1 skipped; entry_count + kana: a kana read as itself */
} step;

typedef struct state {
    double cost;
    int32_t entry;
    int16_t at; /* in the reading */
    int16_t before_i;
    int16_t before_state;
} state;

typedef struct reader {
    const lexicon *lexicon;
    double *cost;   /* by entry */
    int32_t *best;  /* by surface: cheapest entry */
    uint32_t *slot; /* hash table of surfaces + 1 */
    uint32_t slot_mask;
    uint8_t longest[65536]; /* by first unit */
    state states[UNITS_MAX + 1][STATES_MAX];
    int state_count[UNITS_MAX + 1];
    uint8_t after[UNITS_MAX + 1][UNITS_MAX + 1];
    double path_cost[UNITS_MAX + 1];
    step path_step[UNITS_MAX + 1];
} reader;

/* One stretch to learn: name, core begin and end, reading begin and end. */
typedef struct stretch {
    int32_t name, begin, end, from, to;
} stretch;

typedef struct stretches {
    stretch *items;
    uint32_t capacity;
    uint32_t count;
} stretches;

static uint32_t hash_units(const uint16_t *units, int len) {
    uint32_t hash = 2166136261u;
    for (int i = 0; i < len; i++) {
        hash = (hash ^ units[i]) * 16777619u;
    }
    return hash ^ (hash >> 15);
}

static bool is_kana(uint16_t unit) {
    return (unit >= 0x30A1 && unit <= 0x30FA) || unit == 0x30FC;
}

static bool is_letter(uint16_t unit) {
    return unit >= 'a' && unit <= 'z';
}

/* What may be skipped: punctuation and spaces. */
static bool is_sign(uint16_t unit) {
    return unit < '0' || (unit > '9' && unit < 'a') || (unit > 'z' && unit < 0xC0) ||
           (unit >= 0x2000 && unit < 0x3005) || (unit > 0x3007 && unit < 0x30A1) ||
           unit == 0x30FB || unit == 0x30FD || unit == 0x30FE || unit >= 0xFF00;
}

static int vowel_of(const lexicon *lexicon, uint16_t kana) {
    return kana >= KANA_FIRST && kana < KANA_FIRST + KANA_COUNT ? lexicon->vowel[kana - KANA_FIRST]
                                                                : 0;
}

/* The vowel as a kana of its own: アイウエオ as 1..5. */
static int bare_vowel(uint16_t kana) {
    return kana >= 0x30A2 && kana <= 0x30AA && kana % 2 == 0 ? (kana - 0x30A0) / 2 : 0;
}

/* Whether a vowel only makes the kana before it long: アア, イイ, ウウ, エイ, エエ, オウ, オオ. */
static bool is_long(const lexicon *lexicon, uint16_t before, uint16_t kana) {
    int vowel = bare_vowel(kana);
    int last = vowel_of(lexicon, before);
    return vowel != 0 && (vowel == last || (last == 4 && vowel == 2) || (last == 5 && vowel == 3));
}

static int find_surface(const reader *reader, const uint16_t *units, int len) {
    const lexicon *lexicon = reader->lexicon;
    uint32_t at = hash_units(units, len) & reader->slot_mask;
    for (; reader->slot[at] != 0; at = (at + 1) & reader->slot_mask) {
        uint32_t surface = reader->slot[at] - 1;
        const uint32_t *begin = lexicon->surface_begin + surface;
        if (begin[1] - begin[0] == (uint32_t)len &&
            memcmp(lexicon->surface_units + begin[0], units, (size_t)len * 2) == 0) {
            return (int)surface;
        }
    }
    return -1;
}

static void find_best(reader *reader, uint32_t surface) {
    const uint32_t *begin = reader->lexicon->entry_begin + surface;
    int32_t best = (int32_t)begin[0];
    for (uint32_t entry = begin[0] + 1; entry < begin[1]; entry++) {
        if (reader->cost[entry] < reader->cost[best]) {
            best = (int32_t)entry;
        }
    }
    reader->best[surface] = best;
}

static void reader_free(reader *reader) {
    if (reader != NULL) {
        free(reader->best);
        free(reader->slot);
        free(reader);
    }
}

static reader *reader_create(const lexicon *lexicon, double *cost) {
    reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) {
        return NULL;
    }
    uint32_t slots = 1024;
    while (slots < 3 * lexicon->surface_count) {
        slots *= 2;
    }
    reader->lexicon = lexicon;
    reader->cost = cost;
    reader->slot_mask = slots - 1;
    reader->slot = calloc(slots, sizeof *reader->slot);
    reader->best = calloc(lexicon->surface_count + 1, sizeof *reader->best);
    if (reader->slot == NULL || reader->best == NULL) {
        reader_free(reader);
        return NULL;
    }
    for (uint32_t surface = 0; surface < lexicon->surface_count; surface++) {
        const uint16_t *units = lexicon->surface_units + lexicon->surface_begin[surface];
        int len = (int)(lexicon->surface_begin[surface + 1] - lexicon->surface_begin[surface]);
        uint32_t at = hash_units(units, len) & reader->slot_mask;
        while (reader->slot[at] != 0) {
            at = (at + 1) & reader->slot_mask;
        }
        reader->slot[at] = surface + 1;
        if (reader->longest[units[0]] < len) {
            reader->longest[units[0]] = (uint8_t)len;
        }
        find_best(reader, surface);
    }
    return reader;
}

static int longest_at(const reader *reader, const uint16_t *core, int len, int i) {
    int longest = reader->longest[core[i]];
    return longest < len - i ? longest : len - i;
}

/* ---- reading ---- */

static void relax(reader *reader, int i, int size, int32_t entry, double cost) {
    double total = reader->path_cost[i] + cost;
    if (total < reader->path_cost[i + size]) {
        reader->path_cost[i + size] = total;
        reader->path_step[i + size] = (step){(int16_t)i, (int16_t)(i + size), 0, 0, entry};
    }
}

/* ヴ and a small kana read together: the kana's number, or -1. */
static int behind_v(const lexicon *lexicon, const uint16_t *core, int len, int i) {
    if (core[i] != KANA_VU || i + 1 >= len || core[i + 1] < KANA_FIRST ||
        core[i + 1] >= KANA_FIRST + KANA_COUNT ||
        lexicon->kana_with_v[core[i + 1] - KANA_FIRST] == 0) {
        return -1;
    }
    return core[i + 1] - KANA_FIRST;
}

static int32_t kana_entry(const lexicon *lexicon, uint16_t kana) {
    return (int32_t)lexicon->entry_count + kana - KANA_FIRST;
}

/* The cheapest path; returns the number of steps. */
static int read_core(reader *reader, const uint16_t *core, int len, step *path) {
    const lexicon *lexicon = reader->lexicon;
    for (int i = 0; i <= len; i++) {
        reader->path_cost[i] = NO_COST;
    }
    reader->path_cost[0] = 0;
    for (int i = 0; i < len; i++) {
        if (reader->path_cost[i] >= NO_COST) {
            continue;
        }
        bool single = false;
        int longest = longest_at(reader, core, len, i);
        for (int size = 1; size <= longest; size++) {
            int surface = find_surface(reader, core + i, size);
            if (surface >= 0) {
                int32_t entry = reader->best[surface];
                single = single || size == 1;
                relax(reader, i, size, entry, reader->cost[entry]);
            }
        }
        int with_v = behind_v(lexicon, core, len, i);
        if (with_v >= 0) {
            relax(reader, i, 2, (int32_t)lexicon->entry_count + KANA_COUNT + with_v,
                  2 * lexicon->kana_cost);
        } else if (is_kana(core[i])) {
            relax(reader, i, 1, kana_entry(lexicon, core[i]), lexicon->kana_cost);
        } else if (!single) {
            relax(reader, i, 1, -1, lexicon->unknown_cost);
        }
    }
    int count = 0;
    for (int i = len; i > 0; i = reader->path_step[i].begin) {
        path[count++] = reader->path_step[i];
    }
    for (int i = 0; i < count / 2; i++) {
        step swap = path[i];
        path[i] = path[count - 1 - i];
        path[count - 1 - i] = swap;
    }
    return count;
}

/* The reading of an entry; *kana holds one that lies in no array. */
static const uint16_t *entry_reading(const lexicon *lexicon, int32_t entry, int *len,
                                     uint16_t *kana) {
    *len = 0;
    if (entry < 0) {
        return kana;
    }
    uint32_t number = (uint32_t)entry;
    if (number < lexicon->entry_count) {
        *len = (int)(lexicon->reading_begin[number + 1] - lexicon->reading_begin[number]);
        return lexicon->reading_units + lexicon->reading_begin[number];
    }
    number -= lexicon->entry_count;
    kana[0] =
        number < KANA_COUNT ? lexicon->kana[number] : lexicon->kana_with_v[number - KANA_COUNT];
    if (kana[0] == 0) {
        return kana;
    }
    *len = 1;
    /* ヴャ ヴュ ヴョ are two kana, folded. */
    if (number >= KANA_COUNT) {
        uint16_t small = (uint16_t)(KANA_FIRST + number - KANA_COUNT);
        if (small == 0x30E3 || small == 0x30E5 || small == 0x30E7) {
            kana[1] = small + 1;
            *len = 2;
        }
    }
    return kana;
}

/* Appends a reading, folded; returns the new length. */
static int append(const lexicon *lexicon, uint16_t *out, int len, int32_t entry) {
    uint16_t kana[2];
    int size = 0;
    const uint16_t *reading = entry_reading(lexicon, entry, &size, kana);
    int i = 0;
    while (len > 0 && i < size && is_long(lexicon, out[len - 1], reading[i])) {
        i++;
    }
    for (; i < size && len < 4 * UNITS_MAX; i++) {
        out[len++] = reading[i];
    }
    return len;
}

static int path_reading(const lexicon *lexicon, const step *path, int count, uint16_t *out) {
    int len = 0;
    for (int i = 0; i < count; i++) {
        len = append(lexicon, out, len, path[i].entry);
    }
    return len;
}

/* ---- aligning ---- */

static void reach(reader *reader, int i, int from, int size, int to, int32_t entry, double cost) {
    state *there = reader->states[i + size];
    int count = reader->state_count[i + size];
    double total = reader->states[i][from].cost + cost;
    int k = 0;
    while (k < count && there[k].at != to) {
        k++;
    }
    if (k == count) {
        if (count == STATES_MAX) {
            return;
        }
        reader->state_count[i + size]++;
    } else if (there[k].cost <= total) {
        return;
    }
    there[k] = (state){total, entry, (int16_t)to, (int16_t)i, (int16_t)from};
}

/* Where the target goes on behind a reading at `at`; -1 when it does not read so. */
static int match(const lexicon *lexicon, const uint16_t *target, int target_len, int at,
                 const uint16_t *reading, int size) {
    int i = 0;
    while (at > 0 && i < size && is_long(lexicon, target[at - 1], reading[i])) {
        i++;
    }
    if (at + size - i > target_len ||
        memcmp(target + at, reading + i, (size_t)(size - i) * 2) != 0) {
        return -1;
    }
    return at + size - i;
}

static void reach_entry(reader *reader, int i, int size, int32_t entry, double cost,
                        const uint16_t *target, int target_len) {
    uint16_t kana[2];
    int len = 0;
    const uint16_t *reading = entry_reading(reader->lexicon, entry, &len, kana);
    for (int k = 0; k < reader->state_count[i]; k++) {
        int to = match(reader->lexicon, target, target_len, reader->states[i][k].at, reading, len);
        if (to >= 0) {
            reach(reader, i, k, size, to, entry, cost);
        }
    }
}

/* The cheapest path that reads the core as the target; returns the number of steps, 0 for none. */
static int align(reader *reader, const uint16_t *core, int len, const uint16_t *target,
                 int target_len, step *path) {
    const lexicon *lexicon = reader->lexicon;
    memset(reader->state_count, 0, sizeof reader->state_count);
    reader->states[0][0] = (state){0};
    reader->state_count[0] = 1;
    for (int i = 0; i < len; i++) {
        if (reader->state_count[i] == 0) {
            continue;
        }
        if (is_sign(core[i])) {
            reach_entry(reader, i, 1, -1, lexicon->unknown_cost, target, target_len);
        }
        int longest = longest_at(reader, core, len, i);
        for (int size = 1; size <= longest; size++) {
            int surface = find_surface(reader, core + i, size);
            if (surface < 0) {
                continue;
            }
            uint32_t end = lexicon->entry_begin[surface + 1];
            for (uint32_t entry = lexicon->entry_begin[surface]; entry < end; entry++) {
                reach_entry(reader, i, size, (int32_t)entry, reader->cost[entry], target,
                            target_len);
            }
        }
        int with_v = behind_v(lexicon, core, len, i);
        if (with_v >= 0) {
            reach_entry(reader, i, 2, (int32_t)lexicon->entry_count + KANA_COUNT + with_v,
                        2 * lexicon->kana_cost, target, target_len);
        } else if (is_kana(core[i])) {
            reach_entry(reader, i, 1, kana_entry(lexicon, core[i]), lexicon->kana_cost, target,
                        target_len);
        }
    }
    int at = 0;
    while (at < reader->state_count[len] && reader->states[len][at].at != target_len) {
        at++;
    }
    if (at == reader->state_count[len]) {
        return 0;
    }
    int count = 0;
    for (int i = len; i > 0;) {
        const state *here = &reader->states[i][at];
        const state *before = &reader->states[here->before_i][here->before_state];
        path[count++] = (step){here->before_i, (int16_t)i, before->at, here->at, here->entry};
        at = here->before_state;
        i = here->before_i;
    }
    for (int i = 0; i < count / 2; i++) {
        step swap = path[i];
        path[i] = path[count - 1 - i];
        path[count - 1 - i] = swap;
    }
    return count;
}

/* ---- what to learn ---- */

static void put_stretch(stretches *out, uint32_t name, const uint16_t *core, int begin, int end,
                        int from, int to) {
    if (end - begin > SURFACE_MAX || end <= begin || to <= from || out->count == out->capacity) {
        return;
    }
    for (int i = begin; i < end; i++) {
        if (core[i] == ' ') {
            return;
        }
    }
    out->items[out->count++] = (stretch){(int32_t)name, begin, end, from, to};
}

/* From which places the end is reached: after[i][at]. */
static void reach_back(reader *reader, const uint16_t *core, int len, const uint16_t *target,
                       int target_len) {
    const lexicon *lexicon = reader->lexicon;
    memset(reader->after, 0, sizeof reader->after);
    reader->after[len][target_len] = 1;
    for (int i = len - 1; i >= 0; i--) {
        uint8_t *here = reader->after[i];
        if (is_sign(core[i])) {
            memcpy(here, reader->after[i + 1], (size_t)target_len + 1);
        }
        if (is_kana(core[i])) {
            uint16_t kana[2];
            int size = 0;
            const uint16_t *reading =
                entry_reading(lexicon, kana_entry(lexicon, core[i]), &size, kana);
            for (int at = 0; at <= target_len; at++) {
                int to = match(lexicon, target, target_len, at, reading, size);
                here[at] |= to >= 0 && reader->after[i + 1][to];
            }
        }
        int longest = longest_at(reader, core, len, i);
        for (int size = 1; size <= longest; size++) {
            int surface = find_surface(reader, core + i, size);
            if (surface < 0) {
                continue;
            }
            const uint8_t *there = reader->after[i + size];
            uint32_t end = lexicon->entry_begin[surface + 1];
            for (uint32_t entry = lexicon->entry_begin[surface]; entry < end; entry++) {
                uint16_t kana[2];
                int reading_len = 0;
                const uint16_t *reading =
                    entry_reading(lexicon, (int32_t)entry, &reading_len, kana);
                for (int at = 0; at <= target_len; at++) {
                    if (!here[at]) {
                        int to = match(lexicon, target, target_len, at, reading, reading_len);
                        here[at] = to >= 0 && there[to];
                    }
                }
            }
        }
    }
}

/* The smallest stretch that no path reads, between what is reached from the left and from where the
 * end is reached. After align. */
static void put_residual(reader *reader, uint32_t name, const uint16_t *core, int len,
                         const uint16_t *target, int target_len, stretches *out) {
    reach_back(reader, core, len, target, target_len);
    int best[4] = {0};
    long best_key = -1;
    for (int i = 0; i < len; i++) {
        for (int k = i + 1; k <= len && k <= i + SURFACE_MAX; k++) {
            for (int s = 0; s < reader->state_count[i]; s++) {
                int from = reader->states[i][s].at;
                int to_max = from + 3 * (k - i) + 3;
                for (int to = from + 1; to <= target_len && to <= to_max; to++) {
                    long key = ((long)(k - i) << 8) + to - from;
                    if (reader->after[k][to] && (best_key < 0 || key < best_key)) {
                        best_key = key;
                        best[0] = i, best[1] = k, best[2] = from, best[3] = to;
                    }
                }
            }
        }
    }
    if (best_key >= 0) {
        put_stretch(out, name, core, best[0], best[1], best[2], best[3]);
    }
}

/* Whether the step's reading is there to its first kana, none of it lost in a long vowel before. */
static bool is_whole(const lexicon *lexicon, const step *step) {
    uint16_t kana[2];
    int len = 0;
    (void)entry_reading(lexicon, step->entry, &len, kana);
    return len == step->to - step->from;
}

/* truth[first..last) and the same with a neighbour on either side; the whole word of letters. */
static void put_stretches(const lexicon *lexicon, uint32_t name, const uint16_t *core,
                          const step *truth, int truth_count, int first, int last, stretches *out) {
    for (int low = first; low >= first - 1 && low >= 0; low--) {
        for (int high = last; high <= last + 1 && high <= truth_count; high++) {
            if (is_whole(lexicon, truth + low)) {
                put_stretch(out, name, core, truth[low].begin, truth[high - 1].end, truth[low].from,
                            truth[high - 1].to);
            }
        }
    }
    if (is_letter(core[truth[first].begin]) || is_letter(core[truth[last - 1].begin])) {
        int low = first;
        int high = last;
        while (low > 0 && is_letter(core[truth[low].begin - 1])) {
            low--;
        }
        while (high < truth_count && is_letter(core[truth[high].begin])) {
            high++;
        }
        if ((low < first - 1 || high > last + 1) && is_whole(lexicon, truth + low)) {
            put_stretch(out, name, core, truth[low].begin, truth[high - 1].end, truth[low].from,
                        truth[high - 1].to);
        }
    }
}

/* The smallest stretches, between units where both have a boundary, that path reads otherwise than
 * truth. credit (may be NULL) takes the weight of what path read there. */
static void put_wrong(const lexicon *lexicon, uint32_t name, const uint16_t *core, const step *path,
                      int path_count, const step *truth, int truth_count, double weight,
                      double *credit, stretches *out) {
    uint16_t mine[4 * UNITS_MAX];
    uint16_t theirs[4 * UNITS_MAX];
    int mine_len = 0;
    int theirs_len = 0;
    int first = 0;
    int at = 0;
    int at_first = 0;
    for (int i = 0; i < truth_count; i++) {
        mine_len = append(lexicon, mine, mine_len, truth[i].entry);
        while (at < path_count && path[at].end <= truth[i].end) {
            theirs_len = append(lexicon, theirs, theirs_len, path[at++].entry);
        }
        if (at == 0 || path[at - 1].end != truth[i].end) {
            continue;
        }
        if (mine_len != theirs_len || memcmp(mine, theirs, (size_t)mine_len * 2) != 0) {
            put_stretches(lexicon, name, core, truth, truth_count, first, i + 1, out);
            for (int k = at_first; k < at && credit != NULL; k++) {
                if (path[k].entry >= 0 && (uint32_t)path[k].entry < lexicon->entry_count) {
                    credit[path[k].entry] -= weight;
                }
            }
        }
        first = i + 1;
        at_first = at;
        mine_len = theirs_len = 0;
    }
}

/* ---- passes ---- */

typedef struct name {
    const uint16_t *core;
    const uint16_t *target;
    int core_len, target_len;
} name;

static name name_at(const names *names, uint32_t i) {
    const uint32_t *core = names->core_begin + i;
    const uint32_t *target = names->reading_begin + i;
    return (name){names->core_units + core[0], names->reading_units + target[0],
                  (int)(core[1] - core[0]), (int)(target[1] - target[0])};
}

/* Reads the name; true when it comes out as its furigana. */
static bool reads_right(reader *reader, const name *name, step *path, int *count) {
    uint16_t reading[4 * UNITS_MAX];
    *count = read_core(reader, name->core, name->core_len, path);
    int len = path_reading(reader->lexicon, path, *count, reading);
    return len == name->target_len && memcmp(reading, name->target, (size_t)len * 2) == 0;
}

static void add_path(const lexicon *lexicon, const step *path, int count, double weight,
                     double *sums) {
    for (int i = 0; i < count; i++) {
        if (path[i].entry >= 0 && (uint32_t)path[i].entry < lexicon->entry_count) {
            sums[path[i].entry] += weight;
        }
    }
}

/*
 * Counts over the names begin, begin + stride ...: counts of the entries in the alignments, credit
 * for those on right paths less wrong ones, used for those on any cheapest path. totals: right,
 * aligned, names. 0, or -1 when memory is short.
 */
int learn(const lexicon *lexicon, const names *names, double *cost, uint32_t begin, uint32_t stride,
          double *counts, double *credit, double *used, double *totals, stretches *out) {
    reader *reader = reader_create(lexicon, cost);
    if (reader == NULL) {
        return -1;
    }
    step path[UNITS_MAX + 1];
    step truth[UNITS_MAX + 1];
    for (uint32_t i = begin; i < names->name_count; i += stride) {
        name name = name_at(names, i);
        double weight = names->weight[i];
        int count = 0;
        bool right = reads_right(reader, &name, path, &count);
        totals[0] += right ? weight : 0;
        totals[2] += weight;
        add_path(lexicon, path, count, weight, used);
        int truth_count =
            align(reader, name.core, name.core_len, name.target, name.target_len, truth);
        if (truth_count == 0) {
            put_residual(reader, i, name.core, name.core_len, name.target, name.target_len, out);
            continue;
        }
        totals[1] += weight;
        add_path(lexicon, truth, truth_count, weight, counts);
        if (right) {
            add_path(lexicon, path, count, weight, credit);
        } else {
            put_wrong(lexicon, i, name.core, path, count, truth, truth_count, weight, credit, out);
        }
    }
    reader_free(reader);
    return 0;
}

/* The cost of the entries of a path. */
static double path_sum(const reader *reader, const step *path, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
        int32_t entry = path[i].entry;
        if (entry >= 0 && (uint32_t)entry < reader->lexicon->entry_count) {
            sum += reader->cost[entry];
        } else {
            sum += entry < 0 ? reader->lexicon->unknown_cost
                             : reader->lexicon->kana_cost * (path[i].end - path[i].begin);
        }
    }
    return sum;
}

/*
 * Moves the costs `rate` towards the right path wherever the cheapest is a wrong one, name by name.
 * cost is changed; sums gets each move times the share of the names that are still to come, which
 * added to the first costs gives their average. totals: right, -, names.
 */
int sharpen(const lexicon *lexicon, const names *names, double *cost, uint32_t begin,
            uint32_t stride, double rate, double gap_max, double *sums, double *totals,
            stretches *out) {
    reader *reader = reader_create(lexicon, cost);
    uint32_t *surface_of = malloc((lexicon->entry_count + 1) * sizeof *surface_of);
    if (reader == NULL || surface_of == NULL) {
        reader_free(reader);
        free(surface_of);
        return -1;
    }
    for (uint32_t surface = 0; surface < lexicon->surface_count; surface++) {
        for (uint32_t e = lexicon->entry_begin[surface]; e < lexicon->entry_begin[surface + 1];
             e++) {
            surface_of[e] = surface;
        }
    }
    step path[UNITS_MAX + 1];
    step truth[UNITS_MAX + 1];
    for (uint32_t i = begin; i < names->name_count; i += stride) {
        name name = name_at(names, i);
        double weight = names->weight[i];
        int count = 0;
        totals[2] += weight;
        if (reads_right(reader, &name, path, &count)) {
            totals[0] += weight;
            continue;
        }
        int truth_count =
            align(reader, name.core, name.core_len, name.target, name.target_len, truth);
        double gap = truth_count > 0
                         ? path_sum(reader, truth, truth_count) - path_sum(reader, path, count)
                         : 0;
        if (gap > gap_max) {
            truth_count = 0;
        }
        double left = (double)(names->name_count - i) / names->name_count;
        for (int side = 0; side < 2 && truth_count > 0; side++) {
            const step *steps = side == 0 ? path : truth;
            double move = (side == 0 ? rate : -rate) * weight;
            for (int k = 0; k < (side == 0 ? count : truth_count); k++) {
                int32_t entry = steps[k].entry;
                if (entry >= 0 && (uint32_t)entry < lexicon->entry_count) {
                    cost[entry] += move;
                    sums[entry] += move * left;
                    find_best(reader, surface_of[entry]);
                }
            }
        }
        if (truth_count > 0) {
            put_wrong(lexicon, i, name.core, path, count, truth, truth_count, weight, NULL, out);
        }
    }
    free(surface_of);
    reader_free(reader);
    return 0;
}

/*
 * How often surfaces occur in aligned names: seen by entry of `wanted` when read so between two
 * boundaries; other and across by surface: read otherwise, and across a boundary.
 */
int count_wanted(const lexicon *wanted, double *wanted_cost, const lexicon *lexicon,
                 const names *names, double *cost, uint32_t begin, uint32_t stride, double *seen,
                 double *other, double *across) {
    reader *reader = reader_create(lexicon, cost);
    struct reader *finder = reader_create(wanted, wanted_cost);
    if (reader == NULL || finder == NULL) {
        reader_free(reader);
        reader_free(finder);
        return -1;
    }
    step truth[UNITS_MAX + 1];
    for (uint32_t i = begin; i < names->name_count; i += stride) {
        name name = name_at(names, i);
        int16_t from[UNITS_MAX + 1];
        bool aligned = false;
        int truth_count = 0;
        for (int k = 0; k < name.core_len; k++) {
            int longest = longest_at(finder, name.core, name.core_len, k);
            for (int size = 1; size <= longest; size++) {
                int surface = find_surface(finder, name.core + k, size);
                if (surface < 0) {
                    continue;
                }
                if (!aligned) {
                    aligned = true;
                    truth_count = align(reader, name.core, name.core_len, name.target,
                                        name.target_len, truth);
                    memset(from, -1, sizeof from);
                    for (int s = 0; s < truth_count; s++) {
                        from[truth[s].begin] = truth[s].from;
                        from[truth[s].end] = truth[s].to;
                    }
                }
                if (truth_count == 0) {
                    continue;
                }
                if (from[k] < 0 || from[k + size] < 0) {
                    across[surface] += 1;
                    continue;
                }
                int len = from[k + size] - from[k];
                bool found = false;
                uint32_t end = wanted->entry_begin[surface + 1];
                for (uint32_t e = wanted->entry_begin[surface]; e < end && !found; e++) {
                    uint32_t at = wanted->reading_begin[e];
                    if (wanted->reading_begin[e + 1] - at == (uint32_t)len &&
                        memcmp(wanted->reading_units + at, name.target + from[k],
                               (size_t)len * 2) == 0) {
                        seen[e] += 1;
                        found = true;
                    }
                }
                if (!found) {
                    other[surface] += 1;
                }
            }
        }
    }
    reader_free(reader);
    reader_free(finder);
    return 0;
}
