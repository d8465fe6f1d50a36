/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record parsed and packed. The reader runs a caller's record through the stages above (text,
 * fold, company, reading, spoken, deal, shingle); the card is what is kept of it: one block of
 * memory that keys are made from and two of which are compared. Texts are not kept. Judges nothing.
 */
#ifndef KBR_RECORD_H
#define KBR_RECORD_H

#include "company.h"
#include "deal.h"
#include "opposed.h"
#include "shingle.h"
#include "spoken.h"

/* Scripts a company's key is written in: bits of kbr_card.scripts. */
#define KBR_WRITTEN_KANA 1U
#define KBR_WRITTEN_KANJI 2U
#define KBR_WRITTEN_LATIN 4U
#define KBR_WRITTEN_OTHER 8U

/* Shingles kept of one field: real names have at most 900. The hashes cover the whole text. */
#define KBR_CARD_SHINGLES_MAX 1024

/* What few cards have, a word of 64 bits each: bits of kbr_card.has, in the order in which the
 * words lie behind the card. Hashes but for the number, the amount and the borders. */
enum {
    KBR_CARD_READING = 0, /* kbr_spoken.readings, KBR_READING_ALTERNATIVES of them */
    KBR_CARD_ACRONYM = KBR_CARD_READING + KBR_READING_ALTERNATIVES, /* initials, as `company` */
    KBR_CARD_FORMER,           /* the former name's loose key */
    KBR_CARD_BRANCH,           /* loose key of the branch, or of a note in brackets */
    KBR_CARD_CORPORATE_NUMBER, /* the 13 digits */
    KBR_CARD_DOMAIN,           /* the lower-case registrable name */
    KBR_CARD_DEAL,             /* the deal's loose key, numbers not in it */
    KBR_CARD_DEAL_WORDS,       /* the words of a deal that has several, in any order */
    KBR_CARD_SITE,             /* the sites' loose key */
    KBR_CARD_AMOUNT,
    KBR_CARD_BORDERS, /* of a name in several Latin words: bit i set, a word begins at unit i > 0 */
    KBR_CARD_WORDS
};

/* Code of the letter a among moras. */
#define KBR_CARD_LETTER KBR_SOUND_CODES
#define KBR_CARD_REST_MAX (2 * KBR_SPOKEN_MORAS_MAX)

/* Bits of kbr_card.traits. */
#define KBR_TRAIT_READING_GIVEN 1U    /* reading 0 is what somebody entered, not a guess */
#define KBR_TRAIT_ROMAJI 2U           /* the core is romaji, whose reading is no guess */
#define KBR_TRAIT_UNIT_TAIL 4U        /* the core ends in a unit's word: 病院 研究所 支店 */
#define KBR_TRAIT_FACILITY_TAIL 8U    /* the core ends in a facility's word: 病院 大学 */
#define KBR_TRAIT_COMPANY_REPEATS 64U /* its key has a shingle twice */
#define KBR_TRAIT_DEAL_REPEATS 128U
#define KBR_TRAIT_FACILITY 16U /* so does the branch, or what the brackets hold */

/* clang-format off */
/*
 * The card. Hashes are XXH3; 0 means that there is nothing. Behind the struct lie, in this order:
 *
 *   uint64_t    words[word_count]                     of the bits of `has`
 *   kbr_number  numbers[number_count]
 *   kbr_form    forms[form_count]
 *   kbr_opposed opposed[opposed_count]
 *   uint32_t    skeletons[skeleton_count]             hashes
 *   uint16_t    company key[company_len]
 *   uint16_t    sound[sound_count], sense[sense_count]
 *   uint16_t    deal key[deal_len]
 *   uint8_t     company rarities[company_shingles], deal rarities[deal_shingles]
 *   uint8_t     rest[rest_count]                      moras, then letters
 *   uint8_t     company threes[], company repeats[]   a bit for each shingle: it has three units; it
 *   uint8_t     deal threes[], deal repeats[]         was there before (only of a key that has such)
 *
 * The shingles themselves are not kept: shingle i is of the units i - 1, i and, where it has three,
 * i + 1 of the key, with KBR_BORDER around it. Of a key that has more than KBR_CARD_WINDOWS_MAX no
 * bits are kept.
 */
