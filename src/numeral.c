/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numerals in a deal's name: one function a notation.
 */
#include "numeral.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

size_t kbr_numeral_skip(const kbr_numeral_text *in, size_t at, const char *signs) {
    while (at < in->limit && in->unit[at] < 0x80 && strchr(signs, (int)in->unit[at]) != NULL) {
        at++;
    }
    return at;
}

bool kbr_numeral_word(const kbr_numeral_text *in, size_t at, const char *word) {
    for (; *word != '\0'; word++, at++) {
        if (!kbr_is_unit(in, at, (uint16_t)*word)) {
            return false;
        }
    }
    return true;
}

bool kbr_numeral_integer(kbr_numeral *out, const kbr_numeral_text *in, size_t at) {
    if (!kbr_is_digit(in, at)) {
        return false;
    }
    *out = (kbr_numeral){.scale = 1};
    size_t first = at;
    uint64_t number = 0;
    for (; kbr_is_digit(in, at) ||
           (kbr_is_unit(in, at, ',') && kbr_is_digit(in, at + 1) && kbr_is_digit(in, at + 2) &&
            kbr_is_digit(in, at + 3) && !kbr_is_digit(in, at + 4));
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

void kbr_numeral_decimals(kbr_numeral *number, const kbr_numeral_text *in) {
    size_t at = number->end;
    if (number->digits >= 14 || !kbr_is_unit(in, at, '.') || !kbr_is_digit(in, at + 1) ||
        kbr_is_unit(in, at + 2, '.')) {
        return;
    }
    number->scale = 1000;
    number->number *= 1000;
    int64_t place = 100;
    for (at++; kbr_is_digit(in, at); at++, place /= 10) {
        number->number += (in->unit[at] - '0') * place;
    }
    number->end = at;
}

bool kbr_numeral_digits(kbr_numeral *out, const kbr_numeral_text *in, size_t at) {
    if (!kbr_numeral_integer(out, in, at)) {
        return false;
    }
    kbr_numeral_decimals(out, in);
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
static bool is_quarter_word(const kbr_numeral_text *in, size_t at) {
    return kbr_is_unit(in, at, 0x56DB) && kbr_is_unit(in, at + 1, 0x534A) &&
           kbr_is_unit(in, at + 2, 0x671F);
}

bool kbr_numeral_kanji(kbr_numeral *out, const kbr_numeral_text *in, size_t at) {
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
    *out = (kbr_numeral){.number = total + run, .scale = 1, .end = at};
    return at > first;
}

bool kbr_numeral_roman(kbr_numeral *out, const kbr_numeral_text *in, size_t at) {
    static const char *const numerals[] = {"i",   "ii",   "iii", "iv", "v",  "vi",
                                           "vii", "viii", "ix",  "x",  "xi", "xii"};
    size_t end = at;
    while (kbr_is_letter(in, end) && end - at < 5) {
        end++;
    }
    for (size_t i = 0; i < KBR_COUNT(numerals); i++) {
        if (strlen(numerals[i]) == end - at && kbr_numeral_word(in, at, numerals[i])) {
            *out = (kbr_numeral){.number = (int64_t)i + 1, .scale = 1, .end = end};
            return true;
        }
    }
    return false;
}

bool kbr_numeral_any(kbr_numeral *out, const kbr_numeral_text *in, size_t at) {
    return kbr_numeral_digits(out, in, at) || kbr_numeral_kanji(out, in, at) ||
           kbr_numeral_roman(out, in, at);
}

bool kbr_numeral_letter(kbr_numeral *out, const kbr_numeral_text *in, size_t at) {
    if (!kbr_is_letter(in, at) || in->unit[at] < 'a' || in->unit[at] > 'z' ||
        kbr_is_letter(in, at + 1) || kbr_is_digit(in, at + 1)) {
        return false;
    }
    *out = (kbr_numeral){.number = in->unit[at] - 'a' + 1, .scale = 1, .end = at + 1};
    return true;
}
