/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record parsed and packed. Everything that can be refused is refused before anything is kept.
 */
#include "record.h"

#include "hash.h"
#include "text.h"
#include "words.h"

#include <string.h>

uint64_t kbr_record_key_hash(const uint16_t *key, size_t len) {
    return kbr_hash(key, len * sizeof *key);
}

static uint64_t hash_or_absent(const kbr_units *units) {
    return units->len == 0 ? 0 : kbr_record_key_hash(units->data, units->len);
}

void kbr_reader_init(kbr_reader *reader, const kaburi_allocator *allocator) {
    memset(reader, 0, sizeof *reader);
    reader->allocator = allocator;
    kbr_folded_init(&reader->company_text, allocator);
    kbr_folded_init(&reader->deal_text, allocator);
    kbr_folded_init(&reader->other_text, allocator);
    kbr_company_init(&reader->company, allocator);
    kbr_deal_init(&reader->deal, allocator);
}

void kbr_reader_free(kbr_reader *reader) {
    kbr_folded_free(&reader->company_text);
    kbr_folded_free(&reader->deal_text);
    kbr_folded_free(&reader->other_text);
    kbr_company_free(&reader->company);
    kbr_deal_free(&reader->deal);
    kbr_release(reader->allocator, reader->company_shingles);
    kbr_release(reader->allocator, reader->deal_shingles);
    kbr_release(reader->allocator, reader->card);
}

/* ---- single fields ---- */

static kaburi_status fold_field(kbr_folded *out, kaburi_text text, const char *field,
                                kaburi_error *error) {
    kaburi_status status = kbr_text_check(text, field, error);
    if (status != KABURI_OK) {
        return status;
    }
    if (kbr_fold(out, text) != KABURI_OK) {
        return kbr_fail_memory(error);
    }
    if (out->len > KABURI_TEXT_SIZE_MAX) {
        return kbr_fail(error, KABURI_ERROR_TOO_LONG,
                        "%s folds to %zu UTF-16 units; allowed are %d", field, out->len,
                        KABURI_TEXT_SIZE_MAX);
    }
    return KABURI_OK;
}

/* 法人番号: check digit = 9 - (sum of p * q) mod 9 over the 12 digits behind it, q = 1, 2, 1, 2 ...
 * from the right (国税庁, 法人番号の桁数と構成). */
static bool corporate_number_is_sound(const uint16_t *digits) {
    unsigned sum = 0;
    for (int i = 0; i < 12; i++) {
        unsigned digit = digits[12 - i] - (unsigned)'0';
        sum += digit * (i % 2 == 0 ? 1U : 2U);
    }
    return digits[0] - (unsigned)'0' == 9 - sum % 9;
}

static kaburi_status read_corporate_number(kbr_reader *reader, kaburi_text text, uint64_t *out,
                                           kaburi_error *error) {
    *out = 0;
    if (text.size == 0) {
        return KABURI_OK;
    }
    kbr_folded *folded = &reader->other_text;
    kaburi_status status = fold_field(folded, text, "corporate_number", error);
    if (status != KABURI_OK) {
        return status;
    }
    const uint16_t *digits = folded->strict;
    size_t len = folded->len;
    if (len == 14 && digits[0] == 't') { /* an invoice number is T and the corporate number */
        digits++;
        len--;
    }
    bool sound = len == 13;
    for (size_t i = 0; sound && i < len; i++) {
        sound = digits[i] >= '0' && digits[i] <= '9';
        *out = *out * 10 + (sound ? digits[i] - (uint64_t)'0' : 0);
    }
    if (!sound) {
        *out = 0;
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "corporate_number is not 13 digits");
    }
    if (!corporate_number_is_sound(digits)) {
        *out = 0;
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "corporate_number has a wrong check digit");
    }
    return KABURI_OK;
}

static size_t find_unit(const uint16_t *units, size_t begin, size_t end, const char *wanted) {
    while (begin < end && (units[begin] > 127 || strchr(wanted, units[begin]) == NULL)) {
        begin++;
    }
    return begin;
}

/* The host in units[*begin..*end), as RFC 3986 has it: behind the scheme and the user, before port,
 * path, query and fragment; "www." cut. */
