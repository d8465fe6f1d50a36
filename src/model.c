/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model file and the judgement.
 */
#include "model.h"

#include "lines.h"

#include <math.h>
#include <string.h>

#define MODEL_VERSION 2
#define WEIGHT_MAX 64 /* bits */

/* ---- reading ---- */

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

/* weight FIELD LEVEL M U; the weight is log2(m / u), to a thousandth of a bit. */
static kaburi_status read_weight(kaburi_model *model, const kbr_line *line, kaburi_error *error) {
    if (line->count != 5) {
        return kbr_line_refuse_whole(line, "a weight has field, level, m and u", error);
    }
    int field = field_of(line->word[1]);
    if (field < 0) {
        return kbr_line_refuse(line, 1, "no such field", error);
    }
    int level = level_of(field, line->word[2]);
    if (level < 0) {
        return kbr_line_refuse(line, 2, "no such level", error);
    }
    kbr_share share;
    if (!kbr_lines_number(line->word[3], &share.m) || !(share.m > 0 && share.m <= 1)) {
        return kbr_line_refuse(line, 3, "m is not in 0 < m <= 1", error);
    }
    if (!kbr_lines_number(line->word[4], &share.u) || !(share.u > 0 && share.u <= 1)) {
        return kbr_line_refuse(line, 4, "u is not in 0 < u <= 1", error);
    }
    /* Not log2(m / u), which is infinite for the smallest u. */
    double weight = log2(share.m) - log2(share.u);
    if (fabs(weight) > WEIGHT_MAX) {
        return kbr_line_refuse(line, 4, "m and u are more than 64 bits apart", error);
    }
    model->weight[field][level] = (float)(round(weight * 1000) / 1000);
    model->share[field][level] = share;
    return KABURI_OK;
}

static kaburi_status read_prior(kaburi_model *model, const kbr_line *line, kaburi_error *error) {
    const struct {
        const char *name;
        double *prior;
    } priors[] = {{"company", &model->company_prior},
                  {"company_deal", &model->company_deal_prior},
                  {"deal", &model->deal_prior}};
    if (line->count != 3) {
        return kbr_line_refuse_whole(line, "a prior has a name and bits", error);
    }
    for (size_t i = 0; i < KBR_COUNT(priors); i++) {
        if (strcmp(line->word[1], priors[i].name) == 0) {
            return kbr_line_number(priors[i].prior, line, 2, -64, 64, error);
        }
    }
    return kbr_line_refuse(line, 1, "no such prior", error);
}

/* What a file has read so far of that which comes all together or not at all. */
typedef struct progress {
    size_t rarities[2]; /* knots of company and deal */
    bool isotonic;      /* a line was there */
    bool none;          /* "isotonic none" was */
} progress;

/* rarity company|deal BITS ADJUST, the knots of one in rising order. */
static kaburi_status read_rarity(kaburi_model *model, size_t *places, const kbr_line *line,
                                 kaburi_error *error) {
    size_t deal = line->count == 4 && strcmp(line->word[1], "deal") == 0;
    if (line->count != 4 || (!deal && strcmp(line->word[1], "company") != 0)) {
        return kbr_line_refuse_whole(line, "a rarity has company or deal, bits and an adjustment",
                                     error);
    }
    if (places[deal] == KBR_RARITY_KNOTS) {
        return kbr_line_refuse(line, 1, "more than 3 rarities of", error);
    }
    kbr_rarity *knot = &model->rarity[deal][places[deal]];
    kaburi_status status = kbr_line_number(&knot->bits, line, 2, 0, 1000, error);
    if (status == KABURI_OK) {
        status = kbr_line_number(&knot->adjust, line, 3, -64, 64, error);
    }
    if (status == KABURI_OK && places[deal] > 0 && knot[-1].bits >= knot->bits) {
        return kbr_line_refuse(line, 2, "rarities must rise", error);
    }
    places[deal]++;
    return status;
}

