/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of aliases: what is read and what is refused with its line, and that a pair holds for
 * itself alone. What hits are worth is tested in test_alias_hits.c.
 */
#include "alias_table.h"
#include "named.h"
#include "record.h"
#include "samples.h"
#include "starved.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The key of a name, as a record has it. */
static uint64_t key_of(const char *name) {
    kbr_reader reader;
    kaburi_record record = named_record(1, name, "");
    kbr_reader_init(&reader, &kbr_allocator_default);
    assert_int_equal(kbr_reader_read(&reader, &record, NULL), KABURI_OK);
    uint64_t key = reader.card->company;
    kbr_reader_free(&reader);
    return key;
}

/* The kind of the pair, 0 when there is none; the same in both directions. */
static int kind_of(const kaburi_aliases *aliases, const char *a, const char *b) {
    kbr_alias_list there = kbr_aliases_find(aliases, key_of(a));
    kbr_alias_list back = kbr_aliases_find(aliases, key_of(b));
    const kbr_alias_tie *tie = kbr_alias_list_find(&there, key_of(b));
    const kbr_alias_tie *reverse = kbr_alias_list_find(&back, key_of(a));
    assert_true((tie == NULL) == (reverse == NULL));
    return tie == NULL ? 0 : tie->kind;
}

static int owners_of(const kaburi_aliases *aliases, const char *a, const char *b) {
    kbr_alias_list list = kbr_aliases_find(aliases, key_of(a));
    const kbr_alias_tie *tie = kbr_alias_list_find(&list, key_of(b));
    assert_non_null(tie);
    return tie->owners;
}

/* ---- what is taken ---- */

static void takes_each_kind_in_both_directions(void **state) {
    (void)state;
    kaburi_aliases *aliases = parse(chubu);
    assert_int_equal(kaburi_aliases_count(aliases), 6);
    assert_int_equal(kind_of(aliases, "東京電力", "東電"), KBR_ALIAS_ABBREVIATION);
    assert_int_equal(kind_of(aliases, "アークランドサカモト", "アークランズ"), KBR_ALIAS_FORMER);
    assert_int_equal(kind_of(aliases, "Cybozu", "サイボウズ"), KBR_ALIAS_TRANSLATION);
    assert_int_equal(kind_of(aliases, "三菱商事", "三菱食品"), KBR_ALIAS_GROUP);
    assert_int_equal(kind_of(aliases, "東京電力", "中電"), 0);
    assert_int_equal(kind_of(aliases, "東京電力", "東京電力"), 0);
    kaburi_aliases_free(aliases);
}

static void reads_a_name_as_a_company(void **state) {
    (void)state;
    kaburi_aliases *aliases = parse(HEAD "株式会社　サイボウズ\tＣｙｂｏｚｕ, Inc.\ttranslation\n");
    assert_int_equal(kind_of(aliases, "サイボウズ（株）御中", "CYBOZU"), KBR_ALIAS_TRANSLATION);
    kaburi_aliases_free(aliases);
}

static void lets_one_alias_have_two_companies(void **state) {
    (void)state;
    kaburi_aliases *aliases = parse(chubu);
    assert_int_equal(kind_of(aliases, "中電", "中部電力"), KBR_ALIAS_ABBREVIATION);
    assert_int_equal(kind_of(aliases, "中電", "中国電力"), KBR_ALIAS_ABBREVIATION);
    assert_int_equal(kind_of(aliases, "中部電力", "中国電力"), 0);
    kaburi_aliases_free(aliases);
}

static void makes_nothing_of_a_chain_or_a_circle(void **state) {
    (void)state;
    kaburi_aliases *chain =
        parse(HEAD "山田製作所\tヤマセイ\tabbreviation\nヤマセイ\t鈴木工務店\tformer\n");
    assert_int_equal(kind_of(chain, "山田製作所", "鈴木工務店"), 0);
    kaburi_aliases_free(chain);
    kaburi_aliases *circle =
        parse(HEAD "山田製作所\tヤマセイ\tformer\nヤマセイ\t鈴木工務店\tformer\n"
                   "鈴木工務店\t佐藤商会\tformer\n佐藤商会\t山田製作所\tformer\n");
    assert_int_equal(kaburi_aliases_count(circle), 4);
    assert_int_equal(kind_of(circle, "山田製作所", "鈴木工務店"), 0);
    assert_int_equal(kind_of(circle, "山田製作所", "佐藤商会"), KBR_ALIAS_FORMER);
    kaburi_aliases_free(circle);
}