static void find_host(const uint16_t *units, size_t *begin, size_t *end) {
    size_t slash = find_unit(units, *begin, *end, ":/?#");
    if (slash + 2 < *end && units[slash] == ':' && units[slash + 1] == '/' &&
        units[slash + 2] == '/') {
        *begin = slash + 3;
    }
    *end = find_unit(units, *begin, *end, "/?#>");
    for (size_t at = *begin; at < *end; at++) {
        if (units[at] == '@') {
            *begin = at + 1;
        }
    }
    *end = find_unit(units, *begin, *end, ":");
    static const uint16_t www[] = {'w', 'w', 'w', '.'};
    if (*end - *begin > 4 && memcmp(units + *begin, www, sizeof www) == 0) {
        *begin += 4;
    }
    while (*end > *begin && units[*end - 1] == '.') {
        (*end)--;
    }
}

/* The host of an address or a URL; free-mail hosts say nothing. */
static kaburi_status read_domain(kbr_reader *reader, kaburi_text text, uint64_t *out,
                                 kaburi_error *error) {
    *out = 0;
    if (text.size == 0) {
        return KABURI_OK;
    }
    kbr_folded *folded = &reader->other_text;
    kaburi_status status = fold_field(folded, text, "domain", error);
    if (status != KABURI_OK) {
        return status;
    }
    const uint16_t *units = folded->strict;
    size_t begin = 0;
    size_t end = folded->len;
    find_host(units, &begin, &end);
    if (end > begin && kbr_words_find(&kbr_words_free_mail, units + begin, end - begin) == NULL) {
        *out = kbr_record_key_hash(units + begin, end - begin);
    }
    return KABURI_OK;
}

/* Whether somebody said how a name is read: kana, or romaji. Kanji in the field say no more than
 * the name does, and a guess at them is none of the caller's. */
static bool is_reading(const kbr_units *core) {
    for (size_t i = 0; i < core->len; i++) {
        uint8_t script = kbr_fold_script(core->data[i]);
        if (!kbr_is_kana(core->data[i]) && script != KBR_SCRIPT_SPACE &&
            script != KBR_SCRIPT_PUNCT && script != KBR_SCRIPT_DIGIT) {
            return kbr_reading_is_romaji(core->data, core->len);
        }
    }
    return true;
}

/* The company parser is lent for the reading, whose legal form is cut just as a name's is. Where
 * names are not read, a reading is no more than checked. */
static kaburi_status read_reading(kbr_reader *reader, kaburi_text text, kaburi_error *error) {
    reader->given.count = 0;
    if (text.size == 0) {
        return KABURI_OK;
    }
    kaburi_status status = fold_field(&reader->other_text, text, "company_reading", error);
    if (status != KABURI_OK) {
        return status;
    }
    if (kbr_company_parse(&reader->company, &reader->other_text) != KABURI_OK) {
        return kbr_fail_memory(error);
    }
    if (!reader->unread && is_reading(&reader->company.core)) {
        kbr_reading_of(&reader->given, reader->company.core.data, reader->company.core.len);
    }
    return KABURI_OK;
}

/* A placeholder is read as little as it is compared. */
static void read_spoken(kbr_reader *reader) {
    const kbr_units *core = &reader->company.core;
    bool named = (reader->company.flags & KBR_COMPANY_PLACEHOLDER) == 0;
    reader->reading.count = 0;
    if (named && !reader->unread) {
        kbr_reading_of(&reader->reading, core->data, core->len);
    }
    kbr_spoken_of(&reader->spoken, core->data, core->len, &reader->reading, &reader->given);
}

/* ---- the card ---- */

/* Identities that were met: of a field's shingles, KBR_CARD_SHINGLES_MAX at most. */
typedef struct identities {
    uint16_t places[2 * KBR_CARD_SHINGLES_MAX]; /* position + 1 of one; 0 = free */
    uint32_t ids[KBR_CARD_SHINGLES_MAX];
    size_t count;
} identities;

static bool is_new(identities *met, uint32_t id) {
    size_t place = id % KBR_COUNT(met->places);
    while (met->places[place] != 0 && met->ids[met->places[place] - 1] != id) {
        place = (place + 1) % KBR_COUNT(met->places);
    }
    if (met->places[place] != 0) {
        return false;
    }
    met->ids[met->count++] = id;
    met->places[place] = (uint16_t)met->count;
    return true;
}

/*
 * Leaves out a shingle with the identity of an earlier one. Splitting tells repeats apart only
 * within reach, and only so many; a set that held one twice would share more with another than that
 * one with it.
 */
