/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What several tests share: seeded random numbers, the same on every machine, and an allocator that
 * counts its live blocks and runs out of memory at a chosen allocation.
 */
#ifndef KBR_TESTING_H
#define KBR_TESTING_H

#include "kaburi.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

/* splitmix64 */
static inline uint64_t testing_random(uint64_t *state) {
    uint64_t value = *state += 0x9E3779B97F4A7C15U;
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9U;
    value = (value ^ value >> 27) * 0x94D049BB133111EBU;
    return value ^ value >> 31;
}

/* 0..bound - 1; bound > 0. */
static inline uint32_t testing_below(uint64_t *state, uint32_t bound) {
    return (uint32_t)((testing_random(state) >> 32) * bound >> 32);
}

typedef struct testing_memory {
    pthread_mutex_t mutex;
    size_t live;  /* blocks */
    size_t calls; /* that asked for memory */
    size_t fail_from;
    size_t fail_to; /* calls fail_from..fail_to - 1 fail */
} testing_memory;

static inline void testing_memory_init(testing_memory *memory) {
    *memory = (testing_memory){.mutex = PTHREAD_MUTEX_INITIALIZER};
}

/* From here on `count` allocations succeed and `failures` after them fail. */
static inline void testing_memory_fail(testing_memory *memory, size_t count, size_t failures) {
    memory->fail_from = memory->calls + count;
    memory->fail_to = memory->fail_from + failures;
}

#define TESTING_ALL ((size_t)1 << 60)

static inline void testing_memory_recover(testing_memory *memory) {
    memory->fail_to = 0;
}

static inline void *testing_resize(void *context, void *block, size_t new_size) {
    testing_memory *memory = context;
    (void)pthread_mutex_lock(&memory->mutex);
    void *resized = NULL;
    if (new_size == 0) {
        memory->live -= block != NULL;
        free(block);
    } else {
        size_t call = memory->calls++;
        if (call < memory->fail_from || call >= memory->fail_to) {
            resized = realloc(block, new_size);
            memory->live += block == NULL && resized != NULL;
        }
    }
    (void)pthread_mutex_unlock(&memory->mutex);
    return resized;
}

static inline kaburi_allocator testing_allocator(testing_memory *memory) {
    return (kaburi_allocator){.context = memory, .resize = testing_resize};
}

static inline kaburi_record testing_record(uint64_t id, const char *company, const char *deal) {
    kaburi_record record;
    kaburi_record_init(&record);
    record.id = id;
    record.company = kaburi_text_of(company);
    record.deal = kaburi_text_of(deal);
    return record;
}

#endif