static void counts_the_companies_an_alias_may_stand_for(void **state) {
    (void)state;
    kaburi_aliases *aliases = parse(chubu);
    assert_int_equal(owners_of(aliases, "中電", "中部電力"), 2);
    assert_int_equal(owners_of(aliases, "中国電力", "中電"), 2);
    assert_int_equal(owners_of(aliases, "東電", "東京電力"), 1);
    kaburi_aliases_free(aliases);
    /* Two names of one company own an alias once; a name with two aliases is no alias itself. */
    aliases = parse(HEAD "東京電力\tTEPCO\tabbreviation\n東京電力\t東電\tabbreviation\n"
                         "TEPCO\t東電\tabbreviation\n関西電力\t関電\tabbreviation\n"
                         "関西電力\tKEPCO\tabbreviation\n");
    assert_int_equal(owners_of(aliases, "東電", "東京電力"), 1);
    assert_int_equal(owners_of(aliases, "関西電力", "KEPCO"), 1);
    kaburi_aliases_free(aliases);
    /* Companies of one group are two. */
    aliases = parse(HEAD "三菱商事\tMC\tabbreviation\n三菱食品\tMC\tabbreviation\n"
                         "三菱商事\t三菱食品\tgroup\n");
    assert_int_equal(owners_of(aliases, "MC", "三菱商事"), 2);
    assert_int_equal(owners_of(aliases, "三菱食品", "三菱商事"), 1);
    kaburi_aliases_free(aliases);
}

static void counts_at_most_sixteen_owners(void **state) {
    (void)state;
    char text[8192] = HEAD;
    for (int i = 0; i < 40; i++) {
        size_t size = strlen(text);
        (void)snprintf(text + size, sizeof text - size, "山田製作所%d号\tヤマセイ\tformer\n", i);
    }
    kaburi_aliases *aliases = parse(text);
    assert_int_equal(kbr_aliases_find(aliases, key_of("ヤマセイ")).count, 40);
    assert_int_equal(owners_of(aliases, "山田製作所7号", "ヤマセイ"), 16);
    kaburi_aliases_free(aliases);
}

static void passes_over_what_folding_tells(void **state) {
    (void)state;
    kaburi_aliases *aliases = parse(HEAD "株式会社山田製作所\t㈱山田製作所\tformer\n"
                                         "コンピューター販売\tコンピュータ販売\ttranslation\n");
    assert_int_equal(kaburi_aliases_count(aliases), 0);
    assert_int_equal(kbr_aliases_find(aliases, key_of("山田製作所")).count, 0);
    kaburi_aliases_free(aliases);
}

static void keeps_the_first_kind_of_a_pair_given_twice(void **state) {
    (void)state;
    static const char *const kinds[] = {"abbreviation", "former", "translation", "group"};
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
            char text[256];
            (void)snprintf(text, sizeof text,
                           HEAD "山田製作所\tヤマセイ\t%s\nヤマセイ\t(株)山田製作所\t%s\n",
                           kinds[i], kinds[j]);
            kaburi_aliases *aliases = parse(text);
            assert_int_equal(kaburi_aliases_count(aliases), 1);
            assert_int_equal(kind_of(aliases, "山田製作所", "ヤマセイ"), 1 + (i < j ? i : j));
            kaburi_aliases_free(aliases);
        }
    }
}

static void takes_any_end_of_line_comments_and_further_cells(void **state) {
    (void)state;
    static const char *const texts[] = {
        HEAD "東京電力\t東電\tabbreviation\n",
        HEAD "東京電力\t東電\tabbreviation",
        "\xEF\xBB\xBF" HEAD "東京電力\t東電\tabbreviation\n",
        "name\talias\tkind\r\n東京電力\t東電\tabbreviation\r\n",
        "# c\n\nname\talias\tkind\tsource\n#\n\n東京電力\t東電\tabbreviation\t\xFF?\t\n\n",
    };
    for (size_t i = 0; i < KBR_COUNT(texts); i++) {
        kaburi_aliases *aliases = parse(texts[i]);
        assert_int_equal(kaburi_aliases_count(aliases), 1);
        assert_int_equal(kind_of(aliases, "東京電力", "東電"), KBR_ALIAS_ABBREVIATION);
        kaburi_aliases_free(aliases);
    }
}