static size_t drop_twins(kbr_shingle *shingles, size_t count) {
    identities met = {.count = 0};
    for (size_t i = 0; i < count; i++) {
        if (is_new(&met, kbr_shingle_identity(&shingles[i]))) {
            shingles[met.count - 1] = shingles[i];
        }
    }
    return met.count;
}

/* The same, of windows. */
static size_t drop_twin_windows(kbr_window *windows, size_t count) {
    identities met = {.count = 0};
    for (size_t i = 0; i < count; i++) {
        if (is_new(&met, kbr_window_identity(windows[i]))) {
            windows[met.count - 1] = windows[i];
        }
    }
    return met.count;
}

size_t kbr_card_shingle_windows(kbr_window *out, const kbr_card *card, int field) {
    bool company = field == KBR_FIELD_OF_COMPANY;
    const uint16_t *key = company ? kbr_card_company_key(card) : kbr_card_deal_key(card);
    size_t len = company ? card->company_len : card->deal_len;
    size_t wanted = kbr_card_shingles(card, field);
    size_t count = wanted;
    if (wanted > KBR_CARD_WINDOWS_MAX) {
        count = len == 0 ? 0 : kbr_shingle_windows(out, KBR_CARD_SHINGLES_MAX, key, len);
        kbr_shingle_tell_repeats(out, count);
        count = count > KBR_SHINGLE_REACH ? drop_twin_windows(out, count) : count;
        return count < wanted ? count : wanted;
    }
    kbr_card_windows from = kbr_card_windows_of(card, field);
    for (size_t i = 0; i < count; i++) {
        out[i] = kbr_card_windows_take(&from, i + 1 < len ? key[i + 1] : KBR_BORDER);
        if ((from.repeats >> i & 1) != 0) {
            out[i] = kbr_shingle_repeated(out, i);
        }
    }
    return count;
}

static bool split(kbr_reader *reader, const kbr_units *key, int field, kbr_shingle **shingles,
                  size_t *count, size_t *capacity) {
    void *items = *shingles;
    bool done = kbr_reserve(reader->allocator, &items, capacity, key->len + 1, sizeof **shingles);
    *shingles = items;
    if (done) {
        *count = key->len == 0 ? 0 : kbr_shingle_split(*shingles, key->data, key->len, field);
        *count = *count < KBR_CARD_SHINGLES_MAX ? *count : KBR_CARD_SHINGLES_MAX;
        *count = *count > KBR_SHINGLE_REACH ? drop_twins(*shingles, *count) : *count;
    }
    return done;
}

static uint8_t scripts_of(const kbr_units *key) {
    unsigned scripts = 0;
    for (size_t i = 0; i < key->len; i++) {
        switch (kbr_fold_script(key->data[i])) {
        case KBR_SCRIPT_HIRAGANA:
        case KBR_SCRIPT_KATAKANA:
            scripts |= KBR_WRITTEN_KANA;
            break;
        case KBR_SCRIPT_KANJI:
            scripts |= KBR_WRITTEN_KANJI;
            break;
        case KBR_SCRIPT_LATIN:
            scripts |= KBR_WRITTEN_LATIN;
            break;
        case KBR_SCRIPT_OTHER:
            scripts |= KBR_WRITTEN_OTHER;
            break;
        default:
            break;
        }
    }
    return (uint8_t)scripts;
}

/* What goes into the card's parts of no fixed size, gathered before the size is known. */
typedef struct gathered {
    uint64_t words[KBR_CARD_WORDS]; /* those of `has`, in order */
    uint32_t word_count;
    uint32_t has;
    kbr_opposed opposed[KBR_OPPOSED_MAX];
    size_t opposed_count;
} gathered;

/* In the order of KBR_CARD_*; a hash of 0 is none. */
static void gather_word(gathered *out, int word, uint64_t value) {
    if (value != 0) {
        out->has |= 1U << word;
        out->words[out->word_count++] = value;
    }
}

/* The only amount in yen that a deal's name tells: ERP導入 500万円; else 0. */
static int64_t amount_told(const kbr_deal *deal) {
    int64_t told = 0;
    for (uint32_t i = 0; i < deal->number_count; i++) {
        if (deal->numbers[i].role == KBR_NUMBER_AMOUNT) {
            if (told != 0 || deal->numbers[i].context != 0) {
                return 0;
            }
            told = deal->numbers[i].value;
        }
    }
    return told;
}

