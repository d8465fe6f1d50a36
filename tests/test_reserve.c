/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checking and reserving in one step: of those who enter one deal at one moment each sees all who
 * came before; reservations are confirmed, cancelled or added, and are not saved before; limits of
 * a single search, which tells what it left out.
 */
#include "answers.h"
#include "starved.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static kaburi_index *made;
static kaburi_matches *matches;
static kaburi_error error;

static int set_up(void **state) {
    (void)state;
    return kaburi_index_create(&made, NULL, NULL) != KABURI_OK ||
           kaburi_matches_create(&matches, NULL, NULL) != KABURI_OK;
}

static int tear_down(void **state) {
    (void)state;
    kaburi_index_free(made);
    kaburi_matches_free(matches);
    return 0;
}

static kaburi_record entered(uint64_t id) {
    kaburi_record record;
    kaburi_record_init(&record);
    record.id = id;
    record.company = kaburi_text_of("株式会社山田製作所");
    record.deal = kaburi_text_of("ERP保守更新 2024年度");
    return record;
}

static kaburi_status reserve(uint64_t id) {
    const kaburi_record record = entered(id);
    return kaburi_index_check_and_reserve(made, &record, NULL, matches, &error);
}

static size_t found(const kaburi_index *index) {
    const kaburi_record query = entered(UINT64_MAX);
    assert_int_equal(kaburi_search(index, &query, NULL, matches, NULL), KABURI_OK);
    return kaburi_matches_count(matches);
}

static uint64_t reserved(void) {
    kaburi_index_stats stats;
    kaburi_index_measure(made, &stats);
    answers_expect_sound(made);
    return stats.reserved_records;
}

static void the_later_finds_the_earlier(void **state) {
    (void)state;
    assert_int_equal(reserve(7), KABURI_OK);
    assert_int_equal(kaburi_matches_count(matches), 0);
    assert_int_equal(reserve(6), KABURI_OK);
    assert_int_equal(kaburi_matches_count(matches), 1);
    assert_int_equal(kaburi_matches_data(matches)[0].id, 7);
    assert_int_equal(kaburi_matches_data(matches)[0].verdict, KABURI_VERDICT_DUPLICATE);
    assert_int_equal(found(made), 2);
    assert_int_equal(reserved(), 2);
}

static void ends_by_confirming_cancelling_adding_or_removing(void **state) {
    (void)state;
    for (uint64_t id = 0; id < 5; id++) {
        assert_int_equal(reserve(id), KABURI_OK);
    }
    const kaburi_record other = entered(2);
    assert_int_equal(kaburi_index_confirm(made, 0, &error), KABURI_OK);
    assert_int_equal(kaburi_index_cancel(made, 1, &error), KABURI_OK);
    assert_int_equal(kaburi_index_add(made, &other, &error), KABURI_OK);
    assert_int_equal(kaburi_index_remove(made, 3, &error), KABURI_OK);
    assert_int_equal(reserved(), 1);
    assert_int_equal(found(made), 3);
    for (uint64_t id = 0; id < 4; id++) {
        assert_int_equal(kaburi_index_confirm(made, id, &error), KABURI_ERROR_NOT_FOUND);
        assert_int_equal(kaburi_index_cancel(made, id, &error), KABURI_ERROR_NOT_FOUND);
    }
    assert_string_equal(error.message, "the id 3 is not reserved");
    assert_int_equal(kaburi_index_contains(made, 0), 1);
    assert_int_equal(kaburi_index_contains(made, 1), 0);
    assert_int_equal(kaburi_index_contains(made, 2), 1);
    assert_int_equal(kaburi_index_cancel(made, 4, &error), KABURI_OK);
    assert_int_equal(found(made), 2);
}

