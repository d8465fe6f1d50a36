/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merging: answers are the same before and after, whatever was replaced or removed; an index that
 * was merged is changed like any other; without memory nothing happened.
 */
#include "answers.h"
#include "starved.h"

#include <pthread.h>
#include <stdatomic.h>

static kaburi_error error;

static void merge(kaburi_index *index) {
    assert_int_equal(kaburi_index_merge(index, &error), KABURI_OK);
    answers_expect_sound(index);
}

static kaburi_index_stats measured(const kaburi_index *index) {
    kaburi_index_stats stats;
    kaburi_index_measure(index, &stats);
    return stats;
}

/* A hundred of one name in the archive, of which a key's list is read up to sixteen. */
static void finds_the_living_behind_many_removed(void **state) {
    (void)state;
    kaburi_index_options options;
    kaburi_index_options_init(&options);
    options.postings_max = 16;
    kaburi_index *index = answers_create(&options);
    kaburi_record record;
    kaburi_record_init(&record);
    record.company = kaburi_text_of("株式会社山田製作所");
    record.deal = kaburi_text_of("ERP保守更新");
    for (record.id = 0; record.id < 100; record.id++) {
        assert_int_equal(kaburi_index_add(index, &record, NULL), KABURI_OK);
    }
    merge(index);
    for (uint64_t id = 0; id < 99; id++) {
        assert_int_equal(kaburi_index_remove(index, id, NULL), KABURI_OK);
    }
    kaburi_matches *matches;
    kaburi_search_stats stats;
    assert_int_equal(kaburi_matches_create(&matches, NULL, NULL), KABURI_OK);
    assert_int_equal(kaburi_search(index, &record, NULL, matches, NULL), KABURI_OK);
    kaburi_matches_stats(matches, &stats);
    assert_int_equal(kaburi_matches_count(matches), 1);
    assert_int_equal(kaburi_matches_data(matches)[0].id, 99);
    assert_int_equal(stats.truncated, 0);
    kaburi_matches_free(matches);
    kaburi_index_free(index);
}

/* Two indexes to which the same is done; the first is merged ever so often. */
static void changes_no_answer(void **state) {
    (void)state;
    for (int32_t sketch = KABURI_SKETCH_RARITY; sketch <= KABURI_SKETCH_MINHASH; sketch++) {
        const kaburi_index_options options = answers_options(sketch);
        kaburi_index *merged = answers_create(&options);
        kaburi_index *plain = answers_create(&options);
        kaburi_index *const both[] = {merged, plain};
        merge(merged); /* an empty one */
        for (size_t i = 0; i < 2; i++) {
            answers_add(both[i], 0, 300, 0);
        }
        merge(merged);
        assert_int_equal(measured(merged).merged_records, 300);
        answers_expect_same(merged, plain, 300);
        for (size_t i = 0; i < 2; i++) {
            answers_add(both[i], 300, 400, 0);  /* beside the archive */
            answers_add(both[i], 100, 200, 1);  /* replaces what is in it */
            answers_add(both[i], 320, 330, 2);  /* and what is beside it */
            answers_remove(both[i], 0, 100, 3); /* removes from it */
            answers_remove(both[i], 300, 400, 7);
        }
        answers_expect_sound(merged);
        assert_int_equal(measured(merged).removed_records, 100 + 34);
        assert_int_equal(measured(merged).postings, measured(plain).postings);
        answers_expect_same(merged, plain, 400);
        merge(merged);
        assert_int_equal(measured(merged).removed_records, 0);
        assert_int_equal(measured(merged).merged_records, kaburi_index_count(plain));
        assert_int_equal(measured(merged).postings, measured(plain).postings);
        answers_expect_same(merged, plain, 400);
        for (size_t i = 0; i < 2; i++) {
            answers_add(both[i], 0, 100, 2); /* what was removed comes back */
        }
        answers_expect_sound(merged);
        answers_expect_same(merged, plain, 400);
        kaburi_index_free(merged);
        kaburi_index_free(plain);
    }
}

static void takes_less_memory(void **state) {
    (void)state;
    kaburi_index *index = answers_create(NULL);
    answers_add(index, 0, 5000, 0);
    kaburi_index_stats before = measured(index);
    merge(index);
    kaburi_index_stats after = measured(index);
    assert_int_equal(before.records, after.records);
    assert_int_equal(before.postings, after.postings);
    assert_int_equal(after.mapped_bytes, 0);
    assert_int_equal(after.merged_records, 5000);
    assert_true(after.key_bytes * 2 < before.key_bytes);
    assert_true(after.id_bytes < before.id_bytes);
    assert_true(after.record_bytes < before.record_bytes);
    assert_true(after.merged_bytes <= after.key_bytes + after.id_bytes + after.record_bytes);
    kaburi_index_free(index);
}

