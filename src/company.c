/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A company's name taken apart. First the notes in brackets, then, from both ends inwards,
 * honorifics, legal forms and branches until none is left, then a form in the middle; what remains
 * is the core. Nothing is cut that would leave no name. Every loop is bounded, so the cost grows
 * with the length only.
 */
#include "company.h"

#include "forms.h"
#include "nobody.h"
#include "offices.h"
#include "text.h"
#include "words.h"

#include <string.h>

/* The header's own copy: half the cost of a call for a dozen units. */
#define XXH_INLINE_ALL
#include <xxhash.h>

/* Brackets read as notes in one name; the rest stays text. Real names have at most 3. */
#define NOTES_MAX 8
/* Rounds of cutting from both ends: honorific, branch and 4 forms each take one at most. */
#define ROUNDS_MAX 8
/* Longest value of a word that takes another's place, in units: 31 kana. */
#define VALUE_LEN_MAX 48

/* Attributes of honorifics.tsv. */
#define HONORIFIC UINT32_C(0x001)
#define HONORIFIC_KEEP UINT32_C(0x002)
#define HONORIFIC_FORMER UINT32_C(0x004)
#define HONORIFIC_HIRAGANA UINT32_C(0x008)
#define HONORIFIC_APART UINT32_C(0x010)
#define HONORIFIC_OUTSIDE UINT32_C(0x020)
#define HONORIFIC_LATIN UINT32_C(0x040)
#define HONORIFIC_SILENT UINT32_C(0x080)
#define HONORIFIC_PERSON UINT32_C(0x1000)

/* Classes of legal_forms.tsv that kbr_company_classes_agree knows by name. */
#define CLASS_ANY 0
#define CLASS_STOCK 1
#define CLASS_COMPANY 5
#define CLASS_MUTUAL 6

typedef struct name_parser {
    kbr_company *out;
    kbr_stretch name; /* what is not yet cut */
    bool tail_form;   /* one was cut: what now ends the name is no honorific or office */
    const uint16_t *strict;
} name_parser;

void kbr_company_init(kbr_company *company, const kaburi_allocator *allocator) {
    memset(company, 0, sizeof *company);
    kbr_units *all[] = {&company->core, &company->key,  &company->former, &company->branch,
                        &company->note, &company->text, &company->strict};
    for (size_t i = 0; i < KBR_COUNT(all); i++) {
        all[i]->allocator = allocator;
    }
}

void kbr_company_free(kbr_company *company) {
    kbr_units *all[] = {&company->core, &company->key,  &company->former, &company->branch,
                        &company->note, &company->text, &company->strict};
    for (size_t i = 0; i < KBR_COUNT(all); i++) {
        kbr_units_free(all[i]);
    }
}

const char *kbr_company_form_name(uint16_t form) {
    return form > 0 && form < kbr_words_legal_forms_value_count ? kbr_words_legal_forms_values[form]
                                                                : NULL;
}

bool kbr_company_classes_agree(uint8_t a, uint8_t b) {
    if (a == b || a == CLASS_ANY || b == CLASS_ANY) {
        return true;
    }
    uint8_t other = a == CLASS_COMPANY ? b : a;
    return (a == CLASS_COMPANY || b == CLASS_COMPANY) && other >= CLASS_STOCK &&
           other <= CLASS_MUTUAL;
}

bool kbr_company_classes_seldom(uint8_t a, uint8_t b) {
    uint8_t other = a == CLASS_COMPANY ? b : a;
    return a != b && (a == CLASS_COMPANY || b == CLASS_COMPANY) && other > CLASS_STOCK &&
           other < CLASS_COMPANY;
}

/* ---- small readings ---- */

static bool is_separator(uint16_t unit) {
    switch (unit) {
    case ' ':
    case ',':
    case '.':
    case '-':
    case '_':
    case '/':
    case '|':
    case ':':
    case ';':
    case '~':
    case 0x3001: /* 、 */
    case 0x3002: /* 。 */
    case 0x30FB: /* ・ */
        return true;
    default:
        return false;
    }
}

