/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pairs. Heap sort: in place, without recursion, and never more than n log n, whoever made the
 * file.
 */
#include "pairs.h"

#include <string.h>

void kbr_pairs_free(kbr_pairs *pairs) {
    if (pairs->allocator != NULL) {
        kbr_release(pairs->allocator, pairs->data);
    }
    *pairs = (kbr_pairs){.allocator = pairs->allocator};
}

static bool reserve(kbr_pairs *pairs, size_t count) {
    void *items = pairs->data;
    bool done = kbr_reserve(pairs->allocator, &items, &pairs->capacity, count, sizeof *pairs->data);
    pairs->data = items;
    return done;
}

bool kbr_pairs_add(kbr_pairs *pairs, uint64_t a, uint64_t b, const kaburi_match *match) {
    if (!reserve(pairs, pairs->count + 1)) {
        return false;
    }
    pairs->data[pairs->count++] = (kaburi_pair){.a = a < b ? a : b,
                                                .b = a < b ? b : a,
                                                .probability = match->probability,
                                                .evidence = match->evidence,
                                                .verdict = match->verdict,
                                                .decision = match->decision};
    return true;
}

bool kbr_pairs_append(kbr_pairs *pairs, const kbr_pairs *others) {
    if (others->count == 0) {
        return true;
    }
    if (!reserve(pairs, pairs->count + others->count)) {
        return false;
    }
    memcpy(pairs->data + pairs->count, others->data, others->count * sizeof *others->data);
    pairs->count += others->count;
    return true;
}

/* ---- order ---- */

typedef bool precedes_function(const kaburi_pair *a, const kaburi_pair *b);

static bool precedes_by_row(const kaburi_pair *a, const kaburi_pair *b) {
    return a->a != b->a ? a->a < b->a : a->b < b->b;
}

/* The same pair from its other side comes behind when a policy asks for less there. */
static bool precedes_settled(const kaburi_pair *a, const kaburi_pair *b) {
    if (a->a != b->a || a->b != b->b) {
        return precedes_by_row(a, b);
    }
    if (a->decision != b->decision) {
        return a->decision > b->decision;
    }
    if (a->verdict != b->verdict) {
        return a->verdict > b->verdict;
    }
    return a->probability != b->probability ? a->probability > b->probability
                                            : a->evidence < b->evidence;
}

static bool precedes_by_probability(const kaburi_pair *a, const kaburi_pair *b) {
    return a->probability != b->probability ? a->probability > b->probability
                                            : precedes_by_row(a, b);
}

/* Lets the pair at `root` sink in a heap whose last in order is on top. */
static void sink(kaburi_pair *data, size_t root, size_t count, precedes_function *precedes) {
    kaburi_pair moved = data[root];
    for (;;) {
        size_t child = root * 2 + 1;
        if (child >= count) {
            break;
        }
        child += child + 1 < count && precedes(&data[child], &data[child + 1]);
        if (!precedes(&moved, &data[child])) {
            break;
        }
        data[root] = data[child];
        root = child;
    }
    data[root] = moved;
}

static void sort(kaburi_pair *data, size_t count, precedes_function *precedes) {
    for (size_t root = count / 2; root-- > 0;) {
        sink(data, root, count, precedes);
    }
    for (size_t left = count; left > 1;) {
        left--;
        kaburi_pair last = data[0];
        data[0] = data[left];
        data[left] = last;
        sink(data, 0, left, precedes);
    }
}

void kbr_pairs_rank(kbr_pairs *pairs) {
    sort(pairs->data, pairs->count, precedes_by_probability);
}

void kbr_pairs_settle(kbr_pairs *pairs) {
    size_t kept = 0;
    sort(pairs->data, pairs->count, precedes_settled);
    for (size_t i = 0; i < pairs->count; i++) {
        if (kept == 0 || precedes_by_row(&pairs->data[kept - 1], &pairs->data[i])) {
            pairs->data[kept++] = pairs->data[i];
        }
    }
    pairs->count = kept;
}

