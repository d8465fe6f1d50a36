/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making a segment. The keys of all slots are gone through once to count the postings of each
 * bucket, and again to put each posting, as tag and slot in one word, where its bucket lies; so
 * nothing is sorted but a bucket. Where the words of all buckets would take too much memory they
 * are made in rounds, some buckets each, and the keys are asked for in each, else they are kept.
 */
#include "segment.h"

#include <string.h>

/* Postings a bucket, some 7 keys: the eight lower bytes of tags that are compared at once. */
#define BUCKET_POSTINGS 16
#define ROUND_WORDS_MIN ((uint64_t)32 << 20) /* of 8 bytes */
#define ROUNDS_MAX 4
#define INSERTION_MAX 32

typedef struct growing {
    uint8_t *data;
    size_t size;
    size_t capacity;
} growing;

typedef struct builder {
    const kbr_segment_source *source;
    const kaburi_allocator *allocator;
    kbr_segment *out;
    uint64_t *keys; /* of one slot */
    uint64_t *kept; /* the keys of all slots, one after the other, where they are kept */
    uint64_t *ends; /* where those of each slot end */
    size_t kept_capacity;
    uint64_t posting_count; /* about how many there are; where the keys are kept, just */
    uint32_t *counts;       /* postings of each bucket; in its round, where the next word goes */
    uint32_t *directory;    /* of out */
    uint64_t *words;        /* tag << 32 | slot, of the buckets of one round */
    uint64_t *sorted;       /* room for the largest bucket */
    growing lists;
    growing longs;
    growing list; /* the one at hand */
} builder;

/* ---- bytes ---- */

static bool reserve(builder *with, growing *bytes, size_t more) {
    void *data = bytes->data;
    bool done = more <= SIZE_MAX - bytes->size &&
                kbr_reserve(with->allocator, &data, &bytes->capacity, bytes->size + more, 1);
    bytes->data = data;
    return done;
}

static void put(growing *bytes, uint64_t value, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        bytes->data[bytes->size++] = (uint8_t)(value >> 8 * i);
    }
}

static void put_number(growing *bytes, uint32_t value) {
    for (; value >= 0x80; value >>= 7) {
        bytes->data[bytes->size++] = (uint8_t)(value | 0x80U);
    }
    bytes->data[bytes->size++] = (uint8_t)value;
}

/* ---- buckets ---- */

static size_t ask(builder *with, uint32_t slot) {
    return with->source->keys_of(with->keys, with->source->context, slot);
}

/* Those that were kept, or asks for them. */
static const uint64_t *keys_of(builder *with, uint32_t slot, size_t *count) {
    if (with->ends == NULL) {
        *count = ask(with, slot);
        return with->keys;
    }
    uint64_t begin = slot > 0 ? with->ends[slot - 1] : 0;
    *count = with->ends[slot] - begin;
    return begin == 0 ? with->kept : with->kept + begin; /* no key at all: NULL */
}

/* Keeps the keys of all slots, where they are not too many and there is memory for them. */
static void keep_keys(builder *with) {
    const kbr_segment_source *source = with->source;
    if (source->posting_count > ROUND_WORDS_MIN) {
        return;
    }
    uint64_t end = 0;
    uint64_t *ends = kbr_allocate(with->allocator, (size_t)source->slot_count + 1, sizeof *ends);
    for (uint32_t slot = 0; ends != NULL && slot < source->slot_count; slot++) {
        size_t count = ask(with, slot);
        void *kept = with->kept;
        bool done = kbr_reserve(with->allocator, &kept, &with->kept_capacity, end + count,
                                sizeof *with->kept);
        with->kept = kept;
        if (!done) {
            kbr_release(with->allocator, ends);
            return;
        }
        for (size_t i = 0; i < count; i++) {
            with->kept[end++] = with->keys[i];
        }
        ends[slot] = end;
    }
    with->ends = ends;
    with->posting_count = ends != NULL && source->posting_count > 0 ? end : source->posting_count;
}

/* Says how many buckets there are and counts the postings of each. */
static bool count_postings(builder *with) {
    kbr_segment *out = with->out;
    uint64_t buckets = with->posting_count / BUCKET_POSTINGS + 1;
    out->bucket_count = buckets < UINT32_MAX ? (uint32_t)buckets : UINT32_MAX - 1;
    with->counts = kbr_allocate(with->allocator, (size_t)out->bucket_count + 1, sizeof(uint32_t));
    with->directory =
        kbr_allocate(with->allocator, (size_t)out->bucket_count + 1, sizeof(uint32_t));
    if (with->counts == NULL || with->directory == NULL) {
        return false;
    }
    for (uint32_t slot = 0; slot < out->slot_count; slot++) {
        size_t count;
        const uint64_t *keys = keys_of(with, slot, &count);
        out->posting_count += count;
        for (size_t i = 0; i < count; i++) {
            with->counts[kbr_segment_bucket(kbr_segment_mix(keys[i]), out->bucket_count)]++;
        }
    }
    return true;
}

static int order_of(uint64_t a, uint64_t b) {
    return (a > b) - (a < b);
}

