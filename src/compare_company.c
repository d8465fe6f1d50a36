/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparing the companies' names: by spelling, by a table of aliases, by sound. The prepared side
 * keeps its shingles in a hash set and its key as Myers masks, so that a candidate costs one pass
 * over its own shingles.
 */
#include "compare_company.h"

#include "edits.h"
#include "exchanged.h"
#include "latin.h"
#include "rests.h"

#include <assert.h>
#include <string.h>

/* Sums of rarity (8 * bits). A name of less than 36 bits is too common for a unit to be told by it.
 */
#define COMPANY_COMMON (36 * 8)
/* What two names must share in sound or sense to be alike in it: 日本 and "Japan" are 5 bits. */
#define HEARD_COMMON (12 * 8)
/* Where all of both is the same there is no more to share: LIFE CORPORATION and
 * ライフコーポレーション. */
#define HEARD_WHOLE 950

/* Kanji, kana and Latin names of two units need to be equal: キリン and キング are two companies.
 */
#define NEAR_LEN_MIN 3

/* A letter makes another brand of a short one in kana or Latin letters: ライオン and ライオンズ,
 * サイト and サイド. */
#define BRAND_LEN_MAX 4
#define BRAND_LIKENESS_MAX 560

/* And names without kanji say less for being alike: of spellings 720..810 alike one in three is the
 * same company, of those with kanji two in three; and where a name in kana or romaji stands for one
 * in kanji, those that are only spelt alike hardly ever are. */
#define PLAIN_LOSS 50

/* And of names in Latin letters what is alike in words that are not the same. */
#define STRANGE_SHARE 200
#define TYPED_LEN_MIN 6
#define TYPED_LIKENESS 560

/* The likeness of two names of one reading that differ by one kanji which is taken for the other:
 * what the likeness of one slip in a name of five kanji is (山田製作所, 山田製佐所). */
#define SIMILAR_LIKENESS_MIN 670

/* Mueller and Müller are one name, but either may be another's Muller. */
#define UMLAUT_LIKENESS 940

/* Less alike, two names that exchange a word are as different as any: 日本商事, 日本企画. */
#define RELATED_LIKENESS_MIN 380

/* ---- the prepared side ---- */

static uint32_t place_of(kbr_window window, uint32_t bits) {
    return (uint32_t)(window * 0x9E3779B97F4A7C15U >> (64 - bits));
}

static void fill_set(kbr_shingle_set *set, const kbr_card *card, int field) {
    kbr_window windows[KBR_CARD_SHINGLES_MAX];
    const uint8_t *rarities = kbr_card_rarities(card, field);
    size_t count = kbr_card_shingle_windows(windows, card, field);
    set->field = field;
    set->bits = 4;
    while ((1U << set->bits) < count * 8 && set->bits < KBR_SHINGLE_SET_BITS_MAX) {
        set->bits++;
    }
    uint32_t mask = (1U << set->bits) - 1;
    memset(set->rarities, 0, (size_t)mask + 1);
    for (size_t i = 0; i < count; i++) {
        uint32_t place = place_of(windows[i], set->bits);
        while (set->rarities[place] != 0) {
            place = (place + 1) & mask;
        }
        set->windows[place] = windows[i];
        set->rarities[place] = rarities[i];
    }
}

/* A shingle that stands in a common word of one of the two says less. Whether the set has it is
 * guessed wrong as often as right: no branch depends on it, for a free place has a rarity of 0, and
 * so has the product, which does not overflow: windows have 56 bits. */
static inline uint32_t shared_of(const kbr_shingle_set *set, kbr_window window, uint8_t rarity) {
    uint32_t mask = (1U << set->bits) - 1;
    uint32_t place = place_of(window, set->bits);
    while (set->rarities[place] * (set->windows[place] ^ window) != 0) {
        place = (place + 1) & mask;
    }
    return set->rarities[place] < rarity ? set->rarities[place] : rarity;
}

