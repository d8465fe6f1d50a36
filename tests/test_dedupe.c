/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deduplication through the public API: what is a pair, what is a cluster, what threads and order
 * may not change, twins, and the limits. No probability is expected.
 */
#include "index.h"
#include "samples.h"
#include "starved.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define ROWS_MAX 3000

/* The batch, made row by row. */
static char *texts[2]; /* companies, deals */
static size_t used[2];
static int64_t offsets[2][ROWS_MAX + 1];
static int64_t amounts[ROWS_MAX];
static kaburi_batch batch;
static kaburi_dedupe_options options;
static kaburi_duplicates *found;
static kaburi_error error;

static int set_up(void **state) {
    (void)state;
    kaburi_batch_init(&batch);
    kaburi_dedupe_options_init(&options);
    for (size_t i = 0; i < 2; i++) {
        texts[i] = malloc((size_t)ROWS_MAX * 512);
        used[i] = 0;
        if (texts[i] == NULL) {
            return -1;
        }
    }
    batch.company = (kaburi_column){.data = texts[0], .offsets64 = offsets[0]};
    batch.deal = (kaburi_column){.data = texts[1], .offsets64 = offsets[1]};
    batch.amounts = amounts;
    found = NULL;
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    kaburi_duplicates_free(found);
    free(texts[0]);
    free(texts[1]);
    return 0;
}

static void add(const char *company, const char *deal) {
    const char *const cells[] = {company, deal};
    assert_true(batch.count < ROWS_MAX);
    for (size_t i = 0; i < 2; i++) {
        memcpy(texts[i] + used[i], cells[i], strlen(cells[i]));
        used[i] += strlen(cells[i]);
        offsets[i][batch.count + 1] = (int64_t)used[i];
    }
    amounts[batch.count] = KABURI_AMOUNT_ABSENT;
    batch.count++;
}

static void dedupe(void) {
    kaburi_duplicates_free(found);
    found = NULL;
    if (kaburi_dedupe(&found, &batch, &options, &error) != KABURI_OK) {
        fail_msg("refused: %s", error.message);
    }
}

static kaburi_dedupe_stats stats_of_found(void) {
    kaburi_dedupe_stats stats;
    kaburi_duplicates_stats(found, &stats);
    return stats;
}

static const kaburi_pair *pair_of(uint64_t a, uint64_t b) {
    size_t count;
    const kaburi_pair *pairs = kaburi_duplicates_pairs(found, &count);
    for (size_t i = 0; i < count; i++) {
        if (pairs[i].a == a && pairs[i].b == b) {
            return &pairs[i];
        }
    }
    return NULL;
}

static void expect_clusters(const uint32_t *expected) {
    size_t count;
    const uint32_t *clusters = kaburi_duplicates_clusters(found, &count);
    assert_int_equal(count, batch.count);
    for (size_t row = 0; row < count; row++) {
        assert_int_equal(clusters[row], expected[row]);
    }
}

static kaburi_record record_of_row(size_t row) {
    kaburi_record record;
    kaburi_record_init(&record);
    record.id = row;
    record.company =
        (kaburi_text){texts[0] + offsets[0][row], (size_t)(offsets[0][row + 1] - offsets[0][row])};
    record.deal =
        (kaburi_text){texts[1] + offsets[1][row], (size_t)(offsets[1][row + 1] - offsets[1][row])};
    record.amount = amounts[row];
    return record;
}

static kaburi_match match_of_rows(size_t a, size_t b) {
    kaburi_match match;
    kaburi_record record_a = record_of_row(a);
    kaburi_record record_b = record_of_row(b);
    assert_int_equal(kaburi_compare(&record_a, &record_b, NULL, &match, NULL), KABURI_OK);
    return match;
}

/* ---- pairs and clusters ---- */

