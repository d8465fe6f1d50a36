/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merge advice: of two records that are one deal, which to keep, what the other has that it lacks,
 * what would be lost, all campaign codes and the earliest first touch. Takes two records and a
 * judgement, gives text or JSON; merges nothing.
 */
#ifndef KBR_ADVICE_H
#define KBR_ADVICE_H

#include "explain.h"

/* Why one of two is kept: the first of these in which they differ. */
enum {
    KBR_KEEP_STAGE,  /* won before open before unknown before lost */
    KBR_KEEP_KIND,   /* opportunity before unknown before MQL before lead */
    KBR_KEEP_AGE,    /* the one created first */
    KBR_KEEP_FILLED, /* the one with more fields */
    KBR_KEEP_ID,     /* the lower id, or a */
    KBR_KEEP_REASONS
};

/* 0: a is kept, 1: b. */
int kbr_advice_kept(const kaburi_record *a, const kaburi_record *b,
                    const kaburi_merge_options *options, int *reason);

/* Appends the advice; the texts of both records are checked. False without memory. */
bool kbr_advise(kbr_bytes *out, const kaburi_match *match, const kaburi_record *a,
                const kaburi_record *b, const kaburi_merge_options *options, int32_t language,
                int32_t format);

#endif
