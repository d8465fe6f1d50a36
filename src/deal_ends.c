/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ends of a deal's name. A tag comes off with its bracket or underscore, the company only where
 * an honorific, a legal form or a separator shows that its name ends.
 */
#include "deal_ends.h"

#include "words.h"

#include <string.h>

#define TAG_LEN_MAX 32
#define COMPANY_NEAR                                                                               \
    12             /* units of the loose key that forms and honorifics may take beside a name */
#define ENDS_MAX 6 /* tags and company names cut from one name */

/* Attributes of the lists, see their heads. */
#define TAG_BRACKETED 1U
#define TAG_UNDERSCORED 2U
#define TAG_WORD 4U
#define TAG_DATED 8U
#define TAG_LAST 16U
#define TAG_NOTE 32U
#define HONORIFIC 1U
#define PERSON_BEFORE 1U
#define PERSON_BEHIND 2U
#define NOISE_HEAD 4U

/* Units of the longest date, 2024/10/05, and the sign before it. */
#define STAMP_LEN_MAX 11

/* Longest name of a person with what is said behind it, in units. */
#define PERSON_LEN_MAX 8

/* Signs that set the parts of a template apart. */
bool kbr_deal_is_separator(uint16_t unit) {
    return unit == ' ' || unit == '_' || unit == '-' || unit == ':' || unit == '/' || unit == '|' ||
           unit == ',' || unit == 0x30FB || unit == 0x3001 || unit == 0x2013 || unit == 0x2014 ||
           unit == 0x2015 || unit == 0x2010;
}

void kbr_deal_trim(kbr_deal_span *name) {
    while (name->begin < name->end && kbr_deal_is_separator(name->text->unit[name->begin])) {
        name->begin++;
    }
    while (name->end > name->begin && kbr_deal_is_separator(name->text->unit[name->end - 1])) {
        name->end--;
    }
}

uint16_t kbr_deal_closing(uint16_t opening) {
    switch (opening) {
    case '(':
        return ')';
    case '[':
        return ']';
    case '<':
        return '>';
    case 0x3010: /* 【 */
        return 0x3011;
    case 0x3014: /* 〔 */
        return 0x3015;
    case 0x300A: /* 《 */
        return 0x300B;
    default:
        return 0;
    }
}

/* The tag that [begin, end) is, spaces left out: [MQ L] is typed too. */
static const kbr_word *tag_of(const kbr_deal_span *name, size_t begin, size_t end) {
    uint16_t tag[TAG_LEN_MAX];
    size_t len = 0;
    for (; begin < end && len < TAG_LEN_MAX; begin++) {
        if (name->text->unit[begin] != ' ') {
            tag[len++] = name->text->unit[begin];
        }
    }
    return begin < end ? NULL : kbr_words_find(&kbr_words_deal_tags, tag, len);
}

/* What a date beside a tag is made of: 2024, 24/10, 2024年10月, 春. */
static bool is_dating(uint16_t unit) {
    static const uint16_t signs[] = {'.',    '\'',   0x5E74, 0x6708, 0x65E5, /* 年 月 日 */
                                     0x5EA6, 0x6625, 0x590F, 0x79CB, 0x51AC}; /* 度 春 夏 秋 冬 */
    for (size_t i = 0; i < KBR_COUNT(signs); i++) {
        if (unit == signs[i]) {
            return true;
        }
    }
    return (unit >= '0' && unit <= '9') || kbr_deal_is_separator(unit);
}

/* The occasion that a bracket at the head names: [begin, end) with a date that belongs to it,
 * 展示会2024, or behind its own name, Japan IT Week 春. */
static bool is_occasion(const kbr_deal_span *name, size_t begin, size_t end) {
    const kbr_folded *text = name->text;
    while (begin < end && is_dating(text->unit[begin])) {
        begin++;
    }
    while (end > begin && is_dating(text->unit[end - 1])) {
        end--;
    }
    const kbr_word *tag = tag_of(name, begin, end);
    if (tag != NULL && (tag->attribute & TAG_DATED) != 0) {
        return true;
    }
    tag = kbr_words_before(&kbr_words_deal_tags, text->unit + begin, end - begin);
    size_t at = tag != NULL ? end - tag->len : end;
    return tag != NULL && (tag->attribute & TAG_LAST) != 0 && at > begin &&
           text->script[at] != text->script[at - 1];
}

