/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers in a deal's name that are no dates: amounts, phases, lots and others. One function a
 * notation, tried in the order of how much each demands; the words that give a number its role are
 * src/data/deal_counters.tsv.
 */
#include "number.h"

#include "words.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Attributes of the counters: the role in the low byte, then where the word may stand. */
#define ROLE 0xFFU
#define BEHIND 0x100U
#define BEHIND_ORDINAL 0x200U
#define BEFORE 0x400U
#define KEPT 0x800U
#define LETTERED 0x1000U
#define KANJI 0x2000U
#define ALONE 0x4000U

static uint32_t context_of(const uint16_t *unit, size_t len) {
    return len == 0 ? 0 : (uint32_t)XXH3_64bits(unit, len * sizeof *unit) | 1;
}

/* ---- amounts ---- */

/* Signs and letters of currencies; an amount without any is in yen. */
static const struct {
    char word[4];
    uint16_t sign;
    bool yen;
} currencies[] = {{"jpy", 0xA5, true},
                  {"yen", '\\', true},
                  {"usd", '$', false},
                  {"eur", 0x20AC, false},
                  {"gbp", 0xA3, false}};

/* The context of the currency that is named at `at`, as sign or as a word of its own; *end behind
 * it. False: none is. */
static bool read_currency(uint32_t *context, size_t *end, const kbr_numeral_text *in, size_t at) {
    for (size_t i = 0; i < KBR_COUNT(currencies); i++) {
        bool sign = kbr_is_unit(in, at, currencies[i].sign);
        if (!sign && (kbr_is_letter(in, at + 3) || !kbr_numeral_word(in, at, currencies[i].word))) {
            continue;
        }
        *end = at + (sign ? 1 : 3);
        *context = currencies[i].yen ? 0 : (uint32_t)i;
        return true;
    }
    return false;
}

/* 千億: no sum of money that a deal is about is counted in more. */
#define MAGNITUDE_MAX INT64_C(1000000000000)

static int64_t magnitude_of(uint16_t unit) {
    switch (unit) {
    case 0x767E: /* 百 */
        return 100;
    case 0x5343: /* 千 */
        return 1000;
    case 0x4E07: /* 万 */
        return 10000;
    case 0x5104: /* 億 */
        return 100000000;
    default:
        return 0;
    }
}

/* 万, 百万, 億, 千 behind a number, k and m; *unit 1 when there is none. */
static size_t read_magnitude(int64_t *unit, const kbr_numeral_text *in, size_t at) {
    *unit = 1;
    for (; at < in->limit; at++) {
        int64_t factor = magnitude_of(in->unit[at]);
        if (factor == 0 || *unit > MAGNITUDE_MAX / factor) {
            break;
        }
        *unit *= factor;
    }
    return at;
}

static bool give_amount(kbr_number_reading *out, const kbr_numeral *number, int64_t unit,
                        int64_t more, uint32_t context, size_t end) {
    if (number->number > (INT64_MAX - more) / unit) {
        return false;
    }
    kbr_number_put(out, KBR_NUMBER_AMOUNT, number->number * unit / number->scale + more, 1,
                   context);
    out->end = end;
    return true;
}

/* 500万円, 1.5億円, 1億2,000万円, 5,000,000 円, 5,000,000 JPY, 500万. */
static bool read_amount(kbr_number_reading *out, const kbr_numeral_text *in,
                        const kbr_numeral *number) {
    int64_t unit;
    int64_t more = 0;
    kbr_numeral second;
    size_t end = read_magnitude(&unit, in, number->end);
    if (unit == 100000000 && kbr_numeral_integer(&second, in, end) && second.number < 10000) {
        int64_t smaller;
        size_t behind = read_magnitude(&smaller, in, second.end);
        more = smaller < unit ? second.number * smaller : 0;
        end = more > 0 ? behind : end;
    }
    size_t word = kbr_numeral_skip(in, end, " ");
    uint32_t context = 0;
    if (kbr_is_unit(in, word, 0x5186)) {
        return give_amount(out, number, unit, more, 0, word + 1);
    }
    if (word < in->limit && in->script[word] == KBR_SCRIPT_LATIN &&
        read_currency(&context, &word, in, word)) {
        return give_amount(out, number, unit, more, context, word);
    }
    /* 500万 alone, but 100万人 counts people, and 千 alone is a name as well. */
    bool ends = end >= in->limit || in->script[end] == KBR_SCRIPT_PUNCT ||
                in->script[end] == KBR_SCRIPT_SPACE;
    return unit >= 10000 && ends && give_amount(out, number, unit, more, 0, end);
}

