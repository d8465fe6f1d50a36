/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A deal's name taken apart. First the ends: tags and the company's name are cut until nothing more
 * comes off. What is left is read once from the left; numbers go to their list, the rest is the
 * subject. The key is the subject without particles and tail words, with synonyms put to one word.
 */
#include "deal.h"

#include "deal_ends.h"

#include "text.h"
#include "words.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define SITE_LEN_MAX 16
#define SYNONYM_LONG 5
#define SYNONYM_LOAN 1U
#define GLOSS_LEN_MAX 24

/* Attributes of the lists, see their heads. */
#define NOISE_PARTICLE 1U
#define NOISE_TAIL 2U
#define SALE_BITS 0xFFU
#define SALE_LABEL 0x100U
#define PLACEHOLDER_NUMBERED 2U

void kbr_deal_init(kbr_deal *deal, const kaburi_allocator *allocator) {
    memset(deal, 0, sizeof *deal);
    deal->subject.allocator = allocator;
    deal->key.allocator = allocator;
    deal->site.allocator = allocator;
    deal->loose.allocator = allocator;
    deal->fiscal_month = KBR_FISCAL_MONTH_DEFAULT;
}

void kbr_deal_free(kbr_deal *deal) {
    kbr_units_free(&deal->subject);
    kbr_units_free(&deal->key);
    kbr_units_free(&deal->site);
    kbr_units_free(&deal->loose);
}

/* ---- what the name says beside its subject ---- */

static void trim_end(kbr_units *units) {
    while (units->len > 0 && kbr_deal_is_separator(units->data[units->len - 1])) {
        units->len--;
    }
}

/* What is open at the end: the bracket of CRM導入(案件), and what stands before it. */
static void trim_open(kbr_units *units) {
    trim_end(units);
    while (units->len > 0 && kbr_deal_closing(units->data[units->len - 1]) != 0) {
        units->len--;
        trim_end(units);
    }
}

static bool is_run_start(const kbr_folded *text, size_t at) {
    return at == 0 || text->script[at] != text->script[at - 1];
}

static bool is_run_end(const kbr_folded *text, size_t end) {
    return end >= text->len || text->script[end] != text->script[end - 1];
}

/* Words of kanji may stand anywhere, others only as whole runs. */
static bool is_whole(const kbr_folded *text, size_t at, size_t len) {
    return text->script[at] == KBR_SCRIPT_KANJI ||
           (is_run_start(text, at) && is_run_end(text, at + len));
}

/* Kinds of sale anywhere in the name; a label that stands apart at the end is cut. */
static void read_sales(kbr_deal *deal, kbr_deal_span *name) {
    const kbr_folded *text = name->text;
    for (size_t at = name->begin; at < name->end;) {
        const kbr_word *word = kbr_words_at(&kbr_words_deal_sales, text->unit, name->end, at);
        if (word == NULL || !is_whole(text, at, word->len)) {
            at++;
            continue;
        }
        deal->sales |= word->attribute & SALE_BITS;
        bool label = (word->attribute & SALE_LABEL) != 0 && at + word->len == name->end &&
                     at > name->begin + 1 && kbr_deal_is_separator(text->unit[at - 1]);
        at += word->len;
        if (label) {
            name->end = at - word->len;
            kbr_deal_trim(name);
            return;
        }
    }
}

/* What joins the words of a Latin phrase: clean room, clean-room. */
static bool is_joint(const kbr_folded *text, size_t at) {
    return text->script[at] == KBR_SCRIPT_SPACE || text->unit[at] == '-';
}

/* Whether all words of the Latin phrase around a place are synonyms: clean room. A product's name
 * is left as it is, for it is written in one word as well: Extra File Storage; Re-design. */
static bool is_known_phrase(const kbr_folded *text, size_t at, size_t end) {
    while (at > 0 &&
           (text->script[at - 1] == KBR_SCRIPT_LATIN ||
            (is_joint(text, at - 1) && at > 1 && text->script[at - 2] == KBR_SCRIPT_LATIN))) {
        at--;
    }
    while (at < end && text->script[at] == KBR_SCRIPT_LATIN) {
        const kbr_word *word = kbr_words_at(&kbr_words_deal_synonyms, text->unit, end, at);
        if (word == NULL || !is_run_end(text, at + word->len)) {
            return false;
        }
        at += word->len;
        at += at < end && is_joint(text, at);
    }
    return true;
}

