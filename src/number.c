/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers in a deal's name. One function a notation, tried in the order of how much each demands;
 * the words that give a number its role are src/data/deal_counters.tsv.
 */
#include "number.h"

#include "words.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Attributes of the counters: the role in the low byte, then where the word may stand. */
#define ROLE 0xFFU
#define BEHIND 0x100U
#define BEHIND_ORDINAL 0x200U
#define BEFORE 0x400U
#define KEPT 0x800U
#define LETTERED 0x1000U

/* Years that a bare number of four digits may be, as in a contract's name. */
#define YEAR_MIN 1990
#define YEAR_MAX 2049

typedef struct reader {
    const uint16_t *unit;
    const uint8_t *script;
    size_t limit;
} reader;

/* A value and where it ends; `digits` as written in ASCII, 0 for other numerals. */
typedef struct value {
    int64_t number;
    uint16_t scale;
    uint16_t digits;
    size_t end;
} value;

/* ---- numerals ---- */

static bool is_digit(const reader *in, size_t at) {
    return at < in->limit && in->unit[at] >= '0' && in->unit[at] <= '9';
}

static bool is_letter(const reader *in, size_t at) {
    return at < in->limit && in->script[at] == KBR_SCRIPT_LATIN;
}

static bool is_unit(const reader *in, size_t at, uint16_t unit) {
    return at < in->limit && in->unit[at] == unit;
}

static size_t skip(const reader *in, size_t at, const char *signs) {
    while (at < in->limit && in->unit[at] < 0x80 && strchr(signs, (int)in->unit[at]) != NULL) {
        at++;
    }
    return at;
}

/* 365, 1,000. More than 17 digits are a code: told apart by its hash. */
static bool read_integer(value *out, const reader *in, size_t at) {
    if (!is_digit(in, at)) {
        return false;
    }
    *out = (value){.scale = 1};
    size_t first = at;
    uint64_t number = 0;
    for (; is_digit(in, at) ||
           (is_unit(in, at, ',') && is_digit(in, at + 1) && is_digit(in, at + 2) &&
            is_digit(in, at + 3) && !is_digit(in, at + 4));
         at++) {
        if (in->unit[at] != ',') {
            out->digits = (uint16_t)(out->digits + (out->digits < 1000 ? 1 : 0));
            number = number * 10 + (in->unit[at] - (uint64_t)'0');
        }
    }
    if (out->digits > 17) {
        number = XXH3_64bits(in->unit + first, (at - first) * sizeof *in->unit) >> 4;
    }
    out->number = (int64_t)number;
    out->end = at;
    return true;
}

/* The decimals behind it: 5.56. */
static void read_decimals(value *number, const reader *in) {
    size_t at = number->end;
    if (number->digits >= 14 || !is_unit(in, at, '.') || !is_digit(in, at + 1) ||
        is_unit(in, at + 2, '.')) {
        return;
    }
    number->scale = 1000;
    number->number *= 1000;
    int64_t place = 100;
    for (at++; is_digit(in, at); at++, place /= 10) {
        number->number += (in->unit[at] - '0') * place;
    }
    number->end = at;
}

static bool read_digits(value *out, const reader *in, size_t at) {
    if (!read_integer(out, in, at)) {
        return false;
    }
    read_decimals(out, in);
    return true;
}

static int kanji_digit(uint16_t unit) {
    static const uint16_t digits[] = {0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB,
                                      0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};
    static const uint16_t formal[] = {0x96F6, 0x58F1, 0x5F10, 0x53C2};
    for (int i = 0; i < 10; i++) {
        if (unit == digits[i] || (i < 4 && unit == formal[i])) {
            return i;
        }
    }
    return -1;
}

/* The 四 that belongs to 四半期. */
static bool is_quarter_word(const reader *in, size_t at) {
    return is_unit(in, at, 0x56DB) && is_unit(in, at + 1, 0x534A) && is_unit(in, at + 2, 0x671F);
}

/* 二, 十二, 二十, 二〇二四, 百五: below 10,000. 第一四半期 is the first quarter, not the 14th. */
static bool read_kanji(value *out, const reader *in, size_t at) {
    int64_t total = 0;
    int64_t run = 0;
    size_t first = at;
    for (; at < in->limit && at - first < 8 && !is_quarter_word(in, at); at++) {
        int digit = kanji_digit(in->unit[at]);
        if (digit >= 0) {
            run = run * 10 + digit;
        } else if (in->unit[at] == 0x5341 || in->unit[at] == 0x767E || in->unit[at] == 0x5343) {
            int64_t unit = in->unit[at] == 0x5341 ? 10 : in->unit[at] == 0x767E ? 100 : 1000;
            total += (run == 0 ? 1 : run) * unit;
            run = 0;
        } else {
            break;
        }
    }
    *out = (value){.number = total + run, .scale = 1, .end = at};
    return at > first;
}