/* A note in brackets stands for the branch where none is named. */
static const kbr_units *branch_of(const kbr_company *company) {
    return company->branch.len > 0 ? &company->branch : &company->note;
}

/* Where words begin in the key of a name in Latin letters: bit i set for unit i, 1..63. What ends a
 * word in the core is not in the key; of the core's other units at most the last are not those of
 * the key, which has holdings for HD and for ホールディングス. */
static uint64_t borders_of(const kbr_company *company) {
    uint64_t borders = 0;
    size_t at = 0;
    bool ended = false;
    for (size_t i = 0; i < company->core.len; i++) {
        uint16_t unit = company->core.data[i];
        uint8_t script = kbr_fold_script(unit);
        if (script == KBR_SCRIPT_LATIN || script == KBR_SCRIPT_DIGIT) {
            borders |= ended && at > 0 && at < 64 ? UINT64_C(1) << at : 0;
            ended = false;
            at++;
        } else {
            ended |= unit != '\'';
        }
        if (script == KBR_SCRIPT_KATAKANA) {
            borders |= at > 0 && at < 64 && at < company->key.len ? UINT64_C(1) << at : 0;
            break;
        }
    }
    return borders;
}

static void gather(gathered *out, const kbr_reader *reader, const kaburi_record *record,
                   uint64_t corporate_number, uint64_t domain) {
    const kbr_company *company = &reader->company;
    const kbr_spoken *spoken = &reader->spoken;
    memset(out, 0, sizeof *out);
    for (uint32_t i = 0; i < spoken->reading_count; i++) {
        gather_word(out, KBR_CARD_READING + (int)i, spoken->readings[i]);
    }
    gather_word(out, KBR_CARD_ACRONYM, spoken->acronym);
    gather_word(out, KBR_CARD_FORMER, hash_or_absent(&company->former));
    gather_word(out, KBR_CARD_BRANCH, hash_or_absent(branch_of(company)));
    gather_word(out, KBR_CARD_CORPORATE_NUMBER, corporate_number);
    gather_word(out, KBR_CARD_DOMAIN, domain);
    gather_word(out, KBR_CARD_DEAL, hash_or_absent(&reader->deal.key));
    gather_word(out, KBR_CARD_DEAL_WORDS, reader->deal.words_hash);
    gather_word(out, KBR_CARD_SITE, hash_or_absent(&reader->deal.site));
    /* An amount of 0 says as little as none. */
    int64_t amount =
        record->amount == KABURI_AMOUNT_ABSENT ? amount_told(&reader->deal) : record->amount;
    gather_word(out, KBR_CARD_AMOUNT, (uint64_t)amount);
    if (scripts_of(&company->key) == KBR_WRITTEN_LATIN) {
        gather_word(out, KBR_CARD_BORDERS, borders_of(company));
    }
    out->opposed_count =
        kbr_opposed_find(out->opposed, company->core.data, company->core.len, &reader->reading);
}

static bool has_repeats(const kbr_shingle *shingles, size_t count) {
    bool repeats = false;
    for (size_t i = 0; i < count; i++) {
        repeats |= shingles[i].repeat > 0;
    }
    return repeats;
}

static uint8_t traits_of_shingles(const kbr_reader *reader) {
    bool company = has_repeats(reader->company_shingles, reader->company_shingle_count);
    bool deal = has_repeats(reader->deal_shingles, reader->deal_shingle_count);
    return (uint8_t)((company ? KBR_TRAIT_COMPANY_REPEATS : 0) |
                     (deal ? KBR_TRAIT_DEAL_REPEATS : 0));
}

static size_t threes_size(size_t count, bool repeats) {
    return count > KBR_CARD_WINDOWS_MAX ? 0 : (count + 7) / 8 << repeats;
}

