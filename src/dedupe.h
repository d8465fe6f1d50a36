/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deduplication: the duplicates inside one batch. Searches each row among the others, in threads,
 * and joins what is found in clusters. Stands on the index as any caller does.
 */
#ifndef KBR_DEDUPE_H
#define KBR_DEDUPE_H

#include "base.h"

/* Arguments are checked by the caller (api); `index` is options->index or the defaults. */
kaburi_status kbr_dedupe(kaburi_duplicates **out, const kaburi_batch *batch,
                         const kaburi_dedupe_options *options, const kaburi_index_options *index,
                         kaburi_error *error);

#endif
