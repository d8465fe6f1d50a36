/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading. Dynamic programming from the left: at each place of the core the few cheapest ways to
 * have got there whose readings differ. A path remembers a hash of its reading, so that two
 * segmentations with one reading take one place only.
 */
#include "reading.h"

#include "fold.h"
#include "romaji.h"

#include <string.h>

/* A reading 16 times less likely than the best is no alternative. */
#define ALTERNATIVE_COST (4 * 64)

/* Costs of a word of romaji: more than those of a word the lexicon has, less than of its pieces. */
#define ROMAJI_MIN 3
#define ROMAJI_COST 700
#define ROMAJI_LETTER_COST 60

/* Half a bit: of a bank's ツ that may stand for ッ about as many do as do not. */
#define SMALL_TSU_COST 32

/* More than the word for it costs: B&K is read with アンド, and perhaps without. */
#define SILENT_SIGN_COST 700

/* A word of so many letters is read within another as well: socialwire, carenet; hd is not. */
#define JOINED_MIN 3

#define NO_PATH UINT32_MAX

typedef struct path {
    const uint8_t *kana; /* of the last piece */
    uint32_t cost;
    uint32_t hash; /* of the kana so far */
    uint16_t term; /* of the last piece */
    uint8_t kana_len;
    uint8_t from; /* where the last piece begins */
    uint8_t rank; /* of the path it continues */
} path;

typedef struct lattice {
    uint16_t core[KBR_READING_UNITS_MAX];  /* without diacritics */
    uint16_t codes[KBR_READING_UNITS_MAX]; /* of the lexicon */
    uint8_t script[KBR_READING_UNITS_MAX];
    size_t len;
    bool large; /* no small kana in it: a bank's kana, where ツ may stand for ッ */
    uint8_t own[2 * KBR_READING_UNITS_MAX]; /* kana not of the lexicon: what core[i] is read as by
                                               itself, or the romaji that begins there, from 2 i */
    path paths[KBR_READING_UNITS_MAX + 1][KBR_READING_ALTERNATIVES];
} lattice;

/* A stretch of the core and what it may be read as. */
typedef struct piece {
    size_t from, len;
    const uint8_t *kana;
    size_t kana_len;
    uint32_t cost;
    uint16_t term;
} piece;

/* Kōbe is read as Kobe. */
static uint16_t plain(uint16_t unit) {
    if (unit >= 0xC0 && unit < 0x250) {
        uint32_t folds = 0;
        (void)kbr_fold_loose(&unit, &unit, 1, &folds);
    }
    return unit;
}

static bool is_small_kana(uint16_t unit) {
    static const uint16_t small[] = {0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9,
                                     0x30C3, 0x30E3, 0x30E5, 0x30E7, 0x30EE};
    for (size_t i = 0; kbr_is_kana(unit) && i < KBR_COUNT(small); i++) {
        if (unit == small[i]) {
            return true;
        }
    }
    return false;
}

#define HASH_FACTOR 0x9E3779B1U

/* A reading's hash is that of kana k1 k2 ... = k1 f^n + k2 f^(n-1) ..., f = HASH_FACTOR: of one
 * reading behind another it is the first's times f^n, and the second's. */
static uint32_t hash_kana(const uint8_t *kana, size_t len, uint32_t *factor) {
    uint32_t hash = 0;
    *factor = 1;
    for (size_t i = 0; i < len; i++) {
        hash = (hash + kana[i]) * HASH_FACTOR;
        *factor *= HASH_FACTOR;
    }
    return hash;
}

/* Puts a path among those that end at the same place; of equal readings the cheaper stays. */
static void offer(path *paths, const path *new) {
    size_t at = 0;
    while (at < KBR_READING_ALTERNATIVES && paths[at].cost <= new->cost) {
        if (paths[at].hash == new->hash && paths[at].cost != NO_PATH) {
            return;
        }
        at++;
    }
    if (at == KBR_READING_ALTERNATIVES) {
        return;
    }
    size_t last = at;
    while (last + 1 < KBR_READING_ALTERNATIVES && paths[last].cost != NO_PATH &&
           paths[last].hash != new->hash) {
        last++;
    }
    for (; last > at; last--) {
        paths[last] = paths[last - 1];
    }
    paths[at] = *new;
}

static void extend(lattice *way, const piece *by) {
    const path *before = way->paths[by->from];
    path *after = way->paths[by->from + by->len];
    uint32_t factor;
    uint32_t hash = hash_kana(by->kana, by->kana_len, &factor);
    for (uint8_t rank = 0; rank < KBR_READING_ALTERNATIVES && before[rank].cost != NO_PATH;
         rank++) {
        uint32_t cost = before[rank].cost + by->cost;
        if (cost >= after[KBR_READING_ALTERNATIVES - 1].cost) {
            return; /* nor do the dearer ones behind it take a place */
        }
        const path next = {.kana = by->kana,
                           .cost = cost,
                           .hash = before[rank].hash * factor + hash,
                           .term = by->term,
                           .kana_len = (uint8_t)by->kana_len,
                           .from = (uint8_t)by->from,
                           .rank = rank};
        offer(after, &next);
    }
}

