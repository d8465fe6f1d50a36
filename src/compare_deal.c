/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparing the deals of two cards: their subjects, and what tells deals of one subject apart.
 */
#include "compare_deal.h"

#include "compare_company.h"

/* A deal's name of less than 40 bits, as a sum of rarities (8 * bits), is too common for being
 * contained to say anything. */
#define DEAL_COMMON (40 * 8)

static const kbr_grade deal_grades[] = {{KBR_DEAL_NEAR_6, 900, 950}, {KBR_DEAL_NEAR_5, 800, 850},
                                        {KBR_DEAL_NEAR_4, 700, 750}, {KBR_DEAL_NEAR_3, 600, 650},
                                        {KBR_DEAL_NEAR_2, 500, 550}, {KBR_DEAL_NEAR_1, 350, 425},
                                        {KBR_DEAL_DIFFERENT, 0, 150}};

const kbr_grade *kbr_compare_deal_grades(int level) {
    return level >= KBR_DEAL_NEAR_6 && level <= KBR_DEAL_DIFFERENT ? deal_grades : NULL;
}

/* ---- subject ---- */

/* Shortest name, in units, of which one differs by chance rather than by sense: 護岸 / 胸壁. */
#define TYPO_LEN_MIN 4

/* Shortest word in letters or kana in which one of them can be struck wrong. In a shorter one it
 * makes another word: CAD / CAM, LAN / WAN, iPad / iPod, メーター / モーター, ロボット / ロケット.
 */
#define TYPO_WORD_MIN 5

/* Letters and kana are struck one by one; kanji are set by the conversion, which takes one of the
 * same sound, and leave out a sense where they are left out: 非破壊検査 / 破壊検査. */
static bool is_struck(uint16_t unit) {
    uint8_t script = kbr_fold_script(unit);
    return script == KBR_SCRIPT_LATIN || script == KBR_SCRIPT_KATAKANA ||
           script == KBR_SCRIPT_HIRAGANA;
}

/* Whether key[at] is within a word of letters or kana that is long enough, and not its beginning,
 * which nobody gets wrong unseen. */
static bool may_be_struck_wrong(const uint16_t *key, size_t len, size_t at) {
    uint8_t script = kbr_fold_script(key[at]);
    size_t begin = at;
    size_t end = at + 1;
    if (!is_struck(key[at])) {
        return false;
    }
    while (begin > 0 && kbr_fold_script(key[begin - 1]) == script) {
        begin--;
    }
    while (end < len && kbr_fold_script(key[end]) == script) {
        end++;
    }
    return at > begin && end - begin >= TYPO_WORD_MIN;
}

/* Whether two keys are one but for two neighbours exchanged, or a letter or kana of a longer word
 * left out, put in or struck wrong. */
static bool is_typo(const kbr_card *a, const kbr_card *b) {
    const kbr_card *longer = a->deal_len >= b->deal_len ? a : b;
    const kbr_card *shorter = longer == a ? b : a;
    const uint16_t *x = kbr_card_deal_key(longer);
    const uint16_t *y = kbr_card_deal_key(shorter);
    size_t x_len = longer->deal_len;
    size_t y_len = shorter->deal_len;
    if (y_len < TYPO_LEN_MIN || x_len > y_len + 1) {
        return false;
    }
    size_t at = 0;
    while (at < y_len && x[at] == y[at]) {
        at++;
    }
    size_t tail = 0;
    while (tail < y_len - at && x[x_len - 1 - tail] == y[y_len - 1 - tail]) {
        tail++;
    }
    size_t x_rest = x_len - at - tail;
    size_t y_rest = y_len - at - tail;
    if (x_rest == 2 && y_rest == 2) {
        return x[at] == y[at + 1] && x[at + 1] == y[at];
    }
    return x_rest == 1 && may_be_struck_wrong(x, x_len, at) &&
           (y_rest == 0 || (y_rest == 1 && may_be_struck_wrong(y, y_len, at)));
}

static bool are_opposed(const kbr_card *a, const kbr_card *b);

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
    uint64_t own_words = kbr_card_word(own, KBR_CARD_DEAL_WORDS);
    if (own_words != 0 && own_words == kbr_card_word(other, KBR_CARD_DEAL_WORDS)) {
        return KBR_DEAL_SAME;
    }
    if (are_opposed(own, other)) {
        return KBR_DEAL_OPPOSED;
    }
    uint32_t shared = kbr_shingle_set_shared(&subject->deal, other);
    uint32_t smaller =
        own->deal_weight < other->deal_weight ? own->deal_weight : other->deal_weight;
    uint32_t dice = 2000 * shared / (own->deal_weight + other->deal_weight + 1U);
    uint32_t overlap = 1000 * shared / (smaller + 1U);
    *alike = (uint16_t)(dice < 1000 ? dice : 1000);
    if (is_typo(own, other)) {
        return KBR_DEAL_TYPO;
    }
    int near = kbr_grade_of(deal_grades, *alike);
    if (overlap >= 880 && smaller >= DEAL_COMMON && near > KBR_DEAL_NEAR_5) {
        return KBR_DEAL_CONTAINED;
    }
    return near;
}