static void takes_a_table_without_rows(void **state) {
    (void)state;
    kaburi_aliases *aliases = parse(HEAD);
    assert_int_equal(kaburi_aliases_count(aliases), 0);
    assert_int_equal(kbr_aliases_find(aliases, 1).count, 0);
    assert_int_equal(kbr_aliases_find(aliases, UINT64_MAX).count, 0);
    kaburi_aliases_free(aliases);
    kaburi_aliases_free(NULL);
    assert_int_equal(kaburi_aliases_count(NULL), 0);
    assert_int_equal(kbr_aliases_find(NULL, 1).count, 0);
}

/* ---- against a plain list ---- */

enum { NAMES = 40, PAIRS = 120 };

static void drawn_name(char *out, size_t size, uint32_t number) {
    (void)snprintf(out, size, "山田%u製作所", number);
}

/* Two tables of the same rows in another order are the same, and tell what a plain list tells. */
static void tells_what_a_plain_list_tells_in_any_order_of_rows(void **state) {
    (void)state;
    static const char *const kinds[] = {"", "abbreviation", "former", "translation", "group"};
    uint64_t seed = 71;
    for (int round = 0; round < 40; round++) {
        int known[NAMES][NAMES] = {{0}};
        char row[PAIRS][192];
        char text[2][PAIRS * 192 + 64];
        for (int i = 0; i < PAIRS; i++) {
            char a[64];
            char b[64];
            uint32_t x = sample_draw(&seed, NAMES);
            uint32_t y = sample_draw(&seed, NAMES);
            int kind = 1 + (int)sample_draw(&seed, 4);
            drawn_name(a, sizeof a, x);
            drawn_name(b, sizeof b, y);
            (void)snprintf(row[i], sizeof row[i], "%s\t%s\t%s\n", a, b, kinds[kind]);
            if (x != y && (known[x][y] == 0 || kind < known[x][y])) {
                known[x][y] = known[y][x] = kind;
            }
        }
        size_t size[2];
        for (int side = 0; side < 2; side++) {
            size[side] = (size_t)snprintf(text[side], sizeof text[side], HEAD);
            for (int i = 0; i < PAIRS; i++) {
                size[side] +=
                    (size_t)snprintf(text[side] + size[side], sizeof text[side] - size[side], "%s",
                                     row[side == 0 ? i : PAIRS - 1 - i]);
            }
        }
        kaburi_aliases *aliases = parse_size(text[0], size[0]);
        kaburi_aliases *turned = parse_size(text[1], size[1]);
        assert_int_equal(aliases->count, turned->count);
        assert_memory_equal(aliases->keys, turned->keys, aliases->count * sizeof *aliases->keys);
        assert_memory_equal(aliases->ties, turned->ties, aliases->count * sizeof *aliases->ties);
        uint64_t keys[NAMES];
        for (uint32_t i = 0; i < NAMES; i++) {
            char name[64];
            drawn_name(name, sizeof name, i);
            keys[i] = key_of(name);
        }
        for (uint32_t i = 0; i < NAMES; i++) {
            kbr_alias_list list = kbr_aliases_find(aliases, keys[i]);
            size_t expected = 0;
            for (uint32_t j = 0; j < NAMES; j++) {
                const kbr_alias_tie *tie = kbr_alias_list_find(&list, keys[j]);
                assert_int_equal(tie == NULL ? 0 : tie->kind, known[i][j]);
                expected += known[i][j] != 0;
            }
            assert_int_equal(list.count, expected);
        }
        kaburi_aliases_free(aliases);
        kaburi_aliases_free(turned);
    }
}

/* ---- what is refused ---- */

static void refuses(const char *text, size_t size, kaburi_status status, uint64_t line,
                    const char *message) {
    kaburi_aliases *aliases = NULL;
    memset(&error, 0, sizeof error);
    assert_int_equal(kaburi_aliases_parse(&aliases, text, size, NULL, &error), status);
    assert_null(aliases);
    assert_int_equal(error.status, status);
    assert_int_equal(error.offset, line);
    if (strstr(error.message, message) == NULL) {
        fail_msg("no '%s' in: %s", message, error.message);
    }
    assert_int_equal(kaburi_aliases_parse(&aliases, text, size, NULL, NULL), status);
}