/* IS_ at the head. */
static bool cut_head_mark(kbr_deal_span *name) {
    size_t end = name->begin;
    while (end < name->end && end - name->begin < TAG_LEN_MAX && kbr_deal_unit(name, end) != '_') {
        end++;
    }
    if (kbr_deal_unit(name, end) != '_' || end + 1 >= name->end) {
        return false;
    }
    const kbr_word *tag = tag_of(name, name->begin, end);
    if (tag == NULL || (tag->attribute & TAG_UNDERSCORED) == 0) {
        return false;
    }
    name->begin = end + 1;
    return true;
}

static bool cut_head_tag(kbr_deal_span *name) {
    uint16_t close = kbr_deal_closing(kbr_deal_unit(name, name->begin));
    size_t end = name->begin + 1;
    while (close != 0 && end < name->end && end - name->begin < TAG_LEN_MAX &&
           kbr_deal_unit(name, end) != close) {
        end++;
    }
    if (close == 0 || kbr_deal_unit(name, end) != close || end + 1 >= name->end) {
        return false;
    }
    const kbr_word *tag = tag_of(name, name->begin + 1, end);
    bool cut = tag != NULL && (tag->attribute & TAG_BRACKETED) != 0;
    if (!cut && !is_occasion(name, name->begin + 1, end)) {
        return false;
    }
    name->begin = end + 1;
    return true;
}

/* 見積依頼: at the head, where a sign or a space sets it apart. */
static bool cut_head_noise(kbr_deal_span *name) {
    const kbr_word *word =
        kbr_words_at(&kbr_words_deal_noise, name->text->unit, name->end, name->begin);
    if (word == NULL || (word->attribute & NOISE_HEAD) == 0 ||
        !kbr_deal_is_separator(kbr_deal_unit(name, name->begin + word->len))) {
        return false;
    }
    name->begin += word->len + 1U;
    return true;
}

static bool cut_tail_tag(kbr_deal_span *name) {
    const uint16_t *unit = name->text->unit;
    uint16_t last = unit[name->end - 1];
    size_t begin = name->end - 1;
    size_t least =
        name->end - name->begin > TAG_LEN_MAX ? name->end - TAG_LEN_MAX : name->begin + 1;
    bool bracket = last == ')' || last == ']' || last == '>' || last == 0x3011 || last == 0x3015 ||
                   last == 0x300B;
    while (begin > least && (bracket ? kbr_deal_closing(unit[begin]) != last
                                     : unit[begin] != '_' && unit[begin] != ' ')) {
        begin--;
    }
    if (bracket ? kbr_deal_closing(unit[begin]) != last
                : unit[begin] != '_' && unit[begin] != ' ') {
        return false;
    }
    const kbr_word *tag = tag_of(name, begin + 1, bracket ? name->end - 1 : name->end);
    uint32_t needed = bracket ? TAG_BRACKETED : unit[begin] == '_' ? TAG_UNDERSCORED : TAG_WORD;
    if (tag == NULL || (tag->attribute & needed) == 0) {
        return false;
    }
    name->end = begin;
    return true;
}

