/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A segment: key -> record slots, the compact form that never changes. Position-independent and
 * read where it lies, in memory or in a mapped file. Made in one go from the keys of all records.
 * What it holds is not trusted: a look-up in a damaged segment may find anything, but reads nothing
 * outside of it.
 *
 *   directory   where each bucket begins in `lists`, and where the last one ends; a key's bucket is
 *               told by the upper half of its mixed bits
 *   lists       bucket: count n (LEB128)
 *                       n lower bytes, then n upper pairs of bytes of a 24-bit tag (lower half)
 *                       n sizes of lists in bytes; 255: the list is a long one
 *                       n lists: the first slot in slot_width bytes, then LEB128 of the gap to the
 *                       next, less one; of a long one 8 bytes where it begins and 4 bytes how many
 *   longs       lists of more than 254 bytes, coded likewise
 *
 * A key that is not there is taken for another of its bucket once in two million look-ups. 8 bits
 * would do that once in 30 and 16 bits once in 8,000: candidates that a result's tail would show.
 */
#ifndef KBR_SEGMENT_H
#define KBR_SEGMENT_H

#include "base.h"

/* Bytes behind `lists` and `longs` that are there to be read, as zeros, and hold nothing. */
#define KBR_SEGMENT_SLACK 16

typedef struct kbr_segment {
    const uint32_t *directory; /* bucket_count + 1 */
    const uint8_t *lists;
    const uint8_t *longs;
    uint64_t lists_size; /* with the slack */
    uint64_t longs_size;
    uint64_t key_count;     /* distinct */
    uint64_t posting_count; /* as filed; where two keys of a slot look the same it is coded once */
    uint32_t bucket_count;  /* 1 at least */
    uint32_t shift;         /* the directory counts in 1 << shift bytes */
    uint32_t slot_count;    /* slots are below it */
    uint32_t slot_width;    /* bytes of a first slot, 1..4 */
} kbr_segment;

/* Bytes of a slot below `slot_count`. */
uint32_t kbr_segment_width(uint32_t slot_count);

/* A list that was found: what kbr_segment_read needs. */
typedef struct kbr_postings {
    const uint8_t *at;
    const uint8_t *end;
    size_t count;  /* of a long list; 0: as many as there are up to the end */
    uint64_t next; /* the slot that comes next, or what is none */
} kbr_postings;

/* Looking up in three steps, each of which waits for memory: do the first for all keys, then the
 * second for all, then the third. */
void kbr_segment_prefetch(const kbr_segment *segment, uint64_t key);
void kbr_segment_prefetch_bucket(const kbr_segment *segment, uint64_t key);
/* False when the key is not there. The list is on its way into the cache then. */
bool kbr_segment_find(const kbr_segment *segment, uint64_t key, kbr_postings *out);
/* How many slots there are. O(1) of a long list, else O(its bytes, at most 254). */
size_t kbr_segment_count(const kbr_segment *segment, const kbr_postings *postings);
/* Writes up to `capacity` slots, rising, and returns how many; *total is how many there are. */
size_t kbr_segment_read(const kbr_segment *segment, const kbr_postings *postings, uint32_t *slots,
                        size_t capacity, size_t *total);
/* The slots one by one, once started; false when there are no more. */
void kbr_segment_start(const kbr_segment *segment, kbr_postings *postings);
bool kbr_segment_next(const kbr_segment *segment, kbr_postings *postings, uint32_t *slot);

/* NULL when everything is as the format says, else what is not. O(size). */
const char *kbr_segment_check(const kbr_segment *segment);

/* Where a segment's keys come from: those of a slot, at most keys_max, distinct. Asked for several
 * times and for rising slots. */
typedef struct kbr_segment_source {
    const void *context;
    size_t (*keys_of)(uint64_t *keys, const void *context, uint32_t slot);
    size_t keys_max;
    uint64_t posting_count; /* about how many there will be */
    uint32_t slot_count;
    uint32_t reserved;
} kbr_segment_source;

/* Makes a segment in memory. False without memory: nothing is left. O(postings). Needs beside the
 * result up to 512 MiB, and of more than 128 million postings 2 bytes each. */
bool kbr_segment_build(kbr_segment *out, const kbr_segment_source *source,
                       const kaburi_allocator *allocator);
/* Frees what kbr_segment_build made. */
void kbr_segment_free(kbr_segment *segment, const kaburi_allocator *allocator);

/* What both halves of the stage share. */
#define KBR_SEGMENT_LONG 255
#define KBR_SEGMENT_LONG_SIZE 12
static inline uint64_t kbr_segment_mix(uint64_t key) {
    /* The finaliser of MurmurHash3: ids are the caller's, 1, 2, 3 or anything. */
    key = (key ^ key >> 33) * 0xFF51AFD7ED558CCDU;
    key = (key ^ key >> 33) * 0xC4CEB9FE1A85EC53U;
    return key ^ key >> 33;
}
static inline uint32_t kbr_segment_bucket(uint64_t mixed, uint32_t bucket_count) {
    return (uint32_t)((mixed >> 32) * bucket_count >> 32);
}
static inline uint32_t kbr_segment_tag(uint64_t mixed) {
    return (uint32_t)mixed & 0xFFFFFFU;
}

#endif
