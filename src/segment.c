/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a segment. Little-endian by its format; the bytes are put together one by one where they
 * are not aligned, which compilers make one load of.
 */
#include "segment.h"

#include <string.h>

#define LINE 64

uint32_t kbr_segment_width(uint32_t slot_count) {
    uint32_t last = slot_count > 0 ? slot_count - 1 : 0;
    return last > 0xFFFFFFU ? 4 : last > 0xFFFFU ? 3 : last > 0xFFU ? 2 : 1;
}

static uint32_t load(const uint8_t *at, uint32_t bytes) {
    uint32_t value = 0;
    for (uint32_t i = 0; i < bytes; i++) {
        value |= (uint32_t)at[i] << 8 * i;
    }
    return value;
}

static uint64_t load_64(const uint8_t *at) {
    return load(at, 4) | (uint64_t)load(at + 4, 4) << 32;
}

/* False where the number does not end before `end`, or has more than 32 bits. */
static bool load_number(uint32_t *out, const uint8_t **at, const uint8_t *end) {
    uint64_t value = 0;
    for (uint32_t shift = 0; *at < end && shift < 35; shift += 7) {
        uint8_t byte = *(*at)++;
        value |= (uint64_t)(byte & 0x7FU) << shift;
        if (byte < 0x80) {
            *out = (uint32_t)value;
            return value <= UINT32_MAX;
        }
    }
    return false;
}

/* ---- buckets ---- */

typedef struct bucket {
    const uint8_t *lower;
    const uint8_t *upper;
    const uint8_t *sizes;
    const uint8_t *lists;
    const uint8_t *end;
    uint32_t count;
} bucket;

/* False where it does not lie within the segment. */
static bool open_bucket(bucket *out, const kbr_segment *segment, uint32_t place) {
    uint64_t begin = (uint64_t)segment->directory[place] << segment->shift;
    uint64_t end = (uint64_t)segment->directory[place + 1] << segment->shift;
    if (begin >= end || end > segment->lists_size - KBR_SEGMENT_SLACK) {
        return false;
    }
    const uint8_t *at = segment->lists + begin;
    out->end = segment->lists + end;
    if (!load_number(&out->count, &at, out->end) ||
        (uint64_t)out->count * 4 > (uint64_t)(out->end - at)) {
        return false;
    }
    out->lower = at;
    out->upper = out->lower + out->count;
    out->sizes = out->upper + 2 * (size_t)out->count;
    out->lists = out->sizes + out->count;
    return true;
}

/* Bytes with a 1 at the top where `word` has a byte of 0; those above such a one may be wrong. */
static uint64_t zeros_of(uint64_t word) {
    return (word - 0x0101010101010101U) & ~word & 0x8080808080808080U;
}

/* The place of a tag in the bucket, or its count. Eight lower bytes at once: behind the last there
 * are at least as many bytes that may be read. */
static uint32_t place_of(const bucket *in, uint32_t tag) {
    uint64_t wanted = (tag & 0xFFU) * 0x0101010101010101U;
    for (uint32_t first = 0; first < in->count; first += 8) {
        if (zeros_of(load_64(in->lower + first) ^ wanted) == 0) {
            continue;
        }
        uint32_t end = in->count - first < 8 ? in->count : first + 8;
        for (uint32_t i = first; i < end; i++) {
            if (in->lower[i] == (tag & 0xFFU) && load(in->upper + 2 * (size_t)i, 2) == tag >> 8) {
                return i;
            }
        }
    }
    return in->count;
}

static size_t size_in_bucket(uint8_t size) {
    return size == KBR_SEGMENT_LONG ? KBR_SEGMENT_LONG_SIZE : size;
}

/* The list at `at` in the bucket. False where it does not lie within the segment. */
static bool open_list(kbr_postings *out, const kbr_segment *segment, const bucket *in,
                      const uint8_t *at, uint8_t size) {
    if (size_in_bucket(size) > (uint64_t)(in->end - at)) {
        return false;
    }
    if (size != KBR_SEGMENT_LONG) {
        *out = (kbr_postings){.at = at, .end = at + size};
        return size >= segment->slot_width;
    }
    uint64_t begin = load_64(at);
    uint64_t size_max = segment->longs_size - KBR_SEGMENT_SLACK;
    *out = (kbr_postings){.count = load(at + 8, 4)};
    if (begin > size_max || size_max - begin < segment->slot_width || out->count == 0) {
        return false;
    }
    out->at = segment->longs + begin;
    out->end = segment->longs + size_max;
    return true;
}

/* ---- looking up ---- */

void kbr_segment_prefetch(const kbr_segment *segment, uint64_t key) {
    uint32_t place = kbr_segment_bucket(kbr_segment_mix(key), segment->bucket_count);
    KBR_PREFETCH(&segment->directory[place]);
}

void kbr_segment_prefetch_bucket(const kbr_segment *segment, uint64_t key) {
    uint32_t place = kbr_segment_bucket(kbr_segment_mix(key), segment->bucket_count);
    uint64_t begin = (uint64_t)segment->directory[place] << segment->shift;
    if (begin < segment->lists_size) {
        KBR_PREFETCH(segment->lists + begin);
        KBR_PREFETCH((const void *)((uintptr_t)(segment->lists + begin) + LINE));
    }
}

