/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Model files: the text that is built in gives the model that is built in, every damage is refused
 * with its line, and the judgement keeps its order.
 */
#include "model.h"
#include "samples.h"
#include "starved.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD "kaburi-model 2\n"

static kaburi_error error;

static kaburi_model *parse(const char *text, size_t size) {
    kaburi_model *model = NULL;
    memset(&error, 0, sizeof error);
    if (kaburi_model_parse(&model, text, size, NULL, &error) != KABURI_OK) {
        fail_msg("refused: %s", error.message);
    }
    return model;
}

static void assert_same_model(const kaburi_model *x, const kaburi_model *y) {
    for (int field = 0; field < KABURI_FIELD_COUNT; field++) {
        for (int level = 0; level < KBR_LEVELS_MAX; level++) {
            if (x->weight[field][level] != y->weight[field][level]) {
                fail_msg("weight of %s %s", kaburi_field_name(field),
                         kbr_compare_level_name(field, level));
            }
        }
    }
    for (int kind = 0; kind < 2; kind++) {
        for (int knot = 0; knot < KBR_RARITY_KNOTS; knot++) {
            assert_true(x->rarity[kind][knot].bits == y->rarity[kind][knot].bits);
            assert_true(x->rarity[kind][knot].adjust == y->rarity[kind][knot].adjust);
        }
    }
    assert_true(x->company_prior == y->company_prior);
    assert_true(x->company_deal_prior == y->company_deal_prior);
    assert_true(x->deal_prior == y->deal_prior);
    assert_true(x->slope == y->slope && x->shift == y->shift);
    assert_int_equal(x->knot_count, y->knot_count);
    for (size_t i = 0; i < x->knot_count; i++) {
        assert_memory_equal(&x->knots[i], &y->knots[i], sizeof x->knots[i]);
    }
}

/* ---- what is taken ---- */

static void takes_the_built_in_text_for_the_built_in_model(void **state) {
    (void)state;
    size_t size;
    const char *text = kaburi_model_default_text(&size);
    assert_int_equal(strlen(text), size);
    kaburi_model *model = parse(text, size);
    assert_same_model(model, &kbr_model_builtin);
    kaburi_compare_options options;
    kaburi_compare_options_init(&options);
    options.model = model;
    uint64_t seed = 51;
    for (int round = 0; round < 2000; round++) {
        sample a;
        sample b;
        kaburi_match parsed;
        kaburi_match builtin;
        sample_make(&a, &seed);
        sample_make(&b, &seed);
        assert_int_equal(kaburi_compare(&a.record, &b.record, &options, &parsed, NULL), KABURI_OK);
        assert_int_equal(kaburi_compare(&a.record, &b.record, NULL, &builtin, NULL), KABURI_OK);
        assert_memory_equal(&parsed, &builtin, sizeof parsed);
    }
    kaburi_model_free(model);
}

/* Every level but the absent one has its line, so that a reader of the text sees all there is. */
static void names_every_level_in_the_built_in_text(void **state) {
    (void)state;
    const char *text = kaburi_model_default_text(NULL);
    for (int field = 0; field < KABURI_FIELD_COUNT; field++) {
        for (int level = 1; kbr_compare_level_name(field, level) != NULL; level++) {
            char line[100];
            (void)snprintf(line, sizeof line, "\nweight %s %s ", kaburi_field_name(field),
                           kbr_compare_level_name(field, level));
            if (strstr(text, line) == NULL) {
                fail_msg("not there: %s", line + 1);
            }
        }
    }
}

static void takes_any_end_of_line(void **state) {
    (void)state;
    static const char *const texts[] = {
        "kaburi-model 2\nprior deal 0.25\nprior company 0.75\n",
        "kaburi-model 2\r\nprior deal 0.25\r\nprior company 0.75\r\n",
        "kaburi-model 2\nprior deal 0.25\nprior company 0.75",
        "kaburi-model 2\n\n# c\n \tprior\tdeal 0.25 # as told\n#\n  prior company 7.5e-1\n\n"};
    for (size_t i = 0; i < KBR_COUNT(texts); i++) {
        kaburi_model *model = parse(texts[i], strlen(texts[i]));
        assert_true(model->deal_prior == 0.25 && model->company_prior == 0.75);
        kaburi_model_free(model);
    }
}