/* Cuts separators at the ends; a dot stays where a name begins with it (.NET). */
static void trim(kbr_stretch *name) {
    while (name->begin < name->end && name->unit[name->begin] != '.' &&
           is_separator(name->unit[name->begin])) {
        name->begin++;
    }
    while (name->end > name->begin && is_separator(name->unit[name->end - 1])) {
        name->end--;
    }
}

/* The same, but never down to nothing: a name of dashes stays one. */
static void trim_named(kbr_stretch *name) {
    kbr_stretch trimmed = *name;
    trim(&trimmed);
    if (trimmed.begin < trimmed.end) {
        *name = trimmed;
    }
}

static bool is_kana_or_kanji(uint16_t unit) {
    return unit >= 0x3041 && unit < 0xA000 && unit != 0x30FB;
}

/* Appends the loose key of units[begin..end); joined by a space to what is there already. */
static bool append_key(kbr_units *key, const uint16_t *unit, size_t begin, size_t end,
                       uint32_t *folds) {
    static const uint16_t space = ' ';
    if (begin >= end) {
        return true;
    }
    if ((key->len > 0 && !kbr_units_append(key, &space, 1)) ||
        !kbr_units_reserve(key, key->len + end - begin)) {
        return false;
    }
    key->len += kbr_fold_loose(key->data + key->len, unit + begin, end - begin, folds);
    return true;
}

/* The value of a word as units: what the lists give in the Basic Multilingual Plane, folded
 * already. */
static size_t value_units(uint16_t *out, const char *value, size_t size) {
    size_t len = 0;
    for (size_t i = 0; i < size && len < VALUE_LEN_MAX;) {
        out[len++] = (uint16_t)kbr_text_next(value, size, &i);
    }
    return len;
}

static void note_form(kbr_company *out, const kbr_word *word, uint8_t place) {
    if (out->form_count < KBR_COMPANY_FORMS_MAX) {
        out->forms[out->form_count++] =
            (kbr_form){word->value, (uint8_t)(word->attribute & KBR_FORMS_CLASS), place};
    }
}

/* ---- former names ---- */

/* The word that leads a former name at `begin` (旧, formerly), or NULL; the name follows at *next.
 */
static const kbr_word *led_at(kbr_stretch text, uint32_t wanted, size_t *next) {
    const kbr_word *word = kbr_words_at(&kbr_words_honorifics, text.unit, text.end, text.begin);
    if (word == NULL || (word->attribute & wanted) == 0) {
        return NULL;
    }
    kbr_stretch rest = {text.unit, text.begin + word->len, text.end, text.kana};
    bool latin = (word->attribute & HONORIFIC_LATIN) != 0;
    if (latin && rest.begin < rest.end && kbr_forms_is_letter(rest.unit[rest.begin])) {
        return NULL;
    }
    trim(&rest);
    *next = rest.begin;
    return rest.begin < rest.end ? word : NULL;
}

static bool set_former(kbr_company *out, kbr_stretch name) {
    uint32_t folds = 0;
    if (out->former.len > 0) {
        return true;
    }
    trim_named(&name);
    for (int i = 0; i < KBR_COMPANY_FORMS_MAX; i++) {
        size_t at = 0;
        if (kbr_forms_tail(name, &at) != NULL) {
            name.end = at;
        } else if (kbr_forms_head(name, &at) != NULL) {
            name.begin = at;
        } else {
            break;
        }
        trim_named(&name);
    }
    return append_key(&out->former, name.unit, name.begin, name.end, &folds);
}

/* Cuts what a word behind a space leads to the end: a former name (ABC商会 旧:XYZ商会, ABC Corp.
 * formerly XYZ Corp.) or a person (山田製作所 代表取締役 …), who is a note. */
