/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model file and the judgement. A file is read line by line; whatever is not understood is an
 * error with its line, so that a mistyped weight is never silently the default.
 */
#include "model.h"

#include "file.h"
#include "text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MODEL_VERSION 1
#define MODEL_SIZE_MAX (1 << 20)
#define WORDS_MAX 5
#define WEIGHT_MAX 64 /* bits */

/* ---- reading ---- */

typedef struct line {
    char *word[WORDS_MAX];
    size_t count;
    size_t number;
} line;

/* Splits a terminated line into words in place; '#' begins a comment. False: more than WORDS_MAX.
 */
static bool split_line(line *out, char *text) {
    out->count = 0;
    char *comment = strchr(text, '#');
    if (comment != NULL) {
        *comment = '\0';
    }
    char *rest = text;
    for (char *word = strtok_r(text, " \t\r", &rest); word != NULL;
         word = strtok_r(NULL, " \t\r", &rest)) {
        if (out->count == WORDS_MAX) {
            return false;
        }
        out->word[out->count++] = word;
    }
    return true;
}

/* A decimal number as models have them, in any locale: [-]digits[.digits][e[-]digits]. */
static bool read_number(const char *word, double *out) {
    const char *at = word + (*word == '-');
    double value = 0;
    int scale = 0;
    bool digits = false;
    for (; *at >= '0' && *at <= '9'; at++, digits = true) {
        value = value * 10 + (*at - '0');
    }
    if (*at == '.') {
        for (at++; *at >= '0' && *at <= '9'; at++, digits = true, scale--) {
            value = value * 10 + (*at - '0');
        }
    }
    if (digits && (*at == 'e' || *at == 'E')) {
        char *end;
        long exponent = strtol(at + 1, &end, 10);
        if (end == at + 1 || exponent < -300 || exponent > 300) {
            return false;
        }
        scale += (int)exponent;
        at = end;
    }
    if (!digits || *at != '\0') {
        return false;
    }
    /* 114 / 100 is 1.14 to the last bit; 114 * 0.01, which is not a hundredth, is not. */
    value = scale < 0 && scale >= -300 ? value / pow(10, -scale) : value * pow(10, scale);
    *out = *word == '-' ? -value : value;
    return isfinite(*out);
}

static int field_of(const char *name) {
    for (int i = 0; i < KABURI_FIELD_COUNT; i++) {
        if (strcmp(name, kaburi_field_name(i)) == 0) {
            return i;
        }
    }
    return -1;
}

static int level_of(int field, const char *name) {
    for (int i = 1; i < KBR_LEVELS_MAX; i++) {
        const char *known = kbr_compare_level_name(field, i);
        if (known != NULL && strcmp(name, known) == 0) {
            return i;
        }
    }
    return -1;
}

static kaburi_status bad_line(const line *at, const char *what, const char *value,
                              kaburi_error *error) {
    char shown[61];
    size_t size = kbr_text_shown(shown, sizeof shown, value, strlen(value));
    return kbr_fail_at(error, KABURI_ERROR_FORMAT, at->number, "model line %zu: %s%s%s", at->number,
                       what, size > 0 ? ": " : "", shown);
}

/* weight FIELD LEVEL M U; the weight is log2(m / u), to a thousandth of a bit. */
static kaburi_status read_weight(kaburi_model *model, const line *at, kaburi_error *error) {
    if (at->count != 5) {
        return bad_line(at, "a weight has field, level, m and u", "", error);
    }
    int field = field_of(at->word[1]);
    if (field < 0) {
        return bad_line(at, "no such field", at->word[1], error);
    }
    int level = level_of(field, at->word[2]);
    if (level < 0) {
        return bad_line(at, "no such level", at->word[2], error);
    }
    double m;
    double u;
    if (!read_number(at->word[3], &m) || !(m > 0 && m <= 1)) {
        return bad_line(at, "m is not in 0 < m <= 1", at->word[3], error);
    }
    if (!read_number(at->word[4], &u) || !(u > 0 && u <= 1)) {
        return bad_line(at, "u is not in 0 < u <= 1", at->word[4], error);
    }
    /* Not log2(m / u), which is infinite for the smallest u. */
    double weight = log2(m) - log2(u);
    if (fabs(weight) > WEIGHT_MAX) {
        return bad_line(at, "m and u are more than 64 bits apart", at->word[4], error);
    }
    model->weight[field][level] = (float)(round(weight * 1000) / 1000);
    return KABURI_OK;
}

