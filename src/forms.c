/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Legal forms in a folded name. Every look is bounded by the longest form, so that a text of ten
 * thousand forms costs no more than one.
 */
#include "forms.h"

#include "fold.h"

/* Letters of the longest Latin form, with room: interuniversityresearchinstitutecorporation has 43.
 */
#define VIEW_LEN_MAX 48
/* Units of the longest content of a bracket that is a form: 弁護士・外国法事務弁護士共同法人 has
 * 17, "specified nonprofit corporation" 31. */
#define BRACKET_LEN_MAX 32
/* The longest zengin abbreviation has 8 kana (キヨウサイレン), and spaces may stand about it. */
#define ZENGIN_LEN_MAX 10

bool kbr_forms_is_letter(uint16_t unit) {
    if (unit < 0x80) {
        return unit >= 'a' && unit <= 'z';
    }
    return (unit >= 0xC0 && unit < 0x530 && unit != 0xD7 && unit != 0xF7) ||
           (unit >= 0x1E00 && unit < 0x1F00);
}

static bool is_digit(uint16_t unit) {
    return unit >= '0' && unit <= '9';
}

/* What stands inside a Latin form without saying anything: Co., Ltd.; A/S; S. A. */
static bool is_ignored(uint16_t unit) {
    return unit == ' ' || unit == '.' || unit == ',' || unit == '/' || unit == '\'' ||
           unit == 0x2019;
}

bool kbr_forms_names(const uint16_t *unit, size_t begin, size_t end) {
    for (size_t i = begin; i < end; i++) {
        uint8_t script = kbr_fold_script(unit[i]);
        if (script != KBR_SCRIPT_PUNCT && script != KBR_SCRIPT_SPACE) {
            return true;
        }
    }
    return false;
}

/* ---- Latin: the letters of the form without what stands between them ---- */

/* Whether a word may begin at i: the unit before it ends another one. U.S.A. holds no S.A.: a dot
 * behind a single letter ends nothing. */
static bool begins_word(kbr_stretch name, size_t i) {
    if (name.unit[i] == '&') {
        return true;
    }
    uint16_t before = name.unit[i - 1];
    if (kbr_forms_is_letter(before) || is_digit(before) || before == '-' || before == '/' ||
        before == '\'' || before == 0x2019 || before == '&') {
        return false;
    }
    if (before != '.' || i < name.begin + 2 || !kbr_forms_is_letter(name.unit[i - 2])) {
        return true;
    }
    return i >= name.begin + 3 && kbr_forms_is_letter(name.unit[i - 3]);
}

/* Short words are forms only when they stand alone: behind a space or comma, in one piece or
 * dotted. */
static bool stands_alone(kbr_stretch name, const kbr_word *word, size_t i) {
    if ((word->attribute & KBR_FORMS_FINAL) == 0) {
        return true;
    }
    if (name.unit[i - 1] != ' ' && name.unit[i - 1] != ',') {
        return false;
    }
    bool dotted = false;
    for (size_t j = i; j < name.end; j++) {
        dotted |= name.unit[j] == '.' || name.unit[j] == '/';
        if (name.unit[j] == ' ' && name.unit[j - 1] != '.' && j + 1 < name.end) {
            return false;
        }
    }
    return dotted || (word->attribute & KBR_FORMS_DOTTED) == 0;
}

/* The longest Latin word of one of the `places` at the tail. *whole: the stretch is nothing else.
 */
static const kbr_word *latin_tail(kbr_stretch name, uint32_t places, size_t *stop, bool *whole) {
    uint16_t view[VIEW_LEN_MAX];
    size_t first = VIEW_LEN_MAX;
    const kbr_word *best = NULL;
    *whole = false;
    for (size_t i = name.end;
         i-- > name.begin && first > 0 && name.end - i < (size_t)2 * VIEW_LEN_MAX;) {
        uint16_t unit = name.unit[i];
        if (!kbr_forms_is_letter(unit) && unit != '&') {
            if (is_ignored(unit)) {
                continue;
            }
            break;
        }
        view[--first] = unit;
        if (i > name.begin && !begins_word(name, i)) {
            continue;
        }
        const kbr_word *word =
            kbr_words_find(&kbr_words_legal_forms, view + first, VIEW_LEN_MAX - first);
        if (word == NULL || (word->attribute & KBR_FORMS_LATIN) == 0 ||
            (word->attribute & places) == 0) {
            continue;
        }
        if (i == name.begin) {
            *whole = (word->attribute & KBR_FORMS_FINAL) == 0;
        } else if (stands_alone(name, word, i) && kbr_forms_names(name.unit, name.begin, i)) {
            best = word;
            *stop = i;
        }
    }
    return best;
}

/* The longest Latin form at the head: K.K. Yamada, Kabushiki Kaisha Yamada, PT Astra. A short one
 * but KK (what ㏍ folds to) needs a space behind it. */
