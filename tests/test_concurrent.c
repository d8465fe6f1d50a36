/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index changed by several threads while others search, merge and save, and a checker: each
 * search sees every record whose add had returned before it began, once; none whose removal had;
 * and of one that is being replaced always exactly one version. An argument is how many rounds each
 * writer goes (a run of minutes under ThreadSanitizer: 3000).
 */
#include "answers.h"
#include "named.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#define WRITERS 2
#define READERS 2
#define RECORDS 128 /* of each writer */

static uint64_t rounds = 60;

/* What a record of a writer is: how often its state changed; odd: it is in, or was before the last
 * change that has begun. */
typedef struct state {
    atomic_uint_fast64_t begun; /* raised before a change */
    atomic_uint_fast64_t done;  /* and after it */
} state;

typedef struct shared {
    kaburi_index *index;
    state states[WRITERS][RECORDS]; /* added and removed in turn */
    atomic_uint_fast64_t replaced;  /* rounds in which all that are replaced are in */
    atomic_uint_fast64_t writing;   /* writers that are not done */
    atomic_uint_fast64_t mistakes;
    atomic_uint_fast64_t searches;
    char path[64];
} shared;

typedef struct thread {
    shared *with;
    uint64_t number;
} thread;

/* A name like no other's, of ten kinds of characters. */
static kaburi_record flickering(uint64_t writer, uint64_t number, char text[64]) {
    static const char *const kanji[] = {"青", "空", "山", "川", "海", "森", "星", "風", "雪", "花"};
    (void)snprintf(text, 64, "%s%s%s%s工業", kanji[writer * 3 % 10], kanji[number % 10],
                   kanji[number / 10 % 10], kanji[(number / 100 + 5) % 10]);
    return named_record(writer * 1000 + number, text, "サーバ更改");
}

/* One record of each writer that is only ever replaced, by one or the other of two deals. */
static kaburi_record changing(uint64_t writer, uint64_t round) {
    return named_record(100000 + writer, writer == 0 ? "朝凪商事" : "夕凪物産",
                        round % 2 == 0 ? "会計ソフト" : "勤怠管理");
}

static uint64_t flicker(shared *with, uint64_t writer, uint64_t number) {
    char text[64];
    state *at = &with->states[writer][number];
    kaburi_record record = flickering(writer, number, text);
    bool is_in = atomic_load(&at->done) % 2 == 1;
    atomic_fetch_add(&at->begun, 1);
    kaburi_status status = is_in ? kaburi_index_remove(with->index, record.id, NULL)
                                 : kaburi_index_add(with->index, &record, NULL);
    atomic_fetch_add(&at->done, 1);
    return status != KABURI_OK;
}

static void *write_records(void *context) {
    const thread *own = context;
    shared *with = own->with;
    uint64_t random = own->number + 1;
    uint64_t mistakes = 0;
    for (uint64_t round = 0; round < rounds; round++) {
        kaburi_record record = changing(own->number, round);
        mistakes += kaburi_index_add(with->index, &record, NULL) != KABURI_OK;
        if (round == 0) {
            atomic_fetch_add(&with->replaced, 1);
        }
        for (uint64_t i = 0; i < 20; i++) {
            mistakes += flicker(with, own->number, sample_draw(&random, RECORDS));
        }
    }
    atomic_fetch_add(&with->mistakes, mistakes);
    atomic_fetch_sub(&with->writing, 1);
    return NULL;
}

static size_t times_found(const kaburi_matches *matches, uint64_t id) {
    size_t times = 0;
    for (size_t i = 0; i < kaburi_matches_count(matches); i++) {
        times += kaburi_matches_data(matches)[i].id == id;
    }
    return times;
}

/* A record that was in all the time is found once, one that was out all the time is not. */
static uint64_t check_flickering(shared *with, kaburi_matches *matches, uint64_t writer,
                                 uint64_t number) {
    char text[64];
    const kaburi_record query = flickering(writer, number, text);
    state *at = &with->states[writer][number];
    uint64_t before = atomic_load(&at->done);
    uint64_t mistakes = kaburi_search(with->index, &query, NULL, matches, NULL) != KABURI_OK;
    bool steady = atomic_load(&at->begun) == before;
    size_t times = times_found(matches, query.id);
    mistakes += times > 1;
    mistakes += steady && times != before % 2;
    before = atomic_load(&at->done);
    int32_t contained = kaburi_index_contains(with->index, query.id);
    steady = atomic_load(&at->begun) == before;
    return mistakes + (steady && (uint64_t)contained != before % 2);
}

