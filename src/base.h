/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Allocator, growing arrays, checked sizes and errors: what every stage stands on. Knows nothing of
 * names or deals.
 */
#ifndef KBR_BASE_H
#define KBR_BASE_H

#include "kaburi.h"

#include <stdarg.h>
#include <stdbool.h>

#if defined(__GNUC__)
#define KBR_PRINTF(string, first) __attribute__((format(printf, string, first)))
#define KBR_PREFETCH(address) __builtin_prefetch(address)
#else
#define KBR_PRINTF(string, first)
#define KBR_PREFETCH(address) ((void)(address))
#endif

#define KBR_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- memory: every block comes from, and goes back to, a kaburi_allocator ---- */

/* The C library's allocator. */
extern const kaburi_allocator kbr_allocator_default;

/* *allocator, or the default where it is NULL or has no function. */
kaburi_allocator kbr_allocator_of(const kaburi_allocator *allocator);

/* NULL when there is no memory or count * size overflows. Zeroed. */
void *kbr_allocate(const kaburi_allocator *allocator, size_t count, size_t size);
void kbr_release(const kaburi_allocator *allocator, void *block);

/*
 * Makes room for `count` items of `size` bytes in *items (NULL at first), growing by half at least
 * so that appending costs O(1); *capacity in items. False without memory: *items stays as it was.
 */
bool kbr_reserve(const kaburi_allocator *allocator, void **items, size_t *capacity, size_t count,
                 size_t size);

/* ---- UTF-16 text that grows; zero-initialise with .allocator set ---- */

typedef struct kbr_units {
    uint16_t *data;
    size_t len; /* UTF-16 units */
    size_t capacity;
    const kaburi_allocator *allocator; /* borrowed */
} kbr_units;

void kbr_units_free(kbr_units *units);
bool kbr_units_reserve(kbr_units *units, size_t len);
bool kbr_units_append(kbr_units *units, const uint16_t *data, size_t len);
/* Replaces the content. */
bool kbr_units_set(kbr_units *units, const uint16_t *data, size_t len);

/* ---- errors ---- */

/* Fills *error (may be NULL) and returns status. */
kaburi_status kbr_fail(kaburi_error *error, kaburi_status status, const char *format, ...)
    KBR_PRINTF(3, 4);
/* The same with an offset. */
kaburi_status kbr_fail_at(kaburi_error *error, kaburi_status status, uint64_t offset,
                          const char *format, ...) KBR_PRINTF(4, 5);
kaburi_status kbr_fail_memory(kaburi_error *error);

#endif