/* A word may also end a run of katakana when it is too long to be in another word by chance:
 * システムリプレース, but リリース keeps its リース. */
static bool ends_katakana(const kbr_folded *text, size_t at, size_t len) {
    return len >= SYNONYM_LONG && text->script[at] == KBR_SCRIPT_KATAKANA &&
           is_run_end(text, at + len);
}

/* And such a word may begin the run where another is all the rest of it: ホームページリニューアル.
 */
static bool is_synonym(const kbr_folded *text, size_t at, size_t len, size_t end) {
    if (is_whole(text, at, len) || ends_katakana(text, at, len)) {
        return true;
    }
    if (len < SYNONYM_LONG || text->script[at] != KBR_SCRIPT_KATAKANA || !is_run_start(text, at)) {
        return false;
    }
    const kbr_word *next = kbr_words_at(&kbr_words_deal_synonyms, text->unit, end, at + len);
    return next != NULL && ends_katakana(text, at + len, next->len);
}

static bool append_site(kbr_deal *deal, const kbr_deal_span *name, size_t begin, size_t end) {
    static const uint16_t space = ' ';
    return kbr_units_append(&deal->site, &space, deal->site.len > 0 ? 1 : 0) &&
           kbr_units_append(&deal->site, name->text->unit + begin, end - begin);
}

/* The end of a bracket's content that names a site: (茨城), (北海道美比内山地域); else 0. */
static size_t bracketed_site(const kbr_deal_span *name, size_t at) {
    const kbr_folded *text = name->text;
    if (text->unit[at] != '(' || at + 1 >= name->end) {
        return 0;
    }
    size_t end = at + 1;
    while (end < name->end && end - at <= SITE_LEN_MAX && text->script[end] != KBR_SCRIPT_PUNCT &&
           text->script[end] != KBR_SCRIPT_SPACE) {
        end++;
    }
    if (kbr_deal_unit(name, end) != ')' || end - at < 3) {
        return 0;
    }
    bool place = kbr_words_find(&kbr_words_places, text->unit + at + 1, end - at - 1) != NULL;
    return place || kbr_words_before(&kbr_words_deal_sites, text->unit, end) != NULL ? end : 0;
}

/* Places with the word that makes a site of them: 名古屋工場; and sites in brackets. */
static bool read_sites(kbr_deal *deal, const kbr_deal_span *name) {
    const kbr_folded *text = name->text;
    for (size_t at = name->begin; at < name->end;) {
        size_t end = bracketed_site(name, at);
        if (end > 0) {
            if (!append_site(deal, name, at + 1, end)) {
                return false;
            }
            at = end;
            continue;
        }
        const kbr_word *place = text->script[at] == KBR_SCRIPT_KANJI
                                    ? kbr_words_at(&kbr_words_places, text->unit, name->end, at)
                                    : NULL;
        end = place == NULL ? at + 1 : at + place->len;
        const kbr_word *site =
            place == NULL ? NULL : kbr_words_at(&kbr_words_deal_sites, text->unit, name->end, end);
        if (site != NULL) {
            end += site->len;
            if (!append_site(deal, name, at, end)) {
                return false;
            }
        }
        at = end;
    }
    return true;
}

static void keep_numbers(kbr_deal *deal, const kbr_number_reading *reading) {
    for (size_t i = 0; i < reading->count; i++) {
        if (deal->number_count == KBR_DEAL_COUNTED_MAX) {
            deal->flags |= KBR_DEAL_NUMBERS_CUT;
            return;
        }
        deal->numbers[deal->number_count++] = reading->number[i];
    }
}