/* ---- twins ---- */

/* The pairs of each first row, from both of their sides. */
typedef struct neighbours {
    size_t *begin;        /* of each row, and the end of the last */
    kaburi_pair *partner; /* .a is the row itself, .b its partner */
} neighbours;

static void free_neighbours(neighbours *of, const kaburi_allocator *allocator) {
    kbr_release(allocator, of->begin);
    kbr_release(allocator, of->partner);
}

static bool find_neighbours(neighbours *of, const kbr_pairs *pairs, size_t row_count) {
    *of = (neighbours){
        .begin = kbr_allocate(pairs->allocator, row_count + 2, sizeof(size_t)),
        .partner = kbr_allocate(pairs->allocator, pairs->count * 2 + 1, sizeof(kaburi_pair))};
    if (of->begin == NULL || of->partner == NULL) {
        free_neighbours(of, pairs->allocator);
        return false;
    }
    /* begin[row + 2] counts; then begin[row + 1] is where the row's next goes, and in the end where
     * the next row begins. */
    for (size_t i = 0; i < pairs->count; i++) {
        const kaburi_pair *pair = &pairs->data[i];
        of->begin[pair->a + 2]++;
        of->begin[pair->b + 2] += pair->b != pair->a;
    }
    for (size_t row = 1; row < row_count + 2; row++) {
        of->begin[row] += of->begin[row - 1];
    }
    for (size_t i = 0; i < pairs->count; i++) {
        kaburi_pair pair = pairs->data[i];
        of->partner[of->begin[pair.a + 1]++] = pair;
        if (pair.b != pair.a) {
            uint64_t other = pair.a;
            pair.a = pair.b;
            pair.b = other;
            of->partner[of->begin[pair.a + 1]++] = pair;
        }
    }
    return true;
}

static bool emit(kbr_pairs *out, uint64_t row, uint64_t partner, const kaburi_pair *like) {
    if (!reserve(out, out->count + 1)) {
        return false;
    }
    kaburi_pair *pair = &out->data[out->count++];
    *pair = *like;
    pair->a = row < partner ? row : partner;
    pair->b = row < partner ? partner : row;
    return true;
}

/* The partners of one row: those of the first row it is like, best first. */
static bool spread_row(kbr_pairs *out, uint32_t row, const kaburi_pair *partners, size_t count,
                       const kbr_twins *twins, size_t left, bool *crowded) {
    for (size_t i = 0; i < count; i++) {
        uint32_t first = (uint32_t)partners[i].b;
        size_t others = twins->count[first] - (twins->first[row] == first);
        bool alone = others > left; /* the first stands for all */
        crowded[row] |= alone;
        for (uint32_t at = first; at != KBR_TWINS_NONE && left > 0; at = twins->next[at]) {
            if (at != row) {
                if (!emit(out, row, at, &partners[i])) {
                    return false;
                }
                left--;
            }
            if (alone) {
                break;
            }
        }
    }
    return true;
}

bool kbr_pairs_spread(kbr_pairs *out, const kbr_pairs *pairs, const kbr_twins *twins,
                      size_t partners_max, bool *crowded) {
    neighbours of;
    bool done = find_neighbours(&of, pairs, twins->row_count);
    if (!done) {
        return false;
    }
    for (size_t first = 0; done && first < twins->row_count; first++) {
        kaburi_pair *partners = of.partner + of.begin[first];
        size_t count = of.begin[first + 1] - of.begin[first];
        sort(partners, count, precedes_by_probability);
        for (uint32_t row = (uint32_t)first; done && count > 0 && row != KBR_TWINS_NONE;
             row = twins->next[row]) {
            done = spread_row(out, row, partners, count, twins, partners_max, crowded);
        }
    }
    free_neighbours(&of, pairs->allocator);
    kbr_pairs_settle(out);
    return done;
}
