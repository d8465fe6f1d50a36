/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparing: every field but the companies' names, and the bits that tell what was seen.
 */
#include "compare.h"

#include "compare_company.h"

#include <string.h>

/* A deal's name of less than 40 bits, as a sum of rarities (8 * bits), is too common for being
 * contained to say anything. */
#define DEAL_COMMON (40 * 8)

static const kbr_grade deal_grades[] = {{KBR_DEAL_NEAR_6, 900, 950}, {KBR_DEAL_NEAR_5, 800, 850},
                                        {KBR_DEAL_NEAR_4, 700, 750}, {KBR_DEAL_NEAR_3, 600, 650},
                                        {KBR_DEAL_NEAR_2, 500, 550}, {KBR_DEAL_NEAR_1, 350, 425},
                                        {KBR_DEAL_DIFFERENT, 0, 150}};

const kbr_grade *kbr_compare_grades(int field, int level) {
    if (field == KABURI_FIELD_COMPANY) {
        return kbr_compare_company_grades(level);
    }
    bool graded =
        field == KABURI_FIELD_DEAL && level >= KBR_DEAL_NEAR_6 && level <= KBR_DEAL_DIFFERENT;
    return graded ? deal_grades : NULL;
}

/* ---- the customer ---- */

/* 東日本旅客鉄道 and 西日本旅客鉄道 differ in their forms' place as well as any: forms count only
 * where the names agree. */
static int form_level(const kbr_card *a, const kbr_card *b) {
    if (a->form_count == 0 || b->form_count == 0) {
        return a->form_count == b->form_count ? KBR_LEVEL_ABSENT : KBR_FORM_MISSING;
    }
    bool kin = false;
    bool moved = false;
    for (size_t i = 0; i < a->form_count; i++) {
        for (size_t j = 0; j < b->form_count; j++) {
            const kbr_form *x = &kbr_card_forms(a)[i];
            const kbr_form *y = &kbr_card_forms(b)[j];
            if (x->form == y->form && x->place == y->place) {
                return KBR_FORM_SAME;
            }
            moved |= x->form == y->form;
            kin |= kbr_company_classes_agree(x->class, y->class);
        }
    }
    if (moved) {
        return KBR_FORM_MOVED;
    }
    return kin ? KBR_FORM_KIN : KBR_FORM_CONFLICT;
}

static int told_word(const kbr_card *own, const kbr_card *other, int word) {
    uint64_t a = kbr_card_word(own, word);
    uint64_t b = kbr_card_word(other, word);
    if (a == 0 || b == 0) {
        return a == b ? KBR_LEVEL_ABSENT : KBR_TOLD_ONCE;
    }
    return a == b ? KBR_TOLD_SAME : KBR_TOLD_CONFLICT;
}

static int id_word(const kbr_card *own, const kbr_card *other, int word) {
    uint64_t a = kbr_card_word(own, word);
    uint64_t b = kbr_card_word(other, word);
    if (a == 0 || b == 0) {
        return KBR_LEVEL_ABSENT;
    }
    return a == b ? KBR_ID_SAME : KBR_ID_CONFLICT;
}

/* Readings that somebody entered; a guess beside one is no conflict. */
static int given_level(const kbr_card *a, const kbr_card *b) {
    return (a->traits & b->traits & KBR_TRAIT_READING_GIVEN) != 0 ? id_word(a, b, KBR_CARD_READING)
                                                                  : KBR_LEVEL_ABSENT;
}

/* ---- deal ---- */

static int deal_level(const kbr_subject *subject, const kbr_card *other, uint16_t *alike) {
    const kbr_card *own = subject->card;
    uint64_t own_deal = kbr_card_word(own, KBR_CARD_DEAL);
    uint64_t other_deal = kbr_card_word(other, KBR_CARD_DEAL);
    if (own_deal == 0 || other_deal == 0 ||
        ((own->deal_flags | other->deal_flags) & KBR_DEAL_PLACEHOLDER) != 0) {
        return own->deal_strict == other->deal_strict ? KBR_LEVEL_ABSENT : KBR_DEAL_ONCE;
    }
    if (own_deal == other_deal) {
        return own->deal_strict == other->deal_strict ? KBR_DEAL_EXACT : KBR_DEAL_SAME;
    }
    uint64_t shared = kbr_shingle_set_shared(&subject->deal, kbr_card_deal_shingles(other),
                                             kbr_card_deal_rarities(other), other->deal_shingles);
    uint32_t smaller =
        own->deal_weight < other->deal_weight ? own->deal_weight : other->deal_weight;
    uint64_t dice = 2000 * shared / (own->deal_weight + other->deal_weight + 1U);
    uint64_t overlap = 1000 * shared / (smaller + 1U);
    *alike = (uint16_t)(dice < 1000 ? dice : 1000);
    int near = kbr_grade_of(deal_grades, *alike);
    if (overlap >= 880 && smaller >= DEAL_COMMON && near > KBR_DEAL_NEAR_5) {
        return KBR_DEAL_CONTAINED;
    }
    return near;
}

