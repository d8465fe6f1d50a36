/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sound. One pass over the kana with one look back at the mora before: a kana either begins a mora,
 * changes the one before (シ + ャ, フ + ァ) or adds nothing to it (ー, ッ, the second half of a
 * long vowel).
 */
#include "sound.h"

#include <string.h>

enum { A, I, U, E, O };
enum {
    NONE,
    K,
    S,
    T,
    N,
    H,
    M,
    Y,
    R,
    W,
    G,
    Z,
    D,
    B,
    P,
    KY,
    SY,
    TY,
    NY,
    HY,
    MY,
    RY,
    GY,
    ZY,
    BY,
    PY,
    F,
};

static const char consonant_names[KBR_SOUND_CONSONANTS][3] = {
    "",  "k",  "s",  "t",  "n",  "h",  "m",  "y",  "r",  "w",  "g",  "z",  "d", "b",
    "p", "ky", "sy", "ty", "ny", "hy", "my", "ry", "gy", "zy", "by", "py", "f"};

#define MORA(consonant, vowel) ((uint8_t)(1 + 5 * (consonant) + (vowel)))

static int consonant_of(uint8_t mora) {
    return (mora - 1) / 5;
}

static int vowel_of(uint8_t mora) {
    return (mora - 1) % 5;
}

/* What a kana does. */
enum { SILENT, BEGINS, GLIDES, VOWEL, NASAL };

typedef struct kana_row {
    uint8_t act;
    uint8_t mora;
    bool small;
} kana_row;

#define ROW5(first, step, consonant)                                                               \
    [first] = {BEGINS, MORA(consonant, A), false},                                                 \
    [(first) + (step)] = {BEGINS, MORA(consonant, I), false},                                      \
    [(first) + 2 * (step)] = {BEGINS, MORA(consonant, U), false},                                  \
    [(first) + 3 * (step)] = {BEGINS, MORA(consonant, E), false},                                  \
    [(first) + 4 * (step)] = {BEGINS, MORA(consonant, O), false}

/* Katakana by the low byte of the code point; ヂ as ジ, ヅ as ズ, ヴ as ブ, ヰ ヱ ヲ as イ エ オ.
 */
static const kana_row rows[256] = {
    [0xA1] = {VOWEL, MORA(NONE, A), true},
    [0xA2] = {VOWEL, MORA(NONE, A), false},
    [0xA3] = {VOWEL, MORA(NONE, I), true},
    [0xA4] = {VOWEL, MORA(NONE, I), false},
    [0xA5] = {VOWEL, MORA(NONE, U), true},
    [0xA6] = {VOWEL, MORA(NONE, U), false},
    [0xA7] = {VOWEL, MORA(NONE, E), true},
    [0xA8] = {VOWEL, MORA(NONE, E), false},
    [0xA9] = {VOWEL, MORA(NONE, O), true},
    [0xAA] = {VOWEL, MORA(NONE, O), false},
    ROW5(0xAB, 2, K),
    ROW5(0xAC, 2, G),
    ROW5(0xB5, 2, S),
    ROW5(0xB6, 2, Z),
    [0xBF] = {BEGINS, MORA(T, A), false},
    [0xC0] = {BEGINS, MORA(D, A), false},
    [0xC1] = {BEGINS, MORA(T, I), false},
    [0xC2] = {BEGINS, MORA(Z, I), false},
    [0xC4] = {BEGINS, MORA(T, U), false},
    [0xC5] = {BEGINS, MORA(Z, U), false},
    [0xC6] = {BEGINS, MORA(T, E), false},
    [0xC7] = {BEGINS, MORA(D, E), false},
    [0xC8] = {BEGINS, MORA(T, O), false},
    [0xC9] = {BEGINS, MORA(D, O), false},
    ROW5(0xCA, 1, N),
    ROW5(0xCF, 3, H),
    ROW5(0xD0, 3, B),
    ROW5(0xD1, 3, P),
    ROW5(0xDE, 1, M),
    [0xE3] = {GLIDES, MORA(Y, A), true},
    [0xE4] = {GLIDES, MORA(Y, A), false},
    [0xE5] = {GLIDES, MORA(Y, U), true},
    [0xE6] = {GLIDES, MORA(Y, U), false},
    [0xE7] = {GLIDES, MORA(Y, O), true},
    [0xE8] = {GLIDES, MORA(Y, O), false},
    ROW5(0xE9, 1, R),
    [0xEE] = {BEGINS, MORA(W, A), true},
    [0xEF] = {BEGINS, MORA(W, A), false},
    [0xF0] = {VOWEL, MORA(NONE, I), false},
    [0xF1] = {VOWEL, MORA(NONE, E), false},
    [0xF2] = {VOWEL, MORA(NONE, O), false},
    [0xF3] = {NASAL, KBR_SOUND_N, false},
    [0xF4] = {BEGINS, MORA(B, U), false},
    [0xF5] = {BEGINS, MORA(G, A), true}, /* 霞ヵ関 and 霞ヶ関 are read with ガ */
    [0xF6] = {BEGINS, MORA(G, A), true},
};