static kaburi_status read_setting(double *out, const line *at, size_t word, double low, double high,
                                  kaburi_error *error) {
    if (at->count <= word || !read_number(at->word[word], out) || *out < low || *out > high) {
        return bad_line(at, "a number is missing or out of range after", at->word[0], error);
    }
    return KABURI_OK;
}

static kaburi_status read_prior(kaburi_model *model, const line *at, kaburi_error *error) {
    const struct {
        const char *name;
        double *prior;
    } priors[] = {{"company", &model->company_prior},
                  {"company_deal", &model->company_deal_prior},
                  {"deal", &model->deal_prior}};
    for (size_t i = 0; i < KBR_COUNT(priors); i++) {
        if (strcmp(at->word[1], priors[i].name) == 0) {
            return read_setting(priors[i].prior, at, 2, -64, 64, error);
        }
    }
    return bad_line(at, "no such prior", at->word[1], error);
}

/* rarity company|deal BITS ADJUST, the knots of one in rising order; *place counts them. */
static kaburi_status read_rarity(kaburi_model *model, size_t *places, const line *at,
                                 kaburi_error *error) {
    size_t deal = at->count == 4 && strcmp(at->word[1], "deal") == 0;
    if (at->count != 4 || (!deal && strcmp(at->word[1], "company") != 0)) {
        return bad_line(at, "a rarity has company or deal, bits and an adjustment", "", error);
    }
    if (places[deal] == KBR_RARITY_KNOTS) {
        return bad_line(at, "more than 3 rarities of", at->word[1], error);
    }
    kbr_rarity *knot = &model->rarity[deal][places[deal]];
    kaburi_status status = read_setting(&knot->bits, at, 2, 0, 1000, error);
    if (status == KABURI_OK) {
        status = read_setting(&knot->adjust, at, 3, -64, 64, error);
    }
    if (status == KABURI_OK && places[deal] > 0 && knot[-1].bits >= knot->bits) {
        return bad_line(at, "rarities must rise", at->word[2], error);
    }
    places[deal]++;
    return status;
}

static kaburi_status read_line(kaburi_model *model, size_t *rarities, const line *at,
                               kaburi_error *error) {
    const char *what = at->word[0];
    if (strcmp(what, "weight") == 0) {
        return read_weight(model, at, error);
    }
    if (strcmp(what, "prior") == 0 && at->count == 3) {
        return read_prior(model, at, error);
    }
    if (strcmp(what, "rarity") == 0) {
        return read_rarity(model, rarities, at, error);
    }
    if (strcmp(what, "calibration") == 0 && at->count == 3) {
        kaburi_status status = read_setting(&model->slope, at, 1, 0.01, 100, error);
        return status != KABURI_OK ? status : read_setting(&model->shift, at, 2, -64, 64, error);
    }
    if (strcmp(what, "alert") == 0 && at->count == 2) {
        return read_setting(&model->alert, at, 1, 0, 1, error);
    }
    if (strcmp(what, "block") == 0 && at->count == 2) {
        return read_setting(&model->block, at, 1, 0, 1, error);
    }
    return bad_line(at, "not understood", what, error);
}

static kaburi_status read_header(char *text, kaburi_error *error) {
    static const char magic[] = "kaburi-model ";
    if (strncmp(text, magic, sizeof magic - 1) != 0) {
        return kbr_fail_at(error, KABURI_ERROR_FORMAT, 1,
                           "not a model file: line 1 is not \"kaburi-model %d\"", MODEL_VERSION);
    }
    double version;
    size_t len = strlen(text);
    if (text[len - 1] == '\r') {
        text[len - 1] = '\0';
    }
    if (!read_number(text + sizeof magic - 1, &version)) {
        return kbr_fail_at(error, KABURI_ERROR_FORMAT, 1, "model line 1: no version");
    }
    if (version != MODEL_VERSION) {
        return kbr_fail_at(error, KABURI_ERROR_VERSION, 1,
                           "model file of version %.0f; this library reads %d", version,
                           MODEL_VERSION);
    }
    return KABURI_OK;
}

