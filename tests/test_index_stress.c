/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index under stress: every allocation failing in turn, a crowd of equal names, the longest
 * names, and one writer among readers. What is asserted is the work done and what is found, never
 * the time.
 */
#include "index.h"
#include "named.h"
#include "samples.h"
#include "starved.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static kaburi_error error;

/* An allocator that fails once, or from then on. */
typedef struct stumbling {
    starved memory;
    size_t before; /* allocations that still succeed; SIZE_MAX: all */
    bool for_good;
    bool stumbled;
} stumbling;

static void *stumbling_resize(void *context, void *block, size_t new_size) {
    stumbling *with = context;
    if (new_size != 0 && !with->stumbled && with->before-- == 0) {
        with->stumbled = true;
        with->memory.left = with->for_good ? 0 : SIZE_MAX;
        return NULL;
    }
    return starved_resize(&with->memory, block, new_size);
}

static stumbling sure_footed(void) {
    return (stumbling){.memory = {SIZE_MAX, 0}, .before = SIZE_MAX};
}

static void recover(stumbling *with) {
    with->before = SIZE_MAX;
    with->memory.left = SIZE_MAX;
}

static kaburi_allocator stumbling_allocator(stumbling *with) {
    return (kaburi_allocator){.context = with, .resize = stumbling_resize};
}

/* allocator NULL: the C library's. */
static kaburi_index *create(const kaburi_allocator *allocator) {
    kaburi_index_options options;
    kaburi_index *index;
    kaburi_index_options_init(&options);
    if (allocator != NULL) {
        options.allocator = *allocator;
    }
    assert_int_equal(kaburi_index_create(&index, &options, &error), KABURI_OK);
    return index;
}

static kaburi_matches *create_matches(void) {
    kaburi_matches *matches;
    assert_int_equal(kaburi_matches_create(&matches, NULL, &error), KABURI_OK);
    return matches;
}

static void assert_sound(const kaburi_index *index) {
    const char *wrong = kbr_index_check(index);
    if (wrong != NULL) {
        fail_msg("%s", wrong);
    }
}

/* ---- every allocation fails in turn ---- */

/* Names alike enough that lists grow, and so many keys that the table does. */
static kaburi_record numbered(uint64_t id) {
    static char company[64];
    static char deal[64];
    (void)snprintf(company, sizeof company, "株式会社山田製作所%c", (char)('A' + id % 26));
    (void)snprintf(deal, sizeof deal, "第%uロット サーバ更改", (unsigned)id);
    return named_record(id, company, deal);
}

static void add_numbered(kaburi_index *index, uint64_t count) {
    for (uint64_t id = 0; id < count; id++) {
        kaburi_record record = numbered(id);
        assert_int_equal(kaburi_index_add(index, &record, &error), KABURI_OK);
    }
}

typedef struct answer {
    kaburi_index_stats stats;
    size_t count;
    kaburi_match match[10];
} answer;

/* What can be seen of an index: counts and the answer to one query. */
static void observe(answer *out, const kaburi_index *index) {
    kaburi_matches *matches = create_matches();
    kaburi_record query = numbered(3);
    memset(out, 0, sizeof *out);
    kaburi_index_measure(index, &out->stats);
    /* What is held in reserve may have grown. */
    out->stats.record_bytes = 0;
    out->stats.id_bytes = 0;
    out->stats.key_bytes = 0;
    assert_int_equal(kaburi_search(index, &query, NULL, matches, &error), KABURI_OK);
    out->count = kaburi_matches_count(matches);
    memcpy(out->match, kaburi_matches_data(matches), out->count * sizeof *out->match);
    kaburi_matches_free(matches);
}

/* Adds `record` to an index of `size` records, stumbling after n allocations, for n = 0, 1 ...
 * until it does not get so far. Returns at how many n it failed. */