/* Words that another deal's may oppose, at most KBR_DEAL_OPPOSED_MAX, behind the numbers. */
static void read_opposed(kbr_deal *deal, const kbr_deal_span *name) {
    const kbr_folded *text = name->text;
    const kbr_words *words = &kbr_words_deal_opposed;
    size_t found = 0;
    for (size_t at = name->begin; at < name->end && found < KBR_DEAL_OPPOSED_MAX;) {
        const kbr_word *word = kbr_words_at(words, text->unit, name->end, at);
        if (word == NULL || !is_whole(text, at, word->len)) {
            at++;
            continue;
        }
        size_t place = (size_t)(word - words->words);
        size_t sense = word->attribute > 0 ? word->attribute : words->count + place;
        deal->numbers[deal->number_count++] = (kbr_number){.value = KBR_OPPOSED_VALUE(sense, place),
                                                           .context = word->value,
                                                           .scale = 1,
                                                           .role = KBR_NUMBER_OPPOSED};
        found++;
        at += word->len;
    }
}

static bool has_role(const kbr_deal *deal, uint32_t role) {
    for (size_t i = 0; i < deal->number_count; i++) {
        if (deal->numbers[i].role == role) {
            return true;
        }
    }
    return false;
}

static bool keep_stamped(kbr_deal *deal, uint32_t role, uint32_t value) {
    if (value == 0 || deal->number_count == KBR_DEAL_COUNTED_MAX || has_role(deal, role)) {
        return false;
    }
    deal->numbers[deal->number_count++] =
        (kbr_number){.value = value, .scale = 1, .role = (uint8_t)role};
    return true;
}

/* A date of entry is the deal's year or month where its name tells no other, and then one that
 * counts beside another stamp alone. */
static void keep_stamp(kbr_deal *deal) {
    if (deal->stamp_year == 0) {
        return;
    }
    /* Two spellings that differ in it are not the same in every unit. */
    deal->strict_hash ^= (uint64_t)(deal->stamp_year * 16 + deal->stamp_month) << 40;
    if (keep_stamped(deal, KBR_NUMBER_YEAR, deal->stamp_year)) {
        deal->flags |= KBR_DEAL_STAMP_YEAR;
        deal->flags |=
            keep_stamped(deal, KBR_NUMBER_MONTH, deal->stamp_month) ? KBR_DEAL_STAMP_MONTH : 0;
    }
}

/* ---- subject and key ---- */

/* The particle at `at` that the key goes without, or NULL. */
static const kbr_word *particle_at(const kbr_deal_span *name, size_t at) {
    const kbr_word *word = kbr_words_at(&kbr_words_deal_noise, name->text->unit, name->end, at);
    if (word == NULL || (word->attribute & NOISE_PARTICLE) == 0) {
        return NULL;
    }
    size_t end = at + word->len;
    bool kana = name->text->script[at] == KBR_SCRIPT_HIRAGANA;
    bool tail_kana = name->text->script[end - 1] == KBR_SCRIPT_HIRAGANA;
    if ((kana && !is_run_start(name->text, at)) || (tail_kana && !is_run_end(name->text, end)) ||
        name->text->script[at] == KBR_SCRIPT_KATAKANA ||
        (name->text->script[at] == KBR_SCRIPT_LATIN && !is_whole(name->text, at, word->len))) {
        return NULL;
    }
    return word;
}

/* Appends a synonym's common word, given as UTF-8. */
static bool append_word(kbr_units *out, const char *word) {
    size_t size = strlen(word);
    for (size_t position = 0; position < size;) {
        uint16_t unit = (uint16_t)kbr_text_next(word, size, &position);
        if (!kbr_units_append(out, &unit, 1)) {
            return false;
        }
    }
    return true;
}

/* Whether the key ends in a synonym's common word. */
static bool ends_in_word(const kbr_units *key, const char *word) {
    size_t size = strlen(word);
    size_t len = 0;
    for (size_t position = 0; position < size; len++) {
        (void)kbr_text_next(word, size, &position);
    }
    size_t at = len <= key->len ? key->len - len : key->len;
    for (size_t position = 0; position < size && at < key->len; at++) {
        if (key->data[at] != kbr_text_next(word, size, &position)) {
            return false;
        }
    }
    return len <= key->len;
}

