/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model: what agreement is worth. Fellegi-Sunter weights log2(m / u) for each level of each
 * field and a calibration of their sum; read from a text file, one built in. Takes evidence and a
 * policy, gives probability, verdict and decision.
 */
#ifndef KBR_MODEL_H
#define KBR_MODEL_H

#include "bytes.h"
#include "compare.h"
#include "policy.h"

/* What is added to the weight of an agreement between names of so much information: a shared rare
 * name says more than アシスト. Interpolated between knots, constant beyond them. */
#define KBR_RARITY_KNOTS 3
typedef struct kbr_rarity {
    double bits;
    double adjust;
} kbr_rarity;

/* Calibration by isotonic regression: log2 odds as weighed -> log2 odds as counted, both rising.
 * Interpolated between knots; beyond them shifted as the last one is. */
#define KBR_KNOTS_MAX 64
typedef struct kbr_knot {
    double bits;
    double counted;
    double probability; /* that `counted` came from, as the file has it */
} kbr_knot;

/* How often a duplicate shows a level, and how often another candidate does. */
typedef struct kbr_share {
    double m;
    double u;
} kbr_share;

struct kaburi_model {
    kaburi_allocator allocator;
    float weight[KABURI_FIELD_COUNT][KBR_LEVELS_MAX]; /* bits; 0 for level 0 */
    kbr_rarity rarity[2][KBR_RARITY_KNOTS];           /* of companies, of deals; bits rising */
    double company_prior; /* log2 odds, before any evidence, that a candidate is the customer */
    double company_deal_prior; /* the same of a candidate whose deal is alike */
    double deal_prior;         /* likewise that a candidate of the same customer is the same deal */
    double slope;              /* calibration: probability = 1 / (1 + 2^-(slope * bits + shift)) */
    double shift;
    size_t knot_count; /* 0: the odds are as weighed */
    kbr_knot knots[KBR_KNOTS_MAX];
    kbr_share share[KABURI_FIELD_COUNT][KBR_LEVELS_MAX]; /* that weight came from; 0: no line */
};

/* The built-in model and its text, made from src/data/model.txt at build time. */
extern const struct kaburi_model kbr_model_builtin;
extern const char kbr_model_text[];
extern const size_t kbr_model_text_size;

/* Fills out: id, weights, levels, probability, verdict, decision. `card` is of the record that is
 * there already. */
void kbr_model_judge(kaburi_match *out, const kaburi_model *model, const kaburi_policy *policy,
                     const kbr_evidence *evidence, const kbr_card *card);

/* Reads a model. FORMAT (offset = line), VERSION, MEMORY. */
kaburi_status kbr_model_parse(kaburi_model **out, const char *text, size_t size,
                              const kaburi_allocator *allocator, kaburi_error *error);
/* Writes a model as a file that reads the same: one text for one model. */
bool kbr_model_write(kbr_bytes *out, const kaburi_model *model);

/* Log2 odds of the customer, of the evidence of kbr_compare_customer: the highest that whatever the
 * deals are leaves them. */
double kbr_model_customer(const kaburi_model *model, const kbr_evidence *evidence);
/* At most the probability that kbr_model_judge gives of such a customer; it never falls with the
 * odds by more than the last digits of a double. */
double kbr_model_limit(const kaburi_model *model, double customer);

/* How the probability of a match came about: of the customer and of the deal. */
typedef struct kbr_account {
    double prior[2];  /* log2 odds before any evidence */
    double bits[2];   /* with the weights of the fields */
    double likely[2]; /* the probabilities that these make; of the deal 1 where there is none */
    double weighed;   /* their product, which isotonic calibration turns into the probability */
    int parts;        /* that count: 1, or 2 where there is a deal */
} kbr_account;
void kbr_model_account(kbr_account *out, const kaburi_model *model, const kaburi_match *match);

/* Order of matches: probability falling, then id rising. */
bool kbr_model_precedes(const kaburi_match *a, const kaburi_match *b);

#endif
