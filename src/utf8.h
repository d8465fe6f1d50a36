/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One sequence of UTF-8, told from what is none: for texts that are refused and for messages that
 * quote anything.
 */
#ifndef KBR_UTF8_H
#define KBR_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the sequence at `at`, 0 when it is none: table 3-7 of the Unicode Standard, without
 * NUL. */
static inline size_t kbr_utf8_sequence(const unsigned char *at, size_t left) {
    unsigned char lead = at[0];
    if (lead < 0x80) {
        return lead != 0;
    }
    size_t len = lead >= 0xC2 && lead <= 0xDF   ? 2
                 : lead >= 0xE0 && lead <= 0xEF ? 3
                 : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                : 0;
    if (len == 0 || len > left) {
        return 0;
    }
    for (size_t i = 1; i < len; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    bool overlong = (lead == 0xE0 && at[1] < 0xA0) || (lead == 0xF0 && at[1] < 0x90);
    bool surrogate = lead == 0xED && at[1] > 0x9F;
    bool above = lead == 0xF4 && at[1] > 0x8F;
    return overlong || surrogate || above ? 0 : len;
}

#endif
