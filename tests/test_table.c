/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table against a naive list of (key, slot): random adding, removing and finding, checked after
 * every change; keys that collide, very long lists, failing memory, and what it says it holds.
 */
#include "samples.h"
#include "starved.h"
#include "table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static starved memory;
static kbr_table *table;

static int set_up(void **state) {
    (void)state;
    memory = (starved){SIZE_MAX, 0};
    const kaburi_allocator allocator = starved_allocator(&memory);
    table = kbr_table_create(&allocator, NULL);
    return table == NULL;
}

/* Whatever a test did, nothing is left over. */
static int tear_down(void **state) {
    (void)state;
    kbr_table_free(table);
    return memory.blocks != 0;
}

static void assert_sound(void) {
    const char *wrong = kbr_table_check(table);
    if (wrong != NULL) {
        fail_msg("%s", wrong);
    }
}

static kbr_table_stats measured(void) {
    kbr_table_stats stats;
    kbr_table_measure(table, &stats);
    return stats;
}

static bool has(uint64_t key, uint32_t slot) {
    kbr_list list = kbr_table_find(table, key);
    size_t found = 0;
    size_t position = 0;
    for (uint32_t other; kbr_list_next(list, &position, &other);) {
        found += other == slot;
    }
    assert_true(found <= 1);
    return found == 1;
}

static size_t count_of(uint64_t key) {
    kbr_list list = kbr_table_find(table, key);
    size_t count = kbr_list_count(list);
    size_t position = 0;
    size_t seen = 0;
    for (uint32_t slot; kbr_list_next(list, &position, &slot);) {
        seen++;
    }
    assert_int_equal(list.value == 0, count == 0);
    assert_int_equal(seen, count);
    return count;
}

/* ---- against a naive model ---- */

#define MODEL_KEYS 48
#define MODEL_SLOTS 24

/* Keys by number; neighbours at home as soon as there are few bits, because their product with an
 * odd constant is what decides. */
static uint64_t model_key(size_t number) {
    return number % 3 == 0 ? (uint64_t)number << 54 : (uint64_t)number;
}

static void expect_like_model(bool filed[MODEL_KEYS][MODEL_SLOTS], size_t number) {
    size_t expected = 0;
    for (uint32_t slot = 0; slot < MODEL_SLOTS; slot++) {
        assert_int_equal(has(model_key(number), slot), filed[number][slot]);
        expected += filed[number][slot];
    }
    assert_int_equal(count_of(model_key(number)), expected);
}

static void does_what_a_list_of_pairs_does(void **state) {
    (void)state;
    static bool filed[MODEL_KEYS][MODEL_SLOTS];
    uint64_t random = 1;
    uint64_t postings = 0;
    memset(filed, 0, sizeof filed);
    for (int step = 0; step < 12000; step++) {
        size_t number = sample_draw(&random, MODEL_KEYS);
        uint32_t slot = sample_draw(&random, MODEL_SLOTS);
        /* Phases of mostly adding and mostly removing. */
        bool adding = sample_draw(&random, 4) != (step / 3000 % 2 == 0 ? 0U : 1U) ||
                      sample_draw(&random, 4) == 0;
        if (step / 3000 % 2 != 0) {
            adding = !adding;
        }
        if (adding && !filed[number][slot]) {
            assert_true(kbr_table_add(table, model_key(number), slot));
            filed[number][slot] = true;
            postings++;
        } else if (!adding) {
            bool removed = kbr_table_remove(table, model_key(number), slot);
            assert_int_equal(removed, filed[number][slot]);
            postings -= removed;
            filed[number][slot] = false;
        }
        assert_sound();
        assert_int_equal(measured().postings, postings);
        expect_like_model(filed, number);
    }
    for (size_t number = 0; number < MODEL_KEYS; number++) {
        expect_like_model(filed, number);
    }
}