/* clang-format on */
typedef struct kbr_card {
    uint64_t id;
    uint64_t company;        /* hash of the loose key */
    uint32_t size;           /* of the whole block, bytes */
    uint32_t company_strict; /* hash of the strict core; told only between equal `company` */
    uint32_t deal_strict;
    uint32_t company_weight; /* sum of the shingles' rarities */
    uint32_t deal_weight;
    int32_t close_date;
    uint16_t company_len; /* UTF-16 units */
    uint16_t deal_len;
    uint16_t company_shingles;
    uint16_t deal_shingles;
    uint16_t sound_weight;
    uint16_t sense_weight;
    uint16_t has;          /* 1 << KBR_CARD_* */
    uint16_t roles;        /* bit r set: a number of role r is there */
    uint16_t deal_sales;   /* KBR_SALE_* */
    uint8_t deal_flags;    /* KBR_DEAL_* */
    uint8_t company_flags; /* KBR_COMPANY_* */
    uint8_t stage;
    uint8_t kind;
    uint8_t scripts; /* KBR_WRITTEN_* of the company's key */
    uint8_t traits;  /* KBR_TRAIT_* */
    uint8_t word_count;
    uint8_t number_count;
    uint8_t form_count;
    uint8_t opposed_count;
    uint8_t skeleton_count;
    uint8_t sound_count; /* shingles of the spoken name */
    uint8_t sense_count; /* the same with terms; 0 = no term in it */
    uint8_t rest_count;  /* moras of the spoken name that no term stands for, and behind them, of a
                            name in Latin letters, the same as it is spelt: KBR_CARD_LETTER */
} kbr_card;

static inline const uint64_t *kbr_card_words(const kbr_card *card) {
    return (const uint64_t *)(const void *)(card + 1);
}
static inline const kbr_number *kbr_card_numbers(const kbr_card *card) {
    return (const kbr_number *)(const void *)(kbr_card_words(card) + card->word_count);
}
static inline const kbr_form *kbr_card_forms(const kbr_card *card) {
    return (const kbr_form *)(const void *)(kbr_card_numbers(card) + card->number_count);
}
static inline const kbr_opposed *kbr_card_opposed(const kbr_card *card) {
    return (const kbr_opposed *)(const void *)(kbr_card_forms(card) + card->form_count);
}
static inline const uint32_t *kbr_card_skeletons(const kbr_card *card) {
    return (const uint32_t *)(const void *)(kbr_card_opposed(card) + card->opposed_count);
}
static inline const uint16_t *kbr_card_company_key(const kbr_card *card) {
    return (const uint16_t *)(const void *)(kbr_card_skeletons(card) + card->skeleton_count);
}
static inline const uint16_t *kbr_card_sound(const kbr_card *card) {
    return kbr_card_company_key(card) + card->company_len;
}
static inline const uint16_t *kbr_card_sense(const kbr_card *card) {
    return kbr_card_sound(card) + card->sound_count;
}
static inline const uint16_t *kbr_card_deal_key(const kbr_card *card) {
    return kbr_card_sense(card) + card->sense_count;
}
static inline const uint8_t *kbr_card_company_rarities(const kbr_card *card) {
    return (const uint8_t *)(const void *)(kbr_card_deal_key(card) + card->deal_len);
}
static inline const uint8_t *kbr_card_deal_rarities(const kbr_card *card) {
    return kbr_card_company_rarities(card) + card->company_shingles;
}

static inline const uint8_t *kbr_card_rest(const kbr_card *card) {
    return kbr_card_deal_rarities(card) + card->deal_shingles;
}

/* How many of the rest are moras. */
static inline uint32_t kbr_card_rest_moras(const kbr_card *card) {
    uint32_t count = card->rest_count;
    while (count > 0 && kbr_card_rest(card)[count - 1] >= KBR_CARD_LETTER) {
        count--;
    }
    return count;
}

/* Most shingles whose bits are kept. */
#define KBR_CARD_WINDOWS_MAX 56

static inline size_t kbr_card_shingles(const kbr_card *card, int field) {
    return field == KBR_FIELD_OF_COMPANY ? card->company_shingles : card->deal_shingles;
}
static inline bool kbr_card_has_repeats(const kbr_card *card, int field) {
    return (card->traits & (field == KBR_FIELD_OF_COMPANY ? KBR_TRAIT_COMPANY_REPEATS
                                                          : KBR_TRAIT_DEAL_REPEATS)) != 0;
}
static inline const uint8_t *kbr_card_rarities(const kbr_card *card, int field) {
    return field == KBR_FIELD_OF_COMPANY ? kbr_card_company_rarities(card)
                                         : kbr_card_deal_rarities(card);
}
/* Bytes of a bit for each shingle of one field. */
static inline size_t kbr_card_bits_size(const kbr_card *card, int field) {
    size_t count = kbr_card_shingles(card, field);
    return count > KBR_CARD_WINDOWS_MAX ? 0 : (count + 7) / 8;
}
/* Bytes of its threes and repeats. */
static inline size_t kbr_card_threes_size(const kbr_card *card, int field) {
    return kbr_card_bits_size(card, field) << kbr_card_has_repeats(card, field);
}
static inline const uint8_t *kbr_card_threes(const kbr_card *card, int field) {
    const uint8_t *company = kbr_card_rest(card) + card->rest_count;
    return field == KBR_FIELD_OF_COMPANY
               ? company
               : company + kbr_card_threes_size(card, KBR_FIELD_OF_COMPANY);
}

