/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A year's name: 2024, 二〇二四年, 令和6, R6, FY24, '24. One function a notation.
 */
#include "years.h"

size_t kbr_year_skip_word(const kbr_numeral_text *in, size_t at) {
    if (kbr_is_unit(in, at, 0x4F1A) && kbr_is_unit(in, at + 1, 0x8A08) &&
        kbr_is_unit(in, at + 2, 0x5E74) && kbr_is_unit(in, at + 3, 0x5EA6)) {
        return at + 4;
    }
    if (kbr_numeral_word(in, at, "fy") && !kbr_is_letter(in, at + 2)) {
        return at + 2;
    }
    if (kbr_is_unit(in, at, 0x5E74)) {
        at++;
        if (kbr_is_unit(in, at, 0x5EA6)) {
            bool share =
                kbr_is_unit(in, at + 1, 0x5206) && !kbr_is_kanji(in, at + 2); /* 年度分担金 */
            return at + (share ? 2 : 1);
        }
        if (kbr_is_unit(in, at, 0x7248) || kbr_is_unit(in, at, 0x5206)) {
            at++;
        }
    }
    return at;
}

bool kbr_year_is_fiscal(const kbr_numeral_text *in, size_t end) {
    return in->unit[end - 1] == 0x5EA6 || in->unit[end - 1] == 'y' ||
           (in->unit[end - 1] == 0x5206 && in->unit[end - 2] == 0x5EA6);
}

bool kbr_year_era(kbr_year *out, const kbr_numeral_text *in, size_t at) {
    static const struct {
        uint16_t name[2];
        int16_t before;
    } eras[] = {{{0x4EE4, 0x548C}, 2018}, {{0x5E73, 0x6210}, 1988}, {{0x662D, 0x548C}, 1925}};
    for (size_t i = 0; i < KBR_COUNT(eras); i++) {
        if (!kbr_is_unit(in, at, eras[i].name[0]) || !kbr_is_unit(in, at + 1, eras[i].name[1])) {
            continue;
        }
        kbr_numeral number;
        size_t next = kbr_numeral_skip(in, at + 2, " ");
        *out = (kbr_year){.before = eras[i].before};
        if (kbr_is_unit(in, next, 0x5143)) {
            out->year = eras[i].before + 1;
            out->end = next + 1;
            return true;
        }
        if ((kbr_numeral_integer(&number, in, next) || kbr_numeral_kanji(&number, in, next)) &&
            number.number >= 1 && number.number <= 64) {
            out->year = eras[i].before + number.number;
            out->digits = number.digits;
            out->end = number.end;
            return true;
        }
    }
    return false;
}

bool kbr_year_letter(kbr_year *out, const kbr_numeral_text *in, size_t at) {
    bool reiwa = kbr_is_unit(in, at, 'r');
    kbr_numeral number;
    if ((!reiwa && !kbr_is_unit(in, at, 'h')) || kbr_is_joined(in, at) ||
        !kbr_numeral_integer(&number, in, at + 1 + (kbr_is_unit(in, at + 1, '.') ? 1U : 0U)) ||
        number.digits > 2 || number.number < 1 || number.number > (reiwa ? 20 : 31)) {
        return false;
    }
    *out = (kbr_year){
        .before = reiwa ? 2018 : 1988, .digits = number.digits, .letter = true, .end = number.end};
    out->year = out->before + number.number;
    return true;
}

bool kbr_year_marked(kbr_year *out, const kbr_numeral_text *in, size_t at) {
    bool before = at > 0 && in->script[at - 1] == KBR_SCRIPT_LATIN;
    bool letters = kbr_numeral_word(in, at, "fy") || kbr_numeral_word(in, at, "cy");
    kbr_numeral number;
    size_t digits;
    if (!before && letters) {
        digits = kbr_numeral_skip(in, at + 2, " '.-");
    } else if (!before && (kbr_is_unit(in, at, '\'') || kbr_is_unit(in, at, 0x2019))) {
        digits = at + 1;
        if (!kbr_is_digit(in, digits + 1) || kbr_is_digit(in, digits + 2) ||
            kbr_is_letter(in, digits + 2)) {
            return false;
        }
    } else {
        return false;
    }
    if (!kbr_numeral_integer(&number, in, digits) || (number.digits != 2 && number.digits != 4)) {
        return false;
    }
    *out = (kbr_year){.digits = number.digits, .end = number.end};
    out->year = number.digits == 4 ? number.number : 2000 + number.number;
    return true;
}

bool kbr_year_western(kbr_year *out, const kbr_numeral_text *in, size_t at) {
    kbr_numeral number;
    bool digits = kbr_numeral_integer(&number, in, at);
    if (!digits && !kbr_numeral_kanji(&number, in, at)) {
        return false;
    }
    size_t word = kbr_numeral_skip(in, number.end, " ");
    size_t end = kbr_year_skip_word(in, word);
    bool named = end > word;
    if ((digits ? number.digits != 4 : !named) ||
        number.number < (named ? KBR_YEAR_NAMED_MIN : KBR_YEAR_MIN) ||
        number.number > (named ? KBR_YEAR_NAMED_MAX : KBR_YEAR_MAX)) {
        return false;
    }
    *out = (kbr_year){.year = number.number, .digits = number.digits, .end = number.end};
    return true;
}

bool kbr_year_any(kbr_year *out, const kbr_numeral_text *in, size_t at) {
    return kbr_year_era(out, in, at) || kbr_year_marked(out, in, at) ||
           kbr_year_letter(out, in, at) || kbr_year_western(out, in, at);
}