static size_t card_size(const kbr_reader *reader, const gathered *parts) {
    uint8_t traits = traits_of_shingles(reader);
    size_t threes =
        threes_size(reader->company_shingle_count, (traits & KBR_TRAIT_COMPANY_REPEATS) != 0) +
        threes_size(reader->deal_shingle_count, (traits & KBR_TRAIT_DEAL_REPEATS) != 0);
    const kbr_spoken *spoken = &reader->spoken;
    size_t shingles = reader->company_shingle_count + reader->deal_shingle_count;
    size_t units =
        reader->company.key.len + reader->deal.key.len + spoken->sound_count + spoken->sense_count;
    size_t size = sizeof(kbr_card) + parts->word_count * sizeof(uint64_t) +
                  reader->deal.number_count * sizeof(kbr_number) +
                  reader->company.form_count * sizeof(kbr_form) +
                  parts->opposed_count * sizeof(kbr_opposed) +
                  spoken->skeleton_count * sizeof(uint32_t) + shingles + units * sizeof(uint16_t) +
                  spoken->rest_count + spoken->spelt_count + threes;
    return (size + 7) & ~(size_t)7;
}

/* 0x20 marks words that only end like a unit's (倶楽部, 商店), see branch_words.tsv. */
static bool ends_in_unit(const kbr_units *core) {
    const kbr_word *word =
        core->len == 0 ? NULL : kbr_words_before(&kbr_words_branch_words, core->data, core->len);
    return word != NULL && (word->attribute & 0x20U) == 0;
}

static bool ends_in_facility(const kbr_units *text) {
    return text->len > 0 && kbr_words_before(&kbr_words_facilities, text->data, text->len) != NULL;
}

/* What the places behind the card's struct hold is written once, here; everybody else reads. */
static void put(const void *place, const void *from, size_t size) {
    if (size > 0) {
        memcpy((void *)(uintptr_t)place, from, size);
    }
}

static uint32_t pack_shingles(const uint8_t *rarities, const kbr_shingle *shingles, size_t count) {
    uint32_t weight = 0;
    for (size_t i = 0; i < count; i++) {
        put(rarities + i, &shingles[i].rarity, sizeof *rarities);
        weight += shingles[i].rarity;
    }
    return weight;
}

static void pack_threes(const kbr_card *card, int field, const kbr_units *key,
                        const kbr_shingle *shingles) {
    kbr_window windows[KBR_CARD_WINDOWS_MAX];
    uint8_t bits[(KBR_CARD_WINDOWS_MAX + 7) / 8 * 2] = {0};
    size_t size = kbr_card_bits_size(card, field);
    size_t count =
        size == 0 ? 0 : kbr_shingle_windows(windows, KBR_CARD_WINDOWS_MAX, key->data, key->len);
    for (size_t i = 0; i < count; i++) {
        bits[i / 8] |= (uint8_t)(kbr_window_is_three(windows[i]) << i % 8);
        bits[size + i / 8] |= (uint8_t)((shingles[i].repeat > 0) << i % 8);
    }
    put(kbr_card_threes(card, field), bits, kbr_card_threes_size(card, field));
}

/* How much each part holds; what is written afterwards has its place by it. */
static void pack_counts(kbr_card *card, const kbr_reader *reader, const gathered *parts) {
    card->has = (uint16_t)parts->has;
    card->word_count = (uint8_t)parts->word_count;
    card->number_count = (uint8_t)reader->deal.number_count;
    card->form_count = (uint8_t)reader->company.form_count;
    card->opposed_count = (uint8_t)parts->opposed_count;
    card->skeleton_count = (uint8_t)reader->spoken.skeleton_count;
    card->company_shingles = (uint16_t)reader->company_shingle_count;
    card->deal_shingles = (uint16_t)reader->deal_shingle_count;
    card->company_len = (uint16_t)reader->company.key.len;
    card->deal_len = (uint16_t)reader->deal.key.len;
    card->sound_count = (uint8_t)reader->spoken.sound_count;
    card->sense_count = (uint8_t)reader->spoken.sense_count;
    card->rest_count = (uint8_t)(reader->spoken.rest_count + reader->spoken.spelt_count);
    card->traits = traits_of_shingles(reader);
}

static void pack_company(kbr_card *card, const kbr_reader *reader) {
    const kbr_company *company = &reader->company;
    card->company = hash_or_absent(&company->key);
    card->company_strict = company->key.len == 0 ? 0 : (uint32_t)company->strict_hash;
    card->company_flags = (uint8_t)company->flags;
    card->scripts = scripts_of(&company->key);
    card->traits |= ends_in_unit(&company->core) ? KBR_TRAIT_UNIT_TAIL : 0;
    card->traits |= ends_in_facility(&company->core) ? KBR_TRAIT_FACILITY_TAIL : 0;
    card->traits |= ends_in_facility(branch_of(company)) ? KBR_TRAIT_FACILITY : 0;
    card->company_weight = pack_shingles(kbr_card_company_rarities(card), reader->company_shingles,
                                         reader->company_shingle_count);
    put(kbr_card_forms(card), company->forms, company->form_count * sizeof(kbr_form));
    put(kbr_card_company_key(card), company->key.data, company->key.len * sizeof(uint16_t));
    pack_threes(card, KBR_FIELD_OF_COMPANY, &company->key, reader->company_shingles);
}