static void refuses_a_bad_row_with_its_line(void **state) {
    (void)state;
    static const struct {
        const char *text;
        kaburi_status status;
        uint64_t line;
        const char *message;
    } tries[] = {
        {"", KABURI_ERROR_FORMAT, 0, "no row name, alias, kind"},
        {"# nothing\n", KABURI_ERROR_FORMAT, 1, "no row name, alias, kind"},
        {"東京電力\t東電\tabbreviation\n", KABURI_ERROR_FORMAT, 1, "the first row is not name"},
        {"name,alias,kind\n", KABURI_ERROR_FORMAT, 1, "the first row is not name"},
        {"kaburi-model 2\n", KABURI_ERROR_FORMAT, 1,
         "the first row is not name, alias, kind: kabu"},
        {HEAD "東京電力\n", KABURI_ERROR_FORMAT, 2,
         "aliases line 2: a row has name, alias and kind"},
        {HEAD "東京電力\t東電\n", KABURI_ERROR_FORMAT, 2, "a row has name, alias and kind"},
        {HEAD "# 1\n\n東京電力\t東電\tabbr\n", KABURI_ERROR_FORMAT, 4,
         "aliases line 4: kind is not abbreviation, former, translation or group: abbr"},
        {HEAD "東京電力\t東電\t\n", KABURI_ERROR_FORMAT, 2, "kind is not abbreviation"},
        {HEAD "東京電力\t東電\tAbbreviation\n", KABURI_ERROR_FORMAT, 2, "kind is not abbreviation"},
        {HEAD "東京電力\t東電\tgroup \n", KABURI_ERROR_FORMAT, 2, "kind is not abbreviation"},
        {HEAD "\t東電\tgroup\n", KABURI_ERROR_FORMAT, 2, "aliases line 2: name is empty"},
        {HEAD "東電\t\tgroup\n", KABURI_ERROR_FORMAT, 2, "aliases line 2: alias is empty"},
        {HEAD "東電\t 　\tgroup\n", KABURI_ERROR_FORMAT, 2, "aliases line 2: alias is empty"},
        {HEAD "\xE6\x9D\t東電\tgroup\n", KABURI_ERROR_TEXT, 2,
         "aliases line 2: name: malformed UTF-8 at byte 0"},
        {HEAD "東電\tab\xFF\tgroup\n", KABURI_ERROR_TEXT, 2,
         "aliases line 2: alias: malformed UTF-8 at byte 2"},
        {HEAD "東電\tab\tgr\x1B\xFF\n", KABURI_ERROR_FORMAT, 2, "translation or group: gr??"},
    };
    for (size_t i = 0; i < KBR_COUNT(tries); i++) {
        refuses(tries[i].text, strlen(tries[i].text), tries[i].status, tries[i].line,
                tries[i].message);
    }
}

static void refuses_nul_wherever_it_counts(void **state) {
    (void)state;
    static const char text[] = HEAD "東京電力\t東電\tabbreviation\n";
    for (size_t i = 0; i < sizeof text - 1; i++) {
        char damaged[sizeof text];
        kaburi_aliases *aliases = NULL;
        memcpy(damaged, text, sizeof text);
        damaged[i] = '\0';
        kaburi_status status =
            kaburi_aliases_parse(&aliases, damaged, sizeof text - 1, NULL, &error);
        /* The line break at the very end is needed by nobody. */
        assert_true(status == KABURI_ERROR_TEXT || status == KABURI_ERROR_FORMAT);
        assert_int_equal(error.offset, i < sizeof HEAD - 1 ? 1 : 2);
        assert_null(aliases);
    }
}

static void refuses_a_field_that_is_too_long(void **state) {
    (void)state;
    size_t size = (size_t)1 << 20;
    char *text = malloc(size + 256);
    for (int column = 0; column < 3; column++) {
        size_t at = (size_t)sprintf(text, HEAD "東京電力\t東電\tgroup\n%s",
                                    column == 0   ? ""
                                    : column == 1 ? "東電\t"
                                                  : "東電\t関電\t");
        memset(text + at, 'x', size);
        at += size;
        at += (size_t)sprintf(text + at, column == 0 ? "\t東電\tgroup\n" : "\tgroup\n");
        refuses(text, at, column < 2 ? KABURI_ERROR_TOO_LONG : KABURI_ERROR_FORMAT, 3,
                column == 0   ? "aliases line 3: name has 1048576 bytes; allowed are 16384"
                : column == 1 ? "aliases line 3: alias has 1048576 bytes; allowed are 16384"
                              : "kind is not");
    }
    free(text);
}