static bool cut_led(name_parser *parser) {
    kbr_stretch *name = &parser->name;
    for (size_t i = name->begin + 1; i + 1 < name->end; i++) {
        if (name->unit[i] != ' ') {
            continue;
        }
        size_t next = 0;
        kbr_stretch rest = {name->unit, i + 1, name->end, name->kana};
        const kbr_word *word = led_at(rest, HONORIFIC_OUTSIDE | HONORIFIC_PERSON, &next);
        if (word == NULL || !kbr_forms_names(name->unit, name->begin, i)) {
            continue;
        }
        name->end = i;
        if ((word->attribute & HONORIFIC_PERSON) != 0) {
            uint32_t folds = 0;
            return append_key(&parser->out->note, rest.unit, rest.begin, rest.end, &folds);
        }
        rest.begin = next;
        return set_former(parser->out, rest);
    }
    return true;
}

/* ---- honorifics ---- */

static bool is_apart(kbr_stretch name, size_t at) {
    size_t stop = 0;
    uint16_t before = name.unit[at - 1];
    name.end = at;
    return is_separator(before) || before == ')' || before == ']' || before == 0x3011 ||
           kbr_forms_tail(name, &stop) != NULL;
}

/* さま in hiragana, behind something else. */
static bool is_hiragana_word(const name_parser *parser, size_t at) {
    for (size_t i = at; i < parser->name.end; i++) {
        if (kbr_fold_script(parser->strict[i]) != KBR_SCRIPT_HIRAGANA) {
            return false;
        }
    }
    return kbr_fold_script(parser->strict[at - 1]) != KBR_SCRIPT_HIRAGANA;
}

static bool cut_honorific(name_parser *parser) {
    kbr_stretch *name = &parser->name;
    const kbr_word *word =
        kbr_words_before(&kbr_words_honorifics, name->unit + name->begin, name->end - name->begin);
    if (word == NULL || (word->attribute & (HONORIFIC | HONORIFIC_SILENT)) == 0) {
        return false;
    }
    size_t cut = word->attribute >> 8 & 0xF;
    size_t at = name->end - (cut > 0 ? cut : word->len);
    if (!kbr_forms_names(name->unit, name->begin, at) ||
        ((word->attribute & HONORIFIC_HIRAGANA) != 0 && !is_hiragana_word(parser, at)) ||
        ((word->attribute & HONORIFIC_APART) != 0 && !is_apart(*name, at))) {
        return false;
    }
    name->end = at;
    trim_named(name);
    parser->out->flags |= (word->attribute & HONORIFIC) != 0 ? KBR_COMPANY_HONORIFIC : 0;
    return true;
}

/* ---- branches ---- */

static bool set_branch(name_parser *parser, size_t begin, size_t end) {
    uint32_t folds = 0;
    return parser->out->branch.len > 0 ||
           append_key(&parser->out->branch, parser->name.unit, begin, end, &folds);
}

/* 本社 behind a space or form, or glued to a word that ends a company's name (製作所本社). */
static bool cut_head_office(name_parser *parser, const kbr_word *word) {
    kbr_stretch *name = &parser->name;
    size_t cut = word->attribute >> 8;
    size_t at = name->end - (cut > 0 ? cut : word->len);
    if (at <= name->begin || !kbr_forms_names(name->unit, name->begin, at) ||
        (cut == 0 && (!is_apart(*name, at) ||
                      (is_separator(name->unit[at - 1]) && name->unit[at - 1] != ' ')))) {
        return false;
    }
    name->end = at;
    trim_named(name);
    parser->out->flags |= KBR_COMPANY_HEAD_OFFICE;
    return true;
}

/* Cuts an office or department at the end; what follows it is a note. False in *good: no memory. */
static bool cut_branch(name_parser *parser, bool *good) {
    kbr_stretch *name = &parser->name;
    const kbr_word *word = kbr_offices_word(*name);
    if (word != NULL && (word->attribute & KBR_OFFICES_HEAD) != 0 &&
        cut_head_office(parser, word)) {
        return true;
    }
    size_t begin = 0;
    size_t end = 0;
    if (!kbr_offices_find(*name, &begin, &end)) {
        return false;
    }
    uint32_t folds = 0;
    *good = set_branch(parser, begin, end) &&
            append_key(&parser->out->note, name->unit, end, name->end, &folds);
    name->end = begin;
    trim_named(name);
    return true;
}

/* ---- brackets ---- */

