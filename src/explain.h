/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Explaining: the evidence of two records as text for a salesperson, in Japanese or English, or as
 * JSON for a program. Takes both parsed records and the judgement; decides nothing.
 */
#ifndef KBR_EXPLAIN_H
#define KBR_EXPLAIN_H

#include "bytes.h"
#include "model.h"

/* What a level is called: [KABURI_LANGUAGE_*][field][level]; from src/data/explain.tsv. */
extern const char *const kbr_explain_phrases[2][KABURI_FIELD_COUNT][KBR_LEVELS_MAX];

/* Appends the explanation; with the model, that the match was judged by, the sum as well (NULL:
 * without). a and b are the records and their readers after kbr_reader_read.
 * Deterministic. False without memory. */
bool kbr_explain(kbr_bytes *out, const kaburi_match *match, const kaburi_record *a,
                 const kbr_reader *a_parsed, const kaburi_record *b, const kbr_reader *b_parsed,
                 const kaburi_model *model, int32_t language, int32_t format);

/* One number of a deal's name as text, and the kinds of sale; also for kaburi_normalize. */
bool kbr_explain_number(kbr_bytes *out, const kbr_number *number);
/* "renewal" in words, and a date of days since 1970 as YYYY-MM-DD; also for advice. */
const char *kbr_explain_verdict(int32_t verdict, int32_t language);
void kbr_explain_date(kbr_bytes *out, int32_t days);
bool kbr_explain_sales(kbr_bytes *out, uint32_t sales, int32_t language);

#endif
