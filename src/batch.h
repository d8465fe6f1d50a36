/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Batches: records as columns. Takes columns and a row, gives a record that borrows its texts.
 */
#ifndef KBR_BATCH_H
#define KBR_BATCH_H

#include "base.h"

/* ARGUMENT when the offsets or the view of a text lead nowhere, or a column has more than one kind
 * of them. */
kaburi_status kbr_batch_record(kaburi_record *out, const kaburi_batch *batch, size_t row,
                               kaburi_error *error);

/* Puts "record N: " before the message. */
void kbr_batch_name_row(size_t row, kaburi_error *error);

#endif
