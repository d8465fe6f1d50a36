/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lexicon: walks the double array from the root, a unit a step, and notes every surface it
 * passes.
 */
#include "lexicon.h"

#include "lexicon_table.h"

#define NO_NODE UINT32_MAX

static uint32_t child_of(uint32_t node, uint32_t code) {
    uint32_t child = kbr_lexicon_nodes[node].base + code;
    return child < kbr_lexicon_node_count && kbr_lexicon_nodes[child].check == node ? child
                                                                                    : NO_NODE;
}

size_t kbr_lexicon_find(kbr_lexicon_hit *hits, const uint16_t *text, size_t len, size_t position) {
    size_t count = 0;
    uint32_t node = 0;
    for (size_t i = position; i < len && count < KBR_LEXICON_LEN_MAX; i++) {
        uint32_t code = kbr_lexicon_codes[kbr_lexicon_pages[text[i] >> 8]][text[i] & 0xFF];
        node = code == 0 ? NO_NODE : child_of(node, code);
        if (node == NO_NODE) {
            break;
        }
        uint32_t end = child_of(node, 0);
        if (end != NO_NODE) {
            hits[count++] = (kbr_lexicon_hit){kbr_lexicon_entries + kbr_lexicon_nodes[end].base,
                                              i + 1 - position};
        }
    }
    return count;
}