static void may_leave_nothing(void **state) {
    (void)state;
    kaburi_index *index = answers_create(NULL);
    answers_add(index, 0, 20, 0);
    merge(index);
    answers_remove(index, 0, 20, 1);
    assert_int_equal(kaburi_index_count(index), 0);
    merge(index);
    assert_int_equal(measured(index).merged_records, 0);
    answers_add(index, 0, 20, 0);
    assert_int_equal(kaburi_index_count(index), 20);
    answers_expect_sound(index);
    kaburi_index_free(index);
}

static void leaves_all_as_it_was_without_memory(void **state) {
    (void)state;
    starved memory = {SIZE_MAX, 0};
    kaburi_index_options options = answers_options(KABURI_SKETCH_RARITY);
    kaburi_index *plain = answers_create(&options);
    options.allocator = starved_allocator(&memory);
    kaburi_index *index = answers_create(&options);
    answers_add(plain, 0, 60, 0);
    answers_add(index, 0, 40, 0);
    merge(index);
    answers_add(index, 40, 60, 0);
    size_t failed = 0;
    for (kaburi_status status = KABURI_ERROR_MEMORY; status != KABURI_OK; failed++) {
        size_t blocks = memory.blocks;
        memory.left = failed;
        status = kaburi_index_merge(index, &error);
        memory.left = SIZE_MAX;
        answers_expect_sound(index);
        answers_expect_same(index, plain, 8);
        if (status != KABURI_OK) {
            assert_int_equal(status, KABURI_ERROR_MEMORY);
            assert_int_equal(memory.blocks, blocks);
        }
    }
    assert_in_range(failed, 10, 300);
    kaburi_index_free(index);
    kaburi_index_free(plain);
    assert_int_equal(memory.blocks, 0);
}

/* ---- searches go on ---- */

typedef struct shared {
    kaburi_index *index;
    atomic_bool done;
    atomic_uint_fast64_t mistakes;
    atomic_uint_fast64_t searches;
} shared;

/* Every record is found, at any time. */
static void *search(void *context) {
    shared *with = context;
    kaburi_matches *matches = NULL;
    uint64_t mistakes = kaburi_matches_create(&matches, NULL, NULL) != KABURI_OK;
    uint64_t searches = 0;
    for (; mistakes == 0 && (!atomic_load(&with->done) || searches < 200); searches++) {
        sample query;
        answers_sample(&query, searches % 300, 0);
        mistakes += kaburi_search(with->index, &query.record, NULL, matches, NULL) != KABURI_OK;
        size_t times = 0;
        for (size_t i = 0; i < kaburi_matches_count(matches); i++) {
            times += kaburi_matches_data(matches)[i].id == query.record.id;
        }
        mistakes += times > 1;
        mistakes += kaburi_index_contains(with->index, query.record.id) != 1;
    }
    kaburi_matches_free(matches);
    atomic_fetch_add(&with->mistakes, mistakes);
    atomic_fetch_add(&with->searches, searches);
    return NULL;
}

static void goes_on_beside_searches(void **state) {
    (void)state;
    pthread_t readers[2];
    shared with = {.index = answers_create(NULL)};
    answers_add(with.index, 0, 300, 0);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&readers[i], NULL, search, &with), 0);
    }
    for (uint64_t round = 0; round < 30; round++) {
        answers_add(with.index, round * 10, round * 10 + 10, 0);
        answers_add(with.index, 1000 + round, 1001 + round, 0);
        assert_int_equal(kaburi_index_merge(with.index, &error), KABURI_OK);
    }
    atomic_store(&with.done, true);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(readers[i], NULL), 0);
    }
    assert_int_equal(atomic_load(&with.mistakes), 0);
    assert_true(atomic_load(&with.searches) >= 400);
    answers_expect_sound(with.index);
    kaburi_index_free(with.index);
}

/* ---- many at once ---- */

#define MANY 1500

/* Of every tenth id there are two versions among them, and the later one stays. */
static kaburi_record *make_many(sample *entries) {
    kaburi_record *records = calloc(MANY, sizeof *records);
    assert_non_null(records);
    for (uint64_t i = 0; i < MANY; i++) {
        answers_sample(&entries[i], i % 10 == 9 ? i - 9 : i, i % 10 == 9 ? 1 : 0);
        records[i] = entries[i].record;
    }
    return records;
}

