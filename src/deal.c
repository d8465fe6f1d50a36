/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A deal's name taken apart. First the ends: tags and the company's name are cut until nothing more
 * comes off. What is left is read once from the left; numbers go to their list, the rest is the
 * subject. The key is the subject without particles and tail words, with synonyms put to one word.
 */
#include "deal.h"

#include "text.h"
#include "words.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define TAG_LEN_MAX 32
#define SITE_LEN_MAX 16
#define COMPANY_NEAR                                                                               \
    12 /* units of the loose key that forms and honorifics may take beside a name */
#define SYNONYM_LONG 5
#define ENDS_MAX 6 /* tags and company names cut from one name */

/* Attributes of the lists, see their heads. */
#define TAG_BRACKETED 1U
#define TAG_UNDERSCORED 2U
#define TAG_WORD 4U
#define NOISE_PARTICLE 1U
#define NOISE_TAIL 2U
#define SALE_BITS 0xFFU
#define SALE_LABEL 0x100U
#define PLACEHOLDER_NUMBERED 2U
#define HONORIFIC 1U

/* The part of the name that is still to be read. */
typedef struct span {
    const kbr_folded *text;
    size_t begin;
    size_t end;
} span;

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

/* ---- the ends ---- */

static uint16_t unit_at(const span *name, size_t at) {
    return at < name->end ? name->text->unit[at] : 0;
}

/* Signs that set the parts of a template apart. */
static bool is_separator(uint16_t unit) {
    return unit == ' ' || unit == '_' || unit == '-' || unit == ':' || unit == '/' || unit == '|' ||
           unit == ',' || unit == 0x30FB || unit == 0x3001 || unit == 0x2013 || unit == 0x2014 ||
           unit == 0x2015 || unit == 0x2010;
}

static void trim(span *name) {
    while (name->begin < name->end && is_separator(name->text->unit[name->begin])) {
        name->begin++;
    }
    while (name->end > name->begin && is_separator(name->text->unit[name->end - 1])) {
        name->end--;
    }
}

static void trim_end(kbr_units *units) {
    while (units->len > 0 && is_separator(units->data[units->len - 1])) {
        units->len--;
    }
}

static uint16_t closing(uint16_t opening) {
    switch (opening) {
    case '(':
        return ')';
    case '[':
        return ']';
    case '<':
        return '>';
    case 0x3010: /* 【 */
        return 0x3011;
    case 0x3014: /* 〔 */
        return 0x3015;
    case 0x300A: /* 《 */
        return 0x300B;
    default:
        return 0;
    }
}

/* What is open at the end: the bracket of CRM導入(案件), and what stands before it. */
static void trim_open(kbr_units *units) {
    trim_end(units);
    while (units->len > 0 && closing(units->data[units->len - 1]) != 0) {
        units->len--;
        trim_end(units);
    }
}

/* The tag that [begin, end) is, spaces left out: [MQ L] is typed too. */
static const kbr_word *tag_of(const span *name, size_t begin, size_t end) {
    uint16_t tag[TAG_LEN_MAX];
    size_t len = 0;
    for (; begin < end && len < TAG_LEN_MAX; begin++) {
        if (name->text->unit[begin] != ' ') {
            tag[len++] = name->text->unit[begin];
        }
    }
    return begin < end ? NULL : kbr_words_find(&kbr_words_deal_tags, tag, len);
}

/* IS_ at the head. */
static bool cut_head_mark(span *name) {
    size_t end = name->begin;
    while (end < name->end && end - name->begin < TAG_LEN_MAX && unit_at(name, end) != '_') {
        end++;
    }
    if (unit_at(name, end) != '_' || end + 1 >= name->end) {
        return false;
    }
    const kbr_word *tag = tag_of(name, name->begin, end);
    if (tag == NULL || (tag->attribute & TAG_UNDERSCORED) == 0) {
        return false;
    }
    name->begin = end + 1;
    return true;
}

