/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index through the public API: adding, replacing, removing, searching, and what must not
 * matter (order of insertion, what was added and removed). Every index is checked as it goes. No
 * probability is expected, only the order of them.
 */
#include "index.h"
#include "named.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static kaburi_index *records;
static kaburi_matches *matches;
static kaburi_error error;

static void create(const kaburi_index_options *options) {
    assert_int_equal(kaburi_index_create(&records, options, &error), KABURI_OK);
}

static void check_and_free(kaburi_index *index) {
    const char *wrong = kbr_index_check(index);
    if (wrong != NULL) {
        fail_msg("%s", wrong);
    }
    kaburi_index_free(index);
}

static int set_up(void **state) {
    (void)state;
    assert_int_equal(kaburi_matches_create(&matches, NULL, &error), KABURI_OK);
    create(NULL);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    kaburi_matches_free(matches);
    check_and_free(records);
    return 0;
}

static void add_record(const kaburi_record *record) {
    assert_int_equal(kaburi_index_add(records, record, &error), KABURI_OK);
}

static void add(uint64_t id, const char *company, const char *deal) {
    kaburi_record record = named_record(id, company, deal);
    add_record(&record);
}

static size_t search_record(const kaburi_record *query, const kaburi_search_options *options) {
    assert_int_equal(kaburi_search(records, query, options, matches, &error), KABURI_OK);
    return kaburi_matches_count(matches);
}

static size_t search(const char *company, const char *deal) {
    kaburi_record query = named_record(UINT64_MAX, company, deal);
    return search_record(&query, NULL);
}

static bool found(uint64_t id) {
    size_t times = 0;
    for (size_t i = 0; i < kaburi_matches_count(matches); i++) {
        times += kaburi_matches_data(matches)[i].id == id;
    }
    assert_true(times <= 1);
    return times == 1;
}

static uint64_t id_at(size_t position) {
    assert_true(position < kaburi_matches_count(matches));
    return kaburi_matches_data(matches)[position].id;
}

static kaburi_index_stats measured(const kaburi_index *index) {
    kaburi_index_stats stats;
    kaburi_index_measure(index, &stats);
    return stats;
}

/* ---- made-up records ---- */

#define MADE 240

/* Record `number` of MADE, all different; its texts are valid until the next of an even or odd
 * number as it is. */
static kaburi_record made(uint64_t number) {
    static const char *const first[] = {"青空", "みどり", "Sunrise", "大東", "北斗", "ミナト"};
    static const char *const second[] = {"電機", "物流", "システムズ", "食品", "Networks"};
    static const char *const forms[] = {"株式会社", "", "(株)", "有限会社"};
    static const char *const sold[] = {"基幹システム", "会計ソフト", "サーバ保守", "CRM",
                                       "勤怠管理",     "複合機",     "VPN回線"};
    static const char *const how[] = {"導入", "更改", "追加", "2024年度", "フェーズ2"};
    static char texts[2][2][128];
    char(*text)[128] = texts[number % 2];
    (void)snprintf(text[0], sizeof text[0], "%s%s%s", forms[number / 30 % KBR_COUNT(forms)],
                   first[number % KBR_COUNT(first)], second[number / 6 % KBR_COUNT(second)]);
    (void)snprintf(text[1], sizeof text[1], "%s %s", sold[number * 3 % KBR_COUNT(sold)],
                   how[number / 120 + number % 4]);
    return named_record(number, text[0], text[1]);
}

static void add_made(uint64_t from, uint64_t to) {
    for (uint64_t number = from; number < to; number++) {
        kaburi_record record = made(number);
        add_record(&record);
    }
}

/* Options under which nothing is cut: every posting read, every candidate scored. */
static kaburi_index_options uncut(int32_t sketch) {
    kaburi_index_options options;
    kaburi_index_options_init(&options);
    options.sketch = sketch;
    options.postings_max = 1048576;
    options.scored_max = 4096;
    return options;
}