static void keeps_what_a_text_does_not_name(void **state) {
    (void)state;
    kaburi_model *model = parse(HEAD, strlen(HEAD));
    assert_same_model(model, &kbr_model_builtin);
    kaburi_model_free(model);
    model = parse("kaburi-model 2", strlen("kaburi-model 2"));
    assert_same_model(model, &kbr_model_builtin);
    kaburi_model_free(model);
}

static void reads_a_weight_as_log2_of_m_over_u(void **state) {
    (void)state;
    static const struct {
        const char *line;
        float weight;
    } cases[] = {{"weight company exact 0.5 0.125", 2},
                 {"weight company exact 1 1", 0},
                 {"weight company exact 1e-3 .001", 0},
                 {"weight company exact 0.25 1.0", -2},
                 {"weight company exact 1 0.3", 1.737F}};
    for (size_t i = 0; i < KBR_COUNT(cases); i++) {
        char text[100];
        (void)snprintf(text, sizeof text, HEAD "%s\n", cases[i].line);
        kaburi_model *model = parse(text, strlen(text));
        assert_true(model->weight[KABURI_FIELD_COMPANY][KBR_COMPANY_EXACT] == cases[i].weight);
        kaburi_model_free(model);
    }
}

/* ---- what is refused ---- */

static void refuses(const char *text, size_t size, kaburi_status status, uint64_t line,
                    const char *message) {
    kaburi_model *model = NULL;
    memset(&error, 0, sizeof error);
    if (kaburi_model_parse(&model, text, size, NULL, &error) != status) {
        fail_msg("not refused as %s: %s", kaburi_status_name(status), text);
    }
    assert_null(model);
    assert_int_equal(error.status, status);
    if (error.offset != line || strncmp(error.message, message, strlen(message)) != 0) {
        fail_msg("line %llu: %s", (unsigned long long)error.offset, error.message);
    }
}

static void refuses_what_is_no_model(void **state) {
    (void)state;
    static const char *const texts[] = {"",
                                        "\n",
                                        "model 1\n",
                                        "Kaburi-model 1\n",
                                        " kaburi-model 2\n",
                                        "kaburi-model1\n",
                                        "kaburi-mode",
                                        ("\n" HEAD),
                                        ("# c\n" HEAD)};
    for (size_t i = 0; i < KBR_COUNT(texts); i++) {
        refuses(texts[i], strlen(texts[i]), KABURI_ERROR_FORMAT, 1,
                "not a model file: line 1 is not \"kaburi-model 2\"");
    }
    static const char *const versionless[] = {"kaburi-model \n",    "kaburi-model x\n",
                                              "kaburi-model 2x\n",  "kaburi-model 2 2\n",
                                              "kaburi-model nan\n", "kaburi-model \r\n"};
    for (size_t i = 0; i < KBR_COUNT(versionless); i++) {
        refuses(versionless[i], strlen(versionless[i]), KABURI_ERROR_FORMAT, 1,
                "model line 1: no version");
    }
}

static void tells_another_version_from_damage(void **state) {
    (void)state;
    static const char *const texts[] = {"kaburi-model 3\nfuture words\n", "kaburi-model 0\n",
                                        "kaburi-model 3", "kaburi-model 3\r\n"};
    for (size_t i = 0; i < KBR_COUNT(texts); i++) {
        refuses(texts[i], strlen(texts[i]), KABURI_ERROR_VERSION, 1, "model file of version ");
        assert_non_null(strstr(error.message, "; this library reads 2"));
    }
}