static uint32_t shared_with_repeats(const kbr_shingle_set *set, const kbr_card *card) {
    kbr_window windows[KBR_CARD_SHINGLES_MAX];
    const uint8_t *rarities = kbr_card_rarities(card, set->field);
    size_t count = kbr_card_shingle_windows(windows, card, set->field);
    uint32_t weight = 0;
    for (size_t i = 0; i < count; i++) {
        weight += shared_of(set, windows[i], rarities[i]);
    }
    return weight;
}

/* Shingles of two units each, and none of them twice. */
static uint32_t shared_of_pairs(const kbr_shingle_set *set, const uint16_t *key, size_t len,
                                const uint8_t *rarities, size_t count) {
    uint32_t weight = shared_of(set, (kbr_window)key[0] << 16 | KBR_BORDER, rarities[0]);
    size_t inner = count < len ? count : len;
    for (size_t i = 1; i < inner; i++) {
        kbr_window window = (uint32_t)key[i] << 16 | key[i - 1];
        weight += shared_of(set, window, rarities[i]);
    }
    if (count > len) {
        kbr_window window = (uint32_t)KBR_BORDER << 16 | key[len - 1];
        weight += shared_of(set, window, rarities[len]);
    }
    return weight;
}

uint32_t kbr_shingle_set_shared(const kbr_shingle_set *set, const kbr_card *card) {
    size_t count = kbr_card_shingles(card, set->field);
    if (kbr_card_has_repeats(card, set->field) || count > KBR_CARD_WINDOWS_MAX) {
        return shared_with_repeats(set, card);
    }
    kbr_card_windows windows = kbr_card_windows_of(card, set->field);
    const uint8_t *rarities = kbr_card_rarities(card, set->field);
    if (count == 0 || windows.len == 0) {
        return 0;
    }
    if (windows.threes == 0) {
        return shared_of_pairs(set, windows.key, windows.len, rarities, count);
    }
    uint32_t weight = 0;
    size_t inner = windows.len - 1 < count ? windows.len - 1 : count;
    for (size_t i = 0; i < inner; i++) {
        kbr_window window = kbr_card_windows_take(&windows, windows.key[i + 1]);
        weight += shared_of(set, window, rarities[i]);
    }
    for (size_t i = inner; i < count; i++) {
        kbr_window window = kbr_card_windows_take(&windows, KBR_BORDER);
        weight += shared_of(set, window, rarities[i]);
    }
    return weight;
}

/* No text has the unit 0, which stands for a free place. */
static size_t peq_place(const kbr_subject *subject, uint16_t unit) {
    size_t place = (unit * 0x9E37U >> 5) & 127;
    while ((subject->peq_unit[place] != 0) * (subject->peq_unit[place] ^ unit) != 0) {
        place = (place + 1) & 127;
    }
    return place;
}

void kbr_subject_prepare(kbr_subject *subject, const kbr_card *card,
                         const kaburi_aliases *aliases) {
    subject->card = card;
    subject->aliases[0] = kbr_aliases_find(aliases, card->company);
    subject->aliases[1] = kbr_aliases_find(aliases, kbr_card_word(card, KBR_CARD_FORMER));
    fill_set(&subject->company, card, KBR_FIELD_OF_COMPANY);
    fill_set(&subject->deal, card, KBR_FIELD_OF_DEAL);
    memset(subject->peq_unit, 0, sizeof subject->peq_unit);
    memset(subject->peq_mask, 0, sizeof subject->peq_mask);
    const uint16_t *key = kbr_card_company_key(card);
    for (size_t i = 0; i < card->company_len && i < KBR_EDITS_LEN_MAX; i++) {
        size_t place = peq_place(subject, key[i]);
        subject->peq_unit[place] = key[i];
        subject->peq_mask[place] |= UINT64_C(1) << i;
    }
    kbr_heard_prepare(&subject->heard, card);
}