static void expect_same_answers(const kaburi_index *a, const kaburi_index *b) {
    kaburi_matches *other;
    kaburi_search_options options;
    kaburi_search_options_init(&options);
    options.top = 1000;
    assert_int_equal(kaburi_matches_create(&other, NULL, &error), KABURI_OK);
    for (uint64_t number = 0; number < MADE; number += 7) {
        kaburi_record query = made(number);
        assert_int_equal(kaburi_search(a, &query, &options, matches, &error), KABURI_OK);
        assert_int_equal(kaburi_search(b, &query, &options, other, &error), KABURI_OK);
        size_t count = kaburi_matches_count(matches);
        assert_int_equal(kaburi_matches_count(other), count);
        if (count > 0) {
            assert_memory_equal(kaburi_matches_data(matches), kaburi_matches_data(other),
                                count * sizeof(kaburi_match));
        }
    }
    kaburi_matches_free(other);
}

/* ---- add, replace, remove ---- */

static void is_empty_at_first(void **state) {
    (void)state;
    assert_int_equal(kaburi_index_count(records), 0);
    assert_int_equal(kaburi_index_contains(records, 0), 0);
    assert_int_equal(search("株式会社山田製作所", "ERP導入"), 0);
    kaburi_index_stats stats = measured(records);
    assert_int_equal(stats.records, 0);
    assert_int_equal(stats.keys, 0);
    assert_int_equal(stats.postings, 0);
}

static void counts_and_contains_what_was_added(void **state) {
    (void)state;
    add(7, "株式会社山田製作所", "ERP導入");
    add(UINT64_MAX, "ABC商会", "保守更新");
    add(0, "", "サーバ更改");
    assert_int_equal(kaburi_index_count(records), 3);
    assert_int_equal(kaburi_index_contains(records, 7), 1);
    assert_int_equal(kaburi_index_contains(records, UINT64_MAX), 1);
    assert_int_equal(kaburi_index_contains(records, 0), 1);
    assert_int_equal(kaburi_index_contains(records, 8), 0);
    assert_int_equal(measured(records).records, 3);
}

static void replaces_the_record_of_an_id(void **state) {
    (void)state;
    add(1, "株式会社山田製作所", "ERP導入");
    kaburi_index_stats before = measured(records);
    add(1, "ABC商会", "勤怠管理");
    assert_int_equal(kaburi_index_count(records), 1);
    assert_int_equal(search("株式会社山田製作所", "ERP導入"), 0);
    assert_int_equal(search("ABC商会", "勤怠管理"), 1);
    add(1, "株式会社山田製作所", "ERP導入");
    kaburi_index_stats after = measured(records);
    assert_int_equal(after.keys, before.keys);
    assert_int_equal(after.postings, before.postings);
}

static void takes_one_record_again_and_again(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) { /* the second time beside the first, which takes blocks */
        add(1, "株式会社山田製作所", "ERP導入");
    }
    kaburi_index_stats before = measured(records);
    for (int i = 0; i < 100; i++) {
        add(1, "株式会社山田製作所", "ERP導入");
    }
    kaburi_index_stats after = measured(records);
    assert_memory_equal(&before, &after, sizeof before);
    assert_int_equal(search("株式会社山田製作所", "ERP導入"), 1);
}

static void forgets_what_was_removed(void **state) {
    (void)state;
    add(1, "株式会社山田製作所", "ERP導入");
    add(2, "株式会社山田製作所", "ERP導入");
    assert_int_equal(kaburi_index_remove(records, 1, &error), KABURI_OK);
    assert_int_equal(kaburi_index_contains(records, 1), 0);
    assert_int_equal(search("株式会社山田製作所", "ERP導入"), 1);
    assert_int_equal(id_at(0), 2);
    assert_int_equal(kaburi_index_remove(records, 2, &error), KABURI_OK);
    assert_int_equal(search("株式会社山田製作所", "ERP導入"), 0);
    assert_int_equal(kaburi_index_count(records), 0);
}