static uint16_t closing(uint16_t unit) {
    switch (unit) {
    case '(':
        return ')';
    case '[':
        return ']';
    case '{':
        return '}';
    case 0x3010: /* 【 */
        return 0x3011;
    case 0x3014: /* 〔 */
        return 0x3015;
    default:
        return 0;
    }
}

static bool has_brackets(const kbr_folded *name) {
    for (size_t i = 0; i < name->len; i++) {
        uint16_t unit = name->unit[i];
        if (unit == '(' || unit == ')' || closing(unit) != 0) {
            return true;
        }
    }
    return false;
}

/* The bracket that closes the one at i, or len. */
static size_t closing_at(const uint16_t *unit, size_t len, size_t i) {
    uint16_t open = unit[i];
    uint16_t close = closing(open);
    size_t depth = 0;
    for (; i < len; i++) {
        if (unit[i] == open) {
            depth++;
        } else if (unit[i] == close && --depth == 0) {
            return i;
        }
    }
    return len;
}

/* Copies units of the name into the text without notes. */
static bool copy_units(kbr_company *out, const kbr_folded *name, size_t begin, size_t end) {
    return kbr_units_append(&out->text, name->unit + begin, end - begin) &&
           kbr_units_append(&out->strict, name->strict + begin, end - begin);
}

static bool copy_space(kbr_company *out) {
    static const uint16_t space = ' ';
    if (out->text.len == 0 || out->text.data[out->text.len - 1] == ' ') {
        return true;
    }
    return kbr_units_append(&out->text, &space, 1) && kbr_units_append(&out->strict, &space, 1);
}

static bool copy_value(kbr_company *out, const kbr_word *word) {
    uint16_t value[VALUE_LEN_MAX];
    const char *text = kbr_words_legal_forms_values[word->value];
    size_t len = value_units(value, text, strlen(text));
    return kbr_units_append(&out->text, value, len) && kbr_units_append(&out->strict, value, len);
}

/* Whether nothing of the name follows at i: the end, another bracket, an honorific. */
static bool is_name_end(const kbr_folded *name, size_t i) {
    while (i < name->len && name->unit[i] == ' ') {
        i++;
    }
    if (i == name->len || closing(name->unit[i]) != 0) {
        return true;
    }
    const kbr_word *word = kbr_words_at(&kbr_words_honorifics, name->unit, name->len, i);
    return word != NULL && (word->attribute & HONORIFIC) != 0 && i + word->len == name->len;
}

/* Whether a bracket with no other meaning is a note. 【重要】 at the head is; ABC(XYZ)DEF and Foo
 * (Thailand) Co., Ltd. are names. */
static bool is_note(const kbr_company *out, const kbr_folded *name, size_t open, size_t close) {
    bool named = kbr_forms_names(out->text.data, 0, out->text.len);
    if (!named) {
        return name->unit[open] != '(' && kbr_forms_names(name->unit, close + 1, name->len);
    }
    if (is_name_end(name, close + 1)) {
        return true;
    }
    if (close + 2 >= name->len || name->unit[close + 1] != ' ') {
        return false;
    }
    size_t next = 0;
    kbr_stretch rest = {name->unit, close + 2, name->len, false};
    return !kbr_forms_is_letter(rest.unit[rest.begin]) && kbr_forms_head(rest, &next) == NULL &&
           !kbr_forms_whole(rest);
}

/* 茨城県立歴史館(公益財団法人茨城県教育財団): a name without a legal form, and in brackets the
 * corporation that bears it. */
static bool names_bearer(const kbr_folded *name, size_t open, kbr_stretch content) {
    size_t at = 0;
    kbr_stretch outside = {name->unit, 0, open, content.kana};
    return content.begin < content.end && !kbr_forms_whole(content) &&
           (kbr_forms_head(content, &at) != NULL || kbr_forms_tail(content, &at) != NULL) &&
           kbr_forms_head(outside, &at) == NULL && kbr_forms_tail(outside, &at) == NULL;
}