/* ¥5,000,000, JPY 5,000,000, $50k. */
static bool read_marked_amount(kbr_number_reading *out, const kbr_numeral_text *in, size_t at) {
    uint32_t context;
    size_t next;
    kbr_numeral number;
    int64_t unit;
    if (kbr_is_joined(in, at) || !read_currency(&context, &next, in, at) ||
        !kbr_numeral_digits(&number, in, kbr_numeral_skip(in, next, " "))) {
        return false;
    }
    size_t end = read_magnitude(&unit, in, number.end);
    if (unit == 1 && !kbr_is_letter(in, end + 1) &&
        (kbr_is_unit(in, end, 'k') || kbr_is_unit(in, end, 'm'))) {
        unit = in->unit[end] == 'k' ? 1000 : 1000000;
        end++;
    }
    end += kbr_is_unit(in, end, 0x5186) ? 1U : 0U;
    end += kbr_is_unit(in, end, '-') && !kbr_is_digit(in, end + 1) ? 1U : 0U; /* ¥5,000- */
    return give_amount(out, &number, unit, 0, context, end);
}

/* ---- counters ---- */

static bool in_range(uint32_t role, const kbr_numeral *number) {
    switch (role) {
    case KBR_NUMBER_QUARTER:
        return number->scale == 1 && number->number >= 1 && number->number <= 4;
    case KBR_NUMBER_MONTH:
        return number->scale == 1 && number->number >= 1 && number->number <= 12;
    case KBR_NUMBER_DAY:
        return number->scale == 1 && number->number >= 1 && number->number <= 31;
    default:
        return true;
    }
}

/* The word behind a number. `ordinal`: 第 stands before it. */
static bool read_counter(kbr_number_reading *out, const kbr_numeral_text *in,
                         const kbr_numeral *number, bool ordinal) {
    size_t at = kbr_numeral_skip(in, number->end, " ");
    const kbr_word *word = kbr_words_at(&kbr_words_deal_counters, in->unit, in->limit, at);
    if (word == NULL || (at > number->end && in->script[at] != KBR_SCRIPT_KATAKANA)) {
        return false;
    }
    uint32_t role = word->attribute & ROLE;
    bool may = (word->attribute & BEHIND) != 0 ||
               (ordinal && (word->attribute & (BEHIND | BEHIND_ORDINAL)) != 0);
    bool latin = in->script[at] == KBR_SCRIPT_LATIN;
    if (!may || !in_range(role, number) || (latin && kbr_is_letter(in, at + word->len))) {
        return false;
    }
    kbr_number_put(out, role, number->number, number->scale, context_of(in->unit + at, word->len));
    out->end = (word->attribute & KEPT) != 0 ? number->end : at + word->len;
    return true;
}

/* 1st, 2nd, 3rd, 4th, with the word that they count behind a space: 2nd phase. */
static bool read_english_ordinal(kbr_number_reading *out, const kbr_numeral_text *in,
                                 const kbr_numeral *number) {
    static const char suffixes[][3] = {"st", "nd", "rd", "th"};
    size_t at = number->end;
    for (size_t i = 0; i < KBR_COUNT(suffixes); i++) {
        if (!kbr_is_unit(in, at, (uint16_t)suffixes[i][0]) ||
            !kbr_is_unit(in, at + 1, (uint16_t)suffixes[i][1]) || kbr_is_letter(in, at + 2) ||
            number->scale != 1) {
            continue;
        }
        kbr_numeral behind = *number;
        behind.end = kbr_numeral_skip(in, at + 2, " ");
        if (!read_counter(out, in, &behind, true)) {
            kbr_number_put(out, KBR_NUMBER_PLAIN, number->number, 1, 0);
            out->end = at + 2;
        }
        return true;
    }
    return false;
}

