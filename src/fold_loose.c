/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loose key: what two spellings of one name still differ in after folding, folded away too.
 * Works on folded units, in place when wanted; every rule is one of a class of variation that
 * companies' names are seen to have (small kana キヤノン, ヴ, ヂヅ, ヰヱヲ, long vowels, signs,
 * spaces, look-alikes).
 */
#include "fold.h"

#include "fold_table.h"

#include <string.h>

#define LONG_VOWEL 0x30FC

/* Katakana without its smallness and its rare sounds; 0 where nothing is to be done. */
static uint16_t kana_fold(uint16_t unit, uint32_t *folds) {
    switch (unit) {
    case 0x30A1: /* ァィゥェォ */
    case 0x30A3:
    case 0x30A5:
    case 0x30A7:
    case 0x30A9:
    case 0x30C3: /* ッ */
    case 0x30E3: /* ャュョ */
    case 0x30E5:
    case 0x30E7:
    case 0x30EE: /* ヮ */
        *folds |= KBR_FOLD_SMALL;
        return (uint16_t)(unit + 1);
    case 0x30F5: /* ヵ */
        *folds |= KBR_FOLD_SMALL;
        return 0x30AB;
    case 0x30F6: /* ヶ */
        *folds |= KBR_FOLD_SMALL;
        return 0x30B1;
    case 0x30C2: /* ヂ */
        *folds |= KBR_FOLD_SOUND;
        return 0x30B8;
    case 0x30C5: /* ヅ */
        *folds |= KBR_FOLD_SOUND;
        return 0x30BA;
    case 0x30F0: /* ヰ */
        *folds |= KBR_FOLD_SOUND;
        return 0x30A4;
    case 0x30F1: /* ヱ */
        *folds |= KBR_FOLD_SOUND;
        return 0x30A8;
    case 0x30F2: /* ヲ */
        *folds |= KBR_FOLD_SOUND;
        return 0x30AA;
    default:
        return 0;
    }
}

/* ヴ and the vowel behind it: ヴァ バ, ヴィ ビ, ヴ ブ ... Returns the units read. */
static size_t fold_vu(const uint16_t *units, size_t left, uint16_t *out) {
    static const uint16_t vowels[] = {0x30A1, 0x30A3, 0x30A7, 0x30A9};
    static const uint16_t large[] = {0x30A2, 0x30A4, 0x30A8, 0x30AA};
    static const uint16_t sounds[] = {0x30D0, 0x30D3, 0x30D9, 0x30DC};
    for (size_t i = 0; left > 1 && i < KBR_COUNT(vowels); i++) {
        if (units[1] == vowels[i] || units[1] == large[i]) {
            *out = sounds[i];
            return 2;
        }
    }
    *out = 0x30D6;
    return 1;
}

/* Kanji that are typed for katakana and the other way round (二チレイ, エ藤): one of the two. 一 is
 * not among them: it stands for ー only between katakana. */
static uint16_t lookalike(uint16_t unit) {
    switch (unit) {
    case 0x4E8C: /* 二 */
        return 0x30CB;
    case 0x5DE5: /* 工 */
        return 0x30A8;
    case 0x5915: /* 夕 */
        return 0x30BF;
    case 0x53E3: /* 口 */
        return 0x30ED;
    case 0x529B: /* 力 */
        return 0x30AB;
    case 0x516B: /* 八 */
        return 0x30CF;
    case 0x535C: /* 卜 */
        return 0x30C8;
    default:
        return 0;
    }
}

/* Cyrillic letters that are typed for Latin ones: Ｔоｋｙｏ, ＷОＲＫＳ in the register. */
static uint16_t latin_lookalike(uint16_t unit) {
    switch (unit) {
    case 0x0430:
        return 'a';
    case 0x0435:
        return 'e';
    case 0x043C:
        return 'm';
    case 0x043E:
        return 'o';
    case 0x0440:
        return 'p';
    case 0x0441:
        return 'c';
    case 0x0443:
        return 'y';
    case 0x0445:
        return 'x';
    default:
        return 0;
    }
}

/* Katakana, or typed for it. */
static bool is_katakana(uint16_t unit) {
    return kbr_fold_entries[unit].script == KBR_SCRIPT_KATAKANA || lookalike(unit) != 0;
}

/* A mark repeats what was written before it; ヾ with the voiced sign: カ .. ト have their voiced
 * one behind them, small ッ between, ハ .. ホ theirs and the half-voiced. */
static uint16_t repeated(uint16_t before, uint16_t mark) {
    bool voiced = mark == 0x30FE || mark == 0x309E;
    bool can_voice = (before >= 0x30AB && before < 0x30C3 && before % 2 == 1) ||
                     (before > 0x30C3 && before <= 0x30C8 && before % 2 == 0) ||
                     (before >= 0x30CF && before <= 0x30DB && before % 3 == 0x30CF % 3);
    return voiced && can_voice ? (uint16_t)(before + 1) : before;
}

static bool is_mark(uint16_t unit) {
    return unit == 0x3005 || unit == 0x303B || unit == 0x30FD || unit == 0x30FE || unit == 0x309D ||
           unit == 0x309E;
}

/* "and" that stands alone says what & says, which is dropped with the punctuation. */
static bool is_and(const uint16_t *units, size_t len, size_t at) {
    return at > 0 && units[at - 1] == ' ' && at + 3 < len && units[at] == 'a' &&
           units[at + 1] == 'n' && units[at + 2] == 'd' && units[at + 3] == ' ';
}