/* isotonic BITS PROBABILITY, in rising order, or isotonic none. */
static kaburi_status read_isotonic(kaburi_model *model, progress *seen, const kbr_line *line,
                                   kaburi_error *error) {
    if (!seen->isotonic) {
        model->knot_count = 0; /* a file's own take the place of those built in */
    }
    bool none = line->count == 2 && strcmp(line->word[1], "none") == 0;
    if (seen->none || (none && seen->isotonic)) {
        return kbr_line_refuse_whole(line, "isotonic none is not alone", error);
    }
    seen->isotonic = true;
    seen->none = none;
    if (none) {
        return KABURI_OK;
    }
    if (line->count != 3) {
        return kbr_line_refuse_whole(line, "an isotonic has bits and a probability", error);
    }
    if (model->knot_count == KBR_KNOTS_MAX) {
        return kbr_line_refuse_whole(line, "more than 64 isotonics", error);
    }
    kbr_knot *knot = &model->knots[model->knot_count];
    kaburi_status status = kbr_line_number(&knot->bits, line, 1, -1000, 1000, error);
    if (status == KABURI_OK) {
        status = kbr_line_number(&knot->probability, line, 2, 1e-9, 1 - 1e-9, error);
    }
    if (status != KABURI_OK) {
        return status;
    }
    knot->counted = log2(knot->probability / (1 - knot->probability));
    if (model->knot_count > 0 && knot[-1].bits >= knot->bits) {
        return kbr_line_refuse(line, 1, "isotonics must rise", error);
    }
    if (model->knot_count > 0 && knot[-1].counted >= knot->counted) {
        return kbr_line_refuse(line, 2, "isotonics must rise", error);
    }
    model->knot_count++;
    return KABURI_OK;
}

static kaburi_status read_calibration(kaburi_model *model, const kbr_line *line,
                                      kaburi_error *error) {
    if (line->count != 3) {
        return kbr_line_refuse_whole(line, "a calibration has a slope and a shift", error);
    }
    kaburi_status status = kbr_line_number(&model->slope, line, 1, 0.01, 100, error);
    return status != KABURI_OK ? status : kbr_line_number(&model->shift, line, 2, -64, 64, error);
}

static kaburi_status read_line(kaburi_model *model, progress *seen, const kbr_line *line,
                               kaburi_error *error) {
    const char *what = line->word[0];
    if (strcmp(what, "weight") == 0) {
        return read_weight(model, line, error);
    }
    if (strcmp(what, "prior") == 0) {
        return read_prior(model, line, error);
    }
    if (strcmp(what, "rarity") == 0) {
        return read_rarity(model, seen->rarities, line, error);
    }
    if (strcmp(what, "calibration") == 0) {
        return read_calibration(model, line, error);
    }
    if (strcmp(what, "isotonic") == 0) {
        return read_isotonic(model, seen, line, error);
    }
    return kbr_line_refuse(line, 0, "not understood", error);
}

static kaburi_status read_lines(kaburi_model *model, kbr_lines *lines, kaburi_error *error) {
    progress seen = {0};
    for (;;) {
        kbr_line line;
        bool more;
        kaburi_status status = kbr_lines_next(lines, &line, &more, error);
        if (status == KABURI_OK && more) {
            status = read_line(model, &seen, &line, error);
        }
        if (status != KABURI_OK) {
            return status;
        }
        if (!more) {
            break;
        }
    }
    for (size_t i = 0; i < KBR_COUNT(seen.rarities); i++) {
        if (seen.rarities[i] != 0 && seen.rarities[i] != KBR_RARITY_KNOTS) {
            return kbr_fail_at(error, KABURI_ERROR_FORMAT, lines->number,
                               "a model with %zu of %d rarities of %s", seen.rarities[i],
                               KBR_RARITY_KNOTS, i == 0 ? "company" : "deal");
        }
    }
    return KABURI_OK;
}

