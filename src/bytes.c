/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 text that grows.
 */
#include "bytes.h"

#include "text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void kbr_bytes_free(kbr_bytes *bytes) {
    if (bytes->data != NULL) {
        kbr_release(bytes->allocator, bytes->data);
    }
    bytes->data = NULL;
    bytes->size = 0;
    bytes->capacity = 0;
}

static bool reserve(kbr_bytes *bytes, size_t more) {
    void *data = bytes->data;
    if (bytes->failed ||
        !kbr_reserve(bytes->allocator, &data, &bytes->capacity, bytes->size + more, 1)) {
        bytes->failed = true;
        return false;
    }
    bytes->data = data;
    return true;
}

void kbr_bytes_append(kbr_bytes *bytes, const char *data, size_t size) {
    if (size > 0 && reserve(bytes, size)) {
        memcpy(bytes->data + bytes->size, data, size);
        bytes->size += size;
    }
}

void kbr_bytes_string(kbr_bytes *bytes, const char *string) {
    kbr_bytes_append(bytes, string, strlen(string));
}

void kbr_bytes_format(kbr_bytes *bytes, const char *format, ...) {
    char line[256];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (size > 0) {
        kbr_bytes_append(bytes, line, (size_t)size < sizeof line ? (size_t)size : sizeof line - 1);
    }
}

/* Not %f: its point is a comma where the host's locale says so, and JSON would break. */
void kbr_bytes_fixed(kbr_bytes *bytes, double value, int decimals) {
    long long scale = 1;
    for (int i = 0; i < decimals; i++) {
        scale *= 10;
    }
    long long scaled = llround(value * (double)scale);
    long long size = scaled < 0 ? -scaled : scaled;
    kbr_bytes_format(bytes, "%s%lld.%0*lld", scaled < 0 ? "-" : "", size / scale, decimals,
                     size % scale);
}

/* The point of the locale, of one byte or several, is whatever no number has. */
void kbr_bytes_number(kbr_bytes *bytes, double value) {
    char text[40];
    char plain[40];
    size_t size = 0;
    (void)snprintf(text, sizeof text, "%.9g", value);
    for (const char *at = text; *at != '\0'; at++) {
        bool known = (*at >= '0' && *at <= '9') || *at == '-' || *at == '+' || *at == 'e';
        if (known || size == 0 || plain[size - 1] != '.') {
            plain[size++] = (char)(known ? *at : '.');
        }
    }
    kbr_bytes_append(bytes, plain, size);
}

void kbr_bytes_units(kbr_bytes *bytes, const uint16_t *units, size_t len) {
    if (len > 0 && reserve(bytes, len * 3)) {
        bytes->size += kbr_text_from_units(bytes->data + bytes->size, units, len);
    }
}

void kbr_bytes_line(kbr_bytes *bytes, const char *data, size_t size) {
    for (size_t position = 0; position < size;) {
        size_t begin = position;
        uint32_t c = kbr_text_next(data, size, &position);
        if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029) {
            kbr_bytes_format(bytes, "\\u%04x", c);
        } else {
            kbr_bytes_append(bytes, data + begin, position - begin);
        }
    }
}

void kbr_bytes_json(kbr_bytes *bytes, const char *data, size_t size) {
    kbr_bytes_append(bytes, "\"", 1);
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)data[i];
        if (byte == '"' || byte == '\\') {
            kbr_bytes_format(bytes, "\\%c", byte);
        } else if (byte < 0x20) {
            kbr_bytes_format(bytes, "\\u%04x", byte);
        } else {
            kbr_bytes_append(bytes, data + i, 1);
        }
    }
    kbr_bytes_append(bytes, "\"", 1);
}

kaburi_status kbr_bytes_give(const kbr_bytes *bytes, char *buffer, size_t capacity, size_t *size,
                             kaburi_error *error) {
    *size = bytes->size;
    if (capacity <= bytes->size) {
        return kbr_fail(error, KABURI_ERROR_BUFFER, "buffer of %zu bytes; needed are %zu", capacity,
                        bytes->size + 1);
    }
    memcpy(buffer, bytes->data, bytes->size);
    buffer[bytes->size] = '\0';
    return KABURI_OK;
}
