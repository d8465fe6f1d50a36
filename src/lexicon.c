/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lexicon: walks the double array from the root, a unit a step, and notes every surface it
 * passes.
 */
#include "lexicon.h"

#include "lexicon_table.h"

#define NO_NODE UINT32_MAX

static uint32_t code_of(uint16_t unit) {
    return kbr_lexicon_codes[kbr_lexicon_pages[unit >> 8]][unit & 0xFF];
}

static uint32_t place_of(uint32_t node, uint32_t code) {
    return (kbr_lexicon_nodes[node].base & KBR_LEXICON_BASE) + code;
}

static uint32_t child_of(uint32_t node, uint32_t code) {
    uint32_t child = place_of(node, code);
    return child < kbr_lexicon_node_count && kbr_lexicon_nodes[child].check == node ? child
                                                                                    : NO_NODE;
}

/* Notes the surface that ends at a node, if one does; returns how many there are then. */
static size_t note(kbr_lexicon_hit *hits, size_t count, uint32_t node, size_t len) {
    uint32_t base = kbr_lexicon_nodes[node].base;
    if ((base & KBR_LEXICON_ENDS) != 0) {
        base = kbr_lexicon_nodes[base & KBR_LEXICON_BASE].base;
    }
    if ((base & KBR_LEXICON_LEAF) != 0) {
        const kbr_lexicon_entry *entries = kbr_lexicon_entries + (base & KBR_LEXICON_BASE);
        KBR_PREFETCH(entries);
        hits[count++] = (kbr_lexicon_hit){entries, len};
    }
    return count;
}

static bool is_leaf(uint32_t node) {
    return (kbr_lexicon_nodes[node].base & KBR_LEXICON_LEAF) != 0;
}

/* Walks from `position` on by `codes`, or where there are none by those of the text. */
static size_t walk(kbr_lexicon_hit *hits, const uint16_t *codes, const uint16_t *text, size_t len,
                   size_t position) {
    size_t count = 0;
    uint32_t node = 0;
    for (size_t i = position; i < len && count < KBR_LEXICON_LEN_MAX; i++) {
        uint32_t code = codes != NULL ? codes[i] : code_of(text[i]);
        node = code == 0 ? NO_NODE : child_of(node, code);
        if (node == NO_NODE) {
            break;
        }
        count = note(hits, count, node, i + 1 - position);
        if (is_leaf(node)) {
            break;
        }
    }
    return count;
}

size_t kbr_lexicon_find(kbr_lexicon_hit *hits, const uint16_t *text, size_t len, size_t position) {
    return walk(hits, NULL, text, len, position);
}

size_t kbr_lexicon_find_code(kbr_lexicon_hit *hits, const uint16_t *codes, size_t len,
                             size_t position) {
    return walk(hits, codes, NULL, len, position);
}

/* The children of the root lie close together and are seldom away; what is waited for are theirs.
 */
void kbr_lexicon_encode(uint16_t *codes, const uint16_t *text, size_t len) {
    for (size_t i = 0; i < len; i++) {
        codes[i] = (uint16_t)code_of(text[i]);
    }
    for (size_t i = 0; i + 1 < len; i++) {
        uint32_t node = codes[i] == 0 ? NO_NODE : child_of(0, codes[i]);
        if (node != NO_NODE && !is_leaf(node)) {
            KBR_PREFETCH(&kbr_lexicon_nodes[place_of(node, codes[i + 1])]);
        }
    }
}
