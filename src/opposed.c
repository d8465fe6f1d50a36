/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opposed words. Spelt ones are found from left to right, the longest first; read ones at the
 * borders of words, which kana do not show: what is short must begin or end the name.
 */
#include "opposed.h"

#include "fold.h"
#include "opposed_table.h"
#include "words.h"

#include <string.h>

#define GROUP (KBR_OPPOSED_KANJI - 1U)

/* In the attribute of a spelt word; what lies above ACROSS is the word across scripts. */
#define PARENT 1U
#define SENSE_FIRST 1
#define SENSE_BITS 0x3FFFU
#define ACROSS 16

/* Of `word`: values of places lie above those of the list of words. */
#define PLACE 0x2000U

/* Moras of a word that is told wherever it stands in kana: ヒガシニホン has 6, トウキョウ 3. */
#define FREE_LEN 4
#define BRIEF_LEN 3

/* ---- as it is spelt ---- */

static bool is_letter(uint16_t unit) {
    return kbr_fold_script(unit) == KBR_SCRIPT_LATIN;
}

/* East is no word of beast. */
static bool is_whole(const uint16_t *core, size_t len, size_t at, size_t word_len) {
    size_t end = at + word_len;
    return (at == 0 || !is_letter(core[at]) || !is_letter(core[at - 1])) &&
           (end == len || !is_letter(core[end - 1]) || !is_letter(core[end]));
}

static uint16_t flags_of(const uint16_t *word, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (kbr_fold_script(word[i]) == KBR_SCRIPT_KANJI) {
            return KBR_OPPOSED_KANJI;
        }
    }
    return 0;
}

static bool find_word_at(kbr_opposed *out, const uint16_t *core, size_t len, size_t at,
                         size_t *found) {
    const kbr_word *word = kbr_words_at(&kbr_words_opposed_words, core, len, at);
    if (word == NULL || !is_whole(core, len, at, word->len)) {
        return false;
    }
    uint32_t sense = word->attribute >> SENSE_FIRST & SENSE_BITS;
    uint32_t place = (uint32_t)(word - kbr_words_opposed_words.words) + 1;
    uint32_t parent = (word->attribute & PARENT) != 0 ? KBR_OPPOSED_PARENT : 0;
    *out = (kbr_opposed){.group = (uint16_t)(word->value | parent | flags_of(core + at, word->len)),
                         .word = (uint16_t)(sense != 0 ? KBR_OPPOSED_SENSE | sense : place),
                         .across = (uint16_t)(word->attribute >> ACROSS)};
    *found = word->len;
    return true;
}

/* Prefectures, regions and cities oppose one another as well; wards and villages are too often
 * parts of other words. */
static bool find_place_at(kbr_opposed *out, const uint16_t *core, size_t len, size_t at,
                          size_t *found) {
    const kbr_word *word = kbr_words_at(&kbr_words_places, core, len, at);
    if (word == NULL || word->len < 2 || !is_whole(core, len, at, word->len)) {
        return false;
    }
    *out = (kbr_opposed){.group = (uint16_t)(KBR_OPPOSED_PLACES | flags_of(core + at, word->len)),
                         .word = (uint16_t)(PLACE + word->value),
                         .across = kbr_opposed_places[word->value]};
    *found = word->len;
    return true;
}

/* The longer of the two: 東京 is no 東, 東北 as long as a place. 横浜市立 is 横浜 and 市立, as
 * 横浜国立 is 横浜 and 国立. */
static bool find_spelt_at(kbr_opposed *out, const uint16_t *core, size_t len, size_t at,
                          size_t *found) {
    kbr_opposed place;
    size_t place_len = 0;
    bool told = find_word_at(out, core, len, at, found);
    if (find_place_at(&place, core, len, at, &place_len) && (!told || place_len > *found)) {
        const kbr_word *behind =
            kbr_words_at(&kbr_words_opposed_words, core, len, at + place_len - 1);
        *out = place;
        *found = place_len - (behind != NULL && behind->len > 1);
        told = true;
    }
    return told;
}

static size_t find_spelt(kbr_opposed *out, const uint16_t *core, size_t len) {
    size_t count = 0;
    for (size_t at = 0; at < len && count < KBR_OPPOSED_MAX;) {
        size_t found = 1;
        count += find_spelt_at(&out[count], core, len, at, &found);
        at += found;
    }
    return count;
}

/* ---- as it is read ---- */

/* The moras of a name, and where words of it may begin and end: at its spaces, and where its script
 * changes. Between Latin letters a word is whole. */
typedef struct spoken {
    uint8_t moras[KBR_READING_KANA_MAX];
    bool border[KBR_READING_KANA_MAX + 1];
    bool latin[KBR_READING_KANA_MAX];
    size_t len;
} spoken;

static void add_stretch(spoken *out, const uint8_t *kana, size_t len, bool latin) {
    size_t count = kbr_sound_of_kana(out->moras + out->len, kana, len);
    for (size_t i = 0; i < count; i++) {
        out->border[out->len + i] = i == 0;
        out->latin[out->len + i] = latin;
    }
    out->len += count;
    out->border[out->len] = true;
}