/* ※10/5訪問, ★確度A, ※10/5: a note behind its sign, which is a date, a tag or both. */
static bool cut_note(kbr_deal_span *name) {
    const uint16_t *unit = name->text->unit;
    size_t sign = name->end - 1;
    while (sign > name->begin && name->end - sign < TAG_LEN_MAX && unit[sign] != 0x203B &&
           unit[sign] != 0x2605) {
        sign--;
    }
    if (sign < name->begin + 2 || (unit[sign] != 0x203B && unit[sign] != 0x2605)) {
        return false;
    }
    size_t begin = sign + 1;
    size_t end = name->end;
    bool dated = false; /* 10/5 and 10月 are dates, 2 is a number */
    while (begin < end && is_dating(unit[begin])) {
        dated |= unit[begin] == '/' || unit[begin] == 0x6708;
        begin++;
    }
    while (end > begin && is_dating(unit[end - 1])) {
        end--;
    }
    const kbr_word *tag = tag_of(name, begin, end);
    bool noted = tag != NULL && (tag->attribute & (TAG_UNDERSCORED | TAG_NOTE)) != 0;
    if (begin < end ? !noted : !dated) {
        return false;
    }
    name->end = sign;
    return true;
}

/* The number of `digits` digits at `at`; -1: other units stand there. */
static int32_t digits_at(const kbr_deal_span *name, size_t at, size_t digits) {
    int32_t number = 0;
    for (size_t i = 0; i < digits; i++) {
        uint16_t unit = kbr_deal_unit(name, at + i);
        if (unit < '0' || unit > '9') {
            return -1;
        }
        number = number * 10 + (unit - '0');
    }
    return number;
}

/* One or two digits behind the date's sign, or two where it has none; moves *at. */
static int32_t part_at(const kbr_deal_span *name, size_t *at, uint16_t sign) {
    size_t begin = *at + (sign != 0 ? 1U : 0U);
    if (sign != 0 && kbr_deal_unit(name, *at) != sign) {
        return -1;
    }
    size_t digits = sign == 0 || digits_at(name, begin, 2) >= 0 ? 2 : 1;
    *at = begin + digits;
    return digits_at(name, begin, digits);
}

/* Whether the rest from `at` is a date of entry: 20241005, 2024/10/5, 202410, 2024/10. */
static bool read_stamp(kbr_deal *deal, const kbr_deal_span *name, size_t at) {
    int32_t year = digits_at(name, at, 4);
    uint16_t sign = kbr_deal_unit(name, at + 4);
    sign = sign == '/' || sign == '.' || sign == '-' ? sign : 0;
    at += 4;
    int32_t month = year < 0 ? -1 : part_at(name, &at, sign);
    if (year < 1990 || year > 2099 || month < 1 || month > 12) {
        return false;
    }
    bool dated = at < name->end;
    int32_t day = dated ? part_at(name, &at, sign) : 1;
    if (day < 1 || day > 31 || at != name->end) {
        return false;
    }
    deal->stamp_year = (uint32_t)year;
    deal->stamp_month = dated ? 0 : (uint32_t)month;
    return true;
}

/* _20241005, - 2024/10/05, _202410: the day of entry that a template adds behind its sign. A dash
 * right behind a letter or digit is a code's: SR-20241005. */
static bool cut_stamp(kbr_deal *deal, kbr_deal_span *name) {
    const kbr_folded *text = name->text;
    size_t at = name->end;
    while (at > name->begin && name->end - at < STAMP_LEN_MAX &&
           (text->script[at - 1] == KBR_SCRIPT_DIGIT || text->unit[at - 1] == '/' ||
            text->unit[at - 1] == '.' || text->unit[at - 1] == '-')) {
        at--;
    }
    at += kbr_deal_unit(name, at) == '-' ? 1U : 0U;
    size_t sign = at;
    while (sign > name->begin && text->unit[sign - 1] == ' ') {
        sign--;
    }
    if (deal->stamp_year != 0 || sign < name->begin + 3) {
        return false;
    }
    uint8_t before = text->script[sign - 2];
    bool code = before == KBR_SCRIPT_LATIN || before == KBR_SCRIPT_DIGIT;
    uint16_t mark = text->unit[sign - 1];
    if ((mark != '_' && (mark != '-' || code)) || !read_stamp(deal, name, at)) {
        return false;
    }
    name->end = sign - 1;
    return true;
}