/* What one bracket holds, and where the text goes on. */
static bool read_bracket(name_parser *parser, const kbr_folded *name, size_t open, size_t close,
                         size_t *next) {
    kbr_company *out = parser->out;
    kbr_stretch content = {name->unit, open + 1, close, parser->name.kana};
    size_t after = close < name->len ? close + 1 : close;
    trim(&content);
    *next = after;
    const kbr_word *form = kbr_forms_bracketed(content);
    if (form != NULL) {
        if ((form->attribute & KBR_FORMS_JOIN) != 0 && !is_name_end(name, after)) {
            return copy_space(out) && copy_units(out, name, content.begin, content.end) &&
                   copy_space(out);
        }
        if ((form->attribute & KBR_FORMS_EXPAND) != 0) {
            return copy_value(out, form);
        }
        if ((form->attribute & KBR_FORMS_OFFICE) == 0) {
            return copy_units(out, name, open, after);
        }
    }
    size_t begin = 0;
    bool named = kbr_forms_names(out->text.data, 0, out->text.len);
    if ((named || kbr_forms_names(name->unit, after, name->len)) &&
        led_at(content, HONORIFIC_FORMER, &begin) != NULL) {
        content.begin = begin;
        return set_former(out, content) && copy_space(out);
    }
    if (named && close < name->len && is_name_end(name, after) &&
        names_bearer(name, open, content)) {
        return set_former(out, content) && copy_space(out);
    }
    if (close == name->len || !is_note(out, name, open, close)) {
        *next = open + 1;
        return copy_units(out, name, open, open + 1);
    }
    const kbr_word *word = named ? kbr_offices_word(content) : NULL;
    if (word != NULL && (word->attribute & KBR_OFFICES_HEAD) != 0 &&
        content.end - content.begin == word->len) {
        out->flags |= KBR_COMPANY_HEAD_OFFICE;
        return copy_space(out);
    }
    if (named && kbr_offices_is(content, false)) {
        return set_branch(parser, content.begin, content.end) && copy_space(out);
    }
    uint32_t folds = 0;
    return append_key(&out->note, name->unit, content.begin, content.end, &folds) &&
           copy_space(out);
}

/* Copies the name without its notes; forms in brackets stay. */
static bool read_brackets(name_parser *parser, const kbr_folded *name) {
    kbr_company *out = parser->out;
    parser->name.kana = true;
    for (size_t i = 0; i < name->len && parser->name.kana; i++) {
        uint8_t script = name->script[i];
        parser->name.kana = script != KBR_SCRIPT_KANJI && script != KBR_SCRIPT_HIRAGANA;
    }
    size_t from = 0;
    size_t notes = 0;
    for (size_t i = 0; i < name->len && notes < NOTES_MAX;) {
        if (closing(name->unit[i]) == 0) {
            i++;
            continue;
        }
        notes++;
        if (!copy_units(out, name, from, i) ||
            !read_bracket(parser, name, i, closing_at(name->unit, name->len, i), &i)) {
            return false;
        }
        from = i;
    }
    if (!copy_units(out, name, from, name->len)) {
        return false;
    }
    parser->name.unit = out->text.data;
    parser->name.end = out->text.len;
    parser->strict = out->strict.data;
    return true;
}

/* ---- forms ---- */

/* A form that a cut at the other end would lay bare is found before it, so each end is done once.
 */
static void cut_forms(name_parser *parser) {
    kbr_stretch *name = &parser->name;
    const kbr_word *word = NULL;
    size_t at = 0;
    while (parser->out->form_count < KBR_COMPANY_FORMS_MAX &&
           (word = kbr_forms_head(*name, &at)) != NULL) {
        note_form(parser->out, word, KBR_PLACE_HEAD);
        name->begin = at;
        trim_named(name);
    }
    while (parser->out->form_count < KBR_COMPANY_FORMS_MAX &&
           (word = kbr_forms_tail(*name, &at)) != NULL) {
        note_form(parser->out, word, KBR_PLACE_TAIL);
        name->end = at;
        parser->tail_form = true;
        trim_named(name);
    }
}

/* Another company behind the first, as joint ventures are written. */
static bool names_company(kbr_stretch text) {
    size_t from = 0;
    size_t to = 0;
    return kbr_forms_head(text, &to) != NULL || kbr_forms_middle(text, &from, &to) != NULL;
}