/* `text` is terminated and is cut up. */
static kaburi_status read_lines(kaburi_model *model, char *text, kaburi_error *error) {
    size_t number = 0;
    size_t rarities[2] = {0, 0}; /* knots read of company and deal: none, or all of them */
    for (char *next = text; next != NULL;) {
        char *start = next;
        char *end = strchr(start, '\n');
        next = end != NULL ? end + 1 : NULL;
        if (end != NULL) {
            *end = '\0';
        }
        number++;
        kaburi_status status = KABURI_OK;
        line at = {.number = number};
        if (number == 1) {
            status = read_header(start, error);
        } else if (!split_line(&at, start)) {
            status = bad_line(&at, "too many words", "", error);
        } else if (at.count > 0) {
            status = read_line(model, rarities, &at, error);
        }
        if (status != KABURI_OK) {
            return status;
        }
    }
    for (size_t i = 0; i < KBR_COUNT(rarities); i++) {
        if (rarities[i] != 0 && rarities[i] != KBR_RARITY_KNOTS) {
            return kbr_fail_at(error, KABURI_ERROR_FORMAT, number,
                               "a model with %zu of %d rarities of %s", rarities[i],
                               KBR_RARITY_KNOTS, i == 0 ? "company" : "deal");
        }
    }
    return KABURI_OK;
}

kaburi_status kaburi_model_parse(kaburi_model **out, const char *text, size_t size,
                                 const kaburi_allocator *allocator, kaburi_error *error) {
    if (out == NULL || text == NULL) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "out or text is NULL");
    }
    if (size > MODEL_SIZE_MAX) {
        return kbr_fail(error, KABURI_ERROR_FORMAT, "a model of more than %d bytes",
                        MODEL_SIZE_MAX);
    }
    const char *nul = memchr(text, '\0', size);
    if (nul != NULL) {
        return kbr_fail_at(error, KABURI_ERROR_FORMAT, 1, "not a model file: NUL at byte %td",
                           nul - text);
    }
    kaburi_allocator from = kbr_allocator_of(allocator);
    kaburi_model *model = kbr_allocate(&from, 1, sizeof *model);
    char *copy = kbr_allocate(&from, size + 1, 1);
    kaburi_status status = KABURI_OK;
    if (model == NULL || copy == NULL) {
        status = kbr_fail_memory(error);
        goto fail;
    }
    memcpy(copy, text, size);
    *model = kbr_model_builtin;
    model->allocator = from;
    status = read_lines(model, copy, error);
    if (status == KABURI_OK && model->block < model->alert) {
        status = kbr_fail(error, KABURI_ERROR_FORMAT, "block %g is below alert %g", model->block,
                          model->alert);
    }
    if (status != KABURI_OK) {
        goto fail;
    }
    kbr_release(&from, copy);
    *out = model;
    return KABURI_OK;
fail:
    kbr_release(&from, copy);
    kbr_release(&from, model);
    return status;
}

kaburi_status kaburi_model_load(kaburi_model **out, const char *path,
                                const kaburi_allocator *allocator, kaburi_error *error) {
    if (out == NULL || path == NULL) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "out or path is NULL");
    }
    kaburi_allocator from = kbr_allocator_of(allocator);
    char *text;
    size_t size;
    kaburi_status status = kbr_file_read(&text, &size, path, MODEL_SIZE_MAX, &from, error);
    if (status == KABURI_OK) {
        status = kaburi_model_parse(out, text, size, &from, error);
        kbr_release(&from, text);
    }
    return status;
}

void kaburi_model_free(kaburi_model *model) {
    if (model != NULL) {
        kaburi_allocator allocator = model->allocator;
        kbr_release(&allocator, model);
    }
}

const char *kaburi_model_default_text(size_t *size) {
    if (size != NULL) {
        *size = kbr_model_text_size;
    }
    return kbr_model_text;
}

/* ---- judging ---- */

/* Fields that say who the customer is, and those that say what the deal is about; the others say
 * which of its deals. */
#define COMPANY_FIELDS                                                                             \
    (1U << KABURI_FIELD_COMPANY | 1U << KABURI_FIELD_FORM | 1U << KABURI_FIELD_BRANCH |            \
     1U << KABURI_FIELD_READING | 1U << KABURI_FIELD_DOMAIN | 1U << KABURI_FIELD_CORPORATE_NUMBER)
#define SUBJECT_FIELDS (1U << KABURI_FIELD_DEAL | 1U << KABURI_FIELD_AMOUNT)

static bool conflicts(const kaburi_match *match, int field) {
    return match->level[field] == KBR_TOLD_CONFLICT;
}

/* Another year or period is the next contract; another phase, lot, kind, number, site or branch is
 * one beside it. */
