/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names that name nobody.
 */
#include "nobody.h"

#include "company.h"
#include "fold.h"

/* Attributes of placeholders.tsv. */
#define PLACEHOLDER_NUMBERED UINT32_C(2)
#define PLACEHOLDER_FORMED UINT32_C(4)
#define PLACEHOLDER_WHOLE UINT32_C(1)
#define PLACEHOLDER_ANY UINT32_C(8)
#define PLACEHOLDER_KIND UINT32_C(16)

/* Attributes of parties.tsv. */
#define PARTY_ALONE UINT32_C(1)
#define PARTY_LETTERED UINT32_C(2)
#define PARTY_LED UINT32_C(4)
#define PARTY_LED_ONLY UINT32_C(8)

/* Units of a trade between 大手 and the kind, at most: 大手自動車部品メーカー. */
#define TRADE_LEN_MAX 12

static bool is_sign(uint16_t unit) {
    uint8_t script = kbr_fold_script(unit);
    return script == KBR_SCRIPT_PUNCT || script == KBR_SCRIPT_SPACE;
}

/* A circle or the like, two of which stand for a name: 〇〇商事. */
static bool is_blank(uint16_t unit) {
    return unit == 0x3007 /* 〇 */ || unit == 0x25CB /* ○ */ || unit == 0x25EF /* ◯ */ ||
           unit == 0x25CF /* ● */ || unit == 0x25B3 /* △ */ || unit == 0x25A1 /* □ */ ||
           unit == '*';
}

/* xxx, 000; not with a legal form: 株式会社XX and 株式会社00 are registered. */
static bool is_filler(const uint16_t *unit, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (unit[i] != unit[0]) {
            return false;
        }
    }
    return len > 1 && (unit[0] == 'x' || unit[0] == '0');
}

/* 大手企業, 大手自動車メーカー, Undisclosed client: what stands from `at` on ends in a kind. In
 * Latin letters it is the kind alone, for Leading Edge Company may be a name. */
static bool is_kind(kbr_stretch core, size_t at) {
    bool latin = kbr_forms_is_letter(core.unit[at - 1]);
    if (latin && (at == core.end || core.unit[at] != ' ')) {
        return false;
    }
    at += latin ? 1U : 0U;
    const kbr_word *party = kbr_words_before(&kbr_words_parties, core.unit + at, core.end - at);
    size_t trade = party == NULL ? SIZE_MAX : core.end - at - party->len;
    return party != NULL && (party->attribute & (PARTY_LED | PARTY_LED_ONLY)) != 0 &&
           trade <= (latin ? 0 : TRADE_LEN_MAX);
}

/* 不明, 個人A, テスト1, xxx, -. */
static bool is_placeholder(kbr_stretch core, bool formed) {
    bool blank = core.end - core.begin > 1 && is_blank(core.unit[core.begin]) &&
                 core.unit[core.begin] == core.unit[core.begin + 1];
    while (core.begin < core.end && is_sign(core.unit[core.begin])) {
        core.begin++;
    }
    while (core.end > core.begin && is_sign(core.unit[core.end - 1])) {
        core.end--;
    }
    size_t len = core.end - core.begin;
    if (len == 0 || blank || (!formed && is_filler(core.unit + core.begin, len))) {
        return true;
    }
    const kbr_word *word = kbr_words_at(&kbr_words_placeholders, core.unit, core.end, core.begin);
    if (word != NULL && (word->attribute & PLACEHOLDER_ANY) != 0) {
        return true;
    }
    if (word == NULL || (formed && (word->attribute & PLACEHOLDER_FORMED) == 0)) {
        return false;
    }
    if (word->len == len) {
        return (word->attribute & PLACEHOLDER_WHOLE) != 0;
    }
    size_t i = core.begin + word->len;
    if ((word->attribute & PLACEHOLDER_KIND) != 0 && is_kind(core, i)) {
        return true;
    }
    size_t letters = 0;
    if ((word->attribute & PLACEHOLDER_NUMBERED) == 0 ||
        (kbr_forms_is_letter(core.unit[i]) && kbr_forms_is_letter(core.unit[i - 1]))) {
        return false;
    }
    for (; i < core.end; i++) {
        uint16_t unit = core.unit[i];
        letters += kbr_forms_is_letter(unit);
        if (!kbr_forms_is_letter(unit) && !(unit >= '0' && unit <= '9') && !is_sign(unit)) {
            return false;
        }
    }
    return letters <= 2;
}

/* ---- one of a kind ---- */

/* Letters or digits that stand for one that is not named, at most: BS, 12. */
#define MARK_LEN_MAX 2

static bool is_mark(uint16_t unit) {
    return (unit >= 'a' && unit <= 'z') || (unit >= '0' && unit <= '9');
}

/* 等 and 他: of the kind and others. */
static bool is_and_others(uint16_t unit) {
    return unit == 0x7B49 || unit == 0x4ED6;
}

/* A社, BB社: nothing but a letter, once or twice, before the kind; HP社 and JR社 are somebody. */
static bool is_lettered(kbr_stretch core, const kbr_word *party) {
    size_t len = core.end - core.begin - party->len;
    bool marks = len > 0 && len <= MARK_LEN_MAX;
    for (size_t i = 0; i < len && marks; i++) {
        uint16_t unit = core.unit[core.begin + i];
        marks = kbr_forms_is_letter(unit) && unit == core.unit[core.begin];
    }
    return marks;
}

/* A kind at the end, with a letter or number behind it: 委員C, 民間会社BS, 職員 3; of some kinds
 * without: 現地業者, 民間企業等. */
static bool is_anonymous(kbr_stretch core) {
    size_t end = core.end;
    while (end > core.begin && is_mark(core.unit[end - 1])) {
        end--;
    }
    bool marked = end < core.end;
    if (core.end - end > MARK_LEN_MAX) {
        return false;
    }
    while (end > core.begin && is_sign(core.unit[end - 1])) {
        end--;
    }
    if (end > core.begin && is_and_others(core.unit[end - 1])) {
        end--;
    }
    core.end = end;
    const kbr_word *party =
        kbr_words_before(&kbr_words_parties, core.unit + core.begin, end - core.begin);
    if (party == NULL || (party->attribute & PARTY_LED_ONLY) != 0) {
        return false;
    }
    if ((party->attribute & PARTY_LETTERED) != 0) {
        return !marked && is_lettered(core, party);
    }
    return marked || (party->attribute & PARTY_ALONE) != 0;
}

uint32_t kbr_nobody_flags(kbr_stretch core, bool formed) {
    if (is_placeholder(core, formed)) {
        return KBR_COMPANY_PLACEHOLDER;
    }
    return !formed && is_anonymous(core) ? KBR_COMPANY_PARTY : 0;
}