static void refuses_to_remove_an_unknown_id(void **state) {
    (void)state;
    add(1, "ABC商会", "保守更新");
    assert_int_equal(kaburi_index_remove(records, 2, &error), KABURI_ERROR_NOT_FOUND);
    assert_int_equal(error.status, KABURI_ERROR_NOT_FOUND);
    assert_string_equal(error.message, "no record has the id 2");
    assert_int_equal(kaburi_index_remove(records, 1, NULL), KABURI_OK);
    assert_int_equal(kaburi_index_remove(records, 1, NULL), KABURI_ERROR_NOT_FOUND);
}

static void is_unchanged_by_a_record_it_refuses(void **state) {
    (void)state;
    add(1, "ABC商会", "保守更新");
    kaburi_index_stats before = measured(records);
    kaburi_record record = named_record(1, "ABC\xFF商会", "保守更新");
    assert_int_equal(kaburi_index_add(records, &record, &error), KABURI_ERROR_TEXT);
    assert_int_equal(error.offset, 3);
    record = named_record(2, "", "");
    assert_int_equal(kaburi_index_add(records, &record, &error), KABURI_ERROR_ARGUMENT);
    record = named_record(1, "ABC商会", "");
    record.corporate_number = kaburi_text_of("1234567890123");
    assert_int_equal(kaburi_index_add(records, &record, &error), KABURI_ERROR_ARGUMENT);
    kaburi_index_stats after = measured(records);
    assert_memory_equal(&before, &after, sizeof before);
    assert_int_equal(search("ABC商会", "保守更新"), 1);
}

/* ---- what must not matter ---- */

static void does_not_care_for_the_order_of_insertion(void **state) {
    (void)state;
    for (int32_t sketch = KABURI_SKETCH_RARITY; sketch <= KABURI_SKETCH_MINHASH; sketch++) {
        kaburi_index_options options = uncut(sketch);
        kaburi_index *rising;
        check_and_free(records);
        create(&options);
        add_made(0, MADE);
        rising = records;
        create(&options);
        for (uint64_t number = MADE; number > 0; number--) {
            kaburi_record record = made((number * 77) % MADE); /* 77 and 240: coprime */
            add_record(&record);
        }
        assert_int_equal(kaburi_index_count(records), MADE);
        expect_same_answers(rising, records);
        check_and_free(rising);
    }
}

static void is_as_if_what_was_removed_had_never_been_added(void **state) {
    (void)state;
    for (int32_t sketch = KABURI_SKETCH_RARITY; sketch <= KABURI_SKETCH_MINHASH; sketch++) {
        kaburi_index_options options = uncut(sketch);
        kaburi_index *never;
        check_and_free(records);
        create(&options);
        add_made(0, MADE / 2);
        never = records;
        create(&options);
        add_made(0, MADE);
        for (uint64_t number = MADE / 2; number < MADE; number++) {
            assert_int_equal(kaburi_index_remove(records, number, &error), KABURI_OK);
            assert_null(kbr_index_check(records));
        }
        kaburi_index_stats a = measured(never);
        kaburi_index_stats b = measured(records);
        assert_int_equal(a.records, b.records);
        assert_int_equal(a.keys, b.keys);
        assert_int_equal(a.postings, b.postings);
        expect_same_answers(never, records);
        check_and_free(never);
    }
}

static void uses_the_slots_of_removed_records_again(void **state) {
    (void)state;
    add_made(0, MADE);
    kaburi_index_stats before = measured(records);
    for (int round = 0; round < 5; round++) {
        for (uint64_t number = 0; number < MADE; number++) {
            assert_int_equal(kaburi_index_remove(records, number, &error), KABURI_OK);
        }
        assert_int_equal(measured(records).postings, 0);
        assert_int_equal(measured(records).keys, 0);
        add_made(0, MADE);
    }
    kaburi_index_stats after = measured(records);
    assert_memory_equal(&before, &after, sizeof before);
}

/* ---- search ---- */