static void speak(spoken *out, const uint16_t *core, const kbr_reading *reading) {
    const uint8_t *kana = reading->kana[0];
    size_t begin = 0;
    size_t end = 0;
    bool latin = false;
    out->len = 0;
    for (uint32_t i = 0; i < reading->piece_count; i++) {
        const kbr_piece *piece = &reading->pieces[i];
        bool parts = piece->kana_len > 0 && kana[piece->kana] == KBR_KANA_BREAK;
        bool letters = is_letter(core[piece->begin]);
        if ((parts || letters != latin) && end > begin) {
            add_stretch(out, kana + begin, end - begin, latin);
            begin = end;
        }
        end = (size_t)piece->kana + piece->kana_len;
        begin = parts ? end : begin;
        latin = letters;
    }
    add_stretch(out, kana + begin, end - begin, latin);
}

/* Names end in words of trade, and seldom in a place of two moras. */
static bool may_stand(const spoken *name, size_t at, const kbr_opposed_sound *sound) {
    bool begins = name->border[at];
    bool ends = name->border[at + sound->len];
    if (name->latin[at]) {
        return begins && ends;
    }
    bool brief = (sound->group & GROUP) == KBR_OPPOSED_PLACES && sound->len < BRIEF_LEN;
    return begins || (ends && !brief) || sound->len >= FREE_LEN;
}

static bool is_known(const kbr_opposed *words, size_t count, const kbr_opposed_sound *sound) {
    for (size_t i = 0; i < count; i++) {
        if ((words[i].group & GROUP) == (sound->group & GROUP) &&
            words[i].across == sound->across) {
            return true;
        }
    }
    return false;
}

static bool stands_at(const kbr_opposed_sound *sound, const spoken *name, size_t at) {
    return sound->len <= name->len - at &&
           memcmp(kbr_opposed_moras + sound->moras, name->moras + at, sound->len) == 0 &&
           may_stand(name, at, sound) && !(sound->foreign != 0 && name->latin[at]);
}

/* The longest that may stand at a place, of each group: コクリツ is 国立, and a city. Behind it
 * another may begin: ヨコハマシリツダイガク. */
static size_t find_read_at(kbr_opposed *out, size_t count, spoken *name, size_t at) {
    uint8_t mora = name->moras[at];
    uint8_t second = at + 1 < name->len ? name->moras[at + 1] : 0;
    size_t longest = 0;
    for (size_t i = kbr_opposed_starts[mora]; i < kbr_opposed_starts[mora + 1]; i++) {
        const kbr_opposed_sound *sound = &kbr_opposed_sounds[i];
        bool begun = sound->second == second || sound->second == 0;
        if (!begun || !stands_at(sound, name, at)) {
            continue;
        }
        name->border[at + sound->len] |= !name->latin[at];
        longest = sound->len > longest ? sound->len : longest;
        if (sound->len == longest && count < KBR_OPPOSED_MAX && !is_known(out, count, sound)) {
            out[count++] = (kbr_opposed){.group = sound->group, .across = sound->across};
        }
    }
    return count;
}

/* Kana do not show where words end, so the next may begin within one: ナガサキケンリツ is 長崎県
 * and 県立. */
static size_t find_read(kbr_opposed *out, size_t count, spoken *name) {
    for (size_t at = 0; at < name->len; at++) {
        count = find_read_at(out, count, name, at);
    }
    return count;
}

size_t kbr_opposed_find(kbr_opposed *out, const uint16_t *core, size_t len,
                        const kbr_reading *reading) {
    size_t count = find_spelt(out, core, len);
    if (reading->count == 0 || flags_of(core, len) != 0) {
        return count;
    }
    spoken name;
    speak(&name, core, reading);
    return find_read(out, count, &name);
}

/* ---- of two names ---- */

/* Kanji are compared as they are spelt: 電機 is not 電気. */
static bool is_same(const kbr_opposed *a, const kbr_opposed *b) {
    if (((a->group ^ b->group) & GROUP) != 0) {
        return false;
    }
    if (a->word != 0 && a->word == b->word) {
        return true;
    }
    return a->across != 0 && a->across == b->across &&
           (a->group & b->group & KBR_OPPOSED_KANJI) == 0;
}

static bool has_word(kbr_opposed_list list, const kbr_opposed *wanted) {
    for (size_t i = 0; i < list.count; i++) {
        if (is_same(&list.words[i], wanted)) {
            return true;
        }
    }
    return false;
}

/* Of one group, and such that both could be told to be the same. */
static bool is_comparable(const kbr_opposed *a, const kbr_opposed *b) {
    return ((a->group ^ b->group) & GROUP) == 0 &&
           ((a->word != 0 && b->word != 0) || (a->across != 0 && b->across != 0));
}

bool kbr_opposed_conflict(kbr_opposed_list a, kbr_opposed_list b) {
    for (size_t i = 0; i < a.count; i++) {
        if (has_word(b, &a.words[i])) {
            continue;
        }
        for (size_t j = 0; j < b.count; j++) {
            if (is_comparable(&a.words[i], &b.words[j]) && !has_word(a, &b.words[j])) {
                return true;
            }
        }
    }
    return false;
}

bool kbr_opposed_parent(kbr_opposed_list longer, kbr_opposed_list shorter) {
    for (size_t i = 0; i < longer.count; i++) {
        if ((longer.words[i].group & KBR_OPPOSED_PARENT) != 0 &&
            !has_word(shorter, &longer.words[i])) {
            return true;
        }
    }
    return false;
}