static void refuses_a_bad_line_with_its_number(void **state) {
    (void)state;
    static const struct {
        const char *line;
        const char *what;
        int column;
    } cases[] = {
        {"wait company exact 0.5 0.1", "not understood: wait", 1},
        {"Weight company exact 0.5 0.1", "not understood: Weight", 1},
        {"weight", "a weight has field, level, m and u", 1},
        {"weight company exact 0.5", "a weight has field, level, m and u", 1},
        {"weight company exact 0.5 0.1 1", "too many words", 30},
        {"weight firm exact 0.5 0.1", "no such field: firm", 8},
        {"weight company best 0.5 0.1", "no such level: best", 16},
        {"weight domain exact 0.5 0.1", "no such level: exact", 15},
        {"weight company exact 0 0.1", "m is not in 0 < m <= 1: 0", 22},
        {"weight company exact 1.01 0.1", "m is not in 0 < m <= 1: 1.01", 22},
        {"weight company exact -0.5 0.1", "m is not in 0 < m <= 1: -0.5", 22},
        {"weight company exact half 0.1", "m is not in 0 < m <= 1: half", 22},
        {"weight company exact 0.5 0", "u is not in 0 < u <= 1: 0", 26},
        {"weight company exact 0.5 2", "u is not in 0 < u <= 1: 2", 26},
        {"weight company exact 0.5 nan", "u is not in 0 < u <= 1: nan", 26},
        {"weight company exact 0.5 inf", "u is not in 0 < u <= 1: inf", 26},
        {"weight company exact 0.5 0,1", "u is not in 0 < u <= 1: 0,1", 26},
        {"weight company exact 0.5 0x1", "u is not in 0 < u <= 1: 0x1", 26},
        {"weight company exact 0.5 1e", "u is not in 0 < u <= 1: 1e", 26},
        {"weight company exact 0.5 1e-999", "u is not in 0 < u <= 1: 1e-999", 26},
        {"weight company exact 0.5 0.01e-298", "m and u are more than 64 bits apart: 0.01e-298",
         26},
        {"weight company exact 0.5 0.01e-299", "u is not in 0 < u <= 1: 0.01e-299", 26},
        {"weight company exact 1e-30 1", "m and u are more than 64 bits apart: 1", 28},
        {"weight company exact 0.5 .", "u is not in 0 < u <= 1: .", 26},
        {"weight company exact 0.5 ０.1", "u is not in 0 < u <= 1: ０.1", 26},
        {"alert 0.5", "not understood: alert", 1},
        {"prior company", "a prior has a name and bits", 1},
        {"prior firm 1", "no such prior: firm", 7},
        {"prior company 65", "not a number from -64 to 64: 65", 15},
        {"prior company -65", "not a number from -64 to 64: -65", 15},
        {"prior deal nan", "not a number from -64 to 64: nan", 12},
        {"calibration 1", "a calibration has a slope and a shift", 1},
        {"calibration 0 0", "not a number from 0.01 to 100: 0", 13},
        {"calibration -1 0", "not a number from 0.01 to 100: -1", 13},
        {"calibration 101 0", "not a number from 0.01 to 100: 101", 13},
        {"calibration 1 65", "not a number from -64 to 64: 65", 15},
        {"isotonic", "an isotonic has bits and a probability", 1},
        {"isotonic 1", "an isotonic has bits and a probability", 1},
        {"isotonic 1 1", "not a number from 1e-09 to 1: 1", 12},
        {"isotonic 1 0", "not a number from 1e-09 to 1: 0", 12},
        {"isotonic 1001 0.5", "not a number from -1000 to 1000: 1001", 10},
        {"rarity", "a rarity has company or deal, bits and an adjustment", 1},
        {"rarity firm 1 1", "a rarity has company or deal, bits and an adjustment", 1},
        {"rarity company -1 1", "not a number from 0 to 1000: -1", 16},
        {"rarity company 1 65", "not a number from -64 to 64: 65", 18},
        {"\tprior  会社 1", "no such prior: 会社", 9},
    };
    for (size_t i = 0; i < KBR_COUNT(cases); i++) {
        char text[200];
        char message[200];
        (void)snprintf(text, sizeof text, HEAD "# comment\n\n%s\nprior deal 0\n", cases[i].line);
        (void)snprintf(message, sizeof message, "model line 4, column %d: %s", cases[i].column,
                       cases[i].what);
        refuses(text, strlen(text), KABURI_ERROR_FORMAT, 4, message);
        assert_int_equal(strlen(error.message), strlen(message));
        (void)snprintf(text, sizeof text, HEAD "%s", cases[i].line);
        (void)snprintf(message, sizeof message, "model line 2, column %d: %s", cases[i].column,
                       cases[i].what);
        refuses(text, strlen(text), KABURI_ERROR_FORMAT, 2, message);
    }
}