/* i .. xii as a word of its own: NFKC has made Ⅱ of it. */
static bool read_roman(value *out, const reader *in, size_t at) {
    static const char *const numerals[] = {"i",   "ii",   "iii", "iv", "v",  "vi",
                                           "vii", "viii", "ix",  "x",  "xi", "xii"};
    size_t end = at;
    while (is_letter(in, end)) {
        end++;
    }
    for (size_t i = 0; i < KBR_COUNT(numerals); i++) {
        size_t len = strlen(numerals[i]);
        bool same = len == end - at;
        for (size_t j = 0; same && j < len; j++) {
            same = in->unit[at + j] == (uint16_t)numerals[i][j];
        }
        if (same) {
            *out = (value){.number = (int64_t)i + 1, .scale = 1, .end = end};
            return true;
        }
    }
    return false;
}

static bool read_ordinal(value *out, const reader *in, size_t at) {
    return read_digits(out, in, at) || read_kanji(out, in, at) || read_roman(out, in, at);
}

/* A, B, C as 1, 2, 3, where no letter or digit stands beside. */
static bool read_letter(value *out, const reader *in, size_t at) {
    if (!is_letter(in, at) || in->unit[at] < 'a' || in->unit[at] > 'z' || is_letter(in, at + 1) ||
        is_digit(in, at + 1)) {
        return false;
    }
    *out = (value){.number = in->unit[at] - 'a' + 1, .scale = 1, .end = at + 1};
    return true;
}

/* ---- output ---- */

static uint32_t context_of(const uint16_t *unit, size_t len) {
    return len == 0 ? 0 : (uint32_t)XXH3_64bits(unit, len * sizeof *unit) | 1;
}

static void put(kbr_number_reading *out, uint32_t role, int64_t number, uint16_t scale,
                uint32_t context) {
    out->number[out->count++] =
        (kbr_number){.value = number, .context = context, .scale = scale, .role = (uint8_t)role};
}

static bool give(kbr_number_reading *out, uint32_t role, int64_t number, size_t end) {
    put(out, role, number, 1, 0);
    out->end = end;
    return true;
}

/* ---- years ---- */

/* Behind a year: 年度, 年版, 年分, 年, 度. */
static size_t skip_year_word(const reader *in, size_t at) {
    if (is_unit(in, at, 0x5E74)) {
        at++;
        if (is_unit(in, at, 0x5EA6) || is_unit(in, at, 0x7248) || is_unit(in, at, 0x5206)) {
            at++;
        }
    }
    return at;
}

/* A month behind a year, and its day where one is there. */
typedef struct date {
    int64_t month;
    int64_t day; /* 0: none */
    size_t end;
} date;

static bool read_one_or_two(value *out, const reader *in, size_t at, int64_t most) {
    return read_integer(out, in, at) && out->digits <= 2 && out->number >= 1 && out->number <= most;
}

/* /06, -06-30, .6.30, 年6月, 年6月30日. */
static bool read_date(date *out, const reader *in, size_t at) {
    uint16_t sign = at < in->limit ? in->unit[at] : 0;
    value month;
    value day;
    if ((sign != '/' && sign != '-' && sign != '.' && sign != 0x5E74) ||
        !read_one_or_two(&month, in, at + 1, 12)) {
        return false;
    }
    *out = (date){.month = month.number, .end = month.end};
    bool kanji = is_unit(in, month.end, 0x6708);
    if (kanji) {
        out->end++;
    }
    if ((kanji || is_unit(in, month.end, sign)) && read_one_or_two(&day, in, month.end + 1, 31)) {
        out->day = day.number;
        out->end = day.end + (is_unit(in, day.end, 0x65E5) ? 1U : 0U);
    }
    return true;
}

/* /06 or /06/30 behind a year of four digits. */
static bool read_month_of(kbr_number_reading *out, const reader *in, size_t at) {
    date read;
    if (is_unit(in, at, 0x5E74) || !read_date(&read, in, at) ||
        (is_unit(in, at, '.') && is_letter(in, read.end))) {
        return false; /* 2024.5kg */
    }
    put(out, KBR_NUMBER_MONTH, read.month, 1, 0);
    if (read.day > 0) {
        put(out, KBR_NUMBER_DAY, read.day, 1, 0);
    }
    out->end = read.end;
    return true;
}

