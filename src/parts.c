/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts. Names and values lie terminated in one buffer, found by offsets, so that growing moves
 * nothing that anybody points to before the last part is in.
 */
#include "parts.h"

#include "explain.h"

#include <string.h>

struct kaburi_parts {
    kaburi_allocator allocator;
    kbr_bytes text;
    size_t *offsets; /* name, value, name, value ... */
    size_t count;    /* of offsets */
    size_t capacity;
};

static const struct {
    uint32_t bit;
    const char *name;
} fold_names[] = {
    {KBR_FOLD_WIDTH, "width"},         {KBR_FOLD_CASE, "case"},
    {KBR_FOLD_IGNORABLE, "ignorable"}, {KBR_FOLD_KANA, "kana"},
    {KBR_FOLD_KANJI, "kanji"},         {KBR_FOLD_DASH, "dash"},
    {KBR_FOLD_SMALL, "small_kana"},    {KBR_FOLD_SOUND, "sound"},
    {KBR_FOLD_LONG, "long_vowel"},     {KBR_FOLD_MARK, "iteration_mark"},
    {KBR_FOLD_PUNCT, "punctuation"},   {KBR_FOLD_SPACE, "space"},
    {KBR_FOLD_LOOKALIKE, "lookalike"}, {KBR_FOLD_LATIN, "latin"},
};

static const char *const role_names[] = {
    [KBR_NUMBER_PLAIN] = "deal.number",  [KBR_NUMBER_YEAR] = "deal.year",
    [KBR_NUMBER_HALF] = "deal.half",     [KBR_NUMBER_QUARTER] = "deal.quarter",
    [KBR_NUMBER_MONTH] = "deal.month",   [KBR_NUMBER_DAY] = "deal.day",
    [KBR_NUMBER_PHASE] = "deal.phase",   [KBR_NUMBER_LOT] = "deal.lot",
    [KBR_NUMBER_AMOUNT] = "deal.amount", [KBR_NUMBER_OPPOSED] = "deal.opposed",
};

/* Begins a part; what is appended to parts->text until `end` is its value. */
static void begin(kaburi_parts *parts, const char *name) {
    void *offsets = parts->offsets;
    if (!kbr_reserve(&parts->allocator, &offsets, &parts->capacity, parts->count + 2,
                     sizeof *parts->offsets)) {
        parts->text.failed = true;
        return;
    }
    parts->offsets = offsets;
    parts->offsets[parts->count++] = parts->text.size;
    kbr_bytes_append(&parts->text, name, strlen(name) + 1);
    parts->offsets[parts->count++] = parts->text.size;
}

static void end(kaburi_parts *parts) {
    kbr_bytes_append(&parts->text, "", 1);
}

static void put(kaburi_parts *parts, const char *name, const char *value) {
    begin(parts, name);
    kbr_bytes_string(&parts->text, value);
    end(parts);
}

static void put_units(kaburi_parts *parts, const char *name, const uint16_t *units, size_t len) {
    if (len > 0) {
        begin(parts, name);
        kbr_bytes_units(&parts->text, units, len);
        end(parts);
    }
}

static void put_flags(kaburi_parts *parts, const char *name, uint32_t flags, uint32_t bit) {
    if ((flags & bit) != 0) {
        put(parts, name, "yes");
    }
}

static void put_folds(kaburi_parts *parts, const char *name, uint32_t folds) {
    for (size_t i = 0; i < KBR_COUNT(fold_names); i++) {
        if ((folds & fold_names[i].bit) != 0) {
            put(parts, name, fold_names[i].name);
        }
    }
}

/* The strict text keeps the upper half alone of a pair that a usual kanji took the place of. */
static void put_strict(kaburi_parts *parts, const kbr_folded *name) {
    if (name->len == 0) {
        return;
    }
    begin(parts, "company.strict");
    for (size_t i = 0; i < name->len; i++) {
        bool half = name->strict[i] >= 0xD800 && name->strict[i] < 0xDC00;
        bool pair = half && i + 1 < name->len && name->strict[i + 1] >= 0xDC00 &&
                    name->strict[i + 1] < 0xE000;
        kbr_bytes_units(&parts->text, half && !pair ? &name->unit[i] : &name->strict[i],
                        pair ? 2 : 1);
        i += pair;
    }
    end(parts);
}

static void put_company(kaburi_parts *parts, const kbr_folded *name, const kbr_company *company) {
    static const char *const places[] = {"", "company.form.head", "company.form.middle",
                                         "company.form.tail"};
    put_strict(parts, name);
    put_units(parts, "company.folded", name->unit, name->len);
    put_units(parts, "company.core", company->core.data, company->core.len);
    put_units(parts, "company.key", company->key.data, company->key.len);
    for (uint32_t i = 0; i < company->form_count; i++) {
        const char *form = kbr_company_form_name(company->forms[i].form);
        put(parts, places[company->forms[i].place & 3], form != NULL ? form : "");
    }
    put_units(parts, "company.branch", company->branch.data, company->branch.len);
    put_units(parts, "company.former", company->former.data, company->former.len);
    put_units(parts, "company.note", company->note.data, company->note.len);
    put_flags(parts, "company.honorific", company->flags, KBR_COMPANY_HONORIFIC);
    put_flags(parts, "company.head_office", company->flags, KBR_COMPANY_HEAD_OFFICE);
    put_flags(parts, "company.placeholder", company->flags, KBR_COMPANY_PLACEHOLDER);
    put_flags(parts, "company.form_only", company->flags, KBR_COMPANY_FORM_ONLY);
    put_folds(parts, "company.fold", company->folds | name->folds);
}

