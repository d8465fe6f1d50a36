/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small table of aliases, for tests of the table itself and of what its hits are worth.
 */
#ifndef KBR_TEST_ALIAS_TABLE_H
#define KBR_TEST_ALIAS_TABLE_H

#include "aliases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "name\talias\tkind\n"

static const char chubu[] = HEAD "中部電力\t中電\tabbreviation\n"
                                 "中国電力\t中電\tabbreviation\n"
                                 "東京電力\t東電\tabbreviation\n"
                                 "アークランズ\tアークランドサカモト\tformer\n"
                                 "サイボウズ\tCybozu\ttranslation\n"
                                 "三菱商事\t三菱食品\tgroup\n";

static kaburi_error error;

static inline kaburi_aliases *parse_size(const char *text, size_t size) {
    kaburi_aliases *aliases = NULL;
    memset(&error, 0, sizeof error);
    if (kaburi_aliases_parse(&aliases, text, size, NULL, &error) != KABURI_OK) {
        fail_msg("refused: %s", error.message);
    }
    const char *wrong = kbr_aliases_check(aliases);
    if (wrong != NULL) {
        fail_msg("%s", wrong);
    }
    return aliases;
}

static inline kaburi_aliases *parse(const char *text) {
    return parse_size(text, strlen(text));
}

#endif