/* 令和6年度, 平成31, 令和元年. */
static bool read_era(kbr_number_reading *out, const reader *in, size_t at) {
    static const struct {
        uint16_t name[2];
        int16_t before;
    } eras[] = {{{0x4EE4, 0x548C}, 2018}, {{0x5E73, 0x6210}, 1988}, {{0x662D, 0x548C}, 1925}};
    for (size_t i = 0; i < KBR_COUNT(eras); i++) {
        if (!is_unit(in, at, eras[i].name[0]) || !is_unit(in, at + 1, eras[i].name[1])) {
            continue;
        }
        value year;
        size_t next = skip(in, at + 2, " ");
        if (is_unit(in, next, 0x5143)) {
            return give(out, KBR_NUMBER_YEAR, eras[i].before + 1, skip_year_word(in, next + 1));
        }
        if ((read_digits(&year, in, next) || read_kanji(&year, in, next)) && year.number >= 1 &&
            year.number <= 64 && year.scale == 1) {
            return give(out, KBR_NUMBER_YEAR, eras[i].before + year.number,
                        skip_year_word(in, skip(in, year.end, " ")));
        }
    }
    return false;
}

/* R6年度, and R6 or H31 where neither letter, digit nor hyphen joins them to a product's name. */
static bool read_era_letter(kbr_number_reading *out, const reader *in, size_t at) {
    bool reiwa = is_unit(in, at, 'r');
    value year;
    if ((!reiwa && !is_unit(in, at, 'h')) ||
        (at > 0 && (in->script[at - 1] == KBR_SCRIPT_LATIN ||
                    in->script[at - 1] == KBR_SCRIPT_DIGIT || in->unit[at - 1] == '-'))) {
        return false;
    }
    size_t digits = at + 1 + (is_unit(in, at + 1, '.') ? 1U : 0U);
    if (!read_digits(&year, in, digits) || year.digits > 2 || year.scale != 1 || year.number < 1 ||
        year.number > (reiwa ? 20 : 31)) {
        return false;
    }
    size_t end = skip_year_word(in, year.end);
    bool named = end > year.end;
    if (!named && (!reiwa && year.number < 20)) {
        return false; /* H1, H2 are halves, H7 a product */
    }
    if (!named && (is_letter(in, end) || is_unit(in, end, '-') || is_unit(in, end, '+'))) {
        return false;
    }
    return give(out, KBR_NUMBER_YEAR, (reiwa ? 2018 : 1988) + year.number, end);
}

/* FY2024, FY24, FY'24, '24. */
static bool read_fiscal(kbr_number_reading *out, const reader *in, size_t at) {
    bool before = at > 0 && in->script[at - 1] == KBR_SCRIPT_LATIN;
    size_t digits;
    value year;
    if (!before && is_unit(in, at, 'f') && is_unit(in, at + 1, 'y')) {
        digits = skip(in, at + 2, " '.-");
    } else if (!before && (is_unit(in, at, '\'') || is_unit(in, at, 0x2019))) {
        digits = at + 1;
        if (!is_digit(in, digits + 1) || is_digit(in, digits + 2) || is_letter(in, digits + 2)) {
            return false;
        }
    } else {
        return false;
    }
    if (!read_digits(&year, in, digits) || year.scale != 1 ||
        (year.digits != 2 && year.digits != 4)) {
        return false;
    }
    int64_t full = year.digits == 4 ? year.number : 2000 + year.number;
    return give(out, KBR_NUMBER_YEAR, full, skip_year_word(in, year.end));
}

/* Behind the sign or word between the ends of a range, with spaces: - ~ 〜 ー から; 0: none. */
static size_t skip_to(const reader *in, size_t at) {
    size_t next = skip(in, at, " ");
    if (is_unit(in, next, 0x30AB) && is_unit(in, next + 1, 0x30E9)) {
        return skip(in, next + 2, " ");
    }
    bool is_dash = is_unit(in, next, '-') || is_unit(in, next, '~') || is_unit(in, next, 0x301C) ||
                   is_unit(in, next, 0x30FC) ||
                   (next < in->limit && in->unit[next] >= 0x2010 && in->unit[next] <= 0x2015);
    return is_dash ? skip(in, next + 1, " ") : 0;
}