/* first half, second phase: only with the word that they count. */
static bool read_ordinal_word(kbr_number_reading *out, const kbr_numeral_text *in, size_t at) {
    const kbr_word *word = kbr_words_at(&kbr_words_deal_ordinals, in->unit, in->limit, at);
    if (word == NULL || kbr_is_joined(in, at) || !kbr_is_unit(in, at + word->len, ' ')) {
        return false;
    }
    const kbr_numeral number = {.number = word->attribute, .scale = 1, .end = at + word->len + 1};
    return kbr_is_letter(in, number.end) && read_counter(out, in, &number, true);
}

/* 二期工事, 十月分, 二回目, 三号棟: kanji numerals without 第, of words that they count and that no
 * other word begins with (二次電池, 一期一会). */
static bool read_kanji_counted(kbr_number_reading *out, const kbr_numeral_text *in, size_t at) {
    kbr_numeral number;
    if (!kbr_numeral_kanji(&number, in, at)) {
        return false;
    }
    const kbr_word *word = kbr_words_at(&kbr_words_deal_counters, in->unit, in->limit, number.end);
    return word != NULL && (word->attribute & KANJI) != 0 &&
           ((word->attribute & ALONE) == 0 || !kbr_is_kanji(in, number.end + word->len)) &&
           read_counter(out, in, &number, false);
}

/* A word before a number: フェーズ2, その4, No.3, ロットA. */
static bool read_prefixed(kbr_number_reading *out, const kbr_numeral_text *in, size_t at) {
    const kbr_word *word = kbr_words_at(&kbr_words_deal_counters, in->unit, in->limit, at);
    if (word == NULL || (word->attribute & BEFORE) == 0 ||
        (at > 0 && in->script[at] != KBR_SCRIPT_KANJI && in->script[at] == in->script[at - 1])) {
        return false;
    }
    size_t behind = at + word->len;
    behind += kbr_is_unit(in, behind, 0x30FC) ? 1U : 0U; /* what folding made of フェーズ-2 */
    size_t next = kbr_numeral_skip(in, behind, " .-:#(");
    next = kbr_is_unit(in, next, 0x7B2C) ? next + 1 : next; /* 第 */
    kbr_numeral number;
    bool latin = in->script[at] == KBR_SCRIPT_LATIN;
    if (latin && kbr_is_letter(in, at + word->len) && next == at + word->len &&
        ((word->attribute & ROLE) != KBR_NUMBER_PHASE || word->len < 4 ||
         !kbr_numeral_roman(&number, in, next))) {
        return false; /* phone is no phase; phaseii is */
    }
    if (!kbr_numeral_any(&number, in, next) &&
        ((word->attribute & LETTERED) == 0 || !kbr_numeral_letter(&number, in, next))) {
        return false;
    }
    if (number.digits == 0 && in->script[next] == KBR_SCRIPT_KANJI && number.end < in->limit &&
        in->script[number.end] == KBR_SCRIPT_KANJI) {
        return false; /* その一部 */
    }
    kbr_number_put(out, word->attribute & ROLE, number.number, number.scale,
                   context_of(in->unit + at, word->len));
    out->end = number.end;
    return true;
}

/* 第2期, 第3回, 第十二号, 第Ⅱ期; other numerals than digits only with a word that counts. */
static bool read_ordinal_number(kbr_number_reading *out, const kbr_numeral_text *in, size_t at) {
    kbr_numeral number;
    if (!kbr_is_unit(in, at, 0x7B2C)) {
        return false;
    }
    size_t next = kbr_numeral_skip(in, at + 1, " ");
    bool digits = kbr_numeral_digits(&number, in, next);
    if (!digits && !kbr_numeral_kanji(&number, in, next) && !kbr_numeral_roman(&number, in, next)) {
        return false;
    }
    if (read_counter(out, in, &number, true)) {
        return true;
    }
    if (!digits) {
        return false;
    }
    size_t word = number.end < in->limit ? number.end : in->limit;
    kbr_number_put(out, KBR_NUMBER_PLAIN, number.number, number.scale,
                   word < in->limit ? context_of(in->unit + word, 1) : 0);
    out->end = number.end;
    return true;
}