/* The length of a bracket that says once more what stands before it: 製造実行システム(MES), whose
 * key is mes already; 0: none. */
static size_t gloss_at(const kbr_deal *deal, const kbr_deal_span *name, size_t at) {
    const uint16_t *unit = name->text->unit;
    size_t close = at + 1;
    if (unit[at] != '(') {
        return 0;
    }
    while (close < name->end && unit[close] != ')' && close - at <= GLOSS_LEN_MAX) {
        close++;
    }
    size_t len = close - at - 1;
    if (close >= name->end || unit[close] != ')' || len == 0) {
        return 0;
    }
    const kbr_word *word = kbr_words_at(&kbr_words_deal_synonyms, unit, close, at + 1);
    bool told = word != NULL && word->len == len
                    ? ends_in_word(&deal->key, kbr_words_deal_synonyms_values[word->value])
                    : deal->key.len >= len && memcmp(deal->key.data + deal->key.len - len,
                                                     unit + at + 1, len * sizeof *unit) == 0;
    return told ? len + 2 : 0;
}

/* Reads one number, particle, synonym or unit into subject and key; returns where the text goes on,
 * or 0 without memory. */
static size_t read_piece(kbr_deal *deal, const kbr_deal_span *name, size_t at) {
    const kbr_folded *text = name->text;
    kbr_number_reading reading;
    if (kbr_number_read(&reading, text, at, name->end, deal->fiscal_month) && reading.end > at) {
        keep_numbers(deal, &reading);
        static const uint16_t space = ' ';
        return kbr_units_append(&deal->subject, &space, 1) ? reading.end : 0;
    }
    size_t len = 1;
    bool done = true;
    const kbr_word *word = particle_at(name, at);
    size_t gloss = gloss_at(deal, name, at);
    if (word != NULL || gloss > 0) {
        len = gloss > 0 ? gloss : word->len;
    } else {
        word = kbr_words_at(&kbr_words_deal_synonyms, text->unit, name->end, at);
        bool loan = word != NULL && (word->attribute & SYNONYM_LOAN) != 0;
        if (word != NULL && is_synonym(text, at, word->len, name->end) &&
            (!loan || is_known_phrase(text, at, name->end))) {
            len = word->len;
            done = append_word(&deal->key, kbr_words_deal_synonyms_values[word->value]);
        } else {
            done = kbr_units_append(&deal->key, text->unit + at, 1);
        }
    }
    return done && kbr_units_append(&deal->subject, text->unit + at, len) ? at + len : 0;
}

/* The whole noise word at `at` that is cut at the end of a name, or NULL. */
static const kbr_word *tail_noise_at(const kbr_deal_span *name, size_t at) {
    const kbr_word *word = kbr_words_at(&kbr_words_deal_noise, name->text->unit, name->end, at);
    bool tail = word != NULL && (word->attribute & NOISE_TAIL) != 0;
    bool whole =
        tail && (is_whole(name->text, at, word->len) || ends_katakana(name->text, at, word->len));
    return whole ? word : NULL;
}

/*
 * Reads the name piece by piece. の件, 案件, 一式 are cut where nothing but such words, numbers and
 * signs follows, for a year or a phase is told behind them as well: CRM導入の件 FY24,
 * ERP案件(第1期).
 */
static bool read_pieces(kbr_deal *deal, const kbr_deal_span *name) {
    size_t key_len = SIZE_MAX; /* of key and subject before noise that may stand at the end */
    size_t subject_len = 0;
    size_t noise_end = name->begin;
    for (size_t at = name->begin; at < name->end;) {
        const kbr_word *noise = at >= noise_end ? tail_noise_at(name, at) : NULL;
        if (noise != NULL && key_len == SIZE_MAX && at >= name->begin + 2) {
            key_len = deal->key.len;
            subject_len = deal->subject.len;
        }
        noise_end = noise != NULL ? at + noise->len : noise_end;
        uint8_t script = name->text->script[at];
        uint32_t numbers = deal->number_count;
        bool within = at < noise_end || script == KBR_SCRIPT_PUNCT || script == KBR_SCRIPT_SPACE;
        at = read_piece(deal, name, at);
        if (at == 0) {
            return false;
        }
        if (!within && deal->number_count == numbers) {
            key_len = SIZE_MAX;
        }
    }
    if (key_len != SIZE_MAX) {
        deal->key.len = key_len;
        deal->subject.len = subject_len;
        trim_open(&deal->key);
        trim_open(&deal->subject);
    }
    trim_end(&deal->subject);
    return true;
}