static void refuses_rarities_that_do_not_rise(void **state) {
    (void)state;
    static const char falling[] = HEAD "rarity deal 30 0\nrarity deal 30 1\n";
    refuses(falling, strlen(falling), KABURI_ERROR_FORMAT, 3,
            "model line 3, column 13: rarities must rise: 30");
    static const char many[] =
        HEAD "rarity deal 1 0\nrarity deal 2 0\nrarity deal 3 0\nrarity deal 4 0\n";
    refuses(many, strlen(many), KABURI_ERROR_FORMAT, 5,
            "model line 5, column 8: more than 3 rarities of: deal");
}

static void refuses_isotonics_that_do_not_rise(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint64_t line;
        const char *message;
    } cases[] = {
        {HEAD "isotonic 1 0.5\nisotonic 1 0.6\n", 3,
         "model line 3, column 10: isotonics must rise: 1"},
        {HEAD "isotonic 1 0.5\nisotonic 2 0.5\n", 3,
         "model line 3, column 12: isotonics must rise: 0.5"},
        {HEAD "isotonic 1.0000000001 0.5\nisotonic 1.0000000002 0.6\n", 3,
         "model line 3, column 10: isotonics must rise: 1.0000000002"},
        {HEAD "isotonic none\nisotonic 2 0.5\n", 3,
         "model line 3, column 1: isotonic none is not alone"},
        {HEAD "isotonic 2 0.5\n\nisotonic none\n", 4,
         "model line 4, column 1: isotonic none is not alone"},
    };
    for (size_t i = 0; i < KBR_COUNT(cases); i++) {
        refuses(cases[i].text, strlen(cases[i].text), KABURI_ERROR_FORMAT, cases[i].line,
                cases[i].message);
    }
    char text[4096] = HEAD;
    for (int i = 0; i <= KBR_KNOTS_MAX; i++) {
        size_t size = strlen(text);
        (void)snprintf(text + size, sizeof text - size, "isotonic %d 0.%03d\n", i, i + 1);
    }
    refuses(text, strlen(text), KABURI_ERROR_FORMAT, KBR_KNOTS_MAX + 2,
            "model line 66, column 1: more than 64 isotonics");
}

static void refuses_nul_wherever_it_stands(void **state) {
    (void)state;
    static const char text[] = HEAD "prior deal 0.5\n";
    for (size_t i = 0; i < sizeof text - 1; i++) {
        char damaged[sizeof text];
        char message[100];
        memcpy(damaged, text, sizeof text);
        damaged[i] = '\0';
        (void)snprintf(message, sizeof message, "not a model file: NUL at byte %zu", i);
        kaburi_model *model = NULL;
        assert_int_equal(kaburi_model_parse(&model, damaged, sizeof text - 1, NULL, &error),
                         KABURI_ERROR_FORMAT);
        assert_string_equal(error.message, message);
        assert_null(model);
    }
}

static void refuses_more_than_a_mebibyte(void **state) {
    (void)state;
    size_t size = (1 << 20) + 1;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, '\n', size);
    memcpy(text, HEAD, strlen(HEAD));
    refuses(text, size, KABURI_ERROR_FORMAT, 0, "a model of more than 1048576 bytes");
    kaburi_model_free(parse(text, size - 1));
    free(text);
}