static bool is_letter(const lattice *way, size_t at) {
    return way->script[at] == KBR_SCRIPT_LATIN;
}

/* hd means holdings as a word of its own, not in hdmi. */
static bool is_whole_word(const lattice *way, size_t from, size_t len) {
    return (from == 0 || !is_letter(way, from) || !is_letter(way, from - 1)) &&
           (from + len == way->len || !is_letter(way, from + len - 1) ||
            !is_letter(way, from + len));
}

/* 市, 省 and the like are terms where a name ends in them, & anywhere. */
static bool may_be_term(const lattice *way, size_t from, size_t len) {
    bool sign = way->script[from] == KBR_SCRIPT_PUNCT;
    return is_whole_word(way, from, len) && (len > 1 || sign || from + len == way->len);
}

static bool ends_word(const lattice *way, size_t from, size_t len) {
    return from + len == way->len || way->core[from + len] == ' ';
}

static void extend_by_entries(lattice *way, size_t from, const kbr_lexicon_hit *hit) {
    bool meant = may_be_term(way, from, hit->len);
    if ((hit->entries->term & KBR_LEXICON_AT_END) != 0 && !ends_word(way, from, hit->len)) {
        return;
    }
    if (!meant && hit->entries->term != 0 && is_letter(way, from) && hit->len < JOINED_MIN) {
        return;
    }
    for (const kbr_lexicon_entry *entry = hit->entries;; entry++) {
        const piece by = {.from = from,
                          .len = hit->len,
                          .kana = kbr_lexicon_kana + (entry->kana >> 8),
                          .kana_len = entry->kana & 0xFF,
                          .cost = kbr_lexicon_cost(entry),
                          .term = (meant || (is_letter(way, from) && hit->len >= 4))
                                      ? entry->term & (KBR_LEXICON_AT_END - 1U)
                                      : 0};
        extend(way, &by);
        if ((entry->cost & KBR_LEXICON_MORE) == 0) {
            return;
        }
    }
}

/* ホツカイドウ of a bank is ホッカイドウ, マツカワ is not マッカワ: both are read. */
static void extend_by_small_tsu(lattice *way, size_t from) {
    static const uint8_t small_tsu[] = {KBR_KANA(0x30C3)};
    uint16_t next = from + 1 < way->len ? way->core[from + 1] : 0;
    /* カ to ド, パ to ポ. */
    bool doubles = (next >= 0x30AB && next <= 0x30C9) || (next >= 0x30D1 && next <= 0x30DD);
    if (way->large && from > 0 && way->core[from] == 0x30C4 && doubles) {
        const piece by = {.from = from,
                          .len = 1,
                          .kana = small_tsu,
                          .kana_len = 1,
                          .cost = kbr_lexicon_kana_cost + SMALL_TSU_COST};
        extend(way, &by);
    }
}

/* A kana reads itself; a space or a sign parts words, and what nobody can read is passed over. A
 * sign that is a word (&) parts them silently at a cost. */
static void extend_by_unit(lattice *way, size_t from, bool is_word) {
    uint16_t unit = way->core[from];
    uint8_t script = way->script[from];
    bool sign = script == KBR_SCRIPT_SPACE || script == KBR_SCRIPT_PUNCT;
    piece by = {.from = from,
                .len = 1,
                .kana = &way->own[2 * from],
                .cost = sign ? is_word ? SILENT_SIGN_COST : 0 : kbr_lexicon_unknown_cost};
    if (kbr_is_kana(unit)) {
        way->own[2 * from] = KBR_KANA(unit);
        by.kana_len = 1;
        by.cost = kbr_lexicon_kana_cost;
    } else if (sign) {
        way->own[2 * from] = KBR_KANA_BREAK;
        by.kana_len = 1;
    }
    extend(way, &by);
}

/* A word that is romaji as a whole: of the names in it no lexicon has them all. */
static void extend_by_romaji(lattice *way, size_t from) {
    size_t len = 0;
    if (from > 0 && is_letter(way, from - 1)) {
        return;
    }
    while (from + len < way->len && is_letter(way, from + len)) {
        len++;
    }
    piece by = {.from = from, .len = len, .kana = &way->own[2 * from]};
    by.kana_len =
        len >= ROMAJI_MIN ? kbr_romaji_to_kana(&way->own[2 * from], way->core + from, len) : 0;
    if (by.kana_len > 0) {
        by.cost = ROMAJI_COST + ROMAJI_LETTER_COST * (uint32_t)len;
        extend(way, &by);
    }
}

