/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Learning. The probability of a pair is that of one customer times that of one deal; the fields of
 * the first are counted over all pairs, those of the second over pairs of one customer, as the
 * library weighs them.
 */
#include "learn.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Fields before that of the deal say who the customer is. */
static bool is_customer(int field) {
    return field < KABURI_FIELD_DEAL;
}

static bool is_subject(int field) {
    return field == KABURI_FIELD_DEAL || field == KABURI_FIELD_AMOUNT;
}

/* ---- believing ---- */

static double likely(const bench_weights *weights, double bits) {
    return 1 / (1 + exp2(-(weights->slope * bits + weights->shift)));
}

/* Whether the deals are alike enough for the prior of pairs with one deal. */
static bool is_alike(const bench_weights *weights, const kaburi_match *match) {
    double subject = weights->prior[BENCH_PRIOR_DEAL];
    for (int i = 0; i < KABURI_FIELD_COUNT; i++) {
        subject += is_subject(i) ? (double)match->weight[i] : 0;
    }
    return match->level[KABURI_FIELD_DEAL] != 0 && subject > 0;
}

bool bench_learn_believe(bench_belief *out, const bench_weights *weights, const kaburi_match *match,
                         bench_label label) {
    double customer =
        weights->prior[is_alike(weights, match) ? BENCH_PRIOR_COMPANY_DEAL : BENCH_PRIOR_COMPANY];
    double deal = weights->prior[BENCH_PRIOR_DEAL];
    for (int i = 0; i < KABURI_FIELD_COUNT; i++) {
        *(is_customer(i) ? &customer : &deal) += (double)match->weight[i];
    }
    bool has_deal = match->level[KABURI_FIELD_DEAL] != 0;
    *out = (bench_belief){likely(weights, customer), has_deal ? likely(weights, deal) : 1};
    if (fabs(out->customer * out->deal - match->probability) > 1e-6) {
        return false;
    }
    switch (label) {
    case BENCH_LABEL_NONE:
        /* Two years or two lots say that it is another deal, however alike the rest is. */
        if (match->verdict == KABURI_VERDICT_PARALLEL || match->verdict == KABURI_VERDICT_RENEWAL) {
            out->deal = 0;
        }
        break;
    case BENCH_LABEL_DIFFERENT: {
        /* One customer and another deal, or another customer. */
        double other = out->customer * (1 - out->deal);
        double rest = 1 - out->customer * out->deal;
        out->customer = has_deal && rest > 1e-12 ? other / rest : 0;
        out->deal = 0;
        break;
    }
    case BENCH_LABEL_DUPLICATE:
        *out = (bench_belief){1, 1};
        break;
    case BENCH_LABEL_RENEWAL:
    case BENCH_LABEL_PARALLEL:
        *out = (bench_belief){1, 0};
        break;
    default:
        *out = (bench_belief){0, 0};
        break;
    }
    return true;
}

/* ---- counting ---- */