/* 五洋建設株式会社東北支店: what follows a form in the middle is the branch, else a part of the
 * name that goes on at *second. */
static bool cut_middle(name_parser *parser, size_t *first_end, size_t *second) {
    kbr_stretch *name = &parser->name;
    size_t from = 0;
    size_t to = 0;
    /* Beside a form at an end another one is a part of the name: 更生保護法人全国更生保護法人連盟.
     */
    const kbr_word *word =
        parser->out->form_count == 0 ? kbr_forms_middle(*name, &from, &to) : NULL;
    *first_end = *second = name->end;
    if (word == NULL) {
        return true;
    }
    kbr_stretch first = {name->unit, name->begin, from, name->kana};
    kbr_stretch rest = {name->unit, to, name->end, name->kana};
    trim(&first);
    trim(&rest);
    if (!kbr_forms_names(first.unit, first.begin, first.end) ||
        !kbr_forms_names(rest.unit, rest.begin, rest.end)) {
        return true;
    }
    const kbr_word *lead = kbr_words_at(&kbr_words_honorifics, rest.unit, rest.end, rest.begin);
    if (lead != NULL && (lead->attribute & HONORIFIC_PERSON) != 0) {
        uint32_t folds = 0;
        note_form(parser->out, word, KBR_PLACE_TAIL);
        name->end = first.end;
        *first_end = *second = name->end;
        return append_key(&parser->out->note, rest.unit, rest.begin, rest.end, &folds);
    }
    bool commercial = (word->attribute & KBR_FORMS_CLASS) <= CLASS_COMPANY;
    if (!names_company(rest) && kbr_offices_word(first) == NULL &&
        kbr_offices_is(rest, commercial)) {
        note_form(parser->out, word, KBR_PLACE_TAIL);
        name->end = first.end;
        *first_end = *second = name->end;
        const kbr_word *office = kbr_offices_word(rest);
        if (office != NULL && (office->attribute & KBR_OFFICES_HEAD) != 0 &&
            rest.end - rest.begin == office->len) {
            parser->out->flags |= KBR_COMPANY_HEAD_OFFICE;
            return true;
        }
        return set_branch(parser, rest.begin, rest.end);
    }
    note_form(parser->out, word, KBR_PLACE_MIDDLE);
    *first_end = first.end;
    *second = rest.begin;
    return true;
}

/* ---- what the core says ---- */

/* 日本 and Japan need a word before them, and one that is not 東 or 西: those rows of the list are
 * kept. */
static bool set_key(kbr_company *out) {
    kbr_stretch stem = {out->core.data, 0, out->core.len, false};
    const kbr_word *ends[2];
    size_t count = 0;
    for (; count < KBR_COUNT(ends); count++) {
        size_t stop = 0;
        ends[count] = kbr_forms_canonical(stem, &stop);
        if (ends[count] == NULL || stop < 2) {
            break;
        }
        stem.end = stop;
        trim_named(&stem);
    }
    uint16_t units[VALUE_LEN_MAX];
    if (!kbr_units_set(&out->key, out->core.data, count > 0 ? stem.end : out->core.len)) {
        return false;
    }
    bool japanese = count > 0 && is_kana_or_kanji(stem.unit[stem.end - 1]);
    while (count > 0) {
        const char *value = kbr_words_legal_forms_values[ends[--count]->value];
        const char *slash = strchr(value, '/');
        size_t before = slash != NULL ? (size_t)(slash - value) : strlen(value);
        const char *from = japanese || slash == NULL ? value : slash + 1;
        size_t len = value_units(units, from, from == value ? before : strlen(from));
        if (!kbr_units_append(&out->key, units, len)) {
            return false;
        }
    }
    out->key.len = kbr_fold_loose(out->key.data, out->key.data, out->key.len, &out->folds);
    return true;
}

