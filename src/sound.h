/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sound: kana as a string of moras in which every way to write one pronunciation is the same. Long
 * vowels, small and large kana, ヂ and ジ, ヴ and バ行, ティ and テ are folded to one, so that the
 * bank file's ヤマダセイサクシヨ, the form's "Yamada Seisakusho" and a reading of 山田製作所 meet.
 * Knows kana only; what kanji and Latin letters are read as is the business of reading.
 */
#ifndef KBR_SOUND_H
#define KBR_SOUND_H

#include "base.h"

/* A mora: 1 + 5 * consonant + vowel (a i u e o), or KBR_SOUND_N. 0 = none: the border of a word. */
#define KBR_SOUND_CONSONANTS 27
#define KBR_SOUND_N (1 + 5 * KBR_SOUND_CONSONANTS)
#define KBR_SOUND_CODES (KBR_SOUND_N + 1)

/* A kana is written in one byte: the low byte of its katakana's code point, U+30A1..U+30FC. */
#define KBR_KANA(unit) ((uint8_t)((unit)&0xFF))
#define KBR_KANA_BREAK 0 /* between words: what is on both sides makes no mora together */
static inline bool kbr_is_kana(uint16_t unit) {
    return unit >= 0x30A1 && unit <= 0x30FC && unit != 0x30FB;
}

/*
 * The moras of kana; writes at most `len` to `out` and returns how many. What is no kana is passed
 * over.
 */
size_t kbr_sound_of_kana(uint8_t *out, const uint8_t *kana, size_t len);
/* The mora of one kana by itself; 0: it has none, as ー and ッ. */
uint8_t kbr_sound_of_one(uint8_t kana);

/* Moras as romaji (Hepburn's vowels, Kunrei's consonants: si, tu, zya), terminated. Writes at most
 * 3 * len + 1 bytes; returns the length without the terminator. */
size_t kbr_sound_romaji(char *out, const uint8_t *moras, size_t len);

/*
 * Moras and Latin spelling brought as near to one another as rules can: heriosu and "healios" both
 * without the vowels that Japanese puts in (u), l as r, v as b, th as s. For comparing, not for
 * keys. Both write letters a..z, at most `room`, and return how many.
 */
size_t kbr_sound_bare(uint8_t *out, size_t room, const uint8_t *moras, size_t len);
size_t kbr_sound_spelt(uint8_t *out, size_t room, const char *letters, size_t len);
/* The consonants of what kbr_sound_spelt wrote, as kbr_sound_skeleton has them. */
size_t kbr_sound_spelt_skeleton(char *out, const uint8_t *spelt, size_t len);

/*
 * The consonants of moras, neighbours that are equal as one: what is left of a foreign word when
 * its vowels were guessed wrong. One byte each ('k', 's' ...), not terminated, at most `len`.
 */
size_t kbr_sound_skeleton(char *out, const uint8_t *moras, size_t len);

#endif
