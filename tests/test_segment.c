/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The segment against the lists it was made from: keys of one slot and of very many, keys that are
 * not there, buckets full of keys, memory that fails; and bytes changed at random, which must not
 * make it read beyond what it has (the sanitizer watches blocks of the exact size).
 */
#include "samples.h"
#include "segment.h"
#include "starved.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define KEYS_MAX 40

/* Keys by slot: some of few slots, some of many, one of all. */
typedef struct filed {
    uint32_t slot_count;
    uint32_t per_slot;
    uint64_t seed;
} filed;

static size_t keys_of(uint64_t *keys, const void *context, uint32_t slot) {
    const filed *from = context;
    uint64_t seed = from->seed + slot;
    size_t count = 0;
    keys[count++] = 7; /* of every slot */
    keys[count++] = UINT64_C(1) << 40 | slot;
    if (slot % 3 == 0) {
        keys[count++] = 8;
    }
    while (count < from->per_slot) {
        uint64_t key = sample_draw(&seed, 5000) + UINT64_C(1000);
        bool known = false;
        for (size_t i = 0; i < count; i++) {
            known = known || keys[i] == key;
        }
        if (!known) {
            keys[count++] = key;
        }
    }
    return count;
}

static kbr_segment_source source_of(const filed *from) {
    return (kbr_segment_source){.context = from,
                                .keys_of = keys_of,
                                .keys_max = KEYS_MAX,
                                .posting_count = (uint64_t)from->slot_count * from->per_slot,
                                .slot_count = from->slot_count};
}

static void build(kbr_segment *segment, const filed *from) {
    const kbr_segment_source source = source_of(from);
    assert_true(kbr_segment_build(segment, &source, &kbr_allocator_default));
    const char *wrong = kbr_segment_check(segment);
    if (wrong != NULL) {
        fail_msg("%s", wrong);
    }
}

/* The slots under a key, at most `capacity`. */
static size_t read_all(const kbr_segment *segment, uint64_t key, uint32_t *slots, size_t capacity,
                       size_t *total) {
    kbr_postings found;
    *total = 0;
    kbr_segment_prefetch(segment, key);
    kbr_segment_prefetch_bucket(segment, key);
    return kbr_segment_find(segment, key, &found)
               ? kbr_segment_read(segment, &found, slots, capacity, total)
               : 0;
}

static bool has(const filed *from, uint64_t key, uint32_t slot) {
    uint64_t keys[KEYS_MAX];
    size_t count = keys_of(keys, from, slot);
    for (size_t i = 0; i < count; i++) {
        if (keys[i] == key) {
            return true;
        }
    }
    return false;
}

static void expect_list(const kbr_segment *segment, const filed *from, uint64_t key) {
    uint32_t *slots = calloc(from->slot_count + 1, sizeof *slots);
    size_t total;
    size_t count = read_all(segment, key, slots, from->slot_count + 1, &total);
    size_t next = 0;
    assert_int_equal(count, total);
    kbr_postings found;
    if (kbr_segment_find(segment, key, &found)) {
        assert_int_equal(kbr_segment_count(segment, &found), total);
    }
    for (uint32_t slot = 0; slot < from->slot_count; slot++) {
        if (has(from, key, slot)) {
            assert_true(next < count);
            assert_int_equal(slots[next++], slot);
        }
    }
    assert_int_equal(next, count);
    free(slots);
}

static void finds_what_was_filed(void **state) {
    (void)state;
    static const uint32_t sizes[] = {1, 2, 100, 255, 256, 257, 3000};
    for (size_t i = 0; i < KBR_COUNT(sizes); i++) {
        const filed from = {.slot_count = sizes[i], .per_slot = 20, .seed = i};
        kbr_segment segment;
        build(&segment, &from);
        expect_list(&segment, &from, 7);
        expect_list(&segment, &from, 8);
        for (uint64_t key = 1000; key < 1200; key++) {
            expect_list(&segment, &from, key);
        }
        for (uint32_t slot = 0; slot < from.slot_count; slot += 17) {
            expect_list(&segment, &from, UINT64_C(1) << 40 | slot);
        }
        kbr_segment_free(&segment, &kbr_allocator_default);
    }
}

static void takes_slots_of_every_width(void **state) {
    (void)state;
    static const uint32_t counts[] = {70000, 17000000};
    for (size_t i = 0; i < KBR_COUNT(counts); i++) {
        assert_int_equal(kbr_segment_width(counts[i]), 3 + i);
    }
    assert_int_equal(kbr_segment_width(0), 1);
    assert_int_equal(kbr_segment_width(256), 1);
    assert_int_equal(kbr_segment_width(257), 2);
    const filed from = {.slot_count = 70000, .per_slot = 2, .seed = 5};
    kbr_segment segment;
    build(&segment, &from);
    assert_int_equal(segment.slot_width, 3);
    expect_list(&segment, &from, 7);
    kbr_segment_free(&segment, &kbr_allocator_default);
}

static void reads_no_more_than_is_asked_for(void **state) {
    (void)state;
    const filed from = {.slot_count = 3000, .per_slot = 12, .seed = 1};
    kbr_segment segment;
    build(&segment, &from);
    uint32_t slots[20];
    size_t total;
    /* A long list says how long it is; a short one is gone through. */
    assert_int_equal(read_all(&segment, 7, slots, 20, &total), 20);
    assert_int_equal(total, 3000);
    assert_int_equal(slots[19], 19);
    assert_int_equal(read_all(&segment, 7, slots, 0, &total), 0);
    assert_int_equal(total, 3000);
    size_t all;
    uint32_t more[3000];
    for (uint64_t key = 1000; key < 1100; key++) {
        (void)read_all(&segment, key, more, 3000, &all);
        size_t count = read_all(&segment, key, slots, 1, &total);
        assert_int_equal(total, all);
        assert_int_equal(count, all > 0);
    }
    kbr_segment_free(&segment, &kbr_allocator_default);
}