static bool cut_head_tag(span *name) {
    uint16_t close = closing(unit_at(name, name->begin));
    size_t end = name->begin + 1;
    while (close != 0 && end < name->end && end - name->begin < TAG_LEN_MAX &&
           unit_at(name, end) != close) {
        end++;
    }
    if (close == 0 || unit_at(name, end) != close || end + 1 >= name->end) {
        return false;
    }
    const kbr_word *tag = tag_of(name, name->begin + 1, end);
    if (tag == NULL || (tag->attribute & TAG_BRACKETED) == 0) {
        return false;
    }
    name->begin = end + 1;
    return true;
}

static bool cut_tail_tag(span *name) {
    const uint16_t *unit = name->text->unit;
    uint16_t last = unit[name->end - 1];
    size_t begin = name->end - 1;
    size_t least =
        name->end - name->begin > TAG_LEN_MAX ? name->end - TAG_LEN_MAX : name->begin + 1;
    bool bracket = last == ')' || last == ']' || last == '>' || last == 0x3011 || last == 0x3015 ||
                   last == 0x300B;
    while (begin > least &&
           (bracket ? closing(unit[begin]) != last : unit[begin] != '_' && unit[begin] != ' ')) {
        begin--;
    }
    if (bracket ? closing(unit[begin]) != last : unit[begin] != '_' && unit[begin] != ' ') {
        return false;
    }
    const kbr_word *tag = tag_of(name, begin + 1, bracket ? name->end - 1 : name->end);
    uint32_t needed = bracket ? TAG_BRACKETED : unit[begin] == '_' ? TAG_UNDERSCORED : TAG_WORD;
    if (tag == NULL || (tag->attribute & needed) == 0) {
        return false;
    }
    name->end = begin;
    return true;
}

/* cp-2024-031: letters, a year or number, a number; behind a sign or at an end. */
static bool cut_campaign_code(span *name) {
    const kbr_folded *text = name->text;
    size_t at = name->end;
    unsigned groups = 0;
    while (groups < 2) {
        size_t digits = at;
        while (at > name->begin && text->script[at - 1] == KBR_SCRIPT_DIGIT) {
            at--;
        }
        if (digits - at < 2 || at <= name->begin || text->unit[at - 1] != '-') {
            return false;
        }
        at--;
        groups++;
    }
    size_t letters = at;
    while (at > name->begin && text->script[at - 1] == KBR_SCRIPT_LATIN) {
        at--;
    }
    if (letters - at < 2 || letters - at > 4 || at <= name->begin ||
        !is_separator(text->unit[at - 1])) {
        return false;
    }
    name->end = at;
    return true;
}

/* 様, 御中. Behind a space it is one where another script or a sign follows: 様式管理 is sold. */
static size_t skip_honorific(const span *name, size_t at) {
    const uint8_t *script = name->text->script;
    size_t word_at = at + (unit_at(name, at) == ' ' ? 1U : 0U);
    const kbr_word *word =
        kbr_words_at(&kbr_words_honorifics, name->text->unit, name->end, word_at);
    if (word == NULL || (word->attribute & HONORIFIC) == 0) {
        return at;
    }
    size_t end = word_at + word->len;
    bool whole = word_at == at || end >= name->end || script[end] != script[end - 1];
    return whole ? end : at;
}

/* A legal form at `at`, with its brackets: (株), 株式会社, ", Inc". */
static size_t skip_form(const span *name, size_t at) {
    size_t word_at = at + (unit_at(name, at) == ',' ? 1U : 0U);
    word_at += unit_at(name, word_at) == ' ' ? 1U : 0U;
    size_t inner = word_at + (unit_at(name, word_at) == '(' ? 1U : 0U);
    const kbr_word *word = kbr_words_at(&kbr_words_legal_forms, name->text->unit, name->end, inner);
    if (word == NULL) {
        return at;
    }
    size_t end = inner + word->len;
    if (inner > word_at) {
        return unit_at(name, end) == ')' ? end + 1 : at;
    }
    end += unit_at(name, end) == '.' ? 1U : 0U;
    /* Behind a space it is the form only where it ends as a word: 信用金庫システム is sold. */
    bool whole = end >= name->end || is_separator(unit_at(name, end)) ||
                 name->text->script[end] == KBR_SCRIPT_PUNCT || skip_honorific(name, end) > end ||
                 (word_at == at && !(name->text->script[end] == KBR_SCRIPT_LATIN &&
                                     name->text->script[end - 1] == KBR_SCRIPT_LATIN));
    return word->len > 1 && whole ? end : at;
}

