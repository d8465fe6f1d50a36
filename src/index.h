/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index: what it holds, and how it is changed and searched. Searching votes over keys, scores
 * the best candidates exactly and ranks them. Writers take turns; readers wait for nobody. Merging,
 * saving and opening turn what is held into an archive.
 */
#ifndef KBR_INDEX_H
#define KBR_INDEX_H

#include "keys.h"
#include "model.h"
#include "votes.h"

/* Arguments are checked by the caller (api). The kinds of failure are those kaburi.h names. */
kaburi_status kbr_index_create(kaburi_index **out, const kaburi_index_options *options,
                               const kbr_keys_plan *plan, kaburi_error *error);
kaburi_status kbr_index_add(kaburi_index *index, const kaburi_record *record, kaburi_error *error);
kaburi_status kbr_index_remove(kaburi_index *index, uint64_t id, kaburi_error *error);
bool kbr_index_contains(const kaburi_index *index, uint64_t id);

/* Many records, asked for by row: 0, 1, 2 ... The error's message need not name the row. */
typedef struct kbr_index_rows {
    const void *context;
    kaburi_status (*record_of)(kaburi_record *out, const void *context, size_t row,
                               kaburi_error *error);
    size_t count;
} kbr_index_rows;

/* Adds them in order up to the first that is refused; *added tells how many are in. */
kaburi_status kbr_index_add_many(kaburi_index *index, const kbr_index_rows *rows, size_t *added,
                                 kaburi_error *error);

/* Scratch and results of one thread's searches. */
struct kaburi_matches {
    kaburi_allocator allocator;
    kbr_reader reader;
    kbr_subject subject;
    kaburi_match *match; /* sorted; count of them */
    size_t count;
    size_t capacity;
    kbr_votes votes;
    uint32_t *slots; /* of one list of the archive */
    size_t slot_capacity;
    const struct kbr_holding *holding; /* of the search that is under way; with it: */
    uint64_t version;
    double ruled_out;  /* the most odds of a customer that were too few for a match */
    uint64_t deadline; /* of the clock of kbr_index_search, ns; 0: none */
    uint32_t place;    /* of this reader */
    uint32_t postings_max;
    kaburi_search_stats stats;
};

kaburi_status kbr_index_search(const kaburi_index *index, const kaburi_record *query,
                               const kaburi_search_options *options, kaburi_matches *matches,
                               kaburi_error *error);

kaburi_status kbr_index_reserve(kaburi_index *index, const kaburi_record *record,
                                const kaburi_search_options *options, kaburi_matches *matches,
                                kaburi_error *error);
kaburi_status kbr_index_confirm(kaburi_index *index, uint64_t id, kaburi_error *error);
kaburi_status kbr_index_cancel(kaburi_index *index, uint64_t id, kaburi_error *error);

kaburi_status kbr_index_merge(kaburi_index *index, kaburi_error *error);
kaburi_status kbr_index_save(const kaburi_index *index, const char *path, kaburi_error *error);
kaburi_status kbr_index_open(kaburi_index **out, const char *path,
                             const kaburi_open_options *options, kaburi_error *error);

/* NULL when sound, else what is wrong; for tests. O(size). */
const char *kbr_index_check(const kaburi_index *index);

#endif
