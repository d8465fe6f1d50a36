/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records from the command line.
 */
#include "arguments.h"

#include <string.h>

static const char *const fields[] = {"--company",          "--deal",   "--company-reading",
                                     "--corporate-number", "--domain", "--amount",
                                     "--close-date",       "--stage",  "--kind",
                                     "--department",       "--owner",  "--campaigns"};

static bool is_field(const char *word) {
    for (size_t i = 0; i < BENCH_COUNT(fields); i++) {
        if (strcmp(word, fields[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* "--close-date" names the column close_date. */
static int set_field(kaburi_record *record, const char *option, const char *value) {
    char name[32];
    char problem[160];
    (void)snprintf(name, sizeof name, "%s", option + 2);
    for (char *dash = name; (dash = strchr(dash, '-')) != NULL;) {
        *dash = '_';
    }
    if (!bench_record_set(record, name, kaburi_text_of(value), problem, sizeof problem)) {
        return bench_fail(BENCH_USAGE, "%s", problem);
    }
    return BENCH_OK;
}

int bench_arguments_read(kaburi_record *record, size_t wanted, int *argc, char **argv) {
    size_t side = 0;
    uint32_t given = 0; /* of this side, a bit a field */
    int kept = 0;
    for (size_t i = 0; i < wanted; i++) {
        kaburi_record_init(&record[i]);
    }
    for (int i = 0; i < *argc; i++) {
        if (!is_field(argv[i])) {
            argv[kept++] = argv[i];
            continue;
        }
        if (i + 1 == *argc) {
            return bench_fail(BENCH_USAGE, "%s needs a value", argv[i]);
        }
        uint32_t bit = 0;
        while (strcmp(argv[i], fields[bit]) != 0) {
            bit++;
        }
        if ((given >> bit & 1) != 0) {
            side++;
            given = 0;
        }
        if (side == wanted) {
            return bench_fail(BENCH_USAGE, "%s is given too often", argv[i]);
        }
        given |= 1U << bit;
        int code = set_field(&record[side], argv[i], argv[i + 1]);
        if (code != BENCH_OK) {
            return code;
        }
        i++;
    }
    *argc = kept;
    return BENCH_OK;
}