/* Every kind of index, from its narrowest to its widest options. */
static const struct {
    int32_t sketch;
    uint32_t flags, bands, rows, record_rarest, query_rarest, deletion_max;
} kinds[] = {
    {KABURI_SKETCH_RARITY, 1, 32, 2, 5, 10, 8},    {KABURI_SKETCH_RARITY, 0, 1, 1, 2, 2, 0},
    {KABURI_SKETCH_RARITY, 0, 1, 1, 8, 16, 16},    {KABURI_SKETCH_MINHASH, 1, 32, 2, 5, 10, 8},
    {KABURI_SKETCH_MINHASH, 0, 42, 3, 5, 10, 8},   {KABURI_SKETCH_MINHASH, 1, 1, 1, 2, 2, 0},
    {KABURI_SKETCH_MINHASH, 1, 256, 2, 8, 16, 16}, {KABURI_SKETCH_MINHASH, 0, 64, 8, 8, 16, 16},
};

static void finds_every_record_first_by_its_own_names(void **state) {
    (void)state;
    for (size_t kind = 0; kind < KBR_COUNT(kinds); kind++) {
        kaburi_index_options options;
        kaburi_index_options_init(&options);
        options.sketch = kinds[kind].sketch;
        options.flags = kinds[kind].flags;
        options.bands = kinds[kind].bands;
        options.rows = kinds[kind].rows;
        options.record_rarest = kinds[kind].record_rarest;
        options.query_rarest = kinds[kind].query_rarest;
        options.deletion_max = kinds[kind].deletion_max;
        options.seed = kind * UINT64_C(0x123456789ABCDEF);
        check_and_free(records);
        create(&options);
        add_made(0, MADE);
        for (uint64_t number = 0; number < MADE; number++) {
            kaburi_record query = made(number);
            assert_true(search_record(&query, NULL) >= 1);
            assert_int_equal(id_at(0), number);
        }
    }
}

static void ranks_by_probability_then_id(void **state) {
    (void)state;
    add_made(0, MADE);
    for (uint64_t copy = 5; copy > 0; copy--) {
        kaburi_record record = made(3);
        record.id = 1000 + copy;
        add_record(&record);
    }
    kaburi_search_options options;
    kaburi_search_options_init(&options);
    options.top = 200;
    kaburi_record query = made(3);
    size_t count = search_record(&query, &options);
    assert_true(count > 10);
    const kaburi_match *match = kaburi_matches_data(matches);
    for (size_t i = 1; i < count; i++) {
        assert_true(match[i - 1].probability >= match[i].probability);
        assert_true(match[i - 1].probability > match[i].probability ||
                    match[i - 1].id < match[i].id);
        assert_true(match[i].probability >= 0 && match[i].probability <= 1);
    }
    const uint64_t copies[] = {3, 1001, 1002, 1003, 1004, 1005};
    for (size_t i = 0; i < KBR_COUNT(copies); i++) {
        assert_int_equal(match[i].id, copies[i]);
    }
}

static void gives_the_top_of_a_longer_list(void **state) {
    (void)state;
    static kaburi_match all[1000];
    kaburi_search_options options;
    kaburi_search_options_init(&options);
    assert_int_equal(options.top, 10);
    add_made(0, MADE);
    kaburi_record query = made(100);
    /* Where more are wanted than are scored by default, more are scored. */
    kaburi_index_options defaults;
    kaburi_index_options_init(&defaults);
    options.top = defaults.scored_max;
    size_t count = search_record(&query, &options);
    assert_in_range(count, 20, options.top);
    memcpy(all, kaburi_matches_data(matches), count * sizeof *all);
    for (options.top = 1; options.top < count; options.top++) {
        assert_int_equal(search_record(&query, &options), options.top);
        assert_memory_equal(kaburi_matches_data(matches), all, options.top * sizeof *all);
    }
}