/* The windows of a field whose bits are kept, one after the other, without repeats. */
typedef struct kbr_card_windows {
    const uint16_t *key;
    size_t len;
    uint64_t threes;
    uint64_t repeats;
    uint64_t units; /* the last three, the latest at the top */
} kbr_card_windows;

static inline uint64_t kbr_card_load_bits(const uint8_t *bits, size_t size) {
    uint64_t loaded = 0;
    for (size_t i = 0; i < size; i++) {
        loaded |= (uint64_t)bits[i] << 8 * i;
    }
    return loaded;
}
static inline kbr_card_windows kbr_card_windows_of(const kbr_card *card, int field) {
    bool company = field == KBR_FIELD_OF_COMPANY;
    kbr_card_windows out = {.key = company ? kbr_card_company_key(card) : kbr_card_deal_key(card),
                            .len = company ? card->company_len : card->deal_len};
    const uint8_t *bits = kbr_card_threes(card, field);
    size_t size = kbr_card_bits_size(card, field);
    out.threes = kbr_card_load_bits(bits, size);
    if (kbr_card_has_repeats(card, field)) {
        out.repeats = kbr_card_load_bits(bits + size, size);
    }
    uint64_t first = out.len > 0 ? out.key[0] : KBR_BORDER;
    out.units = first << 32 | (uint64_t)KBR_BORDER << 16;
    return out;
}
/* The next one, which reaches to this unit. */
static inline kbr_window kbr_card_windows_take(kbr_card_windows *from, uint16_t unit) {
    from->units = from->units >> 16 | (uint64_t)unit << 32;
    uint64_t third = -(from->threes & 1U) & UINT64_C(0xFFFF00000000);
    from->threes >>= 1;
    return from->units & (UINT64_C(0xFFFFFFFF) | third);
}

/* How many of the 16 bits are set; without the instruction for it, which not every CPU has. */
static inline uint32_t kbr_card_bits(uint32_t word) {
    word -= word >> 1 & 0x5555U;
    word = (word & 0x3333U) + (word >> 2 & 0x3333U);
    word = (word + (word >> 4)) & 0x0F0FU;
    return (word + (word >> 8)) & 0x1FU;
}
/* The word KBR_CARD_*; 0 where the card has none. */
static inline uint64_t kbr_card_word(const kbr_card *card, int word) {
    uint32_t bit = 1U << word;
    return (card->has & bit) == 0 ? 0 : kbr_card_words(card)[kbr_card_bits(card->has & (bit - 1))];
}
static inline int64_t kbr_card_amount(const kbr_card *card) {
    return (card->has >> KBR_CARD_AMOUNT & 1U) == 0 ? KABURI_AMOUNT_ABSENT
                                                    : (int64_t)kbr_card_word(card, KBR_CARD_AMOUNT);
}

/* The shingles of one field of a card in the order of the text, each once, KBR_CARD_SHINGLES_MAX at
 * most; returns how many, as the card says. */
size_t kbr_card_shingle_windows(kbr_window *out, const kbr_card *card, int field);

/* Whether a block of `size` bytes that somebody else wrote can be read as a card: its parts lie
 * within it, hold no number that is looked up beyond a table, and add up to its weights. Not
 * whether it tells the truth. */
bool kbr_card_is_sound(const void *block, size_t size);

/* Scratch of one parse after another: one for each thread. */
typedef struct kbr_reader {
    const kaburi_allocator *allocator; /* borrowed */
    kbr_folded company_text;
    kbr_folded deal_text;
    kbr_folded other_text; /* reading, number, domain, owner */
    kbr_company company;
    kbr_deal deal;
    kbr_reading given;   /* of company_reading; count 0: none */
    kbr_reading reading; /* guessed from the company's core */
    kbr_spoken spoken;
    bool unread; /* set by the owner: names are not read, which saves a microsecond each */
    kbr_shingle *company_shingles;
    size_t company_shingle_count;
    size_t company_shingle_capacity;
    kbr_shingle *deal_shingles;
    size_t deal_shingle_count;
    size_t deal_shingle_capacity;
    kbr_card *card; /* what kbr_reader_read made; owned; valid until the next read */
    size_t card_capacity;
} kbr_reader;

void kbr_reader_init(kbr_reader *reader, const kaburi_allocator *allocator);
void kbr_reader_free(kbr_reader *reader);

/*
 * Checks and parses a record; the card is in reader->card. ARGUMENT (unset struct_size, neither
 * company nor deal, stage or kind out of range, not a 法人番号), TEXT and TOO_LONG (the message
 * names the field), MEMORY.
 */
kaburi_status kbr_reader_read(kbr_reader *reader, const kaburi_record *record, kaburi_error *error);

/* The hash of a loose key, as in kbr_card.company. */
uint64_t kbr_record_key_hash(const uint16_t *key, size_t len);

#endif