static void gives_the_answers_of_adds(void **state) {
    (void)state;
    sample *entries = calloc(MANY, sizeof *entries);
    kaburi_record *records = make_many(entries);
    const kaburi_index_options options = answers_options(KABURI_SKETCH_RARITY);
    kaburi_index *many = answers_create(&options);
    kaburi_index *plain = answers_create(&options);
    kaburi_index *const both[] = {many, plain};
    for (size_t i = 0; i < 2; i++) {
        answers_add(both[i], 0, 100, 2); /* replaced */
        answers_add(both[i], 5000, 5100, 0);
        answers_remove(both[i], 5000, 5100, 3);
    }
    merge(many);
    answers_add(many, 5100, 5150, 0);
    answers_add(plain, 5100, 5150, 0);
    size_t added = 0;
    assert_int_equal(kaburi_index_add_records(many, records, MANY, &added, &error), KABURI_OK);
    assert_int_equal(added, MANY);
    answers_expect_sound(many);
    assert_int_equal(measured(many).merged_records, kaburi_index_count(many));
    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(kaburi_index_add(plain, &records[i], NULL), KABURI_OK);
    }
    answers_expect_same(many, plain, 300);
    /* Few beside many: added beside the archive. */
    assert_int_equal(kaburi_index_add_records(many, records, 20, &added, &error), KABURI_OK);
    assert_int_equal(added, 20);
    assert_int_equal(measured(many).merged_records, kaburi_index_count(plain));
    for (size_t i = 0; i < 20; i++) {
        assert_int_equal(kaburi_index_add(plain, &records[i], NULL), KABURI_OK);
    }
    answers_expect_same(many, plain, 100);
    kaburi_index_free(many);
    kaburi_index_free(plain);
    free(records);
    free(entries);
}

static void stops_at_the_first_that_is_refused(void **state) {
    (void)state;
    sample *entries = calloc(MANY, sizeof *entries);
    kaburi_record *records = make_many(entries);
    for (size_t bad = 1400;; bad = 100) {
        kaburi_index *index = answers_create(NULL);
        size_t added = 0;
        const kaburi_record kept = records[bad];
        records[bad].company = (kaburi_text){"\xE5\xB1", 2};
        assert_int_equal(kaburi_index_add_records(index, records, MANY, &added, &error),
                         KABURI_ERROR_TEXT);
        records[bad] = kept;
        assert_int_equal(added, bad);
        assert_string_equal(error.message + (bad == 1400 ? 13 : 12),
                            "company: malformed UTF-8 at byte 0");
        assert_int_equal(kaburi_index_count(index), bad - bad / 10);
        /* Few are not worth an archive. */
        assert_int_equal(measured(index).merged_records, bad == 1400 ? bad - bad / 10 : 0);
        answers_expect_sound(index);
        assert_int_equal(kaburi_index_add_records(index, records + bad, MANY - bad, &added, &error),
                         KABURI_OK);
        assert_int_equal(kaburi_index_count(index), MANY - MANY / 10);
        answers_expect_sound(index);
        kaburi_index_free(index);
        if (bad == 100) {
            break;
        }
    }
    free(records);
    free(entries);
}

static void adds_as_many_as_there_is_memory_for(void **state) {
    (void)state;
    sample *entries = calloc(MANY, sizeof *entries);
    kaburi_record *records = make_many(entries);
    size_t failed = 0;
    size_t archived = 0;
    for (kaburi_status status = KABURI_ERROR_MEMORY; status != KABURI_OK; failed++) {
        starved memory = {SIZE_MAX, 0};
        kaburi_index_options options;
        kaburi_index_options_init(&options);
        options.allocator = starved_allocator(&memory);
        kaburi_index *index = answers_create(&options);
        size_t added = 0;
        memory.left = failed * 4;
        status = kaburi_index_add_records(index, records, MANY, &added, &error);
        memory.left = SIZE_MAX;
        assert_true(status == KABURI_OK || status == KABURI_ERROR_MEMORY);
        assert_int_equal(added == MANY, status == KABURI_OK);
        assert_int_equal(kaburi_index_count(index), added - added / 10);
        answers_expect_sound(index);
        archived += measured(index).merged_records > 0;
        kaburi_index_free(index);
        assert_int_equal(memory.blocks, 0);
    }
    assert_in_range(failed, 5, 300);
    assert_int_equal(archived, 1);
    free(records);
    free(entries);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_living_behind_many_removed),
        cmocka_unit_test(changes_no_answer),
        cmocka_unit_test(takes_less_memory),
        cmocka_unit_test(may_leave_nothing),
        cmocka_unit_test(leaves_all_as_it_was_without_memory),
        cmocka_unit_test(goes_on_beside_searches),
        cmocka_unit_test(gives_the_answers_of_adds),
        cmocka_unit_test(stops_at_the_first_that_is_refused),
        cmocka_unit_test(adds_as_many_as_there_is_memory_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