static void leaves_out_what_is_less_probable(void **state) {
    (void)state;
    static kaburi_match all[1000];
    kaburi_search_options options;
    kaburi_search_options_init(&options);
    options.top = 1000;
    add_made(0, MADE);
    kaburi_record query = made(100);
    size_t count = search_record(&query, &options);
    memcpy(all, kaburi_matches_data(matches), count * sizeof *all);
    for (size_t i = 0; i < count; i++) {
        size_t kept = i + 1;
        while (kept < count && all[kept].probability >= all[i].probability) {
            kept++;
        }
        options.probability_min = all[i].probability;
        assert_int_equal(search_record(&query, &options), kept);
        assert_memory_equal(kaburi_matches_data(matches), all, kept * sizeof *all);
    }
}

static void leaves_out_the_query_itself_when_asked(void **state) {
    (void)state;
    kaburi_search_options options;
    kaburi_search_options_init(&options);
    add(1, "株式会社山田製作所", "ERP導入");
    add(2, "㈱山田製作所", "ERP導入");
    kaburi_record query = named_record(1, "株式会社山田製作所", "ERP導入");
    assert_int_equal(search_record(&query, &options), 2);
    options.flags = KABURI_SEARCH_EXCEPT_SELF;
    assert_int_equal(search_record(&query, &options), 1);
    assert_int_equal(id_at(0), 2);
    query.id = 3;
    assert_int_equal(search_record(&query, &options), 2);
    options.top = 1;
    query.id = 1;
    assert_int_equal(search_record(&query, &options), 1);
    assert_int_equal(id_at(0), 2);
}

static void finds_another_spelling(void **state) {
    (void)state;
    static const char *const spellings[] = {"株式会社山田製作所", "㈱山田製作所",
                                            "山田製作所(株)",     "株式會社 山田製作所",
                                            "山田製作所 御中",    "山田製作処"};
    for (size_t i = 0; i < KBR_COUNT(spellings); i++) {
        add(i, spellings[i], "ERP導入");
    }
    for (size_t i = 0; i < KBR_COUNT(spellings); i++) {
        assert_int_equal(search(spellings[i], "ERP導入"), KBR_COUNT(spellings));
    }
}

static void judges_as_comparing_the_two_does(void **state) {
    (void)state;
    add_made(0, MADE);
    for (uint64_t number = 0; number < MADE; number += 11) {
        kaburi_record query = made(number);
        size_t count = search_record(&query, NULL);
        for (size_t i = 0; i < count; i++) {
            kaburi_match alone;
            kaburi_record record = made(id_at(i));
            query = made(number);
            if (id_at(i) % 2 == number % 2 && id_at(i) != number) {
                continue; /* both would lie in the same texts */
            }
            assert_int_equal(kaburi_compare(&query, &record, NULL, &alone, &error), KABURI_OK);
            assert_memory_equal(&alone, &kaburi_matches_data(matches)[i], sizeof alone);
        }
    }
}

static void never_finds_by_a_placeholder(void **state) {
    (void)state;
    static const char *const names[] = {"不明", "テスト", "未定"};
    for (int32_t sketch = KABURI_SKETCH_RARITY; sketch <= KABURI_SKETCH_MINHASH; sketch++) {
        kaburi_index_options options = uncut(sketch);
        check_and_free(records);
        create(&options);
        for (size_t i = 0; i < KBR_COUNT(names); i++) {
            add(i, names[i], "未定");
            add(10 + i, names[i], "複合機の入替");
        }
        for (size_t i = 0; i < KBR_COUNT(names); i++) {
            assert_int_equal(search(names[i], "未定"), 0);
            assert_int_equal(search(names[i], ""), 0);
            assert_int_equal(search(names[i], "VPN回線"), 0);
        }
    }
}