/* However many come with it: a large batch becomes an archive, a small one is added one by one. */
static void ends_by_adding_many(void **state) {
    (void)state;
    static const size_t counts[] = {100, 2000};
    kaburi_record *records = calloc(counts[1], sizeof *records);
    assert_non_null(records);
    for (size_t i = 0; i < counts[1]; i++) {
        records[i] = entered(i);
    }
    for (size_t i = 0; i < KBR_COUNT(counts); i++) {
        size_t added = 0;
        kaburi_index_free(made);
        assert_int_equal(kaburi_index_create(&made, NULL, NULL), KABURI_OK);
        assert_int_equal(reserve(5), KABURI_OK);
        assert_int_equal(reserve(UINT64_MAX), KABURI_OK);
        assert_int_equal(kaburi_index_add_records(made, records, counts[i], &added, &error),
                         KABURI_OK);
        assert_int_equal(added, counts[i]);
        assert_int_equal(reserved(), 1);
        assert_int_equal(kaburi_index_cancel(made, 5, &error), KABURI_ERROR_NOT_FOUND);
        assert_int_equal(kaburi_index_contains(made, 5), 1);
        assert_int_equal(kaburi_index_cancel(made, UINT64_MAX, &error), KABURI_OK);
    }
    free(records);
}

static void refuses_an_id_that_is_in(void **state) {
    (void)state;
    const kaburi_record record = entered(5);
    assert_int_equal(kaburi_index_add(made, &record, NULL), KABURI_OK);
    assert_int_equal(reserve(5), KABURI_ERROR_ARGUMENT);
    assert_string_equal(error.message, "a record with the id 5 is in the index");
    assert_int_equal(kaburi_matches_count(matches), 0);
    assert_int_equal(reserve(6), KABURI_OK);
    assert_int_equal(reserve(6), KABURI_ERROR_ARGUMENT);
    assert_int_equal(reserved(), 1);
    kaburi_record bad = entered(8);
    bad.deal = (kaburi_text){"\xE5", 1};
    assert_int_equal(kaburi_index_check_and_reserve(made, &bad, NULL, matches, &error),
                     KABURI_ERROR_TEXT);
    assert_int_equal(kaburi_index_contains(made, 8), 0);
    assert_int_equal(reserved(), 1);
    assert_int_equal(kaburi_index_check_and_reserve(NULL, &bad, NULL, matches, &error),
                     KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_index_check_and_reserve(made, NULL, NULL, matches, &error),
                     KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_index_check_and_reserve(made, &bad, NULL, NULL, &error),
                     KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_index_confirm(NULL, 1, &error), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_index_cancel(NULL, 1, &error), KABURI_ERROR_ARGUMENT);
}

/* Two ids that differ in the lowest bit may be one key of a table. */
static void tells_any_two_ids_apart(void **state) {
    (void)state;
    const uint64_t base = 0xA5A5A5A5A5A5A5A5U;
    assert_int_equal(reserve(base), KABURI_OK);
    assert_int_equal(reserve(base ^ 1), KABURI_OK);
    assert_int_equal(kaburi_index_cancel(made, base ^ 1, &error), KABURI_OK);
    assert_int_equal(reserved(), 1);
    assert_int_equal(kaburi_index_contains(made, base), 1);
    assert_int_equal(kaburi_index_contains(made, base ^ 1), 0);
    assert_int_equal(kaburi_index_confirm(made, base, &error), KABURI_OK);
}