/* The hash of the key's words in any order: クラウド移行(勤怠管理) is 勤怠管理 クラウド移行. Of a
 * key that is not loose yet. */
static uint64_t hash_words(kbr_deal *deal) {
    const uint16_t *key = deal->key.data;
    uint64_t sum = 0;
    uint32_t words = 0;
    uint32_t folds = 0;
    for (size_t at = 0; at < deal->key.len;) {
        size_t begin = at;
        uint8_t script;
        while (at < deal->key.len && (script = kbr_fold_script(key[at])) != KBR_SCRIPT_PUNCT &&
               script != KBR_SCRIPT_SPACE) {
            at++;
        }
        if (at > begin) {
            size_t len = kbr_fold_loose(deal->loose.data, key + begin, at - begin, &folds);
            sum += XXH3_64bits(deal->loose.data, len * sizeof *deal->loose.data);
            words++;
        }
        at++;
    }
    return words > 1 ? sum : 0;
}

static bool is_placeholder(const kbr_deal_span *name) {
    const uint16_t *unit = name->text->unit + name->begin;
    const uint8_t *script = name->text->script + name->begin;
    size_t full = name->end - name->begin;
    size_t len = full;
    const kbr_word *word = kbr_words_find(&kbr_words_deal_placeholders, unit, len);
    if (word != NULL) {
        return true;
    }
    while (len > 0 &&
           (script[len - 1] == KBR_SCRIPT_DIGIT || kbr_deal_is_separator(unit[len - 1]))) {
        len--;
    }
    word = len == full ? NULL : kbr_words_find(&kbr_words_deal_placeholders, unit, len);
    return word != NULL && (word->attribute & PLACEHOLDER_NUMBERED) != 0;
}

static void reset(kbr_deal *deal) {
    deal->subject.len = 0;
    deal->key.len = 0;
    deal->site.len = 0;
    deal->number_count = 0;
    deal->stamp_year = 0;
    deal->stamp_month = 0;
    deal->sales = 0;
    deal->flags = 0;
    deal->folds = 0;
    deal->words_hash = 0;
    deal->strict_hash = 0;
}

kaburi_status kbr_deal_parse(kbr_deal *out, const kbr_folded *name, const kbr_company *company) {
    reset(out);
    if (name->len == 0) {
        return KABURI_OK;
    }
    if (!kbr_units_reserve(&out->loose, 2 * name->len)) {
        return KABURI_ERROR_MEMORY;
    }
    kbr_deal_span rest = {.text = name, .begin = 0, .end = name->len};
    bool empty = is_placeholder(&rest);
    kbr_deal_cut_ends(out, &rest, company);
    if (empty || is_placeholder(&rest)) {
        out->flags |= KBR_DEAL_PLACEHOLDER;
    }
    out->strict_hash =
        XXH3_64bits(name->strict + rest.begin, (rest.end - rest.begin) * sizeof *name->strict);
    read_sales(out, &rest);
    if (!read_sites(out, &rest)) {
        return KABURI_ERROR_MEMORY;
    }
    if (!read_pieces(out, &rest)) {
        return KABURI_ERROR_MEMORY;
    }
    keep_stamp(out);
    read_opposed(out, &rest);
    if (!kbr_units_reserve(&out->loose, out->key.len)) { /* synonyms may be longer */
        return KABURI_ERROR_MEMORY;
    }
    out->words_hash = hash_words(out);
    out->key.len = kbr_fold_loose(out->key.data, out->key.data, out->key.len, &out->folds);
    return KABURI_OK;
}