uint32_t kbr_compare_distance(const kbr_subject *subject, const uint16_t *key, size_t len) {
    uint64_t equal[KBR_EDITS_LEN_MAX];
    assert(len <= KBR_EDITS_LEN_MAX);
    for (size_t i = 0; i < len; i++) {
        equal[i] = subject->peq_mask[peq_place(subject, key[i])];
    }
    return kbr_edits(equal, len, subject->card->company_len, true);
}

/* ---- company ---- */

/* Whether both names have no letters but Latin ones. */
static bool are_latin(const kbr_card *a, const kbr_card *b) {
    return ((a->scripts | b->scripts) & ~KBR_WRITTEN_LATIN) == 0;
}

static bool contains(const uint16_t *key, size_t len, const uint16_t *part, size_t part_len) {
    if (part_len == 0 || part_len >= len) {
        return false;
    }
    for (size_t i = 0; i + part_len <= len; i++) {
        if (key[i] == part[0] && memcmp(key + i, part, part_len * sizeof *part) == 0) {
            return true;
        }
    }
    return false;
}

static kbr_opposed_list opposed_of(const kbr_card *card) {
    return (kbr_opposed_list){kbr_card_opposed(card), card->opposed_count};
}

static bool is_parent(const kbr_card *longer, const kbr_card *shorter) {
    return kbr_opposed_parent(opposed_of(longer), opposed_of(shorter));
}

/* Whether the longer name ends as a unit of the other does: 大学病院, 販売部; also where both end
 * as a facility and the shorter is the other's head: 東都大学, 東都大学附属高等学校. */
static bool names_unit(const kbr_card *longer, const kbr_card *shorter) {
    const uint32_t tails = KBR_TRAIT_UNIT_TAIL | KBR_TRAIT_FACILITY_TAIL;
    uint32_t both = (uint32_t)longer->traits & (uint32_t)shorter->traits & KBR_TRAIT_FACILITY_TAIL;
    bool within = both != 0 && memcmp(kbr_card_company_key(longer), kbr_card_company_key(shorter),
                                      shorter->company_len * sizeof(uint16_t)) == 0;
    return within || ((uint32_t)longer->traits & tails & ~(uint32_t)shorter->traits) != 0;
}

static bool is_serial(uint16_t unit) {
    uint8_t script = kbr_fold_script(unit);
    return script == KBR_SCRIPT_LATIN || script == KBR_SCRIPT_DIGIT;
}

/* メディアC / メディアE: nothing differs but one letter or digit that stands alone. */
static bool has_other_serial(const kbr_card *a, const kbr_card *b) {
    const uint16_t *x = kbr_card_company_key(a);
    const uint16_t *y = kbr_card_company_key(b);
    size_t len = a->company_len;
    if (len != b->company_len) {
        return false;
    }
    size_t at = 0;
    while (at < len && x[at] == y[at]) {
        at++;
    }
    return at < len && is_serial(x[at]) && is_serial(y[at]) && (at == 0 || !is_serial(x[at - 1])) &&
           (at + 1 == len || !is_serial(x[at + 1])) &&
           memcmp(x + at + 1, y + at + 1, (len - at - 1) * sizeof *x) == 0;
}

static bool in_other_script(const kbr_card *a, const kbr_card *b) {
    if ((a->scripts & b->scripts) == 0) {
        return a->scripts != 0 && b->scripts != 0;
    }
    /* All in kana, or all in Latin letters, against a name that has other letters too. */
    bool a_plain = a->scripts == KBR_WRITTEN_KANA || a->scripts == KBR_WRITTEN_LATIN;
    bool b_plain = b->scripts == KBR_WRITTEN_KANA || b->scripts == KBR_WRITTEN_LATIN;
    return (a_plain && (b->scripts & ~a->scripts) != 0) ||
           (b_plain && (a->scripts & ~b->scripts) != 0);
}

/* Whether one name has in kana what the other has in other letters: すずき商店 and 鈴木商店. All
 * that is not kana in it stands in the other, in order. */