/* 第2調査区 is compared with the other's 調査区, whatever its 地区 is; a number whose word the
 * other does not use, with any of the same role. Plain numbers count the same only with the same
 * word. */
static bool has_number(const kbr_card *card, const kbr_number *wanted) {
    const kbr_number *numbers = kbr_card_numbers(card);
    bool word_used = wanted->role == KBR_NUMBER_PLAIN;
    bool value_used = false;
    for (size_t i = 0; i < card->number_count; i++) {
        if (numbers[i].role != wanted->role) {
            continue;
        }
        bool same_value = numbers[i].value == wanted->value && numbers[i].scale == wanted->scale;
        bool same_word = numbers[i].context == wanted->context;
        if (same_value && same_word) {
            return true;
        }
        word_used |= same_word;
        value_used |= same_value;
    }
    return value_used && !word_used;
}

/* One bit for each number of a of these roles that b lacks. */
static uint32_t lacking(const kbr_card *a, const kbr_card *b, uint32_t roles) {
    const kbr_number *numbers = kbr_card_numbers(a);
    uint32_t found = 0;
    for (size_t i = 0; i < a->number_count; i++) {
        if ((roles >> numbers[i].role & 1U) != 0 && !has_number(b, &numbers[i])) {
            found |= 1U << i;
        }
    }
    return found;
}

static int number_level(const kbr_card *a, const kbr_card *b, uint32_t roles) {
    if (((a->roles | b->roles) & roles) == 0) {
        return KBR_LEVEL_ABSENT;
    }
    if ((a->roles & roles) == 0 || (b->roles & roles) == 0) {
        return KBR_TOLD_ONCE;
    }
    uint32_t left_a = lacking(a, b, roles);
    uint32_t left_b = lacking(b, a, roles);
    if (left_a == 0 && left_b == 0) {
        return KBR_TOLD_SAME;
    }
    return left_a != 0 && left_b != 0 ? KBR_TOLD_CONFLICT : KBR_TOLD_PART;
}

/* Half, quarter and month are told apart, so that Q1 against 4月 is no conflict. */
static int period_level(const kbr_card *a, const kbr_card *b) {
    static const uint32_t roles[] = {1U << KBR_NUMBER_HALF, 1U << KBR_NUMBER_QUARTER,
                                     1U << KBR_NUMBER_MONTH};
    int worst = KBR_LEVEL_ABSENT;
    for (size_t i = 0; i < KBR_COUNT(roles); i++) {
        int level = number_level(a, b, roles[i]);
        worst = level > worst ? level : worst;
    }
    return worst;
}

static int sale_level(const kbr_card *a, const kbr_card *b) {
    if (a->deal_sales == 0 || b->deal_sales == 0) {
        return a->deal_sales == b->deal_sales ? KBR_LEVEL_ABSENT : KBR_TOLD_ONCE;
    }
    if (a->deal_sales == b->deal_sales) {
        return KBR_TOLD_SAME;
    }
    return (a->deal_sales & b->deal_sales) != 0 ? KBR_TOLD_PART : KBR_TOLD_CONFLICT;
}

static int amount_level(int64_t a, int64_t b) {
    if (a == KABURI_AMOUNT_ABSENT || b == KABURI_AMOUNT_ABSENT || a == 0 || b == 0) {
        return KBR_LEVEL_ABSENT;
    }
    if (a == b) {
        return KBR_AMOUNT_SAME;
    }
    if ((a < 0) != (b < 0)) {
        return KBR_AMOUNT_OTHER;
    }
    double x = (double)(a < 0 ? -(a + 1) : a);
    double y = (double)(b < 0 ? -(b + 1) : b);
    double low = x < y ? x : y;
    double high = x < y ? y : x;
    if (low >= 0.9 * high) {
        return KBR_AMOUNT_NEAR;
    }
    return low >= 0.5 * high ? KBR_AMOUNT_FAR : KBR_AMOUNT_OTHER;
}