/* キ + ヤ = キャ. The bank's large kana leave no other choice than to read both as one. */
static uint8_t glided(uint8_t before, uint8_t glide) {
    static const uint8_t palatal[KBR_SOUND_CONSONANTS] = {
        [K] = KY, [S] = SY, [T] = TY, [N] = NY, [H] = HY, [M] = MY,
        [R] = RY, [G] = GY, [Z] = ZY, [B] = BY, [P] = PY};
    int consonant = consonant_of(before);
    if (before == KBR_SOUND_N || vowel_of(before) != I || palatal[consonant] == 0) {
        return 0;
    }
    return MORA(palatal[consonant], vowel_of(glide));
}

/* What a mora and a vowel behind it make together, the mora itself where the vowel only lengthens
 * it; 0 when they stay two. */
static uint8_t joined(uint8_t before, uint8_t kana_before, uint8_t vowel_mora, bool small) {
    int vowel = vowel_of(vowel_mora);
    if (before == KBR_SOUND_N) {
        return 0;
    }
    int first = vowel_of(before);
    int consonant = consonant_of(before);
    if (first == vowel || (first == O && vowel == U) || (first == E && vowel == I)) {
        return before; /* トウ as ト, ケイ and ケー as ケ; with them ティ as テ, トゥ as ト */
    }
    if (first == U && consonant == H) {
        return MORA(F, vowel); /* フィルム, フイルム */
    }
    if (first == U && kana_before == 0xF4) {
        return MORA(B, vowel); /* ヴィ */
    }
    if (first == U && consonant == NONE && vowel != A) {
        return MORA(W, vowel); /* ウィ, ウイ */
    }
    if (first == I && vowel == E && (consonant == S || consonant == T || consonant == Z)) {
        return MORA(consonant == S ? SY : consonant == T ? TY : ZY, E); /* シェ, シエ */
    }
    if (first == U && small && consonant == T) {
        return MORA(T, vowel); /* ツァ */
    }
    return 0;
}

size_t kbr_sound_of_kana(uint8_t *out, const uint8_t *kana, size_t len) {
    size_t count = 0;
    size_t begin = 0; /* of the word, in moras */
    for (size_t i = 0; i < len; i++) {
        const kana_row *row = &rows[kana[i]];
        uint8_t kana_before = i > 0 ? kana[i - 1] : 0;
        uint8_t changed = 0;
        if (row->act == SILENT) {
            begin = kana[i] == KBR_KANA_BREAK ? count : begin;
            continue;
        }
        if (count > begin && row->act == GLIDES) {
            changed = glided(out[count - 1], row->mora);
        } else if (count > begin && row->act == VOWEL) {
            changed = joined(out[count - 1], kana_before, row->mora, row->small);
        }
        if (changed != 0) {
            out[count - 1] = changed;
        } else {
            out[count++] = row->mora;
        }
    }
    return count;
}

uint8_t kbr_sound_of_one(uint8_t kana) {
    return rows[kana].act == SILENT ? 0 : rows[kana].mora;
}

size_t kbr_sound_romaji(char *out, const uint8_t *moras, size_t len) {
    size_t size = 0;
    for (size_t i = 0; i < len; i++) {
        if (moras[i] == 0) {
            continue;
        }
        if (moras[i] == KBR_SOUND_N) {
            out[size++] = 'n';
            continue;
        }
        for (const char *letter = consonant_names[consonant_of(moras[i])]; *letter != '\0';
             letter++) {
            out[size++] = *letter;
        }
        out[size++] = "aiueo"[vowel_of(moras[i])];
    }
    out[size] = '\0';
    return size;
}

/* ---- spelling ---- */

size_t kbr_sound_bare(uint8_t *out, size_t room, const uint8_t *moras, size_t len) {
    size_t size = 0;
    for (size_t i = 0; i < len && size + 2 <= room; i++) {
        if (moras[i] == 0) {
            continue;
        }
        if (moras[i] == KBR_SOUND_N) {
            out[size++] = 'n';
            continue;
        }
        int consonant = consonant_of(moras[i]);
        if (consonant != NONE) {
            out[size++] = (uint8_t)consonant_names[consonant == F ? H : consonant][0];
        }
        if (vowel_of(moras[i]) != U) {
            out[size++] = (uint8_t) "aiueo"[vowel_of(moras[i])];
        }
    }
    return size;
}