static void knows_no_key_that_was_not_added(void **state) {
    (void)state;
    assert_true(kbr_table_add(table, 1, 0));
    assert_int_equal(count_of(0), 0);
    assert_int_equal(count_of(UINT64_MAX), 0);
    assert_false(kbr_table_remove(table, 2, 0));
    assert_false(kbr_table_remove(table, 1, 1));
    assert_true(has(1, 0));
}

/* Key 0 and slot 0 are keys and slots as any other. */
static void takes_every_key_and_slot(void **state) {
    (void)state;
    const uint64_t keys[] = {0, 1, 0xA5A5A5A5A5A5A5A5U, UINT64_MAX};
    const uint32_t slots[] = {0, 1, KBR_TABLE_SLOT_MAX - 1, KBR_TABLE_SLOT_MAX};
    for (size_t k = 0; k < KBR_COUNT(keys); k++) {
        for (size_t s = 0; s < KBR_COUNT(slots); s++) {
            assert_true(kbr_table_add(table, keys[k], slots[s]));
            kbr_table_prefetch(table, keys[k]);
            assert_true(has(keys[k], slots[s]));
        }
    }
    assert_sound();
}

/* ---- growing ---- */

static void grows_and_keeps_every_key(void **state) {
    (void)state;
    const uint64_t keys = 100000;
    for (uint64_t key = 0; key < keys; key++) {
        assert_true(kbr_table_add(table, key * key, (uint32_t)key));
    }
    assert_sound();
    for (uint64_t key = 0; key < keys; key++) {
        assert_true(has(key * key, (uint32_t)key));
    }
    for (uint64_t key = 0; key < keys; key += 2) {
        assert_true(kbr_table_remove(table, key * key, (uint32_t)key));
    }
    assert_sound();
    for (uint64_t key = 0; key < keys; key++) {
        assert_int_equal(has(key * key, (uint32_t)key), key % 2);
    }
    assert_int_equal(measured().keys, keys / 2);
}

/* ---- keys that collide ---- */

/* The inverse of the constant keys are multiplied by at home (Newton's method doubles the bits that
 * are right), so that a key can be made for every home. */
static uint64_t key_at_home(uint64_t product) {
    const uint64_t factor = 0x9E3779B97F4A7C15U;
    uint64_t inverse = factor;
    for (int i = 0; i < 6; i++) {
        inverse *= 2 - factor * inverse;
    }
    return product * inverse;
}

/* `number` is which key of that home of 1,024. */
static uint64_t colliding_key(uint64_t home, uint64_t number) {
    return key_at_home(home << 54 | number) ^ 0xA5A5A5A5A5A5A5A5U;
}

/* Runs of keys across the end of the table, from three homes; removed in every rotation of order,
 * each removal must leave all others findable. */
static void forgets_any_of_colliding_keys(void **state) {
    (void)state;
    enum { HOMES = 3, EACH = 6, KEYS = HOMES * EACH };
    const uint64_t homes[HOMES] = {1022, 1023, 0};
    for (size_t first = 0; first < KEYS; first++) {
        for (size_t stride = 1; stride < KEYS; stride += 2) {
            uint64_t keys[KEYS];
            for (size_t i = 0; i < KEYS; i++) {
                keys[i] = colliding_key(homes[i % HOMES], i);
                assert_true(kbr_table_add(table, keys[i], (uint32_t)i));
            }
            bool gone[KEYS] = {false};
            for (size_t i = 0, at = first; i < KEYS; i++, at = (at + stride) % KEYS) {
                while (gone[at]) {
                    at = (at + 1) % KEYS;
                }
                assert_true(kbr_table_remove(table, keys[at], (uint32_t)at));
                gone[at] = true;
                assert_sound();
                for (size_t other = 0; other < KEYS; other++) {
                    assert_int_equal(has(keys[other], (uint32_t)other), !gone[other]);
                }
            }
            assert_int_equal(measured().keys, 0);
        }
    }
}