static void finds_another_name_by_corporate_number(void **state) {
    (void)state;
    kaburi_record record = named_record(1, "株式会社IHI", "POSレジ更改");
    record.corporate_number = kaburi_text_of("7000012050002");
    add_record(&record);
    add(2, "株式会社山田製作所", "ERP導入");
    kaburi_record query = named_record(3, "石川島播磨重工業", "倉庫管理");
    assert_int_equal(search_record(&query, NULL), 0);
    query.corporate_number = kaburi_text_of("T7000012050002");
    assert_int_equal(search_record(&query, NULL), 1);
    assert_int_equal(id_at(0), 1);
    assert_true((kaburi_matches_data(matches)->evidence & KABURI_EVIDENCE_CORPORATE_NUMBER_SAME) !=
                0);
}

static void finds_by_domain_reading_and_former_name(void **state) {
    (void)state;
    kaburi_record record = named_record(1, "渡邊工業", "空調更新");
    record.domain = kaburi_text_of("info@watanabe.example.jp");
    record.company_reading = kaburi_text_of("ワタナベコウギョウ");
    add_record(&record);
    add(2, "新青空商事(旧大和田物産)", "複合機");
    kaburi_record query = named_record(3, "W.K.", "倉庫管理");
    query.domain = kaburi_text_of("https://www.watanabe.example.jp/");
    assert_int_equal(search_record(&query, NULL), 1);
    assert_int_equal(id_at(0), 1);
    query = named_record(3, "ＷＫ", "倉庫管理");
    query.company_reading = kaburi_text_of("わたなべこうぎょう");
    assert_int_equal(search_record(&query, NULL), 1);
    assert_int_equal(id_at(0), 1);
    assert_true(search("大和田物産", "倉庫管理") >= 1);
    assert_true(found(2));
}

static void finds_a_deal_without_a_company(void **state) {
    (void)state;
    add(1, "", "第2工場スマートメータ一括更改");
    assert_int_equal(search("", "第2工場スマートメータ一括更改"), 1);
    assert_int_equal(search("株式会社山田製作所", "第2工場スマートメータ一括更改"), 1);
    assert_int_equal(search("株式会社山田製作所", ""), 0);
}

static void tells_what_a_search_did(void **state) {
    (void)state;
    kaburi_search_stats stats;
    add_made(0, MADE);
    kaburi_record query = made(50);
    size_t count = search_record(&query, NULL);
    kaburi_matches_stats(matches, &stats);
    assert_in_range(stats.keys, 10, KBR_KEYS_QUERY_MAX);
    assert_true(stats.postings >= stats.candidates);
    assert_true(stats.candidates >= stats.scored);
    assert_true(stats.scored >= count);
    assert_in_range(stats.scored, 1, 128);
    assert_int_equal(stats.truncated, 0);
}

/* What a thousand names share is not read to tell them apart, neither beside the archive nor in it:
 * the one that is meant is found by what few have. */
static void passes_over_what_very_many_share(void **state) {
    (void)state;
    static const char *const kana[] = {"ア", "イ", "ウ", "エ", "オ", "カ", "キ", "ク", "ケ", "コ"};
    for (size_t i = 0; i < 1000; i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "北海道観光開発%s%s%s", kana[i / 100], kana[i / 10 % 10],
                       kana[i % 10]);
        add(i, name, "");
    }
    for (int merged = 0; merged < 2; merged++) {
        assert_in_range(search("北海道観光開発オカサ", ""), 1, 10);
        assert_int_equal(id_at(0) / 10, 45);
        kaburi_search_stats stats;
        kaburi_matches_stats(matches, &stats);
        assert_in_range(stats.postings, 10, 4000);
        assert_int_equal(stats.truncated, 0);
        assert_int_equal(kaburi_index_merge(records, NULL), KABURI_OK);
    }
}

static void holds_no_match_after_a_failed_search(void **state) {
    (void)state;
    add(1, "ABC商会", "保守更新");
    assert_int_equal(search("ABC商会", "保守更新"), 1);
    kaburi_record query = named_record(2, "ABC\xC0商会", "");
    assert_int_equal(kaburi_search(records, &query, NULL, matches, &error), KABURI_ERROR_TEXT);
    assert_int_equal(kaburi_matches_count(matches), 0);
    query = named_record(2, "ABC商会", "");
    kaburi_search_options options;
    kaburi_search_options_init(&options);
    options.top = 1001;
    assert_int_equal(kaburi_search(records, &query, &options, matches, &error),
                     KABURI_ERROR_ARGUMENT);
    assert_string_equal(error.message, "top is 1001; allowed are 1..1000");
    assert_int_equal(kaburi_matches_count(matches), 0);
}

