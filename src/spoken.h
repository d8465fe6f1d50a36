/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A name as it is spoken and meant: what can be compared between kanji, kana, romaji and English.
 * Takes a core and its reading, gives the shingles of the whole sound, the same with terms in place
 * of the words that mean them (カネコ種苗 and "Kaneko Seeds": ka-ne-ko + seed), hashes of whole
 * readings, consonant skeletons and the acronym. Judges nothing.
 */
#ifndef KBR_SPOKEN_H
#define KBR_SPOKEN_H

#include "reading.h"

/* Moras of a name; what is longer is cut. */
#define KBR_SPOKEN_MORAS_MAX 64
#define KBR_SPOKEN_SHINGLES_MAX (KBR_SPOKEN_MORAS_MAX + 1)
#define KBR_SPOKEN_SKELETONS_MAX 4

/*
 * A reading is a hash of its sound; its lowest byte is not, but tells more of it: in
 * KBR_SPOKEN_KANA a hash of the kana, by which ティーイージー is not ティーエージー that sounds the
 * same (0: romaji, which does not say which kana), and KBR_SPOKEN_DOUBTFUL where another reading is
 * nearly as likely.
 */
#define KBR_SPOKEN_KANA UINT64_C(0x7F)
#define KBR_SPOKEN_DOUBTFUL UINT64_C(0x80)
#define KBR_SPOKEN_SOUND (~UINT64_C(0xFF))

/* A shingle is a pair of neighbouring moras, first * KBR_SOUND_CODES + second, where 0 is the
 * border of a stretch; above them lie the terms. */
#define KBR_SPOKEN_TERM (KBR_SOUND_CODES * KBR_SOUND_CODES)

typedef struct kbr_spoken {
    uint64_t readings[KBR_READING_ALTERNATIVES]; /* of whole sounds, the likeliest first */
    uint64_t skeletons[KBR_SPOKEN_SKELETONS_MAX];
    uint64_t acronym; /* hash of the initials as a loose key; 0 = none */
    uint32_t reading_count;
    uint32_t skeleton_count;
    uint32_t sound_count; /* distinct shingles of the whole sound, in its order */
    uint32_t sense_count; /* the same with terms; 0 when the name has none */
    uint32_t rest_count;  /* moras that no term stands for */
    bool romaji;          /* all of the core is, and so its reading is no guess */
    uint16_t sound[KBR_SPOKEN_SHINGLES_MAX];
    uint16_t sense[KBR_SPOKEN_SHINGLES_MAX];
    uint8_t rest[KBR_SPOKEN_MORAS_MAX];
    uint32_t spelt_count; /* of a name in Latin letters but romaji: what no term stands for as it is
                             spelt */
    uint8_t spelt[KBR_SPOKEN_MORAS_MAX]; /* a..z, see kbr_sound_spelt */
} kbr_spoken;

/*
 * `given` (NULL: none): a reading that somebody entered, which wins over those guessed from the
 * core; its terms come from the core all the same. Allocates nothing.
 */
void kbr_spoken_of(kbr_spoken *out, const uint16_t *core, size_t len, const kbr_reading *reading,
                   const kbr_reading *given);

/* 8 * log2(names / names with it) of a shingle, 1..255; from src/data/sounds.tsv. */
uint8_t kbr_spoken_rarity(uint16_t shingle);
/* Whether there is such a shingle. */
bool kbr_spoken_is_shingle(uint16_t shingle);

#endif