/* cp-2024-031: letters, a year or number, a number; behind a sign or at an end. */
static bool cut_campaign_code(kbr_deal_span *name) {
    const kbr_folded *text = name->text;
    size_t at = name->end;
    unsigned groups = 0;
    while (groups < 2) {
        size_t digits = at;
        while (at > name->begin && text->script[at - 1] == KBR_SCRIPT_DIGIT) {
            at--;
        }
        if (digits - at < 2 || at <= name->begin || text->unit[at - 1] != '-') {
            return false;
        }
        at--;
        groups++;
    }
    size_t letters = at;
    while (at > name->begin && text->script[at - 1] == KBR_SCRIPT_LATIN) {
        at--;
    }
    if (letters - at < 2 || letters - at > 4 || at <= name->begin ||
        !kbr_deal_is_separator(text->unit[at - 1])) {
        return false;
    }
    name->end = at;
    return true;
}

/* 様, 御中. Behind a space it is one where another script or a sign follows: 様式管理 is sold. */
static size_t skip_honorific(const kbr_deal_span *name, size_t at) {
    const uint8_t *script = name->text->script;
    size_t word_at = at + (kbr_deal_unit(name, at) == ' ' ? 1U : 0U);
    const kbr_word *word =
        kbr_words_at(&kbr_words_honorifics, name->text->unit, name->end, word_at);
    if (word == NULL || (word->attribute & HONORIFIC) == 0) {
        return at;
    }
    size_t end = word_at + word->len;
    bool whole = word_at == at || end >= name->end || script[end] != script[end - 1];
    return whole ? end : at;
}

/* A legal form at `at`, with its brackets: (株), 株式会社, ", Inc". */
static size_t skip_form(const kbr_deal_span *name, size_t at) {
    size_t word_at = at + (kbr_deal_unit(name, at) == ',' ? 1U : 0U);
    word_at += kbr_deal_unit(name, word_at) == ' ' ? 1U : 0U;
    size_t inner = word_at + (kbr_deal_unit(name, word_at) == '(' ? 1U : 0U);
    const kbr_word *word = kbr_words_at(&kbr_words_legal_forms, name->text->unit, name->end, inner);
    if (word == NULL) {
        return at;
    }
    size_t end = inner + word->len;
    if (inner > word_at) {
        return kbr_deal_unit(name, end) == ')' ? end + 1 : at;
    }
    end += kbr_deal_unit(name, end) == '.' ? 1U : 0U;
    /* Behind a space it is the form only where it ends as a word: 信用金庫システム is sold. */
    bool whole = end >= name->end || kbr_deal_is_separator(kbr_deal_unit(name, end)) ||
                 name->text->script[end] == KBR_SCRIPT_PUNCT || skip_honorific(name, end) > end ||
                 (word_at == at && !(name->text->script[end] == KBR_SCRIPT_LATIN &&
                                     name->text->script[end - 1] == KBR_SCRIPT_LATIN));
    return word->len > 1 && whole ? end : at;
}

/* As many as there are: Co., Ltd. */
static size_t skip_forms(const kbr_deal_span *name, size_t at) {
    for (int i = 0; i < ENDS_MAX; i++) {
        at = skip_form(name, at);
    }
    return at;
}

/* Whether [begin, end) is nothing but a legal form, signs and spaces. */
static bool is_form(const kbr_deal_span *name, size_t begin, size_t end) {
    while (begin < end) {
        size_t next = skip_form(name, begin);
        if (next == begin && !kbr_deal_is_separator(kbr_deal_unit(name, begin)) &&
            kbr_deal_closing(kbr_deal_unit(name, begin)) == 0) {
            return false;
        }
        begin = next > begin ? next : begin + 1;
    }
    return begin == end;
}

/* Whether the company has a name that could be cut, with something left. */
static bool may_hold(const kbr_deal_span *name, const kbr_company *company) {
    return company->key.len >= 2 && name->end - name->begin > company->key.len &&
           (company->flags & (KBR_COMPANY_PLACEHOLDER | KBR_COMPANY_FORM_ONLY)) == 0;
}

/* The units of the name that its company, as written, and a form beside it may take: the form is 12
 * units at most, the name twice its key. */