bool kbr_segment_find(const kbr_segment *segment, uint64_t key, kbr_postings *out) {
    uint64_t mixed = kbr_segment_mix(key);
    bucket in;
    if (!open_bucket(&in, segment, kbr_segment_bucket(mixed, segment->bucket_count))) {
        return false;
    }
    uint32_t place = place_of(&in, kbr_segment_tag(mixed));
    if (place == in.count) {
        return false;
    }
    uint64_t skipped = 0;
    for (uint32_t i = 0; i < place; i++) {
        skipped += size_in_bucket(in.sizes[i]);
    }
    if (skipped > (uint64_t)(in.end - in.lists) ||
        !open_list(out, segment, &in, in.lists + skipped, in.sizes[place])) {
        return false;
    }
    KBR_PREFETCH(out->at);
    return true;
}

size_t kbr_segment_count(const kbr_segment *segment, const kbr_postings *postings) {
    size_t count = postings->count;
    if (count == 0) {
        count = 1;
        for (const uint8_t *at = postings->at + segment->slot_width; at < postings->end; at++) {
            count += *at < 0x80; /* the last byte of a number */
        }
    }
    return count;
}

void kbr_segment_start(const kbr_segment *segment, kbr_postings *postings) {
    postings->next = load(postings->at, segment->slot_width);
    postings->at += segment->slot_width;
}

bool kbr_segment_next(const kbr_segment *segment, kbr_postings *postings, uint32_t *slot) {
    if (postings->next >= segment->slot_count) {
        return false;
    }
    *slot = (uint32_t)postings->next;
    uint32_t gap;
    bool more = postings->count != 1 && load_number(&gap, &postings->at, postings->end);
    postings->count -= postings->count > 1;
    postings->next = more ? postings->next + gap + 1 : UINT64_MAX;
    return true;
}

size_t kbr_segment_read(const kbr_segment *segment, const kbr_postings *postings, uint32_t *slots,
                        size_t capacity, size_t *total) {
    kbr_postings left = *postings;
    kbr_segment_start(segment, &left);
    uint32_t beyond;
    size_t limit = left.count != 0 && left.count < capacity ? left.count : capacity;
    size_t count = 0;
    while (count < limit && kbr_segment_next(segment, &left, &slots[count])) {
        count++;
    }
    *total = postings->count;
    if (postings->count == 0) {
        for (*total = count; kbr_segment_next(segment, &left, &beyond); (*total)++) {
        }
    }
    return count;
}

/* ---- check ---- */

/* How many postings a list has; 0 when it is not as it should be. */
static uint64_t check_list(const kbr_segment *segment, const kbr_postings *list,
                           const uint8_t **end) {
    const uint8_t *at = list->at + segment->slot_width;
    uint64_t slot = load(list->at, segment->slot_width);
    uint64_t count = 1;
    while (list->count == 0 ? at < list->end : count < list->count) {
        uint32_t gap;
        if (!load_number(&gap, &at, list->end)) {
            return 0;
        }
        slot += (uint64_t)gap + 1;
        count++;
    }
    *end = at;
    return slot < segment->slot_count ? count : 0;
}

typedef struct tally {
    uint64_t keys;
    uint64_t postings;
    uint64_t longs; /* how far the long lists go; they follow each other */
} tally;

static const char *check_bucket(const kbr_segment *segment, const bucket *in, tally *sums) {
    const uint8_t *at = in->lists;
    uint32_t before = 0;
    for (uint32_t i = 0; i < in->count; i++) {
        uint32_t tag = in->lower[i] | load(in->upper + 2 * (size_t)i, 2) << 8;
        kbr_postings list;
        if (i > 0 && tag <= before) {
            return "the tags of a bucket do not rise";
        }
        before = tag;
        if (!open_list(&list, segment, in, at, in->sizes[i])) {
            return "a list does not lie within its bucket";
        }
        at += size_in_bucket(in->sizes[i]);
        const uint8_t *end = NULL;
        uint64_t count = check_list(segment, &list, &end);
        if (count == 0) {
            return "a list holds what is no slot";
        }
        if (list.count != 0) {
            if ((uint64_t)(list.at - segment->longs) != sums->longs) {
                return "the long lists do not follow each other";
            }
            sums->longs = (uint64_t)(end - segment->longs);
        }
        sums->keys++;
        sums->postings += count;
    }
    return (uint64_t)(in->end - at) >> segment->shift == 0 ? NULL
                                                           : "a bucket ends behind its lists";
}

const char *kbr_segment_check(const kbr_segment *segment) {
    tally sums = {0};
    if (segment->directory[0] != 0 || segment->lists_size - KBR_SEGMENT_SLACK !=
                                          (uint64_t)segment->directory[segment->bucket_count]
                                              << segment->shift) {
        return "the directory does not span the lists";
    }
    for (uint32_t i = 0; i < segment->bucket_count; i++) {
        bucket in;
        if (segment->directory[i] == segment->directory[i + 1]) {
            continue;
        }
        if (!open_bucket(&in, segment, i)) {
            return "a bucket does not lie within the lists";
        }
        const char *wrong = check_bucket(segment, &in, &sums);
        if (wrong != NULL) {
            return wrong;
        }
    }
    if (sums.longs != segment->longs_size - KBR_SEGMENT_SLACK) {
        return "bytes are left behind the long lists";
    }
    return sums.keys == segment->key_count && sums.postings <= segment->posting_count
               ? NULL
               : "keys or postings are counted wrongly";
}