/* "The" before an English name, which half of those who type it leave out; not all of a name. */
static size_t article_len(const kbr_stretch *name, size_t end) {
    static const uint16_t article[] = {'t', 'h', 'e', ' '};
    size_t len = KBR_COUNT(article);
    bool led = end - name->begin > len + 1 &&
               memcmp(name->unit + name->begin, article, sizeof article) == 0;
    return led && kbr_fold_script(name->unit[name->begin + len]) == KBR_SCRIPT_LATIN ? len : 0;
}

/* The core is one stretch, or two around a form in the middle. */
static bool set_core(name_parser *parser, size_t first_end, size_t second) {
    static const uint16_t space = ' ';
    kbr_company *out = parser->out;
    kbr_stretch name = parser->name;
    const uint16_t *strict = parser->strict + name.begin;
    size_t len = first_end - name.begin;
    size_t article = article_len(&name, first_end);
    out->folds |= article > 0 ? KBR_FOLD_LATIN : 0;
    if (!kbr_units_set(&out->core, name.unit + name.begin + article, len - article)) {
        return false;
    }
    if (second < name.end) {
        size_t rest = name.end - second;
        size_t at = out->strict.len;
        if (!kbr_units_append(&out->core, &space, 1) ||
            !kbr_units_append(&out->core, name.unit + second, rest) ||
            !kbr_units_reserve(&out->strict, at + len + 1 + rest)) {
            return false;
        }
        /* Without brackets the strict units are the caller's, with them they are in this very
         * block. */
        const uint16_t *source = at > 0 ? out->strict.data : parser->strict;
        uint16_t *joined = out->strict.data + at;
        memcpy(joined, source + name.begin, len * sizeof *joined);
        joined[len] = ' ';
        memcpy(joined + len + 1, source + second, rest * sizeof *joined);
        strict = joined;
        len += 1 + rest;
    }
    out->strict_hash = XXH3_64bits(strict, len * sizeof *strict);
    return set_key(out);
}

/* Cuts from both ends until nothing more is to be cut. */
static bool cut_ends(name_parser *parser) {
    bool good = true;
    bool again = true;
    for (int round = 0; round < ROUNDS_MAX && again && good; round++) {
        if (!parser->tail_form) {
            (void)cut_honorific(parser);
        }
        cut_forms(parser);
        again = !parser->tail_form && parser->out->branch.len == 0 && cut_branch(parser, &good);
    }
    return good;
}

static void reset(kbr_company *out) {
    kbr_units *all[] = {&out->core, &out->key,  &out->former, &out->branch,
                        &out->note, &out->text, &out->strict};
    for (size_t i = 0; i < KBR_COUNT(all); i++) {
        all[i]->len = 0;
    }
    out->form_count = 0;
    out->flags = 0;
    out->folds = 0;
    out->strict_hash = 0;
}

kaburi_status kbr_company_parse(kbr_company *out, const kbr_folded *name) {
    reset(out);
    if (name->len == 0) {
        return KABURI_OK;
    }
    name_parser parser = {out, {name->unit, 0, name->len, false}, false, name->strict};
    if (has_brackets(name) && !read_brackets(&parser, name)) {
        return KABURI_ERROR_MEMORY;
    }
    out->folds = name->folds;
    trim_named(&parser.name);
    size_t first_end = 0;
    size_t second = 0;
    if (!cut_led(&parser) || !cut_ends(&parser) || !cut_middle(&parser, &first_end, &second) ||
        !set_core(&parser, first_end, second)) {
        return KABURI_ERROR_MEMORY;
    }
    kbr_stretch core = {out->core.data, 0, out->core.len, parser.name.kana};
    if ((out->form_count == 0 || is_kana_or_kanji(core.unit[0])) && kbr_forms_whole(core)) {
        out->flags |= KBR_COMPANY_FORM_ONLY;
    }
    out->flags |= kbr_nobody_flags(core, out->form_count > 0);
    /* Of what has no name all that is told of it tells it apart: コーディネーターH(英国). */
    if ((out->flags & KBR_COMPANY_PARTY) != 0 &&
        !kbr_units_append(&out->key, out->note.data, out->note.len)) {
        return KABURI_ERROR_MEMORY;
    }
    return KABURI_OK;
}