static void takes_a_field_of_the_longest_size(void **state) {
    (void)state;
    char *text = malloc(KABURI_TEXT_SIZE_MAX + 256);
    size_t at = (size_t)sprintf(text, HEAD "東京電力\t");
    memset(text + at, 'x', KABURI_TEXT_SIZE_MAX);
    at += KABURI_TEXT_SIZE_MAX;
    at += (size_t)sprintf(text + at, "\tformer\n");
    kaburi_aliases *aliases = parse_size(text, at);
    assert_int_equal(kaburi_aliases_count(aliases), 1);
    kaburi_aliases_free(aliases);
    free(text);
}

static void refuses_null(void **state) {
    (void)state;
    kaburi_aliases *aliases = NULL;
    assert_int_equal(kaburi_aliases_parse(NULL, HEAD, 1, NULL, &error), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_aliases_parse(&aliases, NULL, 1, NULL, &error), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_aliases_load(&aliases, NULL, NULL, &error), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_aliases_load(NULL, "x", NULL, &error), KABURI_ERROR_ARGUMENT);
    assert_int_equal(kaburi_aliases_parse(&aliases, NULL, 0, NULL, &error), KABURI_ERROR_FORMAT);
    assert_null(aliases);
}

/* Many rows, all of one name, or of names of their own: neither order nor number slows it down more
 * than sorting does. */
static void takes_very_many_rows(void **state) {
    (void)state;
    enum { ROWS = 100000 };
    char *text = malloc((size_t)ROWS * 48 + 64);
    for (int hub = 0; hub < 2; hub++) {
        size_t at = (size_t)sprintf(text, HEAD);
        for (int i = 0; i < ROWS; i++) {
            at += (size_t)sprintf(text + at, hub ? "a%dco\thub\tgroup\n" : "a%dco\tb%dco\tformer\n",
                                  i, i);
        }
        kaburi_aliases *aliases = parse_size(text, at);
        assert_int_equal(kaburi_aliases_count(aliases), ROWS);
        assert_int_equal(kbr_aliases_find(aliases, key_of("hub")).count, hub ? ROWS : 0);
        kaburi_aliases_free(aliases);
    }
    free(text);
}

/* ---- files and memory ---- */

static void loads_a_file_as_it_parses_its_text(void **state) {
    (void)state;
    char path[] = "kaburi-aliases-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, chubu, strlen(chubu)), strlen(chubu));
    kaburi_aliases *aliases = NULL;
    assert_int_equal(kaburi_aliases_load(&aliases, path, NULL, &error), KABURI_OK);
    assert_int_equal(kaburi_aliases_count(aliases), 6);
    kaburi_aliases_free(aliases);
    aliases = NULL;
    assert_int_equal(write(file, "x\n", 2), 2);
    assert_int_equal(kaburi_aliases_load(&aliases, path, NULL, &error), KABURI_ERROR_FORMAT);
    assert_int_equal(error.offset, 8);
    (void)close(file);
    (void)unlink(path);
    assert_int_equal(kaburi_aliases_load(&aliases, path, NULL, &error), KABURI_ERROR_IO);
    assert_int_equal(error.os_error, ENOENT);
    assert_null(aliases);
}

static void reports_missing_memory_at_every_allocation(void **state) {
    (void)state;
    char path[] = "kaburi-aliases-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, chubu, strlen(chubu)), strlen(chubu));
    (void)close(file);
    for (int from_file = 0; from_file < 2; from_file++) {
        size_t failures = 0;
        for (size_t granted = 0;; granted++, failures++) {
            starved memory = {granted, 0};
            kaburi_allocator allocator = starved_allocator(&memory);
            kaburi_aliases *aliases = NULL;
            kaburi_status status =
                from_file
                    ? kaburi_aliases_load(&aliases, path, &allocator, &error)
                    : kaburi_aliases_parse(&aliases, chubu, strlen(chubu), &allocator, &error);
            if (status == KABURI_OK) {
                assert_int_equal(memory.blocks, 5);
                kaburi_aliases_free(aliases);
                assert_int_equal(memory.blocks, 0);
                break;
            }
            assert_int_equal(status, KABURI_ERROR_MEMORY);
            assert_string_equal(error.message, "out of memory");
            assert_null(aliases);
            assert_int_equal(memory.blocks, 0);
        }
        assert_in_range(failures, 8, 64);
    }
    (void)unlink(path);
}