/* Whatever one byte is changed to, the text is taken or refused; nothing is read beyond it. */
static void survives_any_changed_byte(void **state) {
    (void)state;
    size_t size;
    const char *text = kaburi_model_default_text(&size);
    char *damaged = malloc(size); /* not terminated: the sanitizer sees a read behind it */
    assert_non_null(damaged);
    uint64_t seed = 52;
    size_t refused = 0;
    for (int round = 0; round < 3000; round++) {
        size_t cut = round % 3 == 0 ? sample_draw(&seed, (uint32_t)size) : size;
        memcpy(damaged, text, size);
        damaged[sample_draw(&seed, (uint32_t)size)] = (char)sample_draw(&seed, 256);
        kaburi_model *model = NULL;
        kaburi_status status = kaburi_model_parse(&model, damaged, cut, NULL, &error);
        assert_true(status == KABURI_OK || status == KABURI_ERROR_FORMAT ||
                    status == KABURI_ERROR_VERSION);
        assert_int_equal(status == KABURI_OK, model != NULL);
        refused += status != KABURI_OK;
        kaburi_model_free(model);
    }
    assert_in_range(refused, 100, 2900); /* digits and comments may change */
    free(damaged);
}

/* ---- files ---- */

static void loads_a_file_as_it_parses_its_text(void **state) {
    (void)state;
    char path[] = "kaburi-model-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    size_t size;
    const char *text = kaburi_model_default_text(&size);
    assert_int_equal(write(file, text, size), size);
    kaburi_model *model = NULL;
    assert_int_equal(kaburi_model_load(&model, path, NULL, &error), KABURI_OK);
    assert_same_model(model, &kbr_model_builtin);
    kaburi_model_free(model);

    model = NULL;
    assert_int_equal(write(file, "weight x\n", 9), 9);
    assert_int_equal(kaburi_model_load(&model, path, NULL, &error), KABURI_ERROR_FORMAT);
    assert_true(error.offset > 50);
    assert_null(model);

    assert_int_equal(ftruncate(file, (1 << 20) + 1), 0);
    assert_int_equal(kaburi_model_load(&model, path, NULL, &error), KABURI_ERROR_FORMAT);
    assert_int_equal(ftruncate(file, 0), 0);
    assert_int_equal(kaburi_model_load(&model, path, NULL, &error), KABURI_ERROR_FORMAT);
    assert_null(model);
    (void)close(file);
    (void)unlink(path);
}

static void says_why_the_system_refused(void **state) {
    (void)state;
    kaburi_model *model = NULL;
    assert_int_equal(kaburi_model_load(&model, "no/such/file", NULL, &error), KABURI_ERROR_IO);
    assert_int_equal(error.os_error, ENOENT);
    assert_string_equal(error.message, "no/such/file: No such file or directory");
    assert_int_equal(kaburi_model_load(&model, ".", NULL, &error), KABURI_ERROR_IO);
    assert_int_equal(error.os_error, EISDIR);
    assert_int_equal(kaburi_model_load(&model, "", NULL, NULL), KABURI_ERROR_IO);
    assert_null(model);
}

/* ---- memory ---- */

static void reports_missing_memory_at_every_allocation(void **state) {
    (void)state;
    char path[] = "kaburi-model-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, HEAD, strlen(HEAD)), strlen(HEAD));
    (void)close(file);
    for (int from_file = 0; from_file < 2; from_file++) {
        size_t failures = 0;
        for (size_t granted = 0;; granted++, failures++) {
            starved memory = {granted, 0};
            kaburi_allocator allocator = starved_allocator(&memory);
            kaburi_model *model = NULL;
            kaburi_status status =
                from_file == 1 ? kaburi_model_load(&model, path, &allocator, &error)
                               : kaburi_model_parse(&model, HEAD, strlen(HEAD), &allocator, &error);
            if (status == KABURI_OK) {
                assert_int_equal(memory.blocks, 1);
                kaburi_model_free(model);
                assert_int_equal(memory.blocks, 0);
                break;
            }
            assert_int_equal(status, KABURI_ERROR_MEMORY);
            assert_string_equal(error.message, "out of memory");
            assert_null(model);
            assert_int_equal(memory.blocks, 0);
        }
        assert_int_equal(failures, 2 + from_file);
    }
    (void)unlink(path);
}

