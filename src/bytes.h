/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 text that grows, for what kaburi writes: explanations, parts, JSON. Running out of memory
 * is remembered, so that a caller may append many times and ask once.
 */
#ifndef KBR_BYTES_H
#define KBR_BYTES_H

#include "base.h"

typedef struct kbr_bytes {
    char *data; /* not terminated */
    size_t size;
    size_t capacity;
    const kaburi_allocator *allocator; /* borrowed */
    bool failed;                       /* an append found no memory: the content is not complete */
} kbr_bytes;

void kbr_bytes_free(kbr_bytes *bytes);
void kbr_bytes_append(kbr_bytes *bytes, const char *data, size_t size);
void kbr_bytes_string(kbr_bytes *bytes, const char *string);
/* printf of at most 255 bytes. */
void kbr_bytes_format(kbr_bytes *bytes, const char *format, ...) KBR_PRINTF(2, 3);
/* A finite number with so many decimals and a point, whatever the locale; "-0.0" is never written.
 * decimals 1..6. */
void kbr_bytes_fixed(kbr_bytes *bytes, double value, int decimals);
/* A finite number with up to nine digits that count and a point: files have them. */
void kbr_bytes_number(kbr_bytes *bytes, double value);
void kbr_bytes_units(kbr_bytes *bytes, const uint16_t *units, size_t len);
/* Checked UTF-8 on one line: control characters and the separators of lines as \u000a. */
void kbr_bytes_line(kbr_bytes *bytes, const char *data, size_t size);
/* A JSON string in its quotes (RFC 8259); `data` is checked UTF-8. */
void kbr_bytes_json(kbr_bytes *bytes, const char *data, size_t size);

/* Copies what was written, terminated, to a caller's buffer; *size is set as well when that is too
 * small: BUFFER. */
kaburi_status kbr_bytes_give(const kbr_bytes *bytes, char *buffer, size_t capacity, size_t *size,
                             kaburi_error *error);

#endif
