/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparing: every field but the companies' names, and the bits that tell what was seen.
 */
#include "compare.h"

#include "compare_company.h"
#include "compare_deal.h"

#include <string.h>

const kbr_grade *kbr_compare_grades(int field, int level) {
    if (field == KABURI_FIELD_COMPANY) {
        return kbr_compare_company_grades(level);
    }
    return field == KABURI_FIELD_DEAL ? kbr_compare_deal_grades(level) : NULL;
}

/* ---- the customer ---- */

/* 東日本旅客鉄道 and 西日本旅客鉄道 differ in their forms' place as well as any: forms count only
 * where the names agree. */
static int form_level(const kbr_card *a, const kbr_card *b) {
    if (a->form_count == 0 || b->form_count == 0) {
        return a->form_count == b->form_count ? KBR_LEVEL_ABSENT : KBR_FORM_MISSING;
    }
    bool kin = false;
    bool seldom = false;
    bool moved = false;
    for (size_t i = 0; i < a->form_count; i++) {
        for (size_t j = 0; j < b->form_count; j++) {
            const kbr_form *x = &kbr_card_forms(a)[i];
            const kbr_form *y = &kbr_card_forms(b)[j];
            if (x->form == y->form && x->place == y->place) {
                return KBR_FORM_SAME;
            }
            moved |= x->form == y->form;
            bool unusual = kbr_company_classes_seldom(x->class, y->class);
            seldom |= unusual;
            kin |= !unusual && kbr_company_classes_agree(x->class, y->class);
        }
    }
    if (moved) {
        return KBR_FORM_MOVED;
    }
    if (kin) {
        return KBR_FORM_KIN;
    }
    return seldom ? KBR_FORM_SELDOM : KBR_FORM_CONFLICT;
}

static int id_word(const kbr_card *own, const kbr_card *other, int word) {
    uint64_t a = kbr_card_word(own, word);
    uint64_t b = kbr_card_word(other, word);
    if (a == 0 || b == 0) {
        return KBR_LEVEL_ABSENT;
    }
    return a == b ? KBR_ID_SAME : KBR_ID_CONFLICT;
}

/* Whether a company's level comes from the names as they are spelt: all else is a guess at how they
 * are read, or somebody's table. */
static bool is_spelt(int level) {
    return (level >= KBR_COMPANY_EXACT && level <= KBR_COMPANY_IS_FORMER) ||
           (level >= KBR_COMPANY_UNIT && level <= KBR_COMPANY_NEAR_1);
}

/* Of two names of one sound: whether they are so in other kana, or by a guess that may be another.
 */
static int sound_level(const kbr_card *a, const kbr_card *b) {
    uint64_t x = kbr_card_word(a, KBR_CARD_READING);
    uint64_t y = kbr_card_word(b, KBR_CARD_READING);
    if ((x & KBR_SPOKEN_KANA) != 0 && (y & KBR_SPOKEN_KANA) != 0 &&
        ((x ^ y) & KBR_SPOKEN_KANA) != 0) {
        return KBR_READING_LOOSE;
    }
    bool romaji = ((a->traits | b->traits) & KBR_TRAIT_ROMAJI) != 0;
    bool kanji = ((a->scripts | b->scripts) & KBR_WRITTEN_KANJI) != 0;
    if (romaji && kanji) {
        return KBR_READING_DOUBTFUL;
    }
    return ((x | y) & KBR_SPOKEN_DOUBTFUL) != 0 ? KBR_READING_DOUBTFUL : KBR_LEVEL_ABSENT;
}

/* Readings that somebody entered; a guess beside one is no conflict. Where the names are compared
 * by sound, theirs is the same fact. */