static void frees_what_it_held_when_a_line_is_bad(void **state) {
    (void)state;
    starved memory = {SIZE_MAX, 0};
    kaburi_allocator allocator = starved_allocator(&memory);
    kaburi_model *model = NULL;
    assert_int_equal(kaburi_model_parse(&model, HEAD "x", strlen(HEAD "x"), &allocator, NULL),
                     KABURI_ERROR_FORMAT);
    assert_int_equal(memory.blocks, 0);
}

/* ---- judging ---- */

static void keeps_every_judgement_in_range(void **state) {
    (void)state;
    uint64_t seed = 53;
    for (int round = 0; round < 3000; round++) {
        sample a;
        sample b;
        kaburi_match match;
        sample_make(&a, &seed);
        sample_make(&b, &seed);
        b.record.id = seed;
        assert_int_equal(kaburi_compare(&a.record, &b.record, NULL, &match, NULL), KABURI_OK);
        assert_true(match.id == seed);
        assert_true(match.probability >= 0 && match.probability <= 1);
        assert_non_null(kaburi_verdict_name(match.verdict));
        double alert;
        double block;
        assert_int_equal(kaburi_policy_thresholds(kaburi_policy_default(), match.verdict,
                                                  b.record.stage, b.record.kind, &alert, &block,
                                                  NULL),
                         KABURI_OK);
        int expected = match.probability < alert   ? KABURI_DECISION_ALLOW
                       : match.probability < block ? KABURI_DECISION_ALERT
                                                   : KABURI_DECISION_BLOCK;
        int company = match.level[KABURI_FIELD_COMPANY];
        bool certain = company == KBR_COMPANY_EXACT || company == KBR_COMPANY_SAME ||
                       match.level[KABURI_FIELD_CORPORATE_NUMBER] == KBR_ID_SAME;
        if (expected == KABURI_DECISION_BLOCK && !certain) {
            expected = KABURI_DECISION_ALERT;
        }
        assert_int_equal(match.decision, expected);
        for (int field = 0; field < KABURI_FIELD_COUNT; field++) {
            assert_true(match.level[field] != KBR_LEVEL_ABSENT || match.weight[field] == 0);
        }
    }
}

/* Rising and exact at the knots; the order of matches stays. */
static void calibrates_by_its_knots(void **state) {
    (void)state;
    static const char plain[] = HEAD "isotonic none\n";
    static const char text[] =
        HEAD "isotonic -4 0.01\nisotonic 0 0.25\nisotonic 2 0.6\nisotonic 6 0.99\n";
    kaburi_model *as_weighed = parse(plain, strlen(plain));
    kaburi_model *as_counted = parse(text, strlen(text));
    kaburi_compare_options weighed;
    kaburi_compare_options counted;
    kaburi_compare_options_init(&weighed);
    kaburi_compare_options_init(&counted);
    weighed.model = as_weighed;
    counted.model = as_counted;
    uint64_t seed = 54;
    double at[2] = {0, 0}; /* the last pair */
    double to[2] = {0, 0};
    for (int round = 0; round < 2000; round++) {
        sample a;
        sample b;
        kaburi_match match;
        sample_make(&a, &seed);
        sample_make(&b, &seed);
        assert_int_equal(kaburi_compare(&a.record, &b.record, &weighed, &match, NULL), KABURI_OK);
        at[round % 2] = match.probability;
        assert_int_equal(kaburi_compare(&a.record, &b.record, &counted, &match, NULL), KABURI_OK);
        to[round % 2] = match.probability;
        assert_true(to[round % 2] >= 0 && to[round % 2] <= 1);
        if (at[0] != at[1] && fabs(at[0] - at[1]) > 1e-12) {
            assert_int_equal(at[0] < at[1], to[0] <= to[1]);
        }
        if (at[round % 2] > 0.0588 && at[round % 2] < 0.5) { /* -4 .. 0 bits */
            assert_true(to[round % 2] > 0.0099 && to[round % 2] < 0.2501);
        }
        if (at[round % 2] >= 0.5 && at[round % 2] < 0.8) { /* 0 .. 2 bits */
            assert_true(to[round % 2] > 0.2499 && to[round % 2] < 0.6001);
        }
    }
    kaburi_model_free(as_weighed);
    kaburi_model_free(as_counted);
}

