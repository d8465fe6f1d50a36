/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes in, checked: is this a text kaburi takes, and where not? Decodes UTF-8 and writes it. Takes
 * a field's bytes, gives code points; changes nothing.
 */
#ifndef KBR_TEXT_H
#define KBR_TEXT_H

#include "base.h"

/* Strict UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing over U+10FFFF) without NUL, of
 * at most KABURI_TEXT_SIZE_MAX bytes. TEXT (offset = first byte of the bad sequence) or TOO_LONG;
 * `field` names the field in the message. */
kaburi_status kbr_text_check(kaburi_text text, const char *field, kaburi_error *error);

/* How many bytes of strict UTF-8 without NUL, as above, there are before the first that is none. */
size_t kbr_text_sound(const char *data, size_t size);

/* A value from a file, which may hold anything, for a message, which holds text: at most capacity -
 * 1 bytes, cut between characters, terminated; controls and what is not UTF-8 as '?'.
 * Returns its size. */
size_t kbr_text_shown(char *out, size_t capacity, const char *value, size_t size);

/* The code point at *position of checked UTF-8; moves *position behind it. */
uint32_t kbr_text_next(const char *data, size_t size, size_t *position);

/* Writes UTF-16 (well-formed) as UTF-8 and returns the bytes written; 3 bytes a unit is always
 * enough. A lone surrogate becomes U+FFFD: keys are for showing here, never read back. */
size_t kbr_text_from_units(char *out, const uint16_t *units, size_t len);

#endif
