/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Typing: edits of a terminated UTF-8 text in place, in room of BENCH_TYPED_SIZE, and numbers in
 * it. True when the text has changed.
 */
#ifndef BENCH_TYPING_H
#define BENCH_TYPING_H

#include "reentry.h"

/* Puts `text` in the place of the bytes begin..end. */
bool bench_edit_put(char *text, size_t begin, size_t end, const char *with);
bool bench_edit_insert(char *text, size_t at, const char *what);
/* The first of them. */
bool bench_edit_replace(char *text, const char *from, const char *to);
/* Katakana, letters' signs and digits as half-width ones. */
bool bench_edit_half_width(char *text);
/* ASCII letters all upper, or all lower. */
bool bench_edit_case(char *text, bool upper);
/* A place between two characters inside begin..end; 0: none. */
size_t bench_edit_place(const char *text, size_t begin, size_t end, uint64_t *seed);
/* Drops, doubles or swaps a character inside begin..end, not the first. */
bool bench_edit_typo(char *text, size_t begin, size_t end, uint64_t *seed);
/* "A(B)" -> "B A", "A B" -> "B A", "AのB" -> "B A". */
bool bench_edit_order(char *text);
/* Ends at the first comma or bracket behind some characters, or after two thirds. */
bool bench_edit_cut(char *text);

typedef struct bench_count {
    size_t begin; /* bytes of the whole notation */
    size_t end;
    size_t notation; /* the caller's */
    unsigned value;
} bench_count;

/* Where a notation stands: "{y}年度", "FY{yy}", "令和{r}年度", "第{n}期". */
bool bench_count_find(const char *text, const char *notation, bench_count *found);
void bench_count_write(char *out, size_t size, const char *notation, unsigned value);

#endif