static int close_date_level(int32_t a, int32_t b) {
    if (a == KABURI_DATE_ABSENT || b == KABURI_DATE_ABSENT) {
        return KBR_LEVEL_ABSENT;
    }
    int64_t days = (int64_t)a - b;
    days = days < 0 ? -days : days;
    if (days <= 45) {
        return KBR_CLOSE_NEAR;
    }
    return days <= 270 ? KBR_CLOSE_YEAR : KBR_CLOSE_OTHER;
}

/* ---- evidence ---- */

static uint64_t company_bits(int level) {
    switch (level) {
    case KBR_COMPANY_EXACT:
        return KABURI_EVIDENCE_COMPANY_SAME;
    case KBR_COMPANY_SAME:
        return KABURI_EVIDENCE_COMPANY_FOLDED;
    case KBR_COMPANY_IS_FORMER:
        return KABURI_EVIDENCE_COMPANY_FORMER;
    case KBR_COMPANY_ALIAS_ABBREVIATION:
    case KBR_COMPANY_ALIAS_FORMER:
    case KBR_COMPANY_ALIAS_TRANSLATION:
    case KBR_COMPANY_ALIAS_GROUP:
        return KABURI_EVIDENCE_COMPANY_ALIAS;
    case KBR_COMPANY_UNIT:
        return 0; /* told as contained */
    case KBR_COMPANY_NEAR_6:
    case KBR_COMPANY_NEAR_5:
    case KBR_COMPANY_NEAR_4:
    case KBR_COMPANY_NEAR_3:
    case KBR_COMPANY_NEAR_2:
    case KBR_COMPANY_NEAR_1:
        return KABURI_EVIDENCE_COMPANY_NEAR;
    case KBR_COMPANY_OTHER_SCRIPT:
        return KABURI_EVIDENCE_COMPANY_SCRIPT;
    case KBR_COMPANY_PARENT:
    case KBR_COMPANY_OPPOSED_2:
    case KBR_COMPANY_OPPOSED_1:
        return KABURI_EVIDENCE_COMPANY_CONFLICT;
    case KBR_COMPANY_NAMELESS:
        return KABURI_EVIDENCE_PLACEHOLDER;
    case KBR_COMPANY_READ:
    case KBR_COMPANY_MAY_READ:
    case KBR_COMPANY_HOMOPHONE:
        return KABURI_EVIDENCE_COMPANY_READING;
    case KBR_COMPANY_ACRONYM:
        return KABURI_EVIDENCE_COMPANY_ACRONYM;
    case KBR_COMPANY_HEARD_5:
    case KBR_COMPANY_HEARD_4:
    case KBR_COMPANY_HEARD_3:
    case KBR_COMPANY_HEARD_2:
    case KBR_COMPANY_HEARD_1:
        return KABURI_EVIDENCE_COMPANY_SOUND;
    default:
        return 0;
    }
}

static uint64_t deal_bits(int level) {
    if (level == KBR_LEVEL_ABSENT || level == KBR_DEAL_ONCE) {
        return 0;
    }
    if (level <= KBR_DEAL_SAME) {
        return KABURI_EVIDENCE_DEAL_SAME;
    }
    if (level == KBR_DEAL_CONTAINED) {
        return KABURI_EVIDENCE_DEAL_CONTAINED;
    }
    return level <= KBR_DEAL_NEAR_2 ? KABURI_EVIDENCE_DEAL_NEAR : KABURI_EVIDENCE_DEAL_DIFFERENT;
}