static int conflict_verdict(const kaburi_match *match) {
    if (conflicts(match, KABURI_FIELD_YEAR) || conflicts(match, KABURI_FIELD_PERIOD)) {
        return KABURI_VERDICT_RENEWAL;
    }
    if (conflicts(match, KABURI_FIELD_PHASE) || conflicts(match, KABURI_FIELD_LOT) ||
        conflicts(match, KABURI_FIELD_SALE) || conflicts(match, KABURI_FIELD_NUMBER) ||
        conflicts(match, KABURI_FIELD_SITE) || conflicts(match, KABURI_FIELD_BRANCH)) {
        return KABURI_VERDICT_PARALLEL;
    }
    return KABURI_VERDICT_DUPLICATE;
}

static bool same_name(const kaburi_match *match) {
    int level = match->level[KABURI_FIELD_COMPANY];
    return level == KBR_COMPANY_EXACT || level == KBR_COMPANY_SAME;
}

static bool related_name(const kaburi_match *match) {
    int level = match->level[KABURI_FIELD_COMPANY];
    return level == KBR_COMPANY_OPPOSED_2 || level == KBR_COMPANY_PARENT ||
           (match->evidence & KABURI_EVIDENCE_COMPANY_CONTAINED) != 0 ||
           (level >= KBR_COMPANY_IS_FORMER && level <= KBR_COMPANY_NEAR_4);
}

/* Log2 odds: of the same customer, of the same subject, and of the same deal once both are the
 * same. */
typedef struct odds {
    double company;
    double subject;
    double deal;
} odds;

static double likely(const kaburi_model *model, double bits) {
    return 1 / (1 + exp2(-(model->slope * bits + model->shift)));
}

/* Below even odds a deal is another one, unless the policy wants to hear of less. */
static double duplicate_min(const kaburi_model *model) {
    return model->alert < 0.5 ? model->alert : 0.5;
}

static int verdict_of(const kaburi_match *match, const odds *bits, const kaburi_model *model) {
    if (match->level[KABURI_FIELD_COMPANY] == KBR_COMPANY_NAMELESS) {
        return KABURI_VERDICT_UNRELATED;
    }
    if (match->level[KABURI_FIELD_COMPANY] == KBR_COMPANY_ALIAS_GROUP &&
        match->level[KABURI_FIELD_CORPORATE_NUMBER] != KBR_ID_SAME) {
        return KABURI_VERDICT_GROUP;
    }
    if (bits->company < 0) {
        if (same_name(match)) {
            return KABURI_VERDICT_HOMONYM;
        }
        return related_name(match) ? KABURI_VERDICT_GROUP : KABURI_VERDICT_UNRELATED;
    }
    if (match->level[KABURI_FIELD_DEAL] == KBR_LEVEL_ABSENT) {
        return KABURI_VERDICT_DUPLICATE;
    }
    bool told = match->level[KABURI_FIELD_DEAL] > KBR_DEAL_SAME;
    if (told && bits->subject < 0) {
        return KABURI_VERDICT_PARALLEL;
    }
    int verdict = conflict_verdict(match);
    bool doubted = match->probability < duplicate_min(model);
    return verdict == KABURI_VERDICT_DUPLICATE && doubted ? KABURI_VERDICT_PARALLEL : verdict;
}

/* A level's weight; of a graded level interpolated between the centers of the grades beside it, so
 * that of two names of one level the more alike ranks first. */
static float weight_of(const kaburi_model *model, int field, int level, uint32_t likeness) {
    const float *weights = model->weight[field];
    const kbr_grade *grade = kbr_compare_grades(field, level);
    if (grade == NULL || likeness >= grade->center) {
        return grade == NULL ? weights[level] : weights[grade->level];
    }
    while (grade->from > 0 && likeness < grade[1].center) {
        grade++;
    }
    if (grade->from == 0) {
        return weights[grade->level];
    }
    float low = weights[grade[1].level];
    float share = (float)(likeness - grade[1].center) / (float)(grade->center - grade[1].center);
    return low + share * (weights[grade->level] - low);
}

/* What the rarity of two names adds to the weight of their agreement. */
static float rarity_of(const kbr_rarity *knots, double bits) {
    if (bits <= knots[0].bits) {
        return (float)knots[0].adjust;
    }
    for (size_t i = 1; i < KBR_RARITY_KNOTS; i++) {
        if (bits < knots[i].bits) {
            double share = (bits - knots[i - 1].bits) / (knots[i].bits - knots[i - 1].bits);
            return (float)(knots[i - 1].adjust + share * (knots[i].adjust - knots[i - 1].adjust));
        }
    }
    return (float)knots[KBR_RARITY_KNOTS - 1].adjust;
}

/* What the rarity of what two names have in common adds to the weight of their agreement. Of deals
 * that are alike, only what commonness takes away: rare parts may be the ones that differ. */