static size_t fail_each_add(uint64_t size, const kaburi_record *record, bool for_good) {
    size_t failed = 0;
    for (bool met = true; met;) {
        static answer before;
        static answer after;
        stumbling memory = sure_footed();
        const kaburi_allocator allocator = stumbling_allocator(&memory);
        kaburi_index *index = create(&allocator);
        add_numbered(index, size);
        observe(&before, index);
        memory.before = failed;
        memory.for_good = for_good;
        kaburi_status status = kaburi_index_add(index, record, &error);
        met = memory.stumbled;
        recover(&memory);
        assert_sound(index);
        if (status == KABURI_OK) {
            /* A list of the replaced record that cannot shrink is no failure: the last thing done.
             */
            assert_true(!met || record->id < size);
            met = false;
        } else {
            failed++;
            assert_int_equal(status, KABURI_ERROR_MEMORY);
            assert_int_equal(error.status, KABURI_ERROR_MEMORY);
            observe(&after, index);
            assert_memory_equal(&before, &after, sizeof before);
            assert_int_equal(kaburi_index_add(index, record, &error), KABURI_OK);
            assert_sound(index);
        }
        assert_int_equal(kaburi_index_contains(index, record->id), 1);
        kaburi_index_free(index);
        assert_int_equal(memory.memory.blocks, 0);
    }
    return failed;
}

static void is_unchanged_by_an_add_without_memory(void **state) {
    (void)state;
    const kaburi_record fresh = named_record(1000, "東京青空電機株式会社", "基幹システム刷新");
    const kaburi_record longer =
        named_record(2, "株式会社山田製作所 名古屋支店", "第9ロット サーバ更改 2024年度 追加分");
    /* Not every add allocates: cards, tables and the reader's texts grow by steps. */
    uint64_t failed = 0;
    for (uint64_t size = 0; size <= 48; size++) {
        failed += fail_each_add(size, &fresh, false) + fail_each_add(size, &longer, false) +
                  fail_each_add(size, &fresh, true) + fail_each_add(size, &longer, true);
    }
    /* As many as there are: two for every size, and more where something grows. */
    assert_true(failed >= 192);
    /* The table of ids, too, is about to grow. */
    assert_true(fail_each_add(819, &fresh, false) >= 1);
}

static void is_not_created_without_memory(void **state) {
    (void)state;
    for (int for_good = 0; for_good <= 1; for_good++) {
        size_t failed = 0;
        for (kaburi_index *index = NULL; index == NULL;) {
            stumbling memory = sure_footed();
            kaburi_index_options options;
            kaburi_index_options_init(&options);
            options.allocator = stumbling_allocator(&memory);
            memory.before = failed;
            memory.for_good = for_good != 0;
            if (kaburi_index_create(&index, &options, &error) == KABURI_OK) {
                kaburi_index_free(index);
            } else {
                assert_int_equal(error.status, KABURI_ERROR_MEMORY);
                assert_null(index);
                failed++;
            }
            assert_int_equal(memory.memory.blocks, 0);
        }
        assert_in_range(failed, 5, 20);
    }
}

static void removes_without_memory(void **state) {
    (void)state;
    starved memory = {SIZE_MAX, 0};
    const kaburi_allocator allocator = starved_allocator(&memory);
    kaburi_index *index = create(&allocator);
    add_numbered(index, 60);
    memory.left = 0;
    for (uint64_t id = 0; id < 60; id++) {
        assert_int_equal(kaburi_index_remove(index, id, &error), KABURI_OK);
        assert_int_equal(kaburi_index_contains(index, id), 0);
        assert_sound(index);
    }
    memory.left = SIZE_MAX;
    assert_int_equal(kaburi_index_count(index), 0);
    add_numbered(index, 60);
    assert_sound(index);
    kaburi_index_free(index);
    assert_int_equal(memory.blocks, 0);
}

/* The same search again after it stumbled after n allocations gives `expected`. Returns whether it
 * got so far. */