static bool reads_out(const kbr_card *name, const kbr_card *other) {
    const uint16_t *x = kbr_card_company_key(name);
    const uint16_t *y = kbr_card_company_key(other);
    size_t at = 0;
    if ((name->scripts & KBR_WRITTEN_KANA) == 0) {
        return false;
    }
    for (size_t i = 0; i < name->company_len; i++) {
        if (kbr_is_kana(x[i])) {
            continue;
        }
        while (at < other->company_len && y[at] != x[i]) {
            at++;
        }
        if (at++ >= other->company_len) {
            return false;
        }
    }
    return true;
}

/* Units that two keys begin with in common. */
static uint32_t common_prefix(const kbr_card *a, const kbr_card *b) {
    const uint16_t *x = kbr_card_company_key(a);
    const uint16_t *y = kbr_card_company_key(b);
    uint32_t len = a->company_len < b->company_len ? a->company_len : b->company_len;
    uint32_t at = 0;
    while (at < len && x[at] == y[at]) {
        at++;
    }
    return at;
}

/* How much of the shorter name the longer begins with, 0..1000. A name that is its end counts half
 * where it is too rare to be there by chance: 北日本アセンテック; 住宅産業 only ends in 産業. */
static uint32_t beginning(const kbr_card *own, const kbr_card *other, uint32_t least) {
    const kbr_card *longer = kbr_compare_longer(own, other);
    const kbr_card *shorter = longer == own ? other : own;
    size_t len = shorter->company_len;
    uint32_t begun = 1000 * common_prefix(own, other) / shorter->company_len;
    bool ends = begun < 500 && least >= COMPANY_COMMON &&
                memcmp(kbr_card_company_key(longer) + (longer->company_len - len),
                       kbr_card_company_key(shorter), len * sizeof(uint16_t)) == 0;
    return ends ? 500 : begun;
}

/*
 * Likeness of two names, 0..1000: three parts Dice coefficient and three parts overlap coefficient
 * of the shingles, weighted by rarity, two parts edit similarity and one part common beginning. Of
 * names in Latin letters one part edit similarity: they have whole words put in and left out, which
 * the distance charges letter by letter. Of the mixtures tried on 3,000 changes of registered names
 * and 700 spellings of vendors this finds the most; without edit similarity half a point less of
 * the names, without the common beginning half a point less of the vendors. `edits` is the distance
 * of the two, or NULL for the least that their lengths allow.
 */
static uint32_t mixture(const kbr_card *own, const kbr_card *other, uint32_t shared,
                        const uint32_t *edits) {
    uint32_t sum = own->company_weight + other->company_weight;
    uint32_t least =
        own->company_weight < other->company_weight ? own->company_weight : other->company_weight;
    uint32_t longer = kbr_compare_longer(own, other)->company_len;
    uint32_t shorter = (uint32_t)own->company_len + other->company_len - longer;
    assert(own->company_len > 0 && other->company_len > 0); /* an absent name has no likeness */
    /* No overflow: a card has at most 1,024 shingles of at most 255. */
    uint32_t dice = 2000 * shared / (sum + 1);
    uint32_t overlap = 1000 * shared / (least + 1);
    uint32_t prefix = beginning(own, other, least);
    uint32_t edit = dice;
    if (longer <= KBR_EDITS_LEN_MAX) {
        edit = 1000 - 1000 * (edits != NULL ? *edits : longer - shorter) / longer;
    }
    bool latin = are_latin(own, other);
    uint32_t edits_part = latin ? 1 : 2;
    return (3 * dice + 3 * overlap + edits_part * edit + prefix) / (7 + edits_part);
}