static void stays_a_reservation_when_merged_and_is_not_saved(void **state) {
    (void)state;
    char folder[] = "/tmp/kaburi-test-XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/index", folder);
    answers_add(made, 10, 40, 0);
    assert_int_equal(reserve(1), KABURI_OK);
    assert_int_equal(reserve(2), KABURI_OK);
    for (int merged = 0; merged < 2; merged++) {
        kaburi_index *opened;
        assert_int_equal(kaburi_index_save(made, path, &error), KABURI_OK);
        assert_int_equal(kaburi_index_open(&opened, path, NULL, &error), KABURI_OK);
        answers_expect_sound(opened);
        assert_int_equal(kaburi_index_count(opened), 30);
        assert_int_equal(kaburi_index_contains(opened, 1), 0);
        kaburi_index_free(opened);
        assert_int_equal(kaburi_index_merge(made, &error), KABURI_OK);
        assert_int_equal(reserved(), 2);
    }
    assert_int_equal(kaburi_index_confirm(made, 1, &error), KABURI_OK);
    assert_int_equal(kaburi_index_cancel(made, 2, &error), KABURI_OK);
    assert_int_equal(kaburi_index_save(made, path, &error), KABURI_OK);
    kaburi_index *opened;
    assert_int_equal(kaburi_index_open(&opened, path, NULL, &error), KABURI_OK);
    assert_int_equal(kaburi_index_count(opened), 31);
    assert_int_equal(found(opened), found(made));
    kaburi_index_free(opened);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void reserves_nothing_without_memory(void **state) {
    (void)state;
    starved memory = {SIZE_MAX, 0};
    kaburi_index_options options;
    kaburi_index_options_init(&options);
    options.allocator = starved_allocator(&memory);
    size_t failed = 0;
    for (kaburi_status status = KABURI_ERROR_MEMORY; status != KABURI_OK; failed++) {
        kaburi_index *index = answers_create(&options);
        kaburi_matches *scratch;
        const kaburi_record record = entered(1);
        assert_int_equal(kaburi_matches_create(&scratch, &options.allocator, NULL), KABURI_OK);
        memory.left = failed;
        status = kaburi_index_check_and_reserve(index, &record, NULL, scratch, &error);
        memory.left = SIZE_MAX;
        answers_expect_sound(index);
        assert_int_equal(kaburi_index_count(index), status == KABURI_OK);
        assert_int_equal(kaburi_index_cancel(index, 1, NULL) == KABURI_OK, status == KABURI_OK);
        kaburi_matches_free(scratch);
        kaburi_index_free(index);
        assert_int_equal(memory.blocks, 0);
    }
    assert_in_range(failed, 5, 100);
}

/* ---- at the same moment ---- */

#define PEOPLE 4
#define ROUNDS 60

typedef struct moment {
    kaburi_index *index;
    pthread_barrier_t begin;
    pthread_barrier_t end;
    size_t seen[PEOPLE];
    atomic_uint failures;
} moment;

typedef struct person {
    moment *at;
    uint64_t id;
    pthread_t thread;
} person;

static void *enter(void *argument) {
    person *by = argument;
    moment *at = by->at;
    kaburi_matches *scratch = NULL;
    unsigned failures = kaburi_matches_create(&scratch, NULL, NULL) != KABURI_OK;
    const kaburi_record record = entered(by->id);
    for (size_t round = 0; round < ROUNDS; round++) {
        (void)pthread_barrier_wait(&at->begin);
        failures +=
            kaburi_index_check_and_reserve(at->index, &record, NULL, scratch, NULL) != KABURI_OK;
        at->seen[by->id] = kaburi_matches_count(scratch);
        (void)pthread_barrier_wait(&at->end);
        /* All but the first withdraw, one of them by adding and removing. */
        if (by->id == 1 && round % 2 == 0) {
            failures += kaburi_index_add(at->index, &record, NULL) != KABURI_OK ||
                        kaburi_index_remove(at->index, by->id, NULL) != KABURI_OK;
        } else {
            failures += kaburi_index_cancel(at->index, by->id, NULL) != KABURI_OK;
        }
        (void)pthread_barrier_wait(&at->end);
    }
    (void)atomic_fetch_add(&at->failures, failures);
    kaburi_matches_free(scratch);
    return NULL;
}

static void each_sees_all_who_came_before(void **state) {
    (void)state;
    moment at = {.index = made};
    person people[PEOPLE];
    assert_int_equal(pthread_barrier_init(&at.begin, NULL, PEOPLE + 1), 0);
    assert_int_equal(pthread_barrier_init(&at.end, NULL, PEOPLE + 1), 0);
    for (uint64_t id = 0; id < PEOPLE; id++) {
        people[id] = (person){.at = &at, .id = id};
        assert_int_equal(pthread_create(&people[id].thread, NULL, enter, &people[id]), 0);
    }
    for (size_t round = 0; round < ROUNDS; round++) {
        (void)pthread_barrier_wait(&at.begin);
        (void)pthread_barrier_wait(&at.end);
        uint32_t seen = 0;
        for (size_t i = 0; i < PEOPLE; i++) {
            seen |= 1U << at.seen[i];
        }
        assert_int_equal(seen, (1U << PEOPLE) - 1); /* none, one, two ... of the others */
        (void)pthread_barrier_wait(&at.end);
    }
    for (size_t i = 0; i < PEOPLE; i++) {
        assert_int_equal(pthread_join(people[i].thread, NULL), 0);
    }
    assert_int_equal(atomic_load(&at.failures), 0);
    assert_int_equal(kaburi_index_count(made), 0);
    assert_int_equal(reserved(), 0);
    (void)pthread_barrier_destroy(&at.begin);
    (void)pthread_barrier_destroy(&at.end);
}