static bool fail_search(const kaburi_index *index, const answer *expected, size_t n,
                        bool for_good) {
    const kaburi_record query = numbered(3);
    kaburi_matches *matches = NULL;
    stumbling memory = sure_footed();
    const kaburi_allocator allocator = stumbling_allocator(&memory);
    memory.before = n;
    memory.for_good = for_good;
    kaburi_status status = kaburi_matches_create(&matches, &allocator, &error);
    if (status == KABURI_OK) {
        status = kaburi_search(index, &query, NULL, matches, &error);
    }
    assert_int_equal(status, memory.stumbled ? KABURI_ERROR_MEMORY : KABURI_OK);
    recover(&memory);
    if (matches != NULL) {
        size_t count = kaburi_matches_count(matches);
        assert_int_equal(count, memory.stumbled ? 0 : expected->count);
        assert_int_equal(kaburi_search(index, &query, NULL, matches, &error), KABURI_OK);
        assert_int_equal(kaburi_matches_count(matches), expected->count);
        assert_memory_equal(kaburi_matches_data(matches), expected->match,
                            expected->count * sizeof *expected->match);
    }
    kaburi_matches_free(matches);
    assert_int_equal(memory.memory.blocks, 0);
    return memory.stumbled;
}

static void searches_again_after_a_search_without_memory(void **state) {
    (void)state;
    static answer expected;
    kaburi_index *index = create(NULL);
    add_numbered(index, 2000);
    observe(&expected, index);
    for (int for_good = 0; for_good <= 1; for_good++) {
        size_t n = 0;
        while (fail_search(index, &expected, n, for_good != 0)) {
            n++;
        }
        assert_in_range(n, 10, 100);
    }
    assert_sound(index);
    kaburi_index_free(index);
}

/* ---- a crowd ---- */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CROWD 200000
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CROWD 200000
#endif
#endif
#if !defined(CROWD)
#define CROWD 1000000
#endif

/* The work of a search is bounded by its options, whatever the index holds. */
static void expect_bounded_search(const kaburi_index *index, kaburi_matches *matches,
                                  const kaburi_record *query) {
    kaburi_search_stats stats;
    assert_int_equal(kaburi_search(index, query, NULL, matches, &error), KABURI_OK);
    kaburi_matches_stats(matches, &stats);
    assert_true(stats.truncated > 0);
    assert_true(stats.postings <= stats.keys * 1024);
    assert_true(stats.scored <= 128);
    assert_int_equal(kaburi_matches_count(matches), 10);
}

static void bounds_the_work_among_a_crowd_of_equal_names(void **state) {
    (void)state;
    kaburi_index *index = create(NULL);
    kaburi_matches *matches = create_matches();
    kaburi_record record = named_record(0, "株式会社アシスト", "保守更新");
    for (record.id = 0; record.id < CROWD; record.id++) {
        assert_int_equal(kaburi_index_add(index, &record, &error), KABURI_OK);
    }
    assert_int_equal(kaburi_index_count(index), CROWD);
    expect_bounded_search(index, matches, &record);
    for (uint64_t id = 0; id < 100; id++) {
        record.id = id * 7919 % CROWD;
        assert_int_equal(kaburi_index_add(index, &record, &error), KABURI_OK);
        assert_int_equal(kaburi_index_remove(index, record.id, &error), KABURI_OK);
    }
    assert_int_equal(kaburi_index_count(index), CROWD - 100);
    expect_bounded_search(index, matches, &record);
    /* Whoever stands out of the crowd is found in it. */
    record = named_record(CROWD, "株式会社アシスト", "第三工場の空調更新");
    assert_int_equal(kaburi_index_add(index, &record, &error), KABURI_OK);
    expect_bounded_search(index, matches, &record);
    assert_int_equal(kaburi_matches_data(matches)->id, CROWD);
    assert_sound(index);
    kaburi_matches_free(matches);
    kaburi_index_free(index);
}

/* ---- the longest names ---- */