/* 2024年4月 - 2025年3月, 2024.4-2025.3 and 2024/4/1 - 2025/3/31 are the fiscal year 2024. */
static bool read_fiscal_range(kbr_number_reading *out, const reader *in, const value *year) {
    date first;
    date last;
    value next;
    if (!read_date(&first, in, year->end) || first.month != 4 || first.day > 1) {
        return false;
    }
    size_t at = skip_to(in, first.end);
    if (at == 0 || !read_integer(&next, in, at) || next.number != year->number + 1 ||
        !read_date(&last, in, next.end) || last.month != 3 || (last.day != 0 && last.day != 31)) {
        return false;
    }
    bool until = is_unit(in, last.end, 0x30DE) && is_unit(in, last.end + 1, 0x30C7); /* まで */
    return give(out, KBR_NUMBER_YEAR, year->number, last.end + (until ? 2U : 0U));
}

/* Q1, H2 as words. */
static bool read_letter_period(kbr_number_reading *out, const reader *in, size_t at) {
    bool quarter = is_unit(in, at, 'q');
    if ((!quarter && !is_unit(in, at, 'h')) || (at > 0 && in->script[at - 1] == KBR_SCRIPT_LATIN) ||
        !is_digit(in, at + 1) || is_digit(in, at + 2) || is_letter(in, at + 2)) {
        return false;
    }
    int64_t number = in->unit[at + 1] - '0';
    if (number < 1 || number > (quarter ? 4 : 2)) {
        return false;
    }
    return give(out, quarter ? KBR_NUMBER_QUARTER : KBR_NUMBER_HALF, number, at + 2);
}

/* A number of four digits that is a year, or of two before 年度. */
static bool read_year(kbr_number_reading *out, const reader *in, const value *number) {
    size_t end = skip_year_word(in, skip(in, number->end, " "));
    bool fiscal = end > 1 && end > number->end && in->unit[end - 1] == 0x5EA6;
    if (number->digits == 2 && fiscal) {
        return give(out, KBR_NUMBER_YEAR, number->number + (number->number < 50 ? 2000 : 1900),
                    end);
    }
    if (number->digits != 4 || number->number < YEAR_MIN || number->number > YEAR_MAX) {
        return false;
    }
    if (read_fiscal_range(out, in, number)) {
        return true;
    }
    bool named = end > number->end && in->unit[end - 1] != ' ';
    const kbr_word *counter =
        kbr_words_at(&kbr_words_deal_counters, in->unit, in->limit, number->end);
    kbr_number_reading period = {.count = 0};
    bool joined = is_letter(in, number->end) && !read_letter_period(&period, in, number->end);
    if (!named && ((counter != NULL && (counter->attribute & BEHIND) != 0) || joined ||
                   is_unit(in, number->end, 0x5186))) {
        return false; /* 2024台; but 2024Q1 */
    }
    (void)give(out, KBR_NUMBER_YEAR, number->number, named ? end : number->end);
    bool decimal = is_unit(in, number->end, '.') && is_digit(in, number->end + 1);
    if (named || read_month_of(out, in, number->end) || !decimal) {
        return true;
    }
    out->count = 0; /* 2024.75 */
    return false;
}

/* ---- periods ---- */

/* 上期 下期 上半期 下半期 前期 後期, as words. */
static bool read_half_word(kbr_number_reading *out, const reader *in, size_t at) {
    bool first = is_unit(in, at, 0x4E0A) || is_unit(in, at, 0x524D);
    bool second = is_unit(in, at, 0x4E0B) || is_unit(in, at, 0x5F8C);
    if (!first && !second) {
        return false;
    }
    size_t next = at + 1 + (is_unit(in, at + 1, 0x534A) ? 1U : 0U);
    if (!is_unit(in, next, 0x671F)) {
        return false;
    }
    bool plain = is_unit(in, at, 0x524D) || is_unit(in, at, 0x5F8C);
    if (plain && next + 1 < in->limit && in->script[next + 1] == KBR_SCRIPT_KANJI) {
        return false; /* 後期高齢者 */
    }
    return give(out, KBR_NUMBER_HALF, first ? 1 : 2, next + 1);
}

/* 1Q, 2H behind a single digit. */
static bool read_period_letter(kbr_number_reading *out, const reader *in, const value *number) {
    bool quarter = is_unit(in, number->end, 'q');
    if (number->digits != 1 || (!quarter && !is_unit(in, number->end, 'h')) ||
        is_letter(in, number->end + 1) || number->number < 1 ||
        number->number > (quarter ? 4 : 2)) {
        return false;
    }
    return give(out, quarter ? KBR_NUMBER_QUARTER : KBR_NUMBER_HALF, number->number,
                number->end + 1);
}