static void keeps_the_lists_of_colliding_keys(void **state) {
    (void)state;
    for (uint64_t number = 0; number < 8; number++) {
        for (uint32_t slot = 0; slot < 20; slot++) {
            assert_true(kbr_table_add(table, colliding_key(7, number), slot));
        }
    }
    for (uint32_t slot = 0; slot < 20; slot++) {
        assert_true(kbr_table_remove(table, colliding_key(7, 0), slot));
    }
    assert_sound();
    assert_int_equal(count_of(colliding_key(7, 0)), 0);
    for (uint64_t number = 1; number < 8; number++) {
        assert_int_equal(count_of(colliding_key(7, number)), 20);
        assert_true(has(colliding_key(7, number), 19));
    }
}

/* ---- a very long list ---- */

static void lists_a_million_slots_and_forgets_them(void **state) {
    (void)state;
    const uint32_t slots = 1000000;
    kbr_table_stats empty = measured();
    for (uint32_t slot = 0; slot < slots; slot++) {
        assert_true(kbr_table_add(table, 77, slot));
    }
    assert_sound();
    kbr_table_stats full = measured();
    assert_int_equal(full.keys, 1);
    assert_int_equal(full.postings, slots);
    /* Every block it had on the way is as long as all before it, and growing leaves room. */
    assert_in_range(full.bytes - empty.bytes, slots * sizeof(uint32_t),
                    sizeof(uint32_t) * 4 * slots);
    static bool seen[1000000];
    static uint32_t found[1000001];
    size_t count = kbr_list_read(kbr_table_find(table, 77), found, slots + 1);
    assert_int_equal(count, slots);
    assert_int_equal(kbr_list_read(kbr_table_find(table, 77), found, 10), 10);
    for (size_t i = 0; i < count; i++) {
        assert_true(found[i] < slots && !seen[found[i]]);
        seen[found[i]] = true;
    }
    while (count > 0) {
        /* The last one, from the end of the list on, as holes would make it quadratic. */
        assert_true(kbr_table_remove(table, 77, found[--count]));
        if ((count & (count - 1)) == 0) {
            assert_sound();
        }
    }
    assert_int_equal(count_of(77), 0);
    assert_int_equal(measured().postings, 0);
    for (uint32_t slot = 0; slot < slots; slot++) {
        assert_true(kbr_table_add(table, 78, slot));
    }
    assert_int_equal(measured().bytes, full.bytes); /* its blocks are used again */
    assert_sound();
}

static void removes_from_front_middle_and_end(void **state) {
    (void)state;
    const uint32_t slots = 300;
    for (uint32_t first = 0; first < 3; first++) {
        for (uint32_t slot = 0; slot < slots; slot++) {
            assert_true(kbr_table_add(table, 5, slot));
        }
        for (uint32_t i = 0; i < slots; i++) {
            uint32_t slot = first == 0 ? i : first == 1 ? slots - 1 - i : (i * 7 + 150) % slots;
            assert_true(kbr_table_remove(table, 5, slot));
            assert_false(kbr_table_remove(table, 5, slot));
            assert_sound();
        }
        assert_int_equal(count_of(5), 0);
    }
}

/* ---- memory ---- */

static void is_not_created_without_memory(void **state) {
    (void)state;
    const kaburi_allocator allocator = starved_allocator(&memory);
    size_t live = memory.blocks;
    size_t needed = 0;
    kbr_table *made = NULL;
    for (; made == NULL; needed++) {
        memory.left = needed;
        made = kbr_table_create(&allocator, NULL);
        assert_true(made != NULL || memory.blocks == live);
    }
    memory.left = SIZE_MAX;
    assert_true(needed > 1);
    kbr_table_free(made);
}