static uint16_t pack_spoken_shingles(const uint16_t *place, const uint16_t *shingles,
                                     size_t count) {
    uint32_t weight = 0;
    put(place, shingles, count * sizeof *shingles);
    for (size_t i = 0; i < count; i++) {
        weight += kbr_spoken_rarity(shingles[i]);
    }
    return (uint16_t)weight;
}

static void pack_spoken(kbr_card *card, const kbr_reader *reader) {
    const kbr_spoken *spoken = &reader->spoken;
    uint32_t skeletons[KBR_SPOKEN_SKELETONS_MAX];
    for (uint32_t i = 0; i < spoken->skeleton_count; i++) {
        skeletons[i] = (uint32_t)spoken->skeletons[i];
    }
    put(kbr_card_skeletons(card), skeletons, spoken->skeleton_count * sizeof *skeletons);
    card->traits |= reader->given.count > 0 ? KBR_TRAIT_READING_GIVEN : 0;
    if (card->scripts == KBR_WRITTEN_LATIN && spoken->reading_count > 0 && spoken->romaji) {
        card->traits |= KBR_TRAIT_ROMAJI;
    }
    card->sound_weight =
        pack_spoken_shingles(kbr_card_sound(card), spoken->sound, spoken->sound_count);
    card->sense_weight =
        pack_spoken_shingles(kbr_card_sense(card), spoken->sense, spoken->sense_count);
    put(kbr_card_rest(card), spoken->rest, spoken->rest_count);
    for (uint32_t i = 0; i < spoken->spelt_count; i++) {
        uint8_t code = (uint8_t)(KBR_CARD_LETTER + spoken->spelt[i] - 'a');
        put(kbr_card_rest(card) + spoken->rest_count + i, &code, 1);
    }
}

static void pack_deal(kbr_card *card, const kbr_reader *reader) {
    const kbr_deal *deal = &reader->deal;
    card->deal_strict = reader->deal_text.len == 0 ? 0 : (uint32_t)deal->strict_hash;
    card->deal_flags = (uint8_t)deal->flags;
    card->deal_sales = (uint16_t)deal->sales;
    for (uint32_t i = 0; i < deal->number_count; i++) {
        card->roles |= (uint16_t)(1U << deal->numbers[i].role);
    }
    card->deal_weight = pack_shingles(kbr_card_deal_rarities(card), reader->deal_shingles,
                                      reader->deal_shingle_count);
    put(kbr_card_numbers(card), deal->numbers, deal->number_count * sizeof(kbr_number));
    put(kbr_card_deal_key(card), deal->key.data, deal->key.len * sizeof(uint16_t));
    pack_threes(card, KBR_FIELD_OF_DEAL, &deal->key, reader->deal_shingles);
}

static bool pack(kbr_reader *reader, const kaburi_record *record, const gathered *parts) {
    size_t size = card_size(reader, parts);
    void *block = reader->card;
    if (!kbr_reserve(reader->allocator, &block, &reader->card_capacity, size, 1)) {
        return false;
    }
    reader->card = block;
    memset(block, 0, size);
    kbr_card *card = reader->card;
    card->id = record->id;
    card->size = (uint32_t)size;
    card->close_date = record->close_date;
    card->stage = (uint8_t)record->stage;
    card->kind = (uint8_t)record->kind;
    pack_counts(card, reader, parts);
    put(kbr_card_words(card), parts->words, parts->word_count * sizeof *parts->words);
    put(kbr_card_opposed(card), parts->opposed, parts->opposed_count * sizeof *parts->opposed);
    pack_company(card, reader);
    pack_spoken(card, reader);
    pack_deal(card, reader);
    return true;
}

/* ---- the whole record ---- */

/* Every text has data where it has a size; the texts that are kept for the caller only are checked
 * here, the others where they are folded. */
