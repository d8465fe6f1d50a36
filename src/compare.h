/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparing: two cards in, one agreement level for each field out. Says how far two fields agree,
 * never what that is worth (model) nor how to put it (explain). The first of the two is prepared
 * once and then compared with many.
 */
#ifndef KBR_COMPARE_H
#define KBR_COMPARE_H

#include "aliases.h"
#include "heard.h"

/* Levels of every field; 0 is "absent on one side or both, says nothing". Names:
 * kbr_compare_level_name. */
enum { KBR_LEVEL_ABSENT = 0 };

enum {
    KBR_COMPANY_EXACT = 1,          /* the same spelling, but for width, case and legal form */
    KBR_COMPANY_SAME,               /* the same loose key */
    KBR_COMPANY_IS_FORMER,          /* one is the other's former name */
    KBR_COMPANY_ALIAS_ABBREVIATION, /* a table of aliases says so; as KBR_ALIAS_* */
    KBR_COMPANY_ALIAS_FORMER,
    KBR_COMPANY_ALIAS_TRANSLATION,
    KBR_COMPANY_ALIAS_GROUP,
    KBR_COMPANY_UNIT, /* one is the other and a unit of it: 日本赤十字社武蔵野赤十字病院 */
    KBR_COMPANY_NEAR_6, /* alike: 6 nearly the same .. 1 hardly */
    KBR_COMPANY_NEAR_5,
    KBR_COMPANY_NEAR_4,
    KBR_COMPANY_NEAR_3,
    KBR_COMPANY_NEAR_2,
    KBR_COMPANY_NEAR_1,
    KBR_COMPANY_OTHER_SCRIPT, /* one in kana or Latin letters, the other not: cannot be told */
    KBR_COMPANY_PARENT,       /* one is the other and a word for a holding or a group behind it */
    KBR_COMPANY_OPPOSED_2,    /* opposed words: 東日本 / 西日本; all else is alike */
    KBR_COMPANY_OPPOSED_1,    /* opposed words, and little is alike */
    KBR_COMPANY_DIFFERENT,
    KBR_COMPANY_NAMELESS,  /* a placeholder */
    KBR_COMPANY_READ,      /* the same reading, at least one of the two not in kanji */
    KBR_COMPANY_MAY_READ,  /* the same by a reading that is not the likeliest */
    KBR_COMPANY_HOMOPHONE, /* the same reading in other kanji: 佐藤商事 / 砂糖商事 */
    KBR_COMPANY_ACRONYM,   /* one is the other's initials */
    KBR_COMPANY_HEARD_5,   /* other scripts, but alike in sound or sense: 5 the same */
    KBR_COMPANY_HEARD_4,
    KBR_COMPANY_HEARD_3,
    KBR_COMPANY_HEARD_2,
    KBR_COMPANY_HEARD_1,
    KBR_COMPANY_SAID,      /* other kanji, but both were given the same reading */
    KBR_COMPANY_PART_READ, /* the same reading, in part in kana: すずき商店 / 鈴木商店 */
    KBR_COMPANY_RELATED_2, /* parted by words that registered companies are: X / X販売 */
    KBR_COMPANY_RELATED_1, /* likewise, and little is alike */
    KBR_COMPANY_ANONYMOUS, /* one name for nobody in particular: 委員C, 現地業者 */
    KBR_COMPANY_LEVELS
};

enum {
    KBR_FORM_SAME = 1,
    KBR_FORM_MOVED,   /* 株式会社A / A株式会社 */
    KBR_FORM_KIN,     /* forms of one class: K.K. / Inc. */
    KBR_FORM_MISSING, /* one side names none */
    KBR_FORM_CONFLICT,
    KBR_FORM_SELDOM, /* forms that seldom translate one another: Co., Ltd. / 合同会社 */
    KBR_FORM_LEVELS
};

/* Branch, site, sale, years, periods, phases, lots, other numbers: both sides or one. */
enum {
    KBR_TOLD_SAME = 1,
    KBR_TOLD_PART, /* the smaller set is within the larger */
    KBR_TOLD_ONCE, /* one side only */
    KBR_TOLD_CONFLICT,
    KBR_TOLD_LEVELS,
    /* Of the year: one side alone names one, and no month with it, as contracts of every year do.
     */
    KBR_YEAR_YEARLY = KBR_TOLD_LEVELS,
    /* Of the branch: a hospital, school or institute, which buys by itself, on one side alone. */
    KBR_BRANCH_FACILITY = KBR_TOLD_LEVELS
};

/* Corporate number, domain. */
enum { KBR_ID_SAME = 1, KBR_ID_CONFLICT, KBR_ID_LEVELS };

/* Readings that both sides were given, beside names that are compared as they are spelt: where the
 * names are compared by sound, the readings have spoken already. */
enum {
    KBR_READING_SAME = 1, /* the names are the same, and so are their readings */
    KBR_READING_VARIES,   /* the names are the same, and are read in two ways: 山崎, 日本 */
    KBR_READING_AGREES,   /* of names that are not the same */
    KBR_READING_CONFLICT,
    KBR_READING_LOOSE, /* beside one sound: other kana, ティーイージー / ティーエージー */
    KBR_READING_DOUBTFUL, /* beside one sound: another reading is nearly as likely */
    KBR_READING_LEVELS
};

