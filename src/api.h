/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of exported functions share: checks of arguments, each an ARGUMENT error that says
 * which argument and what is allowed.
 */
#ifndef KBR_API_H
#define KBR_API_H

#include "keys.h"

#define KBR_REQUIRE(argument, error)                                                               \
    do {                                                                                           \
        if ((argument) == NULL) {                                                                  \
            return kbr_fail(error, KABURI_ERROR_ARGUMENT, #argument " is NULL");                   \
        }                                                                                          \
    } while (0)

/* Whether a struct was initialised by this version of its init function. */
kaburi_status kbr_check_size(const char *what, uint32_t size, size_t expected, kaburi_error *error);
/* Whether what later versions may use is 0. */
kaburi_status kbr_check_reserved(const char *what, uint32_t reserved, kaburi_error *error);

/* The caller's options, or the defaults, checked and as a plan. */
kaburi_status kbr_check_plan(const kaburi_index_options **options, kaburi_index_options *defaults,
                             kbr_keys_plan *plan, kaburi_error *error);

#endif
