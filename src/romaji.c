/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Romaji. One syllable at a time: consonants, a glide, a vowel.
 */
#include "romaji.h"

#include "sound.h"

#include <string.h>

/* A row of the syllabary: the kana with a i u e o; 0 = there is none. With a glide the kana of i
 * stands before a small ャ ュ ョ. */
typedef struct syllables {
    const char *consonants;
    uint8_t kana[5];
    bool glided; /* sha: シ + ャ; the vowel i has no small kana */
} syllables;

static const syllables rows[] = {
    {"", {0xA2, 0xA4, 0xA6, 0xA8, 0xAA}, false},
    {"k", {0xAB, 0xAD, 0xAF, 0xB1, 0xB3}, false},
    {"s", {0xB5, 0xB7, 0xB9, 0xBB, 0xBD}, false},
    {"t", {0xBF, 0xC1, 0xC4, 0xC6, 0xC8}, false},
    {"n", {0xCA, 0xCB, 0xCC, 0xCD, 0xCE}, false},
    {"h", {0xCF, 0xD2, 0xD5, 0xD8, 0xDB}, false},
    {"m", {0xDE, 0xDF, 0xE0, 0xE1, 0xE2}, false},
    {"y", {0xE4, 0, 0xE6, 0, 0xE8}, false},
    {"r", {0xE9, 0xEA, 0xEB, 0xEC, 0xED}, false},
    {"w", {0xEF, 0, 0, 0, 0xF2}, false},
    {"g", {0xAC, 0xAE, 0xB0, 0xB2, 0xB4}, false},
    {"z", {0xB6, 0xB8, 0xBA, 0xBC, 0xBE}, false},
    {"d", {0xC0, 0xC2, 0xC5, 0xC7, 0xC9}, false},
    {"b", {0xD0, 0xD3, 0xD6, 0xD9, 0xDC}, false},
    {"p", {0xD1, 0xD4, 0xD7, 0xDA, 0xDD}, false},
    {"ts", {0, 0, 0xC4, 0, 0}, false},
    {"f", {0, 0, 0xD5, 0, 0}, false},
    {"sh", {0xB7, 0xB7, 0xB7, 0, 0xB7}, true},
    {"ch", {0xC1, 0xC1, 0xC1, 0, 0xC1}, true},
    {"j", {0xB8, 0xB8, 0xB8, 0, 0xB8}, true},
    {"ky", {0xAD, 0, 0xAD, 0, 0xAD}, true},
    {"sy", {0xB7, 0, 0xB7, 0, 0xB7}, true},
    {"ty", {0xC1, 0, 0xC1, 0, 0xC1}, true},
    {"cy", {0xC1, 0, 0xC1, 0, 0xC1}, true},
    {"ny", {0xCB, 0, 0xCB, 0, 0xCB}, true},
    {"hy", {0xD2, 0, 0xD2, 0, 0xD2}, true},
    {"my", {0xDF, 0, 0xDF, 0, 0xDF}, true},
    {"ry", {0xEA, 0, 0xEA, 0, 0xEA}, true},
    {"gy", {0xAE, 0, 0xAE, 0, 0xAE}, true},
    {"zy", {0xB8, 0, 0xB8, 0, 0xB8}, true},
    {"jy", {0xB8, 0, 0xB8, 0, 0xB8}, true},
    {"dy", {0xC2, 0, 0xC2, 0, 0xC2}, true},
    {"by", {0xD3, 0, 0xD3, 0, 0xD3}, true},
    {"py", {0xD4, 0, 0xD4, 0, 0xD4}, true},
};

static const uint8_t small[5] = {0xE3, 0, 0xE5, 0, 0xE7};

#define SMALL_TU 0xC3
#define LONG_VOWEL 0xFC
#define NASAL 0xF3

static int vowel_of(uint16_t letter) {
    const char *vowels = "aiueo";
    const char *found = letter != 0 && letter < 128 ? strchr(vowels, letter) : NULL;
    return found != NULL ? (int)(found - vowels) : -1;
}

static uint16_t letter_at(const uint16_t *letters, size_t len, size_t at) {
    return at < len ? letters[at] : 0;
}

static const syllables *row_of(const uint16_t *consonants, size_t len) {
    for (size_t i = 0; i < KBR_COUNT(rows); i++) {
        const char *name = rows[i].consonants;
        size_t at = 0;
        while (at < len && name[at] != '\0' &&
               (uint16_t)(unsigned char)name[at] == consonants[at]) {
            at++;
        }
        if (at == len && name[at] == '\0') {
            return &rows[i];
        }
    }
    return NULL;
}

/* Letters that make no syllable of their own: ン, ッ, a lengthening h. Writes one kana and returns
 * how many letters it took; 0 when a syllable begins here. */
static size_t read_mark(uint8_t *out, const uint16_t *letters, size_t len, size_t at) {
    uint16_t letter = letters[at];
    uint16_t next = letter_at(letters, len, at + 1);
    bool before_vowel = vowel_of(next) >= 0;
    if (letter == 'n' && !before_vowel && next != 'y') {
        *out = NASAL;
        return 1;
    }
    if (letter == 'm' && (next == 'b' || next == 'p' || next == 'm')) {
        *out = NASAL;
        return 1;
    }
    if (letter == 'h' && at > 0 && letters[at - 1] == 'o' && !before_vowel && next != 'y') {
        *out = LONG_VOWEL;
        return 1;
    }
    if (letter == next || (letter == 't' && next == 'c')) {
        *out = SMALL_TU;
        return vowel_of(letter) < 0 ? 1 : 0;
    }
    return 0;
}

size_t kbr_romaji_to_kana(uint8_t *out, const uint16_t *letters, size_t len) {
    size_t count = 0;
    for (size_t at = 0; at < len;) {
        size_t taken = read_mark(out + count, letters, len, at);
        if (taken > 0) {
            count++;
            at += taken;
            continue;
        }
        size_t consonants = 0;
        while (consonants < 2 && vowel_of(letter_at(letters, len, at + consonants)) < 0) {
            consonants++;
        }
        int vowel = vowel_of(letter_at(letters, len, at + consonants));
        const syllables *row = at + consonants < len ? row_of(letters + at, consonants) : NULL;
        if (vowel < 0 || row == NULL || row->kana[vowel] == 0) {
            return 0;
        }
        out[count++] = row->kana[vowel];
        if (row->glided && small[vowel] != 0) {
            out[count++] = small[vowel];
        }
        at += consonants + 1;
    }
    return count;
}
