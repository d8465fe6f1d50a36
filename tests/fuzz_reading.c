/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: a core of any units through the lattice, beside a reference that looks at every
 * sequence of pieces, and on through sound and shingles. An input that begins with '#' is UTF-16
 * units as they are, any other a text that is folded.
 */
#include "fuzz.h"

#include "fold.h"
#include "spoken.h"

#include <string.h>

static size_t read_core(uint16_t *core, const uint8_t *data, size_t size) {
    if (size > 0 && data[0] == '#') {
        size_t len = (size - 1) / 2;
        memcpy(core, data + 1, len * sizeof *core);
        return len;
    }
    static char text[3 * FUZZ_SIZE_MAX];
    kbr_folded folded;
    kbr_folded_init(&folded, &kbr_allocator_default);
    kaburi_text field = fuzz_text(text, data, size);
    EXPECT(kbr_fold(&folded, field) == KABURI_OK);
    size_t len = folded.len < FUZZ_SIZE_MAX ? folded.len : FUZZ_SIZE_MAX;
    if (len > 0) {
        memcpy(core, folded.unit, len * sizeof *core);
    }
    kbr_folded_free(&folded);
    return len;
}

/* Kana of the longest entry. */
#define KANA_LONGEST 64

static void expect_pieces(const kbr_reading *reading, size_t len) {
    size_t at = 0;
    size_t kana = 0;
    for (uint32_t i = 0; i < reading->piece_count; i++) {
        const kbr_piece *piece = &reading->pieces[i];
        EXPECT(piece->begin == at && piece->len > 0 && piece->kana == kana);
        EXPECT(piece->term < kbr_lexicon_term_count);
        at += piece->len;
        kana += piece->kana_len;
    }
    bool cut = reading->count > 0 && reading->kana_len[0] > KBR_READING_KANA_MAX - KANA_LONGEST;
    EXPECT(len == 0 || cut || at == (len < KBR_READING_UNITS_MAX ? len : KBR_READING_UNITS_MAX));
    EXPECT(reading->count == 0 || kana == reading->kana_len[0]);
}

/* No sequence of single entries is cheaper than the best path: entries that are no term may stand
 * anywhere. */
static void expect_cheapest(const kbr_reading *reading, const uint16_t *core, size_t len) {
    uint32_t cost[KBR_READING_UNITS_MAX + 1];
    kbr_lexicon_hit hits[KBR_LEXICON_LEN_MAX];
    len = len < KBR_READING_UNITS_MAX ? len : KBR_READING_UNITS_MAX;
    memset(cost, 0xFF, sizeof cost);
    cost[0] = 0;
    for (size_t i = 0; i < len; i++) {
        uint32_t single = cost[i] + kbr_lexicon_unknown_cost;
        cost[i + 1] = single < cost[i + 1] ? single : cost[i + 1];
        size_t count = kbr_lexicon_find(hits, core, len, i);
        for (size_t j = 0; j < count; j++) {
            uint32_t sum = cost[i] + kbr_lexicon_cost(hits[j].entries);
            uint32_t *end = &cost[i + hits[j].len];
            *end = hits[j].entries->term == 0 && sum < *end ? sum : *end;
        }
    }
    EXPECT(reading->count == 0 || reading->cost[0] <= cost[len]);
}

static void expect_readings(const kbr_reading *reading) {
    EXPECT(reading->count <= KBR_READING_ALTERNATIVES);
    for (uint32_t i = 0; i < reading->count; i++) {
        EXPECT(reading->kana_len[i] > 0 && reading->kana_len[i] <= KBR_READING_KANA_MAX);
        EXPECT(i == 0 || reading->cost[i - 1] <= reading->cost[i]);
        for (size_t j = 0; j < reading->kana_len[i]; j++) {
            EXPECT(reading->kana[i][j] == KBR_KANA_BREAK ||
                   kbr_is_kana((uint16_t)(0x3000 | reading->kana[i][j])));
        }
    }
}

static void expect_shingles(const uint16_t *shingles, uint32_t count) {
    EXPECT(count <= KBR_SPOKEN_SHINGLES_MAX);
    for (uint32_t i = 0; i < count; i++) {
        EXPECT(shingles[i] < KBR_SPOKEN_TERM + kbr_lexicon_term_count);
        EXPECT(kbr_spoken_rarity(shingles[i]) > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint16_t core[FUZZ_SIZE_MAX];
    if (size > FUZZ_SIZE_MAX) {
        return 0;
    }
    size_t len = read_core(core, data, size);
    kbr_reading reading;
    kbr_spoken spoken;
    kbr_reading_of(&reading, core, len);
    expect_readings(&reading);
    expect_pieces(&reading, len);
    bool plain = true; /* diacritics are dropped before the lexicon is asked */
    for (size_t i = 0; i < len; i++) {
        plain &= core[i] < 0xC0 || core[i] >= 0x250;
    }
    if (plain) {
        expect_cheapest(&reading, core, len);
    }
    kbr_spoken_of(&spoken, core, len, &reading, NULL);
    expect_shingles(spoken.sound, spoken.sound_count);
    expect_shingles(spoken.sense, spoken.sense_count);
    EXPECT(spoken.reading_count <= reading.count);
    EXPECT(spoken.rest_count <= KBR_SPOKEN_MORAS_MAX);
    return 0;
}