/* As many as there are: Co., Ltd. */
static size_t skip_forms(const span *name, size_t at) {
    for (int i = 0; i < ENDS_MAX; i++) {
        at = skip_form(name, at);
    }
    return at;
}

/* Whether [begin, end) is nothing but a legal form, signs and spaces. */
static bool is_form(const span *name, size_t begin, size_t end) {
    while (begin < end) {
        size_t next = skip_form(name, begin);
        if (next == begin && !is_separator(unit_at(name, begin)) &&
            closing(unit_at(name, begin)) == 0) {
            return false;
        }
        begin = next > begin ? next : begin + 1;
    }
    return begin == end;
}

/* Whether the company has a name that could be cut, with something left. */
static bool may_hold(const span *name, const kbr_company *company) {
    return company->key.len >= 2 && name->end - name->begin > company->key.len &&
           (company->flags & (KBR_COMPANY_PLACEHOLDER | KBR_COMPANY_FORM_ONLY)) == 0;
}

/* The units of the name that its company, as written, and a form beside it may take: the form is 12
 * units at most, the name twice its key. */
static size_t window_of(const span *name, const kbr_company *company) {
    size_t len = name->end - name->begin;
    return company->key.len * 2 + 16 < len ? company->key.len * 2 + 16 : len;
}

/* The loose key of `window` units from `first`, to the scratch, with where they stand behind. */
static size_t loosen(kbr_deal *deal, const span *name, size_t first, size_t window) {
    uint32_t folds = 0;
    return kbr_fold_loose_from(deal->loose.data, deal->loose.data + name->text->len,
                               name->text->unit + first, window, &folds);
}

/*
 * Cuts the company's own name from the head: its core in any spelling, with legal forms around it,
 * when an honorific, a form or a separator shows that the name ends there.
 */
static bool cut_company(kbr_deal *deal, span *name, const kbr_company *company) {
    const kbr_units *key = &company->key;
    if (!may_hold(name, company)) {
        return false;
    }
    const uint16_t *loose = deal->loose.data;
    const uint16_t *origin = loose + name->text->len;
    size_t count = loosen(deal, name, name->begin, window_of(name, company));
    for (size_t i = 0; i + key->len <= count && i <= COMPANY_NEAR; i++) {
        if (memcmp(loose + i, key->data, key->len * sizeof *loose) != 0) {
            continue;
        }
        size_t begin = name->begin + origin[i];
        size_t end = name->begin + origin[i + key->len - 1] + 1;
        while (unit_at(name, end) == 0x30FC) {
            end++;
        }
        if (!is_form(name, name->begin, begin)) {
            return false;
        }
        size_t after = skip_honorific(name, skip_forms(name, end));
        while (unit_at(name, after) == ')' || unit_at(name, after) == 0x3011 ||
               unit_at(name, after) == ']') {
            after++;
        }
        bool ended = after > end || is_separator(unit_at(name, after));
        if (!ended || after >= name->end) {
            return false;
        }
        name->begin = after;
        return true;
    }
    return false;
}

/* Where the legal form right before `at` begins: 株式会社, (株), with a space between or none. */
static size_t form_before(const span *name, size_t at) {
    const uint16_t *unit = name->text->unit + name->begin;
    size_t end = at - name->begin;
    end -= end > 0 && unit[end - 1] == ' ' ? 1U : 0U;
    size_t inner = end - (end > 0 && unit[end - 1] == ')' ? 1U : 0U);
    const kbr_word *word = kbr_words_before(&kbr_words_legal_forms, unit, inner);
    if (word == NULL || word->len == inner) {
        return at;
    }
    size_t begin = inner - word->len;
    if (inner < end) {
        return unit[begin - 1] == '(' ? name->begin + begin - 1 : at;
    }
    return word->len > 1 ? name->begin + begin : at;
}