static uint32_t likeness(const kbr_subject *subject, const kbr_card *other, uint32_t shared) {
    const kbr_card *own = subject->card;
    uint32_t edits = 0;
    if (own->company_len <= KBR_EDITS_LEN_MAX && other->company_len <= KBR_EDITS_LEN_MAX) {
        edits = kbr_compare_distance(subject, kbr_card_company_key(other), other->company_len);
    }
    uint32_t alike = mixture(own, other, shared, &edits);
    uint32_t longer = kbr_compare_longer(own, other)->company_len;
    uint32_t shorter = (uint32_t)own->company_len + other->company_len - longer;
    if (((own->scripts | other->scripts) & KBR_WRITTEN_KANJI) != 0) {
        return alike;
    }
    uint32_t loss = PLAIN_LOSS;
    bool latin = are_latin(own, other);
    if (latin && shorter > BRAND_LEN_MAX) {
        uint32_t strange = 1000 - kbr_latin_common(own, other);
        alike -= alike * STRANGE_SHARE / 1000 * strange / 1000;
        bool typed =
            strange <= 500 && edits <= 1 && shorter >= TYPED_LEN_MIN && longer <= KBR_EDITS_LEN_MAX;
        alike = typed && alike < TYPED_LIKENESS ? TYPED_LIKENESS : alike;
        loss = PLAIN_LOSS * (3000 + strange) / 4000;
    }
    alike = shorter <= BRAND_LEN_MAX && alike > BRAND_LIKENESS_MAX ? BRAND_LIKENESS_MAX : alike;
    return alike > loss ? alike - loss : 0;
}

uint32_t kbr_compare_glance(const kbr_subject *subject, const kbr_card *other) {
    if (subject->card->company_len == 0 || other->company_len == 0) {
        return 0;
    }
    uint32_t shared = kbr_shingle_set_shared(&subject->company, other);
    uint32_t spelt = shared == 0 ? 0 : mixture(subject->card, other, shared, NULL);
    uint32_t heard = 0;
    if (in_other_script(subject->card, other)) {
        heard = kbr_heard_glance(&subject->heard, other);
    }
    return heard > spelt ? heard : spelt;
}

static const kbr_grade near_grades[] = {
    {KBR_COMPANY_NEAR_6, 900, 940}, {KBR_COMPANY_NEAR_5, 810, 855}, {KBR_COMPANY_NEAR_4, 720, 765},
    {KBR_COMPANY_NEAR_3, 620, 670}, {KBR_COMPANY_NEAR_2, 500, 560}, {KBR_COMPANY_NEAR_1, 380, 440},
    {KBR_COMPANY_DIFFERENT, 0, 40}};
static const kbr_grade heard_grades[] = {
    {KBR_COMPANY_HEARD_5, 950, 980}, {KBR_COMPANY_HEARD_4, 830, 890},
    {KBR_COMPANY_HEARD_3, 700, 765}, {KBR_COMPANY_HEARD_2, 550, 625},
    {KBR_COMPANY_HEARD_1, 400, 475}, {KBR_COMPANY_OTHER_SCRIPT, 0, 200}};
static const kbr_grade opposed_grades[] = {{KBR_COMPANY_OPPOSED_2, 600, 800},
                                           {KBR_COMPANY_OPPOSED_1, 0, 250}};

static const kbr_grade related_grades[] = {{KBR_COMPANY_RELATED_2, 600, 800},
                                           {KBR_COMPANY_RELATED_1, 0, 300}};

static bool is_near(int level) {
    return level >= KBR_COMPANY_NEAR_6 && level <= KBR_COMPANY_NEAR_1;
}

static bool is_opposed(int level) {
    return level == KBR_COMPANY_OPPOSED_2 || level == KBR_COMPANY_OPPOSED_1;
}

static bool is_related(int level) {
    return level == KBR_COMPANY_RELATED_2 || level == KBR_COMPANY_RELATED_1;
}

const kbr_grade *kbr_compare_company_grades(int level) {
    if (is_near(level) || level == KBR_COMPANY_DIFFERENT) {
        return near_grades;
    }
    if ((level >= KBR_COMPANY_HEARD_5 && level <= KBR_COMPANY_HEARD_1) ||
        level == KBR_COMPANY_OTHER_SCRIPT) {
        return heard_grades;
    }
    if (is_opposed(level)) {
        return opposed_grades;
    }
    if (is_related(level)) {
        return related_grades;
    }
    return NULL;
}