kaburi_status kbr_model_parse(kaburi_model **out, const char *text, size_t size,
                              const kaburi_allocator *allocator, kaburi_error *error) {
    kaburi_allocator from = kbr_allocator_of(allocator);
    kbr_lines lines;
    kaburi_status status = kbr_lines_open(&lines, "model", MODEL_VERSION, text, size, &from, error);
    if (status != KABURI_OK) {
        return status;
    }
    kaburi_model *model = kbr_allocate(&from, 1, sizeof *model);
    if (model == NULL) {
        status = kbr_fail_memory(error);
    } else {
        *model = kbr_model_builtin;
        model->allocator = from;
        status = read_lines(model, &lines, error);
    }
    kbr_lines_close(&lines);
    if (status != KABURI_OK) {
        kaburi_model_free(model);
        return status;
    }
    *out = model;
    return KABURI_OK;
}

void kaburi_model_free(kaburi_model *model) {
    if (model != NULL) {
        kaburi_allocator allocator = model->allocator;
        kbr_release(&allocator, model);
    }
}

/* ---- writing ---- */

static void write_numbers(kbr_bytes *out, const char *head, double first, double second) {
    kbr_bytes_string(out, head);
    kbr_bytes_string(out, " ");
    kbr_bytes_number(out, first);
    kbr_bytes_string(out, " ");
    kbr_bytes_number(out, second);
    kbr_bytes_string(out, "\n");
}

static void write_prior(kbr_bytes *out, const char *head, double bits) {
    kbr_bytes_string(out, head);
    kbr_bytes_number(out, bits);
    kbr_bytes_string(out, "\n");
}

static void write_weights(kbr_bytes *out, const kaburi_model *model) {
    for (int field = 0; field < KABURI_FIELD_COUNT; field++) {
        for (int level = 1; level < KBR_LEVELS_MAX; level++) {
            const kbr_share *share = &model->share[field][level];
            if (share->m > 0) {
                kbr_bytes_format(out, "weight %s %s", kaburi_field_name(field),
                                 kbr_compare_level_name(field, level));
                write_numbers(out, "", share->m, share->u);
            }
        }
    }
}