static void finds_pairs_and_clusters(void **state) {
    (void)state;
    add("株式会社山田製作所", "ERP保守更新 2024年度");
    add("東京青空電機株式会社", "会計システム更改");
    add("㈱山田製作所", "【展示会】ERPの保守更新 FY24");
    add("三菱重工業", "監視カメラ設置工事");
    add("東京青空電機", "会計システムのリプレース");
    add("山田製作所", "ERP保守更新 2023年度");
    dedupe();
    static const uint32_t expected[] = {1, 2, 1, 0, 2, 0};
    expect_clusters(expected);
    size_t count;
    const kaburi_pair *pairs = kaburi_duplicates_pairs(found, &count);
    assert_int_equal(count, 2);
    assert_true(pairs[0].a == 0 && pairs[0].b == 2 && pairs[1].a == 1 && pairs[1].b == 4);
    kaburi_match match = match_of_rows(0, 2);
    assert_true(pairs[0].probability == match.probability);
    assert_int_equal(pairs[0].evidence, match.evidence);
    assert_int_equal(pairs[0].verdict, KABURI_VERDICT_DUPLICATE);
    assert_int_equal(pairs[0].decision, match.decision);
    kaburi_dedupe_stats stats = stats_of_found();
    assert_int_equal(stats.records, 6);
    assert_int_equal(stats.pairs, 2);
    assert_int_equal(stats.duplicates, 2);
    assert_int_equal(stats.clusters, 2);
    assert_int_equal(stats.clustered_records, 4);
    assert_int_equal(stats.parted_duplicates, 0);
}

/* Two halves are each a duplicate of the one that names none, not of each other. */
static void a_chain_does_not_join_a_renewal(void **state) {
    (void)state;
    add("株式会社山田製作所", "ERP保守契約 上期");
    add("株式会社山田製作所", "ERP保守契約");
    add("株式会社山田製作所", "ERP保守契約 下期");
    assert_int_equal(match_of_rows(0, 2).verdict, KABURI_VERDICT_RENEWAL);
    dedupe();
    assert_non_null(pair_of(0, 1));
    assert_non_null(pair_of(1, 2));
    assert_null(pair_of(0, 2));
    size_t count;
    const uint32_t *clusters = kaburi_duplicates_clusters(found, &count);
    assert_int_not_equal(clusters[0], clusters[2]);
    assert_int_equal(stats_of_found().clusters, 1);
    assert_int_equal(stats_of_found().parted_duplicates, 1);
}

static void lists_other_verdicts_where_asked_for(void **state) {
    (void)state;
    add("株式会社山田製作所", "ERP保守契約 2024年度");
    add("株式会社山田製作所", "ERP保守契約 2023年度");
    dedupe();
    assert_int_equal(stats_of_found().pairs, 0);
    options.verdicts = 1U << KABURI_VERDICT_RENEWAL;
    dedupe();
    assert_int_equal(stats_of_found().pairs, 1);
    assert_int_equal(pair_of(0, 1)->verdict, KABURI_VERDICT_RENEWAL);
    assert_int_equal(stats_of_found().duplicates, 0);
    assert_int_equal(stats_of_found().clusters, 0);
}

/* Drawn rows: many alike, some the same. */
static void add_samples(size_t count, uint64_t seed) {
    for (size_t i = 0; i < count; i++) {
        sample made;
        sample_make(&made, &seed);
        add(made.company, made.deal);
        amounts[batch.count - 1] = made.record.amount;
    }
}

/* Each pair is what a search of one of its two rows finds, and all that is found is a pair. */
static void pairs_are_what_searches_find(void **state) {
    (void)state;
    add_samples(600, 3);
    kaburi_index *index;
    kaburi_matches *matches;
    kaburi_search_options search;
    kaburi_search_options_init(&search);
    search.flags = KABURI_SEARCH_EXCEPT_SELF;
    search.top = options.partners_max;
    assert_int_equal(kaburi_index_create(&index, NULL, NULL), KABURI_OK);
    assert_int_equal(kaburi_matches_create(&matches, NULL, NULL), KABURI_OK);
    for (size_t row = 0; row < batch.count; row++) {
        kaburi_record record = record_of_row(row);
        assert_int_equal(kaburi_index_add(index, &record, NULL), KABURI_OK);
    }
    dedupe();
    size_t count;
    size_t seen = 0;
    (void)kaburi_duplicates_pairs(found, &count);
    char *hit = calloc(count, 1);
    assert_non_null(hit);
    for (size_t row = 0; row < batch.count; row++) {
        kaburi_record record = record_of_row(row);
        assert_int_equal(kaburi_search(index, &record, &search, matches, NULL), KABURI_OK);
        for (size_t i = 0; i < kaburi_matches_count(matches); i++) {
            const kaburi_match *match = &kaburi_matches_data(matches)[i];
            if (match->decision == KABURI_DECISION_ALLOW) {
                continue;
            }
            const kaburi_pair *pair =
                match->id < row ? pair_of(match->id, row) : pair_of(row, match->id);
            assert_non_null(pair);
            assert_true(pair->probability == match->probability);
            size_t place = (size_t)(pair - kaburi_duplicates_pairs(found, NULL));
            seen += hit[place] == 0;
            hit[place] = 1;
        }
    }
    assert_true(count > 100);
    assert_int_equal(seen, count);
    free(hit);
    kaburi_matches_free(matches);
    kaburi_index_free(index);
}

