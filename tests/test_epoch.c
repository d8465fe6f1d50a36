/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Epochs: what is retired is freed when no reader is left that could see it, not before, and in
 * order; and threads that take what a writer frees behind them find it whole.
 */
#include "epoch.h"
#include "samples.h"
#include "starved.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static kbr_epoch *epoch;
static uint64_t freed;

static int set_up(void **state) {
    (void)state;
    epoch = kbr_epoch_create(&kbr_allocator_default);
    freed = 0;
    return epoch == NULL;
}

static int tear_down(void **state) {
    (void)state;
    kbr_epoch_destroy(epoch, &kbr_allocator_default);
    return 0;
}

/* Things are retired as 0, 1, 2 ... */
static void note(void *context, void *what, uint64_t number) {
    assert_ptr_equal(context, &freed);
    assert_null(what);
    assert_int_equal(number, freed);
    freed++;
}

static void retire(uint64_t number) {
    (void)kbr_epoch_begin(epoch);
    kbr_epoch_retire(epoch, note, &freed, NULL, number);
    kbr_epoch_publish(epoch);
}

static void frees_at_once_what_nobody_sees(void **state) {
    (void)state;
    for (uint64_t i = 0; i < 5000; i++) {
        retire(i);
        assert_int_equal(freed, i + 1);
    }
    kbr_epoch_retire(NULL, note, &freed, NULL, 5000);
    assert_int_equal(freed, 5001);
}

static void keeps_what_a_reader_may_see(void **state) {
    (void)state;
    uint32_t places[3] = {0, 0, 0};
    retire(0);
    uint64_t first = kbr_epoch_enter(epoch, &places[0]);
    assert_int_equal(first, kbr_epoch_oldest(epoch));
    retire(1);
    retire(2);
    uint64_t second = kbr_epoch_enter(epoch, &places[1]);
    assert_true(second > first);
    assert_true(places[0] != places[1]);
    retire(3);
    assert_int_equal(freed, 1);
    assert_int_equal(kbr_epoch_room(epoch), KBR_EPOCH_RETIRED - 3);
    kbr_epoch_leave(epoch, places[0]);
    assert_int_equal(kbr_epoch_oldest(epoch), second);
    retire(4);
    assert_int_equal(freed, 3);
    kbr_epoch_leave(epoch, places[1]);
    /* Who comes after is no reason to keep it. */
    uint64_t third = kbr_epoch_enter(epoch, &places[2]);
    assert_true(third > second);
    kbr_epoch_publish(epoch);
    assert_int_equal(freed, 5);
    kbr_epoch_leave(epoch, places[2]);
}

static void gives_each_reader_a_place(void **state) {
    (void)state;
    static uint32_t places[KBR_EPOCH_READERS];
    static bool taken[KBR_EPOCH_READERS];
    for (size_t i = 0; i < KBR_EPOCH_READERS; i++) {
        places[i] = (uint32_t)(i % 7);
        (void)kbr_epoch_enter(epoch, &places[i]);
        assert_true(places[i] < KBR_EPOCH_READERS && !taken[places[i]]);
        taken[places[i]] = true;
    }
    for (size_t i = 0; i < KBR_EPOCH_READERS; i++) {
        kbr_epoch_leave(epoch, places[i]);
    }
    assert_int_equal(kbr_epoch_oldest(epoch), 1);
}

static void is_not_created_without_memory(void **state) {
    (void)state;
    starved memory = {0, 0};
    const kaburi_allocator allocator = starved_allocator(&memory);
    assert_null(kbr_epoch_create(&allocator));
    kbr_epoch_destroy(NULL, &allocator);
}

/* ---- threads ---- */

#define ROUNDS 20000
#define READERS 3

typedef struct thing {
    uint64_t number;
    uint64_t again; /* the same, until it is freed */
} thing;

static _Atomic(thing *) current;
static atomic_bool done;
static atomic_uint_fast64_t mistakes;

static void free_thing(void *context, void *what, uint64_t number) {
    thing *old = what;
    (void)context;
    old->again = number + 1;
    free(old);
}

static thing *made(uint64_t number) {
    thing *fresh = malloc(sizeof *fresh);
    assert_non_null(fresh);
    *fresh = (thing){number, number};
    return fresh;
}

static void *look(void *context) {
    uint32_t place = 0;
    uint64_t before = 0;
    uint64_t looks = 0;
    (void)context;
    for (; !atomic_load(&done) || looks < 100; looks++) {
        uint64_t version = kbr_epoch_enter(epoch, &place);
        const thing *seen = atomic_load_explicit(&current, memory_order_acquire);
        bool wrong = seen->number != seen->again || seen->number < before || version == 0;
        before = seen->number;
        kbr_epoch_leave(epoch, place);
        atomic_fetch_add(&mistakes, wrong);
    }
    return NULL;
}

static void frees_behind_readers(void **state) {
    (void)state;
    pthread_t readers[READERS];
    atomic_store(&done, false);
    atomic_store(&mistakes, 0);
    atomic_store(&current, made(0));
    for (size_t i = 0; i < READERS; i++) {
        assert_int_equal(pthread_create(&readers[i], NULL, look, NULL), 0);
    }
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        (void)kbr_epoch_begin(epoch);
        thing *before = atomic_exchange(&current, made(round));
        kbr_epoch_retire(epoch, free_thing, NULL, before, before->number);
        kbr_epoch_publish(epoch);
    }
    atomic_store(&done, true);
    for (size_t i = 0; i < READERS; i++) {
        assert_int_equal(pthread_join(readers[i], NULL), 0);
    }
    kbr_epoch_settle(epoch);
    assert_int_equal(kbr_epoch_room(epoch), KBR_EPOCH_RETIRED);
    assert_int_equal(atomic_load(&mistakes), 0);
    free(atomic_load(&current));
}

#define EPOCH_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        EPOCH_TEST(frees_at_once_what_nobody_sees), EPOCH_TEST(keeps_what_a_reader_may_see),
        EPOCH_TEST(gives_each_reader_a_place),      EPOCH_TEST(is_not_created_without_memory),
        EPOCH_TEST(frees_behind_readers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
