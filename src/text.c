/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes in, checked; UTF-8 decoded and written.
 */
#include "text.h"

#include "utf8.h"

size_t kbr_text_sound(const char *data, size_t size) {
    const unsigned char *bytes = (const unsigned char *)data;
    size_t sound = 0;
    while (sound < size) {
        size_t len = kbr_utf8_sequence(bytes + sound, size - sound);
        if (len == 0) {
            break;
        }
        sound += len;
    }
    return sound;
}

kaburi_status kbr_text_check(kaburi_text text, const char *field, kaburi_error *error) {
    if (text.size > KABURI_TEXT_SIZE_MAX) {
        return kbr_fail(error, KABURI_ERROR_TOO_LONG, "%s has %zu bytes; allowed are %d", field,
                        text.size, KABURI_TEXT_SIZE_MAX);
    }
    size_t sound = kbr_text_sound(text.data, text.size);
    if (sound < text.size) {
        return kbr_fail_at(error, KABURI_ERROR_TEXT, sound, "%s: %s at byte %zu", field,
                           text.data[sound] == 0 ? "NUL" : "malformed UTF-8", sound);
    }
    return KABURI_OK;
}

size_t kbr_text_shown(char *out, size_t capacity, const char *value, size_t size) {
    kaburi_text text = {value, size < KABURI_TEXT_SIZE_MAX ? size : KABURI_TEXT_SIZE_MAX};
    bool sound = kbr_text_check(text, "value", NULL) == KABURI_OK;
    size_t shown = size < capacity ? size : capacity - 1;
    while (shown > 0 && shown < size && ((unsigned char)value[shown] & 0xC0) == 0x80) {
        shown--; /* not in the middle of a character */
    }
    for (size_t i = 0; i < shown; i++) {
        unsigned char byte = (unsigned char)value[i];
        bool shows = byte >= ' ' && byte != 0x7F && (byte < 0x80 || sound);
        out[i] = value[i];
        if (!shows) {
            out[i] = '?';
        }
    }
    out[shown] = '\0';
    return shown;
}

uint32_t kbr_text_next(const char *data, size_t size, size_t *position) {
    const unsigned char *at = (const unsigned char *)data + *position;
    (void)size;
    uint32_t c = at[0];
    if (c < 0x80) {
        *position += 1;
        return c;
    }
    if (c < 0xE0) {
        *position += 2;
        return (c & 0x1F) << 6 | (at[1] & 0x3FU);
    }
    if (c < 0xF0) {
        *position += 3;
        return (c & 0xF) << 12 | (at[1] & 0x3FU) << 6 | (at[2] & 0x3FU);
    }
    *position += 4;
    return (c & 7) << 18 | (at[1] & 0x3FU) << 12 | (at[2] & 0x3FU) << 6 | (at[3] & 0x3FU);
}

size_t kbr_text_from_units(char *out, const uint16_t *units, size_t len) {
    unsigned char *at = (unsigned char *)out;
    for (size_t i = 0; i < len; i++) {
        uint32_t c = units[i];
        if (c >= 0xD800 && c < 0xDC00 && i + 1 < len && units[i + 1] >= 0xDC00 &&
            units[i + 1] < 0xE000) {
            c = 0x10000 + ((c - 0xD800) << 10) + (units[++i] - 0xDC00U);
        } else if (c >= 0xD800 && c < 0xE000) {
            c = 0xFFFD;
        }
        if (c < 0x80) {
            *at++ = (unsigned char)c;
        } else if (c < 0x800) {
            *at++ = (unsigned char)(0xC0 | c >> 6);
            *at++ = (unsigned char)(0x80 | (c & 0x3F));
        } else if (c < 0x10000) {
            *at++ = (unsigned char)(0xE0 | c >> 12);
            *at++ = (unsigned char)(0x80 | (c >> 6 & 0x3F));
            *at++ = (unsigned char)(0x80 | (c & 0x3F));
        } else {
            *at++ = (unsigned char)(0xF0 | c >> 18);
            *at++ = (unsigned char)(0x80 | (c >> 12 & 0x3F));
            *at++ = (unsigned char)(0x80 | (c >> 6 & 0x3F));
            *at++ = (unsigned char)(0x80 | (c & 0x3F));
        }
    }
    return (size_t)(at - (unsigned char *)out);
}