static const kbr_word *latin_head(kbr_stretch name, size_t *next) {
    uint16_t view[VIEW_LEN_MAX];
    size_t len = 0;
    const kbr_word *best = NULL;
    for (size_t i = name.begin; i < name.end && len < VIEW_LEN_MAX; i++) {
        uint16_t unit = name.unit[i];
        if (!kbr_forms_is_letter(unit)) {
            if (is_ignored(unit)) {
                continue;
            }
            break;
        }
        view[len++] = unit;
        uint16_t after = i + 1 < name.end ? name.unit[i + 1] : 0;
        if (kbr_forms_is_letter(after) || is_digit(after) || after == '-' || after == '&') {
            continue;
        }
        const kbr_word *word = kbr_words_find(&kbr_words_legal_forms, view, len);
        if (word == NULL || (word->attribute & KBR_FORMS_LATIN) == 0 ||
            (word->attribute & KBR_FORMS_HEAD) == 0 ||
            !kbr_forms_names(name.unit, i + 1, name.end)) {
            continue;
        }
        kbr_stretch rest = {name.unit, i + 1, name.end, name.kana};
        if (kbr_forms_whole(rest)) {
            continue; /* KK合同会社 is called KK */
        }
        if (len > 3 || after == ' ' || after == '.' ||
            ((word->attribute & KBR_FORMS_TAIL) != 0 && after >= 0x3000)) {
            best = word;
            *next = i + 1;
        }
    }
    return best;
}

/* ---- brackets ---- */

static kbr_stretch trim(kbr_stretch text) {
    while (text.begin < text.end && text.unit[text.begin] == ' ') {
        text.begin++;
    }
    while (text.end > text.begin && text.unit[text.end - 1] == ' ') {
        text.end--;
    }
    return text;
}

const kbr_word *kbr_forms_bracketed(kbr_stretch content) {
    content = trim(content);
    if (content.begin == content.end || content.end - content.begin > BRACKET_LEN_MAX) {
        return NULL;
    }
    const uint16_t *unit = content.unit + content.begin;
    const kbr_word *word =
        kbr_words_find(&kbr_words_legal_forms, unit, content.end - content.begin);
    if (word == NULL && kbr_forms_is_letter(unit[0])) {
        uint16_t view[BRACKET_LEN_MAX];
        size_t len = 0;
        for (size_t i = content.begin; i < content.end; i++) {
            if (!is_ignored(content.unit[i])) {
                view[len++] = content.unit[i];
            }
        }
        word = kbr_words_find(&kbr_words_legal_forms, view, len);
    }
    uint32_t usable = KBR_FORMS_BRACKET | KBR_FORMS_HEAD | KBR_FORMS_TAIL | KBR_FORMS_MIDDLE |
                      (content.kana ? KBR_FORMS_ZENGIN : 0);
    /* (DAC) and (AS) are abbreviations of the name before them. */
    bool short_latin = word != NULL && (word->attribute & KBR_FORMS_FINAL) != 0;
    return word != NULL && !short_latin && (word->attribute & usable) != 0 ? word : NULL;
}

/* What is a form of its own, and no office or part of a name. */
static const kbr_word *form_or_null(const kbr_word *word) {
    uint32_t others = KBR_FORMS_EXPAND | KBR_FORMS_JOIN | KBR_FORMS_OFFICE;
    return word != NULL && (word->attribute & others) == 0 ? word : NULL;
}

/* (株)山田, also 株)山田 and カ)ヤマダ. */
static const kbr_word *bracket_head(kbr_stretch name, size_t *next) {
    bool opened = name.unit[name.begin] == '(';
    size_t from = name.begin + (opened ? 1 : 0);
    size_t limit = from + (opened ? BRACKET_LEN_MAX : ZENGIN_LEN_MAX);
    for (size_t i = from; i < name.end && i <= limit; i++) {
        if (name.unit[i] == '(') {
            return NULL;
        }
        if (name.unit[i] == ')') {
            kbr_stretch content = {name.unit, from, i, name.kana};
            const kbr_word *word = form_or_null(kbr_forms_bracketed(content));
            if (word == NULL || !kbr_forms_names(name.unit, i + 1, name.end)) {
                return NULL;
            }
            *next = i + 1;
            return word;
        }
    }
    return NULL;
}

/* 山田(株), also 山田(株 and ヤマダ(カ. */
static const kbr_word *bracket_tail(kbr_stretch name, size_t *stop) {
    bool closed = name.unit[name.end - 1] == ')';
    size_t to = name.end - (closed ? 1 : 0);
    size_t limit = closed ? BRACKET_LEN_MAX : ZENGIN_LEN_MAX;
    for (size_t i = to; i-- > name.begin && to - i <= limit + 1;) {
        if (name.unit[i] == ')') {
            return NULL;
        }
        if (name.unit[i] == '(') {
            kbr_stretch content = {name.unit, i + 1, to, name.kana};
            const kbr_word *word = form_or_null(kbr_forms_bracketed(content));
            if (word == NULL || !kbr_forms_names(name.unit, name.begin, i)) {
                return NULL;
            }
            *stop = i;
            return word;
        }
    }
    return NULL;
}