static void all_of_a_cluster_are_duplicates(void **state) {
    (void)state;
    add_samples(800, 11);
    dedupe();
    size_t count;
    size_t judged = 0;
    const uint32_t *clusters = kaburi_duplicates_clusters(found, &count);
    for (size_t a = 0; a < count; a++) {
        for (size_t b = 0; b < a; b++) {
            if (clusters[a] != 0 && clusters[a] == clusters[b]) {
                assert_int_equal(match_of_rows(a, b).verdict, KABURI_VERDICT_DUPLICATE);
                judged++;
            }
        }
    }
    assert_true(judged > 100);
    assert_true(stats_of_found().parted_duplicates > 0);
}

static void threads_change_nothing(void **state) {
    (void)state;
    add_samples(2000, 5);
    dedupe();
    kaburi_duplicates *one = found;
    found = NULL;
    size_t count;
    const kaburi_pair *pairs = kaburi_duplicates_pairs(one, &count);
    kaburi_dedupe_stats stats;
    kaburi_duplicates_stats(one, &stats);
    static const uint32_t threads[] = {2, 3, 16};
    for (size_t i = 0; i < 3; i++) {
        size_t others;
        options.threads = threads[i];
        dedupe();
        kaburi_dedupe_stats of_found = stats_of_found();
        assert_memory_equal(&of_found, &stats, sizeof stats);
        assert_memory_equal(kaburi_duplicates_pairs(found, &others), pairs, count * sizeof *pairs);
        assert_int_equal(others, count);
        assert_memory_equal(kaburi_duplicates_clusters(found, NULL),
                            kaburi_duplicates_clusters(one, NULL), batch.count * sizeof(uint32_t));
    }
    kaburi_duplicates_free(one);
}

/* Each of two is asked about as if it were entered: a lead bars nobody. */
static void the_stronger_of_two_decisions_holds(void **state) {
    (void)state;
    static const char text[] = "kaburi-policy 1\n"
                               "duplicate any any 0.5 never\n"
                               "duplicate any lead never never\n";
    static const int32_t kinds[][2] = {{KABURI_KIND_LEAD, KABURI_KIND_OPPORTUNITY},
                                       {KABURI_KIND_OPPORTUNITY, KABURI_KIND_LEAD},
                                       {KABURI_KIND_LEAD, KABURI_KIND_LEAD}};
    kaburi_policy *policy;
    kaburi_index_options index;
    kaburi_index_options_init(&index);
    assert_int_equal(kaburi_policy_parse(&policy, text, sizeof text - 1, NULL, NULL), KABURI_OK);
    index.policy = policy;
    options.index = &index;
    add("株式会社山田製作所", "ERP保守更新");
    add("山田製作所", "ERP保守更新");
    for (size_t i = 0; i < 3; i++) {
        batch.kinds = kinds[i];
        dedupe();
        assert_int_equal(stats_of_found().pairs, i < 2 ? 1 : 0);
        assert_int_equal(stats_of_found().clusters, i < 2 ? 1 : 0);
    }
    kaburi_policy_free(policy);
}

/* ---- twins ---- */

