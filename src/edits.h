/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Edit distance of two short texts, one of them prepared as bit masks: Myers 1999 in Hyyrö's form
 * for one machine word, with his term for an exchange of neighbours (2003) where that counts as one
 * edit.
 */
#ifndef KBR_EDITS_H
#define KBR_EDITS_H

#include "base.h"

#define KBR_EDITS_LEN_MAX 64 /* items of either text */

/*
 * Bit j of equal[i] is set where item i of the text is item j of the prepared one, which has
 * own_len items. Both at most KBR_EDITS_LEN_MAX. Inlined, so that a constant `exchange` costs
 * nothing.
 */
static inline uint32_t kbr_edits(const uint64_t *equal, size_t len, size_t own_len, bool exchange) {
    if (own_len == 0) {
        return (uint32_t)len;
    }
    uint64_t positive = ~UINT64_C(0);
    uint64_t negative = 0;
    uint64_t last = UINT64_C(1) << (own_len - 1);
    uint64_t diagonal = 0;
    uint64_t equal_before = 0;
    uint32_t edits = (uint32_t)own_len;
    for (size_t i = 0; i < len; i++) {
        uint64_t exchanged = exchange ? (~diagonal & equal[i]) << 1 & equal_before : 0;
        diagonal =
            (((equal[i] & positive) + positive) ^ positive) | equal[i] | negative | exchanged;
        uint64_t up = negative | ~(diagonal | positive);
        uint64_t down = positive & diagonal;
        edits += (up & last) != 0;
        edits -= (down & last) != 0;
        up = up << 1 | 1;
        down <<= 1;
        positive = down | ~(diagonal | up);
        negative = up & diagonal;
        equal_before = equal[i];
    }
    return edits;
}

#endif