/* ---- the three places ---- */

/* 株式会社 and the like, written out, as one of the `places`. */
static bool is_plain(const kbr_word *word, uint32_t places) {
    return (word->attribute & places) != 0 && (word->attribute & KBR_FORMS_LATIN) == 0;
}

const kbr_word *kbr_forms_head(kbr_stretch name, size_t *next) {
    if (name.begin >= name.end) {
        return NULL;
    }
    const kbr_word *word = kbr_words_at(&kbr_words_legal_forms, name.unit, name.end, name.begin);
    if (word != NULL && (word->attribute & KBR_FORMS_KEEP) != 0) {
        return NULL;
    }
    if (word != NULL && is_plain(word, KBR_FORMS_HEAD)) {
        *next = name.begin + word->len;
        return kbr_forms_names(name.unit, *next, name.end) ? word : NULL;
    }
    word = bracket_head(name, next);
    if (word == NULL && kbr_forms_is_letter(name.unit[name.begin])) {
        word = latin_head(name, next);
    }
    return word;
}

const kbr_word *kbr_forms_tail(kbr_stretch name, size_t *stop) {
    if (name.begin >= name.end) {
        return NULL;
    }
    const kbr_word *word =
        kbr_words_before(&kbr_words_legal_forms, name.unit + name.begin, name.end - name.begin);
    if (word != NULL && (word->attribute & KBR_FORMS_KEEP) != 0) {
        return NULL;
    }
    if (word != NULL && is_plain(word, KBR_FORMS_TAIL)) {
        *stop = name.end - word->len;
        return kbr_forms_names(name.unit, name.begin, *stop) ? word : NULL;
    }
    word = bracket_tail(name, stop);
    uint16_t last = name.unit[name.end - 1];
    if (word == NULL && (kbr_forms_is_letter(last) || last == '.')) {
        bool whole = false;
        word = latin_tail(name, KBR_FORMS_TAIL, stop, &whole);
        word = whole ? NULL : word;
    }
    return word;
}

const kbr_word *kbr_forms_middle(kbr_stretch name, size_t *from, size_t *to) {
    for (size_t i = name.begin; i < name.end;) {
        if (name.unit[i] < 0x3400 && name.unit[i] != '(') {
            i++; /* neither kana nor Latin letters begin a form that may stand here */
            continue;
        }
        if (name.unit[i] == '(' && i > name.begin) {
            kbr_stretch rest = {name.unit, i, name.end, name.kana};
            const kbr_word *word = bracket_head(rest, to);
            if (word != NULL && kbr_forms_names(name.unit, name.begin, i)) {
                *from = i;
                return word;
            }
        }
        const kbr_word *word = kbr_words_at(&kbr_words_legal_forms, name.unit, name.end, i);
        if (word != NULL && (word->attribute & KBR_FORMS_KEEP) != 0) {
            i += word->len;
            continue;
        }
        if (word != NULL && i > name.begin && i + word->len < name.end &&
            is_plain(word, KBR_FORMS_MIDDLE)) {
            *from = i;
            *to = i + word->len;
            return word;
        }
        i++;
    }
    return NULL;
}

bool kbr_forms_whole(kbr_stretch name) {
    name = trim(name);
    if (name.begin == name.end || name.end - name.begin > BRACKET_LEN_MAX + 2) {
        return false;
    }
    if (name.unit[name.begin] == '(' && name.unit[name.end - 1] == ')') {
        kbr_stretch content = {name.unit, name.begin + 1, name.end - 1, name.kana};
        return form_or_null(kbr_forms_bracketed(content)) != NULL;
    }
    const kbr_word *word =
        kbr_words_find(&kbr_words_legal_forms, name.unit + name.begin, name.end - name.begin);
    if (word != NULL && is_plain(word, KBR_FORMS_HEAD | KBR_FORMS_TAIL)) {
        return true;
    }
    bool whole = false;
    size_t stop = 0;
    (void)latin_tail(name, KBR_FORMS_TAIL, &stop, &whole);
    return whole;
}

/* ---- words with one spelling in the key ---- */

const kbr_word *kbr_forms_canonical(kbr_stretch name, size_t *stop) {
    const kbr_word *word =
        kbr_words_before(&kbr_words_legal_forms, name.unit + name.begin, name.end - name.begin);
    if (word != NULL && (word->attribute & KBR_FORMS_LATIN) == 0) {
        *stop = name.end - word->len;
        return (word->attribute & KBR_FORMS_CANONICAL) != 0 ? word : NULL;
    }
    bool whole = false;
    if (name.end == name.begin || !kbr_forms_is_letter(name.unit[name.end - 1])) {
        return NULL;
    }
    return latin_tail(name, KBR_FORMS_CANONICAL, stop, &whole);
}