static void twins_are_pairs_of_each_other_and_of_the_others(void **state) {
    (void)state;
    add("株式会社山田製作所", "ERP保守更新");
    add("東京青空電機株式会社", "会計システム更改");
    add("株式会社山田製作所", "ERP保守更新");
    add("(株)山田製作所", "ERPの保守更新");
    add("株式会社山田製作所", "ERP保守更新");
    dedupe();
    static const uint32_t expected[] = {1, 0, 1, 1, 1};
    expect_clusters(expected);
    assert_int_equal(stats_of_found().pairs, 6);
    assert_non_null(pair_of(2, 3));
    assert_non_null(pair_of(2, 4));
    assert_int_equal(stats_of_found().crowded_records, 0);
    options.partners_max = 1; /* the first stands for all of them */
    dedupe();
    expect_clusters(expected);
    assert_non_null(pair_of(0, 2));
    assert_non_null(pair_of(0, 4));
    assert_null(pair_of(2, 4));
    assert_true(stats_of_found().crowded_records > 0);
}

static void a_placeholder_is_nobody_however_often(void **state) {
    (void)state;
    add("不明", "保守更新");
    add("不明", "保守更新");
    dedupe();
    static const uint32_t expected[] = {0, 0};
    expect_clusters(expected);
    assert_int_equal(stats_of_found().pairs, 0);
}

static void many_equal_ones_cost_a_pair_each(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS_MAX; i++) {
        add("株式会社山田製作所", "ERP保守更新");
    }
    options.threads = 2;
    dedupe();
    kaburi_dedupe_stats stats = stats_of_found();
    assert_int_equal(stats.pairs, ROWS_MAX - 1);
    assert_int_equal(stats.clusters, 1);
    assert_int_equal(stats.clustered_records, ROWS_MAX);
    assert_int_equal(stats.crowded_records, ROWS_MAX);
}

/* Each has too many partners besides its twins, and with them. */
static void a_crowded_record_counts_once(void **state) {
    (void)state;
    static const char *const names[] = {"株式会社山田製作所", "(株)山田製作所", "㈱山田製作所",
                                        "山田製作所株式会社", "山田製作所",     "山田製作所(株)",
                                        "山田製作所㈱",       "山田製作所様"};
    for (size_t i = 0; i < 32; i++) {
        add(names[i % 8], "ERP保守更新");
    }
    options.partners_max = 5;
    dedupe();
    assert_int_equal(stats_of_found().crowded_records, 32);
    options.partners_max = 31;
    dedupe();
    assert_int_equal(stats_of_found().crowded_records, 0);
    assert_int_equal(stats_of_found().pairs, 32 * 31 / 2);
}

/* ---- limits ---- */

static void a_cluster_has_its_most_members(void **state) {
    (void)state;
    static const char *const names[] = {"株式会社山田製作所", "(株)山田製作所", "㈱山田製作所",
                                        "山田製作所株式会社", "山田製作所"};
    for (size_t i = 0; i < 5; i++) {
        add(names[i], "ERP保守更新");
    }
    dedupe();
    assert_int_equal(stats_of_found().clustered_records, 5);
    assert_int_equal(stats_of_found().clusters, 1);
    options.cluster_max = 2;
    dedupe();
    assert_int_equal(stats_of_found().clusters, 2);
    assert_int_equal(stats_of_found().clustered_records, 4);
    assert_int_equal(stats_of_found().pairs, 10);
    assert_true(stats_of_found().parted_duplicates > 0);
}

static void capped_keys_are_counted(void **state) {
    (void)state;
    kaburi_index_options index;
    kaburi_index_options_init(&index);
    index.postings_max = 16;
    options.index = &index;
    for (size_t i = 0; i < 40; i++) {
        char deal[64];
        (void)snprintf(deal, sizeof deal, "保守更新 第%zu期", i + 1);
        add("株式会社山田製作所", deal);
    }
    dedupe();
    assert_true(stats_of_found().capped_records > 0);
    assert_true(stats_of_found().capped_keys >= stats_of_found().capped_records);
    index.postings_max = 1024;
    dedupe();
    assert_int_equal(stats_of_found().capped_records, 0);
}

static void an_empty_batch_has_nothing(void **state) {
    (void)state;
    dedupe();
    size_t count = 9;
    (void)kaburi_duplicates_pairs(found, &count);
    assert_int_equal(count, 0);
    (void)kaburi_duplicates_clusters(found, &count);
    assert_int_equal(count, 0);
    kaburi_duplicates_free(NULL);
    assert_null(kaburi_duplicates_pairs(NULL, &count));
    assert_null(kaburi_duplicates_clusters(NULL, &count));
}