/* ---- numbers ---- */

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
        if (wanted->role == KBR_NUMBER_OPPOSED) { /* words of one sense are the same */
            same_value =
                KBR_OPPOSED_SENSE_OF(numbers[i].value) == KBR_OPPOSED_SENSE_OF(wanted->value);
        }
        bool same_word = numbers[i].context == wanted->context;
        if (same_value && same_word) {
            return true;
        }
        word_used |= same_word;
        value_used |= same_value;
    }
    return value_used && !word_used;
}

/* One bit for each number of a of these roles that b lacks; how many of them a has. */
static uint32_t lacking(const kbr_card *a, const kbr_card *b, uint32_t roles, uint32_t *count) {
    const kbr_number *numbers = kbr_card_numbers(a);
    uint32_t found = 0;
    *count = 0;
    for (size_t i = 0; i < a->number_count; i++) {
        if ((roles >> numbers[i].role & 1U) != 0) {
            ++*count;
            found |= has_number(b, &numbers[i]) ? 0 : 1U << i;
        }
    }
    return found;
}

/* Where both tell as many, one that is the other's no longer conflicts, even if what is in its
 * place is told twice: 2024年度(2024年度) against 2024年度(2025年度). */
static int number_level(const kbr_card *a, const kbr_card *b, uint32_t roles) {
    if (((a->roles | b->roles) & roles) == 0) {
        return KBR_LEVEL_ABSENT;
    }
    if ((a->roles & roles) == 0 || (b->roles & roles) == 0) {
        return KBR_TOLD_ONCE;
    }
    uint32_t count_a;
    uint32_t count_b;
    uint32_t left_a = lacking(a, b, roles, &count_a);
    uint32_t left_b = lacking(b, a, roles, &count_b);
    if (left_a == 0 && left_b == 0) {
        return KBR_TOLD_SAME;
    }
    return (left_a != 0 && left_b != 0) || count_a == count_b ? KBR_TOLD_CONFLICT : KBR_TOLD_PART;
}

/* Words of one group on both sides, and each side has one that the other lacks. */
static bool are_opposed(const kbr_card *a, const kbr_card *b) {
    const uint32_t opposed = 1U << KBR_NUMBER_OPPOSED;
    if ((a->roles & b->roles & opposed) == 0) {
        return false;
    }
    uint32_t count;
    uint32_t left_a = lacking(a, b, opposed, &count);
    uint32_t left_b = lacking(b, a, opposed, &count);
    for (size_t i = 0; i < a->number_count; i++) {
        for (size_t j = 0; (left_a >> i & 1U) != 0 && j < b->number_count; j++) {
            if ((left_b >> j & 1U) != 0 &&
                kbr_card_numbers(a)[i].context == kbr_card_numbers(b)[j].context) {
                return true;
            }
        }
    }
    return false;
}

/* As number_level, but a date of entry that only one of two names has been given says nothing of
 * the deal: the other's year or month is one that it alone names. `plain` is the other, or NULL. */
static int stamped_level(const kbr_card *a, const kbr_card *b, uint32_t roles, uint32_t flag,
                         const kbr_card **plain) {
    int level = number_level(a, b, roles);
    bool one = ((a->deal_flags ^ b->deal_flags) & flag) != 0;
    *plain = !one ? NULL : (a->deal_flags & flag) != 0 ? b : a;
    if (!one || level == KBR_TOLD_SAME) {
        return level;
    }
    return ((*plain)->roles & roles) != 0 ? KBR_TOLD_ONCE : KBR_LEVEL_ABSENT;
}

/* A fiscal year that one side alone names is more than left out: contracts of every year are named
 * so, and the other may be any of them. A date with its month is a template's stamp. */
static int year_level(const kbr_card *a, const kbr_card *b) {
    const uint32_t dated = 1U << KBR_NUMBER_MONTH | 1U << KBR_NUMBER_DAY;
    const kbr_card *plain;
    int level = stamped_level(a, b, 1U << KBR_NUMBER_YEAR, KBR_DEAL_STAMP_YEAR, &plain);
    uint32_t roles = plain != NULL ? plain->roles : a->roles | b->roles;
    return level == KBR_TOLD_ONCE && (roles & dated) == 0 ? KBR_YEAR_YEARLY : level;
}