static kaburi_text filled(char *out, const char *with, size_t size) {
    size_t step = strlen(with);
    for (size_t at = 0; at + step <= size; at += step) {
        memcpy(out + at, with, step);
    }
    return (kaburi_text){out, size - size % step};
}

static void takes_the_longest_names(void **state) {
    (void)state;
    static const char *const patterns[] = {"a",     "ア",       "株式会社",   "(株)",
                                           "第1期", "東京支店", "0123456789", "山田製作所 ",
                                           "・",    "㍿",       "(",          "が"};
    static char company[KABURI_TEXT_SIZE_MAX + 1];
    static char deal[KABURI_TEXT_SIZE_MAX + 1];
    kaburi_index *index = create(NULL);
    kaburi_matches *matches = create_matches();
    uint64_t added = 0;
    for (uint64_t i = 0; i < KBR_COUNT(patterns); i++) {
        kaburi_record record = named_record(i, "", "");
        record.company = filled(company, patterns[i], KABURI_TEXT_SIZE_MAX);
        record.deal = filled(deal, patterns[(i + 1) % KBR_COUNT(patterns)], KABURI_TEXT_SIZE_MAX);
        kaburi_status status = kaburi_index_add(index, &record, &error);
        if (status == KABURI_ERROR_TOO_LONG) { /* ㍿ folds to four */
            continue;
        }
        assert_int_equal(status, KABURI_OK);
        added++;
        assert_int_equal(kaburi_search(index, &record, NULL, matches, &error), KABURI_OK);
        assert_true(kaburi_matches_count(matches) >= 1);
        assert_int_equal(kaburi_matches_data(matches)->id, i);
    }
    assert_true(added >= KBR_COUNT(patterns) - 2);
    kaburi_record record = named_record(99, "", "");
    record.company = filled(company, "a", KABURI_TEXT_SIZE_MAX + 1);
    assert_int_equal(kaburi_index_add(index, &record, &error), KABURI_ERROR_TOO_LONG);
    assert_int_equal(kaburi_index_count(index), added);
    assert_sound(index);
    kaburi_matches_free(matches);
    kaburi_index_free(index);
}

/* ---- threads ---- */

#define STEADY 200
#define ROUNDS 1500
#define READERS 3
#define FLICKERING UINT64_C(1000000)
#define CHANGING UINT64_C(2000000)
#define LARGE UINT64_C(3000000)

typedef struct shared {
    kaburi_index *index;
    atomic_uint_fast64_t published; /* records 0 .. published - 1 are in and stay */
    atomic_bool done;
    atomic_uint_fast64_t mistakes;
    atomic_uint_fast64_t searches;
} shared;

static kaburi_record steady(uint64_t id, char text[64]) {
    static const char *const kanji[] = {"青", "空", "山", "川", "海", "森", "星", "風", "雪", "花"};
    (void)snprintf(text, 64, "%s%s%s工業", kanji[id % 10], kanji[id / 10 % 10],
                   kanji[id / 100 % 10]);
    return named_record(id, text, "サーバ更改");
}

static void *write_records(void *context) {
    shared *with = context;
    char text[64];
    char large[6000]; /* shingles that differ, so that its card has more than 2 KiB */
    size_t size = 0;
    for (unsigned i = 0; size + 16 < sizeof large && i < 500; i++) {
        size += (size_t)snprintf(large + size, sizeof large - size, "%x%c ", i * 2654435761U,
                                 'a' + (int)(i % 26));
    }
    uint64_t mistakes = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        if (round < STEADY) {
            kaburi_record record = steady(round, text);
            mistakes += kaburi_index_add(with->index, &record, NULL) != KABURI_OK;
            atomic_store(&with->published, round + 1);
        }
        kaburi_record record = named_record(FLICKERING + round % 7, "株式会社夕凪", "複合機追加");
        mistakes += kaburi_index_add(with->index, &record, NULL) != KABURI_OK;
        record = named_record(CHANGING, round % 2 == 0 ? "朝凪商事" : "朝凪商亊",
                              round % 2 == 0 ? "会計ソフト" : "勤怠管理");
        mistakes += kaburi_index_add(with->index, &record, NULL) != KABURI_OK;
        /* A card too large for a slab: what the index holds changes with each. */
        record = named_record(LARGE, "有限会社夜凪", large);
        mistakes += kaburi_index_add(with->index, &record, NULL) != KABURI_OK;
        if (round % 3 == 0) {
            mistakes += kaburi_index_remove(with->index, FLICKERING + round % 7, NULL) != KABURI_OK;
        }
    }
    atomic_fetch_add(&with->mistakes, mistakes);
    atomic_store(&with->done, true);
    return NULL;
}