static int given_level(const kbr_card *a, const kbr_card *b, int company) {
    if (company == KBR_COMPANY_READ) {
        return sound_level(a, b);
    }
    if ((a->traits & b->traits & KBR_TRAIT_READING_GIVEN) == 0 ||
        (!is_spelt(company) && company != KBR_COMPANY_DIFFERENT)) {
        return KBR_LEVEL_ABSENT;
    }
    bool same = ((kbr_card_word(a, KBR_CARD_READING) ^ kbr_card_word(b, KBR_CARD_READING)) &
                 KBR_SPOKEN_SOUND) == 0;
    if (company == KBR_COMPANY_EXACT || company == KBR_COMPANY_SAME) {
        return same ? KBR_READING_SAME : KBR_READING_VARIES;
    }
    return same ? KBR_READING_AGREES : KBR_READING_CONFLICT;
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
    case KBR_COMPANY_RELATED_2:
    case KBR_COMPANY_RELATED_1:
        return KABURI_EVIDENCE_COMPANY_CONFLICT;
    case KBR_COMPANY_NAMELESS:
    case KBR_COMPANY_ANONYMOUS:
        return KABURI_EVIDENCE_PLACEHOLDER;
    case KBR_COMPANY_READ:
    case KBR_COMPANY_MAY_READ:
    case KBR_COMPANY_PART_READ:
        return KABURI_EVIDENCE_COMPANY_READING;
    case KBR_COMPANY_HOMOPHONE:
    case KBR_COMPANY_SAID:
        return KABURI_EVIDENCE_COMPANY_HOMOPHONE;
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
    if (level == KBR_DEAL_TYPO) {
        return KABURI_EVIDENCE_DEAL_NEAR;
    }
    if (level == KBR_DEAL_OPPOSED) {
        return KABURI_EVIDENCE_DEAL_OPPOSED;
    }
    if (level <= KBR_DEAL_SAME) {
        return KABURI_EVIDENCE_DEAL_SAME;
    }
    if (level == KBR_DEAL_CONTAINED) {
        return KABURI_EVIDENCE_DEAL_CONTAINED;
    }
    return level <= KBR_DEAL_NEAR_2 ? KABURI_EVIDENCE_DEAL_NEAR : KABURI_EVIDENCE_DEAL_DIFFERENT;
}

/* Levels that turn into bits one to one, of the fields that have few. */
#define BITS_LEVELS 8
static const uint64_t level_bits[KABURI_FIELD_COUNT][BITS_LEVELS] = {
    [KABURI_FIELD_FORM] = {[KBR_FORM_SAME] = KABURI_EVIDENCE_FORM_SAME,
                           [KBR_FORM_MOVED] = KABURI_EVIDENCE_FORM_MOVED,
                           [KBR_FORM_MISSING] = KABURI_EVIDENCE_FORM_MISSING,
                           [KBR_FORM_CONFLICT] = KABURI_EVIDENCE_FORM_CONFLICT},
    [KABURI_FIELD_BRANCH] = {[KBR_TOLD_CONFLICT] = KABURI_EVIDENCE_BRANCH_CONFLICT},
    [KABURI_FIELD_READING] = {[KBR_READING_SAME] = KABURI_EVIDENCE_READING_SAME,
                              [KBR_READING_AGREES] = KABURI_EVIDENCE_READING_SAME},
    [KABURI_FIELD_CORPORATE_NUMBER] = {[KBR_ID_SAME] = KABURI_EVIDENCE_CORPORATE_NUMBER_SAME,
                                       [KBR_ID_CONFLICT] =
                                           KABURI_EVIDENCE_CORPORATE_NUMBER_CONFLICT},
    [KABURI_FIELD_DOMAIN] = {[KBR_ID_SAME] = KABURI_EVIDENCE_DOMAIN_SAME},
    [KABURI_FIELD_YEAR] = {[KBR_TOLD_SAME] = KABURI_EVIDENCE_YEAR_SAME,
                           [KBR_TOLD_CONFLICT] = KABURI_EVIDENCE_YEAR_CONFLICT,
                           [KBR_YEAR_YEARLY] = KABURI_EVIDENCE_YEAR_YEARLY},
    [KABURI_FIELD_PERIOD] = {[KBR_TOLD_CONFLICT] = KABURI_EVIDENCE_PERIOD_CONFLICT},
    [KABURI_FIELD_PHASE] = {[KBR_TOLD_CONFLICT] = KABURI_EVIDENCE_PHASE_CONFLICT},
    [KABURI_FIELD_LOT] = {[KBR_TOLD_CONFLICT] = KABURI_EVIDENCE_LOT_CONFLICT},
    [KABURI_FIELD_SALE] = {[KBR_TOLD_CONFLICT] = KABURI_EVIDENCE_SALE_CONFLICT},
    [KABURI_FIELD_SITE] = {[KBR_TOLD_CONFLICT] = KABURI_EVIDENCE_SITE_CONFLICT},
    [KABURI_FIELD_NUMBER] = {[KBR_TOLD_CONFLICT] = KABURI_EVIDENCE_NUMBER_CONFLICT},
    [KABURI_FIELD_AMOUNT] = {[KBR_AMOUNT_SAME] = KABURI_EVIDENCE_AMOUNT_SAME,
                             [KBR_AMOUNT_ROUND] = KABURI_EVIDENCE_AMOUNT_SAME,
                             [KBR_AMOUNT_SIBLING] = KABURI_EVIDENCE_AMOUNT_SAME,
                             [KBR_AMOUNT_OTHER] = KABURI_EVIDENCE_AMOUNT_CONFLICT},
    [KABURI_FIELD_CLOSE_DATE] = {[KBR_CLOSE_OTHER] = KABURI_EVIDENCE_CLOSE_DATE_CONFLICT,
                                 [KBR_CLOSE_YEARLY] = KABURI_EVIDENCE_CLOSE_DATE_CONFLICT},
};

