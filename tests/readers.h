/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two readers, for tests of what stands beside another: a record is read into each.
 */
#ifndef KBR_TEST_READERS_H
#define KBR_TEST_READERS_H

#include "record.h"

static kbr_reader readers[2];

static int set_up_readers(void **state) {
    (void)state;
    kbr_reader_init(&readers[0], &kbr_allocator_default);
    kbr_reader_init(&readers[1], &kbr_allocator_default);
    return 0;
}

static int tear_down_readers(void **state) {
    (void)state;
    kbr_reader_free(&readers[0]);
    kbr_reader_free(&readers[1]);
    return 0;
}

#endif