/* Whether two names differ by one kanji that is taken for the other: 斉藤, 斎藤. */
static bool has_similar_kanji(const kbr_card *a, const kbr_card *b) {
    const uint16_t *x = kbr_card_company_key(a);
    const uint16_t *y = kbr_card_company_key(b);
    kbr_rest rest = kbr_rest_of(x, a->company_len, y, b->company_len);
    return rest.x_len == 1 && rest.y_len == 1 && kbr_fold_similar(x[rest.at], y[rest.at]);
}

/* The level of two names of one reading: `rank` as of kbr_heard_same. */
static int same_reading_level(const kbr_card *own, const kbr_card *other, int rank, int spelt,
                              kbr_evidence *out) {
    /* Two guesses at Latin letters that come out alike: ALBIS is not L.B.S. */
    bool both_given = (own->traits & other->traits & KBR_TRAIT_READING_GIVEN) != 0;
    bool romaji = (own->traits & other->traits & KBR_TRAIT_ROMAJI) != 0;
    if (own->scripts == KBR_WRITTEN_LATIN && other->scripts == KBR_WRITTEN_LATIN && !romaji &&
        !both_given) {
        return is_near(spelt) ? spelt : KBR_COMPANY_HOMOPHONE;
    }
    bool in_kanji = (own->scripts & other->scripts & KBR_WRITTEN_KANJI) != 0;
    bool in_part = in_kanji && (reads_out(own, other) || reads_out(other, own));
    if (!in_kanji || in_part) {
        out->company_rarity = kbr_compare_commoner(own->sound_weight, other->sound_weight);
    }
    if (!in_kanji) {
        return rank == 1 ? KBR_COMPANY_READ : KBR_COMPANY_MAY_READ;
    }
    if (in_part) {
        return KBR_COMPANY_PART_READ;
    }
    if (is_opposed(spelt)) {
        /* 東京電機 and 東京電気: two words that are opposed, and a likely slip. */
        out->bits |= KABURI_EVIDENCE_COMPANY_CONFLICT;
        return both_given ? spelt : KBR_COMPANY_HOMOPHONE;
    }
    /* One slip in a long name: 保全 as 補全; 制作所, which the conversion offers for 製作所, is no
     * less likely than any other slip. Of short ones a kanji of the same reading makes another:
     * 東和工業, 藤和工業; unless it is one that it is taken for: 斉藤, 斎藤. */
    if (has_similar_kanji(own, other)) {
        out->company_likeness = out->company_likeness > SIMILAR_LIKENESS_MIN ? out->company_likeness
                                                                             : SIMILAR_LIKENESS_MIN;
        return kbr_grade_of(near_grades, out->company_likeness);
    }
    if (spelt == KBR_COMPANY_NEAR_5 || spelt == KBR_COMPANY_NEAR_4 || spelt == KBR_COMPANY_NEAR_3 ||
        (is_near(spelt) && out->company_rarity >= COMPANY_COMMON / 8)) {
        return spelt;
    }
    return both_given ? KBR_COMPANY_SAID : KBR_COMPANY_HOMOPHONE;
}

/*
 * What the sound says of two names whose spelling differs. The same reading counts for names that
 * are spelt hardly alike; that two are alike in sound, only where scripts cannot be compared: kanji
 * of like sound are other names.
 */