/*
 * Cuts the company's own name from the tail: ERP導入_山田製作所様, ERP導入(株式会社山田製作所).
 * Only with an honorific or a legal form: without one it may be what is sold, as in 導入支援(SAP).
 */
static bool cut_company_tail(kbr_deal *deal, span *name, const kbr_company *company) {
    const kbr_units *key = &company->key;
    if (!may_hold(name, company)) {
        return false;
    }
    size_t window = window_of(name, company);
    size_t first = name->end - window;
    const uint16_t *loose = deal->loose.data;
    const uint16_t *origin = loose + name->text->len;
    size_t count = loosen(deal, name, first, window);
    size_t i = count;
    while (i >= key->len && count - i <= COMPANY_NEAR &&
           memcmp(loose + i - key->len, key->data, key->len * sizeof *loose) != 0) {
        i--;
    }
    if (i < key->len || count - i > COMPANY_NEAR) {
        return false;
    }
    size_t begin = first + origin[i - key->len];
    size_t end = first + origin[i - 1] + 1;
    end += unit_at(name, end) == 0x30FC ? 1U : 0U;
    size_t after = skip_honorific(name, skip_forms(name, end));
    size_t before = form_before(name, begin);
    if ((after == end && before == begin) || before <= name->begin + 1) {
        return false;
    }
    uint16_t sign = name->text->unit[before - 1];
    bool bracket = closing(sign) != 0 && closing(sign) == unit_at(name, after);
    if ((!bracket && !is_separator(sign)) || after + (bracket ? 1U : 0U) != name->end) {
        return false;
    }
    name->end = before - 1;
    return true;
}

static void cut_ends(kbr_deal *deal, span *name, const kbr_company *company) {
    for (int i = 0; i < ENDS_MAX; i++) {
        trim(name);
        span before = *name;
        if (name->end - name->begin < 2) {
            return;
        }
        if (cut_head_tag(name) || cut_head_mark(name) || cut_tail_tag(name) ||
            cut_campaign_code(name)) {
            deal->flags |= KBR_DEAL_TAG;
        } else if (cut_company(deal, name, company) || cut_company_tail(deal, name, company)) {
            deal->flags |= KBR_DEAL_COMPANY;
        } else {
            return;
        }
        trim(name);
        if (name->begin >= name->end) {
            *name = before;
            return;
        }
    }
}

/* ---- what the name says beside its subject ---- */

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
static void read_sales(kbr_deal *deal, span *name) {
    const kbr_folded *text = name->text;
    for (size_t at = name->begin; at < name->end;) {
        const kbr_word *word = kbr_words_at(&kbr_words_deal_sales, text->unit, name->end, at);
        if (word == NULL || !is_whole(text, at, word->len)) {
            at++;
            continue;
        }
        deal->sales |= word->attribute & SALE_BITS;
        bool label = (word->attribute & SALE_LABEL) != 0 && at + word->len == name->end &&
                     at > name->begin + 1 && is_separator(text->unit[at - 1]);
        at += word->len;
        if (label) {
            name->end = at - word->len;
            trim(name);
            return;
        }
    }
}

/* A synonym may also end a run of katakana when it is too long to be in another word by chance:
 * システムリプレース, but リリース keeps its リース. */
static bool is_synonym(const kbr_folded *text, size_t at, size_t len) {
    return is_whole(text, at, len) ||
           (len >= SYNONYM_LONG && text->script[at] == KBR_SCRIPT_KATAKANA &&
            is_run_end(text, at + len));
}

static bool append_site(kbr_deal *deal, const span *name, size_t begin, size_t end) {
    static const uint16_t space = ' ';
    return kbr_units_append(&deal->site, &space, deal->site.len > 0 ? 1 : 0) &&
           kbr_units_append(&deal->site, name->text->unit + begin, end - begin);
}