static size_t times_found(const kaburi_matches *matches, uint64_t id) {
    size_t times = 0;
    for (size_t i = 0; i < kaburi_matches_count(matches); i++) {
        times += kaburi_matches_data(matches)[i].id == id;
    }
    return times;
}

/* A record published before the search is found; one that is being replaced is found once, under
 * its old or its new name, never twice, never not at all. */
static void *read_records(void *context) {
    shared *with = context;
    kaburi_matches *matches = NULL;
    uint64_t random = (uint64_t)(uintptr_t)&matches;
    uint64_t searches = 0;
    uint64_t mistakes = kaburi_matches_create(&matches, NULL, NULL) != KABURI_OK;
    while (mistakes == 0 && (!atomic_load(&with->done) || searches < 100)) {
        char text[64];
        uint64_t published = atomic_load(&with->published);
        if (published > 0) {
            kaburi_record query = steady(sample_draw(&random, (uint32_t)published), text);
            mistakes += kaburi_search(with->index, &query, NULL, matches, NULL) != KABURI_OK;
            mistakes += times_found(matches, query.id) != 1;
            mistakes += kaburi_index_contains(with->index, query.id) != 1;
            mistakes += kaburi_index_count(with->index) < published;
            kaburi_index_stats stats;
            kaburi_index_measure(with->index, &stats);
            mistakes += stats.records < published || stats.record_bytes == 0;
        }
        if (published > 1) {
            kaburi_record query = named_record(0, "朝凪商事", "");
            mistakes += kaburi_search(with->index, &query, NULL, matches, NULL) != KABURI_OK;
            mistakes += times_found(matches, CHANGING) != 1;
        }
        searches++;
    }
    kaburi_matches_free(matches);
    atomic_fetch_add(&with->mistakes, mistakes);
    atomic_fetch_add(&with->searches, searches);
    return NULL;
}

static void answers_readers_while_a_writer_changes_it(void **state) {
    (void)state;
    pthread_t writer;
    pthread_t readers[READERS];
    shared with = {.index = create(NULL)};
    for (size_t i = 0; i < READERS; i++) {
        assert_int_equal(pthread_create(&readers[i], NULL, read_records, &with), 0);
    }
    assert_int_equal(pthread_create(&writer, NULL, write_records, &with), 0);
    assert_int_equal(pthread_join(writer, NULL), 0);
    for (size_t i = 0; i < READERS; i++) {
        assert_int_equal(pthread_join(readers[i], NULL), 0);
    }
    assert_int_equal(atomic_load(&with.mistakes), 0);
    assert_true(atomic_load(&with.searches) >= READERS * UINT64_C(100));
    assert_sound(with.index);
    kaburi_index_free(with.index);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_unchanged_by_an_add_without_memory),
        cmocka_unit_test(is_not_created_without_memory),
        cmocka_unit_test(removes_without_memory),
        cmocka_unit_test(searches_again_after_a_search_without_memory),
        cmocka_unit_test(bounds_the_work_among_a_crowd_of_equal_names),
        cmocka_unit_test(takes_the_longest_names),
        cmocka_unit_test(answers_readers_while_a_writer_changes_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