static uint64_t check_changing(shared *with, kaburi_matches *matches, uint64_t writer) {
    if (atomic_load(&with->replaced) < WRITERS) {
        return 0;
    }
    const kaburi_record query = changing(writer, 0);
    uint64_t mistakes = kaburi_search(with->index, &query, NULL, matches, NULL) != KABURI_OK;
    mistakes += times_found(matches, query.id) != 1;
    return mistakes + (kaburi_index_contains(with->index, query.id) != 1);
}

static void *read_records(void *context) {
    const thread *own = context;
    shared *with = own->with;
    kaburi_matches *matches = NULL;
    uint64_t random = own->number + 77;
    uint64_t searches = 0;
    uint64_t mistakes = kaburi_matches_create(&matches, NULL, NULL) != KABURI_OK;
    while (mistakes == 0 && (atomic_load(&with->writing) > 0 || searches < 100)) {
        uint64_t writer = sample_draw(&random, WRITERS);
        mistakes += check_flickering(with, matches, writer, sample_draw(&random, RECORDS));
        mistakes += check_changing(with, matches, writer);
        mistakes += kaburi_index_count(with->index) > WRITERS * (RECORDS + 1) + WRITERS;
        searches++;
    }
    kaburi_matches_free(matches);
    atomic_fetch_add(&with->mistakes, mistakes);
    atomic_fetch_add(&with->searches, searches);
    return NULL;
}

/* Merges, and saves and opens what it saved, in turn. */
static void *merge_and_save(void *context) {
    shared *with = context;
    uint64_t mistakes = 0;
    for (uint64_t round = 0; round < 3 || atomic_load(&with->writing) > 0; round++) {
        if (round % 3 != 2) {
            mistakes += kaburi_index_merge(with->index, NULL) != KABURI_OK;
        } else {
            kaburi_index *opened = NULL;
            mistakes += kaburi_index_save(with->index, with->path, NULL) != KABURI_OK;
            mistakes += kaburi_index_open(&opened, with->path, NULL, NULL) != KABURI_OK;
            kaburi_index_free(opened);
        }
        kaburi_index_stats stats;
        kaburi_index_measure(with->index, &stats);
        mistakes += stats.merged_records < stats.removed_records;
        (void)usleep(500);
    }
    atomic_fetch_add(&with->mistakes, mistakes);
    return NULL;
}

static void sees_all_that_was_added_and_nothing_that_was_removed(void **unused) {
    (void)unused;
    static shared with;
    pthread_t writers[WRITERS];
    pthread_t readers[READERS];
    pthread_t merger;
    thread numbered[WRITERS > READERS ? WRITERS : READERS];
    with.index = answers_create(NULL);
    (void)snprintf(with.path, sizeof with.path, "/tmp/kaburi-concurrent-%ld", (long)getpid());
    atomic_store(&with.writing, WRITERS);
    for (uint64_t i = 0; i < KBR_COUNT(numbered); i++) {
        numbered[i] = (thread){&with, i};
    }
    for (size_t i = 0; i < READERS; i++) {
        assert_int_equal(pthread_create(&readers[i], NULL, read_records, &numbered[i]), 0);
    }
    for (size_t i = 0; i < WRITERS; i++) {
        assert_int_equal(pthread_create(&writers[i], NULL, write_records, &numbered[i]), 0);
    }
    assert_int_equal(pthread_create(&merger, NULL, merge_and_save, &with), 0);
    for (size_t i = 0; i < WRITERS; i++) {
        assert_int_equal(pthread_join(writers[i], NULL), 0);
    }
    for (size_t i = 0; i < READERS; i++) {
        assert_int_equal(pthread_join(readers[i], NULL), 0);
    }
    assert_int_equal(pthread_join(merger, NULL), 0);
    (void)unlink(with.path);
    assert_int_equal(atomic_load(&with.mistakes), 0);
    assert_true(atomic_load(&with.searches) >= READERS * UINT64_C(100));
    uint64_t left = WRITERS;
    for (size_t writer = 0; writer < WRITERS; writer++) {
        for (size_t number = 0; number < RECORDS; number++) {
            left += atomic_load(&with.states[writer][number].done) % 2;
        }
    }
    assert_int_equal(kaburi_index_count(with.index), left);
    /* What died while somebody searched is taken out by the next change. */
    kaburi_record record = changing(0, 0);
    assert_int_equal(kaburi_index_add(with.index, &record, NULL), KABURI_OK);
    answers_expect_sound(with.index);
    kaburi_index_free(with.index);
}

int main(int argc, char **argv) {
    if (argc > 1) {
        rounds = strtoull(argv[1], NULL, 10);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sees_all_that_was_added_and_nothing_that_was_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