/* ---- limits of a search ---- */

static kaburi_search_stats searched_with(const kaburi_search_options *options) {
    kaburi_search_stats stats;
    const kaburi_record query = entered(UINT64_MAX);
    assert_int_equal(kaburi_search(made, &query, options, matches, &error), KABURI_OK);
    kaburi_matches_stats(matches, &stats);
    return stats;
}

static void a_search_has_limits_of_its_own(void **state) {
    (void)state;
    kaburi_search_options options;
    kaburi_search_options_init(&options);
    for (uint64_t id = 0; id < 300; id++) {
        const kaburi_record record = entered(id);
        assert_int_equal(kaburi_index_add(made, &record, NULL), KABURI_OK);
    }
    kaburi_search_stats stats = searched_with(&options);
    assert_int_equal(stats.scored, 64);
    assert_int_equal(stats.truncated, 0);
    assert_int_equal(stats.candidates, 300);
    options.scored_max = 16;
    assert_int_equal(searched_with(&options).scored, 16);
    options.scored_max = 0;
    options.postings_max = 40;
    stats = searched_with(&options);
    assert_int_equal(stats.candidates, 40);
    assert_true(stats.truncated > 0);
    options.postings_max = 15;
    assert_int_equal(kaburi_search(made, &(kaburi_record){0}, &options, matches, &error),
                     KABURI_ERROR_ARGUMENT);
    assert_string_equal(error.message, "options.postings_max is 15; allowed are 0, 16..1048576");
    options.postings_max = 0;
    options.scored_max = 4097;
    assert_int_equal(kaburi_search(made, &(kaburi_record){0}, &options, matches, &error),
                     KABURI_ERROR_ARGUMENT);
    assert_string_equal(error.message, "options.scored_max is 4097; allowed are 0, 16..4096");
}

static void a_search_that_runs_out_of_time_says_so(void **state) {
    (void)state;
    kaburi_search_options options;
    kaburi_index_options wide;
    kaburi_search_options_init(&options);
    kaburi_index_options_init(&wide);
    wide.scored_max = 4096;
    kaburi_index_free(made);
    made = answers_create(&wide);
    for (uint64_t id = 0; id < 4000; id++) {
        const kaburi_record record = entered(id);
        assert_int_equal(kaburi_index_add(made, &record, NULL), KABURI_OK);
    }
    options.microseconds_max = 1; /* reading the query takes longer */
    kaburi_search_stats stats = searched_with(&options);
    assert_true(stats.truncated > 0);
    options.postings_max = 4096;
    options.microseconds_max = 60000000;
    stats = searched_with(&options);
    assert_int_equal(stats.truncated, 0);
    assert_int_equal(stats.scored, 4000);
    /* However late it is, those of most votes are compared. */
    kaburi_index_free(made);
    made = answers_create(NULL);
    answers_add(made, 1, 200, 0);
    const kaburi_record record = entered(UINT64_MAX - 1);
    assert_int_equal(kaburi_index_add(made, &record, NULL), KABURI_OK);
    for (uint32_t time = 1; time < 200; time += 7) {
        options.microseconds_max = time;
        stats = searched_with(&options);
        assert_true(stats.scored >= 16);
        if (stats.truncated == 0) {
            assert_int_equal(kaburi_matches_data(matches)[0].id, record.id);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_later_finds_the_earlier, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ends_by_confirming_cancelling_adding_or_removing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(ends_by_adding_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_an_id_that_is_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tells_any_two_ids_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stays_a_reservation_when_merged_and_is_not_saved, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(reserves_nothing_without_memory, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_sees_all_who_came_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_search_has_limits_of_its_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_search_that_runs_out_of_time_says_so, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