static size_t window_of(const kbr_deal_span *name, const kbr_company *company) {
    size_t len = name->end - name->begin;
    return company->key.len * 2 + 16 < len ? company->key.len * 2 + 16 : len;
}

/* The loose key of `window` units from `first`, to the scratch, with where they stand behind. */
static size_t loosen(kbr_deal *deal, const kbr_deal_span *name, size_t first, size_t window) {
    uint32_t folds = 0;
    return kbr_fold_loose_from(deal->loose.data, deal->loose.data + name->text->len,
                               name->text->unit + first, window, &folds);
}

/*
 * Cuts the company's own name from the head: its core in any spelling, with legal forms around it,
 * when an honorific, a form or a separator shows that the name ends there.
 */
static bool cut_company(kbr_deal *deal, kbr_deal_span *name, const kbr_company *company) {
    const kbr_units *key = &company->key;
    if (!may_hold(name, company)) {
        return false;
    }
    const uint16_t *loose = deal->loose.data;
    const uint16_t *origin = loose + name->text->len;
    size_t count = loosen(deal, name, name->begin, window_of(name, company));
    for (size_t i = 0; i + key->len <= count && i <= COMPANY_NEAR; i++) {
        if (memcmp(loose + i, key->data, key->len * sizeof *loose) != 0) {
            continue;
        }
        size_t begin = name->begin + origin[i];
        size_t end = name->begin + origin[i + key->len - 1] + 1;
        while (kbr_deal_unit(name, end) == 0x30FC) {
            end++;
        }
        if (!is_form(name, name->begin, begin)) {
            return false;
        }
        size_t after = skip_honorific(name, skip_forms(name, end));
        while (kbr_deal_unit(name, after) == ')' || kbr_deal_unit(name, after) == 0x3011 ||
               kbr_deal_unit(name, after) == ']') {
            after++;
        }
        bool ended = after > end || kbr_deal_is_separator(kbr_deal_unit(name, after));
        if (!ended || after >= name->end) {
            return false;
        }
        name->begin = after;
        return true;
    }
    return false;
}

/* Where the legal form right before `at` begins: 株式会社, (株), with a space between or none. */
static size_t form_before(const kbr_deal_span *name, size_t at) {
    const uint16_t *unit = name->text->unit + name->begin;
    size_t end = at - name->begin;
    end -= end > 0 && unit[end - 1] == ' ' ? 1U : 0U;
    size_t inner = end - (end > 0 && unit[end - 1] == ')' ? 1U : 0U);
    const kbr_word *word = kbr_words_before(&kbr_words_legal_forms, unit, inner);
    if (word == NULL || word->len == inner) {
        return at;
    }
    size_t begin = inner - word->len;
    if (inner < end) {
        return unit[begin - 1] == '(' ? name->begin + begin - 1 : at;
    }
    return word->len > 1 ? name->begin + begin : at;
}

/*
 * Cuts the company's own name from the tail: ERP導入_山田製作所様, ERP導入(株式会社山田製作所).
 * Only with an honorific or a legal form: without one it may be what is sold, as in 導入支援(SAP).
 */
static bool cut_company_tail(kbr_deal *deal, kbr_deal_span *name, const kbr_company *company) {
    const kbr_units *key = &company->key;
    if (!may_hold(name, company)) {
        return false;
    }
    size_t window = window_of(name, company);
    size_t first = name->end - window;
    const uint16_t *loose = deal->loose.data;
    const uint16_t *origin = loose + name->text->len;
    size_t count = loosen(deal, name, first, window);
    size_t i = count;
    while (i >= key->len && count - i <= COMPANY_NEAR &&
           memcmp(loose + i - key->len, key->data, key->len * sizeof *loose) != 0) {
        i--;
    }
    if (i < key->len || count - i > COMPANY_NEAR) {
        return false;
    }
    size_t begin = first + origin[i - key->len];
    size_t end = first + origin[i - 1] + 1;
    end += kbr_deal_unit(name, end) == 0x30FC ? 1U : 0U;
    size_t after = skip_honorific(name, skip_forms(name, end));
    size_t before = form_before(name, begin);
    if ((after == end && before == begin) || before <= name->begin + 1) {
        return false;
    }
    uint16_t sign = name->text->unit[before - 1];
    bool bracket =
        kbr_deal_closing(sign) != 0 && kbr_deal_closing(sign) == kbr_deal_unit(name, after);
    if ((!bracket && !kbr_deal_is_separator(sign)) || after + (bracket ? 1U : 0U) != name->end) {
        return false;
    }
    name->end = before - 1;
    return true;
}