static void refuses_options_out_of_range(void **state) {
    (void)state;
    kaburi_index_options options;
    kaburi_index *refused = NULL;
    const struct {
        uint32_t *field;
        uint32_t value;
        const char *message;
    } cases[] = {
        {&options.bands, 0, "bands is 0; allowed are 1..256"},
        {&options.bands, 257, "bands is 257; allowed are 1..256"},
        {&options.rows, 9, "rows is 9; allowed are 1..8"},
        {&options.record_rarest, 1, "record_rarest is 1; allowed are 2..8"},
        {&options.query_rarest, 17, "query_rarest is 17; allowed are 2..16"},
        {&options.deletion_max, 17, "deletion_max is 17; allowed are 0..16"},
        {&options.postings_max, 15, "postings_max is 15; allowed are 16..1048576"},
        {&options.scored_max, 4097, "scored_max is 4097; allowed are 16..4096"},
        {&options.flags, 64, "flags is 64; allowed are 0..63"},
    };
    for (size_t i = 0; i < KBR_COUNT(cases); i++) {
        kaburi_index_options_init(&options);
        *cases[i].field = cases[i].value;
        assert_int_equal(kaburi_index_create(&refused, &options, &error), KABURI_ERROR_ARGUMENT);
        assert_string_equal(error.message, cases[i].message);
        assert_null(refused);
    }
    kaburi_index_options_init(&options);
    options.bands = 256;
    options.rows = 3;
    assert_int_equal(kaburi_index_create(&refused, &options, &error), KABURI_ERROR_ARGUMENT);
    assert_string_equal(error.message, "bands * rows is 768; allowed are 1..512");
    kaburi_index_options_init(&options);
    options.sketch = -1;
    assert_int_equal(kaburi_index_create(&refused, &options, &error), KABURI_ERROR_ARGUMENT);
    options.struct_size = 4;
    assert_int_equal(kaburi_index_create(&refused, &options, &error), KABURI_ERROR_ARGUMENT);
    assert_null(refused);
}

#define INDEX_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        INDEX_TEST(is_empty_at_first),
        INDEX_TEST(counts_and_contains_what_was_added),
        INDEX_TEST(replaces_the_record_of_an_id),
        INDEX_TEST(takes_one_record_again_and_again),
        INDEX_TEST(forgets_what_was_removed),
        INDEX_TEST(refuses_to_remove_an_unknown_id),
        INDEX_TEST(is_unchanged_by_a_record_it_refuses),
        INDEX_TEST(does_not_care_for_the_order_of_insertion),
        INDEX_TEST(is_as_if_what_was_removed_had_never_been_added),
        INDEX_TEST(uses_the_slots_of_removed_records_again),
        INDEX_TEST(finds_every_record_first_by_its_own_names),
        INDEX_TEST(ranks_by_probability_then_id),
        INDEX_TEST(gives_the_top_of_a_longer_list),
        INDEX_TEST(leaves_out_what_is_less_probable),
        INDEX_TEST(leaves_out_the_query_itself_when_asked),
        INDEX_TEST(finds_another_spelling),
        INDEX_TEST(judges_as_comparing_the_two_does),
        INDEX_TEST(never_finds_by_a_placeholder),
        INDEX_TEST(finds_another_name_by_corporate_number),
        INDEX_TEST(finds_by_domain_reading_and_former_name),
        INDEX_TEST(finds_a_deal_without_a_company),
        INDEX_TEST(tells_what_a_search_did),
        INDEX_TEST(passes_over_what_very_many_share),
        INDEX_TEST(holds_no_match_after_a_failed_search),
        INDEX_TEST(refuses_options_out_of_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
