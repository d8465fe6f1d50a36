/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The exported functions that take no handle: version and build, the names of what is returned, and
 * what options and records begin as.
 */
#include "api.h"

#include "aliases.h"
#include "compare.h"
#include "sketch.h"

#include <string.h>

/* ---- version ---- */

#define STRING_OF(value) #value
#define STRING(value) STRING_OF(value)
#define VERSION_STRING                                                                             \
    STRING(KABURI_VERSION_MAJOR)                                                                   \
    "." STRING(KABURI_VERSION_MINOR) "." STRING(KABURI_VERSION_PATCH)

uint32_t kaburi_version(void) {
    return KABURI_VERSION_MAJOR << 16 | KABURI_VERSION_MINOR << 8 | KABURI_VERSION_PATCH;
}

#define BUILD_INFO(kernel)                                                                         \
    "{\"version\":\"" VERSION_STRING "\",\"compiler\":\"" KBR_COMPILER "\",\"icu\":\"" KBR_ICU     \
    "\",\"kernel\":\"" kernel "\"}"

const char *kaburi_build_info(void) {
    const char *kernel;
    (void)kbr_minhash_best(&kernel);
    return strcmp(kernel, "avx2") == 0 ? BUILD_INFO("avx2") : BUILD_INFO("scalar");
}

/* ---- names ---- */

static const char *name_in(const char *const *names, size_t count, int32_t number) {
    return number >= 0 && (size_t)number < count ? names[number] : NULL;
}

const char *kaburi_status_name(kaburi_status status) {
    static const char *const names[] = {"ok",        "argument", "memory", "text",    "too long",
                                        "not found", "buffer",   "format", "version", "io",
                                        "full",      "damaged",  "tables", "endian"};
    const char *name = status > 0 || status < KABURI_ERROR_ENDIAN
                           ? NULL
                           : name_in(names, KBR_COUNT(names), -status);
    return name != NULL ? name : "unknown status";
}

const char *kaburi_field_name(int32_t field) {
    static const char *const names[KABURI_FIELD_COUNT] = {
        [KABURI_FIELD_COMPANY] = "company",
        [KABURI_FIELD_FORM] = "form",
        [KABURI_FIELD_BRANCH] = "branch",
        [KABURI_FIELD_READING] = "reading",
        [KABURI_FIELD_CORPORATE_NUMBER] = "corporate_number",
        [KABURI_FIELD_DOMAIN] = "domain",
        [KABURI_FIELD_DEAL] = "deal",
        [KABURI_FIELD_YEAR] = "year",
        [KABURI_FIELD_PERIOD] = "period",
        [KABURI_FIELD_PHASE] = "phase",
        [KABURI_FIELD_LOT] = "lot",
        [KABURI_FIELD_SALE] = "sale",
        [KABURI_FIELD_SITE] = "site",
        [KABURI_FIELD_NUMBER] = "number",
        [KABURI_FIELD_AMOUNT] = "amount",
        [KABURI_FIELD_CLOSE_DATE] = "close_date",
    };
    return name_in(names, KBR_COUNT(names), field);
}

const char *kaburi_level_name(int32_t field, int32_t level) {
    bool known = field >= 0 && field < KABURI_FIELD_COUNT && level > 0 && level < KBR_LEVELS_MAX;
    return known ? kbr_compare_level_name(field, level) : NULL;
}

const char *kaburi_verdict_name(int32_t verdict) {
    static const char *const names[] = {"unrelated", "homonym", "group",
                                        "parallel",  "renewal", "duplicate"};
    return name_in(names, KBR_COUNT(names), verdict);
}

const char *kaburi_decision_name(int32_t decision) {
    static const char *const names[] = {"allow", "alert", "block"};
    return name_in(names, KBR_COUNT(names), decision);
}

const char *kaburi_evidence_name(uint64_t bit) {
    static const char *const names[] = {
        "company:same",
        "company:folded",
        "company:near",
        "company:contained",
        "company:former",
        "company:script",
        "company:conflict",
        "company:placeholder",
        "form:same",
        "form:moved",
        "form:missing",
        "form:conflict",
        "branch:conflict",
        "reading:same",
        "corporate_number:same",
        "corporate_number:conflict",
        "domain:same",
        "deal:same",
        "deal:near",
        "deal:contained",
        "deal:different",
        "year:same",
        "year:conflict",
        "period:conflict",
        "phase:conflict",
        "lot:conflict",
        "sale:conflict",
        "site:conflict",
        "number:conflict",
        "amount:same",
        "amount:conflict",
        "close_date:conflict",
        "company:reading",
        "company:sound",
        "company:acronym",
        "company:alias",
        "deal:opposed",
        "year:yearly",
        "stage:won",
        "stage:lost",
        "company:homophone",
    };
    for (size_t i = 0; i < KBR_COUNT(names); i++) {
        if (bit == UINT64_C(1) << i) {
            return names[i];
        }
    }
    return NULL;
}

/* ---- init ---- */

kaburi_text kaburi_text_of(const char *string) {
    return (kaburi_text){.data = string, .size = string != NULL ? strlen(string) : 0};
}

void kaburi_record_init(kaburi_record *record) {
    if (record != NULL) {
        *record = (kaburi_record){.struct_size = sizeof *record,
                                  .amount = KABURI_AMOUNT_ABSENT,
                                  .close_date = KABURI_DATE_ABSENT};
    }
}

void kaburi_batch_init(kaburi_batch *batch) {
    if (batch != NULL) {
        *batch = (kaburi_batch){.struct_size = sizeof *batch};
    }
}

void kaburi_index_options_init(kaburi_index_options *options) {
    if (options != NULL) {
        *options = (kaburi_index_options){
            .struct_size = sizeof *options,
            .flags = KABURI_INDEX_MINHASH_WEIGHTED,
            .sketch = KABURI_SKETCH_RARITY,
            .bands = 32,
            .rows = 2,
            .record_rarest = 6,
            .query_rarest = 8,
            .deletion_max = 8,
            .postings_max = 1024,
            .scored_max = 64,
        };
    }
}

void kaburi_open_options_init(kaburi_open_options *options) {
    if (options != NULL) {
        *options = (kaburi_open_options){.struct_size = sizeof *options};
    }
}

void kaburi_compare_options_init(kaburi_compare_options *options) {
    if (options != NULL) {
        *options = (kaburi_compare_options){.struct_size = sizeof *options};
    }
}

void kaburi_merge_options_init(kaburi_merge_options *options) {
    if (options != NULL) {
        *options = (kaburi_merge_options){.struct_size = sizeof *options,
                                          .first_touch_a = KABURI_DATE_ABSENT,
                                          .first_touch_b = KABURI_DATE_ABSENT,
                                          .created_a = KABURI_DATE_ABSENT,
                                          .created_b = KABURI_DATE_ABSENT};
    }
}

void kaburi_search_options_init(kaburi_search_options *options) {
    if (options != NULL) {
        *options = (kaburi_search_options){.struct_size = sizeof *options, .top = 10};
    }
}

void kaburi_dedupe_options_init(kaburi_dedupe_options *options) {
    if (options != NULL) {
        *options = (kaburi_dedupe_options){
            .struct_size = sizeof *options,
            .threads = 1,
            .partners_max = 100,
            .cluster_max = 1000,
            .decision_min = KABURI_DECISION_ALERT,
        };
    }
}

const kaburi_aliases *kaburi_aliases_default(void) {
    return &kbr_aliases_builtin;
}