/* Ⅱ期工事, Ⅲ期: a word of its own, with one for a phase right behind. */
static bool read_roman_phase(kbr_number_reading *out, const kbr_numeral_text *in, size_t at) {
    kbr_numeral number;
    if (kbr_is_joined(in, at) || !kbr_numeral_roman(&number, in, at)) {
        return false;
    }
    const kbr_word *word = kbr_words_at(&kbr_words_deal_counters, in->unit, in->limit, number.end);
    return word != NULL && (word->attribute & ROLE) == KBR_NUMBER_PHASE &&
           read_counter(out, in, &number, false);
}

/* A工区, Bブロック. */
static bool read_lettered(kbr_number_reading *out, const kbr_numeral_text *in, size_t at) {
    kbr_numeral letter;
    if (kbr_is_joined(in, at) || !kbr_numeral_letter(&letter, in, at)) {
        return false;
    }
    const kbr_word *word = kbr_words_at(&kbr_words_deal_counters, in->unit, in->limit, letter.end);
    if (word == NULL || (word->attribute & LETTERED) == 0 || (word->attribute & BEHIND) == 0) {
        return false;
    }
    kbr_number_put(out, word->attribute & ROLE, letter.number, 1,
                   context_of(in->unit + letter.end, word->len));
    out->end = letter.end;
    return true;
}

static bool read_plain(kbr_number_reading *out, const kbr_numeral_text *in,
                       const kbr_numeral *number) {
    size_t end = number->end;
    uint32_t context = 0;
    if (end < in->limit && in->script[end] != KBR_SCRIPT_PUNCT &&
        in->script[end] != KBR_SCRIPT_SPACE) {
        context = context_of(in->unit + end, 1);
    }
    kbr_number_put(out, KBR_NUMBER_PLAIN, number->number, number->scale, context);
    out->end = end;
    return true;
}

/* 2024台 counts, whatever year its number would be. */
static bool is_counted(const kbr_numeral_text *in, const kbr_numeral *number) {
    const kbr_word *word = kbr_words_at(&kbr_words_deal_counters, in->unit, in->limit, number->end);
    return number->digits == 4 && word != NULL && (word->attribute & BEHIND) != 0 &&
           (word->attribute & ROLE) != KBR_NUMBER_MONTH && !kbr_is_unit(in, number->end, 0x5E74);
}

static bool read_digits(kbr_number_reading *out, const kbr_numeral_text *in, size_t at,
                        uint32_t fiscal_month) {
    kbr_numeral number;
    if (!kbr_numeral_integer(&number, in, at)) {
        return false;
    }
    if (!is_counted(in, &number) && kbr_date_read(out, in, at, fiscal_month)) {
        return true;
    }
    out->count = 0;
    kbr_numeral_decimals(&number, in);
    return read_amount(out, in, &number) || read_english_ordinal(out, in, &number) ||
           read_counter(out, in, &number, false) || read_plain(out, in, &number);
}

/* What is no date. */
static bool read_other(kbr_number_reading *out, const kbr_numeral_text *in, size_t at) {
    switch (in->script[at]) {
    case KBR_SCRIPT_LATIN:
        return read_prefixed(out, in, at) || read_roman_phase(out, in, at) ||
               read_lettered(out, in, at) || read_ordinal_word(out, in, at) ||
               read_marked_amount(out, in, at);
    case KBR_SCRIPT_KANJI:
        return read_ordinal_number(out, in, at) || read_prefixed(out, in, at) ||
               read_kanji_counted(out, in, at);
    case KBR_SCRIPT_KATAKANA:
    case KBR_SCRIPT_HIRAGANA:
        return read_prefixed(out, in, at);
    case KBR_SCRIPT_PUNCT:
        return read_marked_amount(out, in, at) ||
               (in->unit[at] == 0x2116 && read_prefixed(out, in, at));
    default:
        return false;
    }
}

bool kbr_number_read(kbr_number_reading *out, const kbr_folded *text, size_t at, size_t limit,
                     uint32_t fiscal_month) {
    const kbr_numeral_text in = {.unit = text->unit, .script = text->script, .limit = limit};
    out->count = 0;
    if (in.script[at] == KBR_SCRIPT_DIGIT) {
        return read_digits(out, &in, at, fiscal_month);
    }
    if (kbr_date_read(out, &in, at, fiscal_month)) {
        return true;
    }
    out->count = 0;
    return read_other(out, &in, at);
}