/* Adds what needs memory while there is none, and finds the table as it was. */
static void expect_no_room_for(uint64_t key, uint32_t slot) {
    kbr_table_stats before = measured();
    size_t count_before = count_of(key);
    memory.left = 0;
    assert_false(kbr_table_add(table, key, slot));
    memory.left = SIZE_MAX;
    kbr_table_stats after = measured();
    assert_memory_equal(&before, &after, sizeof before);
    assert_int_equal(count_of(key), count_before);
    assert_false(has(key, slot));
    assert_sound();
}

static void is_unchanged_when_a_list_cannot_grow(void **state) {
    (void)state;
    size_t refused = 0;
    for (uint32_t slot = 0; slot < 1000; slot++) {
        memory.left = 0;
        if (!kbr_table_add(table, 9, slot)) {
            refused++;
            expect_no_room_for(9, slot);
            assert_true(kbr_table_add(table, 9, slot));
        }
    }
    memory.left = SIZE_MAX;
    assert_in_range(refused, 1, 10); /* where a list is full and the slab too */
    assert_int_equal(count_of(9), 1000);
}

static void is_unchanged_when_it_cannot_grow(void **state) {
    (void)state;
    uint64_t key = 0;
    memory.left = 0;
    while (kbr_table_add(table, key, 1)) {
        key++;
    }
    assert_in_range(key, 512, 1023);
    expect_no_room_for(key, 1);
    for (uint64_t before = 0; before < key; before++) {
        assert_true(has(before, 1));
    }
    assert_true(kbr_table_add(table, key, 1));
    assert_sound();
}

/* Removing is what a failed add falls back on. */
static void removes_without_memory(void **state) {
    (void)state;
    for (uint32_t slot = 0; slot < 100; slot++) {
        assert_true(kbr_table_add(table, 3, slot));
    }
    memory.left = 0;
    for (uint32_t slot = 0; slot < 100; slot++) {
        assert_true(kbr_table_remove(table, 3, slot));
        assert_sound();
        assert_int_equal(count_of(3), 99 - slot);
    }
    memory.left = SIZE_MAX;
    for (uint32_t slot = 0; slot < 100; slot++) {
        assert_true(kbr_table_add(table, 3, slot));
    }
    assert_sound();
}

static void measures_the_bytes_it_holds(void **state) {
    (void)state;
    kbr_table_stats empty = measured();
    assert_int_equal(empty.keys, 0);
    assert_int_equal(empty.postings, 0);
    assert_in_range(empty.bytes, 1024 * 16, 1024 * 16 + 512);
    assert_true(kbr_table_add(table, 1, 0));
    assert_int_equal(measured().bytes, empty.bytes); /* one slot lies with its key */
    for (uint32_t slot = 1; slot < 100; slot++) {
        assert_true(kbr_table_add(table, 1, slot));
    }
    kbr_table_stats full = measured();
    assert_int_equal(full.bytes - empty.bytes, 16 << 10); /* the first slab */
    for (uint32_t slot = 0; slot < 100; slot++) {
        assert_true(kbr_table_remove(table, 1, slot));
    }
    assert_int_equal(measured().bytes, full.bytes); /* kept for the next list */
    assert_int_equal(measured().postings, 0);
}

#define TABLE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TABLE_TEST(does_what_a_list_of_pairs_does),
        TABLE_TEST(knows_no_key_that_was_not_added),
        TABLE_TEST(takes_every_key_and_slot),
        TABLE_TEST(grows_and_keeps_every_key),
        TABLE_TEST(forgets_any_of_colliding_keys),
        TABLE_TEST(keeps_the_lists_of_colliding_keys),
        TABLE_TEST(lists_a_million_slots_and_forgets_them),
        TABLE_TEST(removes_from_front_middle_and_end),
        TABLE_TEST(is_not_created_without_memory),
        TABLE_TEST(is_unchanged_when_a_list_cannot_grow),
        TABLE_TEST(is_unchanged_when_it_cannot_grow),
        TABLE_TEST(removes_without_memory),
        TABLE_TEST(measures_the_bytes_it_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
