/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growing. A new name is the head of one name and the tail of another, cut where the script changes
 * nearest to the middle, so that legal forms, places and words come as often as in the records; a
 * deal likewise. Parts are drawn from whole records: what is common stays common.
 */
#include "grow.h"

#include "reentry.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define NAME_SIZE (KABURI_TEXT_SIZE_MAX + 1)
#define TRIES 200

static int script_of(UChar32 c) {
    UErrorCode code = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(c, &code);
    return U_SUCCESS(code) ? (int)script : 0;
}

/* Where a text is cut: between two scripts, as near to the middle as may be, else in the middle;
 * the ends are for a text of one character. */
static size_t cut_of(kaburi_text text) {
    int32_t size = (int32_t)text.size;
    size_t best = 0;
    size_t distance = SIZE_MAX;
    int before = -1;
    for (int32_t at = 0; at < size;) {
        int32_t begun = at;
        UChar32 c;
        U8_NEXT((const uint8_t *)text.data, at, size, c);
        int script = c < 0 ? 0 : script_of(c);
        if (begun > 0) {
            size_t off = (size_t)abs(begun * 2 - size) * (script == before ? 4 : 1) +
                         (script == before ? text.size / 2 : 0);
            if (off < distance) {
                distance = off;
                best = (size_t)begun;
            }
        }
        before = script;
    }
    return best;
}

typedef struct cuts {
    uint32_t *company;
    uint32_t *deal;
} cuts;

static const kaburi_record *draw(const bench_records *records, uint64_t *seed, size_t *at) {
    *at = bench_draw_below(seed, records->count);
    return &records->record[*at];
}

static size_t join(char *out, kaburi_text head, size_t head_end, kaburi_text tail,
                   size_t tail_begin) {
    size_t rest = tail.size - tail_begin;
    if (head_end + rest >= NAME_SIZE) {
        rest = 0;
    }
    if (head_end > 0) {
        memcpy(out, head.data, head_end);
    }
    if (rest > 0) {
        memcpy(out + head_end, tail.data + tail_begin, rest);
    }
    return head_end + rest;
}

/* A set of hashes: which names are there already. */
typedef struct seen {
    uint64_t *places; /* 0 = free */
    size_t mask;
} seen;

static bool is_new(seen *of, uint64_t hash) {
    hash += hash == 0;
    size_t at = (size_t)hash & of->mask;
    for (; of->places[at] != 0; at = (at + 1) & of->mask) {
        if (of->places[at] == hash) {
            return false;
        }
    }
    of->places[at] = hash;
    return true;
}

typedef struct grown {
    char company[NAME_SIZE];
    char deal[NAME_SIZE];
    size_t company_size;
    size_t deal_size;
    int64_t amount;
} grown;

/* A text that no record of the library may have lends nothing. */
static kaburi_text part_of(kaburi_text text) {
    return text.size > KABURI_TEXT_SIZE_MAX ? (kaburi_text){text.data, 0} : text;
}

static void make(grown *out, const bench_records *records, const cuts *cut, uint64_t *seed) {
    size_t a;
    size_t b;
    const kaburi_record *head = draw(records, seed, &a);
    const kaburi_record *tail = draw(records, seed, &b);
    out->company_size = join(out->company, part_of(head->company), cut->company[a],
                             part_of(tail->company), cut->company[b]);
    head = draw(records, seed, &a);
    tail = draw(records, seed, &b);
    out->deal_size =
        join(out->deal, part_of(head->deal), cut->deal[a], part_of(tail->deal), cut->deal[b]);
    out->amount = head->amount;
}

static void find_cuts(cuts *cut, const bench_records *records) {
    cut->company = bench_resize(NULL, records->count, sizeof *cut->company);
    cut->deal = bench_resize(NULL, records->count, sizeof *cut->deal);
    for (size_t i = 0; i < records->count; i++) {
        cut->company[i] = (uint32_t)cut_of(part_of(records->record[i].company));
        cut->deal[i] = (uint32_t)cut_of(part_of(records->record[i].deal));
    }
}

int bench_grow(FILE *out, const bench_records *records, size_t count, uint64_t *seed) {
    static grown made;
    cuts cut;
    seen of = {.mask = 1};
    if (records->count == 0) {
        return bench_fail(BENCH_DATA, "%s: no records", records->rows.path);
    }
    while (of.mask < count * 2) {
        of.mask = of.mask * 2 + 1;
    }
    of.places = bench_resize(NULL, of.mask + 1, sizeof *of.places);
    memset(of.places, 0, (of.mask + 1) * sizeof *of.places);
    find_cuts(&cut, records);
    int code = BENCH_OK;
    (void)fputs("id\tcompany\tdeal\tamount\n", out);
    for (size_t i = 1; i <= count && code == BENCH_OK; i++) {
        int tries = 0;
        do {
            make(&made, records, &cut, seed);
        } while (tries++ < TRIES &&
                 (made.company_size + made.deal_size == 0 ||
                  !is_new(&of, XXH3_64bits(made.company, made.company_size) ^
                                   XXH3_64bits_withSeed(made.deal, made.deal_size, 1))));
        if (tries > TRIES) {
            code = bench_fail(BENCH_DATA, "%s: %zu records have parts for %zu of %zu distinct ones",
                              records->rows.path, records->count, i - 1, count);
            break;
        }
        (void)fprintf(out, "G%08zu\t%.*s\t%.*s\t", i, (int)made.company_size, made.company,
                      (int)made.deal_size, made.deal);
        if (made.amount != KABURI_AMOUNT_ABSENT) {
            (void)fprintf(out, "%lld", (long long)made.amount);
        }
        (void)fputc('\n', out);
    }
    free(cut.company);
    free(cut.deal);
    free(of.places);
    return code;
}