static int spoken_level(const kbr_subject *subject, const kbr_card *other, int spelt,
                        kbr_evidence *out) {
    const kbr_card *own = subject->card;
    if (spelt <= KBR_COMPANY_NEAR_6 || spelt == KBR_COMPANY_PARENT || is_related(spelt)) {
        return spelt;
    }
    uint64_t own_acronym = kbr_card_word(own, KBR_CARD_ACRONYM);
    uint64_t other_acronym = kbr_card_word(other, KBR_CARD_ACRONYM);
    if ((own_acronym != 0 && own_acronym == other->company) ||
        (other_acronym != 0 && other_acronym == own->company)) {
        return KBR_COMPANY_ACRONYM;
    }
    int rank = kbr_heard_same(own, other);
    if (rank > 0) {
        return same_reading_level(own, other, rank, spelt, out);
    }
    if (!in_other_script(own, other)) {
        return spelt;
    }
    uint32_t shared = 0;
    uint32_t alike = kbr_heard_likeness(&subject->heard, other, &shared);
    if (is_near(spelt) && out->company_likeness >= alike) {
        return spelt;
    }
    alike = shared < HEARD_COMMON && alike < HEARD_WHOLE ? alike / 4 : alike;
    out->company_likeness = (uint16_t)(alike < 1000 ? alike : 1000);
    out->company_rarity = kbr_compare_information(shared);
    bool opposed = kbr_opposed_conflict(opposed_of(own), opposed_of(other));
    return kbr_grade_of(opposed ? opposed_grades : heard_grades, out->company_likeness);
}

/* How a table ties one of the subject's two names to one of the other's, or NULL; of several ties
 * the first kind. The same in both directions, as every pair is filed under both of its names. */
static const kbr_alias_tie *alias_tie(const kbr_subject *subject, const kbr_card *other) {
    const kbr_alias_tie *best = NULL;
    for (size_t i = 0; i < KBR_COUNT(subject->aliases); i++) {
        const kbr_alias_list *list = &subject->aliases[i];
        for (size_t side = 0; side < 2 && list->count > 0; side++) {
            uint64_t name = side == 0 ? other->company : kbr_card_word(other, KBR_CARD_FORMER);
            const kbr_alias_tie *tie = name != 0 ? kbr_alias_list_find(list, name) : NULL;
            if (tie != NULL && (best == NULL || tie->kind < best->kind ||
                                (tie->kind == best->kind && tie->owners < best->owners))) {
                best = tie;
            }
        }
    }
    return best;
}

/* Whether the longer of two names in Latin letters has whole words more: Gold Wing has one more
 * than Gold, Metals none more than Metal. */
static bool ends_at_word(const kbr_card *longer, const kbr_card *shorter) {
    size_t len = shorter->company_len;
    uint32_t begun = common_prefix(longer, shorter);
    size_t border = begun == len ? len : longer->company_len - len;
    return border < KBR_EDITS_LEN_MAX &&
           (kbr_card_word(longer, KBR_CARD_BORDERS) >> border & 1) != 0;
}

/* Whether words that companies are parted by stand in one name alone, or others in each. What ends
 * as a site of a company does (販売部, 物流センター) must be one such word as a whole. */
static bool are_parted(const kbr_card *own, const kbr_card *other, bool part) {
    const kbr_card *longer = kbr_compare_longer(own, other);
    const kbr_card *shorter = longer == own ? other : own;
    bool latin = are_latin(own, other);
    if (part && latin && !ends_at_word(longer, shorter)) {
        return false;
    }
    bool site = names_unit(longer, shorter);
    return kbr_rest_parts(kbr_card_company_key(longer), longer->company_len,
                          kbr_card_company_key(shorter), shorter->company_len, site);
}

/* The level of two names that are alike where something tells them apart; else absent. `part`: one
 * is within the other. */
static int apart_level(const kbr_card *own, const kbr_card *other, bool part, kbr_evidence *out) {
    const kbr_card *longer = kbr_compare_longer(own, other);
    const kbr_card *shorter = longer == own ? other : own;
    bool parent = part && is_parent(longer, shorter);
    if (parent && common_prefix(own, other) == shorter->company_len) {
        return KBR_COMPANY_PARENT;
    }
    bool alike = part || out->company_likeness >= RELATED_LIKENESS_MIN;
    int word = part || !alike ? KBR_EXCHANGED_NONE : kbr_exchanged_word(own, other);
    if (word == KBR_EXCHANGED_OTHER ||
        (alike && word == KBR_EXCHANGED_NONE && are_parted(own, other, part))) {
        out->bits |= part ? KABURI_EVIDENCE_COMPANY_CONTAINED : 0;
        return kbr_grade_of(related_grades, out->company_likeness);
    }
    bool opposed = !part && (kbr_opposed_conflict(opposed_of(own), opposed_of(other)) ||
                             has_other_serial(own, other));
    if (parent || opposed || word == KBR_EXCHANGED_LIKE) {
        return kbr_grade_of(opposed_grades, out->company_likeness);
    }
    return KBR_LEVEL_ABSENT;
}