/* Deals of one subject, among which alone a year or a lot says which deal it is. */
static bool is_one_subject(const kaburi_match *match) {
    static const char *const alike[] = {"exact", "same", "contained", "near_6", "near_5", "near_4"};
    const char *level = kaburi_level_name(KABURI_FIELD_DEAL, match->level[KABURI_FIELD_DEAL]);
    for (size_t i = 0; level != NULL && i < BENCH_COUNT(alike); i++) {
        if (strcmp(level, alike[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void add(double *pair, double yes, double no) {
    pair[0] += yes;
    pair[1] += no;
}

/* Two years or lots decide whatever the words are, which are weighed where nothing does. */
static bool has_conflict(const kaburi_match *match) {
    for (int i = KABURI_FIELD_DEAL + 1; i < KABURI_FIELD_COUNT; i++) {
        const char *level = kaburi_level_name(i, match->level[i]);
        if (level != NULL && strcmp(level, "conflict") == 0) {
            return true;
        }
    }
    return false;
}

void bench_learn_count(bench_counts *counts, const kaburi_match *match,
                       const bench_belief *belief) {
    double customer = belief->customer;
    double same = customer * belief->deal;
    double other = customer * (1 - belief->deal);
    bool has_deal = match->level[KABURI_FIELD_DEAL] != 0;
    bool one_subject = is_one_subject(match);
    bool decided = has_conflict(match);
    for (int i = 0; i < KABURI_FIELD_COUNT; i++) {
        uint8_t level = match->level[i];
        if (level == 0 || (!is_customer(i) && !is_subject(i) && !one_subject)) {
            continue;
        }
        if (is_subject(i) && decided) {
            counts->decided[i][level] += other;
            continue;
        }
        counts->yes[i][level] += is_customer(i) ? customer : same;
        counts->no[i][level] += is_customer(i) ? 1 - customer : other;
    }
    counts->decided_count += decided ? other : 0;
    add(counts->prior[one_subject ? BENCH_PRIOR_COMPANY_DEAL : BENCH_PRIOR_COMPANY], customer,
        1 - customer);
    if (has_deal && !decided) {
        add(counts->prior[BENCH_PRIOR_DEAL], same, other);
    }
}

/* ---- weighing ---- */

/* No one number outweighs a whole text: 9 bits, as in the built-in model. */
#define BITS_MAX 9

static double bounded(double bits) {
    return bits > BITS_MAX ? BITS_MAX : bits < -BITS_MAX ? -BITS_MAX : bits;
}

/* "near_6" -> 6; 0 for a level that is not graded. */
static int grade_of(int field, int level, size_t *stem) {
    const char *name = kaburi_level_name(field, level);
    const char *bar = name != NULL ? strrchr(name, '_') : NULL;
    if (bar == NULL || bar[1] < '1' || bar[1] > '9') {
        return 0;
    }
    *stem = (size_t)(bar - name);
    return bar[1] - '0';
}

/* Whether `next` is the grade below `level`. */
static bool is_next_grade(int field, int level, int next) {
    size_t stems[2];
    int grades[] = {grade_of(field, level, &stems[0]), grade_of(field, next, &stems[1])};
    return grades[0] > 1 && grades[1] == grades[0] - 1 && stems[0] == stems[1] &&
           strncmp(kaburi_level_name(field, level), kaburi_level_name(field, next), stems[0]) == 0;
}

/* Pools adjacent grades until none is worth more than the better one before it. */
static void pool_grades(bench_weights *weights, int field) {
    for (int first = 1; first + 1 < BENCH_LEVELS_MAX; first++) {
        int last = first;
        while (last + 1 < BENCH_LEVELS_MAX && is_next_grade(field, last, last + 1)) {
            last++;
        }
        for (int end = first + 1; end <= last; end++) {
            /* The block that ends at `end` grows while the one before it is worth less. */
            double m = weights->m[field][end];
            double u = weights->u[field][end];
            int begin = end;
            double n = 1;
            while (begin > first &&
                   weights->m[field][begin - 1] * u < m * weights->u[field][begin - 1]) {
                begin--;
                m = (m * n + weights->m[field][begin]) / (n + 1);
                u = (u * n + weights->u[field][begin]) / (n + 1);
                n++;
            }
            for (int i = begin; i <= end; i++) {
                weights->m[field][i] = m;
                weights->u[field][i] = u;
            }
        }
        first = last;
    }
}

static void weigh_field(bench_weights *out, const bench_weights *base, const bench_counts *counts,
                        double imagined, double trust, int field) {
    double total[2] = {0, 0};
    double started[BENCH_LEVELS_MAX][2] = {{0}};
    for (int i = 1; i < BENCH_LEVELS_MAX; i++) {
        add(total, counts->yes[field][i], counts->no[field][i]);
    }
    if (total[0] < 1 || total[1] < 1) {
        return; /* nothing to compare: as in the base */
    }
    double all = total[0] + total[1];
    for (int i = 1; i < BENCH_LEVELS_MAX; i++) {
        if (base->m[field][i] > 0) {
            /* As many of either kind as make the level worth what it is in the base. */
            double yes = base->m[field][i] * total[0];
            double no = base->u[field][i] * total[1];
            double seen = counts->yes[field][i] + counts->no[field][i];
            double pairs = imagined > trust * seen ? imagined : trust * seen;
            started[i][0] = pairs * yes / (yes + no);
            started[i][1] = pairs * no / (yes + no);
            all += pairs;
        }
    }
    /* Imagined pairs widen both sums alike, so that a level nobody saw keeps its weight. */
    double wider = all / (total[0] + total[1]);
    for (int i = 1; i < BENCH_LEVELS_MAX; i++) {
        if (base->m[field][i] > 0) {
            double m = (counts->yes[field][i] + started[i][0] + 1e-9) / (total[0] * wider);
            double u = (counts->no[field][i] + started[i][1] + 1e-9) / (total[1] * wider);
            double bits = bounded(log2(m / u));
            double larger = bits < 0 ? u : m;
            larger = larger > 1 ? 1 : larger;
            out->m[field][i] = bits < 0 ? larger * exp2(bits) : larger;
            out->u[field][i] = bits < 0 ? larger : larger / exp2(bits);
        }
    }
    pool_grades(out, field);
}

/* Deals that a conflict tells apart are alike else, as often as not: what that adds on average is
 * taken from the conflict's weight. */
static void deepen_conflicts(bench_weights *out, const bench_counts *counts) {
    double bits = 0;
    for (int field = 0; field < KABURI_FIELD_COUNT; field++) {
        for (int level = 1; level < BENCH_LEVELS_MAX; level++) {
            bits += counts->decided[field][level] * bench_weights_bits(out, field, level);
        }
    }
    if (bits <= 0) {
        return;
    }
    for (int field = KABURI_FIELD_DEAL + 1; field < KABURI_FIELD_COUNT; field++) {
        int level = bench_weights_level(field, "conflict");
        if (level > 0 && out->m[field][level] > 0) {
            out->m[field][level] *= exp2(-bits / counts->decided_count);
        }
    }
}

void bench_learn_weigh(bench_weights *out, const bench_weights *base, const bench_counts *counts,
                       double imagined, double trust) {
    *out = *base;
    out->slope = 1;
    out->shift = 0;
    out->knot_count = 0;
    for (int field = 0; field < KABURI_FIELD_COUNT; field++) {
        weigh_field(out, base, counts, imagined, trust, field);
    }
    deepen_conflicts(out, counts);
    for (int i = 0; i < BENCH_PRIORS; i++) {
        double share = 1 / (1 + exp2(-base->prior[i]));
        double seen = counts->prior[i][0] + counts->prior[i][1];
        double pairs = imagined > trust * seen ? imagined : trust * seen;
        double yes = counts->prior[i][0] + pairs * share;
        double no = counts->prior[i][1] + pairs * (1 - share);
        out->prior[i] = log2(yes / no);
    }
}

/* ---- calibrating ---- */

double bench_learn_bits(double probability) {
    double bits = log2(probability / (1 - probability));
    return bits > 60 ? 60 : bits < -60 ? -60 : bits;
}

static int by_bits(const void *a, const void *b) {
    double x = ((const bench_outcome *)a)->bits;
    double y = ((const bench_outcome *)b)->bits;
    return x < y ? -1 : x > y;
}

typedef struct block {
    double bits; /* sum */
    double yes;
    double count;
} block;

static block joined(block a, block b) {
    return (block){a.bits + b.bits, a.yes + b.yes, a.count + b.count};
}

/* Half a pair of the other kind at an end where all are of one: nothing is quite certain. */
static double share_of(const block *at) {
    double yes = at->yes < 0.5 ? 0.5 : at->yes > at->count - 0.5 ? at->count - 0.5 : at->yes;
    return at->count < 1.5 ? (at->yes + 0.5) / (at->count + 1) : yes / at->count;
}

static bool rises(const block *a, const block *b) {
    return b->bits / b->count > a->bits / a->count + 0.01 && share_of(b) > share_of(a) * (1 + 1e-6);
}

/* Pool adjacent violators. */
static size_t pool(block *blocks, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        blocks[kept++] = blocks[i];
        while (kept > 1 && !rises(&blocks[kept - 2], &blocks[kept - 1])) {
            blocks[kept - 2] = joined(blocks[kept - 2], blocks[kept - 1]);
            kept--;
        }
    }
    return kept;
}

size_t bench_learn_isotonic(bench_knot *out, size_t capacity, bench_outcome *outcomes,
                            size_t count) {
    size_t yes = 0;
    for (size_t i = 0; i < count; i++) {
        yes += outcomes[i].yes;
    }
    if (yes == 0 || yes == count) {
        return 0;
    }
    qsort(outcomes, count, sizeof *outcomes, by_bits);
    /* First blocks of about as many each, ties in one: a block of few would be followed to the
     * letter. */
    size_t least = count / (capacity * 2) > 10 ? count / (capacity * 2) : 10;
    block *blocks = bench_resize(NULL, count, sizeof *blocks);
    size_t kept = 0;
    for (size_t i = 0; i < count;) {
        block at = {0};
        for (; i < count && (at.count < (double)least || outcomes[i].bits == outcomes[i - 1].bits);
             i++) {
            at = joined(at, (block){outcomes[i].bits, outcomes[i].yes, 1});
        }
        blocks[kept++] = at;
    }
    kept = pool(blocks, kept);
    while (kept > capacity) { /* the two neighbours of fewest pairs become one */
        size_t best = 0;
        for (size_t i = 1; i + 1 < kept; i++) {
            if (blocks[i].count + blocks[i + 1].count <
                blocks[best].count + blocks[best + 1].count) {
                best = i;
            }
        }
        blocks[best] = joined(blocks[best], blocks[best + 1]);
        memmove(&blocks[best + 1], &blocks[best + 2], (kept - best - 2) * sizeof *blocks);
        kept--;
    }
    kept = pool(blocks, kept);
    for (size_t i = 0; i < kept; i++) {
        out[i] = (bench_knot){blocks[i].bits / blocks[i].count, share_of(&blocks[i])};
    }
    free(blocks);
    return kept;
}
