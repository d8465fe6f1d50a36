/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Years and periods in a deal's name. A year's name is read first (2024, 令和6, FY24), then what
 * follows it: a month and a day, the other end of a range, or the word that counts (年度). Where an
 * end of a range is not what it must be, only the first end is read and the rest is left.
 */
#include "dates.h"

#include "years.h"

/* Longest range of years that is one contract. */
#define RANGE_MAX 30

/* ---- dates ---- */

/* A month behind a year, and its day where one is there. */
typedef struct date {
    int64_t month; /* 0: none */
    int64_t day;   /* 0: none */
    size_t end;
} date;

static bool read_one_or_two(kbr_numeral *out, const kbr_numeral_text *in, size_t at, int64_t most) {
    return kbr_numeral_integer(out, in, at) && out->digits <= 2 && out->number >= 1 &&
           out->number <= most;
}

/* /06, -06-30, .6.30, 年6月, 年6月30日. */
static bool read_date(date *out, const kbr_numeral_text *in, size_t at) {
    uint16_t sign = at < in->limit ? in->unit[at] : 0;
    kbr_numeral month;
    kbr_numeral day;
    if ((sign != '/' && sign != '-' && sign != '.' && sign != 0x5E74) ||
        !read_one_or_two(&month, in, at + 1, 12)) {
        return false;
    }
    *out = (date){.month = month.number, .end = month.end};
    bool kanji = kbr_is_unit(in, month.end, 0x6708);
    if (sign == 0x5E74 && !kanji) {
        return false;
    }
    if (kanji) {
        out->end++;
    }
    if ((kanji || kbr_is_unit(in, month.end, sign)) &&
        read_one_or_two(&day, in, month.end + 1, 31)) {
        out->day = day.number;
        out->end = day.end + (kbr_is_unit(in, day.end, 0x65E5) ? 1U : 0U);
    }
    return true;
}