/* Fields whose levels turn into bits one to one. */
static const struct {
    int field;
    int level;
    uint64_t bit;
} level_bits[] = {
    {KABURI_FIELD_FORM, KBR_FORM_SAME, KABURI_EVIDENCE_FORM_SAME},
    {KABURI_FIELD_FORM, KBR_FORM_MOVED, KABURI_EVIDENCE_FORM_MOVED},
    {KABURI_FIELD_FORM, KBR_FORM_MISSING, KABURI_EVIDENCE_FORM_MISSING},
    {KABURI_FIELD_FORM, KBR_FORM_CONFLICT, KABURI_EVIDENCE_FORM_CONFLICT},
    {KABURI_FIELD_BRANCH, KBR_TOLD_CONFLICT, KABURI_EVIDENCE_BRANCH_CONFLICT},
    {KABURI_FIELD_READING, KBR_ID_SAME, KABURI_EVIDENCE_READING_SAME},
    {KABURI_FIELD_CORPORATE_NUMBER, KBR_ID_SAME, KABURI_EVIDENCE_CORPORATE_NUMBER_SAME},
    {KABURI_FIELD_CORPORATE_NUMBER, KBR_ID_CONFLICT, KABURI_EVIDENCE_CORPORATE_NUMBER_CONFLICT},
    {KABURI_FIELD_DOMAIN, KBR_ID_SAME, KABURI_EVIDENCE_DOMAIN_SAME},
    {KABURI_FIELD_YEAR, KBR_TOLD_SAME, KABURI_EVIDENCE_YEAR_SAME},
    {KABURI_FIELD_YEAR, KBR_TOLD_CONFLICT, KABURI_EVIDENCE_YEAR_CONFLICT},
    {KABURI_FIELD_PERIOD, KBR_TOLD_CONFLICT, KABURI_EVIDENCE_PERIOD_CONFLICT},
    {KABURI_FIELD_PHASE, KBR_TOLD_CONFLICT, KABURI_EVIDENCE_PHASE_CONFLICT},
    {KABURI_FIELD_LOT, KBR_TOLD_CONFLICT, KABURI_EVIDENCE_LOT_CONFLICT},
    {KABURI_FIELD_SALE, KBR_TOLD_CONFLICT, KABURI_EVIDENCE_SALE_CONFLICT},
    {KABURI_FIELD_SITE, KBR_TOLD_CONFLICT, KABURI_EVIDENCE_SITE_CONFLICT},
    {KABURI_FIELD_NUMBER, KBR_TOLD_CONFLICT, KABURI_EVIDENCE_NUMBER_CONFLICT},
    {KABURI_FIELD_AMOUNT, KBR_AMOUNT_SAME, KABURI_EVIDENCE_AMOUNT_SAME},
    {KABURI_FIELD_AMOUNT, KBR_AMOUNT_OTHER, KABURI_EVIDENCE_AMOUNT_CONFLICT},
    {KABURI_FIELD_CLOSE_DATE, KBR_CLOSE_OTHER, KABURI_EVIDENCE_CLOSE_DATE_CONFLICT},
};

static bool is_alias(int level) {
    return level >= KBR_COMPANY_ALIAS_ABBREVIATION && level <= KBR_COMPANY_ALIAS_GROUP;
}

/* Another name is read otherwise, and an abbreviation is written without a legal form: neither
 * speaks against what the table says. */
static void forgive_alias(uint8_t *level) {
    if (level[KABURI_FIELD_READING] == KBR_ID_CONFLICT) {
        level[KABURI_FIELD_READING] = KBR_LEVEL_ABSENT;
    }
    if (level[KABURI_FIELD_COMPANY] == KBR_COMPANY_ALIAS_ABBREVIATION &&
        level[KABURI_FIELD_FORM] == KBR_FORM_MISSING) {
        level[KABURI_FIELD_FORM] = KBR_LEVEL_ABSENT;
    }
}

void kbr_compare_customer(kbr_evidence *out, const kbr_subject *subject, const kbr_card *other) {
    const kbr_card *own = subject->card;
    uint8_t *level = out->level;
    memset(out, 0, sizeof *out);
    level[KABURI_FIELD_COMPANY] = (uint8_t)kbr_compare_company(subject, other, out);
    level[KABURI_FIELD_FORM] = (uint8_t)form_level(own, other);
    level[KABURI_FIELD_BRANCH] = (uint8_t)told_word(own, other, KBR_CARD_BRANCH);
    level[KABURI_FIELD_READING] = (uint8_t)given_level(own, other);
    level[KABURI_FIELD_CORPORATE_NUMBER] = (uint8_t)id_word(own, other, KBR_CARD_CORPORATE_NUMBER);
    level[KABURI_FIELD_DOMAIN] = (uint8_t)id_word(own, other, KBR_CARD_DOMAIN);
    if (is_alias(level[KABURI_FIELD_COMPANY])) {
        forgive_alias(level);
    }
}

