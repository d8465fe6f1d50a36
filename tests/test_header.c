/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The header against the library: every constant of include/kaburi.h has the name that the library
 * gives it and no name is left over; the defaults and ranges in its comments are those that hold.
 */
#include "json.h"
#include "kaburi.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *header;

static int read_header(void **state) {
    (void)state;
    FILE *file = fopen(KABURI_HEADER, "rb");
    header = calloc(1, 1 << 17);
    if (file == NULL || header == NULL) {
        return -1;
    }
    size_t size = fread(header, 1, (1 << 17) - 1, file);
    (void)fclose(file);
    return size > 10000 ? 0 : -1;
}

static int drop_header(void **state) {
    (void)state;
    free(header);
    return 0;
}

typedef struct constant {
    char name[64]; /* lower case, without prefix */
    long long value;
} constant;

/* The constants KABURI_<prefix>_*, in the order of the file. */
static size_t constants_of(const char *prefix, constant *out, size_t capacity) {
    char start[64];
    size_t count = 0;
    (void)snprintf(start, sizeof start, "\n#define KABURI_%s_", prefix);
    for (const char *at = strstr(header, start); at != NULL; at = strstr(at + 1, start)) {
        const char *name = at + strlen(start);
        size_t size = strcspn(name, " ");
        assert_true(count < capacity && size < sizeof out->name);
        for (size_t i = 0; i < size; i++) {
            out[count].name[i] = (char)tolower((unsigned char)name[i]);
        }
        out[count].name[size] = '\0';
        const char *value = name + size + strspn(name + size, " (");
        if (strncmp(value, "UINT64_C(1) << ", 15) == 0) {
            value += 15;
        }
        char *end;
        out[count].value = strtoll(value, &end, 10);
        assert_ptr_not_equal(end, value);
        count++;
    }
    return count;
}

/* Numbers from 0 without a gap have the constants' names, and no other number has one. */
static void names_numbers(const char *prefix, const char *(*name_of)(int32_t), size_t expected) {
    constant found[64];
    size_t count = constants_of(prefix, found, 64);
    if (strcmp(found[count - 1].name, "count") == 0) {
        count--;
        assert_int_equal(found[count].value, count);
    }
    assert_int_equal(count, expected);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(found[i].value, i);
        assert_non_null(name_of((int32_t)i));
        assert_string_equal(name_of((int32_t)i), found[i].name);
    }
    for (int32_t i = 1; i < 1000; i++) {
        assert_null(name_of(-i));
        assert_null(name_of((int32_t)count - 1 + i));
    }
    assert_null(name_of(INT32_MIN));
    assert_null(name_of(INT32_MAX));
}

static void names_every_field(void **state) {
    (void)state;
    names_numbers("FIELD", kaburi_field_name, KABURI_FIELD_COUNT);
}

static void names_every_verdict(void **state) {
    (void)state;
    names_numbers("VERDICT", kaburi_verdict_name, 6);
}

static void names_every_decision(void **state) {
    (void)state;
    names_numbers("DECISION", kaburi_decision_name, 3);
}

static void names_every_status(void **state) {
    (void)state;
    constant found[64];
    size_t count = constants_of("ERROR", found, 64);
    assert_int_equal(count, 13);
    assert_string_equal(kaburi_status_name(KABURI_OK), "ok");
    for (size_t i = 0; i < count; i++) {
        for (char *at = found[i].name; *at != '\0'; at++) {
            *at = (char)(*at == '_' ? ' ' : *at);
        }
        assert_int_equal(found[i].value, -1 - (long long)i);
        assert_string_equal(kaburi_status_name((int32_t)found[i].value), found[i].name);
    }
    for (int32_t i = 1; i < 1000; i++) {
        assert_string_equal(kaburi_status_name(i), "unknown status");
        assert_string_equal(kaburi_status_name(-(int32_t)count - i), "unknown status");
    }
    assert_string_equal(kaburi_status_name(INT32_MIN), "unknown status");
    assert_string_equal(kaburi_status_name(INT32_MAX), "unknown status");
}