/* Another name is read otherwise, and an abbreviation is written without a legal form: neither
 * speaks against what the table says. */
static void forgive_alias(uint8_t *level, int alias) {
    if (level[KABURI_FIELD_READING] == KBR_READING_CONFLICT) {
        level[KABURI_FIELD_READING] = KBR_LEVEL_ABSENT;
    }
    if (alias == KBR_COMPANY_ALIAS_ABBREVIATION && level[KABURI_FIELD_FORM] == KBR_FORM_MISSING) {
        level[KABURI_FIELD_FORM] = KBR_LEVEL_ABSENT;
    }
}

/* A hospital or a school that one side alone names, in its name or beside it: it buys by itself. */
static bool has_facility(const kbr_card *a, const kbr_card *b, int company) {
    const kbr_card *longer = kbr_compare_longer(a, b);
    bool unit = company == KBR_COMPANY_UNIT && (longer->traits & KBR_TRAIT_FACILITY_TAIL) != 0;
    return unit || ((a->traits ^ b->traits) & KBR_TRAIT_FACILITY) != 0;
}

static int branch_level(const kbr_card *a, const kbr_card *b, int company) {
    int level = kbr_compare_told(a, b, KBR_CARD_BRANCH);
    bool once = level == KBR_LEVEL_ABSENT || level == KBR_TOLD_ONCE;
    return once && has_facility(a, b, company) ? KBR_BRANCH_FACILITY : level;
}

void kbr_compare_customer(kbr_evidence *out, const kbr_subject *subject, const kbr_card *other) {
    const kbr_card *own = subject->card;
    uint8_t *level = out->level;
    memset(out, 0, sizeof *out);
    level[KABURI_FIELD_COMPANY] = (uint8_t)kbr_compare_company(subject, other, out);
    level[KABURI_FIELD_FORM] = (uint8_t)form_level(own, other);
    level[KABURI_FIELD_BRANCH] = (uint8_t)branch_level(own, other, level[KABURI_FIELD_COMPANY]);
    level[KABURI_FIELD_READING] = (uint8_t)given_level(own, other, level[KABURI_FIELD_COMPANY]);
    level[KABURI_FIELD_CORPORATE_NUMBER] = (uint8_t)id_word(own, other, KBR_CARD_CORPORATE_NUMBER);
    level[KABURI_FIELD_DOMAIN] = (uint8_t)id_word(own, other, KBR_CARD_DOMAIN);
    if (out->company_alias != 0) {
        forgive_alias(level, out->company_alias);
    }
}

/* A twin that is won or lost, beside one that is still open or of which nothing is said, as what is
 * being entered. Two that are closed are twins as any. */