static char *written(const kaburi_model *model) {
    size_t size;
    assert_int_equal(kaburi_model_write(model, NULL, 0, &size, &error), KABURI_ERROR_BUFFER);
    char *text = malloc(size + 1);
    assert_non_null(text);
    assert_int_equal(kaburi_model_write(model, text, size, &size, &error), KABURI_ERROR_BUFFER);
    assert_int_equal(kaburi_model_write(model, text, size + 1, &size, &error), KABURI_OK);
    assert_int_equal(strlen(text), size);
    return text;
}

static void writes_what_reads_the_same(void **state) {
    (void)state;
    static const char own[] = HEAD "isotonic -4 0.01\nisotonic 0.123456789 0.25\n"
                                   "weight company exact 0.5 1e-9\nprior deal -1e-3\n"
                                   "calibration 0.33333333333333333 1.23456789012\n";
    const char *const texts[] = {kaburi_model_default_text(NULL), own, HEAD "isotonic none\n"};
    for (size_t i = 0; i < KBR_COUNT(texts); i++) {
        kaburi_model *model = parse(texts[i], strlen(texts[i]));
        char *once = written(model);
        kaburi_model *again = parse(once, strlen(once));
        char *twice = written(again);
        assert_same_model(again, model);
        assert_string_equal(twice, once);
        free(once);
        free(twice);
        kaburi_model_free(model);
        kaburi_model_free(again);
    }
}

static void ranks_by_probability_and_then_by_id(void **state) {
    (void)state;
    kaburi_match low = {.id = 1, .probability = 0.25};
    kaburi_match high = {.id = 9, .probability = 0.5};
    kaburi_match twin = {.id = UINT64_MAX, .probability = 0.5};
    assert_true(kbr_model_precedes(&high, &low));
    assert_false(kbr_model_precedes(&low, &high));
    assert_true(kbr_model_precedes(&high, &twin));
    assert_false(kbr_model_precedes(&twin, &high));
    assert_false(kbr_model_precedes(&high, &high));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_built_in_text_for_the_built_in_model),
        cmocka_unit_test(names_every_level_in_the_built_in_text),
        cmocka_unit_test(takes_any_end_of_line),
        cmocka_unit_test(keeps_what_a_text_does_not_name),
        cmocka_unit_test(reads_a_weight_as_log2_of_m_over_u),
        cmocka_unit_test(refuses_what_is_no_model),
        cmocka_unit_test(tells_another_version_from_damage),
        cmocka_unit_test(refuses_a_bad_line_with_its_number),
        cmocka_unit_test(refuses_rarities_that_do_not_rise),
        cmocka_unit_test(refuses_isotonics_that_do_not_rise),
        cmocka_unit_test(refuses_nul_wherever_it_stands),
        cmocka_unit_test(refuses_more_than_a_mebibyte),
        cmocka_unit_test(survives_any_changed_byte),
        cmocka_unit_test(loads_a_file_as_it_parses_its_text),
        cmocka_unit_test(says_why_the_system_refused),
        cmocka_unit_test(reports_missing_memory_at_every_allocation),
        cmocka_unit_test(frees_what_it_held_when_a_line_is_bad),
        cmocka_unit_test(keeps_every_judgement_in_range),
        cmocka_unit_test(calibrates_by_its_knots),
        cmocka_unit_test(writes_what_reads_the_same),
        cmocka_unit_test(ranks_by_probability_and_then_by_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