static void put_kana(kaburi_parts *parts, const char *name, const uint8_t *kana, size_t len) {
    uint16_t units[KBR_READING_KANA_MAX];
    for (size_t i = 0; i < len; i++) {
        units[i] = kana[i] == KBR_KANA_BREAK ? ' ' : (uint16_t)(0x3000 | kana[i]);
    }
    put_units(parts, name, units, len);
}

static void put_sounds(kaburi_parts *parts, const kbr_reading *reading) {
    uint8_t moras[KBR_READING_KANA_MAX];
    char letters[3 * KBR_READING_KANA_MAX + 1];
    for (uint32_t i = 0; i < reading->count; i++) {
        put_kana(parts, "company.reading", reading->kana[i], reading->kana_len[i]);
        size_t len = kbr_sound_of_kana(moras, reading->kana[i], reading->kana_len[i]);
        (void)kbr_sound_romaji(letters, moras, len);
        put(parts, "company.romaji", letters);
        letters[kbr_sound_skeleton(letters, moras, len)] = '\0';
        put(parts, "company.skeleton", letters);
    }
}

/* How the lexicon cuts the core, and what its terms mean. */
static void put_reading(kaburi_parts *parts, const kbr_reader *reader) {
    const kbr_reading *reading = &reader->reading;
    if (reader->given.count > 0) {
        put_kana(parts, "company.reading.given", reader->given.kana[0], reader->given.kana_len[0]);
    }
    put_sounds(parts, reading);
    for (uint32_t i = 0; reading->count > 0 && i < reading->piece_count; i++) {
        const kbr_piece *piece = &reading->pieces[i];
        put_units(parts, "company.piece", reader->company.core.data + piece->begin, piece->len);
        if (piece->term != 0) {
            put(parts, "company.term", kbr_lexicon_terms[piece->term]);
        }
    }
}

static void put_deal(kaburi_parts *parts, const kbr_folded *name, const kbr_deal *deal) {
    put_units(parts, "deal.strict", name->strict, name->len);
    put_units(parts, "deal.subject", deal->subject.data, deal->subject.len);
    put_units(parts, "deal.key", deal->key.data, deal->key.len);
    for (uint32_t i = 0; i < deal->number_count; i++) {
        begin(parts, role_names[deal->numbers[i].role]);
        (void)kbr_explain_number(&parts->text, &deal->numbers[i]);
        end(parts);
    }
    if (deal->sales != 0) {
        begin(parts, "deal.sale");
        (void)kbr_explain_sales(&parts->text, deal->sales, KABURI_LANGUAGE_ENGLISH);
        end(parts);
    }
    put_units(parts, "deal.site", deal->site.data, deal->site.len);
    put_flags(parts, "deal.tag", deal->flags, KBR_DEAL_TAG);
    put_flags(parts, "deal.company", deal->flags, KBR_DEAL_COMPANY);
    put_flags(parts, "deal.placeholder", deal->flags, KBR_DEAL_PLACEHOLDER);
    put_flags(parts, "deal.numbers_cut", deal->flags, KBR_DEAL_NUMBERS_CUT);
    put_folds(parts, "deal.fold", deal->folds | name->folds);
}

kaburi_status kbr_parts_create(kaburi_parts **out, const kbr_reader *reader,
                               const kaburi_allocator *allocator, kaburi_error *error) {
    kaburi_parts *parts = kbr_allocate(allocator, 1, sizeof *parts);
    if (parts == NULL) {
        return kbr_fail_memory(error);
    }
    parts->allocator = *allocator;
    parts->text.allocator = &parts->allocator;
    if (reader->company_text.len > 0) {
        put_company(parts, &reader->company_text, &reader->company);
        put_reading(parts, reader);
    }
    if (reader->deal_text.len > 0) {
        put_deal(parts, &reader->deal_text, &reader->deal);
    }
    if (parts->text.failed) {
        kaburi_parts_free(parts);
        return kbr_fail_memory(error);
    }
    *out = parts;
    return KABURI_OK;
}

void kaburi_parts_free(kaburi_parts *parts) {
    if (parts != NULL) {
        kaburi_allocator allocator = parts->allocator;
        kbr_bytes_free(&parts->text);
        kbr_release(&allocator, parts->offsets);
        kbr_release(&allocator, parts);
    }
}

size_t kaburi_parts_count(const kaburi_parts *parts) {
    return parts == NULL ? 0 : parts->count / 2;
}

const char *kaburi_parts_name(const kaburi_parts *parts, size_t position) {
    return position < kaburi_parts_count(parts) ? parts->text.data + parts->offsets[2 * position]
                                                : NULL;
}

const char *kaburi_parts_value(const kaburi_parts *parts, size_t position) {
    return position < kaburi_parts_count(parts)
               ? parts->text.data + parts->offsets[2 * position + 1]
               : NULL;
}
