/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Indexes of seeded records, and whether two of them give the same answers: what merging, saving
 * and opening must not change.
 */
#ifndef KBR_TEST_ANSWERS_H
#define KBR_TEST_ANSWERS_H

#include "index.h"
#include "samples.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Record `id` as it is the `version`th time it is added. */
static inline void answers_sample(sample *out, uint64_t id, uint64_t version) {
    uint64_t seed = id * 1000 + version;
    sample_make(out, &seed);
    out->record.id = id * 7919;
}

static inline void answers_add(kaburi_index *index, uint64_t begin, uint64_t end,
                               uint64_t version) {
    for (uint64_t id = begin; id < end; id++) {
        sample entry;
        answers_sample(&entry, id, version);
        assert_int_equal(kaburi_index_add(index, &entry.record, NULL), KABURI_OK);
    }
}

static inline void answers_remove(kaburi_index *index, uint64_t begin, uint64_t end,
                                  uint64_t step) {
    for (uint64_t id = begin; id < end; id += step) {
        assert_int_equal(kaburi_index_remove(index, id * 7919, NULL), KABURI_OK);
    }
}

static inline void answers_expect_sound(const kaburi_index *index) {
    const char *wrong = kbr_index_check(index);
    if (wrong != NULL) {
        fail_msg("%s", wrong);
    }
}

/* Under options that cut nothing: same matches of as many candidates, for many queries. */
static inline void answers_expect_same(const kaburi_index *a, const kaburi_index *b,
                                       uint64_t queries) {
    kaburi_matches *found[2];
    kaburi_search_stats stats[2];
    assert_int_equal(kaburi_matches_create(&found[0], NULL, NULL), KABURI_OK);
    assert_int_equal(kaburi_matches_create(&found[1], NULL, NULL), KABURI_OK);
    assert_int_equal(kaburi_index_count(a), kaburi_index_count(b));
    for (uint64_t id = 0; id < queries; id++) {
        sample query;
        answers_sample(&query, id, id % 3);
        assert_int_equal(kaburi_search(a, &query.record, NULL, found[0], NULL), KABURI_OK);
        assert_int_equal(kaburi_search(b, &query.record, NULL, found[1], NULL), KABURI_OK);
        kaburi_matches_stats(found[0], &stats[0]);
        kaburi_matches_stats(found[1], &stats[1]);
        assert_int_equal(stats[0].keys, stats[1].keys);
        assert_int_equal(stats[0].candidates, stats[1].candidates);
        assert_int_equal(stats[0].truncated, stats[1].truncated);
        size_t count = kaburi_matches_count(found[0]);
        assert_int_equal(count, kaburi_matches_count(found[1]));
        if (count > 0) {
            assert_memory_equal(kaburi_matches_data(found[0]), kaburi_matches_data(found[1]),
                                count * sizeof(kaburi_match));
        }
        assert_int_equal(kaburi_index_contains(a, query.record.id),
                         kaburi_index_contains(b, query.record.id));
    }
    kaburi_matches_free(found[0]);
    kaburi_matches_free(found[1]);
}

/* Options under which nothing is cut. */
static inline kaburi_index_options answers_options(int32_t sketch) {
    kaburi_index_options options;
    kaburi_index_options_init(&options);
    options.sketch = sketch;
    options.postings_max = 1048576;
    options.scored_max = 4096;
    return options;
}

static inline kaburi_index *answers_create(const kaburi_index_options *options) {
    kaburi_index *index;
    assert_int_equal(kaburi_index_create(&index, options, NULL), KABURI_OK);
    return index;
}

#endif