/* Whether [begin, end) begins what the owner is called: 佐藤 of 佐藤太郎. */
static bool is_owner(const kbr_deal *deal, const kbr_deal_span *name, size_t begin, size_t end) {
    const kbr_folded *owner = deal->owner;
    size_t len = end - begin;
    return owner != NULL && len >= 2 && len <= owner->len &&
           memcmp(name->text->unit + begin, owner->unit, len * sizeof *owner->unit) == 0;
}

/* Whether [begin, end) says that it names a person: 担当:佐藤, 佐藤さん, owner: Sato. */
static bool is_person(const kbr_deal_span *name, size_t begin, size_t end) {
    const uint16_t *unit = name->text->unit;
    const kbr_word *before = kbr_words_at(&kbr_words_deal_persons, unit, end, begin);
    if (before != NULL && (before->attribute & PERSON_BEFORE) != 0 && begin + before->len < end) {
        bool sign = kbr_deal_is_separator(unit[begin + before->len]);
        return sign || (before->attribute & PERSON_BEHIND) != 0;
    }
    const kbr_word *behind = kbr_words_before(&kbr_words_deal_persons, unit + begin, end - begin);
    return behind != NULL && (behind->attribute & PERSON_BEHIND) != 0 &&
           end - begin >= behind->len + 2U && end - begin <= PERSON_LEN_MAX;
}

/* (担当:佐藤), (佐藤さん), (佐藤) of a deal of 佐藤太郎, _佐藤太郎 at the end. Whom else a bracket
 * names nobody can tell without a list of names: (佐藤) may be what is sold. */
static bool cut_person(const kbr_deal *deal, kbr_deal_span *name) {
    const uint16_t *unit = name->text->unit;
    uint16_t last = unit[name->end - 1];
    bool bracket = last == ')' || last == ']' || last == 0x3011;
    size_t end = name->end - (bracket ? 1U : 0U);
    size_t begin = end;
    while (begin > name->begin + 1 && end - begin < TAG_LEN_MAX &&
           (bracket ? kbr_deal_closing(unit[begin - 1]) != last
                    : !kbr_deal_is_separator(unit[begin - 1]))) {
        begin--;
    }
    bool open = bracket ? kbr_deal_closing(unit[begin - 1]) == last
                        : kbr_deal_is_separator(unit[begin - 1]);
    if (!open || begin < name->begin + 2 ||
        (!is_owner(deal, name, begin, end) && !(bracket && is_person(name, begin, end)))) {
        return false;
    }
    name->end = begin - 1;
    return true;
}

void kbr_deal_cut_ends(kbr_deal *deal, kbr_deal_span *name, const kbr_company *company) {
    for (int i = 0; i < ENDS_MAX; i++) {
        kbr_deal_trim(name);
        kbr_deal_span before = *name;
        if (name->end - name->begin < 2) {
            return;
        }
        if (cut_head_tag(name) || cut_head_mark(name) || cut_head_noise(name) ||
            cut_tail_tag(name) || cut_note(name) || cut_campaign_code(name)) {
            deal->flags |= KBR_DEAL_TAG;
        } else if (cut_company(deal, name, company) || cut_company_tail(deal, name, company)) {
            deal->flags |= KBR_DEAL_COMPANY;
        } else if (!cut_person(deal, name) && !cut_stamp(deal, name)) {
            return;
        }
        kbr_deal_trim(name);
        if (name->begin >= name->end) {
            *name = before;
            return;
        }
    }
}