static void tells_absent_keys_from_those_that_are_there(void **state) {
    (void)state;
    const filed from = {.slot_count = 3000, .per_slot = 30, .seed = 2};
    kbr_segment segment;
    build(&segment, &from);
    uint32_t slots[8];
    size_t total;
    size_t wrong = 0;
    for (uint64_t key = 0; key < 200000; key++) {
        wrong += read_all(&segment, UINT64_C(1) << 50 | key, slots, 8, &total) > 0;
    }
    /* One in two million is expected: ten of them by chance never. */
    assert_true(wrong < 10);
    kbr_segment_free(&segment, &kbr_allocator_default);
}

static size_t nothing(uint64_t *keys, const void *context, uint32_t slot) {
    (void)keys;
    (void)context;
    (void)slot;
    return 0;
}

static void may_be_empty(void **state) {
    (void)state;
    for (uint32_t slots = 0; slots <= 1; slots++) {
        const kbr_segment_source source = {.keys_of = nothing, .keys_max = 1, .slot_count = slots};
        kbr_segment segment;
        uint32_t found[1];
        size_t total;
        assert_true(kbr_segment_build(&segment, &source, &kbr_allocator_default));
        assert_null(kbr_segment_check(&segment));
        assert_int_equal(read_all(&segment, 7, found, 1, &total), 0);
        kbr_segment_free(&segment, &kbr_allocator_default);
    }
}

/* Whatever is expected, all keys share few buckets: the number of postings was told wrongly. */
static void takes_buckets_of_any_size(void **state) {
    (void)state;
    const filed from = {.slot_count = 2000, .per_slot = 10, .seed = 3};
    kbr_segment_source source = source_of(&from);
    source.posting_count = 0;
    kbr_segment segment;
    assert_true(kbr_segment_build(&segment, &source, &kbr_allocator_default));
    assert_int_equal(segment.bucket_count, 1);
    assert_null(kbr_segment_check(&segment));
    expect_list(&segment, &from, 7);
    expect_list(&segment, &from, 8);
    expect_list(&segment, &from, 1234);
    kbr_segment_free(&segment, &kbr_allocator_default);
}

static void is_not_made_without_memory(void **state) {
    (void)state;
    const filed from = {.slot_count = 500, .per_slot = 12, .seed = 4};
    const kbr_segment_source source = source_of(&from);
    size_t failed = 0;
    for (bool done = false; !done;) {
        starved memory = {failed, 0};
        const kaburi_allocator allocator = starved_allocator(&memory);
        kbr_segment segment;
        done = kbr_segment_build(&segment, &source, &allocator);
        if (done) {
            kbr_segment_free(&segment, &allocator);
        } else {
            failed++;
        }
        assert_int_equal(memory.blocks, 0);
    }
    assert_in_range(failed, 5, 200);
}

/* ---- bytes that nobody wrote ---- */

static void *copied(const void *data, size_t size) {
    void *copy = malloc(size);
    assert_non_null(copy);
    memcpy(copy, data, size);
    return copy;
}

static void reads_nothing_beyond_itself_when_it_is_damaged(void **state) {
    (void)state;
    const filed from = {.slot_count = 400, .per_slot = 12, .seed = 6};
    kbr_segment segment;
    build(&segment, &from);
    uint64_t seed = 1;
    size_t seen = 0;
    for (int round = 0; round < 400; round++) {
        kbr_segment hurt = segment;
        size_t directory_size = ((size_t)segment.bucket_count + 1) * sizeof(uint32_t);
        uint32_t *directory = copied(segment.directory, directory_size);
        uint8_t *lists = copied(segment.lists, segment.lists_size);
        uint8_t *longs = copied(segment.longs, segment.longs_size);
        for (int change = 0; change < 30; change++) {
            uint8_t byte = (uint8_t)sample_draw(&seed, 256);
            lists[sample_draw(&seed, (uint32_t)segment.lists_size)] = byte;
            longs[sample_draw(&seed, (uint32_t)segment.longs_size)] = byte;
            if (change % 8 == 0) {
                ((uint8_t *)directory)[sample_draw(&seed, (uint32_t)directory_size)] = byte;
            }
        }
        hurt.directory = directory;
        hurt.lists = lists;
        hurt.longs = longs;
        seen += kbr_segment_check(&hurt) != NULL;
        for (uint64_t key = 1000; key < 1400; key++) {
            uint32_t slots[64];
            size_t total;
            size_t count = read_all(&hurt, key % 50 == 0 ? 7 : key, slots, 64, &total);
            for (size_t i = 0; i < count; i++) {
                assert_true(slots[i] < from.slot_count);
            }
        }
        free(directory);
        free(lists);
        free(longs);
    }
    assert_true(seen > 390);
    kbr_segment_free(&segment, &kbr_allocator_default);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_was_filed),
        cmocka_unit_test(takes_slots_of_every_width),
        cmocka_unit_test(reads_no_more_than_is_asked_for),
        cmocka_unit_test(tells_absent_keys_from_those_that_are_there),
        cmocka_unit_test(may_be_empty),
        cmocka_unit_test(takes_buckets_of_any_size),
        cmocka_unit_test(is_not_made_without_memory),
        cmocka_unit_test(reads_nothing_beyond_itself_when_it_is_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