void kbr_compare_rest(kbr_evidence *out, const kbr_subject *subject, const kbr_card *other) {
    const kbr_card *own = subject->card;
    uint8_t *level = out->level;
    out->deal_rarity = kbr_compare_commoner(own->deal_weight, other->deal_weight);
    level[KABURI_FIELD_DEAL] = (uint8_t)deal_level(subject, other, &out->deal_likeness);
    level[KABURI_FIELD_YEAR] = (uint8_t)number_level(own, other, 1U << KBR_NUMBER_YEAR);
    level[KABURI_FIELD_PERIOD] = (uint8_t)period_level(own, other);
    level[KABURI_FIELD_PHASE] = (uint8_t)number_level(own, other, 1U << KBR_NUMBER_PHASE);
    level[KABURI_FIELD_LOT] = (uint8_t)number_level(own, other, 1U << KBR_NUMBER_LOT);
    level[KABURI_FIELD_SALE] = (uint8_t)sale_level(own, other);
    level[KABURI_FIELD_SITE] = (uint8_t)told_word(own, other, KBR_CARD_SITE);
    level[KABURI_FIELD_NUMBER] =
        (uint8_t)number_level(own, other, 1U << KBR_NUMBER_PLAIN | 1U << KBR_NUMBER_DAY);
    level[KABURI_FIELD_AMOUNT] =
        (uint8_t)amount_level(kbr_card_amount(own), kbr_card_amount(other));
    level[KABURI_FIELD_CLOSE_DATE] = (uint8_t)close_date_level(own->close_date, other->close_date);

    out->bits |= company_bits(level[KABURI_FIELD_COMPANY]) | deal_bits(level[KABURI_FIELD_DEAL]);
    for (size_t i = 0; i < KBR_COUNT(level_bits); i++) {
        if (level[level_bits[i].field] == level_bits[i].level) {
            out->bits |= level_bits[i].bit;
        }
    }
}

void kbr_compare(kbr_evidence *out, const kbr_subject *subject, const kbr_card *other) {
    kbr_compare_customer(out, subject, other);
    kbr_compare_rest(out, subject, other);
}

/* ---- names ---- */

#define TOLD_NAMES "same", "part", "once", "conflict"
#define ID_NAMES "same", "conflict"

static const char *const level_names[KABURI_FIELD_COUNT][KBR_LEVELS_MAX] = {
    [KABURI_FIELD_COMPANY] = {NULL,
                              "exact",
                              "same",
                              "former",
                              "alias_abbreviation",
                              "alias_former",
                              "alias_translation",
                              "alias_group",
                              "unit",
                              "near_6",
                              "near_5",
                              "near_4",
                              "near_3",
                              "near_2",
                              "near_1",
                              "other_script",
                              "parent",
                              "opposed_2",
                              "opposed_1",
                              "different",
                              "nameless",
                              "reading",
                              "may_read",
                              "homophone",
                              "acronym",
                              "heard_5",
                              "heard_4",
                              "heard_3",
                              "heard_2",
                              "heard_1"},
    [KABURI_FIELD_FORM] = {NULL, "same", "moved", "kin", "missing", "conflict"},
    [KABURI_FIELD_BRANCH] = {NULL, TOLD_NAMES},
    [KABURI_FIELD_READING] = {NULL, ID_NAMES},
    [KABURI_FIELD_CORPORATE_NUMBER] = {NULL, ID_NAMES},
    [KABURI_FIELD_DOMAIN] = {NULL, ID_NAMES},
    [KABURI_FIELD_DEAL] = {NULL, "exact", "same", "contained", "near_6", "near_5", "near_4",
                           "near_3", "near_2", "near_1", "different", "once"},
    [KABURI_FIELD_YEAR] = {NULL, TOLD_NAMES},
    [KABURI_FIELD_PERIOD] = {NULL, TOLD_NAMES},
    [KABURI_FIELD_PHASE] = {NULL, TOLD_NAMES},
    [KABURI_FIELD_LOT] = {NULL, TOLD_NAMES},
    [KABURI_FIELD_SALE] = {NULL, TOLD_NAMES},
    [KABURI_FIELD_SITE] = {NULL, TOLD_NAMES},
    [KABURI_FIELD_NUMBER] = {NULL, TOLD_NAMES},
    [KABURI_FIELD_AMOUNT] = {NULL, "same", "near", "far", "other"},
    [KABURI_FIELD_CLOSE_DATE] = {NULL, "near", "year", "other"},
};

const char *kbr_compare_level_name(int field, int level) {
    if (field < 0 || field >= KABURI_FIELD_COUNT || level < 0 || level >= KBR_LEVELS_MAX) {
        return NULL;
    }
    return level_names[field][level];
}
