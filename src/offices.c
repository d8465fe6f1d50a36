/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Branches, offices and departments at the end of a folded name. A word such as 支店 is one behind
 * a space or form, or glued behind a known place; 研究所 and the like only where something says
 * that they are no part of the name.
 */
#include "offices.h"

/* Words behind the core that may be offices: 東北支店 営業部 第二課. */
#define WORDS_MAX 8
/* Offices in a row, glued: 北陸支部金沢事務所. */
#define OFFICES_MAX 3

/* Attributes of branch_words.tsv. */
#define BRANCH_APART UINT32_C(0x001)
#define BRANCH_GLUED UINT32_C(0x002)
#define BRANCH_DEPARTMENT UINT32_C(0x004)
#define BRANCH_WEAK UINT32_C(0x008)
#define BRANCH_KEEP UINT32_C(0x020)
#define BRANCH_PLACE UINT32_C(0x080)

/* Attributes of places.tsv. */
#define PLACE_KIND UINT32_C(0xFF)
#define PLACE_LATIN UINT32_C(0x100)
#define PLACE_REGION 1
#define PLACE_PREFECTURE 2
#define PLACE_CITY 3
#define PLACE_WARD 4
#define PLACE_COUNTRY 6

const kbr_word *kbr_offices_word(kbr_stretch text) {
    if (text.begin >= text.end) {
        return NULL;
    }
    const kbr_word *word =
        kbr_words_before(&kbr_words_branch_words, text.unit + text.begin, text.end - text.begin);
    return word != NULL && (word->attribute & BRANCH_KEEP) == 0 ? word : NULL;
}

/* 名古屋工場, 第二工場, 本社工場: what is more than the name of a trade. */
static bool begins_as_site(kbr_stretch text) {
    const kbr_word *place = kbr_words_at(&kbr_words_places, text.unit, text.end, text.begin);
    if (place != NULL && (place->attribute & PLACE_LATIN) == 0) {
        return true;
    }
    uint16_t first = text.unit[text.begin];
    bool main_office = first == 0x672C && text.unit[text.begin + 1] == 0x793E; /* 本社 */
    return main_office || first == 0x7B2C || (first >= '0' && first <= '9');   /* 第 */
}

/* Whether a word of the name, or what is in its brackets, is an office. `formed`: right behind a
 * form or in brackets, where even a weak word must be one. */
static bool is_office_by(const kbr_word *word, kbr_stretch text, bool formed) {
    if (word == NULL || (word->attribute & KBR_OFFICES_LATIN) != 0) {
        return false;
    }
    size_t len = text.end - text.begin;
    if ((word->attribute & BRANCH_APART) != 0) {
        return true;
    }
    if ((word->attribute & BRANCH_DEPARTMENT) != 0) {
        return len >= 3;
    }
    return (word->attribute & BRANCH_WEAK) != 0 &&
           (formed || (len > word->len && len >= 2 && begins_as_site(text)));
}

bool kbr_offices_is(kbr_stretch text, bool formed) {
    if (formed) {
        const kbr_word *place =
            kbr_words_find(&kbr_words_places, text.unit + text.begin, text.end - text.begin);
        if (place != NULL && (place->attribute & PLACE_LATIN) == 0) {
            return true; /* 山田株式会社名古屋 */
        }
    }
    return is_office_by(kbr_offices_word(text), text, formed);
}

/* Whether a word of the name is an office: behind a strong one a person may be named, behind a weak
 * one anything, so that a weak one counts only where nothing but offices follows. */
static bool is_office_there(kbr_stretch name, kbr_stretch word, const kbr_word *office, bool last) {
    if ((office->attribute & BRANCH_WEAK) == 0) {
        return is_office_by(office, word, false);
    }
    kbr_stretch before = {name.unit, name.begin, word.begin - 1, name.kana};
    size_t stop = 0;
    return last && is_office_by(office, word, kbr_forms_tail(before, &stop) != NULL);
}

/* The last words that are offices: 山田 東北支店 営業 第二課 鈴木. Departments behind an office say
 * no more of the customer, so the office ends the branch where there is one. */