static float adjustment(const kaburi_model *model, int field, const kbr_evidence *evidence) {
    int level = evidence->level[field];
    if (field == KABURI_FIELD_COMPANY && evidence->company_owners > 0) {
        /* Any of the owners may be meant, and a table's word does not depend on the spelling. */
        return (float)-log2(evidence->company_owners);
    }
    if (field == KABURI_FIELD_COMPANY &&
        ((level >= KBR_COMPANY_EXACT && level <= KBR_COMPANY_NEAR_1) || level == KBR_COMPANY_READ ||
         (level >= KBR_COMPANY_HEARD_5 && level <= KBR_COMPANY_HEARD_1))) {
        return rarity_of(model->rarity[0], evidence->company_rarity);
    }
    if (field == KABURI_FIELD_DEAL && level >= KBR_DEAL_EXACT && level <= KBR_DEAL_NEAR_1) {
        float adjust = rarity_of(model->rarity[1], evidence->deal_rarity);
        return level >= KBR_DEAL_NEAR_6 && adjust > 0 ? 0 : adjust;
    }
    return 0;
}

static float field_weight(const kaburi_model *model, const kbr_evidence *evidence, int field) {
    if (field != KABURI_FIELD_COMPANY && field != KABURI_FIELD_DEAL) {
        return model->weight[field][evidence->level[field]]; /* not graded, nor adjusted */
    }
    uint32_t likeness =
        field == KABURI_FIELD_DEAL ? evidence->deal_likeness : evidence->company_likeness;
    return weight_of(model, field, evidence->level[field], likeness) +
           adjustment(model, field, evidence);
}

/* Weights of all fields into `out`, their sums and the priors into `bits`. */
static void weigh(kaburi_match *out, odds *bits, const kaburi_model *model,
                  const kbr_evidence *evidence) {
    double company = 0;
    double subject = model->deal_prior;
    double rest = 0;
    for (int i = 0; i < KABURI_FIELD_COUNT; i++) {
        out->level[i] = evidence->level[i];
        if (evidence->level[i] == KBR_LEVEL_ABSENT) {
            continue; /* says nothing, and most fields of most pairs are absent */
        }
        out->weight[i] = field_weight(model, evidence, i);
        if ((COMPANY_FIELDS >> i & 1) != 0) {
            company += out->weight[i];
        } else if ((SUBJECT_FIELDS >> i & 1) != 0) {
            subject += out->weight[i];
        } else {
            rest += out->weight[i];
        }
    }
    /* Somebody else's deal of the same words is rarer than somebody else of a like name. */
    bool alike = evidence->level[KABURI_FIELD_DEAL] != KBR_LEVEL_ABSENT && subject > 0;
    bits->company = company + (alike ? model->company_deal_prior : model->company_prior);
    bits->subject = subject;
    bits->deal = subject + rest;
}

double kbr_model_limit(const kaburi_model *model, const kbr_evidence *evidence) {
    double company = 0;
    for (int i = 0; i < KABURI_FIELD_COUNT; i++) {
        if ((COMPANY_FIELDS >> i & 1) != 0 && evidence->level[i] != KBR_LEVEL_ABSENT) {
            company += field_weight(model, evidence, i);
        }
    }
    double prior = model->company_prior > model->company_deal_prior ? model->company_prior
                                                                    : model->company_deal_prior;
    /* exp2 is not promised to rise without a step back in its last digit. */
    return likely(model, company + prior) * (1 + 1e-12);
}

void kbr_model_judge(kaburi_match *out, const kaburi_model *model, const kbr_evidence *evidence,
                     uint64_t id) {
    odds bits;
    memset(out, 0, sizeof *out);
    out->id = id;
    out->evidence = evidence->bits;
    weigh(out, &bits, model, evidence);
    /* A duplicate is the same customer and the same deal: what one has to spare does not make up
     * for the other. */
    out->probability = likely(model, bits.company);
    if (evidence->level[KABURI_FIELD_DEAL] != KBR_LEVEL_ABSENT) {
        out->probability *= likely(model, bits.deal);
    }
    out->verdict = verdict_of(out, &bits, model);
    if (out->verdict == KABURI_VERDICT_DUPLICATE && out->probability >= model->alert) {
        out->decision =
            out->probability >= model->block ? KABURI_DECISION_BLOCK : KABURI_DECISION_ALERT;
    }
}

bool kbr_model_precedes(const kaburi_match *a, const kaburi_match *b) {
    if (a->probability != b->probability) {
        return a->probability > b->probability;
    }
    return a->id < b->id;
}