enum {
    KBR_DEAL_EXACT = 1, /* the same spelling, numbers with it */
    KBR_DEAL_SAME,      /* the same loose key, or the same words in another order */
    KBR_DEAL_CONTAINED,
    KBR_DEAL_NEAR_6, /* weighted Dice >= .9, .8, .7, .6, .5, .35 */
    KBR_DEAL_NEAR_5,
    KBR_DEAL_NEAR_4,
    KBR_DEAL_NEAR_3,
    KBR_DEAL_NEAR_2,
    KBR_DEAL_NEAR_1,
    KBR_DEAL_DIFFERENT,
    KBR_DEAL_ONCE,    /* one side has no deal's name */
    KBR_DEAL_TYPO,    /* the same but for one typing error */
    KBR_DEAL_OPPOSED, /* opposed words: 会計 / 人事 */
    KBR_DEAL_LEVELS
};

enum {
    KBR_AMOUNT_SAME = 1,
    KBR_AMOUNT_NEAR, /* within 10 % */
    KBR_AMOUNT_FAR,  /* within a factor of 2 */
    KBR_AMOUNT_OTHER,
    KBR_AMOUNT_YEARLY,  /* the same or near, but the years are KBR_YEAR_YEARLY or the close dates
                           KBR_CLOSE_YEARLY: such contracts keep their price */
    KBR_AMOUNT_ROUND,   /* the same, of few digits: many deals cost 1,000,000 */
    KBR_AMOUNT_SIBLING, /* the same, beside another year, period, phase, lot or number */
    KBR_AMOUNT_LEVELS
};

enum {
    KBR_CLOSE_NEAR = 1, /* within 45 days */
    KBR_CLOSE_YEAR,     /* within 270 days */
    KBR_CLOSE_OTHER,
    KBR_CLOSE_YEARLY, /* about a year apart, the same deal's name, and no year that is the same */
    KBR_CLOSE_LEVELS
};

#define KBR_LEVELS_MAX 40

/* Likeness of names, 0..1000, at which a graded level lies; between two the model interpolates. */
typedef struct kbr_grade {
    uint8_t level;
    uint16_t from;   /* lowest likeness of the level */
    uint16_t center; /* where the level's own weight holds */
} kbr_grade;

#define KBR_GRADES_MAX 8
/* The grades a level belongs to, best first, ended by from = 0; NULL for a level that is not
 * graded. */
const kbr_grade *kbr_compare_grades(int field, int level);

typedef struct kbr_evidence {
    uint8_t level[KABURI_FIELD_COUNT];
    uint16_t company_likeness; /* 0..1000; of graded levels, by spelling or by sound */
    uint16_t deal_likeness;
    uint16_t company_rarity; /* bits, 0..1000: information of what the two names have in common */
    uint16_t deal_rarity;    /* bits, 0..1000: information of the commoner of the two */
    uint64_t bits;           /* KABURI_EVIDENCE_* */
    uint32_t company_owners; /* companies the alias may stand for; 0: no alias */
    uint8_t company_alias;   /* KBR_COMPANY_ALIAS_* beside the level; the model takes the better */
    uint8_t reserved[3];
} kbr_evidence;

/* Hash set of one field's shingles: window -> rarity. Only 1 << bits places are in use. */
#define KBR_SHINGLE_SET_BITS_MAX 11
typedef struct kbr_shingle_set {
    int32_t field; /* KBR_FIELD_OF_* */
    uint32_t bits;
    kbr_window windows[1 << KBR_SHINGLE_SET_BITS_MAX];
    uint8_t rarities[1 << KBR_SHINGLE_SET_BITS_MAX]; /* 0 = free */
} kbr_shingle_set;

/* The prepared side. About 44 KiB, of which a query of usual length touches one or two. */
typedef struct kbr_subject {
    const kbr_card *card; /* borrowed */
    kbr_shingle_set company;
    kbr_shingle_set deal;
    uint16_t peq_unit[128]; /* Myers: unit -> bit mask of its places in the company's key */
    uint64_t peq_mask[128];
    kbr_heard heard;
    kbr_alias_list aliases[2]; /* of the company and of its former name; borrowed */
} kbr_subject;

/* aliases NULL: none. */
void kbr_subject_prepare(kbr_subject *subject, const kbr_card *card, const kaburi_aliases *aliases);

/* The same in both directions: compare(a, b) gives the levels of compare(b, a). */
void kbr_compare(kbr_evidence *out, const kbr_subject *subject, const kbr_card *other);
/* The same in two steps: the fields that say who the customer is, then the others and the bits of
 * all. */
void kbr_compare_customer(kbr_evidence *out, const kbr_subject *subject, const kbr_card *other);
void kbr_compare_rest(kbr_evidence *out, const kbr_subject *subject, const kbr_card *other);

/* What the companies' likeness can be, 0..1000: of names compared by spelling all of it but the
 * edit distance, which is the most it can be; of those compared by sound what their shingles share.
 * For sorting out many candidates of which few are compared. */
uint32_t kbr_compare_glance(const kbr_subject *subject, const kbr_card *other);

/* Optimal string alignment distance (an exchange of neighbours is one edit) of the subject's key
 * and another, both of at most 64 units. */
uint32_t kbr_compare_distance(const kbr_subject *subject, const uint16_t *key, size_t len);

/* Of two cards the one with the longer company's name; b where they are as long. */
static inline const kbr_card *kbr_compare_longer(const kbr_card *a, const kbr_card *b) {
    return a->company_len > b->company_len ? a : b;
}

/* "exact", "near_6" ... of a field; NULL when there is no such level. */
const char *kbr_compare_level_name(int field, int level);

#endif