/* Units that are dropped wherever they stand. */
static bool is_sign(uint16_t unit) {
    uint8_t script = kbr_fold_entries[unit].script;
    return script == KBR_SCRIPT_SPACE || script == KBR_SCRIPT_PUNCT || unit == LONG_VOWEL;
}

/* デ一タ: a kanji 一 between katakana is a long vowel. `before` is what was kept last. */
static bool is_long_one(const uint16_t *units, size_t len, size_t at, uint16_t before) {
    if (units[at] != 0x4E00 || !is_katakana(before)) {
        return false;
    }
    size_t next = at + 1;
    while (next < len && (is_sign(units[next]) || is_and(units, len, next))) {
        next += is_sign(units[next]) ? 1 : 3;
    }
    return next < len && is_katakana(units[next]);
}

/* Whether the unit is dropped; what by is ORed into *folds. C++ and C# keep their signs: they are
 * not C. A sign apart, as in "A #1", is one like others. */
static bool is_dropped(const uint16_t *units, size_t len, size_t at, uint16_t before,
                       uint32_t *folds) {
    uint16_t unit = units[at];
    if (is_sign(unit)) {
        bool kept = (unit == '+' || unit == '#') && before != 0 &&
                    (!is_sign(units[at - 1]) || units[at - 1] == '+') &&
                    (kbr_fold_entries[before].script == KBR_SCRIPT_LATIN || before == '+');
        if (!kept) {
            *folds |= unit == ' '          ? KBR_FOLD_SPACE
                      : unit == LONG_VOWEL ? KBR_FOLD_LONG
                                           : KBR_FOLD_PUNCT;
        }
        return !kept;
    }
    if (is_long_one(units, len, at, before)) {
        *folds |= KBR_FOLD_LOOKALIKE;
        return true;
    }
    return false;
}

/* One unit that is kept, folded; reads one or two, returns how many. */
static size_t fold_one(uint16_t *out, const uint16_t *units, size_t left, uint16_t before,
                       uint32_t *folds) {
    uint16_t unit = units[0];
    if (is_mark(unit) && before != 0 && !is_sign(before)) {
        *folds |= KBR_FOLD_MARK;
        unit = repeated(before, unit);
        uint16_t sound = kana_fold(unit, folds); /* つゞき is つヅき, which is ツズキ */
        *out = sound != 0 ? sound : unit;
        return 1;
    }
    if (unit == 0x30F4) {
        *folds |= KBR_FOLD_SOUND;
        return fold_vu(units, left, out);
    }
    uint16_t folded = kana_fold(unit, folds);
    if (folded == 0) {
        folded = lookalike(unit);
        folded = folded != 0 ? folded : latin_lookalike(unit);
        *folds |= folded != 0 ? KBR_FOLD_LOOKALIKE : 0;
    }
    if (folded == 0) {
        folded = kbr_fold_entries[unit].base;
        *folds |= folded != 0 ? KBR_FOLD_LATIN : 0;
    }
    *out = folded != 0 ? folded : unit;
    return 1;
}

/* A kanji that stands for itself, as most do. */
static bool is_plain(uint16_t unit) {
    return unit > 0x4E00 && unit <= 0x9FFF && kbr_fold_entries[unit].base == 0 &&
           kbr_fold_entries[unit].script == KBR_SCRIPT_KANJI && lookalike(unit) == 0;
}

/* A name of nothing but signs, and of "and" between them, is a name all the same: without its
 * spaces, or the words alone where there are any. */
static size_t copy_rest(uint16_t *out, uint16_t *origin, const uint16_t *units, size_t len,
                        bool words) {
    size_t written = 0;
    for (size_t at = 0; at < len; at++) {
        if (words ? !is_sign(units[at]) : units[at] != ' ') {
            if (origin != NULL) {
                origin[written] = (uint16_t)at;
            }
            out[written++] = units[at];
        }
    }
    return written;
}

size_t kbr_fold_loose_from(uint16_t *out, uint16_t *origin, const uint16_t *units, size_t len,
                           uint32_t *folds) {
    size_t signs = 0;
    while (signs < len && is_sign(units[signs])) {
        signs++;
    }
    if (signs == len) {
        return copy_rest(out, origin, units, len, false);
    }
    size_t written = 0;
    uint32_t spent = 0;
    for (size_t at = 0; at < len;) {
        uint16_t before = written > 0 ? out[written - 1] : 0;
        if (is_plain(units[at])) {
            if (origin != NULL) {
                origin[written] = (uint16_t)at;
            }
            out[written++] = units[at++];
        } else if (is_and(units, len, at)) {
            spent |= KBR_FOLD_LATIN;
            at += 3;
        } else if (is_dropped(units, len, at, before, &spent)) {
            at++;
        } else {
            uint16_t folded;
            if (origin != NULL) {
                origin[written] = (uint16_t)at;
            }
            at += fold_one(&folded, units + at, len - at, before, &spent);
            out[written++] = folded;
        }
    }
    if (written == 0) {
        written = copy_rest(out, origin, units, len, true);
        spent &= ~KBR_FOLD_LATIN;
    }
    *folds |= spent;
    return written;
}

size_t kbr_fold_loose(uint16_t *out, const uint16_t *units, size_t len, uint32_t *folds) {
    return kbr_fold_loose_from(out, NULL, units, len, folds);
}