/* The end of a bracket's content that names a site: (茨城), (北海道美比内山地域); else 0. */
static size_t bracketed_site(const span *name, size_t at) {
    const kbr_folded *text = name->text;
    if (text->unit[at] != '(' || at + 1 >= name->end) {
        return 0;
    }
    size_t end = at + 1;
    while (end < name->end && end - at <= SITE_LEN_MAX && text->script[end] != KBR_SCRIPT_PUNCT &&
           text->script[end] != KBR_SCRIPT_SPACE) {
        end++;
    }
    if (unit_at(name, end) != ')' || end - at < 3) {
        return 0;
    }
    bool place = kbr_words_find(&kbr_words_places, text->unit + at + 1, end - at - 1) != NULL;
    return place || kbr_words_before(&kbr_words_deal_sites, text->unit, end) != NULL ? end : 0;
}

/* Places with the word that makes a site of them: 名古屋工場; and sites in brackets. */
static bool read_sites(kbr_deal *deal, const span *name) {
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
        if (deal->number_count == KBR_DEAL_NUMBERS_MAX) {
            deal->flags |= KBR_DEAL_NUMBERS_CUT;
            return;
        }
        deal->numbers[deal->number_count++] = reading->number[i];
    }
}

/* ---- subject and key ---- */

/* The particle at `at` that the key goes without, or NULL. */
static const kbr_word *particle_at(const span *name, size_t at) {
    const kbr_word *word = kbr_words_at(&kbr_words_deal_noise, name->text->unit, name->end, at);
    if (word == NULL || (word->attribute & NOISE_PARTICLE) == 0) {
        return NULL;
    }
    size_t end = at + word->len;
    bool kana = name->text->script[at] == KBR_SCRIPT_HIRAGANA;
    bool tail_kana = name->text->script[end - 1] == KBR_SCRIPT_HIRAGANA;
    if ((kana && !is_run_start(name->text, at)) || (tail_kana && !is_run_end(name->text, end)) ||
        name->text->script[at] == KBR_SCRIPT_KATAKANA) {
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

/* Reads one number, particle, synonym or unit into subject and key; returns where the text goes on,
 * or 0 without memory. */
static size_t read_piece(kbr_deal *deal, const span *name, size_t at) {
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
    if (word != NULL) {
        len = word->len;
    } else {
        word = kbr_words_at(&kbr_words_deal_synonyms, text->unit, name->end, at);
        if (word != NULL && is_synonym(text, at, word->len)) {
            len = word->len;
            done = append_word(&deal->key, kbr_words_deal_synonyms_values[word->value]);
        } else {
            done = kbr_units_append(&deal->key, text->unit + at, 1);
        }
    }
    return done && kbr_units_append(&deal->subject, text->unit + at, len) ? at + len : 0;
}

/* The whole noise word at `at` that is cut at the end of a name, or NULL. */
static const kbr_word *tail_noise_at(const span *name, size_t at) {
    const kbr_word *word = kbr_words_at(&kbr_words_deal_noise, name->text->unit, name->end, at);
    bool tail = word != NULL && (word->attribute & NOISE_TAIL) != 0;
    return tail && is_whole(name->text, at, word->len) ? word : NULL;
}

/*
 * Reads the name piece by piece. の件, 案件, 一式 are cut where nothing but such words, numbers and
 * signs follows, for a year or a phase is told behind them as well: CRM導入の件 FY24,
 * ERP案件(第1期).
 */
static bool read_pieces(kbr_deal *deal, const span *name) {
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

static bool is_placeholder(const span *name) {
    const uint16_t *unit = name->text->unit + name->begin;
    const uint8_t *script = name->text->script + name->begin;
    size_t full = name->end - name->begin;
    size_t len = full;
    const kbr_word *word = kbr_words_find(&kbr_words_deal_placeholders, unit, len);
    if (word != NULL) {
        return true;
    }
    while (len > 0 && (script[len - 1] == KBR_SCRIPT_DIGIT || is_separator(unit[len - 1]))) {
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
    deal->sales = 0;
    deal->flags = 0;
    deal->folds = 0;
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
    span rest = {.text = name, .begin = 0, .end = name->len};
    bool empty = is_placeholder(&rest);
    cut_ends(out, &rest, company);
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
    out->key.len = kbr_fold_loose(out->key.data, out->key.data, out->key.len, &out->folds);
    return KABURI_OK;
}