/* corporate_number_same -> corporate_number:same, by the field with the longest name. */
static void expect_evidence_name(char *out, size_t size, const char *constant_name) {
    const char *best = NULL;
    for (int32_t i = 0; i < KABURI_FIELD_COUNT; i++) {
        const char *field = kaburi_field_name(i);
        size_t length = strlen(field);
        if (strncmp(constant_name, field, length) == 0 && constant_name[length] == '_' &&
            (best == NULL || length > strlen(best))) {
            best = field;
        }
    }
    if (strncmp(constant_name, "stage_", 6) == 0) {
        (void)snprintf(out, size, "stage:%.40s", constant_name + 6);
    } else if (best != NULL) {
        (void)snprintf(out, size, "%.20s:%.40s", best, constant_name + strlen(best) + 1);
    } else {
        (void)snprintf(out, size, "company:%.40s", constant_name);
    }
}

static void names_every_evidence_by_its_field(void **state) {
    (void)state;
    constant found[64];
    size_t count = constants_of("EVIDENCE", found, 64);
    for (size_t i = 0; i < count; i++) {
        char expected[64];
        expect_evidence_name(expected, sizeof expected, found[i].name);
        assert_int_equal(found[i].value, i);
        assert_non_null(kaburi_evidence_name(UINT64_C(1) << i));
        assert_string_equal(kaburi_evidence_name(UINT64_C(1) << i), expected);
    }
    for (size_t i = count; i < 64; i++) {
        assert_null(kaburi_evidence_name(UINT64_C(1) << i));
    }
    assert_null(kaburi_evidence_name(0));
    assert_null(kaburi_evidence_name(3));
    assert_null(kaburi_evidence_name(UINT64_MAX));
}

static void tells_the_version_of_the_header(void **state) {
    (void)state;
    char version[64];
    assert_int_equal(kaburi_version(),
                     KABURI_VERSION_MAJOR << 16 | KABURI_VERSION_MINOR << 8 | KABURI_VERSION_PATCH);
    (void)snprintf(version, sizeof version, "{\"version\":\"%d.%d.%d\",", KABURI_VERSION_MAJOR,
                   KABURI_VERSION_MINOR, KABURI_VERSION_PATCH);
    assert_ptr_equal(strstr(kaburi_build_info(), version), kaburi_build_info());
    assert_true(json_is_sound(kaburi_build_info()));
    assert_null(strchr(kaburi_build_info(), '\n'));
    assert_non_null(strstr(kaburi_build_info(), "\"compiler\":\""));
    assert_non_null(strstr(kaburi_build_info(), "\"icu\":\""));
    assert_non_null(strstr(kaburi_build_info(), "\"kernel\":\""));
}

/* ---- options ---- */

/* What the comment beside a member says: "LOW..HIGH, default N". */
static void read_member(const char *member, uint32_t *low, uint32_t *high, uint32_t *preset) {
    char start[64];
    (void)snprintf(start, sizeof start, "    uint32_t %s;", member);
    const char *at = strstr(header, start);
    assert_non_null(at);
    const char *range = strstr(at, "..");
    const char *value = strstr(at, "default ");
    const char *end = strstr(at, "*/");
    assert_true(range != NULL && value != NULL && range < end && value < end);
    while (isdigit((unsigned char)range[-1])) {
        range--;
    }
    assert_int_equal(sscanf(range, "%u..%u", low, high), 2);
    assert_int_equal(sscanf(value, "default %u", preset), 1);
}

static kaburi_status create_index(const void *options, kaburi_error *error) {
    kaburi_index *index = NULL;
    kaburi_status status = kaburi_index_create(&index, options, error);
    kaburi_index_free(index);
    return status;
}