/* By tag, then slot. The words come by slot, so that sorting stably by tag does: three counting
 * sorts by a byte, there and back, for large buckets. */
static void sort_words(builder *with, uint64_t *words, size_t count) {
    if (count <= INSERTION_MAX) {
        for (size_t i = 1; i < count; i++) {
            uint64_t word = words[i];
            size_t place = i;
            for (; place > 0 && order_of(words[place - 1], word) > 0; place--) {
                words[place] = words[place - 1];
            }
            words[place] = word;
        }
        return;
    }
    uint64_t *from = words;
    uint64_t *to = with->sorted;
    for (uint32_t shift = 32; shift < 56; shift += 8) {
        size_t places[257] = {0};
        for (size_t i = 0; i < count; i++) {
            places[(from[i] >> shift & 0xFFU) + 1]++;
        }
        for (size_t i = 1; i < 257; i++) {
            places[i] += places[i - 1];
        }
        for (size_t i = 0; i < count; i++) {
            to[places[from[i] >> shift & 0xFFU]++] = from[i];
        }
        uint64_t *swapped = from;
        from = to;
        to = swapped;
    }
    memcpy(words, from, count * sizeof *words);
}

/* Codes words[0..count) of one tag, without what is there twice, into with->list; returns how many
 * it has. */
static bool code_list(builder *with, const uint64_t *words, size_t count, uint32_t *kept) {
    growing *list = &with->list;
    list->size = 0;
    if (!reserve(with, list, 4 + 5 * count)) {
        return false;
    }
    uint32_t before = (uint32_t)words[0];
    put(list, before, with->out->slot_width);
    *kept = 1;
    for (size_t i = 1; i < count; i++) {
        uint32_t slot = (uint32_t)words[i];
        if (slot != before) {
            put_number(list, slot - before - 1);
            before = slot;
            (*kept)++;
        }
    }
    return true;
}

/* Behind those that are there. */
static bool put_long(builder *with, growing *bucket, uint32_t count) {
    uint64_t begin = with->longs.size;
    if (!reserve(with, &with->longs, with->list.size)) {
        return false;
    }
    memcpy(with->longs.data + begin, with->list.data, with->list.size);
    with->longs.size += with->list.size;
    put(bucket, begin, 8);
    put(bucket, count, 4);
    return true;
}

static size_t end_of_tag(const uint64_t *words, size_t begin, size_t count) {
    size_t end = begin + 1;
    while (end < count && words[end] >> 32 == words[begin] >> 32) {
        end++;
    }
    return end;
}

static bool put_bucket(builder *with, uint64_t *words, size_t count) {
    growing *lists = &with->lists;
    sort_words(with, words, count);
    uint32_t keys = 0;
    for (size_t i = 0; i < count; i = end_of_tag(words, i, count)) {
        keys++;
    }
    if (!reserve(with, lists, 5 + 4 * (size_t)keys)) {
        return false;
    }
    put_number(lists, keys);
    size_t lower = lists->size;
    lists->size += 4 * (size_t)keys;
    uint32_t key = 0;
    for (size_t i = 0, end; i < count; i = end, key++) {
        uint32_t kept;
        end = end_of_tag(words, i, count);
        if (!code_list(with, words + i, end - i, &kept) ||
            !reserve(with, lists, KBR_SEGMENT_LONG + KBR_SEGMENT_LONG_SIZE)) {
            return false;
        }
        uint32_t tag = (uint32_t)(words[i] >> 32);
        bool is_long = with->list.size >= KBR_SEGMENT_LONG;
        lists->data[lower + key] = (uint8_t)tag;
        lists->data[lower + keys + 2 * (size_t)key] = (uint8_t)(tag >> 8);
        lists->data[lower + keys + 2 * (size_t)key + 1] = (uint8_t)(tag >> 16);
        lists->data[lower + 3 * (size_t)keys + key] =
            is_long ? KBR_SEGMENT_LONG : (uint8_t)with->list.size;
        if (is_long && !put_long(with, lists, kept)) {
            return false;
        }
        if (!is_long) {
            memcpy(lists->data + lists->size, with->list.data, with->list.size);
            lists->size += with->list.size;
        }
    }
    with->out->key_count += keys;
    return true;
}

/* ---- rounds ---- */

/* The buckets [begin, *end) of one round and their words; *largest of a bucket. */
static uint64_t plan_round(const builder *with, uint32_t begin, uint64_t words_max, uint32_t *end,
                           uint32_t *largest) {
    uint64_t words = 0;
    *end = begin;
    *largest = 0;
    while (*end < with->out->bucket_count &&
           (*end == begin || words + with->counts[*end] <= words_max)) {
        uint32_t postings = with->counts[(*end)++];
        words += postings;
        *largest = postings > *largest ? postings : *largest;
    }
    return words;
}

