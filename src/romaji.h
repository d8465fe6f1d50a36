/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Romaji: Japanese in Latin letters as kana, Hepburn, Kunrei and Nihon-siki alike. Tells romaji
 * from other words by its grammar alone: every consonant has its vowel.
 */
#ifndef KBR_ROMAJI_H
#define KBR_ROMAJI_H

#include "base.h"

/*
 * Reads lower-case letters a-z as kana (low bytes, see sound.h): writes at most 2 * len to `out`
 * and returns how many; 0 when the word is no romaji: "trust", "yamadax". n, and m before b, m and
 * p, is ン; a doubled consonant ッ; h between o and a consonant or the end a long vowel (ohno,
 * itoh). Sources: ISO 3602, and the Hepburn table of the Cabinet notice of 2025-12 (内閣告示
 * ローマ字のつづり方).
 */
size_t kbr_romaji_to_kana(uint8_t *out, const uint16_t *letters, size_t len);

#endif
