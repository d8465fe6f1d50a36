/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A name's core, for tests of the stages that read it. One name at a time.
 */
#ifndef KBR_TEST_CORES_H
#define KBR_TEST_CORES_H

#include "company.h"
#include "reading.h"
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static kbr_folded core_text;
static kbr_company core_company;

static int set_up_cores(void **state) {
    (void)state;
    kbr_folded_init(&core_text, &kbr_allocator_default);
    kbr_company_init(&core_company, &kbr_allocator_default);
    return 0;
}

static int tear_down_cores(void **state) {
    (void)state;
    kbr_folded_free(&core_text);
    kbr_company_free(&core_company);
    return 0;
}

/* Valid until the next name. */
static const kbr_units *core_of(const char *name) {
    kaburi_text text = {name, strlen(name)};
    assert_int_equal(kbr_text_check(text, "name", NULL), KABURI_OK);
    assert_int_equal(kbr_fold(&core_text, text), KABURI_OK);
    assert_int_equal(kbr_company_parse(&core_company, &core_text), KABURI_OK);
    return &core_company.core;
}

static inline void read_core(kbr_reading *out, const char *name) {
    const kbr_units *core = core_of(name);
    kbr_reading_of(out, core->data, core->len);
}

/* Kana of a reading as UTF-8, terminated; valid until the next call. */
static inline const char *kana_text(const uint8_t *kana, size_t len) {
    static char text[3 * KBR_READING_KANA_MAX + 1];
    uint16_t units[KBR_READING_KANA_MAX];
    for (size_t i = 0; i < len; i++) {
        units[i] = (uint16_t)(0x3000 | kana[i]);
    }
    text[kbr_text_from_units(text, units, len)] = '\0';
    return text;
}

#endif