/* ---- the built-in table ---- */

static void has_a_sound_table_built_in(void **state) {
    (void)state;
    const kaburi_aliases *builtin = kaburi_aliases_default();
    assert_null(kbr_aliases_check(builtin));
    kaburi_aliases *loaded = NULL;
    assert_int_equal(kaburi_aliases_load(&loaded, KBR_TEST_DATA "/aliases.tsv", NULL, &error),
                     KABURI_OK);
    assert_int_equal(loaded->count, builtin->count);
    assert_int_equal(loaded->bits, builtin->bits);
    assert_memory_equal(loaded->keys, builtin->keys, builtin->count * sizeof *builtin->keys);
    assert_memory_equal(loaded->others, builtin->others, builtin->count * sizeof *builtin->others);
    assert_memory_equal(loaded->ties, builtin->ties, builtin->count * sizeof *builtin->ties);
    assert_true(kaburi_aliases_count(builtin) > 5000);
    kaburi_aliases_free(loaded);
    kaburi_aliases_free((kaburi_aliases *)(uintptr_t)builtin); /* nobody's to free */
    assert_null(kbr_aliases_check(builtin));
}

/* A row that says what another says, or what folding tells, has no place in the table. */
static void has_no_row_without_effect_in_the_table(void **state) {
    (void)state;
    FILE *file = fopen(KBR_TEST_DATA "/aliases.tsv", "r");
    char line[4096];
    size_t rows = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        rows += line[0] != '#' && strncmp(line, "name\t", 5) != 0;
    }
    (void)fclose(file);
    assert_int_equal(rows, kaburi_aliases_count(kaburi_aliases_default()));
}

static void knows_the_names_of_large_companies(void **state) {
    (void)state;
    const kaburi_aliases *builtin = kaburi_aliases_default();
    assert_int_equal(kind_of(builtin, "中電", "中部電力"), KBR_ALIAS_ABBREVIATION);
    assert_int_equal(kind_of(builtin, "中電", "中国電力"), KBR_ALIAS_ABBREVIATION);
    assert_int_equal(kind_of(builtin, "中部電力", "中国電力"), 0);
    assert_int_equal(owners_of(builtin, "中電", "中部電力"), 2);
    assert_int_equal(kind_of(builtin, "石川島播磨重工業", "IHI"), KBR_ALIAS_FORMER);
    assert_int_equal(kind_of(builtin, "アークランドサカモト", "アークランズ"), KBR_ALIAS_FORMER);
    assert_int_equal(kind_of(builtin, "三井物産", "三菱商事"), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_each_kind_in_both_directions),
        cmocka_unit_test(reads_a_name_as_a_company),
        cmocka_unit_test(lets_one_alias_have_two_companies),
        cmocka_unit_test(makes_nothing_of_a_chain_or_a_circle),
        cmocka_unit_test(counts_the_companies_an_alias_may_stand_for),
        cmocka_unit_test(counts_at_most_sixteen_owners),
        cmocka_unit_test(passes_over_what_folding_tells),
        cmocka_unit_test(keeps_the_first_kind_of_a_pair_given_twice),
        cmocka_unit_test(takes_any_end_of_line_comments_and_further_cells),
        cmocka_unit_test(takes_a_table_without_rows),
        cmocka_unit_test(tells_what_a_plain_list_tells_in_any_order_of_rows),
        cmocka_unit_test(refuses_a_bad_row_with_its_line),
        cmocka_unit_test(refuses_nul_wherever_it_counts),
        cmocka_unit_test(refuses_a_field_that_is_too_long),
        cmocka_unit_test(takes_a_field_of_the_longest_size),
        cmocka_unit_test(refuses_null),
        cmocka_unit_test(takes_very_many_rows),
        cmocka_unit_test(loads_a_file_as_it_parses_its_text),
        cmocka_unit_test(reports_missing_memory_at_every_allocation),
        cmocka_unit_test(has_a_sound_table_built_in),
        cmocka_unit_test(has_no_row_without_effect_in_the_table),
        cmocka_unit_test(knows_the_names_of_large_companies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