static kaburi_status search_index(const void *options, kaburi_error *error) {
    kaburi_index *index;
    kaburi_matches *matches;
    kaburi_record query;
    kaburi_record_init(&query);
    query.company = kaburi_text_of("山田製作所");
    assert_int_equal(kaburi_index_create(&index, NULL, NULL), KABURI_OK);
    assert_int_equal(kaburi_matches_create(&matches, NULL, NULL), KABURI_OK);
    kaburi_status status = kaburi_search(index, &query, options, matches, error);
    kaburi_matches_free(matches);
    kaburi_index_free(index);
    return status;
}

/* Sets a member to both ends of its range and beyond them. */
static void holds_range(void *options, uint32_t *member, const char *name,
                        kaburi_status (*use)(const void *, kaburi_error *)) {
    uint32_t low;
    uint32_t high;
    uint32_t preset;
    kaburi_error error;
    read_member(name, &low, &high, &preset);
    assert_int_equal(*member, preset);
    const struct {
        uint32_t value;
        kaburi_status status;
    } tries[] = {{low, KABURI_OK},
                 {high, KABURI_OK},
                 {low - 1, KABURI_ERROR_ARGUMENT},
                 {high + 1, KABURI_ERROR_ARGUMENT},
                 {UINT32_MAX, KABURI_ERROR_ARGUMENT}};
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        char message[240];
        *member = tries[i].value;
        assert_int_equal(use(options, &error), tries[i].status);
        if (tries[i].status != KABURI_OK) {
            (void)snprintf(message, sizeof message, "%s is %u; allowed are %u..%u", name,
                           tries[i].value, low, high);
            assert_string_equal(error.message, message);
            assert_int_equal(error.status, KABURI_ERROR_ARGUMENT);
        }
    }
    *member = preset;
}

static void holds_the_ranges_of_the_index_options(void **state) {
    (void)state;
    kaburi_index_options options;
    kaburi_index_options_init(&options);
    holds_range(&options, &options.record_rarest, "record_rarest", create_index);
    holds_range(&options, &options.query_rarest, "query_rarest", create_index);
    holds_range(&options, &options.deletion_max, "deletion_max", create_index);
    holds_range(&options, &options.postings_max, "postings_max", create_index);
    holds_range(&options, &options.scored_max, "scored_max", create_index);
    options.sketch = KABURI_SKETCH_MINHASH;
    holds_range(&options, &options.bands, "bands", create_index);
    holds_range(&options, &options.rows, "rows", create_index);
}

static void holds_the_ranges_of_the_search_options(void **state) {
    (void)state;
    kaburi_search_options options;
    kaburi_search_options_init(&options);
    holds_range(&options, &options.top, "top", search_index);
}

static kaburi_status dedupe_nothing(const void *options, kaburi_error *error) {
    kaburi_duplicates *found = NULL;
    kaburi_batch batch;
    kaburi_batch_init(&batch);
    kaburi_status status = kaburi_dedupe(&found, &batch, options, error);
    kaburi_duplicates_free(found);
    return status;
}

static void holds_the_ranges_of_the_dedupe_options(void **state) {
    (void)state;
    kaburi_dedupe_options options;
    kaburi_dedupe_options_init(&options);
    holds_range(&options, &options.threads, "threads", dedupe_nothing);
    holds_range(&options, &options.partners_max, "partners_max", dedupe_nothing);
    holds_range(&options, &options.cluster_max, "cluster_max", dedupe_nothing);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_every_field),
        cmocka_unit_test(names_every_verdict),
        cmocka_unit_test(names_every_decision),
        cmocka_unit_test(names_every_status),
        cmocka_unit_test(names_every_evidence_by_its_field),
        cmocka_unit_test(tells_the_version_of_the_header),
        cmocka_unit_test(holds_the_ranges_of_the_index_options),
        cmocka_unit_test(holds_the_ranges_of_the_search_options),
        cmocka_unit_test(holds_the_ranges_of_the_dedupe_options),
    };
    return cmocka_run_group_tests(tests, read_header, drop_header);
}