static kaburi_status check_texts(const kaburi_record *record, kaburi_error *error) {
    const struct {
        const char *name;
        kaburi_text text;
        bool kept;
    } fields[] = {
        {"company", record->company, false},
        {"company_reading", record->company_reading, false},
        {"corporate_number", record->corporate_number, false},
        {"domain", record->domain, false},
        {"deal", record->deal, false},
        {"department", record->department, true},
        {"owner", record->owner, true},
        {"campaigns", record->campaigns, true},
    };
    kaburi_status status = KABURI_OK;
    for (size_t i = 0; status == KABURI_OK && i < KBR_COUNT(fields); i++) {
        if (fields[i].text.data == NULL && fields[i].text.size > 0) {
            status = kbr_fail(error, KABURI_ERROR_ARGUMENT, "%s is NULL with a size of %zu",
                              fields[i].name, fields[i].text.size);
        } else if (fields[i].kept) {
            status = kbr_text_check(fields[i].text, fields[i].name, error);
        }
    }
    return status;
}

static kaburi_status check_record(const kaburi_record *record, kaburi_error *error) {
    if (record->struct_size != sizeof *record) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT,
                        "record.struct_size is %u; kaburi_record_init sets %zu",
                        record->struct_size, sizeof *record);
    }
    if (record->company.size == 0 && record->deal.size == 0) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "record has neither company nor deal");
    }
    if (record->stage < KABURI_STAGE_UNKNOWN || record->stage > KABURI_STAGE_LOST) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "stage is %d; allowed are %d..%d",
                        record->stage, KABURI_STAGE_UNKNOWN, KABURI_STAGE_LOST);
    }
    if (record->kind < KABURI_KIND_UNKNOWN || record->kind > KABURI_KIND_LEAD) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "kind is %d; allowed are %d..%d",
                        record->kind, KABURI_KIND_UNKNOWN, KABURI_KIND_LEAD);
    }
    return check_texts(record, error);
}

static kaburi_status read_names(kbr_reader *reader, const kaburi_record *record,
                                kaburi_error *error) {
    kaburi_status status = fold_field(&reader->company_text, record->company, "company", error);
    if (status == KABURI_OK) {
        status = fold_field(&reader->deal_text, record->deal, "deal", error);
    }
    if (status != KABURI_OK) {
        return status;
    }
    if (reader->company_text.len == 0 && reader->deal_text.len == 0) {
        return kbr_fail(error, KABURI_ERROR_ARGUMENT, "company and deal are empty after folding");
    }
    reader->deal.owner = NULL;
    if (record->owner.size > 0) {
        status = fold_field(&reader->other_text, record->owner, "owner", error);
        if (status != KABURI_OK) {
            return status;
        }
        reader->deal.owner = &reader->other_text;
    }
    if (kbr_company_parse(&reader->company, &reader->company_text) != KABURI_OK ||
        kbr_deal_parse(&reader->deal, &reader->deal_text, &reader->company) != KABURI_OK) {
        return kbr_fail_memory(error);
    }
    read_spoken(reader);
    if (!split(reader, &reader->company.key, KBR_FIELD_OF_COMPANY, &reader->company_shingles,
               &reader->company_shingle_count, &reader->company_shingle_capacity) ||
        !split(reader, &reader->deal.key, KBR_FIELD_OF_DEAL, &reader->deal_shingles,
               &reader->deal_shingle_count, &reader->deal_shingle_capacity)) {
        return kbr_fail_memory(error);
    }
    return KABURI_OK;
}

kaburi_status kbr_reader_read(kbr_reader *reader, const kaburi_record *record,
                              kaburi_error *error) {
    kaburi_status status = check_record(record, error);
    uint64_t corporate_number = 0;
    uint64_t domain = 0;
    if (status == KABURI_OK) {
        status = read_reading(reader, record->company_reading, error);
    }
    if (status == KABURI_OK) {
        status = read_corporate_number(reader, record->corporate_number, &corporate_number, error);
    }
    if (status == KABURI_OK) {
        status = read_domain(reader, record->domain, &domain, error);
    }
    if (status == KABURI_OK) {
        status = read_names(reader, record, error);
    }
    if (status != KABURI_OK) {
        return status;
    }
    gathered parts;
    gather(&parts, reader, record, corporate_number, domain);
    return pack(reader, record, &parts) ? KABURI_OK : kbr_fail_memory(error);
}