static uint64_t stage_bits(const kbr_card *a, const kbr_card *b) {
    bool closed_a = a->stage >= KABURI_STAGE_WON;
    bool closed_b = b->stage >= KABURI_STAGE_WON;
    if (closed_a == closed_b) {
        return 0;
    }
    bool won = (closed_a ? a->stage : b->stage) == KABURI_STAGE_WON;
    return won ? KABURI_EVIDENCE_STAGE_WON : KABURI_EVIDENCE_STAGE_LOST;
}

/* A company and nothing of a deal, as lists of customers have: there all of a deal's levels are
 * those of what is absent. */
static bool is_company_alone(const kbr_card *card) {
    const uint32_t words = 1U << KBR_CARD_DEAL | 1U << KBR_CARD_DEAL_WORDS | 1U << KBR_CARD_SITE |
                           1U << KBR_CARD_AMOUNT;
    return card->deal_strict == 0 && (card->has & words) == 0 && card->roles == 0 &&
           card->deal_sales == 0 && card->close_date == KABURI_DATE_ABSENT;
}

void kbr_compare_rest(kbr_evidence *out, const kbr_subject *subject, const kbr_card *other) {
    const uint8_t *level = out->level;
    if (!is_company_alone(subject->card) || !is_company_alone(other)) {
        kbr_compare_deal(out, subject, other);
    }
    out->bits |= stage_bits(subject->card, other);
    out->bits |= deal_bits(level[KABURI_FIELD_DEAL]);
    out->bits |= out->company_alias != 0 ? KABURI_EVIDENCE_COMPANY_ALIAS : 0;
    /* What cannot be compared is no news beside what the table says. */
    if (out->company_alias == 0 || level[KABURI_FIELD_COMPANY] != KBR_COMPANY_OTHER_SCRIPT) {
        out->bits |= company_bits(level[KABURI_FIELD_COMPANY]);
    }
    for (size_t i = 0; i < KABURI_FIELD_COUNT; i++) {
        out->bits |= level[i] < BITS_LEVELS ? level_bits[i][level[i]] : 0;
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
                              "heard_1",
                              "said",
                              "part_read",
                              "related_2",
                              "related_1",
                              "anonymous"},
    [KABURI_FIELD_FORM] = {NULL, "same", "moved", "kin", "missing", "conflict", "seldom"},
    [KABURI_FIELD_BRANCH] = {NULL, TOLD_NAMES, "facility"},
    [KABURI_FIELD_READING] = {NULL, "same", "varies", "agrees", "conflict", "loose", "doubtful"},
    [KABURI_FIELD_CORPORATE_NUMBER] = {NULL, ID_NAMES},
    [KABURI_FIELD_DOMAIN] = {NULL, ID_NAMES},
    [KABURI_FIELD_DEAL] = {NULL, "exact", "same", "contained", "near_6", "near_5", "near_4",
                           "near_3", "near_2", "near_1", "different", "once", "typo", "opposed"},
    [KABURI_FIELD_YEAR] = {NULL, TOLD_NAMES, "yearly"},
    [KABURI_FIELD_PERIOD] = {NULL, TOLD_NAMES},
    [KABURI_FIELD_PHASE] = {NULL, TOLD_NAMES},
    [KABURI_FIELD_LOT] = {NULL, TOLD_NAMES},
    [KABURI_FIELD_SALE] = {NULL, TOLD_NAMES},
    [KABURI_FIELD_SITE] = {NULL, TOLD_NAMES},
    [KABURI_FIELD_NUMBER] = {NULL, TOLD_NAMES},
    [KABURI_FIELD_AMOUNT] = {NULL, "same", "near", "far", "other", "yearly", "round", "sibling"},
    [KABURI_FIELD_CLOSE_DATE] = {NULL, "near", "year", "other", "yearly"},
};

const char *kbr_compare_level_name(int field, int level) {
    if (field < 0 || field >= KABURI_FIELD_COUNT || level < 0 || level >= KBR_LEVELS_MAX) {
        return NULL;
    }
    return level_names[field][level];
}