static int unequal_level(const kbr_subject *subject, const kbr_card *other, kbr_evidence *out) {
    const kbr_card *own = subject->card;
    if (kbr_card_word(own, KBR_CARD_FORMER) == other->company ||
        kbr_card_word(other, KBR_CARD_FORMER) == own->company) {
        return KBR_COMPANY_IS_FORMER;
    }
    if (are_latin(own, other) && kbr_latin_umlauts(own, other)) {
        out->company_likeness = UMLAUT_LIKENESS;
        return KBR_COMPANY_NEAR_6;
    }
    uint32_t shared = kbr_shingle_set_shared(&subject->company, other);
    if (shared == 0 && in_other_script(own, other)) {
        return KBR_COMPANY_OTHER_SCRIPT;
    }
    const kbr_card *longer = kbr_compare_longer(own, other);
    const kbr_card *shorter = longer == own ? other : own;
    bool part =
        shorter->company_len >= 2 && contains(kbr_card_company_key(longer), longer->company_len,
                                              kbr_card_company_key(shorter), shorter->company_len);
    if (!part && (shared == 0 || shorter->company_len < NEAR_LEN_MIN)) {
        return KBR_COMPANY_DIFFERENT;
    }
    out->company_likeness = (uint16_t)likeness(subject, other, shared);
    out->company_rarity = kbr_compare_information(shared);
    int apart = apart_level(own, other, part, out);
    if (apart != KBR_LEVEL_ABSENT) {
        return apart;
    }
    out->bits |= part ? KABURI_EVIDENCE_COMPANY_CONTAINED : 0;
    if (part && shorter->company_weight >= COMPANY_COMMON && names_unit(longer, shorter)) {
        return KBR_COMPANY_UNIT;
    }
    return kbr_grade_of(near_grades, out->company_likeness);
}

int kbr_compare_company(const kbr_subject *subject, const kbr_card *other, kbr_evidence *out) {
    const kbr_card *own = subject->card;
    if (own->company == 0 || other->company == 0) {
        return KBR_LEVEL_ABSENT;
    }
    if (((own->company_flags | other->company_flags) & KBR_COMPANY_PLACEHOLDER) != 0) {
        return KBR_COMPANY_NAMELESS;
    }
    out->company_rarity = kbr_compare_commoner(own->company_weight, other->company_weight);
    if (((own->company_flags | other->company_flags) & KBR_COMPANY_PARTY) != 0) {
        return own->company == other->company ? KBR_COMPANY_ANONYMOUS : KBR_COMPANY_NAMELESS;
    }
    if (own->company == other->company) {
        return own->company_strict == other->company_strict ? KBR_COMPANY_EXACT : KBR_COMPANY_SAME;
    }
    const kbr_alias_tie *tie = alias_tie(subject, other);
    if (tie != NULL) {
        out->company_owners = tie->owners;
        out->company_alias =
            (uint8_t)(KBR_COMPANY_ALIAS_ABBREVIATION + tie->kind - KBR_ALIAS_ABBREVIATION);
    }
    /* A table that calls two names companies of one group tells them apart. */
    if (out->company_alias == KBR_COMPANY_ALIAS_GROUP) {
        return KBR_COMPANY_ALIAS_GROUP;
    }
    return spoken_level(subject, other, unequal_level(subject, other, out), out);
}