static bool find_words(kbr_stretch name, size_t *first, size_t *last) {
    bool found = false;
    bool office = false;
    size_t end = name.end;
    for (int i = 0; i < WORDS_MAX; i++) {
        size_t begin = end;
        while (begin > name.begin && name.unit[begin - 1] != ' ') {
            begin--;
        }
        if (begin == name.begin) {
            break;
        }
        kbr_stretch word = {name.unit, begin, end, name.kana};
        const kbr_word *office_word = kbr_offices_word(word);
        if (office_word != NULL && is_office_there(name, word, office_word, i == 0 || found)) {
            bool department = (office_word->attribute & BRANCH_DEPARTMENT) != 0;
            if (!found || (!department && !office)) {
                *last = end;
            }
            office |= !department;
            found = true;
            *first = begin;
        }
        end = begin - 1;
    }
    return found;
}

/* The place that ends right before `end` and leaves two units of a name. */
static const kbr_word *place_before(kbr_stretch name, size_t end) {
    const kbr_word *place =
        kbr_words_before(&kbr_words_places, name.unit + name.begin, end - name.begin);
    return place != NULL && place->len + 2U <= end - name.begin ? place : NULL;
}

/* Whether a place may stand glued before the office word. 北 and 東 (wards) are more often the end
 * of another word; 松本 and 石川 are surnames where a lawyer's 事務所 follows. */
static bool is_glued_place(const kbr_word *place, bool weak) {
    uint32_t kind = place->attribute & PLACE_KIND;
    if ((place->attribute & PLACE_LATIN) != 0 || (place->len == 1 && kind == PLACE_WARD)) {
        return false;
    }
    return !weak || kind == PLACE_REGION || kind == PLACE_PREFECTURE || kind == PLACE_COUNTRY;
}

/* 新宿支店 of 山田銀行新宿支店: a place right before the office, and before that perhaps the town
 * that it is in, or a higher office: 東京中央支店, 北陸支部金沢事務所. The end where there is none.
 */
static size_t glued_branch_begin(kbr_stretch name) {
    size_t found = name.end;
    size_t begin = name.end;
    for (int i = 0; i < OFFICES_MAX; i++) {
        kbr_stretch text = {name.unit, name.begin, begin, name.kana};
        const kbr_word *word = kbr_offices_word(text);
        if (word == NULL || (word->attribute & BRANCH_GLUED) == 0) {
            break;
        }
        begin -= word->len;
        const kbr_word *place = place_before(name, begin);
        text.end = place != NULL ? begin - place->len : begin;
        const kbr_word *above = kbr_offices_word(text);
        bool below =
            above != NULL && (above->attribute & (BRANCH_GLUED | BRANCH_WEAK)) == BRANCH_GLUED;
        if (place == NULL ||
            !is_glued_place(place, (word->attribute & BRANCH_WEAK) != 0 && !below)) {
            break;
        }
        found = begin = text.end;
        const kbr_word *town = place_before(name, begin);
        uint32_t kind = town != NULL ? town->attribute & PLACE_KIND : 0;
        if (kind == PLACE_PREFECTURE || (kind == PLACE_CITY && town->len > 1)) {
            found = begin = begin - town->len;
        }
    }
    return found;
}

/* Osaka Branch, Citibank, New York Branch; the end where there is none. */
static size_t latin_branch_begin(kbr_stretch name, const kbr_word *word) {
    size_t begin = name.end - word->len;
    if (begin < name.begin + 2 || name.unit[begin - 1] != ' ') {
        return name.end;
    }
    kbr_stretch before = {name.unit, name.begin, begin - 1, name.kana};
    size_t stop = 0;
    if (before.unit[before.end - 1] == ',' || kbr_forms_tail(before, &stop) != NULL) {
        return begin;
    }
    const kbr_word *place =
        kbr_words_before(&kbr_words_places, name.unit + name.begin, before.end - name.begin);
    if (place != NULL && place->len < before.end - before.begin &&
        !kbr_forms_is_letter(name.unit[before.end - place->len - 1])) {
        return before.end - place->len;
    }
    if ((word->attribute & BRANCH_PLACE) != 0) {
        return name.end;
    }
    begin = before.end;
    while (begin > name.begin && name.unit[begin - 1] != ' ') {
        begin--;
    }
    return begin > name.begin ? begin : name.end;
}

bool kbr_offices_find(kbr_stretch name, size_t *begin, size_t *end) {
    const kbr_word *word = kbr_offices_word(name);
    size_t found = name.end;
    *end = name.end;
    if (word != NULL && (word->attribute & KBR_OFFICES_LATIN) != 0) {
        found = latin_branch_begin(name, word);
    }
    if (found == name.end && find_words(name, begin, end)) {
        found = *begin;
    }
    if (found == name.end) {
        found = glued_branch_begin(name);
    }
    *begin = found;
    return found < name.end && kbr_forms_names(name.unit, name.begin, found);
}