/* ---- counters ---- */

/* 500万円, 1.5億円 in yen. */
static bool read_amount(kbr_number_reading *out, const reader *in, const value *number) {
    int64_t unit = 1;
    size_t end = number->end;
    for (; end < in->limit && unit < 1000000000000; end++) {
        if (in->unit[end] == 0x5343) {
            unit *= 1000;
        } else if (in->unit[end] == 0x767E) {
            unit *= 100;
        } else if (in->unit[end] == 0x4E07) {
            unit *= 10000;
        } else if (in->unit[end] == 0x5104) {
            unit *= 100000000;
        } else {
            break;
        }
    }
    if (!is_unit(in, end, 0x5186) || number->number > INT64_MAX / unit) {
        return false;
    }
    return give(out, KBR_NUMBER_AMOUNT, number->number * unit / number->scale, end + 1);
}

static bool in_range(uint32_t role, const value *number) {
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
static bool read_counter(kbr_number_reading *out, const reader *in, const value *number,
                         bool ordinal) {
    size_t at = skip(in, number->end, " ");
    const kbr_word *word = kbr_words_at(&kbr_words_deal_counters, in->unit, in->limit, at);
    if (word == NULL || (at > number->end && in->script[at] != KBR_SCRIPT_KATAKANA)) {
        return false;
    }
    uint32_t role = word->attribute & ROLE;
    bool may = (word->attribute & BEHIND) != 0 ||
               (ordinal && (word->attribute & (BEHIND | BEHIND_ORDINAL)) != 0);
    bool latin = in->script[at] == KBR_SCRIPT_LATIN;
    if (!may || !in_range(role, number) || (latin && is_letter(in, at + word->len))) {
        return false;
    }
    put(out, role, number->number, number->scale, context_of(in->unit + at, word->len));
    out->end = (word->attribute & KEPT) != 0 ? number->end : at + word->len;
    return true;
}

/* 1st, 2nd, 3rd, 4th, with the word that they count behind a space: 2nd phase. */
static bool read_english_ordinal(kbr_number_reading *out, const reader *in, const value *number) {
    static const char suffixes[][3] = {"st", "nd", "rd", "th"};
    size_t at = number->end;
    for (size_t i = 0; i < KBR_COUNT(suffixes); i++) {
        if (!is_unit(in, at, (uint16_t)suffixes[i][0]) ||
            !is_unit(in, at + 1, (uint16_t)suffixes[i][1]) || is_letter(in, at + 2) ||
            number->scale != 1) {
            continue;
        }
        value behind = *number;
        behind.end = skip(in, at + 2, " ");
        if (!read_counter(out, in, &behind, true)) {
            put(out, KBR_NUMBER_PLAIN, number->number, 1, 0);
            out->end = at + 2;
        }
        return true;
    }
    return false;
}

/* A word before a number: フェーズ2, その4, No.3, ロットA. */
static bool read_prefixed(kbr_number_reading *out, const reader *in, size_t at) {
    const kbr_word *word = kbr_words_at(&kbr_words_deal_counters, in->unit, in->limit, at);
    if (word == NULL || (word->attribute & BEFORE) == 0 ||
        (at > 0 && in->script[at] != KBR_SCRIPT_KANJI && in->script[at] == in->script[at - 1])) {
        return false;
    }
    size_t behind = at + word->len;
    behind += is_unit(in, behind, 0x30FC) ? 1U : 0U; /* what folding made of フェーズ-2 */
    size_t next = skip(in, behind, " .-:#(");
    next = is_unit(in, next, 0x7B2C) ? next + 1 : next; /* 第 */
    value number;
    bool latin = in->script[at] == KBR_SCRIPT_LATIN;
    if (latin && is_letter(in, at + word->len) && next == at + word->len &&
        ((word->attribute & ROLE) != KBR_NUMBER_PHASE || word->len < 4 ||
         !read_roman(&number, in, next))) {
        return false; /* phone is no phase; phaseii is */
    }
    if (!read_ordinal(&number, in, next) &&
        ((word->attribute & LETTERED) == 0 || !read_letter(&number, in, next))) {
        return false;
    }
    if (number.digits == 0 && in->script[next] == KBR_SCRIPT_KANJI && number.end < in->limit &&
        in->script[number.end] == KBR_SCRIPT_KANJI) {
        return false; /* その一部 */
    }
    put(out, word->attribute & ROLE, number.number, number.scale,
        context_of(in->unit + at, word->len));
    out->end = number.end;
    return true;
}

/* 第2期, 第3回, 第十二号, 第Ⅱ期; other numerals than digits only with a word that counts. */
static bool read_ordinal_number(kbr_number_reading *out, const reader *in, size_t at) {
    value number;
    if (!is_unit(in, at, 0x7B2C)) {
        return false;
    }
    size_t next = skip(in, at + 1, " ");
    bool digits = read_digits(&number, in, next);
    if (!digits && !read_kanji(&number, in, next) && !read_roman(&number, in, next)) {
        return false;
    }
    if (read_counter(out, in, &number, true)) {
        return true;
    }
    if (!digits) {
        return false;
    }
    size_t word = number.end < in->limit ? number.end : in->limit;
    put(out, KBR_NUMBER_PLAIN, number.number, number.scale,
        word < in->limit ? context_of(in->unit + word, 1) : 0);
    out->end = number.end;
    return true;
}

/* Ⅱ期工事, Ⅲ期: a word of its own, with one for a phase right behind. */
static bool read_roman_phase(kbr_number_reading *out, const reader *in, size_t at) {
    value number;
    if ((at > 0 &&
         (in->script[at - 1] == KBR_SCRIPT_LATIN || in->script[at - 1] == KBR_SCRIPT_DIGIT)) ||
        !read_roman(&number, in, at)) {
        return false;
    }
    const kbr_word *word = kbr_words_at(&kbr_words_deal_counters, in->unit, in->limit, number.end);
    return word != NULL && (word->attribute & ROLE) == KBR_NUMBER_PHASE &&
           read_counter(out, in, &number, false);
}

/* A工区, Bブロック. */
static bool read_lettered(kbr_number_reading *out, const reader *in, size_t at) {
    value letter;
    if ((at > 0 &&
         (in->script[at - 1] == KBR_SCRIPT_LATIN || in->script[at - 1] == KBR_SCRIPT_DIGIT)) ||
        !read_letter(&letter, in, at)) {
        return false;
    }
    const kbr_word *word = kbr_words_at(&kbr_words_deal_counters, in->unit, in->limit, letter.end);
    if (word == NULL || (word->attribute & LETTERED) == 0 || (word->attribute & BEHIND) == 0) {
        return false;
    }
    put(out, word->attribute & ROLE, letter.number, 1,
        context_of(in->unit + letter.end, word->len));
    out->end = letter.end;
    return true;
}

static bool read_plain(kbr_number_reading *out, const reader *in, const value *number) {
    size_t end = number->end;
    uint32_t context = 0;
    if (end < in->limit && in->script[end] != KBR_SCRIPT_PUNCT &&
        in->script[end] != KBR_SCRIPT_SPACE) {
        context = context_of(in->unit + end, 1);
    }
    put(out, KBR_NUMBER_PLAIN, number->number, number->scale, context);
    out->end = end;
    return true;
}

bool kbr_number_read(kbr_number_reading *out, const kbr_folded *text, size_t at, size_t limit) {
    const reader in = {.unit = text->unit, .script = text->script, .limit = limit};
    out->count = 0;
    switch (text->script[at]) {
    case KBR_SCRIPT_DIGIT: {
        value number;
        if (!read_integer(&number, &in, at)) {
            return false;
        }
        if (read_year(out, &in, &number)) {
            return true;
        }
        read_decimals(&number, &in);
        return read_period_letter(out, &in, &number) || read_amount(out, &in, &number) ||
               read_english_ordinal(out, &in, &number) || read_counter(out, &in, &number, false) ||
               read_plain(out, &in, &number);
    }
    case KBR_SCRIPT_LATIN:
        return read_fiscal(out, &in, at) || read_letter_period(out, &in, at) ||
               read_era_letter(out, &in, at) || read_prefixed(out, &in, at) ||
               read_roman_phase(out, &in, at) || read_lettered(out, &in, at);
    case KBR_SCRIPT_KANJI:
        return read_era(out, &in, at) || read_half_word(out, &in, at) ||
               read_ordinal_number(out, &in, at) || read_prefixed(out, &in, at);
    case KBR_SCRIPT_KATAKANA:
    case KBR_SCRIPT_HIRAGANA:
        return read_prefixed(out, &in, at);
    case KBR_SCRIPT_PUNCT:
        return read_fiscal(out, &in, at) ||
               (text->unit[at] == 0x2116 && read_prefixed(out, &in, at));
    default:
        return false;
    }
}
