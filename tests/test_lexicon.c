/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lexicon: the double array holds every row of src/data/lexicon.tsv and terms.tsv, and nothing
 * else.
 */
#include "cores.h"
#include "lexicon.h"

#include <stdio.h>
#include <stdlib.h>

static const kbr_lexicon_entry *entries_of(const char *surface) {
    kaburi_text text = {surface, strlen(surface)};
    assert_int_equal(kbr_fold(&core_text, text), KABURI_OK);
    kbr_lexicon_hit hits[KBR_LEXICON_LEN_MAX];
    size_t count = kbr_lexicon_find(hits, core_text.unit, core_text.len, 0);
    return count > 0 && hits[count - 1].len == core_text.len ? hits[count - 1].entries : NULL;
}

static bool has_reading(const kbr_lexicon_entry *entry, const char *kana) {
    for (;; entry++) {
        if (strcmp(kana_text(kbr_lexicon_kana + (entry->kana >> 8), entry->kana & 0xFF), kana) ==
            0) {
            return true;
        }
        if ((entry->cost & KBR_LEXICON_MORE) == 0) {
            return false;
        }
    }
}

/* Rows of a table of three columns; `check` returns false for a row that is not as it should be. */
static size_t each_row(const char *path, bool (*check)(char *const *cell)) {
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *line = NULL;
    size_t capacity = 0;
    size_t count = 0;
    while (getline(&line, &capacity, file) > 0) {
        if (line[0] == '#') {
            continue;
        }
        char *cell[3] = {line, strchr(line, '\t'), NULL};
        assert_non_null(cell[1]);
        *cell[1]++ = '\0';
        cell[2] = strchr(cell[1], '\t');
        assert_non_null(cell[2]);
        *cell[2]++ = '\0';
        if (count++ > 0 && !check(cell)) {
            fail_msg("%s: %s %s", path, cell[0], cell[1]);
        }
    }
    free(line);
    (void)fclose(file);
    return count - 1;
}

static bool is_read(char *const *cell) {
    const kbr_lexicon_entry *entry = entries_of(cell[0]);
    return entry != NULL && has_reading(entry, cell[1]);
}

static bool is_meant(char *const *cell) {
    const kbr_lexicon_entry *entry = entries_of(cell[1]);
    uint32_t term = entry == NULL ? 0 : entry->term & (KBR_LEXICON_AT_END - 1U);
    return term > 0 && term < kbr_lexicon_term_count &&
           strcmp(kbr_lexicon_terms[term], cell[0]) == 0;
}

static void holds_every_row(void **state) {
    (void)state;
    assert_in_range(each_row(KBR_TEST_DATA "/lexicon.tsv", is_read), 100000, 1000000);
    assert_in_range(each_row(KBR_TEST_DATA "/terms.tsv", is_meant), 500, 10000);
}

static void finds_every_surface_at_a_place_shortest_first(void **state) {
    (void)state;
    kbr_lexicon_hit hits[KBR_LEXICON_LEN_MAX];
    kaburi_text text = kaburi_text_of("山日本電気");
    assert_int_equal(kbr_fold(&core_text, text), KABURI_OK);
    size_t count = kbr_lexicon_find(hits, core_text.unit, core_text.len, 1);
    assert_true(count >= 2);
    for (size_t i = 1; i < count; i++) {
        assert_true(hits[i - 1].len < hits[i].len);
    }
    assert_true(hits[count - 1].len <= core_text.len - 1);
    assert_int_equal(kbr_lexicon_find(hits, core_text.unit, core_text.len, core_text.len), 0);
    assert_int_equal(hits[0].len, 1);
    assert_int_equal(kbr_lexicon_find(hits, core_text.unit, 2, 1), 1);
}

static void keeps_several_readings_the_cheapest_first(void **state) {
    (void)state;
    const kbr_lexicon_entry *entry = entries_of("日本");
    assert_non_null(entry);
    assert_true(has_reading(entry, "ニホン") && has_reading(entry, "ニッポン"));
    while ((entry->cost & KBR_LEXICON_MORE) != 0) {
        assert_true(kbr_lexicon_cost(entry) <= kbr_lexicon_cost(entry + 1));
        entry++;
    }
}

/* Every unit there is begins a walk that ends inside the table. */
static void walks_from_any_unit(void **state) {
    (void)state;
    kbr_lexicon_hit hits[KBR_LEXICON_LEN_MAX];
    for (uint32_t unit = 0; unit <= UINT16_MAX; unit++) {
        const uint16_t text[3] = {(uint16_t)unit, (uint16_t)~unit, (uint16_t)unit};
        assert_in_range(kbr_lexicon_find(hits, text, 3, 0), 0, 3);
    }
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_every_row),
        cmocka_unit_test(finds_every_surface_at_a_place_shortest_first),
        cmocka_unit_test(keeps_several_readings_the_cheapest_first),
        cmocka_unit_test(walks_from_any_unit),
    };
    return cmocka_run_group_tests(tests, set_up_cores, tear_down_cores);
}
