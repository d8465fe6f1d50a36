/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One word for another in names in Latin letters: another word, a slip, a shortened one.
 */
#include "exchanged.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static int exchanged(const char *a, const char *b) {
    kbr_reader readers[2];
    const char *const names[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        kaburi_record record;
        kaburi_record_init(&record);
        record.company = kaburi_text_of(names[i]);
        kbr_reader_init(&readers[i], &kbr_allocator_default);
        assert_int_equal(kbr_reader_read(&readers[i], &record, NULL), KABURI_OK);
    }
    int told = kbr_exchanged_word(readers[0].card, readers[1].card);
    assert_int_equal(told, kbr_exchanged_word(readers[1].card, readers[0].card));
    kbr_reader_free(&readers[0]);
    kbr_reader_free(&readers[1]);
    return told;
}

static void tells_another_word_from_a_slip(void **state) {
    (void)state;
    static const struct {
        const char *a, *b;
        int told;
    } pairs[] = {
        {"St. Mary's Hospital", "St. Mark's Hospital", KBR_EXCHANGED_LIKE},
        {"ABC Foods", "ABC Fords", KBR_EXCHANGED_LIKE},
        {"SAP Canada", "SAAB Canada", KBR_EXCHANGED_OTHER},
        {"Alpha Asia Consulting", "Alpha Europe Consulting", KBR_EXCHANGED_OTHER},
        {"Accenture Consulting", "Accentrue Consulting", KBR_EXCHANGED_NONE},
        {"Rohne Schwarz Canada", "Rhode Schwarz Canada", KBR_EXCHANGED_NONE},
        {"Noda Property", "Tsune Property", KBR_EXCHANGED_OTHER},
        {"Atlas Human Resources", "Altas Human Resources", KBR_EXCHANGED_NONE},
        {"Johnson Controls", "Jonson Controls", KBR_EXCHANGED_NONE},
        {"Johnson Controls", "Johnson Control", KBR_EXCHANGED_NONE},
        {"Wisteria Hill", "Wisteria Hi1l", KBR_EXCHANGED_NONE},
        {"Acme International Trading", "Acme Intl. Trading", KBR_EXCHANGED_NONE},
        /* More or less than one word, one word, other scripts. */
        {"Alpha Asia Consulting", "Alpha Consulting", KBR_EXCHANGED_NONE},
        {"Blue River Partners", "Red Rivet Partners", KBR_EXCHANGED_NONE},
        {"Foods", "Fords", KBR_EXCHANGED_NONE},
        {"ABC フーズ", "ABC フーヅ", KBR_EXCHANGED_NONE},
        {"ABC Foods", "ABC Foods", KBR_EXCHANGED_NONE},
    };
    for (size_t i = 0; i < KBR_COUNT(pairs); i++) {
        int told = exchanged(pairs[i].a, pairs[i].b);
        if (told != pairs[i].told) {
            fail_msg("%s / %s: %d", pairs[i].a, pairs[i].b, told);
        }
    }
}

/* Names of 64 units and more. */
static void bears_long_names(void **state) {
    (void)state;
    char a[400] = "";
    char b[400] = "";
    for (size_t len = 1; len < 70; len++) {
        memset(a, 'x', len);
        memcpy(b, a, len);
        strcpy(a + len, " foods");
        strcpy(b + len, " fords");
        assert_int_equal(exchanged(a, b), len + 5 <= 64 ? KBR_EXCHANGED_LIKE : KBR_EXCHANGED_NONE);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_another_word_from_a_slip),
        cmocka_unit_test(bears_long_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
