/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Allocator, growing arrays, checked sizes and errors.
 */
#include "base.h"

#include "utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#define LARGE_PAGE ((size_t)2 << 20)

/* Large tables are read at random, and there are few pages of 2 MiB whose addresses the processor
 * has not at hand. Only a wish; what the system makes of it changes nothing but the time. */
static void ask_for_large_pages(void *block, size_t size) {
#if defined(MADV_HUGEPAGE)
    uintptr_t begin = ((uintptr_t)block + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
    uintptr_t end = ((uintptr_t)block + size) & ~(LARGE_PAGE - 1);
    if (block != NULL && begin < end) {
        int before = errno;
        (void)madvise((char *)block + (begin - (uintptr_t)block), end - begin, MADV_HUGEPAGE);
        errno = before;
    }
#else
    (void)block;
    (void)size;
#endif
}

/* A block of a large page or more begins with one, so that none of it is left to small ones. */
static void *create_large(size_t size) {
#if defined(MADV_HUGEPAGE)
    void *block = NULL;
    return size >= LARGE_PAGE && posix_memalign(&block, LARGE_PAGE, size) == 0 ? block : NULL;
#else
    (void)size;
    return NULL;
#endif
}

static void *resize_default(void *context, void *block, size_t new_size) {
    (void)context;
    if (new_size == 0) {
        free(block);
        return NULL;
    }
    void *resized = block == NULL ? create_large(new_size) : NULL;
    resized = resized != NULL ? resized : realloc(block, new_size);
    ask_for_large_pages(resized, new_size);
    return resized;
}

const kaburi_allocator kbr_allocator_default = {NULL, resize_default};

kaburi_allocator kbr_allocator_of(const kaburi_allocator *allocator) {
    return allocator != NULL && allocator->resize != NULL ? *allocator : kbr_allocator_default;
}

void *kbr_allocate(const kaburi_allocator *allocator, size_t count, size_t size) {
    if (count == 0 || size == 0 || count > SIZE_MAX / size) {
        return NULL;
    }
    void *block = allocator->resize(allocator->context, NULL, count * size);
    if (block != NULL) {
        memset(block, 0, count * size);
    }
    return block;
}

void kbr_release(const kaburi_allocator *allocator, void *block) {
    if (block != NULL) {
        allocator->resize(allocator->context, block, 0);
    }
}

bool kbr_reserve(const kaburi_allocator *allocator, void **items, size_t *capacity, size_t count,
                 size_t size) {
    if (count <= *capacity) {
        return true;
    }
    size_t grown = *capacity + *capacity / 2 + 16;
    if (grown < count) {
        grown = count;
    }
    if (grown > SIZE_MAX / size) {
        return false;
    }
    void *block = allocator->resize(allocator->context, *items, grown * size);
    if (block == NULL) {
        return false;
    }
    *items = block;
    *capacity = grown;
    return true;
}

void kbr_units_free(kbr_units *units) {
    if (units->data != NULL) {
        kbr_release(units->allocator, units->data);
    }
    units->data = NULL;
    units->len = 0;
    units->capacity = 0;
}

bool kbr_units_reserve(kbr_units *units, size_t len) {
    void *data = units->data;
    if (!kbr_reserve(units->allocator, &data, &units->capacity, len, sizeof *units->data)) {
        return false;
    }
    units->data = data;
    return true;
}

bool kbr_units_append(kbr_units *units, const uint16_t *data, size_t len) {
    if (len == 0) {
        return true;
    }
    if (!kbr_units_reserve(units, units->len + len)) {
        return false;
    }
    memcpy(units->data + units->len, data, len * sizeof *data);
    units->len += len;
    return true;
}

bool kbr_units_set(kbr_units *units, const uint16_t *data, size_t len) {
    units->len = 0;
    return kbr_units_append(units, data, len);
}

/* A binding decodes messages, and what they quote may be a path of any bytes, or cut: what is no
 * UTF-8 becomes '?', and of a message that was cut what is left of its last character is dropped.
 */
static void make_decodable(char *text, bool cut) {
    size_t size = strlen(text);
    for (size_t at = 0; at < size;) {
        size_t step = kbr_utf8_sequence((const unsigned char *)text + at, size - at);
        if (step == 0 && cut && at + 4 > size) {
            text[at] = '\0';
            return;
        }
        if (step == 0) {
            text[at] = '?';
        }
        at += step == 0 ? 1 : step;
    }
}

static void fill_error(kaburi_error *error, kaburi_status status, uint64_t offset,
                       const char *format, va_list arguments) {
    error->status = status;
    error->os_error = 0;
    error->offset = offset;
    int size = vsnprintf(error->message, sizeof error->message, format, arguments);
    make_decodable(error->message, size >= (int)sizeof error->message);
}

kaburi_status kbr_fail(kaburi_error *error, kaburi_status status, const char *format, ...) {
    if (error != NULL) {
        va_list arguments;
        va_start(arguments, format);
        fill_error(error, status, 0, format, arguments);
        va_end(arguments);
    }
    return status;
}

kaburi_status kbr_fail_at(kaburi_error *error, kaburi_status status, uint64_t offset,
                          const char *format, ...) {
    if (error != NULL) {
        va_list arguments;
        va_start(arguments, format);
        fill_error(error, status, offset, format, arguments);
        va_end(arguments);
    }
    return status;
}

kaburi_status kbr_fail_memory(kaburi_error *error) {
    return kbr_fail(error, KABURI_ERROR_MEMORY, "out of memory");
}