/* Letters that together are one sound, as English has it; the first that fits counts. `before`:
 * only before one of these; "": only at the end. */
typedef struct spelling {
    const char *letters;
    const char *before;
    const char *sounds;
} spelling;

static const spelling spellings[] = {
    {"tch", NULL, "t"},
    {"sch", NULL, "s"},
    {"tur", "", "ta"},
    {"tion", NULL, "son"},
    {"sion", NULL, "zon"},
    {"dge", NULL, "z"},
    {"cc", "eiy", "ks"},
    {"ch", NULL, "t"},
    {"sh", NULL, "s"},
    {"th", NULL, "s"},
    {"ph", NULL, "h"},
    {"ck", NULL, "k"},
    {"ts", NULL, "t"},
    {"qu", NULL, "k"},
    {"ee", NULL, "i"},
    {"ea", NULL, "i"},
    {"oo", NULL, ""},
    {"oa", NULL, "o"},
    {"au", NULL, "o"},
    {"ai", NULL, "e"},
    {"ay", NULL, "e"},
    {"er", "", "a"},
    {"er", "bcdfgkmnpstvz", "a"},
    {"ir", "bcdfgkmnpstvz", "a"},
    {"or", "bcdfgkmnpstvz", "o"},
    {"ar", "bcdfgkmnpstvz", "a"},
    {"c", "eiy", "s"},
    {"c", NULL, "k"},
    {"x", NULL, "ks"},
    {"q", NULL, "k"},
    {"l", NULL, "r"},
    {"v", NULL, "b"},
    {"f", NULL, "h"},
    {"j", NULL, "z"},
    {"u", NULL, ""},
    {"m", "bp", "n"},
};

static bool is_vowel(char letter) {
    return letter != '\0' && strchr("aiueo", letter) != NULL;
}

static const spelling *spelling_at(const char *letters, size_t len) {
    for (size_t i = 0; i < KBR_COUNT(spellings); i++) {
        if (spellings[i].letters[0] != letters[0]) {
            continue;
        }
        size_t size = strlen(spellings[i].letters);
        const char *before = spellings[i].before;
        if (size <= len && memcmp(letters, spellings[i].letters, size) == 0 &&
            (before == NULL ||
             (size < len ? strchr(before, letters[size]) != NULL : *before == '\0'))) {
            return &spellings[i];
        }
    }
    return NULL;
}

size_t kbr_sound_spelt(uint8_t *out, size_t room, const char *letters, size_t len) {
    size_t size = 0;
    /* What is not heard at the end: e behind a consonant. */
    if (len > 3 && letters[len - 1] == 'e' && !is_vowel(letters[len - 2])) {
        len--;
    }
    for (size_t at = 0; at < len;) {
        char before = at > 0 ? letters[at - 1] : '\0';
        const spelling *found = spelling_at(letters + at, len - at);
        if (letters[at] == before && !is_vowel(before)) {
            at++; /* a doubled consonant */
            continue;
        }
        char alone[2] = {letters[at], '\0'};
        if (letters[at] == 'y') {
            bool glide = at + 1 < len && is_vowel(letters[at + 1]);
            alone[0] = glide ? (at > 0 && !is_vowel(before) ? '\0' : 'y') : 'i';
        }
        const char *sounds = found != NULL ? found->sounds : alone;
        for (; *sounds != '\0' && size < room; sounds++) {
            out[size++] = (uint8_t)*sounds;
        }
        at += found != NULL ? strlen(found->letters) : 1;
    }
    return size;
}

size_t kbr_sound_spelt_skeleton(char *out, const uint8_t *spelt, size_t len) {
    size_t size = 0;
    for (size_t i = 0; i < len; i++) {
        char letter = (char)spelt[i];
        if (!is_vowel(letter) && letter != 'y' && letter != 'w' &&
            (size == 0 || out[size - 1] != letter)) {
            out[size++] = letter;
        }
    }
    return size;
}

size_t kbr_sound_skeleton(char *out, const uint8_t *moras, size_t len) {
    size_t size = 0;
    for (size_t i = 0; i < len; i++) {
        char letter = 'n';
        if (moras[i] == 0) {
            continue;
        }
        if (moras[i] != KBR_SOUND_N) {
            int consonant = consonant_of(moras[i]);
            letter = consonant_names[consonant == F ? H : consonant][0];
        }
        if (letter != '\0' && letter != 'y' && letter != 'w' &&
            (size == 0 || out[size - 1] != letter)) {
            out[size++] = letter;
        }
    }
    return size;
}
