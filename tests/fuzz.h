/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the fuzz targets share: an expectation that holds in every build, and texts from arbitrary
 * bytes. The check of UTF-8 is written anew here, so that the library's own can be wrong.
 */
#ifndef KBR_FUZZ_H
#define KBR_FUZZ_H

#include "kaburi.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Largest input a target looks at. */
#define FUZZ_SIZE_MAX 4096

#define EXPECT(condition) fuzz_expect((condition), #condition, __FILE__, __LINE__)

static inline void fuzz_expect(bool held, const char *condition, const char *file, int line) {
    if (!held) {
        (void)fprintf(stderr, "%s:%d: expected %s\n", file, line, condition);
        abort();
    }
}

/* Bytes of the UTF-8 sequence (RFC 3629, not NUL) at data[0]; 0 when there is none. size > 0. */
static inline size_t fuzz_sequence(const uint8_t *data, size_t size) {
    uint8_t lead = data[0];
    if (lead < 0x80) {
        return lead != 0;
    }
    size_t len = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || len > size) {
        return 0;
    }
    for (size_t i = 1; i < len; i++) {
        if ((data[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    bool overlong = (lead == 0xE0 && data[1] < 0xA0) || (lead == 0xF0 && data[1] < 0x90);
    bool surrogate = lead == 0xED && data[1] > 0x9F;
    bool beyond = lead == 0xF4 && data[1] > 0x8F;
    return overlong || surrogate || beyond ? 0 : len;
}

static inline bool fuzz_is_utf8(const char *text, size_t size) {
    const uint8_t *data = (const uint8_t *)text;
    for (size_t at = 0; at < size;) {
        size_t len = fuzz_sequence(data + at, size - at);
        if (len == 0) {
            return false;
        }
        at += len;
    }
    return true;
}

/* Copies bytes; one that begins no UTF-8 sequence becomes a katakana, so that mutation makes names
 * and not refusals. `out` has room for 3 * size. */
static inline kaburi_text fuzz_text(char *out, const uint8_t *data, size_t size) {
    size_t written = 0;
    for (size_t at = 0; at < size;) {
        size_t len = fuzz_sequence(data + at, size - at);
        for (size_t i = 0; i < len; i++) {
            out[written++] = (char)data[at + i];
        }
        if (len == 0) {
            unsigned code = 0x30A1U + data[at] % 86U;
            out[written++] = (char)(0xE0U | code >> 12);
            out[written++] = (char)(0x80U | (code >> 6 & 0x3FU));
            out[written++] = (char)(0x80U | (code & 0x3FU));
            len = 1;
        }
        at += len;
    }
    return (kaburi_text){out, written};
}

/* Where `separator` is next, or size. */
static inline size_t fuzz_until(const uint8_t *data, size_t size, uint8_t separator) {
    size_t at = 0;
    while (at < size && data[at] != separator) {
        at++;
    }
    return at;
}

#endif