static int64_t last_day(int64_t month) {
    return month == 2 ? 28 : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* Behind the sign or word between the ends of a range, with spaces: - ~ 〜 ー から; 0: none. */
static size_t skip_to(const kbr_numeral_text *in, size_t at) {
    size_t next = kbr_numeral_skip(in, at, " ");
    if (kbr_is_unit(in, next, 0x30AB) && kbr_is_unit(in, next + 1, 0x30E9)) {
        return kbr_numeral_skip(in, next + 2, " ");
    }
    bool is_dash = kbr_is_unit(in, next, '-') || kbr_is_unit(in, next, '~') ||
                   kbr_is_unit(in, next, 0x301C) || kbr_is_unit(in, next, 0x30FC) ||
                   (next < in->limit && in->unit[next] >= 0x2010 && in->unit[next] <= 0x2015);
    return is_dash ? kbr_numeral_skip(in, next + 1, " ") : 0;
}

/* Behind まで. */
static size_t skip_until(const kbr_numeral_text *in, size_t at) {
    return kbr_is_unit(in, at, 0x30DE) && kbr_is_unit(in, at + 1, 0x30C7) ? at + 2 : at;
}

/* ---- ranges ---- */

/* From the first month to the last, both of the calendar. */
typedef struct range {
    int64_t year;
    int64_t month;
    int64_t last_year;
    int64_t last_month;
} range;

static void put_years(kbr_number_reading *out, int64_t first, int64_t last) {
    kbr_number_put(out, KBR_NUMBER_YEAR, first, 1, 0);
    if (last != first) {
        kbr_number_put(out, KBR_NUMBER_YEAR, last, 1, 0);
    }
}

/* The half or quarter that `months` from the given one of a fiscal year are; 0: neither. */
static bool put_part(kbr_number_reading *out, int64_t from, int64_t months) {
    if ((months != 6 && months != 3) || from % months != 0) {
        return false;
    }
    kbr_number_put(out, months == 6 ? KBR_NUMBER_HALF : KBR_NUMBER_QUARTER, from / months + 1, 1,
                   0);
    return true;
}

/* Whole fiscal years, a half or a quarter as these; else the ends. False: not a range. */
static bool put_range(kbr_number_reading *out, const range *of, uint32_t fiscal_month) {
    int64_t from = of->year * 12 + of->month - (int64_t)fiscal_month;
    int64_t until = of->last_year * 12 + of->last_month - (int64_t)fiscal_month + 1;
    int64_t months = until - from;
    if (months <= 1 || months > (int64_t)RANGE_MAX * 12) {
        return false;
    }
    if (from % 12 == 0 && until % 12 == 0) {
        put_years(out, from / 12, until / 12 - 1);
        return true;
    }
    kbr_number_put(out, KBR_NUMBER_YEAR, from % 12 + months <= 12 ? from / 12 : of->year, 1, 0);
    if (from % 12 + months <= 12 && put_part(out, from % 12, months)) {
        return true;
    }
    out->number[0].value = of->year;
    kbr_number_put(out, KBR_NUMBER_MONTH, of->month, 1, 0);
    if (of->last_year != of->year) {
        kbr_number_put(out, KBR_NUMBER_YEAR, of->last_year, 1, 0);
    }
    kbr_number_put(out, KBR_NUMBER_MONTH, of->last_month, 1, 0);
    return true;
}

/* The last month of a range: 2025年3月, 2025/3/31, 令和7年3月, R7.3, or 9月 of the same year. */
static bool read_last(range *of, size_t *end, const kbr_numeral_text *in, size_t at) {
    kbr_year name;
    date last;
    kbr_numeral month;
    if (kbr_year_any(&name, in, at) && read_date(&last, in, name.end)) {
        of->last_year = name.year;
        of->last_month = last.month;
        *end = last.end;
        return last.day == 0 || last.day >= last_day(last.month);
    }
    if (!read_one_or_two(&month, in, at, 12) || !kbr_is_unit(in, month.end, 0x6708) ||
        kbr_is_digit(in, month.end + 1)) {
        return false;
    }
    of->last_year = of->year;
    of->last_month = month.number;
    *end = month.end + 1;
    return true;
}

/* 2024年4月 - 2025年3月, R6.4-R7.3, 2024年4月～9月: of whole months only. */
static bool read_month_range(kbr_number_reading *out, const kbr_numeral_text *in,
                             const kbr_year *year, const date *first, uint32_t fiscal_month) {
    range of = {.year = year->year, .month = first->month};
    size_t at = first->day > 1 ? 0 : skip_to(in, first->end);
    size_t end = 0;
    if (at == 0 || !read_last(&of, &end, in, at) || !put_range(out, &of, fiscal_month)) {
        return false;
    }
    out->end = skip_until(in, end);
    return true;
}

/* What follows a year without a month and makes two of it or says it again: 令和6～8年度,
 * 令和6・7年度, 2024/25, FY24-25, R6-R8. */
static bool read_year_range(kbr_number_reading *out, const kbr_numeral_text *in,
                            const kbr_year *year) {
    uint16_t sign = year->end < in->limit ? in->unit[year->end] : 0;
    bool listed = sign == 0x30FB || sign == 0x3001 || sign == ',' || sign == '/';
    size_t at = listed ? year->end + 1 : skip_to(in, year->end);
    kbr_year next;
    kbr_numeral number;
    if (at == 0) {
        return false;
    }
    if (year->letter && !listed && kbr_year_letter(&next, in, at) && next.before == year->before &&
        next.year > year->year && !kbr_is_letter(in, next.end) && !kbr_is_unit(in, next.end, '-')) {
        put_years(out, year->year, next.year);
        out->end = kbr_year_skip_word(in, next.end);
        return true;
    }
    if (!read_one_or_two(&number, in, at, 99)) {
        return false;
    }
    size_t end = kbr_year_skip_word(in, number.end);
    bool fiscal = end > number.end && kbr_year_is_fiscal(in, end);
    int64_t last = year->before > 0 ? year->before + number.number
                                    : year->year - year->year % 100 + number.number;
    bool again = year->before == 0 && number.digits == 2 && last == year->year + 1 &&
                 (sign == '/' || sign == '-') && !kbr_is_letter(in, number.end);
    if (!fiscal && !again) {
        return false;
    }
    if (last <= year->year || last > year->year + RANGE_MAX) {
        return false;
    }
    put_years(out, year->year, again ? year->year : last);
    out->end = end;
    return true;
}

/* 令和6(2024)年度, 令和6年度(2024年度): behind the same year in brackets; else `at`. */
static size_t skip_again(const kbr_numeral_text *in, int64_t year, size_t at) {
    kbr_year again;
    if (!kbr_is_unit(in, at, '(') || !kbr_year_any(&again, in, at + 1) || again.year != year) {
        return at;
    }
    size_t end = kbr_year_skip_word(in, again.end);
    return kbr_is_unit(in, end, ')') ? end + 1 : at;
}

/* ---- what follows a year ---- */

/* 令和6年度から令和8年度, 2024年度～2026年度. */
static bool read_named_range(kbr_number_reading *out, const kbr_numeral_text *in,
                             const kbr_year *year) {
    kbr_year last;
    date month;
    size_t word = kbr_year_skip_word(in, kbr_numeral_skip(in, year->end, " "));
    size_t at = skip_to(in, word);
    kbr_numeral number;
    if (at == 0) {
        return false;
    }
    if (read_one_or_two(&number, in, at, 99) && word > year->end) { /* 令和6年度～8年度 */
        size_t end = kbr_year_skip_word(in, number.end);
        last = (kbr_year){.end = number.end};
        last.year =
            number.number + (year->before > 0 ? year->before : year->year - year->year % 100);
        if (end == number.end || !kbr_year_is_fiscal(in, end)) {
            return false;
        }
    } else if (!kbr_year_any(&last, in, at)) {
        return false;
    }
    if (last.year <= year->year || last.year > year->year + RANGE_MAX || last.letter ||
        read_date(&month, in, last.end)) {
        return false;
    }
    put_years(out, year->year, last.year);
    out->end = skip_until(in, kbr_year_skip_word(in, kbr_numeral_skip(in, last.end, " ")));
    out->end -= in->unit[out->end - 1] == ' ' ? 1U : 0U;
    return true;
}

static bool give_year(kbr_number_reading *out, const kbr_numeral_text *in, const kbr_year *year) {
    size_t end = skip_again(in, year->year, year->end);
    end = kbr_year_skip_word(in, kbr_numeral_skip(in, end, " "));
    end = end > year->end && in->unit[end - 1] == ' ' ? year->end : end;
    return kbr_number_give(out, KBR_NUMBER_YEAR, year->year, skip_again(in, year->year, end));
}

/* 2024年3月期: the fiscal year that ends with that month; named, as any other, by its beginning. */
static bool read_term(kbr_number_reading *out, const kbr_numeral_text *in, const kbr_year *year,
                      const date *month) {
    if (month->day != 0 || !kbr_is_unit(in, month->end, 0x671F)) {
        return false;
    }
    return kbr_number_give(out, KBR_NUMBER_YEAR, month->month == 12 ? year->year : year->year - 1,
                           month->end + 1);
}

/* Whether behind a year's number a date may follow: 2024/6, 令和6.6, but R6.5 and FY24-10 only with
 * 年. */
static bool may_date(const kbr_numeral_text *in, const kbr_year *year) {
    bool plain = year->digits == 4 || (year->before > 0 && !year->letter);
    return plain ? !kbr_is_unit(in, year->end, '.') || !kbr_is_letter(in, year->end + 2)
                 : kbr_is_unit(in, year->end, 0x5E74);
}

static bool read_from_year(kbr_number_reading *out, const kbr_numeral_text *in,
                           const kbr_year *year, uint32_t fiscal_month) {
    date first;
    bool dated = read_date(&first, in, year->end);
    if (dated && (read_month_range(out, in, year, &first, fiscal_month) ||
                  read_term(out, in, year, &first))) {
        return true;
    }
    out->count = 0;
    if (dated && may_date(in, year) &&
        !(kbr_is_unit(in, year->end, '.') && kbr_is_letter(in, first.end))) { /* 2024.5kg */
        kbr_number_put(out, KBR_NUMBER_YEAR, year->year, 1, 0);
        kbr_number_put(out, KBR_NUMBER_MONTH, first.month, 1, 0);
        if (first.day > 0) {
            kbr_number_put(out, KBR_NUMBER_DAY, first.day, 1, 0);
        }
        /* 10月分, 10月度 */
        bool counted = in->unit[first.end - 1] == 0x6708 &&
                       (kbr_is_unit(in, first.end, 0x5206) || kbr_is_unit(in, first.end, 0x5EA6));
        out->end = first.end + (counted ? 1U : 0U);
        return true;
    }
    return read_year_range(out, in, year) || read_named_range(out, in, year) ||
           give_year(out, in, year);
}

/* R6年度, and R6 or H31 where neither letter, digit nor hyphen joins them to a product's name. */
static bool read_lettered_year(kbr_number_reading *out, const kbr_numeral_text *in, size_t at,
                               uint32_t fiscal_month) {
    kbr_year year;
    if ((at > 0 && in->unit[at - 1] == '-') || !kbr_year_letter(&year, in, at)) {
        return false;
    }
    date month;
    size_t end = kbr_year_skip_word(in, year.end);
    bool named = end > year.end;
    if (!named && year.before == 1988 && year.year < 2008) {
        return false; /* H1, H2 are halves, H7 a product */
    }
    if (!named && read_date(&month, in, year.end) &&
        read_month_range(out, in, &year, &month, fiscal_month)) {
        return true;
    }
    out->count = 0;
    if (!named && read_year_range(out, in, &year)) {
        return true;
    }
    bool decimal = kbr_is_unit(in, year.end, '.') && kbr_is_digit(in, year.end + 1);
    if (!named && (decimal || kbr_is_letter(in, end) || kbr_is_unit(in, end, '-') ||
                   kbr_is_unit(in, end, '+'))) {
        return false;
    }
    return read_from_year(out, in, &year, fiscal_month);
}

/* ---- halves and quarters ---- */

/* 上期 下期 上半期 下半期 前期 後期 前半 後半, as words. */
static bool read_half_word(kbr_number_reading *out, const kbr_numeral_text *in, size_t at) {
    bool first = kbr_is_unit(in, at, 0x4E0A) || kbr_is_unit(in, at, 0x524D);
    bool second = kbr_is_unit(in, at, 0x4E0B) || kbr_is_unit(in, at, 0x5F8C);
    if (!first && !second) {
        return false;
    }
    bool plain = kbr_is_unit(in, at, 0x524D) || kbr_is_unit(in, at, 0x5F8C);
    bool half = kbr_is_unit(in, at + 1, 0x534A);
    size_t end = at + 1 + (half ? 1U : 0U);
    if (kbr_is_unit(in, end, 0x671F)) {
        end++;
    } else if (!plain || !half) {
        return false;
    }
    if (plain && kbr_is_kanji(in, end)) {
        return false; /* 後期高齢者, 前半分 */
    }
    return kbr_number_give(out, KBR_NUMBER_HALF, first ? 1 : 2, end);
}

/* The year behind a period's letters: 1H24, 2HFY24. */
static void read_year_behind(kbr_number_reading *out, const kbr_numeral_text *in) {
    bool marked = kbr_numeral_word(in, out->end, "fy");
    kbr_numeral number;
    if (!kbr_numeral_integer(&number, in, out->end + (marked ? 2U : 0U)) ||
        (number.digits != 2 && !(marked && number.digits == 4)) || kbr_is_letter(in, number.end) ||
        (!marked && kbr_is_kanji(in, number.end))) {
        return;
    }
    kbr_number_put(out, KBR_NUMBER_YEAR, number.digits == 4 ? number.number : 2000 + number.number,
                   1, 0);
    out->end = number.end;
}

/* Whether a period's letters end at `at`, or its year's begin: Q3FY24. */
static bool ends_period(const kbr_numeral_text *in, size_t at) {
    return !kbr_is_letter(in, at) || (kbr_numeral_word(in, at, "fy") && kbr_is_digit(in, at + 2));
}

static bool give_period(kbr_number_reading *out, bool quarter, int64_t number, size_t end) {
    return number >= 1 && number <= (quarter ? 4 : 2) &&
           kbr_number_give(out, quarter ? KBR_NUMBER_QUARTER : KBR_NUMBER_HALF, number, end);
}

/* Q1, H2 as words. */
static bool read_letter_period(kbr_number_reading *out, const kbr_numeral_text *in, size_t at) {
    bool quarter = kbr_is_unit(in, at, 'q');
    if ((!quarter && !kbr_is_unit(in, at, 'h')) ||
        (at > 0 && in->script[at - 1] == KBR_SCRIPT_LATIN) || !kbr_is_digit(in, at + 1) ||
        kbr_is_digit(in, at + 2) || !ends_period(in, at + 2)) {
        return false;
    }
    return give_period(out, quarter, in->unit[at + 1] - '0', at + 2);
}

/* 1Q, 2H behind a single digit, 1H24. */
static bool read_period_letter(kbr_number_reading *out, const kbr_numeral_text *in,
                               const kbr_numeral *number) {
    bool quarter = kbr_is_unit(in, number->end, 'q');
    if (number->digits != 1 || (!quarter && !kbr_is_unit(in, number->end, 'h')) ||
        !ends_period(in, number->end + 1) ||
        !give_period(out, quarter, number->number, number->end + 1)) {
        return false;
    }
    read_year_behind(out, in);
    return true;
}

/* 24上期, 24下, 24Q3, 24H1: a year of two digits, with the period that makes one of it. */
static bool read_short_year(kbr_number_reading *out, const kbr_numeral_text *in,
                            const kbr_numeral *number, size_t at) {
    kbr_number_reading period = {.count = 0};
    size_t end = number->end;
    if (number->digits != 2 || (at > 0 && in->script[at - 1] == KBR_SCRIPT_PUNCT &&
                                in->unit[at - 1] != '(' && in->unit[at - 1] != '_')) {
        return false;
    }
    bool one = kbr_is_unit(in, end, 0x4E0A) || kbr_is_unit(in, end, 0x4E0B);
    if (read_half_word(&period, in, end) || read_letter_period(&period, in, end)) {
        end = period.end;
    } else if (one && !kbr_is_kanji(in, end + 1) && !kbr_is_letter(in, end + 1)) {
        (void)kbr_number_give(&period, KBR_NUMBER_HALF, kbr_is_unit(in, end, 0x4E0A) ? 1 : 2,
                              end + 1);
        end = period.end;
    } else {
        return false;
    }
    kbr_number_put(out, KBR_NUMBER_YEAR, 2000 + number->number, 1, 0);
    out->number[out->count++] = period.number[0];
    out->end = end;
    return true;
}

/* ---- months ---- */

/* The first of two months and where the last begins: 4月～6月, 4-6月, 4月6月. */
static size_t read_first_month(int64_t *first, const kbr_numeral_text *in,
                               const kbr_numeral *number) {
    bool named = kbr_is_unit(in, number->end, 0x6708);
    size_t end = number->end + (named ? 1U : 0U);
    *first = number->number;
    if (number->digits > 2 || number->number < 1 || number->number > 12) {
        return 0;
    }
    return named && kbr_is_digit(in, end) ? end : skip_to(in, end);
}

/* 46月分, which lost the sign between: digits that are no month but two. */
static bool split_months(int64_t *first, kbr_numeral *last, const kbr_numeral_text *in,
                         const kbr_numeral *number) {
    int64_t place = number->number % 100 >= 10 && number->number % 100 <= 12 ? 100 : 10;
    *first = number->number / place;
    *last = *number;
    last->number = number->number % place;
    return number->digits <= 4 && number->number > 12 && kbr_is_unit(in, number->end + 1, 0x5206) &&
           *first >= 1 && *first < last->number;
}

/* 4月～6月, 4-6月, 10～12月分: the quarter or half that they make, else both. */
static bool read_months(kbr_number_reading *out, const kbr_numeral_text *in,
                        const kbr_numeral *number, uint32_t fiscal_month) {
    kbr_numeral last;
    int64_t first;
    size_t at = read_first_month(&first, in, number);
    if ((at == 0 || !read_one_or_two(&last, in, at, 12)) &&
        !split_months(&first, &last, in, number)) {
        return false;
    }
    if (!kbr_is_unit(in, last.end, 0x6708) || kbr_is_digit(in, last.end + 1)) {
        return false;
    }
    int64_t from = (first - (int64_t)fiscal_month + 12) % 12;
    int64_t months = (last.number - first + 12) % 12 + 1;
    if (months < 2) {
        return false;
    }
    if (from + months > 12 || !put_part(out, from, months)) {
        kbr_number_put(out, KBR_NUMBER_MONTH, first, 1, 0);
        kbr_number_put(out, KBR_NUMBER_MONTH, last.number, 1, 0);
    }
    size_t end = last.end + 1;
    bool counted = kbr_is_unit(in, end, 0x5206) || kbr_is_unit(in, end, 0x5EA6);
    out->end = skip_until(in, end + (counted ? 1U : 0U));
    return true;
}

/* january, jan, jan., sept as a word; 0: none. */
static int64_t english_month(const kbr_numeral_text *in, size_t at, size_t *end) {
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    size_t len = 0;
    while (kbr_is_letter(in, at + len) && len < 10) {
        len++;
    }
    for (size_t i = 0; i < KBR_COUNT(names) && len >= 3; i++) {
        size_t same = 0;
        while (same < len && in->unit[at + same] == (uint16_t)names[i][same]) {
            same++;
        }
        if (same == len && (len == 3 || names[i][len] == '\0' || (i == 8 && len == 4))) {
            *end = at + len + (kbr_is_unit(in, at + len, '.') ? 1U : 0U);
            return (int64_t)i + 1;
        }
    }
    return 0;
}

/* Oct 2024, October, 2024, Oct-24, Oct '24: a month is read only with its year, for may, march and
 * many a surname are words as well. */
static bool read_month_year(date *month, int64_t *year, const kbr_numeral_text *in, size_t at) {
    kbr_numeral number;
    size_t end = 0;
    *month = (date){.month = english_month(in, at, &end)};
    if (month->month == 0) {
        return false;
    }
    size_t next = kbr_numeral_skip(in, end, " ,-/'");
    if (next == end || !kbr_numeral_integer(&number, in, next) || kbr_is_letter(in, number.end)) {
        return false;
    }
    bool two =
        number.digits == 2 && (kbr_is_unit(in, next - 1, '-') || kbr_is_unit(in, next - 1, '\''));
    bool four = number.digits == 4 && number.number >= KBR_YEAR_NAMED_MIN &&
                number.number <= KBR_YEAR_NAMED_MAX;
    *year = four ? number.number : 2000 + number.number;
    month->end = number.end;
    return two || four;
}

/* Oct 2024, Apr 2024 - Mar 2025, Apr-Jun 2024. */
static bool read_english_months(kbr_number_reading *out, const kbr_numeral_text *in, size_t at,
                                uint32_t fiscal_month) {
    date first;
    date last;
    range of;
    if (at > 0 && in->script[at - 1] == KBR_SCRIPT_LATIN) {
        return false;
    }
    if (read_month_year(&first, &of.year, in, at)) {
        size_t to = skip_to(in, first.end);
        of.month = first.month;
        if (to > 0 && read_month_year(&last, &of.last_year, in, to)) {
            of.last_month = last.month;
            if (put_range(out, &of, fiscal_month)) {
                out->end = last.end;
                return true;
            }
            out->count = 0;
        }
        kbr_number_put(out, KBR_NUMBER_YEAR, of.year, 1, 0);
        kbr_number_put(out, KBR_NUMBER_MONTH, first.month, 1, 0);
        out->end = first.end;
        return true;
    }
    size_t end = 0;
    of.month = english_month(in, at, &end);
    size_t to = of.month == 0 ? 0 : skip_to(in, end);
    if (to == 0 || !read_month_year(&last, &of.last_year, in, to)) {
        return false;
    }
    of.last_month = last.month;
    of.year = of.last_year - (of.month > of.last_month ? 1 : 0);
    out->end = last.end;
    return put_range(out, &of, fiscal_month);
}

/* 20240401, 202404, and 20232025年度, which lost its sign between: numerals of eight and six digits
 * that are dates in every part. */
static bool read_compact(kbr_number_reading *out, const kbr_numeral_text *in,
                         const kbr_numeral *number, uint32_t fiscal_month) {
    if ((number->digits != 8 && number->digits != 6) || kbr_is_letter(in, number->end)) {
        return false;
    }
    int64_t tail = number->digits == 8 ? number->number % 10000 : number->number % 100;
    int64_t year = number->digits == 8 ? number->number / 10000 : number->number / 100;
    size_t end = kbr_year_skip_word(in, number->end);
    if (year < KBR_YEAR_MIN || year > KBR_YEAR_MAX) {
        return false;
    }
    if (number->digits == 8 && end > number->end && tail > year && tail <= year + RANGE_MAX) {
        put_years(out, year, tail);
        out->end = end;
        return true;
    }
    int64_t month = number->digits == 8 ? tail / 100 : tail;
    int64_t day = number->digits == 8 ? tail % 100 : 0;
    bool dated = month >= 1 && month <= 12 &&
                 (number->digits == 6 || (day >= 1 && day <= last_day(month) + (month == 2)));
    if (!dated || end > number->end || kbr_is_kanji(in, number->end)) {
        return false;
    }
    kbr_numeral next;
    size_t to = skip_to(in, number->end);
    range of = {.year = year, .month = month};
    if (to > 0 && day <= 1 && kbr_numeral_integer(&next, in, to) && next.digits == number->digits) {
        int64_t rest = next.digits == 8 ? next.number / 100 : next.number;
        of.last_year = rest / 100;
        of.last_month = rest % 100;
        bool whole = next.digits == 6 || next.number % 100 >= last_day(of.last_month);
        if (whole && of.last_month >= 1 && of.last_month <= 12 &&
            put_range(out, &of, fiscal_month)) {
            out->end = next.end;
            return true;
        }
        out->count = 0;
    }
    put_years(out, year, year);
    kbr_number_put(out, KBR_NUMBER_MONTH, month, 1, 0);
    if (day > 0) {
        kbr_number_put(out, KBR_NUMBER_DAY, day, 1, 0);
    }
    out->end = number->end;
    return true;
}

/* ---- */

/* A bare number of four digits is a year unless what follows makes another number of it. */
static bool read_bare_year(kbr_number_reading *out, const kbr_numeral_text *in,
                           const kbr_year *year, uint32_t fiscal_month) {
    size_t end = year->end;
    kbr_number_reading period = {.count = 0};
    bool fy = kbr_year_skip_word(in, end) > end;
    bool joined = kbr_is_letter(in, end) && !fy && !read_letter_period(&period, in, end);
    if (joined || kbr_is_unit(in, end, 0x5186)) {
        return false; /* 2024x, 2024円; but 2024Q1 */
    }
    bool decimal = kbr_is_unit(in, end, '.') && kbr_is_digit(in, end + 1);
    if (!read_from_year(out, in, year, fiscal_month)) {
        return false;
    }
    if (decimal && out->end <= end) {
        out->count = 0; /* 2024.75 */
        return false;
    }
    return true;
}

static bool read_number(kbr_number_reading *out, const kbr_numeral_text *in, size_t at,
                        uint32_t fiscal_month) {
    kbr_year year;
    kbr_numeral number;
    if (!kbr_numeral_integer(&number, in, at)) {
        return false;
    }
    if (kbr_year_western(&year, in, at)) {
        return read_bare_year(out, in, &year, fiscal_month);
    }
    date month;
    kbr_year full = {.year = number.number + 2000, .end = number.end};
    if (number.digits == 2 && kbr_is_unit(in, number.end, 0x5E74) &&
        read_date(&month, in, number.end) && read_term(out, in, &full, &month)) {
        return true;
    }
    size_t end = kbr_year_skip_word(in, kbr_numeral_skip(in, number.end, " "));
    if (number.digits == 2 && end > number.end && kbr_year_is_fiscal(in, end)) {
        return kbr_number_give(out, KBR_NUMBER_YEAR,
                               number.number + (number.number < 50 ? 2000 : 1900), end);
    }
    return read_compact(out, in, &number, fiscal_month) || read_short_year(out, in, &number, at) ||
           read_period_letter(out, in, &number) || read_months(out, in, &number, fiscal_month);
}

bool kbr_date_read(kbr_number_reading *out, const kbr_numeral_text *in, size_t at,
                   uint32_t fiscal_month) {
    kbr_year year;
    out->count = 0;
    switch (in->script[at]) {
    case KBR_SCRIPT_DIGIT:
        return read_number(out, in, at, fiscal_month);
    case KBR_SCRIPT_LATIN:
        if (kbr_year_marked(&year, in, at)) {
            return read_from_year(out, in, &year, fiscal_month);
        }
        return read_letter_period(out, in, at) || read_lettered_year(out, in, at, fiscal_month) ||
               read_english_months(out, in, at, fiscal_month);
    case KBR_SCRIPT_KANJI:
        if (kbr_year_era(&year, in, at) || (!(at > 0 && in->script[at - 1] == KBR_SCRIPT_KANJI) &&
                                            kbr_year_western(&year, in, at))) {
            return read_from_year(out, in, &year, fiscal_month);
        }
        return read_half_word(out, in, at);
    case KBR_SCRIPT_PUNCT:
        return kbr_year_marked(&year, in, at) && read_from_year(out, in, &year, fiscal_month);
    default:
        return false;
    }
}