/* Half, quarter and month are told apart, so that Q1 against 4月 is no conflict. */
static int period_level(const kbr_card *a, const kbr_card *b) {
    const kbr_card *plain;
    int worst = stamped_level(a, b, 1U << KBR_NUMBER_MONTH, KBR_DEAL_STAMP_MONTH, &plain);
    int half = number_level(a, b, 1U << KBR_NUMBER_HALF);
    int quarter = number_level(a, b, 1U << KBR_NUMBER_QUARTER);
    worst = half > worst ? half : worst;
    return quarter > worst ? quarter : worst;
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

/* At most so many digits before the zeros. Two other contracts of one company have the same amount
 * in 2.8 of 100 pairs where it has up to three, in .46 where it has more (50,000 pairs of public
 * contracts). */
#define ROUND_LIMIT 1000

static bool is_round(int64_t amount) {
    while (amount != 0 && amount % 10 == 0) {
        amount /= 10;
    }
    return amount > -ROUND_LIMIT && amount < ROUND_LIMIT;
}

static int amount_level(int64_t a, int64_t b) {
    if (a == KABURI_AMOUNT_ABSENT || b == KABURI_AMOUNT_ABSENT || a == 0 || b == 0) {
        return KBR_LEVEL_ABSENT;
    }
    if (a == b) {
        return is_round(a) ? KBR_AMOUNT_ROUND : KBR_AMOUNT_SAME;
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

/* Days between the close dates of a contract of a year and the next: a quarter of slack, as a
 * renewal is signed before or behind its day. */
#define YEARLY_DAYS_MIN 300
#define YEARLY_DAYS_MAX 430

/* Whether nothing but the close dates can tell a contract of a year from the next: the names are
 * the same, and no year is told, or by one side alone. */
static bool may_recur(const uint8_t *level) {
    int deal = level[KABURI_FIELD_DEAL];
    bool same = deal == KBR_DEAL_EXACT || deal == KBR_DEAL_SAME || deal == KBR_DEAL_TYPO ||
                deal == KBR_DEAL_NEAR_6;
    int year = level[KABURI_FIELD_YEAR];
    return same && (year == KBR_LEVEL_ABSENT || year == KBR_TOLD_ONCE || year == KBR_YEAR_YEARLY);
}

static int close_date_level(int32_t a, int32_t b, bool recurs) {
    if (a == KABURI_DATE_ABSENT || b == KABURI_DATE_ABSENT) {
        return KBR_LEVEL_ABSENT;
    }
    int64_t days = (int64_t)a - b;
    days = days < 0 ? -days : days;
    if (days <= 45) {
        return KBR_CLOSE_NEAR;
    }
    if (recurs && days >= YEARLY_DAYS_MIN && days <= YEARLY_DAYS_MAX) {
        return KBR_CLOSE_YEARLY;
    }
    return days <= 270 ? KBR_CLOSE_YEAR : KBR_CLOSE_OTHER;
}

/* Whether one may be the other's next year, or is its next year, phase or lot. */
static bool may_recur_yearly(const uint8_t *level) {
    return level[KABURI_FIELD_YEAR] == KBR_YEAR_YEARLY ||
           level[KABURI_FIELD_CLOSE_DATE] == KBR_CLOSE_YEARLY;
}

static bool is_sibling(const uint8_t *level) {
    static const int fields[] = {KABURI_FIELD_YEAR, KABURI_FIELD_PERIOD, KABURI_FIELD_PHASE,
                                 KABURI_FIELD_LOT, KABURI_FIELD_NUMBER};
    for (size_t i = 0; i < KBR_COUNT(fields); i++) {
        if (level[fields[i]] == KBR_TOLD_CONFLICT) {
            return true;
        }
    }
    return false;
}

/* What an amount that agrees says beside deals that keep their price. */
static int agreed_level(const uint8_t *level) {
    int amount = level[KABURI_FIELD_AMOUNT];
    bool same = amount == KBR_AMOUNT_SAME || amount == KBR_AMOUNT_ROUND;
    if ((same || amount == KBR_AMOUNT_NEAR) && may_recur_yearly(level)) {
        return KBR_AMOUNT_YEARLY;
    }
    return same && is_sibling(level) ? KBR_AMOUNT_SIBLING : amount;
}

/* ---- */

void kbr_compare_deal(kbr_evidence *out, const kbr_subject *subject, const kbr_card *other) {
    const kbr_card *own = subject->card;
    uint8_t *level = out->level;
    out->deal_rarity = kbr_compare_commoner(own->deal_weight, other->deal_weight);
    level[KABURI_FIELD_DEAL] = (uint8_t)deal_level(subject, other, &out->deal_likeness);
    level[KABURI_FIELD_YEAR] = (uint8_t)year_level(own, other);
    level[KABURI_FIELD_PERIOD] = (uint8_t)period_level(own, other);
    level[KABURI_FIELD_PHASE] = (uint8_t)number_level(own, other, 1U << KBR_NUMBER_PHASE);
    level[KABURI_FIELD_LOT] = (uint8_t)number_level(own, other, 1U << KBR_NUMBER_LOT);
    level[KABURI_FIELD_SALE] = (uint8_t)sale_level(own, other);
    level[KABURI_FIELD_SITE] = (uint8_t)kbr_compare_told(own, other, KBR_CARD_SITE);
    level[KABURI_FIELD_NUMBER] =
        (uint8_t)number_level(own, other, 1U << KBR_NUMBER_PLAIN | 1U << KBR_NUMBER_DAY);
    level[KABURI_FIELD_AMOUNT] =
        (uint8_t)amount_level(kbr_card_amount(own), kbr_card_amount(other));
    level[KABURI_FIELD_CLOSE_DATE] =
        (uint8_t)close_date_level(own->close_date, other->close_date, may_recur(level));
    level[KABURI_FIELD_AMOUNT] = (uint8_t)agreed_level(level);
}
