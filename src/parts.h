/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts: what the stages read in a record, as names and values for people and tests. Shows, judges
 * nothing.
 */
#ifndef KBR_PARTS_H
#define KBR_PARTS_H

#include "record.h"

/* The parts of a record that reader has just read. MEMORY only. */
kaburi_status kbr_parts_create(kaburi_parts **out, const kbr_reader *reader,
                               const kaburi_allocator *allocator, kaburi_error *error);

#endif