static void fill(lattice *way) {
    for (size_t i = 0; i <= way->len; i++) {
        for (size_t rank = 0; rank < KBR_READING_ALTERNATIVES; rank++) {
            way->paths[i][rank].cost = NO_PATH;
        }
    }
    way->paths[0][0] = (path){0};
    /* What begins at the next place is looked up while the entries of this one are on their way. */
    kbr_lexicon_hit hits[2][KBR_LEXICON_LEN_MAX];
    size_t next = kbr_lexicon_find_code(hits[0], way->codes, way->len, 0);
    for (size_t from = 0; from < way->len; from++) {
        const kbr_lexicon_hit *here = hits[from % 2];
        size_t count = next;
        next = kbr_lexicon_find_code(hits[(from + 1) % 2], way->codes, way->len, from + 1);
        for (size_t i = 0; i < count; i++) {
            extend_by_entries(way, from, &here[i]);
        }
        extend_by_unit(way, from, count > 0 && here[0].len == 1);
        extend_by_small_tsu(way, from);
        if (is_letter(way, from)) {
            extend_by_romaji(way, from);
        }
    }
}

/* The path's pieces, from the right to the left; returns where in `steps` the first is. */
static size_t trace(const lattice *way, size_t rank, const path **steps) {
    size_t at = way->len;
    size_t first = KBR_READING_UNITS_MAX;
    while (at > 0) {
        const path *step = &way->paths[at][rank];
        steps[--first] = step;
        rank = step->rank;
        at = step->from;
    }
    return first;
}

static void write_reading(kbr_reading *out, const lattice *way, size_t rank) {
    const path *steps[KBR_READING_UNITS_MAX];
    size_t size = 0;
    uint8_t *kana = out->kana[rank];
    for (size_t i = trace(way, rank, steps); i < KBR_READING_UNITS_MAX; i++) {
        const path *step = steps[i];
        if (size + step->kana_len > KBR_READING_KANA_MAX) {
            break;
        }
        memcpy(kana + size, step->kana, step->kana_len);
        if (rank == 0) {
            size_t end = i + 1 < KBR_READING_UNITS_MAX ? steps[i + 1]->from : way->len;
            out->pieces[out->piece_count++] = (kbr_piece){.begin = step->from,
                                                          .len = (uint8_t)(end - step->from),
                                                          .kana = (uint8_t)size,
                                                          .kana_len = step->kana_len,
                                                          .term = step->term};
        }
        size += step->kana_len;
    }
    out->kana_len[rank] = (uint8_t)size;
    out->cost[rank] = way->paths[way->len][rank].cost;
}

static bool is_readable(const uint8_t *kana, size_t len) {
    while (len > 0 && kana[len - 1] == KBR_KANA_BREAK) {
        len--;
    }
    return len > 0;
}

/* FNV-1a, by units. */
static uint64_t add_left_out(uint64_t hash, uint16_t unit) {
    return ((hash == 0 ? 0xCBF29CE484222325U : hash) ^ unit) * 0x100000001B3U;
}

static uint64_t left_out(const kbr_reading *reading, const uint16_t *core, size_t len) {
    uint64_t hash = 0;
    for (uint32_t i = 0; i < reading->piece_count; i++) {
        const kbr_piece *mute = &reading->pieces[i];
        for (size_t at = 0; mute->kana_len == 0 && at < mute->len; at++) {
            hash = add_left_out(hash, core[mute->begin + at]);
        }
    }
    for (size_t at = KBR_READING_UNITS_MAX; at < len; at++) {
        hash = add_left_out(hash, core[at]);
    }
    return hash;
}

void kbr_reading_of(kbr_reading *out, const uint16_t *core, size_t len) {
    lattice way;
    way.len = len < KBR_READING_UNITS_MAX ? len : KBR_READING_UNITS_MAX;
    way.large = true;
    for (size_t i = 0; i < way.len; i++) {
        way.core[i] = plain(core[i]);
        way.script[i] = kbr_fold_script(way.core[i]);
        way.large &= !is_small_kana(way.core[i]);
    }
    kbr_lexicon_encode(way.codes, way.core, way.len);
    out->count = 0;
    out->piece_count = 0;
    fill(&way);
    const path *ends = way.paths[way.len];
    for (size_t rank = 0; way.len > 0 && rank < KBR_READING_ALTERNATIVES; rank++) {
        if (ends[rank].cost == NO_PATH || ends[rank].cost > ends[0].cost + ALTERNATIVE_COST) {
            break;
        }
        write_reading(out, &way, rank);
        if (!is_readable(out->kana[rank], out->kana_len[rank])) {
            break;
        }
        out->count++;
    }
    out->left_out = left_out(out, core, len);
}

bool kbr_reading_is_romaji(const uint16_t *core, size_t len) {
    uint16_t word[KBR_READING_UNITS_MAX];
    uint8_t kana[2 * KBR_READING_UNITS_MAX];
    if (len == 0 || len > KBR_READING_UNITS_MAX) {
        return false;
    }
    size_t letters = 0;
    for (size_t i = 0; i <= len; i++) {
        uint16_t unit = i < len ? plain(core[i]) : ' ';
        if (kbr_fold_script(unit) == KBR_SCRIPT_LATIN) {
            word[letters++] = unit;
        } else if (unit != ' ' || kbr_romaji_to_kana(kana, word, letters) == 0) {
            return false;
        } else {
            letters = 0;
        }
    }
    return true;
}