static size_t told;
static void tell(void *context, size_t done, size_t total) {
    assert_ptr_equal(context, &told);
    assert_true(done >= 1 && done <= total);
    told++;
}

static void tells_how_far_it_is(void **state) {
    (void)state;
    add_samples(300, 2);
    options.context = &told;
    options.progress = tell;
    told = 0;
    dedupe();
    assert_true(told > 1);
}

/* ---- what is refused ---- */

static void refuse(kaburi_status status, const char *message) {
    kaburi_duplicates *none = NULL;
    assert_int_equal(kaburi_dedupe(&none, &batch, &options, &error), status);
    assert_null(none);
    assert_string_equal(error.message, message);
    assert_int_equal(error.status, status);
}

static void refuses_bad_records_and_options(void **state) {
    (void)state;
    add("株式会社山田製作所", "ERP保守更新");
    add("", "");
    refuse(KABURI_ERROR_ARGUMENT, "record 1: record has neither company nor deal");
    batch.count = 1;
    add("ab\xFF", "");
    refuse(KABURI_ERROR_TEXT, "record 1: company: malformed UTF-8 at byte 2");
    batch.count = 1;
    offsets[0][1] = -5;
    refuse(KABURI_ERROR_ARGUMENT, "record 0: column company has no text from 0 to -5");
    batch.count = 0;
    options.decision_min = 3;
    refuse(KABURI_ERROR_ARGUMENT, "decision_min is 3; allowed are 0..2");
    options.decision_min = 0;
    options.verdicts = 64;
    refuse(KABURI_ERROR_ARGUMENT, "verdicts is 64; allowed are 0..63");
    options.verdicts = 0;
    batch.reserved = 1;
    refuse(KABURI_ERROR_ARGUMENT, "batch.reserved is 1; allowed is 0");
    batch.reserved = 0;
    batch.count = (size_t)INT32_MAX + 1;
    refuse(KABURI_ERROR_FULL, "the batch has 2147483648 records; allowed are 0..2147483647");
    options.struct_size = 1;
    assert_int_equal(kaburi_dedupe(&found, &batch, &options, &error), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_dedupe(NULL, &batch, NULL, &error), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_dedupe(&found, NULL, NULL, &error), KABURI_ERROR_ARGUMENT);
}

static void runs_out_of_memory_with_nothing_left_behind(void **state) {
    (void)state;
    kaburi_index_options index;
    kaburi_index_options_init(&index);
    options.index = &index;
    add("株式会社山田製作所", "ERP保守契約 2024年度");
    add("株式会社山田製作所", "ERP保守契約");
    add("株式会社山田製作所", "ERP保守契約 2023年度");
    add("株式会社山田製作所", "ERP保守契約");
    size_t failures = 0;
    for (size_t granted = 0;; granted++) {
        starved memory = {granted, 0};
        index.allocator = starved_allocator(&memory);
        kaburi_duplicates *made = NULL;
        kaburi_status status = kaburi_dedupe(&made, &batch, &options, &error);
        if (status == KABURI_OK) {
            kaburi_duplicates_free(made);
            assert_int_equal(memory.blocks, 0);
            break;
        }
        assert_int_equal(status, KABURI_ERROR_MEMORY);
        assert_null(made);
        assert_int_equal(memory.blocks, 0);
        failures++;
    }
    assert_true(failures > 30);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(finds_pairs_and_clusters),
        TEST(a_chain_does_not_join_a_renewal),
        TEST(lists_other_verdicts_where_asked_for),
        TEST(pairs_are_what_searches_find),
        TEST(all_of_a_cluster_are_duplicates),
        TEST(threads_change_nothing),
        TEST(the_stronger_of_two_decisions_holds),
        TEST(twins_are_pairs_of_each_other_and_of_the_others),
        TEST(a_placeholder_is_nobody_however_often),
        TEST(many_equal_ones_cost_a_pair_each),
        TEST(a_crowded_record_counts_once),
        TEST(a_cluster_has_its_most_members),
        TEST(capped_keys_are_counted),
        TEST(an_empty_batch_has_nothing),
        TEST(tells_how_far_it_is),
        TEST(refuses_bad_records_and_options),
        TEST(runs_out_of_memory_with_nothing_left_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