bool kbr_model_write(kbr_bytes *out, const kaburi_model *model) {
    kbr_bytes_format(out, "kaburi-model %d\n", MODEL_VERSION);
    write_prior(out, "prior company ", model->company_prior);
    write_prior(out, "prior company_deal ", model->company_deal_prior);
    write_prior(out, "prior deal ", model->deal_prior);
    write_numbers(out, "calibration", model->slope, model->shift);
    for (size_t i = 0; i < model->knot_count; i++) {
        write_numbers(out, "isotonic", model->knots[i].bits, model->knots[i].probability);
    }
    kbr_bytes_string(out, model->knot_count == 0 ? "isotonic none\n" : "");
    for (int kind = 0; kind < 2; kind++) {
        for (int i = 0; i < KBR_RARITY_KNOTS; i++) {
            write_numbers(out, kind == 0 ? "rarity company" : "rarity deal",
                          model->rarity[kind][i].bits, model->rarity[kind][i].adjust);
        }
    }
    write_weights(out, model);
    return !out->failed;
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

/* A hospital buys by itself, unless both records bear the number of its corporation. */
static bool is_other_facility(const kaburi_match *match) {
    return match->level[KABURI_FIELD_BRANCH] == KBR_BRANCH_FACILITY &&
           match->level[KABURI_FIELD_CORPORATE_NUMBER] != KBR_ID_SAME;
}

/* Another year or period is the next contract; another phase, lot, kind, number, site, branch or
 * facility is one beside it. */
static int conflict_verdict(const kaburi_match *match) {
    if (conflicts(match, KABURI_FIELD_YEAR) || conflicts(match, KABURI_FIELD_PERIOD)) {
        return KABURI_VERDICT_RENEWAL;
    }
    if (conflicts(match, KABURI_FIELD_PHASE) || conflicts(match, KABURI_FIELD_LOT) ||
        conflicts(match, KABURI_FIELD_SALE) || conflicts(match, KABURI_FIELD_NUMBER) ||
        conflicts(match, KABURI_FIELD_SITE) || conflicts(match, KABURI_FIELD_BRANCH) ||
        is_other_facility(match)) {
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
           level == KBR_COMPANY_RELATED_2 || level == KBR_COMPANY_RELATED_1 ||
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

/* A probability as counted, of one as weighed: rising, and 0 and 1 stay what they are. */
static double calibrated(const kaburi_model *model, double probability) {
    if (model->knot_count == 0) {
        return probability;
    }
    const kbr_knot *knots = model->knots;
    double bits = log2(probability / (1 - probability)); /* -inf and inf are calibrated as well */
    size_t next = 0;
    while (next < model->knot_count && knots[next].bits <= bits) {
        next++;
    }
    if (next == 0 || next == model->knot_count) {
        const kbr_knot *end = &knots[next == 0 ? 0 : next - 1];
        bits += end->counted - end->bits;
    } else {
        const kbr_knot *low = &knots[next - 1];
        double share = (bits - low->bits) / (low[1].bits - low->bits);
        bits = low->counted + share * (low[1].counted - low->counted);
    }
    return 1 / (1 + exp2(-bits));
}

/* Below even odds a deal is another one, unless the policy wants to hear of less. */
static double duplicate_min(const kbr_thresholds *duplicate) {
    return duplicate->alert < 0.5 ? duplicate->alert : 0.5;
}

static int verdict_of(const kaburi_match *match, const odds *bits,
                      const kbr_thresholds *duplicate) {
    if (match->level[KABURI_FIELD_COMPANY] == KBR_COMPANY_NAMELESS) {
        return KABURI_VERDICT_UNRELATED;
    }
    if (match->level[KABURI_FIELD_COMPANY] == KBR_COMPANY_ALIAS_GROUP &&
        match->level[KABURI_FIELD_CORPORATE_NUMBER] != KBR_ID_SAME) {
        return KABURI_VERDICT_GROUP;
    }
    bool other_number = match->level[KABURI_FIELD_CORPORATE_NUMBER] == KBR_ID_CONFLICT;
    if (bits->company < 0 || other_number) {
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
    if (verdict != KABURI_VERDICT_DUPLICATE) {
        return verdict;
    }
    bool doubted = match->probability < duplicate_min(duplicate);
    bool succeeds =
        (match->evidence & (KABURI_EVIDENCE_STAGE_WON | KABURI_EVIDENCE_STAGE_LOST)) != 0;
    bool next = match->level[KABURI_FIELD_CLOSE_DATE] == KBR_CLOSE_YEARLY;
    if (succeeds || next || (doubted && match->level[KABURI_FIELD_YEAR] == KBR_YEAR_YEARLY)) {
        return KABURI_VERDICT_RENEWAL;
    }
    return doubted ? KABURI_VERDICT_PARALLEL : KABURI_VERDICT_DUPLICATE;
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
    if (field == KABURI_FIELD_COMPANY &&
        ((level >= KBR_COMPANY_EXACT && level <= KBR_COMPANY_NEAR_1) || level == KBR_COMPANY_READ ||
         level == KBR_COMPANY_PART_READ ||
         (level >= KBR_COMPANY_HEARD_5 && level <= KBR_COMPANY_HEARD_1))) {
        return rarity_of(model->rarity[0], evidence->company_rarity);
    }
    if (field == KABURI_FIELD_DEAL &&
        ((level >= KBR_DEAL_EXACT && level <= KBR_DEAL_NEAR_1) || level == KBR_DEAL_TYPO)) {
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

/* The company's weight and level: the names' own, or what a table of aliases says where that is
 * more. Any of the owners of an alias may be meant, and a table's word does not depend on the
 * spelling. */
static float company_weight(const kaburi_model *model, const kbr_evidence *evidence,
                            uint8_t *level) {
    float weight = field_weight(model, evidence, KABURI_FIELD_COMPANY);
    *level = evidence->level[KABURI_FIELD_COMPANY];
    if (evidence->company_alias != 0) {
        float told = model->weight[KABURI_FIELD_COMPANY][evidence->company_alias] -
                     (float)log2(evidence->company_owners);
        if (told >= weight || *level == KBR_COMPANY_ALIAS_GROUP) {
            *level = evidence->company_alias;
            return told;
        }
    }
    return weight;
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
        out->weight[i] = i == KABURI_FIELD_COMPANY ? company_weight(model, evidence, &out->level[i])
                                                   : field_weight(model, evidence, i);
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

double kbr_model_customer(const kaburi_model *model, const kbr_evidence *evidence) {
    double company = 0;
    uint8_t level;
    if (evidence->level[KABURI_FIELD_COMPANY] != KBR_LEVEL_ABSENT) {
        company = company_weight(model, evidence, &level);
    }
    for (int i = KABURI_FIELD_COMPANY + 1; i < KABURI_FIELD_COUNT; i++) {
        if ((COMPANY_FIELDS >> i & 1) != 0 && evidence->level[i] != KBR_LEVEL_ABSENT) {
            company += field_weight(model, evidence, i);
        }
    }
    double prior = model->company_prior > model->company_deal_prior ? model->company_prior
                                                                    : model->company_deal_prior;
    return company + prior;
}

double kbr_model_limit(const kaburi_model *model, double customer) {
    /* exp2 is not promised to rise without a step back in its last digit. */
    return calibrated(model, likely(model, customer)) * (1 + 1e-12);
}

/* A duplicate is the same customer and the same deal: what one has to spare does not make up for
 * the other. */
static double probability_of(const kaburi_model *model, const odds *bits, int deal) {
    double probability = likely(model, bits->company);
    if (deal != KBR_LEVEL_ABSENT) {
        probability *= likely(model, bits->deal);
    }
    return calibrated(model, probability);
}

/* Sure enough to refuse a deal: one name, or one number. A name that is only alike may be a
 * hospital's beside its university, or St. Mark's beside St. Mary's, whatever its deal; how a name
 * is read is a guess, and several companies share a reading. Neither these nor a table block. */
static bool is_certain(const kaburi_match *match) {
    return same_name(match) || match->level[KABURI_FIELD_CORPORATE_NUMBER] == KBR_ID_SAME;
}

void kbr_model_judge(kaburi_match *out, const kaburi_model *model, const kaburi_policy *policy,
                     const kbr_evidence *evidence, const kbr_card *card) {
    odds bits;
    memset(out, 0, sizeof *out);
    out->id = card->id;
    out->evidence = evidence->bits;
    weigh(out, &bits, model, evidence);
    out->probability = probability_of(model, &bits, evidence->level[KABURI_FIELD_DEAL]);
    const kbr_thresholds *duplicate =
        &policy->at[KABURI_VERDICT_DUPLICATE][card->stage][card->kind];
    out->verdict = verdict_of(out, &bits, duplicate);
    const kbr_thresholds *thresholds = &policy->at[out->verdict][card->stage][card->kind];
    out->decision = kbr_policy_decide(thresholds, out->probability);
    if (out->decision == KABURI_DECISION_BLOCK && !is_certain(out)) {
        out->decision = KABURI_DECISION_ALERT;
    }
}

void kbr_model_account(kbr_account *out, const kaburi_model *model, const kaburi_match *match) {
    double sum[2] = {0, 0};
    double subject = model->deal_prior;
    for (int i = 0; i < KABURI_FIELD_COUNT; i++) {
        bool company = (COMPANY_FIELDS >> i & 1) != 0;
        sum[company ? 0 : 1] += (double)match->weight[i];
        subject += (SUBJECT_FIELDS >> i & 1) != 0 ? (double)match->weight[i] : 0;
    }
    bool deal = match->level[KABURI_FIELD_DEAL] != KBR_LEVEL_ABSENT;
    out->parts = deal ? 2 : 1;
    out->prior[0] = deal && subject > 0 ? model->company_deal_prior : model->company_prior;
    out->prior[1] = model->deal_prior;
    for (int i = 0; i < 2; i++) {
        out->bits[i] = out->prior[i] + sum[i];
        out->likely[i] = i == 0 || deal ? likely(model, out->bits[i]) : 1;
    }
    out->weighed = out->likely[0] * out->likely[1];
}

bool kbr_model_precedes(const kaburi_match *a, const kaburi_match *b) {
    if (a->probability != b->probability) {
        return a->probability > b->probability;
    }
    return a->id < b->id;
}