/* Every posting of the buckets to where it goes; counts[i] becomes where bucket i ends. */
static void scatter(builder *with, uint32_t begin, uint32_t end) {
    uint32_t place = 0;
    for (uint32_t i = begin; i < end; i++) {
        uint32_t postings = with->counts[i];
        with->counts[i] = place;
        place += postings;
    }
    for (uint32_t slot = 0; slot < with->out->slot_count; slot++) {
        size_t count;
        const uint64_t *keys = keys_of(with, slot, &count);
        for (size_t i = 0; i < count; i++) {
            uint64_t mixed = kbr_segment_mix(keys[i]);
            uint32_t bucket = kbr_segment_bucket(mixed, with->out->bucket_count);
            if (bucket >= begin && bucket < end) {
                with->words[with->counts[bucket]++] = (uint64_t)kbr_segment_tag(mixed) << 32 | slot;
            }
        }
    }
}

/* Ends the bucket on a whole unit of the directory. */
static bool close_bucket(builder *with, uint32_t bucket) {
    size_t unit = (size_t)1 << with->out->shift;
    size_t padded = (with->lists.size + unit - 1) & ~(unit - 1);
    if (!reserve(with, &with->lists, padded - with->lists.size)) {
        return false;
    }
    while (with->lists.size < padded) {
        with->lists.data[with->lists.size++] = 0;
    }
    if (padded >> with->out->shift > UINT32_MAX) {
        return false;
    }
    with->directory[bucket + 1] = (uint32_t)(padded >> with->out->shift);
    return true;
}

static bool build_round(builder *with, uint32_t begin, uint32_t end, uint64_t words,
                        uint32_t largest) {
    with->words = kbr_allocate(with->allocator, words + 1, sizeof *with->words);
    with->sorted = kbr_allocate(with->allocator, (size_t)largest + 1, sizeof *with->sorted);
    bool done = with->words != NULL && with->sorted != NULL;
    if (done) {
        scatter(with, begin, end);
    }
    uint32_t from = 0;
    for (uint32_t i = begin; done && i < end; i++) {
        uint32_t to = with->counts[i];
        done = (from == to || put_bucket(with, with->words + from, to - from)) &&
               close_bucket(with, i);
        from = to;
    }
    kbr_release(with->allocator, with->words);
    kbr_release(with->allocator, with->sorted);
    return done;
}

static bool build_rounds(builder *with) {
    kbr_segment *out = with->out;
    uint64_t words_max = out->posting_count / ROUNDS_MAX + 1;
    words_max = words_max > ROUND_WORDS_MIN ? words_max : ROUND_WORDS_MIN;
    /* A key takes 4 bytes and its first slot, a long list 12 bytes, a slot more at most 5. */
    uint64_t size_max = out->posting_count * 8 + (uint64_t)out->bucket_count * 5;
    while (size_max >> out->shift >= UINT32_MAX - out->bucket_count) {
        out->shift++;
    }
    for (uint32_t begin = 0, end; begin < out->bucket_count; begin = end) {
        uint32_t largest;
        uint64_t words = plan_round(with, begin, words_max, &end, &largest);
        if (words > UINT32_MAX || !build_round(with, begin, end, words, largest)) {
            return false;
        }
    }
    return true;
}

/* Adds the slack and gives back what was reserved beyond. */
static bool close_bytes(builder *with, growing *bytes) {
    if (!reserve(with, bytes, KBR_SEGMENT_SLACK)) {
        return false;
    }
    memset(bytes->data + bytes->size, 0, KBR_SEGMENT_SLACK);
    bytes->size += KBR_SEGMENT_SLACK;
    void *less = with->allocator->resize(with->allocator->context, bytes->data, bytes->size);
    bytes->data = less != NULL ? less : bytes->data;
    return true;
}

bool kbr_segment_build(kbr_segment *out, const kbr_segment_source *source,
                       const kaburi_allocator *allocator) {
    builder with = {.source = source,
                    .allocator = allocator,
                    .out = out,
                    .posting_count = source->posting_count};
    *out = (kbr_segment){.slot_count = source->slot_count,
                         .slot_width = kbr_segment_width(source->slot_count)};
    with.keys = kbr_allocate(allocator, source->keys_max, sizeof *with.keys);
    if (with.keys != NULL) {
        keep_keys(&with);
    }
    bool done = with.keys != NULL && count_postings(&with) && build_rounds(&with) &&
                close_bytes(&with, &with.lists) && close_bytes(&with, &with.longs);
    kbr_release(allocator, with.keys);
    kbr_release(allocator, with.kept);
    kbr_release(allocator, with.ends);
    kbr_release(allocator, with.counts);
    kbr_release(allocator, with.list.data);
    if (!done) {
        kbr_release(allocator, with.directory);
        kbr_release(allocator, with.lists.data);
        kbr_release(allocator, with.longs.data);
        return false;
    }
    out->directory = with.directory;
    out->lists = with.lists.data;
    out->lists_size = with.lists.size;
    out->longs = with.longs.data;
    out->longs_size = with.longs.size;
    return true;
}

void kbr_segment_free(kbr_segment *segment, const kaburi_allocator *allocator) {
    kbr_release(allocator, (void *)(uintptr_t)segment->directory);
    kbr_release(allocator, (void *)(uintptr_t)segment->lists);
    kbr_release(allocator, (void *)(uintptr_t)segment->longs);
}
